"""Pair of structures by basin: both levels of the 21 links, and the medians over what is known."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from statistics import median

from observatory.domain.cooperation import CooperationLevel, Partner, ReciprocalGap
from observatory.french import numbers
from observatory.french.cooperation import LEVEL_LABELS, PARTNERS
from observatory.geo import palette
from observatory.views.cooperation import MINIMUM_COMPLETENESS, Inventory, inventories
from observatory.views.observatory import Observatory
from observatory.views.region_columns import AcademieGroup, BasinColumn, academie_groups, basin_columns

PAIRS: tuple[tuple[Partner, Partner], ...] = tuple(combinations(Partner, 2))
"""The 21 pairs of structures, in the order of the convention."""


@dataclass(frozen=True)
class LevelMark:
    """One direction: its level or « ? », its colours."""

    text: str
    colour: str
    ink: str

    @property
    def is_unknown(self) -> bool:
        return self.text == "?"


@dataclass(frozen=True)
class LinkCell:
    """Both directions of a pair in a basin; ``meaning`` says them in words."""

    there: LevelMark
    back: LevelMark
    meaning: str
    is_gap: bool


@dataclass(frozen=True)
class MedianKnown:
    """Median of the known levels as a text, and on how many of how many it rests."""

    median: str
    known: int
    total: int

    @property
    def rests_on(self) -> str:
        return f"{self.known}/{self.total}"


@dataclass(frozen=True)
class PairAcross:
    """One pair over the basins."""

    first: str
    second: str
    cells: tuple[LinkCell, ...]
    level: MedianKnown

    @property
    def label(self) -> str:
        return f"{self.first} / {self.second}"


@dataclass(frozen=True)
class BasinGaps:
    """Subjects for the meeting of one basin, in words."""

    basin_code: str
    basin_label: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class RegionLinks:
    """The table, its medians by basin, and the pairs that two structures see differently."""

    title: str
    academies: tuple[AcademieGroup, ...]
    columns: tuple[BasinColumn, ...]
    rows: tuple[PairAcross, ...]
    levels: tuple[MedianKnown, ...]
    gaps: tuple[BasinGaps, ...]


def build_region_links(observatory: Observatory, academie: str | None = None) -> RegionLinks:
    """The table of every basin, or of one académie."""
    columns = basin_columns(observatory, academie)
    every = inventories(observatory)
    rows = tuple(
        PairAcross(
            PARTNERS[first].short,
            PARTNERS[second].short,
            tuple(_cell(every[c.code], c, first, second) for c in columns),
            median_known(
                [every[c.code].level(a, b) for c in columns for a, b in ((first, second), (second, first))]
            ),
        )
        for first, second in PAIRS
    )
    levels = tuple(
        median_known([every[c.code].level(a, b) for pair in PAIRS for a, b in (pair, pair[::-1])])
        for c in columns
    )
    gaps = tuple(
        BasinGaps(c.code, c.label, tuple(map(_gap_sentence, every[c.code].gaps)))
        for c in columns
        if every[c.code].gaps
    )
    return RegionLinks(_title(levels, gaps), academie_groups(columns), columns, rows, levels, gaps)


def median_known(levels: list[CooperationLevel | None]) -> MedianKnown:
    """Median over what is known; a dash under half of it, « ? » when nothing is.

    >>> median_known([CooperationLevel(2), CooperationLevel(3), None])
    MedianKnown(median='2,5', known=2, total=3)
    >>> median_known([CooperationLevel(2), None, None]).median
    '–'
    """
    known = [int(level) for level in levels if level is not None]
    if not known:
        text = "?"
    elif len(known) < MINIMUM_COMPLETENESS * len(levels):
        text = "–"
    else:
        middle = float(median(known))
        text = numbers.format_number(middle, 0 if middle == int(middle) else 1)
    return MedianKnown(text, len(known), len(levels))


def _cell(inventory: Inventory, column: BasinColumn, first: Partner, second: Partner) -> LinkCell:
    there, back = inventory.level(first, second), inventory.level(second, first)
    is_gap = any({g.first_partner, g.second_partner} == {first, second} for g in inventory.gaps)
    a, b = PARTNERS[first].short, PARTNERS[second].short
    meaning = f"{column.label} : {a} à propos de {b}, {_word(there)} ; {b} à propos de {a}, {_word(back)}"
    return LinkCell(_mark(there), _mark(back), meaning + (" ; à discuter" if is_gap else ""), is_gap)


def _mark(level: CooperationLevel | None) -> LevelMark:
    if level is None:
        return LevelMark("?", palette.CARD, palette.SECONDARY)
    colour = palette.COOPERATION[level]
    ink = palette.text_on(colour)
    readable = palette.contrast_ratio(colour, ink) >= 4.5
    return LevelMark(str(int(level)), colour, ink if readable else "#000000")


def _word(level: CooperationLevel | None) -> str:
    return "non renseigné" if level is None else f"{int(level)} ({LEVEL_LABELS[level]})"


def _gap_sentence(gap: ReciprocalGap) -> str:
    first, second = PARTNERS[gap.first_partner], PARTNERS[gap.second_partner]
    return (
        f"{first.short} et {second.short} : {_word(gap.first_to_second)} selon {first.in_sentence}, "
        f"{_word(gap.second_to_first)} selon {second.in_sentence}"
    )


def _title(levels: tuple[MedianKnown, ...], gaps: tuple[BasinGaps, ...]) -> str:
    known, total = sum(m.known for m in levels), sum(m.total for m in levels)
    if not known:
        return "Aucun lien n’est encore renseigné"
    links = sum(len(g.sentences) for g in gaps)
    share = f"{numbers.format_share(known / total)} des réponses attendues sont connues"
    if not links:
        return f"{share} ; aucun lien connu des deux côtés n’est vu différemment"
    seen = "lien est vu" if links == 1 else "liens sont vus"
    where = "un bassin" if len(gaps) == 1 else f"{len(gaps)} bassins"
    return f"{share} ; {links} {seen} différemment par les deux structures, dans {where}"
