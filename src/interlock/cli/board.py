"""Commands of the Safety Review Board: questions, votes and the decision they come to."""

from typing import get_args

import click

from interlock.admission import Ballot, Change
from interlock.app import (
    Cast,
    accept,
    answer,
    ask,
    cast_vote,
    close_question,
    close_review,
    revoke,
)
from interlock.cli.doors import as_option, json_option, show, show_act, signer, workspace
from interlock.cli.inputs import WORDS


@click.group()
def review() -> None:
    """Question, answer, accept or close, vote, decide, revoke."""


@review.command("ask")
@click.argument("assessment")
@click.argument("text", type=WORDS)
@as_option
@json_option
def ask_command(assessment: str, text: str, person: str, as_json: bool) -> None:
    """Ask on the record; it blocks the vote until you accept an answer."""
    with workspace() as work:
        done = ask(work, assessment, text, signer=signer(work, person))
    show_act(done, "question", as_json=as_json)


@review.command("answer")
@click.argument("question")
@click.argument("text", type=WORDS)
@as_option
@json_option
def answer_command(question: str, text: str, person: str, as_json: bool) -> None:
    """Answer a question on the record."""
    with workspace() as work:
        done = answer(work, question, text, signer=signer(work, person))
    show_act(done, "answer", as_json=as_json)


@review.command("accept")
@click.argument("answer_id", metavar="ANSWER")
@as_option
@json_option
def accept_command(answer_id: str, person: str, as_json: bool) -> None:
    """Accept an answer to your own question, which closes it."""
    with workspace() as work:
        done = accept(work, answer_id, signer=signer(work, person))
    show_act(done, "acceptance", as_json=as_json)


@review.command("close-question")
@click.argument("question")
@click.argument("reason", type=WORDS)
@click.option("--role", required=True, help="The required role you speak for.")
@as_option
@json_option
def close_question_command(
    question: str, reason: str, role: str, person: str, as_json: bool
) -> None:
    """Hold QUESTION for answered; it is closed once every required role but the asker's does.

    \b
    Example:
        interlock review close-question 5d11c0 "Section 11 answers it." \\
          --role policy-analyst --as pedro
    """
    with workspace() as work:
        done = close_question(work, question, reason, role=role, signer=signer(work, person))
        state = work.state()
        asked = state.accepted[done.identity].act.question
        still = asked in state.open_questions(state.accepted[asked].act.assessment)
    show(
        {
            "act": "closing",
            "id": done.identity,
            "index": done.receipt.index,
            "question": asked,
            "open": still,
        },
        as_json=as_json,
        lines=[
            f"closing {done.identity} is on the log at index {done.receipt.index}; the question is "
            + ("open until the other required roles say so" if still else "closed over its asker")
        ],
    )


@review.command("vote")
@click.argument("assessment")
@click.argument("ballot", type=click.Choice(get_args(Ballot)))
@click.option("--role", required=True, help="The role you vote in; one role a person.")
@click.option(
    "--reasons", type=WORDS, required=True, help="In your own words; dissent is kept verbatim."
)
@click.option(
    "--accept-retrospective",
    is_flag=True,
    help="Accept, on the record, evidence that existed before its seal.",
)
@as_option
@json_option
def vote_command(
    assessment: str,
    ballot: Ballot,
    role: str,
    reasons: str,
    accept_retrospective: bool,
    person: str,
    as_json: bool,
) -> None:
    """Vote on ASSESSMENT as it stands; voting again replaces your vote.

    \b
    Example:
        interlock review vote 77ab02 go --role legal-counsel --as lea \\
          --reasons "The residual risk is bounded and monitored."
    """
    with workspace() as work:
        cast = Cast(
            person=person,
            role=role,
            ballot=ballot,
            reasons=reasons,
            accepts_retrospective=accept_retrospective,
        )
        done = cast_vote(work, assessment, cast, signer=signer(work, person))
    show_act(done, "vote", as_json=as_json)


@review.command("close")
@click.argument("assessment")
@click.option(
    "--emergency",
    is_flag=True,
    help="Let it through now on one emergency and one required role; the panel ratifies later.",
)
@as_option
@json_option
def close_command(assessment: str, emergency: bool, person: str, as_json: bool) -> None:
    """Count the votes and record the decision: a go only if every required role voted go.

    A standard change needs no votes; whatever else it needs is checked.
    """
    with workspace() as work:
        change: Change | None = "emergency" if emergency else None
        done = close_review(work, assessment, change=change, signer=signer(work, person))
        act = work.state().accepted[done.identity].act
    show(
        {
            "act": "decision",
            "id": done.identity,
            "outcome": act.outcome,
            "change": act.change,
            "expires": act.expires,
            "index": done.receipt.index,
        },
        as_json=as_json,
        lines=[
            f"{act.outcome}: decision {done.identity} is on the log at index {done.receipt.index}"
            + ("" if act.change == "normal" else f", as {act.change} change until {act.expires}")
        ],
    )


@review.command("revoke")
@click.argument("decision")
@click.option("--reason", type=WORDS, required=True)
@as_option
@json_option
def revoke_command(decision: str, reason: str, person: str, as_json: bool) -> None:
    """Take a go back for good; any one required role can."""
    with workspace() as work:
        done = revoke(work, decision, reason, signer=signer(work, person))
    show_act(done, "revocation", as_json=as_json)
