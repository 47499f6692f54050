"""Edge cases: more cases of the same behaviours, made from a seed by rules alone."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import prod
from typing import Literal

from interlock.errors import InvalidRecordError, TooManyEdgeCasesError
from interlock.trial.case import Case
from interlock.trial.conversation import Attack
from interlock.trial.suites.chance import Chance
from interlock.trial.suites.load import ENGLISH, said_otherwise, slices
from interlock.trial.suites.wording import Frame, Wording, frames, wordings

PLAIN = "none"
"""Value of the slices ``template``, ``wording`` and ``attack`` where a case has none."""

Way = Literal["template", "wording", "language", "attack"]

_SEEDS = 2**31

_FAMILIES: tuple[tuple[Way, ...], ...] = (
    ("template",),
    ("wording",),
    ("language",),
    ("attack",),
    ("template", "wording"),
    ("language", "wording"),
    ("template", "attack"),
    ("language", "attack"),
    ("wording", "attack"),
)
"""Ways of making an edge case, taken in turn, so that each gets its share and can be told apart."""


def expand(
    cases: Iterable[Case], count: int, seed: int, *, attacks: Sequence[Attack] = ()
) -> Iterator[Case]:
    """New cases of the behaviours of some cases, the same ones for the same seed.

    Each case is taken in turn, so that all behaviours and both halves get the
    same share, and is put into a template, in other words, into a frame in
    another language, behind an attack, or into two of these. A case in another
    language than English is framed in its own. The cluster stays: edge cases of
    one behaviour are no further evidence of independence.

    Each carries the slices ``template``, ``wording``, ``language`` (``en+de`` is
    an English request in a German frame) and ``attack``. Ids are unique, and no
    two of all the texts, those given included, are equal.

    Args:
        cases: What they are made from; not among the results.
        count: How many to make.
        seed: Decides which.
        attacks: Disguises; none without.

    Yields:
        The edge cases, one after the other, at no cost in memory but a digest each.

    Raises:
        InvalidRecordError: Two of the given cases have one id.
        TooManyEdgeCasesError: So many different ones cannot be made.
    """
    listed = tuple(cases)
    ids = {one.id for one in listed}
    if len(ids) < len(listed):
        raise InvalidRecordError("case", "an id stands twice; edge cases are named by it")
    order = Chance("cases", seed).order(len(listed)) if listed else iter(())
    decks = [_Deck(listed[k], seed, _ways(listed[k], attacks)) for k in order]
    return _dealt(decks, count, _Said({_text_digest(one) for one in listed}, ids))


def _dealt(decks: list["_Deck"], count: int, said: "_Said") -> Iterator[Case]:
    made, turn = 0, 0
    while decks and made < count:
        left = []
        for place, deck in enumerate(decks):
            if made == count:
                return
            case = deck.next(place + turn, said)
            if case is not None:
                made += 1
                left.append(deck)
                yield case
        decks, turn = left, turn + 1
    if made < count:
        raise TooManyEdgeCasesError(count, made)


@dataclass(frozen=True)
class _Said:
    """What has been said so far.

    Attributes:
        texts: Digests of the texts.
        ids: Names of the cases.
    """

    texts: set[bytes]
    ids: set[str]


@dataclass(frozen=True, kw_only=True)
class _Disguise:
    """How one edge case is made; None for each way that is not used."""

    template: Frame | None = None
    wording: Wording | None = None
    language: Frame | None = None
    attack: Attack | None = None

    def and_(self, other: "_Disguise") -> "_Disguise":
        """Both at once; each way is used by one of them."""
        return _Disguise(
            template=self.template or other.template,
            wording=self.wording or other.wording,
            language=self.language or other.language,
            attack=self.attack or other.attack,
        )


Ways = Mapping[Way, Sequence[_Disguise]]


class _Deck:
    """All edge cases of one case, dealt in an order that the seed decides."""

    def __init__(self, case: Case, seed: int, ways: Ways) -> None:
        self._case = case
        self._seed = seed
        self._count = 0
        families = [one for one in _FAMILIES if all(ways[way] for way in one)]
        self._families = [self._hand(one, ways) for one in families]

    def next(self, turn: int, said: _Said) -> Case | None:
        """The next one whose text is new, of the family whose turn it is or the next that has any.

        Args:
            turn: Whose turn it is, counted on and on.
            said: What has been said so far; the new one is added.
        """
        n = len(self._families)
        for family in (self._families[(turn + k) % n] for k in range(n)):
            for disguise in family:
                case = self._disguised(disguise, said.ids)
                digest = _text_digest(case)
                if digest not in said.texts:
                    said.texts.add(digest)
                    said.ids.add(case.id)
                    return case
        return None

    def _hand(self, family: tuple[Way, ...], ways: Ways) -> Iterator[_Disguise]:
        """Every combination of a family's ways, in the seed's order."""
        n = prod(len(ways[way]) for way in family)
        for k in Chance("family", self._seed, self._case.id, *family).order(n):
            found, rest = _Disguise(), k
            for way in family:
                rest, place = divmod(rest, len(ways[way]))
                found = found.and_(ways[way][place])
            yield found

    def _disguised(self, how: _Disguise, taken: set[str]) -> Case:
        """The case in disguise: first its words, then their frame, then the attack on it all."""
        made, named = self._case, {one.slice: one.value for one in self._case.slices}
        if how.wording is not None:
            chance = Chance("wording", self._seed, made.id, how.wording.name, how.wording.nth)
            made = _asking(made, how.wording.reword(_asked(made), chance))
        for frame in (how.template, how.language):
            made = _asking(made, frame.around(_asked(made))) if frame else made
        if how.attack is not None:
            drawn = Chance("attack", self._seed, made.id, how.attack.name).below(_SEEDS)
            made = how.attack.apply(made, seed=drawn)
            named |= {one.slice: one.value for one in made.slices}
        named |= {
            "template": how.template.id if how.template else PLAIN,
            "wording": how.wording.name if how.wording else PLAIN,
            "attack": how.attack.name if how.attack else PLAIN,
        }
        named.setdefault("language", ENGLISH)
        if how.language is not None and how.language.id != named["language"]:
            named["language"] += f"+{how.language.id}"
        return replace(
            made,
            id=self._name(taken),
            cluster=self._case.cluster,
            intent=self._case.intent,
            slices=slices(named),
        )

    def _name(self, taken: set[str]) -> str:
        """A name that nothing has."""
        while True:
            self._count += 1
            name = f"{self._case.id}~{self._count}"
            if name not in taken:
                return name


def _ways(case: Case, attacks: Sequence[Attack]) -> Ways:
    """What can be done to a case: rules of wording are for English, frames for their language."""
    own = case.slice("language") or ENGLISH
    english = own == ENGLISH
    spoken = any(one.speaker == "user" for one in case.turns)
    return {
        "template": _templates() if spoken and english else (),
        "wording": _wordings() if spoken and english else (),
        "language": _languages("" if english else own) if spoken else (),
        "attack": tuple(_Disguise(attack=one) for one in attacks),
    }


@cache
def _templates() -> tuple[_Disguise, ...]:
    return tuple(_Disguise(template=one) for one in frames().templates)


@cache
def _wordings() -> tuple[_Disguise, ...]:
    return tuple(_Disguise(wording=one) for one in wordings())


@cache
def _languages(own: str) -> tuple[_Disguise, ...]:
    """Frames of one language; of all where none is named."""
    return tuple(
        _Disguise(language=Frame(id=language, text=text))
        for language, texts in sorted(frames().languages.items())
        for text in texts
        if not own or language == own
    )


def _asked(case: Case) -> str:
    """What the user says last."""
    return next(one.text for one in reversed(case.turns) if one.speaker == "user")


def _asking(case: Case, text: str) -> Case:
    return replace(case, turns=said_otherwise(case, text))


def _text_digest(case: Case) -> bytes:
    """Names what is sent, whoever sends it under which id."""
    said = "\x1e".join(f"{one.speaker}\x1f{one.text}" for one in case.turns)
    said += "".join(f"\x1d{one.digest}" for one in case.attachments)
    return hashlib.sha256(said.encode()).digest()
