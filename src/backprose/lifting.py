"""Functions in a function, lifted out of it: text of their own, with what they read of its variables as parameters.

Their derivatives are then those of any function: emitted as text, and differentiated again as a helper of the program.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from types import FunctionType, SimpleNamespace
from typing import Any

from backprose.analyse.types import infer
from backprose.differentiate.wishes import wishes
from backprose.emit import emit
from backprose.emit.ours import globals_read
from backprose.ir.names import NameSupply
from backprose.ir.nodes import Function, Program, Span
from backprose.ir.types import UNKNOWN
from backprose.ir.walk import all_names
from backprose.load import load
from backprose.simplify.passes import simplify


@dataclass(frozen=True)
class Lifted:
    """A derivative that the program calls, the place in the user's text, and which parameters were captured."""

    derivative: Any
    place: Span | None
    captured: frozenset[str]


class Kept(dict[Hashable, Any]):
    """What is kept with a function, and is not that of one which took over its attributes, nor of a copy."""

    def __init__(self, owner: Any = None) -> None:
        super().__init__()
        self.owner = owner

    def __reduce__(self) -> tuple[type[Kept], tuple[()]]:
        return Kept, ()


def kept_by(owner: FunctionType, name: str) -> Kept:
    """What is kept in an attribute of a function."""
    found = vars(owner).get(name)
    if not isinstance(found, Kept) or found.owner is not owner:
        found = vars(owner)[name] = Kept(owner)
    return found


def lifted(function: Function, home: FunctionType, derivatives: Mapping[str, Any]) -> FunctionType:
    """The function of that text, with the globals and cells of ``home``; the same one each time for the same text.

    ``derivatives``: what the names of ours mean that it calls.
    """
    function = tidy(function)
    emission = emit(Program((function,)))
    ours = {**emission.ours, **{name: derivatives[name] for name in globals_read(function) & derivatives.keys()}}
    kept = kept_by(home, "__backprose_lifted__")
    key = emission.text, tuple(sorted(ours.items(), key=lambda item: item[0]))
    if key not in kept:
        text = SimpleNamespace(text=emission.text, entries=(function.name,), ours=ours, homes={function.name: home})
        kept[key] = load(text)[function.name]
    found: FunctionType = kept[key]
    return found


def tidy(function: Function) -> Function:
    """The program as a person would write it: temporaries folded back."""
    parameters = tuple(replace(one, type=UNKNOWN) for one in function.parameters)
    plain = replace(function, parameters=parameters, outside=tuple(one.name for one in parameters))
    names = NameSupply({*all_names(plain.body), *(one.name for one in plain.parameters), *globals_read(plain)})
    return simplify(plain, lambda one: infer(one, {}).function, wishes(plain.body), names, {})
