"""Systems: what exactly was run, so that evidence cannot drift from one release to another."""

from typing import Annotated

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from interlock.charter import read, validated
from interlock.errors import InvalidRecordError
from interlock.ledger import record

Line = Annotated[str, Field(min_length=1, max_length=1000)]


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
    """A system under judgement, named by the digest of everything that can change its answers.

    The manifest is a claim. A provider may serve something else behind a name;
    no digest can show that.

    Attributes:
        name: What people call it; part of the digest all the same.
        model: Weights digest or provider snapshot.
        parts: Everything else, sorted by name.
    """

    name: str
    model: str
    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        names = [part.name for part in self.parts]
        if names != sorted(set(names)):
            raise InvalidRecordError("system", "parts must be sorted by name, each once")
        if not self.name or not self.model:
            raise InvalidRecordError("system", "name and model must be given")


@dataclass(frozen=True, kw_only=True, config=ConfigDict(extra="forbid", strict=True))
class SystemForm:
    """A system's manifest as people write it.

    Attributes:
        system: Its name.
        model: Weights digest or provider snapshot.
        parts: Everything else that can change its answers, by name.
    """

    system: Line
    model: Line
    parts: dict[Line, Line] = Field(default_factory=dict)


def load_system(text: str | bytes, *, file: str) -> System:
    """The system a manifest (YAML) describes.

    Raises:
        CharterError: The file is no plain YAML or lacks something; file, line
            and field say where.
    """
    form = validated(SystemForm, read(text, file=file))
    parts = tuple(Part(name=name, version=form.parts[name]) for name in sorted(form.parts))
    return System(name=form.system, model=form.model, parts=parts)
