"""Judges: what they are worth against people, and rates corrected for their errors."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from interlock.adapters.files import replace
from interlock.adapters.judges import BUILT_IN, LabelColumns, read_labels
from interlock.app.workspace import HIDDEN, Workspace
from interlock.errors import AmbiguousNameError, BadTableError, NotEstimableError, UnknownJudgeError
from interlock.ledger import digest, dump, load
from interlock.measure import (
    Estimate,
    JudgedRows,
    exact_rate,
    judge_corrected_rate,
    ppi_rate,
    rogan_gladen,
)
from interlock.trial.judges import JudgeValidation, Validated, validation_of

_FOLDER = "judges"
_FEWEST_DIGITS = 6


@dataclass(frozen=True, kw_only=True)
class KeptValidation:
    """A validation that a workspace keeps.

    Attributes:
        digest: Its name.
        found: What was found.
    """

    digest: str
    found: JudgeValidation


@dataclass(frozen=True, kw_only=True)
class CorrectedRate:
    """One arm's rate by the judge alone and by the judge corrected with people's labels.

    Attributes:
        arm: The arm; empty where the file names none.
        rows: Its rows.
        flagged: Rows that the judge flagged, those it said nothing readable of among them.
        labelled: Rows that people labelled.
        judge_alone: The judge's own rate, whatever its errors.
        corrected: The two-phase bound; None with the reason where there is none.
        ppi: Power-tuned prediction-powered inference, shown beside.
        rogan_gladen: By the judge's error rates, shown beside.
        reasons: Why a figure is absent, by its name.
    """

    arm: str
    rows: int
    flagged: int
    labelled: int
    judge_alone: Estimate
    corrected: Estimate | None
    ppi: Estimate | None
    rogan_gladen: Estimate | None
    reasons: dict[str, str]


def validate_judge(
    path: Path,
    columns: LabelColumns,
    *,
    identity: str = "",
    metric: str = "harm",
    work: Workspace | None = None,
) -> JudgeValidation:
    """Hold a judge against people, on a file that has the labels of both.

    Args:
        path: CSV or JSON lines.
        columns: Which column says what.
        identity: The judge's identity; the name of its column where empty.
        metric: What was asked.
        work: The workspace that keeps the record, where there is one.

    Raises:
        BadTableError: The file is no table, lacks a column, or has no row with a person's label.
        BadRowError: A row is refused; the error names it.
    """
    table = read_labels(path, columns)
    if not table.rows.human:
        raise BadTableError(str(path), f"no row has a label in {columns.human!r}; let people label")
    about = Validated(
        judge=identity or columns.judge,
        metric=metric,
        source=path.name,
        source_sha256=table.digest,
        unlabelled=len(table.unlabelled),
    )
    found = validation_of(table.rows, about=about)
    if work is not None:
        folder = _folder(work)
        folder.mkdir(parents=True, exist_ok=True)
        replace(folder / f"{digest(found)}.json", dump(found))
    return found


@dataclass(frozen=True, kw_only=True)
class JudgeList:
    """The judges at hand.

    Attributes:
        built_in: Identities of those that need nothing but their name.
        kept: The validations that the workspace keeps, by metric and judge.
    """

    built_in: tuple[str, ...]
    kept: tuple[KeptValidation, ...]


def list_judges(work: Workspace | None = None) -> JudgeList:
    """The built-in judges, and the validations that a workspace keeps.

    Raises:
        UnknownJudgeError: A validation was altered.
    """
    kept = [] if work is None else [_kept(path) for path in _folder(work).glob("*.json")]
    kept.sort(key=lambda one: (one.found.metric, one.found.judge, one.digest))
    return JudgeList(built_in=tuple(judge.identity for judge in BUILT_IN), kept=tuple(kept))


def show_judge(work: Workspace, name: str) -> KeptValidation:
    """The validation that a digest names, or the first six digits of one or more.

    Raises:
        UnknownJudgeError: There is none.
        AmbiguousNameError: Several begin so.
    """
    kept = list_judges(work).kept
    found = [one for one in kept if len(name) >= _FEWEST_DIGITS and one.digest.startswith(name)]
    found = found or [one for one in kept if one.found.judge == name]
    if not found:
        raise UnknownJudgeError(name)
    if len(found) > 1:
        raise AmbiguousNameError(name, len(found))
    return found[0]


def rate_judged(
    path: Path, columns: LabelColumns, *, confidence: float = 0.90, seed: int = 0
) -> tuple[CorrectedRate, ...]:
    """How often it happened in each arm, by a judge whose errors people's labels show.

    The two-phase bound needs a label on every row that the judge flagged or
    said nothing readable of, and on rows drawn by chance from the others.
    The figures beside it take labels as drawn from all rows alike: where people
    labelled all that was flagged and only some of the rest, as many of the
    flagged rows' labels are drawn for them.

    Args:
        path: CSV or JSON lines; rows are independent, one a prompt.
        columns: Which column says what; the human one is empty where nobody labelled.
        confidence: Two-sided coverage, in (0, 1).
        seed: Fixes the draw of labels for the figures beside.

    Raises:
        BadTableError: The file is no table, or lacks a column.
        BadRowError: A row is refused; the error names it.
        ValueOutOfRangeError: ``confidence`` is no share.
    """
    table = read_labels(path, columns)
    arms: dict[str, list[tuple[bool, float]]] = {}
    groups = table.rows.groups or [""] * len(table.rows.human)
    for arm, human, judge in zip(groups, table.rows.human, table.rows.judge, strict=True):
        flag = judge is None or judge in table.rows.yes
        arms.setdefault(arm, []).append((flag, float(human in table.rows.yes)))
    for arm, judge in table.unlabelled:
        flag = judge is None or judge in table.rows.yes
        arms.setdefault(arm, []).append((flag, float("nan")))
    rng = np.random.default_rng(seed)
    return tuple(_corrected(arm, arms[arm], confidence=confidence, rng=rng) for arm in sorted(arms))


def _corrected(
    arm: str, seen: list[tuple[bool, float]], *, confidence: float, rng: np.random.Generator
) -> CorrectedRate:
    judge = np.array([flag for flag, _ in seen])
    human = np.array([label for _, label in seen])
    rows, beside = JudgedRows(judge, human), JudgedRows(judge, _alike(judge, human, rng))
    reasons: dict[str, str] = {}

    def tried(name: str, of: JudgedRows, method: Callable[..., Estimate]) -> Estimate | None:
        try:
            return method(of, confidence=confidence)
        except NotEstimableError as error:
            reasons[name] = str(error)
            return None

    return CorrectedRate(
        arm=arm,
        rows=rows.n,
        flagged=int(judge.sum()),
        labelled=int(rows.labelled.sum()),
        judge_alone=exact_rate(judge, confidence=confidence),
        corrected=tried("corrected", rows, judge_corrected_rate),
        ppi=tried("ppi", beside, ppi_rate),
        rogan_gladen=tried("rogan_gladen", beside, rogan_gladen),
        reasons=reasons,
    )


def _alike(
    judge: NDArray[np.bool_], human: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Labels as if drawn from all rows alike: where all flagged rows have one, fewer of theirs."""
    labelled = ~np.isnan(human)
    rest = int((~judge).sum())
    share = int((labelled & ~judge).sum()) / rest if rest else 1.0
    if not labelled[judge].all() or share == 1:
        return human
    flagged = rng.permutation(np.flatnonzero(judge))
    thinned = human.copy()
    thinned[flagged[round(share * flagged.size) :]] = np.nan
    return thinned


def _folder(work: Workspace) -> Path:
    return work.path(f"{HIDDEN}/{_FOLDER}")


def _kept(path: Path) -> KeptValidation:
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != path.stem:
        raise UnknownJudgeError(path.stem)
    found: JudgeValidation = load(data)
    return KeptValidation(digest=path.stem, found=found)
