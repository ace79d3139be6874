"""Sampled calls of SciPy's functions, a file for each module, as in ``tests/rules/cases.py``."""

from __future__ import annotations

import importlib
from typing import Any

from backprose.rules.scipy import MODULES

NAMES: dict[str, Any] = {}  # what an expression may use: SciPy's modules
CASES: list[Any] = []
SEVERAL: list[Any] = []
KINKS: list[Any] = []

for _name in MODULES:
    NAMES[_name] = importlib.import_module(f"scipy.{_name}")
    _cases = importlib.import_module(f"tests.rules.scipy.{_name}")
    importlib.import_module(f"backprose.rules.scipy.{_name}")
    CASES += _cases.CASES
    SEVERAL += getattr(_cases, "SEVERAL", [])
    KINKS += getattr(_cases, "KINKS", [])
