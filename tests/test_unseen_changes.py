"""What is changed in ways that no statement of the function shows: refused where a derivative reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests import outside_data as data

X = np.array([0.7, -0.4, 1.3])
RATE = 1.0
WEIGHTS = np.ones(3)


class Setting:
    shared = WEIGHTS
    count = 1.0

    def __init__(self) -> None:
        self.k = 1.0
        self.w = np.ones(3)
        self.log: list[float] = []


class Shown(Setting):
    def __str__(self) -> str:
        self.k += 1
        return "shown"

    def __len__(self) -> int:
        self.k += 1
        return 3

    def __index__(self) -> int:
        self.k += 1
        return 1

    def __getattr__(self, name: str) -> float:
        if name.startswith("__"):
            raise AttributeError(name)
        self.k += 1
        return 2.0

    def write(self, text: str) -> None:
        self.k += len(text)


SETTING, SHOWN = Setting(), Shown()
PLACES, NAMED = [WEIGHTS, np.ones(3)], {"w": WEIGHTS}
NUMBERS = iter(range(10))


# ---------------------------------------------------------------- context managers
class Using:
    def __enter__(self) -> None:
        SETTING.k = 4.0

    def __exit__(self, *error: object) -> None:
        SETTING.k = 1.0


class UsingRate:
    def __enter__(self) -> None:
        set_rate(4.0)

    def __exit__(self, *error: object) -> None:
        set_rate(1.0)


@contextmanager
def using() -> Iterator[None]:
    SETTING.k = 4.0
    yield
    SETTING.k = 1.0


def set_rate(value: float) -> None:
    global RATE
    RATE = value


def in_a_class(x: Any) -> Any:
    with Using():
        return np.sum(x**2 * SETTING.k)


def in_a_generator(x: Any) -> Any:
    with using():
        y = np.sum(x**2 * SETTING.k)
    return y * 1.0


def of_a_global(x: Any) -> Any:
    with UsingRate():
        y = np.sum(x**2 * RATE)
    return y * 1.0


@contextmanager
def appended(items: list[float]) -> Iterator[None]:
    items.append(1.0)
    yield


def given_a_list(x: Any) -> Any:
    items: list[float] = []
    with appended(items):
        y = x * len(items)
    return np.sum(y)


# ---------------------------------------------------------------- other modules, classes, functions
def module_array(x: Any) -> Any:
    y = np.sum(x**2 * data.WEIGHTS)
    data.fill(3.0)
    return y


def module_array_here(x: Any) -> Any:
    y = np.sum(x**2 * data.WEIGHTS)
    data.WEIGHTS[:] = 3.0
    return y


def module_name(x: Any) -> Any:
    y = np.sum(x**2) * data.RATE
    data.set_rate(3.0)
    return y


def module_dict(x: Any) -> Any:
    y = np.sum(x**2) * data.TABLE["k"]
    data.TABLE["k"] = 3.0
    return y


def module_list(x: Any) -> Any:
    y = np.sum(x**2) * data.RATES[1]
    data.RATES[1] = 3.0
    return y


def class_array(x: Any) -> Any:
    y = np.sum(x**2 * WEIGHTS)
    Setting.shared[0] = 4.0
    return y


def class_array_of_an_object(x: Any) -> Any:
    y = np.sum(x**2 * SETTING.shared)
    Setting.shared[0] = 4.0
    return y


def class_number(x: Any) -> Any:
    y = np.sum(x**2 * SETTING.count)
    Setting.count = 4.0
    return y


@lru_cache(None)
def cached(n: int) -> int:
    set_rate(6.0)
    return n


def by_a_cache(x: Any) -> Any:
    y = np.sum(x**2 * RATE)
    cached(3)
    return y


def calls(function: Any = set_rate) -> None:
    function(7.0)


def by_a_default(x: Any) -> Any:
    y = np.sum(x**2 * RATE)
    calls()
    return y


def added(place: Any = WEIGHTS) -> None:
    place += 1.0


def into_a_default(x: Any) -> Any:
    y = np.sum(x**2 * WEIGHTS)
    added()
    return y


class Failed(Exception):
    def __init__(self) -> None:
        set_rate(6.0)


def by_an_exception(x: Any) -> Any:
    y = np.sum(x**2 * RATE)
    try:
        raise Failed  # noqa: TRY301
    except Failed:
        pass
    return y


def real_part(x: Any) -> Any:
    y = np.sum(x**2 * WEIGHTS)
    WEIGHTS.real = 4.0
    return y


def index_of_a_write(x: Any) -> Any:
    y = x.copy()
    y[int(WEIGHTS[0])] *= 3
    WEIGHTS[0] = 2
    return np.sum(y**2)


def index_of_a_constant_write(x: Any) -> Any:
    y = x.copy()
    y[int(WEIGHTS[0])] = 0.0
    WEIGHTS[0] = 2
    return np.sum(y**2)


def number_of_a_module(x: Any) -> Any:
    y = np.sum(x**2) * float(data.WEIGHTS[1])
    data.WEIGHTS[1] = 0.0
    return y


def turns_of_a_module(x: Any) -> Any:
    total = 0.0
    for i in range(int(data.WEIGHTS[1])):
        total = total + x[i] ** 2
    data.WEIGHTS[1] = 0.0
    return total


def number_from_a_number(x: Any) -> Any:
    y = np.sum(x**2) * (1.0 + float(WEIGHTS[1]) * 2.0)
    WEIGHTS[1] = 0.0
    return y


# ---------------------------------------------------------------- what Python calls by itself
def printed(x: Any) -> Any:
    y = np.sum(x**2 * SHOWN.k)
    print("it is", SHOWN)
    return y


def formatted(x: Any) -> Any:
    y = np.sum(x**2 * SHOWN.k)
    return y * len(f"{SHOWN}")


def measured(x: Any) -> Any:
    y = np.sum(x**2 * SHOWN.k)
    return y * len(SHOWN)  # type: ignore[arg-type]


def looked_up(x: Any) -> Any:
    y = np.sum(x**2 * SHOWN.k)
    return y * SHOWN.missing


def printed_into(x: Any) -> Any:
    y = np.sum(x**2 * SHOWN.k)
    print("z", file=SHOWN)
    return y


def counted(x: Any) -> Any:
    y = np.sum(x**2 * SHOWN.k)
    return y * len(range(SHOWN))  # type: ignore[arg-type]


def not_needed(x: Any) -> Any:
    len(SHOWN)  # type: ignore[arg-type]
    return np.sum(x)


def drained(x: Any) -> Any:
    n = list(NUMBERS)  # noqa: F841
    return np.sum(x)


def searched(x: Any) -> Any:
    n = 3 in NUMBERS  # noqa: F841
    return np.sum(x)


# ---------------------------------------------------------------- other names
def reversed_items(x: Any) -> Any:
    list(reversed(PLACES))[1][0] = 3.0
    return np.sum(x**2)


def joined_items(x: Any) -> Any:
    y = np.sum(x**2 * WEIGHTS)
    (PLACES + PLACES)[0][0] = 3.0
    return y * WEIGHTS[0]


def items_of_a_dict(x: Any) -> Any:
    list(NAMED.values())[0][0] = 3.0  # noqa: RUF015
    return np.sum(x**2)


def attribute_in_place(x: Any) -> Any:
    n = float(np.sum(WEIGHTS))
    HOLDER.w += 1.0
    return np.sum(x**2) * n * float(np.sum(WEIGHTS))


HOLDER = Setting()
HOLDER.w = WEIGHTS


def list_in_place(x: Any) -> Any:
    HOLDER.log += [1.0]
    return np.sum(x**2) * len(LOG)


LOG = HOLDER.log


def reset() -> None:
    global RATE, NUMBERS
    RATE = data.RATE = SETTING.k = SHOWN.k = Setting.count = 1.0
    data.TABLE["k"] = 1.0
    data.RATES[:] = [1.0, 2.0]
    WEIGHTS[:] = data.WEIGHTS[:] = 1.0
    HOLDER.w, HOLDER.log, NUMBERS = WEIGHTS, LOG, iter(range(10))
    LOG.clear()
    cached.cache_clear()


def state() -> str:
    shown = (RATE, data.RATE, SETTING.k, SHOWN.k, Setting.count, data.TABLE, data.RATES, WEIGHTS, data.WEIGHTS, LOG)
    return repr((*shown, HOLDER.w is WEIGHTS, NUMBERS.__reduce__()[-1]))


UNSEEN = [
    in_a_class, in_a_generator, of_a_global, given_a_list, module_array, module_array_here, module_name, module_dict,
    module_list, class_array, class_array_of_an_object, class_number, by_a_cache, by_a_default, into_a_default,
    by_an_exception, real_part, index_of_a_write, index_of_a_constant_write, printed, formatted, measured, looked_up,
    printed_into, counted, not_needed, drained, searched, reversed_items, joined_items, items_of_a_dict,
    attribute_in_place, list_in_place, number_of_a_module, turns_of_a_module, number_from_a_number,
]  # fmt: skip
HELD = [in_a_class, in_a_generator, index_of_a_write, index_of_a_constant_write]


@pytest.mark.parametrize("mode", ["grad", "vjp", "jvp"])
@pytest.mark.parametrize("function", UNSEEN)
def test_unseen_changes_are_seen_or_refused(function: Callable[..., Any], mode: str) -> None:
    def run(call: Callable[[], Any]) -> tuple[Any, str]:
        reset()
        return call(), state()

    value, after = run(lambda: function(X))
    slopes = [(run(lambda: function(X + d))[0] - run(lambda: function(X - d))[0]) / 2e-6 for d in 1e-6 * np.eye(3)]
    try:
        if mode == "grad":
            (found, gradient), seen = run(lambda: bp.value_and_grad(function)(X))
        elif mode == "vjp":
            (found, pullback), seen = run(lambda: bp.vjp(function, X))
            reset()
            gradient = pullback(1.0)
        else:
            done = [run(lambda: bp.jvp(function, (X,), (d,))) for d in np.eye(3)]
            gradient, ((found, _), seen) = [tangent for (_, tangent), _ in done], done[0]
    except bp.BackproseError:
        assert function not in HELD
    else:
        assert (found, seen) == (value, after)
        assert np.allclose(gradient, slopes, atol=1e-6)
    finally:
        reset()


def counter() -> tuple[Callable[..., Any], Callable[..., Any]]:
    k = 1.0

    def changed(x: Any) -> Any:
        nonlocal k
        y = x * k
        k = 5.0
        return np.sum(y**2)

    def counting(x: Any) -> Any:
        nonlocal k
        k += 1
        n = float(k)
        return np.sum(x**2) * n

    return changed, counting


def test_nonlocal_names_of_the_function_itself() -> None:
    changed, counting = counter()
    assert np.allclose(bp.grad(changed)(X), 2 * X)
    assert np.allclose(bp.grad(changed)(X), 50 * X)  # it was 1, and is 5
    _, counting = counter()
    assert np.array_equal(bp.grad(counting)(X), 4 * X)
    value, pullback = bp.vjp(counting, X)
    assert value == np.sum(X**2) * 3
    assert np.array_equal(pullback(1.0), 6 * X)


# ---------------------------------------------------------------- arguments that are outside as well
def put_into_a_dict(x: Any, c: Any) -> Any:
    c["w"] = 2.0
    return np.sum(x**2 * OUTER["w"])


def put_into_an_object(x: Any, c: Any) -> Any:
    c.k = 2.0
    return np.sum(x**2 * SETTING.k)


def put_deeper(x: Any, c: Any) -> Any:
    c["w"] = 2.0
    return np.sum(x**2 * OUTERMOST["inner"]["w"])


OUTER = {"w": 1.0}
OUTERMOST = {"inner": OUTER}


def written(x: Any) -> Any:
    x *= 2
    return np.sum(x * SETTING.w)


def written_class(x: Any) -> Any:
    x *= 2
    return np.sum(x * SETTING.shared)


class Machine:
    def __init__(self) -> None:
        self.k = 1.0
        self.callbacks: list[Any] = []

    def set_k(self) -> None:
        self.k = 3.0

    def get_k(self) -> float:
        return self.k


def called(x: Any, machine: Any, callback: Any) -> Any:
    callback()
    return np.sum(x**2) * machine.k


def asked(x: Any, machine: Any, callback: Any) -> Any:
    machine.k = 4.0
    return np.sum(x**2) * callback()


def called_within(x: Any, machine: Any) -> Any:
    for callback in machine.callbacks:
        callback()
    return np.sum(x**2) * machine.k


def with_callback() -> Machine:
    machine = Machine()
    machine.callbacks.append(machine.set_k)
    return machine


ONE = Machine()


@pytest.mark.parametrize(
    ("function", "args"),
    [
        (put_into_a_dict, (X, OUTER)),
        (put_into_an_object, (X, SETTING)),
        (put_deeper, (X, OUTER)),
        (written, (SETTING.w,)),
        (written_class, (WEIGHTS,)),
        (called, (X, ONE, ONE.set_k)),
        (called, (X, ONE, partial(Machine.set_k, ONE))),
        (asked, (X, ONE, ONE.get_k)),
        (called_within, (X, with_callback())),
    ],
)
def test_arguments_that_are_outside_or_in_each_other(function: Callable[..., Any], args: tuple[Any, ...]) -> None:
    with pytest.raises(bp.AliasError):
        bp.value_and_grad(function)(*args)


def test_other_arguments_are_taken() -> None:
    assert np.array_equal(bp.grad(put_into_a_dict)(X, {"w": 1.0}), 2 * X)
    assert np.array_equal(bp.grad(written)(X), 2 * np.ones(3))


# ---------------------------------------------------------------- identity
def of_names(x: Any) -> Any:
    a = x
    c = a
    return np.sum(a**2) * 2 if a is c else np.sum(a)


def of_items(x: Any) -> Any:
    total = 0.0
    for a in [x, x * 2, x]:
        if a is x:
            total = total + np.sum(a**2)
    return total


def of_a_base(x: Any) -> Any:
    v = x[1:]
    if v.base is x:
        return np.sum(v**3)
    return np.sum(x)


def doubled(a: Any, b: Any) -> Any:
    if a is b:
        return np.sum(a * b)
    return np.sum(a + b)


def in_a_callee(x: Any) -> Any:
    return doubled(x, x) * 2


@pytest.mark.parametrize("function", [of_names, of_items, of_a_base, in_a_callee])
def test_tests_of_identity_are_kept(function: Callable[..., Any]) -> None:
    expected = bp.grad(function)(X)
    value, pullback = bp.vjp(function, X)
    assert value == function(X)
    assert np.array_equal(pullback(1.0), expected)
    step = 1e-6 * np.eye(3)
    assert np.allclose(expected, [(function(X + d) - function(X - d)) / 2e-6 for d in step], atol=1e-6)
    assert np.allclose(expected, [bp.jvp(function, (X,), (d,))[1] for d in np.eye(3)])
