"""Solutions of SciPy's solvers, and sparse matrices by their entries."""

from __future__ import annotations

from typing import Any

import numpy as np


def within(x: Any, bounds: Any) -> Any:
    """Which variables are not at one of their bounds: pairs with None for those that are not there, or SciPy's."""
    if hasattr(bounds, "lb"):
        bounds = np.stack(np.broadcast_arrays(bounds.lb, bounds.ub, x)[:2], axis=1)
    pairs = np.array(bounds, dtype=float)  # None is nan, which nothing is near
    return ~np.any(np.isclose(x[:, None], pairs, rtol=1e-10, atol=1e-10), axis=1)


def factors_solved(factors: Any, rhs: Any, trans: str = "N") -> Any:
    """The solution of a system, with the factors of its sparse matrix by SciPy's ``splu``."""
    return factors.solve(rhs, trans)


def entries_product(data: Any, rows: Any, cols: Any, shape: Any, x: Any) -> Any:
    """The product of the sparse matrix with these entries and an array."""
    from scipy import sparse

    return sparse.csr_array((data, (rows, cols)), shape=shape) @ x


def entries_solved(data: Any, rows: Any, cols: Any, shape: Any, b: Any) -> Any:
    """The solution of a system with the sparse matrix with these entries."""
    from scipy import sparse
    from scipy.sparse import linalg

    return linalg.spsolve(sparse.csc_array((data, (rows, cols)), shape=shape), b)


def entries_dense(data: Any, rows: Any, cols: Any, shape: Any) -> Any:
    """The sparse matrix with these entries, of which those at one place are added, as an array."""
    made = np.zeros(shape, data.dtype)
    np.add.at(made, (rows, cols), data)
    return made
