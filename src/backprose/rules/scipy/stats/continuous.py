"""Continuous distributions: the derivatives of log f(z), as ``templates`` has it.

The densities are those of SciPy's documentation, and of Johnson, Kotz and Balakrishnan, "Continuous Univariate
Distributions" (1994, 1995); psi is the derivative of log Gamma (NIST DLMF 5.2.2).
"""

from scipy import stats

from backprose.rules.scipy.stats.templates import continuous

# ---------------------------------------------------------------- on the line, without a shape
continuous(stats.norm, "-z")  # exp(-z^2 / 2)
continuous(stats.cauchy, "-2 * z / (1 + z**2)")  # 1 / (1 + z^2)
continuous(stats.laplace, "-np.sign(z)")  # exp(-|z|)
continuous(stats.logistic, "-np.tanh(z / 2)")  # 1 / cosh(z / 2)^2
continuous(stats.hypsecant, "-np.tanh(z)")  # 1 / cosh(z)
continuous(stats.gumbel_r, "np.expm1(-z)", rough=True)  # exp(-z - exp(-z))
continuous(stats.gumbel_l, "-np.expm1(z)", rough=True)  # exp(z - exp(z))
continuous(stats.moyal, "0.5 * np.expm1(-z)", rough=True)  # exp(-(z + exp(-z)) / 2)

# ---------------------------------------------------------------- within bounds, without a shape
continuous(stats.uniform, "0.0", turn="0.0", safe="0")
continuous(stats.expon, "-1.0", turn="-z", safe="0")
continuous(stats.halfnorm, "-z", safe="0")
continuous(stats.halfcauchy, "-2 * z / (1 + z**2)", safe="0")
continuous(stats.halflogistic, "-np.tanh(z / 2)", safe="0")
continuous(stats.rayleigh, "1 / z - z", turn="(1 - z**2)", safe="1")  # z exp(-z^2 / 2)
continuous(stats.maxwell, "2 / z - z", turn="(2 - z**2)", safe="1", rough=True)  # z^2 exp(-z^2 / 2)
continuous(stats.levy, "(0.5 / z - 1.5) / z", turn="(0.5 / z - 1.5)", safe="1")  # z^(-3/2) exp(-1 / (2 z))
continuous(stats.wald, "(0.5 / z - 1.5) / z - 0.5", safe="1")  # z^(-3/2) exp(-(z - 1)^2 / (2 z))
continuous(stats.gibrat, "-(1 + np.log(z)) / z", turn="-(1 + np.log(z))", safe="1")  # exp(-log(z)^2 / 2) / z
continuous(stats.semicircular, "-z / (1 - z**2)", safe="0")  # sqrt(1 - z^2)
continuous(stats.arcsine, "(z - 0.5) / (z * (1 - z))", safe="0.5", rough=True)  # 1 / sqrt(z (1 - z))
continuous(stats.anglit, "-2 * np.tan(2 * z)", safe="0")  # cos(2 z)
continuous(stats.cosine, "-np.tan(z / 2)", safe="0")  # 1 + cos(z)

