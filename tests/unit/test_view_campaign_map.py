"""The campaign on the map and in what leaves it: signs, intervals, unknown, edition, demonstration."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatory.domain.campaign import Measure
from observatory.french.numbers import format_number
from observatory.views.map_export import (
    CAMPAIGN_HEADERS,
    DEMONSTRATION_COLUMN,
    build_map_sheet,
    build_report_map,
)
from observatory.views.map_pieces import SMALL, STATUS_FILLS
from observatory.views.map_readings import build_map_view
from observatory.views.selection import OUTCOME_CODE, parse_selection
from tests.region_campaign import hidden, region_figures, region_view
from tests.unit.observatory_factory import make_observatory

RATE = Measure.LEAVER_WITHOUT_SOLUTION_RATE.value


def observatory(change=lambda figures: figures, **options):
    return replace(make_observatory(), campaign=region_view(change, **options))


def mapped(found, indicator=RATE, basin="NI03"):
    params = {"lecture": "observe", "indicateur": indicator, "bassin": basin}
    selection = parse_selection(params, found.catalogue, found.basins)[0]
    return build_map_view(found, selection), selection


def test_the_map_starts_with_the_census_though_there_is_a_campaign():
    found = observatory()
    assert parse_selection({}, found.catalogue, found.basins)[0].indicator == OUTCOME_CODE


def test_the_map_opens_on_a_real_campaign():
    found = observatory(is_demonstration=False)
    assert parse_selection({}, found.catalogue, found.basins)[0].indicator == RATE


def test_a_hidden_rate_is_hatched_and_one_not_transmitted_dotted():
    view, _ = mapped(observatory(lambda f: hidden(hidden(f, ["NI03"]), ["NI02"], status="missing")))
    assert view.area("NI03").fill == STATUS_FILLS["suppressed"]
    assert view.area("NI02").fill == STATUS_FILLS["missing"]
    assert view.area("NI03").tooltip[-1] == "secret statistique"


def test_a_rate_on_few_young_people_is_told_without_colour_and_is_in_the_legend():
    def few(figures):
        is_base = (figures["area_code"] == "NI03") & (figures["measure"] == "enrolled")
        return figures.assign(value=figures["value"].mask(is_base, 19.0))

    view, _ = mapped(observatory(few))
    area = view.area("NI03")
    assert area.fill == SMALL
    assert any("petit effectif" in line for line in area.tooltip)
    assert [e.count for e in view.legend if "petit effectif" in e.label] == [1]


def test_hover_and_panel_tell_interval_counts_unknown_and_edition():
    view, _ = mapped(observatory())
    for said in (" ; ".join(view.area("NI03").tooltip), view.panel.doubt):
        assert "ntervalle à 95" in said
        assert " sur " in said
        assert "inconnus : " in said
        assert "campagne provisoire, démonstration" in said


@pytest.mark.parametrize(("invented", "marked"), [(True, True), (False, False)])
def test_only_an_invented_campaign_marks_the_map_and_its_files(invented, marked):
    found = observatory(is_demonstration=invented)
    view, selection = mapped(found)
    sheet = build_map_sheet(found, view, selection)
    assert view.is_demonstration is marked
    assert (DEMONSTRATION_COLUMN in sheet.headers) is marked
    assert any("sont inventés" in note for note in sheet.notes) is marked
    assert bool(build_report_map(view, "NI03", date(2026, 11, 24)).banner) is marked
    assert ("données inventées" in view.source) is marked


def test_the_file_has_interval_counts_unknown_and_edition_of_each_basin():
    found = observatory()
    view, selection = mapped(found)
    sheet = build_map_sheet(found, view, selection)
    row = dict(zip(sheet.headers, next(r for r in sheet.rows if r[0] == "NI03"), strict=True))
    assert row["Intervalle bas"] < row["Intervalle haut"]
    assert row["Numérateur"] < row["Effectif"]
    assert 0 < row["Inconnus (%)"] < 100
    assert row["Édition"] == "provisoire"


def test_the_census_keeps_its_own_columns():
    found = observatory()
    view, selection = mapped(found, OUTCOME_CODE)
    assert not set(CAMPAIGN_HEADERS) & set(build_map_sheet(found, view, selection).headers)
    assert not view.is_demonstration


@settings(max_examples=15)
@given(st.sets(st.sampled_from(sorted(m.value for m in Measure)), min_size=1))
def test_no_hidden_value_is_on_the_map_nor_in_its_file(names):
    """Counts of the basin are unlike any other number, so that one that leaks is seen."""
    codes = {name: 70_001.0 + 10 * i for i, name in enumerate(sorted(m.value for m in Measure))}
    figures = region_figures()
    own = figures["area_code"] == "NI03"
    marked = figures.assign(value=figures["value"].mask(own, figures["measure"].map(codes)), status="value")
    marked.loc[own, ["value_lower", "value_upper"]] = float("nan")
    found = observatory(lambda _: hidden(marked, ["NI03"], names))
    view, selection = mapped(found)
    written = [cell for row in build_map_sheet(found, view, selection).rows for cell in row]
    said = " ".join((*view.area("NI03").tooltip, view.panel.text, view.panel.doubt))
    for name in names:
        assert format_number(codes[name]) not in said
        assert codes[name] not in [cell for cell in written if isinstance(cell, float)]
