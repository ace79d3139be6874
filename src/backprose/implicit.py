"""``fixed_point`` and ``root`` in a function that is differentiated: the implicit function theorem.

Where ``r(x, a) = 0`` (of a fixed point, ``r(x, a) = x - step(x, a)``), the root moves with ``dx = -J^-1 (dr/da) da``,
``J = dr/dx``: so ``a_bar = -(dr/da)^T w`` with ``J^T w = x_bar`` (Griewank and Walther, "Evaluating Derivatives", 2008,
chapter 15; Christianson, "Reverse accumulation and attractive fixed points", 1994). That holds at the root, however it
was found, also where no step was needed.

For each function a few small ones are written, as a user would write them, with a rule for the first of them: their
sources are read for the derivatives, those of higher order too.
"""

from __future__ import annotations

import importlib
from collections.abc import Collection
from dataclasses import dataclass
from inspect import Parameter
from types import FunctionType
from typing import Any

import numpy as np

from backprose import support
from backprose.api import grad
from backprose.load.text import keep, new_name
from backprose.rules import registry
from backprose.rules.registry import Rule

TAKEN = frozenset("x w n i np weights jacobian flat out index range".split())


@dataclass(frozen=True)
class Solver:
    """A function that finds the root of another one, or its fixed point.

    ``starts``: its parameters between that function and the further arguments of it, ``options``: those that say how
    it searches: the root does not depend on them. ``module``: where it is read from; SciPy's take the further arguments
    in a tuple, ``args``. ``part``: what of its result is the root. ``of_numbers``: the root is one number.
    """

    name: str
    starts: tuple[str, ...] = ("x0",)
    options: tuple[str, ...] = ()
    residual: str = "{name}({given})"  # what is 0 at the root
    objective: str = ""  # what is least there: its gradient is 0
    module: str = ""
    part: str = ""
    of_numbers: bool = False

    @property
    def function(self) -> Any:
        """The function itself."""
        return getattr(importlib.import_module(f"scipy.{self.module}") if self.module else support, self.name)

    def __call__(self, function: FunctionType, count: int, options: Collection[str]) -> FunctionType:
        """The function of the starts and ``count`` more arguments that it makes of another, with some options."""
        kept = vars(function).setdefault("__backprose_roots__", {})
        chosen = tuple(option for option in self.options if option in options)
        key = self, count, chosen
        if key not in kept:
            kept[key] = _made(self, function, self._names_of_arguments(function, count), chosen)
        found: FunctionType = kept[key]
        return found

    def _names_of_arguments(self, function: FunctionType, count: int) -> list[str]:
        """The function's own names, where they mean nothing else in the functions that are written here."""
        own = [*function.__code__.co_varnames[1 : function.__code__.co_argcount]][:count]
        plain = len(own) == count and not any(self.takes(name) or name.endswith(("_dot", "_bar")) for name in own)
        return own if plain else [f"a{k}" for k in range(1, count + 1)]

    def takes(self, name: str) -> bool:
        """Whether a name means something in the functions that are written here."""
        return name in (*TAKEN, *self.starts, *self.options, self.name, self.module)

    def written(self, own: str, args: list[str], options: tuple[str, ...]) -> str:
        """The call of it, as users write it."""
        given = [own, *self.starts]
        if self.module and args:
            given.append(f"args=({', '.join(args)}{',' * (len(args) == 1)})")
        elif args:
            given += args
        given += [f"{option}={option}" for option in options]
        return f"{self.module}{'.' * bool(self.module)}{self.name}({', '.join(given)}){self.part}"


