"""What the summaries in an Inspect log say of its samples, held against the samples."""

from collections.abc import Iterator, Mapping
from typing import Any

from interlock.adapters.archive import MOST_BYTES, Archive
from interlock.adapters.inspect_json import heavy, loaded
from interlock.errors import BadLogError

_WHOLE, _PIECES = "summaries.json", "_journal/summaries/"

Told = tuple[str, str]


class Summaries:
    """The scores that a log tells of its samples a second time.

    Whoever drops or edits samples must now change these too. Of each sample
    one line is kept. Where the tool gathered them in one place only that place
    counts, since its journal may hold what a later run of a sample replaced. A
    part too large to be read at once is left unread.
    """

    def __init__(self, archive: Archive, file: str) -> None:
        """Read the summaries of an archive.

        Raises:
            BadLogError: They are damaged, or are no summaries.
        """
        self._file = file
        self._told: dict[tuple[str, str], Told] = {}
        for member, found in _read(archive, file):
            if not isinstance(found, dict) or "id" not in found:
                reason = "it holds something else than summaries of samples; export the log again"
                raise BadLogError(file, member, reason)
            self._told[_key(found)] = (member, _said(found))

    def check(self, sample: Mapping[str, Any], member: str) -> None:
        """Refuse a sample that its summary contradicts.

        Raises:
            BadLogError: Its scores, or whether it failed, are not those of its summary.
        """
        summary = self._told.pop(_key(sample), None) if self._told else None
        if summary is not None and summary[1] != _said(sample):
            reason = (
                f"its scores, or whether it failed, are not what {summary[0]} says of it; "
                "import the log as it was written"
            )
            raise BadLogError(self._file, member, reason)

    def check_spent(self) -> None:
        """Refuse a log without a sample that a summary tells of.

        Raises:
            BadLogError: A sample has a summary and is not there.
        """
        for (item, epoch), (member, _) in self._told.items():
            reason = (
                f"it tells of sample {item[:60]!r}, epoch {epoch[:20]}, which is not in the log; "
                "import the log as it was written"
            )
            raise BadLogError(self._file, member, reason)


def _read(archive: Archive, file: str) -> Iterator[tuple[str, object]]:
    names = [_WHOLE]
    if _WHOLE not in archive.members:
        names = [name for name in archive.members if name.startswith(_PIECES)]
        names.sort(key=lambda name: (len(name), name))
    for name in names:
        if archive.members[name].size > MOST_BYTES:
            continue
        data = archive.read(name)
        if heavy(data):
            continue
        found = loaded(data, file, name)
        for each in found if isinstance(found, list) else [None]:
            yield name, each


def _key(found: Mapping[str, Any]) -> tuple[str, str]:
    return f"{found.get('id')}", f"{found.get('epoch')}"


def _said(found: Mapping[str, Any]) -> str:
    """Whether a sample failed, and its scores, as one line."""
    scores = found.get("scores")
    worth = {
        name: _plain(score.get("value") if isinstance(score, dict) else None)
        for name, score in (scores if isinstance(scores, dict) else {}).items()
    }
    return f"{found.get('error') is not None} {sorted(worth.items())}"


def _plain(value: object) -> str:
    """A score as text, one level deep, which is as deep as it is read."""
    if isinstance(value, dict):
        return f"{sorted((key, _flat(each)) for key, each in value.items())}"
    return _flat(value)


def _flat(value: object) -> str:
    return type(value).__name__ if isinstance(value, list | dict) else repr(value)
