"""Small programs of everything that ``lower`` covers, each with calls: their lowered text must do exactly the same."""

# ruff: noqa: F841, F842, PIE790, RET501, RET502, RET504, RET505, RET507, RUF005, RUF021, UP031, UP037, TRY301
from __future__ import annotations

import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

CASES: list[tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]] = []
RATE = 0.25
LIMITS = (1, 2.5)
TABLE = np.arange(12.0).reshape(3, 4)
CONFIG = SimpleNamespace(rate=0.5, inner=SimpleNamespace(scale=3.0))
log: list[Any] = []

V = np.array([0.3, -1.2, 2.5, 0.7])
M = np.arange(1.0, 13.0).reshape(3, 4) / 7


def case(*calls: tuple[Any, ...], **keywords: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function with the argument tuples that it is called with."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        CASES.extend((function, args, keywords) for args in calls)
        return function

    return register


def improve(x, a):
    return 0.5 * (x + a / x)


def noted(x):
    log.append(x)
    return x


def pair(x):
    return x + 1, x * 2


# ---------------------------------------------------------------- expressions
@case((2.0, 3.0), (V, 1.5))
def arithmetic(x, y):
    z = x + y * 2 - x / y
    z = -z + (+x) ** 2
    return z * z - -1.5 + -(x**2)


@case((7, 3), (-7, 3), (7, -2))
def integers(m, n):
    k = m // n + m % n - (m << 2) + (m >> 1)
    return k & 12, k | 3, k ^ 5, ~k, -True


@case((M, M.T), (V, M.T))
def products(a, b):
    c = a @ b
    c = c @ (b.T @ a.T)
    return c, np.dot(a, b), a.dot(b)


@case((V,))
def calls(x):
    y = np.sin(x) + np.exp(-x) * math.sqrt(2)
    return np.where(x > 0, y, np.cos(y)), abs(x), float(y[0]), round(y[1], 2), max(y[0], y[1])


@case((M,))
def reductions(x):
    y = x.sum(axis=0) + x.mean(0) + x.max(axis=0, keepdims=True) - x.min()
    return y, np.sum(x, 1), np.sum(x, axis=(0, 1), keepdims=True), x.prod(), np.mean(x, 0, keepdims=True), x.sum(None)


@case((M,))
def spread(x):
    z = x.reshape(4, 3).T.ravel().copy()
    z = z.reshape(-1).reshape((2, 6)).transpose(1, 0).transpose()
    w = x.reshape(2, 3, 2).transpose((2, 0, 1))
    return z, w, x.clip(1, 1.3), x.clip(max=1.2), x.clip(min=0.9), x.astype(np.float32), x.cumsum(1), x.squeeze()


@case((M,))
def attributes(x):
    n, m = x.shape
    k = x.shape[0] * x.size - x.ndim
    return n, m, k, x.dtype, x.T.shape[1], len(x), np.pi, math.inf, x.flat[3]


@case((V,))
def outside(x):
    return RATE * x + CONFIG.rate, CONFIG.inner.scale * x, TABLE.sum() + TABLE.T[0], LIMITS[1] * x, np.float64(3)


@case((V, 1), (V, -1))
def comparisons(x, n):
    mask = x > 0
    inside = 0 < n <= 3
    mask = mask & (x < 2)
    return mask, inside, x[mask], n in LIMITS, n not in LIMITS, x is None, n is not None, not n, n == 1.0, n != 1


@case((1.0, 2.0), (-1.0, 2.0), (0.0, 0.0), (0.0, 5.0))
def values_of_logic(x, y):
    a = x or y
    b = x and y
    c = x or y and 3.0 or 4.0
    d = (x > 0 and y > 0) or not x
    e = x and x or noted(y) or noted(x)
    f = isinstance(x, float) and x > 0
    return a, b, c, d, e, f


@case((1.0, 2.0), (-1.0, 2.0))
def conditional(x, y):
    a = x if x > 0 else y * 2
    x = x * 3 if x > y else (y if y > 3 else x)
    return a + (x**2 if a > 1 else -x), [x, y][0 if x > 0 else 1]


@case((V,))
def short_circuit(x):
    a = noted(x[0]) if len(x) > 9 else noted(x[1])
    return a, log[-1]


@case((V, 2, "a"))
def strings(x, n, name):
    text = f"{name}: {x[n]:.3f} {n!r:>4}"
    other = "%s" % name + 'it\'s "so"'
    return text, other, b"\x00", ..., None, text.upper().split(" ")


@case((M, 1), (M, 2))
def indices(x, i):
    n = len(x)
    a = x[i] + x[i - 1] + x[-1] + x[n - 1 - i]
    b = x[1:, ::2] * x[:-1, 1::2] + x[i, None, :][:, :2]
    c = x[[0, 0, 1]], x[..., 0], x[x > 1], x[x.shape[0] - 1, int(i)], x[:, [1, 2]], x[np.arange(2), 1]
    return a, b, c, x[i][0], x[:i][::-1][0, 1:]


@case((M, 1))
def index_with_call(x, i):
    return x[noted(i)] + x[noted(i) - 1 : noted(2), noted(0)].sum() + x[noted(0), 1:][noted(i)], list(log[-6:])


@case((1.0, 2.0))
def order_of_calls(x, y):
    z = noted(x) + noted(y) * noted(3.0) - noted(np.minimum(noted(4.0), noted(5.0)))
    return z, log[-6:]


@case((V, 2.0))
def displays(x, a):
    m = np.array([[a, a * 2], [x[0] + 1, 0.0]])
    items = [x, (a * 3, -1), []]
    return m, items, np.stack([x, x * a]), np.concatenate((x, [a])), np.zeros((2, 3)), np.full((len(x), 1), a), ()


@case((V,), (V, 2.0), (V, 2.0, 3.0))
def defaults(x, scale=RATE * 4, shift=-1, *, power=2, flag=None):
    return scale * x**power + shift, flag


@case((1.0,), b=5)
def only_keywords(a, /, *, b, c=3):
    return a * b + c


@case((2.0,))
def user_calls(x):
    a, b = pair(x)
    x = improve(x, a)
    y = improve(a=x, x=b)
    return improve(improve(x, y) * 2, pair(x)[1])


@case((improve, 2.0), (max, 3.0))
def function_as_argument(f, x):
    return f(x, 2 * x)


@case((1.0,))
def long_sum(x):
    return x + 1 + x + 2 + x + 3 + x * 2 * x * 3 - (x - (x - (x - 1)))


# ---------------------------------------------------------------- assignments
@case((1.0, 2.0), (V, V + 1))
def tuples(a, b):
    a, b = b, a + b
    a, b = b, a
    (a, b, c) = a + b, b - a, a
    [a, c] = a * 2, c * 3
    return a, b, c


@case((1, 2, 3))
def rotations(a, b, c):
    a, b, c = b, c, a
    a, b, c = c, a, b
    a, b = a + b, a - b
    c, a = a, c
    a, a = b, c
    return a, b, c


@case((5.0, 2.0))
def means(x, y):
    s, p = x + y, x * y
    x, q = x * 2, s
    y, s = s, y
    return s, p, q, x, y


@case((V, 1, 2), (M, 0, 2))
def subscript_swap(x, i, j):
    x[i], x[j] = x[j], x[i]
    i, x[i] = j, x[j] * 2
    x[i], i = x[0] + 1, 0
    return x, i


@case((V,))
def chained(x):
    a = b = np.sum(x)
    c = d = x
    x = y = x * 2
    e = x[0] = a + 1
    i = x[i] = 2
    f = (g, h) = pair(b)
    return a, b, c is d, x is y, e, x, i, f, g, h


@case((V,))
def annotated(x: np.ndarray) -> float:
    y: float = x[0] * 2
    z: "np.ndarray"
    z = x * y  # z: float
    w: float
    return y + z


@case((V, 3.0), (M, 2.0))
def augmented(x, a):
    x += a
    x *= x
    x[0] -= a * 2
    x[1:] /= a + 1
    x[x > 1] **= 2
    x[[0, 0]] += 1
    y = a
    y += a
    y //= 2
    y %= 5
    x[-1] += x[0] * a
    return x, y


@case((M,))
def augmented_matmul(x):
    y = x.T
    y = y @ x
    y @= y
    i = 5
    i <<= 2
    i |= 3
    i ^= 1
    i &= 30
    i >>= 1
    return y, i


@case((M,))
def stores(x):
    x[0] = x[1] * 2
    x[1, :2] = 0
    x[2][1] = 5.0
    x.T[0] = x[:, 1]
    x[:, 0] = [1, 2, 3]
    x[noted(0), noted(1)] = noted(7.0)
    return x, log[-3:]


@case((V,))
def unpack_into(x):
    a, x[0] = pair(x[1])
    x, y = pair(x)
    b, c = c, d = pair(y)
    return a, b, c, d, x, y


@case((1, 2, 3), (V, 2.0, 1.5))
def nested_unpacking(a, b, c):
    (a, b), c = (b, c), a
    (a, [b, c]), d = (c, pair(a)), b
    (a, b), d = pair(d), a
    ((d, a), b), c = ((a, d), b), c
    e, (f, (g, h)) = a, (b, pair(c))
    h, h = g, h
    return a, b, c, d, e, f, g, h


@case(([((1, 2), 3), ((4, 5), 6)], [0, 0]))
def unpacking_loops(A, x):
    t = 0
    for (a, b), c in A:
        t = t * a + b - c
    for x[1] in range(3) if t > 100 else [4, 5]:
        t += x[1]
    for (a, b), c in (((1, 2), 3), ((4, 5), 6)):
        t += a * b * c
    return t, x


@case((V,))
def rebinding(x):
    x = x * x
    x = np.exp(-x)
    x = x[1:]
    x = x
    x = x.shape[0]
    x = x > 2
    return x


@case((3,))
def stacks(n):
    saved = []
    other = [n]
    for i in range(n):
        saved.append(i * 2.0)
        saved.append(i)
    last = saved.pop()
    saved.pop()
    other.append(saved.pop() + saved.pop())
    other = other + [1]
    other.append(last)
    while saved:
        last = last - saved.pop()
    return saved, other, last


# ---------------------------------------------------------------- loops
@case((V, 5), (V, 0))
def for_range(x, n):
    total = 0.0
    for i in range(n):
        total += i * x[i % len(x)]
    for i in range(1, n + 2, 2):
        total = total * 0.5 + i
    for i in reversed(range(n)):
        total -= i
    for i in reversed(range(0, 2 * n, 3)):
        total = total * i
    return total


@case((4,), (0,))
def rebound_variables(n):
    total = 0
    for i in range(n):
        i = i * 2
        n = n + i
        total += i
    for i in range(total):
        i += 1
        total -= 1
    return total, n


@case((5,))
def after_loop(n):
    for i in range(n):
        j = i * i
    return i, j


@case((0,))
def undefined_after_loop(n):
    for i in range(n):
        pass
    return i


@case((M,), (V,), ([1.0, 2.0],), ((3, 4, 5),), (M[:0],))
def for_rows(A):
    total = 0.0
    for row in A:
        total = total + row * 2
    for A in A:
        total = total - A
    return total


@case((M,))
def for_unpacked(A):
    total = 0.0
    for a, b, c in A.T:
        total += a * b - c
    for c in TABLE:
        total += c[0]
    for v in (total, A[0, 0]):
        total = total * v
    for x in A[1]:
        total -= x
    for t in np.linspace(0, 1, 3):
        total += t
    for k in LIMITS:
        total *= k
    return total


@case((1.5,))
def for_constants(x):
    for c in (0.1, -0.2, 3):
        x = x * c + 1
    for name in ["a", "b"]:
        x = x + len(name)
    for c, d in ((1, 2), (3, 4)):
        x = x * c - d
    for c in (1, 2):
        c = c + x
    return x, c, d, name


@case((10.0,), (0.0,))
def whiles(x):
    n = 0
    while x > 1 and n < 20:
        x = x / 2
        n += 1
    while True:
        x = x + 1
        if x > 5:
            break
    return x, n


@case((M,))
def nested_loops(A):
    total = 0.0
    for i in range(A.shape[0]):
        for j in range(i, A.shape[1]):
            if (i + j) % 2:
                continue
            if A[i, j] > 1.2:
                break
            total += A[i, j]
        total *= 2
    return total


# ---------------------------------------------------------------- branches and exits
@case(*((float(x),) for x in range(-3, 5)))
def branches(x):
    if x > 2:
        y = x
    elif x > 0:
        y = x * 2
    elif x == 0:
        pass
        y = 0
    else:
        y = -x
    if not x:
        y = y + 1
    return y


@case(*((float(x),) for x in range(-3, 5)))
def early(x):
    if x < -1:
        return -x
    y = x * 2
    if x < 1:
        y = y + 1
    else:
        if x < 2:
            return y, x
        y = y - 1
    if y == 3:
        return
    return y


@case(*((float(x),) for x in range(-3, 5)))
def falls_off(x):
    if x > 0:
        if x > 1:
            return x
        x = x + 1
        if x > 1.5:
            return x * 2
    elif x < -1:
        return None
    x = x + 1


@case(*((float(x),) for x in range(-3, 5)))
def partial_returns(x):
    y = 0
    if x > 0:
        if x > 2:
            return x
        y = y + 1
    elif x < -1:
        y = y + 2
        if x < -2:
            return y
        y = y * 3
    y = y + 1
    if y > 1:
        if x == 1:
            return -y
        y = y + 10
    return x, y


@case(*((float(x),) for x in range(-3, 5)))
def else_exits(x):
    if x > 0:
        y = x + 1
    else:
        return x
    if y > 3:
        pass
    elif y > 2:
        return -y
    else:
        y = y * 2
    return y


@case(*((float(x),) for x in range(-2, 3)))
def both_exit(x):
    if x > 0:
        return x
    elif x < -1:
        raise ValueError("small")
    else:
        return -x
    x = 3
    return x


@case((2.0, 1e-9, 50), (2.0, 1e-9, 2), (4.0, 0.1, 0))
def newton(a, tol, most):
    x = a
    for i in range(most):
        if abs(x * x - a) < tol:
            return x
        x = improve(x, a)
    return -x


@case(*(((1, 2, 3, 4), n) for n in range(6)))
def search(items, n):
    found = -1
    for item in items:
        if item == n:
            return found
        if item > 3:
            break
        found = found + item
    found = found * 10
    return found, n


@case(*((n,) for n in range(12)))
def nested_returns(n):
    total = 0
    for i in range(4):
        for j in range(3):
            if i * j == n:
                return i, j
            if j > i:
                break
            total += j
        total += 1
        if total > n + 5:
            return total
    total = total * 2
    for k in range(n):
        if k == 5:
            return k
        total += k
    return total


@case(*((n,) for n in range(8)))
def deep_return(n):
    s = 0
    for i in range(3):
        for j in range(2):
            for k in range(2):
                if i + j + k == n:
                    return i, j, k
            s += 1
        s += 10
    return s


@case(*((n,) for n in range(8)))
def last_loop_returns(n):
    for i in range(4):
        for j in range(i):
            if i * j == n:
                return i


@case(*((n,) for n in range(9)))
def while_returns(n):
    i = 0
    while i < 5:
        i += 1
        if i == n:
            return i
        if i == 4 and n == 7:
            break
    while True:
        n = n - 2
        if n < 0:
            return "negative", n
        if n == 3:
            continue
        if n == 4:
            return "four"
        i += n
    return "never"


@case(*((n,) for n in range(10)))
def forever_inside(n):
    for i in range(3):
        while True:
            n = n - 1
            if n < i:
                return n, i
            if n % 3 == 1:
                n = n + i
                break
    return n


@case(*((n,) for n in range(10)))
def forever_returns_inside(n):
    total = 0
    for i in range(3):
        total += i
        if n > 4:
            while True:
                n = n - 1
                if n < i:
                    return n, i
        total += 5
    return total


@case(*((n,) for n in range(8)))
def partial_continue(n):
    total = 0
    for i in range(6):
        if i % 2 == 0:
            if i == n:
                continue
            total += 1
        elif i == 5:
            if n > 6:
                break
            total += 50
            if n == 3:
                return total
            total += 7
        total = total * 2
        if total > 100:
            if n == 2:
                break
            if n == 1:
                continue
        total += 3
    return total, i


@case(*((n,) for n in range(6)))
def continue_everywhere(n):
    total = 0
    i = 0
    while i < 8:
        i += 1
        if i == n:
            continue
        if i > 6:
            total += 1
            continue
        else:
            total += 2
        if i == 5:
            pass
        else:
            continue
        for j in range(i):
            if j == n:
                continue
            if j > 3:
                break
            total += j
        else_part = total
        total = else_part + 1
    return total


@case(*((n,) for n in range(9)))
def loop_else(n):
    total = 0
    for i in range(4):
        if i == n:
            break
        total += i
    else:
        total = -total
    while total < 9:
        total += 4
        if total == n:
            continue
    else:
        total += 1
    for i in range(3):
        for j in range(i):
            if i + j == n:
                break
            if i * j == n - 6:
                return total, "inner"
        else:
            if i + n == 8:
                break
            total += 1
            if n == 4:
                continue
            total += 2
        total += j if i else 5
    else:
        if n == 7:
            return total, "else"
        total += 100
    while True:
        total -= 1
        if total < 0:
            return total
        if total == n:
            break
    else:
        total = 1000
    for i in range(n):
        if i == 4:
            return i
    else:
        return total
    return n


@case(*((n,) for n in range(5)))
def else_returns(n):
    for i in range(3):
        if i == n:
            break
    else:
        return -1
    n = n * 2
    for i in range(3):
        if i == n:
            break
    else:
        return -2
    return i


@case((3,), (-1,))
def only_continue(n):
    for i in range(n):
        continue
    for i in range(n):
        if i:
            continue
    while n > 0:
        n -= 1
        if n == 1:
            continue
        else:
            continue
        n = 100
    return n


@case(*((n,) for n in range(5)))
def unreachable(n):
    while n > 0:
        n -= 1
        break
        n = 50
    if n:
        return n
        n = 3
    raise KeyError(n)
    return 7


@case((1,), (-1,), (0,))
def checks(n):
    """Raises and asserts."""
    assert n >= 0, f"{n} is negative"
    if n == 0:
        raise ValueError(f"zero: {n}") from None
    assert isinstance(n, int)
    print("checked", n * 2, end="")
    "a string"
    n
    return n


@case(())
def nothing():
    pass


@case(())
def only_doc():
    """Nothing."""


@case((1,))
def no_value(x):
    x = x + 1


@case((2,), (0,))
def bare_return(x):
    if x:
        return
    return None


CASES.append((lambda x, y=2: (x * y + 1) * x, (3,), {}))


@case((1.0,), (3.0,), (-2.0,))
def walrus(x):
    if (y := noted(x + 1)) > 1 and (z := noted(y * 2)) < 7 or not (w := noted(x)):
        z = y
    elif (w := noted(y)) < (v := noted(3)) < 4 and w > 0:
        return w, v, y
    while (y := noted(y - 1)) > 0:
        if (x := y) == 2:
            continue
    t = [y, (y := noted(5)), y, x]
    u = (y, y := 2, y)[(y := 1) - 1]
    return t, u, y, (q if (q := x * 2) > 1 else noted(q))


@case((1,), (4,), (9,))
def walrus_else(n):
    k = 0
    while (k := k + 1) < 6:
        if noted(k) == n:
            break
    else:
        noted("end")
    return k


@case((1, "a"), (2, "b"), (3, "a"), (4.5, None), (True, "a"))
def matched(n, flag):
    match n, flag:
        case 1, "a" if noted(n) > 2:
            r = 1
        case 1, k:
            r = k
        case (2 | 3) as m, ("a" | "c"):
            r = m * 2
        case k, None:
            r = k
        case _ if noted(flag) == "b":
            r = 5
    match noted(n):
        case bool():
            return r, "bool"
        case int(i) if i > noted(2):
            return r, i
        case float(real=q):
            return r, q
        case other:
            pass
    return r, other


@case((1,), (2,))
def deleted(n):
    a, (b, c) = n, (2, 3)
    d = [3, 4]
    del d[-1], a
    return b, c, d, n in {1, 3}, {1, 2}


class Noted:
    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> str:
        log.append(self.name)
        return self.name

    def __exit__(self, *exception: object) -> None:
        log.append(("out", self.name, exception[0]))


@case((0,), (1,), (2,), (3,), (7,), (8,))
def contexts(n):
    total = 0
    for i in range(noted(6)):
        with Noted("turn") as name, Noted(name + str(noted(i))):
            if i == n:
                continue
            if i + n == 8:
                break
            if i + n == 5:
                with Noted("return"):
                    return total, i
            if i + n == 9:
                raise ValueError(noted(total))
            total += i
        total += noted(100)
    else:
        with Noted("else"):
            total += 1000
    with Noted("end"):
        if n > 2:
            return noted(total)
        total = -total
    return total, n


@case((0,), (1,), (2,), (3,), (4,), (5,), (6,), (7,), (9,))
def attempts(n):
    total = 0
    for i in range(6):
        try:
            noted(i)
            if i == n:
                raise ValueError(i)
            if i + n == 3:
                raise KeyError(i)
            if i + n == 6:
                continue
            if i + n == 8:
                break
            if i + n == 10:
                return total, "returned"
            total += 1 // (i + 1 - n)
        except (ValueError, IndexError) as error:
            total += noted(error.args)[0]
            if i == 2:
                continue
        except KeyError:
            if i == 1:
                break
            return noted(total)
        except ZeroDivisionError as error:
            raise RuntimeError(noted(str(error))) from error
        else:
            total += noted(100)
            if i == 5:
                return total, "else"
        finally:
            noted("finally")
            total += 1000
        total += noted(7)
    else:
        try:
            total += noted(5)
        finally:
            noted("end")
    return total, i


@case((3,), (0,))
def attempts_nested(n):
    try:
        try:
            k = noted(1) // n
        except ValueError:
            k = 0
        else:
            k += noted(1)
        finally:
            noted("inner")
    except:  # noqa: E722
        return "caught"
    return k


@case((3,), (5,))
def contexts_forever(n):
    k = 0
    while True:
        with Noted("forever"):
            k += 1
            for j in range(3):
                with Noted("inner"):
                    if k * j > n:
                        return k, j


def _closure() -> Callable[..., Any]:
    factor = 3.0

    def scaled(x):
        return factor * x + RATE

    return scaled


CASES.append((_closure(), (2.0,), {}))
