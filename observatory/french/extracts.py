"""What is said of the extracts: reasons, remedies, the producer's report."""

from __future__ import annotations

REASONS: dict[str, tuple[str, str]] = {
    # Rows
    "row_length": ("la ligne n’a pas le même nombre de cellules que l’en-tête", "corrigez les séparateurs"),
    "quote_misplaced": ("un guillemet ouvert n’est jamais fermé", "retirez ou doublez ce guillemet"),
    "required_blank": ("la cellule est vide alors qu’elle est obligatoire", "complétez-la à la source"),
    "duplicate_key": (
        "le même identifiant désigne plusieurs enregistrements différents",
        "gardez un seul enregistrement par identifiant",
    ),
    # Cells
    "formula": ("la cellule contient une formule", "remplacez-la par sa valeur"),
    "excel_scientific": (
        "le tableur a remplacé le numéro par une écriture scientifique",
        "exportez de nouveau la colonne au format texte",
    ),
    "bad_identifier": ("l’identifiant contient un blanc ou dépasse 64 caractères", "corrigez-le"),
    "bad_ine": (
        "ce n’est pas un INE (10 chiffres et une lettre, ou 9 chiffres et deux lettres)",
        "corrigez-le ou laissez la cellule vide",
    ),
    "name_not_letters": ("le nom contient autre chose que des lettres", "corrigez-le à la source"),
    "name_not_split": ("le nom et le prénom ne peuvent pas être séparés", "écrivez NOM Prénom"),
    "accents_lost": ("les accents ont été perdus", "exportez de nouveau le fichier en UTF-8"),
    "too_long": ("le texte est trop long", "raccourcissez-le"),
    "not_printable": ("le texte contient des caractères de contrôle", "retirez-les"),
    "unknown_code": ("ce code n’est pas prévu", "corrigez-le, ou ajoutez-le à la correspondance (codes)"),
    "not_a_date": ("ce n’est pas une date de la forme annoncée", "corrigez-la, ou complétez dates"),
    "date_out_of_range": ("la date est hors des bornes possibles", "corrigez-la à la source"),
    "bad_commune": (
        "ce n’est pas un code commune INSEE (5 caractères)",
        "remplacez le code postal ou le nom par le code INSEE",
    ),
    "unknown_commune": ("cette commune n’existe pas dans la région", "corrigez le code INSEE"),
    "bad_uai": ("ce n’est pas un UAI (7 chiffres et une lettre)", "corrigez-le"),
    "uai_check": ("la lettre de contrôle de l’UAI est fausse", "vérifiez l’UAI"),
}
"""What is wrong with a cell or a row, and what its producer can do, by reason."""

REPAIRS: dict[str, str] = {
    "trimmed": "blancs superflus retirés",
    "case": "minuscules mises en majuscules dans un code",
    "insee_leading_zero": "zéro remis devant un code INSEE",
    "uai_leading_zero": "zéro remis devant un UAI",
    "retired_commune": "ancienne commune remplacée par la nouvelle",
    "code_unlisted": "code compris sans être dans la correspondance",
    "excel_text": 'texte protégé par le tableur (="…") rendu à sa valeur',
    "excel_serial_date": "numéro de jour du tableur lu comme une date",
    "date_with_time": "heure retirée d’une date",
    "totals_row": "lignes de total laissées de côté",
    "duplicate_row": "lignes répétées laissées de côté",
}
"""What was repaired, by reason."""

KINDS = {"refused": "ligne écartée", "blanked": "cellule vidée", "repaired": "réparation"}
LOOKS = {
    "date": "des dates",
    "uai": "des UAI",
    "ine": "des INE",
    "commune": "des codes communes",
    "sexe": "des codes de sexe",
    "name": "des noms",
    "other": "autre chose",
}
"""What the cells of a wrong column seem to be; said by code in ``found``."""

_MAPPING = "dans la correspondance"

