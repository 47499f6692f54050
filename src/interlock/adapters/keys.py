"""A person's own directory: private keys under a passphrase, and the last checkpoint seen."""

import re
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from interlock.adapters.files import alone, replace, write_new
from interlock.adapters.sealing import unlock
from interlock.admission import Recovery
from interlock.errors import (
    KeyMissingError,
    KeyNameError,
    KeyTakenError,
    LogRolledBackError,
    WrongPassphraseError,
)
from interlock.ledger import Checkpoint, claimed_checkpoint

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}", re.ASCII)


class FileSigner:
    """A signer whose private key came from a key file.

    Attributes:
        name: Name of the key file.
    """

    def __init__(self, name: str, key: Ed25519PrivateKey) -> None:
        self.name, self._key = name, key

    @property
    def public_key(self) -> bytes:
        """The raw public key, 32 bytes."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, data: bytes) -> bytes:
        """The 64 signature bytes over ``data``."""
        return self._key.sign(data)

    def unlock(self, layer: bytes) -> bytes:
        """What a sealed layer holds that was encrypted to this key.

        Raises:
            ForeignLayerError: It was not, or was altered.
        """
        return unlock(layer, self._key)


class KeyStore:
    """One user's keys and memory, outside every workspace, so that sharing one shares neither."""

    def __init__(self, folder: Path) -> None:
        self._keys, self._seen, self._begun = folder / "keys", folder / "seen", folder / "begun"
        for each in (folder, self._keys, self._seen):
            each.mkdir(mode=0o700, parents=True, exist_ok=True)
            each.chmod(0o700)

    def create(self, name: str, passphrase: str) -> FileSigner:
        """A new key, written under its passphrase (PKCS#8).

        Raises:
            KeyNameError: The name cannot name a file.
            KeyTakenError: There is a key of this name.
            WrongPassphraseError: The passphrase is empty.
        """
        path = self._path(name)
        if not passphrase:
            raise WrongPassphraseError(name)
        key = Ed25519PrivateKey.generate()
        encryption = BestAvailableEncryption(passphrase.encode())
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
        try:
            write_new(path, pem, private=True)
        except FileExistsError as error:
            raise KeyTakenError(name) from error
        return FileSigner(name, key)

    def open(self, name: str, passphrase: str) -> FileSigner:
        """The key of this name.

        Raises:
            KeyNameError: The name cannot name a file.
            KeyMissingError: There is no key of this name.
            WrongPassphraseError: The passphrase is not the key's, or the file
                holds no Ed25519 key under a passphrase.
        """
        try:
            pem = self._path(name).read_bytes()
        except FileNotFoundError as error:
            raise KeyMissingError(name) from error
        try:
            key = load_pem_private_key(pem, passphrase.encode())
        except (ValueError, TypeError) as error:
            raise WrongPassphraseError(name) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise WrongPassphraseError(name)
        return FileSigner(name, key)

    def names(self) -> tuple[str, ...]:
        """The names of all keys, sorted."""
        return tuple(sorted(path.stem for path in self._keys.glob("*.pem") if _named(path.stem)))

    def last_seen(self, origin: str) -> str | None:
        """The newest checkpoint note of a log this user has seen, if any."""
        try:
            return self._note(origin).read_text("utf-8")
        except FileNotFoundError:
            return None

    def saw(
        self,
        origin: str,
        note: str,
        *,
        since: str | None = None,
        recovery: Recovery | None = None,
    ) -> None:
        """Remember a note as the newest seen of a log.

        Sizes alone do not show that the log only grew: audit it with
        ``since=last_seen(origin)`` first.

        Args:
            origin: The log's name.
            note: A note that was opened with the log's trusted keys.
            since: What `last_seen` gave before ``note`` was read. If another
                process has seen a newer note meanwhile, that one stays.
            recovery: The recovery on that log, its root signatures verified;
                needed once, when the log was restored from an older backup.

        Raises:
            LogRolledBackError: The note shows a smaller tree than the last, or
                another one of its size, and no recovery owns up to that.
            InvalidCheckpointError: The note is malformed.
        """
        shown = claimed_checkpoint(note)
        with alone(self._seen / ".lock"):
            stored = self.last_seen(origin)
            outrun = (
                since is not None
                and stored is not None
                and stored != since
                and claimed_checkpoint(stored).size > shown.size
            )
            for known in (since, None if outrun else stored):
                if known is not None:
                    _check_growth(claimed_checkpoint(known), shown, recovery)
            if not outrun:
                replace(self._note(origin), note.encode(), private=True)

    def begun(self, trial: str) -> str | None:
        """What was remembered when this user began a trial; None where they did not."""
        try:
            return self._trial(trial).read_text("utf-8")
        except FileNotFoundError:
            return None

    def begin(self, trial: str, memory: str) -> None:
        """Remember that a trial was begun; what was remembered first stays."""
        self._begun.mkdir(mode=0o700, exist_ok=True)
        with suppress(FileExistsError):
            write_new(self._trial(trial), memory.encode(), private=True)

    def _trial(self, trial: str) -> Path:
        return self._begun / quote(trial, safe="")

    def _path(self, name: str) -> Path:
        if not _named(name):
            raise KeyNameError(name)
        return self._keys / f"{name}.pem"

    def _note(self, origin: str) -> Path:
        return self._seen / quote(origin, safe="")


def _named(name: str) -> bool:
    return _NAME.fullmatch(name) is not None


def _check_growth(seen: Checkpoint, shown: Checkpoint, recovery: Recovery | None) -> None:
    """Refuse a tree smaller than one seen before, or another of its size.

    Raises:
        LogRolledBackError: It is, and the recovery does not own up to it.
    """
    back = shown.size < seen.size or (shown.size == seen.size and shown.root != seen.root)
    if back and not _owned_up(seen, shown, recovery):
        raise LogRolledBackError(shown.origin, seen.size, shown.size)


def _owned_up(seen: Checkpoint, shown: Checkpoint, recovery: Recovery | None) -> bool:
    """Whether a recovery admits the loss of everything up to what was seen."""
    if recovery is None or shown.size <= recovery.size or recovery.lost_size < seen.size:
        return False
    return recovery.lost_size > seen.size or recovery.lost_root_hash == seen.root.hex()
