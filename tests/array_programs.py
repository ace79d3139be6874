"""Programs of ordinary array code, one feature each: ``x`` is a matrix of three rows and four columns."""

from typing import Any

import numpy as np

ROWS = np.array([0, 2])
COLUMNS = np.array([1, 3, 0])
PART = np.s_[1:, ::2]


def astype_copy(x):
    return np.sum(x.astype(float, copy=False) ** 2)


def astype_copy_w(x):
    y = x.astype(float, copy=False)
    z = y * y
    return np.sum(z)


def astype_copy_write(x):
    y = (x * 1.0).astype(np.float64, copy=False)
    y[0] *= 2.0
    return np.sum(y**2)


def array_dtype(x):
    return np.sum(np.array([x[0, 0], x[1, 1] ** 2], dtype=float) ** 2)


def array_dtype2(x):
    return np.sum(np.array(x, dtype=float) ** 2)


def array_dtype3(x):
    return np.sum(np.array(x, dtype=np.float64) ** 2)


def array_dtype4(x):
    return np.sum(np.array([[x[0, 0], 1], [2, x[1, 1]]], float) @ x[:2, :2])


def array_copy(x):
    y = np.array(x, copy=True)
    y[0] *= 2
    return np.sum(y * x)


def array_copy_false(x):
    return np.sum(np.asarray(x, copy=False) ** 2)


def array_ndmin(x):
    return np.sum(np.array(x[0], ndmin=2) @ x.T)


def asarray_dtype(x):
    return np.sum(np.asarray(x, dtype=float) ** 2)


def asarray_dtype_pos(x):
    return np.sum(np.asarray(x, float) ** 2)


def asarray_list(x):
    return np.sum(np.asarray([x[0, 0], x[1, 1]], dtype=float) ** 2)


def asarray_write(x):
    y = np.asarray(x * 1.0, dtype=float)
    y[0] = y[0] * x[1]
    return np.sum(y**2)


def reshape_plus(x):
    n = 1
    return np.sum(x.reshape((n,) + x.shape) ** 2)


def reshape_plus2(x):
    return np.sum(x.reshape(x.shape + (1,)) ** 2)


def zeros_plus(x):
    n = 2
    A = np.zeros((n,) + x.shape)
    A[0] = x
    A[1] = x * x
    return np.sum(A**2)


def zeros_plus_arg(x, n):
    A = np.zeros((n,) + x.shape)
    for k in range(n):
        A[k] = x ** (k + 1)
    return np.sum(A**2)


def zeros_shape0(x):
    A = np.zeros(x.shape[:1] + (2,))
    A[:, 0] = x[:, 0] ** 2
    return np.sum(A)


def mul_list(x):
    return np.sum(x[0, :2] * [1, 2])


def add_list(x):
    return np.sum((x + [1.0, 2.0, 3.0, 4.0]) ** 2)


def radd_list(x):
    return np.sum(([1.0, 2.0, 3.0, 4.0] - x) ** 2)


def div_tuple(x):
    return np.sum(x / (1.0, 2.0, 3.0, 4.0))


def pow_list(x):
    return np.sum(x ** [1, 2, 3, 2])


def mul_list_active(x):
    a = x[0, 0]
    return np.sum(x * [a, a**2, 1.0, 2.0])


def matmul_list(x):
    return np.sum(x @ [1.0, 2.0, 3.0, 4.0]) ** 2


def aug_list(x):
    y = x * 1.0
    y += [1.0, 2.0, 3.0, 4.0]
    y *= (1, 2, 3, 4)
    return np.sum(y**2)


def mul_list_var(x):
    w = [1.0, 2.0, 3.0, 4.0]
    return np.sum((x * w) ** 2)


def mul_list_arg(x, w):
    return np.sum((x * w) ** 2)


def cmp_list(x):
    return np.sum(np.where(x > [0, 0, 1, 1], x**2, x))


def assign_list(x):
    y = np.zeros(4)
    y[:] = [x[0, 0], x[1, 1], 2.0, 3.0]
    return np.sum(y * x)


def assign_tuple(x):
    y = np.zeros(4)
    y[:2] = x[0, 0], x[1, 1] ** 2
    return np.sum(y * x)


def full_(x):
    return np.sum(np.full((3, 4), x[0, 0]) * x)


def full_arr(x):
    return np.sum(np.full((3, 4), x[0]) * x)


def full_list(x):
    return np.sum(np.full((3, 2), [x[0, 0], x[1, 0]]) * x[:, :2])


def full_dtype(x):
    return np.sum(np.full(4, x[0, 0], dtype=float) * x)


def full_kw(x):
    return np.sum(np.full(shape=4, fill_value=x[0, 0]) * x)


def full_like(x):
    return np.sum(np.full_like(x, x[0, 0] ** 2) * x)


def full_shape(x):
    return np.sum(np.full(x.shape[0], x[0, 0] ** 2) @ x)


def arange_(x):
    return np.sum(np.arange(x[0, 0], 3.0, 0.5) ** 2)


