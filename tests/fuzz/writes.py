"""NumPy's other ways of writing: ``out=``, ``add.at``, fancy indexes with repeats, masks, ``copyto``, overlaps."""

from __future__ import annotations

from tests.fuzz.program import Line, Node
from tests.fuzz.scope import Scope, Shape
from tests.fuzz.statements import Statements, bare
from tests.fuzz.views import array_of


def places(w: Statements, n: int, count: int) -> list[int]:
    """Places of an axis, some of them twice."""
    return [w.dice.integer(-n, n - 1) for _ in range(count)]


def smaller(w: Statements, scope: Scope, shape: Shape) -> str:
    """What broadcasts to the shape."""
    return bare(w.write.bounded(scope, w.dice.pick([shape, shape, shape[1:], ()]), 2))


def fancy(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """A write through a list of places, repeated or not; ``+=`` counts a repeated place once."""
    made, name = array_of(w, scope)
    shape = scope.shapes[name]
    rows = places(w, shape[0], w.dice.integer(1, 3))
    index, part = repr(rows), (len(rows), *shape[1:])
    if len(shape) == 2:
        form = w.dice.integer(0, 3)
        columns = places(w, shape[1], len(rows))
        if form == 0:
            index, part = f"{rows}, {columns}", (len(rows),)
        elif form == 1:
            index, part = f":, {columns}", (shape[0], len(columns))
        elif form == 2:
            index, part = f"np.ix_({rows}, {columns})", (len(rows), len(columns))
    if w.dice.chance(0.3) and "np.ix_" not in index and ":" not in index and index == repr(rows):
        index = f"np.array({rows})"
    if w.dice.chance(0.5):
        return [*made, Line(f"{name}[{index}] {w.change(scope, part)}")]
    return [*made, Line(f"{name}[{index}] = {smaller(w, scope, part)}")]


def masked(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    made, name = array_of(w, scope)
    others = scope.of_shape(scope.shapes[name])
    mask = f"{w.dice.pick(others)} {w.dice.pick(('<', '>'))} {w.dice.number()}"
    form = w.dice.integer(0, 4)
    if form == 0:
        return [*made, Line(f"{name}[{mask}] {w.change(scope, ())}")]
    if form == 1:
        return [*made, Line(f"{name}[{mask}] = {bare(w.write.bounded(scope, (), 2))}")]
    if form == 2:
        return [*made, Line(f"{name}[{mask}] = np.sin({name}[{mask}])")]
    source = w.dice.pick(others)
    if form == 3:
        kept = w.fresh_name("m")
        return [*made, Line(f"{kept} = {mask}"), Line(f"{name}[{kept}] = 0.5 * {source}[{kept}]")]
    return [*made, Line(f"np.copyto({name}, {smaller(w, scope, scope.shapes[name])}, where={mask})")]


def out(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """Ufuncs and others that write their result into an array that is there."""
    made, name = array_of(w, scope)
    shape = scope.shapes[name]
    one, two = w.write.array(scope, shape, 1), smaller(w, scope, shape)
    forms = [
        f"np.add({one}, {two}, out={name})",
        f"np.multiply({name}, {two}, out={name})",
        f"np.tanh({one}, out={name})",
        f"np.sin({name}, out={name})",
        f"np.maximum({name}, {two}, out={name})",
        f"np.clip({one}, -0.8, 0.9, out={name})",
        f"np.subtract({one}, {two}, {name})",
        f"np.multiply({one}, {two}, out={name}, where={name} > {w.dice.number()})",
    ]
    if shape[0] > 1:
        forms += [
            f"np.tanh({name}[1:], out={name}[:-1])",
            f"np.cumsum({one}, axis=0, out={name})",
            f"np.add({name}[1:], {w.write.scalar(scope, 0)}, out={name}[1:])",
        ]
    if len(shape) == 1:
        other = w.dice.pick((2, 3))
        forms += [f"np.sum(np.tanh({w.write.array(scope, (other, *shape), 1)}), axis=0, out={name})"]
        forms += [f"np.matmul(np.tanh({w.write.array(scope, (*shape, other), 0)}), np.ones({other}), out={name})"]
    text = w.dice.pick(forms)
    if w.dice.chance(0.2) and "out=" in text and not text.endswith("[:-1])"):
        other_name = w.fresh_name()
        scope.define(other_name, shape if "[1:], out" not in text else (shape[0] - 1, *shape[1:]), shared=True)
        return [*made, Line(f"{other_name} = {text}")]
    return [*made, Line(text)]


def at(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """``ufunc.at``: a repeated place counts as often as it stands there."""
    made, name = array_of(w, scope)
    shape = scope.shapes[name]
    rows = places(w, shape[0], w.dice.integer(1, 3))
    value = smaller(w, scope, (len(rows), *shape[1:]))
    ufunc = w.dice.pick(("add", "add", "subtract", "multiply"))
    return [*made, Line(f"np.{ufunc}.at({name}, {rows}, {value})")]


def whole(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """The whole array at once, by one of the many names for it."""
    made, name = array_of(w, scope)
    shape = scope.shapes[name]
    value, number = smaller(w, scope, shape), bare(w.write.bounded(scope, (), 1))
    forms = [
        f"{name}[:] = {value}",
        f"{name}[...] = {value}",
        f"np.copyto({name}, {value})",
        f"{name}.fill({number})",
        f"{name}[:] = {name}[::-1]",
        f"np.put({name}, {places(w, shape[0], 2)}, {w.write.bounded(scope, (2,), 1)})",
        f"{name}.flat[{w.dice.integer(0, shape[0] - 1)}] = {number}",
    ]
    if len(shape) == 2:
        forms = [*forms[:4], *2 * [f"np.fill_diagonal({name}, {number})", f"{name}.T[0] = {number}"]]
    else:
        forms += [f"{name}.sort()", f"{name}[::-1].sort()"]
    return [*made, Line(w.dice.pick(forms))]


def overlapping(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """A write whose right side reads what it overwrites."""
    made, name = array_of(w, scope)
    shape = scope.shapes[name]
    if shape[0] < 2:
        return [*made, Line(f"{name} *= {name}")]
    forms = [
        f"{name}[1:] = {name}[:-1]",
        f"{name}[:-1] = {name}[1:]",
        f"{name}[1:] += 0.5 * {name}[:-1]",
        f"{name}[1:] *= {name}[:-1]",
        f"{name}[:] = np.tanh({name}[::-1])",
        f"{name}[0], {name}[1] = {name}[1], {name}[0]",
        f"{name}[[0, 1]] = {name}[[1, 0]]",
        f"{name} += {name}[::-1]",
        f"{name} *= {name}[0]",
        f"{name} -= np.mean({name}, axis=0)",
        f"{name}[0] += {name}[-1]",
        f"{name} = {name}[::-1]",
        f"{name}[1:] -= {name}[1:] * {name}[:1]",
        f"{name} += {name}",
    ]
    if len(shape) == 2 and shape[0] == shape[1]:
        forms += [f"{name} += {name}.T", f"{name}[:] = {name}.T", f"{name}[0] = {name}[:, 0]"]
    text = w.dice.pick(forms)
    if name in scope.steady and text.startswith(f"{name} = "):
        text = forms[0]
    return [*made, Line(text)]


def several_targets(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """One statement that writes in two places, from left to right."""
    made, name = array_of(w, scope)
    if len(scope.shapes[name]) != 1:
        return [*made, Line(f"{name}[0], {name}[-1] = {smaller(w, scope, scope.shapes[name][1:])}, {name}[0]")]
    i, j = (w.write.index(scope, scope.shapes[name][0]) for _ in range(2))
    form = w.dice.integer(0, 2)
    if form == 0:
        return [*made, Line(f"{name}[{i}] = {name}[{j}] = {bare(w.write.bounded(scope, (), 2))}")]
    other = w.fresh_name()
    value, second = bare(w.write.bounded(scope, (), 1)), bare(w.write.bounded(scope, (), 1))
    scope.define(other, ())
    if form == 1:
        return [*made, Line(f"{name}[{i}], {other} = {value}, {name}[{i}] * {second}")]
    return [*made, Line(f"{other} = {name}[{i}] = {value}"), Line(f"{name}[{j}] += {other}")]


STATEMENTS = (fancy, fancy, masked, out, out, at, whole, overlapping, overlapping, several_targets)
