"""How we count: estimators with their uncertainty, and nothing else."""

from interlock.measure.agreement import cohen_kappa
from interlock.measure.clusters import cluster_means, effective_n, icc
from interlock.measure.differences import newcombe_paired, paired_difference, unpaired_difference
from interlock.measure.estimate import Estimate
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
from interlock.measure.rates import clustered_rate, exact_rate, rate, zero_failure_n
from interlock.measure.ratios import clustered_ratio, unpaired_ratio

__all__ = [
    "Estimate",
    "PairedCounts",
    "benjamini_hochberg",
    "bounded_mean",
    "cluster_means",
    "clustered_rate",
    "clustered_ratio",
    "clusters_for_rate",
    "cohen_kappa",
    "effective_n",
    "exact_power_difference",
    "exact_power_rate",
    "exact_power_ratio",
    "exact_rate",
    "holm",
    "icc",
    "newcombe_paired",
    "paired_difference",
    "paired_ratio",
    "rate",
    "robust_mean",
    "score_paired_ratio",
    "simulated_power_paired_ratio",
    "student_mean",
    "unpaired_difference",
    "unpaired_ratio",
    "zero_failure_n",
]
