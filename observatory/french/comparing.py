"""Sentences of the two pages that look at several basins: Comparer and Accueil.

Pure functions: names and texts of figures in, one sentence out. Nothing here says that a context *causes*
anything.
"""

from __future__ import annotations

from collections.abc import Sequence

from observatory.domain.indicators import Indicator
from observatory.domain.risk import Comparison
from observatory.french.numbers import (
    NNBSP,
    count_word,
    format_number,
    format_share,
    format_value,
    join_words,
)
from observatory.french.sentences import capitalise, of_name, rank_interval_phrase, why_no_interval
from observatory.french.texts import PHRASES

NBSP = "\u00a0"
VERDICTS = {
    Comparison.WORSE: ("▲", "plus exposé que la région"),
    Comparison.BETTER: ("▼", "moins exposé que la région"),
    Comparison.SIMILAR: ("=", "comparable à la région"),
    Comparison.NEUTRAL: ("", ""),
}
"""Sign and words of a comparison; without an interval there is neither."""

FUNNEL_TITLE = "La part du hasard"
FUNNEL_TERM = "Ce graphique « en entonnoir » est expliqué dans Méthode."
FUNNEL_OF_INDEX = "Part du hasard non calculable : un indice n’a pas d’effectifs."
NO_CAMPAIGN = "aucune campagne n’est encore chargée"


def funnel_impossible(indicator: Indicator) -> str:
    """Why there is no funnel plot: counts are lacking, or the figure is not a share."""
    return f"Part du hasard non calculable : {why_no_interval(indicator)}."


def no_rank_interval(indicator: Indicator) -> str:
    """Why ranks have no interval."""
    return f"Intervalle de rang non calculable : {why_no_interval(indicator)}."


def far_difference_title(label: str, low: tuple[str, str], high: tuple[str, str]) -> str:
    """The same for a projected screen, whose columns name the basins; a name is not broken in two.

    >>> far_difference_title("Réussite au brevet", ("Nice", "88 %"), ("Gap", "91 %"))
    'Réussite au brevet : de 88 % (Nice) à 91 % (Gap)'
    """
    return f"{label} : de {low[1]} ({unbroken(low[0])}) à {high[1]} ({unbroken(high[0])})"


def unbroken(name: str) -> str:
    """A name whose spaces do not break at the end of a line."""
    return name.replace(" ", NBSP)


def difference_title(names: Sequence[str], label: str, low: tuple[str, str], high: tuple[str, str]) -> str:
    """What sets the compared basins apart the most; ``low`` and ``high`` are (basin, value as text).

    >>> difference_title(["Nice", "Gap"], "Réussite au brevet", ("Nice", "88 %"), ("Gap", "91 %"))
    'Nice et Gap diffèrent surtout par « Réussite au brevet » : de 88 % (Nice) à 91 % (Gap)'
    """
    return (
        f"{join_words(list(names))} diffèrent surtout par « {label} » : "
        f"de {low[1]} ({unbroken(low[0])}) à {high[1]} ({unbroken(high[0])})"
    )


def no_difference_title(names: Sequence[str], compared: int) -> str:
    """Title when nothing sets the basins apart, or when nothing can be compared."""
    if compared == 0:
        return f"{join_words(list(names))} : aucun chiffre connu de tous, rien à comparer"
    return f"{join_words(list(names))} : aucune différence qui dépasse les intervalles"


def alone_title(name: str) -> str:
    """Title when a single basin is chosen."""
    return f"{name} : choisissez au moins un second bassin pour comparer"


def rank_sentence(name: str, lower: int, upper: int, count: int, top_five: float | None) -> str:
    """Where a basin may stand, never a bare rank.

    >>> rank_sentence("Avignon", 4, 12, 28, 0.31).replace(NNBSP, " ")
    'Avignon : entre 4e et 12e sur 28 (31 chances sur 100 d’être parmi les cinq plus élevés)'
    """
    start = f"{name} : {rank_interval_phrase(lower, upper)} sur {count}"
    if lower == upper:
        start = f"{start} au moins neuf fois sur dix"
    if top_five is None:
        return start
    return f"{start} ({chances(top_five)} d’être parmi les cinq plus élevés)"


def chances(probability: float) -> str:
    """A probability said aloud; certainty is never claimed from draws.

    >>> chances(0.31), chances(0.0), chances(1.0)
    ('31 chances sur 100', 'moins d’une chance sur 100', 'plus de 99 chances sur 100')
    """
    if probability < 0.01:
        return "moins d’une chance sur 100"
    if probability > 0.99:
        return "plus de 99 chances sur 100"
    hundredths = round(probability * 100)
    return f"{hundredths} chance{'s' if hundredths > 1 else ''} sur 100"


def funnel_sentence(outside: Sequence[str], count: int) -> str:
    """How many basins stand outside the 99.8 % limits, named while they are few."""
    limit = f"à 99,8{NNBSP}%"
    if not outside:
        return f"Aucun des {count} bassins ne sort des limites {limit}."
    verb = "sort" if len(outside) == 1 else "sortent"
    if len(outside) <= 4:
        return f"{join_words(list(outside))} {verb} des limites {limit}."
    return f"{format_number(len(outside))} bassins sur {count} {verb} des limites {limit}."


