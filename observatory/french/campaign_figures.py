"""What the pages say of a campaign's figures: indicators, the path of the young people, its unknowns.

Pure functions: numbers in, words out. A number that is hidden or absent comes as None and is said to be so.
"""

from __future__ import annotations

from datetime import date

from observatory.domain.campaign import Breakdown, Edition, Measure
from observatory.french.numbers import (
    NNBSP,
    count_word,
    format_date,
    format_number,
    format_share,
)
from observatory.french.sentences import capitalise

EDITIONS = {Edition.PROVISIONAL: "provisoire", Edition.DEFINITIVE: "définitive"}
BANNER = "**Données de démonstration** : la campagne et ses chiffres par bassin sont inventés."
BANNER_WITH_INVENTORY = (
    "**Données de démonstration** : la campagne et l’inventaire de la coopération sont inventés ; "
    "les autres chiffres sont réels."
)
BANNER_WITH_INVENTORY_SHORT = "**Données de démonstration** : campagne et inventaire sont inventés."
BANNER_WITH_PART = (
    "**Données de démonstration** : la campagne est inventée, l’inventaire de la coopération l’est en "
    "partie ; les autres chiffres sont réels."
)
BANNER_WITH_PART_SHORT = "**Données de démonstration** : campagne inventée, inventaire inventé en partie."
NOT_PUBLISHED = "Aucune campagne n’a encore été publiée."
TITLE = "Parcours des jeunes sortis sans diplôme"
SMALL = "petit effectif : ni rang ni couleur"
HIDDEN_ALL = "Les chiffres de cette campagne relèvent du secret statistique pour ce territoire."
MARK = "démonstration"
REAL_BUT_CAMPAIGN = "Données réelles, sauf la campagne, inventée"

MEASURES = {
    Measure.ENROLLED: "Inscrits de 16 ans et plus à la campagne précédente",
    Measure.SIGNALLED: "Sortis sans diplôme, signalés",
    Measure.FOUND_IN_TRAINING: "Retrouvés en formation",
    Measure.DROPOUT: "Décrocheurs",
    Measure.UNKNOWN: "Situation inconnue",
    Measure.FOLLOWED: "Suivis (mission locale, MLDS)",
    Measure.WITHOUT_SOLUTION: "Sans solution",
    Measure.CONTRACT: "Contrats d’apprentissage",
    Measure.CONTRACT_BROKEN: "Contrats d’apprentissage rompus",
    Measure.ASKED_PLACE: "Ont demandé une place",
    Measure.NOT_AFFECTED: "Sans affectation",
    Measure.LEAVER_WITHOUT_SOLUTION_RATE: "Sortants sans diplôme ni solution",
    Measure.UNKNOWN_RATE: "Signalés dont la situation est inconnue",
    Measure.FOLLOWED_SHARE: "Décrocheurs suivis",
    Measure.CONTRACT_BROKEN_RATE: "Contrats d’apprentissage rompus",
    Measure.NOT_AFFECTED_RATE: "Demandes restées sans affectation",
    Measure.RECEPTION_DELAY_DAYS: "Délai médian jusqu’au premier accueil",
}
"""Counts in the words of the funnel; rates as indicators."""
DELAY = "Délai médian d’accueil"
COLUMNS = {
    Measure.SIGNALLED: "Signalés",
    Measure.FOUND_IN_TRAINING: "En formation",
    Measure.UNKNOWN: "Inconnus",
    Measure.DROPOUT: "Décrocheurs",
    Measure.WITHOUT_SOLUTION: "Sans solution",
}
"""Heads of the columns of a table of groups."""
SHORT = {
    Measure.LEAVER_WITHOUT_SOLUTION_RATE: "Sortants sans solution",
    Measure.UNKNOWN_RATE: "Situations inconnues",
    Measure.FOLLOWED_SHARE: "Décrocheurs suivis",
    Measure.CONTRACT_BROKEN_RATE: "Contrats rompus",
    Measure.NOT_AFFECTED_RATE: "Sans affectation",
}
DEFINITIONS = {
    Measure.LEAVER_WITHOUT_SOLUTION_RATE: (
        "Jeunes de 16 ans et plus sortis d’un cycle de formation initiale sans baccalauréat ni diplôme "
        "professionnel, inscrits nulle part et suivis par personne, rapportés aux inscrits du bassin."
    ),
    Measure.UNKNOWN_RATE: (
        "Part des jeunes signalés dont aucune des cinq bases ne dit ce qu’ils sont devenus. Se lit à côté de "
        "chaque taux : peu de décrocheurs avec beaucoup d’inconnus n’est pas un bon résultat."
    ),
    Measure.FOLLOWED_SHARE: (
        "Part des décrocheurs qu’une mission locale ou la mission de lutte contre le décrochage accompagne."
    ),
    Measure.CONTRACT_BROKEN_RATE: "Part des contrats d’apprentissage rompus avant leur terme.",
    Measure.NOT_AFFECTED_RATE: "Part des élèves qui ont demandé une place et n’en ont reçu aucune.",
}
WEIGHT = "Aucun : comptage des cinq bases rapprochées, au bassin de résidence."
LEVEL = "personne, comptée au bassin puis protégée"
CAVEATS = (
    "Les effectifs de 1 à 4 sont cachés, ainsi que ceux qui permettraient de les retrouver ; un taux demande "
    "un effectif d’au moins 20.",
    "L’intervalle tient compte du hasard et des liens manqués entre les bases.",
    "L’édition définitive suit la provisoire, une fois les remontées tardives arrivées ; on garde les deux.",
)
CAVEAT_DEMONSTRATION = (
    "Campagne de démonstration : les personnes et les extraits sont inventés. La carte s’ouvre donc sur le "
    "recensement, et la campagne se lit à côté."
)
CAVEAT_OUTCOME = (
    "L’écart à l’attendu, la typologie et les priorités reposent sur le recensement, non sur la campagne."
)
CATEGORIES = {
    (Breakdown.SEX, "F"): "Filles",
    (Breakdown.SEX, "M"): "Garçons",
    (Breakdown.AGE_BAND, "16_17"): "16-17 ans",
    (Breakdown.AGE_BAND, "18_20"): "18-20 ans",
    (Breakdown.AGE_BAND, "21_25"): "21-25 ans",
    (Breakdown.ORIGIN, "college"): "Collège",
    (Breakdown.ORIGIN, "lgt"): "Lycée général et technologique",
    (Breakdown.ORIGIN, "lp"): "Lycée professionnel",
    (Breakdown.ORIGIN, "cfa"): "CFA",
    (Breakdown.ORIGIN, "agricultural"): "Enseignement agricole",
}
BREAKDOWNS = {Breakdown.SEX: "Sexe", Breakdown.AGE_BAND: "Âge", Breakdown.ORIGIN: "Origine"}
ASSUMPTIONS = {
    "apart": "comptés à part",
    "all": "tous sans solution",
    "none": "aucun sans solution",
}
"""What the switch supposes of the young people whose situation is unknown."""
ASSUMPTION_QUESTION = "Et si les inconnus étaient…"


