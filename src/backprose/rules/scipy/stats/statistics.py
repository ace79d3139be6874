"""Statistics of samples: means, moments, scores, directions.

Stuart and Ord, "Kendall's Advanced Theory of Statistics" I (1994); Mardia and Jupp, "Directional Statistics" (2000).
In each the weight of an element is the derivative of the result with respect to it; n is the number of elements.
"""

import numpy as np
from scipy import stats

from backprose.rules.registry import adjoint, real_only, tangent
from backprose.support import merge_axes, split_axes, unbroadcast


# ---------------------------------------------------------------- means
@adjoint(stats.gmean)
def gmean(a, axis=0, dtype=None, weights=None, *, keepdims=False, out, out_bar):
    """exp(mean(log a)): the share of an element, times mean / a."""
    flat = keepdims or axis is None
    share = np.ones_like(a) if weights is None else np.broadcast_to(weights, np.shape(a))
    mean = out if flat else np.expand_dims(out, axis)
    bar = out_bar if flat else np.expand_dims(out_bar, axis)
    return bar * share / np.sum(share, axis=axis, keepdims=True) * mean / a


@tangent(stats.gmean)
def gmean_dot(a, axis=0, dtype=None, weights=None, *, keepdims=False, out, a_dot):
    share = np.ones_like(a) if weights is None else np.broadcast_to(weights, np.shape(a))
    total = np.sum(share, axis=axis, keepdims=keepdims)
    return out * np.sum(share * a_dot / a, axis=axis, keepdims=keepdims) / total


@adjoint(stats.hmean)
def hmean(a, axis=0, dtype=None, *, weights=None, keepdims=False, out, out_bar):
    """1 / mean(1 / a): the share of an element, times (mean / a)^2."""
    flat = keepdims or axis is None
    share = np.ones_like(a) if weights is None else np.broadcast_to(weights, np.shape(a))
    mean = out if flat else np.expand_dims(out, axis)
    bar = out_bar if flat else np.expand_dims(out_bar, axis)
    return bar * share / np.sum(share, axis=axis, keepdims=True) * (mean / a) ** 2


@tangent(stats.hmean)
def hmean_dot(a, axis=0, dtype=None, *, weights=None, keepdims=False, out, a_dot):
    share = np.ones_like(a) if weights is None else np.broadcast_to(weights, np.shape(a))
    total = np.sum(share, axis=axis, keepdims=keepdims)
    return out**2 * np.sum(share * a_dot / a**2, axis=axis, keepdims=keepdims) / total


@adjoint(stats.pmean, active=("a",))
def pmean(a, p, *, axis=0, dtype=None, weights=None, keepdims=False, out, out_bar):
    """mean(a^p)^(1/p): the share of an element, times (a / mean)^(p - 1)."""
    flat = keepdims or axis is None
    share = np.ones_like(a) if weights is None else np.broadcast_to(weights, np.shape(a))
    mean = out if flat else np.expand_dims(out, axis)
    bar = out_bar if flat else np.expand_dims(out_bar, axis)
    return bar * share / np.sum(share, axis=axis, keepdims=True) * (a / mean) ** (p - 1)


@tangent(stats.pmean)
def pmean_dot(a, p, *, axis=0, dtype=None, weights=None, keepdims=False, out, a_dot):
    flat = keepdims or axis is None
    share = np.ones_like(a) if weights is None else np.broadcast_to(weights, np.shape(a))
    mean = out if flat else np.expand_dims(out, axis)
    total = np.sum(share, axis=axis, keepdims=keepdims)
    return np.sum(share * (a / mean) ** (p - 1) * a_dot, axis=axis, keepdims=keepdims) / total


