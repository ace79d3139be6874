"""What has no rule in ``scipy.stats``, and why."""

from typing import Any

from scipy import stats

from backprose.rules.registry import constant, not_yet, uncovered, uncovered_methods

constant(
    stats.rankdata, stats.tiecorrect, stats.kendalltau, stats.weightedtau, stats.somersd, stats.spearmanr,
    stats.mannwhitneyu, stats.ranksums, stats.kruskal, stats.friedmanchisquare, stats.brunnermunzel, stats.wilcoxon,
    stats.ansari, stats.mood, stats.cramervonmises_2samp, stats.page_trend_test, stats.percentileofscore,
    stats.anderson_ksamp,
    reason="it is made of ranks and counts, which are constant in steps",
)  # fmt: skip
constant(stats.fisher_exact, stats.barnard_exact, stats.boschloo_exact, reason="it is made of counts, whole numbers")
not_yet(
    stats.ttest_ind_from_stats, stats.f_oneway,
    stats.alexandergovern, stats.bartlett, stats.levene, stats.fligner, stats.tukey_hsd, stats.dunnett,
    stats.skewtest, stats.kurtosistest, stats.normaltest, stats.shapiro, stats.anderson,
    stats.chisquare, stats.power_divergence, stats.chi2_contingency, stats.combine_pvalues, stats.ks_1samp,
    stats.kstest, stats.cramervonmises, stats.epps_singleton_2samp, stats.pointbiserialr,
    stats.false_discovery_control, stats.binomtest, stats.poisson_means_test,
    reason="a test: nobody differentiates its p-value yet; its statistic can be written with NumPy's functions",
)  # fmt: skip
not_yet(
    stats.describe, stats.bayes_mvs, stats.mvsdist, stats.siegelslopes, stats.theilslopes,
    stats.directional_stats,
    reason="it gives an object with several results: write the one that is wanted with NumPy's functions",
)  # fmt: skip
not_yet(
    stats.ks_2samp, stats.median_test, stats.quantile_test,
    reason="made of ranks and counts but for places in the samples that it also gives",
)  # fmt: skip
not_yet(stats.cumfreq, stats.relfreq, reason="counts, and bins that follow the sample: write it with np.histogram")
not_yet(
    stats.trim1, stats.trimboth, stats.sigmaclip,
    reason="it picks elements: write it with np.sort, np.min, np.max or an index",
)  # fmt: skip
not_yet(stats.scoreatpercentile, reason="write it with np.percentile")
not_yet(stats.differential_entropy, reason="its estimate is chosen by the number of elements: write it with np.sort")
not_yet(stats.kstatvar, stats.obrientransform, reason="it is a polynomial of sums of powers: write it so")
not_yet(
    stats.boxcox_normmax, stats.yeojohnson_normmax, stats.ppcc_max, stats.fit,
    reason="it is where an optimizer ends: the implicit function theorem is not applied to it",
)  # fmt: skip
not_yet(stats.wasserstein_distance_nd, reason="it is the value of a linear program")
not_yet(
    stats.binned_statistic, stats.binned_statistic_2d, stats.binned_statistic_dd,
    reason="write it with np.digitize and np.add.at",
)  # fmt: skip
uncovered(
    stats.bootstrap, stats.permutation_test, stats.monte_carlo_test, stats.goodness_of_fit, stats.sobol_indices,
    stats.multiscale_graphcorr,
    reason="it calls a function that it is given, on numbers drawn at random",
)  # fmt: skip
uncovered(stats.probplot, stats.ppcc_plot, stats.boxcox_normplot, stats.yeojohnson_normplot, reason="it draws a figure")
uncovered(stats.ecdf, stats.logrank, reason="it is about samples with what is not observed, which are objects")
for name, why in (
    ("quantile", "write np.quantile"),
    ("lmoment", "it is a linear function of the elements in order: write it with np.sort"),
    ("chatterjeexi", "it is made of ranks, which are constant in steps"),
    ("spearmanrho", "it is made of ranks, which are constant in steps"),
    ("bws_test", "it is made of ranks, which are constant in steps"),
):
    if hasattr(stats, name):  # newer than SciPy 1.12
        not_yet(getattr(stats, name), reason=why)
for name in ("make_distribution", "order_statistic", "truncate", "abs", "exp", "log", "power"):
    if hasattr(stats, name):  # SciPy 1.15
        uncovered(getattr(stats, name), reason="random variables as objects are not followed")


# ---------------------------------------------------------------- distributions
FROZEN = "a frozen distribution is not followed: write stats.{}.{}(x, {})"

of_numbers: Any = type(stats.norm).__mro__[2]  # it has no public name
of_vectors: Any = type(stats.dirichlet).__mro__[1]
for distribution in list(vars(stats).values()):
    if isinstance(distribution, of_numbers):
        kind = "logpmf" if isinstance(distribution, stats.rv_discrete) else "logpdf"
        given = "loc" if kind == "logpmf" else "loc, scale"
        named = f"{distribution.shapes}, {given}" if distribution.shapes else given
        uncovered(distribution, reason=FROZEN.format(distribution.name, kind, named))
    elif isinstance(distribution, of_vectors):
        uncovered(distribution, reason="a frozen distribution is not followed: call its method with the parameters")
uncovered_methods(of_numbers, of_vectors, reason="no rule is written for this method of this distribution")
uncovered_methods(
    type(stats.norm()).__mro__[1],
    type(stats.multivariate_normal([0.0])).__mro__[1],
    reason="a frozen distribution is not followed: give its parameters to the method of the distribution itself,"
    " as in stats.norm.logpdf(x, loc, scale)",
)
uncovered(stats.gaussian_kde, reason="a density made of a sample is an object: write it with np.exp and np.sum")
uncovered_methods(stats.gaussian_kde, reason="a density made of a sample is an object: write it with np.exp and np.sum")
for name in ("Normal", "Uniform", "Logistic", "Binomial", "Mixture"):
    if hasattr(stats, name):  # SciPy 1.15
        uncovered(getattr(stats, name), reason="random variables as objects are not followed")
        uncovered_methods(getattr(stats, name), reason="random variables as objects are not followed")
uncovered(
    stats.rv_continuous, stats.rv_discrete, stats.rv_histogram, stats.Covariance, stats.CensoredData,
    stats.BootstrapMethod, stats.MonteCarloMethod, stats.PermutationMethod, stats.FitError, stats.DegenerateDataWarning,
    stats.ConstantInputWarning, stats.NearConstantInputWarning,
    reason="it makes an object, which is not followed",
)  # fmt: skip
