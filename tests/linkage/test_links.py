"""The links: what must hold of any, what must hold of hand-written cases, and how good they are."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from observatory.domain.campaign import Source
from observatory.errors import UserFacingError
from observatory.linkage.generator import GeneratedExtracts
from observatory.linkage.linking import CANDIDATES_FILE, LinkReport, Method, link_records
from observatory.linkage.runs import file_sha256, read_manifest
from observatory.linkage.working_file import LINKS_FILE, MODEL_FILE
from observatory.pipeline.__main__ import main
from tests.linkage.linked_people import (
    generated,
    read_links,
    record,
    score,
    write_decision,
    write_working_file,
)

ROOT = Path(__file__).resolve().parents[2]
SCALE = 0.05
SMALL = 0.01
MADE = (LINKS_FILE, CANDIDATES_FILE, MODEL_FILE)


@dataclass(frozen=True)
class Linked:
    """A working directory, linked."""

    working_dir: Path
    extracts: GeneratedExtracts
    report: LinkReport
    links: pd.DataFrame

    @property
    def model(self) -> Path:
        return self.working_dir / MODEL_FILE


def link_all(working_dir: Path, extracts: GeneratedExtracts, **options: object) -> Linked:
    write_working_file(working_dir, extracts)
    report = link_records(working_dir, **options)  # type: ignore[arg-type]
    return Linked(working_dir, extracts, report, read_links(working_dir))


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Linked:
    """A twentieth of the region, linked by the model."""
    return link_all(tmp_path_factory.mktemp("linked") / "croisement", generated(SCALE))


@pytest.fixture(scope="module")
def small(linked: Linked, tmp_path_factory: pytest.TempPathFactory) -> Linked:
    """A hundredth of the region, linked by the model learnt on the other."""
    working_dir = tmp_path_factory.mktemp("small") / "croisement"
    return link_all(working_dir, generated(SMALL, seed=3), frozen_model=linked.model)


@pytest.fixture(scope="module")
def cascaded(tmp_path_factory: pytest.TempPathFactory) -> Linked:
    return link_all(
        tmp_path_factory.mktemp("cascaded") / "croisement", generated(SMALL, seed=3), method=Method.CASCADE
    )


def digests(working_dir: Path) -> dict[str, str]:
    return {name: hashlib.sha256((working_dir / name).read_bytes()).hexdigest() for name in MADE}


# What must hold of any links


@pytest.fixture(params=["linked", "small", "cascaded"])
def any_links(request: pytest.FixtureRequest) -> Linked:
    made: Linked = request.getfixturevalue(request.param)
    return made


@pytest.mark.heavy
def test_every_record_has_one_row_in_order(any_links):
    expected = [
        (source.value, record_id)
        for source in sorted(Source)
        for record_id in sorted(any_links.extracts.frames[source]["record_id"])
    ]
    assert list(zip(any_links.links["source"], any_links.links["record_id"], strict=True)) == expected


@pytest.mark.heavy
def test_a_record_and_the_one_it_is_linked_to_are_one_person(any_links):
    links = any_links.links
    made = links[(links["status"] == "linked") & links["linked_record_id"].notna()]
    others = links.loc[made["linked_source"] + ":" + made["linked_record_id"], "person_id"]
    assert len(made) > 100
    assert made["person_id"].tolist() == others.tolist()


@pytest.mark.heavy
def test_persons_partition_the_records_and_a_record_without_link_is_alone(any_links):
    links = any_links.links
    size = links.groupby("person_id")["source"].transform("size")
    outsiders = links["source"] != Source.PUPILS.value
    assert links["person_id"].notna().all()
    assert (size[outsiders & (links["status"] != "linked")] == 1).all()
    assert (size[links["status"] == "linked"] > 1).all()


@pytest.mark.heavy
def test_no_link_says_nothing_and_a_link_says_why(any_links):
    links = any_links.links[any_links.links["source"] != Source.PUPILS.value]
    unlinked = links["status"] == "unlinked"
    assert links.loc[unlinked, ["linked_source", "linked_record_id", "weight"]].isna().all(axis=None)
    assert set(links.loc[unlinked, "reason"]) == {"no_candidate"}
    assert set(links["status"]) <= {"linked", "review", "unlinked"}
    by_model = links["reason"] == "model"
    assert (links.loc[by_model & (links["status"] == "linked"), "weight"] >= 8).all()
    assert (links.loc[links["status"] == "review", "linked_source"] == Source.PUPILS.value).all()


@pytest.mark.heavy
def test_pupils_of_one_person_never_have_two_ines(any_links):
    pupils = any_links.extracts.frames[Source.PUPILS].assign(
        person_id=lambda f: any_links.links.loc["pupils:" + f["record_id"], "person_id"].to_numpy()
    )
    known = pupils[pupils["ine"].notna() & (pupils["ine"] != "")]
    assert (known.groupby("person_id")["ine"].nunique() == 1).all()
    assert pupils["person_id"].duplicated().sum() == any_links.report.double_files


@pytest.mark.heavy
def test_the_report_counts_what_was_written(any_links):
    links = any_links.links
    written = links.groupby(["source", "status"]).size()
    counted = {
        (source, status): n for source, of in any_links.report.statuses.items() for status, n in of.items()
    }
    assert written.to_dict() == counted
    assert any_links.report.persons == links["person_id"].nunique()
    assert any_links.report.record_count == len(links)


@pytest.mark.heavy
def test_two_runs_give_the_same_bytes_whatever_the_order_of_the_rows_and_the_threads(linked, tmp_path):
    working_dir = tmp_path / "croisement"
    write_working_file(working_dir, linked.extracts, shuffle_seed=5)
    link_records(working_dir, threads=2)
    assert digests(working_dir) == digests(linked.working_dir)


@pytest.mark.heavy
def test_a_frozen_model_gives_the_same_bytes_without_learning(linked, tmp_path):
    working_dir = tmp_path / "croisement"
    write_working_file(working_dir, linked.extracts)
    entered = []

    class Stage:
        def __init__(self, name: str) -> None:
            entered.append(name)

        def __enter__(self) -> None: ...

        def __exit__(self, *_: object) -> None: ...

    report = link_records(working_dir, frozen_model=linked.model, seed=99, stage=Stage, threads=1)
    assert report.is_model_reused
    assert entered == ["standardise", "ine", "score", "remainder", "write"]
    assert digests(working_dir) == digests(linked.working_dir)


# How good they are


@pytest.mark.heavy
def test_the_model_is_precise_and_misses_fewer_than_the_cascade(linked, tmp_path):
    """The bars of the region (.998, .993, .985) less what a twentieth of it sways; 45 % fewer errors seen."""
    by_cascade = link_all(tmp_path / "croisement", linked.extracts, method=Method.CASCADE)
    model, rules = (score(made.links, linked.extracts.truth) for made in (linked, by_cascade))
    assert model.loc["all", "precision"] >= 0.997
    assert model.loc["all", "recall"] >= 0.99
    assert model.loc["mission_locale", "recall"] >= 0.98
    assert rules.loc["all", "precision"] >= 0.997
    assert rules.loc["all", "recall"] >= 0.985
    assert model.loc["all", "errors"] <= 0.65 * rules.loc["all", "errors"]


@pytest.mark.heavy
def test_a_model_learnt_elsewhere_stays_precise_on_worse_writing(linked, tmp_path):
    extracts = generated(0.03, seed=7, noise=1.6)
    made = link_all(tmp_path / "croisement", extracts, frozen_model=linked.model)
    model = score(made.links, extracts.truth)
    assert model.loc["all", "precision"] >= 0.996
    assert model.loc["all", "recall"] >= 0.98
    assert model.loc["mission_locale", "recall"] >= 0.96


@pytest.mark.heavy
def test_young_people_whom_no_pupil_base_knows_are_found_among_themselves(linked):
    truth = linked.extracts.truth.set_index(["source", "record_id"])["person_key"]
    links = linked.links
    made = links[(links["status"] == "linked") & links["linked_source"].notna()]
    made = made[made["linked_source"] != Source.PUPILS.value]
    one = truth.loc[list(zip(made["source"], made["record_id"], strict=True))]
    other = truth.loc[list(zip(made["linked_source"], made["linked_record_id"], strict=True))]
    assert len(made) > 200
    assert (one.to_numpy() == other.to_numpy()).mean() >= 0.99


@pytest.mark.heavy
def test_the_exact_methods_find_far_less(linked, tmp_path):
    working_dir = tmp_path / "croisement"
    write_working_file(working_dir, linked.extracts)
    recalls = {}
    for method in (Method.EXACT_RAW, Method.EXACT_NORMALISED):
        link_records(working_dir, method=method)
        recalls[method] = score(read_links(working_dir), linked.extracts.truth).loc["all", "recall"]
    assert recalls[Method.EXACT_RAW] < 0.4
    assert 0.85 < recalls[Method.EXACT_NORMALISED] < 0.95
    assert not (working_dir / CANDIDATES_FILE).exists()


# Cases written by hand, lost in a hundredth of the region

INE = "012345678AB"
OTHER_INE = "012345679AB"


def planted() -> list[tuple[Source, dict[str, object]]]:
    ml, pupil = Source.MISSION_LOCALE, Source.PUPILS
    contract, wish = Source.APPRENTICESHIP, Source.AFFECTATION
    return [
        # Twins of another sex and of the same one, and the mission locale of one of them.
        record(pupil, "twin-1", nom="Brizonnet", prenom="Maëlys"),
        record(pupil, "twin-2", nom="Brizonnet", prenom="Noah", sexe="M"),
        record(pupil, "twin-3", nom="Brizonnet", prenom="Lilou"),
        record(ml, "twin-ml", nom="BRIZONNET", prenom="MAELYS"),
        record(ml, "twin-unknown", nom="BRIZONNET", prenom="THEO", sexe="M"),
        # Homonyms born the same day: only places tell them apart, and here they do not.
        record(
            pupil, "homonym-1", ine="222222222DD", nom="Carvoisin", prenom="Inès", commune_residence="06088"
        ),
        record(
            pupil, "homonym-2", ine="222222223DD", nom="Carvoisin", prenom="Inès", commune_residence="06029"
        ),
        record(ml, "homonym-ml", nom="Carvoisin", prenom="Ines", commune_residence="06004"),
        # The same homonyms, when places do tell.
        record(pupil, "place-1", nom="Delauzun", prenom="Yanis", sexe="M", commune_residence="83137"),
        record(
            pupil, "place-2", nom="Delauzun", prenom="Yanis", sexe="M",
            commune_naissance="99352", commune_residence="05061",
        ),
        record(ml, "place-ml", nom="Delauzun", prenom="Yanis", sexe="M", commune_residence="83137"),
        # An INE that says one pupil while everything else says another.
        record(pupil, "ine-1", ine=INE, nom="Estramon", prenom="Hugo", sexe="M"),
        record(
            pupil, "ine-2", ine=OTHER_INE, nom="Fourcanade", prenom="Lina", date_naissance=date(2007, 2, 3)
        ),
        record(contract, "ine-wrong", ine=OTHER_INE, nom="Estramon", prenom="Hugo", sexe="M"),
        record(wish, "ine-right", ine=INE, nom="ESTRAMONT", prenom="Hugo", sexe="M"),
        # Writing faults.
        record(pupil, "fault-1", nom="de Gravelone-Pastor", prenom="Jean-Côme", prenom2="Élie", sexe="M"),
        record(ml, "fault-compound", nom="GRAVELONE", prenom="JEAN COME", sexe="M"),
        record(ml, "fault-second", nom="DE GRAVELONE PASTOR", prenom="ELIE", sexe="M"),
        record(contract, "fault-crossed", nom="Jean-Come", prenom="De Gravelone Pastor", sexe="M"),
        record(
            pupil, "fault-2", nom="Hauterivier", prenom="Mohamed", sexe="M", date_naissance=date(2008, 3, 11)
        ),
        record(
            ml, "fault-date", nom="Hauterivier", prenom="Mohammed", sexe="M", date_naissance=date(2008, 11, 3)
        ),
        # Two files of one pupil.
        record(pupil, "double-1", ine="111111111CC", nom="Jourdanel", prenom="Zoé"),
        record(pupil, "double-2", ine="111111111CC", nom="JOURDANEL", prenom="Zoe"),
        record(ml, "double-ml", nom="Jourdanel", prenom="Zoé"),
        # Whom no pupil base knows: a contract, a mission locale, and their twin.
        record(contract, "rest-1", nom="Kerbastien", prenom="Ambre"),
        record(ml, "rest-2", nom="KERBASTIEN", prenom="AMBRE"),
        record(ml, "rest-twin", nom="KERBASTIEN", prenom="LOUISE"),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def cases(linked: Linked, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    working_dir = tmp_path_factory.mktemp("cases") / "croisement"
    write_working_file(working_dir, generated(SMALL, seed=3), planted())
    link_records(working_dir, frozen_model=linked.model)
    return read_links(working_dir)


@pytest.mark.heavy
def test_golden_links_of_the_cases(cases):
    """The whole answer: a change of the model or of a rule that moves one of them must be looked at."""
    written = [f"{source}:{cells['record_id']}" for source, cells in planted()]
    found = {
        key.split(":")[1]: (
            row.status,
            row.linked_record_id if isinstance(row.linked_record_id, str) else None,
        )
        for key, row in cases.loc[written].iterrows()
        if row.source != Source.PUPILS.value
    }
    assert found == {
        "twin-ml": ("linked", "twin-1"),
        "twin-unknown": ("unlinked", None),
        "homonym-ml": ("review", "homonym-1"),
        "place-ml": ("linked", "place-1"),
        "ine-wrong": ("review", "ine-1"),
        "ine-right": ("linked", "ine-1"),
        "fault-compound": ("linked", "fault-1"),
        "fault-second": ("linked", "fault-1"),
        "fault-crossed": ("linked", "fault-1"),
        "fault-date": ("linked", "fault-2"),
        "double-ml": ("linked", "double-2"),
        "rest-1": ("linked", None),
        "rest-2": ("linked", "rest-1"),
        "rest-twin": ("unlinked", None),
    }


@pytest.mark.heavy
def test_twins_and_homonyms_stay_apart(cases):
    persons = cases.loc[[f"pupils:twin-{n}" for n in (1, 2, 3)] + ["pupils:homonym-1", "pupils:homonym-2"]]
    assert persons["person_id"].is_unique
    assert cases.loc["mission_locale:homonym-ml", "reason"] == "second_candidate"


@pytest.mark.heavy
def test_an_ine_against_everything_else_waits_for_a_person(cases):
    row = cases.loc["apprenticeship:ine-wrong"]
    assert (row["status"], row["reason"]) == ("review", "ine_conflict")
    assert row["person_id"] not in set(cases.loc[["pupils:ine-1", "pupils:ine-2"], "person_id"])


@pytest.mark.heavy
def test_two_files_of_one_pupil_are_one_person(cases):
    keys = ["pupils:double-1", "pupils:double-2", "mission_locale:double-ml"]
    assert cases.loc[keys, "person_id"].nunique() == 1


@pytest.mark.heavy
def test_what_persons_decided_comes_before_any_rule(small, linked, tmp_path):
    """A certain pair refused and a refused pair joined; the last word on a pair counts."""
    working_dir = tmp_path / "croisement"
    write_working_file(working_dir, small.extracts, planted())
    for one, other, verdict in (
        ("mission_locale:twin-ml", "twin-1", "different"),
        ("mission_locale:homonym-ml", "homonym-2", "same"),
        ("mission_locale:fault-date", "fault-2", "different"),
        ("mission_locale:fault-date", "fault-2", "same"),
        ("mission_locale:place-ml", "place-1", "cannot_tell"),
        ("affectation:ine-right", "ine-1", "different"),
    ):
        write_decision(working_dir, one, other, verdict)
    link_records(working_dir, frozen_model=linked.model)
    links = read_links(working_dir)
    assert links.loc["mission_locale:twin-ml", "linked_record_id"] != "twin-1"
    assert links.loc["affectation:ine-right", "linked_record_id"] != "ine-1"
    joined = links.loc["mission_locale:homonym-ml"]
    assert (joined["status"], joined["linked_record_id"], joined["reason"]) == (
        "linked",
        "homonym-2",
        "reviewed",
    )
    assert links.loc["mission_locale:fault-date", "reason"] == "reviewed"
    assert links.loc["mission_locale:place-ml", "reason"] == "model"


# The step


@pytest.fixture
def working_dir(small: Linked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small region, not linked yet, as the step's working directory."""
    from observatory import config

    made = tmp_path / "croisement"
    write_working_file(made, small.extracts)
    monkeypatch.setenv("OBSERVATOIRE_CROISEMENT_DIR", str(made))
    config.current_linkage_settings.cache_clear()
    yield made
    config.current_linkage_settings.cache_clear()


