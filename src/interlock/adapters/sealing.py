"""Figures that only all of several people together can read: age layers, one inside the other.

Every person's enrolled Ed25519 key doubles as the recipient of a layer, as age allows for SSH keys,
so that there is no second key to manage. The file begins with a line that names each layer's
ciphertext by digest, so that whoever holds the log's digest of the file can tell whether what they
are handed as the remainder is what was sealed. No digest of anything in the clear is made: it could
be tested against guesses.
"""

import base64
import hashlib
import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import pyarrow as pa
import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from interlock.admission import Accepted, Engagement, State
from interlock.errors import EngagementShutError, ForeignLayerError, SealedFileError
from interlock.ledger import Signer, canonical

LOG_ROLE = "log"
"""Who opens the outermost layer: whoever holds the log's key."""

_FORMAT = "interlock-sealed/1"
_LEAST = 1 << 16
_LENGTH = struct.Struct(">Q")
_SSH = b"ssh-ed25519"


@runtime_checkable
class Opener(Protocol):
    """A key that opens layers."""

    def unlock(self, layer: bytes) -> bytes:
        """What a layer holds that was encrypted to this key."""
        ...


@dataclass(frozen=True, kw_only=True)
class Layer:
    """Who opens one layer: any one of these keys.

    Attributes:
        role: The role they hold.
        keys: Raw Ed25519 public keys, at least one.
    """

    role: str
    keys: tuple[bytes, ...]


@dataclass(frozen=True, kw_only=True)
class Binding:
    """What sealed figures belong to; it lies inside every layer, where nobody can exchange it.

    Attributes:
        seal: Statement identity of the seal.
        system: Digest of the system.
    """

    seal: str
    system: str


@dataclass(frozen=True, kw_only=True)
class SealedFile:
    """A sealed file, unopened.

    Attributes:
        roles: Whose layers it has, outermost first; the log's own is the first.
        digests: SHA-256 of each layer's ciphertext.
        outer: The outermost ciphertext.
    """

    roles: tuple[str, ...]
    digests: tuple[str, ...]
    outer: bytes

    @classmethod
    def parse(cls, data: bytes) -> "SealedFile":
        """A sealed file from its bytes.

        Raises:
            SealedFileError: They are none, or the outermost layer is not the one it names.
        """
        head, _, outer = data.partition(b"\n")
        try:
            said = json.loads(head)
            marks = [(str(one["role"]), str(one["sha256"])) for one in said["layers"]]
            known = said["format"] == _FORMAT and len(marks) > 1
        except (ValueError, KeyError, TypeError) as error:
            raise SealedFileError(sha256(data), "it is no sealed file") from error
        if not known or sha256(outer) != marks[0][1]:
            raise SealedFileError(sha256(data), "its first line does not fit what follows")
        roles, digests = zip(*marks, strict=True)
        return cls(roles=roles, digests=digests, outer=outer)

    def opened(self, depth: int, layer: bytes, *, key: Opener, binding: Binding) -> bytes:
        """What a layer holds: the next layer, or the padded figures in the last.

        Args:
            depth: Which layer, 0 for the outermost.
            layer: Its ciphertext.
            key: One of its keys.
            binding: What the log says the file belongs to.

        Raises:
            SealedFileError: The ciphertext, or what it holds, is not what was sealed.
            ForeignLayerError: The key opens another layer, or none.
        """
        if sha256(layer) != self.digests[depth]:
            raise SealedFileError(self.digests[depth], "this layer was altered")
        mark, _, content = key.unlock(layer).partition(b"\n")
        if mark != _mark(binding, self.roles[depth]):
            raise SealedFileError(self.digests[depth], "it was sealed for something else")
        last = depth + 1 == len(self.roles)
        if not last and sha256(content) != self.digests[depth + 1]:
            raise SealedFileError(self.digests[depth], "the layer inside is not the one it names")
        return content


