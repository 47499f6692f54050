"""Labelling: what one person is asked about answers, blind, and what people came to."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from interlock.adapters.files import replace
from interlock.adapters.labels import Given, LabelStore, Pair, Queued
from interlock.admission import Seal, State
from interlock.app.workspace import HIDDEN, Workspace
from interlock.errors import (
    AmbiguousNameError,
    LabelFileError,
    NotEnoughDataError,
    NotEstimableError,
    NoTextError,
    RaterRefusedError,
    UnknownPersonError,
    UnknownTaskError,
)
from interlock.ledger import Signer, base64_text, strict_base64
from interlock.measure import Estimate, clustered_kappa, krippendorff_alpha
from interlock.trial.judges import LabelScale, value_said

_FILE = "labels.sqlite"
_COLUMNS = ("name", "metric", "choices", "intent", "prompt", "answer", "label")
_WORDS = {"yes": 1.0, "1": 1.0, "y": 1.0, "no": 0.0, "0": 0.0, "n": 0.0}
_SKIPS = ("skip", "s")
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
_MOST_BYTES = 256 << 20


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One answer as a person who labels sees it: nothing tells its arm, or what a judge said.

    Attributes:
        name: Its blind name.
        metric: What is asked of it.
        scale: What may be said of it.
        intent: The request in plain words; empty where there is none.
        prompt: What was sent.
        answer: What came back.
        done: How many this person has labelled or skipped.
        left: How many are open to them, this one among them.
    """

    name: str
    metric: str
    scale: LabelScale
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
        doubted: Labels that count for nothing, as no key that may label signed them as they stand.
        agreement: By metric, agreement of two people on what both labelled: Cohen's kappa of a
            yes or no, weighted by the square of the distance of levels, Krippendorff's alpha of
            numbers; None where both labelled too little, or said one thing throughout.
    """

    seal: str
    tasks: int
    settled: int
    disputed: int
    raters: dict[str, int]
    doubted: int
    agreement: dict[str, Estimate | None]


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
        signer: Their key.
        seal: The seal's identity; empty for all.
    """

    work: Workspace
    store: LabelStore
    rater: str
    signer: Signer
    seal: str

    def next(self) -> Asked | None:
        """The next answer; None where nothing is open to this person."""
        queued = self.store.next(self.rater, seal=self.seal)
        return None if queued is None else self._asked(queued)

    def give(self, name: str, value: float | None) -> bool:
        """Keep a label, or a skip where it is None; not where others settled the task meanwhile."""
        given = Given(name=name, rater=self.rater, value=value)
        return self.store.give(given, signer=self.signer, time=self.work.clock.now())

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
            scale=queued.scale,
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
    """The labels of a workspace, believed where a key of the keyring in force signed them.

    Who sealed a seal or signed a run of it has no label under it, whichever came first.
    """
    state = work.state()
    parties = cache(partial(_parties, state))

    def key_of(rater: str, seal: str) -> bytes | None:
        known = state.people.get(rater)
        if known is None or rater in parties(seal):
            return None
        return strict_base64(known.key)

    return LabelStore(work.path(f"{HIDDEN}/{_FILE}"), key_of)


def label_queue(work: Workspace, rater: str, *, signer: Signer, seal: str = "") -> LabelQueue:
    """What one enrolled person is to label.

    Args:
        work: The workspace.
        rater: Their name on the keyring.
        signer: Their key, which signs each label.
        seal: A seal, or how its identity begins; all where empty.

    Raises:
        UnknownPersonError: They are not enrolled.
        RaterRefusedError: The key is not the one that is enrolled under their name,
            or they sealed what is to be labelled, or signed its runs.
        UnknownTaskError: Nothing under the seal is to be labelled.
        AmbiguousNameError: Several seals begin so.
    """
    state = work.state()
    known = state.people.get(rater)
    if known is None:
        raise UnknownPersonError(rater, tuple(sorted(state.people)))
    if known.key != base64_text(signer.public_key):
        raise RaterRefusedError(
            rater,
            "labels with another key than the one enrolled under that name, and nobody could "
            "tell whose labels these are: label with the enrolled key, or enrol this one",
        )
    store = label_store(work)
    named = _seal(store, seal)
    waiting = (named,) if named else store.seals()
    if waiting and all(rater in _parties(state, one) for one in waiting):
        raise RaterRefusedError(
            rater,
            f"sealed {waiting[0][:12]} or signed its runs, and who has a part in a trial does "
            "not label its answers: let somebody else who is enrolled label them",
        )
    return LabelQueue(work=work, store=store, rater=rater, signer=signer, seal=named)


