"""Complex numbers through the whole language: against differences, both modes against each other, second order."""

# ruff: noqa: E501 - a table is read along its lines

from __future__ import annotations

import cmath
import math
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import backprose as bp
from backprose.cli import main
from backprose.signatures import read_type, spell
from tests.complex_checks import check
from tests.complex_programs import PROGRAMS

Z = np.array([0.7 + 0.4j, -1.3 + 0.8j, 0.2 - 1.1j])
W = np.array([-0.4 + 0.9j, 0.6 + 0.3j, 1.2 - 0.7j])
X = np.array([0.5, -1.2, 2.1])
M = np.array([[2.1 + 0.3j, 0.4 - 0.2j, 0.1j], [0.3 + 0.1j, 1.8 - 0.4j, 0.2], [-0.2j, 0.5 + 0.1j, 2.4 + 0.2j]])

# one operation each, of a complex vector z, a real one x and a complex matrix m
EXPRESSIONS = """
z + x | z - w | z * w | x * z | z / w | x / z | z / x | -z | +z | 2j * z | 1j - z | z / 2j | 1 / z
z ** 2 | z ** 3 | z ** 0.5 | z ** -1 | z ** w | (x * x + 0.5) ** z | z ** x | 2.0 ** z | (-1.5) ** z | x ** z | z ** 2.0 | z ** 0 | z ** 1
np.power(z, w) | np.float_power(z, w) | np.float_power(x, z) | np.square(z) | np.reciprocal(z) | np.negative(z) | np.positive(z)
np.exp(z) | np.exp2(z) | np.expm1(z) | np.log(z) | np.log2(z) | np.log10(z) | np.log1p(z) | np.sqrt(z) | np.exp(1j * x)
np.sin(z) | np.cos(z) | np.tan(z) | np.arcsin(z) | np.arccos(z) | np.arctan(z) | np.sinc(z) | np.sinc(0.01 * z)
np.sinh(z) | np.cosh(z) | np.tanh(z) | np.arcsinh(z) | np.arccosh(z) | np.arctanh(z)
abs(z) | np.abs(z) | np.absolute(z * x) | np.real(z) | np.imag(z) | z.real | z.imag | np.conj(z) | np.conjugate(z) | z.conj() | z.conjugate()
np.angle(z) | np.angle(z, True) | np.angle(z, deg=True) | np.angle(x) * z | np.real(x) * z | np.imag(x) * z | x.real * z | x.imag + z | np.conj(x) * z | x.conj() * z
np.abs(z) ** 2 | (z * z.conj()).real | np.real(z) * np.imag(w)
np.maximum(z, w) | np.minimum(z, w) | np.fmax(z, w) | np.fmin(z, w) | np.clip(z, -0.5, 0.5) | np.where(x > 0, z, w) | np.where(x > 0, z, x)
np.sum(z) | z.sum() | np.sum(m, axis=0) | np.sum(m, axis=1, keepdims=True) | np.mean(z) | m.mean(axis=0) | np.prod(z) | np.prod(m, axis=1) | np.cumsum(z) | np.cumprod(z)
np.var(z) | np.std(z) | np.var(m, axis=1) | np.std(m, axis=0, ddof=1) | np.max(z) | np.min(z) | np.max(m, axis=0) | np.diff(z) | np.sort(z) | np.median(z)
m @ z | z @ m | m @ m | z @ w | x @ z | z @ x | m @ x | np.dot(z, w) | np.dot(m, z) | np.dot(x, m) | np.vdot(z, w) | np.vdot(x, z) | np.vdot(z, x) | np.vdot(m, m) | np.inner(z, x)
np.outer(z, x) | np.kron(m, m) | np.cross(z, w) | np.trace(m) | np.linalg.solve(m, z) | np.linalg.solve(m, x) | np.linalg.solve(m, m.T) | np.linalg.inv(m) | np.linalg.det(m)
np.linalg.norm(z) | np.linalg.norm(m) | np.linalg.norm(m, axis=1) | np.linalg.norm(m - 1j, axis=0, keepdims=True)
z.astype(complex) | x.astype(complex) * z | x.astype(np.complex64) * z | np.complex128(x) * z | z.astype(float) | (z * w).astype(np.float32) | np.float64(z) | np.complex64(z)
z[0] | z[1:] | z[[0, 0, 2]] | z[::-1] | m[:, 0] | m[1].real | m.real[1] | m.imag[:, 1:] | m.T | z.reshape(3, 1) | np.ravel(m) | np.transpose(m)
np.roll(z, 1) | np.flip(z) | np.tile(z, 2) | np.repeat(z, 2) | np.pad(z, 1) | np.tril(m) | np.diag(z) | np.diag(m) | np.diagonal(m) | np.broadcast_to(z, (2, 3)) | np.take(z, [0, 2])
np.concatenate((z, x)) | np.stack([z, x]) | np.hstack((x, z)) | np.vstack((z, x)) | np.array([z[0], x[1]]) | np.array([z, x]) | np.asarray(z)
np.full(3, z[0]) | np.full_like(z, x[0]) | np.linspace(z[0], x[1], 4) | np.add.reduce(m) | np.multiply.reduce(m) | np.multiply.outer(z, x) | np.cumsum(m, axis=0)
np.select([x > 0, x < -1], [z, w]) | np.choose([0, 1, 0], [z, x]) | z[:1].item() * x | complex(z[0]) * x | complex(x[0], x[1]) * z | complex(x[0]) + z | abs(complex(x[0], x[1]))
np.multiply.accumulate(z) | np.add.accumulate(m, axis=1) | np.maximum.accumulate(z) | np.subtract.outer(z, x) | np.squeeze(m[:1]) | np.expand_dims(z, 0) | np.moveaxis(m, 0, 1)
"""


