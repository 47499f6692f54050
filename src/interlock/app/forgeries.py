"""Forgeries of a bundle, as an attacker would make them; the demonstration shows each refused."""

import base64
import dataclasses
from typing import Any, cast

from interlock.admission import Bundle
from interlock.errors import NotOnLogError
from interlock.ledger import canonical, parse

_VOTE = b'"predicateType":"urn:interlock:vote/1"'
_WORDS = b'"reasons":"'


def with_altered_vote(bundle: Bundle) -> Bundle:
    """The bundle with the first byte of the newest vote's words changed, and nothing else.

    Raises:
        NotOnLogError: There is no vote to alter.
    """
    entries = list(bundle.entries)
    for index in range(len(entries) - 1, -1, -1):
        leaf = cast("dict[str, Any]", parse(entries[index].encode()))
        payload = base64.b64decode(leaf["envelope"]["payload"])
        if _VOTE in payload:
            at = payload.index(_WORDS) + len(_WORDS)
            other = b"x" if payload[at : at + 1] != b"x" else b"y"
            altered = payload[:at] + other + payload[at + 1 :]
            leaf["envelope"]["payload"] = base64.b64encode(altered).decode()
            entries[index] = canonical(leaf).decode()
            return dataclasses.replace(bundle, entries=tuple(entries))
    raise NotOnLogError("vote/1", "vote")


def without_newest(bundle: Bundle) -> Bundle:
    """The bundle without the newest statement on its log, as if it had never been made."""
    return dataclasses.replace(bundle, entries=bundle.entries[:-1])