def seal_table(table: pa.Table, layers: Sequence[Layer], binding: Binding) -> bytes:
    """A table in layers of encryption.

    It is padded to the next power of two first, and never compressed: a size would tell figures.

    Args:
        table: The figures.
        layers: Outermost first; the first is the log's own.
        binding: What the figures belong to.

    Returns:
        The bytes of a `SealedFile`.
    """
    content, digests = _padded(table), list[str]()
    for layer in reversed(layers):
        recipients = [pyrage.ssh.Recipient.from_str(_ssh_line(key)) for key in layer.keys]
        content = pyrage.encrypt(_mark(binding, layer.role) + b"\n" + content, recipients)
        digests.append(sha256(content))
    marks = [
        {"role": layer.role, "sha256": digest}
        for layer, digest in zip(layers, reversed(digests), strict=True)
    ]
    return canonical({"format": _FORMAT, "layers": marks}) + b"\n" + content


def parsed(data: bytes, kept: Accepted[Engagement]) -> SealedFile:
    """The sealed file of an engagement, its bytes and layers those that the log says.

    Raises:
        SealedFileError: They are not.
    """
    if sha256(data) != kept.act.ciphertext:
        raise SealedFileError(kept.act.ciphertext, "its bytes were altered")
    sealed = SealedFile.parse(data)
    if sealed.roles != (LOG_ROLE, *kept.act.roles):
        raise SealedFileError(kept.act.ciphertext, "its layers are not those on the log")
    return sealed


def peeled(data: bytes, state: State, engagement: str, *, key: Opener) -> bytes:
    """What is left of a sealed file without the log's own layer, once the log unseals it.

    Whoever holds the log's key answers with this, and with nothing else: a workspace's own user,
    or a team's log service. What is left takes every required role.

    Args:
        data: The sealed file.
        state: The log as whoever holds its key has read it.
        engagement: Statement identity of the engagement.
        key: The log's key.

    Raises:
        EngagementShutError: No act on the log unseals such figures.
        SealedFileError: The file is not the one on the log, or was sealed for something else.
    """
    kept = state.find(engagement, Engagement)
    if kept is None or engagement not in state.unsealed:
        raise EngagementShutError(engagement, "no act on the log unseals them")
    sealed = parsed(data, kept)
    return sealed.opened(0, sealed.outer, key=key, binding=binding_of(kept))


def binding_of(kept: Accepted[Engagement]) -> Binding:
    """What the log says that sealed figures belong to."""
    return Binding(seal=kept.act.seal, system=kept.act.system)


def opener(signer: Signer) -> Opener:
    """A key that signs as one that opens layers, too.

    Raises:
        ForeignLayerError: It only signs.
    """
    if not isinstance(signer, Opener):
        raise ForeignLayerError
    return signer


def opened_table(content: bytes) -> pa.Table:
    """The table inside the last layer."""
    (length,) = _LENGTH.unpack_from(content)
    buffer = pa.py_buffer(content).slice(_LENGTH.size, length)
    return pa.ipc.open_stream(buffer).read_all()


def unlock(layer: bytes, key: Ed25519PrivateKey) -> bytes:
    """What was encrypted to a key as age encrypts to SSH keys.

    Raises:
        ForeignLayerError: The layer was not encrypted to this key, or was altered.
    """
    text = key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    try:
        return bytes(pyrage.decrypt(layer, [pyrage.ssh.Identity.from_buffer(text)]))
    except pyrage.DecryptError as error:
        raise ForeignLayerError from error


def sha256(data: bytes) -> str:
    """The name of a ciphertext."""
    return hashlib.sha256(data).hexdigest()


def _mark(binding: Binding, role: str) -> bytes:
    return canonical({"seal": binding.seal, "system": binding.system, "role": role})


def _padded(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    data = sink.getvalue().to_pybytes()
    whole = max(_LEAST, 1 << (_LENGTH.size + len(data) - 1).bit_length())
    return (_LENGTH.pack(len(data)) + data).ljust(whole, b"\0")


def _ssh_line(key: bytes) -> str:
    """A public key as ``ssh-ed25519 AAAA...`` (RFC 4253, section 6.6)."""
    framed = b"".join(len(part).to_bytes(4, "big") + part for part in (_SSH, key))
    return f"{_SSH.decode()} {base64.b64encode(framed).decode()}"
