"""Conditions: bounds on a release that a machine can check against what is deployed."""

import re
from collections.abc import Mapping

from interlock.admission.acts import Condition

_PERCENT = re.compile(r"0|[1-9][0-9]?|100", re.ASCII)


def satisfied(condition: Condition, deployment: Mapping[str, str]) -> bool:
    """Whether a deployment says that it stays inside a condition; silence does not.

    Args:
        condition: One bound on the release.
        deployment: What is deployed: ``traffic_percent``, a whole number from
            0 to 100, and ``tier``.
    """
    if condition.kind == "tier":
        return deployment.get("tier") == condition.limit
    percent = deployment.get("traffic_percent", "")
    return bool(_PERCENT.fullmatch(percent)) and int(percent) <= int(condition.limit)


def readable(condition: Condition) -> bool:
    """Whether a machine can check it: a whole number of per cent, or a tier with a name."""
    if condition.kind == "tier":
        return bool(condition.limit)
    return bool(_PERCENT.fullmatch(condition.limit))
