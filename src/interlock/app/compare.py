"""Comparing two files of observations: the thirty-second way in, without workspace or keys."""

from pathlib import Path
from typing import Any

import pyarrow as pa

from interlock.adapters.tables import read_observations
from interlock.charter import load_hypothesis, read
from interlock.gate import PAIRING_COLUMNS, Judgement, Terms, judge
from interlock.ledger import content, digest

MOST_ALPHA = 0.05

_SEED_DIGITS = 13
_HYPOTHESIS_BYTES = 2**20 + 1  # one more than a hypothesis may have, so that it is refused by size


def compare(before: Path, after: Path, hypothesis: Path) -> Judgement:
    """Judge what two files of observations allow, by a hypothesis nobody sealed.

    Each criterion has its whole alpha and no lineage, and the evidence is
    retrospective: nothing here says when the bar was set or how often it was
    tried. The orders of all bets start from the hypothesis's own digest, so
    that the same files give the same answer everywhere.

    Args:
        before: The baseline's observations (CSV, JSONL or Parquet).
        after: The candidate's observations.
        hypothesis: The hypothesis (YAML), in its short or its long form.

    Raises:
        InterlockError: A file is refused; the error names the file, and the
            row where there is one.
    """
    with hypothesis.open("rb") as stream:
        text = stream.read(_HYPOTHESIS_BYTES)
    claimed = load_hypothesis(text, file=str(hypothesis))
    if claimed.alpha > MOST_ALPHA:
        reason = f"nothing is judged at more than {MOST_ALPHA:g}; leave it out, or lower it"
        raise read(text, file=str(hypothesis)).error(("alpha",), reason)
    terms = Terms(
        basis="retrospective",
        seed=int(digest(claimed)[:_SEED_DIGITS], 16),
        names=(str(before), str(after)),
    )
    return judge(claimed, _observed(before), _observed(after), terms=terms)


def comparison(judgement: Judgement) -> dict[str, Any]:
    """A judgement as `interlock compare --json` prints it.

    ``unjudged`` is there only where the files hold metrics that nobody asked about.
    """
    unjudged = {"unjudged": list(judgement.unjudged)} if judgement.unjudged else {}
    return {
        "overall": judgement.outcome,
        "sealed": False,
        "verdicts": [_verdict(content(verdict)) for verdict in judgement.verdicts],
        "slices": [content(finding) for finding in judgement.slices],
        "evidence": content(judgement.evidence),
        **unjudged,
    }


def _verdict(facts: dict[str, Any]) -> dict[str, Any]:
    shown = ("kind", "metric", "outcome", "estimate", "limit", "reason")
    verdict = {"criterion": facts["label"], **{name: facts[name] for name in shown}}
    return verdict | ({"parts": facts["parts"]} if facts["parts"] else {})


def _observed(path: Path) -> pa.Table:
    batches = [batch.select(PAIRING_COLUMNS) for batch in read_observations(path)]
    return pa.Table.from_batches(batches)
