"""Publishing and reading back: all or nothing, a small history, the same frames on both databases."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import StaticPool, create_engine, event, func, select, text
from sqlalchemy.exc import StatementError

from observatory.errors import StoreError
from observatory.store import readers
from observatory.store.campaigns import read_campaign_figures, read_campaign_quality, read_campaigns
from observatory.store.engine import open_store
from observatory.store.readers import CommuneLayer
from observatory.store.tables import (
    VERSIONED_TABLES,
    column_dtype,
    content_columns,
    data_version,
    figure,
    metadata,
)
from observatory.store.writers import Publication, publish_tables

NEVER = float("nan")
_FEW = hypothesis_settings(max_examples=25)  # each example makes a database


def figures(*rows: tuple[str, int, float]) -> pd.DataFrame:
    """Frame of the table ``figure`` from (area, year, value)."""
    return pd.DataFrame(
        {
            "area_code": [area for area, _, _ in rows],
            "indicator_code": "neet_rate",
            "year": [year for _, year, _ in rows],
            "value": [value for _, _, value in rows],
            **dict.fromkeys(("value_lower", "value_upper", "numerator", "denominator"), NEVER),
            "coverage": 1.0,
            "status": ["missing" if value != value else "value" for _, _, value in rows],
            "note": "",
            "source_code": "insee",
        }
    )


def publish(engine, frame: pd.DataFrame, content_hash: str, **options) -> Publication:
    return publish_tables(engine, {"figure": frame}, f"label {content_hash}", "test", content_hash, **options)


def values(frame: pd.DataFrame) -> dict[tuple[str, int], float]:
    return {(r.area_code, r.year): r.value for r in frame.itertuples()}


def stored_row_count(engine) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(figure)).scalar_one()


FIRST = figures(("NI12", 2018, 0.2), ("AM01", 2018, 0.1), ("AM01", 2013, NEVER))
SECOND = figures(("AM01", 2013, NEVER), ("AM01", 2018, 0.15), ("REG93", 2018, 0.3))


# --- versions ---------------------------------------------------------------------------------------------


def test_what_is_published_is_read_back_sorted_by_its_key(engine):
    assert publish(engine, FIRST, "a") == Publication(1, is_new=True, changed_row_count=3)
    frame = readers.read_figures(engine)
    assert frame[["area_code", "year"]].values.tolist() == [["AM01", 2013], ["AM01", 2018], ["NI12", 2018]]
    assert frame["value"].tolist()[1:] == [0.1, 0.2]
    assert frame["value"].isna().tolist() == [True, False, False]
    assert readers.current_version(engine) == 1


def test_the_same_content_adds_no_version(engine):
    publish(engine, FIRST, "a")
    assert publish(engine, FIRST, "a") == Publication(1, is_new=False, changed_row_count=0)
    assert publish(engine, SECOND, "a").is_new is False, "the hash alone is believed"
    assert readers.read_versions(engine)["version_id"].tolist() == [1]


def test_force_compares_the_rows_even_when_the_hash_is_the_current_one(engine):
    publish(engine, FIRST, "a")
    assert publish(engine, FIRST, "a", force=True) == Publication(1, is_new=False, changed_row_count=0)
    assert publish(engine, SECOND, "a", force=True).version_id == 2


def test_another_hash_with_the_same_rows_is_noted_without_a_new_version(engine):
    publish(engine, FIRST, "a")
    assert publish(engine, FIRST.sample(frac=1, random_state=1), "b").is_new is False
    assert readers.current_content_hash(engine) == "b"
    assert readers.read_versions(engine)["label"].tolist() == ["label a"]


def test_only_rows_that_changed_are_written_again(engine):
    publish(engine, FIRST, "a")
    # One row changed, one went, one came: the row of 2013 is left alone.
    assert publish(engine, SECOND, "b") == Publication(2, is_new=True, changed_row_count=3)
    assert stored_row_count(engine) == 5


def test_a_figure_is_read_as_it_stood_at_a_version_at_an_instant_or_at_a_day(engine):
    monday, tuesday = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 3, 17, tzinfo=UTC)
    publish(engine, FIRST, "a", created_at=monday)
    publish(engine, SECOND, "b", created_at=tuesday)
    publish(engine, FIRST, "c", created_at=tuesday + timedelta(days=7))
    old, new = ("AM01", 2018, 0.1), ("AM01", 2018, 0.15)

    def value_at(as_of):
        return ("AM01", 2018, values(readers.read_figures(engine, as_of)).get(("AM01", 2018)))

    assert value_at(1) == value_at(monday) == value_at(date(2026, 3, 2)) == old
    assert value_at(2) == value_at(tuesday) == value_at(date(2026, 3, 3)) == value_at(date(2026, 3, 9)) == new
    assert value_at(None) == value_at(3) == old
    assert value_at(tuesday - timedelta(microseconds=1)) == old
    assert ("NI12", 2018) not in values(readers.read_figures(engine, 2))
    assert readers.version_at(engine, date(2026, 3, 3)) == 2


def test_before_the_first_version_there_is_nothing(engine):
    publish(engine, FIRST, "a", created_at=datetime(2026, 3, 2, tzinfo=UTC))
    assert readers.read_figures(engine, date(2026, 3, 1)).empty
    assert readers.version_at(engine, date(2026, 3, 1)) is None


def test_a_version_that_was_never_published_is_refused(engine):
    publish(engine, FIRST, "a")
    for read in (readers.read_figures, readers.version_at):
        with pytest.raises(StoreError) as caught:
            read(engine, 7)
        assert caught.value.code == "version_unknown"


def test_an_instant_in_another_time_zone_is_the_same_instant(engine):
    paris = datetime.fromisoformat("2026-03-02T10:00:00+01:00")
    publish(engine, FIRST, "a", created_at=paris)
    assert readers.read_versions(engine)["created_at"].tolist() == [
        pd.Timestamp("2026-03-02 09:00", tz="UTC")
    ]
    assert len(readers.read_figures(engine, datetime(2026, 3, 2, 9, tzinfo=UTC))) == 3
    assert readers.read_figures(engine, paris - timedelta(seconds=1)).empty


def test_an_instant_without_time_zone_is_refused(engine):
    with pytest.raises(StatementError, match="time zone"):
        publish(engine, FIRST, "a", created_at=datetime(2026, 3, 2))  # noqa: DTZ001


def test_tables_that_are_not_named_stay_as_they_are(engine):
    publish(engine, FIRST, "a")
    summary = pd.DataFrame({"name": ["r_squared"], "value": [0.4]})
    publish_tables(engine, {"risk_summary": summary}, "summary", "test", "b")
    assert len(readers.read_figures(engine)) == 3
    assert readers.read_risk_summary(engine).to_dict("list") == {"name": ["r_squared"], "value": [0.4]}


# --- all or nothing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        (SECOND.drop(columns="coverage"), "coverage"),
        (pd.concat([SECOND, SECOND.head(1)]), "several rows"),
        (SECOND.assign(area_code=None), "area_code"),
        (SECOND.assign(value=float("inf")), "infinite"),
        (SECOND.assign(year=2018.5), "whole number"),
    ],
    ids=["column missing", "key twice", "key missing", "infinite", "half a year"],
)
def test_a_frame_that_breaks_the_contract_changes_nothing(engine, broken, complaint):
    publish(engine, FIRST, "a")
    with pytest.raises(ValueError, match=complaint):
        publish(engine, broken, "b")
    assert readers.current_version(engine) == 1
    assert values(readers.read_figures(engine))["AM01", 2018] == 0.1


def test_an_unknown_table_is_refused(engine):
    with pytest.raises(ValueError, match="no table named"):
        publish_tables(engine, {"figures": FIRST}, "label", "test", "a")


def test_a_writer_killed_in_the_middle_leaves_the_old_state(settings, engine):
    publish(engine, FIRST, "a")
    program = (
        "import os, signal, pandas as pd\n"
        "from sqlalchemy import create_engine, event\n"
        "from observatory.store.engine import open_store\n"
        "from observatory.store.writers import publish_tables\n"
        "from observatory.config import Settings\n"
        "from pathlib import Path\n"
        "here = Path('.')\n"
        f"settings = Settings(here, Path({str(settings.var_dir)!r}), here, {settings.database_url!r}, True)\n"
        "engine = open_store(settings)\n"
        "@event.listens_for(engine, 'after_cursor_execute')\n"
        "def kill(connection, cursor, statement, *_):\n"
        "    if statement.startswith('INSERT INTO risk_summary'):\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        f"figures = pd.DataFrame({SECOND.fillna(0.5).to_dict('list')!r})\n"
        "summary = pd.DataFrame({'name': ['slope'], 'value': [1.0]})\n"
        "publish_tables(engine, {'figure': figures, 'risk_summary': summary}, 'label', 'test', 'b')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (-9, "")
    after = open_store(settings)
    assert readers.current_version(after) == 1
    assert values(readers.read_figures(after))["AM01", 2018] == 0.1
    assert readers.read_risk_summary(after).empty
    assert publish(after, SECOND, "b").version_id == 2
    after.dispose()


def test_a_page_reads_the_old_state_until_the_new_one_is_whole(engine):
    publish(engine, FIRST, "a")
    seen = []

    def look(_connection, _cursor, statement, *_):
        if statement.startswith("INSERT INTO figure"):
            seen.append(values(readers.read_figures(engine))["AM01", 2018])

    event.listen(engine, "after_cursor_execute", look)
    publish(engine, SECOND, "b")
    event.remove(engine, "after_cursor_execute", look)
    assert seen == [0.1]
    assert values(readers.read_figures(engine))["AM01", 2018] == 0.15


# --- frames -----------------------------------------------------------------------------------------------

READERS = {
    "figure": readers.read_figures,
    "context_index": readers.read_context_index,
    "context_contribution": readers.read_contributions,
    "gap": readers.read_gap,
    "typology": readers.read_typology,
    "indicator_rank": readers.read_ranks,
    "trend": readers.read_trends,
    "risk_summary": readers.read_risk_summary,
    "campaign": read_campaigns,
    "campaign_figure": lambda engine: read_campaign_figures(engine, "campaign_code 1", "edition 1"),
    "campaign_quality": lambda engine: read_campaign_quality(engine, "campaign_code 1", "edition 1"),
    "commune_figure": lambda engine: readers.read_commune_figures(engine, "indicator_code 1", 2001),
}
SAMPLE = {
    "float64": 0.1 + 0.2,
    "Int64": 3,
    "int64": 2001,
    "str": " 1",
    "boolean": True,
    "bool": True,
    "datetime64[s]": pd.Timestamp(2026, 11, 1),
    "datetime64[us, UTC]": pd.Timestamp(2026, 11, 20, 9, tz="UTC"),
}


def sample_frame(table, *, blank: bool) -> pd.DataFrame:
    """One row of a table; ``blank``: nothing but its key."""
    cells = {}
    for column in content_columns(table):
        dtype = column_dtype(column.type, nullable=bool(column.nullable))
        cell = f"{column.name}{SAMPLE['str']}" if dtype == "str" else SAMPLE[dtype]
        may_be_blank = column.nullable or dtype == "str"
        cells[column.name] = [None if blank and may_be_blank and not column.primary_key else cell]
    return pd.DataFrame(cells)


@pytest.mark.parametrize("name", sorted(VERSIONED_TABLES))
@pytest.mark.parametrize("blank", [False, True], ids=["full row", "blank row"])
def test_every_table_comes_back_with_its_columns_and_dtypes(engine, name, blank):
    table = VERSIONED_TABLES[name]
    expected = {
        column.name: column_dtype(column.type, nullable=bool(column.nullable))
        for column in content_columns(table)
    }
    empty = READERS[name](engine)
    assert {column: str(dtype) for column, dtype in empty.dtypes.items()} == expected
    sent = sample_frame(table, blank=blank)
    publish_tables(engine, {name: sent}, "label", "test", "a")
    frame = READERS[name](engine)
    assert list(frame.columns) == list(expected)
    assert {column: str(dtype) for column, dtype in frame.dtypes.items()} == expected
    for column, dtype in expected.items():
        cell = frame[column].iloc[0]
        if blank and sent[column].isna().all():
            assert cell == "" if dtype == "str" else pd.isna(cell)
        else:
            assert cell == sent[column].iloc[0]


@_FEW
@given(st.lists(st.floats(allow_nan=True, allow_infinity=False), min_size=1, max_size=8))
def test_any_number_survives_the_database_to_the_last_bit(drawn):
    engine = _memory_of_one_thread()
    frame = figures(*((f"AM{i:02d}", 2018, value) for i, value in enumerate(drawn, start=1)))
    publish(engine, frame, "a")
    assert publish(engine, readers.read_figures(engine), "b").is_new is False
    back = readers.read_figures(engine)["value"].tolist()
    assert [repr(value) for value in back] == [repr(value + 0.0) for value in drawn]
    engine.dispose()


def _memory_of_one_thread():
    """A throw-away SQLite, for properties that publish many times."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    metadata.create_all(engine)
    return engine


