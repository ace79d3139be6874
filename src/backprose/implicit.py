"""Functions that are given a function, where they are differentiated: roots, fixed points, integrals.

``fixed_point`` and ``root``: the implicit function theorem.

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

TAKEN = frozenset("found x w n i k t np state weights jacobian flat out index range len".split())


@dataclass(frozen=True)
class Functional:
    """A function that is given another one, and has a derivative with respect to the further arguments of that.

    ``starts``: its parameters between that function and these arguments, ``options``: those that say how it works: the
    result does not depend on them. ``module``: where it is read from; SciPy's take the further arguments in a tuple,
    ``args``. ``parts``: what of its result is followed, if not all. ``of_numbers``: the result is one number.
    """

    name: str
    starts: tuple[str, ...] = ("x0",)
    options: tuple[str, ...] = ()
    module: str = ""
    parts: tuple[str, ...] = ()
    of_numbers: bool = False
    results: int = 1
    inner: int = 1  # how many parameters the function that it is given has before the further ones
    lists: bool = False  # whether that function may return a list or tuple of numbers
    at: int = 0  # where the function's own variable comes, among the starts and among its parameters
    starts_anywhere = True  # whether the result does not depend on the starts that have no derivative

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
            kept[key] = self.made(function, self._names_of_arguments(function, count), chosen)
        found: FunctionType = kept[key]
        return found

    def made(self, function: FunctionType, args: list[str], options: tuple[str, ...]) -> FunctionType:
        """The function of the starts and ``args``, with its rule."""
        raise NotImplementedError

    def _names_of_arguments(self, function: FunctionType, count: int) -> list[str]:
        """The function's own names, where they mean nothing else in the functions that are written here."""
        own = [*function.__code__.co_varnames[self.inner : function.__code__.co_argcount]][:count]
        plain = len(own) == count and not any(self.takes(name) or name.endswith(("_dot", "_bar")) for name in own)
        return own if plain else [f"a{k}" for k in range(1, count + 1)]

    def takes(self, name: str) -> bool:
        """Whether a name means something in the functions that are written here."""
        return name in (*TAKEN, *self.starts, *self.options, self.name, self.module)

    def written(self, own: str, args: list[str], options: tuple[str, ...]) -> str:
        """What is done with its result, and the call of it, as users write it."""
        given = [own, *self.starts]
        if self.module and args:
            given.append(f"args=({', '.join(args)}{',' * (len(args) == 1)})")
        elif args:
            given += args
        given += [f"{option}={option}" for option in options]
        call = f"{self.module}{'.' * bool(self.module)}{self.name}({', '.join(given)})"
        if not self.parts:
            return f"return {call}"
        return f"found = {call}\n    return {', '.join(f'found.{part}' for part in self.parts)}"


