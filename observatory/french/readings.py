"""What the map says in each of its readings: titles, verdicts, reasons, sources.

Pure functions: numbers and names in, one sentence out.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from observatory.domain.figures import FigureStatus
from observatory.domain.indicators import Indicator
from observatory.domain.risk import Typology, TypologyReason
from observatory.french.numbers import (
    NNBSP,
    count_word,
    format_difference,
    format_number,
    format_share,
    format_signed,
    format_value,
    join_words,
    round_half_away,
)
from observatory.french.sentences import capitalise, counted, out_of_basins, rank_span
from observatory.french.texts import COOPERATION_LEVELS, TYPOLOGY_QUESTIONS

ONE_IN_TWENTY = 0.05
"""Share of basins beyond ±1.96 by chance alone."""

NOT_RANKED = "Ce bassin ne prend part ni au classement, ni à l’écart, ni à la typologie."
NOT_REPORTED = "non renseigné"
NO_INDEX_TITLE = "Indice de contexte non calculé"
NO_GAP_TITLE = "Écart non calculé : les chiffres manquent"
NO_NOTABLE_TITLE = "Aucun bassin ne s’écarte notablement de ce que son contexte laisse attendre"
NO_GAP = "écart non calculé"
NO_REGION = "valeur régionale non transmise"
NO_COOPERATION = "coopération non renseignée"
TOO_FEW_INDEX = "indice non calculé : trop peu de bassins complets"
TOO_FEW_GAP = "trop peu de bassins pour un écart"
NO_TYPE_TITLE = "Typologie indéterminée pour tous les bassins"
INDEX_SOURCE = (
    "Insee Filosofi 2019, DEPP 2022-2023, Cnaf 2020, distances calculées. Données réelles ; "
    "associé à la rupture, sans en dire la cause."
)
RANK_DOUBT = f"Rang tenu par neuf calculs sur dix : 1{NNBSP}000 façons de calculer l’indice ont été essayées."
INVENTORY_NOTE = "Un inventaire, pas un classement : le niveau est déclaré par les structures."
UNKNOWN_IS_NOT_ZERO = "« Non renseigné » n’est pas « pas fait »."
PRIORITIES_NAMED = 4
"""Basins that the title of the priorities names; more would be a list."""
PRIORITY_RULE = "Risque élevé : au-dessus de la région. Coopération établie : niveau 3 ou plus."
PRIORITY_CAUTION = "Un sujet pour la réunion, pas un jugement."
TO_CONFIRM = "à confirmer"
CROSSES_REGION = "l’observé ne se distingue pas de la valeur régionale"

_NO_INDEX = "indice non calculé"
_LACKS = {
    FigureStatus.INSUFFICIENT_COVERAGE: ("insuffisamment couverte", "insuffisamment couvertes"),
    FigureStatus.SUPPRESSED: ("sous secret statistique", "sous secret statistique"),
    FigureStatus.NOT_APPLICABLE: ("sans objet", "sans objet"),
    FigureStatus.UNRESOLVED: ("connue pour une zone plus large seulement",) * 2,
    FigureStatus.MISSING: ("non transmise", "non transmises"),
}
_REASONS = {
    TypologyReason.CLEAR: "",
    TypologyReason.CLEAR_WITHOUT_OBSERVED_INTERVAL: (
        "l’observé est placé par sa seule valeur : effectifs non diffusés"
    ),
    TypologyReason.INDEX_INTERVAL_CROSSES: (
        "l’indice de contexte ne se distingue pas de la valeur régionale"
    ),
    TypologyReason.OBSERVED_INTERVAL_CROSSES: CROSSES_REGION,
    TypologyReason.BOTH_INTERVALS_CROSS: (
        "ni l’indice de contexte ni l’observé ne se distinguent de la valeur régionale"
    ),
    TypologyReason.INDEX_MISSING: "indice de contexte non calculé",
    TypologyReason.SUPPRESSED: "valeur observée sous secret statistique",
    TypologyReason.MISSING: "valeur observée non transmise",
    TypologyReason.NOT_APPLICABLE: "valeur observée sans objet",
    TypologyReason.UNRESOLVED: "valeur observée connue seulement pour une zone plus large",
    TypologyReason.INSUFFICIENT_COVERAGE: "valeur observée insuffisamment couverte",
    TypologyReason.REFERENCE_MISSING: NO_REGION,
}


def wider_value(others: int) -> str:
    """A value made of that of the whole of Marseille and of those of ``others``, communes of the basin.

    >>> wider_value(1)
    'valeur de Marseille entière, complétée par celle d’une autre commune'
    """
    start = "valeur de Marseille entière"
    if not others:
        return f"{start}, non déclinée par arrondissement"
    if others == 1:
        return f"{start}, complétée par celle d’une autre commune"
    return f"{start}, complétée par celles de {count_word(others)} autres communes"


def wider_area(names: Sequence[str], others: int) -> str:
    """Basins whose value is the one published for the whole of Marseille, with ``others`` communes in all.

    >>> wider_area(["Nord", "Sud"], 3)
    'Nord et Sud : valeur de Marseille entière, complétée par celles de trois autres communes.'
    """
    return f"{join_words(names)} : {wider_value(others)}."


def missing_index(dimensions: Sequence[str], status: FigureStatus) -> str:
    """Why a basin has no context index; ``dimensions`` are labels, ``status`` that of what they lack.

    >>> missing_index(["Familles"], FigureStatus.INSUFFICIENT_COVERAGE)
    'indice non calculé : dimension Familles insuffisamment couverte'
    """
    if not dimensions:
        return _NO_INDEX
    many = len(dimensions) > 1
    subject = f"dimension{'s' if many else ''} {join_words(dimensions)}"
    return f"{_NO_INDEX} : {subject} {_LACKS[status][many]}"


def typology_reason(reason: TypologyReason) -> str:
    """Why a basin has its type or has none; empty when nothing needs to be said."""
    return _REASONS[reason]


def index_title(names: Sequence[str], computed: int, total: int) -> str:
    """Title of the map of the index; ``names`` are those of the most exposed, fewer than four."""
    if not names:
        return NO_INDEX_TITLE
    verb = "ont" if computed > 1 else "a"
    return (
        f"Contexte le plus exposé : {join_words(names)} ; {out_of_basins(computed, total)} {verb} un indice"
    )


def index_tooltip(value: float, lower: int, upper: int, computed: int) -> tuple[str, str]:
    """The index of a basin and the ranks that it may hold."""
    return (
        f"indice {format_signed(value, 2)} (0 : moyenne des bassins)",
        f"{rank_span(lower, upper)} d’exposition sur {computed}, selon la façon de calculer",
    )


def index_sentence(lower: int, upper: int, computed: int, raising: Sequence[str]) -> str:
    """What follows the index in the panel; ``raising`` are the dimensions that raise it most, in words."""
    why = (
        f"Ce qui l’élève le plus : {join_words(raising)}."
        if raising
        else "Aucune dimension ne l’élève nettement au-dessus de la moyenne."
    )
    return f"d’indice de contexte : {rank_span(lower, upper)} d’exposition sur {computed}. {why}"


def index_class_labels(limits: Sequence[float]) -> tuple[str, ...]:
    """Legend of the index; both ends say which way is more exposed."""
    if not limits:
        return ("une seule valeur",)
    shown = [format_signed(v, 1 if abs(round(v, 1) - v) < 1e-9 else 2) for v in limits]
    middle = [f"{low} à {high}" for low, high in pairwise(shown)]
    return (f"moins de {shown[0]} : moins exposé", *middle, f"{shown[-1]} et plus : plus exposé")


def gap_title(notable: Sequence[str], computed: int) -> str:
    """Title of the map of the gap."""
    if not computed:
        return NO_GAP_TITLE
    if not notable:
        return NO_NOTABLE_TITLE
    return f"{join_words(notable)} : un écart notable à ce que le contexte laisse attendre"


def gap_known(computed: int, total: int) -> str:
    """How many basins have a gap."""
    return f"écart calculé pour {out_of_basins(computed, total)}"


def gap_absence(reason: str) -> str:
    """Why the chosen basin has no gap.

    >>> gap_absence("indice non calculé : dimension Familles sans objet")
    'écart non calculé, faute d’indice : dimension Familles sans objet.'
    """
    if reason == NO_GAP:
        return f"{NO_GAP}."
    if reason.startswith(_NO_INDEX):
        return f"{NO_GAP}, faute d’indice{reason.removeprefix(_NO_INDEX)}."
    return f"{NO_GAP} : {reason}."


def gap_word(is_notable: bool) -> str:
    """The verdict on a gap, in the middle of a sentence."""
    return "écart notable" if is_notable else "dans la dispersion habituelle"


def gap_verdict(is_notable: bool) -> str:
    """The verdict on a gap, as a sentence."""
    if is_notable:
        return "L’écart est notable : il sort de la dispersion habituelle."
    return "L’écart reste dans la dispersion habituelle."


def gap_tooltip(
    observed: float, expected: float, gap: float, is_notable: bool, unit: Indicator
) -> tuple[str, str]:
    """Observed, expected and their difference."""
    return (
        f"observé {format_value(observed, unit)}, attendu {format_value(expected, unit)}",
        f"écart {format_difference(gap, unit)} : {gap_word(is_notable)}",
    )


def gap_sentence(observed: float, expected: float, unit: Indicator) -> str:
    """What follows the difference in the panel."""
    return (
        f"entre l’observé ({format_value(observed, unit)}) et ce que le contexte laisse attendre "
        f"({format_value(expected, unit)})."
    )


def gap_class_labels(inner: float, outer: float) -> tuple[str, str, str, str, str]:
    """Legend of five classes symmetrical around zero; limits in points.

    >>> gap_class_labels(0.5, 1.5)[0]
    '1,5 point sous l’attendu ou plus'
    """
    decimals = next((d for d in range(5) if all(abs(round(v, d) - v) < 1e-9 for v in (inner, outer))), 4)
    low, high = format_number(inner, decimals), format_number(outer, decimals)
    narrow, wide = ("points" if v >= 2 else "point" for v in (inner, outer))
    return (
        f"{high} {wide} sous l’attendu ou plus",
        f"de {low} à {high} {wide} sous l’attendu",
        f"à moins de {low} {narrow} de l’attendu",
        f"de {low} à {high} {wide} au-dessus",
        f"{high} {wide} au-dessus ou plus",
    )


def chance_note(computed: int) -> str:
    """How many notable gaps chance alone would give among ``computed`` basins."""
    expected = int(round_half_away(ONE_IN_TWENTY * computed, 0))
    start = f"Sur {computed} bassins"
    if not expected:
        return f"{start}, un écart notable peut tenir au seul hasard."
    gaps = counted(expected, "écart notable", "écarts notables")
    return f"{start}, on attend environ {gaps} par le seul hasard."


def fit_sentence(r_squared: float) -> str:
    """How much of the differences goes with the context; an association, never a cause."""
    return f"Le contexte est associé à {format_share(r_squared)} des différences entre bassins."


def typology_title(exposed_and_affected: int, undetermined: int, total: int) -> str:
    """Title of the map of the typology."""
    if undetermined == total:
        return NO_TYPE_TITLE
    found = capitalise(counted(exposed_and_affected, "bassin exposé et touché", "bassins exposés et touchés"))
    if not undetermined:
        return f"{found} sur {total}"
    verb = "restent indéterminés" if undetermined > 1 else "reste indéterminé"
    return f"{found} ; {undetermined} sur {total} {verb}"


def typed_phrase(typed: int, total: int) -> str:
    """How many basins have a type."""
    return f"{out_of_basins(typed, total)} dans un type assuré"


def typology_sentence(typology: Typology, why: str) -> str:
    """What the panel asks of a type; an undetermined one says why."""
    if typology is Typology.UNDETERMINED:
        return f"{capitalise(why)}." if why else "Les chiffres ne permettent pas de trancher."
    return TYPOLOGY_QUESTIONS[typology.value]


def reported_title(reported: int, total: int) -> str:
    """Title of the map of cooperation: what is known, never who comes first.

    >>> reported_title(1, 28)
    '1 bassin sur 28 a renseigné au moins la moitié de ses liens'
    """
    verb, whose = ("ont", "leurs") if reported > 1 else ("a" if reported else "n’a", "ses")
    subject = capitalise(out_of_basins(reported, total))
    return f"{subject} {verb} renseigné au moins la moitié de {whose} liens"


def level_name(median_level: float | None) -> str:
    """A median level in words; between two levels it is said so.

    >>> level_name(2.0), level_name(2.5), level_name(None)
    ('coopèrent', 'entre coopèrent et se coordonnent', 'non renseigné')
    """
    if median_level is None:
        return NOT_REPORTED
    low = int(median_level)
    if median_level == low:
        return COOPERATION_LEVELS[low]
    return f"entre {COOPERATION_LEVELS[low]} et {COOPERATION_LEVELS[low + 1]}"


def differing_links(count: int) -> str:
    """How many links two structures describe differently: subjects for the meeting, never faults."""
    if not count:
        return "Les deux structures de chaque lien se décrivent de la même façon, à un niveau près."
    many = count > 1
    links = "liens sont décrits" if many else "lien est décrit"
    start = f"{capitalise(count_word(count))} {links} différemment par les deux structures"
    return f"{start} : à voir en réunion."


def cooperation_source(has_records: bool, has_demonstration: bool, *, has_real: bool = False) -> str:
    """Where the records of cooperation come from.

    >>> cooperation_source(True, True, has_real=True)
    'déclarée par des structures, en partie inventée pour la démonstration'
    """
    if not has_records:
        return "aucun enregistrement"
    if has_demonstration and has_real:
        return "déclarée par des structures, en partie inventée pour la démonstration"
    return (
        "données de démonstration, inventées"
        if has_demonstration
        else "déclarée par les structures des bassins"
    )


def priority_title(names: Sequence[str], compared: int) -> str:
    """Title of the map of the priorities; four names at most, the others counted."""
    if not compared:
        return "Priorités indéterminées : risque et coopération ne sont connus ensemble nulle part"
    if not names:
        return "Aucun bassin ne réunit risque élevé et coopération peu développée"
    others = len(names) - PRIORITIES_NAMED
    shown = [*names[:PRIORITIES_NAMED], *([counted(others, "autre", "autres")] if others > 0 else ())]
    return f"À discuter d’abord : {join_words(shown)}"


def priority_order(others: Sequence[str], region: str, *, has_interval: bool) -> str:
    """In which order the title names the basins, and those that it leaves out.

    >>> priority_order(["Nice", "Gap"], "17,9 %", has_interval=False)
    'Du plus au moins éloigné de la région (17,9 %). Puis : Nice et Gap.'
    """
    doubt = ", intervalle déduit" if has_interval else ""
    start = f"Du plus au moins éloigné de la région ({region}{doubt})."
    return f"{start} Puis : {join_words(list(others))}." if others else start


def placed_phrase(placed: int, total: int) -> str:
    """How many basins have both sides of a priority."""
    return f"{out_of_basins(placed, total)} avec risque et coopération connus"


def observed_beside_region(observed: str, region: str) -> str:
    """The side of a priority that is a figure, beside what it is compared with."""
    return f"Observé {observed}, région {region}."


def observed_and_level(observed: str, level: str) -> str:
    """The two sides of a priority."""
    return f"observé {observed} · coopération : {level}"
