"""What is asked of a log on the command line, and what an import tells of it."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from interlock.app import record_run
from interlock.cli.imports import Choice, Place, Renaming, Worth, import_command
from interlock.errors import SealedMetricError
from interlock.trial import Reading
from tests.board import BASELINE, GUARD, board_at
from tests.eval_logs import header, sample, save_eval
from tests.imports import DATA


@pytest.mark.parametrize(
    ("kind", "word", "meant"),
    [
        (Renaming(), "judge/tone=harm", ("judge/tone", "harm")),
        (Worth(), "C=0", (("", "C"), 0.0)),
        (Worth(), "harm:C=0.5", (("harm", "C"), 0.5)),
        (Place(), "metadata.a.b", "a.b"),
        (Choice(), "filter=strict=1", ("filter", "strict=1")),
    ],
)
def test_an_option_is_read(kind: click.ParamType[object], word: str, meant: object) -> None:
    assert kind.convert(word, None, None) == meant


@pytest.mark.parametrize(
    "asked",
    [
        ("--metric", "judge"),
        ("--metric", "=harm"),
        ("--value", "C"),
        ("--value", "C=x"),
        ("--value", "C=nan"),
        ("--slice", "language"),
        ("--cluster", "metadata."),
        ("--only", "filter"),
        ("--only", "=strict"),
    ],
)
def test_an_option_that_says_nothing_is_a_wrong_use(tmp_path: Path, asked: tuple[str, str]) -> None:
    log = save_eval(tmp_path / "x.eval", [sample("a")])
    given = [str(log), "--seal", "s", "--system", "plain", "--as", "paula", *asked]
    done = CliRunner().invoke(import_command, given)
    assert done.exit_code == 2
    assert "is not" in done.output


def test_an_import_tells_what_the_log_claims_beside_what_its_rows_say(tmp_path: Path) -> None:
    claimed = {
        "name": "harm",
        "scorer": "harm",
        "metrics": {"mean": {"name": "mean", "value": 0.9}},
    }
    held = [sample("a", epoch=1, scores={"harm": 1}), sample("b", scores={"harm": float("nan")})]
    log = save_eval(tmp_path / "x.eval", held, header(held, results={"scores": [claimed]}))
    with board_at("convened", tmp_path / "made") as board:
        seal = board.seal().identity
        done = record_run(
            board.work, log, seal, system=BASELINE, signer=board.key("paula"), reading=Reading()
        )
    assert (done.counts.expected, done.counts.observed, done.counts.unscored) == (2, 1, 1)
    assert [(one.metric, one.value) for one in done.account.claimed] == [("harm", 0.9)]
    assert (done.means["harm"].value, done.means["harm"].rows) == (1.0, 1)


def test_a_log_brings_no_metric_that_is_sealed_nor_a_claim_of_it(tmp_path: Path) -> None:
    log = save_eval(tmp_path / "x.eval", [sample("a", scores={"harm": 1, "minutes": 5})])
    with board_at("convened", tmp_path / "made") as board:
        seal = board.seal(GUARD + "sealed: [minutes]\n").identity
        with pytest.raises(SealedMetricError):
            record_run(board.work, log, seal, system=BASELINE, signer=board.key("paula"))


def test_a_file_of_another_tool_is_imported_for_the_provider_that_is_named(tmp_path: Path) -> None:
    path = DATA / "promptfoo-whole.json"
    with board_at("convened", tmp_path / "made") as board:
        seal = board.seal().identity
        asked = Reading(only={"provider": "plain"}, metrics={"helpful": "helpfulness"})
        done = record_run(
            board.work,
            path,
            seal,
            system=BASELINE,
            signer=board.key("paula"),
            reading=asked,
        )
    assert done.account.tool == "promptfoo"
    assert (done.counts.expected, done.counts.errored) == (26, 6)
    assert done.means["helpfulness"].value == 1.0
