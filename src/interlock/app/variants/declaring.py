"""Variants of a product: which systems it was tried as, and what each came to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from interlock.admission import (
    Accepted,
    Seal,
    State,
    Variant,
    VariantKind,
)
from interlock.app.acts import find_act
from interlock.app.settings import check_product, read_settings
from interlock.app.systems import read_system, system_names
from interlock.app.variants.results import Tested, tested
from interlock.app.workspace import Appended, Workspace
from interlock.errors import (
    BaselineNeededError,
    InvalidRecordError,
    ManifestMissingError,
    NotOnLogError,
    ProductNeededError,
    UndeclaredVariantError,
)
from interlock.ledger import Signer, digest
from interlock.measure import Estimate
from interlock.review import (
    Scale,
)
from interlock.review.pictures import (
    Panel,
    panels_plot,
)


@dataclass(frozen=True, kw_only=True)
class Declared:
    """What its maker says of a variant.

    Attributes:
        kind: What was changed.
        week: Its ISO week, such as ``2026-W47``.
        says: What was changed, in words.
        parent: The system or statement it was made from; empty for none.
        product: Whose variant it is; empty for the only one that the workspace has.
    """

    kind: VariantKind
    week: str
    says: str
    parent: str = ""
    product: str = ""


@dataclass(frozen=True, kw_only=True)
class VariantRow:
    """One variant.

    Attributes:
        identity: Statement identity of its declaration.
        system: Its digest.
        name: What people call it.
        kind: What was changed.
        week: Its ISO week, as its maker says.
        parent: What people call its parent; empty for none.
        says: What was changed, in words.
        seals: How often it was sealed as a candidate against the baseline.
        tested: Every criterion of these seals, in the log's order.
    """

    identity: str
    system: str
    name: str
    kind: VariantKind
    week: str
    parent: str
    says: str
    seals: int
    tested: tuple[Tested, ...]


@dataclass(frozen=True, kw_only=True)
class VariantTable:
    """Every variant of a product against one baseline.

    Attributes:
        product: The product.
        baseline: What people call the baseline; empty where no variant was sealed yet.
        rows: The variants by week, those of one week in the log's order.
    """

    product: str
    baseline: str
    rows: tuple[VariantRow, ...]


def declare_variant(work: Workspace, name: str, said: Declared, *, signer: Signer) -> Appended:
    """Declare a system of the workspace as a variant of a product. It permits nothing.

    Args:
        work: The workspace.
        name: The system, by its manifest in the folder ``systems``.
        said: What is said of it.
        signer: A product manager or an evaluation engineer.

    Raises:
        ManifestMissingError: There is no such manifest.
        CharterError: The manifest or the settings are no valid file.
        ProductNeededError: The workspace has several products, and none is named.
        UnlistedProductError: The workspace does not list the product.
        UndeclaredVariantError: The parent is no declared variant of the product.
        InvalidRecordError: The year has no such week.
        RefusedActError: It was declared before, or the signer may not declare it.
    """
    product = said.product or _only_product(work)
    check_product(work.folder, product)
    system = read_system(work, name)
    act = Variant(
        system=digest(system),
        product=product,
        kind=said.kind,
        parent=_parent(work, said.parent, product) if said.parent else "",
        week=_week(said.week),
        says=said.says,
    )
    return work.append(act, signer, records=(system,))


def variant_table(work: Workspace, product: str, *, baseline: str = "") -> VariantTable:
    """Every variant of a product in one table, against one baseline.

    Alpha left counts every seal of a lineage on the log, also those of systems
    that nobody declared.

    Args:
        work: The workspace.
        product: The product.
        baseline: The baseline's name; empty where all seals of variants share one.

    Raises:
        UnlistedProductError: The workspace does not list the product.
        BaselineNeededError: There are several baselines, or none of that name.
        UntrueVerdictError: A verdict is not what its numbers say.
        UntrueSealError: A seal is not what its hypothesis says.
        HarvestedBankError: A bank is a part of an earlier one of the product.
    """
    check_product(work.folder, product)
    state = work.state()
    declared = [one for one in state.of(Variant) if one.act.product == product]
    systems = {one.act.system for one in declared}
    seals = [
        one
        for one in state.of(Seal)
        if one.act.product == product and systems.intersection(one.act.candidates)
    ]
    names = _names(work, seals, declared)
    chosen = _baseline(product, names, [one.act.baseline for one in seals], asked=baseline)
    against = [one for one in seals if one.act.baseline == chosen]
    rows = [_row(work, one, against, names=names) for one in declared]
    return VariantTable(
        product=product,
        baseline=names[chosen] if chosen else "",
        rows=tuple(sorted(rows, key=lambda one: one.week)),
    )


def variant_picture(table: VariantTable) -> str:
    """A table of variants as a chart over time: a panel for each criterion, weeks downwards."""
    panels: dict[tuple[str, Scale, float | None], list[tuple[str, Estimate | None]]] = {}
    for row in table.rows:
        for one in row.tested:
            if one.outcome is not None:
                point = (f"{row.week} {row.name}: {one.outcome}", one.estimate)
                panels.setdefault((one.criterion, one.scale, one.limit), []).append(point)
    drawn = [
        Panel(heading=heading, scale=scale, rows=tuple(points), limit=limit)
        for (heading, scale, limit), points in panels.items()
    ]
    against = f" against {table.baseline}" if table.baseline else ""
    return panels_plot(drawn, title=f"Variants of {table.product}{against}")


def _only_product(work: Workspace) -> str:
    listed = read_settings(work.folder).products
    if len(listed) > 1:
        raise ProductNeededError(listed)
    return listed[0]


def _parent(work: Workspace, name: str, product: str) -> str:
    """The statement of a parent, which a system's name or the statement's own start names."""
    state = work.state()
    try:
        found = state.variants.get((product, digest(read_system(work, name))))
    except ManifestMissingError:
        found = _by_identity(state, name)
    if found is None or found.act.product != product:
        raise UndeclaredVariantError(name, product)
    return found.identity


def _by_identity(state: State, name: str) -> Accepted[Variant] | None:
    try:
        return find_act(state, name, Variant)
    except NotOnLogError:
        return None


def _week(said: str) -> str:
    """A week that its year has."""
    try:
        year, number = said.split("-W")
        date.fromisocalendar(int(year), int(number), 1)
    except ValueError:
        reason = f"{said} is no week of ISO 8601; write one such as 2026-W47"
        raise InvalidRecordError("variant", reason) from None
    return f"{int(year):04d}-W{int(number):02d}"


def _names(
    work: Workspace, seals: Sequence[Accepted[Seal]], declared: Sequence[Accepted[Variant]]
) -> dict[str, str]:
    """What people call systems: as sealed, else as their manifest is called now, else by digest."""
    found = {one.act.system: one.act.system[:12] for one in declared}
    for path in sorted(work.path("systems").glob("*.yaml")):
        found[digest(read_system(work, path.stem))] = path.stem
    for seal in seals:
        found |= system_names(work, seal.act)
    return found


def _baseline(product: str, names: dict[str, str], used: list[str], *, asked: str) -> str:
    """Digest of the baseline that the table is against; empty where nothing was sealed."""
    known = tuple(dict.fromkeys(names[one] for one in used))
    fitting = list(dict.fromkeys(one for one in used if not asked or names[one] == asked))
    if len(fitting) == 1:
        return fitting[0]
    if not used and not asked:
        return ""
    raise BaselineNeededError(product, known, "" if fitting else asked)


def _row(
    work: Workspace,
    one: Accepted[Variant],
    against: Sequence[Accepted[Seal]],
    *,
    names: dict[str, str],
) -> VariantRow:
    act = one.act
    own = [seal for seal in against if act.system in seal.act.candidates]
    parent = work.state().find(act.parent, Variant)
    return VariantRow(
        identity=one.identity,
        system=act.system,
        name=names[act.system],
        kind=act.kind,
        week=act.week,
        parent=names[parent.act.system] if parent else "",
        says=act.says,
        seals=len(own),
        tested=tuple(each for seal in own for each in tested(work, seal, act.system)),
    )