def refuse_own_labels(work: Workspace, seal: str, *, signer: Signer) -> None:
    """Refuse that who labelled answers under a seal records them as its evidence.

    Raises:
        RaterRefusedError: The key is that of one of the raters.
    """
    people, key = work.state().people, base64_text(signer.public_key)
    raters = {rater for row in label_store(work).labels_of(seal) for rater in row.raters}
    for rater in sorted(raters):
        if people[rater].key == key:
            raise RaterRefusedError(
                rater,
                f"labelled answers under {seal[:12]}, and who labels does not record: let the "
                "person who started the trial run it, or somebody else who labelled nothing",
            )


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
    quotation mark before it. The column ``choices`` says what may be written.
    """
    told = io.StringIO()
    writer = csv.writer(told, lineterminator="\n")
    writer.writerow(_COLUMNS)
    count = 0
    for asked in queue.all():
        texts = (asked.metric, choices(asked.scale), asked.intent, asked.prompt, asked.answer)
        writer.writerow([asked.name, *map(_harmless, texts), ""])
        count += 1
    replace(path, told.getvalue().encode("utf-8", "replace"), private=True)
    return count


def import_labels(queue: LabelQueue, path: Path) -> Imported:
    """Take labels from a CSV whose columns ``name`` and ``label`` are those of an export.

    The whole file is read before the first label is kept; taking it again
    changes nothing.

    Raises:
        LabelFileError: It is no such file, names an unknown task, says what is
            not on a task's scale, labels one twice, or otherwise than this
            person did before.
    """
    known = queue.store.names(queue.seal)
    given = [(one.row, one.name, one.value(known)) for one in _labels(path)]
    before = queue.store.given_by(queue.rater)
    for row, name, value in given:
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


def choices(scale: LabelScale) -> str:
    """What may be said on a scale, in words."""
    if scale.yes_or_no:
        return "yes or no"
    if not scale.levels:
        return f"a number from {scale.low:g} to {scale.high:g}"
    return "; ".join(f"{one.label} ({one.score:g}): {one.meaning}" for one in scale.levels)


@dataclass(frozen=True)
class _Written:
    """One row of a file: a task's blind name, and what was written beside it."""

    file: str
    row: int
    name: str
    word: str

    def value(self, scales: Mapping[str, LabelScale]) -> float | str | None:
        """What stands there as a value: None for a skip, empty for nothing.

        Raises:
            LabelFileError: The task is unknown, or it is none of its scale.
        """
        scale = scales.get(self.name)
        if scale is None:
            fault = f"there is no task {self.name!r}; export the tasks anew and keep their names"
            raise LabelFileError(self.file, self.row, fault)
        if not self.word or self.word.lower() in _SKIPS:
            return None if self.word else ""
        value = _WORDS.get(self.word.lower()) if scale.yes_or_no else value_said(scale, self.word)
        if value is None:
            fault = f"{self.word[:40]!r} is no label; write {choices(scale)}, or skip, or nothing"
            raise LabelFileError(self.file, self.row, fault)
        return value


def _labels(path: Path) -> Iterator[_Written]:
    """The rows of a file."""
    file = str(path)
    if path.stat().st_size > _MOST_BYTES:
        raise LabelFileError(file, 0, "it is over 256 MiB; label in several files")
    try:
        reader = csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline=""), strict=True)
        if not {"name", "label"} <= set(reader.fieldnames or ()):
            raise LabelFileError(file, 0, "it needs the columns name and label, as an export has")
        seen: set[str] = set()
        for number, row in enumerate(reader, start=1):
            name, word = (row["name"] or "").strip(), (row["label"] or "").strip()
            if name in seen:
                raise LabelFileError(file, number, f"{name} stands twice; keep one of them")
            seen.add(name)
            yield _Written(file, number, name, word)
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


def _parties(state: State, seal: str) -> frozenset[str]:
    """Who sealed a seal, and who signed its runs."""
    sealed = state.find(seal, Seal)
    runs = (run.person for (one, _), run in state.runs.items() if one == seal)
    return frozenset(runs) | ({sealed.person} if sealed else frozenset())


def _status(store: LabelStore, seal: str) -> LabelStatus:
    rows = store.labels_of(seal)
    return LabelStatus(
        seal=seal,
        tasks=len(rows),
        settled=sum(row.value is not None for row in rows),
        disputed=sum(row.value is None and len(row.raters) >= 2 for row in rows),
        raters=dict(sorted(Counter(rater for row in rows for rater in row.raters).items())),
        doubted=sum(row.doubted for row in rows),
        agreement={metric: _agreement(*found) for metric, found in store.pairs(seal).items()},
    )


def _agreement(scale: LabelScale, pairs: list[Pair]) -> Estimate | None:
    items = [item for item, _, _ in pairs]
    try:
        if not scale.values:
            numbers = [(first, second) for _, first, second in pairs]
            return krippendorff_alpha(numbers, scale="interval", clusters=items)
        labels = [(str(float(first)), str(float(second))) for _, first, second in pairs]
        known = [str(float(one)) for one in scale.values]
        return clustered_kappa(labels, items, categories=known, weights="quadratic")
    except (NotEstimableError, NotEnoughDataError):
        return None


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULAS) else text
