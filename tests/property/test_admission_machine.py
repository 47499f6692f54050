"""No order of statements makes a GO that ought to be refused.

Several people act in any order, rightly and wrongly. Whatever they do, asking
before appending and reading afterwards agree; reading in parts and at once
agree; and the product's check, the standalone verifier and a small oracle that
knows who did what agree on every decision ever put on the log, of every class
of change, whatever was revoked, disputed, killed or rolled back since.
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
    Closing,
    CriterionOutcome,
    Decision,
    Engagement,
    Hold,
    Kill,
    Lift,
    Question,
    Recomputation,
    Revocation,
    Rollback,
    Run,
    Seal,
    Unseal,
    Variant,
    Verdict,
    Vote,
    admit,
    fold,
    overall,
)
from interlock.errors import RefusedActError
from interlock.ledger import posix, utc
from tests.fakes import MemorySigner
from tests.world import (
    BASELINE,
    CANDIDATE,
    CRITERIA,
    PANEL,
    PEOPLE,
    PRODUCT,
    REQUIRED,
    VARIANT,
    World,
    both,
    named,
    reread,
)

WIDE = PEOPLE | {
    "rita": (REQUIRED[0], REQUIRED[1], "evaluation-engineer"),
    "lena": (REQUIRED[2], "product-manager"),
    "remy": (REQUIRED[0], "chair"),
    "otto": ("on-call", "evaluation-engineer"),
}
TERMS: dict[str, Any] = {
    "standard_parts": ("decoding",),
    "emergency": ("on-call",),
    "ratify_hours": 2,
}
NO_CLASSES: dict[str, Any] = {"standard_parts": (), "emergency": ()}
HOUR = 3600
SYSTEMS = (CANDIDATE, VARIANT)
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
        self.world.do(self.world.adoption(**TERMS))
        more = (("rita", REQUIRED[1]), ("remy", REQUIRED[0]), ("otto", "on-call"))
        for name, role in (*PANEL.items(), *more):
            chair = "remy" if name != "remy" else "cleo"
            self.world.do(self.world.qualification(name, role), chair)
        self.said: list[tuple[str, str, Any]] = []

    def say(self, act: Any, *names: str) -> str:
        """Append whatever anybody says; asking before must foretell what counts."""
        envelope = self.world.signed(act, *names)
        try:
            admit(self.world.state, envelope, self.world.clock.now())
            admitted = True
        except RefusedActError as error:
            # The statement counts then, and goes on counting as the first one's.
            admitted = error.reason == "said-by-another"
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

    @rule(name=person, exploratory=rarely, retrospective=st.booleans(), arms=st.sampled_from(
        [(BASELINE, CANDIDATE), (BASELINE, CANDIDATE, VARIANT), (CANDIDATE, VARIANT)]))  # fmt: skip
    def seal(
        self, name: str, exploratory: bool, retrospective: bool, arms: tuple[str, ...]
    ) -> None:
        changes: dict[str, Any] = {
            "confirmatory": not exploratory,
            "baseline": arms[0],
            "candidates": arms[1:],
        }
        if retrospective:
            changes["basis"] = "retrospective"
        self.say(self.world.seal(**changes), name)

    @rule(
        name=person,
        at=pick,
        system=st.sampled_from([BASELINE, CANDIDATE, VARIANT]),
        product=st.sampled_from([PRODUCT, PRODUCT, PRODUCT, "another"]),
        first=st.booleans(),
    )
    def declare(self, name: str, at: int, system: str, product: str, first: bool) -> None:
        """A variant of one product or another; no chain of parents ever comes back on itself."""
        act = Variant(
            system=system,
            product=product,
            kind="prompt",
            parent="" if first else self.one(Variant, at),
            week="2026-W47",
            says=f"{name} at {len(self.said)}",
        )
        self.say(act, name)
        declared = self.world.state.variants.values()
        assert len({(one.act.product, one.act.system) for one in declared}) == len(declared)
        for one in declared:
            above = self.world.state.find(one.act.parent, Variant)
            assert above is None or (above.index, above.act.product) == (
                min(above.index, one.index - 1),
                one.act.product,
            )

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
        system=st.sampled_from(SYSTEMS),
    )
    def verdict(
        self, name: str, at: int, outcomes: Any, missing: bool, lying: bool, system: str
    ) -> None:
        seal = self.one(Seal, at)
        found = self.world.state.find(seal, Seal)
        arms = {found.act.baseline if found else BASELINE, system}
        runs = tuple(
            identity
            for identity, _, act in self.said
            if isinstance(act, Run) and act.seal == seal and act.system in arms
        )
        criteria = tuple(
            CriterionOutcome(criterion=each, outcome=outcome, red_line=each.endswith("zero"))
            for each, outcome in zip(CRITERIA, outcomes, strict=True)
        )[missing:]
        outcome = "passed" if lying else overall(criteria)
        judged = {"criteria": criteria, "outcome": outcome, "system": system}
        self.say(self.world.verdict(seal, *runs, **judged), name)

    @rule(name=person, at=pick, lying=rarely)
    def recompute(self, name: str, at: int, lying: bool) -> None:
        act = self.world.recomputation(self.one(Verdict, at))
        self.say(replace(act, judgement=named("else")) if lying else act, name)

    @rule(name=person, at=pick, change=st.sampled_from(["normal", "emergency", "standard"]),
        which=pick, odd=rarely)  # fmt: skip
    def assess(self, name: str, at: int, change: str, which: int, odd: bool) -> None:
        changes: dict[str, Any] = {"change": change}
        if (change == "standard") != odd:
            changes |= {"follows": self.one(Decision, which), "changed": ("decoding",)}
        self.say(self.world.assessment(self.one(Verdict, at), **changes), name)

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

    @rule(name=person, at=pick, role=st.sampled_from(REQUIRED))
    def close(self, name: str, at: int, role: str) -> None:
        reason = f"{name} at {len(self.said)}"
        self.say(Closing(question=self.one(Question, at), role=role, reason=reason), name)

    @rule(name=person, at=pick, system=st.sampled_from([BASELINE, *SYSTEMS]), odd=rarely)
    def engage(self, name: str, at: int, system: str, odd: bool) -> None:
        act = self.world.engagement(self.one(Seal, at), system)
        self.say(replace(act, roles=act.roles[odd:]), name)

    @rule(name=person, at=pick, which=pick)
    def unseal(self, name: str, at: int, which: int) -> None:
        act = Unseal(engagement=self.one(Engagement, at), verdict=self.one(Verdict, which))
        self.say(act, name)

    @rule(name=person, system=st.sampled_from(SYSTEMS), really=rarely)
    def kill(self, name: str, system: str, really: bool) -> None:
        if really:
            self.say(self.world.kill(system), name)

    @rule(name=person, at=pick, system=st.sampled_from(SYSTEMS), really=rarely)
    def roll_back(self, name: str, at: int, system: str, really: bool) -> None:
        if really:
            self.say(self.world.rollback(self.one(Decision, at), system), name)

    @rule(hours=st.sampled_from([1, 3]))
    def time_passes(self, hours: int) -> None:
        self.world.clock.forward(hours * HOUR)

    @rule(
        name=person,
        at=pick,
        role=st.sampled_from([*REQUIRED, "on-call"]),
        ballot=st.sampled_from(["go", "go", "go", "no-go", "abstain"]),
        stale=rarely,
        silent=rarely,
    )
    def vote(self, name: str, at: int, role: str, ballot: str, stale: bool, silent: bool) -> None:
        changes: dict[str, Any] = {"role": role, "accepts_retrospective": not silent}
        if stale:
            changes["previous"] = ""
        self.say(self.world.vote(name, self.one(Assessment, at), ballot, **changes), name)

    @rule(name=person, at=pick, outcome=st.sampled_from(["go", "go", "no-go"]), partial=rarely,
        change=st.sampled_from(["normal", "emergency", "standard"]))  # fmt: skip
    def decide(self, name: str, at: int, outcome: str, partial: bool, change: str) -> None:
        decision = self.decision(self.one(Assessment, at), outcome, change=change)
        self.say(replace(decision, votes=decision.votes[partial:]), name)

    def decision(self, assessment: str, outcome: str = "go", *, change: str) -> Decision:
        """A decision of a class, which ends as late as that class lets it."""
        hours = {"normal": 30 * 24, "standard": 24, "emergency": 1}[change]
        expires = utc(posix(self.world.state.time) + hours * HOUR + 600)
        return self.world.decision(assessment, outcome, change=change, expires=expires)

    @rule(name=person, at=pick)
    def revoke(self, name: str, at: int) -> None:
        self.say(Revocation(decision=self.one(Decision, at), reason=f"{name} saw it"), name)

    @rule(name=person, system=st.sampled_from(SYSTEMS))
    def hold(self, name: str, system: str) -> None:
        self.say(self.world.hold(f"{name} stops it", system), name)

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

    @rule(
        required=st.sampled_from([REQUIRED, REQUIRED[:2]]),
        retrospective=st.booleans(),
        terms=st.sampled_from([{}, {"recomputation": True}, {"evidence_days": 1}, NO_CLASSES]),
    )
    def adopt(self, required: tuple[str, ...], retrospective: bool, terms: Any) -> None:
        changes: dict[str, Any] = {"required": required, "retrospective": retrospective}
        self.say(self.world.adoption(**TERMS | changes | terms))

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

    @rule(change=st.sampled_from(["normal", "normal", "emergency"]))
    def prepare(self, change: str = "normal") -> None:
        """Bring a new assessment before the panel, with sound evidence."""
        latest = self.world.state.latest_assessment(PRODUCT, CANDIDATE)
        verdict = latest.act.verdict if latest else self.sound(BASELINE, CANDIDATE)
        self.say(self.world.assessment(verdict, change=change), "pim")

    def sound(self, baseline: str, candidate: str) -> str:
        """A passed verdict on evidence drawn after its seal."""
        seal = self.say(self.world.seal(baseline=baseline, candidates=(candidate,)), "pim")
        runs = [self.say(self.world.run(seal, each), "pim") for each in (baseline, candidate)]
        return self.say(self.world.verdict(seal, *runs, system=candidate), "pim")

    @rule()
    def the_panel_goes(self) -> None:
        self.prepare()
        self.somebody_confirms()
        self.panel_votes(silent=False)
        self.chair_decides()

    @rule()
    def something_standard_follows(self) -> None:
        """A variant of the candidate that stays inside the panel's go on it."""
        go = self.world.state.latest_decision(PRODUCT, CANDIDATE)
        if go is None or self.world.state.standing(go.identity) != "go":
            return self.the_panel_goes()
        bounds = {"change": "standard", "follows": go.identity, "changed": ("decoding",)}
        verdict = self.sound(CANDIDATE, VARIANT)
        assessment = self.say(self.world.assessment(verdict, **bounds), "pim")
        self.say(self.decision(assessment, change="standard"), "cleo")
        return None

    @rule(role=st.sampled_from([("rita", 0), ("paul", 1), ("lena", 2)]), ratified=st.booleans())
    def an_emergency_goes(self, role: tuple[str, int], ratified: bool) -> None:
        self.prepare(change="emergency")
        assessment = self.one(Assessment, 0)
        self.say(self.world.vote("otto", assessment, role="on-call"), "otto")
        self.say(self.world.vote(role[0], assessment, role=REQUIRED[role[1]]), role[0])
        self.say(self.decision(assessment, change="emergency"), "otto")
        if ratified:
            self.panel_votes(silent=False)
            self.chair_decides()

    @rule(revoked=st.booleans(), change=st.sampled_from(["standard", "emergency"]))
    def somebody_goes_round_the_panel(self, revoked: bool, change: str) -> None:
        """After its no-go on the variant, or a revocation, another class of change is tried."""
        self.the_panel_goes()
        go = self.world.state.latest_decision(PRODUCT, CANDIDATE)
        if go is None:
            return
        standard = {"change": "standard", "follows": go.identity, "changed": ("decoding",)}
        verdict, bounds = self.sound(CANDIDATE, VARIANT), standard if revoked else {}
        assessment = self.say(self.world.assessment(verdict, **bounds), "pim")
        if revoked:
            decision = self.say(self.decision(assessment, change="standard"), "cleo")
            self.say(Revocation(decision=decision, reason="seen"), "lena")
        else:
            self.say(self.world.vote("lena", assessment, "no-go"), "lena")
            self.say(self.decision(assessment, "no-go", change="normal"), "cleo")
        bounds = standard if change == "standard" else {"change": "emergency"}
        anew = self.say(self.world.assessment(verdict, **bounds), "pim")
        if change == "emergency":
            self.say(self.world.vote("otto", anew, role="on-call"), "otto")
            self.say(self.world.vote("rita", anew), "rita")
        self.say(self.decision(anew, change=change), "cleo")

    @rule()
    def somebody_reads_figures_on_an_exploratory_pass(self) -> None:
        seal = self.say(self.world.seal(confirmatory=False), "pim")
        kept = self.say(self.world.engagement(seal), "pim")
        runs = [self.say(self.world.run(seal, each), "pim") for each in (BASELINE, CANDIDATE)]
        verdict = self.say(self.world.verdict(seal, *runs), "pim")
        self.say(self.world.recomputation(verdict), "otto")
        self.say(Unseal(engagement=kept, verdict=verdict), "lena")

    @rule(kind=st.sampled_from(["revoke", "kill", "roll back", "dispute"]), system=st.sampled_from(
        SYSTEMS), really=rarely)  # fmt: skip
    def something_falls(self, kind: str, system: str, really: bool) -> None:
        """Somebody who may stops a system that goes, each in their own way."""
        go, others = self.world.state.latest_decision(PRODUCT, system), set(SYSTEMS) - {system}
        back = self.world.state.latest_decision(PRODUCT, others.pop())
        if go is None:
            return
        if kind == "revoke":
            self.say(Revocation(decision=go.identity, reason="seen"), "lena")
        elif kind == "kill" and really:
            self.say(self.world.kill(system), "lena")
        elif kind == "roll back" and back is not None:
            self.say(self.world.rollback(back.identity, system), "cleo")
        elif kind == "dispute" and really:
            verdict = self.world.state.accepted[go.act.assessment].act.verdict
            self.say(replace(self.world.recomputation(verdict), judgement=named("else")), "otto")

    @rule()
    def somebody_confirms(self) -> None:
        self.say(self.world.recomputation(self.one(Verdict, 0)), "otto")

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
        holds = self.world.state.holds.values()
        for each in [one for several in holds for one in several]:
            self.say(Lift(hold=each.identity, reason="cause found"), lifter)

    @rule(silent=rarely)
    def panel_votes(self, silent: bool) -> None:
        for name in PANEL:
            vote = self.world.vote(name, self.one(Assessment, 0), accepts_retrospective=not silent)
            self.say(vote, name)

    @rule()
    def chair_decides(self) -> None:
        self.say(self.decision(self.one(Assessment, 0), change="normal"), "cleo")

    @invariant()
    def a_standing_go_has_everything(self) -> None:
        for identity, _, act in self.said:
            if isinstance(act, Decision) and self.world.state.standing(identity) == "go":
                self.holds_by_oracle(identity, act)

    def holds_by_oracle(self, identity: str, act: Decision) -> None:
        """What must be true of a go, told from who did what alone."""
        by = {each: (name, said) for each, name, said in self.said}
        order = [each for each, _, _ in self.said]
        place = order.index(identity)
        later = [said for _, _, said in self.said[place + 1 :]]
        earlier = self.said[:place]
        assert act.outcome == "go"
        assert not any(isinstance(s, Decision) and s.system == act.system for s in later)
        assert not any(isinstance(s, Revocation) and s.decision == identity for s in later)
        assert not any(isinstance(s, Rollback) and s.system == act.system for s in later)
        assert not any(isinstance(s, Kill) and s.system == act.system for _, _, s in self.said)
        lifted = {said.hold for _, _, said in self.said if isinstance(said, Lift)}
        holds = {
            each
            for each, _, said in self.said
            if isinstance(said, Hold) and said.system == act.system
        }
        assert holds <= lifted
        author, assessment = by[act.assessment]
        judge, verdict = by[assessment.verdict]
        sealer, seal = by[verdict.seal]
        makers = {author, judge, sealer, *(by[each][0] for each in verdict.runs)}
        again = [
            said.judgement
            for _, name, said in self.said
            if isinstance(said, Recomputation) and said.verdict == assessment.verdict
        ]
        assert set(again) <= {verdict.judgement}
        left = [
            at
            for at, (_, _, said) in enumerate(earlier)
            if isinstance(said, Rollback) and said.system == act.system
        ]
        assert not left or left[-1] < order.index(act.assessment)
        assert seal.confirmatory
        assert len(verdict.criteria) == len(CRITERIA)
        assert {each.outcome for each in verdict.criteria} == {"passed"}
        self.questions_are_closed(act.assessment, earlier)
        if act.change == "standard":
            assert not act.votes
            assert by[identity][0] not in makers
            self.follows_by_oracle(assessment, act, seal)
        else:
            self.agreed_by_oracle(identity, earlier, makers)

    def questions_are_closed(self, assessment: str, earlier: list[tuple[str, str, Any]]) -> None:
        """Each by its asker, or by somebody else in a required role."""
        for each, asker, said in earlier:
            if isinstance(said, Question) and said.assessment == assessment:
                closers = {
                    name
                    for _, name, one in earlier
                    if isinstance(one, Closing) and one.question == each
                }
                accepted = any(
                    isinstance(one, Acceptance) and one.question == each for _, _, one in earlier
                )
                assert accepted or closers - {asker}

    def agreed_by_oracle(
        self, identity: str, earlier: list[tuple[str, str, Any]], makers: set[str]
    ) -> None:
        """Whoever has to agree did, last of all, and nobody made what they agreed to."""
        by = {each: (name, said) for each, name, said in self.said}
        act: Decision = by[identity][1]
        votes = {by[each][1].role: by[each] for each in act.votes}
        voters = {name for name, _ in votes.values()}
        assert len(voters) == len(act.votes) == len(votes)
        assert makers.isdisjoint(voters)
        required = self.world.state.quorums[identity]
        for role, (name, vote) in votes.items():
            cast = [
                said
                for _, who, said in earlier
                if isinstance(said, Vote) and who == name and said.assessment == act.assessment
            ]
            assert cast[-1] == vote
            assert role != "on-call" or by[act.assessment][1].change == "emergency"
        ballots = {role: vote.ballot for role, (_, vote) in votes.items()}
        if act.change == "normal":
            assert all(ballots[role] == "go" for role in required)
        else:
            found = self.world.state.find(identity, Decision)
            assert found is not None
            assert posix(act.expires) - posix(found.time) <= TERMS["ratify_hours"] * HOUR
            assert ballots["on-call"] == "go"
            assert "go" in {ballots.get(role) for role in required}
            assert "no-go" not in {ballots.get(role) for role in required}

    def follows_by_oracle(self, assessment: Assessment, act: Decision, seal: Seal) -> None:
        """A standard go leans on a go of the panel that has everything itself."""
        go = next(said for each, _, said in self.said if each == assessment.follows)
        assert isinstance(go, Decision)
        assert (go.change, go.system) == ("normal", seal.baseline)
        assert set(assessment.changed) <= set(TERMS["standard_parts"])
        assert act.expires <= go.expires
        self.holds_by_oracle(assessment.follows, go)

    @invariant()
    def figures_are_opened_by_a_passed_verdict_alone(self) -> None:
        by = {each: said for each, _, said in self.said}
        for _, _, said in self.said:
            if isinstance(said, Unseal):
                verdict, kept = by[said.verdict], by[said.engagement]
                assert (verdict.outcome, verdict.seal) == ("passed", kept.seal)
                assert set(kept.roles) <= set(REQUIRED)
                assert by[verdict.seal].confirmatory

    @invariant()
    def no_go_overrules_the_panel(self) -> None:
        """After a no-go or a revocation only votes on a later assessment open the way again."""
        place = {each: at for at, (each, _, _) in enumerate(self.said)}
        objected, given = dict[str, int](), dict[str, int]()
        for at, (_, _, said) in enumerate(self.said):
            if isinstance(said, Revocation):
                objected[self.said[place[said.decision]][2].system] = at
            if not isinstance(said, Decision):
                continue
            last = objected.get(said.system, -1)
            if said.outcome == "no-go":
                objected[said.system] = at
            elif said.change == "normal":
                assert place[said.assessment] > last
                assert all(place[each] > last for each in said.votes)
                given[said.system] = at
            elif said.change == "emergency":
                assert last < 0 or given.get(said.system, -1) > last
            else:
                assert last < 0

    @invariant()
    def no_emergency_outlasts_the_time_to_ratify_it(self) -> None:
        """Nor does another one of the product, on any system, take its place."""
        waiting, until = False, dict[str, int]()
        for each, _, said in self.said:
            if not isinstance(said, Decision) or said.change == "standard":
                continue
            time = posix(self.world.state.accepted[each].time)
            if said.change == "emergency":
                assert not waiting
                until[said.assessment] = time + TERMS["ratify_hours"] * HOUR
                assert posix(said.expires) <= until[said.assessment]
            else:
                assert time <= until.get(said.assessment, time)
            waiting = said.change == "emergency"

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
            if b'"urn:interlock:decision/2"' in entry.envelope.payload
        }
        for decision in sorted(decisions):
            found = both(world, decision)
            event(f"{class_of(world, decision)} {found}")
            if found == "holds" and class_of(world, decision) == "emergency":
                age = posix(world.clock.now()) - posix(world.state.accepted[decision].time)
                assert age <= TERMS["ratify_hours"] * HOUR
            standing = world.state.standing(decision)
            assert found == "expired" or (found == "holds") == (standing == "go")
            assert found != "expired" or standing == "go"


def class_of(world: World, decision: str) -> str:
    """Under which class of change a decision was taken, if it counts."""
    found = world.state.find(decision, Decision)
    return found.act.change if found else "refused"


TestAdmission = Admission.TestCase
TestAdmission.settings = settings(
    max_examples=20,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
