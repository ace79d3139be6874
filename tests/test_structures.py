"""Tuples, lists, dicts, objects and functions as values: as arguments, as locals, in calls; against differences."""

from __future__ import annotations

import functools
from collections import namedtuple
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
import pytest

import backprose as bp
from tests import differences
from tests.fuzz.run import check_function

X = np.array([0.5, -1.2, 2.1, 0.7])
G = np.array([1.0, 2.0, 3.0, 4.0])


# ---------------------------------------------------------------- classes that the programs use
class State(NamedTuple):
    position: Any
    speed: Any = 1.0


Pair = namedtuple("Pair", "one two")  # noqa: PYI024


@dataclass
class Kernel:
    length: float
    noise: float
    amplitude: float = 1.5

    def __call__(self, a: Any, b: Any) -> Any:
        return self.amplitude * np.exp(-0.5 * (a[:, None] - b[None, :]) ** 2 / self.length**2)

    @property
    def scale(self) -> float:
        return self.amplitude * self.noise


@dataclass
class Trace:
    seen: list[Any] = field(default_factory=list)
    total: float = 0.0

    def add(self, value: Any) -> Any:
        self.seen.append(value)
        self.total += value
        return self


class Body:
    drag = 0.1

    def __init__(self, position: Any, velocity: Any, mass: float = 1.0) -> None:
        self.position, self.velocity, self.mass = position, velocity, mass

    def kick(self, force: Any, dt: float) -> None:
        self.velocity = self.velocity + dt * force / self.mass

    def drift(self, dt: float) -> None:
        self.position = self.position + dt * self.velocity

    def energy(self) -> Any:
        return 0.5 * self.mass * np.sum(self.velocity**2) + self.potential(self.position)

    @staticmethod
    def potential(position: Any) -> Any:
        return 0.5 * np.sum(position**2)

    @classmethod
    def at_rest(cls, position: Any) -> Body:
        return cls(position, 0.0 * position)


class Dual:
    def __init__(self, value: Any, slope: Any) -> None:
        self.value, self.slope = value, slope

    def __add__(self, other: Dual) -> Dual:
        return Dual(self.value + other.value, self.slope + other.slope)

    def __mul__(self, other: Dual) -> Dual:
        return Dual(self.value * other.value, self.slope * other.value + self.value * other.slope)

    def __neg__(self) -> Dual:
        return Dual(-self.value, -self.slope)


# ---------------------------------------------------------------- programs: locals
def tuples(x):
    pair = (x, 2 * x)
    nested = (pair, (x**2, 3.0))
    (a, b), c = nested[0], nested[1][0]
    return np.sum(a * b * c) + nested[-1][1]


def tuple_rebound(x):
    state = (x, x * 2)
    for i in range(3):
        state = (state[1], state[0] * state[1] + i)
    return np.sum(state[0] * state[1])


def tuple_swapped(x):
    state = (x, x * 2, 1.0)
    for _i in range(2):
        state = (state[1], state[0], state[2] * 2.0)
    first, second, factor = state
    return np.sum(first * G - second) * factor


def tuple_in_branches(x):
    pair = (x, x**2) if x[0] > 0 else (x**2, x)
    if x[1] > 0:
        other = (x, 1.0)
    else:
        other = (x * 3, 2.0)
    return np.sum(pair[0] * other[0]) * other[1] + np.sum(pair[1])


def captured_before_rebinding(x):
    y = x * 2
    pair = (x, y)
    x = x + 1
    y = np.sin(x)
    return np.sum(pair[0] * pair[1] * x * y)


def lists(x):
    parts = [x, x * 2]
    parts.append(x**2)
    parts.extend([x - 1, 2.0])
    parts.insert(1, np.sin(x))
    last = parts.pop()
    parts[0] = parts[0] * parts[2]
    parts += [x[0]]
    return np.sum(parts[0] * parts[1] + parts[3]) * last + parts[-1] + len(parts)


def list_slices(x):
    parts = [x[0], x[1], x[2], x[3]]
    a, b = parts[1:3]
    return a * b + sum(parts[::2]) + sum(parts) * max(parts) + min(parts)


def list_of_changing(x):
    total = 0.0
    kept = []
    for k in (1.0, 2.0, 3.0):
        x = x * k
        kept.append(x)
    for item in kept:
        total = total + np.sum(item * kept[0])
    return total


def two_names_of_one_list(x):
    a = [x, x]
    b = a
    b[0] = x * 3
    c = list(a)
    c[1] = x * 100
    return np.sum(a[0] * a[1])


def list_changed_by_a_callee(x):
    def grow(items, value):
        items.append(value)
        items[0] = items[0] * 2

    items = [x]
    grow(items, x**2)
    grow(items, np.sin(x))
    return np.sum(items[0] * items[1] + items[2])


