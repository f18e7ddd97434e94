"""Downloads of the sheet: the PDF of this basin, and all the basins in one ZIP. Made when asked for."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from observatory.config import current_settings
from observatory.french.calendar import today
from observatory.ui.data import find_geometry
from observatory.ui.downloads import can_be_made
from observatory.views.fiche import Fiche, build_fiche
from observatory.views.observatory import Observatory


def show_sheet_downloads(observatory: Observatory, fiche: Fiche) -> None:
    """Two buttons; nothing is computed before a click."""
    from observatory.export.fiche_pdf import file_name

    if not can_be_made(find_geometry):
        return
    st.download_button(
        "Fiche PDF (1 page)",
        data=lambda: _pdf(fiche),
        file_name=file_name(fiche),
        mime="application/pdf",
        icon=":material/picture_as_pdf:",
        on_click="ignore",
    )
    st.download_button(
        f"Les {len(observatory.basins)} fiches (ZIP)",
        data=lambda: _zip(observatory),
        file_name="fiches-bassins.zip",
        mime="application/zip",
        icon=":material/folder_zip:",
        on_click="ignore",
    )


def _files() -> tuple[Path, Path, Path]:
    static, geometry = current_settings().static_dir, find_geometry()
    return static / "geo" / geometry.basins, static / "geo" / geometry.base, static / "fonts"


def _pdf(fiche: Fiche) -> bytes:
    from observatory.export.fiche_pdf import fiche_pdf

    basins, base, fonts = _files()
    return fiche_pdf(fiche, basins, base, fonts, today())


def _zip(observatory: Observatory) -> bytes:
    from observatory.export.fiche_pdf import fiches_zip

    basins, base, fonts = _files()
    fiches = (build_fiche(observatory, code) for code in observatory.basins)
    return fiches_zip(fiches, basins, base, fonts, today())