# ---------------------------------------------------------------- on the line
continuous(
    stats.t,  # (1 + z^2 / df)^(-(df + 1) / 2)
    "-(df + 1) * z / (df + z**2)",
    shapes={
        "df": "0.5 * (special.psi((df + 1) / 2) - special.psi(df / 2) - np.log1p(z**2 / df)"
        " + (z**2 - 1) / (df + z**2))",
    },
)
continuous(
    stats.gennorm,  # exp(-|z|^beta); at 0 the slope is 0
    "-beta * np.abs(z) ** beta / np.where(z == 0, 1, z)",
    turn="-beta * np.abs(z) ** beta",
    shapes={
        "beta": "(1 + special.psi(1 / beta) / beta) / beta"
        " - np.abs(z) ** beta * np.log(np.where(z == 0, 1, np.abs(z)))",
    },
)
continuous(
    stats.skewnorm,  # phi(z) Phi(a z)
    "-z + a * tail",
    shapes={"a": "z * tail"},
    lines=("tail = np.exp(stats.norm.logpdf(a * z) - stats.norm.logcdf(a * z))",),
)
continuous(
    stats.exponnorm,  # exp(1 / (2 K^2) - z / K) Phi(z - 1 / K) / K
    "tail - 1 / K",
    shapes={"K": "(tail + z - 1 / K) / K**2 - 1 / K"},
    lines=("tail = np.exp(stats.norm.logpdf(z - 1 / K) - stats.norm.logcdf(z - 1 / K))",),
    rough=True,
)
continuous(
    stats.genlogistic,  # c exp(-z) / (1 + exp(-z))^(c + 1)
    "(c + 1) * np.exp(-np.logaddexp(0, z)) - 1",
    shapes={"c": "1 / c - np.logaddexp(0, -z)"},
)
continuous(
    stats.loggamma, "c - np.exp(z)", shapes={"c": "z - special.psi(c)"}, rough=True
)  # exp(c z - exp(z)) / Gamma(c)
continuous(
    stats.dgamma,  # |z|^(a - 1) exp(-|z|) / Gamma(a)
    "(a - 1) / np.where(a == 1, 1, z) - np.sign(z)",
    turn="(a - 1 - np.abs(z))",
    shapes={"a": "np.log(np.abs(z)) - special.psi(a)"},
    rough=True,
)
continuous(
    stats.dweibull,  # c |z|^(c - 1) exp(-|z|^c)
    "(c - 1 - c * np.abs(z) ** c) / z",
    turn="(c - 1 - c * np.abs(z) ** c)",
    shapes={"c": "1 / c + np.log(np.abs(z)) * (1 - np.abs(z) ** c)"},
    rough=True,
)
continuous(
    stats.johnsonsu,  # phi(y) / sqrt(1 + z^2)
    "-z / (1 + z**2) - b * y / np.sqrt(1 + z**2)",
    shapes={"a": "-y", "b": "1 / b - y * np.arcsinh(z)"},
    moves={"a": "np.sqrt(1 + z**2) / b", "b": "np.sqrt(1 + z**2) * np.arcsinh(z) / b"},
    lines=("y = a + b * np.arcsinh(z)",),
)
continuous(
    stats.laplace_asymmetric,  # exp(-kappa z) above 0, exp(z / kappa) below
    "np.where(z >= 0, -kappa, 1 / kappa)",
    shapes={"kappa": "(1 - kappa**2) / (kappa * (1 + kappa**2)) - np.where(z >= 0, z, z / kappa**2)"},
)
continuous(
    stats.vonmises,  # exp(kappa cos(z)) / I0(kappa): DLMF 10.29.3
    "-kappa * np.sin(z)",
    shapes={"kappa": "np.cos(z) - special.i1e(kappa) / special.i0e(kappa)"},
)