KILLED = """
import os, signal, sys
from pathlib import Path
from observatory.linkage import linking, model, working_file
place, working_dir, frozen = sys.argv[1:]
def die(*_, **__): os.kill(os.getpid(), signal.SIGKILL)
if place == "score":
    make = model.make_linker
    def make_and_die(*arguments):
        make(*arguments).inference.predict()
        die()
    model.make_linker = make_and_die
elif place == "copy":
    copy = linking._copy
    def copy_and_die(*arguments):
        copy(*arguments)
        die()
    linking._copy = copy_and_die
else:
    put = working_file.put_in_place
    def put_and_die(*arguments):
        put(*arguments)
        die()
    working_file.put_in_place = put_and_die
linking.link_records(Path(working_dir), frozen_model=Path(frozen))
"""


@pytest.mark.heavy
@pytest.mark.parametrize("place", ["score", "copy", "put"])
def test_a_run_that_is_killed_leaves_nothing_that_the_next_does_not_mend(place, small, linked, working_dir):
    (working_dir / LINKS_FILE).write_bytes(b"the links of before")
    done = subprocess.run(
        [sys.executable, "-c", KILLED, place, str(working_dir), str(linked.model)],
        cwd=ROOT, check=False, capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    if place != "put":
        assert (working_dir / LINKS_FILE).read_bytes() == b"the links of before"
    link_records(working_dir, frozen_model=linked.model)
    assert digests(working_dir) == digests(small.working_dir)
    assert not list(working_dir.glob(".part-*"))


@pytest.mark.heavy
def test_the_step_tells_counts_and_notes_its_run(small, linked, working_dir, capsys):
    assert main(["link", "--model", str(linked.model), "--seed", "4"]) == 0
    shown = capsys.readouterr().out
    counts = small.report.statuses["mission_locale"]
    assert f"Missions locales : {sum(counts.values())} lignes ; reliées : {counts['linked']}" in shown
    noted = read_manifest(working_dir)["link"]
    assert noted["seed"] == 4
    assert noted["counts"]["statuses"] == small.report.statuses
    made = noted["extra"]["sha256"]
    assert {name: made[name] for name in MADE} == digests(small.working_dir)
    assert made["quality.parquet"] == file_sha256(working_dir / "quality.parquet")
    assert set(noted["inputs"]) == {*map(str, Source), "model"}
    assert noted["versions"]["splink"].startswith("5.")


@pytest.mark.heavy
def test_neither_the_manifest_nor_the_terminal_nor_the_model_holds_a_name(small, linked, working_dir, capfd):
    assert main(["link", "--model", str(linked.model)]) == 0
    written = capfd.readouterr()
    text = written.out + written.err + (working_dir / "manifest.json").read_text()
    text += (working_dir / MODEL_FILE).read_text()
    frame = small.extracts.frames[Source.PUPILS]
    names = {name for name in [*frame["nom"], *frame["ine"]] if isinstance(name, str) and len(name) >= 5}
    assert len(names) > 500
    assert not [name for name in names if name in text]


@pytest.mark.heavy
def test_the_cascade_is_a_way_out_without_the_model(working_dir, cascaded, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "splink", None)
    assert main(["link", "--method", "cascade"]) == 0
    assert "Étape « link » terminée" in capsys.readouterr().out
    assert (working_dir / LINKS_FILE).read_bytes() == (cascaded.working_dir / LINKS_FILE).read_bytes()


@pytest.mark.parametrize("content", [None, "{", '{"format": 0, "splink": {}}', "[]", '{"format": 1}'])
def test_a_model_that_cannot_be_read_is_refused_with_its_path(tmp_path, content):
    write_working_file(tmp_path / "croisement", generated(0.001))
    model = tmp_path / "model.json"
    if content is not None:
        model.write_text(content, encoding="utf-8")
    with pytest.raises(UserFacingError) as caught:
        link_records(tmp_path / "croisement", frozen_model=model)
    assert caught.value.code == "model_unreadable"


def test_a_model_and_the_cascade_do_not_go_together(capsys):
    assert main(["link", "--method", "cascade", "--model", "model.json"]) == 1
    assert "La cascade n’a pas de modèle" in capsys.readouterr().err


def test_link_without_extracts_says_what_to_run(tmp_path, monkeypatch, capsys):
    from observatory import config

    monkeypatch.setenv("OBSERVATOIRE_CROISEMENT_DIR", str(tmp_path / "nothing"))
    config.current_linkage_settings.cache_clear()
    assert main(["link"]) == 1
    config.current_linkage_settings.cache_clear()
    assert "extracts --from" in capsys.readouterr().err


@pytest.mark.heavy
def test_the_saved_model_is_reproducible_text(linked):
    saved = json.loads(linked.model.read_text(encoding="utf-8"))
    assert saved["splink"]["linker_uid"] == "observatoire"
    learnt = [
        level["m_probability"]
        for comparison in saved["splink"]["comparisons"]
        for level in comparison["comparison_levels"]
        if "m_probability" in level
    ]
    assert len(learnt) > 20
    assert all(np.isclose(value, float(f"{value:.6g}"), rtol=0, atol=0) for value in learnt)
