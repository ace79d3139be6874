"""Elements and parts of arrays."""

import operator

import numpy as np

from backprose.rules.registry import constant, engine_made

engine_made(
    operator.getitem,
    parameters=("a", "b"),
    reason="the adjoint is added to the part of a_bar that was read: in place; np.add.at where an index may repeat",
)
constant(np.add.at, reason="a write in place; the engine writes it, and never reads a result")
