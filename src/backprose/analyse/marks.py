"""Where marks go: what shows that a sparsity pattern found by a run holds, in this call and in later ones.

A *mark* is NaN in a tangent (or a cotangent). A derivative's text is linear in its tangents, and whatever is added to
or multiplied with NaN is NaN, also 0: so a run with NaN in place of some elements shows every element of the result
that may depend on them. That holds where marks meet only operations that keep them, which ``marks`` makes sure of:

- ``lost`` says where they do not: a mark that is compared, made an integer, an index or the argument of a function of
  which nothing is known;
- ``varies`` says where it depends on *free* values (those of floats) which way marks go: a branch, a mask, an index, a
  length. Where there is no such place, the same pattern holds for all calls in which everything else is as it was: the
  shapes of arrays, integers, flags, texts.

Both are decided on the program alone, by what may reach what, in whatever order the statements run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from backprose.analyse.sharing import may_be_view
from backprose.ir.nodes import (
    Apply,
    Assert,
    Assign,
    Attribute,
    Augment,
    Call,
    Compare,
    Conditional,
    Const,
    Cut,
    Each,
    Evaluate,
    Expr,
    For,
    Function,
    Global,
    If,
    Logic,
    Name,
    Pop,
    Program,
    Push,
    Return,
    Span,
    Starred,
    Stmt,
    Subscript,
    Try,
    Tuple,
    Verbatim,
    While,
    children,
)
from backprose.ir.types import Type
from backprose.ir.walk import base, inplace_target, reads, root_of, statements, whole_of
from backprose.rules.registry import is_known, may_share_any, rule_of, short_name

DEEPEST = 6  # tuples in tuples that are told apart
FREE, MARKED = 1, 2  # what may be in a value: floats that a later call may have others of; marks

# the operations by what they do to marks and to shapes; those of linear rules keep marks in their active parameters
KEEPING: Mapping[str, tuple[int, ...]] = {  # others that do, in operands at these positions
    "add": (0, 1), "subtract": (0, 1), "multiply": (0, 1), "divide": (0,), "negative": (0,), "positive": (0,),
    "deg2rad": (0,), "rad2deg": (0,), "where": (1, 2), "outer": (0, 1), "multiply.outer": (0, 1), "divide.outer": (0,),
    "cross": (0, 1), "kron": (0, 1), "sum_of": (0, 1), "pad": (0,), "astype": (0,), "recurrence": (0,),
    "stop_gradient": (0,), "reversed": (0,), "select": (1, 2),
}  # fmt: skip
BY_LIBRARIES: Mapping[str, tuple[int, ...]] = {  # these too, but they may pass over a factor that is 0
    "matmul": (0, 1), "dot": (0, 1), "inner": (0, 1), "vdot": (0, 1), "tensordot": (0, 1), "tensordot_left": (0, 2),
    "tensordot_right": (0, 1), "einsum": (1, 2, 3), "einsum_part": (2, 3, 4, 5), "linalg.solve": (1,),
    "convolve": (0, 1), "correlate": (0, 1),
}  # fmt: skip
CASTING = frozenset("array asarray ascontiguousarray astype full full_like concatenate stack".split())
BY_VALUE = frozenset("choose arange min_scalar_type".split())  # what they give has a form that values decide
BY_SHAPE = frozenset(  # only shapes and types are read
    "shape len ndim size zeros_like ones_like empty_like result_type iscomplexobj isrealobj isscalar lengths"
    " is_sequence is_mapping lower_half overlap_place contracted_axes".split()
)
STEADY = frozenset(  # the shape of what they give follows from shapes
    "equal not_equal less less_equal greater greater_equal logical_and logical_or logical_not logical_xor not bool int"
    " floor ceil rint round trunc floor_divide isnan isfinite isinf isposinf isneginf signbit any all argmax argmin"
    " nanargmax nanargmin argsort argpartition lexsort count_nonzero searchsorted digitize isclose allclose iscomplex"
    " isreal isin bitwise_and bitwise_or bitwise_xor invert left_shift right_shift".split()
)
BY_SHAPE_OF_FIRST = frozenset(["last_writes", "unit"])
MASKED = frozenset(["where", "select"])  # what their first operand says decides which marks stay
SHAPES = frozenset("shape ndim size dtype itemsize nbytes strides".split())  # attributes of arrays

Lookup = Callable[[Function, Expr], int]  # what is in a global, or in an attribute of one
Parts: TypeAlias = "int | dict[object, Parts]"  # bits; of a tuple, a dict or an object part by part


@dataclass(frozen=True)
class Place:
    """Where something was found, and what."""

    function: Function
    span: Span | None
    what: str


@dataclass
class Found:
    """``lost``: where marks end that should not; ``varies``: where free values decide which way marks go."""

    lost: Place | None = None
    varies: Place | None = None


def marks(program: Program, seeds: str, lookup: Lookup) -> Found:
    """What becomes of marks in the parameter ``seeds`` of the entry."""
    flow = _Flow(program, lookup)
    for parameter in program.entry.parameters:
        bits = FREE | MARKED if parameter.name == seeds else free_parts(parameter.type)
        flow.add(program.entry, parameter.name, bits)
    return flow.run()


def free_parts(known: Type) -> Parts:
    """Where floats are in what has this type."""
    if known.is_structure and known.kind != "function" and known.items is not None:
        keys = known.keys if known.keys is not None else range(len(known.items))
        return {key: free_parts(item) for key, item in zip(keys, known.items, strict=True)}
    if known.item is not None:
        return merged(free_parts(known.item))
    if known.kind == "tuple" and known.items is not None:
        return {key: free_parts(item) for key, item in enumerate(known.items)}
    return FREE if known.may_be_differentiable or known.kind == "other" else 0


def merged(parts: Parts) -> int:
    if isinstance(parts, int):
        return parts
    whole = 0
    for part in parts.values():
        whole |= merged(part)
    return whole


def joined(one: Parts, other: Parts) -> Parts:
    """What is in a variable that may have either value."""
    if one in (0, other):
        return other
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return {key: joined(part, other[key]) for key, part in one.items()}
    return one if other == 0 else merged(one) | merged(other)


def cut(parts: Parts, depth: int = DEEPEST) -> Parts:
    """Parts of parts down to a depth: what a function that calls itself saves has no end."""
    if isinstance(parts, int):
        return parts
    return merged(parts) if not depth else {key: cut(part, depth - 1) for key, part in parts.items()}


@dataclass
class _Flow:
    """The fixed point: what each variable of each function may hold."""

    program: Program
    lookup: Lookup
    held: dict[tuple[str, str], Parts] = field(default_factory=dict)
    results: dict[str, Parts] = field(default_factory=dict)
    sources: dict[tuple[str, str], set[str]] = field(default_factory=dict)  # what may share memory with a variable
    handed: dict[str, dict[int, frozenset[str]]] = field(default_factory=dict)  # parameters that may be in a result
    written: dict[tuple[str, str], int] = field(default_factory=dict)  # what is written into a variable
    found: Found = field(default_factory=Found)
    changed: bool = True

    def __post_init__(self) -> None:
        self.own = {function.name: function for function in self.program.functions}

    def run(self) -> Found:
        while self.changed:
            self.changed, self.found = False, Found()
            for function in self.program.functions:
                for stmt in statements(function.body):
                    _Reader(self, function, stmt).read()
        return self.found

    def add(self, function: Function, name: str, parts: Parts) -> None:
        known = self.held.get((function.name, name), 0)
        made = joined(known, cut(parts))
        if made != known:
            self.held[function.name, name] = made
            self.changed = True

    def share(self, function: Function, name: str, others: frozenset[str]) -> None:
        known = self.sources.setdefault((function.name, name), set())
        if others - known - {name}:
            known |= others - {name}
            self.changed = True

    def write(self, function: Function, name: str, bits: int) -> None:
        """Into a variable, and so into whatever it may share memory with."""
        for one in self.reached(function, frozenset((name,))):
            if bits:
                self.add(function, one, bits)
            known = self.written.get((function.name, one), 0)
            if bits & ~known:
                self.written[function.name, one] = known | bits
                self.changed = True

    def reached(self, function: Function, names: frozenset[str]) -> set[str]:
        """The variables, and what they may share memory with."""
        found, pending = set(names), list(names)
        while pending:
            new = self.sources.get((function.name, pending.pop()), set()) - found
            found |= new
            pending += new
        return found

    def give_back(self, function: Function, parts: Parts, shared: Sequence[frozenset[str]]) -> None:
        known = self.results.get(function.name, 0)
        made = joined(known, cut(parts))
        if made != known:
            self.results[function.name] = made
            self.changed = True
        own = {parameter.name for parameter in function.parameters}
        ways = self.handed.setdefault(function.name, {})
        for position, names in enumerate(shared):
            through = frozenset(self.reached(function, names) & own)
            if through - ways.get(position, frozenset()):
                ways[position] = ways.get(position, frozenset()) | through
                self.changed = True


class _Reader:
    """One statement of one function."""

    def __init__(self, flow: _Flow, function: Function, stmt: Stmt) -> None:
        self.flow, self.function, self.stmt = flow, function, stmt
        self.bound: dict[str, Parts] = {}  # names of an ``Each``

    def lost(self, what: str, place: Span | None = None) -> None:
        self.flow.found.lost = self.flow.found.lost or Place(self.function, place or self.stmt.span, what)

    def varies(self, what: str, place: Span | None = None) -> None:
        self.flow.found.varies = self.flow.found.varies or Place(self.function, place or self.stmt.span, what)

    # ------------------------------------------------------------ statements
    def read(self) -> None:
        match self.stmt:
            case Assign(target=target, value=value):
                self.bind(target, self.parts(value), value)
            case Augment(target=target, op=op, value=value):
                self.into(target, self.bits(Apply(op, (target, value))))
            case For(target=target, iterable=iterable):
                self.bind(target, self.bits(iterable), iterable)
            case Try(caught=caught):
                self.varies("an exception that may be raised")
                if caught is not None:
                    self.bits(caught)
            case If(test=test) | While(test=test):
                self.decides(self.bits(test), "a test")
            case Assert(test=test):
                if self.bits(test) & MARKED:
                    self.lost("a test")
            case Push(stack=stack, value=value):
                self.flow.share(self.function, stack.id, self.may_be_in(value))
                self.flow.write(self.function, stack.id, self.bits(value))
            case Pop(target=target, stack=stack):
                self.bind(target, self.bits(stack), stack)
            case Cut(length=length):
                self.decides(self.bits(length), "a length")
            case Return(value=value) if value is not None:
                items = value.items if isinstance(value, Tuple) else (value,)
                self.flow.give_back(self.function, self.parts(value), list(map(self.may_be_in, items)))
            case Evaluate(value=value):
                bits, effect = self.bits(value), inplace_target(value)
                if effect is not None:
                    self.into(effect, bits)

    def decides(self, bits: int, what: str) -> None:
        if bits & MARKED:
            self.lost(what)
        elif bits:
            self.varies(what)

    def bind(self, target: Expr, parts: Parts, value: Expr) -> None:
        match target:
            case Name(id=name):
                self.flow.add(self.function, name, parts)
                self.flow.share(self.function, name, self.may_be_in(value))
            case Tuple(items=items):
                keys = range(len(items))
                apart = parts if isinstance(parts, dict) and parts.keys() == set(keys) else None
                shared = self.shared_apart(value, len(items))
                for key, item in enumerate(items):
                    self.bind(
                        item, merged(parts) if apart is None else apart[key], Tuple(tuple(map(Name, shared[key])))
                    )
            case Starred(value=inner):
                self.bind(inner, merged(parts), value)
            case _:
                self.into(target, merged(parts))
                owner = base(target)
                if owner is not None:  # a list or an object holds what it is given
                    self.flow.share(
                        self.function, owner.id, self.may_be_in(value) if holds(owner.type) else frozenset()
                    )

    def into(self, place: Expr, bits: int) -> None:
        """A write into a variable, or into a part of it."""
        owner, inner = base(place), place
        while (whole := whole_of(inner)) is not None:
            if isinstance(inner, Subscript):
                self.decides(self.bits(inner.index), "an index")
            inner = whole
        if owner is not None:
            self.flow.write(self.function, owner.id, bits)
        elif bits & MARKED:
            self.lost("a write into something outside")

    # ------------------------------------------------------------ memory
    def shared_apart(self, value: Expr, count: int) -> list[frozenset[str]]:
        """What each item of a tuple may share memory with."""
        if isinstance(value, Tuple) and len(value.items) == count:
            return list(map(self.may_be_in, value.items))
        if isinstance(value, Call) and isinstance(value.function, Global) and value.function.id in self.flow.own:
            function = self.flow.own[value.function.id]
            ways, given = self.flow.handed.get(function.name, {}), self.given(value, function)
            return [
                frozenset().union(*(self.may_be_in(one) for name, one in given if name in ways.get(key, frozenset())))
                for key in range(count)
            ]
        return [self.may_be_in(value)] * count

    def may_be_in(self, value: Expr) -> frozenset[str]:
        """The variables that a value may be, be a view of, or hold."""
        match value:
            case Name(id=name, type=known):
                return frozenset() if known.is_immutable_scalar else frozenset((name,))
            case Subscript(value=inner) | Attribute(value=inner) | Starred(value=inner):
                return self.may_be_in(inner)
            case Conditional(body=body, orelse=orelse):
                return self.may_be_in(body) | self.may_be_in(orelse)
            case Apply(op=op, args=args) if args and may_be_view(value):
                shared = args if may_share_any(op) else args[:1]
                return frozenset().union(*map(self.may_be_in, shared))
            case Call(function=Global(id=name)) if name in self.flow.own:
                ways = self.flow.handed.get(name, {})
                return frozenset().union(*self.shared_apart(value, max(ways, default=-1) + 1))
            case Apply(op="list" | "reversed", args=args) | Tuple(items=args):
                return frozenset().union(*map(self.may_be_in, args))
            case Each(item=item, names=names, sources=sources):
                inside, own = self.may_be_in(item), {name.id for name in names}
                through = sources if inside & own else ()
                return (inside - own).union(*map(self.may_be_in, through))
            case Apply() | Const() | Global() | Compare() | Logic():
                return frozenset()
            case Verbatim():
                return reads(value)
        return frozenset().union(*map(self.may_be_in, children(value)))

    # ------------------------------------------------------------ expressions
    def bits(self, expr: Expr) -> int:
        return merged(self.parts(expr))

    def parts(self, expr: Expr) -> Parts:
        match expr:
            case Name(id=name):
                return self.bound[name] if name in self.bound else self.flow.held.get((self.function.name, name), 0)
            case Const():
                return 0
            case Global():
                return self.flow.lookup(self.function, expr)
            case Attribute(value=value, attr=attr):
                if isinstance(root_of(expr), Global) and not _subscripted(expr):
                    return self.flow.lookup(self.function, expr)
                whole = self.parts(value)
                if isinstance(whole, dict):
                    return whole.get(attr, merged(whole))
                known = value.type.kind if isinstance(value, Name) else "unknown"
                return 0 if attr in SHAPES and known not in ("other", "object") else whole
            case Subscript(value=value, index=index):
                self.decides(self.bits(index), "an index")
                whole = self.parts(value)
                if isinstance(whole, dict) and isinstance(index, Const) and index.value in whole:
                    return whole[index.value]
                return merged(whole)
            case Tuple(items=items) if not any(isinstance(item, Starred) for item in items):
                return dict(enumerate(map(self.parts, items)))
            case Apply():
                return self.operation(expr)
            case Call(function=called):
                if isinstance(called, Global) and called.id in self.flow.own:
                    return self.called(expr, self.flow.own[called.id])
                bits = self.all_of(expr.arguments) | (self.bits(called.value) if isinstance(called, Attribute) else 0)
                self.decides(bits, "a call of a function without a rule")
                return bits
            case Compare(operands=(one, Const(value=None)), ops=("is" | "is not",)):
                return self.bits(one) & 0
            case Compare() | Logic():
                bits = self.all_of(children(expr))
                if bits & MARKED:
                    self.lost("a comparison")
                return bits & FREE
            case Conditional(test=test, body=body, orelse=orelse):
                self.decides(self.bits(test), "a test")
                return joined(self.parts(body), self.parts(orelse))
            case Each(item=item, names=names, sources=sources):
                outer, each = self.bound, {name.id: self.bits(one) for name, one in zip(names, sources, strict=True)}
                self.bound = {**outer, **each}
                bits = self.bits(item)
                self.bound = outer
                return bits
            case Verbatim():
                bits = merged({name: self.parts(Name(name)) for name in expr.reads})
                self.decides(bits | FREE, "an expression that is not looked into")
                return bits | FREE
        return self.all_of(children(expr))

    def all_of(self, several: Sequence[Expr]) -> int:
        return merged(dict(enumerate(map(self.parts, several))))

    def operation(self, expr: Apply) -> int:
        op, whole, first = expr.op, 0, 0
        given = [(position, self.bits(one)) for position, one in operands(expr)]
        if op in BY_SHAPE:
            return 0
        if op == "where" and len(given) == 1:
            op = "nonzero"
        keeping, shaped = keeps(op)
        for position, bits in given:
            if position in shaped:
                continue
            whole |= bits
            first |= bits if position == 0 else 0
            if bits & MARKED and position not in keeping:
                self.lost(f"{short_name(op) if is_known(op) else op} of what moves", expr.place)
            if bits & FREE and not steady(op, position):
                self.varies(f"{op} of floats", expr.place)
        if whole & MARKED:
            if op in BY_LIBRARIES:
                self.varies(f"{op}, which may pass over factors that are 0", expr.place)
            if op in MASKED and first & FREE:
                self.varies(f"the condition of {op}", expr.place)
            if op in CASTING and not keeps_floats(expr):
                self.lost("a cast", expr.place)
        return whole

    def called(self, call: Call, function: Function) -> Parts:
        """A call of a function of this text."""
        for name, one in self.given(call, function):
            self.flow.add(function, name, self.parts(one))
            written = self.flow.written.get((function.name, name), 0)
            for owner in self.may_be_in(one) if written else ():
                self.flow.write(self.function, owner, written)
        return self.flow.results.get(function.name, 0)

    @staticmethod
    def given(call: Call, function: Function) -> list[tuple[str, Expr]]:
        """The arguments of a call, by parameter."""
        kinds = {parameter.name: parameter.kind for parameter in function.parameters}
        places = [name for name, kind in kinds.items() if kind in ("positional-only", "positional")]
        rest = [name for name, kind in kinds.items() if kind == "starred"]
        pairs: list[tuple[str, Expr]] = []
        for position, one in enumerate(call.args):
            if isinstance(one, Starred):
                pairs += [(name, one.value) for name in (*places[position:], *rest)]
            else:
                pairs += [(name, one) for name in (places[position : position + 1] or rest)]
        others = [name for name, kind in kinds.items() if kind == "double-starred"]
        for key, one in call.keywords:
            pairs += [(name, one) for name in ([key] if key in kinds else others)]
        return pairs


def _subscripted(expr: Expr) -> bool:
    while isinstance(expr, Attribute):
        expr = expr.value
    return isinstance(expr, Subscript)


def holds(known: Type) -> bool:
    """Whether what is put into a part of it stays the very object."""
    return known.kind not in ("array", "python", "scalar", "numpy", "number")


# ---------------------------------------------------------------- operations
def operands(expr: Apply) -> list[tuple[int, Expr]]:
    """What an operation is given, with the positions that its rule counts."""
    listed = [one.name for one in rule_of(expr.op).parameters] if is_known(expr.op) else []
    last = len(listed) - 1 if listed and expr.op not in BY_LIBRARIES else len(expr.args)
    found = [(min(position, last), one) for position, one in enumerate(expr.args)]
    return [*found, *((listed.index(name) if name in listed else -1, one) for name, one in expr.keywords)]


def keeps(op: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The positions at which an operation keeps marks, and those of which it reads the shape alone."""
    if op in BY_SHAPE_OF_FIRST:
        return (), (0,)
    if op in BY_LIBRARIES or op in KEEPING:
        return BY_LIBRARIES.get(op) or KEEPING[op], ()
    if not is_known(op) or op in BY_VALUE or (rule := rule_of(op)).by_user:
        return (), ()
    if rule.kind == "effect":
        return (0, 2), ()
    if rule.kind != "linear":
        return (), ()
    names = [one.name for one in rule.parameters]
    return tuple(map(names.index, rule.active)), tuple(map(names.index, rule.constant))


def steady(op: str, position: int) -> bool:
    """Whether the shape of what an operation gives does not depend on the values at this position."""
    if op in STEADY or op in KEEPING or op in BY_LIBRARIES:
        return position >= 0
    if not is_known(op) or op in BY_VALUE or (rule := rule_of(op)).by_user:
        return False
    if rule.kind == "elementwise":
        return True
    names = [one.name for one in rule.parameters]
    return rule.kind in ("linear", "general", "effect") and position in map(names.index, (*rule.active, *rule.constant))


def keeps_floats(expr: Apply) -> bool:
    """Whether what an operation makes is of floats: no dtype is named, that of another value, or one of floats."""
    listed = [one.name for one in rule_of(expr.op).parameters]
    if "dtype" not in listed:
        return True
    at = listed.index("dtype")
    match dict(expr.keywords).get("dtype", expr.args[at] if len(expr.args) > at else None):
        case None | Const(value=None) | Apply(op="result_type") | Attribute(attr="dtype") | Global(id="float"):
            return True
        case Attribute(attr=attr) | Const(value=str() as attr):
            return attr.startswith(("float", "complex"))
    return False
