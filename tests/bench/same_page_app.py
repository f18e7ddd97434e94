"""The whole application with one difference: its map is made again at each change, the usual plain way.

Runs from a folder that holds ``app.py`` and ``pages/`` too; never the application's own folder.
"""

import runpy
from pathlib import Path

from observatory.ui import risk_map
from tests.bench.rebuilt_map_app import show_rebuilt_map


def main() -> None:
    """The application, with ``show_map`` replaced."""
    risk_map.show_map = show_rebuilt_map  # type: ignore[assignment]
    runpy.run_path(str(Path(__file__).with_name("app.py")))


if __name__ == "__main__":
    main()
