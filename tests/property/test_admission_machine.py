"""No order of statements makes a GO that ought to be refused.

Several people act in any order, rightly and wrongly. Whatever they do, asking
before appending and reading afterwards agree; reading in parts and at once
agree; and the product's check, the standalone verifier and a small oracle that
knows who did what agree on every decision ever put on the log.
"""

from dataclasses import fields, replace
from typing import Any

from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from interlock.admission import (
    Acceptance,
    Answer,
    Assessment,
    CriterionOutcome,
    Decision,
    Hold,
    Lift,
    Question,
    Revocation,
    Run,
    Seal,
    Verdict,
    Vote,
    admit,
    fold,
    overall,
)
from interlock.errors import RefusedActError
from tests.fakes import MemorySigner
from tests.world import (
    BASELINE,
    CANDIDATE,
    CRITERIA,
    PANEL,
    PEOPLE,
    PRODUCT,
    REQUIRED,
    World,
    both,
    named,
    reread,
)

WIDE = PEOPLE | {
    "rita": (REQUIRED[0], REQUIRED[1], "evaluation-engineer"),
    "lena": (REQUIRED[2], "product-manager"),
    "remy": (REQUIRED[0], "chair"),
}
VARIANT = named("variant")
pick = st.integers(0, 10_000)
person = st.sampled_from(sorted(WIDE))
rarely = st.sampled_from([False] * 9 + [True])


