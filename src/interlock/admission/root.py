"""The root: what a reader must hold from elsewhere before a log can convince anyone."""

from functools import lru_cache

from interlock.admission.acts import Digest, PublicKey
from interlock.errors import InvalidKeyError, InvalidRecordError
from interlock.ledger import Frontier, Trust, check_public_key, record, strict_base64

ROOT = "root"
"""Who signs what the root keys sign; no person may have this name."""


@record("root/1")
class Root:
    """Whose log is believed, and who may name its people.

    It reaches a reader by another way than the log does. A bundle that brings
    its own root proves nothing.

    Attributes:
        origin: Name of the log.
        log_key: Key that signs checkpoints.
        witness_name: Name of the witness's key.
        witness_key: Key that cosigns checkpoints with the time.
        root_keys: Keys that sign keyrings, adoptions and recoveries; distinct.
        threshold: How many of them must sign, at least 1.
        minimum_size: No checkpoint smaller than this is believed.
        minimum_root_hash: Root hash of the tree at that size, hex.
        max_age_seconds: How old a checkpoint may be when a decision is checked.
    """

    origin: str
    log_key: PublicKey
    witness_name: str
    witness_key: PublicKey
    root_keys: tuple[PublicKey, ...]
    threshold: int
    minimum_size: int
    minimum_root_hash: Digest
    max_age_seconds: int

    def __post_init__(self) -> None:
        keys = self.reserved_keys
        if len(set(keys)) != len(keys):
            raise InvalidRecordError("root", "the log, the witness and each root need other keys")
        if not 1 <= self.threshold <= len(self.root_keys):
            raise InvalidRecordError("root", "threshold must lie between 1 and the root keys")
        if self.minimum_size < 0 or self.max_age_seconds < 1 or not self.origin:
            raise InvalidRecordError("root", "origin, minimum size or largest age is none")
        if self.minimum_size == 0 and self.minimum_root_hash != Frontier().root.hex():
            raise InvalidRecordError("root", "a minimum of no entries has the empty tree's hash")
        for key in keys:
            try:
                check_public_key(raw_key(key))
            except InvalidKeyError as error:
                raise InvalidRecordError("root", error.reason) from error

    @property
    def reserved_keys(self) -> tuple[str, ...]:
        """Every key of the root itself, which no person may enrol."""
        return (self.log_key, self.witness_key, *self.root_keys)

    @property
    def trust(self) -> Trust:
        """Whose checkpoints are believed."""
        return Trust(
            self.origin, raw_key(self.log_key), self.witness_name, raw_key(self.witness_key)
        )


# Bounded: a stranger's log may name any number of keys.
@lru_cache(maxsize=4096)
def raw_key(text: str) -> bytes:
    """The 32 bytes of a key in standard base64.

    Raises:
        InvalidKeyError: The text is not the only encoding of its bytes.
    """
    raw = strict_base64(text)
    if raw is None:
        raise InvalidKeyError("it is not written in strict base64")
    return raw
