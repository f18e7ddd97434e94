"""The six readings of the map, each turned into a :class:`~observatory.views.carte.MapView`."""

from __future__ import annotations

from collections.abc import Callable

from observatory.domain.figures import FigureNote, FigureStatus, split_notes
from observatory.domain.indicators import Indicator
from observatory.french import numbers, sentences, texts
from observatory.geo import palette
from observatory.geo.choropleth import class_index, natural_limits, symmetric_limits
from observatory.geo.palette import Fill
from observatory.views.carte import Cell, LegendEntry, MapArea, MapView, Panel
from observatory.views.cooperation import CooperationState, cooperation_states
from observatory.views.observatory import Figure, Observatory
from observatory.views.selection import INDEX_CODE, OUTCOME_CODE, Reading, Selection

STATUS_FILLS = {
    FigureStatus.SUPPRESSED: Fill("#ffffff", "hatch"),
    FigureStatus.MISSING: Fill("#ffffff", "dots"),
    FigureStatus.NOT_APPLICABLE: Fill("#ffffff", "outline"),
    FigureStatus.UNRESOLVED: Fill("#dfe3e8", "wide_hatch"),
    FigureStatus.INSUFFICIENT_COVERAGE: Fill("#ffffff", "cross"),
}
UNDETERMINED = Fill("#ffffff", "rings")
NOT_REPORTED = Fill("#ffffff", "question")
FOUR_SIGNS = (
    FigureStatus.SUPPRESSED,
    FigureStatus.MISSING,
    FigureStatus.NOT_APPLICABLE,
    FigureStatus.UNRESOLVED,
)


def build_map_view(observatory: Observatory, selection: Selection) -> MapView:
    """The map of the selection; every reading is complete even when the store holds no figure."""
    builders: dict[Reading, Callable[[Observatory, Selection], MapView]] = {
        Reading.OBSERVED: _indicator_view,
        Reading.CONTEXT: _index_view if selection.indicator == INDEX_CODE else _indicator_view,
        Reading.GAP: _gap_view,
        Reading.TYPOLOGY: _typology_view,
        Reading.COOPERATION: _cooperation_view,
        Reading.PRIORITIES: _priorities_view,
    }
    return builders[selection.reading](observatory, selection)


# --- one indicator -------------------------------------------------------------------------------------


def indicator_limits(observatory: Observatory, indicator: Indicator) -> tuple[float, ...]:
    """Class limits over all the years of an indicator, so that maps of two years can be compared."""
    values = [f.value for year in indicator.years for f in observatory.resolved(indicator.code, year)]
    return natural_limits([v for v in values if v is not None])


def status_text(figure: Figure | None) -> str:
    """Why there is no value to colour, in words."""
    if figure is None:
        return texts.STATUS_LABELS[FigureStatus.MISSING]
    if FigureNote.COMMUNAL_VALUE_NOT_SPLIT in split_notes(figure.note):
        return texts.NOTE_LABELS[FigureNote.COMMUNAL_VALUE_NOT_SPLIT]
    return texts.STATUS_LABELS.get(figure.status, "")


def interval_text(figure: Figure, indicator: Indicator) -> str:
    """The interval in words, or why there is none."""
    if figure.lower is None or figure.upper is None:
        return texts.NO_INTERVAL
    return (
        f"intervalle à 95{numbers.NNBSP}% : {numbers.format_interval(figure.lower, figure.upper, indicator)}"
    )


