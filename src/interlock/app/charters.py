"""The charter: adopted by the root keys, in force from then on."""

from interlock.admission import Accepted, Adoption
from interlock.app.workspace import Appended, Workspace
from interlock.charter import Charter
from interlock.errors import NoCharterError
from interlock.ledger import Signer, digest


def adopt_charter(work: Workspace, *, signer: Signer) -> Appended:
    """Put the charter of the workspace's folder in force.

    Votes given under another charter do not count towards a later decision.

    Raises:
        CharterError: The file is no valid charter.
        RefusedActError: The signer does not hold the root key.
    """
    charter = work.charter()
    act = Adoption(
        previous=work.state().previous_adoption(),
        charter=digest(charter),
        required=charter.quorum.required,
        advisory=charter.quorum.advisory,
        retrospective=charter.retrospective == "accepted-by-panel",
        recomputation=charter.changes.recomputation,
        standard_parts=charter.changes.standard_parts,
        emergency=charter.changes.emergency,
        ratify_hours=charter.changes.ratify_hours,
        evidence_days=charter.evidence_days,
    )
    return work.append(act, signer, records=(charter,))


def adopted(work: Workspace) -> Accepted[Adoption]:
    """The adoption of the charter in force, whose digest acts name.

    A charter of an older version is read as a newer one: its digest is here and
    nowhere else.

    Raises:
        NoCharterError: None was adopted yet.
    """
    adoption = work.state().adoption
    if adoption is None:
        raise NoCharterError
    return adoption


def charter_in_force(work: Workspace) -> Charter:
    """The charter that the log says is in force.

    Raises:
        NoCharterError: None was adopted yet.
    """
    found = work.log.record(adopted(work).act.charter)
    if not isinstance(found, Charter):
        raise NoCharterError
    return found
