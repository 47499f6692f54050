"""The tutorial's commands, run as printed, do what it says they do."""

import pytest

from tests.surface.conftest import Tutorial

# The block, counted from 0, and what the text around it says that it prints.
PROMISES = [
    (0, "made "),
    (2, "keyring"),
    (
        3,
        "standard: 17 harm categories, a GO needs safety-researcher, policy-analyst, legal-counsel",
    ),
    (6, " 98.1%  all of them at least, with 300 clusters a criterion"),
    (8, "600 rows: 600 scored"),
    (9, "guard-prompt: passed (retrospective)"),
    (9, "helpfulness, language = de  worse"),
    (10, "not yet: exit code 4"),
    (15, "holds, as of checkpoint"),
    (15, "exit code 4"),
    (16, "holds: go for assistant"),
    (17, "row harm p12 epoch 0  1, scored"),
    (17, "rested on by"),
    (17, "holds: 18 entries, 18 signatures"),
]


@pytest.mark.parametrize(("block", "promised"), PROMISES)
def test_a_block_prints_what_the_text_says(tutorial: Tutorial, block: int, promised: str) -> None:
    assert promised in tutorial.printed[block], tutorial.printed[block]


def test_the_page_for_counsel_shows_question_and_votes(tutorial: Tutorial) -> None:
    page = (tutorial.folder / "board" / "guard.html").read_text("utf-8")
    for words in ("Helpfulness in German fell", "lea", "pedro", "sofia", "<svg"):
        assert words in page


def test_every_act_has_a_name_in_the_shell(tutorial: Tutorial) -> None:
    assert all(len(name) == 64 for name in tutorial.shell.variables.values())
    assert set(tutorial.shell.variables) == {"SEAL", "VERDICT", "ASSESSMENT", "DECISION"}
