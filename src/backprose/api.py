"""The transforms that users call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import FunctionType, MappingProxyType
from typing import Any, ParamSpec, TypeVar, overload

import numpy as np

from backprose.arguments import Outputs, Wrt, arrays, beside_parameters, bind, conform, read_outputs, read_wrt
from backprose.derivative import Derivative, variants_of
from backprose.errors import ArgumentError
from backprose.inside import made
from backprose.ir.types import Type
from backprose.load.guards import resolve
from backprose.orders import Between, Direction, ElementwiseGradient, Hessian, HessianVector, Jacobian, moved_along
from backprose.structures import rebuild
from backprose.variants import Variant, Variants, shared_variants, signature_of

P = ParamSpec("P")
R = TypeVar("R")

NOTHING: Mapping[str, Any] = MappingProxyType({})


# ---------------------------------------------------------------- gradients
@overload
def grad(
    function: Callable[P, Any], /, *, wrt: Wrt = 0, outputs: Outputs = None, cache: bool = True
) -> Derivative[P, Any]: ...
@overload
def grad(
    *, wrt: Wrt = 0, outputs: Outputs = None, cache: bool = True
) -> Callable[[Callable[P, Any]], Derivative[P, Any]]: ...
def grad(
    function: Callable[..., Any] | None = None, /, *, wrt: Wrt = 0, outputs: Outputs = None, cache: bool = True
) -> Any:
    """The gradient of a function that returns one number, as a call or as a decorator with or without arguments.

    ``wrt`` names the parameters to differentiate with respect to, by name or by position; a tuple gives a tuple of
    gradients. Each gradient has the dtype and the shape of its argument. ``outputs`` names a parameter of size one that
    a function writes into: its content at the end is what is differentiated. ``cache``: whether the text
    may be left on the disk and come from there, where an earlier process has made it.

    >>> def square(x):
    ...     return x * x
    >>> grad(square)(3.0)
    6.0
    """
    return _derivative(function, wrt, outputs, value=False, cache=cache)


@overload
def value_and_grad(
    function: Callable[P, R], /, *, wrt: Wrt = 0, outputs: Outputs = None, cache: bool = True
) -> Derivative[P, tuple[R, Any]]: ...
@overload
def value_and_grad(
    *, wrt: Wrt = 0, outputs: Outputs = None, cache: bool = True
) -> Callable[[Callable[P, R]], Derivative[P, tuple[R, Any]]]: ...
def value_and_grad(
    function: Callable[..., Any] | None = None, /, *, wrt: Wrt = 0, outputs: Outputs = None, cache: bool = True
) -> Any:
    """As ``grad``, but the result is ``(value, gradient)``; the value is the primal's, bit for bit.

    >>> def square(x):
    ...     return x * x
    >>> value_and_grad(square)(3.0)
    (9.0, 6.0)
    """
    return _derivative(function, wrt, outputs, value=True, cache=cache)


def _derivative(function: Callable[..., Any] | None, wrt: Wrt, outputs: Outputs, *, value: bool, cache: bool) -> Any:
    if function is None:
        return lambda function: Derivative(function, wrt, value=value, outputs=outputs, cache=cache)
    if isinstance(function, str | int | tuple):
        raise ArgumentError(f"{function!r} is not a function", instead=f"name parameters by keyword: wrt={function!r}")
    return Derivative(function, wrt, value=value, outputs=outputs, cache=cache)


# ---------------------------------------------------------------- both modes at a point
@dataclass(frozen=True, slots=True, repr=False)
class Pullback:
    """From a cotangent of the result to those of the arguments: any number of times, from any thread."""

    variant: Variant
    value: Any
    saved: Any
    structures: tuple[tuple[Any, Type], ...] = ()  # the arguments of ``wrt``, where one is a structure

    @property
    def source(self) -> str:
        """The emitted text, both functions."""
        return self.variant.source

    def __call__(self, cotangent: Any) -> Any:
        gradients = self.variant.entries[1](self.saved, conform(cotangent, self.value, "the cotangent"))
        if not self.structures:
            return gradients
        flat = iter(gradients)
        made = tuple(rebuild(value, known, lambda _leaf: next(flat)) for value, known in self.structures)
        return made[0] if self.variant.request.single else made

    def __repr__(self) -> str:
        return f"<pullback of {self.variant.request.function.__name__}>"


def vjp(
    function: Callable[..., R],
    /,
    *args: Any,
    wrt: Wrt = 0,
    kwargs: Mapping[str, Any] = NOTHING,
    outputs: Outputs = None,
    cache: bool = True,
) -> tuple[R, Pullback]:
    """The value of ``function(*args, **kwargs)`` and its pullback, for results of any shape.

    ``outputs`` names parameters of a procedure that are its results: the value is what they hold at the end, in arrays
    of their own (a tuple, with what the function returns after them, where there is more than one). The caller's
    arrays are left as they are; what they hold at the beginning has a cotangent where they are in ``wrt``.

    >>> def scaled(x, a):
    ...     return x * a
    >>> value, pullback = vjp(scaled, 2.0, 5.0, wrt=("x", "a"))
    >>> value, pullback(1.0), pullback(10.0)
    (10.0, (5.0, 2.0), (50.0, 20.0))
    """
    inner = variants_of(function)
    primal = _primal(inner)
    names, single = read_wrt(wrt, signature_of(primal), primal.__name__)
    results = read_outputs(outputs, signature_of(primal), primal.__name__)
    variants = shared_variants(inner, "pullback", names, single=single, outputs=results, cache=cache)
    variant = variants.find(args, kwargs)
    value, saved = variant.entries[0](*args, **kwargs)
    read = [resolve(guard.home, guard.path) for guard in variant.guards if guard.by == "type"]
    shared = list(arrays((*args, *kwargs.values(), value, *read)))
    structures = _structures(variant, bind(signature_of(primal), args, kwargs, primal.__name__))
    kept = list(value) if type(value) is list else value  # the caller may change the list
    return value, Pullback(variant, kept, _apart(saved, shared), structures)


def _structures(variant: Variant, arguments: Mapping[str, Any]) -> tuple[tuple[Any, Type], ...]:
    """The arguments of ``wrt`` with their types, where any argument is a structure."""
    if not variant.derived.flat:
        return ()
    return tuple((arguments[name], variant.derived.types[name]) for name in variant.request.wrt)


def _apart(saved: Any, shared: Sequence[np.ndarray[Any, Any]]) -> Any:
    """What was saved, out of reach of writes into the arguments and the value between two calls of the pullback."""
    if isinstance(saved, np.ndarray):
        return saved.copy(order="K") if any(np.may_share_memory(saved, array) for array in shared) else saved
    if type(saved) in (tuple, list):
        return type(saved)(_apart(part, shared) for part in saved)
    return saved


def jvp(
    function: Callable[..., R],
    args: Sequence[Any],
    tangents: Sequence[Any],
    kwargs: Mapping[str, Any] = NOTHING,
    outputs: Outputs = None,
    cache: bool = True,
) -> tuple[R, Any]:
    """The value of ``function(*args, **kwargs)`` and its tangent, where the arguments move by ``tangents``.

    ``tangents`` stand beside ``args``; None beside an argument that does not move. ``outputs``: as in ``vjp``.

    >>> def scaled(x, a):
    ...     return x * a
    >>> jvp(scaled, (2.0, 5.0), (1.0, None))
    (10.0, 5.0)
    """
    inner = variants_of(function)
    primal = _primal(inner)
    signature = signature_of(primal)
    if len(tangents) != len(args):
        raise ArgumentError(
            f"{len(tangents)} tangents stand beside {len(args)} arguments",
            instead="pass one for each argument, None for one that does not move",
        )
    bind(signature, args, kwargs, primal.__name__)
    given, tangents = beside_parameters(signature, args, tangents)
    moving = [i for i, tangent in enumerate(tangents) if tangent is not None]
    if not moving:
        raise ArgumentError("no argument moves: all tangents are None", instead="pass the tangent of at least one")
    names, _ = read_wrt(moving, signature, primal.__name__)
    results = read_outputs(outputs, signature, primal.__name__)
    variants = shared_variants(inner, "forward", names, single=False, outputs=results, cache=cache)
    variant = variants.find(args, kwargs)
    moved = {name: (tangents[i], given[i]) for i, name in zip(moving, names, strict=True)}
    result: tuple[R, Any] = moved_along(variant, args, kwargs, moved)
    return result


def _primal(inner: FunctionType | Variants) -> FunctionType:
    return inner if isinstance(inner, FunctionType) else inner.primal


# ---------------------------------------------------------------- second order, Jacobians
def hvp(function: Callable[..., Any], /, wrt: Wrt = 0, *, cache: bool = True) -> HessianVector[..., Any]:
    """The product of the Hessian of a function that returns one number with a direction: ``hvp(f)(*args, v)``.

    ``v`` has the form of the argument of ``wrt``, as has the result; of several arguments it is a tuple of directions.
    What runs is one emitted function, the tangent of the gradient.

    >>> def cube(x):
    ...     return x ** 3
    >>> hvp(cube)(2.0, 1.0)
    12.0
    """
    return HessianVector(function, wrt, cache=cache)


def jacobian(
    function: Callable[..., Any],
    /,
    wrt: Wrt = 0,
    *,
    direction: Direction = "auto",
    sparse: bool = False,
    cache: bool = True,
) -> Jacobian[..., Any]:
    """The Jacobian of a function of arrays: the axes of the result, then those of the argument.

    Several arguments, or results, give a tuple. ``direction``: by columns (``"forward"``: a tangent for each element of
    the argument), by rows (``"reverse"``: a cotangent for each element of the result), or by what is fewer
    (``"auto"``), as it is at the first call for arguments of such types. A function that prints, draws or changes
    something has to run once: of it the rows.

    ``sparse``: as a ``scipy.sparse.csr_array`` with a row for each element of the result and a column for each of the
    argument, computed with a tangent (or cotangent) for each group of columns (or rows) that do not meet.

    >>> def powers(x):
    ...     return np.array([x, x ** 2, x ** 3])
    >>> jacobian(powers)(2.0)
    array([ 1.,  4., 12.])
    """
    if sparse:
        from backprose.sparse.jacobian import SparseJacobian

        return SparseJacobian(function, wrt, direction=direction, cache=cache)
    return Jacobian(function, wrt, direction=direction, cache=cache)


def hessian(
    function: Callable[..., Any],
    /,
    wrt: Wrt = 0,
    *,
    direction: Direction = "auto",
    sparse: bool = False,
    cache: bool = True,
) -> Jacobian[..., Any]:
    """The Hessian of a function that returns one number: the Jacobian of its gradient; ``sparse``: as there.

    >>> def product(x):
    ...     return x[0] * x[1] ** 2
    >>> hessian(product)(np.array([1.0, 2.0]))
    array([[0., 4.],
           [4., 2.]])
    """
    if sparse:
        from backprose.sparse.jacobian import SparseHessian

        return SparseHessian(function, wrt, direction=direction, cache=cache)
    return Hessian(function, wrt, direction=direction, cache=cache)


def elementwise_grad(
    function: Callable[..., Any], /, wrt: Wrt = 0, *, cache: bool = True
) -> ElementwiseGradient[..., Any]:
    """The derivative of each element of the result with respect to the same element of the argument.

    A function that mixes elements has none, and is refused.

    >>> def square(x):
    ...     return x ** 2
    >>> elementwise_grad(square)(np.array([1.0, 2.0, 3.0]))
    array([2., 4., 6.])
    """
    return ElementwiseGradient(function, wrt, cache=cache)


def gradients(function: Callable[..., Any], /, of: str, wrt: str, *, cache: bool = True) -> Between[..., Any]:
    """The derivative of one variable of a function with respect to another one, parameters or locals.

    Both mean the last value that the variable has: ``of`` at the end of the function, ``wrt`` from the last statement
    on that assigns it or writes into it. What was computed of earlier values of ``wrt`` does not count.

    >>> def loss(w, x):
    ...     scores = w * x
    ...     total = np.sum(scores ** 2)
    ...     return total
    >>> gradients(loss, of="total", wrt="scores")(2.0, np.array([1.0, 2.0]))
    array([4., 8.])
    """
    return Between(function, of, wrt, cache=cache)


# how the earlier stages know them, without importing this module
for _transform in (grad, value_and_grad, vjp, jvp, hvp, jacobian, hessian, elementwise_grad, gradients):
    vars(_transform)["__backprose_transform__"] = made