class Admission(RuleBasedStateMachine):
    """People who act in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.world.signers["remy"] = MemorySigner("remy")
        self.world.do(self.world.keyring(WIDE, self.world.signers))
        self.world.do(self.world.adoption())
        for name, role in (*PANEL.items(), ("rita", REQUIRED[1]), ("remy", REQUIRED[0])):
            chair = "remy" if name != "remy" else "cleo"
            self.world.do(self.world.qualification(name, role), chair)
        self.said: list[tuple[str, str, Any]] = []

    def say(self, act: Any, *names: str) -> str:
        """Append whatever anybody says; asking before must foretell what counts."""
        envelope = self.world.signed(act, *names)
        try:
            admit(self.world.state, envelope, self.world.clock.now())
            admitted = True
        except RefusedActError:
            admitted = False
        counted = envelope.identity in self.world.state.accepted
        identity = self.world.put(envelope)
        assert admitted == (identity in self.world.state.accepted)
        if admitted and not counted:
            self.said.append((identity, names[0] if names else "root", act))
        return identity

    def one(self, kind: type[Any], at: int) -> str:
        """The identity of some act of a kind, accepted or made up."""
        found = [identity for identity, _, act in self.said if isinstance(act, kind)]
        return found[-1 - at % min(len(found), 3)] if found else named(f"no {kind.__name__}")

    @rule(name=person, exploratory=rarely, retrospective=st.booleans(), both_candidates=rarely)
    def seal(
        self, name: str, exploratory: bool, retrospective: bool, both_candidates: bool
    ) -> None:
        changes: dict[str, Any] = {
            "confirmatory": not exploratory,
            "candidates": (CANDIDATE, VARIANT) if both_candidates else (CANDIDATE,),
        }
        if retrospective:
            changes["basis"] = "retrospective"
        self.say(self.world.seal(**changes), name)

    @rule(name=person, at=pick, system=st.sampled_from([BASELINE, CANDIDATE, VARIANT]))
    def run(self, name: str, at: int, system: str) -> None:
        self.say(self.world.run(self.one(Seal, at), system), name)

    @rule(
        name=person,
        at=pick,
        outcomes=st.lists(
            st.sampled_from(["passed"] * 6 + ["failed", "undecided"]), min_size=3, max_size=3
        ),
        missing=rarely,
        lying=rarely,
    )
    def verdict(self, name: str, at: int, outcomes: Any, missing: bool, lying: bool) -> None:
        seal = self.one(Seal, at)
        runs = tuple(
            identity
            for identity, _, act in self.said
            if isinstance(act, Run) and act.seal == seal and act.system != VARIANT
        )
        criteria = tuple(
            CriterionOutcome(criterion=each, outcome=outcome, red_line=each.endswith("zero"))
            for each, outcome in zip(CRITERIA, outcomes, strict=True)
        )[missing:]
        outcome = "passed" if lying else overall(criteria)
        self.say(self.world.verdict(seal, *runs, criteria=criteria, outcome=outcome), name)

    @rule(name=person, at=pick)
    def assess(self, name: str, at: int) -> None:
        self.say(self.world.assessment(self.one(Verdict, at)), name)

    @rule(name=person, at=pick)
    def ask(self, name: str, at: int) -> None:
        text = f"{name} asks {len(self.said)}"
        self.say(Question(assessment=self.one(Assessment, at), text=text), name)

    @rule(name=person, at=pick)
    def answer(self, name: str, at: int) -> None:
        self.say(Answer(question=self.one(Question, at), text=f"by {name}"), name)

    @rule(name=person, at=pick, which=pick)
    def accept(self, name: str, at: int, which: int) -> None:
        act = Acceptance(question=self.one(Question, at), answer=self.one(Answer, which))
        self.say(act, name)

    @rule(name=person, at=pick, role=st.sampled_from(REQUIRED), ballot=st.sampled_from(
        ["go", "go", "go", "no-go", "abstain"]), stale=rarely, silent=rarely)  # fmt: skip
    def vote(self, name: str, at: int, role: str, ballot: str, stale: bool, silent: bool) -> None:
        changes: dict[str, Any] = {"role": role, "accepts_retrospective": not silent}
        if stale:
            changes["previous"] = ""
        self.say(self.world.vote(name, self.one(Assessment, at), ballot, **changes), name)

    @rule(name=person, at=pick, outcome=st.sampled_from(["go", "go", "no-go"]), partial=rarely)
    def decide(self, name: str, at: int, outcome: str, partial: bool) -> None:
        decision = self.world.decision(self.one(Assessment, at), outcome)
        self.say(replace(decision, votes=decision.votes[partial:]), name)

    @rule(name=person, at=pick)
    def revoke(self, name: str, at: int) -> None:
        self.say(Revocation(decision=self.one(Decision, at), reason=f"{name} saw it"), name)

    @rule(name=person)
    def hold(self, name: str) -> None:
        self.say(self.world.hold(f"{name} stops it"), name)

    @rule(name=person, at=pick)
    def lift(self, name: str, at: int) -> None:
        self.say(Lift(hold=self.one(Hold, at), reason=f"{name} looked"), name)

    @rule(name=person, chair=person, role=st.sampled_from(REQUIRED), ended=st.booleans())
    def qualify(self, name: str, chair: str, role: str, ended: bool) -> None:
        until = "2026-01-05T09:00:00Z" if ended else "2026-12-31T00:00:00Z"
        self.say(self.world.qualification(name, role, until), chair)

    @rule(name=person, change=st.sampled_from(["leaves", "new key", "same key as cleo", "back"]))
    def enrol(self, name: str, change: str) -> None:
        people = {each: roles for each, roles in WIDE.items() if change != "leaves" or each != name}
        signers = dict(self.world.signers)
        if change == "new key":
            signers[name] = MemorySigner(f"{name} {len(self.said)}")
        if change == "same key as cleo":
            signers[name] = signers["cleo"]
        identity = self.say(self.world.keyring(people, signers))
        if identity in self.world.state.accepted:
            self.world.signers = signers

    @rule(required=st.sampled_from([REQUIRED, REQUIRED[:2]]), retrospective=st.booleans())
    def adopt(self, required: tuple[str, ...], retrospective: bool) -> None:
        changes: dict[str, Any] = {"required": required, "retrospective": retrospective}
        self.say(self.world.adoption(**changes))

    @rule(lost=st.sampled_from([0] * 9 + [2]))
    def restore(self, lost: int) -> None:
        self.say(self.world.recovery(lost))

    @precondition(lambda self: len(self.world.entries) > 8)
    @rule(at=pick)
    def replay(self, at: int) -> None:
        self.world.put(self.world.entries[-1 - at % len(self.world.entries)].envelope)

    @initialize(ahead=st.booleans())
    def begin(self, ahead: bool) -> None:
        if ahead:
            self.prepare()

    @rule()
    def prepare(self) -> None:
        """Bring a new assessment before the panel, with sound evidence."""
        state = self.world.state
        latest = state.latest_assessment(PRODUCT, CANDIDATE)
        if latest is not None:
            self.say(self.world.assessment(latest.act.verdict), "pim")
        else:
            seal = self.say(self.world.seal(), "pim")
            runs = [self.say(self.world.run(seal, each), "pim") for each in (BASELINE, CANDIDATE)]
            verdict = self.say(self.world.verdict(seal, *runs), "pim")
            self.say(self.world.assessment(verdict), "pim")

    @rule(asker=st.sampled_from(["rita", "paul", "lena"]))
    def panel_asks(self, asker: str) -> None:
        self.ask(asker, 0)

    @rule()
    def questions_are_settled(self) -> None:
        for question in self.world.state.open_questions(self.one(Assessment, 0)):
            asker = self.world.state.accepted[question].person
            answer = self.say(Answer(question=question, text="See section 5."), "pim")
            self.say(Acceptance(question=question, answer=answer), asker)

    @rule(lifter=st.sampled_from(["rita", "cleo"]))
    def holds_are_lifted(self, lifter: str) -> None:
        for each in self.world.state.active_holds(PRODUCT, CANDIDATE):
            self.say(Lift(hold=each.identity, reason="cause found"), lifter)

    @rule(silent=rarely)
    def panel_votes(self, silent: bool) -> None:
        for name in PANEL:
            vote = self.world.vote(name, self.one(Assessment, 0), accepts_retrospective=not silent)
            self.say(vote, name)

    @rule()
    def chair_decides(self) -> None:
        self.say(self.world.decision(self.one(Assessment, 0)), "cleo")

    @invariant()
    def a_standing_go_has_everything(self) -> None:
        for identity, _, act in self.said:
            if isinstance(act, Decision) and self.world.state.standing(identity) == "go":
                self.holds_by_oracle(identity, act)

    def holds_by_oracle(self, identity: str, act: Decision) -> None:
        """What must be true of a go, told from who did what alone."""
        by = {each: (name, said) for each, name, said in self.said}
        order = [each for each, _, _ in self.said]
        later = [by[each] for each in order[order.index(identity) + 1 :]]
        earlier = [(each, *by[each]) for each in order[: order.index(identity)]]
        assert act.outcome == "go"
        same = [said for _, said in later if isinstance(said, Decision)]
        assert not any(said.system == act.system for said in same)
        assert not any(isinstance(s, Revocation) and s.decision == identity for _, s in later)
        lifted = {said.hold for _, _, said in self.said if isinstance(said, Lift)}
        holds = {each for each, _, said in self.said if isinstance(said, Hold)}
        assert holds <= lifted
        votes = {by[each][1].role: by[each] for each in act.votes}
        assert len({name for name, _ in votes.values()}) == len(act.votes) == len(votes)
        for role in self.world.state.quorums[identity]:
            name, vote = votes[role]
            assert vote.ballot == "go"
            assert vote.assessment == act.assessment
            cast = [
                said
                for _, who, said in earlier
                if isinstance(said, Vote) and who == name and said.assessment == act.assessment
            ]
            assert cast[-1] == vote
        author, assessment = by[act.assessment]
        judge, verdict = by[assessment.verdict]
        sealer, seal = by[verdict.seal]
        runners = {by[each][0] for each in verdict.runs}
        assert {author, judge, sealer, *runners}.isdisjoint(name for name, _ in votes.values())
        assert seal.confirmatory
        assert len(verdict.criteria) == len(CRITERIA)
        assert {each.outcome for each in verdict.criteria} == {"passed"}
        closed = {s.question for _, _, s in earlier if isinstance(s, Acceptance)}
        for each, _, said in earlier:
            if isinstance(said, Question) and said.assessment == act.assessment:
                assert each in closed

    def teardown(self) -> None:
        """Read the log again, in parts and as a stranger."""
        world = self.world
        half = len(world.entries) // 2
        first = fold(world.entries[:half], root=world.root)
        for whole in (
            fold(world.entries, root=world.root),
            fold(world.entries[half:], root=world.root, state=first),
        ):
            assert whole.frontier.root == world.state.frontier.root
            for each in fields(whole):
                if each.name != "frontier":
                    assert getattr(whole, each.name) == getattr(world.state, each.name)
        stranger = reread(world)
        assert set(stranger.acts) == set(world.state.accepted)
        decisions = {
            entry.identity
            for entry in world.entries
            if b'"urn:interlock:decision/1"' in entry.envelope.payload
        }
        for decision in sorted(decisions):
            found = both(world, decision)
            event(found)
            standing = world.state.standing(decision)
            assert (found == "holds") == (standing == "go")


TestAdmission = Admission.TestCase
TestAdmission.settings = settings(
    max_examples=30,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
