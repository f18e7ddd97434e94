"""Tables of the region as HTML: modality by basin (a sign a cell), pair by basin (two numbers a cell)."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from observatory.domain.cooperation import CooperationLevel
from observatory.french import region as words
from observatory.french.cooperation import LEVEL_LABELS, STATUS_DESCRIPTIONS
from observatory.geo import palette
from observatory.ui import html
from observatory.ui.cooperation_matrix import sign
from observatory.views.region_columns import AcademieGroup, BasinColumn
from observatory.views.region_links import LevelMark, LinkCell, MedianKnown, PairAcross, RegionLinks
from observatory.views.region_modalities import RegionModalities, StatusCount


def modality_table(view: RegionModalities, selected: str = "", *, with_counts: bool = True) -> Markup:
    """Eleven lines: the basins in each state, then one sign a basin; a click opens the basin."""
    shown_counts = view.counts if with_counts else ()
    counts = html.join(
        html.markup(
            '<th scope="col" rowspan="2" class="reg-count" title="Bassins : {}">{}'
            '<span class="obs-visually-hidden">Bassins : {}</span></th>',
            count.label,
            sign(count.status),
            count.label,
        )
        for count in shown_counts
    )
    body = html.join(
        html.markup(
            '<tr><th scope="row">{}</th>{}{}</tr>',
            row.label,
            html.join(
                html.markup('<td class="reg-count {}">{}</td>', "reg-none" * (not c.count), c.count)
                for c in row.counts[: len(shown_counts)]
            ),
            html.join(
                html.markup(
                    '<td class="{}"><a href="?bassin={}&section=modalites" target="_self" '
                    'tabindex="-1" title="{}" aria-label="{}">{}</a></td>',
                    _classes(column, selected),
                    column.code,
                    cell.meaning,
                    cell.meaning,
                    sign(cell.status),
                )
                for column, cell in zip(view.columns, row.cells, strict=True)
            ),
        )
        for row in view.rows
    )
    known = html.join(
        html.markup('<td class="{}">{}</td>', _classes(column, selected), text)
        for column, text in zip(view.columns, view.known, strict=True)
    )
    return html.markup(
        '<p class="reg-more">{}</p><div class="reg-scroll" tabindex="0" role="region" '
        'aria-label="Modalités par bassin">'
        '<table class="reg-table reg-modalities"><caption class="obs-visually-hidden">État des onze '
        "modalités dans chaque bassin, et nombre de bassins dans chaque état</caption>"
        '<thead><tr><td rowspan="2"></td>'
        "{}{}</tr><tr>{}</tr></thead><tbody>{}</tbody>"
        '<tfoot><tr><th scope="row">Liens renseignés, en %</th>{}{}</tr></tfoot>'
        "</table></div>",
        words.MORE_RIGHT,
        counts,
        _academies(view.academies),
        _basins(view.columns, selected),
        body,
        html.markup('<td colspan="{}"></td>', len(shown_counts)) if shown_counts else Markup(""),
        known,
    )


def status_key(counts: Iterable[StatusCount]) -> Markup:
    """Sign, word, meaning and number of cells of each state."""
    meanings = {state.value: text for state, text in STATUS_DESCRIPTIONS.items()}
    return html.markup(
        '<ul class="coop-key coop-states" aria-label="Légende des états">{}</ul>',
        html.join(
            html.markup(
                '<li title="{}">{}<strong>{}</strong>&nbsp;({})</li>',
                meanings[count.status],
                sign(count.status),
                count.label,
                count.count,
            )
            for count in counts
        ),
    )


def link_table(
    view: RegionLinks, selected: str = "", *, rows: slice = slice(None), with_medians: bool = True
) -> Markup:
    """The pairs of structures: both levels in each basin, and the medians over what is known."""
    body = html.join(_pair(row, view.columns, selected, with_medians) for row in view.rows[rows])
    head, foot = Markup(""), Markup("")
    if with_medians:
        head = Markup(
            '<th scope="col" rowspan="2" class="reg-median">Médiane<br>'
            '<span class="reg-known">réponses connues</span></th>'
        )
        foot = _medians(view, selected)
    return html.markup(
        '<p class="reg-more">{}</p><div class="reg-scroll" tabindex="0" role="region" '
        'aria-label="Liens par bassin">'
        '<table class="reg-table reg-links"><caption class="obs-visually-hidden">Les 21 paires de structures '
        "dans chaque bassin : ce que la première dit de la seconde, puis l’inverse, de 0 à 5</caption>"
        '<thead><tr><td rowspan="2"></td>{}{}</tr><tr>{}</tr></thead><tbody>{}</tbody>{}</table></div>',
        words.MORE_RIGHT,
        head,
        _academies(view.academies),
        _basins(view.columns, selected),
        body,
        foot,
    )


def link_key() -> Markup:
    """What the numbers, the question mark, the frame and the dash mean."""
    levels = html.join(
        html.markup(
            '<li><span class="coop-chip reg-l{}">{}</span>{}</li>',
            int(level),
            int(level),
            LEVEL_LABELS[level],
        )
        for level in CooperationLevel
    )
    return html.markup(
        '<ul class="coop-key" aria-label="Légende des liens">{}'
        '<li><span class="coop-chip coop-unknown">?</span>non renseigné</li>'
        '<li><span class="coop-chip coop-framed"></span>deux niveaux d’écart ou plus : à discuter</li></ul>'
        '<p class="obs-source">{} {}</p>',
        levels,
        words.PAIR_RULE,
        words.MEDIAN_RULE,
    )


def gap_list(view: RegionLinks) -> Markup:
    """The pairs that two structures see differently, basin by basin, in words."""
    if not view.gaps:
        return Markup('<p class="obs-small">Aucun lien connu des deux côtés n’est vu différemment.</p>')
    return html.markup(
        '<dl class="reg-gaps">{}</dl>',
        html.join(
            html.markup(
                "<dt>{}</dt>{}",
                gap.basin_label,
                html.join(html.markup("<dd>{}.</dd>", sentence) for sentence in gap.sentences),
            )
            for gap in view.gaps
        ),
    )


def level_style() -> str:
    """Colours of the levels, as rules: said once instead of in each of a thousand cells."""
    rules = []
    for level in CooperationLevel:
        colour = palette.COOPERATION[level]
        ink = palette.text_on(colour)
        if palette.contrast_ratio(colour, ink) < 4.5:
            ink = "#000000"
        rules.append(f".reg-l{int(level)} {{ background: {colour}; color: {ink}; }}")
    return "\n".join(rules)


def _pair(row: PairAcross, columns: tuple[BasinColumn, ...], selected: str, with_median: bool) -> Markup:
    return html.markup(
        '<tr><th scope="row">{}<span class="reg-and"> / </span>{}</th>{}{}</tr>',
        row.first,
        row.second,
        html.markup('<td class="reg-median">{}</td>', _median(row.level)) if with_median else Markup(""),
        html.join(_link(cell, column, selected) for column, cell in zip(columns, row.cells, strict=True)),
    )


def _medians(view: RegionLinks, selected: str) -> Markup:
    levels = html.join(
        html.markup('<td class="{}">{}</td>', _classes(column, selected), level.median)
        for column, level in zip(view.columns, view.levels, strict=True)
    )
    known = html.join(
        html.markup('<td class="{}">{}</td>', _classes(column, selected), level.known)
        for column, level in zip(view.columns, view.levels, strict=True)
    )
    return html.markup(
        '<tfoot><tr><th scope="row">Niveau médian</th><td></td>{}</tr>'
        '<tr><th scope="row">Réponses connues, sur 42</th><td></td>{}</tr></tfoot>',
        levels,
        known,
    )


def _median(level: MedianKnown) -> Markup:
    return html.markup('{} <span class="reg-known">{}</span>', level.median, level.rests_on)


def _link(cell: LinkCell, column: BasinColumn, selected: str) -> Markup:
    return html.markup(
        '<td class="{}" title="{}">{}<span class="obs-visually-hidden"> puis </span>{}{}</td>',
        " ".join(n for n in (_classes(column, selected), "reg-gap" if cell.is_gap else "") if n),
        cell.meaning,
        _mark(cell.there),
        _mark(cell.back),
        Markup('<span class="obs-visually-hidden">, à discuter</span>') if cell.is_gap else Markup(""),
    )


def _mark(mark: LevelMark) -> Markup:
    return html.markup('<i class="reg-l{}">{}</i>', "u" if mark.is_unknown else mark.text, mark.text)


def _academies(groups: tuple[AcademieGroup, ...]) -> Markup:
    return html.join(
        html.markup(
            '<th scope="colgroup" colspan="{}" class="reg-edge">{}, {} bassins</th>',
            group.count,
            group.label,
            group.count,
        )
        for group in groups
    )


def _basins(columns: tuple[BasinColumn, ...], selected: str) -> Markup:
    return html.join(
        html.markup(
            '<th scope="col" class="{}"><a href="?bassin={}" target="_self" title="Ouvrir {}">'
            "<span>{}</span></a></th>",
            _classes(column, selected),
            column.code,
            column.label,
            column.short_label,
        )
        for column in columns
    )


def _classes(column: BasinColumn, selected: str) -> str:
    names = (("reg-edge", column.opens_group), ("reg-chosen", column.code == selected))
    return " ".join(name for name, wanted in names if wanted)
