"""A judgement as people read it in a terminal: outcomes, intervals drawn, slices worst first."""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from interlock.gate import CriterionVerdict, Judgement, SliceFinding
from interlock.measure import Estimate

_COLOURS = {"passed": "green", "failed": "bold red", "undecided": "yellow"}
_STATUS_COLOURS = {"worse": "bold red", "no gain shown": "yellow", "undecided": "default"}
_MARKS = {False: ("├", "─", "●", "┤", "│"), True: ("|", "-", "*", "|", "!")}
_PLOT_CELLS = 25
_NARROW_CELLS = 100
_SLICES_SHOWN = 10


def drawn(judgement: Judgement, console: Console) -> RenderableType:
    """A judgement as the console can show it: tables, or lists where it is narrow."""
    screen = _Screen(console.width < _NARROW_CELLS, console.options.ascii_only)
    parts: list[RenderableType] = [screen.headline(judgement), Text()]
    if screen.narrow:
        parts += [line for verdict in judgement.verdicts for line in screen.stacked(verdict)]
    else:
        parts += [screen.table(judgement), Text()]
        parts += [screen.reason(verdict) for verdict in judgement.verdicts]
    parts += [Text(), *screen.searched(judgement.slices), _evidence(judgement)]
    return Group(*parts, *screen.unjudged(judgement.unjudged))


def plot(estimate: Estimate, limit: float, *, ascii_only: bool = False) -> str:
    """An interval drawn beside its limit, on an axis that holds both.

    ``├──●──┤`` is the interval and its estimate, ``│`` the limit; an end that
    runs off the axis is unbounded.
    """
    left, line, point, right, bar = _MARKS[ascii_only]
    ends = [estimate.value, limit, *(e for e in (estimate.low, estimate.high) if e is not None)]
    low, high = min(ends), max(ends)
    span = (high - low) or 1.0

    def cell(value: float) -> int:
        return round((value - low) / span * (_PLOT_CELLS - 1))

    first = 0 if estimate.low is None else cell(estimate.low)
    last = _PLOT_CELLS - 1 if estimate.high is None else cell(estimate.high)
    cells = [" "] * _PLOT_CELLS
    cells[first : last + 1] = [line] * (last + 1 - first)
    if estimate.low is not None:
        cells[first] = left
    if estimate.high is not None:
        cells[last] = right
    cells[cell(estimate.value)] = point
    cells[cell(limit)] = bar
    return "".join(cells).rstrip()


@dataclass(frozen=True)
class _Screen:
    """What the terminal can show.

    Attributes:
        narrow: Whether a table would not fit.
        ascii_only: Whether it lacks Unicode.
    """

    narrow: bool
    ascii_only: bool

    def said(self, text: str, style: str = "") -> Text:
        """Words that may come from a file: shown, never obeyed by the terminal."""
        safe = "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)
        if self.ascii_only:
            safe = safe.encode("ascii", "backslashreplace").decode()
        return Text(safe, style=style)

    def headline(self, judgement: Judgement) -> Text:
        """The name and the outcome."""
        text = self.said(f"{judgement.name}: ")
        text.append(judgement.outcome, style=_COLOURS[judgement.outcome])
        return text.append(f" ({judgement.basis})")

    def table(self, judgement: Judgement) -> Table:
        """Every verdict in a row."""
        table = Table(box=None, pad_edge=False, header_style="bold")
        table.add_column("criterion", overflow="fold")
        for name in ("outcome", "estimate", "interval and limit", "limit"):
            table.add_column(name, no_wrap=True)
        for verdict in judgement.verdicts:
            table.add_row(
                self.said(verdict.label),
                Text(verdict.outcome, style=_COLOURS[verdict.outcome]),
                Text(_figures(verdict.estimate)),
                Text(self.plot(verdict)),
                Text(f"{verdict.limit:g}"),
            )
        return table

    def reason(self, verdict: CriterionVerdict) -> Text:
        """Why a verdict came out so, for below the table."""
        return self.said(f"{verdict.label}: ").append_text(self.said(verdict.reason, "dim"))

    def stacked(self, verdict: CriterionVerdict) -> Iterator[Text]:
        """A verdict in lines of its own."""
        first = self.said(f"{verdict.label}: ")
        yield first.append(verdict.outcome, style=_COLOURS[verdict.outcome])
        yield Text(f"  {_figures(verdict.estimate)}, limit {verdict.limit:g}")
        if verdict.estimate is not None:
            yield Text(f"  {self.plot(verdict)}")
        yield self.said(f"  {verdict.reason}", "dim")

    def plot(self, verdict: CriterionVerdict) -> str:
        """The verdict's interval beside its limit; empty where nothing was estimated."""
        if verdict.estimate is None:
            return ""
        return plot(verdict.estimate, verdict.limit, ascii_only=self.ascii_only)

    def searched(self, slices: tuple[SliceFinding, ...]) -> Iterator[RenderableType]:
        """The first of the slices, which are the worst."""
        if not slices:
            return
        yield Text(f"{len(slices)} slices searched for losses, worst first", "bold")
        table = Table(box=None, pad_edge=False, show_header=False)
        for finding in slices[:_SLICES_SHOWN]:
            place = self.said(f"  {finding.metric}, {finding.slice} = {finding.value}")
            status = Text(finding.status, style=_STATUS_COLOURS[finding.status])
            moved = f"{finding.before:.3g} to {finding.after:.3g}, n {finding.clusters}"
            if self.narrow:
                yield place.append(": ").append_text(status).append(f", {moved}")
            else:
                table.add_row(place, status, moved, f"adjusted p {finding.p_adjusted:.2g}")
        if not self.narrow:
            yield table
        if len(slices) > _SLICES_SHOWN:
            yield Text(f"  and {len(slices) - _SLICES_SHOWN} more with --json", "dim")
        yield Text("None is shown to have passed; what must hold is declared as a criterion.\n")

    def unjudged(self, metrics: tuple[str, ...]) -> Iterator[Text]:
        """Metrics nobody asked about: a misspelt name must not hide its rows."""
        if metrics:
            names = ", ".join(repr(name) for name in metrics)
            yield self.said(f"Not judged, since the hypothesis does not name it: {names}.")


def _figures(estimate: Estimate | None) -> str:
    if estimate is None:
        return "not estimated"
    low = "-inf" if estimate.low is None else f"{estimate.low:.4g}"
    high = "inf" if estimate.high is None else f"{estimate.high:.4g}"
    share = f"{100 * estimate.confidence:.4g} %"
    return f"{estimate.value:.4g} ({low}, {high}) at {share}, n {estimate.n}"


def _evidence(judgement: Judgement) -> Text:
    found = judgement.evidence
    return Text(
        f"Rows: {found.expected} expected, {found.observed} scored, {found.unscored} unscored or "
        f"missing, {found.errored} errored; every gap counts against passing."
    )
