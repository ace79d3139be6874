"""Functions from modules and files of their own, which no cache has seen."""

from __future__ import annotations

import contextlib
import importlib.util
import itertools
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

_numbers = itertools.count()


@contextlib.contextmanager
def fresh_module(stem: str, text: str) -> Iterator[ModuleType]:
    """A module of this text, and its file; both are gone afterwards."""
    name = f"{stem}_{next(_numbers)}"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, f"{name}.py")
        file.write_text(text, encoding="utf-8")
        spec = importlib.util.spec_from_file_location(name, file)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
            yield module
        finally:
            del sys.modules[name]
