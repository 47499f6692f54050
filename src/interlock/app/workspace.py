"""The workspace: a folder that holds things, and the one way an act gets onto its log."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from interlock.adapters.clock import Clock
from interlock.adapters.evidence import EvidenceStore, TextStore
from interlock.adapters.keys import FileSigner, KeyStore
from interlock.adapters.log import LogReader, LogWriter
from interlock.admission import Recovery, Root, State, admit, fold, statement_of
from interlock.charter import Charter, load_charter
from interlock.errors import (
    BelowMinimumError,
    InvalidEnvelopeError,
    LogMovedError,
    LogRewrittenError,
    LogTruncatedError,
    NotHolderError,
    RefusedActError,
    UnavailableError,
    UnpublishedError,
)
from interlock.ledger import Checkpoint, Cosigned, Receipt, Signer, audit, dump, sign

CHARTER_FILE = "charter/charter.yaml"
HIDDEN = ".interlock"
ROOT_KEY = "root"


@dataclass(frozen=True)
class Appended:
    """An act that is on the log.

    Attributes:
        identity: Its statement identity.
        receipt: The log's promise.
    """

    identity: str
    receipt: Receipt


@dataclass(frozen=True)
class Reading:
    """The log as it was found whole at one moment.

    Attributes:
        state: What it amounts to.
        cosigned: The checkpoint it is read up to.
        note: The same checkpoint as it is written and signed.
        waiting: Whether an act has its place on the log and cannot be read yet.
    """

    state: State
    cosigned: Cosigned
    note: str
    waiting: bool = False


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """Everything an action needs: the folder, its log, evidence and texts, and the user's keys.

    Attributes:
        folder: The workspace.
        log: The log; one that can be appended to where this user holds its keys.
        evidence: Observations, by digest.
        texts: Prompts and completions, apart from the evidence, by keyed digest.
        keys: The user's own keys for this workspace, and the last checkpoint seen.
        clock: Tells the time.
        root: The root that checks on this machine believe.
    """

    folder: Path
    log: LogReader
    evidence: EvidenceStore
    texts: TextStore
    keys: KeyStore
    clock: Clock
    root: Root
    _audited: dict[Checkpoint, State] = field(default_factory=dict, repr=False, compare=False)

    def close(self) -> None:
        """Let go of the log."""
        self.log.close()

    def path(self, name: str) -> Path:
        """A file of the workspace's folder."""
        return self.folder / name

    def state(self) -> State:
        """What the log amounts to now."""
        return self.read().state

    def read(self) -> Reading:
        """What the log amounts to, and the checkpoint it is read up to.

        The log is audited against the last checkpoint this user has seen, so
        that a log that was cut short or rewritten is noticed here and not by
        the auditor. What was read once is not read again: only what came since.

        Raises:
            UnavailableError: The log is a team's, its service is out of reach, and
                it was never read here before.
            LogRolledBackError, LogTruncatedError, LogRewrittenError,
            EntryRefusedError: The log is not the one seen before, or not whole.
            BelowMinimumError: It is less than the root knows it to be.
        """
        # In this order, or an append between the two would look like a rollback.
        since = self.keys.last_seen(self.root.origin)
        self.log.catch_up()
        note = self.log.note()
        cosigned = self.root.trust.open(note)
        state = self._audited.get(cosigned.checkpoint)
        if state is None:
            state = self._read_on(cosigned.checkpoint, since) or self._read_anew(note, since)
        if state.minimum_root != self.root.minimum_root_hash:
            raise BelowMinimumError(self.root.origin, self.root.minimum_size, state.size)
        recovery = self._owning_up(state, since)
        self.keys.saw(self.root.origin, note, since=since, recovery=recovery)
        self._audited.clear()
        self._audited[cosigned.checkpoint] = state
        return Reading(state, cosigned, note)

    def current(self) -> Reading:
        """The same, cosigned for now where this user can have that done.

        The witness vouches for the very tree that was audited: if another one
        is there by the time it signs, that one is audited first. Where nobody
        can be asked for a cosignature, the last one has its own age.

        Raises:
            WitnessRefusedError: The witness has seen another log than is shown here.
        """
        while True:
            found = self.read()
            if not isinstance(self.log, LogWriter) or self.log.unreachable:
                return found
            try:
                self.log.refresh(expected=found.cosigned.checkpoint)
            except LogMovedError:
                continue
            except UnavailableError as error:
                return replace(found, waiting=isinstance(error, UnpublishedError))
            return self.read()

    def charter(self) -> Charter:
        """The charter in the workspace's folder, which may be newer than the one in force."""
        path = self.path(CHARTER_FILE)
        return load_charter(path.read_bytes(), file=str(path))

    def person(self, name: str, passphrase: str) -> FileSigner:
        """The key with which a person signs."""
        return self.keys.open(name, passphrase)

    def root_key(self, passphrase: str) -> FileSigner:
        """The root key of this workspace, where this user holds it."""
        return self.keys.open(ROOT_KEY, passphrase)

    def append(self, act: object, signer: Signer, *, records: Iterable[object] = ()) -> Appended:
        """Sign an act and put it on the log, if every rule allows it.

        Args:
            act: The act. One that counts already changes nothing, and its first
                receipt is given again.
            signer: Whose act it is.
            records: Records the act names, stored with it.

        Raises:
            RefusedActError: A rule forbids the act, and nothing was written; or
                the statement is on the log already and has no effect.
            NotHolderError: This user does not hold the log's keys.
            UnavailableError: The log is a team's, and its service or the witness
                is out of reach; the act may be on the log or not.
        """
        if not isinstance(self.log, LogWriter):
            raise NotHolderError(self.root.origin)
        envelope = sign(statement_of(act), signer)
        kept = tuple(map(dump, records))
        while True:
            found = self.read()
            allowed = partial(admit, found.state, envelope)
            allowed(max(self.clock.now(), found.cosigned.time))
            try:
                receipt = self.log.append(
                    envelope, expected_size=found.state.size, records=kept, admitted=allowed
                )
            except LogMovedError:
                continue
            self._check_counts(envelope.identity)
            return Appended(envelope.identity, receipt)

    def _check_counts(self, identity: str) -> None:
        """Refuse to call done what stands on the log without effect."""
        state = self.state()
        if identity in state.accepted:
            return
        refused = next((each for each in state.refused if each.identity == identity), None)
        if refused is None:
            raise LogRewrittenError(state.size)
        raise RefusedActError(refused.reason, refused.sentence)

    def _read_on(self, checkpoint: Checkpoint, since: str | None) -> State | None:
        """The state at a checkpoint, read on from the one audited last, if that suffices.

        The tree that was audited is in memory, so a log that leads from it to the
        root hash promised is that log and what was appended to it. It does not
        suffice where another process has seen more than was read here.
        """
        if since is None or not self._audited:
            return None
        ((known, state),) = self._audited.items()
        if self.root.trust.open(since).checkpoint != known or known.size > checkpoint.size:
            return None
        try:
            entries = self.log.entries(known.size, checkpoint.size)
            found = fold(entries, root=self.root, state=state)
        except InvalidEnvelopeError:
            return None
        whole = (found.size, found.frontier.root) == (checkpoint.size, checkpoint.root)
        return found if whole else None

    def _read_anew(self, note: str, since: str | None) -> State:
        """The state of the log that a note promises, audited from its first leaf."""
        trust = self.root.trust
        checkpoint = trust.open(note).checkpoint
        try:
            audit(self.log.leaves(stop=checkpoint.size), note, trust, since=since)
        except (LogTruncatedError, LogRewrittenError):
            state = fold(self.log.entries(stop=checkpoint.size), root=self.root)
            if self._owning_up(state, since) is None:
                raise
            audit(self.log.leaves(stop=checkpoint.size), note, trust)
        else:
            state = fold(self.log.entries(stop=checkpoint.size), root=self.root)
        if state.frontier.root != checkpoint.root:
            raise LogRewrittenError(checkpoint.size)
        return state

    def _owning_up(self, state: State, since: str | None) -> Recovery | None:
        """The recovery that admits to the loss of a checkpoint seen before it, if there is one."""
        if since is None:
            return None
        seen = self.root.trust.open(since)
        return next(
            (
                each.act
                for each in state.of(Recovery)
                if seen.time <= each.time
                and each.act.size < seen.checkpoint.size <= each.act.lost_size
            ),
            None,
        )