def dicts(x):
    values = {"a": x, "b": x * 2, 3: 1.5}
    values["a"] = values["a"] + 1.0
    values["a"] *= 2.0
    values["c"] = values["a"] * values["b"]
    more = {**values, "d": x}
    more.update(a=x * 5)
    total = 0.0
    for key, value in more.items():
        if key != "b":
            total = total + np.sum(value)
    return total + np.sum(values["a"]) + np.sum(values.get("c")) + ("z" in values) + len(values)


def dict_loop(x):
    table = dict(rate=x[0], bias=x[1])  # noqa: C408
    for value in table.values():
        table["bias"] = table["bias"] * value
    return table["bias"] * table.pop("rate") + len(table)


def named_tuples(x):
    state = State(x)
    for _i in range(3):
        state = State(state.position + 0.1 * state.speed, state.speed * 0.9 - 0.1 * state.position[0])
    state = state._replace(speed=state.speed * 2)
    position, speed = state
    return np.sum(position) * speed + Pair(two=x, one=2.0).two[0]


def objects(x):
    body = Body.at_rest(x)
    for _i in range(4):
        body.kick(-body.position - Body.drag * body.velocity, 0.1)
        body.drift(0.1)
    return body.energy() + body.drag


def objects_in_branches(x):
    body = Body(x, x * 2, mass=2.0)
    if x[0] > 0:
        body.kick(x, 0.5)
    else:
        body.velocity *= 3.0
    return body.energy()


def operators(x):
    a, b = Dual(x, 1.0), Dual(np.sin(x), np.cos(x))
    c = a * b + a * -b * a
    return np.sum(c.value) + np.sum(c.slope)


def dataclasses_locally(x):
    trace = Trace()
    trace.add(x[0]).add(x[1] * 2).add(x[0] * x[2])
    kernel = Kernel(0.7, noise=x[0])
    return trace.total * trace.seen[1] + np.sum(kernel(x, x)) * kernel.scale


# ---------------------------------------------------------------- programs: functions
def lambdas(x):
    double = lambda y: y * 2
    return np.sum(double(x) * (lambda a, b=3.0: a * b)(x))  # noqa: PLC3002


def closures(x):
    def scaled(y):
        return y * factor

    factor = x[0]
    first = scaled(x)
    factor = x[1]
    return np.sum(first * scaled(x))


def counters(x):
    count, total = 0, 0.0

    def note(value):
        nonlocal count, total
        count += 1
        total = total + value * count
        return total

    note(x[0])
    before = total
    note(x[1] * x[0])
    for k in range(3):
        note(x[k])
    return total * before + count


def integrate(rule, f, x, *, steps=3, **options):
    for _step in range(steps):
        x = rule(f, x, **options)
    return x


def euler(f, x, dt=0.1):
    return x + dt * f(x)


def midpoint(f, x, dt=0.1):
    return x + dt * f(x + 0.5 * dt * f(x))


def functions_passed(x):
    one = integrate(euler, np.sin, x, dt=0.2)
    two = integrate(midpoint, lambda y: -y * x[0], x, steps=2)
    return np.sum(one * two)


def partials(x):
    step = functools.partial(euler, np.cos, dt=0.3)
    table = {"euler": euler, "midpoint": midpoint}
    return np.sum(step(x) * table["midpoint"](step, x))


def starred(x):
    def total(first, *others, **named):
        result = first * named.get("scale", 1.0)
        for other in others:
            result = result + other * first
        return result, len(others)

    args = [x, x**2]
    value, count = total(*args, 3.0, scale=x[0], unused=1)
    return np.sum(value) * count


def returns_a_dict(x):
    def parts(y):
        return {"value": y * 2, "inner": (y, [y**3])}

    found = parts(x)
    return np.sum(found["value"] * found["inner"][1][0])


def writes_into_its_argument(x):
    def relax(u, k):
        u[1:-1] += k * (u[2:] - 2 * u[1:-1] + u[:-2])

    u = x.copy()
    relax(u, x[0])
    relax(u, 0.2)
    return np.sum(u**2)


# ---------------------------------------------------------------- programs: comprehensions, several sequences at once
def sum_of_squares(x):
    return sum(xi**2 for xi in x)


def nested_comprehension(x):
    return sum([xi * i for i in range(3) for xi in x[i : i + 2] if i > 0])


def list_comprehension(x):
    parts = [np.sin(x[i]) for i in range(4)]
    return sum(parts) * parts[2]


def stacked(x):
    scaled = np.stack([x * k for k in (1.0, 2.0)])
    return np.sum(scaled * np.array([v**2 for v in [x[0], x[1], x[2], x[3]]]))


def dict_comprehension(x):
    found = {key: x * value for key, value in {"a": 1.0, "b": 3.0}.items()}
    return np.sum(found["a"] * found["b"]) if any(v > 2 for v in x) else 0.0 * x[0]


def names_of_their_own(x, n=5):
    i = 2.0
    total = sum(x[0] ** i for i in range(n))
    return total * i + max(x[k] for k in range(4)) + min([x[0], x[2]])