def arange_kw(x):
    return np.sum(np.arange(0.0, 2.05, step=0.3 + 0.1 * x[0, 0]) ** 2)


def arange_n(x):
    return np.sum(x[0, 0] * np.arange(4) * x)


def arange_n2(x, n):
    return np.sum(np.arange(n) * x[0, 0])


def linspace_(x):
    return np.sum(np.linspace(x[0, 0], x[1, 0], 5) ** 2)


def kron_(x):
    return np.sum(np.kron(x, np.arange(6.0).reshape(2, 3)) ** 2)


def kron1(x):
    return np.sum(np.kron(x[0], x[1]) ** 2)


def kron12(x):
    return np.sum(np.kron(x[0], x) ** 2)


def kron21(x):
    return np.sum(np.kron(x, x[0]) ** 2)


def kron0(x):
    return np.sum(np.kron(x, x[0, 0]) ** 2)


def kron_eye(x):
    return np.sum(np.kron(np.eye(2), x) ** 2)


def kron3(x):
    return np.sum(np.kron(x.reshape(3, 2, 2), x[:, :2]) ** 2)


def zeros_dtype(x):
    y = np.zeros(3, dtype=float)
    z = np.zeros_like(x, dtype=float)
    w = np.empty(x.shape, dtype=x.dtype)
    y[:] = x[:, 0]
    z[:] = x
    w[...] = x * x
    return np.sum(y) + np.sum(z * w)


def ones_shape(x):
    return np.sum(np.ones((x.shape[0], 1)) * x**2)


def zeros_order(x):
    y = np.zeros((3, 4), order="F")
    y[:] = x**2
    return np.sum(y)


def reshape_star(x):
    return np.sum(x.reshape(*x.shape, 1) ** 2)


def reshape_order(x):
    return np.sum(x.reshape(4, 3, order="F") * np.arange(12.0).reshape(4, 3))


def ravel_order(x):
    return (
        np.sum(x.ravel(order="F") * np.arange(12.0))
        + np.sum(np.ravel(x, "F") * np.arange(12.0))
        + np.sum(x.flatten("F") * np.arange(12.0))
    )


def np_float(x):
    return np.float64(x[0, 0]) ** 2 + np.sum(np.float64(x[0]))


def double(x):
    return np.sum(np.double(x))


def complex_(x):
    return np.sum(np.abs(np.array([x[0, 0] + 1j * x[0, 1]], dtype=complex)) ** 2)


def array_nested(x):
    c, s = np.cos(x[0, 0]), np.sin(x[0, 0])
    R = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    return np.sum((R @ x) ** 2 * np.arange(4))


def array_of_rows(x):
    return np.sum(np.array([x[0] * 2, x[1]]) ** 2)


def array_comp(x):
    return np.sum(np.array([v**2 for v in x[0]]))


def array_comp2(x):
    return np.sum(np.array([np.sum(r**2) for r in x], dtype=float) ** 2)


def array_comp3(x):
    return np.sum(np.array([x[i] * i for i in range(x.shape[0])]) ** 2)


def zeros_star(x):
    A = np.zeros((2, *x.shape))
    A[0] = x
    A[1] = x * x
    return np.sum(A**2)


def plus_plus(x):
    A = np.zeros(x.shape[:1] + (2,) + x.shape[1:])
    A[:, 0] = x
    A[:, 1] = x * x
    return np.sum(A**2)


def shape_var(x):
    shp = x.shape + (2,)
    A = np.zeros(shp)
    A[..., 0] = x**2
    return np.sum(A) * shp[0] + len(shp)


def tuple_plus_array(x):
    y = x[0]
    return np.sum((1.0, 2.0, 3.0, 4.0) + y) + np.sum(((1.0, 2.0, 3.0, 4.0) + x) ** 2)


def tuple_active_plus(x):
    a = x[0, 0]
    return np.sum(((a, 2.0, 3.0, a * a) + x) ** 2)


def mul_tuple_plus(x):
    y = np.cumsum(x, 0)
    a = x[0, 0]
    return np.sum(((a, 2.0, 3.0, a * a) + y) ** 2)


def star2(x):
    shp = (2, *x.shape, 1)
    A = np.zeros(shp)
    A[0, ..., 0] = x
    A[1, ..., 0] = x * x
    return np.sum(A**2)


def star3(x):
    A = np.zeros((*x.shape, 1))
    A[..., 0] = x
    return np.sum(A**2)


def star4(x):
    A = np.zeros((*x.shape[:1], *x.shape[1:]))
    A[:] = x
    return np.sum(A**2)


def star5(x):
    n, m = (3, 4)
    A = np.zeros((*(n, m),))
    A[:] = x
    return np.sum(A**2)


def ix_loop(x, i, j):
    y = x * 1.0
    for k in range(2):
        m = np.ix_(i, j - k)
        y[m] = y[m] * x[m]
        i = i - 1
    return np.sum(y**2)


def ix_loop2(x, i, j):
    y = x * 1.0
    for k in range(2):
        m = np.ix_(i, j)
        y[m] = y[m] * x[m]
        i[0] += 1
    return np.sum(y**2)


