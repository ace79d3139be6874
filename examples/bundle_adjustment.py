"""The sparse Jacobian of bundle adjustment: cameras and points that explain where points were seen in pictures.

Each observation says where a camera saw a point. Its two errors depend on the numbers of that camera, the coordinates
of that point and the observation's weight, and on nothing else. The residual is that of ADBench (Šrajer, Kukelova and
Fitzgibbon, "A benchmark of selected algorithmic differentiation tools", 2018).

Run it with ``python examples/bundle_adjustment.py``; it needs SciPy.
"""

import time

import numpy as np

import backprose as bp

CAMERAS, POINTS, SEEN_BY = 8, 120, 3  # each point is seen by some cameras


def rotated(axes, points):
    """Each point turned about its axis, by as much as the axis is long (Rodrigues' formula)."""
    angle = np.sqrt(np.sum(axes**2, axis=1))[:, None]
    axis = axes / angle
    along = np.sum(axis * points, axis=1)[:, None]
    return points * np.cos(angle) + np.cross(axis, points) * np.sin(angle) + axis * along * (1 - np.cos(angle))


def projected(camera, points):
    """Where cameras see points. Of each camera: rotation (3), centre (3), focal length, principal point (2) and radial
    distortion (2)."""
    seen = rotated(camera[:, :3], points - camera[:, 3:6])
    flat = seen[:, :2] / seen[:, 2:]
    squared = np.sum(flat**2, axis=1)[:, None]
    distorted = flat * (1 + camera[:, 9:10] * squared + camera[:, 10:11] * squared**2)
    return distorted * camera[:, 6:7] + camera[:, 7:9]


def residual(cameras, points, weights, which_camera, which_point, places):
    """Two errors for each observation, and one for its weight."""
    errors = weights[:, None] * (projected(cameras[which_camera], points[which_point]) - places)
    return np.concatenate([np.ravel(errors), 1 - weights**2])


def known_pattern(which_camera, which_point):
    """For each argument the rows and columns of what may differ from 0."""
    seen = np.arange(len(which_camera))
    errors = np.arange(2 * len(seen))  # across and down in turn
    of_camera = np.array([[0, 1, 2, 3, 4, 5, 6, 7, 9, 10], [0, 1, 2, 3, 4, 5, 6, 8, 9, 10]])  # its own principal point
    cameras = np.repeat(which_camera, 2)[:, None] * 11 + of_camera[errors % 2]
    points = np.repeat(which_point, 2)[:, None] * 3 + np.arange(3)
    return (
        (np.repeat(errors, 10), np.ravel(cameras)),
        (np.repeat(errors, 3), np.ravel(points)),
        (np.arange(3 * len(seen)), np.concatenate([np.repeat(seen, 2), seen])),
    )


def problem(rng):
    """A made-up scene: cameras around points, and where they saw them."""
    cameras = np.column_stack(
        [
            rng.normal(0.0, 0.1, (CAMERAS, 3)),
            rng.normal(0.0, 0.2, (CAMERAS, 2)),
            np.full(CAMERAS, -5.0),
            np.full(CAMERAS, 500.0),
            rng.normal(320.0, 2.0, (CAMERAS, 2)),
            rng.normal(0.0, 0.01, (CAMERAS, 2)),
        ]
    )
    points = rng.normal(0.0, 1.0, (POINTS, 3))
    which_point = np.repeat(np.arange(POINTS), SEEN_BY)
    which_camera = np.concatenate([rng.permutation(CAMERAS)[:SEEN_BY] for _ in range(POINTS)])
    weights = rng.uniform(0.8, 1.2, len(which_point))
    places = projected(cameras[which_camera], points[which_point]) + rng.normal(0.0, 1.0, (len(which_point), 2))
    return cameras, points, weights, which_camera, which_point, places


def main():
    args = problem(np.random.default_rng(0))
    jacobian = bp.jacobian(residual, wrt=("cameras", "points", "weights"), sparse=True)
    blocks = jacobian(*args)
    for name, block, (rows, columns) in zip(("cameras", "points", "weights"), blocks, known_pattern(*args[3:5])):
        print(f"{name}: {block.shape[0]} x {block.shape[1]}, {block.nnz} elements")
        known = np.zeros(block.shape, bool)
        known[rows, columns] = True
        found = np.zeros(block.shape, bool)
        found[np.repeat(np.arange(block.shape[0]), np.diff(block.indptr)), block.indices] = True
        if not np.array_equal(found, known):
            raise SystemExit(f"the pattern of {name} is not the known one")
    rng, step = np.random.default_rng(1), 1e-6
    direction = [rng.normal(size=arg.shape) for arg in args[:3]]
    by_us = sum(block @ np.ravel(one) for block, one in zip(blocks, direction))
    ahead, behind = (
        residual(*(arg + sign * step * one for arg, one in zip(args, direction)), *args[3:]) for sign in (1, -1)
    )
    if not np.allclose(by_us, (ahead - behind) / (2 * step), rtol=1e-4, atol=1e-4):
        raise SystemExit("the Jacobian is wrong")
    start = time.perf_counter()
    residual(*args)
    between = time.perf_counter()
    jacobian(*args)
    end = time.perf_counter()
    print(f"the residual takes {between - start:.1e} s, its Jacobian {end - between:.1e} s")
    print("\nThe derivative:\n")
    print(jacobian.source)


if __name__ == "__main__":
    main()
