"""The registrar: decides, on its own reading of the log, what a service puts on it."""

import hashlib
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

from interlock.adapters.sealing import opener, peeled
from interlock.adapters.sql import lost
from interlock.adapters.sql_log import SqlLog
from interlock.admission import Assessment, Root, State, admit, fold, records_kept
from interlock.errors import (
    InterlockError,
    LogMovedError,
    LogRewrittenError,
    RecordMissingError,
    UnavailableError,
    UnnamedRecordError,
    UnsentRecordError,
)
from interlock.ledger import (
    Entry,
    Envelope,
    Receipt,
    build,
    load,
    parse,
    parse_claim,
)
from interlock.review import AssessmentManifest

T = TypeVar("T")

_PATIENCE_S = 30.0
_PAUSE_S = 0.2
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True)
class Registered:
    """A statement that is on the log.

    Attributes:
        entry: It, with the time that the log stamped on it.
        receipt: The log's promise.
    """

    entry: Entry
    receipt: Receipt


class Registrar:
    """Takes acts for a log, if every rule allows them; one at a time in each process.

    What it knows of the log it has read and folded itself, from the first
    entry, and it reads on from there; it believes no client.

    Args:
        log: The log.
        root: Under which root it is read.
    """

    def __init__(self, log: SqlLog, root: Root) -> None:
        self._log, self._state = log, State(root)

    def register(
        self,
        envelope: Envelope,
        *,
        records: Iterable[bytes] = (),
        expected_size: int | None = None,
    ) -> Registered:
        """Put a statement on the log, with the records it names.

        A statement that is there already changes nothing, so that a request
        can be sent again whenever its answer was lost; records that are missing
        of it are kept now.

        Args:
            envelope: The signed statement.
            records: Canonical bytes of records that it, or a record among
                them that is named, speaks of by digest.
            expected_size: The size the caller decided upon, if it must be that.

        Raises:
            RefusedActError: A rule forbids it, or it counts already as somebody else's.
            UnnamedRecordError, StrictJsonError: A record is not named, or is none.
            UnsentRecordError: A record that it takes is neither given nor kept already.
            LogMovedError: The log's size is not ``expected_size``.
            UnavailableError: The database or the witness is out of reach.
        """
        kept = named_records(envelope.payload, records)
        while True:
            state = persistently(self._caught_up)
            known = envelope.identity in state.accepted
            if expected_size not in {None, state.size} and not known:
                raise LogMovedError(expected_size or 0, state.size)
            # Checked again inside the transaction, with the very time that is stamped.
            admit(state, envelope, max(state.time, self._log.now()))
            if not known:
                self._check_complete(envelope.payload, kept)
            append = partial(
                self._log.append,
                envelope,
                expected_size=state.size,
                records=kept,
                admitted=partial(admit, state, envelope),
            )
            try:
                receipt = persistently(append)
            except LogMovedError:
                continue
            (entry,) = self._log.entries(receipt.index, receipt.index + 1)
            if entry.envelope != envelope:
                # It stood there before it was published, and maybe as another's.
                admit(persistently(self._caught_up), envelope, entry.time)
            return Registered(entry, receipt)

    def peel(self, data: bytes, engagement: str) -> bytes:
        """A sealed file without the log's own layer, if the log as read here unseals it.

        Raises:
            EngagementShutError: No act on the log does.
            SealedFileError: The file is not the one on the log.
            UnavailableError: The database is out of reach.
        """
        return peeled(data, persistently(self._caught_up), engagement, key=opener(self._log.signer))

    def _check_complete(self, payload: bytes, given: Iterable[bytes]) -> None:
        """Refuse an act of which a record would be missing.

        Raises:
            UnsentRecordError: One is.
        """
        claim, at_hand = parse_claim(payload), {_hash(data): data for data in given}

        def read(named: str) -> bytes:
            try:
                return at_hand.get(named) or self._log.record_bytes(named)
            except RecordMissingError as error:
                raise UnsentRecordError(named) from error

        act = build(claim.kind, claim.fields)
        for named in records_kept(act):
            data = persistently(partial(read, named))
            record = load(data) if isinstance(act, Assessment) else None
            for field in record.fields if isinstance(record, AssessmentManifest) else ():
                persistently(partial(read, field.digest))

    def _caught_up(self) -> State:
        """The log as it is published now."""
        checkpoint = self._log.trust.open(self._log.note()).checkpoint
        if checkpoint.size < self._state.size:
            # A database that was put back: what was read from it is no more.
            self._state = State(self._state.root)
        entries = self._log.entries(self._state.size, checkpoint.size)
        self._state = fold(entries, root=self._state.root, state=self._state)
        if self._state.frontier.root != checkpoint.root:
            raise LogRewrittenError(checkpoint.size)
        return self._state


def named_records(payload: bytes, records: Iterable[bytes]) -> tuple[bytes, ...]:
    """The records that an act names by digest, itself or through one another; no others are kept.

    Only whoever reads one needs to know its kind.

    Raises:
        StrictJsonError: One is no canonical JSON.
        UnnamedRecordError: Nothing names one.
    """
    named = _digests(payload)
    given = {_hash(data): data for data in records}
    kept: dict[str, bytes] = {}
    while reached := (given.keys() & named) - kept.keys():
        for name in sorted(reached):
            kept[name] = given[name]
            named |= _digests(given[name])
    for name in sorted(given.keys() - kept.keys()):
        raise UnnamedRecordError(name)
    return tuple(kept.values())


def persistently(work: Callable[[], T], *, alike: tuple[type[InterlockError], ...] = ()) -> T:
    """Do something that may be done twice, and wait for a database that is being restarted.

    Args:
        work: What to do.
        alike: Errors after which it is tried again too.

    Raises:
        UnavailableError: It does not come back within half a minute.
    """
    end = time.monotonic() + _PATIENCE_S
    while True:
        try:
            return work()
        except alike:
            if time.monotonic() > end:
                raise
        except DBAPIError as error:
            if not lost(error):
                raise
            if time.monotonic() > end:
                raise UnavailableError("the log's database", str(error.orig)) from error
        time.sleep(_PAUSE_S)


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _digests(data: bytes) -> set[str]:
    """Every text in some JSON that has the form of a digest."""
    found, open_ = set[str](), [parse(data)]
    while open_:
        value = open_.pop()
        if isinstance(value, str) and _DIGEST.fullmatch(value):
            found.add(value)
        elif isinstance(value, dict):
            open_ += [*value.values(), *value]
        elif isinstance(value, list):
            open_ += value
    return found
