"""Elements and parts of arrays."""

import operator

from backprose.rules.registry import engine_made

engine_made(
    operator.getitem,
    parameters=("a", "b"),
    reason="the adjoint is added to the part of a_bar that was read: in place; np.add.at where an index may repeat",
)
