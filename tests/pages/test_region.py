"""The region view without a browser: empty, invented, real; frozen, compared, written, refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from observatory.config import current_settings
from observatory.domain.cooperation import Modality, Partner
from observatory.domain.inventory import Actor, Edit, FieldKey, RecordKind, rating_key
from observatory.french.region import PARTS
from observatory.store.engine import open_store
from observatory.store.inventory_entries import read_entries
from observatory.store.inventory_saves import save_edits
from observatory.store.inventory_snapshots import freeze_snapshot
from observatory.ui import people
from tests.pages.screen import defects_of, html_of, plain, read_html, text_of

PAGE = "pages/cooperation.py"
REGION = {"vue": "region"}
REAL = {"OBSERVATOIRE_DEMO": "non"}
TEAM = Actor("A. Exemple", "Équipe régionale", None)
HOSTILE = "<img src=x onerror=alert(1)>"
BANNER = "Données de démonstration"


@pytest.fixture
def person(monkeypatch):
    """Says who is in front of the screen: ``person(areas=["AM02"])``."""

    def be(areas: tuple[str, ...] = ("REG93",)) -> None:
        kept = quote(json.dumps({"n": TEAM.name, "s": TEAM.structure, "p": list(areas)}), safe="")
        monkeypatch.setattr(people, "_cookie", lambda: kept)

    return be


def show(app_test, part: str, **how):
    at = app_test(PAGE, query={**REGION, **how.pop("query", {})}, **how)
    if part != "modalities":
        at.session_state["region_part"] = part
        at.run()
    assert not at.exception
    assert not at.error
    return at


def write(*rows: tuple[str, RecordKind, str, str, str]) -> None:
    store = open_store(current_settings())
    entries = {e.key: e for e in read_entries(store, include_demonstration=False)}
    edits = []
    for area, kind, key, field, value in rows:
        place = FieldKey(area, kind, key, field)
        edits.append(Edit(place, value, entries[place].change_id if place in entries else None))
    result = save_edits(store, TEAM, edits)
    assert not result.conflicts
    store.dispose()


def freeze(name: str) -> None:
    store = open_store(current_settings())
    freeze_snapshot(
        store, TEAM, name, include_demonstration=current_settings().demo, frozen_at=datetime.now(UTC)
    )
    store.dispose()


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("environ", [{}, REAL], ids=["demonstration", "empty"])
@pytest.mark.parametrize("who", ["reader", "team"])
def test_a_part_is_whole_in_french_with_its_banner_only_when_something_is_invented(
    app_test, person, part, environ, who
):
    if who == "team":
        person()
    text = text_of(show(app_test, part, environ=environ))
    assert defects_of(text) == []
    assert (BANNER in text) is (not environ)


def test_everything_unknown_is_said_and_nothing_is_told_as_zero(app_test):
    text = plain(text_of(show(app_test, "modalities", environ=REAL)))
    assert "Aucun bassin n’a encore renseigné de modalité" in text
    text = plain(text_of(show(app_test, "links", environ=REAL)))
    assert "Aucun lien n’est encore renseigné" in text
    text = plain(text_of(show(app_test, "priorities", environ=REAL)))
    assert "Priorités indéterminées" in text
    assert "Coopération non renseignée" in text
    assert "Aucun état n’est encore figé" in plain(text_of(show(app_test, "changes", environ=REAL)))


def test_a_change_after_a_frozen_state_is_told_before_and_after(app_test):
    app_test(PAGE, environ=REAL)
    write(("AM13", RecordKind.MODALITY, Modality.HANDOVER.value, "status", "partial"))
    freeze("Comité de juin")
    write(
        ("AM13", RecordKind.MODALITY, Modality.HANDOVER.value, "status", "done"),
        ("AM02", RecordKind.RATING, rating_key(Partner.CIO, Partner.PJJ), "level", "0"),
    )
    text = plain(text_of(show(app_test, "changes", environ=REAL)))
    assert "Depuis « Comité de juin » : 2 réponses ont changé, dans 2 bassins sur 28" in text
    pieces = " ".join(" ".join(read_html(piece).texts) for piece in html_of(show(app_test, "changes")))
    assert "Relais entre opérateurs, état : partiel → devient fait" in " ".join(plain(pieces).split())
    assert "non renseigné → devient 0 – aucun lien" in " ".join(plain(pieces).split())


def test_the_regional_team_freezes_by_name_and_a_taken_name_is_refused(app_test, person):
    person()
    at = show(app_test, "snapshots", environ=REAL)
    at.text_input(key="region_freeze_name").set_value("Comité de décembre").run()
    (button,) = [b for b in at.button if b.label.startswith("Figer")]
    button.click().run()
    assert "Un état figé" in text_of(at)
    assert "Comité de décembre" in text_of(at)
    at.text_input(key="region_freeze_name").set_value("Comité de décembre").run()
    next(b for b in at.button if b.label.startswith("Figer")).click().run()
    assert "Un état figé" in text_of(at)
    assert not at.exception
    assert at.text_input(key="region_freeze_name").value == "Comité de décembre"


@pytest.mark.parametrize("areas", [None, ("AM13",)], ids=["nobody", "a basin"])
def test_nobody_else_freezes_or_writes_the_framework(app_test, person, areas):
    if areas:
        person(areas)
    at = show(app_test, "snapshots")
    assert not [b for b in at.button if b.label.startswith("Figer")]
    assert "L’équipe régionale fige les états" in text_of(at)
    at = show(app_test, "framework")
    assert len(at.text_area) == 0
    assert "Le cadre est écrit par l’équipe régionale" in text_of(at)


def test_the_framework_is_written_in_place_and_kept(app_test, person):
    person()
    at = show(app_test, "framework", environ=REAL)
    practice = f"Une fiche navette {HOSTILE}"
    next(t for t in at.text_area if t.label == "Pratique proposée").set_value(practice).run()
    store = open_store(current_settings())
    (kept,) = read_entries(store, include_demonstration=False)
    store.dispose()
    assert (kept.key.area_code, kept.key.kind, kept.value) == ("REG93", RecordKind.FRAMEWORK, practice)
    assert "une pratique est proposée pour une modalité" in text_of(at)
    at.segmented_control(key="region_framework_reading").set_value("Tout le cadre").run()
    shown = text_of(at)
    assert practice in shown
    assert all("img" not in read_html(piece).elements for piece in html_of(at))


def test_two_frozen_states_are_compared_and_never_the_wrong_way_round(app_test):
    app_test(PAGE, environ=REAL)
    for name, status in (("Premier", "planned"), ("Deuxième", "done")):
        write(("NI06", RecordKind.MODALITY, Modality.EVALUATION.value, "status", status))
        freeze(name)
    write(("NI06", RecordKind.MODALITY, Modality.EVALUATION.value, "status", ""))
    at = show(app_test, "changes", environ=REAL)
    later = at.selectbox(key="region_to")
    assert later.options == ["maintenant"]
    first = at.selectbox(key="region_from").options.index(next(
        o for o in at.selectbox(key="region_from").options if o.startswith("Premier")
    ))  # fmt: skip
    at.selectbox(key="region_from").select_index(first).run()
    at.selectbox(key="region_to").select_index(1).run()
    assert "De « Premier » à « Deuxième » : une réponse a changé" in plain(text_of(at))


def test_an_invented_state_carries_the_banner_when_the_rest_is_real(app_test):
    text = plain(text_of(show(app_test, "snapshots")))
    assert "démonstration" in text
    assert BANNER in text


@pytest.mark.parametrize("reading", ["cooperation", "priorites"])
def test_the_map_reads_the_same_inventory_empty_then_real(app_test, reading):
    query = {"lecture": reading, "bassin": "AM13"}
    text = plain(text_of(app_test("pages/carte.py", query=query, environ=REAL)))
    assert BANNER not in text
    assert "aucun enregistrement" in text
    assert defects_of(text_of(app_test("pages/carte.py", query=query, environ=REAL))) == []
    write(
        *(
            ("AM13", RecordKind.RATING, rating_key(a, b), "level", "4")
            for a in Partner
            for b in Partner
            if a is not b
        )
    )
    text = plain(text_of(app_test("pages/carte.py", query=query, environ=REAL)))
    assert BANNER not in text
    assert "déclarée par les structures des bassins" in text
    wanted = {"cooperation": "1 bassin sur 28 a renseigné", "priorites": "risque élevé, coopération établie"}
    assert wanted[reading] in text


@pytest.mark.parametrize("screen", range(8))
def test_a_projected_screen_is_whole_in_french(app_test, screen):
    at = app_test(PAGE, query={**REGION, "projection": "oui"})
    at.session_state["screen_cooperation_region"] = screen
    at.run()
    assert not at.exception
    assert defects_of(text_of(at)) == []
    assert f"{screen + 1} / 8" in text_of(at)
    assert BANNER in text_of(at)
