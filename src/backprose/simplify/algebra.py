"""Algebra on our own adjoint and tangent expressions: neutral elements, signs, constants, broadcasts that need no text.

The primal's arithmetic never comes through here: it keeps its rounding, bit for bit.
"""

from __future__ import annotations

from dataclasses import replace
from operator import is_

from backprose.analyse.evaluate import evaluate
from backprose.analyse.precision import has_negative, is_discrete, is_full, keeps, same_dtype
from backprose.analyse.types import type_of
from backprose.ir.nodes import (
    LEAVES,
    Apply,
    Attribute,
    Const,
    Expr,
    List,
    Name,
    Slice,
    Starred,
    Subscript,
    Tuple,
    not_again,
)
from backprose.ir.types import Dim
from backprose.ir.walk import bottom_up, calls
from backprose.simplify.sums import simpler_sum

ARITHMETIC = frozenset(
    {"add", "subtract", "multiply", "divide", "negative", "power", "square", "sqrt", "exp", "sum", "matmul"}
)
DEFAULTS = (("axis", Const(None)), ("keepdims", Const(False)))
FFT_DEFAULTS = (("axis", Const(-1)), ("norm", Const(None)))
ONE, ZERO = Const(1), Const(0)


@not_again("_simple")
def algebra(expr: Expr) -> Expr:
    """The simplified expression.

    >>> from backprose.ir.nodes import Name
    >>> x, x_bar = Name("x"), Name("x_bar")
    >>> algebra(Apply("multiply", (x_bar, Const(-1)))) == Apply("negative", (x_bar,))
    True
    >>> algebra(Apply("multiply", (Apply("divide", (x_bar, Const(3))), Const(3)))) == x_bar
    True

    An item of a list that is written there needs no list.

    >>> from backprose.emit import print_expression
    >>> print(print_expression(algebra(Subscript(List((x, x_bar)), Const(1)))))
    x_bar

    Axes that are moved or turned are read where they are.

    >>> print(print_expression(algebra(Subscript(Apply("moveaxis", (x_bar, Const(1), ZERO)), Const(2)))))
    x_bar[:, 2]
    >>> print(print_expression(algebra(Subscript(Apply("moveaxis", (x_bar, Const(-1), ZERO)), Const(2)))))
    x_bar[..., 2]
    >>> turned = Apply("swapaxes", (x_bar, Const(-1), Const(-2)))
    >>> print(print_expression(algebra(Apply("swapaxes", (turned, Const(-1), Const(-2))))))
    x_bar
    >>> print(print_expression(algebra(Apply("swapaxes", (turned, Const(0), Const(-2))))))
    np.swapaxes(np.swapaxes(x_bar, -1, -2), 0, -2)
    >>> kept = Apply("sum", (x_bar,), (("axis", Const(1)), ("keepdims", Const(True))))
    >>> print(print_expression(algebra(Subscript(kept, Tuple((Slice(None, None, None), ZERO))))))
    np.sum(x_bar, axis=1)
    >>> print(print_expression(algebra(Subscript(kept, Tuple((ZERO, Slice(None, None, None)))))))
    np.sum(x_bar, axis=1, keepdims=True)[0, :]
    """
    return bottom_up(evaluate(expr), _rewritten)


def _number(expr: Expr) -> float | int | None:
    if isinstance(expr, Const) and isinstance(expr.value, (int, float)) and not isinstance(expr.value, bool):
        return expr.value
    return None


def _is(expr: Expr, value: float) -> bool:
    return _number(expr) == value


def _rewritten(expr: Expr) -> Expr:
    """What ``_rewrite`` makes of an expression: the very same one where that says nothing else."""
    if type(expr) in LEAVES:
        return expr
    made = _rewrite(expr)
    if not (isinstance(made, Apply) and isinstance(expr, Apply)) or made is expr:
        return made
    same = (made.op, made.keywords, made.spelling) == (expr.op, expr.keywords, expr.spelling)
    return expr if same and len(made.args) == len(expr.args) and all(map(is_, made.args, expr.args)) else made


