"""Error sentences: what happened, where, and what to do, from the codes of :mod:`observatory.errors`.

Templates are written with ordinary spaces and get the narrow no-break ones of French typography here.
What comes from a file is shown shortened, without control characters, and never read as a template.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from observatory.errors import FileProblem, UserFacingError
from observatory.french import contact_list, extracts, publication, purge
from observatory.french import review as review_words

LONGEST_VALUE = 60
"""Characters of a value read in a file that are worth showing."""

LONGEST_TEXT = 300
"""The same for what the program says of its own: a path, a list of codes."""

_DATABASE = "La base de données « {location} »"
_RESTORE = "remettez la version du projet (git checkout) ou relancez l’étape qui le fabrique"

ERROR_SENTENCES: dict[str, str] = {
    # Settings
    "database_url": (
        "La variable {key} n’est pas une adresse de base utilisable ; formes acceptées : {allowed}."
    ),
    "flag": "La variable {key} vaut « {value} » ; écrivez « oui » ou « non ».",
    "port": "{key} vaut « {value} », ce qui n’est pas un numéro de port ; choisissez un nombre de 1 à 65535.",
    "host": "{key} vaut « {value} », ce qui n’est pas une adresse de cette machine ; essayez 127.0.0.1.",
    "host_shared": (
        "{key} vaut « {value} » : sans authentification, l’application n’écoute que cette machine "
        "(127.0.0.1) ; placez devant elle un serveur qui authentifie les personnes, et donnez le nom de son "
        "en-tête dans OBSERVATOIRE_ENTETE_IDENTITE."
    ),
    "header_name": (
        "La variable {key} vaut « {value} », ce qui n’est pas un nom d’en-tête ; exemple : X-Remote-User."
    ),
    "linkage_key": (
        "La variable {key} n’est pas une clé utilisable : attendu, 64 à 128 chiffres hexadécimaux, "
        "par exemple le résultat de : openssl rand -hex 32."
    ),
    "port_in_use": (
        "Le port {port} est déjà pris par un autre programme ; fermez-le ou choisissez un autre port, "
        "par exemple : make run PORT=8502."
    ),
    "port_refused": (
        "Le système refuse d’ouvrir le port {port} ; choisissez un port au-dessus de 1024, "
        "par exemple : make run PORT=8501."
    ),
    # Inventory of cooperation
    "inventory_key": "Cet enregistrement n’existe pas dans l’inventaire ; rechargez la page.",
    "inventory_choice": "« {value} » n’est pas une réponse possible ; choisissez dans la liste.",
    "inventory_date": "« {value} » n’est pas une date ; écrivez-la sous la forme 23/11/2026.",
    "inventory_link": "« {value} » n’est pas une adresse ; elle commence par https:// et n’a pas d’espace.",
    "inventory_length": (
        "Ce texte est trop long ({length} caractères, {longest} au plus) ; raccourcissez-le "
        "ou joignez un fichier."
    ),
    "inventory_perimeter": (
        "Ce bassin n’est pas dans votre périmètre ; vous pouvez le lire, sa coordination "
        "ou l’équipe régionale peuvent l’écrire."
    ),
    "inventory_invented": "Cette ligne est un exemple inventé, elle ne se modifie pas ; ajoutez la vôtre.",
    "conflict_gone": "Quelqu’un a déjà choisi entre ces deux valeurs ; la page est à jour.",
    "snapshot_name": "Un état figé a déjà ce nom, ou le nom est vide ; choisissez-en un autre.",
    "attachment_gone": "Cette pièce jointe n’existe plus.",
    # Pieces of evidence
    "evidence_empty": "« {file} » est vide ; choisissez un autre fichier.",
    "evidence_too_large": (
        "« {file} » est trop lourd ({size} Mo, {largest} Mo au plus) ; réduisez-le ou donnez un lien."
    ),
    "evidence_type": "« {file} » n’est ni un PDF, ni une image PNG, JPEG ou WebP ; convertissez-le.",
    "evidence_mismatch": (
        "Le nom « {file} » ne va pas avec son contenu ({found}) ; redonnez-lui la bonne extension."
    ),
    "evidence_damaged": "« {file} » est abîmé ou coupé avant sa fin ; enregistrez-le de nouveau.",
    "evidence_pixels": (
        "L’image « {file} » est trop grande ({width} × {height} points) ; réduisez-la avant de la joindre."
    ),
    "evidence_encrypted": "« {file} » est protégé par un mot de passe ; enregistrez-le sans protection.",
    "evidence_active": (
        "« {file} » contient un programme ou un fichier joint ; imprimez-le en PDF et joignez celui-là."
    ),
    # Store
    "locked": (
        f"{_DATABASE} est occupée par un autre programme ; attendez qu’il ait fini ou fermez-le, "
        "puis recommencez."
    ),
    "read_only": (
        f"{_DATABASE} est en lecture seule ; donnez le droit d’y écrire, ou choisissez un autre dossier "
        "avec OBSERVATOIRE_VAR_DIR."
    ),
    "damaged": (
        f"{_DATABASE} est abîmée ou n’est pas une base de données ; mettez ce fichier de côté, "
        "puis relancez pour la reconstruire ou remettez une sauvegarde."
    ),
    "cannot_open": (
        f"{_DATABASE} ne peut pas être ouverte ; vérifiez que ce fichier existe et que vous avez le droit "
        "d’écrire dans son dossier."
    ),
    "directory_missing": (
        "Le dossier « {location} » n’existe pas ; créez-le ou corrigez l’adresse de la base."
    ),
    "directory_is_file": (
        "« {location} » est un fichier et non un dossier ; déplacez-le, ou choisissez un autre dossier "
        "avec OBSERVATOIRE_VAR_DIR."
    ),
    "memory_database": (
        "OBSERVATOIRE_DATABASE_URL désigne une base en mémoire, que les pages ne peuvent pas partager ; "
        "donnez le nom d’un fichier."
    ),
    "unreachable": (
        f"{_DATABASE} ne répond pas ; vérifiez que le serveur est démarré, que la base existe et "
        "que l’adresse est juste."
    ),
    "access_refused": f"{_DATABASE} refuse cet utilisateur ; vérifiez le nom, le mot de passe et les droits.",
    "disk_full": "Le disque de la base de données « {location} » est plein ; libérez de la place.",
    "disk_failure": (
        "Le disque de la base de données « {location} » ne répond pas correctement ; vérifiez-le avant "
        "de recommencer."
    ),
    "schema_newer": (
        f"{_DATABASE} a été faite par une version plus récente de l’observatoire ; "
        "mettez le programme à jour."
    ),
    "schema_missing": f"{_DATABASE} est vide ; lancez « python -m observatory.pipeline build ».",
    "schema_unknown": (
        f"{_DATABASE} contient déjà des tables dont la version est inconnue ; choisissez une autre base "
        "ou remettez une sauvegarde."
    ),
    "version_unknown": "La version {version} des données n’existe pas.",
    "store_failure": f"{_DATABASE} a refusé l’opération ; rien n’a été changé.",
    # Working directory of the croisement
    "working_dir_unsafe": (
        "« {path} » ne peut pas recevoir de données nominatives : ce n’est pas un dossier, ou il appartient "
        "à quelqu’un d’autre ; choisissez un dossier à vous avec OBSERVATOIRE_CROISEMENT_DIR."
    ),
    "working_file_missing": (
        "Le fichier de travail « {path} » n’existe pas ; "
        "lancez d’abord « python -m observatory.pipeline extracts --from DOSSIER »."
    ),
    "working_file_busy": (
        "Le fichier de travail « {path} » est ouvert par une autre étape du croisement ou par l’écran de "
        "revue ; attendez qu’elle ait fini ou fermez-le, puis recommencez."
    ),
    "working_file_damaged": (
        "Le fichier de travail « {path} » est illisible ; mettez-le de côté, puis relancez l’étape extracts."
    ),
    "manifest_damaged": (
        "Le journal des étapes « {path} » est illisible ou d’une autre version ; mettez-le de côté, puis "
        "relancez les étapes du croisement."
    ),
    # Links of the croisement
    "links_missing": "Le fichier des liens « {path} » n’existe pas ; lancez d’abord l’étape link.",
    "model_unreadable": (
        "Le modèle « {path} » est illisible ou d’une autre version ; donnez un model.json écrit par l’étape "
        "link, ou retirez l’option --model pour en apprendre un."
    ),
    "model_for_cascade": "La cascade n’a pas de modèle ; retirez --model, ou choisissez --method splink.",
    # Invented extracts of the croisement
    "synthetic_scale": "La taille {value} ne convient pas ; choisissez-la entre 0,0005 et {largest}.",
    "synthetic_noise": "Le bruit {value} ne convient pas ; choisissez-le entre 0 et {largest}.",
    "synthetic_seed": "La graine {value} ne convient pas ; donnez un nombre entier positif.",
    # Files of the project
    "file_missing": f"Le fichier « {{path}} » manque ; {_RESTORE}.",
    "file_damaged": f"Le fichier « {{path}} » est illisible ou incomplet ; {_RESTORE}.",
    "file_not_writable": (
        "« {path} » ne peut pas être écrit ; "
        "vérifiez la place sur le disque et le droit d’écrire dans ce dossier."
    ),
    "catalogue_invalid": "Le catalogue « {path} » contient une erreur ({detail}) ; corrigez cette entrée.",
    "counts_disagree": (
        "« {path} » : les effectifs ne donnent pas le taux publié ({detail}) ; corrigez l’un ou l’autre."
    ),
    "download_failed": (
        "Le paquet {package} n’a pas pu être téléchargé ; vérifiez la connexion, ou donnez le fichier "
        "avec {option}."
    ),
    "file_contract": "{count} problème{plural} dans les fichiers ; rien n’a été changé.",
    "computed_contract": (
        "{count} problème{plural} dans les tables calculées, que l’étape build refuserait ; rien n’a été "
        "changé. Vérifiez les fichiers des producteurs et data/indicators.yml."
    ),
}

VISITOR_SENTENCES: dict[str, str] = {
    "locked": (
        "La base de données est occupée par un autre programme ; réessayez dans un moment, et prévenez la "
        "personne qui s’occupe de l’observatoire si cela dure."
    ),
    "read_only": (
        "La base de données est en lecture seule ; prévenez la personne qui s’occupe de l’observatoire."
    ),
    "store_failure": (
        "La base de données n’a pas pu être lue ou écrite ; prévenez la personne qui s’occupe de "
        "l’observatoire."
    ),
}
"""Errors of the store for those who cannot mend it."""

PROBLEM_SENTENCES: dict[str, str] = {
    # The file as a whole
    "directory_missing": "ce dossier n’existe pas ; vérifiez le chemin donné.",
    "file_missing": (
        "fichier absent ; attendu : {expected} ({dataset}), à télécharger sur {address} puis à "
        "placer dans ce dossier."
    ),
    "file_ambiguous": (
        "deux fichiers conviennent pour {expected} : celui-ci et « {other} » ; n’en gardez qu’un."
    ),
    "file_empty": "le fichier est vide ; téléchargez-le de nouveau.",
    "file_unreadable": "le fichier n’est ni un CSV ni un classeur lisible ; téléchargez-le de nouveau.",
    "file_truncated": "le fichier est coupé avant sa fin ; téléchargez-le de nouveau.",
    "old_excel_format": "ancien format Excel (.xls) ; enregistrez-le en .xlsx ou en CSV.",
    "quote_misplaced": "un guillemet est mal placé ; doublez-le ou enlevez-le.",
    "wrong_file": "ce n’est pas le fichier attendu ({expected}) ; il ressemble à : {recognised}.",
    "wrong_file_unrecognised": "ce n’est pas le fichier attendu ({expected}) ; téléchargez-le de nouveau.",
    "semicolons": (
        "les colonnes sont séparées par des points-virgules ; enregistrez en CSV séparé par des virgules."
    ),
    "column_missing": "cette colonne manque ; remettez-la avec ce titre exact.",
    "column_twice": "cette colonne figure deux fois ; n’en gardez qu’une.",
    "row_length": "{found} cellules au lieu de {expected} ; complétez ou corrigez cette ligne.",
    "no_usable_row": "aucune ligne utilisable ; vérifiez que le fichier contient bien les données.",
    "year_missing": "aucune ligne pour l’année {value} ; complétez le fichier.",
    "departement_missing": (
        "aucune ligne pour le département {value} ; complétez le fichier, ou laissez ses chiffres vides "
        "avec --accept departement_missing."
    ),
    # One cell
    "formula": "« {value} » est une formule ; collez la valeur à sa place.",
    "cell_blank": "la cellule est vide ; donnez une valeur.",
    "insee_leading_zero": (
        "« {value} » n’est pas un code INSEE (5 caractères) ; vouliez-vous « {suggestion} » ? "
        "Corrigez, ou faites remettre le zéro avec --accept insee_leading_zero."
    ),
    "bad_insee_code": "« {value} » n’est pas un code INSEE (5 caractères) ; corrigez-le.",
    "unknown_commune": (
        "« {value} » n’est pas une commune connue de la région ; corrigez le code, retirez la ligne, "
        "ou laissez-la de côté avec --accept unknown_commune."
    ),
    "uai_leading_zero": (
        "« {value} » n’est pas un UAI (7 chiffres et une lettre) ; vouliez-vous « {suggestion} » ? "
        "Corrigez, ou faites remettre le zéro avec --accept uai_leading_zero."
    ),
    "bad_uai": "« {value} » n’est pas un UAI (7 chiffres et une lettre de contrôle) ; corrigez-le.",
    "bad_year": "« {value} » n’est pas une année ; écrivez-la sur quatre chiffres.",
    "not_a_number": (
        "« {value} » n’est pas un nombre ; corrigez la valeur, ou laissez la cellule vide si elle manque."
    ),
    "decimal_comma": "« {value} » est écrit avec une virgule ; écrivez « {suggestion} ».",
    "not_an_integer": "« {value} » n’est pas un nombre entier ; corrigez-le.",
    "not_a_date": "« {value} » n’est pas une date ; écrivez-la sous la forme 2026-11-23.",
    "negative": "« {value} » est négatif, ce qui est impossible ici ; corrigez la valeur.",
    "out_of_range": "« {value} » est hors des bornes ({minimum} à {maximum}) ; corrigez la valeur.",
    "share_outside_bounds": (
        "« {value} » n’est pas une part entre 0 et 1 ; divisez par 100 s’il s’agit d’un pourcentage."
    ),
    "share_not_percent": (
        "les valeurs sont des parts entre 0 et 1 au lieu de pourcentages ; reprenez le fichier du producteur."
    ),
    "totals_row": ("cette ligne est un total ; retirez-la, ou laissez-la de côté avec --accept totals_row."),
    # Several rows
    "duplicate_row": (
        "cette ligne répète la ligne {first_row} ; gardez-en une, ou laissez la seconde de côté "
        "avec --accept duplicate_row."
    ),
    "conflicting_rows": "cette ligne contredit la ligne {first_row} pour la même clé ; gardez la bonne.",
    "duplicate_key": "même clé que la ligne {first_row} ; gardez une seule des deux lignes.",
    "part_too_large": (
        "« {value} » dépasse son total, {whole} (colonne {whole_column}) ; corrigez l’un ou l’autre."
    ),
    "total_mismatch": (
        "« {value} » ne correspond pas à la somme du détail ({expected}) ; corrigez l’un ou l’autre."
    ),
    # Codes
    "unknown_basin": (
        "« {value} » n’est pas le code d’un bassin ; les codes vont de AM01 à AM16 et de NI01 à NI12."
    ),
    "unknown_area": (
        "« {value} » n’est pas le code d’un territoire ; attendu : bassin, ACA02, ACA23 ou REG93."
    ),
    "unknown_indicator": (
        "« {value} » n’est pas un indicateur du catalogue ; ajoutez-le à indicators.yml ou corrigez."
    ),
    "unknown_source": "« {value} » n’est pas une source du catalogue ; ajoutez-la à sources.yml ou corrigez.",
    "unknown_note": "« {value} » contient une note inconnue ; corrigez-la.",
    "unknown_code": "« {value} » n’est pas une valeur prévue ; attendu : {allowed}.",
    "year_not_in_catalogue": (
        "l’année {value} n’est pas celle de cet indicateur ({allowed}) ; ajoutez-la au catalogue ou corrigez."
    ),
    # Sense
    "hidden_with_value": "« {value} » accompagne une note qui dit la valeur cachée ; videz la cellule.",
    "counts_without_figure": "ces effectifs ne correspondent à aucun chiffre de context.csv ; retirez-les.",
    "counts_disagree": (
        "l’effectif {value} ne donne pas le taux publié ({expected} attendus) ; corrigez l’un ou l’autre."
    ),
    "numerator_too_large": "l’effectif {value} dépasse son total ({denominator}) ; corrigez l’un ou l’autre.",
    "campaign_code": "« {value} » n’est pas un nom de campagne ; attendu : année et mois, comme 2026-11.",
    "campaign_unknown": "cette campagne n’est pas dans campaigns.csv ; ajoutez-la ou retirez la ligne.",
    "campaign_cell": "« {value} » n’est pas publié par une campagne ; retirez la ligne.",
    "campaign_manifest": "le manifeste ne doit contenir que des nombres, au format JSON ; régénérez-le.",
    "not_an_instant": "« {value} » n’est pas un instant avec son fuseau, comme 2026-11-20T09:30:00+01:00.",
    "value_against_status": "la valeur et l’état se contredisent ; une valeur n’accompagne que « value ».",
    "inventory_field": "cet enregistrement ou ce champ n’existe pas dans l’inventaire ; retirez la ligne.",
    "inventory_value": "« {value} » ne peut pas être écrit dans ce champ ; corrigez la valeur.",
    # Filled templates of the inventory
    "template_date": "« {value} » n’est pas une date ; écrivez-la sous la forme 23/11/2026.",
    "template_name_blank": (
        "cette ligne ajoutée commence par « {value} » mais n’a pas de nom ; donnez-le, ou videz la ligne."
    ),
    "template_program": (
        "ce classeur contient un programme (macros) ; enregistrez-le au format .xlsx, sans macros."
    ),
    "template_not_workbook": (
        "ce n’est pas un classeur XLSX sans mot de passe ; enregistrez le modèle rempli au format .xlsx."
    ),
    "template_too_large": "le fichier est trop lourd pour un modèle rempli ; choisissez-en un autre.",
    "template_damaged": "le classeur est abîmé ou coupé avant sa fin ; enregistrez-le de nouveau.",
    "template_foreign": (
        "ce n’est pas un modèle d’inventaire de l’observatoire ; téléchargez celui du bassin."
    ),
    "template_version": (
        "ce modèle (version {value}) n’est pas celui de cette version de l’observatoire ({expected}) ; "
        "téléchargez le modèle du bassin et recopiez-y vos réponses."
    ),
    "template_basin": (
        "ce modèle est celui du bassin « {value} », attendu : {allowed} ; choisissez le fichier de ce bassin."
    ),
    "template_keys": "les repères cachés du modèle ont été changés ; repartez d’un modèle téléchargé.",
    "template_sheet": "la feuille « {sheet} » manque ; remettez-la, ou repartez d’un modèle téléchargé.",
    "template_heading": "« {value} » est à la place du titre « {expected} » ; remettez les colonnes.",
    "template_row_unknown": "la ligne « {value} » n’est pas du modèle ; remettez les lignes à leur place.",
    "template_row_missing": (
        "la ligne « {value} » de la feuille « {sheet} » manque ; remettez-la (pour retirer une ressource "
        "ou une action, écrivez « oui » dans la colonne « Retirée »)."
    ),
    "template_row_removed": (
        "« {value} » a été retiré de la liste depuis l’export ; laissez cette ligne comme elle était, "
        "ou ajoutez-la sur une ligne libre."
    ),
    "template_row_invented": (
        "« {value} » est un exemple inventé, qui ne se modifie pas ; laissez cette ligne comme elle était, "
        "et écrivez la vôtre sur une ligne libre."
    ),
    "template_outside": "« {value} » est écrit hors du tableau ; déplacez ou effacez cette cellule.",
    "template_level": (
        "« {value} » n’est pas un niveau de l’échelle ; choisissez de 0 à 5 dans la liste, ou laissez vide."
    ),
    "template_choice": "« {value} » n’est pas dans la liste ; choisissez parmi : {allowed}.",
    "template_length": "« {value} » est trop long ({length} caractères, {longest} au plus) ; raccourcissez.",
    "template_link": "« {value} » n’est pas une adresse ; elle commence par https:// et n’a pas d’espace.",
    "template_cell": "« {value} » est une erreur du tableur ; écrivez la valeur elle-même.",
    # Schools
    "unlocated_school": (
        "l’établissement « {value} » ({commune}) n’a pas pu être situé ; précisez sa commune, "
        "ou laissez-le de côté avec --accept unlocated_school."
    ),
}


PROBLEM_SENTENCES |= extracts.PROBLEMS | publication.PROBLEMS
ERROR_SENTENCES |= review_words.ERRORS | contact_list.ERRORS | purge.ERRORS
PROBLEM_SENTENCES |= review_words.PROBLEMS
ERROR_SENTENCES |= publication.ERRORS


def describe_error(error: UserFacingError) -> str:
    """One sentence for a person; an unknown code is named rather than hidden.

    >>> describe_error(UserFacingError("version_unknown", version=7))
    'La version 7 des données n’existe pas.'
    """
    template = ERROR_SENTENCES.get(error.code)
    if template is None:
        details = ", ".join(f"{name} = {_shown(value)}" for name, value in error.params.items())
        template = "Une erreur sans description est survenue (code {code}{details})."
        return _fill(template, {"code": error.code, "details": f" : {details}" if details else ""})
    count = error.params.get("count")
    params = {"plural": "", **error.params}
    if isinstance(count, int):
        params |= {"plural": "s" if count > 1 else "", "count": _count(count)}
    return _fill(template, params)


def describe_to_visitor(error: UserFacingError) -> str:
    """The same sentence for somebody who only sees the pages: no place on the server is named.

    >>> "/srv" in describe_to_visitor(UserFacingError("locked", location="/srv/observatoire.sqlite"))
    False
    """
    if "location" not in error.params:
        return describe_error(error)
    own = VISITOR_SENTENCES.get(error.code)
    if own is None:
        known = ERROR_SENTENCES.get(error.code, VISITOR_SENTENCES["store_failure"])
        own = re.sub("^« {location} »", "L’emplacement de la base", known).replace("« {location} » ", "")
    return _fill(own, {name: value for name, value in error.params.items() if name != "location"})


def describe_problem(problem: FileProblem) -> str:
    """One line for one problem of a file: where it is, what was read, what to do.

    >>> describe_problem(FileProblem("a.csv", 14, "year", "18", "bad_year")).replace("\\u202f", " ")
    '« a.csv », ligne 14, colonne year : « 18 » n’est pas une année ; écrivez-la sur quatre chiffres.'
    """
    place = [_fill("« {file} »", {"file": problem.file})]
    column = problem.column or ""
    if problem.params.get("place") == "sheet":
        sheet, _, column = column.partition(", ")
        place.append(f"feuille {_shown(sheet)}")
    if problem.row is not None:
        place.append(f"ligne {problem.row}")
    if column:
        place.append(f"colonne {_shown(column)}")
    params = {**problem.params, "value": problem.value or ""}
    code = problem.code
    if code == "wrong_file" and not problem.params.get("recognised"):
        code = "wrong_file_unrecognised"
    template = PROBLEM_SENTENCES.get(code)
    if template is None:
        template = "valeur « {value} » refusée (code {code})." if problem.value else "refusé (code {code})."
        params["code"] = code
    return f"{', '.join(place)}\u202f: {_fill(template, params)}"


SHOWN_ROWS = 5
"""Rows of one and the same case that are told in full."""


def describe_problems(problems: Sequence[FileProblem]) -> list[str]:
    """One line for each problem, but for the many rows of one case (same file, column and code).

    Of these the first are told in full and the others counted in one line, with the rows that they span.
    """
    cases: dict[tuple[str, str | None, str], list[FileProblem]] = {}
    for problem in problems:
        cases.setdefault((problem.file, problem.column, problem.code), []).append(problem)
    lines = []
    for case in cases.values():
        rows = [problem.row for problem in case[SHOWN_ROWS:] if problem.row is not None]
        # One row left over takes no more room than the line that would count it.
        is_long = len(rows) == len(case) - SHOWN_ROWS > 1
        lines += [describe_problem(problem) for problem in (case[:SHOWN_ROWS] if is_long else case)]
        if is_long:
            first, last = _count(min(rows)), _count(max(rows))
            lines.append(f"et {_count(len(rows))} autres lignes du même cas (lignes {first} à {last})")
    return lines


def _count(number: int) -> str:
    """Not from ``french.numbers``, which knows the catalogue: the launcher says errors and nothing more."""
    return f"{number:,}".replace(",", "\u202f")


class _Known(dict[str, str]):
    """A sentence is still said when something that it names was not given."""

    def __missing__(self, key: str) -> str:
        return "…"


def _fill(template: str, params: Mapping[str, object]) -> str:
    limits = dict.fromkeys(("value", "suggestion"), LONGEST_VALUE)
    shown = _Known({name: _shown(value, limits.get(name, LONGEST_TEXT)) for name, value in params.items()})
    return _typographic(template).format_map(shown)


def _shown(value: object, longest: int = LONGEST_VALUE) -> str:
    """A value on one line, without what a terminal or a page could obey, cut after ``longest`` characters."""
    text = "".join(" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in str(value))
    text = "".join(c for c in text if unicodedata.category(c) not in {"Cf", "Cs"})
    text = re.sub(" +", " ", text).strip(" ")
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _typographic(template: str) -> str:
    """Narrow no-break spaces before ``; : ! ? »`` and after ``«``."""
    return re.sub(r" (?=[;:!?»])|(?<=«) ", "\u202f", template)
