"""Campaigns in the store: editions kept, invented ones apart, and nothing that is not a code or a count."""

from __future__ import annotations

import pandas as pd
import pytest
from sqlalchemy import select

from observatory.store import readers
from observatory.store.campaigns import (
    empty_demonstration_campaigns,
    invented_tables,
    read_campaign_figures,
    read_campaign_quality,
    read_campaigns,
    write_campaign,
)
from observatory.store.tables import campaign, campaign_figure, campaign_quality
from observatory.store.writers import publish_tables
from tests.made_up_campaigns import figures, header, quality


def names(frame: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(frame["campaign_code"], frame["edition"], strict=True))


def row_count(engine) -> int:
    """Rows of every campaign, past ones too."""
    with engine.connect() as connection:
        tables = (campaign, campaign_figure, campaign_quality)
        return sum(len(connection.execute(select(table)).all()) for table in tables)


def invent(engine, content_hash: str = "a") -> None:
    """A build that finds an invented campaign among its files."""
    tables = {
        "campaign": header(is_demonstration=True),
        "campaign_figure": figures(),
        "campaign_quality": quality(),
    }
    publish_tables(
        engine, {}, "build", "test", content_hash, also=lambda connection: invented_tables(connection, tables)
    )


def test_both_editions_are_kept_and_read_as_they_were_published(engine):
    write_campaign(engine, header(edition="provisional"), figures(dropout=120.0), quality())
    done = write_campaign(engine, header(edition="definitive"), figures(dropout=131.0), quality())
    assert (done.version_id, done.is_new) == (2, True)
    editions = read_campaigns(engine)
    assert names(editions) == [("2026-11", "definitive"), ("2026-11", "provisional")]
    assert editions["published_at"].iloc[0] == pd.Timestamp("2026-11-20T08:30:00Z")
    assert editions["reference_on"].iloc[0] == pd.Timestamp(2026, 11, 1)
    for edition, expected in (("provisional", 120.0), ("definitive", 131.0)):
        frame = read_campaign_figures(engine, "2026-11", edition).set_index(["area_code", "measure"])
        assert frame.loc[("AM13", "dropout"), "value"] == expected
        assert pd.isna(frame.loc[("AM01", "dropout"), "value"])
        assert frame.loc[("AM01", "dropout"), "status"] == "suppressed"
    assert len(read_campaign_quality(engine, "2026-11", "definitive")) == len(quality())
    assert readers.read_versions(engine)["label"].tolist()[-1] == "campaign 2026-11 definitive"


def test_an_edition_published_again_takes_the_place_of_its_rows_and_the_past_stays(engine):
    write_campaign(engine, header(), figures(dropout=120.0), quality())
    assert write_campaign(engine, header(), figures(dropout=120.0), quality()).is_new is False
    write_campaign(engine, header(), figures(dropout=125.0).query("area_code == 'AM13'"), quality())
    now = read_campaign_figures(engine, "2026-11", "provisional")
    before = read_campaign_figures(engine, "2026-11", "provisional", as_of=1)
    assert (set(now["area_code"]), set(before["area_code"])) == ({"AM13"}, {"AM13", "AM01"})
    assert 120.0 in before["value"].tolist()
    assert 120.0 not in now["value"].tolist()


def test_a_campaign_is_no_build_from_files(engine):
    invent(engine, "hash of the files")
    write_campaign(engine, header(), figures(), quality())
    assert readers.current_content_hash(engine) == "hash of the files"


def test_the_first_real_campaign_takes_the_invented_ones_away_with_their_history(engine):
    invent(engine)
    assert read_campaigns(engine)["is_demonstration"].tolist() == [True]
    assert read_campaigns(engine, include_demonstration=False).empty
    write_campaign(engine, header(campaign_code="2027-05"), figures(), quality())
    assert names(read_campaigns(engine)) == [("2027-05", "provisional")]
    assert read_campaigns(engine, as_of=1).empty
    invent(engine, "another build")
    assert names(read_campaigns(engine)) == [("2027-05", "provisional")]
    with pytest.raises(ValueError, match="invented"):
        write_campaign(engine, header(is_demonstration=True), figures(), quality())


def test_emptying_the_demonstration_leaves_a_real_campaign(engine):
    invent(engine)
    assert empty_demonstration_campaigns(engine) == 1 + len(figures()) + len(quality())
    assert row_count(engine) == 0
    assert readers.current_version(engine) == 2, "the pages must read again"
    write_campaign(engine, header(), figures(), quality())
    written = row_count(engine)
    assert empty_demonstration_campaigns(engine) == 0
    assert row_count(engine) == written
    assert readers.current_version(engine) == 3


@pytest.mark.parametrize(
    ("table", "change", "complaint"),
    [
        ("header", {"campaign_code": "novembre"}, "campaign_code"),
        ("header", {"edition": "last"}, "edition"),
        ("header", {"manifest": '{"link": {"nom": "MARTIN"}}'}, "manifest"),
        ("header", {"manifest": '{"Anna Martin": 1}'}, "manifest"),
        ("header", {"published_at": pd.Timestamp(2026, 11, 20)}, "time zone"),
        ("figures", {"area_code": "Anna Martin"}, "area_code"),
        ("figures", {"category": "MARTIN"}, "measure"),
        ("figures", {"measure": "risk"}, "measure"),
        ("figures", {"status": "hidden"}, "status"),
        ("figures", {"status": "suppressed", "value": 3.0}, "value:"),
        ("figures", {"status": "suppressed", "value": None, "value_lower": 2.0}, "value_lower"),
        ("figures", {"status": "value", "value": None}, "value:"),
        ("quality", {"topic": "identity"}, "item"),
        ("quality", {"item": "MARTIN ANNA 2008-01-02"}, "item"),
        ("quality", {"measure": "names"}, "item"),
    ],
)
def test_what_is_not_a_code_or_a_count_never_enters(engine, table, change, complaint):
    frames = {"header": header(), "figures": figures(), "quality": quality()}
    first, *others = frames[table].to_dict("records")
    frames[table] = pd.DataFrame([{**first, **change}, *others])
    with pytest.raises(ValueError, match=complaint):
        write_campaign(engine, frames["header"], frames["figures"], frames["quality"])
    assert row_count(engine) == 0
    assert readers.current_version(engine) is None


def test_a_campaign_cut_short_leaves_nothing(engine):
    broken = pd.concat([quality(), quality().head(1)])
    with pytest.raises(ValueError, match="several rows"):
        write_campaign(engine, header(), figures(), broken)
    assert row_count(engine) == 0
