"""The rug of Comparer: one line per indicator, one column per territory, a sign and words in every cell."""

from __future__ import annotations

from markupsafe import Markup

from observatory.domain.figures import FigureStatus
from observatory.domain.risk import Comparison
from observatory.french import comparing, numbers, texts
from observatory.ui.html import join, markup
from observatory.ui.signs import state_sign
from observatory.views.comparer import Comparer, RugCell, RugRow

_SIGNS = (
    FigureStatus.SUPPRESSED,
    FigureStatus.MISSING,
    FigureStatus.NOT_APPLICABLE,
    FigureStatus.UNRESOLVED,
    FigureStatus.INSUFFICIENT_COVERAGE,
)


def rug(view: Comparer, *, projection: bool = False) -> Markup:
    """The table; the line of the chosen indicator is marked, in words too."""
    kept = _kept(view, projection)
    head = join(
        markup('<th scope="col" class="cmp-{}">{}</th>', view.columns[i].kind, view.columns[i].label)
        for i in kept
    )
    body = join(_row(row, view, kept, projection) for row in view.rows)
    return markup(
        '<div class="cmp-scroll" tabindex="0" role="region" aria-label="Tableau de comparaison">'
        '<table class="cmp-rug {}"><caption class="obs-visually-hidden">{}</caption>'
        '<thead><tr><th scope="col">Indicateur</th>{}</tr></thead><tbody>{}</tbody></table></div>',
        "cmp-far" if projection else "",
        "Dernière année de chaque indicateur, par territoire, comparée à la région",
        head,
        body,
    )


def legend() -> Markup:
    """What the signs mean: three comparisons, then the states of a cell without a value."""
    comparisons = join(
        markup(
            '<span class="cmp-key"><span class="cmp-mark cmp-{}">{}</span> {}</span>',
            comparison.value,
            sign,
            words,
        )
        for comparison, (sign, words) in comparing.VERDICTS.items()
        if comparison is not Comparison.NEUTRAL
    )
    states = join(
        markup(
            '<span class="cmp-key">{} {}</span>',
            state_sign(status),
            texts.STATUS_LABELS[status],
        )
        for status in _SIGNS
    )
    return markup(
        '<div class="cmp-legend">{}<span class="cmp-key">sans signe : pas d’intervalle à 95{}%, donc pas de '
        "comparaison</span>{}</div>",
        comparisons,
        numbers.NNBSP,
        states,
    )


def far_legend(view: Comparer) -> Markup:
    """The signs of the projected rug, only the states that are on it, and whose value is not its own."""
    kept = _kept(view, projection=True)
    seen = {row.cells[i].status for row in view.rows for i in kept}
    states = join(
        markup(
            '<span class="cmp-key">{} {}</span>',
            state_sign(status),
            texts.STATUS_LABELS[status],
        )
        for status in _SIGNS
        if status in seen
    )
    said = join(markup("<span>{}</span>", text) for text in (view.notice, view.note) if text)
    return markup(
        '<div class="cmp-legend"><span class="cmp-key">▲ plus exposé que la région</span>'
        '<span class="cmp-key">▼ moins exposé</span><span class="cmp-key">= comparable</span>'
        '<span class="cmp-key">sans signe : pas de comparaison</span>{}{}</div>',
        states,
        said,
    )


def _kept(view: Comparer, projection: bool) -> list[int]:
    return [
        i
        for i, column in enumerate(view.columns)
        if not projection or column.kind != "academie" or not _is_wide(view)
    ]


def _is_wide(view: Comparer) -> bool:
    """Whether figures large enough for a room leave no place for the académies."""
    return len(view.columns) > 5


def _row(row: RugRow, view: Comparer, kept: list[int], projection: bool) -> Markup:
    is_current = row.indicator_code == view.indicator_code
    label = row.short_label if projection else row.label
    year = (
        markup(' <span class="cmp-year">{}</span>', row.period)
        if row.period and not projection
        else Markup("")
    )
    current = (
        Markup('<span class="obs-visually-hidden"> (affiché plus bas)</span>') if is_current else Markup("")
    )
    return markup(
        '<tr class="{}"><th scope="row">{}{}{}</th>{}</tr>',
        "cmp-current" if is_current and not projection else "",
        label,
        year,
        current,
        join(_cell(row.cells[i], view.columns[i].kind) for i in kept),
    )


def _cell(cell: RugCell, kind: str) -> Markup:
    if cell.status is not FigureStatus.VALUE:
        return markup(
            '<td class="cmp-{}" title="{}">{}{}<span class="obs-visually-hidden"> {}</span></td>',
            kind,
            cell.words,
            state_sign(cell.status),
            markup(" {}", cell.text) if cell.text else "",
            texts.STATUS_LABELS[cell.status],
        )
    mark = Markup("")
    if cell.sign:
        mark = markup(
            ' <span class="cmp-mark" aria-hidden="true">{}</span>'
            '<span class="obs-visually-hidden"> {}</span>',
            cell.sign,
            cell.verdict,
        )
    return markup(
        '<td class="cmp-{} cmp-{}" title="{}">{}{}</td>',
        kind,
        cell.comparison.value,
        cell.words,
        cell.text,
        mark,
    )
