"""Calls of ``scipy.interpolate``: splines are objects, and tested in ``tests/test_splines.py``."""

from __future__ import annotations

from typing import Any

CASES: list[Any] = []
