"""Imports inside a function: the names that they bind, and what these mean."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from types import FunctionType, ModuleType
from typing import Any
from weakref import WeakKeyDictionary

import gast


@dataclass(frozen=True)
class Imported:
    """``import module as name`` (``attribute`` is None) or ``from module import attribute as name``."""

    module: str
    attribute: str | None
    name: str

    def value(self) -> Any:
        """What the name means now; ImportError where there is no such thing."""
        found: Any = importlib.import_module(self.module)
        if self.attribute is not None:
            if hasattr(found, self.attribute):
                return getattr(found, self.attribute)
            return importlib.import_module(f"{self.module}.{self.attribute}")
        own = self.module.split(".")[0]
        return importlib.import_module(own) if self.name == own else found


_KNOWN: WeakKeyDictionary[FunctionType, Mapping[str, Imported]] = WeakKeyDictionary()


def note_imports(function: FunctionType, tree: Any) -> None:
    """Keeps what the imports in a function bind, for ``imports_of``.

    >>> def f(x):
    ...     import numpy.linalg
    ...     from math import sin as s
    ...     return s(x)
    >>> import inspect, textwrap
    >>> note_imports(f, gast.parse(textwrap.dedent(inspect.getsource(f))))
    >>> [(name, found.module, found.attribute) for name, found in imports_of(f).items()]
    [('numpy', 'numpy.linalg', None), ('s', 'math', 'sin')]
    """
    found: dict[str, Imported] = {}
    for node in gast.walk(tree):
        if isinstance(node, gast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.split(".")[0]
                found[name] = Imported(alias.name, None, name)
        elif isinstance(node, gast.ImportFrom):
            module = "." * node.level + (node.module or "")
            if node.level:
                module = importlib.util.resolve_name(module, function.__globals__.get("__package__"))
            for alias in node.names:
                name = alias.asname or alias.name
                found[name] = Imported(module, alias.name, name)
    _KNOWN[function] = found


def take_over(function: FunctionType, name: str, other: FunctionType) -> bool:
    """Whether ``function``, to which ``name`` means nothing, can import it as ``other`` does; from now on it does."""
    imported = imports_of(other).get(name)
    if imported is not None:
        also_import(function, imported)
    return imported is not None


def also_import(function: FunctionType, imported: Imported) -> None:
    """From now on a name that means nothing to a function is one that it imports."""
    _KNOWN[function] = {**imports_of(function), imported.name: imported}


def put_imports(function: FunctionType, imports: Mapping[str, Imported]) -> None:
    """From now on a function imports these, as its texts do that an earlier process has made."""
    _KNOWN[function] = {**imports_of(function), **imports}


def module_with(function: FunctionType, name: str) -> ModuleType | None:
    """The module that a function is of, where others can import it and ``name`` is one of its variables."""
    found = sys.modules.get(str(function.__globals__.get("__name__")))
    own = isinstance(found, ModuleType) and vars(found) is function.__globals__ and name in function.__globals__
    hidden = name in imports_of(function) or name in function.__code__.co_freevars
    return found if own and not hidden else None


def imports_of(function: Any) -> Mapping[str, Imported]:
    """The names that imports in a function bind; its source has been read before."""
    return _KNOWN.get(function, {}) if isinstance(function, FunctionType) else {}
