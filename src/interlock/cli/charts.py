"""Estimates drawn with the signs of a terminal, on an axis that several share."""

from collections.abc import Sequence

from interlock.measure import Estimate

_MARKS = {False: ("├", "─", "●", "┤"), True: ("|", "-", "*", "|")}
_CELLS = 31


def interval_bars(
    estimates: Sequence[Estimate | None], *, ascii_only: bool = False
) -> tuple[str, ...]:
    """Each estimate as ``├──●──┤`` on one axis; an end that runs off it is unbounded."""
    known = [one for one in estimates if one is not None]
    ends = [end for one in known for end in (one.value, one.low, one.high) if end is not None]
    span = (min(ends), max(ends)) if ends else (0.0, 1.0)
    return tuple("" if one is None else _bar(one, span, ascii_only) for one in estimates)


def figures(estimate: Estimate | None) -> str:
    """Value, interval and clusters in few signs."""
    if estimate is None:
        return "not estimable"
    low = "-inf" if estimate.low is None else f"{estimate.low:.4g}"
    high = "inf" if estimate.high is None else f"{estimate.high:.4g}"
    return f"{estimate.value:.4g} ({low}, {high}), n {estimate.n}"


def _bar(one: Estimate, span: tuple[float, float], ascii_only: bool) -> str:
    left, line, point, right = _MARKS[ascii_only]
    low, high = span
    width = (high - low) or 1.0

    def cell(value: float) -> int:
        return round((value - low) / width * (_CELLS - 1))

    first = 0 if one.low is None else cell(one.low)
    last = _CELLS - 1 if one.high is None else cell(one.high)
    cells = [" "] * _CELLS
    cells[first : last + 1] = [line] * (last + 1 - first)
    if one.low is not None:
        cells[first] = left
    if one.high is not None:
        cells[last] = right
    cells[cell(one.value)] = point
    return "".join(cells).rstrip()
