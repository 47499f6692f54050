"""A team's log: made once, served by whoever holds its key, witnessed by somebody else."""

import dataclasses
import secrets
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import ArgumentError, DBAPIError

from interlock.adapters.files import replace, write_new
from interlock.adapters.keys import KeyStore
from interlock.adapters.registrar import persistently
from interlock.adapters.service_files import (
    LOG_KEY,
    TOKEN_FILE,
    ServiceFolder,
    create_witness,
    open_witness,
)
from interlock.adapters.supervisor import Door, supervise
from interlock.admission import Root
from interlock.app.places import (
    FOLDERS,
    ROOT_FILE,
    Place,
    check_free,
    furnish,
    new_origin,
    new_root,
    open_workspace,
    own_folder,
)
from interlock.app.settings import write_settings
from interlock.app.workspace import ROOT_KEY, Workspace
from interlock.errors import (
    InterlockError,
    InvalidNoteKeyError,
    InvalidRecordError,
    NoServiceError,
    UnavailableError,
)
from interlock.ledger import NoteKey, dump, load

_SERVICE = "service"


@dataclass(frozen=True, kw_only=True)
class TeamPlan:
    """Where the parts of a team's log will be.

    Attributes:
        database: SQLAlchemy URL, such as ``postgresql+psycopg://user@host/name``.
        service: URL under which members will reach the log service.
        witness: URL of the witness.
        witness_key: The witness's verifier key, one line.
    """

    database: str
    service: str
    witness: str
    witness_key: str


@dataclass(frozen=True)
class Team:
    """A team's log that was made and is not served yet.

    Attributes:
        folder: The workspace.
        service: The folder to serve it from; whoever has it can sign for the log.
        root: The log's root.
        log_key: The log's verifier key, to be given to the witness.
        token: File with what clients must show; whoever has it can read every record.
    """

    folder: Path
    service: Path
    root: Root
    log_key: NoteKey
    token: Path


def create_team(
    folder: Path,
    plan: TeamPlan,
    *,
    home: Path,
    passphrase: str,
    products: tuple[str, ...] = ("assistant",),
) -> Team:
    """Make a workspace whose log is a team's, and the folder to serve that log from.

    Nothing is asked of the database or the witness yet: the witness must be
    told the log's key first. The log begins when it is first served.

    Args:
        folder: The workspace; it must be empty, or not exist.
        plan: Where database, service and witness are.
        home: The user's own folder, which gets the root key and the service's folder.
        passphrase: Protects the root key.
        products: What its board decides on.

    Raises:
        WorkspaceTakenError: The folder already holds one, or holds anything else.
        InvalidNoteKeyError: The witness's key is none of a witness.
        WrongPassphraseError: The passphrase is empty; nothing was made.
    """
    check_free(folder)
    witness = NoteKey.read(plan.witness_key)
    if witness != NoteKey.of_witness(witness.name, witness.key):
        raise InvalidNoteKeyError("it is a log's and not a witness's")
    origin = new_origin(folder)
    own, secret = own_folder(home, origin), secrets.token_hex(32)
    root_key = KeyStore(own).create(ROOT_KEY, passphrase)
    service = ServiceFolder(own / _SERVICE)
    log_key = KeyStore(service.folder).create(LOG_KEY, secret).public_key
    root = new_root(origin, root_key, log_key=log_key, witness=witness)
    service.create(root, database=plan.database, witness=plan.witness, secret=secret)
    place = Place(folder.resolve(), root, own)
    token = secrets.token_urlsafe(32).encode()
    for each in (service.folder / TOKEN_FILE, place.token):
        write_new(each, token, private=True)
    furnish(place)
    write_settings(folder, products, log_service=plan.service)
    log = NoteKey.of_log(origin, log_key)
    return Team(folder.resolve(), service.folder, root, log, token=place.token)


