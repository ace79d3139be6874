"""Arrays whose dtype the compiler does not see, written with what is differentiated: right or refused, never wrong.

NumPy cuts off what is written into integers, so that its derivative is 0; a text that takes such an array for one of
floats would be wrong. Ordinary arrays of floats are never refused.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprose as bp
from backprose.errors import BackproseError
from tests.analyse.conforming import compare
from tests.checks import is_guard
from tests.lower.running import with_source

X = np.array([0.53, 1.37, -0.74, 2.16, 0.98, -1.19])
HEAD = """
K = np.arange(6)
W6 = np.arange(1.0, 7.0)
LF = [0.5, 1.0, 2, 3, 4, 5]
LFA = np.array(LF)
LG = [0, 1, 2, 3, 4, 5]
L3 = [[1, 2], [3, 4]]
LC = [1j, 2.0, 1, 1, 1, 1]
NG, CC, DT, DTC, DS = 4, 1j, np.int32, np.complex128, 'int64'
CFG = {'k': np.arange(6), 'dt': int, 'c': np.arange(6) * (1 + 0.5j)}

class O:
    def __init__(self):
        self.k, self.c, self.dt, self.dtc = np.arange(6), np.arange(6) * (1 + 0.5j), int, complex

    def make(self):
        return np.zeros(6, self.dt)

OBJ = O()
def mkf(n, dtype=float):
    return np.zeros(n, dtype)

def mkd(n, dtype=int):
    return np.zeros(n, dtype)

def mk(n):
    return np.full(6, n)

def wr(y, x):
    y[0] = x[3] * 2
    y[1:] += 0 * y[1:]

def mk2(x):
    y = np.array([int(q) for q in x])
    y[0] = x[3] * 3
    return y

