"""Which tool wrote a file, told by what is in it and not only by its name."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from interlock.adapters.imports.garak import garak_batches
from interlock.adapters.imports.lm_eval import lm_eval_batches
from interlock.adapters.imports.promptfoo import promptfoo_batches
from interlock.adapters.imports.pyrit import pyrit_batches
from interlock.adapters.imports.pyrit_memory import MAGIC
from interlock.adapters.inspect_log import inspect_batches
from interlock.errors import BadLogError
from interlock.trial import Account, Reading

Reader = Callable[[Path, Reading, Account], Iterator[pa.RecordBatch]]

READERS: Mapping[str, Reader] = {
    "inspect": inspect_batches,
    "garak": garak_batches,
    "promptfoo": promptfoo_batches,
    "lm-eval": lm_eval_batches,
    "pyrit": pyrit_batches,
}
"""The readers of other tools' files, by the name of the tool."""

_HEAD = 1 << 20
_INSPECT = (".eval", ".json")
_FIRST_KEY = re.compile(rb'^\s*\{\s*"(\w+)"')
_BY_FIRST_KEY = {b"evalId": "promptfoo", b"entry_type": "garak", b"doc_id": "lm-eval"}
"""What tools write first, where the first line alone is no object, being damaged or one of many."""


def kind_of(path: Path) -> str:
    """The tool that wrote a file; empty where it is none known here, such as a table.

    Raises:
        BadLogError: It is a file from which no rate follows, or one that
            promptfoo writes besides its results.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if head.startswith(MAGIC):
        return "pyrit"
    if path.suffix.lower() == ".eval":
        return "inspect"
    first = _first(head)
    kind = _of_line(path, first)
    if not kind and (named := _FIRST_KEY.match(head)):
        kind = _BY_FIRST_KEY.get(named[1], "")
    return kind or ("inspect" if path.suffix.lower() in _INSPECT else "")


def _first(head: bytes) -> Mapping[str, Any]:
    """The first line, where it is an object of JSON."""
    line = head.lstrip().split(b"\n", 1)[0]
    try:
        found: object = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _of_line(path: Path, first: Mapping[str, Any]) -> str:
    if "entry_type" in first or {"attempt_id", "detector"} <= first.keys():
        return "garak"
    if {"doc_id", "doc_hash", "filter"} <= first.keys():
        return "lm-eval"
    if "evalId" in first or {"results", "config"} <= first.keys():
        return "promptfoo"
    if {"promptIdx", "testIdx"} <= first.keys():
        reason = "it is promptfoo's list of results, without its counts; export it as results.json"
        raise BadLogError(str(path), "", reason)
    return ""
