"""One sample of an Inspect log: what was asked, what came back, and how it was scored."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from interlock.adapters.inspect_json import Fields
from interlock.errors import BadLogError
from interlock.trial import Reading

_ATTACHED = "attachment://"
_UNFIT = re.compile(r"[\x00-\x1f]|^\s|\s$|^$")
_LONGEST_NAME = 1000
_LONGEST_TAG = 200
_MOST_COUNT = 2**31 - 1
_MOST_TOKENS = 2**53


class Scored(NamedTuple):
    """What a scorer said of one sample under one name.

    Attributes:
        scorer: The scorer.
        name: The scorer, or ``scorer/key`` where it gives several scores.
        value: The score; None where there is none.
        reason: Why there is none.
    """

    scorer: str
    name: str
    value: float | None
    reason: str = ""


class Sample(NamedTuple):
    """One sample, in the words of observations.

    Attributes:
        item: The dataset's id.
        epoch: The repeat, from 0 (Inspect counts from 1).
        cluster: What it depends on; None where its metadata do not say.
        slices: A value for each slice asked for; None where there is none.
        scores: What each scorer said.
        failed: Whether the run of this sample ended in an error.
        prompt: What was asked.
        completion: What came back.
        tokens_out: Tokens that the candidate wrote.
        latency_ms: Milliseconds of the last answer.
    """

    item: str
    epoch: int
    cluster: str | None
    slices: tuple[str | None, ...]
    scores: tuple[Scored, ...]
    failed: bool
    prompt: str | None
    completion: str | None
    tokens_out: int | None
    latency_ms: float | None


@dataclass(frozen=True, kw_only=True)
class SampleReader:
    """Reads the samples of one log.

    Attributes:
        file: The log by which errors call it.
        model: The candidate, as the log names it.
        reading: What was asked for.
    """

    file: str
    model: str
    reading: Reading

    def read(self, found: Fields, member: str) -> Sample:
        """One sample from its JSON.

        Raises:
            BadLogError: It was edited or invalidated after its run, or a field
                that counts is not what it must be.
        """
        item, epoch = self.key(found, member)
        if found.get("invalidation") is not None:
            raise self._refused(member, "it was invalidated after its run; run it again")
        metadata = _fields(found.get("metadata"))
        cluster = (
            self._tag(metadata, self.reading.cluster, member) if self.reading.cluster else item
        )
        return Sample(
            item=item,
            epoch=epoch,
            cluster=cluster,
            slices=tuple(self._tag(metadata, name, member) for name in self.reading.slices),
            scores=tuple(self._scores(found.get("scores"), member)),
            failed=found.get("error") is not None,
            prompt=_asked(found),
            completion=_answered(found),
            tokens_out=_tokens(found, self.model),
            latency_ms=_latency(_fields(found.get("output")).get("time")),
        )

    def key(self, found: Fields, member: str) -> tuple[str, int]:
        """Item and epoch of a sample, the epoch counted from 0.

        Raises:
            BadLogError: They are not there, or cannot name a row.
        """
        item, epoch = found.get("id"), found.get("epoch")
        if isinstance(item, bool) or not isinstance(item, str | int):
            raise self._refused(member, "it has no id; run it anew")
        if isinstance(epoch, bool) or not isinstance(epoch, int) or not 1 <= epoch <= _MOST_COUNT:
            raise self._refused(member, "its epoch is no whole number from 1 up; run it anew")
        return self.name(str(item), "id", member), epoch - 1

    def name(self, text: str, what: str, member: str) -> str:
        """A name that can stand in a row.

        Raises:
            BadLogError: It is empty or long, or holds a control character or
                white space around it.
        """
        if _UNFIT.search(text) or len(text) > _LONGEST_NAME:
            shown = text if len(text) <= 60 else text[:57] + "..."
            raise self._refused(
                member,
                f"its {what} {shown!r} cannot name a row: it is empty or over {_LONGEST_NAME} "
                "characters, or has white space around it or control characters; rename it",
            )
        return text

    def _scores(self, scores: object, member: str) -> Iterator[Scored]:
        if scores is None:
            return
        if not isinstance(scores, dict):
            raise self._refused(member, "its scores are no table of scores; score the log anew")
        for scorer, score in scores.items():
            self.name(scorer, "scorer", member)
            if not isinstance(score, dict) or "value" not in score:
                raise self._refused(member, f"the score of {scorer} has no value; score it anew")
            if score.get("history"):
                raise self._refused(
                    member,
                    f"the score of {scorer} was edited after the run; evidence is what the run "
                    "measured: import the log as it was written, or hand the corrected scores in "
                    "as a table of their own that names who rated",
                )
            value = score["value"]
            if isinstance(value, dict):
                for key, one in value.items():
                    yield self._scored(scorer, self.name(f"{scorer}/{key}", "score", member), one)
            else:
                yield self._scored(scorer, scorer, value)

    def _scored(self, scorer: str, name: str, value: object) -> Scored:
        worth, reason = self._worth(self.reading.metric(name), value)
        return Scored(scorer=scorer, name=name, value=worth, reason=reason)

    def _worth(self, metric: str, value: object) -> tuple[float | None, str]:
        """A score as a number; or why it is none, without a word of any text."""
        if isinstance(value, str):
            worth = self.reading.worth(metric, value)
            return worth, "" if worth is not None else "a word that nobody gave a value"
        if isinstance(value, bool | int | float):
            try:
                number = float(value)
            except OverflowError:
                number = math.inf
            if math.isnan(number):
                return None, "not a number: the scorer gave none"
            return (number, "") if math.isfinite(number) else (None, "not finite")
        if value is None:
            return None, "no value"
        return None, "a list, which is no one value" if isinstance(value, list) else "no one value"

    def _tag(self, metadata: Fields, path: str, member: str) -> str | None:
        """A field of the metadata as a short word; None where it is absent or empty."""
        found: Any = metadata
        for part in path.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        if found is None or found == "":
            return None
        if isinstance(found, bool):
            return "true" if found else "false"
        if isinstance(found, int | str):
            text = str(found)
            if len(text) <= _LONGEST_TAG and not _UNFIT.search(text):
                return text
        reason = (
            f"its metadata field {path} is no short text (over {_LONGEST_TAG} characters, or with "
            "control characters or white space around it); slice and cluster by another field"
        )
        raise self._refused(member, reason)

    def _refused(self, member: str, reason: str) -> BadLogError:
        return BadLogError(self.file, member, reason)


def _fields(found: object) -> Fields:
    return found if isinstance(found, dict) else {}


def _asked(found: Fields) -> str | None:
    """The prompt; of several messages each with its role, so that none is lost."""
    given = found.get("input")
    if not isinstance(given, list):
        return _text(given, found)
    messages = [each for each in given if isinstance(each, dict)]
    if len(messages) == 1:
        return _text(messages[0].get("content"), found)
    said = [f"{each.get('role')}: {_text(each.get('content'), found) or ''}" for each in messages]
    return "\n\n".join(said) or None


def _answered(found: Fields) -> str | None:
    output = _fields(found.get("output"))
    completion = _text(output.get("completion"), found)
    if completion is not None:
        return completion
    choices = output.get("choices")
    first = _fields(choices[0]) if isinstance(choices, list) and choices else {}
    return _text(_fields(first.get("message")).get("content"), found)


def _text(content: object, found: Fields) -> str | None:
    """The text of a message's content, be it one text or several parts."""
    if isinstance(content, list):
        parts = [_fields(part).get("text") for part in content]
        return "\n".join(part for part in parts if isinstance(part, str)) or None
    if not isinstance(content, str):
        return None
    if content.startswith(_ATTACHED):
        kept = _fields(found.get("attachments")).get(content.removeprefix(_ATTACHED))
        return kept if isinstance(kept, str) else content
    return content


def _tokens(found: Fields, model: str) -> int | None:
    """Tokens that the candidate wrote, and no grader; of the last answer where none is summed."""
    summed = _fields(_fields(found.get("model_usage")).get(model))
    last = _fields(_fields(found.get("output")).get("usage"))
    for usage in (summed, last):
        count = usage.get("output_tokens")
        if isinstance(count, int) and not isinstance(count, bool) and 0 <= count <= _MOST_TOKENS:
            return count
    return None


def _latency(seconds: object) -> float | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    return 1000.0 * seconds if 0 <= seconds <= _MOST_COUNT else None
