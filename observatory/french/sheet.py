"""What the sheet of a basin says. Pure functions: numbers and names in, one sentence out."""

from __future__ import annotations

from collections.abc import Sequence

from observatory.domain.indicators import Indicator
from observatory.french.numbers import (
    format_difference,
    format_number,
    format_signed,
    format_value,
    join_words,
)
from observatory.french.readings import gap_word
from observatory.french.sentences import of_name, rank_span

NO_FUNNEL = (
    "Aucune campagne n’est encore chargée : sortants signalés, retrouvés, suivis et sans solution "
    "restent à venir."
)
OUT_OF_EVERYTHING = "Hors classement, écart et typologie."
OF_MARSEILLE = "série d’après Marseille entière"
NO_INTERVAL_SHORT = "sans intervalle"


def identity(
    academie: str, inhabitants: int, communes: int, arrondissements: int, departements: Sequence[str]
) -> str:
    """Where the basin is and how large it is; only what it has is named."""
    units = [
        f"{count} {name}{'s' if count > 1 else ''}"
        for count, name in ((communes, "commune"), (arrondissements, "arrondissement"))
        if count
    ]
    where = f"département{'s' if len(departements) > 1 else ''} {join_words(departements)}"
    return (
        f"Académie {of_name(academie)} · {format_number(inhabitants)} habitants · "
        f"{join_words(units) or '0 commune'} · {where}"
    )


def limits(uncertain: int) -> str:
    """How sure the limits are; ``uncertain`` communes might belong to a neighbour.

    >>> limits(1)
    'Limites reconstituées, non officielles ; 1 commune au rattachement incertain.'
    """
    start = "Limites reconstituées, non officielles"
    if not uncertain:
        return f"{start}."
    return f"{start} ; {uncertain} commune{'s' if uncertain > 1 else ''} au rattachement incertain."


def observed_line(position: str) -> str:
    """Where the observed rupture stands, or why it stands nowhere."""
    return f"Rupture observée : {position}."


def context_line(lower: int, upper: int, computed: int) -> str:
    """Ranks that the context may hold among the basins whose index is computed."""
    ranks = rank_span(lower, upper)
    return f"Contexte : {ranks} d’exposition, sur {computed} bassins dont l’indice est calculé."


def missing_context(reason: str) -> str:
    """Why there is no index, where the index was expected."""
    return f"Contexte : {reason}."


def gap_line(expected: float, gap: float, is_notable: bool, unit: Indicator) -> str:
    """What the context leads one to expect, and the verdict."""
    verdict = "un écart notable" if is_notable else gap_word(is_notable)
    return (
        f"Le contexte laisse attendre {format_value(expected, unit)} : écart de "
        f"{format_difference(gap, unit)}, {verdict}."
    )


def context_note(value: float) -> str:
    """How to read the index; an association, never a cause."""
    return (
        f"Indice {format_signed(value, 2)} (0 : moyenne des bassins ; plus haut : plus exposé). "
        "Associé à la rupture, sans en dire la cause."
    )


def comparable_title(outcome: Indicator) -> str:
    """Names what the numbers beside the nearest basins are."""
    return f"Bassins au contexte le plus proche, et leur part de {lower_first(outcome.label)}"


def comparable_note(known: Sequence[str], *, is_whole: bool, is_same: bool = True) -> str:
    """On what two contexts were found near: the dimensions ``known`` of the basin; ``is_whole``: all of them.

    ``is_same`` is false when a basin that is named lacks one of them: each pair has its own.

    >>> comparable_note(["Revenus"], is_whole=False)
    'Le plus proche d’abord, d’après les seules dimensions connues (Revenus), sans le chiffre observé.'
    """
    if not is_same:
        where = "les dimensions du contexte connues des deux bassins"
    elif is_whole:
        where = "toutes les dimensions du contexte"
    else:
        where = f"les seules dimensions connues ({join_words(list(known))})"
    return f"Le plus proche d’abord, d’après {where}, sans le chiffre observé."


def lower_first(text: str) -> str:
    """First letter in small, for the middle of a sentence."""
    return text[:1].lower() + text[1:]


def subject(indicator: Indicator, year: int) -> str:
    """What a large figure is, and of when."""
    return f"{indicator.label}, {year}"


def far_source(producers: Sequence[tuple[str, Sequence[str]]]) -> str:
    """The one line of source of a projected sheet: producers with their years, then the limits."""
    if not producers:
        return "Source : aucune donnée."
    named = " ; ".join(f"{producer} ({', '.join(years)})" for producer, years in producers)
    return f"Source{'s' if len(producers) > 1 else ''} : {named}. Limites reconstituées, non officielles."


def access(distance: str, region: str | None) -> str:
    """Mean distance to the nearest services, beside the region."""
    start = f"À vol d’oiseau, {distance} en moyenne jusqu’au plus proche lycée, CIO et mission locale"
    return f"{start} (région : {region})." if region else f"{start}."