def _rewrite(expr: Expr) -> Expr:
    match expr:
        case Subscript(
            value=Subscript(value=array, index=Const(value=int()) as row), index=Const(value=int()) as column
        ):
            if type_of(array).kind == "array" and (type_of(array).rank or 0) > 1:
                return Subscript(array, Tuple((row, column)))
        case Subscript(
            value=Apply(op="moveaxis", args=(array, Const(value=int(axis)), Const(value=0))),
            index=Const(value=int()) as place,
        ) if axis >= -1:
            before = (Const(...),) if axis == -1 else (Slice(None, None, None),) * axis
            return Subscript(array, Tuple((*before, place)) if before else place)
        case Subscript(value=Subscript(index=Tuple(items=())), index=Tuple(items=())):
            return expr.value
        case Subscript(value=List(items=items), index=Const(value=int(place))) if 0 <= place < len(items):
            if not any(isinstance(item, Starred) for item in items):
                return items[place]
        case Subscript(value=Apply(op="sum", args=(inner,), keywords=keywords), index=index):
            along = dict(keywords).get("axis")
            if len(keywords) == 2 and ("keepdims", Const(True)) in keywords and _drops_axis(index, along):
                return Apply("sum", (inner,), tuple(pair for pair in keywords if pair[0] == "axis"))
    if not isinstance(expr, Apply) or not (expr.spelling == "" or _is_asked_for(expr)):
        return expr  # the primal's own, computed again: a comparison with its result must find the same bits
    args = tuple(_bare(arg) if expr.op in ARITHMETIC else arg for arg in expr.args)
    if args != expr.args:
        expr = Apply(expr.op, args, expr.keywords, expr.spelling)
    if expr.spelling == "numpy":
        power = _number(args[1]) if expr.op == "power" else None
        surely = power is not None and (power == 0 or power >= 1)  # no zero is divided by
        if not any(type_of(arg).kind in ("array", "scalar", "numpy") for arg in args) and not surely:
            return expr
        expr = Apply(expr.op, args)
    if expr.keywords and expr.op in ("sum", "mean", "max", "min", "prod"):
        expr = replace(expr, keywords=tuple(pair for pair in expr.keywords if pair not in DEFAULTS))
    if expr.keywords and expr.op.startswith(("fft.", "scipy.fft.")):
        expr = replace(expr, keywords=tuple(pair for pair in expr.keywords if pair not in FFT_DEFAULTS))
    match expr.op, args:
        case "add", (a, b):
            return _add(expr, a, b)
        case "subtract", (a, b):
            return _subtract(expr, a, b)
        case "multiply", (a, b):
            return _multiply(a, b)
        case "divide", (a, b):
            return _divide(a, b)
        case "negative", (a,):
            return _negative(a)
        case "power", (a, b) if _is(b, 1) and not is_discrete(a):
            return a
        case "power", (a, b) if _is(b, 0) and type_of(a).rank == 0:
            return Const(1.0)
        case "broadcast_to", (a, shape):
            return _broadcast(expr, a, shape)
        case "expand_dims", (a, Const(value=int(axis))):
            return _expand(expr, a, axis)
        case "transpose", (Apply(op="transpose", args=(inner,), keywords=()),) if not expr.keywords:
            return inner
        case "swapaxes", (Apply(op="swapaxes", args=(inner, *turned)), *axes) if set(turned) == set(axes):
            return inner
        case "moveaxis", (a, Const(value=source), Const(value=destination)) if source == destination:
            return a
        case "flip", (a, Const(value=None)):
            return Apply("flip", (a,))
        case "diagonal", (a, Const(value=0)) if not expr.keywords:
            return Apply("diagonal", (a,))
        case (("sum" | "reshape" | "transpose"), (Apply(op="negative", args=(inner,)), *rest)) if has_negative(inner):
            return _negative(_rewrite(Apply(expr.op, (inner, *rest), expr.keywords, expr.spelling)))
        case "sum", (Apply(op="multiply" | "divide"),) if not expr.spelling:
            return simpler_sum(expr)
        case "outer", (a, b) if not expr.keywords and not expr.spelling and type_of(a).rank == type_of(b).rank == 1:
            return _multiply(Subscript(a, Tuple((Slice(None, None, None), Const(None)))), b)
        case "matmul", (Apply(op="negative", args=(a,)), b) if has_negative(a):
            return _negative(Apply("matmul", (a, b)))
        case "matmul", (a, Apply(op="negative", args=(b,))) if has_negative(b):
            return _negative(Apply("matmul", (a, b)))
        case "real", (a,):
            return _real(expr, a)
        case "conj", (a,):
            return _conj(expr, a)
        case "astype", (a, Const(value=str(dtype))) if type_of(a).kind == "array" and type_of(a).dtype == dtype:
            return a
        case "astype", (Apply(op="broadcast_to", args=(a, shape)), Const(value=str(dtype))):
            return _full_of(expr, a, shape, dtype)
        case "astype", (a, dtype) if not expr.spelling and type_of(a).kind == "python":
            return Apply("array", (a, dtype))
        case "array", (Apply(op="array", spelling="") as inner,) if not expr.spelling and not expr.keywords:
            return inner
        case "copy", (a,) if type_of(a).is_immutable_scalar or (isinstance(a, Apply) and a.op in ARITHMETIC):
            return a
    return expr