@adjoint(stats.tmean)
def tmean(a, limits=None, inclusive=(True, True), axis=None, *, keepdims=False, out, out_bar):
    if limits is not None:
        raise NotImplementedError("limits are not covered: write np.mean of the elements within them")
    bar = out_bar if keepdims or axis is None else np.expand_dims(out_bar, axis)
    return np.broadcast_to(bar / (np.size(a) // max(np.size(out), 1)), np.shape(a))


@tangent(stats.tmean)
def tmean_dot(a, limits=None, inclusive=(True, True), axis=None, *, keepdims=False, out, a_dot):
    if limits is not None:
        raise NotImplementedError("limits are not covered: write np.mean of the elements within them")
    return np.mean(a_dot, axis=axis, keepdims=keepdims)


@adjoint(stats.trim_mean, active=("a",))
def trim_mean(a, proportiontocut, axis=0, *, out_bar):
    """The mean of those that are left, by their place in the order."""
    rows = np.ravel(a) if axis is None else np.moveaxis(a, axis, -1)
    count = np.shape(rows)[-1]
    cut = np.floor(proportiontocut * count)
    place = np.argsort(np.argsort(rows, -1, kind="stable"), -1)
    kept = np.logical_and(place >= cut, place < count - cut)
    rows_bar = np.expand_dims(out_bar, -1) * kept / (count - 2 * cut)
    return np.reshape(rows_bar, np.shape(a)) if axis is None else np.moveaxis(rows_bar, -1, axis)


@tangent(stats.trim_mean)
def trim_mean_dot(a, proportiontocut, axis=0, *, a_dot):
    rows = np.ravel(a) if axis is None else np.moveaxis(a, axis, -1)
    moves = np.ravel(a_dot) if axis is None else np.moveaxis(a_dot, axis, -1)
    count = np.shape(rows)[-1]
    cut = np.floor(proportiontocut * count)
    place = np.argsort(np.argsort(rows, -1, kind="stable"), -1)
    kept = np.logical_and(place >= cut, place < count - cut)
    return np.sum(kept * moves, axis=-1) / (count - 2 * cut)


# ---------------------------------------------------------------- moments
@adjoint(stats.moment, active=("a",))
def moment(a, order=1, axis=0, *, center=None, keepdims=False, out, out_bar):
    """The mean of (a - c)^p: p / n of (a - c)^(p - 1), less the mean of that where c is the mean."""
    if np.ndim(order) > 0:
        raise NotImplementedError("several orders at once are not covered")
    count = np.size(a) // max(np.size(out), 1)
    middle = np.mean(a, axis=axis, keepdims=True) if center is None else center
    slope = order * (a - middle) ** max(order - 1, 0) / count
    bar = out_bar if keepdims or axis is None else np.expand_dims(out_bar, axis)
    if center is None:
        return bar * (slope - np.mean(slope, axis=axis, keepdims=True))
    return bar * slope


@tangent(stats.moment)
def moment_dot(a, order=1, axis=0, *, center=None, keepdims=False, out, a_dot):
    if np.ndim(order) > 0:
        raise NotImplementedError("several orders at once are not covered")
    count = np.size(a) // max(np.size(out), 1)
    middle = np.mean(a, axis=axis, keepdims=True) if center is None else center
    slope = order * (a - middle) ** max(order - 1, 0) / count
    centred = slope - np.mean(slope, axis=axis, keepdims=True) if center is None else slope
    return np.sum(centred * a_dot, axis=axis, keepdims=keepdims)


@adjoint(stats.skew)
def skew(a, axis=0, bias=True, *, keepdims=False, out, out_bar):
    """Of g = mean(u^3) of u = (a - mean) / std: 3 (u^2 - 1 - g u) / (n std)."""
    count = np.size(a) // max(np.size(out), 1)
    width = np.std(a, axis=axis, keepdims=True)
    u = (a - np.mean(a, axis=axis, keepdims=True)) / width
    factor = 3 if bias else 3 * np.sqrt(count * (count - 1)) / max(count - 2, 1)
    slope = factor * (u**2 - 1 - np.mean(u**3, axis=axis, keepdims=True) * u) / (count * width)
    return slope * (out_bar if keepdims or axis is None else np.expand_dims(out_bar, axis))


@tangent(stats.skew)
def skew_dot(a, axis=0, bias=True, *, keepdims=False, out, a_dot):
    count = np.size(a) // max(np.size(out), 1)
    width = np.std(a, axis=axis, keepdims=True)
    u = (a - np.mean(a, axis=axis, keepdims=True)) / width
    factor = 3 if bias else 3 * np.sqrt(count * (count - 1)) / max(count - 2, 1)
    slope = factor * (u**2 - 1 - np.mean(u**3, axis=axis, keepdims=True) * u) / (count * width)
    return np.sum(slope * a_dot, axis=axis, keepdims=keepdims)


@adjoint(stats.kurtosis)
def kurtosis(a, axis=0, fisher=True, bias=True, *, keepdims=False, out, out_bar):
    """Of k = mean(u^4) of u = (a - mean) / std: 4 (u^3 - mean(u^3) - k u) / (n std)."""
    count = np.size(a) // max(np.size(out), 1)
    width = np.std(a, axis=axis, keepdims=True)
    u = (a - np.mean(a, axis=axis, keepdims=True)) / width
    factor = 4 if bias else 4 * (count**2 - 1) / max((count - 2) * (count - 3), 1)
    turn = u**3 - np.mean(u**3, axis=axis, keepdims=True) - np.mean(u**4, axis=axis, keepdims=True) * u
    return factor * turn / (count * width) * (out_bar if keepdims or axis is None else np.expand_dims(out_bar, axis))


@tangent(stats.kurtosis)
def kurtosis_dot(a, axis=0, fisher=True, bias=True, *, keepdims=False, out, a_dot):
    count = np.size(a) // max(np.size(out), 1)
    width = np.std(a, axis=axis, keepdims=True)
    u = (a - np.mean(a, axis=axis, keepdims=True)) / width
    factor = 4 if bias else 4 * (count**2 - 1) / max((count - 2) * (count - 3), 1)
    turn = u**3 - np.mean(u**3, axis=axis, keepdims=True) - np.mean(u**4, axis=axis, keepdims=True) * u
    return np.sum(factor * turn / (count * width) * a_dot, axis=axis, keepdims=keepdims)


@adjoint(stats.tvar)
def tvar(a, limits=None, inclusive=(True, True), axis=0, ddof=1, *, keepdims=False, out, out_bar):
    """As np.var."""
    if limits is not None:
        raise NotImplementedError("limits are not covered: write np.var of the elements within them")
    count = np.size(a) // max(np.size(out), 1)
    centred = a - np.mean(a, axis=axis, keepdims=True)
    return 2 * centred / (count - ddof) * (out_bar if keepdims or axis is None else np.expand_dims(out_bar, axis))


@tangent(stats.tvar)
def tvar_dot(a, limits=None, inclusive=(True, True), axis=0, ddof=1, *, keepdims=False, out, a_dot):
    if limits is not None:
        raise NotImplementedError("limits are not covered: write np.var of the elements within them")
    count = np.size(a) // max(np.size(out), 1)
    centred = a - np.mean(a, axis=axis, keepdims=True)
    return 2 * np.sum(centred * a_dot, axis=axis, keepdims=keepdims) / (count - ddof)


@adjoint(stats.tstd)
def tstd(a, limits=None, inclusive=(True, True), axis=0, ddof=1, *, keepdims=False, out, out_bar):
    """As np.std: 0 where the deviation is 0."""
    if limits is not None:
        raise NotImplementedError("limits are not covered: write np.std of the elements within them")
    count = np.size(a) // max(np.size(out), 1)
    scale = out_bar / ((count - ddof) * np.where(out == 0, 1, out))
    centred = a - np.mean(a, axis=axis, keepdims=True)
    return centred * (scale if keepdims or axis is None else np.expand_dims(scale, axis))


@tangent(stats.tstd)
def tstd_dot(a, limits=None, inclusive=(True, True), axis=0, ddof=1, *, keepdims=False, out, a_dot):
    if limits is not None:
        raise NotImplementedError("limits are not covered: write np.std of the elements within them")
    count = np.size(a) // max(np.size(out), 1)
    centred = a - np.mean(a, axis=axis, keepdims=True)
    return np.sum(centred * a_dot, axis=axis, keepdims=keepdims) / ((count - ddof) * np.where(out == 0, 1, out))


@adjoint(stats.sem)
def sem(a, axis=0, ddof=1, *, keepdims=False, out, out_bar):
    """The deviation over sqrt(n): 0 where the deviation is 0."""
    count = np.size(a) // max(np.size(out), 1)
    scale = out_bar / ((count - ddof) * count * np.where(out == 0, 1, out))
    centred = a - np.mean(a, axis=axis, keepdims=True)
    return centred * (scale if keepdims or axis is None else np.expand_dims(scale, axis))


@tangent(stats.sem)
def sem_dot(a, axis=0, ddof=1, *, keepdims=False, out, a_dot):
    count = np.size(a) // max(np.size(out), 1)
    centred = a - np.mean(a, axis=axis, keepdims=True)
    moved = np.sum(centred * a_dot, axis=axis, keepdims=keepdims)
    return moved / ((count - ddof) * count * np.where(out == 0, 1, out))


@adjoint(stats.tsem)
def tsem(a, limits=None, inclusive=(True, True), axis=0, ddof=1, *, keepdims=False, out, out_bar):
    """As sem."""
    if limits is not None:
        raise NotImplementedError("limits are not covered: write stats.sem of the elements within them")
    count = np.size(a) // max(np.size(out), 1)
    scale = out_bar / ((count - ddof) * count * np.where(out == 0, 1, out))
    centred = a - np.mean(a, axis=axis, keepdims=True)
    return centred * (scale if keepdims or axis is None else np.expand_dims(scale, axis))


@tangent(stats.tsem)
def tsem_dot(a, limits=None, inclusive=(True, True), axis=0, ddof=1, *, keepdims=False, out, a_dot):
    if limits is not None:
        raise NotImplementedError("limits are not covered: write stats.sem of the elements within them")
    count = np.size(a) // max(np.size(out), 1)
    centred = a - np.mean(a, axis=axis, keepdims=True)
    moved = np.sum(centred * a_dot, axis=axis, keepdims=keepdims)
    return moved / ((count - ddof) * count * np.where(out == 0, 1, out))


@adjoint(stats.variation)
def variation(a, axis=0, *, ddof=0, keepdims=False, out, out_bar):
    """The deviation over the mean."""
    flat = keepdims or axis is None
    count = np.size(a) // max(np.size(out), 1)
    mean = np.mean(a, axis=axis, keepdims=True)
    width = np.std(a, axis=axis, ddof=ddof, keepdims=True)
    rise = (a - mean) / ((count - ddof) * np.where(width == 0, 1, width))
    return (rise - width / (count * mean)) / mean * (out_bar if flat else np.expand_dims(out_bar, axis))


@tangent(stats.variation)
def variation_dot(a, axis=0, *, ddof=0, keepdims=False, out, a_dot):
    count = np.size(a) // max(np.size(out), 1)
    mean = np.mean(a, axis=axis, keepdims=True)
    width = np.std(a, axis=axis, ddof=ddof, keepdims=True)
    rise = (a - mean) / ((count - ddof) * np.where(width == 0, 1, width))
    return np.sum((rise - width / (count * mean)) / mean * a_dot, axis=axis, keepdims=keepdims)


@adjoint(stats.gstd)
def gstd(a, axis=0, ddof=1, *, keepdims=False, out, out_bar):
    """The exponential of the deviation of log a."""
    flat = keepdims or axis is None
    count = np.size(a) // max(np.size(out), 1)
    logs = np.log(a)
    width = np.log(out)
    scale = out_bar * out / ((count - ddof) * np.where(width == 0, 1, width))
    return (logs - np.mean(logs, axis=axis, keepdims=True)) / a * (scale if flat else np.expand_dims(scale, axis))


@tangent(stats.gstd)
def gstd_dot(a, axis=0, ddof=1, *, keepdims=False, out, a_dot):
    count = np.size(a) // max(np.size(out), 1)
    logs = np.log(a)
    width = np.log(out)
    moved = np.sum((logs - np.mean(logs, axis=axis, keepdims=True)) / a * a_dot, axis=axis, keepdims=keepdims)
    return out * moved / ((count - ddof) * np.where(width == 0, 1, width))


@adjoint(stats.iqr, active=("x",))
def iqr(x, axis=None, rng=(25, 75), *, keepdims=False, out_bar):
    """The elements next to the upper quantile less those next to the lower one, as np.percentile."""
    rows = merge_axes(x, axis)
    last = np.shape(rows)[-1] - 1
    place = np.argsort(np.argsort(rows, -1, kind="stable"), -1)
    upper = np.maximum(1 - np.abs(place - rng[1] / 100 * last), 0)
    lower = np.maximum(1 - np.abs(place - rng[0] / 100 * last), 0)
    bar = np.expand_dims(np.reshape(out_bar, np.shape(rows)[:-1]), -1)
    return split_axes(bar * (upper - lower), x, axis)


@tangent(stats.iqr)
def iqr_dot(x, axis=None, rng=(25, 75), *, keepdims=False, out, x_dot):
    rows = merge_axes(x, axis)
    last = np.shape(rows)[-1] - 1
    place = np.argsort(np.argsort(rows, -1, kind="stable"), -1)
    upper = np.maximum(1 - np.abs(place - rng[1] / 100 * last), 0)
    lower = np.maximum(1 - np.abs(place - rng[0] / 100 * last), 0)
    return np.reshape(np.sum((upper - lower) * merge_axes(x_dot, axis), axis=-1), np.shape(out))


# ---------------------------------------------------------------- scores
@adjoint(stats.zscore)
def zscore(a, axis=0, ddof=0, *, out, out_bar):
    """Of z = (a - mean) / std: (da - mean(da) - z sum(z da) / (n - ddof)) / std, which is its own transpose."""
    count = np.size(a) if axis is None else np.shape(a)[axis]
    turn = out * np.sum(out * out_bar, axis=axis, keepdims=True) / (count - ddof)
    moved = out_bar - np.mean(out_bar, axis=axis, keepdims=True) - turn
    return moved / np.std(a, axis=axis, ddof=ddof, keepdims=True)


@tangent(stats.zscore)
def zscore_dot(a, axis=0, ddof=0, *, out, a_dot):
    count = np.size(a) if axis is None else np.shape(a)[axis]
    turn = out * np.sum(out * a_dot, axis=axis, keepdims=True) / (count - ddof)
    moved = a_dot - np.mean(a_dot, axis=axis, keepdims=True) - turn
    return moved / np.std(a, axis=axis, ddof=ddof, keepdims=True)


@adjoint(stats.gzscore)
def gzscore(a, *, axis=0, ddof=0, out, out_bar):
    """As zscore, of log a."""
    count = np.size(a) if axis is None else np.shape(a)[axis]
    turn = out * np.sum(out * out_bar, axis=axis, keepdims=True) / (count - ddof)
    moved = out_bar - np.mean(out_bar, axis=axis, keepdims=True) - turn
    return moved / np.std(np.log(a), axis=axis, ddof=ddof, keepdims=True) / a


@tangent(stats.gzscore)
def gzscore_dot(a, *, axis=0, ddof=0, out, a_dot):
    count = np.size(a) if axis is None else np.shape(a)[axis]
    moves = a_dot / a
    turn = out * np.sum(out * moves, axis=axis, keepdims=True) / (count - ddof)
    moved = moves - np.mean(moves, axis=axis, keepdims=True) - turn
    return moved / np.std(np.log(a), axis=axis, ddof=ddof, keepdims=True)


@adjoint(stats.zmap)
def zmap(scores, compare, axis=0, ddof=0, *, out, out_bar):
    """As zscore, with the mean and the deviation of other numbers."""
    count = np.size(compare) if axis is None else np.shape(compare)[axis]
    width = np.std(compare, axis=axis, ddof=ddof, keepdims=True)
    total = np.sum(out_bar, axis=axis, keepdims=True) / count
    turn = np.sum(out * out_bar, axis=axis, keepdims=True) / (count - ddof)
    unit = (compare - np.mean(compare, axis=axis, keepdims=True)) / width
    return unbroadcast(out_bar / width, scores), unbroadcast(-(total + turn * unit) / width, compare)


@tangent(stats.zmap)
def zmap_dot(scores, compare, axis=0, ddof=0, *, out, scores_dot, compare_dot):
    count = np.size(compare) if axis is None else np.shape(compare)[axis]
    width = np.std(compare, axis=axis, ddof=ddof, keepdims=True)
    unit = (compare - np.mean(compare, axis=axis, keepdims=True)) / width
    moved = np.sum(compare_dot * np.ones_like(compare), axis=axis, keepdims=True) / count
    widened = np.sum(unit * compare_dot, axis=axis, keepdims=True) / (count - ddof)
    return scores_dot / width, -(moved + out * widened) / width


# ---------------------------------------------------------------- directions
@adjoint(stats.circmean, active=("samples",))
def circmean(samples, high=6.283185307179586, low=0, axis=None, *, keepdims=False, out_bar):
    """The angle of the sum of (cos, sin): its component along each, over its length."""
    angle = (samples - low) * (6.283185307179586 / (high - low))
    across = np.cos(angle)
    up = np.sin(angle)
    right = np.sum(across, axis=axis, keepdims=True)
    top = np.sum(up, axis=axis, keepdims=True)
    bar = out_bar if keepdims or axis is None else np.expand_dims(out_bar, axis)
    return bar * (right * across + top * up) / (right**2 + top**2)


@tangent(stats.circmean)
def circmean_dot(samples, high=6.283185307179586, low=0, axis=None, *, keepdims=False, samples_dot):
    angle = (samples - low) * (6.283185307179586 / (high - low))
    across = np.cos(angle)
    up = np.sin(angle)
    right = np.sum(across, axis=axis, keepdims=True)
    top = np.sum(up, axis=axis, keepdims=True)
    slope = (right * across + top * up) / (right**2 + top**2)
    return np.sum(slope * samples_dot, axis=axis, keepdims=keepdims)


@adjoint(stats.circvar, active=("samples",))
def circvar(samples, high=6.283185307179586, low=0, axis=None, *, keepdims=False, out, out_bar):
    """1 - R / n, with the length R of the sum of (cos, sin)."""
    count = np.size(samples) // max(np.size(out), 1)
    turn = 6.283185307179586 / (high - low)
    angle = (samples - low) * turn
    across = np.cos(angle)
    up = np.sin(angle)
    right = np.sum(across, axis=axis, keepdims=True)
    top = np.sum(up, axis=axis, keepdims=True)
    bar = out_bar if keepdims or axis is None else np.expand_dims(out_bar, axis)
    return bar * turn * (right * up - top * across) / (count * np.hypot(right, top))


@tangent(stats.circvar)
def circvar_dot(samples, high=6.283185307179586, low=0, axis=None, *, keepdims=False, out, samples_dot):
    count = np.size(samples) // max(np.size(out), 1)
    turn = 6.283185307179586 / (high - low)
    angle = (samples - low) * turn
    across = np.cos(angle)
    up = np.sin(angle)
    right = np.sum(across, axis=axis, keepdims=True)
    top = np.sum(up, axis=axis, keepdims=True)
    slope = turn * (right * up - top * across) / (count * np.hypot(right, top))
    return np.sum(slope * samples_dot, axis=axis, keepdims=keepdims)


@adjoint(stats.circstd, active=("samples",))
def circstd(samples, high=6.283185307179586, low=0, axis=None, *, normalize=False, keepdims=False, out, out_bar):
    """sqrt(-2 log(R / n)), as an angle: 0 where it is 0."""
    turn = 6.283185307179586 / (high - low)
    angle = (samples - low) * turn
    across = np.cos(angle)
    up = np.sin(angle)
    right = np.sum(across, axis=axis, keepdims=True)
    top = np.sum(up, axis=axis, keepdims=True)
    scale = out_bar / np.where(out == 0, 1, out) * (turn if normalize else 1 / turn)
    bar = scale if keepdims or axis is None else np.expand_dims(scale, axis)
    return bar * (right * up - top * across) / (right**2 + top**2)


@tangent(stats.circstd)
def circstd_dot(
    samples, high=6.283185307179586, low=0, axis=None, *, normalize=False, keepdims=False, out, samples_dot
):
    turn = 6.283185307179586 / (high - low)
    angle = (samples - low) * turn
    across = np.cos(angle)
    up = np.sin(angle)
    right = np.sum(across, axis=axis, keepdims=True)
    top = np.sum(up, axis=axis, keepdims=True)
    slope = (right * up - top * across) / (right**2 + top**2)
    scale = (turn if normalize else 1 / turn) / np.where(out == 0, 1, out)
    return scale * np.sum(slope * samples_dot, axis=axis, keepdims=keepdims)


real_only(
    stats.gmean, stats.hmean, stats.pmean, stats.tmean, stats.trim_mean, stats.moment, stats.skew, stats.kurtosis,
    stats.tvar, stats.tstd, stats.sem, stats.tsem, stats.variation, stats.gstd, stats.iqr, stats.zscore, stats.gzscore,
    stats.zmap, stats.circmean, stats.circvar, stats.circstd,
)  # fmt: skip