def overdispersion_sentence(phi: float) -> str:
    """Why the limits are wider than chance alone would have them; empty when they are not."""
    if phi <= 1:
        return ""
    return (
        "Les bassins diffèrent plus que le hasard seul ne le ferait : les limites en tiennent compte ; "
        "en pointillé, celles du hasard seul."
    )


def observed_sentence(
    indicator: Indicator, year: int, region: float | None, highest: Sequence[tuple[str, float]]
) -> str:
    """The observed level and where it is highest; ``highest`` holds (basin, value), highest first."""
    phrase = PHRASES.get(indicator.code)
    if region is None and not highest:
        return f"{indicator.label} : aucun chiffre ne peut être montré."
    if region is None:
        level = f"{indicator.label}, {year} : la valeur régionale n’est pas transmise"
    elif phrase:
        level = f"En {year}, {format_value(region, indicator)} {phrase} dans la région"
    else:
        level = f"{indicator.label} : {format_value(region, indicator)} dans la région en {year}"
    if not highest:
        return f"{level} ; aucun bassin ne se détache."
    texts = [format_value(value, indicator) for _, value in highest]
    values = texts[0] if len(set(texts)) == 1 else join_words(texts)
    where = join_words([of_name(name) for name, _ in highest])
    whom = "le bassin" if len(highest) == 1 else "les bassins"
    return f"{level} ; la part est la plus élevée dans {whom} {where} ({values})."


def association_sentence(
    count: int, r_squared: float | None, slope: float | None, notable: Sequence[tuple[str, float]]
) -> str:
    """What context is associated with, and who departs from it; ``notable`` holds (basin, gap)."""
    if count == 0 or r_squared is None or slope is None:
        return (
            "Le contexte et l’observé ne peuvent pas être rapprochés : "
            "trop peu de bassins ont les deux chiffres."
        )
    where = f"les {count_word(count)} bassins où l’on connaît les deux"
    if slope <= 0 or r_squared < 0.1:
        start = f"Un contexte plus exposé n’est pas nettement associé à une part plus élevée parmi {where}"
    else:
        start = (
            f"Un contexte plus exposé est associé à une part plus élevée : {format_share(r_squared)} des "
            f"différences entre {where} vont avec lui"
        )
    if not notable:
        return f"{start}. Aucun bassin ne s’écarte notablement de ce que son contexte laisse attendre."
    above = [name for name, gap in notable if gap > 0]
    below = [name for name, gap in notable if gap <= 0]
    parts = [
        f"{join_words(names)} {'est' if len(names) == 1 else 'sont'} notablement {side} de l’attendu"
        for names, side in ((above, "au-dessus"), (below, "au-dessous"))
        if names
    ]
    return f"{start}. {' ; '.join(parts)}."


def unknown_sentence(unresolved: Sequence[str], hidden: int, without_index: int, has_intervals: bool) -> str:
    """What is not known, in one sentence.

    ``unresolved``: basins that only have the value of a larger area; ``hidden``: basins whose observed figure
    is suppressed or missing; ``without_index``: basins without a context index.
    """
    parts = []
    if unresolved:
        verb = "n’a" if len(unresolved) == 1 else "n’ont"
        parts.append(
            f"{join_words(list(unresolved))} {verb} que la valeur d’une zone plus large, la ville entière"
        )
    if hidden:
        verb = "manque" if hidden == 1 else "manquent"
        subject = (
            "le chiffre observé d’un bassin" if hidden == 1 else f"les chiffres observés de {hidden} bassins"
        )
        parts.append(f"{subject} {verb}")
    if without_index:
        whom = "un bassin" if without_index == 1 else f"{count_word(without_index)} bassins"
        verb = "n’a" if without_index == 1 else "n’ont"
        parts.append(f"{whom} {verb} pas d’indice de contexte, faute d’un chiffre sûr")
    if not has_intervals:
        parts.append("les effectifs n’étant pas diffusés, aucun intervalle d’incertitude n’est calculable")
    if not parts:
        return "Tous les bassins ont une valeur propre, un indice de contexte et un intervalle."
    return f"{capitalise(' ; '.join(parts))}."


def version_sentence(version_id: int, at: str, previous_at: str | None, changed: int | None) -> str:
    """What this version of the data brings since the previous one; ``changed`` counts figures."""
    start = f"Version {version_id} des données, du {at}"
    if previous_at is None or changed is None:
        return f"{start} : premier chargement, rien à comparer encore."
    if changed == 0:
        return f"{start} : aucun chiffre n’a changé depuis la version du {previous_at}."
    plural = "s" if changed > 1 else ""
    verb = "ont" if changed > 1 else "a"
    count = format_number(changed)
    return f"{start} : {count} chiffre{plural} {verb} changé depuis la version du {previous_at}."
