"""``bp.root`` and ``bp.fixed_point``: the implicit function theorem, at the solution however it was found."""

from __future__ import annotations

import ast
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import backprose as bp
from backprose.check import compare


def kepler(anomaly, m, e):
    return anomaly - e * np.sin(anomaly) - m


def step(x, A, b):
    return np.tanh(A @ x) * 0.5 + b


def balance(u, x, w):  # names that mean something else where the rule is written
    return u**3 + w * u - x


def halves(x):
    return 0.5 * x + 1.0


def heron(y, a):
    return (y + a / y) / 2


def of_a_root(m, e):
    return np.cos(bp.root(kepler, 1.0, m, e)) * m


def of_a_fixed_point(A, b):
    x = bp.fixed_point(step, np.zeros(3), A, b)
    return np.sum(x * x)


def each(x, w):
    return np.sum(bp.root(balance, np.ones(3), x, w) * x)


def in_a_loop(m, e):
    total = 0.0
    for i in range(3):
        total += bp.root(kepler, m, m * (i + 1), e) ** 2
    return total


def started_there(a):
    y = bp.fixed_point(heron, np.sqrt(a), a)
    return y * a


def of_a_matrix(a):
    y = bp.fixed_point(heron, np.ones((2, 2)), a)
    return np.sum(y @ y)


def constant(x):
    return bp.root(halves, 1.0) * x


def of_a_lambda(a):
    return bp.root(lambda x: x * x - a, 1.0) * a


def of_a_nested_function(a, b):
    def f(x, c):
        y = x**3
        return y + a * x - b * c

    return bp.root(f, 1.0, a) * a


def of_a_nested_step(A, b):
    x = bp.fixed_point(lambda x: 0.5 * np.tanh(A @ x) + b, np.zeros(3))
    return np.sum(x * x)


def anew_each_turn(a):
    total, y = 0.0, 1.0
    for i in range(3):
        y = bp.root(lambda x, s: x * x - a * s * (i + 1), y, a)
        total += y * a
    return total


def calls_one_of_the_module(a, b):
    def f(x):
        for _ in range(2):
            x = heron(x, a) * b
        return x

    return bp.fixed_point(f, a)


def of_parameters(w, b):
    return np.sum(bp.root(lambda x, p: x * p["w"] - p["b"][0] + x**3, np.ones(2), {"w": w, "b": (b, "no number")}) * w)


def of_a_method(k, x):
    return bp.root(Spring(k, 2).force, 0.5, x) * k


class Spring:
    def __init__(self, k, power):
        self.k, self.power = k, power

    def force(self, u, x):
        return u**3 + self.k * u - x**self.power


def within_a_root(a, b):
    def outer(y):
        return y**2 - bp.root(lambda x: x**3 - a * y - b, 1.0)

    return bp.root(outer, 1.0) * b


def in_a_helper(a, b):
    return solved(a) * solved(b)


def solved(c):
    return bp.root(lambda x: np.exp(x) - c, 0.0)


M = np.array([[0.3, 0.1, -0.2], [0.5, 0.2, 0.1], [0.0, 0.4, -0.3]])
B = np.array([0.1, -0.4, 0.7])
PROGRAMS: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "of_a_root": (of_a_root, {"m": 0.8, "e": 0.3}),
    "of_a_fixed_point": (of_a_fixed_point, {"A": M, "b": B}),
    "each": (each, {"x": np.array([1.0, 2.0, 0.5]), "w": 1.5}),
    "in_a_loop": (in_a_loop, {"m": 0.8, "e": 0.3}),
    "started_there": (started_there, {"a": 2.0}),
    "of_a_matrix": (of_a_matrix, {"a": np.array([[2.0, 3.0], [0.5, 1.7]])}),
    "constant": (constant, {"x": 2.0}),
    "of_a_lambda": (of_a_lambda, {"a": 2.0}),
    "of_a_nested_function": (of_a_nested_function, {"a": 2.0, "b": 3.0}),
    "of_a_nested_step": (of_a_nested_step, {"A": M, "b": B}),
    "anew_each_turn": (anew_each_turn, {"a": 2.0}),
    "calls_one_of_the_module": (calls_one_of_the_module, {"a": 2.0, "b": 0.9}),
    "of_parameters": (of_parameters, {"w": 2.0, "b": np.array([3.0, 1.0])}),
    "of_a_method": (of_a_method, {"k": 2.0, "x": 1.3}),
    "within_a_root": (within_a_root, {"a": 2.0, "b": 0.7}),
    "in_a_helper": (in_a_helper, {"a": 2.0, "b": 3.5}),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_against_differences(name: str) -> None:
    function, arguments = PROGRAMS[name]
    for line in compare(function, arguments, tuple(arguments)):
        assert line.good, line


