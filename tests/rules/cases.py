"""A table of sampled calls for every rule: what the rules' own tests and the compiler's end-to-end tests run over.

``CASES`` are calls at points where the operation is smooth; ``KINKS`` are points where the derivative is a choice.
"""

# ruff: noqa: E501 - a table is read along its lines

from __future__ import annotations

import cmath
import contextlib
import math
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from backprose import support

Sample: TypeAlias = "Callable[[np.random.Generator, tuple[int, ...]], Any]"
NAMES: dict[str, Any] = {"np": np, "math": math, "cmath": cmath, "support": support}  # what an expression may use


@dataclass(frozen=True)
class Case:
    """``expression``: one call, of an operation with a rule, on the names in ``samples`` (and ``np``, ``math``).

    ``grows``: the samples may be replaced by longer, shorter, empty or 0-d ones, all of one shape.
    ``alike``: the rule is made from the same text as others, which the compiled check tries.
    """

    op: str
    expression: str
    samples: Mapping[str, Any]
    grows: bool = False
    alike: bool = False

    def __str__(self) -> str:
        shapes = ", ".join(f"{name}: {_shape(value)}" for name, value in self.samples.items())
        return f"{self.expression} with {shapes}"


@dataclass(frozen=True)
class Kink:
    """The gradient of ``np.sum(expression)`` with respect to the sample ``wrt`` is ``expected`` by convention."""

    expression: str
    samples: Mapping[str, Any]
    wrt: str
    expected: Any

    def __str__(self) -> str:
        return f"d/d{self.wrt} {self.expression} at {dict(self.samples)}"


def _shape(value: Any) -> str:
    return str(list(value.shape)) if isinstance(value, np.ndarray) else repr(value)


# ---------------------------------------------------------------- samples, each within a function's domain
def real(rng: np.random.Generator, shape: tuple[int, ...]) -> Any:
    """Either sign, at least 0.3 from 0 and from the integers next to it."""
    return np.asarray(rng.choice([-1.0, 1.0], shape) * (rng.integers(0, 3, shape) + rng.uniform(0.3, 0.7, shape)))


def positive(rng: np.random.Generator, shape: tuple[int, ...]) -> Any:
    return rng.uniform(0.5, 2.5, shape)


def unit(rng: np.random.Generator, shape: tuple[int, ...]) -> Any:
    return rng.uniform(-0.8, 0.8, shape)


def above_one(rng: np.random.Generator, shape: tuple[int, ...]) -> Any:
    return rng.uniform(1.2, 3.0, shape)


ELEMENTWISE: dict[str, tuple[tuple[str, ...], tuple[Sample, ...]]] = {
    # op: (expressions, samples of x and y)
    "add": (("np.add(x, y)",), (real, real)),
    "subtract": (("np.subtract(x, y)",), (real, real)),
    "multiply": (("np.multiply(x, y)",), (real, real)),
    "divide": (("np.divide(x, y)",), (real, real)),
    "power": (
        (
            "np.power(x, y)",
            "np.power(x, 2)",
            "np.power(x, 3.0)",
            "np.power(x, -2)",
            "np.power(x, 0.5)",
            "np.power(2, y)",
        ),
        (positive, real),
    ),
    "float_power": (("np.float_power(x, y)",), (positive, real)),
    "mod": (("np.remainder(x, 1.0)", "np.remainder(x, y)"), (real, above_one)),
    "fmod": (("np.fmod(x, y)",), (real, above_one)),
    "negative": (("np.negative(x)",), (real,)),
    "positive": (("np.positive(x)",), (real,)),
    "absolute": (("np.absolute(x)",), (real,)),
    "square": (("np.square(x)",), (real,)),
    "reciprocal": (("np.reciprocal(x)",), (real,)),
    "copysign": (("np.copysign(x, y)",), (real, real)),
    "heaviside": (("np.heaviside(0.0, y)", "np.heaviside(1.5, y)"), (real, real)),
    "exp": (("np.exp(x)",), (real,)),
    "exp2": (("np.exp2(x)",), (real,)),
    "expm1": (("np.expm1(x)",), (real,)),
    "log": (("np.log(x)",), (positive,)),
    "log2": (("np.log2(x)",), (positive,)),
    "log10": (("np.log10(x)",), (positive,)),
    "log1p": (("np.log1p(x)",), (unit,)),
    "logaddexp": (("np.logaddexp(x, y)",), (real, real)),
    "logaddexp2": (("np.logaddexp2(x, y)",), (real, real)),
    "sqrt": (("np.sqrt(x)",), (positive,)),
    "cbrt": (("np.cbrt(x)",), (real,)),
    "maximum": (("np.maximum(x, y)", "np.maximum(x, 0.25)"), (real, unit)),
    "minimum": (("np.minimum(x, y)", "np.minimum(x, 0.25)"), (real, unit)),
    "fmax": (("np.fmax(x, y)",), (real, unit)),
    "fmin": (("np.fmin(x, y)",), (real, unit)),
    "clip": (
        ("np.clip(x, y, 1.0)", "np.clip(x, None, y)", "np.clip(x, y, None)", "np.clip(x, -1.0, 1.0)"),
        (real, unit),
    ),
    "where": (("np.where(x > 0, x, y)", "np.where(np.arange(4) > 1, x, y)"), (real, real)),
    "sin": (("np.sin(x)",), (real,)),
    "cos": (("np.cos(x)",), (real,)),
    "tan": (("np.tan(x)",), (unit,)),
    "arcsin": (("np.arcsin(x)",), (unit,)),
    "arccos": (("np.arccos(x)",), (unit,)),
    "arctan": (("np.arctan(x)",), (real,)),
    "arctan2": (("np.arctan2(x, y)",), (real, positive)),
    "hypot": (("np.hypot(x, y)",), (real, real)),
    "sinc": (("np.sinc(x)", "np.sinc(0.01 * x)"), (real,)),
    "deg2rad": (("np.deg2rad(x)",), (real,)),
    "rad2deg": (("np.rad2deg(x)",), (real,)),
    "sinh": (("np.sinh(x)",), (real,)),
    "cosh": (("np.cosh(x)",), (real,)),
    "tanh": (("np.tanh(x)",), (real,)),
    "arcsinh": (("np.arcsinh(x)",), (real,)),
    "arccosh": (("np.arccosh(x)",), (above_one,)),
    "arctanh": (("np.arctanh(x)",), (unit,)),
    "sign": (("np.sign(x)",), (real,)),
    "real": (("np.real(x)",), (real,)),
    "imag": (("np.imag(x)",), (real,)),
    "conj": (("np.conj(x)",), (real,)),
    "angle": (("np.angle(x)", "np.angle(x, deg=True)"), (real,)),
}

