"""The way from a decision down to single rows and prompts, and from any of them back up."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from interlock.admission import (
    Acceptance,
    Accepted,
    Answer,
    Assessment,
    Closing,
    Decision,
    Hold,
    Kill,
    Lift,
    Question,
    Recomputation,
    Revocation,
    Rollback,
    Run,
    Seal,
    State,
    Variant,
    Verdict,
    Vote,
)
from interlock.app.acts import SHORTEST_PREFIX, find_act, find_any, word_of
from interlock.app.naming import acts_named, records_named
from interlock.app.systems import system_names
from interlock.app.verdicts import judgement_of
from interlock.app.workspace import Workspace
from interlock.errors import NoTextError, NotOnLogError
from interlock.gate import CriterionVerdict
from interlock.trial import count_observations

_BESIDE = (Vote, Run, Question, Answer, Acceptance, Closing)
"""Acts that stand below another together with what they name themselves."""


@dataclass(frozen=True)
class Step:
    """One thing on the way.

    Attributes:
        what: What it is: ``decision``, ``vote``, ``estimate``, ``row``, ``prompt``.
        name: Its identity or digest; of a row, its metric, item and epoch.
        says: What it says, in a few words.
        below: What it rests on.
    """

    what: str
    name: str
    says: str
    below: tuple["Step", ...] = field(default=())


@dataclass(frozen=True)
class Trace:
    """Both ways from one thing.

    Attributes:
        down: What it rests on.
        up: Every act that rests on it, directly or not, in the log's order.
    """

    down: Step
    up: tuple[Step, ...]


def trace(work: Workspace, name: str, *, rows: bool = False) -> Trace:
    """The way down from an act to rows and prompts, and the way back up from anything.

    Args:
        work: The workspace.
        name: The beginning of a statement identity, of a record's or evidence's
            digest, or of a prompt's or completion's reference; or an item.
        rows: Whether to name every row of the evidence, not only how many.

    Raises:
        NotOnLogError: Nothing on the log or in its evidence has this name.
        AmbiguousNameError: Several statements begin so.
    """
    state = work.state()
    if _is_act(state, name):
        act = find_any(state, name)
        down = _down(work, state, act, rows=rows, first=True)
        return Trace(down, _above(state, {act.identity}))
    naming = [each for each in state.accepted.values() if _names_record(each.act, name)]
    if naming:
        down = Step("record", _full_name(naming[0].act, name), "named by what stands above it")
        return Trace(down, _above(state, {each.identity for each in naming}, itself=True))
    found = [(run, table) for run in state.of(Run) if (table := _holding(work, run, name)).num_rows]
    if not found:
        raise NotOnLogError(name, "act, record, row or prompt")
    below = tuple(
        Step(word_of(run.act), run.identity, _says(work, state, run), tuple(_rows(work, table)))
        for run, table in found
    )
    down = Step("rows", name, f"in the evidence of {len(found)} runs", below)
    return Trace(down, _above(state, {run.identity for run, _ in found}, itself=True))


def trace_act(work: Workspace, state: State, act: Accepted[Any]) -> Step:
    """What an act of a log as it was read rests on, down to its estimates.

    Raises:
        UntrueVerdictError, RecordMissingError, EvidenceError: What it rests on
            is not stored here as it was signed.
    """
    return _down(work, state, act, rows=False, first=True)


def behind(state: State, decision: Accepted[Decision]) -> tuple[str, ...]:
    """Digests of the records that a decision and the acts it rests on name.

    Neither rows nor item banks are among them: items may be prompts.
    """
    found, open_ = list[str](), [decision.identity]
    seen: set[str] = set()
    while open_:
        identity = open_.pop()
        if identity in seen or identity not in state.accepted:
            continue
        seen.add(identity)
        act = state.accepted[identity].act
        kept = {getattr(act, field, "") for field in ("evidence", "bank", "ciphertext")}
        found += [each for each in records_named(act) if each not in kept]
        open_ += acts_named(act)
    return tuple(sorted(set(found)))


def _down(
    work: Workspace, state: State, act: Accepted[Any], *, rows: bool, first: bool = False
) -> Step:
    """An act and what it rests on; ``first`` where nothing stands above or beside it."""
    below = [
        _down(work, state, state.accepted[identity], rows=rows)
        for identity in acts_named(act.act)
        if identity in state.accepted and (first or not isinstance(act.act, _BESIDE))
    ]
    if isinstance(act.act, Assessment):
        below += [_down(work, state, each, rows=rows) for each in _asked(state, act.identity)]
    if isinstance(act.act, Verdict):
        judgement = judgement_of(work, act)
        again = [one for one in state.of(Recomputation) if one.act.verdict == act.identity]
        below += [Step(word_of(one.act), one.identity, _says(work, state, one)) for one in again]
        below += [_estimate(each) for each in judgement.verdicts]
    if isinstance(act.act, Run):
        table = work.evidence.open(act.act.evidence)
        below += list(_rows(work, table)) if rows else []
    return Step(word_of(act.act), act.identity, _says(work, state, act), tuple(below))


def _asked(state: State, assessment: str) -> Iterator[Accepted[Any]]:
    """Questions on an assessment, their answers and acceptances, in the log's order."""
    for each in state.accepted.values():
        act = each.act
        if isinstance(act, Question) and act.assessment == assessment:
            yield each
        if isinstance(act, Answer | Acceptance | Closing):
            asked = state.accepted.get(act.question)
            if asked is not None and asked.act.assessment == assessment:
                yield each


