"""Log-densities of distributions: ``stats.<name>.logpdf(x, ..., loc, scale)`` in z = (x - loc) / scale."""

from scipy import stats

from backprose.rules.registry import elementwise, real_only


@elementwise(stats.norm.logpdf, active=("x", "loc", "scale"))
def logpdf(x, loc=0, scale=1):
    z = (x - loc) / scale
    return -z / scale, z / scale, (z**2 - 1) / scale


real_only(stats.norm.logpdf)
