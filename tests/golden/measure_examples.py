"""One example of every record of a trial that may end early."""

from interlock.measure import RunningMean, RunningRate, RunningRatio

RUNNING: list[object] = [
    RunningRate(limit=0.02, alpha=0.025, events=1.5, n=90, cap=298),
    RunningMean(
        limit=-2.0,
        low=-10.0,
        high=10.0,
        better="higher",
        alpha=0.025,
        values=(0.0, -5.0, 2.5),
        cap=60,
    ),
    RunningRatio(limit=0.6, alpha=0.025, before=(0.6, 1.0), after=(0.2, 0.0), cap=60),
]
