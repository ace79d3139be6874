"""``kmeans``: squared distances to the nearest centroid, and the direction of Newton's method: the gradient over the
diagonal of the Hessian, which has no other elements."""

from typing import Any

import numpy as np

import backprose as bp
from tests.benchmarks.gradbench.function import Function, as_array


def cost(points, centroids):
    distances = np.sum((points[:, None] - centroids) ** 2, axis=2)
    return np.sum(np.min(distances, axis=1))


slope = bp.grad(cost, wrt="centroids")


def direction(points, centroids):
    """The Hessian times a vector of ones is its diagonal."""
    gradient, curvature = bp.jvp(slope, (points, centroids), (None, np.ones_like(centroids)))
    return gradient / curvature


def read(given: Any) -> tuple[Any, ...]:
    return as_array(given["points"]), as_array(given["centroids"])


FUNCTIONS = {"cost": Function(cost, read), "dir": Function(direction, read, np.ndarray.tolist)}


def sample(points: int = 1000, centroids: int = 10, axes: int = 3) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    return {
        "points": rng.normal(size=(points, axes)).tolist(),
        "centroids": rng.normal(size=(centroids, axes)).tolist(),
    }
