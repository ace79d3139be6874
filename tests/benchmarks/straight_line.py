"""Functions of any number of statements, one after the other, to time the compiler itself."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from types import FunctionType

from tests.benchmarks.fresh import fresh_module

_forms = (
    "x{k} = x{a} * np.cos(x{b}) + 0.1",
    "x{k} = np.tanh(x{a} + x{b})",
    "x{k} = x{a} / (1.0 + x{b} * x{b})",
    "x{k} = np.exp(-x{a} ** 2) - 0.5 * x{b}",
    "x{k} = 0.3 * x{a} - x{b}",
)


def text_of(statements: int) -> str:
    """A function of one argument whose every statement reads the results of the two before it.

    >>> print(text_of(2), end="")
    import numpy as np
    <BLANKLINE>
    <BLANKLINE>
    def chain(x0):
        x1 = x0 * np.cos(x0) + 0.1
        x2 = np.tanh(x1 + x0)
        return x2
    """
    lines = ["import numpy as np", "", "", "def chain(x0):"]
    for k in range(1, statements + 1):
        form = _forms[(k - 1) % len(_forms)]
        lines.append("    " + form.format(k=k, a=k - 1, b=max(k - 2, 0)))
    return "\n".join([*lines, f"    return x{statements}", ""])


@contextlib.contextmanager
def fresh_chain(statements: int) -> Iterator[FunctionType]:
    """The function, from a module and a file of its own that are gone afterwards: no cache has seen it."""
    with fresh_module("straight_line", text_of(statements)) as module:
        yield module.chain