def every_expression() -> list[str]:
    return [one.strip() for line in EXPRESSIONS.strip().splitlines() for one in line.split("|")]


@pytest.fixture(scope="module")
def functions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Callable[..., Any]]:
    """A function for each expression, in a file: its source is read."""
    path = tmp_path_factory.mktemp("complex") / "expressions.py"
    lines = ["import numpy as np"]
    for k, expression in enumerate(every_expression()):
        lines += [f"def f{k}(z, w, x, m):", f"    return {expression}"]
        lines += [f"def g{k}(z, w, x, m):", f"    y = {expression}", "    return np.sum(np.real(y) ** 2 + np.imag(y))"]
    path.write_text("\n".join(lines) + "\n")
    space: dict[str, Any] = {"__name__": "expressions", "__file__": str(path)}
    exec(compile(path.read_text(), str(path), "exec"), space)
    return {f"{name}: {e}": space[f"{name}{k}"] for k, e in enumerate(every_expression()) for name in "fg"}


@pytest.mark.parametrize("expression", every_expression())
def test_operations(expression: str, functions: dict[str, Callable[..., Any]]) -> None:
    rtol = 1e-2 if "complex64" in expression or "float32" in expression else 1e-6
    with np.errstate(all="ignore"):
        check(functions[f"f: {expression}"], Z, W, X, M, rtol=rtol)


@pytest.mark.parametrize("expression", [one for one in every_expression() if "64(" not in one and "32" not in one])
def test_second_derivatives_of_operations(expression: str, functions: dict[str, Callable[..., Any]]) -> None:
    with np.errstate(all="ignore"):
        check(functions[f"g: {expression}"], Z, W, X, M)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_programs(program: Callable[..., Any]) -> None:
    with np.errstate(all="ignore"):
        check(program, X, Z)


# ---------------------------------------------------------------- recursion, whose numbers turn complex on the way
def turning(v: Any, k: int) -> Any:
    if k == 0:
        return abs(v)
    return turning(v * (0.5 + 1j) + 0.3, k - 1) + abs(v) ** 2


def back_and_forth(v: Any, k: int) -> Any:
    if k == 0:
        return abs(v)
    if k % 2:
        return back_and_forth(v * 1j + 0.2, k - 1)
    return back_and_forth(abs(v), k - 1) * v.real


def even(v: Any, k: int) -> Any:
    return abs(v) if k == 0 else odd(v * 1j + v.real, k - 1)


def odd(v: Any, k: int) -> Any:
    return np.angle(v) if k == 0 else even(v * v, k - 1)


def swept(a: Any, k: int) -> None:
    if k == 0:
        return
    a[k] = a[k - 1] * 1j + np.abs(a[k])
    swept(a, k - 1)


def all_of_them(x: Any, z: Any) -> Any:
    a = z * x
    swept(a, 2)
    first = turning(x[0], 3) + back_and_forth(x[1], 4) + back_and_forth(z[0], 3)
    return first + even(x[2], 3) + even(z[1], 2) + np.sum(np.abs(a) ** 2)


def test_recursion() -> None:
    check(all_of_them, X, Z, second=False)


# ---------------------------------------------------------------- numbers of Python's and of NumPy's
def python_number(z: complex, t: float) -> float:
    return abs(z * t + cmath.exp(1j * t)) ** 2 + z.real * z.conjugate().imag


def phases(z: complex, t: float) -> float:
    return cmath.phase(z * cmath.sqrt(t - 3.0)) + t * cmath.log(z * 2).real


def of_real_parts(z: np.complex128, t: float) -> float:
    """NumPy's complex scalars become real in ``math``, with a warning."""
    return math.sin(z) * t + math.fabs(z * t) + float(z)


