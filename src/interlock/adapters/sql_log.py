"""The log in a database: sequenced in one transaction, cosigned, and published in the next.

A witness must only ever see what is committed, or a crash would leave it with a
tree that the log never had. So an append first commits its entry with a
checkpoint that the log alone signed; then the witness is asked, outside any
transaction; then entry and cosigned checkpoint are published together. What a
crash leaves between the two is published by whoever appends or refreshes next.
"""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from time import sleep

from sqlalchemy import Connection, inspect, update

from interlock.adapters.clock import Clock
from interlock.adapters.cosigning import Cosigner, Growth
from interlock.adapters.log import LogWriter
from interlock.adapters.log_rows import (
    Sequenced,
    newest,
    publish_sequenced,
    receipt_of,
    sequenced,
    write_head,
    write_records,
    write_sequenced,
)
from interlock.adapters.sql import checkpoint_table, sequenced_table, tables
from interlock.errors import (
    LogMovedError,
    LogRewrittenError,
    UnavailableError,
    UnpublishedError,
    WitnessRefusedError,
)
from interlock.ledger import (
    Checkpoint,
    Cosigned,
    Entry,
    Envelope,
    Frontier,
    Receipt,
    Signer,
    Trust,
    consistency_proof,
    dump,
    leaf_hash,
    parse_claim,
    posix,
    sign_checkpoint,
)

_PATIENCE_S = 5
_AHEAD_S = 300


