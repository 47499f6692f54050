"""Plans of campaigns as people write them."""

from typing import Annotated

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from interlock.charter import Charter, Source, read, validated
from interlock.errors import UnknownAttackError
from interlock.trial.attacks import attack_named
from interlock.trial.campaigns.records import Campaign, Count, Line, Quarter, Sentence, Word

_STRICT = ConfigDict(extra="forbid", strict=True)


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class BudgetForm:
    """What a campaign may spend; 0 for no limit.

    Attributes:
        calls: Calls of a system.
        tokens: Tokens of its answers.
    """

    calls: Count = 0
    tokens: Count = 0


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class CampaignForm:
    """The file of a campaign.

    Attributes:
        campaign: Its name.
        product: The product.
        goal: What it is to find out.
        period: The quarter, such as ``2026-Q4``.
        categories: Harms that are tried.
        attacks: Attacks that are put to every request.
        suites: Suites that the requests are from.
        slices: Slices that should be covered.
        budget: What may be spent.
    """

    campaign: Word
    product: Line
    goal: Sentence
    period: Quarter
    categories: Annotated[tuple[Word, ...], Field(min_length=1)]
    attacks: tuple[Line, ...] = ()
    suites: tuple[Line, ...] = ()
    slices: tuple[Line, ...] = ()
    budget: BudgetForm = Field(default_factory=BudgetForm)


def load_campaign(text: str | bytes, *, file: str, charter: Charter) -> Campaign:
    """The campaign that a file (YAML) plans.

    Attacks of plug-ins are not known here; rows of theirs are found by the slice ``campaign``.

    Args:
        text: The file.
        file: The name by which errors call it.
        charter: Has the categories.

    Raises:
        CharterError: The file is no plain YAML, lacks something, says a thing twice, or names a
            category or an attack that there is not; file, line and field say where.
    """
    source = read(text, file=file)
    form = validated(CampaignForm, source)
    for name in ("categories", "attacks", "suites", "slices"):
        _each_once(source, name, getattr(form, name))
    known = {one.id for one in charter.categories}
    for k, category in enumerate(form.categories):
        if category not in known:
            fault = f"the charter has no category {category}; it has {', '.join(sorted(known))}"
            raise source.error(("categories", str(k)), fault)
    for k, attack in enumerate(form.attacks):
        try:
            attack_named(attack)
        except UnknownAttackError as error:
            raise source.error(("attacks", str(k)), str(error)) from error
    return Campaign(
        name=form.campaign,
        product=form.product,
        goal=form.goal,
        period=form.period,
        categories=tuple(sorted(form.categories)),
        attacks=tuple(sorted(form.attacks)),
        suites=tuple(sorted(form.suites)),
        slices=tuple(sorted(form.slices)),
        calls=form.budget.calls,
        tokens=form.budget.tokens,
    )


def _each_once(source: Source, name: str, values: tuple[str, ...]) -> None:
    for k, value in enumerate(values):
        if value in values[:k]:
            raise source.error((name, str(k)), f"{value} stands twice; keep one of them")
