"""The stage on one page: a function whose parameters are numbers and arrays only, and what they stand for."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import FunctionType
from typing import Any

from backprose.expand.blocks import Blocks
from backprose.expand.calls import bound_often, plain_stacks
from backprose.expand.frames import Frame, State
from backprose.expand.lifting import Lifting
from backprose.expand.operations import TAKEN_APART
from backprose.expand.outside import may_be_called, meaning_of
from backprose.expand.returned import Returned, literal, returned
from backprose.expand.values import Form, NotKnown, Sequence, Struct, Value, labels_of
from backprose.ir.names import NameSupply
from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Block,
    Call,
    Const,
    Each,
    Expr,
    For,
    Function,
    Global,
    If,
    Lambda,
    List,
    Name,
    Parameter,
    Pass,
    Return,
    Subscript,
    Tuple,
    While,
    children,
)
from backprose.ir.types import UNKNOWN, Type, alike
from backprose.ir.walk import (
    all_names,
    bound,
    certain_names,
    expressions,
    is_path,
    rebinds,
    statement_reads,
    statements,
    targets,
)
from backprose.lower.fence import Refusal, refuse
from backprose.lower.inline import has_lists
from backprose.parse import Parsed
from backprose.rules.registry import is_field, op_of, rule_of

CONCERNED = frozenset({*TAKEN_APART, "astype", "list"})
OF_ITEMS = frozenset(op_of(one) for one in (builtins.sum, builtins.max, builtins.min))  # of displays, too


@dataclass(frozen=True, slots=True)
class Leaf:
    """A number or array inside an argument: the variable that it is, and how it is read (``params["W"][0]``)."""

    name: str
    path: Expr
    type: Type
    constant: bool = False  # an attribute of the class


@dataclass(frozen=True, slots=True)
class Expanded:
    """``function`` takes leaves; ``leaves`` are those of each parameter of the user's that is a structure. It returns
    leaves, too: ``result`` is the structure that the user's function returns them in. ``slots``: variables of ours;
    ``classes``: the user's, whose methods may have been followed; ``meanings``: names that meant a function or a
    class, with the function that they stand in; ``met``: names of objects whose methods were followed and of
    containers whose functions were, which ``holders`` are, read through ``links``; ``fixed``: of texts; ``constants``:
    attributes of classes that were read."""

    function: Function
    leaves: Mapping[str, tuple[Leaf, ...]]
    types: Mapping[str, Type] = field(default_factory=dict)  # of those parameters, and of those that are lists
    result: Returned | None = None
    slots: frozenset[str] = frozenset()
    repeated: frozenset[str] = frozenset()  # variables that statements bind which were written out more than once
    classes: Collection[type] = ()
    meanings: Collection[tuple[FunctionType, str]] = ()
    met: Collection[tuple[FunctionType, str]] = ()
    holders: tuple[object, ...] = ()
    links: Collection[tuple[object, str]] = ()
    fixed: Collection[tuple[FunctionType, str]] = ()
    stored: Collection[str] = ()  # arguments and leaves into whose lists, dicts and objects something may be put
    compared: bool = False  # whether it is asked if two of them are one
    kept: frozenset[str] = frozenset()  # copies of what a pullback reads
    constants: Collection[tuple[type, str]] = ()


def expand(
    function: Function,
    parsed: Parsed,
    signature: Mapping[str, Type],
    supply: NameSupply,
    lowered: Callable[[FunctionType, NameSupply], Function],
    inside: Collection[object] = (),
    lifting: Lifting | None = None,
) -> Expanded:
    """The function without structures and without functions as values; calls of functions ``inside`` are carried out.

    >>> from backprose.lower import lower
    >>> from backprose.parse import parse
    >>> def f(x):
    ...     pair = (x, 2 * x)
    ...     square = lambda y: y * y
    ...     return square(pair[1])
    >>> supply = NameSupply(())
    >>> flat = expand(lower(parse(f), supply), parse(f), {}, supply, lambda _function, _supply: None).function
    >>> from backprose.emit import emit
    >>> from backprose.ir.nodes import Program
    >>> print(emit(Program((flat,))).text, end="")
    def f(x):
        _t1 = 2 * x
        _t5 = _t1 * _t1
        return _t5
    """
    if not _concerned(function, signature, parsed):
        return Expanded(function, {})
    dynamic: dict[Hashable, Form | None] = {}
    entered: list[Function] = []

    def noted(found: FunctionType, names: NameSupply) -> Function:
        entered.append(lowered(found, names))
        return entered[-1]

    mark = supply.mark()
    while True:
        try:
            return _expanded(function, parsed, signature, supply, noted, dynamic, inside, lifting)
        except NotKnown as found:  # each time one list more is not followed slot by slot
            dynamic[found.site] = found.form
            supply.back_to(mark)
            for one in entered:
                supply.reserve(all_names(one.body))


def _expanded(
    function: Function,
    parsed: Parsed,
    signature: Mapping[str, Type],
    supply: NameSupply,
    lowered: Callable[[FunctionType, NameSupply], Function],
    dynamic: dict[Hashable, Form | None],
    inside: Collection[object],
    lifting: Lifting | None,
) -> Expanded:
    local = frozenset(p.name for p in function.parameters) | _assigned(function.body)
    frame = Frame(parsed, local, outermost=True, many=bound_often(function, local), stacks=plain_stacks(function.body))
    frame.function = function
    for name in frame.local & signature.keys():
        if signature[name].is_structure and name in _assigned(function.body):  # the argument is read at the end
            frame.renamed[name] = supply.fresh(name)
    state = State()
    blocks = Blocks(supply, state, lowered)
    blocks.frame, blocks.dynamic, blocks.inside, blocks.lifting = frame, dynamic, inside, lifting
    blocks.given |= all_names(function.body) | local | globals_of(function)
    blocks.numbers |= {parameter.name for parameter in function.parameters}
    leaves: dict[str, tuple[Leaf, ...]] = {}
    types: dict[str, Type] = {}
    parameters: list[Parameter] = []
    for parameter in function.parameters:
        known = signature.get(parameter.name, UNKNOWN)
        item = _item_of(known, Name(parameter.name), dynamic)
        if item is not None and not item.is_structure:  # a list of numbers or arrays stays what it is
            whole = Type("list", item=item, value=tuple if known.kind == "tuple" else known.value)
            parameters.append(replace(parameter, type=whole))
            types[parameter.name] = whole
            state.bindings[blocks.renamed(parameter.name, frame).id] = Sequence(
                (Name(parameter.name, whole),), None, None, fixed=whole.value is tuple
            )
            blocks.list_names.add(parameter.name)
            continue
        if parameter.kind == "starred" and known.kind == "tuple" and known.items == ():  # it takes nothing in this call
            state.bindings[blocks.renamed(parameter.name, frame).id] = Struct("tuple", {})
            leaves[parameter.name] = ()
            continue
        if not known.is_structure and item is None:
            parameters.append(parameter)
            place = blocks.renamed(parameter.name, frame).id
            if known.kind == "none":
                state.constants[place] = Const(None)
            elif known.kind == "str" and known.value is not None:
                text = Const(known.value)
                state.constants[place] = text
                if parameter.name not in _assigned(function.body):
                    state.bindings[place] = text
            blocks.made_numbers |= {parameter.name} if known.is_number else set()
            blocks.arrays |= {parameter.name} if known.kind == "array" else set()
            blocks.counts |= {parameter.name} if known.kind in ("python", "scalar") else set()
            if parameter.kind in ("starred", "double-starred"):
                refuse(parsed, parsed.tree, _starred(parameter))
            continue
        found: list[Leaf] = []
        types[parameter.name] = _with_lists(known, Name(parameter.name), dynamic)
        state.bindings[blocks.renamed(parameter.name, frame).id] = _structure(
            types[parameter.name], Name(parameter.name), parameter.name, supply, found, blocks
        )
        leaves[parameter.name] = tuple(found)
        parameters += [Parameter(leaf.name, "keyword-only", None, leaf.type) for leaf in found]
    *body, last = function.body
    opening = blocks.take()
    made = (*opening, *blocks.run(tuple(body), frame))
    assert isinstance(last, Return)
    value: Value = Const(None) if last.value is None else blocks.value(last.value, frame, last)
    form = returned(value, blocks, last)
    result = None if last.value is None else blocks.leaf(value, last) if form is None else Tuple(form.leaves)
    closing = blocks.take()
    flow = (*made, *closing)
    given = {parameter.name for parameter in parameters}
    known_names = given.union(*(rebinds(stmt) for stmt in statements(flow)))
    read = {name for stmt in statements(flow) for name in statement_reads(stmt)}
    left = (read & (blocks.were_structures - blocks.list_names)) | (read - known_names)
    unbound = _read_unbound(flow, left, given)
    if unbound is not None:
        why = "it is not bound on every way that comes here"
        refuse(parsed, parsed.tree, Refusal(f"a use of {unbound}", why, "bind it before the loop", "containers"))
    flat = replace(function, parameters=_in_order(parameters), body=(*made, *closing, replace(last, value=result)))
    for known in signature.values():
        blocks.classes.update(_classes(known))
    slots, repeated = frozenset(blocks.slot_names), frozenset(blocks.written_out - blocks.slot_names)
    kept = frozenset(blocks.kept_copies)
    holders, stored = tuple(blocks.holders.values()), blocks.stored_arguments()
    return Expanded(
        flat, leaves, types, form, slots, repeated, blocks.classes, blocks.meanings, blocks.met, holders,
        blocks.links, blocks.fixed, stored, blocks.asks_if_one, kept, blocks.constants,
    )  # fmt: skip


def _classes(known: Type) -> Iterator[type]:
    """The classes of the objects in an argument."""
    if known.is_structure and isinstance(known.value, type):
        yield known.value
    for item in (*(known.items or ()), *((known.item,) if known.item is not None else ())):
        yield from _classes(item)


def _read_unbound(block: Block, names: set[str], bound: set[str]) -> str | None:
    """One of the names that is read where it is not surely bound."""
    bound = set(bound)
    for stmt in block:
        header = replace(stmt, body=(), orelse=()) if isinstance(stmt, If | For | While) else stmt
        if unbound := (statement_reads(header) & names) - bound:
            return min(unbound)
        if isinstance(stmt, If | For | While):
            inside = bound | set(rebinds(stmt))
            found = _read_unbound(stmt.body, names, inside) or _read_unbound(stmt.orelse, names, bound)
            if found is not None:
                return found
        bound |= certain_names((stmt,))
    return None


def _concerned(function: Function, signature: Mapping[str, Type], parsed: Parsed) -> bool:
    """Whether there is anything to expand."""
    if any(known.is_structure or holds_numbers(known.item) for known in signature.values()):
        return True
    if Blocks.needed(function) or _passes_on_several(function):
        return True
    pending = [expr for stmt in statements(function.body) for expr in expressions(stmt)]
    while pending:
        expr = pending.pop()
        if isinstance(expr, Call) and isinstance(expr.function, Global | Attribute | Name | Subscript):
            return True
        if isinstance(expr, Global | Attribute) and is_path(expr) and may_be_called(meaning_of(expr, parsed)):
            return True
        if isinstance(expr, Apply) and (expr.op in CONCERNED or rule_of(expr.op).counted is not None):
            return True
        if isinstance(expr, Apply) and expr.op in ("array", "asarray") and expr.keywords:
            return True
        if isinstance(expr, Attribute) and is_field(expr.attr):
            return True
        if isinstance(expr, Apply) and has_lists(expr):
            return True
        displays = isinstance(expr, Apply) and any(isinstance(arg, Tuple | List) for arg in expr.args)
        if isinstance(expr, Apply) and expr.op in OF_ITEMS and (displays or len(expr.args) + len(expr.keywords) > 1):
            return True
        pending.extend(children(expr))
    return False


def _passes_on_several(function: Function) -> bool:
    """Whether what an operation gives in several parts, ``cho_factor(a)``, is used as a whole."""
    several = {
        stmt.target.id
        for stmt in statements(function.body)
        if isinstance(stmt, Assign) and isinstance(stmt.target, Name) and isinstance(stmt.value, Apply)
        if rule_of(stmt.value.op).results > 1
    }
    pending = [expr for stmt in statements(function.body) if several for expr in expressions(stmt)]
    while pending:
        expr = pending.pop()
        if isinstance(expr, Name) and expr.id in several:
            return True
        pending.extend(part for part in children(expr) if not (isinstance(expr, Subscript) and part is expr.value))
    return False


def _structure(
    known: Type, path: Expr, wish: str, supply: NameSupply, leaves: list[Leaf], blocks: Blocks, constant: bool = False
) -> Value:
    """What an argument of this type is: a variable for each number and array in it."""
    if known.item is not None and holds_numbers(known.item):
        return _columns(known, path, wish, supply, leaves, blocks)
    if known.kind == "none" or (known.kind == "str" and known.value is not None):
        return Const(known.value)
    if not known.is_structure:
        name = supply.fresh(wish)
        leaves.append(Leaf(name, path, known, constant))
        blocks.slot_names.add(name)
        return Name(name, known)
    if known.kind == "function":
        return blocks.known(known.value)
    slots: dict[Any, Value] = {}
    items = known.items or ()
    for place, (key, item) in enumerate(zip(known.keys or range(len(items)), items, strict=True)):
        inner = path_to(known, path, key)
        part = inner.attr if isinstance(inner, Attribute) else str(key)
        label = part if part.isidentifier() and known.kind != "list" else f"{wish}_{part}"
        label = label if label.isidentifier() else f"{wish}_part"
        slots[key] = _structure(
            item, inner, label, supply, leaves, blocks, constant or place >= len(items) - known.fixed
        )
    kind: Any = known.kind
    own = {one.id for one in slots.values() if isinstance(one, Name)}
    plain = known.value is None and kind in ("list", "tuple")
    inherited = frozenset(list(slots)[len(slots) - known.fixed :])
    site = ("argument", path) if plain else None
    made = Struct(kind, slots, known.value, wish, own, site, like=path, inherited=inherited)
    if site not in blocks.dynamic:
        return made
    listed = blocks.begin(made, None, wish, Pass())  # its items are not alike: it is put together again
    return replace(listed, fixed=kind == "tuple")


def path_to(known: Type, path: Expr, key: Any) -> Subscript | Attribute:
    """How a part of an argument is read."""
    if known.kind == "object":
        return Attribute(path, str(key))
    if known.kind == "tuple" and known.value is not None:
        return Attribute(path, known.value._fields[key])
    return Subscript(path, literal(key))


# ---------------------------------------------------------------- lists as arguments
def holds_numbers(known: Type | None) -> bool:
    """Whether there is anything in a value that can have a derivative."""
    if known is None:
        return False
    return (known.is_number and known.may_be_differentiable) or any(map(holds_numbers, known.items or ()))


def _item_of(known: Type, path: Expr, dynamic: Mapping[Hashable, Form | None]) -> Type | None:
    """What the items of a list are that is not followed slot by slot; None where it is, or holds no numbers."""
    item = known.item
    if item is None and known.items and ("argument", path) in dynamic:
        item = alike(known.items)
    return item if holds_numbers(item) else None


def _with_lists(known: Type, path: Expr, dynamic: Mapping[Hashable, Form | None]) -> Type:
    """The type with lists that are not followed slot by slot known by their items."""
    item = _item_of(known, path, dynamic)
    if item is not None:
        return Type("list", item=item, value=tuple if known.kind == "tuple" else known.value)
    if not known.is_structure or known.items is None:
        return known
    keys = known.keys or tuple(range(len(known.items)))
    parts = zip(keys, known.items, strict=True)
    return replace(known, items=tuple(_with_lists(part, path_to(known, path, key), dynamic) for key, part in parts))


def _columns(known: Type, path: Expr, wish: str, supply: NameSupply, leaves: list[Leaf], blocks: Blocks) -> Sequence:
    """A list whose items are structures: a list for each number or array in an item."""
    assert known.item is not None
    form = _form_of_type(known.item)
    one = Name("one")
    columns: list[Name] = []
    for label, (part, its_type) in zip(labels_of(form, wish), _parts(known.item, one), strict=True):
        whole = Type("list", item=its_type)
        columns.append(Name(supply.fresh(label), whole))
        read: Expr = path if part == one else Each(part, (one,), (path,))
        leaves.append(Leaf(columns[-1].id, read, whole))
        blocks.list_names.add(columns[-1].id)
    return Sequence(tuple(columns), form, None, fixed=known.value is tuple)


def _form_of_type(known: Type) -> Form | None:
    if not known.is_structure or known.items is None:
        return None
    kind: Any = known.kind
    keys = known.keys or tuple(range(len(known.items)))
    return Form(kind, known.value, keys, tuple(map(_form_of_type, known.items)))


def _parts(known: Type, path: Expr) -> Iterator[tuple[Expr, Type]]:
    """The numbers and arrays in an item, as they are read."""
    if not known.is_structure or known.items is None:
        yield path, known
        return
    for key, part in zip(known.keys or range(len(known.items)), known.items, strict=True):
        yield from _parts(part, path_to(known, path, key))


def _in_order(parameters: list[Parameter]) -> tuple[Parameter, ...]:
    """Leaves stand after the other parameters, by name: the text that users see has their own parameters."""
    plain = [p for p in parameters if p.kind != "keyword-only"]
    return (*plain, *(p for p in parameters if p.kind == "keyword-only"))


def _starred(parameter: Parameter) -> Refusal:
    star = "*" if parameter.kind == "starred" else "**"
    return Refusal(
        f"the parameter {star}{parameter.name}", "how many arguments it takes is not known", "name the parameters",
        "starred",
    )  # fmt: skip


def globals_of(function: Function) -> set[str]:
    """The first names of what the function reads from outside."""
    found: set[str] = set()
    pending: list[Any] = [expr for stmt in statements(function.body) for expr in expressions(stmt)]
    while pending:
        expr = pending.pop()
        if isinstance(expr, Global):
            found.add(expr.id)
        if isinstance(expr, Apply):
            found.add(expr.spelling.rpartition(":")[2].partition(".")[0])
        if isinstance(expr, Lambda):
            found |= globals_of(expr.function) | all_names(expr.function.body)
        pending.extend(children(expr))
    return found


def _assigned(body: Block) -> frozenset[str]:
    return frozenset(name for stmt in statements(body) for target in targets(stmt) for name in bound(target))
