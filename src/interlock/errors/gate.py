"""Evidence and plans that cannot be judged."""

from interlock.errors.error import InterlockError


class PairedTwiceError(InterlockError):
    """One arm holds the same (metric, item, epoch) twice.

    Attributes:
        file: What the arm is called: its file, or its system.
        item: The item.
        row: The later of the two data rows, counted from 1.
    """

    code = "paired-twice"

    def __init__(self, file: str, item: str, row: int) -> None:
        super().__init__(file, item, row)
        self.file, self.item, self.row = file, item, row

    def __str__(self) -> str:
        return (
            f"row {self.row} of {self.file} repeats item {self.item!r} of the same metric "
            "and epoch; a copied row is no further evidence: remove it, or give repeats their epoch"
        )


class ConflictingItemError(InterlockError):
    """An item has two clusters, or two values of one slice."""

    code = "conflicting-item"

    def __init__(self, item: str, column: str) -> None:
        super().__init__(item, column)
        self.item, self.column = item, column

    def __str__(self) -> str:
        return (
            f"item {self.item!r} has two values of {self.column} within one metric; an item has "
            f"one, in both arms and every epoch: correct {self.column}, or name the items apart"
        )


class UnorderedClusterError(InterlockError):
    """A cluster of the evidence has no place in the sealed order."""

    code = "unordered-cluster"

    def __init__(self, cluster: str) -> None:
        super().__init__(cluster)
        self.cluster = cluster

    def __str__(self) -> str:
        return (
            f"the cluster {self.cluster!r} has no place in the sealed order; a sequential test "
            "takes the clusters that the seal drew, in their order, and no other"
        )


class BrokenOrderError(InterlockError):
    """The clusters of an arm are not a beginning of the sealed order, or not that of the others.

    Attributes:
        system: What the arm is called: its file, or its system.
        cluster: The first cluster of the order that it lacks and should have.
    """

    code = "broken-order"

    def __init__(self, system: str, cluster: str) -> None:
        super().__init__(system, cluster)
        self.system, self.cluster = system, cluster

    def __str__(self) -> str:
        return (
            f"{self.system} has no row of the cluster {self.cluster!r} and has rows of later ones, "
            "or another arm does; a sequential test takes whole clusters in the sealed order, the "
            "same ones in every arm: record what the trial ran, up to one cluster"
        )


class NotANumberError(InterlockError):
    """A scored value is NaN or infinite.

    Attributes:
        file: What the arm is called: its file, or its system.
        item: The item.
        row: The data row, counted from 1.
    """

    code = "not-a-number"

    def __init__(self, file: str, item: str, row: int) -> None:
        super().__init__(file, item, row)
        self.file, self.item, self.row = file, item, row

    def __str__(self) -> str:
        return (
            f"row {self.row} of {self.file} (item {self.item!r}) is scored but its value is "
            "no finite number; correct it, or give it the status unscored or error"
        )


class OutOfRangeError(InterlockError):
    """A scored value lies outside the range declared for its metric.

    Attributes:
        file: What the arm is called: its file, or its system.
        metric: The metric.
        item: The item.
        row: The data row, counted from 1.
    """

    code = "out-of-range"

    def __init__(self, file: str, metric: str, place: tuple[str, int]) -> None:
        super().__init__(file, metric, place)
        self.file, self.metric = file, metric
        self.item, self.row = place

    def __str__(self) -> str:
        return (
            f"row {self.row} of {self.file} (item {self.item!r}) has a value outside the "
            f"range of {self.metric}; every bound rests on that range: correct the value, or "
            "declare the range the metric really has"
        )


class UnderpoweredError(InterlockError):
    """A hypothesis would probably stay undecided even if it is true.

    Attributes:
        power: The chance that every criterion passes, if the assumed truth holds.
        needed: The chance that a confirmatory hypothesis must have.
        clusters: Clusters a criterion that would reach it; ``None`` if none up to the limit does.
    """

    code = "underpowered"

    def __init__(self, power: float, needed: float, clusters: int | None) -> None:
        super().__init__(power, needed, clusters)
        self.power, self.needed, self.clusters = power, needed, clusters

    def __str__(self) -> str:
        way = (
            "no sample within reach would do: assume a candidate farther from its limits"
            if self.clusters is None
            else f"plan {self.clusters} clusters a criterion"
        )
        return (
            f"the hypothesis would pass with a chance of {self.power:.2f} even if it is true; a "
            f"confirmatory one needs {self.needed:.2f}: {way}, or seal it as exploratory"
        )


class UnassumedMetricError(InterlockError):
    """A plan assumes nothing of a metric that is judged."""

    code = "unassumed-metric"

    def __init__(self, metric: str) -> None:
        super().__init__(metric)
        self.metric = metric

    def __str__(self) -> str:
        return (
            f"nothing is assumed of {self.metric}; power is the chance to pass under an assumed "
            f"truth: state the baseline's and the candidate's {self.metric}"
        )


class UnassumedJudgeError(InterlockError):
    """A plan assumes nothing of the judge of a metric that people label in part."""

    code = "unassumed-judge"

    def __init__(self, metric: str) -> None:
        super().__init__(metric)
        self.metric = metric

    def __str__(self) -> str:
        return (
            f"people label a part of {self.metric}, and nothing is assumed of its judge; what so "
            "few labels can show depends on what it misses: give "
            f"--judge {self.metric}=SENSITIVITY:SPECIFICITY"
        )


class UnjudgedMetricError(InterlockError):
    """A plan assumes how good a judge is that the hypothesis does not have."""

    code = "unjudged-metric"

    def __init__(self, metric: str) -> None:
        super().__init__(metric)
        self.metric = metric

    def __str__(self) -> str:
        return (
            f"a judge of {self.metric} is assumed, but no `judged` entry of the hypothesis lets "
            "people label a part of it; add the entry, or leave --judge out"
        )


class AlphaSpentError(InterlockError):
    """A claim was tried so often that nothing is left to spend on another try.

    Attributes:
        attempt: The attempt that finds nothing left.
        alpha: What the whole lineage had.
    """

    code = "alpha-spent"

    def __init__(self, attempt: int, alpha: float) -> None:
        super().__init__(attempt, alpha)
        self.attempt, self.alpha = attempt, alpha

    def __str__(self) -> str:
        return (
            f"attempt {self.attempt} at this claim finds nothing left of its alpha of "
            f"{self.alpha:g}; tries of one claim against one baseline share it: a new baseline "
            "starts a new lineage"
        )
