"""Which variables certainly hold floats or complex numbers, where their dtypes are not known.

``zeros_like(x)``, ``x + k``, ``np.array([x[0], 0])`` are inexact if ``x`` is, whatever its precision. A variable is if
all is that it is bound to; of a list, each number in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from backprose.analyse.dependence import bind, dtype_given
from backprose.analyse.expressions import type_of
from backprose.analyse.operands import Operand, dtype_named
from backprose.analyse.promotion import gives_floats
from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Augment,
    Conditional,
    Const,
    Each,
    Expr,
    For,
    Function,
    List,
    Name,
    Pop,
    Push,
    Stmt,
    Subscript,
    Tuple,
)
from backprose.ir.walk import base, bound, statements, targets
from backprose.rules.registry import rule_of

MADE = frozenset(("zeros", "ones", "empty", "eye", "identity", "tri"))
LIKE = frozenset(("zeros_like", "ones_like", "empty_like", "full_like"))
BY_FIRST = frozenset("sum prod max min nansum nanprod nanmax nanmin cumsum cumprod stop_gradient insert".split())
FLOATS = frozenset(
    "mean median var std average cov corrcoef interp linspace logspace geomspace trapezoid quantile percentile gradient"
    " nanmean nanvar nanstd hanning hamming blackman bartlett".split()
)  # of integers too
# operations with several results: the places of those that are integers, and those with one result for each operand
INTEGERS = {
    "frexp": (1,), "unique_counts": (1,), "unique_inverse": (1,), "unique_all": (1, 2, 3), "linalg.lstsq": (2,),
    "histogram": (0,), "scipy.linalg.lstsq": (2,), "scipy.linalg.lu_factor": (1,), "scipy.linalg.cho_factor": (1,),
    "scipy.linalg.ldl": (2,),
}  # fmt: skip
APART = frozenset({"meshgrid", "broadcast_arrays"})
LINALG = ("linalg.", "fft.")
OF_NUMBERS = frozenset("max_of min_of sum_of".split())  # Python's: one of the operands, or 0


class Inexact:
    """``names``: the variables that certainly hold inexact numbers; ``given``: those parameters that do; ``checked``:
    the bindings after which the program itself makes sure.

    >>> from backprose.ir.names import NameSupply
    >>> from backprose.lower import lower
    >>> from backprose.parse import parse
    >>> def f(x, k):
    ...     y = x * k
    ...     z = k * 2
    ...     return y, z
    >>> sorted(Inexact(lower(parse(f), NameSupply(())), ["x"]).names - {"x"})
    ['y']
    """

    def __init__(self, function: Function, given: Iterable[str], checked: frozenset[int] = frozenset()) -> None:
        self.bindings: dict[str, list[Expr | None]] = {}
        self.checked = checked
        for parameter in function.parameters:
            known = parameter.name in given or self._by_type(Name(parameter.name, parameter.type))
            self.bindings[parameter.name] = [] if known else [None]
        for stmt in statements(function.body):
            self._statement(stmt)
        self.names = set(self.bindings)
        before = -1
        while before != len(self.names):
            before = len(self.names)
            self.names = {
                name for name in self.names if all(one is not None and self.holds(one) for one in self.bindings[name])
            }

    def _statement(self, stmt: Stmt) -> None:
        match stmt:
            case _ if id(stmt) in self.checked:
                for target in targets(stmt):
                    for name in bound(target):
                        self.bindings.setdefault(name, [])
            case Assign(target=target, value=value):
                self._bind(target, value)
            case For(target=target, iterable=value) | Pop(target=target, stack=value):
                self._bind(target, value)
            case Augment(target=Name(id=name, type=type), value=value) if type.kind != "array":
                self.bindings.setdefault(name, []).extend([value] if type.kind == "list" else [])
            case Push(stack=stack, value=value):
                self.bindings.setdefault(stack.id, []).append(value)
            case _:
                for target in targets(stmt):
                    if not isinstance(stmt, Augment):
                        self._bind(target, None)

    def _bind(self, target: Expr, value: Expr | None) -> None:
        match target:
            case Name(id=name):
                self.bindings.setdefault(name, []).append(value)
            case Tuple(items=items):
                values: Sequence[Expr | None] = (value,) * len(items)
                if isinstance(value, Tuple | List) and len(value.items) == len(items):
                    values = value.items
                elif isinstance(value, Apply) and value.op in APART and len(value.args) == len(items):
                    values = value.args
                elif isinstance(value, Apply) and value.op in INTEGERS:
                    whole = INTEGERS[value.op]
                    values = [None if place in whole else value.args[0] for place in range(len(items))]
                for item, one in zip(items, values, strict=True):
                    self._bind(item, one)
            case _:
                owner = base(target)
                if owner is not None and owner.type.kind != "array":  # an item of a list
                    self.bindings.setdefault(owner.id, []).append(value)

    # ------------------------------------------------------------ expressions
    @staticmethod
    def _by_type(expr: Expr) -> bool | None:
        found = type_of(expr)
        if found.kind == "list" and found.item is not None:
            found = found.item
        return None if found.dtype is None else found.dtype.startswith(("float", "complex"))

    def holds(self, expr: Expr) -> bool:
        """Whether the numbers in a value certainly are inexact."""
        known = self._by_type(expr)
        if known is not None and not isinstance(expr, Tuple | List):
            return known
        match expr:
            case Name(id=name):
                return name in self.names
            case Subscript(value=value) | Attribute(value=value, attr="T" | "real" | "imag" | "dtype"):
                return self.holds(value)
            case Tuple(items=items) | List(items=items):
                return all(map(self.holds, items))
            case Conditional(body=body, orelse=orelse):
                return self.holds(body) and self.holds(orelse)
            case Each(item=item, names=names, sources=sources):
                own = {name.id for name, source in zip(names, sources, strict=True) if self.holds(source)}
                return self._within(item, own, {name.id for name in names})
            case Apply():
                return self._made(expr)
        return False

    def _within(self, item: Expr, known: set[str], own: set[str]) -> bool:
        """Whether an item of a comprehension is inexact: its ``own`` names hide variables."""
        outer, self.names = self.names, (self.names - own) | known
        try:
            return self.holds(item)
        finally:
            self.names = outer

    def _some(self, expr: Expr) -> bool:
        """Whether an array that is made of the operand is inexact: one item of several makes it so."""
        if isinstance(expr, Tuple | List):
            return any(map(self._some, expr.items))
        return not (isinstance(expr, Const) and expr.value is None) and self.holds(expr)

    def _made(self, expr: Apply) -> bool:
        op, rule = expr.op, rule_of(expr.op)
        dtype = dtype_given(expr)
        if dtype is not None:
            return self.dtype(dtype)
        if op in MADE:
            return True
        if op in INTEGERS or op in APART:
            return False  # which of its results is meant is not known here
        if op in LIKE or op in BY_FIRST or op == "list":
            return bool(expr.args) and self.holds(expr.args[0])
        if op in FLOATS or op.startswith(LINALG) or gives_floats(op, len(expr.args)):
            return True
        if op in OF_NUMBERS or rule.by_user or rule.kind == "not yet":
            return op != "sum_of" and op in OF_NUMBERS and all(map(self.holds, expr.args))
        if op == "multiply" and any(type_of(arg).kind in ("list", "tuple") for arg in expr.args):  # ``[0.0] * n``
            return all(self.holds(arg) for arg in expr.args if type_of(arg).kind in ("list", "tuple"))
        if op == "floor_divide":
            return any(map(self._some, expr.args))
        operands = bind(expr, rule)
        return any(self._some(operands[name]) for name in rule.active if name in operands)

    def dtype(self, dtype: Expr) -> bool:
        """Whether an argument certainly names an inexact dtype: ``x.dtype``, or a variable that holds that."""
        found = dtype_named(Operand(dtype, type_of(dtype)))
        return self.holds(dtype) if found is None else found.startswith(("float", "complex"))