def _indicator_view(observatory: Observatory, selection: Selection) -> MapView:
    indicator = observatory.catalogue.indicators[selection.indicator]
    year = selection.year or indicator.latest_year
    limits = indicator_limits(observatory, indicator)
    previous = max((y for y in indicator.years if y < year and not _broken(indicator, y, year)), default=None)
    region = observatory.region(indicator.code, year)
    region_text = (
        numbers.format_value(region.value, indicator) if region and region.value is not None else None
    )
    resolved = observatory.resolved(indicator.code, year)
    largest = max((abs(f.value) for f in resolved if f.value is not None), default=1.0) or 1.0

    areas = []
    for code, basin in observatory.basins.items():
        figure = observatory.figure(code, indicator.code, year)
        is_value = figure is not None and figure.status is FigureStatus.VALUE and figure.value is not None
        if is_value:
            assert figure is not None and figure.value is not None
            fill = Fill(_sequential(class_index(figure.value, limits), len(limits) + 1))
            value_text = numbers.format_value(figure.value, indicator)
        else:
            fill = STATUS_FILLS[figure.status if figure else FigureStatus.MISSING]
            has_wider = figure is not None and figure.value is not None
            value_text = (
                f"({numbers.format_value(figure.value, indicator)})" if has_wider else "–"  # type: ignore[union-attr,arg-type]
            )
        areas.append(
            MapArea(
                code=code,
                label=basin.basin_label,
                short_label=basin.short_label,
                fill=fill,
                tooltip=_indicator_tooltip(basin.basin_label, figure, indicator, year, region_text),
                cells=(
                    Cell(value_text, figure.value if is_value and figure else None),
                    _second_cell(observatory, figure, indicator, year, previous, region),
                ),
                bar=figure.value / largest if is_value and figure and figure.value is not None else None,
                order=figure.value if is_value and figure else None,
            )
        )

    second_header = f"depuis {previous}" if previous is not None else "écart région"
    top = sorted((f for f in resolved if f.value is not None), key=lambda f: -(f.value or 0))[:3]
    title = indicator.label
    if len(top) == 3:
        names = [observatory.basins[f.area_code].short_label for f in top]
        title = sentences.highest_title(names, top[-1].value or 0.0, indicator, year)
    return MapView(
        title=title,
        indicator_label=indicator.label,
        legend_title=indicator.short_label,
        period=_period(indicator, year),
        areas=_ordered(areas),
        legend=_legend(sentences.class_labels(limits, indicator), _scale(len(limits) + 1), areas),
        headers=(str(year), second_header),
        list_title=indicator.short_label,
        source=_source_line(observatory, indicator, year, len(resolved)),
        note=_wider_note(observatory, indicator, year),
        is_demonstration=False,
        panel=_indicator_panel(observatory, selection, indicator, year, region_text),
    )


def _broken(indicator: Indicator, first: int, last: int) -> bool:
    return any(first < b <= last for b in indicator.breaks)


def _second_cell(
    observatory: Observatory,
    figure: Figure | None,
    indicator: Indicator,
    year: int,
    previous: int | None,
    region: Figure | None,
) -> Cell:
    if figure is None or figure.status is not FigureStatus.VALUE or figure.value is None:
        return Cell("", None)
    if previous is not None:
        before = observatory.figure(figure.area_code, indicator.code, previous)
        if before is None or before.value is None or before.status is not FigureStatus.VALUE:
            return Cell("", None)
        change = figure.value - before.value
    elif region is not None and region.value is not None:
        change = figure.value - region.value
    else:
        return Cell("", None)
    text = numbers.format_signed(change * numbers.scale_of(indicator.unit), indicator.decimals)
    return Cell(text, change)


def _indicator_tooltip(
    label: str, figure: Figure | None, indicator: Indicator, year: int, region_text: str | None
) -> tuple[str, ...]:
    lines = [label]
    if figure is None or figure.value is None:
        return (*lines, status_text(figure))
    lines.append(f"{numbers.format_value(figure.value, indicator)} en {year}")
    if region_text:
        lines.append(f"région : {region_text}")
    if figure.status is FigureStatus.VALUE:
        lines.append(interval_text(figure, indicator))
        if figure.coverage is not None and figure.coverage < 0.995:
            lines.append(
                f"inconnus : {numbers.format_share(1 - figure.coverage)} de la population non couverte"
            )
    else:
        lines.append(status_text(figure))
    lines.extend(
        texts.NOTE_LABELS[n] for n in split_notes(figure.note) if n is not FigureNote.COMMUNAL_VALUE_NOT_SPLIT
    )
    return tuple(lines)


