"""Names of ours that never meet one of the user's, the same in every run."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Collection, Iterable

from backprose.ir.nodes import Name
from backprose.ir.types import UNKNOWN, Type

# Python's own: not ``_``, which the prompt and doctest add, nor what a notebook adds
BUILTINS = frozenset(name for name, value in vars(builtins).items() if getattr(value, "__module__", "") == "builtins")
NEVER_FREE = BUILTINS.union(keyword.kwlist)


class NameSupply:
    """Hands out names not in ``taken``: the wish itself where it is free, else with the first free ``_1``, ``_2``.

    A name of a builtin is never free, which the text may call, nor is a keyword.

    >>> supply = NameSupply({"x", "x_bar"})
    >>> supply.fresh("x_bar"), supply.fresh("x_bar"), supply.fresh("min"), supply.temporary().id
    ('x_bar_1', 'x_bar_2', 'min_1', '_t1')
    """

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._given = set(self._taken)  # not ours: never handed out
        self._last: dict[str, int] = {}
        self.numbered: dict[str, str] = {}  # the wish that each name with a number of ours was given for

    def fresh(self, wish: str) -> str:
        if wish in self._taken or wish in NEVER_FREE:
            number = self._last.get(wish, 0) + 1
            while f"{wish}_{number}" in self._taken:
                number += 1
            self._last[wish] = number
            self.numbered[f"{wish}_{number}"] = wish
            wish = f"{wish}_{number}"
        self._taken.add(wish)
        return wish

    def lowest(self, wish: str, taken: Collection[str]) -> str:
        """The wish, or else the first ``_1``, ``_2`` of it, that is neither given from outside nor in ``taken``."""
        found, number = wish, 0
        while found in taken or found in self._given or found in NEVER_FREE:
            number += 1
            found = f"{wish}_{number}"
        return found

    def temporary(self, type: Type = UNKNOWN) -> Name:
        number = self._last.get("_t", 0) + 1
        while f"_t{number}" in self._taken:
            number += 1
        self._last["_t"] = number
        self._taken.add(f"_t{number}")
        return Name(f"_t{number}", type, temporary=True)

    def mark(self) -> tuple[set[str], dict[str, int]]:
        """What ``back_to`` needs to forget the names handed out since."""
        return set(self._taken), dict(self._last)

    def back_to(self, mark: tuple[set[str], dict[str, int]]) -> None:
        self._taken, self._last = set(mark[0]), dict(mark[1])

    def copy(self) -> NameSupply:
        """Another supply of the same names, which does not know what this one hands out from now on."""
        made = NameSupply(())
        made.back_to(self.mark())
        made._given, made.numbered = set(self._given), dict(self.numbered)
        return made

    def reserve(self, names: Iterable[str]) -> None:
        given = set(names)
        self._taken |= given
        self._given |= given
