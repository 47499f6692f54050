"""The ledger's half of an assessment: filled from facts, so that nobody can type it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from interlock.admission import Seal
from interlock.charter import Charter, Hypothesis
from interlock.gate import Judgement
from interlock.review.document import (
    AssessedSubject,
    BlockedFeature,
    Deviation,
    EarlierAttempt,
    JudgeUse,
    MeasuredEffect,
    SafetyImpactAssessment,
    SealedBar,
    SubjectPart,
)
from interlock.review.draft import Draft
from interlock.review.features import blocked
from interlock.review.figures import RiskScore
from interlock.review.red_lines import unmeasured
from interlock.review.residual import residual
from interlock.review.risk import seed_of, work_out
from interlock.review.scoring import complete
from interlock.trial import System, features_of, parts_of

_OWN_FIELDS = ("model", "features")


@dataclass(frozen=True, kw_only=True)
class JudgedRows:
    """How many rows of one metric one judge scored, both arms together."""

    metric: str
    judge: str
    rows: int


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the ledger knows about one candidate under one seal.

    Attributes:
        seal: The seal.
        identity: The seal's statement identity.
        index: Its place on the log.
        time: When the log took it in.
        candidate: Digest of the candidate judged.
        names: What people call the systems, by digest.
        systems: Manifests of the systems, by digest, as far as they are at hand.
        hypothesis: The sealed hypothesis.
        charter: The charter in force.
        verdict: Statement identity of the verdict.
        judged: When the log took the verdict in.
        judgement: The gate's record behind it.
        judges: Who scored the rows.
        deviations: What went otherwise after the seal, as far as the log shows it.
        changed: The parts in which the candidate differs from the baseline, sorted.
        earlier: Criteria of other seals on the same systems or evidence, oldest first.
    """

    seal: Seal
    identity: str
    index: int
    time: str
    candidate: str
    names: Mapping[str, str]
    systems: Mapping[str, System]
    hypothesis: Hypothesis
    charter: Charter
    verdict: str
    judged: str
    judgement: Judgement
    judges: tuple[JudgedRows, ...] = ()
    deviations: tuple[Deviation, ...] = ()
    changed: tuple[str, ...] = ()
    earlier: tuple[EarlierAttempt, ...] = ()


def fill(draft: Draft, facts: Facts) -> SafetyImpactAssessment:
    """Set the ledger's facts beside what a person wrote.

    A document can be filled and shown at any time; `blanks` says whether it
    may be put before a panel.
    """
    return SafetyImpactAssessment(
        draft=draft,
        subject=_subject(facts),
        sealed=_bar(facts),
        hypothesis=facts.hypothesis,
        deviations=tuple(sorted(_deviations(facts), key=lambda one: one.time)),
        verdict=facts.verdict,
        judgement=facts.judgement,
        judges=tuple(_judges(facts)),
        earlier=facts.earlier,
        asked_scores=facts.charter.scores,
        scores=tuple(_scores(draft, facts)),
        effects=tuple(_effects(draft, facts)),
        residual=tuple(
            residual(k, draft, charter=facts.charter, judged=(facts.hypothesis, facts.judgement))
            for k in range(len(draft.hazards))
        ),
        unmeasured=unmeasured(facts.hypothesis, facts.charter),
        blocked=_blocked(draft, facts),
        changed=facts.changed if draft.change == "standard" else (),
    )


def _subject(facts: Facts) -> AssessedSubject:
    system = facts.systems.get(facts.candidate)
    versions = parts_of(system) if system else {}
    return AssessedSubject(
        system=facts.candidate,
        name=facts.names.get(facts.candidate, facts.candidate[:12]),
        model=system.model if system else "",
        parts=tuple(
            SubjectPart(name=f"{part} {name}".strip(), version=version)
            for (part, name), version in sorted(versions.items())
            if part not in _OWN_FIELDS
        ),
        features=features_of(system) if system else (),
    )


def _bar(facts: Facts) -> SealedBar:
    seal = facts.seal
    return SealedBar(
        seal=facts.identity,
        index=facts.index,
        time=facts.time,
        hypothesis=seal.hypothesis,
        charter=seal.charter,
        basis=seal.basis,
        confirmatory=seal.confirmatory,
        baseline=seal.baseline,
        baseline_name=facts.names.get(seal.baseline, seal.baseline[:12]),
        candidate=facts.candidate,
        candidate_name=facts.names.get(facts.candidate, facts.candidate[:12]),
        candidates=len(seal.candidates),
    )


def _deviations(facts: Facts) -> Iterator[Deviation]:
    """What the log shows, and rows that are not as they were expected."""
    yield from facts.deviations
    rows = facts.judgement.evidence
    absent = rows.expected - rows.observed
    if absent:
        what = (
            f"{absent} of {rows.expected} expected rows have no value ({rows.unscored} unscored, "
            f"{rows.errored} failed); they count against the release"
        )
        yield Deviation(what=what, time=facts.judged)


def _judges(facts: Facts) -> Iterator[JudgeUse]:
    held = {
        one.metric: one.label for one in facts.hypothesis.criteria if one.kind == "agreement_min"
    }
    for one in facts.judges:
        validated = held.get(one.metric, "")
        yield JudgeUse(metric=one.metric, judge=one.judge, rows=one.rows, validated_by=validated)


def _scores(draft: Draft, facts: Facts) -> Iterator[RiskScore]:
    """Every score of the charter whose inputs are all stated and possible."""
    stated = {one.score: one for one in draft.scores}
    for score in facts.charter.scores:
        given = stated.get(score.id)
        if given is not None and complete(score, given):
            seed = seed_of(facts.identity, facts.candidate, score.id)
            yield work_out(score, given.inputs, seed=seed)


def _effects(draft: Draft, facts: Facts) -> Iterator[MeasuredEffect]:
    came = {one.label: one for one in facts.judgement.verdicts}
    for k, control in enumerate(draft.mitigations):
        found = came.get(control.measured_by)
        if found is not None:
            yield MeasuredEffect(
                mitigation=k,
                claim=found.label,
                outcome=found.outcome,
                estimate=found.estimate,
                verdict=facts.verdict,
            )


def _blocked(draft: Draft, facts: Facts) -> tuple[BlockedFeature, ...]:
    system = facts.systems.get(facts.candidate)
    turned_off = tuple(one.limit for one in draft.conditions if one.kind == "feature_off")
    return blocked(
        features_of(system) if system else (),
        facts.charter,
        (facts.hypothesis, facts.judgement),
        off=turned_off,
    )