def _indicator_panel(
    observatory: Observatory, selection: Selection, indicator: Indicator, year: int, region_text: str | None
) -> Panel:
    basin = observatory.basins[selection.basin]
    figure = observatory.figure(basin.basin_code, indicator.code, year)
    eyebrow = f"Bassin choisi · académie {_of(basin.academie)}"
    if figure is None or figure.value is None:
        return Panel(eyebrow, basin.basin_label, "–", f"{indicator.label} : {status_text(figure)}.", "")
    headline = numbers.format_value(figure.value, indicator)
    text = sentences.value_sentence(headline, indicator, region_text)
    if figure.status is not FigureStatus.VALUE:
        return Panel(
            eyebrow,
            basin.basin_label,
            f"({headline})",
            f"{_capital(status_text(figure))}.",
            "Ce bassin ne prend part ni au classement, ni à l’écart, ni à la typologie.",
        )
    doubt = f"{_capital(interval_text(figure, indicator))}."
    return Panel(eyebrow, basin.basin_label, headline, text, doubt)


# --- composite index -----------------------------------------------------------------------------------


def _index_view(observatory: Observatory, selection: Selection) -> MapView:
    rows = {r.basin_code: r for r in observatory.context_index.itertuples(index=False)}
    values = {c: float(r.context_index) for c, r in rows.items() if r.status == "computed"}
    limits = natural_limits(list(values.values()))
    largest = max((abs(v) for v in values.values()), default=1.0) or 1.0
    areas = []
    for code, basin in observatory.basins.items():
        value = values.get(code)
        if value is None:
            missing = Cell("–", None)
            areas.append(
                _area(
                    basin,
                    STATUS_FILLS[FigureStatus.MISSING],
                    (basin.basin_label, "indice non calculé : une dimension manque"),
                    (missing, missing),
                    None,
                    None,
                )
            )
            continue
        row = rows[code]
        ranks = sentences.rank_interval_phrase(int(row.rank_lower), int(row.rank_upper))
        areas.append(
            _area(
                basin,
                Fill(_sequential(class_index(value, limits), len(limits) + 1)),
                (
                    basin.basin_label,
                    f"indice {numbers.format_signed(value, 2)} (région : 0 en moyenne des bassins)",
                    f"rang d’exposition : {ranks} sur {len(values)}, selon 1{numbers.NNBSP}000 variantes de calcul",
                ),
                (Cell(numbers.format_signed(value, 2), value), Cell(ranks, float(row.rank_median))),
                value / largest,
                value,
            )
        )
    ordered = _ordered(areas)
    names = [a.short_label for a in ordered[:3] if a.order is not None]
    title = (
        f"Contexte le plus exposé : {numbers.join_words(names)}"
        if names
        else "Indice de contexte non calculé"
    )
    basin = observatory.basins[selection.basin]
    panel = Panel(
        f"Bassin choisi · académie {_of(basin.academie)}",
        basin.basin_label,
        "–",
        "Indice non calculé : une dimension manque.",
        "",
    )
    if selection.basin in values:
        row = rows[selection.basin]
        share = _contribution_sentence(observatory, selection.basin)
        panel = Panel(
            panel.eyebrow,
            panel.title,
            numbers.format_signed(values[selection.basin], 2),
            f"d’indice de contexte : {sentences.rank_interval_phrase(int(row.rank_lower), int(row.rank_upper))} rang d’exposition sur {len(values)}. {share}",
            "Intervalle de rang à 5-95 % sur 1 000 variantes de pondération, de normalisation et d’agrégation.",
        )
    return MapView(
        title=title,
        indicator_label=texts.INDEX_LABEL,
        legend_title="Indice de contexte",
        period="dernières années disponibles",
        areas=ordered,
        legend=_legend(_index_labels(limits), _scale(len(limits) + 1), areas),
        headers=("Indice", "Rang (5-95 %)"),
        list_title="Indice de contexte",
        source="Insee Filosofi 2019, DEPP 2022-2023, CNAF 2020, géométrie des services. Données réelles ; associé à, jamais cause de.",
        note="",
        is_demonstration=False,
        panel=panel,
    )