"""
PARAMETERS = "x, n=6, a0=1.5, al=[1, 2, 3, 4, 5, 6], at=(1, 2, 3, 4, 5, 6)"
REST = (6, 1.5, [1, 2, 3, 4, 5, 6], (1, 2, 3, 4, 5, 6))


def program(text: str) -> Callable[..., Any]:
    """A function with this body, its statements apart by semicolons."""
    body = "\n    ".join(text.split("; "))
    return with_source(f"{HEAD}def f({PARAMETERS}):\n    rng = np.random.default_rng(0)\n    {body}\n")


def written(array: str) -> Callable[..., Any]:
    return program(f"y = {array}; y[0] = 7.9 * x[3]; y[1:3] = x[4:] * 3.7; return np.sum(y * x)")


def args() -> tuple[Any, ...]:
    return (X.copy(), *copy.deepcopy(REST))


def expected(f: Callable[..., Any]) -> Any:
    """The gradient by central differences."""
    found = []
    for place in range(len(X)):
        values = []
        for step in (1e-6, -1e-6):
            given = args()
            given[0][place] += step
            values.append(f(*given))
        found.append((values[0] - values[1]) / 2e-6)
    return np.array(found)


def outcome(f: Callable[..., Any]) -> str:
    """``right``, ``checked`` (refused while the text runs) or ``refused``, the same in both modes."""
    found = expected(f)
    direction = np.array([0.3, -1.1, 0.7, 10.0, -0.4, 0.9])
    still = (None,) * len(REST)

    def pullback() -> Any:
        value, back = bp.vjp(f, *args())
        return back(type(value)(1) if isinstance(value, np.generic) else 1.0)

    def one_of(run: Callable[[], Any], right: Any) -> str:
        try:
            result = run()
        except BackproseError:
            return "refused"
        except ValueError as error:
            if not is_guard(error) or "is written with what is differentiated, and holds no floats" not in str(error):
                raise
            return "checked"
        np.testing.assert_allclose(result, right, rtol=1e-6, atol=1e-6)
        return "right"

    runs: list[tuple[Callable[[], Any], Any]] = [
        (lambda: bp.grad(f)(*args()), found),
        (pullback, found),
        (lambda: bp.jvp(f, args(), (direction, *still))[1], found @ direction),
        (lambda: bp.jacobian(f, direction="forward")(*args()), found),
    ]
    outcomes = {one_of(*run) for run in runs}
    assert len(outcomes) == 1, outcomes
    return outcomes.pop()


# ---------------------------------------------------------------- integers that are seen
SEEN = """
np.array([1] * 6) | np.asarray([0, 1, 2, 3, 4, 5]) | np.argsort(x) | x.argsort() | np.searchsorted(W6, x)
np.bincount([0, 1, 5]) | np.digitize(x, [0.0, 1.0]) | np.indices((6,))[0] | np.cumsum(np.ones(6, int))
np.pad(np.arange(4), 1) | np.where(x > 0, 1, 0) | np.full(6, len(x)) | np.full(6, x.shape[0])
np.full(6, x.size) | np.full_like(x, 3) | np.tile(np.arange(3), 2) | np.array(x > 0)
np.zeros_like(x, dtype=int) | np.zeros(6, dtype=DT) | np.arange(n) | np.arange(6) * n
np.array([0, 1, 2, 3, 4, 5], ndmin=1) | np.eye(6, dtype=int)[0] | np.array([len(x)] * 6)
np.array([x.size] * 6) | np.nonzero(x)[0] | np.argwhere(x != 0).ravel() | np.flatnonzero(x)
np.count_nonzero(np.ones((2, 6)), axis=0) | np.concatenate([[0, 1, 2], np.arange(3)]) | np.zeros(6, dtype='u1')
np.lexsort((x,)) | np.argpartition(x, 2) | np.tri(6, dtype=int)[3] | np.identity(6, int)[1]
np.take(np.arange(9), [1, 2, 3, 4, 5, 6]) | np.append(K[:5], 1) | np.hstack([K[:5], [1]]) | np.tile(2, 6)
np.stack([1, 2, 3, 4, 5, 6]) | np.full(6, True) | np.full((6,), fill_value=3) | mkf(6, int)
np.where(K > 2, K, 0) | K.clip(1, 3) | np.array([[1, 2], [3, 4], [5, 6]]).ravel() | np.full(6, K[1])
CFG['k'].copy() | np.frexp(np.arange(6) * 1.0)[1] | np.ones(6, int) * n | np.rint(x).astype(np.int64)
np.repeat(K[:3], 2)
"""

# ---------------------------------------------------------------- integers and truth values that are not
UNSEEN = """
np.array([int(v) for v in x]) | np.array(list(range(6))) | np.array(LG) | np.array(tuple(range(6)))
rng.integers(0, 5, 6) | rng.integers(0, 5, size=6) | rng.permutation(6) | np.mgrid[0:6] | np.full(6, n)
np.arange(n, n + 6) | np.array([n, 1, 2, 3, 4, 5]) | np.stack([np.int64(3)] * 6) | np.r_[0:6]
np.concatenate([np.arange(6), []]).astype(int) | np.einsum('i->i', np.arange(6)).copy() | np.asarray(range(6))
np.frombuffer(bytes(48), dtype=np.int64).copy() | np.array('0 1 2 3 4 5'.split(), int)
np.add.outer(np.arange(6), [1])[:, 0] | np.multiply.accumulate(np.ones(6, int)) | np.int64(n) * np.arange(6)
np.meshgrid(np.arange(6), [1])[0][0] | np.array([0, 1, 2, 3, 4, 5]) if n else x * 1.0
x.astype(int) if n else x.copy() | mkd(6) | np.array(al) | np.asarray(al) | np.array(at)
np.array([i * n for i in range(6)]) | np.array([0 if v < 0 else 1 for v in x]) | np.array([v > 0 for v in x])
np.array([K[0], K[1], n, 1, 2, 3]) | np.array([int(a0)] * 6) | np.array(K.tolist()) | np.full(6, -n)
np.full(6, n * 2) | np.full(6, n // 2) | np.full(6, int(x[3])) | np.full(6, NG) | np.full((6,), fill_value=n)
np.where(x > 0, n, 0) | np.tile(n, 6) | np.repeat(n, 6) | np.int64([1, 2, 3, 4, 5, 6])
np.choose([0] * 6, [K, K]) | np.select([K > 2], [K]) | np.delete(np.arange(7), 0) | np.convolve(K, [1], 'same')
np.cross(K[:3], K[3:]).repeat(2) | np.tensordot(np.eye(6, dtype=int), K, 1)
np.einsum('ij->j', np.ones((2, 6), int)) | np.nan_to_num(K) | np.ediff1d(np.arange(7))
np.rot90(np.ones((1, 6), int))[:, 0] | max([K, K], key=len).copy() | np.ones(6, dtype=type(al[0]))
np.zeros(6, dtype=np.dtype(int)) | OBJ.make() | np.zeros(6, dtype=np.result_type(K, 1))
np.zeros(6, dtype='int' if n else float) | np.zeros(6, OBJ.dt) | np.zeros(6, CFG['dt']) | np.zeros(6, DS)
np.zeros(6, dtype=bool) if n else x * 1.0 | np.full(6, max(x[1], 4)) * 0 + K | mk(n) | np.full(6, al[1])
np.kron(K[:2], [1, 2, 3]) | np.insert(K[:5], 0, 2) | np.modf(K)[1] | np.histogram(x, 6)[0]
"""


def expressions(text: str) -> list[str]:
    return [one.strip() for line in text.strip().splitlines() for one in line.split(" | ")]


@pytest.mark.parametrize("array", expressions(SEEN))
def test_integers_that_are_seen_have_derivative_0(array: str) -> None:
    assert outcome(written(array)) == "right"


@pytest.mark.parametrize("array", expressions(UNSEEN))
def test_integers_that_are_not_seen_are_never_taken_for_floats(array: str) -> None:
    outcome(written(array))


def test_a_text_in_a_variable_names_a_dtype() -> None:
    assert outcome(program("dt = 'int64'; y = np.zeros(6, dt); y[0] = 7.9 * x[3]; return np.sum(y * x)")) == "right"
    twice = (
        "dt = 'int64'; dt = dt if n < 0 else 'float64'; y = np.zeros(6, dt); y[0] = 7.9 * x[3]; return np.sum(y * x)"
    )
    assert outcome(program(twice)) == "right"


# ---------------------------------------------------------------- ways to write
WRITES = """
y.fill(x[3]) | np.put(y, [0], [x[3]]) | y[x > 0] = x[3] | y[3] += x[3] | v = y[1:]; v[0] = x[3] | wr(y, x)
y[:] = x * 3 | np.copyto(y, x[3], casting='unsafe') | y[...] = x | y[[0, 2]] = x[:2]
y[1:3], y[4] = x[:2], x[3] | v = y[::2]; w = v[1:]; w[:] = x[3] | y.reshape(2, 3)[0] = x[:3] | y.T[0] = x[3]
y.flat[2] = x[3] | for k in range(6): y[k] = x[k] * 3 | y[0], s = x[3], x[1] | y.real[1] = x[3]
"""
NUMBERS = {
    "integers": "np.full(6, n)", "floats": "np.full(6, a0)", "maybe": "np.array([0.5 if v < 0 else 1.5 for v in x])",
}  # fmt: skip


@pytest.mark.parametrize("write", expressions(WRITES))
@pytest.mark.parametrize("kind", NUMBERS)
def test_ways_to_write(kind: str, write: str) -> None:
    found = outcome(program(f"y = {NUMBERS[kind]}; {write}; return np.sum(y * x)"))
    assert found == "refused" or found == ("checked" if kind == "integers" else "right")


MORE = """
y = np.full((2, 2), n); np.fill_diagonal(y, x[3]); return np.sum(y * x[:2])
y = np.array(L3); y[0, 0] = x[3]; return np.sum(y * x[:2])
y = np.array([[n, n], [n, n]]); y[0, 0] = x[3]; return np.sum(y * x[:2])
y = mk2(x); return np.sum(y * x)
ys = [np.full(6, n) for k in range(n)]; ys[1][0] = 7.9 * x[3]; return np.sum(ys[1] * x)
ys = [K.copy(), x * 1.0]; ys[0][0] = x[3]; return np.sum(ys[0] * x * ys[1])
d = {'y': np.full(6, n)}; d['y'][0] = 7.9 * x[3]; return np.sum(d['y'] * x)
y = np.full(6, n); z = np.zeros_like(y); z[0] = 7.9 * x[3]; return np.sum(z * x)
y = np.full(6, n); z = y.copy(); z[0] = 7.9 * x[3]; return np.sum(z * x)
"""


@pytest.mark.parametrize("text", MORE.strip().splitlines())
def test_more_ways(text: str) -> None:
    outcome(program(text))


def test_what_a_helper_writes_is_checked_where_it_is_made() -> None:
    f = program("y = np.full(6, n); wr(y, x); return np.sum(y * x)")
    assert outcome(f) == "checked"
    text = bp.grad(f).source_for(*args())
    assert text.count("holds no floats") == 1
    assert text.index("np.full") < text.index("holds no floats") < text.index("saved_wr = wr_forward(y")


def test_the_check_stands_before_the_loop() -> None:
    f = program("y = np.full(6, n); for k in range(6):\n        y[k] = x[k] * 3.7; return np.sum(y * x)")
    text = bp.grad(f).source_for(*args())
    assert text.count("holds no floats") == 1
    assert text.index("holds no floats") < text.index("for k")


def test_the_derivative_of_a_checked_text_checks_once() -> None:
    text = "def f(x, n):\n    y = np.full(6, max(x[1], n))\n    y[0] = x[3] ** 2\n    y[1:] *= x[1:]\n"
    f = with_source(text + "    return np.sum(y**2 * x)\n")
    v, step = np.array([0.3, -1.1, 0.7, 0.2, -0.4, 0.9]), 1e-6
    grads = [bp.grad(f)(X + s * v, 1) for s in (step, -step)]
    product = bp.hvp(f)
    np.testing.assert_allclose(product(X, 1, v), (grads[0] - grads[1]) / (2 * step), rtol=1e-5, atol=1e-6)
    assert bp.grad(f).source_for(X, 1).count("holds no floats") == 1
    assert product.source.count("y is written") == 1
    with pytest.raises(ValueError, match="holds no floats"):
        product(X, 6, v)  # the larger of the two is an integer


def test_a_check_among_statements_that_are_tried_is_refused() -> None:
    f = program(
        "try:\n        y = np.full(6, n)\n        y[0] = x[3]\n    except ValueError:\n        y = x * 1.0"
        "; return np.sum(y * x)"
    )
    with pytest.raises(BackproseError, match="what is checked when the derivative runs"):
        bp.grad(f)(*args())


# ---------------------------------------------------------------- complex numbers
COMPLEX = """
dt = 'complex128'; y = np.zeros(6, dtype=dt); y[0] = x[3] * (1 + 2j); return np.sum(np.abs(y) ** 2 * x)
y = np.zeros(6, dtype='complex' if n else float); y[:] = x * (3 + 1j); return np.sum(y.imag * x + y.real)
dt = complex; y = np.zeros(6, dt); y[0] = x[3] * (1 + 2j); y[1:] += 1j * x[1:]; return np.sum(np.abs(y) ** 2 * x)
y = np.zeros(6, DTC); y[0] = x[3] * (1 + 2j); return np.sum(np.abs(y) ** 2 * x)
y = np.array(LC); y[0] = x[3] * (1 + 2j); return np.sum(np.abs(y[:2]) ** 2 * x[:2])
y = np.identity(6, complex)[0]; y[0] = x[3] * (1 + 2j); return np.sum(np.abs(y) ** 2 * x)
y = np.ones(6, OBJ.dtc); y[0] = x[3] * (1 + 2j); return np.sum(np.abs(y) ** 2 * x)
y = np.roots([1, 0, 4]); y[0] = x[3] * (1 + 2j); return np.sum(np.abs(y) ** 2 * x[:2])
y = np.full(6, CC); y += x; y *= (1 + 2j); return np.sum(y.imag ** 2 * x)
y = np.zeros_like(CFG['c']); y[:] = x * (3 + 1j); return np.sum(y.imag * x + y.real)
dt = 'c16'; y = x.astype(dt); y *= 1j; y += x; return np.sum(y.imag * y.real * x)
y = np.ones(6, dtype=CC.__class__); y[0] = x[3] * (1 + 2j); return np.sum(np.abs(y) ** 2 * x)
y = np.tri(6, dtype='complex' if n else float)[2]; y[0] = x[3] * (1 + 2j); return np.sum(np.abs(y) ** 2 * x)
"""


@pytest.mark.parametrize("text", COMPLEX.strip().splitlines())
def test_complex_numbers_that_are_not_seen(text: str) -> None:
    outcome(program(text))


def test_a_dtype_that_is_not_known_may_be_complex() -> None:
    def chosen(x, n=6):
        y = np.zeros(6, dtype="complex" if n else float)
        y[:] = x * (3 + 1j)
        return np.sum(y.imag * x + y.real)

    gradient = bp.grad(chosen)(X)
    np.testing.assert_allclose(gradient, 2 * X + 3, rtol=1e-12)
    np.testing.assert_allclose(bp.jvp(chosen, (X, 6), (np.ones(6), None))[1], np.sum(gradient), rtol=1e-12)


# ---------------------------------------------------------------- floats are never refused
FLOATS = """
K / 2 | K ** 2.0 | np.sqrt(K) | K * 1.0 | K // 2.0 | K + 0.5 | np.mean(np.ones((2, 6), int), axis=0)
np.linspace(0, 5, 6) | np.arange(6.0) | np.arange(0, 6, 1.0) | np.arange(n) * a0 | np.full(6, a0)
np.full(6, 1.0) | np.full((6,), x[0]) | np.array([1, 2, 3, 4, 5, 6.0]) | np.array([n, 2, 3, 4, 5, a0])
np.array(LF) | np.array([v / 2 for v in range(6)]) | np.where(x > 0, 1, 0.5) | np.where(x > 0, 1, a0)
np.zeros(6, dtype=x.dtype) | np.zeros_like(K, dtype=float) | np.empty_like(K, dtype=x.dtype) * 0 + 1
K.astype(x.dtype) | K.astype('f8') | np.asarray(K, dtype=float) | np.array(K, float) | np.divide(K, 2)
np.exp(K) | np.maximum(K, 0.5) | np.maximum(K, a0) | np.clip(K, 0, 3.5) | np.concatenate([K[:3], x[:3]])
np.stack([1, 2.0, 3, 4, 5, 6]) | np.hstack([K[:5], [0.5]]) | np.append(K[:5], 0.5) | np.pad(K[:4] * 1.0, 1)
np.linalg.inv(np.eye(6, dtype=int))[0] | np.fft.fft(K).real | np.abs(np.fft.fft(K))
np.interp(K, [0, 5], [1, 3]) | np.std(np.ones((3, 6), int), axis=0) | np.median(np.ones((3, 6), int), axis=0)
np.random.default_rng(0).random(6) | np.bincount(K, weights=K) | np.dot(np.eye(6), K) | np.eye(6, dtype=int) @ x
np.outer(K, [0.5])[:, 0] | np.power(K, 1.0) | np.hypot(K, K) | np.cumsum(K * 0.5) | np.sort(K / 3)
np.copysign(K, -1) | np.gradient(K) | np.convolve(K, [0.5], 'same') | np.floor(x) | np.round(x, 1) | x // 1
np.sign(x) | np.deg2rad(K) | np.tile(0.5, 6) | np.repeat(a0, 6) | np.ones(6, dtype=type(a0))
np.zeros(6, dtype=None) | np.array([True, 0.5, 1, 1, 1, 1]) | np.array([x[0], 1, 2, 3, 4, 5])
np.array([a0] * 6) | np.r_[0:5, 0.5] | np.mgrid[0:1:6j] | np.indices((6,))[0] / 1 | np.tri(6)[3]
np.identity(6)[1] | np.triu(np.ones((6, 6)))[2] | np.geomspace(1, 6, 6) | np.hanning(6)
np.kron(K[:2], [1.0, 2, 3]) | np.einsum('i,i->i', K, x) | np.einsum('i,j->i', K, np.ones(2)) | np.take(LFA, K)
np.choose([0] * 6, [LFA, K]) | np.select([K > 2], [LFA]) | (K * 1.0).T.copy() | np.vstack([K, x])[0]
np.array([K, x])[0] | np.array([K, LFA])[0] | np.broadcast_to(0.5, 6).copy() | np.atleast_1d(K * 0.5)
np.squeeze(K[None] * 0.5) | sum([K, x]) | sum([K, LFA]) | mkf(6) | mkf(6, np.float64) | rng.normal(size=6)
rng.uniform(0, 1, 6) | np.float64(K) | np.frexp(K * 1.0)[0] | x.copy() | np.zeros_like(x) | x[::-1] * n
np.zeros(6) | np.ones(6) | np.empty(6) * 0 | np.zeros((2, 6))[0] | np.eye(6)[1] | x.astype(np.float32)
x * np.float32(2) | np.array([[0.0] * 6] * 2)[1] | x.reshape(2, 3).ravel() * 1 | np.stack([x, K])[0]
np.tile(x[:3], 2) | np.abs(x) | np.maximum(x, 0)
"""


@pytest.mark.parametrize("array", expressions(FLOATS))
def test_floats_are_never_refused(array: str) -> None:
    f = program(f"y = {array}; y[0] = 7.9 * x[3]; y[1:3] = x[4:] * 3.7; return np.sum(y * x)")
    if "float32" in array:  # too coarse for differences
        bp.grad(f)(*args())
        bp.jvp(f, args(), (X, *(None,) * len(REST)))
        return
    assert outcome(f) == "right"


ORDINARY = (
    "y = np.empty_like(x); for k in range(6):\n        y[k] = x[k] ** 2; return np.sum(y * x)",
    "y = np.zeros((3, x.size)); for k in range(3):\n        y[k] = x * k; return np.sum(y @ x)",
    "y = np.empty((6, 6), x.dtype); y[:] = x; return np.sum(y @ x)",
    "y = x * K; z = np.zeros_like(y); z[1:] = np.diff(y); return np.sum(z * x)",
    "y = np.array([x[0], 0, 0, 0, 0, 0]); y[1:] = x[1:]; return np.sum(y * x)",
    "y = np.concatenate([x[:3], K[:3]]); y[1:] = x[1:]; return np.sum(y * x)",
)


@pytest.mark.parametrize("text", ORDINARY)
def test_where_the_dtype_is_proved_nothing_is_checked(text: str) -> None:
    f = program(text)
    assert outcome(f) == "right"
    for source in (bp.grad(f).source_for(*args()), bp.grad(f).source):
        assert "holds no floats" not in source


# ---------------------------------------------------------------- inference
TYPES = """
np.searchsorted(a, b) | np.searchsorted([0.5, 1.5], b) | np.digitize(a, [0.0, 1.0]) | np.nonzero(a)
np.nonzero(a)[0] | np.flatnonzero(a) | np.argwhere(a) | np.count_nonzero(a) | np.count_nonzero(a, axis=0)
np.count_nonzero(m, axis=1, keepdims=True) | np.lexsort((a, b)) | np.argpartition(a, 1) | np.argpartition(m, 1)
np.argpartition(m, 1, axis=None) | np.indices((2, 3)) | np.indices((2, 3), float) | np.identity(3)
np.identity(3, int) | np.tri(3) | np.tri(2, 3, 1, int) | np.bincount([0, 1, 5])
np.bincount([0, 1, 2], weights=a) | np.append(a, b) | np.append(a, 0.5) | np.append(a, [1, 2])
np.append(m, m, axis=0) | np.pad(a, 1) | np.pad(m, 1) | np.take(a, [0, 1]) | np.take(a, 1)
np.take(m, [0, 1], axis=1) | np.take(m, [[0, 1]], 0) | np.modf(a) | np.modf(m)[1] | np.frexp(a) | np.frexp(a)[1]
divmod(a, 2) | np.divmod(a, b) | np.divmod(m, 2)[0] | np.concatenate([[1, 2], a]) | np.hstack([a, [1, 2]])
np.stack([a, [1, 2, 3]]) | np.vstack([a, [0.5, 1, 2]]) | np.array([1, 2, 3], ndmin=2)
np.array([a, b], ndmin=3) | np.full(3, len(a)) | np.full((2, 2), a.size) | np.array([len(a)] * 3)
np.full(3, 2**62) | np.array([2**70, 1]) | np.full(2, 2**63) | np.where(a > 0, len(a), 0)
"""


@pytest.mark.parametrize("expression", expressions(TYPES))
def test_types_are_what_they_are_said_to_be(expression: str) -> None:
    function = f"def call(a, b, m):\n    result = {expression}\n    return result\n"
    ran = 0
    for dtype in ("f8", "f4", "i8", "i2", "u1", "?", "c16"):
        a = np.array([1, 0, 2]).astype(dtype)
        m = np.array([[1, 0, 2], [3, 1, 0]]).astype(dtype)
        try:
            compare(function, (a, a[::-1].copy(), m))
        except (TypeError, ValueError):  # the operation does not take this dtype
            continue
        ran += 1
    assert ran
