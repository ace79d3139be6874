"""Globals, cells and captured objects: written once, as in the primal; refused where a derivative could be lost."""

from __future__ import annotations

import logging
import operator
from collections import Counter, deque
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests.checks import check_second
from tests.fuzz.run import check_function

X = np.array([0.5, -1.2, 2.1, 0.7])

CALLS = 0
LAST: Any = None
COUNTER = [0]
LOG: list[Any] = []
STATS = {"calls": 0}
BUFFER = np.ones(4)
LOGGER = logging.getLogger("backprose.tests")


class Box:
    kept: Any = 0.0

    def __init__(self, value: float = 0.0) -> None:
        self.value, self.uses = value, 0

    def put(self, value: Any) -> None:
        self.value = value

    def get(self) -> Any:
        return self.value

    def square(self) -> Any:
        return self.value * self.value


BOX = Box()
MODEL = Box(2.0)


# ---------------------------------------------------------------- written once
def counts(x: Any) -> Any:
    global CALLS
    CALLS += 1
    return np.sum(x * x)


def remembers(x: Any) -> Any:
    global LAST, CALLS
    LAST, CALLS = len(x), CALLS + 1
    return np.sum(x * x)


def bump() -> None:
    global CALLS
    CALLS = CALLS + 1


def counts_in_a_helper(x: Any) -> Any:
    bump()
    return np.sum(x * x)


def counts_inside(x: Any) -> Any:
    def inner() -> None:
        global CALLS
        CALLS += 1

    inner()
    return np.sum(x * x)


def counts_in_a_list(x: Any) -> Any:
    COUNTER[0] += 1
    return np.sum(x * x)


def logs(x: Any) -> Any:
    LOG.append(len(x))
    return np.sum(x * x)


def counts_in_a_dict(x: Any) -> Any:
    STATS["calls"] += 1
    LOGGER.debug("x is %s", x[0])
    return np.sum(x * x)


def reads_first(x: Any) -> Any:
    global CALLS
    CALLS += 1
    turns = int(CALLS) % 3
    for _ in range(turns):
        x = x * 2.0
    return np.sum(x * x) + MODEL.square() * x[0]


ONCE: list[tuple[Callable[..., Any], Callable[[], int]]] = [
    (counts, lambda: CALLS),
    (remembers, lambda: CALLS),
    (counts_in_a_helper, lambda: CALLS),
    (counts_inside, lambda: CALLS),
    (counts_in_a_list, lambda: COUNTER[0]),
    (logs, lambda: len(LOG)),
    (counts_in_a_dict, lambda: STATS["calls"]),
]


@pytest.mark.parametrize(("function", "count"), ONCE, ids=[one.__name__ for one, _ in ONCE])
def test_written_once(function: Callable[..., Any], count: Callable[[], int]) -> None:
    outcome = check_function(function, (X,), "x")
    assert outcome.kind == "right", outcome.detail
    before = count()
    bp.grad(function)(X)
    assert count() == before + 1
    _value, pullback = bp.vjp(function, X)
    assert count() == before + 2
    assert np.array_equal(pullback(1.0), pullback(1.0))
    assert count() == before + 2
    bp.jvp(function, (X,), (X,))
    assert count() == before + 3
    bp.grad(lambda x: np.sum(bp.grad(function)(x)) if False else function(x) * 2.0)(X)
    assert count() == before + 4


def test_a_cell_is_written_once() -> None:
    count = 0

    def f(x: Any) -> Any:
        nonlocal count
        count += 1
        return np.sum(x**3)

    derivative = bp.grad(f)
    assert np.allclose(derivative(X), 3 * X**2)
    assert np.allclose(derivative(X), 3 * X**2)
    assert count == 2
    assert "nonlocal count" in derivative.source


def test_what_is_read_into_a_variable_first_may_change() -> None:
    global CALLS
    CALLS = 4
    assert np.allclose(bp.grad(reads_first)(X), 2 * 16 * X + np.array([4 * 4.0, 0, 0, 0]))
    assert CALLS == 5


def test_a_global_that_becomes_something_else() -> None:
    global LAST
    LAST = None

    def f(x: Any) -> Any:
        global LAST
        first = LAST is None
        LAST = 3
        return np.sum(x * x) if first else x[0]

    derivative = bp.grad(f)
    assert np.allclose(derivative(X), 2 * X)
    assert np.allclose(derivative(X), [1, 0, 0, 0])


def test_the_derivative_is_differentiated_again() -> None:
    global CALLS
    CALLS = 0
    second = bp.jvp(bp.grad(counts).specialise(X), (X,), (np.ones(4),))[1]
    assert np.allclose(second, 2.0)
    assert CALLS == 1


# ---------------------------------------------------------------- refused
def keeps(x: Any) -> Any:
    LOG.append(x[0])
    return LOG[-1] ** 2


