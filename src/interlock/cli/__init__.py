"""The command line: parse, call one action, print, choose the exit code."""

from interlock.cli.main import main

__all__ = ["main"]
