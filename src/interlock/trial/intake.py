"""The way in: batches of any file become observations, or the row at fault is named."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from interlock.errors import BadTableError, DuplicateRowError
from interlock.trial.columns import Array, Column
from interlock.trial.fingerprint import Prints, are_distinct, fingerprints, mix, term_prints
from interlock.trial.observations import OBSERVATION_SCHEMA, REQUIRED, STATUSES, TEXTS

SLICE = "slice."
_TERMS = ("run", "system", "suite", "source", "judge", "rater")
_KEY = ("metric", "item", "epoch")
_REFS = ("prompt_ref", "completion_ref", "attachment_ref")


class Texts(Protocol):
    """Where the text of prompts and completions is kept, apart from the evidence."""

    def put(self, texts: Sequence[str | None]) -> list[str | None]:
        """Keep texts; each is answered by its keyed digest, None by None."""
        ...


class Intake:
    """One file's rows on their way in.

    Every batch is checked as it passes; that no (metric, item, epoch) stands
    twice is known only at the end, so nothing counts before `close` returned.
    Until then one key a row is kept in memory.
    """

    def __init__(self, file: str, *, texts: Texts | None = None) -> None:
        """Open the way in.

        Args:
            file: The name by which errors call the file.
            texts: Where the columns ``prompt`` and ``completion`` go; without
                it they are left out.
        """
        self._file, self._texts = file, texts
        self._columns: tuple[str, ...] = ()
        self._rows = 0
        self._keys: list[dict[str, Array]] = []
        self._prints: list[Prints] = []

    def admit(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The next rows of the file as observations.

        Missing columns and empty cells get their defaults: the item is its own
        cluster, the epoch is 0, the status is scored. A scored row without a
        value is unscored; a row that is not scored keeps no value.

        Args:
            batch: Columns as the file has them; text, bytes, numbers or nulls.

        Raises:
            BadTableError: A column is missing, unknown, named twice, or of a
                type that cannot be what its name says.
            BadRowError: A value is refused; the error names row and column.
        """
        if (names := tuple(batch.schema.names)) != self._columns:
            _check_columns(self._file, names)
            self._columns = names
        n, first = batch.num_rows, self._rows + 1
        found = {
            name: Column(file=self._file, name=name, first=first, values=batch.column(k))
            for k, name in enumerate(names)
        }
        made = _identified(found) | _measured(found) | self._referred(found)
        made |= {name: found[name].term() for name in _TERMS if name in found}
        made["slices"] = _slices(found, n)
        self._rows += n
        self._keys.append({name: made[name] for name in _KEY})
        prints = mix(fingerprints(made["item"]), term_prints(made["metric"]))
        self._prints.append(mix(prints, made["epoch"].to_numpy().astype(np.uint64)))
        columns = (made.get(field.name) for field in OBSERVATION_SCHEMA)
        arrays = [
            pa.nulls(n, field.type) if column is None else column
            for column, field in zip(columns, OBSERVATION_SCHEMA, strict=True)
        ]
        return pa.RecordBatch.from_arrays(arrays, schema=OBSERVATION_SCHEMA)

    def close(self) -> None:
        """End the file.

        Raises:
            BadTableError: It held no row.
            DuplicateRowError: A (metric, item, epoch) stands twice.
        """
        if not self._rows:
            raise BadTableError(self._file, "it holds no rows; no data is no result")
        if not are_distinct(self._prints):
            self._refuse_repeats()

    def _referred(self, found: dict[str, Column]) -> dict[str, Array]:
        """References to texts: those of the file, or those of texts kept just now."""
        made = {name: found[name].text() for name in _REFS if name in found}
        for text, ref in TEXTS.items():
            if text in found and self._texts is not None:
                kept = self._texts.put(found[text].prose().to_pylist())
                made[ref] = pa.array(kept, pa.string())
        return made

    def _refuse_repeats(self) -> None:
        """Compare the keys themselves: equal fingerprints may yet be unlike keys."""
        keys = pa.table(
            {name: pa.chunked_array([one[name] for one in self._keys]) for name in _KEY}
        )
        seen: dict[tuple[str, str, int], int] = {}
        for batch in keys.to_batches():
            columns = (batch.column(name).to_pylist() for name in _KEY)
            for key in zip(*columns, strict=True):
                row = len(seen) + 1
                if (earlier := seen.setdefault(key, row)) != row:
                    metric, item, epoch = key
                    raise DuplicateRowError(
                        self._file,
                        row,
                        "",
                        f"it repeats row {earlier} (metric {metric}, item {item}, epoch {epoch}); "
                        "number repeats by epoch, and give each system a file of its own",
                    )


def _check_columns(file: str, columns: Sequence[str]) -> None:
    known = (*OBSERVATION_SCHEMA.names, *TEXTS)
    _check_required(file, columns)
    for k, name in enumerate(columns):
        if name in columns[:k]:
            raise BadTableError(file, f"the column {name!r} stands twice; keep one of them")
        if name not in known and not (name.startswith(SLICE) and name != SLICE):
            near = get_close_matches(name, [*known, "slice."], n=1)
            hint = f"did you mean {near[0]}?" if near else f"name a slice slice.{name}"
            raise BadTableError(file, f"the column {name!r} is unknown; {hint}")
    for text, ref in TEXTS.items():
        if text in columns and ref in columns:
            raise BadTableError(file, f"it has both {text} and {ref}; keep one of them")