def campaign_name(campaign_code: str) -> str:
    """``campagne de novembre 2026``, inside a sentence.

    >>> campaign_name("2026-11"), campaign_name("2027-04")
    ('campagne de novembre 2026', 'campagne d’avril 2027')
    """
    year, month = campaign_code.split("-")
    name = format_date(date(int(year), int(month), 2)).split(" ", 1)[1]
    return f"campagne {'d’' if name[0] in 'ao' else 'de '}{name}"


def campaign_title(campaign_code: str, edition: Edition, *, is_demonstration: bool = False) -> str:
    """Name with its edition, as a heading: ``Campagne de novembre 2026, provisoire``."""
    mark = f" ({MARK})" if is_demonstration else ""
    return f"{capitalise(campaign_name(campaign_code))}, {EDITIONS[edition]}{mark}"


def as_of(reference_on: date) -> str:
    """The day of the situations that are counted."""
    return f"situation au {format_date(reference_on)}"


def source_words(campaign_code: str, edition: Edition, *, is_demonstration: bool) -> str:
    """The line of source of a campaign's figure."""
    title = campaign_title(campaign_code, edition)
    return f"{title}, croisement des cinq bases{' ; données inventées' if is_demonstration else ''}"


def days(value: float) -> str:
    """A delay in days.

    >>> days(1), days(74)
    ('1 jour', '74 jours')
    """
    return f"{format_number(value)} jour{'s' if value >= 2 else ''}"


def _young(count: float) -> str:
    return f"{format_number(count)} jeune{'s' if count >= 2 else ''}"