@pytest.mark.parametrize("name", PROGRAMS)
def test_forward_against_reverse_and_second_order(name: str) -> None:
    function, arguments = PROGRAMS[name]
    values = tuple(arguments.values())
    rng = np.random.default_rng(0)
    way = [rng.normal(size=v.shape) if isinstance(v, np.ndarray) else float(rng.normal()) for v in values]
    gradient = bp.grad(function, wrt=tuple(arguments))
    value, moved = bp.jvp(function, values, way)
    assert value == pytest.approx(function(*values), rel=1e-15)
    assert moved == pytest.approx(sum(np.sum(g * t) for g, t in zip(gradient(*values), way, strict=True)), rel=1e-9)
    _, second = bp.jvp(gradient, values, way)
    h = 1e-5
    ahead, behind = (gradient(*(v + s * h * t for v, t in zip(values, way, strict=True))) for s in (1, -1))
    for part, one, other in zip(second, ahead, behind, strict=True):
        np.testing.assert_allclose(part, (one - other) / (2 * h), rtol=1e-5, atol=1e-7)


def test_third_order() -> None:
    def f(m):
        return bp.root(kepler, 1.0, m, 0.3)

    second = bp.grad(bp.grad(f))
    h = 1e-4
    assert bp.grad(second)(0.8) == pytest.approx((second(0.8 + h) - second(0.8 - h)) / (2 * h), rel=1e-5)


def test_no_step_is_needed() -> None:
    """A Newton loop that starts at its solution has the derivative 0; this one has the right one."""

    def loop(a):
        y = np.sqrt(4.0)
        while abs(y * y - a) > 1e-12:
            y = heron(y, a)
        return y

    assert bp.grad(loop)(4.0) == 0.0
    assert bp.grad(lambda a: bp.fixed_point(heron, 2.0, a))(4.0) == pytest.approx(0.25)


def test_where_it_starts_has_no_derivative() -> None:
    assert bp.grad(lambda x0: bp.root(kepler, x0, 0.8, 0.3))(1.0) == 0.0


def test_the_value_is_the_plain_one() -> None:
    assert bp.value_and_grad(of_a_root)(0.8, 0.3)[0] == of_a_root(0.8, 0.3)
    assert bp.root(kepler, 1.0, 0.8, 0.3, tol=1e-3) == pytest.approx(1.062, rel=1e-3)
    assert bp.grad(lambda m: bp.root(kepler, 1.0, m, 0.3, tol=1e-14))(0.8) == pytest.approx(1.1716, rel=1e-3)
    np.testing.assert_allclose(bp.root(balance, np.ones(3), np.array([1.0, 2.0, 0.5]), 1.5) > 0, True)


def x(w, x0, tol):
    return w * w - x0 * tol


def test_names_that_mean_something_else_in_the_rule() -> None:
    assert bp.grad(lambda a: bp.root(x, 1.0, a, 2.0))(8.0) == pytest.approx(2 / (2 * 4.0))
    assert bp.grad(bp.grad(lambda a: bp.root(x, 1.0, a, 2.0)))(8.0) == pytest.approx(-4 / (4 * 4.0**3))


def test_pickles() -> None:
    again = pickle.loads(pickle.dumps(bp.grad(of_a_root)))
    assert again(0.8, 0.3) == bp.grad(of_a_root)(0.8, 0.3)


def test_no_convergence_is_an_error() -> None:
    with pytest.raises(ArithmeticError):
        bp.fixed_point(lambda x: x + 1.0, 0.0)
    with pytest.raises((ArithmeticError, np.linalg.LinAlgError)):
        bp.root(lambda x: x * x + 1.0, 1.0)


def test_what_is_refused() -> None:
    def changes(a):
        seen = []

        def f(x):
            seen.append(1)
            return x * x - a

        return bp.root(f, 1.0) + len(seen)

    def of_a_structure(a):
        return bp.root(lambda x: (x - a, x), 1.0)

    def starts_at_one(a):
        return bp.root(lambda x: x[0] - a, (1.0, 2.0))

    def unknown(a, f):
        return bp.root(f, a)

    for function, args, says in (
        (changes, (2.0,), "changes variables or structures outside"),
        (of_a_structure, (2.0,), "structure"),
        (starts_at_one, (2.0,), "structure"),
        (unknown, (2.0, np.ones(2)), "is not known here"),
    ):
        with pytest.raises(bp.UnsupportedError, match=says) as caught:
            bp.grad(function)(*args)
        assert "bp.root(" in str(caught.value), "with the line"


