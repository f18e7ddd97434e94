"""Words of the files of the inventory: the template of a basin, the workbook of the region, the framework."""

from __future__ import annotations

from observatory.domain.inventory import RecordKind

TEMPLATE_SHEETS = {
    RecordKind.RATING: "Liens",
    RecordKind.MODALITY: "Modalités",
    RecordKind.RESOURCE: "Ressources",
    RecordKind.ACTION: "Actions",
    RecordKind.DIAGNOSIS: "Diagnostic",
}
"""Sheets to fill of the template, in their order."""

REPLY_SHEET = "Réponses"
FRAMEWORK_SHEET = "Cadre"
HOW_TO_SHEET = "Mode d’emploi"
READ_ME_SHEET = "Lisez-moi"

LABEL_COLUMNS = {
    RecordKind.RATING: ("Selon", "À propos de"),
    RecordKind.MODALITY: ("Modalité",),
    RecordKind.RESOURCE: (),
    RecordKind.ACTION: (),
    RecordKind.DIAGNOSIS: ("Partie",),
}
"""Columns that say what a row is about, before those to fill."""

DEMONSTRATION_COLUMN = "Démonstration"
INVENTED = "inventé"
NO_DEMONSTRATION = "non"
DEMONSTRATION = "oui"
BANNER = "Données de démonstration : tout ou partie de l’inventaire de la coopération est inventé."
LAYER_BANNER = (
    "Données de démonstration : les bassins marqués « oui » dans la colonne « Démonstration » ont des "
    "réponses inventées."
)
DECLARED = (
    "Inventaire de la coopération déclaré par les structures de chaque bassin : des réponses, pas des "
    "mesures ; elles ne sont pas vérifiées."
)
TEMPLATE_BANNER = (
    "Données de démonstration : les cellules en italique sur fond jaune sont inventées. Laissées telles "
    "quelles, elles ne seront pas importées. Une ressource ou une action inventée ne se modifie pas : "
    "écrivez la vôtre sur une ligne libre."
)
TEMPLATE_LINE = "Les cellules blanches se remplissent ; une cellule vide veut dire « non renseigné »."

HOW_TO = (
    "Remplissez les cellules blanches des feuilles Liens, Modalités, Ressources, Actions et Diagnostic, "
    "puis importez ce fichier dans la page Coopération du bassin.",
    "Une cellule vide veut dire « non renseigné » : ni « pas fait », ni zéro. Vider une cellule remplie "
    "efface la réponse ; l’historique garde l’ancienne.",
    "Choisissez dans les listes ; écrivez les dates sous la forme 23/11/2026 ; collez des valeurs, "
    "jamais de formules.",
    "Ne déplacez ni lignes ni colonnes. Pour retirer une ressource ou une action, écrivez « oui » dans la "
    "colonne « Retirée » ; pour en ajouter, remplissez une ligne libre.",
    "Donnez le contact d’un service (accueil, adresse électronique générique), jamais celui d’une personne, "
    "et n’écrivez rien sur un jeune.",
    "Les pièces jointes s’ajoutent dans la page, pas dans ce fichier.",
    "À l’import, tout passe ou rien ne passe : chaque erreur est dite avec sa feuille, sa ligne "
    "et sa colonne.",
    "Seules les cellules que vous avez changées sont importées. Ce qu’un collègue a changé depuis n’est "
    "jamais écrasé : les deux valeurs vous sont montrées dans la page, et vous choisissez.",
)
SCALE_TITLE = "L’échelle des liens"
STATUS_TITLE = "Les états d’une modalité"
CONFLICT_TITLE = "En attente d’un choix entre deux valeurs au moment de l’export"
ANSWER_IN_LIST = "Choisissez dans la liste, ou laissez vide."
ANSWER_DATE = "Écrivez une date, par exemple 23/11/2026, ou laissez vide."
ANSWER_LENGTH = "{longest} caractères au plus."
ANSWER_TITLE = "Réponse impossible"

READ_ME = (
    "« non renseigné » : personne n’a répondu, on ne sait pas. Ce n’est ni « pas fait », ni le niveau 0 "
    "(« aucun lien »), qui sont des réponses.",
    "Un lien va de la structure qui parle à celle dont elle parle : chaque paire se lit dans les deux sens.",
    "C’est un inventaire : ni points, ni classement des bassins.",
)
PROPOSED_BY = "{name} propose « {proposed} »"

FRAMEWORK_TITLE = "Cadre méthodologique de la coopération"
FRAMEWORK_PLACE = "Provence-Alpes-Côte d’Azur, académies d’Aix-Marseille et de Nice"
FRAMEWORK_BANNER = (
    "Données de démonstration : tout ou partie de l’inventaire dont ce cadre est tiré est inventé. "
    "Ce document n’est pas à diffuser."
)
FRAMEWORK_INTRODUCTION = (
    "Pour chaque modalité de coopération de la convention, ce document met côte à côte ce que montre "
    "l’inventaire des bassins et ce que propose l’équipe régionale. « Non renseigné » veut dire que personne "
    "n’a répondu : ce n’est pas « pas fait ». Les bassins sont dans l’ordre du territoire, sans classement."
)
FRAMEWORK_SUMMARY = "Vue d’ensemble"
FRAMEWORK_COLUMNS = (
    "Modalité",
    "Fait",
    "Partiel",
    "Programmé",
    "Pas fait",
    "Sans objet",
    "Non renseigné",
    "Pratique proposée",
)
"""Columns of the summary: the six states count every basin once."""
FRAMEWORK_EVIDENCE = "Ce que montre l’inventaire"
FRAMEWORK_PROPOSAL = "Ce que propose l’équipe régionale"
FRAMEWORK_NOWHERE = "en place dans aucun bassin qui a répondu"
FRAMEWORK_SOURCE = (
    "Source : inventaire de la coopération, déclarations des structures des bassins. "
    "Observatoire des ruptures."
)
NOT_WRITTEN = "à écrire"