def _estimate(verdict: CriterionVerdict) -> Step:
    return Step("estimate", verdict.label, f"{verdict.outcome}: {verdict.reason}")


def _rows(work: Workspace, table: pa.Table) -> Iterator[Step]:
    """Every row, with the prompt and completion it refers to where they are kept."""
    for row in table.to_pylist():
        name = f"{row['metric']} {row['item']} epoch {row['epoch']}"
        texts = [
            Step(what, reference, _text(work, reference))
            for what in ("prompt", "completion")
            if (reference := row[f"{what}_ref"])
        ]
        value = "no value" if row["value"] is None else f"{row['value']:g}"
        yield Step("row", name, f"{value}, {row['status']}", tuple(texts))


def _text(work: Workspace, reference: str) -> str:
    """The text behind a reference, or why there is none."""
    try:
        return work.texts.get(reference)
    except NoTextError as error:
        return f"({error})"


def _above(state: State, names: set[str], *, itself: bool = False) -> tuple[Step, ...]:
    """Every act that names one of these, or something that does."""
    reached = set(names)
    found = []
    for each in state.accepted.values():
        rests = reached.intersection(acts_named(each.act))
        if rests or (itself and each.identity in names):
            reached.add(each.identity)
            found.append(Step(word_of(each.act), each.identity, f"{each.person}, {each.time}"))
    return tuple(found)


def _says(work: Workspace, state: State, act: Accepted[Any]) -> str:
    said = act.act
    match said:
        case Decision():
            words = f"{said.outcome}, expires {said.expires}"
        case Vote():
            words = f"{said.ballot} as {said.role}: {said.reasons}"
        case Question() | Answer():
            words = said.text
        case Verdict():
            words = said.outcome
        case Recomputation():
            judged: Verdict = state.accepted[said.verdict].act
            words = "agrees" if said.judgement == judged.judgement else "came to something else"
        case Run():
            counts = count_observations(work.evidence.open(said.evidence))
            name = system_names(work, find_act(state, said.seal, Seal).act)[said.system]
            words = f"{name}, {said.basis}, {counts.observed} of {counts.expected} rows scored"
        case Seal():
            words = f"{work.log.record(said.hypothesis).name}, {said.basis}"
        case Variant():
            words = f"{said.kind} of {said.product} in {said.week}: {said.says}"
        case Revocation() | Hold() | Lift() | Kill() | Rollback() | Closing():
            words = said.reason
        case _:
            words = ""
    return f"{act.person} at {act.time}" + (f": {words}" if words else "")


def _is_act(state: State, name: str) -> bool:
    return len(name) >= SHORTEST_PREFIX and any(each.startswith(name) for each in state.accepted)


def _names_record(act: object, name: str) -> bool:
    return len(name) >= SHORTEST_PREFIX and any(
        each.startswith(name) for each in records_named(act)
    )


def _full_name(act: object, name: str) -> str:
    return next(each for each in records_named(act) if each.startswith(name))


def _holding(work: Workspace, run: Accepted[Run], name: str) -> pa.Table:
    """The rows of a run that have this item, prompt or completion."""
    table = work.evidence.open(run.act.evidence)
    item, prompt, completion = (
        pc.field(column) == name for column in ("item", "prompt_ref", "completion_ref")
    )
    return table.filter(item | prompt | completion)