# The other calls: op -> (expressions, shapes of x, y).
CALLS: list[tuple[str, tuple[str, ...], tuple[tuple[int, ...], ...]]] = [
    *[
        (op, tuple(f"np.{op}(x{keywords})" for keywords in ("", ", axis=0", ", axis=-1", ", axis=1, keepdims=True",
            ", keepdims=True", ", axis=(0, 1)", ", axis=(-1, 0), keepdims=True")), (shape,))
        for op in ("sum", "mean", "max", "min", "prod", "var", "std") for shape in ((3, 4), (2, 3, 4), (2, 3, 2))
    ],
    *[(op, tuple(f"np.{op}(x, {rest})" for rest in ("where=y > 0, initial=0.4", "axis=0, initial=0.4", "axis=1, where=y > 0, initial=0.4",
           "axis=1, where=[True, False, True, True], keepdims=True, initial=-0.7", "axis=(0, 1), where=y > 0, initial=1.5")), ((3, 4), (3, 4)))
      for op in ("sum", "prod", "max", "min")],
    *[(op, (f"np.{op}(x, where=y > 0)", f"np.{op}(x, axis=1, where=[True, False, True, True], keepdims=True)"), ((3, 4), (3, 4)))
      for op in ("sum", "prod", "mean")],
    ("sum", ("np.sum(x, initial=y)", "np.sum(x, axis=0, initial=y)"), ((3, 4), ())),
    *[(op, (f"np.{op}(x, 0, float)", f"np.{op}(x, dtype=float)"), ((3, 4),)) for op in ("sum", "prod", "mean", "var", "std", "cumsum", "cumprod")],
    ("add.reduce", ("np.add.reduce(x, 0, float)", "np.add.reduce(x, dtype=float)"), ((3, 4),)),
    *[(op, (f"np.{op}(x)", f"np.{op}(x, 0)"), ((5,),)) for op in ("sum", "mean", "max", "min", "prod", "var", "std")],
    *[(op, (f"np.{op}(x)",), ((),)) for op in ("sum", "mean", "max", "min", "prod")],
    *[(op, (f"np.{op}(x)", f"np.{op}(x, axis=0)", f"np.{op}(x, axis=1)"), ((0, 3),)) for op in ("sum", "prod")],
    ("mean", ("np.mean(x, axis=1)", "np.mean(x, axis=1, keepdims=True)"), ((0, 3),)),
    ("max", ("np.max(x, axis=1)",), ((0, 3),)),
    *[(op, (f"np.{op}(x, axis=0)", f"np.{op}(x, axis=1, keepdims=True)"), ((1, 3),)) for op in ("sum", "mean", "max", "prod")],
    ("var", ("np.var(x, ddof=1)", "np.var(x, axis=1, ddof=1, keepdims=True)"), ((3, 4),)),
    ("std", ("np.std(x, ddof=1)", "np.std(x, axis=1, ddof=1, keepdims=True)"), ((3, 4),)),
    *[("cumsum", ("np.cumsum(x)", "np.cumsum(x, axis=0)", "np.cumsum(x, -1)"), (shape,)) for shape in ((4,), (2, 3), (0, 2))],
    *[("diff", ("np.diff(x)", "np.diff(x, n=2)", "np.diff(x, axis=0)", "np.diff(x, 4)", "np.diff(x, 0)"), (shape,))
      for shape in ((5,), (3, 4), (1, 1), (0, 0))],
    *[
        ("matmul", ("np.matmul(x, y)",), shapes)
        for shapes in (
            ((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 4)), ((2, 3), (3, 4)), ((3,), (5, 3, 4)), ((5, 2, 3), (3,)),
            ((5, 2, 3), (5, 3, 4)), ((5, 2, 3), (3, 4)), ((2, 3), (5, 3, 4)), ((1, 2, 3), (5, 3, 4)),
            ((5, 1, 2, 3), (6, 3, 4)), ((0, 3), (3, 2)), ((2, 0), (0, 3)), ((0,), (0,)), ((1, 1), (1, 1)),
        )
    ],
    *[
        ("dot", ("np.dot(x, y)",), shapes)
        for shapes in (
            ((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 4)), ((2, 3), (3, 4)), ((5, 2, 3), (3,)), ((5, 2, 3), (3, 4)),
            ((2, 3), (5, 3, 4)), ((3,), (5, 3, 4)), ((5, 2, 3), (2, 3, 4)), ((), (3,)), ((2, 3), ()), ((), ()),
            ((2, 0), (0, 3)), ((4, 2, 0), (0,)),
        )
    ],
    *[
        ("inner", ("np.inner(x, y)",), shapes)
        for shapes in (((3,), (3,)), ((2, 3), (3,)), ((3,), (2, 3)), ((2, 3), (4, 3)), ((5, 2, 3), (4, 3)), ((), (2, 3)),
                       ((2, 3), ()), ((), ()), ((2, 0), (3, 0)))
    ],
    *[("outer", ("np.outer(x, y)",), shapes) for shapes in (((3,), (4,)), ((2, 3), (4,)), ((), (3,)), ((0,), (3,)))],
    *[("vdot", ("np.vdot(x, y)",), shapes) for shapes in (((3,), (3,)), ((2, 3), (3, 2)), ((2, 3), (6,)))],
    ("trace", ("np.trace(x)", "np.trace(x, 1)", "np.trace(x, offset=-1)", "np.trace(x, 0, 1, 0)"), ((3, 4),)),
    ("trace", ("np.trace(x)", "np.trace(x, 1, 0, 2)", "np.trace(x, axis1=2, axis2=1)", "np.trace(x, 0, -1, 0)"), ((2, 3, 4),)),
    ("reshape", ("np.reshape(x, (4, 3))", "np.reshape(x, -1)", "np.reshape(x, (2, -1))", "x.reshape((6, 2))",
                 "np.reshape(x, (2, 6), order='F')", "np.reshape(x, -1, 'F')"), ((3, 4),)),
    ("ravel", ("np.ravel(x)", "x.ravel()", "np.ravel(x, 'F')", "x.ravel(order='F')"), ((3, 4),)),
    ("flatten", ("x.flatten()", "x.flatten('F')"), ((3, 4),)),
    ("transpose", ("np.transpose(x)", "np.transpose(x, (1, 2, 0))", "np.transpose(x, (-1, 0, 1))"), ((2, 3, 4),)),
    ("swapaxes", ("np.swapaxes(x, 0, -1)", "np.swapaxes(x, 1, 0)"), ((2, 3, 4),)),
    ("moveaxis", ("np.moveaxis(x, 0, -1)", "np.moveaxis(x, (0, 2), (1, 0))"), ((2, 3, 4),)),
    ("squeeze", ("np.squeeze(x)", "np.squeeze(x, 0)", "np.squeeze(x, axis=(0, 2))"), ((1, 3, 1),)),
    ("expand_dims", ("np.expand_dims(x, 0)", "np.expand_dims(x, -1)", "np.expand_dims(x, (0, 2))"), ((3, 4),)),
    *[("atleast_1d", ("np.atleast_1d(x)",), (shape,)) for shape in ((), (3,))],
    *[("atleast_2d", ("np.atleast_2d(x)",), (shape,)) for shape in ((), (3,), (2, 3))],
    *[("broadcast_to", ("np.broadcast_to(x, (2, 3, 4))",), (shape,)) for shape in ((2, 3, 4), (4,), (3, 1), (1, 3, 4), ())],
    ("flip", ("np.flip(x)", "np.flip(x, 0)", "np.flip(x, axis=(0, 1))"), ((3, 4),)),
    ("roll", ("np.roll(x, 2)", "np.roll(x, -1, 0)", "np.roll(x, (1, 2), axis=(0, 1))"), ((3, 4),)),
    ("tile", ("np.tile(x, 2)", "np.tile(x, (2, 1, 3))", "np.tile(x, (2,))", "np.tile(x, 0)"), ((3, 4),)),
    ("repeat", ("np.repeat(x, 2)", "np.repeat(x, 3, axis=0)", "np.repeat(x, [1, 0, 2, 1], 1)"), ((3, 4),)),
    ("copy", ("np.copy(x)", "x.copy()"), ((3, 4),)),
    ("astype", ("x.astype(np.float64)", "x.astype(float)", "x.astype(np.int64)"), ((3, 4),)),
    *[("item", ("x.item()",), (shape,)) for shape in ((), (1,))],
    ("float", ("float(x)",), ((),)),
    *[("sum_of", ("sum(x)", "sum(x, 2)"), (shape,)) for shape in ((3,), (3, 2))],
    ("complex", ("complex(x)", "complex(x, y)", "complex(2.0, x)"), ((), ())),
    ("complex128", ("np.complex128(x)",), ((),)),
    ("float64", ("np.float64(x)",), ((),)),
    ("float32", (), ()),
    *[
        ("concatenate", ("np.concatenate((x, y))", "np.concatenate([x, y, x])", "np.concatenate((x, y, x, y), axis=0)"), shapes)
        for shapes in (((2,), (3,)), ((2, 3), (4, 3)), ((0, 2), (1, 2)))
    ],
    ("concatenate", ("np.concatenate((x, y), axis=1)", "np.concatenate((x, y, x), -1)", "np.concatenate((x, y), axis=None)"),
     ((3, 2), (3, 4))),
    *[("stack", ("np.stack((x, y))", "np.stack([x, y, x], axis=1)", "np.stack((x, y), -1)"), ((shape, shape)))
      for shape in ((3,), (2, 3))],
    *[("hstack", ("np.hstack((x, y))",), shapes) for shapes in (((), ()), ((2,), (3,)), ((3, 2), (3, 4)))],
    *[("vstack", ("np.vstack((x, y))",), shapes) for shapes in (((), ()), ((3,), (3,)), ((2, 3), (4, 3)))],
    *[("array", ("np.array(x)", "np.array([x, y])", "np.array(x, float, copy=True, ndmin=2)", "np.array([x, y], dtype=float)",
                 "np.array([x, y], ndmin=3)"), (shape, shape)) for shape in ((), (3,))],
    *[("ascontiguousarray", ("np.ascontiguousarray(x)", "np.ascontiguousarray(x, dtype=float)"), (shape,)) for shape in ((), (3,), (2, 3))],
    *[("asarray", ("np.asarray(x)", "np.asarray([x, y])", "np.asarray(x, float)", "np.asarray([x, y], dtype=float, copy=True)"), (shape, shape))
      for shape in ((), (3,))],
    ("full", ("np.full(3, x)", "np.full((2, 3), x)"), ((),)),
    ("full", ("np.full((2, 3), x)",), ((3,),)),
    ("full_like", ("np.full_like(x, y)",), ((2, 3), ())),
    ("full_like", ("np.full_like(x, y)",), ((2, 3), (3,))),
    *[("linspace", ("np.linspace(x, y)", "np.linspace(x, y, 4)", "np.linspace(x, 2.0, num=5, endpoint=False)",
                    "np.linspace(x, y, 1)", "np.linspace(x, y, 0)"), shapes) for shapes in (((), ()), ((3,), ()), ((2, 1), (3,)))],
    ("arange", ("np.arange(x, x + 2.5)", "np.arange(0.3, 1.9, abs(y) + 0.3)", "np.arange(x, stop=4.1, step=abs(y) + 0.5)",
                "np.arange(abs(x) + 2)", "np.arange(x, x - 1, 0.5)"), ((), ())),
    *[
        ("linalg.solve", ("np.linalg.solve(x, y)",), shapes)
        for shapes in (((3, 3), (3,)), ((3, 3), (3, 2)), ((2, 3, 3), (3,)), ((2, 3, 3), (2, 3, 4)), ((2, 3, 3), (3, 4)),
                       ((3, 3), (2, 3, 4)), ((1, 3, 3), (2, 3, 4)))
    ],
    *[("linalg.inv", ("np.linalg.inv(x)",), (shape,)) for shape in ((3, 3), (2, 3, 3), (1, 1))],
    *[("linalg.det", ("np.linalg.det(x)",), (shape,)) for shape in ((3, 3), (2, 3, 3), (1, 1), (2, 2))],
    *[("linalg.eigvalsh", ("np.linalg.eigvalsh(x)", "np.linalg.eigvalsh(x, UPLO='U')"), (shape,)) for shape in ((3, 3), (2, 3, 3), (1, 1))],
    *[("linalg.eigvals", ("np.linalg.eigvals(x)",), (shape,)) for shape in ((3, 3), (2, 3, 3), (1, 1), (4, 4), (5, 5))],
    *[("linalg.cholesky", ("np.linalg.cholesky(x)", "np.linalg.cholesky(x, upper=True)"), (shape,)) for shape in ((3, 3), (2, 3, 3), (1, 1), (4, 4))],
    *[("linalg.norm", ("np.linalg.norm(x)",), (shape,)) for shape in ((3,), (2, 3))],
    ("linalg.norm", ("np.linalg.norm(x, axis=1)", "np.linalg.norm(x, axis=0, keepdims=True)", "np.linalg.norm(x, axis=(0, 2))",
                     "np.linalg.norm(x, axis=-1)"), ((2, 3, 4),)),
    *[("cumprod", ("np.cumprod(x)", "np.cumprod(x, axis=0)", "np.cumprod(x, -1)"), (shape,)) for shape in ((4,), (2, 3), (0, 2), (1, 1))],
    ("cumprod", ("x.cumprod(1)",), ((2, 3),)),
    *[("sort", ("np.sort(x)", "np.sort(x, axis=0)", "np.sort(x, None)"), (shape,)) for shape in ((5,), (3, 4), (0, 2), (1, 1))],
    *[("median", ("np.median(x)", "np.median(x, axis=0)", "np.median(x, axis=(0, 1), keepdims=True)", "np.median(x, -1)"), (shape,))
      for shape in ((3, 4), (2, 3, 5))],
    ("median", ("np.median(x)",), ((5,),)),
    ("take", ("np.take(x, [0, 2, 0])", "np.take(x, [[0, 1], [1, -1]], axis=1)", "np.take(x, 1, 0)", "x.take([2, 2], 0)", "np.take(x, 3)"), ((3, 4),)),
    ("take_along_axis", ("np.take_along_axis(x, np.array([[0, 0, 2]]), 1)", "np.take_along_axis(x, np.array([[0, 1, 2, -1]]), axis=0)",
                         "np.take_along_axis(x, np.array([3, 3]), None)"), ((3, 4),)),
    *[("diagonal", ("np.diagonal(x)", "np.diagonal(x, 1)", "np.diagonal(x, offset=-1)", "np.diagonal(x, 0, -1, 0)", "x.diagonal()"), (shape,))
      for shape in ((3, 4), (2, 3, 4))],
    ("diag", ("np.diag(x)", "np.diag(x, 1)", "np.diag(x, k=-2)"), ((3,),)),
    ("diag", ("np.diag(x)", "np.diag(x, 1)", "np.diag(x, k=-1)"), ((3, 4),)),
    ("choose", ("np.choose([0, 1, 1, 0], [x, y])", "np.choose([[1], [0]], (x, y))"), ((4,), (4,))),
    ("choose", ("np.choose([1, 0, 1], [x, y])",), ((2, 3), (3,))),
    ("select", ("np.select([x > 0, y > 0], [x, y])", "np.select([np.arange(4) > 2, np.arange(4) > 0], [x, y], 2.0)"), ((4,), (4,))),
    *[("tril", ("np.tril(x)", "np.tril(x, 1)"), (shape,)) for shape in ((3, 4), (2, 3, 3))],
    *[("triu", ("np.triu(x)", "np.triu(x, k=-1)"), (shape,)) for shape in ((3, 4), (2, 3, 3))],
    ("fliplr", ("np.fliplr(x)",), ((3, 4),)),
    ("flipud", ("np.flipud(x)",), ((3, 4),)),
    ("rot90", ("np.rot90(x)", "np.rot90(x, 2)", "np.rot90(x, k=-1, axes=(1, 0))"), ((3, 4),)),
    ("pad", ("np.pad(x, 1)", "np.pad(x, (1, 2))", "np.pad(x, ((1, 0), (2, 1)))", "np.pad(x, 1, constant_values=2.0)"), ((3, 4),)),
    *[("kron", ("np.kron(x, y)",), shapes) for shapes in (((2, 3), (4, 2)), ((3,), (2,)), ((3,), (2, 3)), ((2, 3), (3,)), ((2, 3), ()),
                                                          ((), (2,)), ((), ()), ((2, 3, 2), (2, 2)), ((0, 2), (2, 2)))],
    *[("cross", ("np.cross(x, y)",), shapes) for shapes in (((3,), (3,)), ((4, 3), (3,)), ((3,), (2, 3)), ((4, 3), (4, 3)))],
    *[(f"{op}.reduce", (f"np.{op}.reduce(x)", f"np.{op}.reduce(x, axis=1)", f"np.{op}.reduce(x, None)", f"np.{op}.reduce(x, -1, keepdims=True)",
       f"np.{op}.reduce(x, axis=(0, 1))"), ((3, 4),)) for op in ("add", "multiply", "maximum", "minimum")],
    *[(f"{op}.accumulate", (f"np.{op}.accumulate(x)", f"np.{op}.accumulate(x, axis=1)", f"np.{op}.accumulate(x, -1)"), (shape,))
      for op in ("add", "multiply", "maximum", "minimum") for shape in ((3, 4), (2, 3, 2))],
    *[(f"{op}.outer", (f"np.{op}.outer(x, y)",), shapes) for op in ("multiply", "add", "subtract") for shapes in (((3,), (4,)), ((2, 3), (4,)), ((), (3,)))],
    *[("resize", ("np.resize(x, (3, 3))", "np.resize(x, 2)", "np.resize(x, (0,))"), (shape,)) for shape in ((4,), (2, 2))],
    *[(op, tuple(f"np.{op}(x{keywords})" for keywords in ("", ", axis=0", ", axis=1, keepdims=True", ", keepdims=True", ", axis=(0, 1)")), (shape,))
      for op in ("nansum", "nanmean", "nanvar", "nanstd", "nanprod", "nanmax", "nanmin", "ptp") for shape in ((3, 4), (2, 3, 2))],
    ("nansum", ("np.nansum(x)", "np.nansum(x, axis=0)"), ((0, 3),)),
    ("nanvar", ("np.nanvar(x, ddof=1)",), ((3, 4),)),
    ("average", ("np.average(x)", "np.average(x, axis=1)", "np.average(x, axis=0, keepdims=True)", "np.average(x, weights=abs(y))",
                 "np.average(x, axis=1, weights=abs(y))", "np.average(x, 0, abs(y), keepdims=True)"), ((3, 4), (3, 4))),
    ("average", ("np.average(x, axis=1, weights=abs(y))", "np.average(x, axis=-1, weights=abs(y), keepdims=True)"), ((3, 4), (4,))),
    ("average", ("np.average(x, axis=1, weights=abs(y))",), ((2, 3, 4), (3,))),
    ("average", ("np.average(x, weights=abs(y))",), ((5,), (5,))),
    *[(op, tuple(f"np.{op}(x, {q * scale}{rest})" for q in (0.3, 0.5, 1.0) for rest in ("", ", axis=0", ", axis=-1, keepdims=True"))
       + tuple(f"np.{op}(x, [{0.2 * scale}, {0.9 * scale}]{rest})" for rest in ("", ", axis=1", ", axis=0, keepdims=True")), (shape,))
      for op, scale in (("quantile", 1), ("percentile", 100)) for shape in ((3, 4), (2, 3, 5))],
    ("quantile", ("np.quantile(x, 0.35)",), ((5,),)),
    *[("cov", ("np.cov(x)", "np.cov(x, rowvar=False)", "np.cov(x, bias=True)", "np.cov(x, ddof=0)"), (shape,)) for shape in ((3, 5), (2, 4))],
    ("cov", ("np.cov(x)",), ((5,),)),
    *[("corrcoef", ("np.corrcoef(x)", "np.corrcoef(x, rowvar=False)"), (shape,)) for shape in ((3, 5), (3, 4))],
    ("trapezoid", ("np.trapezoid(x)", "np.trapezoid(x, dx=0.3)", "np.trapezoid(x, axis=0)", "np.trapezoid(x, y)", "np.trapezoid(x, y, axis=1)"), ((3, 4), (4,))),
    ("trapezoid", ("np.trapezoid(x, y, axis=0)", "np.trapezoid(x, x=y)"), ((3, 4), (3, 4))),
    ("trapezoid", ("np.trapezoid(x, dx=abs(y))", "np.trapezoid(x, None, y, axis=0)"), ((3, 4), ())),
    ("trapezoid", ("np.trapezoid(x, y)",), ((5,), (5,))),
    ("interp", ("np.interp(x, [-3.0, -1.1, 0.05, 1.15, 3.0], y)", "np.interp(x, [-1.1, 0.05, 1.15, 2.1, 2.2], y)",
                "np.interp(x, [-1.1, 0.05, 1.15, 2.1, 2.2], y, 0.5, right=-0.5)", "np.interp(x, [-1.1, 0.05, 1.15, 2.1, 2.2], y, left=0.5)"), ((7,), (5,))),
    ("interp", ("np.interp([[0.3, -0.5], [2.7, -4.0]], np.sort(y), x)", "np.interp(0.4, np.sort(y), x, right=2.0)"), ((5,), (5,))),
    ("interp", ("np.interp(x, [-3.0, -1.1, 0.05, 1.15, 3.0], y)",), ((), (5,))),
    ("gradient", ("np.gradient(x)", "np.gradient(x, 0.3)", "np.gradient(x, [0.0, 0.4, 1.3, 1.5, 2.6])", "np.gradient(x, edge_order=2)",
                  "np.gradient(x, [0.0, 0.4, 1.3, 1.5, 2.6], edge_order=2)"), ((5,),)),
    ("gradient", ("np.gradient(x, axis=0)", "np.gradient(x, 0.5, axis=1)", "np.gradient(x, axis=-1, edge_order=2)"), ((3, 4),)),
    ("gradient", ("np.gradient(x)",), ((2,),)),
    *[("convolve", ("np.convolve(x, y)", "np.convolve(x, y, 'same')", "np.convolve(x, y, mode='valid')"), shapes)
      for shapes in (((5,), (3,)), ((2,), (5,)), ((4,), (4,)), ((1,), (3,)))],
    *[("correlate", ("np.correlate(x, y)", "np.correlate(x, y, 'same')", "np.correlate(x, y, mode='full')"), shapes)
      for shapes in (((5,), (3,)), ((2,), (5,)), ((3,), (6,)), ((4,), (4,)))],
    ("unwrap", ("np.unwrap(x)", "np.unwrap(x, axis=0)"), ((3, 4),)),
    *[("ediff1d", ("np.ediff1d(x)",), (shape,)) for shape in ((5,), (2, 3))],
    *[("column_stack", ("np.column_stack((x, y))", "np.column_stack([x, y, x])"), shapes) for shapes in (((3,), (3,)), ((3, 2), (3,)), ((3, 2), (3, 4)))],
    *[("dstack", ("np.dstack((x, y))",), shapes) for shapes in (((3,), (3,)), ((2, 3), (2, 3)), ((2, 3), (2, 3, 2)))],
    *[("append", ("np.append(x, y)", "np.append(x, y, axis=0)"), shapes) for shapes in (((3,), (2,)), ((2, 3), (1, 3)))],
    ("append", ("np.append(x, y)",), ((2, 3), ())),
    ("delete", ("np.delete(x, 1)", "np.delete(x, [0, 2], axis=1)", "np.delete(x, slice(0, 2), 0)", "np.delete(x, -1, axis=-1)"), ((3, 4),)),
    *[(op, (f"np.{op}(x, y)", f"np.{op}(x, y, 4)", f"np.{op}(x, 2.0, num=5, endpoint=False)"), shapes)
      for op in ("logspace", "geomspace") for shapes in (((), ()), ((3,), ()), ((2, 1), (3,)))],
    ("full", ("np.full((2, 3), x, order='F')",), ((),)),
    ("full_like", ("np.full_like(x, y, shape=(2, 2))",), ((2, 3), ())),
    ("linspace", ("np.linspace(x, y, 4, dtype=float)",), ((), ())),
    ("trace", ("np.trace(x, dtype=float)",), ((3, 4),)),
    ("sort", ("np.sort(x, stable=True)",), ((3, 4),)),
    *[(op, (f"np.{op}((x, y), dtype=float)",), ((3,), (3,))) for op in ("concatenate", "stack", "hstack", "vstack")],
    ("linalg.norm", ("np.linalg.norm(x, 2)", "np.linalg.norm(x, 1)", "np.linalg.norm(x, ord=3)", "np.linalg.norm(x, 2.5)"), ((4,),)),
    ("linalg.norm", ("np.linalg.norm(x, 2, axis=1)", "np.linalg.norm(x, 1, 0)", "np.linalg.norm(x, ord=3, axis=-1, keepdims=True)",
                     "np.linalg.norm(x, 'fro')", "np.linalg.norm(x, axis=1, keepdims=True)"), ((3, 4),)),
    *[("linalg.pinv", ("np.linalg.pinv(x)", "np.linalg.pinv(x, 1e-10)", "np.linalg.pinv(x, rtol=None)", "np.linalg.pinv(x, rtol=1e-9)"), (shape,)) for shape in ((3, 3), (3, 2), (2, 4), (2, 3, 2))],
    ("cross", ("np.cross(x, y, axis=0)", "np.cross(x, y, axis=-2)"), ((3, 4), (3, 4))),
    ("cross", ("np.cross(x, y, axis=0)",), ((3, 1), (3, 4))),
    ("cross", ("np.cross(x, y, axis=0)",), ((3,), (3, 4))),
    ("uncross", ("support.uncross(x, np.ones(3), y)", "support.uncross(x, y, np.ones((2, 3)), 1)"), ((2, 3), (2, 3))),
    *[(op, (f"np.{op}(x)", f"np.{op}(x, 1)", f"np.{op}(x, -1)"), ((3,),)) for op in ("tril", "triu")],
    ("interp", ("np.interp(x, [0.5], y)", "np.interp(x, [0.5], y, left=1.0, right=-1.0)"), ((7,), (1,))),
    *[("einsum", (f"np.einsum('{letters}', x, y)",), shapes) for letters, shapes in (
        ("ij,j->i", ((2, 3), (1,))), ("ij,kj->ik", ((2, 3), (4, 1))), ("i,i", ((1,), (3,))), ("i,i->", ((3,), (1,))),
        ("...ij,...jk->...ik", ((2, 1, 3), (2, 1, 3))), ("ij,jk->ik", ((2, 1), (3, 2))), ("ii,i->", ((3, 3), (1,))))],
    ("tensordot", ("np.tensordot(x, y)", "np.tensordot(x, y, axes=([1, 2], [0, 1]))", "np.tensordot(x, y, axes=([2, 1], [1, 0]))",
                   "np.tensordot(x, y, axes=((0, 1), (2, 0)))" , "np.tensordot(x, y, 0)"), ((4, 3, 2), (3, 2, 4))),
    ("tensordot", ("np.tensordot(x, y, axes=(1, 0))", "np.tensordot(x, y, axes=(0, -1))", "np.tensordot(x, y, 1)"), ((3, 3), (3, 3))),
    ("pad", ("np.pad(x, 1, 'edge')", "np.pad(x, (1, 2), mode='wrap')", "np.pad(x, ((1, 0), (2, 1)), 'reflect')", "np.pad(x, 2, 'symmetric')", "np.pad(x, 1, 'constant')"), ((3, 4),)),
    ("take", ("np.take(x, [0, 5, -1], axis=1, mode='wrap')", "np.take(x, [[0, 15], [-2, 3]], mode='clip')"), ((3, 4),)),
    ("polyval", ("np.polyval(x, y)",), ((4,), (3,))),
    ("polyval", ("np.polyval(x, y)", "np.polyval([1.0, -2.0, 0.5], y)"), ((3,), (2, 3))),
    ("polyval", ("np.polyval(x, y)",), ((1,), ())),
    ("vander", ("np.vander(x)", "np.vander(x, 3)", "np.vander(x, 5, increasing=True)", "np.vander(x, N=1)"), ((4,),)),
    *[(f"{op}.outer", (f"np.{op}.outer(x, y)",), shapes) for op in ("divide", "maximum", "minimum") for shapes in (((3,), (4,)), ((2, 3), (4,)), ((), (3,)))],
    ("logaddexp.reduce", ("np.logaddexp.reduce(x)", "np.logaddexp.reduce(x, axis=1)", "np.logaddexp.reduce(x, -1, keepdims=True)",
                          "np.logaddexp.reduce(x, axis=None)", "np.logaddexp.reduce(x, axis=(0, 1))"), ((3, 4),)),
    ("add.reduceat", ("np.add.reduceat(x, [0, 2, 1])", "np.add.reduceat(x, [1, 3], axis=1)"), ((3, 4),)),
    ("diff", ("np.diff(x, prepend=0.0)", "np.diff(x, prepend=y)", "np.diff(x, axis=0, append=y, n=2)", "np.diff(x, prepend=y, append=y)", "np.diff(x, 0, prepend=1.0)", "np.diff(x, n=0, axis=0, append=[[1.0] * 4])"), ((3, 4), ())),
    ("diff", ("np.diff(x, axis=0, prepend=y)", "np.diff(x, 2, 0, append=y)", "np.diff(x, axis=0, append=y, prepend=1.5)"), ((3, 4), (2, 4))),
    ("nan_to_num", ("np.nan_to_num(x)", "np.nan_to_num(x, nan=1.0)"), ((3, 4),)),
    ("ldexp", ("np.ldexp(x, 3)",), ((3, 4),)),
    ("compress", ("np.compress([True, False, True], x, axis=0)", "np.compress([1, 0, 1], x)"), ((3, 4),)),
    ("extract", ("np.extract(x > 0, x)",), ((3, 4),)),
    *[("atleast_3d", ("np.atleast_3d(x)",), (shape,)) for shape in ((), (3,), (2, 3), (2, 3, 2))],
    ("matrix_transpose", ("np.matrix_transpose(x)", "np.linalg.matrix_transpose(x)"), ((2, 3, 4),)),
    ("einsum", ("np.einsum('ij,jk->ik', x, y)", "np.einsum('ij,jk', x, y)", "np.einsum('ij,jk->', x, y)", "np.einsum('ij,jk->kj', x, y, optimize=True)",
                "np.einsum('ij,jk,ij->ik', x, y, x)"), ((2, 3), (3, 4))),
    ("einsum", ("np.einsum('ii', x)", "np.einsum('ii->i', x)", "np.einsum('ij->ji', x)", "np.einsum('ij->', x)", "np.einsum('ii,j->ij', x, y)"), ((3, 3), (2,))),
    ("einsum", ("np.einsum('...ij,...jk->...ik', x, y)", "np.einsum('bij,bjk->bk', x, y)", "np.einsum('...ij,jk...->...ik', x, np.ones((3, 4, 2)))"), ((2, 2, 3), (2, 3, 4))),
    ("einsum", ("np.einsum(',ij->ij', y, x)", "np.einsum(',ij,->i', y, x, y)"), ((2, 3), ())),
    ("einsum", ("np.einsum('ij,ij->i', x, y)", "np.einsum('...j,...j', x, y)"), ((2, 3), (1, 3))),
    ("bincount", ("np.bincount([0, 2, 0, 3, 2], x)", "np.bincount([0, 2, 0, 3, 2], weights=x, minlength=6)"), ((5,),)),
    *[("diagflat", ("np.diagflat(x)", "np.diagflat(x, 1)", "np.diagflat(x, k=-2)"), (shape,)) for shape in ((3,), (2, 2))],
    ("matmul", ("np.linalg.matmul(x, y)",), ((2, 3), (3, 4))),
    ("select", ("np.select([x > 0, np.arange(4) > 2], [x, 2 * x], y)",), ((4,), (4,))),
    ("select", ("np.select([x > 0, np.arange(4) > 2], [x, 2 * x], default=y)",), ((3, 4), (4,))),
    ("dist", ("math.dist(x, y)",), ((3,), (3,))),
    ("fsum", ("math.fsum(x)",), ((4,),)),
    ("math.prod", ("math.prod(x)", "math.prod(x, start=2.0)"), ((4,),)),
    ("item", ("x.item(4)", "x.item(-1)", "x.item(1, 2)", "x.item(-1, 0)"), ((3, 4),)),
    ("linalg.svd_values", ("np.linalg.svd(x, compute_uv=False)",), ((3, 4),)),
    *[("linalg.qr_r", ("np.linalg.qr(x, mode='r')", "np.linalg.qr(x, 'r')"), (shape,)) for shape in ((3, 3), (4, 2), (2, 4), (2, 2, 3))],
    *[(f"fft.{op}", (f"np.fft.{op}(x)", f"np.fft.{op}(x, axis=0)", f"np.fft.{op}(x, norm='ortho')", f"np.fft.{op}(x, norm='forward')",
                     f"np.fft.{op}(x, 7)", f"np.fft.{op}(x, 3)", f"np.fft.{op}(x, n=6, axis=0)"), (shape,))
      for op in ("hfft", "ihfft") for shape in ((3, 4), (4, 5))],
    *[(op, (f"np.{op}(x, y)", f"np.{op}(x, y=y)"), shapes) for op in ("cov", "corrcoef") for shapes in (((5,), (5,)), ((2, 5), (5,)), ((2, 5), (3, 5)))],
    *[(op, (f"np.{op}(x, y, False)",), ((5, 2), (5,))) for op in ("cov", "corrcoef")],
    # norms, powers, tensors
    ("linalg.norm", tuple(f"np.linalg.norm(x, {o})" for o in ("np.inf", "-np.inf", "0", "-np.inf, 0")), ((4,),)),
    ("linalg.norm", tuple(f"np.linalg.norm(x, {o})" for o in (1, -1, "np.inf", "-np.inf", 2, -2, "'nuc'", "'fro'", "2, keepdims=True", "np.inf, axis=1",
                          "0, axis=0, keepdims=True", "2, axis=(1, 0)", "'nuc', axis=(0, 1), keepdims=True", "1, (0, 1)")), ((3, 4),)),
    ("linalg.norm", tuple(f"np.linalg.norm(x, {o})" for o in ("2, (0, 2)", "1, axis=(2, 0)", "-np.inf, (1, 2), True", "'nuc', axis=(-1, 0)")), ((3, 2, 4),)),
    *[("linalg.vector_norm", tuple(f"np.linalg.vector_norm(x{o})" for o in ("", ", axis=0", ", axis=-1, keepdims=True", ", axis=(0, 1)", ", ord=1", ", axis=1, ord=3",
                          ", axis=0, ord=np.inf", ", ord=-np.inf", ", ord=0")), (shape,)) for shape in ((3, 4), (2, 3, 2))],
    *[("linalg.matrix_norm", tuple(f"np.linalg.matrix_norm(x{o})" for o in ("", ", keepdims=True", ", ord='nuc'", ", ord=2", ", ord=-2, keepdims=True", ", ord=1",
                          ", ord=-np.inf", ", ord=np.inf, keepdims=True")), (shape,)) for shape in ((3, 4), (2, 3, 2))],
    ("linalg.cond", ("np.linalg.cond(x)", "np.linalg.cond(x, 2)", "np.linalg.cond(x, -2)", "np.linalg.cond(x, 'fro')"), ((3, 3),)),
    ("linalg.cond", ("np.linalg.cond(x)",), ((2, 3, 2),)),
    *[("linalg.svdvals", ("np.linalg.svdvals(x)",), (shape,)) for shape in ((3, 3), (4, 2), (2, 2, 3))],
    *[("linalg.matrix_power", tuple(f"np.linalg.matrix_power(x, {n})" for n in (3, 2, 1, 0, -1, -2)), (shape,)) for shape in ((3, 3), (2, 3, 3))],
    ("linalg.tensorsolve", ("np.linalg.tensorsolve(x, y)",), ((2, 3, 6), (2, 3))),
    ("linalg.tensorinv", ("np.linalg.tensorinv(x)",), ((2, 3, 6),)),
    ("linalg.tensorinv", ("np.linalg.tensorinv(x, ind=1)",), ((4, 2, 2),)),
    ("linalg.diagonal", ("np.linalg.diagonal(x)", "np.linalg.diagonal(x, offset=1)"), ((2, 3, 4),)),
    ("linalg.trace", ("np.linalg.trace(x)", "np.linalg.trace(x, offset=-1)"), ((2, 3, 4),)),
    ("outer", ("np.linalg.outer(x, y)",), ((3,), (4,))),
    ("tensordot", ("np.linalg.tensordot(x, y, axes=1)",), ((3, 3), (3, 3))),
    *[("linalg.cross", ("np.linalg.cross(x, y)",), shapes) for shapes in (((3,), (3,)), ((4, 3), (3,)))],
    *[("vecdot", ("np.vecdot(x, y)", "np.linalg.vecdot(x, y)"), shapes) for shapes in (((3,), (3,)), ((2, 3), (3,)), ((2, 1, 3), (4, 3)))],
    ("vecdot", ("np.vecdot(x, y, axis=0)", "np.linalg.vecdot(x, y, axis=-2)"), ((3, 4), (3, 4))),
    *[(op, (f"np.{op}(x, y)",), shapes) for op, some in (("matvec", (((2, 3), (3,)), ((4, 2, 3), (3,)), ((2, 3), (4, 3)))), ("vecmat", (((3,), (3, 2)), ((4, 3), (3, 2)))))
      for shapes in some if hasattr(np, "matvec")],
    # running results, what leaves out nan, orders
    *[(f"cumulative_{op}", tuple(f"np.cumulative_{op}(x{o})" for o in (", axis=0", ", axis=-1, include_initial=True", ", axis=1, dtype=float")), (shape,))
      for op in ("sum", "prod") for shape in ((3, 4), (2, 3, 2)) if hasattr(np, "cumulative_sum")],
    *[(f"cumulative_{op}", (f"np.cumulative_{op}(x)", f"np.cumulative_{op}(x, include_initial=True)"), ((4,),)) for op in ("sum", "prod") if hasattr(np, "cumulative_sum")],
    *[(op, (f"np.{op}(x)", f"np.{op}(x, axis=0)", f"np.{op}(x, -1)"), (shape,)) for op in ("nancumsum", "nancumprod") for shape in ((4,), (2, 3))],
    *[("nanmedian", ("np.nanmedian(x)", "np.nanmedian(x, axis=0)", "np.nanmedian(x, axis=(0, 1), keepdims=True)", "np.nanmedian(x, -1)"), (shape,))
      for shape in ((3, 4), (2, 3, 5))],
    *[(op, tuple(f"np.{op}(x, {q * scale}{rest})" for q in (0.3, 0.5, 1.0) for rest in ("", ", axis=0", ", axis=-1, keepdims=True"))
       + tuple(f"np.{op}(x, [{0.2 * scale}, {0.9 * scale}]{rest})" for rest in ("", ", axis=1", ", axis=0, keepdims=True")), (shape,))
      for op, scale in (("nanquantile", 1), ("nanpercentile", 100)) for shape in ((3, 4), (2, 3, 5))],
    *[("partition", ("np.partition(x, 1)", "np.partition(x, (0, 2), axis=0)", "np.partition(x, 1, axis=None)"), (shape,)) for shape in ((3, 4), (4, 3))],
    *[(op, (f"np.{op}(x)",), (shape,)) for op in ("unique", "unique_values") for shape in ((5,), (2, 3))],
    *[(op, (f"np.{op}(x, y)",), ((3,), (2, 2))) for op in ("union1d", "setxor1d", "setdiff1d")],
    ("poly", ("np.poly(x)",), ((4,),)),
    ("roots", ("np.roots(x)",), ((3,), )),
    ("roots", ("np.roots(x)",), ((5,), )),
    *[("sort_complex", ("np.sort_complex(x)",), (shape,)) for shape in ((4,), (2, 3))],
    ("linalg.multi_dot", ("np.linalg.multi_dot([x, y])", "np.linalg.multi_dot((x, y, x))", "np.linalg.multi_dot([x, y, x, y])"), ((2, 3), (3, 2))),
    ("histogram_bin_edges", ("np.histogram_bin_edges(x, 4)", "np.histogram_bin_edges(x)", "np.histogram_bin_edges(x, 4, (-1.0, 2.0))", "np.histogram_bin_edges(x, [0.0, 1.0])"), ((5,),)),
    ("trim_zeros", ("np.trim_zeros(x)", "np.trim_zeros(x, 'f')", "np.trim_zeros(x, trim='b')"), ((4,),)),
    ("subtract.reduce", ("np.subtract.reduce(x)", "np.subtract.reduce(x, axis=1)", "np.subtract.reduce(x, -1, keepdims=True)"), ((3, 4),)),
    ("divide.reduce", ("np.divide.reduce(x)", "np.divide.reduce(x, axis=1)", "np.divide.reduce(x, -1, keepdims=True)"), ((3, 4),)),
    *[(f"{op}.reduce", (f"np.{op}.reduce(x)", f"np.{op}.reduce(x, axis=1)", f"np.{op}.reduce(x, None)", f"np.{op}.reduce(x, -1, keepdims=True)",
       f"np.{op}.reduce(x, axis=(0, 1))"), ((3, 4),)) for op in ("fmax", "fmin", "hypot")],
    *[("logaddexp.accumulate", ("np.logaddexp.accumulate(x)", "np.logaddexp.accumulate(x, axis=1)"), (shape,)) for shape in ((3, 4), (2, 3, 2))],
    # joining
    *[("insert", ("np.insert(x, 1, y)", "np.insert(x, [0, 2], y[:2])", "np.insert(x, slice(1, 3), y[:2])", "np.insert(x, -1, y)", "np.insert(x, [1, 1], y[:2])",
       "np.insert(x, [2, 0], y[:2])"), shapes) for shapes in (((4,), (3,)), ((2, 3), (3,)))],
    ("insert", ("np.insert(x, 1, y, axis=0)", "np.insert(x, [1], y, axis=0)", "np.insert(x, [0, 2], y, axis=0)"), ((3, 4), (4,))),
    ("insert", ("np.insert(x, 1, y, axis=1)", "np.insert(x, -1, y, 1)"), ((3, 4), (3,))),
    ("insert", ("np.insert(x, [1], y, axis=1)",), ((3, 4), (3, 1))),
    ("insert", ("np.insert(x, 2, y)", "np.insert(x, 1, y, axis=1)", "np.insert(x, [0, 3], y, axis=1)"), ((3, 4), ())),
    ("insert", ("np.insert(x, 1, y, axis=1)",), ((2, 3, 4), (2, 4))),
    ("insert", ("np.insert(x, 1, y, axis=0)",), ((3, 4), (2, 4))),
    *[("stack", ("np.stack(x)", "np.stack(x, axis=-1)", "np.stack(x, 1)"), (shape,)) for shape in ((3, 2), (2, 3, 4))],
    *[("concatenate", ("np.concatenate(x)", "np.concatenate(x, axis=-1)", "np.concatenate(x, axis=None)"), (shape,)) for shape in ((3, 2), (2, 3, 4))],
    ("concatenate", ("np.concatenate(x, axis=1)", "np.concatenate(x, axis=-2)"), ((2, 3, 4),)),
    *[(op, (f"np.{op}(x)",), (shape,)) for op in ("hstack", "vstack", "column_stack") for shape in ((3,), (2, 3), (2, 3, 4), (2, 3, 4, 2))],
    *[(op, (f"np.{op}(x)",), (shape,)) for op in ("asfortranarray", "asarray_chkfinite", "require") for shape in ((), (3,), (2, 3))],
    ("rollaxis", ("np.rollaxis(x, 2)", "np.rollaxis(x, 0, 3)", "np.rollaxis(x, -1, 1)", "np.rollaxis(x, 1, -1)", "np.rollaxis(x, 0, 2)", "np.rollaxis(x, 1, 1)"), ((2, 3, 4),)),
    ("matrix_transpose", ("np.matrix_transpose(x)",), ((2, 3),)),
    # polynomials, special functions
    *[(op, (f"np.{op}(x, y)",), shapes) for op in ("polyadd", "polysub", "polymul") for shapes in (((3,), (3,)), ((2,), (4,)), ((4,), (1,)))],
    ("polyder", ("np.polyder(x)", "np.polyder(x, 2)", "np.polyder(x, m=0)"), ((4,),)),
    ("polyint", ("np.polyint(x)", "np.polyint(x, 2)"), ((4,),)),
    ("polyfit", ("np.polyfit(x, y, 2)", "np.polyfit(x, y, 1)", "np.polyfit(x, y, 0)"), ((6,), (6,))),
    ("polyfit", ("np.polyfit(x, y, 2)",), ((6,), (6, 2))),
    ("i0", ("np.i0(x)",), ((3, 4),)),
    ("kaiser", ("np.kaiser(5, x)",), ((),)),
    ("bessel_i1", ("support.bessel_i1(x)",), ((3, 4),)),
    ("nextafter", ("np.nextafter(x, 2.0)",), ((3, 4),)),
    ("real_if_close", ("np.real_if_close(x)", "np.real_if_close(x, 1e-6)"), ((3, 4),)),
    # Fourier transforms
    *[(f"fft.{op}", (f"np.fft.{op}(5, x)", f"np.fft.{op}(4, d=x)"), ((),)) for op in ("fftfreq", "rfftfreq")],
    *[(f"fft.{op}", (f"np.fft.{op}(6, x)",), ((n,),)) for op, n in (("fftfreq", 6), ("rfftfreq", 4), ("fftfreq", 1))],
    *[(f"fft.{op}", (f"np.fft.{op}(x)", f"np.fft.{op}(x, axis=0)", f"np.fft.{op}(x, norm='ortho')", f"np.fft.{op}(x, norm='forward')",
                     f"np.fft.{op}(x, 7)", f"np.fft.{op}(x, 2)", f"np.fft.{op}(x, n=6, axis=0)"), (shape,))
      for op in ("fft", "ifft", "rfft", "irfft") for shape in ((3, 4), (4, 5))],
    *[(f"fft.{op}", (f"np.fft.{op}(x)", f"np.fft.{op}(x, axes=(1, 0))", f"np.fft.{op}(x, norm='ortho')",
                     f"np.fft.{op}(x, s=(4, 3), axes=(0, 1))", f"np.fft.{op}(x, s=(2, 6), axes=(0, -1))"), (shape,))
      for op in ("fft2", "ifft2", "rfft2", "irfft2", "fftn", "ifftn", "rfftn", "irfftn") for shape in ((3, 4), (2, 3, 5))],
    *[(f"fft.{op}", (f"np.fft.{op}(x)", f"np.fft.{op}(x, axes=1)", f"np.fft.{op}(x, axes=(0, 1))"), ((3, 4),)) for op in ("fftshift", "ifftshift")],
    # helpers of emitted text
    *[("fitted", ("support.fitted(x, y, 1)", "support.fitted(x, y, -1)"), ((2, 3), (2, n))) for n in (2, 3, 5)],
    ("fitted_to", ("support.fitted_to(x, y)",), ((2, 3), (3, 2))),
    *[("mirrored", ("support.mirrored(x, 1)", "support.mirrored(x, 0)"), (shape,)) for shape in ((3, 4), (4, 5))],
    ("unmirrored", ("support.unmirrored(x, y, 1)",), ((2, 3), (2, 5))),
    ("tensordot_left", ("support.tensordot_left(x, np.ones((3, 2)), y, 1)",), ((3, 4), (2, 4))),
    ("tensordot_right", ("support.tensordot_right(x, y, np.ones((2, 4)), ([1], [0]))",), ((3, 4), (3, 2))),
    ("unreduceat", ("support.unreduceat(x, y, [0, 2, 1], 1)",), ((2, 3), (2, 4))),
    ("without_ends", ("support.without_ends(x, 0, np.ones((3, 4)), 1, 2.0)", "support.without_ends(x, 1, np.ones((3, 4)), -1, None, 2.0)"), ((3, 5),)),
    ("within_ends", ("support.within_ends(x, 1, np.ones((3, 4)), 1, 2.0)",), ((3, 4),)),
    ("einsum_part", ("support.einsum_part('ij,jk->ik', 0, np.ones((2, 3)), x, y)",), ((3, 4), (2, 4))),
    ("einsum_part", ("support.einsum_part('ij,ij,j->j', 1, x, np.ones((2, 3)), y, y)",), ((2, 3), (3,))),
    ("einsum_part", ("support.einsum_part('ij->i', 1, x, y)",), ((2, 3), (2,))),
    ("midpoints", ("support.midpoints(x)",), ((2, 4),)),
    ("unmidpoints", ("support.unmidpoints(x, y)",), ((2, 3), (2, 4))),
    ("ungradient", ("support.ungradient(x, 0.5, 1)", "support.ungradient(x, [0.0, 0.3, 1.4, 1.7], -1, 2)"), ((2, 4),)),
    *[("overlap", (f"support.overlap(x, np.ones(5), np.ones(2), '{mode}')",), ((6,),)) for mode in ("full", "same", "valid")],
    *[("unoverlap", (f"support.unoverlap(x, np.ones(5), np.ones(2), '{mode}')",), ((n,),)) for mode, n in (("full", 6), ("same", 5), ("valid", 4))],
    ("unresize", ("support.unresize(x, y)",), ((2, 5), (4,))),
    ("unresize", ("support.unresize(x, y)",), ((3,), (2, 2))),
    ("untake", ("support.untake(x, [0, 2, 0], y, 1)", "support.untake(x, [0, 2, 0], y, -1)"), ((2, 3), (2, 4))),
    ("untake", ("support.untake(x, [[0, 7, 0], [1, 1, 2]], y)",), ((2, 3), (2, 4))),
    ("untake_along_axis", ("support.untake_along_axis(x, np.array([[0, 0, 2], [1, 1, 0]]), y, 1)",), ((2, 3), (2, 4))),
    ("undiagonal", ("support.undiagonal(x, y)",), ((2, ), (2, 4))),
    ("undiagonal", ("support.undiagonal(x, y, 1, 1, 0)",), ((1, ), (2, 4))),
    ("unpad", ("support.unpad(x, y, 1)", "support.unpad(x, y, ((0, 2), (2, 0)))"), ((4, 5), (2, 3))),
    ("blocks_apart", ("support.blocks_apart(x, np.ones((2, 3)), np.ones(4))",), ((2, 12),)),
    ("blocks_together", ("support.blocks_together(x, np.ones((2, 3)), np.ones(4))",), ((6, 4),)),
    *[("recurrence", ("support.recurrence(x, y)",), (shape, shape)) for shape in ((4,), (2, 3), (1,), (2, 0))],
    *[("as_gradient", ("support.as_gradient(x, y)",), (shape, (2, 3))) for shape in ((2, 3), ())],
    *[("as_tangent", ("support.as_tangent(x, y)",), (shape, shape)) for shape in ((2, 3), ())],
    ("own", ("support.own(x)",), ((2, 3),)),
    ("scalar_result", ("support.scalar_result(x)",), ((),)),
    *[("unbroadcast", ("support.unbroadcast(x, y)",), ((2, 3, 4), shape)) for shape in ((2, 3, 4), (4,), (3, 1), (), (1, 1, 1))],
    ("section", ("support.section(x, (y, y, np.ones((3, 2))), 1, 0)",), ((7, 2), (2, 2))),
    ("section", ("support.section(x, (y, np.ones(3)), 1, None)", "support.section(x, (y, np.ones(3)), 0, None)"), ((7,), (2, 2))),
    ("unsection", ("support.unsection(x, (y, y), 1, 0)", "support.unsection(x, (y, y), 0, -1)"), ((2, 3), (2, 3))),
    ("undiff", ("support.undiff(x, y)", "support.undiff(x, y, axis=1)"), ((2, 3), (2, 4))),
    ("untile", ("support.untile(x, y, (2, 2))",), ((4, 6), (2, 3))),
    ("unrepeat", ("support.unrepeat(x, y, 2)",), ((12,), (2, 3))),
    ("unrepeat", ("support.unrepeat(x, y, 2, 1)",), ((2, 6), (2, 3))),
    ("merge_axes", ("support.merge_axes(x, None)", "support.merge_axes(x, 1)", "support.merge_axes(x, (2, 0))"), ((2, 3, 4),)),
    ("split_axes", ("support.split_axes(x, y, 1)", "support.split_axes(x, y, -2)"), ((2, 4, 3), (2, 3, 4))),
    ("product_of_others", ("support.product_of_others(x)",), ((2, 4),)),
    *[("adjugate", ("support.adjugate(x)",), (shape,)) for shape in ((3, 3), (2, 3, 3))],
]  # fmt: skip


