"""What the derivatives of a function have in common: its flat program with types, kept for the next one.

Mode and ``wrt`` matter only after it. It is used again while every name in the functions that it was made from means
the very same module, function, number or array as then, and what was taken for granted of them holds. Where a name
means anything else (a list, an object, a class of the user's), whose content may change unseen, it is not kept.
"""

from __future__ import annotations

import sys
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from types import BuiltinFunctionType, FunctionType, ModuleType, NoneType
from typing import TYPE_CHECKING, TypeAlias

import gast
import numpy as np

from backprose.expand import Expanded
from backprose.ir.names import NameSupply
from backprose.ir.nodes import Function
from backprose.load.guards import Guard
from backprose.lower.fence import nodes_of
from backprose.parse import Parsed
from backprose.rules.registry import op_of

if TYPE_CHECKING:
    from backprose.callees import Callees

FIXED = (bool, int, float, complex, str, bytes, NoneType, np.ndarray)  # what is used of an array has a guard


@dataclass(frozen=True)
class Missing:
    """A name that means nothing outside the function: most often one of its variables."""

    parsed: Parsed
    name: str

    def holds(self) -> bool:
        return self.parsed.lookup(self.name).scope == "missing"


@dataclass(frozen=True)
class Front:
    """A function's flat program with types, for a signature; ``callees`` is what was found out about those."""

    parsed: Parsed
    function: Function
    supply: NameSupply
    expanded: Expanded
    callees: Callees
    guards: tuple[Guard, ...]
    meanings: tuple[Guard | Missing, ...]

    def holds(self) -> bool:
        return all(guard.holds() for guard in (*self.guards, *self.meanings))


Fronts: TypeAlias = dict[Hashable, Front]


def meanings_in(parsed: Parsed) -> Iterator[Guard | Missing | None]:
    """What each name in a function means now; None where that cannot be told by looking at it.

    >>> from backprose.parse import parse
    >>> def f(x):
    ...     return np.sin(x) + table[0]
    >>> f.__globals__["table"] = [1.0]
    >>> [None if found is None else type(found).__name__ for found in meanings_in(parse(f))]
    ['Guard', 'Guard', 'Missing', None]
    """
    paths = dict.fromkeys(path for node in nodes_of(parsed.tree) if (path := _path(node)))
    for name, *attributes in paths:
        binding = parsed.lookup(name)
        if binding.scope == "missing":
            yield Missing(parsed, name)
            continue
        value, read = binding.value, [name]
        for attribute in attributes:
            if isinstance(value, ModuleType) and hasattr(value, attribute):
                value = getattr(value, attribute)
                read.append(attribute)
        whole = len(read) == len(attributes) + 1
        yield Guard.identity(parsed.function, ".".join(read)) if _is_fixed(value, whole) else None


def guards_of_builtins(sources: Iterable[Parsed]) -> Iterator[Guard]:
    """For each module, that it has no names in the place of the builtins that its functions here name."""
    named: dict[int, tuple[FunctionType, set[str]]] = {}
    for parsed in sources:
        home = parsed.function
        found = {node.id for node in nodes_of(parsed.tree) if isinstance(node, gast.Name)} & home.__builtins__.keys()
        named.setdefault(id(home.__globals__), (home, set()))[1].update(found.difference(home.__globals__))
    yield from (Guard.builtins(home, names) for home, names in named.values() if names)


def _path(node: gast.AST) -> tuple[str, ...]:
    """``("np", "sin")`` of ``np.sin``; nothing where it does not start with a name."""
    parts: list[str] = []
    while isinstance(node, gast.Attribute):
        parts.append(node.attr)
        node = node.value
    return (node.id, *reversed(parts)) if isinstance(node, gast.Name) else ()


def _is_fixed(value: object, whole: bool) -> bool:
    """Whether an object stays what it is; ``whole``: else one of its attributes is read, too."""
    if isinstance(value, ModuleType | FunctionType):
        return whole
    if isinstance(value, type):
        return value.__module__.partition(".")[0] in ("numpy", *sys.stdlib_module_names)
    return (
        type(value) in FIXED
        or isinstance(value, np.generic | np.ufunc | BuiltinFunctionType)
        or op_of(value) is not None
    )
