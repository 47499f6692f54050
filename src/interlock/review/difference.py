"""What changed from one version of an assessment to another, field by field."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from interlock.ledger import Json, canonical
from interlock.review.disclosure import values
from interlock.review.document import SafetyImpactAssessment
from interlock.review.draft import FieldName

_NAMES = ("id", "score", "input", "field", "hazard", "feature", "kind")
_PROSE_WORDS = 4


@dataclass(frozen=True, kw_only=True)
class PartChange:
    """One part of a field that changed.

    Attributes:
        path: Where it is, such as ``hazards[privacy].scenario``.
        before: What it was, as text; ``None`` where it was not there.
        after: What it is now; ``None`` where it is gone.
        words: Prose with what went as ``[-old-]`` and what came as ``{+new+}``; else empty.
    """

    path: str
    before: str | None
    after: str | None
    words: str


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    """One field that changed, with digests of its content without any salt.

    Attributes:
        field: The field.
        before: SHA-256 of what it was, as canonical JSON.
        after: SHA-256 of what it is now.
        parts: Everything in it that changed, in its order.
    """

    field: FieldName
    before: str
    after: str
    parts: tuple[PartChange, ...]


def difference(old: SafetyImpactAssessment, new: SafetyImpactAssessment) -> tuple[FieldChange, ...]:
    """Every field that is not the same in both documents; empty if all are."""
    before, after = values(old), values(new)
    return tuple(
        FieldChange(
            field=name,
            before=_digest(before[name]),
            after=_digest(after[name]),
            parts=tuple(_parts(before[name], after[name])),
        )
        for name in before
        if before[name] != after[name]
    )


def _parts(old: Json, new: Json) -> Iterator[PartChange]:
    before, after = dict(_leaves(old, "")), dict(_leaves(new, ""))
    for path in dict.fromkeys((*before, *after)):
        was, now = before.get(path), after.get(path)
        if was != now:
            yield PartChange(path=path, before=was, after=now, words=_words(was, now))


def _leaves(value: Json, path: str) -> Iterator[tuple[str, str]]:
    """Every single value below a path; what people wrote and what was filled side by side."""
    if isinstance(value, dict):
        if value.keys() == {"kind", "content"}:
            yield from _leaves(value["content"], path)
            return
        for key, part in value.items():
            hidden = not path and key in {"written", "filled"}
            below = f"{path}.{key}" if path else key
            yield from _leaves(part, "" if hidden else below)
    elif isinstance(value, list):
        for k, part in enumerate(value):
            yield from _leaves(part, f"{path}[{_name(part, k)}]")
    else:
        yield path, value if isinstance(value, str) else canonical(value).decode()


def _name(part: Json, place: int) -> str:
    """What an entry of a list goes by: its own name, so that a new one moves no other."""
    if isinstance(part, dict):
        found = part["content"] if part.keys() == {"kind", "content"} else part
        if isinstance(found, dict):
            named = (found.get(key) for key in _NAMES)
            return next((one for one in named if isinstance(one, str) and one), str(place))
    return str(place)


def _words(was: str | None, now: str | None) -> str:
    """Prose, word by word."""
    if was is None or now is None or len(now.split()) < _PROSE_WORDS:
        return ""
    old, new = was.split(), now.split()
    shown = list[str]()
    for what, low, high, start, stop in SequenceMatcher(None, old, new).get_opcodes():
        if what == "equal":
            shown += old[low:high]
            continue
        if high > low:
            shown.append(f"[-{' '.join(old[low:high])}-]")
        if stop > start:
            shown.append(f"{{+{' '.join(new[start:stop])}+}}")
    return " ".join(shown)


def _digest(value: Json) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()