def _is_asked_for(expr: Apply) -> bool:
    """NumPy's operation, asked for by a rule for operands that may be Python's numbers: no other is of the rules."""
    return expr.spelling == "numpy" and expr.op in ("divide", "power") and not expr.keywords


def _real(expr: Apply, a: Expr) -> Expr:
    """What is real is its own real part."""
    if type_of(a).is_complex is False or (isinstance(a, Const) and not isinstance(a.value, complex)):
        return a
    match a:
        case Apply(op="negative", args=(inner,)):
            return _negative(_real(expr, inner))
        case Apply(op="conj", args=(inner,)):
            return _real(expr, inner)
        case Apply(op="broadcast_to", args=(inner, shape)):
            return Apply("broadcast_to", (_real(expr, inner), shape))
    return Apply("real", (a,))


def _conj(expr: Apply, a: Expr) -> Expr:
    if type_of(a).is_complex is False:
        return a
    match a:
        case Apply(op="negative", args=(inner,)):
            return _negative(_conj(expr, inner))
        case Apply(op="conj", args=(inner,)):
            return inner
    return Apply("conj", (a,))


def _full_of(expr: Apply, number: Expr, shape: Expr, dtype: str) -> Expr:
    """One number in the shape and dtype of an array."""
    match shape:
        case Attribute(value=Name() as like, attr="shape") | Apply(op="shape", args=(Name() as like,)):
            if like.type.dtype == dtype and type_of(number).rank == 0:
                return Apply("full_like", (like, number))
    return expr


def _unwidened(a: Expr, b: Expr) -> Expr:
    """An operand of a sum without the cast to the dtype that the other one has."""
    match a:
        case Apply(op="astype", args=(inner, Const(value=str(dtype)))) if type_of(b).dtype == dtype:
            return inner
    return a


def _turned(expr: Expr) -> Expr | None:
    """``1j * x`` for ``-1j * x``, where the first factor says so."""
    match expr:
        case Const(value=complex() as value) if value.real == 0 and value.imag < 0:
            return Const(-value)
        case Apply(op="multiply", args=(first, second)) if (turned := _turned(first)) is not None:
            return Apply("multiply", (turned, second))
    return None


def _bare(operand: Expr) -> Expr:
    """An operand of arithmetic needs no copy of its own."""
    if isinstance(operand, Apply) and operand.op == "copy" and len(operand.args) == 1 and not operand.keywords:
        return operand.args[0]
    return operand


def _full(a: Expr, b: Expr) -> tuple[Expr, Expr] | None:
    """Operands of an elementwise operation without a broadcast that the other operand makes by itself."""
    for one, other, swap in ((a, b, False), (b, a, True)):
        inner = _uniform(one)
        if inner is None and isinstance(one, Apply) and one.op == "broadcast_to":
            inner = one.args[0]
        if inner is None:
            continue
        made = shape_of(one.args[1]) if isinstance(one, Apply) and one.op == "broadcast_to" else type_of(one).shape
        together = _make(type_of(inner).shape, type_of(other).shape, made)
        if (together or _covers(type_of(other).shape, made)) and same_dtype(one, inner, other):
            return (other, inner) if swap else (inner, other)
    return None


def _covers(shape: tuple[Dim, ...] | None, part: tuple[Dim, ...] | None) -> bool:
    """Whether an array of ``shape`` stretches one of shape ``part`` and is not stretched by it."""
    if shape is None or part is None or len(part) > len(shape):
        return False
    return all(here in (1, there) for here, there in zip(part, shape[len(shape) - len(part) :], strict=True))


def _make(one: tuple[Dim, ...] | None, other: tuple[Dim, ...] | None, whole: tuple[Dim, ...] | None) -> bool:
    """Whether arrays of two shapes, of which the first is stretched to ``whole``, make one of that shape."""
    if one is None or other is None or whole is None or max(len(one), len(other)) != len(whole):
        return False
    sides = [(1,) * (len(whole) - len(side)) + side for side in (one, other)]
    return all(wide in pair for wide, *pair in zip(whole, *sides, strict=True))


