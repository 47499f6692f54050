"""A decision in the forms that other tools read, each a view of a bundle that can be verified."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from interlock.adapters.exchange import (
    Dossier,
    Source,
    Standing,
    assessment_results,
    hidden_from,
    model_card,
    safety_case,
    signed_summary,
    sigstore_bundle,
    verification_summary,
    withhold,
)
from interlock.adapters.files import replace, write_new
from interlock.admission import (
    Accepted,
    Adoption,
    Assessment,
    Bundle,
    Decision,
    Recomputation,
    State,
    Verdict,
    Vote,
    check,
)
from interlock.app.acts import claimed_decision, find_act, word_of
from interlock.app.assessments import check_assessed, document_of
from interlock.app.proofs import bundle_of
from interlock.app.workspace import Reading, Workspace
from interlock.errors import (
    DoesNotHoldError,
    ForeignBundleError,
    InvalidBundleError,
    NotOnLogError,
    UnsignedExportError,
)
from interlock.ledger import Cosigned, Signer, parse_statement
from interlock.review import FieldName, Reader

Form = Literal["oscal", "cyclonedx", "vsa", "ltac", "sigstore"]
"""The forms, beside the bundle itself."""


@dataclass(frozen=True, kw_only=True)
class Export:
    """What is asked for.

    Attributes:
        form: The form.
        out: The file to write.
        bundle: The bundle it leads back to; written if it is not there.
        reader: For whom it is.
    """

    form: Form
    out: Path
    bundle: Path
    reader: Reader


@dataclass(frozen=True, kw_only=True)
class Exported:
    """What was written.

    Attributes:
        decision: The decision's identity.
        standing: How it stands, which the file says too.
        withheld: Fields of the assessment that the reader may not see.
    """

    decision: str
    standing: Standing
    withheld: tuple[FieldName, ...]


@dataclass(frozen=True, kw_only=True)
class _Chain:
    """A decision and the acts it rests on.

    Attributes:
        decision: The decision, in effect or not.
        assessment: What was put before the panel.
        verdict: What the numbers allowed.
        state: What the log amounts to.
        bundle: The bundle that shows all of it.
    """

    decision: Accepted[Decision]
    assessment: Accepted[Assessment]
    verdict: Accepted[Verdict]
    state: State
    bundle: Bundle

    @property
    def votes(self) -> Iterator[Accepted[Vote]]:
        """The votes it names; one that was refused may name some that never counted."""
        found = (self.state.find(one, Vote) for one in self.decision.act.votes)
        return (one for one in found if one is not None)


def export_view(
    work: Workspace, decision_id: str, asked: Export, *, signer: Signer | None = None
) -> Exported:
    """Write a decision in the form of another tool, as it stands now.

    A decision that does not stand, or never took effect, is written as such.

    Args:
        work: The workspace.
        decision_id: The decision's identity, or the beginning of it.
        asked: Form, files and reader.
        signer: Whose key signs a verification summary.

    Raises:
        NotOnLogError: The log holds no such decision, or not what it rests on.
        UntrueAssessmentError, UntrueVerdictError, UntrueSealError, UntrueChangeError:
            What it rests on is not what its records say, or not stored here.
        UnfinishedAssessmentError: Its assessment was signed unfinished.
        ForeignBundleError: The bundle is of another decision, of an older log, or
            lacks the manifests of a standard change.
        UnsignedExportError: A verification summary without a signer.
        UnsayableStandingError: A fallen go, in a form that cannot say so.
        WithheldExportError: The reader may see nothing of what the form is made of.
    """
    if asked.form == "vsa" and signer is None:
        raise UnsignedExportError("vsa")
    now = work.current()
    chain = _chain(work, now, decision_id, bundle=asked.bundle)
    dossier = _dossier(work, chain, reader=asked.reader)
    written = _written(dossier, chain, asked.form, signer=signer)
    if not asked.bundle.exists():
        write_new(asked.bundle, chain.bundle.to_bytes())
    replace(asked.out, written)
    return Exported(
        decision=chain.decision.identity,
        standing=dossier.source.standing,
        withheld=dossier.withheld,
    )


def _written(dossier: Dossier, chain: _Chain, form: Form, *, signer: Signer | None) -> bytes:
    match form:
        case "oscal":
            return assessment_results(dossier)
        case "cyclonedx":
            return model_card(dossier)
        case "ltac":
            return safety_case(dossier)
        case "sigstore":
            envelope = chain.bundle.log()[chain.decision.index].envelope
            return sigstore_bundle(dossier.source, envelope)
        case "vsa":
            if signer is None:
                raise UnsignedExportError(form)
            summary = verification_summary(
                dossier.source,
                name=dossier.document.sealed.candidate_name,
                charter=_charter(chain),
                rests_on=_rests_on(chain),
            )
            return signed_summary(summary, signer).to_bytes()


def _chain(work: Workspace, now: Reading, decision_id: str, *, bundle: Path) -> _Chain:
    state = now.state
    decision = _decision(work, state, decision_id)
    assessment = find_act(state, decision.act.assessment, Assessment)
    verdict = find_act(state, assessment.act.verdict, Verdict)
    check_assessed(work, state, assessment)
    return _Chain(
        decision=decision,
        assessment=assessment,
        verdict=verdict,
        state=state,
        bundle=_bundle(work, now, decision, path=bundle),
    )


def _decision(work: Workspace, state: State, name: str) -> Accepted[Decision]:
    """The decision of this name; one that was refused is read from the log, signed by nobody."""
    identity = claimed_decision(state, name)
    if identity in state.accepted:
        return find_act(state, identity, Decision)
    index = next(one.index for one in state.refused if one.identity == identity)
    *_, entry = work.log.entries(stop=index + 1)
    act = parse_statement(entry.envelope.payload).predicate
    if not isinstance(act, Decision):
        raise NotOnLogError(name, "decision")
    return Accepted(index, entry.time, identity, person="", key="", act=act)


def _bundle(work: Workspace, now: Reading, decision: Accepted[Decision], *, path: Path) -> Bundle:
    """The bundle in a file, if it is this decision's and of the log as it is; else a new one."""
    if not path.exists():
        return bundle_of(work, now, decision)
    try:
        found = Bundle.parse(path.read_bytes())
    except InvalidBundleError as error:
        raise ForeignBundleError(str(path), f"is no bundle ({error})") from error
    if found.decision != decision.identity:
        raise ForeignBundleError(str(path), "is of another decision")
    if work.root.trust.open(found.checkpoint).checkpoint != now.cosigned.checkpoint:
        raise ForeignBundleError(str(path), "is older than the log, which has gone on since")
    if found.lacks_manifests(now.state, decision):
        raise ForeignBundleError(str(path), "lacks the manifests of a standard change")
    return found


