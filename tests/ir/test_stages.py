"""Every stage gives what its form promises, for every golden program and mode."""

from __future__ import annotations

import inspect

import pytest

from backprose.emit import print_statement
from backprose.ir.check import Form, check
from backprose.ir.nodes import Program
from backprose.ir.values import type_of_value
from backprose.pipeline import Mode, Request, derive
from tests.corpus import NAMES, load

FORMS: dict[str, Form] = {"lower": "flat", "analyse": "flat", "differentiate": "tree", "simplify": "tree"}


@pytest.mark.parametrize("mode", ["reverse", "forward", "pullback"])
@pytest.mark.parametrize("name", NAMES)
def test_forms(name: str, mode: Mode) -> None:
    program = load(name)
    bound = inspect.signature(program.function).bind(*program.args)
    bound.apply_defaults()
    wrt = (program.wrt,) if isinstance(program.wrt, str) else program.wrt
    signature = {name: type_of_value(value, name) for name, value in bound.arguments.items()}
    seen: list[str] = []

    def watch(stage: str, result: object) -> None:
        if isinstance(result, Program):
            seen.append(stage)
            for function in result.functions:
                check(function, FORMS[stage], show=print_statement)

    derive(Request(program.function, mode, wrt, signature=signature), watch)
    assert set(seen) == set(FORMS)
