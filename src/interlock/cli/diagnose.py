"""Commands that diagnose a model from files: figures with intervals and pictures, no verdict."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from interlock.adapters.files import replace
from interlock.app.diagnosis import (
    Answers,
    Diagnosis,
    Endpoint,
    diagnose_adherence,
    diagnose_burstiness,
    diagnose_calibration,
    diagnose_confusion,
    diagnose_consistency,
    diagnose_perplexity,
    diagnose_robustness,
    diagnosis_picture,
    record_log_chances,
)
from interlock.cli.charts import figures, interval_bars
from interlock.cli.doors import json_option, on_screen, show
from interlock.cli.inputs import EXISTING, NEW_FILE
from interlock.ledger import content

F = TypeVar("F", bound=Callable[..., Any])

_seed = click.option("--seed", type=int, default=0, show_default=True, help="Fixes every draw.")
_metric = click.option("--metric", help="Whose rows are meant; needed where a file has several.")


def _shown(command: F) -> F:
    """Add ``--seed``, ``--svg`` and ``--json``."""
    picture = click.option("--svg", type=NEW_FILE, help="Where the picture is written.")
    return _seed(picture(json_option(command)))


@click.group()
def diagnose() -> None:
    """Diagnose a model from files of observations; nothing is decided by it."""


@diagnose.command("perplexity")
@click.argument("files", type=EXISTING, nargs=-1, required=True)
@_shown
def perplexity_command(
    files: tuple[Path, ...], *, seed: int, svg: Path | None, as_json: bool
) -> None:
    """Perplexity of the completions in FILES, one system a file, and bits a byte beside.

    FILES are JSON lines with item, logprobs (natural logarithms of the tokens'
    chances), tokeniser or model, and completion or bytes. Files whose tokenisers
    differ are refused.

    \b
    Example:
        interlock diagnose perplexity before.jsonl after.jsonl --svg perplexity.svg
    """
    _print(diagnose_perplexity(files, seed=seed), svg, as_json=as_json)


@diagnose.command("burstiness")
@click.argument("file", type=EXISTING)
@_metric
@_shown
def burstiness_command(
    file: Path, *, metric: str | None, seed: int, svg: Path | None, as_json: bool
) -> None:
    """Burstiness of the gaps in FILE: one gap a row, those of a cluster in one sequence.

    \b
    Example:
        interlock diagnose burstiness gaps.csv --metric gap
    """
    _print(diagnose_burstiness(file, metric=metric, seed=seed), svg, as_json=as_json)


@diagnose.command("consistency")
@click.argument("file", type=EXISTING)
@_metric
@click.option(
    "--answers",
    type=click.Choice(["value", "completion"]),
    default="value",
    show_default=True,
    help="Whether equal values are the same answer, or equal texts.",
)
@_shown
def consistency_command(
    file: Path,
    *,
    metric: str | None,
    answers: Answers,
    seed: int,
    svg: Path | None,
    as_json: bool,
) -> None:
    """Whether the repeats (epochs) of an item in FILE get the same answer.

    \b
    Example:
        interlock diagnose consistency repeats.csv --metric answer
    """
    found = diagnose_consistency(file, metric=metric, answers=answers, seed=seed)
    _print(found, svg, as_json=as_json)


@diagnose.command("adherence")
@click.argument("file", type=EXISTING)
@_metric
@click.option("--chance", help="Metric with the judge's chance of a violation, to name sure ones.")
@_shown
def adherence_command(
    file: Path,
    *,
    metric: str | None,
    chance: str | None,
    seed: int,
    svg: Path | None,
    as_json: bool,
) -> None:
    """Whether each behaviour (cluster) in FILE holds in all its variants, its edge cases.

    A value of .5 or more is a violation. Shown are the share of behaviours whose
    every variant held, and how alike the variants of a behaviour come out; with
    --chance, the rows that a judge calls a violation with .9 or more.

    \b
    Example:
        interlock diagnose adherence edge-cases.csv --metric harm --chance harm-chance
    """
    found = diagnose_adherence(file, metric=metric, chance=chance, seed=seed)
    _print(found, svg, as_json=as_json)


@diagnose.command("calibration")
@click.argument("file", type=EXISTING)
@click.option("--said", default="confidence", show_default=True, help="Metric: confidence given.")
@click.option("--happened", default="correct", show_default=True, help="Metric: 1 if it was so.")
@click.option("--bins", type=click.IntRange(1, 100), default=10, show_default=True, help="Bins.")
@_shown
def calibration_command(
    file: Path,
    *,
    said: str,
    happened: str,
    bins: int,
    seed: int,
    svg: Path | None,
    as_json: bool,
) -> None:
    """Whether the confidence in FILE, verbalised or of tokens, comes true as often as it says.

    \b
    Example:
        interlock diagnose calibration answers.csv --bins 5 --svg curve.svg
    """
    found = diagnose_calibration(file, said=said, happened=happened, bins=bins, seed=seed)
    _print(found, svg, as_json=as_json)


@diagnose.command("robustness")
@click.argument("file", type=EXISTING)
@_metric
@click.option("--tries", type=click.IntRange(1), help="Tries of an attacker; by default all made.")
@_shown
def robustness_command(
    file: Path,
    *,
    metric: str | None,
    tries: int | None,
    seed: int,
    svg: Path | None,
    as_json: bool,
) -> None:
    """What each attack in FILE does, beside no attack and at several tries.

    Attacks are named by the column slice.attack; a value of .5 or more is a
    success of the attacker.

    \b
    Example:
        interlock diagnose robustness attacks.csv --metric harm
    """
    found = diagnose_robustness(file, metric=metric, tries=tries, seed=seed)
    _print(found, svg, as_json=as_json)


@diagnose.command("confusion")
@click.argument("file", type=EXISTING)
@click.option("--said", required=True, help="Metric of the guard or judge: attack detected.")
@click.option("--truth", required=True, help="Metric of people: it was an attack.")
@_shown
def confusion_command(
    file: Path, *, said: str, truth: str, seed: int, svg: Path | None, as_json: bool
) -> None:
    """Which jailbreak attempts in FILE a guard or judge notices, against what people say.

    \b
    Example:
        interlock diagnose confusion attempts.csv --said detected --truth attack
    """
    _print(diagnose_confusion(file, said=said, truth=truth, seed=seed), svg, as_json=as_json)


@diagnose.command("record")
@click.argument("prompts", type=EXISTING)
@click.option("--endpoint", required=True, help="An OpenAI-compatible URL.")
@click.option("--model", default="", help="What the endpoint calls the model.")
@click.option("--tokeniser", required=True, help="What cuts text into tokens there.")
@click.option("--key-env", default="", help="Environment variable with the key.")
@click.option(
    "--max-tokens", type=click.IntRange(1), default=64, show_default=True, help="At most."
)
@click.option("--to", type=NEW_FILE, required=True, help="The file of log-probabilities.")
@json_option
def record_command(prompts: Path, *, to: Path, as_json: bool, **stated: Any) -> None:  # noqa: ANN401 - the fields of Endpoint
    """Ask a model, remote or local, to answer PROMPTS and keep its log-probabilities.

    PROMPTS are JSON lines of item and prompt. A local model answers at the port
    of `interlock model serve`.

    \b
    Example:
        interlock diagnose record prompts.jsonl --endpoint http://127.0.0.1:8080/v1 \\
            --tokeniser smollm2 --to scored.jsonl
    """
    url = stated.pop("endpoint")
    n = record_log_chances(prompts, Endpoint(url=url, **stated), to=to)
    show({"rows": n, "file": str(to)}, as_json=as_json, lines=[f"{n} completions are in {to}"])


def _print(found: Diagnosis, svg: Path | None, *, as_json: bool) -> None:
    """A diagnosis as one JSON object, or as tables with a chart; and its picture."""
    if svg is not None:
        replace(svg, diagnosis_picture(found).encode())
    if as_json:
        click.echo(json.dumps(_facts(found), ensure_ascii=False))
        return
    console = Console()
    console.print(Text(on_screen(found.what), style="bold"))
    for panel in found.panels:
        bars = interval_bars([one for _, one in panel.rows], ascii_only=console.options.ascii_only)
        table = Table(title=panel.heading, title_justify="left", box=None, pad_edge=False)
        for name in ("", "estimate (interval)", ""):
            table.add_column(name, no_wrap=name == "")
        for (name, one), bar in zip(panel.rows, bars, strict=True):
            table.add_row(Text(on_screen(name)), figures(one), bar)
        console.print(table)
    for line in _beside(found):
        click.echo(on_screen(line))


def _beside(found: Diagnosis) -> Iterator[str]:
    if found.curve:
        yield "chance given, share that happened:"
    for point in found.curve:
        yield f"  {point.said:.3f}  {figures(point.happened)}"
    yield from (f"{name}: {count}" for name, count in found.counts.items())
    if found.left_out:
        yield f"left out, without a value or a partner: {found.left_out}"
    yield from found.notes


def _facts(found: Diagnosis) -> dict[str, Any]:
    return {
        "diagnosis": found.what,
        "figures": [
            {
                "panel": panel.heading,
                "name": name,
                "estimate": None if one is None else content(one),
            }
            for panel in found.panels
            for name, one in panel.rows
        ],
        "curve": [
            {"said": one.said, "n": one.n, "happened": content(one.happened)} for one in found.curve
        ],
        "counts": found.counts,
        "left_out": found.left_out,
        "notes": list(found.notes),
    }
