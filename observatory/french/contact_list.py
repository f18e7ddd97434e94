"""What is said in the list of young people to contact, and of it on the command line."""

from __future__ import annotations

REASONS: dict[str, str] = {
    "dropout_never_met": "A quitté sa formation sans diplôme ; aucune mission locale ne le connaît.",
    "dropout_lost": "Sans diplôme ; connu d’une mission locale, sans rencontre récente.",
    "unknown": "A quitté sa formation sans diplôme ; aucune base ne dit ce qu’il fait.",
}

HEADINGS: tuple[str, ...] = (
    "identifiant",
    "motif",
    "nom",
    "nom d’usage",
    "prénom",
    "sexe",
    "date de naissance",
    "âge",
    "commune de résidence",
    "dernière sortie connue",
    "dernier établissement",
    "structures qui le connaissent",
    "à vérifier",
)

DOUBTFUL = "Rapprochement à confirmer avec : {sources}. Ce jeune est peut-être déjà suivi."
LIST_SHEET = "Jeunes à contacter"
READ_SHEET = "À lire"
READ_HEADINGS = ("quoi", "valeur")
READ_ROWS: tuple[tuple[str, str], ...] = (
    ("Bassin", "{basin}"),
    ("Campagne", "{campaign}"),
    ("Situations au", "{reference_on}"),
    ("Jeunes", "{count}"),
    (
        "À quoi sert cette liste",
        "Proposer une solution à chaque jeune (Code de l’éducation, L. 313-7 et L. 313-8), et rien d’autre.",
    ),
    (
        "Ce qu’elle ne dit pas",
        "Un jeune « inconnu » peut être en emploi, en formation hors de la région ou scolarisé ailleurs : "
        "le premier appel sert à le savoir.",
    ),
    ("Après usage", "Supprimez le fichier déchiffré dès que la campagne de contact est finie."),
)

OPTIONS: dict[str, str] = {
    "basin": "code du bassin (AM01 à AM16, NI01 à NI12)",
    "recipient_file": "fichier de clés publiques des destinataires (age1… ou ssh-ed25519), une par ligne",
    "format": "xlsx ou csv",
}

NOTES: dict[str, str] = {
    "list_written": "{basin} : {count} jeunes à contacter ; liste chiffrée dans « {path} ».",
    "list_recipient": "Destinataire : {fingerprint}.",
    "list_read": "Le destinataire l’ouvre avec : age --decrypt -i SA_CLÉ -o liste.{suffix} {file}",
}

ERRORS: dict[str, str] = {
    "list_basin": "« {value} » n’est pas un bassin ; les codes vont de AM01 à AM16 et de NI01 à NI12.",
    "list_campaign": "« {value} » n’est pas une campagne ; écrivez l’année et le mois, comme 2026-11.",
    "list_campaign_missing": (
        "Aucune campagne n’est comptée dans ce dossier de travail ; dites laquelle avec --campaign 2026-11."
    ),
    "list_empty": "{basin} : aucun jeune à contacter pour cette campagne ; aucune liste n’est écrite.",
    "recipient_missing": (
        "« {path} » n’existe pas ou ne contient aucune clé publique ; demandez au destinataire sa clé age "
        "(age1…) ou SSH (ssh-ed25519 …)."
    ),
    "recipient_private": (
        "« {path} » contient une clé privée : elle ne doit jamais quitter son propriétaire, qui doit "
        "maintenant la remplacer. Demandez-lui sa clé publique (age1…)."
    ),
    "recipient_unusable": (
        "« {path} », ligne {line} : ce n’est pas une clé publique utilisable (age1… ou ssh-ed25519 …)."
    ),
    "pseudonym_key_missing": (
        "La variable {key} n’est pas réglée : sans elle, aucun identifiant ne peut sortir du dossier de "
        "travail. Faites-en une avec : openssl rand -hex 32, et gardez-la hors de ce dossier."
    ),
}
