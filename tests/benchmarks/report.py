"""Measures, and writes the page: every figure in it comes from one run on one machine."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
from collections.abc import Callable
from pathlib import Path

from backprose.version import __version__
from tests.benchmarks import bounds, lines, overhead, sparse, storage, transforms
from tests.benchmarks.cases import CASES
from tests.benchmarks.text import table, time_text

SPARSE_COLUMNS = ("function", "one pass", "sparse", "sparse / pass", "first call")
Log = Callable[[str], None]


def gradients(rounds: int, only: str, log: Log) -> list[lines.Line]:
    """The lines of the cases whose name holds this text."""
    found = []
    for case in CASES:
        if only.lower() in case.shown.lower():
            log(case.shown)
            found.append(lines.measured(case, rounds))
    return found


def tables(found: list[lines.Line]) -> str:
    """Of some cases alone: their times, their peaks and what is asked of them."""
    return "\n\n".join((lines.times(found), lines.memory(found), bounds.summary(bounds.bounds(found))))


def page(found: list[lines.Line], rounds: int, command: str, picture: str, log: Log) -> str:
    """The text of ``docs/benchmarks.md``, with what is measured beside the gradients."""
    log("overhead")
    overheads = overhead.overheads(rounds)
    a, b = overhead.fit(overheads)
    kinds = overhead.of_kinds(rounds)
    log("storage")
    stored = storage.peaks()
    chain = []
    for statements in transforms.LENGTHS:
        log(f"straight line, {statements} statements")
        chain.append(transforms.length_row(statements, rounds))
    chained = []
    for sparse_case in sparse.cases() if importlib.util.find_spec("scipy") else ():
        log(f"sparse, {sparse_case.shown}")
        *times, times_residual, first = sparse.measured(sparse_case, rounds)
        chained.append([sparse_case.shown, *map(time_text, times), f"{times_residual:.2f}", time_text(first)])
    return PAGE.format(
        command=command,
        rounds=rounds,
        picture=f"![The ratios of the table, as points]({picture})\n\n" if picture else "",
        environment="\n".join(f"- {line}" for line in environment()),
        cases=lines.times(found),
        summary=bounds.summary([*bounds.bounds(found), *overhead.bounds(overheads, kinds), *storage.bounds(stored)]),
        memory=lines.memory(found),
        overheads=table(overhead.COLUMNS, [one.row() for one in overheads], left=()),
        kinds=table(overhead.KIND_COLUMNS, [one.row() for one in kinds]),
        a=f"{1e6 * a:.2f}",
        b=f"{1e6 * b:.2f}",
        stored=table(storage.COLUMNS, storage.rows(stored)),
        lengths=table(transforms.COLUMNS, chain),
        length=sparse.LENGTH,
        sparse=table(SPARSE_COLUMNS, chained),
    )


def environment() -> list[str]:
    """What the figures depend on."""
    versions = [f"backprose {__version__}"]
    for name in ("numpy", "gast", "astunparse", "autograd", "jax", "scipy"):
        try:
            versions.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            versions.append(f"{name} not installed")
    malloc = [f"{name}={value}" for name, value in os.environ.items() if name.startswith("MALLOC_")]
    return [
        f"processor: {processor()}, one thread",
        f"system: {platform.system()}, {platform.machine()}",
        f"{platform.python_implementation()} {platform.python_version()}, {', '.join(versions)}",
        f"allocator: {' '.join(platform.libc_ver()).strip() or 'unknown'}, {', '.join(malloc) or 'with its defaults'}",
    ]


def processor() -> str:
    """The processor's model; ``platform.processor`` does not know it on Linux."""
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


PAGE = """\
# Benchmarks

This page is written by

    {command}

which times everything below in one run, with the `bench` extra installed. Nothing in the tests asserts a time.

{environment}

## Gradients

{picture}{cases}

- Times are process CPU time: medians of {rounds} rounds, each of which times every entry of its line in turn. A ratio
  is the median of the ratios within the rounds. Lines of a few microseconds show the cost of a call as much as that of
  the arithmetic.
- *primal*: the function itself (`tests/benchmarks/primals`), on a copy of each argument that it writes into.
  *gradient*: what `bp.grad` returns, called as a user calls it, after the first call. *by hand*: the gradient in
  `tests/benchmarks/handwritten`, written with what the mathematics knows. *HIPS autograd*: the same source with
  `autograd.numpy` under the name `np`. *JAX*: a form written for it (`tests/benchmarks/jax_forms`) under `jax.jit`,
  with NumPy arguments in double precision, after compilation; of the two forms of a loop, a `scan` and one with
  `jax.checkpoint` on its step, the faster.
- *transform*: how much longer the first call takes than the second: the compiler, from reading the source to a loaded
  function.
- `tests/benchmarks/test_cases.py` checks every gradient that is timed here against differences.

### What is asked of them

{summary}

Beside some lines that are beyond a bound stands what explains them: *specialised*, the same ratio of
`df.specialise(*args)`, which is the emitted function alone, without the look-up of a call; *by hand*, the same ratio of
the gradient by hand, which is what code in Python and NumPy reaches at all.

### Peak memory

What Python and NumPy hold at most during a call, arguments apart, the result included (`tracemalloc`; JAX does not
report to it).

{memory}

## Overhead of a call

A derivative that was called before, of functions of numbers that do nothing but add (`tests/benchmarks/overhead.py`),
beside the same derivative written by hand: what it costs to find the text for the arguments and to check what it took
for granted. *checked globals*: numbers that the function reads. *specialised*: `df.specialise(*args)`, the bare
function, whose text is the compiler's.

{overheads}

The line that comes closest: {a} us + {b} us x (arguments + checked globals).

Other kinds of functions, beside the specialised function, which computes the same. *checked bindings*: what else was
taken for granted than the arguments' types: functions, modules, globals.

{kinds}

## Storage of a long loop

2000 steps over a state of 1000 numbers (`tests/benchmarks/storage.py`). The least is one state a step, 16 MB.

{stored}

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
