"""Functions that write into their arguments, and functions that call themselves or each other."""

from __future__ import annotations

from tests.fuzz.program import Block, Compound, Line, Node
from tests.fuzz.scope import Procedure, Scope, Shape
from tests.fuzz.statements import Statements, bare
from tests.fuzz.views import views_of, write_into

Definition = tuple[str, Block]


# ---------------------------------------------------------------- definitions
def writer(w: Statements, name: str, sizes: tuple[int, int]) -> tuple[Procedure, list[Definition]]:
    """Any statements, the first of which writes into a parameter; it may return early."""
    n, m = sizes
    shapes: tuple[Shape, ...] = (w.dice.pick([(n,), (m,), (m,), (n, m)]),)
    shapes += tuple(w.dice.pick([(), (n,), (m,)]) for _ in range(w.dice.integer(0, 2)))
    parameters = ("p", "q", "r")[: len(shapes)]
    scope = Scope(dict(zip(parameters, shapes, strict=True)), shared=set(parameters))
    nodes: list[Node] = [write_into(w, scope, "p")]
    for _ in range(w.dice.integer(0, 2)):
        nodes += w.statement(scope, 1, False)
    returns: Shape | None = w.dice.pick([None, None, (), (), shapes[0]])
    if w.dice.chance(0.3):
        result = "" if returns is None else " p" if returns else " np.mean(p)"
        nodes.insert(1, Compound(((f"if np.sum(p) > {w.dice.number()}:", (Line(f"return{result}"),)),)))
    if returns is not None:
        result = "p" if returns and w.dice.chance(0.4) else bare(w.write.bounded(scope, returns, 2))
        nodes.append(Line(f"return {result}"))
    return Procedure(name, shapes, returns), [(f"def {name}({', '.join(parameters)}):", tuple(nodes))]


def recursive(w: Statements, name: str, sizes: tuple[int, int]) -> tuple[Procedure, list[Definition]]:
    """One that calls itself, on the whole or on a part, and may write before and after."""
    dice, shape = w.dice, (sizes[0],)
    part = dice.pick(("p", "p", "p[1:]", "p[:-1]", "p[::2]", "0.5 * p", "p[::-1]"))
    elements = Scope({"q": ()})  # inside the recursion the length of p is not known
    ends = "if k == 0 or len(p) < 2:" if dice.chance(0.7) else f"if k == 0 or len(p) < 2 or q > {dice.number(0.5, 2)}:"
    before = [f"p[0] += {w.write.bounded(elements, (), 1)} * p[-1]", f"p *= {dice.number()}", "p[1:] -= 0.3 * p[:-1]"]
    after = ["p[-1] *= q", "p[:] = np.tanh(p)", f"p[0] = q * {dice.number()}", "p += p[0] * 0.1"]
    body: list[Node] = [Compound(((ends, (Line(f"return np.sum(p) * {dice.number()}"),)),))]
    if dice.chance(0.7):
        body.append(Line(dice.pick(before)))
    argument = dice.pick(("0.8 * q", "np.sin(q) + 0.1 * p[0]", "q"))
    body.append(Line(f"s = {name}({part}, {argument}, k - 1)"))
    if dice.chance(0.6):
        body.append(Line(dice.pick(after)))
    if dice.chance(0.25):
        body.append(Line(f"s += 0.5 * {name}(p, 0.5 * q, k - 1)"))
    body.append(Line(f"return {dice.pick(('s + 0.1 * np.sum(p)', 'np.tanh(s) * p[0]', 's * q + p[-1]'))}"))
    return Procedure(name, (shape, ()), (), counted=True), [(f"def {name}(p, q, k):", tuple(body))]


def mutual(w: Statements, name: str, sizes: tuple[int, int]) -> tuple[Procedure, list[Definition]]:
    """Two that call each other."""
    dice, other = w.dice, f"{name}_other"
    end: Node = Compound((("if k <= 0:", (Line("return q"),)),))
    write = Line(dice.pick(("p[0] += 0.3 * q", "p *= 0.9", "p = p + 0.1 * q", "p[1:] += 0.2 * p[:-1]")))
    one = (end, write, Line(f"return np.tanh({other}(p, q * p[0], k - 1)) + {dice.number()} * q"))
    change = Line(f"q = {dice.pick(('np.sin(q)', 'q * p[-1]', '0.5 * q'))}")
    two = (end, change, Line(f"return {name}(p, q, k - 1) * 1.1"))
    definitions = [(f"def {other}(p, q, k):", two), (f"def {name}(p, q, k):", one)]
    return Procedure(name, ((sizes[0],), ()), (), counted=True), definitions


def scalar_recursion(w: Statements, name: str, sizes: tuple[int, int]) -> tuple[Procedure, list[Definition]]:
    """Recursion over numbers whose end may depend on the data."""
    scope = Scope({"p": (), "q": ()})
    end = Compound(
        ((f"if k == 0 or p > {w.dice.number(0.8, 2)}:", (Line(f"return {bare(w.write.scalar(scope, 1))}"),)),)
    )
    inner = f"{name}({w.write.bounded(scope, (), 1)}, 0.9 * q, k - 1)"
    body = (end, Line(f"return {w.dice.pick(('{} * q', 'np.sin({}) + p', '0.5 * {} + 0.3 * p * q')).format(inner)}"))
    return Procedure(name, ((), ()), (), counted=True), [(f"def {name}(p, q, k):", body)]


