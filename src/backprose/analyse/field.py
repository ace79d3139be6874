"""The field of each variable: which may hold complex numbers, and which certainly hold real ones.

A dtype that is known decides it. Where none is, a variable is real if all that it is made from is; a parameter of
which nothing is known counts as real, because complex arguments get a text of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from backprose.analyse.dependence import FORM, dtype_given
from backprose.analyse.expressions import type_of
from backprose.analyse.results import OF_SCIPY_COMPLEX
from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Augment,
    Block,
    Call,
    Compare,
    Conditional,
    Const,
    Each,
    Enter,
    Evaluate,
    Expr,
    For,
    Function,
    Name,
    Pop,
    Push,
    Slice,
    Stmt,
    Subscript,
    Tuple,
    Verbatim,
    children,
)
from backprose.ir.types import Type
from backprose.ir.walk import base, bound, statements
from backprose.rules.registry import Rule, is_by_user, rule_of

# operations whose result is real whatever their operands are
REAL = frozenset(
    {
        "absolute", "real", "imag", "angle", "phase", "var", "std", "linalg.norm", "float", "float64", "float32",
        "shape", "size", "ndim", "len", "range", "arange", "int", "bool", "slice", "nanvar", "nanstd", "fft.irfft",
        "fft.irfft2", "fft.irfftn", "fft.hfft", "linalg.vector_norm", "linalg.matrix_norm", "linalg.cond",
        "linalg.svdvals", "linalg.svd_values", "hypot.reduce", "scipy.linalg.norm", "scipy.signal.get_window",
        "scipy.fft.irfft", "scipy.fft.irfft2", "scipy.fft.irfftn", "scipy.fft.hfft", "scipy.fft.hfft2",
        "scipy.fft.hfftn", "scipy.fft.fftfreq", "scipy.fft.rfftfreq", "affine_grid", "scipy.signal.welch",
        "interpolation_knots", "scipy.signal.periodogram", "scipy.signal.spectrogram", "scipy.signal.coherence",
    }
)  # fmt: skip
# operations whose result may be complex though their operands are real
COMPLEX = frozenset(
    {
        "complex", "complex128", "complex64", "roots", "sort_complex", "scipy.linalg.dft", "scipy.linalg.sqrtm",
        "scipy.linalg.logm", "scipy.linalg.fractional_matrix_power", "scipy.signal.hilbert",
        "scipy.ndimage.fourier_shift", "linalg.eig", "linalg.eigvals",
        "scipy.linalg.eig", "scipy.linalg.eig_both", "scipy.linalg.eig_values", "scipy.linalg.eigvals",
        "scipy.signal.czt", "scipy.signal.zoom_fft", "scipy.signal.stft",
        "scipy.signal.csd", "scipy.signal.istft", "unstft", "unistft",
    }
) | {
    f"{home}fft.{name}" for home in ("", "scipy.") for name in (
        "fft", "ifft", "rfft", "fft2", "ifft2", "rfft2", "fftn", "ifftn", "rfftn", "ihfft", "ihfft2", "ihfftn",
    )
} | OF_SCIPY_COMPLEX  # fmt: skip
NO_NUMBERS = ("none", "str", "other", "function")


class Field:
    """Which expressions of a function may be complex. What is made of it later is noted as it is made.

    >>> from backprose.lower import lower
    >>> from backprose.ir.names import NameSupply
    >>> from backprose.parse import parse
    >>> def f(x):
    ...     z = x * 1j
    ...     r = abs(z)
    ...     return x + r
    >>> sorted(Field(lower(parse(f), NameSupply(()))).complex)
    ['z']
    """

    def __init__(self, function: Function) -> None:
        self.complex: set[str] = set()
        self.known: set[str] = {parameter.name for parameter in function.parameters}
        for parameter in function.parameters:
            if self._holds_complex(parameter.type):
                self.complex.add(parameter.name)
        found = list(statements(function.body))
        self.constants = _constants(found, self.known)
        self.known.update(name for stmt in found for name in _bound(stmt))
        self.dtypes = _dtypes(found, {parameter.name for parameter in function.parameters})
        before = -1
        while before < len(self.complex):
            before = len(self.complex)
            for stmt in found:
                self._statement(stmt)
        self.any = bool(self.complex) or _has_complex(function.body)

    @staticmethod
    def _holds_complex(type: Type) -> bool:
        return bool(type.is_complex or (type.item is not None and type.item.is_complex))

    def note(self, name: str, *, may_be_complex: bool) -> None:
        """What is known of a variable of ours: an adjoint, a tangent, a temporary of a rule."""
        self.known.add(name)
        if may_be_complex:
            self.complex.add(name)

    def may_be_complex(self, expr: Expr) -> bool:
        match expr:
            case Name(id=name, type=type):
                if type.is_complex is not None:
                    return type.is_complex
                return type.kind not in NO_NUMBERS and (name in self.complex or name not in self.known)
            case Const(value=value):
                return isinstance(value, complex)
            case Compare() | Slice():
                return False
            case Attribute(attr=attr) if attr in FORM:
                return False
        found = type_of(expr)
        if found.is_complex is not None or found.kind in NO_NUMBERS:
            return bool(found.is_complex)
        match expr:
            case Apply(op=op):
                return self._operation(op, expr)
            case Subscript(value=value):
                return self.may_be_complex(value)
            case Conditional(body=body, orelse=orelse):
                return self.may_be_complex(body) or self.may_be_complex(orelse)
            case Each(sources=sources):
                return any(map(self.may_be_complex, sources))
            case Verbatim() | Call() | Attribute():
                return True
        return any(map(self.may_be_complex, children(expr)))

    def _operation(self, op: str, expr: Apply) -> bool:
        if op in REAL or op in COMPLEX:
            return op in COMPLEX
        if (dtype := dtype_given(expr)) is not None:
            return self._may_name_complex(dtype)
        if (is_by_user(op) and not rule_of(op).real_only) or rule_of(op).kind == "not yet":
            return True
        operands = children(expr)
        if op == "where":
            operands = operands[1:]
        if op == "unbroadcast":
            return all(map(self.may_be_complex, operands))
        if op in ("as_gradient", "as_tangent"):
            operands = operands[1:2]
        return any(map(self.may_be_complex, operands))

    def _may_name_complex(self, dtype: Expr) -> bool:
        """Whether a dtype that is not known may be one of complex numbers: not ``x.dtype`` of what is real."""
        match dtype:
            case Attribute(value=value, attr="dtype"):
                return self.may_be_complex(value)
            case Name(id=name) if name in self.dtypes:
                return any(map(self._may_name_complex, self.dtypes[name]))
        return True

    def fitted(self, value: Expr, variable: Expr) -> Expr:
        """An adjoint or tangent of a variable or place: the real part of what may be complex, where that is real."""
        if not self.any or type_of(variable).kind in ("list", "tuple") or self.may_be_complex(variable):
            return value
        if isinstance(value, Apply) and value.op == "unbroadcast" and value.args[1] == variable:
            return value  # it takes the real part itself, where that is real
        return Apply("real", (value,)) if self.may_be_complex(value) else value

    def cast(self, op: str, operand: Expr, target: Name) -> Expr:
        """An operand of a function of ``math``, which takes the real part of a complex scalar of NumPy's."""
        type = target.type
        of_math = type.kind == "python" and type.is_complex is False and op != "phase"
        if not self.any or not of_math or not isinstance(operand, Name):
            return operand
        return Apply("real", (operand,)) if operand.type.kind != "python" and self.may_be_complex(operand) else operand

    def is_constant(self, operation: Apply, rule: Rule) -> bool:
        """Whether an operation is one that is constant in steps, because its operands are real."""
        return rule.real_constant and not any(map(self.may_be_complex, operation.args))

    def widened(self, value: Expr, variable: Name, *, in_parts: bool) -> Expr:
        """An adjoint or tangent of an array of complex numbers: complex itself, if it is to be written in parts, or is
        one number in the shape of an array, whose dtype it must not take over."""
        if not self.any or variable.type.kind != "array" or not self.may_be_complex(variable):
            return value
        if not (in_parts or (isinstance(value, Apply) and value.op == "broadcast_to")):
            return value
        dtype = Attribute(variable, "dtype") if variable.type.dtype is None else Const(variable.type.dtype)
        return Apply("astype", (value, dtype))

    # ------------------------------------------------------------ statements
    def _statement(self, stmt: Stmt) -> None:
        match stmt:
            case Assign(target=Tuple(items=items), value=Tuple(items=values)) if len(items) == len(values):
                for item, value in zip(items, values, strict=True):
                    self._bind(item, value)
            case Assign(target=target, value=value) | For(target=target, iterable=value):
                self._bind(target, value)
            case Augment(target=target, value=value):
                self._bind(target, value)
            case Push(stack=target, value=value) | Pop(target=target, stack=value):
                self._bind(target, value)
            case Enter(target=Name() as target, context=value):
                self._bind(target, value)

    def _bind(self, target: Expr, value: Expr) -> None:
        if isinstance(target, Tuple):
            for item in target.items:
                self._bind(item, value)
            return
        owner = target if isinstance(target, Name) else base(target)
        if owner is None or owner.id in self.complex:
            return
        if owner is not target and owner.type.kind == "array":  # what is written is cast
            return
        if owner is target and owner.type.is_complex is not None:
            if owner.type.is_complex:
                self.complex.add(owner.id)
        elif self.may_be_complex(value) or (owner is target and self._holds_complex(owner.type)):
            self.complex.add(owner.id)


