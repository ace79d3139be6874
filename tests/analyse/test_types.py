"""What inference knows of small programs: the lengths that the targets need, and what must not be concluded."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from backprose.analyse.types import infer, type_of
from backprose.ir.nodes import Apply, Attribute, Const, Expr, Global, Name, Return, Slice, Subscript, Tuple
from backprose.ir.types import PYTHON_FLOAT, PYTHON_INT, Extent, Type
from backprose.ir.walk import names, statements
from backprose.ir.walk import targets as targets_of
from backprose.signatures import read_like
from tests.analyse.programs import GLOBALS
from tests.lower.running import lowered, with_source

BUILTINS = {"range": range, "len": len, "abs": abs, "print": print}


def types_of(text: str, like: str) -> Mapping[str, str]:
    """The types of the variables of a program where they are bound last, and of the result."""
    function = with_source(text)
    function.__globals__.update(GLOBALS)
    signature = dict(map(read_like, like.split("; ")))
    short = {f"{name}.shape[{axis}]": f"{name}{axis}" for name in signature for axis in range(4)}
    done = infer(lowered(function), signature, {**BUILTINS, **function.__globals__}.__getitem__).function
    found = {parameter.name: parameter.type for parameter in done.parameters}
    for stmt in statements(done.body):
        if isinstance(stmt, Return) and isinstance(stmt.value, Name):
            found["return"] = stmt.value.type
        for target in targets_of(stmt):
            found |= {name.id: name.type for name in names(target) if not name.temporary}
    result = {}
    for name, type in found.items():
        shown = str(type)
        for symbol, replacement in short.items():
            shown = shown.replace(symbol, replacement)
        result[name] = shown
    return result


def test_softmax_regression() -> None:
    text = """
def loss(W, b, images, labels):
    scores = images @ W + b
    scores -= np.max(scores, axis=1, keepdims=True)
    log_p = scores - np.log(np.sum(np.exp(scores), axis=1, keepdims=True))
    total = np.sum(labels * log_p, axis=1)
    return -np.mean(total)
"""
    found = types_of(text, "W: float64[:, :]; b: float64[:]; images: float64[:, :]; labels: float64[:, :]")
    assert found["images"] == "array float64[images0, W0]"
    assert found["b"] == "array float64[W1]"  # not 1, and so equal to the columns of the scores
    assert found["labels"] == found["log_p"] == found["scores"] == "array float64[images0, W1]"
    assert found["total"] == "array float64[images0]"
    assert found["return"] == "scalar float64[]"


def test_lengths_that_may_be_one_stay_apart() -> None:
    text = "def f(x, y):\n    z = x + y\n    u = x * y + z\n    return u\n"
    assert types_of(text, "x: float64[?]; y: float64[:]")["z"] == "array float64[y0]"
    assert types_of(text, "x: float64[?]; y: float64[:]")["x"] == "array float64[x0?]"
    assert types_of(text, "x: float64[?]; y: float64[?]")["z"] not in ("array float64[x0?]", "array float64[y0?]")
    assert types_of(text, "x: float64[1]; y: float64[?]")["z"] == "array float64[y0?]"
    assert types_of(text, "x: float64[3]; y: float64[:]")["y"] == "array float64[3]"


def test_slices() -> None:
    text = """
def f(u, alpha):
    inner = u[1:-1]
    flux = u[2:] - 2 * inner + u[:-2]
    u[1:-1] += alpha * flux
    first = u[0]
    back = u[::-1]
    other = u[::2]
    column = u[:, None]
    return flux
"""
    found = types_of(text, "u: float32[:]; alpha: float")
    assert found["inner"] == found["flux"] == "array float32[u0-2?]"
    assert found["first"] == "scalar float32[]"
    assert found["back"] == found["u"] == "array float32[u0]"
    assert found["column"] == "array float32[u0, 1]"
    assert found["other"].startswith("array float32[u0[::2]")


def test_matrices_of_powers() -> None:
    text = """
def f(t, c):
    wide = np.vander(t, len(c), increasing=True)
    square = np.vander(t)
    return wide @ c
"""
    found = types_of(text, "t: float64[:]; c: float64[:]")
    assert found["wide"] == "array float64[t0, c0]"
    assert found["square"] == "array float64[t0, t0]"
    assert types_of(text, "t: float32[:]; c: float64[:]")["square"] == "unknown"


def test_items_put_in_and_left_out() -> None:
    text = """