def with_a_start(x):
    return sum((x[i] for i in range(2)), x[3]) if all(x[i] < 9 for i in range(4)) else x[1]


def enumerated(x):
    total = 0.0
    for i, v in enumerate(x):
        total += i * v**2
    return total


def zipped(x):
    total = 0.0
    for a, b in zip(x[:-1], x[1:]):  # noqa: RUF007
        total += a * b
    return total * a


def enumerated_and_zipped(x):
    total = 1.0
    for i, (a, b) in enumerate(zip(x, reversed(x)), start=2):
        if i == 4:
            continue
        total = total + i * a * b**2
    return total


def backwards(x):
    total = 1.0
    for v in reversed(x):
        total = total * 0.5 + v * total
    return total


def structures_enumerated(x):
    total = 0.0
    for i, row in enumerate([x, x * 2, (x**2)]):
        total = total + np.sum(row) * i
    for k, (_name, f) in zip(range(3), {"a": x, "b": x**3}.items()):
        total = total + np.sum(f) * (k + 1)
    return total


def names_rebound_in_the_loop(x):
    for i, v in enumerate(x):
        v = v * 2
        x = x + v
        i = 3
    return np.sum(x) * i


def pairs_of_a_zip(x):
    total = 0.0
    for pair in zip(x, x[::-1]):
        total += pair[0] * pair[1] ** 2
    return total + sum(a * b for a, b in zip(x, x[1:])) + sum(i * v for i, v in enumerate(x))  # noqa: RUF007


LOCAL = [
    sum_of_squares, nested_comprehension, list_comprehension, stacked, dict_comprehension, names_of_their_own,
    with_a_start, enumerated, zipped, enumerated_and_zipped, backwards, structures_enumerated,
    names_rebound_in_the_loop, pairs_of_a_zip,
    tuples, tuple_rebound, tuple_swapped, tuple_in_branches, captured_before_rebinding, lists, list_slices,
    list_of_changing, two_names_of_one_list, list_changed_by_a_callee, dicts, dict_loop, named_tuples, objects,
    objects_in_branches, operators, dataclasses_locally, lambdas, closures, counters, functions_passed, partials,
    starred, returns_a_dict, writes_into_its_argument,
]  # fmt: skip


# ---------------------------------------------------------------- programs: structures as arguments
def network(params, x):
    for W, b in params["layers"]:
        x = np.tanh(x @ W + b)
    return np.sum(x**2) * params["scale"]


def likelihood(kernel, x):
    K = kernel(x, x) + kernel.noise * np.eye(len(x))
    return 0.5 * x @ np.linalg.solve(K, x) + kernel.scale


def moving(body, dt):
    for _i in range(3):
        body.kick(-body.position, dt)
        body.drift(dt)
    return body.energy() * body.mass


def weighted(state, parts):
    a, (b, c) = parts
    return np.sum(state.position * a) * state.speed + b * c[0]


def weights(shape, seed):
    return np.random.default_rng(seed).normal(size=shape)


ARGUMENTS = {
    "network": (
        network,
        lambda: (
            {
                "layers": [(weights((4, 3), 1), weights(3, 2)), (weights((3, 2), 3), weights(2, 4))],
                "scale": 0.5,
                "n": 3,
            },
            weights((5, 4), 5),
        ),
    ),
    "likelihood": (likelihood, lambda: (Kernel(0.7, 0.3), X.copy())),
    "moving": (moving, lambda: (Body(X.copy(), G.copy(), 2.0), 0.1)),
    "weighted": (weighted, lambda: (State(X.copy(), 1.5), (2.0, [3.0, (4.0, 5)]))),
}


# ---------------------------------------------------------------- tests
@pytest.mark.parametrize("program", LOCAL, ids=lambda f: f.__name__)
def test_locals(program: Any) -> None:
    value, gradient = bp.value_and_grad(program)(X.copy())
    expected = differences.gradient(program, (X.copy(),), 0)
    assert value == program(X.copy())
    np.testing.assert_allclose(gradient, expected.value, rtol=1e-6, atol=1e-7)
    direction = np.array([0.3, -0.2, 0.9, 0.4])
    _, tangent = bp.jvp(program, (X.copy(),), (direction,))
    np.testing.assert_allclose(tangent, gradient @ direction, rtol=1e-10)
    _, pullback = bp.vjp(program, X.copy())
    np.testing.assert_array_equal(pullback(1.0), pullback(1.0))
    np.testing.assert_allclose(pullback(1.0), gradient, rtol=1e-12)


def flat(value: Any) -> list[Any]:
    """The floats and arrays in a structure, in order."""
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in flat(item)]
    if isinstance(value, tuple | list):
        return [leaf for item in value for leaf in flat(item)]
    if isinstance(value, Kernel | Body):
        return [leaf for item in vars(value).values() for leaf in flat(item)]
    return [value] if isinstance(value, float | np.ndarray) else []


