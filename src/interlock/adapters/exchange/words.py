"""People's words and figures inside of other formats, without meaning more there than here."""

import re

from interlock.review import visible

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~^$&@!\"'])")


def one_line(text: str) -> str:
    """Text without line ends and outer blanks; a dash where nothing is left."""
    return " ".join(visible(text).split()) or "-"


def markup(text: str) -> str:
    """Text that a Markdown reader shows as it was written, and does not act upon."""
    return _MARKUP.sub(r"\\\1", visible(text).strip()) or "-"


def number(value: float) -> str:
    """A figure with ten digits, as any program reads it."""
    return f"{value:.10g}"