def test_the_last_bits_of_a_number_are_kept_on_both_databases(engine):
    awkward = [0.1 + 0.2, 1 / 3, 5e-324, 1.7976931348623157e308, -0.0, 0.1234567890123456789]
    publish(engine, figures(*((f"AM{i:02d}", 2018, v) for i, v in enumerate(awkward, start=1))), "a")
    assert [repr(v) for v in readers.read_figures(engine)["value"]] == [repr(v + 0.0) for v in awkward]


def test_text_with_quotes_markup_and_accents_stays_text(engine):
    label = "L'Île-d'Aix « <script>alert(1)</script> »; DROP TABLE figure; -- \u202f😀"
    publish_tables(engine, {"figure": FIRST.assign(note=label)}, label, label, "a")
    assert readers.read_figures(engine)["note"].unique().tolist() == [label]
    assert readers.read_versions(engine)["label"].tolist() == [label]


# --- communes ---------------------------------------------------------------------------------------------


def test_the_layers_by_commune_are_those_that_hold_a_figure(engine):
    frame = pd.DataFrame(
        {
            "commune_code": ["13201", "04001", "04001", "04001"],
            "indicator_code": ["neet_rate", "neet_rate", "neet_rate", "ips_college"],
            "year": [2018, 2018, 2013, 2022],
            "value": [0.3, 0.0, 0.1, NEVER],
            "source_code": "insee",
        }
    )
    assert readers.available_commune_layers(engine) == ()
    publish_tables(engine, {"commune_figure": frame}, "label", "test", "a")
    assert readers.available_commune_layers(engine) == (
        CommuneLayer("neet_rate", 2013),
        CommuneLayer("neet_rate", 2018),
    )
    layer = readers.read_commune_figures(engine, "neet_rate", 2018)
    assert layer["commune_code"].tolist() == ["04001", "13201"]
    assert layer["value"].tolist() == [0.0, 0.3]
    assert readers.read_commune_figures(engine, "neet_rate", 2008).empty
    publish_tables(engine, {"commune_figure": frame.head(0)}, "label", "test", "b")
    assert readers.available_commune_layers(engine) == ()
    assert len(readers.available_commune_layers(engine, 1)) == 2


