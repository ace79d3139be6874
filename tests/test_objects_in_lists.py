"""Objects and dicts in lists of a length that is not known, which change there: right, or refused."""

from __future__ import annotations

import copy
import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests.fuzz.run import check_function

XS = np.array([0.5, 1.03, 2.17])
VS = np.array([1.0, -0.73, -1.5])


class Ball:
    def __init__(self, x: Any, v: Any, m: Any = 1.0) -> None:
        self.x, self.v, self.m, self.hits = x, v, m, 0

    @property
    def momentum(self) -> Any:
        return self.m * self.v

    @momentum.setter
    def momentum(self, value: Any) -> None:
        self.v = value / self.m

    def energy(self) -> Any:
        return 0.5 * self.m * self.v**2

    def move(self, dt: float) -> None:
        self.x += dt * self.v
        if self.x < 0:
            self.x = -self.x
            self.v *= -0.9
            self.hits += 1


class World:
    def __init__(self, balls: Any) -> None:
        self.balls, self.time = balls, 0.0

    def step(self, dt: float) -> None:
        for ball in self.balls:
            ball.move(dt)
        for i, a in enumerate(self.balls):
            for b in self.balls[i + 1 :]:
                force = 0.1 * (b.x - a.x)
                a.v += force
                b.v -= force
                if a.x > b.x:
                    a.x, b.x = b.x, a.x
                    a.hits += 1
        self.time += dt


def made(xs: Any, by: float = 1.0) -> Any:
    return [Ball(by * x, v) for x, v in zip(xs, VS)]


def world(xs: Any) -> Any:
    world = World(made(xs))
    for _ in range(6):
        world.step(0.1)
    print([ball.hits for ball in world.balls], len(world.balls))
    return sum(ball.energy() for ball in world.balls) + world.balls[0].x * world.time * world.balls[-1].x


def appended(xs: Any) -> Any:
    balls = []
    for i in range(len(xs)):
        balls.append(Ball(xs[i], VS[i]))  # noqa: PERF401  that is what is tested
    last = balls[-1]
    balls.append(Ball(1.0, 1.0))
    last.x = last.x * 3
    for ball in balls:
        ball.momentum = ball.momentum + ball.x
    return sum(ball.v * ball.x * (i + 1) for i, ball in enumerate(balls))


def by_identity(xs: Any) -> Any:
    balls = made(xs)
    for _ in range(3):
        for a in balls:
            for b in balls:
                if a is not b:
                    a.v += 0.1 * (b.x - a.x) / (1.0 + (b.x - a.x) ** 2)
        for ball in balls:
            ball.x = ball.x + 0.1 * ball.v
    return sum(ball.x**2 for ball in balls)


def two_names(xs: Any) -> Any:
    balls = made(xs)
    first, again = balls[0], balls[0]
    first.x *= 2.0
    held = [again, first]
    again.x += first.x**2
    return held[0].x * balls[0].x + balls[1].x


def two_lists(xs: Any) -> Any:
    one, other = made(xs), made(xs, 2.0)
    for a, b in zip(one, other):
        a.x += b.x
        b.x *= a.x
    return one[0].x * other[1].x


def dicts(xs: Any) -> Any:
    points = [{"x": x, "v": 0.0} for x in xs]
    for _ in range(3):
        for point in points:
            point["v"] -= 0.1 * point["x"]
            point["x"] += point["v"]
    return sum(point["x"] ** 2 for point in points)


def while_loop(xs: Any) -> Any:
    balls, i = made(xs), 0
    while i < len(balls):
        ball = balls[i]
        i += 1
        ball.x = ball.x * i
        if ball.x > 3.0:
            break
        ball.v = ball.x + ball.v
    return sum(ball.x * ball.v for ball in balls)


def handed_on(xs: Any) -> Any:
    def kicked(ball: Any, by: Any) -> Any:
        ball.v += by
        return ball

    balls = made(xs)
    for ball in balls:
        kicked(ball, ball.x).x *= 2.0
    for a, b in zip(balls[:-1], balls[1:]):  # noqa: RUF007
        b.x += a.x * a.v
    return sum(ball.x * ball.v for ball in balls)


def arrays(rows: Any) -> Any:
    bodies = [Ball(row.copy(), np.zeros(3)) for row in rows]
    for _ in range(3):
        for body in bodies:
            body.x = body.x + 0.1 * body.v
            for other in bodies:
                if other is body:
                    continue
                apart = other.x - body.x
                body.v = body.v + apart / (np.sum(apart**2) + 0.1)
    return sum(np.sum(body.x**2) for body in bodies)


@dataclass
class Point:
    x: Any
    v: float = 0.5


