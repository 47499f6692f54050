"""The standalone verifier: one file, nothing of Interlock, the same answer."""

import subprocess
import sys
from pathlib import Path

import pytest

import interlock.admission.verify
from interlock.admission.verify import Refused, decode, fits, main, moment, unbase64, verify
from interlock.ledger import dump
from tests.world import World, by_stranger, make_root, reason_of

FILE = Path(interlock.admission.verify.__file__)

# The hook stands first, so that nothing outside the standard library and cryptography loads.
ALONE = """
import runpy, sys

class Alone:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top not in sys.stdlib_module_names | {"cryptography", "_cffi_backend", "cffi"}:
            raise ImportError(f"the verifier must not need {name}")

sys.meta_path.insert(0, Alone())
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, str]:
    """A bundle, a root, and the time at which the bundle's decision holds."""
    world = World().begin()
    bundle, root = tmp_path / "bundle.json", tmp_path / "root.json"
    bundle.write_bytes(world.bundle(world.go()).to_bytes())
    root.write_bytes(dump(world.root))
    return bundle, root, world.clock.now()


def test_it_runs_with_the_standard_library_and_cryptography_alone(
    files: tuple[Path, Path, str],
) -> None:
    bundle, root, now = files
    ran = subprocess.run(
        [sys.executable, "-I", "-c", ALONE, FILE, bundle, "--root", root, "--now", now],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    for said in ("holds: go for 'assistant'", "'lena' as 'legal-counsel': go", "checkpoint 14 of"):
        assert said in ran.stdout


def test_the_hook_of_that_test_bites(tmp_path: Path) -> None:
    hostile = tmp_path / "hostile.py"
    hostile.write_text("import interlock\n")
    ran = subprocess.run(
        [sys.executable, "-I", "-c", ALONE, hostile], capture_output=True, text=True, check=False
    )
    assert "must not need interlock" in ran.stderr


def test_it_exits_with_4_and_the_reason_when_a_decision_does_not_hold(
    files: tuple[Path, Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    bundle, root, _ = files
    assert main([str(bundle), "--root", str(root), "--now", "2026-03-01T00:00:00Z"]) == 4
    assert capsys.readouterr().out.startswith("does not hold: stale-checkpoint")


def test_it_exits_with_5_when_a_file_cannot_be_read(
    files: tuple[Path, Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    bundle, _, now = files
    assert main([str(bundle), "--root", "/nowhere/root.json", "--now", now]) == 5
    assert "could not run" in capsys.readouterr().err


def test_it_exits_with_2_without_a_root(files: tuple[Path, Path, str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([str(files[0])])
    assert stopped.value.code == 2


def test_it_says_who_voted_what_as_of_which_checkpoint(files: tuple[Path, Path, str]) -> None:
    bundle, root, now = files
    found = verify(bundle.read_bytes(), root.read_bytes(), now)
    assert [(each["person"], each["ballot"]) for each in found["votes"]] == [
        ("rita", "go"),
        ("paul", "go"),
        ("lena", "go"),
    ]
    assert found["as_of"]["size"] == 14
    assert found["decided"]["by"] == "cleo"


NOT_JSON = (b"", b"{", b"[" * 100_000, b"\xff", b"NaN", b'"\\ud800"')
NOT_CANONICAL = (b'{"a":1,"a":2}', b'{"b":1,"a":2}', b'"\\u00e9"', b" 1", b"-0")
NOT_WHOLE = (b"1.5", b"1e3", b"9007199254740992", b"1" * 5000)


@pytest.mark.parametrize("text", [*NOT_JSON, *NOT_CANONICAL, *NOT_WHOLE])
def test_json_has_one_form(text: bytes) -> None:
    with pytest.raises(Refused, match="here"):
        decode(text, "here")


def test_an_altered_bit_anywhere_in_a_bundle_is_refused(files: tuple[Path, Path, str]) -> None:
    bundle, root, now = files
    data = bundle.read_bytes()
    for at in range(0, len(data), 97):
        altered = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        with pytest.raises(Refused):
            verify(altered, root.read_bytes(), now)


def test_garbage_is_refused_with_a_reason() -> None:
    for data in (b"", b"{}", b"null", b"[]"):
        refused = by_stranger(data, make_root(), "2026-01-05T09:00:00Z")
        assert reason_of(refused) == "invalid-bundle"


@pytest.mark.parametrize("text", ["", "2026-02-30T00:00:00Z", "2026-01-05", "2026-01-05T09:00:00"])
def test_times_have_one_form(text: str) -> None:
    with pytest.raises(Refused, match="invalid-time"):
        moment(text)


@pytest.mark.parametrize("text", ["QQ", "QQ=", "QR==", "QQ==\n", "é", "_-==", "Q Q=="])
def test_base64_has_one_form(text: str) -> None:
    with pytest.raises(Refused):
        unbase64(text)


def test_true_is_no_number_and_one_is_no_truth() -> None:
    assert fits({"criterion": "c", "claim": "c", "attempt": 1}, "lineage")
    assert not fits({"criterion": "c", "claim": "c", "attempt": True}, "lineage")
    assert not fits({"criterion": "c", "outcome": "passed", "red_line": 1}, "criterion")
    assert not fits({"criterion": "c", "claim": "c", "attempt": 1, "note": ""}, "lineage")
