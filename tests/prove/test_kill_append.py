"""Whatever moment the machine dies at, what was acknowledged stays, and nothing is half-written."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from interlock.adapters.log import LogReader
from interlock.ledger import Receipt, audit, digest, parse_statement
from tests.fakes import TRUST, open_log
from tests.prove.kill import killed_at_random


def _killed(path: Path, rng: np.random.Generator, *, after: int) -> list[str]:
    return killed_at_random("tests.prove.append_forever", [path], rng=rng, after=after)


def check(path: Path, receipts: list[Receipt]) -> int:
    """The log holds, has every receipt's entry in its place, and is not half-written anywhere."""
    with LogReader(path, trust=TRUST) as log:
        note = log.note()
        size = audit(log.leaves(), note, TRUST).cosigned.checkpoint.size
        entries = list(log.entries())
        for receipt in receipts:
            receipt.check(entries[receipt.index], TRUST)
        for entry in entries:
            log.record(digest(parse_statement(entry.envelope.payload).predicate))
    with closing(sqlite3.connect(path)) as connection:
        counts = connection.execute(
            "SELECT (SELECT count(*) FROM entry), (SELECT count(*) FROM checkpoint),"
            " (SELECT count(*) FROM record), (SELECT integrity_check FROM pragma_integrity_check)"
        ).fetchone()
    assert counts == (size, size + 1, size, "ok")
    return size


def survives(path: Path, *, kills: int, writers: int, seed: int) -> None:
    """Kill ``writers`` appending processes ``kills`` times, and check the log each time."""
    rngs = np.random.default_rng(seed).spawn(writers)
    receipts: list[Receipt] = []
    with ThreadPoolExecutor(writers) as pool:
        for kill in range(kills):
            told = pool.map(partial(_killed, path, after=int(kill == 0)), rngs)
            receipts += [Receipt.parse(line.encode()) for lines in told for line in lines]
            with open_log(path) as log:
                log.refresh()
            check(path, receipts)
    assert receipts, "no append was acknowledged before any kill"


def test_an_acknowledged_append_survives_five_kills(tmp_path: Path) -> None:
    survives(tmp_path / "log.sqlite", kills=5, writers=1, seed=1)


@pytest.mark.prove
@pytest.mark.parametrize(("kills", "writers"), [(60, 1), (20, 2)])
def test_acknowledged_appends_survive_kills_at_random_moments(
    tmp_path: Path, kills: int, writers: int
) -> None:
    survives(tmp_path / "log.sqlite", kills=kills, writers=writers, seed=kills)


@pytest.mark.prove
def test_a_backup_is_whole_or_the_one_before_whenever_its_writer_dies(tmp_path: Path) -> None:
    path, copy = tmp_path / "log.sqlite", tmp_path / "copy.sqlite"
    rng, newest = np.random.default_rng(3), 0
    for _ in range(20):
        told = killed_at_random("tests.prove.backup_forever", [path, copy], rng=rng)
        newest = max([newest, *map(int, told)])
        if copy.exists():
            with LogReader(copy, trust=TRUST) as log:
                held = audit(log.leaves(), log.note(), TRUST).cosigned.checkpoint.size
            assert held >= newest
    assert newest
