"""Picture of the network of structures of a basin, shared by the screen and the files.

Seven structures stand on a circle. Each pair is one line of two halves: the half that leaves a structure
tells what it says of the other, by its width, its colour and the number in its disc. What neither told is a
thin dashed line; what only one told has a question mark on the other side.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from observatory.domain.cooperation import CooperationLevel, Partner
from observatory.export.svg_parts import circle, document, line, rect, text
from observatory.french import network as network_words
from observatory.french.cooperation import LEVEL_LABELS
from observatory.french.inventory import NOT_REPORTED
from observatory.geo import palette
from observatory.views.network import Network, NetworkLink

_BAND = 17.0
_UNKNOWN = "#9aa2af"
_EDGE = "#7f8b9a"
"""Outline of what is pale, so that the lightest levels are seen on white."""
_WIDTHS = {None: 1.2, 0: 2.0, 1: 3.5, 2: 5.0, 3: 6.5, 4: 8.0, 5: 9.5}

Point = tuple[float, float]


@dataclass(frozen=True)
class Plan:
    """Where the picture stands and how large its signs are.

    ``distances``: how far the disc of a line stands from its structure, for the neighbour on the circle, the
    second one and the third: six lines leave a structure without their discs touching.
    """

    width: int
    height: int
    centre: Point
    radius: float
    node: float
    disc: float
    distances: tuple[float, float, float]
    name_size: float
    number_size: float
    has_legend: bool


DESK = Plan(760, 664, (380.0, 284.0), 222.0, 13.0, 11.0, (61.0, 61.0, 61.0), 17, 13.5, True)
SCREEN = Plan(760, 548, (380.0, 284.0), 222.0, 13.0, 11.0, (61.0, 61.0, 61.0), 17, 13.5, False)
"""The same without its legend, which stands beside it."""
WALL = Plan(784, 510, (362.0, 262.0), 208.0, 14.0, 17.0, (50.0, 78.0, 112.0), 27, 26.2, False)
"""On a projector nothing is smaller than 24 pixels; the legend stands beside the picture, as large."""


def network_chart(network: Network, plan: Plan = DESK) -> str:
    """The picture as SVG, with its one-sentence title for screen readers."""
    spots = {partner: _spot(i, plan) for i, partner in enumerate(Partner)}
    # The unknown first, then the weakest: what is known is never under what is not.
    ordered = sorted(network.links, key=_strength)
    parts = [_strokes(link, spots) for link in ordered]
    parts += [_marks(link, spots, plan) for link in ordered if link.is_known]
    for i, (partner, name) in enumerate(zip(Partner, network.names, strict=True)):
        parts.append(_node(spots[partner], i, name, plan))
    if plan.has_legend:
        parts.append(_legend())
    return document(plan.width, plan.height, parts, title=network.title)


def _strength(link: NetworkLink) -> int:
    return max(
        (int(level) for level in (link.first_level, link.second_level) if level is not None), default=-1
    )


def _angle(position: int) -> float:
    return 2 * math.pi * position / len(Partner) - math.pi / 2


def _spot(position: int, plan: Plan) -> Point:
    angle = _angle(position)
    return plan.centre[0] + plan.radius * math.cos(angle), plan.centre[1] + plan.radius * math.sin(angle)


def _between(a: Point, b: Point, share: float) -> Point:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def _strokes(link: NetworkLink, spots: dict[Partner, Point]) -> str:
    a, b = spots[link.first], spots[link.second]
    if not link.is_known:
        return line([a, b], _UNKNOWN, _WIDTHS[None], "3 5")
    middle = _between(a, b, 0.5)
    band = line([a, b], palette.DISCUSS, _BAND) if link.is_gap else ""
    return band + _half(a, middle, link.first_level) + _half(b, middle, link.second_level)


def _half(start: Point, end: Point, level: CooperationLevel | None) -> str:
    if level is None:
        return line([start, end], _UNKNOWN, _WIDTHS[None], "3 5")
    width = _WIDTHS[int(level)]
    return line([start, end], _EDGE, width + 1.4) + line([start, end], palette.COOPERATION[level], width)


def _marks(link: NetworkLink, spots: dict[Partner, Point], plan: Plan) -> str:
    """A disc beside each structure with the level that it says."""
    a, b = spots[link.first], spots[link.second]
    order = list(Partner)
    apart = abs(order.index(link.first) - order.index(link.second))
    share = plan.distances[min(apart, len(order) - apart) - 1] / math.dist(a, b)
    return (
        (_different(_between(a, b, 0.5), plan) if link.is_gap else "")
        + _disc(_between(a, b, share), link.first_level, plan)
        + _disc(_between(b, a, share), link.second_level, plan)
    )


def _different(at: Point, plan: Plan) -> str:
    """What asks to be discussed: a sign of its own, for who does not see the amber band."""
    x, y = at
    size = 1.26 * plan.number_size
    return circle(x, y, plan.disc, palette.DISCUSS, f'stroke="{palette.INK}" stroke-width="1.2"') + text(
        x, y + 0.318 * size, "≠", size, palette.INK, "middle", bold=True
    )


def _disc(at: Point, level: CooperationLevel | None, plan: Plan) -> str:
    x, y = at
    size = plan.number_size
    low = y + 0.356 * size
    if level is None:
        outline = f'stroke="{_EDGE}" stroke-dasharray="2.5 2.5"'
        return circle(x, y, plan.disc, palette.CARD, outline) + text(
            x, low, "?", size, palette.SECONDARY, "middle"
        )
    colour = palette.COOPERATION[level]
    return circle(x, y, plan.disc, colour, f'stroke="{_EDGE}" stroke-width="1"') + text(
        x, low, str(int(level)), size, palette.text_on(colour), "middle", bold=True
    )


def _node(at: Point, position: int, name: str, plan: Plan) -> str:
    cosine, sine = math.cos(_angle(position)), math.sin(_angle(position))
    anchor = "middle" if abs(cosine) < 0.3 else "start" if cosine > 0 else "end"
    size = plan.name_size
    x = at[0] + (plan.node + 0.53 * size) * cosine
    y = at[1] + (plan.node + 0.94 * size) * sine + 0.353 * size
    return circle(*at, plan.node, palette.HEADER, 'stroke="#ffffff" stroke-width="3"') + text(
        x, y, name, size, palette.INK, anchor, bold=True
    )


def _legend() -> str:
    top, column, row = DESK.height - 106.0, 246.0, 27.0
    parts = [rect(0, top - 24, DESK.width, 1, palette.LINE)]
    for level in CooperationLevel:
        x, y = 24 + column * (int(level) % 3), top + row * (int(level) // 3)
        parts.append(_half((x, y), (x + 44, y), level) + _disc((x + 22, y), level, DESK))
        parts.append(text(x + 54, y + 4.8, LEVEL_LABELS[level], 14, palette.SECONDARY))
    y = top + 2 * row
    parts.append(_half((24, y), (68, y), None) + _disc((46, y), None, DESK))
    parts.append(text(78, y + 4.8, NOT_REPORTED, 14, palette.SECONDARY))
    x = 24 + column
    parts.append(line([(x, y), (x + 44, y)], palette.DISCUSS, _BAND) + _different((x + 22, y), DESK))
    parts.append(text(x + 54, y + 4.8, network_words.GAP, 14, palette.SECONDARY))
    parts.append(text(24, y + row + 5, network_words.HOW_TO_READ, 14, palette.SECONDARY))
    return "".join(parts)
