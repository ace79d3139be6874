"""Distributions of vectors.

Petersen and Pedersen, "The Matrix Cookbook" (2012), 8.1; Kotz and Nadarajah, "Multivariate t Distributions" (2004);
Ng, Tian and Tang, "Dirichlet and Related Distributions" (2011). Of a matrix SciPy reads the lower triangle.
"""

import numpy as np
from scipy import special, stats

from backprose.rules.registry import adjoint, real_only, tangent
from backprose.support import lower_half, unbroadcast


@adjoint(stats.multivariate_normal.logpdf, active=("x", "mean", "cov"))
def normal_logpdf(x, mean=None, cov=1, allow_singular=False, *, out_bar):
    """-(log det C + r^T C^-1 r) / 2, with r = x - mean. The covariance is a matrix, its diagonal or a factor of 1."""
    if cov is None:
        raise NotImplementedError("the covariance None: write 1")
    if allow_singular is not False:
        raise NotImplementedError("a singular matrix has no inverse, and its rank may change")
    triangle = lower_half(cov) * cov if np.ndim(cov) == 2 else cov * np.eye(1 if mean is None else np.size(mean)) / 2
    matrix = triangle + triangle.T
    rows = np.reshape(x, (-1, len(matrix))) - (0 if mean is None else mean)
    solved = np.linalg.solve(matrix, rows.T).T
    bar = np.reshape(out_bar, (-1, 1))
    moved = bar * solved
    mean_bar = None if mean is None else np.reshape(np.sum(moved, axis=0), np.shape(mean))
    slope = moved.T @ solved - np.sum(bar) * np.linalg.inv(matrix)
    if np.ndim(cov) == 2:
        return np.reshape(-moved, np.shape(x)), mean_bar, lower_half(cov) * slope
    if np.ndim(cov) == 1:
        return np.reshape(-moved, np.shape(x)), mean_bar, np.diagonal(slope) / 2
    return np.reshape(-moved, np.shape(x)), mean_bar, np.trace(slope) / 2


@tangent(stats.multivariate_normal.logpdf)
def normal_logpdf_dot(x, mean=None, cov=1, allow_singular=False, *, out, x_dot, mean_dot, cov_dot):
    if cov is None:
        raise NotImplementedError("the covariance None: write 1")
    if allow_singular is not False:
        raise NotImplementedError("a singular matrix has no inverse, and its rank may change")
    triangle = lower_half(cov) * cov if np.ndim(cov) == 2 else cov * np.eye(1 if mean is None else np.size(mean)) / 2
    matrix = triangle + triangle.T
    rows = np.reshape(x, (-1, len(matrix))) - (0 if mean is None else mean)
    solved = np.linalg.solve(matrix, rows.T).T
    half_move = lower_half(cov) * cov_dot if np.ndim(cov) == 2 else cov_dot * np.eye(len(matrix)) / 2
    move = half_move + half_move.T
    x_term = -np.sum(solved * np.reshape(np.zeros_like(x) + x_dot, np.shape(rows)), axis=1)
    mean_term = 0.0 if mean is None else np.reshape(np.sum(solved * mean_dot, axis=1), np.shape(out))
    cov_term = (np.sum(solved @ move * solved, axis=1) - np.trace(np.linalg.solve(matrix, move))) / 2
    return np.reshape(x_term, np.shape(out)), mean_term, np.reshape(cov_term, np.shape(out))


@adjoint(stats.multivariate_normal.pdf, active=("x", "mean", "cov"))
def normal_pdf(x, mean=None, cov=1, allow_singular=False, *, out, out_bar):
    """The density times the slopes of its logarithm."""
    if cov is None:
        raise NotImplementedError("the covariance None: write 1")
    if allow_singular is not False:
        raise NotImplementedError("a singular matrix has no inverse, and its rank may change")
    triangle = lower_half(cov) * cov if np.ndim(cov) == 2 else cov * np.eye(1 if mean is None else np.size(mean)) / 2
    matrix = triangle + triangle.T
    rows = np.reshape(x, (-1, len(matrix))) - (0 if mean is None else mean)
    solved = np.linalg.solve(matrix, rows.T).T
    bar = np.reshape(out_bar * out, (-1, 1))
    moved = bar * solved
    mean_bar = None if mean is None else np.reshape(np.sum(moved, axis=0), np.shape(mean))
    slope = moved.T @ solved - np.sum(bar) * np.linalg.inv(matrix)
    if np.ndim(cov) == 2:
        return np.reshape(-moved, np.shape(x)), mean_bar, lower_half(cov) * slope
    if np.ndim(cov) == 1:
        return np.reshape(-moved, np.shape(x)), mean_bar, np.diagonal(slope) / 2
    return np.reshape(-moved, np.shape(x)), mean_bar, np.trace(slope) / 2


