"""The cells that a function reads: its own, and those that a text of ours takes over from another one."""

from __future__ import annotations

from collections.abc import Mapping
from types import CellType, FunctionType
from typing import Any
from weakref import WeakKeyDictionary

_MORE: WeakKeyDictionary[FunctionType, dict[str, CellType]] = WeakKeyDictionary()


def cells_of(function: FunctionType) -> Mapping[str, CellType]:
    """The cells by the names of their variables.

    >>> def outer(a):
    ...     def inner(): return a
    ...     return inner
    >>> {name: cell.cell_contents for name, cell in cells_of(outer(1)).items()}
    {'a': 1}
    """
    return {**_MORE.get(function, {}), **own_cells(function)}


def own_cells(function: FunctionType) -> dict[str, CellType]:
    """Those of the function's own code."""
    return dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))


def take_over_cell(function: Any, name: str, other: FunctionType) -> bool:
    """Whether ``function``, a text of ours to which ``name`` means nothing, can read it as ``other`` does; from now on
    it does. What is written out in ``function`` came from where both could see the variable."""
    cell = cells_of(other).get(name)
    if cell is None or not function.__code__.co_filename.startswith("<backprose"):
        return False
    if function.__globals__ is not other.__globals__:
        return False
    read_cell(function, name, cell)
    return True


def read_cell(function: FunctionType, name: str, cell: CellType) -> None:
    """From now on ``name``, which means nothing to a function, is this variable in texts that are made of it."""
    _MORE.setdefault(function, {})[name] = cell
