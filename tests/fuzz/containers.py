"""Tuples, lists, dicts and objects: made, changed, looped over, unpacked; comprehensions and their like.

What a container holds is in the scope under the text that reads it (``d['a']``, ``o.first``), so that every other kind
of statement reads and writes it too. Items of tuples are steady: they cannot be bound again.
"""

from __future__ import annotations

from tests.fuzz.program import Compound, Line, Node
from tests.fuzz.scope import Scope, Shape
from tests.fuzz.statements import Statements, bare


def _item(w: Statements, scope: Scope) -> tuple[str, Shape]:
    """Something to put into a container: often a variable itself, so that both names mean one array."""
    shape = w.shape(scope)
    names = scope.of_shape(shape)
    if names and w.dice.chance(0.5):
        return w.dice.pick(names), shape
    return bare(w.write.bounded(scope, shape, 2)), shape


def make_tuple(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    name, items = w.fresh_name("t"), [_item(w, scope) for _ in range(w.dice.integer(2, 3))]
    if w.dice.chance(0.25):
        inner, rest = items[:1], items[1:]
        line = Line(f"{name} = (({inner[0][0]}, {w.dice.number()}), {', '.join(text for text, _ in rest)})")
        places = [(f"{name}[0][0]", inner[0][1]), *((f"{name}[{k}]", s) for k, (_, s) in enumerate(rest, 1))]
    else:
        line = Line(f"{name} = ({', '.join(text for text, _ in items)})")
        places = [(f"{name}[{k}]", shape) for k, (_, shape) in enumerate(items)]
    for place, shape in places:
        scope.define(place, shape, shared=True)
        scope.steady.add(place)
    nodes: list[Node] = [line]
    arrays = [(place, shape) for place, shape in places if shape]
    if arrays and w.dice.chance(0.3):  # through the tuple into what it holds
        place, shape = w.dice.pick(arrays)
        index, part = w.place(scope, place)
        nodes.append(Line(f"{place}[{index}] {w.change(scope, part)}"))
    return nodes


def make_list(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """A list of a known length, changed by its methods."""
    name, items = w.fresh_name("l"), [_item(w, scope) for _ in range(w.dice.integer(1, 3))]
    nodes: list[Node] = [Line(f"{name} = [{', '.join(text for text, _ in items)}]")]
    shapes = [shape for _, shape in items]
    for _ in range(w.dice.integer(0, 3)):
        text, shape = _item(w, scope)
        form = w.dice.integer(0, 5)
        if form == 0:
            nodes.append(Line(f"{name}.insert(0, {text})"))
            shapes.insert(0, shape)
        elif form == 1 and len(shapes) > 1:
            into, shape = w.fresh_name(), shapes.pop()
            nodes.append(Line(f"{into} = {name}.pop()"))
            scope.define(into, shape, shared=True)
        elif form == 2:
            nodes.append(Line(f"{name} += [{text}]"))
            shapes.append(shape)
        elif form == 3:
            nodes.append(Line(f"{name}.extend(({text}, {w.dice.number()}))"))
            shapes += [shape, ()]
        else:
            nodes.append(Line(f"{name}.append({text})"))
            shapes.append(shape)
    for k, shape in enumerate(shapes):
        scope.define(f"{name}[{k}]", shape, shared=True)
    if w.dice.chance(0.3):
        other = w.fresh_name("l")  # another name of the list
        nodes.append(Line(f"{other} = {name}"))
        scope.define(f"{other}[-1]", shapes[-1], shared=True)
    return nodes


def make_dict(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    name, items = w.fresh_name("d"), [_item(w, scope) for _ in range(w.dice.integer(1, 3))]
    keys = w.dice.random.sample(["a", "b", "rate", "state"], len(items))
    if w.dice.chance(0.7):
        line = Line(f"{name} = {{{', '.join(f'{k!r}: {text}' for k, (text, _) in zip(keys, items, strict=True))}}}")
    else:
        line = Line(f"{name} = dict({', '.join(f'{k}={text}' for k, (text, _) in zip(keys, items, strict=True))})")
    for key, (_, shape) in zip(keys, items, strict=True):
        scope.define(f"{name}[{key!r}]", shape, shared=True)
    nodes: list[Node] = [line]
    if w.dice.chance(0.3):
        text, shape = _item(w, scope)
        nodes.append(Line(f"{name}['new'] = {text}"))
        scope.define(f"{name}['new']", shape, shared=True)
        keys.append("new")
    if w.dice.chance(0.4):
        total, key, value = w.fresh_name(), w.fresh_name("k"), w.fresh_name("v")
        test, over = w.dice.pick(
            [("", f"{value} in {name}.values()"), (f"if {key} != {keys[0]!r}:", f"{key}, {value} in {name}.items()")]
        )
        add: Node = Line(f"{total} += np.mean({value}) * {w.write.scalar(scope, 0)}")
        body = Compound(((test, (add,)),)) if test else add
        nodes += [w.bind(scope, total, (), w.write.bounded(scope, (), 1)), Compound(((f"for {over}:", (body,)),))]
    return nodes


def make_object(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """An object of the module's class; its methods change it in place or bind attributes again."""
    name, (text, shape) = w.fresh_name("o"), _item(w, scope)
    if not shape:
        arrays = scope.arrays()
        text, shape = (w.dice.pick(arrays), ()) if arrays else ("np.ones(3)", (3,))
        shape = scope.shapes.get(text, (3,))
    number = bare(w.write.bounded(scope, (), 1))
    nodes: list[Node] = [Line(f"{name} = {w.dice.pick(('Pair', 'Body'))}({text}, {number})")]
    scope.define(f"{name}.first", shape, shared=True)
    scope.define(f"{name}.second", ())
    calls = [f"{name}.damp({w.write.bounded(scope, (), 1)})", f"{name}.shift()"]
    nodes += [Line(text) for text in w.dice.random.sample(calls, w.dice.integer(0, 2))]
    if w.dice.chance(0.5):
        nodes.append(w.bind(scope, w.fresh_name(), (), f"{name}.energy({w.write.scalar(scope, 1)})"))
    return nodes


def record(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """A list that grows in a loop, as long as the loop is long."""
    name, i, shape = w.fresh_name("l"), w.fresh_name("ij"), w.shape(scope) if w.dice.chance(0.4) else ()
    inner = scope.copy()
    turns = w.dice.integer(0, 4)
    inner.ints[i] = (0, max(turns - 1, 0))
    body: list[Node] = w.rebind(inner, depth + 1, True) if w.dice.chance(0.5) else []
    add: Node = Line(f"{name}.append({bare(w.write.bounded(inner, shape, 2))})")
    if w.dice.chance(0.3):
        add = Compound(((f"if {bare(w.write.test(inner, 1))}:", (add,)),))
    body.append(add)
    if w.dice.chance(0.15):
        body.append(Compound(((f"if len({name}) > 2:", (Line(f"{name}.pop({w.dice.pick(('', '0'))})"),)),)))
    body += w.maybe_leave(inner, True)
    first = bare(w.write.bounded(scope, shape, 1))
    nodes: list[Node] = [Line(f"{name} = [{first}]"), Compound(((f"for {i} in range({turns}):", tuple(body)),))]
    into, item = w.fresh_name(), w.fresh_name("v")
    number = "np.sum({})" if shape else "{}"
    ends = [
        f"sum({name}) / len({name})" if not shape else f"np.sum(sum({name})) / len({name})",
        number.format(f"{name}[-1]") + " * 0.5",
        f"np.sum(np.array({name}))",
        f"np.mean(np.stack({name}))" if shape else f"max({name}) - 0.5 * min({name})",
        f"sum({number.format(item)} ** 2 for {item} in {name})",
        f"sum({number.format(item)} * {number.format(f'{item}2')} for {item}, {item}2 in zip({name}[:-1], {name}[1:]))",
    ]
    form = w.dice.integer(0, len(ends) + 1)
    if form < len(ends):
        return [*nodes, w.bind(scope, into, (), f"np.tanh({ends[form]})")]
    start = w.bind(scope, into, (), w.write.bounded(scope, (), 1))
    over = name if form == len(ends) else f"reversed({name})"
    return [
        *nodes,
        start,
        Compound(((f"for {item} in {over}:", (Line(f"{into} = 0.7 * {into} + {number.format(item)}"),)),)),
    ]


def together(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """Loops over several things at once, counted, or backwards."""
    vectors = [name for name in scope.arrays() if len(scope.shapes[name]) == 1 and name not in scope.steady]
    if not vectors:
        return w.count(scope, depth, in_loop)
    a, b = w.dice.pick(vectors), w.dice.pick(vectors)
    i, s, t = w.fresh_name("ij"), w.fresh_name("s"), w.fresh_name("u")
    inner = scope.copy()
    inner.define(s, ())
    inner.steady |= {a, b, s, t}
    header, reads = w.dice.pick(
        [
            (f"for {s}, {t} in zip({a}, {b}):", (s, t)),
            (f"for {i}, {s} in enumerate({a}):", (i, s)),
            (f"for {i}, {s} in enumerate({a}, 1):", (s,)),
            (f"for {s} in reversed({a}):", (s,)),
            (f"for {i}, ({s}, {t}) in enumerate(zip({a}, {b}[::-1])):", (i, s, t)),
            (f"for {s}, {t} in zip({a}[1:], {a}[:-1]):", (s, t)),
            (f"for {s}, {i} in zip({a}, range(2)):", (i, s)),
        ]
    )
    if t in reads:
        inner.define(t, ())
    if i in reads:
        inner.ints[i] = (0, 0)
    body = w.body(scope, inner, depth)
    return [Compound(((header, body),))]


def comprehension(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    names = scope.arrays()
    if not names:
        return w.assign(scope, depth, in_loop)
    name, v, i, into = w.dice.pick(names), w.fresh_name("v"), w.fresh_name("ij"), w.fresh_name()
    n, shape = scope.shapes[name][0], scope.shapes[name][1:]
    inner = scope.copy()
    inner.define(v, shape, shared=True)
    value, test = bare(w.write.bounded(inner, (), 2)), w.write.test(inner, 0)
    counted = scope.copy()
    counted.ints[i] = (0, n - 1)
    second = w.write.bounded(counted, (), 2)
    ends = [
        f"sum([{value} for {v} in {name}])",
        f"sum({value} for {v} in {name})",
        f"sum({value} for {v} in {name} if {test})",
        f"max([{second} for {i} in range({n})])",
        f"np.sum(np.array([{second} for {i} in range({n})]) * 0.5)",
        f"sum({{k: {value} for k, {v} in enumerate({name})}}.values())",
        f"sum([{second} * {w.dice.number()} for {i} in range({n}) if {i} != 1])",
        f"sum([{value} for _ in range(2) for {v} in {name}])",
        f"np.mean([{second} for {i} in range({n})])",
        f"sum(map(lambda {v}: {value}, {name}))",
    ]
    if shape == () and w.dice.chance(0.3):
        text = f"np.array([{w.write.bounded(inner, (), 1)} for {v} in {name}])"
        return [w.bind(scope, into, (n,), text)]
    return [w.bind(scope, into, (), w.dice.pick(ends))]


def unpacked(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """Stars and nested targets."""
    a, b, c = w.fresh_name(), w.fresh_name(), w.fresh_name()
    vectors = [name for name in scope.arrays() if len(scope.shapes[name]) == 1 and scope.shapes[name][0] > 2]
    one, two, three = (bare(w.write.bounded(scope, (), 1)) for _ in range(3))
    form = w.dice.integer(0, 4)
    for name in (a, b):
        scope.define(name, ())
    if form == 0 and vectors:
        return [Line(f"{a}, *{c}, {b} = {w.dice.pick(vectors)}"), w.bind(scope, w.fresh_name(), (), f"sum({c}) * {a}")]
    if form == 1 and vectors:
        vector = w.dice.pick(vectors)
        return [Line(f"{a}, {b}, *{c} = {vector}"), w.bind(scope, w.fresh_name(), (), f"{a} * {b} + len({c})")]
    if form == 2:
        scope.define(c, ())
        return [Line(f"({a}, {b}), {c} = ({one}, {two}), {three}")]
    if form == 3:
        return [Line(f"{a}, *{c} = {one}, {two}, {three}"), Line(f"{b} = {c}[0] * {c}[-1]")]
    return [Line(f"*{c}, {a} = [{one}, {two}, {three}]"), Line(f"{b} = {c}[1] - {a}")]


def vectors_of(scope: Scope) -> list[str]:
    return [name for name in scope.arrays() if len(scope.shapes[name]) == 1]


def beads(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """Objects or dicts in a list as long as an array, which change there."""
    vectors = vectors_of(scope)
    if not vectors:
        return make_object(w, scope, depth, in_loop)
    name, v, a, b, i = w.fresh_name("l"), w.fresh_name("v"), w.fresh_name("o"), w.fresh_name("o"), w.fresh_name("ij")
    inner = scope.copy()
    inner.define(v, ())
    speed, objects = bare(w.write.bounded(inner, (), 1)), w.dice.chance(0.7)
    made = f"Bead({v}, {speed})" if objects else f"{{'at': {v}, 'speed': {speed}}}"
    vector = w.dice.pick(vectors)
    nodes: list[Node] = [Line(f"{name} = [{made} for {v} in {vector}]")]
    if w.dice.chance(0.3):
        nodes = [Line(f"{name} = []"), Compound(((f"for {v} in {vector}:", (Line(f"{name}.append({made})"),)),))]

    def at(one: str, what: str = "at") -> str:
        return f"{one}.{what}" if objects else f"{one}[{what!r}]"

    number = w.write.scalar(scope, 1)
    force = w.fresh_name("f")
    pair = (
        Line(f"{force} = 0.1 * np.sin({at(b)} - {at(a)})"),
        Line(f"{at(a, 'speed')} += {force}"),
        Line(f"{at(b, 'speed')} = {at(b, 'speed')} - {force} * {number}"),
    )
    moves = Line(f"{a}.move(0.3)") if objects else Line(f"{at(a)} += 0.3 * {at(a, 'speed')}")
    turns: list[Node] = [
        Compound(((f"for {a} in {name}:", (moves,)),)),
        Compound(((f"for {a} in {name}:", (Line(f"{at(a)} = np.tanh({at(a)} * {number})"),)),)),
        Compound(((f"for {i}, {a} in enumerate({name}):", (Compound(((f"for {b} in {name}[{i} + 1:]:", pair),)),)),)),
        Compound(((f"for {a}, {b} in zip({name}[:-1], {name}[1:]):", pair),)),
        Compound(((f"for {i} in range(len({name})):", (Line(f"{at(f'{name}[{i}]')} *= 0.9"),)),)),
        Line(f"{at(f'{name}[0]')} = {at(f'{name}[-1]')} * 0.5 + {number}"),
        Line(f"{name}.append({made.replace(v, number)})"),
    ]
    meets = Compound(((f"if {a} is not {b}:", (Line(f"{at(a)} = {at(a)} + 0.05 * {at(b)}"),)),))
    turns.append(Compound(((f"for {a} in {name}:", (Compound(((f"for {b} in {name}:", (meets,)),)),)),)))
    chosen = w.dice.random.sample(turns, w.dice.integer(1, 3))
    if w.dice.chance(0.4):
        chosen = [Compound(((f"for _ in range({w.dice.integer(1, 3)}):", tuple(chosen)),))]
    if w.dice.chance(0.3):
        chosen += [Line(f"{b} = {name}[0]"), Line(f"{at(b)} *= {number}")]
    if objects and w.dice.chance(0.3):
        chosen.append(Line(f"print([{a}.hits for {a} in {name}])"))
    total = f"np.tanh(sum({at(a)} * {at(a, 'speed')} for {a} in {name}))"
    return [*nodes, *chosen, w.bind(scope, w.fresh_name(), (), total)]


def for_numpy(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """Lists as long as an array, given to NumPy's functions, alone, side by side, or beside an array."""
    vectors = vectors_of(scope)
    if not vectors:
        return comprehension(w, scope, depth, in_loop)
    vector, v, one, other = w.dice.pick(vectors), w.fresh_name("v"), w.fresh_name("l"), w.fresh_name("l")
    inner = scope.copy()
    inner.define(v, ())
    first, second = (bare(w.write.bounded(inner, (), 2)) for _ in range(2))
    nodes: list[Node] = [Line(f"{one} = [{first} for {v} in {vector}]")]
    rows = w.dice.chance(0.2)
    item = f"({v}, {second})" if rows else second
    nodes += [Line(f"{other} = []"), Compound(((f"for {v} in {vector}:", (Line(f"{other}.append({item})"),)),))]
    if rows:
        return [
            *nodes,
            w.bind(scope, w.fresh_name(), (), f"np.mean(np.array({other})[:, 0] * np.array({other})[:, 1])"),
        ]
    ends = [
        f"np.mean(np.array([{one}, {other}]) ** 2)",
        f"np.linalg.norm({one})",
        f"np.tanh(np.dot({one}, {other}))",
        f"np.average({one}, weights=[1.5 + np.sin({v}) for {v} in {other}])",
        f"np.mean(np.stack([{one}, {other}], axis=1)[:, 0])",
        f"np.mean(np.concatenate([{other}, {vector}]))",
        f"np.mean({vector} * {one})",
        f"np.mean({other} - {vector})",
        f"np.mean(np.clip({other}, -0.55, 0.85)) + np.prod({one})",
        f"np.mean(np.column_stack([{one}, {vector}]) * 0.5)",
    ]
    return [*nodes, w.bind(scope, w.fresh_name(), (), w.dice.pick(ends))]


def columns(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """Stars before lists of pairs and before lists as long as an array; iterators that have a name."""
    vectors = vectors_of(scope)
    if not vectors:
        return unpacked(w, scope, depth, in_loop)
    vector, v, pairs, c = w.dice.pick(vectors), w.fresh_name("v"), w.fresh_name("l"), w.fresh_name("c")
    n = scope.shapes[vector][0]
    inner = scope.copy()
    inner.define(v, ())
    first, second = (bare(w.write.bounded(inner, (), 2)) for _ in range(2))
    number = w.write.scalar(scope, 1)
    nodes: list[Node] = [Line(f"{pairs} = [({first}, {second}) for {v} in {vector}]")]
    one, other, total = w.fresh_name("l"), w.fresh_name("l"), w.fresh_name()
    form = w.dice.integer(0, 6)
    if form == 0:
        nodes += [
            Line(f"{one}, {other} = zip(*{pairs})"),
            w.bind(scope, total, (), f"np.tanh(sum({one}) * max({other}))"),
        ]
    elif form == 1:
        nodes += [w.bind(scope, total, (), f"{number}")]
        nodes += [Compound(((f"for {c} in zip(*{pairs}):", (Line(f"{total} += 0.2 * sum({c}) * {c}[-1]"),)),))]
    elif form == 2:
        nodes += [w.bind(scope, total, (), f"np.tanh(sum(np.prod(np.array({c})) for {c} in zip(*{pairs})))")]
    elif form == 3:
        items = f"[{v} for {v} in {vector}]" if w.dice.chance(0.5) else vector
        nodes = [Line(f"{one} = {items}"), w.bind(scope, total, (), f"starred(*{one}) + starred({number}, *{one})")]
    elif form == 4 and n > 2:
        nodes = [Line(f"{c} = {{'shift': {number}}}"), w.bind(scope, total, (), f"starred(*{vector}, **{c})")]
    elif form == 5:
        nodes = [
            Line(f"{c} = zip({vector}, {vector}[::-1])"),
            w.bind(scope, total, (), f"sum(0.3 * {one} * {v} for {one}, {v} in {c})"),
        ]
    else:
        nodes = [Line(f"{c} = map(np.sin, {vector})"), w.bind(scope, total, (), f"sum({c})")]
    return nodes


def numbered(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """Dicts of numbers with integers as keys, read by the counter of a loop; the truth of lists."""
    vectors = vectors_of(scope)
    if not vectors:
        return make_dict(w, scope, depth, in_loop)
    vector, v, i, d, total = (w.dice.pick(vectors), *(w.fresh_name(one) for one in ("v", "ij", "d", "a")))
    n = scope.shapes[vector][0]
    items = [bare(w.write.bounded(scope, (), 1)) for _ in range(n)]
    made = f"{{{', '.join(f'{k}: {item}' for k, item in enumerate(items))}}}"
    if w.dice.chance(0.3):
        made = f"{{{i}: {items[0]} + {i} for {i} in range({n})}}"
    if w.dice.chance(0.4):
        test = w.write.test(scope, 0)
        body = Compound(((f"if {test}:", (Line(f"{d}.append({v} * 0.5)"),)),))
        return [
            Line(f"{d} = []"),
            Compound(((f"for {v} in {vector}:", (body,)),)),
            w.bind(
                scope,
                total,
                (),
                w.dice.pick([f"sum({d}) if {d} else {items[0]}", f"{items[0]} * bool({d})", f"len({d}) * {items[0]}"]),
            ),
        ]
    ends = [
        f"np.tanh(sum({d}[{i}] * {v} for {i}, {v} in enumerate({vector})))",
        f"np.tanh(sum([{d}[{i}] * {v} for {i}, {v} in enumerate([{', '.join(items)}])]))",
        f"np.tanh(sum({d}[{i}] * {i} for {i} in {d}))",
        f"max({d}[{i}] for {i} in range({n}))",
        f"np.tanh(sum({v} * {i} for {i}, {v} in {d}.items()))",
    ]
    return [Line(f"{d} = {made}"), w.bind(scope, total, (), w.dice.pick(ends))]


STATEMENTS = (make_tuple, make_list, make_dict, make_object, record, record, together, together, comprehension)
STATEMENTS += (comprehension, unpacked, beads, beads, for_numpy, columns, columns, numbered)

CLASSES = (
    (
        "@dataclass\nclass Pair:",
        (
            Line("first: object"),
            Line("second: float = 0.5"),
            Compound((("def damp(self, by):", (Line("self.first *= 0.9"), Line("self.second = self.second * by"))),)),
            Compound((("def shift(self):", (Line("self.first = self.first + 0.1 * self.second"),)),)),
            Compound((("def energy(self, c):", (Line("return np.mean(self.first ** 2) * c + self.second"),)),)),
        ),
    ),
    (
        "class Bead:",
        (
            Compound((("def __init__(self, at, speed):", (Line("self.at, self.speed, self.hits = at, speed, 0"),)),)),
            Compound(
                (
                    (
                        "def move(self, dt):",
                        (
                            Line("self.at += dt * self.speed"),
                            Compound(
                                (
                                    (
                                        "if self.at < -0.4:",
                                        (Line("self.speed *= -0.8"), Line("self.hits += 1")),
                                    ),
                                )
                            ),
                        ),
                    ),
                )
            ),
        ),
    ),
    (
        "class Body:",
        (
            Compound((("def __init__(self, first, second):", (Line("self.first, self.second = first, second"),)),)),
            Compound((("def damp(self, by):", (Line("self.first = self.first * by"),)),)),
            Compound((("def shift(self):", (Line("self.first[0] += self.second"), Line("self.second *= 0.8"))),)),
            Compound((("def energy(self, c):", (Line("return np.sum(self.first) * self.second + self._part(c)"),)),)),
            Compound((("def _part(self, c):", (Line("return 0.5 * c * self.second"),)),)),
        ),
    ),
    (
        "def starred(first, *others, shift=0.3, **more):",
        (Line("return np.tanh(first * shift + sum(v * k for k, v in enumerate(others, 1)))"),),
    ),
)