# ---------------------------------------------------------------- above 0
continuous(
    stats.gamma,  # z^(a - 1) exp(-z) / Gamma(a)
    "(a - 1) / np.where(a == 1, 1, z) - 1",
    turn="(a - 1 - z)",
    shapes={"a": "np.log(z) - special.psi(a)"},
    safe="1",
    rough=True,
)
continuous(
    stats.erlang, "(a - 1) / np.where(a == 1, 1, z) - 1", turn="(a - 1 - z)", safe="1", rough=True
)  # of a whole number a
continuous(
    stats.chi2,  # z^(df / 2 - 1) exp(-z / 2) / (2^(df / 2) Gamma(df / 2))
    "(df / 2 - 1) / np.where(df == 2, 1, z) - 0.5",
    turn="(df / 2 - 1 - z / 2)",
    shapes={"df": "0.5 * (np.log(z / 2) - special.psi(df / 2))"},
    safe="1",
    rough=True,
)
continuous(
    stats.chi,  # z^(df - 1) exp(-z^2 / 2) / (2^(df / 2 - 1) Gamma(df / 2))
    "(df - 1) / np.where(df == 1, 1, z) - z",
    turn="(df - 1 - z**2)",
    shapes={"df": "np.log(z) - 0.5 * (np.log(2) + special.psi(df / 2))"},
    safe="1",
    rough=True,
)
continuous(
    stats.invgamma,  # z^(-a - 1) exp(-1 / z) / Gamma(a)
    "(1 / z - a - 1) / z",
    turn="(1 / z - a - 1)",
    shapes={"a": "-np.log(z) - special.psi(a)"},
    safe="1",
)
continuous(
    stats.gengamma,  # |c| z^(c a - 1) exp(-z^c) / Gamma(a)
    "(c * a - 1 - c * z**c) / z",
    turn="(c * a - 1 - c * z**c)",
    shapes={"a": "c * np.log(z) - special.psi(a)", "c": "1 / c + (a - z**c) * np.log(z)"},
    safe="1",
    rough=True,
)
continuous(
    stats.nakagami,  # nu^nu z^(2 nu - 1) exp(-nu z^2) / Gamma(nu)
    "(2 * nu - 1) / np.where(nu == 0.5, 1, z) - 2 * nu * z",
    turn="(2 * nu - 1 - 2 * nu * z**2)",
    shapes={"nu": "np.log(nu) + 1 - special.psi(nu) + 2 * np.log(z) - z**2"},
    safe="1",
    rough=True,
)
continuous(
    stats.lognorm,  # exp(-log(z)^2 / (2 s^2)) / (s z)
    "-(1 + np.log(z) / s**2) / z",
    turn="-(1 + np.log(z) / s**2)",
    shapes={"s": "(np.log(z) ** 2 / s**2 - 1) / s"},
    moves={"s": "-special.xlogy(z, z) / s"},
    safe="1",
)
continuous(
    stats.weibull_min,  # c z^(c - 1) exp(-z^c)
    "(c - 1) / np.where(c == 1, 1, z) - c * z ** (c - 1)",
    turn="(c - 1 - c * z**c)",
    shapes={"c": "1 / c + np.log(z) * (1 - z**c)"},
    moves={"c": "special.xlogy(z, z) / c"},
    safe="1",
    rough=True,
)
continuous(
    stats.weibull_max,  # the same of -z
    "(c - 1) / np.where(c == 1, 1, z) + c * (-z) ** (c - 1)",
    turn="(c - 1 - c * (-z) ** c)",
    shapes={"c": "1 / c + np.log(-z) * (1 - (-z) ** c)"},
    moves={"c": "special.xlogy(z, -z) / c"},
    safe="-1",
    rough=True,
)
continuous(
    stats.invweibull,  # c z^(-c - 1) exp(-z^-c)
    "(c * z**-c - c - 1) / z",
    turn="(c * z**-c - c - 1)",
    shapes={"c": "1 / c + np.log(z) * (z**-c - 1)"},
    moves={"c": "special.xlogy(z, z) / c"},
    safe="1",
)
continuous(
    stats.exponweib,  # a c (1 - exp(-u))^(a - 1) exp(-u) u / z
    "(c * u * w + c - 1) / z",
    turn="(c * u * w + c - 1)",
    shapes={"a": "1 / a + np.log(-np.expm1(-u))", "c": "1 / c + np.log(z) * (1 + u * w)"},
    lines=("u = z**c", "w = (1 - a) * np.exp(-u) / np.expm1(-u) - 1"),
    safe="1",
    rough=True,
)
continuous(
    stats.fisk,  # c z^(c - 1) / (1 + z^c)^2
    "(c - 1 - 2 * c * share) / z",
    turn="(c - 1 - 2 * c * share)",
    shapes={"c": "1 / c + np.log(z) * (1 - 2 * share)"},
    moves={"c": "special.xlogy(z, z) / c"},
    lines=("share = 1 / (1 + z**-c)",),
    safe="1",
    rough=True,
)
continuous(
    stats.burr12,  # c d z^(c - 1) / (1 + z^c)^(d + 1)
    "(c - 1 - (d + 1) * c * share) / z",
    turn="(c - 1 - (d + 1) * c * share)",
    shapes={"c": "1 / c + np.log(z) * (1 - (d + 1) * share)", "d": "1 / d - np.log1p(z**c)"},
    lines=("share = 1 / (1 + z**-c)",),
    safe="1",
    rough=True,
)
continuous(
    stats.betaprime,  # z^(a - 1) (1 + z)^(-a - b) / B(a, b)
    "(a - 1) / np.where(a == 1, 1, z) - (a + b) / (1 + z)",
    turn="(a - 1 - (a + b) * z / (1 + z))",
    shapes={
        "a": "np.log(z) - np.log1p(z) - special.psi(a) + special.psi(a + b)",
        "b": "-np.log1p(z) - special.psi(b) + special.psi(a + b)",
    },
    safe="1",
    rough=True,
)
continuous(
    stats.f,  # z^(dfn / 2 - 1) (dfd + dfn z)^(-(dfn + dfd) / 2) dfn^(dfn / 2) dfd^(dfd / 2) / B(dfn / 2, dfd / 2)
    "(dfn / 2 - 1) / np.where(dfn == 2, 1, z) - dfn * weight / 2",
    turn="(dfn / 2 - 1 - dfn * weight * z / 2)",
    shapes={
        "dfn": "0.5 * (np.log(dfn * z) - both + 1 - weight * z - special.psi(dfn / 2) + special.psi((dfn + dfd) / 2))",
        "dfd": "0.5 * (np.log(dfd) - both + 1 - weight - special.psi(dfd / 2) + special.psi((dfn + dfd) / 2))",
    },
    lines=("both = np.log(dfd + dfn * z)", "weight = (dfn + dfd) / (dfd + dfn * z)"),
    safe="1",
    rough=True,
)
continuous(
    stats.rice,  # z exp(-(z^2 + b^2) / 2) I0(b z)
    "1 / z - z + b * ratio",
    shapes={"b": "z * ratio - b"},
    lines=("ratio = special.i1e(b * z) / special.i0e(b * z)",),
    safe="1",
    rough=True,
)
continuous(
    stats.invgauss,  # z^(-3/2) exp(-(z - mu)^2 / (2 mu^2 z))
    "(0.5 / z - 1.5) / z - 0.5 / mu**2",
    shapes={"mu": "(z / mu - 1) / mu**2"},
    safe="1",
)
continuous(
    stats.halfgennorm,  # exp(-z^beta)
    "-beta * z**beta / np.where(z == 0, 1, z)",
    turn="-beta * z**beta",
    shapes={"beta": "(1 + special.psi(1 / beta) / beta) / beta - z**beta * np.log(np.where(z == 0, 1, z))"},
    safe="1",
)
continuous(
    stats.foldnorm,  # exp(-(z^2 + c^2) / 2) cosh(c z)
    "c * np.tanh(c * z) - z",
    shapes={"c": "z * np.tanh(c * z) - c"},
    safe="0",
)
continuous(
    stats.gompertz,  # c exp(z - c (exp(z) - 1))
    "1 - c * np.exp(z)",
    shapes={"c": "1 / c - np.expm1(z)"},
    moves={"c": "-np.expm1(-z) / c"},
    safe="0",
    rough=True,
)
continuous(
    stats.lomax,  # c (1 + z)^(-c - 1)
    "-(c + 1) / (1 + z)",
    shapes={"c": "1 / c - np.log1p(z)"},
    moves={"c": "(1 + z) * np.log1p(z) / c"},
    safe="0",
)

