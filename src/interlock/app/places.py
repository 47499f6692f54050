"""Where a workspace is, how one is made, and how one is opened."""

import hashlib
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from interlock.adapters.clock import Clock, SystemClock
from interlock.adapters.cosigning import OwnWitness
from interlock.adapters.evidence import EvidenceStore, TextStore
from interlock.adapters.files import write_new
from interlock.adapters.keys import KeyStore
from interlock.adapters.log import LogReader
from interlock.adapters.log_client import TeamLog
from interlock.adapters.sql_log import SqlLog
from interlock.admission import Root
from interlock.app.settings import SETTINGS, read_settings, write_settings
from interlock.app.workspace import CHARTER_FILE, HIDDEN, ROOT_KEY, Workspace
from interlock.charter import STANDARD_CHARTER
from interlock.errors import (
    InterlockError,
    InvalidRecordError,
    LogMissingError,
    NoWorkspaceError,
    WorkspaceTakenError,
)
from interlock.ledger import EMPTY_ROOT, NoteKey, Signer, base64_text, dump, load

ROOT_FILE = "root.json"
FOLDERS = ("charter", "systems", "hypotheses", "assessments")

_LOG_KEY, _WITNESS_KEY = "log", "witness"
_TEXT_KEY = "text.key"
_WITNESS = "witness.local"
_WEEK_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True)
class Place:
    """Where the parts of a workspace are.

    Attributes:
        folder: The workspace.
        root: The root that checks on this machine believe.
        home: This user's own directory for this workspace.
    """

    folder: Path
    root: Root
    home: Path

    @property
    def hidden(self) -> Path:
        """The folder of what no person edits."""
        return self.folder / HIDDEN

    @property
    def log(self) -> Path:
        """The log's database."""
        return self.hidden / "log.sqlite"

    @property
    def keys(self) -> KeyStore:
        """This user's keys for this workspace alone: no signature of one counts in another."""
        return KeyStore(self.home)

    @property
    def mirror(self) -> Path:
        """This user's copy of a team's log."""
        return self.home / "mirror.sqlite"

    @property
    def token(self) -> Path:
        """What this user shows to a team's log service, if it wants a token."""
        return self.home / "token"

    @property
    def secret(self) -> Path:
        """The passphrase of the keys that no person holds: the log's and its witness's."""
        return self.home / "machine.secret"


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
    folder: Path,
    *,
    home: Path,
    passphrase: str,
    products: tuple[str, ...] = ("assistant",),
    clock: Clock | None = None,
) -> Workspace:
    """Make a workspace that works at once: a standard charter, a root, a log and their keys.

    Args:
        folder: Where; it must be empty, or not exist.
        home: The user's own folder, which gets the keys.
        passphrase: Protects the root key.
        products: What its board decides on.
        clock: Tells the time.

    Raises:
        WorkspaceTakenError: The folder already holds one, or holds anything else.
        WrongPassphraseError: The passphrase is empty; nothing was made.
    """
    check_free(folder)
    origin = new_origin(folder)
    own = own_folder(home, origin)
    keys, machine = KeyStore(own), secrets.token_hex(32)
    # First, since an empty passphrase is refused here, and then nothing is there yet.
    root_key = keys.create(ROOT_KEY, passphrase)
    log_key, witness = (keys.create(name, machine) for name in (_LOG_KEY, _WITNESS_KEY))
    root = new_root(
        origin,
        root_key,
        log_key=log_key.public_key,
        witness=NoteKey.of_witness(_WITNESS, witness.public_key),
    )
    place = Place(folder.resolve(), root, own)
    write_new(place.secret, machine.encode(), private=True)
    furnish(place)
    open_log(place, place.log, clock=clock or SystemClock(), create=True).close()
    # The settings come last: a folder without them is no workspace, whatever a kill left in it.
    write_settings(folder, products)
    work = open_workspace(folder, home=home, clock=clock)
    work.read()
    return work


def check_free(folder: Path) -> None:
    """Refuse a folder in which anything is.

    Raises:
        WorkspaceTakenError: It holds a workspace, or anything else.
    """
    if folder.exists() and any(folder.iterdir()):
        raise WorkspaceTakenError(str(folder))


def new_origin(folder: Path) -> str:
    """A name that no other log has, for the log of a new workspace."""
    return f"interlock.local/{_slug(folder.resolve().name)}-{secrets.token_hex(4)}"


