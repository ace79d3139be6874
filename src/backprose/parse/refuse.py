"""What ``parse`` refuses: everything that is not a plain function, each with the way to write it instead."""

from __future__ import annotations

import functools
import inspect
from types import BuiltinFunctionType, FunctionType, MethodType, MethodWrapperType, WrapperDescriptorType

from backprose.errors import BackproseError, SourceError, UnsupportedError
from backprose.parse.parsed import Parsed


def plain_function(function: object) -> FunctionType:
    """The argument where it is a function written in Python; else an error for what it is."""
    if isinstance(function, FunctionType):
        return function
    raise _not_plain(function)


def refuse_kind(parsed: Parsed) -> None:
    """Refuse functions that do not return when called: generators and coroutines."""
    flags = parsed.function.__code__.co_flags
    name = parsed.tree.name
    for flag, kind, instead in (
        (inspect.CO_ASYNC_GENERATOR, "an async generator", "collect the values in a list in a plain function"),
        (inspect.CO_GENERATOR, "a generator", "collect the values in a list and return that"),
        (inspect.CO_COROUTINE | inspect.CO_ITERABLE_COROUTINE, "a coroutine", "put the arithmetic in a plain function"),
    ):
        if flags & flag:
            raise UnsupportedError(
                f"{name} is {kind}, which has no derivative",
                why="calling it gives an object that runs later, not a value",
                instead=instead,
                where=parsed.locate(parsed.tree),
                section="functions",
            )


def _not_plain(given: object) -> BackproseError:
    kind = type(given).__name__
    name = _attribute(given, "__name__") or kind

    def unsupported(what: str, why: str, instead: str) -> UnsupportedError:
        return UnsupportedError(what, why=why, instead=instead, section="functions")

    if isinstance(given, MethodType):
        return unsupported(
            f"{name} is a bound method",
            "the object that it is bound to is an argument that nobody passes",
            f"write a function: def f(x): return model.{name}(x)",
        )
    if isinstance(given, functools.partial):
        inner = _attribute(given.func, "__name__") or "f"
        return unsupported(
            f"a functools.partial of {inner} cannot be differentiated yet",
            "it has no source of its own",
            f"write the call as a function: def g(x): return {inner}(x, ...)",
        )
    if isinstance(given, type):
        return unsupported(f"{name} is a class", "only functions are differentiated", "write a function that uses it")
    if isinstance(given, staticmethod | classmethod):
        return unsupported(
            f"{name} is a {kind} object, not yet a function",
            f"@{kind} stands between the function and the transform",
            f"put the transform under @{kind}, next to the function",
        )
    if _attribute(given, "py_func") is not None:
        return unsupported(f"{name} is compiled ({kind})", "its source is that of its py_func", f"use {name}.py_func")
    if callable(_attribute(given, "specialise")):
        return unsupported(
            f"{_shown(given)} is a derivative, an object that picks a text for each signature",
            "its source is known for one signature at a time",
            "hand in the function for a signature, .specialise(*args), or derive the primal to a higher order",
        )
    if isinstance(given, BuiltinFunctionType | WrapperDescriptorType | MethodWrapperType) or kind in (
        "ufunc",
        "method_descriptor",
        "cython_function_or_method",
        "cyfunction",
        "_ArrayFunctionDispatcher",
    ):
        home = str(_attribute(given, "__module__") or type(given).__module__).partition(".")[0]
        path = name if home == "builtins" else f"{home}.{name}"
        return SourceError(
            f"{path} has no Python source",
            why=f"it is written in C, or dispatches to code that is ({kind.strip('_')})",
            instead=f"differentiate a function of yours that calls it: def f(x): return {path}(x)",
            section="functions",
        )
    wrapped = _attribute(given, "__wrapped__")
    if callable(given) and isinstance(wrapped, FunctionType):
        return unsupported(
            f"{name} is a {kind} around a function",
            "what the wrapper does is not Python source that can be read",
            f"use {name}.__wrapped__ if the wrapper does not matter",
        )
    if callable(given):
        return unsupported(
            f"an object of {kind} cannot be differentiated yet, though it can be called",
            "the attributes of the object are arguments that nobody passes",
            "write a function: def f(x): return model(x)",
        )
    return unsupported(f"{_shown(given)} is not a function", f"it is an object of {kind}", "hand in a function")


def _attribute(given: object, name: str) -> object:
    """An attribute of an object of anybody's, which may raise anything; None where there is none."""
    try:
        return getattr(given, name, None)
    except Exception:  # noqa: BLE001
        return None


def _shown(given: object) -> str:
    try:
        text = repr(given)
    except Exception:  # noqa: BLE001
        return f"an object of {type(given).__name__}"
    return text if len(text) <= 60 else f"{text[:57]}..."
