"""Functions and methods of objects, lists and dicts outside: never a stale one, refused where the call changes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests.differences import gradient

POINT = np.array([0.3, 0.7])


class Spring:
    def __init__(self, k: float) -> None:
        self.k = k

    def energy(self, x: Any) -> Any:
        return self.k * np.sum(x**2)


class Stiff(Spring):
    def energy(self, x: Any) -> Any:
        return self.k * np.sum(x**3)


class Holder:
    def __init__(self, spring: Spring) -> None:
        self.spring, self.activation = spring, np.tanh

    def total(self, x: Any) -> Any:
        return self.spring.energy(x) + np.sum(self.activation(x))


SPRING, OTHER = Spring(2.0), Stiff(3.0)
HOLDER, OTHER_HOLDER = Holder(Spring(3.0)), Holder(Stiff(1.0))
STEPS: list[Any] = [np.sin, np.cos]
NAMED: dict[str, Any] = {"f": np.sin}


def program(x: Any) -> Any:
    return HOLDER.total(x) + SPRING.energy(x) + np.sum(STEPS[1](x)) + np.sum(NAMED["f"](x))


def chosen(x: Any) -> Any:
    holder = HOLDER if x[0] > 0 else OTHER_HOLDER
    one = OTHER
    if x[0] > 0:
        one = SPRING
    return holder.total(x) + one.energy(x) + np.sum(STEPS[len(x) - 1](x)) + np.sum(NAMED["f"](x))


CHANGES: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "item_of_a_list": lambda m: m.setitem(globals(), "STEPS", [np.sin, np.exp]),
    "item_of_a_dict": lambda m: m.setitem(NAMED, "f", np.cosh),
    "lambda": lambda m: m.setitem(NAMED, "f", lambda v: v**3),
    "global": lambda m: m.setitem(globals(), "SPRING", Stiff(2.0)),
    "attribute": lambda m: m.setattr(SPRING, "k", 5.0),
    "object_in_an_object": lambda m: m.setattr(HOLDER, "spring", Stiff(1.0)),
    "function_in_an_object": lambda m: m.setattr(HOLDER, "activation", np.exp),
    "method": lambda m: m.setattr(Spring, "energy", lambda self, x: self.k * np.sum(x**4)),
    "method_of_one_object": lambda m: m.setattr(HOLDER, "total", lambda x: np.sum(x**5), raising=False),
    "code": lambda m: m.setattr(Holder.total, "__code__", (lambda self, x: np.sum(x) * 3).__code__),
}


@pytest.fixture(autouse=True)
def same_steps() -> Iterator[None]:
    """Lists are written in place here."""
    before = list(STEPS)
    yield
    STEPS[:] = before


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("mode", ["reverse", "forward"])
@pytest.mark.parametrize("program", [program, chosen])
def test_what_is_changed_is_seen(
    program: Callable[..., Any], change: str, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def derivative() -> Any:
        if mode == "reverse":
            return derived(POINT)
        return np.array([bp.jvp(program, (POINT,), (one,))[1] for one in np.eye(2)])

    derived = bp.grad(program)
    before = derivative()
    np.testing.assert_allclose(before, gradient(program, (POINT,), 0).value, rtol=1e-6)
    CHANGES[change](monkeypatch)
    after = derivative()
    np.testing.assert_allclose(after, gradient(program, (POINT,), 0).value, rtol=1e-6)
    assert np.all(before != after)


def test_an_item_written_into_a_list_is_seen() -> None:
    derived = bp.grad(program)
    before = derived(POINT)
    STEPS[1] = np.exp
    assert np.all(derived(POINT) != before)
    np.testing.assert_allclose(derived(POINT), gradient(program, (POINT,), 0).value, rtol=1e-6)


def flip() -> float:
    STEPS[0] = np.exp
    return 0.0


def replaced() -> None:
    global SPRING
    SPRING = Stiff(1.0)


def takes_what_a_helper_changes(x: Any) -> Any:
    return flip() + np.sum(STEPS[0](x))


def takes_what_a_helper_binds_anew(x: Any) -> Any:
    replaced()
    return SPRING.energy(x)


def adds_to_the_list(x: Any) -> Any:
    STEPS.append(np.exp)
    return np.sum(STEPS[-1](x))


MANY: dict[str, Any] = {f"k{i}": Spring(1.0 + i) for i in range(200)}
ROW: list[Any] = [Spring(1.0 + i) for i in range(200)]


def of_a_long_dict(x: Any) -> Any:
    return MANY["k3"].energy(x)


def of_a_long_list(x: Any) -> Any:
    return ROW[150].energy(x)


@pytest.mark.parametrize(
    "function",
    [
        takes_what_a_helper_changes,
        takes_what_a_helper_binds_anew,
        adds_to_the_list,
        of_a_long_dict,
        of_a_long_list,
    ],
)
def test_what_is_not_known_before_is_refused(function: Callable[..., Any]) -> None:
    with pytest.raises(bp.BackproseError) as caught:
        bp.grad(function)(POINT)
    assert caught.value.where is not None


class Counted:
    def __init__(self) -> None:
        self.calls, self.k, self.last = 0, 1.5, None

    def scaled(self, x: Any) -> Any:
        self.calls += 1
        return self.k * x

    def kept(self, x: Any) -> Any:
        self.last = x
        return self.k * x

    def stiffer(self, x: Any) -> Any:
        self.k += 1
        return self.k * x


COUNTED = Counted()


def counts(x: Any) -> Any:
    for _ in range(3):
        x = COUNTED.scaled(x)
    return np.sum(x)


def test_a_method_may_count_its_calls() -> None:
    before = COUNTED.calls
    np.testing.assert_allclose(bp.grad(counts)(POINT), 1.5**3)
    assert COUNTED.calls == before + 3
    bp.jvp(counts, (POINT,), (POINT,))
    assert COUNTED.calls == before + 6


def test_a_method_that_keeps_what_is_differentiated_is_refused() -> None:
    method = COUNTED.kept
    with pytest.raises(bp.BackproseError) as caught:
        bp.grad(lambda x: np.sum(method(x)))(POINT)
    assert caught.value.section == "global-and-nonlocal"


def test_a_number_that_a_method_changes_before_it_reads_it() -> None:
    counted = Counted()
    df = bp.grad(lambda x: np.sum(counted.stiffer(x)) * counted.k)
    for k in (2.5, 3.5):
        np.testing.assert_allclose(df(POINT), k * k)
        assert counted.k == k


def by_a_local_name(x: Any) -> Any:
    spring, total = SPRING, 0.0
    for i in range(3):
        total = total + i * spring.energy(x)
    return total


def in_branches(x: Any) -> Any:
    if x[0] > 0.5:
        spring = SPRING
        value = spring.energy(x)
    else:
        spring = OTHER
        value = spring.energy(x) * 2
    return value + spring.k * np.sum(x)


def passed_on(x: Any) -> Any:
    return twice_the_energy(OTHER, x) + twice_the_energy(spring=HOLDER.spring, x=x)


def twice_the_energy(spring: Any, x: Any) -> Any:
    return 2 * spring.energy(x)


def as_a_value(x: Any) -> Any:
    energy = SPRING.energy
    return energy(x) + sum(map(OTHER.energy, x))


def captured() -> Callable[..., Any]:
    spring, steps = Spring(0.5), [np.sin, twice_the_energy]

    def function(x: Any) -> Any:
        return spring.energy(x) + steps[1](spring, x) + np.sum(steps[0](x))

    return function


@pytest.mark.parametrize("function", [by_a_local_name, in_branches, passed_on, as_a_value, captured()])
def test_ways_to_an_object(function: Callable[..., Any]) -> None:
    expected = gradient(function, (POINT,), 0).value
    np.testing.assert_allclose(bp.grad(function)(POINT), expected, rtol=1e-6)
    forward = [bp.jvp(function, (POINT,), (one,))[1] for one in np.eye(2)]
    np.testing.assert_allclose(forward, expected, rtol=1e-6)
    np.testing.assert_allclose(bp.hessian(function)(POINT), bp.jacobian(bp.grad(function))(POINT), rtol=1e-9)
