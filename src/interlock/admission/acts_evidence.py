"""Acts about evidence: what was fixed, what was recorded, what it came to, what stays shut."""

from interlock.admission.terms import Basis, Digest, MaybeDigest, Outcome, VariantKind, Week
from interlock.ledger import record


@record("variant/1")
class Variant:
    """A system is tried as a variant of a product. It permits nothing.

    Attributes:
        system: Digest of the system; it is declared once for a product.
        product: The product.
        kind: What was changed.
        parent: Statement identity of the variant it was made from, of the same
            product; empty where it was made from none.
        week: The ISO week it belongs to, as its maker says.
        says: What was changed, in words.
    """

    system: Digest
    product: str
    kind: VariantKind
    parent: MaybeDigest
    week: Week
    says: str


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


@record("recomputation/1")
class Recomputation:
    """A second person derived a verdict again from the rows, and this is what came out.

    Attributes:
        verdict: Statement identity of the verdict.
        judgement: Digest of the judgement that the second person arrived at. Where
            it is not the verdict's own, the verdict is disputed and leads to no GO.
    """

    verdict: Digest
    judgement: Digest


@record("engagement/1")
class Engagement:
    """Engagement figures arrived encrypted; whoever signs this may have seen them before.

    Attributes:
        seal: Statement identity of the seal that keeps them shut.
        system: Digest of the system they are about: the baseline or a candidate.
        ciphertext: SHA-256 of the encrypted file. Never of anything in the clear.
        roles: The required roles in whose layers it lies, outermost first.
    """

    seal: Digest
    system: Digest
    ciphertext: Digest
    roles: tuple[str, ...]


@record("unseal/1")
class Unseal:
    """The engagement figures of a passed seal may be opened from here on.

    Attributes:
        engagement: Statement identity of the engagement.
        verdict: Statement identity of the passed verdict that allows it.
    """

    engagement: Digest
    verdict: Digest
