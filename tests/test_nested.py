"""Branches within branches, as deep as Python allows."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

import backprose as bp


@pytest.mark.parametrize("depth", [30, 98])  # Python has room for 100 levels of indentation
def test_deep_branches(depth: int, tmp_path: Path) -> None:
    lines = ["def f(x):", "    y = x"]
    for k in range(depth):
        lines.append("    " * (k + 1) + f"if y > -{k}.5:")
        lines.append("    " * (k + 2) + f"y = y * 1.01 + {k % 3}  # a longer remark here")
    path = tmp_path / "nested.py"
    path.write_text("\n".join([*lines, "    return y", ""]), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("nested", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    value, gradient = bp.value_and_grad(module.f)(0.7)
    assert value == module.f(0.7)
    assert np.isclose(gradient, 1.01**depth)
    assert np.isclose(bp.jvp(module.f, (0.7,), (1.0,))[1], gradient)
