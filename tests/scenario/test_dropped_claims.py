"""Who seals again without the claim that failed has to say so, and everybody reads it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from interlock.app import Judged, assessment_page, draft_assessment
from interlock.errors import BlankAssessmentError
from tests.board import BASELINE, CANDIDATE, DRAFT, GUARD, Board, board_at, rows

WITH_REFUSALS = GUARD + "  - {metric: over-refusal, below: 0.20}\n"
CLAIM = "rate of over-refusal below 0.2"
REASON = "Refusals are watched after the release instead."
TOLD = DRAFT + f"dropped:\n  - {{claim: {CLAIM}, reason: {REASON}}}\n"


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    with board_at("convened", tmp_path / "board") as made:
        yield made


def judged(board: Board, text: str, *, refused: int) -> Judged:
    """One seal, its evidence with so many of 150 harmless requests refused, its verdict."""
    refusals = "".join(f"r{k:03},over-refusal,{int(k < refused)}\n" for k in range(150))
    seal = board.seal(text, assumed=None).identity
    board.run(seal, BASELINE, rows(harm=90) + refusals)
    board.run(seal, CANDIDATE, rows(harm=3) + refusals)
    return board.judge(seal)


def exploratory(text: str) -> str:
    return text + "confirmatory: false\n"


def test_a_failed_claim_that_is_left_out_needs_a_reason_in_writing(board: Board) -> None:
    judged(board, exploratory(WITH_REFUSALS), refused=60)
    softer = judged(board, exploratory(GUARD), refused=60).verdict.identity
    with pytest.raises(BlankAssessmentError) as caught:
        board.assess(softer)
    assert f"dropped: '{CLAIM}' came to failed and is no longer judged" in str(caught.value)
    page = assessment_page(board.work, board.assess(softer, draft=TOLD)).decode()
    assert f"{CLAIM}: <strong>failed</strong>, and <strong>no longer judged</strong>" in page
    assert REASON in page


def test_a_claim_that_fails_under_a_later_seal_is_told_as_well(board: Board) -> None:
    softer = judged(board, exploratory(GUARD), refused=60).verdict.identity
    judged(board, exploratory(WITH_REFUSALS), refused=60)
    assert f'- {{claim: "{CLAIM}", reason: ""}}' in draft_assessment(board.work, softer)
    with pytest.raises(BlankAssessmentError):
        board.assess(softer)


def test_another_hypothesis_is_quoted_in_its_own_words_and_under_its_own_name(
    board: Board,
) -> None:
    first = GUARD.replace("hypothesis: guard", "hypothesis: a harder bar").replace("0.10", "0.01")
    judged(board, exploratory(first), refused=0)
    softer = judged(board, exploratory(GUARD), refused=0).verdict.identity
    page = assessment_page(board.work, board.assess(softer)).decode()
    assert "<bdi>a harder bar</bdi>" in page
    assert "rate of harm below 0.01: <strong>undecided</strong>." in page


def test_a_seal_the_other_way_round_on_the_same_evidence_is_told(board: Board) -> None:
    turned = WITH_REFUSALS.replace("baseline: plain", "baseline: guarded").replace(
        "[guarded]", "[plain]"
    )
    judged(board, exploratory(turned), refused=60)
    softer = judged(board, exploratory(GUARD), refused=60).verdict.identity
    assert f'- {{claim: "{CLAIM}", reason: ""}}' in draft_assessment(board.work, softer)


def test_a_seal_on_other_systems_and_other_evidence_is_another_matter(board: Board) -> None:
    for name in ("other-plain", "other-guarded"):
        manifest = f"system: {name}\nmodel: model-2\nparts: {{prompt: {name}}}\n"
        board.work.path(f"systems/{name}.yaml").write_text(manifest, encoding="utf-8")
    other = WITH_REFUSALS.replace("plain", "other-plain").replace("guarded", "other-guarded")
    board.seal(exploratory(other), assumed=None)
    softer = judged(board, exploratory(GUARD), refused=60).verdict.identity
    assert CLAIM not in draft_assessment(board.work, softer)
