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
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from inspect import Parameter
from types import FunctionType
from typing import Any

import numpy as np

from backprose import support
from backprose.api import grad
from backprose.load.text import keep, new_name
from backprose.rules import registry
from backprose.rules.registry import Rule

TAKEN = frozenset("found x w n i k t np state weights jacobian flat free within slope out index range len".split())


def without(place: int, why: str) -> str:
    """The lines of an adjoint that refuse the cotangent of one of the results."""
    return f'    if out_bar[{place}] is not None:\n        raise NotImplementedError("{why}")\n'


@dataclass(frozen=True)
class Functional:
    """A function that is given another one, and has a derivative with respect to the further arguments of that.

    ``starts``: its parameters between that function and these arguments, ``options``: those that say how it works: the
    result does not depend on them. ``module``: where it is read from; SciPy's take the further arguments in a tuple,
    ``args``. ``parts``: what of its result is followed, if not all; ``tells``: what else may be read of it, which has
    no derivative; ``value``: the part that is what the function gives there. ``of_numbers``: the result is one number.
    ``only``: the values of options for which this holds, for some with others given beside them (``method bounds``).
    """

    name: str
    starts: tuple[str, ...] = ("x0",)
    options: tuple[str, ...] = ()
    module: str = ""
    parts: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    value: str = ""
    only: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    functions: tuple[str, ...] = ()  # options that are functions: how fast it is found, not what
    of_numbers: bool = False
    keeps_shape: bool = False  # whether it searches among arrays of any shape
    results: int = 1
    inner: int = 1  # how many parameters the function that it is given has before the further ones
    lists: bool = False  # whether that function may return a list or tuple of numbers
    at: int = 0  # where the function's own variable comes, among the starts and among its parameters
    fits = False  # whether it finds the parameters of a model
    starts_anywhere = True  # whether the result does not depend on the starts that have no derivative

    @property
    def function(self) -> Any:
        """The function itself."""
        return getattr(importlib.import_module(f"scipy.{self.module}") if self.module else support, self.name)

    def __call__(
        self,
        function: FunctionType,
        count: int,
        options: Collection[str],
        told: tuple[str, ...] = (),
        others: tuple[tuple[str, FunctionType, int], ...] = (),
        inside: tuple[str, ...] = (),
    ) -> FunctionType:
        """The function of the starts and ``count`` more arguments that it makes of another, with some options.

        ``told``: which of ``tells`` are read; ``others``: options that are functions, and how many arguments of their
        own these take; ``inside``: what its dict of options holds, each an option here.
        """
        kept = vars(function).setdefault("__backprose_roots__", {})
        known = (*self.options, *self.functions)
        chosen = (*(option for option in known if option in options), *map(self.inner_option, inside))
        key = self, count, chosen, told, others
        if key not in kept:
            args = self._names_of_arguments(function, count)
            kept[key] = self.made(Texts(self, function, args, chosen, told, others))
        found: FunctionType = kept[key]
        return found

    @staticmethod
    def inner_option(name: str) -> str:
        """What an option in a dict of them is called beside the others."""
        return INSIDE + name

    def made(self, texts: Texts) -> FunctionType:
        """The function of the starts and the further arguments, with its rule."""
        raise NotImplementedError

    def _names_of_arguments(self, function: FunctionType, count: int) -> list[str]:
        """The function's own names, where they mean nothing else in the functions that are written here."""
        own = [*function.__code__.co_varnames[self.inner : function.__code__.co_argcount]][:count]
        plain = len(own) == count and not any(self.takes(name) or name.endswith(("_dot", "_bar")) for name in own)
        return own if plain else [f"a{k}" for k in range(1, count + 1)]

    def takes(self, name: str) -> bool:
        """Whether a name means something in the functions that are written here."""
        return name in (*TAKEN, *self.starts, *self.options, self.name, self.module)

    def written(self, texts: Texts) -> str:
        """What is done with its result, and the call of it, as users write it."""
        own, args = texts.own, texts.args
        given = [own, *self.starts]
        if texts.others:
            given[0] = f"lambda x: {own}({texts.given})"
            given += [
                f"{name}=lambda x: {other}({', '.join(('x', *further))})" for name, other, further in texts.others
            ]
        elif self.module and args:
            given.append(f"args=({', '.join(args)}{',' * (len(args) == 1)})")
        elif args:
            given += args
        given += [f"{option}={option}" for option in texts.options if not option.startswith(INSIDE)]
        inside = [option for option in texts.options if option.startswith(INSIDE)]
        if inside:
            given.append(f"options={{{', '.join(f'{option.removeprefix(INSIDE)!r}: {option}' for option in inside)}}}")
        call = f"{self.module}{'.' * bool(self.module)}{self.name}({', '.join(given)})"
        if not self.parts:
            return f"return {call}"
        results = [f"found.{part}" for part in (*self.parts, *texts.told)]
        return f"found = {call}\n    return {', '.join((*results, *self.more(texts)))}"

    def more(self, _texts: Texts) -> tuple[str, ...]:
        """What else of its result the rule needs."""
        return ()


