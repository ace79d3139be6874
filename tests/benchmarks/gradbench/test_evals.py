"""The twelve evals: each function against another way to compute it, each derivative against differences."""

from __future__ import annotations

import copy
import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.benchmarks.gradbench import ba, det, gmm, ht, kmeans, llsq, lse, lstm, ode, particle, saddle
from tests.benchmarks.gradbench.descent import argmin
from tests.benchmarks.gradbench.evals import EVALS, MODULES

Array = NDArray[np.float64]
pytestmark = pytest.mark.usefixtures("api")


def output(module: str, function: str, given: Any) -> Any:
    """What the answer to a message holds."""
    one = EVALS[module][function]
    return one.write(one.call(*one.read(given)))


def differences(function: Callable[[Array], Any], x: Array, step: float = 1e-6) -> Array:
    """The Jacobian by central differences: the axes of the result, then the one of ``x``."""
    columns = []
    for i in range(len(x)):
        ahead, behind = x.copy(), x.copy()
        ahead[i] += step
        behind[i] -= step
        columns.append((np.asarray(function(ahead)) - np.asarray(function(behind))) / (ahead[i] - behind[i]))
    return np.stack(columns, axis=-1)


def moved(given: dict[str, Any], names: tuple[str, ...], numbers: Array) -> dict[str, Any]:
    """An input with these numbers in place of what it holds under ``names``, one after the other."""
    new = copy.deepcopy(given)
    for name in names:
        shape = np.shape(given[name])
        new[name], numbers = numbers[: math.prod(shape)].reshape(shape).tolist(), numbers[math.prod(shape) :]
    return new


SCALARS = {  # of messages whose output is one number: functions, and what is differentiated with respect to
    "gmm": ("objective", "jacobian", gmm.sample(12, 3, 2), ("alpha", "means", "icf")),
    "gmm, one axis": ("objective", "jacobian", gmm.sample(6, 1, 3), ("alpha", "means", "icf")),
    "lstm": ("objective", "jacobian", lstm.sample(2, 5, 3), ("main_params", "extra_params")),
    "llsq": ("primal", "gradient", llsq.sample(9, 4), ("x",)),
    "lse": ("primal", "gradient", lse.sample(7), ("x",)),
    "det": ("primal", "gradient", det.sample(4), ("A",)),
    "det, one number": ("primal", "gradient", det.sample(1), ("A",)),
}


@pytest.mark.parametrize("name", SCALARS)
def test_gradients(name: str) -> None:
    primal, gradient, given, names = SCALARS[name]
    module = name.partition(",")[0]
    x = np.concatenate([np.ravel(given[one]) for one in names]).astype(float)
    wanted = differences(lambda numbers: output(module, primal, moved(given, names, numbers)), x)
    np.testing.assert_allclose(output(module, gradient, given), wanted, rtol=1e-6, atol=1e-7)


def test_hello() -> None:
    assert output("hello", "square", 3) == 9.0
    assert output("hello", "double", 3) == 6.0


def test_lse() -> None:
    given = {"x": [1000.0, 1001.0, -5.0]}
    assert output("lse", "primal", given) == pytest.approx(1001 + math.log1p(math.exp(-1)))
    assert output("lse", "gradient", given) == pytest.approx([1 / (1 + math.e), math.e / (1 + math.e), 0.0])


def test_llsq() -> None:
    x, n = [0.3, -1.2, 0.7], 5
    times = [-1.0, -0.5, 0.0, 0.5, 1.0]
    signs = [-1, -1, 0, 1, 1]
    wanted = sum((s - sum(c * t**j for j, c in enumerate(x))) ** 2 for t, s in zip(times, signs)) / 2
    assert output("llsq", "primal", {"x": x, "n": n}) == pytest.approx(wanted)


def test_det() -> None:
    given = det.sample(4)
    a = np.reshape(given["A"], (4, 4))
    assert output("det", "primal", given) == pytest.approx(np.linalg.det(a))
    np.testing.assert_allclose(output("det", "gradient", given), np.ravel(np.linalg.det(a) * np.linalg.inv(a).T))


