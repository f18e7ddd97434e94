"""The days and hours of the people of the meeting, whatever the clock of the server is set to."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_PARIS = ZoneInfo("Europe/Paris")


def today() -> date:
    """Today in France, whatever the clock of the server is set to."""
    return datetime.now(_PARIS).date()


def local_time(moment: datetime) -> datetime:
    """The same instant on the clocks of France; a moment without a zone is a universal time.

    >>> local_time(datetime(2026, 11, 23, 23, 30, tzinfo=UTC)).isoformat()
    '2026-11-24T00:30:00+01:00'
    """
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(_PARIS)


def local_day(moment: datetime) -> date:
    """The day it was in France at that instant.

    >>> local_day(datetime(2026, 11, 23, 23, 30, tzinfo=UTC))
    datetime.date(2026, 11, 24)
    """
    return local_time(moment).date()
