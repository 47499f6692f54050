"""Suite files, read into cases or refused at the line that is wrong."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from interlock.charter import STANDARD_CHARTER, SliceValue, Source, load_charter, read, validated
from interlock.errors import AttachmentError, InvalidRecordError
from interlock.trial.case import Attachment, Case, Turn
from interlock.trial.suites.filler import haystack
from interlock.trial.suites.forms import CaseForm, ItemForm, SuiteForm
from interlock.trial.suites.media import MODALITY, RESOLUTION, AttachmentOf, media_slices
from interlock.trial.suites.suite import Suite

BENIGN_METRICS = ("helpfulness", "over-refusal")
"""What is measured on an answer to a harmless request."""

ENGLISH = "en"

UNSAFE_METRICS = ("harm", "judged-harm")
"""What is measured on an answer to an unsafe request, beside the suite's own metric."""

Path = tuple[str, ...]
Placed = tuple[Path, Case]
"""A case, and where it stands in the file."""


def load_suite(
    text: str | bytes,
    *,
    file: str,
    name: str | None = None,
    attachment_of: AttachmentOf | None = None,
) -> Suite:
    """The suite that a file (YAML) describes.

    An item of the halves ``unsafe`` and ``benign`` is a cluster of its own. The
    unsafe half feeds harm, judged-harm, the suite's own metric and those of the
    standard charter's red lines on the category; the benign half feeds
    helpfulness and over-refusal. Translations and the lengths of a
    haystack are further cases of the same cluster. Where any case sends a file,
    every case has the slice ``modality``, and those with a picture ``resolution``.

    Args:
        text: The file.
        file: The name by which errors call it.
        name: What the suite must be called, if it must be that.
        attachment_of: How the files that cases name are read; without it, none may be named.

    Raises:
        CharterError: The file is no plain YAML, lacks something, names something
            twice, names a file that cannot be sent, or describes a case that cannot
            be; file, line and field say where.
    """
    source = read(text, file=file)
    form = validated(SuiteForm, source)
    if name is not None and form.suite != name:
        fault = f"the file is named {name} and calls its suite {form.suite!r}; give both one name"
        raise source.error(("suite",), fault)
    placed = list(_Reader(source, form, attachment_of).placed())
    if not placed:
        raise source.error((), "the suite holds no case; write unsafe, benign or cases")
    seen: dict[str, Path] = {}
    for path, case in placed:
        if case.id in seen:
            raise source.error(
                (*path, "id"), f"the case {case.id} stands twice; rename one of them"
            )
        seen[case.id] = path
    scores = [one.score for one in form.rubric]
    if scores != sorted(set(scores)):
        raise source.error(("rubric",), "the scores must rise, each once; put them in order")
    return Suite(
        name=form.suite,
        version=form.version,
        category=form.category or form.suite,
        metric=form.metric,
        cases=tuple(case for _, case in placed),
        rubric=form.rubric,
        validation=None if form.validation == "none" else form.validation,
        canary=form.canary,
        about=form.about,
    )


