"""Salted fields: copies with gaps that still show what was signed, and forgeries that do not."""

from collections.abc import Callable
from dataclasses import replace
from typing import get_args

import pytest

from interlock.errors import AlteredCopyError, InvalidRecordError, UnsignableError
from interlock.ledger import canonical, digest, dump, load, parse
from interlock.review import (
    FIELDS,
    READS,
    AssessmentManifest,
    FieldName,
    Reader,
    RedactedCopy,
    SafetyImpactAssessment,
    SaltedField,
    check_copy,
    disclosure_of,
    fill,
    read_document,
    redact,
    salt_fields,
)
from tests.review_facts import DOCUMENT, DRAFT, FACTS, NO_GO_PAGE

SALTS: dict[FieldName, str] = {name: f"{k:064x}" for k, name in enumerate(FIELDS, start=1)}
MANIFEST, SALTED = salt_fields(DOCUMENT, SALTS)
SIGNED = digest(MANIFEST)


def copied(reader: Reader = "public") -> RedactedCopy:
    return redact(MANIFEST, SALTED, reader)


def test_every_field_that_can_be_named_has_its_parts_and_its_readers() -> None:
    assert tuple(FIELDS) == get_args(FieldName)
    assert [one.name for one in MANIFEST.fields] == list(FIELDS)


def test_nothing_of_the_document_is_left_out_or_stands_twice() -> None:
    written = [name for parts in FIELDS.values() for name in parts.written]
    filled = [name for parts in FIELDS.values() for name in parts.filled]
    assert sorted(written) == sorted(vars(DRAFT))
    assert sorted([*filled, "draft"]) == sorted(vars(DOCUMENT))


@pytest.mark.parametrize("document", [DOCUMENT, NO_GO_PAGE.document])
def test_the_fields_together_are_the_document_again(document: SafetyImpactAssessment) -> None:
    manifest, fields = salt_fields(document, SALTS)
    kept = [load(dump(one)) for one in fields]
    assert read_document(load(dump(manifest)), kept) == document


def test_an_incomplete_document_gets_no_digest_that_anybody_could_sign() -> None:
    with pytest.raises(UnsignableError, match="title: is empty"):
        salt_fields(fill(replace(DRAFT, title=""), FACTS), SALTS)


@pytest.mark.parametrize("reader", READS)
def test_a_copy_for_each_reader_verifies_against_the_digest_that_was_signed(
    reader: Reader,
) -> None:
    copy = copied(reader)
    check_copy(copy, SIGNED)
    assert {one.disclosure for one in copy.fields} <= set(READS[reader])


def test_readers_see_more_and_more_and_none_sees_what_is_privileged() -> None:
    seen = {
        reader: {one.name for one in copied(reader).fields}
        for reader in ("public", "regulator", "internal")
    }
    assert seen["public"] < seen["regulator"] < seen["internal"]
    assert set(FIELDS) - seen["internal"] == {"regimes"}
    assert disclosure_of(DRAFT)["regimes"] == "privileged"


def test_a_copy_holds_neither_value_nor_salt_of_what_is_withheld() -> None:
    text = dump(copied("public")).decode()
    for one in SALTED:
        if one.disclosure != "public":
            assert one.salt not in text
            assert one.value not in text
    assert "deployer" not in text


def other_salt(field: SaltedField) -> SaltedField:
    return replace(field, salt="f" * 64)


def other_value(field: SaltedField) -> SaltedField:
    value = parse(field.value.encode())
    assert isinstance(value, dict)
    return replace(field, value=canonical(value | {"added": 1}).decode())


def one_space_more(field: SaltedField) -> SaltedField:
    return replace(field, value=field.value + " ")


def other_class(field: SaltedField) -> SaltedField:
    return replace(field, disclosure="internal")


