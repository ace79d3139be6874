"""Dead code: statements without effect whose result is not read.

A stack of which no popped value is read goes with all its pushes. Of the primal only effect-free statements go.
"""

from __future__ import annotations

from dataclasses import replace

from backprose.analyse.liveness import Liveness
from backprose.ir.nodes import Function


def remove_dead(function: Function) -> Function:
    """The function without statements that nobody reads.

    >>> from backprose.emit import emit
    >>> from backprose.ir.names import NameSupply
    >>> from backprose.ir.nodes import Program
    >>> from backprose.lower import lower
    >>> from backprose.parse import parse
    >>> def f(x):
    ...     y = x * 2.0
    ...     z = x * 3.0
    ...     return z
    >>> print(emit(Program((remove_dead(lower(parse(f), NameSupply(()))),))).text, end="")
    def f(x):
        z = x * 3.0
        return z
    """
    while True:
        dead_stacks: set[str] = set()
        pops: dict[str, bool] = {}
        finder = Liveness(pops, frozenset())
        finder.block(function.body, set(), None)
        dead_stacks = {stack for stack, used in pops.items() if not used}
        body, _ = Liveness({}, frozenset(dead_stacks)).block(function.body, set(), None)
        function = replace(function, body=body)
        if not dead_stacks:
            return function
