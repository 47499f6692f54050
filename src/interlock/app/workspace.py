"""The workspace: a folder that holds things, and the one way an act gets onto its log."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from interlock.adapters.clock import Clock, SystemClock
from interlock.adapters.evidence import EvidenceStore, TextStore
from interlock.adapters.files import write_new
from interlock.adapters.keys import FileSigner, KeyStore
from interlock.adapters.log import LogReader, SqlLog
from interlock.admission import Accepted, Recovery, Root, State, admit, fold, statement_of
from interlock.charter import STANDARD_CHARTER, Charter, load_charter
from interlock.errors import LogMovedError, NotHolderError, NoWorkspaceError, WorkspaceTakenError
from interlock.ledger import (
    EMPTY_ROOT,
    Cosigned,
    Receipt,
    Signer,
    audit,
    base64_text,
    dump,
    load,
    sign,
)

SETTINGS = "interlock.yaml"
ROOT_FILE = "root.json"
CHARTER_FILE = "charter/charter.yaml"
FOLDERS = ("charter", "systems", "hypotheses", "assessments")

_HIDDEN = ".interlock"
_WITNESS = "witness.local"
_WEEK_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True)
class Appended:
    """An act that is on the log.

    Attributes:
        identity: Its statement identity.
        receipt: The log's promise.
    """

    identity: str
    receipt: Receipt


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """Everything an action needs: the folder, its log, evidence and texts, and the user's keys.

    Attributes:
        folder: The workspace.
        log: The log; one that can be appended to where this user holds its keys.
        evidence: Observations, by digest.
        texts: Prompts and completions, apart from the evidence, by keyed digest.
        keys: The user's own keys and the last checkpoint seen.
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

    def close(self) -> None:
        """Let go of the log."""
        self.log.close()

    def path(self, name: str) -> Path:
        """A file of the workspace's folder."""
        return self.folder / name

    def refresh(self) -> None:
        """Have the witness cosign the log as it is now, where this user holds its keys."""
        if isinstance(self.log, SqlLog):
            self.log.refresh()

    def state(self) -> State:
        """What the log amounts to now."""
        return self.read()[0]

    def read(self) -> tuple[State, Cosigned]:
        """What the log amounts to, and the checkpoint it is read up to.

        The log is audited against the last checkpoint this user has seen, so
        that a log that was cut short or rewritten is noticed here and not by
        the auditor.

        Raises:
            LogRolledBackError, AuditError: The log is not the one seen before.
        """
        note = self.log.note()
        cosigned = self.root.trust.open(note)
        size = cosigned.checkpoint.size
        state = fold(self.log.entries(stop=size), root=self.root)
        recovery = next(reversed(list(state.of(Recovery))), None)
        since = self.keys.last_seen(self.root.origin)
        if since is not None and recovery is not None and self._lost(since, recovery):
            since = None
        audit(self.log.leaves(stop=size), note, self.root.trust, since=since)
        self.keys.saw(self.root.origin, note, recovery=recovery.act if recovery else None)
        return state, cosigned

    def admit_loss(self, recovery: Recovery, signer: Signer) -> Appended:
        """Put the admission of a loss on a restored log; until then it is believed by nobody.

        Raises:
            RefusedActError: The recovery speaks of another tree, or too few
                root keys signed it.
        """
        if not isinstance(self.log, SqlLog):
            raise NotHolderError(self.root.origin)
        envelope = sign(statement_of(recovery), signer)
        state = fold(self.log.entries(), root=self.root)
        admit(state, envelope, max(self.clock.now(), state.time))
        receipt = self.log.append(envelope, expected_size=state.size)
        self.keys.saw(self.root.origin, receipt.note, recovery=recovery)
        return Appended(envelope.identity, receipt)

    def _lost(self, since: str, recovery: Accepted[Recovery]) -> bool:
        """Whether a later recovery admits to the loss of a checkpoint seen before it."""
        seen = self.root.trust.open(since)
        size = seen.checkpoint.size
        return seen.time <= recovery.time and recovery.act.size < size <= recovery.act.lost_size

    def charter(self) -> Charter:
        """The charter in the workspace's folder, which may be newer than the one in force."""
        path = self.path(CHARTER_FILE)
        return load_charter(path.read_bytes(), file=str(path))

    def person(self, name: str, passphrase: str) -> FileSigner:
        """The key with which a person signs."""
        return self.keys.open(name, passphrase)

    def root_key(self, passphrase: str) -> FileSigner:
        """The root key of this workspace, where this user holds it."""
        return self.keys.open(_key_name("root", self.root.origin), passphrase)

    def append(self, act: object, signer: Signer, *, records: Iterable[object] = ()) -> Appended:
        """Sign an act and put it on the log, if every rule allows it.

        Args:
            act: The act.
            signer: Whose act it is.
            records: Records the act names, stored with it.

        Raises:
            RefusedActError: A rule forbids the act; nothing was written.
            NotHolderError: This user does not hold the log's keys.
        """
        if not isinstance(self.log, SqlLog):
            raise NotHolderError(self.root.origin)
        envelope = sign(statement_of(act), signer)
        kept = tuple(records)
        while True:
            state, cosigned = self.read()
            admit(state, envelope, max(self.clock.now(), cosigned.time))
            try:
                receipt = self.log.append(envelope, expected_size=state.size, records=kept)
            except LogMovedError:
                continue
            if receipt.index == state.size:
                self.keys.saw(self.root.origin, receipt.note)
            return Appended(envelope.identity, receipt)


