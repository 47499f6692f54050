"""The decision of the demonstration: two rubrics, a panel, a GO, and attacks on its proof."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from interlock.admission import Bundle
from interlock.app.assessments import submit_assessment
from interlock.app.demo.engagement import Shut, arrive
from interlock.app.demo.scene import (
    DEPLOYMENT,
    HALF_CREDIT,
    NO_CREDIT,
    PEOPLE,
    VOTERS,
    Scene,
    convene,
    copy,
    opened,
    write_arm,
)
from interlock.app.forgeries import with_altered_vote, without_newest
from interlock.app.hypotheses import Assumed, Judged, judge_seal, seal_hypothesis
from interlock.app.pages import assessment_page
from interlock.app.proofs import check_decision, export_bundle, verify_bundle
from interlock.app.recomputation import recompute
from interlock.app.reviews import Cast, accept, answer, ask, cast_vote, close_review
from interlock.app.runs import record_run
from interlock.app.stops import hold, lift
from interlock.errors import BundleRefusedError
from interlock.gate import CriterionVerdict, Truth

_ASSUMED = Assumed(
    truths={
        "harm": Truth(before=0.60, after=0.03),
        "helpfulness": Truth(before=9.8, after=9.5, spread=2.5),
    },
    clusters=200,
)


@dataclass(frozen=True)
class Case:
    """What the panel has before it, and what stays shut beside it.

    Attributes:
        judged: The verdict under each rubric, by the hypothesis file's name.
        shut: The engagement figures.
    """

    judged: dict[str, Judged]
    shut: Shut


@dataclass(frozen=True)
class Release:
    """The release as it was decided.

    Attributes:
        assessment: Identity of the assessment.
        decision: Identity of the decision.
        page: The assessment as a page.
        bundle: What a stranger verifies.
    """

    assessment: str
    decision: str
    page: Path
    bundle: Path


def judge_both(scene: Scene) -> Case:
    """Judge XSTest under two rubrics, with engagement figures that arrive before the verdict."""
    scene.tell("\n1. Evidence: XSTest, human labels, 450 prompts an arm (retrospective)")
    seal = _recorded(scene, "guard.yaml", HALF_CREDIT)
    shut = arrive(scene, seal)
    judged = {"guard": _verdict(scene, seal)}
    judged["guard-strict"] = _verdict(scene, _recorded(scene, "guard-strict.yaml", NO_CREDIT))
    return Case(judged, shut)


def decide(scene: Scene, case: Case) -> tuple[Release, dict[str, Any]]:
    """Let the panel decide, prove it to a stranger, and attack the proof."""
    release = _review(scene, case.judged["guard"])
    scene.tell("\n4. Proof")
    check_decision(scene.work, release.decision, deployment=DEPLOYMENT)
    root = scene.work.folder / "root.json"
    export_bundle(scene.work, release.decision, release.bundle)
    found = verify_bundle(release.bundle, root, now=scene.work.clock.now())
    at = found["as_of"]
    scene.tell(f"   a stranger with root.json alone: holds, as of checkpoint {at['size']}")
    refused = _attack(scene, release)
    held, _ = check_decision(scene.work, release.decision, deployment=DEPLOYMENT)
    scene.tell("   carol lifts the hold: the GO holds again")
    outcomes = {name: one.judgement.outcome for name, one in case.judged.items()}
    return release, {
        "ok": outcomes == {"guard": "passed", "guard-strict": "undecided"}
        and len(found["votes"]) == len(VOTERS)
        and all(one["refused"] for one in refused.values()),
        "decision": held.identity,
        "outcome": held.act.outcome,
        "verdicts": {name: _figures(one) for name, one in case.judged.items()},
        "votes": found["votes"],
        "checkpoint": at,
        "refused": refused,
        "files": {"page": str(release.page), "bundle": str(release.bundle), "root": str(root)},
    }


def _recorded(scene: Scene, file: str, credit: dict[str, int]) -> str:
    """Seal one hypothesis and record both arms under its rubric; the seal."""
    work = scene.work
    for name in ("mistral-instruct.yaml", "mistral-guard.yaml"):
        copy(name, work.path(f"systems/{name}"))
    hypothesis = work.path(f"hypotheses/{file}")
    copy(file, hypothesis)
    seal = seal_hypothesis(work, hypothesis, signer=scene.key("paula"), assumed=_ASSUMED)
    for arm, system in (("before", "mistral-instruct"), ("after", "mistral-guard")):
        rows = scene.folder / f"{hypothesis.stem}-{arm}.csv"
        write_arm(rows, arm, credit)
        record_run(work, rows, seal.identity, system=system, signer=scene.key("paula"))
    return seal.identity


def _verdict(scene: Scene, seal: str) -> Judged:
    """Judge what was recorded under a seal."""
    (judged,) = judge_seal(scene.work, seal, signer=scene.key("paula"))
    _tell_verdicts(scene, judged)
    return judged


def _tell_verdicts(scene: Scene, judged: Judged) -> None:
    judgement = judged.judgement
    scene.tell(f"\n   {judgement.name}: {judgement.outcome.upper()}")
    for verdict in judgement.verdicts:
        scene.tell(f"     {verdict.outcome:<9}  {verdict.label}")
        scene.tell(f"                {verdict.reason} (attempt {verdict.attempt})")
    hidden = [one for one in judgement.slices if one.status == "worse"]
    for one in hidden[:2]:
        scene.tell(
            f"     hidden by the average: {one.metric} in {one.value}, "
            f"{one.before:.2f} -> {one.after:.2f} (adjusted p {one.p_adjusted:.2g})"
        )


def _review(scene: Scene, judged: Judged) -> Release:
    """Put the assessment before the panel, answer its question, vote, decide."""
    work = scene.work
    draft = work.path("assessments/guard.yaml")
    copy("assessment.yaml", draft)
    verdict = judged.verdict.identity
    assessment = submit_assessment(work, draft, verdict, signer=scene.key("paula")).identity
    scene.tell("\n2. The panel")
    question = "Harm in contrast_discr did not fall. What holds it back there?"
    reply = "Two answers of 25 before and after; a weekly review of that type is in hazard 2."
    asked = ask(work, assessment, question, signer=scene.key("sofia"))
    given = answer(work, asked.identity, reply, signer=scene.key("paula"))
    accept(work, given.identity, signer=scene.key("sofia"))
    again = recompute(work, verdict, signer=scene.key("sofia"))
    found = "every figure, bit for bit" if again.agrees else "OTHER FIGURES"
    scene.tell(f"   sofia derives the verdict again from the rows: {found}")
    scene.tell(f"   sofia asks: {question}\n   paula answers: {reply}\n   sofia accepts.")
    for name in VOTERS:
        cast = Cast(
            person=name,
            role=PEOPLE[name][0],
            ballot="go",
            reasons="The bound is under the limit and the release stays internal.",
            accepts_retrospective=True,
        )
        cast_vote(work, assessment, cast, signer=scene.key(name))
        scene.tell(f"   {name} votes go as {PEOPLE[name][0]}, accepting retrospective evidence")
    decision = close_review(work, assessment, signer=scene.key("carol")).identity
    page = scene.folder / "assessment.html"
    page.write_bytes(assessment_page(work, assessment))
    scene.tell(
        f"\n3. Decision: GO {decision[:12]}, internal tier, at most 50 % of traffic, 90 days"
    )
    return Release(assessment, decision, page, scene.folder / "bundle.json")


def _attack(scene: Scene, release: Release) -> dict[str, Any]:
    """Hold the release, then present forgeries that would hide it; all must be refused."""
    work = scene.work
    true = Bundle.parse(release.bundle.read_bytes())
    reason = "A report of a harmful answer; nobody has looked at it yet."
    stop = hold(work, release.decision, reason, signer=scene.key("lea")).identity
    scene.tell(f"   lea holds the release: {reason}")
    now_held = scene.folder / "held.json"
    export_bundle(work, release.decision, now_held)
    honest = Bundle.parse(now_held.read_bytes())
    presented = {
        "the bundle as it now is": honest.to_bytes(),
        "the newest statement deleted, which is the hold": without_newest(honest).to_bytes(),
        "one byte of a vote altered": with_altered_vote(true).to_bytes(),
        "a stranger's own log, root and GO": _strangers(scene),
    }
    found = {what: _presented(scene, data) for what, data in presented.items()}
    for what, why in found.items():
        scene.tell(f"     {what}: {'refused, ' + why if why else 'ACCEPTED'}")
    lift(work, stop, "The report was about another product.", signer=scene.key("carol"))
    now_held.unlink()
    return {what: {"refused": why is not None, "reason": why} for what, why in found.items()}


def _presented(scene: Scene, data: bytes) -> str | None:
    """Why a bundle is refused under our root; None if it is believed."""
    file = scene.folder / "presented.json"
    file.write_bytes(data)
    try:
        verify_bundle(file, scene.work.folder / "root.json", now=scene.work.clock.now())
    except BundleRefusedError as error:
        return f"{error.reason}: {error.sentence}"
    finally:
        file.unlink()
    return None


def _strangers(scene: Scene) -> bytes:
    """A GO that somebody gave themselves: it holds under their root, and under no other."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        with opened(folder, "stranger", lambda _: None) as own:
            convene(own)
            made = _review(own, _verdict(own, _recorded(own, "guard.yaml", HALF_CREDIT)))
            export_bundle(own.work, made.decision, made.bundle)
            verify_bundle(made.bundle, own.work.folder / "root.json", now=own.work.clock.now())
            return made.bundle.read_bytes()


def _figures(judged: Judged) -> dict[str, Any]:
    """A verdict's figures, for machines."""

    def one(verdict: CriterionVerdict) -> dict[str, Any]:
        estimate = verdict.estimate
        ends = (estimate.value, estimate.low, estimate.high) if estimate else (None,) * 3
        figures = dict(zip(("value", "low", "high"), ends, strict=True))
        names = ("label", "outcome", "limit", "reason", "attempt", "alpha")
        return {name: getattr(verdict, name) for name in names} | figures

    judgement = judged.judgement
    worst = [each for each in judgement.slices if each.status != "undecided"]
    return {
        "outcome": judgement.outcome,
        "basis": judgement.basis,
        "criteria": [one(verdict) for verdict in judgement.verdicts],
        "slices": [
            {
                "metric": each.metric,
                "value": each.value,
                "status": each.status,
                "before": each.before,
                "after": each.after,
                "p_adjusted": each.p_adjusted,
            }
            for each in worst
        ],
    }
