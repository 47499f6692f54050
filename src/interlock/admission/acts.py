"""The closed set of governance acts: what may be put on the log, and who may put it there.

An act carries only what the rule for a GO needs, and names everything else by
the digest of its record. Acts hold no fractions, so that any JSON library can
write their canonical form.
"""

from typing import Annotated, Literal

from pydantic import Field

from interlock.ledger import record

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 in lower-case hex: the name of a record, a system, evidence, or a statement."""

MaybeDigest = Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]
"""A digest, or nothing."""

Previous = MaybeDigest
"""Statement identity of what an act replaces; empty where it is the first. Without it, doing
the same thing a second time would be the same statement, which changes nothing."""

Time = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
        r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z$"
    ),
]
"""UTC to the second, such as ``2026-11-21T21:52:51Z``; later times sort later as text."""

PublicKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$")]
"""A raw Ed25519 public key (32 bytes) in the one standard base64 it has."""

SignatureText = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]{85}[AQgw]==$")]
"""An Ed25519 signature (64 bytes) in the one standard base64 it has."""

Outcome = Literal["passed", "failed", "undecided"]
Ballot = Literal["go", "no-go", "abstain"]
Basis = Literal["prospective", "retrospective"]


@record("enrolment/1")
class Enrolment:
    """One person's key, proved and countersigned; part of a keyring.

    Attributes:
        name: The person. Names, and key bytes, are distinct within a keyring.
        key: Raw Ed25519 public key, standard base64.
        roles: What the person may act as.
        proof: The person's own signature over `admission.enrolment_bytes`.
        countersigner: Another person of the same keyring who compared the
            fingerprint, or ``"root"`` where the keyring has one person only.
        countersignature: That person's signature over the same bytes.
    """

    name: str
    key: PublicKey
    roles: tuple[str, ...]
    proof: SignatureText
    countersigner: str
    countersignature: SignatureText


@record("keyring/1")
class Keyring:
    """Who holds which key from this index of the log on. Signed by the root keys.

    Attributes:
        previous: Statement identity of the keyring it replaces; empty for the first.
        people: Everyone enrolled. Leaving a person out revokes the key from here on.
    """

    previous: Previous
    people: tuple[Enrolment, ...]


@record("adoption/1")
class Adoption:
    """The charter in force from this index of the log on. Signed by the root keys.

    Attributes:
        previous: Statement identity of the adoption it replaces; empty for the first.
        charter: Digest of the charter's record.
        required: Roles whose go a GO needs, each from another person.
        advisory: Roles that may vote; their dissent is kept, never counted.
        retrospective: Whether evidence drawn before its seal may lead to GO at all.
    """

    previous: Previous
    charter: Digest
    required: tuple[str, ...]
    advisory: tuple[str, ...]
    retrospective: bool


@record("qualification/1")
class Qualification:
    """A person may own or review releases in a role until a time. Signed by a chair.

    Attributes:
        person: Who is qualified; never the chair who signs.
        role: In which role.
        until: When it ends; a time already past takes the qualification back.
        previous: Statement identity of this person's qualification for this
            role that it replaces; empty for the first.
    """

    person: str
    role: str
    until: Time
    previous: Previous


@record("lineage/1")
class Lineage:
    """One criterion's place in its lineage: the same claim, tried how many times.

    Attributes:
        criterion: Id of the criterion, bar and all; a verdict answers to it.
        claim: Key of the lineage within (product, baseline): what is measured
            and in which way. Another bar, slice, rubric or name is no other claim.
        attempt: 1 for the first seal of this claim, then 2, 3, ...; criteria of
            one seal that share a claim share its attempt.
    """

    criterion: str
    claim: str
    attempt: int


@record("seal/1")
class Seal:
    """A hypothesis fixed before its evidence counts.

    Attributes:
        hypothesis: Digest of the hypothesis record.
        charter: Digest of the charter in force.
        product: The product it speaks about.
        baseline: Digest of the baseline system.
        candidates: Digests of the candidate systems ("any of m" is Holm over them).
        lineages: Every criterion with its attempt number.
        basis: Whether evidence is drawn after this seal or existed before it.
        confirmatory: An exploratory seal can never lead to GO.
        bank: Digest of the item bank a prospective sample is drawn from; empty
            for a retrospective seal.
        sample: Items to draw from the bank; 0 for a retrospective seal.
    """

    hypothesis: Digest
    charter: Digest
    product: str
    baseline: Digest
    candidates: tuple[Digest, ...]
    lineages: tuple[Lineage, ...]
    basis: Basis
    confirmatory: bool
    bank: MaybeDigest
    sample: int


@record("run/1")
class Run:
    """Evidence recorded for one system under one seal.

    Attributes:
        seal: Statement identity of the seal.
        system: Digest of the system that produced it: the baseline or a candidate.
        evidence: Content digest of the observations.
        basis: ``prospective`` only where the items are those drawn after the seal.
    """

    seal: Digest
    system: Digest
    evidence: Digest
    basis: Basis


@record("criterion-outcome/1")
class CriterionOutcome:
    """What one criterion came to, inside a verdict."""

    criterion: str
    outcome: Outcome
    red_line: bool


@record("verdict/1")
class Verdict:
    """What the numbers allow for one candidate of a seal.

    Attributes:
        seal: Statement identity of the seal.
        system: Digest of the candidate.
        runs: Statement identities of the runs it rests on.
        judgement: Digest of the gate's record with every estimate.
        outcome: Passed only if every criterion passed; an empty list is undecided.
        criteria: Every criterion's outcome.
    """

    seal: Digest
    system: Digest
    runs: tuple[Digest, ...]
    judgement: Digest
    outcome: Outcome
    criteria: tuple[CriterionOutcome, ...]


@record("condition/1")
class Condition:
    """A bound on the release that a machine can check.

    Attributes:
        kind: ``max_traffic_percent`` (``limit`` is a whole number) or ``tier``
            (``limit`` is the only tier allowed).
        limit: The bound.
    """

    kind: Literal["max_traffic_percent", "tier"]
    limit: str


@record("assessment/1")
class Assessment:
    """A Safety Impact Assessment put before the panel; a later one replaces it.

    Attributes:
        document: Digest of the document's record.
        product: The product.
        system: Digest of the candidate system.
        verdict: Statement identity of the verdict it rests on.
        conditions: The document's bounds on the release, so that a vote on it binds them.
        valid_days: The longest that a go on it may last, from 1 to 366.
        previous: Statement identity of the assessment it replaces; empty for the first.
    """

    document: Digest
    product: str
    system: Digest
    verdict: Digest
    conditions: tuple[Condition, ...]
    valid_days: int
    previous: Previous


@record("question/1")
class Question:
    """A panel member's question; it blocks the vote until its answer is accepted."""

    assessment: Digest
    text: str


