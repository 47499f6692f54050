"""What may be counted: seals before evidence, runs of sealed systems, complete verdicts."""

from interlock.admission.acts import CriterionOutcome, Outcome, Run, Seal, Verdict
from interlock.admission.refusal import need
from interlock.admission.state import Accepted, State
from interlock.errors import RefusedActError


def seal(state: State, said: Accepted[Seal]) -> None:
    """A hypothesis is fixed; each of its criteria has now been tried once more.

    Raises:
        RefusedActError: Another charter is in force, there is no criterion or
            no candidate, an attempt is miscounted, or the sample does not fit
            the basis.
    """
    act = said.act
    need(
        state.adoption is not None and act.charter == state.adoption.act.charter,
        "wrong-charter",
        "the seal names another charter than the one in force; seal under that one",
    )
    systems = {act.baseline, *act.candidates}
    need(
        act.candidates and len(systems) == len(act.candidates) + 1,
        "wrong-candidates",
        "candidates must be there, differ from each other and from the baseline",
    )
    _attempts(state, act)
    drawn = bool(act.bank) and act.sample > 0
    need(
        drawn if act.basis == "prospective" else not act.bank and act.sample == 0,
        "wrong-sample",
        "a prospective seal needs an item bank and a sample to draw, a retrospective one has none",
    )
    for lineage in act.lineages:
        state.attempts[act.product, act.baseline, lineage.claim] = lineage.attempt


def _attempts(state: State, act: Seal) -> None:
    criteria = [lineage.criterion for lineage in act.lineages]
    need(
        criteria and len(set(criteria)) == len(criteria),
        "wrong-criteria",
        "a seal needs at least one criterion, and each once",
    )
    for lineage in act.lineages:
        due = state.attempts_of(act.product, act.baseline, lineage.claim) + 1
        if lineage.attempt != due:
            raise RefusedActError(
                "wrong-attempt",
                f"this is attempt {due} of a criterion, not {lineage.attempt}; every seal against "
                "the same baseline counts, so seal again with the right number",
            )


def run(state: State, said: Accepted[Run]) -> None:
    """Evidence is recorded for one system of a seal.

    Raises:
        RefusedActError: The seal or system is another, the system was run
            before, or the evidence claims more than it can.
    """
    act = said.act
    sealed = state.find(act.seal, Seal)
    if sealed is None:
        raise RefusedActError("unknown-seal", "the run names no accepted seal; seal first")
    need(
        act.system in {sealed.act.baseline, *sealed.act.candidates},
        "foreign-system",
        "the system is neither the seal's baseline nor a candidate; seal a hypothesis for it",
    )
    need(
        (act.seal, act.system) not in state.runs,
        "run-twice",
        "this system was already run under this seal; a repeat is a new attempt, so seal again",
    )
    need(
        act.basis == "retrospective" or sealed.act.basis == "prospective",
        "stronger-basis",
        "a run under a retrospective seal cannot be prospective; record it as retrospective",
    )
    known = state.evidence.get(act.evidence)
    need(
        known is None or (known == act.system and act.basis == "retrospective"),
        "same-evidence",
        "these observations already count for another system, or were known before this seal; "
        "record new ones",
    )
    state.runs[act.seal, act.system] = said
    state.evidence[act.evidence] = act.system
    state.recorded.setdefault(act.evidence, said.time)


def verdict(state: State, said: Accepted[Verdict]) -> None:
    """The numbers of one candidate are judged, once.

    Raises:
        RefusedActError: The seal, candidate or runs are others, a sealed
            criterion is missing, or the outcome is not what the criteria say.
    """
    act = said.act
    sealed = state.find(act.seal, Seal)
    if sealed is None:
        raise RefusedActError("unknown-seal", "the verdict names no accepted seal; seal first")
    need(
        act.system in sealed.act.candidates,
        "foreign-system",
        "the verdict's system is no candidate of its seal; judge a candidate",
    )
    need(
        (act.seal, act.system) not in state.verdicts,
        "verdict-twice",
        "this candidate was already judged under this seal; seal again for another attempt",
    )
    runs = [state.runs.get((act.seal, system)) for system in (sealed.act.baseline, act.system)]
    need(
        sorted(act.runs) == sorted(each.identity if each else "" for each in runs),
        "wrong-runs",
        "a verdict rests on exactly the baseline's and the candidate's run under its seal; "
        "record both and name both",
    )
    need(
        sorted(each.criterion for each in act.criteria)
        == sorted(lineage.criterion for lineage in sealed.act.lineages),
        "missing-criterion",
        "every sealed criterion must be judged exactly once, and no other; judge them all",
    )
    need(
        act.outcome == overall(act.criteria),
        "inconsistent-outcome",
        "the outcome is not what its criteria come to; judge again",
    )
    state.verdicts[act.seal, act.system] = said.identity
    if act.outcome == "failed":
        state.failures[sealed.act.product, act.system] = said.index


def overall(criteria: tuple[CriterionOutcome, ...]) -> Outcome:
    """What criteria come to together: nothing judged is nothing passed."""
    outcomes = {each.outcome for each in criteria}
    if "failed" in outcomes:
        return "failed"
    return "passed" if outcomes == {"passed"} else "undecided"
