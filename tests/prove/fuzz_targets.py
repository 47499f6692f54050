"""Every door through which a stranger's bytes come in, in five groups."""

import functools
import gzip
import io
import json
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import parquet

import interlock.examples
from interlock.adapters.archive import Archive
from interlock.adapters.evidence import EvidenceStore, TextStore
from interlock.adapters.tables import read_observations
from interlock.admission import Bundle, Root, fold, verify
from interlock.app.settings import read_settings
from interlock.charter import STANDARD_CHARTER, load_charter, load_hypothesis
from interlock.errors import InterlockError
from interlock.ledger import (
    Entry,
    Envelope,
    Receipt,
    Signature,
    dump,
    key_id,
    load,
    pae,
    parse_claim,
    parse_statement,
)
from interlock.review import load_draft
from interlock.trial import Reading, load_bank, load_system
from tests.eval_logs import header, members, sample
from tests.fakes import TRUST
from tests.golden.write import LEDGER, RECORDS
from tests.imports import DATA
from tests.prove.fuzz import Target
from tests.prove.mutations import (
    Rng,
    changed,
    one_of,
    spoiled,
    spoiled_json,
    spoiled_lines,
    written,
)
from tests.world import ROOT_SIGNERS, World
from tests.zips import DEFLATED, STORED, ZSTD, write_zip

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples"
EXAMPLES = Path(interlock.examples.__path__[0])

ROWS: list[dict[str, Any]] = [
    {
        "item": f"i{k}",
        "cluster": f"c{k // 2}",
        "epoch": k % 2,
        "metric": ("harm", "help")[k % 2],
        "value": k / 4,
        "status": "scored",
        "slice.language": ("de", None)[k % 2],
        "prompt": f"question {k}, «ä»",
        "tokens_out": k,
        "latency_ms": 0.5 * k,
    }
    for k in range(8)
]


class Importer:
    """Imports bytes as a file of some kind; what is refused must leave no evidence."""

    def __init__(self, folder: Path, suffix: str, reading: Reading | None = None) -> None:
        self._folder, self._suffix, self._reading = folder, suffix, reading
        self._store = EvidenceStore(self._folder / "evidence")
        self._texts = TextStore(self._folder / "texts", b"k" * 32)

    def __call__(self, data: bytes) -> None:
        path = self._folder / f"rows{self._suffix}"
        path.write_bytes(data)
        before = set((self._folder / "evidence").glob("*"))
        try:
            rows = read_observations(path, texts=self._texts, reading=self._reading)
            digest = self._store.write(rows)
        except InterlockError as error:
            if set((self._folder / "evidence").glob("*")) != before:
                raise AssertionError("a refused file left evidence") from error
            if str(path) not in str(error):
                raise AssertionError(f"no file is named: {error}") from error
            raise
        if not self._store.open(digest).num_rows:
            raise AssertionError("evidence without a row")


def tables(folder: Path) -> list[Target]:
    """CSV, JSON lines and Parquet."""
    names = list(ROWS[0])
    lines = [",".join("" if row[n] is None else f'"{row[n]}"' for n in names) for row in ROWS]
    csv = "\n".join([",".join(names), *lines, ""]).encode()
    jsonl = "".join(json.dumps(row) + "\n" for row in ROWS).encode()
    return [
        Target(
            "csv", [csv, b"item,metric,value\na,m,1\n"], Importer(folder, ".csv"), [spoiled_lines]
        ),
        Target("jsonl", [jsonl], Importer(folder, ".jsonl"), [spoiled_lines, _one_row]),
        Target("parquet", [_parquet(ROWS)], Importer(folder, ".parquet"), [_other_parquet]),
    ]


def _one_row(data: bytes, rng: Rng) -> bytes:
    rows = data.splitlines()
    at = int(rng.integers(len(rows)))
    rows[at] = spoiled_json(rows[at], rng)
    return b"\n".join(rows)


def _parquet(rows: Sequence[dict[str, Any]]) -> bytes:
    sink = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(list(rows)), sink)
    return sink.getvalue()


