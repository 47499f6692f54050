"""What a panel came to, and how long it took."""

from dataclasses import replace

import pytest

from interlock.review import Milestones, days_in_review, steps, tally
from tests.review_facts import TIMES, VOTES

REQUIRED = ("safety-researcher", "policy-analyst", "legal-counsel")


def test_go_from_every_required_role_leaves_nothing_missing() -> None:
    counted = tally(VOTES, required=REQUIRED)
    assert (counted.go, counted.missing) == (REQUIRED, ())


def test_an_advisory_no_is_dissent_from_a_go() -> None:
    dissent = tally(VOTES, required=REQUIRED).dissent
    assert [vote.person for vote in dissent] == ["Mary"]


def test_an_abstention_is_not_go_and_its_role_stays_missing() -> None:
    votes = (*VOTES[:2], replace(VOTES[2], ballot="abstain"))
    assert tally(votes, required=REQUIRED).missing == ("legal-counsel",)


def test_an_advisory_go_stands_in_for_no_required_role() -> None:
    votes = (*VOTES[:2], replace(VOTES[3], ballot="go"))
    assert tally(votes, required=REQUIRED).missing == ("legal-counsel",)


def test_those_who_said_go_dissent_from_a_no() -> None:
    votes = (replace(VOTES[0], ballot="no-go"), *VOTES[1:3])
    assert [vote.person for vote in tally(votes, required=REQUIRED).dissent] == ["Grace", "Edith"]


def test_no_votes_are_no_go_and_no_dissent() -> None:
    counted = tally((), required=REQUIRED)
    assert (counted.missing, counted.dissent) == (REQUIRED, ())


def test_steps_follow_each_other_and_add_up_to_the_whole() -> None:
    made = steps(TIMES)
    assert [step.start for step in made[1:]] == [step.end for step in made[:-1]]
    assert (made[0].start, made[-1].end) == (TIMES.sealed, TIMES.decided)
    assert sum(step.days for step in made) == pytest.approx(8 + 5 / 24)


def test_a_step_that_has_not_ended_is_left_out() -> None:
    under_way = replace(TIMES, accepted=(), voted=(), decided="")
    assert [step.name for step in steps(under_way)][-1] == "First question asked"


def test_a_review_without_questions_has_no_step_for_them() -> None:
    quiet = replace(TIMES, questioned=(), accepted=())
    assert [step.name for step in steps(quiet)] == [
        "Evidence gathered and judged",
        "Assessment written",
        "Votes cast",
        "Decision recorded",
    ]


def test_days_in_review_run_from_assessment_to_decision() -> None:
    assert days_in_review(TIMES) == pytest.approx(7 + 4 / 24)
    assert days_in_review(replace(TIMES, decided="")) is None
    assert days_in_review(Milestones()) is None
    assert steps(Milestones()) == ()