# ---------------------------------------------------------------- bounds that shapes decide
continuous(
    stats.pareto,  # b z^(-b - 1), above 1
    "-(b + 1) / z",
    turn="-(b + 1)",
    shapes={"b": "1 / b - np.log(z)"},
    moves={"b": "z * np.log(z) / b"},
    safe="1",
)
continuous(
    stats.genpareto,  # exp(-(c + 1) y), with y = log(1 + c z) / c
    "-(c + 1) / (1 + c * z)",
    shapes={"c": "-y - (c + 1) * y_slope"},
    moves={"c": "(1 + c * z) * y_slope"},
    lines=(
        "small = np.abs(c * z) < 1e-5",
        "divisor = np.where(c == 0, 1, c)",
        "y = np.where(c == 0, z, np.log1p(c * z) / divisor)",
        "y_slope = np.where(small, z**2 * (2 / 3 * c * z - 0.5), (z / (1 + c * z) - y) / divisor)",
    ),
    safe="0",
)
continuous(
    stats.genextreme,  # exp((1 - c) y - exp(y)), with y = log(1 - c z) / c
    "(np.exp(y) + c - 1) / (1 - c * z)",
    shapes={"c": "(1 - c - np.exp(y)) * y_slope - y"},
    moves={"c": "-(1 - c * z) * y_slope"},
    lines=(
        "small = np.abs(c * z) < 1e-5",
        "divisor = np.where(c == 0, 1, c)",
        "y = np.where(c == 0, -z, np.log1p(-c * z) / divisor)",
        "y_slope = np.where(small, -(z**2) * (2 / 3 * c * z + 0.5), -(z / (1 - c * z) + y) / divisor)",
    ),
    safe="0",
)
continuous(
    stats.beta,  # z^(a - 1) (1 - z)^(b - 1) / B(a, b)
    "(a - 1) / np.where(a == 1, 1, z) - (b - 1) / np.where(b == 1, 1, 1 - z)",
    turn="(a - 1 - (b - 1) * z / np.where(b == 1, 1, 1 - z))",
    shapes={
        "a": "np.log(z) - special.psi(a) + special.psi(a + b)",
        "b": "np.log1p(-z) - special.psi(b) + special.psi(a + b)",
    },
    safe="0.5",
    rough=True,
)
continuous(
    stats.johnsonsb,  # phi(y) / (z (1 - z))
    "(2 * z - 1 - b * y) / (z * (1 - z))",
    shapes={"a": "-y", "b": "1 / b - y * np.log(z / (1 - z))"},
    lines=("y = a + b * np.log(z / (1 - z))",),
    safe="0.5",
)
continuous(
    stats.powerlaw,  # a z^(a - 1)
    "(a - 1) / np.where(a == 1, 1, z)",
    turn="(a - 1)",
    shapes={"a": "1 / a + np.log(z)"},
    moves={"a": "special.xlogy(z, z) / a"},
    safe="0.5",
    rough=True,
)
continuous(
    stats.triang,  # z / c up to c, then (1 - z) / (1 - c)
    "1 / np.where(left, z, z - 1)",
    shapes={"c": "1 / np.where(left, -c, 1 - c)"},
    lines=("left = np.logical_or(z < c, c == 1)",),
    safe="0.5",
)
for loguniform in (stats.loguniform, stats.reciprocal):
    continuous(
        loguniform,  # 1 / (z log(b / a))
        "-1 / z",
        turn="-1.0",
        shapes={"a": "1 / (a * np.log(b / a))", "b": "-1 / (b * np.log(b / a))"},
        moves={"a": "z * np.log(z / b) / (a * np.log(b / a))", "b": "z * np.log(a / z) / (b * np.log(b / a))"},
        safe="a",
    )