def _index_labels(limits: tuple[float, ...]) -> tuple[str, ...]:
    if not limits:
        return ("une seule valeur",)
    shown = [numbers.format_signed(v, 2) if round(v, 1) != v else numbers.format_signed(v, 1) for v in limits]
    middle = [f"{a} à {b}" for a, b in zip(shown, shown[1:], strict=False)]
    return (f"moins de {shown[0]} : moins exposé", *middle, f"{shown[-1]} et plus : plus exposé")


def _contribution_sentence(observatory: Observatory, basin_code: str) -> str:
    rows = observatory.contributions
    mine = rows[rows["basin_code"] == basin_code].sort_values("contribution", ascending=False)
    if mine.empty:
        return ""
    labels = observatory.catalogue.dimensions
    up = [
        labels[d].label.lower()
        for d, v in zip(mine["dimension_code"], mine["contribution"], strict=True)
        if v > 0.05
    ][:2]
    if not up:
        return "Aucune dimension ne l’écarte nettement de la moyenne."
    return f"Ce qui l’élève le plus : {numbers.join_words(up)}."


# --- gap and typology ----------------------------------------------------------------------------------


def _gap_view(observatory: Observatory, selection: Selection) -> MapView:
    indicator = observatory.catalogue.indicators[OUTCOME_CODE]
    rows = {r.basin_code: r for r in observatory.gap.itertuples(index=False)}
    values = {c: float(r.gap) for c, r in rows.items() if r.status == "computed"}
    limits = symmetric_limits(list(values.values())) if values else ()
    largest = max((abs(v) for v in values.values()), default=1.0) or 1.0
    areas = []
    for code, basin in observatory.basins.items():
        value = values.get(code)
        if value is None:
            figure = observatory.latest(code, indicator)
            empty = Cell("–", None)
            fill = STATUS_FILLS[
                figure.status if figure and figure.status in STATUS_FILLS else FigureStatus.MISSING
            ]
            areas.append(
                _area(
                    basin, fill, (basin.basin_label, status_text(figure)), (empty, Cell("", None)), None, None
                )
            )
            continue
        row = rows[code]
        word = "écart notable" if row.is_notable else "dans la dispersion habituelle"
        observed, expected = (numbers.format_value(float(v), indicator) for v in (row.observed, row.expected))
        areas.append(
            _area(
                basin,
                Fill(palette.DIVERGING[class_index(value, limits)]),
                (
                    basin.basin_label,
                    f"observé {observed}, attendu {expected}",
                    f"écart {numbers.format_difference(value, indicator)} : {word}",
                ),
                (
                    Cell(numbers.format_signed(value * 100, 1), value),
                    Cell("notable" if row.is_notable else "habituel", abs(float(row.studentised))),
                ),
                value / largest,
                value,
            )
        )
    notable = [
        observatory.basins[c].short_label for c, r in rows.items() if r.status == "computed" and r.is_notable
    ]
    title = "Aucun bassin ne s’écarte notablement de ce que son contexte laisse attendre"
    if not values:
        title = "Écart non calculé : les chiffres manquent"
    elif notable:
        title = f"{numbers.join_words(notable)} : un écart notable à ce que le contexte laisse attendre"
    basin = observatory.basins[selection.basin]
    panel = _gap_panel(observatory, basin.basin_code, rows, indicator)
    labels = ()
    if limits:
        low, high = (numbers.format_number(limits[i] * 100, 1) for i in (2, 3))
        labels = (
            f"{high} points sous l’attendu ou plus",
            f"de {low} à {high} points sous l’attendu",
            f"à moins de {low} point de l’attendu",
            f"de {low} à {high} points au-dessus",
            f"{high} points au-dessus ou plus",
        )
    r_squared = observatory.summary.get("r_squared")
    fit = (
        f" Le contexte est associé à {numbers.format_share(r_squared)} des différences entre bassins."
        if r_squared is not None
        else ""
    )
    return MapView(
        title=title,
        indicator_label=f"Écart entre l’observé et l’attendu ({indicator.short_label})",
        legend_title="Écart à l’attendu",
        period=str(indicator.latest_year),
        areas=_ordered(areas),
        legend=_legend(labels, palette.DIVERGING, areas),
        headers=("Points", "Dispersion"),
        list_title="Écart à l’attendu, en points",
        source=f"{_source_line(observatory, indicator, indicator.latest_year, len(values))}{fit}",
        note=_wider_note(observatory, indicator, indicator.latest_year),
        is_demonstration=False,
        panel=panel,
    )


