"""Streamlit, with what the pages need loading while the first browser opens.

Streamlit imports a page's libraries at its first visit only: a second and a half that the person waits for.
"""

from __future__ import annotations

import importlib
import threading
from time import sleep

from streamlit import runtime
from streamlit.web.cli import main

LIBRARIES = (
    "pandas",
    "sqlalchemy",
    "folium",
    "folium.plugins",
    "babel.numbers",
    "PIL.Image",
    "observatory.store.readers",
    "observatory.views.accueil",
    "observatory.views.map_readings",
    "observatory.export.svg_map",
)
"""Slow to import and deaf to Streamlit: a component that is declared outside a session is never served."""


def load_libraries() -> None:
    """Import them once the server listens: it must not start later for that."""
    while not runtime.exists():
        sleep(0.02)
    for name in LIBRARIES:
        importlib.import_module(name)


if __name__ == "__main__":
    threading.Thread(target=load_libraries, daemon=True).start()
    main(prog_name="streamlit")
