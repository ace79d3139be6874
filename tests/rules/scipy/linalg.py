"""Calls of ``scipy.linalg``."""

# ruff: noqa: E501 - a table is read along its lines

from __future__ import annotations

import zlib
from collections.abc import Iterator

import numpy as np

from tests.rules.cases import Case, Kink, real

Shapes = tuple[tuple[int, ...], ...]
ROOM = 2  # what is added to the diagonal of a square matrix, so that it is far from singular


# op without its module: (expressions, shapes of x, y, z)
CALLS: list[tuple[str, tuple[str, ...], Shapes]] = [
    *[("solve", ("linalg.solve(x, y)", "linalg.solve(x, y, assume_a='gen', check_finite=False)", "linalg.solve(x, y, transposed=True)",
                 "linalg.solve(x, y, assume_a='sym')", "linalg.solve(x, y, True, assume_a='her')", "linalg.solve(x, y, lower=True, assume_a='pos')",
                 "linalg.solve(x, y, assume_a='pos')", "linalg.solve(x, y, assume_a='sym', lower=True)"), shapes)
      for shapes in (((3, 3), (3,)), ((3, 3), (3, 2)))],
    ("solve", ("linalg.solve(x, y)",), ((1, 1), (1,))),
    *[("solve", ("linalg.solve(x, y)", "linalg.solve(x, y, assume_a='pos')"), shapes) for shapes in (((2, 3, 3), (3,)), ((2, 3, 3), (3, 2)), ((3, 3), (2, 3, 2)))],
    *[("solve_triangular", tuple(f"linalg.solve_triangular(x, y{o})" for o in ("", ", lower=True", ", 1", ", trans='T', lower=True", ", 0, True, True", ", unit_diagonal=True",
                                                                              ", 'N', check_finite=False", ", 1, unit_diagonal=True")), shapes)
      for shapes in (((3, 3), (3,)), ((3, 3), (3, 2)), ((2, 3, 3), (3, 2)), ((2, 3, 3), (3,)))],
    *[("inv", ("linalg.inv(x)", "linalg.inv(x, check_finite=False)"), (shape,)) for shape in ((3, 3), (2, 3, 3), (1, 1))],
    *[("det", ("linalg.det(x)",), (shape,)) for shape in ((3, 3), (2, 3, 3), (1, 1), (2, 2))],
    *[("pinv", ("linalg.pinv(x)", "linalg.pinv(x, rtol=1e-10)"), (shape,)) for shape in ((3, 3), (3, 2), (2, 4), (2, 3, 2))],
    *[("pinvh", ("linalg.pinvh(x)", "linalg.pinvh(x, lower=False)"), (shape,)) for shape in ((3, 3), (2, 3, 3))],
    *[("cholesky", ("linalg.cholesky(x)", "linalg.cholesky(x, lower=True)", "linalg.cholesky(x, True)"), (shape,)) for shape in ((3, 3), (2, 3, 3), (1, 1), (4, 4))],
    *[("cho_solve", ("linalg.cho_solve((x, True), y)", "linalg.cho_solve((x, False), y)"), shapes) for shapes in (((3, 3), (3,)), ((3, 3), (3, 2)))],
    *[("lu_solve", ("linalg.lu_solve((x, np.array([2, 2, 2])), y)", "linalg.lu_solve((x, np.array([1, 2, 2])), y, trans=1)"), shapes) for shapes in (((3, 3), (3,)), ((3, 3), (3, 2)))],
    *[("eigvalsh", ("linalg.eigvalsh(x)", "linalg.eigvalsh(x, lower=False)", "linalg.eigvalsh(x, 2 * np.eye(3) + np.ones((3, 3)))"), (shape,)) for shape in ((3, 3), (2, 3, 3))],
    *[("eigh_values", ("linalg.eigh(x, eigvals_only=True)", "linalg.eigh(x, lower=False, eigvals_only=True)"), (shape,)) for shape in ((3, 3), (2, 3, 3))],
    *[("eigvals", ("linalg.eigvals(x)", "linalg.eigvals(x, check_finite=False)"), (shape,)) for shape in ((3, 3), (2, 3, 3), (4, 4), (1, 1))],
    *[("eig_values", ("linalg.eig(x, right=False)", "linalg.eig(x, None, False, False)"), (shape,)) for shape in ((3, 3), (4, 4))],
    *[("svdvals", ("linalg.svdvals(x)",), (shape,)) for shape in ((3, 3), (4, 2), (2, 3, 2))],
    *[("svd_values", ("linalg.svd(x, compute_uv=False)", "linalg.svd(x, True, False)"), (shape,)) for shape in ((3, 4), (4, 2))],
    # functions of matrices
    *[(op, (f"linalg.{op}(x)",), (shape,)) for op in ("expm", "logm", "sqrtm", "cosm", "sinm", "tanm", "coshm", "sinhm", "tanhm") for shape in ((3, 3), (2, 3, 3), (1, 1))],
    *[("signm", ("linalg.signm(x)",), (shape,)) for shape in ((3, 3), (2, 3, 3))],
    ("fractional_matrix_power", ("linalg.fractional_matrix_power(x, 0.3)", "linalg.fractional_matrix_power(x, y)", "linalg.fractional_matrix_power(x, -1.7)"), ((3, 3), ())),
    *[("expm_frechet_alone", ("linalg.expm_frechet(x, y, compute_expm=False)", "linalg.expm_frechet(x, y, method='blockEnlarge', compute_expm=False)"), (shape, shape)) for shape in ((3, 3), (1, 1))],
    # equations
    *[("solve_sylvester", ("linalg.solve_sylvester(x, y, z)",), shapes) for shapes in (((3, 3), (2, 2), (3, 2)), ((2, 3, 3), (2, 2, 2), (2, 3, 2)))],
    *[("solve_continuous_lyapunov", ("linalg.solve_continuous_lyapunov(x, y)",), (shape, shape)) for shape in ((3, 3), (2, 3, 3))],
    *[("solve_discrete_lyapunov", ("linalg.solve_discrete_lyapunov(x, y)", "linalg.solve_discrete_lyapunov(x, y, method='bilinear')"), (shape, shape)) for shape in ((3, 3), (2, 3, 3))],
    *[(op, (f"linalg.{op}(x, y, np.eye(3, dtype=int), np.eye(2, dtype=int))",), ((3, 3), (3, 2))) for op in ("solve_continuous_are", "solve_discrete_are")],
    ("sylvester", ("support.sylvester(x, y, z)",), ((3, 3), (2, 2), (3, 2))),
    # matrices of a form
    ("block_diag", ("linalg.block_diag(x, y, x)", "linalg.block_diag(x)", "linalg.block_diag(y, x)"), ((2, 3), (4,))),
    ("toeplitz", ("linalg.toeplitz(x)",), ((4,),)),
    ("toeplitz", ("linalg.toeplitz(x, y)",), ((4,), (3,))),
    ("toeplitz", ("linalg.toeplitz(x, r=y)",), ((2,), (5,))),
    ("hankel", ("linalg.hankel(x)",), ((4,),)),
    ("hankel", ("linalg.hankel(x, y)",), ((4,), (3,))),
    ("circulant", ("linalg.circulant(x)",), ((4,),)),
    ("leslie", ("linalg.leslie(x, y)",), ((4,), (3,))),
    ("diagsvd", ("linalg.diagsvd(x, 3, 4)", "linalg.diagsvd(x, 5, 3)"), ((3,),)),
    ("companion", ("linalg.companion(x)",), ((4,),)),
    ("fiedler", ("linalg.fiedler(x)",), ((4,),)),
    *[("khatri_rao", ("linalg.khatri_rao(x, y)",), shapes) for shapes in (((2, 3), (4, 3)), ((1, 3), (2, 3)))],
    *[("solve_circulant", ("linalg.solve_circulant(x, y)",), shapes) for shapes in (((4,), (4,)), ((4,), (4, 2)), ((3,), (3,)))],
    *[("matmul_toeplitz", ("linalg.matmul_toeplitz(x, y)", "linalg.matmul_toeplitz((x, z), y)", "linalg.matmul_toeplitz((x, 2 * x), y, True)"), shapes) for shapes in (((4,), (4,), (4,)), ((4,), (4, 2), (4,)))],
    *[("matmul_toeplitz", ("linalg.matmul_toeplitz((x, z), y)",), shapes) for shapes in (((3,), (5,), (5,)), ((4,), (2, 3), (2,)))],
    *[("solve_toeplitz", ("linalg.solve_toeplitz(x, y)", "linalg.solve_toeplitz((x, z), y)"), shapes) for shapes in (((4,), (4,), (4,)), ((4,), (4, 2), (4,)))],
    *[("convolution_matrix", ("linalg.convolution_matrix(x, 4)", "linalg.convolution_matrix(x, 4, 'same')", "linalg.convolution_matrix(x, 3, mode='valid')", "linalg.convolution_matrix(x, 1)"), (shape,)) for shape in ((3,), (6,), (1,))],
    *[("fiedler_companion", ("linalg.fiedler_companion(x)",), (shape,)) for shape in ((6,), (5,), (3,), (2,))],
    *[("subspace_angles", ("linalg.subspace_angles(x, y)",), shapes) for shapes in (((5, 2), (5, 2)), ((5, 1), (5, 3)), ((6, 3), (6, 2)))],
    *[("null_space", ("linalg.null_space(x)",), (shape,)) for shape in ((2, 3), (4, 5))],
    *[("hessenberg", ("linalg.hessenberg(x)", "linalg.hessenberg(x, check_finite=False)"), (shape,)) for shape in ((5, 5), (3, 3), (2, 2), (1, 1))],
    # bands
    *[("solve_banded", ("linalg.solve_banded((1, 1), x, y)",), shapes) for shapes in (((3, 5), (5,)), ((3, 4), (4, 2)))],
    *[("solve_banded", ("linalg.solve_banded((2, 0), x[::-1], y)", "linalg.solve_banded((0, 2), x, y)"), ((3, 5), (5,)))],
    *[("solveh_banded", ("linalg.solveh_banded(x, y)",), shapes) for shapes in (((2, 5), (5,)), ((3, 4), (4, 2)))],
    *[("solveh_banded", ("linalg.solveh_banded(x[::-1], y, lower=True)",), shapes) for shapes in (((2, 5), (5,)), ((3, 4), (4, 2)))],
    *[("cholesky_banded", ("linalg.cholesky_banded(x)",), (shape,)) for shape in ((2, 5), (3, 4), (1, 3))],
    *[("cholesky_banded", ("linalg.cholesky_banded(x[::-1], lower=True)",), (shape,)) for shape in ((2, 5), (3, 4))],
    *[("cho_solve_banded", ("linalg.cho_solve_banded((x, False), y)", "linalg.cho_solve_banded((x[::-1], True), y)"), shapes) for shapes in (((2, 5), (5,)), ((3, 4), (4, 2)))],
    *[("eigvals_banded", ("linalg.eigvals_banded(x)", "linalg.eigvals_banded(x, True)"), (shape,)) for shape in ((2, 5), (3, 4))],
    ("eigvalsh_tridiagonal", ("linalg.eigvalsh_tridiagonal(x, y)",), ((4,), (3,))),
    # norms
    *[("norm", ("linalg.norm(x)",), (shape,)) for shape in ((3,), (2, 3))],
    ("norm", tuple(f"linalg.norm(x, {o})" for o in ("2", "1", "np.inf", "-np.inf", "ord=3", "2.5", "0")), ((4,),)),
    ("norm", tuple(f"linalg.norm(x, {o})" for o in ("1", "-1", "2", "-2", "np.inf", "'nuc'", "'fro'", "axis=1", "1, axis=0", "3, 1, True", "2, axis=0, keepdims=True", "check_finite=False")), ((3, 4),)),
    ("norm", tuple(f"linalg.norm(x, {o})" for o in ("2, (0, 2)", "1, axis=(2, 0)", "'nuc', axis=(1, 2)")), ((3, 2, 4),)),
]  # fmt: skip

