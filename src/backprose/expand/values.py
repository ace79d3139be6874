"""What a name may stand for while the program is expanded: a number or array, a structure, a function.

A structure is known slot by slot: the program that leaves this stage has a variable for each slot, and the structure
itself is gone. Two names for one list or object are two references to one ``Struct``, as they are in Python.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from types import FunctionType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeGuard

from backprose.ir.nodes import Expr

if TYPE_CHECKING:
    from backprose.expand.frames import Frame
    from backprose.ir.nodes import Function

StructKind: TypeAlias = Literal["tuple", "list", "dict", "object"]


@dataclass(eq=False)
class Struct:
    """A tuple, list, dict or object. ``cls``: the class of a named tuple or an object; ``wish``: names its slots."""

    kind: StructKind
    slots: dict[Hashable, Value]
    cls: type | None = None
    wish: str = "part"
    own: set[str] = field(default_factory=set)  # the variables of its slots; a copy of it has others

    @property
    def is_immutable(self) -> bool:
        return self.kind == "tuple"

    def same(self, other: Value) -> bool:
        """Whether two tuples have the same slots, or two references are to the same list, dict or object."""
        if self is other:
            return True
        if not (isinstance(other, Struct) and self.is_immutable and other.is_immutable and self.cls is other.cls):
            return False
        return self.slots.keys() == other.slots.keys() and all(
            same(one, other.slots[key]) for key, one in self.slots.items()
        )


@dataclass(eq=False)
class Closure:
    """A function made in the program: a ``def`` or a ``lambda`` inside a function. It sees the frame around it."""

    function: Function
    frame: Frame
    local: frozenset[str]


@dataclass(eq=False)
class Known:
    """A function or class that is known now, with the object of a method or the arguments of a ``partial``.

    ``expr``: how the text names it, where it does.
    """

    value: FunctionType | type | Closure
    args: tuple[Value, ...] = ()
    keywords: dict[str, Value] = field(default_factory=dict)
    expr: Expr | None = None

    def same(self, other: Value) -> bool:
        return (
            isinstance(other, Known)
            and self.value is other.value
            and len(self.args) == len(other.args)
            and all(map(same, self.args, other.args))
            and self.keywords.keys() == other.keywords.keys()
            and all(same(one, other.keywords[key]) for key, one in self.keywords.items())
        )


@dataclass(frozen=True)
class Lost:
    """What differs from one way through the program to another: an error where it is read."""

    reason: str


Value: TypeAlias = "Expr | Struct | Closure | Known | Lost"


def same(one: Value | None, other: Value | None) -> bool:
    """Whether two values are the same on both ways that meet here."""
    if isinstance(one, Struct | Known):
        return other is not None and one.same(other)
    if isinstance(one, Closure):
        return isinstance(other, Closure) and one.function is other.function and one.frame is other.frame
    return one == other


def is_leaf(value: Value) -> TypeGuard[Expr]:
    """Whether a value is an expression of the program that leaves this stage."""
    return not isinstance(value, Struct | Closure | Known | Lost)


def structs(value: Value | None, seen: set[int] | None = None) -> Iterator[Struct]:
    """A structure and those in it, each once."""
    seen = set() if seen is None else seen
    if isinstance(value, Known):
        for part in (*value.args, *value.keywords.values()):
            yield from structs(part, seen)
    if isinstance(value, Struct) and id(value) not in seen:
        seen.add(id(value))
        yield value
        for slot in value.slots.values():
            yield from structs(slot, seen)


def plain(value: Any) -> bool:
    """Whether an object is a constant that can stand in the text."""
    return value is None or type(value) in (bool, int, float, str)
