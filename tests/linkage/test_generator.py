"""The generated extracts: they follow their seed and their contract, with the declared noise and a truth."""

from __future__ import annotations

import io
import re
import stat
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from observatory.domain.campaign import Source
from observatory.linkage.generator import GeneratedExtracts, generate_population, record_count
from observatory.linkage.generator_files import NOT_A_DATE, UNUSABLE_PREFIX, heading_of, write_extracts
from observatory.linkage.generator_layouts import LAYOUTS, Column, FileLayout
from observatory.linkage.generator_noise import NOISE, double_count, misspell, without_accents
from observatory.linkage.generator_paths import SHARE_NOT_PUPILS, SIGNALLED
from observatory.linkage.generator_places import UAI_LETTERS
from observatory.linkage.names import SPELLINGS
from observatory.linkage.schema import SCHEMAS, FieldForm, FieldRule, column_names
from observatory.pipeline.__main__ import main

SCALE = 0.02
IDENTITY = [
    "nom", "nom_usage", "prenom", "prenom2", "prenom3", "sexe", "date_naissance", "commune_naissance",
    "commune_residence",
]  # fmt: skip
OTHERS = [source for source in Source if source is not Source.PUPILS]
FORMS = {
    FieldForm.IDENTIFIER: r"\S{1,64}",
    FieldForm.INE: r"\d{10}[A-Z]|\d{9}[A-Z]{2}",
    FieldForm.NAME: r"[^\W\d_](?:[^\W\d_]|[ '-]){0,79}",
    FieldForm.COMMUNE: r"\d[\dAB]\d{3}",
    FieldForm.UAI: r"\d{7}[A-Z]",
    FieldForm.TEXT: r"[^\x00-\x1f]{1,200}",
}


@pytest.fixture(scope="module")
def noisy() -> GeneratedExtracts:
    return generate_population(seed=1, scale=SCALE, noise=1.0)


@pytest.fixture(scope="module")
def clean() -> GeneratedExtracts:
    return generate_population(seed=1, scale=SCALE, noise=0.0)


@pytest.fixture(scope="module")
def very_noisy() -> GeneratedExtracts:
    return generate_population(seed=1, scale=SCALE, noise=2.0)


def with_truth(extracts: GeneratedExtracts, source: Source) -> pd.DataFrame:
    """The records of a source beside the true identity of their person (``…_true``)."""
    truth = extracts.truth[extracts.truth["source"] == source.value]
    frame = extracts.frames[source].merge(truth[["record_id", "person_key"]], on="record_id")
    assert len(frame) == len(extracts.frames[source])
    return frame.merge(
        extracts.people, left_on="person_key", right_index=True, suffixes=("", "_true"), how="left"
    )


def test_the_same_seed_gives_the_same_records_and_another_seed_gives_others(noisy):
    again = generate_population(seed=1, scale=SCALE, noise=1.0)
    other = generate_population(seed=2, scale=SCALE, noise=1.0)
    for source in Source:
        pd.testing.assert_frame_equal(noisy.frames[source], again.frames[source])
        assert set(noisy.frames[source]["record_id"]) != set(other.frames[source]["record_id"])
        assert not noisy.frames[source]["nom"].equals(other.frames[source]["nom"])
    pd.testing.assert_frame_equal(noisy.truth, again.truth)


@pytest.mark.parametrize("scale", [0.002, 0.01])
def test_the_scale_sets_the_number_of_records_of_each_source(scale):
    extracts = generate_population(seed=3, scale=scale, noise=1.0)
    counts = {source: len(frame) for source, frame in extracts.frames.items()}
    assert counts == {source: record_count(source, scale) for source in Source}
    assert counts[Source.PUPILS] == 450_000 * scale
    assert counts[Source.MISSION_LOCALE] == 104_000 * scale


@pytest.mark.parametrize("source", list(Source))
@pytest.mark.parametrize("level", ["clean", "noisy", "very_noisy"])
def test_no_record_breaks_the_contract_of_its_source(source, level, request):
    frame = request.getfixturevalue(level).frames[source]
    assert list(frame.columns) == list(column_names(source))
    assert frame["record_id"].is_monotonic_increasing
    for rule in SCHEMAS[source]:
        check_column(frame[rule.name], rule)


