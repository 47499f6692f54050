"""The numbers behind a verdict: believed only where they say what was signed."""

from interlock.admission import Accepted, Verdict
from interlock.app.workspace import Workspace
from interlock.errors import UntrueVerdictError
from interlock.gate import Judgement


def judgement_of(work: Workspace, verdict: Accepted[Verdict]) -> Judgement:
    """The judgement that a verdict names, if the verdict says what it says.

    Whoever signs a verdict signs a digest and the outcomes beside it; the log
    cannot see that the two belong together, so every use looks.

    Raises:
        UntrueVerdictError: The record is no judgement, or came to something else.
    """
    found = work.log.record(verdict.act.judgement)
    signed = {one.criterion: one.outcome for one in verdict.act.criteria}
    if (
        not isinstance(found, Judgement)
        or found.outcome != verdict.act.outcome
        or {one.criterion: one.outcome for one in found.verdicts} != signed
    ):
        raise UntrueVerdictError(verdict.identity)
    return found