class Texts:
    """The functions that are written for one function, as a user would write them: their sources are read."""

    def __init__(
        self,
        functional: Functional,
        function: FunctionType,
        args: list[str],
        options: tuple[str, ...],
        told: tuple[str, ...],
        others: tuple[tuple[str, FunctionType, int], ...],
    ) -> None:
        taken = functional.takes(function.__name__) or function.__name__ in args
        self.functional, self.args, self.options, self.told = functional, args, options, told
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
        self.others: list[tuple[str, str, list[str]]] = []
        for name, other, count in others:
            called = f"{self.own}_{name}"
            self.space[called] = other
            self.others.append((name, called, [f"{name}_{k}" for k in range(1, count + 1)]))
        self.fixed = tuple(arg for _, _, further in self.others for arg in further)

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

    def ruled(self, back: str, ahead: str, active: tuple[str, ...], results: int = 1) -> FunctionType:
        """The function that the user's call becomes; ``back``, ``ahead``: the bodies of its adjoint and tangent."""
        functional, options, given = self.functional, self.options, (*self.functional.starts, *self.args, *self.fixed)
        by_name = f", *{self.chosen}" if options else ""
        listed = ", ".join(given)
        target = self.define(f"def {self.name}({listed}{by_name}):\n    {functional.written(self)}\n")
        dots = "".join(f", {one}_dot" for one in active)
        head = f"({listed}{', ' * bool(listed)}*{self.chosen}, out"
        adjoint = self.define(f"def {self.name}_bar{head}, out_bar):\n{back}")
        tangent = self.define(f"def {self.name}_dot{head}{dots}):\n{ahead}")
        parameters = (
            *(Parameter(one, Parameter.POSITIONAL_OR_KEYWORD) for one in given),
            *(Parameter(one, Parameter.KEYWORD_ONLY) for one in options),
        )
        op = registry.fresh_name(f"{functional.name} of {self.own}")
        starts = [one for one in functional.starts if one not in active and functional.starts_anywhere]
        constant = (*(option for option in options if option != BOUNDS), *starts, *self.fixed)
        rule = Rule(
            op, "general", parameters, active, adjoint, tangent,
            constant=constant, by_user=True, real_only=True, results=results,
        )  # fmt: skip
        registry.put(target, rule)
        vars(target)[registry.SOLVES] = functional
        return target


