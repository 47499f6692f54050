"""Blanks about serving: what is watched, how it is stopped, who is told, how long it is kept."""

from collections.abc import Iterator

from interlock.review.blank import Blank, unwritten
from interlock.review.draft import Draft
from interlock.review.operation import IncidentPlan, Retention


def operation(draft: Draft) -> Iterator[Blank]:
    """Everything about serving that is not written yet."""
    yield from _monitoring(draft)
    yield from unwritten("kill_switch", how=draft.kill_switch.how, tested=draft.kill_switch.tested)
    yield from _incidents(draft.incidents)
    yield from _retention(draft.retention)


def _monitoring(draft: Draft) -> Iterator[Blank]:
    if not draft.monitoring:
        yield Blank("monitoring", "is empty; name a metric, a threshold, and who is called")
    for k, watch in enumerate(draft.monitoring):
        yield from unwritten(
            f"monitoring[{k}]",
            metric=watch.metric,
            denominator=watch.denominator,
            window=watch.window,
            threshold=watch.threshold,
            false_alarms=watch.false_alarms,
            pages=watch.pages,
            rollback=watch.rollback,
        )


def _incidents(plan: IncidentPlan) -> Iterator[Blank]:
    if not plan.levels:
        yield Blank("incidents.levels", "is empty; say what makes an incident a bad one")
    for k, level in enumerate(plan.levels):
        yield from unwritten(
            f"incidents.levels[{k}]", level=level.level, when=level.when, response=level.response
        )
    if not plan.clocks:
        reason = "is empty; say whom you must tell, and within how many hours"
        yield Blank("incidents.clocks", reason)
    for k, clock in enumerate(plan.clocks):
        field = f"incidents.clocks[{k}]"
        yield from unwritten(field, to=clock.to, rule=clock.rule, event=clock.event)
        if clock.hours is None:
            yield Blank(f"{field}.hours", "is missing; say after how many hours it has run out")
    yield from unwritten("incidents", contact=plan.contact)


def _retention(found: Retention) -> Iterator[Blank]:
    if found.years is None:
        yield Blank("retention.years", "is missing; say how many years all this is kept")
    yield from unwritten("retention", reason=found.reason)
    if found.legal_hold:
        yield from unwritten("retention", matter=found.matter)