def ix_rep(x, i, j):
    A = x * x
    k = np.array([0, 0, 2])
    A[np.ix_(k, j)] += x[k][:, j]
    A[np.ix_(k, j)] = A[np.ix_(k, j)] * x[:, j]
    return np.sum(A**2)


def ix_empty(x, i, j):
    k = np.array([], dtype=int)
    A = x * x
    A[np.ix_(k, j)] *= 5.0
    return np.sum(A) + np.sum(x[np.ix_(k, j)])


def ix_branch(x, i, j):
    m = np.ix_(i, j) if x[0, 0] > 0 else np.ix_(j, i)
    A = x * x
    A[m] *= 5.0
    return np.sum(A**2)


def tup_arr_written(x, i, j):
    idx = (i, j[:2])
    i[0] = 1
    return np.sum(x[idx] ** 3)


def tup_arr_written2(x, i, j):
    y = x * 1.0
    idx = (i, j[:2])
    y[idx] = y[idx] ** 2
    i[0] = 1
    y[idx] = y[idx] ** 2
    return np.sum(y**3)


def swap_idx(x, i, j):
    y = x * 1.0
    a, b = np.ix_(i, j), np.ix_(i[::-1], j)
    for _ in range(2):
        y[a] = y[b] * x[a]
        a, b = b, a
    return np.sum(y**2)


def helper(x, i, j):
    return np.sum(_pick(x, i, j) ** 2)


def _pick(A, i, j):
    return A[np.ix_(i, j)]


def neg(x, i, j):
    A = x * x
    A[np.ix_(i - 3, j)] *= x[np.ix_(i, j)]
    return np.sum(A**2)


def mask_ix(x, i, j):
    A = x * x
    m = np.ix_(x[:, 0] > 0, [True, False, True, False])
    A[m] = x[m] * 3.0 * A[m]
    return np.sum(A**2)


def digitize(x, i, j):
    b = np.digitize(x, [-1.0, 0.0, 1.0])
    w = np.array([1.0, 2.0, 3.0, 4.0])
    return np.sum(w[b] * x)


def ix(x):
    i = np.array([0, 2])
    j = np.array([1, 3])
    return np.sum(x[np.ix_(i, j)] ** 2)


def ix_list(x):
    return np.sum(x[np.ix_([0, 2], [1, 3])] ** 2)


def ix_global(x):
    return np.sum(x[np.ix_(ROWS, COLUMNS)] ** 2)


def ix_arg(x, i, j):
    return np.sum(x[np.ix_(i, j)] ** 2)


def ix_write(x, i, j):
    A = np.zeros((3, 4))
    A[np.ix_(i, j)] += x[:2, :3] ** 2
    return np.sum(A * x)


def ix_var(x, i, j):
    m = np.ix_(i, j)
    y = x * x
    y[m] = y[m] * 2.0
    return np.sum(y[m] ** 2) + np.sum(y)


def ix_bool(x, i, j):
    return np.sum(x[np.ix_(x[:, 0] > 0, j)] ** 2)


def ix_range(x):
    return np.sum(x[np.ix_(range(2), range(1, 3))] ** 2)


def ix_unpack(x, i, j):
    r, c = np.ix_(i, j)
    return np.sum(x[r, c] ** 2)


def slice_called(x):
    return np.sum(x[slice(0, 1)] ** 2)


def slice_tuple(x):
    return np.sum(x[(0, slice(None))] ** 2)


def slice_var(x):
    s = slice(1, None)
    return np.sum(x[s] ** 2)


def slice_var2(x):
    s = slice(1, None)
    return np.sum(x[:, s] ** 2)


def slice_tuple_var(x, n):
    inner = (slice(1, -1), slice(1, -1))
    return np.sum(x[inner] ** 2)


def slice_write(x):
    y = x * 1.0
    s = slice(1, None)
    y[s] = y[s] * x[s]
    return np.sum(y**2)


def slice_aug(x):
    y = x * 1.0
    s = (slice(None), slice(1, 3))
    y[s] += x[s] ** 2
    return np.sum(y**2)


def s_(x):
    return np.sum(x[np.s_[1:, ::2]] ** 2)


def s_var(x):
    s = np.s_[1:, ::2]
    return np.sum(x[s] ** 2)


def s_global(x):
    return np.sum(x[PART] ** 2)


def index_exp(x):
    s = np.index_exp[1:, ::2]
    return np.sum(x[s] ** 2)


def npint(x):
    return np.sum(x[np.int64(0)] ** 2)


def npint2(x):
    i = np.argmax(x[:, 0])
    return np.sum(x[i] ** 2)


def npint3(x):
    i = np.int64(1)
    return x[i, np.int32(2)] ** 2


def idx_tuple(x):
    idx = (0, 1)
    return x[idx] ** 2


def idx_tuple2(x, i, j):
    idx = (i, j)
    y = x * x
    y[idx] = 3.0 * y[idx]
    return np.sum(y[idx])


def unravel(x):
    k = np.unravel_index(np.argmax(x), x.shape)
    return x[k] ** 2