def moved(value: Any, direction: Any, step: float) -> Any:
    """The structure with its leaves moved by ``step`` times the next of ``direction``."""
    if isinstance(value, dict):
        return {key: moved(item, direction, step) for key, item in value.items()}
    if isinstance(value, list):
        return [moved(item, direction, step) for item in value]
    if isinstance(value, State):
        return State(*(moved(item, direction, step) for item in value))
    if isinstance(value, tuple):
        return tuple(moved(item, direction, step) for item in value)
    if isinstance(value, Kernel | Body):
        made = object.__new__(type(value))
        vars(made).update({key: moved(item, direction, step) for key, item in vars(value).items()})
        return made
    return value + step * next(direction) if flat(value) else value


@pytest.mark.parametrize("name", ARGUMENTS)
def test_arguments(name: str) -> None:
    program, make = ARGUMENTS[name]
    args = make()
    value, gradient = bp.value_and_grad(program)(*args)
    untouched = make()
    assert [np.array_equal(a, b) for a, b in zip(flat(args), flat(untouched), strict=True)].count(False) == 0
    assert value == program(*make())
    assert type(gradient) is type(args[0])
    found, leaves = flat(gradient), flat(args[0])
    assert [np.shape(one) for one in found] == [np.shape(leaf) for leaf in leaves][: len(found)]
    rng = np.random.default_rng(7)
    for _try in range(3):
        direction = [rng.normal(size=np.shape(leaf)) for leaf in leaves]
        ends = [program(moved(make()[0], iter(direction), step), *make()[1:]) for step in (1e-6, -1e-6)]
        expected = (ends[0] - ends[1]) / 2e-6
        slope = sum(np.sum(one * way) for one, way in zip(found, direction, strict=True))
        np.testing.assert_allclose(slope, expected, rtol=1e-6, atol=1e-7)
        _, pullback = bp.vjp(program, *make())
        again = sum(np.sum(one * way) for one, way in zip(flat(pullback(1.0)), direction, strict=True))
        np.testing.assert_allclose(again, slope, rtol=1e-12)
        turned = moved(moved(make()[0], iter(leaves), -1.0), iter(direction), 1.0)
        _, tangent = bp.jvp(program, make(), (turned, *(None for _ in args[1:])))
        np.testing.assert_allclose(tangent, slope, rtol=1e-10)


def test_integers_inside_a_structure_have_no_gradient() -> None:
    gradient = bp.grad(network)(*ARGUMENTS["network"][1]())
    assert gradient["n"] is None
    assert type(gradient["scale"]) is float


def test_every_structure_has_its_own_text() -> None:
    df = bp.grad(network)
    rng = np.random.default_rng(0)
    one = {"layers": [(rng.normal(size=(4, 2)), rng.normal(size=2))], "scale": 1.0}
    assert len(df(one, weights((5, 4), 5))["layers"]) == 1
    assert len(df(ARGUMENTS["network"][1]()[0], weights((5, 4), 5))["layers"]) == 2
    assert len(df.variants) == 2


# ---------------------------------------------------------------- objects that take the place of the last one
@dataclass
class Particle:
    place: Any
    speed: Any
    stiffness: float = 1.5

    def step(self, dt: float) -> Particle:
        return Particle(self.place + dt * self.speed, self.speed - dt * self.stiffness * np.sin(self.place))


def stepped(p: Any, dt: float) -> Particle:
    return Particle(p.place + dt * p.speed, p.speed - dt * p.place**3)


def replaced_by_a_method(x, n):
    p = Particle(x, 0 * x)
    for _ in range(n):
        p = p.step(0.1)
    return np.sum(p.place**2) + np.sum(p.speed)


def replaced_and_changed(x, n):
    p = Particle(x, x * 2)
    for i in range(n):
        p = stepped(p, 0.1)
        p.place = p.place * 1.1 + i
        p = replace(p, speed=p.speed * 0.9)
    return np.sum(p.place * p.speed)


def replaced_in_a_branch(x, n):
    p = Particle(x, x)
    if n > 2:
        p = Particle(x * 2, x**2)
    return np.sum(p.place * p.speed)


def replaced_dict(x, n):
    p = {"a": x, "b": 1.0}
    for _ in range(n):
        p = {"a": p["a"] * 1.1 + p["b"], "b": p["b"] * p["a"][0]}
    return np.sum(p["a"]) * p["b"]


def replaced_crosswise(x, n):
    a, b = Dual(x, 1.0), Dual(x * 2, 0.5)
    for _ in range(n):
        a, b = b, Dual(a.value * 1.1 + b.value, b.slope * x[0])
    return np.sum(a.value * b.value) * a.slope


def added_up(x, n):
    total = Dual(x, 1.0)
    for i in range(n):
        total = total + Dual(x * i, x[0]) * total
    return np.sum(total.value) * np.sum(total.slope)


def kept_in_a_list(x, n):
    p = Particle(x, x)
    seen = []
    for _ in range(n):
        seen.append(p)
        p = stepped(p, 0.1)
        p.place = p.place * 2
    return sum(np.sum(q.place * q.speed) for q in seen)