def _uniform(expr: Expr) -> Expr | None:
    """The one number that an expression holds in every element, where broadcasting made it."""
    inner = expr
    while True:
        match inner:
            case Apply(op="broadcast_to" | "expand_dims", args=(deeper, *_)):
                inner = deeper
            case Subscript(value=deeper, index=index) if _only_adds_axes(index):
                inner = deeper
            case _:
                break
    return inner if inner is not expr and type_of(inner).rank == 0 else None


def _scaled(op: str, a: Expr, b: Expr) -> Expr | None:
    """``broadcast_to(s, shape) * c`` as ``broadcast_to(s * c, shape)`` for a number ``c``."""
    if isinstance(a, Apply) and a.op == "broadcast_to" and type_of(b).rank == 0 and same_dtype(a, a.args[0], b):
        return Apply("broadcast_to", (_rewrite(Apply(op, (a.args[0], b))), a.args[1]))
    other_way = op == "multiply" and isinstance(b, Apply) and b.op == "broadcast_to" and type_of(a).rank == 0
    if other_way and isinstance(b, Apply) and same_dtype(b, b.args[0], a):
        return Apply("broadcast_to", (_rewrite(Apply(op, (a, b.args[0]))), b.args[1]))
    return None


def _add(expr: Apply, a: Expr, b: Expr) -> Expr:
    if isinstance(b, Apply) and b.op == "negative":
        return _rewrite(Apply("subtract", (a, b.args[0])))
    if (turned := _turned(b)) is not None:
        return _rewrite(Apply("subtract", (a, turned)))
    if (plain := (_unwidened(a, b), _unwidened(b, a))) != (a, b):
        return _rewrite(Apply("add", plain))
    if _is(a, 0) and not isinstance(b, Const) and not is_discrete(b):
        return b
    if isinstance(a, Apply) and a.op == "negative":
        return _rewrite(Apply("subtract", (b, a.args[0])))
    if _is(b, 0) and not isinstance(a, Const) and not is_discrete(a):
        return a
    if (doubled := _doubled("add", a, b)) is not None:
        return doubled
    if (joined := _factored("add", a, b)) is not None:
        return joined
    match a, b:  # what is chosen on one side and zero on the other
        case Apply(op="where", args=(test, first, zero)), Apply(op="where", args=(same, none, second)):
            if test == same and _is(zero, 0) and _is(none, 0):
                return Apply("where", (test, first, second))
    full = _full(a, b)
    return expr if full is None else Apply("add", full)


def _subtract(expr: Apply, a: Expr, b: Expr) -> Expr:
    if isinstance(b, Apply) and b.op == "negative":
        return _rewrite(Apply("add", (a, b.args[0])))
    if (plain := (_unwidened(a, b), _unwidened(b, a))) != (a, b):
        return _rewrite(Apply("subtract", plain))
    if (joined := _factored("subtract", a, b)) is not None:
        return joined
    if _is(b, 0):
        return a
    if _is(a, 0) and (type_of(b).dtype or "").startswith("float"):
        return _negative(b)
    if isinstance(a, Apply) and a.op == "subtract" and (doubled := _doubled("subtract", a, b)) is not None:
        return doubled
    full = _full(a, b)
    return expr if full is None else Apply("subtract", full)


def _factored(op: str, a: Expr, b: Expr) -> Expr | None:
    """``s * (x - y)`` for ``s * x - s * y`` with a number ``s``: an operation on arrays less."""
    match a, b:
        case Apply(op="multiply", args=(Name() as one, x), spelling=""), Apply(
            op="multiply", args=(Name() as other, y), spelling=""
        ) if one == other and type_of(one).rank == 0 and type_of(x).rank and type_of(y).rank:
            whole = Apply(op, (x, y))
            kept = type_of(Apply("multiply", (one, whole))).dtype == type_of(Apply(op, (a, b))).dtype
            return Apply("multiply", (one, whole)) if kept and not is_discrete(whole) and is_full(whole) else None
    return None


def _doubled(op: str, a: Expr, b: Expr) -> Expr | None:
    """``2 * x * y`` for ``x * y + x * y``, also where it is the end of a sum (or of a difference)."""
    if calls(b) or not _is_float(b):
        return None
    if a == b:
        return _multiply(Const(2), b)
    match a:
        case Apply(op=one, args=(first, last), spelling="") if one == op and last == b:
            return Apply(op, (first, _multiply(Const(2), b)))
    return None


