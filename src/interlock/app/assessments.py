"""The assessment: a draft for a verdict, its way to the panel, and copies for who may read it."""

import secrets
from pathlib import Path

from interlock.adapters.files import replace
from interlock.admission import (
    Accepted,
    Assessment,
    Bundle,
    Decision,
    Root,
    Seal,
    State,
    Verdict,
)
from interlock.app.acts import find_act
from interlock.app.facts import ledger_facts
from interlock.app.verdicts import check_basis
from interlock.app.workspace import Appended, Workspace
from interlock.errors import (
    AlteredCopyError,
    BlankAssessmentError,
    BundleRefusedError,
    InterlockError,
    InvalidRecordError,
    NotOnLogError,
    RecordMissingError,
    UnfinishedAssessmentError,
    UntrueAssessmentError,
)
from interlock.ledger import Signer, audit, digest, dump, load, parse
from interlock.review import (
    FIELDS,
    AssessmentManifest,
    FieldChange,
    Reader,
    RedactedCopy,
    SafetyImpactAssessment,
    SaltedField,
    blanks,
    check_copy,
    difference,
    draft_template,
    fill,
    load_draft,
    read_document,
    redact,
    salt_fields,
)

_SALT_BYTES = 32


def draft_assessment(work: Workspace, verdict_id: str) -> str:
    """A draft (YAML) with everything a person has to write, for one verdict.

    Raises:
        NotOnLogError: There is no such verdict.
    """
    facts = ledger_facts(work, find_act(work.state(), verdict_id, Verdict))
    return draft_template(facts)


def read_assessment(work: Workspace, path: Path, verdict_id: str) -> SafetyImpactAssessment:
    """The assessment of a draft, with everything that is never typed filled from the ledger.

    Raises:
        CharterError: The file is no valid draft.
        NotOnLogError: There is no such verdict.
    """
    draft = load_draft(path.read_bytes(), file=str(path))
    return fill(draft, ledger_facts(work, find_act(work.state(), verdict_id, Verdict)))


def submit_assessment(work: Workspace, path: Path, verdict_id: str, *, signer: Signer) -> Appended:
    """Put an assessment before the panel; it replaces the one before and voids its votes.

    What is signed is the digest of its manifest; each field is kept beside it under a fresh salt.

    Raises:
        BlankAssessmentError: Something is not written yet; all of it is named.
        RefusedActError: A rule of the ledger forbids it.
    """
    document = read_assessment(work, path, verdict_id)
    missing = blanks(document)
    if missing:
        raise BlankAssessmentError(str(path), tuple(map(str, missing)))
    manifest, fields = salt_fields(
        document, {name: secrets.token_hex(_SALT_BYTES) for name in FIELDS}
    )
    state = work.state()
    verdict = find_act(state, verdict_id, Verdict)
    seal = find_act(state, verdict.act.seal, Seal)
    latest = state.latest_assessment(seal.act.product, verdict.act.system)
    draft = document.draft
    act = Assessment(
        document=digest(manifest),
        product=seal.act.product,
        system=verdict.act.system,
        verdict=verdict.identity,
        conditions=draft.conditions,
        valid_days=draft.valid_days or 0,
        previous=latest.identity if latest else "",
        change=draft.change,
        follows=draft.follows,
        changed=document.changed,
    )
    return work.append(act, signer, records=(manifest, *fields))


def document_of(work: Workspace, found: Accepted[Assessment]) -> SafetyImpactAssessment:
    """The document that an assessment on the log puts before the panel.

    Raises:
        RecordMissingError: Its manifest or a field of it is not stored here.
        AlteredCopyError: The fields stored are not those that were signed.
        InvalidRecordError: What was signed is no assessment.
    """
    record = work.log.record(found.act.document)
    if isinstance(record, SafetyImpactAssessment):
        return record
    if not isinstance(record, AssessmentManifest):
        raise InvalidRecordError("assessment", "what it signs is no assessment")
    return read_document(*_stored(work, record))


def check_assessed(work: Workspace, state: State, found: Accepted[Assessment]) -> None:
    """Refuse an assessment that nobody can go by: unfinished, or on a basis that is not so.

    The log sees a digest, and the author's own program looks for blanks before
    it signs; another program need not. One of the short form that boards wrote
    at first is not held to sections it never had.

    Raises:
        UntrueVerdictError, UntrueSealError, UntrueChangeError: See `check_basis`.
        UnfinishedAssessmentError: Something is not written, a defeater of the
            safety case is open, or a served feature is blocked.
        UntrueAssessmentError: Its document is not stored here as it was signed,
            or says otherwise.
    """
    check_basis(work, state, found)
    document = _true_document(work, found)
    if _short(work.log.record_bytes(found.act.document)):
        return
    missing = blanks(document)
    if missing:
        raise UnfinishedAssessmentError(found.identity, tuple(map(str, missing)))


