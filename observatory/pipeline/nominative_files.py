"""The nominative files that a person reads or fills: pairs to review, the list of a basin. In French.

Pairs stay in the working directory, 0600; a list is made in memory and leaves only encrypted.
"""

from __future__ import annotations

import csv
import io
import sys
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from observatory.errors import FileContractError, FileProblem, UserFacingError
from observatory.french import contact_list as list_words
from observatory.french import review as words
from observatory.french.numbers import format_number, format_share
from observatory.french.records import FIELDS, SOURCES, cell_text
from observatory.linkage.contact_list import KnownRecord, PersonToContact
from observatory.linkage.decisions import Decision, Verdict
from observatory.linkage.review import REVIEW_DIR, CalibrationBand, Record, ReviewPair, ReviewQueue
from observatory.linkage.working_file import prepare_working_dir, replace_file
from observatory.pipeline.memory_workbook import workbook_bytes
from observatory.pipeline.report import neutralised

IDENTITY = (
    "ine", "nom", "nom_usage", "prenom", "prenom2", "prenom3", "sexe", "date_naissance",
    "commune_naissance", "commune_residence",
)  # fmt: skip
LARGEST_FILE = 20_000_000


def review_path(working_dir: Path, asked: Path) -> Path:
    """Where an export is written: in the folder of the review, nowhere else."""
    folder = working_dir / REVIEW_DIR
    path = folder / asked if asked.parent == Path() else asked
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise UserFacingError("review_format", path=str(asked))
    if path.parent.resolve() != folder.resolve():
        raise UserFacingError("review_outside", path=str(asked), folder=str(folder))
    return path


def write_review_file(queue: ReviewQueue, path: Path, communes: Mapping[str, str]) -> int:
    """The pairs that nobody has decided, one a row, with an empty column to fill; their number."""
    prepare_working_dir(prepare_working_dir(path.parent.parent) / REVIEW_DIR)
    headings = [
        words.CODE_HEADING,
        words.VERDICT_HEADING,
        *(words.HEADINGS[name] for name in ("usefulness", "source", "weight", "reason", "parts")),
        *(
            words.HEADINGS[side].format(field=FIELDS[name])
            for name in IDENTITY
            for side in ("record", "pupil")
        ),
        words.HEADINGS["facts"],
        words.HEADINGS["pupil_facts"],
    ]
    rows = [_review_row(one, communes) for one in queue.pairs]
    with replace_file(path) as part:
        part.write_bytes(table_bytes(headings, rows, path.suffix.lower()))
    return len(rows)


def _review_row(one: ReviewPair, communes: Mapping[str, str]) -> list[str]:
    return [
        one.code,
        "",
        words.USEFULNESS[one.usefulness],
        SOURCES[one.pair.source],
        "" if one.weight is None else format_number(one.weight, 1),
        words.REASONS.get(one.reason, one.reason),
        " ; ".join(words.part_text(part.comparison, part.level, part.weight) for part in one.parts),
        *(
            cell_text(name, record.get(name), communes)
            for name in IDENTITY
            for record in (one.record, one.pupil)
        ),
        facts_text(one.record, communes),
        facts_text(one.pupil, communes),
    ]


def facts_text(record: Record, communes: Mapping[str, str]) -> str:
    """What a record says besides who it is about."""
    said = [
        (name, cell_text(name, value, communes))
        for name, value in record.items()
        if name not in IDENTITY and name != "record_id"
    ]
    return " ; ".join(f"{FIELDS[name]} : {text}" for name, text in said if text)


def table_bytes(headings: Sequence[str], rows: Iterable[Sequence[str]], suffix: str) -> bytes:
    """A table as CSV for Excel or as XLSX; no cell is ever taken for a formula."""
    if suffix == ".csv":
        made = io.StringIO()
        write = csv.writer(made, delimiter=";", lineterminator="\r\n").writerow
        write(headings)
        for row in rows:
            write([neutralised(cell) for cell in row])
        return made.getvalue().encode("utf-8-sig")
    return workbook_bytes({"Liste": (headings, rows)})


def read_review_file(path: Path, queue: ReviewQueue) -> list[Decision]:
    """The decisions of a filled file, or every problem of it; no value of a cell is in a problem."""
    rows = _read_rows(path)
    if not rows:
        raise UserFacingError("review_unreadable", path=str(path))
    headings = [heading.strip().lower() for heading in rows[0]]
    problems = [
        FileProblem(path.name, 1, heading, None, "review_heading", {"heading": heading})
        for heading in (words.CODE_HEADING, words.VERDICT_HEADING)
        if heading not in headings
    ]
    if problems:
        raise FileContractError(problems)
    code_at, verdict_at = headings.index(words.CODE_HEADING), headings.index(words.VERDICT_HEADING)
    pairs = {one.code: one for one in queue.pairs}
    seen: dict[str, int] = {}
    decisions = []
    for number, row in enumerate(rows[1:], 2):
        code = row[code_at].strip() if code_at < len(row) else ""
        said = row[verdict_at].strip() if verdict_at < len(row) else ""
        if not said:
            continue
        verdict = words.verdict_code(said)
        params: dict[str, str] = {}
        if verdict is None:
            found, column = "review_verdict", words.VERDICT_HEADING
        elif code in seen:
            found, column, params = "review_pair_twice", words.CODE_HEADING, {"first_row": str(seen[code])}
        elif code not in pairs:
            found, column = "review_pair_unknown", words.CODE_HEADING
        else:
            seen[code] = number
            decisions.append(pairs[code].decided(Verdict(verdict)))
            continue
        problems.append(FileProblem(path.name, number, column, None, found, params))
    if problems:
        raise FileContractError(problems)
    if not decisions:
        raise UserFacingError("review_no_decision", path=str(path))
    return decisions