@tangent(stats.multivariate_normal.pdf)
def normal_pdf_dot(x, mean=None, cov=1, allow_singular=False, *, out, x_dot, mean_dot, cov_dot):
    if cov is None:
        raise NotImplementedError("the covariance None: write 1")
    if allow_singular is not False:
        raise NotImplementedError("a singular matrix has no inverse, and its rank may change")
    triangle = lower_half(cov) * cov if np.ndim(cov) == 2 else cov * np.eye(1 if mean is None else np.size(mean)) / 2
    matrix = triangle + triangle.T
    rows = np.reshape(x, (-1, len(matrix))) - (0 if mean is None else mean)
    solved = np.linalg.solve(matrix, rows.T).T
    half_move = lower_half(cov) * cov_dot if np.ndim(cov) == 2 else cov_dot * np.eye(len(matrix)) / 2
    move = half_move + half_move.T
    x_term = -np.sum(solved * np.reshape(np.zeros_like(x) + x_dot, np.shape(rows)), axis=1)
    mean_term = 0.0 if mean is None else out * np.reshape(np.sum(solved * mean_dot, axis=1), np.shape(out))
    cov_term = (np.sum(solved @ move * solved, axis=1) - np.trace(np.linalg.solve(matrix, move))) / 2
    return out * np.reshape(x_term, np.shape(out)), mean_term, out * np.reshape(cov_term, np.shape(out))


@adjoint(stats.multivariate_normal.entropy, active=("cov",), constant=("mean",))
def normal_entropy(mean=None, cov=1, *, out_bar):
    """Log det C / 2, and a constant."""
    if cov is None:
        raise NotImplementedError("the covariance None: write 1")
    if np.ndim(cov) == 2:
        triangle = lower_half(cov) * cov
        return out_bar * lower_half(cov) * np.linalg.inv(triangle + triangle.T)
    if np.ndim(cov) == 1:
        return 0.5 * out_bar / cov
    return 0.5 * out_bar * (1 if mean is None else np.size(mean)) / cov


@tangent(stats.multivariate_normal.entropy)
def normal_entropy_dot(mean=None, cov=1, *, cov_dot):
    if cov is None:
        raise NotImplementedError("the covariance None: write 1")
    if np.ndim(cov) == 2:
        triangle = lower_half(cov) * cov
        return np.sum(lower_half(cov) * np.linalg.inv(triangle + triangle.T) * cov_dot)
    if np.ndim(cov) == 1:
        return 0.5 * np.sum(cov_dot / cov)
    return 0.5 * (1 if mean is None else np.size(mean)) * cov_dot / cov


@adjoint(stats.multivariate_t.logpdf, active=("x", "loc", "shape", "df"))
def t_logpdf(x, loc=None, shape=1, df=1, *, out_bar):
    """-(log det C + (df + d) log(1 + q / df)) / 2, with q = r^T C^-1 r of r = x - loc, in d dimensions."""
    if shape is None or df is None:
        raise NotImplementedError("the shape or the degrees of freedom None: write 1")
    triangle = (
        lower_half(shape) * shape if np.ndim(shape) == 2 else shape * np.eye(1 if loc is None else np.size(loc)) / 2
    )
    matrix = triangle + triangle.T
    size = len(matrix)
    rows = np.reshape(x, (-1, size)) - (0 if loc is None else loc)
    solved = np.linalg.solve(matrix, rows.T).T
    square = np.sum(rows * solved, axis=1, keepdims=True)
    bar = np.reshape(out_bar, (-1, 1))
    moved = bar * (df + size) / (df + square) * solved
    loc_bar = None if loc is None else np.reshape(np.sum(moved, axis=0), np.shape(loc))
    slope = moved.T @ solved - np.sum(bar) * np.linalg.inv(matrix)
    gammas = special.psi((df + size) / 2) - special.psi(df / 2)
    df_bar = 0.5 * np.sum(bar * (gammas - np.log1p(square / df) + (square - size) / (df + square)))
    if np.ndim(shape) == 2:
        return np.reshape(-moved, np.shape(x)), loc_bar, lower_half(shape) * slope, df_bar
    if np.ndim(shape) == 1:
        return np.reshape(-moved, np.shape(x)), loc_bar, np.diagonal(slope) / 2, df_bar
    return np.reshape(-moved, np.shape(x)), loc_bar, np.trace(slope) / 2, df_bar