def _gap_panel(observatory: Observatory, code: str, rows: dict, indicator: Indicator) -> Panel:  # type: ignore[type-arg]
    basin = observatory.basins[code]
    eyebrow = f"Bassin choisi · académie {_of(basin.academie)}"
    row = rows.get(code)
    if row is None or row.status != "computed":
        return Panel(
            eyebrow,
            basin.basin_label,
            "–",
            f"Écart non calculé : {status_text(observatory.latest(code, indicator))}.",
            "",
        )
    observed, expected = (numbers.format_value(float(v), indicator) for v in (row.observed, row.expected))
    verdict = (
        "L’écart est notable : il sort de la dispersion habituelle."
        if row.is_notable
        else "L’écart reste dans la dispersion habituelle."
    )
    return Panel(
        eyebrow,
        basin.basin_label,
        numbers.format_difference(float(row.gap), indicator),
        f"entre l’observé ({observed}) et ce que le contexte laisse attendre ({expected}).",
        verdict,
    )


def _typology_view(observatory: Observatory, selection: Selection) -> MapView:
    indicator = observatory.catalogue.indicators[OUTCOME_CODE]
    rows = {r.basin_code: r for r in observatory.typology.itertuples(index=False)}
    areas = []
    order = {code: position for position, code in enumerate(texts.TYPOLOGY_LABELS)}
    for code, basin in observatory.basins.items():
        row = rows.get(code)
        kind = row.typology if row is not None else "undetermined"
        reason = TYPOLOGY_REASONS.get(row.reason, "") if row is not None else "non calculé"
        label = texts.TYPOLOGY_LABELS[kind]
        fill = (
            Fill(palette.TYPOLOGY[kind])
            if kind in palette.TYPOLOGY
            else _undetermined_fill(observatory, code, indicator)
        )
        figure = observatory.latest(code, indicator)
        value = (
            numbers.format_value(figure.value, indicator)
            if figure and figure.value is not None and figure.status is FigureStatus.VALUE
            else "–"
        )
        areas.append(
            _area(
                basin,
                fill,
                (basin.basin_label, label, reason) if reason else (basin.basin_label, label),
                (
                    Cell(label, float(order[kind])),
                    Cell(value, figure.value if figure and figure.status is FigureStatus.VALUE else None),
                ),
                None,
                -float(order[kind]),
            )
        )
    counts = {kind: sum(1 for r in rows.values() if r.typology == kind) for kind in texts.TYPOLOGY_LABELS}
    decided = sum(n for kind, n in counts.items() if kind != "undetermined")
    title = f"{numbers.count_word(counts['exposed_and_affected']).capitalize()} bassins exposés et touchés ; {counts['undetermined']} sur {len(observatory.basins)} restent indéterminés"
    if not decided:
        title = "Typologie indéterminée pour tous les bassins"
    basin = observatory.basins[selection.basin]
    row = rows.get(selection.basin)
    kind = row.typology if row is not None else "undetermined"
    panel = Panel(
        f"Bassin choisi · académie {_of(basin.academie)}",
        basin.basin_label,
        _capital(texts.TYPOLOGY_LABELS[kind]),
        texts.TYPOLOGY_QUESTIONS[kind],
        _capital(TYPOLOGY_REASONS.get(row.reason, "")) if row is not None else "",
    )
    legend = [
        LegendEntry(
            texts.TYPOLOGY_LABELS[k],
            Fill(palette.TYPOLOGY[k]) if k in palette.TYPOLOGY else UNDETERMINED,
            counts[k],
        )
        for k in texts.TYPOLOGY_LABELS
    ]
    return MapView(
        title=title,
        indicator_label="Typologie : contexte et observé croisés, coupés à la valeur régionale",
        legend_title="Contexte et observé",
        period=str(indicator.latest_year),
        areas=_ordered(areas),
        legend=(*legend, *_sign_entries(areas)),
        headers=("Type", str(indicator.latest_year)),
        list_title="Typologie",
        source=_source_line(observatory, indicator, indicator.latest_year, decided).replace(
            "avec une valeur propre", "dans un type assuré"
        ),
        note=_wider_note(observatory, indicator, indicator.latest_year),
        is_demonstration=False,
        panel=panel,
    )


