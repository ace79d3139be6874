"""Derivatives that are called in a function that is differentiated: flat, so that the call is one of any helper.

What such a function takes and gives are numbers and arrays side by side: directions and cotangents come after the
arguments, values before gradients, none of them in a tuple of its own.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from types import FunctionType
from typing import Any

from backprose.arguments import Wrt
from backprose.derivative import Derivative
from backprose.orders import ElementwiseGradient, Hessian, Jacobian, hvp_variants
from backprose.variants import Variants, shared_variants


def short_name(function: FunctionType | Variants, suffix: str, names: tuple[str, ...]) -> str | None:
    """A name without those of many arguments, as the parts of a structure are; None where the usual one does."""
    if len("_".join(names)) <= LONGEST:
        return None
    return f"{function.__name__ if isinstance(function, FunctionType) else function.primal.__name__}{suffix}"


LONGEST = 24


class Gradients(Derivative[..., Any]):
    """Each gradient."""

    def _derived(self, inner: FunctionType | Variants, names: tuple[str, ...], single: bool) -> Variants:
        name = short_name(inner, "_grad", names)
        return shared_variants(inner, "reverse", names, single=single, name=name, seeded=False)


class ValueAndGradients(Derivative[..., Any]):
    """The value and each gradient, in one tuple."""

    def _derived(self, inner: FunctionType | Variants, names: tuple[str, ...], single: bool) -> Variants:
        name = short_name(inner, "_value_and_grad", names)
        return shared_variants(inner, "reverse", names, single=single, value=True, level=True, name=name, seeded=False)


class Along(Derivative[..., Any]):
    """Takes more arguments than its function, after these: one for each of ``count``."""

    def __init__(self, primal: FunctionType, wrt: Wrt, count: int) -> None:
        super().__init__(primal, wrt)
        own = [one.replace(kind=one.POSITIONAL_ONLY) for one in self.__signature__.parameters.values()]
        prefix = "v_"
        while any(one.name.startswith(prefix) for one in own):
            prefix += "_"
        along = [inspect.Parameter(f"{prefix}{k}", own[0].kind) for k in range(count)]
        self.__signature__ = inspect.Signature([*own, *along])


class Tangent(Along):
    """The results, and after them their tangents."""

    def _derived(self, inner: FunctionType | Variants, names: tuple[str, ...], single: bool) -> Variants:  # noqa: ARG002
        return shared_variants(inner, "forward", names, single=False, level=True, name=short_name(inner, "_jvp", names))


class HessianVectors(Along):
    """The product of the Hessian with a direction."""

    def _derived(self, inner: FunctionType | Variants, names: tuple[str, ...], single: bool) -> Variants:
        return hvp_variants(inner, names, single, short_name(inner, "_hvp", names))


class Cotangents(Along):
    """What a pullback gives: it computes the function once more."""

    again = True

    def _derived(self, inner: FunctionType | Variants, names: tuple[str, ...], single: bool) -> Variants:
        return shared_variants(inner, "cotangents", names, single=single, name=short_name(inner, "_vjp", names))


def _along(kind: type[Along]) -> Callable[..., Derivative[..., Any]]:
    return lambda function, names, options: kind(function, _one(names), options["count"])


def _one(names: tuple[str, ...]) -> Wrt:
    """As ``wrt``: the gradient of one argument is not put in a tuple."""
    return names[0] if len(names) == 1 else names


MADE: Mapping[str, Callable[[FunctionType, tuple[str, ...], Mapping[str, Any]], Derivative[..., Any]]] = {
    "grad": lambda function, names, _options: Gradients(function, _one(names)),
    "value_and_grad": lambda function, names, _options: ValueAndGradients(function, _one(names)),
    "jvp": _along(Tangent),
    "vjp": _along(Cotangents),
    "hvp": _along(HessianVectors),
    "jacobian": lambda function, names, options: Jacobian(function, _one(names), **options),
    "hessian": lambda function, names, options: Hessian(function, _one(names), **options),
    "elementwise_grad": lambda function, names, _options: ElementwiseGradient(function, names[0]),
}


def made(kind: str, function: FunctionType, names: tuple[str, ...], options: Mapping[str, Any]) -> Derivative[..., Any]:
    """The derivative of this kind; the same one each time for the same function."""
    from backprose.lifting import kept_by  # with the compiler, which is there when this is called

    kept = kept_by(function, "__backprose_inside__")
    key = kind, names, tuple(sorted(options.items()))
    if key not in kept:
        kept[key] = MADE[kind](function, names, options)
    found: Derivative[..., Any] = kept[key]
    return found


Derivative.__backprose_derivative__ = made  # so that the earlier stages can make one, without importing this module
