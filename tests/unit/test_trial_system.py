"""Systems: what identifies one, what two differ in, and which evidence a change makes stale."""

import hashlib
from pathlib import Path

import pytest

from interlock.adapters.parts import PartFiles
from interlock.charter import STANDARD_CHARTER, load_charter
from interlock.errors import CharterError, InvalidRecordError
from interlock.ledger import digest, dump, kind_of, load
from interlock.trial import (
    Component,
    Part,
    System,
    TypedSystem,
    diff,
    features_of,
    load_system,
    parts_of,
    stale,
)

OLD = "system: v1\nmodel: m@1\nparts: {system-prompt: none, temperature: '0.7'}\n"
TYPED = """\
system: v2
model: m@1
prompt: {file: prompt.txt}
decoding: {temperature: 0.70, top_p: 1}
classifiers: {guard: guard@3, spam: {file: models/spam.bin}}
tools: none
features: [web-search, file-upload]
parts: {region: eu}
"""
CHARTER = load_charter(STANDARD_CHARTER, file="standard.yaml")
METRICS = ("circumvention", "fabrication", "harm", "helpfulness")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "prompt.txt").write_text("Be kind.")
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "spam.bin").write_bytes(b"\x00\x01")
    return tmp_path


def system(text: str, folder: Path | None = None) -> System:
    files = PartFiles(folder) if folder else None
    return load_system(text, file="v.yaml", digest_of=files)


def test_a_manifest_without_kinds_keeps_the_digest_it_was_decided_under() -> None:
    found = system(OLD)
    assert kind_of(found) == "system/1"
    parts = (Part(name="system-prompt", version="none"), Part(name="temperature", version="0.7"))
    assert digest(found) == digest(System(model="m@1", parts=parts))
    assert features_of(found) == ()


def test_a_typed_manifest_is_identified_by_values_and_by_what_its_files_hold(folder: Path) -> None:
    found = system(TYPED, folder)
    prompt = hashlib.sha256(b"Be kind.").hexdigest()
    spam = hashlib.sha256(b"\x00\x01").hexdigest()
    assert parts_of(found) == {
        ("model", ""): "m@1",
        ("prompt", ""): f"sha256:{prompt}",
        ("decoding", "temperature"): "0.7",
        ("decoding", "top_p"): "1",
        ("classifiers", "guard"): "guard@3",
        ("classifiers", "spam"): f"sha256:{spam}",
        ("tools", ""): "none",
        ("features", "file-upload"): "on",
        ("features", "web-search"): "on",
        ("region", ""): "eu",
    }
    assert features_of(found) == ("file-upload", "web-search")
    assert load(dump(found)) == found


def test_neither_a_name_nor_the_order_nor_a_spelling_makes_another_system(folder: Path) -> None:
    lines = TYPED.replace("v2", "other").replace("0.70", "7.0e-1").splitlines()
    turned = "\n".join(reversed(lines))
    assert digest(system(TYPED, folder)) == digest(system(turned, folder))


def test_another_byte_in_a_file_makes_another_system(folder: Path) -> None:
    before = system(TYPED, folder)
    (folder / "prompt.txt").write_text("Be kind!")
    after = system(TYPED, folder)
    assert digest(before) != digest(after)
    assert diff(before, after).changed == ("prompt",)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../prompt.txt", "outside of the manifest's folder"),
        ("/etc/hostname", "outside of the manifest's folder"),
        (".", "outside of the manifest's folder"),
        ("absent.txt", "put it beside the manifest"),
        ("models", "put it beside the manifest"),
        ("link.txt", "is a link"),
        ("linked/spam.bin", "is a link"),
    ],
)
def test_a_file_that_could_be_another_one_tomorrow_is_refused(
    folder: Path, name: str, why: str
) -> None:
    (folder / "link.txt").symlink_to(folder / "prompt.txt")
    (folder / "linked").symlink_to(folder / "models")
    with pytest.raises(CharterError, match=why) as refused:
        system(f"system: v\nmodel: m\nprompt: {{file: {name}}}\n", folder)
    assert (refused.value.line, refused.value.field) == (3, "prompt.file")


@pytest.mark.parametrize(
    ("text", "line", "field"),
    [
        ("system: v\n", 1, "model"),
        ("system: v\nmodel: m\ndecode: x\n", 3, "decode"),
        ("system: v\nmodel: m\ndecoding: {}\n", 3, "decoding"),
        ("system: v\nmodel: m\ndecoding: {t: [1]}\n", 3, "decoding.t"),
        ("system: v\nmodel: m\ndecoding: 99999999999999999999\n", 3, "decoding"),
        ("system: v\nmodel: m\nprompt: a\nparts: {prompt: b}\n", 4, "parts.prompt"),
        ("system: v\nmodel: m\nfeatures: [a, a]\n", 3, "features"),
        ("system: v\nmodel: m\nprompt: {file: x.txt}\n", 3, "prompt.file"),
    ],
)
def test_a_manifest_at_fault_is_refused_at_its_line(text: str, line: int, field: str) -> None:
    with pytest.raises(CharterError) as refused:
        system(text)
    assert (refused.value.line, refused.value.field) == (line, field)


@pytest.mark.parametrize(
    "changes",
    [
        {"components": (), "features": ()},
        {"features": ("b", "a")},
        {"components": (Component(section="tools", name="", version="x"),) * 2},
        {"model": ""},
    ],
)
def test_a_record_with_two_spellings_is_refused(changes: dict[str, object]) -> None:
    given: dict[str, object] = {"model": "m", "parts": (), "components": (), "features": ("a",)}
    with pytest.raises(InvalidRecordError):
        TypedSystem(**given | changes)  # type: ignore[arg-type]


def test_a_difference_names_what_was_added_removed_and_changed() -> None:
    before = system("system: a\nmodel: m\ndecoding: {temperature: 0.7}\ntools: search\n")
    after = system("system: b\nmodel: m\ndecoding: {temperature: 0.9}\nfeatures: [web-search]\n")
    found = diff(before, after)
    assert [(one.change, one.part, one.name) for one in found.parts] == [
        ("changed", "decoding", "temperature"),
        ("added", "features", "web-search"),
        ("removed", "tools", ""),
    ]
    assert found.changed == ("decoding", "features", "tools")
    assert diff(before, before).parts == ()


def test_a_part_cannot_hide_a_change_behind_the_name_of_another() -> None:
    before = system("system: a\nmodel: m@1\nparts: {model: none}\n")
    after = system("system: a\nmodel: m@2\nparts: {model: none}\n")
    assert diff(before, after).changed == ("model",)


def test_a_change_touches_what_the_charter_says_and_everything_where_it_says_nothing() -> None:
    def touched(text: str) -> tuple[str, ...]:
        before = system("system: a\nmodel: m\nretrieval: r1\nprompt: p\n")
        return stale(diff(before, system(text)), CHARTER, METRICS)

    retrieval = touched("system: a\nmodel: m\nretrieval: r2\nprompt: p\n")
    assert retrieval == ("circumvention", "fabrication", "helpfulness")
    assert touched("system: a\nmodel: m\nretrieval: r2\nprompt: q\n") == METRICS
    assert touched("system: a\nmodel: n\nretrieval: r1\nprompt: p\n") == METRICS
    assert touched("system: b\nmodel: m\nretrieval: r1\nprompt: p\n") == ()