def nonzero(x):
    k = np.nonzero(x > 0)
    return np.sum(x[k] ** 2)


def where1(x):
    k = np.where(x > 0)
    y = x * x
    y[k] *= 2.0
    return np.sum(y**2)


def where1b(x):
    i, j = np.where(x > 0)
    return np.sum(x[i, j] ** 2)


def triu_idx(x):
    k = np.triu_indices(3)
    return np.sum(x[k] ** 2)


def tril_idx(x):
    i, j = np.tril_indices(3, -1)
    L = np.zeros((3, 3))
    L[i, j] = x[0, :3]
    return np.sum(L @ x)


def diag_idx(x):
    y = np.outer(x[0], x[1])
    y[np.diag_indices(4)] += x[2]
    return np.sum(y**2)


def slice_loop(x):
    s = 0.0
    for sl in [slice(0, 2), slice(2, 4)]:
        s = s + np.sum(x[:, sl]) ** 2
    return s


def plus_tuple(x):
    idx = (slice(None),) * 1 + (0,)
    return np.sum(x[idx] ** 2)


def ellips_var(x):
    s = (..., 1)
    return np.sum(x[s] ** 2)


def none_var(x):
    s = (slice(None), None)
    return np.sum(x[s] ** 2)


def bool_and(x):
    m = (x > 0) & (x < 1)
    return np.sum(x[m] ** 2)


def mask_col(x):
    m = x[:, 0] > 0
    return np.sum(x[m, 1] ** 2)


def arr_arange(x):
    return np.sum(x[np.arange(3), [0, 1, 3]] ** 2)


def perm(x):
    p = np.argsort(x[0])
    return np.sum(x[:, p] * np.arange(4.0))


def index_of_list(x):
    ix = [0] * x.ndim
    ix[1] = 2
    return np.sum(x[tuple(ix)] ** 2)


def index_grown(x, n):
    ix = []
    for k in range(n):
        ix.append(k)
    return np.sum(x[tuple(ix)] ** 2)


def index_comprehended(x, n):
    ix = [k for k in range(n)]
    return np.sum(x[tuple(ix)] ** 2)


def places_comprehended(x, n):
    ix = [k for k in range(n)]
    return np.sum(x[ix] ** 2)


def index_generated(x, n):
    ix = tuple(k for k in range(n))
    return np.sum(x[ix] ** 2)


def index_written(x):
    y = x * 1.0
    ix = [0] * x.ndim
    ix[1] = 2
    y[tuple(ix)] = 3.0 * x[1, 1]
    return np.sum(y**2)


def index_of_constants(x):
    return np.sum(x[tuple([0, 1])] ** 2)


def index_tuple_named(x, n):
    ix = []
    for k in range(n):
        ix.append(k)
    t = tuple(ix)
    return np.sum(x[t] ** 2)


def index_in_loop(x, n):
    y = x * 1.0
    for k in range(n):
        ix = [0] * x.ndim
        ix[1] = k
        t = tuple(ix)
        y[t] = y[t] * x[1, 1]
        ix[0] = 2
        y[t] = y[t] * x[1, k]
    return np.sum(y**2)


def index_changed_item(x, n):
    sl = [slice(None)] * x.ndim
    s = 0.0
    for k in range(n):
        sl[1] = k
        s = s + np.sum(x[tuple(sl)] ** 2) * (k + 1)
    return s


def differences_along_axis(x, n):
    hi = [slice(None)] * x.ndim
    lo = [slice(None)] * x.ndim
    hi[n - 1] = slice(1, None)
    lo[n - 1] = slice(None, -1)
    d = x[tuple(hi)] - x[tuple(lo)]
    return np.sum(d**2)


def _take(x, t):
    return x[t]


def index_handed_on(x, n):
    t = tuple([1] * x.ndim)
    return _take(x, t) ** 2


def index_turned(x, n):
    t = tuple([k for k in range(n)])[::-1]
    np.add.at(y := x * 1.0, t, 3.0 * x[2, 2])
    return np.sum(y**2) + len(t)


def fft_power(x):
    return np.sum(np.abs(np.fft.fft(x)) ** 2 * np.arange(4))


def fft_filter(x):
    k = np.fft.fftfreq(4)
    return np.sum(np.real(np.fft.ifft(np.fft.fft(x) * np.exp(-(k**2)))) ** 3)


def rfft(x):
    X = np.fft.rfft(x, axis=0)
    return np.sum(np.fft.irfft(X * X, n=3, axis=0) ** 2)


def rfft_n(x):
    X = np.fft.rfft(x[0], n=8)
    return np.sum(np.fft.irfft(X * np.conj(X), n=8) ** 2) + np.sum(X.real**3) + np.sum(X.imag)


def fft2(x):
    return np.sum(np.abs(np.fft.fftshift(np.fft.fft2(x))) ** 2 * np.arange(4) ** 2)


