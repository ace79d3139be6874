"""``ht``: hand tracking: how far the skin of a posed hand is from points that were seen.

A pose (``theta``) is the rotation of the hand, its place, and four angles of each finger. Its skeleton is a tree of
bones; the skin moves with them by given weights. Each point belongs to a vertex of the skin, or (``complicated``) to a
place on a triangle, whose coordinates ``us`` are variables as well.
"""

from typing import Any

import numpy as np

import backprose as bp
from tests.benchmarks.gradbench.function import Function, as_array, as_list

FINGERS = 5


def turned_about(axis):
    squared = np.sum(axis**2)
    if squared < 1e-8:
        return np.eye(3)
    angle = np.sqrt(squared)
    x, y, z = axis / angle
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * (cross @ cross)


def turned_by(angles):
    """About the axes x, y and z one after the other, for each bone; the angles are in the order x, z, y."""
    x, z, y = angles.T
    cx, cy, cz, sx, sy, sz = np.cos(x), np.cos(y), np.cos(z), np.sin(x), np.sin(y), np.sin(z)
    rows = [
        [cz * cy, cz * sy * sx - sz * cx, cz * sy * cx + sz * sx],
        [sz * cy, sz * sy * sx + cz * cx, sz * sy * cx - cz * sx],
        [-sy, cy * sx, cy * cx],
    ]
    return np.array(rows).transpose(2, 0, 1)


def bone_angles(theta, bones):
    """The first joint of a finger has two angles, the others one."""
    angles = np.zeros((bones, 3))
    for finger in range(FINGERS):
        bone, given = 2 + 4 * finger, 6 + 4 * finger
        angles[bone, :2] = theta[given : given + 2]
        angles[bone + 1 : bone + 3, 0] = theta[given + 2 : given + 4]
    return angles


def vertices(theta, parents, base_relatives, inverse_base_absolutes, shares, is_mirrored):
    bones = len(parents)
    turns = np.zeros((bones, 4, 4))
    turns[:, :3, :3] = turned_by(bone_angles(theta, bones))
    turns[:, 3, 3] = 1.0
    absolutes = base_relatives @ turns
    for bone in range(bones):
        if parents[bone] != -1:
            absolutes[bone] = absolutes[parents[bone]] @ absolutes[bone]
    moved = absolutes @ inverse_base_absolutes
    skin = shares @ moved[:, :3].transpose(0, 2, 1).reshape(4 * bones, 3)
    if is_mirrored:
        skin = skin * np.array([-1.0, 1.0, 1.0])
    return skin @ turned_about(theta[:3]).T + theta[3:6]


def simple(theta, corners, points, parents, base_relatives, inverse_base_absolutes, shares, is_mirrored):
    skin = vertices(theta, parents, base_relatives, inverse_base_absolutes, shares, is_mirrored)
    return np.ravel(points - skin[corners])


def on_triangles(us, skin, corners, points):
    u, v = us[:, :1], us[:, 1:]
    places = u * skin[corners[:, 0]] + v * skin[corners[:, 1]] + (1 - u - v) * skin[corners[:, 2]]
    return np.ravel(points - places)


def complicated(theta, us, corners, points, parents, base_relatives, inverse_base_absolutes, shares, is_mirrored):
    skin = vertices(theta, parents, base_relatives, inverse_base_absolutes, shares, is_mirrored)
    return on_triangles(us, skin, corners, points)


simple_jacobian = bp.jacobian(simple, wrt="theta")
pose_jacobian = bp.jacobian(complicated, wrt="theta")
us_jacobian = bp.jacobian(on_triangles, wrt="us", sparse=True)


def objective(theta, us, *rest):
    return simple(theta, *rest) if us is None else complicated(theta, us, *rest)


def jacobian(theta, us, *rest):
    """A column for each number of the pose; before these, where there are ``us``, the two of the row's own point."""
    if us is None:
        return simple_jacobian(theta, *rest)
    corners, points, *model = rest
    of_us = us_jacobian(us, vertices(theta, *model), corners, points)
    return np.hstack([of_us.data.reshape(-1, 2), pose_jacobian(theta, us, *rest)])


def read(given: Any) -> tuple[Any, ...]:
    """What the weights make of the skin at rest is the same for all poses: four shares of each vertex for each bone."""
    data, us = given["data"], given.get("us") or None
    model = data["model"]
    correspondences = np.array(data["correspondences"], dtype=int)
    weights, positions = as_array(model["weights"]), as_array(model["base_positions"])
    return (
        as_array(given["theta"]),
        None if us is None else as_array(us).reshape(-1, 2),
        correspondences if us is None else np.array(model["triangles"])[correspondences],
        as_array(data["points"]),
        np.array(model["parents"]),
        as_array(model["base_relatives"]),
        as_array(model["inverse_base_absolutes"]),
        (weights[:, :, None] * positions[:, None]).reshape(len(weights), -1),
        bool(model["is_mirrored"]),
    )


FUNCTIONS = {"objective": Function(objective, read, as_list), "jacobian": Function(jacobian, read, np.ndarray.tolist)}


def sample(vertices: int = 100, points: int = 30, us: bool = False) -> dict[str, Any]:
    """A made-up hand: a wrist, and bones in fives of chains of four that hang on it."""
    rng = np.random.default_rng(0)
    bones = 2 + 4 * FINGERS
    parents = [-1] + [0 if bone % 4 == 1 else bone - 1 for bone in range(1, bones)]
    at_rest = np.tile(np.eye(4), (2, bones, 1, 1))
    at_rest[:, :, :3] += 0.3 * rng.normal(size=(2, bones, 3, 4))
    weights = rng.random((vertices, bones)) ** 8
    positions = np.column_stack([rng.normal(size=(vertices, 3)), np.ones(vertices)])
    triangles = rng.integers(0, vertices, (2 * vertices, 3))
    return {
        "theta": (0.3 * rng.normal(size=6 + 4 * FINGERS)).tolist(),
        "data": {
            "model": {
                "bone_count": bones,
                "bone_names": [f"bone{bone}" for bone in range(bones)],
                "parents": parents,
                "base_relatives": at_rest[0].tolist(),
                "inverse_base_absolutes": at_rest[1].tolist(),
                "base_positions": positions.tolist(),
                "weights": (weights / np.sum(weights, axis=1, keepdims=True)).tolist(),
                "triangles": triangles.tolist(),
                "is_mirrored": False,
            },
            "correspondences": rng.integers(0, vertices, points).tolist(),
            "points": rng.normal(size=(points, 3)).tolist(),
        },
        "us": rng.random(2 * points).tolist() if us else [],
    }
