import math

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from interlock.errors import StrictJsonError
from interlock.ledger import canonical, parse

# Characters that JSON or RFC 8785 treat apart, made likely.
_TEXT = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from('"\\/\b\f\n\r\t\x00\x1f\x7f\u2028\u2029\ufb33\ue000\U0001f600'),
    )
)
_NUMBERS = st.one_of(
    st.integers(-(2**53) + 1, 2**53 - 1), st.floats(allow_nan=False, allow_infinity=False)
)
_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), _NUMBERS, _TEXT),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(_TEXT, inner)),
)


@given(_VALUES)
def test_canonical_bytes_are_those_of_the_independent_implementation(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@given(_VALUES)
def test_parsing_gives_back_the_value_and_the_bytes(value: object) -> None:
    data = canonical(value)
    assert parse(data) == value
    assert canonical(parse(data)) == data


@given(_VALUES, st.data())
def test_a_byte_more_or_less_or_other_is_refused_or_means_something_else(
    value: object, data: st.DataObject
) -> None:
    written = canonical(value)
    at = data.draw(st.integers(0, len(written) - 1))
    byte = data.draw(st.binary(max_size=1))
    changed = written[:at] + byte + written[at + 1 :]
    try:
        read = parse(changed)
    except StrictJsonError:
        return
    assert canonical(read) == changed


@given(st.one_of(st.integers(min_value=2**53), st.integers(max_value=-(2**53))))
def test_integers_that_some_reader_would_round_are_refused(n: int) -> None:
    with pytest.raises(StrictJsonError):
        canonical(n)
    try:
        read = parse(str(n).encode())
    except StrictJsonError:
        return
    assert isinstance(read, float)
    assert int(read) == n


def test_no_infinity_hides_in_a_list() -> None:
    with pytest.raises(StrictJsonError):
        canonical([1, {"a": math.inf}])
