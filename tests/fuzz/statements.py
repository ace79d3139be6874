"""Random blocks of statements: those of every profile."""

from __future__ import annotations

import ast

from tests.fuzz.expressions import Expressions
from tests.fuzz.program import Block, Compound, Line, Node
from tests.fuzz.scope import Dice, Helper, Procedure, Scope, Shape

VIEWS = frozenset({"broadcast_to", "reshape", "expand_dims", "transpose", "flip", "asarray", "ravel", "T"})
ALIASES = 0.03  # how often a write may go to an array that another name sees


def makes_fresh(text: str) -> bool:
    """Whether an expression surely makes an array of its own."""
    tree = ast.parse(text, mode="eval").body
    if isinstance(tree, (ast.BinOp, ast.UnaryOp)):
        return True
    if isinstance(tree, ast.Subscript):
        return isinstance(tree.slice, ast.List)
    return isinstance(tree, ast.Call) and isinstance(tree.func, ast.Attribute) and tree.func.attr not in VIEWS


def bare(text: str) -> str:
    """Without parentheses around the whole."""
    if not text.startswith("("):
        return text
    inner = text[1:-1]
    try:
        return inner if ast.dump(ast.parse(inner, mode="eval")) == ast.dump(ast.parse(text, mode="eval")) else text
    except SyntaxError:
        return text