# Operations that give several arrays: op -> (expressions, shapes of x, y).
SEVERAL_CALLS: list[tuple[str, tuple[str, ...], tuple[tuple[tuple[int, ...], ...], ...]]] = [
    *[(op, (f"np.{op}(x)",), tuple((shape,) for shape in shapes)) for op, shapes in (
        ("linalg.slogdet", ((3, 3), (2, 3, 3), (1, 1))),
        ("linalg.eigh", ((3, 3), (2, 3, 3), (1, 1))),
        ("linalg.eig", ((3, 3), (1, 1), (4, 4), (5, 5))),
        ("linalg.qr", ((3, 3), (4, 2), (2, 3, 2), (1, 1), (2, 4), (3, 2, 3))))],
    ("linalg.eigh", ("np.linalg.eigh(x, 'U')",), (((3, 3),), ((2, 3, 3),))),
    ("linalg.svd", ("np.linalg.svd(x, full_matrices=False)",), tuple((shape,) for shape in ((3, 3), (4, 2), (2, 4), (2, 3, 2), (1, 1)))),
    ("linalg.lstsq", ("np.linalg.lstsq(x, y)", "np.linalg.lstsq(x, y, rcond=1e-10)"), (((4, 2), (4,)), ((4, 2), (4, 3)), ((3, 3), (3,)), ((2, 3), (2,)), ((2, 3), (2, 2)))),
    *[(op, tuple(f"np.{op}(x, {rest})" for rest in ("2, axis=1", "[1, 3], 1", "1", "[1]", "[2, 1]", "[-1], -1", "(5,)")), (((3, 4),),)) for op in ("split", "array_split")],
    ("array_split", ("np.array_split(x, 3)",), (((4, 2),), ((5,),))),
    *[(op, (f"np.{op}(x, 2)", f"np.{op}(x, [1])"), shapes) for op, shapes in (("hsplit", (((4,),), ((2, 4),))), ("vsplit", (((4, 3),),)), ("dsplit", (((2, 3, 4),),)))],
    *[(op, (f"np.{op}(x)",), (((3, 4),), ((),))) for op in ("modf", "frexp")],
    ("divmod", ("np.divmod(x, y)",), (((3, 4), (4,)), ((3, 1), (1, 4)))),
    ("meshgrid", ("np.meshgrid(x, y)", "np.meshgrid(x, y, indexing='ij')", "np.meshgrid(x, y, sparse=True)", "np.meshgrid(x, y, x)",
                  "np.meshgrid(x, y, x, indexing='ij', sparse=True)", "np.meshgrid(x)"), (((3,), (4,)), ((1,), (2,)))),
    *[(op, (f"np.{op}(x)",), (((5,),),)) for op in ("unique_counts", "unique_inverse", "unique_all")],
    ("histogram", ("np.histogram(x, 4, weights=y)", "np.histogram(x, [-2.0, 0.0, 0.2, 2.0], weights=y)", "np.histogram(x, 3)", "np.histogram(x, 3, (-1.0, 2.0), weights=y)"), (((6,), (6,)),)),
    ("histogram2d", ("np.histogram2d(x, y, 4, weights=x * y)", "np.histogram2d(x, y, [3, 2], weights=y**2)", "np.histogram2d(x, y, [np.array([-2.0, 0.0, 0.2, 2.0]), np.array([-1.0, 0.3, 3.0])], weights=x)",
                     "np.histogram2d(x, y, 3)", "np.histogram2d(x, y, 3, [[-1.0, 2.0], [-2.0, 1.0]], weights=y)", "np.histogram2d(x, y, [-2.5, -1.0, 0.0, 2.0], weights=x)"), (((6,), (6,)),)),
    ("histogramdd", ("np.histogramdd(np.arange(12).reshape(6, 2) % 7, 3, weights=x)",), (((6,),),)),
    ("polydiv", ("np.polydiv(x, y)",), (((5,), (3,)), ((4,), (4,)), ((4,), (1,)), ((2,), (4,)), ((1,), (1,)))),
    *[("unstack", ("np.unstack(x)", "np.unstack(x, axis=1)"), (((2, 3),), ((3, 2, 2),))) for _ in range(hasattr(np, "unstack"))],
    ("gradient", ("np.gradient(x)", "np.gradient(x, 0.5)", "np.gradient(x, 0.5, 0.2)", "np.gradient(x, axis=(1, 0))", "np.gradient(x, 0.5, [0.0, 0.2, 0.5, 1.0])",
                  "np.gradient(x, edge_order=2)"), (((3, 4),),)),
    ("gradient", ("np.gradient(x)", "np.gradient(x, 0.5, 0.2, 0.1)", "np.gradient(x, 0.3, axis=(0, 2))"), (((2, 3, 4),),)),
    ("broadcast_arrays", ("np.broadcast_arrays(x, y)", "np.broadcast_arrays(x, y, x)"), (((3, 1), (4,)), ((), (2,)))),
]  # fmt: skip