_KINDS: tuple[Callable[[int], Any], ...] = (
    lambda n: pa.array([1.5, None] * n)[:n],
    lambda n: pa.array([float("nan")] * n),
    lambda n: pa.array([b"\xff"] * n, pa.binary()).view(pa.string()),
    lambda n: pa.array(["a"] * n, pa.large_string()),
    lambda n: pa.array(["a", None] * n)[:n].dictionary_encode(),
    lambda n: pa.array([[1]] * n),
    lambda n: pa.array([{"a": 1}] * n),
    lambda n: pa.array([True] * n),
    lambda n: pa.array([2**63 - 1] * n),
    lambda n: pa.array([0] * n, pa.timestamp("s")),
    pa.nulls,
    lambda n: pa.array([[("k", "v")]] * n, pa.map_(pa.string(), pa.string())),
    lambda n: pa.array(["1e999"] * n),
    lambda n: pa.array([2**64 - 1] * n, pa.uint64()),
    lambda n: pa.array([1] * n, pa.decimal128(30, 3)),
)


def _other_parquet(data: bytes, rng: Rng) -> bytes:
    """A sound file with another column in the place of one, under its name or another."""
    table = parquet.read_table(io.BytesIO(data))
    for _ in range(int(rng.integers(1, 3))):
        at = int(rng.integers(table.num_columns))
        name = one_of(rng, [*table.column_names, "slices", "cluster", "", "slice.", "judge"])
        table = table.set_column(at, name, one_of(rng, _KINDS)(table.num_rows))
    sink = io.BytesIO()
    parquet.write_table(table, sink, compression=one_of(rng, ["none", "zstd", "snappy"]))
    return sink.getvalue()


