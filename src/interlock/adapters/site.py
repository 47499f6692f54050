"""A folder of pages that is written whole or not at all, and knows its own files."""

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from interlock.errors import NotAReportError

MANIFEST = "interlock-report.json"
_FORMAT = "interlock-report/1"

Tell = Callable[[str], None]

_TOLD_EVERY = 200


def publish(pages: Iterable[tuple[str, bytes]], out: Path, *, tell: Tell) -> int:
    """Write pages into a folder, in place of the report that was there.

    They are written beside it first: whoever looks sees the old report, the
    new one, or for a moment none, and never half of one.

    Args:
        pages: Each page's place in the folder, and its content.
        out: The folder. It is new, empty, or holds a report and nothing else.
        tell: Says how far it has come.

    Returns:
        How many pages there are.

    Raises:
        NotAReportError: The folder holds something that no report put there.
    """
    out = out.resolve()
    check_place(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    aside = out.with_name(f".{out.name}.{secrets.token_hex(8)}")
    aside.mkdir()
    try:
        written = _write(pages, aside, tell)
        _take_place(aside, out)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return written


def check_place(out: Path) -> None:
    """Return only if a report may be written here.

    Raises:
        NotAReportError: The folder holds something that no report put there,
            or is no folder.
    """
    if not out.exists():
        return
    if not out.is_dir():
        raise NotAReportError(str(out), "it is a file")
    found = {each.relative_to(out).as_posix() for each in out.rglob("*") if not each.is_dir()}
    foreign = sorted(found - {MANIFEST, *_files(out)})
    if foreign:
        raise NotAReportError(str(out), f"no report put {foreign[0]} there")


def _files(out: Path) -> set[str]:
    """The files that a report in this folder says are its own."""
    try:
        said = json.loads((out / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return set()
    if not isinstance(said, dict) or said.get("format") != _FORMAT:
        return set()
    files = said.get("files")
    return set(files) if isinstance(files, dict) else set()


def _write(pages: Iterable[tuple[str, bytes]], folder: Path, tell: Tell) -> int:
    digests: dict[str, str] = {}
    for name, data in pages:
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        digests[name] = hashlib.sha256(data).hexdigest()
        if len(digests) % _TOLD_EVERY == 0:
            tell(f"{len(digests):,} pages written")
    said = {"format": _FORMAT, "files": dict(sorted(digests.items()))}
    text = json.dumps(said, ensure_ascii=False, indent=1) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    return len(digests)


def _take_place(new: Path, out: Path) -> None:
    if not out.exists():
        os.replace(new, out)
        return
    old = out.with_name(f".{out.name}.{secrets.token_hex(8)}")
    os.replace(out, old)
    os.replace(new, out)
    shutil.rmtree(old)
