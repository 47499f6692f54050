"""What can be shown to others: the check, the bundle, the audit and the copy."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from interlock.adapters.backup import backup
from interlock.adapters.files import replace
from interlock.admission import (
    Accepted,
    Bundle,
    Decision,
    Keyring,
    Refusal,
    Root,
    State,
    check,
    export,
    verify,
)
from interlock.app.acts import claimed_decision, find_act
from interlock.app.assessments import check_assessed
from interlock.app.systems import read_manifest
from interlock.app.tracing import behind
from interlock.app.workspace import HIDDEN, Reading, Workspace
from interlock.errors import (
    BackupPlaceError,
    BundleRefusedError,
    DoesNotHoldError,
    InterlockError,
)
from interlock.ledger import Audit, Cosigned, audit, digest, key_id, load, strict_base64

_WRONG_ROOT = "your root.json is not the workspace's; one of the two was replaced: find out which"
_UNPUBLISHED = (
    "an act is on its way to the log and cannot be read while the witness is out of reach; it may "
    "be a hold or a revocation: have the witness answer again"
)
_WRONG_SYSTEM = "the system deployed is not the one decided on; evidence does not carry over"


def check_decision(
    work: Workspace,
    decision_id: str,
    *,
    deployment: Mapping[str, str],
    manifest: Path | None = None,
    root: Path | None = None,
) -> tuple[Accepted[Decision], Cosigned]:
    """Return only if a decision allows the release now, with the checkpoint that says so.

    Args:
        work: The workspace.
        decision_id: The decision's identity, or the beginning of it.
        deployment: What is deployed (``tier``, ``traffic_percent``), against
            which the decision's conditions are checked.
        manifest: The deployed system's manifest (YAML), which must be the one
            decided on.
        root: The reader's own copy of root.json, which must be the workspace's;
            without it the workspace's own is believed.

    Raises:
        NotOnLogError: The log holds no such decision.
        CharterError: The file is no valid manifest.
        DoesNotHoldError: It does not hold, for the reason named; an act that nobody
            can read yet is such a reason, whatever it says.
        WitnessRefusedError: The witness has seen another log than is shown here.
        UntrueAssessmentError, UntrueVerdictError, UntrueSealError, UntrueChangeError:
            What it rests on is not what its records say.
        UnfinishedAssessmentError: Its assessment was signed unfinished.
    """
    now = work.current()
    identity = claimed_decision(now.state, decision_id)
    if root is not None and load(root.read_bytes().strip()) != work.root:
        raise DoesNotHoldError(identity, "wrong-root", _WRONG_ROOT)
    check(
        now.state,
        work.root,
        identity,
        cosigned=now.cosigned,
        now=work.clock.now(),
        deployment=deployment,
    )
    if now.waiting:
        raise DoesNotHoldError(identity, "unpublished", _UNPUBLISHED)
    found = now.state.accepted[identity]
    check_assessed(work, now.state, now.state.accepted[found.act.assessment])
    if manifest is not None and _deployed(manifest) != found.act.system:
        raise DoesNotHoldError(identity, "wrong-system", _WRONG_SYSTEM)
    return found, now.cosigned


def export_bundle(work: Workspace, decision_id: str, path: Path) -> Accepted[Decision]:
    """Write everything an outsider needs to check a decision, without us, into one file.

    Raises:
        NotOnLogError: The log holds no such decision.
        UntrueAssessmentError, UntrueVerdictError, UntrueSealError, UntrueChangeError:
            What it rests on is not what its records say.
        UnfinishedAssessmentError: Its assessment was signed unfinished.
    """
    now = work.current()
    found = find_act(now.state, decision_id, Decision)
    check_assessed(work, now.state, now.state.accepted[found.act.assessment])
    replace(path, bundle_of(work, now, found).to_bytes())
    return found


def bundle_of(work: Workspace, now: Reading, decision: Accepted[Decision]) -> Bundle:
    """The log as it was read, with the records that a decision on it rests on."""
    return export(
        work.log.entries(stop=now.state.size),
        decision.identity,
        checkpoint=now.note,
        records=tuple(map(work.log.record_bytes, behind(now.state, decision))),
    )


def verify_bundle(
    bundle: Path,
    root: Path,
    *,
    now: str,
    deployment: Mapping[str, str] | None = None,
    manifest: Path | None = None,
) -> dict[str, Any]:
    """Check a stranger's bundle against one's own root, offline.

    Args:
        bundle: The bundle.
        root: The reader's own copy of root.json.
        now: UTC time to judge by.
        deployment: What is deployed, which must keep every condition; without
            it nobody asks about conditions, and they are only named.
        manifest: The deployed system's manifest (YAML), which must be the one
            decided on.

    Returns:
        Who decided what, as of which checkpoint, under which conditions.

    Raises:
        CharterError: The file is no valid manifest.
        BundleRefusedError: It does not hold, for the reason named.
    """
    data, trusted = bundle.read_bytes(), root.read_bytes()
    try:
        found = verify.verify(data, trusted, now)
    except verify.Refused as refused:
        sentence = refused.detail or _explained(data, trusted, now=now, reason=refused.reason)
        raise BundleRefusedError(str(bundle), refused.reason, sentence) from refused
    if deployment is not None:
        try:
            Bundle.parse(data).check(_root(trusted), now=now, deployment=deployment)
        except DoesNotHoldError as error:
            raise BundleRefusedError(str(bundle), error.reason, error.sentence) from error
    if manifest is not None and _deployed(manifest) != found["system"]:
        raise BundleRefusedError(str(bundle), "wrong-system", _WRONG_SYSTEM)
    return found


def _deployed(manifest: Path) -> str:
    """Digest of the system that a manifest describes."""
    return digest(read_manifest(manifest))


def _root(trusted: bytes) -> Root:
    root: Root = load(trusted.strip())
    return root


def _explained(bundle: bytes, root: bytes, *, now: str, reason: str) -> str:
    """The verifier's reason in the product's words; its own are few."""
    try:
        trusted = load(root)
        if isinstance(trusted, Root):
            Bundle.parse(bundle).check(trusted, now=now, deployment={})
    except DoesNotHoldError as error:
        if error.reason == reason:
            return error.sentence
    except InterlockError as error:
        return str(error)
    return "it does not follow the rules of the log; ask for a new bundle"


@dataclass(frozen=True, kw_only=True)
class Verified:
    """A log that was recomputed from its leaves.

    Attributes:
        audit: What the checker found right.
        note: The checkpoint it was held to, to keep for next time.
        refused: Statements on the log that have no effect.
        accepted: Statements that count.
    """

    audit: Audit
    note: str
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
    now = work.read()
    found = audit(
        work.log.leaves(stop=now.state.size),
        now.note,
        work.root.trust,
        since=since,
        key_of=_keys(now.state, work.root).get,
    )
    return Verified(
        audit=found,
        note=now.note,
        refused=tuple(now.state.refused),
        accepted=len(now.state.accepted),
    )


def back_up(work: Workspace, path: Path) -> Audit:
    """Copy the log as it is now; the copy is audited before it gets its name.

    Raises:
        BackupPlaceError: The copy would lie among the files it is a copy of.
    """
    if path.resolve().is_relative_to(work.path(HIDDEN).resolve()):
        raise BackupPlaceError(str(path))
    return backup(work.log, path)


def _keys(state: State, root: Root) -> dict[str, bytes]:
    """Every public key that the log ever enrolled, and the root keys, by key id."""
    enrolled = [person.key for each in state.of(Keyring) for person in each.act.people]
    raw = [strict_base64(text) or b"" for text in (*enrolled, *root.root_keys)]
    return {key_id(each): each for each in raw}
