"""The campaign on the sheet of a basin, and in the page that is printed."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatory.domain.campaign import Measure
from observatory.domain.figures import FigureStatus
from observatory.french.numbers import format_number
from observatory.views.campaign_path import Assumption
from observatory.views.campaign_sheet import campaign_sheet
from observatory.views.fiche import build_fiche
from tests.region_campaign import hidden, region_figures, region_view
from tests.unit.observatory_factory import make_observatory


def with_region(change=lambda figures: figures, **options):
    return replace(make_observatory(), campaign=region_view(change, **options))


def texts_of(found):
    """Every text of a view-model, except the codes that it is ordered by."""
    if isinstance(found, str):
        return [] if isinstance(found, FigureStatus | Measure | Assumption) else [found]
    if is_dataclass(found):
        return [text for field in fields(found) for text in texts_of(getattr(found, field.name))]
    if isinstance(found, dict):
        return [text for value in found.values() for text in texts_of(value)]
    if isinstance(found, list | tuple):
        return [text for value in found for text in texts_of(value)]
    return []


def test_without_a_campaign_the_sheet_says_so_in_one_line():
    fiche = build_fiche(make_observatory(), "AM01")
    assert fiche.campaign is None
    assert fiche.funnel == "Aucune campagne n’a encore été publiée."


def test_the_rates_have_their_counts_their_interval_and_the_region():
    sheet = campaign_sheet(with_region(), "NI03")
    rate = sheet.figures[0]
    assert rate.code == Measure.LEAVER_WITHOUT_SOLUTION_RATE
    assert " sur " in sheet.counts[rate.code]
    assert rate.doubt.startswith("de ")
    assert rate.region.endswith("%")
    assert rate.academie.endswith("%")


def test_more_unknown_is_neither_better_nor_worse():
    unknown = next(f for f in campaign_sheet(with_region(), "NI03").figures if f.code == Measure.UNKNOWN_RATE)
    assert (unknown.sign, unknown.verdict) == ("", "")


def test_each_group_of_sex_age_and_origin_has_its_line():
    groups = campaign_sheet(with_region(), "NI03").groups
    assert [(title, len(rows)) for title, rows in groups] == [("Sexe", 2), ("Âge", 3), ("Origine", 5)]


def test_small_counts_are_told_and_marked():
    sheet = campaign_sheet(with_region(), "AM01")
    small = [cell for _, rows in sheet.groups for row in rows for cell in row.counts if cell.is_small]
    assert small
    assert all(1 <= int(cell.text) < 20 for cell in small)


def test_the_campaign_is_one_line_of_the_head_with_its_interval_and_its_unknown():
    lead = build_fiche(with_region(), "NI03").full_lead[-1]
    assert lead.startswith("Campagne de novembre 2026, provisoire. Sans diplôme ni solution : ")
    assert "inconnus : " in lead


@pytest.mark.parametrize(("invented", "marked"), [(True, True), (False, False)])
def test_only_an_invented_campaign_puts_the_banner_on_the_sheet_and_its_print(invented, marked):
    fiche = build_fiche(with_region(is_demonstration=invented), "NI03")
    assert ("la campagne et ses chiffres par bassin sont inventés" in fiche.banner) is marked
    assert ("données inventées" in fiche.all_sources[-1]) is marked


@settings(max_examples=15)
@given(st.sets(st.sampled_from(sorted(m.value for m in Measure)), min_size=1))
def test_a_basin_whose_cells_are_hidden_tells_none_of_their_values(names):
    """Values are made unlike any other number of the sheet, so that one that leaks is seen."""
    codes = {name: 70_001.0 + 10 * i for i, name in enumerate(sorted(m.value for m in Measure))}
    figures = region_figures()
    own = figures["area_code"] == "NI03"
    marked = figures.assign(value=figures["value"].mask(own, figures["measure"].map(codes)), status="value")
    marked.loc[own, ["value_lower", "value_upper"]] = float("nan")
    change = hidden(marked, ["NI03"], names)
    found = " ".join(texts_of(build_fiche(with_region(lambda _: change), "NI03")))
    for name in names:
        assert format_number(codes[name]) not in found