def f(a, j):
    fewer = np.delete(a, j, axis=1)
    flat = np.delete(a, j)
    more = np.insert(a, j, 0.0, 0)
    return fewer
"""
    found = types_of(text, "a: float64[:, :]; j: int")
    assert found["fewer"].startswith("array float64[a0, #")
    assert found["flat"].startswith("array float64[#")
    assert found["more"].startswith("array float64[#")
    assert found["more"].endswith("?, a1]")


def test_matmul_makes_unknown_lengths_equal() -> None:
    text = "def f(A, x):\n    y = A @ x\n    z = np.linalg.solve(A, x)\n    return y\n"
    found = types_of(text, "A: float64[:, :]; x: float64[?]")
    assert found["A"] == "array float64[A0, A0]"
    assert found["x"] == found["y"] == found["z"] == "array float64[A0]"


@pytest.mark.parametrize(
    "line",
    [
        "if n > 0:\n        z = x @ y",
        "for i in range(n):\n        z = x @ y",
        "while x @ y > n:\n        n = n + 1",
        "z = 1.0 if n > 0 else x @ y",
        "n > 0 and x @ y > 0",
        "z = 0 < n < x @ y",
        "assert x @ y > 0",
        "z = x[1:] @ y[1:]",
    ],
)
def test_nothing_is_proved_by_what_may_not_run(line: str) -> None:
    found = types_of(f"def f(x, y, n):\n    {line}\n    return x\n", "x: float64[?]; y: float64[?]; n: int")
    assert (found["x"], found["y"]) == ("array float64[x0?]", "array float64[y0?]")


def test_a_proof_holds_inside_its_block() -> None:
    text = """
def f(x, y, n):
    for i in range(n):
        before = y * 2.0
        z = x @ y
    return x
"""
    assert types_of(text, "x: float64[:]; y: float64[?]; n: int")["before"] == "array float64[x0]"


def test_a_proof_after_a_break_does_not_reach_back() -> None:
    text = """
def f(x, y, n):
    for i in range(n):
        before = y * 2.0
        if i > 2:
            break
        z = x @ y
    return x
"""
    assert types_of(text, "x: float64[:]; y: float64[?]; n: int")["before"] == "array float64[y0?]"


def test_lengths_that_change_in_a_loop() -> None:
    text = """
def f(x, y, n):
    a = x
    b = x
    for i in range(n):
        a = np.concatenate([a, y])
        b = b + x
    c = a + 1
    return c
"""
    found = types_of(text, "x: float64[:]; y: float64[:]; n: int")
    assert found["b"] == "array float64[x0]"
    assert found["c"].startswith("array float64[#")  # another number than that of the last turn's a
    assert found["c"] != found["a"]


def test_kinds_of_numbers() -> None:
    text = """
def f(x, n):
    a = 0.0
    for i in range(n):
        a = a + x * 2
    b = np.sin(x)
    c = math.floor(x)
    d = x ** n
    e = x ** 0.5
    g = n / 2
    h = n // 2
    k = 2 ** n
    m = abs(x)
    o = max(x, 1.0)
    return b
"""
    found = types_of(text, "x: float; n: int")
    assert found["a"] == found["d"] == found["g"] == found["m"] == found["o"] == "python float64"
    assert found["b"] == "scalar float64[]"
    assert found["c"] == found["h"] == found["i"] == "python int64"
    assert found["e"] == "python"  # complex where x is negative
    assert found["k"] == "python"  # a float where n is negative


def test_branches_join() -> None:
    text = """
def f(x, y, n):
    if n > 0:
        u = x
        v = x
        w = 1.0
    else:
        u = y
        v = y
        w = np.sum(y)
    z = u * v
    return z
"""
    found = types_of(text, "x: float64[?]; y: float64[?]; n: int")
    assert found["z"].startswith("array float64[#")  # u and v have the same length on both ways
    assert types_of(text.replace("return z", "return w"), "x: float64[:]; y: float64[:]; n: int")["return"] == (
        "unknown float64"
    )


def test_sums_that_start_with_a_number() -> None:
    text = """
