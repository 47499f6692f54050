"""Named risk scores: what every assessment must put a figure on, and how it is worked out."""

import math
from typing import Annotated, Literal

from pydantic import Field

from interlock.charter.terms import Identifier, Name, Text
from interlock.ledger import record

Form = Literal["weighted_sum", "weighted_geometric_mean", "frequency_severity"]


@record("score-term/1")
class ScoreTerm:
    """One input of a named score, and how much it counts.

    Attributes:
        input: Its name in an assessment.
        meaning: What is put in there, and what its ends stand for.
        weight: Its share in a weighted form, above 0; 1 in ``frequency_severity``.
        unit: What it is counted in. Of a weighted form, a ``share`` in [0, 1].
    """

    input: Identifier
    meaning: Text
    weight: Annotated[float, Field(gt=0, le=1)] = 1.0
    unit: Name = "share"


@record("named-score/1")
class NamedScore:
    """A risk score that every assessment under the charter must carry.

    An assessment gives each input as a range; the score follows from the form
    and is a distribution, not a number.

    Attributes:
        id: Its name.
        definition: What it says about a release.
        form: How the inputs x join. ``weighted_sum``: the sum of weight times
            x. ``weighted_geometric_mean``: the product of x to the power of
            its weight, so that one harmless input makes the whole harmless.
            ``frequency_severity``: the yearly sum of so many occurrences
            (Poisson, the first term its mean) of such a size each (the second).
        terms: Its inputs. Weights of a weighted form sum to 1, so that the
            score lies in [0, 1]; ``frequency_severity`` has exactly two terms.
        limit: What its 95th percentile should not exceed, in the score's
            unit; left out where nobody has set one.
    """

    id: Identifier
    definition: Text
    form: Form
    terms: Annotated[tuple[ScoreTerm, ...], Field(min_length=1)]
    limit: Annotated[float, Field(gt=0)] | None = None

    def __post_init__(self) -> None:
        names = [term.input for term in self.terms]
        if len(set(names)) < len(names):
            raise ValueError("an input stands twice")
        if self.form == "frequency_severity":
            if [term.weight for term in self.terms] != [1.0, 1.0]:
                raise ValueError("it takes two terms without weights: how often, and how bad")
            return
        if not math.isclose(sum(term.weight for term in self.terms), 1.0, abs_tol=1e-9):
            raise ValueError("the weights of its terms must sum to 1")
        if any(term.unit != "share" for term in self.terms):
            raise ValueError("its inputs are shares in [0, 1]; leave their units out")
        if self.limit is not None and self.limit > 1:
            raise ValueError("its limit lies in (0, 1], as the score does")

    @property
    def formula(self) -> str:
        """How the score is worked out, as people write it."""
        if self.form == "frequency_severity":
            often, bad = self.terms
            return f"sum of N draws of {bad.input}, N ~ Poisson({often.input})"
        if self.form == "weighted_sum":
            return " + ".join(f"{term.weight:g} * {term.input}" for term in self.terms)
        return " * ".join(f"{term.input}^{term.weight:g}" for term in self.terms)
