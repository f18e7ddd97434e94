"""A made-up region where every state of a figure, of the index and of the inventory is met once."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

from observatory.domain.cooperation import Modality, Partner
from observatory.domain.inventory import Entry, RecordKind
from observatory.views.observatory import Observatory
from tests.unit.inventory_factory import say
from tests.unit.observatory_factory import MadeUp, make_observatory

NAMES = {
    "AM01": "Valimaginaire",
    "AM02": "Pontfictif",
    "AM03": "Marseille Inventée",
    "NI01": "Rochefable",
    "NI02": "Montsonge",
    "NI03": "Portmirage",
}
WIDER, SUPPRESSED, ABSENT = "AM03", "NI02", "NI03"
WIDER_NOTE = "communal_value_not_split"
PAIRS = list(permutations([p.value for p in Partner], 2))

Rows = list[tuple[object, ...]]


def neet(area: str, value: float | None, year: int = 2018, **changes: object) -> MadeUp:
    return MadeUp(area, "neet_rate", value, year=year, **changes)  # type: ignore[arg-type]


FIGURES = (
    neet("REG93", 0.18),
    neet("ACA02", 0.17),
    neet("AM01", 0.24),
    neet("AM02", 0.12),
    neet("NI01", 0.19),
    neet(WIDER, 0.30, status="unresolved", note=WIDER_NOTE),
    neet(SUPPRESSED, None, status="suppressed"),
    neet("AM01", 0.26, 2013),
    neet("AM02", 0.11, 2013),
    neet("NI01", 0.17, 2013),
    neet(WIDER, 0.29, 2013, status="unresolved", note=WIDER_NOTE),
    MadeUp("AM01", "vocational_share", 0.30, 0.28, 0.32, 300, 1000),
    MadeUp("AM02", "vocational_share", 0.20, 0.18, 0.22, 200, 1000),
    MadeUp("REG93", "vocational_share", 0.21, None, None, 2100, 10000),
    MadeUp("NI02", "single_parent_share", 0.16, status="insufficient_coverage"),
)
INDEX: Rows = [
    ("AM01", 1.2, 0.8, 1.5, 1.0, 1.0, 2.0, "computed", ""),
    ("AM02", -0.9, -1.2, -0.6, 4.0, 3.0, 4.0, "computed", ""),
    ("AM03", 0.9, 0.5, 1.3, 2.0, 1.0, 3.0, "computed", ""),
    ("NI01", 0.1, -0.2, 0.3, 3.0, 3.0, 3.0, "computed", ""),
    ("NI02", None, None, None, None, None, None, "missing_dimension", "families"),
    ("NI03", None, None, None, None, None, None, "missing_dimension", "income|access"),
]
CONTRIBUTIONS: Rows = [
    ("AM01", "income", 3.0, 0.2, 0.6),
    ("AM01", "families", 2.0, 0.2, 0.4),
    ("AM01", "access", 1.0, 0.2, 0.2),
    ("AM02", "income", -2.0, 0.2, -0.4),
]
GAP: Rows = [
    ("AM01", 2018, 0.24, None, None, 0.22, 0.02, 2.4, True, "computed"),
    ("AM02", 2018, 0.12, None, None, 0.13, -0.01, -0.7, False, "computed"),
    ("AM03", 2018, None, None, None, None, None, None, False, "unresolved"),
    ("NI01", 2018, 0.19, None, None, 0.19, 0.0, None, False, "computed"),
    ("NI02", 2018, None, None, None, None, None, None, False, "suppressed"),
    ("NI03", 2018, None, None, None, None, None, None, False, "missing"),
]
TYPOLOGY: Rows = [
    ("AM01", 2018, "exposed_and_affected", "clear_without_observed_interval"),
    ("AM02", 2018, "little_exposed_little_affected", "clear"),
    ("AM03", 2018, "undetermined", "unresolved"),
    ("NI01", 2018, "undetermined", "index_interval_crosses"),
    ("NI02", 2018, "undetermined", "suppressed"),
    ("NI03", 2018, "undetermined", "index_missing"),
]
COMMUNES: Rows = [
    ("13201", "Marseille 1er", "13", "Aix-Marseille", "AM03", "école", "high", 40000),
    ("13202", "Marseille 2e", "13", "Aix-Marseille", "AM03", "école", "high", 20000),
    ("04001", "Un", "04", "Aix-Marseille", "AM01", "école", "high", 1000),
    ("04002", "Deux", "04", "Aix-Marseille", "AM01", "lycée proche", "low", 200),
    ("06001", "Trois", "06", "Nice", "NI01", "école", "medium", 3000),
]


def ratings(basin: str, level: int, share: float = 1.0) -> Rows:
    """The first ``share`` of the 42 directed pairs of a basin, all at ``level``."""
    count = round(len(PAIRS) * share)
    return [(basin, a, b, level, None, "", "", True) for a, b in PAIRS[:count]]


RATINGS: Rows = [*ratings("AM01", 2), *ratings("AM02", 4), *ratings("AM03", 1), *ratings("NI01", 0, 0.4)]
MODALITIES: Rows = [
    ("AM01", Modality.HANDOVER.value, "done", "Une fiche", "CIO", "chaque mois", "", None, None, True)
]


def make_region(figures: tuple[MadeUp, ...] = FIGURES, **changes: object) -> Observatory:
    """The region; ``changes`` replaces frames or arguments of ``make_observatory``."""
    given: dict[str, object] = {
        "names": NAMES,
        "context_index": INDEX,
        "contributions": CONTRIBUTIONS,
        "gap": GAP,
        "typology": TYPOLOGY,
        "communes": COMMUNES,
        "ratings": RATINGS,
        "modalities": MODALITIES,
        "summary": {"r_squared": 0.68},
    }
    made = make_observatory(figures, **{**given, **changes})  # type: ignore[arg-type]
    return made if made.entries else replace(made, entries=_entries(made))


def _entries(made: Observatory) -> tuple[Entry, ...]:
    """What the two frames of the inventory say, field by field."""
    found = []
    for r in made.ratings.itertuples():
        pair = f"{r.from_partner}>{r.to_partner}"
        found.append(
            say(r.basin_code, RecordKind.RATING, pair, "level", f"{r.level}", invented=r.is_demonstration)
        )
    for r in made.modalities.itertuples():
        found.append(
            say(
                r.basin_code, RecordKind.MODALITY, r.modality, "status", r.status, invented=r.is_demonstration
            )
        )
    return tuple(found)
