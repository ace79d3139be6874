"""Modules written to disk, imported, and edited under the feet of the functions that came from them."""

from __future__ import annotations

import ast
import importlib.util
import itertools
import linecache
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import gast

from backprose.parse import parse

_numbers = itertools.count()


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / f"module_under_test_{next(_numbers)}.py"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def imported(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def module(folder: Path, text: str | bytes) -> Any:
    return imported(write(folder, text))


def edit(path: Path, text: str) -> None:
    """Write the file anew, with another time of change however quick the test is."""
    path.write_text(text, encoding="utf-8")
    later = path.stat().st_mtime + next(_numbers) + 10
    os.utime(path, (later, later))


def run(text: str, file: str, *, remember: bool, **names: object) -> dict[str, Any]:
    """Execute text under a file name, as notebooks do; ``remember`` puts it in ``linecache``, without a time."""
    if remember:
        linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    exec(compile(text, file, "exec", dont_inherit=True), names)
    return names


def text(function: object) -> str:
    """The source of a function as parse sees it, in one spelling."""
    return ast.unparse(gast.gast_to_ast(parse(function).tree))


HAS_COLUMNS = sys.version_info >= (3, 11)
