"""Subjects: what each act is about, so that other programs can find acts by it."""

from interlock.errors import UnknownKindError
from interlock.ledger import Statement, Subject, digest, kind_of

SUBJECTS: dict[str, tuple[str, str]] = {
    "keyring/1": ("keyring", ""),
    "adoption/2": ("charter", "charter"),
    "recovery/1": ("tree", "root_hash"),
    "qualification/1": ("qualification", ""),
    "variant/1": ("system", "system"),
    "seal/1": ("hypothesis", "hypothesis"),
    "run/1": ("evidence", "evidence"),
    "verdict/1": ("judgement", "judgement"),
    "assessment/2": ("document", "document"),
    "question/1": ("assessment", "assessment"),
    "answer/1": ("question", "question"),
    "acceptance/1": ("answer", "answer"),
    "vote/1": ("assessment", "assessment"),
    "decision/2": ("system", "system"),
    "revocation/1": ("decision", "decision"),
    "hold/1": ("system", "system"),
    "lift/1": ("hold", "hold"),
    "recomputation/1": ("verdict", "verdict"),
    "engagement/1": ("engagement", "ciphertext"),
    "unseal/1": ("engagement", "engagement"),
    "closing/1": ("question", "question"),
    "kill/1": ("system", "system"),
    "rollback/1": ("system", "system"),
}
"""What each act is about: the subject's name, and the field that holds its digest. Where there
is no such field the subject is the act itself, named by the digest of its record."""


def subject_of(act: object) -> Subject:
    """The one subject that a statement of this act names.

    Raises:
        UnknownKindError: It is not an act.
    """
    kind = kind_of(act)
    if kind not in SUBJECTS:
        raise UnknownKindError(kind)
    name, field = SUBJECTS[kind]
    return Subject(name, getattr(act, field) if field else digest(act))


def statement_of(act: object) -> Statement:
    """The statement that puts an act on the log, still to be signed.

    Raises:
        UnknownKindError: It is not an act.
    """
    return Statement((subject_of(act),), act)
