"""The region view without a browser: empty, invented, real; frozen, compared, written, refused."""

from __future__ import annotations

import json
import shutil
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
PROJECTED = [
    *(("modalites", place) for place in (1, 2)),
    *(("liens", place) for place in (1, 2, 3, 4)),
    *(("changements", place) for place in (1, 2, 3)),
    ("priorites", 1),
]
"""Screens of the demonstration: part and place in it, in their order."""


@pytest.fixture
def person(monkeypatch):
    """Says who is in front of the screen: ``person(areas=["AM02"])``."""

    def be(areas: tuple[str, ...] = ("REG93",)) -> None:
        structure = TEAM.structure if areas == ("REG93",) else "CIO"
        kept = quote(json.dumps({"n": TEAM.name, "s": structure, "p": list(areas)}), safe="")
        monkeypatch.setattr(people, "_cookie", lambda: kept)

    return be


def show(app_test, part: str, **how):
    at = app_test(PAGE, query={**REGION, "partie": part, **how.pop("query", {})}, **how)
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
    text = plain(text_of(show(app_test, "modalites", environ=REAL)))
    assert "Aucun bassin n’a encore renseigné de modalité" in text
    text = plain(text_of(show(app_test, "liens", environ=REAL)))
    assert "Aucun lien n’est encore renseigné" in text
    text = plain(text_of(show(app_test, "priorites", environ=REAL)))
    assert "Priorités indéterminées" in text
    assert "Coopération non renseignée" in text
    assert "Aucun état n’est encore figé" in plain(text_of(show(app_test, "changements", environ=REAL)))


def test_a_change_after_a_frozen_state_is_told_before_and_after(app_test):
    app_test(PAGE, environ=REAL)
    write(("AM13", RecordKind.MODALITY, Modality.HANDOVER.value, "status", "partial"))
    freeze("Comité de juin")
    write(
        ("AM13", RecordKind.MODALITY, Modality.HANDOVER.value, "status", "done"),
        ("AM02", RecordKind.RATING, rating_key(Partner.CIO, Partner.PJJ), "level", "0"),
    )
    text = plain(text_of(show(app_test, "changements", environ=REAL)))
    assert "Depuis « Comité de juin » : " in text
    assert "réponses ont changé, dans 2 bassins sur 28" in text
    pieces = " ".join(" ".join(read_html(piece).texts) for piece in html_of(show(app_test, "changements")))
    assert "Relais entre opérateurs, état : partiel → devient fait" in " ".join(plain(pieces).split())
    assert "non renseigné → devient 0 – aucun lien" in " ".join(plain(pieces).split())


def test_the_regional_team_freezes_by_name_and_a_taken_name_is_refused(app_test, person):
    person()
    at = show(app_test, "etats", environ=REAL)
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
    at = show(app_test, "etats")
    assert not [b for b in at.button if b.label.startswith("Figer")]
    assert "L’équipe régionale fige les états" in text_of(at)
    at = show(app_test, "cadre")
    assert len(at.text_area) == 0
    assert "Le cadre est écrit par l’équipe régionale" in text_of(at)


def test_the_framework_is_written_in_place_and_kept(app_test, person):
    person()
    at = show(app_test, "cadre", environ=REAL)
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
    at = show(app_test, "changements", environ=REAL)
    later = at.selectbox(key="region_to")
    assert later.options == ["maintenant"]
    first = at.selectbox(key="region_from").options.index(next(
        o for o in at.selectbox(key="region_from").options if o.startswith("Premier")
    ))  # fmt: skip
    at.selectbox(key="region_from").select_index(first).run()
    at.selectbox(key="region_to").select_index(1).run()
    assert "De « Premier » à « Deuxième » : une réponse a changé" in plain(text_of(at))


def test_an_invented_state_carries_the_banner_when_the_rest_is_real(app_test):
    text = plain(text_of(show(app_test, "etats")))
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


@pytest.mark.parametrize("screen", range(10))
def test_a_projected_screen_is_whole_in_french(app_test, screen):
    part, place = PROJECTED[screen]
    at = app_test(PAGE, query={**REGION, "projection": "oui", "partie": part, "ecran": str(place)})
    assert not at.exception
    assert defects_of(text_of(at)) == []
    assert f"{screen + 1} / {len(PROJECTED)}" in text_of(at)
    assert BANNER in text_of(at)