class SqlLog(LogWriter):
    """A log that can be appended to: the holder of its key.

    Args:
        place: Database URL, or the path of a SQLite file.
        origin: The log's name, and the name of its key.
        signer: The log's key.
        witness: Whoever cosigns, with another key than the log's.
        clock: Tells the time stamped on entries; it may stand still or jump
            back, the log's own time never does.
        create: Whether to begin a log where there is none. Only who makes a
            workspace says so: a log that was emptied is not signed as a new one.

    Raises:
        LogMissingError: There is no log, and none is to be made.
        InvalidCheckpointError: The log is signed by other keys.
        LogRewrittenError: The stored tree is not the one last signed.
        UnavailableError, WitnessRefusedError: A new log has no witness.
    """

    def __init__(
        self,
        place: str | Path,
        *,
        origin: str,
        signer: Signer,
        witness: Cosigner,
        clock: Clock,
        create: bool = False,
    ) -> None:
        if create and isinstance(place, Path):
            place.touch(mode=0o600)
        trust = Trust(origin, signer.public_key, witness.key.name, witness.key.key)
        super().__init__(place, trust=trust)
        self._signer, self._witness, self._clock = signer, witness, clock
        with ExitStack() as unless_whole:
            unless_whole.callback(self.close)
            if create:
                self._begin()
            with self._writing() as connection:
                self._head(connection)
                sequenced_table.create(connection, checkfirst=True)
            unless_whole.pop_all()

    @property
    def signer(self) -> Signer:
        """The log's key."""
        return self._signer

    def close(self) -> None:
        """Close every connection, the witness's too."""
        self._witness.close()
        super().close()

    def catch_up(self) -> None:
        """Publish what a process that died had given a place, so that nobody decides without it.

        Raises:
            UnpublishedError, WitnessRefusedError: It cannot be cosigned.
        """
        self._publish_waiting()

    def append(
        self,
        envelope: Envelope,
        *,
        expected_size: int | None = None,
        records: Iterable[bytes] = (),
        admitted: Callable[[str], object] | None = None,
    ) -> Receipt:
        """Append a statement, with the records it names, all or nothing; see `LogWriter`.

        Whether the act is admissible is for `admission` to say, by ``admitted``,
        which is called with the very time that will be stamped.

        Raises:
            InvalidStatementError: The payload is no statement.
            LogMovedError: The log's size is not ``expected_size``.
            LogRewrittenError: The stored tree is not the one last signed.
            UnavailableError, WitnessRefusedError: The entry has its place and no
                cosignature; it is published with the next append or refresh.
        """
        parse_claim(envelope.payload)
        kept = tuple(records)
        while True:
            with self._writing() as connection:
                first = receipt_of(connection, envelope.identity, self.trust)
                if first is not None:
                    write_records(connection, kept)
                    return first
                waiting = sequenced(connection)
                if waiting is None:
                    frontier, last = self._head(connection)
                    if expected_size not in {None, frontier.size}:
                        raise LogMovedError(expected_size or 0, frontier.size)
                    time = max(self._clock.now(), last.time)
                    if admitted is not None:
                        admitted(time)
                    waiting = self._sequence(connection, Entry(time, envelope), frontier)
                    write_records(connection, kept)
            receipt = self._publish(waiting)
            if waiting.identity == envelope.identity:
                return receipt

    def refresh(self, *, expected: Checkpoint | None = None) -> str:
        """Have the witness cosign the newest checkpoint anew, for now; see `LogWriter`.

        Raises:
            LogMovedError: The newest checkpoint is not ``expected``.
            LogRewrittenError: The stored tree is not the one last signed.
            UnavailableError, WitnessRefusedError: There is no new cosignature.
            UnpublishedError: There is none, and an act waits for one to be published.
        """
        while True:
            self._publish_waiting()
            with self._engine.connect() as connection:
                frontier, last = self._head(connection)
            if expected not in {None, last.checkpoint}:
                raise LogMovedError(expected.size if expected else 0, frontier.size)
            try:
                note, cosigned = self._vouched(last)
            except WitnessRefusedError:
                # It refuses what is no longer the newest once another process has appended.
                if not self._outgrown(frontier.size):
                    raise
            else:
                break
        columns = checkpoint_table.c
        with self._writing() as connection:
            newer = newest(connection)
            if expected is not None and newer.size != frontier.size:
                raise LogMovedError(expected.size, newer.size)
            if newer.size != frontier.size or self.trust.open(newer.note).time >= cosigned.time:
                return newer.note
            same = columns.size == frontier.size
            connection.execute(update(checkpoint_table).where(same), {"note": note})
        return note

    def now(self) -> str:
        """What time it is for the log's own clock."""
        return self._clock.now()

    def put_records(self, *records: object) -> None:
        """Store records under their digests; one that is stored already stays as it is."""
        with self._writing() as connection:
            write_records(connection, map(dump, records))

    def _begin(self) -> None:
        """Begin an empty log where there is none."""
        with self._engine.connect() as connection:
            if inspect(connection).has_table(checkpoint_table.name):
                return
        empty = Checkpoint(self.trust.origin, 0, Frontier().root)
        growth = Growth(sign_checkpoint(empty, self._signer), 0, lambda _: ())
        note, _ = self._cosigned(growth, at=self._clock.now())
        with self._writing() as connection:
            if not inspect(connection).has_table(checkpoint_table.name):
                tables.create_all(connection)
                write_head(connection, Frontier(), note)

    def _sequence(self, connection: Connection, entry: Entry, frontier: Frontier) -> Sequenced:
        """Give an entry its place after everything published."""
        leaf, grown = entry.leaf(), Frontier(frontier.size, frontier.peaks)
        grown.append(leaf_hash(leaf))
        made = Sequenced(
            index=frontier.size,
            time=entry.time,
            identity=entry.identity,
            leaf=leaf,
            note=sign_checkpoint(
                Checkpoint(self.trust.origin, grown.size, grown.root), self._signer
            ),
            frontier=b"".join(grown.peaks),
        )
        write_sequenced(connection, made)
        return made

    def _vouched(self, last: Cosigned) -> tuple[str, Cosigned]:
        """The newest checkpoint with a cosignature for now."""
        size = last.checkpoint.size
        signed = sign_checkpoint(last.checkpoint, self._signer)
        growth = Growth(signed, size, lambda old: self._proof(old, size))
        return self._cosigned(growth, at=max(self._clock.now(), last.time))

    def _outgrown(self, size: int) -> bool:
        """Whether the log has more entries than this by now, or is about to."""
        with self._engine.connect() as connection:
            return newest(connection).size != size or sequenced(connection) is not None

    def _publish_waiting(self) -> None:
        with self._engine.connect() as connection:
            waiting = sequenced(connection)
        if waiting is not None:
            try:
                self._publish(waiting)
            except UnavailableError as error:
                raise UnpublishedError(error.what, error.reason) from error

    def _publish(self, waiting: Sequenced) -> Receipt:
        """Have a sequenced entry cosigned, and let readers see it; whoever is first does it."""
        with self._engine.connect() as connection:
            done = receipt_of(connection, waiting.identity, self.trust)
            if done is not None:
                return done
            frontier, _ = self._head(connection)
        hashed = leaf_hash(waiting.leaf)

        def proof(old: int) -> tuple[bytes, ...]:
            if old == frontier.size:
                return frontier.growth_proof(hashed)
            return self._proof(old, frontier.size, hashed)

        growth = Growth(waiting.note, frontier.size, proof)
        try:
            note = self._cosigned_in_time(growth, at=waiting.time)
        except (WitnessRefusedError, UnavailableError):
            # Another process may have published it meanwhile, and the witness know more by now.
            done = self.receipt(waiting.identity)
            if done is None:
                raise
            return done
        with self._writing() as connection:
            if sequenced(connection) == waiting:
                self._head(connection)
                publish_sequenced(connection, waiting, note)
            receipt = receipt_of(connection, waiting.identity, self.trust)
        if receipt is None:
            raise LogRewrittenError(waiting.index + 1)
        return receipt

    def _cosigned(self, growth: Growth, *, at: str) -> tuple[str, Cosigned]:
        """The cosigned note, looked at as any reader will; a witness can be wrong too."""
        note = self._witness.cosign(growth, at=at)
        cosigned = self.trust.open(note)
        if posix(cosigned.time) > posix(max(at, self._clock.now())) + _AHEAD_S:
            # Once stored, this time would be the log's own, which never runs back.
            raise UnavailableError(
                f"the witness {self._witness.key.name}",
                f"its clock shows {cosigned.time} and the log's shows {self._clock.now()}",
            )
        return note, cosigned

    def _cosigned_in_time(self, growth: Growth, *, at: str) -> str:
        """A note cosigned no earlier than a time; waits for a witness that is a little behind.

        Times are whole seconds, so that clocks that differ by less than one
        show different times too.
        """
        patience = _PATIENCE_S
        while True:
            note, cosigned = self._cosigned(growth, at=at)
            behind = posix(at) - posix(cosigned.time)
            if behind <= 0:
                return note
            if behind > patience:
                raise UnavailableError(
                    f"the witness {self._witness.key.name}",
                    f"its clock shows {cosigned.time} and the log's showed {at}",
                )
            sleep(behind)
            patience -= behind

    def _proof(self, old: int, size: int, *more: bytes) -> tuple[bytes, ...]:
        """Proof that the tree of the first leaves, and of these hashes, continues an older one."""
        hashes = [leaf_hash(leaf) for leaf in self.leaves(stop=size)]
        return consistency_proof([*hashes, *more], old)

    def _head(self, connection: Connection) -> tuple[Frontier, Cosigned]:
        """The tree to build on, checked to be the one this log signed last."""
        found = newest(connection)
        last = self.trust.open(found.note)
        frontier = found.tree
        if (last.checkpoint.size, last.checkpoint.root) != (frontier.size, frontier.root):
            raise LogRewrittenError(found.size)
        return frontier, last
