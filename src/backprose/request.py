"""What the compiler is asked for, and what it gives: all that is to be known of it where its text is already there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import FunctionType
from typing import Any, Literal, TypeAlias

from backprose.ir.nodes import Expr, Program
from backprose.ir.types import Type
from backprose.load.guards import Guard

Mode: TypeAlias = Literal[
    "reverse",
    "forward",
    "pullback",
    "tangent",
    "rows",
    "columns",
    "seeded rows",
    "seeded columns",
    "elementwise",
    "cotangents",
]


@dataclass(frozen=True)
class Request:
    """What to derive: the derivative of ``function`` with respect to the parameters ``wrt`` (names), for a signature.

    ``mode``: ``reverse`` gives one function that returns the gradient (with ``value``: and the value), ``pullback`` the
    pair ``<f>_forward(...) -> (result, saved)`` and ``<f>_backward(saved, result_bar)``, ``forward`` one function that
    returns ``(result, result_dot)``, ``tangent`` one that returns ``result_dot`` alone, ``elementwise`` one that gives
    the derivative of each element, ``cotangents`` one that takes a cotangent of each result behind the arguments.
    ``rows`` and ``columns`` give the Jacobian, by the pair and by the tangent (called ``inner``); ``seeded rows`` and
    ``seeded columns`` sums of its rows or columns, one for each seed. ``single``: ``wrt`` was one name, so that the
    gradient is not in a tuple; ``seeded``: a gradient takes the adjoint of the result as a keyword. ``transform`` and
    ``primal``: what users asked for, in several steps. ``between``: the variables ``of`` and ``wrt`` of ``gradients``.
    ``level``: several values and gradients are one tuple, with no other in it.
    """

    function: FunctionType
    mode: Mode = "reverse"
    wrt: tuple[str, ...] = ()
    single: bool = True
    value: bool = False
    signature: Mapping[str, Type] = field(default_factory=dict)
    name: str | None = None
    outputs: tuple[str, ...] = ()
    inner: str | None = None
    seeded: bool = True
    transform: str | None = None
    primal: Any = None
    between: tuple[str, str] | None = None
    level: bool = False


@dataclass(frozen=True)
class Derived:
    """The emitted text and what it needs.

    ``ours`` maps names of ours in the text (``np``, helpers) to objects; ``homes`` each emitted function to the Python
    function whose globals and cells it runs with; ``writes`` are the parameters that the primal writes into; ``guards``
    what was taken for granted of globals and of the functions called. ``types``: what the arguments were taken for;
    ``flat``: whether gradients and tangents are those of the numbers and arrays in structures, side by side; ``parts``:
    these, by their names in the text, and how each is read (``params["W"]``), as text and as an expression.
    ``repeatable``: nothing shows how often the functions are called: they draw, print and change nothing.
    """

    text: str
    entries: tuple[str, ...]
    ours: Mapping[str, Any]
    homes: Mapping[str, FunctionType]
    make_program: Callable[[], Program]
    writes: tuple[str, ...] = ()
    guards: tuple[Guard, ...] = ()
    types: Mapping[str, Type] = field(default_factory=dict)
    flat: bool = False
    parts: Mapping[str, tuple[str, Expr]] = field(default_factory=dict)
    repeatable: bool = False
    changed: tuple[tuple[FunctionType, str], ...] = ()  # what names objects outside that the primal changes
    stores: bool = False  # whether it may put something into a list, dict or object among the arguments
    met: tuple[tuple[FunctionType, str], ...] = ()  # what names objects outside that it reads or looks into
    alters: tuple[str, ...] = ()  # the parameters of the primal's into which, or into whose parts, it may write

    @cached_property
    def program(self) -> Program:
        """The program that the text was written from; made again, where the text was on the disk."""
        return self.make_program()
