"""``ba``: bundle adjustment: where cameras see points, and the sparse Jacobian of the errors.

Of each camera: rotation (3), centre (3), focal length, principal point (2) and radial distortion (2). An input has one
camera, point, weight and feature, which stand for all of them; observation i is of point i by camera i, in turn.
"""

from typing import Any

import numpy as np

import backprose as bp
from tests.benchmarks.gradbench.function import Function, as_array, as_list

OF_CAMERA, OF_POINT = 11, 3


def rotated(axes, points):
    """Each point turned about its axis, by as much as the axis is long (Rodrigues' formula)."""
    squared = np.sum(axes**2, axis=1, keepdims=True)
    angle = np.sqrt(np.maximum(squared, 1e-300))  # an axis of length 0 is divided by it
    axis = axes / angle
    along = np.sum(axis * points, axis=1, keepdims=True)
    return points * np.cos(angle) + np.cross(axis, points) * np.sin(angle) + axis * along * (1 - np.cos(angle))


def projected(cameras, points):
    seen = rotated(cameras[:, :3], points - cameras[:, 3:6])
    flat = seen[:, :2] / seen[:, 2:]
    squared = np.sum(flat**2, axis=1, keepdims=True)
    distorted = flat * (1 + cameras[:, 9:10] * squared + cameras[:, 10:] * squared**2)
    return distorted * cameras[:, 6:7] + cameras[:, 7:9]


def reprojection(cameras, points, weights, which_camera, which_point, features):
    return weights[:, None] * (projected(cameras[which_camera], points[which_point]) - features)


def weighting(weights):
    return 1 - weights**2


def objective(cameras, points, weights, which_camera, which_point, features):
    return reprojection(cameras, points, weights, which_camera, which_point, features), weighting(weights)


blocks = bp.jacobian(reprojection, wrt=("cameras", "points", "weights"), sparse=True)
diagonal = bp.elementwise_grad(weighting)


def jacobian(cameras, points, weights, which_camera, which_point, features):
    """Where rows begin, columns and values: of each observation all of its camera, its point and its weight, also where
    a value is 0 for all arguments; then the errors of weights."""
    p = len(weights)
    firsts = OF_CAMERA * which_camera, OF_POINT * which_point, np.arange(p)
    values, columns = [], []
    offset = 0
    for block, first, width in zip(
        blocks(cameras, points, weights, which_camera, which_point, features), firsts, (OF_CAMERA, OF_POINT, 1)
    ):
        first = np.repeat(first, 2)  # of each row
        row = np.repeat(np.arange(2 * p), np.diff(block.indptr))
        value = np.zeros((2 * p, width))
        value[row, block.indices - first[row]] = block.data
        values.append(value)
        columns.append(offset + first[:, None] + np.arange(width))
        offset += block.shape[1]
    begins = np.concatenate([15 * np.arange(2 * p + 1), 30 * p + np.arange(1, p + 1)])
    of_weights = offset - p + np.arange(p)
    return (
        begins,
        np.concatenate([np.ravel(np.hstack(columns)), of_weights]),
        np.concatenate([np.ravel(np.hstack(values)), diagonal(weights)]),
    )


def read(given: Any) -> tuple[Any, ...]:
    n, m, p = given["n"], given["m"], given["p"]
    seen = np.arange(p)
    one = (as_array(given[name]) for name in ("cam", "x", "w", "feat"))
    cameras, points, weights, features = (np.tile(each, (size, 1)) for each, size in zip(one, (n, m, p, p)))
    return cameras, points, weights[:, 0], seen % n, seen % m, features


def write_errors(found: Any) -> dict[str, Any]:
    """All observations are alike."""
    errors, of_weights = found
    p = len(of_weights)
    return {
        "reproj_error": {"elements": as_list(errors[0]), "repeated": p},
        "w_err": {"element": float(of_weights[0]), "repeated": p},
    }


def write_jacobian(found: Any) -> dict[str, Any]:
    return {name: one.tolist() for name, one in zip(("rows", "cols", "vals"), found)}


FUNCTIONS = {"objective": Function(objective, read, write_errors), "jacobian": Function(jacobian, read, write_jacobian)}


def sample(n: int = 8, m: int = 50, p: int = 200) -> dict[str, Any]:
    return {
        "n": n,
        "m": m,
        "p": p,
        "cam": [0.1, -0.2, 0.15, 0.3, -0.1, -5.0, 500.0, 320.0, 240.0, 0.01, -0.02],
        "x": [0.4, -0.7, 0.2],
        "w": 0.9,
        "feat": [350.0, 200.0],
    }
