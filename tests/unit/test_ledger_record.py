import pytest
from pydantic import ValidationError

from interlock.admission.acts import Hold, Lineage, Seal, Verdict
from interlock.errors import InvalidRecordError, StrictJsonError, UnknownKindError
from interlock.ledger import (
    Json,
    build,
    canonical,
    content,
    digest,
    dump,
    kind_of,
    kinds,
    load,
    record,
)
from interlock.ledger import upcast as upcaster
from interlock.measure.estimate import Estimate

HOLD = Hold(product="assistant", system="a" * 64, reason="spike", previous="")


@record("test-measure/2")
class Measure:
    """What was measured, with its unit since the second version."""

    value: float
    unit: str


@record("test-twin/1")
class Twin:
    """The same fields under another kind."""

    value: float
    unit: str


@upcaster("test-measure/1", "test-measure/2")
def _with_unit(fields: dict[str, Json]) -> dict[str, Json]:
    return fields | {"unit": "share"}


def test_a_record_is_read_back_with_its_kind() -> None:
    assert load(dump(HOLD)) == HOLD
    assert kind_of(HOLD) == "hold/1"
    assert "hold/1" in kinds()


def test_the_digest_covers_the_kind() -> None:
    twins = Measure(value=0.5, unit="share"), Twin(value=0.5, unit="share")
    assert content(twins[0]) == content(twins[1])
    assert digest(twins[0]) != digest(twins[1])


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {**content(HOLD), "note": "unknown"},
        {**content(HOLD), "product": 1},
        {**content(HOLD), "product": None},
    ],
)
def test_missing_unknown_and_mistyped_fields_are_refused(fields: dict[str, object]) -> None:
    with pytest.raises(InvalidRecordError):
        build("hold/1", fields)  # type: ignore[arg-type]


def test_a_truth_value_is_no_number() -> None:
    with pytest.raises(InvalidRecordError):
        build("lineage/1", {"criterion": "c", "attempt": True})
    with pytest.raises(ValidationError):
        Lineage(criterion="c", claim="c", attempt=True)


def test_no_record_holds_nan_or_an_infinity() -> None:
    for value in (float("nan"), float("inf")):
        with pytest.raises(ValidationError):
            Measure(value=value, unit="share")


def test_records_cannot_be_changed() -> None:
    with pytest.raises((AttributeError, ValidationError)):
        HOLD.reason = "other"  # type: ignore[misc]


def test_tuples_come_back_as_tuples() -> None:
    seal = Seal(
        hypothesis="1" * 64,
        charter="2" * 64,
        product="p",
        baseline="3" * 64,
        candidates=("4" * 64,),
        lineages=(Lineage(criterion="c", claim="c", attempt=1),),
        basis="retrospective",
        confirmatory=True,
        bank="",
        sample=0,
    )
    assert load(dump(seal)) == seal
    assert hash(load(dump(seal))) == hash(seal)
    with pytest.raises(ValidationError):
        Verdict(
            seal="1" * 64,
            system="2" * 64,
            runs=["3" * 64],  # type: ignore[arg-type]
            judgement="4" * 64,
            outcome="passed",
            criteria=(),
        )


def test_a_record_of_an_old_kind_is_read_as_the_new_one() -> None:
    old = canonical({"kind": "test-measure/1", "content": {"value": 0.5}})
    assert load(old) == Measure(value=0.5, unit="share")


def test_a_whole_number_is_a_fraction_where_one_is_due() -> None:
    made = Measure(value=1.0, unit="share")
    assert load(dump(made)) == made
    large = Measure(value=1e20, unit="tokens")
    assert load(dump(large)) == large


def test_kinds_from_the_future_are_refused_not_guessed() -> None:
    with pytest.raises(UnknownKindError, match="hold/999"):
        load(canonical({"kind": "hold/999", "content": {}}))
    with pytest.raises(UnknownKindError):
        dump(object())


@pytest.mark.parametrize(
    "value",
    [[], {"kind": "hold/1"}, {"kind": 1, "content": {}}, {"kind": "hold/1", "content": [], "x": 1}],
)
def test_bytes_that_are_no_record_are_refused(value: object) -> None:
    with pytest.raises(InvalidRecordError):
        load(canonical(value))


def test_a_record_that_is_not_canonical_is_refused() -> None:
    with pytest.raises(StrictJsonError):
        load(dump(HOLD) + b" ")


def test_a_kind_is_registered_once_and_holds_no_set() -> None:
    with pytest.raises(InvalidRecordError, match="already registered"):

        @record("hold/1")
        class Again:
            """A second meaning for one name."""

    with pytest.raises(InvalidRecordError, match="is a set"):

        @record("test-set/1")
        class Unordered:
            """Something without an order."""

            names: frozenset[str]

    with pytest.raises(InvalidRecordError, match="is a set"):

        @record("test-set/2")
        class Bare:
            """Something without an order, of anything."""

            names: dict[str, set]  # type: ignore[type-arg]


def test_an_estimate_of_nothing_cannot_be_written() -> None:
    fields = {"value": 0.1, "low": 0.0, "high": 0.2, "confidence": 0.95, "n": 0, "method": "m/1"}
    with pytest.raises(InvalidRecordError, match="at least one"):
        build("estimate/1", fields)  # type: ignore[arg-type]
    with pytest.raises(InvalidRecordError):
        Estimate(value=0.1, low=0.0, high=0.2, confidence=0.95, n=0, method="m/1")
