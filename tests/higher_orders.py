"""Derivatives of derivatives of the test programs, in every nesting of the modes, against differences and each other.

``R`` stands for reverse mode, ``F`` for forward mode, the inner one first: ``RF`` is forward over reverse.
``python -m tests.higher_orders [--orders 123] [NAME ...]`` tries all programs, or those named.
"""

from __future__ import annotations

import argparse
import itertools
import linecache
import sys
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import FunctionType
from typing import Any

import numpy as np

import backprose as bp
from backprose import structures
from backprose.arguments import conform
from backprose.ir.types import UNKNOWN
from backprose.orders import tangent_names
from backprose.variants import shared_variants
from tests import differences
from tests.checks import is_guard, masked, tangents_of
from tests.corpus import GoldenProgram, load, names_in

# at its other points a stock of exactly 0 has a power of 1.5: its second derivative is inf, and inf times 0 is nan
POINTS = {"inventory": 0}
FOLDERS = ("golden", "programs", "constructs")
NESTINGS = {order: tuple("".join(modes) for modes in itertools.product("RF", repeat=order)) for order in (1, 2, 3)}


@dataclass(frozen=True)
class Level:
    """A derivative along some directions: the inner product of ``weights`` with the result of an emitted function."""

    function: Any
    names: tuple[str, ...]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]  # the tangents of the levels below
    weights: Any = 1.0

    def value(self, args: tuple[Any, ...]) -> float:
        return differences.inner(self.function(*differences.fresh(args), **self.kwargs), self.weights)

    @cached_property
    def result(self) -> Any:
        return self.function(*differences.fresh(self.args), **self.kwargs)

    # ------------------------------------------------------------ one order more, as emitted source
    def deeper(self, mode: str, way: Way) -> Level:
        return self._by_reverse(way) if mode == "R" else self._by_forward(way)

    def _by_forward(self, way: Way) -> Level:
        variants = shared_variants(self.function, "forward", self.names, single=False)
        variant = variants.find(self.args, self.kwargs)
        seeds: list[Any] = []
        for name, tangent, given in zip(self.names, way.moving, way.given, strict=True):
            known = variant.derived.types.get(name, UNKNOWN)
            if known.is_structure or known.item is not None:
                pairs = zip(structures.leaves(tangent, known), structures.leaves(given, known), strict=True)
                seeds += [conform(one, leaf, name) for one, leaf in pairs]
            else:
                seeds.append(conform(tangent, given, name))
        tangents = dict(zip(tangent_names(variant), seeds, strict=False))  # those of the levels below come last
        added = {name: tangents[name] for name in tangents if name not in self.kwargs}
        return replace(self, function=variant.function, kwargs={**self.kwargs, **added}, weights=(None, self.weights))

    def _by_reverse(self, way: Way) -> Level:
        plain = isinstance(self.weights, float) and not np.iscomplexobj(self.result)
        function = self.function if plain else self._weighed()
        gradient = bp.grad(function, wrt=self.names).specialise(*self.args, **self.kwargs)
        return replace(self, function=gradient, weights=way.directions)

    def _weighed(self) -> Any:
        """The inner product as a function, so that it has a gradient. It sees the same globals."""
        level = len(linecache.cache)  # each name means one thing in all levels
        free: dict[str, Any] = {"np": np, f"inner_{level}": self.function}
        terms = []
        for k, (path, weight) in enumerate(paths(self.weights)):
            free[f"w{k}_{level}"] = weight
            terms.append(f"np.sum(found{path} * w{k}_{level})")
        own = parameters(self.function)[: len(self.args)]
        head = ", ".join([*own, *self.kwargs])
        passed = ", ".join([*own, *(f"{name}={name}" for name in self.kwargs)])
        total = " + ".join(terms)
        source = (
            f"def factory({', '.join(free)}):\n"
            f"    def weighed({head}):\n"
            f"        found = inner_{level}({passed})\n"
            f"        return np.real({total})\n"
            f"    return weighed\n"
        )
        file = f"<weighed {level}>"
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
        space: dict[str, Any] = {}
        exec(compile(source, file, "exec"), space)
        return FunctionType(space["factory"].__code__, self.function.__globals__)(**free)

    # ------------------------------------------------------------ one order more, through the transforms of users
    def slope(self, mode: str, way: Way) -> float:
        args = differences.fresh(self.args)
        if mode == "F":
            _, tangent = bp.jvp(self.function, args, way.tangents, kwargs=self.kwargs)
            return differences.inner(tangent, self.weights)
        _, pullback = bp.vjp(self.function, *args, wrt=self.names, kwargs=self.kwargs)
        return differences.inner(pullback(seed_like(self.result, self.weights)), way.directions)