def taken_from_objects(xs: Any) -> Any:
    """What is made of an object keeps what it was."""
    points = [Point(x) for x in xs]
    for point in points:
        point.x *= 2.0
    named, plain = dataclasses.asdict(points[0]), dataclasses.astuple(points[1])
    new, old = dataclasses.replace(points[2], v=2.0), copy.copy(points[0])
    kept, equal = [points[0].x, (points[1].x, points[2].x)], sum(1 for a in points for b in points if a == b)
    total = 0.0
    for value in vars(points[0]).values():
        points[0].x = 7.0
        total += value
    for point in points:
        point.x = point.x**2
    return named["x"] + plain[0] * new.x + old.x * kept[0] * kept[1][1] + equal * total * points[1].x


def taken_from_dicts(xs: Any) -> Any:
    def emptied(point: Any) -> float:
        point["x"] = 0.0
        return 1.0

    points = [{"x": x, "v": 0.5} for x in xs]
    for point in points:
        point["x"] *= 2.0
    one, other, more = points[0].copy(), dict(points[1]), {**points[2], "v": 3.0}
    values, joined, items = list(points[0].values()), points[1] | {"w": 1.0}, list(points[2].items())
    before, by = points[0].copy(), emptied(points[0])
    pair = points[1]["x"], emptied(points[1])
    for point in points:
        point["x"] *= 3.0
    made = one["x"] * other["x"] + more["x"] * more["v"] + values[0] + joined["x"] + items[0][1]  # type: ignore[operator]
    return made + before["x"] * by + pair[0]


RIGHT = [
    taken_from_objects,
    taken_from_dicts,
    world,
    appended,
    by_identity,
    two_names,
    two_lists,
    dicts,
    while_loop,
    handed_on,
]


@pytest.mark.parametrize("function", RIGHT)
def test_right(function: Any) -> None:
    outcome = check_function(function, (XS,), "xs")
    assert outcome.kind == "right", outcome.detail


def test_right_with_arrays() -> None:
    outcome = check_function(arrays, (np.arange(6.0).reshape(2, 3) * 0.7 + 0.3,), "rows")
    assert outcome.kind == "right", outcome.detail


# ---------------------------------------------------------------- the object is seen elsewhere too
def other_name(xs: Any) -> Any:
    one = Ball(xs[0], 1.0)
    balls = [one]
    for x in xs:
        balls.append(Ball(x, 2.0))  # noqa: PERF401
    for ball in balls:
        ball.x *= 2
    return one.x + balls[1].x


def chosen(xs: Any) -> Any:
    balls = made(xs)
    for ball in balls:
        ball.x *= 2
    best = max(balls, key=lambda ball: ball.x)
    best.x *= 3
    return sum(ball.x for ball in balls)


def kept_from_the_last_turn(xs: Any) -> Any:
    balls = made(xs)
    before = balls[0]
    for ball in balls:
        ball.x += before.x
        before = ball
    return before.x


def kept_list(xs: Any) -> Any:
    keep: Any = []
    for k in range(2):
        balls = made(xs, k + 1.0)
        if k == 0:
            keep = balls
        for ball in balls:
            ball.x *= 2
    keep[0].x *= 3
    return keep[0].x + balls[0].x


def same_twice(xs: Any) -> Any:
    one = Ball(xs[0], 1.0)
    balls = []
    for _ in xs:
        balls.append(one)  # noqa: PERF401
    for ball in balls:
        ball.x *= 2
    return balls[0].x


def copied_list(xs: Any) -> Any:
    balls = made(xs)
    others = list(balls)
    for ball in balls:
        ball.x *= 2
    return others[0].x


def filtered(xs: Any) -> Any:
    balls = made(xs)
    fast = [ball for ball in balls if ball.v > 0]
    for ball in fast:
        ball.x *= 2
    return sum(ball.x for ball in balls)


def put_in_another_place(xs: Any) -> Any:
    balls = made(xs)
    first = balls[0]
    balls[0] = Ball(1.0, 2.0)
    first.x *= 2
    for ball in balls:
        ball.x *= 3
    return first.x + balls[0].x


def new_attribute(xs: Any) -> Any:
    balls = made(xs)
    for ball in balls:
        ball.x *= 2
        ball.kind = ball.x  # type: ignore[attr-defined]
    return sum(ball.kind for ball in balls)


SHARED = [
    other_name, chosen, kept_from_the_last_turn, kept_list, same_twice, copied_list, filtered, put_in_another_place,
    new_attribute,
]  # fmt: skip


@pytest.mark.parametrize("function", SHARED)
def test_right_or_refused(function: Any) -> None:
    outcome = check_function(function, (XS,), "xs")
    assert outcome.kind in ("right", "refused"), outcome.detail


def test_hessian_of_a_world() -> None:
    def gradient(xs: Any) -> Any:
        return bp.grad(by_identity)(xs)

    direction = np.array([0.3, -0.2, 0.5])
    found = bp.hvp(by_identity)(XS, direction)
    step = 1e-6
    expected = (gradient(XS + step * direction) - gradient(XS - step * direction)) / (2 * step)
    assert found == pytest.approx(expected, rel=1e-6)