@tangent(stats.multivariate_t.logpdf)
def t_logpdf_dot(x, loc=None, shape=1, df=1, *, out, x_dot, loc_dot, shape_dot, df_dot):
    if shape is None or df is None:
        raise NotImplementedError("the shape or the degrees of freedom None: write 1")
    triangle = (
        lower_half(shape) * shape if np.ndim(shape) == 2 else shape * np.eye(1 if loc is None else np.size(loc)) / 2
    )
    matrix = triangle + triangle.T
    size = len(matrix)
    rows = np.reshape(x, (-1, size)) - (0 if loc is None else loc)
    solved = np.linalg.solve(matrix, rows.T).T
    square = np.sum(rows * solved, axis=1)
    weight = (df + size) / (df + square)
    half_move = lower_half(shape) * shape_dot if np.ndim(shape) == 2 else shape_dot * np.eye(size) / 2
    move = half_move + half_move.T
    x_term = -weight * np.sum(solved * np.reshape(np.zeros_like(x) + x_dot, np.shape(rows)), axis=1)
    loc_term = 0.0 if loc is None else np.reshape(weight * np.sum(solved * loc_dot, axis=1), np.shape(out))
    shape_term = (weight * np.sum(solved @ move * solved, axis=1) - np.trace(np.linalg.solve(matrix, move))) / 2
    gammas = special.psi((df + size) / 2) - special.psi(df / 2)
    df_term = 0.5 * df_dot * (gammas - np.log1p(square / df) + (square - size) / (df + square))
    shape_of = np.shape(out)
    return np.reshape(x_term, shape_of), loc_term, np.reshape(shape_term, shape_of), np.reshape(df_term, shape_of)


@adjoint(stats.dirichlet.logpdf)
def dirichlet_logpdf(x, alpha, *, out_bar):
    """The sum of (alpha - 1) log x, less log B(alpha). Of x the last component may be left out."""
    short = np.shape(x)[0] != np.size(alpha)
    whole = np.concatenate((x, 1 - np.sum(x, axis=0, keepdims=True))) if short else x
    whole_bar = out_bar * np.divide(alpha - 1, np.where(alpha == 1, 1, whole.T)).T
    logs = np.sum(np.reshape(out_bar * np.log(whole), (np.size(alpha), -1)), axis=1)
    alpha_bar = logs - np.sum(out_bar) * (special.psi(alpha) - special.psi(np.sum(alpha)))
    return whole_bar[:-1] - whole_bar[-1:] if short else whole_bar, alpha_bar


@tangent(stats.dirichlet.logpdf)
def dirichlet_logpdf_dot(x, alpha, *, out, x_dot, alpha_dot):
    short = np.shape(x)[0] != np.size(alpha)
    moved = np.zeros_like(x) + x_dot
    whole = np.concatenate((x, 1 - np.sum(x, axis=0, keepdims=True))) if short else x
    move = np.concatenate((moved, -np.sum(moved, axis=0, keepdims=True))) if short else moved
    x_term = np.sum(np.divide(alpha - 1, np.where(alpha == 1, 1, whole.T)).T * move, axis=0)
    moves = (np.log(whole).T - special.psi(alpha) + special.psi(np.sum(alpha))) * alpha_dot
    return np.reshape(x_term, np.shape(out)), np.reshape(np.sum(moves, axis=-1), np.shape(out))


@adjoint(stats.dirichlet.pdf)
def dirichlet_pdf(x, alpha, *, out, out_bar):
    """The density times the slopes of its logarithm."""
    short = np.shape(x)[0] != np.size(alpha)
    bar = out_bar * out
    whole = np.concatenate((x, 1 - np.sum(x, axis=0, keepdims=True))) if short else x
    whole_bar = bar * np.divide(alpha - 1, np.where(alpha == 1, 1, whole.T)).T
    logs = np.sum(np.reshape(bar * np.log(whole), (np.size(alpha), -1)), axis=1)
    alpha_bar = logs - np.sum(bar) * (special.psi(alpha) - special.psi(np.sum(alpha)))
    return whole_bar[:-1] - whole_bar[-1:] if short else whole_bar, alpha_bar


