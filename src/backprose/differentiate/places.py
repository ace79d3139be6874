"""Places: what a view is a view of, and through which indexes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from backprose.analyse.types import type_of
from backprose.ir.nodes import Apply, Const, Expr, Name, Slice, Subscript, Tuple
from backprose.ir.types import Type
from backprose.ir.walk import PLACES, VIEWS_IN_ORDER, names, reads, substitute

SAME = frozenset({"asarray", "atleast_1d"})  # of an array with axes: the array itself
HOLE = "<array>"


@dataclass(frozen=True)
class Place:
    """A view of ``base``; each step is an expression of ``HOLE``, the array before it, with the type of its value."""

    base: Name
    steps: tuple[tuple[Expr, Type], ...] = ()

    @property
    def reads(self) -> set[str]:
        found = {self.base.id}
        for form, _ in self.steps:
            found |= reads(form) - {HOLE}
        return found

    @property
    def indexes(self) -> list[Name]:
        """The variables that say which part it is."""
        return [one for form, _ in self.steps for one in names(form) if one.id != HOLE]

    def with_indexes(self, others: Mapping[str, Expr]) -> Place:
        return replace(self, steps=tuple((substitute(form, others), type) for form, type in self.steps))

    @property
    def type(self) -> Type:
        return self.steps[-1][1] if self.steps else self.base.type

    def expression(self) -> Expr:
        whole: Expr = self.base
        for form, _ in self.steps:
            whole = shortened(substitute(form, {HOLE: whole}))
        return whole


@dataclass(frozen=True)
class Choice:
    """One of several places, each with a label; the variable ``which`` holds the label of the one that it is."""

    which: Name
    options: tuple[tuple[str, Place], ...]

    @property
    def reads(self) -> set[str]:
        return set().union(*(place.reads for _, place in self.options))

    def with_indexes(self, others: Mapping[str, Expr]) -> Choice:
        return replace(self, options=tuple((label, place.with_indexes(others)) for label, place in self.options))


@dataclass(frozen=True)
class Lost:
    """A view that cannot be followed any more. ``index``: the index that was changed, where that was it."""

    index: str | None = None


Known: TypeAlias = "dict[str, Place | Choice | Lost]"  # the variables that are views, at one point of the program


def options_of(places: Place | Choice) -> list[Place]:
    return [places] if isinstance(places, Place) else [place for _, place in places.options]


def source_of(value: Expr) -> Name | None:
    """The variable that a value is, or is a view of."""
    match value:
        case Name():
            return value
        case Subscript(value=Name() | Subscript() as array, index=index) if is_view_index(index):
            return source_of(array)
        case Apply(op=op, args=(Name() | Subscript() as array, *rest)) if op in PLACES and _in_c_order(value):
            parts = (*rest, *(part for _, part in value.keywords))
            whole = isinstance(array, Name) or op not in VIEWS_IN_ORDER
            return source_of(array) if whole and all(map(_is_steady, parts)) else None
        case Apply(args=(Name() as array, *_)) if is_itself(value):
            return array
        case Apply(op="diag", args=(Name() as array, *rest)) if type_of(array).rank == 2:
            return array if all(map(_is_steady, (*rest, *(part for _, part in value.keywords)))) else None
    return None


def is_itself(value: Apply) -> bool:
    """Whether an operation surely gives the very array that it is given."""
    array, keywords = type_of(value.args[0]), dict(value.keywords)
    if array.kind != "array":
        return False
    if value.op == "conj" and value.spelling.startswith("method:"):
        return array.is_complex is False
    if value.op in SAME and len(value.args) == 1 and not keywords:
        return bool(array.rank)
    copy = keywords.pop("copy", Const(None))
    kept = copy == Const(False) or (copy == Const(None) and value.op == "asarray")
    cast = value.op in ("asarray", "astype") and len(value.args) <= 2 and keywords.keys() <= {"dtype"}
    return cast and kept and array.dtype == type_of(value).dtype is not None


def as_view(value: Expr) -> Expr:
    """``np.diag(A)`` of a matrix as the view that it is, ``np.diagonal(A)``."""
    if not isinstance(value, Apply) or value.op != "diag":
        return value
    keywords = tuple(("offset" if key == "k" else "a", part) for key, part in value.keywords)
    return Apply("diagonal", value.args, keywords)


def is_view_index(index: Expr) -> bool:
    """Whether an index surely gives a view: integers, slices, ``None`` and ``...``."""
    if isinstance(index, Tuple):
        return all(map(is_view_index, index.items))
    if isinstance(index, Slice):
        return True
    if isinstance(index, Const):
        return index.value is None or index.value is ... or type(index.value) is int
    return is_integer(index) or type_of(index).kind == "none"


def is_integer(index: Expr) -> bool:
    if isinstance(index, Const):
        return type(index.value) is int
    found = type_of(index)
    whole = found.dtype is not None and found.dtype.startswith(("int", "uint"))
    return isinstance(index, Name | Apply) and whole and found.is_immutable_scalar


def _in_c_order(value: Apply) -> bool:
    """Whether ``reshape`` and ``ravel`` take the elements in C order, as their guard expects them to lie."""
    at = {"reshape": 2, "ravel": 1}.get(value.op)
    given = () if at is None else value.args[at:]
    return all(part == Const("C") for part in (*given, *(one for key, one in value.keywords if key == "order")))


def _is_steady(part: Expr) -> bool:
    """An argument of a view that no write changes."""
    if isinstance(part, Tuple):
        return all(map(_is_steady, part.items))
    return isinstance(part, Const) or (isinstance(part, Name) and type_of(part).kind in ("python", "scalar", "tuple"))


def shortened(expr: Expr) -> Expr:
    """``A[i][j]`` as ``A[i, j]``, ``x[1:][2:]`` as ``x[3:]``, ``A[:, 0][j]`` as ``A[j, 0]``: where they are equal."""
    if not (isinstance(expr, Subscript) and isinstance(expr.value, Subscript) and is_view_index(expr.index)):
        return expr
    first, second = expr.value.index, expr.index
    entries = first.items if isinstance(first, Tuple) else (first,)
    rest = list(second.items if isinstance(second, Tuple) else (second,))
    parts: list[Expr] = []
    for entry in entries:
        if is_integer(entry):
            parts.append(entry)  # it leaves no axis
            continue
        moved = _within(entry, rest.pop(0)) if rest and isinstance(entry, Slice) else entry
        if moved is None or not isinstance(entry, Slice):
            return expr
        parts.append(moved)
    parts += rest
    return Subscript(expr.value.value, parts[0] if len(parts) == 1 else Tuple(tuple(parts)))


WHOLE = Slice(None, None, None)


def _within(outer: Slice, entry: Expr) -> Expr | None:
    """An entry of an index into ``x[outer]`` as one into ``x``."""
    if outer == WHOLE and (isinstance(entry, Slice) or is_integer(entry)):
        return entry
    if entry == WHOLE:
        return outer
    start = _start(outer) if outer.upper is None else None
    if start is None:
        return None
    if isinstance(entry, Const) and type(entry.value) is int and entry.value >= 0:
        return Const(entry.value + start)
    if not isinstance(entry, Slice) or (inner := _start(entry)) is None:
        return None
    lower = Const(start + inner) if start + inner else None
    match entry.upper:
        case None:
            return Slice(lower, None, None)
        case Const(value=upper) if type(upper) is int and upper >= 0:
            return Slice(lower, Const(start + upper), None)
    return None


def _start(part: Slice) -> int | None:
    if part.step is not None:
        return None
    lower = part.lower
    if lower is None:
        return 0
    return lower.value if isinstance(lower, Const) and type(lower.value) is int and lower.value >= 0 else None
