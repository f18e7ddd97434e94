"""What leaves the map page says what the map says, with state, source and banner."""

from __future__ import annotations

from datetime import date

import pytest

from observatory.french import texts
from observatory.views.map_export import build_map_sheet, build_report_map
from observatory.views.map_readings import build_map_view
from observatory.views.selection import INDEX_CODE, Reading, Selection, conform
from observatory.views.sheet import Sheet
from tests.unit.made_up_region import FIGURES, NAMES, SUPPRESSED, WIDER, make_region, neet
from tests.unit.observatory_factory import CATALOGUE, make_observatory

REGION = make_region()
DAY = date(2026, 12, 1)


def selected(reading: Reading, indicator: str = "") -> Selection:
    return conform(Selection("AM01", (), reading, indicator, None, projection=False), CATALOGUE)


def sheet(reading: Reading, indicator: str = "", observatory=REGION) -> Sheet:
    selection = selected(reading, indicator)
    return build_map_sheet(observatory, build_map_view(observatory, selection), selection)


def row(table: Sheet, code: str) -> dict[str, object]:
    return dict(zip(table.headers, next(r for r in table.rows if r[0] == code), strict=True))


@pytest.mark.parametrize("reading", Reading)
@pytest.mark.parametrize("observatory", [REGION, make_observatory(names=NAMES)], ids=["figures", "nothing"])
def test_the_table_has_one_row_a_basin_and_one_header_a_column(reading: Reading, observatory) -> None:
    table = sheet(reading, observatory=observatory)
    assert sorted(r[0] for r in table.rows) == sorted(NAMES)
    assert len(set(table.headers)) == len(table.headers)
    assert {len(r) for r in table.rows} == {len(table.headers)}


@pytest.mark.parametrize("reading", Reading)
def test_a_column_holds_numbers_or_texts_and_never_both(reading: Reading) -> None:
    table = sheet(reading)
    for column in zip(*table.rows, strict=True):
        assert len({isinstance(v, str) for v in column if v is not None}) <= 1


def test_shares_are_exported_in_percent_with_their_provenance() -> None:
    found = row(sheet(Reading.CONTEXT, "vocational_share"), "AM01")
    assert (found["2022 (en %)"], found["Intervalle bas"], found["Intervalle haut"]) == (30.0, 28.0, 32.0)
    assert (found["Effectif"], found["Couverture (%)"], found["État"]) == (1000.0, 100.0, "valeur")


def test_a_value_of_a_wider_area_is_no_number_but_is_told_with_its_state() -> None:
    found = row(sheet(Reading.OBSERVED), WIDER)
    assert found["2018 (en %)"] is None
    assert found["État"] == f"{texts.STATUS_LABELS['unresolved']} (30,0\u202f%)"
    assert "Marseille entière" in str(found["Note"])


def test_a_hidden_value_leaves_no_trace_in_the_file() -> None:
    held = make_region((*FIGURES[:6], neet(SUPPRESSED, 0.4321, status="suppressed", lower=0.41, upper=0.46)))
    found = row(sheet(Reading.OBSERVED, observatory=held), SUPPRESSED)
    assert found["État"] == texts.STATUS_LABELS["suppressed"]
    assert not [v for v in found.values() if isinstance(v, float) and v != 100.0]


def test_a_reading_that_crosses_figures_exports_its_own_words_and_no_state_of_one_indicator() -> None:
    for reading, indicator in ((Reading.GAP, ""), (Reading.CONTEXT, INDEX_CODE), (Reading.COOPERATION, "")):
        assert "État" not in sheet(reading, indicator).headers
    assert "insuffisamment couverte" in str(row(sheet(Reading.CONTEXT, INDEX_CODE), "NI02")["Lecture"])
    assert row(sheet(Reading.GAP), "AM01")["Points"] == 2.0
    assert row(sheet(Reading.COOPERATION), "NI01")["Renseigné"] == pytest.approx(40.4762)


def test_title_source_note_and_reconstruction_stand_under_the_table() -> None:
    view = build_map_view(REGION, selected(Reading.GAP))
    notes = sheet(Reading.GAP).notes
    assert {view.title, view.indicator_label, view.source, view.note, texts.RECONSTRUCTED} == set(notes)


@pytest.mark.parametrize("reading", Reading)
def test_table_and_drawing_carry_the_banner_only_for_invented_records(reading: Reading) -> None:
    is_invented = reading in (Reading.COOPERATION, Reading.PRIORITIES)
    report = build_report_map(build_map_view(REGION, selected(reading)), "AM01", DAY)
    assert bool(report.banner) == is_invented
    assert sheet(reading).notes[0].startswith("Données de démonstration") == is_invented
    assert "**" not in report.banner + "".join(sheet(reading).notes)


def test_the_drawing_has_the_date_in_french_the_doubt_and_only_the_signs_it_uses() -> None:
    view = build_map_view(REGION, selected(Reading.GAP))
    report = build_report_map(view, "AM01", DAY)
    assert report.date == "1er décembre 2026"
    assert "hasard" in report.source
    assert texts.RECONSTRUCTED in report.source
    drawn = {area.fill for area in report.areas.values()}
    assert {fill for _, fill in report.legend if fill.pattern} <= drawn <= {fill for _, fill in report.legend}
