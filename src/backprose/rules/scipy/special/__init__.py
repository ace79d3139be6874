"""Special functions, a file for each family. Derivatives: NIST DLMF, by chapter."""

from backprose.rules.scipy.special import (
    bessel,
    distributions,
    elementary,
    elliptic,
    errors,
    gamma,
    hypergeometric,
    integrals,
    kelvin,
    nothing,
    polynomials,
    quantiles,
    reductions,
)

__all__ = [
    "bessel",
    "distributions",
    "elementary",
    "elliptic",
    "errors",
    "gamma",
    "hypergeometric",
    "integrals",
    "kelvin",
    "nothing",
    "polynomials",
    "quantiles",
    "reductions",
]
