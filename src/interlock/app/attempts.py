"""How often a claim was tried: under whatever name, in whatever way, against whatever baseline.

The ledger counts what it can see, one kind of criterion on one metric against
one baseline. Whoever failed could come back with another kind, against a
baseline that differs by a letter, or with the same items under another metric,
and have the whole alpha again; so what a verdict spends is counted here.
"""

from interlock.admission import Accepted, Decision, Lineage, Seal, State
from interlock.app.workspace import Workspace
from interlock.charter import Hypothesis
from interlock.errors import RecordMissingError
from interlock.gate import lineage_key, retried
from interlock.trial import BankCase, ItemBank


def count_attempts(
    work: Workspace,
    hypothesis: Hypothesis,
    stated: tuple[Lineage, ...],
    *,
    bank: ItemBank | None = None,
    before: int | None = None,
) -> dict[str, int]:
    """The attempt of every claim of a hypothesis, by `lineage_key`.

    It is the ledger's own number, or one more than the seals of the product
    since a release of it was last let through that tried the same metric or
    measured the same items or clusters, or sent the same under new names, if that is more.

    Args:
        work: The workspace.
        hypothesis: What is claimed.
        stated: Its lineages as the ledger counts them.
        bank: What its seal draws from; none where it is retrospective or not known yet.
        before: Index of its seal on the log; none where it is not sealed yet.
    """
    state = work.state()
    earlier = _of_this_release(state, hypothesis.product, state.size if before is None else before)
    used = {one.identity: _named(_bank_of(work, one)) if bank else frozenset() for one in earlier}
    ledger = {one.claim: one.attempt for one in stated}
    found = dict[str, int]()
    for criterion in hypothesis.criteria:
        ways, key = retried(criterion), lineage_key(criterion)
        things = _named(bank, criterion.metric) if len(ways) > 1 else frozenset()
        tried = sum(
            not ways.isdisjoint(claim.claim for claim in one.act.lineages)
            or not things.isdisjoint(used[one.identity])
            for one in earlier
        )
        found[key] = max(ledger[key], tried + 1)
    return found


def _of_this_release(state: State, product: str, end: int) -> list[Accepted[Seal]]:
    """Seals of a product on the way to its next release."""
    let_through = (
        one.index
        for one in state.of(Decision)
        if (one.act.product, one.act.outcome) == (product, "go") and one.index < end
    )
    last = max(let_through, default=-1)
    return [one for one in state.of(Seal) if one.act.product == product and last < one.index < end]


def _bank_of(work: Workspace, seal: Accepted[Seal]) -> ItemBank | None:
    """What a seal drew from; without its record nothing could be drawn."""
    if not seal.act.bank:
        return None
    try:
        bank = work.log.record(seal.act.bank)
    except RecordMissingError:
        return None
    return bank if isinstance(bank, ItemBank) else None


def _named(bank: ItemBank | None, metric: str = "") -> frozenset[tuple[str, str]]:
    """Items, clusters and what is sent of a bank, where a metric is measured if one is named."""
    chosen = [one for one in bank.items if not metric or metric in one.metrics] if bank else []
    cases = [one for one in chosen if isinstance(one, BankCase)]
    clusters = {("cluster", one.cluster) for one in cases}
    said = {("said", one.said) for one in cases if one.said}
    return frozenset({("item", one.item) for one in chosen} | clusters | said)
