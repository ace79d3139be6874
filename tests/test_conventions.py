"""Each row of docs/conventions.md: what the derivative is where it is a choice, in both modes.

``--update-golden`` writes the page from the values that are measured; the test holds them against those wanted.
"""

# ruff: noqa: E501 - a table is read along its lines

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import backprose as bp

PAGE = Path(__file__).parents[1] / "docs" / "conventions.md"
INF, NAN, PI = math.inf, math.nan, math.pi


@dataclass(frozen=True, eq=False)
class Case:
    """``text`` at ``args``: the derivative w.r.t. all arguments (``order`` 2: the second one, of a number)."""

    text: str
    function: Callable[..., Any]
    args: tuple[Any, ...]
    wanted: tuple[Any, ...]
    order: int = 1
    at: str = ""


@dataclass(frozen=True, eq=False)
class Row:
    title: str
    jax: str
    autograd: str
    cases: tuple[Case, ...]


def vector(*numbers: float) -> np.ndarray[Any, Any]:
    return np.array(numbers, dtype=float)


SINGULAR = np.array([[1.0, 2.0], [2.0, 4.0]])

ROWS = (
    Row(
        "infinite slopes",
        "inf",
        "inf, or ZeroDivisionError for a Python float",
        (
            Case("sqrt(x)", lambda x: np.sqrt(x), (0.0,), (INF,)),
            Case("arccos(x)", lambda x: np.arccos(x), (1.0,), (-INF,)),
            Case("log1p(x)", lambda x: np.log1p(x), (-1.0,), (INF,)),
            Case("1 / x", lambda x: np.sum(1 / x), (vector(0.0),), (vector(-INF),)),
        ),
    ),
    Row(
        "abs at 0",
        "1 (complex 0)",
        "0",
        (
            Case("abs(x)", lambda x: abs(x), (0.0,), (0.0,)),
            Case("np.abs(x)", lambda x: np.sum(np.abs(x)), (vector(0.0, -2.0),), (vector(0.0, -1.0),)),
        ),
    ),
    Row(
        "maximum, minimum, fmax at a tie",
        "0.5 (fmax 0)",
        "0.5",
        (
            Case("maximum(x, y)", lambda x, y: np.maximum(x, y), (1.0, 1.0), (0.5, 0.5)),
            Case("minimum(x, y)", lambda x, y: np.minimum(x, y), (1.0, 1.0), (0.5, 0.5)),
            Case("fmax(x, y)", lambda x, y: np.fmax(x, y), (1.0, 1.0), (0.5, 0.5)),
            Case("max(x, y)", lambda x, y: max(x, y), (1.0, 1.0), (0.5, 0.5)),
            Case("maximum(x, x)", lambda x: np.maximum(x, x), (1.0,), (1.0,)),
        ),
    ),
    Row(
        "max, min over ties",
        "split evenly",
        "split evenly",
        (
            Case("np.max(x)", lambda x: np.max(x), (vector(1, 1, 0),), (vector(0.5, 0.5, 0),)),
            Case("np.min(x)", lambda x: np.min(x), (vector(1, 0, 0),), (vector(0, 0.5, 0.5),)),
        ),
    ),
    Row(
        "clip at a bound",
        "0.5",
        "0.5",
        (
            Case(
                "clip(x, 0, 1)", lambda x: np.sum(np.clip(x, 0, 1)), (vector(0, 0.3, 1, 2),), (vector(0.5, 1, 0.5, 0),)
            ),
        ),
    ),
    Row(
        "norm at 0",
        "nan",
        "nan",
        (
            Case("norm(x)", lambda x: np.linalg.norm(x), (vector(0, 0),), (vector(0, 0),)),
            Case(
                "norm(A, axis=1)",
                lambda A: np.sum(np.linalg.norm(A, axis=1)),
                (np.array([[0.0, 0.0], [3.0, 4.0]]),),
                (np.array([[0.0, 0.0], [0.6, 0.8]]),),
            ),
        ),
    ),
    Row(
        "powers at 0: first and second derivative",
        "mixed, nan for x**0.0",
        "right",
        (
            Case("x**0", lambda x: x**0, (0.0,), (0.0,)),
            Case("x**0", lambda x: x**0, (0.0,), (0.0,), 2),
            Case("x**0.0", lambda x: x**0.0, (0.0,), (0.0,)),
            Case("x**0.0", lambda x: x**0.0, (0.0,), (0.0,), 2),
            Case("x**1", lambda x: x**1, (0.0,), (1.0,)),
            Case("x**1", lambda x: x**1, (0.0,), (0.0,), 2),
            Case("x**2", lambda x: x**2, (0.0,), (0.0,)),
            Case("x**2", lambda x: x**2, (0.0,), (2.0,), 2),
        ),
    ),
    Row(
        "slope in the exponent",
        "0",
        "0",
        (
            Case("0.0**p", lambda p: 0.0**p, (2.0,), (0.0,)),
            Case("x**p", lambda p, x: np.power(x, p), (2.0, np.float64(-1.0)), (NAN, -2.0), at="`x**p` at p 2, x -1"),
        ),
    ),
    Row(
        "the branch of `where` that is not taken",
        "nan",
        "nan or an exception",
        (
            Case(
                "where(x > 0, sqrt(x), 0)",
                lambda x: np.sum(np.where(x > 0, np.sqrt(x), 0)),
                (vector(0, 4),),
                (vector(0, 0.25),),
            ),
            Case(
                "where(x >= 0, x, sqrt(-x))",
                lambda x: np.sum(np.where(x >= 0, x, np.sqrt(-x))),
                (vector(1.0),),
                (vector(1.0),),
            ),
            Case(
                "where(x == 0, 1, sin(x) / x)",
                lambda x: np.sum(np.where(x == 0, 1, np.sin(x) / x)),
                (vector(0.0),),
                (vector(0.0),),
            ),
        ),
    ),
    Row(
        "sinc at 0: first, second",
        "0, -pi^2/3",
        "nan, nan",
        (
            Case("sinc(x)", lambda x: np.sinc(x), (0.0,), (0.0,)),
            Case("sinc(x)", lambda x: np.sinc(x), (0.0,), (-(PI**2) / 3,), 2),
        ),
    ),
    Row(
        "at the origin",
        "0.5, nan",
        "nan",
        (
            Case("hypot(x, y)", lambda x, y: np.hypot(x, y), (0.0, 0.0), (0.0, 0.0)),
            Case("arctan2(x, y)", lambda x, y: np.arctan2(x, y), (0.0, 0.0), (NAN, NAN)),
        ),
    ),
    Row(
        "products with zeros",
        "exact",
        "nan",
        (
            Case("prod(x)", lambda x: np.prod(x), (vector(2, 0, 3),), (vector(0, 6, 0),)),
            Case("prod(x)", lambda x: np.prod(x), (vector(0, 0, 3),), (vector(0, 0, 0),)),
            Case("cumprod(x)", lambda x: np.sum(np.cumprod(x)), (vector(2, 0, 3),), (vector(1, 8, 0),)),
        ),
    ),
    Row(
        "remainders and rounding",
        "1 and -floor(x/y); 0",
        "errors for //",
        (
            Case("x % y", lambda x, y: x % y, (5.5, 2.0), (1.0, -2.0)),
            Case("x // y", lambda x, y: x // y, (5.5, 2.0), (0.0, 0.0)),
            Case("round(x)", lambda x: np.round(x), (2.4,), (0.0,)),
            Case("floor(x)", lambda x: np.floor(x), (2.4,), (0.0,)),
            Case("sign(x)", lambda x: np.sign(x), (0.0,), (0.0,)),
        ),
    ),
    Row(
        "det at a singular matrix",
        "adjugate",
        "LinAlgError",
        (Case("det(A)", lambda A: np.linalg.det(A), (SINGULAR,), (np.array([[4.0, -2.0], [-2.0, 1.0]]),)),),
    ),
    Row(
        "equal eigenvalues",
        "values exact, vectors nan",
        "values exact, vectors nan",
        (Case("sum(eigvalsh(A))", lambda A: np.sum(np.linalg.eigvalsh(A)), (np.eye(2),), (np.eye(2),)),),
    ),
    Row(
        "order statistics",
        "right",
        "partly missing",
        (
            Case("sort(x)[0]", lambda x: np.sort(x)[0], (vector(3, 1, 2),), (vector(0, 1, 0),)),
            Case("median(x)", lambda x: np.median(x), (vector(3, 1, 2),), (vector(0, 0, 1),)),
            Case("quantile(x, 0.25)", lambda x: np.quantile(x, 0.25), (vector(3, 1, 2),), (vector(0, 0.5, 0.5),)),
        ),
    ),
    Row(
        "casts to integers, comparisons, argmax",
        "0 through a cast",
        "as if identity",
        (
            Case("x * int(x)", lambda x: x * int(x), (2.5,), (2.0,)),
            Case("x * x.astype(int)", lambda x: np.sum(x * x.astype(int)), (vector(2.5),), (vector(2.0),)),
            Case("x * (x > 0)", lambda x: np.sum(x * (x > 0)), (vector(2.5, -1),), (vector(1, 0),)),
            Case("x[argmax(x)]", lambda x: x[np.argmax(x)], (vector(1, 3, 2),), (vector(0, 1, 0),)),
        ),
    ),
    Row(
        "dtype and shape of the gradient",
        "keeps the dtype",
        "leaks float64",
        (
            Case(
                "float32",
                lambda x: np.sum(np.float64(2.0) * x),
                (np.ones(2, np.float32),),
                (np.full(2, 2, np.float32),),
            ),
            Case("float16", lambda x: np.sum(2.0 * x), (np.ones(2, np.float16),), (np.full(2, 2, np.float16),)),
            Case("no axes", lambda x: np.sum(2.0 * x), (np.array(1.0),), (np.array(2.0),)),
            Case("one element", lambda x: np.sum(2.0 * x), (np.ones(1),), (np.full(1, 2.0),)),
            Case("empty", lambda x: np.sum(2.0 * x), (np.ones((0, 3)),), (np.ones((0, 3)),)),
        ),
    ),
    Row("an integer differentiated", "TypeError", "differs", (Case("x * x", lambda x: x * x, (3,), (None,)),)),
    Row(
        "complex numbers",
        "the conjugate of PyTorch's",
        "as JAX",
        (
            Case("real(z * z)", lambda z: np.real(z * z), (1.0 + 2.0j,), (2.0 + 4.0j,)),
            Case("imag(z)", lambda z: np.imag(z), (1.0 + 2.0j,), (-1.0j,)),
            Case("abs(z)", lambda z: np.abs(z), (3.0 + 4.0j,), (0.6 - 0.8j,)),
            Case("abs(z) ** 2", lambda z: np.abs(z) ** 2, (3.0 + 4.0j,), (6.0 - 8.0j,)),
            Case("abs(z)", lambda z: np.abs(z), (0.0j,), (0.0j,)),
            Case("abs(z) ** 2", lambda z: np.abs(z) ** 2, (0.0j,), (0.0j,)),
            Case("angle(z)", lambda z: np.angle(z), (2.0j,), (-0.5 + 0.0j,)),
            Case("real(exp(1j * t))", lambda t: np.real(np.exp(1j * t)), (0.5,), (-math.sin(0.5),)),
            Case("z * z", lambda z: z * z, (1.0 + 2.0j,), (None,)),
        ),
    ),
)


def matrix(*rows: tuple[float, ...]) -> np.ndarray[Any, Any]:
    return np.array(rows, dtype=float)


def narrow(*numbers: float) -> np.ndarray[Any, Any]:
    return np.array(numbers, dtype=np.float32)


def none(number: float) -> np.ndarray[Any, Any]:
    """An array without axes."""
    return np.array(number)


# Other forms of the same, by row: no axes, single precision, keywords, methods, other functions, higher derivatives.
VARIANTS: dict[str, tuple[Case, ...]] = {
    "infinite slopes": (
        *(
            Case(f"{text}, {type(at).__name__}", function, (at,), (type(at)(slope),))
            for kind in (float, np.float64, np.float32)
            for text, function, at, slope in (
                ("sqrt(x)", lambda x: np.sqrt(x), kind(0), INF),
                ("x**0.5", lambda x: x**0.5, kind(0), INF),
                ("arccos(x)", lambda x: np.arccos(x), kind(1), -INF),
                ("arcsin(x)", lambda x: np.arcsin(x), kind(-1), INF),
                ("log1p(x)", lambda x: np.log1p(x), kind(-1), INF),
                ("log(x)", lambda x: np.log(x), kind(0), INF),
                ("log2(x)", lambda x: np.log2(x), kind(0), INF),
                ("cbrt(x)", lambda x: np.cbrt(x), kind(0), INF),
                ("arctanh(x)", lambda x: np.arctanh(x), kind(1), INF),
                ("arccosh(x)", lambda x: np.arccosh(x), kind(1), INF),
                ("divide(1, x)", lambda x: np.divide(1, x), kind(0), -INF),
                ("reciprocal(x)", lambda x: np.reciprocal(x), kind(0), -INF),
                ("power(x, -1.0)", lambda x: np.power(x, -1.0), kind(0), -INF),
            )
        ),
        Case("math.sqrt(x)", lambda x: math.sqrt(x), (0.0,), (INF,)),
        Case("math.acos(x)", lambda x: math.acos(x), (1.0,), (-INF,)),
        Case("no axes", lambda x: np.sqrt(x), (none(0.0),), (none(INF),)),
    ),
    "abs at 0": (
        Case("fabs(x)", lambda x: np.fabs(x), (np.float32(0),), (np.float32(0),)),
        Case("absolute(x)", lambda x: np.absolute(x), (none(-0.0),), (none(0.0),)),
        Case("math.fabs(x)", lambda x: math.fabs(x), (0.0,), (0.0,)),
        Case("abs(x)", lambda x: abs(x), (0.0,), (0.0,), 2),
    ),
    "maximum, minimum, fmax at a tie": (
        Case("fmin(x, y)", lambda x, y: np.fmin(x, y), (np.float32(1), np.float32(1)), (0.5, 0.5)),
        Case("minimum(x, x)", lambda x: np.sum(np.minimum(x, x)), (narrow(1, 2),), (narrow(1, 1),)),
        Case("broadcast", lambda x, y: np.sum(np.maximum(x, y)), (vector(1, 2), none(1.0)), (vector(0.5, 1), 0.5)),
        Case("min([x, 1])", lambda x: min([x, 1.0]), (1.0,), (0.5,)),
    ),
    "max, min over ties": (
        Case("axis", lambda x: np.sum(np.max(x, axis=1)), (matrix((1, 1, 0), (2, 2, 2)),), (matrix((0.5, 0.5, 0), (1 / 3,) * 3),)),
        Case("axes", lambda x: np.sum(np.min(x, axis=(0, -1), keepdims=True)), (matrix((1, 0), (0, 2)),), (matrix((0, 0.5), (0.5, 0)),)),
        Case("x.max()", lambda x: x.max(), (narrow(1, 1, 0),), (narrow(0.5, 0.5, 0),)),
        Case("where", lambda x: np.max(x, initial=-5.0, where=[True, False, True]), (vector(1, 1, 1),), (vector(0.5, 0, 0.5),)),
        Case("maximum.reduce", lambda x: np.maximum.reduce(x), (vector(1, 1, 0),), (vector(0.5, 0.5, 0),)),
        Case("nanmax", lambda x: np.nanmax(x), (vector(1, 1, 0),), (vector(0.5, 0.5, 0),)),
    ),
    "clip at a bound": (
        Case("x.clip(0, 1)", lambda x: np.sum(x.clip(0, 1)), (narrow(0, 0.3, 1),), (narrow(0.5, 1, 0.5),)),
        Case("one bound", lambda x: np.clip(x, None, 1), (1.0,), (0.5,)),
        Case("out", lambda x: np.sum(np.clip(x, 0, 1, out=np.empty_like(x))), (vector(0, 2),), (vector(0.5, 0),)),
        Case(
            "bounds", lambda x, low, high: np.sum(np.clip(x, low, high)),
            (vector(0, 0.3, 1), vector(0, 0, 0), vector(1, 1, 1)), (vector(0.5, 1, 0.5), vector(0.5, 0, 0), vector(0, 0, 0.5)),
        ),
    ),
    "norm at 0": (
        *(
            Case(f"norm(x, {order})", function, (np.zeros(2),), (np.zeros(2),))
            for order, function in (
                (1, lambda x: np.linalg.norm(x, 1)), (2, lambda x: np.linalg.norm(x, 2)),
                (3, lambda x: np.linalg.norm(x, 3)), ("inf", lambda x: np.linalg.norm(x, np.inf)),
            )
        ),
        *(
            Case(f"norm(A, {order!r})", function, (np.zeros((2, 3)),), (np.zeros((2, 3)),))
            for order, function in (
                ("fro", lambda x: np.linalg.norm(x, "fro")), ("nuc", lambda x: np.linalg.norm(x, "nuc")),
                (2, lambda x: np.linalg.norm(x, 2)), (1, lambda x: np.linalg.norm(x, 1)),
                ("vector_norm", lambda x: np.linalg.vector_norm(x)), ("matrix_norm", lambda x: np.linalg.matrix_norm(x)),
                ("matrix_norm nuc", lambda x: np.linalg.matrix_norm(x, ord="nuc")),
            )
        ),
        Case("no elements", lambda x: np.linalg.norm(x), (np.ones(0),), (np.ones(0),)),
        Case("float32", lambda x: np.linalg.norm(x), (narrow(0, 0),), (narrow(0, 0),)),
        Case("of complex numbers", lambda z: np.linalg.norm(z), (np.zeros(2, complex),), (np.zeros(2, complex),)),
    ),
    "powers at 0: first and second derivative": tuple(
        Case(f"{text}, {type(at).__name__}", function, (at,), (type(at)(slope) if kind is not none else none(slope),), order)
        for kind in (float, np.float32, none)
        for at in (kind(0.0),)
        for text, function, slopes in (
            ("power(x, 0)", lambda x: np.power(x, 0), (0, 0)), ("power(x, 0.0)", lambda x: np.power(x, 0.0), (0, 0)),
            ("x**1.0", lambda x: x**1.0, (1, 0)), ("x**2.0", lambda x: x**2.0, (0, 2)), ("x**3", lambda x: x**3, (0, 0)),
            ("float_power(x, 2)", lambda x: np.float_power(x, 2), (0, 2)), ("power(x, 0d)", lambda x: np.power(x, np.array(2)), (0, 2)),
        )
        for order, slope in enumerate(slopes, 1)
    ),
    "slope in the exponent": (
        Case("0**p", lambda p: 0**p, (2.0,), (0.0,)),
        Case("arrays", lambda p, x: np.sum(x**p), (vector(2, 0.5), vector(0, -1)), (vector(0, NAN), vector(0, NAN))),
        Case("float32", lambda p, x: x**p, (np.float32(2), np.float32(0)), (np.float32(0), np.float32(0))),
    ),
    "the branch of `where` that is not taken": (
        Case("log", lambda x: np.where(x > 0, np.log(x), 0.0), (0.0,), (0.0,)),
        Case("1 / x", lambda x: np.sum(np.where(x != 0, 1 / x, 0)), (narrow(0, 2),), (narrow(0, -0.25),)),
        Case("no axes", lambda x: np.where(x > 0, np.sqrt(x), 0), (none(0.0),), (none(0.0),)),
        Case("power", lambda x: np.where(x > 0, np.log(x), x**2), (np.float64(0.0),), (2.0,), 2),
        Case("complex", lambda z: np.sum(np.where(z == 0, 0, z**0.5).real), (np.array([0j, 4 + 0j]),), (np.array([0, 0.25 + 0j]),)),
    ),
    "sinc at 0: first, second": (
        Case("float32", lambda x: np.sinc(x), (np.float32(0),), (np.float32(-(PI**2) / 3),), 2),
        Case("no axes", lambda x: np.sinc(x), (none(0.0),), (none(-(PI**2) / 3),), 2),
        Case("complex", lambda z: np.real(np.sinc(z)), (0j,), (0j,)),
    ),
    "at the origin": (
        Case("arrays", lambda x, y: np.sum(np.hypot(x, y)), (vector(0, 3), vector(0, 4)), (vector(0, 0.6), vector(0, 0.8))),
        Case("math.hypot", lambda x, y: math.hypot(x, y), (0.0, 0.0), (0.0, 0.0)),
        Case("math.atan2", lambda x, y: math.atan2(x, y), (0.0, 0.0), (NAN, NAN)),
        Case("float32", lambda x, y: np.arctan2(x, y), (np.float32(0), np.float32(0)), (np.float32(NAN), np.float32(NAN))),
    ),
    "products with zeros": (
        Case("axis", lambda x: np.sum(np.prod(x, axis=1)), (matrix((2, 0, 3), (0, 0, 3)),), (matrix((0, 6, 0), (0, 0, 0)),)),
        Case("axes", lambda x: np.sum(np.prod(x, axis=(-1, 0), keepdims=True)), (matrix((2, 1), (0, 3)),), (matrix((0, 0), (6, 0)),)),
        Case("x.prod()", lambda x: x.prod(), (narrow(2, 0, 3),), (narrow(0, 6, 0),)),
        Case("where", lambda x: np.prod(x, where=[True, False, True]), (vector(2, 0, 3),), (vector(3, 0, 2),)),
        Case("multiply.reduce", lambda x: np.multiply.reduce(x), (vector(2, 0, 3),), (vector(0, 6, 0),)),
        Case("math.prod", lambda x: math.prod(x), (vector(2, 0, 3),), (vector(0, 6, 0),)),
        Case("cumprod, axis", lambda x: np.sum(np.cumprod(x, axis=1)), (matrix((2, 0, 3), (0, 2, 0)),), (matrix((1, 8, 0), (3, 0, 0)),)),
        Case("of no numbers", lambda x: np.prod(x), (np.ones(0),), (np.ones(0),)),
        Case("twice", lambda t: np.prod(np.stack((t, t, 2 + t))), (0.0,), (4.0,), 2),
        Case("complex", lambda z: np.real(np.prod(z)), (np.array([1 + 1j, 0j, 2j]),), (np.array([0, -2 + 2j, 0]),)),
    ),
    "remainders and rounding": (
        Case("mod", lambda x, y: np.mod(x, y), (np.float32(5.5), np.float32(-2)), (np.float32(1), np.float32(3))),
        Case("divmod", lambda x, y: divmod(x, y)[1], (5.5, 2.0), (1.0, -2.0)),
        Case("fmod", lambda x, y: np.fmod(x, y), (-5.5, 2.0), (1.0, 2.0)),
        Case("floor_divide", lambda x, y: np.sum(np.floor_divide(x, y)), (vector(5.5), vector(2)), (vector(0), vector(0))),
        *(
            Case(text, function, (vector(2.25, -0.5),), (vector(0, 0),))
            for text, function in (
                ("ceil", lambda x: np.sum(np.ceil(x))), ("rint", lambda x: np.sum(np.rint(x))), ("trunc", lambda x: np.sum(np.trunc(x))),
                ("fix", lambda x: np.sum(np.fix(x))), ("round(x, 1)", lambda x: np.sum(np.round(x, 1))), ("x.round()", lambda x: np.sum(x.round())),
            )
        ),
        Case("sign of a complex number", lambda z: np.real(np.sign(z)), (0j,), (0j,)),
    ),
    "det at a singular matrix": (
        Case("zeros", lambda A: np.linalg.det(A), (np.zeros((2, 2)),), (np.zeros((2, 2)),)),
        Case("one row", lambda A: np.linalg.det(A), (np.zeros((1, 1)),), (np.ones((1, 1)),)),
        Case("several", lambda A: np.sum(np.linalg.det(A)), (np.stack((SINGULAR, np.eye(2))),), (np.array([[[4.0, -2], [-2, 1]], np.eye(2)]),)),
        Case("rank 1 of 3", lambda A: np.linalg.det(A), (np.ones((3, 3)),), (np.zeros((3, 3)),)),
        Case("complex", lambda A: np.real(np.linalg.det(A)), (np.array([[1j, 2], [2, -4j]]),), (np.array([[-4j, -2], [-2, 1j]]),)),
    ),
    "equal eigenvalues": (
        Case("UPLO", lambda A: np.sum(np.linalg.eigvalsh(A, UPLO="U")), (np.eye(3),), (np.eye(3),)),
        Case("eigh(A)[0]", lambda A: np.sum(np.linalg.eigh(A)[0]), (np.eye(2),), (np.eye(2),)),
        Case("svd(A)[1]", lambda A: np.sum(np.linalg.svd(A, full_matrices=False)[1]), (np.eye(2),), (np.eye(2),)),
        Case("svdvals(A)", lambda A: np.sum(np.linalg.svdvals(A)), (2 * np.eye(2),), (np.eye(2),)),
    ),
    "order statistics": (
        Case("ties", lambda x: np.sort(x)[0] + 2 * np.sort(x)[1], (vector(1, 1, 0),), (vector(2, 0, 1),)),
        Case("axis", lambda x: np.sum(np.sort(x, axis=0)[0]), (matrix((3, 1), (3, 0)),), (matrix((1, 0), (0, 1)),)),
        Case("median, ties", lambda x: np.median(x), (narrow(3, 1, 1, 1),), (narrow(0, 0, 0.5, 0.5),)),
        Case("percentile", lambda x: np.percentile(x, 25), (vector(3, 1, 2),), (vector(0, 0.5, 0.5),)),
        Case("two at once", lambda x: np.sum(np.percentile(x, [25, 50], axis=-1)), (matrix((3, 1, 2)),), (matrix((0, 0.5, 1.5)),)),
    ),
    "casts to integers, comparisons, argmax": (
        Case("x * np.int32(x)", lambda x: np.sum(x * np.int32(x)), (vector(2.5),), (vector(2),)),
        Case("x * np.int64(sum(x))", lambda x: np.sum(x * np.int64(np.sum(x))), (narrow(1.5, 1.5),), (narrow(3, 3),)),
        Case("x * math.floor(x)", lambda x: x * math.floor(x), (2.5,), (2.0,)),
        Case("x.argmax()", lambda x: x[x.argmax()], (vector(1, 3, 3),), (vector(0, 1, 0),)),
        Case("astype(bool)", lambda x: np.sum(x * x.astype(bool)), (vector(2, 0),), (vector(1, 0),)),
    ),
    "dtype and shape of the gradient": (
        Case("sin(x) * arange(2.0)", lambda x: np.sum(np.sin(x) * np.arange(2.0)), (np.zeros(2, np.float16),), (np.array([0, 1], np.float16),)),
        Case("mean of no rows", lambda x: np.sum(np.mean(x, axis=1)), (np.ones((0, 3), np.float32),), (np.ones((0, 3), np.float32),)),
        Case("matmul with no columns", lambda x: np.sum(x @ np.ones((0, 2))), (np.ones((3, 0)),), (np.ones((3, 0)),)),
        Case("a constant", lambda x: 3.0, (narrow(1, 2),), (narrow(0, 0),)),
        Case("complex64", lambda z: np.real(np.sum(2.0 * z)), (np.ones(2, np.complex64),), (np.full(2, 2, np.complex64),)),
    ),
    "an integer differentiated": (
        Case("an array", lambda x: np.sum(x * x), (np.arange(3),), (None,)),
        Case("NumPy's", lambda x: x * x, (np.int64(3),), (None,)),
        Case("a truth value", lambda x: x * 2.0, (True,), (None,)),
    ),
    "complex numbers": (
        Case("arrays", lambda z: np.sum(np.abs(z)), (np.array([0j, 3 + 4j]),), (np.array([0, 0.6 - 0.8j]),)),
        Case("no axes", lambda z: np.abs(z), (none(0j),), (none(0j),)),
        Case("z.real, z.imag", lambda z: np.sum(z.real * z.imag), (np.array([2 + 3j]),), (np.array([3 - 2j]),)),
        Case("vdot(z, z)", lambda z: np.real(np.vdot(z, z)), (np.array([1 + 2j]),), (np.array([2 - 4j]),)),
        Case("z**1", lambda z: np.real(z**1), (0j,), (1 + 0j,)),
        Case("a complex result", lambda x: x * 1j, (2.0,), (None,)),
    ),
}  # fmt: skip
CASES = [case for row in ROWS for case in (*row.cases, *VARIANTS[row.title])]


@cache
def measured(case: Case) -> tuple[Any, ...] | bp.BackproseError:
    """The gradient w.r.t. all arguments, or the refusal."""
    wrt = tuple(range(len(case.args)))
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            if case.order == 2:
                return (bp.grad(bp.grad(case.function))(*case.args),)
            return tuple(bp.grad(case.function, wrt=wrt)(*case.args))
        except bp.BackproseError as error:
            return error


def named(case: Case) -> str:
    return f"{case.text}-{case.order}"


@pytest.mark.parametrize("case", CASES, ids=named)
def test_as_wanted(case: Case) -> None:
    got = measured(case)
    if isinstance(got, bp.BackproseError):
        assert not isinstance(got, bp.errors.InternalError)
        assert case.wanted == (None,), got
        return
    for one, wanted, arg in zip(got, case.wanted, case.args, strict=True):
        np.testing.assert_allclose(one, wanted, rtol=tolerance(arg), atol=tolerance(arg))
        assert np.asarray(one).dtype == np.asarray(arg).dtype
        assert np.shape(one) == np.shape(arg)


def tolerance(arg: Any) -> float:
    return 1e-12 if np.asarray(arg).dtype in (float, complex) else 1e-6


@pytest.mark.parametrize("case", [case for case in CASES if case.order == 1], ids=named)
def test_forward_mode_agrees(case: Case) -> None:
    """The tangent along all ones is the sum of the gradient."""
    got = measured(case)
    if isinstance(got, bp.BackproseError):
        pytest.skip("refused")
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for k, (arg, one) in enumerate(zip(case.args, got, strict=True)):
            ways = [None] * len(case.args)
            ways[k] = np.ones_like(arg) if isinstance(arg, np.ndarray) else type(arg)(1)
            _, tangent = bp.jvp(case.function, case.args, ways)
            np.testing.assert_allclose(tangent, np.real(np.sum(one)), rtol=tolerance(arg), atol=tolerance(arg))


def test_vectors_of_equal_values_are_nan_with_a_warning() -> None:
    for function in (lambda A: np.linalg.eigh(A)[1][0, 1], lambda A: np.linalg.svd(A, full_matrices=False)[0][0, 1]):
        with pytest.warns(RuntimeWarning, match="invalid value|divide by zero"):
            assert np.any(np.isnan(bp.grad(function)(np.eye(2))))
        with pytest.warns(RuntimeWarning, match="invalid value|divide by zero"):
            assert not np.isfinite(bp.jvp(function, (np.eye(2),), (np.ones((2, 2)),))[1])


def test_table(update_golden: bool) -> None:
    text = page()
    if update_golden:
        PAGE.write_text(text, encoding="utf-8")
    assert text == PAGE.read_text(encoding="utf-8"), "run pytest --update-golden tests/test_conventions.py"


# ---------------------------------------------------------------- the page
def page() -> str:
    lines = [
        "# Conventions",
        "",
        "At some points a derivative is a choice: kinks, ties, poles, and what no branch took. These are ours, as",
        "measured by the tests (`python -m pytest tests/test_conventions.py --update-golden` writes this page), beside",
        "those of JAX 0.10 and HIPS autograd 1.9. Where several arguments are differentiated, the values stand in",
        "parentheses.",
        "",
        "Complex numbers: where `z = a + ib` moves by `dz`, a real result moves by the real part of `z_bar * dz`: so",
        "`z_bar` is `df/da - i df/db`. No cotangent is conjugated; the pullback of a holomorphic function multiplies",
        "by its derivative. A real number that meets complex ones takes the real part. Gradient descent steps along",
        "the conjugate: `z -= rate * np.conj(z_bar)`.",
        "",
        "| case | JAX | autograd | backprose |",
        "| --- | --- | --- | --- |",
    ]
    lines += [f"| {row.title} | {row.jax} | {row.autograd} | {'; '.join(map(shown, row.cases))} |" for row in ROWS]
    return "\n".join(lines) + "\n"


def shown(case: Case) -> str:
    got = measured(case)
    point = ", ".join(written(arg) for arg in case.args)
    head = case.at or f"`{case.text}` at {point}"
    if case.order == 2:
        head += ", twice"
    if isinstance(got, bp.BackproseError):
        return f"{head}: refused ({got.what.partition(': ')[2] or got.what})".replace("<lambda>", "it")
    values = ", ".join(written(one) for one in got)
    return f"{head}: {values}" if len(got) == 1 else f"{head}: ({values})"


def written(value: Any) -> str:
    """A number, or the numbers of an array, in few digits; the dtype where it is not float64."""
    array = np.asarray(value)
    if array.size == 0:
        return f"shape {array.shape}"
    text = np.array2string(array, separator=", ", formatter={"float_kind": lambda x: f"{x:.6g}"}).replace("\n", "")
    return text if array.dtype.name in ("float64", "complex128", "int64") else f"{text} ({array.dtype})"