class Texts:
    """The functions that are written for one function, as a user would write them: their sources are read."""

    def __init__(
        self, functional: Functional, function: FunctionType, args: list[str], options: tuple[str, ...]
    ) -> None:
        taken = functional.takes(function.__name__) or function.__name__ in args
        self.functional, self.args, self.options = functional, args, options
        self.own = f"{function.__name__}_" if taken else function.__name__
        self.name = f"{functional.name}_of_{self.own}"
        self.at = "x, t" if functional.inner == 2 else "x"  # where the function is looked at
        self.rest = "".join(f", {arg}" for arg in args)
        self.given = f"x{self.rest}"
        self.starts = ", ".join(functional.starts)
        self.chosen = "".join(f", {option}" for option in options)
        self.space: dict[str, Any] = {"__name__": function.__module__, self.own: function, "np": np}
        if functional.module:
            self.space[functional.module] = importlib.import_module(f"scipy.{functional.module}")
        else:
            self.space[functional.name] = functional.function

    def define(self, text: str) -> FunctionType:
        file = new_name(self.name)
        exec(compile(text, file, "exec", dont_inherit=True), self.space)  # noqa: S102 - names of parameters and functions
        made: FunctionType = self.space[text.partition("(")[0].removeprefix("def ")]
        keep(file, text, [made.__code__])
        return made

    def operation(self, text: str) -> None:
        """A function that a rule may call, and of which the source is differentiated for the next order."""
        function = self.define(text)
        op = registry.fresh_name(f"{function.__name__} of {self.functional.name}")
        registry.put_helper(function, Rule(op, "general", by_user=True, real_only=True))

    def along(self, value: str, moving: Collection[str]) -> None:
        """The functions ``along_<own>``, the sum of a value with weights, and ``<own>_back_along_<arg>_by_w``: how the
        value moves with each of some arguments, the tangent (the adjoint of the adjoint, which is linear in ``w``)."""
        own, at, rest = self.own, self.at, self.rest
        along = self.define(f"def along_{own}({at}, w{rest}):\n    return np.sum(w * ({value}))\n")
        for arg in ("x", *self.args):
            self.space[f"along_{own}_by_{arg}"] = grad(along, wrt=arg)
        for arg in moving:
            pushed = self.define(
                f"def {own}_back_along_{arg}(w, {at}{rest}, {arg}_dot):\n"
                f"    return np.sum(along_{own}_by_{arg}({at}, w{rest}) * {arg}_dot)\n"
            )
            self.space[f"{own}_back_along_{arg}_by_w"] = grad(pushed, wrt="w")

    def ruled(self, back: str, ahead: str, active: tuple[str, ...]) -> FunctionType:
        """The function that the user's call becomes; ``back``, ``ahead``: the bodies of its adjoint and tangent."""
        functional, args, options = self.functional, self.args, self.options
        by_name = f", *{self.chosen}" if options else ""
        call = functional.written(self.own, args, options)
        target = self.define(f"def {self.name}({self.starts}{self.rest}{by_name}):\n    {call}\n")
        dots = "".join(f", {one}_dot" for one in active)
        head = f"({self.starts}{self.rest}, *{self.chosen}, out"
        adjoint = self.define(f"def {self.name}_bar{head}, out_bar):\n{back}")
        tangent = self.define(f"def {self.name}_dot{head}{dots}):\n{ahead}")
        parameters = (
            *(Parameter(one, Parameter.POSITIONAL_OR_KEYWORD) for one in (*functional.starts, *args)),
            *(Parameter(one, Parameter.KEYWORD_ONLY) for one in options),
        )
        op = registry.fresh_name(f"{functional.name} of {self.own}")
        constant = (*options, *(one for one in functional.starts if one not in active and functional.starts_anywhere))
        rule = Rule(
            op, "general", parameters, active, adjoint, tangent,
            constant=constant, by_user=True, real_only=True, results=functional.results,
        )  # fmt: skip
        registry.put(target, rule)
        vars(target)[registry.SOLVES] = functional
        return target


@dataclass(frozen=True)
class Solver(Functional):
    """A function that finds the root of another one, or its fixed point, or where it is least."""

    residual: str = "{name}({given})"  # what is 0 at the root
    objective: str = ""  # what is least there: its gradient is 0

    def made(self, function: FunctionType, args: list[str], options: tuple[str, ...]) -> FunctionType:
        texts = Texts(self, function, args, options)
        own, given, rest = texts.own, texts.given, texts.rest
        residual = self.residual.format(name=own, given=given)
        if self.objective:
            least = self.objective.format(name=own, given=given)
            texts.space[f"least_of_{own}_by_x"] = grad(
                texts.define(f"def least_of_{own}({given}):\n    return {least}\n")
            )
            residual = f"least_of_{own}_by_x({given})"
        texts.along(residual, args)
        if self.of_numbers:
            texts.operation(f"def slope_of_{own}({given}):\n    return +along_{own}_by_x(x, 1.0{rest})\n")
        else:
            texts.operation(
                f"def jacobian_of_{own}({given}):\n"
                f"    n = np.size(x)\n"
                f"    jacobian = np.zeros((n, n))\n"
                f"    for i in range(n):\n"
                f"        weights = np.reshape(np.eye(n)[i], np.shape(x))\n"
                f"        jacobian[i] = np.reshape(along_{own}_by_x(x, weights{rest}), n)\n"
                f"    return jacobian\n"
            )
        for arg in args:
            texts.operation(f"def {own}_back_to_{arg}(x, w{rest}):\n    return +along_{own}_by_{arg}(x, w{rest})\n")
            texts.operation(
                f"def {own}_moved_by_{arg}(x{rest}, {arg}_dot):\n"
                f"    return +{own}_back_along_{arg}_by_w(np.zeros_like(x), x{rest}, {arg}_dot)\n"
            )
        solved = (
            f"    flat = np.reshape(out_bar, np.size(out))\n"
            f"    w = np.reshape(np.linalg.solve(jacobian_of_{own}(out{rest}).T, flat), np.shape(out))\n"
        )
        terms = [
            f"-np.reshape(np.linalg.solve(jacobian_of_{own}(out{rest}),"
            f" np.reshape({own}_moved_by_{arg}(out{rest}, {arg}_dot), np.size(out))), np.shape(out))"
            for arg in args
        ]
        if self.of_numbers:
            slope = f"slope_of_{own}(out{rest})"
            solved = f"    w = np.divide(out_bar, {slope})\n"
            terms = [f"-np.divide({own}_moved_by_{arg}(out{rest}, {arg}_dot), {slope})" for arg in args]
        back = ", ".join(f"-{own}_back_to_{arg}(out, w{rest})" for arg in args) or "()"
        ahead = ", ".join(terms) or "()"
        return texts.ruled(f"{solved}    return {back}\n", f"    return {ahead}\n", tuple(args))


