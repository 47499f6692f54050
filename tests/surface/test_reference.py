"""The generated reference is what the product says, and every error is fit to be read."""

import inspect
import pickle
import subprocess
import sys
from typing import Any

import pytest

from interlock import errors
from tests.surface.documents import DOCS

ERRORS = sorted(
    (
        error
        for _, error in inspect.getmembers(errors, inspect.isclass)
        if issubclass(error, errors.InterlockError) and error is not errors.InterlockError
    ),
    key=lambda error: error.code,
)
WORDS = {"bool": True, "int": 7, "float": 0.25, "str": "a word", "int | None": 7}


def made(error: type[errors.InterlockError]) -> errors.InterlockError:
    """An error with facts of the types it asks for."""
    taken = inspect.signature(error.__init__).parameters.values()
    facts = [one for one in taken if one.name != "self" and one.kind != one.VAR_POSITIONAL]
    return error(*[fact(str(one.annotation)) for one in facts if one.kind != one.VAR_KEYWORD])


def fact(annotation: str) -> Any:
    """A value of an annotation, which may be written as a class or as text."""
    plain = annotation.removeprefix("<class '").removesuffix("'>")
    if plain.startswith("tuple["):
        inner = plain.removeprefix("tuple[").removesuffix("]").split(", ")
        return tuple(fact(one) for one in inner if one != "...")
    return WORDS[plain]


def test_generated_documents_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, str(DOCS / "generate.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_every_error_has_a_code_of_its_own() -> None:
    codes = [error.code for error in ERRORS]
    assert len(set(codes)) == len(codes)
    assert all(code == code.lower() and " " not in code for code in codes)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: str(error.code))
def test_an_error_says_what_it_means(error: type[errors.InterlockError]) -> None:
    told = error.__doc__ or ""
    assert told.split("\n\n")[0].rstrip().endswith(".")


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: str(error.code))
def test_an_error_survives_pickling_with_its_facts(error: type[errors.InterlockError]) -> None:
    before = made(error)
    after = pickle.loads(pickle.dumps(before))  # noqa: S301 - our own bytes
    assert type(after) is error
    assert after.args == before.args
    assert vars(after) == vars(before)
    assert str(after) == str(before)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: str(error.code))
def test_a_message_is_a_sentence_that_goes_on_to_the_next_step(
    error: type[errors.InterlockError],
) -> None:
    message = str(made(error))
    given = {"reason", "sentence", "blanks"} & set(inspect.signature(error.__init__).parameters)
    assert message == message.strip()
    assert not message.endswith(".")
    assert given or any(sign in message for sign in ";:"), "the fact, then the way out"
