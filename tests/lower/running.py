"""Lowered programs as text that runs, and what a call did: the value or the error, and what it left in its arguments."""

from __future__ import annotations

import copy
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


def runnable(function: Callable[..., Any]) -> Callable[..., Any]:
    """The lowered function, run with the globals and cells of the original."""
    program = lowered(function)
    emission = emit(Program((program,)))
    assert isinstance(function, FunctionType)
    cells = {
        name: cell.cell_contents
        for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    }
    namespace = {**function.__globals__, **cells, **emission.ours}
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
    """
    >>> bits(-0.0) == bits(0.0), bits(float("nan")) == bits(float("nan")), bits((1, [2])) == bits((1, [2]))
    (False, True, True)
    """
    if isinstance(value, tuple | list):
        return type(value), [bits(item) for item in value]
    if isinstance(value, np.ndarray | np.generic):
        return type(value), value.dtype, value.shape, value.strides, value.tobytes()
    return type(value), repr(value)
