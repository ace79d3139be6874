"""The type of an expression whose names carry types."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from inspect import CO_GENERATOR
from io import TextIOWrapper
from types import FunctionType, GeneratorType, MappingProxyType, ModuleType
from typing import Any, TypeAlias

import gast
import numpy as np

from backprose.analyse.creation import count, shape_type
from backprose.analyse.extents import Symbols, broadcast, taken_over
from backprose.analyse.indexing import subscript
from backprose.analyse.joining import join_all, without_extents
from backprose.analyse.operands import NOT_KNOWN, Operand, Operation, value_of
from backprose.analyse.promotion import is_numeric, numpy_kind
from backprose.analyse.sparse import of_method
from backprose.analyse.transfer import transfer
from backprose.analyse.values import MODULES, NONE, OTHER, STRING, type_of_global
from backprose.ir.iterated import iterates_otherwise
from backprose.ir.nodes import (
    Apply,
    Attribute,
    Call,
    Compare,
    Conditional,
    Const,
    Each,
    Expr,
    Global,
    List,
    Logic,
    Name,
    Slice,
    Subscript,
    Tuple,
    Verbatim,
    once,
)
from backprose.ir.types import PYTHON_BOOL, PYTHON_COMPLEX, PYTHON_FLOAT, PYTHON_INT, UNKNOWN, Type
from backprose.rules.registry import SOLVES, is_by_user, rule_of, target_of

Lookup: TypeAlias = Callable[[str], object]
_HOMES = ("math", "cmath", "numpy", "builtins", "operator")
_BY_PREFIX = {"np": "numpy", "numpy": "numpy", "math": "math", "cmath": "cmath", "operator": "operator"}
_BUILTINS = frozenset("abs pow round max min float int bool complex len range list sum".split())


DICT_VIEWS: dict[str, type] = {"keys": type({}.keys()), "values": type({}.values()), "items": type({}.items())}


def no_lookup(name: str) -> object:
    """Of globals nothing is known."""
    raise KeyError(name)


def type_of(expr: Expr, lookup: Lookup = no_lookup, symbols: Symbols | None = None) -> Type:
    """The type of an expression tree whose names carry types; ``lookup`` gives the present value of a global.

    >>> from backprose.ir.types import Extent
    >>> x = Name("x", Type("array", "float32", (Extent("x.0", not_one=True), 3)))
    >>> print(type_of(Apply("multiply", (x, Const(2.0)), spelling="operator")))
    array float32[x.0, 3]
    """
    return Typer(symbols or Symbols(), lookup).type_of(expr)


class Typer:
    """The types of expressions; ``results`` gives the type of a call from those of its arguments; ``texts`` are the
    values of variables that hold one text throughout."""

    def __init__(
        self,
        symbols: Symbols,
        lookup: Lookup,
        results: Callable[[Call], Type] = lambda _call: UNKNOWN,
        texts: Mapping[str, Const] = MappingProxyType({}),
    ) -> None:
        self.symbols, self.lookup, self.results, self.texts = symbols, lookup, results, texts
        self.homes: dict[str, tuple[str | None, str]] = {}

    def type_of(self, expr: Expr) -> Type:
        match expr:
            case Name(type=type):
                return type
            case Verbatim(tree=gast.JoinedStr()):
                return Type("str")
            case Verbatim(tree=gast.Set() | gast.SetComp()):
                return Type("other", value=set)
            case Global(type=type):
                return self.global_type(expr) if type == UNKNOWN else type
            case Const():
                return const_type(expr)
            case Apply():
                return self.apply_type(expr)
            case Call():
                if isinstance(expr.function, Attribute):
                    made = of_method(self.type_of(expr.function.value), expr.function.attr)
                    if made != UNKNOWN:
                        return made
                kind = self.iterator(expr.function)
                if kind is not None:
                    return Type(value=kind)
                return taken_over(without_extents(self.results(expr)), self.symbols)
            case Attribute(type=type):
                return self.attribute_type(expr) if type == UNKNOWN else type
            case Subscript(value=value, index=index):
                return subscript(self.symbols, self.type_of(value), index, self.type_of)
            case Tuple(items=items) | List(items=items):
                return Type("tuple" if isinstance(expr, Tuple) else "list", items=tuple(map(self.type_of, items)))
            case Compare(operands=operands, ops=ops):
                return self.compare_type([*map(self.type_of, operands[:2]), *self.perhaps(*operands[2:])], ops)
            case Logic(operands=operands):
                return join_all(self.symbols, [self.type_of(operands[0]), *self.perhaps(*operands[1:])])
            case Conditional(test=test, body=body, orelse=orelse):
                self.type_of(test)
                return join_all(self.symbols, self.perhaps(body, orelse))
            case Each(item=item):
                return Type("list", item=self.type_of(item))
            case Slice():
                return OTHER
            case _:
                return UNKNOWN

    def iterator(self, function: Expr) -> type | None:
        """The class of what a call gives, where a loop over that does not take items by index: ``set``, ``map``."""
        if isinstance(function, Attribute) and function.attr in DICT_VIEWS:
            return DICT_VIEWS[function.attr]
        found = self.object_of(function)
        if found is iter:
            return type(iter(()))
        if isinstance(found, FunctionType) and found.__code__.co_flags & CO_GENERATOR:
            return GeneratorType
        if found is open:
            return TextIOWrapper
        if isinstance(found, type) and found.__module__ in ("builtins", "itertools") and iterates_otherwise(found):
            return found
        return None

    def perhaps(self, *exprs: Expr) -> list[Type]:
        """The types of expressions that may not be evaluated."""
        if not exprs:
            return []
        with self.symbols.perhaps():
            return list(map(self.type_of, exprs))

    def apply_type(self, expr: Apply) -> Type:
        call = called_by_rule(expr)
        if is_by_user(expr.op) and expr.args and (solver := vars(target_of(rule_of(expr.op))).get(SOLVES)) is not None:
            return _of_solver(solver, rule_of(expr.op).results, [self.type_of(arg) for arg in expr.args])
        if call is not None and isinstance(target_of(rule_of(expr.op)), FunctionType):
            return taken_over(without_extents(self.results(call)), self.symbols)
        args = tuple(map(self.operand, expr.args))
        keywords = {key: self.operand(value) for key, value in expr.keywords}
        operation = Operation(self.symbols, expr.op, args, keywords, expr.spelling)
        if expr.spelling not in self.homes:
            self.homes[expr.spelling] = self.home_of(expr.spelling)
        return transfer(operation, *self.homes[expr.spelling])

    def operand(self, expr: Expr) -> Operand:
        known = self.texts.get(expr.id) if isinstance(expr, Name) else None
        return Operand(expr if known is None else known, self.type_of(expr))

    def home_of(self, spelling: str) -> tuple[str | None, str]:
        """The module that the function of ``function:np.sum`` comes from (None: not known), and its name there."""
        if not spelling.startswith("function:"):
            return None, ""
        first, *rest = spelling.removeprefix("function:").split(".")
        try:
            found = self.lookup(first)
        except (LookupError, NameError):
            home = _BY_PREFIX.get(first) if rest else "builtins" if first in _BUILTINS else None
            return home, rest[-1] if rest else first
        for part in rest:
            found = getattr(found, part, None)
        name = str(getattr(found, "__name__", ""))
        if isinstance(found, np.ufunc):
            return "numpy", name
        module = str(getattr(found, "__module__", "")).split(".")[0]
        module = "operator" if module == "_operator" else module
        return module if module in _HOMES else None, name

    # ------------------------------------------------------------ globals and attributes
    def object_of(self, expr: Expr) -> object:
        """The object that a global or an attribute of a module is now, or ``NOT_KNOWN``."""
        if isinstance(expr, Global):
            try:
                return self.lookup(expr.id)
            except (LookupError, NameError):
                return NOT_KNOWN
        if isinstance(expr, Attribute) and isinstance(self.object_of(expr.value), ModuleType):
            try:
                return self.lookup(dotted(expr))
            except (LookupError, NameError):
                return NOT_KNOWN
        return NOT_KNOWN

    def global_type(self, expr: Global | Attribute) -> Type:
        found = self.object_of(expr)
        return UNKNOWN if found is NOT_KNOWN else type_of_global(dotted(expr), found)

    def attribute_type(self, expr: Attribute) -> Type:
        owner = self.type_of(expr.value)
        if owner in MODULES.values():
            return _constant(owner, expr.attr)
        if owner.kind == "object" and owner.items is not None and expr.attr in (owner.keys or ()):
            return owner.items[(owner.keys or ()).index(expr.attr)]
        if owner.kind == "tuple" and owner.value is not None and expr.attr in owner.value._fields:
            position: int = owner.value._fields.index(expr.attr)
            return (owner.items or ())[position]
        if owner.is_sparse and owner.shape is not None and expr.attr == "T":
            return replace(owner, shape=owner.shape[::-1])
        if not is_numeric(owner) or owner.kind == "python":
            return self.global_type(expr)
        match expr.attr:
            case "shape":
                return shape_type(owner)
            case "ndim":
                return PYTHON_INT if owner.shape is None else Type("python", "int64", (), extent=len(owner.shape))
            case "size":
                return count(self.symbols, owner.shape)
            case "dtype":
                return Type("other", owner.dtype)
            case "nbytes" | "itemsize":
                return PYTHON_INT
            case "T" if owner.kind == "array" and owner.shape is not None:
                return Type("array", owner.dtype, owner.shape[::-1])
        return UNKNOWN

    # ------------------------------------------------------------ comparisons
    def compare_type(self, operands: list[Type], ops: tuple[str, ...]) -> Type:
        results = [self._compared(op, a, b) for op, a, b in zip(ops, operands, operands[1:], strict=False)]
        return join_all(self.symbols, results)

    def _compared(self, op: str, a: Type, b: Type) -> Type:
        if op in ("is", "is not", "in", "not in") or (_compares_to_bool(a) and _compares_to_bool(b)):
            return PYTHON_BOOL
        if not (is_numeric(a) and is_numeric(b)):
            return Type("unknown", "bool")  # true or false, or an array of these
        shape = broadcast(self.symbols, a.shape, b.shape)
        if shape == () and {"unknown", "number"} & {a.kind, b.kind}:
            return Type("unknown", "bool", ())
        return Type(numpy_kind(None if shape is None else len(shape)), "bool", shape)

    def decided(self, test: Expr) -> bool | None:
        """The outcome of a test where the types decide it: ``x is None``, ``x.ndim == 2``."""
        if isinstance(test, Const) and isinstance(test.value, (bool, int)):
            return bool(test.value)
        if isinstance(test, Apply) and test.op == "not":
            inner = self.decided(test.args[0])
            return None if inner is None else not inner
        if isinstance(test, Compare) and len(test.ops) == 1:
            a, b = (Operand(operand, self.type_of(operand)) for operand in test.operands)
            return _decided(test.ops[0], a, b)
        return None


def _of_solver(solver: Any, results: int, given: list[Type]) -> Type:
    """The type of a root: that of where the search starts, if it is an array; of a flow, with the times before it."""
    if results > 1 and len(solver.parts) == 1:  # with what it tells beside
        return Type("tuple", items=(_of_solver(solver, 1, given), *(UNKNOWN,) * (results - 1)))
    if solver.fits:
        return Type("tuple", items=(Type("array", "float64", (solver.inner - 1,)), UNKNOWN))
    if results > 1:
        return UNKNOWN
    if solver.of_numbers:
        return Type("number", "float64", ())
    wanted = given[: solver.inner]
    if any(one.kind != "array" or one.dtype != "float64" or not one.shape for one in wanted):
        return UNKNOWN
    if not solver.keeps_shape and any(len(one.shape or ()) != 1 for one in wanted):
        return UNKNOWN
    return Type("array", "float64", tuple(dim for one in reversed(wanted) for dim in one.shape or ()))


def called_by_rule(expr: Apply) -> Call | None:
    """The call that an operation is which has a rule of a user's, as it is written; None for other operations."""
    if not expr.spelling.startswith("function:") or not is_by_user(expr.op):
        return None
    root, *attributes = expr.spelling.removeprefix("function:").split(".")
    function: Expr = Global(root)
    for attribute in attributes:
        function = Attribute(function, attribute)
    return Call(function, expr.args, expr.keywords, expr.place)


