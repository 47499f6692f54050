"""State: what the log's statements amount to, up to one index."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import Any, Generic, TypeVar

from interlock.admission.acts import (
    MAY,
    Adoption,
    Assessment,
    Closing,
    Decision,
    Engagement,
    Hold,
    Kill,
    Qualification,
    Recomputation,
    Revocation,
    Rollback,
    Run,
    Unseal,
    Variant,
    Verdict,
    Vote,
)
from interlock.admission.refusal import Refusal
from interlock.admission.root import Root
from interlock.ledger import Frontier

Act = TypeVar("Act")


@dataclass(frozen=True)
class Accepted(Generic[Act]):
    """An act that counts.

    Attributes:
        index: Where it is on the log, counted from 0.
        time: When the log took it.
        identity: Its statement identity.
        person: Who signed; ``"root"`` for what the root keys signed.
        key: The key that signed, as base64 text; empty for the root.
        act: The act.
    """

    index: int
    time: str
    identity: str
    person: str
    key: str
    act: Act


@dataclass(frozen=True)
class Person:
    """Somebody the keyring in force names."""

    name: str
    key: str
    roles: tuple[str, ...]


@dataclass
class State:
    """What counts after some first part of the log; only the fold changes one.

    Attributes:
        root: The root it was read under.
        frontier: The tree up to here.
        time: Time of the last entry; empty before the first.
        minimum_root: Root of the tree at the root's minimum size, once reached.
        unverifiable: Why nothing can be concluded from this log, if so.
        refused: Statements without effect, in the log's order.
        accepted: Acts that count, by identity, in the log's order.
        loss: Index of the last recovery that admits to lost entries; -1 if none.
        keyring: Identity of the keyring in force.
        people: Who is enrolled, by name.
        holders: The same people by the id of their key.
        owners: Whose each key was when it was first enrolled.
        adoption: The charter in force.
        qualifications: The last one for each (person, role).
        variants: The declaration of each (product, system).
        attempts: Seals so far for each (product, baseline, claim).
        runs: The run of each (seal, system).
        evidence: The system that each evidence digest was recorded for.
        recorded: When each evidence digest was first recorded.
        verdicts: The verdict of each (seal, system).
        failures: Index of the last failed verdict on each (product, system).
        recomputations: What second people arrived at, by verdict.
        engagements: The engagement figures kept shut for each (seal, system).
        unsealed: The act that opened each engagement.
        assessments: The latest one for each (product, system).
        contributors: Who wrote an assessment or an answer for each (product, system).
        questions: Questions not yet closed, by assessment.
        closings: Which required roles hold each question for answered.
        overruled: Questions that the panel closed over their asker, by assessment.
        votes: The standing votes on each assessment.
        last_votes: Each (person, product)'s last vote.
        decisions: The latest one for each (product, system).
        decided: The first decision on each assessment but an emergency one.
        emergencies: The emergency go on each assessment that had one.
        unratified: The last emergency go on each product, until the panel decides on
            anything of the product by a normal decision.
        objections: Index of the last no-go or revocation on each (product, system).
        ratify_by: Until when the panel may decide on an assessment that had an
            emergency go, in POSIX seconds.
        quorums: Roles required when each decision was taken.
        revocations: The first one of each decision.
        last_holds: The last hold on each (product, system), lifted or not.
        holds: Holds not lifted on each (product, system).
        kills: The first kill of each (product, system).
        rollbacks: The last rollback that left each (product, system).
    """

    root: Root
    frontier: Frontier = field(default_factory=Frontier)
    time: str = ""
    minimum_root: str = ""
    unverifiable: Refusal | None = None
    refused: list[Refusal] = field(default_factory=list)
    accepted: dict[str, Accepted[Any]] = field(default_factory=dict)
    loss: int = -1
    keyring: str = ""
    people: dict[str, Person] = field(default_factory=dict)
    holders: dict[str, Person] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    adoption: Accepted[Adoption] | None = None
    qualifications: dict[tuple[str, str], Accepted[Qualification]] = field(default_factory=dict)
    variants: dict[tuple[str, str], Accepted[Variant]] = field(default_factory=dict)
    attempts: dict[tuple[str, str, str], int] = field(default_factory=dict)
    runs: dict[tuple[str, str], Accepted[Run]] = field(default_factory=dict)
    evidence: dict[str, str] = field(default_factory=dict)
    recorded: dict[str, str] = field(default_factory=dict)
    verdicts: dict[tuple[str, str], str] = field(default_factory=dict)
    failures: dict[tuple[str, str], int] = field(default_factory=dict)
    recomputations: dict[str, tuple[Accepted[Recomputation], ...]] = field(default_factory=dict)
    engagements: dict[tuple[str, str], Accepted[Engagement]] = field(default_factory=dict)
    unsealed: dict[str, Accepted[Unseal]] = field(default_factory=dict)
    assessments: dict[tuple[str, str], Accepted[Assessment]] = field(default_factory=dict)
    contributors: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    questions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    closings: dict[str, tuple[Accepted[Closing], ...]] = field(default_factory=dict)
    overruled: dict[str, tuple[str, ...]] = field(default_factory=dict)
    votes: dict[str, tuple[Accepted[Vote], ...]] = field(default_factory=dict)
    last_votes: dict[tuple[str, str], str] = field(default_factory=dict)
    decisions: dict[tuple[str, str], Accepted[Decision]] = field(default_factory=dict)
    decided: dict[str, str] = field(default_factory=dict)
    emergencies: dict[str, Accepted[Decision]] = field(default_factory=dict)
    unratified: dict[str, str] = field(default_factory=dict)
    objections: dict[tuple[str, str], int] = field(default_factory=dict)
    ratify_by: dict[str, int] = field(default_factory=dict)
    quorums: dict[str, tuple[str, ...]] = field(default_factory=dict)
    revocations: dict[str, Accepted[Revocation]] = field(default_factory=dict)
    last_holds: dict[tuple[str, str], str] = field(default_factory=dict)
    holds: dict[tuple[str, str], tuple[Accepted[Hold], ...]] = field(default_factory=dict)
    kills: dict[tuple[str, str], Accepted[Kill]] = field(default_factory=dict)
    rollbacks: dict[tuple[str, str], Accepted[Rollback]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.root.minimum_size == 0:
            self.minimum_root = self.frontier.root.hex()

    def copy(self) -> "State":
        """A state that can go on by itself; every value in its tables is immutable."""
        twin = copy.copy(self)
        twin.frontier = Frontier(self.frontier.size, self.frontier.peaks)
        for name in (each.name for each in fields(self)):
            value = getattr(self, name)
            if isinstance(value, dict | list):
                setattr(twin, name, value.copy())
        return twin

    @property
    def size(self) -> int:
        """Number of entries read."""
        return self.frontier.size

    @property
    def required(self) -> tuple[str, ...]:
        """Roles whose go a GO needs now."""
        return self.adoption.act.required if self.adoption else ()

    @property
    def panel(self) -> tuple[str, ...]:
        """Roles that vote now, required and advisory."""
        return self.required + self.adoption.act.advisory if self.adoption else ()

    @property
    def emergency(self) -> tuple[str, ...]:
        """Roles of which one, with one required role, may let an emergency change through now."""
        return self.adoption.act.emergency if self.adoption else ()

    def roles_for(self, kind: str) -> tuple[str, ...]:
        """The roles that may do an act of this kind now."""
        return _roles_for(kind, self.adoption.act if self.adoption else None)

    def find(self, identity: str, kind: type[Act]) -> Accepted[Act] | None:
        """The accepted act of this identity and type, if there is one."""
        found = self.accepted.get(identity)
        return found if found is not None and isinstance(found.act, kind) else None

    def of(self, kind: type[Act]) -> Iterator[Accepted[Act]]:
        """Every accepted act of one type, in the log's order."""
        return (each for each in self.accepted.values() if isinstance(each.act, kind))

    def attempts_of(self, product: str, baseline: str, claim: str) -> int:
        """How many accepted seals have tried this criterion against this baseline."""
        return self.attempts.get((product, baseline, claim), 0)

    def latest_assessment(self, product: str, system: str) -> Accepted[Assessment] | None:
        """The assessment that no later one has replaced."""
        return self.assessments.get((product, system))

    def open_questions(self, assessment: str) -> tuple[str, ...]:
        """Identities of the questions on an assessment that nobody has closed."""
        return self.questions.get(assessment, ())

    def standing_votes(self, assessment: str) -> tuple[Accepted[Vote], ...]:
        """Votes on an assessment that their voter has not replaced, one a role."""
        return self.votes.get(assessment, ())

    def previous_vote(self, person: str, product: str) -> str:
        """What the person's next vote on the product must name; empty for the first."""
        return self.last_votes.get((person, product), "")

    def previous_qualification(self, person: str, role: str) -> str:
        """What the next qualification of the person for the role must name."""
        found = self.qualifications.get((person, role))
        return found.identity if found else ""

    def previous_adoption(self) -> str:
        """What the next adoption must name; empty for the first."""
        return self.adoption.identity if self.adoption else ""

    def previous_hold(self, product: str, system: str) -> str:
        """What the next hold on the product and system must name; empty for the first."""
        return self.last_holds.get((product, system), "")

    def qualified(self, person: str, role: str, time: str) -> bool:
        """Whether a qualification of the person for the role lasts beyond a time."""
        found = self.qualifications.get((person, role))
        return found is not None and found.act.until > time

    def latest_decision(self, product: str, system: str) -> Accepted[Decision] | None:
        """The decision that no later one has replaced."""
        return self.decisions.get((product, system))

    def active_holds(self, product: str, system: str) -> tuple[Accepted[Hold], ...]:
        """Holds on the product and system that nobody has lifted."""
        return self.holds.get((product, system), ())

    def disputed(self, verdict: str) -> bool:
        """Whether somebody who derived a verdict again arrived at something else."""
        return any(not agrees for agrees in self._agreeing(verdict))

    def recomputed(self, verdict: str) -> bool:
        """Whether somebody who derived a verdict again arrived at the same."""
        return any(self._agreeing(verdict))

    def _agreeing(self, verdict: str) -> Iterator[bool]:
        found = self.find(verdict, Verdict)
        for each in self.recomputations.get(verdict, ()):
            yield found is not None and each.act.judgement == found.act.judgement

    def standing(self, decision: str) -> str:
        """What became of a decision, whatever the time.

        Returns:
            ``go`` or ``no-go`` where it stands; else ``superseded``,
            ``revoked``, ``killed``, ``lost`` (entries after it were lost),
            ``contradicted`` (a later verdict on the system failed),
            ``disputed`` (deriving its verdict again gave something else),
            ``rolled-back``, ``held``, ``follows-fallen`` (the go that a
            standard change follows stands no more), ``refused`` or
            ``unknown``; the first of these that applies.
        """
        found = self.find(decision, Decision)
        if found is None:
            return (
                "refused" if any(each.identity == decision for each in self.refused) else "unknown"
            )
        pair = (found.act.product, found.act.system)
        go = found.act.outcome == "go"
        assessed: Assessment = self.accepted[found.act.assessment].act
        left = self.rollbacks.get(pair)
        fates = {
            "superseded": self.decisions[pair].identity != decision,
            "revoked": decision in self.revocations,
            "killed": go and pair in self.kills,
            "lost": found.index < self.loss,
            "contradicted": go and self.failures.get(pair, -1) > found.index,
            "disputed": go and self.disputed(assessed.verdict),
            "rolled-back": go and left is not None and left.index > found.index,
            "held": go and bool(self.active_holds(*pair)),
            "follows-fallen": bool(assessed.follows) and self.standing(assessed.follows) != "go",
        }
        return next((fate for fate, met in fates.items() if met), found.act.outcome)


# Bounded: a log may adopt any number of charters.
@lru_cache(maxsize=256)
def _roles_for(kind: str, charter: Adoption | None) -> tuple[str, ...]:
    groups: dict[str, tuple[str, ...]] = {"@panel": (), "@required": (), "@emergency": ()}
    if charter is not None:
        groups["@panel"] = charter.required + charter.advisory
        groups |= {"@required": charter.required, "@emergency": charter.emergency}
    named = (role for name in MAY[kind] for role in groups.get(name, (name,)))
    return tuple(dict.fromkeys(named))
