"""Labelling: what one person is asked about answers, blind, and what people came to."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from interlock.adapters.files import replace
from interlock.adapters.labels import Given, LabelStore, Queued
from interlock.admission import Keyring
from interlock.app.workspace import HIDDEN, Workspace
from interlock.errors import (
    AmbiguousNameError,
    LabelFileError,
    NotEnoughDataError,
    NotEstimableError,
    NoTextError,
    UnknownPersonError,
    UnknownTaskError,
)
from interlock.measure import Estimate, clustered_kappa

_FILE = "labels.sqlite"
_COLUMNS = ("name", "metric", "intent", "prompt", "answer", "label")
_WORDS = {"yes": 1.0, "1": 1.0, "y": 1.0, "no": 0.0, "0": 0.0, "n": 0.0, "skip": None, "s": None}
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
_MOST_BYTES = 256 << 20


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One answer as a person who labels sees it: nothing tells its arm, or what a judge said.

    Attributes:
        name: Its blind name.
        metric: What is asked of it.
        intent: The request in plain words; empty where there is none.
        prompt: What was sent.
        answer: What came back.
        done: How many this person has labelled or skipped.
        left: How many are open to them, this one among them.
    """

    name: str
    metric: str
    intent: str
    prompt: str
    answer: str
    done: int
    left: int


@dataclass(frozen=True, kw_only=True)
class LabelStatus:
    """How far the labels of one seal are.

    Attributes:
        seal: Its identity.
        tasks: Answers to be labelled.
        settled: Those on which people came to something.
        disputed: Those that two people labelled otherwise, and that wait for a third.
        raters: How many each person labelled.
        kappa: Agreement of two people on what both labelled; None where too little was.
    """

    seal: str
    tasks: int
    settled: int
    disputed: int
    raters: dict[str, int]
    kappa: Estimate | None


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What became of a file of labels.

    Attributes:
        kept: Labels and skips that were new.
        known: Those that were there already.
        closed: Those whose task others had settled.
        empty: Rows without a label.
    """

    kept: int
    known: int
    closed: int
    empty: int


@dataclass(frozen=True, kw_only=True)
class LabelQueue:
    """One person's queue under one seal, or under all.

    Attributes:
        work: The workspace.
        store: Where labels are kept.
        rater: Who labels.
        seal: The seal's identity; empty for all.
    """

    work: Workspace
    store: LabelStore
    rater: str
    seal: str

    def next(self) -> Asked | None:
        """The next answer; None where nothing is open to this person."""
        queued = self.store.next(self.rater, seal=self.seal)
        return None if queued is None else self._asked(queued)

    def give(self, name: str, value: float | None) -> bool:
        """Keep a label, or a skip where it is None; not where others settled the task meanwhile."""
        return self.store.give(Given(name=name, rater=self.rater, value=value))

    def undo(self) -> bool:
        """Take back this person's last label or skip; False where there is none."""
        return self.store.undo(self.rater, seal=self.seal) is not None

    def all(self) -> Iterator[Asked]:
        """All that is open to this person, in their own order."""
        return map(self._asked, self.store.open_to(self.rater, seal=self.seal))

    def _asked(self, queued: Queued) -> Asked:
        task = queued.task
        return Asked(
            name=queued.name,
            metric=task.metric,
            intent=self._text(task.intent_ref) if task.intent_ref else "",
            prompt=self._text(task.prompt_ref),
            answer=self._text(task.completion_ref),
            done=queued.done,
            left=queued.left,
        )

    def _text(self, ref: str) -> str:
        try:
            return self.work.texts.get(ref)
        except NoTextError as error:
            # An erased text must not stop the queue; whoever labels skips it.
            return f"({error})"


def label_store(work: Workspace) -> LabelStore:
    """The labels of a workspace."""
    return LabelStore(work.path(f"{HIDDEN}/{_FILE}"))


def label_queue(work: Workspace, rater: str, *, seal: str = "") -> LabelQueue:
    """What one enrolled person is to label.

    Args:
        work: The workspace.
        rater: Their name on the keyring; no key is asked for.
        seal: A seal, or how its identity begins; all where empty.

    Raises:
        UnknownPersonError: They are not enrolled.
        UnknownTaskError: Nothing under the seal is to be labelled.
        AmbiguousNameError: Several seals begin so.
    """
    state = work.state()
    keyring = state.find(state.keyring, Keyring)
    enrolled = tuple(sorted(each.name for each in (keyring.act.people if keyring else ())))
    if rater not in enrolled:
        raise UnknownPersonError(rater, enrolled)
    store = label_store(work)
    return LabelQueue(work=work, store=store, rater=rater, seal=_seal(store, seal))


