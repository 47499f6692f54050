"""A decision's own envelope as a Sigstore bundle, for tools that verify those."""

from interlock.adapters.exchange.standing import Source
from interlock.errors import UnsayableStandingError
from interlock.ledger import Envelope, canonical

MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json"


def sigstore_bundle(source: Source, envelope: Envelope) -> bytes:
    """The envelope as it is on the log, in Sigstore's form, to verify under the decider's key.

    The form has no place for a word of ours. It shows that this key signed
    this decision, and neither who holds the key nor what the log says since:
    those are in the bundle.

    Args:
        source: Where it leads back to.
        envelope: The decision's envelope; its key id is the hint to the key.

    Raises:
        UnsayableStandingError: The decision says go and no longer stands, which
            this form could not say.

    Source:
        Sigstore bundle format 0.3, with a public key as verification material.
    """
    standing = source.standing
    if source.decision.act.outcome == "go" and not standing.go:
        raise UnsayableStandingError("a Sigstore bundle", standing.word)
    return canonical(
        {
            "mediaType": MEDIA_TYPE,
            "verificationMaterial": {"publicKey": {"hint": envelope.signatures[0].keyid}},
            "dsseEnvelope": envelope.to_json(),
        }
    )
