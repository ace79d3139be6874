"""Whether a program may run any number of times in place of once: it draws, prints, asks and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from types import BuiltinFunctionType, FunctionType

import gast
import numpy as np

from backprose.analyse.effects import is_write
from backprose.ir.nodes import Call, Enter, Expr, Function, Global, Try, Verbatim, children
from backprose.ir.walk import expressions, root_of, statements, targets

MODULES = frozenset({"numpy", "numpy.linalg", "math", "cmath"})
FILES = frozenset("save savez savetxt load".split())
FUNCTIONS = (FunctionType, BuiltinFunctionType, type(np.sum))
BUILTINS = frozenset("abs bool complex divmod float int isinstance len max min pow range round str sum tuple".split())


def is_repeatable(functions: Sequence[Function], lookup: Callable[[Function, Expr], object]) -> bool:
    """Whether nothing tells how often these functions of one text are called, which change nothing outside.

    ``lookup``: the object that a global of a function means.
    """
    own = {function.name for function in functions}

    def pure(call: Call, function: Function) -> bool:
        called = call.function
        if isinstance(called, Global) and called.id in own:
            return True
        return isinstance(root_of(called), Global) and is_pure(lookup(function, called))

    for function in functions:
        look = partial(lookup, function)
        for stmt in statements(function.body):
            if isinstance(stmt, Enter) and not is_errstate(stmt.context, look):
                return False
            if any(isinstance(root_of(target), Global) for target in targets(stmt)):
                return False
            # what a Try tests is whether there was an exception: it stands for something that is not in the text
            pending = list(expressions(stmt)[1:] if isinstance(stmt, Try) else expressions(stmt))
            while pending:
                expr = pending.pop()
                if isinstance(expr, Verbatim) and not is_text(expr, look):
                    return False
                if isinstance(expr, Call) and not pure(expr, function):
                    return False
                pending.extend(children(expr))
    return True


def is_errstate(context: Expr, lookup: Callable[[Expr], object]) -> bool:
    """Whether a context says only which floating-point errors are shown."""
    return isinstance(context, Call) and lookup(context.function) is np.errstate


def is_text(expr: Verbatim, lookup: Callable[[Expr], object]) -> bool:
    """Whether an expression is an f-string that calls nothing but pure functions."""
    if not isinstance(expr.tree, gast.JoinedStr):
        return False
    for node in gast.walk(expr.tree):
        if isinstance(node, gast.Call):
            called = node.func.id if isinstance(node.func, gast.Name) else None
            if called is None or called in expr.reads or not is_pure(lookup(Global(called))):
                return False
        elif isinstance(node, gast.NamedExpr | gast.Await):
            return False
    return True


def is_pure(found: object) -> bool:
    """Whether something that is called gives the same for the same arguments, and does nothing else."""
    if isinstance(found, np.ufunc) or found is np.errstate:
        return True
    if isinstance(found, type) and issubclass(found, Exception) and found.__module__ == "builtins":
        return True
    module, name = getattr(found, "__module__", None) or "", getattr(found, "__name__", "")
    if module == "builtins":
        return name in BUILTINS
    return isinstance(found, FUNCTIONS) and module in MODULES and name not in FILES and not is_write(found)
