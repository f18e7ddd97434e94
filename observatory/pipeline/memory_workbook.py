"""A workbook of texts made in memory.

The usual libraries write each sheet in the system's temporary folder first: a list of names would lie there
in clear, and stay if the program is killed. Here nothing touches a disk, and no cell can be a formula.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_FIXED_DATE = (1980, 1, 1, 0, 0, 0)
Sheet = tuple[Sequence[str], Iterable[Sequence[str]]]


def workbook_bytes(sheets: Mapping[str, Sheet]) -> bytes:
    """An XLSX of the sheets (headings, rows), the first row frozen; the same texts give the same bytes.

    >>> workbook_bytes({"Liste": (["nom"], [["=1+1"]])})[:2]
    b'PK'
    """
    parts = {"[Content_Types].xml": _content_types(len(sheets)), "_rels/.rels": _root_relations()}
    parts["xl/workbook.xml"] = _workbook(list(sheets))
    parts["xl/_rels/workbook.xml.rels"] = _workbook_relations(len(sheets))
    for number, (headings, rows) in enumerate(sheets.values(), 1):
        parts[f"xl/worksheets/sheet{number}.xml"] = _sheet([headings, *rows])
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            info = zipfile.ZipInfo(name, _FIXED_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, _HEAD + text)
    return made.getvalue()


def printable(text: str) -> str:
    """``text`` without the characters that XML, or an eye, cannot read.

    >>> printable("Zoé\\x00\\x1b")
    'Zoé'
    """
    return "".join(char for char in text if char in "\n\t\u00a0\u202f" or char.isprintable())


def _sheet(rows: Iterable[Sequence[str]]) -> str:
    lines = []
    for number, row in enumerate(rows, 1):
        cells = "".join(
            f'<c r="{_column(place)}{number}" t="inlineStr"><is><t xml:space="preserve">'
            f"{escape(printable(text))}</t></is></c>"
            for place, text in enumerate(row)
            if text
        )
        lines.append(f'<row r="{number}">{cells}</row>')
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    return (
        f'<worksheet xmlns="{_MAIN}">'
        f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
        f'<sheetFormatPr defaultColWidth="22" defaultRowHeight="15"/><sheetData>{"".join(lines)}</sheetData>'
        "</worksheet>"
    )


def _column(place: int) -> str:
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name


def _workbook(titles: Sequence[str]) -> str:
    sheets = "".join(
        f'<sheet name={quoteattr(title)} sheetId="{number}" r:id="rId{number}"/>'
        for number, title in enumerate(titles, 1)
    )
    return f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'


def _content_types(count: int) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{kind}.worksheet+xml"/>'
        for number in range(1, count + 1)
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>{sheets}</Types>'
    )


def _root_relations() -> str:
    target = f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"'
    return (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" {target}/></Relationships>'
    )


def _workbook_relations(count: int) -> str:
    sheets = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, count + 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{sheets}</Relationships>'