@pytest.mark.parametrize("function", [python_number, phases, of_real_parts])
@pytest.mark.parametrize("z", [0.3 - 1.2j, np.complex128(0.3 - 1.2j)])
def test_numbers(function: Callable[..., Any], z: Any) -> None:
    if function is of_real_parts and type(z) is complex:
        with pytest.raises(TypeError):
            bp.value_and_grad(function)(z, 0.7)
        return
    check(function, z, 0.7)


# ---------------------------------------------------------------- around the compiler
MODEL = """
import numpy as np


def power(z: "complex128[:]", gain: float):
    return np.sum(np.abs(gain * z * WEIGHTS + SHIFT) ** 2)


def turned(z: complex, x: "complex128[3]"):
    return z * np.exp(1j * x)


SHIFT = 0.5 - 1j
WEIGHTS = np.array([1.0, 1j, 0.5 + 0.5j, 2.0])
"""


@pytest.fixture
def model(tmp_path: Path) -> str:
    path = tmp_path / "model.py"
    path.write_text(MODEL)
    return str(path)


def test_check_command(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", f"{model}:power"]) == 0
    assert "j" in capsys.readouterr().out
    assert main(["check", f"{model}:turned"]) == 0


def test_dump(model: str, tmp_path: Path) -> None:
    """For the types of the annotations, and for any: there complex numbers are refused when it runs."""
    z = np.array([0.3 - 1j, 2.0, 1j, -0.4])
    files = [tmp_path / "typed.py", tmp_path / "any.py"]
    assert main(["dump", f"{model}:power", "-o", str(files[0])]) == 0
    assert main(["dump", f"{model}:power", "--like", "z: any", "gain: any", "-o", str(files[1])]) == 0
    typed, anything = (runpy.run_path(str(file))["power_grad"] for file in files)
    weights = runpy.run_path(model)["WEIGHTS"]
    np.testing.assert_allclose(typed(z, 0.7), 1.4 * np.conj(0.7 * z * weights + 0.5 - 1j) * weights)
    with pytest.raises(TypeError):
        typed(z.real, 0.7)
    with pytest.raises(TypeError, match="real numbers"):
        anything(z, 0.7)
    np.testing.assert_allclose(anything(z.real, 0.7), typed(z.real + 0j, 0.7).real)


def test_signatures() -> None:
    assert spell(read_type("complex128[:, 3]", "z")) == "complex128[:, 3]"
    assert spell(read_type("complex", "z")) == "complex"

    def f(z: complex) -> float:
        return abs(z)

    assert "np.conj" in bp.grad(f).source


def square(z: Any) -> Any:
    return z * z


def test_results_and_cotangents_that_do_not_fit() -> None:
    with pytest.raises(bp.ResultError, match=r"complex one(.|\n)*vjp"):
        bp.grad(square)(1 + 2j)
    with pytest.raises(bp.ResultError, match="complex one"):
        bp.grad(lambda x: x * 1j)(2.0)
    value, pullback = bp.vjp(square, 1 + 2j)
    assert value == -3 + 4j
    assert pullback(1.0) == 2 + 4j
    assert pullback(1j) == 1j * (2 + 4j)
    _, pullback = bp.vjp(square, 2.0)
    with pytest.raises(bp.ArgumentError, match="what it belongs to is real"):
        pullback(1j)
    with pytest.raises(bp.ArgumentError, match="what it belongs to is real"):
        bp.jvp(square, (2.0,), (1j,))


def test_structures() -> None:
    tree = {"z": 1 + 2j, "w": [np.array([1j, 2.0]), 3.0], "n": 2}

    def f(tree: Any) -> Any:
        return abs(tree["z"]) ** 2 + np.sum((tree["w"][0] * tree["w"][1]).imag) * tree["n"]

    got = bp.grad(f)(tree)
    assert got["z"] == 2 - 4j
    np.testing.assert_allclose(got["w"][0], [-6j, -6j])
    assert got["w"][1] == 2.0
    assert got["n"] is None
    many = [complex(k, 1) for k in range(100)]

    def g(many: Any) -> Any:
        total = 0.0
        for one in many:
            total = total + abs(one) ** 2
        return total

    np.testing.assert_allclose(bp.grad(g)(many), 2 * np.conj(many))


class Odd(list[Any]):
    """Of which nothing is known."""


def test_hidden_complex_numbers_are_refused() -> None:
    with pytest.raises(bp.ArgumentError, match="holds complex numbers"):
        bp.grad(lambda x, odd: x * odd[0])(2.0, Odd([1j]))


def test_a_global_that_becomes_complex() -> None:
    def f(x: float) -> Any:
        return abs(x * SCALE["now"])

    df = bp.grad(f)
    for scale in (2.0, 3 + 4j, -2.0):
        SCALE["now"] = scale
        np.testing.assert_allclose(df(1.5), abs(scale))


SCALE: dict[str, Any] = {}