def _multiply(a: Expr, b: Expr) -> Expr:
    """A product, whose parts are as wide as it is itself: ``200 * k * x`` of a picture ``k`` would be one of bytes."""
    if _is(b, 1) and not is_discrete(a):
        return a
    if _is(a, 1) and not is_discrete(b):
        return b
    if _is(b, -1) and not is_discrete(a):
        return _negative(a)
    if _is(a, -1) and not is_discrete(b):
        return _negative(b)
    full = _full(a, b)
    if full is not None:
        return _multiply(*full)
    scaled = _scaled("multiply", a, b)
    if scaled is not None:
        return scaled
    left, right = _number(a), _number(b)
    if left is not None and right is not None:
        return Const(left * right)
    if isinstance(a, Apply) and a.op == "divide" and _is(a.args[0], 1):
        return _divide(b, a.args[1])
    if isinstance(a, Apply) and a.op == "negative" and has_negative(a):
        return _negative(_multiply(a.args[0], b))
    whole = Apply("multiply", (a, b))
    for mask, other in ((b, a), (a, b)):
        match mask:
            case Apply(op="where", args=(test, Const() as inside, Const() as outside)):
                if {_number(inside), _number(outside)} <= {0, 1} and keeps(whole, other):
                    taken = [other if _is(part, 1) else part for part in (inside, outside)]
                    return Apply("where", (test, *taken))
    match a:
        case Apply(op="multiply", args=(unit, second)) if _is_unit(unit) and is_full(Apply("multiply", (second, b))):
            return _multiply(second, b)
    match b:
        case Apply(op="negative", args=(inner,)) if has_negative(b):
            return _negative(_multiply(a, inner))
        case Apply(op="multiply" | "divide", args=(first, _), spelling="") if (
            type_of(b).rank == 0 and (type_of(a).rank or 0) > 0 and not _is(first, 1) and not is_discrete(b)
        ):
            return (
                Apply("multiply", (b, a)) if not is_discrete(a) else whole
            )  # numbers first: one operation on an array
        case Apply(op="divide", args=(over, under)) if keeps(whole, Apply("multiply", (a, over))):
            return _divided(_multiply(a, over), under, b)
        case Apply(op="multiply", args=(first, second)) if not is_discrete(b):
            if keeps(whole, Apply("multiply", (a, first))):
                return _multiply(_multiply(a, first), second)
    if is_discrete(a) or is_discrete(b):
        return Apply("multiply", _as_floats(a, b))
    if right is not None and right < 0 and not isinstance(a, Const):
        return _negative(_multiply(a, Const(-right)))
    match a:
        case Apply(op="divide", args=(over, under)) if right is not None and _number(under) == right:
            if not is_discrete(over):
                return over
    if right is not None and (scaled := _times(a, right)) is not None:
        return scaled
    return whole


def _times(product: Expr, number: float) -> Expr | None:
    """A product with a number in it that is taken times another one: ``x * 2 * y`` for ``x * 0.5 * y``, times 4."""
    match product:
        case Apply(op="multiply", args=(first, second), spelling=""):
            if (factor := _number(second)) is not None:
                return _multiply(first, Const(factor * number))
            if (factor := _number(first)) is not None:
                return _multiply(Const(factor * number), second)
            scaled = _times(first, number)
            return None if scaled is None else _multiply(scaled, second)
    return None


def _is_unit(expr: Expr) -> bool:
    return _is(expr, 1) or expr == Apply("float64", (Const(1.0),))


def _as_floats(a: Expr, b: Expr) -> tuple[Expr, Expr]:
    """Factors of which one is an array of integers or truth values: a Python integer beside it is a float, which does
    not wrap. (It is 1.0 times the user's number.)"""
    return (_as_float(a), b) if is_discrete(b) else (a, _as_float(b))


def _as_float(number: Expr) -> Expr:
    value = _number(number)
    if value is not None:
        return Const(float(value))
    type = type_of(number)
    return Apply("float", (number,)) if type.kind == "python" and type.dtype in ("int64", "bool") else number


def _divided(a: Expr, b: Expr, like: Apply) -> Expr:
    """As a quotient divides: NumPy's gives infinity where the operator raises for Python's own numbers."""
    if like.spelling == "numpy" or like.spelling.startswith("function:"):
        return _rewrite(Apply("divide", (a, b), spelling="numpy"))
    return _divide(a, b)


