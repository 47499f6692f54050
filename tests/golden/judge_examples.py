"""Examples of the kinds that judges keep; see `tests.golden.examples`."""

from interlock.measure import Estimate
from interlock.trial.judges import (
    Confusion,
    GroupValidation,
    JudgeValidation,
    LinearClassifier,
    ReliabilityBin,
)

_CONFUSION = Confusion(tp=30, fp=10, fn=4, tn=96, unparsable_yes=2, unparsable_no=3)
_KAPPA = Estimate(
    value=0.71, low=0.6, high=0.8, confidence=0.9, n=120, method="clustered-kappa-equal/1"
)
_SHARE = Estimate(value=0.83, low=0.7, high=0.92, confidence=0.9, n=36, method="clopper-pearson/1")
_GROUP = GroupValidation(
    group="", confusion=_CONFUSION, kappa=_KAPPA, sensitivity=_SHARE, specificity=_SHARE
)
_ARM = GroupValidation(
    group="guarded",
    confusion=Confusion(tp=1, fp=0, fn=0, tn=0, unparsable_yes=0, unparsable_no=0),
    kappa=None,
    sensitivity=None,
    specificity=None,
)
_BIN = ReliabilityBin(above=0.8, up_to=0.9, n=36, said=0.87, happened=_SHARE)

JUDGES: list[object] = [
    _CONFUSION,
    _GROUP,
    _BIN,
    JudgeValidation(
        judge="model:grader/1#0123456789ab",
        metric="harm",
        source="labels.csv",
        source_sha256="a" * 64,
        n=145,
        unlabelled=12,
        labels=("no", "yes"),
        yes=("yes",),
        groups=(_GROUP, _ARM),
        reliability=(_BIN,),
        calibration=_SHARE,
    ),
    LinearClassifier(
        name="hinter",
        buckets=4096,
        shortest=3,
        longest=5,
        reads="both",
        bias=-1.25,
        threshold=0.4,
        weights="b" * 64,
    ),
]
