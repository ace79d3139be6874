"""Dead code: statements without effect whose result is not read.

A stack of which no popped value is read goes with all its pushes. Of the primal only effect-free statements go.
"""

from __future__ import annotations

from dataclasses import replace

from backprose.analyse.liveness import Liveness
from backprose.ir.nodes import Function


def remove_dead(function: Function) -> Function:
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
