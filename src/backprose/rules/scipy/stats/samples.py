"""Elements of samples by their order, cumulants, lines through points, and tests with their p-values.

Stuart and Ord, "Kendall's Advanced Theory of Statistics" I (1994), and Stuart, Ord and Arnold, 2A (1999). A p-value
falls by the density of the statistic's distribution; of two sides, by twice that.
"""

import numpy as np
from scipy import stats

from backprose.rules.registry import adjoint, real_only, several, tangent
from backprose.support import merge_axes, split_axes


# ---------------------------------------------------------------- elements
@adjoint(stats.mode)
def mode(a, axis=0, *, keepdims=False, out, out_bar):
    """The elements that are the most common one share its cotangent; how many there are is constant in steps."""
    if out_bar[0] is None:
        return np.zeros_like(a)
    flat = keepdims or axis is None
    hits = a == (out[0] if flat else np.expand_dims(out[0], axis))
    return hits * (out_bar[0] if flat else np.expand_dims(out_bar[0], axis)) / np.sum(hits, axis=axis, keepdims=True)


@tangent(stats.mode)
def mode_dot(a, axis=0, *, keepdims=False, out, a_dot):
    hits = a == (out[0] if keepdims or axis is None else np.expand_dims(out[0], axis))
    total = np.sum(hits * a_dot, axis=axis, keepdims=keepdims)
    return total / np.sum(hits, axis=axis, keepdims=keepdims), np.zeros_like(out[1])


@adjoint(stats.tmin)
def tmin(a, lowerlimit=None, axis=0, inclusive=True, *, keepdims=False, out, out_bar):
    """As min: elements that are the smallest within the limit share the cotangent."""
    flat = keepdims or axis is None
    hits = a == (out if flat else np.expand_dims(out, axis))
    shared = np.maximum(np.sum(hits, axis=axis, keepdims=True), 1)
    return hits * (out_bar if flat else np.expand_dims(out_bar, axis)) / shared


@tangent(stats.tmin)
def tmin_dot(a, lowerlimit=None, axis=0, inclusive=True, *, keepdims=False, out, a_dot):
    hits = a == (out if keepdims or axis is None else np.expand_dims(out, axis))
    shared = np.maximum(np.sum(hits, axis=axis, keepdims=keepdims), 1)
    return np.sum(hits * a_dot, axis=axis, keepdims=keepdims) / shared


@adjoint(stats.tmax)
def tmax(a, upperlimit=None, axis=0, inclusive=True, *, keepdims=False, out, out_bar):
    """As tmin."""
    flat = keepdims or axis is None
    hits = a == (out if flat else np.expand_dims(out, axis))
    shared = np.maximum(np.sum(hits, axis=axis, keepdims=True), 1)
    return hits * (out_bar if flat else np.expand_dims(out_bar, axis)) / shared


@tangent(stats.tmax)
def tmax_dot(a, upperlimit=None, axis=0, inclusive=True, *, keepdims=False, out, a_dot):
    hits = a == (out if keepdims or axis is None else np.expand_dims(out, axis))
    shared = np.maximum(np.sum(hits, axis=axis, keepdims=keepdims), 1)
    return np.sum(hits * a_dot, axis=axis, keepdims=keepdims) / shared


