"""Conditions: bounds on a release that a machine can check against what is deployed."""

import re
from collections.abc import Mapping

from interlock.admission.acts import Condition

_PERCENT = re.compile(r"0|[1-9][0-9]?|100", re.ASCII)
_FEATURE = re.compile(r"[^\s,]+")


def satisfied(condition: Condition, deployment: Mapping[str, str]) -> bool:
    """Whether a deployment says that it stays inside a condition; silence does not.

    Args:
        condition: One bound on the release.
        deployment: What is deployed: ``traffic_percent``, a whole number from
            0 to 100; ``tier``; and ``features``, all that are served, separated
            by commas, or nothing between them where none is.
    """
    if condition.kind == "tier":
        return deployment.get("tier") == condition.limit
    if condition.kind == "feature_off":
        served = deployment.get("features")
        return served is not None and condition.limit not in map(str.strip, served.split(","))
    percent = deployment.get("traffic_percent", "")
    return bool(_PERCENT.fullmatch(percent)) and int(percent) <= int(condition.limit)


def readable(condition: Condition) -> bool:
    """Whether a machine can check it: a whole number of per cent, a tier, or a feature's name."""
    if condition.kind == "tier":
        return bool(condition.limit)
    form = _FEATURE if condition.kind == "feature_off" else _PERCENT
    return bool(form.fullmatch(condition.limit))
