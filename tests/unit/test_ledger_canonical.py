import json

import pytest

from interlock.errors import StrictJsonError
from interlock.ledger import canonical, parse


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('{"vote":"no-go","vote":"go"}', "same key twice"),
        ('{"b":1,"a":2}', "canonical"),
        ('{"a": 1}', "canonical"),
        (' {"a":1}', "canonical"),
        ('{"a":1}\n', "canonical"),
        ('"\\u0041"', "canonical"),
        ('"\\/"', "canonical"),
        ("1.0", "canonical"),
        ("1e2", "canonical"),
        ("-0", "canonical"),
        ("NaN", "not a JSON number"),
        ("-Infinity", "not a JSON number"),
        ("9007199254740993", "canonical"),
        ("1" + "0" * 400, "inf"),
        ('"\\ud800"', "surrogates"),
        ("[1,]", "Expecting value"),
        ("", "Expecting value"),
    ],
)
def test_json_that_is_not_canonical_is_refused(text: str, fault: str) -> None:
    with pytest.raises(StrictJsonError, match=fault):
        parse(text.encode())


def test_bytes_that_are_not_utf8_are_refused() -> None:
    with pytest.raises(StrictJsonError):
        parse(b'"\xff"')
    with pytest.raises(StrictJsonError):
        parse('{"a":1}'.encode("utf-16"))


def test_json_nested_without_end_is_refused_not_crashed_upon() -> None:
    with pytest.raises(StrictJsonError):
        parse(b"[" * 100_000 + b"]" * 100_000)
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(StrictJsonError):
        canonical(deep)


def test_what_json_cannot_say_has_no_canonical_form() -> None:
    for value in (float("nan"), float("inf"), 2**53, {1: "a"}, {"a": {1, 2}}, "\ud800", b"x"):
        with pytest.raises(StrictJsonError):
            canonical(value)


def test_a_large_double_is_read_back_as_the_double_it_was() -> None:
    for value in (2.0**53, -1e20, 123456789012345680000.0):
        assert parse(canonical(value)) == value
        assert isinstance(parse(canonical(value)), float)


def test_keys_outside_ascii_are_ordered_by_utf16_code_units() -> None:
    # U+FB33 comes after U+1F600 in UTF-16, before it among code points.
    assert canonical({"\ufb33": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ufb33":1}'.encode()


def test_the_number_examples_of_the_standard_are_written_as_it_says() -> None:
    numbers = [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001]
    assert canonical(numbers) == b"[333333333.3333333,1e+30,4.5,0.002,1e-27]"


def test_canonical_bytes_parse_to_the_value_they_came_from() -> None:
    value = {"a": [1, 2.5, None, True, "é\u2028\x7f"], "b": {"c": {}}, "": []}
    assert parse(canonical(value)) == json.loads(json.dumps(value))