def check_column(column: pd.Series, rule: FieldRule) -> None:
    """What the schema declares holds for every cell."""
    present = column.dropna()
    if rule.is_required:
        assert len(present) == len(column), rule.name
    if rule.is_unique:
        assert present.is_unique, rule.name
    if rule.form is FieldForm.DATE:
        assert rule.earliest is None or (present >= pd.Timestamp(rule.earliest)).all(), rule.name
        assert rule.latest is None or (present <= pd.Timestamp(rule.latest)).all(), rule.name
    elif rule.form is FieldForm.CHOICE:
        assert set(present) <= set(rule.choices), rule.name
    else:
        wrong = [value for value in present.unique() if not re.fullmatch(FORMS[rule.form], value)]
        assert not wrong, (rule.name, wrong[:3])
    if rule.form is FieldForm.UAI:
        assert all(value[7] == UAI_LETTERS[int(value[:7]) % 23] for value in present.unique())


def test_without_noise_every_source_writes_a_person_identically(clean):
    for source in Source:
        frame = with_truth(clean, source)
        for column in IDENTITY:
            pd.testing.assert_series_equal(frame[column], frame[f"{column}_true"], check_names=False)
        if source is not Source.MISSION_LOCALE:
            assert (frame["ine"] == frame["ine_true"]).all()


def test_without_noise_a_source_holds_a_person_once_but_for_several_contracts(clean):
    for source in set(Source) - {Source.APPRENTICESHIP}:
        keys = clean.truth.loc[clean.truth["source"] == source.value, "person_key"]
        assert keys.is_unique, source
    contracts = clean.truth.loc[clean.truth["source"] == Source.APPRENTICESHIP.value, "person_key"]
    assert 0.02 < contracts.duplicated().mean() < 0.08


@pytest.mark.parametrize("level", ["clean", "noisy", "very_noisy"])
def test_the_truth_names_the_person_of_every_record_once(level, request):
    extracts = request.getfixturevalue(level)
    assert list(extracts.truth.columns) == ["source", "record_id", "person_key"]
    assert not extracts.truth.duplicated(["source", "record_id"]).any()
    assert extracts.truth["person_key"].isin(extracts.people.index).all()
    for source, frame in extracts.frames.items():
        told = extracts.truth.loc[extracts.truth["source"] == source.value, "record_id"]
        assert set(told) == set(frame["record_id"])


def test_one_outside_record_in_eight_is_of_nobody_in_the_pupil_base(clean):
    pupils = set(clean.truth.loc[clean.truth["source"] == Source.PUPILS.value, "person_key"])
    for source in OTHERS:
        keys = clean.truth.loc[clean.truth["source"] == source.value, "person_key"]
        assert abs((~keys.isin(pupils)).mean() - SHARE_NOT_PUPILS) < 0.02, source


def close(found: float, asked: float, count: int) -> bool:
    """Within four standard deviations of the rate asked for."""
    return abs(found - asked) <= 4 * (max(asked, 0.001) / count) ** 0.5 + 1e-9


@pytest.mark.parametrize("source", list(Source))
@pytest.mark.parametrize(("level", "noise"), [("noisy", 1.0), ("very_noisy", 2.0)])
def test_each_trouble_comes_at_the_rate_asked_for(source, level, noise, request):
    frame = with_truth(request.getfixturevalue(level), source)
    rates = NOISE[source]

    def asked(rate: float) -> float:
        return min(0.95, rate * noise)

    size = len(frame)
    born, true_born = frame["date_naissance"], frame["date_naissance_true"]
    swappable = (true_born.dt.day <= 12) & (true_born.dt.day != true_born.dt.month)
    swapped = (born.dt.day == true_born.dt.month) & (born.dt.month == true_born.dt.day) & swappable
    changed = (born != true_born) & ~swapped
    checks = {
        "upper": (frame["nom"].str.isupper().mean(), asked(rates.upper_case), size),
        "birthplace": (frame["commune_naissance"].isna().mean(), asked(rates.birthplace_missing), size),
        "swapped": (swapped[swappable].mean(), asked(rates.day_month_swapped), int(swappable.sum())),
        "digits": (changed.mean(), asked(rates.digit_error), size),
        "no sex": (frame["sexe"].isna().mean(), asked(rates.sex_missing), size),
    }
    if "ine" in column_names(source):
        checks["ine"] = (frame["ine"].isna().mean(), asked(rates.ine_missing), size)
    has_second = frame["prenom2_true"].notna()
    dropped = 1 - (1 - asked(rates.other_given_dropped)) * (1 - asked(rates.second_instead))
    checks["second"] = (frame.loc[has_second, "prenom2"].isna().mean(), dropped, int(has_second.sum()))
    in_city = frame["commune_residence_true"].str.startswith("132") & frame["commune_residence"].notna()
    folded = (frame.loc[in_city, "commune_residence"] == "13055").mean()
    checks["city"] = (
        folded,
        asked(rates.marseille_home) * (1 - 0.3 * asked(rates.moved)),
        int(in_city.sum()),
    )
    for name, (found, expected, count) in checks.items():
        assert close(found, expected, count), (name, found, expected)


