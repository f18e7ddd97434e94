"""The methodological framework as a document: DOCX, for the team to go on writing, and PDF, to be handed out.

Both are set from the same blocks of text. What people wrote is inserted as text, never as markup.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from observatory.domain.cooperation import ModalityStatus
from observatory.domain.inventory import RecordKind, clean_line
from observatory.export.font_coverage import breakable, drawable
from observatory.export.typesetting import typeset
from observatory.french import inventory_files as words
from observatory.french.inventory import FIELD_LABELS
from observatory.french.numbers import format_date
from observatory.french.typography import bind
from observatory.views.framework import Framework, FrameworkLine

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import _Cell

_TEMPLATE = Path(__file__).with_name("framework.typ")
_SUMMARY_STATUSES = (
    ModalityStatus.DONE,
    ModalityStatus.PARTIAL,
    ModalityStatus.PLANNED,
    ModalityStatus.NOT_DONE,
    ModalityStatus.NOT_APPLICABLE,
    ModalityStatus.NOT_REPORTED,
)
_SUMMARY_WIDTHS = (4.0, 1.3, 1.7, 2.5, 1.4, 1.5, 2.5, 2.5)
_PAIR_WIDTHS = (4.6, 12.8)
_HEADER_FILL, _LABEL_FILL, _BANNER_FILL = "1F2A44", "F3F1EA", "FFF3D6"


@dataclass(frozen=True)
class _Section:
    """One modality: its title, a line under it, and two tables of (label, text)."""

    title: str
    lead: str
    evidence: tuple[tuple[str, str], ...]
    proposal: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Content:
    title: str
    place: str
    banner: str
    introduction: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sections: tuple[_Section, ...]
    source: str
    edited: str


def framework_pdf(framework: Framework, fonts_dir: Path, edited_on: date) -> bytes:
    """The framework as a PDF with real text and headings; the same framework and date give the same bytes."""
    content = _content(framework, edited_on)
    data: Any = {
        **vars(content),
        "summary": words.FRAMEWORK_SUMMARY,
        "evidence": words.FRAMEWORK_EVIDENCE,
        "proposal": words.FRAMEWORK_PROPOSAL,
        "sections": [vars(section) for section in content.sections],
    }
    noon = int(datetime(edited_on.year, edited_on.month, edited_on.day, 12, tzinfo=UTC).timestamp())
    inputs = {"framework": json.dumps(_printable(data, fonts_dir), ensure_ascii=False)}
    return typeset(_TEMPLATE, inputs, fonts_dir, "pdf", timestamp=noon)


def framework_docx(framework: Framework, edited_on: date) -> bytes:
    """The framework as a document with real headings, tables and page numbers."""
    import docx
    from docx.shared import Pt

    content = _content(framework, edited_on)
    document = docx.Document()
    _set_up(document, content, edited_on)
    document.add_heading(content.title, level=0)
    document.add_paragraph(f"{content.place}. {content.edited}.")
    if content.banner:
        _shade(
            document.add_table(1, 1, style="Table Grid").cell(0, 0), _BANNER_FILL, content.banner, bold=True
        )
    document.add_paragraph(content.introduction).paragraph_format.space_before = Pt(8)
    document.add_heading(words.FRAMEWORK_SUMMARY, level=1)
    _summary_table(document, content)
    for section in content.sections:
        document.add_heading(section.title, level=1)
        document.add_paragraph(section.lead).paragraph_format.keep_with_next = True
        for title, rows in (
            (words.FRAMEWORK_EVIDENCE, section.evidence),
            (words.FRAMEWORK_PROPOSAL, section.proposal),
        ):
            document.add_heading(title, level=2)
            _pair_table(document, rows)
    note = document.add_paragraph()
    note.paragraph_format.space_before = Pt(10)
    note.add_run(content.source).italic = True
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _printable(data: Any, fonts_dir: Path) -> Any:
    """The same data with texts that the font can draw and that hold between the margins."""
    if isinstance(data, str):
        return breakable(drawable(data, fonts_dir))
    if isinstance(data, Mapping):
        return {name: _printable(value, fonts_dir) for name, value in data.items()}
    return [_printable(value, fonts_dir) for value in data]


def _content(framework: Framework, edited_on: date) -> _Content:
    return _Content(
        title=words.FRAMEWORK_TITLE,
        place=words.FRAMEWORK_PLACE,
        banner=bind(words.FRAMEWORK_BANNER) if framework.is_demonstration else "",
        introduction=bind(words.FRAMEWORK_INTRODUCTION),
        columns=words.FRAMEWORK_COLUMNS,
        rows=tuple(
            (
                line.label,
                *(str(len(line.basins[status])) for status in _SUMMARY_STATUSES),
                line.state_text if line.practice else words.NOT_WRITTEN,
            )
            for line in framework.lines
        ),
        sections=tuple(_section(line) for line in framework.lines),
        source=bind(words.FRAMEWORK_SOURCE),
        edited=f"Édité le {format_date(edited_on)}",
    )


def _section(line: FrameworkLine) -> _Section:
    def label(field: str) -> str:
        return FIELD_LABELS[RecordKind.FRAMEWORK, field]

    lead = line.count_text
    updated = f" Écrit ou revu le {format_date(line.updated_on)}." if line.updated_on else ""
    return _Section(
        line.label,
        f"{lead[:1].upper()}{lead[1:]}.{updated}",
        tuple(
            (_capital(name), _plain(text))
            for name, text in (
                *line.status_rows(),
                *((shared.label, shared.sentence) for shared in line.shared),
            )
        ),
        (
            (label("shared_points"), _plain(line.shared_points) or words.NOT_WRITTEN),
            (label("practice"), _plain(line.practice) or words.NOT_WRITTEN),
            (label("adopters"), _plain(line.adopters) or words.NOT_WRITTEN),
            (label("due_on"), line.due_text),
            (label("state"), line.state_text),
        )
        if line.is_written
        else ((label("practice"), words.NOT_WRITTEN),),
    )


def _plain(text: str) -> str:
    """A text of several lines without what a document may not hold or what would turn it round."""
    return "\n".join(clean_line(line) for line in text.splitlines()).strip()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _set_up(document: Document, content: _Content, edited_on: date) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    properties = document.core_properties
    properties.title, properties.author, properties.language = (
        content.title,
        "Observatoire des ruptures",
        "fr-FR",
    )
    properties.comments = ""
    # The format has no time zone: noon of the day, the same bytes wherever the document is made.
    noon = datetime(edited_on.year, edited_on.month, edited_on.day, 12)  # noqa: DTZ001
    properties.created = properties.modified = noon
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(1.8)
    page.top_margin = page.bottom_margin = Cm(1.8)
    normal: Any = document.styles["Normal"]
    normal.font.size = Pt(10)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "fr-FR")
    normal.element.get_or_add_rPr().append(language)
    footer = page.footer.paragraphs[0]
    footer.add_run(f"{content.title}. {content.edited}. Page ")
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = footer.add_run()
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)


def _summary_table(document: Document, content: _Content) -> None:
    from docx.shared import Cm, Pt

    table = document.add_table(1 + len(content.rows), len(content.columns), style="Table Grid")
    table.autofit = False
    for column, heading in enumerate(content.columns):
        _shade(table.cell(0, column), _HEADER_FILL, heading, bold=True, colour="FFFFFF")
    _repeat_header(table.rows[0])
    for row, texts in enumerate(content.rows, start=1):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    for row in range(len(content.rows) + 1):
        for column, width in enumerate(_SUMMARY_WIDTHS):
            table.cell(row, column).width = Cm(width)
    for run in (run for row in table.rows for cell in row.cells for run in cell.paragraphs[0].runs):
        run.font.size = Pt(9)
    _lay_out(table, _SUMMARY_WIDTHS)


def _pair_table(document: Document, rows: tuple[tuple[str, str], ...]) -> None:
    from docx.shared import Cm

    table = document.add_table(len(rows), 2, style="Table Grid")
    table.autofit = False
    for row, (name, text) in enumerate(rows):
        _shade(table.cell(row, 0), _LABEL_FILL, name, bold=True)
        table.cell(row, 1).text = text
        table.cell(row, 0).width, table.cell(row, 1).width = (Cm(width) for width in _PAIR_WIDTHS)
    _lay_out(table, _PAIR_WIDTHS)
    # The first lines follow their heading on its page.
    for row in table.rows[:2]:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def _lay_out(table: Any, widths: tuple[float, ...]) -> None:
    """Widths of the columns too, which LibreOffice reads rather than those of the cells; no row is split."""
    from docx.oxml import OxmlElement
    from docx.shared import Cm

    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _shade(cell: _Cell, fill: str, text: str, *, bold: bool = False, colour: str = "") -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    run = cell.paragraphs[0].add_run(text)
    run.bold = bold
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour)
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", fill)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _repeat_header(row: Any) -> None:
    """Say that a row is the header of its table: repeated on each page, read first by a screen reader."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    header = OxmlElement("w:tblHeader")
    header.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(header)
