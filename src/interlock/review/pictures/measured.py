"""Measured figures as pictures that stand alone: strips by panel, and a calibration curve."""

from collections.abc import Sequence
from dataclasses import dataclass

from interlock.measure import Estimate
from interlock.review.drawing import (
    EDGE,
    Axis,
    beside,
    moved,
    short,
    spanning,
    standing_alone,
    text,
)
from interlock.review.evidence import Scale, figure, interval

_LEFT, _HEAD, _ROW = 200, 64, 40
_SIDE = 320
_INK = "#2b5fab"
_ARROWS = {"low": "M6-6 0 0 6 6", "high": "M-6-6 0 0-6 6", "": "M0-6V6"}


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Figures that share one axis.

    Attributes:
        heading: What they are.
        scale: How they are written.
        rows: What each is called, and its estimate; None where there is none.
        limit: A bar that all are held against; None where there is none.
    """

    heading: str
    scale: Scale
    rows: tuple[tuple[str, Estimate | None], ...]
    limit: float | None = None


@dataclass(frozen=True, kw_only=True)
class CurvePoint:
    """Rows that were given about the same chance.

    Attributes:
        said: The mean chance that they were given.
        happened: The share of them on which the event happened.
        n: How many they are.
    """

    said: float
    happened: Estimate
    n: int


def panels_plot(panels: Sequence[Panel], *, title: str, width: int = 760) -> str:
    """Every panel with its own axis, one figure a row with its interval.

    Args:
        panels: What to show, in this order; one without an estimate says so.
        title: The picture's heading.
        width: In pixels, at least 400.
    """
    y, body, told = _HEAD, "", []
    for panel in panels:
        drawn, height = _panel(panel, y, width)
        body, y = body + drawn, y + height
        told += [f"{name}: {_told(one, panel.scale)}" for name, one in panel.rows]
    return standing_alone((width, y + 6), body, title=title, told=". ".join(told))


def curve_plot(points: Sequence[CurvePoint], *, title: str) -> str:
    """What was said against what happened: chances that are true lie on the diagonal."""
    ticks = "".join(_tick(k / 5) for k in range(6))
    told = ". ".join(
        f"{one.n} rows given {one.said:.3f}, happened {_told(one.happened, 'share')}"
        for one in points
    )
    left, top = 72, _HEAD
    body = (
        f'<rect x="{left}" y="{top}" width="{_SIDE}" height="{_SIDE}" fill="none" '
        'stroke="currentColor" stroke-opacity="0.5"/>'
        f'<line x1="{left}" y1="{top + _SIDE}" x2="{left + _SIDE}" y2="{top}" '
        'stroke="currentColor" stroke-dasharray="4 4" stroke-opacity="0.6"/>'
        f"{ticks}{''.join(map(_point, points))}"
        + text("chance given", x=str(left + _SIDE // 2), y=top + _SIDE + 40, anchor="middle")
        + f'<g transform="translate(24 {top + _SIDE // 2}) rotate(-90)">'
        + text("share that happened", x="0", y=0, anchor="middle")
        + "</g>"
    )
    return standing_alone((left + _SIDE + 90, top + _SIDE + 60), body, title=title, told=told)


def _panel(panel: Panel, y: int, width: int) -> tuple[str, int]:
    """A panel at height ``y``, and the height it takes."""
    found = [one for _, one in panel.rows if one is not None]
    ends = [end for one in found for end in (one.value, one.low, one.high) if end is not None]
    ends += [] if panel.limit is None else [panel.limit]
    axis = spanning(ends if panel.scale == "score" and ends else [*ends, 0.0], panel.scale)
    heading = text(panel.heading, x="28", y=y + 14, size=14)
    names = "".join(
        text(short(name), x="40", y=y + 28 + k * _ROW + 24)
        for k, (name, _) in enumerate(panel.rows)
    )
    rows = "".join(_row(one, axis, k * _ROW) for k, (_, one) in enumerate(panel.rows))
    height = len(panel.rows) * _ROW
    bar = "" if panel.limit is None else _limit(panel.limit, axis, height)
    drawn = f'<svg x="{_LEFT}" y="{y + 28}" width="{width - _LEFT - 12}" height="{height + 26}">'
    return f"{heading}{names}{drawn}{bar}{rows}{axis.drawn(height + 2)}</svg>", height + 74


def _limit(limit: float, axis: Axis, height: int) -> str:
    """The bar as a dashed line, its figure at the head."""
    at = axis.at(limit)
    line = (
        f'<line x1="{at}" x2="{at}" y1="0" y2="{height + 2}" stroke="currentColor" '
        'stroke-width="1.5" stroke-dasharray="5 4"/>'
    )
    return line + beside(f"limit {figure(limit, axis.scale)}", axis.share(limit), 8)


def _row(one: Estimate | None, axis: Axis, y: int) -> str:
    middle = y + 22
    if one is None:
        return text("not estimable", x="50%", y=middle + 4, anchor="middle")
    low = axis.at(axis.low if one.low is None else one.low)
    high = axis.at(axis.high if one.high is None else one.high)
    ink = f'stroke="{_INK}" stroke-width="2.5"'
    left, right = (
        f'<path d="{_ARROWS[side if open_ended else ""]}" fill="none" {ink}/>'
        for side, open_ended in (("low", one.low is None), ("high", one.high is None))
    )
    return (
        f'<line x1="{EDGE}%" x2="{100 - EDGE}%" y1="{middle}" y2="{middle}" '
        'stroke="currentColor" stroke-opacity="0.12"/>'
        f'<line x1="{low}" x2="{high}" y1="{middle}" y2="{middle}" {ink}/>'
        + moved(low, middle, left)
        + moved(high, middle, right)
        + moved(axis.at(one.value), middle, f'<circle r="5" fill="{_INK}"/>')
        + text(figure(one.value, axis.scale), x=axis.at(one.value), y=middle - 9, anchor="middle")
    )


def _point(one: CurvePoint) -> str:
    x, y = 72 + one.said * _SIDE, _up(one.happened.value)
    low, high = (
        _up(one.happened.low or 0.0),
        _up(1.0 if one.happened.high is None else one.happened.high),
    )
    return (
        f'<line x1="{x:.2f}" y1="{low:.2f}" x2="{x:.2f}" y2="{high:.2f}" stroke="{_INK}" '
        f'stroke-width="2"/><circle cx="{x:.2f}" cy="{y:.2f}" r="5" fill="{_INK}"/>'
        + text(f"n {one.n}", x=f"{x + 8:.2f}", y=round(y) - 6)
    )


def _tick(share: float) -> str:
    below = text(f"{share:g}", x=f"{72 + share * _SIDE:.2f}", y=_HEAD + _SIDE + 18, anchor="middle")
    return below + text(f"{share:g}", x="64", y=round(_up(share)) + 4, anchor="end")


def _up(share: float) -> float:
    return _HEAD + (1 - share) * _SIDE


def _told(one: Estimate | None, scale: Scale) -> str:
    if one is None:
        return "not estimable"
    return f"{figure(one.value, scale)} ({interval(one, scale)}, {one.n} clusters)"
