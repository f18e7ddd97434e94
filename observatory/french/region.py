"""Words of the region view of the cooperation: its parts, what changed, the priorities, the framework."""

from __future__ import annotations

from observatory.domain.inventory import RecordKind
from observatory.french.numbers import format_number

PARTS = {
    "modalites": "Modalités",
    "liens": "Liens",
    "changements": "Depuis le dernier comité",
    "priorites": "Priorités",
    "cadre": "Cadre",
    "etats": "États figés",
    "exporter": "Exporter",
}
"""Parts of the region view, by the code that the address holds, in the order of its buttons."""

CHANGE_GROUPS = {
    "statuses": "États des modalités",
    "levels": "Niveaux des liens",
    "actions": "Actions",
    "diagnosis": "Diagnostic partagé",
    "resources": "Ressources",
    "replies": "Réponses des structures",
    "details": "Détail des modalités et des liens",
    "framework": "Cadre méthodologique",
}
"""What a change is about, in the order in which it is told."""

NATURES = {"reported": "renseigné", "changed": "modifié", "withdrawn": "retiré"}
ADDED = {
    RecordKind.RESOURCE: "Ressource ajoutée",
    RecordKind.ACTION: "Action ajoutée",
    RecordKind.REPLY: "Réponse ajoutée",
    RecordKind.DIAGNOSIS: "Texte écrit",
}
TAKEN_OFF = {
    RecordKind.RESOURCE: "Ressource retirée de la liste",
    RecordKind.ACTION: "Action retirée de la liste",
    RecordKind.REPLY: "Réponse retirée",
    RecordKind.DIAGNOSIS: "Texte retiré",
}
UNNAMED = {RecordKind.RESOURCE: "ressource sans nom", RecordKind.ACTION: "action sans texte"}
OFF_LIST, ON_LIST = "hors de la liste", "sur la liste"
NOW = "maintenant"
BRIEF = "Ce qui a changé dans chaque bassin, en mots, puis le nombre des autres réponses qui ont changé"
NO_CHANGE = "Rien n’a changé entre ces deux états."
NO_SNAPSHOT = (
    "Aucun état n’est encore figé. L’équipe régionale fige l’inventaire à chaque comité, sous "
    "« États figés » : ce qui change ensuite se lit ici."
)
CHANGES_CAUTION = (
    "Ce sont des réponses qui changent, pas un progrès mesuré : une réponse corrigée et une situation qui "
    "change se lisent ici de la même façon."
)

MORE_RIGHT = (
    "Le tableau continue à droite, jusqu’au dernier bassin de l’académie de Nice : faites-le défiler. →"
)
"""Shown where the screen is too narrow for 28 basins."""
MEDIAN_RULE = (
    "Niveau médian : sur les seules réponses connues, à partir de la moitié ; à côté, le nombre de réponses "
    "connues."
)
PAIR_RULE = "Deux niveaux par case : ce que la première structure dit de la seconde, puis l’inverse."
PAIR_SHORT = "Ce que la première dit de la seconde, puis l’inverse ; ? : non renseigné ; cadre : à discuter"

QUADRANTS = {
    "discuss_first": "Observé au-dessus de la région, niveau médian sous 3",
    "high_risk_strong": "Observé au-dessus de la région, niveau médian de 3 ou plus",
    "low_risk_weak": "Observé au plus égal à la région, niveau médian sous 3",
    "low_risk_strong": "Observé au plus égal à la région, niveau médian de 3 ou plus",
}
"""The rule of each quadrant, as it is computed."""
QUADRANT_QUESTIONS = {
    "discuss_first": "Par quels liens commencer ?",
    "high_risk_strong": "Qu’est-ce que les structures font déjà ensemble, et pour qui ?",
    "low_risk_weak": "Qu’est-ce qui tient sans lien déclaré ?",
    "low_risk_strong": "Quelles pratiques faire connaître ?",
}
BOUNDS = (
    "Bornes du niveau médian : si toutes les réponses inconnues étaient 0 (aucun lien), "
    "puis si toutes étaient 5."
)
MAY_CROSS = "des réponses manquent"
HOLDS = "reste de ce côté quelles que soient les réponses qui manquent"
NEAR_REGION = "l’observé, sans intervalle, est à moins d’un demi-point de la région"
TO_CONFIRM_RULE = (
    "À confirmer : les réponses qui manquent pourraient faire passer le niveau médian de l’autre côté "
    "de 3, ou l’observé n’a pas d’intervalle et tombe à moins d’un demi-point de la région."
)
TO_CONFIRM_SHORT = "Rayures : à confirmer, pourrait changer de situation"

FREEZE_NAME = "Nom de l’état, par exemple « Comité de pilotage du 3 décembre 2026 »"
FREEZE = "Figer l’état d’aujourd’hui"
FROZEN = "État figé : il ne changera plus."
ONLY_REGIONAL_TEAM = "L’équipe régionale fige les états. Tout le monde peut les lire et les comparer."
ONLY_REGIONAL_TEAM_WRITES = "Le cadre est écrit par l’équipe régionale. Tout le monde peut le lire."
EXPORT_NOTE = (
    "« Non renseigné » est écrit en toutes lettres, jamais zéro ; ce qui est inventé le dit sur sa ligne "
    "et en tête de chaque feuille."
)
NOT_WRITTEN = "pas encore écrit"
INVENTED = "démonstration"


def snapshot_label(name: str, day: str, *, is_invented: bool) -> str:
    """A frozen state in a list: its name, then the day and the mark that the name does not tell already.

    >>> snapshot_label("Comité", "18 juin 2026", is_invented=True)
    'Comité (18 juin 2026, démonstration)'
    >>> snapshot_label("Comité du 18 juin 2026 (démonstration)", "18 juin 2026", is_invented=True)
    'Comité du 18 juin 2026 (démonstration)'
    """
    told = [text for text in (day, INVENTED if is_invented else "") if text and text not in name]
    return f"{name} ({', '.join(told)})" if told else name


def changes_shown(shown: int, total: int) -> str:
    """How many changes are listed, out of how many.

    >>> changes_shown(1, 1), changes_shown(1, 12), changes_shown(0, 12)
    ('1 changement', '1 changement sur 12', '0 changement sur 12')
    """
    told = f"{format_number(shown)} changement{'s' if shown > 1 else ''}"
    return told if shown == total else f"{told} sur {format_number(total)}"
