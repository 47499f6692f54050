"""A team's log, as a member sees it: a copy of one's own, kept up with the service that appends."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from itertools import count
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlencode

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import DatabaseError, OperationalError

from interlock.adapters import log_wire as wire
from interlock.adapters.log import LogWriter
from interlock.adapters.log_rows import Head, newest, write_head, write_record_bytes
from interlock.adapters.remote import Answer, Remote
from interlock.adapters.sql import checkpoint_table, entry_table, tables
from interlock.admission import Recovery, Root, fold
from interlock.errors import (
    DamagedCopyError,
    InvalidCheckpointError,
    InvalidProofError,
    LogMissingError,
    LogMovedError,
    LogRewrittenError,
    LogRolledBackError,
    RecordMissingError,
    RefusedActError,
    ServiceRefusedError,
    TokenRefusedError,
    UnavailableError,
    UnpublishedError,
    WitnessRefusedError,
)
from interlock.ledger import (
    Checkpoint,
    Entry,
    Envelope,
    Frontier,
    Receipt,
    inclusion_proof,
    leaf_hash,
)


class TeamLog(LogWriter):
    """A copy of a team's log in a SQLite file, which grows with the log and is never believed.

    Every reading asks the service for its newest checkpoint first, and fetches
    what is new up to it. Where the service is out of reach the copy is read as
    it last was, and `unreachable` says so. Acts go to the service.

    Args:
        place: The copy's file; made if absent.
        root: Under which root the log is read.
        url: The service.
        token: File with the service's token, if it wants one.

    Raises:
        BadTokenError: There is such a file, and no token in it.
        DamagedCopyError: The copy's file is no database.
    """

    def __init__(self, place: Path, *, root: Root, url: str, token: Path) -> None:
        place.touch(mode=0o600)
        super().__init__(place, trust=root.trust)
        self._root, self._place, self._token, self._unreachable = root, place, token, ""
        shown = wire.read_token(token)
        known = None if shown is None else {"Authorization": f"Bearer {shown}"}
        self._remote = Remote(url, name="the log service", headers=known)
        try:
            with self._writing() as connection:
                tables.create_all(connection)
        except DatabaseError as error:
            self.close()
            if isinstance(error, OperationalError):
                raise
            raise DamagedCopyError(str(place), str(error.orig)) from error

    def close(self) -> None:
        """Close every connection."""
        self._remote.close()
        super().close()

    @property
    def unreachable(self) -> str:
        """As of when the log is seen, and why not as it is; empty where it is seen as it is."""
        return self._unreachable

    def catch_up(self) -> None:
        """Fetch what is new on the log, if its service can be reached.

        Raises:
            UnavailableError: It cannot, and there is no copy yet.
            TokenRefusedError: The service wants a token.
            InvalidCheckpointError: The service's log is signed by other keys.
            LogRolledBackError: The service's log is not a continuation of the copy,
                and no recovery on it owns up to that.
            LogRewrittenError: Its leaves are not those its checkpoint promises.
        """
        try:
            self._follow()
        except UnavailableError as error:
            mine = self._mine()
            if mine is None:
                raise
            self._cut_off(error, mine)
        else:
            self._unreachable = ""

    def _cut_off(self, error: UnavailableError, mine: Head | None) -> None:
        """Remember as of when the log is seen, and who is out of reach."""
        if mine is not None:
            seen = self.trust.open(mine.note)
            self._unreachable = (
                f"as of checkpoint {seen.checkpoint.size}, {seen.time}: "
                f"{error.what} cannot be reached ({error.reason})"
            )

    def append(
        self,
        envelope: Envelope,
        *,
        expected_size: int | None = None,
        records: Iterable[bytes] = (),
        admitted: Callable[[str], object] | None = None,
    ) -> Receipt:
        """Have the service put a statement on the log; see `LogWriter`.

        The service asks whether it is admissible, on its own reading of the log
        and with its own time.

        Raises:
            RefusedActError, LogMovedError, ServiceRefusedError: The service refuses.
            UnavailableError: It does not answer; the act may be on the log or not.
            WitnessRefusedError: The witness has seen another log than it shows.
            InvalidProofError: Its receipt does not hold.
        """
        request = wire.Request(envelope, tuple(records), expected_size)
        answer = self._answered("POST", wire.STATEMENTS, request.to_bytes())
        time, receipt = wire.read_promise(answer.body)
        try:
            receipt.check(Entry(time, envelope), self.trust)
        except InvalidProofError:
            # The same statement may stand there with the signature of somebody else.
            self.catch_up()
            found = list(self.entries(receipt.index, receipt.index + 1))
            if [each.identity for each in found] != [envelope.identity]:
                raise
            receipt.check(found[0], self.trust)
        return receipt

    def refresh(self, *, expected: Checkpoint | None = None) -> str:
        """Have the service get a new cosignature; see `LogWriter`.

        Raises:
            LogMovedError: The newest checkpoint is not ``expected``.
            UnavailableError: The service or its witness is out of reach, which
                `unreachable` says from now on.
            UnpublishedError: The same, and an act waits to be published.
            WitnessRefusedError: The witness has seen another log than it shows.
        """
        mine = self._mine()
        try:
            note = self._answered("POST", wire.REFRESH, wire.expectation(expected)).text
        except UnavailableError as error:
            self._cut_off(error, mine)
            raise
        if not self._take_in(note, mine):
            self.catch_up()
        return note

    def peel(self, data: bytes, engagement: str) -> bytes:
        """Have the service take the log's own layer off sealed figures; see `peeled`.

        Args:
            data: The sealed file.
            engagement: Statement identity of the engagement.

        Raises:
            ServiceRefusedError: No act on the log unseals them, or the file is another.
            UnavailableError: The service is out of reach.
        """
        return self._answered("POST", f"{wire.PEELED}/{engagement}", data).body

    def receipt(self, identity: str) -> Receipt | None:
        """A receipt of a statement in the tree of the newest checkpoint here."""
        note = self.note()
        size = self.trust.open(note).checkpoint.size
        index = entry_table.c.index
        with self._engine.connect() as connection:
            at = connection.scalar(select(index).where(entry_table.c.identity == identity))
        if at is None or at >= size:
            return None
        hashes = [leaf_hash(leaf) for leaf in self.leaves(stop=size)]
        return Receipt(at, inclusion_proof(hashes, at), note)

    def record_bytes(self, named: str) -> bytes:
        """The canonical bytes of the record with this digest, fetched where they are not here.

        Raises:
            RecordMissingError: The service does not have it either.
            UnavailableError: The service is out of reach.
        """
        try:
            return super().record_bytes(named)
        except RecordMissingError:
            answer = self._remote.ask("GET", f"{wire.RECORDS}/{named}")
        if answer.status == HTTPStatus.NOT_FOUND:
            raise RecordMissingError(named)
        data = self._checked(answer).body
        if hashlib.sha256(data).hexdigest() != named:
            raise RecordMissingError(named)
        with self._writing() as connection:
            write_record_bytes(connection, {named: data})
        return data

    def copy_to(self, path: Path) -> None:
        """Copy the log as it is now with every record of it, fetched where they are not here.

        Raises:
            UnavailableError: The service is out of reach; a copy without every
                record would be none.
        """
        self.catch_up()
        for named in self._got(wire.RECORDS).text.split():
            self.record_bytes(named)
        super().copy_to(path)

    def _follow(self) -> None:
        """Fetch what is new until the copy holds it, whatever other processes of this user write.

        The copy is read before the service is asked, or what another process
        takes in between the two would look like a rollback.
        """
        while True:
            mine = self._mine()
            if self._take_in(self._got(wire.CHECKPOINT).text, mine):
                return

    def _take_in(self, note: str, mine: Head | None) -> bool:
        """Let the copy grow to the log of a note, unless another process changed it meanwhile.

        Args:
            note: The service's newest note.
            mine: The copy's head, as it was before the service was asked.

        Returns:
            Whether the copy was what it was; else nothing is written.
        """
        shown, frontier = self.trust.open(note).checkpoint, mine.tree if mine else Frontier()
        if mine and self.trust.open(mine.note).checkpoint == shown:
            self._restamp(note)
            return True
        leaves = self._fetched(frontier.size, shown.size)
        for leaf in leaves:
            frontier.append(leaf_hash(leaf))
        if (frontier.size, frontier.root) != (shown.size, shown.root):
            frontier, leaves = self._other(shown, known=mine.size if mine else 0)
        return self._write(note, frontier, leaves, mine=mine)

    def _other(self, shown: Checkpoint, *, known: int) -> tuple[Frontier, list[bytes]]:
        """A log that does not continue the copy, if its root keys have owned up to that."""
        leaves = self._fetched(0, shown.size)
        state = fold(map(Entry.parse, leaves), root=self._root)
        if state.size != shown.size or state.frontier.root != shown.root:
            raise LogRewrittenError(shown.size)
        admitted = (each.act for each in state.of(Recovery))
        if known and not any(each.size < known <= each.lost_size for each in admitted):
            raise LogRolledBackError(self._root.origin, known, shown.size)
        return state.frontier, leaves

    def _write(
        self, note: str, frontier: Frontier, leaves: list[bytes], *, mine: Head | None
    ) -> bool:
        """Write leaves after those that are there, or in the place of all that are kept aside."""
        start = frontier.size - len(leaves)
        entries = [Entry.parse(leaf) for leaf in leaves]
        rows = [
            {"index": start + k, "time": one.time, "identity": one.identity, "leaf": leaf}
            for k, (one, leaf) in enumerate(zip(entries, leaves, strict=True))
        ]
        with self._writing() as connection:
            if _stored(connection) != mine:
                return False
            if mine and start < mine.size:
                self._keep_aside()
                connection.execute(delete(entry_table))
            if rows:
                connection.execute(insert(entry_table), rows)
            connection.execute(delete(checkpoint_table))
            write_head(connection, frontier, note)
        return True

    def _keep_aside(self) -> None:
        """Copy the copy, as it was before the transaction that replaces it, under a free name."""
        names = (self._place.with_name(f"{self._place.name}.replaced-{n}") for n in count(1))
        super().copy_to(next(name for name in names if not name.exists()))

    def _restamp(self, note: str) -> None:
        """Keep a newer cosignature of the same tree."""
        new = self.trust.open(note)
        columns = checkpoint_table.c
        with self._writing() as connection:
            old = self.trust.open(newest(connection).note)
            if old.checkpoint == new.checkpoint and old.time < new.time:
                same = columns.size == new.checkpoint.size
                connection.execute(update(checkpoint_table).where(same), {"note": note})

    def _mine(self) -> Head | None:
        """The copy's newest note and tree, if it has one.

        One that contradicts itself is none: it is fetched anew, and whoever reads
        it holds it to the checkpoint seen last, which lies elsewhere.
        """
        with self._engine.connect() as connection:
            found = _stored(connection)
        if found is None or self._sound(found):
            return found
        with self._writing() as connection:
            if _stored(connection) == found:
                connection.execute(delete(entry_table))
                connection.execute(delete(checkpoint_table))
        return None

    def _sound(self, found: Head) -> bool:
        """Whether a stored tree is the one of the note beside it, and has its leaves."""
        try:
            noted, tree = self.trust.open(found.note).checkpoint, found.tree
        except (InvalidCheckpointError, InvalidProofError):
            return False
        with self._engine.connect() as connection:
            held = connection.scalar(select(func.count()).select_from(entry_table))
        return (noted.size, noted.root) == (tree.size, tree.root) and (held or 0) >= noted.size

    def _fetched(self, start: int, stop: int) -> list[bytes]:
        """Leaves from the service, in pages."""

        def pages() -> Iterator[bytes]:
            at = start
            while at < stop:
                where = urlencode({"start": at, "stop": min(stop, at + wire.PAGE)})
                page = self._got(f"{wire.LEAVES}?{where}").body.split(b"\n")
                if page == [b""]:
                    raise LogRewrittenError(stop)
                yield from page
                at += len(page)

        return list(pages())

    def _got(self, path: str) -> Answer:
        return self._answered("GET", path)

    def _answered(self, method: str, path: str, body: bytes | None = None) -> Answer:
        return self._checked(self._remote.ask(method, path, body))

    def _checked(self, answer: Answer) -> Answer:
        if answer.status >= HTTPStatus.BAD_REQUEST:
            self._refuse(answer)
        return answer

    def _refuse(self, answer: Answer) -> NoReturn:
        """Raise what the service said."""
        url, facts = self._remote.url, _facts(answer)
        code, message = str(facts.get("code", "http")), str(facts.get("message", answer.text[:200]))
        if answer.status == HTTPStatus.UNAUTHORIZED:
            raise TokenRefusedError(url, str(self._token))
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            kind = UnpublishedError if code == UnpublishedError.code else UnavailableError
            what = str(facts.get("what", f"the log service at {url}"))
            raise kind(what, str(facts.get("reason", message)))
        if code == WitnessRefusedError.code:
            raise WitnessRefusedError(str(facts.get("witness")), str(facts.get("reason")))
        if code == LogMovedError.code:
            raise LogMovedError(int(facts.get("expected", 0)), int(facts.get("size", 0)))
        if code == RefusedActError.code:
            raise RefusedActError(str(facts.get("reason")), str(facts.get("sentence")))
        raise ServiceRefusedError(url, code, message)


def _stored(connection: Connection) -> Head | None:
    try:
        return newest(connection)
    except LogMissingError:
        return None


def _facts(answer: Answer) -> dict[str, Any]:
    try:
        found = json.loads(answer.body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
