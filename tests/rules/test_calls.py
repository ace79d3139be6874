"""The texts of one call of each of many functions, byte for byte."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType, ModuleType

import backprose as bp
from tests import differences
from tests.rules import calls

KEPT = Path(__file__).parent / "calls.txt"


def functions(module: ModuleType) -> Iterator[FunctionType]:
    yield from (found for found in vars(module).values() if inspect.isfunction(found))


def written(modules: list[ModuleType]) -> str:
    made = []
    for module in modules:
        for function in functions(module):
            args = [module.SAMPLES[name] for name in inspect.signature(function).parameters]
            made.append(inspect.getsource(function) + "\n" + bp.grad(function).source_for(*args).rstrip("\n") + "\n")
    return "\n\n".join(made)


def test_texts(update_golden: bool) -> None:
    text = written([calls])
    if update_golden:
        KEPT.write_text(text)
    assert text == KEPT.read_text(), "pytest tests/rules/test_calls.py --update-golden, and read what has changed"


def test_against_differences() -> None:
    for function in functions(calls):
        args = [calls.SAMPLES[name] for name in inspect.signature(function).parameters]
        slope = differences.gradient(function, args, 0)
        assert slope.agrees(bp.grad(function)(*args)), function.__name__