TYPOLOGY_REASONS = {
    "clear": "",
    "clear_without_observed_interval": "l’observé est placé par sa seule valeur : effectifs non diffusés",
    "unresolved": "valeur observée valable seulement pour Marseille entière",
    "missing": "valeur observée non transmise",
    "index_missing": "indice de contexte non calculé",
    "index_interval_crosses": "l’intervalle de l’indice de contexte passe par la valeur régionale",
    "observed_interval_crosses": "l’intervalle de l’observé passe par la valeur régionale",
    "both_intervals_cross": "les deux intervalles passent par la valeur régionale",
}


def _undetermined_fill(observatory: Observatory, code: str, indicator: Indicator) -> Fill:
    figure = observatory.latest(code, indicator)
    return STATUS_FILLS[figure.status] if figure and figure.status in STATUS_FILLS else UNDETERMINED


# --- cooperation and priorities ------------------------------------------------------------------------


def _cooperation_view(observatory: Observatory, selection: Selection) -> MapView:
    states = cooperation_states(observatory)
    areas = []
    for code, basin in observatory.basins.items():
        state = states[code]
        shown = state.median_level is not None
        fill = (
            Fill(palette.COOPERATION[round(state.median_level)])
            if state.median_level is not None
            else NOT_REPORTED
        )
        level = (
            texts.COOPERATION_LEVELS[round(state.median_level)]
            if state.median_level is not None
            else "non renseigné"
        )
        areas.append(
            _area(
                basin,
                fill,
                (
                    basin.basin_label,
                    f"niveau médian déclaré : {level}",
                    f"renseigné à {numbers.format_share(state.completeness)}",
                ),
                (
                    Cell(level, state.median_level),
                    Cell(numbers.format_share(state.completeness), state.completeness),
                ),
                state.median_level / 5 if state.median_level is not None else None,
                state.median_level if shown else None,
            )
        )
    reported = [s for s in states.values() if s.median_level is not None]
    title = f"{len(reported)} bassins sur {len(states)} ont renseigné au moins la moitié de leurs liens"
    basin = observatory.basins[selection.basin]
    legend = [
        LegendEntry(
            f"{level} · {label}",
            Fill(palette.COOPERATION[level]),
            sum(1 for s in reported if s.median_level is not None and round(s.median_level) == level),
        )
        for level, label in enumerate(texts.COOPERATION_LEVELS)
    ]
    unknown = LegendEntry(
        "non renseigné (moins de la moitié des liens)", NOT_REPORTED, len(states) - len(reported)
    )
    return MapView(
        title=title,
        indicator_label="Coopération : niveau médian déclaré par les structures",
        legend_title="Niveau médian déclaré",
        period="état déclaré",
        areas=tuple(sorted(areas, key=lambda a: a.label)),
        legend=(*legend, unknown),
        headers=("Niveau médian", "Renseigné"),
        list_title="Ce que les structures déclarent (ordre alphabétique)",
        source="Inventaire de la coopération : données de démonstration, inventées."
        if observatory.has_demonstration
        else "Inventaire de la coopération : aucun enregistrement.",
        note="Un inventaire, pas un classement : le niveau est déclaré par les structures.",
        is_demonstration=observatory.has_demonstration,
        panel=_cooperation_panel(basin.basin_label, basin.academie, states[selection.basin]),
    )


