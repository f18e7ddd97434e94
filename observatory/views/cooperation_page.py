"""View-model of the page Coopération: the matrix of a basin, its completeness, its subjects.

An inventory: no points, no order of merit. Basins keep the order of the territory, modalities that of the
convention; « non renseigné » is never shown as a zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from observatory.domain.cooperation import CooperationLevel, Modality, ModalityStatus, Partner, ReciprocalGap
from observatory.french import numbers, texts
from observatory.french.calendar import local_day
from observatory.french.cooperation import (
    LEVEL_LABELS,
    MODALITY_LABELS,
    PARTNERS,
)
from observatory.french.typography import bind
from observatory.geo import palette
from observatory.views.cooperation import MINIMUM_COMPLETENESS, Inventory, basin_inventory
from observatory.views.observatory import Observatory
from observatory.views.selection import OUTCOME_CODE

MAXIMUM_GAP_SUBJECTS = 4
"""Sentences about links seen differently; the others are framed in the matrix, and counted."""


@dataclass(frozen=True)
class MatrixCell:
    """One directed link. ``text``: the level, « ? », empty on the diagonal; ``meaning`` says it in words."""

    text: str
    meaning: str
    colour: str
    ink: str
    is_self: bool = False
    is_gap: bool = False

    @property
    def is_unknown(self) -> bool:
        return not self.is_self and self.text == "?"


@dataclass(frozen=True)
class MatrixRow:
    """What one structure says of the others, in the order of the columns."""

    label: str
    full_label: str
    cells: tuple[MatrixCell, ...]


@dataclass(frozen=True)
class LinkLine:
    """One directed link in words, with what supports it: the text twin of a cell."""

    said_by: str
    about: str
    level: str
    evidence: str
    signed: str
    is_gap: bool


@dataclass(frozen=True)
class BasinCooperation:
    """The inventory of one basin, ready to show. ``title`` is a sentence, ``known`` the completeness."""

    basin_label: str
    title: str
    known: str
    columns: tuple[str, ...]
    rows: tuple[MatrixRow, ...]
    alternative: str
    links: tuple[LinkLine, ...]
    subjects: tuple[str, ...]


def build_basin_cooperation(observatory: Observatory, basin_code: str) -> BasinCooperation:
    """The inventory of one basin; complete even when nothing is reported."""
    inventory = basin_inventory(observatory, basin_code)
    label = observatory.basins[basin_code].basin_label
    framed = {
        pair
        for gap in inventory.gaps
        for pair in (
            (gap.first_partner, gap.second_partner),
            (gap.second_partner, gap.first_partner),
        )
    }
    return BasinCooperation(
        basin_label=label,
        title=_title(label, inventory),
        known=_known(inventory, _latest_entry(observatory, basin_code) or inventory.latest_on),
        columns=tuple(PARTNERS[p].short for p in Partner),
        rows=tuple(
            MatrixRow(
                PARTNERS[first].short,
                PARTNERS[first].label,
                tuple(_cell(inventory, first, second, (first, second) in framed) for second in Partner),
            )
            for first in Partner
        ),
        alternative=(
            f"Qui travaille avec qui dans le bassin {label} : ce que chaque structure, en ligne, "
            "dit de son lien avec chaque autre, en colonne, de 0 à 5."
        ),
        links=tuple(
            _link(inventory, first, second, (first, second) in framed)
            for first in Partner
            for second in Partner
            if first is not second
        ),
        subjects=_subjects(observatory, inventory),
    )


def level_ink(level: CooperationLevel) -> str:
    """Colour of a number written on the colour of its level, at 4.5:1 or more.

    The ink of the application is a little too light on level 4: plain black is used there.
    """
    colour = palette.COOPERATION[level]
    ink = palette.text_on(colour)
    return ink if palette.contrast_ratio(colour, ink) >= 4.5 else "#000000"


def _title(label: str, inventory: Inventory) -> str:
    known = inventory.completeness
    if not known.rating_count and not known.modality_count:
        return f"{label} : rien n’est encore renseigné"
    gaps = len(inventory.gaps)
    if gaps > 1:
        return f"{label} : {numbers.count_word(gaps)} liens vus différemment par les deux structures"
    if gaps == 1:
        return f"{label} : un lien vu différemment par les deux structures"
    if known.rating_share < MINIMUM_COMPLETENESS:
        return f"{label} : trop peu de réponses pour comparer les points de vue"
    return f"{label} : aucun lien vu différemment par les deux structures"


def _latest_entry(observatory: Observatory, basin_code: str) -> date | None:
    """Day, in France, of the latest of the changes that made what is shown."""
    moments = [entry.changed_at for entry in observatory.entries if entry.key.area_code == basin_code]
    return local_day(max(moments)) if moments else None


def _known(inventory: Inventory, day: date | None) -> str:
    known = inventory.completeness
    links = len(Partner) * (len(Partner) - 1)
    when = f" · état au {numbers.format_date(day)}" if day else ""
    return (
        f"Liens renseignés : {known.rating_count} sur {links} ({numbers.format_share(known.rating_share)}) · "
        f"modalités renseignées : {known.modality_count} sur {len(Modality)}{when}"
    )


def _cell(inventory: Inventory, first: Partner, second: Partner, is_gap: bool) -> MatrixCell:
    if first is second:
        return MatrixCell("", "", palette.PAPER, palette.INK, is_self=True)
    level = inventory.level(first, second)
    about = f"{PARTNERS[first].short} à propos de {PARTNERS[second].short}"
    if level is None:
        return MatrixCell("?", f"{about} : non renseigné", palette.CARD, palette.SECONDARY)
    colour = palette.COOPERATION[level]
    framed = " ; l’autre structure en dit autre chose" if is_gap else ""
    return MatrixCell(
        str(int(level)),
        f"{about} : {int(level)}, {LEVEL_LABELS[level]}{framed}",
        colour,
        level_ink(level),
        is_gap=is_gap,
    )


def _link(inventory: Inventory, first: Partner, second: Partner, is_gap: bool) -> LinkLine:
    rating = inventory.ratings.get((first, second))
    level = rating.level if rating else None
    signed = [rating.rated_by, _day_text(rating.rated_on)] if rating else []
    return LinkLine(
        PARTNERS[first].short,
        PARTNERS[second].short,
        "non renseigné" if level is None else _level_text(level),
        rating.evidence if rating else "",
        ", ".join(text for text in signed if text),
        is_gap,
    )


def _subjects(observatory: Observatory, inventory: Inventory) -> tuple[str, ...]:
    """Sentences for the meeting: links seen differently, what is not done where it counts, unknowns."""
    gaps = sorted(inventory.gaps, key=lambda gap: -gap.size)
    found = [_gap_sentence(gap) for gap in gaps[:MAXIMUM_GAP_SUBJECTS]]
    others = len(gaps) - MAXIMUM_GAP_SUBJECTS
    if others > 0:
        plural = "s" if others > 1 else ""
        found.append(
            f"{_capital(numbers.count_word(others))} autre{plural} lien{plural} vu{plural} différemment : "
            "cadres ambrés de la matrice."
        )
    found.extend(_not_done_sentence(observatory, inventory))
    found.extend(_unknown_sentence(inventory))
    found = found or ["Rien de ce qui est renseigné n’appelle de sujet particulier."]
    return tuple(bind(sentence) for sentence in found)


def _gap_sentence(gap: ReciprocalGap) -> str:
    first, second = PARTNERS[gap.first_partner], PARTNERS[gap.second_partner]
    return (
        f"{first.short} et {second.short} : {_level_text(gap.first_to_second)} selon {first.in_sentence}, "
        f"{_level_text(gap.second_to_first)} selon {second.in_sentence}."
    )


def _not_done_sentence(observatory: Observatory, inventory: Inventory) -> list[str]:
    """Said only when the basin has its own observed figure, above that of the region."""
    not_done = [
        f"« {_lower(MODALITY_LABELS[m.modality])} »"
        for m in inventory.modalities
        if m.status is ModalityStatus.NOT_DONE
    ]
    indicator = observatory.catalogue.indicators.get(OUTCOME_CODE)
    if not not_done or indicator is None:
        return []
    figure = observatory.latest(inventory.basin_code, indicator)
    value = figure.own_value if figure else None
    region = observatory.regional_value(indicator.code, indicator.latest_year)
    if value is None or region is None or value <= region:
        return []
    verb = "Ne se fait pas" if len(not_done) == 1 else "Ne se font pas"
    return [
        f"{verb} : {numbers.join_words(not_done)}, alors que {numbers.format_value(value, indicator)} "
        f"{texts.PHRASES[indicator.code]} ({numbers.format_value(region, indicator)} dans la région)."
    ]


def _unknown_sentence(inventory: Inventory) -> list[str]:
    links = len(Partner) * (len(Partner) - 1) - inventory.completeness.rating_count
    modalities = len(Modality) - inventory.completeness.modality_count
    parts = []
    if links:
        parts.append("un lien" if links == 1 else f"{numbers.count_word(links)} liens")
    if modalities:
        parts.append("une modalité" if modalities == 1 else f"{numbers.count_word(modalities)} modalités")
    if not parts:
        return []
    verb = "Reste à renseigner" if links + modalities == 1 else "Restent à renseigner"
    return [f"{verb} : {numbers.join_words(parts)}."]


def _level_text(level: CooperationLevel) -> str:
    return f"{int(level)} ({LEVEL_LABELS[level]})"


def _day_text(day: date | None) -> str:
    return numbers.format_date(day) if day else ""


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
