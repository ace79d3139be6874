"""The profile ``basic``: floats and arrays, branches and loops, helper functions without effects."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.fuzz.expressions import Expressions
from tests.fuzz.program import Block, Compound, FuzzProgram, Line, Node
from tests.fuzz.scope import Dice, Helper, Scope, Shape
from tests.fuzz.statements import Statements, bare


def generate_basic(seed: int) -> FuzzProgram:
    """The random program of this seed."""
    dice = Dice(seed)
    n, m = dice.integer(3, 5), dice.integer(2, 4)
    if dice.chance(0.1):
        n = 1
    helpers, functions = helper_functions(dice, (n, m))

    scope = Scope()
    values: list[Any] = []
    rng = np.random.default_rng(seed)
    for name in dice.random.sample(["x", "y", "w", "u", "v"], dice.integer(1, 4)):
        shape = dice.pick([(), (n,), (n,), (m,), (n, m), (n, m), (1,), (n, 1)])
        scope.define(name, shape)
        values.append(round(float(rng.normal()), 3) if shape == () else np.round(rng.normal(size=shape), 3))
    names = list(scope.shapes)
    parameters = list(names)
    if dice.chance(0.3):
        scope.ints["steps"] = (0, 3)
        parameters.append("steps")
        values.append(dice.integer(0, 3))
    if dice.chance(0.3):
        scope.define("gain", ())
        parameters.append(f"gain={dice.number()}")
    chosen = dice.random.sample(names, dice.integer(1, len(names)))
    statements = Statements(dice, helpers, ())
    block, _ = statements.block(scope, dice.integer(3, 8), 0, False)
    header = f"def program({', '.join(parameters)}):"
    functions.append((header, (*block, closing(dice, statements.write, scope))))
    wrt = chosen[0] if len(chosen) == 1 and dice.chance(0.8) else tuple(chosen)
    return FuzzProgram(tuple(functions), tuple(values), wrt, seed)


def helper_functions(dice: Dice, sizes: tuple[int, int]) -> tuple[list[Helper], list[tuple[str, Block]]]:
    """Up to two functions that the program may call."""
    helpers: list[Helper] = []
    functions: list[tuple[str, Block]] = []
    for k in range(dice.integer(0, 2)):
        maker = _elementwise_helper if dice.chance(0.5) else _shaped_helper
        helper, function = maker(dice, f"helper{k + 1}", helpers, sizes)
        helpers.append(helper)
        functions.append(function)
    return helpers, functions


def closing(dice: Dice, write: Expressions, scope: Scope) -> Line:
    """A return that reads a few of the variables, the last ones first of all."""
    names = list(scope.shapes)
    picked = dict.fromkeys([*names[-4:], *dice.random.sample(names, min(3, len(names)))])
    terms = []
    for name in picked:
        form = (
            dice.pick(("np.sum({} ** 2)", "np.sum({})", "np.mean({})"))
            if scope.shapes[name]
            else dice.pick(("{}", "{} ** 2"))
        )
        terms.append(form.format(name))
    if dice.chance(0.4):
        terms.append(write.scalar(scope, 2))
    return Line(f"return {' + '.join(terms)}")


def several_results(dice: Dice, scope: Scope) -> Line:
    """A return of numbers and arrays, of views of them, of one twice, in a structure or not."""
    parts = []
    for name in dice.random.choices([name for name in scope.shapes if name.isidentifier()], k=dice.integer(1, 3)):
        forms = [name, name, f"{name} * 2.0"]
        if scope.shapes[name]:
            forms += [
                f"{name}[0]",
                f"{name}[::-1]",
                f"{name}.T",
                f"np.sum({name})",
                f"{name}.copy()",
                f"{name}.ravel()",
            ]
        parts.append(dice.pick(forms))
    inside = ", ".join(parts)
    items = ", ".join(f"'{key}': {part}" for key, part in zip("abc", parts, strict=False))
    return Line(
        f"return {dice.pick((parts[0], f'({inside},)', f'[{inside}]', f'{{{items}}}', f'({parts[0]}, [{inside}])'))}"
    )


def _elementwise_helper(dice: Dice, name: str, before: list[Helper], sizes: tuple[int, int]) -> tuple[Helper, Any]:
    """One for floats and arrays alike: elementwise code on parameters of any one shape."""
    parameters = ("p", "q")[: dice.integer(1, 2)]
    default = "c" if dice.chance(0.4) else None
    plain = (
        "np.tanh({a} * {b})",
        "np.sin({a}) + {b}",
        "{a} * {b}",
        "{a} / (1.5 + {b} ** 2)",
        "0.5 * ({a} + np.cos({b}))",
    )
    lines: list[Node] = []
    names = [*parameters, *([default] if default else [])]
    for k in range(dice.integer(1, 3)):
        text = dice.pick(plain).format(a=dice.pick(names), b=dice.pick(names))
        lines.append(Line(f"r{k} = {text}"))
        names.append(f"r{k}")
    last = names[-1]
    shapeless = dice.integer(0, 3)
    if shapeless == 0:
        inner = (Line(f"{last} = np.tanh({last} + 0.3 * {parameters[-1]})"),)
        lines.append(Compound(((f"for k in range({dice.integer(0, 3)}):", inner),)))
    if shapeless == 1:
        lines.append(Compound(((f"if np.sum(p) > {dice.number()}:", (Line(f"return {last} * p"),)),)))
    if shapeless == 2:
        lines.append(Line(f"{last} = np.maximum({last}, 0.1 * {parameters[-1]})"))
    lines.append(Line(f"return {last}"))
    header = f"def {name}({', '.join([*parameters, *([f'{default}={dice.number()}'] if default else [])])}):"
    return Helper(name, parameters, None, None, default), (header, tuple(lines))


def _shaped_helper(dice: Dice, name: str, before: list[Helper], sizes: tuple[int, int]) -> tuple[Helper, Any]:
    """One for parameters of given shapes, with any statements; it writes only into arrays of its own."""
    n, m = sizes
    shapes = tuple(dice.pick([(), (n,), (m,), (n, m)]) for _ in range(dice.integer(1, 3)))
    parameters = ("p", "q", "r")[: len(shapes)]
    result: Shape = dice.pick([(), (), (n,)])
    scope = Scope(dict(zip(parameters, shapes, strict=True)))
    scope.shared |= set(parameters)
    statements = Statements(dice, before, result)
    block, _ = statements.block(scope, dice.integer(1, 3), 1, False)
    if not (block and isinstance(block[-1], Line) and block[-1].text.startswith("return")):
        block = (*block, Line(f"return {bare(statements.write.bounded(scope, result, 2))}"))
    return Helper(name, parameters, shapes, result), (f"def {name}({', '.join(parameters)}):", block)
