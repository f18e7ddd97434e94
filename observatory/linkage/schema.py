"""The canonical records: what every extract becomes, whatever its layout.

One table a source in the working file, named as the source (``pupils``, ``affectation`` …), with the columns
of :data:`SCHEMAS` in that order. Texts are stored as they were sent (trimmed), dates as dates, codes as text;
blank is null. What a field may hold is declared here, once; ``mappings`` says how each layout writes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from observatory.domain.campaign import Source


class FieldForm(StrEnum):
    """How the cells of a field are written once canonical."""

    IDENTIFIER = "identifier"  # text without blanks, at most 64 characters
    INE = "ine"  # 11 characters: 10 digits and 1 letter, or 9 digits and 2 letters
    NAME = "name"  # letters, blanks, hyphens, apostrophes; at most 80 characters
    CHOICE = "choice"
    DATE = "date"
    COMMUNE = "commune"  # INSEE code, 5 characters; 99… for a country of birth
    UAI = "uai"  # 7 digits and a check letter
    TEXT = "text"  # anything printable, at most 200 characters


class Severity(StrEnum):
    """What a cell that does not fit does to its row."""

    REFUSE = "refuse"  # the row cannot be used: it is dropped, counted, listed for the producer
    BLANK = "blank"  # the cell is emptied, counted, the row goes on


@dataclass(frozen=True)
class FieldRule:
    """One field of a canonical record.

    ``earliest`` and ``latest`` bound a date; ``choices`` a closed list; ``is_unique`` within the extract.
    ``severity``: what a value that does not fit does; a required field that is blank always refuses its row.
    """

    name: str
    form: FieldForm
    is_required: bool = False
    is_unique: bool = False
    choices: tuple[str, ...] = ()
    earliest: date | None = None
    latest: date | None = None
    severity: Severity = Severity.BLANK


SEXES = ("F", "M")
LEVELS = ("college", "lgt", "lp", "cfa", "agricultural")
"""Where a young person was last in training; the ``origin`` of the campaign's figures."""
DIPLOMAS = ("none", "dnb", "level_3", "level_4", "level_5_plus")
"""Highest diploma obtained; ``level_3`` (CAP, formerly V) and above is a qualification (decree 2010-1781)."""
LEAVING_REASONS = (
    "dropped_out",  # démission, abandon
    "excluded",
    "moved_training",  # change d'établissement ou de voie
    "moved_abroad",  # quitte l'académie ou la France
    "employment",
    "end_of_cycle",
    "deceased",
    "other",
)
MISSION_LOCALE_SITUATIONS = ("in_training", "in_employment", "seeking", "lost_contact")


def _birth() -> FieldRule:
    return _required("date_naissance", FieldForm.DATE, earliest=date(1990, 1, 1), latest=date(2016, 12, 31))


def _day(name: str) -> FieldRule:
    return FieldRule(name, FieldForm.DATE, earliest=date(2015, 1, 1), latest=date(2035, 12, 31))


def _required(
    name: str,
    form: FieldForm,
    *,
    choices: tuple[str, ...] = (),
    earliest: date | None = None,
    latest: date | None = None,
    is_unique: bool = False,
) -> FieldRule:
    """A field without which a row cannot be used."""
    return FieldRule(name, form, True, is_unique, choices, earliest, latest, Severity.REFUSE)


def _identity(*, ine: bool) -> tuple[FieldRule, ...]:
    return (
        _required("record_id", FieldForm.IDENTIFIER, is_unique=True),
        *((FieldRule("ine", FieldForm.INE),) if ine else ()),
        _required("nom", FieldForm.NAME),
        FieldRule("nom_usage", FieldForm.NAME),
        _required("prenom", FieldForm.NAME),
        FieldRule("prenom2", FieldForm.NAME),
        FieldRule("prenom3", FieldForm.NAME),
        FieldRule("sexe", FieldForm.CHOICE, choices=SEXES),
        _birth(),
        FieldRule("commune_naissance", FieldForm.COMMUNE),
        FieldRule("commune_residence", FieldForm.COMMUNE),
    )


SCHEMAS: dict[Source, tuple[FieldRule, ...]] = {
    # Base élèves académique (SIECLE): every pupil of the previous rentrée, and where the new one found them.
    Source.PUPILS: (
        *_identity(ine=True),
        FieldRule("uai", FieldForm.UAI),  # school of the previous rentrée
        _required("level", FieldForm.CHOICE, choices=LEVELS[:3]),
        _day("entered_on"),
        _day("left_on"),
        FieldRule("leaving_reason", FieldForm.CHOICE, choices=LEAVING_REASONS),
        FieldRule("current_uai", FieldForm.UAI),  # school of the new rentrée; blank: enrolled nowhere here
        FieldRule("diploma", FieldForm.CHOICE, choices=DIPLOMAS),  # highest obtained
    ),
    # Base affectation académique (Affelnet): who asked for a place, and who got one.
    Source.AFFECTATION: (
        *_identity(ine=True),
        FieldRule("origin_uai", FieldForm.UAI),
        FieldRule("asked_level", FieldForm.CHOICE, choices=LEVELS),
        FieldRule("affected_uai", FieldForm.UAI),
        _day("affected_on"),
    ),
    # Base apprentissage (Région): one row a contract.
    Source.APPRENTICESHIP: (
        *_identity(ine=True),
        FieldRule("cfa_uai", FieldForm.UAI),
        FieldRule("prepared_diploma", FieldForm.CHOICE, choices=DIPLOMAS[2:]),
        _required("started_on", FieldForm.DATE, earliest=date(2015, 1, 1), latest=date(2035, 12, 31)),
        _day("planned_end_on"),
        _day("broken_on"),
        FieldRule("diploma", FieldForm.CHOICE, choices=DIPLOMAS),
    ),
    # Enseignement agricole.
    Source.AGRICULTURAL: (
        *_identity(ine=True),
        FieldRule("uai", FieldForm.UAI),
        _day("entered_on"),
        _day("left_on"),
        FieldRule("leaving_reason", FieldForm.CHOICE, choices=LEAVING_REASONS),
        FieldRule("current_uai", FieldForm.UAI),
        FieldRule("diploma", FieldForm.CHOICE, choices=DIPLOMAS),
    ),
    # Missions locales (Parcours 3): never an INE.
    Source.MISSION_LOCALE: (
        *_identity(ine=False),
        FieldRule("structure", FieldForm.TEXT),  # name or code of the mission locale
        _day("first_reception_on"),
        _day("last_contact_on"),
        FieldRule("situation", FieldForm.CHOICE, choices=MISSION_LOCALE_SITUATIONS),
        FieldRule("diploma", FieldForm.CHOICE, choices=DIPLOMAS),
    ),
}
"""The canonical columns of each source, in order. Only ``ine`` may be missing from a schema."""


def column_names(source: Source) -> tuple[str, ...]:
    """The columns of a canonical table.

    >>> "ine" in column_names(Source.MISSION_LOCALE)
    False
    """
    return tuple(rule.name for rule in SCHEMAS[source])
