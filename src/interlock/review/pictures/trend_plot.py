"""Quantities over time and counts in a grid, each as one picture that stands alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from interlock.measure import Estimate
from interlock.review.drawing import EDGE, Axis, moved, short, spanning, standing_alone, text
from interlock.review.evidence import Scale, figure

_LEFT = 190
_ROW = 30
_HEAD = 64
_CELL_WIDTH, _CELL_HEIGHT = 74, 28
_INK = "#2b5fab"


@dataclass(frozen=True, kw_only=True)
class Trend:
    """One quantity at several times.

    Attributes:
        heading: What it is.
        points: What each time is called, and the estimate at it; the earliest first.
    """

    heading: str
    points: tuple[tuple[str, Estimate], ...]


def trend_plot(
    trends: Sequence[Trend], *, title: str, scale: Scale = "share", width: int = 760
) -> str:
    """Estimates with their intervals, time running downwards, on one axis.

    Args:
        trends: What to show, in this order.
        title: The picture's heading.
        scale: How figures are written.
        width: In pixels, at least 400.
    """
    estimates = [one for trend in trends for _, one in trend.points]
    ends = [end for one in estimates for end in (one.value, one.low, one.high) if end is not None]
    axis = spanning([*ends, 0.0], scale)
    inner, y, told = width - _LEFT - 12, _HEAD, []
    body = ""
    for trend in trends:
        body += text(short(trend.heading), x="28", y=y + 14, size=14)
        y += 24
        rows = "".join(_row(point, axis, k * _ROW) for k, point in enumerate(trend.points))
        height = len(trend.points) * _ROW
        names = "".join(
            text(short(name), x="40", y=y + k * _ROW + 19)
            for k, (name, _) in enumerate(trend.points)
        )
        line = _way([one for _, one in trend.points], axis)
        drawn = f'<svg x="{_LEFT}" y="{y}" width="{inner}" height="{height + 26}">'
        body += f"{names}{drawn}{line}{rows}{axis.drawn(height + 2)}</svg>"
        y += height + 40
        told += [f"{trend.heading}, {name}: {_told(one, scale)}" for name, one in trend.points]
    return standing_alone((width, y), body, title=title, told=". ".join(told))


def grid_plot(
    counts: Mapping[tuple[str, str], int], *, title: str, rows: str = "", columns: str = ""
) -> str:
    """Counts by row and column; darker is more, and what was never counted is left empty.

    Args:
        counts: By (row, column), in the order in which rows and columns are shown.
        title: The picture's heading.
        rows: What the rows are.
        columns: What the columns are.
    """
    down = list(dict.fromkeys(row for row, _ in counts))
    across = list(dict.fromkeys(column for _, column in counts))
    most = max(counts.values(), default=1)
    top = _HEAD + 96
    body = text(columns, x=str(_LEFT + 12), y=_HEAD - 6) + text(rows, x="28", y=top - 8)
    for k, column in enumerate(across):
        x = _LEFT + 12 + k * _CELL_WIDTH
        turned = text(short(column), x="0", y=0)
        body += f'<g transform="translate({x + 20} {top - 8}) rotate(-38)">{turned}</g>'
    for j, row in enumerate(down):
        y = top + j * _CELL_HEIGHT
        body += text(short(row), x="28", y=y + 19)
        for k, column in enumerate(across):
            n = counts.get((row, column), 0)
            body += _cell(n, n / max(most, 1), (_LEFT + 12 + k * _CELL_WIDTH, y))
    told = ". ".join(f"{row}, {column}: {n}" for (row, column), n in counts.items())
    size = (_LEFT + 140 + len(across) * _CELL_WIDTH, top + len(down) * _CELL_HEIGHT + 24)
    return standing_alone(size, body, title=title, told=told)


def _row(point: tuple[str, Estimate], axis: Axis, y: int) -> str:
    """An interval and its value, the figure above its right end."""
    one, middle = point[1], y + 15
    low = axis.at(axis.low if one.low is None else one.low)
    high = axis.at(axis.high if one.high is None else one.high)
    ink = f'stroke="{_INK}" stroke-width="2.5"'
    cap = f'<path d="M0-6V6" fill="none" {ink}/>'
    ground = (
        f'<line x1="{EDGE}%" x2="{100 - EDGE}%" y1="{middle}" y2="{middle}" '
        'stroke="currentColor" stroke-opacity="0.12"/>'
    )
    return (
        f'{ground}<line x1="{low}" x2="{high}" y1="{middle}" y2="{middle}" {ink}/>'
        + moved(low, middle, cap)
        + moved(high, middle, cap)
        + moved(axis.at(one.value), middle, f'<circle r="5" fill="{_INK}"/>')
        + text(figure(one.value, axis.scale), x=axis.at(one.value), y=middle - 8, anchor="middle")
    )


def _way(estimates: Sequence[Estimate], axis: Axis) -> str:
    """A thin line from value to value."""
    made = ""
    for k, (one, other) in enumerate(pairwise(estimates)):
        made += (
            f'<line x1="{axis.at(one.value)}" x2="{axis.at(other.value)}" y1="{k * _ROW + 15}" '
            f'y2="{(k + 1) * _ROW + 15}" stroke="{_INK}" stroke-opacity="0.4" '
            'stroke-dasharray="3 3"/>'
        )
    return made


def _cell(n: int, part: float, place: tuple[int, int]) -> str:
    x, y = place
    shade = (
        f'<rect x="{x}" y="{y}" width="{_CELL_WIDTH - 4}" height="{_CELL_HEIGHT - 4}" rx="3" '
        f'fill="{_INK}" fill-opacity="{0.12 + 0.38 * part if n else 0:.2f}" '
        'stroke="currentColor" stroke-opacity="0.2"/>'
    )
    middle = str(x + (_CELL_WIDTH - 4) // 2)
    return shade + (text(str(n), x=middle, y=y + 17, anchor="middle") if n else "")


def _told(one: Estimate, scale: Scale) -> str:
    low = "no bound" if one.low is None else figure(one.low, scale)
    high = "no bound" if one.high is None else figure(one.high, scale)
    return f"{figure(one.value, scale)} ({low} to {high}, {one.n} clusters)"