def while_replaced(x, n):
    p = Particle(x, x)
    while np.sum(p.place) < 20:
        p = p.step(0.5)
    return np.sum(p.place * p.speed)


def tuple_left_early(x, n):
    for a, (b, c) in [(x[0], (x[1], 2)), (x[2], (x[3], 3))]:
        if a > 2:
            return a * b**c
    return x[0]


def even_steps(x, n):
    return x if n == 0 else odd_steps(x * 1.1, n - 1)


def odd_steps(x, n):
    return x * x if n == 0 else even_steps(np.sin(x), n - 1)


def mutual_recursion(x, n):
    return np.sum(even_steps(x, n))


REPLACED = [
    replaced_by_a_method, replaced_and_changed, replaced_in_a_branch, replaced_dict, replaced_crosswise, added_up,
    kept_in_a_list, while_replaced, tuple_left_early,
]  # fmt: skip


@pytest.mark.parametrize("program", REPLACED, ids=lambda f: f.__name__)
def test_objects_that_take_the_place_of_others(program: Any) -> None:
    value, gradient = bp.value_and_grad(program)(X.copy(), 4)
    expected = differences.gradient(lambda x: program(x, 4), (X.copy(),), 0)
    assert value == program(X.copy(), 4)
    np.testing.assert_allclose(gradient, expected.value, rtol=1e-6, atol=1e-7)
    direction = np.array([0.3, -0.2, 0.9, 0.4])
    _, tangent = bp.jvp(program, (X.copy(), 4), (direction, None))
    np.testing.assert_allclose(tangent, gradient @ direction, rtol=1e-10)
    _, pullback = bp.vjp(program, X.copy(), 4)
    np.testing.assert_array_equal(pullback(1.0), pullback(1.0))
    np.testing.assert_allclose(pullback(1.0), gradient, rtol=1e-12)
    df = bp.grad(program)
    bend = differences.slope(lambda x: df(x, 4), (X.copy(),), (direction,))
    _, twice = bp.jvp(df, (X.copy(), 4), (direction, None))
    assert bend.agrees(twice, 1e-6, 1e-7, float(np.max(np.abs(bend.value))) + 1.0)


def test_mutual_recursion() -> None:
    expected = differences.gradient(lambda x: mutual_recursion(x, 5), (X.copy(),), 0)
    np.testing.assert_allclose(bp.grad(mutual_recursion)(X.copy(), 5), expected.value, rtol=1e-7)


def two_names_for_one(x, n):
    p = Particle(x, x)
    before = p
    for _ in range(n):
        before = p
        p = stepped(p, 0.1)
        before.place = before.place * 2
    return np.sum(before.place) + np.sum(p.place)


# ---------------------------------------------------------------- refused
def which_object(x, n):
    a, b = Body(x, x), Body(x * 2, x)
    c = a if n > 0 else b
    c.first = c.first * 2
    return a.energy() + b.energy()


def of_another_length(x, n):
    pair = (x, x)
    if n > 0:
        pair = (x, x, x)
    return np.sum(pair[0])


def bound_in_a_loop_only(x, n):
    for _i in range(n):
        pair = (x, x * 2)
    return np.sum(pair[1])


def one_of_two_objects(x, n):
    a, b = Body(x, x), Body(x * 2, x)
    c = a if n > 0 else b
    return c.energy()


@pytest.mark.parametrize("n", [0, 1])
def test_one_of_two_objects(n: int) -> None:
    assert differences.gradient(one_of_two_objects, (X.copy(), n), 0).agrees(
        bp.grad(one_of_two_objects)(X.copy(), n), 1e-6, 1e-8, 10.0
    )


def test_a_tuple_that_a_loop_binds() -> None:
    assert np.array_equal(bp.grad(bound_in_a_loop_only)(X.copy(), 2), np.full_like(X, 2.0))


@pytest.mark.parametrize("program", [which_object, of_another_length, two_names_for_one])
def test_refused(program: Any) -> None:
    with pytest.raises(bp.BackproseError) as caught:
        bp.grad(program)(X.copy(), 1)
    assert caught.value.where is not None
    assert caught.value.section in ("containers", "objects")


def test_a_tangent_beside_a_default_that_is_an_empty_list() -> None:
    def beside(x, items=[]):
        made = [*items, 2.0 * x]
        return made[0] * x

    assert bp.jvp(beside, (3.0,), (1.0,)) == (18.0, 12.0)
    assert bp.value_and_grad(beside)(3.0) == (18.0, 12.0)


# ---------------------------------------------------------------- results of helpers, ways out, names of attributes
def several(a, b):
    for _ in range(2):
        a = a * b
    c = a + b
    for _ in range(2):
        c = c * 0.5 * b
    return c, a + b, a


def bound_again(x):
    a, b = x, 2 * x
    a, b, c = several(a, b)
    a, b, c = several(a, c)
    return a * b


