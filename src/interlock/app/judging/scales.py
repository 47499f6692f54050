"""What people may say of an answer, as the charter has it under which a trial was sealed."""

from interlock.admission import Seal
from interlock.app.acts import find_act
from interlock.app.workspace import Workspace
from interlock.charter import Charter, Hypothesis, Rubric
from interlock.errors import NoCharterError
from interlock.ledger import digest
from interlock.trial.judges import YES_OR_NO, LabelLevel, LabelScale

_SAID = frozenset((0.0, 1.0))


def scale_of(work: Workspace, seal: str, metric: str) -> LabelScale:
    """The scale on which people label a metric under a seal.

    The levels of the rubric that the hypothesis names, or of the charter's own;
    where it has none, a number in the metric's range. A metric from 0 to 1 on
    which nothing lies between them is a question of yes or no.

    Raises:
        NotOnLogError: There is no such seal.
        NoCharterError: What it was sealed under is no charter.
    """
    sealed = find_act(work.state(), seal, Seal).act
    charter, hypothesis = (work.log.record(one) for one in (sealed.charter, sealed.hypothesis))
    if not isinstance(charter, Charter):
        raise NoCharterError
    declared = charter.metric(metric)
    if declared is None:
        return YES_OR_NO
    rubric = _named(charter, hypothesis, metric) or charter.rubric(declared.rubric)
    levels = tuple(
        LabelLevel(label=one.label, score=one.score, meaning=one.meaning)
        for one in (rubric.levels if rubric else ())
    )
    whole = (declared.low, declared.high) == (0, 1)
    if whole and {one.score for one in levels} <= _SAID:
        return YES_OR_NO
    return LabelScale(low=declared.low, high=declared.high, levels=levels)


def _named(charter: Charter, hypothesis: Hypothesis, metric: str) -> Rubric | None:
    """The rubric by which the hypothesis has a metric scored."""
    named = {getattr(one, "rubric", "") for one in hypothesis.criteria if metric in one.metrics} - {
        ""
    }
    return next((one for one in charter.rubrics if digest(one) in named), None)
