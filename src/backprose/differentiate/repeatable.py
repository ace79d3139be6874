"""Whether a program may run any number of times in place of once: it draws, prints, asks and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import BuiltinFunctionType, FunctionType

import numpy as np

from backprose.analyse.effects import is_write
from backprose.ir.nodes import Call, Enter, Expr, Function, Global, Verbatim, children
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
        for stmt in statements(function.body):
            if isinstance(stmt, Enter) or any(isinstance(root_of(target), Global) for target in targets(stmt)):
                return False
            pending = list(expressions(stmt))
            while pending:
                expr = pending.pop()
                if isinstance(expr, Verbatim) or (isinstance(expr, Call) and not pure(expr, function)):
                    return False
                pending.extend(children(expr))
    return True


def is_pure(found: object) -> bool:
    """Whether something that is called gives the same for the same arguments, and does nothing else."""
    if isinstance(found, np.ufunc):
        return True
    module, name = getattr(found, "__module__", None) or "", getattr(found, "__name__", "")
    if module == "builtins":
        return name in BUILTINS
    return isinstance(found, FUNCTIONS) and module in MODULES and name not in FILES and not is_write(found)
