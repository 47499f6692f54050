"""Layers: opened one by one by the right keys, bound to their seal, and padded."""

from pathlib import Path

import pyarrow as pa
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from interlock.adapters.keys import FileSigner
from interlock.adapters.sealed_files import SealedFiles
from interlock.adapters.sealing import (
    LOG_ROLE,
    Binding,
    Layer,
    SealedFile,
    opened_table,
    seal_table,
    sha256,
)
from interlock.errors import ForeignLayerError, SealedFileError
from interlock.ledger import canonical, parse

BINDING = Binding(seal="1" * 64, system="2" * 64)
TABLE = pa.table({"value": [0.25, 0.5]})
ROLES = (LOG_ROLE, "policy-analyst", "legal-counsel")
KEYS = {role: FileSigner(role, Ed25519PrivateKey.generate()) for role in ROLES}


def sealed(table: pa.Table = TABLE, binding: Binding = BINDING) -> bytes:
    layers = [Layer(role=role, keys=(KEYS[role].public_key,)) for role in ROLES]
    return seal_table(table, layers, binding)


def opened(data: bytes, *, binding: Binding = BINDING) -> bytes:
    file = SealedFile.parse(data)
    layer = file.outer
    for depth, role in enumerate(file.roles):
        layer = file.opened(depth, layer, key=KEYS[role], binding=binding)
    return layer


def test_all_keys_in_their_order_give_the_table_back() -> None:
    assert opened_table(opened(sealed())) == TABLE


def test_any_one_of_several_keys_opens_a_layer() -> None:
    two = (KEYS["legal-counsel"], KEYS["policy-analyst"])
    layers = [
        Layer(role=LOG_ROLE, keys=(KEYS[LOG_ROLE].public_key,)),
        Layer(role="either", keys=tuple(key.public_key for key in two)),
    ]
    file = SealedFile.parse(seal_table(TABLE, layers, BINDING))
    inner = file.opened(0, file.outer, key=KEYS[LOG_ROLE], binding=BINDING)
    for key in two:
        assert opened_table(file.opened(1, inner, key=key, binding=BINDING)) == TABLE


@pytest.mark.parametrize("role", ROLES[1:])
def test_no_other_key_opens_the_outermost_layer(role: str) -> None:
    file = SealedFile.parse(sealed())
    with pytest.raises(ForeignLayerError):
        file.opened(0, file.outer, key=KEYS[role], binding=BINDING)


def test_layers_open_in_their_order_only() -> None:
    file = SealedFile.parse(sealed())
    inner = file.opened(0, file.outer, key=KEYS[LOG_ROLE], binding=BINDING)
    with pytest.raises(ForeignLayerError):
        file.opened(1, inner, key=KEYS["legal-counsel"], binding=BINDING)
    with pytest.raises(SealedFileError, match="altered"):
        file.opened(2, inner, key=KEYS["legal-counsel"], binding=BINDING)


def test_a_file_of_one_seal_does_not_open_as_one_of_another() -> None:
    for other in (Binding(seal="3" * 64, system="2" * 64), Binding(seal="1" * 64, system="3" * 64)):
        with pytest.raises(SealedFileError, match="something else"):
            opened(sealed(), binding=other)


@pytest.mark.parametrize("place", [0, 40, 300, -1])
def test_a_changed_byte_anywhere_is_noticed(place: int) -> None:
    data = bytearray(sealed())
    data[place] ^= 1
    with pytest.raises(SealedFileError):
        opened(bytes(data))


def test_a_remainder_that_somebody_made_up_is_noticed() -> None:
    # All keys are public, so anybody can encrypt invented figures to the same people.
    file, invented = (
        SealedFile.parse(sealed()),
        SealedFile.parse(sealed(pa.table({"value": [9.0]}))),
    )
    theirs = invented.opened(0, invented.outer, key=KEYS[LOG_ROLE], binding=BINDING)
    with pytest.raises(SealedFileError, match="altered"):
        file.opened(1, theirs, key=KEYS["policy-analyst"], binding=BINDING)


def test_a_first_line_with_other_layers_is_noticed() -> None:
    head, _, outer = sealed().partition(b"\n")
    said = parse(head)
    assert isinstance(said, dict)
    layers = said["layers"]
    assert isinstance(layers, list)
    swapped = canonical(said | {"layers": [layers[0], layers[2], layers[1]]}) + b"\n" + outer
    file = SealedFile.parse(swapped)
    with pytest.raises(SealedFileError, match="the layer inside"):
        file.opened(0, file.outer, key=KEYS[LOG_ROLE], binding=BINDING)
    renamed = [layers[0], {"role": "chair", "sha256": layers[1]["sha256"]}, layers[2]]  # type: ignore[call-overload, index]
    file = SealedFile.parse(canonical(said | {"layers": renamed}) + b"\n" + outer)
    inner = file.opened(0, file.outer, key=KEYS[LOG_ROLE], binding=BINDING)
    with pytest.raises(SealedFileError, match="something else"):
        file.opened(1, inner, key=KEYS["policy-analyst"], binding=BINDING)


@pytest.mark.parametrize(
    "data", [b"", b"age", b"{}\nrest", b'{"layers":[]}\n', b"[1]\n", b"\xff\n"]
)
def test_what_is_no_sealed_file_is_refused(data: bytes) -> None:
    with pytest.raises(SealedFileError):
        SealedFile.parse(data)


def test_the_size_does_not_tell_the_figures() -> None:
    few = pa.table({"value": [0.0] * 10})
    many = pa.table({"value": [0.123456789 * k for k in range(3000)]})
    # age adds a few random bytes to each layer, whatever is inside.
    assert len(sealed(few)) == pytest.approx(len(sealed(many)), abs=1500)
    assert len(sealed(pa.table({"value": [0.5] * 20_000}))) > 2 * len(sealed(many))


def test_sealing_twice_gives_unlike_files() -> None:
    assert sealed() != sealed()


def test_a_ciphertext_is_kept_once_and_read_as_it_was(tmp_path: Path) -> None:
    files = SealedFiles(tmp_path / "engagement")
    name = files.keep(b"ciphertext")
    assert name == files.keep(b"ciphertext") == sha256(b"ciphertext")
    assert files.read(name) == b"ciphertext"
    files.drop(name)
    for absent in (name, "../log", "x" * 64):
        with pytest.raises(SealedFileError, match="not in this workspace"):
            files.read(absent)


def test_a_ciphertext_that_was_altered_is_not_read(tmp_path: Path) -> None:
    folder = tmp_path / "engagement"
    files = SealedFiles(folder)
    name = files.keep(b"ciphertext")
    (folder / f"{name}.age").write_bytes(b"other")
    with pytest.raises(SealedFileError, match="altered"):
        files.read(name)
