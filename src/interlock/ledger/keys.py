"""Ed25519 keys: who signs, how a key is named, and which keys are refused."""

import base64
import binascii
import hashlib
from functools import lru_cache
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from interlock.errors import InvalidKeyError

KEY_LENGTH = 32
SIGNATURE_LENGTH = 64

_FIELD = 2**255 - 19
_ORDER_EIGHT = int("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826", 16)
_SMALL_ORDER = frozenset({0, 1, _FIELD - 1, _ORDER_EIGHT, _FIELD - _ORDER_EIGHT})


class Signer(Protocol):
    """Whoever can sign with one Ed25519 key."""

    @property
    def public_key(self) -> bytes:
        """The raw public key, 32 bytes."""

    def sign(self, data: bytes) -> bytes:
        """The 64 signature bytes over ``data``."""


def check_public_key(raw: bytes) -> None:
    """Refuse a key under which a signature would prove nothing.

    Under a key of small order one signature fits many messages; a key with
    two encodings would count as two keys.

    Args:
        raw: The public key's bytes (RFC 8032, section 5.1.2).

    Raises:
        InvalidKeyError: The length is not 32 bytes, the y coordinate is not
            reduced, the point has an order of at most 8, or there is no such
            point on the curve.
    """
    if len(raw) != KEY_LENGTH:
        raise InvalidKeyError(f"an Ed25519 key has 32 bytes, this one {len(raw)}")
    y = int.from_bytes(raw, "little") & (2**255 - 1)
    if y >= _FIELD:
        raise InvalidKeyError("its encoding is not the canonical one")
    if y in _SMALL_ORDER:
        raise InvalidKeyError("it has small order, so anyone could sign for it")
    if not _on_curve(y):
        raise InvalidKeyError("it is no point of the curve")


def key_id(raw: bytes) -> str:
    """The key's name in an envelope: SHA-256 of its raw bytes, lower-case hex."""
    return hashlib.sha256(raw).hexdigest()


def verified(raw: bytes, signature: bytes, data: bytes) -> bool:
    """Whether ``signature`` over ``data`` is the key's.

    Raises:
        InvalidKeyError: See `check_public_key`.
    """
    try:
        _loaded(raw).verify(signature, data)
    except InvalidSignature:
        return False
    return True


def strict_base64(text: str) -> bytes | None:
    """The bytes of standard base64 text, or None unless it is their only encoding."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode() == text else None


def base64_text(data: bytes) -> str:
    """Standard base64 with padding (RFC 4648, section 4)."""
    return base64.b64encode(data).decode()


# Bounded: a stranger's file may name any number of keys.
@lru_cache(maxsize=4096)
def _loaded(raw: bytes) -> Ed25519PublicKey:
    check_public_key(raw)
    return Ed25519PublicKey.from_public_bytes(raw)


def _on_curve(y: int) -> bool:
    """Whether -x^2 + y^2 = 1 + d x^2 y^2 has a solution (Euler's criterion)."""
    d = -121665 * pow(121666, -1, _FIELD)
    square = (y * y - 1) * pow(d * y * y + 1, -1, _FIELD) % _FIELD
    return pow(square, (_FIELD - 1) // 2, _FIELD) == 1
