"""The inventory's rules: what a field may hold, which records there are, and what a history amounts to."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.domain.cooperation import Modality, ModalityStatus, Partner
from observatory.domain.inventory import (
    FIELDS,
    REGION_AREA,
    Actor,
    Change,
    FieldForm,
    FieldKey,
    InventoryValueError,
    RecordKind,
    check_key,
    clean_line,
    clean_value,
    field_spec,
    rating_key,
    records,
    replay,
    split_rating_key,
)
from observatory.french.inventory import CHOICE_LABELS, FIELD_LABELS

RECORD_KEYS = {
    RecordKind.RATING: "cio>pjj",
    RecordKind.MODALITY: "handover",
    RecordKind.RESOURCE: "r-0001",
    RecordKind.DIAGNOSIS: "needs",
    RecordKind.ACTION: "a-0001",
    RecordKind.REPLY: "cio>handover",
    RecordKind.FRAMEWORK: "handover",
}


def key_of(kind: RecordKind, field: str) -> FieldKey:
    area = REGION_AREA if kind is RecordKind.FRAMEWORK else "AM01"
    return FieldKey(area, kind, RECORD_KEYS[kind], field)


ALL_KEYS = [key_of(kind, spec.name) for kind, specs in FIELDS.items() for spec in specs]
LEVEL = key_of(RecordKind.RATING, "level")
RATED_ON = key_of(RecordKind.RATING, "rated_on")
EVIDENCE = key_of(RecordKind.RATING, "evidence")
PILOT = key_of(RecordKind.MODALITY, "pilot")
LINK = key_of(RecordKind.MODALITY, "evidence_link")
ATTACHMENTS = key_of(RecordKind.MODALITY, "attachments")
INDICATOR = key_of(RecordKind.ACTION, "indicator")


def refusal(key: FieldKey, value: str) -> tuple[str, dict[str, object]]:
    with pytest.raises(InventoryValueError) as caught:
        clean_value(key, value)
    return caught.value.code, dict(caught.value.params)


# --- values -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ALL_KEYS, ids=lambda key: f"{key.kind}.{key.field}")
def test_in_every_field_nothing_is_nothing(key):
    for value in ("", "  ", "\n\t\r\n", "\u00a0", "\u200b\ufeff", "\u200d", "\x00"):
        assert clean_value(key, value) == ""


@pytest.mark.parametrize("key", ALL_KEYS, ids=lambda key: f"{key.kind}.{key.field}")
@given(text=st.text(max_size=120))
def test_what_was_kept_once_is_kept_as_it_is_the_next_time(key, text):
    try:
        kept = clean_value(key, text)
    except InventoryValueError:
        return
    assert clean_value(key, kept) == kept
    assert kept == unicodedata.normalize("NFC", kept)
    assert kept == kept.strip()
    assert not {c for c in kept if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"}} - {"\n"}
    if field_spec(key.kind, key.field).form is not FieldForm.TEXT:
        assert "\n" not in kept
    kept.encode("utf-8")


@pytest.mark.parametrize(
    ("value", "line", "text"),
    [
        ("  tous  les\tmois ", "tous les mois", "tous  les mois"),
        ("une\r\nautre", "une autre", "une\nautre"),
        ("une\u2028autre\x85encore", "une autre encore", "une\nautre\nencore"),
        ("fin de ligne   \n\n\n", "fin de ligne", "fin de ligne"),
        ("e\u0301te\u0301", "été", "été"),
        ("e\u200b\u0301", "é", "é"),
        ("a\u202eb\u2066c\ufffe\x00d", "abcd", "abcd"),
        ("👩\u200d🏫", "👩\u200d🏫", "👩\u200d🏫"),
        ("=1+1", "=1+1", "=1+1"),
        ("<b>gras</b> & « cité »", "<b>gras</b> & « cité »", "<b>gras</b> & « cité »"),
    ],
)
def test_a_line_is_one_line_and_a_text_keeps_its_own(value, line, text):
    assert clean_value(PILOT, value) == line
    assert clean_value(EVIDENCE, value) == text


def test_a_text_that_is_too_long_is_refused_with_both_lengths_and_never_cut():
    longest = field_spec(RecordKind.RATING, "evidence").longest
    assert len(clean_value(EVIDENCE, "é" * longest + "  ")) == longest
    code, params = refusal(EVIDENCE, "x" * (longest + 1))
    assert code == "inventory_length"
    assert (params["longest"], params["length"]) == (longest, longest + 1)
    assert len(str(params["value"])) <= 80


def test_a_choice_is_one_of_its_codes():
    assert [clean_value(LEVEL, f" {level} ") for level in range(6)] == list("012345")
    for value in ("6", "-1", "3.0", "٣", "03", "coordination"):
        code, params = refusal(LEVEL, value)
        assert code == "inventory_choice"
        assert params["allowed"] == tuple("012345")


def test_not_reported_is_the_empty_value_and_no_status_that_one_can_write():
    status = key_of(RecordKind.MODALITY, "status")
    code, params = refusal(status, "not_reported")
    assert code == "inventory_choice"
    assert set(params["allowed"]) == set(ModalityStatus) - {ModalityStatus.NOT_REPORTED}


def test_a_date_is_a_day_of_the_calendar_in_one_form():
    assert clean_value(RATED_ON, "2024-02-29") == "2024-02-29"
    for value in (
        "2023-02-29",
        "20240229",
        "2024-W09-4",
        "29/02/2024",
        "2024-2-9",
        "0206-03-02",
        "9999-12-31",
    ):
        assert refusal(RATED_ON, value)[0] == "inventory_date"


def test_a_link_is_an_address_of_the_web_and_nothing_that_runs():
    for value in ("https://exemple.fr/a?b=c#d", "http://exemple.fr:8080/é"):
        assert clean_value(LINK, value) == value
    for value in (
        "javascript:alert(1)",
        "data:text/html,x",
        "//exemple.fr",
        "exemple.fr",
        "https://",
        "https:///chemin",
        'https://exemple.fr/"onmouseover=x',
        "https://exemple.fr/a b",
        "https://exemple.fr\\@autre.fr",
        "https://[::1",
        "file:///etc/passwd",
    ):
        assert refusal(LINK, value)[0] == "inventory_link"


def test_evidence_is_named_by_its_identifiers_only():
    one, two = "0" * 32, "a1" * 16
    assert clean_value(ATTACHMENTS, f" {one}\n{two}") == f"{one} {two}"
    for value in ("rapport.pdf", one[:-1], one.replace("0", "G"), f"{one},{two}", "../" + one):
        assert refusal(ATTACHMENTS, value)[0] == "inventory_choice"


def test_an_indicator_is_a_code():
    assert clean_value(INDICATOR, "neet_rate") == "neet_rate"
    for value in ("Taux", "neet-rate", "neet rate"):
        assert refusal(INDICATOR, value)[0] == "inventory_choice"


# --- records ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key",
    [
        FieldKey("AM01", RecordKind.RATING, "cio>cio", "level"),
        FieldKey("AM01", RecordKind.RATING, "cio>police", "level"),
        FieldKey("AM01", RecordKind.RATING, "cio", "level"),
        FieldKey("AM01", RecordKind.RATING, "cio>pjj", "status"),
        FieldKey("AM01", RecordKind.MODALITY, "reperage", "status"),
        FieldKey("AM01", RecordKind.DIAGNOSIS, "handover", "text"),
        FieldKey("AM01", RecordKind.REPLY, "handover>cio", "text"),
        FieldKey("AM01", RecordKind.ACTION, "A/../1", "state"),
        FieldKey("AM01", RecordKind.ACTION, "a1", "state"),
        FieldKey("AM01", RecordKind.RESOURCE, "x" * 41, "label"),
        FieldKey(REGION_AREA, RecordKind.RATING, "cio>pjj", "level"),
        FieldKey("AM01", RecordKind.FRAMEWORK, "handover", "practice"),
        FieldKey("", RecordKind.RATING, "cio>pjj", "level"),
        FieldKey("ACA02", RecordKind.RATING, "cio>pjj", "level"),
        FieldKey("13201", RecordKind.RATING, "cio>pjj", "level"),
    ],
)
def test_a_record_or_a_field_that_the_inventory_does_not_have_is_refused(key):
    with pytest.raises(InventoryValueError) as caught:
        check_key(key)
    assert caught.value.code == "inventory_key"
    with pytest.raises(InventoryValueError):
        clean_value(key, "")


def test_there_are_42_ratings_and_11_modalities_and_each_can_be_written():
    ratings = [rating_key(a, b) for a, b in permutations(Partner, 2)]
    assert len(set(ratings)) == 42
    for key in ratings:
        check_key(FieldKey("NI12", RecordKind.RATING, key, "level"))
        assert rating_key(*split_rating_key(key)) == key
    for modality in Modality:
        check_key(FieldKey("NI12", RecordKind.MODALITY, modality.value, "status"))
        check_key(FieldKey(REGION_AREA, RecordKind.FRAMEWORK, modality.value, "practice"))
        for partner in Partner:
            check_key(FieldKey("AM01", RecordKind.REPLY, f"{partner}>{modality}", "text"))
    assert len(Modality) == 11


def test_every_field_has_its_word_and_every_choice_its_words():
    assert set(FIELD_LABELS) == {(key.kind, key.field) for key in ALL_KEYS}
    for kind, specs in FIELDS.items():
        assert len({spec.name for spec in specs}) == len(specs)
        for spec in specs:
            if spec.form is FieldForm.CHOICE:
                assert set(spec.codes) <= set(CHOICE_LABELS[kind, spec.name])
                assert all(len(code) <= spec.longest for code in spec.codes)


def test_a_field_that_does_not_exist_has_no_form():
    with pytest.raises(KeyError):
        field_spec(RecordKind.RATING, "status")


# --- people -----------------------------------------------------------------------------------------------


def test_a_person_edits_their_perimeter_and_the_regional_team_everything():
    nobody, some, all_of_them = Actor("A", "B"), Actor("A", "B", frozenset({"AM01"})), Actor("A", "B", None)
    assert [a.may_edit("AM01") for a in (nobody, some, all_of_them)] == [False, True, True]
    assert [a.may_edit(REGION_AREA) for a in (nobody, some, all_of_them)] == [False, False, True]


def test_a_name_is_one_visible_line():
    actor = Actor(" A.\n\u202eExemple\x00 ", "x" * 500)
    assert actor.name == "A. Exemple"
    assert len(actor.structure) == 120
    assert Actor("\u200b", "").name == ""
    assert clean_line("a \n b") == "a b"


# --- history ----------------------------------------------------------------------------------------------


def change(number: int, key: FieldKey, after: str) -> Change:
    return Change(number, number, datetime(2026, 1, 1, tzinfo=UTC), "", "", "edit", key, "", after)


def test_the_last_change_of_each_field_is_the_present_and_an_emptied_field_is_not_reported():
    told = [change(2, LEVEL, "3"), change(1, LEVEL, "4"), change(3, PILOT, "CIO"), change(4, PILOT, "")]
    assert replay(told) == {LEVEL: "3"}
    assert replay(told, until=3) == {LEVEL: "3", PILOT: "CIO"}
    assert replay(told, until=1) == {LEVEL: "4"}
    assert replay(told, until=0) == replay([]) == {}


@given(
    st.lists(st.tuples(st.sampled_from([LEVEL, PILOT, EVIDENCE]), st.sampled_from(["", "1", "2"]))),
    st.randoms(use_true_random=False),
)
def test_the_order_in_which_a_history_is_read_changes_nothing_and_each_step_touches_one_field(told, random):
    changes = [change(number, key, value) for number, (key, value) in enumerate(told, 1)]
    shuffled = random.sample(changes, len(changes))
    assert replay(shuffled) == replay(changes)
    states = [replay(changes, until=number) for number in range(len(changes) + 1)]
    for (before, after), step in zip(pairwise(states), changes, strict=True):
        differing = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
        assert differing <= {step.key}
        assert after.get(step.key, "") == step.after


def test_a_state_is_read_record_by_record_without_what_is_not_reported():
    state = {EVIDENCE: "", LEVEL: "3", RATED_ON: "2026-03-02", PILOT: "CIO"}
    assert records(state) == {
        LEVEL.record: {"level": "3", "rated_on": "2026-03-02"},
        PILOT.record: {"pilot": "CIO"},
    }
