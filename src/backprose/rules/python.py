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
    math.erf, math.erfc, math.gamma, math.lgamma, math.fsum, math.prod, math.dist, math.remainder, math.nextafter,
    math.ulp,
    reason="the rule has not been written",
)  # fmt: skip
not_yet(
    np.einsum, np.tensordot, np.convolve, np.correlate, np.interp, np.gradient, np.trapezoid,
    np.quantile, np.percentile, np.average, np.cov, np.corrcoef, np.ptp,
    np.nansum, np.nanmean, np.nanmax, np.nanmin, np.nanprod, np.nanvar, np.nanstd, np.nan_to_num,
    np.compress, np.extract,
    np.split, np.array_split, np.hsplit, np.vsplit, np.dsplit, np.column_stack, np.dstack, np.block,
    np.append, np.insert, np.delete, np.rollaxis, np.atleast_3d,
    np.meshgrid, np.logspace, np.geomspace, np.vander, np.polyval, np.modf, np.frexp, np.ldexp,
    (np.divmod, builtins.divmod), np.i0, np.unwrap, np.ediff1d,
    reason="the rule has not been written",
)  # fmt: skip
not_yet(
    np.linalg.svd, np.linalg.eig, np.linalg.eigh, np.linalg.eigvals, np.linalg.eigvalsh, np.linalg.qr,
    np.linalg.pinv, np.linalg.lstsq, np.linalg.slogdet, np.linalg.matrix_power,
    np.linalg.multi_dot, np.linalg.cond, np.linalg.tensorsolve, np.linalg.tensorinv, np.linalg.vector_norm,
    np.linalg.matrix_norm,
    reason="the rule has not been written",
)  # fmt: skip
