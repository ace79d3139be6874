"""Lowered programs as text that runs, and what a call did: its value or error, and what it left in its arguments."""

from __future__ import annotations

import copy
import linecache
import math
from collections.abc import Callable
from types import FunctionType
from typing import Any

import numpy as np

from backprose.emit import emit
from backprose.ir.names import NameSupply
from backprose.ir.nodes import Function, Program
from backprose.lower import lower
from backprose.parse import parse


def lowered(function: Callable[..., Any]) -> Function:
    return lower(parse(function), NameSupply(()))


def text_of(function: Function) -> str:
    return emit(Program((function,))).text


def with_source(text: str, like: Callable[..., Any] | None = None) -> Callable[..., Any]:
    """The last function of a text, with a source that can be found; it sees what ``like`` sees."""
    name = f"<test {len(linecache.cache)}>"
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    namespace: dict[str, Any] = {"np": np, "math": math}
    if isinstance(like, FunctionType):
        namespace |= {**like.__globals__, **cells_of(like)}
    exec(compile(text, name, "exec"), namespace)
    made = [
        value for value in namespace.values() if isinstance(value, FunctionType) and value.__code__.co_filename == name
    ]
    if isinstance(like, FunctionType):
        made[-1].__defaults__, made[-1].__kwdefaults__ = like.__defaults__, like.__kwdefaults__
    return made[-1]


def cells_of(function: FunctionType) -> dict[str, Any]:
    cells = function.__closure__ or ()
    return {name: cell.cell_contents for name, cell in zip(function.__code__.co_freevars, cells, strict=True)}


def runnable(function: Callable[..., Any]) -> Callable[..., Any]:
    """The lowered function, run with the globals and cells of the original."""
    program = lowered(function)
    emission = emit(Program((program,)))
    assert isinstance(function, FunctionType)
    namespace = {**function.__globals__, **cells_of(function), **emission.ours}
    exec(compile(emission.text, "<lowered>", "exec"), namespace)
    made = namespace[program.name]
    made.__defaults__, made.__kwdefaults__ = function.__defaults__, function.__kwdefaults__
    return made


def outcome(function: Callable[..., Any], args: tuple[Any, ...], keywords: dict[str, Any]) -> object:
    """Everything that can be seen of a call, in a form that ``==`` compares bit for bit."""
    args = copy.deepcopy(args)
    try:
        with np.errstate(all="ignore"):
            result = function(*args, **keywords)
    except Exception as error:
        return type(error), str(error), bits(args)
    return bits(result), bits(args)


def bits(value: Any) -> object:
    """The type and the bytes of a value, so that ``==`` tells -0.0 from 0.0 and takes nan for nan.

    >>> bits(-0.0) == bits(0.0), bits(float("nan")) == bits(float("nan")), bits((1, [2])) == bits((1, [2]))
    (False, True, True)
    """
    if isinstance(value, tuple | list):
        return type(value), [bits(item) for item in value]
    if isinstance(value, np.ndarray | np.generic):
        return type(value), value.dtype, value.shape, value.strides, value.tobytes()
    return type(value), repr(value)
