"""Whether the inputs of a named score are all there, and can be what they are said to be."""

import math
from collections.abc import Iterator

from interlock.charter import NamedScore
from interlock.review.ranges import within
from interlock.review.scope import StatedScore


def faults(score: NamedScore, stated: StatedScore) -> Iterator[tuple[str, str]]:
    """Everything wrong with stated inputs, as (field below the score, reason and next step)."""
    wanted = {term.input: term for term in score.terms}
    given = [one.input for one in stated.inputs]
    for name, term in wanted.items():
        if name not in given:
            yield "inputs", f"{name!r} is missing; state its range: {term.meaning}"
    for k, one in enumerate(stated.inputs):
        field = f"inputs[{k}]"
        if one.input not in wanted:
            known = ", ".join(wanted)
            yield f"{field}.input", f"{one.input!r} is no input of {score.id}; name one of: {known}"
        elif one.input in given[:k]:
            yield f"{field}.input", f"{one.input!r} stands twice; keep one"
        if one.range is None:
            yield f"{field}.range", "is missing; give a range such as {kind: pert, low: .., ..}"
        elif not within(one.range, 0.0, _most(score)):
            yield f"{field}.range", _beyond(score)
        if not one.grounds.strip():
            yield f"{field}.grounds", "is empty; write what the range rests on"


def complete(score: NamedScore, stated: StatedScore) -> bool:
    """Whether the score can be worked out; grounds may still be missing."""
    return all(field.endswith(".grounds") for field, _ in faults(score, stated))


def _most(score: NamedScore) -> float:
    return math.inf if score.form == "frequency_severity" else 1.0


def _beyond(score: NamedScore) -> str:
    if score.form == "frequency_severity":
        return "may fall under 0; an amount does not: choose ends of at least 0"
    return "may leave [0, 1]; a share does not: choose other ends, or kind beta"
