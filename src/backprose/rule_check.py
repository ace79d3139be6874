"""``check_rule``: a rule against the function that it is for, at arguments of the user's choice."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from types import FunctionType
from typing import Any

import numpy as np

from backprose.api import jvp, vjp
from backprose.check import Line, compare, differentiable
from backprose.errors import ArgumentError, BackproseError
from backprose.load.text import keep, new_name
from backprose.rules.registry import Rule, rule_error, rule_for

EXACT = 1e-8  # by how much forward and reverse mode may differ, in double precision
SINGLE = 1e-3


def check_rule(function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> None:
    """Compares the rule of a function with the function itself, at ``function(*args, **kwargs)``.

    The adjoint is compared with differences, element by element, and the tangent with the adjoint. The first argument
    whose derivative is wrong is named in a RuleError, with its worst element. It also checks that the function leaves
    its arguments as they are, and that its result is the same when it is called again.

    >>> import backprose as bp
    >>> def cube(x):
    ...     return x ** 3
    >>> @bp.elementwise(cube)
    ... def cube_slope(x):
    ...     return 3 * x
    >>> check_rule(cube, 1.0)
    >>> check_rule(cube, 2.0)
    Traceback (most recent call last):
    ...
    backprose.errors.RuleError: the rule cube_slope: the derivative of cube with respect to x is wrong
    ...
      why: it is 6 where differences give 12
    """
    rule = rule_for(function)
    if rule is None or not rule.by_user:
        raise ArgumentError(
            f"{getattr(function, '__name__', function)} has no rule of yours to check",
            instead="register one with backprose.elementwise, linear, adjoint or tangent",
        )
    arguments = _bound(rule, args, kwargs)
    checked = [name for name in (*rule.active, *rule.constant) if name in differentiable(arguments)]
    if not checked:
        raise ArgumentError(
            f"no argument of {_name(function)} can be differentiated",
            instead="pass floats or arrays of floats (2.0, not 2)",
        )
    _check_call(function, arguments, rule)
    try:
        _check_derivatives(function, arguments, checked, rule)
    except BackproseError:
        raise
    except Exception as error:
        what = f"the derivative of {_name(function)} raises {type(error).__name__}: {error}"
        raise rule_error(rule.adjoint, what, why="a cotangent has the shape of its argument") from error


def _bound(rule: Rule, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments by parameter; defaults are left out."""
    try:
        return dict(inspect.Signature(rule.parameters).bind(*args, **kwargs).arguments)
    except TypeError as error:
        known = ", ".join(parameter.name for parameter in rule.parameters)
        raise ArgumentError(f"the rule does not fit these arguments: {error}", instead=f"it has {known}") from None
    except ValueError as error:
        raise ArgumentError(f"the parameters of the rule are in no order that a call can have: {error}") from None


def _caller(function: Callable[..., Any], arguments: Mapping[str, Any]) -> FunctionType:
    """A function that calls this one, with source, so that it can be differentiated whatever it calls."""
    rule = rule_for(function)
    assert rule is not None
    by_name = {parameter.name for parameter in rule.parameters if parameter.kind is parameter.KEYWORD_ONLY}
    name = _name(function)
    outer = f"{name}_of" if name in arguments else name
    given = ", ".join(f"{one}={one}" if one in by_name else one for one in arguments)
    text = f"def call_of_{name}({', '.join(arguments)}):\n    return {outer}({given})\n"
    file = new_name(f"call of {name}")
    space: dict[str, Any] = {outer: function}
    exec(compile(text, file, "exec", dont_inherit=True), space)  # noqa: S102 - names alone, of parameters
    made: FunctionType = space[f"call_of_{name}"]
    keep(file, text, [made.__code__])
    return made


def _check_call(function: Callable[..., Any], arguments: Mapping[str, Any], rule: Rule) -> None:
    """What a rule stands on: the function leaves its arguments alone and gives the same again."""
    caller = _caller(function, arguments)
    before = {name: value.copy() for name, value in arguments.items() if isinstance(value, np.ndarray)}
    first = np.array(caller(**arguments))
    for name, value in before.items():
        if not np.array_equal(value, arguments[name], equal_nan=value.dtype.kind in "fc"):
            arguments[name][...] = value
            raise rule_error(rule.adjoint, f"{_name(function)} writes into its argument {name}")
    if not np.array_equal(first, caller(**arguments), equal_nan=first.dtype.kind in "fc"):
        raise rule_error(rule.adjoint, f"{_name(function)} gives something else when it is called again")


def _check_derivatives(
    function: Callable[..., Any], arguments: Mapping[str, Any], checked: Sequence[str], rule: Rule
) -> None:
    caller = _caller(function, arguments)
    with np.errstate(all="ignore"):
        for line in compare(caller, arguments, checked):
            if not line.good:
                raise rule_error(rule.adjoint, _wrong(function, line.argument), why=_difference(line))
        if rule.kind != "general" or rule.tangent is not None:
            for name in checked:
                _check_tangent(caller, function, arguments, name, rule)


def _check_tangent(
    caller: FunctionType, function: Callable[..., Any], arguments: Mapping[str, Any], name: str, rule: Rule
) -> None:
    """The dot-product identity: a cotangent of the tangent is the pulled back cotangent of the direction."""
    rng = np.random.default_rng(3)
    value = arguments[name]
    way = _drawn(rng, value)
    tangents = [way if one == name else None for one in arguments]
    result, moved = jvp(caller, tuple(arguments.values()), tangents)
    bar = _drawn(rng, result)
    _, pullback = vjp(caller, *arguments.values(), wrt=name)
    ahead, back = np.sum(bar * moved), np.sum(pullback(bar) * way)
    scale = max(float(np.sum(np.abs(bar) * np.abs(moved))), abs(back), 1e-8)
    exact = {np.asarray(part).dtype.itemsize // (1 + np.iscomplexobj(part)) for part in (value, result)} == {8}
    if not abs(ahead - back) <= scale * (EXACT if exact else SINGLE):
        raise rule_error(
            rule.tangent or rule.adjoint,
            f"the tangent of {_name(function)} with respect to {name} is not that of its adjoint",
            why=f"along a random direction it is {ahead:.6g} forward and {back:.6g} in reverse",
        )


def _drawn(rng: np.random.Generator, like: Any) -> Any:
    drawn = np.asarray(rng.uniform(0.5, 1.5, np.shape(like)))
    if np.iscomplexobj(like):
        drawn = drawn + 1j * rng.uniform(0.5, 1.5, np.shape(like))
    return drawn.astype(like.dtype) if isinstance(like, np.ndarray) else drawn.item()


def _wrong(function: Callable[..., Any], argument: str) -> str:
    if argument == "(value)":
        return f"the value of {_name(function)} is not that of a call"
    return f"the derivative of {_name(function)} with respect to {argument} is wrong"


def _difference(line: Line) -> str:
    place = f"at {list(line.index)} " if line.index else ""
    return f"{place}it is {_number(line.derivative)} where differences give {_number(line.difference)}"


def _number(value: complex) -> str:
    return f"{value.real:.6g}" if value.imag == 0 else f"{value:.6g}"


def _name(function: Callable[..., Any]) -> str:
    return str(getattr(function, "__name__", function))