@pytest.mark.parametrize("part", PARTS)
def test_a_link_opens_the_part_that_it_names_and_the_address_keeps_it(app_test, part):
    at = show(app_test, part)
    assert at.segmented_control(key="region_part").value == part
    assert at.query_params.get("partie", "modalites") == part
    assert "Adresse" not in text_of(at)


def test_a_part_that_is_chosen_goes_into_the_address(app_test):
    at = app_test(PAGE, query=REGION)
    assert "partie" not in at.query_params
    at.segmented_control(key="region_part").set_value("priorites").run()
    assert at.query_params["partie"] == "priorites"
    at.segmented_control(key="region_part").set_value("modalites").run()
    assert "partie" not in at.query_params


def test_a_step_on_the_wall_goes_into_the_address_and_leaving_keeps_the_part(app_test):
    at = app_test(PAGE, query={**REGION, "projection": "oui", "partie": "liens", "ecran": "3"})
    at.button(key="step_on").click().run()
    assert at.query_params["ecran"] == "4"
    at.button(key="step_on").click().run()
    assert (at.query_params["partie"], "ecran" in at.query_params) == ("changements", False)
    at.button(key="projection_button").click().run()
    assert at.segmented_control(key="region_part").value == "changements"
    assert "ecran" not in at.query_params


@pytest.mark.parametrize(("name", "value"), [("partie", "palmares"), ("ecran", "0"), ("ecran", "9" * 5000)])
def test_an_unknown_part_or_screen_is_named_and_the_first_is_shown(app_test, name, value):
    at = app_test(PAGE, query={**REGION, "projection": "oui", name: value})
    assert not at.exception
    assert f"{name}={value[:60]} »" in plain(text_of(at))
    assert "1 / 10" in text_of(at)
    assert name not in at.query_params


def test_a_screen_beyond_the_last_of_its_part_shows_the_last(app_test):
    at = app_test(PAGE, query={**REGION, "projection": "oui", "partie": "liens", "ecran": "40"})
    assert "6 / 10" in text_of(at)


def test_a_part_that_is_not_projected_leaves_the_wall_its_first_screen(app_test):
    at = app_test(PAGE, query={**REGION, "projection": "oui", "partie": "exporter"})
    assert "1 / 10" in text_of(at)
    at.button(key="projection_button").click().run()
    assert at.segmented_control(key="region_part").value == "exporter"


def test_the_projected_changes_say_what_changed_from_what_to_what_and_count_the_rest(app_test):
    app_test(PAGE, environ=REAL)
    write(("AM13", RecordKind.MODALITY, Modality.HANDOVER.value, "status", "partial"))
    freeze("Comité de juin")
    write(
        ("AM13", RecordKind.MODALITY, Modality.HANDOVER.value, "status", "done"),
        ("AM13", RecordKind.MODALITY, Modality.HANDOVER.value, "tools", "Une fiche"),
        ("AM02", RecordKind.RATING, rating_key(Partner.CIO, Partner.PJJ), "level", "0"),
    )
    query = {**REGION, "projection": "oui", "partie": "changements", "ecran": "2"}
    text = plain(text_of(app_test(PAGE, query=query, environ=REAL)))
    assert "Depuis « Comité de juin », académie d’Aix-Marseille" in text
    assert "Relais entre opérateurs : partiel → fait" in text
    assert "et une autre" in text
    assert "CIO à propos de PJJ : non renseigné → 0 – aucun lien" in text
    assert "8 / 9" in text  # nothing changed in the other académie: it has no screen


@pytest.mark.parametrize("size", [None, 10], ids=["missing", "damaged"])
def test_the_layer_is_not_offered_without_the_shapes_that_it_needs(app_test, tmp_path, size):
    folder = shutil.copytree(current_settings().data_dir, tmp_path / "data")
    shapes = folder / "territory" / "territory.gpkg"
    shapes.unlink()
    if size:
        shapes.write_bytes(b"x" * size)
    at = show(app_test, "exporter")
    labels = [button.label for button in at.get("download_button")]
    assert any(label.startswith("Couche GeoPackage") for label in labels)
    at = app_test(
        PAGE, query={**REGION, "partie": "exporter"}, environ={"OBSERVATOIRE_DATA_DIR": str(folder)}
    )
    left = [button.label for button in at.get("download_button")]
    assert left == [label for label in labels if not label.startswith("Couche GeoPackage")]
    (error,) = at.error
    assert "territory.gpkg" in error.value
