"""Verdicts and slices as pictures: pure SVG, no script, no style, no outside resource.

Every colour stands beside a form and a word. Lines and text take the page's
own colour and places are shares of the width, so that one picture serves a
phone, a printer, a dark page and a light one.
"""

from collections.abc import Sequence
from textwrap import wrap

from interlock.measure import Estimate
from interlock.review.drawing import (
    EDGE,
    PASSING,
    Axis,
    beside,
    colour,
    moved,
    picture,
    safe,
    shape,
    short,
    spanning,
    text,
)
from interlock.review.evidence import (
    Evidence,
    Scale,
    SliceEvidence,
    describe,
    figure,
)

_NO_CHANGE: dict[Scale, float] = {"share of baseline": 1.0, "difference": 0.0}
_BAND_TOP, _BAND_BOTTOM, _STRIP_HEIGHT = 18, 56, 80
_ROW_HEIGHT = 46
_LINE = 19


def verdict_strip(evidence: Evidence) -> str:
    """One verdict: its value, interval and limit on an axis, the passing side shaded.

    The picture takes the full width it is given and carries its facts as a
    title and a description. Where nothing can be estimated it shows the limit
    and says so.
    """
    verdict, axis = evidence.verdict, _axis_of(evidence)
    if verdict.estimate is None:
        measured = text("not estimable", x="50%", y=40, anchor="middle")
    else:
        measured = _whisker(verdict.estimate, axis, (verdict.outcome, 33))
    shaded = _passing_side(evidence, axis, _BAND_BOTTOM)
    return picture(
        _STRIP_HEIGHT,
        title=f"{verdict.label}: {verdict.outcome}",
        told=describe(evidence),
        body=shaded + _no_change(axis) + measured + axis.drawn(_BAND_BOTTOM),
    )


def parts_strip(evidence: Evidence) -> str:
    """Every required part of a joined criterion on one axis, the passing side shaded for all."""
    verdict = evidence.verdict
    estimates = [part.estimate for part in verdict.parts if part.estimate is not None]
    ends = [end for one in estimates for end in (one.value, one.low, one.high) if end is not None]
    axis = spanning([*ends, verdict.limit, 0.0], evidence.scale)
    bottom = _BAND_TOP + len(verdict.parts) * _ROW_HEIGHT
    rows = ""
    for k, part in enumerate(verdict.parts):
        y = _BAND_TOP + k * _ROW_HEIGHT
        rows += _row_head((part.value, part.outcome), y)
        if part.estimate is not None:
            rows += _whisker(part.estimate, axis, (part.outcome, y + 32))
    return picture(
        bottom + 24,
        title=f"{verdict.label}: {verdict.outcome}",
        told=". ".join(f"{part.value}: {part.outcome}" for part in verdict.parts),
        body=_passing_side(evidence, axis, bottom) + rows + axis.drawn(bottom),
    )


def slices_strip(slices: Sequence[SliceEvidence]) -> str:
    """Slices of one metric, in the order given: a ring is the baseline, a mark the candidate.

    All share one axis; the caller keeps metrics apart, since their figures do
    not compare.
    """
    if not slices:
        return ""
    ends = [value for one in slices for value in (one.finding.before, one.finding.after)]
    axis = spanning([*ends, 0.0], slices[0].scale)
    rows = "".join(_slice_row(one, axis, k * _ROW_HEIGHT) for k, one in enumerate(slices))
    bottom = len(slices) * _ROW_HEIGHT
    return picture(
        bottom + 26,
        title=f"{slices[0].finding.metric} by slice",
        told=". ".join(_told(one) for one in slices),
        body=rows + axis.drawn(bottom),
    )


def interval_plot(evidence: Sequence[Evidence], *, title: str, width: int = 760) -> str:
    """All verdicts as one picture with its own ground, to stand alone in a document.

    In fixed colours, so that it reads on a light and on a dark page alike.
    Coverage, which is counted and not estimated, is left out.

    Args:
        evidence: What to show, in this order.
        title: The picture's heading.
        width: In pixels, at least 400; words are wrapped to it.
    """
    y, blocks, told = 62, "", ""
    for one in evidence:
        if one.scale != "count":
            block, height = _block(one, y, width)
            blocks, y = blocks + block, y + height
            told += f"{one.claim} {one.verdict.outcome}. {describe(one)} "
    ground = (
        f'<rect x="0.5" y="0.5" width="{width - 1}" height="{y - 1}" rx="10" '
        'fill="#ffffff" stroke="#c9ced6"/>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{y}" '
        f'viewBox="0 0 {width} {y}" color="#1c2430" role="img">'
        f"<title>{safe(title)}</title><desc>{safe(told.strip())}</desc>"
        f"{ground}{text(title, x='28', y=40, size=18)}{blocks}</svg>\n"
    )


