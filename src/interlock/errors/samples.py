"""Errors of plans and samples: what was drawn, what it was drawn from, and how much of it."""

from interlock.errors.error import InterlockError


class UnplannedError(InterlockError):
    """A confirmatory hypothesis would be sealed without anyone having asked for its power."""

    code = "unplanned"

    def __init__(self, hypothesis: str) -> None:
        super().__init__(hypothesis)
        self.hypothesis = hypothesis

    def __str__(self) -> str:
        return (
            f"{self.hypothesis} is confirmatory, and nobody has said what it assumes: give "
            "--assume METRIC=BEFORE:AFTER and --clusters N, or seal it as exploratory"
        )


class WrongSampleError(InterlockError):
    """Evidence under a prospective seal is not exactly what was drawn.

    Attributes:
        foreign: Rows of an item or metric that was not drawn.
        absent: Rows of drawn items and their metrics that are not there.
        first: The first offender in words; empty where only counts are known.
    """

    code = "wrong-sample"

    def __init__(self, foreign: int, absent: int, first: str = "") -> None:
        super().__init__(foreign, absent, first)
        self.foreign, self.absent, self.first = foreign, absent, first

    def __str__(self) -> str:
        found = f": {self.first}" if self.first else ""
        return (
            f"{self.foreign} rows were not drawn and {self.absent} drawn rows are absent{found}; "
            "record every item that `interlock hypothesis draw` prints with each metric beside "
            "it, in every epoch from 0 on and unscored ones included, and nothing else"
        )


class HarvestedBankError(InterlockError):
    """A bank keeps some of the items of an earlier one and leaves others out.

    Attributes:
        seal: Statement identity of the earlier seal.
        what: ``item``, ``cluster``, or ``request`` for what is sent, under whatever name.
        absent: How many are left out.
        first: The first of them.
    """

    code = "harvested-bank"

    def __init__(self, seal: str, what: str, absent: int, first: str) -> None:  # noqa: PLR0917 - the facts are the args, so that it pickles
        super().__init__(seal, what, absent, first)
        self.seal, self.what, self.absent, self.first = seal, what, absent, first

    def __str__(self) -> str:
        return (
            f"the bank keeps some {self.what}s of the seal {self.seal[:12]} and leaves out "
            f"{self.absent} that were measured alike, the first {self.first!r}; whoever knows "
            "results could choose the good ones: put all of them into the bank, or none"
        )


class LostBankError(InterlockError):
    """The bank of an earlier seal is not stored, so nobody can tell what was kept of it.

    Attributes:
        seal: Statement identity of the earlier seal.
        bank: Digest of its bank.
    """

    code = "lost-bank"

    def __init__(self, seal: str, bank: str) -> None:
        super().__init__(seal, bank)
        self.seal, self.bank = seal, bank

    def __str__(self) -> str:
        return (
            f"the bank of the earlier seal {self.seal[:12]} is not stored under its digest "
            f"{self.bank}; whether a new bank keeps only its good items shows beside it alone: "
            "restore the record from a backup or from who sealed it"
        )


class OverplannedError(InterlockError):
    """A plan counts on more clusters than the sample can have."""

    code = "overplanned"

    def __init__(self, clusters: int, sample: int) -> None:
        super().__init__(clusters, sample)
        self.clusters, self.sample = clusters, sample

    def __str__(self) -> str:
        return (
            f"the plan counts on {self.clusters} clusters a criterion and {self.sample} items are "
            f"drawn; an item is in one cluster, so draw more items with --sample, or plan with "
            f"--clusters {self.sample} at most"
        )
