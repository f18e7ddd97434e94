"""The latest campaign as a view: which one, what is hidden, what the unknown would change."""

from __future__ import annotations

import pandas as pd
import pytest

from observatory.domain.campaign import Breakdown, Edition, Measure, QualityTopic
from observatory.domain.figures import FigureStatus
from observatory.views.campaign import ABSENT, latest_edition
from tests.made_up_campaigns import made_up_view


@pytest.fixture(scope="module")
def campaign():
    return made_up_view()


def editions(*names: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(names, columns=["campaign_code", "edition"])


def test_the_latest_campaign_is_shown_definitive_rather_than_provisional():
    older, newer = ("2025-11", "definitive"), ("2026-11", "provisional")
    assert latest_edition(editions(newer, older)) == newer
    assert latest_edition(editions(("2026-11", "definitive"), newer)) == ("2026-11", "definitive")
    assert latest_edition(editions()) is None


def test_figures_are_told_by_area_measure_and_category(campaign):
    assert campaign.edition is Edition.PROVISIONAL
    rate = campaign.figure("AM13", Measure.LEAVER_WITHOUT_SOLUTION_RATE)
    assert rate.own_value == pytest.approx(70 / 6200)
    assert rate.has_interval
    assert campaign.figure("AM13", Measure.DROPOUT, Breakdown.SEX, "F") is ABSENT


def test_what_is_hidden_small_or_absent_takes_no_part_in_colours_and_ranks(campaign):
    hidden = campaign.figure("AM01", Measure.DROPOUT)
    assert (hidden.status, hidden.value, hidden.own_value) == (FigureStatus.SUPPRESSED, None, None)
    small = campaign.figure("AM13", Measure.CONTRACT_BROKEN)
    assert (small.value, small.own_value) == (80.0, None)
    assert campaign.figure("NI01", Measure.DROPOUT).status is FigureStatus.MISSING


def test_a_value_left_in_a_hidden_row_is_not_read():
    campaign = made_up_view(change=lambda figures: figures.assign(value=3.0, status="suppressed"))
    assert campaign.figure("AM13", Measure.DROPOUT).value is None


def test_the_unknown_give_the_bounds_of_the_rate(campaign):
    assert campaign.bounds("AM13") == (pytest.approx(70 / 6200), pytest.approx(130 / 6200))
    assert campaign.bounds("AM01") is None
    assert campaign.bounds("NI01") is None


def test_quality_is_told_by_topic_item_and_measure(campaign):
    assert campaign.cell(QualityTopic.LEFT_OUT, "no_sex", "persons").status is FigureStatus.SUPPRESSED
    assert campaign.cell(QualityTopic.LEFT_OUT, "elsewhere", "persons") is ABSENT
    assert campaign.cell(QualityTopic.FALSE_DROPOUT, "all", "persons").upper == 60
    assert campaign.manifest["link"]["linked"] == 4012
