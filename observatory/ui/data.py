"""What the pages read, cached by version of the data.

Two SELECTs per rerun ask for the current version and for the mark of the inventory; everything else is read
once for them and shared by all sessions. After the first reading the long-lived objects are frozen out of the
garbage collector: going through them all at each collection makes a rerun four times as long
(docs/performance.md).
"""

from __future__ import annotations

import gc
from dataclasses import replace
from pathlib import Path

import pandas as pd
import streamlit as st

from observatory.config import Settings, current_settings
from observatory.domain.indicators import load_catalogue
from observatory.domain.territory import load_basins, load_services
from observatory.errors import DataFileError, UserFacingError
from observatory.french.errors import describe_error, describe_to_visitor
from observatory.geo.folium_map import Geometry, read_geometry
from observatory.store import readers
from observatory.store.campaigns import read_campaign_figures, read_campaign_quality, read_campaigns
from observatory.store.engine import Store, open_store
from observatory.store.inventory_entries import read_entries, state_mark
from observatory.views.accueil import PreviousVersion
from observatory.views.campaign import CampaignView, build_campaign, latest_edition
from observatory.views.inventory_frames import modality_frame, rating_frame
from observatory.views.observatory import Observatory


def load_observatory() -> Observatory:
    """The observatory as it stands now; on error one sentence is shown and the page stops."""
    try:
        settings = current_settings()
        engine = _engine(settings)
        version = readers.current_version(engine) or 0
        return _observatory(engine, settings, version, state_mark(engine))
    except UserFacingError as error:
        st.error(describe_to_visitor(error), icon=":material/error:")
        st.stop()


def open_inventory() -> Store:
    """The store in which the inventory is written."""
    return _engine(current_settings())


def load_geometry() -> Geometry:
    """Names of the geometry files of the map; on error one sentence is shown and the page stops."""
    try:
        return find_geometry()
    except UserFacingError as error:
        st.error(describe_error(error), icon=":material/error:")
        st.stop()


def find_geometry() -> Geometry:
    """Names of the geometry files, which are all there; else :class:`DataFileError` names the one at fault.

    For what is drawn out of a page, in a file: there nothing can be shown and nothing stopped.
    """
    settings = current_settings()
    geometry = _geometry(settings.data_dir)
    for name in (geometry.basins, geometry.communes, geometry.base):
        if not (settings.static_dir / "geo" / name).is_file():
            raise DataFileError("file_missing", path=name)
    return geometry


def load_commune_figures(version_id: int, indicator_code: str, year: int) -> pd.DataFrame:
    """Commune-level figures of one layer, by ``commune_code``; empty when the layer was not imported."""
    return _commune_figures(version_id, indicator_code, year)


@st.cache_resource(show_spinner=False)
def _engine(_settings: Settings) -> Store:
    return open_store(_settings)


@st.cache_resource(show_spinner=False)
def _geometry(data_dir: Path) -> Geometry:
    return read_geometry(data_dir)


def load_previous_version(version_id: int) -> PreviousVersion | None:
    """The data version before ``version_id`` with its figures; None for the first one."""
    return _previous_version(version_id)


@st.cache_data(show_spinner=False, max_entries=2)
def _previous_version(version_id: int) -> PreviousVersion | None:
    engine = _engine(current_settings())
    versions = readers.read_versions(engine)
    earlier = versions[versions["version_id"] < version_id]
    if earlier.empty:
        return None
    last = int(earlier["version_id"].max())
    at = earlier.loc[earlier["version_id"] == last, "created_at"].iloc[0]
    return PreviousVersion(at.to_pydatetime(), readers.read_figures(engine, last))


@st.cache_data(show_spinner=False, max_entries=8)
def _commune_figures(version_id: int, indicator_code: str, year: int) -> pd.DataFrame:
    return readers.read_commune_figures(_engine(current_settings()), indicator_code, year, as_of=version_id)


@st.cache_resource(show_spinner=False, max_entries=4)
def _observatory(_engine: Store, _settings: Settings, version_id: int, mark: str) -> Observatory:
    """The figures of a version with the inventory as it stands at ``mark``, which changes at each entry."""
    entries = read_entries(_engine, include_demonstration=_settings.demo)
    return replace(
        _figures_only(_engine, _settings, version_id),
        ratings=rating_frame(entries),
        modalities=modality_frame(entries),
        entries=entries,
        inventory_mark=mark,
    )


@st.cache_resource(show_spinner=False, max_entries=2)
def _figures_only(_engine: Store, _settings: Settings, version_id: int) -> Observatory:
    versions = readers.read_versions(_engine)
    at = versions.loc[versions["version_id"] == version_id, "created_at"]
    summary = readers.read_risk_summary(_engine)
    observatory = Observatory(
        version_id=version_id,
        version_at=at.iloc[0].to_pydatetime() if len(at) else None,
        catalogue=load_catalogue(_settings.data_dir),
        basins=load_basins(_settings.data_dir),
        services=load_services(_settings.data_dir),
        communes=_read_communes(_settings.data_dir / "territory" / "communes.csv"),
        figures=readers.read_figures(_engine),
        context_index=readers.read_context_index(_engine),
        contributions=readers.read_contributions(_engine),
        gap=readers.read_gap(_engine),
        typology=readers.read_typology(_engine),
        ranks=readers.read_ranks(_engine),
        trends=readers.read_trends(_engine),
        summary=dict(zip(summary["name"], summary["value"], strict=True)),
        ratings=rating_frame(()),
        modalities=modality_frame(()),
        commune_layers=frozenset(
            (layer.indicator_code, layer.year) for layer in readers.available_commune_layers(_engine)
        ),
        campaign=_latest_campaign(_engine, include_demonstration=_settings.demo),
    )
    # Not collected first: a tenth of a second of the first visit, for a little garbage that stays.
    gc.freeze()
    return observatory


def _latest_campaign(engine: Store, *, include_demonstration: bool) -> CampaignView | None:
    campaigns = read_campaigns(engine, include_demonstration=include_demonstration)
    name = latest_edition(campaigns)
    if name is None:
        return None
    figures, quality = read_campaign_figures(engine, *name), read_campaign_quality(engine, *name)
    return build_campaign(campaigns, figures, quality, name)


def _read_communes(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path, dtype={"commune_code": str, "departement_code": str})
    except FileNotFoundError as error:
        raise DataFileError("file_missing", path=path.name) from error
    except (OSError, ValueError) as error:
        raise DataFileError("file_damaged", path=path.name) from error
