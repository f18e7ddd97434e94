"""The detail by commune: in the order of the geometry, with Marseille's one value told as such."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from observatory.domain.figures import FigureStatus
from observatory.domain.territory import MARSEILLE_ARRONDISSEMENTS
from observatory.french import texts
from observatory.geo import palette
from observatory.geo.palette import Fill
from observatory.views.commune_layer import CommuneDetail, build_commune_figures, build_confidence
from observatory.views.map_pieces import STATUS_FILLS
from tests.unit.made_up_region import make_region
from tests.unit.observatory_factory import CATALOGUE

ROOT = Path(__file__).resolve().parents[2]
NEET, INCOME = CATALOGUE.indicators["neet_rate"], CATALOGUE.indicators["median_income"]
COMMUNES = make_region().communes
CODES = sorted(COMMUNES["commune_code"])


def figures(**values: float | None) -> pd.DataFrame:
    rows = [(code.removeprefix("c"), value) for code, value in values.items()]
    return pd.DataFrame(rows, columns=["commune_code", "value"]).astype({"value": "float64"})


def drawn(detail: CommuneDetail, code: str) -> tuple[Fill, str]:
    place = CODES.index(code)
    letter = detail.paint.classes[place]
    return detail.paint.fills[ord(letter) - ord("a")], detail.paint.texts[place]


def test_communes_are_in_the_order_of_the_geometry_file() -> None:
    names = json.loads((ROOT / "data" / "territory" / "geometry.json").read_text(encoding="utf-8"))
    geometry = json.loads((ROOT / "static" / "geo" / names["communes"]).read_text(encoding="utf-8"))
    codes = [feature["properties"]["code"] for feature in geometry["features"]]
    table = pd.read_csv(ROOT / "data" / "territory" / "communes.csv", dtype={"commune_code": str})
    assert codes == sorted(table["commune_code"])
    detail = build_confidence(table)
    assert list(detail.codes) == codes
    assert len(detail.paint.classes) == len(detail.paint.texts) == len(detail.values) == len(codes)


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_the_table_does_not_matter(order: int) -> None:
    values = figures(c04001=0.1, c04002=0.3, c06001=0.2)
    assert build_commune_figures(COMMUNES[::order], values, NEET, 2018) == build_commune_figures(
        COMMUNES, values, NEET, 2018
    )
    assert build_confidence(COMMUNES[::order]) == build_confidence(COMMUNES)


def test_an_arrondissement_shows_the_value_of_the_city_as_that_of_a_wider_area() -> None:
    detail = build_commune_figures(COMMUNES, figures(c13055=0.19, c04001=0.1, c04002=0.3), NEET, 2018)
    for code in ("13201", "13202"):
        assert code in MARSEILLE_ARRONDISSEMENTS
        fill, text = drawn(detail, code)
        assert fill == STATUS_FILLS[FigureStatus.UNRESOLVED]
        assert text.startswith("(19,0\u202f%)")
        assert "Marseille entière" in text


def test_an_arrondissement_with_a_value_of_its_own_shows_it() -> None:
    detail = build_commune_figures(COMMUNES, figures(c13201=21000.0, c04001=18000.0), INCOME, 2019)
    fill, text = drawn(detail, "13201")
    assert fill.pattern is None
    assert text == "21\u202f000\u202f€ en 2019"
    assert drawn(detail, "13202")[0] == STATUS_FILLS[FigureStatus.MISSING]


@pytest.mark.parametrize("value", [None, float("nan")])
def test_a_commune_without_a_value_is_missing_and_never_zero(value: float | None) -> None:
    detail = build_commune_figures(COMMUNES, figures(c04001=0.1, c04002=value, c06001=0.0), NEET, 2018)
    assert drawn(detail, "04002") == (
        STATUS_FILLS[FigureStatus.MISSING],
        texts.STATUS_LABELS[FigureStatus.MISSING],
    )
    assert drawn(detail, "06001")[1] == "0,0\u202f% en 2018"


def test_a_layer_without_any_value_says_so_everywhere() -> None:
    detail = build_commune_figures(COMMUNES, figures(), NEET, 2018)
    assert set(detail.paint.texts) == {texts.STATUS_LABELS[FigureStatus.MISSING]}
    assert [line.fill.pattern is None for line in detail.legend] == [False, False]


def test_dark_is_the_more_exposed_end_here_too() -> None:
    values = figures(c04001=1.0, c04002=2.0, c06001=3.0)
    for indicator, darkest in ((NEET, "06001"), (INCOME, "04001")):
        detail = build_commune_figures(COMMUNES, values, indicator, 2018)
        shown = {
            code: palette.relative_luminance(drawn(detail, code)[0].colour) for code in ("04001", "06001")
        }
        assert min(shown, key=shown.__getitem__) == darkest


def test_the_legend_counts_every_commune_once() -> None:
    for detail in (
        build_commune_figures(COMMUNES, figures(c13055=0.19, c04001=0.1), NEET, 2018),
        build_confidence(COMMUNES),
    ):
        assert sum(line.count for line in detail.legend) == len(COMMUNES)
        assert [line.fill for line in detail.legend] == list(detail.paint.fills)
        assert detail.title


def test_values_are_as_shown_and_empty_where_the_commune_has_none_of_its_own() -> None:
    detail = build_commune_figures(COMMUNES, figures(c13055=0.19, c04001=0.1234567, c06001=0.0), NEET, 2018)
    values = dict(zip(detail.codes, detail.values, strict=True))
    assert values == {"04001": 12.3457, "04002": None, "06001": 0.0, "13201": None, "13202": None}


def test_the_fill_of_a_position_is_the_one_that_the_map_paints() -> None:
    detail = build_commune_figures(COMMUNES, figures(c13055=0.19, c04001=0.1, c06001=0.3), NEET, 2018)
    assert [detail.fill(i) for i in range(len(CODES))] == [drawn(detail, code)[0] for code in CODES]


def test_the_confidence_of_an_attachment_comes_with_its_method() -> None:
    detail = build_confidence(COMMUNES)
    fill, text = drawn(detail, "04002")
    assert fill == Fill(palette.CONFIDENCE["low"])
    assert text == "rattachement incertain : lycée proche"
