"""Plug-ins from a real distribution: found by name, loaded when named, checked on demand."""

import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from interlock.adapters.plugins import installed, load_plugin
from interlock.adapters.targets import FolderFiles, open_target
from interlock.app.trials import check_plugin
from interlock.cli import main
from interlock.errors import PluginError, TargetError
from interlock.trial import Request, Turn

CODE = """
import random
from dataclasses import replace

from interlock.charter import SliceValue
from interlock.trial import Answer, Ruling, Turn


class Echo:
    def __init__(self, prefix):
        self.prefix = prefix
        self.closed = []

    async def answer(self, request):
        return Answer(text=self.prefix + request.turns[-1].text)

    async def close(self):
        CLOSED.append(self.prefix)


CLOSED = []


class Leaving:
    async def answer(self, request):
        raise SystemExit(0)


class Backwards:
    name, version, owasp, atlas = "backwards", "1", ("LLM01:2025",), ("AML.T0054",)

    def apply(self, case, *, seed):
        turn = Turn(speaker="user", text=case.turns[-1].text[::-1])
        slices = [one for one in case.slices if one.slice != "attack"]
        slices.append(SliceValue(slice="attack", value=self.name))
        return replace(
            case,
            id=case.id + "+" + self.name,
            turns=(*case.turns[:-1], turn),
            slices=tuple(sorted(slices, key=lambda one: one.slice)),
        )

    def recover(self, case):
        return case.turns[-1].text[::-1]


class Moody(Backwards):
    name = "moody"

    def apply(self, case, *, seed):
        made = super().apply(case, seed=seed)
        turn = Turn(speaker="user", text=str(random.random()))
        return replace(made, turns=(*made.turns[:-1], turn))

    def recover(self, case):
        return case.turns[-1].text[5]


class LengthJudge:
    identity = "rule:length/1"

    async def judge(self, case, said):
        return Ruling(value=float(len(said[-1].text) > 10))


class OddJudge:
    identity = "oracle"

    async def judge(self, case, said):
        if not said[-1].text:
            raise ZeroDivisionError("nothing said")
        return 4


def swallowing(path):
    return []


def refusing(path):
    from interlock.errors import BadTableError
    raise BadTableError(str(path), "it is none of ours")


backwards, moody, number = Backwards(), Moody(), 4
"""

POINTS = """\
[interlock.targets]
echo = tiny_plugin:Echo
leaving = tiny_plugin:Leaving
number = tiny_plugin:number
gone = no_such_module:thing
lost = tiny_plugin:lost

[interlock.attacks]
backwards = tiny_plugin:backwards
moody = tiny_plugin:moody
sideways = tiny_plugin:backwards
class = tiny_plugin:Backwards

[interlock.judges]
length = tiny_plugin:LengthJudge
odd = tiny_plugin:OddJudge

[interlock.importers]
refusing = tiny_plugin:refusing
swallowing = tiny_plugin:swallowing
"""


