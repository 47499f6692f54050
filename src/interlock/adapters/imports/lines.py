"""Files of one JSON object a line, as tools write them while they run."""

from collections.abc import Iterator

from interlock.adapters.imports.source import Fields, Source
from interlock.adapters.inspect_json import parsed
from interlock.errors import BadLogError

LONGEST = 16 << 20
"""Bytes a line may have; a tool's closing summary of a large run takes some MiB."""


def objects(source: Source) -> Iterator[tuple[str, Fields]]:
    """Each line's object, with the line's name for errors; blank lines are none.

    A last line that was cut off, as by a kill, makes the run one that is not
    whole. NaN and Infinity are taken as numbers, no key may stand twice.

    Raises:
        BadLogError: A line is over 16 MiB, or no JSON object in UTF-8.
        IncompleteRunError: The last line is cut off, and that was not allowed.
    """
    for name, line in bare_lines(source):
        try:
            yield name, parsed(line, source.file, name)
        except BadLogError:
            if line.endswith(b"\n"):
                raise
            source.allow(f"{name}, its last, is cut off")


def bare_lines(source: Source) -> Iterator[tuple[str, bytes]]:
    """The lines as they stand, each with its name for errors.

    Raises:
        BadLogError: One is over 16 MiB.
    """
    with source.path.open("rb") as stream:
        number = 0
        while line := stream.readline(LONGEST + 1):
            number += 1
            if len(line) > LONGEST:
                reason = f"it is over {LONGEST >> 20} MiB; this is no file of that tool"
                raise source.refused(f"line {number}", reason)
            if line.strip():
                yield f"line {number}", line
