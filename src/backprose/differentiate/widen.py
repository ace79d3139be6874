"""Rules are formulas of real numbers: constants of integers, truth values or fewer bits are taken for floats in them.

``x1**2 + x2**2`` of the pixels of a picture would wrap around, and ``np.log(x1)`` of them is a float16, where the
operation itself computes with floats of the result's width. So what a rule computes of such operands alone, it computes
of their values as floats; beside anything wider (``out_bar * x2``) they stay what they are. Operands that a rule has no
derivative for are counts (a shift, an axis): those are Python's integers where it computes with them, of which there
are negative ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from backprose.analyse.precision import BITS, bits, has_unseen, is_discrete_type
from backprose.analyse.promotion import promoted
from backprose.analyse.types import type_of
from backprose.ir.nodes import Apply, Compare, Const, Expr, List, Logic, Name, Subscript, Tuple
from backprose.ir.types import Type
from backprose.ir.walk import bottom_up
from backprose.rules.registry import Rule

# what gives the values of its operand, or some of them; np.diff as np.trapezoid has it, which wraps, too
PRESERVING = frozenset(
    "diff reshape ravel transpose swapaxes moveaxis expand_dims broadcast_to flip roll take take_along_axis squeeze"
    " atleast_1d atleast_2d matrix_transpose asarray array copy conj real where maximum minimum clip concatenate"
    " merge_axes split_axes tile repeat".split()
)
# what reads the form of its operand, compares it, or finds a place in it
OF_FORM = frozenset(
    "shape size ndim len zeros_like ones_like full_like iscomplexobj issubdtype isinstance isfinite isnan isinf equal"
    " not_equal less less_equal greater greater_equal logical_and logical_or logical_not sign heaviside argsort"
    " cell_of float64 float32 float int astype".split()
)
INT64 = "int64"


def widening(rule: Rule, operands: Mapping[str, Expr], asked: Sequence[str], result: Type) -> Widening | None:
    """What to do for the operands of one operation; None where all of them are as wide as its result. ``asked``: those
    that have a derivative here."""
    types = [type_of(operands[name]) for name in rule.active if name in operands]
    found = result.dtype or promoted(None, [one for one in types if one.dtype is not None])
    dtype = {"complex128": "float64", "complex64": "float32"}.get(found or "", found)
    known = dtype in BITS
    values: dict[Expr, Type] = {}
    counts: dict[Expr, Type] = {}
    seen = any(type_of(operands[name]).dtype is not None for name in asked)  # the text is one for certain dtypes
    for parameter, operand in operands.items():
        for item in operand.items if isinstance(operand, Tuple | List) else (operand,):
            if not isinstance(item, Const):
                own = type_of(item)
                width = bits(own)
                unseen = seen and parameter not in asked and has_unseen(item)
                if parameter not in rule.active:
                    if is_discrete_type(own) and own.dtype not in (INT64, "bool"):
                        counts[item] = own
                elif unseen or (width is not None and (width < BITS[str(dtype)] if known else width == 0)):
                    values[item] = own
    return Widening(str(dtype) if known else "float64", values, counts) if values or counts else None


@dataclass
class Widening:
    """The operands, and what holds their values, that are less wide than ``dtype``; and the counts."""

    dtype: str
    values: dict[Expr, Type]
    counts: dict[Expr, Type]

    def widened(self, expr: Expr) -> Expr:
        """An expression of a rule's text."""
        return bottom_up(expr, self._node)

    def note(self, temporary: Name, value: Expr) -> None:
        """A temporary of the rule holds a value."""
        for known in (self.values, self.counts):
            if value in known:
                known[temporary] = known[value]

    def _node(self, expr: Expr) -> Expr:
        if isinstance(expr, Subscript):
            self.note_of(expr, (expr.value,))
        if not isinstance(expr, Apply) or expr.op in OF_FORM:
            return expr
        if expr.op in PRESERVING:
            taken = expr.args[1:] if expr.op == "where" else expr.args[:1]
            self.note_of(expr, taken if expr.op in ("where", "maximum", "minimum") else expr.args[:1])
            return expr
        if any(map(self._is_wide, expr.args)) or self._is_exact(expr):
            return expr
        return replace(expr, args=tuple(map(self._cast, expr.args)))

    def note_of(self, expr: Expr, parts: tuple[Expr, ...]) -> None:
        """An expression that holds the values of its parts, where none of them is wide."""
        if any(map(self._is_wide, parts)):
            return
        for known in (self.values, self.counts):
            found = [known[part] for part in parts if part in known]
            if found:
                made = type_of(expr)
                known[expr] = made if made.dtype is not None else Type("unknown", found[0].dtype)

    def _is_wide(self, arg: Expr) -> bool:
        """Whether NumPy takes what stands beside it to the width of the result."""
        if arg in self.values or arg in self.counts or isinstance(arg, (Const, Compare, Logic, Tuple, List)):
            return False
        found = type_of(arg)
        if found.kind in ("python", "none", "str", "other") or is_discrete_type(found):
            return False
        return not (isinstance(arg, Apply) and arg.op in OF_FORM and arg.op not in ("astype", "float64", "float32"))

    def _is_exact(self, expr: Apply) -> bool:
        """Whether it computes no less exactly as it stands: ``np.log`` of int64, ``1 / x``, ``n - 1``."""
        concerned = [arg for arg in expr.args if arg in self.values or arg in self.counts]
        if not concerned:
            return True
        if expr.op == "divide" and isinstance(expr.args[0], Const):
            return True  # the quotient with what it is multiplied by
        typed = [{**self.values, **self.counts}.get(arg, type_of(arg)) for arg in concerned]
        if expr.op in ("add", "subtract", "negative") and all(one.dtype == INT64 for one in typed):
            return True
        width = bits(type_of(replace(expr, args=tuple(map(self._typed, expr.args)))))
        return width is not None and width >= BITS[self.dtype]

    def _typed(self, arg: Expr) -> Expr:
        found = self.values.get(arg) or self.counts.get(arg)
        return arg if found is None else Name("_", found)

    def _cast(self, arg: Expr) -> Expr:
        if arg in self.counts:
            is_number = self.counts[arg].rank == 0
            return Apply("int", (arg,)) if is_number else Apply("astype", (arg, Const(INT64)))
        if arg not in self.values:
            return arg
        found = self.values[arg]
        if found.dtype is None:  # it may be complex
            return Apply("multiply", (Apply("float64", (Const(1.0),)), arg))
        if isinstance(arg, Apply) and found.kind == "unknown" and arg.args[0] in self.values:
            return replace(arg, args=(self._cast(arg.args[0]), *arg.args[1:]))
        if found.rank == 0 and self.dtype in ("float64", "float32"):
            return Apply(self.dtype, (arg,))
        if found.kind in ("array", "scalar", "numpy"):
            return Apply("astype", (arg, Const(self.dtype)))
        return Apply("asarray", (arg,), (("dtype", Const(self.dtype)),))