def _true_document(work: Workspace, found: Accepted[Assessment]) -> SafetyImpactAssessment:
    """The document of an assessment that says what its document says.

    Whoever signs an assessment signs bounds, and a digest beside them; the log cannot see that
    the two belong together, so every use looks.

    Raises:
        UntrueAssessmentError: Its document is not stored, or says otherwise.
    """
    try:
        document = document_of(work, found)
    except (RecordMissingError, AlteredCopyError, InvalidRecordError) as error:
        raise UntrueAssessmentError(found.identity, str(error)) from error
    draft, act = document.draft, found.act
    signed = {
        "product": (draft.product, act.product),
        "system": (document.subject.system, act.system),
        "verdict": (document.verdict, act.verdict),
        "conditions": (draft.conditions, act.conditions),
        "valid_days": (draft.valid_days, act.valid_days),
        "change": (draft.change, act.change),
        "follows": (draft.follows, act.follows),
        "changed": (document.changed, act.changed),
    }
    differing = [name for name, (written, said) in signed.items() if written != said]
    if differing:
        raise UntrueAssessmentError(
            found.identity, f"it has another {', another '.join(differing)}"
        )
    return document


def redact_assessment(
    work: Workspace, assessment_id: str, path: Path, *, reader: Reader
) -> RedactedCopy:
    """Write a copy of an assessment with the fields that a reader may see, and no others.

    Raises:
        NotOnLogError: There is no such assessment, or it is of the form that had no salted fields.
    """
    found = find_act(work.state(), assessment_id, Assessment)
    record = work.log.record(found.act.document)
    if not isinstance(record, AssessmentManifest):
        raise NotOnLogError(assessment_id, "assessment with salted fields")
    copy = redact(*_stored(work, record), reader)
    replace(path, dump(copy))
    return copy


def verify_copy(work: Workspace, path: Path, assessment_id: str) -> RedactedCopy:
    """Hold a copy against the assessment that the panel has before it.

    Raises:
        NotOnLogError: There is no such assessment.
        AlteredCopyError: It is not the one that was signed, or not whole.
    """
    found = find_act(work.state(), assessment_id, Assessment)
    return _held(path, found.act.document)


def verify_copy_offline(path: Path, bundle: Path, root: Path) -> RedactedCopy:
    """Hold a copy against the assessment behind the decision of a bundle, under one's own root.

    Whether the decision holds is another question: see `verify_bundle`.

    Raises:
        InvalidRecordError: The root file is none.
        BundleRefusedError: The bundle is none, or not of the root's log.
        AlteredCopyError: The copy is not the one that was signed, or not whole.
    """
    return _held(path, _signed(bundle, _trusted(root)))


def compare_assessments(work: Workspace, old_id: str, new_id: str) -> tuple[FieldChange, ...]:
    """What changed from one assessment to another, field by field.

    Raises:
        NotOnLogError: There is no such assessment.
    """
    state = work.state()
    old, new = (find_act(state, each, Assessment) for each in (old_id, new_id))
    return difference(document_of(work, old), document_of(work, new))


def _short(record: bytes) -> bool:
    """Whether a stored document is of the short form, which reads as a longer one with gaps."""
    stored = parse(record)
    return isinstance(stored, dict) and stored["kind"] == "safety-impact-assessment/1"


def _stored(
    work: Workspace, manifest: AssessmentManifest
) -> tuple[AssessmentManifest, tuple[SaltedField, ...]]:
    """A manifest with its fields as they are kept."""
    named = [one.digest for one in manifest.fields]
    return manifest, tuple(work.log.records(named).values())


def _held(path: Path, signed: str) -> RedactedCopy:
    """The copy in a file, if it is what was signed."""
    try:
        copy = load(path.read_bytes())
    except InterlockError as error:
        raise AlteredCopyError("", f"{path} is no copy of an assessment: {error}") from error
    if not isinstance(copy, RedactedCopy):
        raise AlteredCopyError("", f"{path} is no copy of an assessment")
    check_copy(copy, signed)
    return copy


def _signed(bundle: Path, root: Root) -> str:
    """The digest of the assessment behind a bundle's decision, on a log that is the root's."""
    try:
        given = Bundle.parse(bundle.read_bytes())
        audit((leaf.encode() for leaf in given.entries), given.checkpoint, root.trust)
        state, _ = given.read(root)
        decision = find_act(state, given.decision, Decision)
    except InterlockError as error:
        raise BundleRefusedError(str(bundle), error.code, str(error)) from error
    return str(state.accepted[decision.act.assessment].act.document)


def _trusted(path: Path) -> Root:
    """The root in a reader's own file."""
    try:
        found = load(path.read_bytes().strip())
    except InterlockError as error:
        raise InvalidRecordError("root file", f"{path}: {error}") from error
    if not isinstance(found, Root):
        raise InvalidRecordError("root file", f"{path} holds something else")
    return found
