"""What the region view reads beside the observatory: the frozen states, cached by state of the inventory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from observatory.config import current_settings
from observatory.store.inventory_snapshots import Snapshot, read_snapshot_state, read_snapshots
from observatory.ui.data import open_inventory
from observatory.views.framework import Framework, build_framework
from observatory.views.observatory import Observatory
from observatory.views.region_changes import Standing, present
from observatory.views.region_links import RegionLinks, build_region_links
from observatory.views.region_modalities import RegionModalities, build_region_modalities

if TYPE_CHECKING:
    from observatory.export.inventory_workbook import FrozenState


def load_snapshots(observatory: Observatory) -> tuple[Snapshot, ...]:
    """Frozen states, the oldest first; the invented ones only when they may be shown."""
    return _snapshots(observatory.state_id)


def load_standing(observatory: Observatory, snapshot: Snapshot) -> Standing:
    """The inventory as it was frozen."""
    return _standing(observatory.state_id, snapshot)


def load_present(observatory: Observatory) -> Standing:
    """The inventory as it stands now."""
    return _present(observatory.state_id, observatory)


def modality_view(observatory: Observatory, academie: str | None = None) -> RegionModalities:
    """Modality by basin, once for each state of the inventory."""
    return _modality_view(observatory.state_id, academie, observatory)


def link_view(observatory: Observatory, academie: str | None = None) -> RegionLinks:
    """Pair by basin, once for each state of the inventory."""
    return _link_view(observatory.state_id, academie, observatory)


def load_framework(observatory: Observatory) -> Framework:
    """The framework, once for each state of the inventory."""
    return _framework(observatory.state_id, observatory)


def load_frozen(observatory: Observatory, snapshot: Snapshot | None) -> FrozenState | None:
    """A frozen state as the files take it; None for the present one."""
    from observatory.export.inventory_workbook import FrozenState

    if snapshot is None:
        return None
    standing = load_standing(observatory, snapshot)
    return FrozenState(standing.name, standing.state, standing.is_demonstration)


@st.cache_resource(show_spinner=False, max_entries=2)
def _framework(state_id: str, _observatory: Observatory) -> Framework:
    del state_id  # key of the cache: the observatory itself is not hashed
    return build_framework(_observatory)


@st.cache_resource(show_spinner=False, max_entries=2)
def _present(state_id: str, _observatory: Observatory) -> Standing:
    del state_id
    return present(_observatory)


@st.cache_resource(show_spinner=False, max_entries=2)
def _snapshots(state_id: str) -> tuple[Snapshot, ...]:
    del state_id
    return read_snapshots(open_inventory(), include_demonstration=current_settings().demo)


# Two states are compared at a time; the mark of the inventory is in the key because the demonstration can be
# emptied out of a frozen state.
@st.cache_resource(show_spinner=False, max_entries=4)
def _standing(state_id: str, snapshot: Snapshot) -> Standing:
    del state_id
    store, number = open_inventory(), snapshot.snapshot_id
    real = read_snapshot_state(store, number, include_demonstration=False)
    if not current_settings().demo:
        return Standing(snapshot.name, snapshot.frozen_at, real)
    state = read_snapshot_state(store, number, include_demonstration=True)
    return Standing(snapshot.name, snapshot.frozen_at, state, frozenset(state.keys() - real.keys()))


@st.cache_resource(show_spinner=False, max_entries=8)
def _modality_view(state_id: str, academie: str | None, _observatory: Observatory) -> RegionModalities:
    del state_id
    return build_region_modalities(_observatory, academie)


@st.cache_resource(show_spinner=False, max_entries=8)
def _link_view(state_id: str, academie: str | None, _observatory: Observatory) -> RegionLinks:
    del state_id
    return build_region_links(_observatory, academie)