def new_root(origin: str, root_key: Signer, *, log_key: bytes, witness: NoteKey) -> Root:
    """The root of a new log."""
    return Root(
        origin=origin,
        log_key=base64_text(log_key),
        witness_name=witness.name,
        witness_key=base64_text(witness.key),
        root_keys=(base64_text(root_key.public_key),),
        threshold=1,
        minimum_size=0,
        minimum_root_hash=EMPTY_ROOT.hex(),
        max_age_seconds=_WEEK_SECONDS,
    )


def furnish(place: Place) -> None:
    """Make the folders and files of a new workspace, all but its log and its settings."""
    for name in (*FOLDERS, HIDDEN):
        (place.folder / name).mkdir(parents=True, exist_ok=True)
    write_new(place.hidden / _TEXT_KEY, secrets.token_bytes(32), private=True)
    write_new(place.folder / CHARTER_FILE, STANDARD_CHARTER.encode())
    write_new(place.folder / ROOT_FILE, dump(place.root))


def open_workspace(folder: Path, *, home: Path, clock: Clock | None = None) -> Workspace:
    """The workspace at or above a folder.

    Raises:
        NoWorkspaceError: There is none.
        LogMissingError: Its log is gone; one that opens is never made anew.
        CharterError: Its settings are no valid file.
    """
    place, clock = locate(folder, home=home), clock or SystemClock()
    service = read_settings(place.folder).log_service
    return Workspace(
        folder=place.folder,
        log=_team_log(place, service) if service else _own_log(place, clock),
        evidence=EvidenceStore(place.hidden / "evidence"),
        texts=TextStore(place.hidden / "texts", (place.hidden / _TEXT_KEY).read_bytes()),
        keys=place.keys,
        clock=clock,
        root=place.root,
    )


def _own_log(place: Place, clock: Clock) -> LogReader:
    if not place.log.exists():
        raise LogMissingError(str(place.log))
    return open_log(place, place.log, clock=clock)


def _team_log(place: Place, service: str) -> TeamLog:
    """A member's copy of a team's log; what is the member's own of a workspace may be missing."""
    place.hidden.mkdir(exist_ok=True)
    with suppress(FileExistsError):
        write_new(place.hidden / _TEXT_KEY, secrets.token_bytes(32), private=True)
    # Opening the keys makes the user's own folder, in which the copy is.
    place.keys.names()
    return TeamLog(place.mirror, root=place.root, url=service, token=place.token)


def locate(folder: Path, *, home: Path) -> Place:
    """The workspace at or above a folder.

    Raises:
        NoWorkspaceError: There is none.
        InvalidRecordError: Its root file holds no root.
    """
    start = folder.resolve()
    for each in (start, *start.parents):
        if (each / SETTINGS).is_file():
            root = _read_root(each / ROOT_FILE)
            return Place(each, root, own_folder(home, root.origin))
    raise NoWorkspaceError(str(folder))


def open_log(place: Place, path: Path, *, clock: Clock, create: bool = False) -> LogReader:
    """The log in a file, to append where this user holds its keys, else to read."""
    keys, root = place.keys, place.root
    if _LOG_KEY not in keys.names():
        return LogReader(path, trust=root.trust)
    secret = place.secret.read_text()
    return SqlLog(
        path,
        origin=root.origin,
        signer=keys.open(_LOG_KEY, secret),
        witness=OwnWitness(root.witness_name, keys.open(_WITNESS_KEY, secret)),
        clock=clock,
        create=create,
    )


def _read_root(path: Path) -> Root:
    try:
        root = load(path.read_bytes())
    except InterlockError as error:
        raise InvalidRecordError("root", f"{path}: {error}") from error
    if not isinstance(root, Root):
        raise InvalidRecordError("root", f"{path} holds a {type(root).__name__}")
    return root


def own_folder(home: Path, origin: str) -> Path:
    """The user's own folder for one log, whose whole origin decides.

    A workspace from elsewhere says of itself what its origin is: one that only
    ends like another must not find the other's keys, nor leave ``home``.
    """
    named = hashlib.sha256(origin.encode()).hexdigest()
    return home / f"{_slug(origin.rpartition('/')[2])}-{named}"


def _slug(name: str) -> str:
    kept = "".join(c if c.isascii() and c.isalnum() else "-" for c in name.lower()).strip("-")
    return kept[:32] or "board"
