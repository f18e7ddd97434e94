"""Words for the records of the five databases: sources, fields, codes. Read by those allowed to see them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from observatory.domain.campaign import Source
from observatory.french.numbers import format_date

SOURCES: dict[str, str] = {
    Source.PUPILS.value: "base élèves",
    Source.AFFECTATION.value: "affectation",
    Source.APPRENTICESHIP.value: "apprentissage",
    Source.AGRICULTURAL.value: "enseignement agricole",
    Source.MISSION_LOCALE.value: "mission locale",
}

FIELDS: dict[str, str] = {
    "record_id": "identifiant dans la base",
    "ine": "INE",
    "nom": "nom",
    "nom_usage": "nom d’usage",
    "prenom": "prénom",
    "prenom2": "deuxième prénom",
    "prenom3": "troisième prénom",
    "sexe": "sexe",
    "date_naissance": "date de naissance",
    "commune_naissance": "commune de naissance",
    "commune_residence": "commune de résidence",
    "uai": "établissement",
    "level": "voie",
    "entered_on": "entrée",
    "left_on": "sortie",
    "leaving_reason": "motif de sortie",
    "current_uai": "établissement actuel",
    "diploma": "diplôme obtenu",
    "origin_uai": "établissement d’origine",
    "asked_level": "voie demandée",
    "affected_uai": "établissement d’affectation",
    "affected_on": "affectation",
    "cfa_uai": "CFA",
    "prepared_diploma": "diplôme préparé",
    "started_on": "début du contrat",
    "planned_end_on": "fin prévue du contrat",
    "broken_on": "rupture du contrat",
    "structure": "structure",
    "first_reception_on": "premier accueil",
    "last_contact_on": "dernier contact",
    "situation": "situation",
}

_CODES: dict[str, str] = {
    "college": "collège",
    "lgt": "lycée général et technologique",
    "lp": "lycée professionnel",
    "cfa": "apprentissage",
    "agricultural": "enseignement agricole",
    "none": "aucun",
    "dnb": "brevet",
    "level_3": "niveau 3 (CAP)",
    "level_4": "niveau 4 (baccalauréat)",
    "level_5_plus": "niveau 5 ou plus",
    "dropped_out": "démission ou abandon",
    "excluded": "exclusion",
    "moved_training": "changement de formation",
    "moved_abroad": "départ de l’académie ou de France",
    "employment": "emploi",
    "end_of_cycle": "fin de cycle",
    "deceased": "décès",
    "other": "autre",
    "in_training": "en formation",
    "in_employment": "en emploi",
    "seeking": "en recherche",
    "lost_contact": "contact perdu",
}
_CODED = frozenset({"level", "asked_level", "diploma", "prepared_diploma", "leaving_reason", "situation"})
_COMMUNES = frozenset({"commune_naissance", "commune_residence"})


def cell_text(field: str, value: object, communes: Mapping[str, str] | None = None) -> str:
    """One cell of a canonical record as a person reads it; blank is blank.

    >>> cell_text("level", "lp"), cell_text("date_naissance", date(2008, 5, 17)), cell_text("nom", None)
    ('lycée professionnel', '17/05/2008', '')
    """
    if value is None or value == "":
        return ""
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    text = str(value)
    if field in _CODED:
        return _CODES.get(text, text)
    if field in _COMMUNES and communes and text in communes:
        return f"{communes[text]} ({text})"
    return text


def day_text(day: date | None) -> str:
    """A day in words, « date inconnue » when there is none.

    >>> day_text(date(2026, 9, 1)), day_text(None)
    ('1er septembre 2026', 'date inconnue')
    """
    return format_date(day) if day else "date inconnue"
