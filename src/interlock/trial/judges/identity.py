"""Names of judges, which tell what steers them."""

import hashlib
import re

from interlock.errors import BadJudgeError
from interlock.ledger import canonical

_PART = re.compile(r"[^\s#:/\x00-\x1f\x7f]+(/[^\s#:/\x00-\x1f\x7f]+)*")
_DIGITS = 12


def identity_of(kind: str, name: str, *, version: str = "1", steered_by: object = None) -> str:
    """A judge's identity, ``kind:name/version#digest``.

    Args:
        kind: Such as ``rule``; see `interlock.trial.protocol.Identity`.
        name: What it is called. Colons and white space in it, which names of models have,
            become hyphens.
        version: Grows whenever the same answer would get another score.
        steered_by: Everything that can change what it says, as JSON values; its SHA-256 is the
            digest. Nothing where the name and version say it all.

    Raises:
        BadJudgeError: The name or version is empty or cannot stand in an identity.
    """
    plain = re.sub(r"[\s:#]+", "-", name.strip())
    for part in (plain, version):
        if not _PART.fullmatch(part):
            raise BadJudgeError(name or kind, f"{part!r} is no name or version; use plain words")
    made = f"{kind}:{plain}/{version}"
    if steered_by is None:
        return made
    return f"{made}#{hashlib.sha256(canonical(steered_by)).hexdigest()[:_DIGITS]}"
