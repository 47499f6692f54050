"""Sealed engagement: figures that nobody reads until safety and helpfulness have passed.

They arrive encrypted, in a layer for every required role and, around these, one for the log's own
key. The log's layer comes off once an accepted unseal act is on the log; then each role opens its
own, in their order, and hands on what is still encrypted. The workspace never holds the figures in
the clear, nor a digest of them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from interlock.adapters.log_client import TeamLog
from interlock.adapters.sealed_files import SealedFiles
from interlock.adapters.sealing import (
    LOG_ROLE,
    Binding,
    Layer,
    SealedFile,
    binding_of,
    opened_table,
    opener,
    parsed,
    peeled,
    seal_table,
)
from interlock.adapters.sql_log import SqlLog
from interlock.adapters.tables import read_observations
from interlock.admission import Accepted, Engagement, Seal, State, Unseal
from interlock.app.acts import find_act
from interlock.app.figures import Figure, figures_of, write_rows
from interlock.app.keepers import keepers
from interlock.app.systems import sealed_system, system_names
from interlock.app.verdicts import check_verdict
from interlock.app.workspace import HIDDEN, Appended, Workspace
from interlock.charter import Hypothesis
from interlock.errors import (
    EngagementShutError,
    ForeignLayerError,
    NoCharterError,
    NotHolderError,
    NotKeeperError,
    RefusedActError,
    UnsealedMetricError,
)
from interlock.ledger import Signer, base64_text, strict_base64


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """Figures that arrived.

    Attributes:
        act: The engagement act on the log, which names the importer.
        ciphertext: Name of the sealed file.
        rows: How many rows it holds.
        keepers: Who keeps each role's layer, outermost first.
    """

    act: Appended
    ciphertext: str
    rows: int
    keepers: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, kw_only=True)
class Opened:
    """One layer less.

    Attributes:
        role: Whose layer was opened.
        left: The roles whose layers are left, outermost first.
        figures: Each metric's figures; empty while layers are left.
    """

    role: str
    left: tuple[str, ...]
    figures: tuple[Figure, ...]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How far figures are from being read.

    Attributes:
        engagement: Identity of the engagement.
        seal: Identity of the seal that keeps them shut.
        system: Name of the system they are about.
        importer: Who brought them, and may have seen them.
        time: When they arrived.
        unsealed: Who unsealed them; empty where nobody has.
        left: The layers still closed, outermost first; ``log`` is the log's own.
    """

    engagement: str
    seal: str
    system: str
    importer: str
    time: str
    unsealed: str
    left: tuple[str, ...]


def import_engagement(
    work: Workspace, source: Path, seal_id: str, *, system: str, signer: Signer
) -> Sealed:
    """Encrypt a file of engagement figures to all required roles, and put that on the log.

    The figures are read, encrypted in memory and never written in the clear; prompts and
    completions are left out. Whoever signs may have seen them, and the record says who that was.

    Raises:
        BadTableError, BadRowError, DuplicateRowError: The file is refused.
        UnsealedMetricError: A row's metric is none that the hypothesis keeps sealed.
        ForeignSystemError: The seal names no such system.
        ChangedSystemError: Its manifest is not the one that was sealed.
        NoCharterError: No charter names required roles.
        NoKeepersError: The required roles are not held by distinct qualified people.
        RefusedActError: A verdict is known already, or figures of this system are there.
    """
    state = work.state()
    seal = find_act(state, seal_id, Seal)
    binding = Binding(seal=seal.identity, system=sealed_system(work, seal, system))
    table = pa.Table.from_batches(_only_sealed(work, seal, source))
    if not state.required:
        raise NoCharterError
    kept = keepers(state, importer=_name_of(state, signer), time=work.clock.now())
    layers = [Layer(role=LOG_ROLE, keys=(work.root.trust.log_key,))]
    layers += [_layer(state, role, names) for role, names in kept.items()]
    files = _files(work)
    ciphertext = files.keep(seal_table(table, layers, binding))
    act = Engagement(
        seal=binding.seal, system=binding.system, ciphertext=ciphertext, roles=tuple(kept)
    )
    try:
        done = work.append(act, signer)
    except RefusedActError:
        files.drop(ciphertext)
        raise
    return Sealed(act=done, ciphertext=ciphertext, rows=table.num_rows, keepers=tuple(kept.items()))


def unseal_engagement(work: Workspace, engagement_id: str, *, signer: Signer) -> Appended:
    """Say on the log that figures may be opened, and take off the log's own layer.

    Doing it again takes the layer off where an earlier try was cut short.

    Raises:
        NotOnLogError: There are no such figures.
        EngagementShutError: There is no verdict yet.
        UntrueVerdictError, UntrueSealError: The verdict is not what its records say.
        RefusedActError: The verdict did not pass, is disputed, was contradicted, or
            nobody has derived it again.
        NotHolderError: The act is on the log; this user does not hold the log's key.
        SealedFileError: The sealed file is absent or was altered.
    """
    state = work.state()
    kept = find_act(state, engagement_id, Engagement)
    verdict = _verdict(state, kept)
    check_verdict(work, state, verdict)
    done = work.append(Unseal(engagement=kept.identity, verdict=verdict), signer)
    peel_outer(work, kept.identity)
    return done


