"""Which of the charter's red lines a hypothesis puts to the test, and which it passes over."""

from interlock.charter import Charter, CoverageMin, Hypothesis, RedLine, ZeroEvents


def unmeasured(hypothesis: Hypothesis, charter: Charter) -> tuple[RedLine, ...]:
    """Red lines that no red-line criterion of the hypothesis measures, in the charter's order.

    A line about certain harm categories is measured where each of them is: by a
    criterion on that category alone, or by one on all rows together with required
    coverage of the category. A count over rows that need not hold any of it says
    nothing about it, and neither does one over a part of a category.
    """
    return tuple(line for line in charter.red_lines if not _measured(line, hypothesis))


def _measured(line: RedLine, hypothesis: Hypothesis) -> bool:
    places = {
        tuple((one.slice, one.value) for one in criterion.where)
        for criterion in hypothesis.criteria
        if isinstance(criterion, ZeroEvents) and criterion.metric == line.metric
    }
    covered = {
        one.value
        for criterion in hypothesis.criteria
        if isinstance(criterion, CoverageMin) and criterion.metric == line.metric
        for one in criterion.required
        if one.slice == "category"
    }
    if not line.categories:
        return () in places
    return all(
        (("category", name),) in places or (() in places and name in covered)
        for name in line.categories
    )
