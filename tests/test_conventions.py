"""Each row of docs/conventions.md: what the derivative is where it is a choice, in both modes.

``--update-golden`` writes the page from the values that are measured; the test holds them against those wanted.
"""

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
CASES = [case for row in ROWS for case in row.cases]
# not as wanted today in forward mode, with the reason; an entry that is right by now fails, and has to go
NOT_YET_FORWARD = {"log1p(x)": "the division by 0 of a Python float raises"}


def marked(cases: list[Case], not_yet: dict[str, str]) -> list[Any]:
    return [
        pytest.param(
            case,
            id=f"{case.text}-{case.order}",
            marks=[pytest.mark.xfail(reason=not_yet[case.text])] if case.text in not_yet else [],
        )
        for case in cases
    ]


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


@pytest.mark.parametrize("case", marked(CASES, {}))
def test_as_wanted(case: Case) -> None:
    got = measured(case)
    if isinstance(got, bp.BackproseError):
        assert not isinstance(got, bp.errors.InternalError)
        return
    for one, wanted, arg in zip(got, case.wanted, case.args, strict=True):
        np.testing.assert_allclose(one, wanted, rtol=1e-12, atol=1e-12)
        assert np.asarray(one).dtype == np.asarray(arg).dtype
        assert np.shape(one) == np.shape(arg)


@pytest.mark.parametrize("case", marked([case for case in CASES if case.order == 1], NOT_YET_FORWARD))
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
            np.testing.assert_allclose(tangent, np.real(np.sum(one)), rtol=1e-12, atol=1e-12)


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
