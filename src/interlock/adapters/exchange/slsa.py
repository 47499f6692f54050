"""A decision as a SLSA verification summary, for policy engines that read those."""

from collections.abc import Iterable
from urllib.parse import quote

from interlock.adapters.exchange.standing import NOTICE, Source
from interlock.ledger import (
    Envelope,
    Json,
    Signature,
    Signer,
    canonical,
    check_public_key,
    key_id,
    pae,
)

PREDICATE_TYPE = "https://slsa.dev/verification_summary/v1"

_STATEMENT_TYPE = "https://in-toto.io/Statement/v1"


def verification_summary(
    source: Source, *, name: str, charter: str, rests_on: Iterable[tuple[str, str]]
) -> bytes:
    """The in-toto statement that the system passed, or failed, the charter's rule.

    A standing go is ``PASSED``, anything else ``FAILED``. No SLSA level is
    claimed. A summary does not end by itself when its go does: readers that
    need more than the moment ask again.

    Args:
        source: Where it leads back to.
        name: What people call the system.
        charter: Digest of the charter in force when it was decided.
        rests_on: Every statement it rests on: its kind and identity.

    Source:
        SLSA, verification summary attestation, v1.
    """
    act, origin = source.decision.act, source.cosigned.checkpoint.origin
    go = source.standing.go
    inputs: list[Json] = [
        _descriptor(kind, identity) for kind, identity in (("bundle", source.bundle), *rests_on)
    ]
    return canonical(
        {
            "_type": _STATEMENT_TYPE,
            "subject": [{"name": name, "digest": {"sha256": act.system}}],
            "predicateType": PREDICATE_TYPE,
            "predicate": {
                "verifier": {"id": f"urn:interlock:log:{quote(origin, safe='')}"},
                "timeVerified": source.cosigned.time,
                "resourceUri": source.resource,
                "policy": _descriptor("charter", charter),
                "inputAttestations": inputs,
                "verificationResult": "PASSED" if go else "FAILED",
                "verifiedLevels": ["INTERLOCK_GO" if go else "FAILED"],
                "urn:interlock:export": {"notice": NOTICE, **source.facts()},
            },
        }
    )


def signed_summary(payload: bytes, signer: Signer) -> Envelope:
    """The summary in a DSSE envelope, signed by whoever exports it.

    The signature is the exporter's and not the panel's. It can never be taken
    for an act: a log refuses statements whose predicate is not its own.

    Raises:
        InvalidKeyError: The signer's key is one that proves nothing.
    """
    check_public_key(signer.public_key)
    return Envelope(payload, (Signature(key_id(signer.public_key), signer.sign(pae(payload))),))


def _descriptor(kind: str, sha256: str) -> Json:
    return {"uri": f"urn:interlock:{kind}:{sha256}", "digest": {"sha256": sha256}}