def _cooperation_panel(label: str, academie: str, state: CooperationState) -> Panel:
    eyebrow = f"Bassin choisi · académie {_of(academie)}"
    if state.median_level is None:
        return Panel(
            eyebrow,
            label,
            "?",
            f"Liens renseignés à {numbers.format_share(state.completeness)} : trop peu pour un niveau médian.",
            "« Non renseigné » n’est pas « pas fait ».",
        )
    subjects = numbers.count_word(state.reciprocal_gap_count)
    plural = "s" if state.reciprocal_gap_count > 1 else ""
    return Panel(
        eyebrow,
        label,
        _capital(texts.COOPERATION_LEVELS[round(state.median_level)]),
        f"est le niveau médian des liens déclarés, renseignés à {numbers.format_share(state.completeness)}.",
        f"{_capital(subjects)} lien{plural} décrit{plural} différemment par les deux structures : sujet{plural} pour la réunion."
        if state.reciprocal_gap_count
        else "Les deux structures de chaque lien se décrivent de la même façon.",
    )


def _priorities_view(observatory: Observatory, selection: Selection) -> MapView:
    indicator = observatory.catalogue.indicators[OUTCOME_CODE]
    states = cooperation_states(observatory)
    region = observatory.region(indicator.code, indicator.latest_year)
    fills = {
        "discuss_first": palette.DISCUSS,
        "high_risk_strong": "#4d8f88",
        "low_risk_weak": "#efe7da",
        "low_risk_strong": "#dbe7e4",
    }
    order = {code: position for position, code in enumerate(texts.PRIORITY_LABELS)}
    areas, kinds = [], {}
    for code, basin in observatory.basins.items():
        figure, state = observatory.latest(code, indicator), states[code]
        kind = "undetermined"
        if (
            figure
            and figure.value is not None
            and figure.status is FigureStatus.VALUE
            and region
            and region.value is not None
            and state.median_level is not None
        ):
            high = figure.value > region.value
            weak = state.median_level < 3
            kind = (
                ("discuss_first" if weak else "high_risk_strong")
                if high
                else ("low_risk_weak" if weak else "low_risk_strong")
            )
        kinds[code] = kind
        why = (
            ""
            if kind != "undetermined"
            else (
                status_text(figure)
                if figure is None or figure.status is not FigureStatus.VALUE
                else "coopération non renseignée"
            )
        )
        value = (
            numbers.format_value(figure.value, indicator)
            if figure and figure.value is not None and figure.status is FigureStatus.VALUE
            else "–"
        )
        level = (
            texts.COOPERATION_LEVELS[round(state.median_level)]
            if state.median_level is not None
            else "non renseigné"
        )
        fill = (
            Fill(fills[kind])
            if kind in fills
            else (
                _undetermined_fill(observatory, code, indicator)
                if state.median_level is not None
                else NOT_REPORTED
            )
        )
        lines = (
            basin.basin_label,
            texts.PRIORITY_LABELS[kind],
            f"observé {value} · coopération : {level}",
            *((why,) if why else ()),
        )
        areas.append(
            _area(
                basin,
                fill,
                lines,
                (
                    Cell(texts.PRIORITY_LABELS[kind], float(order[kind])),
                    Cell(value, figure.value if figure and figure.status is FigureStatus.VALUE else None),
                ),
                None,
                -float(order[kind]),
            )
        )
    names = [observatory.basins[c].short_label for c, k in kinds.items() if k == "discuss_first"]
    title = (
        f"À discuter d’abord : {numbers.join_words(names[:4])}"
        + (f" et {len(names) - 4} autres" if len(names) > 4 else "")
        if names
        else "Aucun bassin ne réunit risque élevé et coopération peu développée"
    )
    basin = observatory.basins[selection.basin]
    kind = kinds[selection.basin]
    panel = Panel(
        f"Bassin choisi · académie {_of(basin.academie)}",
        basin.basin_label,
        _capital(texts.PRIORITY_LABELS[kind]),
        "Observé comparé à la valeur régionale, coopération coupée au niveau 3 (se coordonnent).",
        "Un sujet pour la réunion, pas un jugement.",
    )
    legend = [
        LegendEntry(texts.PRIORITY_LABELS[k], Fill(fills[k]), sum(1 for v in kinds.values() if v == k))
        for k in fills
    ]
    legend.append(
        LegendEntry(
            "coopération non renseignée", NOT_REPORTED, sum(1 for a in areas if a.fill == NOT_REPORTED)
        )
    )
    return MapView(
        title=title,
        indicator_label="Priorités : risque observé et état de la coopération",
        legend_title="Risque et coopération",
        period=str(indicator.latest_year),
        areas=_ordered(areas),
        legend=(*legend, *_sign_entries(areas)),
        headers=("Situation", str(indicator.latest_year)),
        list_title="Risque observé et coopération",
        source="Observé : Insee, recensement 2018. Coopération : données de démonstration, inventées."
        if observatory.has_demonstration
        else "Observé : Insee, recensement 2018. Coopération : aucun enregistrement.",
        note=_wider_note(observatory, indicator, indicator.latest_year),
        is_demonstration=observatory.has_demonstration,
        panel=panel,
    )


