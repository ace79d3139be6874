"""Each construct of docs/constructs.md by a tiny program: right in both modes, or refused with a line and a caret.

``--update-golden`` writes the table from what the programs do.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

import backprose as bp
from backprose.errors import InternalError
from tests import differences
from tests.checks import check_at, check_pullback, is_guard, masked, tangents_of
from tests.corpus import GoldenProgram, load, names_in

PAGE = Path(__file__).parents[1] / "docs" / "constructs.md"
NAMES = names_in("constructs")
GROUPS = {
    "Statements": "Statements",
    "Functions": "Functions",
    "Data": "Data",
    "Complex": "Complex numbers",
    "Writes": "Writes, views and indexes",
}


@cache
def refusal(name: str) -> Exception | None:
    """How the program is refused, in the mode that refuses it; None where both modes take it.

    A ``ValueError`` is that of a test in the emitted text: what cannot be known before is refused when it shows.
    """
    program = load(name, "constructs")
    try:
        bp.value_and_grad(program.function, wrt=program.wrt)(*program.args)
        direction = masked(program, differences.random_direction(program.args, np.random.default_rng(0)))
        bp.jvp(program.function, program.args, tangents_of(program.args, direction))
        bp.vjp(program.function, *program.args, wrt=program.wrt)
    except bp.BackproseError as error:
        return error
    except ValueError as error:
        if is_guard(error):
            return error
        raise
    return None


@pytest.mark.parametrize("name", NAMES)
def test_right_or_refused(name: str) -> None:
    program = load(name, "constructs")
    error = refusal(name)
    if error is None:
        check_at(program, program.args, name)
        check_pullback(program, program.args)
        return
    if not isinstance(error, bp.BackproseError):
        return
    assert not isinstance(error, InternalError)
    assert error.where is not None, f"no line is shown: {error}"
    assert error.where.file == program.module.__file__
    shown = error.where.text[error.where.column : error.where.end_column]
    assert shown.strip(), f"the caret is under nothing: {error}"
    assert error.why, error
    assert error.instead, error


def test_table(update_golden: bool) -> None:
    text = page()
    if update_golden:
        PAGE.write_text(text, encoding="utf-8")
    assert text == PAGE.read_text(encoding="utf-8"), "run pytest --update-golden tests/test_constructs.py"


def page() -> str:
    """The page, from the programs and what became of them."""
    programs = [load(name, "constructs") for name in NAMES]
    refused = sum(refusal(name) is not None for name in NAMES)
    lines = ["# Constructs", ""]
    lines += [
        "What may stand in a function that is differentiated. Each row links to a tiny program; the tests run it and",
        "compare its derivative in both modes with differences. What is refused says so with line, caret, reason and",
        "way out; [limitations](limitations.md) says more. This page is written by the tests",
        "(`python -m pytest tests/test_constructs.py --update-golden`).",
        "",
        f"{len(NAMES)} constructs, {len(NAMES) - refused} supported, {refused} refused.",
    ]
    for group, title in GROUPS.items():
        lines += ["", f"## {title}", "", "| construct | | program |", "| --- | --- | --- |"]
        lines += [row(program) for program in programs if program.module.GROUP == group]
    return "\n".join(lines) + "\n"


def row(program: GoldenProgram) -> str:
    assert program.module.__doc__ is not None
    title = program.module.__doc__.removesuffix(".")
    error = refusal(program.name)
    status = "supported" if error is None else reason(error, program.name)
    return f"| {title} | {status} | [{program.name}](../tests/constructs/{program.name}.py) |"


def reason(error: Exception, name: str) -> str:
    """The refusal in one line of a table."""
    if not isinstance(error, bp.BackproseError):
        return f"refused when it runs: {error}"
    text = f"{error.what.removeprefix(f'{name}: ')}: {error.why}".replace("|", "\\|")
    return f"[refused](limitations.md#{error.section}): {text}" if error.section else f"refused: {text}"
