"""Back to the user's structures: leaves are read from them at entry, gradients and results put into their form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from backprose.expand.functions import Leaf, holds_numbers, path_to
from backprose.expand.returned import Returned, literal
from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Call,
    Const,
    Dict,
    Each,
    Expr,
    Function,
    List,
    Name,
    Parameter,
    Return,
    Stmt,
    Subscript,
    Tuple,
)
from backprose.ir.types import Type
from backprose.ir.walk import map_block, reads, rebuild, statement_reads, statements

Leaves = Mapping[str, tuple[Leaf, ...]]


def leaf_names(wrt: Sequence[str], leaves: Leaves) -> tuple[str, ...]:
    """The parameters of the expanded function that those of the user's stand for: integers left out."""
    found: list[str] = []
    for name in wrt:
        if name in leaves:
            found += [leaf.name for leaf in leaves[name] if is_active(leaf)]
        else:
            found.append(name)
    return tuple(found)


def is_active(leaf: Leaf) -> bool:
    known = leaf.type.item or leaf.type
    return known.may_be_differentiable and known.is_number and not leaf.constant


def unpacked(function: Function, parameters: Sequence[Parameter], leaves: Leaves) -> Function:
    """The function with the user's parameters, and the leaves that it reads taken from them first."""
    inside = {leaf.name for part in leaves.values() for leaf in part}
    read = {name for stmt in statements(function.body) for name in statement_reads(stmt)}
    opening: list[Stmt] = [
        Assign(Name(leaf.name, leaf.type), leaf.path) for part in leaves.values() for leaf in part if leaf.name in read
    ]
    added = [p for p in function.parameters if p.name not in inside and p.name not in {own.name for own in parameters}]
    if any(own.default is not None or own.kind == "keyword-only" for own in parameters):
        added = [replace(p, kind="keyword-only") for p in added]
    return replace(function, parameters=(*parameters, *added), body=(*opening, *function.body))


def packed(
    function: Function, wrt: Sequence[str], single: bool, value: bool, leaves: Leaves, signature: Mapping[str, Type]
) -> Function:
    """The function whose flat gradients are returned in the form of their arguments."""
    last = function.body[-1]
    assert isinstance(last, Return)
    returned = last.value
    assert isinstance(returned, Tuple)
    flat = returned.items[1] if value else returned
    assert isinstance(flat, Tuple)
    gradients = iter(flat.items)
    parts = [_form(signature[name], Name(name), gradients) if name in leaves else next(gradients) for name in wrt]
    gradient: Expr = parts[0] if single else Tuple(tuple(parts))
    if value:
        gradient = Tuple((returned.items[0], gradient))
    return replace(function, body=(*function.body[:-1], replace(last, value=gradient)))


def handed_out(functions: tuple[Function, ...], mode: str, result: Returned | None) -> tuple[Function, ...]:
    """The functions with the result in its structure: the value and its tangent, the tangent alone, or the value and
    its cotangent."""
    if result is None or mode == "reverse":
        return functions
    first, *others = functions
    last = first.body[-1]
    assert isinstance(last, Return)
    assert isinstance(last.value, Tuple)
    if mode == "tangent":
        return (replace(first, body=(*first.body[:-1], replace(last, value=result.packed(last.value.items)))),)
    value, second = last.value.items
    assert isinstance(value, Tuple)
    value = result.packed(value.items)
    if mode == "forward":
        assert isinstance(second, Tuple)
        second = result.packed(second.items)
    else:
        (backward,) = others
        seed = Name(backward.parameters[1].name)
        places: dict[Expr, Expr] = {Subscript(seed, Const(k)): path for k, path in enumerate(result.paths(seed))}
        others = [replace(backward, body=map_block(backward.body, lambda expr: _exchanged(expr, places)))]
    first = replace(first, body=(*first.body[:-1], replace(last, value=Tuple((value, second)))))
    return (first, *others)


def _exchanged(expr: Expr, places: Mapping[Expr, Expr]) -> Expr:
    found = places.get(expr) if isinstance(expr, Subscript) else None
    return rebuild(expr, lambda part: _exchanged(part, places)) if found is None else found


def _list_form(known: Type, path: Expr, gradients: Iterator[Expr]) -> Expr:
    """The gradients of a list of structures: those of each part side by side, put together item by item."""
    assert known.item is not None
    one = Name("one")
    names: list[Name] = []
    sources: list[Expr] = []

    def taken() -> Iterator[Expr]:
        while True:
            sources.append(next(gradients))
            names.append(Name(f"one_bar_{len(sources)}"))
            yield names[-1]

    item = _form(known.item, one, taken())
    if item == names[0]:
        made: Expr = sources[0]
    else:
        whole = one.id in reads(item)
        made = Each(item, (one, *names) if whole else tuple(names), (path, *sources) if whole else tuple(sources))
    return Apply("tuple", (made,)) if known.value is tuple else made


def _form(known: Type, path: Expr, gradients: Iterator[Expr]) -> Expr:
    """The gradients of the leaves of one argument, in its structure."""
    if known.item is not None and holds_numbers(known.item):
        return _list_form(known, path, gradients)
    if not known.is_structure:
        return next(gradients) if known.may_be_differentiable and known.is_number else Const(None)
    if known.kind == "function":
        return Const(None)
    items = known.items or ()
    if known.kind == "dict":
        keys = known.keys or ()
        return Dict(
            tuple(map(literal, keys)),
            tuple(_form(item, path_to(known, path, key), gradients) for key, item in zip(keys, items, strict=True)),
        )
    if known.kind == "object":
        parts = tuple(
            (str(key), _form(item, Attribute(path, str(key)), gradients))
            for key, item in list(zip(known.keys or (), items, strict=True))[: len(items) - known.fixed]
        )
        return Apply("with_attributes", (path,), parts)
    if known.value is not None:
        names: tuple[str, ...] = known.value._fields
        parts = tuple(
            (name, _form(item, Attribute(path, name), gradients)) for name, item in zip(names, items, strict=True)
        )
        return Call(Attribute(path, "_replace"), (), parts)
    made = tuple(_form(item, path_to(known, path, position), gradients) for position, item in enumerate(items))
    return List(made) if known.kind == "list" else Tuple(made)
