"""Whatever moment an import dies at, acknowledged evidence is whole and nothing else counts."""

from pathlib import Path

import numpy as np
import pytest

from interlock.adapters.evidence import EvidenceStore, TextStore
from tests.prove.import_forever import ROWS
from tests.prove.kill import killed_at_random


def survives(folder: Path, *, kills: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    store, texts = EvidenceStore(folder / "evidence"), TextStore(folder / "texts", b"k" * 32)
    acknowledged: set[str] = set()
    for kill in range(kills):
        acknowledged |= set(
            killed_at_random(
                "tests.prove.import_forever", [folder], rng=rng, within_s=0.4, after=int(kill == 0)
            )
        )
        assert acknowledged <= set(store.digests())
        for digest in store.digests():
            table = store.open(digest)
            assert table.num_rows == ROWS
            ref = table["prompt_ref"][0].as_py()
            assert isinstance(ref, str)
            assert texts.get(ref).startswith("prompt ")
    assert acknowledged, "no import was acknowledged before any kill"


def test_an_acknowledged_import_survives_three_kills(tmp_path: Path) -> None:
    survives(tmp_path, kills=3, seed=1)


@pytest.mark.prove
def test_acknowledged_imports_survive_kills_at_random_moments(tmp_path: Path) -> None:
    survives(tmp_path, kills=45, seed=45)
