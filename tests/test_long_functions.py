"""Functions of hundreds of branches, exits and statements: right, or refused with the function's line."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import backprose as bp

POINT = np.array([0.3, 1.7, 0.9137])


def elif_chain(count: int) -> str:
    links = "".join(f"    elif s < {i / 10}:\n        s = s * {i}.5\n" for i in range(1, count))
    return f"def f(x):\n    s = np.sum(x)\n    if s < 0:\n        s = -s\n{links}    return s * s\n"


def cases(count: int) -> str:
    links = "".join(f"        case {i}:\n            s = s * {i}.5\n" for i in range(count))
    return f"def f(x, k=30):\n    s = np.sum(x)\n    match k:\n{links}    return s * s\n"


def early_returns(count: int) -> str:
    exits = "".join(f"    if s < {i / 100}:\n        return s * s * {i}\n" for i in range(count))
    return f"def f(x):\n    s = np.sum(x)\n{exits}    return s\n"


def nested_branches(count: int) -> str:
    lines = ["def f(x):", "    s = np.sum(x)"]
    for i in range(count):
        lines += [f"{'    ' * (i + 1)}if s > {-i - 1}:", f"{'    ' * (i + 2)}s = s * 1.01"]
    return "\n".join([*lines, "    return s", ""])


def statements(count: int) -> str:
    made = "".join(f"    a{i + 1} = np.sin(a{i}) * x\n" for i in range(count))
    return f"def f(x):\n    a0 = x\n{made}    return np.sum(a{count})\n"


def writes(count: int) -> str:
    made = "".join(f"    y[{i % 3}] = y[{(i + 1) % 3}] * 0.9 + x[{i % 2}]\n" for i in range(count))
    return f"def f(x):\n    y = x.copy()\n{made}    return np.sum(y)\n"


def function_of(source: str, folder: Path) -> Callable[..., Any]:
    path = folder / "program.py"
    path.write_text(f"import numpy as np\n\n\n{source}", encoding="utf-8")
    spec = importlib.util.spec_from_file_location("program", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Callable[..., Any] = module.f
    return found


LONG = [elif_chain(150), cases(150), early_returns(300), nested_branches(95), statements(600), writes(300)]


@pytest.mark.parametrize("source", LONG, ids=["elif", "cases", "returns", "nested", "statements", "writes"])
def test_right(source: str, tmp_path: Path) -> None:
    function = function_of(source, tmp_path)
    step = 1e-6 * np.eye(3)
    expected = [(function(POINT + one) - function(POINT - one)) / 2e-6 for one in step]
    np.testing.assert_allclose(bp.grad(function)(POINT), expected, rtol=1e-5, atol=1e-8)


def test_a_chain_without_an_end_is_refused(tmp_path: Path) -> None:
    function = function_of(cases(1200), tmp_path)
    with pytest.raises(bp.BackproseError) as caught:
        bp.grad(function)(POINT)
    assert caught.value.where is not None
