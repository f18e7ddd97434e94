"""The template of a basin: what is known goes out; read back, what a person changed or why not."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from observatory.config import read_settings
from observatory.domain.cooperation import Modality, Partner
from observatory.domain.inventory import (
    FIELDS,
    Actor,
    Conflict,
    DiagnosisPart,
    Edit,
    Entry,
    FieldForm,
    FieldKey,
    FieldSpec,
    InventoryValueError,
    RecordKind,
    clean_value,
    rating_key,
)
from observatory.errors import FileContractError
from observatory.export.inventory_reading import read_template
from observatory.export.inventory_template import (
    CODED_RECORDS,
    FIRST_ROW,
    KEYS_SHEET,
    LISTS_SHEET,
    TABLES,
    basin_template,
    shown_value,
)
from observatory.french.errors import PROBLEM_SENTENCES, describe_problem, describe_problems
from observatory.store.engine import open_store
from observatory.store.inventory_entries import read_entries
from observatory.store.inventory_saves import read_conflicts, save_edits
from tests.unit.observatory_factory import CATALOGUE, make_basin

BASIN = make_basin("AM13", "Avignon")
BASINS = {"AM13": BASIN}
INDICATORS = {code: i.label for code, i in CATALOGUE.indicators.items()}
MADE_AT = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
PAYLOADS = [
    "=1+1",
    "+33 4 90",
    "-1",
    "@SOMME(A1)",
    "'=1+1",
    '=HYPERLINK("http://x")',
    "<img onerror=x>",
    "#N/A",
]
CIO_PJJ = rating_key(Partner.CIO, Partner.PJJ)


def entry(
    kind: RecordKind, record: str, field: str, value: str, change_id: int = 1, *, invented: bool = False
) -> Entry:
    key = FieldKey("AM13", kind, record, field)
    return Entry(key, value, change_id, MADE_AT, "A. Exemple", "CIO", invented)


ENTRIES = (
    entry(RecordKind.RATING, CIO_PJJ, "level", "3", 11),
    entry(RecordKind.RATING, CIO_PJJ, "rated_on", "2026-03-02", 12),
    entry(RecordKind.MODALITY, "handover", "status", "partial", -5, invented=True),
    entry(RecordKind.MODALITY, "handover", "pilot", "Mission locale", -4, invented=True),
    entry(RecordKind.RESOURCE, "r-0001", "label", "Plateforme du bassin", 13),
    entry(RecordKind.RESOURCE, "r-0001", "nature", "tool", 14),
    entry(RecordKind.RESOURCE, "r-0002", "label", "Retirée depuis", 15),
    entry(RecordKind.RESOURCE, "r-0002", "removed", "1", 16),
    entry(RecordKind.ACTION, "a-0001", "action", "Convenir d’une liste", 17),
    entry(RecordKind.ACTION, "a-0001", "due_on", "2027-01-31", 18),
    entry(RecordKind.DIAGNOSIS, DiagnosisPart.NEEDS, "text", "Se loger\nSe déplacer", 19),
)


def template(entries: tuple[Entry, ...] = ENTRIES, **given: Any) -> bytes:
    return basin_template(BASIN, entries, MADE_AT, indicators=INDICATORS, **given)


TEMPLATE, EMPTY = template(), template(())


def read(content: bytes, entries: tuple[Entry, ...] = ENTRIES) -> list[Edit]:
    return read_template(content, "avignon.xlsx", BASINS, entries, indicators=INDICATORS)


def filled(change: Callable[[Any], None], content: bytes | None = None) -> bytes:
    """The template after a person changed it."""
    book = load_workbook(io.BytesIO(content or TEMPLATE))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@cache
def opened(content: bytes) -> Any:
    """A workbook to look at."""
    return load_workbook(io.BytesIO(content))


def spot(sheet: str, record: str, field: str, content: bytes | None = None) -> str:
    """Address of the cell of a field."""
    table = next(t for t in TABLES if t.title == sheet)
    page = opened(content or TEMPLATE)[sheet]
    row = next(r for r in range(FIRST_ROW, page.max_row + 1) if page.cell(r, 1).value == record)
    column = table.first_field + [spec.name for spec in table.fields].index(field)
    return page.cell(row, column).coordinate


def written(sheet: str, record: str, field: str, value: object) -> bytes:
    """The template with one cell changed."""
    place = spot(sheet, record, field)
    return filled(lambda book: book[sheet].__setitem__(place, value))


def problems(content: bytes) -> list[tuple[str, int | None, str | None, str | None]]:
    with pytest.raises(FileContractError) as raised:
        read(content)
    for problem in raised.value.problems:
        assert problem.code in PROBLEM_SENTENCES
        assert "code" not in describe_problem(problem)
    return [(p.code, p.row, p.column, p.value) for p in raised.value.problems]


def codes(content: bytes) -> set[str]:
    return {code for code, *_ in problems(content)}


# --- what the template is -----------------------------------------------------------------------------------


def test_the_sheets_have_a_row_for_all_that_a_basin_has_and_free_ones_for_its_lists() -> None:
    book = opened(TEMPLATE)
    assert book.sheetnames == [
        "Mode d’emploi", "Liens", "Modalités", "Ressources", "Actions", "Diagnostic", KEYS_SHEET, LISTS_SHEET,
    ]  # fmt: skip
    rows = {name: book[name].max_row - FIRST_ROW + 1 for name in book.sheetnames[1:6]}
    assert rows == {"Liens": 42, "Modalités": 11, "Ressources": 21, "Actions": 21, "Diagnostic": 3}
    assert [book[name].sheet_state for name in (KEYS_SHEET, LISTS_SHEET)] == ["veryHidden"] * 2


def test_known_values_are_words_dates_and_texts() -> None:
    book = opened(TEMPLATE)
    assert book["Liens"][spot("Liens", CIO_PJJ, "level")].value == "3 – se coordonnent"
    day = book["Liens"][spot("Liens", CIO_PJJ, "rated_on")]
    assert (day.value.date(), day.number_format) == (date(2026, 3, 2), "DD/MM/YYYY")
    assert book["Diagnostic"][spot("Diagnostic", "needs", "text")].value == "Se loger\nSe déplacer"
    assert book["Liens"][spot("Liens", rating_key(Partner.PJJ, Partner.CIO), "level")].value is None


def test_only_the_cells_to_fill_are_unlocked() -> None:
    book = opened(TEMPLATE)
    for table in TABLES:
        page = book[table.title]
        assert page.protection.sheet
        assert page.column_dimensions["A"].hidden
        open_columns = {cell.column for row in page.iter_rows() for cell in row if not cell.protection.locked}
        assert open_columns == set(range(table.first_field, table.first_field + len(table.fields)))


def test_every_choice_has_its_list_in_french() -> None:
    book = opened(TEMPLATE)
    for table in TABLES:
        rules = book[table.title].data_validations.dataValidation
        chosen = [s for s in table.fields if s.form in {FieldForm.CHOICE, FieldForm.INDICATOR}]
        assert len([r for r in rules if r.type == "list"]) == len(chosen)
        assert len(rules) == len(table.fields)
    levels = [c.value for c in book[LISTS_SHEET]["A"] if c.value]
    assert levels[:2] == ["non renseigné", "0 – aucun lien"]
    assert len(levels) == 7


def test_invented_values_are_announced_and_marked_in_words() -> None:
    page = opened(TEMPLATE)["Modalités"]
    assert "Données de démonstration" in page["B2"].value
    place = spot("Modalités", "handover", "status")
    assert page[place].font.italic
    assert [c.value for c in page[page[place].row]][-1] == "inventé"
    real = tuple(e for e in ENTRIES if not e.is_demonstration)
    assert "démonstration" not in load_workbook(io.BytesIO(template(real)))["Modalités"]["B2"].value


def test_values_that_wait_for_a_choice_are_told() -> None:
    waiting = Conflict(1, MADE_AT, "B. Autre", "PJJ", ENTRIES[0].key, "4")
    page = load_workbook(io.BytesIO(template(conflicts=[waiting])))["Mode d’emploi"]
    assert any("B. Autre" in str(row[0].value) for row in page.iter_rows())


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_is_a_formula_or_an_error_and_it_comes_back_as_it_was(payload: str) -> None:
    entries = (
        entry(RecordKind.RESOURCE, "r-0001", "label", payload),
        entry(RecordKind.MODALITY, "handover", "description", payload),
    )
    content = template(entries)
    book = load_workbook(io.BytesIO(content))
    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "d", "n"}
    assert not [c for c in cells if isinstance(c.value, str) and c.value.startswith(("=", "+", "-", "@"))]
    assert read(content, entries) == []


# --- read back ------------------------------------------------------------------------------------------


def test_an_export_read_back_unchanged_gives_no_edit() -> None:
    assert read(TEMPLATE) == []
    assert read(filled(lambda book: None)) == []


TEXTS = st.text(max_size=60) | st.sampled_from(PAYLOADS)


def values_of(spec: FieldSpec) -> st.SearchStrategy[str]:
    match spec.form:
        case FieldForm.CHOICE:
            return st.sampled_from(spec.codes)
        case FieldForm.DATE:
            return st.dates(date(1950, 1, 1), date(2099, 1, 1)).map(str)
        case FieldForm.INDICATOR:
            return st.sampled_from([*INDICATORS, "gone_from_the_catalogue"])
        case FieldForm.LINK:
            return st.sampled_from(["https://exemple.fr/a?b=1", "http://exemple.fr"])
    return TEXTS


@st.composite
def inventories(draw: st.DrawFn) -> tuple[Entry, ...]:
    found: dict[FieldKey, Entry] = {}
    for _ in range(draw(st.integers(0, 12))):
        table = draw(st.sampled_from(TABLES))
        spec = draw(st.sampled_from(table.fields))
        record = draw(st.sampled_from(CODED_RECORDS.get(table.kind, ("r-0001", "0f" * 16, "nouveau-03"))))
        key = FieldKey("AM13", table.kind, record, spec.name)
        try:
            value = clean_value(key, draw(values_of(spec)))
        except InventoryValueError:
            continue
        invented = draw(st.booleans())
        found[key] = Entry(key, value, len(found) + 1, MADE_AT, "A", "B", invented)
    return tuple(found.values())


@settings(max_examples=20)
@given(inventories())
def test_any_export_read_back_unchanged_gives_no_edit(entries: tuple[Entry, ...]) -> None:
    assert read(template(entries), entries) == []


@settings(max_examples=20)
@given(inventories())
def test_whatever_a_person_fills_in_comes_back_as_it_is_kept(entries: tuple[Entry, ...]) -> None:
    wanted = {
        e.key: e.value
        for e in entries
        if e.key.kind in CODED_RECORDS
        and e.value
        and not e.value.startswith("'")
        and e.value != "non renseigné"
    }

    def fill(book: Any) -> None:
        for key, value in wanted.items():
            table = next(t for t in TABLES if t.kind is key.kind)
            spec = next(s for s in table.fields if s.name == key.field)
            cell = book[table.title][spot(table.title, key.record_key, key.field)]
            cell.value = shown_value(key.kind, spec, value, INDICATORS)
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type

    assert {e.key: e.value for e in read(filled(fill, EMPTY), ())} == wanted


@pytest.mark.parametrize(
    ("sheet", "record", "field", "typed", "value", "seen"),
    [
        ("Liens", CIO_PJJ, "level", "4 – décident ensemble", "4", 11),
        ("Liens", CIO_PJJ, "level", 0, "0", 11),
        ("Liens", CIO_PJJ, "level", 5.0, "5", 11),
        ("Liens", CIO_PJJ, "level", "Aucun lien", "0", 11),
        ("Liens", CIO_PJJ, "level", "non renseigné", "", 11),
        ("Liens", CIO_PJJ, "level", None, "", 11),
        ("Liens", CIO_PJJ, "rated_on", datetime(2026, 4, 1), "2026-04-01", 12),  # noqa: DTZ001
        ("Liens", CIO_PJJ, "rated_on", "1/4/2026", "2026-04-01", 12),
        ("Liens", CIO_PJJ, "rated_on", "2026-04-01", "2026-04-01", 12),
        ("Liens", CIO_PJJ, "rated_on", 46113, "2026-04-01", 12),
        ("Liens", CIO_PJJ, "evidence", "  Une liste  \n commune ", "Une liste\n commune", None),
        ("Liens", CIO_PJJ, "evidence", "'=1+1", "=1+1", None),
        ("Modalités", "handover", "status", "PAS FAIT", "not_done", None),
        ("Modalités", "evaluation", "frequency", 3, "3", None),
        ("Modalités", "evaluation", "facilitation", "Coanimation", "coanimation", None),
        ("Ressources", "r-0001", "removed", "oui", "1", None),
        ("Ressources", "r-0001", "label", "Plateforme", "Plateforme", 13),
        ("Actions", "a-0001", "modality", "Outils communs", "shared_tools", None),
        ("Actions", "a-0001", "indicator", next(iter(INDICATORS.values())), next(iter(INDICATORS)), None),
        ("Diagnostic", "needs", "text", None, "", 19),
    ],
)
def test_a_changed_cell_is_one_edit_that_names_the_change_it_was_made_on(
    sheet: str, record: str, field: str, typed: object, value: str, seen: int | None
) -> None:
    (edit,) = read(written(sheet, record, field, typed))
    assert (edit.key.area_code, edit.key.record_key, edit.key.field) == ("AM13", record, field)
    assert (edit.value, edit.seen) == (value, seen)


def test_an_invented_value_left_or_emptied_is_no_entry_and_a_changed_one_is_new() -> None:
    assert read(written("Modalités", "handover", "status", None)) == []
    (edit,) = read(written("Modalités", "handover", "pilot", "CIO"))
    assert (edit.key.field, edit.value, edit.seen) == ("pilot", "CIO", None)


def test_an_invented_action_is_locked_left_alone_it_changes_nothing_and_written_over_it_is_told() -> None:
    example = (
        entry(RecordKind.ACTION, "demo-01", "action", "Inventée", -3, invented=True),
        entry(RecordKind.ACTION, "demo-01", "pilot", "CIO", -2, invented=True),
    )
    content = template((*ENTRIES, *example))
    page = opened(content)["Actions"]
    places = {field: spot("Actions", "demo-01", field, content) for field in ("action", "pilot", "removed")}
    assert all(page[place].protection.locked for place in places.values())
    assert not page[spot("Actions", "a-0001", "action", content)].protection.locked
    assert read(content, (*ENTRIES, *example)) == []
    assert read(filled(lambda b: b["Actions"].__setitem__(places["pilot"], None), content)) == []
    for field, value in (("action", "La nôtre"), ("removed", "oui")):
        spoilt = filled(lambda b, p=places[field], v=value: b["Actions"].__setitem__(p, v), content)
        assert problems(spoilt) == [("template_row_invented", page[places[field]].row, "Actions", "Inventée")]


def test_a_row_added_is_a_record_with_a_key_of_its_own_and_the_same_one_each_time() -> None:
    def add(book: Any) -> None:
        for record, name in (("#01", "Permanence"), ("#02", "Annuaire")):
            book["Ressources"][spot("Ressources", record, "label")] = name
            book["Ressources"][spot("Ressources", record, "nature")] = "outil"

    content = filled(add)
    edits = read(content)
    assert [(e.key.field, e.value, e.seen) for e in edits] == [
        ("label", "Permanence", None), ("nature", "tool", None),
        ("label", "Annuaire", None), ("nature", "tool", None),
    ]  # fmt: skip
    keys = [e.key.record_key for e in edits]
    assert keys[0] == keys[1] != keys[2] == keys[3]
    assert not {"r-0001", "#01", "#02"} & set(keys)
    assert read(content) == edits
    there = tuple(Entry(e.key, e.value, 90 + i, MADE_AT, "A", "B") for i, e in enumerate(edits))
    assert read(content, (*ENTRIES, *there)) == []


def test_a_value_that_a_colleague_wrote_too_is_not_an_edit() -> None:
    content = written("Liens", CIO_PJJ, "level", 4)
    assert read(content, (entry(RecordKind.RATING, CIO_PJJ, "level", "4", 99), *ENTRIES[1:])) == []


def test_what_a_colleague_changed_since_is_kept_and_both_values_wait_for_a_choice(tmp_path: Any) -> None:
    engine = open_store(read_settings({"OBSERVATOIRE_VAR_DIR": str(tmp_path)}))
    actor, colleague = Actor("A. Exemple", "CIO", None), Actor("B. Autre", "PJJ", None)
    level = FieldKey("AM13", RecordKind.RATING, CIO_PJJ, "level")
    pilot = FieldKey("AM13", RecordKind.MODALITY, "handover", "pilot")
    first = save_edits(engine, actor, [Edit(level, "1"), Edit(pilot, "CIO")])
    content = template(read_entries(engine, include_demonstration=False))
    save_edits(engine, colleague, [Edit(level, "2", first.changes[0].change_id)])

    def change(book: Any) -> None:
        book["Liens"][spot("Liens", CIO_PJJ, "level", content)] = 5
        book["Modalités"][spot("Modalités", "handover", "pilot", content)] = "Mission locale"

    edits = read(filled(change, content), read_entries(engine, include_demonstration=False))
    save_edits(engine, actor, edits, cause="import")
    present = {e.key: e.value for e in read_entries(engine, include_demonstration=False)}
    assert {key: present[key] for key in (level, pilot)} == {level: "2", pilot: "Mission locale"}
    assert [(c.key, c.proposed) for c in read_conflicts(engine)] == [(level, "5")]
    engine.dispose()


# --- what is refused ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sheet", "record", "field", "typed", "code", "column"),
    [
        ("Liens", CIO_PJJ, "level", 6, "template_level", "Liens, Niveau"),
        ("Liens", CIO_PJJ, "level", -1, "template_level", "Liens, Niveau"),
        ("Liens", CIO_PJJ, "level", "2,5", "template_level", "Liens, Niveau"),
        ("Liens", CIO_PJJ, "level", "bien", "template_level", "Liens, Niveau"),
        ("Liens", CIO_PJJ, "level", "=2+1", "formula", "Liens, Niveau"),
        ("Liens", CIO_PJJ, "rated_on", "hier", "template_date", "Liens, Le"),
        ("Liens", CIO_PJJ, "rated_on", "31/02/2026", "template_date", "Liens, Le"),
        ("Modalités", "handover", "status", "presque", "template_choice", "Modalités, État"),
        ("Modalités", "handover", "pilot", "x" * 201, "template_length", "Modalités, Pilote"),
        ("Modalités", "handover", "description", "=A1", "formula", "Modalités, Ce qui est en place"),
        ("Modalités", "handover", "evidence_link", "a b", "template_link", "Modalités, Lien vers une preuve"),
        ("Ressources", "r-0001", "removed", "peut-être", "template_choice", "Ressources, Retirée"),
        ("Ressources", "#01", "contact", "accueil", "template_name_blank", "Ressources, Nom"),
        ("Actions", "#01", "indicator", "le bonheur", "template_choice", "Actions, Indicateur visé"),
    ],
)  # fmt: skip
def test_a_cell_that_cannot_be_read_is_told_with_its_place(
    sheet: str, record: str, field: str, typed: object, code: str, column: str
) -> None:
    place = spot(sheet, record, field)
    ((found, row, where, value),) = problems(written(sheet, record, field, typed))
    assert (found, where) == (code, column)
    assert row == int("".join(c for c in place if c.isdigit()))
    assert code == "template_name_blank" or str(typed)[:20] in (value or "")


def test_a_problem_names_its_sheet_its_row_and_its_column_in_this_order() -> None:
    with pytest.raises(FileContractError) as caught:
        read(written("Liens", CIO_PJJ, "rated_on", "hier"))
    (line,) = describe_problems(caught.value.problems)
    row = int("".join(c for c in spot("Liens", CIO_PJJ, "rated_on") if c.isdigit()))
    assert f"feuille Liens, ligne {row}, colonne Le" in line
    assert "23/11/2026" in line


def test_a_row_added_without_a_name_says_what_it_begins_with() -> None:
    with pytest.raises(FileContractError) as caught:
        read(written("Ressources", "#01", "contact", "accueil"))
    (line,) = describe_problems(caught.value.problems)
    assert "commence par «\u202faccueil\u202f» mais n’a pas de nom" in line


def test_a_workbook_with_a_program_is_refused() -> None:
    content = io.BytesIO(written("Liens", CIO_PJJ, "level", 4))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"program")
    assert codes(content.getvalue()) == {"template_program"}


def test_an_error_of_the_spreadsheet_is_told() -> None:
    def fail(book: Any) -> None:
        cell = book["Liens"][spot("Liens", CIO_PJJ, "level")]
        cell.value, cell.data_type = "#REF!", "e"

    assert codes(filled(fail)) == {"template_cell"}


def test_all_the_problems_are_told_at_once_and_nothing_passes() -> None:
    def spoil(book: Any) -> None:
        book["Liens"][spot("Liens", CIO_PJJ, "level")] = 9
        book["Liens"][spot("Liens", CIO_PJJ, "rated_on")] = "demain"
        book["Modalités"][spot("Modalités", "handover", "status")] = "oui"
        book["Actions"][spot("Actions", "a-0001", "pilot")] = "CIO"

    found = [(code, column) for code, _, column, _ in problems(filled(spoil))]
    assert found == [
        ("template_level", "Liens, Niveau"),
        ("template_date", "Liens, Le"),
        ("template_choice", "Modalités, État"),
    ]


def other_workbook() -> bytes:
    out = io.BytesIO()
    Workbook().save(out)
    return out.getvalue()


def without(part: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(TEMPLATE)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"<broken" if name == part else old.read(name))
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"bassin;niveau\r\n", "template_not_workbook"),
        (b"%PDF-1.7", "template_not_workbook"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "template_not_workbook"),
        (TEMPLATE[:9000], "template_damaged"),
        (without("xl/workbook.xml"), "template_damaged"),
        (without("xl/worksheets/sheet2.xml"), "template_damaged"),
        (other_workbook(), "template_foreign"),
        (TEMPLATE + b"\0" * 5_000_001, "template_damaged"),
    ],
)
def test_another_file_or_a_damaged_one_is_refused(content: bytes, code: str) -> None:
    assert codes(content) <= {code, "template_too_large"}


def test_a_document_that_is_no_workbook_and_a_bomb_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert codes(out.getvalue()) == {"template_not_workbook"}
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 61_000_000)
    assert codes(out.getvalue()) == {"template_too_large"}


def test_the_template_of_another_basin_or_version_is_refused() -> None:
    other = basin_template(make_basin("NI01", "Antibes"), ENTRIES, MADE_AT)
    assert codes(other) == {"template_basin"}
    assert codes(filled(lambda b: b[KEYS_SHEET].__setitem__("A1", "0"))) == {"template_version"}


@pytest.mark.parametrize(
    ("place", "value"), [("A3", "nothing"), ("D3", "x"), ("C3", "secret"), ("A2", "autre")]
)
def test_hidden_marks_that_were_touched_are_refused(place: str, value: str) -> None:
    assert codes(filled(lambda book: book[KEYS_SHEET].__setitem__(place, value))) == {"template_keys"}


def test_a_missing_sheet_a_moved_heading_and_a_cell_beside_the_table_are_told() -> None:
    def spoil(book: Any) -> None:
        del book["Diagnostic"]
        book["Liens"]["B3"], book["Liens"]["C3"] = book["Liens"]["C3"].value, book["Liens"]["B3"].value
        book["Modalités"].cell(FIRST_ROW, 40).value = "une note"

    assert {(code, column) for code, _, column, _ in problems(filled(spoil))} == {
        ("template_sheet", None),
        ("template_heading", "Liens"),
        ("template_outside", "Modalités"),
    }


def test_rows_repeated_removed_or_added_to_a_fixed_list_are_told() -> None:
    def spoil(book: Any) -> None:
        links, resources = book["Liens"], book["Ressources"]
        for column in (1, 2, 3):
            links.cell(FIRST_ROW, column).value = links.cell(FIRST_ROW + 1, column).value
        links.cell(80, 2).value = "Le rectorat"
        resources.delete_rows(FIRST_ROW)

    assert {(code, row) for code, row, *_ in problems(filled(spoil))} == {
        ("duplicate_key", FIRST_ROW + 1),
        ("template_row_unknown", 80),
        ("template_row_missing", None),
    }


def test_what_was_written_of_a_record_taken_off_its_list_since_is_told_and_not_lost_in_it() -> None:
    content = written("Ressources", "r-0001", "label", "Plateforme")
    removed = entry(RecordKind.RESOURCE, "r-0001", "removed", "1", 99)
    with pytest.raises(FileContractError) as raised:
        read(content, (*ENTRIES, removed))
    assert [(p.code, p.value) for p in raised.value.problems] == [
        ("template_row_removed", "Plateforme du bassin")
    ]
    assert read(TEMPLATE, (*ENTRIES, removed)) == []


def test_rows_put_in_another_order_are_still_themselves() -> None:
    def swap(book: Any) -> None:
        page = book["Modalités"]
        for column in range(1, page.max_column + 1):
            a, b = page.cell(FIRST_ROW, column), page.cell(FIRST_ROW + 6, column)
            a.value, b.value = b.value, a.value

    assert read(filled(swap)) == []


def test_a_label_that_no_longer_goes_with_its_record_is_told() -> None:
    assert codes(filled(lambda b: b["Modalités"].__setitem__(f"B{FIRST_ROW}", "Autre"))) == {
        "template_row_unknown",
        "template_row_missing",
    }


@settings(max_examples=60)
@given(st.integers(0, 100_000), st.binary(min_size=1, max_size=40))
def test_a_file_damaged_anywhere_never_fails_in_another_way(position: int, noise: bytes) -> None:
    content = bytearray(TEMPLATE)
    at = position % len(content)
    content[at : at + len(noise)] = noise
    with suppress(FileContractError):
        assert all(isinstance(edit, Edit) for edit in read(bytes(content), ()))


def test_the_fields_of_the_template_are_those_of_the_inventory_but_the_attachments() -> None:
    for table in TABLES:
        left_out = {spec.name for spec in FIELDS[table.kind]} - {spec.name for spec in table.fields}
        assert left_out == ({"attachments"} if table.kind is RecordKind.MODALITY else set())
    assert len(CODED_RECORDS[RecordKind.MODALITY]) == len(Modality)


def test_the_hour_of_the_template_is_that_of_france() -> None:
    made = basin_template(BASIN, ENTRIES, datetime(2026, 11, 23, 23, 30, tzinfo=UTC), indicators=INDICATORS)
    texts = [cell.value for row in load_workbook(io.BytesIO(made)).worksheets[0].iter_rows() for cell in row]
    assert "Modèle du 24 novembre 2026, à 00:30." in texts