# --- shared pieces -------------------------------------------------------------------------------------


def _area(basin, fill, tooltip, cells, bar, order) -> MapArea:  # type: ignore[no-untyped-def]
    return MapArea(basin.basin_code, basin.basin_label, basin.short_label, fill, tooltip, cells, bar, order)


def _ordered(areas: list[MapArea]) -> tuple[MapArea, ...]:
    return tuple(sorted(areas, key=lambda a: (a.order is None, -(a.order or 0.0), a.label)))


def _scale(class_count: int) -> tuple[str, ...]:
    return tuple(_sequential(i, class_count) for i in range(class_count))


def _sequential(index: int, class_count: int) -> str:
    """Colour of a class; fewer classes keep the two ends of the scale."""
    scale = palette.SEQUENTIAL
    if class_count <= 1:
        return scale[len(scale) // 2]
    return scale[round(index * (len(scale) - 1) / (class_count - 1))]


def _legend(
    labels: tuple[str, ...], colours: tuple[str, ...], areas: list[MapArea]
) -> tuple[LegendEntry, ...]:
    classes = tuple(
        LegendEntry(label, Fill(colour), sum(1 for a in areas if a.fill == Fill(colour)))
        for label, colour in zip(labels, colours, strict=False)
    )
    if not any(entry.count for entry in classes):
        classes = ()  # no value at all: the signs alone say what is drawn
    return (*classes, *_sign_entries(areas))


def _sign_entries(areas: list[MapArea]) -> tuple[LegendEntry, ...]:
    """The four signs, always; insufficient coverage when a basin has it."""
    used = [
        s
        for s in (*FOUR_SIGNS, FigureStatus.INSUFFICIENT_COVERAGE)
        if s in FOUR_SIGNS or any(a.fill == STATUS_FILLS[s] for a in areas)
    ]
    return tuple(
        LegendEntry(
            texts.STATUS_LABELS[s], STATUS_FILLS[s], sum(1 for a in areas if a.fill == STATUS_FILLS[s]), True
        )
        for s in used
    )


def _wider_note(observatory: Observatory, indicator: Indicator, year: int) -> str:
    wider = [
        observatory.basins[f.area_code].short_label
        for f in observatory.basin_figures(indicator.code, year)
        if f.status is FigureStatus.UNRESOLVED
    ]
    if not wider:
        return ""
    return f"{numbers.join_words(wider)} : {texts.NOTE_LABELS[FigureNote.COMMUNAL_VALUE_NOT_SPLIT]}."


def _source_line(observatory: Observatory, indicator: Indicator, year: int, resolved: int) -> str:
    sources = observatory.catalogue.sources
    codes = {f.source_code for f in observatory.basin_figures(indicator.code, year)} & set(sources)
    names = " ; ".join(sources[c].producer.split(" ;")[0] for c in sorted(codes))
    origin = f"Source : {names}, {year}." if names else "Source : aucune donnée."
    return f"{origin} {sentences.resolved_phrase(resolved, len(observatory.basins))}. Données réelles."


def _period(indicator: Indicator, year: int) -> str:
    return str(year)


def _of(name: str) -> str:
    return f"d’{name}" if name[0] in "AÉEIOU" else f"de {name}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