def test_half_of_the_contracts_and_every_mission_locale_file_lack_the_ine(noisy):
    assert "ine" not in noisy.frames[Source.MISSION_LOCALE]
    assert 0.38 < noisy.frames[Source.APPRENTICESHIP]["ine"].isna().mean() < 0.52


@pytest.mark.parametrize("source", list(Source))
def test_second_records_of_a_person_differ_by_their_number_and_are_counted(source, noisy, clean):
    def repeated(extracts: GeneratedExtracts) -> int:
        return int(
            extracts.truth.loc[extracts.truth["source"] == source.value, "person_key"].duplicated().sum()
        )

    extra = repeated(noisy) - repeated(clean)
    asked = double_count(source, len(noisy.frames[source]), 1.0)
    assert asked == round(len(noisy.frames[source]) * NOISE[source].double_record)
    assert abs(extra - asked) <= (8 if source is Source.APPRENTICESHIP else 0)


def test_names_are_written_badly_in_every_declared_way(noisy):
    frame = with_truth(noisy, Source.MISSION_LOCALE)
    nom, true_nom = frame["nom"].str.upper(), frame["nom_true"].str.upper()
    usage = frame["nom_usage_true"].str.upper()
    prenom, true_prenom = frame["prenom"].str.upper(), frame["prenom_true"].str.upper()
    compound = frame["nom_true"].str.contains("-", regex=False)
    cut = pd.Series(
        [own != whole and own in whole.split("-") for own, whole in zip(nom, true_nom, strict=True)]
    )
    accented = frame["nom_true"].str.contains("[éèêëïôç]", case=False)
    bare = ~frame["nom"].str.contains("[éèêëïôç]", case=False)
    second = frame["prenom2_true"].str.upper()
    groups = {name: set(group) - {name} for group in SPELLINGS for name in group}
    spelt = frame[frame["prenom_true"].isin(groups)]
    other = [
        without_accents(own).upper() in {without_accents(name).upper() for name in groups[true]}
        for own, true in zip(spelt["prenom"], spelt["prenom_true"], strict=True)
    ]
    assert cut[compound].mean() > 0.08
    assert (nom == usage)[usage.notna()].mean() > 0.1
    assert bare[accented].mean() > 0.5
    assert ((nom == true_prenom) & (prenom == true_nom)).mean() > 0.002
    assert (prenom == second)[second.notna()].mean() > 0.008
    assert 0.05 < np.mean(other) < 0.4
    assert {"Mohammed", "Mohamad"} <= groups["Mohamed"]


def test_a_misspelt_name_is_another_name_of_letters():
    for name in ("Martin", "Éloïse", "N'Diaye", "Le Goff", "Li", "O", "Jean-Baptiste", "Aa"):
        for draw in np.linspace(0, 0.999, 60):
            found = misspell(name, float(draw))
            assert found
            assert re.fullmatch(FORMS[FieldForm.NAME], found), found


