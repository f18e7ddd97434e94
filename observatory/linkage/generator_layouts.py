"""How the generated files are written: two layouts, declared once, from which the mappings can be written.

``a`` looks like SIECLE and the files that went through a French Excel: Windows-1252, ``;``, dd/mm/yyyy, sexe
in 1/2, INSEE codes that lost their first zero. ``b`` is UTF-8 with BOM, ``,``, ISO dates, sexe in M/F, the
nom and prénom of the missions locales in one column, and one XLSX workbook with cells of dates and numbers.

A column whose ``fields`` is empty is one that the canonical record does not keep.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from observatory.domain.campaign import Source

LAYOUT_NAMES = ("a", "b")


@dataclass(frozen=True)
class Column:
    """One column of a file.

    ``fields``: the canonical field it holds; two (``nom``, ``prenom``) are written "NOM Prénom", the nom in
    capitals, the prénom never wholly. ``codes``: canonical value -> what is written (others: as they are).
    ``loses_zero``: share of the cells that start with 0 which lost it. ``filler``: cells without a field.
    """

    heading: str
    fields: tuple[str, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    loses_zero: float = 0.0
    filler: str = ""


@dataclass(frozen=True)
class FileLayout:
    """One file. ``sheet``: name of the sheet of a workbook, whose dates are cells of dates; else a CSV."""

    file_name: str
    columns: tuple[Column, ...]
    encoding: str = "cp1252"
    separator: str = ";"
    date_format: str = "%d/%m/%Y"
    line_end: str = "\r\n"
    sheet: str = ""


def _column(
    heading: str, field_name: str, codes: Mapping[str, str] | None = None, zero: float = 0.0
) -> Column:
    return Column(heading, (field_name,), codes or {}, zero)


SEX_NUMBERS = {"M": "1", "F": "2"}
CIVILITIES = {"M": "M.", "F": "Mme"}
LEVELS_A = {"college": "CLG", "lgt": "LGT", "lp": "LP", "cfa": "CFA", "agricultural": "AGRI"}
LEVELS_B = {
    "college": "Collège",
    "lgt": "Lycée général et technologique",
    "lp": "Lycée professionnel",
    "cfa": "CFA",
    "agricultural": "Enseignement agricole",
}
DIPLOMAS_A = {"none": "00", "dnb": "60", "level_3": "50", "level_4": "40", "level_5_plus": "30"}
DIPLOMAS_B = {
    "none": "Sans diplôme",
    "dnb": "DNB",
    "level_3": "Niveau 3 (CAP)",
    "level_4": "Niveau 4 (bac)",
    "level_5_plus": "Niveau 5 ou plus",
}
REASONS_A = {
    "dropped_out": "DEM",
    "excluded": "EXC",
    "moved_training": "CHG",
    "moved_abroad": "ETR",
    "employment": "EMP",
    "end_of_cycle": "FIN",
    "deceased": "DCD",
    "other": "AUT",
}
REASONS_B = {
    "dropped_out": "Démission ou abandon",
    "excluded": "Exclusion définitive",
    "moved_training": "Changement d'établissement",
    "moved_abroad": "Départ hors de France",
    "employment": "Entrée dans la vie active",
    "end_of_cycle": "Fin de scolarité",
    "deceased": "Décès",
    "other": "Autre",
}
SITUATIONS_A = {"in_training": "FORM", "in_employment": "EMPL", "seeking": "DEMA", "lost_contact": "SANS"}
SITUATIONS_B = {
    "in_training": "En formation",
    "in_employment": "En emploi",
    "seeking": "En recherche",
    "lost_contact": "Sans nouvelles",
}

_A: dict[Source, FileLayout] = {
    Source.PUPILS: FileLayout(
        "base_eleves_a.csv",
        (
            _column("ELENOET", "record_id"),
            _column("ID_NATIONAL", "ine"),
            _column("NOM", "nom"),
            _column("NOM_USAGE", "nom_usage"),
            _column("PRENOM", "prenom"),
            _column("PRENOM2", "prenom2"),
            _column("PRENOM3", "prenom3"),
            _column("CODE_SEXE", "sexe", SEX_NUMBERS),
            _column("DATE_NAISS", "date_naissance"),
            _column("CODE_COMMUNE_INSEE_NAISS", "commune_naissance", zero=1.0),
            _column("CODE_COMMUNE_INSEE", "commune_residence", zero=1.0),
            _column("CODE_RNE", "uai"),
            _column("CODE_NIVEAU", "level", LEVELS_A),
            Column("ANNEE_SCOLAIRE", filler="2025"),
            _column("DATE_ENTREE", "entered_on"),
            _column("DATE_SORTIE", "left_on"),
            _column("CODE_MOTIF_SORTIE", "leaving_reason", REASONS_A),
            _column("CODE_RNE_ACTUEL", "current_uai"),
            _column("CODE_DIPLOME", "diploma", DIPLOMAS_A),
        ),
    ),
    Source.AFFECTATION: FileLayout(
        "affectation_a.csv",
        (
            _column("NUM_DOSSIER", "record_id"),
            _column("INE", "ine"),
            _column("NOM_ELEVE", "nom"),
            _column("NOM_USAGE", "nom_usage"),
            _column("PRENOM_1", "prenom"),
            _column("PRENOM_2", "prenom2"),
            _column("PRENOM_3", "prenom3"),
            _column("SEXE", "sexe", SEX_NUMBERS),
            _column("DATE_NAISSANCE", "date_naissance"),
            _column("INSEE_NAISSANCE", "commune_naissance", zero=1.0),
            _column("INSEE_RESIDENCE", "commune_residence", zero=1.0),
            _column("UAI_ORIGINE", "origin_uai"),
            _column("VOIE_DEMANDEE", "asked_level", LEVELS_A),
            Column("TOUR", filler="1"),
            _column("UAI_AFFECTATION", "affected_uai"),
            _column("DATE_AFFECTATION", "affected_on"),
        ),
    ),
    Source.APPRENTICESHIP: FileLayout(
        "apprentissage_a.csv",
        (
            _column("NUM_CONTRAT", "record_id"),
            _column("INE_APPRENTI", "ine"),
            _column("NOM_APPRENTI", "nom"),
            _column("NOM_USAGE_APPRENTI", "nom_usage"),
            _column("PRENOM_APPRENTI", "prenom"),
            _column("PRENOM2_APPRENTI", "prenom2"),
            _column("PRENOM3_APPRENTI", "prenom3"),
            _column("SEXE_APPRENTI", "sexe", SEX_NUMBERS),
            _column("DATE_NAISS_APPRENTI", "date_naissance"),
            _column("INSEE_NAISS_APPRENTI", "commune_naissance", zero=1.0),
            _column("INSEE_RESID_APPRENTI", "commune_residence", zero=1.0),
            _column("UAI_CFA", "cfa_uai", zero=0.02),
            _column("NIVEAU_PREPARE", "prepared_diploma", DIPLOMAS_A),
            _column("DATE_DEBUT_CONTRAT", "started_on"),
            _column("DATE_FIN_PREVUE", "planned_end_on"),
            _column("DATE_RUPTURE", "broken_on"),
            _column("DIPLOME_OBTENU", "diploma", DIPLOMAS_A),
        ),
    ),
    Source.AGRICULTURAL: FileLayout(
        "agricole_a.csv",
        (
            _column("ID_APPRENANT", "record_id"),
            _column("INE", "ine"),
            _column("NOM", "nom"),
            _column("NOM_USAGE", "nom_usage"),
            _column("PRENOM", "prenom"),
            _column("PRENOM2", "prenom2"),
            _column("PRENOM3", "prenom3"),
            _column("SEXE", "sexe", SEX_NUMBERS),
            _column("NE_LE", "date_naissance"),
            _column("COMMUNE_NAISSANCE", "commune_naissance", zero=1.0),
            _column("COMMUNE_RESIDENCE", "commune_residence", zero=1.0),
            _column("UAI_ETABLISSEMENT", "uai", zero=0.02),
            _column("DATE_ENTREE", "entered_on"),
            _column("DATE_SORTIE", "left_on"),
            _column("MOTIF_SORTIE", "leaving_reason", REASONS_A),
            _column("UAI_ACTUEL", "current_uai"),
            _column("DIPLOME", "diploma", DIPLOMAS_A),
        ),
    ),
    Source.MISSION_LOCALE: FileLayout(
        "parcours3_a.csv",
        (
            _column("NUM_DOSSIER", "record_id"),
            _column("CIVILITE", "sexe", CIVILITIES),
            _column("NOM_NAISSANCE", "nom"),
            _column("NOM_USAGE", "nom_usage"),
            _column("PRENOM", "prenom"),
            _column("AUTRE_PRENOM", "prenom2"),
            _column("AUTRE_PRENOM_2", "prenom3"),
            _column("DATE_NAISSANCE", "date_naissance"),
            _column("INSEE_NAISSANCE", "commune_naissance", zero=1.0),
            _column("INSEE_DOMICILE", "commune_residence", zero=1.0),
            _column("STRUCTURE", "structure"),
            _column("DATE_1ER_ACCUEIL", "first_reception_on"),
            _column("DATE_DERNIER_CONTACT", "last_contact_on"),
            _column("SITUATION", "situation", SITUATIONS_A),
            _column("NIVEAU_FORMATION", "diploma", DIPLOMAS_A),
            Column("RQTH", filler="N"),
        ),
    ),
}


def _modern(file_name: str, columns: tuple[Column, ...], sheet: str = "") -> FileLayout:
    return FileLayout(file_name, columns, "utf-8-sig", ",", "%Y-%m-%d", "\n", sheet)


_B: dict[Source, FileLayout] = {
    Source.PUPILS: _modern(
        "base_eleves_b.csv",
        (
            _column("Identifiant", "record_id"),
            _column("INE", "ine"),
            _column("Nom de famille", "nom"),
            _column("Nom d'usage", "nom_usage"),
            _column("Prénom", "prenom"),
            _column("Deuxième prénom", "prenom2"),
            _column("Troisième prénom", "prenom3"),
            _column("Sexe", "sexe"),
            _column("Né(e) le", "date_naissance"),
            _column("Commune de naissance (INSEE)", "commune_naissance"),
            _column("Commune de résidence (INSEE)", "commune_residence"),
            _column("UAI rentrée précédente", "uai"),
            _column("Voie", "level", LEVELS_B),
            _column("Entrée", "entered_on"),
            _column("Sortie", "left_on"),
            _column("Motif de sortie", "leaving_reason", REASONS_B),
            _column("UAI rentrée actuelle", "current_uai"),
            _column("Diplôme le plus élevé", "diploma", DIPLOMAS_B),
        ),
    ),
    Source.AFFECTATION: _modern(
        "affectation_b.csv",
        (
            _column("Dossier", "record_id"),
            _column("Nom", "nom"),
            _column("Nom d'usage", "nom_usage"),
            _column("Prénom", "prenom"),
            _column("Prénom 2", "prenom2"),
            _column("Prénom 3", "prenom3"),
            _column("Genre", "sexe"),
            _column("Date de naissance", "date_naissance"),
            _column("INE", "ine"),
            _column("Commune de naissance", "commune_naissance"),
            _column("Commune de résidence", "commune_residence"),
            _column("Établissement d'origine", "origin_uai"),
            _column("Voie demandée", "asked_level", LEVELS_B),
            _column("Établissement d'affectation", "affected_uai"),
            _column("Affecté le", "affected_on"),
        ),
    ),
    Source.APPRENTICESHIP: _modern(
        "apprentissage_b.csv",
        (
            _column("Contrat", "record_id"),
            _column("INE", "ine"),
            _column("Nom", "nom"),
            _column("Nom d'usage", "nom_usage"),
            _column("Prénom", "prenom"),
            _column("Prénom 2", "prenom2"),
            _column("Prénom 3", "prenom3"),
            _column("Sexe", "sexe"),
            _column("Naissance", "date_naissance"),
            _column("Code commune naissance", "commune_naissance"),
            _column("Code commune résidence", "commune_residence"),
            _column("CFA", "cfa_uai"),
            _column("Diplôme préparé", "prepared_diploma", DIPLOMAS_B),
            Column("Opérateur de compétences", filler="OPCO"),
            _column("Début", "started_on"),
            _column("Fin prévue", "planned_end_on"),
            _column("Rupture", "broken_on"),
            _column("Diplôme obtenu", "diploma", DIPLOMAS_B),
        ),
    ),
    Source.AGRICULTURAL: _modern(
        "agricole_b.xlsx",
        (
            _column("N° apprenant", "record_id"),
            _column("INE", "ine"),
            _column("Nom", "nom"),
            _column("Nom d'usage", "nom_usage"),
            _column("Prénom", "prenom"),
            _column("Prénom 2", "prenom2"),
            _column("Prénom 3", "prenom3"),
            _column("Sexe", "sexe"),
            _column("Date de naissance", "date_naissance"),
            _column("INSEE naissance", "commune_naissance", zero=1.0),
            _column("INSEE résidence", "commune_residence", zero=1.0),
            _column("UAI", "uai"),
            _column("Date d'entrée", "entered_on"),
            _column("Date de sortie", "left_on"),
            _column("Motif", "leaving_reason", REASONS_B),
            _column("UAI actuel", "current_uai"),
            _column("Diplôme", "diploma", DIPLOMAS_B),
        ),
        sheet="Apprenants",
    ),
    Source.MISSION_LOCALE: _modern(
        "parcours3_b.csv",
        (
            _column("Id jeune", "record_id"),
            Column("Nom et prénom", ("nom", "prenom")),
            _column("Nom d'usage", "nom_usage"),
            _column("2e prénom", "prenom2"),
            _column("3e prénom", "prenom3"),
            _column("Sexe", "sexe"),
            _column("Né(e) le", "date_naissance"),
            _column("Commune de naissance", "commune_naissance"),
            _column("Commune de domicile", "commune_residence"),
            _column("Mission locale", "structure"),
            _column("Premier accueil", "first_reception_on"),
            _column("Dernier contact", "last_contact_on"),
            _column("Situation", "situation", SITUATIONS_B),
            _column("Diplôme", "diploma", DIPLOMAS_B),
        ),
    ),
}

LAYOUTS: dict[str, dict[Source, FileLayout]] = {"a": _A, "b": _B}
"""The files of each layout."""