@dataclass(frozen=True)
class Integral(Functional):
    """The integral of a function between two places, with an estimate of its error: Leibniz's rule.

    Its derivatives are integrals too, by ``quad_vec``, whatever the function itself is integrated by.
    """

    def made(self, function: FunctionType, args: list[str], options: tuple[str, ...]) -> FunctionType:
        texts = Texts(self, function, args, options)
        own, rest = texts.own, texts.rest
        texts.along(f"{own}({texts.given})", args)
        texts.operation(f"def {own}_at({texts.given}):\n    return +{own}({texts.given})\n")
        for arg in args:
            texts.operation(
                f"def {own}_integrated_by_{arg}(left, right, w{rest}):\n"
                f"    return integrate.quad_vec(lambda x: along_{own}_by_{arg}(x, w{rest}), left, right)[0]\n"
            )
            zero = "0.0" if self.of_numbers else f"np.zeros_like({own}(left{rest}))"
            texts.operation(
                f"def {own}_moved_by_{arg}(left, right{rest}, {arg}_dot):\n"
                f"    w = {zero}\n"
                f"    moved = lambda x: {own}_back_along_{arg}_by_w(w, x{rest}, {arg}_dot)\n"
                f"    return integrate.quad_vec(moved, left, right)[0]\n"
            )
        ends = [f"-np.sum(w * {own}_at(left{rest}))", f"np.sum(w * {own}_at(right{rest}))"]
        back = ", ".join((*ends, *(f"{own}_integrated_by_{arg}(left, right, w{rest})" for arg in args)))
        terms = [f"-left_dot * {own}_at(left{rest})", f"right_dot * {own}_at(right{rest})"]
        terms += [f"{own}_moved_by_{arg}(left, right{rest}, {arg}_dot)" for arg in args]
        ahead = ", ".join(f"({term}, None)" for term in terms)
        active = ("left", "right", *args)
        return texts.ruled(f"    w = out_bar[0]\n    return {back}\n", f"    return {ahead}\n", active)


