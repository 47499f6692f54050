"""Systems: what exactly was run, so that evidence cannot drift from one release to another."""

from typing import Annotated, Literal, get_args

from pydantic import Field

from interlock.errors import InvalidRecordError
from interlock.ledger import record

Line = Annotated[str, Field(min_length=1, max_length=1000)]
Section = Literal["prompt", "decoding", "tools", "envelope", "retrieval", "classifiers"]
SECTIONS: tuple[Section, ...] = get_args(Section)
"""The parts that every product has: how they are called in a manifest and in a charter."""


@record("part/1")
class Part:
    """One part of a system that can change its behaviour.

    Attributes:
        name: What it is: ``system-prompt``, ``temperature``, ``guard``, ``corpus``.
        version: A digest where there is one, else the exact value or snapshot name.
    """

    name: str
    version: str


@record("system/1")
class System:
    """A system under judgement, identified by the digest of everything that can change its answers.

    What people call it is not part of it: a new name makes no new system, or
    whoever renames a baseline would have its whole alpha again. The manifest is
    a claim. A provider may serve something else behind a model's name; no
    digest can show that.

    Attributes:
        model: Weights digest or provider snapshot.
        parts: Parts of no declared kind, sorted by name.
    """

    model: str
    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        names = [part.name for part in self.parts]
        if names != sorted(set(names)):
            raise InvalidRecordError("system", "parts must be sorted by name, each once")
        if not self.model:
            raise InvalidRecordError("system", "the model must be given")


@record("component/1")
class Component:
    """One part of a system of a declared kind.

    Attributes:
        section: Its kind.
        name: Its name among parts of the kind; empty where the kind has but one.
        version: A digest where there is one, else the exact value or snapshot name.
    """

    section: Section
    name: str
    version: Line


@record("system/2")
class TypedSystem(System):
    """A system whose manifest says of what kind its parts are.

    A manifest that says nothing of kinds stays a `System` of the first version,
    so that what was decided on it keeps its digest.

    Attributes:
        components: Parts of a declared kind, sorted by kind and name.
        features: Features of the product that are on, sorted.
    """

    components: tuple[Component, ...]
    features: tuple[Line, ...]

    def __post_init__(self) -> None:
        names = [part.name for part in self.parts]
        keys = [(one.section, one.name) for one in self.components]
        if names != sorted(set(names)) or keys != sorted(set(keys)):
            raise InvalidRecordError("system", "parts must be sorted by name, each once")
        if list(self.features) != sorted(set(self.features)):
            raise InvalidRecordError("system", "features must be sorted, each once")
        if not self.model:
            raise InvalidRecordError("system", "the model must be given")
        if not self.components and not self.features:
            raise InvalidRecordError("system", "without kinds of parts it is of the first version")


def features_of(system: System) -> tuple[str, ...]:
    """The features of the product that a system has switched on, as its manifest says."""
    return system.features if isinstance(system, TypedSystem) else ()


def parts_of(system: System) -> dict[tuple[str, str], str]:
    """Everything that can change a system's answers, as version by (part, name).

    The part is what charters name: ``model``, a kind (``decoding``), ``features``,
    or the own name of a part of no declared kind, which then has no other.
    """
    found = {("model", ""): system.model}
    if isinstance(system, TypedSystem):
        found |= {(one.section, one.name): one.version for one in system.components}
        found |= {("features", feature): "on" for feature in system.features}
    for part in system.parts:
        # A part of no declared kind that is called as one must not hide it.
        taken = (part.name, "") in found
        found[part.name, part.name if taken else ""] = part.version
    return found