class Statements:
    """Blocks of one function. ``result``: the shape that it returns."""

    def __init__(self, dice: Dice, helpers: list[Helper], result: Shape) -> None:
        self.dice, self.result = dice, result
        self.write = Expressions(dice, helpers)
        self.procedures: list[Procedure] = []
        self.captured: set[str] = set()  # variables that functions within the function read: they keep their shapes
        self.made = 0

    def fresh_name(self, letters: str = "abcdefg") -> str:
        self.made += 1
        return f"{self.dice.pick(letters)}{self.made}"

    # ------------------------------------------------------------ blocks
    def block(self, scope: Scope, size: int, depth: int, in_loop: bool) -> tuple[Block, bool]:
        """Some statements; and whether every way through leaves (return, break, continue)."""
        nodes: list[Node] = []
        for _ in range(size):
            nodes += self.statement(scope, depth, in_loop)
        if depth > 0 and self.dice.chance(0.2):
            nodes.append(self.leave(scope, in_loop))
            return tuple(nodes), True
        return tuple(nodes), False

    def maybe_leave(self, scope: Scope, in_loop: bool) -> Block:
        """An exit under a test of its own, so that a loop may still take its next turn."""
        if not self.dice.chance(0.3):
            return ()
        return (Compound(((f"if {bare(self.write.test(scope, 1))}:", (self.leave(scope, in_loop),)),)),)

    def leave(self, scope: Scope, in_loop: bool) -> Line:
        if in_loop and self.dice.chance(0.65):
            return Line(self.dice.pick(("break", "continue")))
        return Line(f"return {bare(self.write.bounded(scope, self.result, 2))}")

    def statement(self, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
        simple = [
            self.assign,
            self.assign,
            self.rebind,
            self.augment,
            self.store,
            self.store,
            self.tuples,
            self.accumulate,
        ]
        compound = [self.branch, self.branch, self.count, self.turns, self.each, self.flagged]
        if depth >= 3 or self.dice.chance(0.6 + 0.1 * depth):
            return self.dice.pick(simple)(scope, depth, in_loop)
        return self.dice.pick(compound)(scope, depth, in_loop)

    # ------------------------------------------------------------ assignments
    def shape(self, scope: Scope) -> Shape:
        known = [shape for shape in scope.shapes.values() if shape]
        return self.dice.pick(known) if known and self.dice.chance(0.6) else ()

    def value(self, scope: Scope, shape: Shape, depth: int) -> str:
        free = depth == 0 and self.dice.chance(0.6)
        text = self.write.any(scope, shape, 3) if free else self.write.bounded(scope, shape, 2)
        return bare(text)

    def bind(self, scope: Scope, name: str, shape: Shape, text: str) -> Line:
        shared = bool(shape) and not makes_fresh(text)
        if shared:
            scope.shared |= {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
        scope.define(name, shape, shared=shared)
        return Line(f"{name} = {text}")

    def assign(self, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
        shape = self.shape(scope)
        return [self.bind(scope, self.fresh_name(), shape, self.value(scope, shape, depth))]

    def rebind(self, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
        names = [name for name in scope.shapes if name not in scope.steady]
        if not names:
            return self.assign(scope, depth, in_loop)
        name = self.dice.pick(names)
        shape = scope.shapes[name]
        if depth == 0 and self.dice.chance(0.2):
            shape = self.shape(scope)
        if name in self.captured:
            shape = scope.shapes[name]
        text = bare(self.write.bounded(scope, shape, 2))
        if self.dice.chance(0.4) and shape == scope.shapes[name]:
            text = f"0.7 * {name} + 0.3 * {self.write.bounded(scope, shape, 1)}"
        return [self.bind(scope, name, shape, text)]

    def augment(self, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
        scalars = [name for name in scope.of_shape(()) if name not in scope.steady]
        names = scalars + scope.writable(self.dice.chance(ALIASES))
        if not names:
            return self.assign(scope, depth, in_loop)
        name = self.dice.pick(names)
        return [Line(f"{name} {self.change(scope, scope.shapes[name])}")]

    def change(self, scope: Scope, shape: Shape) -> str:
        """``+= value`` and the like, that keep what they change small."""
        stretched = self.dice.pick([shape, shape[1:], ()]) if shape else ()
        form = self.dice.integer(0, 4)
        if form == 0:
            return f"*= {bare(self.write.bounded(scope, stretched, 1))}"
        if form == 1:
            return f"/= 1.2 + {self.write.bounded(scope, stretched, 1)} ** 2"
        if form == 2:
            return f"-= 0.3 * {self.write.bounded(scope, stretched, 1)}"
        return f"+= {bare(self.write.bounded(scope, stretched, 2))}"

    def store(self, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
        """A write into a part of an array."""
        names = scope.writable(self.dice.chance(ALIASES))
        if not names:
            shape = self.dice.pick([s for s in scope.shapes.values() if s] or [(3,)])
            maker = self.dice.pick(("np.zeros({})", "np.ones({})"))
            return [self.bind(scope, self.fresh_name(), shape, maker.format(shape if len(shape) > 1 else shape[0]))]
        name = self.dice.pick(names)
        index, part = self.place(scope, name)
        if self.dice.chance(0.5):
            return [Line(f"{name}[{index}] {self.change(scope, part)}")]
        shape = part if self.dice.chance(0.7) else ()
        return [Line(f"{name}[{index}] = {bare(self.write.bounded(scope, shape, 2))}")]

    def place(self, scope: Scope, name: str) -> tuple[str, Shape]:
        """An index and the shape of what it names; masks take scalars."""
        shape, dice = scope.shapes[name], self.dice
        n = shape[0]
        if len(shape) == 2:
            form = dice.integer(0, 5)
            if form == 0:
                return f"{self.write.index(scope, n)}, {self.write.index(scope, shape[1])}", ()
            if form == 1:
                return f":, {self.write.index(scope, shape[1])}", (n,)
            if form == 2 and n > 2 and shape[1] > 1:
                return "1:-1, 1:", (n - 2, shape[1] - 1)
            if form == 3:
                return f"{name} > {dice.number()}", ()
            return self.write.index(scope, n), shape[1:]
        form = dice.integer(0, 8)
        if form == 0 and n > 2:
            return "1:-1", (n - 2,)
        if form == 1 and n > 1:
            return dice.pick(("1:", ":-1")), (n - 1,)
        if form == 2:
            return dice.pick((":", "...", "::-1")), shape
        if form == 3:
            return "::2", ((n + 1) // 2,)
        if form == 4:
            return f"{name} {dice.pick(('<', '>'))} {dice.number()}", ()
        if form == 5:
            places = [dice.integer(-n, n - 1) for _ in range(2)]
            return repr(places), (2,)
        return self.write.index(scope, n), ()

    def tuples(self, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
        free = [name for name in scope.of_shape(()) if name not in scope.steady]
        if len(free) >= 2 and self.dice.chance(0.6):
            a, b = self.dice.random.sample(free, 2)
            return [Line(f"{a}, {b} = {b}, {bare(self.write.bounded(scope, (), 2))}")]
        a, b = self.fresh_name(), self.fresh_name()
        line = Line(f"{a} = {b} = {self.value(scope, (), depth)}")
        scope.define(a, ())
        scope.define(b, ())
        return [line]

    def accumulate(self, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
        """A float that becomes an array in a loop, then a float again."""
        name, shape, i = self.fresh_name(), self.shape(scope), self.fresh_name("ijk")
        inner = scope.copy()
        inner.ints[i] = (0, 2)
        body = (Line(f"{name} = {name} + {self.write.bounded(inner, shape, 2)}"),)
        lines: list[Node] = [
            Line(f"{name} = 0.0"),
            Compound(((f"for {i} in range({self.dice.integer(0, 3)}):", body),)),
        ]
        return [*lines, self.bind(scope, self.fresh_name(), (), f"np.sin(np.sum({name}))")]

    # ------------------------------------------------------------ branches
    def branch(self, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
        clauses, ends = [], []
        kinds = ["if"] + ["elif"] * (self.dice.integer(0, 3) == 0) + ["else"] * self.dice.chance(0.55)
        for kind in kinds:
            header = "else:" if kind == "else" else f"{kind} {bare(self.write.test(scope, 1))}:"
            inner = scope.copy()
            body, leaves = self.block(inner, self.dice.integer(1, 3), depth + 1, in_loop)
            clauses.append((header, body))
            if not leaves:
                ends.append(inner)
        if kinds[-1] != "else":
            ends.append(scope.copy())
        if ends:
            scope.join(ends)
        return [Compound(tuple(clauses))]

    def flagged(self, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
        """A name defined in one branch only, and read only where it is defined."""
        flag, name, into = self.fresh_name("pq"), self.fresh_name(), self.fresh_name()
        shape = self.shape(scope)
        first = Line(f"{flag} = {bare(self.write.test(scope, 1))}")
        made = Line(f"{name} = {self.value(scope, shape, 1)}")
        inner = scope.copy()
        inner.define(name, shape, shared=True)
        between = self.assign(scope, depth, in_loop)
        start = self.bind(scope, into, (), self.write.bounded(scope, (), 1))
        used = Line(f"{into} += {self.write.bounded(inner, (), 1)} * np.sum({name})")
        return [first, Compound(((f"if {flag}:", (made,)),)), *between, start, Compound(((f"if {flag}:", (used,)),))]

    # ------------------------------------------------------------ loops
    def body(self, scope: Scope, inner: Scope, depth: int) -> Block:
        inner.shared |= {name for name in inner.shapes if name in scope.shared}
        first, leaves = self.block(inner, self.dice.integer(1, 2), depth + 1, True)
        if leaves and self.dice.chance(0.85):  # else the loop is left in its first turn
            first, leaves = first[:-1], False
        body = first if leaves else (*first, *self.maybe_leave(inner, True), *self.statement(inner, depth + 1, True))
        scope.shapes = {name: shape for name, shape in scope.shapes.items() if inner.shapes.get(name, shape) == shape}
        scope.shared |= inner.shared & scope.shapes.keys()
        return body

    def count(self, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
        """``for i in range(...)``."""
        i, dice = self.fresh_name("ijk"), self.dice
        lengths = [shape[0] for shape in scope.shapes.values() if shape] or [3]
        n = dice.pick(lengths)
        names = [name for name, shape in scope.shapes.items() if shape and shape[0] == n]
        text, low, high = dice.pick(
            [
                (f"range({n})", 0, n - 1),
                (f"range(len({dice.pick(names)}))" if names else f"range({n})", 0, n - 1),
                (f"range({n - 1}, -1, -1)", 0, n - 1),
                (f"range(1, {n})", 1, max(n - 1, 1)),
                (f"range({n - 1}, 0, -2)", 1, max(n - 1, 1)),
                ("range(0)", 0, 0) if dice.chance(0.3) else (f"range({n})", 0, n - 1),
                ("range(3)", 0, 2),
                ("reversed(range(3))" if dice.chance(0.1) else "range(2, -1, -1)", 0, 2),
                ("range(steps)", 0, 2) if "steps" in scope.ints else ("range(2)", 0, 1),
            ]
        )
        inner = scope.copy()
        inner.ints[i] = (low, high)
        body = self.body(scope, inner, depth)
        if text in ("range(3)", "range(2)", f"range({n})") and dice.chance(0.5):
            scope.ints[i] = (0, high)  # read after the loop
        return [Compound(((f"for {i} in {text}:", body),))]

    def each(self, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
        """``for item in array``."""
        names = scope.arrays()
        if not names:
            return self.count(scope, depth, in_loop)
        over, item = self.dice.pick(names), self.fresh_name("rst")
        shape = scope.shapes[over]
        inner = scope.copy()
        inner.define(item, shape[1:], shared=True)
        inner.steady |= {over}
        inner.shared |= {over}
        text = f"{over}[1:]" if self.dice.chance(0.2) else over
        body = self.body(scope, inner, depth)
        return [Compound(((f"for {item} in {text}:", body),))]

    def turns(self, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
        """``while`` with a counter, and an end that may depend on the data."""
        k, dice = self.fresh_name("k"), self.dice
        most = dice.integer(0, 5)
        start = Line(f"{k} = 0")
        inner = scope.copy()
        inner.ints[k] = (1, max(most, 1))
        step: Node = Line(f"{k} += 1")
        if dice.chance(0.25):
            end = Compound(((f"if {k} >= {most} or {self.write.test(scope, 0)}:", (Line("break"),)),))
            body: Block = (end, step, *self.body(scope, inner, depth))
            return [start, Compound((("while True:", body),))]
        extra = f" and {self.write.test(scope, 1)}" if dice.chance(0.7) else ""
        body = (step, *self.body(scope, inner, depth))
        return [start, Compound(((f"while {k} < {most}{extra}:", body),))]
