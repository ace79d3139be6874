"""Context managers: one that lets exceptions pass changes nothing in which statements of its body run.

That it does is shown by its source: ``__exit__`` returns nothing, or the generator under ``@contextmanager`` catches
nothing around its ``yield``. Of those written in C some are known.
"""

from __future__ import annotations

import contextlib
import decimal
import inspect
import threading
import warnings
from collections.abc import Iterator
from types import FunctionType
from typing import Any, NoReturn

import gast
import numpy as np

from backprose.errors import BackproseError
from backprose.ir.nodes import Call, Const, Enter, Expr, Name
from backprose.lower.expressions import Expressions
from backprose.lower.fence import Refusal, refuse
from backprose.lower.resolve import MISSING, Resolver
from backprose.lower.scope import locals_of, own_nodes, own_nodes_of
from backprose.parse import Parsed, source_of

PASSING: tuple[Any, ...] = (
    np.errstate, np.printoptions, open, threading.Lock, threading.RLock, decimal.localcontext,
    warnings.catch_warnings, contextlib.nullcontext,
)  # fmt: skip
PASSING_TYPES = (type(threading.Lock()), type(threading.RLock()))
WRAPPER = contextlib.contextmanager(lambda: iter(())).__code__  # of every function under @contextmanager
UNKNOWN = "whether it lets exceptions pass is not known"
CATCHES = "it may end an exception, so that the rest of its body does not run"


def enter_context(lower: Expressions, item: Any) -> Enter:
    """The ``Enter`` of one item of a ``with`` statement; refuses what may end exceptions."""
    node = item.context_expr
    called = node.func if isinstance(node, gast.Call) else node
    found = lower.resolver.object(lower.resolver.path(called))
    reason = UNKNOWN if found is MISSING else why_not(found, isinstance(node, gast.Call))
    if reason is not None:
        _refused(lower.parsed, node, reason)
    target = item.optional_vars
    if target is not None and not isinstance(target, gast.Name):
        _refused(lower.parsed, target, "what it gives is not one name")
    context = lower.value(node)
    return Enter(context, None if target is None else Name(target.id), _again(found, context))


def _refused(parsed: Parsed, node: gast.AST, why: str) -> NoReturn:
    refuse(
        parsed,
        node,
        Refusal(
            "this context manager", why, "move the with statement outside the function, or use one whose __exit__ "
            "returns nothing", "with-statements",
        ),
    )  # fmt: skip


def _again(found: Any, context: Expr) -> Expr | None:
    """Where warnings of the forward sweep are silenced, so are those of the backward sweep there."""
    if found is not np.errstate or not isinstance(context, Call) or context.args:
        return None
    silenced = tuple((key, value) for key, value in context.keywords if value == Const("ignore"))
    named = all(key != "**" and isinstance(value, Const) for key, value in context.keywords)
    return Call(context.function, (), silenced, context.place) if silenced and named else None


def why_not(found: Any, called: bool = True) -> str | None:
    """Why a context manager may end an exception; None where it lets every one pass.

    >>> why_not(np.errstate), why_not(contextlib.suppress)
    (None, 'it may end an exception, so that the rest of its body does not run')
    """
    if any(found is one for one in PASSING) or (not called and isinstance(found, PASSING_TYPES)):
        return None
    if called and isinstance(found, FunctionType) and found.__code__ is WRAPPER:
        inner = getattr(found, "__wrapped__", None)
        return _of_generator(inner) if isinstance(inner, FunctionType) else UNKNOWN
    if called and not isinstance(found, type):
        return UNKNOWN
    leave = inspect.getattr_static(found if isinstance(found, type) else type(found), "__exit__", None)
    return _of_exit(leave) if isinstance(leave, FunctionType) else UNKNOWN


def _of_exit(function: FunctionType) -> str | None:
    """An ``__exit__`` that returns nothing, None or False lets exceptions pass."""
    try:
        parsed = source_of(function)
    except BackproseError:
        return UNKNOWN
    for node in own_nodes_of(parsed.tree):
        if isinstance(node, gast.Yield | gast.YieldFrom | gast.Await):
            return UNKNOWN
        if isinstance(node, gast.Return) and node.value is not None:
            value = node.value
            if not (isinstance(value, gast.Constant) and (value.value is None or value.value is False)):
                return CATCHES
    return None


def _of_generator(function: FunctionType) -> str | None:
    """A generator that catches nothing around its ``yield`` passes on what is raised there."""
    try:
        parsed = source_of(function)
    except BackproseError:
        return UNKNOWN
    resolver = Resolver(parsed, locals_of(parsed.tree))
    return next((reason for node in parsed.tree.body for reason in _around_yield(node, resolver)), None)


def _around_yield(node: Any, resolver: Resolver) -> Iterator[str]:
    """What in a statement may end an exception that is raised at a ``yield`` in it."""
    if not any(isinstance(part, gast.Yield | gast.YieldFrom) for part in own_nodes(node)):
        return
    match node:
        case gast.Try() | gast.TryStar():
            leaves = gast.Return | gast.Break | gast.Continue
            if node.handlers or any(isinstance(part, leaves) for part in own_nodes(*node.finalbody)):
                yield CATCHES
                return
        case gast.With():
            for item in node.items:
                called = isinstance(item.context_expr, gast.Call)
                path = resolver.path(item.context_expr.func if called else item.context_expr)
                found = resolver.object(path)
                reason = UNKNOWN if found is MISSING else why_not(found, called)
                if reason is not None:
                    yield reason
        case gast.If() | gast.For() | gast.While() | gast.Expr() | gast.Assign():
            pass
        case _:
            yield UNKNOWN
            return
    for name in ("body", "orelse", "finalbody"):
        for part in getattr(node, name, ()):
            yield from _around_yield(part, resolver)
