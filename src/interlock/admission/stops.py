"""What shuts the way: revocations, holds and their lifting, kills, rollbacks."""

from interlock.admission.acts import Assessment, Decision, Hold, Kill, Lift, Revocation, Rollback
from interlock.admission.refusal import need
from interlock.admission.state import Accepted, State
from interlock.errors import RefusedActError


def revocation(state: State, said: Accepted[Revocation]) -> None:
    """A required role, of then or of now, takes a go back for good.

    Raises:
        RefusedActError: There is no such go, or the person holds no such role.
    """
    found = state.find(said.act.decision, Decision)
    if found is None or found.act.outcome != "go":
        raise RefusedActError("unknown-decision", "it revokes no accepted go; name one")
    entitled = {*state.quorums[found.identity], *state.required}
    need(
        entitled & set(state.people[said.person].roles),
        "role-not-held",
        f"{said.person} holds no required role; one who does can revoke, and others can hold",
    )
    state.revocations.setdefault(found.identity, said)
    state.objections[found.act.product, found.act.system] = said.index


def hold(state: State, said: Accepted[Hold]) -> None:
    """Serving of a system stops.

    Raises:
        RefusedActError: It does not name the last hold on the system.
    """
    pair = (said.act.product, said.act.system)
    need(
        said.act.previous == state.previous_hold(*pair),
        "previous-mismatch",
        "the hold does not name the last one on this system; name it and hold again",
    )
    state.holds[pair] = (*state.active_holds(*pair), said)
    state.last_holds[pair] = said.identity


def lift(state: State, said: Accepted[Lift]) -> None:
    """Somebody else lifts a hold.

    Raises:
        RefusedActError: No such hold is active, or whoever set it lifts it.
    """
    found = state.find(said.act.hold, Hold)
    pair = (found.act.product, found.act.system) if found else ("", "")
    if found is None or found not in state.active_holds(*pair):
        raise RefusedActError("unknown-hold", "it lifts no hold that is active; name one")
    need(
        said.person != found.person,
        "own-hold",
        "a hold is lifted by somebody other than who set it; ask another person",
    )
    state.holds[pair] = tuple(each for each in state.active_holds(*pair) if each != found)


def kill(state: State, said: Accepted[Kill]) -> None:
    """A system of a product never goes again."""
    state.kills.setdefault((said.act.product, said.act.system), said)


def rollback(state: State, said: Accepted[Rollback]) -> None:
    """A product goes back to another release; every go so far on the system it leaves ends.

    Raises:
        RefusedActError: What it goes back to is no go on another system of the
            product that stands, and will still stand when this system is left.
    """
    act = said.act
    back = state.find(act.to, Decision)
    if back is None:
        raise RefusedActError("unknown-decision", "it goes back to no accepted decision; name one")
    need(
        back.act.product == act.product and back.act.system != act.system,
        "wrong-system",
        "it goes back to another product or to the system it leaves; name a go on another system",
    )
    followed: Assessment = state.accepted[back.act.assessment].act
    leaves = state.find(followed.follows, Decision)
    need(
        state.standing(back.identity) == "go"
        and said.time < back.act.expires
        and (leaves is None or leaves.act.system != act.system),
        "not-standing",
        "what it goes back to does not stand, or falls with this system; name a go that stands, "
        "or hold or kill the system instead",
    )
    state.rollbacks[act.product, act.system] = said
