"""``fixed_point`` and ``root`` in a function that is differentiated: the implicit function theorem.

Where ``r(x, a) = 0`` (of a fixed point, ``r(x, a) = x - step(x, a)``), the root moves with ``dx = -J^-1 (dr/da) da``,
``J = dr/dx``: so ``a_bar = -(dr/da)^T w`` with ``J^T w = x_bar`` (Griewank and Walther, "Evaluating Derivatives", 2008,
chapter 15; Christianson, "Reverse accumulation and attractive fixed points", 1994). That holds at the root, however it
was found, also where no step was needed.

For each function a few small ones are written, as a user would write them, with a rule for the first of them: their
sources are read for the derivatives, those of higher order too.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter
from types import FunctionType
from typing import Any

import numpy as np

from backprose import support
from backprose.api import grad
from backprose.load.text import keep, new_name
from backprose.rules import registry
from backprose.rules.registry import Rule

RESIDUAL = {"root": "{name}({given})", "fixed_point": "x - {name}({given})"}


TAKEN = frozenset("x w n i np weights jacobian flat x0 tol out index range root fixed_point".split())


def rooted(how: Callable[..., Any], function: FunctionType, count: int) -> FunctionType:
    """The function of ``x0`` and ``count`` more arguments that ``how`` (``root``, ``fixed_point``) makes of another."""
    kept = vars(function).setdefault("__backprose_roots__", {})
    key = how.__name__, count
    if key not in kept:
        kept[key] = _made(how.__name__, function, _names_of_arguments(function, count))
    found: FunctionType = kept[key]
    return found


def _names_of_arguments(function: FunctionType, count: int) -> list[str]:
    """The function's own names, where they mean nothing else in the functions that are written here."""
    own = [*function.__code__.co_varnames[1 : function.__code__.co_argcount]][:count]
    plain = len(own) == count and not any(name in TAKEN or name.endswith(("_dot", "_bar")) for name in own)
    return own if plain else [f"a{k}" for k in range(1, count + 1)]


def _made(how: str, function: FunctionType, args: list[str]) -> FunctionType:
    own = f"{function.__name__}_" if function.__name__ in {*TAKEN, *args} else function.__name__
    name = f"{how}_of_{own}"
    given = ", ".join(["x", *args])
    rest = "".join(f", {arg}" for arg in args)
    residual = RESIDUAL[how].format(name=own, given=given)
    space: dict[str, Any] = {"__name__": function.__module__, own: function, "np": np, how: getattr(support, how)}

    def define(text: str) -> FunctionType:
        file = new_name(name)
        exec(compile(text, file, "exec", dont_inherit=True), space)  # noqa: S102 - names of parameters and functions
        made: FunctionType = space[text.partition("(")[0].removeprefix("def ")]
        keep(file, text, [made.__code__])
        return made

    along = define(f"def along_{own}(x, w{rest}):\n    return np.sum(w * ({residual}))\n")
    for arg in ("x", *args):
        space[f"along_{own}_by_{arg}"] = grad(along, wrt=arg)
    jacobian = define(
        f"def jacobian_of_{own}({given}):\n"
        f"    n = np.size(x)\n"
        f"    jacobian = np.zeros((n, n))\n"
        f"    for i in range(n):\n"
        f"        weights = np.reshape(np.eye(n)[i], np.shape(x))\n"
        f"        jacobian[i] = np.reshape(along_{own}_by_x(x, weights{rest}), n)\n"
        f"    return jacobian\n"
    )
    _as_operation(jacobian)
    for arg in args:
        pulled = define(f"def {own}_back_to_{arg}(x, w{rest}):\n    return +along_{own}_by_{arg}(x, w{rest})\n")
        _as_operation(pulled)
        pushed = define(
            f"def {own}_back_along_{arg}(w, x{rest}, {arg}_dot):\n"
            f"    return np.sum(along_{own}_by_{arg}(x, w{rest}) * {arg}_dot)\n"
        )
        space[f"{own}_back_along_{arg}_by_w"] = grad(pushed, wrt="w")
        moved = define(
            f"def {own}_moved_by_{arg}(x{rest}, {arg}_dot):\n"
            f"    return +{own}_back_along_{arg}_by_w(np.zeros_like(x), x{rest}, {arg}_dot)\n"
        )
        _as_operation(moved)
    target = define(f"def {name}(x0{rest}, *, tol=1e-12):\n    return {how}({own}, x0{rest}, tol=tol)\n")
    back = define(
        f"def {name}_bar(x0{rest}, *, tol, out, out_bar):\n"
        f"    flat = np.reshape(out_bar, np.size(out))\n"
        f"    w = np.reshape(np.linalg.solve(jacobian_of_{own}(out{rest}).T, flat), np.shape(out))\n"
        f"    return {', '.join(f'-{own}_back_to_{arg}(out, w{rest})' for arg in args) or '()'}\n"
    )
    terms = [
        f"-np.reshape(np.linalg.solve(jacobian_of_{own}(out{rest}),"
        f" np.reshape({own}_moved_by_{arg}(out{rest}, {arg}_dot), np.size(out))), np.shape(out))"
        for arg in args
    ]
    dots = "".join(f", {arg}_dot" for arg in args)
    ahead = define(f"def {name}_dot(x0{rest}, *, tol, out{dots}):\n    return {', '.join(terms) or '()'}\n")
    parameters = (
        *(Parameter(one, Parameter.POSITIONAL_OR_KEYWORD) for one in ("x0", *args)),
        Parameter("tol", Parameter.KEYWORD_ONLY, default=1e-12),
    )
    op = registry.fresh_name(f"{how} of {own}")
    rule = Rule(op, "general", parameters, tuple(args), back, ahead, constant=("x0",), by_user=True, real_only=True)
    registry.put(target, rule)
    return target


def _as_operation(function: FunctionType) -> None:
    """A function that a rule may call, and of which the source is differentiated for the next order."""
    op = registry.fresh_name(f"{function.__name__} of a root")
    registry.put_helper(function, Rule(op, "general", by_user=True, real_only=True))


for _how in (support.root, support.fixed_point):
    vars(_how)["__backprose_implicit__"] = rooted