def test_families_twins_homonyms_and_births_abroad_are_as_frequent_as_declared(noisy):
    people = noisy.people
    same_day = people.groupby(["nom", "date_naissance", "commune_naissance", "commune_residence"]).size()
    assert abs(same_day[same_day == 2].sum() / len(people) - 0.009) < 0.003
    pairs = people.groupby(["nom", "date_naissance", "commune_naissance", "commune_residence"])["prenom"]
    starts = pairs.agg(lambda names: len(names) == 2 and names.str[:2].nunique() == 1)
    assert 0.15 < starts[same_day == 2].mean() < 0.55  # twins whose first names are nearly the same
    families = people.groupby(["nom", "commune_residence"])["prenom"].transform("size")
    assert 0.15 < (families > 1).mean() < 0.35
    homonyms = people.groupby(["nom", "prenom"])["date_naissance"].transform("nunique")
    assert (homonyms > 1).mean() > 0.004
    full = people.groupby(["nom", "prenom", "date_naissance"])["commune_naissance"].transform("size")
    assert (full > 1).any()
    abroad = people["commune_naissance"].str.startswith("99")
    january = (people["date_naissance"].dt.month == 1) & (people["date_naissance"].dt.day == 1)
    assert 0.04 < abroad.mean() < 0.15
    assert january[abroad].mean() > 0.08 > january[~abroad].mean()


def test_surnames_are_many_and_unequal(noisy):
    counts = noisy.frames[Source.PUPILS]["nom"].value_counts(normalize=True)
    assert len(counts) > 4_000
    assert 0.0008 < counts.iloc[0] < 0.02


def test_missions_locales_receive_the_young_people_of_16_to_25(clean):
    frame = clean.frames[Source.MISSION_LOCALE]
    days = (pd.Timestamp("2026-11-01") - frame["date_naissance"]).dt.days
    assert days.min() >= 16 * 365
    assert days.max() < 26.5 * 365.25
    at_reception = (frame["first_reception_on"] - frame["date_naissance"]).dt.days
    assert at_reception.min() >= 16 * 365
    assert (frame["last_contact_on"] >= frame["first_reception_on"]).all()


def test_dates_of_a_path_follow_each_other(clean):
    contracts = clean.frames[Source.APPRENTICESHIP]
    assert (contracts["planned_end_on"] > contracts["started_on"]).all()
    broken = contracts.dropna(subset=["broken_on"])
    assert (broken["broken_on"] > broken["started_on"]).all()
    assert (broken["broken_on"] <= pd.Timestamp("2026-10-31")).all()
    pupils = clean.frames[Source.PUPILS].dropna(subset=["left_on"])
    assert (pupils["left_on"] > pupils["entered_on"]).all()
    assert pupils["current_uai"].isna().all()


def test_what_is_signalled_differs_from_one_basin_to_the_next_and_stays_plausible():
    people = generate_population(seed=5, scale=0.2, noise=0.0).people
    people = people[people["path"].notna()]
    adults = people[people["date_naissance"] <= pd.Timestamp("2009-10-31")]
    names = [path.name.lower() for path in SIGNALLED]
    signalled = adults[adults["path"].isin(names)]
    rate = signalled.groupby("basin_code").size() / adults.groupby("basin_code").size()
    unknown = (signalled["path"] == "unknown").groupby(signalled["basin_code"]).mean()
    dropouts = signalled[signalled["path"].isin(["followed", "without_solution"])]
    followed = (dropouts["path"] == "followed").groupby(dropouts["basin_code"]).mean()
    assert len(rate) == 28
    assert 0.03 < len(signalled) / len(adults) < 0.06
    assert rate.max() > 1.4 * rate.min()
    assert rate["AM12"] > rate.median()
    assert unknown.max() - unknown.min() > 0.08
    assert followed.max() - followed.min() > 0.15
    assert 0.45 < (dropouts["path"] == "followed").mean() < 0.8


def test_what_each_base_holds_agrees_with_the_path_of_the_person(clean):
    pupils = with_truth(clean, Source.PUPILS)
    signalled = pupils["path"].isin([path.name.lower() for path in SIGNALLED])
    assert pupils.loc[signalled, "current_uai"].isna().all()
    assert pupils.loc[signalled, "diploma"].dropna().isin(["none", "dnb"]).all()
    assert pupils.loc[pupils["path"] == "enrolled", "current_uai"].notna().all()
    known = {s: set(clean.truth.loc[clean.truth["source"] == s.value, "person_key"]) for s in Source}
    anywhere = known[Source.APPRENTICESHIP] | known[Source.AGRICULTURAL] | known[Source.MISSION_LOCALE]
    keys = {path: set(pupils.loc[pupils["path"] == path, "person_key"]) for path in pupils["path"].unique()}
    assert keys["followed"] <= known[Source.MISSION_LOCALE]
    assert keys["found"] <= anywhere
    assert not keys["unknown"] & anywhere
    files = with_truth(clean, Source.MISSION_LOCALE)
    assert (files.loc[files["path"] == "without_solution", "situation"] == "lost_contact").all()
    contracts = with_truth(clean, Source.APPRENTICESHIP)
    assert contracts.loc[contracts["path"] == "without_solution", "broken_on"].notna().all()


