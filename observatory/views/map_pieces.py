"""What the readings of the map share: fills of the states, texts of a figure, areas, legend, panel."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from observatory.domain.figures import FigureNote, FigureStatus, split_notes
from observatory.domain.indicators import Indicator
from observatory.domain.territory import MARSEILLE_ARRONDISSEMENTS, Basin
from observatory.french import campaign_figures as words
from observatory.french import numbers, readings, sentences, texts
from observatory.french.typography import alphabetical
from observatory.geo import palette
from observatory.geo.palette import Fill
from observatory.views.campaign_indicators import is_of_campaign
from observatory.views.carte import Cell, LegendEntry, MapArea, Panel
from observatory.views.observatory import Figure, Observatory

STATUS_FILLS = {
    FigureStatus.SUPPRESSED: Fill("#ffffff", "hatch"),
    FigureStatus.MISSING: Fill("#ffffff", "dots"),
    FigureStatus.NOT_APPLICABLE: Fill("#ffffff", "outline"),
    FigureStatus.UNRESOLVED: Fill("#dfe3e8", "wide_hatch"),
    FigureStatus.INSUFFICIENT_COVERAGE: Fill("#ffffff", "cross"),
}
UNDETERMINED = Fill("#ffffff", "rings")
NOT_REPORTED = Fill("#ffffff", "question")
SMALL = Fill("#ffffff")
"""A value told without colour: it rests on too few persons."""
FOUR_SIGNS = (
    FigureStatus.SUPPRESSED,
    FigureStatus.MISSING,
    FigureStatus.NOT_APPLICABLE,
    FigureStatus.UNRESOLVED,
)
NOTHING = "–"
EMPTY = Cell("", None)


def status_of(figure: Figure | None) -> FigureStatus:
    """State of a figure that may be absent; a ``value`` without its value was not transmitted."""
    if figure is None or (figure.status is FigureStatus.VALUE and figure.value is None):
        return FigureStatus.MISSING
    return figure.status


def status_text(figure: Figure | None, observatory: Observatory | None = None) -> str:
    """Why there is no value to colour, in words; empty for a value.

    With the ``observatory``, a value of Marseille says with how many other communes it was made.
    """
    if figure is not None and FigureNote.COMMUNAL_VALUE_NOT_SPLIT in split_notes(figure.note):
        if observatory is not None:
            return readings.wider_value(outside_marseille(observatory, (figure.area_code,)))
        return texts.NOTE_LABELS[FigureNote.COMMUNAL_VALUE_NOT_SPLIT]
    if figure is not None and figure.is_small and figure.told_value is not None:
        return words.SMALL
    return texts.STATUS_LABELS.get(status_of(figure), "")


def outside_marseille(observatory: Observatory, basin_codes: Collection[str]) -> int:
    """How many communes of these basins are not arrondissements of Marseille."""
    table = observatory.communes
    own = table.loc[table["basin_code"].isin(list(basin_codes)), "commune_code"]
    return sum(code not in MARSEILLE_ARRONDISSEMENTS for code in own)


def interval_text(figure: Figure, indicator: Indicator) -> str:
    """The interval in words, or why there is none."""
    if figure.lower is None or figure.upper is None:
        return sentences.no_interval(indicator)
    interval = numbers.format_interval(figure.lower, figure.upper, indicator)
    return f"intervalle à 95{numbers.NNBSP}% : {interval}"


def value_text(figure: Figure | None, indicator: Indicator) -> str:
    """The value, in brackets when it takes part in nothing, a dash when there is none to tell."""
    if figure is None or figure.told_value is None:
        return NOTHING
    text = numbers.format_value(figure.told_value, indicator)
    return f"({text})" if figure.own_value is None else text


def own_value_cell(figure: Figure | None, indicator: Indicator) -> Cell:
    """Cell of the list for a figure that takes part in comparisons, a dash for any other."""
    value = None if figure is None else figure.own_value
    text = NOTHING if value is None else numbers.format_value(value, indicator)
    return Cell(text, value, numbers.scale_of(indicator.unit))


def spoken_name(basin: Basin) -> str:
    """Name inside a sentence: the short one unless it is abbreviated, which nobody says aloud."""
    return basin.basin_label if "." in basin.short_label else basin.short_label


def eyebrow(basin: Basin) -> str:
    """The line above the name of the chosen basin."""
    return f"Bassin choisi · académie {sentences.of_name(basin.academie)}"


def basin_panel(basin: Basin, headline: str, text: str, doubt: str = "") -> Panel:
    """What is said of the chosen basin."""
    return Panel(eyebrow(basin), basin.basin_label, headline, text, doubt)


def basin_area(
    basin: Basin,
    fill: Fill,
    lines: Iterable[str],
    cells: tuple[Cell, ...],
    *,
    bar: float | None = None,
    order: float | None = None,
) -> MapArea:
    """One basin: its name opens the tooltip, empty lines are left out; the highest ``order`` comes first."""
    tooltip = (basin.basin_label, *(line for line in lines if line))
    return MapArea(basin.basin_code, basin.basin_label, basin.short_label, fill, tooltip, cells, bar, order)


def ordered(areas: Iterable[MapArea]) -> tuple[MapArea, ...]:
    """Highest first, then by name; basins without a place last."""
    return tuple(sorted(areas, key=lambda a: (a.order is None, -(a.order or 0.0), alphabetical(a.label))))


def largest_size(values: Iterable[float]) -> float:
    """What bars are measured by: the largest absolute value, 1 when all are zero."""
    return max((abs(v) for v in values), default=1.0) or 1.0


def sequential_colours(class_count: int) -> tuple[str, ...]:
    """Colours of the classes of a sequential scale, light to dark."""
    return tuple(palette.sequential(i, class_count) for i in range(class_count))


def class_legend(
    labels: Sequence[str], colours: Sequence[str], areas: Sequence[MapArea]
) -> tuple[LegendEntry, ...]:
    """One line a class, then the signs; no value at all, no class: the signs say what is drawn."""
    classes = [entry(label, Fill(colour), areas) for label, colour in zip(labels, colours, strict=True)]
    return (*(classes if any(line.count for line in classes) else ()), *sign_legend(areas))


def kind_legend(
    labels: Mapping[str, str], colours: Mapping[str, str], areas: Sequence[MapArea]
) -> tuple[LegendEntry, ...]:
    """One line a kind that has a colour, then the undetermined that no sign explains (where a basin is drawn
    so), then the signs.
    """
    kinds = (entry(labels[kind], Fill(colour), areas) for kind, colour in colours.items())
    undetermined = entry(labels["undetermined"], UNDETERMINED, areas)
    return (*kinds, *([undetermined] if undetermined.count else ()), *sign_legend(areas))


def entry(label: str, fill: Fill, areas: Collection[MapArea], *, is_sign: bool = False) -> LegendEntry:
    """A line of the legend with the number of basins drawn so."""
    return LegendEntry(label, fill, sum(area.fill == fill for area in areas), is_sign)


def sign_legend(areas: Sequence[MapArea]) -> tuple[LegendEntry, ...]:
    """The four signs, always; insufficient coverage when a basin has it."""
    signs = [entry(texts.STATUS_LABELS[s], fill, areas, is_sign=True) for s, fill in STATUS_FILLS.items()]
    always = {STATUS_FILLS[s] for s in FOUR_SIGNS}
    small = entry(words.SMALL, SMALL, areas, is_sign=True)
    return (*(sign for sign in signs if sign.count or sign.fill in always), *([small] if small.count else ()))


def situation_label(kind: str, labels: Mapping[str, str], fill: Fill) -> str:
    """The words of a basin in the list and on its card.

    An undetermined one adds those that the legend has for ``fill``: map, list and card never tell two things.
    """
    signs = {sign: texts.STATUS_LABELS[status] for status, sign in STATUS_FILLS.items()}
    sign = {NOT_REPORTED: readings.NO_COOPERATION, **signs}.get(fill)
    return f"{labels[kind]} : {sign}" if sign else labels[kind]


def uncoloured_fill(figure: Figure | None) -> Fill:
    """Fill of a basin whose figure takes no colour: the sign of its state, or none for a small number."""
    return STATUS_FILLS.get(status_of(figure), SMALL)


def undetermined_fill(figure: Figure | None) -> Fill:
    """Fill of a basin that could not be placed: the sign of its observed figure if that is the reason."""
    return STATUS_FILLS.get(status_of(figure), UNDETERMINED)


def wider_note(observatory: Observatory, indicator: Indicator, year: int) -> str:
    """Names the basins whose value is that of a larger area; empty when there is none."""
    wider = [
        f.area_code
        for f in observatory.basin_figures(indicator.code, year)
        if f.status is FigureStatus.UNRESOLVED
    ]
    names = [spoken_name(observatory.basins[code]) for code in wider]
    return readings.wider_area(names, outside_marseille(observatory, wider)) if wider else ""


def source_line(observatory: Observatory, indicator: Indicator, year: int, known: str) -> str:
    """Producers and year, then ``known``: how many basins the map rests on, in words."""
    sources = observatory.catalogue.sources
    codes = {f.source_code for f in observatory.basin_figures(indicator.code, year)} & set(sources)
    campaign = observatory.campaign
    if campaign is not None and is_of_campaign(indicator.code):
        invented = campaign.is_demonstration
        title = words.source_words(campaign.campaign_code, campaign.edition, is_demonstration=invented)
        return f"Source : {title}. {sentences.capitalise(known)}."
    names = " ; ".join(dict.fromkeys(sources[c].producer.split(" ;")[0] for c in sorted(codes)))
    if not names:
        return "Source : aucune donnée."
    return f"Source : {names}, {year}. {sentences.capitalise(known)}. Données réelles."
