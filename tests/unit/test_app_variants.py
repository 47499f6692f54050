"""Variants in a workspace: declared by name, shown in one table against one baseline."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from interlock.admission import Variant
from interlock.app import (
    report,
)
from interlock.app.variants import (
    Declared,
    VariantRow,
    declare_variant,
    variant_picture,
    variant_table,
)
from interlock.cli import main
from interlock.errors import (
    BaselineNeededError,
    InvalidRecordError,
    ManifestMissingError,
    ProductNeededError,
    RefusedActError,
    UndeclaredVariantError,
    UnlistedProductError,
)
from tests.board import BASELINE, CANDIDATE, GUARD, PASSPHRASE, Board, board_at, rows


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    with board_at("judged", tmp_path / "own") as board:
        yield board


def declare(board: Board, name: str, *, by: str = "paula", **changes: Any) -> str:
    fields: dict[str, Any] = {"kind": "guardrail", "week": "2026-W47", "says": "another guard"}
    said = Declared(**fields | changes)
    return declare_variant(board.work, name, said, signer=board.key(by)).identity


def manifest(board: Board, name: str) -> None:
    text = f"system: {name}\nmodel: model-1\nparts: {{prompt: {name}}}\n"
    board.work.path(f"systems/{name}.yaml").write_text(text, encoding="utf-8")


def listed(board: Board) -> dict[str, VariantRow]:
    return {one.name: one for one in variant_table(board.work, "assistant").rows}


def test_a_variant_is_declared_by_name_from_a_parent_by_name_or_statement(board: Board) -> None:
    first = declare(board, BASELINE)
    second = declare(board, CANDIDATE, parent=BASELINE, week="2026-W48")
    manifest(board, "third")
    third = declare(board, "third", parent=second[:10], week="2026-W46", kind="data")
    state = board.work.state()
    parents = [one.act.parent for one in state.of(Variant)]
    assert parents == ["", first, second]
    assert [one.name for one in variant_table(board.work, "assistant").rows] == [
        "third",
        BASELINE,
        CANDIDATE,
    ]
    assert listed(board)["third"].parent == CANDIDATE
    assert listed(board)["third"].identity == third


def test_what_cannot_be_declared_is_refused_with_the_reason(board: Board) -> None:
    with pytest.raises(ManifestMissingError):
        declare(board, "unwritten")
    with pytest.raises(UndeclaredVariantError, match="plain"):
        declare(board, CANDIDATE, parent=BASELINE)
    with pytest.raises(UndeclaredVariantError, match="abcdef"):
        declare(board, CANDIDATE, parent="abcdef")
    with pytest.raises(InvalidRecordError, match="no week"):
        declare(board, CANDIDATE, week="2025-W53")
    with pytest.raises(InvalidRecordError, match="no week"):
        declare(board, CANDIDATE, week="next week")
    with pytest.raises(UnlistedProductError):
        declare(board, CANDIDATE, product="assistent")
    with pytest.raises(RefusedActError, match="may not do this"):
        declare(board, CANDIDATE, by="lea")
    declare(board, CANDIDATE)
    with pytest.raises(RefusedActError, match="variant of the product already"):
        declare(board, CANDIDATE, says="again")


def test_a_changed_manifest_is_another_system_and_no_declared_parent(board: Board) -> None:
    declare(board, BASELINE)
    manifest(board, BASELINE)
    path = board.work.path(f"systems/{BASELINE}.yaml")
    path.write_text(path.read_text("utf-8").replace("model-1", "model-2"), encoding="utf-8")
    with pytest.raises(UndeclaredVariantError):
        declare(board, CANDIDATE, parent=BASELINE)


def test_several_products_must_be_told_apart(board: Board) -> None:
    settings = board.place / "interlock.yaml"
    settings.write_text("products: [assistant, translator]\n", encoding="utf-8")
    with pytest.raises(ProductNeededError, match="translator"):
        declare(board, CANDIDATE)
    declare(board, CANDIDATE, product="translator")
    declare(board, CANDIDATE, product="assistant")


def test_the_table_tells_attempts_alpha_outcomes_and_intervals(board: Board) -> None:
    declare(board, CANDIDATE)
    row = listed(board)[CANDIDATE]
    assert row.seals == 1
    assert [one.attempt for one in row.tested] == [1, 1, 1]
    assert {one.outcome for one in row.tested} == {"passed"}
    assert all(one.spent == pytest.approx(0.025) for one in row.tested)
    assert all(one.left == pytest.approx(0.025) for one in row.tested)
    cut = next(one for one in row.tested if one.scale == "share of baseline")
    assert cut.estimate is not None
    assert cut.estimate.value == pytest.approx(3 / 90)
    assert cut.limit == pytest.approx(0.6)


def test_another_variant_spends_the_same_lineage_judged_or_not(board: Board) -> None:
    declare(board, CANDIDATE, week="2026-W47")
    manifest(board, "second")
    declare(board, "second", parent=CANDIDATE, week="2026-W48")
    text = GUARD.replace("[guarded]", "[second]")
    seal = board.seal(text).identity
    before = listed(board)
    assert [one.outcome for one in before["second"].tested] == [None] * 3
    assert before["second"].tested[0].spent == pytest.approx(0.0125)
    assert before[CANDIDATE].tested[0].left == pytest.approx(0.0125)
    board.run(seal, BASELINE, rows(harm=91))
    board.run(seal, "second", rows(harm=60))
    board.judge(seal)
    after = listed(board)["second"]
    assert "failed" in {one.outcome for one in after.tested}
    drawn = variant_picture(variant_table(board.work, "assistant"))
    assert drawn.index("2026-W47 guarded") < drawn.index("2026-W48 second")


def test_the_table_and_the_report_tell_the_attempt_that_was_judged(
    board: Board, tmp_path: Path
) -> None:
    declare(board, CANDIDATE)
    text = GUARD.split("gain:", maxsplit=1)[0] + "red_lines: [{metric: harm, at_most: 0.10}]\n"
    text += "confirmatory: false\n"
    seal = board.seal(text, assumed=None).identity
    waiting = next(one for one in listed(board)[CANDIDATE].tested if one.seal == seal)
    assert waiting.attempt == 2
    assert waiting.spent == pytest.approx(0.0125)
    board.run(seal, BASELINE, rows(harm=91))
    board.run(seal, CANDIDATE, rows(harm=3))
    board.judge(seal)
    tested = listed(board)[CANDIDATE].tested
    (judged,) = (one for one in tested if one.seal == seal)
    assert judged.attempt == 2
    assert judged.spent == pytest.approx(0.0125)
    assert all(one.left == pytest.approx(0.0125) for one in tested if "harm" in one.criterion)
    report(board.work, tmp_path / "site", tell=lambda _: None)
    page = (tmp_path / "site" / "hypotheses" / f"{seal}.html").read_text("utf-8")
    bar = page.split("The criteria, as they were sealed", maxsplit=1)[1].split("</table>")[0]
    assert re.findall(r"<td[^>]*>(\d+)</td>", bar) == ["2"]


def test_one_table_has_one_baseline(board: Board) -> None:
    manifest(board, "second")
    declare(board, "second")
    assert variant_table(board.work, "assistant").baseline == ""
    declare(board, CANDIDATE)
    board.seal(
        GUARD.replace("baseline: plain", "baseline: guarded").replace("[guarded]", "[second]")
    )
    with pytest.raises(BaselineNeededError, match="plain, guarded"):
        variant_table(board.work, "assistant")
    with pytest.raises(BaselineNeededError, match="has the baseline third"):
        variant_table(board.work, "assistant", baseline="third")
    table = variant_table(board.work, "assistant", baseline=BASELINE)
    assert {one.name: one.seals for one in table.rows} == {"second": 0, CANDIDATE: 1}


def test_a_product_without_variants_has_an_empty_table(board: Board) -> None:
    table = variant_table(board.work, "assistant")
    assert (table.rows, table.baseline) == ((), "")
    assert variant_picture(table).startswith("<svg")
    with pytest.raises(UnlistedProductError):
        variant_table(board.work, "assistent")
    with pytest.raises(BaselineNeededError):
        variant_table(board.work, "assistant", baseline="third")


def test_the_report_lists_variants_with_their_descent(board: Board, tmp_path: Path) -> None:
    declare(board, BASELINE)
    declare(board, CANDIDATE, parent=BASELINE, says="a <second> filter")
    report(board.work, tmp_path / "site", tell=lambda _: None)
    page = (tmp_path / "site" / "systems.html").read_text("utf-8")
    assert "a &lt;second&gt; filter" in page
    assert "2026-W47" in page


def invoked(board: Board, *words: str) -> Result:
    board.close_all()
    environment = {
        "INTERLOCK_HOME": str(board.home),
        "INTERLOCK_PASSPHRASE": PASSPHRASE,
        "INTERLOCK_WORKSPACE": str(board.place),
    }
    return CliRunner().invoke(main, list(words), env=environment)


def test_the_command_declares_and_shows(board: Board, tmp_path: Path) -> None:
    said = ("--kind", "guardrail", "--week", "2026-W47", "--says", "a guard", "--as", "paula")
    done = invoked(board, "variants", "add", CANDIDATE, *said)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("variant ")
    svg = tmp_path / "variants.svg"
    shown = invoked(board, "variants", "show", "assistant", "--svg", str(svg))
    assert shown.exit_code == 0, shown.output
    assert "variants of assistant, against plain: 1" in shown.stdout
    assert "attempt 1, alpha spent and left: 0.025, 0.025" in shown.stdout
    assert "guarded: passed" in svg.read_text("utf-8")
    facts = json.loads(invoked(board, "variants", "show", "assistant", "--json").stdout)
    assert facts["variants"][0]["tested"][0]["estimate"]["n"] == 150
    again = invoked(board, "variants", "add", CANDIDATE, *said[:6], "--says", "b", "--as", "paula")
    assert again.exit_code == 4
    assert "variant of the product already" in again.stderr
