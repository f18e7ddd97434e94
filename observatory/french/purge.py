"""What is said of the destruction of the working files."""

from __future__ import annotations

OPTIONS: dict[str, str] = {
    "yes": "confirme la destruction",
    "everything": "détruit aussi les fichiers qu’aucune étape n’a faits",
}

NOTES: dict[str, str] = {
    "purge_nothing": "Rien à détruire dans « {path} ».",
    "purge_resumed": "Une destruction interrompue a été menée à son terme.",
    "purge_done": "Détruits : {files} fichiers, {rows} enregistrements ; certificat dans manifest.json.",
    "purge_scanned": (
        "Vérifié : aucune des {markers} valeurs prises au hasard dans les tables n’est dans les fichiers "
        "gardés ({scanned} : manifeste, modèle, listes chiffrées et leur journal)."
    ),
    "purge_not_scanned": (
        "Fichiers gardés : {scanned} ; le fichier de travail était déjà détruit ou illisible, aucune valeur "
        "n’a pu y être prise pour les comparer."
    ),
    "purge_limits": (
        "Ce qu’un programme ne peut pas détruire : les blocs d’un disque SSD ou d’un système de fichiers "
        "journalisé, l’espace d’échange, les sauvegardes du poste (seul un disque chiffré en protège), les "
        "extraits reçus et les listes déjà remises."
    ),
}

ERRORS: dict[str, str] = {
    "purge_not_confirmed": (
        "Cette étape détruit le fichier de travail, les liens, les décisions et les rapports de « {path} » ; "
        "relancez-la avec --yes pour confirmer."
    ),
    "purge_unknown_files": (
        "« {path} » contient {count} fichier{plural} qu’aucune étape n’a fait{plural} ; rien n’a été "
        "détruit. Déplacez-les, ou ajoutez --everything pour les détruire aussi."
    ),
    "purge_screen_open": "L’écran de revue est ouvert ; fermez-le (Ctrl+C), puis recommencez.",
    "purge_failed": (
        "Un fichier de « {path} » n’a pas pu être détruit ; fermez ce qui l’utilise et recommencez."
    ),
    "purge_remains": (
        "Dans « {path} », des données nominatives restent (fichiers : {count}) ; regardez-les "
        "et détruisez-les à la main."
    ),
}
