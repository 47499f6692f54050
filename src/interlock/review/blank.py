"""One blank: a thing that must be written before anyone can sign."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Blank:
    """One thing that must be written before anyone can sign.

    Attributes:
        field: Where it belongs, such as ``hazards[2].scenario``.
        reason: What is missing, and the way out.
    """

    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.field}: {self.reason}"


def unwritten(field: str, **texts: str) -> Iterator[Blank]:
    """A blank for each text below a field that says nothing."""
    for name, text in texts.items():
        if not text.strip():
            yield Blank(f"{field}.{name}" if field else name, "is empty; write it")


def empty(field: str, texts: tuple[str, ...], wanted: str) -> Iterator[Blank]:
    """A blank where a list of texts has none, or one that says nothing."""
    if not texts:
        yield Blank(field, f"is empty; {wanted}")
    for k, text in enumerate(texts):
        if not text.strip():
            yield Blank(f"{field}[{k}]", "is empty; write it, or take it out")


def unknown(named: str, what: str, known: Iterable[str]) -> str:
    """That something named is none of what there is, and what there is."""
    there = "; ".join(map(repr, known)) or "none"
    return f"{named!r} is no {what}; take it out, or name one of: {there}"


def twice(field: str, names: Iterable[str]) -> Iterator[Blank]:
    """A blank for each name that stands a second time."""
    seen = set[str]()
    for k, name in enumerate(names):
        if name and name in seen:
            yield Blank(field.format(k), f"{name!r} stands twice; keep one, or rename one")
        seen.add(name)