@dataclass(frozen=True)
class Solver(Functional):
    """A function that finds the root of another one, or its fixed point, or where it is least."""

    residual: str = "{name}({given})"  # what is 0 at the root
    objective: str = ""  # what is least there: its gradient is 0
    mask: str = ""  # of the result: which variables are at their bounds, not 0 there

    def more(self, texts: Texts) -> tuple[str, ...]:
        if BOUNDS not in texts.options or self.of_numbers:
            return ()
        return (f"found.{self.mask} == 0" if self.mask else f"within(found.x, {BOUNDS})",)

    def refused(self, _texts: Texts) -> str:
        """What the rule says first, where it does not hold for all arguments."""
        return ""

    def words(self, _texts: Texts) -> dict[str, str]:
        """What else the objective is written with."""
        return {}

    def made(self, texts: Texts) -> FunctionType:
        own, args, given = texts.own, texts.args, texts.given
        residual = self.residual.format(name=own, given=given)
        if self.objective:
            least = self.objective.format(name=own, given=given, **self.words(texts))
            texts.space[f"least_of_{own}_by_x"] = grad(
                texts.define(f"def least_of_{own}({given}):\n    return {least}\n")
            )
            residual = f"least_of_{own}_by_x({given})"
        bounded = BOUNDS in texts.options
        out, out_bar, there = "out", "out_bar", "".join(f", {arg}" for arg in args)
        after = self.results - 1 + len(texts.told)
        if bounded and not self.of_numbers:  # the variables at their bounds stay there
            residual = f"np.where(free, {residual}, x)"
            texts.rest = f", free{texts.rest}"
            there = f", stop_gradient(out[{after + 1}]){there}"
            texts.space |= {"within": support.within, "stop_gradient": support.stop_gradient}
            after += 1
        if after:
            out, out_bar = "out[0]", "out_bar[0]"
        rest = texts.rest
        texts.along(residual, args)
        if self.of_numbers:
            texts.operation(f"def slope_of_{own}(x{rest}):\n    return +along_{own}_by_x(x, 1.0{rest})\n")
        else:
            texts.operation(
                f"def jacobian_of_{own}(x{rest}):\n"
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
            f"    flat = np.reshape({out_bar}, np.size({out}))\n"
            f"    w = np.reshape(np.linalg.solve(jacobian_of_{own}({out}{there}).T, flat), np.shape({out}))\n"
        )
        terms = [
            f"-np.reshape(np.linalg.solve(jacobian_of_{own}({out}{there}),"
            f" np.reshape({own}_moved_by_{arg}({out}{there}, {arg}_dot), np.size({out}))), np.shape({out}))"
            for arg in args
        ]
        before = self.refused(texts)
        second = without(1, "its covariance has no derivative here") if self.fits else ""
        if self.of_numbers:
            slope = f"slope_of_{own}({out}{there})"
            solved = f"    w = np.divide({out_bar}, {slope})\n"
            terms = [f"-np.divide({own}_moved_by_{arg}({out}{there}, {arg}_dot), {slope})" for arg in args]
            if bounded:  # where a step of Newton's leads out of the interval, the minimum is at its end
                texts.operation(f"def residual_of_{own}(x{rest}):\n    return +{residual}\n")
                before = (
                    f"    slope = {slope}\n"
                    f"    ahead = {out} - np.divide(residual_of_{own}({out}{there}), slope)\n"
                    f"    free = (slope > 0) & (ahead > np.min({BOUNDS})) & (ahead < np.max({BOUNDS}))\n"
                )
                solved = f"    w = np.where(free, np.divide({out_bar}, slope), 0.0)\n"
                terms = [
                    f"np.where(free, -np.divide({own}_moved_by_{arg}({out}{there}, {arg}_dot), slope), 0.0)"
                    for arg in args
                ]
        back = ", ".join(f"-{own}_back_to_{arg}({out}, w{there})" for arg in args) or "()"
        if after:
            terms = [f"({term}{', None' * after})" for term in terms]
        ahead = ", ".join(terms) or "()"
        return texts.ruled(
            f"{second}{before}{solved}    return {back}\n", f"{before}    return {ahead}\n", tuple(args), after + 1
        )