def unread_results(x):
    p, q, r = several(x, 0.3 * x)
    s, *_ = several(q, x), r
    return p * q + s[1]


def ways_out(x):
    r, n = left_early(x)
    return r * n


def left_early(x):
    if x > 1.6:
        return x * x, 3
    n = 1
    while True:
        if x * n > 2:
            return x * n, n
        if n > 5:
            return x - 1, n + 1
        n += 1
        x = x * 1.1


def by_name(x):
    point = Holder(x, x * x)
    total = 0.0
    for name in ("first", "second"):
        total = total * x + getattr(point, name)
    return total * getattr(point, "third", x)


class Holder:
    def __init__(self, first, second):
        self.first = first
        self.second = second


def optional(x, given):
    total = x
    history = []
    for one in given:
        total = total * 1.5
        if one is None:
            history.append(total)
            continue
        total = total * one
        history.append(total * x)
    return sum(a * b for a, b in zip(history[:-1], history[1:]))  # noqa: RUF007


@pytest.mark.parametrize("function", [bound_again, unread_results, ways_out, by_name], ids=lambda one: one.__name__)
def test_results_and_names(function) -> None:
    for at in (1.8, 1.3, 0.9, 0.2):
        slope = (function(at + 1e-6) - function(at - 1e-6)) / 2e-6
        value, gradient = bp.value_and_grad(function)(at)
        assert value == function(at)
        assert gradient == pytest.approx(slope, rel=1e-6)
        assert bp.jvp(function, (at,), (1.0,)) == (value, pytest.approx(slope, rel=1e-6))


@pytest.mark.parametrize("given", [[0.7, 1.2], [None, 0.7], [1.1, None, 0.6, None], [None, None]])
def test_items_that_may_be_none(given) -> None:
    slope = (optional(1.3 + 1e-6, given) - optional(1.3 - 1e-6, given)) / 2e-6
    assert bp.grad(optional)(1.3, given) == pytest.approx(slope, rel=1e-6)
    if given != [None, None]:
        gradient = bp.grad(optional, wrt="given")(1.3, given)
        slopes = [None if one is None else slope_of(given, k) for k, one in enumerate(given)]
        assert gradient == [None if one is None else pytest.approx(one, rel=1e-6) for one in slopes]


def slope_of(given, k):
    def moved(step):
        return optional(1.3, [one + step * (i == k) if one is not None else None for i, one in enumerate(given)])

    return (moved(1e-6) - moved(-1e-6)) / 2e-6


# ---------------------------------------------------------------- stars and map
def star_of_vector(x):
    v = x[0]
    a, b, *c = v
    first, *middle, last = v[::-1]
    return a * b + sum(c) + np.sum(np.array(c) ** 2) + first * last * len(middle) + sum(middle) * a


def star_of_rows(x):
    first, *rest = x
    total = np.sum(first)
    for row in rest:
        total = total + np.sum(row * row)
    return total


def star_bound_again(x):
    x = x * 2
    first, *x = x
    return np.sum(first) * sum(np.sum(row) for row in x) + np.sum(first * first)


def star_in_a_loop(x):
    total = 0.0
    for row in x:
        head, *tail = row
        total = total + head * len(tail) + sum(tail) * head
    return total


def star_of_a_list(x):
    rows = [row * 2 for row in x]
    first, *rest = rows
    rest.append(first * 3)
    return sum(np.sum(row * row) for row in rest)


def maps(x):
    v = x[-1]
    total = 0.0
    for one in map(lambda one: one * v[0], v):  # noqa: C417
        total = total + one
    total = total + sum(map(lambda a, b: a * b, v, x[0])) + max(map(np.cos, v))
    return total + sum(map(lambda v: np.sin(v) * x[0, 0], v)) + np.sum(np.array(list(map(np.sin, v))))  # noqa: C417


def dict_in_a_loop(x):
    total = 0.0
    parts = {"a": x[0, 0], "b": np.sin(x)}
    for i in range(3):
        for part in parts.values():
            total = total + np.mean(part) * i
            if total > 5:
                continue
            total = total * 1.1
    return total


STARS = [
    star_of_vector, star_of_rows, star_bound_again, star_in_a_loop, star_of_a_list, maps, dict_in_a_loop,
]  # fmt: skip


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("function", STARS, ids=lambda one: one.__name__)
def test_stars_and_map(function, rows: int) -> None:
    x = np.array([[0.5, 1.2, -0.4], [-0.7, 0.9, 0.2], [0.3, 0.8, 1.1]])[:rows]
    kept = x.copy()
    value, gradient = bp.value_and_grad(function)(x)
    assert value == function(x)
    assert np.array_equal(x, kept)
    way = np.arange(1.0, 1 + x.size).reshape(x.shape)
    slope = (function(x + 1e-6 * way) - function(x - 1e-6 * way)) / 2e-6
    assert np.sum(gradient * way) == pytest.approx(slope, rel=1e-6)
    assert bp.jvp(function, (x,), (way,)) == (value, pytest.approx(slope, rel=1e-6))