PROBLEMS: dict[str, str] = {
    **{
        f"extract_{code}": f"{{count}} fois : {what} (lignes {{rows}}…) ; {remedy}."
        for code, (what, remedy) in REASONS.items()
    },
    "extract_too_many_refused": (
        "{count} lignes sur {whole} ne peuvent pas être utilisées, plus que la part admise ({allowed}) : "
        "l’extrait entier est refusé ; faites-le corriger (rapport : --report), ou relevez cette part "
        "(voir extracts --help)."
    ),
    "extract_directory_missing": "ce dossier n’existe pas ; donnez celui des extraits avec --from.",
    "extract_missing": (
        "aucun extrait de la source {source} ({expected}) ; ajoutez-le, ou dites qu’il n’y en a pas avec "
        "--without {source}."
    ),
    "extract_unrecognised": (
        "aucune correspondance ne décrit ce fichier ; retirez-le, ou décrivez-le dans un nouveau fichier de "
        "data/mappings."
    ),
    "extract_two_mappings": "plusieurs correspondances conviennent ({expected}) ; précisez files.",
    "extract_column_missing": "cette colonne, attendue par {expected}, manque ; ajoutez-la.",
    "extract_column_twice": "cette colonne est présente deux fois ; gardez la bonne.",
    **{
        f"extract_column_content_{code}": (
            "la plupart des cellules ne sont pas ce que la correspondance annonce "
            f"(on y trouve {seen}) ; vérifiez les colonnes de l’export."
        )
        for code, seen in LOOKS.items()
    },
    "extract_columns_swapped": (
        "cette colonne et la colonne {other} semblent échangées ; remettez chaque titre au-dessus de ses "
        "données."
    ),
    "extract_twice": "c’est le même fichier que {other} ; gardez-en un.",
    "extract_same_records": (
        "{count} enregistrements sont déjà dans {other} : le même extrait sous un autre nom ; gardez-en un."
    ),
    "extract_no_row": "aucune ligne sous l’en-tête ; demandez de nouveau l’export.",
    "extract_file_empty": "le fichier est vide ; demandez de nouveau l’export.",
    "extract_file_unreadable": "ce n’est ni un CSV ni un classeur lisible ; demandez de nouveau l’export.",
    "extract_file_truncated": (
        "la dernière ligne est coupée ({found} cellules sur {expected}) : le fichier est incomplet ; "
        "transférez-le de nouveau."
    ),
    "extract_file_truncated_archive": (
        "le classeur est abîmé ou coupé avant sa fin ; transférez-le de nouveau."
    ),
    "extract_old_excel_format": "ce classeur est au format XLS d’avant 2007 ; enregistrez-le en XLSX ou CSV.",
    "extract_wrong_encoding": (
        "les accents montrent que le fichier n’est pas dans l’encodage annoncé ({expected}) ; exportez-le en "
        f"UTF-8, ou corrigez encodings {_MAPPING}."
    ),
    "extract_accents_lost": (
        "les accents ont été remplacés avant l’envoi, les noms sont perdus ; exportez de nouveau en UTF-8."
    ),
    # Mapping files
    "mapping_none": "aucun fichier de correspondance (.yml) dans ce dossier ; vérifiez --mapping.",
    "mapping_not_yaml": "ce n’est pas un fichier YAML lisible ; corrigez-le.",
    "mapping_key_unknown": "cette clé n’existe pas ; clés possibles : {allowed}.",
    "mapping_key_missing": "cette clé est obligatoire ; ajoutez-la.",
    "mapping_value": "« {value} » ne convient pas ici ; attendu : {allowed}.",
    "mapping_field_unknown": "« {value} » n’est pas un champ de cette source ; champs : {allowed}.",
    "mapping_field_missing": "le champ obligatoire « {value} » n’est ni une colonne ni une constante.",
    "mapping_heading_shared": "« {value} » sert à plusieurs champs sans split ; dites comment la couper.",
    "mapping_twice": "« {value} » est déjà décrit par {other} ; gardez une seule correspondance.",
}
"""Sentences of the problems of extracts and mappings, for :mod:`observatory.french.errors`."""

NOTES: dict[str, str] = {
    "extract_loaded": "{file} ({label}) : {rows_in} lignes lues, {rows_out} gardées.",
    "extract_report": "Rapports pour les producteurs : {path}.",
    "extract_without": "Aucun extrait de la source {source} : table vide.",
    **{
        f"extract_repaired_{code}": f"{{file}}, {{column}} : {what} ({{count}})."
        for code, what in REPAIRS.items()
    },
    **{
        f"extract_{kind}_{code}": f"{{file}} : {word}, {{column}} : {what} ({{count}})."
        for kind, word in (("refused", "ligne écartée"), ("blanked", "cellule vidée"))
        for code, (what, _) in REASONS.items()
    },
}
"""Notes of a step that succeeded, for :mod:`observatory.french.commands`."""

REPORT_COLUMNS = ("ligne", "colonne", "valeur", "effet", "motif", "que faire")
SUMMARY = (
    "Rapport sur l’extrait « {file} » ({label})\n\n"
    "Document nominatif : à remettre seulement au producteur du fichier, puis à détruire.\n"
    "Empreinte SHA-256 : {sha256}\n"
    "Lignes lues : {rows_in}\nLignes gardées : {rows_out}\nLignes écartées : {refused_rows}\n"
)
SUMMARY_WHOLE = "\nL’extrait a été refusé en entier :\n"
SUMMARY_DETAIL = "\nDétail, par motif :\n"
SUMMARY_NOTHING = "\nRien à corriger.\n"
SUMMARY_LISTED = "\nLignes à corriger : {file}\n"
