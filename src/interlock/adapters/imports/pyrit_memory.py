"""The database in which PyRIT keeps what it did, opened so that nothing of it can change."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from interlock.adapters.imports.source import Fields, Source, fields_of

MAGIC = b"SQLite format 3\x00"
_LONGEST = 16 << 20
_LOGS = ("-wal", "-journal")
_NEEDED = {
    "AttackResultEntries": (
        "id",
        "conversation_id",
        "objective",
        "objective_sha256",
        "outcome",
        "timestamp",
        "atomic_attack_identifier",
        "labels",
        "last_response_id",
        "attribution_parent_id",
        "execution_time_ms",
        "pyrit_version",
    ),
    "ScoreEntries": (
        "id",
        "score_value",
        "score_type",
        "score_category",
        "status",
        "scorer_class_identifier",
        "prompt_request_response_id",
    ),
    "PromptMemoryEntries": ("id", "converted_value"),
    "Conversations": ("conversation_id", "target_identifier"),
}
_ATTACKS = """
SELECT a.id, a.objective, a.objective_sha256, a.outcome, a.atomic_attack_identifier, a.labels,
       a.last_response_id, a.execution_time_ms, a.pyrit_version, c.target_identifier,
       p.converted_value
FROM AttackResultEntries AS a
LEFT JOIN Conversations AS c ON c.conversation_id = a.conversation_id
LEFT JOIN PromptMemoryEntries AS p ON p.id = a.last_response_id
ORDER BY a.timestamp, a.id
"""
_SCORES = """
SELECT prompt_request_response_id, score_value, score_type, score_category, status,
       scorer_class_identifier
