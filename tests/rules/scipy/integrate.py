"""Calls of ``scipy.integrate``: what is given a function is tested in ``tests/test_roots.py``."""

from __future__ import annotations

from typing import Any

CASES: list[Any] = []
