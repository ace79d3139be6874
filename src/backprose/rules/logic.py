"""Comparisons, tests, places in an order: results that are not differentiable numbers."""

import math
import operator

import numpy as np

from backprose.rules.registry import constant, views

constant(
    (np.equal, operator.eq),
    (np.not_equal, operator.ne),
    (np.less, operator.lt),
    (np.less_equal, operator.le),
    (np.greater, operator.gt),
    (np.greater_equal, operator.ge),
    np.logical_and,
    np.logical_or,
    np.logical_xor,
    np.logical_not,
    operator.not_,
    (np.isfinite, math.isfinite),
    (np.isnan, math.isnan),
    (np.isinf, math.isinf),
    np.signbit,
    np.isposinf,
    np.isneginf,
    np.isscalar,
    np.iterable,
    np.array_equiv,
    (np.isclose, math.isclose),
    np.allclose,
    np.array_equal,
    (np.all, np.ndarray.all),
    (np.any, np.ndarray.any),
    np.isin,
    np.shares_memory,
    np.may_share_memory,
    np.issubdtype,
    reason="true or false",
)
constant(
    (np.argmax, np.ndarray.argmax),
    (np.argmin, np.ndarray.argmin),
    (np.argsort, np.ndarray.argsort),
    (np.nonzero, np.ndarray.nonzero),
    np.argwhere,
    np.flatnonzero,
    np.count_nonzero,
    np.searchsorted,
    np.digitize,
    np.lexsort,
    np.argpartition,
    np.nanargmax,
    np.nanargmin,
    np.unravel_index,
    np.ravel_multi_index,
    np.ix_,
    np.tril_indices,
    np.triu_indices,
    np.tril_indices_from,
    np.triu_indices_from,
    np.mask_indices,
    np.diag_indices_from,
    reason="positions are integers",
)
views(np.ix_, of_any=True)  # of the arrays that it is given
constant(
    (np.bitwise_and, operator.and_),
    (np.bitwise_or, operator.or_),
    (np.bitwise_xor, operator.xor),
    (np.invert, operator.invert),
    (np.left_shift, operator.lshift),
    (np.right_shift, operator.rshift),
    reason="defined for integers only",
)