def install(folder: Path, name: str, points: str) -> None:
    """A distribution as an installer would leave it."""
    place = folder / f"{name}-1.2.dist-info"
    place.mkdir(parents=True)
    (place / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
    (place / "entry_points.txt").write_text(points)


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    install(tmp_path, "tiny", POINTS)
    (tmp_path / "tiny_plugin.py").write_text(CODE)
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    sys.modules.pop("tiny_plugin", None)


def test_listing_loads_nothing(tiny: Path) -> None:
    found = {one.name: one for one in installed("interlock.targets")}
    assert found["echo"].identity == "echo (tiny 1.2)"
    assert found["echo"].place == "tiny_plugin:Echo"
    assert "tiny_plugin" not in sys.modules


def test_a_target_is_made_from_what_the_plan_states_and_closed(tiny: Path) -> None:
    async def once() -> str:
        stated = {"plugin": "echo", "prefix": "> "}
        async with open_target(stated, files=FolderFiles(Path())) as target:
            request = Request(turns=(Turn(speaker="user", text="Hello."),))
            return (await target.answer(request)).text

    assert asyncio.run(once()) == "> Hello."
    assert sys.modules["tiny_plugin"].CLOSED == ["> "]


def test_a_target_that_would_end_the_process_ends_one_call(tiny: Path) -> None:
    async def once() -> None:
        async with open_target({"plugin": "leaving"}, files=FolderFiles(Path())) as target:
            await target.answer(Request(turns=(Turn(speaker="user", text="Hello."),)))

    with pytest.raises(TargetError, match="plugin leaving gave no answer: it raised SystemExit: 0"):
        asyncio.run(once())


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"plugin": "echo"}, "does not take what the plan states"),
        ({"plugin": "echo", "prefix": "a", "more": 1}, "does not take what the plan states"),
        ({"plugin": "absent"}, "there are: echo, gone, leaving, lost, number"),
    ],
)
def test_settings_that_a_plugin_does_not_take_are_refused(
    tiny: Path, stated: dict[str, object], said: str
) -> None:
    async def once() -> None:
        async with open_target(stated, files=FolderFiles(Path())):
            pass

    with pytest.raises(PluginError, match=said):
        asyncio.run(once())


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("gone", "cannot be loaded .ModuleNotFoundError"),
        ("lost", "cannot be loaded .AttributeError"),
        ("number", "it is no function"),
    ],
)
def test_a_plugin_that_is_no_target_is_refused(tiny: Path, name: str, said: str) -> None:
    with pytest.raises(PluginError, match=said) as caught:
        load_plugin("interlock.targets", name)
    assert "tiny 1.2" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "said"), [("class", "it is a class"), ("sideways", "calls itself backwards")]
)
def test_an_attack_is_an_object_of_its_own_name(tiny: Path, name: str, said: str) -> None:
    with pytest.raises(PluginError, match=said):
        load_plugin("interlock.attacks", name)


def test_two_plugins_of_one_name_are_refused(tiny: Path) -> None:
    install(tiny, "rival", "[interlock.targets]\necho = tiny_plugin:Echo\n")
    with pytest.raises(PluginError, match=r"rival 1\.2 and tiny 1\.2 both bring it"):
        load_plugin("interlock.targets", "echo")


def test_sound_plugins_pass_the_published_checks(tiny: Path) -> None:
    for name, settings in (
        ("echo", {"prefix": "> "}),
        ("backwards", {}),
        ("length", {}),
        ("refusing", {}),
    ):
        [checked] = check_plugin(name, settings)
        assert checked.holds, checked.findings


def test_the_plugins_of_the_manual_pass_the_checks_they_are_shown(tiny: Path) -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "write-a-plugin.md"
    code = page.read_text("utf-8").partition("```python\n")[2].partition("```")[0]
    (tiny / "parrot.py").write_text(code)
    points = "[interlock.targets]\nparrot=parrot:Parrot\n[interlock.judges]\nshort=parrot:Short\n"
    install(tiny, "parrot", points)
    for name, settings in (("parrot", {"prefix": "> "}), ("short", {"most": 10})):
        [checked] = check_plugin(name, settings)
        assert checked.holds, checked.findings


def test_faults_of_a_plugin_are_findings_and_no_traceback(tiny: Path) -> None:
    [attack], [judge], [importer] = (
        check_plugin(one, {}) for one in ("moody", "odd", "swallowing")
    )
    broken = [f"{one.check}: {one.said}" for one in attack.findings if not one.holds]
    assert any("gives two cases" in one for one in broken)
    broken = [f"{one.check}: {one.said}" for one in judge.findings if not one.holds]
    assert any("'oracle' is not kind:name/version" in one for one in broken)
    assert any("raises ZeroDivisionError" in one for one in broken)
    assert not any(one.holds for one in importer.findings)


def test_the_command_line_lists_and_checks_plugins(tiny: Path) -> None:
    listed = CliRunner().invoke(main, ["plugins", "list", "--json"])
    assert {one["name"] for one in json.loads(listed.stdout)["plugins"]} >= {"echo", "length"}
    sound = CliRunner().invoke(main, ["plugins", "check", "echo", "--set", "prefix=>"])
    assert sound.exit_code == 0, sound.output
    assert "echo (tiny 1.2) of interlock.targets: holds" in sound.stdout
    broken = CliRunner().invoke(main, ["plugins", "check", "odd"])
    assert broken.exit_code == 4
    assert "BROKEN  says what it is" in broken.stdout
    absent = CliRunner().invoke(main, ["plugins", "check", "nobody", "--json"])
    assert json.loads(absent.stdout)["error"]["code"] == "plugin"