def poisson(x):
    k = np.fft.fftfreq(3)[:, None] ** 2 + np.fft.rfftfreq(4)[None, :] ** 2
    k[0, 0] = 1.0
    u = np.fft.irfft2(np.fft.rfft2(x) / k, s=x.shape)
    return np.sum(u**2)


def fftn(x):
    return np.sum(np.fft.fftn(x).real ** 2) + np.sum(np.fft.ifftn(x).imag ** 2) + np.sum(np.abs(np.fft.rfftn(x)))


def fft_complex_in(x):
    z = x[0] + 1j * x[1]
    Z = np.fft.fft(z)
    return np.sum(np.abs(Z) ** 4)


def interp(x):
    xp = np.linspace(-2.5, 2.5, 7)
    return np.sum(np.interp(x, xp, np.sin(xp)) ** 2)


def interp_fp(x):
    return np.sum(np.interp([0.3, 1.2, 2.9, -1.0], [0.0, 1.0, 2.0, 3.0], x[0]) ** 2)


def interp_scalar(x):
    return np.interp(x[0, 0], [0.0, 0.5, 2.0], [1.0, 3.0, x[1, 0]]) ** 2


def interp_xp(x):
    return np.sum(np.interp([-0.9, 0.1, 1.1], np.sort(x[1]), x[0], left=0.0) ** 2)


def trapz(x):
    t = np.linspace(0, 1, 4)
    return np.trapezoid(x**2, t).sum() + np.trapezoid(x[0], dx=x[1, 1]) + np.trapezoid(x[0], x[1])


def gradient(x):
    g = np.gradient(x[0], 0.1)
    return np.sum(g**2) + np.sum(np.gradient(x, axis=1) ** 3)


def convolve(x):
    return np.sum(np.convolve(x[0], x[1], mode="same") ** 2) + np.sum(np.convolve(x[0], [0.25, 0.5, 0.25]) ** 2)


def correlate(x):
    return np.sum(np.correlate(x[0], x[1], mode="full") ** 2)


def average(x):
    return np.average(x[0], weights=np.exp(x[1])) ** 2 + np.sum(np.average(x, axis=1, weights=[1, 2, 3, 4]) ** 2)


def percentile(x):
    q1, q3 = np.percentile(x, [25, 75])
    return (q3 - q1) ** 2 + np.quantile(x, 0.4) ** 2


def percentile2(x):
    p = np.percentile(x, [25, 75], axis=1)
    return np.sum((p[1] - p[0]) ** 2) + np.sum(np.percentile(x, 10, axis=0) ** 2)


def nan(x):
    y = np.where(x > 0, x, np.nan)
    return np.nansum(y**2) + np.nanmean(y) + np.nanstd(y) + np.nanmax(y) + np.sum(np.nanmean(y, axis=0) ** 2)


def cov(x):
    return np.sum(np.cov(x) ** 2) + np.sum(np.corrcoef(x.T) ** 2)


def ptp(x):
    return np.ptp(x) ** 2 + np.sum(np.ptp(x, axis=0) ** 2)


def unwrap(x):
    return np.sum(np.unwrap(3 * x) ** 2)


def diff(x):
    return np.sum(np.ediff1d(x) ** 2)


def sum_where(x):
    return np.sum(x**2, where=x > 0) + np.sum(np.sum(x, axis=0, where=x > 0) ** 2) + np.mean(x**2, where=x < 1)


def sum_init(x):
    return np.sum(x[0], initial=x[1, 1]) ** 2 + x.sum(axis=1, initial=2.0)[0] ** 2 + np.sum(x, initial=3.0)


def sum_dtype(x):
    return (
        np.sum(x, 0, float)[1] ** 2
        + np.sum(x, dtype=np.float64) ** 2
        + x.mean(dtype=float)
        + np.cumsum(x, dtype=float)[3] ** 2
        + np.std(x, dtype=float)
    )


def max_init(x):
    return (
        np.max(x, initial=0.0) ** 2
        + np.sum(np.max(x, axis=0, initial=1.0) ** 2)
        + np.min(x, where=x > 0, initial=10.0) ** 2
    )


def prod(x):
    return np.prod(x, where=x > 0) + np.sum(np.prod(x, axis=1, initial=2.0))


def sum_out(x):
    o = np.zeros(4)
    np.sum(x**2, 0, None, o)
    r = np.sum(x, axis=1, out=np.empty(3))
    return np.sum(o**2) + np.sum(r**3)


def amax(x):
    return np.amax(x) + np.amin(x, axis=0).sum()


def ufunc_where(x):
    o = np.zeros_like(x)
    np.log(x, out=o, where=x > 0)
    return np.sum(o**2)


def divide_where(x):
    r = np.divide(1.0, x, out=np.zeros_like(x), where=np.abs(x) > 0.5)
    return np.sum(r**2)


def add_pos_out(x):
    o = np.empty_like(x)
    np.multiply(x, 2.0, o)
    np.add(o, x, o)
    return np.sum(o**2)


def clip_out(x):
    y = x * 1.0
    np.clip(y, -1.0, 1.0, out=y)
    return np.sum(y**2)


