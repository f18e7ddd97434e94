"""The scale, its legend, the links in words and the subjects, as HTML that a screen reader walks through."""

from __future__ import annotations

from markupsafe import Markup

from observatory.domain.cooperation import CooperationLevel
from observatory.french.cooperation import (
    LEVEL_DESCRIPTIONS,
    LEVEL_LABELS,
    SCALE_SOURCE,
)
from observatory.geo import palette
from observatory.ui import html
from observatory.views.cooperation_page import (
    LinkLine,
    level_ink,
)


def matrix_key(*, invented: bool = False) -> Markup:
    """What the numbers, the question mark and the frame mean, and the dots when some are ``invented``."""
    dots = "<li>{}souligné de points : inventé</li>"
    levels = html.join(_level_line(level) for level in LEVEL_LABELS)
    return html.markup(
        '<ul class="coop-key" aria-label="Légende de la matrice">{}'
        '<li><span class="coop-chip coop-unknown">?</span>non renseigné</li>'
        '<li><span class="coop-chip coop-framed"></span>deux niveaux d’écart ou plus : à discuter</li>'
        "{}</ul>",
        levels,
        html.markup(dots, html.markup('<span class="coop-chip coop-invented"></span>')) if invented else "",
    )


def level_key(*, is_line: bool = False) -> Markup:
    """The levels, what is unknown and what asks to be discussed, beside the network: one under the other, or
    (``is_line``) one after the other.
    """
    levels = html.join(_level_line(level) for level in LEVEL_LABELS)
    return html.markup(
        '<ul class="coop-key {}" aria-label="Légende du réseau">{}'
        '<li><span class="coop-chip coop-unknown">?</span>non renseigné</li>'
        '<li><span class="coop-chip coop-different">≠</span>deux niveaux d’écart ou plus</li></ul>',
        "" if is_line else "coop-lines",
        levels,
    )


def _level_line(level: CooperationLevel) -> Markup:
    return html.markup(
        '<li><span class="coop-chip" style="background:{};color:{}">{}</span>{}</li>',
        palette.COOPERATION[level],
        level_ink(level),
        int(level),
        LEVEL_LABELS[level],
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


def subjects(sentences: tuple[str, ...]) -> Markup:
    """What to discuss, one sentence a line."""
    return html.markup(
        '<ol class="coop-subjects">{}</ol>', html.join(html.markup("<li>{}</li>", s) for s in sentences)
    )
