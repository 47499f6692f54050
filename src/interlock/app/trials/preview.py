"""What a plan would run, before anything is sealed or paid for."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from interlock.app.trials.plans import make_trial
from interlock.app.trials.products import Product, read_product
from interlock.app.workspace import Workspace
from interlock.trial import Case, judge_kind
from interlock.trial.running import answers_wanted

_CHARACTERS_A_TOKEN = 4
_TOKENS_AN_ANSWER = 300


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a plan would run on all of its systems, were every cluster drawn.

    Attributes:
        trial: What people call it.
        cases: Cases of the plan.
        clusters: Behaviours they stand for: the units of independence.
        epochs: How often each case is run.
        systems: The systems it has targets for.
        calls: Calls of systems, all of them together.
        tokens: About how many tokens are sent and received: four characters are taken for one,
            and an answer for as long as ``max_tokens`` lets it be, or 300.
        judges: Who scores each metric, by metric.
        left_out: Cases that feed a metric with an exact judge and do not say what it is to look
            for: on that metric they are not measured, and no seal draws them for it.
        slices: Cases and clusters by slice and value: (slice, value, cases, clusters).
    """

    trial: str
    cases: int
    clusters: int
    epochs: int
    systems: tuple[str, ...]
    calls: int
    tokens: int
    judges: Mapping[str, str]
    left_out: int
    slices: tuple[tuple[str, str, int, int], ...]


def plan_trial(work: Workspace, path: Path) -> Preview:
    """What a plan would run, and about what it would cost; nothing is called.

    Raises:
        ManifestMissingError: A system that has a target has no manifest.
        InterlockError: As for making a trial: see `make_trial`.
    """
    made = make_trial(work, path)
    products = [read_product(work, name) for name in made.plan.targets]
    calls = sum(len(answers_wanted(one)) for one in made.cases) * made.plan.epochs
    tokens = sum(_tokens(case, product) for case in made.cases for product in products)
    return Preview(
        trial=made.plan.trial,
        cases=len(made.cases),
        clusters=len({one.cluster for one in made.cases}),
        epochs=made.plan.epochs,
        systems=tuple(made.plan.targets),
        calls=calls * len(products),
        tokens=tokens * made.plan.epochs,
        judges={one.metric: one.judge for one in made.protocol.judges},
        left_out=sum(
            any(judge_kind(made.protocol.judge(metric)) == "exact" for metric in case.metrics)
            for case in made.cases
            if not case.expects
        ),
        slices=_slices(made.cases),
    )


def _tokens(case: Case, product: Product) -> int:
    """Every call of a case sends the prompt and all that was said before it."""
    longest = product.decoding.get("max_tokens", _TOKENS_AN_ANSWER)
    answer = longest if isinstance(longest, int) else _TOKENS_AN_ANSWER
    total = 0
    for number, place in enumerate(answers_wanted(case)):
        said = sum(len(turn.text) for turn in case.turns[: place + 1]) + len(product.prompt)
        total += said // _CHARACTERS_A_TOKEN + (number + 1) * answer
    return total


def _slices(cases: Sequence[Case]) -> tuple[tuple[str, str, int, int], ...]:
    counted: Counter[tuple[str, str]] = Counter()
    clusters: dict[tuple[str, str], set[str]] = {}
    for case in cases:
        for one in case.slices:
            key = (one.slice, one.value)
            counted[key] += 1
            clusters.setdefault(key, set()).add(case.cluster)
    return tuple((*key, counted[key], len(clusters[key])) for key in sorted(counted))
