"""Memories of PyRIT (SQLite): the outcome of each attack, and its last answer's scores."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from interlock.adapters.imports.pyrit_memory import Attack, Memory, Score, Scorer
from interlock.adapters.imports.rows import Pile, Row
from interlock.adapters.imports.source import AUTOMATIC, Source, judge, milliseconds
from interlock.trial import Account, Reading

OUTCOME = "attack-success"
_OUTCOMES = {"success": 1.0, "failure": 0.0, "undetermined": None, "error": None}


def pyrit_batches(path: Path, reading: Reading, account: Account) -> Iterator[pa.RecordBatch]:
    """Read the memory of PyRIT 1.1, of one target and one kind of attack.

    An attack gives a row for its outcome, ``attack-success``, and one for each
    score of its last answer. ``item`` is the SHA-256 of the objective, and is
    the cluster too; repeats are its epochs in the order of time. An attack that
    ended in an error is an errored row, an undetermined one is unscored: PyRIT
    leaves both out of its rates, here they stay in. An error that does not say
    which target or attack it belongs to counts for whichever was chosen.

    Args:
        path: The database; it is opened so that it cannot change.
        reading: What was asked for; ``provider`` (the target) and ``attack``
            can be chosen, by name or by how it begins.
        account: Told of what the memory says besides its rows.

    Raises:
        BadLogError: It is no memory of PyRIT, is damaged, edited or still
            written to, or holds several targets or attacks and none was chosen.
        IncompleteRunError: A scenario did not end, and that was not allowed.
    """
    account.tool = "pyrit"
    source = Source(path=path, reading=reading, account=account)
    source.check_choices(("provider", "attack"))
    with Memory.open(source) as memory:
        yield from _Attacks(source, memory).batches()


@dataclass
class _Attacks:
    """One memory on its way to rows."""

    source: Source
    memory: Memory
    _scorers: dict[str, Scorer] = field(default_factory=dict)
    _epochs: dict[str, int] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)
    _scores: Mapping[object, list[Score]] = field(default_factory=dict)
    _unsaid: int = 0
    _several: bool = False

    def batches(self) -> Iterator[pa.RecordBatch]:
        source, account = self.source, self.source.account
        target, technique = self._choose()
        if halted := self.memory.halted():
            source.allow(f"scenarios did not end: {halted}")
        pile = Pile(source, run="", system=target, suite=technique or "pyrit")
        for attack in self.memory.attacks():
            if not _within(attack, target, technique):
                continue
            for row in self._rows(attack):
                pile.add(row)
            if pile.full:
                yield pile.batch()
        account.expected = account.found
        account.notes += [*self._notes(), AUTOMATIC]
        source.check_asked([OUTCOME, *self._scorers])
        if len(pile):
            yield pile.batch()

    def _choose(self) -> tuple[str, str]:
        """Target and attack that evidence is of, and every score that some answer of theirs has."""
        targets, techniques = set[str](), set[str]()
        for attack in self.memory.attacks():
            targets.add(attack.target)
            techniques.add(attack.technique)
        if not targets:
            raise self.source.refused("", "it holds no attack; run one with PyRIT first")
        target = self._chosen("provider", sorted(targets - {""}))
        technique = self._chosen("attack", sorted(techniques - {""}))
        self._several = len(targets - {""}) > 1 or len(techniques - {""}) > 1
        self._scores = self.memory.scores()
        for attack in self.memory.attacks():
            if _within(attack, target, technique):
                scores = self._scores.get(attack.response, ())
                self._scorers |= {one.name: one.scorer for one in scores}
        called = [self.source.reading.metric(name) for name in [OUTCOME, *self._scorers]]
        if len(set(called)) < len(called):
            known = ", ".join([OUTCOME, *self._scorers])
            raise self.source.refused("", f"two of its scores get one name; name apart {known}")
        return target, technique

    def _chosen(self, kind: str, known: list[str]) -> str:
        asked = self.source.reading.only.get(kind, "")
        begun = [one for one in known if asked and one.startswith(asked)]
        if len(begun) == 1:
            return begun[0]
        return self.source.choose(kind, known)

    def _rows(self, attack: Attack) -> Iterator[Row]:
        if attack.outcome not in _OUTCOMES:
            reason = f"its outcome {attack.outcome[:40]!r} is none of {', '.join(_OUTCOMES)}"
            raise self.source.refused(attack.member, f"{reason}; use PyRIT 1.1")
        epoch = self._epochs.get(attack.item, 0)
        self._epochs[attack.item] = epoch + 1
        self._counts[attack.outcome] = self._counts.get(attack.outcome, 0) + 1
        self._unsaid += not (attack.target and attack.technique)
        self.source.account.found += 1
        bare = Row(
            item=attack.item,
            metric=OUTCOME,
            value=_OUTCOMES[attack.outcome],
            cluster=self.source.cluster(attack.labels, attack.item, attack.member),
            epoch=epoch,
            failed=attack.outcome == "error",
            judge=self._judge(attack.scorer, attack.version),
            slices=self.source.slices(attack.labels, attack.member),
            prompt=attack.objective,
            completion=attack.answer,
            latency_ms=milliseconds(attack.latency_ms),
        )
        if attack.outcome == "undetermined":
            self.source.unscored("the attack was left undetermined")
        yield bare
        values = self._values(attack)
        for name, scorer in self._scorers.items():
            who = self._judge(scorer, attack.version)
            yield bare._replace(metric=name, value=values.get(name), judge=who)

    def _values(self, attack: Attack) -> dict[str, float | None]:
        """Each score of an answer; None where it was scored twice and not alike."""
        if attack.outcome == "error":
            return {}
        found: dict[str, list[Score]] = {}
        for score in self._scores.get(attack.response, ()):
            found.setdefault(score.name, []).append(score)
        for name in self._scorers.keys() - found.keys():
            self.source.scored(name, None)
        return {name: self._agreed(name, scores) for name, scores in found.items()}

    def _agreed(self, name: str, scores: list[Score]) -> float | None:
        if len({repr(one.value) for one in scores}) > 1:
            self.source.unscored("scored several times, and not alike")
            return None
        return self.source.scored(name, scores[0].value)

    def _judge(self, scorer: Scorer | None, version: str) -> str:
        if scorer is None:
            return judge("rule", "pyrit.outcome", version)
        return judge(scorer.kind, f"pyrit.{scorer.name}", version, digest=scorer.digest)

    def _notes(self) -> Iterator[str]:
        shown = ", ".join(f"{n} {name}" for name, n in sorted(self._counts.items()))
        yield f"outcomes: {shown}; PyRIT's own rate leaves out error and undetermined"
        if self._unsaid and self._several:
            yield (
                f"{self._unsaid} attacks do not say which target or which attack they were, as "
                "those that ended in an error do not; they are counted here"
            )


def _within(attack: Attack, target: str, technique: str) -> bool:
    return attack.target in {"", target} and attack.technique in {"", technique}
