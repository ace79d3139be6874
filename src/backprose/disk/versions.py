"""What shapes every text: the versions of Python, of the libraries and of backprose itself."""

from __future__ import annotations

import importlib.util
import os
import sys
from functools import cache
from pathlib import Path

import numpy as np

from backprose.version import __version__

FORM = 1  # of entries


def state() -> str:
    """The versions, and the state of the files of the compiler."""
    scipy = getattr(sys.modules.get("scipy"), "__version__", None)
    return f"{FORM} {__version__} {sys.version} {sys.platform} {sys.maxsize} {np.__version__} {scipy} {sources()}"


@cache
def sources() -> str:
    """The files of backprose and of what it parses and prints with: their names, sizes and times of change."""
    found = [f"{name} {line}" for name in ("backprose", "gast", "astunparse") for line in sorted(_files(_folder(name)))]
    return "\n".join(found)


def _folder(package: str) -> str:
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return str(Path(spec.origin).parent)


def _files(folder: str) -> list[str]:
    found: list[str] = []
    with os.scandir(folder) as entries:
        for one in entries:
            if one.is_dir() and one.name != "__pycache__":
                found += [f"{one.name}/{line}" for line in _files(one.path)]
            elif one.name.endswith(".py"):
                known = one.stat()
                found.append(f"{one.name} {known.st_size} {known.st_mtime_ns}")
    return found
