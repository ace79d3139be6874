"""What stands outside the function: objects, functions in lists and dicts, names of values, globals named as locals."""

from __future__ import annotations

from tests.fuzz.program import Block, Compound, Line, Node
from tests.fuzz.scope import Dice, Scope, Shape
from tests.fuzz.statements import Statements, bare

NAMES = ("left", "right")
SPRING = """class Spring:
    def __init__(self, k, bend):
        self.k, self.bend, self.calls = k, bend, 0

    @property
    def half(self):
        return 0.5 * self.k

    def __call__(self, p):
        return self.k * self.bend(p)

    def __mul__(self, other):
        return self.half * other

    __rmul__ = __mul__

    def __getitem__(self, p):
        return self(p) + self.k

    def pulled(self, p, by=0.3):
        self.calls += 1
        return self(p) - by * self.half * p"""
STIFF = """class Stiff(Spring):
    def __call__(self, p):
        return super().__call__(p) + self.scale(self.k) * np.cos(p)

    @staticmethod
    def scale(k):
        return 0.2 * k"""
CHAIN = """class Chain:
    def __init__(self, *links):
        self.links, self.first = links, links[0]

    def __call__(self, p):
        for link in self.links:
            p = link(p)
        return p"""


def definitions(dice: Dice) -> list[tuple[str, Block]]:
    """Classes, objects of them, tables of functions, and numbers under names that variables of functions have, too."""
    bends = ["np.sin", "np.tanh", "lambda p: 0.4 * p * np.cos(p)", "tilted"]
    # helpers that read globals under the names of the program's parameters and of other variables
    among = ["x", "y", "w", "u", "s"] if dice.chance(0.1) else ["s", "p1", "total", "k", "rate"]
    names = dice.random.sample(among, 3)
    lines = [f"{name} = {dice.number()}" for name in names]
    reads = f"0.5 * np.sin(p * {names[0]}) + {names[1]}"
    functions: list[tuple[str, Block]] = [
        ("\n".join(lines), ()),
        ("def tilted(p):", (Line(f"return {reads}"),)),
        (f"def doubled(p, {names[2]}=0.7):", (Line(f"return tilted(p) * {names[2]} + {names[0]}"),)),
        ("def joined(left, right):", (Line("return left * np.cos(right) + 0.1 * right"),)),
        (SPRING, ()),
        (STIFF, ()),
        (CHAIN, ()),
    ]
    layers = dice.random.sample(["SPRING", "STIFF", "np.tanh", "tilted", "Spring(0.9, np.cos)"], 3)
    made = [
        f"SPRING = Spring({dice.number()}, {dice.pick(bends)})",
        f"STIFF = Stiff({dice.number()}, {dice.pick(bends)})",
        f"LAYERS = [{', '.join(layers)}]",
        "CHAIN = Chain(STIFF, SPRING)",
        f"TABLE = {{'first': {dice.pick(bends)}, 'second': SPRING.pulled, 'third': (STIFF, doubled)}}",
        f"NAMES = {list(NAMES)!r}",
        f"WEIGHTS = {{'left': {dice.number()}, 'right': {dice.number()}}}",
        f"TERMS = [('left', {dice.integer(1, 3)}), ('right', 1), ('left', 2)]",
    ]
    if dice.chance(0.3):
        made.append("STIFF.bend = SPRING")
    return [*functions, ("\n".join(made), ())]


def value(w: Statements, scope: Scope) -> tuple[Shape, str]:
    shape = w.shape(scope)
    return shape, w.write.any(scope, shape, 1)


