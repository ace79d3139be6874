"""The disk cache: a text that one process has made is loaded by the next, where all that it was made of is the same.

An entry is found by a hash of all that shaped its text (``world.py``, ``versions.py``), holds text and never a pickle
(``entry.py``), and lies in a folder of the user's own (``folder.py``). Whatever goes wrong is a miss: the derivative is
made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from types import FunctionType

from backprose.disk import entry, folder
from backprose.disk.versions import state
from backprose.disk.world import World
from backprose.ir.nodes import Program
from backprose.load import load
from backprose.request import Derived, Request
from backprose.rules.registry import has_rules_for_libraries

BESIDE = ("function", "signature", "primal")  # fields of a request that are no plain options; the primal shapes no text


@dataclass(frozen=True)
class Place:
    """Where the derivative for one request is kept; ``world``: the description of what it is made of."""

    request: Request
    world: World
    key: str

    @classmethod
    def of(cls, request: Request) -> Place | None:
        """None where there is no cache, or not all that shapes the text can be described."""
        if folder.path() is None or has_rules_for_libraries():
            return None
        try:
            world = _described(request)
            return cls(request, world, world.digest(state()))
        except Exception:  # noqa: BLE001 - objects of users' may raise anything when they are looked at
            return None

    def read(self, program: Callable[[], Program]) -> tuple[Derived, Mapping[str, FunctionType]] | None:
        """What an earlier process has left, loaded; ``program``: how to make that of it, should it be asked for."""
        try:
            found = folder.read(self.key)
            if found is None:
                return None
            derived = entry.decoded(found, self.world, program)
            made = load(derived)
            return None if entry.reading(derived, made, self.world) != found["reading"] else (derived, made)
        except Exception:  # noqa: BLE001 - whatever is in an entry, or in the world, is at worst a miss
            return None

    def write(self, derived: Derived, made: Mapping[str, FunctionType]) -> None:
        """Leaves it for later processes, where it can be described, and nothing changed while it was made."""
        try:
            world = _described(self.request)
            if world.digest(state()) == self.key:
                encoded = entry.encoded(derived, world)
                folder.write(self.key, {**encoded, "reading": entry.reading(derived, made, world)})
        except Exception:  # noqa: BLE001 - as above
            return


def _described(request: Request) -> World:
    """The function and all that it reaches, the options, and what is known of the arguments."""
    world = World()
    world.put("request", *(repr(getattr(request, one.name)) for one in fields(request) if one.name not in BESIDE))
    world.value(request.function)
    for name, known in request.signature.items():
        world.put("argument", repr(name))
        world.value(known)
    return world