def _dtypes(body: Iterable[Stmt], parameters: set[str]) -> dict[str, list[Expr]]:
    """What variables are bound to that always hold the dtype of something."""
    found: dict[str, list[Expr]] = {}
    others = set(parameters)
    for stmt in body:
        match stmt:
            case Assign(target=Name(id=name), value=Attribute(attr="dtype") as value):
                found.setdefault(name, []).append(value)
            case _:
                others.update(_bound(stmt))
    return {name: values for name, values in found.items() if name not in others}


def _constants(found: list[Stmt], parameters: set[str]) -> dict[str, float]:
    """The variables that are one number of Python's from first to last."""
    times = Counter(name for stmt in found for name in _bound(stmt))
    return {
        stmt.target.id: stmt.value.value
        for stmt in found
        if isinstance(stmt, Assign) and isinstance(stmt.target, Name) and times[stmt.target.id] == 1
        if stmt.target.id not in parameters
        if isinstance(stmt.value, Const) and type(stmt.value.value) in (int, float)
    }


def _bound(stmt: Stmt) -> Iterable[str]:
    match stmt:
        case Assign(target=target) | Augment(target=target) | For(target=target) | Pop(target=target):
            return bound(target)
        case Push(stack=stack):
            return (stack.id,)
        case Enter(target=Name(id=name)):
            return (name,)
    return ()


def _has_complex(body: Block) -> bool:
    """Whether a complex number is written anywhere."""
    return any(map(_is_written, (expr for stmt in statements(body) for expr in _values(stmt))))


def _values(stmt: Stmt) -> Iterable[Expr]:
    match stmt:
        case Assign(value=value) | Augment(value=value) | Evaluate(value=value) | Push(value=value):
            return (value,)
    return ()


def _is_written(expr: Expr) -> bool:
    if isinstance(expr, Apply) and is_by_user(expr.op) and type_of(expr).is_complex is not False:
        return not rule_of(expr.op).real_only
    return (isinstance(expr, Const) and isinstance(expr.value, complex)) or any(map(_is_written, children(expr)))
