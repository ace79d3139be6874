"""Comparisons and tests of objects whose classes say how: ``__lt__``, ``__eq__``, ``__contains__``, ``__bool__``."""

from __future__ import annotations

import inspect
from dataclasses import fields, is_dataclass
from types import FunctionType
from typing import TypeGuard

from backprose.expand.outside import Outside, is_followed_object
from backprose.expand.slots import OUTSIDE, is_argument
from backprose.expand.values import NOT_IMPLEMENTED, Closure, Known, Rows, Sequence, Struct, Value, is_leaf
from backprose.ir.nodes import Apply, Compare, Const, Expr, Stmt, Tuple
from backprose.ir.shared import MISSING

COMPARED = {
    "==": ("__eq__", "__eq__"), "!=": ("__ne__", "__ne__"), "<": ("__lt__", "__gt__"), "<=": ("__le__", "__ge__"),
    ">": ("__gt__", "__lt__"), ">=": ("__ge__", "__le__"),
}  # fmt: skip


class Comparisons(Outside):
    """What the user's classes answer."""

    def method(
        self,
        owner: Value,
        name: str,
        args: list[Value],
        stmt: Stmt,
        keywords: dict[str, Value] | None = None,
        wish: str = "part",
    ) -> Value:
        raise NotImplementedError

    def leaf(self, value: Value, stmt: Stmt) -> Expr:
        raise NotImplementedError

    def flat(self, value: Expr, stmt: Stmt) -> Expr:
        raise NotImplementedError

    def compared(self, one: Value, op: str, other: Value, stmt: Stmt) -> Value | None:
        """A comparison of an object whose class says how; None for anything else."""
        if op in ("in", "not in"):
            choices = [("__contains__", other, one)]
        else:
            first, reflected = COMPARED.get(op, ("", ""))
            choices = [(first, one, other), (reflected, other, one)]
            if goes_first(other, one, reflected):
                choices.reverse()
        left_open = False
        for name, owner, argument in choices:
            cls = owner.cls if is_object(owner) else None
            if cls is None and self.object_outside(owner) is not None:
                cls = self.class_of(owner)
            if not isinstance(getattr(cls, name, None), FunctionType):
                continue
            made = inspect.getattr_static(cls, name)
            if is_dataclass(cls) and name == "__eq__" and made.__code__.co_filename == "<string>":
                if not is_object(owner):
                    return None  # it is asked when the text runs
                return self.same_fields(owner, argument, stmt)
            given = self.flat(argument, stmt) if is_leaf(argument) else argument  # the answer need not be a truth value
            result = self.method(owner, name, [given], stmt)
            if result != NOT_IMPLEMENTED:
                return self.negative(result, stmt) if op == "not in" else result
            left_open = True
        if left_open and op in ("==", "!="):
            return Const(self.is_same(one, other, stmt) == (op == "=="))
        if op == "!=":
            equal = self.compared(one, "==", other, stmt)
            return None if equal is None else self.negative(equal, stmt)
        if op == "==" and (is_object(one) or is_object(other)) and "__eq__" not in dir_of(one, other):
            return Const(self.is_same(one, other, stmt))
        return None

    def is_same(self, one: Value, other: Value, stmt: Stmt) -> bool:
        """Whether two values, one of them a structure at least, are one object.

        Two arguments, or parts of them, are two: the call refuses one that comes twice, where this is asked.
        """
        if one is other or (isinstance(one, Sequence | Rows) and one == other):
            return True
        if any(self.never(side, opposite) for side, opposite in ((one, other), (other, one))):
            return False
        if any(map(self.comes_from_outside, (one, other))) or any(map(is_tuple, (one, other))):
            self.fail(
                stmt, "this comparison of objects", "whether they are one and the same is not known here",
                "compare what tells them apart: a name, an index", "objects",
            )  # fmt: skip
        self.asks_if_one = True
        return False

    def never(self, side: Value, other: Value) -> bool:
        """Whether a value is none that the other could be: a number or text, a new object, one of another class."""
        if isinstance(side, Known | Closure | Const | Compare | Apply):
            return True
        if is_leaf(side):
            path = self.path_outside(side)
            known = None if path is None else self.outside(path)
            if path is not None and is_followed_object(known):
                self.note_outside(path)
                return isinstance(other, Struct) and other.cls is not type(known)
            return known is not MISSING and type(known) not in (list, tuple, dict)
        if isinstance(side, Struct):
            new = not side.is_immutable and not is_argument(side) and side.site != OUTSIDE
            return new or (isinstance(other, Struct) and (side.kind, side.cls) != (other.kind, other.cls))
        return isinstance(side, Sequence | Rows) and side.site is not None

    def comes_from_outside(self, value: Value) -> bool:
        return (isinstance(value, Struct) and value.site == OUTSIDE) or self.path_outside(value) is not None

    def same_fields(self, owner: Struct, other: Value, stmt: Stmt) -> Value:
        """The comparison that a dataclass has by itself."""
        if not (isinstance(other, Struct) and other.cls is owner.cls and is_dataclass(owner.cls)):
            return Const(False)
        names = [one.name for one in fields(owner.cls) if one.compare]
        sides = [Tuple(tuple(self.leaf(side.slots[name], stmt) for name in names)) for side in (owner, other)]
        return Compare((sides[0], sides[1]), ("==",))

    def negative(self, value: Value, stmt: Stmt) -> Value:
        return Const(not value.value) if isinstance(value, Const) else Apply("not", (self.leaf(value, stmt),))

    def truth_of(self, value: Value, stmt: Stmt) -> Value:
        """What a test of an object asks: ``__bool__``, else whether ``__len__`` is 0, else it is true."""
        if not is_object(value):
            for name in ("__bool__", "__len__"):
                if self.member_outside(value, name) is not None:
                    return self.method(value, name, [], stmt)
            return value
        for name in ("__bool__", "__len__"):
            if hasattr(value.cls, name):
                return self.method(value, name, [], stmt)
        return Const(True)


def goes_first(other: Value, one: Value, name: str) -> bool:
    """Whether Python asks the right operand first: its class is a subclass of the other, with a method of its own."""
    if not (isinstance(one, Struct) and isinstance(other, Struct) and one.cls is not None and other.cls is not None):
        return False
    own = inspect.getattr_static(other.cls, name, None)
    return (
        other.cls is not one.cls
        and issubclass(other.cls, one.cls)
        and own is not inspect.getattr_static(one.cls, name, None)
    )


def has_operator(cls: type | None, name: str) -> bool:
    """Whether a class has this special method; a tuple's own ones do not count."""
    if cls is None or not issubclass(cls, tuple):
        return hasattr(cls, name)
    return isinstance(inspect.getattr_static(cls, name, None), FunctionType)


def is_tuple(value: Value) -> bool:
    return isinstance(value, Struct) and value.is_immutable


def is_object(value: Value) -> TypeGuard[Struct]:
    return isinstance(value, Struct) and value.kind == "object"


def dir_of(*values: Value) -> set[str]:
    """What the classes of objects define themselves."""
    classes = [value.cls for value in values if is_object(value) and value.cls is not None]
    return {name for cls in classes for base in cls.__mro__[:-1] for name in vars(base)}
