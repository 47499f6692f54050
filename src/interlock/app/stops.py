"""Stops: what ends a release, for a while or for good, and what an earlier one comes back by."""

import hashlib
from pathlib import Path

from interlock.admission import Decision, Hold, Kill, Lift, Revocation, Rollback
from interlock.app.acts import find_act
from interlock.app.workspace import Appended, Workspace
from interlock.ledger import Signer


def revoke(work: Workspace, decision_id: str, reason: str, *, signer: Signer) -> Appended:
    """Take a go back for good."""
    found = find_act(work.state(), decision_id, Decision)
    return work.append(Revocation(decision=found.identity, reason=reason), signer)


def hold(work: Workspace, decision_id: str, reason: str, *, signer: Signer) -> Appended:
    """Stop the system of a decision until somebody else lifts the hold."""
    state = work.state()
    act = find_act(state, decision_id, Decision).act
    previous = state.previous_hold(act.product, act.system)
    made = Hold(product=act.product, system=act.system, reason=reason, previous=previous)
    return work.append(made, signer)


def lift(work: Workspace, hold_id: str, reason: str, *, signer: Signer) -> Appended:
    """Lift a hold that somebody else set."""
    found = find_act(work.state(), hold_id, Hold)
    return work.append(Lift(hold=found.identity, reason=reason), signer)


def kill(
    work: Workspace, decision_id: str, reason: str, *, signer: Signer, evidence: Path | None = None
) -> Appended:
    """Stop the system of a decision for good: no go on it counts again.

    Args:
        work: The workspace.
        decision_id: Any decision on the system.
        reason: What was seen.
        signer: A required role or a chair.
        evidence: A file that shows it; its digest goes on the log, the file does not.
    """
    act = find_act(work.state(), decision_id, Decision).act
    made = Kill(
        product=act.product, system=act.system, reason=reason, evidence=_digest_of(evidence)
    )
    return work.append(made, signer)


def roll_back(
    work: Workspace,
    decision_id: str,
    reason: str,
    *,
    to: str,
    signer: Signer,
    evidence: Path | None = None,
) -> Appended:
    """Go back from the system of a decision to an earlier release, whose go still stands.

    Args:
        work: The workspace.
        decision_id: A decision on the system that is left.
        reason: What was seen.
        to: The standing go on the system to serve instead.
        signer: A required role, a chair or the on-call.
        evidence: A file that shows it; its digest goes on the log, the file does not.

    Raises:
        RefusedActError: The other go does not stand, or falls with this system.
    """
    state = work.state()
    act = find_act(state, decision_id, Decision).act
    made = Rollback(
        product=act.product,
        system=act.system,
        to=find_act(state, to, Decision).identity,
        reason=reason,
        evidence=_digest_of(evidence),
    )
    return work.append(made, signer)


def _digest_of(file: Path | None) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file else ""
