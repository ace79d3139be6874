"""Rules of users: ``elementwise``, ``linear``, ``adjoint``, ``tangent`` on their own functions or someone else's.

A rule is read when it is registered, not when it is needed: what cannot work is refused there, at the rule's line.
"""

from __future__ import annotations

import functools
import inspect
import threading
from collections.abc import Callable
from dataclasses import replace
from types import FunctionType, MethodType
from typing import Any, TypeVar

import numpy as np

from backprose.errors import BackproseError, RuleError
from backprose.parse import parse
from backprose.rules import registry
from backprose.rules.checks import check
from backprose.rules.registry import INDEX, OUT, OUT_BAR, Rule, rule_error, rule_for

Function = TypeVar("Function", bound=Callable[..., Any])
Decorator = Callable[[Function], Function]

_registering = threading.RLock()


def elementwise(
    target: Callable[..., Any],
    *,
    active: tuple[str, ...] | None = None,
    constant: tuple[str, ...] = (),
    real_only: bool = True,
) -> Decorator[Function]:
    """The derivative of a function that works on each element by itself: one formula, ``d out / d x``.

    The rule has the function's parameters, and ``out``, its result, if it asks for it. It returns the partial
    derivative with respect to each parameter in ``active`` (by default the positional ones without a default), a tuple
    where these are several. ``constant`` names parameters that may depend on what is differentiated and have the
    derivative 0. Without ``real_only`` the rule is used for complex numbers too.

    >>> import numpy as np
    >>> def logistic(x):
    ...     return 1 / (1 + np.exp(-x))
    >>> @elementwise(logistic)
    ... def logistic_slope(x, out):
    ...     return out * (1 - out)
    """
    return _registered("elementwise", target, active, constant, real_only)


def linear(
    target: Callable[..., Any],
    *,
    active: tuple[str, ...] | None = None,
    constant: tuple[str, ...] = (),
    real_only: bool = True,
) -> Decorator[Function]:
    """The transpose of a function that is linear in its active parameters together (by default in the first).

    The rule has the function's parameters and ``out_bar``, the cotangent of its result; it returns that of the active
    parameter, of several a tuple. The tangent is the function itself, of tangents.
    """
    return _registered("linear", target, active, constant, real_only)


def adjoint(
    target: Callable[..., Any],
    *,
    active: tuple[str, ...] | None = None,
    constant: tuple[str, ...] = (),
    real_only: bool = True,
) -> Decorator[Function]:
    """The cotangents of a function's active parameters (by default the positional ones without a default).

    The rule has the function's parameters and ``out_bar``, the cotangent of its result, and ``out``, the result, if it
    asks for it. It returns the cotangent of each active parameter, a tuple where these are several. Forward mode needs
    ``tangent`` as well.
    """
    return _registered("general", target, active, constant, real_only)


def tangent(target: Callable[..., Any]) -> Decorator[Function]:
    """The other half of a rule made with ``adjoint``, for forward mode.

    The rule has the function's parameters, ``out`` if it asks for it, and for each active parameter ``x`` its tangent
    ``x_dot``. It returns what each active parameter adds to the tangent of the result, a tuple where these are several.
    """

    def register(function: Function) -> Function:
        with _registering:
            _read(function)
            before = rule_for(_plain(target, function))
            if before is None or not before.by_user:
                raise rule_error(function, f"a tangent needs an adjoint before it: @backprose.adjoint({_name(target)})")
            _put(target, registry.with_tangent(before, function), before)
        return function

    return register


# ---------------------------------------------------------------- inside
def _registered(
    kind: registry.Kind,
    target: Callable[..., Any],
    active: tuple[str, ...] | None,
    constant: tuple[str, ...],
    real_only: bool,
) -> Decorator[Function]:
    def register(function: Function) -> Function:
        with _registering:
            _read(function)
            before = rule_for(_plain(target, function))
            if before is not None and not before.by_user and before.kind != "not yet":
                raise rule_error(function, f"{_name(target)} has a rule already, one of backprose's own")
            _refuse_names(target, function)
            shares, acts = _traits(target, function)
            rule = registry.made(kind, (target,), function, active, constant)
            parameters = _as_called(rule, target, function)
            rule = replace(
                rule,
                op=before.op if before is not None else _operation_of(target),
                parameters=parameters,
                active=rule.active if active or kind == "linear" else registry.default_active(parameters),
                by_user=True,
                real_only=real_only,
                shares=shares,
                acts=acts,
            )
            _put(target, rule, before)
        return function

    return register


