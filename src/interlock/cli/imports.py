"""The command that turns recorded results into evidence."""

import math
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from interlock.app import Recorded, record_run
from interlock.cli.doors import as_option, json_option, show, signer, workspace
from interlock.cli.inputs import EXISTING
from interlock.trial import Claim, Reading

_METADATA = "metadata."
_AVERAGES = {"accuracy", "mean"}


class Renaming(click.ParamType[tuple[str, str]]):
    """``SCORE=METRIC``."""

    name = "score=metric"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """The score's name in the log, and the metric's here."""
        score, equals, metric = value.rpartition("=")
        if not (score and equals and metric and metric == metric.strip()):
            self.fail(f"{value!r} is not {self.name}, such as includes=harm", param, ctx)
        return score, metric


class Worth(click.ParamType[tuple[tuple[str, str], float]]):
    """``WORD=NUMBER`` or ``METRIC:WORD=NUMBER``."""

    name = "[metric:]word=number"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[tuple[str, str], float]:
        """A metric (empty for every one), a word, and what it is worth there."""
        graded, equals, figure = value.rpartition("=")
        metric, _, word = graded.rpartition(":")
        try:
            number = float(figure)
        except ValueError:
            number = math.nan
        if not (equals and word and math.isfinite(number)):
            self.fail(f"{value!r} is not {self.name}, such as C=0 or harm:C=1", param, ctx)
        return (metric, word), number


class Choice(click.ParamType[tuple[str, str]]):
    """``KIND=NAME``."""

    name = "kind=name"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """What kind of thing is chosen, and which."""
        kind, equals, chosen = value.partition("=")
        if not (kind and equals and chosen):
            self.fail(f"{value!r} is not {self.name}, such as filter=strict-match", param, ctx)
        return kind, chosen


class Place(click.ParamType[str]):
    """``metadata.FIELD``."""

    name = "metadata.field"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The field's path inside a sample's metadata."""
        field = value.removeprefix(_METADATA)
        if field == value or not field:
            self.fail(f"{value!r} is not {self.name}, such as metadata.language", param, ctx)
        return field


@click.command("import")
@click.argument("file", type=EXISTING)
@click.option("--seal", required=True, metavar="ID", help="The seal it is evidence for.")
@click.option("--system", required=True, metavar="NAME", help="Baseline or candidate of the seal.")
@click.option(
    "--metric", "metrics", type=Renaming(), multiple=True, help="What a score of a log is called."
)
@click.option(
    "--value",
    "values",
    type=Worth(),
    multiple=True,
    help="What a graded word of a log is worth; without it C=1, P=0.5, I=0 and N=0.",
)
@click.option(
    "--slice", "slices", type=Place(), multiple=True, help="Metadata of a log to slice by."
)
@click.option(
    "--cluster", type=Place(), default=None, help="Metadata of a log that name a sample's cluster."
)
@click.option(
    "--allow-incomplete",
    is_flag=True,
    help="Take a log whose run did not finish; all that is missing counts against passing.",
)
@click.option(
    "--from",
    "tool",
    metavar="TOOL",
    default="",
    help="What wrote FILE (inspect, garak, promptfoo, lm-eval, pyrit, table, plugin:NAME), if "
    "FILE does not tell.",
)
@click.option("--provider", metavar="NAME", default="", help="The same as --only provider=NAME.")
@click.option(
    "--only",
    type=Choice(),
    multiple=True,
    help="What to take of a FILE that holds several: provider, prompt, filter, attack.",
)
@as_option
@json_option
def import_command(
    file: Path,
    seal: str,
    system: str,
    metrics: tuple[tuple[str, str], ...],
    values: tuple[tuple[tuple[str, str], float], ...],
    slices: tuple[str, ...],
    cluster: str | None,
    allow_incomplete: bool,
    tool: str,
    provider: str,
    only: tuple[tuple[str, str], ...],
    person: str,
    as_json: bool,
) -> None:
    """Record the results in FILE as evidence under a seal.

    FILE is a table of observations (CSV, JSONL or Parquet), of which only item,
    metric and value are required, or what another tool wrote: a log of Inspect
    (.eval or .json), a report of garak (.report.jsonl), results of promptfoo
    (results.json), samples of lm-eval (samples_TASK_DATE.jsonl) or a memory of
    PyRIT (SQLite). Prompts and completions are kept apart from the evidence, so
    that it can be shared without them.

    \b
    Example:
        interlock import before.csv --seal 3fa9c1 --system baseline --as paula
        interlock import after.eval --seal 3fa9c1 --system guarded --as paula \\
          --metric includes=harm --value C=0 --value I=1 --slice metadata.language
        interlock import results.json --seal 3fa9c1 --system guarded --as paula \\
          --provider guarded-assistant --metric compliance=judged-harm
    """
    reading = Reading(
        metrics=dict(metrics),
        values=dict(values),
        slices=tuple(dict.fromkeys(slices)),
        cluster=cluster or "",
        allow_incomplete=allow_incomplete,
        tool=tool,
        only=dict(only) | ({"provider": provider} if provider else {}),
    )
    with workspace() as work:
        done = record_run(
            work, file, seal, system=system, signer=signer(work, person), reading=reading
        )
    show(_told(done), as_json=as_json, lines=list(_lines(done, reading)))


def _told(done: Recorded) -> dict[str, object]:
    counts, account = done.counts, done.account
    told = {
        "run": done.run.identity,
        "evidence": done.evidence,
        "basis": done.basis,
        "expected": counts.expected,
        "observed": counts.observed,
        "unscored": counts.unscored,
        "errored": counts.errored,
    }
    if not account.tool:
        return told
    return told | {
        "tool": account.tool,
        "source": account.source,
        "samples": {"expected": account.expected, "found": account.found},
        "reasons": account.unscored,
        "notes": account.notes,
        "claimed": [asdict(claim) for claim in _shown(done)],
        "recomputed": {name: asdict(mean) for name, mean in done.means.items()},
    }


def _shown(done: Recorded) -> Iterator[Claim]:
    """Claims about what was recorded, and about nothing else."""
    return (claim for claim in done.account.claimed if claim.metric in done.means)


def _lines(done: Recorded, reading: Reading) -> Iterator[str]:
    counts, account = done.counts, done.account
    yield f"run {done.run.identity} ({done.basis}), evidence {done.evidence}"
    yield (
        f"{counts.expected} rows: {counts.observed} scored, {counts.unscored} unscored, "
        f"{counts.errored} errored; every gap counts against passing"
    )
    if not account.tool:
        return
    yield f"{account.found} of {account.expected} samples, from a log with sha256 {account.source}"
    yield from (f"unscored, {count} times: {reason}" for reason, count in account.unscored.items())
    yield from account.notes
    for claim in _shown(done):
        if claim.statistic in _AVERAGES and claim.reducer in {"", "mean"}:
            mean = done.means[claim.metric]
            claimed = "none" if claim.value is None else f"{claim.value:g}"
            mapped = "; its words were given other values" if reading.values else ""
            yield (
                f"{claim.metric}: {account.tool} claims {claim.statistic} {claimed}, "
                f"the {mean.rows} scored rows average {mean.value:g}{mapped}"
            )
