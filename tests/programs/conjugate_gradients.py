"""Preconditioned conjugate gradients on a stretched Laplacian: energy of the solution of an inverse problem."""

import numpy as np


def laplacian(u, k):
    """-(k u')' on a line with ends at 0; k sits between the points."""
    padded = np.zeros(len(u) + 2)
    padded[1:-1] = u
    flow = k * np.diff(padded)
    return -np.diff(flow)


def diagonal(k):
    return k[:-1] + k[1:]


def cg(apply, b, inverse_diagonal, tolerance=1e-2, max_iterations=50):
    """Solves apply(x) = b; returns the solution and the number of iterations."""
    x = np.zeros_like(b)
    r = b - apply(x)
    norm_b = np.sqrt(b @ b)
    if norm_b == 0:
        return x, 0
    z = inverse_diagonal * r
    p = z.copy()
    rz = r @ z
    iterations = 0
    while True:
        if np.sqrt(r @ r) <= tolerance * norm_b:
            return x, iterations
        if iterations >= max_iterations:
            raise RuntimeError(f"no convergence after {max_iterations} iterations")
        Ap = apply(p)
        curvature = p @ Ap
        assert curvature > 0, "the operator is not positive definite"
        alpha = rz / curvature
        x += alpha * p
        r -= alpha * Ap
        z = inverse_diagonal * r
        rz_new = r @ z
        p *= rz_new / rz
        p += z
        rz = rz_new
        iterations += 1


def conjugate_gradients(log_k, load, sensors, readings, penalty=1e-2):
    """Misfit at the sensors for the conductivities exp(log_k)."""
    k = np.exp(log_k)
    n = len(load)
    if len(k) != n + 1:
        raise ValueError("one conductivity is needed on each side of each point")

    def apply(u):
        return laplacian(u, k)

    solution, iterations = cg(apply, load, 1 / diagonal(k))
    misfit = solution[sensors] - readings
    energy = load @ solution
    if iterations == 0:
        return 0.0
    return misfit @ misfit + penalty * np.sum(np.diff(log_k) ** 2) + 0.05 * energy


EXAMPLE = dict(
    args=(
        np.array([0.1, -0.3, 0.4, 0.2, -0.5, 0.3, 0.0, 0.25]),
        np.array([0.5, 1.0, -0.4, 0.8, 0.3, 1.2, -0.2]),
        np.array([1, 3, 5]),
        np.array([0.6, 0.9, 0.7]),
    ),
    wrt=("log_k", "load"),
)
