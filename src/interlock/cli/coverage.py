"""Commands that look back over campaigns: coverage by quarter, misuse potential by release."""

import re
from pathlib import Path
from typing import Any

import click

from interlock.adapters.files import replace
from interlock.app.campaigns import (
    MisuseReport,
    QuarterCoverage,
    misuse_potential,
    quarter_coverage,
)
from interlock.cli.campaign import interval
from interlock.cli.doors import json_option, show, workspace
from interlock.cli.inputs import NEW_FILE
from interlock.ledger import content
from interlock.measure import Estimate
from interlock.review.pictures import (
    Trend,
    grid_plot,
    trend_plot,
)
from interlock.trial.campaigns import COVERAGE_TARGET, Cell, Coverage, Misused, MisusePoint

_PLAIN = "as it comes"
_QUARTER = re.compile(r"20\d\d-Q[1-4]", re.ASCII)


class _Quarter(click.ParamType[str]):
    """``2026-Q4``."""

    name = "quarter"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The quarter, as it is written."""
        if not _QUARTER.fullmatch(value):
            self.fail(f"{value!r} is no quarter such as 2026-Q4", param, ctx)
        return value


@click.command("coverage")
@click.argument("product")
@click.option("--quarter", type=_Quarter(), default=None, help="By default the present one.")
@click.option("--against", type=_Quarter(), default=None, help="By default the one before it.")
@click.option("--svg", type=NEW_FILE, help="Draw category by attack into this file.")
@json_option
def campaign_coverage_command(
    product: str, quarter: str | None, against: str | None, svg: Path | None, as_json: bool
) -> None:
    """Count what was tried on PRODUCT in a quarter, and by how much that has grown.

    A test is one behaviour in one category under one attack, however often it
    was tried; rows without a value are none. A programme aims at 40 % more
    tests than in the quarter before. It is a count of work and no measure of safety.

    \b
    Example:
        interlock campaign coverage assistant --quarter 2026-Q4 --svg coverage.svg
    """
    with workspace() as work:
        found = quarter_coverage(work, product, quarter=quarter or "", against=against or "")
    if svg is not None:
        replace(svg, _grid(found).encode())
    show(_covered(found), as_json=as_json, lines=_coverage_lines(found))


@click.command("misuse")
@click.argument("product")
@click.option("--metric", default="harm", show_default=True, help="What was measured.")
@click.option("-k", "k", type=click.IntRange(min=1), help="Tries that an attacker has.")
@click.option("--svg", type=NEW_FILE, help="Draw it over releases into this file.")
@json_option
def campaign_misuse_command(
    product: str, metric: str, k: int | None, svg: Path | None, as_json: bool
) -> None:
    """Show how often an attacker succeeds on PRODUCT, category by category, system by system.

    Repeats and attacks are tries on one behaviour; the best of k counts. Without
    -k it is as many as every behaviour has that was never brought about.
    Intervals are 90 %.

    \b
    Example:
        interlock campaign misuse assistant --metric harm -k 3 --svg misuse.svg
    """
    with workspace() as work:
        found = misuse_potential(work, product, metric=metric, k=k or 0)
    if svg is not None:
        replace(svg, _drawn(found).encode())
    show(_misuse(found), as_json=as_json, lines=_misuse_lines(found))


def _covered(found: QuarterCoverage) -> dict[str, Any]:
    return {
        "product": found.product,
        "quarter": found.quarter,
        "against": found.against,
        "tests": found.now.tests,
        "tests_before": found.before.tests,
        "cells": found.now.cells,
        "cells_before": found.before.cells,
        "growth": found.growth,
        "target": COVERAGE_TARGET,
        "met": found.growth is not None and found.growth >= COVERAGE_TARGET,
        "counts": _counts(found.now),
        "counts_before": _counts(found.before),
    }


def _counts(found: Coverage) -> list[dict[str, Any]]:
    return [{**cell._asdict(), "clusters": n} for cell, n in found.counts.items()]


def _coverage_lines(found: QuarterCoverage) -> list[str]:
    return [
        f"{found.quarter}: {found.now.tests} tests in {found.now.cells} cells; "
        f"{found.against}: {found.before.tests} in {found.before.cells}",
        _growth(found),
        *(f"  {_place(cell)}: {n}" for cell, n in found.now.counts.items()),
    ]


def _growth(found: QuarterCoverage) -> str:
    if found.growth is None:
        return f"nothing was tried in {found.against}, so that there is no growth to speak of"
    word = "reaches" if found.growth >= COVERAGE_TARGET else "misses"
    return f"growth {found.growth:+.1%}, which {word} the target of {COVERAGE_TARGET:+.0%}"


def _place(cell: Cell) -> str:
    within = f", {cell.slice} {cell.value}" if cell.slice else ""
    return f"{cell.category or '(no category)'} / {cell.attack or f'({_PLAIN})'}{within}"


def _grid(found: QuarterCoverage) -> str:
    counts = {
        (cell.category or "no category", cell.attack or _PLAIN): n
        for cell, n in found.now.counts.items()
        if not cell.slice
    }
    title = f"Behaviours tried on {found.product}, {found.quarter}"
    return grid_plot(counts, title=title, rows="category", columns="attack")


def _misuse(found: MisuseReport) -> dict[str, Any]:
    return {
        "product": found.product,
        "metric": found.metric,
        "released": list(found.released),
        "categories": [
            {
                "category": one.category,
                "k": one.k,
                "points": [_point(each) for each in one.points],
                "overall": _estimate(one.overall),
            }
            for one in found.categories
        ],
    }


def _point(one: MisusePoint) -> dict[str, Any]:
    return {
        **{name: getattr(one, name) for name in ("release", "system", "time")},
        "success": content(one.success),
        "unknown": one.unknown,
        "left_out": one.left_out,
        "change": _estimate(one.change),
    }


def _estimate(one: Estimate | None) -> dict[str, Any] | None:
    return None if one is None else content(one)


def _misuse_lines(found: MisuseReport) -> list[str]:
    return [line for one in found.categories for line in _category_lines(one, found.released)]


def _category_lines(one: Misused, released: tuple[str, ...]) -> list[str]:
    lines = [f"{one.category or '(no category)'}, best of {one.k}:"]
    if not one.points:
        return [f"{lines[0]} no behaviour was tried that often"]
    for point in one.points:
        word = " (released)" if point.release in released else ""
        told = [f"  {point.release}{word}, {point.time}: {interval(point.success)}"]
        if point.change is not None:
            told.append(f"change {_moved(point.change)}")
        if point.unknown:
            told.append(f"{point.unknown} tries nobody could tell, counted as successes")
        if point.left_out:
            told.append(f"{point.left_out} behaviours tried less often are left out")
        lines.append("; ".join(told))
    if one.overall is not None and len(one.points) > 2:
        lines.append(f"  first to last: {_moved(one.overall)}")
    return lines


def _moved(one: Estimate) -> str:
    low, high = -1.0 if one.low is None else one.low, 1.0 if one.high is None else one.high
    shown = "a fall" if high < 0 else "a rise" if low > 0 else "no change shown"
    return f"{one.value:+.1%} ({low:+.1%} to {high:+.1%}, {one.n} shared behaviours): {shown}"


def _drawn(found: MisuseReport) -> str:
    trends = [
        Trend(
            heading=f"{one.category or 'no category'}, best of {one.k}",
            points=tuple((each.release, each.success) for each in one.points),
        )
        for one in found.categories
    ]
    return trend_plot(trends, title=f"Misuse potential of {found.product}: {found.metric}")
