"""What a seal fixes of a trial: every case by digest, who judges it, and how often it is run."""

from collections.abc import Collection, Iterable, Mapping

from interlock.errors import ChangedCaseError, InvalidRecordError
from interlock.ledger import digest
from interlock.trial.bank import BankCase, CaseBank
from interlock.trial.case import Case
from interlock.trial.protocol import MetricJudge, TrialProtocol, judge_kind


def protocol_of(identities: Mapping[str, str], *, epochs: int) -> TrialProtocol:
    """How cases become rows.

    Args:
        identities: Who scores each metric, by metric.
        epochs: How often each case is run.

    Raises:
        InvalidRecordError: No metric is scored.
    """
    judges = (MetricJudge(metric=name, judge=identities[name]) for name in sorted(identities))
    return TrialProtocol(judges=tuple(judges), epochs=epochs)


def bank_of(cases: Iterable[Case], metrics: Collection[str], protocol: TrialProtocol) -> CaseBank:
    """The bank of cases that a seal draws clusters from.

    A case that feeds no judged metric is left out: nothing would be judged on it. Nor does
    a case feed a metric with an exact judge unless it says what that judge is to look for.

    Args:
        cases: Cases, in any order.
        metrics: What the hypothesis judges, and what its corrections read.
        protocol: Who scores each metric.

    Raises:
        InvalidRecordError: A case stands twice, a metric has no judge, or no
            case feeds a judged metric.
    """
    found: dict[str, BankCase] = {}
    for case in cases:
        judged = tuple(
            name
            for name in case.metrics
            if name in metrics and _scorable(case, protocol.judge(name))
        )
        if not judged:
            continue
        if case.id in found:
            raise InvalidRecordError("case bank", f"the case {case.id} stands twice; name it anew")
        if nobody := [name for name in judged if not protocol.judge(name)]:
            fault = f"nobody judges {nobody[0]} of the case {case.id}; name a judge in the plan"
            raise InvalidRecordError("case bank", fault)
        found[case.id] = BankCase(
            item=case.id,
            cluster=case.cluster,
            metrics=judged,
            case=digest(case),
            slices=case.slices,
            said=said_of(case),
        )
    if not found:
        fault = f"no case of the plan feeds {', '.join(sorted(metrics))}; choose other suites"
        raise InvalidRecordError("case bank", fault)
    return CaseBank(items=tuple(found[name] for name in sorted(found)), protocol=digest(protocol))


def said_of(case: Case) -> str:
    """Digest of what is sent in a case: its turns and files, under whatever name it stands."""
    return digest(
        Case(
            id="said",
            cluster="said",
            metrics=("said",),
            turns=case.turns,
            attachments=case.attachments,
        )
    )


def _scorable(case: Case, judge: str) -> bool:
    return judge_kind(judge) != "exact" or bool(case.expects)


def held(cases: Iterable[Case], drawn: Iterable[BankCase]) -> dict[str, Case]:
    """The cases that were drawn, by name, each the very one that was sealed.

    Raises:
        ChangedCaseError: One is not there any more, or is no longer what was sealed.
    """
    wanted = {one.item: one for one in drawn}
    found = {one.id: one for one in cases if one.id in wanted}
    for name, sealed in wanted.items():
        if name not in found:
            raise ChangedCaseError(name, sealed.case, "")
        if (now := digest(found[name])) != sealed.case:
            raise ChangedCaseError(name, sealed.case, now)
        if sealed.said and (now := said_of(found[name])) != sealed.said:
            raise ChangedCaseError(name, sealed.said, now)
    return found