def _put(target: Any, rule: Rule, before: Rule | None) -> None:
    """Registers a rule that holds to what a rule must hold to; it may call the very function that it is for."""
    from backprose.lower.rule_body import rule_body  # the compiler is imported when it is first needed

    registry.put(target, rule)
    try:
        unknown = {*rule.active, *rule.constant} - {parameter.name for parameter in rule.parameters}
        if unknown:
            raise rule_error(rule.adjoint, f"it has no parameter {', '.join(sorted(unknown))}")
        check(rule)
        for function in (rule.adjoint, rule.tangent):
            if isinstance(function, FunctionType):
                rule_body(function)
    except BackproseError as error:
        registry.put(target, before)
        raise error.with_traceback(None)  # noqa: B904 - the way through the compiler tells users nothing


def _read(function: Any) -> None:
    if not isinstance(function, FunctionType):
        raise RuleError("a rule is a function", instead="write @backprose.adjoint(f) above the def of the rule for f")
    parse(function)


def _plain(target: Any, rule: Callable[..., Any]) -> Any:
    """The function that a rule is for, if there can be one for it."""
    reason = None
    if isinstance(target, MethodType) or (isinstance(target, FunctionType) and _is_method(target)):
        reason = "it is a method, and the object that it belongs to is no number or array: write a function"
    elif isinstance(target, type) or not callable(target):
        reason = "it is no function"
    elif isinstance(target, functools.partial) or not str(getattr(target, "__name__", "")).isidentifier():
        reason = "it has no name by which emitted text could call it: write it with def"
    elif callable(getattr(target, "specialise", None)):
        reason = "it is a derivative: write the rule for its primal"
    else:
        try:
            hash(target)
        except TypeError:
            reason = "it is not hashable"
    if reason is not None:
        raise rule_error(rule, f"there can be no rule for {_name(target)}: {reason}")
    return target


def _is_method(function: FunctionType) -> bool:
    outer = function.__qualname__.rpartition(".")[0]
    return bool(outer) and not outer.endswith("<locals>")


def _name(target: Any) -> str:
    return str(getattr(target, "__name__", target))


def _operation_of(target: Any) -> str:
    """A name that no operation of NumPy's has, and that reads well in an error."""
    return registry.fresh_name(f"{_name(target)} of {getattr(target, '__module__', None) or 'no module'}")


def _refuse_names(target: Any, rule: Callable[..., Any]) -> None:
    """Names that mean something else in a rule, as parameters of the function."""
    own = {parameter.name for parameter in _signature(target) or ()}
    asked = inspect.signature(rule).parameters
    for name in (OUT, OUT_BAR):
        if name in own:
            raise rule_error(rule, f"{_name(target)} has a parameter {name}, which is the result's name in a rule")
    if INDEX in asked:
        raise rule_error(rule, f"a rule cannot have the parameter {INDEX}: rename it in {_name(target)}")


def _as_called(rule: Rule, target: Any, function: Callable[..., Any]) -> tuple[inspect.Parameter, ...]:
    """The parameters of a rule, with the defaults of the function: a call may leave them out."""
    theirs = _signature(target)
    if theirs is None:
        return rule.parameters
    variadic = [
        parameter for parameter in theirs if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
    ]
    if variadic:
        raise rule_error(function, f"{_name(target)} takes any number of arguments (*{variadic[0].name})")
    named = {parameter.name: parameter for parameter in theirs}
    listed = {parameter.name for parameter in rule.parameters}
    for parameter in theirs:
        if parameter.default is parameter.empty and parameter.name not in listed:
            raise rule_error(
                function, f"{_name(target)} cannot be called without {parameter.name}: the rule must have it"
            )
    return tuple(
        _with_default(parameter, named[parameter.name].default, function) if parameter.name in named else parameter
        for parameter in rule.parameters
    )


def _with_default(parameter: inspect.Parameter, default: Any, function: Callable[..., Any]) -> inspect.Parameter:
    own = parameter.default
    if own is not parameter.empty and not (type(own) is type(default) and own == default):
        raise rule_error(function, f"the default of {parameter.name} is {default!r}: leave it out here")
    return parameter.replace(default=default) if registry.is_constant(default) else parameter


def _signature(target: Any) -> list[inspect.Parameter] | None:
    if isinstance(target, np.ufunc):
        return None
    try:
        return list(inspect.signature(target, follow_wrapped=False).parameters.values())
    except (TypeError, ValueError):  # written in C, with nothing said
        return None


def _traits(target: Any, rule: Callable[..., Any]) -> tuple[bool, bool]:
    """Whether a function's result may share memory with an argument, and whether a call may do more than give it."""
    if not isinstance(target, FunctionType):
        return not isinstance(target, np.ufunc), False
    from backprose.pipeline import traits_of

    found = traits_of(target)
    if found.writes:
        raise rule_error(
            rule, f"{target.__name__} writes into its argument {min(found.writes)}: let it write into a copy"
        )
    return found.shares, found.acts
