"""Words on the screen: labels of closed lists, short explanations, phrases of the indicators."""

from __future__ import annotations

from observatory.domain.figures import FigureNote, FigureStatus, split_notes

APP_TITLE = "Observatoire des ruptures"
REGION_NAME = "Provence-Alpes-Côte d’Azur"
RECONSTRUCTED = "Contours IGN · limites de bassins reconstituées, non officielles"
NOTICE_ON_MAP = "Limites de bassins reconstituées, non officielles (contours IGN) : voir leur fiabilité"
NOTICE_BACK = "Revenir aux couleurs de la lecture"
DEMONSTRATION_BANNER = (
    "**Données de démonstration** : l’inventaire de la coopération affiché est inventé. "
    "Les chiffres publics (recensement, Filosofi, DEPP, Cnaf) sont réels."
)
DEMONSTRATION_PART = (
    "**Données de démonstration** : l’inventaire de la coopération affiché est en partie inventé, en partie "
    "saisi. Les chiffres publics (recensement, Filosofi, DEPP, Cnaf) sont réels."
)
DEMONSTRATION_PART_SHORT = (
    "**Données de démonstration** : l’inventaire de la coopération est en partie inventé, en partie saisi."
)
DEMONSTRATION_SHORT = "**Données de démonstration** : l’inventaire de la coopération est inventé."
NO_INTERVAL = "intervalle non calculable : effectifs non diffusés"

READING_LABELS = {
    "contexte": "Contexte",
    "observe": "Observé",
    "ecart": "Écart",
    "typologie": "Typologie",
    "cooperation": "Coopération",
    "priorites": "Priorités",
}
INDEX_LABEL = "Indice de contexte (7 indicateurs)"

STATUS_LABELS = {
    FigureStatus.SUPPRESSED: "secret statistique",
    FigureStatus.MISSING: "non transmis",
    FigureStatus.NOT_APPLICABLE: "sans objet",
    FigureStatus.UNRESOLVED: "zone plus large",
    FigureStatus.INSUFFICIENT_COVERAGE: "couverture insuffisante",
}
NOTE_LABELS = {
    FigureNote.COMMUNAL_VALUE_NOT_SPLIT: (
        "repose sur la valeur de Marseille entière, non déclinée par arrondissement"
    ),
    FigureNote.SERIES_BREAK_2021: "série rompue en 2021 : ne pas comparer avec les années antérieures",
    FigureNote.MEAN_OF_MEDIANS: "moyenne des médianes communales, et non médiane du bassin",
    FigureNote.UNDER_PRODUCER_THRESHOLD: "cellules sous le seuil de diffusion du producteur laissées de côté",
    FigureNote.RECONSTITUTED_COUNT: "effectifs reconstitués à partir de taux arrondis",
    FigureNote.OFFICIAL_AREA_VALUE: "valeur publiée par le producteur pour ce territoire",
    FigureNote.SUPPRESSED: "secret statistique",
    FigureNote.NOT_APPLICABLE: "sans objet",
}
PHRASES = {
    "neet_rate": "des 15-24 ans ne sont ni en études ni en emploi",
    "leaver_without_solution_rate": "des inscrits de 16 ans et plus sont sortis sans diplôme ni solution",
    "unknown_rate": "des jeunes signalés sont dans une situation inconnue",
    "followed_share": "des décrocheurs sont suivis",
    "contract_broken_rate": "des contrats d’apprentissage sont rompus",
    "not_affected_rate": "des élèves qui ont demandé une place n’en ont pas reçu",
    "vocational_share": "des lycéens sont en voie professionnelle",
    "single_parent_share": "des allocataires des Caf sont des parents seuls",
    "dnb_success_rate": "des candidats de la série générale obtiennent le brevet",
    "college_access_rate": "des élèves de 6e atteignent la 3e dans leur collège",
}
SERVICE_LABELS = {"lycee": "Lycées", "cio": "CIO", "mission_locale": "Missions locales"}
SERVICE_ONE = {"lycee": "Lycée", "cio": "CIO", "mission_locale": "Mission locale"}
CONFIDENCE_LABELS = {
    "high": "rattachement solide",
    "medium": "rattachement probable",
    "low": "rattachement incertain",
}
METHOD_LABELS = {
    "official_majority": "bassin officiel de la majorité de ses établissements",
    "nearest_school": "bassin officiel de l’établissement le plus proche du département",
}
TYPOLOGY_LABELS = {
    "exposed_and_affected": "exposé et touché",
    "exposed_but_preserved": "exposé mais préservé",
    "preserved_but_affected": "préservé mais touché",
    "little_exposed_little_affected": "peu exposé, peu touché",
    "undetermined": "indéterminé",
}
TYPOLOGY_QUESTIONS = {
    "exposed_and_affected": "Contexte difficile et rupture fréquente : où concentrer l’effort commun ?",
    "exposed_but_preserved": "Que font-ils bien ? Une pratique à faire connaître aux autres bassins.",
    "preserved_but_affected": "Qu’est-ce qui nous échappe ? Le contexte n’annonçait pas ce niveau.",
    "little_exposed_little_affected": "Contexte et observé sont tous deux favorables.",
    "undetermined": "Les intervalles ne permettent pas de trancher.",
}
COOPERATION_LEVELS = (
    "aucun lien",
    "se connaissent",
    "coopèrent",
    "se coordonnent",
    "décident ensemble",
    "agissent d’un seul tenant",
)
PRIORITY_LABELS = {
    "discuss_first": "risque élevé, peu de coopération",
    "high_risk_strong": "risque élevé, coopération établie",
    "low_risk_weak": "risque modéré, peu de coopération",
    "low_risk_strong": "risque modéré, coopération établie",
    "undetermined": "indéterminé",
}


def note_labels(note: str) -> tuple[str, ...]:
    """Notes of a figure in words.

    >>> note_labels("mean_of_medians")
    ('moyenne des médianes communales, et non médiane du bassin',)
    """
    return tuple(NOTE_LABELS[n] for n in split_notes(note))