def test_variables_are_those_of_the_call() -> None:
    def f(a):
        b = a
        shifted = lambda x: x * x - b
        b = 2 * a
        first = bp.root(shifted, 1.0)
        b = 3 * a
        return first * bp.root(shifted, 1.0)

    assert f(2.0) == pytest.approx(np.sqrt(24.0))
    assert bp.grad(f)(2.0) == pytest.approx(np.sqrt(6.0))


# ---------------------------------------------------------------- files
ALONE = """
import runpy, sys
sys.modules["backprose"] = None
import numpy as np
module = runpy.run_path(sys.argv[1])
def parts(found):
    if isinstance(found, tuple):
        return [part for one in found for part in parts(one)]
    return np.ravel(found).tolist()
print(parts(module[sys.argv[2]](*np.load(sys.argv[3], allow_pickle=True)["args"])))
"""


def saved_alone(derivative: Any, args: tuple[Any, ...], folder: Path) -> list[float]:
    """The numbers that the saved file gives in a process that has no backprose."""
    derivative.save(folder / "saved.py")
    held = np.empty(len(args), object)
    held[:] = args
    np.savez(folder / "args.npz", args=held)
    name = ast.parse((folder / "saved.py").read_text()).body[-1].name  # type: ignore[attr-defined]
    command = [sys.executable, "-c", ALONE, str(folder / "saved.py"), name, str(folder / "args.npz")]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return [float(one) for one in ast.literal_eval(ran.stdout)]


TWICE = ("in_a_helper",)  # two functions that are both called ``function``: a file can have one


@pytest.mark.parametrize("name", PROGRAMS)
def test_saved(name: str, tmp_path: Path) -> None:
    function, arguments = PROGRAMS[name]
    args = tuple(arguments.values())
    gradient = bp.value_and_grad(function, wrt=tuple(arguments))
    expected = gradient(*args)
    if name in TWICE:
        with pytest.raises(bp.UnsupportedError, match="two different things under the name"):
            saved_alone(gradient, args, tmp_path)
        return
    found = saved_alone(gradient, args, tmp_path)
    assert found == pytest.approx(parts(expected), rel=1e-12)


def parts(found: Any) -> list[float]:
    if isinstance(found, tuple):
        return [part for one in found for part in parts(one)]
    return [float(one) for one in np.ravel(found)]


@pytest.mark.parametrize("name", ["of_a_root", "of_a_fixed_point", "of_a_nested_function"])
def test_saved_derivatives_of_second_order(name: str, tmp_path: Path) -> None:
    function, arguments = PROGRAMS[name]
    args = tuple(arguments.values())
    if name != "of_a_fixed_point":
        second = bp.grad(bp.grad(function))
        expected = second(*args)
        assert saved_alone(second, args, tmp_path) == pytest.approx([expected], rel=1e-12)
    product = bp.hvp(function)
    way = np.ones_like(args[0]) if isinstance(args[0], np.ndarray) else 1.0
    expected = product(*args, way)
    assert saved_alone(product, (*args, way), tmp_path) == pytest.approx(parts(expected), rel=1e-12)


def test_a_saved_file_holds_what_it_needs(tmp_path: Path) -> None:
    gradient = bp.grad(of_a_root)
    gradient(0.8, 0.3)
    gradient.save(tmp_path / "saved.py")
    text = (tmp_path / "saved.py").read_text()
    assert "import numpy as np\n" in text
    names = [node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    assert len(names) == len(set(names))
    assert {"kepler", "root", "root_of_kepler", "jacobian_of_kepler", "along_kepler_by_x"} <= set(names)
    assert "along_kepler_by_e" not in names, "of what is not asked for there is nothing"


def test_complex_numbers_are_refused() -> None:
    with pytest.raises(bp.UnsupportedError, match="complex"):
        bp.grad(lambda a: np.real(bp.fixed_point(heron, 1.0 + 1j, a)))(2.0 + 1j)


def test_a_function_that_is_rebound(monkeypatch: pytest.MonkeyPatch) -> None:
    df = bp.grad(of_a_root)
    first = df(0.8, 0.3)

    def other(anomaly, m, e):
        return anomaly - 2 * m * e

    monkeypatch.setitem(globals(), "kepler", other)
    assert df(0.8, 0.3) != first
    assert df(0.8, 0.3) == pytest.approx(np.cos(0.48) - 0.8 * np.sin(0.48) * 0.6)