def logs(folder: Path) -> list[Target]:
    """Logs of Inspect, packed and plain."""
    held = [
        sample(
            f"s{k}",
            epoch=epoch,
            scores={"harm": k, "judge": {"tone": "C", "depth": 0.5}},
            metadata={"language": "de", "pair": k // 2},
            input=[{"role": "user", "content": [{"type": "text", "text": "hello"}]}],
        )
        for k in range(3)
        for epoch in (1, 2)
    ]
    reading = Reading(slices=("language",), cluster="pair", allow_incomplete=True)
    scorers = [{"name": "model_graded_qa", "options": {"model": ["test/a", {"model": "test/b"}]}}]
    bound = {"scorers": scorers, "model_roles": {"grader": [{"model": "test/other"}]}}
    top = header(held, eval=bound)
    told = [{name: one[name] for name in ("id", "epoch", "scores")} for one in held]
    parts = [
        ("_journal/start.json", json.dumps({"version": 2, "eval": top["eval"]}).encode()),
        ("summaries.json", json.dumps(told).encode()),
        *members(held, top),
    ]
    packed = [_zipped(parts, method) for method in (ZSTD, DEFLATED, STORED)]
    packed += [path.read_bytes() for path in sorted(SAMPLES.glob("*.eval"))]
    plain = json.dumps({**top, "samples": held}).encode()
    return [
        Target(
            "eval", packed, Importer(folder, ".eval", Reading(allow_incomplete=True)), [_repacked]
        ),
        Target("eval-asked", packed[:3], Importer(folder, ".eval", reading), [_repacked]),
        Target("json", [plain], Importer(folder, ".json", reading), [spoiled_json, _graded]),
    ]


def imports(folder: Path) -> list[Target]:
    """What garak, promptfoo, lm-eval and PyRIT wrote."""

    def importer(suffix: str, tool: str, **only: str) -> Importer:
        return Importer(folder, suffix, Reading(tool=tool, only=only, allow_incomplete=True))

    def held(pattern: str) -> list[bytes]:
        return [path.read_bytes() for path in sorted(DATA.glob(pattern))]

    memories = [gzip.decompress(data) for data in held("pyrit-*.db.gz")]
    by_line = [spoiled_lines, _one_row]
    return [
        Target("garak", held("garak-*.jsonl"), importer(".jsonl", "garak"), by_line),
        Target(
            "promptfoo", held("promptfoo-*.json"), importer(".json", "promptfoo"), [spoiled_json]
        ),
        Target(
            "promptfoo-chosen",
            held("promptfoo-whole.json"),
            importer(".json", "promptfoo", provider="plain"),
            [spoiled_json],
        ),
        Target(
            "lm-eval", held("lm-eval/*.jsonl"), importer(".jsonl", "lm-eval", task="t"), by_line
        ),
        Target("pyrit", memories, importer(".db", "pyrit"), [spoiled_database]),
    ]


def spoiled_database(data: bytes, rng: Rng) -> bytes:
    """A sound database with another value in a cell of one of the tables that are read."""
    with tempfile.NamedTemporaryFile(suffix=".db") as file:
        Path(file.name).write_bytes(data)
        with closing(sqlite3.connect(file.name)) as database:
            table, columns = one_of(rng, sorted(_CELLS.items()))
            column = one_of(rng, columns)
            change = f"UPDATE {table} SET {column} = ? WHERE rowid = ?"  # noqa: S608 - both are ours
            with suppress(sqlite3.IntegrityError):
                database.execute(change, (one_of(rng, _ODD), int(rng.integers(1, 9))))
            database.commit()
        return Path(file.name).read_bytes()


_CELLS = {
    "AttackResultEntries": (
        "objective",
        "outcome",
        "atomic_attack_identifier",
        "labels",
        "timestamp",
    ),
    "ScoreEntries": ("score_value", "score_type", "score_category", "scorer_class_identifier"),
    "Conversations": ("target_identifier",),
    "PromptMemoryEntries": ("converted_value",),
}
_ODD = (
    *(None, 0, -1, 2**62, 1e308, b"\xff", "", " ", "null", "NaN", "true", "[]", '"x"', "1e999"),
    *('{"class_name": "A"}', '{"children": []}', '{"children": {"attack": 1}}', "[" * 5000),
)


def _graded(data: bytes, rng: Rng) -> bytes:
    """The same log with other graders, given to the scorer or bound to a role."""
    found = json.loads(data)
    for holder, name in ((found["eval"]["scorers"][0], "options"), (found["eval"], "model_roles")):
        if rng.integers(2):
            holder[name] = changed(holder[name], rng)
    return written(found, rng)


def _zipped(parts: Sequence[tuple[str, bytes]], method: int, **lies: Any) -> bytes:
    with tempfile.NamedTemporaryFile() as file:
        write_zip(Path(file.name), parts, method=method, **lies)
        return Path(file.name).read_bytes()


def _repacked(data: bytes, rng: Rng) -> bytes:
    """The same members with one of them changed inside, renamed, doubled or gone, or a lie."""
    parts = list(_unpacked(data))
    at, kind = int(rng.integers(len(parts))), int(rng.integers(8))
    name, body = parts[at]
    lies: dict[str, Any] = {}
    if kind < 4:
        graded = name == "header.json" and b"model_graded" in body and rng.integers(2)
        parts[at] = (name, _graded(body, rng) if graded else spoiled_json(body, rng))
    elif kind == 4:
        parts[at] = (spoiled(name.encode(), rng).decode("latin-1"), body)
    elif kind == 5:
        parts.append(one_of(rng, parts))
    elif kind == 6:
        del parts[at]
    else:
        lie = one_of(rng, ["size", "checksum", "flags", "says"])
        lies[lie] = int(rng.integers(1 << 16))
    parts = [(name[:60_000], body) for name, body in parts]
    return _zipped(parts, one_of(rng, [ZSTD, DEFLATED, STORED]), **lies)


@functools.lru_cache
def _unpacked(data: bytes) -> tuple[tuple[str, bytes], ...]:
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(data)
        with Archive(Path(file.name)) as archive:
            return tuple((name, archive.read(name)) for name in archive.members)


def documents(folder: Path) -> list[Target]:
    """What people write: charter, hypothesis, draft, system, settings, bank."""
    xstest = EXAMPLES / "xstest"
    charter = load_charter(STANDARD_CHARTER, file="charter.yaml")
    guard = [(xstest / name).read_bytes() for name in ("guard.yaml", "guard-strict.yaml")]
    systems = [path.read_bytes() for path in sorted(xstest.glob("mistral-*.yaml"))]
    draft = (xstest / "assessment.yaml").read_bytes()
    bank = b"p1\tharm\thelp\np2\tharm\np3\thelp\n"

    def hypothesis(data: bytes) -> None:
        load_hypothesis(data, file="h.yaml", charter=charter)

    def settings(data: bytes) -> None:
        (folder / "interlock.yaml").write_bytes(data)
        read_settings(folder)

    def of_bank(data: bytes) -> None:
        load_bank(data.decode("latin-1"), file="bank.txt", judged=("harm", "help"))

    lines = [spoiled_lines]
    standard = STANDARD_CHARTER.encode()
    return [
        Target("charter", [standard], lambda data: load_charter(data, file="c.yaml"), lines),
        Target("hypothesis", guard, hypothesis, lines),
        Target("draft", [draft], lambda data: load_draft(data, file="d.yaml"), lines),
        Target("system", systems, _system, lines),
        Target("settings", [b"products: [assistant]\n"], settings, lines),
        Target("bank", [bank], of_bank, lines),
    ]


def _system(data: bytes) -> None:
    load_system(data, file="s.yaml", digest_of=lambda path: "0" * 64)


def ledger(_: Path) -> list[Target]:
    """What others signed, and what they hand over as proof."""
    world = World().begin()
    bundle = world.bundle(world.go()).to_bytes()
    root, now = dump(world.root), world.clock.now()
    golden = {path.stem: path.read_bytes() for path in LEDGER.iterdir()}
    records = [path.read_bytes() for path in sorted(RECORDS.glob("*.json"))]

    def stranger(data: bytes) -> None:
        verify.verify(data, root, now)

    def stranger_with(data: bytes) -> None:
        verify.verify(bundle, data, now)

    def insider(data: bytes) -> None:
        Bundle.parse(data).check(world.root, now=now, deployment={})

    def note(data: bytes) -> None:
        TRUST.open(data.decode("utf-8", "replace"))

    def of_root(data: bytes) -> None:
        found = load(data)
        if isinstance(found, Root):
            _ = found.trust

    notes = [golden["checkpoint"], world.note().encode()]
    shapes = [_canonical]
    return [
        Target("verify", [bundle], stranger, shapes),
        Target("verify-root", [root], stranger_with, shapes),
        Target("bundle", [bundle], insider, shapes),
        Target("resigned", [bundle], _Resigned(world, now), [_number]),
        Target("note", notes, note, [spoiled_lines]),
        Target("root", [root], of_root, shapes),
        Target("record", records, load, shapes),
        Target("envelope", [golden["envelope"]], Envelope.parse, shapes),
        Target("entry", [golden["entry"]], Entry.parse, shapes),
        Target("receipt", [golden["receipt"]], Receipt.parse, shapes),
        Target("statement", [golden["payload"]], parse_statement, shapes),
        Target("claim", [golden["payload"]], parse_claim, shapes),
    ]


def _canonical(data: bytes, rng: Rng) -> bytes:
    return spoiled_json(data, rng, canonical=True)


def _number(data: bytes, rng: Rng) -> bytes:
    """A number in the place of the bundle: which statements are changed follows from it."""
    return rng.bytes(8)


class _Resigned:
    """A log whose people sign anything: some of its statements changed, each signed soundly."""

    def __init__(self, world: World, now: str) -> None:
        self._root, self._entries, self._now = world.root, tuple(world.entries), now
        signers = [*world.signers.values(), *ROOT_SIGNERS]
        self._signers = {key_id(each.public_key): each for each in signers}

    def __call__(self, data: bytes) -> None:
        rng = np.random.default_rng(list(data[:8]))
        world = World(self._root)
        world.entries = list(self._entries)
        for _ in range(int(rng.integers(1, 3))):
            at = int(rng.integers(len(world.entries)))
            try:
                world.entries[at] = self._changed(world.entries[at], rng)
            except (ValueError, RecursionError):
                return  # nobody can write what this change would make
        fold(world.entries, root=self._root)
        bundle = world.bundle(world.entries[-1].identity, note=world.note(time=self._now))
        taken = self._taken(bundle.to_bytes())
        # Two readers of one log that disagree would be worse than a crash.
        bundle.check(self._root, now=self._now, deployment={})
        if taken is not None:
            raise AssertionError(f"only the verifier refuses: {taken}")

    def _taken(self, bundle: bytes) -> verify.Refused | None:
        try:
            verify.verify(bundle, dump(self._root), self._now)
        except verify.Refused as refused:
            return refused
        return None

    def _changed(self, entry: Entry, rng: Rng) -> Entry:
        envelope = entry.envelope
        found = changed(json.loads(envelope.payload), rng)
        payload = written(found, rng, canonical=True)
        signatures = tuple(
            Signature(each.keyid, self._signers[each.keyid].sign(pae(payload)))
            for each in envelope.signatures
        )
        return Entry(entry.time, Envelope(payload, signatures))


GROUPS: dict[str, Callable[[Path], list[Target]]] = {
    "tables": tables,
    "logs": logs,
    "imports": imports,
    "documents": documents,
    "ledger": ledger,
}
