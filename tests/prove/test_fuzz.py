"""No bytes bring a traceback to a user: every door takes them whole or refuses them in words.

``INTERLOCK_FUZZ_SECONDS`` and ``INTERLOCK_FUZZ_SEED`` set how long each group
is tried and from where; an input that does harm is kept under ``build/fuzz``.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.prove.fuzz import fuzz
from tests.prove.fuzz_targets import GROUPS

SEED = int(os.environ.get("INTERLOCK_FUZZ_SEED", "1"))
SECONDS = float(os.environ.get("INTERLOCK_FUZZ_SECONDS", "600"))


Tell = Callable[[str, object], None]


def answers(group: str, folder: Path, *, seconds: float, tell: Tell) -> None:
    tally = fuzz(group, GROUPS[group](folder), seconds=seconds, seed=SEED)
    tell("told", tally.told(group))
    assert not tally.crashes, "\n".join([tally.told(group), *tally.crashes.values()])
    assert tally.taken
    assert tally.refusals


@pytest.mark.parametrize("group", GROUPS)
def test_a_few_spoiled_files_are_taken_or_refused(
    group: str, tmp_path: Path, record_property: Tell
) -> None:
    answers(group, tmp_path, seconds=1.5, tell=record_property)


@pytest.mark.prove
@pytest.mark.parametrize("group", GROUPS)
def test_spoiled_files_without_end_are_taken_or_refused(
    group: str, tmp_path: Path, record_property: Tell
) -> None:
    answers(group, tmp_path, seconds=SECONDS, tell=record_property)
