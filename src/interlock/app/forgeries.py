"""Forgeries of a bundle, as an attacker would make them; the demonstration shows each refused."""

import base64
import dataclasses
from typing import Any, cast

from interlock.admission import Bundle
from interlock.ledger import canonical, parse


def with_altered_vote(bundle: Bundle) -> Bundle:
    """The bundle with one byte of a vote's words changed, everything else left as it is."""
    entries = list(bundle.entries)
    for index in range(len(entries) - 1, -1, -1):
        leaf = cast("dict[str, Any]", parse(entries[index].encode()))
        envelope = leaf["envelope"]
        payload = base64.b64decode(envelope["payload"])
        if b'"predicateType":"urn:interlock:vote/1"' in payload:
            altered = payload.replace(b'"reasons":"The', b'"reasons":"the', 1)
            envelope["payload"] = base64.b64encode(altered).decode()
            entries[index] = canonical(leaf).decode()
            return dataclasses.replace(bundle, entries=tuple(entries))
    return bundle


def without_newest(bundle: Bundle) -> Bundle:
    """The bundle without the newest statement on its log, as if it had never been made."""
    return dataclasses.replace(bundle, entries=bundle.entries[:-1])
