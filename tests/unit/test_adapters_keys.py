import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from interlock.adapters.clock import SystemClock
from interlock.adapters.keys import KeyStore
from interlock.admission.acts import Recovery
from interlock.errors import (
    InvalidCheckpointError,
    KeyMissingError,
    KeyNameError,
    KeyTakenError,
    LogRolledBackError,
    WrongPassphraseError,
)
from interlock.ledger import claimed_checkpoint, posix, utc
from tests.fakes import ORIGIN, leaves_of, note_of


@pytest.fixture
def store(tmp_path: Path) -> KeyStore:
    return KeyStore(tmp_path / "home" / "interlock")


def test_a_key_opens_again_with_its_passphrase(store: KeyStore) -> None:
    made = store.create("ada", "correct horse")
    opened = store.open("ada", "correct horse")
    assert opened.public_key == made.public_key
    Ed25519PublicKey.from_public_bytes(made.public_key).verify(opened.sign(b"data"), b"data")
    assert store.names() == ("ada",)


@pytest.mark.parametrize("passphrase", ["", "wrong", "correct horse "])
def test_a_wrong_passphrase_is_an_error_that_says_so(store: KeyStore, passphrase: str) -> None:
    store.create("ada", "correct horse")
    with pytest.raises(WrongPassphraseError, match="ada"):
        store.open("ada", passphrase)


def test_a_key_without_a_passphrase_is_neither_made_nor_opened(
    store: KeyStore, tmp_path: Path
) -> None:
    with pytest.raises(WrongPassphraseError):
        store.create("ada", "")
    assert store.names() == ()
    bare = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    (tmp_path / "home" / "interlock" / "keys" / "bare.pem").write_bytes(bare)
    with pytest.raises(WrongPassphraseError):
        store.open("bare", "any")


def test_a_file_that_holds_no_signing_key_is_refused(store: KeyStore, tmp_path: Path) -> None:
    keys = tmp_path / "home" / "interlock" / "keys"
    other = X25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"pass")
    )
    (keys / "other.pem").write_bytes(other)
    (keys / "torn.pem").write_bytes(other[:40])
    for name in ("other", "torn"):
        with pytest.raises(WrongPassphraseError):
            store.open(name, "pass")


def test_a_key_is_never_overwritten(store: KeyStore) -> None:
    made = store.create("ada", "one")
    with pytest.raises(KeyTakenError):
        store.create("ada", "two")
    assert store.open("ada", "one").public_key == made.public_key


@pytest.mark.parametrize("name", ["", "../ada", "Ada", "a b", ".ada", "ada\n", "a" * 65, "a/b"])
def test_a_name_that_could_leave_the_folder_is_refused(store: KeyStore, name: str) -> None:
    for use in (store.create, store.open):
        with pytest.raises(KeyNameError):
            use(name, "pass")


def test_a_key_that_is_not_there_is_missing(store: KeyStore) -> None:
    with pytest.raises(KeyMissingError, match="ada"):
        store.open("ada", "pass")


def test_nobody_else_can_read_the_store(store: KeyStore, tmp_path: Path) -> None:
    store.create("ada", "pass")
    store.saw(ORIGIN, note_of([]))
    home = tmp_path / "home" / "interlock"
    for path in (home, *home.rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path


LEAVES = leaves_of(5)
OTHER = [*leaves_of(4), LEAVES[0]]


def test_the_newest_note_seen_is_remembered_for_each_log(store: KeyStore) -> None:
    assert store.last_seen(ORIGIN) is None
    for size in (0, 3, 3, 5):
        store.saw(ORIGIN, note_of(LEAVES[:size]))
        assert store.last_seen(ORIGIN) == note_of(LEAVES[:size])
    assert store.last_seen("other.example/log") is None


@pytest.mark.parametrize("leaves", [LEAVES[:4], OTHER, []])
def test_a_log_that_shows_less_or_another_tree_is_caught(
    store: KeyStore, leaves: list[bytes]
) -> None:
    store.saw(ORIGIN, note_of(LEAVES))
    with pytest.raises(LogRolledBackError):
        store.saw(ORIGIN, note_of(leaves))
    assert store.last_seen(ORIGIN) == note_of(LEAVES)


def test_a_note_that_another_process_outran_is_no_rollback(store: KeyStore) -> None:
    before = note_of(LEAVES[:3])
    store.saw(ORIGIN, before)
    store.saw(ORIGIN, note_of(LEAVES))
    store.saw(ORIGIN, note_of(LEAVES[:4]), since=before)
    assert store.last_seen(ORIGIN) == note_of(LEAVES)


@pytest.mark.parametrize("leaves", [LEAVES[:2], OTHER])
def test_a_note_behind_what_was_known_or_beside_what_is_known_is_a_rollback(
    store: KeyStore, leaves: list[bytes]
) -> None:
    before = note_of(LEAVES[:3])
    store.saw(ORIGIN, before)
    store.saw(ORIGIN, note_of(LEAVES))
    with pytest.raises(LogRolledBackError):
        store.saw(ORIGIN, note_of(leaves), since=before)
    assert store.last_seen(ORIGIN) == note_of(LEAVES)


def recovery(size: int, lost: list[bytes]) -> Recovery:
    seen, kept = claimed_checkpoint(note_of(lost)), claimed_checkpoint(note_of(LEAVES[:size]))
    return Recovery(
        size=size,
        root_hash=kept.root.hex(),
        lost_size=seen.size,
        lost_root_hash=seen.root.hex(),
        reason="The disk failed.",
    )


def test_a_recovery_that_owns_up_to_the_loss_lets_the_log_be_seen_again(store: KeyStore) -> None:
    store.saw(ORIGIN, note_of(LEAVES))
    store.saw(ORIGIN, note_of(LEAVES[:4]), since=note_of(LEAVES), recovery=recovery(3, LEAVES))
    assert store.last_seen(ORIGIN) == note_of(LEAVES[:4])


@pytest.mark.parametrize("told", [recovery(4, LEAVES), recovery(3, LEAVES[:4]), recovery(3, OTHER)])
def test_a_recovery_about_another_loss_does_not_help(store: KeyStore, told: Recovery) -> None:
    store.saw(ORIGIN, note_of(LEAVES))
    with pytest.raises(LogRolledBackError):
        store.saw(ORIGIN, note_of(LEAVES[:4]), recovery=told)


def test_what_is_no_note_is_not_remembered(store: KeyStore) -> None:
    with pytest.raises(InvalidCheckpointError):
        store.saw(ORIGIN, "nothing")
    assert store.last_seen(ORIGIN) is None


def test_the_systems_clock_tells_utc_seconds() -> None:
    now = SystemClock().now()
    assert utc(posix(now)) == now
