"""Recomputation: a second person arrives at a verdict again, or disputes it."""

from interlock.admission.acts import Recomputation, Verdict
from interlock.admission.panel import makers
from interlock.admission.refusal import need
from interlock.admission.state import Accepted, State
from interlock.errors import RefusedActError


def recomputation(state: State, said: Accepted[Recomputation]) -> None:
    """What a second person derived from the same rows stands beside the verdict for good.

    Raises:
        RefusedActError: There is no such verdict, or the person made it, its
            seal or its runs.
    """
    judged = state.find(said.act.verdict, Verdict)
    if judged is None:
        raise RefusedActError("unknown-verdict", "it derives no accepted verdict; name one")
    need(
        said.person not in makers(state, judged),
        "conflict-of-interest",
        f"{said.person} sealed, ran or judged this verdict and confirms nothing by doing so "
        "again; let a second person derive it",
    )
    before = state.recomputations.get(judged.identity, ())
    state.recomputations[judged.identity] = (*before, said)