def _dossier(work: Workspace, chain: _Chain, *, reader: Reader) -> Dossier:
    cosigned = work.root.trust.open(chain.bundle.checkpoint)
    document = document_of(work, chain.assessment)
    withheld = hidden_from(reader, document)
    return Dossier(
        source=Source(
            decision=chain.decision,
            standing=_standing(work, chain, cosigned),
            cosigned=cosigned,
            bundle=hashlib.sha256(chain.bundle.to_bytes()).hexdigest(),
            reader=reader,
        ),
        document=withhold(document, withheld),
        withheld=withheld,
        votes=tuple(chain.votes),
        runs=tuple(chain.state.accepted[one] for one in chain.verdict.act.runs),
    )


def _standing(work: Workspace, chain: _Chain, cosigned: Cosigned) -> Standing:
    """What the check says, its conditions apart: those are for whoever deploys to keep."""
    decision = chain.decision
    try:
        check(
            chain.state,
            work.root,
            decision.identity,
            cosigned=cosigned,
            now=work.clock.now(),
            deployment={},
        )
    except DoesNotHoldError as error:
        if error.reason != "condition":
            return Standing(word=error.reason, sentence=error.sentence)
    until = decision.act.expires
    return Standing(
        word="go", sentence=f"it allows the release until {until}, inside its conditions"
    )


def _charter(chain: _Chain) -> str:
    """Digest of the charter in force when it was decided."""
    before = [one for one in chain.state.of(Adoption) if one.index < chain.decision.index]
    return before[-1].act.charter


def _rests_on(chain: _Chain) -> list[tuple[str, str]]:
    """Every statement that the decision rests on, the decision first."""
    votes, runs = [one.identity for one in chain.votes], chain.verdict.act.runs
    again = [
        one.identity
        for one in chain.state.of(Recomputation)
        if one.act.verdict == chain.verdict.identity
    ]
    names = [*votes, chain.assessment.identity, chain.verdict.identity, *again, *runs]
    names.append(chain.verdict.act.seal)
    acts = [(word_of(chain.state.accepted[one].act).replace(" ", "-"), one) for one in names]
    return [("decision", chain.decision.identity), *acts]
