"""Plans read, and the cases, judges and bank that follow from them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from interlock.adapters.plugins import load_plugin
from interlock.app.hypotheses import read_hypothesis
from interlock.app.samples import Sample
from interlock.app.trials.opening import made_judges
from interlock.app.trials.products import read_product
from interlock.app.trials.suites import cases_of, check_canaries
from interlock.app.workspace import Workspace
from interlock.errors import ChangedProtocolError
from interlock.trial import Attack, Case, TrialProtocol
from interlock.trial.attacks import ATTACKS, attack_named, disguise
from interlock.trial.running import TrialPlan, bank_of, load_plan, protocol_of
from interlock.trial.suites import check_independent, expand


@dataclass(frozen=True, kw_only=True)
class Made:
    """What follows from a plan's file.

    Attributes:
        plan: The plan.
        cases: Every case, edge cases and disguises among them.
        protocol: Who scores each metric, and how often each case is run.
    """

    plan: TrialPlan
    cases: tuple[Case, ...]
    protocol: TrialProtocol


def read_plan(path: Path) -> TrialPlan:
    """The plan of a file.

    Raises:
        CharterError: It is no valid plan.
    """
    return load_plan(path.read_bytes(), file=str(path))


def make_trial(work: Workspace, path: Path) -> Made:
    """Everything that follows from a plan, the same every time.

    Raises:
        CharterError: The file is no valid plan.
        NoSuiteError, SuiteNameError: A suite is not there, or is ambiguous.
        NearDuplicateError: Cases of different clusters say nearly the same.
        PluginError, AttackError: An attack is none.
        TooManyEdgeCasesError: The suites give no so many edge cases.
        BadJudgeError: A judge is none.
    """
    plan = read_plan(path)
    cases = tuple(_cases(work, plan))
    protocol = protocol_of(identities(work, plan), epochs=plan.epochs)
    return Made(plan=plan, cases=cases, protocol=protocol)


def trial_sample(work: Workspace, path: Path, hypothesis: Path, *, clusters: int) -> Sample:
    """What a hypothesis is sealed with, to be tried as a plan says.

    Args:
        work: The workspace.
        path: The plan (YAML).
        hypothesis: The hypothesis (YAML).
        clusters: How many clusters to draw.

    Raises:
        CharterError: A file is not valid.
        InvalidRecordError: No case feeds a judged metric, or one has no judge.
        NoCanaryError: A suite looks for a canary that a system cannot give away.
        InterlockError: As for `make_trial`.
    """
    made, claimed = make_trial(work, path), read_hypothesis(work, hypothesis)
    systems = filter(None, (claimed.baseline, *claimed.candidates))
    prompts = {name: read_product(work, name).prompt for name in systems}
    check_canaries(work, made.plan.suites, prompts)
    bank = bank_of(made.cases, claimed.metrics, made.protocol)
    return Sample(bank=bank, size=clusters, records=(made.protocol,))


def identities(work: Workspace, plan: TrialPlan) -> dict[str, str]:
    """Who scores each metric, by identity: people as they are named, judges as they are made.

    Raises:
        BadJudgeError: A judge is none.
    """
    made = made_judges(work, plan)
    return {
        metric: made[metric].identity if metric in made else str(stated)
        for metric, stated in plan.judges.items()
    }


def check_protocol(sealed: TrialProtocol, found: TrialProtocol) -> None:
    """Refuse a plan that would score or repeat otherwise than was sealed.

    Raises:
        ChangedProtocolError: It would.
    """
    if sealed.epochs != found.epochs:
        raise ChangedProtocolError("epochs", str(sealed.epochs), str(found.epochs))
    for metric in sorted({one.metric for one in (*sealed.judges, *found.judges)}):
        if sealed.judge(metric) != found.judge(metric):
            raise ChangedProtocolError(metric, sealed.judge(metric), found.judge(metric))


def _cases(work: Workspace, plan: TrialPlan) -> Iterator[Case]:
    cases = cases_of(work, plan.suites, plan.categories, keep=True)
    check_independent(cases)
    yield from cases
    known = _attacks(plan)
    if plan.cases:
        attacks = [attack_named(name, among=known) for name in plan.attacks]
        yield from expand(cases, plan.cases, plan.seed, attacks=attacks)
    else:
        yield from disguise(cases, plan.attacks, seed=plan.seed, among=known)


def _attacks(plan: TrialPlan) -> dict[str, Attack]:
    """The attacks that come with the product, and the plug-ins that a plan names besides."""
    named = {part for name in plan.attacks for part in name.split("+")}
    plugged = sorted(named - ATTACKS.keys() - {""})
    return {**ATTACKS, **{one: load_plugin("interlock.attacks", one).object for one in plugged}}
