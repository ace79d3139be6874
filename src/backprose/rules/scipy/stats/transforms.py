"""Entropies, distances and correlations of samples, and the power transforms.

Cover and Thomas, "Elements of Information Theory" (2006), 2; Box and Cox, "An analysis of transformations" (1964);
Yeo and Johnson, "A new family of power transformations" (2000).
"""

import numpy as np
from scipy import stats

from backprose.rules.registry import adjoint, real_only, several, tangent
from backprose.support import unbroadcast


@adjoint(stats.entropy, active=("pk", "qk"))
def entropy(pk, qk=None, base=None, axis=0, *, keepdims=False, out, out_bar):
    """-sum(p log p), or sum(p log(p / q)), of p and q made to have the sum 1."""
    unit = 1 if base is None else np.log(base)
    flat = keepdims or axis is None
    bar = (out_bar if flat else np.expand_dims(out_bar, axis)) / unit
    nats = (out if flat else np.expand_dims(out, axis)) * unit
    total = np.sum(pk, axis=axis, keepdims=True)
    if qk is None:
        return -bar * (np.log(pk / total) + nats) / total, None
    whole = np.sum(qk, axis=axis, keepdims=True)
    ratio = (pk / total) / (qk / whole)
    return unbroadcast(bar * (np.log(ratio) - nats) / total, pk), unbroadcast(bar * (1 - ratio) / whole, qk)


@tangent(stats.entropy)
def entropy_dot(pk, qk=None, base=None, axis=0, *, keepdims=False, out, pk_dot, qk_dot):
    unit = 1 if base is None else np.log(base)
    nats = (out if keepdims or axis is None else np.expand_dims(out, axis)) * unit
    total = np.sum(pk, axis=axis, keepdims=True)
    if qk is None:
        return -np.sum((np.log(pk / total) + nats) / total * pk_dot, axis=axis, keepdims=keepdims) / unit, 0.0
    whole = np.sum(qk, axis=axis, keepdims=True)
    ratio = (pk / total) / (qk / whole)
    pk_term = np.sum((np.log(ratio) - nats) / total * pk_dot, axis=axis, keepdims=keepdims) / unit
    return pk_term, np.sum((1 - ratio) / whole * qk_dot, axis=axis, keepdims=keepdims) / unit


# ---------------------------------------------------------------- distances of distributions
@adjoint(stats.wasserstein_distance, active=("u_values", "v_values"))
def wasserstein_distance(u_values, v_values, u_weights=None, v_weights=None, *, out_bar):
    """The sum over the joint order of the gaps between neighbours times |F_u - F_v| there (Vallender 1974)."""
    u = np.ones_like(u_values) if u_weights is None else u_weights
    v = np.ones_like(v_values) if v_weights is None else v_weights
    order = np.argsort(np.concatenate((u_values, v_values)), kind="stable")
    apart = np.abs(np.cumsum(np.concatenate((u / np.sum(u), -v / np.sum(v)))[order]))
    bar = out_bar * (np.roll(apart, 1) - apart)[np.argsort(order)]
    return bar[: len(u_values)], bar[len(u_values) :]


@tangent(stats.wasserstein_distance)
def wasserstein_distance_dot(u_values, v_values, u_weights=None, v_weights=None, *, u_values_dot, v_values_dot):
    u = np.ones_like(u_values) if u_weights is None else u_weights
    v = np.ones_like(v_values) if v_weights is None else v_weights
    order = np.argsort(np.concatenate((u_values, v_values)), kind="stable")
    apart = np.abs(np.cumsum(np.concatenate((u / np.sum(u), -v / np.sum(v)))[order]))
    slope = (np.roll(apart, 1) - apart)[np.argsort(order)]
    return np.sum(slope[: len(u_values)] * u_values_dot), np.sum(slope[len(u_values) :] * v_values_dot)