@pytest.mark.parametrize("change", [other_salt, other_value, one_space_more, other_class])
@pytest.mark.parametrize("position", range(len(copied().fields)))
def test_an_altered_salt_value_or_class_is_caught_in_every_field(
    change: Callable[[SaltedField], SaltedField], position: int
) -> None:
    fields = list(copied().fields)
    fields[position] = change(fields[position])
    with pytest.raises(AlteredCopyError) as caught:
        check_copy(replace(copied(), fields=tuple(fields)), SIGNED)
    assert caught.value.field == fields[position].name


@pytest.mark.parametrize("position", range(len(copied().fields)))
def test_a_missing_field_is_caught(position: int) -> None:
    fields = copied().fields
    altered = replace(copied(), fields=fields[:position] + fields[position + 1 :])
    with pytest.raises(AlteredCopyError, match="missing") as caught:
        check_copy(altered, SIGNED)
    assert caught.value.field == fields[position].name


def test_swapped_values_are_caught() -> None:
    first, second, *others = copied().fields
    swapped = (
        replace(first, value=second.value, salt=second.salt),
        replace(second, value=first.value, salt=first.salt),
    )
    with pytest.raises(AlteredCopyError, match=r"salt, value or class"):
        check_copy(replace(copied(), fields=(*swapped, *others)), SIGNED)


def test_swapped_names_are_caught() -> None:
    first, second, *others = copied().fields
    swapped = (replace(first, name=second.name), replace(second, name=first.name))
    with pytest.raises(AlteredCopyError, match=r"salt, value or class"):
        check_copy(replace(copied(), fields=(*swapped, *others)), SIGNED)


def test_a_field_that_stands_twice_is_caught() -> None:
    fields = copied().fields
    with pytest.raises(AlteredCopyError, match="stands twice"):
        check_copy(replace(copied(), fields=(*fields, fields[0])), SIGNED)


def test_a_field_that_is_not_for_the_reader_is_caught() -> None:
    altered = replace(copied("regulator"), reader="public")
    with pytest.raises(AlteredCopyError, match="not for this reader"):
        check_copy(altered, SIGNED)


def test_a_field_that_the_manifest_does_not_know_is_caught() -> None:
    shorter = AssessmentManifest(form=MANIFEST.form, fields=MANIFEST.fields[1:])
    with pytest.raises(AlteredCopyError, match="no such field"):
        check_copy(replace(copied(), manifest=shorter), digest(shorter))


def test_another_manifest_is_caught_even_where_all_its_fields_agree() -> None:
    salts: dict[FieldName, str] = SALTS | {"use": "e" * 64}
    manifest, fields = salt_fields(DOCUMENT, salts)
    with pytest.raises(AlteredCopyError, match="which the panel signed"):
        check_copy(redact(manifest, fields, "public"), SIGNED)


def test_a_manifest_in_another_order_is_another_manifest() -> None:
    turned = replace(MANIFEST, fields=MANIFEST.fields[::-1])
    with pytest.raises(AlteredCopyError, match="which the panel signed"):
        check_copy(replace(copied(), manifest=turned), SIGNED)


def test_a_manifest_that_names_a_field_twice_is_none() -> None:
    with pytest.raises(ValueError, match="stands twice"):
        AssessmentManifest(form=MANIFEST.form, fields=MANIFEST.fields[:1] * 2)


def test_a_document_is_not_read_from_fields_that_were_altered() -> None:
    altered = [other_salt(SALTED[0]), *SALTED[1:]]
    with pytest.raises(AlteredCopyError):
        read_document(MANIFEST, altered)
    with pytest.raises(AlteredCopyError, match="missing"):
        read_document(MANIFEST, SALTED[1:])


def test_the_same_field_under_another_salt_has_another_digest() -> None:
    field = SALTED[0]
    assert digest(other_salt(field)) != digest(field)
    with pytest.raises(ValueError, match="salt"):
        replace(field, salt="short")
    with pytest.raises(InvalidRecordError):
        load(dump(field).replace(field.salt.encode(), b"short"))
