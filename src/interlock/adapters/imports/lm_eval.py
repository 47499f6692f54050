"""Samples of lm-eval (samples_TASK_DATE.jsonl): a score for each document and metric."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from interlock.adapters.imports.lines import LONGEST, bare_lines
from interlock.adapters.imports.rows import Pile, Row
from interlock.adapters.imports.source import (
    AUTOMATIC,
    Fields,
    Source,
    fields_of,
    judge,
    print_of,
    whole,
)
from interlock.adapters.inspect_json import parsed
from interlock.errors import BadLogError
from interlock.trial import Account, Claim, Reading

_NAMED = re.compile(
    r"^samples_(?P<task>.+)_(?P<date>\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d(\.\d+)?)\.jsonl$"
)
_DEFINED = ("acc", "acc_norm", "exact_match")
"""Metrics that say whether the document's own answer was given, and need no judge."""


def lm_eval_batches(path: Path, reading: Reading, account: Account) -> Iterator[pa.RecordBatch]:
    """Read the samples of one task of lm-eval 0.4.13, one line at a time.

    A document gives a row for each metric under one filter. ``item`` is the
    task and the document's hash; documents with the same words are its epochs.
    Lines that a re-run within the same second appended are dropped where they
    are the same to the byte. ``results_DATE.json`` beside the file says how
    many documents there should be, and what lm-eval claims.

    Args:
        path: The samples, under the name lm-eval gave the file.
        reading: What was asked for; ``filter`` can be chosen, and ``task`` said
            where the file has another name.
        account: Told of what the files say besides the rows.

    Raises:
        BadLogError: It is damaged, holds a document twice with unlike scores or
            several filters of which none was chosen, or more than was planned.
        IncompleteRunError: Documents are missing, and that was not allowed.
    """
    account.tool = "lm-eval"
    source = Source(path=path, reading=reading, account=account)
    source.check_choices(("filter", "task"))
    yield from _Samples(source).batches()


