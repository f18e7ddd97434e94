"""View-model of Accueil: where the region stands, in three sentences, and what has been received."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from observatory.domain.cooperation import Modality
from observatory.domain.figures import FigureStatus
from observatory.domain.indicators import Indicator
from observatory.french import comparing, numbers, sentences
from observatory.views.cooperation import PAIR_COUNT, cooperation_states, inventories
from observatory.views.observatory import Observatory
from observatory.views.selection import OUTCOME_CODE

MAXIMUM_NAMED = 3
"""Basins named as the highest; more would be a list, not a sentence."""
_FIGURE_KEY = ["area_code", "indicator_code", "year"]
_FIGURE_CONTENT = ["value", "value_lower", "value_upper", "status", "coverage", "note"]


@dataclass(frozen=True)
class PreviousVersion:
    """The data version before the current one: when it was made, and its figures."""

    at: datetime
    figures: pd.DataFrame


@dataclass(frozen=True)
class Block:
    """One small card: its title, a figure or a few words, and what explains it."""

    title: str
    headline: str
    text: str
    is_demonstration: bool = False


@dataclass(frozen=True)
class Accueil:
    """The first page, ready to show. ``sentences``: observed, associated with, not known."""

    title: str
    sentences: tuple[str, str, str]
    blocks: tuple[Block, ...]
    has_demonstration: bool
    source: str


def build_accueil(observatory: Observatory, previous: PreviousVersion | None = None) -> Accueil:
    """The page; complete even without any figure, which it then says."""
    outcome = observatory.catalogue.indicators[OUTCOME_CODE]
    blocks = [_returns(observatory), _dates(), _changes(observatory, previous)]
    if observatory.has_demonstration:
        blocks.append(_inventory(observatory))
    sources = [s for s in outcome.source_codes if s in observatory.catalogue.sources]
    producers = dict.fromkeys(observatory.catalogue.sources[s].producer.split(",")[0] for s in sources)
    return Accueil(
        title="Où en est la région ?",
        sentences=(
            _observed(observatory, outcome),
            _association(observatory),
            _unknown(observatory, outcome),
        ),
        blocks=tuple(blocks),
        has_demonstration=observatory.has_demonstration,
        source=f"Source de l’observé : {' ; '.join(producers)}, {outcome.latest_year}. Données réelles.",
    )


def highest_basins(observatory: Observatory, indicator: Indicator) -> tuple[tuple[str, float], ...]:
    """At most three basins (name, value) that read higher than all the others; ties are never cut in two."""
    figures = observatory.resolved(indicator.code, indicator.latest_year)
    known = [
        (observatory.basins[f.area_code].short_label, f.value)
        for f in sorted(figures, key=lambda f: (-(f.value or 0.0), f.area_code))
        if f.value is not None
    ]
    shown = [numbers.format_value(value, indicator) for _, value in known]
    count = min(MAXIMUM_NAMED, len(known) - 1)
    while count > 0 and shown[count - 1] == shown[count]:
        count -= 1
    return tuple(known[: max(count, 0)])


def count_changes(current: pd.DataFrame, previous: pd.DataFrame) -> int:
    """Figures that appeared, disappeared or read otherwise between two versions (``figure`` frames)."""

    def content(frame: pd.DataFrame) -> dict[tuple[object, ...], tuple[object, ...]]:
        columns = [frame[name].tolist() for name in (*_FIGURE_KEY, *_FIGURE_CONTENT)]
        rows = zip(*columns, strict=True)
        split = len(_FIGURE_KEY)
        return {row[:split]: tuple(None if pd.isna(cell) else cell for cell in row[split:]) for row in rows}

    now, before = content(current), content(previous)
    return sum(1 for key in now.keys() | before.keys() if now.get(key) != before.get(key))


def _observed(observatory: Observatory, outcome: Indicator) -> str:
    region = observatory.regional_value(outcome.code, outcome.latest_year)
    return comparing.observed_sentence(
        outcome, outcome.latest_year, region, highest_basins(observatory, outcome)
    )


def _association(observatory: Observatory) -> str:
    def known(name: str) -> float | None:
        value = observatory.summary.get(name, math.nan)
        return None if math.isnan(value) else value

    rows = observatory.gap_rows
    notable = [(code, row.gap) for code, row in rows.items() if row.is_notable and code in observatory.basins]
    named = [
        (observatory.basins[code].short_label, gap)
        for code, gap in sorted(notable, key=lambda item: -abs(item[1]))
    ]
    return comparing.association_sentence(len(rows), known("r_squared"), known("slope"), named)


def _unknown(observatory: Observatory, outcome: Indicator) -> str:
    unresolved, hidden, with_interval = [], 0, 0
    for code, basin in observatory.basins.items():
        figure = observatory.latest(code, outcome)
        if figure is not None and figure.status is FigureStatus.UNRESOLVED:
            unresolved.append(basin.basin_label)
        elif figure is None or figure.own_value is None:
            hidden += 1
        elif figure.has_interval:
            with_interval += 1
    without_index = sum(1 for code in observatory.basins if code not in observatory.context_rows)
    return comparing.unknown_sentence(unresolved, hidden, without_index, with_interval > 0)


def _returns(observatory: Observatory) -> Block:
    total = len(observatory.basins)
    return Block(
        "Remontées de campagne",
        f"0 bassin sur {total}",
        f"{sentences.capitalise(comparing.NO_CAMPAIGN)}. Le parcours des "
        "jeunes (repérés, retrouvés, accompagnés, inconnus) viendra des cinq bases.",
    )


def _dates() -> Block:
    return Block(
        "Prochaines dates",
        "Aucune date enregistrée",
        "Elles viendront du calendrier de remontée que fixe le comité de pilotage.",
    )


def _changes(observatory: Observatory, previous: PreviousVersion | None) -> Block:
    title = "Ce qui a changé"
    if observatory.version_at is None:
        return Block(title, "Aucune version", "Aucune donnée n’est encore chargée.")
    at = numbers.format_date(observatory.version_at)
    if previous is None:
        text = comparing.version_sentence(observatory.version_id, at, None, None)
        return Block(title, "Premier chargement", text)
    changed = count_changes(observatory.figures, previous.figures)
    text = comparing.version_sentence(observatory.version_id, at, numbers.format_date(previous.at), changed)
    plural = "s" if changed > 1 else ""
    headline = f"{numbers.format_number(changed)} chiffre{plural}" if changed else "Rien de nouveau"
    return Block(title, headline, text)


def _inventory(observatory: Observatory) -> Block:
    states = cooperation_states(observatory)
    reported = sum(round(state.completeness * PAIR_COUNT) for state in states.values())
    share = reported / (PAIR_COUNT * len(states)) if states else 0.0
    started = sum(1 for state in states.values() if state.completeness > 0)
    answered = sum(1 for found in inventories(observatory).values() if found.completeness.modality_count)
    return Block(
        "Inventaire de la coopération",
        f"{numbers.format_share(share)} des liens renseignés",
        f"Au moins un des {PAIR_COUNT} liens entre structures : "
        f"{sentences.out_of_basins(started, len(states))}. "
        f"Au moins une des {numbers.count_word(len(Modality))} modalités : "
        f"{sentences.out_of_basins(answered, len(states))}. Données inventées.",
        is_demonstration=True,
    )


def page_questions(observatory: Observatory, basin_code: str) -> Sequence[tuple[str, str]]:
    """Pages and the question each of them answers: (file of the page, question)."""
    name = observatory.basins[basin_code].short_label
    return (
        ("carte", "Où le risque est-il le plus fort ?"),
        ("bassin", f"Que savoir {sentences.of_name(name)} avant la réunion ?"),
        ("comparer", "En quoi ces bassins diffèrent-ils ?"),
        ("cooperation", "Qui travaille avec qui ?"),
        ("methode", "D’où vient ce chiffre ?"),
    )
