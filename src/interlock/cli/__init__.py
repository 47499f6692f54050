"""The command line: parse, call one action, print, choose the exit code."""
