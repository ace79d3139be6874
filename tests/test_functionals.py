"""Functions of SciPy's that are given a function: roots, minima, integrals, differential equations."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("scipy")

from scipy import integrate, optimize
from scipy.integrate import odeint, quad, solve_ivp
from scipy.optimize import brentq

import backprose as bp

TIMES = np.linspace(0.0, 2.0, 6)


# ---------------------------------------------------------------- roots
def kepler(x, m, e):
    return x - e * np.sin(x) - m


def balance(x, m, e):
    return np.array([x[0] ** 2 + x[1] - m, x[0] - x[1] ** 3 * e])


def valley(x, m, e):
    return (m - x[0]) ** 2 + 10 * (x[1] - e * x[0] ** 2) ** 2


def residuals(x, m, e):
    return [m - x[0], 3 * (x[1] - x[0] ** 2) * e, x[0] * x[1] - e]


def by_brackets(m, e):
    first = optimize.brentq(kepler, 0, 10, args=(m, e), xtol=1e-13) * optimize.brenth(kepler, 0, 10, (m, e), xtol=1e-13)
    second = optimize.bisect(kepler, 0, 10, (m, e), 1e-13) * optimize.ridder(kepler, 0, 10, (m, e), 1e-13)
    return first + second * optimize.toms748(kepler, 0, 10, args=(m, e), xtol=1e-13)


def of_a_lambda(m, e):
    return np.cos(brentq(lambda x: x - e * np.sin(x) - m, 0.0, 10.0, xtol=1e-14)) * m


def by_newton(m, e):
    start = np.array([1.0, 2.0, 3.0])
    return optimize.newton(kepler, 1.0, args=(m, e)) * np.sum(optimize.newton(kepler, start, args=(m, e), tol=1e-13))


def by_fsolve(m, e):
    x, y = optimize.fsolve(balance, [1.0, 1.0], (m, e), xtol=1e-13)
    return x**2 * y


def by_root(m, e):
    found = optimize.root(lambda x: [x[0] ** 2 - m, x[1] - e * x[0]], [1.0, 1.0], tol=1e-13)
    return np.sum(found.x**2)


def repeated(m, e):
    return optimize.fixed_point(lambda x: m + e * np.sin(x), 1.0, xtol=1e-12) ** 2


def least(m, e):
    return np.sum(optimize.minimize(valley, np.array([1.0, 1.0]), args=(m, e), tol=1e-12).x ** 2)


def least_squares(m, e):
    found = optimize.least_squares(residuals, [1.0, 1.0], args=(m, e), xtol=1e-15, ftol=1e-15, gtol=1e-15)
    return found.x[0] * found.x[1]


def kepler_slope(x, m, e):
    return 1 - e * np.cos(x)


def by_root_scalar(m, e):
    first = optimize.root_scalar(kepler, args=(m, e), bracket=[0, 10], xtol=1e-14)
    second = optimize.root_scalar(kepler, (m, e), "bisect", (0, 5), xtol=1e-14).root
    third = optimize.root_scalar(lambda x: x - e * np.sin(x) - m, x0=1.0, x1=2.0).root
    return first.root * second * third if first.converged else m


def with_slopes(m, e):
    by_one = optimize.newton(kepler, 1.0, kepler_slope, (m, e))
    by_two = optimize.newton(lambda x: x**3 - m, 1.0, fprime=lambda x: 3 * x**2, fprime2=lambda x: 6 * x)
    found = optimize.root_scalar(kepler, args=(m, e), x0=1.0, fprime=kepler_slope, method="newton")
    return by_one * by_two + found.root


def by_a_secant(m, e):
    return optimize.newton(kepler, 1.0, args=(m, e), x1=1.5)


def by_a_method(m, e):
    found = optimize.root(balance, [1.0, 1.0], args=(m, e), method="krylov", tol=1e-12)
    return found.x[0] if found.success else m


def balance_slopes(x, m, e):
    return np.array([[2 * x[0], 1.0], [1.0, -3 * x[1] ** 2 * e]])


def with_a_jacobian(m, e):
    found = optimize.root(balance, [1.0, 1.0], args=(m, e), jac=balance_slopes, tol=1e-13, options={"maxfev": 500})
    return found.x[0] * found.x[1] + np.sum(found.fun)


def cost(m, e):
    found = optimize.least_squares(residuals, [1.0, 1.0], args=(m, e), xtol=1e-15, ftol=1e-15, gtol=1e-15)
    return found.x[0] * found.cost + found.cost**2


def between_bounds(m, e):
    found = optimize.least_squares(
        residuals, [0.3, 0.3], "3-point", (-0.1, 0.4), "dogbox", args=(m, e), xtol=1e-15, ftol=1e-15, gtol=1e-15
    )
    return np.sum(found.x**2) * found.cost


def least_with_its_value(m, e):
    found = optimize.minimize(
        lambda x: (x[0] - m) ** 2 + (x[1] - e * m) ** 4 + x[1] ** 2,
        np.array([1.0, 1.0]),
        method="BFGS",
        jac=lambda x: np.array([2 * (x[0] - m), 4 * (x[1] - e * m) ** 3 + 2 * x[1]]),
        options={"gtol": 1e-12},
    )
    return found.fun + np.sum(found.x**3) * (found.nfev > 0)


def well(x, m, e):
    return (m - x[0]) ** 2 + m * x[0] + (x[1] - e * x[0] ** 2) ** 2 + (x[2] - m) ** 2 * (1 + x[0] ** 2)


def at_a_bound(m, e):
    bounds = [(0, 0.3), (None, None), (None, 0.5)]
    found = optimize.minimize(well, np.array([1.0, 1.0, 0.1]), args=(m, e), bounds=bounds, tol=1e-13)
    return found.fun + np.sum(found.x**2)


def at_a_bound_by_slsqp(m, e):
    found = optimize.minimize(
        well, [1.0, 1.0, 0.1], (m, e), "SLSQP", bounds=optimize.Bounds([0.3, -5, 0], [2, 5, 5]), tol=1e-14
    )
    return found.fun * 2 + np.sum(found.x**2)


def of_one_start(m, e):
    found = optimize.minimize(lambda x: (x - m) ** 2 + np.exp(e * x), 1.0, tol=1e-10)
    return found.fun * found.x[0]


def least_number(m, e):
    found = optimize.minimize_scalar(lambda x: (x - m) ** 2 + np.exp(e * x), tol=1e-10)
    return found.x + found.fun


def least_number_inside(m, e):
    found = optimize.minimize_scalar(lambda x: (x - m) ** 2 + np.exp(e * x), bounds=(-2, 3), options={"xatol": 1e-11})
    return found.x + found.fun


def least_number_at_its_bound(m, e):
    found = optimize.minimize_scalar(lambda x: (x - m) ** 2 + np.exp(e * x), bounds=(-2, 0.5), options={"xatol": 1e-11})
    return found.x + found.fun


DATA = np.exp(-TIMES) * 1.3 + 0.1 * np.sin(5 * TIMES)


def decay(t, a, b):
    return a * np.exp(-b * t)


def fitted(m, e):
    found, _ = optimize.curve_fit(decay, TIMES, DATA * m + e * TIMES, ftol=1e-14, xtol=1e-14)
    return found[0] * found[1]


def fitted_with_errors(m, e):
    found, _covariance = optimize.curve_fit(
        lambda t, a, b: a * np.exp(-b * t) + e * m,
        TIMES * m,
        DATA,
        p0=[1.0, 0.5],
        sigma=1 + e * TIMES,
        ftol=1e-14,
        xtol=1e-14,
    )
    a, b = found
    return a * b


def in_a_loop(m, e):
    x = 1.0
    for k in range(3):
        x = brentq(kepler, -1.0, 10.0, args=(m + 0.1 * k * x, e), xtol=1e-13)
    return x


# ---------------------------------------------------------------- integrals
def bell(x, a, c):
    return np.exp(-a * x**2) * np.cos(c * x)


def of_a_function(a, c):
    return quad(bell, 0.0, 1.0, args=(a, c))[0] ** 2


def without_end(a, c):
    value, _error = integrate.quad(lambda x: np.exp(-a * x) * c, 0, np.inf)
    return value


def between_moving_ends(a, c):
    return quad(lambda x: x**2 * c, a, a**2 * c)[0]


def of_an_array(a, c):
    return np.sum(integrate.quad_vec(lambda x: np.sin(x * np.array([a, c])), 0, 2)[0] ** 2)


def by_an_array(a, c):
    return quad(lambda x, w: np.sum(np.cos(w * x) * w), 0, 1, args=(np.array([a, c]),))[0]


def twice(a, c):
    return quad(lambda x: quad(lambda y: np.exp(-a * x * y) * c, 0, x)[0], 0, 1)[0]


# ---------------------------------------------------------------- differential equations
def prey(x, t, a, b):
    return np.array([a * x[0] - b * x[0] * x[1], -x[1] + b * x[0] * x[1]])


def pendulum(y, t, b, c):
    angle, speed = y
    return [speed, -b * speed - c * np.sin(angle)]


def prey_by_time(t, x, a, b):
    return [a * x[0] - b * x[0] * x[1], -x[1] + b * x[0] * x[1]]


def of_animals(a, b):
    return np.sum(odeint(prey, np.array([1.0, 0.5]), TIMES, args=(a, b), rtol=1e-11, atol=1e-11) ** 2)


def of_a_pendulum(b, c):
    found = odeint(pendulum, [1.0, 0.0], TIMES, args=(b, c), rtol=1e-11, atol=1e-11)
    return found[-1, 0] ** 2 + np.sum(found[:, 1])


def from_a_moving_start(b, c):
    def rate(y, t):
        return [y[1], -b * y[1] - c * y[0] * np.cos(t)]

    return np.sum(odeint(rate, [b, c**2], TIMES, rtol=1e-11, atol=1e-11)[-1] ** 2)


def swing(y, t):
    return [y[1], -np.sin(y[0]) - 0.1 * t * y[1]]


def without_arguments(b, c):
    return np.sum(odeint(swing, [b, c**2], TIMES, rtol=1e-11, atol=1e-11)[-1] ** 2)


def of_one_number(b, c):
    return np.sum(odeint(lambda y, t: -b * y + c, 1.0, TIMES, rtol=1e-11, atol=1e-11)[:, 0])


def by_solve_ivp(a, b):
    found = solve_ivp(prey_by_time, (0, 2.0), [1.0, 0.5], t_eval=TIMES, args=(a, b), rtol=1e-11, atol=1e-12)
    return np.sum(found.y[0] ** 2) + found.y[1, -1]


def if_it_worked(a, b):
    found = solve_ivp(lambda t, y: -a * y + b, (0, 1.0), [1.0, b], "DOP853", rtol=1e-12, atol=1e-12)
    return found.y[:, -1] @ found.y[:, 0] if found.success else a


def at_times_of_its_own(a, b):
    found = solve_ivp(lambda t, y: -a * y + np.sin(b * t), (0.0, 2.0), np.array([b]), rtol=1e-11, atol=1e-12)
    return found.y[0, -1] ** 2 * found.t[-1]


EXACT = [
    by_brackets, of_a_lambda, by_newton, by_fsolve, by_root, repeated, least_squares, in_a_loop,
    by_root_scalar, with_slopes, by_a_secant, by_a_method, with_a_jacobian, cost, between_bounds, least_with_its_value,
    of_a_function, without_end, between_moving_ends, of_an_array, by_an_array, twice,
]  # fmt: skip
SOLVED = [
    of_animals, of_a_pendulum, from_a_moving_start, without_arguments, of_one_number, by_solve_ivp, at_times_of_its_own,
    if_it_worked,
]  # fmt: skip
ROUGH = [
    least, at_a_bound, at_a_bound_by_slsqp, of_one_start, least_number, least_number_inside, least_number_at_its_bound,
    fitted, fitted_with_errors,
]  # fmt: skip
STEP = 1e-3


def slope(function: Callable[..., Any], at: tuple[float, float], way: tuple[float, float]) -> Any:
    """Differences of fourth order, with a step that is large beside the tolerances of the solvers."""
    ends = [function(*(x + k * STEP * w for x, w in zip(at, way))) for k in (-2, -1, 1, 2)]
    return (np.subtract(ends[0], ends[3]) - 8 * np.subtract(ends[1], ends[2])) / (12 * STEP)


@pytest.mark.parametrize("function", [*EXACT, *SOLVED, *ROUGH], ids=lambda function: function.__name__)
def test_against_differences(function: Callable[..., Any]) -> None:
    at, way = (0.8, 0.3), (0.6, -0.7)
    rough = 1e-4 if function in ROUGH else 1e-5 if function in SOLVED else 1e-7
    near = {"rel": rough, "abs": rough / 10}
    gradient = bp.grad(function, wrt=(0, 1))
    value, _ = bp.value_and_grad(function)(*at)
    assert value == function(*at)
    assert np.dot(gradient(*at), way) == pytest.approx(slope(function, at, way), **near)
    assert bp.jvp(function, at, way)[1] == pytest.approx(slope(function, at, way), **near)
    second = bp.hvp(function, wrt=(0, 1))(*at, way)
    assert second == pytest.approx(slope(gradient, at, way), **near)


def test_forward_against_reverse() -> None:
    for function in (by_fsolve, of_a_function, by_brackets):
        gradient, (_, moved) = bp.grad(function, wrt=(0, 1))(0.8, 0.3), bp.jvp(function, (0.8, 0.3), (1.0, -2.0))
        assert moved == pytest.approx(np.dot(gradient, (1.0, -2.0)), rel=1e-9)


def test_what_is_told_of_a_result_has_no_derivative() -> None:
    def counted(m, e):
        found = optimize.root(balance, [1.0, 1.0], args=(m, e))
        return found.x[0] * found.nfev

    count = optimize.root(balance, [1.0, 1.0], args=(0.8, 0.3)).nfev
    alone = bp.grad(lambda m: optimize.root(balance, [1.0, 1.0], args=(m, 0.3)).x[0])(0.8)
    assert bp.grad(counted)(0.8, 0.3) == pytest.approx(count * alone)
    assert bp.jvp(counted, (0.8, 0.3), (1.0, 0.0))[1] == pytest.approx(count * alone)


def test_what_a_root_does_not_depend_on() -> None:
    assert bp.grad(lambda a: brentq(lambda x: x**2 - 2.0, a, 3.0))(0.5) == 0.0
    assert bp.grad(lambda a: optimize.fsolve(lambda x: x**2 - 2.0, a)[0])(1.5) == 0.0


# ---------------------------------------------------------------- refused
def asks_for_more(m, e):
    return brentq(kepler, 0, 10, args=(m, e), full_output=True)[0]


def hands_out_the_whole(m, e):
    return optimize.root(balance, [1.0, 1.0], args=(m, e))


def until_a_moving_time(a, b):
    return solve_ivp(lambda t, y: -a * y, (0.0, b), [1.0]).y[0, -1]


def at_moving_times(a, b):
    return odeint(lambda y, t: -a * y, 1.0, np.linspace(0, b, 4))[-1, 0]


def another_solver(m, e):
    return optimize.differential_evolution(valley, [(0, 1), (0, 1)], args=(m, e)).x[0]


def by_least_squares_of_a_system(m, e):
    return optimize.root(balance, [1.0, 1.0], args=(m, e), method="lm").x[0]


def near_its_bounds(m, e):
    return optimize.minimize(valley, [1.0, 1.0], (m, e), "trust-constr", bounds=[(1, 2), (0.1, 1)]).x[0]


def with_moving_bounds(m, e):
    return optimize.minimize(valley, [1.0, 1.0], (m, e), bounds=[(m, 2), (e, 1)]).x[0]


def between_moving_bounds(m, e):
    return optimize.minimize_scalar(lambda x: (x - m) ** 2, bounds=(e, m / 2)).x


def its_function_gives_two(m, e):
    return optimize.least_squares(residuals, [1.0, 1.0], jac=True, args=(m, e)).x[0]


def reads_the_covariance(m, e):
    found, covariance = optimize.curve_fit(decay, TIMES * m, DATA)
    return found[0] + covariance[0, 0] * e


def with_covariances(m, e):
    return optimize.curve_fit(decay, TIMES * m, DATA, sigma=np.diag(1 + e * TIMES))[0][0]


def of_any_number_of_parameters(m, e):
    return optimize.curve_fit(lambda t, *p: p[0] * t + p[1], TIMES * m, DATA * e, p0=[1.0, 2.0])[0][0]


def its_error(m, e):
    value, error = quad(bell, 0.0, 1.0, args=(m, e))
    return value + error


def changes_what_is_outside(m, e):
    seen = []

    def counted(x):
        seen.append(x)
        return x**2 - m

    return brentq(counted, 0, 3) + len(seen)


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (asks_for_more, "brentq with full_output= is not supported"),
        (hands_out_the_whole, "is not supported"),
        (until_a_moving_time, "cannot be differentiated with respect to its argument 't_span'"),
        (at_moving_times, "cannot be differentiated with respect to its argument 't'"),
        (another_solver, "differential_evolution"),
        (by_least_squares_of_a_system, "take hybr or broyden1"),
        (near_its_bounds, "take L-BFGS-B or SLSQP or TNC"),
        (with_moving_bounds, "cannot be differentiated with respect to its argument 'bounds'"),
        (between_moving_bounds, "cannot be differentiated with respect to its argument 'bounds'"),
        (its_function_gives_two, "its function returns more than its value then"),
        (reads_the_covariance, "its covariance has no derivative"),
        (with_covariances, "sigma is a matrix of covariances"),
        (of_any_number_of_parameters, "how many parameters its model has is not known"),
        (its_error, "the estimate of the error has no derivative"),
        (changes_what_is_outside, "changes variables or structures outside"),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_refused(function: Callable[..., Any], says: str) -> None:
    with pytest.raises(bp.BackproseError, match=says):
        bp.grad(function, wrt=(0, 1))(0.8, 0.3)


# ---------------------------------------------------------------- dumped
MODEL = """\
import numpy as np
from scipy import integrate, optimize