def mark(outcome: str) -> str:
    """The small form that stands beside an outcome's word."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="-8 -8 16 16" '
        f'aria-hidden="true">{shape(outcome)}</svg>'
    )


def _block(evidence: Evidence, y: int, width: int) -> tuple[str, int]:
    """One verdict of the standing picture at height ``y``, and the height it takes."""
    outcome, lines = evidence.verdict.outcome, wrap(evidence.claim, (width - 186) // 7)
    head = moved("40", y + 8, shape(outcome)) + text(outcome, x="54", y=y + 13, size=14)
    words = "".join(
        text(line, x="150", y=y + 13 + k * _LINE, size=13) for k, line in enumerate(lines)
    )
    top = y + len(lines) * _LINE + 6
    strip = f'<svg x="28" y="{top}" width="{width - 56}">{verdict_strip(evidence)}</svg>'
    below, told = top + _STRIP_HEIGHT + 14, wrap(describe(evidence), (width - 82) * 2 // 13)
    caption = "".join(text(line, x="54", y=below + k * _LINE) for k, line in enumerate(told))
    return head + words + strip + caption, below + len(told) * _LINE + 9 - y


def _axis_of(evidence: Evidence) -> Axis:
    estimate, scale = evidence.verdict.estimate, evidence.scale
    shown = [evidence.verdict.limit, _NO_CHANGE.get(scale, 0.0)]
    if estimate is not None:
        ends = (estimate.value, estimate.low, estimate.high)
        shown += [end for end in ends if end is not None]
    return spanning(shown if scale == "difference" else [*shown, 0.0], scale)


def _passing_side(evidence: Evidence, axis: Axis, bottom: int) -> str:
    """The shaded side of the limit, its line, and what it asks for."""
    limit = evidence.verdict.limit
    x, lower = axis.share(limit), evidence.better == "lower"
    start, width = (EDGE, x - EDGE) if lower else (x, 100 - EDGE - x)
    asked = f"passes {'below' if lower else 'above'} {figure(limit, axis.scale)}"
    return (
        f'<rect x="{start:.2f}%" y="{_BAND_TOP}" width="{max(width, 0.0):.2f}%" '
        f'height="{bottom - _BAND_TOP}" fill="{PASSING}" fill-opacity="0.16"/>'
        f'<line x1="{x:.2f}%" x2="{x:.2f}%" y1="4" y2="{bottom}" '
        'stroke="currentColor" stroke-width="2"/>' + beside(asked, x, 13)
    )


def _no_change(axis: Axis) -> str:
    """A dotted line where candidate and baseline are the same, if the scale has one."""
    if axis.scale not in _NO_CHANGE:
        return ""
    same = _NO_CHANGE[axis.scale]
    return (
        f'<line x1="{axis.at(same)}" x2="{axis.at(same)}" y1="{_BAND_TOP}" y2="{_BAND_BOTTOM}" '
        'stroke="currentColor" stroke-dasharray="2 3"/>'
        + beside("no change", axis.share(same), _BAND_BOTTOM - 4)
    )


def _whisker(estimate: Estimate, axis: Axis, drawn: tuple[str, int]) -> str:
    """An interval with its ends, an arrow where it has none, and the mark of the value."""
    outcome, y = drawn
    low = axis.at(axis.low if estimate.low is None else estimate.low)
    high = axis.at(axis.high if estimate.high is None else estimate.high)
    ink = f'stroke="{colour(outcome)}" stroke-width="2.5"'
    cap, left, right = (
        f'<path d="{path}" fill="none" {ink}/>'
        for path in ("M0-8V8", "M6-7 0 0 6 7", "M-6-7 0 0-6 7")
    )
    return (
        f'<line x1="{low}" x2="{high}" y1="{y}" y2="{y}" {ink}/>'
        + moved(low, y, left if estimate.low is None else cap)
        + moved(high, y, right if estimate.high is None else cap)
        + moved(axis.at(estimate.value), y, shape(outcome))
    )


def _slice_row(one: SliceEvidence, axis: Axis, y: int) -> str:
    """One slice: its name and figures, and below them the way from baseline to candidate."""
    found, line = one.finding, y + 32
    before, after = axis.at(found.before), axis.at(found.after)
    ring = '<circle r="5" fill="none" stroke="currentColor" stroke-width="2"/>'
    return (
        _row_head((f"{found.slice}: {found.value}", found.status), y)
        + f'<line x1="{EDGE}%" x2="{100 - EDGE}%" y1="{line}" y2="{line}" '
        'stroke="currentColor" stroke-opacity="0.2"/>'
        f'<line x1="{before}" x2="{after}" y1="{line}" y2="{line}" '
        f'stroke="{colour(found.status)}" stroke-width="2.5"/>'
        + moved(before, line, ring)
        + moved(after, line, shape(found.status))
    )


def _row_head(words: tuple[str, str], y: int) -> str:
    """A row's name at its left end and its standing at its right."""
    name, standing = words
    return text(short(name), x=f"{EDGE}%", y=y + 16) + text(
        standing, x=f"{100 - EDGE}%", y=y + 16, anchor="end"
    )


def _told(one: SliceEvidence) -> str:
    found = one.finding
    before, after = figure(found.before, one.scale), figure(found.after, one.scale)
    return f"{found.slice} {found.value}: {found.status}, from {before} to {after}"
