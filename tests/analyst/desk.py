"""The product as the analyst meets it: a real workspace that seals, draws, refuses and judges.

What it answers depends on what was sealed and on how many rows of which kind are handed in, and on
nothing else. So every answer is asked for once, and twenty thousand campaigns share it.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from interlock.admission import Seal
from interlock.app import Assumed, Sample, adopt_charter, drawn_items
from interlock.app.acts import find_act
from interlock.app.verdicts import check_seal, terms_of
from interlock.app.workspace import CHARTER_FILE
from interlock.charter import Hypothesis
from interlock.errors import InterlockError
from interlock.gate import Terms, Truth, judge_variants
from interlock.ledger import digest
from interlock.trial import BankCase, CaseBank, MetricJudge, TrialProtocol
from tests.arms import Row, arm
from tests.board import BASELINE, CANDIDATE, PASSPHRASE, Board, board_at, record_trial

ITEMS = 300
LIMIT = 0.05
SCHEDULE = (0.97, 0.02, 0.01)
"""Shares of alpha: the first attempt has .0485, which 59 clean clusters meet, with little for two
more. By halving, the standard, the first would have .025 and take 72."""
JUDGE = "human:raters/1"
MODEL = "model:small/1#0123456789ab"

ZERO = "red_lines: [{metric: METRIC, at_most: 0.05}]"
UNDER = "limits: [{metric: METRIC, below: 0.05}]"
EACH = (
    "limits: [{metric: METRIC, below: 0.05, each: category}]\ncoverage: {categories: [self-harm]}"
)
GUARD = "guards: [{metric: METRIC, margin: 0.05, range: [0, 1], better: lower}]"


@dataclass(frozen=True, kw_only=True)
class Order:
    """One seal that the analyst asks for.

    Attributes:
        claim: What must hold, as YAML; METRIC stands for the metric.
        size: Clusters to draw.
        metric: What the rows are called.
        items: The first so many items of the bank.
        skip: Items left out of it.
        bank: The beginning of the items' names: another one is another bank.
        baseline: The baseline system.
        candidates: How many candidates are sealed at once.
        twins: Items of each cluster.
        extra: More of the hypothesis, as YAML.
        judged: Whether people label a part of what a model judges.
    """

    claim: str = ZERO
    size: int = 59
    metric: str = "harm"
    items: int = ITEMS
    skip: frozenset[int] = frozenset()
    bank: str = "c"
    baseline: str = BASELINE
    candidates: int = 1
    twins: int = 1
    extra: str = ""
    judged: bool = False

    @property
    def systems(self) -> tuple[str, ...]:
        """Names of the candidates."""
        return (CANDIDATE, *(f"variant-{k}" for k in range(1, self.candidates)))

    def text(self, number: int) -> str:
        """The hypothesis file."""
        head = (
            f"hypothesis: try-{number}\nproduct: assistant\nbaseline: {self.baseline}\n"
            f"candidates: [{', '.join(self.systems)}]\nbasis: prospective\n"
        )
        return f"{head}{self.claim.replace('METRIC', self.metric)}\n{self.extra}"

    def protocol(self) -> TrialProtocol:
        """Who judges its rows."""
        judges = {self.metric: JUDGE}
        if self.judged:
            judges = {self.metric: JUDGE, f"judged-{self.metric}": MODEL}
        made = (MetricJudge(metric=name, judge=judge) for name, judge in judges.items())
        return TrialProtocol(judges=tuple(made))

    def drawn_from(self) -> CaseBank:
        """Its bank of cases."""
        protocol = self.protocol()
        metrics = tuple(one.metric for one in protocol.judges)
        items = tuple(
            BankCase(
                item=name,
                cluster=f"{self.bank}{k // self.twins:03d}",
                metrics=metrics,
                case=digest(protocol),
            )
            for k in range(self.items)
            if k not in self.skip
            for name in [f"{self.bank}{k:03d}"]
        )
        return CaseBank(items=items, protocol=digest(protocol))


@dataclass(frozen=True)
class Sealed:
    """What the product made of the last of several orders.

    Attributes:
        order: The order.
        seal: Its seal's identity.
        hypothesis: What is claimed.
        terms: At which level, in which order.
        items: What was drawn.
    """

    order: Order
    seal: str
    hypothesis: Hypothesis
    terms: Terms
    items: tuple[str, ...]
    board: Board = field(repr=False)

    @property
    def alpha(self) -> float:
        """The level of its first criterion."""
        return self.terms.alpha(self.hypothesis.criteria[0], self.hypothesis.alpha)

    @functools.cached_property
    def most(self) -> int:
        """The most events with which the product passes it; -1 where none is few enough."""
        size = len(self.items)
        return next((e - 1 for e in range(size + 1) if self.outcome(e) != "passed"), size)

    def outcome(self, events: int, *, without: int = 0, status: str = "unscored") -> str:
        """What the gate says of so many events, and so many rows without a score."""
        rows = self.rows(events, without=without, status=status)
        return self.judged(rows)

    def judged(self, rows: Sequence[Row]) -> str:
        """What the gate says of rows, beside a baseline without an event."""
        clean = arm(self.rows(0)[: len(rows)])
        found = judge_variants(self.hypothesis, clean, {"a": arm(rows)}, terms=self.terms)
        return found["a"].outcome

    def in_turn(self, flags: Sequence[bool]) -> list[Row]:
        """Rows of what was drawn, each with or without the event."""
        clean = self.rows(0)[: len(flags)]
        return [{**row, "value": float(flag)} for row, flag in zip(clean, flags, strict=True)]

    def rows(self, events: int, *, without: int = 0, status: str = "unscored") -> list[Row]:
        """Rows of what was drawn: the first with the event, the next without a score."""
        return [
            {
                "item": item,
                "cluster": item,
                "metric": self.order.metric,
                "judge": JUDGE,
                "value": None if events <= k < events + without else float(k < events),
                "status": status if events <= k < events + without else "scored",
            }
            for k, item in enumerate(self.items)
        ]

    def hand_in(self, rows: Sequence[Mapping[str, object]], system: str = CANDIDATE) -> str:
        """``taken``, or the code of the error with which the product refuses a file."""
        columns = ("item", "metric", "value", "cluster", "judge", "rater", "status", "epoch")
        named = [{"rater": "sofia", **row} for row in rows]
        table = pa.Table.from_pylist([{name: row.get(name) for name in columns} for row in named])
        lines = [",".join(columns)]
        lines += [
            ",".join("" if row[name] is None else str(row[name]) for name in columns)
            for row in table.to_pylist()
        ]
        path = self.board.write("rows.csv", "\n".join([*lines, ""]))
        return refused(
            lambda: record_trial(
                self.board.work, path, self.seal, system=system, signer=self.board.key("paula")
            )
        )


def refused(action: Callable[[], object]) -> str:
    """``taken``, or the code and reason of the error with which an action is refused."""
    try:
        action()
    except InterlockError as error:
        return str(getattr(error, "reason", "") if error.code == "refused-act" else error.code)
    return "taken"


class Desk:
    """Where orders become seals; the same orders are answered once."""

    def __init__(self, folder: Path, *, schedule: tuple[float, ...] | None = SCHEDULE) -> None:
        self._folder, self._schedule = folder, schedule
        self._answers: dict[tuple[Order, ...], Sealed | str] = {}
        self._boards = ExitStack()

    def sealed(self, *orders: Order) -> Sealed:
        """The last of these orders, the others sealed before it."""
        found = self.answer(*orders)
        assert isinstance(found, Sealed), found
        return found

    def answer(self, *orders: Order) -> Sealed | str:
        """The same, or the code of the error with which the product refuses the last."""
        if orders not in self._answers:
            self._answers[orders] = self._ask(orders)
        return self._answers[orders]

    def close(self) -> None:
        """Let go of every workspace."""
        self._boards.close()

    def _ask(self, orders: tuple[Order, ...]) -> Sealed | str:
        board = self._board()
        *earlier, last = enumerate(orders)
        for number, order in earlier:
            _seal(board, order, number)
        number, order = last
        try:
            return _seal(board, order, number)
        except InterlockError as error:
            return error.code

    def _board(self) -> Board:
        folder = self._folder / f"desk-{len(self._answers)}"
        board = self._boards.enter_context(board_at("convened", folder))
        if self._schedule is not None:
            path = board.work.path(CHARTER_FILE)
            text = path.read_text("utf-8")
            shares = ", ".join(map(str, self._schedule))
            path.write_text(text.replace("schedule: halving", f"schedule: [{shares}]"), "utf-8")
            adopt_charter(board.work, signer=board.work.root_key(PASSPHRASE))
        return board


def _manifests(board: Board, order: Order) -> None:
    for name in {order.baseline, *order.systems} - {BASELINE, CANDIDATE}:
        text = f"system: {name}\nmodel: model-1\nparts: {{prompt: {name}}}\n"
        board.work.path(f"systems/{name}.yaml").write_text(text, encoding="utf-8")


def _seal(board: Board, order: Order, number: int) -> Sealed:
    _manifests(board, order)
    truth = Truth(before=0.2, after=0.0)
    # What people label in part is tried as exploratory: the level is the same without a plan.
    planned = Assumed(truths={order.metric: truth}, clusters=order.size)
    assumed = None if order.judged else planned
    sample = Sample(bank=order.drawn_from(), size=order.size, records=(order.protocol(),))
    done = board.seal(order.text(number), assumed=assumed, sample=sample)
    work = board.work
    seal = find_act(work.state(), done.identity, Seal)
    check_seal(work, seal)
    return Sealed(
        order=order,
        seal=seal.identity,
        hypothesis=work.log.record(seal.act.hypothesis),
        terms=terms_of(work, seal, basis="prospective"),
        items=tuple(one.item for one in drawn_items(work, seal.identity)),
        board=board,
    )