def _several_cases() -> Iterator[Case]:
    for op, expressions, shapes in SEVERAL_CALLS:
        for some in shapes:
            rng = np.random.default_rng(zlib.crc32(f"{op} {some}".encode()))
            samples = {name: _sample(op, rng, shape) for name, shape in zip("xy", some)}
            for expression in expressions:
                yield Case(op, expression, _used(expression, samples))


def _cases() -> Iterator[Case]:
    for op, (expressions, samples) in ELEMENTWISE.items():
        rng = np.random.default_rng(zlib.crc32(op.encode()))
        for expression in expressions:
            yield Case(
                op, expression, _used(expression, {n: s(rng, (3, 4)) for n, s in zip("xy", samples)}), grows=True
            )
        if len(samples) == 2:  # operands that are broadcast
            wide = {"x": samples[0](rng, (3, 1)), "y": samples[1](rng, (4,))}
            yield Case(op, expressions[0], _used(expressions[0], wide))
    for op, expressions, shapes in CALLS:
        rng = np.random.default_rng(zlib.crc32(f"{op} {shapes}".encode()))
        for expression in expressions:
            yield Case(
                op, expression, _used(expression, {name: _sample(op, rng, shape) for name, shape in zip("xy", shapes)})
            )
    for function in ("max", "min"):
        yield Case(f"{function}_of", f"{function}(x, y)", {"x": 1.5, "y": -0.5})
        yield Case(f"{function}_of", f"{function}(x, y)", {"x": 0.25, "y": 2.5})
    for name in ("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "tanh", "asinh", "atanh", "exp", "log", "sqrt", "log1p",
                 "expm1", "fabs", "degrees", "radians", "log2", "log10", "cosh"):  # fmt: skip
        case = f"math.{name}(x)"
        yield Case(_op_of_math(name), case, {"x": 0.7})
    for name in ("erf", "erfc", "gamma", "lgamma"):
        for value in (0.7, 3.3, -1.4):
            yield Case(name, f"math.{name}(x)", {"x": value})
    four = {name: positive(np.random.default_rng(k), (3, 4)) for k, name in enumerate("xyzp")}
    yield Case("carlson", "support.carlson(x, y, z, p, 0.5, 0.5, 1.5, 0.0)", four)
    yield Case("carlson", "support.carlson(x, x, y, y, 0.5, 1.5, 0.5, 1.0)", {name: four[name] for name in "xy"})
    for order in range(4):
        yield Case("polygamma", f"support.polygamma({order}, x)", {"x": 0.7})
        yield Case("polygamma", f"support.polygamma({order}, x)", {"x": -1.4})
    yield Case("math.hypot_of", "math.hypot(x, y, 1.5)", {"x": 0.7, "y": -1.5})
    yield Case("math.hypot_of", "math.hypot(x)", {"x": -0.7})
    yield Case("nextafter", "math.nextafter(x, 2.0)", {"x": 0.7})
    yield Case("math.remainder", "math.remainder(x, y)", {"x": 4.7, "y": 1.5})
    yield Case("phase", "cmath.phase(x)", {"x": 0.7})
    for name in ("exp", "log", "log10", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "atan", "asinh", "atanh"):
        yield Case(_op_of_math(name), f"cmath.{name}(x)", {"x": 0.7})
    for name in ("pow", "atan2", "hypot", "fmod", "copysign"):
        yield Case(_op_of_math(name), f"math.{name}(x, y)", {"x": 0.7, "y": 1.5})


