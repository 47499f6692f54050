"""Commands of the Safety Review Board: assessment, questions, votes, decision, and stopping."""

from pathlib import Path
from typing import get_args

import click

from interlock.adapters.files import replace, write_new
from interlock.admission import Ballot
from interlock.app import (
    Cast,
    accept,
    answer,
    ask,
    assessment_page,
    cast_vote,
    close_review,
    draft_assessment,
    hold,
    lift,
    read_assessment,
    revoke,
    submit_assessment,
)
from interlock.cli.doors import as_option, json_option, show, show_act, signer, workspace
from interlock.cli.inputs import EXISTING, NEW_FILE, WORDS
from interlock.review import blanks


@click.group()
def assess() -> None:
    """Write a Safety Impact Assessment and put it before the panel."""


@assess.command("draft")
@click.argument("verdict")
@click.option("--out", type=NEW_FILE, help="File to write; by default standard output.")
@json_option
def draft_command(verdict: str, out: Path | None, as_json: bool) -> None:
    """Print a draft for VERDICT with everything a person has to write.

    Numbers, attempts, seal and residual bounds are not in it: they are filled
    from the ledger and never typed.

    \b
    Example:
        interlock assess draft 9c0d21 --out assessments/guard.yaml
    """
    if out is not None and out.exists():
        raise click.UsageError(f"{out} exists; name another file, so that nothing written is lost")
    with workspace() as work:
        text = draft_assessment(work, verdict)
    if out is not None:
        write_new(out, text.encode())
        show({"file": str(out)}, as_json=as_json, lines=[f"{out}: write what it asks for"])
    elif as_json:
        show({"draft": text}, as_json=True, lines=[])
    else:
        click.echo(text, nl=False)


@assess.command("check")
@click.argument("file", type=EXISTING)
@click.option("--verdict", required=True, metavar="ID")
@json_option
def check_draft_command(file: Path, verdict: str, as_json: bool) -> None:
    """Name everything in FILE that is missing before anyone can sign; exits 4 if anything is.

    \b
    Example:
        interlock assess check assessments/guard.yaml --verdict 9c0d21
    """
    with workspace() as work:
        missing = blanks(read_assessment(work, file, verdict))
    lines = [str(blank) for blank in missing] or ["nothing is missing"]
    facts = {"blanks": [{"field": one.field, "reason": one.reason} for one in missing]}
    show(facts, as_json=as_json, lines=lines)
    raise SystemExit(4 if missing else 0)


@assess.command("submit")
@click.argument("file", type=EXISTING)
@click.option("--verdict", required=True, metavar="ID")
@as_option
@json_option
def submit_command(file: Path, verdict: str, person: str, as_json: bool) -> None:
    """Put the assessment in FILE before the panel; it voids every vote on the one before.

    \b
    Example:
        interlock assess submit assessments/guard.yaml --verdict 9c0d21 --as paula
    """
    with workspace() as work:
        done = submit_assessment(work, file, verdict, signer=signer(work, person))
    show_act(done, "assessment", as_json=as_json)


@assess.command("page")
@click.argument("assessment")
@click.option("--out", type=NEW_FILE, required=True, help="HTML file to write.")
@json_option
def page_command(assessment: str, out: Path, as_json: bool) -> None:
    """Write an assessment, its questions, votes and decision as one page anyone can read.

    \b
    Example:
        interlock assess page 77ab02 --out guard.html
    """
    with workspace() as work:
        replace(out, assessment_page(work, assessment).encode())
    show({"file": str(out)}, as_json=as_json, lines=[str(out)])


@click.group()
def review() -> None:
    """Question, answer, accept, vote, close, revoke."""


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
@as_option
@json_option
def close_command(assessment: str, person: str, as_json: bool) -> None:
    """Count the votes and record the decision: a go only if every required role voted go."""
    with workspace() as work:
        done = close_review(work, assessment, signer=signer(work, person))
        outcome = work.state().accepted[done.identity].act.outcome
    show(
        {"act": "decision", "id": done.identity, "outcome": outcome, "index": done.receipt.index},
        as_json=as_json,
        lines=[f"{outcome}: decision {done.identity} is on the log at index {done.receipt.index}"],
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


@click.command("hold")
@click.argument("decision")
@click.option("--reason", type=WORDS, required=True)
@as_option
@json_option
def hold_command(decision: str, reason: str, person: str, as_json: bool) -> None:
    """Stop the system of DECISION until somebody else lifts the hold."""
    with workspace() as work:
        done = hold(work, decision, reason, signer=signer(work, person))
    show_act(done, "hold", as_json=as_json)


@click.command("lift")
@click.argument("hold_id", metavar="HOLD")
@click.option("--reason", type=WORDS, required=True)
@as_option
@json_option
def lift_command(hold_id: str, reason: str, person: str, as_json: bool) -> None:
    """Lift a hold that somebody else set."""
    with workspace() as work:
        done = lift(work, hold_id, reason, signer=signer(work, person))
    show_act(done, "lift", as_json=as_json)
