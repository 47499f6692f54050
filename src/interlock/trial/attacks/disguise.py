"""A disguise: what is said before a request, what stands around it, and what it is written in."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from interlock.charter import SliceValue
from interlock.errors import AttackError, InvalidRecordError
from interlock.trial.attacks.codes import Decode, Encode, plain
from interlock.trial.attacks.dice import Dice
from interlock.trial.case import Case, Speaker, Turn

SLOT = "{request}"
"""Where a text has the request."""

SLICE = "attack"


@dataclass(frozen=True, kw_only=True)
class Disguise:
    """An attack made of texts and of a code; fulfils `interlock.trial.Attack`.

    It takes the last turn of a case for the request, whatever disguise that
    already wears, so that attacks can be put around one another.

    Attributes:
        name: See `interlock.trial.Attack`.
        version: Likewise.
        owasp: Likewise.
        atlas: Likewise.
        meaning: What it does to a request, in a sentence.
        frames: Texts with one `SLOT`, of which the seed takes one. None begins as another does up
            to the slot, so that the way back is clear.
        script: Conversations that may come before it, of which the seed takes one; in their turns
            too, a slot stands for the request.
        encode: Writes the request in its code.
        decode: Reads it again, or raises ValueError; None where there is no way back.
        speaker: Who says it; empty for who said it before.
    """

    name: str
    version: str
    owasp: tuple[str, ...]
    atlas: tuple[str, ...]
    meaning: str
    frames: tuple[str, ...] = (SLOT,)
    script: tuple[tuple[Turn, ...], ...] = ((),)
    encode: Encode = plain
    decode: Decode | None = str
    speaker: Speaker | None = None

    def apply(self, case: Case, *, seed: int) -> Case:
        """The case in this disguise.

        Raises:
            AttackError: The disguised case would be none, such as under a name too long.
        """
        *before, last = case.turns
        dice = Dice(owner=self.name, text=last.text, seed=seed)
        said = dataclasses.replace(
            last,
            speaker=self.speaker or last.speaker,
            text=dice.pick(self.frames).replace(SLOT, self.encode(last.text, dice)),
        )
        script = [_spoken(turn, last.text) for turn in dice.pick(self.script)]
        return disguised(case, self.name, (*before, *script, said))

    def recover(self, case: Case) -> str | None:
        """What the last turn says under this disguise; None where it does not wear it."""
        if self.decode is None:
            return None
        said = case.turns[-1].text
        for frame in self.frames:
            before, _, after = frame.partition(SLOT)
            fits = said.startswith(before) and said.endswith(after)
            if fits and len(said) >= len(before) + len(after):
                try:
                    return self.decode(said[len(before) : len(said) - len(after)])
                except ValueError:
                    continue
        return None


def disguised(case: Case, attack: str, turns: Sequence[Turn]) -> Case:
    """The case with other turns, under a name and an ``attack`` that tell how it came to them.

    Where a case as it comes states no intent, what it says is its intent.

    Raises:
        AttackError: It would be no case.
    """
    worn = case.slice(SLICE)
    value = f"{worn}+{attack}" if worn else attack
    others = [one for one in case.slices if one.slice != SLICE]
    slices = sorted([*others, SliceValue(slice=SLICE, value=value)], key=lambda one: one.slice)
    try:
        return dataclasses.replace(
            case,
            id=f"{case.id}+{attack}",
            turns=tuple(turns),
            slices=tuple(slices),
            intent=case.intent if worn else case.intent or case.turns[-1].text,
        )
    except (InvalidRecordError, ValidationError) as error:
        fault = f"what it makes of {case.id} is no case, or its name is over 200 characters"
        raise AttackError(attack, fault) from error


def _spoken(turn: Turn, request: str) -> Turn:
    return dataclasses.replace(turn, text=turn.text.replace(SLOT, request))
