"""Statements beyond branches and loops: ``with``, ``try``, ``match``, walrus, loop ``else``, ``assert``, ``print``."""

from __future__ import annotations

from tests.fuzz.program import Block, Compound, Line, Node
from tests.fuzz.scope import Scope
from tests.fuzz.statements import Statements, bare


def _block(w: Statements, scope: Scope, depth: int, in_loop: bool, *, leaves: bool = True) -> Block:
    """One or two statements in a scope that is thrown away."""
    block, left = w.block(scope.copy(), w.dice.integer(1, 2), depth + 1, in_loop)
    return block[:-1] if left and not leaves else block


def errstate(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    inside = w.dice.pick(("all='ignore'", "divide='ignore', invalid='ignore'"))
    block, left = w.block(scope, w.dice.integer(1, 3), depth + 1, in_loop)
    if left and w.dice.chance(0.8):
        block = block[:-1]
    return [Compound(((f"with np.errstate({inside}):", block or (Line("pass"),)),))]


def managed(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """A context manager of the user's, with effects of its own."""
    block, left = w.block(scope, w.dice.integer(1, 2), depth + 1, in_loop)
    return [Compound(((f"with section({w.fresh_name()!r}):", block[:-1] if left else block),))]


def not_taken(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """``try`` that goes well, with every clause that there is."""
    kinds = ("except ValueError:", "except (TypeError, np.linalg.LinAlgError):", "except KeyError as error:")
    clauses = [("try:", _block(w, scope, depth, in_loop)), (w.dice.pick(kinds), _block(w, scope, depth, in_loop))]
    if w.dice.chance(0.3):
        clauses.append(("else:", _block(w, scope, depth, in_loop)))
    if w.dice.chance(0.3):
        clauses.append(("finally:", _block(w, scope, depth, in_loop, leaves=False)))
    return [Compound(tuple(clauses))]


def taken(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """``try`` that raises where a test says so; what is bound on both ways is read afterwards."""
    name, kept = w.fresh_name(), w.fresh_name()
    shape = w.shape(scope)
    test = w.write.test(scope, 1)
    raising = w.dice.pick(("raise ValueError('no')", "raise KeyError(1)", "float('nothing')", "[][1]"))
    catching = w.dice.pick(("except (ValueError, LookupError):", "except Exception:"))
    inside = [*w.rebind(scope.copy(), 1, in_loop)] if w.dice.chance(0.5) else []
    body: Block = (
        Line(f"{name} = {bare(w.write.bounded(scope, shape, 2))}"),
        *inside,
        Compound(((f"if {bare(test)}:", (Line(raising),)),)),
        Line(f"{kept} = {bare(w.write.bounded(scope, (), 2))}"),
    )
    handler: Block = (
        Line(f"{name} = {bare(w.write.bounded(scope, shape, 1))}"),
        Line(f"{kept} = {bare(w.write.bounded(scope, (), 1))}"),
    )
    scope.define(name, shape, shared=True)
    scope.define(kept, ())
    return [Compound((("try:", body), (catching, handler)))]


def match(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    form = w.dice.integer(0, 3)
    if form == 0 and scope.ints:
        name = w.dice.pick(list(scope.ints))
        cases = ["case 0:", "case 1 | 2:", "case _:"]
        return [_match(f"{name}", cases, [_block(w, scope, depth, in_loop) for _ in cases])]
    if form == 1:
        flag = w.fresh_name("m")
        words = w.dice.random.sample(["linear", "cubic", "none"], 2)
        line = Line(f"{flag} = {w.dice.pick(words)!r}")
        cases = [f"case {word!r}:" for word in words]
        return [line, _match(flag, cases, [_block(w, scope, depth, in_loop) for _ in cases])]
    a, b = w.fresh_name("p"), w.fresh_name("q")
    one, two = bare(w.write.bounded(scope, (), 1)), bare(w.write.bounded(scope, (), 1))
    inner = scope.copy()
    inner.define(a, ())
    inner.define(b, ())
    cases = [f"case ({a}, {b}) if {a} < {b}:", f"case ({a}, {b}):"]
    blocks = [w.block(inner.copy(), 1, depth + 1, in_loop)[0] for _ in cases]
    return [_match(f"({one}, {two})", cases, blocks)]


def _match(subject: str, cases: list[str], blocks: list[Block]) -> Node:
    inner = Compound(tuple(zip(cases, (block or (Line("pass"),) for block in blocks), strict=True)))
    return Compound(((f"match {subject}:", (inner,)),))


def walrus(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    name, value = w.fresh_name(), w.write.bounded(scope, (), 2)
    form = w.dice.integer(0, 3)
    if form == 0:
        scope.define(name, ())
        body = _block(w, scope, depth, in_loop)
        return [Compound(((f"if ({name} := {bare(value)}) > {w.dice.number()}:", body),))]
    if form == 1:
        into = w.fresh_name()
        scope.define(name, ())
        return [w.bind(scope, into, (), f"({name} := {bare(value)}) * {w.write.scalar(scope, 1)} + {name}")]
    if form == 2:
        k, inner = w.fresh_name("k"), scope.copy()
        inner.ints[k] = (1, 3)
        inner.define(name, ())
        body = w.body(scope, inner, depth)
        test = f"({k} := {k} + 1) < {w.dice.integer(1, 4)} and ({name} := {value}) < {w.dice.number(0.2, 1.5)}"
        return [Line(f"{k} = 0"), Compound(((f"while {test}:", body),))]
    total = w.fresh_name()
    vectors = [one for one in scope.arrays() if len(scope.shapes[one]) == 1]
    if not vectors:
        return w.assign(scope, depth, in_loop)
    text = f"[{name} := np.sin(v) + {w.write.scalar(scope, 0)} for v in {w.dice.pick(vectors)}]"
    line = w.bind(scope, total, (), f"sum({text})")
    scope.define(name, ())
    return [line]


def loop_else(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """A loop that may be left, and what happens where it is not."""
    *before, loop = w.count(scope, depth, in_loop) if w.dice.chance(0.6) else w.turns(scope, depth, in_loop)
    assert isinstance(loop, Compound)
    (header, body), *_ = loop.clauses
    test = w.write.test(scope, 1)
    body = (Compound(((f"if {bare(test)}:", (Line("break"),)),)), *body) if w.dice.chance(0.6) else body
    return [*before, Compound(((header, body), ("else:", _block(w, scope, depth, in_loop))))]


def says(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """Effects that must happen once and in order."""
    number = w.write.scalar(scope, 0)
    form = w.dice.integer(0, 3)
    if form == 0:
        return [Line(f"print('at', {w.dice.integer(0, 9)})")]
    if form == 1:
        return [Line(f"print(f'{{{number}:.6f}}')")]
    if form == 2:
        return [Line(f"assert abs({number}) < 1e6, f'too large: {{{number}}}'")]
    name = w.fresh_name()
    return [Line(f"{name} = {bare(number)}"), Line(f"del {name}")]


STATEMENTS = (errstate, managed, not_taken, not_taken, taken, match, match, walrus, walrus, loop_else, loop_else, says)
