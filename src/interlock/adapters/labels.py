"""The labelling queue on disk: what was acknowledged survives a crash, what was altered is seen."""

import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from interlock.adapters.damage import readable
from interlock.errors import ValueOutOfRangeError
from interlock.ledger import Signer, base64_text, key_id, strict_base64, verified
from interlock.trial.judges import (
    SHARE,
    YES_OR_NO,
    LabelRow,
    LabelScale,
    LabelTask,
    Said,
    blind_name,
    scale_stated,
    turn_of,
    wanted,
)

_TABLES = """
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS task (
    name TEXT PRIMARY KEY, seal TEXT NOT NULL, system TEXT NOT NULL, item TEXT NOT NULL,
    epoch INTEGER NOT NULL, metric TEXT NOT NULL, prompt_ref TEXT NOT NULL,
    completion_ref TEXT NOT NULL, intent_ref TEXT NOT NULL, wanted INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS task_of_seal ON task (seal);
CREATE TABLE IF NOT EXISTS scale (
    seal TEXT NOT NULL, metric TEXT NOT NULL, stated TEXT NOT NULL, PRIMARY KEY (seal, metric)
);
CREATE TABLE IF NOT EXISTS signed (
    number INTEGER PRIMARY KEY AUTOINCREMENT, task TEXT NOT NULL REFERENCES task (name),
    rater TEXT NOT NULL, value REAL, time TEXT NOT NULL, key TEXT NOT NULL,
    signature TEXT NOT NULL, undone INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX IF NOT EXISTS signed_once ON signed (task, rater) WHERE undone = 0;
"""
# A NULL value is a skip: it leaves the task to others. A metric without a scale is yes or no.


Pair = tuple[str, float, float]
"""An item, and the first two labels of an answer to it."""

KeyOf = Callable[[str, str], bytes | None]
"""The key with which a person signs labels under a seal; None where they may give none."""


@dataclass(frozen=True, kw_only=True)
class Queued:
    """A task as a rater gets it.

    Attributes:
        name: Its blind name.
        task: The task; its arm is not to be shown.
        scale: What may be said of it.
        done: How many tasks this rater has labelled or skipped.
        left: How many are open to this rater, this one among them.
    """

    name: str
    task: LabelTask
    scale: LabelScale
    done: int
    left: int


@dataclass(frozen=True, kw_only=True)
class Given:
    """One label as it was given: by whom, to what.

    Attributes:
        name: The task's blind name.
        rater: Who labelled.
        value: In the metric's unit, 1 for yes and 0 for no; None where it was skipped.
    """

    name: str
    rater: str
    value: float | None


