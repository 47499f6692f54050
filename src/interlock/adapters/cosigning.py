"""How a log comes by its cosignatures: one way for a witness beside it and one far away."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol

from interlock.adapters.remote import Answer, Remote
from interlock.adapters.witness_wire import ADD_CHECKPOINT, SIZE_TYPE, Submission, read_size
from interlock.errors import InvalidCheckpointError, UnavailableError, WitnessRefusedError
from interlock.ledger import NoteKey, Signer, claimed_checkpoint, cosign

_TRIES = 4


@dataclass(frozen=True)
class Growth:
    """What a witness is asked to vouch for.

    Attributes:
        note: The checkpoint, signed by the log.
        old_size: The size that the witness is thought to know.
        proof: Proves, for the size of any earlier tree but the empty one, that the
            log has only grown since.
    """

    note: str
    old_size: int
    proof: Callable[[int], tuple[bytes, ...]]


class Cosigner(Protocol):
    """A witness, as the log sees it."""

    @property
    def key(self) -> NoteKey:
        """The key with which it cosigns."""

    def cosign(self, growth: Growth, *, at: str) -> str:
        """The note with the witness's cosignature.

        Args:
            growth: What to vouch for.
            at: What time it is for the log; a witness has a clock of its own.

        Raises:
            UnavailableError: The witness cannot be asked.
            WitnessRefusedError: It does not vouch for this.
        """

    def close(self) -> None:
        """Let go of it."""


class OwnWitness:
    """A witness in the log's own process, with a key of its own and the log's clock.

    It vouches for the time of a checkpoint. It is no second opinion on what the
    log was before: who holds the log's key here holds the witness's too.
    """

    def __init__(self, name: str, signer: Signer) -> None:
        self._signer, self._key = signer, NoteKey.of_witness(name, signer.public_key)

    @property
    def key(self) -> NoteKey:
        """The key with which it cosigns."""
        return self._key

    def cosign(self, growth: Growth, *, at: str) -> str:
        """The note with the cosignature added, stamped with the log's own time."""
        return cosign(growth.note, signer=self._signer, name=self._key.name, time=at)

    def close(self) -> None:
        """Nothing is held."""


class RemoteWitness:
    """A witness on another machine, spoken to as C2SP tlog-witness says."""

    def __init__(self, url: str, key: NoteKey) -> None:
        self._remote, self._key = Remote(url, name=f"the witness {key.name}"), key

    @property
    def key(self) -> NoteKey:
        """The key with which it cosigns."""
        return self._key

    def cosign(self, growth: Growth, *, at: str) -> str:
        """The note with the witness's cosignature; what else it answers is thrown away.

        Raises:
            UnavailableError: The witness does not answer, or not as a witness does.
            WitnessRefusedError: It has seen another log than this, or does not know it.
        """
        size = claimed_checkpoint(growth.note).size
        old = min(growth.old_size, size)
        for _ in range(_TRIES):
            answer = self._asked(growth, old)
            if answer.status == HTTPStatus.OK:
                return self._joined(growth.note, answer)
            known = self._conflict(answer)
            if known > size:
                raise self._refused(f"it has seen {known} entries, and the log shows {size}")
            if known == old:
                raise self._refused(f"it has seen another log of {size} entries")
            old = known
        raise UnavailableError(f"the witness {self._key.name}", "it keeps naming other sizes")

    def close(self) -> None:
        """Close the connection to it."""
        self._remote.close()

    def _asked(self, growth: Growth, old: int) -> Answer:
        same = old == claimed_checkpoint(growth.note).size
        proof = growth.proof(old) if old and not same else ()
        body = Submission(old, proof, growth.note).to_bytes()
        return self._remote.ask("POST", ADD_CHECKPOINT, body)

    def _joined(self, note: str, answer: Answer) -> str:
        try:
            return self._key.joined(note, answer.text)
        except InvalidCheckpointError as error:
            raise self._refused("its answer carries no cosignature of its key") from error

    def _conflict(self, answer: Answer) -> int:
        """The size the witness knows, if that is its answer."""
        if answer.status == HTTPStatus.CONFLICT:
            known = read_size(answer.body) if answer.type == SIZE_TYPE else None
            if known is not None:
                return known
            raise self._refused("it has seen another log of this size")
        said = f"it answers {answer.status} {answer.text[:200].strip()}"
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS or answer.status >= 500:
            raise UnavailableError(f"the witness {self._key.name}", said)
        raise self._refused(said)

    def _refused(self, reason: str) -> WitnessRefusedError:
        return WitnessRefusedError(self._key.name, reason)
