"""Least squares by Givens rotations in place, and a score of the fit: residual and conditioning."""

import numpy as np


def givens(a, b):
    """c and s that rotate (a, b) onto (r, 0), without overflow (Golub and Van Loan, 5.1.8)."""
    if b == 0:
        return 1.0, 0.0
    if abs(b) > abs(a):
        tau = -a / b
        s = 1 / np.sqrt(1 + tau**2)
        return s * tau, s
    tau = -b / a
    c = 1 / np.sqrt(1 + tau**2)
    return c, c * tau


def rotate_rows(A, i, k, c, s):
    """Rows i and k of A are turned, in place."""
    for j in range(A.shape[1]):
        above, below = A[i, j], A[k, j]
        A[i, j] = c * above - s * below
        A[k, j] = s * above + c * below


def triangularise(A, b):
    """A becomes R and b becomes Q^T b; both are overwritten."""
    m, n = A.shape
    for j in range(n):
        for i in range(m - 1, j, -1):
            if A[i, j] == 0:
                continue
            c, s = givens(A[i - 1, j], A[i, j])
            rotate_rows(A[:, j:], i - 1, i, c, s)
            b[i - 1], b[i] = c * b[i - 1] - s * b[i], s * b[i - 1] + c * b[i]


def back_substitution(R, y):
    n = R.shape[1]
    x = np.zeros(n)
    for i in reversed(range(n)):
        x[i] = (y[i] - R[i, i + 1 :] @ x[i + 1 :]) / R[i, i]
    return x


def givens_qr(A, b, ridge):
    """Residual, size of the solution and the logarithm of |det R|, in one number."""
    m, n = A.shape

    # the ridge stands under A as sqrt(ridge) times the identity
    R = np.zeros((m + n, n))
    R[:m] = A
    R[m:] = np.sqrt(ridge) * np.eye(n)
    y = np.zeros(m + n)
    y[:m] = b

    triangularise(R, y)
    x = back_substitution(R[:n], y[:n])

    residual = A @ x - b
    log_det = 0.0
    for i in range(n):
        log_det += np.log(abs(R[i, i]))
    return residual @ residual + ridge * np.sum(x**2) + 0.1 * log_det


EXAMPLE = dict(
    args=(
        np.array([[1.2, -0.4, 0.3], [0.5, 0.9, -0.7], [-0.8, 0.6, 1.4], [0.1, 1.1, 0.2], [0.7, -0.3, 0.9]]),
        np.array([0.5, -1.0, 0.8, 1.5, -0.2]),
        0.05,
    ),
    wrt=("A", "b", "ridge"),
)
