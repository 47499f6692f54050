"""One example of every record kind, from which the golden files are first written.

To add yours: add a record to the list of your package below (or a list of your own to
`EXAMPLES`), fill every field with something telling, no default left alone, then run
`python -m tests.golden.write`. It writes `records/<kind>.json` where there is none.
A golden file is never written again: if one no longer loads, the kind needs a new version
and an upcaster.
"""

from interlock.admission import EnrolmentRequest, Root, acts
from interlock.measure.estimate import Estimate
from tests.golden.charter_examples import CHARTER
from tests.golden.gate_examples import GATE
from tests.golden.judge_examples import JUDGES
from tests.golden.measure_examples import RUNNING
from tests.golden.review_examples import REVIEW
from tests.golden.suite_examples import SUITES
from tests.golden.trial_examples import TRIAL


def _name(letter: str) -> str:
    """A digest that is easy to recognise."""
    return letter * 64


KEY = "1zxwQ0eJVeaDCHqKSlZCNqKUPqaYBPdWXtZLJQ65aG4="
SIGNATURE = "A" * 85 + "Q=="

_ENROLMENT = acts.Enrolment(
    name="ada",
    key=KEY,
    roles=("safety-researcher", "chair"),
    proof=SIGNATURE,
    countersigner="grace",
    countersignature=SIGNATURE,
)
_LINEAGE = acts.Lineage(criterion="ratio_below(harm,0.6)", claim="ratio_below(harm)", attempt=2)
_OUTCOME = acts.CriterionOutcome(
    criterion="ratio_below(harm,0.6)", outcome="undecided", red_line=True
)
_CONDITION = acts.Condition(kind="max_traffic_percent", limit="25")

ADMISSION: list[object] = [
    _ENROLMENT,
    acts.Keyring(previous=_name("1"), people=(_ENROLMENT,)),
    acts.Adoption(
        previous="",
        charter=_name("2"),
        required=("safety-researcher", "policy-analyst", "legal-counsel"),
        advisory=("support",),
        retrospective=True,
        recomputation=True,
        standard_parts=("decoding", "prompt"),
        emergency=("on-call",),
        ratify_hours=48,
        evidence_days=180,
    ),
    acts.Qualification(
        person="ada", role="safety-researcher", until="2027-11-21T00:00:00Z", previous=_name("3")
    ),
    _LINEAGE,
    acts.Seal(
        hypothesis=_name("4"),
        charter=_name("2"),
        product="assistant",
        baseline=_name("5"),
        candidates=(_name("6"), _name("7")),
        lineages=(_LINEAGE,),
        basis="prospective",
        confirmatory=True,
        bank=_name("8"),
        sample=450,
    ),
    acts.Run(seal=_name("9"), system=_name("6"), evidence=_name("a"), basis="prospective"),
    _OUTCOME,
    acts.Verdict(
        seal=_name("9"),
        system=_name("6"),
        runs=(_name("b"), _name("c")),
        judgement=_name("d"),
        outcome="undecided",
        criteria=(_OUTCOME,),
    ),
    acts.Assessment(
        document=_name("e"),
        product="assistant",
        system=_name("6"),
        verdict=_name("f"),
        conditions=(_CONDITION,),
        valid_days=90,
        previous=_name("0"),
        change="standard",
        follows=_name("a"),
        changed=("decoding", "prompt"),
    ),
    acts.Variant(
        system=_name("6"),
        product="assistant",
        kind="guardrail",
        parent=_name("a"),
        week="2026-W47",
        says="A second filter, before the answer: «suodatin» 🙂.",
    ),
    acts.Recomputation(verdict=_name("f"), judgement=_name("d")),
    acts.Engagement(
        seal=_name("9"),
        system=_name("6"),
        ciphertext=_name("b"),
        roles=("safety-researcher", "policy-analyst", "legal-counsel"),
    ),
    acts.Unseal(engagement=_name("c"), verdict=_name("f")),
    acts.Question(assessment=_name("1"), text="Which languages were left out, and why?"),
    acts.Answer(question=_name("2"), text="Finnish: «liian vähän dataa», 12 items 🙂."),
    acts.Acceptance(question=_name("2"), answer=_name("3")),
    acts.Closing(
        question=_name("2"), role="policy-analyst", reason="Section 11 names every language."
    ),
    acts.Vote(
        origin="interlock.example/log",
        assessment=_name("1"),
        system=_name("6"),
        charter=_name("2"),
        role="legal-counsel",
        ballot="no-go",
        reasons='The tail risk is "open";\nI would need a cap.',
        previous=_name("4"),
        accepts_retrospective=True,
    ),
    _CONDITION,
    acts.Decision(
        assessment=_name("1"),
        product="assistant",
        system=_name("6"),
        outcome="go",
        votes=(_name("5"), _name("6"), _name("7")),
        conditions=(_CONDITION, acts.Condition(kind="tier", limit="internal")),
        expires="2027-02-21T00:00:00Z",
        change="emergency",
    ),
    acts.Revocation(decision=_name("8"), reason="A jailbreak class was missed."),
    acts.Hold(product="assistant", system=_name("6"), reason="spike", previous=_name("9")),
    acts.Kill(product="assistant", system=_name("6"), reason="It leaks keys.", evidence=_name("d")),
    acts.Rollback(
        product="assistant",
        system=_name("6"),
        to=_name("e"),
        reason="Refusals doubled overnight.",
        evidence=_name("f"),
    ),
    acts.Lift(hold=_name("a"), reason="The cause was a dashboard."),
    acts.Recovery(
        size=41,
        root_hash=_name("b"),
        lost_size=50,
        lost_root_hash=_name("c"),
        reason="The disk failed.",
    ),
]

ADMISSION += [
    Root(
        origin="interlock.example/log",
        log_key=KEY,
        witness_name="interlock.example/witness",
        witness_key="iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w=",
        root_keys=("gTl3Dqh9F19Wo1Rmw0x+zMuNipG07jeiXfYPW4/Js5Q=",),
        threshold=1,
        minimum_size=12,
        minimum_root_hash=_name("d"),
        max_age_seconds=86_400,
    ),
    EnrolmentRequest(name="ada", key=KEY, roles=("safety-researcher", "chair"), proof=SIGNATURE),
]

MEASURE: list[object] = [
    Estimate(value=0.125, low=None, high=0.25, confidence=0.95, n=40, method="wilson/1"),
]

EXAMPLES: list[object] = [
    *ADMISSION,
    *MEASURE,
    *RUNNING,
    *CHARTER,
    *GATE,
    *REVIEW,
    *TRIAL,
    *SUITES,
    *JUDGES,
]
