"""The files of ``data/`` that a build reads, checked row by row before anything is computed.

They are derived tables of the project, so their form is strict: UTF-8, comma, decimal point. Still, somebody
may have corrected one in a spreadsheet: every problem of every file is listed at once, with its line.
A file that is missing or is no text at all raises :class:`DataFileError` straight away.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from enum import StrEnum
from pathlib import Path

import pandas as pd

from observatory.config import Settings
from observatory.domain.campaign import (
    QUALITY_MEASURES,
    Edition,
    QualityTopic,
    is_campaign_code,
    is_count_manifest,
    is_figure_cell,
    is_quality_item,
)
from observatory.domain.figures import FigureNote, FigureStatus, figure_status
from observatory.domain.indicators import Catalogue, Unit, load_catalogue
from observatory.domain.inventory import (
    REGION_AREA,
    Change,
    FieldKey,
    InventoryValueError,
    RecordKind,
    clean_value,
)
from observatory.domain.territory import ACADEMIE_CODES, MARSEILLE_CODE, REGION_CODE, Basin, load_basins
from observatory.errors import DataFileError, FileContractError, FileProblem
from observatory.pipeline.risk import COUNT_TOLERANCE

CONTEXT_FILE = "context.csv"
REFERENCE_FILE = "context_reference.csv"
COUNTS_FILE = "context_counts.csv"
COMMUNE_FILE = "communes.csv"
INVENTORY_FILE = "inventory.csv"
SNAPSHOTS_FILE = "snapshots.csv"
CAMPAIGNS_FILE = "campaigns.csv"
CAMPAIGN_FIGURES_FILE = "campaign_figures.csv"
CAMPAIGN_QUALITY_FILE = "campaign_quality.csv"
DEMONSTRATION_DIR = "demonstration"

_FIGURE_CELLS = ("indicator_code", "year", "value", "coverage", "note", "source_code")
CONTEXT_COLUMNS = ("basin_code", *_FIGURE_CELLS)
REFERENCE_COLUMNS = ("area_code", *_FIGURE_CELLS)
COUNT_COLUMNS = ("basin_code", "indicator_code", "year", "numerator", "denominator")
COMMUNE_COLUMNS = ("commune_code", "indicator_code", "year", "value", "source_code")
INVENTORY_COLUMNS = ("changed_on", "actor_structure", "area_code", "kind", "record_key", "field", "value")
SNAPSHOT_COLUMNS = ("name", "frozen_on")
_EDITION = ("campaign_code", "edition")
_FIGURE_STATE = ("value", "value_lower", "value_upper", "status")
CAMPAIGN_COLUMNS = (*_EDITION, "reference_on", "published_at", "manifest")
CAMPAIGN_FIGURE_COLUMNS = (
    *_EDITION, "area_code", "breakdown", "category", "measure", *_FIGURE_STATE, "is_small"
)  # fmt: skip
CAMPAIGN_QUALITY_COLUMNS = (*_EDITION, "topic", "item", "measure", *_FIGURE_STATE)
POPULATION_COLUMNS = ("commune_code", "basin_code", "population")

FIGURE_COLUMNS = (
    "area_code", "indicator_code", "year", "value", "value_lower", "value_upper", "numerator", "denominator",
    "coverage", "status", "note", "source_code",
)  # fmt: skip


class BuildProblemCode(StrEnum):
    """What can be wrong in a file of ``data/``; the comment names the ``params`` of the problem."""

    SEMICOLONS = "semicolons"
    COLUMN_MISSING = "column_missing"
    ROW_LENGTH = "row_length"  # expected, found
    NO_USABLE_ROW = "no_usable_row"
    CELL_BLANK = "cell_blank"
    DECIMAL_COMMA = "decimal_comma"  # suggestion
    NOT_A_NUMBER = "not_a_number"
    NOT_AN_INTEGER = "not_an_integer"
    NOT_A_DATE = "not_a_date"
    NEGATIVE = "negative"
    SHARE_OUTSIDE_BOUNDS = "share_outside_bounds"
    UNKNOWN_BASIN = "unknown_basin"
    UNKNOWN_AREA = "unknown_area"
    UNKNOWN_COMMUNE = "unknown_commune"
    UNKNOWN_INDICATOR = "unknown_indicator"
    UNKNOWN_SOURCE = "unknown_source"
    UNKNOWN_NOTE = "unknown_note"
    UNKNOWN_CODE = "unknown_code"  # allowed
    YEAR_NOT_IN_CATALOGUE = "year_not_in_catalogue"  # allowed
    DUPLICATE_KEY = "duplicate_key"  # first_row
    HIDDEN_WITH_VALUE = "hidden_with_value"
    COUNTS_WITHOUT_FIGURE = "counts_without_figure"
    COUNTS_DISAGREE = "counts_disagree"  # expected
    NUMERATOR_TOO_LARGE = "numerator_too_large"  # denominator
    CAMPAIGN_CODE = "campaign_code"
    CAMPAIGN_UNKNOWN = "campaign_unknown"
    CAMPAIGN_CELL = "campaign_cell"
    CAMPAIGN_MANIFEST = "campaign_manifest"
    NOT_AN_INSTANT = "not_an_instant"
    VALUE_AGAINST_STATUS = "value_against_status"
    INVENTORY_FIELD = "inventory_field"
    INVENTORY_VALUE = "inventory_value"


@dataclass(frozen=True)
class BuildInputs:
    """Everything a build starts from, checked.

    ``figures``: columns of the store's table without bounds yet; ``populations``: inhabitants by basin code;
    ``communes``: columns of its table, empty when there is no file.
    """

    catalogue: Catalogue
    basins: dict[str, Basin]
    populations: pd.Series
    figures: pd.DataFrame
    communes: pd.DataFrame
    demonstration: tuple[Change, ...]
    """Invented changes of the inventory, in the order in which they happened."""
    demonstration_snapshots: Mapping[str, datetime]
    campaigns: Mapping[str, pd.DataFrame]
    """The invented campaigns, as the three tables of the store; without any row where there is none."""


def read_inputs(settings: Settings) -> BuildInputs:
    """Read and check the files of ``settings.data_dir``, and ``communes.csv`` of ``var_dir`` if it is there.

    Raises :class:`FileContractError` with all the problems of all the files, :class:`DataFileError` for a
    file that cannot be read at all.
    """
    data_dir = settings.data_dir
    catalogue, basins = load_catalogue(data_dir), load_basins(data_dir)
    problems: list[FileProblem] = []
    populations, commune_codes = _read_populations(data_dir, basins, problems)
    figures, counts = _read_context(data_dir, basins, catalogue, problems)
    communes = _read_communes(settings.var_dir / COMMUNE_FILE, commune_codes, catalogue, problems)
    changes: tuple[Change, ...] = ()
    snapshots: dict[str, datetime] = {}
    campaigns: dict[str, list[_Cells]] = {name: [] for name in _CAMPAIGN_TABLES}
    if settings.demo:
        folder = data_dir / DEMONSTRATION_DIR
        changes = _read_inventory(folder / INVENTORY_FILE, basins, problems)
        snapshots = _read_snapshots(folder / SNAPSHOTS_FILE, problems)
        if (folder / CAMPAIGNS_FILE).exists():
            campaigns = _read_campaigns(folder, basins, problems)
    if problems:
        raise FileContractError(problems)
    return BuildInputs(
        catalogue=catalogue,
        basins=basins,
        populations=pd.Series(populations, dtype="float64"),
        figures=_figure_frame(figures, counts),
        communes=pd.DataFrame(communes, columns=list(COMMUNE_COLUMNS)),
        demonstration=changes,
        demonstration_snapshots=snapshots,
        campaigns={
            name: pd.DataFrame(rows, columns=list(_CAMPAIGN_TABLES[name])) for name, rows in campaigns.items()
        },
    )


def check_context(folder: Path, data_dir: Path) -> None:
    """Refuse the tables of the context step written in ``folder`` that a build would refuse.

    They are read beside the catalogue and the territory of ``data_dir``.
    """
    catalogue, basins = load_catalogue(data_dir), load_basins(data_dir)
    problems: list[FileProblem] = []
    _, commune_codes = _read_populations(data_dir, basins, problems)
    _read_context(folder, basins, catalogue, problems)
    _read_communes(folder / COMMUNE_FILE, commune_codes, catalogue, problems)
    if problems:
        raise FileContractError(problems, "computed_contract")


# --- one file ---------------------------------------------------------------------------------------------

_Cells = dict[str, "str | int | float | date | None"]
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")


@dataclass
class _Row:
    """One line of a file; each reading of a cell notes what is wrong with it and gives None instead."""

    file: str
    number: int
    cells: Mapping[str, str]
    problems: list[FileProblem]
    is_sound: bool = field(default=True)

    def note(self, code: BuildProblemCode, column: str, **params: str) -> None:
        self.is_sound = False
        value = self.cells[column] or None
        self.problems.append(FileProblem(self.file, self.number, column, value, code.value, params))

    def text(self, column: str) -> str:
        return self.cells[column]

    def known(self, column: str, codes: Collection[str], code: BuildProblemCode) -> str:
        """A code out of a list."""
        value = self.cells[column]
        if not value:
            self.note(BuildProblemCode.CELL_BLANK, column)
        elif value not in codes:
            self.note(code, column, allowed=", ".join(sorted(codes)) if len(codes) <= 12 else "")
        return value

    def number_or_blank(self, column: str) -> float | None:
        value = self.cells[column]
        if not value:
            return None
        if _NUMBER.fullmatch(value) and math.isfinite(number := float(value)):
            return number
        if "," in value and _NUMBER.fullmatch(value.replace(",", ".", 1)):
            self.note(BuildProblemCode.DECIMAL_COMMA, column, suggestion=value.replace(",", ".", 1))
        else:
            self.note(BuildProblemCode.NOT_A_NUMBER, column)
        return None

    def share_or_blank(self, column: str) -> float | None:
        value = self.number_or_blank(column)
        if value is not None and not 0 <= value <= 1:
            self.note(BuildProblemCode.SHARE_OUTSIDE_BOUNDS, column)
            return None
        return value

    def amount_or_blank(self, column: str) -> float | None:
        """A number that cannot be negative."""
        value = self.number_or_blank(column)
        if value is not None and value < 0:
            self.note(BuildProblemCode.NEGATIVE, column)
            return None
        return value

    def amount(self, column: str) -> float | None:
        if not self.cells[column]:
            self.note(BuildProblemCode.CELL_BLANK, column)
        return self.amount_or_blank(column)

    def whole(self, column: str) -> int | None:
        value = self.cells[column]
        if not value:
            self.note(BuildProblemCode.CELL_BLANK, column)
        elif not (value.isascii() and value.isdigit()):
            self.note(BuildProblemCode.NOT_AN_INTEGER, column)
        else:
            return int(value)
        return None

    def instant(self, column: str) -> datetime | None:
        """Noon of a day that must be there, in UTC."""
        if not self.cells[column]:
            self.note(BuildProblemCode.CELL_BLANK, column)
        day = self.day_or_blank(column)
        return None if day is None else datetime.combine(day, time(12), UTC)

    def zoned(self, column: str) -> datetime | None:
        """An instant with its time zone, which must be there."""
        try:
            instant = datetime.fromisoformat(self.cells[column])
        except ValueError:
            instant = None
        if instant is None or instant.tzinfo is None:
            self.note(BuildProblemCode.NOT_AN_INSTANT, column)
            return None
        return instant

    def day_or_blank(self, column: str) -> date | None:
        value = self.cells[column]
        if not value:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.note(BuildProblemCode.NOT_A_DATE, column)
            return None


def _read_rows(
    path: Path,
    columns: Sequence[str],
    key: Sequence[str],
    problems: list[FileProblem],
    *,
    may_be_empty: bool = False,
) -> list[_Row]:
    """Lines of a file, one by key; a broken header gives none, so that it is reported once."""
    try:
        content = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise DataFileError("file_missing", path=path.name) from error
    except (OSError, UnicodeDecodeError) as error:
        raise DataFileError("file_damaged", path=path.name) from error
    if "\0" in content:
        raise DataFileError("file_damaged", path=path.name)
    lines = csv.reader(io.StringIO(content, newline=""), strict=True)
    try:
        numbered = [(lines.line_num, [cell.strip() for cell in line]) for line in lines if any(line)]
    except csv.Error as error:
        raise DataFileError("file_damaged", path=path.name) from error

    def report(row: int | None, column: str | None, value: str | None, code: BuildProblemCode) -> None:
        problems.append(FileProblem(path.name, row, column, value, code.value))

    header = numbered[0][1] if numbered else []
    if len(header) == 1 and header[0].count(";") >= len(columns) - 1:
        report(1, None, header[0], BuildProblemCode.SEMICOLONS)
        return []
    missing = [column for column in columns if column not in header]
    for column in missing:
        report(1, column, None, BuildProblemCode.COLUMN_MISSING)
    if missing:
        return []
    if len(numbered) == 1 and not may_be_empty:
        report(None, None, None, BuildProblemCode.NO_USABLE_ROW)
    rows: list[_Row] = []
    first_rows: dict[tuple[str, ...], int] = {}
    for number, cells in numbered[1:]:
        if len(cells) != len(header):
            params = {"expected": str(len(header)), "found": str(len(cells))}
            code = BuildProblemCode.ROW_LENGTH.value
            problems.append(FileProblem(path.name, number, None, None, code, params))
            continue
        row = _Row(path.name, number, dict(zip(header, cells, strict=True)), problems)
        first = first_rows.setdefault(tuple(row.cells[name] for name in key), number)
        if first == number:
            rows.append(row)
        else:
            row.note(BuildProblemCode.DUPLICATE_KEY, key[0], first_row=str(first))
    return rows


# --- each file --------------------------------------------------------------------------------------------


def _read_context(
    folder: Path, basins: Collection[str], catalogue: Catalogue, problems: list[FileProblem]
) -> tuple[list[_Cells], dict[_CountKey, tuple[float, float]]]:
    """Figures of every area, and the counts behind them."""
    areas = frozenset({*ACADEMIE_CODES.values(), REGION_CODE})
    figures = [
        *_read_figures(folder / CONTEXT_FILE, "basin_code", frozenset(basins), catalogue, problems),
        *_read_figures(folder / REFERENCE_FILE, "area_code", areas, catalogue, problems),
    ]
    return figures, _read_counts(folder / COUNTS_FILE, areas | set(basins), figures, catalogue, problems)


def _read_populations(
    data_dir: Path, basins: Collection[str], problems: list[FileProblem]
) -> tuple[dict[str, float], frozenset[str]]:
    """Inhabitants by basin, and the communes there are."""
    path = data_dir / "territory" / "communes.csv"
    rows = _read_rows(path, POPULATION_COLUMNS, ("commune_code",), problems)
    populations = dict.fromkeys(basins, 0.0)
    for row in rows:
        basin = row.known("basin_code", basins, BuildProblemCode.UNKNOWN_BASIN)
        population = row.whole("population")
        if row.is_sound and population is not None:
            populations[basin] += population
    return populations, frozenset(row.text("commune_code") for row in rows) | {MARSEILLE_CODE}


def _indicator_and_year(row: _Row, catalogue: Catalogue) -> tuple[str, int | None]:
    code = row.known("indicator_code", catalogue.indicators, BuildProblemCode.UNKNOWN_INDICATOR)
    year = row.whole("year")
    indicator = catalogue.indicators.get(code)
    if indicator is not None and year is not None and year not in indicator.years:
        allowed = ", ".join(str(known) for known in indicator.years)
        row.note(BuildProblemCode.YEAR_NOT_IN_CATALOGUE, "year", allowed=allowed)
    return code, year


def _value(row: _Row, indicator_code: str, catalogue: Catalogue) -> float | None:
    indicator = catalogue.indicators.get(indicator_code)
    if indicator is None:
        return row.number_or_blank("value")
    read: Callable[[str], float | None] = (
        row.share_or_blank if indicator.unit is Unit.SHARE else row.amount_or_blank
    )
    return read("value")


def _read_figures(
    path: Path,
    area_column: str,
    areas: Collection[str],
    catalogue: Catalogue,
    problems: list[FileProblem],
) -> list[_Cells]:
    unknown_area = (
        BuildProblemCode.UNKNOWN_BASIN if area_column == "basin_code" else BuildProblemCode.UNKNOWN_AREA
    )
    known_notes = {note.value for note in FigureNote}
    hidden = {FigureNote.SUPPRESSED.value, FigureNote.NOT_APPLICABLE.value}
    figures: list[_Cells] = []
    for row in _read_rows(
        path, (area_column, *_FIGURE_CELLS), (area_column, "indicator_code", "year"), problems
    ):
        area = row.known(area_column, areas, unknown_area)
        code, year = _indicator_and_year(row, catalogue)
        value = _value(row, code, catalogue)
        coverage = row.share_or_blank("coverage")
        source = row.known("source_code", catalogue.sources, BuildProblemCode.UNKNOWN_SOURCE)
        note = row.text("note")
        notes = {part for part in note.split("|") if part}
        if notes - known_notes:
            row.note(BuildProblemCode.UNKNOWN_NOTE, "note")
        elif value is not None and notes & hidden:
            # What is hidden must not reach the database, where a page could read it.
            row.note(BuildProblemCode.HIDDEN_WITH_VALUE, "value")
        if row.is_sound:
            figures.append(
                {
                    "area_code": area,
                    "indicator_code": code,
                    "year": year,
                    "value": value,
                    "coverage": coverage,
                    "status": figure_status(value, coverage, note).value,
                    "note": note,
                    "source_code": source,
                }
            )
    return figures


_CountKey = tuple[str, str, int]


def _read_counts(
    path: Path,
    areas: Collection[str],
    figures: Sequence[_Cells],
    catalogue: Catalogue,
    problems: list[FileProblem],
) -> dict[_CountKey, tuple[float, float]]:
    values = {(f["area_code"], f["indicator_code"], f["year"]): f["value"] for f in figures}
    figures_are_sound = not problems
    counts: dict[_CountKey, tuple[float, float]] = {}
    for row in _read_rows(path, COUNT_COLUMNS, COUNT_COLUMNS[:3], problems, may_be_empty=True):
        area = row.known("basin_code", areas, BuildProblemCode.UNKNOWN_AREA)
        code, year = _indicator_and_year(row, catalogue)
        numerator, denominator = row.amount("numerator"), row.amount("denominator")
        if not row.is_sound or year is None or numerator is None or denominator is None:
            continue
        key = (area, code, year)
        is_share = catalogue.indicators[code].unit is Unit.SHARE
        if is_share and numerator > denominator:
            row.note(BuildProblemCode.NUMERATOR_TOO_LARGE, "numerator", denominator=row.text("denominator"))
        elif key not in values:
            # A figure that was refused is reported once, as a figure.
            if figures_are_sound:
                row.note(BuildProblemCode.COUNTS_WITHOUT_FIGURE, "basin_code")
        elif is_share and denominator > 0 and isinstance(value := values[key], float):
            share = numerator / denominator
            if abs(share - value) > COUNT_TOLERANCE:
                row.note(BuildProblemCode.COUNTS_DISAGREE, "numerator", expected=f"{value * denominator:.0f}")
        counts[key] = (numerator, denominator)
    return counts


def _read_communes(
    path: Path, communes: Collection[str], catalogue: Catalogue, problems: list[FileProblem]
) -> list[_Cells]:
    """Figures by commune, which a machine has only if somebody imported them."""
    if not path.exists():
        return []
    figures: list[_Cells] = []
    for row in _read_rows(path, COMMUNE_COLUMNS, COMMUNE_COLUMNS[:3], problems, may_be_empty=True):
        commune = row.known("commune_code", communes, BuildProblemCode.UNKNOWN_COMMUNE)
        code, year = _indicator_and_year(row, catalogue)
        value = _value(row, code, catalogue)
        source = row.known("source_code", catalogue.sources, BuildProblemCode.UNKNOWN_SOURCE)
        figures.append(dict(zip(COMMUNE_COLUMNS, (commune, code, year, value, source), strict=True)))
    return figures


def _read_inventory(path: Path, basins: Collection[str], problems: list[FileProblem]) -> tuple[Change, ...]:
    """Invented changes, oldest first; what was entered on one day in one area is one save."""
    last: dict[FieldKey, str] = {}
    batches: dict[tuple[str, str], int] = {}
    changes: list[Change] = []
    kinds = [kind.value for kind in RecordKind]
    areas = {*basins, REGION_AREA}
    for row in _read_rows(path, INVENTORY_COLUMNS, INVENTORY_COLUMNS[:6], problems, may_be_empty=True):
        area = row.known("area_code", areas, BuildProblemCode.UNKNOWN_AREA)
        kind = row.known("kind", kinds, BuildProblemCode.UNKNOWN_CODE)
        at = row.instant("changed_on")
        if not row.is_sound or at is None:
            continue
        key = FieldKey(area, RecordKind(kind), row.text("record_key"), row.text("field"))
        try:
            value = clean_value(key, row.text("value"))
        except InventoryValueError as error:
            is_key = error.code == "inventory_key"
            code = BuildProblemCode.INVENTORY_FIELD if is_key else BuildProblemCode.INVENTORY_VALUE
            row.note(code, "field" if is_key else "value")
            continue
        batch = batches.setdefault((row.text("changed_on"), area), len(batches) + 1)
        changes.append(
            Change(
                change_id=len(changes) + 1,
                batch_id=batch,
                changed_at=at,
                actor_name="",
                actor_structure=row.text("actor_structure"),
                cause="demonstration",
                key=key,
                before=last.get(key, ""),
                after=value,
                is_demonstration=True,
            )
        )
        last[key] = value
    return tuple(changes)


def _read_snapshots(path: Path, problems: list[FileProblem]) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for row in _read_rows(path, SNAPSHOT_COLUMNS, SNAPSHOT_COLUMNS[:1], problems, may_be_empty=True):
        at = row.instant("frozen_on")
        if at is not None:
            found[row.text("name")] = at
    return found


_CAMPAIGN_TABLES = {
    "campaign": (*CAMPAIGN_COLUMNS, "is_demonstration"),
    "campaign_figure": CAMPAIGN_FIGURE_COLUMNS,
    "campaign_quality": CAMPAIGN_QUALITY_COLUMNS,
}
_CAMPAIGN_STATES = tuple(
    status.value
    for status in (
        FigureStatus.VALUE,
        FigureStatus.SUPPRESSED,
        FigureStatus.MISSING,
        FigureStatus.NOT_APPLICABLE,
    )
)


def _read_campaigns(
    folder: Path, basins: Collection[str], problems: list[FileProblem]
) -> dict[str, list[_Cells]]:
    """Rows of the three tables of campaigns, all of them invented."""
    headers: list[_Cells] = []
    known: set[tuple[str, str]] = set()
    for row in _read_rows(folder / CAMPAIGNS_FILE, CAMPAIGN_COLUMNS, _EDITION, problems, may_be_empty=True):
        code, edition = row.text("campaign_code"), row.text("edition")
        known.add((code, edition))
        if not is_campaign_code(code):
            row.note(BuildProblemCode.CAMPAIGN_CODE, "campaign_code")
        row.known("edition", [edition.value for edition in Edition], BuildProblemCode.UNKNOWN_CODE)
        if not row.text("reference_on"):
            row.note(BuildProblemCode.CELL_BLANK, "reference_on")
        reference_on, published_at = row.day_or_blank("reference_on"), row.zoned("published_at")
        if not is_count_manifest(row.text("manifest")):
            row.note(BuildProblemCode.CAMPAIGN_MANIFEST, "manifest")
        headers.append(
            {
                "campaign_code": code,
                "edition": edition,
                "reference_on": reference_on,
                "published_at": published_at,
                "manifest": row.text("manifest"),
                "is_demonstration": True,
            }
        )
    areas = {*basins, *ACADEMIE_CODES.values(), REGION_CODE}
    figures: list[_Cells] = []
    path = folder / CAMPAIGN_FIGURES_FILE
    for row in _read_rows(
        path, CAMPAIGN_FIGURE_COLUMNS, CAMPAIGN_FIGURE_COLUMNS[:6], problems, may_be_empty=True
    ):
        row.known("area_code", areas, BuildProblemCode.UNKNOWN_AREA)
        if not is_figure_cell(*(row.text(name) for name in ("breakdown", "category", "measure"))):
            row.note(BuildProblemCode.CAMPAIGN_CELL, "measure")
        is_small = row.known("is_small", ("0", "1"), BuildProblemCode.UNKNOWN_CODE)
        figures.append({**_campaign_cell(row, known), "is_small": is_small == "1"})
    quality: list[_Cells] = []
    path = folder / CAMPAIGN_QUALITY_FILE
    for row in _read_rows(
        path, CAMPAIGN_QUALITY_COLUMNS, CAMPAIGN_QUALITY_COLUMNS[:5], problems, may_be_empty=True
    ):
        topic = row.known("topic", [topic.value for topic in QualityTopic], BuildProblemCode.UNKNOWN_CODE)
        if row.is_sound and not is_quality_item(QualityTopic(topic), row.text("item")):
            row.note(BuildProblemCode.CAMPAIGN_CELL, "item")
        elif row.is_sound and row.text("measure") not in QUALITY_MEASURES[QualityTopic(topic)]:
            row.note(BuildProblemCode.CAMPAIGN_CELL, "measure")
        quality.append(_campaign_cell(row, known))
    return {"campaign": headers, "campaign_figure": figures, "campaign_quality": quality}


def _campaign_cell(row: _Row, known: Collection[tuple[str, str]]) -> _Cells:
    """One row of figures or quality; nothing but a value has a number."""
    if (row.text("campaign_code"), row.text("edition")) not in known:
        row.note(BuildProblemCode.CAMPAIGN_UNKNOWN, "campaign_code")
    status = row.known("status", _CAMPAIGN_STATES, BuildProblemCode.UNKNOWN_CODE)
    numbers: _Cells = {name: row.amount_or_blank(name) for name in _FIGURE_STATE[:3]}
    is_value = status == FigureStatus.VALUE
    if row.is_sound and is_value != (numbers["value"] is not None):
        row.note(BuildProblemCode.VALUE_AGAINST_STATUS, "value")
    for bound in ("value_lower", "value_upper"):
        if row.is_sound and not is_value and numbers[bound] is not None:
            row.note(BuildProblemCode.VALUE_AGAINST_STATUS, bound)
    return {**row.cells, **numbers}


def _figure_frame(figures: Sequence[_Cells], counts: Mapping[_CountKey, tuple[float, float]]) -> pd.DataFrame:
    frame = pd.DataFrame(figures, columns=list(FIGURE_COLUMNS))
    keys = zip(frame["area_code"], frame["indicator_code"], frame["year"], strict=True)
    pairs = [counts.get(key, (math.nan, math.nan)) for key in keys]
    frame["numerator"] = [numerator for numerator, _ in pairs]
    frame["denominator"] = [denominator for _, denominator in pairs]
    numbers = ("value", "value_lower", "value_upper", "numerator", "denominator", "coverage")
    frame = frame.astype({**dict.fromkeys(numbers, "float64"), "year": "int64"})
    return frame.sort_values(["area_code", "indicator_code", "year"], ignore_index=True)
