"""Figures over time, over classes and over bins, drawn with their uncertainty."""

from interlock.review.pictures.measured import (
    CurvePoint,
    Panel,
    curve_plot,
    panels_plot,
)
from interlock.review.pictures.trend_plot import (
    Trend,
    grid_plot,
    trend_plot,
)

__all__ = [
    "CurvePoint",
    "Panel",
    "Trend",
    "curve_plot",
    "grid_plot",
    "panels_plot",
    "trend_plot",
]
