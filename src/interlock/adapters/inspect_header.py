"""What the header of an Inspect log says of its run, and whether it may be believed."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Annotated, Any

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from interlock.adapters.inspect_graders import graders
from interlock.errors import BadLogError
from interlock.trial import Claim, Reading

SEAL = "interlock.seal"
"""The entry of a log's metadata that names the seal it was run for."""

VERSION = 2
"""The version of Inspect's log format that is read here."""

_MOST_SAMPLES = 10_000_000
_SHORTEST = 6
SELF_GRADERS = frozenset({"model_graded_qa", "model_graded_fact"})
"""Scorers that ask a model for their grades."""
_SHAPE = ConfigDict(extra="ignore")

_Id = str | int
_Name = Annotated[str, Field(max_length=1000)]


@checked(kw_only=True, config=_SHAPE)
class _Dataset:
    samples: int | None = None
    sample_ids: list[_Id] | None = None


@checked(kw_only=True, config=_SHAPE)
class _Config:
    epochs: Annotated[int, Field(ge=1, le=_MOST_SAMPLES)] | None = None
    limit: Any = None
    sample_id: Any = None


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
    metadata: dict[str, Any] | None = None


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
        ids = self.log.eval.dataset.sample_ids or ()
        return ((str(item), epoch) for item in ids for epoch in range(self._epochs))

    def plans(self, key: tuple[str, int]) -> bool:
        """Whether it had planned an (item, epoch), epochs from 0; any item if it has no list."""
        item, epoch = key
        return epoch < self._epochs and (not self.lists_samples or item in self._items)

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
        self._check_dataset()
        if log.results and self.expected != log.results.total_samples:
            self._refuse(
                f"it says it had {log.results.total_samples} samples and lists {self.expected}; "
                "import the log as it was written"
            )
        self._check_grader()

    def check_seal(self, seal: str) -> None:
        """Refuse a log that was run for another seal than the one it is read for.

        It is named whole or by six digits or more, as everywhere. A log that
        names none is taken: what it must hold is checked row for row.

        Raises:
            BadLogError: It names another.
        """
        named = (self.log.eval.metadata or {}).get(SEAL)
        short = str(named)
        if seal and named is not None and (len(short) < _SHORTEST or not seal.startswith(short)):
            self._refuse(
                f"its metadata say that it was run for the seal {short[:12]!r}, and it is "
                f"read for {seal[:12]}; import it under its own seal"
            )

    def check_start(self, start: "Header") -> None:
        """Refuse a header that plans another run than the journal's first entry.

        Raises:
            BadLogError: Model, run, samples or epochs are others.
        """
        for what, here, there in (
            ("model", self.model, start.model),
            ("eval_id", self.run, start.run),
            (
                "dataset.sample_ids",
                self.log.eval.dataset.sample_ids,
                start.log.eval.dataset.sample_ids,
            ),
            ("dataset.samples", self.log.eval.dataset.samples, start.log.eval.dataset.samples),
            ("config.epochs", self._epochs, start._epochs),
        ):
            if here != there:
                self._refuse(
                    f"its eval.{what} is another than in {start.member}, so that its plan was "
                    "changed after the run; import the log as it was written"
                )

    def check_found(self, found: int, *, failed: int) -> None:
        """Refuse a header that counts other samples as completed than are there.

        Args:
            found: Samples that are there.
            failed: How many of them ended in an error; older versions count some of them.

        Raises:
            BadLogError: It counts more than were found, or fewer than are sound.
        """
        results = self.log.results
        if results and not found - failed <= results.completed_samples <= found:
            self._refuse(
                f"it says {results.completed_samples} samples were completed, and {found} are "
                f"there, {failed} of them failed; import the log as it was written"
            )

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

    @cached_property
    def _items(self) -> frozenset[str]:
        return frozenset(map(str, self.log.eval.dataset.sample_ids or ()))

    @property
    def _epochs(self) -> int:
        return self.log.eval.config.epochs or 1

    def _check_dataset(self) -> None:
        """Refuse a plan of other samples than its dataset has, unless a part was asked for."""
        plan, results = self.log.eval, self.log.results
        size, ids = plan.dataset.samples, plan.dataset.sample_ids
        if size is None or (ids is None and results is None):
            return
        listed = len(ids) * self._epochs if ids is not None else self.expected or 0
        whole = plan.config.limit is None and plan.config.sample_id is None
        if listed > size * self._epochs or (whole and listed < size * self._epochs):
            self._refuse(
                f"its dataset has {size} samples, with repeats {size * self._epochs}, and it "
                f"plans {listed}; import the log as it was written"
            )

    def _check_grader(self) -> None:
        """Refuse grades a candidate gave itself: Inspect asks it where no grader is bound."""
        roles = self.log.eval.model_roles or {}
        for scorer in self.log.eval.scorers or ():
            if scorer.name.rpartition("/")[2] not in SELF_GRADERS:
                continue
            asked = graders(scorer.options or {}, roles, self.model)
            if not asked:
                self._refuse(
                    f"nobody can say which model its scorer {scorer.name} asked; name it in the "
                    "scorer's option 'model' or the role 'grader' and score the log anew"
                )
            if self.model in asked:
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