def test_gmm() -> None:
    """The densities of the components, and the prior's constant from SciPy's multivariate gamma function."""
    special = pytest.importorskip("scipy.special")
    given = gmm.sample(5, 3, 2)
    d, m, gamma = 3, given["m"], given["gamma"]
    weights = np.exp(given["alpha"]) / np.sum(np.exp(given["alpha"]))
    fit, prior = np.zeros(5), 0.0
    for weight, mean, (a, b, c, ab, ac, bc) in zip(weights, given["means"], given["icf"]):
        root = np.array([[np.exp(a), 0.0, 0.0], [ab, np.exp(b), 0.0], [ac, bc, np.exp(c)]])
        away = (np.array(given["x"]) - mean) @ root.T
        fit += weight * np.linalg.det(root) * np.exp(-0.5 * np.sum(away**2, axis=1)) / (2 * np.pi) ** (d / 2)
        freedom = d + m + 1
        prior += 0.5 * gamma**2 * np.sum(root**2) - m * np.log(np.linalg.det(root))
        prior -= freedom * d * (np.log(gamma) - 0.5 * np.log(2)) - special.multigammaln(freedom / 2, d)
    assert output("gmm", "objective", given) == pytest.approx(np.sum(np.log(fit)) + prior)


def test_kmeans() -> None:
    """The direction is that to the mean of the points that are nearest; also by differences, of both orders."""
    given = kmeans.sample(20, 3, 2)
    points, centroids = map(np.array, (given["points"], given["centroids"]))
    apart = np.array([[np.sum((point - one) ** 2) for one in centroids] for point in points])
    assert output("kmeans", "cost", given) == pytest.approx(np.sum(np.min(apart, axis=1)))
    nearest = np.argmin(apart, axis=1)
    means = np.stack([np.mean(points[nearest == k], axis=0) for k in range(3)])
    direction = output("kmeans", "dir", given)
    np.testing.assert_allclose(direction, centroids - means)

    def cost(numbers: Array) -> Any:
        return output("kmeans", "cost", moved(given, ("centroids",), numbers))

    slope = differences(cost, np.ravel(centroids))
    curvature = np.diag(differences(lambda x: differences(cost, x, 1e-4), np.ravel(centroids), 1e-4))
    np.testing.assert_allclose(np.ravel(direction), slope / curvature, rtol=1e-5)


def test_lstm() -> None:
    """By loops over single numbers."""
    given = lstm.sample(2, 4, 3)
    sigmoid = lambda x: 1 / (1 + math.exp(-x))
    state = copy.deepcopy(given["state"])
    total = 0.0
    for now, wanted in zip(given["sequence"], given["sequence"][1:]):
        x = [value * scale for value, scale in zip(now, given["extra_params"][0])]
        for row in (0, 2):
            weight, bias = given["main_params"][row], given["main_params"][row + 1]
            for k in range(3):
                hidden, cell = state[row][k], state[row + 1][k]
                forget, enter, leave = (
                    sigmoid(v * weight[3 * gate + k] + bias[3 * gate + k])
                    for gate, v in enumerate((x[k], hidden, x[k]))
                )
                cell = cell * forget + enter * math.tanh(hidden * weight[9 + k] + bias[9 + k])
                state[row][k], state[row + 1][k] = leave * math.tanh(cell), cell
            x = state[row]
        found = [value * a + b for value, a, b in zip(x, *given["extra_params"][1:])]
        shift = math.log(sum(map(math.exp, found)) + 2)
        total += sum(w * (f - shift) for w, f in zip(wanted, found))
    assert output("lstm", "objective", given) == pytest.approx(-total / 9)


def test_ode() -> None:
    """The solution is yi = x0 ... xi t^(i+1) / (i+1)!, and the method is exact up to the fourth power of time."""
    given: dict[str, Any] = {"x": [0.7, -1.1, 0.4, 1.3], "s": 3}
    exact = np.cumprod(given["x"]) * [2.0, 2**2 / 2, 2**3 / 6, 2**4 / 24]
    np.testing.assert_allclose(output("ode", "primal", given), exact)
    np.testing.assert_allclose(output("ode", "gradient", given), exact[-1] / np.array(given["x"]))
    given = ode.sample(6, 4)
    wanted = differences(lambda x: output("ode", "primal", moved(given, ("x",), x))[-1], np.array(given["x"]))
    np.testing.assert_allclose(output("ode", "gradient", given), wanted, rtol=1e-6)