class LabelStore:
    """Tasks and labels in one SQLite file; every call is a transaction that is on disk at its end.

    Several raters may work at once, each in a process of their own. A label
    counts only while its rater's signature over it holds; one that was written
    or changed by other means is as good as absent, and is counted.
    """

    def __init__(self, path: Path, key_of: KeyOf) -> None:
        """Open the queue in a file, made at the first use, for labels of certain keys."""
        self._path, self._key_of = path, key_of

    def enqueue(
        self,
        tasks: Iterable[LabelTask],
        *,
        scales: Mapping[tuple[str, str], LabelScale] | None = None,
        share: float = SHARE,
    ) -> int:
        """Put tasks in the queue; those that are there already stay as they are.

        Args:
            tasks: What is to be labelled.
            scales: What may be said, by seal and metric; yes or no where nothing is
                stated. What was stated first holds.
            share: The share of tasks that two people label.

        Returns:
            How many were new.

        Raises:
            ValueOutOfRangeError: ``share`` is outside [0, 1].
        """
        with self._database() as database:
            salt = _salt(database)
            rows = [
                (
                    blind_name(task, salt=salt),
                    *task.place,
                    task.prompt_ref,
                    task.completion_ref,
                    task.intent_ref,
                    wanted(task, share=share),
                )
                for task in tasks
            ]
            database.executemany(
                "INSERT OR IGNORE INTO scale VALUES (?, ?, ?)",
                [(*place, scale.stated()) for place, scale in (scales or {}).items()],
            )
            before = database.total_changes
            database.executemany(
                "INSERT OR IGNORE INTO task VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows
            )
            return database.total_changes - before

    def seals(self) -> tuple[str, ...]:
        """The seals that have tasks, sorted."""
        with self._database() as database:
            found = database.execute("SELECT DISTINCT seal FROM task ORDER BY seal").fetchall()
        return tuple(str(seal) for (seal,) in found)

    def open_count(self, seal: str) -> int:
        """How many tasks of a seal are not settled yet."""
        return sum(row.value is None for row in self.labels_of(seal))

    def labels_of(self, seal: str) -> tuple[LabelRow, ...]:
        """What people came to on each task of a seal, sorted by system, metric, item and epoch."""
        with self._database() as database:
            rows = self._standings(database, seal)
        made = [
            LabelRow(
                system=one.task.system,
                item=one.task.item,
                epoch=one.task.epoch,
                metric=one.task.metric,
                value=one.value,
                raters=tuple(rater for rater, _ in one.labels),
                doubted=one.doubted,
            )
            for one in rows
        ]
        return tuple(sorted(made, key=lambda row: (row.system, row.metric, row.item, row.epoch)))

    def next(self, rater: str, *, seal: str = "") -> Queued | None:
        """The task that comes next in a rater's own order; None where nothing is open to them.

        Args:
            rater: Who labels. Nobody gets a task twice.
            seal: The seal whose tasks are labelled; all where empty.
        """
        return next(iter(self.open_to(rater, seal=seal)), None)

    def open_to(self, rater: str, *, seal: str = "") -> tuple[Queued, ...]:
        """All that is open to a rater, in their own order."""
        with self._database() as database:
            salt, rows = _salt(database), self._standings(database, seal)
        mine = [one for one in rows if self._open(one, rater)]
        mine.sort(key=lambda one: turn_of(one.name, rater=rater, salt=salt))
        done = sum(rater in one.said for one in rows)
        return tuple(
            Queued(name=one.name, task=one.task, scale=one.scale, done=done + k, left=len(mine) - k)
            for k, one in enumerate(mine)
        )

    def give(self, given: Given, *, signer: Signer, time: str) -> bool:
        """Sign a label or a skip, and keep it.

        Args:
            given: The label.
            signer: The rater's key.
            time: Now, as the signature is to say it.

        Returns:
            Whether it was kept: not where the task is unknown or settled, or this
            rater has labelled or skipped it, or may not label it with this key.

        Raises:
            ValueOutOfRangeError: The value is none of the task's scale.
        """
        with self._database() as database:
            rows = self._standings(database, "", name=given.name)
            if not rows or not self._open(rows[0], given.rater):
                return False
            one, value = rows[0], None if given.value is None else float(given.value)
            if signer.public_key != self._key_of(given.rater, one.task.seal):
                return False
            if value is not None and not one.scale.has(value):
                raise ValueOutOfRangeError("label", value, (one.scale.low, one.scale.high))
            key = key_id(signer.public_key)
            signature = signer.sign(one.said_by(given.rater, value, time=time).signed_bytes())
            # What stands under this name and does not hold must not keep its owner from labelling.
            database.execute(
                "UPDATE signed SET undone = 1 WHERE task = ? AND rater = ? AND undone = 0",
                (given.name, given.rater),
            )
            database.execute(
                "INSERT INTO signed (task, rater, value, time, key, signature)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (given.name, given.rater, value, time, key, base64_text(signature)),
            )
        return True

    def undo(self, rater: str, *, seal: str = "") -> Given | None:
        """Take back a rater's last label or skip; None where there is none.

        It stays in the file as taken back; the task is open to the rater again.
        """
        with self._database() as database:
            found = database.execute(
                "SELECT number, task, value FROM signed JOIN task ON task.name = signed.task"
                " WHERE rater = ? AND undone = 0 AND ? IN ('', seal) ORDER BY number DESC LIMIT 1",
                (rater, seal),
            ).fetchone()
            if found is None:
                return None
            database.execute("UPDATE signed SET undone = 1 WHERE number = ?", (found[0],))
        return Given(name=found[1], rater=rater, value=found[2])

    def names(self, seal: str = "") -> dict[str, LabelScale]:
        """The blind names of all tasks of a seal, or of all seals, and what may be said of each."""
        with self._database() as database:
            return {one.name: one.scale for one in self._standings(database, seal)}

    def given_by(self, rater: str) -> dict[str, float | None]:
        """What a rater labelled or skipped and did not take back, by blind name."""
        with self._database() as database:
            rows = self._standings(database, "")
        return {one.name: one.said[rater] for one in rows if rater in one.said}

    def pairs(self, seal: str = "") -> dict[str, tuple[LabelScale, list[Pair]]]:
        """The first two labels of every task that two people labelled, by metric, with its scale.

        A metric of several seals has the scale of the first of them.
        """
        with self._database() as database:
            rows = self._standings(database, seal)
        found: dict[str, tuple[LabelScale, list[Pair]]] = {}
        for one in rows:
            _, pairs = found.setdefault(one.task.metric, (one.scale, []))
            if len(one.labels) >= 2:
                pairs.append((one.task.item, one.labels[0][1], one.labels[1][1]))
        return dict(sorted(found.items()))

    def _open(self, one: "_Standing", rater: str) -> bool:
        """Whether a rater may label a task, has not, and others have not settled it."""
        allowed = self._key_of(rater, one.task.seal) is not None
        return allowed and one.value is None and rater not in one.said

    def _standings(
        self, database: sqlite3.Connection, seal: str, *, name: str = ""
    ) -> "list[_Standing]":
        """Tasks with what was said of each under a signature that holds."""
        found = {one.name: one for one in _tasks(database, seal, name)}
        for task, rater, value, time, key, signature in database.execute(
            "SELECT task, rater, value, time, key, signature FROM signed WHERE undone = 0"
            " AND ? IN ('', task) ORDER BY number",
            (name,),
        ):
            one = found.get(task)
            if one is None:
                continue
            raw = self._key_of(rater, one.task.seal)
            signed = one.said_by(rater, value, time=time).signed_bytes()
            if raw is not None and key_id(raw) == key and _holds(raw, str(signature), signed):
                one.said[rater] = value
            else:
                one.doubted += 1
        return list(found.values())

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        """One transaction, alone: committed and on disk at its end, or without effect."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.touch(mode=0o600)
        with (
            readable(self._path, lost="what people labelled"),
            closing(sqlite3.connect(self._path, timeout=30, isolation_level=None)) as database,
        ):
            database.execute("PRAGMA synchronous = FULL")
            database.executescript(_TABLES)
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
            except BaseException:
                database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")


@dataclass
class _Standing:
    """A task, what each rater said of it in the order of their coming, and what is no label."""

    name: str
    task: LabelTask
    scale: LabelScale
    wanted: int
    said: dict[str, float | None] = field(default_factory=dict)
    doubted: int = 0

    @property
    def labels(self) -> list[tuple[str, float]]:
        return [(rater, value) for rater, value in self.said.items() if value is not None]

    def said_by(self, rater: str, value: float | None, *, time: str) -> Said:
        return Said(
            task=self.task,
            name=self.name,
            scale=self.scale,
            wanted=self.wanted,
            rater=rater,
            value=value,
            time=time,
        )

    @property
    def value(self) -> float | None:
        return self.scale.settled([value for _, value in self.labels], wanted=self.wanted)


def _salt(database: sqlite3.Connection) -> str:
    """The queue's own secret, made once: without it a blind name says nothing of its task."""
    database.execute("INSERT OR IGNORE INTO setting VALUES ('salt', ?)", (secrets.token_hex(16),))
    (salt,) = database.execute("SELECT value FROM setting WHERE name = 'salt'").fetchone()
    return str(salt)


# Every key press reads the whole queue: what held a moment ago is not computed again.
@lru_cache(maxsize=1 << 16)
def _holds(key: bytes, signature: str, signed: bytes) -> bool:
    return verified(key, strict_base64(signature) or b"", signed)


def _tasks(database: sqlite3.Connection, seal: str, name: str) -> list[_Standing]:
    scales = {
        (seal_of, metric): scale_stated(stated)
        for seal_of, metric, stated in database.execute("SELECT seal, metric, stated FROM scale")
    }
    found = database.execute(
        "SELECT name, wanted, seal, system, item, epoch, metric, prompt_ref, completion_ref,"
        " intent_ref FROM task WHERE ? IN ('', seal) AND ? IN ('', name) ORDER BY name",
        (seal, name),
    )
    return [
        _Standing(row[0], _task(row[2:]), scales.get((row[2], row[6]), YES_OR_NO), row[1])
        for row in found
    ]


def _task(row: Sequence[object]) -> LabelTask:
    names = ("seal", "system", "item", "epoch", "metric", "prompt_ref", "completion_ref")
    return LabelTask(**dict(zip((*names, "intent_ref"), row, strict=True)))  # type: ignore[arg-type] # columns are typed
