"""Functions within the function: values read when called, ``nonlocal``, lambdas, functions as arguments."""

from __future__ import annotations

from tests.fuzz.program import Compound, Line, Node
from tests.fuzz.scope import Helper, Scope
from tests.fuzz.statements import Statements, bare

KNOWN = ("np.sin", "np.tanh", "np.cos", "np.arctan")


def reads_outside(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """A function that reads variables around it; they change between its definition and its calls."""
    name, shape = w.fresh_name("h"), w.shape(scope)
    captured = [one for one in scope.shapes if one.isidentifier()]
    w.captured |= set(captured)  # from here on they keep their shapes
    inner = scope.copy()
    inner.shapes["p"] = shape
    body: list[Node] = []
    if w.dice.chance(0.4):
        text = bare(w.write.bounded(inner, shape, 1))
        body.append(Line(f"s = {text}"))
        inner.shapes["s"] = shape
    if w.dice.chance(0.3):
        early = Line(f"return {bare(w.write.bounded(inner, (), 1))}")
        body.append(Compound(((f"if {bare(w.write.test(inner, 1))}:", (early,)),)))
    body.append(Line(f"return {bare(w.write.bounded(inner, (), 2))}"))
    made = Compound(((f"def {name}(p):", tuple(body)),))
    into, again = w.fresh_name(), w.fresh_name()
    first = w.bind(scope, into, (), f"{name}({bare(w.write.any(scope, shape, 1))})")
    between = w.rebind(scope, depth, in_loop) + (w.store(scope, depth, in_loop) if w.dice.chance(0.5) else [])
    second = w.bind(scope, again, (), f"{name}({bare(w.write.any(scope, shape, 1))}) * {into}")
    if depth == 0:
        w.write.helpers.append(Helper(name, ("p",), (shape,), ()))
    return [made, first, *between, second]


def counter(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """State in a variable outside, changed by a function inside."""
    name, total, count = w.fresh_name("h"), w.fresh_name("t"), w.fresh_name("n")
    start = Line(f"{total}, {count} = {bare(w.write.bounded(scope, (), 1))}, 0")
    inner = Scope({"p": (), total: ()})
    change = w.dice.pick(("{t} = 0.8 * {t} + {v}", "{t} += {v}", "{t} = np.tanh({t} * p) + {v}"))
    body: list[Node] = [
        Line(f"nonlocal {total}, {count}" if w.dice.chance(0.7) else f"nonlocal {total}"),
        Line(change.format(t=total, v=w.write.bounded(inner, (), 1))),
    ]
    if "," in body[0].text:  # type: ignore[union-attr]
        body.append(Line(f"{count} += 1"))
    if w.dice.chance(0.5):
        body.append(Line(f"return {total} * p"))
    scope.define(total, ())
    scope.steady.add(total)
    nodes: list[Node] = [start, Compound(((f"def {name}(p):", tuple(body)),))]
    nodes.append(Line(f"{name}({bare(w.write.scalar(scope, 1))})"))
    if w.dice.chance(0.5):
        before = w.fresh_name()
        nodes.append(w.bind(scope, before, (), f"np.sin({total})"))
    i = w.fresh_name("ij")
    turn = scope.copy()
    turn.ints[i] = (0, 2)
    calls: list[Node] = [Line(f"{name}({bare(w.write.scalar(turn, 1))})")]
    if w.dice.chance(0.3):
        calls = [Compound(((f"if {bare(w.write.test(turn, 1))}:", tuple(calls)),))]
    nodes.append(Compound(((f"for {i} in range({w.dice.integer(0, 3)}):", tuple(calls)),)))
    return [*nodes, w.bind(scope, w.fresh_name(), (), f"{total} * (1 + 0.1 * {count})")]


def writes_outside(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """A function that writes into an array around it."""
    names = [one for one in scope.writable(aliases=True) if one.isidentifier()]
    if not names:
        return counter(w, scope, depth, in_loop)
    name, array, i = w.fresh_name("h"), w.dice.pick(names), w.fresh_name("ij")
    w.captured.add(array)
    inner = Scope({array: scope.shapes[array], "p": ()}, {"i": (0, scope.shapes[array][0] - 1)})
    write = Line(f"{array}[i] {w.change(inner, scope.shapes[array][1:])}")
    made = Compound(
        (
            (
                f"def {name}(i, p=0.4):",
                (write, *((Line("return i + 1"),) if w.dice.chance(0.3) else ())),
            ),
        )
    )
    loop = Compound(((f"for {i} in range({scope.shapes[array][0]}):", (Line(f"{name}({i})"),)),))
    return [made, Line(f"{name}(0, {bare(w.write.scalar(scope, 1))})"), loop]


def lambdas(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    name, shape, into = w.fresh_name("h"), w.shape(scope), w.fresh_name()
    inner = Scope({"p": shape, "q": ()})
    if w.dice.chance(0.6):  # it reads a number around it
        inner.shapes.update({one: () for one in scope.of_shape(()) if one.isidentifier()})
        w.captured |= inner.shapes.keys()
    default = w.dice.pick((w.dice.number(), w.write.scalar(scope, 0)))
    made = Line(f"{name} = lambda p, q={default}: {bare(w.write.bounded(inner, shape, 2))}")
    args = w.write.any(scope, shape, 1) + (f", {w.write.scalar(scope, 1)}" if w.dice.chance(0.5) else "")
    return [made, w.bind(scope, into, shape, f"np.sin({name}({args}))")]


def passed(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """A function handed to another one, or picked from a table."""
    shape, into = w.shape(scope), w.fresh_name()
    inner = Scope({"p": shape})
    one = f"lambda p: {bare(w.write.bounded(inner, shape, 1))}"
    functions = [one, *w.dice.random.sample(KNOWN, 2)]
    value = w.write.any(scope, shape, 1)
    form = w.dice.integer(0, 3)
    if form == 0:
        return [w.bind(scope, into, shape, f"0.9 * apply_twice({w.dice.pick(functions)}, {value})")]
    table, key = w.fresh_name("h"), w.dice.pick(("first", "second"))
    if form == 1:
        made = Line(f"{table} = {{'first': {functions[0]}, 'second': {functions[1]}}}")
        return [made, w.bind(scope, into, shape, f"0.9 * {table}[{key!r}]({value})")]
    if form == 2:
        made = Line(f"{table} = functools.partial(blend, {w.write.scalar(scope, 1)})")
        return [made, w.bind(scope, into, shape, f"0.9 * {table}({value})")]
    total, step = w.fresh_name(), w.fresh_name("h")
    start = w.bind(scope, total, shape, f"np.cos({value})")
    turn = Line(f"{total} = {total} + 0.3 * {step}({total})")
    return [start, Compound(((f"for {step} in ({', '.join(functions[1:])}):", (turn,)),))]


STATEMENTS = (reads_outside, reads_outside, counter, writes_outside, lambdas, passed)