def clip_min(x):
    return np.sum(np.clip(x, min=0.0) ** 2) + np.sum(x.clip(0.0, 1.0)) + np.sum(np.clip(x, a_min=-1.0, a_max=None))


def concat(x):
    return np.sum(np.concatenate([x, x * 2], axis=1, dtype=float) ** 2) + np.sum(
        np.concatenate((x[0], [1.0], x[1])) ** 2
    )


def take_mode(x):
    return np.sum(np.take(x, [0, 5], axis=1, mode="wrap") ** 2) + np.sum(x.take([0, 7], mode="clip"))


def norm_axis(x):
    return np.sum(np.linalg.norm(x, ord=1, axis=1) ** 2) + np.sum(np.linalg.norm(x, 2, 0))


def cross_axis(x):
    return np.sum(np.cross(x.T[:, :3], x.T[:, :3] ** 2, axis=1) ** 2)


def sort_stable(x):
    return np.sum(np.sort(x, stable=True) * np.arange(4))


def pad_mode(x):
    return (
        np.sum(np.pad(x, 1, mode="edge") ** 2)
        + np.sum(np.pad(x, 1, mode="wrap") ** 2)
        + np.sum(np.pad(x, 1, "reflect") ** 2)
    )


def pad_const(x):
    return np.sum(np.pad(x, ((1, 1), (0, 2)), mode="constant", constant_values=1.0) ** 2) + np.sum(
        np.pad(x, 1, "constant") ** 2
    )


def cumsum_out(x):
    o = np.empty_like(x)
    np.cumsum(x, axis=0, out=o)
    return np.sum(o**2)


def linspace(x):
    return np.sum(np.linspace(x[0, 0], x[1, 1], num=4, dtype=float) ** 2)


def zeros_like(x):
    y = np.zeros_like(x, dtype=float, shape=(2, 2))
    y[:] = x[:2, :2] ** 2
    return np.sum(y)


def full_order(x):
    return np.sum(np.full((2, 3), x[0, 0], order="F") ** 2)


def trace_dtype(x):
    return np.trace(x[:, :3], dtype=float) ** 2


def copy_order(x):
    return np.sum(x.copy(order="C") ** 2) + np.sum(np.copy(x, order="F"))


def _spd(x):
    return x @ x.T + 2.0 * np.eye(3)


def slogdet(x):
    A = _spd(x)
    sign, logdet = np.linalg.slogdet(A)
    return sign * logdet**2


def slogdet1(x):
    return np.linalg.slogdet(_spd(x))[1] ** 2


def slogdet_attr(x):
    return np.linalg.slogdet(_spd(x)).logabsdet ** 2


def slogdet_under(x):
    _, ld = np.linalg.slogdet(_spd(x))
    return -0.5 * ld


def slogdet_var(x):
    r = np.linalg.slogdet(_spd(x))
    return r[1] * r[0] + r.sign


def eigh(x):
    w, v = np.linalg.eigh(_spd(x))
    return np.sum(np.log(w)) + np.sum(v[:, 0] ** 2 * np.arange(3.0)) + np.sum((v * w) @ v.T)


def eigh_w(x):
    w, _ = np.linalg.eigh(_spd(x))
    return np.sum(w**3)


def eigh_v(x):
    v = np.linalg.eigh(_spd(x))[1]
    return np.sum(np.abs(v[:, -1]) * np.array([1.0, 2.0, 4.0]))


def eigvalsh(x):
    return np.sum(np.linalg.eigvalsh(_spd(x)) ** 2 * np.arange(3.0))


def eigh_attr(x):
    e = np.linalg.eigh(_spd(x))
    return e.eigenvalues[0] + e.eigenvectors[1, 1] ** 2


def qr(x):
    q, r = np.linalg.qr(x.T)
    return np.sum(q**2 * np.arange(12.0).reshape(4, 3)) + np.sum(np.abs(r))


def qr_r(x):
    _, r = np.linalg.qr(x.T)
    return np.sum(r**2 * np.arange(9.0).reshape(3, 3))


def svd(x):
    u, s, vt = np.linalg.svd(x, full_matrices=False)
    return np.sum(((u * s) @ vt) ** 3) + np.sum(u**2 * np.arange(9.0).reshape(3, 3)) + np.sum(vt[0] ** 4)


def svd_lowrank(x):
    u, s, vt = np.linalg.svd(x, full_matrices=False)
    return np.sum((u[:, :2] * s[:2] @ vt[:2] - x) ** 2 * np.arange(4))


def decompositions_in_loop(x):
    A = _spd(x)
    t = 0.0
    for k in range(3):
        w, v = np.linalg.eigh(A)
        A = A + 0.1 * k * (v * w**2) @ v.T
        t = t + np.linalg.slogdet(A)[1]
    return t


def decomposition_in_branch(x):
    A = _spd(x)
    if x[0, 0] > 0:
        w, v = np.linalg.eigh(A)
    else:
        v, w = A, A[0]
    w = w * 2
    v[0] = v[0] * w
    return np.sum(v[0] ** 2) + w[0]


