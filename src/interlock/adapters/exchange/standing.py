"""What every export says of itself: which decision, how it stands, and what can be verified."""

from dataclasses import dataclass
from urllib.parse import quote

from interlock.admission import Accepted, Decision
from interlock.ledger import Cosigned
from interlock.review import Reader

NOTICE = (
    "Made from a signed log by Interlock, so that other tools can read it. It is a view and no "
    "proof: what can be verified is the bundle named here. It claims no compliance with any law, "
    "standard or framework, that of this file's format included."
)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a decision stands, as of a checkpoint and a moment.

    Attributes:
        word: ``go`` only where nothing but its conditions stands between it and a release;
            else why not: ``no-go``, ``held``, ``revoked``, ``expired``, or any other reason of
            `check`.
        sentence: The same for people.
    """

    word: str
    sentence: str

    @property
    def go(self) -> bool:
        """Whether it allows a release inside its conditions."""
        return self.word == "go"


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where an export leads back to.

    Attributes:
        decision: The decision.
        standing: How it stands.
        cosigned: The checkpoint it is read up to.
        bundle: SHA-256 of the bundle's bytes, in hex.
        reader: For whom the export is.
    """

    decision: Accepted[Decision]
    standing: Standing
    cosigned: Cosigned
    bundle: str
    reader: Reader

    def facts(self) -> dict[str, str]:
        """What leads back to the proof, each fact under a stable name; none is empty."""
        act, checkpoint = self.decision.act, self.cosigned.checkpoint
        return {
            "decision": self.decision.identity,
            "outcome": act.outcome,
            "standing": self.standing.word,
            "standing-explained": self.standing.sentence,
            "change": act.change,
            "product": act.product,
            "system": act.system,
            "expires": act.expires,
            "conditions": "; ".join(f"{one.kind} {one.limit}" for one in act.conditions) or "none",
            "log": checkpoint.origin,
            "checkpoint-size": str(checkpoint.size),
            "checkpoint-root": checkpoint.root.hex(),
            "checkpoint-time": self.cosigned.time,
            "bundle-sha256": self.bundle,
            "reader": self.reader,
        }

    @property
    def resource(self) -> str:
        """The release as a URN: log, product, and the conditions it must be served inside.

        A condition is part of the name, so that whoever asks for a release
        without its conditions asks for another one.
        """
        act = self.decision.act
        place = ":".join(
            quote(part, safe="") for part in (self.cosigned.checkpoint.origin, act.product)
        )
        bounds = "&".join(
            f"{one.kind}={quote(one.limit, safe='')}"
            for one in sorted(act.conditions, key=lambda one: (one.kind, one.limit))
        )
        return f"urn:interlock:release:{place}" + (f"?={bounds}" if bounds else "")
