"""Looks of a sequential trial: judged on whole clusters in the sealed order, nothing else."""

import asyncio
from dataclasses import dataclass, field

import pyarrow as pa

from interlock.app.trials.labels import People
from interlock.charter import Hypothesis
from interlock.gate import Judgement, Terms, ended, judge_variants
from interlock.trial.running import Sheet, Trial

_LOOKS = 100
_BLOCKS = 10


@dataclass(kw_only=True)
class Looks:
    """Judges the first so many clusters of a trial, as often as its cap allows.

    Looking often costs nothing but time: every bound of a sequential seal holds
    at all looks at once. Where labels of people are due it stops a tenth of the
    cap later: people label in few rounds, and little is paid for beyond what
    their labels decide.

    Attributes:
        hypothesis: What is claimed.
        terms: Attempts, alpha and seed of the seal.
        trial: The trial; its first arm is the baseline.
        sheet: How cells become rows.
        people: What people have to say.
        reason: Why the trial stopped; empty while it has not.
        blocked: The clusters of the look at which labels were due and absent; 0 for none. From
            there on nobody can tell.
    """

    hypothesis: Hypothesis
    terms: Terms
    trial: Trial
    sheet: Sheet
    people: People
    reason: str = ""
    blocked: int = 0
    _rows: list[list[pa.Table]] = field(default_factory=list)
    _read: int = 0

    async def __call__(self, clusters: int) -> bool:
        """Whether to stop: the first so many clusters decide it, or people have to label first."""
        cap = len(self.trial.clusters)
        if self.blocked:
            return self.blocked + cap // _BLOCKS <= clusters < cap
        if clusters == cap or clusters % max(1, cap // _LOOKS):
            return False
        fresh = self.trial.clusters[self._read : clusters]
        if any(True for arm in self.trial.arms for _ in self.people.open(fresh, arm)):
            self.blocked = clusters
            return False
        self._rows = self._rows or [[] for _ in self.trial.arms]
        for found, arm in zip(self._rows, self.trial.arms, strict=True):
            found.append(self.sheet.table(fresh, arm))
        self._read = clusters
        # Bounds take a while, and answers must be taken in meanwhile.
        judged = await asyncio.to_thread(self._judged)
        if not all(map(ended, judged.values())):
            return False
        told = ", ".join(f"{name} {_told(judged[name])}" for name in sorted(judged))
        self.reason = f"ended after {clusters} of {cap} clusters: {told}"
        return True

    def _judged(self) -> dict[str, Judgement]:
        tables = [pa.concat_tables(found) for found in self._rows]
        names = [arm.name for arm in self.trial.arms]
        afters = dict(zip(names[1:], tables[1:], strict=True))
        return judge_variants(self.hypothesis, tables[0], afters, terms=self.terms)


def _told(judgement: Judgement) -> str:
    if judgement.outcome == "undecided":
        return "can be decided by no further cluster"
    return judgement.outcome
