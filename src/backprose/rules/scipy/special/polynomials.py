"""Orthogonal polynomials and Legendre functions, by their argument. Derivatives: NIST DLMF 18.9 and 14.10.

The formulas are those without a division by 1 - x^2. Of degree 0 the polynomial before is 0.
"""

import numpy as np
from scipy import special

from backprose.rules.registry import elementwise, real_only


@elementwise(special.eval_jacobi, active=("x",))
def eval_jacobi(n, alpha, beta, x):
    """DLMF 18.9.15."""
    factor = (n != 0) * (n + alpha + beta + 1) / 2
    return factor * special.eval_jacobi(n - (n != 0), alpha + 1, beta + 1, x)


@elementwise(special.eval_sh_jacobi, active=("x",))
def eval_sh_jacobi(n, p, q, x):
    """DLMF 18.9.15, of the monic polynomials G_n(p, q, x) of Abramowitz and Stegun 22.5.2."""
    return n * special.eval_sh_jacobi(n - (n != 0), p + 2, q + 1, x)


@elementwise(special.eval_gegenbauer, active=("x",))
def eval_gegenbauer(n, alpha, x):
    """DLMF 18.9.19."""
    return 2 * alpha * special.eval_gegenbauer(n - 1, alpha + 1, x)


@elementwise(special.eval_legendre, active=("x",))
def eval_legendre(n, x):
    """DLMF 18.9.19 with 18.7.9."""
    return special.eval_gegenbauer(n - 1, 1.5, x)


@elementwise(special.eval_sh_legendre, active=("x",))
def eval_sh_legendre(n, x):
    """P_n(2 x - 1)."""
    return 2 * special.eval_gegenbauer(n - 1, 1.5, 2 * x - 1)


@elementwise(special.eval_chebyt, active=("x",))
def eval_chebyt(n, x):
    """DLMF 18.9.21."""
    return n * special.eval_chebyu(n - 1, x)


@elementwise(special.eval_chebyu, active=("x",))
def eval_chebyu(n, x):
    """DLMF 18.9.19 with 18.7.4."""
    return 2 * special.eval_gegenbauer(n - 1, 2, x)


@elementwise(special.eval_chebyc, active=("x",))
def eval_chebyc(n, x):
    """2 T_n(x / 2)."""
    return n * special.eval_chebys(n - 1, x)


@elementwise(special.eval_chebys, active=("x",))
def eval_chebys(n, x):
    """U_n(x / 2)."""
    return special.eval_gegenbauer(n - 1, 2, x / 2)


@elementwise(special.eval_sh_chebyt, active=("x",))
def eval_sh_chebyt(n, x):
    """T_n(2 x - 1)."""
    return 2 * n * special.eval_sh_chebyu(n - 1, x)


@elementwise(special.eval_sh_chebyu, active=("x",))
def eval_sh_chebyu(n, x):
    """U_n(2 x - 1)."""
    return 4 * special.eval_gegenbauer(n - 1, 2, 2 * x - 1)


@elementwise(special.eval_laguerre, active=("x",))
def eval_laguerre(n, x):
    """DLMF 18.9.23."""
    return -special.eval_genlaguerre(n - 1, 1, x)


@elementwise(special.eval_genlaguerre, active=("x",))
def eval_genlaguerre(n, alpha, x):
    """DLMF 18.9.23."""
    return -special.eval_genlaguerre(n - 1, alpha + 1, x)


@elementwise(special.assoc_laguerre, active=("x",))
def assoc_laguerre(x, n, k=0.0):
    """DLMF 18.9.23."""
    return -special.eval_genlaguerre(n - 1, k + 1, x)


@elementwise(special.eval_hermite, active=("x",))
def eval_hermite(n, x):
    """DLMF 18.9.25."""
    return 2 * n * special.eval_hermite(n - (n != 0), x)


@elementwise(special.eval_hermitenorm, active=("x",))
def eval_hermitenorm(n, x):
    """DLMF 18.9.27."""
    return n * special.eval_hermitenorm(n - (n != 0), x)


# ---------------------------------------------------------------- Legendre functions
@elementwise(special.lpmv, active=("x",))
def lpmv(m, v, x, out):
    """DLMF 14.10.5: (1 - x^2) P' = (v + m) P_{v-1} - v x P."""
    return np.divide((v + m) * special.lpmv(m, v - 1, x) - v * x * out, 1 - x**2)


real_only(special.lpmv)


if hasattr(special, "sph_harm_y"):  # SciPy 1.15

    @elementwise(special.sph_harm_y, active=("theta", "phi"))
    def sph_harm_y(n, m, theta, phi, *, diff_n=0, out):
        """In theta the mean of what the two ladder operators say, which has no cot(theta), in phi i m Y.

        Edmonds, "Angular Momentum in Quantum Mechanics" (1957), 2.5.
        """
        if diff_n != 0:
            raise NotImplementedError("with diff_n it gives derivatives beside the value: differentiate the value")
        up = np.sqrt((n - m) * (n + m + 1)) * np.exp(-1j * phi) * special.sph_harm_y(n, m + 1, theta, phi)
        down = np.sqrt((n + m) * (n - m + 1)) * np.exp(1j * phi) * special.sph_harm_y(n, m - 1, theta, phi)
        return (up - down) / 2, 1j * m * out


if hasattr(special, "sph_harm"):  # until SciPy 1.16

    @elementwise(special.sph_harm, active=("theta", "phi"))
    def sph_harm(m, n, theta, phi, out):
        """As sph_harm_y, with the names of the angles exchanged. Of an order above the degree old SciPys give nan."""
        above, below = np.minimum(m + 1, n), np.maximum(m - 1, -n)
        up = np.sqrt((n - m) * (n + m + 1)) * np.exp(-1j * theta) * special.sph_harm(above, n, theta, phi)
        down = np.sqrt((n + m) * (n - m + 1)) * np.exp(1j * theta) * special.sph_harm(below, n, theta, phi)
        return 1j * m * out, (up - down) / 2
