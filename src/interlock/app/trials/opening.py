"""Systems and judges opened as a plan and the manifests state them, and closed again."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

from interlock.adapters.judges import Bench, judge_of
from interlock.adapters.plugins import load_plugin
from interlock.adapters.targets import FolderFiles, StatedTarget, Targets, read_target
from interlock.app.trials.products import Product
from interlock.app.trials.suites import ATTACHMENTS
from interlock.app.workspace import Workspace
from interlock.errors import TargetError, UnrunnableSystemError
from interlock.trial import Answer, Judge, Request, Target, judge_kind
from interlock.trial.judges import Contender, refuse_self_judging
from interlock.trial.running import Arm, TrialPlan

_WEIGHTS = "sha256:"
_ENDPOINTS = ("openai", "anthropic")

Open = Callable[[Mapping[str, Any]], Target]


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What a trial runs with.

    Attributes:
        arms: The systems, the baseline first.
        judges: Who scores each metric that no person scores, by metric.
    """

    arms: tuple[Arm, ...]
    judges: Mapping[str, Judge]


class Unopened:
    """An endpoint that nobody has opened: a judge made with it has its identity and no more."""

    async def answer(self, request: Request) -> Answer:
        """Give no answer.

        Raises:
            TargetError: Always.
        """
        raise TargetError("an endpoint", f"it is not open to {len(request.turns)} turns")


def made_judges(
    work: Workspace, plan: TrialPlan, open_target: Open | None = None
) -> dict[str, Judge]:
    """The judges of a plan that are no people, by metric.

    Args:
        work: The workspace; files of classifiers are named from it.
        plan: The plan.
        open_target: Opens the endpoint of a judge; left out where only its identity is wanted.

    Raises:
        BadJudgeError: A judge is none.
        PluginError: A plug-in is absent or broken.
    """
    unopened = Unopened()
    bench = Bench(
        folder=work.folder,
        seed=plan.seed,
        open_target=open_target or (lambda _: unopened),
        plugin=_plugged,
    )
    return {
        metric: judge_of(stated, bench)
        for metric, stated in plan.judges.items()
        if not (isinstance(stated, str) and judge_kind(stated) == "human")
    }


@asynccontextmanager
async def opened(
    work: Workspace, plan: TrialPlan, products: Sequence[Product], *, prospective: bool
) -> AsyncIterator[Opened]:
    """Open every system and judge of a plan; no call is made.

    Args:
        work: The workspace; attachments lie in its folder ``attachments``, by digest.
        plan: The plan.
        products: The systems, the baseline first.
        prospective: Whether the rows are to be drawn after a seal: then no recording will do.

    Raises:
        UnrunnableSystemError: A system has no target, one with another model
            than its manifest's, or a recording under a prospective seal.
        BadTargetError, BadJudgeError, PluginError: One is not stated as it must be.
        JudgeIsCandidateError, DemoJudgeError: A judge may not judge these systems.
    """
    stated = [_stated(plan, product, prospective=prospective) for product in products]
    files = FolderFiles(work.path(ATTACHMENTS))
    async with Targets(files=files, folder=work.folder) as targets:
        arms = tuple(
            Arm(
                name=product.name,
                system=product.system,
                target=targets.open(plan.targets[product.name], model=product.model),
                system_prompt=product.prompt,
                decoding=product.decoding,
            )
            for product in products
        )
        judges = made_judges(work, plan, targets.open)
        contenders = [
            Contender(
                name=product.name,
                models=tuple(one for one in (product.model, target.model) if one),
                endpoint="" if target.kind == "recorded" else target.place,
            )
            for product, target in zip(products, stated, strict=True)
        ]
        refuse_self_judging(judges.values(), contenders)
        yield Opened(arms=arms, judges=judges)


def _stated(plan: TrialPlan, product: Product, *, prospective: bool) -> StatedTarget:
    """A system's target, if it can be what the manifest describes."""
    if product.name not in plan.targets:
        reason = f"the plan has no target for it; write targets: {{{product.name}: {{...}}}}"
        raise UnrunnableSystemError(product.name, reason)
    target = read_target(plan.targets[product.name])
    if prospective and target.kind == "recorded":
        reason = (
            "its target is a recording, made before the items were drawn; name where it answers "
            "now, or import the recording under a retrospective seal"
        )
        raise UnrunnableSystemError(product.name, reason)
    named = target.model or product.model
    if named != product.model and not product.model.startswith(_WEIGHTS):
        reason = (
            f"the plan calls the model {target.model} and its manifest {product.model}; the "
            "manifest decides: leave the model out of the target"
        )
        raise UnrunnableSystemError(product.name, reason)
    if target.kind in _ENDPOINTS and not target.model and product.model.startswith(_WEIGHTS):
        reason = (
            "its manifest has the digest of the weights, which no endpoint knows; say in the "
            "target what the endpoint calls the model"
        )
        raise UnrunnableSystemError(product.name, reason)
    return target


def _plugged(name: str, settings: Mapping[str, Any]) -> Judge:
    return cast("Judge", load_plugin("interlock.judges", name).made(settings))
