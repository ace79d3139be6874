"""Calls of ``scipy.optimize``: what is given a function is tested in ``tests/test_functionals.py``."""

from __future__ import annotations

from typing import Any

CASES: list[Any] = []