def _check_required(file: str, columns: Sequence[str]) -> None:
    missing = [name for name in REQUIRED if name not in columns]
    if not missing:
        return
    if any(";" in name for name in columns):
        raise BadTableError(
            file, f"its header is {', '.join(columns)!r}; separate columns by commas"
        )
    near = {name: get_close_matches(name, columns, n=1) for name in missing}
    meant = "".join(f"; is {one[0]!r} meant for {name}?" for name, one in near.items() if one)
    raise BadTableError(
        file,
        f"it has no column {' and no column '.join(map(repr, missing))}; "
        f"give one row per measured thing, with the columns {','.join(REQUIRED)}{meant}",
    )


def _identified(found: dict[str, Column]) -> dict[str, Array]:
    """What makes a row this row and no other: metric, item, epoch; and its cluster."""
    made = {"item": found["item"].text(), "metric": found["metric"].term()}
    for name, values in made.items():
        found[name].demand(values.is_valid(), "is empty; every row needs one")
        found[name].demand(_is_bare(values), "begins or ends with white space; remove it")
    made["cluster"] = made["item"]
    if "cluster" in found:
        made["cluster"] = pc.coalesce(found["cluster"].text(), made["item"])
    if "epoch" in found:
        made["epoch"] = found["epoch"].epoch()
    else:
        made["epoch"] = pa.array(np.zeros(len(made["item"]), np.int32))
    return made


def _is_bare(values: Array) -> Array:
    """Whether texts stand without white space around them, which nobody sees and no pair survives.

    Of a dictionary only the words are looked at, since there are few.
    """
    if pa.types.is_dictionary(values.type):
        return _is_bare(values.dictionary).take(values.indices)
    return pc.equal(values, pc.utf8_trim_whitespace(values))


def _measured(found: dict[str, Column]) -> dict[str, Array]:
    """What was measured, and at what cost."""
    made = dict(zip(("value", "status"), _scored(found["value"], found.get("status")), strict=True))
    if "tokens_out" in found:
        made["tokens_out"] = found["tokens_out"].whole()
    if "latency_ms" in found:
        column = found["latency_ms"]
        made["latency_ms"] = column.number()
        at_least = pc.greater_equal(made["latency_ms"], pa.scalar(0))
        column.demand(at_least, "is negative; a latency is milliseconds from 0 up")
    return made


def _scored(value: Column, status: Column | None) -> tuple[Array, Array]:
    """Values and what became of each row, the two in agreement."""
    numbers = value.number()
    codes: Array = pa.array(np.zeros(len(numbers), np.int32))
    if status is not None:
        words = status.text()
        codes = pc.index_in(words, value_set=pa.array(STATUSES))
        known = pc.or_(words.is_null(), codes.is_valid())
        status.demand(known, f"is no status; write {', '.join(STATUSES[:-1])} or {STATUSES[-1]}")
        codes = codes.fill_null(0)
    scored = pc.equal(codes, pa.scalar(0))
    if numbers.null_count:
        codes = pc.if_else(pc.and_(scored, numbers.is_null()), pa.scalar(1, pa.int32()), codes)
    if not pc.all(scored).as_py():
        numbers = pc.if_else(scored, numbers, pa.scalar(None, pa.float64()))
    return numbers, pa.DictionaryArray.from_arrays(codes, pa.array(STATUSES))


def _slices(found: dict[str, Column], n: int) -> Array:
    """The slice columns as one column of maps, sorted by name so that their order means nothing."""
    if "slices" in found:
        return _maps(found["slices"])
    names = sorted(name for name in found if name.startswith(SLICE))
    values = [found[name].text() for name in names]
    present = np.zeros((n, len(names)), dtype=np.bool_)
    for j, column in enumerate(values):
        present[:, j] = column.is_valid().to_numpy(zero_copy_only=False)
    row, place = np.nonzero(present)
    offsets = np.concatenate([[0], np.cumsum(present.sum(axis=1))]).astype(np.int32)
    keys: Array = pa.array([name.removeprefix(SLICE) for name in names], pa.string())
    items: Array = pa.concat_arrays(values or [pa.array([], pa.string())])
    starts: Array = pa.array(offsets)
    return pa.MapArray.from_arrays(starts, keys.take(place), items.take(place * n + row))


def _maps(column: Column) -> Array:
    """A column that holds maps already, as Interlock's own evidence does."""
    values = column.values
    if not pa.types.is_map(values.type):
        raise BadTableError(column.file, "the column slices must hold maps; use slice.NAME columns")
    made: Array = values.cast(pa.map_(pa.string(), pa.string()))
    column.demand(made.is_valid(), "is empty; write a map without entries")
    try:
        made.validate(full=True)
    except pa.ArrowInvalid as error:
        raise BadTableError(column.file, f"the column slices is damaged: {error}") from error
    if made.items.null_count:
        raise BadTableError(column.file, "the column slices holds a value that is empty")
    return made
