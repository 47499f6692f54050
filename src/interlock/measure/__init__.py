"""How we count: estimators with their uncertainty, and nothing else."""

from interlock.measure.agreement import cohen_kappa
from interlock.measure.calibration import Forecasts, brier, calibration_error, log_loss
from interlock.measure.calibration_bound import calibration_bound
from interlock.measure.clusters import cluster_means, effective_n, icc
from interlock.measure.differences import newcombe_paired, paired_difference, unpaired_difference
from interlock.measure.estimate import Estimate
from interlock.measure.judged import (
    FEWEST,
    JudgedRows,
    judge_corrected_rate,
    ppi_rate,
    rogan_gladen,
    two_phase_ends,
)
from interlock.measure.krippendorff import krippendorff_alpha
from interlock.measure.means import bounded_mean, robust_mean, student_mean
from interlock.measure.multiplicity import benjamini_hochberg, holm
from interlock.measure.paired_ratios import paired_ratio, score_paired_ratio
from interlock.measure.pairs import PairedCounts
from interlock.measure.power import (
    clusters_for_rate,
    exact_power_difference,
    exact_power_rate,
    exact_power_ratio,
    simulated_power_paired_ratio,
)
from interlock.measure.raters import clustered_kappa, fleiss_kappa
from interlock.measure.rates import clustered_rate, exact_rate, rate, zero_failure_n
from interlock.measure.ratios import clustered_ratio, unpaired_ratio
from interlock.measure.sequential import RunningMean, RunningRate, RunningRatio

__all__ = [
    "FEWEST",
    "Estimate",
    "Forecasts",
    "JudgedRows",
    "PairedCounts",
    "RunningMean",
    "RunningRate",
    "RunningRatio",
    "benjamini_hochberg",
    "bounded_mean",
    "brier",
    "calibration_bound",
    "calibration_error",
    "cluster_means",
    "clustered_kappa",
    "clustered_rate",
    "clustered_ratio",
    "clusters_for_rate",
    "cohen_kappa",
    "effective_n",
    "exact_power_difference",
    "exact_power_rate",
    "exact_power_ratio",
    "exact_rate",
    "fleiss_kappa",
    "holm",
    "icc",
    "judge_corrected_rate",
    "krippendorff_alpha",
    "log_loss",
    "newcombe_paired",
    "paired_difference",
    "paired_ratio",
    "ppi_rate",
    "rate",
    "robust_mean",
    "rogan_gladen",
    "score_paired_ratio",
    "simulated_power_paired_ratio",
    "student_mean",
    "two_phase_ends",
    "unpaired_difference",
    "unpaired_ratio",
    "zero_failure_n",
]
