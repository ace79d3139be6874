"""``with``: the body is differentiated, the context runs once and in order, warnings stay as silent as the primal's."""

# ruff: noqa: F841, PYI034
from __future__ import annotations

import contextlib
import threading
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests.test_statements import check

LOG: list[str] = []
LOCK = threading.Lock()


@contextlib.contextmanager
def timed(name: str) -> Iterator[float]:
    LOG.append(name)
    try:
        yield 2.0
    finally:
        LOG.append(f"end {name}")


@contextlib.contextmanager
def quiet_timed(name: str) -> Iterator[None]:
    with np.errstate(all="ignore"), timed(name):
        yield


class Scope:
    def __init__(self, tag: str, scale: float = 1.0) -> None:
        self.tag, self.scale = tag, scale

    def __enter__(self) -> Scope:
        LOG.append(self.tag)
        return self

    def __exit__(self, *exception: object) -> bool:
        LOG.append(f"out of {self.tag}")
        return False


# ---------------------------------------------------------------- what must work
def silenced(x):
    with np.errstate(all="ignore"):
        return np.log(x * x) * x


def exits(x):
    with timed("a") as k, Scope("b"):
        y = x * x
        if y > 2:
            return y * k
        y = y + x
    return y * x


def in_a_loop(x):
    s = x
    for i in range(5):
        with timed("turn"):
            if i == 1:
                continue
            if s > 4:
                break
            s = s * x + 1
            with np.errstate(divide="ignore"):
                s = s / x
        s = s * 1.5
    else:
        s = s * 2
    return s


def forever(x):
    s = x
    while True:
        with Scope(f"{s:.2f}"):
            s = s * s + 0.1 * x * x + 0.3
            if s > 3:
                return s * x
            for _ in range(3):
                if s > 2:
                    break
                s = s + 0.7
            else:
                s = s + x


def helper(x):
    with np.errstate(over="ignore"):
        if x > 1:
            return np.exp(x)
    return x * x


def called(x):
    with timed("x"):
        z = helper(x)
        with LOCK:
            z = z * x
    return z * x


def quiet(x):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        y = np.sqrt(x * x)
    with contextlib.nullcontext(3.0) as c, quiet_timed("q"):
        return c * x * y


def raises_for_others(x):
    if x > 100:
        with timed("bad"):
            raise ValueError(f"too large: {x}")
    with np.errstate(divide="raise", over="ignore"):
        return 1 / x


def in_a_closure(x):
    def inner(z):
        with timed("inner"):
            return z * x

    parts = [x, x * x]
    for part in parts:
        with Scope("part"):
            x = x + inner(part)
    return x


PROGRAMS: list[Callable[..., Any]] = [
    silenced, exits, in_a_loop, forever, called, quiet, raises_for_others, in_a_closure,
]  # fmt: skip


@pytest.mark.parametrize("at", [1.7, 0.6, -0.8])
@pytest.mark.parametrize("function", PROGRAMS, ids=lambda function: function.__name__)
def test_body_is_differentiated(function: Callable[..., Any], at: float) -> None:
    check(function, at, second=function is not called)  # the pair of a helper cannot be differentiated again yet


@pytest.mark.parametrize("function", PROGRAMS, ids=lambda function: function.__name__)
def test_contexts_run_once_and_in_order(function: Callable[..., Any]) -> None:
    LOG.clear()
    function(1.7)
    expected = LOG.copy()
    LOG.clear()
    bp.grad(function)(1.7)
    assert expected == LOG
    LOG.clear()
    bp.jvp(function, (1.7,), (1.0,))
    assert expected == LOG
    LOG.clear()
    _, pullback = bp.vjp(function, 1.7)
    pullback(1.0)
    pullback(1.0)
    assert expected == LOG


def test_a_context_is_left_where_the_body_raises() -> None:
    LOG.clear()
    with pytest.raises(ValueError, match="too large"):
        bp.grad(raises_for_others)(200.0)
    assert LOG == ["bad", "end bad"]
    with pytest.raises(FloatingPointError):
        bp.grad(raises_for_others)(np.float64(0.0))
    assert bp.grad(raises_for_others)(2.0) == -0.25


# ---------------------------------------------------------------- warnings
def logarithm(x):
    with np.errstate(divide="ignore", invalid="ignore"):
        y = np.log(x)
    return np.sum(np.where(x > 0, y, 0.0))


def strict(x):
    with np.errstate(under="raise", divide="ignore"):
        return np.sum(x * 1.0)


def test_the_backward_sweep_is_as_silent_as_the_forward_sweep() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        bp.grad(logarithm)(np.array([0.0, 1.0, 2.0]))
    source = bp.grad(logarithm).source_for(np.array([0.0, 1.0, 2.0]))
    assert 'with np.errstate(divide="ignore", invalid="ignore"):' in source.rpartition("return")[0]


def test_what_raises_in_the_primal_does_not_raise_in_the_adjoint() -> None:
    """Only silence is carried over."""
    assert 'under="raise"' not in bp.grad(strict).source_for(np.ones(3)).split("\n\n")[-1]


# ---------------------------------------------------------------- what is refused
class Swallowing:
    def __enter__(self) -> Swallowing:
        return self

    def __exit__(self, kind: object, value: object, trace: object) -> bool:
        return kind is not None


@contextlib.contextmanager
def forgiving() -> Iterator[None]:
    try:
        yield
    except ValueError:
        pass


@contextlib.contextmanager
def leaving() -> Iterator[None]:
    try:
        yield
    finally:
        return


@contextlib.contextmanager
def forgiving_inside() -> Iterator[None]:
    with forgiving():
        yield


def swallowed(x):
    with Swallowing():
        return x * x


def forgiven(x):
    with forgiving():
        return x * x


def left(x):
    with leaving():
        return x * x


def nested(x):
    with forgiving_inside():
        return x * x


def suppressed(x):
    with contextlib.suppress(ValueError):
        return x * x


def stacked(x):
    with contextlib.ExitStack() as stack:
        return x * x


def passed_in(x, manager=None):
    with manager:
        return x * x


def several_names(x):
    with contextlib.nullcontext((1.0, 2.0)) as (a, b):
        return x * a * b


def active(x):
    with contextlib.nullcontext(x) as y:
        return y * y


@pytest.mark.parametrize(
    "function", [swallowed, forgiven, left, nested, suppressed, stacked, passed_in, several_names, active]
)
def test_refused(function: Callable[..., Any]) -> None:
    for transform in (lambda: bp.vjp(function, 1.5), lambda: bp.jvp(function, (1.5,), (1.0,))):
        with pytest.raises(bp.BackproseError) as caught:
            transform()
        assert caught.value.section == "with-statements"
        assert caught.value.where is not None


def test_a_context_manager_rebound_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    df = bp.grad(exits)
    df(1.7)
    monkeypatch.setitem(globals(), "Scope", Swallowing)
    with pytest.raises(bp.BackproseError):
        df(1.7)
