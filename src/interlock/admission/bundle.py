"""Bundles: a decision with all that a stranger needs to check it, in one file."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self, cast

from interlock.admission.acts import Decision, Seal
from interlock.admission.check import check
from interlock.admission.fold import fold
from interlock.admission.root import Root
from interlock.admission.state import Accepted, State
from interlock.errors import (
    DoesNotHoldError,
    InvalidBundleError,
    InvalidProofError,
    StrictJsonError,
)
from interlock.ledger import (
    Cosigned,
    Entry,
    Json,
    canonical,
    inclusion_proof,
    leaf_hash,
    parse,
    verify_inclusion,
)

FORMAT = "interlock-bundle/1"

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True)
class Bundle:
    """A decision and the whole log up to a checkpoint.

    Nothing less than the whole log shows that the decision was not revoked.
    The root is not in it: whoever checks brings their own.

    Attributes:
        decision: Statement identity of the decision.
        entries: Every leaf of the log, as text.
        checkpoint: The cosigned note over them.
        records: Canonical text of records that acts name, by digest; for reading.
        index: Where the decision is on the log.
        proof: Its inclusion proof, hex.
    """

    decision: str
    entries: tuple[str, ...]
    checkpoint: str
    records: Mapping[str, str]
    index: int
    proof: tuple[str, ...]

    def log(self) -> tuple[Entry, ...]:
        """The log's entries.

        Raises:
            InvalidEnvelopeError: A leaf is not an entry in its only form.
        """
        return tuple(Entry.parse(leaf.encode()) for leaf in self.entries)

    def read(self, root: Root) -> tuple[State, Cosigned]:
        """The state of the bundle's log, and its checkpoint.

        Raises:
            InvalidEnvelopeError: A leaf is not an entry in its only form.
            InvalidCheckpointError: The root's log and witness did not sign the checkpoint.
        """
        log, cosigned = self.log(), root.trust.open(self.checkpoint)
        return fold(log, root=root), cosigned

    def check(self, root: Root, *, now: str, deployment: Mapping[str, str]) -> None:
        """Return only if the bundle's decision allows the release now (see `check`).

        Raises:
            InvalidEnvelopeError: A leaf is not an entry in its only form.
            InvalidCheckpointError: The root's log and witness did not sign the checkpoint.
            DoesNotHoldError: For the first reason found, which it names.
            InvalidProofError: The decision is not proved to be on the log.
        """
        state, cosigned = self.read(root)
        check(state, root, self.decision, cosigned=cosigned, now=now, deployment=deployment)
        found = state.find(self.decision, Decision)
        if found is None or found.index != self.index:
            raise InvalidProofError("it is the proof of another statement")
        verify_inclusion(
            leaf_hash(self.entries[self.index].encode()),
            tuple(map(bytes.fromhex, self.proof)),
            index=self.index,
            size=cosigned.checkpoint.size,
            root=cosigned.checkpoint.root,
        )
        if self.lacks_manifests(state, found):
            raise DoesNotHoldError(
                self.decision,
                "manifests-missing",
                "the manifests of a standard change are not in the bundle, so nothing shows which "
                "parts it changes; ask for a bundle that has them",
            )

    def lacks_manifests(self, state: State, decided: Accepted[Decision]) -> bool:
        """Whether it is a standard change whose two systems are not among the records.

        Without them the parts that it changes are the word of its author.

        Args:
            state: What the bundle's log amounts to.
            decided: The bundle's decision.
        """
        if decided.act.change != "standard":
            return False
        verdict = state.accepted[state.accepted[decided.act.assessment].act.verdict].act
        sealed: Seal = state.accepted[verdict.seal].act
        return not {sealed.baseline, decided.act.system} <= self.records.keys()

    def to_bytes(self) -> bytes:
        """The file's content: canonical JSON."""
        return canonical(
            {
                "format": FORMAT,
                "decision": self.decision,
                "entries": list(self.entries),
                "checkpoint": self.checkpoint,
                "records": dict(self.records),
                "proof": {"index": self.index, "hashes": list(self.proof)},
            }
        )

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read what `to_bytes` wrote, and nothing else.

        Raises:
            InvalidBundleError: The bytes are not canonical JSON, a field is
                missing, unknown or of another type, or a record is not the one
                its digest names.
        """
        try:
            value = parse(data)
        except StrictJsonError as error:
            raise InvalidBundleError(error.reason) from error
        fields = {"format", "decision", "entries", "checkpoint", "records", "proof"}
        if not isinstance(value, dict) or value.keys() != fields or value["format"] != FORMAT:
            raise InvalidBundleError(f"its fields are not exactly those of {FORMAT}")
        proof, records = value["proof"], value["records"]
        if not isinstance(proof, dict) or proof.keys() != {"index", "hashes"}:
            raise InvalidBundleError("it has no inclusion proof")
        if not isinstance(records, dict) or type(proof["index"]) is not int:
            raise InvalidBundleError("its records or its index are none")
        for digest, text in records.items():
            if hashlib.sha256(_text(text).encode()).hexdigest() != digest:
                raise InvalidBundleError(f"record {digest[:12]} is not the one its digest names")
        return cls(
            decision=_digests([value["decision"]])[0],
            entries=_texts(value["entries"]),
            checkpoint=_text(value["checkpoint"]),
            records=cast("dict[str, str]", records),
            index=proof["index"],
            proof=_digests(proof["hashes"]),
        )


def export(
    entries: Iterable[Entry], decision: str, *, checkpoint: str, records: Iterable[bytes] = ()
) -> Bundle:
    """Bundle a decision with the log it is on.

    Args:
        entries: The whole log up to the checkpoint, in order.
        decision: Statement identity of the decision.
        checkpoint: The cosigned note over exactly these entries.
        records: Records that the decision's acts name, as they were stored: in
            another form they would have another digest.

    Raises:
        InvalidBundleError: The decision is not on the log.
    """
    log = tuple(entries)
    places = [index for index, entry in enumerate(log) if entry.identity == decision]
    if not places:
        raise InvalidBundleError("the log holds no such decision")
    leaves = [entry.leaf() for entry in log]
    return Bundle(
        decision=decision,
        entries=tuple(leaf.decode() for leaf in leaves),
        checkpoint=checkpoint,
        records={hashlib.sha256(each).hexdigest(): each.decode() for each in records},
        index=places[0],
        proof=tuple(
            step.hex() for step in inclusion_proof([leaf_hash(leaf) for leaf in leaves], places[0])
        ),
    )


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise InvalidBundleError("a field that must be text is not")
    return value


def _texts(value: Json) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise InvalidBundleError("a field that must be a list is not")
    return tuple(map(_text, value))


def _digests(value: Json) -> tuple[str, ...]:
    texts = _texts(value)
    if not all(_DIGEST.fullmatch(text) for text in texts):
        raise InvalidBundleError("a digest is not 64 lower-case hex digits")
    return texts