@pytest.mark.parametrize("layout", list(LAYOUTS))
@pytest.mark.parametrize("source", list(Source))
def test_a_layout_declares_each_canonical_column_once(layout, source):
    file = LAYOUTS[layout][source]
    fields = [field for column in file.columns for field in column.fields]
    assert sorted(fields) == sorted(column_names(source))
    assert len({column.heading for column in file.columns}) == len(file.columns)
    for column in file.columns:
        assert len(set(column.codes.values())) == len(column.codes)


def test_the_layouts_are_really_two():
    for source in Source:
        first, second = (LAYOUTS[name][source] for name in ("a", "b"))
        assert first.encoding != second.encoding
        assert first.date_format != second.date_format
        assert {c.heading for c in first.columns} != {c.heading for c in second.columns}


def read_back(path: Path, file: FileLayout) -> pd.DataFrame:
    """The records of a file as its declaration reads them, dirt taken away; names in capitals."""
    if file.sheet:
        with path.open("rb") as handle:
            sheet = openpyxl.load_workbook(handle)[file.sheet]
        cells = [[_as_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
        rows = pd.DataFrame(cells[1:], columns=cells[0])
    else:
        text = path.read_bytes().decode(file.encoding)
        rows = pd.read_csv(io.StringIO(text), sep=file.separator, dtype=str, keep_default_na=False)
    assert list(rows.columns) == [column.heading for column in file.columns]
    born = rows[heading_of(file, "date_naissance")]
    rows = rows[born.str.contains("[-/]") & (born != NOT_A_DATE[file.date_format])]
    rows = rows.drop_duplicates().reset_index(drop=True)
    found = {}
    for column in file.columns:
        if len(column.fields) == 2:
            names = [_parted(cell) for cell in rows[column.heading]]
            found |= {field: [name[i] for name in names] for i, field in enumerate(column.fields)}
        elif column.fields:
            found[column.fields[0]] = _canonical(rows[column.heading], column, file)
    frame = pd.DataFrame(found)
    for name in ("nom", "prenom"):
        frame[name] = frame[name].str.upper()
    return frame


def _as_text(cell: object) -> str:
    return "" if cell is None else str(cell.date()) if hasattr(cell, "date") else str(cell)


def _parted(cell: str) -> tuple[str, str]:
    words = cell.split(" ")
    first = next(i for i, word in enumerate(words) if not word.isupper())
    return " ".join(words[:first]), " ".join(words[first:])


def _canonical(cells: pd.Series, column: Column, file: FileLayout) -> pd.Series:
    back = {written: value for value, written in column.codes.items()}
    field = column.fields[0]
    if field.endswith("_on") or field == "date_naissance":
        return pd.to_datetime(cells.replace(NOT_A_DATE[file.date_format], ""), format=file.date_format)
    cells = cells.map(lambda cell: back.get(cell, cell))
    if column.loses_zero:
        width = 8 if "uai" in field else 5
        cells = cells.map(lambda cell: cell.rjust(width, "0") if cell else cell)
    return cells


@pytest.fixture(scope="module")
def written(noisy, tmp_path_factory) -> dict[str, Path]:
    places = {layout: tmp_path_factory.mktemp(layout) for layout in LAYOUTS}
    for layout, place in places.items():
        write_extracts(noisy, place, layout, seed=1)
    return places


@pytest.mark.parametrize("layout", list(LAYOUTS))
@pytest.mark.parametrize("source", list(Source))
def test_both_layouts_carry_the_same_records_as_the_canonical_ones(layout, source, written, noisy):
    file = LAYOUTS[layout][source]
    found = read_back(written[layout] / file.file_name, file)
    expected = noisy.frames[source].copy()
    for name in ("nom", "prenom"):
        expected[name] = expected[name].str.upper()
    assert list(found["record_id"]) == list(expected["record_id"])
    for rule in SCHEMAS[source]:
        own, asked = found[rule.name], expected[rule.name]
        if rule.form is FieldForm.DATE:
            differs = (own != asked) & ~(own.isna() & asked.isna())
            spoilt = int(differs.sum())
            assert own[differs].isna().all()
            assert spoilt <= (0 if rule.is_required else 3), rule.name
        else:
            assert list(own.fillna("")) == list(asked.fillna("")), rule.name


@pytest.mark.parametrize("layout", list(LAYOUTS))
def test_a_file_holds_a_little_dirt_of_each_kind_and_none_of_it_in_the_truth(layout, written, noisy):
    for source, file in LAYOUTS[layout].items():
        if file.sheet:
            continue
        text = (written[layout] / file.file_name).read_bytes().decode(file.encoding)
        lines = text.split(file.line_end)[1:-1]
        rows = pd.read_csv(io.StringIO(text), sep=file.separator, dtype=str, keep_default_na=False)
        records = rows[heading_of(file, "record_id")]
        assert len(lines) == len(rows)
        assert (rows == "").drop(columns=[c.heading for c in file.columns if not c.fields]).all(axis=1).any()
        assert rows[records != ""].duplicated().any()
        assert records.str.startswith(UNUSABLE_PREFIX).any()
        assert len(noisy.frames[source]) < len(rows) < 1.01 * len(noisy.frames[source]) + 5
    assert not noisy.truth["record_id"].str.startswith(UNUSABLE_PREFIX).any()


def test_the_first_layout_went_through_a_spreadsheet(written):
    file = LAYOUTS["a"][Source.PUPILS]
    raw = (written["a"] / file.file_name).read_bytes()
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    rows = pd.read_csv(io.BytesIO(raw), sep=";", dtype=str, encoding="cp1252")
    homes = rows["CODE_COMMUNE_INSEE"].dropna()
    assert (homes.str.len() == 4).any()
    assert not homes.str.startswith("0").any()
    assert set(rows["CODE_SEXE"].dropna()) == {"1", "2"}


def test_the_second_layout_is_of_today(written):
    raw = (written["b"] / "base_eleves_b.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    sheet = openpyxl.load_workbook(written["b"] / "agricole_b.xlsx")["Apprenants"]
    born = [cell.value for cell in sheet["I"][1:] if cell.value]
    assert sum(hasattr(value, "year") for value in born) > 0.95 * len(born)
    assert any(isinstance(cell.value, int) for cell in sheet["K"][1:])


@pytest.mark.parametrize("layout", list(LAYOUTS))
def test_the_command_writes_the_same_bytes_twice(layout, tmp_path, capsys):
    for name in ("one", "two"):
        words = [
            "synthetic",
            "--to",
            str(tmp_path / name),
            "--scale",
            "0.002",
            "--layout",
            layout,
            "--seed",
            "4",
        ]
        assert main(words) == 0
    names = {path.name for path in (tmp_path / "one").iterdir()}
    assert names == {file.file_name for file in LAYOUTS[layout].values()} | {"truth.parquet"}
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name
        assert stat.S_IMODE((tmp_path / "one" / name).stat().st_mode) == 0o600
    assert "lignes inventées" in capsys.readouterr().out


def test_the_truth_file_is_the_truth(written, noisy):
    found = pd.read_parquet(written["a"] / "truth.parquet")
    assert found.to_dict("list") == noisy.truth.to_dict("list")


@pytest.mark.parametrize(
    "words", [["--scale", "900"], ["--scale", "0"], ["--noise", "-1"], ["--seed", "-2"], ["--scale", "nan"]]
)
def test_a_size_noise_or_seed_that_cannot_be_is_refused_in_one_sentence(words, tmp_path, capsys):
    assert main(["synthetic", "--to", str(tmp_path / "x"), *words]) == 1
    told = capsys.readouterr().err.strip()
    assert "ne convient pas" in told
    assert len(told.splitlines()) == 1
    assert not (tmp_path / "x").exists()


def test_a_place_where_nothing_can_be_written_is_told_in_one_sentence(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert main(["synthetic", "--to", str(tmp_path / "file"), "--scale", "0.002"]) == 1
    assert "ne peut pas être écrit" in capsys.readouterr().err
