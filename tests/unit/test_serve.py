"""What is loaded before the first visit, in an interpreter of its own."""

from __future__ import annotations

import subprocess
import sys

from observatory.ui.serve import LIBRARIES

AFTER_LOADING = """
import sys
from streamlit import runtime
from observatory.ui import serve
runtime.exists = lambda: True
serve.load_libraries()
watched = {*serve.LIBRARIES, "streamlit_folium", "scipy", "geopandas"}
print(*sorted(watched & set(sys.modules)))
"""


def test_libraries_are_loaded_and_no_component_is_declared_outside_a_session():
    done = subprocess.run([sys.executable, "-c", AFTER_LOADING], capture_output=True, text=True, check=True)
    assert done.stdout.split() == sorted(LIBRARIES)
