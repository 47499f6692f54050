"""Figures that must not stand side by side."""

from interlock.errors.error import InterlockError


class DifferentTokenisersError(InterlockError):
    """Perplexities were to be compared that count different tokens."""

    code = "different-tokenisers"

    def __init__(self, first: tuple[str, str], second: tuple[str, str]) -> None:
        super().__init__(first, second)
        self.first, self.second = first, second

    def __str__(self) -> str:
        (file, tokeniser), (other, another) = self.first, self.second
        return (
            f"{file} counts tokens of {tokeniser} and {other} those of {another}: perplexity does "
            "not compare across tokenisers; diagnose each file alone, and compare bits a byte"
        )


class NoLogChancesError(InterlockError):
    """An endpoint answered without the log-probabilities it was asked for."""

    code = "no-log-chances"

    def __init__(self, target: str, item: str) -> None:
        super().__init__(target, item)
        self.target, self.item = target, item

    def __str__(self) -> str:
        return (
            f"{self.target} gave no log-probabilities for {self.item}, and without them there is "
            "no perplexity; use an OpenAI-compatible endpoint that returns `logprobs`"
        )
