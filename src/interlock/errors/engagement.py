"""Engagement figures that arrived by the wrong way, or that somebody would read too early."""

from interlock.errors.error import InterlockError


class SealedMetricError(InterlockError):
    """A metric that a hypothesis on the product keeps sealed came in the clear.

    Attributes:
        row: Counted from 1, the header not among the rows.
    """

    code = "sealed-metric"

    def __init__(self, file: str, row: int, metric: str) -> None:
        super().__init__(file, row, metric)
        self.file, self.row, self.metric = file, row, metric

    def __str__(self) -> str:
        return (
            f"{self.file}, row {self.row}: a hypothesis on the product keeps {self.metric} sealed "
            "until its criteria have passed, so nothing was recorded; take these rows to a file "
            "of their own and bring it with `interlock engagement import`"
        )


class UnsealedMetricError(InterlockError):
    """A file of engagement figures holds a metric that the hypothesis does not keep sealed.

    Attributes:
        row: Counted from 1, the header not among the rows.
    """

    code = "unsealed-metric"

    def __init__(self, file: str, row: int, metric: str) -> None:
        super().__init__(file, row, metric)
        self.file, self.row, self.metric = file, row, metric

    def __str__(self) -> str:
        return (
            f"{self.file}, row {self.row}: {self.metric} is none of the metrics that the "
            "hypothesis lists under `sealed`, and evidence must not be hidden; "
            "bring it with `interlock import`"
        )


class NoKeepersError(InterlockError):
    """The required roles cannot each keep a layer by somebody else."""

    code = "no-keepers"

    def __init__(self, roles: tuple[str, ...]) -> None:
        super().__init__(roles)
        self.roles = roles

    def __str__(self) -> str:
        return (
            f"no distinct people hold the roles {', '.join(self.roles)} with a qualification, "
            "so one person could open two layers; enrol and qualify another one with "
            "`interlock person enrol` and `interlock person qualify`"
        )


class EngagementShutError(InterlockError):
    """Engagement figures were asked for before they may be read."""

    code = "engagement-shut"

    def __init__(self, engagement: str, reason: str) -> None:
        super().__init__(engagement, reason)
        self.engagement, self.reason = engagement, reason

    def __str__(self) -> str:
        return (
            f"the figures of engagement {self.engagement} stay shut: {self.reason}; they open "
            "with `interlock engagement unseal` once the verdict on their seal has passed"
        )


class NotKeeperError(InterlockError):
    """Somebody would open a layer that is not theirs, or not yet."""

    code = "not-keeper"

    def __init__(self, person: str, role: str) -> None:
        super().__init__(person, role)
        self.person, self.role = person, role

    def __str__(self) -> str:
        return (
            f"{self.person}'s key does not open the next layer, which was encrypted to holders of "
            f"the role {self.role}; `interlock engagement list` says whose turn it is"
        )


class ForeignLayerError(InterlockError):
    """A key was tried on a layer that was not encrypted to it."""

    code = "foreign-layer"

    def __str__(self) -> str:
        return (
            "this key does not open this layer; "
            "`interlock engagement list` says who opens which layer"
        )


class SealedFileError(InterlockError):
    """A sealed file, or what is left of one, is absent or is not what was sealed."""

    code = "sealed-file"

    def __init__(self, digest: str, reason: str) -> None:
        super().__init__(digest, reason)
        self.digest, self.reason = digest, reason

    def __str__(self) -> str:
        return (
            f"the sealed file {self.digest}: {self.reason}; "
            "put back the copy that was imported, or import the figures again under a new seal"
        )