def join_team(
    folder: Path, root: Path, service: str, *, home: Path, token: Path | None = None
) -> Workspace:
    """Make a workspace on a member's own machine: the team's root, and where its log is.

    Args:
        folder: The workspace; it must be empty, or not exist.
        root: The team's root.json, which came by another way than the log does.
        service: URL of the log service.
        home: The member's own folder.
        token: File with the service's token, if it wants one; it is copied to the
            member's own folder.

    Raises:
        WorkspaceTakenError: The folder already holds one, or holds anything else.
        InvalidRecordError: The file holds no root.
        BelowMinimumError: The service shows less than the root knows the log to be.
        InterlockError: The service is out of reach, or serves no log of this root.
            Whatever is refused, nothing is left behind.
    """
    check_free(folder)
    data = root.read_bytes()
    try:
        found = load(data)
    except InterlockError as error:
        raise InvalidRecordError("root", f"{root}: {error}") from error
    if not isinstance(found, Root):
        raise InvalidRecordError("root", f"{root} holds a {type(found).__name__}")
    place = Place(folder.resolve(), found, own_folder(home, found.origin))
    with ExitStack() as unless_joined:
        for made in (place.folder, place.home):
            if not made.exists() or not any(made.iterdir()):
                unless_joined.callback(shutil.rmtree, made, ignore_errors=True)
        for name in FOLDERS:
            (folder / name).mkdir(parents=True, exist_ok=True)
        if token is not None:
            place.home.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace(place.token, token.read_bytes(), private=True)
        write_new(folder / ROOT_FILE, data)
        write_settings(folder, ("assistant",), log_service=service)
        work = open_workspace(folder, home=home)
        unless_joined.callback(work.close)
        work.read()
        unless_joined.pop_all()
    return work


def serve_team(folder: Path, door: Door, *, opened: Callable[[str], object]) -> None:
    """Serve a team's log from its service folder until told to end.

    Args:
        folder: What `create_team` made.
        door: Where to answer, and with how many worker processes.
        opened: Called with the service's URL once it answers.

    Raises:
        NoServiceError: The folder is none of a log service.
        BadTokenError: Its file for a token holds none.
        UnavailableError: The database, the witness or the address is out of reach.
        WitnessRefusedError: The witness does not know the log, or knows another.
    """
    try:
        # Whoever starts everything at once starts the witness and the database as well.
        persistently(ServiceFolder(folder).begin, alike=(UnavailableError,))
    except ArgumentError as error:
        raise NoServiceError(str(folder), f"its database is no URL: {error}") from error
    except DBAPIError as error:
        raise UnavailableError("the log's database", str(error.orig)) from error
    supervise("interlock.adapters.log_worker", [str(folder)], door=door, opened=opened)


def serve_witness(
    folder: Path, logs: tuple[NoteKey, ...], door: Door, *, opened: Callable[[str], object]
) -> None:
    """Serve a witness from its folder until told to end.

    Args:
        folder: What `create_witness` made.
        logs: The keys of the logs it vouches for.
        door: Where to answer.
        opened: Called with the witness's URL once it answers.

    Raises:
        NoServiceError: The folder is none of a witness.
        UnavailableError: The address is out of reach.
    """
    open_witness(folder, logs=logs)
    arguments = [str(folder), *(key.text for key in logs)]
    supervise("interlock.adapters.witness_worker", arguments, door=door, opened=opened)


def make_witness(folder: Path, name: str) -> NoteKey:
    """Make a witness's folder and key; see `serve_witness`.

    Raises:
        KeyTakenError: There is a witness in the folder.
        InvalidNoteKeyError: The name cannot be a key's.
    """
    return create_witness(folder, name)


def pin_minimum(work: Workspace) -> Root:
    """Pin the log as it is now as the least that the workspace's root.json believes.

    Whoever takes that root.json from now on refuses a log that is shorter or
    begins otherwise, without having seen the log before. What is pinned already
    is never let go here.

    Raises:
        BelowMinimumError: The log is less than is pinned already.
    """
    now = work.read()
    checkpoint = now.cosigned.checkpoint
    root = dataclasses.replace(
        work.root, minimum_size=checkpoint.size, minimum_root_hash=checkpoint.root.hex()
    )
    replace(work.path(ROOT_FILE), dump(root))
    return root