def test_nothing_for_the_star() -> None:
    x = np.array([[0.5, 0.8]])
    assert bp.grad(star_of_vector)(x) == pytest.approx(np.array([[0.8, 0.5]]))


def test_too_few_values_for_the_names() -> None:
    def taken(x):
        a, b, c, *_rest = x
        return a * b * c

    with pytest.raises(ValueError, match="there are not 3 values"):
        bp.grad(taken)(np.array([0.5, 0.8]))


# ---------------------------------------------------------------- *args and **kwargs of the function itself
def starred_itself(x, *weights, scale=2.0, **options):
    total = x
    for weight in weights:
        total = total * weight + x
    for key, value in options.items():
        total = total + value * x if key != "power" else total**value
    return total * scale * len(weights)


def test_arguments_without_parameters_of_their_own() -> None:
    def at(x, a, b, c):
        return starred_itself(x, a, b, scale=3.0, rate=c)

    slopes = [
        (at(*(v + 1e-6 * (i == k) for i, v in enumerate((1.5, 0.7, 1.2, 0.4)))) - at(1.5, 0.7, 1.2, 0.4)) / 1e-6
        for k in range(4)
    ]
    wrt = ("x", "weights", "options")
    value, (x_bar, weights_bar, options_bar) = bp.value_and_grad(starred_itself, wrt=wrt)(
        1.5, 0.7, 1.2, scale=3.0, rate=0.4
    )
    assert value == at(1.5, 0.7, 1.2, 0.4)
    assert (x_bar, *weights_bar, options_bar["rate"]) == pytest.approx(slopes, rel=1e-4)
    _, tangent = bp.jvp(starred_itself, (1.5, 0.7, 1.2), (None, None, 2.0), kwargs={"scale": 3.0, "rate": 0.4})
    assert tangent == pytest.approx(2 * slopes[2], rel=1e-4)
    assert bp.grad(starred_itself)(1.5, 0.7) == pytest.approx(3.4)
    assert bp.grad(starred_itself)(1.5) == 0.0
    assert bp.grad(starred_itself)(1.5, 0.7, power=2) == pytest.approx(2 * 2 * 1.5 * 1.7**2)
    assert bp.grad(bp.grad(starred_itself))(1.5, 0.7, power=2) == pytest.approx(2 * 2 * 1.7**2)


def counted_dict(x):
    return sum({k: np.sin(v) * x[0, 0] for k, v in enumerate(x[0])}.values())


def test_values_of_a_counted_dict() -> None:
    x = np.array([[0.5, 1.2, -0.4]])
    assert bp.grad(counted_dict)(x) == pytest.approx(
        np.array([[np.sum(np.sin(x)) + 0.5 * np.cos(0.5), 0.5 * np.cos(1.2), 0.5 * np.cos(0.4)]])
    )


# ---------------------------------------------------------------- loops over attributes and dicts
def loop_over_an_attribute(x):
    held = Holder(x[0], [x[0], 2 * x[-1]])
    total = 0.0
    for one in held.first:
        held.first = held.first * 0.5
        total = total + one * np.sum(held.first)
    for row in held.second:
        total = total + np.sum(row * row)
    return total + sum(one * one for one in held.first)


def test_loop_over_an_attribute() -> None:
    x = np.array([[0.5, 1.2, -0.4], [-0.7, 0.9, 0.2]])
    way = np.arange(1.0, 7.0).reshape(2, 3)
    slope = (loop_over_an_attribute(x + 1e-6 * way) - loop_over_an_attribute(x - 1e-6 * way)) / 2e-6
    value, gradient = bp.value_and_grad(loop_over_an_attribute)(x)
    assert value == loop_over_an_attribute(x)
    assert np.sum(gradient * way) == pytest.approx(slope, rel=1e-6)
    assert bp.jvp(loop_over_an_attribute, (x,), (way,)) == (value, pytest.approx(slope, rel=1e-6))


def test_a_loop_over_a_dict_takes_its_keys() -> None:
    def keys(x, table):
        total = 0.0
        for key in table:
            total = total + key * x
        return total

    def viewed(x, table):
        total = 0.0
        for key in table.keys():
            total = total + key * table[key] * x
        return total

    assert bp.grad(keys)(1.5, {0: 5.0, 1: 2.0}) == 1.0
    assert bp.grad(viewed)(1.5, {0: 5.0, 1: 2.0}) == 2.0


# ---------------------------------------------------------------- inheritance, items, operators in place
class Rate:
    def __init__(self, k: Any) -> None:
        self.k = k

    def at(self, t: Any) -> Any:
        return self.k * t

    @property
    def double(self) -> Any:
        return 2 * self.k


class Shifted(Rate):
    def __init__(self, k: Any, shift: Any) -> None:
        super().__init__(k)
        self.shift = shift

    def at(self, t: Any) -> Any:
        return super().at(t) + self.shift

    @property
    def double(self) -> Any:
        return super().double * self.shift


