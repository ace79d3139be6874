"""What a function returns: numbers and arrays side by side, and the structure that they are handed out in."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backprose.expand.values import Form as Item
from backprose.expand.values import Sequence as Several
from backprose.expand.values import Struct, Value
from backprose.ir.nodes import (
    Apply,
    Attribute,
    Call,
    Const,
    Dict,
    Each,
    Expr,
    Global,
    List,
    Name,
    Stmt,
    Subscript,
    Tuple,
)

if TYPE_CHECKING:
    from backprose.expand.calls import Calls


def literal(key: Hashable) -> Expr:
    """The text of a key of a dict, or of an index."""
    return Tuple(tuple(map(literal, key))) if isinstance(key, tuple) else Const(key)


@dataclass(frozen=True)
class Form:
    """A structure. ``make``: its text, of the texts of its parts; ``paths``: how these are read from one like it."""

    parts: tuple[Form | None, ...]
    make: Callable[[Sequence[Expr]], Expr]
    paths: Callable[[Expr], list[Expr]]


@dataclass(frozen=True)
class Returned:
    """A result: its leaves in order, and its form."""

    leaves: tuple[Expr, ...]
    form: Form | None

    def packed(self, leaves: Sequence[Expr]) -> Expr:
        """The structure with these leaves."""
        return _packed(self.form, iter(leaves))

    def paths(self, root: Expr) -> list[Expr]:
        """How each leaf is read from such a structure."""
        return list(_paths(self.form, root))


def returned(value: Value, calls: Calls, stmt: Stmt) -> Returned | None:
    """The result as leaves and a form; None where it is a number, an array, or tuples and lists of these alone."""
    if _is_plain(value):
        return None
    leaves: list[Expr] = []
    form = _form(value, calls, stmt, leaves)
    return Returned(tuple(leaves), form)


def _is_plain(value: Value) -> bool:
    if isinstance(value, Several):
        return value.form is None
    if not isinstance(value, Struct):
        return True
    plain = value.kind in ("tuple", "list") and value.cls is None and value.stands_for is None
    return plain and all(map(_is_plain, value.slots.values()))


def _form(value: Value, calls: Calls, stmt: Stmt, leaves: list[Expr]) -> Form | None:
    """The form of a part of the result, its leaves noted; None where it is one."""
    if isinstance(value, Several) and value.form is not None:
        leaves += value.columns
        return _rows(value, calls, stmt)
    if not isinstance(value, Struct):
        leaves.append(calls.leaf(value, stmt))
        return None
    slots = {key: item for key, item in value.slots.items() if key not in value.inherited}
    parts = tuple(_form(item, calls, stmt, leaves) for item in slots.values())
    keys = tuple(slots)
    if value.stands_for is not None:
        calls.fail(
            stmt, f"a {value.stands_for.__name__} as the result", f"it is followed as a {value.kind}",
            f"return {value.kind}(...) of it", "results",
        )  # fmt: skip
    if value.kind == "dict":
        return Form(parts, lambda items: Dict(tuple(map(literal, keys)), tuple(items)), _items(keys))
    if value.kind == "object" or value.cls is not None:
        return _named(value, keys, parts, calls, stmt)
    kind: Any = Tuple if value.kind == "tuple" else List
    return Form(parts, lambda items: kind(tuple(items)), _items(keys))


def _items(keys: tuple[Hashable, ...]) -> Callable[[Expr], list[Expr]]:
    return lambda root: [Subscript(root, literal(key)) for key in keys]


def _named(value: Struct, keys: tuple[Hashable, ...], parts: tuple[Form | None, ...], calls: Calls, stmt: Stmt) -> Form:
    """An object or a named tuple: one like an argument of its class, or of the class as the function names it."""
    assert value.cls is not None
    assert calls.frame is not None
    names: tuple[str, ...] = tuple(map(str, keys)) if value.kind == "object" else value.cls._fields  # type: ignore[attr-defined]
    known = Global(value.cls.__name__)
    hidden = known.id in calls.top.local or known.id in calls.level_of
    if value.like is None and (hidden or calls.meaning(known, calls.frame) is not value.cls):
        calls.fail(
            stmt, f"a result of class {value.cls.__name__}", "the class has another name here, or none",
            "import it under its own name, or return a tuple", "objects",
        )  # fmt: skip

    def make(items: Sequence[Expr]) -> Expr:
        named = tuple(zip(names, items, strict=True))
        if value.kind == "object":
            return Apply("with_attributes", (value.like or known,), named)
        return Call(known if value.like is None else Attribute(value.like, "_replace"), (), named)

    return Form(parts, make, lambda root: [Attribute(root, name) for name in names])


def _rows(value: Several, calls: Calls, stmt: Stmt) -> Form:
    """A list of structures, of which the program has a list for each of their parts."""
    assert value.form is not None
    one = Name("one")
    names: list[Name] = []

    def like(form: Item) -> Struct:
        slots: dict[Hashable, Value] = {}
        for key, part in zip(form.keys, form.parts, strict=True):
            if part is None:
                names.append(Name(f"one_{len(names) + 1}"))
            slots[key] = names[-1] if part is None else like(part)
        return Struct(form.kind, slots, None if form.cls is list else form.cls, display=form.cls is list)

    row = Returned(tuple(names), _form(like(value.form), calls, stmt, []))

    def make(items: Sequence[Expr]) -> Expr:
        made = Each(row.packed(names), tuple(names), tuple(items))
        return Apply("tuple", (made,)) if value.fixed else made

    return Form((None,) * len(value.columns), make, lambda root: [Each(p, (one,), (root,)) for p in row.paths(one)])


def _packed(form: Form | None, leaves: Iterator[Expr]) -> Expr:
    if form is None:
        return next(leaves)
    return form.make([_packed(part, leaves) for part in form.parts])


def _paths(form: Form | None, root: Expr) -> Iterator[Expr]:
    if form is None:
        yield root
        return
    for part, path in zip(form.parts, form.paths(root), strict=True):
        yield from _paths(part, path)