def path_sentence(
    signalled: float | None,
    found: float | None,
    dropout: float | None,
    unknown: float | None,
    followed: float | None,
    without: float | None,
) -> str:
    """The path of the young people in one or two sentences; what is hidden is said to be so.

    >>> path_sentence(10, 4, 4, 2, 3, 1).replace("\\u202f", " ")
    '10 jeunes signalés comme sortis sans diplôme : 4 retrouvés en formation, 4 décrocheurs et 2 dont la \
situation est inconnue (20 %). Parmi les décrocheurs, 3 sont suivis et 1 est sans solution.'
    """
    if signalled is None:
        return "Le nombre de jeunes signalés comme sortis sans diplôme n’est pas diffusé."
    are = "signalés comme sortis" if signalled >= 2 else "signalé comme sorti"
    if found is None or dropout is None or unknown is None:
        first = (
            f"{_young(signalled)} {are} sans diplôme ; ce qu’ils sont devenus n’est pas entièrement diffusé"
        )
    else:
        share = f" ({format_share(unknown / signalled)})" if signalled and unknown else ""
        first = (
            f"{_young(signalled)} {are} sans diplôme : {format_number(found)} "
            f"retrouvé{'s' if found >= 2 else ''} en formation, {format_number(dropout)} "
            f"décrocheur{'s' if dropout >= 2 else ''} et {format_number(unknown)} dont la situation est "
            f"inconnue{share}"
        )
    if followed is None or without is None:
        return f"{first}."
    return (
        f"{first}. Parmi les décrocheurs, {format_number(followed)} "
        f"{'sont suivis' if followed >= 2 else 'est suivi'} et {format_number(without)} "
        f"{'sont' if without >= 2 else 'est'} sans solution."
    )


def rate_sentence(rate: float | None, interval: tuple[float, float] | None, state: str) -> str:
    """The rate with its interval, or the state that stands in its place."""
    if rate is None:
        return f"Part des inscrits sans diplôme ni solution : {state}."
    bounds = f" ({interval_words(*interval)})" if interval else ""
    return f"Sans diplôme ni solution : {format_share(rate, 1)} des inscrits de 16 ans et plus{bounds}."


def interval_words(lower: float, upper: float) -> str:
    """``de 1,0 à 1,4 %``."""
    return f"de {format_number(lower * 100, 1)} à {format_share(upper, 1)}"


def bounds_sentence(bounds: tuple[float, float] | None, unknown_rate: float | None) -> str:
    """What the unknowns could change; said beside every rate."""
    unknown = "" if unknown_rate is None else f"{format_share(unknown_rate)} des signalés sont inconnus"
    if bounds is None:
        start = unknown or "La part des inconnus n’est pas diffusée"
        return f"{start} ; ce qu’ils changeraient au taux n’est pas calculable."
    low, high = (format_share(bound, 1) for bound in bounds)
    start = f"{unknown} : le" if unknown else "Le"
    return f"{start} taux irait de {low} si aucun n’était sans solution à {high} si tous l’étaient."


def returned_headline(count: int, total: int) -> str:
    """``26 bassins sur 28``."""
    return f"{count} bassin{'s' if count > 1 else ''} sur {total}"


def returned_text(title: str, when: str, hidden: int, missing: int) -> str:
    """Which campaign, of what day, and why the other basins have no rate."""
    why = []
    if hidden:
        why.append(f"{count_word(hidden)} sous le secret statistique")
    if missing:
        why.append(f"{count_word(missing)} non transmis")
    rest = f" Sans taux : {' et '.join(why)}." if why else ""
    return f"Avec un taux publié. {title}, {when}.{rest}"


def region_is_partial(missing: int) -> str:
    """When basins have not returned, the regional total is that of the others."""
    if not missing:
        return ""
    one = missing == 1
    subject = "un bassin n’est pas remonté" if one else f"{count_word(missing)} bassins ne sont pas remontés"
    return f"Total de la région incomplet : {subject}."


def lead_line(campaign_code: str, edition: Edition, rate: str, doubt: str, unknown: str) -> str:
    """The campaign in one line of the sheet.

    >>> lead_line("2026-11", Edition.PROVISIONAL, "2 %", "de 1 à 3 %", "inconnus : 19 %")
    'Campagne de novembre 2026, provisoire. Sans diplôme ni solution : 2 % (de 1 à 3 %) ; inconnus : 19 %.'
    """
    name = capitalise(campaign_name(campaign_code))
    told = f"{rate} ({doubt})" if doubt else rate
    return f"{name}, {EDITIONS[edition]}. Sans diplôme ni solution : {told} ; {unknown}."


def unknown_words(rate: float | None, state: str = "") -> str:
    """The share of unknowns, beside a rate; ``state`` when it is not told."""
    return f"inconnus : {state or 'non diffusés'}" if rate is None else f"inconnus : {format_share(rate)}"


def share_of(part: float, whole: float, whole_words: str) -> str:
    """``41 % des signalés``."""
    return f"{format_share(part / whole)} {whole_words}"


def level_words() -> str:
    """The level of the intervals."""
    return f"intervalle à 95{NNBSP}%"