# Those that give several arrays.
SEVERAL_CALLS: list[tuple[str, tuple[str, ...], Shapes]] = [
    *[("eigh", ("linalg.eigh(x, driver='ev')", "linalg.eigh(x, lower=False, driver='evd')", "linalg.eigh(x, 2 * np.eye(3) + np.ones((3, 3)))"), (shape,)) for shape in ((3, 3), (2, 3, 3))],
    *[("eig", ("linalg.eig(x)",), (shape,)) for shape in ((3, 3), (4, 4), (1, 1))],
    *[("eig_both", ("linalg.eig(x, left=True)", "linalg.eig(x, None, True)"), (shape,)) for shape in ((3, 3), (4, 4), (1, 1))],
    ("eigh_tridiagonal", ("linalg.eigh_tridiagonal(x, y)",), ((4,), (3,))),
    *[("hessenberg_q", ("linalg.hessenberg(x, calc_q=True)", "linalg.hessenberg(x, True)"), (shape,)) for shape in ((5, 5), (3, 3), (2, 2))],
    *[("eig_banded", ("linalg.eig_banded(x)", "linalg.eig_banded(x, True)"), (shape,)) for shape in ((2, 5), (3, 4))],
    *[("rq", ("linalg.rq(x, mode='economic')",), (shape,)) for shape in ((3, 3), (2, 4))],
    ("rq", ("linalg.rq(x)",), ((3, 3),)),
    *[("qr_multiply", ("linalg.qr_multiply(x, y)",), shapes) for shapes in (((3, 3), (2, 3)), ((4, 2), (3, 4)))],
    *[("qr_multiply", ("linalg.qr_multiply(x, y, 'left')",), shapes) for shapes in (((3, 3), (3, 2)), ((4, 2), (2, 3)))],
    *[("ldl", ("linalg.ldl(x)", "linalg.ldl(x, lower=False)", "linalg.ldl(x * (1 - np.eye(len(x))))", "linalg.ldl(x * (1 - np.eye(len(x))), False)"), (shape,)) for shape in ((3, 3), (4, 4), (5, 5))],
    ("matrix_balance", ("linalg.matrix_balance(x * np.array([1, 100, 0.01]))", "linalg.matrix_balance(x, permute=False)"), ((3, 3),)),
    *[("orthogonal_procrustes", ("linalg.orthogonal_procrustes(x, y)",), (shape, shape)) for shape in ((5, 3), (3, 3))],
    *[("svd", ("linalg.svd(x, full_matrices=False)",), (shape,)) for shape in ((3, 3), (4, 2), (2, 4), (2, 3, 2))],
    *[("qr", ("linalg.qr(x, mode='economic')",), (shape,)) for shape in ((3, 3), (4, 2), (2, 4), (2, 3, 2))],
    *[("qr", ("linalg.qr(x)",), (shape,)) for shape in ((3, 3), (2, 4))],
    *[("lu", ("linalg.lu(x)",), (shape,)) for shape in ((3, 3), (4, 2), (2, 4), (2, 3, 3))],
    ("lu_factor", ("linalg.lu_factor(x)",), ((3, 3),)),
    ("cho_factor", ("linalg.cho_factor(x)", "linalg.cho_factor(x, lower=True)"), ((3, 3),)),
    *[("polar", ("linalg.polar(x)",), (shape,)) for shape in ((3, 3), (4, 2))],
    *[("polar", ("linalg.polar(x, side='left')",), (shape,)) for shape in ((3, 3), (2, 4))],
    ("expm_frechet", ("linalg.expm_frechet(x, y)",), ((3, 3), (3, 3))),
    *[("lstsq", ("linalg.lstsq(x, y)", "linalg.lstsq(x, y, lapack_driver='gelsy')"), shapes) for shapes in (((4, 2), (4,)), ((4, 2), (4, 3)), ((2, 3), (2,)))],
]  # fmt: skip


