"""What fuzzing found once: each input that brought a traceback is refused in words for ever."""

import pytest

from interlock.errors import CharterError
from interlock.review import load_draft
from tests.board import DRAFT


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
