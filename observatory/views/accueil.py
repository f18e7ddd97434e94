"""View-model of Accueil: where the region stands, in three sentences, and what has been received."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

import pandas as pd

from observatory.domain.campaign import Measure
from observatory.domain.cooperation import Modality
from observatory.domain.figures import FigureStatus
from observatory.domain.indicators import Indicator
from observatory.domain.territory import REGION_CODE
from observatory.french import campaign_figures as words
from observatory.french import comparing, numbers, sentences
from observatory.views.campaign import CampaignView
from observatory.views.campaign_indicators import exact_rate
from observatory.views.campaign_path import CampaignPath, campaign_path, without_return
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


class PathParts(TypedDict):
    """What the page says of the latest campaign."""

    path: CampaignPath | None
    path_title: str
    path_rate: str


@dataclass(frozen=True)
class Accueil:
    """The first page, ready to show. ``sentences``: observed, associated with, not known."""

    title: str
    sentences: tuple[str, str, str]
    blocks: tuple[Block, ...]
    has_demonstration: bool
    source: str
    path: CampaignPath | None = None
    """The latest campaign over the region; None before the first one."""
    path_title: str = ""
    path_rate: str = ""
    has_invented_campaign: bool = False


def build_accueil(observatory: Observatory, previous: PreviousVersion | None = None) -> Accueil:
    """The page; complete even without any figure, which it then says."""
    outcome, campaign = observatory.catalogue.indicators[OUTCOME_CODE], observatory.campaign
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
        source=_source(observatory, f"{' ; '.join(producers)}, {outcome.latest_year}"),
        has_invented_campaign=campaign is not None and campaign.is_demonstration,
        **_path(campaign),
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


def _source(observatory: Observatory, observed: str) -> str:
    """Where the figures of the page come from, the invented ones named as such."""
    start, campaign = f"Source de l’observé : {observed}", observatory.campaign
    if campaign is None:
        return f"{start}. Données réelles."
    of_campaign = words.source_words(
        campaign.campaign_code, campaign.edition, is_demonstration=campaign.is_demonstration
    )
    return f"{start}, données réelles. {of_campaign}."


def _path(campaign: CampaignView | None) -> PathParts:
    """The region's path with its rate in words; nothing before the first campaign."""
    if campaign is None:
        return {"path": None, "path_title": "", "path_rate": ""}
    path = campaign_path(campaign, REGION_CODE)
    cell = exact_rate(campaign, REGION_CODE, Measure.LEAVER_WITHOUT_SOLUTION_RATE)
    interval = None if cell.lower is None or cell.upper is None else (cell.lower, cell.upper)
    return {
        "path": path,
        "path_title": f"{path.title}, {words.as_of(campaign.reference_on)}",
        "path_rate": words.rate_sentence(cell.value, interval, path.rate.detail),
    }


def _returns(observatory: Observatory) -> Block:
    total, campaign = len(observatory.basins), observatory.campaign
    title = "Remontées de campagne"
    if campaign is None:
        text = f"{words.NOT_PUBLISHED} Le parcours des jeunes viendra des cinq bases."
        return Block(title, f"0 bassin sur {total}", text)
    missing = without_return(campaign, tuple(observatory.basins))
    rates = [
        campaign.figure(code, Measure.LEAVER_WITHOUT_SOLUTION_RATE)
        for code in observatory.basins
        if code not in missing
    ]
    known = sum(cell.value is not None for cell in rates)
    return Block(
        title,
        words.returned_headline(known, total),
        words.returned_text(
            words.campaign_title(campaign.campaign_code, campaign.edition),
            words.as_of(campaign.reference_on),
            sum(cell.status is FigureStatus.SUPPRESSED for cell in rates),
            total - known - sum(cell.status is FigureStatus.SUPPRESSED for cell in rates),
        ),
        is_demonstration=campaign.is_demonstration,
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
