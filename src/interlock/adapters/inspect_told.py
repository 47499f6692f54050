"""What a closed log of a trial run in Inspect tells of each cell: answers, rulings, failures."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from interlock.adapters.archive import Archive
from interlock.adapters.inspect_json import Fields
from interlock.adapters.inspect_log import inspect_batches, packed
from interlock.errors import BadLogError
from interlock.trial import Account, Answer, Reading, Ruling

CALLS = "interlock.calls"
"""The entry of a sample's metadata that lists the answers of its system, in order."""
NOT_ASKED = "interlock: the judge was not heard"
"""What a score says in explanation where its judge gave nothing: it is to be asked again."""
STOPPED = "interlock: the trial stopped before this call"
"""What a sample's error says where its call was never begun."""
ANSWERED = "answered"
"""The score that every sample has that came to its end, so that no sound log is without scores."""

_PLAIN = re.compile(r"[\w.-]+")
_Key = tuple[str, int]


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a log tells of one item in one epoch.

    Attributes:
        item: The item.
        epoch: From 0.
        answers: The system's answers, in order; those before a failure are there.
        failure: Why the next call failed; empty where none did.
        stopped: Whether the next call was never begun.
        rulings: What judges said of the last answer, by metric.
    """

    item: str
    epoch: int
    answers: tuple[Answer, ...]
    failure: str = ""
    stopped: bool = False
    rulings: Mapping[str, Ruling] = field(default_factory=dict)


def score_names(metrics: Iterable[str]) -> dict[str, str]:
    """What the scores of metrics are called in a log, by metric: the metric where Inspect lets it.

    Inspect keeps of a name only what follows its last slash.
    """
    return {
        metric: metric
        if _PLAIN.fullmatch(metric) and metric != ANSWERED
        else f"{ANSWERED}-metric-{place}"
        for place, metric in enumerate(sorted(metrics))
    }


def read_told(path: Path, *, seal: str, metrics: Iterable[str]) -> tuple[Told, ...]:
    """Everything that a closed log tells; its rows come through the importer of logs.

    Args:
        path: The log (``.eval``).
        seal: The seal it must have been run for.
        metrics: The metrics that judges score.

    Raises:
        BadLogError: It is damaged, edited, of another seal, or contradicts itself.
        IncompleteRunError: Its run did not come to its end.
    """
    with Archive(path) as archive:
        samples = {_key(found): found for _, found in packed(archive, str(path))}
    if samples and all(found.get("error") for found in samples.values()):
        # Inspect closes a run without one sound sample without results, and no score is in it.
        rows: dict[_Key, dict[str, dict[str, Any]]] = {key: {} for key in samples}
    else:
        rows = _rows(path, seal)
    log = _Log(path, score_names(metrics))
    return tuple(log.told(key, samples[key], rows[key]) for key in rows)


def _rows(path: Path, seal: str) -> dict[_Key, dict[str, dict[str, Any]]]:
    """The importer's rows, by sample and score."""
    found: dict[_Key, dict[str, dict[str, Any]]] = {}
    for batch in inspect_batches(path, Reading(seal=seal), Account()):
        for row in batch.to_pylist():
            found.setdefault((row["item"], row["epoch"]), {})[row["metric"]] = row
    return found


def _key(found: Fields) -> _Key:
    return str(found["id"]), int(found["epoch"]) - 1


@dataclass(frozen=True)
class _Log:
    """One log, and what its scores are called."""

    path: Path
    names: Mapping[str, str]

    def told(self, key: _Key, found: Fields, rows: Mapping[str, Mapping[str, Any]]) -> Told:
        """What a sample and the importer's rows of it tell, once they agree."""
        answers = tuple(_answers(self.path, found))
        if (error := found.get("error")) is not None:
            said = str(error.get("message", "")) if isinstance(error, dict) else ""
            return Told(
                item=key[0],
                epoch=key[1],
                answers=answers,
                failure=said or "Inspect tells no reason",
                stopped=STOPPED in said,
            )
        completion = next(iter(rows.values()))["completion"] or ""
        if not answers or answers[-1].text != completion:
            reason = f"the answer of {key[0]!r} is another than its call gave; run it anew"
            raise BadLogError(str(self.path), "", reason)
        scores = found.get("scores") or {}
        rulings = {
            metric: Ruling(value=rows[name]["value"], reason=_explained(scores, name))
            for metric, name in self.names.items()
            if name in scores and _explained(scores, name) != NOT_ASKED
        }
        return Told(item=key[0], epoch=key[1], answers=answers, rulings=rulings)


def _explained(scores: Mapping[str, Any], name: str) -> str:
    return str(scores[name].get("explanation") or "")


def _answers(path: Path, found: Fields) -> Iterator[Answer]:
    """The answers that a sample's solver wrote down."""
    metadata = found.get("metadata")
    for call in (metadata if isinstance(metadata, dict) else {}).get(CALLS) or ():
        try:
            yield Answer(**call)
        except TypeError as error:
            reason = "its calls are not as Interlock writes them; run it anew"
            raise BadLogError(str(path), str(found.get("id")), reason) from error