@dataclass(frozen=True)
class Flow(Functional):
    """The solution of ``dx/dt = f(x, t)`` at given times: the adjoint equations.

    Backwards in time ``da/dt = -(df/dx)^T a``, with the cotangents added at their times, and the adjoint of an argument
    ``p`` is the integral of ``(df/dp)^T a`` (Pontryagin; Cao, Li, Petzold and Serban, "Adjoint sensitivity analysis for
    differential-algebraic equations", 2003). The state goes back with the adjoint, from where it was at each time.

    ``at`` is 1 where time comes first, as for ``solve_ivp``.
    """

    starts_anywhere = False

    def made(self, function: FunctionType, args: list[str], options: tuple[str, ...]) -> FunctionType:
        texts = Texts(self, function, args, options)
        own, rest = texts.own, texts.rest
        value = f"{own}({'t, x' if self.at else 'x, t'}{rest})"
        texts.space["stop_gradient"] = support.stop_gradient  # the times are what they are
        further = f"args=({', '.join(args)}{',' * (len(args) == 1)}), " if args else ""
        sizes = "".join(f" - np.size({arg})" for arg in args)
        texts.along(f"np.array({value})", ("x", *args))
        swept = "".join(f", -np.ravel(along_{own}_by_{arg}(x, t, w{rest}))" for arg in ("x", *args))
        texts.define(
            f"def {own}_back(state, t{rest}):\n"
            f"    n = (np.size(state){sizes}) // 2\n"
            f"    x = state[:n]\n"
            f"    w = state[n:2 * n]\n"
            f"    return np.concatenate((np.array({value}){swept}))\n"
        )
        zeros = "".join(f", np.zeros(np.size({arg}))" for arg in args)
        texts.operation(
            f"def {own}_swept(t, out, w{rest}):\n"
            f"    n = np.shape(out)[1]\n"
            f"    bars = np.concatenate((w[-1]{zeros},))\n"
            f"    for k in range(len(t) - 1, 0, -1):\n"
            f"        state = np.concatenate((out[k], bars))\n"
            f"        times = np.array([t[k], t[k - 1]])\n"
            f"        bars = integrate.odeint({own}_back, state, times, {further}{FINE})[1][n:]\n"
            f"        bars[:n] += w[k - 1]\n"
            f"    return bars\n"
        )
        for arg in ("x0", *args):
            driven = "" if arg == "x0" else f" + {own}_back_along_{arg}_by_w(np.zeros(n), x, t{rest}, {arg}_dot)"
            texts.define(
                f"def {own}_with_{arg}_dot(state, t{rest}, {arg}_dot):\n"
                f"    n = np.size(state) // 2\n"
                f"    x = state[:n]\n"
                f"    x_dot = state[n:]\n"
                f"    return np.concatenate((np.array({value}),"
                f" {own}_back_along_x_by_w(np.zeros(n), x, t{rest}, x_dot){driven}))\n"
            )
            start = "np.ravel(x0_dot)" if arg == "x0" else "np.zeros(np.size(x0))"
            texts.operation(
                f"def {own}_moved_by_{arg}(x0, t{rest}, {arg}_dot):\n"
                f"    state = np.concatenate((np.ravel(x0), {start}))\n"
                f"    return integrate.odeint({own}_with_{arg}_dot, state, t,"
                f" args=({', '.join((*args, f'{arg}_dot'))},), {FINE})[:, np.size(x0):]\n"
            )
        known = "stop_gradient(out[0]), out[1].T, out_bar[1].T" if self.at else "t, out, out_bar"
        lines = [f"    bars = {own}_swept({known}{rest})\n", "    end = np.size(x0)\n"]
        parts = ["np.reshape(bars[:end], np.shape(x0))"]
        before = "end"
        for k, arg in enumerate(args):
            lines.append(f"    end_{k} = {before} + np.size({arg})\n")
            parts.append(f"np.reshape(bars[{before}:end_{k}], np.shape({arg}))")
            before = f"end_{k}"
        lines.append(f"    return {', '.join(parts)}\n")
        moved = "{own}_moved_by_{arg}(x0, {t}{rest}, {arg}_dot)"
        form = f"(np.zeros_like(out[0]), np.transpose({moved}))" if self.at else moved
        times = "stop_gradient(out[0])" if self.at else "t"
        ahead = ", ".join(form.format(own=own, arg=arg, t=times, rest=rest) for arg in ("x0", *args))
        return texts.ruled("".join(lines), f"    return {ahead}\n", ("x0", *args))


FINE = "rtol=1e-10, atol=1e-10"  # how the adjoint equations are solved
ROOT = Solver("root", options=("tol",))
FIXED_POINT = Solver("fixed_point", options=("tol",), residual="x - {name}({given})")
for _solver in (ROOT, FIXED_POINT):
    registry.put_solver(_solver.function, _solver)
for _module in ("integrate", "optimize"):
    registry.later.add(f"scipy.{_module}", f"backprose.solvers.{_module}")
