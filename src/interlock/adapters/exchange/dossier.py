"""What an export is made of: one decision, its standing, and as much as its reader may see."""

from dataclasses import dataclass
from uuid import NAMESPACE_URL, UUID, uuid5

from interlock.adapters.exchange.standing import Source
from interlock.admission import Accepted, Run, Vote
from interlock.review import FieldName, SafetyImpactAssessment


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """One decision and the assessment it rests on, cut to what its reader may see.

    Attributes:
        source: The decision, its standing, and what can be verified.
        document: The assessment, in which what is withheld is empty.
        withheld: The fields that were emptied.
        votes: The votes the decision names.
        runs: The runs its verdict rests on.
    """

    source: Source
    document: SafetyImpactAssessment
    withheld: tuple[FieldName, ...]
    votes: tuple[Accepted[Vote], ...]
    runs: tuple[Accepted[Run], ...]

    @property
    def withheld_notice(self) -> str:
        """What was left out, in a sentence; said even where it is nothing."""
        reader = self.source.reader
        if not self.withheld:
            return f"Nothing of the assessment is withheld from {reader} readers."
        names = ", ".join(one.replace("_", " ") for one in self.withheld)
        return f"Withheld from {reader} readers, and missing here: {names}."

    def uuid(self, *parts: str) -> UUID:
        """A name for one part of an export of this decision; the same in every export of it."""
        return uuid5(
            NAMESPACE_URL, ":".join(("urn:interlock", self.source.decision.identity, *parts))
        )

    @property
    def file_uuid(self) -> UUID:
        """A name for the file: another bundle or another reader makes another file."""
        return self.uuid("export", self.source.bundle, self.source.reader)