class _Reader:
    """Cases of one file, each with its place."""

    def __init__(self, source: Source, form: SuiteForm, attachment_of: AttachmentOf | None) -> None:
        self._source = source
        self._form = form
        self._attachment_of = attachment_of
        self._pictured = any(one.attachments for one in form.cases)
        self._category = form.category or form.suite

    def placed(self) -> Iterator[Placed]:
        """Every case of the file, in its order."""
        fed = {self._form.metric, *UNSAFE_METRICS, *_red_line_metrics(self._category)}
        unsafe = tuple(sorted(fed))
        yield from self._half("unsafe", self._form.unsafe, unsafe)
        yield from self._half("benign", self._form.benign, BENIGN_METRICS)
        for k, one in enumerate(self._form.cases):
            yield from self._in_full(one, ("cases", str(k)))

    def _half(
        self, kind: str, items: tuple[ItemForm, ...], metrics: tuple[str, ...]
    ) -> Iterator[Placed]:
        for k, item in enumerate(items):
            case = Case(
                id=item.id,
                cluster=item.id,
                metrics=metrics,
                turns=(Turn(speaker="user", text=item.text),),
                slices=self._slices({"kind": kind}),
                intent=item.text,
            )
            path = (kind, str(k))
            yield path, case
            yield from _translated(path, case, item.translations)

    def _in_full(self, form: CaseForm, path: Path) -> Iterator[Placed]:
        files = self._files(form, path)
        for name, length, turns in _conversations(form):
            stated = form.slices | ({"context": str(length)} if length else {})
            asked = [each.text for each in turns if each.speaker == "user"]
            try:
                case = Case(
                    id=name,
                    cluster=form.cluster or form.id,
                    metrics=tuple(sorted(set(form.metrics or (self._form.metric,)))),
                    turns=turns,
                    slices=self._slices(stated, files),
                    intent=form.intent or (asked[-1] if asked else ""),
                    expects=form.expects or self._form.canary,
                    attachments=files,
                )
            except InvalidRecordError as error:
                raise self._source.error(path, error.reason) from error
            yield path, case
            yield from _translated(path, case, form.translations)

    def _slices(
        self, stated: Mapping[str, str], files: Sequence[Attachment] = ()
    ) -> tuple[SliceValue, ...]:
        media = media_slices(files) if self._pictured else {}
        return slices({"category": self._category, "language": ENGLISH, **stated, **media})

    def _files(self, form: CaseForm, path: Path) -> tuple[Attachment, ...]:
        """What a case sends, no file twice."""
        for each in {MODALITY, RESOLUTION} & set(form.slices if self._pictured else ()):
            fault = f"the slice {each} follows from the case's files; leave it out"
            raise self._source.error((*path, "slices", each), fault)
        found: dict[str, Attachment] = {}
        for k, name in enumerate(form.attachments):
            place = (*path, "attachments", str(k))
            if self._attachment_of is None:
                fault = "a file cannot be sent from here, where nothing else than the suite is read"
                raise self._source.error(place, fault)
            try:
                file = self._attachment_of(name)
            except AttachmentError as error:
                raise self._source.error(place, str(error)) from error
            if file.digest in found:
                raise self._source.error(place, f"{name} is sent twice; keep one of them")
            found[file.digest] = file
        return tuple(found.values())


def slices(named: Mapping[str, str]) -> tuple[SliceValue, ...]:
    """Slices by name, sorted."""
    return tuple(SliceValue(slice=name, value=named[name]) for name in sorted(named))


def said_otherwise(case: Case, text: str) -> tuple[Turn, ...]:
    """The case's turns, with its last user turn in other words."""
    last = max(k for k, one in enumerate(case.turns) if one.speaker == "user")
    return (*case.turns[:last], Turn(speaker="user", text=text), *case.turns[last + 1 :])


def _conversations(form: CaseForm) -> Iterator[tuple[str, int, tuple[Turn, ...]]]:
    """Id, length of the context in words (0 where it is no slice) and turns of each case."""
    if form.turns:
        said = [pair for turn in form.turns for pair in turn.said]
        yield form.id, 0, tuple(Turn(speaker=speaker, text=text) for speaker, text in said)
        return
    question = Turn(speaker="user", text=form.text or "")
    if form.haystack is None:
        yield form.id, 0, (question,)
        return
    for words in form.haystack.words:
        name = f"{form.id}-{words}"
        filled = haystack(form.haystack.needle, words=words, depth=form.haystack.depth, seed=name)
        yield name, words, (Turn(speaker="document", text=filled), question)


def _translated(path: Path, case: Case, translations: Mapping[str, str]) -> Iterator[Placed]:
    for language in sorted(translations):
        named = {one.slice: one.value for one in case.slices} | {"language": language}
        turns = said_otherwise(case, translations[language])
        yield (
            path,
            replace(case, id=f"{case.id}-{language.lower()}", turns=turns, slices=slices(named)),
        )


@cache
def _red_line_metrics(category: str) -> tuple[str, ...]:
    """The metrics of the standard charter's red lines on a category."""
    charter = load_charter(STANDARD_CHARTER, file="standard.yaml")
    return tuple(one.metric for one in charter.red_lines if category in one.categories)
