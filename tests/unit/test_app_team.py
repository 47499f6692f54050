"""A team's log shows its records to nobody without the token."""

import stat
from pathlib import Path

import pytest

from interlock.adapters.service_files import TOKEN_FILE
from interlock.app import TeamPlan, create_team
from interlock.ledger import NoteKey
from tests.board import PASSPHRASE
from tests.fakes import MemorySigner

WITNESS = NoteKey.of_witness("witness.example/one", MemorySigner("witness").public_key)


@pytest.fixture
def plan() -> TeamPlan:
    return TeamPlan(
        database="sqlite:///team.sqlite",
        service="http://127.0.0.1:9",
        witness="http://127.0.0.1:9",
        witness_key=WITNESS.text,
    )


def test_a_team_is_made_with_a_token_that_only_its_owner_can_read(
    tmp_path: Path, plan: TeamPlan
) -> None:
    made = create_team(tmp_path / "team", plan, home=tmp_path / "home", passphrase=PASSPHRASE)
    shown, wanted = made.token, made.service / TOKEN_FILE
    assert shown.read_bytes() == wanted.read_bytes()
    assert len(shown.read_bytes()) >= 32
    assert [stat.S_IMODE(each.stat().st_mode) for each in (shown, wanted)] == [0o600, 0o600]


def test_every_team_has_another_token(tmp_path: Path, plan: TeamPlan) -> None:
    made = [
        create_team(tmp_path / name, plan, home=tmp_path / "home", passphrase=PASSPHRASE)
        for name in ("one", "two")
    ]
    assert made[0].token.read_bytes() != made[1].token.read_bytes()