def seed_like(result: Any, weights: Any) -> Any:
    """The weights in the form of the result, 0 where it has none."""
    inner, ways = differences.parts(result), differences.parts(weights)
    if inner is not None:
        made = {key: seed_like(part, None if ways is None else ways[key]) for key, part in inner.items()}
        return differences.rebuilt(result, made)
    if not differences.is_inexact(result):
        return None
    return 0 * result if weights is None else 0 * result + weights


def paths(weights: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The leaves of a tree that have a weight, and how they are read."""
    inner = differences.parts(weights)
    if inner is None:
        if weights is not None:
            yield path, weights
        return
    for key, part in inner.items():
        yield from paths(part, f"{path}.{key}" if differences.is_object(weights) else f"{path}[{key!r}]")


def parameters(function: Any) -> tuple[str, ...]:
    return function.__code__.co_varnames[: function.__code__.co_argcount]  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Way:
    """A direction in which the arguments move: ``whole`` beside all of them, the others beside those of ``wrt``."""

    whole: list[Any]
    tangents: tuple[Any, ...]
    directions: tuple[Any, ...]
    moving: tuple[Any, ...]
    given: tuple[Any, ...]


def way_of(program: GoldenProgram, args: tuple[Any, ...], rng: np.random.Generator) -> Way:
    whole = masked(program, differences.random_direction(args, rng))
    tangents = tangents_of(args, whole)
    tangents = tuple(one if k in program.positions else None for k, one in enumerate(tangents))
    picked = [tuple(tree[k] for k in program.positions) for tree in (whole, tangents, args)]
    return Way(whole, tangents, picked[0], picked[1], picked[2])


# ---------------------------------------------------------------- the check
def point_of(program: GoldenProgram) -> tuple[Any, ...]:
    """Where the program is differentiated."""
    others = getattr(program.module, "MORE", ())
    return differences.in_double(others[POINTS[program.name]] if program.name in POINTS else program.args)


def check(program: GoldenProgram, orders: Iterable[int], only: Sequence[str] = ()) -> list[str]:
    """What is wrong with the derivatives of these orders, or refused; nothing where all agree."""
    args = point_of(program)
    rng = np.random.default_rng(4)
    ways = [way_of(program, args, rng) for _ in range(max(orders))]
    names = (program.wrt,) if isinstance(program.wrt, str) else program.wrt
    primal = program.function(*differences.fresh(args))
    weights = 1.0 if np.ndim(primal) == 0 else np.cos(np.arange(np.size(primal))).reshape(np.shape(primal))
    levels = {"": Level(program.function, names, args, {}, weights)}
    wrong: list[str] = []

    def level(modes: str) -> Level:
        if modes not in levels:
            levels[modes] = level(modes[:-1]).deeper(modes[-1], ways[len(modes) - 1])
        return levels[modes]

    for order in orders:
        way = ways[order - 1]
        expected, first = None, 0.0
        for modes in only or NESTINGS[order]:
            if len(modes) != order:
                continue
            try:
                below = level(modes[:-1])
                found = below.slope(modes[-1], way)
            except (bp.BackproseError, ValueError) as error:
                if not isinstance(error, bp.BackproseError) and not is_guard(error):
                    raise
                wrong.append(f"{modes} refused: {str(error).splitlines()[0]} | {getattr(error, 'why', '')}")
                continue
            if expected is None:
                expected, first = differences.slope(lambda *given, low=below: low.value(given), args, way.whole), found
            if not expected.agrees(found, 1e-6, 1e-7, abs(first)) or abs(found - first) > 1e-8 * (1 + abs(first)):
                wrong.append(f"{modes} wrong: {found!r}, first {first!r}, differences {expected}")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--orders", default="12")
    parser.add_argument("--folders", default=",".join(FOLDERS))
    parser.add_argument("--only", default="", help="nestings, such as RR,RF")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    failed = total = 0
    for folder in options.folders.split(","):
        for name in names_in(folder):
            if options.names and name not in options.names:
                continue
            program = load(name, folder)
            total += 1
            only = tuple(options.only.split(",")) if options.only else ()
            try:
                wrong = check(program, tuple(int(order) for order in options.orders), only)
            except Exception as error:  # the next program is tried, too
                wrong = [f"{type(error).__name__}: {error}"]
                if options.names:
                    raise
            failed += bool(wrong)
            for line in wrong:
                print(f"{folder}/{name}: {line}", flush=True)
    print(f"{total} programs, {failed} with failures")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
