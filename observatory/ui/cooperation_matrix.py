"""The matrix, the modalities and the scale as HTML: tables that a screen reader walks through."""

from __future__ import annotations

from markupsafe import Markup

from observatory.french.cooperation import (
    LEVEL_DESCRIPTIONS,
    LEVEL_LABELS,
    SCALE_SOURCE,
)
from observatory.geo import palette
from observatory.ui import html
from observatory.views.cooperation_page import (
    BasinCooperation,
    LinkLine,
    MatrixCell,
    ModalityLine,
    level_ink,
)


def matrix(view: BasinCooperation) -> Markup:
    """The 7 x 7 table: what the line says of the column."""
    head = html.join(html.markup('<th scope="col">{}</th>', column) for column in view.columns)
    body = html.join(
        html.markup(
            '<tr><th scope="row" title="{}">{}</th>{}</tr>',
            row.full_label,
            row.label,
            html.join(_cell(cell) for cell in row.cells),
        )
        for row in view.rows
    )
    return html.markup(
        '<table class="coop-matrix"><caption class="obs-visually-hidden">{}</caption>'
        '<thead><tr><td class="coop-corner"></td>{}</tr></thead><tbody>{}</tbody></table>',
        view.alternative,
        head,
        body,
    )


def matrix_key() -> Markup:
    """What the numbers, the question mark and the frame mean, in one line."""
    levels = html.join(
        html.markup(
            '<li><span class="coop-chip" style="background:{};color:{}">{}</span>{}</li>',
            palette.COOPERATION[level],
            level_ink(level),
            int(level),
            label,
        )
        for level, label in LEVEL_LABELS.items()
    )
    return html.markup(
        '<ul class="coop-key" aria-label="Légende de la matrice">{}'
        '<li><span class="coop-chip coop-unknown">?</span>non renseigné</li>'
        '<li><span class="coop-chip coop-framed"></span>deux niveaux d’écart ou plus : à discuter</li></ul>',
        levels,
    )


def scale() -> Markup:
    """The six levels with what one can observe at each."""
    lines = html.join(
        html.markup(
            '<tr><th scope="row"><span class="coop-chip" style="background:{};color:{}">{}</span>{}</th>'
            "<td>{}</td></tr>",
            palette.COOPERATION[level],
            level_ink(level),
            int(level),
            label,
            LEVEL_DESCRIPTIONS[level],
        )
        for level, label in LEVEL_LABELS.items()
    )
    return html.markup(
        '<table class="obs-table coop-scale"><caption class="obs-visually-hidden">Échelle de 0 à 5</caption>'
        '<thead><tr><th scope="col">Niveau</th><th scope="col">Ce que l’on constate</th></tr></thead>'
        '<tbody>{}</tbody></table><p class="obs-source">{} Chaque structure dit comment elle voit son lien '
        "avec l’autre : c’est une déclaration, pas une note.</p>",
        lines,
        SCALE_SOURCE,
    )


def links(lines: tuple[LinkLine, ...]) -> Markup:
    """The text twin of the matrix: one line a directed link, with what supports it."""
    return html.table(
        ("Selon", "À propos de", "Niveau déclaré", "Ce qui l’appuie", "Saisi par"),
        [
            (
                line.said_by,
                line.about,
                html.markup('{} <span class="obs-tag">à discuter</span>', line.level)
                if line.is_gap
                else line.level,
                line.evidence,
                line.signed,
            )
            for line in lines
        ],
        caption="Les 42 liens, en toutes lettres",
    )


def sign(status: str) -> Markup:
    """The sign of a state; its word always stands beside it or in a legend."""
    return html.markup('<span class="coop-sign coop-{}" aria-hidden="true"></span>', status)


def modalities(lines: tuple[ModalityLine, ...]) -> Markup:
    """The eleven modalities: sign and word, what is in place, how often and who leads."""
    body = html.join(
        html.markup(
            '<tr><th scope="row">{}<span class="coop-detail">{}</span></th>'
            '<td class="coop-status">{}{}<span class="coop-detail">{}</span></td><td>{}</td></tr>',
            line.label,
            line.pilot,
            sign(line.status),
            line.status_label,
            line.frequency,
            line.description,
        )
        for line in lines
    )
    return html.markup(
        '<table class="coop-modalities"><caption class="obs-visually-hidden">Modalités de la convention dans '
        'le bassin</caption><thead class="obs-visually-hidden"><tr><th scope="col">Modalité et pilote</th>'
        '<th scope="col">État et fréquence</th><th scope="col">Ce qui est en place</th></tr></thead>'
        "<tbody>{}</tbody></table>",
        body,
    )


def subjects(sentences: tuple[str, ...]) -> Markup:
    """What to discuss, one sentence a line."""
    return html.markup(
        '<ol class="coop-subjects">{}</ol>', html.join(html.markup("<li>{}</li>", s) for s in sentences)
    )


def _cell(cell: MatrixCell) -> Markup:
    if cell.is_self:
        return Markup('<td class="coop-self"></td>')
    words = cell.meaning.rpartition(" : ")[2]
    if cell.is_unknown:
        return html.markup(
            '<td class="coop-unknown" title="{}">?<span class="obs-visually-hidden"> {}</span></td>',
            cell.meaning,
            words,
        )
    return html.markup(
        '<td class="{}" style="background:{};color:{}" title="{}">{}'
        '<span class="obs-visually-hidden"> {}</span></td>',
        "coop-framed" if cell.is_gap else "",
        cell.colour,
        cell.ink,
        cell.meaning,
        cell.text,
        words.partition(", ")[2],
    )