class Squared(Shifted):
    def at(self, t: Any) -> Any:
        return super().at(t) ** 2


class Cells:
    def __init__(self, n: int) -> None:
        super().__init__()
        self.values = np.zeros((n, n))

    def __getitem__(self, place: Any) -> Any:
        return self.values[place]

    def __setitem__(self, place: Any, value: Any) -> None:
        self.values[place] = value


class Point:
    def __init__(self, a: Any, b: Any) -> None:
        self.a, self.b = a, b

    def __iadd__(self, other: Any) -> Any:
        self.a += other.a
        self.b += other.b
        return self


class Warm:
    def __init__(self, kelvin: Any) -> None:
        self._kelvin = kelvin

    @property
    def celsius(self) -> Any:
        return self._kelvin - 273.0

    @celsius.setter
    def celsius(self, value: Any) -> None:
        self._kelvin = value + 273.0


def inherits(x: Any) -> Any:
    one = Squared(x[0], x[1])
    return one.at(x[2]) * one.double


def sets_items(x: Any, n: int) -> Any:
    cells = Cells(n)
    for i in range(n):
        for j in range(n):
            cells[i, j] = x[i] * x[j]
            cells[i, j] += x[i]
    cells[0] *= 2.0
    return cells[0, 1] * cells[1, 0] + np.sum(cells[1:])


def adds_in_place(x: Any) -> Any:
    one = Point(x[0], x[1])
    same, other = one, Point(x[2], x[3])
    one += other
    points = {"p": one}
    points["p"] += other
    return same.a * one.b


def changes_a_property(x: Any) -> Any:
    warm = Warm(x[0] * 300.0)
    warm.celsius += x[1]
    warm.celsius *= 2.0
    return warm._kelvin


@pytest.mark.parametrize("function", [inherits, sets_items, adds_in_place, changes_a_property])
def test_classes(function: Any) -> None:
    args = (X, 3)[: function.__code__.co_argcount]
    outcome = check_function(function, args, "x")
    assert outcome.kind == "right", outcome.detail


class Grid:
    def __init__(self, u):
        self.u = u
        self.inner = u[1:-1]


def written_twice_in_a_dict(p):
    p["a"][0] = 3.0
    return np.sum(p["b"] ** 2) + p["a"][1]


def written_in_a_list(p):
    p[0][1] *= 3.0
    return sum(np.sum(v**2) for v in p)


def written_through_an_object(grid):
    grid.inner *= 2.0
    return np.sum(grid.u**2)


def test_parts_that_share_memory() -> None:
    """A part of an argument that is written into, of which another part shows the memory: refused, as for arguments."""
    x = np.arange(4.0)
    cases = [
        (written_twice_in_a_dict, {"a": x, "b": x}), (written_in_a_list, [x, x[1:]]),
        (written_through_an_object, Grid(x)),
    ]  # fmt: skip
    for function, argument in cases:
        with pytest.raises(bp.BackproseError, match="shares memory with"):
            bp.grad(function)(argument)
    gradient = bp.grad(written_twice_in_a_dict)({"a": x, "b": x.copy()})
    assert gradient["a"].tolist() == [0, 1, 0, 0]


class Held:
    def __init__(self, v: Any) -> None:
        self.v = v


def grown_in_the_else(x, n):
    items = [1.0, 2.0]
    for i in range(n):
        items[0], items[1] = items[1] * x, items[0]
        if i == 2:
            break
    else:
        items.append(x)
    return items[0] + items[1] * len(items)


def bound_anew_in_the_else(x, n):
    items = [x, 0.0]
    for i in range(3):
        if i == n:
            items[1] = x
            break
    else:
        items = [2 * x, 3 * x]
    return items[0] + 10 * items[1]


def object_of_the_else(x, n):
    held = Held(x)
    for i in range(3):
        if i == n:
            break
        held.v = held.v * 2
    else:
        held = Held(7 * x)
    return held.v


@pytest.mark.parametrize("n", [1, 3, 5])
@pytest.mark.parametrize("function", [grown_in_the_else, bound_anew_in_the_else, object_of_the_else])
def test_else_of_a_loop_that_is_left(function: Callable[..., Any], n: int) -> None:
    outcome = check_function(function, (0.7, n), ("x",))
    assert outcome.kind == "right", outcome.detail


def taken_apart_as_rows(A, b):
    total = 0.0
    for x, y in A:
        total += x * y
    c, s = b / 2.0
    (p, q), r = A * 2.0, A[1, 1]
    u, v = A.T
    return total * c + s * p[0] * q[1] * r + np.sum(u * v)


def test_expressions_taken_apart() -> None:
    outcome = check_function(taken_apart_as_rows, (np.array([[0.3, 0.4], [0.5, 0.7]]), G[:2]), ("A", "b"))
    assert outcome.kind == "right", outcome.detail