def vectors_written(x):
    w, v = np.linalg.eigh(_spd(x))
    w[0] = 5.0 * w[1]
    v *= w
    return np.sum(v**4) + np.sum(w)


def log_density(x):
    C = np.cov(x) + np.eye(3)
    sign, ld = np.linalg.slogdet(2 * np.pi * C)
    y = x[:, 0]
    return -0.5 * (ld + y @ np.linalg.solve(C, y))


def lse(x):
    return np.logaddexp.reduce(x[0]) ** 2 + np.sum(np.logaddexp.reduce(x, axis=1) ** 2)


def ufunc_outers(x):
    return np.sum(np.divide.outer(x[0], x[1]) ** 2) + np.sum(np.maximum.outer(x[0], x[1]) ** 2)


def reduceat(x):
    return np.sum(np.add.reduceat(x[0], [0, 2]) ** 2)


def diff_with_ends(x):
    return (
        np.sum(np.diff(x, prepend=0.0) ** 2)
        + np.sum(np.diff(x, axis=0, append=x[:1]) ** 2)
        + np.sum(np.diff(x[0], prepend=x[0, 0] ** 2) ** 3)
    )


def nan2(x):
    return np.sum(np.nan_to_num(np.where(x > 0, x, np.nan), nan=2.0) ** 2)


def compress(x):
    return np.sum(np.compress([True, False, True], x, axis=0) ** 2) + np.sum(np.extract(x > 0, x) ** 3)


def col(x):
    return np.sum(np.column_stack([np.ones(4), x[0], x[0] ** 2]) @ x[:, 1])


def append(x):
    return np.sum(np.append(x[0], x[1, 1]) ** 2) + np.sum(np.append(x[0], [1.0, x[0, 0]]) ** 2)


def delete(x):
    return np.sum(np.delete(x, 1, axis=0) ** 2) + np.sum(np.delete(x[0], [0, 2]) ** 3)


def polyval(x):
    return np.sum(np.polyval(x[0], x[1]) ** 2) + np.polyval([1.0, x[0, 0], 2.0], 0.5)


def vander(x):
    return np.sum(np.vander(x[0], 3) @ x[:, 0])


def tensordot(x):
    return np.sum(np.tensordot(x, x, axes=([1], [1])) ** 2) + np.tensordot(x, x)


def logspace(x):
    return np.sum(np.logspace(0.0, x[0, 0], 4)) + np.sum(np.geomspace(1.0, x[1, 0], 4) ** 2)


def pinv(x):
    return np.sum(np.linalg.pinv(x) ** 2)


def einsum_product(x):
    return np.sum(np.einsum("ij,kj->ik", x, x) ** 2)


def einsum_traces(x):
    return np.einsum("ij,ij->", x, x**2) + np.einsum("ii", x[:, :3]) ** 2 + np.sum(np.einsum("ii->i", x[:, :3]) ** 3)


def einsum_of_three(x):
    w = np.arange(4.0)
    return np.sum(np.einsum("ij,j,kj->ik", x, w, x**2) ** 2)


def einsum_of_one(x):
    return np.sum(np.einsum("ij->j", x) ** 2) + np.sum(np.einsum("ij->ji", x, optimize=True) * np.arange(3.0))


def einsum_implicit(x):
    return np.sum(np.einsum("i,j", x[0], x[1]) ** 2) + np.einsum("i,i", x[0], x[0])


def einsum_dots(x):
    return np.sum(np.einsum("...j,j->...", x, x[0]) ** 2)


def einsum_in_loop(x):
    s = "ij,j->i"
    for _ in range(2):
        x = np.outer(np.einsum(s, x, x[0]), x[1])
    return np.sum(x)


def einsum_view_read(x):
    A = x * 1.0
    B = np.einsum("ij->ji", A)
    s = np.sum(B**2)
    A[0] = x[1] ** 2
    return s + np.sum(A)


def einsum_and_writes(x):
    A = x * 1.0
    s = 0.0
    for k in range(3):
        B = np.einsum("ij,jk->ik", A, A.T)
        A[k] = B[0, k] * A[k]
        s = s + np.sum(B)
    return s + np.sum(A**2)


def einsum_numbers_12(x):
    s = x[0, 0] * 2.0
    return np.sum(np.einsum(",ij->ij", s, x) ** 2) + np.sum(np.einsum(",i->i", x[1, 1], np.arange(3.0)) ** 2)


def einsum_numbers_13(x):
    s = 2.0
    return np.sum(np.einsum(",ij,j->i", s, x, np.ones(4)) ** 2)


def einsum_numbers_14(x):
    t = np.einsum("ij,ij->", x, x)
    return np.einsum(",,->", t, t, 2.0) + np.einsum("i,i", x[0], np.ones(4)) ** 3


def view_a(x):
    A = x * 1.0
    v = np.flipud(A)
    A[0] = A[0] * v[0]
    v[1] *= A[2]
    return np.sum(A**2) + np.sum(v**3)


def view_b(x):
    A = x * 1.0
    v = np.fliplr(A)
    for k in range(3):
        v[k] = v[k] * A[k, 0]
    A *= x
    return np.sum(A**2) + np.sum(v[0] ** 3)