def user_folder(environment: Mapping[str, str]) -> Path:
    """Where this person's keys and the last checkpoints seen are kept.

    ``INTERLOCK_HOME`` if set, else ``interlock`` under the XDG data folder;
    never inside a workspace, so that sharing one shares no signature.
    """
    if environment.get("INTERLOCK_HOME"):
        return Path(environment["INTERLOCK_HOME"])
    data = environment.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(data) / "interlock"


def create_workspace(
    folder: Path, *, home: Path, passphrase: str, clock: Clock | None = None
) -> Workspace:
    """Make a workspace that works at once: a standard charter, a root, a log and their keys.

    Raises:
        WorkspaceTakenError: The folder already holds one, or holds anything else.
    """
    if folder.exists() and any(folder.iterdir()):
        raise WorkspaceTakenError(str(folder))
    for name in (*FOLDERS, _HIDDEN):
        (folder / name).mkdir(parents=True, exist_ok=True)
    keys = KeyStore(home)
    origin = f"interlock.local/{_slug(folder.resolve().name)}-{secrets.token_hex(4)}"
    machine = _machine_secret(home)
    log_key = keys.create(_key_name("log", origin), machine)
    witness = keys.create(_key_name("witness", origin), machine)
    root_key = keys.create(_key_name("root", origin), passphrase)
    root = Root(
        origin=origin,
        log_key=base64_text(log_key.public_key),
        witness_name=_WITNESS,
        witness_key=base64_text(witness.public_key),
        root_keys=(base64_text(root_key.public_key),),
        threshold=1,
        minimum_size=0,
        minimum_root_hash=EMPTY_ROOT.hex(),
        max_age_seconds=_WEEK_SECONDS,
    )
    write_new(folder / _HIDDEN / "text.key", secrets.token_bytes(32))
    write_new(folder / CHARTER_FILE, STANDARD_CHARTER.encode())
    write_new(folder / ROOT_FILE, dump(root))
    # The settings come last: a folder without them is no workspace, whatever a kill left in it.
    write_new(folder / SETTINGS, yaml.safe_dump({"products": ["product"], "squads": []}).encode())
    work = open_workspace(folder, home=home, clock=clock)
    work.read()
    return work


def open_workspace(folder: Path, *, home: Path, clock: Clock | None = None) -> Workspace:
    """The workspace at or above a folder.

    Raises:
        NoWorkspaceError: There is none.
    """
    place = locate(folder)
    keys, clock = KeyStore(home), clock or SystemClock()
    root = place.root()
    return Workspace(
        folder=place.folder,
        log=_open_log(place.log, root, keys=keys, secret=_machine_secret(home), clock=clock),
        evidence=EvidenceStore(place.hidden / "evidence"),
        texts=TextStore(place.hidden / "texts", (place.hidden / "text.key").read_bytes()),
        keys=keys,
        clock=clock,
        root=root,
    )


@dataclass(frozen=True)
class Place:
    """Where the parts of a workspace are."""

    folder: Path

    @property
    def hidden(self) -> Path:
        """The folder of what no person edits."""
        return self.folder / _HIDDEN

    @property
    def log(self) -> Path:
        """The log's database."""
        return self.hidden / "log.sqlite"

    def root(self) -> Root:
        """The root that checks on this machine believe."""
        found = load((self.folder / ROOT_FILE).read_bytes())
        if not isinstance(found, Root):
            raise NoWorkspaceError(str(self.folder))
        return found


def locate(folder: Path) -> Place:
    """The workspace at or above a folder.

    Raises:
        NoWorkspaceError: There is none.
    """
    start = folder.resolve()
    for each in (start, *start.parents):
        if (each / SETTINGS).is_file():
            return Place(each)
    raise NoWorkspaceError(str(folder))


def _open_log(place: Path, root: Root, *, keys: KeyStore, secret: str, clock: Clock) -> LogReader:
    """The log, to append where this user holds its keys, else to read."""
    name = _key_name("log", root.origin)
    if name not in keys.names():
        return LogReader(place, trust=root.trust)
    return SqlLog(
        place,
        origin=root.origin,
        signer=keys.open(name, secret),
        witness=keys.open(_key_name("witness", root.origin), secret),
        witness_name=root.witness_name,
        clock=clock,
    )


def _machine_secret(home: Path) -> str:
    """The passphrase of the keys that no person holds: the log's and its witness's."""
    path = home / "machine.secret"
    if not path.exists():
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_new(path, secrets.token_hex(32).encode())
    return path.read_text()


def _key_name(use: str, origin: str) -> str:
    return f"{use}.{origin.rpartition('/')[2]}"


def _slug(name: str) -> str:
    kept = "".join(c if c.isascii() and c.isalnum() else "-" for c in name.lower()).strip("-")
    return kept[:32] or "board"
