"""The mark of CTS: a road that winds towards a rising sun, drawn by us.

Kept as polygons in a square of 64 by 64, so that the letterhead of a PDF, the SVG files and the icon of the browser tab
(docs/make_logo.py) are one and the same drawing.
"""

from math import atan2, cos, hypot, pi, sin

TEAL = "#0B5C7A"
TEAL_LIGHT = "#2F86A6"
SUN = "#F2A33A"
WHITE = "#FFFFFF"

SIZE = 64.0
_CENTRE, _RADIUS, _INNER, _HORIZON = 32.0, 30.0, 27.4, 35.0
Polygon = tuple[tuple[float, float], ...]


def mark() -> tuple[tuple[str, Polygon], ...]:
    """The shapes, each a colour (#RRGGBB) and its corners, in the order in which they are painted."""
    return (
        (TEAL, _arc(_RADIUS, 0, 2 * pi, _CENTRE)),
        *((SUN, ray) for ray in _rays()),
        (SUN, _arc(9.5, pi, 2 * pi, _HORIZON)),
        (TEAL_LIGHT, _land()),
        (WHITE, _road()),
    )


def _arc(radius: float, start: float, end: float, y: float, steps: int = 60) -> Polygon:
    turns = [start + (end - start) * step / steps for step in range(steps + 1)]
    return tuple((_CENTRE + radius * cos(turn), y + radius * sin(turn)) for turn in turns)


def _rays() -> list[Polygon]:
    rays = []
    for turn in (pi * 1.14, pi * 1.32, pi * 1.5, pi * 1.68, pi * 1.86):
        along, across = (cos(turn), sin(turn)), (-sin(turn), cos(turn))
        corners = ((12.8, -1.0), (18.4, -1.0), (18.4, 1.0), (12.8, 1.0))
        rays.append(
            tuple(
                (_CENTRE + far * along[0] + side * across[0], _HORIZON + far * along[1] + side * across[1])
                for far, side in corners
            )
        )
    return rays


def _land() -> Polygon:
    """The lower part of the disc, from the horizon down."""
    turn = atan2(_HORIZON - _CENTRE, (_INNER**2 - (_HORIZON - _CENTRE) ** 2) ** 0.5)
    return _arc(_INNER, turn, pi - turn, _CENTRE)


def _road() -> Polygon:
    """From the edge of the disc, narrowing in one bend, to the horizon below the sun."""
    left: list[tuple[float, float]] = []
    right: list[tuple[float, float]] = []
    for step in range(81):
        y = _HORIZON + (2 * _CENTRE - _HORIZON) * step / 80
        near = (y - _HORIZON) / (_CENTRE + _INNER - _HORIZON)
        middle = _CENTRE + 6.5 * sin(near * pi * 1.5) * (1 - 0.45 * near)
        half = 0.5 + 8.5 * near**1.35
        for side, edge in ((-half, left), (half, right)):
            if hypot(middle + side - _CENTRE, y - _CENTRE) <= _INNER:
                edge.append((middle + side, y))
    start = atan2(right[-1][1] - _CENTRE, right[-1][0] - _CENTRE)
    end = atan2(left[-1][1] - _CENTRE, left[-1][0] - _CENTRE)
    return (*left, *reversed(_arc(_INNER, start, end, _CENTRE, 20)), *reversed(right))
