"""How a model keeps to its behaviours over edge cases, from a file of observations."""

import math
from pathlib import Path

from interlock.app.diagnosis.diagnosed import Observed
from interlock.app.diagnosis.diagnoses import Diagnosis
from interlock.errors import BadTableError
from interlock.measure.diagnostics import SURE, adherence, sure_violations
from interlock.review.pictures import Panel

_FLAGGED = 0.5
_SHOWN = 20


def diagnose_adherence(
    file: Path, *, metric: str | None = None, chance: str | None = None, seed: int = 0
) -> Diagnosis:
    """Whether behaviours hold in every variant, how alike variants come out, and sure violations.

    Args:
        file: Observations, one row a variant, the behaviour as its cluster; a value of .5 or more
            is a violation.
        metric: Whose rows are meant; None for the only one.
        chance: A metric with the judge's chance of a violation on the same items and epochs; rows
            with at least .9 are named. None where there is none.
        seed: Fixes the orders that the intervals are read in.

    Raises:
        BadTableError: The file is no table, or a metric is not in it, or no item has both.
        BadRowError: A row is refused; the error names file and row.
        NotEstimableError: Every behaviour has one variant only.
        ValueOutOfRangeError: A chance is outside [0, 1].
    """
    observed = Observed(file)
    name, found = observed.metric(metric)
    rows = list(found.rows.values())
    if found.left_out:
        reason = f"{found.left_out} rows of {name} have no value; a variant nobody scored held not"
        raise BadTableError(str(file), f"{reason}: score them, or give them 1")
    clusters = [row.cluster for row in rows]
    made = adherence([float(row.value < _FLAGGED) for row in rows], clusters, seed=seed)
    shares = [
        ("behaviours whole", made.whole),
        ("pairs of variants alike", made.agreement),
    ]
    counts, notes = {"variants": len(rows), "behaviours": made.whole.n}, []
    if chance is not None:
        said = observed.metric(chance)[1].rows
        chances = [said[key].value if key in said else math.nan for key in found.rows]
        sure = sure_violations(chances, clusters, seed=seed)
        shares.append((f"violations at {SURE:g} or more", sure.rate))
        counts |= {"sure violations": len(sure.rows), "rows without a chance": sure.silent}
        items = [item for item, _ in found.rows]
        named = sorted({items[row] for row in sure.rows})
        if named:
            more = f" and {len(named) - _SHOWN} more" if len(named) > _SHOWN else ""
            notes.append(f"sure violations: {', '.join(named[:_SHOWN])}{more}")
    notes.append("A behaviour with more variants breaks more easily; pairs do not hang on that.")
    return Diagnosis(
        what=f"adherence by {name}",
        panels=(Panel(heading="shares", scale="share", rows=tuple(shares)),),
        counts=counts,
        notes=tuple(notes),
    )
