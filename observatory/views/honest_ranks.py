"""View-model of the ranks: where each basin may stand, never a bare position."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from observatory.domain.indicators import Indicator, Polarity
from observatory.domain.risk import IndexStatus, RankMethod
from observatory.french import comparing, sentences
from observatory.french.numbers import NNBSP, format_value, join_words
from observatory.views.campaign_indicators import campaign_ranks, is_of_campaign, rank_key
from observatory.views.observatory import Observatory
from observatory.views.selection import INDEX_CODE

VARIANTS = "variants"
"""Method of the ranks of the index: variants of its computation, not draws."""


@dataclass(frozen=True)
class RankRow:
    """One basin of the ranks: interval (1 = highest), probability of the five highest (None if unknown)."""

    code: str
    label: str
    median: float
    lower: int
    upper: int
    top_five: float | None
    band: int
    text: str
    is_chosen: bool


@dataclass(frozen=True)
class RankGroup:
    """Basins that share a third of the order, with their values, the highest first."""

    label: str
    members: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True)
class Ranks:
    """Honest ranks of one indicator: intervals where counts allow, groups of positions otherwise."""

    title: str
    method: str
    rows: tuple[RankRow, ...]
    groups: tuple[RankGroup, ...]
    sentences: tuple[str, ...]
    note: str
    why_no_interval: str = ""

    @property
    def has_intervals(self) -> bool:
        return bool(self.rows)


def build_ranks(
    observatory: Observatory, indicator_code: str, year: int | None, chosen: Sequence[str]
) -> Ranks:
    """Ranks of all the basins: intervals from draws, or groups of positions where no counts are published."""
    if indicator_code == INDEX_CODE:
        return _index_ranks(observatory, chosen)
    indicator = observatory.catalogue.indicators[indicator_code]
    year = year if year is not None else indicator.latest_year
    title = f"{indicator.short_label}, {year}"
    frame = observatory.ranks
    frame = frame[(frame["indicator_code"] == indicator_code) & (frame["year"] == year)]
    if is_of_campaign(indicator_code):
        figures = observatory.resolved(indicator_code, year)
        counts = rank_key([(f.area_code, f.numerator, f.denominator) for f in figures])
        frame = campaign_ranks(counts, indicator_code, year)
    absent = _absent(observatory, chosen, frame)
    if frame.empty:
        return _without_ranks(title, "aucun bassin n’a de valeur propre", absent)
    if frame["method"].iloc[0] == RankMethod.ORDERING.value:
        return _positions(observatory, _ordered(frame), indicator, year, chosen, title)
    rows = _rows(observatory, frame, chosen)
    note = (
        "Barre : rangs plausibles, neuf fois sur dix ; trait : rang du milieu. "
        f"Les bassins d’une même bande ne peuvent pas être départagés. {_first_means(indicator)} {absent}"
    )
    return Ranks(
        title,
        RankMethod.BETA_BINOMIAL.value,
        rows,
        (),
        _said(rows, int(frame["basin_count"].iloc[0])),
        note.strip(),
    )


def _index_ranks(observatory: Observatory, chosen: Sequence[str]) -> Ranks:
    frame = observatory.context_index
    frame = frame[frame["status"] == IndexStatus.COMPUTED.value]
    title = "Indice de contexte, dernières années disponibles"
    absent = _absent(observatory, chosen, frame)
    if frame.empty:
        return _without_ranks(title, "l’indice n’est pas calculé", absent)
    rows = _rows(observatory, frame.assign(top_five_probability=math.nan, band=0), chosen)
    note = (
        f"Barre : rangs tenus par neuf calculs sur dix, sur 1{NNBSP}000 façons de calculer l’indice ; "
        f"trait : rang du milieu. 1er = contexte le plus exposé. {absent}"
    )
    return Ranks(title, VARIANTS, rows, (), _said(rows, len(rows)), note.strip())


def _without_ranks(title: str, why: str, absent: str) -> Ranks:
    return Ranks(title, "", (), (), (), f"Rangs non calculables : {why}. {absent}".strip())


def _positions(
    observatory: Observatory,
    frame: pd.DataFrame,
    indicator: Indicator,
    year: int,
    chosen: Sequence[str],
    title: str,
) -> Ranks:
    """Thirds of the order of the values: no interval is invented where no counts are published."""
    labels = ("Tiers le plus élevé", "Tiers du milieu", "Tiers le moins élevé")
    members: tuple[list[tuple[str, str, bool]], ...] = ([], [], [])
    said = []
    for row in _records(frame):
        figure = observatory.figure(row.basin_code, indicator.code, year)
        if figure is None or figure.value is None or row.basin_code not in observatory.basins:
            continue
        count, name = int(row.basin_count), observatory.basins[row.basin_code].short_label
        third = 0 if row.rank_median <= count / 3 else 2 if row.rank_median > 2 * count / 3 else 1
        is_chosen = row.basin_code in chosen
        members[third].append((name, format_value(figure.value, indicator), is_chosen))
        if is_chosen:
            # Of equal values, the least extreme position is the one that can be claimed for all of them.
            rank = min(max((count + 1) // 2, row.rank_lower), row.rank_upper)
            said.append(f"{name} : {sentences.position_phrase(int(rank), count)}")
    note = (
        f"{comparing.no_rank_interval(indicator)} L’ordre des valeurs ne donne que de "
        f"grands groupes de position. {_first_means(indicator)} {_absent(observatory, chosen, frame)}"
    )
    groups = tuple(RankGroup(label, tuple(found)) for label, found in zip(labels, members, strict=True))
    why = comparing.no_rank_interval(indicator)
    return Ranks(title, RankMethod.ORDERING.value, (), groups, tuple(said), note.strip(), why)


def _rows(observatory: Observatory, frame: pd.DataFrame, chosen: Sequence[str]) -> tuple[RankRow, ...]:
    return tuple(
        RankRow(
            code=r.basin_code,
            label=observatory.basins[r.basin_code].short_label,
            median=float(r.rank_median),
            lower=int(r.rank_lower),
            upper=int(r.rank_upper),
            top_five=None if pd.isna(r.top_five_probability) else float(r.top_five_probability),
            band=int(r.band),
            text=sentences.rank_interval_phrase(int(r.rank_lower), int(r.rank_upper)),
            is_chosen=r.basin_code in chosen,
        )
        for r in _records(_ordered(frame))
        if r.basin_code in observatory.basins
    )


def _said(rows: Sequence[RankRow], count: int) -> tuple[str, ...]:
    return tuple(
        comparing.rank_sentence(r.label, r.lower, r.upper, count, r.top_five) for r in rows if r.is_chosen
    )


def _ordered(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values(["rank_median", "rank_lower", "rank_upper", "basin_code"], kind="stable")


def _records(frame: pd.DataFrame) -> Iterable[Any]:
    return frame.itertuples(index=False)


def _absent(observatory: Observatory, chosen: Sequence[str], ranked: pd.DataFrame) -> str:
    known = set(ranked["basin_code"])
    names = [observatory.basins[code].short_label for code in chosen if code not in known]
    return f"Sans rang, faute de valeur propre : {join_words(names)}." if names else ""


def _first_means(indicator: Indicator) -> str:
    """What the first rank means: the highest value, which is not always the most exposed."""
    if indicator.polarity is Polarity.HIGHER_IS_BETTER:
        return "1er = valeur la plus élevée, donc la moins exposée."
    return "1er = valeur la plus élevée."
