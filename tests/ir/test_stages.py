"""Every stage gives what its form promises, for every golden program and mode."""

from __future__ import annotations

import ast
import inspect
import textwrap

import pytest

from backprose import pipeline
from backprose.emit import print_statement
from backprose.ir.check import Form, check
from backprose.ir.nodes import Program
from backprose.ir.values import type_of_value
from backprose.pipeline import Mode, Request, derive
from backprose.simplify import passes
from tests.checked import PASSES, TREE_PASSES
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


def test_the_checker_follows_every_pass() -> None:
    """``tests/checked.py`` names the passes: those that the front end calls, and those of the simplify stage."""
    stages_of = pipeline._Compilation
    trees = [ast.parse(textwrap.dedent(inspect.getsource(one))) for one in (stages_of.front, stages_of.typed)]
    nodes = [node.func for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    calls = {node.id for node in nodes if isinstance(node, ast.Name)} - {"range", "replace", "globals_in"}
    front = {name for name in calls if name.islower() and not name.startswith("check_")}
    assert front | {"infer"} == set(PASSES[pipeline])
    imports = [node for node in ast.parse(inspect.getsource(passes)).body if isinstance(node, ast.ImportFrom)]
    stage = [node for node in imports if (node.module or "").startswith("backprose.simplify.")]
    imported = {alias.name for node in stage for alias in node.names} - {"algebra", "leading_sign"}
    assert imported == set(TREE_PASSES) - {"our_algebra", "signs_first"}  # which call the two with all expressions