def _sample(op: str, rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    made = real(rng, shape)
    if op in ("lu_factor", "lu", "qr", "eigh", "rq", "ldl", "qr_multiply") or "hessenberg" in op:
        return made
    if op == "solve_banded":
        made[1] += 4
        made[-1] += 4
    if op == "signm":
        return 0.2 * made + np.diag([2.0, -2.0, 1.5][: shape[-1]])
    if op in ("solveh_banded", "cholesky_banded", "cho_solve_banded"):
        made = 0.3 * made
        made[-1] += 2
    if op in ("solve_circulant", "solve_toeplitz"):
        made.flat[0] += 6
    if len(shape) > 1 and shape[-1] == shape[-2]:
        size = 0.2 if op in ("solve_discrete_lyapunov", "solve_discrete_are", "tanm") else 0.3
        return size * made + (0 if op in ("solve_discrete_lyapunov", "tanm") else ROOM) * np.eye(shape[-1])
    return made


def _made(calls: list[tuple[str, tuple[str, ...], Shapes]]) -> Iterator[Case]:
    for op, expressions, shapes in calls:
        rng = np.random.default_rng(zlib.crc32(f"{op} {shapes}".encode()))
        given = {name: _sample(op, rng, shape) for name, shape in zip("xyz", shapes, strict=False)}
        for expression in expressions:
            used = {name: value for name, value in given.items() if name in compile(expression, "", "eval").co_names}
            yield Case(op if "support." in expression else f"scipy.linalg.{op}", expression, used)


ARRAYS = "[np.ones((2, 2)), np.ones((1, 3)), np.ones(2)]"
HELPERS: list[tuple[str, tuple[str, ...], Shapes]] = [
    (
        "ends_scaled",
        (
            "support.ends_scaled(x, 0, 2.0, 0.5)",
            "support.ends_scaled(x, None, 2.0, 0.5)",
            "support.ends_scaled(x, (0, 1), 1.0, 3.0)",
        ),
        ((3, 4),),
    ),
    ("pivoted", ("support.pivoted(x, np.array([1, 2, 2]))",), ((3, 2),)),
    *[(op, (f"support.{op}(x, y)",), ((5, 5), (5, 5))) for op in ("hessenberg_turn", "hessenberg_turn_back")],
    ("unpivoted", ("support.unpivoted(x, np.array([1, 2, 2]))",), ((3, 2),)),
    ("paired", ("support.paired(x, y)",), ((2, 2), (2, 2))),
    ("corner", ("support.corner(x)",), ((4, 4),)),
    ("checked", ("support.checked(x, True, 'it does not hold')",), ((3, 4),)),
    ("block_of", (f"support.block_of(x, {ARRAYS}, 1)", f"support.block_of(x, {ARRAYS}, 2)"), ((4, 7),)),
    ("unblock_of", (f"support.unblock_of(x, {ARRAYS}, 1)",), ((1, 3),)),
    ("unblock_of", (f"support.unblock_of(x, {ARRAYS}, 2)",), ((2,),)),
    ("band_outer", ("support.band_outer(x, y, 1, 1)", "support.band_outer(x, y, 0, 2)"), ((4,), (4,))),
    ("band_outer", ("support.band_outer(x, y, 1, 1)",), ((4, 2), (4, 2))),
    ("band_product", ("support.band_product(x, y, 1)",), ((3, 4), (4,))),
    ("band_product", ("support.band_product(x, y, 1)",), ((3, 4), (4, 2))),
    ("turned_band", ("support.turned_band(x, 1)", "support.turned_band(x, 0)"), ((3, 4),)),
]


CASES: list[Case] = list(_made([*CALLS, *HELPERS]))
SEVERAL: list[Case] = list(_made(SEVERAL_CALLS))
KINKS: list[Kink] = [
    Kink("linalg.norm(x)", {"x": np.zeros(3)}, "x", [0.0] * 3),
    Kink("linalg.det(x)", {"x": np.array([[1.0, 2.0], [2.0, 4.0]])}, "x", [[4.0, -2.0], [-2.0, 1.0]]),
]
