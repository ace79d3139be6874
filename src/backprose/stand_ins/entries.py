"""A sparse matrix that is made in a function of values that are differentiated: its entries, and what is done with it.

Calls of SciPy's classes are followed as calls of this one, whose methods are read like those of a class of the user's.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from backprose import support


class Entries:
    """The entries of a sparse matrix, of which those at one place are added, and where they are."""

    __array_ufunc__ = None  # an array on the left leaves the product to it

    def __init__(self, data: Any, rows: Any, cols: Any, shape: Any) -> None:
        self.data = data
        self.rows = rows
        self.cols = cols
        self.shape = shape

    def __matmul__(self, x: Any) -> Any:
        return support.entries_product(self.data, self.rows, self.cols, self.shape, x)

    def __rmatmul__(self, x: Any) -> Any:
        shape = (self.shape[1], self.shape[0])
        return np.transpose(support.entries_product(self.data, self.cols, self.rows, shape, np.transpose(x)))

    def dot(self, x: Any) -> Any:
        return support.entries_product(self.data, self.rows, self.cols, self.shape, x)

    @property
    def T(self) -> Entries:  # noqa: N802 - SciPy's name
        return Entries(self.data, self.cols, self.rows, (self.shape[1], self.shape[0]))

    def transpose(self) -> Entries:
        return Entries(self.data, self.cols, self.rows, (self.shape[1], self.shape[0]))

    def tocsr(self) -> Entries:
        return self

    def tocsc(self) -> Entries:
        return self

    def tocoo(self) -> Entries:
        return self

    def toarray(self) -> Any:
        return support.entries_dense(self.data, self.rows, self.cols, self.shape)

    def todense(self) -> Any:
        return support.entries_dense(self.data, self.rows, self.cols, self.shape)

    def diagonal(self) -> Any:
        return np.diagonal(support.entries_dense(self.data, self.rows, self.cols, self.shape))

    def solve(self, b: Any) -> Any:
        """What ``spsolve`` gives, and the method of what ``splu`` gives."""
        return support.entries_solved(self.data, self.rows, self.cols, self.shape, b)

    def __call__(self, b: Any) -> Any:
        """What ``factorized`` gives is called."""
        return support.entries_solved(self.data, self.rows, self.cols, self.shape, b)


def of_places(entries: Any, shape: Any) -> Entries:
    """``csr_array((data, (rows, cols)), shape)``."""
    data, (rows, cols) = entries
    if shape is None:
        shape = (int(np.max(rows)) + 1, int(np.max(cols)) + 1)
    return Entries(data, np.asarray(rows), np.asarray(cols), shape)


def of_rows(entries: Any, shape: Any) -> Entries:
    """``csr_array((data, indices, indptr), shape)``."""
    data, indices, indptr = entries
    if shape is None:
        shape = (len(indptr) - 1, int(np.max(indices)) + 1)
    rows = np.repeat(np.arange(shape[0]), np.diff(indptr))
    return Entries(data, rows, np.asarray(indices), shape)


def of_cols(entries: Any, shape: Any) -> Entries:
    """``csc_array((data, indices, indptr), shape)``."""
    data, indices, indptr = entries
    if shape is None:
        shape = (int(np.max(indices)) + 1, len(indptr) - 1)
    cols = np.repeat(np.arange(shape[1]), np.diff(indptr))
    return Entries(data, np.asarray(indices), cols, shape)


def of_diagonal(data: Any) -> Entries:
    """``diags_array(data)``, of one diagonal."""
    if np.ndim(data) != 1:
        raise NotImplementedError("one diagonal is followed: pass an array of one axis")
    n = np.size(data)
    return Entries(data, np.arange(n), np.arange(n), (n, n))
