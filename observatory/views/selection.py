"""What a person has chosen, as the address of the page tells it.

``?bassin=AM13&bassins=AM13,NI06&indicateur=neet_rate&annee=2018&lecture=observe&projection=oui``; the
inventory adds ``vue=region``, ``section=actions`` or ``partie=liens`` (``ecran=2`` of it on a projector),
Méthode ``rubrique=sources``, Croisement ``volet=liens``, when they are not the
first ones. An unknown value is named and replaced by the default.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from observatory.domain.indicators import Catalogue, Role


class Reading(StrEnum):
    """The readings of the map (method, section 1), as written in the address."""

    CONTEXT = "contexte"
    OBSERVED = "observe"
    GAP = "ecart"
    TYPOLOGY = "typologie"
    COOPERATION = "cooperation"
    PRIORITIES = "priorites"


class Section(StrEnum):
    """Sections of the inventory of a basin, as written in the address."""

    LINKS = "liens"
    NETWORK = "reseau"
    MODALITIES = "modalites"
    RESOURCES = "ressources"
    DIAGNOSIS = "diagnostic"
    ACTIONS = "actions"
    HISTORY = "historique"


class Part(StrEnum):
    """Parts of the region view of the inventory, as written in the address."""

    MODALITIES = "modalites"
    LINKS = "liens"
    CHANGES = "changements"
    PRIORITIES = "priorites"
    FRAMEWORK = "cadre"
    SNAPSHOTS = "etats"
    EXPORT = "exporter"


class Chapter(StrEnum):
    """Chapters of the page Méthode, as written in the address."""

    FIGURES = "chiffres"
    INDEX = "indice"
    FORMULAS = "calculs"
    LIMITS = "limites"
    SOURCES = "sources"
    WORDS = "glossaire"
    FILES = "fichiers"


class Facet(StrEnum):
    """Facets of the page Croisement, as written in the address."""

    SUMMARY = "essentiel"
    SOURCES = "sources"
    LINKS = "liens"
    OVERLAP = "bases"
    TRUST = "confiance"


class Scope(StrEnum):
    """What the inventory is read for: one basin or the whole region."""

    BASIN = "bassin"
    REGION = "region"


INDEX_CODE = "context_index"
"""The composite index, chosen like an indicator in the reading « contexte »."""

OUTCOME_CODE = "neet_rate"
"""The observed rupture, until a campaign replaces it."""

MAXIMUM_COMPARED = 4
MAXIMUM_SCREENS = 99
"""No part has as many screens on a projector: a larger number in an address is a mistake."""
DEFAULT_BASIN = "AM13"


@dataclass(frozen=True)
class Selection:
    """One complete choice; always valid for the catalogue and the basins it was parsed with.

    ``screen``: which screen of ``part`` is projected, from 1; a part that has fewer shows its last one.
    """

    basin: str
    basins: tuple[str, ...]
    reading: Reading
    indicator: str
    year: int | None
    projection: bool
    scope: Scope = Scope.BASIN
    section: Section = Section.LINKS
    part: Part = Part.MODALITIES
    screen: int = 1
    chapter: Chapter = Chapter.FIGURES
    facet: Facet = Facet.SUMMARY

    def params(self) -> dict[str, str]:
        """Parameters that restore this selection."""
        found = {
            "bassin": self.basin,
            "bassins": ",".join(self.basins),
            "lecture": self.reading.value,
            "indicateur": self.indicator,
        }
        if self.year is not None:
            found["annee"] = str(self.year)
        if self.projection:
            found["projection"] = "oui"
        if self.scope is not Scope.BASIN:
            found["vue"] = self.scope.value
        if self.section is not Section.LINKS:
            found["section"] = self.section.value
        if self.scope is Scope.REGION:
            if self.part is not Part.MODALITIES:
                found["partie"] = self.part.value
            if self.projection and self.screen > 1:
                found["ecran"] = str(self.screen)
        if self.chapter is not Chapter.FIGURES:
            found["rubrique"] = self.chapter.value
        if self.facet is not Facet.SUMMARY:
            found["volet"] = self.facet.value
        return found


@dataclass(frozen=True)
class Refused:
    """A parameter whose value is unknown: its name and what was read.

    ``kept``: what the value is read as nevertheless; empty when the default replaces it.
    """

    parameter: str
    value: str
    kept: tuple[str, ...] = ()


def indicator_options(reading: Reading, catalogue: Catalogue) -> tuple[str, ...]:
    """Codes that can be chosen in a reading, the default first."""
    if reading is Reading.CONTEXT:
        return (INDEX_CODE, *(i.code for i in catalogue.context_indicators()))
    if reading is Reading.OBSERVED:
        return tuple(i.code for i in catalogue.indicators.values() if i.role is Role.OUTCOME)
    return (OUTCOME_CODE,)


def year_options(reading: Reading, indicator: str, catalogue: Catalogue) -> tuple[int, ...]:
    """Years that can be chosen, latest first; none for the composite index, the latest only for a gap."""
    if indicator == INDEX_CODE or indicator not in catalogue.indicators:
        return ()
    years = tuple(sorted(catalogue.indicators[indicator].years, reverse=True))
    return years if reading in (Reading.CONTEXT, Reading.OBSERVED) else years[:1]


def conform(selection: Selection, catalogue: Catalogue) -> Selection:
    """The nearest selection in which reading, indicator and year go together."""
    options = indicator_options(selection.reading, catalogue)
    indicator = selection.indicator if selection.indicator in options else options[0]
    years = year_options(selection.reading, indicator, catalogue)
    year = selection.year if selection.year in years else (years[0] if years else None)
    return replace(selection, indicator=indicator, year=year)


def parse_selection(
    params: Mapping[str, str], catalogue: Catalogue, basin_codes: Iterable[str]
) -> tuple[Selection, tuple[Refused, ...]]:
    """Selection told by the address, and what had to be refused.

    An indicator without a reading chooses its own reading, so that ``?indicateur=ips_college`` alone works.
    """
    known = tuple(basin_codes)
    default_basin = DEFAULT_BASIN if DEFAULT_BASIN in known else (known[0] if known else "")
    refused: list[Refused] = []

    def refuse(name: str) -> None:
        refused.append(Refused(name, params[name]))

    basin = default_basin
    if params.get("bassin"):
        if params["bassin"].upper() in known:
            basin = params["bassin"].upper()
        else:
            refuse("bassin")

    asked = tuple(dict.fromkeys(c.strip().upper() for c in params.get("bassins", "").split(",") if c.strip()))
    basins = tuple(code for code in asked if code in known)[:MAXIMUM_COMPARED]
    if len(basins) < len(asked):
        left_out = ",".join(code for code in asked if code not in basins)
        refused.append(Refused("bassins", left_out, basins))

    reading: Reading | None = None
    if params.get("lecture"):
        try:
            reading = Reading(params["lecture"].lower())
        except ValueError:
            refuse("lecture")

    indicator = params.get("indicateur", "")
    if indicator and indicator != INDEX_CODE and indicator not in catalogue.indicators:
        refuse("indicateur")
        indicator = ""
    if indicator and reading is None:
        is_outcome = indicator != INDEX_CODE and catalogue.indicators[indicator].role is Role.OUTCOME
        reading = Reading.OBSERVED if is_outcome else Reading.CONTEXT
    reading = reading or Reading.OBSERVED

    projection = False
    if params.get("projection"):
        if params["projection"].lower() in ("oui", "non"):
            projection = params["projection"].lower() == "oui"
        else:
            refuse("projection")

    scope, section, chapter = Scope.BASIN, Section.LINKS, Chapter.FIGURES
    part, screen = Part.MODALITIES, 1
    if params.get("vue"):
        try:
            scope = Scope(params["vue"].lower())
        except ValueError:
            refuse("vue")
    if params.get("section"):
        try:
            section = Section(params["section"].lower())
        except ValueError:
            refuse("section")
    if params.get("partie"):
        try:
            part = Part(params["partie"].lower())
        except ValueError:
            refuse("partie")
    if params.get("ecran"):
        screen = _number(params["ecran"]) or 0
        if not 1 <= screen <= MAXIMUM_SCREENS:
            refuse("ecran")
            screen = 1
    # Of a basin there is no part, of a desk no screen: what is not shown is not kept.
    if scope is not Scope.REGION:
        part, screen = Part.MODALITIES, 1
    elif not projection:
        screen = 1
    if params.get("rubrique"):
        try:
            chapter = Chapter(params["rubrique"].lower())
        except ValueError:
            refuse("rubrique")
    facet = Facet.SUMMARY
    if params.get("volet"):
        try:
            facet = Facet(params["volet"].lower())
        except ValueError:
            refuse("volet")

    wanted = _number(params.get("annee", ""))
    selection = conform(
        Selection(
            basin,
            basins,
            reading,
            indicator,
            wanted,
            projection,
            scope,
            section,
            part,
            screen,
            chapter,
            facet,
        ),
        catalogue,
    )
    if indicator and selection.indicator != indicator:
        refuse("indicateur")
    if params.get("annee") and selection.year != wanted:
        refuse("annee")
    return selection, tuple(refused)


def _number(text: str) -> int | None:
    """A whole number of at most four figures; None for anything else."""
    return int(text) if text.isdecimal() and len(text) <= 4 else None
