"""What Interlock brings to people who run Inspect: a task limited to what a seal drew."""

import json
from pathlib import Path
from typing import Any

from inspect_ai import Task, task, task_with
from inspect_ai.dataset import MemoryDataset, Sample

from interlock.adapters.inspect_header import SEAL
from interlock.errors import BadDrawError


def sealed(asked: Task, draw: str | Path) -> Task:
    """A task limited to the items that a seal drew, in their sealed order, and marked with it.

    Whatever Inspect does with it later, limit, shuffle or fail, the log is held
    against the seal row for row when it is imported.

    Args:
        asked: The task; every sample of its dataset has an id of its own.
        draw: What ``interlock hypothesis draw SEAL --json`` wrote.

    Raises:
        BadDrawError: The file is none, or the dataset lacks an item of it.
    """
    seal, items = _read(Path(draw))
    samples: dict[str, Sample] = {str(one.id): one for one in asked.dataset if one.id is not None}
    absent = [item for item in items if item not in samples]
    if absent:
        reason = (
            f"the dataset has no sample {absent[0]!r}, nor {len(absent) - 1} others that were "
            "drawn; give its samples the ids that the bank lists"
        )
        raise BadDrawError(str(draw), reason)
    return task_with(
        asked,
        dataset=MemoryDataset([samples[item] for item in items], name=asked.dataset.name),
        name=asked.name,
        metadata={**(asked.metadata or {}), SEAL: seal},
    )


@task(name="sealed")
def sealed_task(asked: str, draw: str) -> Task:
    """Another task, limited to what a seal drew: ``inspect eval interlock/sealed -T asked=...``.

    Args:
        asked: The task as Inspect names it: ``FILE.py@NAME`` or ``PACKAGE/NAME``.
        draw: What ``interlock hypothesis draw SEAL --json`` wrote.

    Raises:
        BadDrawError: As for `sealed`; or the name is that of no task, or of several.
    """
    # No part of what Inspect publishes; the version that has it is pinned by the extra.
    from inspect_ai._eval.loader import load_tasks  # noqa: PLC0415

    found = load_tasks([asked])
    if len(found) != 1:
        reason = f"{asked} names {len(found)} tasks; name one as FILE.py@NAME"
        raise BadDrawError(draw, reason)
    return sealed(found[0], draw)


def _read(path: Path) -> tuple[str, list[str]]:
    """The seal and the drawn items of a file."""
    try:
        found: Any = json.loads(path.read_text(encoding="utf-8"))
        seal, items = found["seal"], [one["item"] for one in found["items"]]
    except OSError as error:
        raise BadDrawError(str(path), f"it cannot be read ({error.strerror})") from error
    except (ValueError, KeyError, TypeError) as error:
        reason = "it is no draw; write it with `interlock hypothesis draw SEAL --json`"
        raise BadDrawError(str(path), reason) from error
    if not isinstance(seal, str) or not items:
        reason = "it names no seal or no items; write it with `interlock hypothesis draw`"
        raise BadDrawError(str(path), reason)
    return seal, [str(item) for item in items]
