"""Statistics: means with weights, quantiles, covariances, and what leaves out nan."""

import numpy as np

from backprose.rules.registry import adjoint, linear, real_only, several, tangent
from backprose.support import bins_of, merge_axes, product_of_others, recurrence, split_axes, unbroadcast


@adjoint(np.average, active=("a", "weights"))
def average(a, axis=None, weights=None, *, keepdims=False, out, out_bar):
    """To the values w / sum(w), to the weights (a - average) / sum(w)."""
    bar = out_bar if keepdims or axis is None else np.expand_dims(out_bar, axis)
    if weights is None:
        return np.broadcast_to(bar / (max(np.size(a), 1) // max(np.size(out), 1)), np.shape(a)), 0.0
    if np.ndim(weights) == np.ndim(a):
        total = np.sum(weights, axis=axis, keepdims=True)
        middle = out if keepdims or axis is None else np.expand_dims(out, axis)
        return bar * weights / total, bar * (a - middle) / total
    share = np.moveaxis(np.broadcast_to(weights, np.shape(np.moveaxis(a, axis, -1))), -1, axis) / np.sum(weights)
    middle = out if keepdims or axis is None else np.expand_dims(out, axis)
    return bar * share, unbroadcast(np.moveaxis(bar * (a - middle), axis, -1), weights) / np.sum(weights)


@tangent(np.average)
def average_dot(a, axis=None, weights=None, *, keepdims=False, out, a_dot, weights_dot):
    if weights is None:
        return np.average(a_dot, axis=axis, keepdims=keepdims), 0.0
    moved = np.average(a_dot, axis=axis, weights=weights, keepdims=keepdims)
    middle = out if keepdims or axis is None else np.expand_dims(out, axis)
    if np.ndim(weights) == np.ndim(a):
        total = np.sum(weights, axis=axis, keepdims=keepdims)
        return moved, np.sum((a - middle) * weights_dot, axis=axis, keepdims=keepdims) / total
    along = np.moveaxis(np.broadcast_to(weights_dot, np.shape(np.moveaxis(a, axis, -1))), -1, axis)
    return moved, np.sum((a - middle) * along, axis=axis, keepdims=keepdims) / np.sum(weights)


@adjoint(np.quantile, active=("a",))
def quantile(a, q, axis=None, *, keepdims=False, out_bar):
    """Between the two elements next to the place q (n - 1) in the order, linearly."""
    rows = merge_axes(a, axis)
    place = np.argsort(np.argsort(rows, -1, kind="stable"), -1)
    if np.ndim(q) == 0:
        share = np.maximum(1 - np.abs(place - q * (np.shape(rows)[-1] - 1)), 0)
        bar = out_bar if axis is None else np.expand_dims(np.reshape(out_bar, np.shape(rows)[:-1]), -1)
        return split_axes(bar * share, a, axis)
    if np.ndim(q) == 1:
        wanted = np.reshape(np.asarray(q) * (np.shape(rows)[-1] - 1), np.shape(q) + (1,) * np.ndim(rows))
        bar = np.expand_dims(np.reshape(out_bar, np.shape(q) + np.shape(rows)[:-1]), -1)
        return split_axes(np.sum(bar * np.maximum(1 - np.abs(place - wanted), 0), axis=0), a, axis)
    raise NotImplementedError("the quantiles are a number or a vector")


@tangent(np.quantile)
def quantile_dot(a, q, axis=None, *, keepdims=False, out, a_dot):
    rows = merge_axes(a, axis)
    place = np.argsort(np.argsort(rows, -1, kind="stable"), -1)
    wanted = np.reshape(np.asarray(q) * (np.shape(rows)[-1] - 1), np.shape(q) + (1,) * np.ndim(rows))
    share = np.maximum(1 - np.abs(place - wanted), 0)
    return np.reshape(np.sum(share * merge_axes(a_dot, axis), axis=-1), np.shape(out))


@adjoint(np.percentile, active=("a",))
def percentile(a, q, axis=None, *, keepdims=False, out_bar):
    """Between the two elements next to the place q / 100 (n - 1) in the order, linearly."""
    rows = merge_axes(a, axis)
    place = np.argsort(np.argsort(rows, -1, kind="stable"), -1)
    if np.ndim(q) == 0:
        share = np.maximum(1 - np.abs(place - q / 100 * (np.shape(rows)[-1] - 1)), 0)
        bar = out_bar if axis is None else np.expand_dims(np.reshape(out_bar, np.shape(rows)[:-1]), -1)
        return split_axes(bar * share, a, axis)
    if np.ndim(q) == 1:
        wanted = np.reshape(np.asarray(q) / 100 * (np.shape(rows)[-1] - 1), np.shape(q) + (1,) * np.ndim(rows))
        bar = np.expand_dims(np.reshape(out_bar, np.shape(q) + np.shape(rows)[:-1]), -1)
        return split_axes(np.sum(bar * np.maximum(1 - np.abs(place - wanted), 0), axis=0), a, axis)
    raise NotImplementedError("the quantiles are a number or a vector")


@tangent(np.percentile)
def percentile_dot(a, q, axis=None, *, keepdims=False, out, a_dot):
    rows = merge_axes(a, axis)
    place = np.argsort(np.argsort(rows, -1, kind="stable"), -1)
    wanted = np.reshape(np.asarray(q) / 100 * (np.shape(rows)[-1] - 1), np.shape(q) + (1,) * np.ndim(rows))
    share = np.maximum(1 - np.abs(place - wanted), 0)
    return np.reshape(np.sum(share * merge_axes(a_dot, axis), axis=-1), np.shape(out))


@adjoint(np.ptp)
def ptp(a, axis=None, *, keepdims=False, out_bar):
    """The largest less the smallest, each in equal shares."""
    flat = keepdims or axis is None or np.ndim(a) == 0
    largest = a == np.max(a, axis=axis, keepdims=True)
    smallest = a == np.min(a, axis=axis, keepdims=True)
    share = largest / np.sum(largest, axis=axis, keepdims=True) - smallest / np.sum(smallest, axis=axis, keepdims=True)
    return share * (out_bar if flat else np.expand_dims(out_bar, axis))


@tangent(np.ptp)
def ptp_dot(a, axis=None, *, keepdims=False, a_dot):
    largest = a == np.max(a, axis=axis, keepdims=True)
    smallest = a == np.min(a, axis=axis, keepdims=True)
    share = largest / np.sum(largest, axis=axis, keepdims=True) - smallest / np.sum(smallest, axis=axis, keepdims=True)
    return np.sum(share * a_dot, axis=axis, keepdims=keepdims)


@adjoint(np.cov, active=("m", "y"))
def cov(m, y=None, rowvar=True, bias=False, ddof=None, *, out_bar):
    """X X^T / (n - ddof) of the rows X less their means; y gives more rows."""
    if y is not None and not rowvar and np.ndim(y) == 2:
        raise NotImplementedError("two matrices of columns are not covered: join them with np.concatenate")
    first = np.atleast_2d(m) if np.ndim(m) < 2 else m if rowvar else m.T
    rows = first if y is None else np.concatenate((first, np.atleast_2d(y)))
    centred = rows - np.mean(rows, axis=1, keepdims=True)
    count = np.shape(rows)[1] - ((0 if bias else 1) if ddof is None else ddof)
    bar = np.reshape(out_bar, (len(rows), len(rows)))
    rows_bar = (bar + bar.T) @ centred / count
    if y is None:
        return np.reshape(rows_bar if rowvar or np.ndim(m) < 2 else rows_bar.T, np.shape(m)), None
    own_bar = rows_bar[: len(first)] if rowvar or np.ndim(m) < 2 else rows_bar[: len(first)].T
    return np.reshape(own_bar, np.shape(m)), np.reshape(rows_bar[len(first) :], np.shape(y))


@tangent(np.cov)
def cov_dot(m, y=None, rowvar=True, bias=False, ddof=None, *, out, m_dot, y_dot):
    if y is not None and not rowvar and np.ndim(y) == 2:
        raise NotImplementedError("two matrices of columns are not covered: join them with np.concatenate")
    first = np.atleast_2d(m) if np.ndim(m) < 2 else m if rowvar else m.T
    rows = first if y is None else np.concatenate((first, np.atleast_2d(y)))
    moved = np.zeros_like(m) + m_dot
    moves = np.atleast_2d(moved) if np.ndim(m) < 2 else moved if rowvar else moved.T
    centred = rows - np.mean(rows, axis=1, keepdims=True)
    count = np.shape(rows)[1] - ((0 if bias else 1) if ddof is None else ddof)
    if y is None:
        return np.reshape((moves @ centred.T + centred @ moves.T) / count, np.shape(out)), 0.0
    first_moves = np.concatenate((moves, np.zeros_like(np.atleast_2d(y))))
    other_moves = np.concatenate((np.zeros_like(first), np.atleast_2d(np.zeros_like(y) + y_dot)))
    m_term = np.reshape((first_moves @ centred.T + centred @ first_moves.T) / count, np.shape(out))
    return m_term, np.reshape((other_moves @ centred.T + centred @ other_moves.T) / count, np.shape(out))


@adjoint(np.corrcoef, active=("x", "y"))
def corrcoef(x, y=None, rowvar=True, *, out, out_bar):
    """The covariances of the rows less their means, over the root of their squares; y gives more rows."""
    if y is not None and not rowvar and np.ndim(y) == 2:
        raise NotImplementedError("two matrices of columns are not covered: join them with np.concatenate")
    first = np.atleast_2d(x) if np.ndim(x) < 2 else x if rowvar else x.T
    rows = first if y is None else np.concatenate((first, np.atleast_2d(y)))
    centred = rows - np.mean(rows, axis=1, keepdims=True)
    length = np.sqrt(np.sum(centred**2, axis=1, keepdims=True))
    units = centred / length
    bar = np.reshape(out_bar, (len(rows), len(rows)))
    units_bar = (bar + bar.T) @ units
    rows_bar = (units_bar - units * np.sum(units * units_bar, axis=1, keepdims=True)) / length
    if y is None:
        return np.reshape(rows_bar if rowvar or np.ndim(x) < 2 else rows_bar.T, np.shape(x)), None
    own_bar = rows_bar[: len(first)] if rowvar or np.ndim(x) < 2 else rows_bar[: len(first)].T
    return np.reshape(own_bar, np.shape(x)), np.reshape(rows_bar[len(first) :], np.shape(y))


@tangent(np.corrcoef)
def corrcoef_dot(x, y=None, rowvar=True, *, out, x_dot, y_dot):
    if y is not None and not rowvar and np.ndim(y) == 2:
        raise NotImplementedError("two matrices of columns are not covered: join them with np.concatenate")
    first = np.atleast_2d(x) if np.ndim(x) < 2 else x if rowvar else x.T
    rows = first if y is None else np.concatenate((first, np.atleast_2d(y)))
    moved = np.zeros_like(x) + x_dot
    moves = np.atleast_2d(moved) if np.ndim(x) < 2 else moved if rowvar else moved.T
    centred = rows - np.mean(rows, axis=1, keepdims=True)
    length = np.sqrt(np.sum(centred**2, axis=1, keepdims=True))
    units = centred / length
    whole = moves if y is None else np.concatenate((moves, np.zeros_like(np.atleast_2d(y))))
    turned = (whole - np.mean(whole, axis=1, keepdims=True)) / length
    turned = turned - units * np.sum(units * turned, axis=1, keepdims=True)
    x_term = np.reshape(turned @ units.T + units @ turned.T, np.shape(out))
    if y is None:
        return x_term, 0.0
    other = np.concatenate((np.zeros_like(first), np.atleast_2d(np.zeros_like(y) + y_dot)))
    turned = (other - np.mean(other, axis=1, keepdims=True)) / length
    turned = turned - units * np.sum(units * turned, axis=1, keepdims=True)
    return x_term, np.reshape(turned @ units.T + units @ turned.T, np.shape(out))


real_only(np.cov, np.corrcoef)  # of complex numbers the second factor is conjugated


# ---------------------------------------------------------------- without nan
@adjoint(np.nansum)
def nansum(a, axis=None, *, keepdims=False, out_bar):
    flat = keepdims or axis is None or np.ndim(a) == 0
    bar = out_bar if flat else np.expand_dims(out_bar, axis)
    return np.where(np.isnan(a), 0, bar)


@tangent(np.nansum)
def nansum_dot(a, axis=None, *, keepdims=False, a_dot):
    return np.sum(np.where(np.isnan(a), 0, a_dot), axis=axis, keepdims=keepdims)


@adjoint(np.nanmean)
def nanmean(a, axis=None, *, keepdims=False, out_bar):
    flat = keepdims or axis is None or np.ndim(a) == 0
    count = np.sum(np.logical_not(np.isnan(a)), axis=axis, keepdims=True)
    bar = out_bar if flat else np.expand_dims(out_bar, axis)
    return np.where(np.isnan(a), 0, bar / np.maximum(count, 1))


@tangent(np.nanmean)
def nanmean_dot(a, axis=None, *, keepdims=False, a_dot):
    count = np.sum(np.logical_not(np.isnan(a)), axis=axis, keepdims=keepdims)
    return np.sum(np.where(np.isnan(a), 0, a_dot), axis=axis, keepdims=keepdims) / np.maximum(count, 1)


@adjoint(np.nanvar)
def nanvar(a, axis=None, *, ddof=0, keepdims=False, out_bar):
    """As var, of the elements that are there."""
    flat = keepdims or axis is None or np.ndim(a) == 0
    kept = np.logical_not(np.isnan(a))
    count = np.sum(kept, axis=axis, keepdims=True)
    centred = np.where(kept, np.conj(a - np.nanmean(a, axis=axis, keepdims=True)), 0)
    bar = out_bar if flat else np.expand_dims(out_bar, axis)
    return bar * np.divide(2 * centred, np.maximum(count - ddof, 0))


@tangent(np.nanvar)
def nanvar_dot(a, axis=None, *, ddof=0, keepdims=False, a_dot):
    kept = np.logical_not(np.isnan(a))
    count = np.sum(kept, axis=axis, keepdims=keepdims)
    centred = np.where(kept, np.conj(a - np.nanmean(a, axis=axis, keepdims=True)), 0)
    moved = np.where(kept, a_dot, 0)
    return np.divide(2 * np.sum(centred * moved, axis=axis, keepdims=keepdims), np.maximum(count - ddof, 0))


@adjoint(np.nanstd)
def nanstd(a, axis=None, *, ddof=0, keepdims=False, out, out_bar):
    """As std, of the elements that are there; 0 where they are all equal."""
    flat = keepdims or axis is None or np.ndim(a) == 0
    kept = np.logical_not(np.isnan(a))
    count = np.sum(kept, axis=axis, keepdims=True)
    centred = np.where(kept, np.conj(a - np.nanmean(a, axis=axis, keepdims=True)), 0)
    ratio = np.divide(out_bar, np.where(out == 0, 1, out))
    bar = ratio if flat else np.expand_dims(ratio, axis)
    return bar * np.divide(centred, np.maximum(count - ddof, 0))


@tangent(np.nanstd)
def nanstd_dot(a, axis=None, *, ddof=0, keepdims=False, out, a_dot):
    kept = np.logical_not(np.isnan(a))
    count = np.sum(kept, axis=axis, keepdims=keepdims)
    centred = np.where(kept, np.conj(a - np.nanmean(a, axis=axis, keepdims=True)), 0)
    scale = np.divide(1, np.maximum(count - ddof, 0) * np.where(out == 0, 1, out))
    return scale * np.sum(centred * np.where(kept, a_dot, 0), axis=axis, keepdims=keepdims)


@adjoint(np.nanprod)
def nanprod(a, axis=None, *, keepdims=False, out_bar):
    """For each element the product of the others that are there."""
    flat = keepdims or axis is None or np.ndim(a) == 0
    factors = np.where(np.isnan(a), 1, a)
    others = split_axes(product_of_others(merge_axes(factors, axis)), a, axis)
    bar = out_bar if flat else np.expand_dims(out_bar, axis)
    return np.where(np.isnan(a), 0, bar * others)


@tangent(np.nanprod)
def nanprod_dot(a, axis=None, *, keepdims=False, a_dot):
    factors = np.where(np.isnan(a), 1, a)
    others = split_axes(product_of_others(merge_axes(factors, axis)), a, axis)
    return np.sum(np.where(np.isnan(a), 0, others * a_dot), axis=axis, keepdims=keepdims)


@adjoint(np.nanmax)
def nanmax(a, axis=None, *, keepdims=False, out, out_bar):
    """To the elements that are the largest, in equal shares."""
    flat = keepdims or axis is None or np.ndim(a) == 0
    largest = a == (out if flat else np.expand_dims(out, axis))
    share = largest / np.maximum(np.sum(largest, axis=axis, keepdims=True), 1)
    return share * (out_bar if flat else np.expand_dims(out_bar, axis))


@tangent(np.nanmax)
def nanmax_dot(a, axis=None, *, keepdims=False, out, a_dot):
    flat = keepdims or axis is None or np.ndim(a) == 0
    largest = a == (out if flat else np.expand_dims(out, axis))
    count = np.maximum(np.sum(largest, axis=axis, keepdims=keepdims), 1)
    return np.sum(np.where(largest, a_dot, 0), axis=axis, keepdims=keepdims) / count


@adjoint(np.nanmin)
def nanmin(a, axis=None, *, keepdims=False, out, out_bar):
    """To the elements that are the smallest, in equal shares."""
    flat = keepdims or axis is None or np.ndim(a) == 0
    smallest = a == (out if flat else np.expand_dims(out, axis))
    share = smallest / np.maximum(np.sum(smallest, axis=axis, keepdims=True), 1)
    return share * (out_bar if flat else np.expand_dims(out_bar, axis))


@tangent(np.nanmin)
def nanmin_dot(a, axis=None, *, keepdims=False, out, a_dot):
    flat = keepdims or axis is None or np.ndim(a) == 0
    smallest = a == (out if flat else np.expand_dims(out, axis))
    count = np.maximum(np.sum(smallest, axis=axis, keepdims=keepdims), 1)
    return np.sum(np.where(smallest, a_dot, 0), axis=axis, keepdims=keepdims) / count


@linear(np.nancumsum)
def nancumsum(a, axis=None, dtype=None, *, out_bar):
    """As cumsum, of zeros for what is not there."""
    if axis is None or np.ndim(a) == 0:
        return np.where(np.isnan(a), 0, np.reshape(np.flip(np.cumsum(np.flip(out_bar))), np.shape(a)))
    return np.where(np.isnan(a), 0, np.flip(np.cumsum(np.flip(out_bar, axis), axis), axis))


@adjoint(np.nancumprod)
def nancumprod(a, axis=None, dtype=None, *, out, out_bar):
    """As cumprod, of ones for what is not there."""
    if np.iscomplexobj(a) and dtype is not None:
        raise NotImplementedError("a dtype for complex numbers is not covered: cast them before")
    flat = axis is None or np.ndim(a) == 0
    kept = np.logical_not(np.isnan(a))
    factors = np.where(kept, a, 1)
    rows = np.ravel(factors) if flat else np.moveaxis(factors, axis, -1)
    products = out if flat else np.moveaxis(out, axis, -1)
    bar = out_bar if flat else np.moveaxis(out_bar, axis, -1)
    before = np.where(np.arange(np.shape(rows)[-1]) == 0, 1, np.roll(products, 1, -1))
    after = np.flip(recurrence(np.flip(bar, -1), np.flip(np.roll(rows, -1, -1), -1)), -1)
    whole = np.reshape(before * after, np.shape(a)) if flat else np.moveaxis(before * after, -1, axis)
    return np.where(kept, whole, 0)


@tangent(np.nancumprod)
def nancumprod_dot(a, axis=None, dtype=None, *, out, a_dot):
    if np.iscomplexobj(a) and dtype is not None:
        raise NotImplementedError("a dtype for complex numbers is not covered: cast them before")
    flat = axis is None or np.ndim(a) == 0
    kept = np.logical_not(np.isnan(a))
    factors = np.where(kept, a, 1)
    still = np.where(kept, a_dot, 0)
    rows = np.ravel(factors) if flat else np.moveaxis(factors, axis, -1)
    moves = np.ravel(still) if flat else np.moveaxis(still, axis, -1)
    products = out if flat else np.moveaxis(out, axis, -1)
    before = np.where(np.arange(np.shape(rows)[-1]) == 0, 1, np.roll(products, 1, -1))
    return recurrence(before * moves, rows) if flat else np.moveaxis(recurrence(before * moves, rows), -1, axis)


@adjoint(np.nanmedian)
def nanmedian(a, axis=None, *, keepdims=False, out_bar):
    """As median, of the elements that are there: nan comes last in the order."""
    rows = merge_axes(a, axis)
    place = np.argsort(np.argsort(rows, -1, kind="stable"), -1)
    there = np.logical_not(np.isnan(rows))
    count = np.sum(there, axis=-1, keepdims=True)
    middle = np.where(place == (count - 1) // 2, 0.5, 0) + np.where(place == count // 2, 0.5, 0)
    share = split_axes(np.where(there, middle, 0), a, axis)
    if keepdims or axis is None:
        return out_bar * share
    return np.expand_dims(out_bar, axis) * share


@tangent(np.nanmedian)
def nanmedian_dot(a, axis=None, *, keepdims=False, a_dot):
    rows = merge_axes(a, axis)
    place = np.argsort(np.argsort(rows, -1, kind="stable"), -1)
    there = np.logical_not(np.isnan(rows))
    count = np.sum(there, axis=-1, keepdims=True)
    middle = np.where(place == (count - 1) // 2, 0.5, 0) + np.where(place == count // 2, 0.5, 0)
    share = split_axes(np.where(there, middle, 0), a, axis)
    return np.sum(np.where(share == 0, 0, share * a_dot), axis=axis, keepdims=keepdims)


@adjoint(np.nanquantile, active=("a",))
def nanquantile(a, q, axis=None, *, keepdims=False, out_bar):
    """As quantile, of the elements that are there: nan comes last in the order."""
    rows = merge_axes(a, axis)
    place = np.argsort(np.argsort(rows, -1, kind="stable"), -1)
    there = np.logical_not(np.isnan(rows))
    last = np.sum(there, axis=-1, keepdims=True) - 1
    if np.ndim(q) == 0:
        share = np.where(there, np.maximum(1 - np.abs(place - q * last), 0), 0)
        bar = out_bar if axis is None else np.expand_dims(np.reshape(out_bar, np.shape(rows)[:-1]), -1)
        return split_axes(bar * share, a, axis)
    if np.ndim(q) == 1:
        wanted = np.reshape(np.asarray(q), np.shape(q) + (1,) * np.ndim(rows)) * last
        share = np.where(there, np.maximum(1 - np.abs(place - wanted), 0), 0)
        bar = np.expand_dims(np.reshape(out_bar, np.shape(q) + np.shape(rows)[:-1]), -1)
        return split_axes(np.sum(bar * share, axis=0), a, axis)
    raise NotImplementedError("the quantiles are a number or a vector")


@tangent(np.nanquantile)
def nanquantile_dot(a, q, axis=None, *, keepdims=False, out, a_dot):
    rows = merge_axes(a, axis)
    place = np.argsort(np.argsort(rows, -1, kind="stable"), -1)
    there = np.logical_not(np.isnan(rows))
    last = np.sum(there, axis=-1, keepdims=True) - 1
    wanted = np.reshape(np.asarray(q), np.shape(q) + (1,) * np.ndim(rows)) * last
    share = np.maximum(1 - np.abs(place - wanted), 0)
    moves = np.where(there, merge_axes(a_dot, axis), 0)
    return np.reshape(np.sum(share * moves, axis=-1), np.shape(out))


@adjoint(np.nanpercentile, active=("a",))
def nanpercentile(a, q, axis=None, *, keepdims=False, out_bar):
    """As percentile, of the elements that are there: nan comes last in the order."""
    rows = merge_axes(a, axis)
    place = np.argsort(np.argsort(rows, -1, kind="stable"), -1)
    there = np.logical_not(np.isnan(rows))
    last = np.sum(there, axis=-1, keepdims=True) - 1
    if np.ndim(q) == 0:
        share = np.where(there, np.maximum(1 - np.abs(place - q / 100 * last), 0), 0)
        bar = out_bar if axis is None else np.expand_dims(np.reshape(out_bar, np.shape(rows)[:-1]), -1)
        return split_axes(bar * share, a, axis)
    if np.ndim(q) == 1:
        wanted = np.reshape(np.asarray(q) / 100, np.shape(q) + (1,) * np.ndim(rows)) * last
        share = np.where(there, np.maximum(1 - np.abs(place - wanted), 0), 0)
        bar = np.expand_dims(np.reshape(out_bar, np.shape(q) + np.shape(rows)[:-1]), -1)
        return split_axes(np.sum(bar * share, axis=0), a, axis)
    raise NotImplementedError("the quantiles are a number or a vector")


@tangent(np.nanpercentile)
def nanpercentile_dot(a, q, axis=None, *, keepdims=False, out, a_dot):
    rows = merge_axes(a, axis)
    place = np.argsort(np.argsort(rows, -1, kind="stable"), -1)
    there = np.logical_not(np.isnan(rows))
    last = np.sum(there, axis=-1, keepdims=True) - 1
    wanted = np.reshape(np.asarray(q) / 100, np.shape(q) + (1,) * np.ndim(rows)) * last
    share = np.maximum(1 - np.abs(place - wanted), 0)
    moves = np.where(there, merge_axes(a_dot, axis), 0)
    return np.reshape(np.sum(share * moves, axis=-1), np.shape(out))


# ---------------------------------------------------------------- counts
@adjoint(np.histogram, active=("a", "weights"))
def histogram(a, bins=10, range=None, density=None, weights=None, *, out, out_bar):
    """A weight is added to the bin that its number lies in; the numbers move the edges, if they make these."""
    if density or isinstance(bins, str):
        raise NotImplementedError("give a number of bins, or their edges, and divide the counts yourself")
    t = np.linspace(0, 1, len(out[1]))
    a_bar = np.zeros_like(a)
    if isinstance(bins, int) and range is None and out_bar[1] is not None:
        low = np.sum(out_bar[1] * (1 - t)) * (np.arange(np.size(a)) == np.argmin(a))
        high = np.sum(out_bar[1] * t) * (np.arange(np.size(a)) == np.argmax(a))
        a_bar = np.reshape(low + high, np.shape(a))
    if weights is None or out_bar[0] is None:
        return a_bar, 0.0 if weights is None else np.zeros_like(weights)
    place = np.clip(np.searchsorted(out[1], a, "right") - 1, 0, len(out[0]) - 1)
    inside = np.logical_and(a >= out[1][0], a <= out[1][-1])
    return a_bar, np.where(inside, np.take(out_bar[0], place), 0)


@tangent(np.histogram)
def histogram_dot(a, bins=10, range=None, density=None, weights=None, *, out, a_dot, weights_dot):
    if density or isinstance(bins, str):
        raise NotImplementedError("give a number of bins, or their edges, and divide the counts yourself")
    moves = np.zeros_like(out[1])
    if isinstance(bins, int) and range is None:
        t = np.linspace(0, 1, len(out[1]))
        line = np.ravel(np.zeros_like(a) + a_dot)
        moves = np.take(line, np.argmin(a)) * (1 - t) + np.take(line, np.argmax(a)) * t
    if weights is None:
        return np.zeros(len(out[0])), moves
    place = np.ravel(np.clip(np.searchsorted(out[1], a, "right") - 1, 0, len(out[0]) - 1))
    inside = np.logical_and(a >= out[1][0], a <= out[1][-1])
    added = np.ravel(np.where(inside, np.zeros_like(weights) + weights_dot, 0))
    return np.bincount(place, added, len(out[0])), moves


several(np.histogram, results=2)


@adjoint(np.histogram2d, active=("x", "y", "weights"))
def histogram2d(x, y, bins=10, range=None, density=None, weights=None, *, out, out_bar):
    """As histogram, with edges of both coordinates; of two numbers of bins, too, they follow the points."""
    if density:
        raise NotImplementedError("divide the counts yourself")
    counted = 1 if isinstance(bins, int) else (len(bins) == 2) * (np.ndim(bins[0]) == 0)
    x_bar = np.zeros_like(x)
    y_bar = np.zeros_like(y)
    if range is None and out_bar[1] is not None:
        t = np.linspace(0, 1, len(out[1]))
        low = np.sum(out_bar[1] * (1 - t)) * (np.arange(len(x)) == np.argmin(x))
        x_bar = counted * (low + np.sum(out_bar[1] * t) * (np.arange(len(x)) == np.argmax(x)))
    if range is None and out_bar[2] is not None:
        s = np.linspace(0, 1, len(out[2]))
        bottom = np.sum(out_bar[2] * (1 - s)) * (np.arange(len(y)) == np.argmin(y))
        y_bar = counted * (bottom + np.sum(out_bar[2] * s) * (np.arange(len(y)) == np.argmax(y)))
    if weights is None or out_bar[0] is None:
        return x_bar, y_bar, 0.0 if weights is None else np.zeros_like(weights)
    return x_bar, y_bar, np.take(np.append(out_bar[0], 0), bins_of([x, y], (out[1], out[2])))


@tangent(np.histogram2d)
def histogram2d_dot(x, y, bins=10, range=None, density=None, weights=None, *, out, x_dot, y_dot, weights_dot):
    if density:
        raise NotImplementedError("divide the counts yourself")
    counted = 1 if isinstance(bins, int) else (len(bins) == 2) * (np.ndim(bins[0]) == 0)
    x_moves = np.zeros_like(out[1])
    y_moves = np.zeros_like(out[2])
    if range is None:
        t = np.linspace(0, 1, len(out[1]))
        s = np.linspace(0, 1, len(out[2]))
        across = np.zeros_like(x) + x_dot
        up = np.zeros_like(y) + y_dot
        x_moves = counted * (np.take(across, np.argmin(x)) * (1 - t) + np.take(across, np.argmax(x)) * t)
        y_moves = counted * (np.take(up, np.argmin(y)) * (1 - s) + np.take(up, np.argmax(y)) * s)
    if weights is None:
        return np.zeros_like(out[0]), x_moves, y_moves
    places = bins_of([x, y], (out[1], out[2]))
    added = np.bincount(places, np.zeros_like(weights) + weights_dot, np.size(out[0]) + 1)
    return np.reshape(added[:-1], np.shape(out[0])), x_moves, y_moves


@adjoint(np.histogramdd, active=("weights",))
def histogramdd(sample, bins=10, range=None, density=None, weights=None, *, out, out_bar):
    """A weight is added to the bin that its point lies in."""
    if density:
        raise NotImplementedError("divide the counts yourself")
    if weights is None:
        return 0.0
    if out_bar[0] is None:
        return np.zeros_like(weights)
    return np.take(np.append(out_bar[0], 0), bins_of(sample, out[1]))


@tangent(np.histogramdd)
def histogramdd_dot(sample, bins=10, range=None, density=None, weights=None, *, out, weights_dot):
    if density:
        raise NotImplementedError("divide the counts yourself")
    if weights is None:
        return np.zeros_like(out[0]), None
    added = np.bincount(bins_of(sample, out[1]), np.zeros_like(weights) + weights_dot, np.size(out[0]) + 1)
    return np.reshape(added[:-1], np.shape(out[0])), None


several(np.histogram2d, results=3)
several(np.histogramdd, results=2)


@adjoint(np.histogram_bin_edges, active=("a",))
def histogram_bin_edges(a, bins=10, range=None, *, out, out_bar):
    """Of a number of bins: from the smallest to the largest number, in equal steps."""
    if isinstance(bins, str):
        raise NotImplementedError("give a number of bins, or their edges")
    if not isinstance(bins, int) or range is not None:
        return np.zeros_like(a)
    t = np.linspace(0, 1, len(out))
    low = np.sum(out_bar * (1 - t)) * (np.arange(np.size(a)) == np.argmin(a))
    high = np.sum(out_bar * t) * (np.arange(np.size(a)) == np.argmax(a))
    return np.reshape(low + high, np.shape(a))


@tangent(np.histogram_bin_edges)
def histogram_bin_edges_dot(a, bins=10, range=None, *, out, a_dot):
    if isinstance(bins, str):
        raise NotImplementedError("give a number of bins, or their edges")
    if not isinstance(bins, int) or range is not None:
        return np.zeros_like(out)
    t = np.linspace(0, 1, len(out))
    return np.take(a_dot, np.argmin(a)) * (1 - t) + np.take(a_dot, np.argmax(a)) * t


real_only(np.histogram, np.histogram2d, np.histogramdd, np.histogram_bin_edges)