def method(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    shape, given = value(w, scope)
    owner = w.dice.pick(("SPRING", "STIFF", "CHAIN.first", "LAYERS[0]", "CHAIN"))
    form = w.dice.integer(0, 5)
    if owner in ("LAYERS[0]", "CHAIN") or form == 0:
        text = f"{owner}({given})"
    elif form == 1:
        text = f"{owner}.pulled({given}{w.dice.pick(('', ', 0.4', f', by={w.write.scalar(scope, 0)}'))})"
    elif form == 2:
        text = w.dice.pick((f"{owner} * {given}", f"{given} * {owner}.half", f"{owner}[{given}]"))
    elif form == 3 and shape == ():
        text = f"{w.write.scalar(scope, 0)} * {owner}"
    else:
        return [Line(f"h = {owner}"), w.bind(scope, w.fresh_name(), shape, f"h({given}) + h.k * {given}")]
    return [w.bind(scope, w.fresh_name(), shape, f"np.tanh({text})")]


def table(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    shape, given = value(w, scope)
    into = w.fresh_name()
    function = w.dice.pick(
        (
            "TABLE['first']",
            "TABLE['second']",
            "TABLE['third'][0]",
            "TABLE['third'][1]",
            "LAYERS[-1]",
            "doubled",
            "tilted",
        )
    )
    if w.dice.chance(0.6):
        return [w.bind(scope, into, shape, f"0.8 * {function}({given})")]
    start, step = w.bind(scope, into, shape, f"np.sin({given})"), w.fresh_name("h")
    turn = w.dice.pick((f"{into} = {step}({into})", f"{into} = 0.5 * {into} + 0.5 * {step}({into})"))
    return [start, Compound(((f"for {step} in LAYERS:", (Line(turn),)),))]


def generated(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """A loop over generator expressions."""
    vectors = [name for name, shape in scope.shapes.items() if len(shape) == 1 and name.isidentifier()]
    if not vectors:
        return method(w, scope, depth, in_loop)
    one, other, total = w.dice.pick(vectors), w.dice.pick(vectors), w.fresh_name()
    start = w.bind(scope, total, (), w.dice.number())
    a, b, i = w.fresh_name("ij"), w.fresh_name("ij"), w.fresh_name("ij")
    first = f"(SPRING(p) for p in {one})"
    header = w.dice.pick(
        (
            f"for {a} in {first}:",
            f"for {a} in (tilted(p) for p in {one} if p > {w.dice.number()}):",
            f"for {a}, {b} in zip({other}, {first}):",
            f"for {i}, {a} in enumerate({first}):",
            f"for {i}, ({a}, {b}) in enumerate(zip((0.5 * p for p in {other}), map(doubled, {one}))):",
        )
    )
    term = f"{a} * {b}" if f"{b}" in header else a
    term = f"{term} * (1 + 0.1 * {i})" if f" {i}," in header else term
    body: list[Node] = [Line(f"{total} = 0.8 * {total} + {term}")]
    if w.dice.chance(0.3):
        body.insert(0, Compound(((f"if {a} > {w.dice.number()}:", (Line(w.dice.pick(("break", "continue"))),)),)))
    return [start, Compound(((header, tuple(body)),))]


def named(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """The items of an array by name, and as arguments."""
    vectors = [
        name for name, shape in scope.shapes.items() if len(shape) == 1 and shape[0] >= 2 and name.isidentifier()
    ]
    if not vectors:
        return method(w, scope, depth, in_loop)
    vector, into = w.dice.pick(vectors), w.fresh_name()
    made = w.fresh_name("h")
    forms = (
        f"dict(zip(NAMES, {vector}))",
        f"{{name: item * 0.5 for name, item in zip(NAMES, {vector})}}",
        f"{{name: tilted({vector}[i]) for i, name in enumerate(NAMES)}}",
    )
    use = w.dice.pick((f"joined(**{made})", f"{made}['left'] * np.sin({made}['right'])", f"sum({made}.values())"))
    if w.dice.chance(0.3):
        return [w.bind(scope, into, (), f"joined(*{vector}[:2])")]
    return [Line(f"{made} = {w.dice.pick(forms)}"), w.bind(scope, into, (), f"np.tanh({use})")]


def of_ufuncs(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    vectors = [name for name, shape in scope.shapes.items() if len(shape) == 1 and name.isidentifier()]
    if not vectors:
        return method(w, scope, depth, in_loop)
    one, other, into, made = w.dice.pick(vectors), w.dice.pick(vectors), w.fresh_name(), w.fresh_name("ij")
    pairs = w.dice.pick(("np.hypot", "np.arctan2", "np.multiply", "np.add"))
    both = scope.shapes[one] + scope.shapes[other]
    lines: list[Node] = [w.bind(scope, into, both, f"{pairs}.outer(np.cos({one}), 1.5 + np.sin({other}))")]
    axis = w.dice.integer(0, 1)
    sums = w.fresh_name()
    shape: Shape = (both[1 - axis],)
    lines.append(w.bind(scope, sums, shape, f"np.zeros({shape[0]})"))
    lines.append(Line(f"np.add.reduce({into}, {axis}, None, {sums})"))
    lines.append(Line(f"{w.dice.pick(('np.sin', 'np.tanh'))}.at({sums}, [0, 0, -1])"))
    if w.dice.chance(0.5):
        lines.append(Line(f"{made} = np.zeros({both!r})"))
        lines.append(Line(f"np.add.accumulate({into}, {1 - axis}, None, {made})"))
        lines.append(w.bind(scope, w.fresh_name(), (), bare(f"np.mean({made})")))
    return lines


def tables(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """Loops over tables of texts, which are the keys of a dict."""
    made, total, k, v = w.fresh_name("h"), w.fresh_name(), w.fresh_name("k"), w.fresh_name("v")
    parts = ", ".join(f"{name!r}: {bare(w.write.bounded(scope, (), 1))}" for name in NAMES)
    start = w.bind(scope, total, (), w.dice.number())
    header, add = w.dice.pick(
        (
            (f"for {k}, {v} in WEIGHTS.items():", f"{v} * {made}[{k}]"),
            (f"for {k}, {v} in TERMS:", f"0.3 * {made}[{k}] ** {v}"),
            (f"for {v}, {k} in enumerate(WEIGHTS):", f"{made}[{k}] * ({v} + 1) * WEIGHTS[{k}]"),
            (f"for {v}, ({k}, _) in zip(WEIGHTS.values(), TERMS):", f"{v} * {made}[{k}]"),
        )
    )
    body: list[Node] = [Line(f"{total} += {add}")]
    if w.dice.chance(0.4):
        body.append(Line(f"{made}[{k}] = np.tanh({total})"))
    return [Line(f"{made} = {{{parts}}}"), start, Compound(((header, tuple(body)),))]


STATEMENTS = (tables, method, method, table, table, generated, named, of_ufuncs)
