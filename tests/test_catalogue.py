"""The catalogue is complete: every figure of the project has a meaning, a unit, a source and its limits."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
import yaml

from observatory.config import PROJECT_ROOT
from observatory.domain.figures import split_notes
from observatory.domain.indicators import Catalogue, Indicator, Polarity, Role, Unit, load_catalogue
from observatory.domain.territory import load_basins
from observatory.errors import DataFileError
from observatory.pipeline.context_files import CONTEXT_FILES

DATA = PROJECT_ROOT / "data"
CATALOGUE = load_catalogue(DATA)
INDICATORS = list(CATALOGUE.indicators.values())

each_indicator = pytest.mark.parametrize("indicator", INDICATORS, ids=lambda i: i.code)


def table(name: str) -> pd.DataFrame:
    return pd.read_csv(DATA / name, dtype={"basin_code": str, "area_code": str}, keep_default_na=False)


@each_indicator
def test_an_indicator_says_what_it_is_over_what_and_from_where(indicator: Indicator) -> None:
    for text in (indicator.label, indicator.definition, indicator.numerator, indicator.denominator):
        assert text.strip()
    assert indicator.weight.strip()
    assert indicator.level.strip()
    assert indicator.source_codes
    assert indicator.years == tuple(sorted(set(indicator.years)))


@each_indicator
def test_a_short_label_fits_in_a_column(indicator: Indicator) -> None:
    assert 0 < len(indicator.short_label) <= 28


@each_indicator
def test_an_indicator_says_its_limits_and_what_its_coverage_is_a_share_of(indicator: Indicator) -> None:
    assert len(indicator.caveats) >= 2
    assert sum(caveat.startswith("Couverture : part ") for caveat in indicator.caveats) == 1


@each_indicator
def test_no_text_claims_a_cause_or_ranks_a_person(indicator: Indicator) -> None:
    texts = " ".join((indicator.label, indicator.definition, *indicator.caveats)).lower()
    claims = r"\b(dûe?s? à|due à|à cause d|provoqu|entraîn|responsable|mauvais|pire)"
    assert not re.search(claims, texts)


@each_indicator
def test_a_context_indicator_belongs_to_a_dimension_and_the_outcome_to_none(indicator: Indicator) -> None:
    assert (indicator.dimension is not None) == (indicator.role is Role.CONTEXT)
    assert indicator.polarity is not Polarity.NEUTRAL


def test_every_dimension_of_the_index_has_an_indicator() -> None:
    used = {indicator.dimension for indicator in CATALOGUE.context_indicators()}
    assert used == set(CATALOGUE.dimensions)
    assert set(CATALOGUE.dimensions) == {"income", "families", "college", "vocational_track", "access"}


def test_the_text_on_the_vocational_track_does_not_blame_it() -> None:
    caveats = " ".join(CATALOGUE.indicators["vocational_share"].caveats)
    assert "associée" in caveats
    assert "pas un jugement" in caveats


@pytest.mark.parametrize("source", CATALOGUE.sources.values(), ids=lambda s: s.code)
def test_a_source_says_producer_dataset_vintage_licence_address_and_date(source: object) -> None:
    for name in ("producer", "dataset", "vintage", "licence", "address"):
        assert str(getattr(source, name)).strip()
    address = str(getattr(source, "address"))  # noqa: B009
    assert address.startswith("https://") or "à vérifier" in address
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(getattr(source, "retrieved_on")))  # noqa: B009


def test_every_file_that_the_step_reads_has_its_source_under_the_same_name() -> None:
    for declared in CONTEXT_FILES:
        assert CATALOGUE.sources[declared.code].file == declared.file_name


def test_the_committed_figures_are_exactly_those_of_the_catalogue() -> None:
    context = table("context.csv")
    expected = {(i.code, year) for i in INDICATORS for year in i.years}
    assert set(zip(context["indicator_code"], context["year"], strict=True)) == expected
    basins = load_basins(DATA)
    assert len(context) == len(basins) * len(expected)
    assert set(context["basin_code"]) == set(basins)


@pytest.mark.parametrize("name", ["context.csv", "context_reference.csv"])
def test_committed_figures_have_known_notes_known_sources_and_plausible_values(name: str) -> None:
    frame = table(name)
    for record in frame.to_dict("records"):
        split_notes(str(record["note"]))
        indicator = CATALOGUE.indicators[str(record["indicator_code"])]
        assert record["source_code"] in indicator.source_codes
        assert 0 <= float(record["coverage"]) <= 1
        if indicator.unit is Unit.SHARE and record["value"] != "":
            assert 0 <= float(record["value"]) <= 1
    key = list(frame.columns[:3])
    assert frame[key].equals(frame[key].sort_values(key, ignore_index=True))
    assert not frame.duplicated(key).any()


def test_committed_counts_are_whole_and_a_part_is_never_more_than_the_whole() -> None:
    counts = table("context_counts.csv")
    assert (counts["numerator"] <= counts["denominator"]).all()
    assert (counts["numerator"] >= 0).all()
    assert set(counts["basin_code"]) >= {"ACA02", "ACA23", "REG93"}


def test_merged_communes_lead_to_communes_that_exist() -> None:
    retired = pd.read_csv(DATA / "territory" / "retired_communes.csv", dtype=str)
    communes = set(pd.read_csv(DATA / "territory" / "communes.csv", dtype=str)["commune_code"])
    assert set(retired["commune_code"]) <= communes
    assert not set(retired["retired_code"]) & communes


# The loader names what is wrong.


def damaged(tmp_path: Path, change: str) -> Catalogue:
    for name in ("indicators.yml", "sources.yml"):
        (tmp_path / name).write_bytes((DATA / name).read_bytes())
    raw = yaml.safe_load((DATA / "indicators.yml").read_text(encoding="utf-8"))
    neet = raw["indicators"]["neet_rate"]
    if change == "unknown source":
        neet["source_codes"] = ["nobody"]
    elif change == "unknown dimension":
        neet["dimension"] = "weather"
    elif change == "unknown unit":
        neet["unit"] = "furlong"
    else:
        del neet["definition"]
    (tmp_path / "indicators.yml").write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    return load_catalogue(tmp_path)


@pytest.mark.parametrize("change", ["unknown source", "unknown dimension", "unknown unit", "no definition"])
def test_a_damaged_catalogue_is_refused_by_the_name_of_its_file(tmp_path: Path, change: str) -> None:
    with pytest.raises(DataFileError) as raised:
        damaged(tmp_path, change)
    assert raised.value.code == "catalogue_invalid"
    assert raised.value.params["path"] == "indicators.yml"