def _constant(module: Type, name: str) -> Type:
    """A number, dtype or None of NumPy or ``math``; they are not rebound."""
    found = getattr(math if module.dtype == "math" else np, name, NOT_KNOWN)
    return UNKNOWN if found is NOT_KNOWN else type_of_global(name, found)


def _decided(op: str, a: Operand, b: Operand) -> bool | None:
    kinds = (a.type.kind, b.type.kind)
    if op in ("is", "is not") and "none" in kinds and "unknown" not in kinds:
        return (kinds[0] == kinds[1]) == (op == "is")
    x, y = a.value, b.value
    if type(x) is int and type(y) is int:
        outcome = {"==": x == y, "!=": x != y, "<": x < y, "<=": x <= y, ">": x > y, ">=": x >= y}
        return outcome.get(op)
    return None


def _compares_to_bool(type: Type) -> bool:
    if type.kind == "tuple":
        return type.dtype == "int64" or (type.items is not None and all(map(_compares_to_bool, type.items)))
    return type.kind in ("python", "str", "none")


@once("_type")
def const_type(expr: Const) -> Type:
    """The type of a literal; of an integer, the value too."""
    value = expr.value
    if type(value) is int:
        return Type("python", "int64", (), extent=value)
    if value is None:
        return NONE
    if isinstance(value, str):
        return STRING
    if type(value) is float:
        return PYTHON_FLOAT
    if type(value) is bool:
        return PYTHON_BOOL
    return PYTHON_COMPLEX if type(value) is complex else OTHER


def dotted(expr: Expr) -> str:
    """``np.pi`` of a global or an attribute of one."""
    if isinstance(expr, Attribute):
        return f"{dotted(expr.value)}.{expr.attr}"
    return expr.id if isinstance(expr, Global) else "?"


__all__ = ["Lookup", "Typer", "called_by_rule", "const_type", "no_lookup", "type_of", "value_of"]