@dataclass
class _Samples:
    """One file of samples on its way to rows."""

    source: Source
    _task: str = field(init=False)
    _results: Fields = field(init=False)
    _pile: Pile = field(init=False)
    _lines: dict[tuple[str, int, str], tuple[str, bytes]] = field(default_factory=dict)
    """Where each document stands, and the digest of its line, by filter, number and hash."""
    _epochs: dict[str, int] = field(default_factory=dict)
    _names: dict[str, None] = field(default_factory=dict)
    _filters: dict[str, None] = field(default_factory=dict)
    _dropped: int = 0

    def __post_init__(self) -> None:
        named = _NAMED.match(self.source.path.name)
        self._task = self.source.reading.only.get("task", "") or (named["task"] if named else "")
        if not self._task:
            raise self.source.refused(
                "",
                "its name is not the one lm-eval gave it (samples_TASK_DATE.jsonl), and the lines "
                "name no task; rename it back, or say --only task=NAME",
            )
        self.source.fit(self._task, "task", "")
        self._results = self._beside(named["date"] if named else "")
        self._pile = Pile(
            self.source,
            run=print_of(self._results.get("task_hashes")) if self._results else "",
            system=str(self._results.get("model_name") or ""),
            suite=self._task,
        )

    def batches(self) -> Iterator[pa.RecordBatch]:
        asked = self.source.reading.only.get("filter", "")
        for member, line in bare_lines(self.source):
            row = self._parsed(line, member)
            if row is None:
                continue
            name = self.source.fit(row.get("filter"), "filter", member)
            self._filters[name] = None
            if asked in {"", name} and self._is_new(row, line, member):
                self._add(row, name, member)
            if self._pile.full:
                yield self._pile.batch()
        missing = self._close()
        for k in range(missing):
            self._add_missing(f"{self._task}/missing-{k + 1}")
            if self._pile.full:
                yield self._pile.batch()
        if len(self._pile):
            yield self._pile.batch()

    def _parsed(self, line: bytes, member: str) -> Fields | None:
        try:
            return parsed(line, self.source.file, member)
        except BadLogError:
            if line.endswith(b"\n"):
                raise
            self.source.allow(f"{member}, its last, is cut off")
        return None

    def _is_new(self, row: Fields, line: bytes, member: str) -> bool:
        """Whether a line is no copy of an earlier one."""
        number, document = whole(row.get("doc_id")), row.get("doc_hash")
        if number is None or not isinstance(document, str):
            raise self.source.refused(member, "it has no doc_id or no doc_hash; use lm-eval 0.4.13")
        key = (str(row.get("filter")), number, document)
        digest = hashlib.sha256(line.strip()).digest()[:16]
        where, before = self._lines.setdefault(key, (member, digest))
        if where == member:
            return True
        if before != digest:
            raise self.source.refused(
                member,
                f"document {number} stands at {where} too, with unlike content: two runs wrote "
                "into one file, and nobody can say which counts; run it anew",
            )
        self._dropped += 1
        return False

    def _add(self, row: Fields, name: str, member: str) -> None:
        metrics = row.get("metrics")
        if not isinstance(metrics, list) or not metrics:
            raise self.source.refused(member, "it lists no metrics; use lm-eval 0.4.13")
        item = f"{self._task}/{print_of(row['doc_hash'])}"
        epoch = self._epochs.get(item, 0)
        self._epochs[item] = epoch + 1
        self.source.account.found += 1
        document = row.get("doc")
        cluster = self.source.cluster(document, item, member)
        slices = self.source.slices(document, member)
        for metric in dict.fromkeys(self.source.fit(each, "metric", member) for each in metrics):
            self._names[metric] = None
            self._pile.add(
                Row(
                    item=item,
                    metric=metric,
                    value=self.source.scored(metric, row.get(metric)),
                    cluster=cluster,
                    epoch=epoch,
                    judge=self._judge(metric, name),
                    slices=slices,
                    prompt=_asked(row),
                    completion=_answered(row),
                )
            )

    def _add_missing(self, item: str) -> None:
        chosen = next(iter(self._filters))
        for name in self._names:
            who = self._judge(name, self.source.reading.only.get("filter", chosen))
            bare = Row(item=item, metric=name, value=None, cluster=item, failed=True, judge=who)
            self._pile.add(bare)

    def _judge(self, metric: str, name: str) -> str:
        kind = "exact" if metric in _DEFINED else "rule"
        version = str(self._results.get("lm_eval_version") or "")
        return judge(kind, f"lm-eval.{metric}.{name}", version)

    def _close(self) -> int:
        """Hold the lines against the plan; how many documents are missing."""
        source, account = self.source, self.source.account
        chosen = source.choose("filter", self._filters)
        if not self._names:
            raise source.refused("", "it holds no sample; run lm-eval with --log_samples")
        source.check_asked(self._names)
        called = [source.reading.metric(name) for name in self._names]
        if len(set(called)) < len(called):
            raise source.refused(
                "", f"two metrics get one name; name apart {', '.join(self._names)}"
            )
        planned = whole(fields_of(self._counts().get(self._task)).get("effective"))
        account.expected = account.found if planned is None else planned
        if account.found > account.expected:
            reason = f"{account.found} documents are there, and {planned} were planned"
            raise source.refused("", f"{reason}; import the samples of one run")
        self._note(planned)
        account.claimed = tuple(self._claims(chosen))
        missing = account.expected - account.found
        source.check_missing(missing)
        if missing:
            source.allow(f"{missing} of {account.expected} documents are missing")
        return missing

    def _note(self, planned: int | None) -> None:
        notes = self.source.account.notes
        if planned is None:
            notes.append(
                "no results_DATE.json of this run lies beside it, so that nobody can say whether "
                "documents are missing"
            )
        whole_task = whole(fields_of(self._counts().get(self._task)).get("original"))
        if planned is not None and whole_task is not None and planned < whole_task:
            notes.append(f"the run was limited to {planned} of the task's {whole_task} documents")
        if self._dropped:
            notes.append(f"{self._dropped} lines stood twice, the same to the byte; one was taken")
        if any(name not in _DEFINED for name in self._names):
            notes.append(AUTOMATIC)

    def _counts(self) -> Fields:
        return fields_of(self._results.get("n-samples"))

    def _claims(self, chosen: str) -> Iterator[Claim]:
        """Lm-eval's own figures, under the chosen filter."""
        configured = fields_of(fields_of(self._results.get("configs")).get(self._task))
        listed = configured.get("metric_list")
        how = {
            each.get("metric"): each.get("aggregation")
            for each in (listed if isinstance(listed, list) else [])
            if isinstance(each, dict)
        }
        figures = fields_of(fields_of(self._results.get("results")).get(self._task))
        for name in self._names:
            value = figures.get(f"{name},{chosen}")
            if isinstance(value, int | float):
                yield Claim(
                    metric=self.source.reading.metric(name),
                    statistic=str(how.get(name) or "figure"),
                    reducer="",
                    value=float(value),
                )

    def _beside(self, date: str) -> Fields:
        """The results of the same run; nothing where they are not there."""
        path = self.source.path.parent / f"results_{date}.json"
        if not date or not path.is_file():
            return {}
        if path.stat().st_size > LONGEST:
            raise BadLogError(str(path), "", f"it is over {LONGEST >> 20} MiB; move it away")
        return parsed(path.read_bytes(), str(path), "")


def _asked(row: Fields) -> str | None:
    first = fields_of(fields_of(row.get("arguments")).get("gen_args_0")).get("arg_0")
    return first if isinstance(first, str) else None


def _answered(row: Fields) -> str | None:
    """The first answer of a model that wrote; choices among given answers are no text."""
    found: Any = row.get("resps")
    for _ in range(2):
        found = found[0] if isinstance(found, list) and found else found
    return found if isinstance(found, str) else None