def _sample(op: str, rng: np.random.Generator, shape: tuple[int, ...]) -> Any:
    """Numbers for which the operation and its second derivatives stay of order one."""
    if (
        op in ("linalg.solve", "linalg.inv", "linalg.det", "adjugate", "linalg.matrix_power")
        and shape[-1] == shape[-2:][0]
    ):
        return 0.3 * real(rng, shape) + 2 * np.eye(shape[-1])
    if op == "linalg.cholesky":  # only the lower triangle is read
        return 0.3 * real(rng, shape) + 3 * np.eye(shape[-1])
    return rng.uniform(0.6, 1.4, shape) if op in ("prod", "geomspace", "logspace") else real(rng, shape)


def _used(expression: str, samples: dict[str, Any]) -> dict[str, Any]:
    used = set(compile(expression, "case", "eval").co_names)
    return {name: value for name, value in samples.items() if name in used}


def _op_of_math(name: str) -> str:
    from backprose.rules.registry import op_of

    return str(op_of(getattr(math, name)))


CASES: list[Case] = list(_cases())
IN_THE_PLANE: list[Case] = [  # NumPy warns of these
    Case(
        "cross", "np.cross(x, y)", {"x": real(np.random.default_rng(0), one), "y": real(np.random.default_rng(1), two)}
    )
    for one, two in (((2,), (2,)), ((3, 2), (2,)), ((2, 2), (2, 2)), ((1, 2), (4, 3)), ((2, 3), (2,)), ((3,), (3, 2)))
]
SEVERAL: list[Case] = list(_several_cases())

