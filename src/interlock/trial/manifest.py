"""Manifests: a system as people write it down, with the files whose digests are its parts."""

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from interlock.charter import Source, read, validated
from interlock.errors import PartFileError, StrictJsonError
from interlock.ledger import canonical
from interlock.trial.system import SECTIONS, Component, Line, Part, Section, System, TypedSystem

DigestOf = Callable[[str], str]
"""From a file's path, relative to the manifest, to the SHA-256 of its content, hex."""

Path = tuple[str, ...]

_LONGEST = 1000
_STRICT = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class SystemForm:
    """A system's manifest as people write it.

    What a part may be is seen later (see `load_system`), so that a fault in it
    is told in one sentence and not once for each thing it could have been.

    Attributes:
        system: What people call it; no part of its identity.
        model: Weights digest or provider snapshot.
        prompt: The system prompt.
        decoding: Temperature and whatever else steers decoding.
        tools: What it may call.
        envelope: The limits it is served within.
        retrieval: What it may look things up in.
        classifiers: What screens requests and answers.
        features: Features of the product that are on.
        parts: Everything else that can change its answers, by name.
    """

    system: Line
    model: Any
    prompt: Any = None
    decoding: Any = None
    tools: Any = None
    envelope: Any = None
    retrieval: Any = None
    classifiers: Any = None
    features: tuple[Line, ...] = ()
    parts: dict[Line, Any] = Field(default_factory=dict)


def load_system(
    text: str | bytes, *, file: str, name: str | None = None, digest_of: DigestOf | None = None
) -> System:
    """The system a manifest (YAML) describes.

    A part is a value (``tools: none``), a file (``prompt: {file: prompt.txt}``),
    whose SHA-256 is taken, or several of these by name (``decoding:
    {temperature: 0.7}``).

    Args:
        text: The file.
        file: The name by which errors call it.
        name: What the manifest must call the system, if it must be that.
        digest_of: How the files it names are read; without it, none may be named.

    Raises:
        CharterError: The file is no plain YAML, lacks something, names a file
            that cannot be a part, or is of a system of another name; file,
            line and field say where.
    """
    source = read(text, file=file)
    form = validated(SystemForm, source)
    if name is not None and form.system != name:
        fault = f"the file is named {name} and calls its system {form.system!r}; give both one name"
        raise source.error(("system",), fault)
    for each in SECTIONS:
        if each in form.parts and getattr(form, each) is not None:
            raise source.error(("parts", each), f"{each} has a key of its own; write it there")
    if len(set(form.features)) < len(form.features):
        raise source.error(("features",), "a feature stands twice; keep one of them")
    reader = _Reader(source, digest_of)
    model = reader.version(form.model, ("model",))
    parts = tuple(
        Part(name=each, version=reader.version(form.parts[each], ("parts", each)))
        for each in sorted(form.parts)
    )
    components = tuple(one for each in sorted(SECTIONS) for one in reader.components(form, each))
    if not components and not form.features:
        return System(model=model, parts=parts)
    features = tuple(sorted(form.features))
    return TypedSystem(model=model, parts=parts, components=components, features=features)


@dataclasses.dataclass(frozen=True)
class _Reader:
    """Versions as text, files among them by their digest."""

    source: Source
    digest_of: DigestOf | None

    def components(self, form: SystemForm, section: Section) -> Iterator[Component]:
        """The parts of one kind, sorted by name."""
        stated = getattr(form, section)
        if stated is None:
            return
        if stated == {}:
            raise self.source.error((section,), "nothing stands in it; name a part or leave it out")
        several = isinstance(stated, dict) and set(stated) != {"file"}
        named = stated if several else {"": stated}
        for name in sorted(named):
            path = (section, name) if name else (section,)
            version = self.version(named[name], path)
            yield Component(section=section, name=name, version=version)

    def version(self, stated: object, path: Path) -> str:
        """One version as text: numbers in their one canonical spelling, files by digest."""
        match stated:
            case str() if 0 < len(stated) <= _LONGEST:
                return stated
            case bool() | int() | float():
                return self._number(stated, path)
            case {"file": str(name), **rest} if not rest:
                return self._file(name, (*path, "file"))
            case _:
                fault = (
                    f"must be a text of 1 to {_LONGEST} characters, a number, true or false, "
                    "or {file: NAME}"
                )
                raise self.source.error(path, fault)

    def _number(self, stated: float, path: Path) -> str:
        try:
            return canonical(stated).decode()
        except StrictJsonError as error:
            fault = f"{stated} has no one spelling as a number; put it in quotes"
            raise self.source.error(path, fault) from error

    def _file(self, name: str, path: Path) -> str:
        if self.digest_of is None:
            fault = "a file is no part here, where nothing else than the manifest is read"
            raise self.source.error(path, fault)
        try:
            return f"sha256:{self.digest_of(name)}"
        except PartFileError as error:
            raise self.source.error(path, str(error)) from error
