"""What the header of an Inspect log says of its run, and whether it may be believed."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product
from typing import Annotated, Any

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from interlock.errors import BadLogError
from interlock.trial import Claim, Reading

VERSION = 2
"""The version of Inspect's log format that is read here."""

_MOST_SAMPLES = 10_000_000
_SELF_GRADERS = frozenset({"model_graded_qa", "model_graded_fact"})
_SHAPE = ConfigDict(extra="ignore")

_Id = str | int
_Name = Annotated[str, Field(max_length=1000)]


@checked(kw_only=True, config=_SHAPE)
class _Dataset:
    sample_ids: list[_Id] | None = None


@checked(kw_only=True, config=_SHAPE)
class _Config:
    epochs: Annotated[int, Field(ge=1, le=_MOST_SAMPLES)] | None = None


@checked(kw_only=True, config=_SHAPE)
class _Scorer:
    name: _Name
    options: dict[str, Any] | None = None


@checked(kw_only=True, config=_SHAPE)
class _Eval:
    model: _Name
    dataset: _Dataset
    config: _Config
    task: _Name = ""
    eval_id: _Name = ""
    scorers: list[_Scorer] | None = None
    model_roles: dict[str, Any] | None = None


@checked(kw_only=True, config=_SHAPE)
class _Figure:
    name: _Name
    value: int | float | None = None


@checked(kw_only=True, config=_SHAPE)
class _Score:
    name: _Name
    scorer: _Name
    reducer: _Name | None = None
    metrics: dict[str, _Figure] = Field(default_factory=dict)


@checked(kw_only=True, config=_SHAPE)
class _Stopping:
    manager: _Name = ""
    early_stops: list[Any] = Field(default_factory=list)


@checked(kw_only=True, config=_SHAPE)
class _Results:
    total_samples: int
    completed_samples: int
    early_stopping: _Stopping | None = None
    scores: list[_Score] = Field(default_factory=list)


@checked(kw_only=True, config=_SHAPE)
class _Log:
    eval: _Eval
    version: int = VERSION
    status: _Name = "started"
    results: _Results | None = None
    invalidated: bool = False
    log_updates: list[Any] | None = None
    config_updates: list[Any] | None = None


_LOG = TypeAdapter(_Log)


@dataclass(frozen=True)
class Header:
    """The run as the log's header describes it: a claim, to be held against its samples.

    Nothing of its configuration, arguments or prompts is kept.
    """

    file: str
    member: str
    log: _Log

    @property
    def model(self) -> str:
        """The candidate."""
        return self.log.eval.model

    @property
    def task(self) -> str:
        """The task."""
        return self.log.eval.task

    @property
    def run(self) -> str:
        """The run's own name, drawn at random."""
        return self.log.eval.eval_id

    @property
    def expected(self) -> int | None:
        """Samples planned, repeats counted; None where the log does not say."""
        ids, results = self.log.eval.dataset.sample_ids, self.log.results
        if ids is not None:
            return len(ids) * self._epochs
        return results.total_samples if results else None

    def planned(self) -> Iterator[tuple[str, int]]:
        """Every (item, epoch) that the run had planned, epochs from 0; none if it has no list."""
        return product(map(str, self.log.eval.dataset.sample_ids or ()), range(self._epochs))

    @property
    def lists_samples(self) -> bool:
        """Whether the log says which samples it had planned."""
        return self.log.eval.dataset.sample_ids is not None

    def check(self) -> None:
        """Refuse a log that nobody may believe, whole or not.

        Raises:
            BadLogError: It is of another version, was invalidated, contradicts
                itself, plans more than ten million samples, or let the candidate
                grade itself.
        """
        log = self.log
        if log.version != VERSION:
            self._refuse(
                f"it is a log of version {log.version}, and version {VERSION} is read here"
            )
        if log.invalidated:
            self._refuse("samples of it were invalidated after the run; run them again")
        if (self.expected or 0) > _MOST_SAMPLES:
            self._refuse(f"it plans over {_MOST_SAMPLES:,} samples; split it")
        ids = log.eval.dataset.sample_ids or []
        if len(set(map(str, ids))) != len(ids):
            self._refuse("its list of samples names one twice; give each sample an id of its own")
        if log.results and self.expected != log.results.total_samples:
            self._refuse(
                f"it says it had {log.results.total_samples} samples and lists {self.expected}; "
                "import the log as it was written"
            )
        self._check_grader()

    def unfinished(self) -> str:
        """Why the run did not end as planned, by its own account; empty if it did."""
        log = self.log
        if log.status != "success":
            return f"its status is {log.status[:40]!r} and not 'success'"
        if log.results is None:
            return "it has no results"
        stopping = log.results.early_stopping
        if stopping is not None and stopping.early_stops:
            return f"{len(stopping.early_stops)} samples were stopped early"
        return ""

    def notes(self) -> list[str]:
        """What was changed in the log or in its run while it was under way, in sentences."""
        made = []
        if self.log.log_updates:
            made.append("tags or metadata of the log were edited after the run")
        if self.log.config_updates:
            made.append("the configuration was changed while the run was under way")
        return made

    def claims(self, reading: Reading) -> Iterator[Claim]:
        """The tool's own figures, by what the scores are called here."""
        results = self.log.results
        for score in results.scores if results else ():
            own = score.name in {score.scorer, ""}
            name = reading.metric(score.scorer if own else f"{score.scorer}/{score.name}")
            for statistic, figure in islice(score.metrics.items(), 1000):
                value = None if figure.value is None else _finite(figure.value)
                yield Claim(
                    metric=name, statistic=statistic, reducer=score.reducer or "", value=value
                )

    @property
    def _epochs(self) -> int:
        return self.log.eval.config.epochs or 1

    def _check_grader(self) -> None:
        """Refuse grades a candidate gave itself: Inspect asks it where no grader is bound."""
        roles = self.log.eval.model_roles or {}
        bound = roles.get("grader")
        bound = bound[0] if isinstance(bound, list) and bound else bound
        grader = bound.get("model") if isinstance(bound, Mapping) else None
        for scorer in self.log.eval.scorers or ():
            asked = (scorer.options or {}).get("model") or grader
            if scorer.name.rpartition("/")[2] in _SELF_GRADERS and asked in {None, self.model}:
                self._refuse(
                    f"its scorer {scorer.name} had the candidate grade its own answers; "
                    "bind another model to the role 'grader' and score the log anew"
                )

    def _refuse(self, reason: str) -> None:
        raise BadLogError(self.file, self.member, reason)


def read_header(found: Mapping[str, Any], file: str, member: str) -> Header:
    """The header of a log from its JSON.

    Raises:
        BadLogError: It is none, or a field that counts has another form.
    """
    try:
        return Header(file, member, _LOG.validate_python(dict(found)))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "it"
        reason = f"{where}: {first['msg']}; this is no log of Inspect, or one of another version"
        raise BadLogError(file, member, reason) from error


def _finite(value: float) -> float | None:
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
