"""``FILE.py:function`` and ``module:function``, as the command line names a function."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from backprose.errors import ArgumentError, SourceError


def find(target: str) -> Callable[..., Any]:
    """The function that a target names. The file is executed, as an import does."""
    place, colon, path = target.rpartition(":")
    if not colon or not place or not path:
        raise ArgumentError(f"{target!r} names no function", instead="write FILE.py:function or module:function")
    module = _from_file(Path(place)) if place.endswith(".py") else _from_name(place)
    found: Any = module
    for name in path.split("."):
        if not hasattr(found, name):
            functions = sorted(one for one, value in vars(module).items() if _is_own_function(value, module))
            raise ArgumentError(
                f"{place} has no {path}", instead=f"it defines {', '.join(functions) or 'no functions'}"
            )
        found = getattr(found, name)
    if not callable(found):
        raise ArgumentError(f"{target} is no function but an object of class {type(found).__name__}")
    function: Callable[..., Any] = found
    return function


def _is_own_function(value: object, module: ModuleType) -> bool:
    return callable(value) and getattr(value, "__module__", None) == module.__name__


def _from_file(file: Path) -> ModuleType:
    if not file.is_file():
        raise SourceError(f"there is no file {file}")
    name = file.stem
    sys.path.insert(0, str(file.resolve().parent))  # as `python FILE` does
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise SourceError(f"{file} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and pickles look there
    loader = spec.loader
    _run(lambda: loader.exec_module(module), str(file))
    return module


def _from_name(name: str) -> ModuleType:
    sys.path.insert(0, os.getcwd())  # as `python -m` does  # noqa: PTH109
    _run(lambda: importlib.import_module(name), name)
    return sys.modules[name]


def _run(import_it: Callable[[], object], what: str) -> None:
    """Import, and say which line of the user's failed: the way through the import system tells nothing."""
    try:
        import_it()
    except (Exception, SystemExit) as error:
        frames = [f for f in traceback.extract_tb(error.__traceback__) if not _is_machinery(f.filename)]
        where = f" ({frames[-1].filename}:{frames[-1].lineno})" if frames else ""
        message = f"{type(error).__name__}: {error}".rstrip(": ")
        raise SourceError(f"{what} cannot be imported: {message}{where}") from error


def _is_machinery(file: str) -> bool:
    return "importlib" in file or Path(file) == Path(__file__)
