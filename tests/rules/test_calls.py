"""The texts of one call of each of many functions, byte for byte."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType, ModuleType

import pytest

import backprose as bp
from tests import differences

ROOT = Path(__file__).parent


@pytest.fixture(params=["calls", "calls_scipy"])
def module(request: pytest.FixtureRequest) -> ModuleType:
    if request.param == "calls_scipy":
        pytest.importorskip("scipy")
    return importlib.import_module(f"tests.rules.{request.param}")


def functions(module: ModuleType) -> Iterator[FunctionType]:
    """Those that are differentiated; ``kepler`` is one that another is of."""
    own = (found for found in vars(module).values() if inspect.isfunction(found))
    yield from (found for found in own if set(inspect.signature(found).parameters) <= module.SAMPLES.keys())


def test_texts(module: ModuleType, update_golden: bool) -> None:
    made = []
    for function in functions(module):
        args = [module.SAMPLES[name] for name in inspect.signature(function).parameters]
        made.append(inspect.getsource(function) + "\n" + bp.grad(function).source_for(*args).rstrip("\n") + "\n")
    text, kept = "\n\n".join(made), ROOT / f"{module.__name__.rpartition('.')[2]}.txt"
    if update_golden:
        kept.write_text(text)
    assert text == kept.read_text(), "pytest tests/rules/test_calls.py --update-golden, and read what has changed"


def test_against_differences(module: ModuleType) -> None:
    for function in functions(module):
        args = [module.SAMPLES[name] for name in inspect.signature(function).parameters]
        slope = differences.gradient(function, args, 0)
        assert slope.agrees(bp.grad(function)(*args), 1e-5, 1e-7), function.__name__
