"""The whole compiler on one page: the stages, in order, each a function from one form to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import FunctionType
from typing import Any, Literal, TypeAlias

from backprose.ir.nodes import Program
from backprose.ir.types import Type

Mode: TypeAlias = Literal["reverse", "forward", "pullback"]


@dataclass(frozen=True)
class Request:
    """What to derive: the derivative of ``function`` with respect to the parameters ``wrt`` (names), for a signature.

    ``mode``: ``reverse`` gives one function that returns the gradient (with ``value``: and the value), ``pullback`` the
    pair ``<f>_forward(...) -> (result, saved)`` and ``<f>_backward(saved, result_bar)``, ``forward`` one function that
    returns ``(result, result_dot)``. ``single``: ``wrt`` was one name, so that the gradient is not in a tuple.
    """

    function: FunctionType
    mode: Mode = "reverse"
    wrt: tuple[str, ...] = ()
    single: bool = True
    value: bool = False
    signature: Mapping[str, Type] = field(default_factory=dict)
    name: str | None = None


@dataclass(frozen=True)
class Derived:
    """The emitted text and what it needs: ``ours`` maps names of ours in the text (``np``, helpers) to objects;
    ``homes`` maps each emitted function to the Python function whose globals and cells it runs with."""

    text: str
    entries: tuple[str, ...]
    ours: Mapping[str, Any]
    homes: Mapping[str, FunctionType]
    program: Program
