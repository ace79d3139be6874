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
