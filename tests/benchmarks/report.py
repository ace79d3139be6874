"""Measures, and writes the page: every figure in it comes from one run on one machine."""

from __future__ import annotations

import functools
import importlib.metadata
import importlib.util
import platform
import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any

import backprose as bp
from backprose.errors import BackproseError
from backprose.version import __version__
from tests.benchmarks import sparse
from tests.benchmarks.cases import CASES, Case, autograd_gradient, load_primals
from tests.benchmarks.straight_line import fresh_chain, text_of
from tests.benchmarks.timing import first_call, interleaved, ratio

LENGTHS = (10, 100, 1000)
COLUMNS = (
    "function",
    "size",
    "primal",
    "gradient",
    "gradient / primal",
    "by hand",
    "gradient / by hand",
    "HIPS autograd",
    "autograd / gradient",
    "transform",
)


SPARSE_COLUMNS = ("function", "one pass", "sparse", "sparse / pass", "first call")


def page(rounds: int, command: str, log: Callable[[str], None]) -> str:
    """The text of ``docs/benchmarks.md``."""
    rows = []
    for case in CASES:
        log(f"{case.name}, {case.size}")
        rows.append(row(case, rounds))
    chain = []
    for statements in LENGTHS:
        log(f"straight line, {statements} statements")
        chain.append(length_row(statements, rounds))
    chained = []
    for sparse_case in sparse.cases() if importlib.util.find_spec("scipy") else ():
        log(f"sparse, {sparse_case.shown}")
        *times, times_residual, first = sparse.measured(sparse_case, rounds)
        chained.append([sparse_case.shown, *map(time_text, times), f"{times_residual:.2f}", time_text(first)])
    return PAGE.format(
        sparse=table(SPARSE_COLUMNS, chained),
        length=sparse.LENGTH,
        command=command,
        rounds=rounds,
        environment="\n".join(f"- {line}" for line in environment()),
        cases=table(COLUMNS, rows),
        lengths=table(("statements", "lines emitted", "transform", "a statement"), chain),
    )


def row(case: Case, rounds: int) -> list[str]:
    """One function: everything that can compute its gradient, timed in the same rounds."""
    function = case.function(load_primals())
    gradient = bp.grad(function, wrt=case.asked)
    calls = {
        "primal": functools.partial(case.keeping_arguments(function), *case.args),
        "by hand": functools.partial(case.by_hand, *case.args),
    }
    refused = ""
    try:
        gradient(*case.args)
        calls["gradient"] = functools.partial(gradient, *case.args)
    except BackproseError as error:
        refused = f"refused: {error.what}"
    autograd = autograd_gradient(case)
    if autograd is not None:
        calls["autograd"] = functools.partial(autograd, *case.args)

    seconds = interleaved(calls, rounds)

    def median(name: str, otherwise: str) -> str:
        return time_text(statistics.median(seconds[name])) if name in seconds else otherwise

    def over(name: str, reference: str) -> str:
        if name not in seconds or reference not in seconds:
            return "-"
        return f"{ratio(seconds[name], seconds[reference]):.2f}"

    return [
        case.name,
        case.size,
        median("primal", "-"),
        median("gradient", refused),
        over("gradient", "primal"),
        median("by hand", "-"),
        over("gradient", "by hand"),
        median("autograd", case.refused or "not installed"),
        over("autograd", "gradient"),
        "-" if refused else time_text(transform(case, rounds)),
    ]


def transform(case: Case, rounds: int) -> float:
    """Seconds from a function that nothing is known of to its derivative."""

    def fresh() -> Callable[[], Any]:
        return functools.partial(bp.grad(case.function(load_primals()), wrt=case.asked), *case.args)

    return first_call(fresh, min(rounds, 5))


def length_row(statements: int, rounds: int) -> list[str]:
    """The compiler on straight-line code of this length."""
    median = statistics.median(transform_of_chain(statements) for _ in range(min(rounds, 5)))
    with fresh_chain(statements) as chain:
        lines = len(bp.grad(chain).source_for(0.3).splitlines())
    assert text_of(statements).count("\n    x") == statements
    return [str(statements), str(lines), time_text(median), time_text(median / statements)]


def transform_of_chain(statements: int) -> float:
    """Seconds from straight-line code of this length to its derivative."""
    with fresh_chain(statements) as chain:
        return first_call(lambda: functools.partial(bp.grad(chain), 0.3), 1)


def environment() -> list[str]:
    """What the figures depend on."""
    versions = [f"backprose {__version__}"]
    for name in ("numpy", "gast", "astunparse", "autograd", "scipy"):
        try:
            versions.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            versions.append(f"{name} not installed")
    return [
        f"processor: {processor()}, one thread",
        f"system: {platform.system()}, {platform.machine()}",
        f"{platform.python_implementation()} {platform.python_version()}, {', '.join(versions)}",
    ]


def processor() -> str:
    """The processor's model; ``platform.processor`` does not know it on Linux."""
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


def time_text(seconds: float) -> str:
    """Three digits and a unit.

    >>> time_text(0.00012345), time_text(2.5), time_text(0.0999999)
    ('123 us', '2.50 s', '100 ms')
    """
    value, unit = seconds, "s"
    for smaller in ("ms", "us"):
        if value >= 0.9995:
            break
        value, unit = value * 1000, smaller
    digits = max(0, 2 - (value >= 9.995) - (value >= 99.95))
    return f"{value:.{digits}f} {unit}"


def table(head: tuple[str, ...], rows: list[list[str]]) -> str:
    """A table in Markdown; all but the first two columns to the right."""
    lines = [list(head), ["---" if k < min(2, len(head) - 3) else "---:" for k in range(len(head))], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


PAGE = """\
# Benchmarks

This page is written by

    {command}

which times everything below in one run, with the `bench` extra installed. Nothing in the tests asserts a time.

{environment}

## Gradients

{cases}

- Times are process CPU time: medians of {rounds} rounds, each of which times every entry of its line in turn. A ratio
  is the median of the ratios within the rounds. Lines of a few microseconds show the cost of a call as much as that of
  the arithmetic.
- *primal*: the function itself, on a copy of each argument that it writes into. *gradient*: what `bp.grad` returns,
  called as a user calls it, after the first call. *by hand*: the gradient in `tests/benchmarks/handwritten.py`, written
  with what the mathematics knows. *HIPS autograd*: the same source with `autograd.numpy` under the name `np`.
- *transform*: how much longer the first call takes than the second: the compiler, from reading the source to a loaded
  function.
- `tests/benchmarks/test_cases.py` checks every gradient that is timed here against differences.

## Time to transform

Straight-line code of n statements (`tests/benchmarks/straight_line.py`): a linear compiler takes the same time for a
statement whatever the length.

{lengths}

## Sparse Jacobians and Hessians

Functions of {length} variables (`tests/benchmarks/sparse.py`) and the residual of `examples/bundle_adjustment.py`:
`bp.jacobian(f, sparse=True)`, or `bp.hessian`, against one pass of `f` itself. *first call*: how much longer it takes:
the compiler, the search for the pattern and its colours.

{sparse}
"""
