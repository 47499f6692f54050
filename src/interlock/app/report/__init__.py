"""The whole of a workspace as one static site, for people without a terminal."""

from interlock.app.report.writing import Reported, report

__all__ = ["Reported", "report"]
