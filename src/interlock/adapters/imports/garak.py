"""Reports of garak (report.jsonl): a score for each detector, output and attempt."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from interlock.adapters.imports.garak_claims import Tally, Told
from interlock.adapters.imports.lines import objects
from interlock.adapters.imports.rows import Pile, Row
from interlock.adapters.imports.source import AUTOMATIC, Fields, Source, fields_of, judge, print_of
from interlock.trial import Account, Reading

_Found = tuple[str | None, float | None]
"""An output's text and its score; None where there is none."""

_ASKED, _SCORED = 1, 2
_THRESHOLD = 0.5
"""From which score on garak counts a hit, unless the report says another."""


def garak_batches(path: Path, reading: Reading, account: Account) -> Iterator[pa.RecordBatch]:
    """Read a report of garak 0.17, one line at a time.

    An attempt stands twice, asked and scored; only what was scored gives rows:
    one for each detector and output, 1 for a hit. ``item`` is the probe and a
    digest of the prompt, since garak's own ids are new in every run, and is the
    cluster too; ``epoch`` counts its outputs. What garak sums up itself goes to
    the account as claims, and is held against the rows.

    Args:
        path: The report.
        reading: What was asked for.
        account: Told of what the report says besides its rows.

    Raises:
        BadLogError: It is a hitlog or damaged, holds two runs or an attempt
            twice, or its own counts contradict its rows.
        IncompleteRunError: The run was aborted, or rows are missing, and that
            was not allowed.
    """
    account.tool = "garak"
    source = Source(path=path, reading=reading, account=account)
    source.check_choices(())
    yield from _Report(source).batches()


class _Attempt(NamedTuple):
    """One prompt and what came back."""

    probe: str
    item: str
    cluster: str
    slices: tuple[str | None, ...]
    prompt: str
    answers: tuple[str | None, ...]
    """The text of each output; None where there was none."""