@tangent(stats.dirichlet.pdf)
def dirichlet_pdf_dot(x, alpha, *, out, x_dot, alpha_dot):
    short = np.shape(x)[0] != np.size(alpha)
    moved = np.zeros_like(x) + x_dot
    whole = np.concatenate((x, 1 - np.sum(x, axis=0, keepdims=True))) if short else x
    move = np.concatenate((moved, -np.sum(moved, axis=0, keepdims=True))) if short else moved
    x_term = np.sum(np.divide(alpha - 1, np.where(alpha == 1, 1, whole.T)).T * move, axis=0)
    moves = (np.log(whole).T - special.psi(alpha) + special.psi(np.sum(alpha))) * alpha_dot
    return out * np.reshape(x_term, np.shape(out)), out * np.reshape(np.sum(moves, axis=-1), np.shape(out))


@adjoint(stats.dirichlet.entropy)
def dirichlet_entropy(alpha, *, out_bar):
    """Log B(alpha) + (a - k) psi(a) - sum (alpha - 1) psi(alpha), with the sum a of k parameters."""
    total = np.sum(alpha)
    of_total = (total - np.size(alpha)) * special.polygamma(1, total)
    return out_bar * (of_total - (alpha - 1) * special.polygamma(1, alpha))


@tangent(stats.dirichlet.entropy)
def dirichlet_entropy_dot(alpha, *, alpha_dot):
    total = np.sum(alpha)
    of_total = (total - np.size(alpha)) * special.polygamma(1, total)
    return np.sum((of_total - (alpha - 1) * special.polygamma(1, alpha)) * alpha_dot)


@adjoint(stats.multinomial.logpmf, active=("p",))
def multinomial_logpmf(x, n, p, *, out, out_bar):
    """The sum of x log p. The last probability is what the others leave of 1."""
    whole = np.concatenate((p[..., :-1], 1 - np.sum(p[..., :-1], axis=-1, keepdims=True)), axis=-1)
    bar = np.expand_dims(np.where(out > -np.inf, out_bar, 0), -1) * np.divide(x, np.where(x == 0, 1, whole))
    return unbroadcast(bar - bar[..., -1:], p)


@tangent(stats.multinomial.logpmf)
def multinomial_logpmf_dot(x, n, p, *, out, p_dot):
    whole = np.concatenate((p[..., :-1], 1 - np.sum(p[..., :-1], axis=-1, keepdims=True)), axis=-1)
    ratio = np.divide(x, np.where(x == 0, 1, whole))
    return np.where(out > -np.inf, np.sum((ratio - ratio[..., -1:]) * p_dot, axis=-1), 0)


@adjoint(stats.multinomial.pmf, active=("p",))
def multinomial_pmf(x, n, p, *, out, out_bar):
    """The mass times the slopes of its logarithm."""
    whole = np.concatenate((p[..., :-1], 1 - np.sum(p[..., :-1], axis=-1, keepdims=True)), axis=-1)
    bar = np.expand_dims(out_bar * out, -1) * np.divide(x, np.where(x == 0, 1, whole))
    return unbroadcast(bar - bar[..., -1:], p)


@tangent(stats.multinomial.pmf)
def multinomial_pmf_dot(x, n, p, *, out, p_dot):
    whole = np.concatenate((p[..., :-1], 1 - np.sum(p[..., :-1], axis=-1, keepdims=True)), axis=-1)
    ratio = np.divide(x, np.where(x == 0, 1, whole))
    return out * np.sum((ratio - ratio[..., -1:]) * p_dot, axis=-1)


real_only(
    stats.multivariate_normal.logpdf,
    stats.multivariate_normal.pdf,
    stats.multivariate_normal.entropy,
    stats.multivariate_t.logpdf,
    stats.dirichlet.logpdf,
    stats.dirichlet.pdf,
    stats.dirichlet.entropy,
    stats.multinomial.logpmf,
    stats.multinomial.pmf,
)
