"""Systems with a sparse matrix, which is constant; products with one are those of NumPy (``products.py``).

The matrix of an adjoint is the transpose of it (Giles, "An extended collection of matrix derivative results", 2008,
2.3.1). Of an iterative method the adjoint is one too, of the same tolerance: as exact as the solution.
"""

from contextlib import suppress

from scipy.sparse import linalg

from backprose.rules.registry import adjoint, constant, linear, not_yet, real_only, several, tangent
from backprose.support import factors_solved


@linear(linalg.spsolve, active=("b",))
def spsolve(A, b, permc_spec=None, use_umfpack=True, *, out_bar):
    return linalg.spsolve(A.T, out_bar, permc_spec, use_umfpack)


@linear(factors_solved, active=("rhs",))
def factors_solved_(factors, rhs, trans="N", *, out_bar):
    """The factors of the transposed matrix are the same ones, used the other way round."""
    if trans == "N":
        return factors_solved(factors, out_bar, "T")
    return factors_solved(factors, out_bar)


@linear(linalg.spsolve_triangular, active=("b",))
def spsolve_triangular(A, b, lower=True, *, out_bar):
    return linalg.spsolve(A.T, out_bar)


@linear(linalg.expm_multiply, active=("B",))
def expm_multiply(A, B, start=None, stop=None, num=None, endpoint=None, traceA=None, *, out_bar):
    """exp(A)^T = exp(A^T) (Al-Mohy and Higham, "Computing the action of the matrix exponential", 2011)."""
    if start is not None or num is not None:
        raise NotImplementedError("at several times its adjoint is not written: call it for each")
    return linalg.expm_multiply(A.T, out_bar, traceA=traceA)


@adjoint(linalg.cg, active=("b",), constant=("x0",))
def cg(A, b, x0=None, *, rtol=1e-5, atol=0.0, maxiter=None, M=None, out_bar):
    if M is not None:
        raise NotImplementedError("with a preconditioner M its adjoint is not written")
    return linalg.cg(A.T, out_bar[0], rtol=rtol, atol=atol, maxiter=maxiter)[0]


@tangent(linalg.cg)
def cg_dot(A, b, x0=None, *, rtol=1e-5, atol=0.0, maxiter=None, M=None, b_dot):
    if M is not None:
        raise NotImplementedError("with a preconditioner M its tangent is not written")
    return linalg.cg(A, b_dot, rtol=rtol, atol=atol, maxiter=maxiter)[0], 0


@adjoint(linalg.cgs, active=("b",), constant=("x0",))
def cgs(A, b, x0=None, *, rtol=1e-5, atol=0.0, maxiter=None, M=None, out_bar):
    if M is not None:
        raise NotImplementedError("with a preconditioner M its adjoint is not written")
    return linalg.cgs(A.T, out_bar[0], rtol=rtol, atol=atol, maxiter=maxiter)[0]


@tangent(linalg.cgs)
def cgs_dot(A, b, x0=None, *, rtol=1e-5, atol=0.0, maxiter=None, M=None, b_dot):
    if M is not None:
        raise NotImplementedError("with a preconditioner M its tangent is not written")
    return linalg.cgs(A, b_dot, rtol=rtol, atol=atol, maxiter=maxiter)[0], 0


@adjoint(linalg.bicg, active=("b",), constant=("x0",))
def bicg(A, b, x0=None, *, rtol=1e-5, atol=0.0, maxiter=None, M=None, out_bar):
    if M is not None:
        raise NotImplementedError("with a preconditioner M its adjoint is not written")
    return linalg.bicg(A.T, out_bar[0], rtol=rtol, atol=atol, maxiter=maxiter)[0]


@tangent(linalg.bicg)
def bicg_dot(A, b, x0=None, *, rtol=1e-5, atol=0.0, maxiter=None, M=None, b_dot):
    if M is not None:
        raise NotImplementedError("with a preconditioner M its tangent is not written")
    return linalg.bicg(A, b_dot, rtol=rtol, atol=atol, maxiter=maxiter)[0], 0


@adjoint(linalg.bicgstab, active=("b",), constant=("x0",))
def bicgstab(A, b, x0=None, *, rtol=1e-5, atol=0.0, maxiter=None, M=None, out_bar):
    if M is not None:
        raise NotImplementedError("with a preconditioner M its adjoint is not written")
    return linalg.bicgstab(A.T, out_bar[0], rtol=rtol, atol=atol, maxiter=maxiter)[0]


@tangent(linalg.bicgstab)
def bicgstab_dot(A, b, x0=None, *, rtol=1e-5, atol=0.0, maxiter=None, M=None, b_dot):
    if M is not None:
        raise NotImplementedError("with a preconditioner M its tangent is not written")
    return linalg.bicgstab(A, b_dot, rtol=rtol, atol=atol, maxiter=maxiter)[0], 0


@adjoint(linalg.gmres, active=("b",), constant=("x0",))
def gmres(A, b, x0=None, *, rtol=1e-5, atol=0.0, restart=None, maxiter=None, M=None, out_bar):
    if M is not None:
        raise NotImplementedError("with a preconditioner M its adjoint is not written")
    return linalg.gmres(A.T, out_bar[0], rtol=rtol, atol=atol, restart=restart, maxiter=maxiter)[0]


@tangent(linalg.gmres)
def gmres_dot(A, b, x0=None, *, rtol=1e-5, atol=0.0, restart=None, maxiter=None, M=None, b_dot):
    if M is not None:
        raise NotImplementedError("with a preconditioner M its tangent is not written")
    return linalg.gmres(A, b_dot, rtol=rtol, atol=atol, restart=restart, maxiter=maxiter)[0], 0


ITERATIVE = (linalg.cg, linalg.cgs, linalg.bicg, linalg.bicgstab, linalg.gmres)
several(*ITERATIVE, results=2)
real_only(*ITERATIVE)
constant(linalg.norm, linalg.onenormest, reason="a sparse matrix is a constant")
for _names, _reason in (
    ("minres lgmres gcrotmk qmr tfqmr", "take cg, bicgstab, gmres or spsolve, which have a rule"),
    ("lsqr lsmr", "take spsolve of A.T @ A, which has a rule"),
    ("expm inv matrix_power", "a sparse matrix is a constant: make it outside"),
    ("eigs eigsh svds lobpcg", "a sparse matrix is a constant: find its eigenvalues outside"),
    (
        "splu spilu factorized",
        "factorize outside: the solve of what it gives has a derivative",
    ),
    ("funm_multiply_krylov is_sptriangular spbandwidth use_solver aslinearoperator", "a sparse matrix is a constant"),
):
    for _name in _names.split():
        with suppress(AttributeError):
            not_yet(getattr(linalg, _name), reason=_reason)