def label_status(work: Workspace, *, seal: str = "") -> tuple[LabelStatus, ...]:
    """How far the labels of a seal are, or of every seal.

    Raises:
        UnknownTaskError: Nothing under the seal is to be labelled.
        AmbiguousNameError: Several seals begin so.
    """
    store = label_store(work)
    named = _seal(store, seal)
    return tuple(_status(store, one) for one in ((named,) if named else store.seals()))


def export_labels(queue: LabelQueue, path: Path) -> int:
    """Write what is open to a person as CSV, for labelling elsewhere; the number of rows.

    The rows are in their own order under blind names, with an empty column
    ``label``. A text that a spreadsheet would take for a formula gets a
    quotation mark before it.
    """
    told = io.StringIO()
    writer = csv.writer(told, lineterminator="\n")
    writer.writerow(_COLUMNS)
    count = 0
    for asked in queue.all():
        texts = (asked.metric, asked.intent, asked.prompt, asked.answer)
        writer.writerow([asked.name, *map(_harmless, texts), ""])
        count += 1
    replace(path, told.getvalue().encode("utf-8", "replace"), private=True)
    return count


def import_labels(queue: LabelQueue, path: Path) -> Imported:
    """Take labels from a CSV whose columns ``name`` and ``label`` are those of an export.

    The whole file is read before the first label is kept; taking it again
    changes nothing.

    Raises:
        LabelFileError: It is no such file, names an unknown task, labels one
            twice, or otherwise than this person did before.
    """
    given = list(_labels(path))
    before = queue.store.given_by(queue.rater)
    known = queue.store.names(queue.seal)
    for row, name, value in given:
        if name not in known:
            fault = f"there is no task {name!r}; export the tasks anew and keep their names"
            raise LabelFileError(str(path), row, fault)
        if value != "" and name in before and before[name] != value:
            fault = f"{queue.rater} has labelled {name} otherwise; take that back with undo first"
            raise LabelFileError(str(path), row, fault)
    counts: Counter[str] = Counter()
    for _, name, value in given:
        if value == "":
            counts["empty"] += 1
        elif name in before:
            counts["known"] += 1
        elif queue.give(name, None if value is None else float(value)):
            counts["kept"] += 1
        else:
            counts["closed"] += 1
    return Imported(
        kept=counts["kept"], known=counts["known"], closed=counts["closed"], empty=counts["empty"]
    )


def _labels(path: Path) -> Iterator[tuple[int, str, float | str | None]]:
    """The rows of a file as (row, blind name, value), the value being empty where none stands."""
    file = str(path)
    if path.stat().st_size > _MOST_BYTES:
        raise LabelFileError(file, 0, "it is over 256 MiB; label in several files")
    try:
        reader = csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline=""), strict=True)
        if not {"name", "label"} <= set(reader.fieldnames or ()):
            raise LabelFileError(file, 0, "it needs the columns name and label, as an export has")
        seen: set[str] = set()
        for number, row in enumerate(reader, start=1):
            name, word = (row["name"] or "").strip(), (row["label"] or "").strip().lower()
            if name in seen:
                raise LabelFileError(file, number, f"{name} stands twice; keep one of them")
            if word and word not in _WORDS:
                fault = f"{word[:40]!r} is no label; write yes, no or skip, or leave it empty"
                raise LabelFileError(file, number, fault)
            seen.add(name)
            yield number, name, _WORDS[word] if word else ""
    except (UnicodeDecodeError, csv.Error) as error:
        raise LabelFileError(file, 0, f"it is no CSV in UTF-8 ({error})") from error


def _seal(store: LabelStore, name: str) -> str:
    found = [seal for seal in store.seals() if seal.startswith(name)]
    if not name:
        return ""
    if not found:
        raise UnknownTaskError(name)
    if len(found) > 1 and name not in found:
        raise AmbiguousNameError(name, len(found))
    return name if name in found else found[0]


def _status(store: LabelStore, seal: str) -> LabelStatus:
    rows = store.labels_of(seal)
    return LabelStatus(
        seal=seal,
        tasks=len(rows),
        settled=sum(row.value is not None for row in rows),
        disputed=sum(row.value is None and len(row.raters) >= 2 for row in rows),
        raters=dict(sorted(Counter(rater for row in rows for rater in row.raters).items())),
        kappa=_kappa(store, seal),
    )


def _kappa(store: LabelStore, seal: str) -> Estimate | None:
    pairs = store.pairs(seal)
    labels = [(str(first), str(second)) for _, first, second in pairs]
    try:
        return clustered_kappa(labels, [item for item, _, _ in pairs])
    except (NotEstimableError, NotEnoughDataError):
        return None


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULAS) else text
