"""A draft to start from, as a file with everything in it that a person has to write."""

import json
from collections.abc import Iterable, Iterator

from interlock.charter import NamedScore
from interlock.review.document import SafetyImpactAssessment
from interlock.review.draft import Draft
from interlock.review.fill import Facts, fill
from interlock.review.sheet import SHEET


def draft_template(facts: Facts) -> str:
    """A draft to start from: everything known is filled in, everything else asked for.

    It loads as it is, and `blanks` then names what is left to write.

    Args:
        facts: What the ledger knows; claims that were dropped, red lines that nothing measures,
            deviations, scores and blocked features stand in the file already, to be answered.
    """
    name, hypothesis, charter = facts.hypothesis.name, facts.hypothesis, facts.charter
    known = fill(Draft(id=name, product=hypothesis.product), facts)
    categories = "\n".join(
        f"#   {_flat(one.id)}: {_flat(one.name)} (scale {_flat(one.scale)})"
        for one in charter.categories
    )
    return SHEET.format(
        id=_quoted(name),
        product=_quoted(hypothesis.product),
        hypothesis=_flat(name),
        metrics=", ".join(_flat(one) for one in hypothesis.metrics),
        criteria="\n".join(f"#   {_flat(one.label)}" for one in hypothesis.criteria),
        categories=categories,
        category=_quoted(charter.categories[0].id),
        dropped=_listed("claim", (one.claim for one in known.abandoned)),
        deviations=_listed("deviation", (one.what for one in known.deviations)),
        unmeasured=_listed("id", (line.id for line in known.unmeasured)),
        scores="".join(_score(one) for one in charter.scores) or " []",
        blocked="".join(_blocked(known)),
    )


def _listed(key: str, names: Iterable[str]) -> str:
    """A YAML list with a reason to be written for each name, each once."""
    lines = (f'\n  - {{{key}: {_exact(name)}, reason: ""}}' for name in dict.fromkeys(names))
    return "".join(lines) or " []"


def _score(score: NamedScore) -> str:
    """A score with its inputs to be stated, each beside its meaning."""
    inputs = "".join(
        f"\n      # {_flat(term.meaning)} Unit: {_flat(term.unit)}."
        f'\n      - {{input: {_exact(term.input)}, grounds: ""}}'
        for term in score.terms
    )
    head = f"\n  # {_flat(score.definition)}\n  # {_flat(score.formula)}"
    return f"{head}\n  - score: {_exact(score.id)}\n    inputs:{inputs}"


def _blocked(known: SafetyImpactAssessment) -> Iterator[str]:
    for one in known.blocked:
        yield f"\n#   blocked: {_flat(one.feature)}: {_flat(one.reason)}"


def _exact(words: str) -> str:
    """Words as a YAML scalar that reads back the same, whatever they hold."""
    return json.dumps(words)


def _flat(words: str) -> str:
    """Words on one line, so that a name cannot end the comment it stands in."""
    return " ".join(words.split())


def _quoted(words: str) -> str:
    return json.dumps(_flat(words), ensure_ascii=False)
