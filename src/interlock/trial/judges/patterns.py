"""Patterns whose search ends soon on any text, whoever wrote either."""

import re
from dataclasses import dataclass, field
from typing import ClassVar

from interlock.errors import BadJudgeError

_MOST_WAYS = 2000
_LONGEST = 1000
_MOST_REPEATS = 200
_REPEAT = re.compile(r"\{(\d{1,3})(?:(,)(\d{1,3})?)?\}")
_SET_SIGNS = ("--", "&&", "~~", "||")
_ESCAPES = (
    frozenset("dDwWsSbB") | frozenset(r"\.^$*+?{}[]|()-/\"'#&~!@%:;,<>=`_ ") | frozenset("nrt")
)


@dataclass(frozen=True)
class SafePattern:
    """A regular expression that can match in at most two thousand ways at any place.

    Characters, classes, groups, ``|``, ``?`` and counted repeats such as ``{0,80}`` are taken;
    ``*`` and ``+``, references back and looks ahead or behind are not, since a search with them
    can take longer than anyone waits.

    Attributes:
        text: The pattern.
    """

    LONGEST_TEXT: ClassVar[int] = 50_000

    text: str
    _compiled: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Examine the pattern.

        Raises:
            BadJudgeError: It is empty, too long, no pattern, uses what is not
                taken, or can match in too many ways.
        """
        if not 0 < len(self.text) <= _LONGEST:
            raise _refused(self.text, f"it has no or over {_LONGEST} characters; write it shorter")
        reader = _Reader(self.text)
        ways = reader.alternatives()
        if reader.at < len(self.text):
            raise _refused(self.text, f"a ) at character {reader.at + 1} closes nothing")
        if ways > _MOST_WAYS:
            fault = f"it can match in {ways} ways at one place, and {_MOST_WAYS} are allowed"
            raise _refused(self.text, f"{fault}; repeat less")
        try:
            compiled = re.compile(self.text, re.IGNORECASE)
        except (re.error, OverflowError) as error:
            raise _refused(self.text, f"it is no pattern: {error}") from error
        object.__setattr__(self, "_compiled", compiled)

    def found_in(self, text: str) -> bool:
        """Whether the pattern matches anywhere."""
        return self._compiled.search(text) is not None


@dataclass
class _Reader:
    """Walks a pattern and counts the ways in which each piece can match."""

    text: str
    at: int = 0

    def alternatives(self) -> int:
        ways = self._sequence()
        while self._next() == "|":
            self.at += 1
            ways += self._sequence()
        return ways

    def _sequence(self) -> int:
        ways = 1
        while self._next() not in {"", "|", ")"}:
            ways = min(ways * self._repeated(self._piece()), 10 * _MOST_WAYS)
        return ways

    def _piece(self) -> int:
        first = self._next()
        self.at += 1
        if first in {"*", "+", "?"}:
            raise _refused(self.text, f"{first} stands where nothing is to repeat")
        if first == "{":
            raise _refused(
                self.text, "a { is no counted repeat such as {0,80}; write \\{ for itself"
            )
        if first == "\\":
            self._escape()
        elif first == "[":
            self._class()
        elif first == "(":
            return self._group()
        return 1

    def _escape(self) -> None:
        if self._next() not in _ESCAPES or not self._next():
            raise _refused(self.text, f"the escape \\{self._next()} is not taken here")
        self.at += 1

    def _class(self) -> None:
        if self._next() == "^":
            self.at += 1
        first = True
        while self._next() != "]" or first:
            if not self._next():
                raise _refused(self.text, "a [ is never closed")
            if self._next() == "[" or self.text[self.at : self.at + 2] in _SET_SIGNS:
                raise _refused(self.text, "in a class, put a \\ before [ and before a doubled sign")
            self.at += 1
            if self.text[self.at - 1] == "\\":
                self._escape()
            first = False
        self.at += 1

    def _group(self) -> int:
        if self._next() == "?":
            if self.text[self.at : self.at + 2] != "?:":
                raise _refused(self.text, "of groups only (...) and (?:...) are taken")
            self.at += 2
        ways = self.alternatives()
        if self._next() != ")":
            raise _refused(self.text, "a ( is never closed")
        self.at += 1
        return ways

    def _repeated(self, ways: int) -> int:
        least = most = 1
        if self._next() == "?":
            least, self.at = 0, self.at + 1
        elif self._next() in {"*", "+"}:
            fault = f"{self._next()} repeats without end; write {{0,80}} or {{1,80}}"
            raise _refused(self.text, fault)
        elif counted := _REPEAT.match(self.text, self.at):
            least = int(counted[1])
            most = int(counted[3] or _MOST_REPEATS + 1) if counted[2] else least
            self.at = counted.end()
        if least > most or most > _MOST_REPEATS:
            raise _refused(self.text, f"a repeat goes from low to high, {_MOST_REPEATS} at most")
        if self._next() and self._next() in "?*+{" and (least, most) != (1, 1):
            raise _refused(self.text, "a repeat is repeated; put it in a group")
        limit = 10 * _MOST_WAYS
        return sum(min(ways**k, limit) for k in range(least, most + 1))

    def _next(self) -> str:
        return self.text[self.at : self.at + 1]


def _refused(pattern: str, reason: str) -> BadJudgeError:
    return BadJudgeError(f"rule:regex with the pattern {pattern[:60]!r}", reason)