def view_c(x):
    A = x[0] * 1.0
    v = np.atleast_2d(A)
    v *= x[1]
    A[0] = 3.0 * v[0, 1]
    return np.sum(A**2) + np.sum(v**3)


def view_d(x):
    A = x * 1.0
    v = np.atleast_2d(A)
    v[0] *= x[1]
    A[0, 0] = 3.0 * v[0, 1]
    return np.sum(A**2) + np.sum(v**3)


def view_f(x):
    s = x[0, 0]
    v = np.atleast_2d(s)
    v[0, 0] = v[0, 0] * 3
    return np.sum(v**2) + s


def view_g(x):
    A = x * 1.0
    v = np.flipud(np.fliplr(A))
    v[0, 1:] = v[1, :-1] * 2
    return np.sum(A**2) * v[0, 1]


def view_h(x):
    L = [x[0, 0], x[1, 1]]
    v = np.atleast_2d(L)
    v[0, 0] = 2.0 * v[0, 1]
    return np.sum(v**2)


def alias_a(x):
    y = np.asarray(x, dtype=float)
    y[0] = y[0] * 2.0
    return np.sum(y**2) + np.sum(x**3)


def alias_b(x):
    A = x * 1.0
    y = A.astype(float, copy=False)
    y[0] = y[1] * 2.0
    A[1] = y[0] * A[2]
    return np.sum(y**2) + np.sum(A**3)


def alias_c(x):
    A = x * 1.0
    y = A.astype(np.complex128, copy=False)
    y[0] = y[1] * 2.0
    A[1] = A[0] * A[2]
    return np.sum(np.abs(y) ** 2) + np.sum(A**3)


def alias_d(x):
    A = x * 1.0
    y = np.asarray(A, dtype=np.complex128)
    A[1] = A[0] * A[2]
    return np.sum(y.real**2) + np.sum(A**3)


def alias_g(x):
    A = x * 1.0
    B = np.array(A, dtype=float, copy=True)
    B[0] *= A[1]
    A *= 2.0
    return np.sum(B**2) + np.sum(A**3)


def alias_i(x):
    y = np.array(x, ndmin=3)
    y[0, 0] *= x[1]
    return np.sum(y**2) + np.sum(x)


def alias_j(x):
    A = x * 1.0
    y = np.array([A[0], A[1] * A[0]], dtype=float)
    A[0] *= 3.0
    y[0] = y[1] * A[0]
    return np.sum(y**2) + np.sum(A)


def alias_k(x):
    A = x * 1.0
    v = A.reshape(-1, order="F")
    s = np.sum(v * np.arange(12.0))
    A[0] = x[1]
    return s + np.sum(A**2)


def alias_m(x):
    A = x * 1.0
    v = np.reshape(A, (4, 3), "F")
    v[0] = v[1] * 2
    return np.sum(v**2)


def alias_p(x):
    A = x * 1.0
    for k in range(2):
        y = np.asarray(A, float)
        y[k] = y[k] * y[k + 1]
        A = y * 1.5
    return np.sum(A**2)


def alias_r(x):
    y = np.nansum(x, axis=0)
    y[0] = 3.0 * y[1]
    z = np.average(x, axis=1)
    z *= y[:3]
    return np.sum(y**2) + np.sum(z)


def alias_s(x):
    A = x * 1.0
    y = np.unwrap(A, axis=0)
    A[0] = 0.5
    z = np.fft.fftshift(A)
    z[0] *= 2.0
    return np.sum(y**2) + np.sum(z**2) + np.sum(A)


def alias_t(x):
    A = x * 1.0
    m = np.sum(A, axis=0, where=A > 0)
    A[0] = m * A[1]
    return np.sum(A**2) + np.sum(m)


def alias_u(x):
    s = 0.0
    A = x * 1.0
    for k in range(3):
        q = np.quantile(A, 0.3 + 0.1 * k, axis=1)
        A[k] = A[k] * q[k]
        s = s + np.interp(q[0], [-3.0, 0.0, 3.0], A[0, :3])
    return s + np.sum(A**2)


INDEXED = """
    ix_loop ix_loop2 ix_rep ix_empty ix_branch tup_arr_written tup_arr_written2 swap_idx helper neg mask_ix
    digitize ix_arg ix_write ix_var ix_bool ix_unpack
""".split()
COUNTED = """
    index_grown index_comprehended places_comprehended index_generated index_tuple_named index_in_loop
    index_changed_item differences_along_axis index_handed_on index_turned
""".split()
MORE: dict[str, tuple[Any, ...]] = {
    "zeros_plus_arg": (3,),
    "mul_list_arg": ([1.0, 2.0, 3.0, 4.0],),
    "arange_n2": (4,),
    "idx_tuple2": (np.array([0, 1]), np.array([1, 2])),
    "slice_tuple_var": (1,),
    **dict.fromkeys(COUNTED, (2,)),
    **dict.fromkeys(INDEXED, (ROWS, COLUMNS)),
}