FROM ScoreEntries
WHERE prompt_request_response_id IN (SELECT last_response_id FROM AttackResultEntries)
ORDER BY timestamp, id
"""
_HALTED = """
SELECT s.scenario_run_state, count(*) FROM ScenarioResultEntries AS s
WHERE s.id IN (SELECT attribution_parent_id FROM AttackResultEntries)
AND s.scenario_run_state <> 'COMPLETED' GROUP BY 1 ORDER BY 1
"""


class Scorer(NamedTuple):
    """Who scored.

    Attributes:
        name: Its class.
        kind: ``model`` where another model is asked, else ``rule``.
        digest: PyRIT's own hash of how it is set up.
    """

    name: str
    kind: str
    digest: str


class Score(NamedTuple):
    """One score of an answer.

    Attributes:
        name: The scorer's class, and the category it scores.
        scorer: Who scored.
        value: Text of a number or of a truth; None where it was left undetermined.
    """

    name: str
    scorer: Scorer
    value: object


class Attack(NamedTuple):
    """One attack and its outcome.

    Attributes:
        member: The row of the database, for errors.
        item: SHA-256 of the objective.
        objective: What was to be reached.
        outcome: ``success``, ``failure``, ``error`` or ``undetermined``.
        target: What was attacked; empty where the row does not say.
        technique: The attack's class; empty where the row does not say.
        scorer: Who says whether the objective was reached, if anybody.
        labels: The labels of the run.
        response: The id of the last answer.
        answer: Its text.
        latency_ms: Milliseconds of the whole attack.
        version: PyRIT's.
    """

    member: str
    item: str
    objective: str
    outcome: str
    target: str
    technique: str
    scorer: Scorer | None
    labels: Fields
    response: object
    answer: str | None
    latency_ms: object
    version: str


@dataclass(frozen=True)
class Memory:
    """A memory that is open."""

    source: Source
    _database: sqlite3.Connection

    @classmethod
    @contextmanager
    def open(cls, source: Source) -> "Iterator[Memory]":
        """Open a memory to be read, and only read.

        Raises:
            BadLogError: It is no memory of PyRIT 1.1, is damaged, or is still
                written to.
        """
        for suffix in _LOGS:
            log = source.path.with_name(source.path.name + suffix)
            if log.is_file() and log.stat().st_size:
                raise source.refused(
                    log.name,
                    "it holds what the database has not taken in yet; end PyRIT, and let "
                    f"`sqlite3 {source.path.name} 'PRAGMA wal_checkpoint(TRUNCATE)'` take it in",
                )
        uri = f"{source.path.resolve().as_uri()}?mode=ro&immutable=1"
        try:
            with closing(sqlite3.connect(uri, uri=True)) as database:
                database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
                database.execute("PRAGMA trusted_schema = OFF")
                database.execute("PRAGMA cell_size_check = ON")
                memory = cls(source, database)
                memory._check_tables()
                yield memory
        except (sqlite3.Error, UnicodeDecodeError) as error:
            reason = (
                f"it cannot be read as a database ({error}); copy it again while PyRIT is ended"
            )
            raise source.refused("", reason) from error

    def attacks(self) -> Iterator[Attack]:
        """Every attack, in the order of time.

        Raises:
            BadLogError: A row is not what PyRIT writes, or was edited.
        """
        for k, row in enumerate(self._database.execute(_ATTACKS)):
            yield self._attack(row, f"AttackResultEntries row {k + 1}")

    def scores(self) -> dict[object, list[Score]]:
        """The scores of the attacks' last answers, by the answer's id, in the order of time.

        Raises:
            BadLogError: A row is not what PyRIT writes.
        """
        made: dict[object, list[Score]] = {}
        for k, (answer, value, kind, category, status, scorer) in enumerate(
            self._database.execute(_SCORES)
        ):
            member = f"ScoreEntries row {k + 1}"
            who = self._scorer(self._json(scorer, member))
            if who is None:
                raise self.source.refused(member, "it names no scorer; use PyRIT 1.1")
            named = self._json(category, member)
            categories = [str(one) for one in named] if isinstance(named, list) else []
            name = self.source.fit("/".join([who.name, *categories]), "score", member)
            found = _value(value, kind) if status == "complete" else None
            made.setdefault(answer, []).append(Score(name, who, found))
        return made

    def halted(self) -> str:
        """What became of scenarios that did not end; empty where all did."""
        if not self._has_table("ScenarioResultEntries"):
            return ""
        return ", ".join(f"{n} {state}" for state, n in self._database.execute(_HALTED))

    def _check_tables(self) -> None:
        for table, columns in _NEEDED.items():
            found = {row[1] for row in self._database.execute(f"PRAGMA table_info({table})")}
            lacking = [name for name in columns if name not in found]
            if lacking or not self._has_table(table):
                reason = f"it has no table {table} with {', '.join(lacking or columns)}"
                raise self.source.refused("", f"{reason}; it is no memory of PyRIT 1.1")

    def _has_table(self, name: str) -> bool:
        asked = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
        return self._database.execute(asked, (name,)).fetchone() is not None

    def _attack(self, row: tuple[Any, ...], member: str) -> Attack:
        (_, objective, digest, outcome, identifier, labels, response, latency, version, *rest) = row
        if not isinstance(objective, str) or not isinstance(outcome, str):
            raise self.source.refused(member, "its objective or its outcome is no text")
        computed = hashlib.sha256(objective.encode()).hexdigest()
        if digest not in {None, computed}:
            reason = "its objective is not the one it was hashed with; import it as PyRIT wrote it"
            raise self.source.refused(member, reason)
        technique = self._technique(self._json(identifier, member))
        children = fields_of(technique.get("children"))
        target, answer = rest
        return Attack(
            member=member,
            item=computed,
            objective=objective,
            outcome=outcome,
            target=_target(self._json(target, member) or children.get("objective_target")),
            technique=_class(technique),
            scorer=self._scorer(children.get("objective_scorer")),
            labels=fields_of(self._json(labels, member)),
            response=response,
            answer=answer if isinstance(answer, str) else None,
            latency_ms=latency,
            version=str(version or ""),
        )

    def _technique(self, identifier: object) -> Fields:
        """The attack within an atomic attack's identifier."""
        found = fields_of(identifier)
        for name in ("attack_technique", "attack"):
            found = fields_of(fields_of(found.get("children")).get(name)) or found
        return found

    def _scorer(self, found: object) -> Scorer | None:
        told = fields_of(found)
        name = _class(told)
        if not name:
            return None
        asks = name.startswith("SelfAsk") or _asks_model(told)
        return Scorer(name, "model" if asks else "rule", str(told.get("hash") or ""))

    def _json(self, text: object, member: str) -> object:
        if text is None:
            return None
        try:
            found: object = json.loads(text) if isinstance(text, str) else 0
            json.dumps(found, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as error:
            raise self.source.refused(member, f"a column of it is no JSON ({error})") from error
        return found


def _asks_model(scorer: Fields) -> bool:
    """Whether a scorer, or one that it is made of, asks a model."""
    children = fields_of(scorer.get("children"))
    if any(name in children for name in ("prompt_target", "chat_target")):
        return True
    inner = [
        one for each in children.values() for one in (each if isinstance(each, list) else [each])
    ]
    return any(
        _class(fields_of(one)).startswith("SelfAsk") or _asks_model(fields_of(one)) for one in inner
    )


def _class(found: Fields) -> str:
    name = found.get("class_name")
    return name if isinstance(name, str) else ""


def _target(found: object) -> str:
    """What was attacked: its class, its model and the beginning of PyRIT's hash of it."""
    told = fields_of(found)
    parts = (_class(told), told.get("model_name"), str(told.get("hash") or "")[:8])
    return " ".join(one for one in parts if isinstance(one, str) and one)


def _value(value: object, kind: object) -> object:
    """A score's text as a number or a truth; PyRIT writes both as text."""
    if not isinstance(value, str):
        return None
    if kind == "true_false":
        return {"true": True, "false": False}.get(value.lower())
    try:
        return float(value)
    except ValueError:
        return value
