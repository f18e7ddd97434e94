"""Campaigns in the store: written whole, every edition kept; an invented one never beside a real one.

Only codes and numbers enter: what is not a known code or a count is refused, whoever sends it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, and_, delete, exists, select

from observatory.domain.campaign import (
    QUALITY_MEASURES,
    Edition,
    QualityTopic,
    is_campaign_code,
    is_count_manifest,
    is_figure_cell,
    is_quality_item,
)
from observatory.domain.figures import FigureStatus
from observatory.domain.territory import ACADEMIE_CODES, REGION_CODE
from observatory.store.engine import write_transaction
from observatory.store.readers import AsOf, read_state
from observatory.store.tables import campaign, campaign_figure, campaign_quality
from observatory.store.writers import (
    Publication,
    add_version,
    apply_change,
    latest_version,
    table_change,
)

if TYPE_CHECKING:
    import pandas as pd

STATUSES = frozenset(
    {FigureStatus.VALUE, FigureStatus.SUPPRESSED, FigureStatus.MISSING, FigureStatus.NOT_APPLICABLE}
)
"""States of a campaign's figure."""

_TABLES = (campaign_figure, campaign_quality, campaign)
_AREAS = rf"(?:AM|NI)[0-9]{{2}}|{'|'.join(ACADEMIE_CODES.values())}|{REGION_CODE}"


def write_campaign(
    engine: Engine,
    header: pd.DataFrame,
    figures: pd.DataFrame,
    quality: pd.DataFrame,
    *,
    actor: str = "pipeline",
) -> Publication:
    """Publish one edition of a campaign in place of what was published under its name; the others stay.

    ``header`` is one row of the table ``campaign``; ``figures`` and ``quality`` are rows of theirs, which may
    lack ``campaign_code`` and ``edition``. One transaction, one data version, labelled by the campaign.
    A real campaign takes the invented ones away. Raises ``ValueError`` for what is not publishable.
    """
    if len(header) != 1:
        raise ValueError("one edition of one campaign at a time")
    code, edition = str(header["campaign_code"].iloc[0]), str(header["edition"].iloc[0])
    named = {"campaign_code": code, "edition": edition}
    tables = {
        "campaign": header,
        "campaign_figure": figures.assign(**named),
        "campaign_quality": quality.assign(**named),
    }
    check_campaigns(tables)
    is_demonstration = bool(header["is_demonstration"].iloc[0])
    with write_transaction(engine) as connection:
        if is_demonstration and has_real_campaign(connection):
            raise ValueError("an invented campaign beside a real one")
        removed = 0 if is_demonstration else _delete_demonstration(connection)
        changes = [
            table_change(
                connection,
                table.name,
                tables[table.name],
                and_(table.c.campaign_code == code, table.c.edition == edition),
            )
            for table in _TABLES
        ]
        changed = removed + sum(change.row_count for change in changes)
        current = latest_version(connection)
        if current is not None and changed == 0:
            return Publication(current, is_new=False, changed_row_count=0)
        version = add_version(connection, f"campaign {code} {edition}", actor)
        for change in changes:
            apply_change(connection, change, version)
    return Publication(version, is_new=True, changed_row_count=changed)


def invented_tables(connection: Connection, tables: Mapping[str, pd.DataFrame]) -> Mapping[str, pd.DataFrame]:
    """Of the invented campaigns of the files, what a build may publish: nothing once there is a real one."""
    check_campaigns(tables)
    return {} if has_real_campaign(connection) else tables


def has_real_campaign(connection: Connection) -> bool:
    """Whether any real campaign was ever published."""
    return bool(connection.execute(select(exists().where(campaign.c.is_demonstration.is_(False)))).scalar())


def empty_demonstration_campaigns(engine: Engine) -> int:
    """Take the invented campaigns away, history included, as a new version; how many rows that was."""
    with write_transaction(engine) as connection:
        count = _delete_demonstration(connection)
        if count:
            add_version(connection, "empty-demonstration", "pipeline")
    return count


def _delete_demonstration(connection: Connection) -> int:
    """Delete every row of the invented campaigns; where there is a real one, there is none."""
    if has_real_campaign(connection):
        return 0
    return sum(int(connection.execute(delete(table)).rowcount) for table in _TABLES)


def read_campaigns(engine: Engine, as_of: AsOf = None, *, include_demonstration: bool = True) -> pd.DataFrame:
    """The editions of all campaigns, one row each."""
    chosen = [] if include_demonstration else [campaign.c.is_demonstration.is_(False)]
    return read_state(engine, campaign, as_of, chosen)


def read_campaign_figures(
    engine: Engine, campaign_code: str, edition: str, as_of: AsOf = None
) -> pd.DataFrame:
    """Figures of one edition: every area, breakdown, category and measure, with the state of each."""
    table = campaign_figure.c
    return read_state(
        engine, campaign_figure, as_of, [table.campaign_code == campaign_code, table.edition == edition]
    )


def read_campaign_quality(
    engine: Engine, campaign_code: str, edition: str, as_of: AsOf = None
) -> pd.DataFrame:
    """How far the cross-matching of one edition can be trusted, by topic, item and measure."""
    table = campaign_quality.c
    return read_state(
        engine, campaign_quality, as_of, [table.campaign_code == campaign_code, table.edition == edition]
    )


def check_campaigns(tables: Mapping[str, pd.DataFrame]) -> None:
    """Refuse frames that hold anything but codes, numbers and dates, or a value that should be hidden."""
    header, figures, quality = (tables[name] for name in ("campaign", "campaign_figure", "campaign_quality"))
    _require(header["campaign_code"].map(is_campaign_code), "campaign_code")
    _require(header["edition"].isin(list(Edition)), "edition")
    _require(header["manifest"].map(is_count_manifest), "manifest")
    _require(figures["area_code"].astype(str).str.fullmatch(_AREAS), "area_code")
    cells = figures[["breakdown", "category", "measure"]].itertuples(index=False, name=None)
    _require_all((is_figure_cell(*map(str, cell)) for cell in cells), "measure")
    topics = {str(topic) for topic in QualityTopic}
    rows = quality[["topic", "item", "measure"]].itertuples(index=False, name=None)
    _require_all(
        (
            topic in topics
            and is_quality_item(QualityTopic(topic), item)
            and measure in QUALITY_MEASURES[QualityTopic(topic)]
            for topic, item, measure in rows
        ),
        "item",
    )
    for frame in (figures, quality):
        _require(frame["status"].isin(list(STATUSES)), "status")
        is_shown = frame["status"] == FigureStatus.VALUE
        _require(frame["value"].notna() == is_shown, "value")
        for bound in ("value_lower", "value_upper"):
            _require(is_shown | frame[bound].isna(), bound)


def _require(holds: pd.Series, column: str) -> None:
    if not bool(holds.astype(bool).all()):
        raise ValueError(f"{column}: a cell is not publishable")


def _require_all(holds: Iterable[bool], column: str) -> None:
    if not all(holds):
        raise ValueError(f"{column}: a cell is not publishable")
