"""Sealed engagement: figures that stay shut until safety has passed on the log."""

from interlock.admission.acts import Engagement, Seal, Unseal, Verdict
from interlock.admission.panel import recomputed
from interlock.admission.refusal import need
from interlock.admission.state import Accepted, State
from interlock.errors import RefusedActError


def engagement(state: State, said: Accepted[Engagement]) -> None:
    """Encrypted figures arrive, before anybody knows what safety came to.

    Raises:
        RefusedActError: There is no such seal or system, a verdict is known
            already, the layers are not those of the required roles, or figures
            are there already.
    """
    act = said.act
    sealed = state.find(act.seal, Seal)
    if sealed is None:
        raise RefusedActError("unknown-seal", "it names no accepted seal; seal first")
    need(
        act.system in {sealed.act.baseline, *sealed.act.candidates},
        "foreign-system",
        "the system is neither the seal's baseline nor a candidate; name one of them",
    )
    need(
        all(seal != act.seal for seal, _ in state.verdicts),
        "too-late",
        "a verdict on this seal is known already; figures are sealed before it, so seal again",
    )
    need(
        sorted(act.roles) == sorted(state.required),
        "wrong-roles",
        "its layers are not those of the required roles, each once; encrypt to all of them",
    )
    need(
        (act.seal, act.system) not in state.engagements,
        "engagement-twice",
        "figures of this system are there already under this seal; a repeat needs a new seal",
    )
    state.engagements[act.seal, act.system] = said


def unseal(state: State, said: Accepted[Unseal]) -> None:
    """A passed verdict opens the figures of its seal, if the seal is confirmatory.

    Raises:
        RefusedActError: There are no such figures, or the verdict is of another
            seal or system, exploratory, has not passed, was contradicted or
            disputed since, or nobody has derived it again where the charter asks for it.
    """
    act = said.act
    kept, judged = state.find(act.engagement, Engagement), state.find(act.verdict, Verdict)
    if kept is None:
        raise RefusedActError("unknown-engagement", "it opens no accepted engagement; name one")
    if judged is None:
        raise RefusedActError("unknown-verdict", "it names no accepted verdict; decide first")
    sealed: Seal = state.accepted[kept.act.seal].act
    need(
        judged.act.seal == kept.act.seal
        and kept.act.system in {judged.act.system, sealed.baseline},
        "wrong-verdict",
        "the verdict is of another seal or system than the figures; name the one they wait for",
    )
    need(
        sealed.confirmatory,
        "exploratory",
        "the seal is exploratory, so its bar was nobody's to hold; the figures stay shut",
    )
    need(
        judged.act.outcome == "passed",
        "verdict-not-passed",
        f"the verdict is {judged.act.outcome}, and only passed opens the figures; they stay shut",
    )
    need(
        state.failures.get((sealed.product, judged.act.system), -1) <= judged.index,
        "contradicted",
        "a later verdict on the same system failed; the figures stay shut",
    )
    need(
        not state.disputed(judged.identity),
        "disputed",
        "deriving the verdict again gave something else; the figures stay shut",
    )
    recomputed(state, judged.identity)
    state.unsealed.setdefault(kept.identity, said)
