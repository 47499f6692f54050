"""No order of seals and runs spends a claim's alpha twice, or counts one file for two systems."""

from collections import defaultdict
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from interlock.admission import Lineage, Run, Seal, admit, fold
from interlock.errors import RefusedActError
from interlock.gate import alpha_of
from tests.world import CANDIDATE, World, named, reread

BASELINES = (named("baseline one"), named("baseline two"))
PRODUCTS = ("assistant", "search")
CLAIMS = ("rate of harm", "loss of helpfulness")
ALPHA = 0.05


class Lineages(RuleBasedStateMachine):
    """Somebody seals whatever they like, as often as they like, under any number."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World().begin()
        self.seals: list[tuple[str, Seal]] = []
        self.runs: list[Run] = []
        self.sealed = 0

    def say(self, act: Any) -> str | None:
        """The act's identity if it counts."""
        envelope = self.world.signed(act, "pim")
        try:
            admit(self.world.state, envelope, self.world.clock.now())
        except RefusedActError:
            self.world.put(envelope)
            assert envelope.identity not in self.world.state.accepted
            return None
        return self.world.put(envelope)

    @rule(
        product=st.sampled_from(PRODUCTS),
        baseline=st.sampled_from(BASELINES),
        claims=st.lists(st.sampled_from(CLAIMS), min_size=1, max_size=3),
        off_by=st.sampled_from([0, 0, 0, -1, 1]),
    )
    def seal(self, product: str, baseline: str, claims: list[str], off_by: int) -> None:
        self.sealed += 1
        state = self.world.state
        lineages = tuple(
            Lineage(
                criterion=f"bar {k} of seal {self.sealed}",
                claim=claim,
                attempt=state.attempts_of(product, baseline, claim) + 1 + off_by,
            )
            for k, claim in enumerate(claims)
        )
        act = self.world.seal(
            product=product,
            baseline=baseline,
            lineages=lineages,
            hypothesis=named(f"hypothesis {self.sealed}"),
        )
        identity = self.say(act)
        assert (identity is not None) == (off_by == 0)
        if identity is not None:
            self.seals.append((identity, act))

    @rule(
        at=st.integers(0, 50),
        of_baseline=st.booleans(),
        rows=st.sampled_from([named(f"rows {k}") for k in range(3)]),
        basis=st.sampled_from(["prospective", "retrospective"]),
    )
    def run(self, at: int, of_baseline: bool, rows: str, basis: str) -> None:
        if not self.seals:
            return
        identity, seal = self.seals[at % len(self.seals)]
        system = seal.baseline if of_baseline else CANDIDATE
        act = self.world.run(identity, system, evidence=rows, basis=basis)
        if self.say(act) is not None:
            self.runs.append(act)

    @invariant()
    def no_claim_spends_more_than_its_alpha(self) -> None:
        spent: dict[tuple[str, str, str], float] = defaultdict(float)
        for _, seal in self.seals:
            for claim, attempt in {(one.claim, one.attempt) for one in seal.lineages}:
                place = (seal.product, seal.baseline, claim)
                spent[place] += alpha_of(attempt, alpha=ALPHA)
        assert all(total <= ALPHA for total in spent.values())

    @invariant()
    def no_file_counts_for_two_systems_and_none_is_new_twice(self) -> None:
        systems = defaultdict(set)
        fresh: dict[str, int] = defaultdict(int)
        for run in self.runs:
            systems[run.evidence].add(run.system)
            fresh[run.evidence] += run.basis == "prospective"
        assert all(len(found) == 1 for found in systems.values())
        assert all(count <= 1 for count in fresh.values())

    def teardown(self) -> None:
        """Read again, in parts and as a stranger."""
        world = self.world
        half = len(world.entries) // 2
        first = fold(world.entries[:half], root=world.root)
        second = fold(world.entries[half:], root=world.root, state=first)
        assert second.attempts == world.state.attempts
        assert second.evidence == world.state.evidence
        assert set(second.accepted) == set(world.state.accepted)
        assert set(reread(world).acts) == set(world.state.accepted)


TestLineages = Lineages.TestCase
TestLineages.settings = settings(
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