DEFINITIONS = (writer, writer, writer, recursive, recursive, mutual, scalar_recursion)


# ---------------------------------------------------------------- calls
def _argument(w: Statements, scope: Scope, shape: Shape) -> str | None:
    """A variable of the shape, or a part of one; what is written there shows outside, but for copies."""
    found = [name for name in scope.of_shape(shape) if name not in scope.steady]
    for name in scope.writable(aliases=True):
        found += [text for text, part in views_of(w, scope, name) if part == shape]
        if len(scope.shapes[name]) == 2 and scope.shapes[name][1:] == shape:
            found.append(f"{name}[{w.write.index(scope, scope.shapes[name][0])}]")
    return w.dice.pick(found) if found else None


def call(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """A call, with the same array for two parameters now and then."""
    if not w.procedures:
        return w.assign(scope, depth, in_loop)
    procedure = w.dice.pick(w.procedures)
    nodes: list[Node] = []
    args: list[str] = []
    for shape in procedure.shapes:
        if not shape:
            args.append(bare(w.write.bounded(scope, (), 1)))
            continue
        found = _argument(w, scope, shape)
        if found is None:
            found = w.fresh_name()
            text = f"np.sin({w.write.array(scope, shape, 1)})"
            nodes.append(w.bind(scope, found, shape, text))
        args.append(found)
    if w.dice.chance(0.12) and len(args) > 1 and procedure.shapes[0] == procedure.shapes[1]:
        args[1] = args[0]
    if procedure.counted:
        args.append(str(w.dice.integer(0, 3)))
    text = f"{procedure.name}({', '.join(args)})"
    if procedure.returns is None:
        return [*nodes, Line(text)]
    if procedure.returns == () and w.dice.chance(0.3):
        names = [name for name in scope.of_shape(()) if name not in scope.steady]
        if names:
            return [*nodes, Line(f"{w.dice.pick(names)} += 0.1 * {text}")]
    if w.dice.chance(0.15):
        return [*nodes, Line(text)]  # for its effect
    name = w.fresh_name()
    scope.define(name, procedure.returns, shared=True)
    return [*nodes, Line(f"{name} = {text}")]


def each_row(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """``for i in range(n): update(A[i], ...)``."""
    fitting = [
        (procedure, name)
        for procedure in w.procedures
        for name in scope.writable(aliases=True)
        if len(scope.shapes[name]) == 2 and scope.shapes[name][1:] == procedure.shapes[0]
    ]
    if not fitting:
        return call(w, scope, depth, in_loop)
    procedure, name = w.dice.pick(fitting)
    i, inner = w.fresh_name("ij"), scope.copy()
    inner.ints[i] = (0, scope.shapes[name][0] - 1)
    rest = [w.write.any(inner, shape, 1) for shape in procedure.shapes[1:]]
    counts = [str(w.dice.integer(0, 2))] if procedure.counted else []
    text = f"{procedure.name}({', '.join([f'{name}[{i}]', *rest, *counts])})"
    if procedure.returns == () and w.dice.chance(0.5):
        total = w.fresh_name()
        start = w.bind(scope, total, (), w.write.bounded(scope, (), 1))
        body: Block = (Line(f"{total} += 0.3 * {text}"),)
        return [start, Compound(((f"for {i} in range({scope.shapes[name][0]}):", body),))]
    return [Compound(((f"for {i} in range({scope.shapes[name][0]}):", (Line(text),)),))]


NUMBERS: tuple[Definition, ...] = (
    ("def shrink(v, k):", (Line("v *= k"), Line("v += 0.1 * k"))),
    ("def replace(v, k):", (Line("v[...] = np.sin(v) * k"),)),
)


def without_axes(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """Arrays without axes, and parts of arrays without axes, that a function writes into."""
    name, number, function = w.fresh_name(), w.write.scalar(scope, 1), w.dice.pick(("shrink", "replace"))
    vectors = [one for one in scope.arrays() if len(scope.shapes[one]) == 1]
    if vectors and w.dice.chance(0.5):
        nodes: list[Node] = [Line(f"{name} = np.sin({w.dice.pick(vectors)})")]
        place = w.dice.pick((f"{name}[..., 0]", f"{name}[-1, ...]"))
    else:
        nodes, place = [Line(f"{name} = np.array({w.write.bounded(scope, (), 1)})")], name
    call: Node = Line(f"{function}({place}, {number})")
    if w.dice.chance(0.4):
        call = Compound(((f"for _ in range({w.dice.integer(1, 3)}):", (call,)),))
    return [*nodes, call, w.bind(scope, w.fresh_name(), (), f"np.mean({name}) * {w.dice.number()}")]


STATEMENTS = (call, call, call, call, each_row, without_axes)
