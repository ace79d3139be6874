"""Guards: what a derivative took for granted of the world outside its arguments, checked at each call."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from types import CodeType, FunctionType, MethodType
from typing import Any, Literal

from backprose.ir.shared import meet
from backprose.ir.values import key_of
from backprose.parse.cells import cells_of
from backprose.parse.imports import imports_of
from backprose.rules.registry import Rule, rule_for

UNREADABLE = (NameError, AttributeError, ValueError)  # of a name that is gone; ValueError: of an empty cell
_MISSING = object()
_METHODS = frozenset((FunctionType, property, staticmethod, classmethod, cached_property))


@dataclass(frozen=True, slots=True, eq=False)
class Guard:
    """One thing that was used of what ``path`` (``rate``, ``np.sin``, ``config.rate``) means to ``home``.

    The empty path is ``home`` itself.

    ``identity``: it is that very object with that rule or none, and a function still has that code and those
    defaults;
    ``type``: it has that kind, dtype, rank and those length-1 axes;
    ``value``: it is an equal constant of the same class;
    ``table``: it is the same text, or a container of the same texts and integers, with floats in the same places;
    ``class``: a class of the user's, wherever it came from, still has those methods;
    ``builtins``: a module has no names of its own in the place of builtins;
    ``apart``: of the objects that are read none has a part in common with one that is changed, unless it had then.

    >>> def primal(x): return x * rate
    >>> primal.__globals__["rate"] = 0.5
    >>> guard = Guard.type(primal, "rate")
    >>> primal.__globals__["rate"] = 0.25; guard.holds()
    True
    >>> primal.__globals__["rate"] = 2; guard.holds()
    False
    """

    home: FunctionType
    path: str
    by: Literal["identity", "type", "value", "table", "class", "builtins", "apart"]
    expected: Any
    code: CodeType | None = None
    defaults: tuple[Any, Any] = (None, None)
    rule: Rule | None = None
    about: tuple[Any, ...] = ()  # what it was made for, beside the path
    _read: Callable[[], Any] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_read", reader(self.home, self.path))

    @classmethod
    def identity(cls, home: FunctionType, path: str) -> Guard:
        """For a function that is called, and whatever else must not be rebound."""
        value = resolve(home, path)
        if isinstance(value, FunctionType):
            defaults = value.__defaults__, value.__kwdefaults__
            return cls(home, path, "identity", value, value.__code__, defaults, rule_for(value))
        return cls(home, path, "identity", value, rule=rule_for(value))

    @classmethod
    def type(cls, home: FunctionType, path: str) -> Guard:
        """For a value of which inference used the ``Type`` (``ir.values.type_of_value``)."""
        return cls(home, path, "type", key_of(resolve(home, path)))

    @classmethod
    def value(cls, home: FunctionType, path: str) -> Guard:
        """For a number, string, or tuple or list of these that shaped the text (an ``axis``)."""
        value = resolve(home, path)
        return cls(home, path, "value", list(value) if type(value) is list else value)

    @classmethod
    def table(cls, home: FunctionType, path: str) -> Guard:
        """For a text, or a container outside of which the text names the items."""
        return cls(home, path, "table", skeleton(resolve(home, path)))

    @classmethod
    def of_class(cls, home: FunctionType, owner: Any) -> Guard:
        """For a class whose methods are called."""
        guard = cls(home, "", "class", methods_of(owner), about=(owner,))
        object.__setattr__(guard, "_read", lambda: methods_of(owner))
        return guard

    @classmethod
    def of_constant(cls, home: FunctionType, owner: Any, name: str) -> Guard:
        """For a constant that a class of the user's holds, and for its name."""
        asked = getattr if name in ("__name__", "__qualname__") else inspect.getattr_static
        guard = cls(home, "", "value", copy.copy(asked(owner, name)), about=(owner, name))
        object.__setattr__(guard, "_read", lambda: asked(owner, name))
        return guard

    @classmethod
    def builtins(cls, home: FunctionType, names: Iterable[str]) -> Guard:
        """For the builtins that a function, or another one of its module, names."""
        meant, world = frozenset(names), home.__globals__
        guard = cls(home, "", "builtins", True, about=tuple(sorted(meant)))
        object.__setattr__(guard, "_read", lambda: world.keys().isdisjoint(meant))
        return guard

    @classmethod
    def apart(
        cls, home: FunctionType, read: Iterable[tuple[FunctionType, str]], changed: Iterable[tuple[FunctionType, str]]
    ) -> Guard:
        """For a function that changes objects outside it and reads others: they are as far apart as they were."""
        about = tuple(read), tuple(changed)
        readers = [[reader(*name) for name in some] for some in about]

        def shared() -> list[bool]:
            found, others = ([one() for one in some] for some in readers)
            return [meet(one, [other]) for one in found for other in others]

        guard = cls(home, "", "apart", shared(), about=about)
        object.__setattr__(guard, "_read", shared)
        return guard

    def holds(self) -> bool:
        try:
            return self.test()
        except UNREADABLE:
            return False

    @property
    def test(self) -> Callable[[], bool]:
        """Whether it holds, as cheaply as can be told: it is asked at every call. What cannot be read any more raises
        one of ``UNREADABLE``."""
        read, expected = self._read, self.expected
        match self.by:
            case "identity":
                return self._is_the_same()
            case "type":
                return lambda: bool(key_of(read()) == expected)
            case "builtins":
                return read  # it says so itself
            case "table":
                return lambda: bool(skeleton(read()) == expected)
            case "value":
                return lambda: type(value := read()) is type(expected) and repr(value) == repr(expected)  # 0.0 and -0.0
        return lambda: bool(read() == expected)

    def _is_the_same(self) -> Callable[[], bool]:
        """IPython's autoreload puts new code into old function objects."""
        read, expected, rule, code = self._read, self.expected, self.rule, self.code
        if isinstance(expected, MethodType):  # a new object whenever it is read
            return lambda: bool(read() == expected) and rule_for(expected) is rule
        if code is None:
            return lambda: read() is expected and rule_for(expected) is rule
        first, second = self.defaults

        def unchanged() -> bool:
            if expected.__code__ is not code or expected.__defaults__ is not first:
                return False
            return expected.__kwdefaults__ is second and rule_for(expected) is rule

        return (lambda: read() is expected and unchanged()) if self.path else unchanged