def peel_outer(work: Workspace, engagement: str) -> None:
    """Take the log's own layer off figures that an act on the log unseals.

    The holder of the log's key does it, and nobody else can: this user, or the team's log service.

    Args:
        work: The workspace.
        engagement: Identity of the engagement.

    Raises:
        NotOnLogError: There are no such figures.
        EngagementShutError: No act on the log unseals them.
        UntrueVerdictError, UntrueSealError: The verdict is not what its records say.
        NotHolderError: This user neither holds the log's key nor asks a service that does.
        UnavailableError, ServiceRefusedError: The service does not answer, or refuses.
        SealedFileError: The sealed file is absent or was altered.
    """
    state = work.state()
    kept, files = find_act(state, engagement, Engagement), _files(work)
    _check_opener(work, state, kept)
    data = files.read(kept.act.ciphertext)
    if isinstance(work.log, TeamLog):
        parsed(data, kept)
        files.keep(work.log.peel(data, kept.identity))
    elif isinstance(work.log, SqlLog):
        files.keep(peeled(data, state, kept.identity, key=opener(work.log.signer)))
    else:
        raise NotHolderError(work.root.origin)


def open_engagement(
    work: Workspace, engagement_id: str, *, signer: Signer, to: Path | None = None
) -> Opened:
    """Open the next layer of unsealed figures with the key of somebody who keeps it.

    What is still encrypted is kept for whoever comes next. Who opens the last layer reads the
    figures, and nothing in the clear is written but to a file they name.

    Raises:
        NotOnLogError: There are no such figures.
        EngagementShutError: They are not unsealed.
        UntrueVerdictError, UntrueSealError: The verdict is not what its records say.
        NotKeeperError: The next layer is another role's.
        SealedFileError: A file is absent, or is not what was sealed.
    """
    state = work.state()
    kept = find_act(state, engagement_id, Engagement)
    _check_opener(work, state, kept)
    files = _files(work)
    sealed = _sealed_file(files, kept)
    depth = _depth(files, sealed)
    if kept.identity not in state.unsealed or depth == 0:
        raise EngagementShutError(kept.identity, "nobody has unsealed them")
    try:
        content = sealed.opened(
            depth, files.read(sealed.digests[depth]), key=opener(signer), binding=binding_of(kept)
        )
    except ForeignLayerError as error:
        raise NotKeeperError(_name_of(state, signer), sealed.roles[depth]) from error
    left = sealed.roles[depth + 1 :]
    if left:
        files.keep(content)
        return Opened(role=sealed.roles[depth], left=left, figures=())
    table = opened_table(content)
    if to is not None:
        write_rows(table, to)
    return Opened(role=sealed.roles[depth], left=(), figures=figures_of(table))


def list_engagements(work: Workspace) -> tuple[Standing, ...]:
    """All sealed figures, in the log's order, and whose layers are still closed."""
    state, files = work.state(), _files(work)
    return tuple(
        Standing(
            engagement=each.identity,
            seal=each.act.seal,
            system=system_names(work, state.accepted[each.act.seal].act)[each.act.system],
            importer=each.person,
            time=each.time,
            unsealed=state.unsealed[each.identity].person
            if each.identity in state.unsealed
            else "",
            left=_left(files, each),
        )
        for each in state.of(Engagement)
    )


def _left(files: SealedFiles, kept: Accepted[Engagement]) -> tuple[str, ...]:
    sealed = _sealed_file(files, kept)
    return sealed.roles[_depth(files, sealed) :]


def _only_sealed(work: Workspace, seal: Accepted[Seal], source: Path) -> Iterator[pa.RecordBatch]:
    """The rows of a file, every one of a metric that the hypothesis keeps sealed.

    Raises:
        UnsealedMetricError: One is not.
    """
    hypothesis: Hypothesis = work.log.record(seal.act.hypothesis)
    allowed, rows = pa.array(hypothesis.sealed, pa.string()), 0
    for batch in read_observations(source):
        metrics = batch["metric"].cast(pa.string())
        known = pc.is_in(metrics, value_set=allowed)
        if not pc.all(known).as_py():
            k = int(pc.index(known, False).as_py())
            metric = metrics[k].as_py()
            raise UnsealedMetricError(str(source), rows + k + 1, metric)
        rows += batch.num_rows
        yield batch


def _verdict(state: State, kept: Accepted[Engagement]) -> str:
    """The verdict that may open figures: a passed one of their seal, where there is one.

    Raises:
        EngagementShutError: There is none.
    """
    seal = state.accepted[kept.act.seal].act
    about = seal.candidates if kept.act.system == seal.baseline else (kept.act.system,)
    found = [
        state.verdicts[kept.act.seal, system]
        for system in about
        if (kept.act.seal, system) in state.verdicts
    ]
    if not found:
        raise EngagementShutError(kept.identity, "there is no verdict on their seal yet")
    passed = [each for each in found if state.accepted[each].act.outcome == "passed"]
    return (passed or found)[0]


def _check_opener(work: Workspace, state: State, kept: Accepted[Engagement]) -> None:
    """Refuse to open anything on a verdict that is not what its records say."""
    if kept.identity in state.unsealed:
        check_verdict(work, state, state.unsealed[kept.identity].act.verdict)


def _depth(files: SealedFiles, sealed: SealedFile) -> int:
    """The deepest layer whose ciphertext is here."""
    here = [k for k, name in enumerate(sealed.digests) if k and name in files]
    return max(here, default=0)


def _sealed_file(files: SealedFiles, kept: Accepted[Engagement]) -> SealedFile:
    return parsed(files.read(kept.act.ciphertext), kept)


def _layer(state: State, role: str, names: Iterable[str]) -> Layer:
    keys = (strict_base64(state.people[name].key) for name in names)
    return Layer(role=role, keys=tuple(key for key in keys if key is not None))


def _name_of(state: State, signer: Signer) -> str:
    key = base64_text(signer.public_key)
    return next((each.name for each in state.people.values() if each.key == key), "this user")


def _files(work: Workspace) -> SealedFiles:
    return SealedFiles(work.path(HIDDEN) / "engagement")
