"""Which operation a call, a method or an attribute means: from what the user wrote to canonical names of rules."""

from __future__ import annotations

import builtins
import functools
import inspect
import math
import types
from collections.abc import Collection
from typing import Any

import gast
import numpy as np

from backprose.ir.values import is_sparse
from backprose.parse import Parsed
from backprose.rules.registry import Rule, is_owner, object_of, op_of, rule_of, targets_of

MISSING: Any = object()

# methods of arrays that are the function of the same name
METHODS = frozenset(
    (
        "all any argmax argmin argsort astype clip conj copy cumprod cumsum diagonal dot flatten item max mean min prod"
        " ravel repeat reshape round squeeze std sum swapaxes take trace transpose var"
    ).split()
)
# methods under another name
RENAMED = {"conjugate": "conj"}
# attributes of arrays and numbers that are operations, and those of them that Python's numbers have
ATTRIBUTES = {"T": "transpose", "mT": "matrix_transpose", "flat": "ravel", "real": "real", "imag": "imag"}
# methods whose one tuple may be written as several arguments
SPREAD = frozenset(["reshape", "transpose"])
# calls whose result is a bool, so that ``and`` and ``or`` of them are one
PREDICATES: frozenset[Any] = frozenset(
    [
        *(
            isinstance,
            issubclass,
            hasattr,
            callable,
            bool,
            any,
            all,
            math.isfinite,
            math.isinf,
            math.isnan,
            math.isclose,
        ),
        *(np.any, np.all, np.allclose, np.array_equal, np.isscalar),
    ]
)
WRITES = frozenset(["out", "where"])  # keywords that even an operation without derivative must not ignore
UNSAID = {"out": None, "where": True, "casting": "same_kind", "order": "K", "dtype": None, "subok": True}  # of ufuncs
OUT_OF_METHODS = {"reduce": 3, "accumulate": 3, "reduceat": 4}  # of ufuncs, which have no signature before NumPy 2.4


class Resolver:
    """Names of one function: which are local, and what the others mean when the compiler runs."""

    def __init__(self, parsed: Parsed, local: Collection[str]) -> None:
        self.parsed = parsed
        self.local = local

    def path(self, node: gast.AST) -> str | None:
        """The dotted path of ``np.linalg.norm``, where its first name is not local."""
        parts: list[str] = []
        while isinstance(node, gast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, gast.Name) or node.id in self.local:
            return None
        return ".".join([node.id, *reversed(parts)])

    def object(self, path: str | None) -> Any:
        """What a path means, through attributes of modules and classes only; else MISSING."""
        if path is None:
            return MISSING
        root, *attributes = path.split(".")
        binding = self.parsed.lookup(root)
        if binding.scope == "missing":
            return MISSING
        value: Any = binding.value
        for attribute in attributes:
            if not isinstance(value, types.ModuleType | type | np.ufunc) and not is_owner(value):
                return MISSING
            try:
                value = getattr(value, attribute)
            except Exception:  # noqa: BLE001  a lazy module may fail in any way
                return MISSING
        return value

    def owner_is_number(self, path: str) -> bool:
        """Whether a path that starts outside the function means an array or a number now."""
        return isinstance(self.object(path), np.ndarray | np.generic | complex | float)

    def owner_is_sparse(self, path: str) -> bool:
        """Whether a path that starts outside the function means a sparse matrix of SciPy's now, or its transpose."""
        return is_sparse(self.object(path.removesuffix(".T")))

    def is_builtin(self, node: gast.AST, name: str) -> bool:
        """Whether an expression is the builtin function of this name."""
        return self.object(self.path(node)) is getattr(builtins, name)

    def is_predicate(self, node: gast.Call) -> bool:
        """Whether a call gives a bool."""
        if isinstance(node.func, gast.Attribute) and self.path(node.func) is None:
            return node.func.attr in ("any", "all")
        meaning = self.object(self.path(node.func))
        try:
            return meaning in PREDICATES
        except (TypeError, ValueError):  # not hashable; a memoryview that can be written
            return False


def operation(function: Any, positional: int, keywords: Collection[str]) -> str | None:
    """The operation that a call of ``function`` is, where its rule knows all the arguments.

    >>> operation(np.sin, 1, ()), operation(np.sin, 1, ("casting",)), operation(print, 1, ())
    ('sin', None, None)
    """
    op = None if function is MISSING else op_of(function)
    return op if op is not None and accepts(op, positional, keywords) else None


def says_default(function: Any, keyword: str, value: object) -> bool:
    """Whether a keyword says what a call would do without it; ``value`` is a constant, and Ellipsis for all else.

    >>> says_default(np.sin, "out", None), says_default(np.var, "where", True), says_default(np.var, "ddof", 1)
    (True, True, False)
    """
    default: object = UNSAID.get(keyword, ...) if isinstance(function, np.ufunc) else ...
    if default is ...:
        try:
            default = inspect.signature(function).parameters[keyword].default
        except (KeyError, TypeError, ValueError):
            return False
        if repr(default) == "<no value>":  # what arrays do
            default = {"where": True, "keepdims": False}.get(keyword, ...)
    plain = value is None or type(value) in (bool, int, float, str)
    return plain and type(value) is type(default) and value == default


def accepts(op: str, positional: int, keywords: Collection[str]) -> bool:
    """Whether the rule of an operation knows the arguments of a call."""
    try:
        rule = rule_of(op)
    except KeyError:
        return False
    if not rule.parameters:  # no derivative, whatever the arguments are
        return not WRITES.intersection(keywords) and positional <= _before_out(op)
    by_position, by_name, required, unlimited = _parameters(rule)
    if positional > len(by_position) and not unlimited:
        return False
    given = {*by_position[:positional], *keywords}
    return by_name.issuperset(keywords) and required <= given and _order_agrees(op, by_position[:positional])


@functools.cache
def _before_out(op: str) -> float:
    """How many arguments by position an operation without a derivative may have before one is written into."""
    places = [position_of_out(target) for target in targets_of(op)]
    return min((place for place in places if place is not None), default=math.inf)


def position_of_out(function: Any) -> int | None:
    """Where a function takes the array that it writes into, if it does."""
    if isinstance(function, np.ufunc):
        return function.nin
    if isinstance(getattr(function, "__self__", None), np.ufunc):
        return OUT_OF_METHODS.get(function.__name__)
    try:
        return list(inspect.signature(function).parameters).index("out")
    except (TypeError, ValueError):
        return None


@functools.cache
def _parameters(rule: Rule) -> tuple[tuple[str, ...], frozenset[str], frozenset[str], bool]:
    """Names by position, names that may be keywords, required names, and whether there may be any number."""
    one = inspect.Parameter
    by_position = tuple(p.name for p in rule.parameters if p.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD))
    by_name = frozenset(p.name for p in rule.parameters if p.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY))
    variadic = (one.VAR_POSITIONAL, one.VAR_KEYWORD)
    required = frozenset(p.name for p in rule.parameters if p.default is one.empty and p.kind not in variadic)
    return by_position, by_name, required, any(p.kind is one.VAR_POSITIONAL for p in rule.parameters)


@functools.cache
def _order_agrees(op: str, names: tuple[str, ...]) -> bool:
    """Whether NumPy's own function takes these parameters at the same positions (``np.sum(x, 0, dtype)``)."""
    try:
        own = list(inspect.signature(object_of(op)).parameters)
    except (TypeError, ValueError):  # a builtin without signature, or a ufunc: all its inputs are positional
        return True
    return all(name not in own or own.index(name) == position for position, name in enumerate(names))
