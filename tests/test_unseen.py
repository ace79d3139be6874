"""Views and writes that hide in functions without a rule, methods, operators, texts: right or refused, never wrong."""

from __future__ import annotations

import operator
import types
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests.checks import is_guard

A = np.array([[0.3, 1.0], [1.4, 0.2]])
C = np.array([[1.0, 2.0], [3.0, 4.0]])


def score(A: Any) -> Any:
    return np.sum(A**2 * C)


def writer(r):
    r *= 2.0


def halved(r):
    r *= 0.5
    return r[0, 0]


# ---------------------------------------------------------------- views
VIEWS: dict[str, Callable[[Any], Any]] = {
    "fliplr": np.fliplr,
    "flipud": np.flipud,
    "rot90": np.rot90,
    "diff": lambda A: np.diff(A, n=0),
    "diag": np.diag,
    "einsum": lambda A: np.einsum("ij->ji", A),
    "rollaxis": lambda A: np.rollaxis(A, 1),
    "atleast_3d": np.atleast_3d,
    "array_split": lambda A: np.array_split(A, 2)[1],
    "hsplit": lambda A: np.hsplit(A, 2)[0],
    "nan_to_num": lambda A: np.nan_to_num(A, copy=False),
    "matrix_power": lambda A: np.linalg.matrix_power(A, 1),
    "view": lambda A: A.view(),
    "ravel": lambda A: A.ravel("K"),
    "getitem": lambda A: A.__getitem__(0),
    "operator": lambda A: operator.getitem(A, 0),
    "flip": np.flip,
    "transposed": lambda A: A.mT,
    "resize": lambda A: np.resize(A, (2, 2)),
}


def program_of(view: Callable[[Any], Any]) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    def through_the_view(A):
        y = view(A)
        y[0] = 3.0
        return score(A)

    def through_the_array(A):
        y = view(A)
        A[0] *= 3.0
        return np.sum(y * y) + score(A)

    return through_the_view, through_the_array


def right_or_refused(f: Callable[..., Any], *args: Any, wrt: int = 0) -> bool:
    """Whether it is right; False where it is refused. A wrong value or gradient fails."""
    try:
        value = f(*(arg.copy(order="K") if isinstance(arg, np.ndarray) else arg for arg in args))
    except ValueError:
        return False  # read-only views
    try:
        got, gradient = bp.value_and_grad(f, wrt=wrt)(*args)
    except bp.BackproseError:
        return False
    except ValueError as error:
        if not is_guard(error):
            raise
        return False
    assert got == value
    way, h, ends = np.array([[0.3, -0.7], [0.2, 0.5]]), 1e-5, []
    for step in (h, -h):
        moved = list(args)
        moved[wrt] = args[wrt].copy(order="K")  # in the same memory order
        moved[wrt] += step * way
        ends.append(f(*moved))
    assert np.isclose(np.sum(gradient * way), (ends[0] - ends[1]) / (2 * h), 1e-6, 1e-6)
    return True


@pytest.mark.parametrize("name", VIEWS)
def test_views(name: str) -> None:
    for f in program_of(VIEWS[name]):
        right_or_refused(f, A)


# ---------------------------------------------------------------- writes
def clip_by_position(A):
    A.clip(0, 1.2, A)
    return score(A)


def sum_by_position(A):
    A.sum(0, None, A[0])
    return score(A)


def rounded(A):
    A.round(1, A)
    return score(A)


def modf(A):
    np.modf(A, A, np.empty((2, 2)))
    return score(A)


def cumsum(A):
    A.cumsum(0, None, A)
    return score(A)


def operator_iadd(A):
    operator.iadd(A, 2.0)
    return score(A)


def operator_setitem(A):
    operator.setitem(A, 0, 2.0)
    return score(A)


def setitem(A):
    A.__setitem__(0, 2.0)
    return score(A)


def iadd(A):
    A.__iadd__(1.0)
    return score(A)


def put_along_axis(A):
    np.put_along_axis(A, np.array([[0], [1]]), 3.0, axis=1)
    return score(A)


def drawn(A):
    np.random.default_rng(0).random(out=A)
    return score(A)


def drawn_by_name(A):
    rng = np.random.default_rng(0)
    rng.random(out=A)
    return score(A)


def executed(A):
    exec("A[0] = 3.0")
    return score(A)


def evaluated(A):
    eval("A.fill(3.0)")
    return score(A)


def placed(A):
    np.place(A, A > 0.5, A[0])
    return score(A)


def diagonal_of_itself(A):
    np.fill_diagonal(A, np.diag(A)[::-1])
    return score(A)


def flat_of_itself(A):
    A.flat[:4] = A[::-1, ::-1].reshape(-1)
    A.flat[:2] = A[0, ::-1]
    return score(A)


WRITES = [
    clip_by_position, sum_by_position, rounded, modf, cumsum, operator_iadd, operator_setitem, setitem, iadd,
    put_along_axis, drawn, drawn_by_name, executed, evaluated, placed, diagonal_of_itself, flat_of_itself,
]  # fmt: skip


@pytest.mark.parametrize("f", WRITES, ids=lambda f: f.__name__)
def test_writes(f: Callable[..., Any]) -> None:
    right_or_refused(f, A)


# ---------------------------------------------------------------- followed
def in_a_text(A):
    text = f"{A} {halved(A):.3f} and {A!r}, {len(A)}"
    print(text)
    return score(A)


def in_a_text_alone(A):
    print(f"{halved(A)}", f"{A[0, 0]:>{len(A) + 4}}")
    return score(A)


def printed(A):
    print(writer(A))
    return score(A)


def positional(A):
    np.round(A, 1, A)
    return score(A)


@pytest.mark.parametrize("f", [in_a_text, in_a_text_alone, printed, positional], ids=lambda f: f.__name__)
def test_followed(f: Callable[..., Any], capsys: pytest.CaptureFixture[str]) -> None:
    f(A.copy())
    expected = capsys.readouterr().out
    bp.grad(f)(A)
    assert capsys.readouterr().out == expected
    assert right_or_refused(f, A)


# ---------------------------------------------------------------- memory order
def transposed(A):
    B = A.T.reshape(4)
    B *= 2
    return score(A)


def ravelled(A):
    A.T.ravel()[0] = 3.0
    return score(A)


def rows_of_columns(A):
    B = A.T[1:].reshape(2)
    B *= 3.0
    return score(A)


@pytest.mark.parametrize("f", [transposed, ravelled, rows_of_columns], ids=lambda f: f.__name__)
def test_adjoints_have_the_order_of_their_arrays(f: Callable[..., Any]) -> None:
    assert right_or_refused(f, np.asfortranarray(A)) or f is rows_of_columns


# ---------------------------------------------------------------- methods of what is no array
def called(x, m):
    return m.sum(np.tanh(x))


def multiplied(x, m):
    return m.dot(np.tanh(x))


def local_module(x, m):
    m = np
    return m.sum(np.tanh(x))


@pytest.mark.parametrize("f", [called, multiplied, local_module], ids=lambda f: f.__name__)
@pytest.mark.parametrize("m", [np, types.SimpleNamespace(sum=np.sum, dot=np.sum)], ids=["module", "object"])
def test_methods_of_unknown_objects(f: Callable[..., Any], m: Any) -> None:
    if f is not multiplied or m is not np:
        assert not right_or_refused(f, A, m)
