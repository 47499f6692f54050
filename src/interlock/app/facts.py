"""What the ledger knows about a verdict: all of an assessment that nobody types."""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from interlock.admission import Accepted, Adoption, Seal, State, Verdict
from interlock.app.acts import find_act
from interlock.app.systems import system_names
from interlock.app.verdicts import judgement_of
from interlock.app.workspace import Workspace
from interlock.charter import Charter, Hypothesis
from interlock.review import Deviation, EarlierAttempt, Facts, JudgedRows, dropped
from interlock.trial import System, diff


def ledger_facts(work: Workspace, verdict: Accepted[Verdict]) -> Facts:
    """What the ledger knows about a verdict: seal, systems, numbers, and what else was tried."""
    state = work.state()
    seal = find_act(state, verdict.act.seal, Seal)
    hypothesis: Hypothesis = work.log.record(seal.act.hypothesis)
    charter: Charter = work.log.record(seal.act.charter)
    names = system_names(work, seal.act)
    systems: dict[str, System] = work.log.records(names)
    return Facts(
        seal=seal.act,
        identity=seal.identity,
        index=seal.index,
        time=seal.time,
        candidate=verdict.act.system,
        names=names,
        systems=systems,
        hypothesis=hypothesis,
        charter=charter,
        verdict=verdict.identity,
        judged=verdict.time,
        judgement=judgement_of(work, verdict),
        judges=tuple(_judges(work, verdict, hypothesis)),
        deviations=tuple(_deviations(work, seal, verdict)),
        changed=diff(systems[seal.act.baseline], systems[verdict.act.system]).changed,
        earlier=tuple(
            attempt
            for other in state.of(Seal)
            if _related(state, other, seal)
            for attempt in _attempts(
                state, other, work.log.record(other.act.hypothesis), present=hypothesis
            )
        ),
    )


def _judges(
    work: Workspace, verdict: Accepted[Verdict], hypothesis: Hypothesis
) -> Iterator[JudgedRows]:
    """Who scored how many rows of each judged metric; engagement is not looked at."""
    state = work.state()
    tables = [work.evidence.open(state.accepted[run].act.evidence) for run in verdict.act.runs]
    columns = [
        pa.table({name: one[name].cast(pa.string()) for name in ("metric", "judge", "rater")})
        for one in tables
    ]
    rows = pa.concat_tables(columns)
    people = pc.if_else(pc.is_valid(rows["rater"]), "people", "not named")
    table = pa.table({"metric": rows["metric"], "judge": pc.coalesce(rows["judge"], people)})
    counted = table.group_by(["metric", "judge"]).aggregate([([], "count_all")]).to_pylist()
    for one in sorted(counted, key=lambda one: (one["metric"], one["judge"])):
        if one["metric"] in hypothesis.metrics:
            yield JudgedRows(metric=one["metric"], judge=one["judge"], rows=one["count_all"])


def _deviations(
    work: Workspace, seal: Accepted[Seal], verdict: Accepted[Verdict]
) -> Iterator[Deviation]:
    """What the log shows to have gone otherwise since the seal."""
    state = work.state()
    for run in (state.accepted[identity] for identity in verdict.act.runs):
        if run.act.basis != seal.act.basis:
            what = f"a run recorded under a {seal.act.basis} seal is {run.act.basis}"
            yield Deviation(what=what, time=run.time)
    for adopted in state.of(Adoption):
        if adopted.index > seal.index and adopted.act.charter != seal.act.charter:
            what = f"charter {adopted.act.charter[:12]} was adopted after the seal, which is under "
            yield Deviation(what=f"{what}{seal.act.charter[:12]}", time=adopted.time)
    claims = {one.claim for one in seal.act.lineages}
    for other in state.of(Seal):
        again = len(claims & {one.claim for one in other.act.lineages})
        same = (other.act.product, other.act.baseline) == (seal.act.product, seal.act.baseline)
        if other.index > seal.index and same and again:
            name = work.log.record(other.act.hypothesis).name
            what = f"{again} of its claims were sealed again as {name!r}"
            yield Deviation(what=what, time=other.time)


def _related(state: State, other: Accepted[Seal], seal: Accepted[Seal]) -> bool:
    """Whether another seal tried something on the same systems or the same evidence."""
    mine, theirs = seal.act, other.act
    return (
        other.identity != seal.identity
        and theirs.product == mine.product
        and (
            theirs.baseline == mine.baseline
            or not set(theirs.candidates).isdisjoint(mine.candidates)
            or not _evidence(state, other).isdisjoint(_evidence(state, seal))
        )
    )


def _evidence(state: State, seal: Accepted[Seal]) -> set[str]:
    """Digests of everything recorded under a seal."""
    systems = (seal.act.baseline, *seal.act.candidates)
    runs = (state.runs.get((seal.identity, system)) for system in systems)
    return {run.act.evidence for run in runs if run is not None}


def _attempts(
    state: State, seal: Accepted[Seal], hypothesis: Hypothesis, *, present: Hypothesis
) -> Iterator[EarlierAttempt]:
    """Every criterion of another seal, in the words of its own hypothesis."""
    numbers = {one.criterion: one.attempt for one in seal.act.lineages}
    for criterion in hypothesis.criteria:
        yield EarlierAttempt(
            hypothesis=hypothesis.name,
            claim=criterion.label,
            attempt=numbers.get(criterion.id, 0),
            seal=seal.identity,
            time=seal.time,
            outcome=_outcome(state, seal, criterion.id),
            dropped=dropped(criterion, present),
        )


def _outcome(state: State, seal: Accepted[Seal], criterion: str) -> str:
    """What an earlier attempt came to, over all its candidates."""
    found = sorted(
        one.outcome
        for system in seal.act.candidates
        if (identity := state.verdicts.get((seal.identity, system)))
        for one in state.accepted[identity].act.criteria
        if one.criterion == criterion
    )
    return ", ".join(found) or "never judged"
