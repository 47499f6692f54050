"""A world in memory: a root, five people, a log, and every act at hand.

`World.go` makes a full accepted go. Tests change one thing and see what
becomes of it. Nothing here touches a file or a clock.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from interlock.admission import (
    Acceptance,
    Adoption,
    Answer,
    Assessment,
    Bundle,
    CriterionOutcome,
    Decision,
    Engagement,
    Enrolment,
    Hold,
    Keyring,
    Kill,
    Lift,
    Lineage,
    Qualification,
    Question,
    Recomputation,
    Recovery,
    Revocation,
    Rollback,
    Root,
    Run,
    Seal,
    State,
    Verdict,
    Vote,
    admit,
    countersign,
    enrol,
    export,
    fold,
    statement_of,
    verify,
)
from interlock.errors import DoesNotHoldError, InterlockError, RefusedActError
from interlock.ledger import (
    Checkpoint,
    Entry,
    Envelope,
    base64_text,
    cosign,
    digest,
    dump,
    leaf_hash,
    root_hash,
    sign,
    sign_checkpoint,
)
from interlock.trial import Component, TypedSystem
from tests.fakes import LOG_SIGNER, ORIGIN, WITNESS, WITNESS_SIGNER, MemorySigner, StepClock

PRODUCT = "assistant"
REQUIRED = ("safety-researcher", "policy-analyst", "legal-counsel")
PEOPLE: dict[str, tuple[str, ...]] = {
    "cleo": ("chair", "on-call"),
    "pim": ("product-manager", "evaluation-engineer"),
    "rita": ("safety-researcher",),
    "paul": ("policy-analyst",),
    "lena": ("legal-counsel",),
}
PANEL = {"rita": REQUIRED[0], "paul": REQUIRED[1], "lena": REQUIRED[2]}
STAFF = PEOPLE | {
    "otto": ("on-call", "chair"),
    "ella": ("evaluation-engineer", "product-manager"),
    "adam": ("red-teamer",),
}
FAR = "2026-12-31T00:00:00Z"
EMPTY = hashlib.sha256(b"").hexdigest()


def named(name: str) -> str:
    """A digest that stands for something."""
    return hashlib.sha256(name.encode()).hexdigest()


def manifest(prompt: str, decoding: str) -> TypedSystem:
    """A system of two parts."""
    return TypedSystem(
        model="model-1",
        parts=(),
        components=(
            Component(section="decoding", name="temperature", version=decoding),
            Component(section="prompt", name="", version=prompt),
        ),
        features=(),
    )


MANIFESTS = (manifest("plain", "1"), manifest("guarded", "1"), manifest("guarded", "0"))
"""The baseline, the candidate, and a variant of it that differs in its decoding alone."""
BASELINE, CANDIDATE, VARIANT = map(digest, MANIFESTS)
CHARTER = named("charter")
CRITERIA = ("harm-ratio", "helpfulness-margin", "self-harm-zero")
ROOT_SIGNERS = tuple(MemorySigner(f"root-{n}") for n in (1, 2, 3))


def make_root(**changes: Any) -> Root:
    """The root of the world, with changes."""
    fields: dict[str, Any] = {
        "origin": ORIGIN,
        "log_key": base64_text(LOG_SIGNER.public_key),
        "witness_name": WITNESS,
        "witness_key": base64_text(WITNESS_SIGNER.public_key),
        "root_keys": tuple(base64_text(each.public_key) for each in ROOT_SIGNERS),
        "threshold": 2,
        "minimum_size": 0,
        "minimum_root_hash": EMPTY,
        "max_age_seconds": 86_400,
    }
    return Root(**fields | changes)


def enrolments(
    people: Mapping[str, tuple[str, ...]], signers: Mapping[str, MemorySigner] | None = None
) -> tuple[Enrolment, ...]:
    """Everybody enrolled, each countersigned by the next; one alone by a root key."""
    names = list(people)
    signers = signers or {name: MemorySigner(name) for name in names}
    made = []
    for at, name in enumerate(names):
        request = enrol(ORIGIN, name=name, roles=people[name], signer=signers[name])
        other = names[(at + 1) % len(names)] if len(names) > 1 else "root"
        signer = ROOT_SIGNERS[0] if other == "root" else signers[other]
        made.append(countersign(ORIGIN, request, countersigner=other, signer=signer))
    return tuple(made)


class World:
    """A log in memory, and the people who write to it."""

    def __init__(self, root: Root | None = None) -> None:
        self.root = root or make_root()
        self.clock = StepClock(step=60)
        self.entries: list[Entry] = []
        self.signers = {name: MemorySigner(name) for name in STAFF}
        self.state: State = fold((), root=self.root)

    def put(self, envelope: Envelope) -> str:
        """Append without asking whether it counts, as a careless or hostile log would."""
        entry = Entry(self.clock.now(), envelope)
        self.entries.append(entry)
        self.state = fold([entry], root=self.root, state=self.state)
        return entry.identity

    def force(self, act: object, *names: str) -> str:
        """Sign an act and append it without asking."""
        return self.put(self.signed(act, *names))

    def do(self, act: object, *names: str) -> str:
        """Sign an act and append it if it counts, as the product does."""
        envelope, time = self.signed(act, *names), self.clock.now()
        self.state = admit(self.state, envelope, time)
        self.entries.append(Entry(time, envelope))
        return envelope.identity

    def signed(self, act: object, *names: str) -> Envelope:
        """An act signed by people; by two root keys where nobody is named."""
        signers = [self.signers[name] for name in names] or ROOT_SIGNERS[:2]
        return sign(statement_of(act), *signers)

    def keyring(
        self,
        people: Mapping[str, tuple[str, ...]] = PEOPLE,
        signers: Mapping[str, MemorySigner] | None = None,
    ) -> Keyring:
        return Keyring(previous=self.state.keyring, people=enrolments(people, signers))

    def adoption(self, **changes: Any) -> Adoption:
        fields: dict[str, Any] = {
            "previous": self.state.previous_adoption(),
            "charter": CHARTER,
            "required": REQUIRED,
            "advisory": ("red-teamer",),
            "retrospective": True,
            "recomputation": False,
            "standard_parts": (),
            "emergency": (),
            "ratify_hours": 72,
            "evidence_days": 0,
        }
        return Adoption(**fields | changes)

    def qualification(self, person: str, role: str, until: str = FAR) -> Qualification:
        previous = self.state.previous_qualification(person, role)
        return Qualification(person=person, role=role, until=until, previous=previous)

    def seal(self, **changes: Any) -> Seal:
        fields: dict[str, Any] = {
            "hypothesis": named("hypothesis"),
            "charter": CHARTER,
            "product": PRODUCT,
            "baseline": BASELINE,
            "candidates": (CANDIDATE,),
            "basis": "prospective",
            "confirmatory": True,
            "bank": named("bank"),
            "sample": 450,
        }
        if changes.get("basis") == "retrospective":
            fields |= {"bank": "", "sample": 0}
        fields |= changes
        tries = (self.state.attempts_of(fields["product"], fields["baseline"], c) for c in CRITERIA)
        lineages = tuple(
            Lineage(criterion=criterion, claim=criterion, attempt=tried + 1)
            for criterion, tried in zip(CRITERIA, tries, strict=True)
        )
        return Seal(**{"lineages": lineages} | fields)

    def run(self, seal: str, system: str, **changes: Any) -> Run:
        fields: dict[str, Any] = {
            "seal": seal,
            "system": system,
            "evidence": named(f"evidence of {system} under {seal}"),
            "basis": self.state.accepted[seal].act.basis
            if seal in self.state.accepted
            else "prospective",
        }
        return Run(**fields | changes)

    def verdict(self, seal: str, *runs: str, **changes: Any) -> Verdict:
        fields: dict[str, Any] = {
            "seal": seal,
            "system": CANDIDATE,
            "runs": runs,
            "judgement": named(f"judgement under {seal}"),
            "outcome": "passed",
            "criteria": tuple(
                CriterionOutcome(criterion=each, outcome="passed", red_line=each.endswith("zero"))
                for each in CRITERIA
            ),
        }
        return Verdict(**fields | changes)

    def assessment(self, verdict: str, **changes: Any) -> Assessment:
        judged = self.state.find(verdict, Verdict)
        system = changes.get("system", judged.act.system if judged else CANDIDATE)
        latest = self.state.latest_assessment(PRODUCT, system)
        previous = latest.identity if latest else ""
        fields: dict[str, Any] = {
            "document": named(f"document on {verdict} after {previous}"),
            "product": PRODUCT,
            "system": system,
            "verdict": verdict,
            "conditions": (),
            "valid_days": 366,
            "previous": previous,
            "change": "normal",
            "follows": "",
            "changed": (),
        }
        return Assessment(**fields | changes)

    def vote(self, person: str, assessment: str, ballot: str = "go", **changes: Any) -> Vote:
        fields: dict[str, Any] = {
            "origin": ORIGIN,
            "assessment": assessment,
            "system": self.system_of(assessment),
            "charter": CHARTER,
            "role": PANEL.get(person, REQUIRED[0]),
            "ballot": ballot,
            "reasons": f"{person} has read it",
            "previous": self.state.previous_vote(person, PRODUCT),
            "accepts_retrospective": True,
        }
        return Vote(**fields | changes)

    def decision(self, assessment: str, outcome: str = "go", **changes: Any) -> Decision:
        votes = self.state.standing_votes(assessment)
        found = self.state.find(assessment, Assessment)
        fields: dict[str, Any] = {
            "assessment": assessment,
            "product": PRODUCT,
            "system": self.system_of(assessment),
            "outcome": outcome,
            "votes": tuple(each.identity for each in votes),
            "conditions": found.act.conditions if found else (),
            "expires": "2026-06-30T00:00:00Z",
            "change": "normal",
        }
        return Decision(**fields | changes)

    def system_of(self, assessment: str) -> str:
        found = self.state.find(assessment, Assessment)
        return found.act.system if found else CANDIDATE

    def hold(self, reason: str = "toxicity rises", system: str = CANDIDATE) -> Hold:
        previous = self.state.previous_hold(PRODUCT, system)
        return Hold(product=PRODUCT, system=system, reason=reason, previous=previous)

    def kill(self, system: str = CANDIDATE) -> Kill:
        return Kill(product=PRODUCT, system=system, reason="it leaks keys", evidence="")

    def rollback(self, to: str, system: str = CANDIDATE) -> Rollback:
        return Rollback(
            product=PRODUCT, system=system, to=to, reason="refusals doubled", evidence=""
        )

    def recomputation(self, verdict: str, **changes: Any) -> Recomputation:
        found = self.state.find(verdict, Verdict)
        judgement = found.act.judgement if found else named("no judgement")
        return Recomputation(**{"verdict": verdict, "judgement": judgement} | changes)

    def engagement(self, seal: str, system: str = CANDIDATE, **changes: Any) -> Engagement:
        fields: dict[str, Any] = {
            "seal": seal,
            "system": system,
            "ciphertext": named(f"engagement of {system}"),
            "roles": self.state.required,
        }
        return Engagement(**fields | changes)

    def recovery(self, lost: int = 0) -> Recovery:
        size = self.state.size
        return Recovery(
            size=size,
            root_hash=self.state.frontier.root.hex(),
            lost_size=size + lost,
            lost_root_hash=named("the tree before the loss"),
            reason="the disk failed",
        )

    def begin(self, **adoption: Any) -> "World":
        """Enrol everybody, adopt the charter, qualify the panel."""
        self.do(self.keyring())
        self.do(self.adoption(**adoption))
        for person, role in PANEL.items():
            self.do(self.qualification(person, role), "cleo")
        return self

    def staffed(self, **adoption: Any) -> "World":
        """The same with a second chair, an on-call, a second engineer and an advisor."""
        self.do(self.keyring(STAFF))
        self.do(self.adoption(**adoption))
        for person, role in (*PANEL.items(), ("otto", "on-call"), ("adam", "red-teamer")):
            self.do(self.qualification(person, role), "cleo")
        return self

    def judged(self, seal: Mapping[str, Any] | None = None, **verdict: Any) -> str:
        """Seal, run the baseline and the first candidate, judge; the verdict's identity."""
        made = self.seal(**seal or {})
        sealed = self.do(made, "pim")
        systems = (made.baseline, made.candidates[0])
        runs = [self.do(self.run(sealed, system), "pim") for system in systems]
        return self.do(self.verdict(sealed, *runs, **{"system": systems[1]} | verdict), "pim")

    def assessed(self, seal: Mapping[str, Any] | None = None, **verdict: Any) -> str:
        """Everything up to an assessment before the panel; its identity."""
        return self.do(self.assessment(self.judged(seal, **verdict)), "pim")

    def voted(self, assessment: str, **changes: Any) -> tuple[str, ...]:
        """Every required role votes."""
        return tuple(self.do(self.vote(p, assessment, **changes), p) for p in PANEL)

    def go(self, bounds: Mapping[str, Any] | None = None, **decision: Any) -> str:
        """A full accepted go inside bounds that the assessment sets; the decision's identity."""
        assessment = self.do(self.assessment(self.judged(), **(bounds or {})), "pim")
        self.voted(assessment)
        return self.do(self.decision(assessment, **decision), "cleo")

    def ask(self, person: str, assessment: str, text: str = "What of minors?") -> str:
        return self.do(Question(assessment=assessment, text=text), person)

    def settle(self, person: str, question: str) -> None:
        """Answer a question and accept the answer."""
        answer = self.do(Answer(question=question, text="See section 5."), "pim")
        self.do(Acceptance(question=question, answer=answer), person)

    def revoke(self, person: str, decision: str) -> str:
        return self.do(Revocation(decision=decision, reason="new evidence"), person)

    def lift(self, person: str, hold: str) -> str:
        return self.do(Lift(hold=hold, reason="cause found"), person)

    def note(self, *, size: int | None = None, time: str | None = None) -> str:
        """A cosigned checkpoint over the log's first entries."""
        leaves = [leaf_hash(entry.leaf()) for entry in self.entries[:size]]
        checkpoint = Checkpoint(ORIGIN, len(leaves), root_hash(leaves))
        signed = sign_checkpoint(checkpoint, LOG_SIGNER)
        time = time or self.clock.now()
        return cosign(signed, signer=WITNESS_SIGNER, name=WITNESS, time=time)

    def bundle(self, decision: str, *, note: str | None = None) -> Bundle:
        """A decision's bundle with the manifests of every system that has one."""
        records = map(dump, MANIFESTS)
        return export(self.entries, decision, checkpoint=note or self.note(), records=records)