# ---------------------------------------------------------------- bundle adjustment
@pytest.mark.parametrize("turned", [True, False])
def test_ba(turned: bool) -> None:
    """Against SciPy's rotations; the Jacobian against differences, each element of a block in its place."""
    transform = pytest.importorskip("scipy.spatial.transform")
    given = ba.sample(2, 3, 5)
    given["cam"][:3] = [0.1, -0.2, 0.15] if turned else [0.0, 0.0, 0.0]
    cam, x = np.array(given["cam"]), np.array(given["x"])
    seen = transform.Rotation.from_rotvec(cam[:3]).apply(x - cam[3:6])
    squared = np.sum((seen[:2] / seen[2]) ** 2)
    place = seen[:2] / seen[2] * (1 + cam[9] * squared + cam[10] * squared**2) * cam[6] + cam[7:9]
    found = output("ba", "objective", given)
    np.testing.assert_allclose(found["reproj_error"]["elements"], given["w"] * (place - given["feat"]))
    assert found["reproj_error"]["repeated"] == found["w_err"]["repeated"] == 5
    assert found["w_err"]["element"] == pytest.approx(1 - given["w"] ** 2)

    args = ba.read(given)
    rng = np.random.default_rng(0)
    moving = [one + 0.01 * rng.normal(size=one.shape) for one in args[:3]]  # so that observations differ
    if not turned:
        moving[0][:, :3] = 0.0
    ends = np.cumsum([one.size for one in moving])

    def errors(numbers: Array) -> Array:
        parts = (part.reshape(one.shape) for part, one in zip(np.split(numbers, ends), moving))
        return np.concatenate([np.ravel(one) for one in ba.objective(*parts, *args[3:])])

    wanted = differences(errors, np.concatenate([np.ravel(one) for one in moving]))
    rows, columns, values = ba.jacobian(*moving, *args[3:])
    dense = np.zeros(wanted.shape)
    for row, (begin, end) in enumerate(itertools.pairwise(rows)):
        dense[row, columns[begin:end]] = values[begin:end]
        assert len(set(columns[begin:end])) == end - begin == (15 if row < 10 else 1)
    assert rows[-1] == len(columns) == len(values)
    np.testing.assert_allclose(dense, wanted, rtol=1e-5, atol=1e-5)


def test_ba_columns() -> None:
    """As ADBench orders them: the camera of an observation, its point, its weight."""
    found = output("ba", "jacobian", ba.sample(2, 3, 5))
    assert found["rows"] == [*range(0, 151, 15), *range(151, 156)]
    assert found["cols"][60:75] == [*range(11 * (2 % 2), 11), *range(22 + 3 * 2, 22 + 9), 31 + 2]
    assert found["cols"][-5:] == [31, 32, 33, 34, 35]
    assert found["vals"][-5:] == pytest.approx([-1.8] * 5)


