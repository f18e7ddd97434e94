"""The day it is for the people of the meeting."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

_PARIS = ZoneInfo("Europe/Paris")


def today() -> date:
    """Today in France, whatever the clock of the server is set to."""
    return datetime.now(_PARIS).date()
