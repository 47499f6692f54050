"""Nothing that a reader may not see is in a file made for them."""

from collections.abc import Callable
from typing import get_args

import pytest

from interlock.adapters.exchange import (
    Dossier,
    assessment_results,
    hidden_from,
    model_card,
    safety_case,
    verification_summary,
)
from interlock.errors import WithheldExportError
from interlock.review import FieldName, Reader
from tests.dossiers import DOCUMENT, classed, dossier

FIELDS: tuple[FieldName, ...] = get_args(FieldName)
READERS: tuple[Reader, ...] = get_args(Reader)


def vsa(written: Dossier) -> bytes:
    name = written.document.sealed.candidate_name
    return verification_summary(written.source, name=name, charter="9" * 64, rests_on=())


def ltac(written: Dossier) -> bytes:
    try:
        return safety_case(written)
    except WithheldExportError:
        return b""


FORMS: list[Callable[[Dossier], bytes]] = [assessment_results, model_card, ltac, vsa]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("field", FIELDS)
def test_a_privileged_field_is_in_no_export_at_all(
    field: FieldName, form: Callable[[Dossier], bytes]
) -> None:
    document = classed("privileged", field)
    for reader in READERS:
        assert f"mark-{field}" not in form(dossier(reader=reader, document=document)).decode()


@pytest.mark.parametrize("form", FORMS)
def test_a_field_for_ourselves_is_in_no_export_for_others(
    form: Callable[[Dossier], bytes],
) -> None:
    document = classed("internal", *FIELDS)
    for reader in ("public", "regulator"):
        assert "mark-" not in form(dossier(reader=reader, document=document)).decode()


def test_the_same_fields_are_there_for_whoever_may_see_them() -> None:
    """Without this, a mark that no form ever writes would prove nothing."""
    written = dossier(document=classed("public"))
    files = b"".join(form(written) for form in FORMS).decode()
    shown = {field for field in FIELDS if f"mark-{field}" in files}
    assert shown >= {"subject", "use", "affected", "hazards", "evidence", "limits"}
    assert shown >= {"mitigations", "residual", "safety_case"}


def test_by_default_the_public_sees_less_than_the_regulator_and_we_see_most() -> None:
    hidden = [set(hidden_from(reader, DOCUMENT)) for reader in READERS]
    assert hidden[0] > hidden[1] > hidden[2]
    assert {"hazards", "residual", "safety_case"} <= hidden[0]
    assert "interests" in hidden[1]


def test_every_export_names_what_it_leaves_out() -> None:
    for form in (assessment_results, model_card):
        file = form(dossier(reader="public")).decode()
        assert "Withheld from public readers, and missing here: subject" in file.replace("\\", "")
        whole = form(dossier(document=classed("public"))).decode()
        assert "Nothing of the assessment is withheld" in whole
