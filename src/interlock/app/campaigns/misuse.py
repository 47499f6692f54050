"""Coverage from quarter to quarter, and misuse potential from release to release."""

from dataclasses import dataclass

from interlock.app.campaigns.rows import hit_metrics, recorded_tries, released
from interlock.app.settings import check_product
from interlock.app.workspace import Workspace
from interlock.errors import NotEnoughDataError
from interlock.ledger import posix, utc
from interlock.trial.campaigns import (
    Coverage,
    Misused,
    Release,
    Try,
    coverage_of,
    misuse_over,
    quarter_of,
)


@dataclass(frozen=True, kw_only=True)
class QuarterCoverage:
    """What was tried on a product in a quarter, and in the one it is held against.

    Attributes:
        product: The product.
        quarter: The quarter.
        against: The other one.
        now: What was tried in it.
        before: What was tried in the other.
        growth: By what share there are more tests; None where nothing was tried before.
    """

    product: str
    quarter: str
    against: str
    now: Coverage
    before: Coverage
    growth: float | None


@dataclass(frozen=True, kw_only=True)
class MisuseReport:
    """Misuse potential of a product.

    Attributes:
        product: The product.
        metric: What was measured.
        categories: Each harm over the systems that were tried.
        released: Names of the systems that a decision once let go.
    """

    product: str
    metric: str
    categories: tuple[Misused, ...]
    released: tuple[str, ...]


def quarter_coverage(
    work: Workspace, product: str, *, quarter: str = "", against: str = ""
) -> QuarterCoverage:
    """Count what was tried on a product in a quarter, and hold it against an earlier one.

    A run belongs to the quarter in which the log took it.

    Args:
        work: The workspace.
        product: The product.
        quarter: Such as ``2026-Q4``; the present one where empty.
        against: The other; the one before it where empty.

    Raises:
        UnlistedProductError: The workspace does not list the product.
    """
    check_product(work.folder, product)
    chosen = quarter or quarter_of(work.clock.now())
    other = against or _before(chosen)
    now, before = (_coverage(work, product, one) for one in (chosen, other))
    return QuarterCoverage(
        product=product,
        quarter=chosen,
        against=other,
        now=now,
        before=before,
        growth=now.growth(before) if before.tests else None,
    )


def misuse_potential(
    work: Workspace, product: str, *, metric: str = "harm", k: int = 0
) -> MisuseReport:
    """How often an attacker with ``k`` tries succeeds on each system, the earliest first.

    Repeats of an item and attacks on it are tries on one behaviour. Harmless
    look-alikes are left out. Every system that has evidence is shown, released
    or not; what was never tried looks harmless to nobody.

    Args:
        work: The workspace.
        product: The product.
        metric: What was measured: on a scale from 0 to 1, 1 the worst.
        k: Tries that the attacker has; 0 for as many as every behaviour of a category has that
            was never brought about.

    Raises:
        UnlistedProductError: The workspace does not list the product.
        NotEnoughDataError: No row of the metric was recorded on a harmful request.
    """
    check_product(work.folder, product)
    times: dict[str, str] = {}
    names: dict[str, str] = {}
    tries: dict[str, list[Try]] = {}
    for run in recorded_tries(work, product, metrics=(metric,)):
        harmful = [one for one in run.tries if not one.benign]
        if harmful:
            times.setdefault(run.system, run.time)
            names.setdefault(run.system, run.name)
            tries.setdefault(run.system, []).extend(harmful)
    if not tries:
        raise NotEnoughDataError(f"rows of {metric} on harmful requests to {product}", 0, 1)
    releases = [
        Release(system=one, name=names[one], time=times[one], tries=tuple(tries[one]))
        for one in sorted(tries, key=lambda each: (times[each], each))
    ]
    let_go = released(work, product)
    return MisuseReport(
        product=product,
        metric=metric,
        categories=misuse_over(releases, k=k),
        released=tuple(one.name for one in releases if one.system in let_go),
    )


def _coverage(work: Workspace, product: str, quarter: str) -> Coverage:
    runs = recorded_tries(work, product, metrics=hit_metrics(work), quarter=quarter)
    return coverage_of(one for run in runs for one in run.tries)


def _before(quarter: str) -> str:
    """The quarter that came before one."""
    month = 3 * int(quarter[-1]) - 2
    return quarter_of(utc(posix(f"{quarter[:4]}-{month:02}-01T00:00:00Z") - 1))
