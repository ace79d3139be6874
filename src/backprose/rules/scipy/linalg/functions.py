"""Functions of matrices. Higham, "Functions of Matrices" (2008).

A function f of the matrix [[A, E], [0, A]] has f's derivative at A along E in its corner (3.16); the transpose of that
linear map is the derivative at A^T.
"""

import numpy as np
from scipy import linalg

from backprose.rules.registry import Form, adjoint, not_yet, several, tangent
from backprose.support import corner, paired, sylvester


@adjoint(linalg.expm)
def expm(A, *, out_bar):
    if np.ndim(A) == 2:
        return linalg.expm_frechet(A.T, out_bar, compute_expm=False)
    return corner(linalg.expm(paired(np.swapaxes(A, -1, -2), out_bar)))


@tangent(linalg.expm)
def expm_dot(A, *, A_dot):
    if np.ndim(A) == 2:
        return linalg.expm_frechet(A, A_dot, compute_expm=False)
    return corner(linalg.expm(paired(A, A_dot)))


@adjoint(Form(linalg.expm_frechet, "compute_expm", 3, False), active=("A", "E"))
def expm_frechet_alone(A, E, method=None, compute_expm=True, *, check_finite=True, out_bar):
    """The derivative of what stands in the corner, again by a matrix of twice the size (Higham 2008, 10.6)."""
    size = np.shape(A)[-1]
    whole = paired(A, E)
    inner = linalg.expm_frechet(whole.T, paired(np.zeros_like(out_bar), out_bar), compute_expm=False)
    return inner[:size, :size] + inner[size:, size:], inner[:size, size:]


@tangent(Form(linalg.expm_frechet, "compute_expm", 3, False))
def expm_frechet_alone_dot(A, E, method=None, compute_expm=True, *, check_finite=True, A_dot, E_dot):
    turned = linalg.expm_frechet(paired(A, E), paired(A_dot, np.zeros_like(A_dot)), compute_expm=False)
    return corner(turned), linalg.expm_frechet(A, E_dot, compute_expm=False)


@adjoint(linalg.expm_frechet)
def expm_frechet(A, E, method=None, *, check_finite=True, out, out_bar):
    """The exponential beside its derivative: both are parts of the exponential of the matrix of twice the size."""
    size = np.shape(A)[-1]
    first = np.zeros_like(A) if out_bar[0] is None else out_bar[0]
    second = np.zeros_like(A) if out_bar[1] is None else out_bar[1]
    rows = np.concatenate((np.concatenate((first, second), 1), np.zeros((size, 2 * size))), 0)
    inner = linalg.expm_frechet(paired(A, E).T, rows, compute_expm=False)
    return inner[:size, :size] + inner[size:, size:], inner[:size, size:]


@tangent(linalg.expm_frechet)
def expm_frechet_dot(A, E, method=None, *, check_finite=True, out, A_dot, E_dot):
    size = np.shape(A)[-1]
    turned = linalg.expm_frechet(paired(A, E), paired(A_dot, E_dot), compute_expm=False)
    return turned[:size, :size], turned[:size, size:]


several(linalg.expm_frechet, results=2)


@adjoint(linalg.logm)
def logm(A, *, out_bar):
    return corner(linalg.logm(paired(np.swapaxes(A, -1, -2), out_bar)))


@tangent(linalg.logm)
def logm_dot(A, *, A_dot):
    return corner(linalg.logm(paired(A, A_dot)))


@adjoint(linalg.sqrtm)
def sqrtm(A, *, out, out_bar):
    """X X = A: X dX + dX X = dA."""
    out_t = np.swapaxes(out, -1, -2)
    return sylvester(out_t, out_t, out_bar)


@tangent(linalg.sqrtm)
def sqrtm_dot(A, *, out, A_dot):
    return sylvester(out, out, A_dot)


@adjoint(linalg.fractional_matrix_power)
def fractional_matrix_power(A, t, *, out, out_bar):
    """In the exponent log(A) A^t."""
    A_bar = corner(linalg.fractional_matrix_power(paired(np.swapaxes(A, -1, -2), out_bar), t))
    return A_bar, np.sum(linalg.logm(A) @ out * out_bar)


@tangent(linalg.fractional_matrix_power)
def fractional_matrix_power_dot(A, t, *, out, A_dot, t_dot):
    return corner(linalg.fractional_matrix_power(paired(A, A_dot), t)), linalg.logm(A) @ out * t_dot


@adjoint(linalg.cosm)
def cosm(A, *, out_bar):
    return corner(linalg.cosm(paired(np.swapaxes(A, -1, -2), out_bar)))


@tangent(linalg.cosm)
def cosm_dot(A, *, A_dot):
    return corner(linalg.cosm(paired(A, A_dot)))


@adjoint(linalg.sinm)
def sinm(A, *, out_bar):
    return corner(linalg.sinm(paired(np.swapaxes(A, -1, -2), out_bar)))


@tangent(linalg.sinm)
def sinm_dot(A, *, A_dot):
    return corner(linalg.sinm(paired(A, A_dot)))


@adjoint(linalg.tanm)
def tanm(A, *, out_bar):
    return corner(linalg.tanm(paired(np.swapaxes(A, -1, -2), out_bar)))


@tangent(linalg.tanm)
def tanm_dot(A, *, A_dot):
    return corner(linalg.tanm(paired(A, A_dot)))


@adjoint(linalg.coshm)
def coshm(A, *, out_bar):
    return corner(linalg.coshm(paired(np.swapaxes(A, -1, -2), out_bar)))


@tangent(linalg.coshm)
def coshm_dot(A, *, A_dot):
    return corner(linalg.coshm(paired(A, A_dot)))


@adjoint(linalg.sinhm)
def sinhm(A, *, out_bar):
    return corner(linalg.sinhm(paired(np.swapaxes(A, -1, -2), out_bar)))


@tangent(linalg.sinhm)
def sinhm_dot(A, *, A_dot):
    return corner(linalg.sinhm(paired(A, A_dot)))


@adjoint(linalg.tanhm)
def tanhm(A, *, out_bar):
    return corner(linalg.tanhm(paired(np.swapaxes(A, -1, -2), out_bar)))


@tangent(linalg.tanhm)
def tanhm_dot(A, *, A_dot):
    return corner(linalg.tanhm(paired(A, A_dot)))


@adjoint(linalg.signm)
def signm(A, *, out_bar):
    return corner(linalg.signm(paired(np.swapaxes(A, -1, -2), out_bar)))


@tangent(linalg.signm)
def signm_dot(A, *, A_dot):
    return corner(linalg.signm(paired(A, A_dot)))


not_yet(linalg.funm, reason="it calls a function that it is given; of a matrix with equal eigenvalues it is not exact")
not_yet(linalg.expm_cond, reason="nobody has written the derivative of this condition number")