def kepler(x, m, e):
    return x - e * np.sin(x) - m


def bell(x, a, c):
    return np.exp(-a * x**2) * np.cos(c * x)


def valley(x, m, e):
    return (m - x[0]) ** 2 + 10 * (x[1] - e * x[0] ** 2) ** 2


def loss(m, e):
    found = optimize.minimize(valley, [0.1, 0.1], args=(m, e), bounds=[(None, 0.5), (0, None)], tol=1e-12)
    anomaly = optimize.brentq(kepler, 0, 10, args=(m, e))
    return anomaly * integrate.quad(bell, 0.0, 1.0, args=(m, e))[0] + found.fun + found.x[1]
"""


def test_a_dumped_file_runs_without_backprose(tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text(MODEL)
    command = [sys.executable, "-m", "backprose", "dump", "model.py:loss", "--wrt", "m", "e", "-o", "dumped.py"]
    subprocess.run(command, cwd=tmp_path, check=True)
    program = (
        "import sys; sys.modules['backprose'] = None\n"
        "from dumped import loss_grad_m_e; from model import loss\n"
        "got = loss_grad_m_e(0.8, 0.3); h = 1e-3\n"
        "assert abs(got[0] - (loss(0.8 + h, 0.3) - loss(0.8 - h, 0.3)) / (2 * h)) < 1e-4\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True)