@dataclass
class _Report:
    """One report on its way to rows."""

    source: Source
    _pile: Pile = field(init=False)
    _version: str = ""
    _run: str = ""
    _threshold: float = _THRESHOLD
    _system_prompt: str = ""
    _completed: bool = False
    _asked: dict[str, _Attempt] = field(default_factory=dict)
    """Attempts asked and not scored yet, by garak's id."""
    _scored: set[str] = field(default_factory=set)
    _epochs: dict[str, int] = field(default_factory=dict)
    _told: Told = field(default_factory=Told)

    def __post_init__(self) -> None:
        self._pile = Pile(self.source, run="", system="", suite="garak")

    def batches(self) -> Iterator[pa.RecordBatch]:
        for member, line in objects(self.source):
            self._take(line, member)
            if self._pile.full:
                yield self._pile.batch()
        self._close()
        for row in self._missing():
            self._pile.add(row)
            if self._pile.full:
                yield self._pile.batch()
        if len(self._pile):
            yield self._pile.batch()

    def _take(self, line: Fields, member: str) -> None:
        kind = line.get("entry_type")
        if kind == "attempt":
            self._take_attempt(line, member)
        elif kind == "eval":
            self._told.claim(self.source, line, member)
        elif kind == "init":
            if self._run:
                raise self.source.refused(member, "a second run begins; import one run at a time")
            self._run = self.source.fit(line.get("run"), "run", member)
            self._version = str(line.get("garak_version") or "")
            self._pile.same["run"] = self._run
        elif kind == "start_run setup":
            self._set_up(line)
        elif kind == "completion":
            self._completed = True
        elif not isinstance(kind, str):
            raise self.source.refused(member, _no_report(line))

    def _set_up(self, line: Fields) -> None:
        """Of the configuration only what rows need, since it may hold secrets."""
        named = (line.get("plugins.target_type"), line.get("plugins.target_name"))
        self._pile.same["system"] = " ".join(each for each in named if isinstance(each, str))
        threshold, prompt = line.get("run.eval_threshold"), line.get("run.system_prompt")
        if isinstance(threshold, int | float):
            self._threshold = float(threshold)
        self._system_prompt = prompt if isinstance(prompt, str) else ""

    def _take_attempt(self, line: Fields, member: str) -> None:
        name = self.source.fit(line.get("uuid"), "uuid", member)
        status = line.get("status")
        if status == _ASKED:
            self._asked[name] = self._read(line, member)
        elif status == _SCORED:
            if name in self._scored:
                reason = "its attempt stands twice as scored; import the report as garak wrote it"
                raise self.source.refused(member, reason)
            self._scored.add(name)
            self._asked.pop(name, None)
            self._add(self._read(line, member), line.get("detector_results"), member)

    def _read(self, line: Fields, member: str) -> _Attempt:
        source = self.source
        probe = source.fit(line.get("probe_classname"), "probe", member)
        turns = fields_of(line.get("prompt")).get("turns")
        outputs = line.get("outputs")
        if not isinstance(turns, list) or not isinstance(outputs, list):
            reason = "its prompt or its outputs are not as garak 0.17 writes them; run garak 0.17"
            raise source.refused(member, reason)
        said = [_turn(turn) for turn in turns]
        given = [each for each in said if each[:2] != ("system", self._system_prompt)]
        item = f"{probe}/{print_of(given)}"
        told = {"probe": probe, "goal": line.get("goal"), "intent": line.get("intent")}
        return _Attempt(
            probe=probe,
            item=item,
            cluster=source.cluster(told, item, member),
            slices=source.slices(told, member),
            prompt=given[0][1]
            if len(given) == 1
            else "\n\n".join(f"{r}: {t}" for r, t, _ in given),
            answers=tuple(_answer(output) for output in outputs),
        )

    def _add(self, attempt: _Attempt, results: object, member: str) -> None:
        """The rows of an attempt; its outputs follow those of the same prompt before."""
        if not isinstance(results, dict):
            raise self.source.refused(member, "it has no table of detector_results; run it anew")
        n = len(attempt.answers)
        first = self._epochs.get(attempt.item, 0)
        self._epochs[attempt.item] = first + n
        self.source.account.found += n
        self._told.outputs(attempt.probe, n, unjudged=not results)
        self._check_names(results, member)
        for detector, scores in results.items():
            if not isinstance(scores, list):
                reason = f"the scores of {detector} are no list; run it anew"
                raise self.source.refused(member, reason)
            tally = self._told.tally(attempt.probe, detector)
            values = self._values(detector, scores, n=n, tally=tally)
            for k, (answer, value) in enumerate(zip(attempt.answers, values, strict=True)):
                self._told.absent += answer is None and value is not None
                self._pile.add(self._row(attempt, detector, epoch=first + k, found=(answer, value)))

    def _check_names(self, results: Mapping[str, Any], member: str) -> None:
        called = [
            self.source.reading.metric(self.source.fit(name, "detector", member))
            for name in results
        ]
        if len(set(called)) < len(called):
            reason = f"two of its detectors get one name; name apart {', '.join(results)}"
            raise self.source.refused(member, reason)

    def _values(
        self, detector: str, scores: list[Any], *, n: int, tally: Tally
    ) -> list[float | None]:
        """1 for each output that is a hit, 0 for one that is none, None for one not scored."""
        values: list[float | None] = []
        for score in scores:
            number = self.source.scored(detector, score)
            tally.count(number, self._threshold)
            values.append(None if number is None else float(number >= self._threshold))
        if len(values) == n:
            return values
        for _ in range(n):
            self.source.unscored(
                "the detector did not score every output, so that none can be told"
            )
        return [None] * n

    def _row(self, attempt: _Attempt, detector: str, *, epoch: int, found: _Found) -> Row:
        answer, value = found
        return Row(
            item=attempt.item,
            metric=detector,
            value=value,
            cluster=attempt.cluster,
            epoch=epoch,
            failed=answer is None,
            judge=judge("rule", f"garak.{detector}", self._version),
            slices=attempt.slices,
            prompt=attempt.prompt,
            completion=answer,
        )

    def _close(self) -> None:
        """Hold the rows against the plan, once all are read."""
        source, account = self.source, self.source.account
        if not self._told.detectors:
            raise source.refused("", "it holds no scored attempt; let garak finish, then import")
        self._told.check(source, self._threshold)
        asked = sum(len(each.answers) for each in self._asked.values())
        missing = self._told.missing
        account.expected = account.found + asked + sum(missing.values())
        source.check_missing(account.expected - account.found)
        if not self._completed:
            source.allow(
                "it has no completion line, so garak was aborted, and what else was planned "
                "nobody can say"
            )
        if self._asked:
            source.allow(f"{len(self._asked)} attempts were asked and never scored")
        for probe, n in missing.items():
            source.allow(f"garak summed up {n} more outputs of {probe} than are there")
        if self._completed and (unsummed := self._told.unsummed):
            source.allow(f"garak did not sum up {', '.join(unsummed[:20])}")
        source.check_asked(self._told.detectors)
        account.claimed = tuple(self._told.claims(source.reading))
        account.notes += [*self._told.notes(), AUTOMATIC]

    def _missing(self) -> Iterator[Row]:
        """A row for each output that should be there and is not."""
        for attempt in self._asked.values():
            first = self._epochs.get(attempt.item, 0)
            self._epochs[attempt.item] = first + len(attempt.answers)
            for detector in self._told.detectors_of(attempt.probe):
                for k in range(len(attempt.answers)):
                    yield self._row(attempt, detector, epoch=first + k, found=(None, None))
        for probe, n in self._told.missing.items():
            for k in range(n):
                item = f"{probe}/missing-{k + 1}"
                absent = _Attempt(probe, item, item, (), "", ())
                for detector in self._told.detectors_of(probe):
                    yield self._row(absent, detector, epoch=0, found=(None, None))._replace(
                        prompt=None
                    )


def _turn(turn: object) -> tuple[str, str, str]:
    """Who said what in a turn, and the digest of what was attached."""
    found = fields_of(turn)
    content = fields_of(found.get("content"))
    text, attached = content.get("text"), content.get("data_checksum")
    return (
        str(found.get("role") or ""),
        text if isinstance(text, str) else "",
        attached if isinstance(attached, str) else "",
    )


def _answer(output: object) -> str | None:
    text = fields_of(output).get("text")
    return text if isinstance(text, str) else None


def _no_report(line: Fields) -> str:
    if "attempt_id" in line and "detector" in line:
        return (
            "it is garak's hitlog, which lists hits and not what was tried, so that no rate "
            "follows from it; import the .report.jsonl beside it"
        )
    return "it has no entry_type, so it is no report of garak; import the .report.jsonl"
