"""What is read for its shape only is read from a variable that is there anyway."""

from __future__ import annotations

from collections.abc import Iterable

from backprose.analyse.precision import NARROW, is_discrete
from backprose.analyse.types import type_of
from backprose.ir.nodes import Apply, Assign, Attribute, Const, Expr, Function, Name, Parameter, Subscript, Tuple
from backprose.ir.types import Dim, Type
from backprose.ir.walk import bottom_up, map_block, rebinds, statements, with_body


class Sources:
    """Parameters that keep their binding: each extent of theirs can be read at any place of the function."""

    def __init__(self, parameters: Iterable[Parameter], rebound: set[str]) -> None:
        self.arrays = [
            Name(parameter.name, parameter.type)
            for parameter in parameters
            if parameter.type.shape and parameter.type.kind == "array" and parameter.name not in rebound
        ]

    def like(self, type: Type) -> Name | None:
        """A parameter of the same shape (and, where the result takes it over, the same dtype): none of fewer bits, none
        of complex numbers for real ones, one of integers only where there is no other."""
        found = [array for array in self.of_shape(type) if type.is_complex or not array.type.is_complex]
        found = [array for array in found if array.type.dtype not in NARROW or type.dtype in (array.type.dtype, None)]
        return min(found, key=is_discrete, default=None)

    def of_shape(self, type: Type) -> list[Name]:
        return [array for array in self.arrays if array.type.shape == type.shape]

    def length(self, extent: Dim) -> Expr | None:
        if isinstance(extent, int):
            return Const(extent)
        for array in self.arrays:
            for axis, own in enumerate(array.type.shape or ()):
                if own == extent:
                    if axis == 0:
                        return Apply("len", (array,))
                    return Subscript(Attribute(array, "shape"), Const(axis))
        return None

    def change(self, expr: Expr) -> Expr:
        match expr:
            case Attribute(value=value, attr="size") | Apply(op="size", args=(value,)) if not self.has(value):
                return self.size(value) or expr
            case Attribute(value=value, attr="shape") | Apply(op="shape", args=(value,)) if not self.has(value):
                like = self.like(type_of(value))
                return self.lengths(value) or expr if like is None else Attribute(like, "shape")
            case Subscript(
                value=Attribute(value=value, attr="shape") | Apply(op="shape", args=(value,)),
                index=Const(value=int(axis)),
            ):
                shape = type_of(value).shape
                if shape is not None and -len(shape) <= axis < len(shape) and not self.has(value):
                    return self.length(shape[axis]) or expr
            case Apply(op="zeros_like", args=(Name() as value,)) if not self.has(value):
                like = self.like(value.type)
                if like is not None and like.type.dtype == value.type.dtype is not None:
                    return Apply("zeros_like", (like,))
            case Apply(op="len", args=(value,)) if not self.has(value):
                shape = type_of(value).shape
                if shape:
                    return self.length(shape[0]) or expr
        return expr

    def lengths(self, value: Expr) -> Expr | None:
        """The shape of a vector that is made for nothing else, by its length."""
        shape = type_of(value).shape
        if not (isinstance(value, Name) and value.temporary and shape is not None and len(shape) == 1):
            return None
        length = self.length(shape[0])
        return None if length is None else Tuple((length,))

    def has(self, value: Expr) -> bool:
        return any(array == value for array in self.arrays)

    def size(self, value: Expr) -> Expr | None:
        shape = type_of(value).shape
        if shape is None:
            return None
        if len(shape) > 1 and (found := self.of_shape(type_of(value))):
            return Attribute(found[0], "size")
        lengths = [self.length(extent) for extent in shape]
        result: Expr = Const(1)
        for position, length in enumerate(lengths):
            if length is None:
                return None
            result = length if position == 0 else Apply("multiply", (result, length))
        return result


def cheaper_sources(function: Function) -> Function:
    """``t.shape`` read from a parameter of the same shape, in our statements.

    >>> from backprose.emit import emit
    >>> from backprose.ir.names import NameSupply
    >>> from backprose.ir.nodes import Program
    >>> from backprose.lower import lower
    >>> from backprose.parse import parse
    >>> from backprose.analyse.types import infer
    >>> from backprose.signatures import read_type
    >>> from dataclasses import replace
    >>> def f(x):
    ...     y = 2.0 * x
    ...     return len(y)
    >>> function = lower(parse(f), NameSupply(()))
    >>> function = replace(function, body=tuple(replace(stmt, ours=True) for stmt in function.body))
    >>> typed = infer(function, {"x": read_type("float64[:]", "x")}).function
    >>> print(emit(Program((cheaper_sources(typed),))).text, end="")
    def f(x):
        y = 2.0 * x
        _t1 = len(x)
        return _t1
    """
    rebound = {
        name
        for stmt in statements(function.body)
        for name in rebinds(stmt)
        if not (isinstance(stmt, Assign) and _is_own_copy(stmt, name))
    }
    sources = Sources(function.parameters, rebound)

    def change(expr: Expr) -> Expr:
        return bottom_up(expr, sources.change)

    return with_body(function, map_block(function.body, change, ours=True))


def _is_own_copy(stmt: Assign, name: str) -> bool:
    """``x = x.copy()``: the same shape."""
    return isinstance(stmt.value, Apply) and stmt.value.op == "copy" and stmt.value.args == (Name(name),)