def f(x, n):
    s = 0.0
    for k in range(n):
        s = s + np.sin(x) * k
    y = np.exp(s)
    total = np.sum(y)
    y[0] = 1.0
    return np.max(s) + total
"""
    found = types_of(text, "x: float64[:]; n: int")
    assert found["s"] == found["y"] == "number float64[...]"  # Python's float where there are no turns
    assert found["total"] == found["return"] == "scalar float64[]"


def test_a_default_of_none() -> None:
    text = "def f(x, y=None):\n    if y is None:\n        y = x * 2\n    return y\n"
    assert types_of(text, "x: float64[:]; y: none")["return"] == "array float64[x0]"
    assert types_of(text, "x: float64[:]; y: float32[:]")["return"] == "array float32[y0]"


def test_calls_forget_the_items_of_lists() -> None:
    text = "def f(x):\n    a = [x, x]\n    print(a)\n    b, c = a\n    return b\n"
    assert types_of(text, "x: float64[:]")["return"] == "unknown"
    assert types_of(text.replace("print(a)", "pass"), "x: float64[:]")["return"] == "array float64[x0]"


def test_globals_used() -> None:
    function = with_source("def f(x):\n    y = TABLE * x + CONSTANT * np.pi\n    return y.astype(KIND)\n")
    function.__globals__.update(GLOBALS, KIND=np.float32)
    inferred = infer(lowered(function), dict([read_like("x: float64[:, :]")]), function.__globals__.__getitem__)
    assert set(inferred.globals_used) == {"TABLE", "CONSTANT", "KIND"}
    assert inferred.globals_used["TABLE"] == Type("array", "float32", (1, Extent("TABLE.shape[1]", not_one=True)))


def test_two_runs_give_the_same() -> None:
    text = "def f(x, y):\n    z = x[x > 0]\n    for i in range(3):\n        z = z[1:][y]\n    return z\n"
    like = "x: float64[:]; y: int64[:]"
    assert types_of(text, like) == types_of(text, like)


X = Name("x", Type("array", "float64", (Extent("n", not_one=True), 3)))
EXPRESSIONS: list[tuple[Expr, Type]] = [
    (Attribute(X, "ndim"), Type("python", "int64", (), extent=2)),
    (Subscript(Attribute(X, "shape"), Const(0)), Type("python", "int64", (), extent=Extent("n", not_one=True))),
    (Apply("len", (X,), spelling="function:len"), Type("python", "int64", (), extent=Extent("n", not_one=True))),
    (Apply("zeros_like", (X,)), X.type),
    (Apply("broadcast_to", (Const(1.0), Apply("shape", (X,)))), X.type),
    (Apply("sum", (Apply("multiply", (X, Const(2))),), (("axis", Const(0)),)), Type("array", "float64", (3,))),
    (Apply("unbroadcast", (X, Const(2.0))), Type("numpy", "float64", ())),
    (Subscript(X, Tuple((Slice(Const(1), None, None), Const(-1)))), Type("array", "float64", (Extent("n", 1),))),
    (Attribute(Global("math", Type("other", "math")), "pi"), PYTHON_FLOAT),
    (Apply("sin", (Const(1.0),), spelling="function:math.sin"), PYTHON_FLOAT),
    (Apply("floor", (Const(1.0),), spelling="function:math.floor"), PYTHON_INT),
]


@pytest.mark.parametrize(("expr", "expected"), EXPRESSIONS, ids=lambda part: str(part)[:40])
def test_type_of_trees(expr: Expr, expected: Type) -> None:
    assert type_of(expr) == expected


def test_lengths_made_apart_differ() -> None:
    mask = Name("mask", Type("array", "bool", (Extent("m"),)))
    vector = Name("v", Type("array", "float64", (Extent("m"),)))
    assert type_of(Subscript(vector, mask)) != type_of(Subscript(vector, mask))


def test_long_programs_take_linear_time() -> None:
    """Counted in symbols, which are made and compared one by one."""

    def symbols(count: int) -> int:
        lines = "".join(
            f"    x = np.concatenate([x, y])[1:]\n    if y[{i}] > 0:\n        x = y[::2]\n" for i in range(count)
        )
        found = types_of(f"def f(x, y):\n{lines}    return x\n", "x: float64[:]; y: float64[:]")
        return int(found["return"].split("#")[1].rstrip("?]"))

    assert symbols(80) < 2.5 * symbols(40)