continuous(
    stats.truncnorm,  # exp(-z^2 / 2), from a to b
    "-z",
    shapes={"a": "stats.truncnorm.pdf(a, a, b)", "b": "-stats.truncnorm.pdf(b, a, b)"},
    safe="0",
)
continuous(stats.truncexpon, "-1.0", turn="-z", shapes={"b": "-1 / np.expm1(b)"}, safe="0")  # exp(-z), up to b
continuous(
    stats.bradford,  # c / (1 + c z)
    "-c / (1 + c * z)",
    shapes={"c": "1 / (c * (1 + c * z)) - 1 / ((1 + c) * np.log1p(c))"},
    safe="0",
)
continuous(
    stats.rdist,  # (1 - z^2)^(c / 2 - 1) / B(1 / 2, c / 2)
    "(2 - c) * z / (1 - z**2)",
    shapes={"c": "0.5 * (np.log1p(-(z**2)) - special.psi(c / 2) + special.psi((c + 1) / 2))"},
    safe="0",
)
continuous(
    stats.vonmises_line,  # as vonmises, from -pi to pi
    "-kappa * np.sin(z)",
    shapes={"kappa": "np.cos(z) - special.i1e(kappa) / special.i0e(kappa)"},
    safe="0",
)
continuous(
    stats.wrapcauchy,  # (1 - c^2) / (1 + c^2 - 2 c cos(z))
    "-2 * c * np.sin(z) / distance",
    shapes={"c": "2 * (np.cos(z) - c) / distance - 2 * c / (1 - c**2)"},
    lines=("distance = 1 + c**2 - 2 * c * np.cos(z)",),
    safe="0",
)
