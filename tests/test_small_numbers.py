"""Constants of integers, truth values and few bits: derivatives are those beside the same numbers as floats.

NumPy computes ``200 * k`` of a picture in bytes, which wrap around, and the product of a float16 and Python's 1.0 in
half precision, where a program that has a float64 beside them computes in double precision. So must its derivative.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests import small_number_programs as programs
from tests.small_number_programs import COUNTS, EACH, HELPERS, POSITIVE

X = np.array([0.53, 1.37, 0.74, 2.16, 0.98, 1.19])
V = np.array([0.8, -0.4, 1.1, 0.3, -1.2, 0.6])
CONSTANTS = {
    "bool": np.array([True, False, True, True, False, True]),
    "uint8": np.array([1, 2, 0, 4, 200, 6], np.uint8),
    "int8": np.array([1, -2, 100, 4, -100, 6], np.int8),
    "int16": np.array([1, -2, 300, 4, 30000, 6], np.int16),
    "uint16": np.array([1, 2, 300, 4, 60000, 6], np.uint16),
    "int32": np.array([1, -2, 70000, 4, -2_000_000_000, 6], np.int32),
    "int64": np.array([1, -2, 3_100_000_000, 4, 3_100_000_001, 6]),
    "uint64": np.array([1, 2, 3_100_000_000, 4, 2**63, 6], np.uint64),
    "float16": np.array([1.1, 2.3, 3.7, 4.9, 500.0, 6.7], np.float16),
    "float32": np.array([1.1, 2.3, 3.7, 4.9, 5000.1, 6.7], np.float32),
}
ALWAYS = ("bool", "uint8", "int8", "int64", "float16")
SOMETIMES = ("int16", "uint16", "int32", "uint64", "float32")
OUT_OF_RANGE = {("decay", "int32"), ("exponent", "int32")}  # infinite
RTOL = 1e-12
NAMES = sorted(
    name
    for name, one in vars(programs).items()
    if isinstance(one, types.FunctionType) and one.__module__ == programs.__name__ and name not in HELPERS
    and one not in EACH
)  # fmt: skip
Program = Callable[..., Any]


def constant_for(name: str, dtype: str) -> np.ndarray[Any, Any]:
    k = CONSTANTS[dtype]
    if name in COUNTS:
        return np.array([1, 2, 3, 1, 5, 2]).astype(k.dtype)
    if name in POSITIVE:
        return np.where(k > 0, k, k.dtype.type(1)).astype(k.dtype)
    return k


def close(found: Any, wanted: Any, what: str, rtol: float = RTOL) -> None:
    wanted = np.asarray(wanted, dtype=float)
    assert np.all(np.isfinite(wanted)), f"{what}: the program has no derivative here"
    assert np.asarray(found).dtype == np.float64, what
    size = np.max(np.abs(wanted), initial=0.0)
    np.testing.assert_allclose(found, wanted, rtol=rtol, atol=rtol * size, err_msg=what)


def computes_in_double(function: Program, k: Any, wide: Any) -> bool:
    """Whether the program itself gives what it gives of the same numbers as floats."""
    with np.errstate(all="ignore"):
        return bool(np.allclose(function(X, k), function(X, wide), rtol=1e-13, atol=0))


def compare(transform: Callable[[Any], Any], k: Any, wide: Any, what: str) -> None:
    """A derivative beside the constant against that beside the same numbers as floats."""
    with np.errstate(all="ignore"):
        close(transform(k), transform(wide), what)


def pairs() -> list[tuple[str, str]]:
    """Every program with the dtypes in which most goes wrong, and with two of the others."""
    return [
        (name, dtype)
        for number, name in enumerate(NAMES)
        for dtype in (*ALWAYS, SOMETIMES[number % 5], SOMETIMES[(number + 2) % 5])
        if (name, dtype) not in OUT_OF_RANGE and not (name == "rolled" and dtype in ("bool", "float16", "float32"))
    ]


@pytest.mark.parametrize(("name", "dtype"), pairs())
def test_first_and_second_order(name: str, dtype: str) -> None:
    function, k = getattr(programs, name), constant_for(name, dtype)
    wide = k.astype(np.int64 if name == "rolled" else np.float64)  # a shift stays an integer
    if not computes_in_double(function, k, wide):
        differences(function, k)
        return
    for what, transform in {
        "grad": lambda c: bp.grad(function)(X, c),
        "jvp": lambda c: bp.jvp(function, (X, c), (V, None))[1],
        "hvp": lambda c: bp.hvp(function)(X, c, V),
    }.items():
        compare(transform, k, wide, f"{name} of {dtype}: {what}")


def differences(function: Program, k: Any) -> None:
    """Where NumPy computes the program itself in few bits: to what differences are worth."""
    with np.errstate(all="ignore"):
        moved = [function(X + 1e-4 * e, k) - function(X - 1e-4 * e, k) for e in np.eye(6)]
        wanted = np.array(moved, dtype=float) / 2e-4
        close(bp.grad(function)(X, k), wanted, f"{function.__name__} of {k.dtype}", 1e-3)
        close(bp.jvp(function, (X, k), (V, None))[1], wanted @ V, f"{function.__name__} of {k.dtype}", 1e-3)


# ---------------------------------------------------------------- every transform
@pytest.mark.parametrize("dtype", ["uint8", "int8", "int64", "float16"])
@pytest.mark.parametrize("name", ["negated", "factors_around", "difference_before", "twice_apart", "angle", "third",
                                  "scaled_in_place", "written", "constant_in_a_helper", "one_of_them"])  # fmt: skip
def test_transforms(name: str, dtype: str) -> None:
    function, k = getattr(programs, name), constant_for(name, dtype)
    along = {
        "vjp": lambda c: bp.vjp(function, X, c)[1](3),
        "value_and_grad": lambda c: bp.value_and_grad(function)(X, c)[1],
        "jacobian, forward": lambda c: bp.jacobian(function, direction="forward")(X, c),
        "jacobian, reverse": lambda c: bp.jacobian(function, direction="reverse")(X, c),
        "hessian": lambda c: bp.hessian(function)(X, c),
        "of the gradient": lambda c: bp.jacobian(bp.grad(function))(X, c),
    }
    for what, transform in along.items():
        compare(transform, k, k.astype(np.float64), f"{name} of {dtype}: {what}")


@pytest.mark.parametrize("dtype", CONSTANTS)
@pytest.mark.parametrize("function", EACH)
def test_element_by_element(function: Program, dtype: str) -> None:
    k = CONSTANTS[dtype]
    compare(lambda c: bp.elementwise_grad(function)(X, c), k, k.astype(np.float64), f"{function.__name__} of {dtype}")


def between(x: Any, k: Any) -> Any:
    y = -(x**2) * k
    loss = np.sum(y * 3 * k)
    return loss  # noqa: RET504


def differences_of(x: Any, k: Any) -> Any:
    y = x * 2
    loss = np.sum(y[1:] - y[:-1]) + np.sum(y * k)
    return loss  # noqa: RET504


def times(x: Any, k: Any) -> Any:
    y = x * 2
    loss = np.sum(y * k)
    return loss  # noqa: RET504


@pytest.mark.parametrize("wrt", ["x", "y"])
@pytest.mark.parametrize("function", [between, differences_of, times])
@pytest.mark.parametrize("dtype", CONSTANTS)
def test_between_variables(function: Program, wrt: str, dtype: str) -> None:
    k = CONSTANTS[dtype]
    made = bp.gradients(function, of="loss", wrt=wrt)
    before = k.copy()
    compare(lambda c: made(X, c), k, k.astype(np.float64), f"{function.__name__} of {dtype}")
    assert not np.shares_memory(made(X, k), k)
    np.testing.assert_array_equal(k, before)


# ---------------------------------------------------------------- numbers, global arrays, callees, unseen dtypes
def scalars(x: Any, k: Any) -> Any:
    return np.sum(-(x * k * k * x)) + np.mean(x**2 * k) + np.arctan2(k, x[0]) + k ** (x[1] / 100)


def python_number(x: Any, k: Any) -> Any:
    s = 0.0
    for v in x:
        s = s - v * v * k * 200
    return s


@pytest.mark.parametrize("number", [np.uint8(200), np.int8(100), np.int16(30000), np.int64(2**62), np.float16(3.3),
                                    np.float32(1e30), np.True_], ids=repr)  # fmt: skip
@pytest.mark.parametrize("function", [scalars, python_number])
def test_numbers(function: Program, number: Any) -> None:
    wide = np.float64(number)
    if not computes_in_double(function, number, wide):
        pytest.skip("the program itself computes in few bits")
    for what, transform in {
        "grad": lambda c: bp.grad(function)(X, c),
        "jvp": lambda c: bp.jvp(function, (X, c), (V, None))[1],
        "hvp": lambda c: bp.hvp(function)(X, c, V),
    }.items():
        compare(transform, number, wide, f"{function.__name__} of {number!r}: {what}")


PICTURE = np.array([1, 2, 0, 4, 200, 6], np.uint8)
MASK = np.array([True, False, True, True, False, True])
HALF = np.array([1.1, 2.3, 3.7, 4.9, 500.0, 6.7], np.float16)
HELD = types.SimpleNamespace(picture=PICTURE)


def weight(y: Any) -> Any:
    total = 0.0
    for i in range(len(y)):
        if i % 5 < 4:
            total = total - y[i] ** 2 * PICTURE[i] * HALF[i]
    return total


def weight_in_double(y: Any) -> Any:
    total = 0.0
    for i in range(len(y)):
        if i % 5 < 4:
            total = total - y[i] ** 2 * float(PICTURE[i]) * float(HALF[i])
    return total


def calls(x: Any) -> Any:
    return 3 * weight(x) - weight(x[::-1]) * 200


def calls_in_double(x: Any) -> Any:
    return 3 * weight_in_double(x) - weight_in_double(x[::-1]) * 200


def global_arrays(x: Any) -> Any:
    y = -(x**2 * 100) * PICTURE
    return np.sum(y * MASK * PICTURE) - np.sum(y * HALF * 2) - np.sum(np.arctan2(PICTURE, x))


def global_arrays_in_double(x: Any) -> Any:
    picture, half = np.array([1.0, 2, 0, 4, 200, 6]), HALF.astype(np.float64)
    y = -(x**2 * 100) * picture
    return np.sum(y * np.array([1.0, 0, 1, 1, 0, 1]) * picture) - np.sum(y * half * 2) - np.sum(np.arctan2(picture, x))


def unseen(x: Any) -> Any:
    a = np.choose(np.zeros(6, int), [PICTURE, PICTURE])
    b = np.insert(HELD.picture[1:], 0, 1)
    return (
        np.sum(-(x**2 * 100) * a * b) + np.sum(x**2 * 200 * a) + np.sum(np.arctan2(a, x)) + np.sum((b + 1) ** (x * 0.1))
    )


def unseen_in_double(x: Any) -> Any:
    a = np.array([1.0, 2, 0, 4, 200, 6])
    return (
        np.sum(-(x**2 * 100) * a * a) + np.sum(x**2 * 200 * a) + np.sum(np.arctan2(a, x)) + np.sum((a + 1) ** (x * 0.1))
    )


PLACES = [(calls, calls_in_double), (global_arrays, global_arrays_in_double), (unseen, unseen_in_double)]


@pytest.mark.parametrize(("function", "wide"), PLACES, ids=[one.__name__ for one, _ in PLACES])
def test_elsewhere(function: Program, wide: Program) -> None:
    for what, transform in {
        "grad": lambda one: bp.grad(one)(X),
        "vjp": lambda one: bp.vjp(one, X)[1](1.0),
        "jvp": lambda one: bp.jvp(one, (X,), (V,))[1],
        "hvp": lambda one: bp.hvp(one)(X, V),
        "hessian": lambda one: bp.hessian(one)(X),
    }.items():
        compare(transform, function, wide, f"{function.__name__}: {what}")


# ---------------------------------------------------------------- what the text looks like
def text(transform: Any, function: Program, *args: Any) -> str:
    made = transform(function)
    made(*args)
    return str(made.source)


def test_texts() -> None:
    """Integers stay what they are beside a float; what would be computed of them alone is computed of floats."""
    assert 'k.astype("float64") ** 2' in text(bp.grad, programs.angle, X, CONSTANTS["uint8"])
    assert "astype" not in text(bp.grad, programs.factors_around, X, CONSTANTS["int64"])
    assert "return 200.0 * k * x_dot" in text(bp.hvp, programs.factors_around, X, CONSTANTS["uint8"], V).replace(
        "x_bar_dot = ", "return "
    )
    assert "astype" not in text(bp.grad, programs.divided, X, CONSTANTS["float16"] + np.float16(1))
    assert "-int(k[1])" in text(bp.grad, programs.rolled, X, np.ones(6, np.uint8))
