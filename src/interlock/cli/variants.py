"""Commands about variants: declare one, and see all of a product against one baseline."""

from pathlib import Path
from typing import Any, get_args

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from interlock.adapters.files import replace
from interlock.admission import VariantKind
from interlock.app.variants import (
    Declared,
    Tested,
    VariantRow,
    VariantTable,
    declare_variant,
    variant_picture,
    variant_table,
)
from interlock.cli.charts import figures
from interlock.cli.doors import (
    as_option,
    json_option,
    on_screen,
    show,
    show_act,
    signer,
    workspace,
)
from interlock.cli.inputs import NEW_FILE, WORDS
from interlock.cli.judgement import plot
from interlock.ledger import content

_NARROW_CELLS = 100


@click.group()
def variants() -> None:
    """Declare variants of a product, and see what each came to."""


@variants.command("add")
@click.argument("system")
@click.option(
    "--kind", type=click.Choice(get_args(VariantKind)), required=True, help="What was changed."
)
@click.option("--week", required=True, help="Its ISO week, such as 2026-W47.")
@click.option("--says", type=WORDS, required=True, help="What was changed, in words.")
@click.option("--parent", default="", help="The system or statement it was made from.")
@click.option("--product", default="", help="Needed where the workspace has several.")
@as_option
@json_option
def variants_add_command(
    system: str,
    *,
    kind: VariantKind,
    week: str,
    says: str,
    parent: str,
    product: str,
    person: str,
    as_json: bool,
) -> None:
    """Declare SYSTEM as a variant of a product, once and for good; it permits nothing.

    \b
    Example:
        interlock variants add guarded --kind guardrail --parent plain \\
            --week 2026-W47 --says "A second filter before the answer." --as paula
    """
    said = Declared(kind=kind, week=week, says=says, parent=parent, product=product)
    with workspace() as work:
        done = declare_variant(work, system, said, signer=signer(work, person))
    show_act(done, "variant", as_json=as_json)


@variants.command("show")
@click.argument("product")
@click.option("--baseline", default="", help="By name; needed where there are several.")
@click.option("--svg", type=NEW_FILE, help="Where the chart over time is written.")
@json_option
def variants_show_command(product: str, *, baseline: str, svg: Path | None, as_json: bool) -> None:
    """Every variant of PRODUCT against one baseline: attempts, alpha, outcomes, intervals.

    \b
    Example:
        interlock variants show assistant --svg variants.svg
    """
    with workspace() as work:
        table = variant_table(work, product, baseline=baseline)
    if svg is not None:
        replace(svg, variant_picture(table).encode())
    if as_json:
        show(_facts(table), as_json=True, lines=[])
        return
    against = f", against {table.baseline}" if table.baseline else ""
    click.echo(on_screen(f"variants of {table.product}{against}: {len(table.rows)}"))
    for row in table.rows:
        _print(row)


def _print(row: VariantRow) -> None:
    """One variant: where it is from, and a table of what it came to."""
    console = Console()
    origin = f" from {row.parent}" if row.parent else ""
    heading = f"{row.week}  {row.name}: {row.kind}{origin}, seals: {row.seals}"
    console.print(Text(on_screen(heading), style="bold"))
    console.print(Text(on_screen(f"  {row.says}")))
    if console.width < _NARROW_CELLS:
        for one in row.tested:
            attempt, alpha, outcome, measured = _cells(one)
            click.echo(on_screen(f"  {one.criterion}: {outcome}"))
            click.echo(f"    attempt {attempt}, alpha spent and left: {alpha}")
            click.echo(f"    {measured}  {_bar(one, console)}".rstrip())
        return
    if not row.tested:
        return
    table = Table(box=None, pad_edge=True)
    for name in ("criterion", "attempt", "alpha spent, left", "outcome", "estimate"):
        table.add_column(name, overflow="fold")
    table.add_column("interval and limit", no_wrap=True)
    for one in row.tested:
        table.add_row(Text(on_screen(one.criterion)), *_cells(one), _bar(one, console))
    console.print(table)


def _bar(one: Tested, console: Console) -> str:
    """The interval beside its limit; empty where nothing was estimated."""
    if one.estimate is None or one.limit is None:
        return ""
    return plot(one.estimate, one.limit, ascii_only=console.options.ascii_only)


def _cells(one: Tested) -> tuple[str, str, str, str]:
    measured = "" if one.outcome is None else figures(one.estimate)
    alpha = f"{one.spent:.3g}, {one.left:.3g}"
    return str(one.attempt), alpha, one.outcome or "not judged", measured


def _facts(table: VariantTable) -> dict[str, Any]:
    return {
        "product": table.product,
        "baseline": table.baseline,
        "variants": [
            {
                **{name: value for name, value in vars(row).items() if name != "tested"},
                "tested": [_told(one) for one in row.tested],
            }
            for row in table.rows
        ],
    }


def _told(one: Tested) -> dict[str, Any]:
    estimate = None if one.estimate is None else content(one.estimate)
    return {**vars(one), "estimate": estimate}
