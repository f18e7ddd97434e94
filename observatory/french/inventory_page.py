"""Words of the pages in which the inventory of a basin is filled."""

from __future__ import annotations

SECTION_LABELS = {
    "liens": "Liens",
    "reseau": "Réseau",
    "modalites": "Modalités",
    "ressources": "Ressources",
    "diagnostic": "Diagnostic",
    "actions": "Actions",
    "historique": "Historique",
}
"""Sections of the basin, by the code that the address holds."""

CORNER = "Selon la structure de la ligne, à propos de celle de la colonne"
MATRIX_HELP = (
    "Au clavier : flèches pour se déplacer, 0 à 5 pour dire le niveau, Suppr pour « non renseigné », "
    "Entrée pour les détails. À la souris : un clic."
)
LIST_HELP = (
    "Au clavier : flèches, puis {keys} ; Suppr pour « non renseigné », Entrée pour les détails. "
    "À la souris : un clic."
)
OPEN_HELP = "Entrée ou un clic ouvre la ligne."
MODALITIES_LABEL = "État des onze modalités de la convention dans le bassin"
ACTIONS_LABEL = "Actions du bassin et où elles en sont"
RESOURCES_LABEL = "Ressources du bassin"
DUE = "pour le {day}"
PAST_DUE = "échéance passée, le {day}"
NOBODY = "sans nom"
ATTACHMENT_COUNT = "{count} pièce{plural} jointe{plural}"

INVENTED_RECORD = "inventé"
EXAMPLE = "exemple inventé"
EXAMPLE_FIXED = "Exemple inventé, il ne se modifie pas : ajoutez le vôtre."
EXAMPLE_ADD = "Exemple inventé, il ne se modifie pas : ajoutez le vôtre avec « {add} »."
GRID_TEXTS = {
    "saved": "Enregistré",
    "saving": "En cours d’enregistrement",
    "conflict": "À départager, quelqu’un l’a changé entre-temps",
    "refused": "Non enregistré",
    "details": "Détails et preuve",
    "framed": "l’autre structure en dit autre chose",
    "fixed": EXAMPLE_FIXED,
    "invented": "inventé",
}
READING_NOBODY = "Pour saisir, dites d’abord qui vous êtes : le bouton est en haut de la page."
READING_PROJECTED = (
    "Lecture seule : pour saisir, quittez la projection et dites qui vous êtes, en haut de la page."
)
READING_OUTSIDE = (
    "Lecture seule : ce bassin n’est pas dans le périmètre que vous avez déclaré. "
    "Vous pouvez le changer sous votre nom, en haut de la page."
)

LETTERS = "$count sur $longest caractères"
LETTERS_OVER = "$count caractères, $longest au plus : $over de trop"
DRAFT_SAVED = "Texte retrouvé, non enregistré jusque-là : il l’est maintenant ({what})."
DRAFT_REFUSED = "Texte retrouvé, pas encore enregistré ({what}). {why}"

WHO_WITH_WHOM = "Qui travaille avec qui"
READ_AS = "ce que la ligne dit de la colonne"
SUBJECTS = "Sujets pour la réunion"
NETWORK = "Le réseau des structures"
NETWORK_IN_WORDS = "Le réseau, paire par paire"
OPEN_ACTIONS = "Actions en cours"
NO_OPEN_ACTION = "Aucune action en cours n’est inscrite."
ADD_RESOURCE = "Ajouter une ressource : son nom, puis Entrée"
ADD_ACTION = "Ajouter une action : ce qui sera fait, puis Entrée"
NO_RESOURCE = "Aucune ressource n’est encore inscrite pour ce bassin."
NO_ACTION = "Aucune action n’est encore inscrite pour ce bassin."
CHOOSE_LINE = "Choisissez une ligne à gauche pour la lire ou la compléter."
SERVICE_ONLY = "Contact d’un service : adresse de courriel ou téléphone du service, aucune personne privée."
REMOVE = "Retirer de la liste"
CLOSE = "Fermer les détails"
UNDO = "Annuler ma dernière saisie"
IN_WORDS = "En toutes lettres"
LEVELS_MEANING = "Ce que veulent dire les niveaux"
BLANK = "non renseigné"
NO_HISTORY = "Rien n’a encore été saisi ici."
WHOLE_BASIN = "Tout le bassin"
HISTORY_OF = "Historique de"
HISTORY_HEADERS = ("Quand", "Qui", "Quoi", "Avant", "Après", "Comment")
HISTORY_LIMIT = "Les {count} changements les plus récents sont montrés."
VERSIONS = "Versions"
NO_VERSION = "Pas encore de version."
INVENTED = "démonstration"
INSTEAD_OF_INVENTED = "à la place d’une fiche inventée"
PARTS = ("En place", "Preuves", "Suite", "Réponses", "Historique")
REPLY_BY = "Structure qui répond"
REPLY_TEXT = "Sa réponse"
REPLY_RIGHT = (
    "Une structure qui n’est pas d’accord avec ce qui est écrit peut répondre ; sa réponse reste à côté."
)
NO_REPLY = "Aucune réponse."
ADD_FILE = "Joindre un PDF ou une image (5 Mo au plus)"
ATTACH = "Joindre ce fichier"
NO_FILE = "Aucune pièce jointe."
DETACH = "Retirer"
ATTACHED = "« {name} » est joint."
DETACHED = "La pièce n’est plus jointe ; l’historique garde qu’elle l’était."
TO_SETTLE = "À départager"
TO_SETTLE_ONE = "À départager : une réponse dite de deux façons ({what})"
TO_SETTLE_MORE = "À départager : {count} réponses dites de deux façons ({what}…)"
STANDS_NOW = "Valeur en place"
WAS_PROPOSED = "Valeur qui n’a pas été écrite"
KEEP_CURRENT = "Garder celle en place"
TAKE_PROPOSED = "Prendre l’autre"
BASIN_WORKBOOK = "Inventaire du bassin, XLSX"
BASIN_TABLE = "Inventaire du bassin, CSV"
TEMPLATE = "Modèle XLSX du bassin"
FILES = "Fichiers"
IMPORT = "Importer un modèle rempli (XLSX, 5 Mo au plus)"
IMPORT_NOW = "Importer ce fichier"
IMPORTED = "Import terminé : {count} champs écrits."
IMPORTED_ONE = "Import terminé : un champ écrit."
NOTHING_NEW = "Ce fichier ne change rien : tout ce qu’il dit est déjà là."
NOTHING_IMPORTED = "Rien n’a été importé. Problèmes trouvés : {count}."
DIAGNOSIS_HINT = {
    "needs": "Ce dont les jeunes du bassin ont besoin, vu par les structures réunies.",
    "causes": "Ce qui conduit aux ruptures, observé ici et non supposé.",
    "shared_reading": "Ce sur quoi les structures sont d’accord, et ce qui reste en débat.",
}
