"""Calls of functions that are given another one, where they are differentiated: ``brentq(f, 0, 1, args=(a,))``.

Each becomes a call of a function of where to start and of the further arguments, with a rule (``implicit.py``).
"""

from __future__ import annotations

import functools
import inspect
from collections import namedtuple
from types import FunctionType
from typing import Any

import gast
import numpy as np

from backprose import support
from backprose.expand.derivatives import PLAIN
from backprose.expand.frames import Frame
from backprose.expand.sparse import SparseMatrices
from backprose.expand.values import Known, Struct, Transformed, Value, is_function, is_leaf
from backprose.ir.nodes import Const, Stmt
from backprose.rules.registry import rule_for


@functools.cache
def result_of(parts: tuple[str, ...]) -> Any:
    """What stands for the result of a solver, of which these parts are followed."""
    return namedtuple("Solution", parts)  # noqa: PYI024 - its fields are known only here


SAID = ("success", "message", "converged", "flag")  # what is no number


def is_text(value: Value) -> bool:
    """Whether an option is a text: ``jac="3-point"``."""
    return isinstance(value, Const) and type(value.value) is str


class Functionals(SparseMatrices):
    """Calls of one function that are given another one."""

    def solved(
        self, how: Any, solver: Any, args: list[Value], keywords: dict[str, Value], frame: Frame, stmt: Stmt, wish: str
    ) -> Value:
        """A function of where to start and of the further arguments, with a rule, in the place of the solver."""
        first, starts, further, options = self.given_to_solver(how, solver, args, keywords, stmt)
        function = self.followed(how, first, frame, stmt)
        if solver.module:
            starts = [self.array_of(start, stmt) for start in starts]
        if solver.fits:
            return self.fitted(how, solver, function, starts, options, stmt, wish)
        inner: list[Value] = [Const(0.0)] * solver.inner
        if starts:
            inner[solver.at] = starts[solver.at]
        found, given = self.lifted_for(how, solver, function, [*inner, *further], stmt)
        if starts:
            starts[solver.at] = given[solver.at]
        others: list[tuple[str, Any, int]] = []
        beside: list[Value] = []
        for name in [name for name, value in options.items() if name in solver.functions and not is_text(value)]:
            other = self.followed(how, options.pop(name), frame, stmt)
            one, of_it = self.lifted_for(how, solver, other, [*inner, *further], stmt)
            others.append((name, one, len(of_it) - solver.inner))
            beside += of_it[solver.inner :]
        inside: tuple[str, ...] = ()
        if isinstance(within := options.get("options"), Struct):
            self.check_whole(within, stmt)
            inside = tuple(map(str, within.slots))
            options |= {solver.inner_option(str(name)): value for name, value in within.slots.items()}
            del options["options"]
        read = {node.attr for node in gast.walk(frame.parsed.tree) if isinstance(node, gast.Attribute)}
        told = tuple(part for part in solver.tells if part in read)
        target = solver(found, len(given) - solver.inner, options, told, tuple(others), inside)
        made = self.operation(target, [*starts, *given[solver.inner :], *beside], options, stmt)
        parts = self.parts_of(solver, target, made, told, wish, stmt)
        if not solver.parts:
            return parts[0] if len(parts) == 1 else Struct("tuple", dict(enumerate(parts)), None, wish)
        names = (*solver.parts, *told)
        if solver.value in read:
            inner[solver.at] = parts[0] = self.held(self.leaf(parts[0], stmt), stmt)
            value = self.applied(function, [*inner, *further], {}, stmt, solver.value)
            parts.append(self.value_of(solver, value, stmt))
            names = (*names, solver.value)
        return Struct("tuple", dict(enumerate(parts)), result_of(names), wish)

    def parts_of(
        self, solver: Any, target: FunctionType, made: Value, told: tuple[str, ...], wish: str, stmt: Stmt
    ) -> list[Value]:
        """The parts of a result that are followed, and those that are told: of these numbers have no derivative."""
        rule = rule_for(target)
        assert rule is not None
        if rule.results == 1:
            return [made]
        labels = (*(solver.parts or map(str, range(solver.results))), *told)
        hidden = ("free",) * (rule.results - len(labels))
        parts: list[Value] = [*self.several_results(self.leaf(made, stmt), (*labels, *hidden), wish, stmt)]
        for k, name in enumerate(labels):
            if name in told and name not in SAID:
                parts[k] = self.operation(support.stop_gradient, [parts[k]], {}, stmt)
        return parts[: len(labels)]

    def array_of(self, value: Value, stmt: Stmt) -> Value:
        """A display of numbers as SciPy takes it; else what it is."""
        if not isinstance(value, Struct) or value.kind != "list":
            return value
        return self.held(self.leaf(self.operation(np.array, [value], {}, stmt), stmt), stmt)

    def fitted(
        self, how: Any, solver: Any, function: Value, data: list[Value], options: dict[str, Value], stmt: Stmt,
        wish: str,
    ) -> Value:  # fmt: skip
        """``curve_fit(model, xdata, ydata)``: the parameters of the model, and their covariance."""
        taken = self.parameters_of(function, 2, stmt)
        if any(one.kind not in PLAIN for one in taken):
            self.fail(
                stmt, f"{how.__name__} of this", "how many parameters its model has is not known here",
                "write a model with an argument for each", "roots",
            )  # fmt: skip
        count = len(taken) - 1
        parameters: list[Value] = [Const(1.0)] * count
        found, given = self.lifted_for(how, solver, function, [data[0], *parameters], stmt)
        names: tuple[str, ...] = ("xdata", "ydata")
        if "sigma" in options:
            data, names = [*data, self.array_of(options.pop("sigma"), stmt)], (*names, "sigma")
        made = solver.of(count, names)(found, len(given) - 1 - count + len(data), options)
        value = self.operation(made, [*data, *given[1 + count :]], options, stmt)
        parts = self.several_results(self.leaf(value, stmt), ("popt", "pcov"), wish, stmt)
        return Struct("tuple", dict(enumerate(parts)), None, wish)

    def followed(self, how: Any, value: Value, frame: Frame, stmt: Stmt) -> Value:
        """A function that is given to a solver."""
        function = self.function_value(value, frame)
        if is_leaf(function) or not is_function(function):
            self.fail(
                stmt, f"{how.__name__} of this", "its function is not known here",
                "pass a function by its name, and where to start", "roots",
            )  # fmt: skip
        return function

    def lifted_for(
        self, how: Any, solver: Any, function: Value, given: list[Value], stmt: Stmt
    ) -> tuple[Any, list[Value]]:
        """A function that is given to a solver, and its arguments.

        One that is not of the module is lifted: what it reads of the variables around it follows its arguments.
        """
        found = function.value if isinstance(function, Known) and function.expr is not None else None
        of_module = isinstance(found, FunctionType) and not found.__closure__ and found.__name__ != "<lambda>"
        if of_module and all(map(is_leaf, given)):
            return found, given
        one = Transformed(how.__name__, function, (), how)
        lifted = self.lifted(one, given, {}, list(range(len(given))), stmt)
        listed = isinstance(lifted.result, Struct) and all(map(is_leaf, lifted.result.slots.values()))
        if not (is_leaf(lifted.result) or (listed and solver.lists)) or not is_leaf(lifted.wrt[solver.at]):
            self.fail(
                stmt, f"{how.__name__} of this", "its function returns a structure, or starts at one",
                "solve for one number or array", "roots",
            )  # fmt: skip
        return lifted.function, list(lifted.args)

    def value_of(self, solver: Any, value: Value, stmt: Stmt) -> Value:
        """What the function gives at the solution, as the result has it."""
        if isinstance(value, Struct):
            value = self.operation(np.array, [value], {}, stmt)
        if solver.objective and solver.value == "fun" and not solver.of_numbers:  # SciPy makes it a number
            value = self.operation(np.sum, [self.held(self.leaf(value, stmt), stmt)], {}, stmt)
        if solver.value == "cost":
            value = self.held(self.leaf(value, stmt), stmt)
            squares = self.held(self.leaf(self.operation(np.dot, [value, value], {}, stmt), stmt), stmt)
            value = self.operation(np.multiply, [Const(0.5), squares], {}, stmt)
        return value

    def given_to_solver(
        self, how: Any, solver: Any, args: list[Value], keywords: dict[str, Value], stmt: Stmt
    ) -> tuple[Value, list[Value], list[Value], dict[str, Value]]:
        """The function that is solved, where to start, its further arguments, and how to search."""
        signature = inspect.signature(how)
        try:
            bound = dict(signature.bind(*args, **keywords).arguments)
        except TypeError as error:
            self.fail(stmt, f"{how.__name__} of this", str(error), "pass a function, and where to start", "roots")
        function, *starts = (bound.pop(name) for name in list(signature.parameters)[: 1 + len(solver.starts)])
        for name, parameter in signature.parameters.items():
            if parameter.kind is parameter.VAR_KEYWORD:
                bound |= bound.pop(name, {})
        further = bound.pop("args", ())
        if isinstance(further, Struct):
            further = list(further.slots.values())
        elif isinstance(further, Const) and type(further.value) is tuple:
            further = list(map(Const, further.value))
        elif further == Const(None):
            further = []
        elif not isinstance(further, tuple):
            further = [further]
        options = {name: value for name, value in bound.items() if name in (*solver.options, *solver.functions)}
        for name, value in bound.items():
            known = signature.parameters.get(name)
            default = known is not None and value == Const(known.default)
            if default and name in solver.functions:
                del options[name]
            if name not in options and not default:
                self.fail(
                    stmt, f"{how.__name__} with {name}=", "what it gives then has no derivative here",
                    f"leave it out: there are {', '.join((*solver.options, *solver.functions))}", "roots",
                )  # fmt: skip
            if name in solver.functions and value == Const(True):
                self.fail(
                    stmt, f"{how.__name__} with {name}=True", "its function returns more than its value then",
                    "pass a function of its own", "roots",
                )  # fmt: skip
        for beside, allowed in solver.only:
            name, *others = beside.split()
            default = signature.parameters[name].default
            value = self.now_constant(options.get(name, Const(default)))
            if all(other in options for other in others) and not (
                isinstance(value, Const) and (value.value == default or value.value in allowed)
            ):
                self.fail(
                    stmt, f"{how.__name__} with this {name}=", "the solution has a derivative only with some of them",
                    f"take {' or '.join(allowed)}", "roots",
                )  # fmt: skip
        return function, starts, list(further), options
