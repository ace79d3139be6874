"""The profile ``full``: the basic statements and a few topics of the others, mixed anew for each program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from tests.fuzz import closures, complexes, containers, control, outside, procedures, views, writes
from tests.fuzz.basic import closing, helper_functions, several_results
from tests.fuzz.program import Block, FuzzProgram, Line, Node, printed
from tests.fuzz.scope import Dice, Helper, Scope, Shape
from tests.fuzz.statements import Statements

Kind: TypeAlias = Callable[[Statements, Scope, int, bool], list[Node]]

TOPICS: dict[str, tuple[Kind, ...]] = {
    "views": views.STATEMENTS,
    "writes": writes.STATEMENTS,
    "procedures": procedures.STATEMENTS,
    "closures": closures.STATEMENTS,
    "containers": containers.STATEMENTS,
    "control": control.STATEMENTS,
    "outside": outside.STATEMENTS,
    "complex": complexes.STATEMENTS,
}
OURS = 0.6  # how often a statement is one of the topics'

APPLY_TWICE = ("def apply_twice(f, p):", (Line("return f(np.tanh(f(p)))"),))
BLEND = ("def blend(by, p):", (Line("return by * np.cos(p) + 0.5 * p"),))
SECTION = (
    "@contextmanager\ndef section(name):",
    (Line("print('begin', name)"), Line("yield"), Line("print('end', name)")),
)


class FullStatements(Statements):
    """As ``Statements``, with the statements of some topics, which may write to any array under any name."""

    def __init__(self, dice: Dice, helpers: list[Helper], result: Shape, topics: tuple[str, ...]) -> None:
        super().__init__(dice, helpers, result)
        self.topics = topics

    def statement(self, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
        if depth < 3 and self.dice.chance(OURS):
            return self.dice.pick(TOPICS[self.dice.pick(self.topics)])(self, scope, depth, in_loop)
        return super().statement(scope, depth, in_loop)


def generate_full(seed: int, among: tuple[str, ...] = tuple(TOPICS)) -> FuzzProgram:
    """The random program of this seed, with one to three topics ``among`` these."""
    dice = Dice(seed)
    topics = tuple(dice.random.sample(among, min(len(among), dice.integer(1, 3))))
    sizes = dice.integer(2, 5), dice.integer(2, 4)
    if dice.chance(0.05):
        sizes = 1, sizes[1]
    functions: list[tuple[str, Block]] = []
    if "closures" in topics:
        functions += [APPLY_TWICE, BLEND]
    if "containers" in topics:
        functions += containers.CLASSES
    if "control" in topics:
        functions.append(SECTION)
    if "outside" in topics:
        functions += outside.definitions(dice)
    helpers, made = helper_functions(dice, sizes)
    functions += made

    statements = FullStatements(dice, helpers, (), topics)
    if "procedures" in topics:
        functions += procedures.NUMBERS
        for k in range(dice.integer(1, 2)):
            inner = FullStatements(dice, list(helpers), (), tuple(one for one in topics if one != "closures"))
            inner.procedures = list(statements.procedures)
            procedure, definitions = dice.pick(procedures.DEFINITIONS)(inner, f"update{k + 1}", sizes)
            statements.procedures.append(procedure)
            functions += definitions
    known = {"structures": "containers" in topics, "complexes": "complex" in topics}
    scope, values, parameters, wrt = arguments(dice, seed, sizes, **known)
    block, left = statements.block(scope, dice.integer(3, 7), 0, False)
    header = f"def program({', '.join(parameters)}):"
    last = () if left else (closing(dice, statements.write, scope),)
    more = Dice(seed + 3_000_000_019)  # dice of their own: the other programs are what they were
    if last and more.chance(0.1) and not any("return" in line for line in printed(block)):
        last = (several_results(more, scope),)
    functions.append((header, (*block, *last)))
    return FuzzProgram(tuple(functions), tuple(values), wrt, seed)


def arguments(
    dice: Dice, seed: int, sizes: tuple[int, int], *, structures: bool, complexes: bool
) -> tuple[Scope, list[Any], list[str], str | tuple[str, ...]]:
    """What the program is called with: floats, arrays, whole numbers, and structures of them."""
    n, m = sizes
    scope, values, rng = Scope(), [], np.random.default_rng(seed)

    def value(shape: Shape) -> Any:
        return round(float(rng.normal()), 3) if shape == () else np.round(rng.normal(size=shape), 3)

    shapes: list[Shape] = [(), (n,), (n,), (m,), (n, m), (n, m), (n, n), (1,), (n, 1), (1, m)]
    names = dice.random.sample(["x", "y", "w", "u"], dice.integer(1, 3))
    for name in names:
        shape = dice.pick(shapes)
        scope.define(name, shape, shared=True)
        values.append(value(shape))
    if structures and dice.chance(0.5):
        names.append("z")
        inner = [dice.pick(shapes) for _ in range(dice.integer(1, 3))]
        form = dice.integer(0, 2)
        keys = [f"['{key}']" for key in "abc"] if form == 0 else [f"[{k}]" for k in range(3)]
        parts = [value(shape) for shape in inner]
        for key, shape in zip(keys, inner, strict=False):
            scope.define(f"z{key}", shape, shared=True)
            if form == 2:
                scope.steady.add(f"z{key}")
        values.append(dict(zip("abc", parts, strict=False)) if form == 0 else parts if form == 1 else tuple(parts))
    if complexes and dice.chance(0.4):
        names.append("c")
        shape = dice.pick(((), (2,), (3,), (2, 3)))
        scope.complex["c"] = shape
        values.append(np.round(rng.normal(size=shape) + 1j * rng.normal(size=shape), 3) if shape else 0.4 - 0.7j)
    values = oddly_laid_out(seed, values)
    parameters = list(names)
    if dice.chance(0.3):
        scope.ints["steps"] = (0, 3)
        parameters.append("steps")
        values.append(dice.integer(0, 3))
    constants = small_constants(seed, sizes)
    scope.small = {name: np.shape(constant) for name, constant in constants.items()}
    parameters += constants
    values += constants.values()
    if dice.chance(0.2):
        scope.define("gain", ())
        parameters.append(f"gain={dice.number()}")
    chosen = dice.random.sample(names, dice.integer(1, len(names)))
    return scope, values, parameters, chosen[0] if len(chosen) == 1 and dice.chance(0.8) else tuple(chosen)


def oddly_laid_out(seed: int, values: list[Any]) -> list[Any]:
    """In one of seven programs, arguments whose elements do not lie side by side in C order; of dice of their own."""
    dice = Dice(seed + 2_000_000_011)
    if not dice.chance(0.15):
        return values
    layouts: tuple[Callable[[Any], Any], ...] = (
        lambda array: np.asfortranarray(array),
        lambda array: array[::-1].copy()[::-1],
        lambda array: np.repeat(array, 2, axis=-1)[..., ::2],
    )
    return [dice.pick(layouts)(one) if isinstance(one, np.ndarray) and one.ndim else one for one in values]


def small_constants(seed: int, sizes: tuple[int, int]) -> dict[str, Any]:
    """In every second program one or two constants of integers, truth values or numbers of few bits; of dice of their
    own, so that the others are what they were."""
    dice = Dice(seed + 1_000_000_007)
    n, m = sizes
    found: dict[str, Any] = {}
    for k in range(dice.pick((0, 0, 1, 2))):
        dtype = dice.pick(("bool", "uint8", "int8", "int16", "int64", "float16", "float32"))
        shape = dice.pick(((n,), (m,), (n, m), ()))
        low, high = {"bool": (0, 1), "uint8": (0, 200), "int8": (-100, 100)}.get(dtype, (-300, 300))
        numbers = [dice.pick((low, high, dice.integer(low, high), 1, 3)) for _ in range(int(np.prod(shape)))]
        narrow = np.array(numbers).reshape(shape).astype("int16" if not shape and dtype.startswith("float") else dtype)
        found[f"k{k + 1}"] = narrow if shape else narrow[()]
    return found
