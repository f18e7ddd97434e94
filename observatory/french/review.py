"""What is said of the review of doubtful pairs: the exported file, the screen, the command line."""

from __future__ import annotations

from collections.abc import Mapping

VERDICTS: dict[str, str] = {
    "same": "même personne",
    "different": "personnes différentes",
    "cannot_tell": "je ne peux pas dire",
}

COMPARISONS: dict[str, str] = {
    "start": "au départ",
    "nom": "nom",
    "prenom": "prénom",
    "date": "date de naissance",
    "sexe": "sexe",
    "birth": "commune de naissance",
    "home": "commune de résidence",
}

REASONS: dict[str, str] = {
    "doubtful": "ressemblance moyenne",
    "second_candidate": "deux élèves possibles",
    "ine_conflict": "l’INE dit le contraire du reste",
    "control": "rapprochement automatique, tiré au sort pour contrôle",
}

USEFULNESS: tuple[str, ...] = (
    "Décide si ce jeune est compté sans solution : aucune autre base ne parle de lui.",
    "Complète ce que les bases savent d’un jeune qui a quitté l’école.",
    "Ne change guère les chiffres : ce jeune est scolarisé, diplômé ou parti ailleurs.",
    "Contrôle : sert à mesurer si les rapprochements automatiques sont justes.",
)

BANDS: dict[str, str] = {
    "below_2": "moins de 2",
    "2_4": "2 à 4",
    "4_6": "4 à 6",
    "6_8": "6 à 8",
    "8_12": "8 à 12",
    "12_16": "12 à 16",
    "16_plus": "16 et plus",
}

# The exported file
CODE_HEADING = "paire"
VERDICT_HEADING = "décision"
HEADINGS = {
    "weight": "poids",
    "reason": "motif du doute",
    "usefulness": "utilité",
    "source": "base",
    "record": "autre base : {field}",
    "pupil": "élève : {field}",
    "facts": "autre base : ce qu’elle dit",
    "pupil_facts": "élève : ce que la base dit",
    "parts": "ce qui compte",
}

VERDICT_WORDS: dict[str, str] = {
    "même personne": "same",
    "même": "same",
    "oui": "same",
    "same": "same",
    "personnes différentes": "different",
    "différentes": "different",
    "différent": "different",
    "non": "different",
    "different": "different",
    "je ne peux pas dire": "cannot_tell",
    "je ne sais pas": "cannot_tell",
    "?": "cannot_tell",
    "cannot_tell": "cannot_tell",
}
"""What may be written in the column of decisions."""

OPTIONS: dict[str, str] = {
    "export_file": "écrit les paires douteuses dans un fichier (.csv ou .xlsx) du dossier de travail",
    "import_file": "reprend ce fichier avec sa colonne « décision » remplie ; tout ou rien",
    "author": "qui a décidé (obligatoire avec --import)",
    "status": "dit où en est la revue et ce qu’elle apprend des rapprochements",
    "screen": "ouvre l’écran local de revue (OBSERVATOIRE_REVUE=oui, sur 127.0.0.1 seulement)",
    "port": "port de l’écran de revue (8511 par défaut)",
    "control": "nombre de rapprochements automatiques à contrôler, par tranche de poids",
}

NOTES: dict[str, str] = {
    "review_exported": (
        "Paires écrites : {count}, dans « {path} » (nominatif : seul ce compte peut le lire). Remplissez la "
        "colonne « décision » (même personne, personnes différentes, je ne peux pas dire), puis --import."
    ),
    "review_imported": (
        "Décisions gardées : {count} (même personne : {same}, personnes différentes : {different}, "
        "indécises : {cannot_tell}). Relancez l’étape link pour qu’elles comptent. Le fichier rempli est "
        "nominatif : supprimez-le."
    ),
    "review_status": "Revue : {done} sur {count} ; à trancher : {waiting}.",
    "review_useful": (
        "À trancher d’abord, parce qu’elles décident si un jeune est compté sans solution : {count}."
    ),
    "review_kept": "Décisions gardées en tout, par paire : {count}.",
    "review_stale": (
        "Décisions qui portent sur des enregistrements changés depuis : {count} ; elles sont gardées, mais "
        "ne comptent pas."
    ),
    "review_band": (
        "Poids {band} : {same} sur {told} sont la même personne ({interval}) ; annoncé {announced}."
    ),
    "review_no_band": "Aucune paire n’est encore tranchée : les rapprochements ne sont pas étalonnés.",
    "review_pending": "Décisions prises depuis le dernier rapprochement : {count} ; relancez l’étape link.",
    "review_screen_closed": "L’écran de revue est fermé ; les décisions sont gardées.",
    "review_screen_address": "Écran de revue : {url} ; code d’accès : {code}. Ctrl+C pour fermer.",
}