def _made(solver: Solver, function: FunctionType, args: list[str], options: tuple[str, ...]) -> FunctionType:
    taken = solver.takes(function.__name__) or function.__name__ in args
    own = f"{function.__name__}_" if taken else function.__name__
    name = f"{solver.name}_of_{own}"
    given = ", ".join(["x", *args])
    rest = "".join(f", {arg}" for arg in args)
    chosen = "".join(f", {option}" for option in options)
    residual = solver.residual.format(name=own, given=given)
    space: dict[str, Any] = {"__name__": function.__module__, own: function, "np": np}
    if solver.module:
        space[solver.module] = importlib.import_module(f"scipy.{solver.module}")
    else:
        space[solver.name] = solver.function

    def define(text: str) -> FunctionType:
        file = new_name(name)
        exec(compile(text, file, "exec", dont_inherit=True), space)  # noqa: S102 - names of parameters and functions
        made: FunctionType = space[text.partition("(")[0].removeprefix("def ")]
        keep(file, text, [made.__code__])
        return made

    if solver.objective:
        least = define(f"def least_of_{own}({given}):\n    return {solver.objective.format(name=own, given=given)}\n")
        space[f"least_of_{own}_by_x"] = grad(least)
        residual = f"least_of_{own}_by_x({given})"
    along = define(f"def along_{own}(x, w{rest}):\n    return np.sum(w * ({residual}))\n")
    for arg in ("x", *args):
        space[f"along_{own}_by_{arg}"] = grad(along, wrt=arg)
    slope = define(f"def slope_of_{own}({given}):\n    return +along_{own}_by_x(x, 1.0{rest})\n")
    _as_operation(slope)
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
    starts = ", ".join(solver.starts)
    by_name = f", *{chosen}" if options else ""
    target = define(f"def {name}({starts}{rest}{by_name}):\n    return {solver.written(own, args, options)}\n")
    solved = (
        f"    flat = np.reshape(out_bar, np.size(out))\n"
        f"    w = np.reshape(np.linalg.solve(jacobian_of_{own}(out{rest}).T, flat), np.shape(out))\n"
    )
    if solver.of_numbers:
        solved = f"    w = np.divide(out_bar, slope_of_{own}(out{rest}))\n"
    back = define(
        f"def {name}_bar({starts}{rest}, *{chosen}, out, out_bar):\n"
        f"{solved}"
        f"    return {', '.join(f'-{own}_back_to_{arg}(out, w{rest})' for arg in args) or '()'}\n"
    )
    terms = [
        f"-np.divide({own}_moved_by_{arg}(out{rest}, {arg}_dot), slope_of_{own}(out{rest}))"
        if solver.of_numbers
        else f"-np.reshape(np.linalg.solve(jacobian_of_{own}(out{rest}),"
        f" np.reshape({own}_moved_by_{arg}(out{rest}, {arg}_dot), np.size(out))), np.shape(out))"
        for arg in args
    ]
    dots = "".join(f", {arg}_dot" for arg in args)
    ahead = define(f"def {name}_dot({starts}{rest}, *{chosen}, out{dots}):\n    return {', '.join(terms) or '()'}\n")
    parameters = (
        *(Parameter(one, Parameter.POSITIONAL_OR_KEYWORD) for one in (*solver.starts, *args)),
        *(Parameter(one, Parameter.KEYWORD_ONLY) for one in options),
    )
    op = registry.fresh_name(f"{solver.name} of {own}")
    constant = (*solver.starts, *options)
    rule = Rule(op, "general", parameters, tuple(args), back, ahead, constant=constant, by_user=True, real_only=True)
    registry.put(target, rule)
    vars(target)[registry.SOLVES] = solver
    return target


def _as_operation(function: FunctionType) -> None:
    """A function that a rule may call, and of which the source is differentiated for the next order."""
    op = registry.fresh_name(f"{function.__name__} of a root")
    registry.put_helper(function, Rule(op, "general", by_user=True, real_only=True))


ROOT = Solver("root", options=("tol",))
FIXED_POINT = Solver("fixed_point", options=("tol",), residual="x - {name}({given})")
for _solver in (ROOT, FIXED_POINT):
    registry.put_solver(_solver.function, _solver)
