"""YAML as plain values that remember their lines, with nothing lenient about it."""

import math
import re
from dataclasses import dataclass

import yaml

from interlock.errors import CharterError
from interlock.ledger import Json

_MOST_BYTES = 1 << 20
_DEEPEST = 20
_LONGEST_NUMBER = 40
_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_TAG = "tag:yaml.org,2002:"


@dataclass(frozen=True, kw_only=True)
class Source:
    """One YAML document: its value, and where each part of it stands.

    Attributes:
        file: The name by which errors call the file.
        value: The whole document as plain JSON values.
        lines: Line of each part, by its path of keys and positions.
    """

    file: str
    value: Json
    lines: dict[tuple[str, ...], int]

    def error(self, path: tuple[str, ...], reason: str) -> CharterError:
        """The error that points at a path, or at the nearest part above it that exists."""
        found = path
        while found not in self.lines:
            found = found[:-1]
        return CharterError(self.file, self.lines[found], shown(path), reason)


def read(text: str | bytes, *, file: str) -> Source:
    """Read one YAML document.

    Only what JSON can say is accepted, once: no anchors, aliases, tags or merge
    keys, no second document, no key twice, no number that is not a plain
    decimal, no ``yes`` or ``no`` for a flag, at most 1 MiB and 20 levels.

    Raises:
        CharterError: Any of these, with the file and the line.
    """
    if len(text) > _MOST_BYTES:
        raise CharterError(file, 1, "", "the file is over 1 MiB; keep data out of it")
    try:
        decoded = text if isinstance(text, str) else text.decode("utf-8")
        _check_events(decoded, file)
        node = yaml.compose(decoded, Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise CharterError(file, line, "", "this is not UTF-8; save the file as UTF-8") from error
    except yaml.MarkedYAMLError as error:
        line = _line(error.problem_mark)
        raise CharterError(file, line, "", f"this is no YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise CharterError(file, 1, "", f"this is no YAML text: {error}") from error
    if node is None:
        raise CharterError(file, 1, "", "the file is empty")
    lines: dict[tuple[str, ...], int] = {}
    value = _plain(node, (), _Reader(file=file, lines=lines))
    return Source(file=file, value=value, lines=lines)


def shown(path: tuple[str, ...]) -> str:
    """A path as people write it: ``guards[0].margin``."""
    text = ""
    for part in path:
        if part.isdigit():
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text


@dataclass(frozen=True, kw_only=True)
class _Reader:
    """What a walk over the nodes carries along."""

    file: str
    lines: dict[tuple[str, ...], int]

    def refuse(self, node: yaml.Node, path: tuple[str, ...], reason: str) -> CharterError:
        return CharterError(self.file, node.start_mark.line + 1, shown(path), reason)


def _line(mark: object) -> int:
    """The line people count, from 1; the first where YAML names none."""
    return int(getattr(mark, "line", 0)) + 1


def _check_events(text: str, file: str) -> None:
    """Refuse, before anything is built, what could grow or hide when it is."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = _line(event.start_mark)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise CharterError(file, line, "", "anchors and aliases are refused; write it out")
        if tag := getattr(event, "tag", None):
            raise CharterError(file, line, "", f"the tag {tag} is refused; leave it out")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            raise CharterError(file, line, "", f"nested deeper than {_DEEPEST} levels")


def _plain(node: yaml.Node, path: tuple[str, ...], reader: _Reader) -> Json:
    """The node as a plain value; its lines are noted on the way."""
    reader.lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, reader)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(one, (*path, str(k)), reader) for k, one in enumerate(node.value)]
    return _scalar(node, path, reader)


def _mapping(node: yaml.MappingNode, path: tuple[str, ...], reader: _Reader) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.tag != f"{_TAG}str":
            raise reader.refuse(key, path, "a key must be plain text; put it in quotes")
        name = str(key.value)
        if name in found:
            raise reader.refuse(key, (*path, name), "stands twice; keep one of them")
        found[name] = _plain(value, (*path, name), reader)
        # The key's own line: a block value starts on the line below, where nobody looks.
        reader.lines[*path, name] = key.start_mark.line + 1
    return found


def _scalar(node: yaml.Node, path: tuple[str, ...], reader: _Reader) -> Json:
    text, tag = str(node.value), node.tag.removeprefix(_TAG)
    if tag in {"int", "float"}:
        if len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text) or math.isinf(float(text)):
            raise reader.refuse(
                node, path, f"{text} is no plain decimal number; write 0.001, or quote it as text"
            )
        return int(text) if tag == "int" else float(text)
    if tag == "bool":
        if text not in {"true", "false"}:
            raise reader.refuse(
                node, path, f"YAML reads {text} as a flag; write true or false, or quote it as text"
            )
        return text == "true"
    if tag == "null":
        raise reader.refuse(node, path, "is empty; give it a value or leave it out")
    return text