@adjoint(stats.energy_distance, active=("u_values", "v_values"))
def energy_distance(u_values, v_values, u_weights=None, v_weights=None, *, out, out_bar):
    """The root of twice the sum of the gaps times (F_u - F_v)^2 (Szekely and Rizzo 2013); 0 where it is 0."""
    u = np.ones_like(u_values) if u_weights is None else u_weights
    v = np.ones_like(v_values) if v_weights is None else v_weights
    order = np.argsort(np.concatenate((u_values, v_values)), kind="stable")
    apart = np.cumsum(np.concatenate((u / np.sum(u), -v / np.sum(v)))[order]) ** 2
    bar = out_bar / np.where(out == 0, 1, out) * (np.roll(apart, 1) - apart)[np.argsort(order)]
    return bar[: len(u_values)], bar[len(u_values) :]


@tangent(stats.energy_distance)
def energy_distance_dot(u_values, v_values, u_weights=None, v_weights=None, *, out, u_values_dot, v_values_dot):
    u = np.ones_like(u_values) if u_weights is None else u_weights
    v = np.ones_like(v_values) if v_weights is None else v_weights
    order = np.argsort(np.concatenate((u_values, v_values)), kind="stable")
    apart = np.cumsum(np.concatenate((u / np.sum(u), -v / np.sum(v)))[order]) ** 2
    slope = (np.roll(apart, 1) - apart)[np.argsort(order)] / np.where(out == 0, 1, out)
    return np.sum(slope[: len(u_values)] * u_values_dot), np.sum(slope[len(u_values) :] * v_values_dot)


# ---------------------------------------------------------------- power transforms
# Without lambda they give two results: they are not elementwise, so that nothing is taken for granted of the result.
@adjoint(stats.boxcox, active=("x", "lmbda"))
def boxcox(x, lmbda=None, *, out, out_bar):
    """(x^lambda - 1) / lambda; log x where lambda is 0."""
    if lmbda is None:
        raise NotImplementedError("the lambda that is the most likely has no rule: pass lmbda")
    logs = np.log(x)
    divisor = np.where(lmbda == 0, 1, lmbda)
    first = logs**2 * (0.5 + lmbda * logs / 3)
    turn = np.where(np.abs(lmbda * logs) < 1e-5, first, (logs * np.exp(lmbda * logs) - out) / divisor)
    return out_bar * np.exp((lmbda - 1) * logs), unbroadcast(out_bar * turn, lmbda)


@tangent(stats.boxcox)
def boxcox_dot(x, lmbda=None, *, out, x_dot, lmbda_dot):
    if lmbda is None:
        raise NotImplementedError("the lambda that is the most likely has no rule: pass lmbda")
    logs = np.log(x)
    divisor = np.where(lmbda == 0, 1, lmbda)
    first = logs**2 * (0.5 + lmbda * logs / 3)
    turn = np.where(np.abs(lmbda * logs) < 1e-5, first, (logs * np.exp(lmbda * logs) - out) / divisor)
    return np.exp((lmbda - 1) * logs) * x_dot, turn * lmbda_dot


@adjoint(stats.yeojohnson, active=("x", "lmbda"))
def yeojohnson(x, lmbda=None, *, out, out_bar):
    """The Box-Cox transform of 1 + x; below 0 less that of 1 - x, with 2 - lambda."""
    if lmbda is None:
        raise NotImplementedError("the lambda that is the most likely has no rule: pass lmbda")
    logs = np.log1p(np.abs(x))
    power = np.where(x >= 0, lmbda, 2 - lmbda)
    divisor = np.where(power == 0, 1, power)
    first = logs**2 * (0.5 + power * logs / 3)
    turn = np.where(np.abs(power * logs) < 1e-5, first, (logs * np.exp(power * logs) - np.abs(out)) / divisor)
    return out_bar * np.exp((power - 1) * logs), unbroadcast(out_bar * turn, lmbda)


