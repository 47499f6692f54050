"""Logs of Inspect (.eval and .json) as batches of observations, counted against their plan."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from interlock.adapters.archive import MOST_BYTES, Archive
from interlock.adapters.inspect_header import Header, read_header
from interlock.adapters.inspect_json import Fields, parsed, parsed_sample
from interlock.adapters.inspect_rows import Pile
from interlock.adapters.inspect_sample import Sample, SampleReader, Scored
from interlock.adapters.inspect_summaries import Summaries
from interlock.errors import BadLogError, IncompleteRunError
from interlock.trial import Account, Reading

_MOST_METRICS = 1000
_MOST_MISSING = 100_000
_HEADER, _START = "header.json", "_journal/start.json"
_SAMPLES, _SHELL, _METADATA = "samples/", "/sample.json", "/metadata.json"

Found = Iterator[tuple[str, Fields]]


def inspect_batches(path: Path, reading: Reading, account: Account) -> Iterator[pa.RecordBatch]:
    """Read a log of Inspect 0.3, packed (.eval) or plain (.json), one sample at a time.

    A sample gives a row for each of its scores: ``item`` is the dataset's id,
    ``epoch`` counts from 0, ``judge`` says who the scorer is (`judge_of`), ``run``, ``system`` and
    ``suite`` are the log's run, model and task. Reductions over repeats are
    ignored, and the log's own figures go to the account as claims. What a
    planned sample does not score is a row all the same: ``error`` where the
    sample failed or is missing, else ``unscored``. The configuration, which
    may hold secrets, is kept nowhere.

    Args:
        path: The log.
        reading: What was asked for.
        account: Told of what the log says besides its rows.

    Raises:
        BadLogError: It is damaged, was edited or invalidated, measures a sample
            twice, or lets the candidate grade itself.
        IncompleteRunError: Its run did not end as planned, and that was not allowed.
    """
    account.tool = "inspect"
    if path.suffix.lower() == ".json":
        found = _plain(path)
        yield from _Log(read_header(found, str(path), ""), reading, account).batches(
            _listed(found, str(path))
        )
        return
    with Archive(path) as archive:
        member = _HEADER if _HEADER in archive.members else _START
        if member not in archive.members:
            raise BadLogError(
                str(path), "", "it has neither header nor journal; it is no .eval log"
            )
        header = _described(archive, str(path), member)
        if member != _START and _START in archive.members:
            header.check_start(_described(archive, str(path), _START))
        yield from _Log(header, reading, account).batches(packed(archive, str(path)))


def _described(archive: Archive, file: str, member: str) -> Header:
    return read_header(parsed(archive.read(member), file, member), file, member)


def packed(archive: Archive, file: str) -> Found:
    """The samples of a .eval log, as (member, JSON); they are named as their members are.

    Raises:
        BadLogError: A member is damaged, or says otherwise than its name or the summaries.
    """
    summaries = Summaries(archive, file)
    for name in archive.members:
        if not name.startswith(_SAMPLES) or name.endswith("/"):
            continue
        chunked = name.endswith(_SHELL)
        if not chunked and "/" in name.removeprefix(_SAMPLES) and _within_sample(archive, name):
            continue
        found = parsed_sample(archive.read(name), file, name)
        stem = name.removesuffix(_SHELL if chunked else ".json")
        if f"{_SAMPLES}{found.get('id')}_epoch_{found.get('epoch')}" != stem:
            raise BadLogError(file, name, "it holds another sample than its name says; run it anew")
        if chunked and stem + _METADATA in archive.members:
            member = stem + _METADATA
            found = {**found, "metadata": parsed(archive.read(member), file, member)}
        summaries.check(found, name)
        yield name, found
    summaries.check_spent()


def _within_sample(archive: Archive, name: str) -> bool:
    """Whether a member is a piece of a sample that stands in several."""
    parts = name.split("/")
    return any("/".join(parts[:k]) + _SHELL in archive.members for k in range(2, len(parts)))


def _plain(path: Path) -> Mapping[str, Any]:
    """A .json log, which must be read whole."""
    if path.stat().st_size > MOST_BYTES:
        most = f"it has over {MOST_BYTES >> 20} MiB"
        raise BadLogError(
            str(path), "", f"{most}; convert it: inspect log convert --to eval --output-dir . FILE"
        )
    found = parsed(path.read_bytes(), str(path), "")
    if "eval" not in found:
        raise BadLogError(
            str(path),
            "",
            "it is JSON and no log of Inspect; write observations one a line, as .jsonl",
        )
    return found


def _listed(found: Mapping[str, Any], file: str) -> Found:
    samples = found.get("samples")
    if samples is not None and not isinstance(samples, list):
        raise BadLogError(file, "samples", "it is no list; export the log again")
    for k, sample in enumerate(samples or ()):
        if not isinstance(sample, dict):
            raise BadLogError(file, f"samples[{k}]", "it is no sample; export the log again")
        yield f"samples[{k}]", sample


class _Kept(NamedTuple):
    """What must be remembered of a sample, since a later one may bring scores it lacks."""

    cluster: str
    slices: tuple[str | None, ...]
    failed: bool
    told: frozenset[str]


@dataclass
class _Log:
    """One log on its way to rows."""

    header: Header
    reading: Reading
    account: Account
    _pile: Pile = field(init=False)
    _kept: dict[tuple[str, int], _Kept] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)
    """Every score known by now, by its name in the log, with its scorer."""
    _silent: set[str] = field(default_factory=set)
    """Scorers that gave no value yet, so that nobody knows whether they give one or several."""
    _same: dict[frozenset[str], frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._pile = Pile(self.header, self.reading, self.account.source)

    def batches(self, samples: Found) -> Iterator[pa.RecordBatch]:
        """All rows: those of the samples, then those that some sample lacks."""
        header, account = self.header, self.account
        header.check()
        header.check_seal(self.reading.seal)
        account.expected = header.expected or 0
        self._allow(header.unfinished())
        reader = SampleReader(file=header.file, model=header.model, reading=self.reading)
        for member, found in samples:
            self._add(reader.read(found, member), member)
            if self._pile.full:
                yield self._pile.batch()
        account.found, account.expected = len(self._kept), header.expected or len(self._kept)
        account.claimed = tuple(header.claims(self.reading))
        account.notes += header.notes()
        incomplete = self._check_plan()
        header.check_found(len(self._kept), failed=sum(kept.failed for kept in self._kept.values()))
        self._check_names()
        for (item, epoch), kept in self._absent(incomplete):
            self._fill(item, epoch, kept)
            if self._pile.full:
                yield self._pile.batch()
        if self._pile.rows:
            yield self._pile.batch()

    def _add(self, sample: Sample, member: str) -> None:
        key = (sample.item, sample.epoch)
        if key in self._kept:
            reason = "its sample stands twice, so that it was measured twice; run it anew, once"
            raise BadLogError(self.header.file, member, reason)
        if sample.cluster is None:
            reason = f"it has no metadata field {self.reading.cluster}; cluster by another field"
            raise BadLogError(self.header.file, member, reason)
        told = set()
        for score in sample.scores:
            if score.value is None:
                reasons = self.account.unscored
                reasons[score.reason] = reasons.get(score.reason, 0) + 1
            for name in self._called(score, member):
                told.add(name)
                self._pile.add(sample, score if name == score.name else score._replace(name=name))
        if sample.failed:
            for name in self._names.keys() - told:
                told.add(name)
                self._pile.add(sample, Scored(scorer=self._names[name], name=name, value=None))
        same = self._same.setdefault(frozenset(told), frozenset(told))
        self._kept[key] = _Kept(sample.cluster, sample.slices, sample.failed, same)

    def _called(self, score: Scored, member: str) -> list[str]:
        """The names a score stands under: its own, or all its scorer's where that gave none."""
        if score.value is None and score.name == score.scorer and score.name not in self._names:
            self._silent.add(score.scorer)
            return [name for name, scorer in self._names.items() if scorer == score.scorer]
        if score.name not in self._names:
            self._names[score.name] = score.scorer
            if len(self._names) > _MOST_METRICS:
                reason = f"the log holds over {_MOST_METRICS} unlike scores; score it anew"
                raise BadLogError(self.header.file, member, reason)
        return [score.name]

    def _check_plan(self) -> bool:
        """Hold the samples against the plan; whether it has some that are not there."""
        header, found = self.header, len(self._kept)
        beyond = next((key for key in self._kept if not header.plans(key)), None)
        if beyond is not None:
            reason = f"sample {beyond[0]!r}, epoch {beyond[1] + 1} is not in its plan; run it anew"
            raise BadLogError(header.file, header.member, reason)
        missing = self.account.expected - found
        if missing and not header.lists_samples:
            reason = "it does not list its samples, so that nobody can say which are missing"
            raise IncompleteRunError(header.file, self.account.expected, found, reason)
        if missing:
            item, epoch = next(self._missing())
            self._allow(f"{missing} samples are missing, the first {item!r}, epoch {epoch + 1}")
        if missing > _MOST_MISSING:
            reason = f"over {_MOST_MISSING:,} samples are missing; finish the run"
            raise IncompleteRunError(header.file, self.account.expected, found, reason)
        return missing > 0

    def _missing(self) -> Iterator[tuple[str, int]]:
        """Planned samples that are not there."""
        return (key for key in self.header.planned() if key not in self._kept)

    def _allow(self, reason: str) -> None:
        """Note why a run is not whole, or refuse it."""
        if not reason:
            return
        if not self.reading.allow_incomplete:
            raise IncompleteRunError(
                self.header.file, self.account.expected, self.account.found, reason
            )
        self.account.notes.append(f"the run is not whole: {reason}")

    def _check_names(self) -> None:
        """Settle what the scores are called, once all are known."""
        scorers = set(self._names.values())
        self._names |= {each: each for each in self._silent - scorers}
        file, known = self.header.file, ", ".join(sorted(self._names)[:20])
        if not self._names:
            raise BadLogError(file, "", "it holds no scores; score it first with inspect score")
        for name in self.reading.metrics:
            if name not in self._names:
                raise BadLogError(file, "", f"it has no score {name!r} to rename; it has {known}")
        called = [self.reading.metric(name) for name in self._names]
        if len(set(called)) < len(called):
            raise BadLogError(file, "", f"two of its scores get one name; name apart {known}")
        for place, path in enumerate(self.reading.slices):
            if all(kept.slices[place] is None for kept in self._kept.values()):
                raise BadLogError(file, "", f"no sample has a metadata field {path} to slice by")

    def _absent(self, incomplete: bool) -> Iterator[tuple[tuple[str, int], _Kept]]:
        """Samples with scores yet to be told, and those that were never run."""
        every = frozenset(self._names)
        for key, kept in self._kept.items():
            if kept.told != every:
                yield key, kept
        siblings = {item: kept for (item, _), kept in self._kept.items()} if incomplete else {}
        nothing = (None,) * len(self.reading.slices)
        for item, epoch in self._missing() if incomplete else ():
            sibling = siblings.get(item)
            if sibling is None and self.reading.cluster:
                raise BadLogError(
                    self.header.file,
                    "",
                    f"sample {item!r} never ran, so that nobody knows its cluster; leave "
                    "--cluster away or finish the run",
                )
            cluster, slices = (
                (item, nothing) if sibling is None else (sibling.cluster, sibling.slices)
            )
            yield (item, epoch), _Kept(cluster, slices, failed=True, told=frozenset())

    def _fill(self, item: str, epoch: int, kept: _Kept) -> None:
        bare = Sample(
            item=item,
            epoch=epoch,
            cluster=kept.cluster,
            slices=kept.slices,
            scores=(),
            failed=kept.failed,
            prompt=None,
            completion=None,
            tokens_out=None,
            latency_ms=None,
        )
        for name, scorer in self._names.items():
            if name not in kept.told:
                self._pile.add(bare, Scored(scorer=scorer, name=name, value=None))
