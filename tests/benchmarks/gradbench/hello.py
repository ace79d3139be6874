"""``hello``: the square of a number, and its derivative."""

from typing import Any

import backprose as bp
from tests.benchmarks.gradbench.function import Function


def square(x):
    return x * x


double = bp.grad(square)


def read(given: Any) -> tuple[Any, ...]:
    return (float(given),)


FUNCTIONS = {"square": Function(square, read), "double": Function(double, read)}


def sample() -> float:
    return 1.5
