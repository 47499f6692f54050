"""The whole line through the command line: what people type, what they read, how it ends."""

import json
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from interlock.cli import main
from tests.board import DRAFT, GUARD, PASSPHRASE, rows

PANEL = {"sofia": "safety-researcher", "pedro": "policy-analyst", "lea": "legal-counsel"}
PEOPLE = {"paula": "product-manager", "carol": "chair", **PANEL}
ASSUME = ("--clusters", "150", "--assume", "harm=0.6:0.02", "--assume", "helpfulness=9:9:1")
FAR = "2999-01-01T00:00:00Z"
SCRIPT = Path(sys.executable).with_name("interlock")


@dataclass(frozen=True)
class Answer:
    """What a command printed, and how it ended."""

    exit: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON object on standard output."""
        (line,) = self.out.splitlines()
        found = json.loads(line)
        assert isinstance(found, dict)
        return found

    @property
    def error(self) -> dict[str, Any]:
        assert self.json.keys() == {"error"}
        found: dict[str, Any] = self.json["error"]
        assert found.keys() == {"code", "message", "file", "row"}
        return found


@dataclass
class Desk:
    """A person at a terminal, in a folder with a workspace."""

    folder: Path
    home: Path
    said: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "INTERLOCK_HOME": str(self.home),
            "INTERLOCK_WORKSPACE": str(self.folder / "board"),
            "INTERLOCK_PASSPHRASE": PASSPHRASE,
            "NO_COLOR": "1",
        }

    def type(self, *words: object, **environment: str) -> Answer:
        """Run a command in this process."""
        done = CliRunner().invoke(
            main, list(map(str, words)), env={**self.environment, **environment}
        )
        return Answer(done.exit_code, done.stdout, done.stderr)

    def do(self, *words: object) -> dict[str, Any]:
        """Run a command that must succeed; its JSON is kept under the command's name."""
        answer = self.type(*words, "--json")
        assert answer.exit == 0, (words, answer)
        self.said[name_of(*words)] = answer.json
        return answer.json

    def spawn(self, *words: object, file_bytes: int | None = None) -> Answer:
        """Run a command as a process of its own, on a disk where no file can grow further."""

        def limited() -> None:
            if file_bytes is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))

        done = subprocess.run(
            [SCRIPT, *map(str, words)],
            env={"PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1", **self.environment},
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=limited,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def size(self) -> int:
        found: int = self.type("ledger", "verify", "--json").json["size"]
        return found


def name_of(*words: object) -> str:
    """The full name of the command that words call."""
    command: click.Command = main
    names = []
    for word in words:
        if not isinstance(command, click.Group):
            break
        command = command.commands[str(word)]
        names.append(str(word))
    return " ".join(names)


def commands(group: click.Group, *path: str) -> Iterator[tuple[str, click.Command]]:
    """Every command that can be run, with its name."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)
        else:
            yield " ".join((*path, name)), command


def make_board(desk: Desk) -> None:
    desk.do("init", desk.folder / "board")
    for name, role in PEOPLE.items():
        request = desk.folder / f"{name}.request.json"
        desk.do("person", "request", name, "--role", role, "--out", request)
    names = list(PEOPLE)
    enrolled = []
    for name, other in zip(names, [*names[1:], names[0]], strict=True):
        enrolled.append(desk.folder / f"{name}.enrolment.json")
        request = desk.folder / f"{name}.request.json"
        desk.do("person", "countersign", request, "--as", other, "--out", enrolled[-1])
    desk.do("person", "enrol", *enrolled)
    desk.do("charter", "check")
    desk.do("charter", "adopt")
    for name, role in PANEL.items():
        words = ("person", "qualify", name, "--role", role, "--until", FAR)
        desk.do(*words, "--as", "carol")
    for name in ("plain", "guarded"):
        desk.write(
            f"board/systems/{name}.yaml",
            f"system: {name}\nmodel: model-1\nparts: {{prompt: {name}}}\n",
        )


def judge(desk: Desk, text: str, *, harm: int) -> tuple[str, Answer]:
    """Seal a hypothesis, import both arms and decide; the seal and the decision's answer."""
    hypothesis = desk.write("guard.yaml", text)
    desk.do("hypothesis", "plan", hypothesis, *ASSUME)
    sealed = desk.do("hypothesis", "seal", hypothesis, *ASSUME, "--as", "paula")["id"]
    for system, count in (("plain", 90), ("guarded", harm)):
        file = desk.write(f"{system}.csv", rows(harm=count))
        named = ("--seal", sealed[:8], "--system", system)
        desk.do("import", file, *named, "--as", "paula")
    return sealed, desk.type("decide", sealed, "--as", "paula", "--json")


def review(desk: Desk, verdict: str) -> str:
    """Draft, submit, question, vote and close; the decision."""
    written = desk.folder / "draft.yaml"
    desk.do("assess", "draft", verdict, "--out", written)
    written.write_text(DRAFT, encoding="utf-8")
    desk.do("assess", "check", written, "--verdict", verdict)
    named = ("--verdict", verdict, "--as", "paula")
    assessment = desk.do("assess", "submit", written, *named)["id"]
    asked = desk.do("review", "ask", assessment, "Why not 0.05?", "--as", "sofia")["id"]
    given = desk.do("review", "answer", asked, "It is reviewed.", "--as", "paula")["id"]
    desk.do("review", "accept", given, "--as", "sofia")
    again = desk.do("recompute", verdict, "--as", "pedro")
    assert (again["agrees"], again["differs"]) == (True, [])
    for name, role in PANEL.items():
        said = ("--role", role, "--reasons", "bounded", "--accept-retrospective")
        desk.do("review", "vote", assessment, "go", *said, "--as", name)
    decision: str = desk.do("review", "close", assessment, "--as", "carol")["id"]
    desk.do("assess", "page", assessment, "--out", desk.folder / "page.html")
    copy = desk.folder / "public.json"
    desk.do("assess", "redact", assessment, "--for", "public", copy)
    desk.do("assess", "verify-copy", copy, "--assessment", assessment)
    assert desk.do("assess", "diff", assessment, assessment) == {"changes": []}
    return decision


def prove(desk: Desk, decision: str) -> None:
    """Check, export, verify, trace, and keep the log."""
    held = ("--tier", "internal", "--traffic", "10")
    desk.do("check", decision, *held)
    bundle = desk.folder / "bundle.json"
    desk.do("export", decision, "--out", bundle)
    desk.do("verify", bundle, "--root", desk.folder / "board" / "root.json")
    desk.do("trace", decision)
    desk.do("ledger", "verify", "--save", desk.folder / "checkpoint.txt")
    desk.do("ledger", "verify", "--since", desk.folder / "checkpoint.txt")
    desk.do("ledger", "list")
    desk.do("ledger", "backup", desk.folder / "backup.sqlite")
    hold = desk.do("hold", decision, "--reason", "toxicity rises", "--as", "carol")["id"]
    desk.do("lift", hold, "--reason", "cause found", "--as", "sofia")
    desk.do("check", decision, *held)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk where the whole line was typed, every command with ``--json``."""
    folder = tmp_path_factory.mktemp("line")
    desk = Desk(folder, folder / "home")
    make_board(desk)
    _, decided = judge(desk, GUARD, harm=3)
    assert decided.exit == 0
    desk.said["decide"] = decided.json
    desk.said["decision"] = {"id": review(desk, decided.json["candidates"][0]["verdict"])}
    prove(desk, desk.said["decision"]["id"])
    return desk


@pytest.fixture
def desk(finished: Desk, tmp_path: Path) -> Desk:
    """A copy of the finished desk that a test may change."""
    shutil.copytree(finished.folder, tmp_path / "own")
    return replace(finished, folder=tmp_path / "own", home=tmp_path / "own" / "home")


@pytest.fixture
def decision(finished: Desk) -> str:
    found: str = finished.said["decision"]["id"]
    return found


def test_the_line_ends_in_a_go_that_a_stranger_verifies(finished: Desk, decision: str) -> None:
    assert finished.said["decide"]["overall"] == "passed"
    assert finished.said["decide"]["sealed"] is True
    assert finished.said["review close"]["outcome"] == "go"
    assert finished.said["check"] | {"holds": True, "decision": decision} == finished.said["check"]
    verified = finished.said["verify"]
    assert verified["holds"] is True
    assert {one["person"]: one["role"] for one in verified["votes"]} == PANEL
    assert finished.said["ledger verify"]["refused"] == []
    page = (finished.folder / "page.html").read_text("utf-8")
    assert decision[:8] in page


def open_engagement(desk: Desk) -> None:
    """Seal figures that wait for a verdict, and open them once it has passed."""
    text = GUARD.replace("hypothesis: guard", "hypothesis: clicks")
    hypothesis = desk.write("clicks.yaml", text + "sealed: [clicks]\n")
    assumed = ("--clusters", "300", *ASSUME[2:])
    sealed = desk.do("hypothesis", "seal", hypothesis, *assumed, "--as", "paula")["id"]
    figures = desk.write("clicks.csv", "item,metric,value\na,clicks,3\nb,clicks,4\n")
    for system, harm in (("plain", 90), ("guarded", 3)):
        file = desk.write(f"{system}-again.csv", rows(harm=harm))
        desk.do("import", file, "--seal", sealed, "--system", system, "--as", "paula")
    named = ("--seal", sealed, "--system", "guarded", "--as", "paula")
    kept = desk.do("engagement", "import", figures, *named)["engagement"]
    assert desk.type("engagement", "unseal", kept, "--as", "lea", "--json").exit == 4
    decided = desk.type("decide", sealed, "--as", "paula", "--json").json
    desk.do("recompute", decided["candidates"][0]["verdict"], "--as", "pedro")
    desk.do("engagement", "unseal", kept, "--as", "lea")
    for name in PANEL:
        desk.do("engagement", "open", kept, "--as", name)
    (clicks,) = desk.said["engagement open"]["figures"]
    assert (clicks["metric"], clicks["rows"]) == ("clicks", 2)
    desk.do("engagement", "list")


def answer_no(desk: Desk, code: int, *words: object) -> None:
    """Ask for what cannot be; the refusal is one JSON object too."""
    answer = desk.type(*words, "--json")
    assert answer.exit == code, (words, answer)
    desk.said[name_of(*words)] = answer.error


def found_team(desk: Desk) -> None:
    """Make what a team needs; what serves it runs until it is ended, and is asked elsewhere."""
    made = desk.do("witness", "create", desk.folder / "witness", "--name", "witness.example/one")
    nowhere = ("--service", "http://127.0.0.1:9")
    words = ("team", "create", desk.folder / "team", *nowhere, "--witness", "http://127.0.0.1:9")
    desk.do(*words, "--database", "sqlite:///team.sqlite", "--witness-key", made["key"])
    root = desk.folder / "team" / "root.json"
    answer_no(desk, 5, "team", "join", desk.folder / "member", "--root", root, *nowhere)


LABORATORY = {
    *("attack", "campaign", "diagnose", "judge", "label"),
    *("model", "plugins", "suite", "trial", "variants"),
}
"""Groups of commands that lead up to the line; each answers in the tests of its own room."""


def test_every_command_can_answer_with_one_json_object(finished: Desk, desk: Desk) -> None:
    """Those that act outside the line, or end it, are asked here; the demo has its own tests."""
    decision = finished.said["decision"]["id"]
    desk.do("report", desk.folder / "site")
    open_engagement(desk)
    found_team(desk)
    answer_no(desk, 4, "rollback", decision, "--to", decision, "--reason", "x", "--as", "carol")
    words = ("review", "close-question", decision, "no question", "--role", "legal-counsel")
    answer_no(desk, 4, *words, "--as", "lea")
    before = desk.write("before.csv", rows(harm=90))
    after = desk.write("after.csv", rows(harm=3))
    short = "\n".join(
        line for line in GUARD.splitlines() if not line.startswith(("pro", "ba", "ca"))
    )
    desk.do("compare", before, after, "--hypothesis", desk.write("short.yaml", short))
    bank = desk.write("bank.txt", "".join(f"item {k}\tharm\n" for k in range(300)))
    prospective = desk.write("prospective.yaml", GUARD + "basis: prospective\n")
    sealing = ("hypothesis", "seal", prospective, *ASSUME, "--bank", bank, "--sample", "150")
    drawn = desk.do("hypothesis", "draw", desk.do(*sealing, "--as", "paula")["id"])
    assert len(drawn["items"]) == 150
    assert {tuple(one["metrics"]) for one in drawn["items"]} == {("harm",)}
    assert desk.do("system", "show", "guarded")["system"] == "guarded"
    changed = desk.do("system", "diff", "plain", "guarded")
    assert {one["role"] for one in changed["evidence"]} == {"baseline"}
    reason = ("--reason", "new evidence")
    desk.do("kill", decision, *reason, "--as", "carol")
    desk.do("review", "revoke", decision, *reason, "--as", "lea")
    log = desk.folder / "board" / ".interlock" / "log.sqlite"
    log.write_bytes(b"garbage " * 999)
    assert desk.do("ledger", "restore", desk.folder / "backup.sqlite", *reason)["lost_size"]
    desk.do("ledger", "pin")
    known = {name for name, _ in commands(main) if name.split()[0] not in LABORATORY}
    served = {"demo", "team serve", "witness serve"}
    assert set(desk.said) - {"decision"} == known - served


@pytest.mark.parametrize(("name", "command"), list(commands(main)))
def test_every_command_offers_json_and_help_under_both_names(
    name: str, command: click.Command
) -> None:
    flags = {flag for parameter in command.params for flag in parameter.opts}
    assert "--json" in flags
    assert "-h" not in flags
    helped = [CliRunner().invoke(main, [*name.split(), flag]).stdout for flag in ("-h", "--help")]
    assert helped[0] == helped[1]
    assert "\\b" not in helped[0]


# Exit codes.


@pytest.mark.parametrize(
    ("harm", "outcome", "code"), [(60, "failed", 1), (10, "undecided", 3), (3, "passed", 0)]
)
def test_deciding_ends_as_its_outcome_says(desk: Desk, harm: int, outcome: str, code: int) -> None:
    text = GUARD.replace("hypothesis: guard", f"hypothesis: {outcome}") + "confirmatory: false\n"
    sealed, answer = judge(desk, text, harm=harm)
    assert (answer.exit, answer.json["overall"]) == (code, outcome)
    again = desk.type("decide", sealed, "--as", "paula")
    assert again.exit == code
    assert outcome in again.out


@pytest.mark.parametrize(
    "words",
    [
        ("no-such-command",),
        ("check",),
        ("verify", "no-such-file", "--root", "no-such-file"),
        ("hypothesis", "plan", "guard.yaml", "--clusters", "0"),
        ("hypothesis", "plan", "guard.yaml", "--clusters", "9", "--assume", "harm=nan:0.1"),
        ("hypothesis", "plan", "guard.yaml", "--clusters", "9", "--assume", "harm=9:9:-1"),
        ("person", "enrol"),
        ("review", "vote", "123456", "perhaps", "--role", "x", "--reasons", "y", "--as", "lea"),
    ],
)
def test_a_command_that_makes_no_sense_is_a_usage_error(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(desk.folder)
    answer = desk.type(*words)
    assert answer.exit == 2
    assert "Usage:" in answer.err


def test_options_that_go_together_are_asked_for_together(desk: Desk) -> None:
    hypothesis = desk.folder / "guard.yaml"
    asked = {
        ("--clusters", "10"): "--assume and --clusters go together",
        ("--sample", "10"): "--sample goes with either --bank or --trial",
    }
    for words, told in asked.items():
        answer = desk.type("hypothesis", "seal", hypothesis, *words, "--as", "paula")
        assert answer.exit == 2
        assert told in answer.err


def test_a_refusal_exits_4_and_names_code_message_file_and_row(desk: Desk) -> None:
    sealed = desk.do("hypothesis", "seal", *another(desk), "--as", "paula")["id"]
    file = desk.write("bad.csv", "item,metric,value\na,harm,0\nb,harm,often\n")
    words = ("import", file, "--seal", sealed, "--system", "plain", "--as", "paula")
    answer = desk.type(*words, "--json")
    assert answer.exit == 4
    assert (answer.error["code"], answer.error["row"]) == ("bad-row", 2)
    assert answer.error["file"] == str(file)
    told = desk.type(*words)
    assert (told.exit, told.out) == (4, "")
    assert "row 2" in " ".join(told.err.split())


def another(desk: Desk) -> tuple[object, ...]:
    """A hypothesis that was not sealed yet, and what is assumed of it."""
    return desk.write("another.yaml", GUARD.replace("guard\n", "another\n")), *ASSUME


def test_an_unknown_identity_is_refused_everywhere(desk: Desk) -> None:
    held = ("--reason", "x", "--as", "carol")
    for words in (
        ("check", "0123456789"),
        ("trace", "0123456789"),
        ("decide", "0123456789", "--as", "paula"),
        ("export", "0123456789", "--out", desk.folder / "x.json"),
        ("hold", "0123456789", *held),
        ("assess", "draft", "0123456789"),
        ("hypothesis", "draw", "0123456789"),
    ):
        answer = desk.type(*words, "--json")
        assert (answer.exit, answer.error["code"]) == (4, "not-on-log"), words
    assert not (desk.folder / "x.json").exists()


def test_an_identity_of_another_kind_and_too_short_a_name_are_refused(
    desk: Desk, decision: str
) -> None:
    seal = desk.said["hypothesis seal"]["id"]
    for name in (seal, decision[:5], decision[:6].upper() + "!", ""):
        answer = desk.type("check", name, "--json")
        assert (answer.exit, answer.error["code"]) == (4, "not-on-log")


def test_a_wrong_passphrase_signs_nothing(desk: Desk, decision: str) -> None:
    before = desk.size()
    words = ("hold", decision, "--reason", "x", "--as", "carol", "--json")
    answer = desk.type(*words, INTERLOCK_PASSPHRASE="wrong")  # noqa: S106
    assert (answer.exit, answer.error["code"]) == (4, "wrong-passphrase")
    assert desk.size() == before


def test_where_there_is_no_workspace_the_next_step_is_named(desk: Desk, tmp_path: Path) -> None:
    answer = desk.type("ledger", "list", "--json", INTERLOCK_WORKSPACE=str(tmp_path))
    assert (answer.exit, answer.error["code"]) == (4, "no-workspace")
    assert "interlock init" in answer.error["message"]


def test_a_folder_that_holds_something_never_becomes_a_workspace(desk: Desk) -> None:
    answer = desk.type("init", desk.folder / "board", "--json")
    assert (answer.exit, answer.error["code"]) == (4, "workspace-taken")


def test_a_draft_never_overwrites_what_somebody_wrote(desk: Desk) -> None:
    verdict = desk.said["decide"]["candidates"][0]["verdict"]
    answer = desk.type("assess", "draft", verdict, "--out", desk.folder / "draft.yaml")
    assert answer.exit == 2
    assert (desk.folder / "draft.yaml").read_text("utf-8") == DRAFT


def test_a_check_exits_4_with_the_reason_it_does_not_hold(desk: Desk, decision: str) -> None:
    answer = desk.type("check", decision, "--tier", "public", "--traffic", "10", "--json")
    assert (answer.exit, answer.error["code"]) == (4, "does-not-hold")
    desk.do("review", "revoke", decision, "--reason", "new evidence", "--as", "lea")
    told = desk.type("check", decision, "--tier", "internal", "--traffic", "10")
    assert told.exit == 4
    assert "took it back for good" in " ".join(told.err.split())


def test_a_check_of_another_system_than_the_one_decided_on_exits_4(
    desk: Desk, decision: str
) -> None:
    manifest = desk.folder / "board" / "systems" / "guarded.yaml"
    words = ("check", decision, "--tier", "internal", "--traffic", "10", "--system", manifest)
    desk.do(*words)
    manifest.write_text("system: guarded\nmodel: model-2\n", encoding="utf-8")
    answer = desk.type(*words, "--json")
    assert (answer.exit, answer.error["code"]) == (4, "does-not-hold")
    assert "evidence does not carry over" in answer.error["message"]


def test_a_check_says_whether_the_deployed_system_was_compared(desk: Desk, decision: str) -> None:
    words = ("check", decision, "--tier", "internal", "--traffic", "10")
    manifest = ("--system", desk.folder / "board" / "systems" / "guarded.yaml")
    assert desk.do(*words)["system_compared"] is False
    assert desk.do(*words, *manifest)["system_compared"] is True
    said = "the deployed system was not compared with the decision's: give --system MANIFEST"
    assert said in desk.type(*words).out.splitlines()
    assert "not compared" not in desk.type(*words, *manifest).out


def test_a_draw_is_printed_with_what_is_measured_on_each_item(desk: Desk) -> None:
    bank = desk.write("bank.txt", "".join(f"item {k}\tharm\thelpfulness\n" for k in range(300)))
    hypothesis = desk.write("pro.yaml", GUARD + "basis: prospective\nconfirmatory: false\n")
    words = ("--bank", bank, "--sample", "3", "--as", "paula")
    seal = desk.do("hypothesis", "seal", hypothesis, *words)["id"]
    printed = desk.type("hypothesis", "draw", seal).out.splitlines()
    items = desk.do("hypothesis", "draw", seal)["items"]
    assert printed == ["\t".join((one["item"], *one["metrics"])) for one in items]


def test_the_products_of_a_board_are_named_when_it_is_made(desk: Desk, tmp_path: Path) -> None:
    desk.do("init", tmp_path / "one")
    desk.do("init", tmp_path / "two", "--product", "voice", "--product", "search")
    found = [(tmp_path / name / "interlock.yaml").read_text("utf-8") for name in ("one", "two")]
    assert found == ["products:\n- assistant\n", "products:\n- voice\n- search\n"]


def test_a_bundle_with_a_strangers_root_exits_4(desk: Desk, tmp_path: Path) -> None:
    stranger = Desk(tmp_path / "stranger", tmp_path / "stranger-home")
    stranger.folder.mkdir()
    stranger.do("init", stranger.folder / "board")
    root = stranger.folder / "board" / "root.json"
    answer = desk.type("verify", desk.folder / "bundle.json", "--root", root, "--json")
    assert (answer.exit, answer.error["code"]) == (4, "bundle-refused")


# A fault of the machine.


def test_a_full_disk_exits_5_and_changes_nothing(desk: Desk, decision: str) -> None:
    before = desk.size()
    words = ("hold", decision, "--reason", "x", "--as", "carol", "--json")
    answer = desk.spawn(*words, file_bytes=1024)
    assert answer.exit == 5
    assert answer.error["code"] == "machine"
    assert "fault of the machine" in answer.error["message"]
    assert "nothing was changed" not in answer.error["message"]
    told = desk.spawn(*words[:-1], file_bytes=1024)
    assert (told.exit, told.out) == (5, "")
    assert told.err.startswith("fault (machine)")
    assert "refused" not in told.err
    assert desk.size() == before
    assert desk.type(*words).exit == 0


def test_a_full_disk_keeps_no_half_of_an_import(desk: Desk) -> None:
    sealed = desk.do("hypothesis", "seal", *another(desk), "--as", "paula")["id"]
    before = desk.size()
    evidence = desk.folder / "board" / ".interlock" / "evidence"
    kept = sorted(path.name for path in evidence.iterdir())
    file = desk.write("long.csv", rows(harm=90, of=3000))
    words = ("import", file, "--seal", sealed, "--system", "plain", "--as", "paula", "--json")
    answer = desk.spawn(*words, file_bytes=4096)
    assert (answer.exit, answer.error["code"]) == (5, "machine")
    assert sorted(path.name for path in evidence.iterdir()) == kept
    assert desk.size() == before
    assert desk.type(*words).exit == 0


def test_a_result_that_could_not_be_written_is_a_usage_error_before_anything_is_done(
    desk: Desk, decision: str
) -> None:
    absent = desk.folder / "absent" / "file"
    for words in (
        ("person", "request", "omar", "--role", "on-call", "--out", absent),
        ("export", decision, "--out", absent),
        ("ledger", "backup", absent),
    ):
        assert desk.type(*words).exit == 2
    assert not list(desk.home.rglob("omar*"))


def test_a_backup_never_replaces_the_log_it_is_of(desk: Desk) -> None:
    log = desk.folder / "board" / ".interlock" / "log.sqlite"
    answer = desk.type("ledger", "backup", log, "--json")
    assert (answer.exit, answer.error["code"]) == (4, "backup-place")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("person", "countersign", "bytes", "--out", "x", "--as", "carol"), "invalid-record"),
        (("person", "enrol", "--remove", "nobody"), "unknown-person"),
        (("person", "enrol", "guard.yaml"), "invalid-record"),
        (
            ("person", "qualify", "lea", "--role", "x", "--until", "soon", "--as", "carol"),
            "invalid-time",
        ),
        (("hypothesis", "seal", "bytes", "--as", "paula", *ASSUME), "charter"),
        (("ledger", "verify", "--since", "bytes"), "invalid-checkpoint"),
        (("ledger", "restore", "bytes", "--reason", "x"), "no-backup"),
        (("verify", "bytes", "--root", "board/root.json"), "bundle-refused"),
        (("verify", "bundle.json", "--root", "bytes"), "bundle-refused"),
    ],
)
def test_a_file_or_word_that_is_something_else_is_refused_and_changes_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], code: str
) -> None:
    monkeypatch.chdir(desk.folder)
    (desk.folder / "bytes").write_bytes(b"\xff\xfe\x00\x01")
    before = desk.size()
    answer = desk.type(*words, "--json")
    assert (answer.exit, answer.error["code"]) == (4, code)
    assert desk.size() == before


@pytest.mark.parametrize("bank", [b"", b"a\tharm\nb\tharm\n", b"\xff\n"])
def test_a_bank_that_cannot_give_its_sample_is_not_sealed(desk: Desk, bank: bytes) -> None:
    (desk.folder / "bank.txt").write_bytes(bank)
    hypothesis = desk.write("pro.yaml", GUARD + "basis: prospective\n")
    drawn = ("--bank", desk.folder / "bank.txt", "--sample", "3")
    words = ("hypothesis", "seal", hypothesis, *ASSUME, *drawn, "--as", "paula", "--json")
    answer = desk.type(*words)
    assert (answer.exit, answer.error["code"]) == (4, "invalid-record")
    assert "bank.txt" in answer.error["message"]


def test_words_that_say_nothing_are_asked_for_again(desk: Desk, decision: str) -> None:
    assessment = desk.said["assess submit"]["id"]
    for words in (
        ("review", "ask", assessment, " ", "--as", "sofia"),
        ("review", "ask", assessment, "\udcff", "--as", "sofia"),
        ("hold", decision, "--reason", "", "--as", "carol"),
    ):
        answer = desk.type(*words)
        assert answer.exit == 2
        assert "Invalid value" in answer.err


# People and their terminals.


def test_another_user_reads_checks_and_traces_the_same_workspace_and_appends_nothing(
    desk: Desk, decision: str
) -> None:
    other = replace(desk, home=desk.folder / "other-home", said={})
    other.do("check", decision, "--tier", "internal", "--traffic", "10")
    other.do("trace", decision)
    other.do("ledger", "list")
    other.do("ledger", "verify", "--since", desk.folder / "checkpoint.txt")
    other.do("export", decision, "--out", desk.folder / "theirs.json")
    other.do("verify", desk.folder / "theirs.json", "--root", desk.folder / "board" / "root.json")
    size = desk.size()
    held = ("hold", decision, "--reason", "x", "--as", "omar", "--json")
    assert other.type(*held).error["code"] == "key-missing"
    request = ("person", "request", "omar", "--role", "on-call", "--out", desk.folder / "o.json")
    other.do(*request)
    answer = other.type(*held)
    assert (answer.exit, answer.error["code"]) == (4, "not-holder")
    assert desk.size() == size


def test_one_person_has_a_key_of_their_own_in_every_workspace(desk: Desk) -> None:
    second = desk.folder / "second"
    desk.type("init", second)
    file = desk.folder / "paula.json"
    words = ("person", "request", "paula", "--role", "chair", "--out", file, "--json")
    here, again = desk.type(*words).json, desk.type(*words).json
    there = desk.type(*words, INTERLOCK_WORKSPACE=str(second)).json
    assert here["key"] == again["key"] != there["key"]


def test_keys_never_lie_in_the_workspace(desk: Desk) -> None:
    for path in (desk.folder / "board").rglob("*"):
        assert path.suffix != ".pem"
        assert not path.is_file() or b"PRIVATE KEY" not in path.read_bytes()


def test_what_people_read_has_no_colour_where_none_is_wanted(desk: Desk, decision: str) -> None:
    seal = desk.said["hypothesis seal"]["id"]
    for words in (("decide", seal, "--as", "paula"), ("trace", decision), ("check", decision)):
        plain = desk.type(*words, FORCE_COLOR="1", NO_COLOR="1")
        assert "\x1b[3" not in plain.out + plain.err
    coloured = desk.type(*words, FORCE_COLOR="1", NO_COLOR="")
    assert "\x1b[" in coloured.err


def test_a_command_finds_the_workspace_above_the_folder_it_is_given_in(desk: Desk) -> None:
    below = desk.folder / "board" / "hypotheses"
    done = subprocess.run(
        [SCRIPT, "ledger", "verify", "--json"],
        cwd=below,
        env={"PATH": "/usr/bin:/bin", "INTERLOCK_HOME": str(desk.home)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["holds"] is True


def test_an_act_given_twice_counts_once(desk: Desk, decision: str) -> None:
    revoked = ("review", "revoke", decision, "--reason", "new evidence", "--as", "lea")
    assert desk.do(*revoked) == desk.do(*revoked)


def test_a_log_that_is_no_database_any_more_exits_5(desk: Desk) -> None:
    log = desk.folder / "board" / ".interlock" / "log.sqlite"
    log.write_bytes(b"garbage " * 999)
    answer = desk.type("ledger", "verify", "--json")
    assert (answer.exit, answer.error["code"]) == (5, "machine")
    assert log.read_bytes() == b"garbage " * 999