def by_product(
    bundle: bytes, root: Root, now: str, deployment: Mapping[str, str] | None = None
) -> InterlockError | None:
    """Why the product says a bundle's decision does not hold; None if it does."""
    try:
        Bundle.parse(bundle).check(root, now=now, deployment=deployment or {})
    except InterlockError as error:
        return error
    return None


def by_stranger(bundle: bytes, root: Root, now: str) -> verify.Refused | None:
    """Why the standalone verifier says a bundle's decision does not hold; None if it does."""
    try:
        verify.verify(bundle, dump(root), now)
    except verify.Refused as refused:
        return refused
    return None


def reason_of(error: InterlockError | verify.Refused | None) -> str:
    """The stable word of a refusal; ``holds`` for none."""
    if error is None:
        return "holds"
    if isinstance(error, DoesNotHoldError | verify.Refused):
        return error.reason
    return error.code


def reread(world: World) -> verify.Log:
    """The world's log as the standalone verifier reads it."""
    log = verify.Log(verify.read_root(dump(world.root)))
    for entry in world.entries:
        log.enter(entry.leaf().decode())
    return log


def refusal(world: World, act: object, *names: str) -> str:
    """Why an act has no effect: the one reason that admit, fold and stranger all give.

    The act stays on the world's log.
    """
    envelope = world.signed(act, *names)
    admitted = ""
    try:
        admit(world.state, envelope, world.clock.now())
    except RefusedActError as error:
        admitted = error.reason
    identity = world.put(envelope)
    assert identity not in world.state.accepted
    folded = [each.reason for each in world.state.refused if each.identity == identity]
    assert [admitted] == folded[-1:]
    assert reread(world).refused[identity].reason == admitted
    return admitted


def both(
    world: World,
    decision: str,
    *,
    now: str | None = None,
    root: Root | None = None,
    bundle: bytes | None = None,
) -> str:
    """``holds``, or the one reason that the product and a stranger give, as of now."""
    data = bundle or world.bundle(decision).to_bytes()
    time = now or world.clock.now()
    found = by_product(data, root or world.root, time)
    assert reason_of(found) == reason_of(by_stranger(data, root or world.root, time))
    return reason_of(found)
