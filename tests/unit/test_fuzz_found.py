"""What fuzzing found once: each input that brought a traceback is refused in words for ever."""

from pathlib import Path
from typing import Any

import pytest

from interlock.adapters.tables import read_observations
from interlock.errors import BadLogError, CharterError
from interlock.review import load_draft
from tests.board import DRAFT
from tests.eval_logs import header, sample, save_eval


@pytest.mark.parametrize(
    ("written", "wrong", "words"),
    [
        ("mode: 20", "mod: 20", "exposure.mod: this key is unknown; did you mean mode?"),
        ("mode: 20, ", "", "exposure.mode: is missing; add it"),
        ("kind: pert, low: 10", "kind: per, low: 10", "tag 'per'"),
    ],
)
def test_a_mistake_in_one_of_several_forms_is_named_as_the_file_has_it(
    written: str, wrong: str, words: str
) -> None:
    with pytest.raises(CharterError) as caught:
        load_draft(DRAFT.replace(written, wrong, 1), file="d.yaml")
    assert "hazards[0].exposure" in str(caught.value)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("options", "roles", "words"),
    [
        ({"model": ["test/model", "b"]}, {}, "grade its own answers"),
        ({"model": {"a": "b"}}, {}, "nobody can say which model"),
        ({}, {"grader": {"model": ["a", "b"]}}, "nobody can say which model"),
    ],
)
def test_a_grader_in_another_form_than_a_name_is_refused(
    tmp_path: Path, options: dict[str, Any], roles: dict[str, Any], words: str
) -> None:
    held = [sample("a")]
    bound = {"scorers": [{"name": "model_graded_qa", "options": options}], "model_roles": roles}
    path = save_eval(tmp_path / "x.eval", held, header(held, eval=bound))
    with pytest.raises(BadLogError) as caught:
        list(read_observations(path))
    assert words in str(caught.value)
