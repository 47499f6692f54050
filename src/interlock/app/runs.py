"""Runs: recorded results become evidence under a seal."""

from dataclasses import dataclass
from pathlib import Path

from interlock.adapters.tables import read_observations
from interlock.admission import Accepted, Basis, Run, Seal
from interlock.app.acts import find_act
from interlock.app.samples import check_sample
from interlock.app.systems import read_system, system_names
from interlock.app.workspace import Appended, Workspace
from interlock.errors import ChangedSystemError, ForeignSystemError
from interlock.ledger import Signer, digest
from interlock.trial import Counts, count_observations


@dataclass(frozen=True)
class Recorded:
    """Evidence that counts under a seal.

    Attributes:
        run: The run's act on the log.
        evidence: Content digest of the observations.
        basis: Whether its items were drawn after the seal.
        counts: What became of the rows.
    """

    run: Appended
    evidence: str
    basis: Basis
    counts: Counts


def record_run(
    work: Workspace, source: Path, seal_id: str, *, system: str, signer: Signer
) -> Recorded:
    """Read a file of results and record it as one system's evidence under a seal.

    The evidence is on disk, whole, before the act that names it is signed.
    Under a prospective seal its rows must be exactly those drawn; under a
    retrospective one it is retrospective, whatever it says of itself.

    Raises:
        BadTableError, BadRowError, DuplicateRowError: The file is refused.
        ForeignSystemError: The seal names no such system.
        ChangedSystemError: Its manifest is not the one that was sealed.
        WrongSampleError: A prospective seal drew other rows.
        RefusedActError: The system was run under this seal before.
    """
    seal = find_act(work.state(), seal_id, Seal)
    subject = _system_digest(work, seal, system)
    evidence = work.evidence.write(read_observations(source, texts=work.texts))
    rows = work.evidence.open(evidence)
    if seal.act.basis == "prospective":
        check_sample(work, seal, rows)
    act = Run(seal=seal.identity, system=subject, evidence=evidence, basis=seal.act.basis)
    run = work.append(act, signer)
    return Recorded(run, evidence, seal.act.basis, count_observations(rows))


def _system_digest(work: Workspace, seal: Accepted[Seal], name: str) -> str:
    """The digest under which a seal names a system, whose manifest is still the same."""
    named = {each: system for system, each in system_names(work, seal.act).items()}
    if name not in named:
        raise ForeignSystemError(name, tuple(sorted(named)))
    found = digest(read_system(work, name))
    if found != named[name]:
        raise ChangedSystemError(name, named[name], found)
    return found
