"""Bounds under many samples at once, for planning and for proofs."""

from interlock.measure.simulation.simulated import (
    means_bounded_under,
    means_followed_under,
    rates_followed_under,
    ratios_bounded_under,
    ratios_followed_under,
)

__all__ = [
    "means_bounded_under",
    "means_followed_under",
    "rates_followed_under",
    "ratios_bounded_under",
    "ratios_followed_under",
]
