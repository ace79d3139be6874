"""Python's own functions, facts about arrays that are integers, and what has no rule yet."""

import builtins
import math

import numpy as np

from backprose.rules.registry import constant, engine_made, not_yet

constant(np.shape, np.size, np.ndim, builtins.len, reason="the extents of an array are integers")
constant(builtins.range, builtins.reversed, builtins.int, builtins.bool, reason="not a differentiable number")
constant(math.gcd, math.lcm, math.factorial, math.comb, math.perm, math.isqrt, reason="defined for integers only")

engine_made(builtins.list, parameters=("items",), reason="the adjoint of a list is a list")

not_yet(
    np.split, np.array_split, np.hsplit, np.vsplit, np.dsplit, np.block,
    np.meshgrid, np.modf, np.frexp, (np.divmod, builtins.divmod),
    reason="the rule has not been written",
)  # fmt: skip
not_yet(
    np.histogram,
    np.histogram2d,
    np.histogramdd,
    np.histogram_bin_edges,
    reason="counts change in jumps, but weights and the edges of bins may have a derivative",
)
not_yet(
    np.linalg.eig, np.linalg.eigvals,
    np.linalg.lstsq,
    np.linalg.multi_dot,
    reason="the rule has not been written",
)  # fmt: skip
