"""What a call of a derivative costs beside a call of the function written by hand.

The functions of numbers do a few additions: what is left of their time is the look-up of the text and the checks of
what it took for granted, of the arguments and of the globals that it reads.
"""

from __future__ import annotations

import contextlib
import functools
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

import numpy as np

import backprose as bp
from tests.benchmarks.bounds import Bound, each_at_most
from tests.benchmarks.fresh import fresh_module
from tests.benchmarks.timing import interleaved

ARGUMENTS, GLOBALS = (1, 2, 4), (0, 1, 3)
BASE, EACH = 1.5e-6, 0.3e-6  # seconds; the second for each argument and each checked global
KIND_COLUMNS = ("function", "arguments", "checked bindings", "specialised", "gradient", "beyond specialised", "asked")
COLUMNS = ("arguments", "checked globals", "by hand", "gradient", "beyond by hand", "asked", "specialised, beyond")
NOISE = 0.05e-6  # seconds, of the difference of two calls


@dataclass(frozen=True)
class Overhead:
    """Seconds of a call: by hand, and what the derivative and the specialised function take beyond it."""

    arguments: int
    checked: int
    by_hand: float
    cached: float
    specialised: float

    @property
    def asked(self) -> float:
        return BASE + EACH * (self.arguments + self.checked)

    def row(self) -> list[str]:
        seconds = self.by_hand, self.by_hand + self.cached, self.cached, self.asked, self.specialised
        return [str(self.arguments), str(self.checked), *(f"{1e6 * one:.2f} us" for one in seconds)]


def text_of(arguments: int, checked: int) -> str:
    """A function of numbers, and its derivative w.r.t. the first one by hand.

    >>> print(text_of(2, 1), end="")
    K0 = 0.5
    <BLANKLINE>
    <BLANKLINE>
    def primal(x0, x1):
        return x0 * (x0 + x1 + K0)
    <BLANKLINE>
    <BLANKLINE>
    def by_hand(x0, x1):
        return 2 * x0 + x1 + K0
    """
    names = [f"x{k}" for k in range(arguments)]
    constants = [f"K{k}" for k in range(checked)]
    heads = [f"{name} = 0.5\n" for name in constants]
    after = ["2 * x0", *names[1:], *constants]
    return (
        "".join(heads)
        + ("\n\n" if heads else "")
        + f"""\
def primal({", ".join(names)}):
    return x0 * ({" + ".join([*names, *constants])})


def by_hand({", ".join(names)}):
    return {" + ".join(after)}
"""
    )


def of_an_array(x):
    return np.sum(x**2)


def of_arrays(x, w, y):
    return np.sum(w * (x - y) ** 2)


def with_a_loop(x, n):
    for _ in range(n):
        x = 0.5 * x * x
    return np.sum(x)


def squared(x):
    return x**2


def with_a_helper(x):
    return np.sum(squared(x))


def writing(x):
    """Into its argument."""
    x[0] = 0.0
    return np.sum(x**2)


KINDS: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {
    "of an array": (of_an_array, (np.ones(8),)),
    "of three arrays": (of_arrays, (np.ones(8), np.ones(8), np.zeros(8))),
    "with a loop": (with_a_loop, (np.ones(8), 2)),
    "with a helper": (with_a_helper, (np.ones(8),)),
    "writes into its argument": (writing, (np.ones(8),)),
}


@dataclass(frozen=True)
class KindOverhead:
    """Seconds of a call of the specialised function, and what the derivative takes beyond it."""

    kind: str
    arguments: int
    guards: int
    specialised: float
    cached: float

    @property
    def asked(self) -> float:
        return BASE + EACH * (self.arguments + self.guards)

    def row(self) -> list[str]:
        seconds = self.specialised, self.specialised + self.cached, self.cached, self.asked
        return [self.kind, str(self.arguments), str(self.guards), *(f"{1e6 * one:.2f} us" for one in seconds)]


def of_kinds(rounds: int) -> list[KindOverhead]:
    found = []
    for kind, (function, args) in KINDS.items():
        gradient = bp.grad(function)
        bare = gradient.specialise(*args)
        calls = {"gradient": functools.partial(gradient, *args), "specialised": functools.partial(bare, *args)}
        seconds = interleaved(calls, rounds)
        (variant,) = gradient.variants
        beyond = statistics.median(a - b for a, b in zip(seconds["gradient"], seconds["specialised"], strict=True))
        specialised = statistics.median(seconds["specialised"])
        found.append(KindOverhead(kind, len(args), len(variant.guards), specialised, beyond))
    return found


@contextlib.contextmanager
def fresh(arguments: int, checked: int) -> Iterator[ModuleType]:
    with fresh_module("overhead", text_of(arguments, checked)) as module:
        yield module


def overheads(rounds: int) -> list[Overhead]:
    return [measured(arguments, checked, rounds) for arguments in ARGUMENTS for checked in GLOBALS]


def measured(arguments: int, checked: int, rounds: int) -> Overhead:
    with fresh(arguments, checked) as module:
        args = (0.5, 1.5, 2.5, 3.5)[:arguments]
        gradient = bp.grad(module.primal)
        calls = {
            "by hand": functools.partial(module.by_hand, *args),
            "gradient": functools.partial(gradient, *args),
            "specialised": functools.partial(gradient.specialise(*args), *args),
        }
        seconds = interleaved(calls, rounds)

    def beyond(name: str) -> float:
        return statistics.median(a - b for a, b in zip(seconds[name], seconds["by hand"], strict=True))

    return Overhead(
        arguments, checked, statistics.median(seconds["by hand"]), beyond("gradient"), beyond("specialised")
    )


def fit(found: list[Overhead]) -> tuple[float, float]:
    """The ``a`` and ``b`` of ``a + b * (arguments + checked globals)`` that come closest, in seconds."""
    counts = np.array([[1, one.arguments + one.checked] for one in found], float)
    a, b = np.linalg.lstsq(counts, np.array([one.cached for one in found]), rcond=None)[0]
    return float(a), float(b)


def bounds(found: list[Overhead], kinds: list[KindOverhead]) -> list[Bound]:
    """Shares of what is asked; of a specialised call microseconds."""
    asked = f"at most {1e6 * BASE:g} us and {1e6 * EACH:g} us for each argument and checked binding"
    numbers = {f"{one.arguments} arguments, {one.checked} globals": one.cached / one.asked for one in found}
    others = {one.kind: one.cached / one.asked for one in kinds}
    specialised = 1e6 * max(one.specialised for one in found)
    return [
        replace(each_at_most("overhead of a call, share of what is asked", 1.0, numbers), asked=asked),
        replace(each_at_most("the same, other kinds of functions", 1.0, others), asked="the same"),
        Bound("overhead of a specialised call, us, worst", "none", specialised, specialised <= 1e6 * NOISE),
    ]
