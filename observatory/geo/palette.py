"""Colours and patterns of the maps and charts, in one place (look, tokens).

Sequential and diverging scales are readable in grey and by colour-blind readers. A state that is not a
value gets a pattern, never a colour of a scale.
"""

from __future__ import annotations

from dataclasses import dataclass

INK = "#1c2230"
SECONDARY = "#5a6372"
PAPER = "#fbfaf7"
CARD = "#ffffff"
LINE = "#e5e2da"
HEADER = "#1f2a44"
SELECTION = "#0b5fff"
DISCUSS = "#f2b544"
SEA = "#e9eef3"
LAND = "#f3f1ea"
_EDGE, _EDGE_OF_PALE = "#ffffff", "#9aa2af"

SEQUENTIAL = ("#efe7da", "#d9bfb4", "#b98a9c", "#855a86", "#472a5d")
DIVERGING = ("#5b3a86", "#a08bc2", "#efece6", "#e5a66b", "#b3590c")
# The fifth is a shade lighter than the token of the charter, for its text to reach a contrast of 4.5.
COOPERATION = ("#f4f2ec", "#dbe7e4", "#b7d3cd", "#86b5ad", "#51958e", "#1f625f")
TYPOLOGY = {
    "exposed_and_affected": "#472a5d",
    "exposed_but_preserved": "#51958e",
    "preserved_but_affected": "#d98a3d",
    "little_exposed_little_affected": "#efe7da",
}
PRIORITY = {
    "discuss_first": DISCUSS,
    "high_risk_strong": "#51958e",
    "low_risk_weak": "#efe7da",
    "low_risk_strong": "#dbe7e4",
}
CONFIDENCE = {"high": "#1f625f", "medium": "#86b5ad", "low": "#f2b544"}
SERVICE = {"lycee": "#1f2a44", "cio": "#0b7a75", "mission_locale": "#b3400c"}
_VISIBLE = 1.3
"""Contrast under which two areas side by side look like one."""
PATTERNS = ("hatch", "wide_hatch", "dots", "cross", "question", "rings", "lines", "outline")
"""Patterns that both the map in the browser and the drawings know, under the same names."""


@dataclass(frozen=True)
class Fill:
    """How an area is filled: a colour, and one of :data:`PATTERNS` over it when the state is not a value
    or when its class is to be confirmed (``lines``).
    """

    colour: str
    pattern: str | None = None


def edge(fill: Fill) -> str:
    """Colour of the border of an area: white, or grey where white and the land around would not be seen.

    >>> edge(Fill("#472a5d")), edge(Fill("#efece6"))
    ('#ffffff', '#9aa2af')
    """
    is_pale = contrast_ratio(fill.colour, LAND) < _VISIBLE
    return _EDGE_OF_PALE if fill.pattern or is_pale else _EDGE


def sequential(index: int, class_count: int) -> str:
    """Colour of a class of a sequential scale; fewer classes keep the two ends, one class the middle.

    >>> [SEQUENTIAL.index(sequential(i, 3)) for i in range(3)]
    [0, 2, 4]
    """
    last = len(SEQUENTIAL) - 1
    return SEQUENTIAL[last // 2 if class_count <= 1 else round(index * last / (class_count - 1))]


def relative_luminance(colour: str) -> float:
    """WCAG relative luminance of ``#rrggbb``.

    >>> round(relative_luminance("#ffffff"), 3)
    1.0
    """

    def channel(text: str) -> float:
        share = int(text, 16) / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (channel(colour[i : i + 2]) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast_ratio(first: str, second: str) -> float:
    """WCAG contrast ratio between two colours, from 1 to 21.

    >>> round(contrast_ratio("#000000", "#ffffff"), 1)
    21.0
    """
    light, dark = sorted((relative_luminance(first), relative_luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def text_on(colour: str) -> str:
    """Ink or white, whichever reads better on ``colour``."""
    return INK if contrast_ratio(INK, colour) >= contrast_ratio("#ffffff", colour) else "#ffffff"
