"""Ridge regression in closed form, and the error that it leaves on other data."""

import numpy as np


def least_squares(A, y, ridge, A_test, y_test):
    coefficients = np.linalg.inv(A.T @ A + ridge * np.eye(A.shape[1])) @ (A.T @ y)
    residual = A_test @ coefficients - y_test
    return np.linalg.norm(residual) ** 2 / residual.size


rng = np.random.default_rng(4)
EXAMPLE = dict(
    args=(rng.normal(size=(7, 3)), rng.normal(size=7), 0.2, rng.normal(size=(5, 3)), rng.normal(size=5)),
    wrt=("A", "ridge"),
)
