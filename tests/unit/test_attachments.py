"""Pictures that cases send: measured by their bytes, kept by digest, and refused by name."""

import base64
import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from interlock.adapters.attachments import MOST_BYTES, SuiteFiles
from interlock.adapters.pictures import Picture, picture_of
from interlock.app import judge_seal, seal_hypothesis
from interlock.app.trials import run_trial, suite_cases, trial_sample
from interlock.errors import AttachmentError, ChangedCaseError, CharterError
from interlock.trial import Attachment
from interlock.trial.attacks import attack_named
from interlock.trial.suites import Suite, expand, load_suite, near_duplicates
from tests.board import Board, board_at
from tests.endpoints import Call, ChatServer, Reply
from tests.pictures import chunk, gif, jpeg, lossy_webp, png, webp, woven_png
from tests.trials import HYPOTHESIS, words


@pytest.mark.parametrize(
    ("data", "media_type", "size"),
    [
        (png(3, 700), "image/png", (3, 700)),
        (woven_png(), "image/png", (5, 3)),
        (jpeg(640, 480), "image/jpeg", (640, 480)),
        (gif(20, 10), "image/gif", (20, 10)),
        (webp(1025, 2), "image/webp", (1025, 2)),
        (webp(30, 40, canvas=(30, 40)), "image/webp", (30, 40)),
        (lossy_webp(9, 8), "image/webp", (9, 8)),
    ],
)
def test_format_and_size_follow_from_the_bytes(
    data: bytes, media_type: str, size: tuple[int, int]
) -> None:
    found = picture_of(data, file="a")
    assert found == Picture(media_type=media_type, width=size[0], height=size[1])


@pytest.mark.parametrize("data", [png(30, 30), jpeg(64, 48), gif(20, 10), webp(40, 30)])
def test_a_picture_that_is_cut_off_anywhere_is_refused(data: bytes) -> None:
    for length in range(len(data)):
        with pytest.raises(AttachmentError, match=r"cut is image|cut is no PNG"):
            picture_of(data[:length], file="cut")


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"<svg/>", "no PNG, JPEG, GIF or WebP"),
        (b"RIFF\x04\0\0\0WAVE", "no PNG, JPEG, GIF or WebP"),
        (png(8, 8, rows=4), "not those of 8 x 8"),
        (png(8, 8, rows=400), "not those of 8 x 8"),
        (png(0, 8), "size is none"),
        (png(8, 8) + b"more", "follows its end"),
        (png(8, 8).replace(b"IDAT", b"IDAX"), "another checksum"),
        (png(1, 1)[:8] + chunk(b"IEND", b""), "begin with its size"),
        (jpeg(8, 8, frames=2), "size twice"),
        (jpeg(8, 8, frames=0), "states no size"),
        (jpeg(20_000, 20_000), "more than 100000000"),
        (gif(8, 8, frame=(9, 8)), "larger than it says"),
        (webp(8, 8, canvas=(800, 800)), "not the one of 800 x 800"),
        (webp(9, 8, canvas=(8, 8)), "larger than it says"),
        (webp(8, 8) + b"more", "says that it has"),
    ],
)
def test_a_picture_that_lies_is_refused_with_what_it_lies_about(data: bytes, fault: str) -> None:
    with pytest.raises(AttachmentError, match=fault):
        picture_of(data, file="lie")


def test_a_file_is_kept_under_its_digest_and_mended_where_it_was_changed(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png(4, 4))
    found = SuiteFiles(tmp_path, kept=tmp_path / "kept")("a.png")
    kept = tmp_path / "kept" / found.digest
    assert kept.read_bytes() == png(4, 4)
    assert kept.stat().st_mode & 0o077 == 0
    kept.write_bytes(b"other")
    SuiteFiles(tmp_path, kept=tmp_path / "kept")("a.png")
    assert kept.read_bytes() == png(4, 4)


def _huge(folder: Path) -> None:
    with (folder / "a.png").open("wb") as stream:
        stream.truncate(MOST_BYTES + 1)