def fills(x: Any) -> Any:
    BUFFER[:] = x
    return np.sum(BUFFER**2)


def stores(x: Any) -> Any:
    STATS["last"] = x[0]
    return STATS["last"] ** 2


def puts(x: Any) -> Any:
    BOX.put(x[0])
    return BOX.get() ** 2


def keep(v: Any, where: list[Any]) -> None:
    where.append(v)


def keeps_in_a_helper(x: Any) -> Any:
    keep(x[0], LOG)
    return np.sum(x * x)


def assigns(x: Any) -> Any:
    global LAST
    LAST = np.sum(x * x)
    return LAST * 2


def another_name(x: Any) -> Any:
    log = LOG
    log.append(x[0])
    return x[1] ** 2


def reads_late(x: Any) -> Any:
    y = x[0] * COUNTER[0]
    COUNTER[0] += 1
    return y * y * COUNTER[0]


def reads_an_array_late(x: Any) -> Any:
    y = x * BUFFER
    BUFFER[0] = 5.0
    return np.sum(y * y)


def reads_late_through_a_helper(x: Any) -> Any:
    y = x[0] * CALLS
    bump()
    return y * y


def reads_a_length_late(x: Any) -> Any:
    t = 0.0
    for i in range(2):
        t = t + x[i] ** 2 * len(LOG)
        LOG.append(i)
    return t


def in_a_dict_of_another_class(x: Any) -> Any:
    q: Any = Counter(first=1)
    q["a"] = x[0]
    return q["a"] ** 2


def given_queue(x: Any, q: Any) -> Any:
    q.append(x[0])
    return q.pop() ** 2


def by_setattr(x: Any) -> Any:
    setattr(BOX, "value", x[0])
    return BOX.value * 2


def by_the_slot(x: Any) -> Any:
    object.__setattr__(BOX, "value", x[0])
    return BOX.value * 2


def by_vars(x: Any) -> Any:
    vars(BOX).update(value=x[0])
    return BOX.value * 2


def by_setitem(x: Any) -> Any:
    operator.setitem(COUNTER, 0, x[0])
    return COUNTER[0] * 2


def by_the_class(x: Any) -> Any:
    list.append(LOG, x[0])
    return LOG[-1] * 2


def by_the_dicts_class(x: Any) -> Any:
    dict.__setitem__(STATS, "last", x[0])
    return STATS["last"] * 2


def by_a_bound_method(x: Any) -> Any:
    append = LOG.append
    append(x[0])
    return LOG[-1] * 2


def by_globals(x: Any) -> Any:
    globals()["LAST"] = x[0]
    return LAST * 2


def by_add_at(x: Any) -> Any:
    np.add.at(BUFFER, [0], x[0])
    return BUFFER[0] * 2


def by_an_attribute_of_a_class(x: Any) -> Any:
    setattr(Box, "kept", x[0])
    return Box.kept * 2


def by_vars_late(x: Any) -> Any:
    y = MODEL.value * x[0]
    vars(MODEL).update(value=3.0)
    return y * y


def by_setattr_late(x: Any) -> Any:
    y = MODEL.value * x[0]
    setattr(MODEL, "value", 3.0)
    return y * y


REFUSED = [
    keeps, fills, stores, puts, keeps_in_a_helper, assigns, another_name,
    in_a_dict_of_another_class, given_queue, by_setattr, by_the_slot,
    by_vars, by_setitem, by_the_class, by_the_dicts_class, by_a_bound_method, by_globals, by_add_at,
    by_an_attribute_of_a_class,
]  # fmt: skip
# in variables of their own
HELD = [
    reads_late,
    reads_a_length_late,
    by_vars_late,
    by_setattr_late,
    reads_late_through_a_helper,
    reads_an_array_late,
]


@pytest.mark.parametrize("function", HELD)
def test_numbers_that_the_call_changes_later(function: Callable[..., Any]) -> None:
    def run(call: Callable[..., Any], *args: Any) -> tuple[Any, Any]:
        global CALLS
        MODEL.value, COUNTER[0], CALLS = 2.0, 3, 1
        LOG[:], BUFFER[:] = [1.0, 2.0], 0.5
        return call(*args), (MODEL.value, COUNTER[0], len(LOG), CALLS)

    value, after = run(function, X)
    slopes = [(run(function, X + d)[0] - run(function, X - d)[0]) / 2e-6 for d in 1e-6 * np.eye(4)]
    (found, gradient), seen = run(bp.value_and_grad(function), X)
    assert (found, seen) == (value, after)
    assert np.allclose(gradient, slopes)
    (found, pullback), seen = run(bp.vjp, function, X)
    assert (found, seen) == (value, after)
    assert np.array_equal(pullback(1.0), gradient)
    assert np.allclose(run(bp.jvp, function, (X,), (X,))[0][1], gradient @ X)


