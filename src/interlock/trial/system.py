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
    """A system under judgement, identified by the digest of everything that can change its answers.

    What people call it is not part of it: a new name makes no new system, or
    whoever renames a baseline would have its whole alpha again. The manifest is
    a claim. A provider may serve something else behind a model's name; no
    digest can show that.

    Attributes:
        model: Weights digest or provider snapshot.
        parts: Everything else, sorted by name.
    """

    model: str
    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        names = [part.name for part in self.parts]
        if names != sorted(set(names)):
            raise InvalidRecordError("system", "parts must be sorted by name, each once")
        if not self.model:
            raise InvalidRecordError("system", "the model must be given")


@dataclass(frozen=True, kw_only=True, config=ConfigDict(extra="forbid", strict=True))
class SystemForm:
    """A system's manifest as people write it.

    Attributes:
        system: What people call it; no part of its identity.
        model: Weights digest or provider snapshot.
        parts: Everything else that can change its answers, by name.
    """

    system: Line
    model: Line
    parts: dict[Line, Line] = Field(default_factory=dict)


def load_system(text: str | bytes, *, file: str, name: str | None = None) -> System:
    """The system a manifest (YAML) describes.

    Args:
        text: The file.
        file: The name by which errors call it.
        name: What the manifest must call the system, if it must be that.

    Raises:
        CharterError: The file is no plain YAML, lacks something, or is of a
            system of another name; file, line and field say where.
    """
    source = read(text, file=file)
    form = validated(SystemForm, source)
    if name is not None and form.system != name:
        fault = f"the file is named {name} and calls its system {form.system!r}; give both one name"
        raise source.error(("system",), fault)
    parts = tuple(Part(name=each, version=form.parts[each]) for each in sorted(form.parts))
    return System(model=form.model, parts=parts)
