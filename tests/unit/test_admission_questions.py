"""Closing: the panel closes a question over its asker, whose dissent stays visible."""

import pytest

from interlock.admission import Closing
from tests.fakes import MemorySigner
from tests.world import PEOPLE, REQUIRED, STAFF, World, both, named, refusal


@pytest.fixture
def world() -> World:
    return World().staffed()


def closing(question: str, role: str = REQUIRED[0], reason: str = "section 5 says so") -> Closing:
    return Closing(question=question, role=role, reason=reason)


def test_every_required_role_but_the_askers_closes_a_question(world: World) -> None:
    assessment = world.assessed()
    question = world.ask("lena", assessment)
    world.do(closing(question), "rita")
    assert world.state.open_questions(assessment) == (question,)
    assert refusal(world, world.vote("rita", assessment), "rita") == "open-question"
    world.do(closing(question, REQUIRED[1]), "paul")
    assert world.state.open_questions(assessment) == ()
    assert world.state.overruled[assessment] == (question,)
    world.voted(assessment)
    decision = world.do(world.decision(assessment), "cleo")
    assert both(world, decision) == "holds"


def test_an_advisors_question_takes_every_required_role(world: World) -> None:
    assessment = world.assessed()
    question = world.ask("adam", assessment)
    for name, role in (("rita", REQUIRED[0]), ("paul", REQUIRED[1])):
        world.do(closing(question, role), name)
    assert world.state.open_questions(assessment) == (question,)
    world.do(closing(question, REQUIRED[2]), "lena")
    assert world.state.open_questions(assessment) == ()


def test_somebody_closes_a_question_even_where_the_asker_holds_every_role(world: World) -> None:
    world.signers["remy"] = MemorySigner("remy")
    world.do(world.keyring(STAFF | {"lena": REQUIRED}, world.signers))
    assessment = world.assessed()
    question = world.ask("lena", assessment)
    assert refusal(world, closing(question), "lena") == "own-question"
    world.do(closing(question), "rita")
    assert world.state.open_questions(assessment) == ()


def test_a_closing_is_of_an_open_question_on_the_latest_assessment(world: World) -> None:
    assessment = world.assessed()
    question = world.ask("lena", assessment)
    assert refusal(world, closing(named("x")), "rita") == "unknown-question"
    world.settle("lena", question)
    assert refusal(world, closing(question), "rita") == "question-closed"
    stale = world.ask("lena", assessment, "And adults?")
    world.do(world.assessment(world.state.accepted[assessment].act.verdict), "pim")
    assert refusal(world, closing(stale), "rita") == "stale-assessment"


def test_one_person_speaks_for_one_required_role_of_their_own(world: World) -> None:
    world.do(world.keyring(STAFF | {"rita": REQUIRED[:2]}))
    world.do(world.qualification("rita", REQUIRED[1]), "cleo")
    question = world.ask("lena", world.assessed())
    assert refusal(world, closing(question, REQUIRED[2]), "rita") == "role-not-held"
    assert refusal(world, closing(question, "red-teamer"), "rita") == "role-not-held"
    world.do(closing(question), "rita")
    assert refusal(world, closing(question, REQUIRED[1]), "rita") == "second-role"
    world.do(closing(question, reason="and section 6"), "rita")
    assert len(world.state.closings[question]) == 1


def test_a_closing_takes_a_qualified_person_who_made_nothing_of_it(world: World) -> None:
    question = world.ask("lena", world.assessed())
    ended = world.qualification("paul", REQUIRED[1], until="2026-01-05T09:00:00Z")
    world.do(ended, "cleo")
    assert refusal(world, closing(question, REQUIRED[1]), "paul") == "unqualified"
    world.do(world.keyring(STAFF | {"pim": (*PEOPLE["pim"], REQUIRED[0])}))
    world.do(world.qualification("pim", REQUIRED[0]), "cleo")
    assert refusal(world, closing(question), "pim") == "conflict-of-interest"


def test_a_closing_counts_only_while_its_person_holds_the_role(world: World) -> None:
    assessment = world.assessed()
    question = world.ask("lena", assessment)
    world.do(closing(question), "rita")
    ended = world.qualification("rita", REQUIRED[0], until="2026-01-05T09:00:00Z")
    world.do(ended, "cleo")
    world.do(closing(question, REQUIRED[1]), "paul")
    assert world.state.open_questions(assessment) == (question,)
    world.do(world.qualification("rita", REQUIRED[0]), "cleo")
    world.do(closing(question, REQUIRED[1], "still"), "paul")
    assert world.state.open_questions(assessment) == ()
