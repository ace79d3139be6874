"""The last touches: buffers written in place are owned, ``x = x + e`` becomes ``x += e``, names for what stays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace

from backprose.analyse.precision import is_discrete
from backprose.analyse.sharing import may_be_view
from backprose.analyse.types import type_of
from backprose.differentiate.wishes import describe
from backprose.ir.names import NameSupply
from backprose.ir.nodes import (
    AUGMENTED,
    Apply,
    Assign,
    Attribute,
    Augment,
    Block,
    Break,
    Call,
    Conditional,
    Const,
    Each,
    Expr,
    For,
    Function,
    If,
    List,
    Name,
    Pop,
    Push,
    Return,
    Stmt,
    Subscript,
    Try,
    Tuple,
    While,
)
from backprose.ir.types import Type
from backprose.ir.walk import (
    all_names,
    base,
    call_writes,
    expressions,
    kept,
    map_block,
    map_blocks,
    names,
    rebinds,
    rebuild,
    statement_reads,
    statements,
    with_body,
    writes,
)

IN_PLACE = {"add": "add", "subtract": "subtract"}


def is_fresh(value: Expr) -> bool:
    """Whether a value is a new array (or a number) that nothing else holds."""
    match value:
        case Apply(op="asarray" | "unbroadcast" | "real", args=(inner, *_)):
            return is_fresh(inner)
        case Apply():
            return not may_be_view(value)
        case Const() | Each() | List() | Call(shares=()):
            return True
        case Conditional(body=body, orelse=orelse):
            return is_fresh(body) and is_fresh(orelse)
    return type_of(value).is_immutable_scalar


def own_buffers(function: Function) -> Function:
    """Adjoints and tangents written in place start as arrays of their own.

    >>> from backprose.emit import emit
    >>> from backprose.ir.names import NameSupply
    >>> from backprose.ir.nodes import Program
    >>> from backprose.lower import lower
    >>> from backprose.parse import parse
    >>> def f(x_bar):
    ...     y_bar = x_bar
    ...     y_bar[0] = 0.0
    ...     return y_bar
    >>> function = lower(parse(f), NameSupply(()))
    >>> function = replace(function, body=tuple(replace(stmt, ours=True) for stmt in function.body))
    >>> print(emit(Program((own_buffers(function),))).text, end="")
    def f(x_bar):
        y_bar = own(x_bar)
        y_bar[0] = 0.0
        return y_bar
    """
    buffers = _buffers(function)
    last = function.body[-1] if function.body else None
    given = names(last.value) if isinstance(last, Return) and last.ours and last.value is not None else ()
    moved = handed_over(function)
    own = frozenset(name for stmt in statements(function.body) if stmt.ours for name in rebinds(stmt))
    own |= {parameter.name for parameter in function.parameters if parameter.name.endswith(("_dot", "_bar"))}
    return with_body(function, _own(function.body, buffers, frozenset(name.id for name in given), moved, own))


def _buffers(function: Function) -> set[str]:
    """What is written in place."""
    found = {name for stmt in statements(function.body) if stmt.ours for name in writes(stmt)}
    places = (place for stmt in statements(function.body) for place in call_writes(stmt))
    return found | {array.id for place in places if (array := base(place)) is not None}


def handed_over(function: Function) -> frozenset[int]:
    """The statements ``x_bar = y_bar`` (by identity) after which nothing reads the buffer as ``y_bar``, outside loops.

    In a loop two names would take turns with one buffer: a copy makes text that is easier to follow.
    """
    buffers = _buffers(function) - {parameter.name for parameter in function.parameters}
    found: set[int] = set()
    _live(function.body, set(), frozenset(), buffers, found)
    return frozenset(found)


def _live(block: Block, live: set[str], at_break: Collection[str], buffers: set[str], found: set[int]) -> set[str]:
    """What may be read from the start of a block on (``live``, changed); notes in ``found`` what is handed over."""
    for stmt in reversed(block):
        match stmt:
            case Break():
                live = set(at_break)
            case Try():
                live |= all_names((stmt,))
            case If(body=body, orelse=orelse):
                other = _live(orelse, set(live), at_break, buffers, found)
                live = _live(body, live, at_break, buffers, found) | other | statement_reads(stmt)
            case For(orelse=orelse) | While(orelse=orelse):
                out = _live(orelse, set(live), at_break, buffers, found)
                live |= out | {name for inner in statements((stmt,)) for name in statement_reads(inner)}
            case _:
                match stmt:
                    case Assign(target=Name(), value=Name(id=source), ours=True):
                        if source in buffers and source not in live:
                            found.add(id(stmt))
                live.difference_update(rebinds(stmt))
                live |= statement_reads(stmt)
    return live


def _own(block: Block, buffers: set[str], given: frozenset[str], moved: frozenset[int], own: frozenset[str]) -> Block:
    """``given``: what is returned, whose receiver may write into it: no array repeated by strides alone; ``own``:
    variables of ours, all others may hold integers."""
    result: list[Stmt] = []
    for stmt in block:
        match stmt:
            case Assign() if id(stmt) in moved:
                pass
            case Assign(target=Name(id=name), value=value, ours=True) if name in buffers and not isinstance(
                stmt.value, Const
            ):
                if not is_fresh(value):
                    known, array = type_of(value), base(value)
                    if _may_be_integers(known) and array is not None and array.id not in own:
                        value = Apply("multiply", (Const(1.0), value))
                    else:
                        value = Apply("list", (value,)) if known.kind == "list" else _owned(value)
                    stmt = replace(stmt, value=value)
            case Assign(target=Name(), value=value, ours=True) if not is_fresh(value) and _shares(value, buffers):
                stmt = replace(stmt, value=_owned(value))  # it keeps what the buffer holds now
            case Assign(target=Name(id=name), value=Apply(op="broadcast_to") as value, ours=True) if name in given:
                stmt = replace(stmt, value=_owned(value))
            case Return(value=Tuple(items=items), ours=True):
                stmt = replace(stmt, value=Tuple(tuple(map(_handed_out, items))))
            case Return(value=Apply() as value, ours=True):
                stmt = replace(stmt, value=_handed_out(value))
            case Push(value=Name(id=name) as value, ours=True) if name in buffers and value.type.kind != "list":
                stmt = replace(stmt, value=_owned(value))
            case If() | For() | While():
                stmt = map_blocks(stmt, lambda inner: _own(inner, buffers, given, moved, own))
        result.append(stmt)
    return kept(block, result)


def _may_be_integers(known: Type) -> bool:
    return known.kind in ("array", "unknown") and known.dtype is None


def _shares(value: Expr, buffers: set[str]) -> bool:
    """Whether a value may be a buffer or a view of one."""
    while isinstance(value, (Subscript, Attribute)) or (isinstance(value, Apply) and value.args):
        value = value.args[0] if isinstance(value, Apply) else value.value
    if not isinstance(value, Name) or value.type.kind == "list":  # items of lists are never written in place
        return False
    return value.id in buffers and not value.type.is_immutable_scalar


def _handed_out(value: Expr) -> Expr:
    return _owned(value) if isinstance(value, Apply) and value.op == "broadcast_to" else value


def _owned(value: Expr) -> Expr:
    match value:
        case Apply(
            op="broadcast_to",
            args=(inner, Attribute(value=Name() as like, attr="shape") | Apply(op="shape", args=(Name() as like,))),
        ):
            complex_in_real = type_of(inner).is_complex and not like.type.is_complex
            if type_of(inner).rank == 0 and not complex_in_real and not is_discrete(like):
                return Apply("full_like", (like, inner))
            if isinstance(inner, Const) and type(inner.value) is int:  # an adjoint is an array of floats
                value = Apply("broadcast_to", (Const(float(inner.value)), value.args[1]))
        case Apply(op="asarray", keywords=(("order", _),)):  # a copy of it would be in C order
            return replace(value, op="array")
    found = type_of(value.args[1] if isinstance(value, Apply) and value.op == "unbroadcast" else value)
    is_array = found.kind == "array" or bool(found.shape)
    return Apply("copy" if is_array else "own", (value,))  # a number has no copy()


def shorten(function: Function) -> Function:
    """``x = x + e`` as ``x += e`` where that is the same: numbers, and buffers of ours of the same shape.

    >>> from backprose.emit import emit
    >>> from backprose.ir.names import NameSupply
    >>> from backprose.ir.nodes import Program
    >>> from backprose.lower import lower
    >>> from backprose.parse import parse
    >>> from backprose.analyse.types import infer
    >>> from backprose.ir.types import PYTHON_FLOAT
    >>> def f(x):
    ...     x += 1.0
    ...     return x
    >>> typed = infer(lower(parse(f), NameSupply(())), {"x": PYTHON_FLOAT}).function
    >>> print(emit(Program((typed,))).text, end="")
    def f(x):
        x = x + 1.0
        return x
    >>> print(emit(Program((shorten(typed),))).text, end="")
    def f(x):
        x += 1.0
        return x
    """
    buffers = {name for stmt in statements(function.body) if stmt.ours for name in writes(stmt)}
    return with_body(function, _shorten(function.body, buffers))


def _shorten(block: Block, buffers: set[str]) -> Block:
    result: list[Stmt] = []
    for stmt in block:
        match stmt:
            case Assign(
                target=Name() as target,
                value=Apply(
                    op="add" | "subtract" | "multiply" | "divide" as op, args=(Name() as first, rest), spelling=spelling
                ),
            ):
                if first.id == target.id and not any(name.id == target.id for name in names(rest)):
                    scalar = first.type.is_immutable_scalar and type_of(rest).rank == 0
                    owned = stmt.ours and target.id in buffers and _same_shape(first, rest)
                    written_so = stmt.ours or spelling == AUGMENTED
                    if written_so and (scalar or owned):
                        stmt = Augment(target, op, rest, stmt.span, stmt.comments, stmt.ours)
            case Augment(op="add", value=Apply(op="negative", args=(inner,)), ours=True):
                stmt = replace(stmt, op="subtract", value=inner)
            case Augment(op="subtract", value=Apply(op="negative", args=(inner,)), ours=True):
                stmt = replace(stmt, op="add", value=inner)
            case If() | For() | While():
                stmt = map_blocks(stmt, lambda inner: _shorten(inner, buffers))
        result.append(stmt)
    return kept(block, result)


def _same_shape(first: Name, rest: Expr) -> bool:
    shape = type_of(rest).shape
    return shape == () or (shape is not None and shape == first.type.shape)


# ---------------------------------------------------------------- what comes off a list
def pop_into(function: Function) -> Function:
    """``x = xs.pop()`` instead of a temporary that ``x`` is assigned afterwards, where that is all it is read for."""
    read = Counter(name.id for stmt in statements(function.body) for part in expressions(stmt) for name in names(part))
    return with_body(function, _pop_into(function.body, read))


def _pop_into(block: Block, read: Counter[str]) -> Block:
    result: list[Stmt] = []
    for stmt in block:
        stmt = map_blocks(stmt, lambda inner: _pop_into(inner, read))
        at = None
        match stmt:
            case Assign(target=Name() as target, value=Name(temporary=True) as value) if read[value.id] == 1:
                at = _popped_at(result, value, target.id)
                if at is not None:
                    one = result[at]
                    assert isinstance(one, Pop)
                    result[at] = replace(one, target=target, comments=stmt.comments or one.comments)
        if at is None:
            result.append(stmt)
    return kept(block, result)


def _popped_at(before: list[Stmt], value: Name, target: str) -> int | None:
    """Where a temporary came off a list, if the variable that it goes to has not been touched since."""
    for position in range(len(before) - 1, -1, -1):
        one = before[position]
        if isinstance(one, Pop) and one.target == value:
            return position
        if target in all_names((one,)):
            return None
    return None


# ---------------------------------------------------------------- names for temporaries
def name_temporaries(
    function: Function, wishes: Mapping[str, str], supply: NameSupply, chosen: dict[str, str]
) -> Function:
    """Every temporary that is still there gets a name a person would give it, noted in ``chosen``.

    >>> from backprose.emit import emit
    >>> from backprose.ir.names import NameSupply
    >>> from backprose.ir.nodes import Program
    >>> from backprose.lower import lower
    >>> from backprose.parse import parse
    >>> def f(x):
    ...     return x * x + (x + 1.0)
    >>> supply = NameSupply(())
    >>> flat = lower(parse(f), supply)
    >>> print(emit(Program((name_temporaries(flat, {"_t2": "ahead"}, supply, {}),))).text, end="")
    def f(x):
        product = x * x
        ahead = x + 1.0
        total = product + ahead
        return total
    """
    for stmt in statements(function.body):
        for target in (stmt.target,) if isinstance(stmt, (Assign, Augment, For, Pop)) else ():
            for item in names(target):
                if item.temporary and item.id not in chosen:
                    wish = wishes.get(item.id)
                    if wish is None:
                        wish = describe(stmt.value, None) if isinstance(stmt, Assign) else "part"
                    chosen[item.id] = supply.fresh(wish)

    def rename(expr: Expr) -> Expr:
        if isinstance(expr, Name):
            return Name(chosen[expr.id], expr.type) if expr.id in chosen else expr
        return rebuild(expr, rename)

    return with_body(function, map_block(function.body, rename))