def _divide(a: Expr, b: Expr) -> Expr:
    if _is(b, 1) and not is_discrete(a):
        return a
    full = _full(a, b)
    if full is not None:
        return _divide(*full)
    scaled = _scaled("divide", a, b)
    if scaled is not None:
        return scaled
    if isinstance(a, Apply) and a.op == "negative" and has_negative(a):
        return _negative(_divide(a.args[0], b))
    if isinstance(b, Apply) and b.op == "negative" and has_negative(b):
        return _negative(_divide(a, b.args[0]))
    return Apply("divide", (a, b))


def _negative(a: Expr) -> Expr:
    match a:
        case Apply(op="negative", args=(inner,)):
            return inner
        case Apply(op="subtract", args=(first, second)):
            return Apply("subtract", (second, first))
        case Apply(op="broadcast_to", args=(inner, shape)):
            return Apply("broadcast_to", (_negative(inner), shape))
    number = _number(a)
    return Const(-number) if number is not None else Apply("negative", (a,))


def _is_float(expr: Expr) -> bool:
    """Whether it is known that no element is a truth value or an integer, of which there may be no negative."""
    return (type_of(expr).dtype or "").startswith(("float", "complex"))


def leading_sign(expr: Expr) -> Expr:
    """``-x * y`` for ``-(x * y)``: the same number.

    >>> from backprose.emit import print_expression
    >>> from backprose.ir.types import PYTHON_FLOAT
    >>> x, y = Name("x", PYTHON_FLOAT), Name("y")
    >>> print(print_expression(leading_sign(Apply("negative", (Apply("divide", (Apply("multiply", (x, y)), x)),)))))
    -x * y / x
    """
    return bottom_up(expr, _with_leading_sign)


def _with_leading_sign(expr: Expr) -> Expr:
    match expr:
        case Apply(op="negative", args=(Apply(op="multiply" | "divide") as inner,)) if _is_float(_leading(inner)):
            return _negated(inner)
    return expr


def _leading(expr: Expr) -> Expr:
    """The first factor of a product."""
    while isinstance(expr, Apply) and expr.op in ("multiply", "divide") and expr.spelling == "":
        expr = expr.args[0]
    return expr


def _negated(expr: Expr) -> Expr:
    if isinstance(expr, Apply) and expr.op in ("multiply", "divide") and expr.spelling == "":
        return Apply(expr.op, (_negated(expr.args[0]), expr.args[1]))
    return _negative(expr)


def shape_of(shape: Expr) -> tuple[Dim, ...] | None:
    """What a shape expression says: ``x.shape``, ``np.shape(x)``, a tuple of lengths."""
    match shape:
        case Attribute(value=value, attr="shape") | Apply(op="shape", args=(value,)):
            return type_of(value).shape
        case Tuple(items=items):
            extents = [item.value if isinstance(item, Const) else type_of(item).extent for item in items]
            known = tuple(extent for extent in extents if extent is not None)
            return known if len(known) == len(extents) else None
    return None


def _broadcast(expr: Apply, a: Expr, shape: Expr) -> Expr:
    wanted = shape_of(shape)
    if wanted is not None and type_of(a).shape == wanted:
        return a
    inner = _uniform(a)  # what holds one number holds it in any shape
    made = expr if inner is None else Apply("broadcast_to", (inner, shape))
    if wanted == () and isinstance(shape, Apply) and type_of(shape.args[0]).is_immutable_scalar:
        return Subscript(made, Tuple(()))  # a number, which nothing writes into, as others are
    return made


def _drops_axis(index: Expr, axis: Expr | None) -> bool:
    """Whether an index takes the one place of an axis that has one place, and all of the others: ``[:, 0]``."""
    if not isinstance(axis, Const) or type(axis.value) is not int or axis.value < 0:
        return False
    items = index.items if isinstance(index, Tuple) else (index,)
    everything = Slice(None, None, None)
    taken = [position for position, item in enumerate(items) if item == ZERO and isinstance(item, Const)]
    return taken == [axis.value] and all(item == everything for item in items if item != ZERO)


def _only_adds_axes(index: Expr) -> bool:
    items = index.items if isinstance(index, Tuple) else (index,)
    return all(item in (Slice(None, None, None), Const(None)) for item in items)


def _expand(expr: Apply, a: Expr, axis: int) -> Expr:
    if isinstance(a, Apply) and a.op == "broadcast_to":
        return expr
    rank = type_of(a).rank
    if rank is None or not -rank - 1 <= axis <= rank or rank == 0:
        return expr
    axis %= rank + 1
    everything = Slice(None, None, None)
    if axis == 0:
        return Subscript(a, Const(None))
    return Subscript(a, Tuple((*(everything,) * axis, Const(None))))