@tangent(stats.yeojohnson)
def yeojohnson_dot(x, lmbda=None, *, out, x_dot, lmbda_dot):
    if lmbda is None:
        raise NotImplementedError("the lambda that is the most likely has no rule: pass lmbda")
    logs = np.log1p(np.abs(x))
    power = np.where(x >= 0, lmbda, 2 - lmbda)
    divisor = np.where(power == 0, 1, power)
    first = logs**2 * (0.5 + power * logs / 3)
    turn = np.where(np.abs(power * logs) < 1e-5, first, (logs * np.exp(power * logs) - np.abs(out)) / divisor)
    return np.exp((power - 1) * logs) * x_dot, turn * lmbda_dot


@adjoint(stats.boxcox_llf)
def boxcox_llf(lmb, data, *, axis=0, keepdims=False, out_bar):
    """(lambda - 1) sum(log x) - n log(var(y)) / 2 of the transformed y."""
    flat = keepdims or axis is None
    bar = out_bar if flat else np.expand_dims(out_bar, axis)
    logs = np.log(data)
    divisor = np.where(lmb == 0, 1, lmb)
    y = np.where(lmb == 0, logs, np.expm1(lmb * logs) / divisor)
    first = logs**2 * (0.5 + lmb * logs / 3)
    turn = np.where(np.abs(lmb * logs) < 1e-5, first, (logs * np.exp(lmb * logs) - y) / divisor)
    pull = (y - np.mean(y, axis=axis, keepdims=True)) / np.var(y, axis=axis, keepdims=True)
    return np.sum(bar * (logs - pull * turn)), bar * ((lmb - 1) / data - pull * np.exp((lmb - 1) * logs))


@tangent(stats.boxcox_llf)
def boxcox_llf_dot(lmb, data, *, axis=0, keepdims=False, lmb_dot, data_dot):
    logs = np.log(data)
    divisor = np.where(lmb == 0, 1, lmb)
    y = np.where(lmb == 0, logs, np.expm1(lmb * logs) / divisor)
    first = logs**2 * (0.5 + lmb * logs / 3)
    turn = np.where(np.abs(lmb * logs) < 1e-5, first, (logs * np.exp(lmb * logs) - y) / divisor)
    pull = (y - np.mean(y, axis=axis, keepdims=True)) / np.var(y, axis=axis, keepdims=True)
    slope = (lmb - 1) / data - pull * np.exp((lmb - 1) * logs)
    lmb_term = lmb_dot * np.sum(logs - pull * turn, axis=axis, keepdims=keepdims)
    return lmb_term, np.sum(slope * data_dot, axis=axis, keepdims=keepdims)


@adjoint(stats.yeojohnson_llf)
def yeojohnson_llf(lmb, data, *, axis=0, keepdims=False, out_bar):
    """(lambda - 1) sum(sign(x) log(1 + |x|)) - n log(var(y)) / 2 of the transformed y."""
    flat = keepdims or axis is None
    bar = out_bar if flat else np.expand_dims(out_bar, axis)
    logs = np.log1p(np.abs(data))
    power = np.where(data >= 0, lmb, 2 - lmb)
    divisor = np.where(power == 0, 1, power)
    y = np.where(power == 0, logs, np.expm1(power * logs) / divisor)
    first = logs**2 * (0.5 + power * logs / 3)
    turn = np.where(np.abs(power * logs) < 1e-5, first, (logs * np.exp(power * logs) - y) / divisor)
    signed = np.sign(data) * y
    pull = (signed - np.mean(signed, axis=axis, keepdims=True)) / np.var(signed, axis=axis, keepdims=True)
    slope = (lmb - 1) / (1 + np.abs(data)) - pull * np.exp((power - 1) * logs)
    return np.sum(bar * (np.sign(data) * logs - pull * turn)), bar * slope


