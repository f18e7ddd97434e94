"""What changed between two states of the inventory: every change once, in words, and no score."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

from hypothesis import given
from hypothesis import strategies as st

from observatory.domain.cooperation import Modality, ModalityStatus, Partner
from observatory.domain.inventory import FieldKey, RecordKind, rating_key
from observatory.french.region import CHANGE_GROUPS, changes_shown
from observatory.ui import region_changes as changes_html
from observatory.views.region_changes import Standing, build_changes, by_area, by_modality, narrow
from tests.unit.computed_observatory import make_basins, make_observatory

HOSTILE = '<img src=x onerror="alert(1)">'
AT = datetime(2026, 6, 4, tzinfo=UTC)
CIO_PJJ = rating_key(Partner.CIO, Partner.PJJ)
STATUS = FieldKey("AM01", RecordKind.MODALITY, "handover", "status")
LEVEL = FieldKey("NI03", RecordKind.RATING, CIO_PJJ, "level")
ACTION = FieldKey("AM02", RecordKind.ACTION, "act-0001", "action")


@lru_cache
def region(label: str):
    return make_observatory(make_basins(basin_label=label))


def compare(before: dict, after: dict, label: str = "Bassin 1"):
    observatory = region(label)
    return build_changes(observatory, Standing("Juin", AT, before), Standing("maintenant", AT, after))


def told(view) -> list[tuple[str, str, str]]:
    return [(line.field or line.subject, line.before, line.after) for line in view.lines]


def test_what_comes_and_what_goes_is_not_reported_in_words():
    assert told(compare({}, {STATUS: "done"})) == [("État", "non renseigné", "fait")]
    assert told(compare({STATUS: "done"}, {})) == [("État", "fait", "non renseigné")]
    assert [line.nature for line in compare({}, {STATUS: "not_done"}).lines] == ["reported"]
    assert [line.nature for line in compare({STATUS: "done"}, {}).lines] == ["withdrawn"]


def test_a_level_that_moves_is_told_with_its_word_on_both_sides():
    (line,) = compare({LEVEL: "0"}, {LEVEL: "3"}).lines
    assert (line.subject, line.before, line.after) == (
        "CIO à propos de PJJ",
        "0 – aucun lien",
        "3 – se coordonnent",
    )
    assert (line.nature, line.group) == ("changed", "levels")


def test_who_gave_a_level_and_when_are_no_change_of_their_own_beside_it():
    by, on = (FieldKey("NI03", RecordKind.RATING, CIO_PJJ, name) for name in ("rated_by", "rated_on"))
    june = {LEVEL: "1", by: "CIO", on: "2026-06-01"}
    assert [line.field for line in compare(june, {LEVEL: "3", by: "PJJ", on: "2026-11-02"}).lines] == [
        "Niveau"
    ]
    assert [line.field for line in compare(june, {**june, on: "2026-11-02"}).lines] == ["Le"]


def test_two_equal_states_have_no_change():
    view = compare({STATUS: "done"}, {STATUS: "done"})
    assert view.lines == ()
    assert view.title == "Depuis « Juin » : rien n’a changé"


def test_an_action_that_is_added_is_one_line_and_taken_off_another():
    fields = {ACTION: "Écrire le circuit", FieldKey(*ACTION.record, "state"): "open"}
    added = compare({}, fields)
    assert told(added) == [("Action ajoutée", "hors de la liste", "Écrire le circuit")]
    removed = compare(fields, {**fields, FieldKey(*ACTION.record, "removed"): "1"})
    assert told(removed) == [("Action retirée de la liste", "Écrire le circuit", "hors de la liste")]


def test_an_action_that_moves_is_named_by_its_own_text():
    state = FieldKey(*ACTION.record, "state")
    view = compare({ACTION: "Écrire le circuit", state: "open"}, {ACTION: "Écrire le circuit", state: "kept"})
    (line,) = view.lines
    assert (line.subject, line.field) == ("Écrire le circuit", "Où elle en est")
    assert (line.before, line.after) == ("en cours", "tenue")


def test_the_full_stop_of_an_action_does_not_stand_before_a_comma():
    state, text = FieldKey(*ACTION.record, "state"), "Écrire le circuit."
    (line,) = compare({ACTION: text}, {ACTION: text, state: "open"}).lines
    assert line.subject == "Écrire le circuit"


def test_pieces_of_evidence_are_counted_not_spelt():
    key = FieldKey("AM01", RecordKind.MODALITY, "handover", "attachments")
    (line,) = compare({key: "a" * 32}, {key: f"{'a' * 32} {'b' * 32}"}).lines
    assert (line.before, line.after) == ("une pièce", "deux pièces")


def test_blocks_keep_the_order_of_the_territory_and_of_the_convention():
    first = FieldKey("NI03", RecordKind.MODALITY, "identification", "status")
    view = compare({}, {LEVEL: "2", STATUS: "done", first: "partial"})
    assert [block.label for block in by_area(view.lines)] == ["Bassin 1", "Bassin 3"]
    assert [block.label for block in by_modality(view.lines)] == ["Repérage", "Relais entre opérateurs"]
    assert view.title == "Depuis « Juin » : 3 réponses ont changé, dans 2 bassins sur 3"
    assert view.untouched == ("Bassin 2",)


def test_the_framework_belongs_to_the_region_and_to_no_basin():
    key = FieldKey("REG93", RecordKind.FRAMEWORK, "handover", "practice")
    view = compare({}, {key: "Une fiche navette"})
    assert view.lines[0].area_label == "Provence-Alpes-Côte d’Azur"
    assert "l’inventaire des bassins non" in view.title
    assert [c.basins for c in view.counts if c.group == "framework"] == [0]


def test_what_is_invented_is_not_compared_with_what_is_not():
    real = FieldKey("AM01", RecordKind.MODALITY, "evaluation", "status")
    observatory = make_observatory()
    frozen = Standing("Juin", AT, {real: "done"})
    mixed = Standing("maintenant", AT, {real: "partial", LEVEL: "4"}, frozenset({LEVEL}))
    view = build_changes(observatory, frozen, mixed)
    assert [(line.before, line.after) for line in view.lines] == [("fait", "partiel")]
    assert not view.is_demonstration
    assert not build_changes(observatory, mixed, frozen).is_demonstration
    invented = Standing("Mai", AT, {LEVEL: "1"}, frozenset({LEVEL}))
    both = build_changes(observatory, invented, mixed)
    assert both.is_demonstration
    assert {line.group for line in both.lines} == {"levels", "statuses"}


STATES = st.dictionaries(
    st.one_of(
        st.builds(
            lambda area, m: FieldKey(area, RecordKind.MODALITY, m.value, "status"),
            st.sampled_from(["AM01", "AM02", "NI03"]),
            st.sampled_from(list(Modality)),
        ),
        st.builds(
            lambda area, field: FieldKey(area, RecordKind.RATING, CIO_PJJ, field),
            st.sampled_from(["AM01", "AM02", "NI03"]),
            st.just("level"),
        ),
    ),
    st.integers(0, 4),
)


def written(state: dict) -> dict[FieldKey, str]:
    statuses = [s.value for s in ModalityStatus if s is not ModalityStatus.NOT_REPORTED]
    return {k: statuses[v] if k.kind is RecordKind.MODALITY else str(v) for k, v in state.items()}


@given(STATES, STATES)
def test_every_field_that_differs_is_told_once_and_the_way_back_tells_the_reverse(before, after):
    old, new = written(before), written(after)
    there, back = compare(old, new), compare(new, old)
    assert len(there.lines) == sum(old.get(k) != new.get(k) for k in old.keys() | new.keys())
    assert sorted((x.area_code, x.subject, x.before, x.after) for x in there.lines) == sorted(
        (x.area_code, x.subject, x.after, x.before) for x in back.lines
    )
    assert sum(c.reported + c.changed + c.withdrawn for c in there.counts) == len(there.lines)
    assert all(x.before != x.after for x in there.lines)


@given(STATES, STATES)
def test_filters_leave_out_and_never_add(before, after):
    lines = compare(written(before), written(after)).lines
    assert narrow(lines) == lines
    parts = [narrow(lines, groups=[group]) for group in CHANGE_GROUPS]
    assert sum(map(len, parts)) == len(lines)
    assert sum(len(narrow(lines, area=area)) for area in ("AM01", "AM02", "NI03")) == len(lines)
    assert sum(len(block.lines) for block in by_area(lines)) == len(lines)


def test_texts_that_wish_harm_stay_text_and_long_ones_are_cut():
    view = compare({}, {ACTION: f"{HOSTILE} " + "mot " * 300}, HOSTILE)
    shown = changes_html.change_list(by_area(view.lines), len(view.lines)) + changes_html.counts_table(view)
    assert "<img" not in shown
    assert "&lt;img" in shown
    assert len(view.lines[0].after) <= 220
    assert view.lines[0].after.endswith("…")


def test_a_very_long_list_says_that_it_is_cut():
    after = {
        FieldKey(area, RecordKind.MODALITY, m.value, field): "texte"
        for area in ("AM01", "AM02", "NI03")
        for m in Modality
        for field in ("description", "instance", "frequency", "pilot", "co_pilot", "participants", "tools",
                      "evidence", "next_step", "difficulty")
    }  # fmt: skip
    after |= {
        FieldKey(area, RecordKind.RATING, rating_key(a, b), "evidence"): "texte"
        for area in ("AM01", "AM02")
        for a in Partner
        for b in Partner
        if a is not b
    }
    view = compare({}, after)
    shown = changes_html.change_list(by_area(view.lines), len(view.lines))
    assert shown.count("<li>") == changes_html.MOST_LINES
    assert "les 400 premiers sont affichés" in shown


def test_one_change_is_not_written_in_the_plural():
    told = [changes_shown(*counts) for counts in ((1, 1), (1, 12), (2, 12))]
    assert told == ["1 changement", "1 changement sur 12", "2 changements sur 12"]