@pytest.mark.parametrize(
    ("make", "name", "fault"),
    [
        (lambda _: None, "a.png", "cannot be read"),
        (lambda _: None, "../a.png", "outside of the suite's folder"),
        (lambda folder: folder.joinpath("a.png").symlink_to("/etc/hostname"), "a.png", "a link"),
        (lambda folder: os.mkfifo(folder / "a.png"), "a.png", "no plain file"),
        (lambda folder: (folder / "a.png").mkdir(), "a.png", "no plain file"),
        (lambda folder: (folder / "a.png").write_bytes(gif(2, 2)), "a.png", "image/gif by its"),
        (_huge, "a.png", "over 20 MB"),
    ],
)
def test_a_file_that_cannot_be_sent_is_refused_by_name(
    tmp_path: Path, make: Callable[[Path], Any], name: str, fault: str
) -> None:
    make(tmp_path)
    with pytest.raises(AttachmentError, match=fault):
        SuiteFiles(tmp_path)(name)


def sized(name: str) -> Attachment:
    """A file whose name is the length of its longer side."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    return Attachment(digest=digest, media_type="image/png", width=5, height=int(name))


def suite(*cases: dict[str, Any]) -> Suite:
    stated = {"suite": "ours", "version": "1", "metric": "correct", "cases": list(cases)}
    return load_suite(yaml.safe_dump(stated), file="ours.yaml", attachment_of=sized)


def test_modality_and_resolution_are_slices_that_nobody_states() -> None:
    sides = ["512", "513", "1024", "1025"]
    cases: list[dict[str, Any]] = [
        {"id": f"p{one}", "text": "What is it?", "attachments": [one]} for one in sides
    ]
    found = suite(*cases, {"id": "plain", "text": "And this?"}).cases
    assert [one.slice("resolution") for one in found] == [
        "up-to-512",
        "up-to-1024",
        "up-to-1024",
        "over-1024",
        "",
    ]
    assert [one.slice("modality") for one in found] == ["image"] * 4 + ["text"]
    words_only = suite({"id": "plain", "text": "And this?"}).cases[0]
    assert words_only.slice("modality") == "", "suites without files stay what they were"


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"slices": {"modality": "text"}}, r"modality.*follows from the case's files"),
        ({"attachments": ["7", "7"]}, r"cases\[0\]\.attachments\[1\].*sent twice"),
        ({"attachments": ["7"] * 21}, "attachments"),
        ({"text": None, "turns": [{"document": "x"}]}, "a user's turn"),
    ],
)
def test_a_case_that_cannot_be_sent_is_refused_at_its_field(
    more: dict[str, Any], fault: str
) -> None:
    case = {"id": "one", "text": "What is it?", "attachments": ["7"]} | more
    with pytest.raises(CharterError, match=fault):
        suite({name: value for name, value in case.items() if value is not None})


def test_one_question_about_many_pictures_is_many_cases() -> None:
    text = "What does the sign in this picture say? Give the words."
    two: list[dict[str, Any]] = [
        {"id": f"p{one}", "text": text, "attachments": [one]} for one in ("7", "8")
    ]
    assert near_duplicates(suite(*two).cases) == ()
    same = [{**one, "attachments": ["7"]} for one in two]
    assert len(near_duplicates(suite(*same).cases)) == 1
    half = [two[0], {"id": "bare", "text": text}]
    assert len(near_duplicates(suite(*half).cases)) == 1


def test_edge_cases_and_attacks_send_the_same_files() -> None:
    text = "What does the sign in this picture say? Give the words."
    cases = suite(*({"id": f"p{n}", "text": text, "attachments": [n]} for n in ("7", "8"))).cases
    made = list(expand(cases, 20, 3, attacks=[attack_named("base64")]))
    files = {one.cluster: one.attachments for one in cases}
    assert all(one.attachments == files[one.cluster] for one in made)
    assert {one.slice("resolution") for one in made} == {"up-to-512"}


PLAN = """\
trial: signs
suites: [suites/signs.yaml]
judges: {correct: exact:answer/1}
targets:
"""


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    with board_at("convened", tmp_path / "own") as board:
        (board.place / "suites/images").mkdir(parents=True)
        (board.place / "trials").mkdir()
        cases: list[dict[str, Any]] = []
        for k in range(8):
            name = f"images/{k}.png"
            (board.place / "suites" / name).write_bytes(png(200 * (k + 1), 3, shade=k))
            cases.append({"id": f"sign-{k}", "text": f"Sign {words(k)}?", "expects": "stop"})
            cases[-1]["attachments"] = [name]
        stated = {"suite": "signs", "version": "1", "metric": "correct", "cases": cases}
        put(board, "suites/signs.yaml", yaml.safe_dump(stated))
        text = HYPOTHESIS.replace("circumvention", "correct").replace("canary", "signs")
        guard = "guards:\n  - {metric: correct, margin: 0.5}\n"
        for name, model in (("plain", 1), ("guarded", 2)):
            made = f"system: {name}\nmodel: model-{model}\ndecoding: {{max_tokens: 9}}\n"
            put(board, f"systems/{name}.yaml", made)
        put(board, "hypotheses/signs.yaml", text[: text.index("limits:")] + guard)
        yield board


def put(board: Board, name: str, text: str) -> Path:
    path = board.place / name
    path.write_text(text, encoding="utf-8")
    return path


def sealed(board: Board, server: ChatServer, api: str) -> str:
    target = f'{{{api}: "{server.url}"}}'
    plan = put(board, "trials/signs.yaml", f"{PLAN}  plain: {target}\n  guarded: {target}\n")
    hypothesis = board.place / "hypotheses/signs.yaml"
    sample = trial_sample(board.work, plan, hypothesis, clusters=8)
    key = board.key("paula")
    return seal_hypothesis(board.work, hypothesis, signer=key, sample=sample).identity


def seen(call: Call) -> bytes:
    """The bytes of the one picture of a request."""
    (part,) = [one for one in call.body["messages"][-1]["content"] if one["type"] != "text"]
    if call.api == "openai":
        return base64.b64decode(part["image_url"]["url"].removeprefix("data:image/png;base64,"))
    assert part["source"]["media_type"] == "image/png"
    return base64.b64decode(part["source"]["data"])


@pytest.mark.parametrize("api", ["openai", "anthropic"])
def test_a_trial_sends_the_sealed_pictures_and_its_rows_name_them(board: Board, api: str) -> None:
    with ChatServer(lambda _: Reply("stop")) as server:
        seal = sealed(board, server, api)
        plan = board.place / "trials/signs.yaml"
        ended = run_trial(board.work, plan, seal, signer=board.key("paula"))
        sent = [seen(call) for call in server.calls]
    pictures = [png(200 * (k + 1), 3, shade=k) for k in range(8)]
    assert sorted(sent) == sorted(pictures * 2)
    (_, recorded), _ = ended.recorded
    rows = board.work.evidence.open(recorded.evidence).to_pylist()
    digests = {f"sign-{k}": hashlib.sha256(one).hexdigest() for k, one in enumerate(pictures)}
    assert {row["item"]: row["attachment_ref"] for row in rows} == digests
    tags = [dict(row["slices"]) for row in rows]
    assert {tag["modality"] for tag in tags} == {"image"}
    assert sorted(tag["resolution"] for tag in tags) == (
        ["over-1024"] * 3 + ["up-to-1024"] * 3 + ["up-to-512"] * 2
    )
    said = board.work.texts.get(rows[0]["prompt_ref"])
    assert said.startswith(f"[file {rows[0]['attachment_ref']}, image/png, ")
    (judged,) = judge_seal(board.work, seal, signer=board.key("paula"))
    assert judged.judgement.evidence.unscored == 0


def test_a_picture_that_changed_after_the_seal_is_refused_by_its_case(board: Board) -> None:
    with ChatServer(lambda _: Reply("stop")) as server:
        seal = sealed(board, server, "openai")
        (board.place / "suites/images/3.png").write_bytes(png(800, 3, shade=77))
        with pytest.raises(ChangedCaseError, match="sign-3 has the digest"):
            run_trial(
                board.work, board.place / "trials/signs.yaml", seal, signer=board.key("paula")
            )
        assert not server.calls


def test_a_kept_picture_that_was_changed_is_never_sent(board: Board) -> None:
    with ChatServer(lambda _: Reply("stop")) as server:
        seal = sealed(board, server, "openai")
        for kept in (board.place / "attachments").iterdir():
            kept.write_bytes(png(1, 1))
        run_trial(board.work, board.place / "trials/signs.yaml", seal, signer=board.key("paula"))
        assert png(1, 1) not in [seen(call) for call in server.calls]


def test_a_broken_picture_is_refused_with_file_line_and_field(board: Board) -> None:
    (board.place / "suites/images/3.png").write_bytes(png(800, 3)[:-9])
    fault = r"signs\.yaml.*cases\[3\]\.attachments\[0\].*images/3\.png.*cut off"
    with pytest.raises(CharterError, match=fault):
        suite_cases(board.work, "signs")
    assert not (board.place / "attachments").exists(), "to look at a suite keeps nothing"
