"""Frozen data of which very many objects are made: frozen for the type checker, quick to make when it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["data"]

if TYPE_CHECKING:
    from dataclasses import dataclass as data
else:
    from dataclasses import dataclass

    def data(*, frozen, eq=True, **options):
        """A dataclass whose fields nobody assigns: what would refuse that makes ``__init__`` take three times as long.

        >>> @data(frozen=True, slots=True)
        ... class Point:
        ...     x: int
        ...     y: int = 0
        >>> Point(1) == Point(1, 0), hash(Point(1)) == hash(Point(1, 0))
        (True, True)
        """
        assert frozen

        def decorate(cls):
            return dataclass(cls, eq=eq, unsafe_hash=eq and "__hash__" not in vars(cls), **options)

        return decorate