@dataclass(frozen=True)
class Fit(Solver):
    """The parameters with which a function is closest to data, each an argument after the places: ``curve_fit``.

    They are those of least squares. ``data``: what they depend on beside the function's further arguments.
    """

    data: tuple[str, ...] = ("xdata", "ydata")
    fits = True

    def of(self, parameters: int, data: tuple[str, ...]) -> Fit:
        """Of a function of so many parameters."""
        over = " / sigma" if "sigma" in data else ""
        objective = f"np.sum((({{model}} - ydata){over}) ** 2)"
        return replace(self, starts=(), inner=1 + parameters, data=data, objective=objective)

    def takes(self, name: str) -> bool:
        return name in (*self.data, "model") or name[:1] == "p" or super().takes(name)

    def _names_of_arguments(self, function: FunctionType, count: int) -> list[str]:
        return [*self.data, *super()._names_of_arguments(function, count - len(self.data))]

    def _model(self, texts: Texts, parameters: Iterable[str]) -> str:
        return f"{texts.own}({', '.join(('xdata', *parameters, *texts.args[len(self.data) :]))})"

    def words(self, texts: Texts) -> dict[str, str]:
        return {"model": self._model(texts, (f"x[{k}]" for k in range(self.inner - 1)))}

    def refused(self, _texts: Texts) -> str:
        if "sigma" not in self.data:
            return ""
        why = "sigma is a matrix of covariances: its errors have to be one number for each place"
        return f'    if np.ndim(sigma) > 1:\n        raise NotImplementedError("{why}")\n'

    def written(self, texts: Texts) -> str:
        model = texts.own
        if len(texts.args) > len(self.data):
            parameters = [f"p{k}" for k in range(1, self.inner)]
            model = f"lambda {', '.join(('xdata', *parameters))}: {self._model(texts, parameters)}"
        given = [model, "xdata", "ydata", *(f"{one}={one}" for one in (*self.data[2:], *texts.options))]
        return f"return optimize.curve_fit({', '.join(given)})"


@dataclass(frozen=True)
class Integral(Functional):
    """The integral of a function between two places, with an estimate of its error: Leibniz's rule.

    Its derivatives are integrals too, by ``quad_vec``, whatever the function itself is integrated by.
    """

    def made(self, texts: Texts) -> FunctionType:
        own, args, rest = texts.own, texts.args, texts.rest
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
        refused = without(1, "the estimate of the error has no derivative")
        return texts.ruled(f"{refused}    w = out_bar[0]\n    return {back}\n", f"    return {ahead}\n", active, 2)


@dataclass(frozen=True)
class Flow(Functional):
    """The solution of ``dx/dt = f(x, t)`` at given times: the adjoint equations.

    Backwards in time ``da/dt = -(df/dx)^T a``, with the cotangents added at their times, and the adjoint of an argument
    ``p`` is the integral of ``(df/dp)^T a`` (Pontryagin; Cao, Li, Petzold and Serban, "Adjoint sensitivity analysis for
    differential-algebraic equations", 2003). The state goes back with the adjoint, from where it was at each time.

    ``at`` is 1 where time comes first, as for ``solve_ivp``.
    """

    starts_anywhere = False

    def made(self, texts: Texts) -> FunctionType:
        own, args, rest = texts.own, texts.args, texts.rest
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
        more = ", None" * len(texts.told)
        form = f"(np.zeros_like(out[0]), np.transpose({moved}){more})" if self.at else moved
        times = "stop_gradient(out[0])" if self.at else "t"
        ahead = ", ".join(form.format(own=own, arg=arg, t=times, rest=rest) for arg in ("x0", *args))
        return texts.ruled("".join(lines), f"    return {ahead}\n", ("x0", *args), self.results + len(texts.told))


BOUNDS = "bounds"  # an option on which the result does depend
INSIDE = "with_"  # before the names of options that stand in a dict of them
FINE = "rtol=1e-10, atol=1e-10"  # how the adjoint equations are solved
ROOT = Solver("root", options=("tol",), keeps_shape=True)
FIXED_POINT = Solver("fixed_point", options=("tol",), residual="x - {name}({given})", keeps_shape=True)
for _solver in (ROOT, FIXED_POINT):
    registry.put_solver(_solver.function, _solver)
for _module in ("integrate", "optimize"):
    registry.later.add(f"scipy.{_module}", f"backprose.solvers.{_module}")
