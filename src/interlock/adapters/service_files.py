"""The folders from which a log and a witness are served: keys, and what is needed to use them."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from interlock.adapters.clock import Clock, SystemClock
from interlock.adapters.cosigning import RemoteWitness
from interlock.adapters.files import write_new
from interlock.adapters.keys import FileSigner, KeyStore
from interlock.adapters.log_wire import read_token
from interlock.adapters.sql_log import SqlLog
from interlock.adapters.witness import Witness
from interlock.admission import Root
from interlock.errors import InterlockError, InvalidNoteKeyError, NoServiceError
from interlock.ledger import NoteKey, dump, load

LOG_KEY, WITNESS_KEY = "log", "witness"
ROOT_FILE, TOKEN_FILE = "root.json", "token"
SERVICE_FILE, WITNESS_FILE = "service.yaml", "witness.yaml"
SECRET_FILE = "machine.secret"  # noqa: S105 - the name of a file

_MEMORY = "logs"
_UNBEGUN = "unbegun"


@dataclass(frozen=True)
class ServiceFolder:
    """The folder of a log service; whoever has it can sign for the log.

    Attributes:
        folder: Where it is.
    """

    folder: Path

    def create(self, root: Root, *, database: str, witness: str, secret: str) -> None:
        """Write what the service needs besides its key, which is there already."""
        said = yaml.safe_dump({"database": database, "witness": witness})
        write_new(self.folder / SECRET_FILE, secret.encode(), private=True)
        write_new(self.folder / ROOT_FILE, dump(root))
        write_new(self.folder / _UNBEGUN, b"")
        write_new(self.folder / SERVICE_FILE, said.encode(), private=True)

    @property
    def root(self) -> Root:
        """The log's root.

        Raises:
            NoServiceError: The folder holds none.
        """
        try:
            found = load((self.folder / ROOT_FILE).read_bytes())
        except (OSError, InterlockError) as error:
            raise NoServiceError(str(self.folder), f"its {ROOT_FILE}: {error}") from error
        if not isinstance(found, Root):
            raise NoServiceError(str(self.folder), f"its {ROOT_FILE} holds no root")
        return found

    @property
    def token(self) -> str | None:
        """What clients must show, if they must show anything.

        Raises:
            BadTokenError: There is a file for it, and no token in it.
        """
        return read_token(self.folder / TOKEN_FILE)

    def begin(self) -> None:
        """Begin the log in its database, the first time it is served and never again.

        Raises:
            NoServiceError: The folder is none of a log service.
            BadTokenError: Its file for a token holds none.
            UnavailableError, WitnessRefusedError: No witness cosigns the empty log.
            InvalidCheckpointError: The database holds another log.
        """
        read_token(self.folder / TOKEN_FILE)
        unbegun = self.folder / _UNBEGUN
        self.open_log(create=unbegun.exists()).close()
        unbegun.unlink(missing_ok=True)

    def open_log(self, *, create: bool = False, clock: Clock | None = None) -> SqlLog:
        """The log, to append to.

        Raises:
            NoServiceError: The folder is none of a log service.
            LogMissingError: Its database holds no log.
        """
        said, root = _said(self.folder, SERVICE_FILE, ("database", "witness")), self.root
        return SqlLog(
            said["database"],
            origin=root.origin,
            signer=_signer(self.folder, LOG_KEY),
            witness=RemoteWitness(
                said["witness"],
                NoteKey.of_witness(root.witness_name, root.trust.witness_key),
            ),
            clock=clock or SystemClock(),
            create=create,
        )


def create_witness(folder: Path, name: str) -> NoteKey:
    """Make a witness's folder: a key of its own, and a memory in which nothing is yet.

    Raises:
        KeyTakenError: There is a witness in the folder.
        InvalidNoteKeyError: The name cannot be a key's.
    """
    if name.split() != [name] or "+" in name:
        raise InvalidNoteKeyError(f"{name!r} is no name; write it without spaces and plus signs")
    keys, secret = KeyStore(folder), secrets.token_hex(32)
    signer = keys.create(WITNESS_KEY, secret)
    key = NoteKey.of_witness(name, signer.public_key)
    (folder / _MEMORY).mkdir(mode=0o700)
    write_new(folder / SECRET_FILE, secret.encode(), private=True)
    write_new(folder / WITNESS_FILE, yaml.safe_dump({"name": name}).encode())
    return key


def open_witness(folder: Path, *, logs: Iterable[NoteKey], clock: Clock | None = None) -> Witness:
    """The witness of a folder.

    Raises:
        NoServiceError: The folder holds none, or its memory is gone.
    """
    said = _said(folder, WITNESS_FILE, ("name",))
    if not (folder / _MEMORY).is_dir():
        raise NoServiceError(str(folder), "its memory of the logs is gone; retire its key")
    return Witness(
        folder / _MEMORY,
        name=said["name"],
        signer=_signer(folder, WITNESS_KEY),
        logs=logs,
        clock=clock or SystemClock(),
    )


def _signer(folder: Path, name: str) -> FileSigner:
    try:
        secret = (folder / SECRET_FILE).read_text()
    except OSError as error:
        raise NoServiceError(str(folder), str(error)) from error
    return KeyStore(folder).open(name, secret)


def _said(folder: Path, file: str, names: tuple[str, ...]) -> dict[str, str]:
    """What a service's file says, if it says all of these in words."""
    try:
        found = yaml.safe_load((folder / file).read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise NoServiceError(str(folder), f"its {file}: {error}") from error
    if not isinstance(found, dict) or not all(isinstance(found.get(one), str) for one in names):
        raise NoServiceError(str(folder), f"its {file} does not say {' and '.join(names)}")
    return {one: found[one] for one in names}
