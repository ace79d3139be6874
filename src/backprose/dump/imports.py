"""Imports of dumped files: what is installed is imported, as the user's module imported it."""

from __future__ import annotations

import ast
import functools
import importlib.metadata
import importlib.util
import linecache
import site
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

_TRUSTED = {"numpy", "scipy"}  # known not to import backprose


def import_of(name: str, value: object, home: FunctionType) -> tuple[str, ...]:
    """The statements that bind ``name`` to ``value``; none where it does not come from an installed module.

    >>> import math
    >>> import_of("m", math, import_of), import_of("root", math.sqrt, import_of)
    (('import math as m',), ('from math import sqrt as root',))
    """
    return tuple(_as_the_user_wrote(name, value, home)) or tuple(_by_where_it_lives(name, value))


def module_of(statement: str) -> str:
    """The module that an import statement imports."""
    return statement.split()[1]


def import_block(statements: Iterable[str]) -> str:
    """Import statements in the order that isort has: the standard library, the rest; ``import``, ``from``; by name.

    >>> print(import_block(["from math import pi", "import numpy as np", "import math", "from math import cos as c"]))
    import math
    from math import cos as c
    from math import pi
    <BLANKLINE>
    import numpy as np
    <BLANKLINE>
    """
    groups: dict[bool, list[str]] = {True: [], False: []}
    for statement in sorted(set(_merged(statements)), key=_place):
        groups[module_of(statement).partition(".")[0] in sys.stdlib_module_names].append(statement + "\n")
    return "\n".join("".join(group) for group in groups.values() if group)


def _merged(statements: Iterable[str]) -> Iterator[str]:
    """One statement for all names of a module that keep their own names."""
    plain: dict[str, set[str]] = {}
    for statement in statements:
        head, _, names = statement.partition(" import ")
        if not names:
            yield statement
        for name in filter(None, names.split(", ")):
            if " as " in name:
                yield f"{head} import {name}"
            else:
                plain.setdefault(head, set()).add(name)
    for head, found in plain.items():
        yield f"{head} import {', '.join(sorted(found, key=_member))}"


def _place(statement: str) -> tuple[bool, str, tuple[int, str], str]:
    first = statement.partition(" import ")[2].split(", ")[0].partition(" as ")[0]
    return statement.startswith("from"), module_of(statement), _member(first), statement


def _member(name: str) -> tuple[int, str]:
    """CONSTANTS, Classes, the rest."""
    return 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2, name


# ---------------------------------------------------------------- the user's own statements
def _as_the_user_wrote(name: str, value: object, home: FunctionType) -> Iterator[str]:
    for node in _import_statements(home.__code__.co_filename, home):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                bound = sys.modules.get(alias.name if alias.asname else top)
                if (alias.asname or top) == name and bound is value and is_installed(alias.name):
                    yield f"import {alias.name}" + (f" as {alias.asname}" if alias.asname else "")
        else:
            module = node.module or ""
            for alias in node.names:
                if (alias.asname or alias.name) == name and not node.level and _gives(module, alias.name, value):
                    yield f"from {module} import {alias.name}" + (f" as {alias.asname}" if alias.asname else "")


def _import_statements(file: str, home: FunctionType) -> list[ast.Import | ast.ImportFrom]:
    try:
        tree = ast.parse("".join(linecache.getlines(file, home.__globals__)))
    except SyntaxError:
        return []
    return [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]


# ---------------------------------------------------------------- without them
def _by_where_it_lives(name: str, value: object) -> Iterator[str]:
    if isinstance(value, ModuleType):
        if is_installed(value.__name__):
            yield f"import {value.__name__}" + ("" if value.__name__ == name else f" as {name}")
        return
    own = getattr(value, "__name__", None)
    for module in (getattr(value, "__module__", None), "numpy", "math"):
        if isinstance(own, str) and isinstance(module, str) and _gives(module, own, value):
            yield f"from {module} import {own}" + ("" if own == name else f" as {name}")
            return


def _gives(module: str, attribute: str, value: object) -> bool:
    loaded = sys.modules.get(module)
    return loaded is not None and vars(loaded).get(attribute, _gives) is value and is_installed(module)


# ---------------------------------------------------------------- modules
@functools.cache
def is_installed(module: str) -> bool:
    """Whether a module belongs to Python or to an installed distribution, not to the user's own files."""
    top = module.partition(".")[0]
    if top == "__main__":
        return False  # even where an installed tool runs the user's code
    if top in sys.stdlib_module_names:
        return True
    file = getattr(sys.modules.get(top), "__file__", None)
    folders = {*sysconfig.get_paths().values(), site.getusersitepackages(), *site.getsitepackages()}
    if file is not None and any(Path(file).is_relative_to(folder) for folder in folders):
        return True
    return top in importlib.metadata.packages_distributions()  # slow; sees editable installs


def reaches_backprose(module: str) -> str | None:
    """The package through which importing ``module`` leads to backprose, as far as loaded modules show."""
    seen: set[str] = set()
    waiting = [module.partition(".")[0]]
    while waiting:
        top = waiting.pop()
        if top in seen or top in _TRUSTED or top in sys.stdlib_module_names:
            continue
        seen.add(top)
        names = {other for name in list(sys.modules) if name.partition(".")[0] == top for other in _used_by(name)}
        if "backprose" in names or top == "backprose":
            return top
        waiting.extend(names)
    return None


def _used_by(name: str) -> set[str]:
    """The top-level packages whose objects a loaded module holds."""
    found: set[str] = set()
    for value in list(vars(sys.modules[name]).values() if isinstance(sys.modules[name], ModuleType) else ()):
        origin: Any = value.__name__ if isinstance(value, ModuleType) else None
        if isinstance(value, type | FunctionType):
            origin = value.__module__
        for each in (origin, type(value).__module__):
            if isinstance(each, str):
                found.add(each.partition(".")[0])
    return found
