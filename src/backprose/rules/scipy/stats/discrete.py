"""Discrete distributions: the derivatives of the logarithm of the mass at j, and of its sum up to j, with respect to
the parameters. Johnson, Kemp and Kotz, "Univariate Discrete Distributions" (2005).

What is counted has no derivative: a mass at no integer is 0.
"""

from scipy import stats

from backprose.rules.scipy.stats.templates import discrete

discrete(stats.bernoulli, {"p": "1 / np.where(j == 1, p, p - 1)"}, moves={"p": "-1.0 * (j == 0)"}, safe="p")
discrete(
    stats.binom,  # p^j (1 - p)^(n - j)
    {"p": "j / np.where(j == 0, 1, p) - (n - j) / np.where(j == n, 1, 1 - p)"},
    moves={"p": "-n * stats.binom.pmf(j, np.maximum(n - 1, 0), p)"},
    safe="n * p",
)
discrete(
    stats.poisson,  # mu^j exp(-mu)
    {"mu": "j / np.where(j == 0, 1, mu) - 1"},
    moves={"mu": "-stats.poisson.pmf(j, mu)"},
    safe="0",
)
discrete(
    stats.geom,  # (1 - p)^(j - 1) p
    {"p": "1 / p - (j - 1) / np.where(j == 1, 1, 1 - p)"},
    moves={"p": "stats.nbinom.pmf(j - 1, 2, p) / p**2"},
)
discrete(
    stats.nbinom,  # Gamma(n + j) / Gamma(n) p^n (1 - p)^j
    {
        "n": "special.psi(n + j) - special.psi(n) + np.log(p)",
        "p": "n / p - j / np.where(j == 0, 1, 1 - p)",
    },
    moves={"p": "n * stats.nbinom.pmf(j, n + 1, p) / p**2"},
    safe="0",
)
discrete(
    stats.betabinom,  # B(j + a, n - j + b) / B(a, b)
    {
        "a": "special.psi(j + a) - special.psi(n + a + b) - special.psi(a) + special.psi(a + b)",
        "b": "special.psi(n - j + b) - special.psi(n + a + b) - special.psi(b) + special.psi(a + b)",
    },
    safe="n",
)
discrete(
    stats.betanbinom,  # B(a + n, b + j) / B(a, b)
    {
        "a": "special.psi(a + n) - special.psi(a + n + b + j) - special.psi(a) + special.psi(a + b)",
        "b": "special.psi(b + j) - special.psi(a + n + b + j) - special.psi(b) + special.psi(a + b)",
    },
)
discrete(stats.dlaplace, {"a": "1 / np.sinh(a) - np.abs(j)"})  # tanh(a / 2) exp(-a |j|)
discrete(stats.logser, {"p": "j / p + 1 / ((1 - p) * np.log1p(-p))"})  # -p^j / (j log(1 - p))
discrete(stats.planck, {"lambda_": "1 / np.expm1(lambda_) - j"})  # (1 - exp(-lambda)) exp(-lambda j)
discrete(  # alpha B(j, alpha + 1)
    stats.yulesimon, {"alpha": "1 / alpha + special.psi(alpha + 1) - special.psi(j + alpha + 1)"}
)
