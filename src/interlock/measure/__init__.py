"""How we count: estimators with their uncertainty, and nothing else."""

from interlock.measure.estimate import Estimate

__all__ = ["Estimate"]
