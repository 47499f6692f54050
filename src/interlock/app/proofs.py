"""What can be shown to others: the check, the bundle, the audit, the copy, and its recovery."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from interlock.adapters.backup import Restored, backup, restore
from interlock.adapters.files import replace
from interlock.adapters.keys import KeyStore
from interlock.admission import Accepted, Decision, Keyring, Refusal, check, export, verify
from interlock.app.acts import find_act
from interlock.app.tracing import behind
from interlock.app.workspace import Appended, Workspace, locate, open_workspace
from interlock.errors import BundleRefusedError
from interlock.ledger import Audit, Cosigned, audit, key_id, strict_base64


def check_decision(
    work: Workspace, decision_id: str, *, deployment: Mapping[str, str]
) -> tuple[Accepted[Decision], Cosigned]:
    """Return only if a decision allows the release now, with the checkpoint that says so.

    Args:
        work: The workspace.
        decision_id: The decision's identity, or the beginning of it.
        deployment: What is deployed (``tier``, ``traffic_percent``), against
            which the decision's conditions are checked.

    Raises:
        NotOnLogError: The log holds no such decision.
        DoesNotHoldError: It does not hold, for the reason named.
    """
    work.refresh()
    state, cosigned = work.read()
    found = find_act(state, decision_id, Decision)
    check(
        state,
        work.root,
        found.identity,
        cosigned=cosigned,
        now=work.clock.now(),
        deployment=deployment,
    )
    return found, cosigned


def export_bundle(work: Workspace, decision_id: str, path: Path) -> Accepted[Decision]:
    """Write everything an outsider needs to check a decision, without us, into one file.

    Raises:
        NotOnLogError: The log holds no such decision.
    """
    work.refresh()
    state, cosigned = work.read()
    found = find_act(state, decision_id, Decision)
    bundle = export(
        work.log.entries(stop=cosigned.checkpoint.size),
        found.identity,
        checkpoint=work.log.note(),
        records=tuple(work.log.records(behind(work, found)).values()),
    )
    replace(path, bundle.to_bytes())
    return found


def verify_bundle(bundle: Path, root: Path, *, now: str) -> dict[str, Any]:
    """Check a stranger's bundle against one's own root, offline.

    Returns:
        Who decided what, as of which checkpoint, under which conditions.

    Raises:
        BundleRefusedError: It does not hold, for the reason named.
    """
    try:
        return verify.verify(bundle.read_bytes(), root.read_bytes(), now)
    except verify.Refused as refused:
        raise BundleRefusedError(str(bundle), refused.reason, refused.detail) from refused


@dataclass(frozen=True, kw_only=True)
class Verified:
    """A log that was recomputed from its leaves.

    Attributes:
        audit: What the checker found right.
        refused: Statements on the log that have no effect.
        accepted: Statements that count.
    """

    audit: Audit
    refused: tuple[Refusal, ...]
    accepted: int


def verify_log(work: Workspace, *, since: str | None = None) -> Verified:
    """Recompute the log from its leaves, and fold it again.

    Args:
        work: The workspace.
        since: A checkpoint note kept from earlier, which the log must continue.

    Raises:
        InterlockError: The log was cut short, rewritten, or signed by nobody
            we trust; see `ledger.audit`.
    """
    state, cosigned = work.read()
    keys = _keys(work)
    found = audit(
        work.log.leaves(stop=cosigned.checkpoint.size),
        work.log.note(),
        work.root.trust,
        since=since,
        key_of=keys.get,
    )
    return Verified(audit=found, refused=tuple(state.refused), accepted=len(state.accepted))


def back_up(work: Workspace, path: Path) -> Audit:
    """Copy the log as it is now; the copy is audited before it gets its name."""
    return backup(work.log, path)


@dataclass(frozen=True)
class Recovered:
    """A log that stands again.

    Attributes:
        restored: What was restored, and what was lost.
        act: The root-signed admission of the loss; None where nothing was lost.
    """

    restored: Restored
    act: Appended | None


def restore_log(folder: Path, copy: Path, *, home: Path, passphrase: str, reason: str) -> Recovered:
    """Put a backup in the place of a damaged log, and admit on the log what was lost.

    Without the root keys' admission a log restored to fewer statements looks
    cut short to everyone who saw more, and rightly so.

    Args:
        folder: The workspace.
        copy: The backup.
        home: The user's own folder, which remembers the last checkpoint seen.
        passphrase: The root key's.
        reason: What happened.

    Raises:
        RestoreRefusedError: The log in place is whole and would lose something.
        InterlockError: The backup does not hold; nothing is changed.
    """
    place = locate(folder)
    root = place.root()
    restored = restore(
        copy, place.log, trust=root.trust, last_seen=KeyStore(home).last_seen(root.origin)
    )
    recovery = restored.recovery(reason)
    work = open_workspace(folder, home=home)
    if recovery is None:
        return Recovered(restored, None)
    return Recovered(restored, work.admit_loss(recovery, work.root_key(passphrase)))


def _keys(work: Workspace) -> dict[str, bytes]:
    """Every public key that the log ever enrolled, and the root keys, by key id."""
    state = work.state()
    enrolled = [person.key for each in state.of(Keyring) for person in each.act.people]
    raw = [strict_base64(text) or b"" for text in (*enrolled, *work.root.root_keys)]
    return {key_id(each): each for each in raw}
