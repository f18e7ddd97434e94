"""What a step writes for a person to read: the report of each extract for its producer.

The only part of the pipeline, besides the command line, that speaks French.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from observatory.errors import FileProblem
from observatory.french import extracts as words
from observatory.french.errors import describe_problem
from observatory.linkage.extracts import FileOutcome, Listed, Outcome
from observatory.linkage.working_file import REPORTS_DIR, prepare_working_dir, replace_file

_ACTIVE = ("=", "+", "-", "@", "\t", "\r")


def write_extract_reports(outcome: Outcome, working_dir: Path) -> Path:
    """Two private files an extract: a page that sums up, and the rows to correct as a CSV for Excel."""
    folder = prepare_working_dir(prepare_working_dir(working_dir) / REPORTS_DIR)
    problems: dict[str, list[FileProblem]] = {}
    for problem in outcome.problems:
        problems.setdefault(problem.file, []).append(problem)
    by_file = {one.file: one for one in outcome.files}
    for file in sorted({*by_file, *(name for name in problems if "/" not in name)}):
        one = by_file.get(file)
        rows_name = f"{file}.lignes.csv"
        if one is not None and one.listed:
            with replace_file(folder / rows_name) as part:
                part.write_text(_rows(one.listed), encoding="utf-8-sig", newline="")
        with replace_file(folder / f"{file}.txt") as part:
            part.write_text(_summary(file, one, problems.get(file, []), rows_name), encoding="utf-8")
    return folder


def neutralised(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula.

    >>> neutralised("=1+1"), neutralised("Anne")
    ("'=1+1", 'Anne')
    """
    return f"'{cell}" if cell.lstrip(" \u00a0").startswith(_ACTIVE) else cell


def _rows(listed: Sequence[Listed]) -> str:
    made = io.StringIO()
    write = csv.writer(made, delimiter=";", lineterminator="\r\n").writerow
    write(words.REPORT_COLUMNS)
    for cell in sorted(listed, key=lambda cell: (cell.row, cell.column)):
        what, remedy = words.REASONS[cell.reason]
        texts = (cell.column, cell.value, words.KINDS[cell.kind], what, remedy)
        write([cell.row, *map(neutralised, texts)])
    return made.getvalue()


def _summary(file: str, one: FileOutcome | None, problems: Sequence[FileProblem], rows_name: str) -> str:
    parts = []
    if one is not None:
        parts.append(
            words.SUMMARY.format(
                file=file,
                label=one.label,
                sha256=one.sha256,
                rows_in=one.rows_in,
                rows_out=one.rows_out,
                refused_rows=one.refused_rows,
            )
        )
    if problems:
        parts += [words.SUMMARY_WHOLE, *(f"- {describe_problem(problem)}\n" for problem in problems)]
    lines = []
    for (kind, reason, name), count in sorted(one.findings.items()) if one is not None else ():
        if count:
            what = words.REPAIRS[reason] if kind == "repaired" else words.REASONS[reason][0]
            lines.append(f"- {words.KINDS[kind]}, {name or file} : {what} ({count})\n")
    if lines:
        parts += [words.SUMMARY_DETAIL, *lines]
    if one is not None and one.listed:
        parts.append(words.SUMMARY_LISTED.format(file=rows_name))
    if not problems and not lines:
        parts.append(words.SUMMARY_NOTHING)
    return "".join(parts)
