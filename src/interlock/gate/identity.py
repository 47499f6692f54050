"""Who judged: where an automatic judge alone, or another one in each arm, decides nothing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from interlock.charter import AgreementMin, Criterion

_TRUSTED = ("human", "exact")
_COLUMNS = ["metric", "item", "epoch", "judge", "status"]
_Place = tuple[str, int]


@dataclass(frozen=True)
class Judges:
    """Who judged a metric, as far as that keeps it from being decided.

    Attributes:
        switched: Why the arms cannot be compared; empty where they can.
        automatic: Why the judge's word alone decides nothing; empty where it does.
    """

    switched: str = ""
    automatic: str = ""


def judges_of(before: pa.Table, after: pa.Table, *, metrics: Collection[str]) -> dict[str, Judges]:
    """Who judged each metric, from the scored rows of both arms.

    A rule, classifier, model or panel of them errs in ways that nobody knows
    before people have labelled what it saw. And where the arms were judged by
    different judges, a difference is one between judges.
    """
    first, second = _judges(before), _judges(after)
    found = {}
    for metric in metrics:
        arms = [arm.get(metric, {}) for arm in (first, second)]
        names = [{judge for judges in arm.values() for judge in judges} for arm in arms]
        automatic = sorted(name for name in names[0] | names[1] if is_automatic(name))
        switched = all(arms) and _switched(arms[0], arms[1], names)
        told = " and ".join(_told(one) for one in names)
        found[metric] = Judges(
            f"judge switch: {metric} was judged by {told}; use one in both arms"
            if switched
            else "",
            f"{metric} was judged by {automatic[0]!r} alone, whose errors nobody knows; let people "
            "label a part of it (judged: in the hypothesis), or all (human:NAME/VERSION)"
            if automatic
            else "",
        )
    return found


def doubt(criterion: Criterion, judges: Mapping[str, Judges], beside: Mapping[str, str]) -> str:
    """Why a criterion cannot be decided by who judged its rows; empty where it can.

    Whether a judge agrees with people is asked of the judge, so there its own
    rows are no reason.

    Args:
        criterion: The criterion.
        judges: Who judged each metric.
        beside: For each metric that people label in part, the metric of the judge beside them.
    """
    asked = criterion.metrics[1:] if isinstance(criterion, AgreementMin) else criterion.metrics
    for metric in asked:
        found = judges.get(metric, Judges())
        other = judges.get(beside.get(metric, ""), Judges())
        if reason := found.switched or found.automatic or other.switched:
            return reason
    return ""


def is_automatic(judge: str) -> bool:
    """Whether a judge's name is that of one whose errors must be known before its word counts.

    So is every name that does not say ``human:`` or ``exact:``, however it is
    written: else a model would only have to be called otherwise. A row that
    names nobody stands for whoever signs it.
    """
    kind, colon, _ = judge.strip().lower().partition(":")
    return bool(judge.strip()) and not (colon and kind in _TRUSTED)


def _switched(
    first: dict[_Place, set[str]], second: dict[_Place, set[str]], names: list[set[str]]
) -> bool:
    """Whether the arms had other judges, or the same ones on other rows."""
    if names[0] != names[1]:
        return True
    return len(names[0]) > 1 and any(
        first[place] != second[place] for place in first.keys() & second.keys()
    )


def _judges(rows: pa.Table) -> dict[str, dict[_Place, set[str]]]:
    """Who judged the scored rows: by metric, and by row where it was more than one."""
    plain = {
        name: rows[name].cast(pa.string()) if name in {"metric", "judge", "status"} else rows[name]
        for name in _COLUMNS
    }
    table = pa.table(plain)
    table = table.filter(pc.equal(table["status"], pa.scalar("scored")))
    kinds = table.group_by(["metric", "judge"]).aggregate([]).to_pylist()
    found: dict[str, dict[_Place, set[str]]] = {}
    for one in kinds:
        places = found.setdefault(one["metric"], {})
        places.setdefault(("", -1), set()).add(one["judge"] or "")
    for metric, places in found.items():
        if len(places["", -1]) > 1:
            del places["", -1]
            for one in table.filter(pc.equal(table["metric"], pa.scalar(metric))).to_pylist():
                places.setdefault((one["item"], one["epoch"]), set()).add(one["judge"] or "")
    return found


def _told(names: set[str]) -> str:
    return " or ".join(sorted(name or "nobody named" for name in names))