INF, NAN = np.inf, np.nan
KINKS: list[Kink] = [
    Kink("np.sqrt(x)", {"x": np.array([0.0, 4.0])}, "x", [INF, 0.25]),
    Kink("np.sqrt(x)", {"x": 0.0}, "x", INF),
    Kink("np.cbrt(x)", {"x": np.array([0.0])}, "x", [INF]),
    Kink("np.log1p(x)", {"x": np.array([-1.0])}, "x", [INF]),
    Kink("np.log(x)", {"x": np.array([0.0])}, "x", [INF]),
    Kink("np.arccos(x)", {"x": np.array([1.0])}, "x", [-INF]),
    Kink("np.arcsin(x)", {"x": np.array([1.0])}, "x", [INF]),
    Kink("np.arccosh(x)", {"x": np.array([1.0])}, "x", [INF]),
    Kink("np.divide(1, x)", {"x": np.array([0.0])}, "x", [-INF]),
    Kink("np.reciprocal(x)", {"x": np.array([0.0])}, "x", [-INF]),
    Kink("np.absolute(x)", {"x": np.array([0.0, -2.0])}, "x", [0.0, -1.0]),
    *[
        Kink(f"np.{op}(x, y)", {"x": np.array([1.0, 2.0]), "y": np.array([1.0, 3.0])}, wrt, expected)
        for op, wrt, expected in (
            ("maximum", "x", [0.5, 0.0]), ("maximum", "y", [0.5, 1.0]), ("minimum", "x", [0.5, 1.0]),
            ("minimum", "y", [0.5, 0.0]), ("fmax", "x", [0.5, 0.0]), ("fmin", "y", [0.5, 0.0]),
        )
    ],
    Kink("np.fmax(x, y)", {"x": np.array([NAN, 2.0]), "y": np.array([1.0, NAN])}, "x", [0.0, 1.0]),
    Kink("np.fmax(x, y)", {"x": np.array([NAN, 2.0]), "y": np.array([1.0, NAN])}, "y", [1.0, 0.0]),
    Kink("max(x, y)", {"x": 1.0, "y": np.float64(1.0)}, "x", 0.5),
    Kink("np.max(x)", {"x": np.array([1.0, 3.0, 3.0])}, "x", [0.0, 0.5, 0.5]),
    Kink("np.min(x, axis=0)", {"x": np.array([[1.0, 3.0], [1.0, 2.0]])}, "x", [[0.5, 0.0], [0.5, 1.0]]),
    Kink("np.clip(x, 0.0, 1.0)", {"x": np.array([-1.0, 0.0, 0.5, 1.0, 2.0])}, "x", [0.0, 0.5, 1.0, 0.5, 0.0]),
    Kink("np.clip(x, 2.0, 1.0)", {"x": np.array([0.0, 1.0, 1.5, 2.0, 3.0])}, "x", [0.0] * 5),
    Kink("np.linalg.norm(x)", {"x": np.zeros(3)}, "x", [0.0] * 3),
    *[Kink(f"np.linalg.norm(x, {order})", {"x": np.zeros((2, 2))}, "x", np.zeros((2, 2))) for order in ("'nuc'", "2", "-2", "'fro'")],
    Kink("np.linalg.matrix_norm(x, ord='nuc')", {"x": np.zeros((2, 2))}, "x", np.zeros((2, 2))),
    Kink("np.linalg.norm(x, axis=1)", {"x": np.array([[0.0, 0.0], [3.0, 4.0]])}, "x", [[0.0, 0.0], [0.6, 0.8]]),
    Kink("np.std(x)", {"x": np.ones(3)}, "x", [0.0] * 3),
    *[
        Kink(f"np.power(x, {exponent})", {"x": np.array([0.0, 2.0])}, "x", expected)
        for exponent, expected in (
            ("0", [0.0, 0.0]), ("0.0", [0.0, 0.0]), ("1", [1.0, 1.0]), ("1.0", [1.0, 1.0]), ("2", [0.0, 4.0]),
            ("np.array([0, 0])", [0.0, 0.0]), ("np.array([2, 3])", [0.0, 12.0]), ("np.array([0.0, -1.0])", [0.0, -0.25]),
        )
    ],
    Kink("np.power(x, 0)", {"x": 0.0}, "x", 0.0),
    Kink("np.power(x, -1)", {"x": 2.0}, "x", -0.25),
    Kink("np.power(x, y)", {"x": np.array([0.0, 0.0, -1.0]), "y": np.array([2.0, 0.5, 2.0])}, "y", [0.0, 0.0, NAN]),
    Kink("np.where(x > 0, np.array([5.0, 1.0]), x)", {"x": np.array([2.0, -2.0])}, "x", [0.0, 1.0]),
    Kink("np.sinc(x)", {"x": np.array([0.0])}, "x", [0.0]),
    Kink("np.hypot(x, 0.0)", {"x": np.array([0.0])}, "x", [0.0]),
    Kink("np.arctan2(x, 0.0)", {"x": np.array([0.0])}, "x", [NAN]),
    Kink("np.prod(x)", {"x": np.array([0.0, 2.0, 3.0])}, "x", [6.0, 0.0, 0.0]),
    Kink("np.prod(x)", {"x": np.array([0.0, 2.0, 0.0])}, "x", [0.0, 0.0, 0.0]),
    Kink("np.prod(x, axis=1)", {"x": np.array([[0.0, 2.0], [0.0, 0.0]])}, "x", [[2.0, 0.0], [0.0, 0.0]]),
    Kink("np.cumprod(x)", {"x": np.array([2.0, 0.0, 3.0])}, "x", [1.0, 8.0, 0.0]),
    Kink("np.cumprod(x)", {"x": np.array([0.0, 2.0, 0.0, 5.0])}, "x", [3.0, 0.0, 0.0, 0.0]),
    Kink("np.multiply.reduce(x)", {"x": np.array([0.0, 2.0, 3.0])}, "x", [6.0, 0.0, 0.0]),
    Kink("np.sort(x)", {"x": np.array([1.0, 1.0, 0.5])}, "x", [1.0, 1.0, 1.0]),
    Kink("np.median(x)", {"x": np.array([3.0, 1.0, 1.0, 1.0])}, "x", [0.0, 0.0, 0.5, 0.5]),
    Kink("np.maximum.reduce(x)", {"x": np.array([1.0, 3.0, 3.0])}, "x", [0.0, 0.5, 0.5]),
    Kink("np.maximum.accumulate(x)", {"x": np.array([1.0, 3.0, 3.0, 2.0])}, "x", [1.0, 1.0, 2.0, 0.0]),
    Kink("np.remainder(x, 2.0)", {"x": np.array([5.5, -0.5])}, "x", [1.0, 1.0]),
    Kink("np.remainder(5.5, x)", {"x": np.array([2.0, -2.0])}, "x", [-2.0, 3.0]),
    Kink("np.linalg.det(x)", {"x": np.array([[1.0, 2.0], [2.0, 4.0]])}, "x", [[4.0, -2.0], [-2.0, 1.0]]),
    Kink("np.linalg.det(x)", {"x": np.zeros((2, 2))}, "x", [[0.0, 0.0], [0.0, 0.0]]),
    Kink("x.astype(np.int64)", {"x": np.array([1.5])}, "x", [0.0]),
]  # fmt: skip

with contextlib.suppress(ImportError):  # SciPy is an extra
    from tests.rules import scipy as of_scipy

    NAMES.update(of_scipy.NAMES)
    CASES += of_scipy.CASES
    SEVERAL += of_scipy.SEVERAL
    KINKS += of_scipy.KINKS