# --- properties -------------------------------------------------------------------------------------------

_states = st.dictionaries(
    st.sampled_from([("AM01", 2013), ("AM01", 2018), ("AM02", 2018), ("REG93", 2018)]),
    st.sampled_from([0.0, 0.1, NEVER]),
)


@_FEW
@given(st.lists(_states, min_size=1, max_size=5))
def test_every_past_state_stays_readable_whatever_was_published_since(states):
    engine = _memory_of_one_thread()
    published = {}
    for number, state in enumerate(states):
        outcome = publish(engine, figures(*((a, y, v) for (a, y), v in state.items())), f"hash {number}")
        published[outcome.version_id] = state
    for version, state in published.items():
        back = values(readers.read_figures(engine, version))
        assert {k: repr(v) for k, v in back.items()} == {k: repr(v) for k, v in state.items()}
    with engine.connect() as connection:
        twice = connection.execute(
            text(
                "SELECT count(*) FROM figure WHERE version_to IS NULL "
                "GROUP BY area_code, indicator_code, year HAVING count(*) > 1"
            )
        ).all()
        versions = connection.execute(select(func.count()).select_from(data_version)).scalar_one()
    assert twice == []
    assert versions == max(published)
    engine.dispose()


def test_the_inventory_is_no_table_of_figures_and_no_import_reaches_it(engine):
    frame = pd.DataFrame({"area_code": ["AM01"], "value": ["4"]})
    for name in (t for t in metadata.tables if t.startswith("cooperation_")):
        with pytest.raises(ValueError, match="no table named"):
            publish_tables(engine, {name: frame}, "label", "test", "a")
    assert readers.current_version(engine) is None
