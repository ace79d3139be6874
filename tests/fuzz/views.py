"""Names and views of one array: made, held while either side is written, chosen by a test, unpacked."""

from __future__ import annotations

from tests.fuzz.program import Compound, Line, Node
from tests.fuzz.scope import Scope, Shape
from tests.fuzz.statements import Statements, bare


def views_of(w: Statements, scope: Scope, name: str) -> list[tuple[str, Shape]]:
    """Expressions that show parts of an array (a few of them are copies), each with its shape."""
    shape, dice = scope.shapes[name], w.dice
    n = shape[0]
    found: list[tuple[str, Shape]] = [(f"{name}[:]", shape), (f"{name}[...]", shape), (f"np.asarray({name})", shape)]
    if n > 1:
        found += [(f"{name}[1:]", (n - 1, *shape[1:])), (f"{name}[:-1]", (n - 1, *shape[1:]))]
        found += [(f"{name}[::2]", ((n + 1) // 2, *shape[1:])), (f"{name}[::-1]", shape)]
    if len(shape) == 1:
        found += [(f"{name}.reshape(-1, 1)", (n, 1)), (f"{name}[None]", (1, n)), (f"{name}[:, None]", (n, 1))]
        found += [(f"{name}.reshape(1, {n})", (1, n)), (f"np.flip({name})", shape), (f"{name}.ravel()", shape)]
        if n % 2 == 0:
            found += [(f"{name}.reshape(2, {n // 2})", (2, n // 2)), (f"{name}.reshape((-1, 2)).T", (2, n // 2))]
        if n > 2:
            found += [(f"{name}[1:][:-1]", (n - 2,)), (f"{name}[1:-1]", (n - 2,)), (f"{name}[::-1][1:]", (n - 1,))]
    else:
        m = shape[1]
        i, j = w.write.index(scope, n), w.write.index(scope, m)
        found += [(f"{name}.T", (m, n)), (f"np.transpose({name})", (m, n)), (f"{name}.swapaxes(0, 1)", (m, n))]
        found += [(f"{name}[{i}]", (m,)), (f"{name}[{i}]", (m,)), (f"{name}[:, {j}]", (n,)), (f"{name}[{i}, :]", (m,))]
        found += [(f"{name}.ravel()", (n * m,)), (f"{name}.reshape(-1)", (n * m,)), (f"{name}.T.ravel()", (n * m,))]
        found += [(f"{name}.flatten()", (n * m,)), (f"{name}.T.reshape(-1)", (n * m,)), (f"{name}.T[{j}]", (n,))]
        if m > 1:
            found += [(f"{name}[:, 1:]", (n, m - 1)), (f"{name}[{i}][1:]", (m - 1,)), (f"{name}[:, ::-1]", shape)]
        if n > 1:
            found += [(f"{name}[1:, 0]", (n - 1,)), (f"{name}[1:][0]", (m,))]
    return [dice.pick(found) for _ in range(3)]


def array_of(w: Statements, scope: Scope) -> tuple[list[Node], str]:
    """An array that may be written, made first where there is none."""
    names = scope.writable(aliases=True)
    if names:
        return [], w.dice.pick(names)
    name, shape = w.fresh_name(), w.dice.pick([(3,), (4,), (2, 3)])
    line = w.bind(scope, name, shape, f"np.tanh({w.write.array(scope, shape, 1)})")
    return [line], name


def write_into(w: Statements, scope: Scope, name: str) -> Line:
    """A write into a place of the array, or into the whole of it."""
    if w.dice.chance(0.3):
        return Line(f"{name} {w.change(scope, scope.shapes[name])}")
    index, part = w.place(scope, name)
    if w.dice.chance(0.4):
        return Line(f"{name}[{index}] {w.change(scope, part)}")
    return Line(f"{name}[{index}] = {bare(w.write.bounded(scope, part if w.dice.chance(0.7) else (), 2))}")


def alias(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    made, name = array_of(w, scope)
    other = w.fresh_name()
    scope.define(other, scope.shapes[name], shared=True)
    return [*made, Line(f"{other} = {name}")]


def view(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    made, name = array_of(w, scope)
    text, shape = w.dice.pick(views_of(w, scope, name))
    other = w.fresh_name("vrs")
    scope.define(other, shape, shared=True)
    return [*made, Line(f"{other} = {text}")]


def held(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """A view, a write to one side, and a read of the other."""
    made, name = array_of(w, scope)
    text, shape = w.dice.pick(views_of(w, scope, name))
    other, into = w.fresh_name("vrs"), w.fresh_name()
    scope.define(other, shape, shared=True)
    written = [write_into(w, scope, w.dice.pick((name, other))) for _ in range(w.dice.integer(1, 2))]
    read = w.bind(scope, into, (), f"np.mean({other} * {w.dice.number()}) + np.sum(np.sin({name}))")
    return [*made, Line(f"{other} = {text}"), *written, read]


def kept_before(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """A value computed from an array that is then overwritten, and both read."""
    made, name = array_of(w, scope)
    kept = w.fresh_name()
    form = w.dice.pick(("np.sin({})", "{} * {}", "{}.copy()", "{} ** 2", "{} + 0"))
    line = w.bind(scope, kept, scope.shapes[name], form.format(name, name))
    written = write_into(w, scope, name)
    return [*made, line, written, write_into(w, scope, w.dice.pick((name, kept)))]


def chosen(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """One of two arrays, by a test; then a write into whichever it is."""
    made, first = array_of(w, scope)
    others = [one for one in scope.of_shape(scope.shapes[first]) if one in scope.writable(aliases=True)]
    second, name = w.dice.pick(others), w.fresh_name()
    test = w.write.test(scope, 1)
    scope.define(name, scope.shapes[first], shared=True)
    return [*made, Line(f"{name} = {first} if {test} else {second}"), write_into(w, scope, name)]


def swapped(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """Two arrays change their names."""
    names = [name for name in scope.arrays() if name not in scope.steady]
    pairs = [(a, b) for a in names for b in names if a < b and scope.shapes[a] == scope.shapes[b]]
    if not pairs:
        return alias(w, scope, depth, in_loop)
    a, b = w.dice.pick(pairs)
    scope.shared |= {a, b}
    return [Line(f"{a}, {b} = {b}, {a}"), write_into(w, scope, w.dice.pick((a, b)))]


def rows(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """A loop over the rows of a matrix, or the parts of a vector, that writes into them."""
    made, name = array_of(w, scope)
    shape, row, i = scope.shapes[name], w.fresh_name("r"), w.fresh_name("ij")
    n, inner = shape[0], scope.copy()
    inner.steady |= {name}
    if len(shape) == 1:
        inner.ints[i] = (0, max(n - 2, 0))
        inner.define(row, (2 if n > 1 else 1,), shared=True)
        header, first = f"for {i} in range({max(n - 1, 1)}):", Line(f"{row} = {name}[{i} : {i} + 2]")
        body: list[Node] = [first, write_into(w, inner, row)]
    elif w.dice.chance(0.5):
        inner.define(row, shape[1:], shared=True)
        header, body = f"for {row} in {name}:", [write_into(w, inner, row)]
    else:
        inner.ints[i] = (0, n - 1)
        inner.define(row, shape[1:], shared=True)
        header, body = f"for {i} in range({n}):", [Line(f"{row} = {name}[{i}]"), write_into(w, inner, row)]
    if w.dice.chance(0.4):
        body += w.maybe_leave(inner, True)
        body.append(write_into(w, inner, row))
    return [*made, Compound(((header, tuple(body)),))]


def unpacked_rows(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """Rows, or the two ends of a vector, as names of their own: views again."""
    made, name = array_of(w, scope)
    shape = scope.shapes[name]
    if len(shape) == 1:
        a, b, k = w.fresh_name("p"), w.fresh_name("q"), w.dice.integer(1, max(shape[0] - 1, 1))
        scope.define(a, (min(k, shape[0]),), shared=True)
        scope.define(b, (shape[0] - min(k, shape[0]),), shared=True)
        line = Line(f"{a}, {b} = {name}[:{k}], {name}[{k}:]")
        if shape[0] == 1:
            del scope.shapes[b]
            return [*made, line]
        return [*made, line, write_into(w, scope, w.dice.pick((a, b, name)))]
    names = [w.fresh_name("r") for _ in range(shape[0])]
    for one in names:
        scope.define(one, shape[1:], shared=True)
    line = Line(f"{', '.join(names)}, = {name}" if len(names) == 1 else f"{', '.join(names)} = {name}")
    return [*made, line, write_into(w, scope, w.dice.pick([*names, name]))]


STATEMENTS = (alias, view, view, held, held, kept_before, chosen, swapped, rows, unpacked_rows)