def skeleton(found: Any) -> Any:
    """A container, of whose floats, arrays and objects only the types are told.

    >>> skeleton([("a", 1, 0.5)]) == skeleton([("a", 1, 0.25)]) != skeleton([("a", True, 0.5)])
    True
    """
    kind = type(found)
    if kind is dict:
        return kind, [(key, type(key), skeleton(item)) for key, item in found.items()]
    if kind in (list, tuple):
        return kind, [skeleton(item) for item in found]
    return (kind, found) if found is None or kind in (str, int, bool) else kind


def methods_of(owner: type) -> list[Any]:
    """The functions and properties of a class and of those that it inherits from."""
    own = owner.__mro__[:-1]
    return [found for one in own for found in vars(one).values() if type(found) in _METHODS]


def resolve(home: FunctionType, path: str) -> Any:
    """What a dotted name means to a function at this moment; NameError, AttributeError or ValueError where nothing.

    >>> resolve(resolve, "abs.__name__")
    'abs'
    """
    return reader(home, path)()


def reader(home: FunctionType, path: str) -> Callable[[], Any]:
    """How to find out, cheaply and at any time, what a dotted name means to a function."""
    name, _, attributes = path.partition(".")
    imported = imports_of(home).get(name)
    if attributes:
        steps = attributes.split(".")
        first = reader(home, name)

        def read_attribute() -> Any:
            value = first()
            for step in steps:
                value = getattr(value, step)
            return value

        return read_attribute
    if not name:
        return lambda: home
    if imported is not None:
        return imported.value
    cell = cells_of(home).get(name)
    if cell is not None:
        return lambda: cell.cell_contents
    world = home.__globals__
    builtins: dict[str, Any] = home.__builtins__

    def read_global() -> Any:
        value = world.get(name, _MISSING)
        if value is _MISSING:
            value = builtins.get(name, _MISSING)
            if value is _MISSING:
                raise NameError(name)
        return value

    return read_global
