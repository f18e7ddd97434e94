"""A small made-up campaign as the pipeline publishes it, in the columns of the store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pandas as pd

from observatory.domain.campaign import RATES, Measure
from observatory.views.campaign import CampaignView, build_campaign

NAMED = {"campaign_code": "2026-11", "edition": "provisional"}
SOURCES = ("pupils", "affectation", "apprenticeship", "agricultural", "mission_locale")


def header(
    campaign_code: str = "2026-11", edition: str = "provisional", *, is_demonstration: bool = False
) -> pd.DataFrame:
    """One row of the table ``campaign``."""
    return pd.DataFrame(
        {
            "campaign_code": [campaign_code],
            "edition": [edition],
            "reference_on": [date(2026, 11, 1)],
            "published_at": [pd.Timestamp("2026-11-20T09:30:00+01:00")],
            "is_demonstration": [is_demonstration],
            "manifest": ['{"link": {"linked": 4012, "review": 31}}'],
        }
    )


def figures(dropout: float = 120.0) -> pd.DataFrame:
    """Avignon (AM13) with its figures, Digne (AM01) under the threshold."""
    counts = {
        Measure.ENROLLED: 6200.0,
        Measure.SIGNALLED: 300.0,
        Measure.FOUND_IN_TRAINING: 300.0 - 60.0 - dropout,
        Measure.DROPOUT: dropout,
        Measure.UNKNOWN: 60.0,
        Measure.FOLLOWED: 50.0,
        Measure.WITHOUT_SOLUTION: dropout - 50.0,
        Measure.CONTRACT: 410.0,
        Measure.CONTRACT_BROKEN: 80.0,
        Measure.ASKED_PLACE: 1500.0,
        Measure.NOT_AFFECTED: 90.0,
    }
    rates = {rate: counts[part] / counts[whole] for rate, (part, whole) in RATES.items()}
    rows = []
    for measure in Measure:
        value = {**counts, **rates, Measure.RECEPTION_DELAY_DAYS: 74.0}[measure]
        bounds = (value * 0.95, value * 1.08) if measure in RATES else (None, None)
        rows.append(("AM13", measure.value, value, *bounds, "value", measure is Measure.CONTRACT_BROKEN))
        rows.append(("AM01", measure.value, None, None, None, "suppressed", False))
    frame = pd.DataFrame(
        rows, columns=["area_code", "measure", "value", "value_lower", "value_upper", "status", "is_small"]
    )
    return frame.assign(**NAMED, breakdown="all", category="all")


def quality() -> pd.DataFrame:
    """Every topic, with numbers that a person can follow."""
    rows: list[tuple[str, str, str, float | None, float | None, float | None, str]] = []

    def add(
        topic: str,
        item: str,
        measure: str,
        value: float | None,
        lower: float | None = None,
        upper: float | None = None,
    ) -> None:
        rows.append((topic, item, measure, value, lower, upper, "suppressed" if value is None else "value"))

    sizes = dict(zip(SOURCES, (45_000, 9_000, 6_000, 1_200, 10_400), strict=True))
    for source, size in sizes.items():
        add("source_rows", source, "rows_in", size + 40)
        add("source_rows", source, "rows_out", size)
        add("finding", f"{source}|refused|not_a_date|date_naissance", "count", 40)
        add("finding", f"{source}|repaired|insee_leading_zero|commune_residence", "count", size // 50)
        add("link_status", source, "linked", round(size * 0.8))
        add("link_status", source, "review", round(size * 0.01))
        add("link_status", source, "unlinked", size - round(size * 0.8) - round(size * 0.01))
        if source == "pupils":
            continue
        add("disagreement", f"{source}|date_naissance", "compared", round(size * 0.8))
        add("disagreement", f"{source}|date_naissance", "differing", round(size * 0.03))
        for measure, value in zip(
            ("pairs", "same", "different", "cannot_tell"), (round(size * 0.01), 12, 7, 5), strict=True
        ):
            add("review", source, measure, value)
        for departement, rate in (("04", None), ("13", 0.82), ("84", 0.79)):
            records = None if rate is None else size // 3
            add("match_departement", f"{source}|{departement}", "records", records)
            add("match_departement", f"{source}|{departement}", "linked", records and round(records * rate))
            add(
                "match_departement",
                f"{source}|{departement}",
                "rate",
                rate,
                rate and rate - 0.02,
                rate and rate + 0.02,
            )
        for year, rate in (("2007", 0.84), ("2008", 0.81), ("2009", 0.77)):
            add("match_birth_year", f"{source}|{year}", "records", size // 4)
            add("match_birth_year", f"{source}|{year}", "linked", round(size / 4 * rate))
            add("match_birth_year", f"{source}|{year}", "rate", rate, rate - 0.02, rate + 0.02)
    for band, announced, observed in (("2_4", 0.9, 0.72), ("4_6", 0.97, 0.9), ("8_12", 0.998, 0.993)):
        add("calibration", band, "pairs", 60)
        add("calibration", band, "announced", announced)
        add("calibration", band, "observed", observed, observed - 0.05, min(1.0, observed + 0.05))
    for combination, persons in {
        "pupils": 30_000,
        "pupils+mission_locale": 7_200,
        "pupils+affectation": 6_000,
        "pupils+apprenticeship": 4_100,
        "mission_locale": 2_100,
        "pupils+affectation+mission_locale": 900,
        "apprenticeship+mission_locale": 210,
        "agricultural+mission_locale": None,
    }.items():
        add("overlap", combination, "persons", persons)
    for method, precision, recall, local in (
        ("exact_raw", 0.9994, 0.3046, 0.239),
        ("exact_normalised", 0.9996, 0.9032, 0.842),
        ("cascade", 0.9974, 0.9896, 0.974),
        ("splink", 0.9985, 0.9944, 0.986),
    ):
        add("method", method, "pairs", round(20_000 * recall))
        add("method", method, "precision", precision)
        add("method", method, "recall", recall)
        add("method", method, "mission_locale_recall", local)
    add("false_dropout", "all", "persons", 38, 21, 60)
    add("false_dropout", "all", "share", 0.021, 0.012, 0.033)
    add("false_dropout", "mission_locale", "persons", 26, 14, 41)
    for reason, persons in (("out_of_region", 310), ("no_commune", 44), ("no_sex", None)):
        add("left_out", reason, "persons", persons)
    columns = ["topic", "item", "measure", "value", "value_lower", "value_upper", "status"]
    return pd.DataFrame(rows, columns=columns).assign(**NAMED)


def made_up_view(
    *,
    change: Callable[[pd.DataFrame], pd.DataFrame] = lambda figures: figures,
    change_quality: Callable[[pd.DataFrame], pd.DataFrame] = lambda quality: quality,
    is_demonstration: bool = True,
) -> CampaignView:
    """The view of the made-up campaign, as the store would have given its frames."""
    campaigns = header(is_demonstration=is_demonstration)
    campaigns["reference_on"] = pd.to_datetime(campaigns["reference_on"])
    numbers = dict.fromkeys(("value", "value_lower", "value_upper"), "float64")
    return build_campaign(
        campaigns,
        change(figures()).astype(numbers),
        change_quality(quality()).astype(numbers),
        ("2026-11", "provisional"),
    )
