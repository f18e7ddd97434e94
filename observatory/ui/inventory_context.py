"""What every section of the inventory of a basin starts from."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from observatory.config import current_settings
from observatory.domain.inventory import Actor
from observatory.french import inventory_page as words
from observatory.ui import people
from observatory.views.cooperation_page import BasinCooperation, build_basin_cooperation
from observatory.views.inventory_records import BasinRecords, basin_records
from observatory.views.observatory import Observatory


@dataclass(frozen=True)
class BasinInventory:
    """One basin as this person sees it; ``reading`` says why they cannot write, blank when they can."""

    observatory: Observatory
    records: BasinRecords
    view: BasinCooperation
    actor: Actor | None
    reading: str

    @property
    def is_reading(self) -> bool:
        """Whether this person can only read."""
        return bool(self.reading)


def open_basin(observatory: Observatory, basin_code: str) -> BasinInventory:
    """The inventory of a basin, and what the person in front of the screen may do with it."""
    actor = people.current_actor()
    demo = current_settings().demo
    return BasinInventory(
        observatory,
        _records(observatory.state_id, basin_code, demo, observatory),
        _view(observatory.state_id, basin_code, demo, observatory),
        actor,
        why_reading(actor, basin_code),
    )


def why_reading(actor: Actor | None, basin_code: str) -> str:
    """Why ``actor`` cannot write in a basin; blank when they can."""
    if actor is None:
        return words.READING_NOBODY
    return "" if actor.may_edit(basin_code) else words.READING_OUTSIDE


@st.cache_data(show_spinner=False, max_entries=64)
def _records(state_id: str, basin_code: str, demo: bool, _observatory: Observatory) -> BasinRecords:
    del state_id, demo  # key of the cache: the observatory itself is not hashed
    return basin_records(_observatory, basin_code)


@st.cache_data(show_spinner=False, max_entries=64)
def _view(state_id: str, basin_code: str, demo: bool, _observatory: Observatory) -> BasinCooperation:
    del state_id, demo
    return build_basin_cooperation(_observatory, basin_code)
