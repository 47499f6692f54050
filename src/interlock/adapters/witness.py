"""A witness: it remembers the newest tree of each log, and vouches only for what continues it."""

import hashlib
from collections.abc import Iterable
from http import HTTPStatus
from pathlib import Path

from interlock.adapters.clock import Clock
from interlock.adapters.files import alone, replace
from interlock.adapters.remote import Answer
from interlock.adapters.witness_wire import SIZE_TYPE, Submission
from interlock.errors import BadRequestError, InvalidCheckpointError, InvalidProofError
from interlock.ledger import (
    EMPTY_ROOT,
    Checkpoint,
    NoteKey,
    Signer,
    claimed_checkpoint,
    cosign,
    verify_consistency,
)

_PLAIN = "text/plain"


class Witness:
    """What a witness answers, as C2SP tlog-witness says; every answer rests on what is on disk.

    Whoever loses the folder must retire the key with it: a witness that forgot
    would vouch for a log that went back.

    Args:
        folder: Its memory, one file a log; it must exist.
        name: Name of its key.
        signer: Its key.
        logs: The keys of the logs it knows.
        clock: Tells the time of its cosignatures.
    """

    def __init__(
        self, folder: Path, *, name: str, signer: Signer, logs: Iterable[NoteKey], clock: Clock
    ) -> None:
        self._folder, self._name, self._signer, self._clock = folder, name, signer, clock
        self._logs: dict[str, list[NoteKey]] = {}
        for key in logs:
            self._logs.setdefault(key.name, []).append(key)

    def answer(self, body: bytes) -> Answer:
        """What to answer to an ``add-checkpoint`` request.

        200 with the cosignature, which is on disk by then; 400 malformed, or
        the old size is over the new; 403 no key of the log signed it; 404
        unknown log; 409 the old size is not the one cosigned last, which the
        body then says, or it is and the tree is another; 422 the proof does not
        show that the log only grew.
        """
        try:
            asked = Submission.parse(body)
            origin = claimed_checkpoint(asked.note).origin
        except (BadRequestError, InvalidCheckpointError) as error:
            return _said(HTTPStatus.BAD_REQUEST, str(error))
        if origin not in self._logs:
            return _said(HTTPStatus.NOT_FOUND, f"the log {origin} is not known here")
        checkpoint = self._opened(asked.note, self._logs[origin])
        if checkpoint is None:
            return _said(HTTPStatus.FORBIDDEN, f"no key of {origin} signed it")
        if asked.old_size > checkpoint.size:
            return _said(HTTPStatus.BAD_REQUEST, "its old size is over its size")
        with alone(self._folder / ".lock"):
            refusal = _refusal(asked, checkpoint, self._last(origin))
            return self._cosigned(origin, asked.note) if refusal is None else refusal

    def latest(self, named: str) -> str | None:
        """The note cosigned last of the log whose origin has this SHA-256, in hex."""
        known = {_hash(origin): origin for origin in self._logs}
        path = self._path(known[named]) if named in known else None
        return path.read_text("utf-8") if path is not None and path.exists() else None

    def _opened(self, note: str, keys: list[NoteKey]) -> Checkpoint | None:
        for key in keys:
            try:
                return key.opens(note)
            except InvalidCheckpointError:
                continue
        return None

    def _last(self, origin: str) -> Checkpoint:
        path = self._path(origin)
        if not path.exists():
            return Checkpoint(origin, 0, EMPTY_ROOT)
        return claimed_checkpoint(path.read_text("utf-8"))

    def _cosigned(self, origin: str, note: str) -> Answer:
        made = cosign(note, signer=self._signer, name=self._name, time=self._clock.now())
        replace(self._path(origin), made.encode(), private=True)
        return Answer(HTTPStatus.OK, _PLAIN, made.removeprefix(note).encode())

    def _path(self, origin: str) -> Path:
        return self._folder / f"{_hash(origin)}.note"


def _refusal(asked: Submission, new: Checkpoint, last: Checkpoint) -> Answer | None:
    """Why a checkpoint is not vouched for, if it is not."""
    if asked.old_size != last.size:
        return Answer(HTTPStatus.CONFLICT, SIZE_TYPE, b"%d\n" % last.size)
    if new.size == last.size and new.root != last.root:
        status = HTTPStatus.CONFLICT if new.size else HTTPStatus.UNPROCESSABLE_ENTITY
        return _said(status, f"another tree of {new.size} entries is known")
    if asked.old_size == 0 or new.size == last.size:
        shown = not asked.proof
    else:
        shown = _continues(last, new, asked.proof)
    return None if shown else _said(HTTPStatus.UNPROCESSABLE_ENTITY, "its proof does not hold")


def _continues(last: Checkpoint, new: Checkpoint, proof: tuple[bytes, ...]) -> bool:
    try:
        verify_consistency((last.size, last.root), (new.size, new.root), proof)
    except InvalidProofError:
        return False
    return True


def _said(status: HTTPStatus, words: str) -> Answer:
    return Answer(status, _PLAIN, f"{words}\n".encode())


def _hash(origin: str) -> str:
    return hashlib.sha256(origin.encode()).hexdigest()
