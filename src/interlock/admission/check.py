"""The check: whether a decision allows a release now, by what the log says as of a checkpoint."""

from collections.abc import Mapping

from interlock.admission.acts import Decision
from interlock.admission.conditions import satisfied
from interlock.admission.refusal import need
from interlock.admission.root import Root
from interlock.admission.state import State
from interlock.errors import DoesNotHoldError, RefusedActError
from interlock.ledger import Cosigned, posix

CLOCK_TOLERANCE_SECONDS = 300
"""How far the reader's clock may be behind the witness's, and the log's ahead of it."""

_STANDINGS = {
    "unknown": "the log holds no such decision; name one it holds",
    "no-go": "the decision is a no-go; only a go allows a release",
    "superseded": "a later decision on the same system replaced it; look at that one",
    "revoked": "a required role took it back for good; a new go needs a new assessment",
    "lost": "entries after it were lost, and its revocation may be among them; decide again",
    "contradicted": "a later verdict on the same system failed; assess that one",
    "killed": "the system was stopped for good; only another system can go",
    "disputed": "deriving its verdict again gave something else; gather new evidence",
    "rolled-back": "the product went back to an earlier release; serve that one",
    "follows-fallen": "the go that this standard change follows stands no more; look at that one",
    "held": "a hold stops this system; it must be lifted first",
}


def check(
    state: State,
    root: Root,
    decision_id: str,
    *,
    cosigned: Cosigned,
    now: str,
    deployment: Mapping[str, str],
) -> None:
    """Return only if the decision allows the release now.

    The answer is as of the checkpoint: no log can prove that nothing was
    revoked after it, which is why an old checkpoint does not hold.

    Args:
        state: What the log up to the checkpoint amounts to.
        root: The reader's own root.
        decision_id: Statement identity of the decision.
        cosigned: The checkpoint, opened under the root.
        now: The reader's clock.
        deployment: What is deployed, for the conditions (see `satisfied`);
            what it does not say does not hold.

    Raises:
        DoesNotHoldError: For the first reason found, which it names.
        InvalidTimeError: ``now`` is not in UTC seconds.
    """
    try:
        need(state.root == root, "wrong-root", "the log was read under another root; read it again")
        _verifiable(state)
        _current(state, cosigned, now)
        act = _standing_go(state, decision_id)
        need(now < act.expires, "expired", "the go has ended; a new one needs a new assessment")
        for each in act.conditions:
            need(
                satisfied(each, deployment),
                "condition",
                f"the deployment does not show that {each.kind} {each.limit} is kept; state it",
            )
    except RefusedActError as error:
        raise DoesNotHoldError(decision_id, error.reason, error.sentence) from error


def _verifiable(state: State) -> None:
    if state.unverifiable is not None:
        raise RefusedActError(state.unverifiable.reason, state.unverifiable.sentence)


def _current(state: State, cosigned: Cosigned, now: str) -> None:
    """Refuse a checkpoint that is of another tree, from the future, or too old."""
    root, checkpoint = state.root, cosigned.checkpoint
    need(
        (checkpoint.origin, checkpoint.size, checkpoint.root)
        == (root.origin, state.size, state.frontier.root),
        "wrong-checkpoint",
        "the log read is not the one the checkpoint promises; it was cut short or rewritten",
    )
    need(
        checkpoint.size >= root.minimum_size,
        "below-minimum",
        "the log is shorter than the root knows it to be; its newest entries are missing",
    )
    need(
        state.minimum_root == root.minimum_root_hash,
        "rewritten",
        "the log's beginning is not the one the root knows; it was rewritten",
    )
    seen, clock = posix(cosigned.time), posix(now)
    need(
        not state.time or posix(state.time) <= seen + CLOCK_TOLERANCE_SECONDS,
        "clock",
        "the log's last entry is newer than its checkpoint; one of their clocks is wrong",
    )
    need(
        clock >= seen - CLOCK_TOLERANCE_SECONDS,
        "clock",
        "the checkpoint lies in the future; correct the clock",
    )
    need(
        clock - seen <= root.max_age_seconds,
        "stale-checkpoint",
        "the checkpoint is too old to show that nothing was revoked since; fetch a new one",
    )


def _standing_go(state: State, decision_id: str) -> Decision:
    """The decision, if it is a go that nothing has overtaken."""
    standing = state.standing(decision_id)
    found = state.find(decision_id, Decision)
    if standing == "go" and found is not None:
        return found.act
    if standing == "refused":
        last = [each for each in state.refused if each.identity == decision_id][-1]
        raise RefusedActError(last.reason, last.sentence)
    reason = "unknown-decision" if standing == "unknown" else standing
    raise RefusedActError(reason, _STANDINGS[standing])
