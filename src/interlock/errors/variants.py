"""Variants that cannot be declared or set side by side as asked."""

from interlock.errors.error import InterlockError


class UndeclaredVariantError(InterlockError):
    """A parent was named that is no declared variant of the product."""

    code = "undeclared-variant"

    def __init__(self, name: str, product: str) -> None:
        super().__init__(name, product)
        self.name, self.product = name, product

    def __str__(self) -> str:
        return (
            f"{self.name} is no declared variant of {self.product} as it stands; a variant is made "
            "from one that stands on the log: declare it with `interlock variants add`, or name "
            "the parent by its statement"
        )


class BaselineNeededError(InterlockError):
    """Variants are compared against one baseline, and which one is not clear."""

    code = "baseline-needed"

    def __init__(self, product: str, known: tuple[str, ...], asked: str = "") -> None:
        super().__init__(product, known, asked)
        self.product, self.known, self.asked = product, known, asked

    def __str__(self) -> str:
        fact = (
            f"no seal of a variant of {self.product} has the baseline {self.asked}"
            if self.asked
            else f"variants of {self.product} were sealed against several baselines"
        )
        return (
            f"{fact}; one table has one baseline, so that its figures compare: name one with "
            f"--baseline, of {', '.join(self.known) or 'none yet'}"
        )


class ProductNeededError(InterlockError):
    """The workspace has several products, and none was named."""

    code = "product-needed"

    def __init__(self, listed: tuple[str, ...]) -> None:
        super().__init__(listed)
        self.listed = listed

    def __str__(self) -> str:
        return (
            f"the workspace lists several products, and a variant belongs to one: name it with "
            f"--product, of {', '.join(self.listed)}"
        )
