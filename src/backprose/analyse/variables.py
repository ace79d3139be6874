"""The state of an abstract run: the type of each variable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeAlias

from backprose.ir.nodes import Call, Expr, Verbatim, children
from backprose.ir.types import UNKNOWN, Type

State: TypeAlias = "dict[str, Type | None]"
"""The types of some variables on one way through the program; None: not bound on it."""


class Variables:
    """The types now. ``forgotten``: the variables of which something was forgotten when they were not assigned."""

    def __init__(self) -> None:
        self.types: dict[str, Type] = {}
        self.forgotten: list[str] = []
        self._watchers: list[dict[str, list[Type]]] = []
        self._lists: set[str] = set()  # variables that hold lists with known items, which any call may change

    def __getitem__(self, name: str) -> Type:
        return self.types.get(name, UNKNOWN)

    def __setitem__(self, name: str, type: Type) -> None:
        self.types[name] = type
        for seen in self._watchers:
            seen.setdefault(name, []).append(type)
        (self._lists.add if _holds_lists(type) else self._lists.discard)(name)

    def capture(self, names: Iterable[str]) -> State:
        return {name: self.types.get(name) for name in names}

    def restore(self, state: Mapping[str, Type | None]) -> None:
        for name, type in state.items():
            if type is None:
                self.types.pop(name, None)
                self._lists.discard(name)
            else:
                self[name] = type

    @contextmanager
    def watched(self) -> Iterator[dict[str, list[Type]]]:
        """Every type that a variable has within, by name."""
        seen: dict[str, list[Type]] = {}
        self._watchers.append(seen)
        try:
            yield seen
        finally:
            self._watchers.pop()

    def forget_lists(self) -> None:
        """A list may have been changed, under whatever name."""
        self.forgotten += sorted(self._lists)
        for name in self._lists:
            self.types[name] = without_items(self.types[name])
        self._lists.clear()

    def after(self, expr: Expr) -> None:
        """The expression was evaluated."""
        if self._lists and _has_effects(expr):
            self.forget_lists()

    def forget_shapes(self) -> None:
        """After ``x.shape = ...``, which every other name of the array sees."""
        for name, type in self.types.items():
            if type.kind in ("array", "numpy", "number", "tuple", "list"):
                self.types[name] = Type("array") if type.kind == "array" else UNKNOWN
                self.forgotten += [name] if self.types[name] != type else []
        self._lists.clear()


def _holds_lists(type: Type) -> bool:
    """Whether something is known of the items of a list."""
    if type.kind == "list":
        return type.items is not None
    return type.kind == "tuple" and any(map(_holds_lists, type.items or ()))


def without_items(type: Type) -> Type:
    """The type with nothing known of the items of lists."""
    if type.kind == "list":
        return Type("list")
    if type.kind == "tuple" and type.items is not None:
        return replace(type, items=tuple(map(without_items, type.items)))
    return type


def _has_effects(expr: Expr) -> bool:
    return isinstance(expr, (Call, Verbatim)) or any(map(_has_effects, children(expr)))
