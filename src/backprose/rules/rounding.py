"""Functions that are constant between their jumps."""

import builtins
import math
import operator

import numpy as np

from backprose.rules.registry import constant, real_only

constant(
    (np.floor, math.floor),
    (np.ceil, math.ceil),
    (np.trunc, math.trunc, np.fix),
    np.rint,
    (np.round, np.around, np.ndarray.round, builtins.round),
    np.sign,
    (np.floor_divide, operator.floordiv),
    reason="constant between its jumps",
)
real_only(np.sign)  # of a complex number z it is z / |z|, which turns with z