@adjoint(stats.median_abs_deviation)
def median_abs_deviation(x, axis=0, *, scale=1.0, out_bar):
    """The median of abs(x - m): the signs of those in the middle, less their sum for those that the median m is of."""
    rows = merge_axes(x, axis)
    count = np.shape(rows)[-1]
    rank = np.argsort(np.argsort(rows, axis=-1, kind="stable"), axis=-1)
    middle = ((rank == (count - 1) // 2) * 0.5) + ((rank == count // 2) * 0.5)
    apart = rows - np.sum(middle * rows, axis=-1, keepdims=True)
    place = np.argsort(np.argsort(np.abs(apart), axis=-1, kind="stable"), axis=-1)
    signs = (((place == (count - 1) // 2) * 0.5) + ((place == count // 2) * 0.5)) * np.sign(apart)
    weights = signs - middle * np.sum(signs, axis=-1, keepdims=True)
    unit = 0.6744897501960817 if scale == "normal" else scale
    return split_axes(weights * np.expand_dims(out_bar / unit, -1), x, axis)


@tangent(stats.median_abs_deviation)
def median_abs_deviation_dot(x, axis=0, *, scale=1.0, x_dot):
    rows = merge_axes(x, axis)
    count = np.shape(rows)[-1]
    rank = np.argsort(np.argsort(rows, axis=-1, kind="stable"), axis=-1)
    middle = ((rank == (count - 1) // 2) * 0.5) + ((rank == count // 2) * 0.5)
    apart = rows - np.sum(middle * rows, axis=-1, keepdims=True)
    place = np.argsort(np.argsort(np.abs(apart), axis=-1, kind="stable"), axis=-1)
    signs = (((place == (count - 1) // 2) * 0.5) + ((place == count // 2) * 0.5)) * np.sign(apart)
    weights = signs - middle * np.sum(signs, axis=-1, keepdims=True)
    unit = 0.6744897501960817 if scale == "normal" else scale
    return np.sum(weights * merge_axes(x_dot, axis), axis=-1) / unit


@adjoint(stats.expectile)
def expectile(a, alpha=0.5, *, weights=None, out, out_bar):
    """A mean, with weights alpha above itself and 1 - alpha below (Newey and Powell 1987)."""
    share = np.where(a > out, alpha, 1 - alpha) * (1 if weights is None else weights)
    return out_bar * share / np.sum(share)


@tangent(stats.expectile)
def expectile_dot(a, alpha=0.5, *, weights=None, out, a_dot):
    share = np.where(a > out, alpha, 1 - alpha) * (1 if weights is None else weights)
    return np.sum(share * a_dot) / np.sum(share)


@adjoint(stats.kstat)
def kstat(data, n=2, *, axis=None, keepdims=False, out, out_bar):
    """Of the moments about the mean, m_k, the slopes are k (c^(k - 1) - m_(k - 1)) / N."""
    if n not in (1, 2, 3, 4):
        raise NotImplementedError("those of order 1 to 4")
    bar = out_bar if keepdims or axis is None else np.expand_dims(out_bar, axis)
    count = np.size(data) // max(np.size(out), 1)
    if n == 1:
        return bar / count * np.ones_like(data)
    centred = data - np.mean(data, axis=axis, keepdims=True)
    if n == 2:
        return bar * 2 * centred / (count - 1)
    second = np.mean(centred**2, axis=axis, keepdims=True)
    if n == 3:
        return bar * (centred**2 - second) * (3 * count / ((count - 1) * (count - 2)))
    third = centred**3 - np.mean(centred**3, axis=axis, keepdims=True)
    inner = 4 * (count + 1) * third - 12 * (count - 1) * second * centred
    return bar * inner * (count / ((count - 1) * (count - 2) * (count - 3)))


@tangent(stats.kstat)
def kstat_dot(data, n=2, *, axis=None, keepdims=False, out, data_dot):
    if n not in (1, 2, 3, 4):
        raise NotImplementedError("those of order 1 to 4")
    count = np.size(data) // max(np.size(out), 1)
    if n == 1:
        return np.mean(data_dot, axis=axis, keepdims=keepdims)
    centred = data - np.mean(data, axis=axis, keepdims=True)
    if n == 2:
        return np.sum(2 * centred * data_dot, axis=axis, keepdims=keepdims) / (count - 1)
    second = np.mean(centred**2, axis=axis, keepdims=True)
    if n == 3:
        moved = np.sum((centred**2 - second) * data_dot, axis=axis, keepdims=keepdims)
        return moved * (3 * count / ((count - 1) * (count - 2)))
    third = centred**3 - np.mean(centred**3, axis=axis, keepdims=True)
    inner = 4 * (count + 1) * third - 12 * (count - 1) * second * centred
    moved = np.sum(inner * data_dot, axis=axis, keepdims=keepdims)
    return moved * (count / ((count - 1) * (count - 2) * (count - 3)))


# ---------------------------------------------------------------- lines
@adjoint(stats.linregress)
def linregress(x, y, alternative="two-sided", *, out, out_bar):
    """Through the sums of squares and products: slope b = s_xy / s_xx, r, and the errors' sqrt((s_yy / s_xx - b^2) / f)
    with f = N - 2; t = r sqrt(f / (1 - r^2)) is Student's.
    """
    if np.ndim(x) != 1 or np.ndim(y) != 1:
        raise NotImplementedError("of two vectors")
    free = len(x) - 2
    slope, r = out[0], out[2]
    across = x - np.mean(x)
    up = y - np.mean(y)
    s_xx = np.sum(across**2)
    s_yy = np.sum(up**2)
    r_bar = 0.0 if out_bar[2] is None else out_bar[2]
    if out_bar[3] is not None:
        t = r * np.sqrt(free / (1 - r**2))
        density = stats.t.pdf(t, free) * np.sqrt(free) / (1 - r**2) ** 1.5
        side = -2 * np.sign(t) if alternative == "two-sided" else 1 if alternative == "less" else -1
        r_bar = r_bar + out_bar[3] * side * density
    slope_bar = 0.0 if out_bar[0] is None else out_bar[0]
    cut_bar = 0.0 if out_bar[1] is None else out_bar[1]
    error_bar = 0.0 if out_bar[4] is None else out_bar[4] / (2 * free * out[4])
    slope_bar = slope_bar - np.mean(x) * cut_bar - 2 * slope * error_bar
    xy_bar = slope_bar / s_xx + r_bar / np.sqrt(s_xx * s_yy)
    xx_bar = -(slope * slope_bar + r * r_bar / 2 + error_bar * s_yy / s_xx) / s_xx
    yy_bar = error_bar / s_xx - r * r_bar / (2 * s_yy)
    x_bar = xy_bar * up + 2 * xx_bar * across - slope * cut_bar / len(x)
    return x_bar, xy_bar * across + 2 * yy_bar * up + cut_bar / len(x)


@tangent(stats.linregress)
def linregress_dot(x, y, alternative="two-sided", *, out, x_dot, y_dot):
    if np.ndim(x) != 1 or np.ndim(y) != 1:
        raise NotImplementedError("of two vectors")
    free = len(x) - 2
    slope, r = out[0], out[2]
    across = x - np.mean(x)
    up = y - np.mean(y)
    s_xx = np.sum(across**2)
    s_yy = np.sum(up**2)
    xy_dot = np.sum(up * x_dot) + np.sum(across * y_dot)
    xx_dot = 2 * np.sum(across * x_dot)
    yy_dot = 2 * np.sum(up * y_dot)
    slope_dot = (xy_dot - slope * xx_dot) / s_xx
    moved = np.mean(y_dot + np.zeros_like(y)) - slope * np.mean(x_dot + np.zeros_like(x))
    r_dot = xy_dot / np.sqrt(s_xx * s_yy) - r / 2 * (xx_dot / s_xx + yy_dot / s_yy)
    t = r * np.sqrt(free / (1 - r**2))
    density = stats.t.pdf(t, free) * np.sqrt(free) / (1 - r**2) ** 1.5
    side = -2 * np.sign(t) if alternative == "two-sided" else 1 if alternative == "less" else -1
    error_dot = ((yy_dot - s_yy / s_xx * xx_dot) / s_xx - 2 * slope * slope_dot) / (2 * free * out[4])
    return slope_dot, moved - slope_dot * np.mean(x), r_dot, side * density * r_dot, error_dot


# ---------------------------------------------------------------- tests
@adjoint(stats.ttest_1samp, active=("a",))
def ttest_1samp(a, popmean, axis=0, *, alternative="two-sided", keepdims=False, out, out_bar):
    """Student's t = (mean - popmean) / e with e^2 = sum(c^2) / ((N - 1) N): 1 / (N e) - t c / ((N - 1) N e^2)."""
    flat = keepdims or axis is None
    count = np.size(a) // max(np.size(out[0]), 1)
    t = out[0] if flat else np.expand_dims(out[0], axis)
    t_bar = np.zeros_like(t)
    if out_bar[0] is not None:
        t_bar = out_bar[0] if flat else np.expand_dims(out_bar[0], axis)
    if out_bar[1] is not None:
        side = -2 * np.sign(t) if alternative == "two-sided" else 1 if alternative == "less" else -1
        p_bar = out_bar[1] if flat else np.expand_dims(out_bar[1], axis)
        t_bar = t_bar + p_bar * side * stats.t.pdf(t, count - 1)
    centred = a - np.mean(a, axis=axis, keepdims=True)
    error = np.sqrt(np.sum(centred**2, axis=axis, keepdims=True) / ((count - 1) * count))
    return t_bar * (1 - t * centred / ((count - 1) * error)) / (count * error)


@tangent(stats.ttest_1samp)
def ttest_1samp_dot(a, popmean, axis=0, *, alternative="two-sided", keepdims=False, out, a_dot):
    count = np.size(a) // max(np.size(out[0]), 1)
    t = out[0] if keepdims or axis is None else np.expand_dims(out[0], axis)
    centred = a - np.mean(a, axis=axis, keepdims=True)
    error = np.sqrt(np.sum(centred**2, axis=axis, keepdims=True) / ((count - 1) * count))
    slopes = (1 - t * centred / ((count - 1) * error)) / (count * error)
    t_dot = np.sum(slopes * a_dot, axis=axis, keepdims=keepdims)
    side = -2 * np.sign(out[0]) if alternative == "two-sided" else 1 if alternative == "less" else -1
    return t_dot, side * stats.t.pdf(out[0], count - 1) * t_dot


@adjoint(stats.ttest_rel)
def ttest_rel(a, b, axis=0, *, alternative="two-sided", keepdims=False, out, out_bar):
    """As ttest_1samp, of the differences."""
    flat = keepdims or axis is None
    apart = a - b
    count = np.size(apart) // max(np.size(out[0]), 1)
    t = out[0] if flat else np.expand_dims(out[0], axis)
    t_bar = np.zeros_like(t)
    if out_bar[0] is not None:
        t_bar = out_bar[0] if flat else np.expand_dims(out_bar[0], axis)
    if out_bar[1] is not None:
        side = -2 * np.sign(t) if alternative == "two-sided" else 1 if alternative == "less" else -1
        p_bar = out_bar[1] if flat else np.expand_dims(out_bar[1], axis)
        t_bar = t_bar + p_bar * side * stats.t.pdf(t, count - 1)
    centred = apart - np.mean(apart, axis=axis, keepdims=True)
    error = np.sqrt(np.sum(centred**2, axis=axis, keepdims=True) / ((count - 1) * count))
    moved = t_bar * (1 - t * centred / ((count - 1) * error)) / (count * error)
    return moved, -moved


@tangent(stats.ttest_rel)
def ttest_rel_dot(a, b, axis=0, *, alternative="two-sided", keepdims=False, out, a_dot, b_dot):
    apart = a - b
    count = np.size(apart) // max(np.size(out[0]), 1)
    t = out[0] if keepdims or axis is None else np.expand_dims(out[0], axis)
    centred = apart - np.mean(apart, axis=axis, keepdims=True)
    error = np.sqrt(np.sum(centred**2, axis=axis, keepdims=True) / ((count - 1) * count))
    slopes = (1 - t * centred / ((count - 1) * error)) / (count * error)
    t_dot = np.sum(slopes * (a_dot - b_dot), axis=axis, keepdims=keepdims)
    side = -2 * np.sign(out[0]) if alternative == "two-sided" else 1 if alternative == "less" else -1
    return t_dot, side * stats.t.pdf(out[0], count - 1) * t_dot


@adjoint(stats.ttest_ind)
def ttest_ind(a, b, *, axis=0, equal_var=True, alternative="two-sided", keepdims=False, out, out_bar):
    """Student's t = (mean a - mean b) / e with e^2 = K s / f: the sum s of the squares of both, f = N + M - 2 and
    K = 1 / N + 1 / M; of a 1 / (N e) - t K c / (f e^2).
    """
    if not equal_var:
        raise NotImplementedError("of unequal variances the degrees of freedom move, too: write it with stats.t.sf")
    flat = keepdims or axis is None
    n = np.size(a) // max(np.size(out[0]), 1)
    m = np.size(b) // max(np.size(out[0]), 1)
    t = out[0] if flat else np.expand_dims(out[0], axis)
    t_bar = np.zeros_like(t)
    if out_bar[0] is not None:
        t_bar = out_bar[0] if flat else np.expand_dims(out_bar[0], axis)
    if out_bar[1] is not None:
        side = -2 * np.sign(t) if alternative == "two-sided" else 1 if alternative == "less" else -1
        p_bar = out_bar[1] if flat else np.expand_dims(out_bar[1], axis)
        t_bar = t_bar + p_bar * side * stats.t.pdf(t, n + m - 2)
    first = a - np.mean(a, axis=axis, keepdims=True)
    second = b - np.mean(b, axis=axis, keepdims=True)
    squares = np.sum(first**2, axis=axis, keepdims=True) + np.sum(second**2, axis=axis, keepdims=True)
    error = np.sqrt((1 / n + 1 / m) * squares / (n + m - 2))
    return t_bar * (1 / (n * error) - t * first / squares), -t_bar * (1 / (m * error) + t * second / squares)


@tangent(stats.ttest_ind)
def ttest_ind_dot(a, b, *, axis=0, equal_var=True, alternative="two-sided", keepdims=False, out, a_dot, b_dot):
    if not equal_var:
        raise NotImplementedError("of unequal variances the degrees of freedom move, too: write it with stats.t.sf")
    n = np.size(a) // max(np.size(out[0]), 1)
    m = np.size(b) // max(np.size(out[0]), 1)
    t = out[0] if keepdims or axis is None else np.expand_dims(out[0], axis)
    first = a - np.mean(a, axis=axis, keepdims=True)
    second = b - np.mean(b, axis=axis, keepdims=True)
    squares = np.sum(first**2, axis=axis, keepdims=True) + np.sum(second**2, axis=axis, keepdims=True)
    error = np.sqrt((1 / n + 1 / m) * squares / (n + m - 2))
    by_a = np.sum((1 / (n * error) - t * first / squares) * a_dot, axis=axis, keepdims=keepdims)
    t_dot = by_a - np.sum((1 / (m * error) + t * second / squares) * b_dot, axis=axis, keepdims=keepdims)
    side = -2 * np.sign(out[0]) if alternative == "two-sided" else 1 if alternative == "less" else -1
    return t_dot, side * stats.t.pdf(out[0], n + m - 2) * t_dot


@adjoint(stats.jarque_bera)
def jarque_bera(x, *, axis=None, keepdims=False, out, out_bar):
    """N / 6 (S^2 + K^2 / 4), of which exp(-out / 2) is the p-value: of z = c / s the skewness S has the slopes
    3 (z^2 - 1 - S z) / (N s), the excess K has 4 (z^3 - S - (K + 3) z) / (N s).
    """
    flat = keepdims or axis is None
    bar = np.zeros_like(out[0]) if out_bar[0] is None else out_bar[0]
    if out_bar[1] is not None:
        bar = bar - out_bar[1] * out[1] / 2
    width = np.std(x, axis=axis, keepdims=True)
    z = (x - np.mean(x, axis=axis, keepdims=True)) / width
    lean = np.mean(z**3, axis=axis, keepdims=True)
    tails = np.mean(z**4, axis=axis, keepdims=True)
    slopes = lean * (z**2 - 1 - lean * z) + (tails - 3) * (z**3 - lean - tails * z) / 3
    return (bar if flat else np.expand_dims(bar, axis)) * slopes / width


@tangent(stats.jarque_bera)
def jarque_bera_dot(x, *, axis=None, keepdims=False, out, x_dot):
    width = np.std(x, axis=axis, keepdims=True)
    z = (x - np.mean(x, axis=axis, keepdims=True)) / width
    lean = np.mean(z**3, axis=axis, keepdims=True)
    tails = np.mean(z**4, axis=axis, keepdims=True)
    slopes = lean * (z**2 - 1 - lean * z) + (tails - 3) * (z**3 - lean - tails * z) / 3
    moved = np.sum(slopes / width * x_dot, axis=axis, keepdims=keepdims)
    return moved, -out[1] / 2 * moved


SAMPLE = (0.0, 1.0, 3.0)
several(stats.mode, results=2, named=type(stats.mode(SAMPLE)))
several(stats.ttest_1samp, stats.ttest_rel, stats.ttest_ind, results=2, named=type(stats.ttest_1samp(SAMPLE, 0)))
several(stats.jarque_bera, results=2, named=type(stats.jarque_bera(SAMPLE)))
several(stats.linregress, results=5, named=type(stats.linregress(SAMPLE, SAMPLE)))
real_only(
    stats.mode, stats.tmin, stats.tmax, stats.median_abs_deviation, stats.expectile, stats.kstat, stats.linregress,
    stats.ttest_1samp, stats.ttest_rel, stats.ttest_ind, stats.jarque_bera,
)  # fmt: skip
