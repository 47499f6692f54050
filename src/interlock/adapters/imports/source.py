"""One file of another tool while it is read: what was asked of it, told of it, and refused."""

import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from interlock.errors import BadLogError, IncompleteRunError
from interlock.trial import Account, Reading

Fields = Mapping[str, Any]

AUTOMATIC = (
    "an automatic judge scored it: without people's labels of the same items it decides nothing "
    "in the gate"
)
MOST_MISSING = 100_000

_UNFIT = re.compile(r"[\x00-\x1f]|^\s|\s$|^$")
_UNFIT_IN_JUDGE = re.compile(r"[\s#]+")
_LONGEST_NAME = 1000
_LONGEST_TAG = 200
_MOST_TOKENS = 2**53
_DIGITS = 24


@dataclass(frozen=True, kw_only=True)
class Source:
    """A file on its way to rows.

    Attributes:
        path: The file.
        reading: What was asked of it.
        account: Told of what it says besides its rows.
    """

    path: Path
    reading: Reading
    account: Account
    _seen: set[str] = field(default_factory=set)

    @property
    def file(self) -> str:
        """The name by which errors call it."""
        return str(self.path)

    def refused(self, member: str, reason: str) -> BadLogError:
        """The error that refuses the file for a part of it."""
        return BadLogError(self.file, member, reason)

    def allow(self, reason: str) -> None:
        """Note why the run is not whole.

        Raises:
            IncompleteRunError: Nobody said that it may be taken so.
        """
        expected, found = self.account.expected, self.account.found
        if not self.reading.allow_incomplete:
            raise IncompleteRunError(self.file, expected, found, reason)
        self.account.notes.append(f"the run is not whole: {reason}")

    def check_missing(self, missing: int) -> None:
        """See that what is missing can be told row by row.

        Raises:
            IncompleteRunError: It is more than can be.
        """
        if missing > MOST_MISSING:
            reason = f"over {MOST_MISSING:,} rows are missing; finish the run"
            raise IncompleteRunError(self.file, self.account.expected, self.account.found, reason)

    def choose(self, kind: str, names: Iterable[str]) -> str:
        """The one thing of a kind that is asked for, or the only one there is.

        Raises:
            BadLogError: There are several and none was asked for, or not that one.
        """
        known, asked = sorted(set(names)), self.reading.only.get(kind, "")
        shown = ", ".join(known[:20])
        if asked and asked not in known:
            raise self.refused("", f"it has no {kind} {asked!r}; it has {shown}")
        if not asked and len(known) > 1:
            raise self.refused(
                "",
                f"it has several of the kind {kind} ({shown}), and evidence is of one; "
                f"choose with --only {kind}=NAME",
            )
        return asked or (known[0] if known else "")

    def fit(self, text: object, what: str, member: str) -> str:
        """A name that can stand in a row.

        Raises:
            BadLogError: It is no text, empty or long, or holds a control
                character or white space around it.
        """
        if not isinstance(text, str):
            raise self.refused(member, f"its {what} is no text; export the file again")
        if _UNFIT.search(text) or len(text) > _LONGEST_NAME:
            raise self.refused(
                member,
                f"its {what} {text[:60]!r} cannot name a row: it is empty or over {_LONGEST_NAME} "
                "characters, or has white space around it or control characters; rename it",
            )
        return text

    def tag(self, fields: object, path: str, member: str) -> str | None:
        """A field as a short word; None where it is absent or empty.

        Raises:
            BadLogError: It is there and is no short word.
        """
        found: Any = fields
        for part in path.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        if found is None or found == "":
            return None
        self._seen.add(path)
        if isinstance(found, bool):
            return "true" if found else "false"
        text = str(found)[: _LONGEST_TAG + 1] if isinstance(found, int | str) else ""
        if not text or len(text) > _LONGEST_TAG or _UNFIT.search(text):
            reason = f"its field {path} is no short text; slice and cluster by another field"
            raise self.refused(member, reason)
        return text

    def slices(self, fields: object, member: str) -> tuple[str | None, ...]:
        """A value for each slice asked for; None where there is none."""
        return tuple(self.tag(fields, path, member) for path in self.reading.slices)

    def cluster(self, fields: object, otherwise: str, member: str) -> str:
        """What a row depends on: the field that was asked for, else what the tool's design says.

        Raises:
            BadLogError: The field is not there.
        """
        if not self.reading.cluster:
            return otherwise
        found = self.tag(fields, self.reading.cluster, member)
        if found is None:
            reason = f"it has no field {self.reading.cluster}; cluster by another field"
            raise self.refused(member, reason)
        return found

    def scored(self, name: str, value: object) -> float | None:
        """A score as a number; None, with the reason counted, where it is none."""
        number, reason = self._worth(name, value)
        if number is None:
            self.unscored(reason)
        return number

    def unscored(self, reason: str) -> None:
        """Count one reason why a score gave no value."""
        self.account.unscored[reason] = self.account.unscored.get(reason, 0) + 1

    def check_asked(self, names: Iterable[str]) -> None:
        """See that what was asked for is there.

        Raises:
            BadLogError: A score to rename, a slice or a choice is not.
        """
        known = set(names)
        for name in self.reading.metrics:
            if name not in known:
                shown = ", ".join(sorted(known)[:20])
                raise self.refused("", f"it has no score {name!r} to rename; it has {shown}")
        for path in self.reading.slices:
            if path not in self._seen:
                raise self.refused("", f"nothing in it has a field {path} to slice by")

    def check_choices(self, kinds: tuple[str, ...]) -> None:
        """See that only what this tool's files tell apart is chosen.

        Raises:
            BadLogError: Another kind is.
        """
        for kind in self.reading.only:
            if kind not in kinds:
                known = ", ".join(kinds) or "nothing"
                raise self.refused("", f"of it one can choose {known}, and no {kind}")

    def _worth(self, name: str, value: object) -> tuple[float | None, str]:
        if isinstance(value, str):
            worth = self.reading.worth(self.reading.metric(name), value)
            return worth, "" if worth is not None else f"the word {value[:40]!r} has no value"
        if isinstance(value, int | float):
            return (float(value), "") if _is_finite(value) else (None, "not finite")
        return None, "no value" if value is None else "no one value"


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def judge(kind: str, name: str, version: str, *, digest: str = "") -> str:
    """A judge's identity, ``kind:name/version``, and the digest of its set-up if known."""
    told = _UNFIT_IN_JUDGE.sub("-", f"{name}/{version or 'unknown'}")
    return f"{kind}:{told}{'#' + digest[:12] if digest else ''}"


def print_of(found: object) -> str:
    """A name of 24 hex digits for anything made of JSON, the same in every run."""
    text = json.dumps(found, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def fields_of(found: object) -> Fields:
    """An object of JSON, or an empty one in place of anything else."""
    return found if isinstance(found, dict) else {}


def whole(found: object) -> int | None:
    """A count from 0 up; None for anything else."""
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= _MOST_TOKENS:
        return None
    return found


def milliseconds(found: object) -> float | None:
    """A latency from 0 up; None for anything else."""
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    return float(found) if 0 <= found <= _MOST_TOKENS else None
