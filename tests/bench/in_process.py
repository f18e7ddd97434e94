"""What is measured without a server, in a process of its own; ``python -m tests.bench.in_process``: JSON.

Python time of the map code in a rerun (Streamlit's own test runner), and the sheets as PDF.
"""

from __future__ import annotations

import json
import logging
import sys
import warnings
from datetime import date
from statistics import median
from time import perf_counter

from streamlit.testing.v1 import AppTest

RERUNS = 30


def show_map_page() -> None:
    """A page that holds the map and nothing else, and remembers what its code took."""
    from time import perf_counter

    import streamlit as st

    from observatory.ui.data import load_commune_figures, load_observatory
    from observatory.ui.map_widget import show_map
    from observatory.views.commune_layer import build_commune_figures
    from observatory.views.map_readings import build_map_view
    from observatory.views.selection import INDEX_CODE, Reading, indicator_options, parse_selection

    observatory = load_observatory()
    step = st.session_state.get("step", 0)
    st.session_state["step"] = step + 1
    by_commune = st.session_state["by_commune"]
    if by_commune:
        years = observatory.catalogue.indicators["neet_rate"].years
        asked = {"lecture": "observe", "indicateur": "neet_rate", "annee": str(years[step % len(years)])}
    else:
        codes = [c for c in indicator_options(Reading.CONTEXT, observatory.catalogue) if c != INDEX_CODE]
        asked = {"lecture": "contexte", "indicateur": codes[step % len(codes)]}
    selection, _ = parse_selection(asked, observatory.catalogue, observatory.basins)
    start = perf_counter()
    view = build_map_view(observatory, selection)
    detail = None
    if by_commune and selection.year is not None:
        figures = load_commune_figures(observatory.version_id, selection.indicator, selection.year)
        indicator = observatory.catalogue.indicators[selection.indicator]
        detail = build_commune_figures(observatory.communes, figures, indicator, selection.year)
    show_map(view, selection.basin, paint_id=str(step), detail=detail, on_pick=lambda _code: None)
    st.session_state.setdefault("took", []).append(1000 * (perf_counter() - start))


def map_code(by_commune: bool) -> float:
    """Median milliseconds of Python a rerun for the view, the layer and ``st_folium``, once cached."""
    app = AppTest.from_function(show_map_page, default_timeout=60)
    app.session_state["by_commune"] = by_commune
    for _ in range(RERUNS + 8):
        app.run()
        assert not app.exception, app.exception
    took: list[float] = app.session_state["took"]
    return median(took[8:])


def sheets() -> tuple[float, float, int]:
    """Seconds of the first PDF (the compiler loads), of all the basins in one ZIP, and how many they are."""
    from observatory.config import current_settings
    from observatory.export.fiche_pdf import fiche_pdf, fiches_zip
    from observatory.ui.data import load_geometry, load_observatory
    from observatory.views.fiche import build_fiche

    observatory, geometry, static = load_observatory(), load_geometry(), current_settings().static_dir
    files = (static / "geo" / geometry.basins, static / "geo" / geometry.base, static / "fonts")
    start = perf_counter()
    fiche_pdf(build_fiche(observatory, "AM13"), *files, date(2026, 1, 1))
    first = perf_counter() - start
    start = perf_counter()
    fiches_zip((build_fiche(observatory, code) for code in observatory.basins), *files, date(2026, 1, 1))
    return first, perf_counter() - start, len(observatory.basins)


def main() -> None:
    """Print everything as one line of JSON."""
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    first, every, count = sheets()
    found = {
        "basins_ms": map_code(False),
        "communes_ms": map_code(True),
        "pdf_s": first,
        "zip_s": every,
        "zip_count": count,
    }
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
