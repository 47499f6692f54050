"""Disclosure: which reader sees which field, and that a copy with gaps is the signed one.

An assessment is signed as one digest: that of its manifest, which lists the digest of every
field. Each field is salted, so that the digest of one that is withheld cannot be guessed from
the few values it could have.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal, cast

from pydantic import Field

from interlock.errors import AlteredCopyError, UnsignableError
from interlock.ledger import Json, build, canonical, content, digest, dump, kind_of, parse, record
from interlock.review.blanks import blanks
from interlock.review.document import SafetyImpactAssessment
from interlock.review.draft import FieldName
from interlock.review.fields import FIELDS, disclosure_of
from interlock.review.operation import DisclosureClass

Hex = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Reader = Literal["public", "regulator", "internal"]

READS: Mapping[Reader, tuple[DisclosureClass, ...]] = {
    "public": ("public",),
    "regulator": ("public", "regulator"),
    "internal": ("public", "regulator", "internal"),
}
"""The classes whose fields each reader gets. Nobody gets a privileged one."""


@record("salted-field/1")
class SaltedField:
    """One field of an assessment, whose digest says nothing without its salt.

    Attributes:
        name: The field.
        disclosure: Who may read it.
        salt: 32 random bytes, in lower-case hex.
        value: The field as canonical JSON, in text.
    """

    name: FieldName
    disclosure: DisclosureClass
    salt: Hex
    value: str


@record("manifest-entry/1")
class ManifestEntry:
    """One field in the manifest: its name, who may read it, and the digest of its salted form."""

    name: FieldName
    disclosure: DisclosureClass
    digest: Hex


@record("assessment-manifest/1")
class AssessmentManifest:
    """What the panel signs: the digest of every field of one assessment.

    Attributes:
        form: The kind of the document that the fields make up.
        fields: Every field, each once, in the order of `FIELDS`.
    """

    form: str
    fields: tuple[ManifestEntry, ...]

    def __post_init__(self) -> None:
        names = [one.name for one in self.fields]
        if len(set(names)) < len(names):
            raise ValueError("a field stands twice")


@record("redacted-copy/1")
class RedactedCopy:
    """An assessment as one reader may see it, which anybody can hold against the signed digest.

    Attributes:
        reader: For whom it was made.
        manifest: What the panel signed.
        fields: The fields this reader may see, in the manifest's order.
    """

    reader: Reader
    manifest: AssessmentManifest
    fields: tuple[SaltedField, ...]


def salt_fields(
    document: SafetyImpactAssessment, salts: Mapping[FieldName, str]
) -> tuple[AssessmentManifest, tuple[SaltedField, ...]]:
    """The fields of a complete document, salted, and the manifest over them.

    Args:
        document: The document.
        salts: 32 fresh random bytes for each field, in hex. Used once: a salt that is known
            from elsewhere hides nothing.

    Raises:
        UnsignableError: Something is not written, not sealed, not mitigated, not worked
            out or not answered; see `blanks`.
    """
    missing = blanks(document)
    if missing:
        raise UnsignableError(tuple(map(str, missing)))
    classes = disclosure_of(document.draft)
    fields = tuple(
        SaltedField(
            name=name,
            disclosure=classes[name],
            salt=salts[name],
            value=canonical(value).decode(),
        )
        for name, value in values(document).items()
    )
    entries = (
        ManifestEntry(name=one.name, disclosure=one.disclosure, digest=digest(one))
        for one in fields
    )
    return AssessmentManifest(form=kind_of(document), fields=tuple(entries)), fields


def values(document: SafetyImpactAssessment) -> dict[FieldName, Json]:
    """Every field as plain JSON: what was written, and what was filled, each under its name.

    Records that were filled carry their kind, so that they can be read when it has moved on.
    """
    written = content(document.draft)
    return {
        name: {
            "written": {key: written[key] for key in parts.written},
            "filled": {key: _kinded(getattr(document, key)) for key in parts.filled},
        }
        for name, parts in FIELDS.items()
    }


def read_document(
    manifest: AssessmentManifest, fields: Iterable[SaltedField]
) -> SafetyImpactAssessment:
    """The document that a manifest and all of its fields make up.

    Raises:
        AlteredCopyError: A field is missing, foreign, or not the one that was signed.
        InvalidRecordError: Together they are no assessment.
    """
    given = tuple(fields)
    _check_fields(manifest, given, {one.name for one in manifest.fields})
    written, filled = dict[str, Json](), dict[str, Json]()
    for one in given:
        value = cast("dict[str, dict[str, Json]]", parse(one.value.encode()))
        written |= value["written"]
        filled |= {key: _plain(part) for key, part in value["filled"].items()}
    return cast("SafetyImpactAssessment", build(manifest.form, {**filled, "draft": written}))


def redact(
    manifest: AssessmentManifest, fields: Iterable[SaltedField], reader: Reader
) -> RedactedCopy:
    """A copy with the fields that a reader may see; of all others it has the digest only."""
    seen = tuple(one for one in fields if one.disclosure in READS[reader])
    return RedactedCopy(reader=reader, manifest=manifest, fields=seen)


def check_copy(copy: RedactedCopy, signed: str) -> None:
    """Return only if a copy is the signed assessment, and whole for its reader.

    Args:
        copy: The copy.
        signed: The digest that the panel voted on: ``document`` of the assessment act.

    Raises:
        AlteredCopyError: For the first thing found, which it names.
    """
    if digest(copy.manifest) != signed:
        reason = f"its manifest has the digest {digest(copy.manifest)[:12]}, and not {signed[:12]}"
        raise AlteredCopyError("", f"{reason}, which the panel signed")
    due = {one.name for one in copy.manifest.fields if one.disclosure in READS[copy.reader]}
    _check_fields(copy.manifest, copy.fields, due)


def _check_fields(
    manifest: AssessmentManifest, fields: tuple[SaltedField, ...], due: set[FieldName]
) -> None:
    entries = {one.name: one for one in manifest.fields}
    names = [one.name for one in fields]
    for k, one in enumerate(fields):
        entry = entries.get(one.name)
        if entry is None:
            raise AlteredCopyError(one.name, "the signed manifest has no such field")
        if one.name in names[:k]:
            raise AlteredCopyError(one.name, "it stands twice")
        if one.name not in due:
            raise AlteredCopyError(one.name, f"it is {one.disclosure}, and not for this reader")
        if (entry.digest, entry.disclosure) != (digest(one), one.disclosure):
            raise AlteredCopyError(
                one.name, "its salt, value or class is not the one that was signed"
            )
    for entry in manifest.fields:
        if entry.name in due and entry.name not in names:
            raise AlteredCopyError(entry.name, "it is missing, and this reader may see it")


def _kinded(value: object) -> Json:
    """A filled value as JSON, records with their kind."""
    if isinstance(value, tuple):
        return [_kinded(one) for one in value]
    return value if isinstance(value, str) else parse(dump(value))


def _plain(value: Json) -> Json:
    """What `_kinded` made, as content of the kinds there are now."""
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return content(build(cast("str", value["kind"]), cast("dict[str, Json]", value["content"])))
    return value
