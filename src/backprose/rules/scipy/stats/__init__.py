"""Distributions, statistics and tests: ``scipy.stats``.

Of the distributions the log-densities are written down (``continuous``, ``discrete``, ``multivariate``); what follows
from them for the other methods is written down once, in ``templates``.
"""

from backprose.rules.scipy.stats import continuous, discrete, multivariate, samples, statistics, transforms, without

__all__ = ["continuous", "discrete", "multivariate", "samples", "statistics", "transforms", "without"]
