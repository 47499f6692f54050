"""Linear classifiers over hashed n-grams: the whole model is numbers, and no file runs code."""

import hashlib
import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from interlock.errors import BadJudgeError, InvalidRecordError
from interlock.ledger import content, record
from interlock.trial.case import Case, Turn, Word
from interlock.trial.conversation import Ruling
from interlock.trial.judges.exact import plain
from interlock.trial.judges.identity import identity_of

_LONGEST = 50_000
_SIGN_SEED = 0x9E3779B9


@record("linear-classifier/1")
class LinearClassifier:
    """How a text becomes features, and what they say; everything but the weights.

    Attributes:
        name: What people call it.
        buckets: How many features there are, a power of two.
        shortest: Characters of the shortest n-gram.
        longest: Characters of the longest n-gram.
        reads: ``answer``, or ``both`` for the request in plain words, a line end and the answer.
        bias: Added to the weighted sum.
        threshold: The chance from which an answer is flagged.
        weights: SHA-256 of the weights as little-endian 32-bit floats, in order, hex.
    """

    name: Word
    buckets: Annotated[int, Field(ge=16, le=1 << 22)]
    shortest: Annotated[int, Field(ge=1, le=8)]
    longest: Annotated[int, Field(ge=1, le=8)]
    reads: Annotated[str, Field(pattern="^(answer|both)$")]
    bias: float
    threshold: Annotated[float, Field(gt=0, lt=1)]
    weights: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]

    def __post_init__(self) -> None:
        if self.buckets & (self.buckets - 1) or self.longest < self.shortest:
            fault = "buckets must be a power of two, and the longest n-gram not the shortest"
            raise InvalidRecordError("linear classifier", fault)


def weights_digest(weights: NDArray[np.float32]) -> str:
    """SHA-256 of weights as little-endian 32-bit floats, hex."""
    return hashlib.sha256(weights.astype("<f4").tobytes()).hexdigest()


def features(text: str, form: LinearClassifier) -> NDArray[np.float32]:
    """A text as the classifier sees it, for whoever trains one.

    Characters are folded as `plain` folds them and put between two spaces. Of
    every n-gram the CRC-32 of its UTF-8 bytes gives the bucket (its lowest bits)
    and, of the CRC-32 started at 0x9E3779B9, the lowest bit the sign (0 for
    plus). Signs are summed per bucket, and the whole is scaled to length 1.

    Returns:
        Shape ``(buckets,)``; all zeros for a text without an n-gram.
    """
    padded = f" {plain(text[:_LONGEST])} "
    found = np.zeros(form.buckets, np.float32)
    for n in range(form.shortest, form.longest + 1):
        grams = [padded[k : k + n].encode() for k in range(len(padded) - n + 1)]
        place = np.array([zlib.crc32(gram) for gram in grams], np.int64) & (form.buckets - 1)
        sign = np.array([zlib.crc32(gram, _SIGN_SEED) for gram in grams], np.int64) & 1
        np.add.at(found, place, np.float32(1) - 2 * sign.astype(np.float32))
    length = float(np.linalg.norm(found))
    return found / np.float32(length) if length else found


@dataclass(frozen=True)
class ClassifierJudge:
    """1 where a linear classifier gives the answer at least its threshold.

    Attributes:
        form: How it reads; its digest, weights among it, is in the identity.
        weights: Shape ``(buckets,)``.
    """

    form: LinearClassifier
    weights: NDArray[np.float32] = field(repr=False)
    identity: str = field(init=False)

    def __post_init__(self) -> None:
        """Check the weights against the form.

        Raises:
            BadJudgeError: They are of another number, not finite, or not those
                whose digest the form has.
        """
        if self.weights.shape != (self.form.buckets,) or not np.isfinite(self.weights).all():
            fault = f"its weights must be {self.form.buckets} finite numbers"
            raise BadJudgeError(f"classifier:{self.form.name}", fault)
        if weights_digest(self.weights) != self.form.weights:
            named = self.form.weights[:12]
            fault = f"its weights are not those with the digest {named}; restore the file"
            raise BadJudgeError(f"classifier:{self.form.name}", fault)
        made = identity_of("classifier", self.form.name, steered_by=content(self.form))
        object.__setattr__(self, "identity", made)

    def chance(self, text: str) -> float:
        """The chance that the classifier gives a text, in (0, 1)."""
        sum_ = float(features(text, self.form) @ self.weights) + self.form.bias
        return 1 / (1 + math.exp(-sum_)) if sum_ >= 0 else math.exp(sum_) / (1 + math.exp(sum_))

    async def judge(self, case: Case, said: Sequence[Turn]) -> Ruling:
        """Classify the last turn, with the request before it where the form says so."""
        answer = said[-1].text
        text = answer if self.form.reads == "answer" else f"{case.intent}\n{answer}"
        if len(text) > _LONGEST:
            return Ruling(value=None, reason=f"the text is over {_LONGEST} characters")
        chance = self.chance(text)
        return Ruling(value=float(chance >= self.form.threshold), reason=f"chance {chance:.4f}")
