"""What every workbook made here has in common: how it is printed, and rows as high as their text."""

from __future__ import annotations

import textwrap
from functools import lru_cache
from typing import Any

_A4, _A3 = 9, 8
_WIDEST_A4 = 190
"""Characters of all columns that stay readable on the width of an A4 page; wider tables go on A3."""
_LINE = 15.0
"""Points of one line of text in the default letters."""


def set_up_printing(page: Any, heading_row: int | None = None) -> None:
    """As wide as the paper, headings on each page, its number at the foot; landscape for a table."""
    page.page_setup.orientation = "portrait" if heading_row is None else "landscape"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    shown = (column.width for column in page.column_dimensions.values() if not column.hidden)
    page.page_setup.paperSize = _A4 if sum(shown) <= _WIDEST_A4 else _A3
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.page_margins.left = page.page_margins.right = 0.4
    page.page_margins.top = page.page_margins.bottom = 0.7
    page.page_margins.footer = 0.3
    page.oddFooter.left.text, page.oddFooter.right.text = "&A", "Page &P / &N"
    if heading_row is not None:
        page.print_title_rows = f"{heading_row}:{heading_row}"


def fit_rows(page: Any) -> None:
    """Height of the rows that hold a wrapped text of several lines.

    Excel finds it by itself; LibreOffice trusts the file, and draws long texts over each other without it. It
    is a height, not a fixed one: a row still grows with what is typed.
    """
    grown = _growing_row()
    for row in page.iter_rows():
        lines = max(
            (
                _line_count(cell.value, page.column_dimensions[cell.column_letter].width)
                for cell in row
                if cell.alignment.wrap_text and isinstance(cell.value, str)
            ),
            default=1,
        )
        if lines > 1:
            number = row[0].row
            page.row_dimensions[number] = grown(page, index=number, ht=_LINE * lines)


def _line_count(text: str, width: float) -> int:
    # The width is told in figures; letters are narrower than a figure by a tenth or more.
    return sum(len(textwrap.wrap(line, max(int(1.1 * width), 4))) or 1 for line in text.splitlines())


@lru_cache(maxsize=1)
def _growing_row() -> Any:
    from openpyxl.worksheet.dimensions import RowDimension

    class GrowingRow(RowDimension):  # type: ignore[misc]
        """A row whose height is known and not fixed by hand."""

        @property
        def customHeight(self) -> bool:  # noqa: N802  (name of the format)
            return False

    return GrowingRow