def _read_rows(path: Path) -> list[list[str]]:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise UserFacingError("review_unreadable", path=str(path))
        content = path.read_bytes()
        if path.suffix.lower() == ".xlsx":
            return _workbook_rows(content)
        text = _decoded(content)
        delimiter = ";" if text.split("\n", 1)[0].count(";") else ","
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except (OSError, csv.Error, UnicodeDecodeError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise UserFacingError("review_unreadable", path=str(path)) from error


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")  # Excel's own CSV


def _workbook_rows(content: bytes) -> list[list[str]]:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content), read_only=True)
    try:
        sheet = book.worksheets[0]
        return [
            ["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)
        ]
    finally:
        book.close()


def day_or_blank(day: date | None) -> str:
    """A day for a spreadsheet.

    >>> day_or_blank(date(2026, 9, 1)), day_or_blank(None)
    ('01/09/2026', '')
    """
    return f"{day:%d/%m/%Y}" if day else ""


def band_params(band: CalibrationBand) -> dict[str, str]:
    """A band that has answers, for the sentence that tells it."""
    assert band.lower is not None
    assert band.upper is not None
    assert band.announced is not None
    return {
        "band": words.BANDS[band.band],
        "same": str(band.same),
        "told": str(band.same + band.different),
        "interval": f"{format_share(band.lower)} – {format_share(band.upper)}",
        "announced": format_share(band.announced, 1),
    }


def announce_screen(url: str, code: str) -> None:
    """Where the screen is and its access code, on the terminal of who started it."""
    sys.stdout.write(words.NOTES["review_screen_address"].format(url=url, code=code) + "\n")
    sys.stdout.flush()


def contact_list_bytes(
    persons: Sequence[PersonToContact],
    identifiers: Sequence[str],
    facts: Mapping[str, str],
    communes: Mapping[str, str],
    suffix: str,
) -> bytes:
    """The list of a basin, in memory; ``facts`` fills the sheet that says what it is (XLSX only)."""
    headings = [*list_words.HEADINGS, *(SOURCES[source] for source in SOURCES)]
    rows = [
        _contact_row(person, identifier, communes)
        for person, identifier in zip(persons, identifiers, strict=True)
    ]
    if suffix == ".csv":
        return table_bytes(headings, rows, suffix)
    read = [(what, text.format(**facts)) for what, text in list_words.READ_ROWS]
    return workbook_bytes(
        {list_words.LIST_SHEET: (headings, rows), list_words.READ_SHEET: (list_words.READ_HEADINGS, read)}
    )


_SCHOOLS = ("current_uai", "uai", "cfa_uai", "affected_uai", "origin_uai")


def _contact_row(person: PersonToContact, identifier: str, communes: Mapping[str, str]) -> list[str]:
    sure = [record for record in person.records if not record.is_doubtful]
    doubtful = sorted({SOURCES[record.source] for record in person.records if record.is_doubtful})

    def first(*names: str, of: Sequence[KnownRecord] = sure) -> str:
        values = (
            cell_text(name, record.cells.get(name), communes)
            for record in of
            for name in names
            if record.cells.get(name)
        )
        return next(values, "")

    structures = {
        cell_text("structure", record.cells["structure"]) for record in sure if record.cells.get("structure")
    }
    said = {
        source: " | ".join(
            _record_text(record, communes) for record in person.records if record.source == source
        )
        for source in SOURCES
    }
    return [
        identifier,
        list_words.REASONS[person.reason],
        first("nom"),
        first("nom_usage"),
        first("prenom"),
        first("sexe"),
        first("date_naissance"),
        str(person.age),
        first("commune_residence"),
        day_or_blank(person.left_on),
        first(*_SCHOOLS),
        ", ".join(sorted(structures)),
        list_words.DOUBTFUL.format(sources=", ".join(doubtful)) if doubtful else "",
        *said.values(),
    ]


def _record_text(record: KnownRecord, communes: Mapping[str, str]) -> str:
    text = facts_text(record.cells, communes) or "connu"
    return f"(à confirmer) {text}" if record.is_doubtful else text