@tangent(stats.yeojohnson_llf)
def yeojohnson_llf_dot(lmb, data, *, axis=0, keepdims=False, lmb_dot, data_dot):
    logs = np.log1p(np.abs(data))
    power = np.where(data >= 0, lmb, 2 - lmb)
    divisor = np.where(power == 0, 1, power)
    y = np.where(power == 0, logs, np.expm1(power * logs) / divisor)
    first = logs**2 * (0.5 + power * logs / 3)
    turn = np.where(np.abs(power * logs) < 1e-5, first, (logs * np.exp(power * logs) - y) / divisor)
    signed = np.sign(data) * y
    pull = (signed - np.mean(signed, axis=axis, keepdims=True)) / np.var(signed, axis=axis, keepdims=True)
    slope = (lmb - 1) / (1 + np.abs(data)) - pull * np.exp((power - 1) * logs)
    lmb_term = lmb_dot * np.sum(np.sign(data) * logs - pull * turn, axis=axis, keepdims=keepdims)
    return lmb_term, np.sum(slope * data_dot, axis=axis, keepdims=keepdims)


# ---------------------------------------------------------------- correlation
@adjoint(stats.pearsonr)
def pearsonr(x, y, *, axis=0, out, out_bar):
    """Of r = u.v of the centred vectors, of length 1: (v - r u) / |x|.

    With f = N - 2 r sqrt(f / (1 - r^2)) is Student's t: Stuart, Ord and Arnold, "Kendall's Advanced Theory" 2A (1999).
    """
    x_centred = x - np.mean(x, axis=axis, keepdims=True)
    y_centred = y - np.mean(y, axis=axis, keepdims=True)
    x_length = np.sqrt(np.sum(x_centred**2, axis=axis, keepdims=True))
    y_length = np.sqrt(np.sum(y_centred**2, axis=axis, keepdims=True))
    u = x_centred / x_length
    v = y_centred / y_length
    r = np.sum(u * v, axis=axis, keepdims=True)
    r_bar = np.zeros_like(out[0]) if out_bar[0] is None else out_bar[0]
    if out_bar[1] is not None:
        free = np.size(u * v) // max(np.size(r), 1) - 2
        beside = 1 - out[0] ** 2
        density = stats.t.pdf(out[0] * np.sqrt(free / beside), free) * np.sqrt(free) / beside**1.5
        r_bar = r_bar - 2 * out_bar[1] * np.sign(out[0]) * density
    bar = r_bar if axis is None else np.expand_dims(r_bar, axis)
    return unbroadcast(bar * (v - r * u) / x_length, x), unbroadcast(bar * (u - r * v) / y_length, y)


@tangent(stats.pearsonr)
def pearsonr_dot(x, y, *, axis=0, out, x_dot, y_dot):
    x_centred = x - np.mean(x, axis=axis, keepdims=True)
    y_centred = y - np.mean(y, axis=axis, keepdims=True)
    x_length = np.sqrt(np.sum(x_centred**2, axis=axis, keepdims=True))
    y_length = np.sqrt(np.sum(y_centred**2, axis=axis, keepdims=True))
    u = x_centred / x_length
    v = y_centred / y_length
    r = np.sum(u * v, axis=axis, keepdims=True)
    r_dot = np.sum((v - r * u) / x_length * x_dot + (u - r * v) / y_length * y_dot, axis=axis)
    free = np.size(u * v) // max(np.size(r), 1) - 2
    beside = 1 - out[0] ** 2
    density = stats.t.pdf(out[0] * np.sqrt(free / beside), free) * np.sqrt(free) / beside**1.5
    return r_dot, -2 * np.sign(out[0]) * density * r_dot


several(stats.pearsonr, results=2, named=type(stats.pearsonr((0.0, 1.0, 3.0), (0.0, 1.0, 2.0))))
real_only(
    stats.entropy, stats.wasserstein_distance, stats.energy_distance, stats.boxcox, stats.yeojohnson, stats.boxcox_llf,
    stats.yeojohnson_llf, stats.pearsonr,
)  # fmt: skip
