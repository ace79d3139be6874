"""The differential test of inference: run a typed program, statement by statement, and compare values with types."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from backprose.analyse.types import Inferred, infer
from backprose.emit import print_expression, print_statement
from backprose.ir.nodes import Block, Break, Expr, For, Function, If, Name, Return, While
from backprose.ir.types import Dim, Extent, Type
from backprose.ir.values import type_of_value
from backprose.ir.walk import bound, expressions, names, targets
from tests.lower.running import lowered, with_source
from tests.rules.cases import NAMES

Bindings = dict[str, int]
GLOBALS = NAMES
PYTHON = {"bool": bool, "int64": int, "float64": float, "complex128": complex}


class Violation(AssertionError):
    """A value that its type does not allow."""


def conforms(type: Type, value: Any, bindings: Bindings) -> bool:
    """Whether a value is one that the type speaks of; ``bindings`` holds, and gets, the lengths of symbols."""
    is_python = value.__class__ in (bool, int, float, complex)
    is_numpy = isinstance(value, np.generic) or value.__class__ is np.ndarray
    if not _kind_conforms(type, value, is_python):
        return False
    if type.kind in ("tuple", "list"):
        if type.dtype == "int64" and not all(item.__class__ is int for item in value):
            return False
        pairs = [] if type.items is None else zip(type.items, value, strict=True)
        return all(conforms(item, part, bindings) for item, part in pairs)
    if type.kind in ("none", "str", "other"):
        return True
    if type.dtype is not None:
        if is_python and value.__class__ is not PYTHON.get(type.dtype):
            return False
        if (is_numpy and value.dtype.name != type.dtype) or not (is_python or is_numpy):
            return False
    if type.shape is not None:
        shape = np.shape(value)
        if len(shape) != len(type.shape) or not all(map(length_conforms, type.shape, shape, [bindings] * len(shape))):
            return False
    if isinstance(type.extent, int) and value != type.extent:
        return False
    return not isinstance(type.extent, Extent) or length_conforms(type.extent, value, bindings)


def _kind_conforms(type: Type, value: Any, is_python: bool) -> bool:
    match type.kind:
        case "python":
            return is_python
        case "scalar":
            return isinstance(value, np.generic)
        case "array":
            return value.__class__ is np.ndarray
        case "numpy":
            return isinstance(value, np.generic) or (value.__class__ is np.ndarray and value.ndim == 0)
        case "number":
            return is_python or isinstance(value, np.generic) or value.__class__ is np.ndarray
        case "tuple" | "list":
            return value.__class__ is getattr(builtins, type.kind)
        case "none":
            return value is None
        case "str":
            return isinstance(value, str)
        case "other":
            return not is_python and value is not None and not isinstance(value, (np.generic, np.ndarray, tuple, list))
    return True


def length_conforms(dim: Dim, length: int, bindings: Bindings) -> bool:
    if isinstance(dim, int):
        return length == dim
    if dim.symbol not in bindings and (length or not dim.less):
        bindings[dim.symbol] = length + dim.less
    known = bindings.get(dim.symbol)
    if known is None:
        return True  # an empty slice of something not seen yet
    return max(known - dim.less, 0) == length and not (dim.not_one and length == 1)


# ---------------------------------------------------------------- running
class Run:
    """One execution of a typed program, with every name compared at every occurrence."""

    def __init__(self, function: Function, variables: dict[str, Any], bindings: Bindings, namespace: dict[str, Any]):
        self.function, self.bindings = function, bindings
        self.variables = {**namespace, **variables}
        self.compared = 0
        self.known = 0  # of the values compared: of how many kind, dtype and rank are known

    def run(self) -> Any:
        for parameter in self.function.parameters:
            self.compare(parameter.type, parameter.name, self.variables[parameter.name])
        return self.block(self.function.body)

    def compare(self, type: Type, name: str, value: Any) -> None:
        if not conforms(type, value, self.bindings):
            what = f"{value.__class__.__name__} {getattr(value, 'dtype', '')}{np.shape(value) or repr(value)}"
            raise Violation(f"{name} is {what}, said to be {type} where {self.bindings}")
        self.compared += 1
        self.known += type.kind != "unknown" and (type.shape is not None and type.dtype is not None)

    def value(self, expr: Expr) -> Any:
        self.read(expr)
        return eval(print_expression(expr), self.variables)

    def read(self, expr: Expr) -> None:
        for name in names(expr):
            if name.id in self.variables:  # else it is on the way of an ``and`` that is not taken
                self.compare(name.type, name.id, self.variables[name.id])

    def block(self, block: Block) -> Any:
        """Run statements; the result is the Break or the tuple of the returned value that ended them."""
        for stmt in block:
            ended = None
            match stmt:
                case If():
                    ended = self.block(stmt.body if self.value(stmt.test) else stmt.orelse)
                case For() | While():
                    ended = self.loop(stmt)
                case Break():
                    return stmt
                case Return():
                    return (None if stmt.value is None else self.value(stmt.value),)
                case _:
                    for expr in expressions(stmt):
                        self.read(expr)
                    exec(print_statement(stmt), self.variables)
                    for target in targets(stmt):
                        self.written(target)
            if ended is not None:
                return ended
        return None

    def written(self, target: Any) -> None:
        last = {name.id: name.type for name in names(target)}  # of ``c, c = pair`` the second
        for name in bound(target):
            self.compare(last[name], name, self.variables[name])

    def turns(self, stmt: For | While) -> Iterator[None]:
        """The turns of a loop: a symbol that was met first in one turn may be another number in the next."""
        outer = set(self.bindings)
        if isinstance(stmt, For):
            for item in self.value(stmt.iterable):
                self.forget(outer)
                self.variables["item of the loop"] = item
                exec(f"{print_expression(stmt.target)} = globals()['item of the loop']", self.variables)
                self.written(stmt.target)
                yield
        else:
            while True:
                if not self.value(stmt.test):
                    return
                yield
                self.forget(outer)

    def forget(self, outer: set[str]) -> None:
        for symbol in set(self.bindings) - outer:
            del self.bindings[symbol]

    def loop(self, stmt: For | While) -> Any:
        for _ in self.turns(stmt):
            ended = self.block(stmt.body)
            if isinstance(ended, Break):
                return None
            if ended is not None:
                return ended
        return self.block(stmt.orelse)


def bind(type: Type, value: Any, bindings: Bindings) -> None:
    """The lengths of the symbols of an argument."""
    for dim, length in zip(type.shape or (), np.shape(value) if type.shape else (), strict=True):
        if isinstance(dim, Extent):
            bindings[dim.symbol] = length
    for item, part in zip(type.items or (), value if type.items else (), strict=True):
        bind(item, part, bindings)


def copied(value: Any) -> Any:
    return value.copy() if isinstance(value, np.ndarray) else value


def compare(
    function: Callable[..., Any] | str, args: tuple[Any, ...], weaken: Callable[[Type], Type] = lambda type: type
) -> tuple[Inferred, Run]:
    """Infer from the signature of ``args``, run, and raise ``Violation`` where a value is not what was inferred."""
    if isinstance(function, str):
        function = with_source(function)
        function.__globals__.update(GLOBALS)
    program = lowered(function)
    signature = {
        parameter.name: weaken(type_of_value(value, parameter.name))
        for parameter, value in zip(program.parameters, args, strict=False)
    }
    namespace = dict(function.__globals__)
    given = dict(zip(signature, map(copied, args), strict=True))
    for parameter in program.parameters[len(args) :]:
        assert parameter.default is not None
        given[parameter.name] = eval(print_expression(parameter.default), dict(namespace))
    known = {**{name: getattr(builtins, name) for name in dir(builtins)}, **namespace}
    inferred = infer(program, signature, known.__getitem__)
    bindings: Bindings = {}
    for name, type in signature.items():
        bind(type, given[name], bindings)
    for name, type in inferred.globals_used.items():
        bind(type, eval(name, dict(namespace)), bindings)
    run = Run(inferred.function, given, bindings, dict(namespace))
    with np.errstate(all="ignore"):
        run.run()
    return inferred, run


def result_type(inferred: Inferred) -> Type:
    last = inferred.function.body[-1]
    assert isinstance(last, Return)
    assert isinstance(last.value, Name)
    return last.value.type
