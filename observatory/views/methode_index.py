"""The context index laid open: dimensions, weights, and what another choice of dimensions would give.

The other choice is computed by the same function and from the same table as the published index
(:mod:`observatory.stats.index_inputs`), so that with every dimension kept the two agree.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from observatory.domain.risk import IndexStatus
from observatory.french import numbers, sentences
from observatory.stats.index_inputs import IndexInputs, context_index_inputs
from observatory.stats.risk_index import ContextIndex, IndexSettings, compute_context_index
from observatory.views.methode import missing_words
from observatory.views.observatory import Observatory


@dataclass(frozen=True)
class DimensionRow:
    """One dimension: its indicators with their year, its weight, the basins that lack it."""

    code: str
    label: str
    indicators: str
    weight: str
    missing: str


@dataclass(frozen=True)
class IndexView:
    """The published index. ``winsorised``: one sentence a value brought back to a fence."""

    sentence: str
    dimensions: tuple[DimensionRow, ...]
    winsorised: tuple[str, ...]


@dataclass(frozen=True)
class RankSpan:
    """Where the rank of exposure falls in 90 % of the variants (1 = most exposed), and its median."""

    lower: int
    median: int
    upper: int

    @property
    def text(self) -> str:
        return sentences.rank_interval_phrase(self.lower, self.upper)


@dataclass(frozen=True)
class WhatIfRow:
    """One basin: its interval today and with the choice; ``reason`` says why there is none."""

    code: str
    label: str
    before: RankSpan | None
    after: RankSpan | None
    reason: str


@dataclass(frozen=True)
class WhatIf:
    """The index with the dimensions kept. Rows: by median rank with the choice, then those without index."""

    title: str
    note: str
    count_before: int
    count_after: int
    rows: tuple[WhatIfRow, ...]


def build_index(observatory: Observatory) -> IndexView:
    """What the published index is made of, and what was done to extreme values."""
    inputs = _inputs(observatory)
    catalogue = observatory.catalogue
    used = list(dict.fromkeys(inputs.dimension.values()))
    rows = []
    for code in used:
        members = [i for i in inputs.values.columns if inputs.dimension[i] == code]
        lacking = int(inputs.values[members].isna().any(axis=1).sum())
        rows.append(
            DimensionRow(
                code,
                catalogue.dimensions[code].label,
                " ; ".join(
                    f"{catalogue.indicators[i].label} ({catalogue.indicators[i].latest_year})"
                    for i in members
                ),
                numbers.format_share(1 / len(used)),
                "aucun" if not lacking else _basins(lacking),
            )
        )
    computed = _published(observatory)
    return IndexView(
        f"{len(computed)} bassins sur {len(observatory.basins)} ont un indice de contexte",
        tuple(rows),
        _winsorised(observatory, _compute(observatory, inputs)),
    )


def build_what_if(observatory: Observatory, kept: Collection[str]) -> WhatIf:
    """Rank intervals with the dimensions ``kept``, beside the published ones. No dimension: no index."""
    before = _published(observatory)
    inputs = _inputs(observatory).keep(kept)
    labels = observatory.catalogue.dimensions
    every = list(dict.fromkeys(_inputs(observatory).dimension.values()))
    dropped = [labels[code].label for code in every if code not in kept]
    after: dict[str, RankSpan] = {}
    reasons = dict.fromkeys(observatory.basins, "aucune dimension retenue")
    if inputs.values.shape[1]:
        index = _compute(observatory, inputs)
        after = _spans(index.scores.rename_axis("basin_code").reset_index())
        reasons = {
            str(code): _reason(observatory, status, missing)
            for code, status, missing in zip(
                index.scores.index, index.scores["status"], index.scores["missing_dimensions"], strict=True
            )
        }
    rows = sorted(
        (
            WhatIfRow(
                code,
                basin.basin_label,
                before.get(code),
                after.get(code),
                "" if code in after else reasons[code],
            )
            for code, basin in observatory.basins.items()
        ),
        key=lambda row: (row.after is None, row.after.median if row.after else 0, row.label),
    )
    return WhatIf(
        _what_if_title(dropped, len(after), len(observatory.basins), len(before)),
        _what_if_note(before, after) if dropped else "C’est le calcul publié : retirez une dimension.",
        len(before),
        len(after),
        tuple(rows),
    )


def _inputs(observatory: Observatory) -> IndexInputs:
    return context_index_inputs(observatory.figures, observatory.catalogue, observatory.basins)


def _compute(observatory: Observatory, inputs: IndexInputs) -> ContextIndex:
    population = observatory.communes.groupby("basin_code")["population"].sum()
    return compute_context_index(
        inputs.values, inputs.polarity, inputs.dimension, population=population, settings=IndexSettings()
    )


def _published(observatory: Observatory) -> dict[str, RankSpan]:
    return _spans(observatory.context_index)


def _spans(scores: pd.DataFrame) -> dict[str, RankSpan]:
    return {
        row["basin_code"]: RankSpan(int(row["rank_lower"]), int(row["rank_median"]), int(row["rank_upper"]))
        for row in scores.to_dict("records")
        if row["status"] == IndexStatus.COMPUTED.value
    }


def _reason(observatory: Observatory, status: str, missing: object) -> str:
    if status == IndexStatus.TOO_FEW_BASINS.value:
        return "trop peu de bassins complets pour un indice"
    words = missing_words(observatory, missing)
    return f"manque : {words.lower()}" if words else ""


def _what_if_title(dropped: list[str], after: int, total: int, before: int) -> str:
    if not dropped:
        return f"Avec toutes les dimensions, {after} bassins sur {total} ont un indice"
    if not after:
        return "Aucun indice avec ce choix"
    names = numbers.join_words([f"« {label} »" for label in dropped])
    if after == before:
        return f"Sans {names}, toujours {after} bassins sur {total} ont un indice"
    return f"Sans {names}, {after} bassins sur {total} ont un indice, contre {before} aujourd’hui"


def _what_if_note(before: dict[str, RankSpan], after: dict[str, RankSpan]) -> str:
    if not after:
        return "Aucun rang à montrer avec ce choix."
    if len(before) != len(after):
        return (
            f"Les rangs d’aujourd’hui portent sur {len(before)} bassins, ceux du choix sur {len(after)} : "
            "ils ne se comparent pas un à un."
        )
    both = [code for code in before if code in after]
    apart = sum(
        1 for code in both if before[code].upper < after[code].lower or after[code].upper < before[code].lower
    )
    if not apart:
        return "Pour chaque bassin, les deux intervalles se recouvrent : ce choix ne change rien d’assuré."
    return (
        f"Pour {_basins(apart)} sur {len(both)}, les deux intervalles de rang ne se recouvrent pas : "
        "leur position dépend de ce choix."
    )


def _winsorised(observatory: Observatory, index: ContextIndex) -> tuple[str, ...]:
    found = []
    for row in index.winsorised.to_dict("records"):
        indicator = observatory.catalogue.indicators[row["indicator_code"]]
        found.append(
            f"{indicator.label}, {observatory.basins[row['basin_code']].basin_label} : "
            f"{numbers.format_value(row['value_before'], indicator)}, ramené à "
            f"{numbers.format_value(row['value_after'], indicator)}."
        )
    return tuple(found)


def _basins(count: int) -> str:
    return "un bassin" if count == 1 else f"{numbers.count_word(count)} bassins"
