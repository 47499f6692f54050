"""Reading another tool's log: what to ask of it, and what it tells besides its rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field

WORDS = {"C": 1.0, "I": 0.0, "P": 0.5, "N": 0.0}
"""What a graded word is worth unless something else was asked for: correct, incorrect, partly
correct, no answer."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How another tool's log is to be read; a table of observations is read as it stands.

    Attributes:
        metrics: Names to give to scores, by the name the log has for them
            (``scorer``, or ``scorer/key`` where a scorer gives several).
        values: What a graded word is worth, by (metric, word); an empty metric
            means every one that has no word of its own. Where there is one,
            `WORDS` no longer holds for that metric.
        slices: Fields of a sample's metadata that become slices.
        cluster: The field of a sample's metadata that names its cluster; empty
            where each item is its own.
        allow_incomplete: Whether a run that did not finish is taken, with
            whatever is missing in it as errored rows.
        tool: The tool that wrote the file, ``table`` for a table of
            observations, ``plugin:NAME`` for a reader of another distribution;
            empty where the file itself tells.
        only: What to take of a file that holds several systems, by kind, such
            as ``provider``, ``prompt`` or ``filter``.
        seal: Identity of the seal that the file is read for; empty where for none. A log that
            names another is refused.
    """

    metrics: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[tuple[str, str], float] = field(default_factory=dict)
    slices: tuple[str, ...] = ()
    cluster: str = ""
    allow_incomplete: bool = False
    tool: str = ""
    only: Mapping[str, str] = field(default_factory=dict)
    seal: str = ""

    @property
    def asks(self) -> bool:
        """Whether anything is asked that only a log can answer."""
        return self != Reading(tool=self.tool, seal=self.seal)

    def metric(self, name: str) -> str:
        """What a score that the log calls ``name`` is called here."""
        return self.metrics.get(name, name)

    def worth(self, metric: str, word: str) -> float | None:
        """What a graded word is worth under a metric; None where nobody said."""
        for owner in (metric, ""):
            if any(each == owner for each, _ in self.values):
                return self.values.get((owner, word))
        return WORDS.get(word)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A figure that the tool computed itself, kept as its claim and believed by nobody.

    Attributes:
        metric: What the score is called here.
        statistic: What the tool calls the figure, such as ``accuracy``.
        reducer: How it made one score of an item's repeats; empty for not at all.
        value: The figure; None where it is no finite number.
    """

    metric: str
    statistic: str
    reducer: str
    value: float | None


@dataclass(kw_only=True)
class Account:
    """What a log told besides its rows; whole once the last batch was read.

    Attributes:
        tool: The tool whose log it is; empty for a table of observations.
        source: SHA-256 of the file, 64 hex characters.
        expected: Samples that the run had planned, repeats counted.
        found: Samples that the log holds, those that failed among them.
        claimed: The tool's own figures.
        unscored: Why scores gave no value, and how many each time.
        notes: What a reader should know of the log, in sentences.
    """

    tool: str = ""
    source: str = ""
    expected: int = 0
    found: int = 0
    claimed: tuple[Claim, ...] = ()
    unscored: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