@record("answer/1")
class Answer:
    """An answer on the record."""

    question: Digest
    text: str


@record("acceptance/1")
class Acceptance:
    """The asker accepts an answer, which closes the question."""

    question: Digest
    answer: Digest


@record("vote/1")
class Vote:
    """One panel member's vote, bound to everything it was given upon.

    Attributes:
        origin: Origin of the log, so that a vote counts nowhere else.
        assessment: Statement identity of the assessment voted on.
        system: Digest of the candidate system.
        charter: Digest of the charter in force.
        role: The role the person votes in; one role a person.
        ballot: ``go``, ``no-go`` or ``abstain``; abstaining is not go.
        reasons: In the voter's own words.
        previous: Statement identity of this voter's previous vote on the
            product; empty for the first. It makes an old vote useless.
        accepts_retrospective: The voter accepts, on the record, evidence that
            existed before its seal.
    """

    origin: str
    assessment: Digest
    system: Digest
    charter: Digest
    role: str
    ballot: Ballot
    reasons: str
    previous: Previous
    accepts_retrospective: bool


@record("decision/1")
class Decision:
    """Go or no-go, as the votes have it.

    Attributes:
        assessment: Statement identity of the assessment decided on.
        product: The product.
        system: Digest of the candidate system.
        outcome: ``go`` needs go from every required role.
        votes: Statement identities of all standing votes, dissent included.
        conditions: Bounds the release must be served inside.
        expires: When a go ends (``2026-11-21T00:00:00Z``).
    """

    assessment: Digest
    product: str
    system: Digest
    outcome: Literal["go", "no-go"]
    votes: tuple[Digest, ...]
    conditions: tuple[Condition, ...]
    expires: Time


@record("revocation/1")
class Revocation:
    """A go taken back for good, by any one required role."""

    decision: Digest
    reason: str


@record("hold/1")
class Hold:
    """Serving of a product's system stops until the hold is lifted.

    Attributes:
        product: The product.
        system: Digest of the system.
        reason: What was seen.
        previous: Statement identity of the last hold on this product and
            system, lifted or not; empty for the first.
    """

    product: str
    system: Digest
    reason: str
    previous: Previous


@record("lift/1")
class Lift:
    """A hold is lifted, by a person other than the one who set it."""

    hold: Digest
    reason: str


@record("recovery/1")
class Recovery:
    """The log was restored from a backup. Signed by the root keys.

    Attributes:
        size: Size of the restored tree, before this statement.
        root_hash: Root hash of the restored tree, hex.
        lost_size: Size of the largest checkpoint known before the loss.
        lost_root_hash: Root hash of that checkpoint, hex.
        reason: What happened.
    """

    size: int
    root_hash: Digest
    lost_size: int
    lost_root_hash: Digest
    reason: str


SIGNED_BY_ROOT = frozenset({"keyring/1", "adoption/1", "recovery/1"})

MAY: dict[str, tuple[str, ...]] = {
    "qualification/1": ("chair",),
    "seal/1": ("product-manager", "evaluation-engineer"),
    "run/1": ("product-manager", "evaluation-engineer"),
    "verdict/1": ("product-manager", "evaluation-engineer"),
    "assessment/1": ("product-manager",),
    "question/1": ("@panel",),
    "answer/1": ("product-manager", "evaluation-engineer"),
    "acceptance/1": ("@panel",),
    "vote/1": ("@panel",),
    "decision/1": ("chair", "product-manager"),
    "revocation/1": ("@required",),
    "hold/1": ("@required", "chair", "on-call"),
    "lift/1": ("@required", "chair"),
}
"""The roles that may do each act; ``@panel`` is every voting role of the charter in force,
``@required`` its required ones. Said once, for every door."""