ERRORS: dict[str, str] = {
    "review_nothing": "Dites quoi faire : --export, --import, --status ou --screen.",
    "review_author": "Dites qui décide : un nom ou une équipe, {longest} caractères au plus.",
    "review_author_option": "Dites qui a décidé avec --author « nom ou équipe ».",
    "review_two_persons": (
        "Refusé : un même enregistrement serait relié à deux personnes. Annulez d’abord la décision "
        "précédente, ou répondez « personnes différentes » à l’une des deux ; rien n’a été changé."
    ),
    "review_same_and_different": (
        "Refusé : deux dossiers du même élève ont reçu des réponses contraires pour le même enregistrement. "
        "Donnez-leur la même réponse ; rien n’a été changé."
    ),
    "review_format": "« {path} » : choisissez un nom qui finit par .csv ou .xlsx.",
    "review_outside": (
        "« {path} » est hors du dossier de travail ; les paires sont nominatives et n’en sortent pas. Donnez "
        "un nom de fichier sans dossier : il sera écrit dans {folder}."
    ),
    "review_unreadable": "« {path} » n’existe pas, ou n’est ni un CSV ni un classeur XLSX lisible.",
    "review_no_decision": "« {path} » : aucune décision n’est remplie ; rien n’a été changé.",
    "decisions_damaged": (
        "Le journal des décisions « {path} » est illisible ; remettez-en une sauvegarde. Rien n’a été changé."
    ),
    "review_not_allowed": (
        "L’écran de revue montre des données nominatives : il ne s’ouvre que sur le poste qui détient les "
        "extraits, avec OBSERVATOIRE_REVUE=oui."
    ),
    "review_not_local": "L’écran de revue n’écoute que 127.0.0.1 ; il refuse toute autre adresse.",
    "review_not_started": "L’écran de revue s’est arrêté ; relancez-le avec « review --screen ».",
}

PROBLEMS: dict[str, str] = {
    "review_heading": "la colonne « {heading} » manque ; repartez du fichier exporté.",
    "review_pair_unknown": (
        "cette paire n’est plus dans la revue (les liens ont été refaits) ; retirez la ligne, ou exportez "
        "de nouveau."
    ),
    "review_verdict": (
        "décision incomprise ; écrivez : même personne, personnes différentes, je ne peux pas dire."
    ),
    "review_pair_twice": "cette paire figure déjà ligne {first_row} ; gardez une seule des deux lignes.",
}


def weight_text(weight: float) -> str:
    """A weight or what a comparison adds to it, always signed.

    >>> weight_text(7.24), weight_text(-0.04), weight_text(-3.1)
    ('+7,2', '0,0', '−3,1')
    """
    rounded = round(weight, 1)
    if rounded == 0:
        return "0,0"
    return f"{'+' if rounded > 0 else '−'}{abs(rounded):.1f}".replace(".", ",")


def part_text(comparison: str, level: str, weight: float) -> str:
    """What one comparison says, in words.

    >>> part_text("nom", "identique", 9.96)
    'nom : identique (+10,0)'
    """
    said = level or ("" if comparison == "start" else "différent" if weight < 0 else "semblable")
    name = COMPARISONS.get(comparison, comparison)
    return f"{name} : {said} ({weight_text(weight)})" if said else f"{name} ({weight_text(weight)})"


def strength_text(comparison: str, weight: float) -> str:
    """The same in plain words, for those who do not read weights.

    >>> strength_text("nom", 10), strength_text("home", -4.5), strength_text("sexe", 1)
    ('rapproche fortement', 'éloigne', 'rapproche un peu')
    """
    if comparison == "start":
        return "au hasard : presque jamais"
    for limit, words in ((6, "rapproche fortement"), (2, "rapproche"), (0.05, "rapproche un peu")):
        if weight >= limit:
            return words
    for limit, words in ((-6, "éloigne fortement"), (-2, "éloigne"), (-0.05, "éloigne un peu")):
        if weight <= limit:
            return words
    return "ne dit rien"


def progress_text(done: int, count: int) -> str:
    """How far the review is.

    >>> progress_text(12, 340)
    '12 sur 340'
    """
    return f"{done} sur {count}"


def verdict_code(text: str) -> str | None:
    """The verdict that a cell of the filled file stands for.

    >>> verdict_code(" Même personne "), verdict_code("peut-être")
    ('same', None)
    """
    return VERDICT_WORDS.get(" ".join(text.lower().replace("’", "'").split()))


SCREEN: Mapping[str, str] = {
    "title": "Revue des paires douteuses",
    "who": "Qui décide ?",
    "who_help": "Nom ou équipe : gardé avec chaque décision.",
    "code": "Code d’accès, affiché dans le terminal",
    "start": "Commencer",
    "bad_code": "Ce n’est pas le code affiché dans le terminal.",
    "question": "Est-ce la même personne ?",
    "same": "Même personne",
    "different": "Personnes différentes",
    "cannot_tell": "Je ne peux pas dire",
    "undo": "Annuler ma dernière décision",
    "undone": "Dernière décision annulée : la paire est revenue.",
    "nothing_to_undo": "Aucune décision à annuler dans cette session.",
    "finished": "Toutes les paires sont tranchées. Relancez l’étape link pour que les décisions comptent.",
    "empty": "Aucune paire douteuse : il n’y a rien à trancher.",
    "field": "Champ",
    "compare": "Comparaison",
    "unlike": "≠ différent",
    "alike": "= identique",
    "near": "≈ même texte, autre écriture",
    "one_blank": "vide d’un côté",
    "why": "Pourquoi le programme hésite",
    "weight": "Poids total : {weight}. À partir de 8, le programme relie seul ; de 2 à 8, il demande.",
    "no_parts": "Cette paire vient d’une règle ou d’un rapprochement déjà fait : pas de détail par champ.",
    "said": "Ce que chaque base dit encore",
    "rivals": "Cet enregistrement a {count} élèves possibles ; voici le {rank}.",
}
"""Words of the local screen."""