@pytest.mark.parametrize("function", REFUSED)
@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_refused(function: Callable[..., Any], mode: str) -> None:
    args = (X, deque())[: function.__code__.co_argcount]
    transformed = bp.grad(function) if mode == "reverse" else lambda *own: bp.jvp(function, own, (X, None)[: len(own)])
    with pytest.raises(bp.BackproseError) as caught:
        transformed(*args)
    assert caught.value.where is not None
    assert caught.value.section in ("global-and-nonlocal", "procedures")  # by then a list may be an array


def test_put_away_without_its_derivative() -> None:
    def f(x: Any) -> Any:
        LOG.append(bp.stop_gradient(x[0]))
        return np.sum(x * x)

    assert np.allclose(bp.grad(f)(X), 2 * X)
    assert LOG[-1] == X[0]


@pytest.mark.parametrize("take", [max, sum])
def test_a_set_of_values_that_are_differentiated(take: Callable[..., Any]) -> None:
    def f(x: Any) -> Any:
        return max({v * v for v in x})

    def g(x: Any) -> Any:
        values = {v * v for v in x}
        return sum(values)

    with pytest.raises(bp.BackproseError, match="a container of values"):
        bp.grad(f if take is max else g)(X)


def test_the_length_of_a_set() -> None:
    def f(x: Any) -> Any:
        return np.sum(x * x) * len({v > 0 for v in x})

    assert np.allclose(bp.grad(f)(X), 4 * X)


RATE = 2.0
WEIGHTS = np.ones(3)


class Settings:
    weights = np.ones(3)
    gain = 3.0


SETTINGS = Settings()


def times_rate(x, y):
    return x * y * RATE


def reads_outside(x):
    return np.sum(RATE * x * WEIGHTS) + np.sum(SETTINGS.gain * x) + times_rate(x[0], RATE) * np.sum(np.sin(x * RATE))


TABLE = {"k": 2.0}


def test_a_pullback_takes_items_of_globals_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    _, pullback = bp.vjp(lambda x: x * x * TABLE["k"], 1.5)
    monkeypatch.setitem(TABLE, "k", 9.0)
    assert pullback(1.0) == 6.0


def test_a_pullback_takes_globals_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    x = np.array([1.0, 2.0, 3.0])
    _, pullback = bp.vjp(reads_outside, x)
    first = pullback(1.0)
    monkeypatch.setitem(globals(), "RATE", 5.0)
    monkeypatch.setitem(globals(), "WEIGHTS", WEIGHTS * 2)
    monkeypatch.setattr(SETTINGS, "gain", 7.0)
    assert np.array_equal(pullback(1.0), first)
    assert not np.allclose(bp.grad(reads_outside)(x), first)


# ---------------------------------------------------------------- copies of what is outside
def copy_of_an_attribute(x):
    y = SETTINGS.weights.copy()
    y[0] = x[0] ** 2
    return np.sum(y * x * SETTINGS.weights)


def name_bound_anew(x):
    y = WEIGHTS
    y = y + 1
    y[:] = x
    y[0] *= x[1]
    return np.sum(y * x)


def name_bound_anew_in_a_loop(x):
    for i in range(3):
        y = WEIGHTS
        y = y * x[i]
        y[i] = x[1] ** 2
        x = x * y
    return np.sum(x)


def given_to_a_helper(x):
    y = WEIGHTS
    y = y * 2
    return np.sum(overwritten(x, y))


def overwritten(x, y):
    y[0] = x[0] ** 2
    return y * x


@pytest.mark.parametrize(
    "function", [copy_of_an_attribute, name_bound_anew, name_bound_anew_in_a_loop, given_to_a_helper]
)
def test_copies_of_what_is_outside_may_be_written(function: Callable[..., Any]) -> None:
    outcome = check_function(function, (X[:3],), "x")
    assert outcome.kind == "right", outcome
    check_second(function, (X[:3],), ("x",))


def test_a_copy_has_the_type_that_the_array_has_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a float is written to in an array of integers has no derivative."""
    df = bp.grad(copy_of_an_attribute)
    assert np.allclose(df(X[:3]), [3 * 0.25, 1.0, 1.0])
    monkeypatch.setattr(SETTINGS, "weights", np.ones(3, int))
    assert np.allclose(df(X[:3]), [0.0, 1.0, 1.0])


def bound_anew_on_one_way(x, n):
    y = WEIGHTS
    if n:
        y = y + 1
    y[:] = x
    return np.sum(y * x)


def under_another_name(x):
    y = WEIGHTS
    z = y
    y = y + 1
    z[0] = x[1] ** 2
    return np.sum(y * x * z)


def test_names_that_may_be_of_a_global_are_refused() -> None:
    with pytest.raises(bp.BackproseError, match="WEIGHTS is changed by this call"):
        bp.grad(bound_anew_on_one_way)(X[:3], 1)
    with pytest.raises(bp.BackproseError, match="is changed by this call"):
        bp.grad(under_another_name)(X[:3])