# ---------------------------------------------------------------- hand tracking
def posed(given: dict[str, Any]) -> Array:
    """The skin, by SciPy's rotations, one bone after the other."""
    transform = pytest.importorskip("scipy.spatial.transform")
    model, theta = given["data"]["model"], np.array(given["theta"])
    angles = [[0.0, 0.0, 0.0] for _ in model["parents"]]
    numbers = iter(theta[6:].tolist())
    for finger in range(5):
        for joint in range(3):
            angles[2 + 4 * finger + joint][0] = next(numbers)
            if joint == 0:
                angles[2 + 4 * finger][1] = next(numbers)
    absolutes: list[Array] = []
    positions = np.array(model["base_positions"])
    skin = np.zeros((len(positions), 3))
    for bone, parent in enumerate(model["parents"]):
        turn = np.eye(4)
        x, z, y = angles[bone]
        turn[:3, :3] = transform.Rotation.from_euler("xyz", [x, y, z]).as_matrix()
        own = np.array(model["base_relatives"][bone]) @ turn
        absolutes.append(own if parent == -1 else absolutes[parent] @ own)
        moved_by = absolutes[bone] @ np.array(model["inverse_base_absolutes"][bone])
        skin += np.array(model["weights"])[:, bone : bone + 1] * (positions @ moved_by.T)[:, :3]
    if model["is_mirrored"]:
        skin[:, 0] *= -1
    turned: Array = transform.Rotation.from_rotvec(theta[:3]).apply(skin)
    return turned + theta[3:6]


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("us", [False, True])
def test_ht(us: bool, mirrored: bool) -> None:
    given = ht.sample(12, 4, us=us)
    given["data"]["model"]["is_mirrored"] = mirrored
    data, skin = given["data"], posed(given)
    if us:
        corners = [data["model"]["triangles"][k] for k in data["correspondences"]]
        pairs = np.reshape(given["us"], (-1, 2)).tolist()
        places = np.stack(
            [u * skin[a] + v * skin[b] + (1 - u - v) * skin[c] for (a, b, c), (u, v) in zip(corners, pairs)]
        )
    else:
        places = skin[data["correspondences"]]
    np.testing.assert_allclose(
        output("ht", "objective", given), np.ravel(np.array(data["points"]) - places), atol=1e-12
    )

    found = np.array(output("ht", "jacobian", given))
    of_theta = differences(lambda x: output("ht", "objective", moved(given, ("theta",), x)), np.array(given["theta"]))
    assert found.shape == (12, 28 if us else 26)
    np.testing.assert_allclose(found[:, -26:], of_theta, rtol=1e-5, atol=1e-7)
    if us:
        of_us = differences(lambda x: output("ht", "objective", moved(given, ("us",), x)), np.array(given["us"]))
        own = np.stack([of_us[row, 2 * (row // 3) : 2 * (row // 3) + 2] for row in range(12)])
        np.testing.assert_allclose(found[:, :2], own, rtol=1e-5, atol=1e-7)
        assert np.count_nonzero(of_us) == 24  # all others are 0


def test_ht_not_turned() -> None:
    """A hand that is not turned as a whole: the derivative of that branch."""
    given = ht.sample(5, 2)
    given["theta"][:3] = [0.0, 0.0, 0.0]
    skin = posed(given)[given["data"]["correspondences"]]
    np.testing.assert_allclose(output("ht", "objective", given), np.ravel(np.array(given["data"]["points"]) - skin))
    found = np.array(output("ht", "jacobian", given))
    of_theta = differences(lambda x: output("ht", "objective", moved(given, ("theta",), x)), np.array(given["theta"]))
    np.testing.assert_allclose(found, of_theta, rtol=1e-5, atol=1e-7)
    assert not np.any(found[:, :3])


# ---------------------------------------------------------------- derivatives within derivatives
@pytest.mark.parametrize("modes", ["ff", "fr", "rf", "rr"])
def test_particle_slopes(modes: str) -> None:
    w = np.array([0.3])
    wanted = differences(particle.PRIMALS[modes[1]], w)
    np.testing.assert_allclose(particle.SLOPES[modes](w), wanted, rtol=1e-6)


@pytest.mark.parametrize("modes", ["ff", "fr", "rf", "rr"])
def test_saddle_slopes(modes: str) -> None:
    outer, start = np.array([0.4, -0.3]), np.ones(2)
    wanted = differences(lambda x: saddle.INNER[modes[1]][0](x, start), outer)
    np.testing.assert_allclose(saddle.SLOPES[modes](outer, start), wanted, rtol=1e-6)
    np.testing.assert_allclose(wanted, 2 * outer, rtol=1e-6)


def test_particle() -> None:
    """The value that Pearlmutter and Siskind's programs give."""
    assert output("particle", "rr", {"w": 0}) == pytest.approx(0.207191874648611, abs=1e-13)


def test_saddle() -> None:
    """The value that Pearlmutter and Siskind's programs give."""
    assert output("saddle", "rr", {"start": [1, 1]}) == pytest.approx([8.246324826140356e-06] * 4, rel=1e-10)


def test_argmin() -> None:
    """A parabola, from afar; where it starts at the bottom it stays."""
    bottom = np.array([3.0, -2.0])
    value = lambda x: np.sum((x - bottom) ** 2)
    np.testing.assert_allclose(argmin(value, lambda x: 2 * (x - bottom), np.zeros(2)), bottom, atol=1e-4)
    assert argmin(value, lambda x: 2 * (x - bottom), bottom) is bottom


def test_argmin_rates() -> None:
    """A step that does not lead down is halved; the eleventh of those that do is twice as long."""
    tried = []

    def value(x: Array) -> float:
        tried.append(x[0])
        return upwards * x[0]

    upwards = 1
    assert argmin(value, lambda x: np.array([-8.0]), np.zeros(1)) == 0.0
    np.testing.assert_allclose(tried, [0.0, 8e-5, 4e-5, 2e-5])
    upwards = -1
    tried.clear()
    slopes = itertools.chain([-8.0] * 13, [0.0])
    assert argmin(value, lambda x: np.array([next(slopes)]), np.zeros(1)) == pytest.approx(128e-5)
    np.testing.assert_allclose(np.diff(tried), [8e-5] * 10 + [16e-5] * 3)


def test_all_are_here() -> None:
    assert " ".join(EVALS) == "hello ba det gmm ht kmeans llsq lse lstm ode particle saddle"
    for name, functions in EVALS.items():
        for function in functions.values():
            assert function.read(MODULES[name].sample())
