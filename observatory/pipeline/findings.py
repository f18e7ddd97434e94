"""What is found wrong in the files of one import: every problem, and the repairs that a person accepted.

Nothing is raised until all the files have been read, so that a person gets the whole list at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from observatory.errors import FileContractError, FileProblem


class ProblemCode(StrEnum):
    """What can be wrong in a producer's file; the comment names the ``params`` of the problem."""

    DIRECTORY_MISSING = "directory_missing"
    FILE_MISSING = "file_missing"  # expected, dataset, address
    FILE_AMBIGUOUS = "file_ambiguous"  # expected, other
    FILE_EMPTY = "file_empty"
    FILE_UNREADABLE = "file_unreadable"
    FILE_TRUNCATED = "file_truncated"
    OLD_EXCEL_FORMAT = "old_excel_format"
    QUOTE_MISPLACED = "quote_misplaced"
    WRONG_FILE = "wrong_file"  # expected, recognised (name of the file that it looks like, or empty)
    COLUMN_MISSING = "column_missing"
    COLUMN_TWICE = "column_twice"
    ROW_LENGTH = "row_length"  # expected, found
    NO_USABLE_ROW = "no_usable_row"
    YEAR_MISSING = "year_missing"  # value holds the year
    DEPARTEMENT_MISSING = "departement_missing"  # value holds the département
    FORMULA = "formula"
    CELL_BLANK = "cell_blank"
    INSEE_LEADING_ZERO = "insee_leading_zero"  # suggestion
    BAD_INSEE_CODE = "bad_insee_code"
    UNKNOWN_COMMUNE = "unknown_commune"
    UAI_LEADING_ZERO = "uai_leading_zero"  # suggestion
    BAD_UAI = "bad_uai"
    BAD_YEAR = "bad_year"
    NOT_A_NUMBER = "not_a_number"
    NOT_AN_INTEGER = "not_an_integer"
    OUT_OF_RANGE = "out_of_range"  # minimum, maximum ("∞" when there is none)
    SHARE_NOT_PERCENT = "share_not_percent"
    TOTALS_ROW = "totals_row"
    DUPLICATE_ROW = "duplicate_row"  # first_row
    CONFLICTING_ROWS = "conflicting_rows"  # first_row
    PART_TOO_LARGE = "part_too_large"  # whole, whole_column
    TOTAL_MISMATCH = "total_mismatch"  # expected
    UNLOCATED_SCHOOL = "unlocated_school"  # commune


ACCEPTABLE = frozenset(
    {
        ProblemCode.INSEE_LEADING_ZERO,  # the zero is put back
        ProblemCode.UAI_LEADING_ZERO,  # the zero is put back
        ProblemCode.TOTALS_ROW,  # the row is left out
        ProblemCode.DUPLICATE_ROW,  # the second row is left out
        ProblemCode.UNKNOWN_COMMUNE,  # the row is left out
        ProblemCode.UNLOCATED_SCHOOL,  # the school is left out
        ProblemCode.DEPARTEMENT_MISSING,  # the figures of the département stay blank
    }
)
"""Warnings that a person may accept by name; what is then done stands beside each."""


@dataclass(frozen=True)
class Repair:
    """What an accepted warning led to, counted."""

    file: str
    code: str
    count: int


@dataclass(frozen=True)
class StepNote:
    """What a person must know after a step that succeeded; the sentence is in ``french.commands``."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)


def repair_notes(repairs: Iterable[Repair]) -> tuple[StepNote, ...]:
    """One note for each kind of repair in each file.

    >>> repair_notes([Repair("lycees.csv", "totals_row", 2)])[0].params["count"]
    '2'
    """
    return tuple(StepNote(f"repaired_{r.code}", {"file": r.file, "count": str(r.count)}) for r in repairs)


@dataclass
class Findings:
    """Problems and repairs of one import, gathered until the end."""

    accepted: frozenset[str] = frozenset()
    problems: list[FileProblem] = field(default_factory=list)
    repaired: Counter[tuple[str, str]] = field(default_factory=Counter)

    def report(
        self,
        file: str,
        code: ProblemCode,
        row: int | None = None,
        column: str | None = None,
        value: str | None = None,
        **params: str,
    ) -> bool:
        """Note a problem; True when the person accepted it, so that the caller repairs it."""
        if code in ACCEPTABLE and code in self.accepted:
            self.repaired[file, code.value] += 1
            return True
        self.problems.append(FileProblem(file, row, column, value, code.value, params))
        return False

    def raise_if_any(self) -> None:
        """Raise all the problems at once, in the order of files and rows."""
        if self.problems:
            self.problems.sort(key=lambda p: (p.file, p.row or 0, p.column or "", p.code))
            raise FileContractError(self.problems)

    def repairs(self) -> tuple[Repair, ...]:
        return tuple(Repair(file, code, count) for (file, code), count in sorted(self.repaired.items()))


def check_accepted(codes: Collection[str]) -> frozenset[str]:
    """The accepted codes; ``ValueError`` names one that cannot be accepted."""
    for code in codes:
        if code not in ACCEPTABLE:
            raise ValueError(code)
    return frozenset(codes)
