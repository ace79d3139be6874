"""``hvp``, ``jacobian`` and ``hessian``: their text byte for byte, and what it computes against differences."""

from __future__ import annotations

import copy
import itertools
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprose as bp
from backprose import cli
from tests import differences
from tests.corpus import GoldenProgram, load, names_in

X = np.array([0.3, -0.8, 1.2])
TARGETS = {
    "forward_and_hvp": ("rosenbrock", "x", (np.array([0.3, -0.8, 1.2, 0.5]),)),
    "heat": ("heat", ("u", "alpha"), (np.cos(np.arange(6.0)), 0.1, 3)),
    "newton": ("newton_sqrt", "a", (2.0, 1e-14, 50)),
    "softmax_regression": (
        "softmax_loss",
        ("W", "b"),
        (
            np.cos(np.arange(6.0)).reshape(3, 2),
            np.array([0.1, -0.2]),
            np.sin(np.arange(12.0)).reshape(4, 3),
            np.eye(4, 2),
        ),
    ),
}


# ---------------------------------------------------------------- references
def jacobian_by_differences(function: Callable[..., Any], args: tuple[Any, ...], which: int) -> Any:
    """The Jacobian with respect to one argument, of each result."""
    leaf = args[which]
    results = function(*differences.fresh(args))
    several = isinstance(results, tuple)

    def flat(*given: Any) -> Any:
        found = function(*given)
        return np.concatenate([np.ravel(one) for one in (found if several else (found,))])

    columns = []
    for index in np.ndindex(np.shape(leaf)):
        unit = np.zeros(np.shape(leaf))
        unit[index] = 1
        ways = [(unit if isinstance(leaf, np.ndarray) else 1.0) if k == which else None for k in range(len(args))]
        columns.append(differences.slope(flat, args, ways).value)
    whole = np.stack(columns, axis=-1)
    parts, start = [], 0
    for one in results if several else (results,):
        parts.append(whole[start : start + np.size(one)].reshape(np.shape(one) + np.shape(leaf)))
        start += np.size(one)
    return parts if several else parts[0]


def check_jacobian(
    found: Any, function: Callable[..., Any], args: tuple[Any, ...], positions: tuple[int, ...], single: bool
) -> None:
    expected = [jacobian_by_differences(function, args, k) for k in positions]
    several = isinstance(expected[0], list)
    rows = found if several else (found,)
    for k, row in enumerate(rows):
        for part, slopes in zip((row,) if single else row, expected, strict=True):
            slope = slopes[k] if several else slopes
            assert np.shape(part) == np.shape(slope)
            np.testing.assert_allclose(part, slope, rtol=1e-6, atol=1e-7)


def check(mode: str, function: Any, args: tuple[Any, ...], wrt: Any) -> str:
    """The text of a mode, whose results are those of differences."""
    transform, _, direction = mode.partition(" ")
    names = (wrt,) if isinstance(wrt, str) else wrt
    positions = tuple(function.__code__.co_varnames.index(name) for name in names)
    mine = differences.fresh(args)
    if transform == "hvp":
        rng = np.random.default_rng(0)
        ways = [way if k in positions else None for k, way in enumerate(differences.random_direction(args, rng))]
        derivative: Any = bp.hvp(function, wrt=wrt)
        directions = tuple(ways[k] for k in positions)
        product = derivative(*mine, directions[0] if isinstance(wrt, str) else directions)
        bends = differences.slope(
            lambda *given: np.concatenate([np.ravel(part) for part in bp.grad(function, wrt=names)(*given)]), args, ways
        )
        parts = (product,) if isinstance(wrt, str) else product
        flat = np.concatenate([np.ravel(part) for part in parts])
        assert bends.agrees(flat, 1e-6, 1e-7, float(np.max(np.abs(flat))))
        for part, k in zip(parts, positions, strict=True):
            assert np.shape(part) == np.shape(args[k])
    else:
        options = {"direction": direction} if direction else {}
        derivative = getattr(bp, transform)(function, wrt=wrt, **options)
        found = derivative(*mine)
        if transform == "jacobian":
            check_jacobian(found, function, args, positions, isinstance(wrt, str))
        else:
            gradient = bp.grad(function, wrt=wrt)
            check_jacobian(found, gradient, args, positions, isinstance(wrt, str))
    for before, after in zip(args, mine, strict=True):
        np.testing.assert_array_equal(before, after)
    text: str = derivative.source
    return text


def check_text(text: str, path: Any, update: bool) -> None:
    if update:
        path.write_text(text, encoding="utf-8")
    assert path.exists(), f"no {path.name}: run pytest --update-golden and read what it writes"
    assert text == path.read_text(encoding="utf-8"), f"{path.name} differs; --update-golden rewrites it"
    assert max(map(len, text.splitlines())) <= 100


# ---------------------------------------------------------------- golden pairs
PAIRS = [(name, mode) for name in names_in("orders") for mode in load(name, "orders").module.MODES]


@pytest.mark.parametrize(("name", "mode"), PAIRS, ids=lambda one: one.replace(" ", "_"))
def test_golden(name: str, mode: str, update_golden: bool) -> None:
    program = load(name, "orders")
    text = check(mode, program.function, program.args, program.wrt)
    check_text(text, program.path(mode.replace(" ", "_")), update_golden)


@pytest.mark.parametrize(("module", "mode"), [*itertools.product(TARGETS, ("hvp", "jacobian", "hessian"))])
def test_targets(module: str, mode: str, update_golden: bool) -> None:
    name, wrt, args = TARGETS[module]
    program = GoldenProgram(name, load(module, "targets").module)
    text = check(mode, program.function, args, wrt)
    check_text(text, program.path(mode), update_golden)


# ---------------------------------------------------------------- every form of argument and result
def product(W, x):
    return np.tanh(W @ x)


def itself(x):
    return x


def powers(x, n):
    made = np.zeros(n)
    for i in range(n):
        made[i] = np.sum(x**i)
    return made


def constant(x):
    return np.ones(3)


def writes(x):
    x[0] = x[1] * 2
    return x


def one_number(x):
    return np.sum(x**3)


def named(jacobian, *, columns=2.0):
    return jacobian**columns


def defaults(x, p=2.0):
    return np.abs(x) ** p


def many(*xs):
    return xs[0] * xs[1]


MATRIX = np.cos(np.arange(12.0)).reshape(4, 3)
FORMS = [
    (product, (MATRIX, X), "W"),
    (product, (MATRIX, X), "x"),
    (product, (MATRIX[:1], X), "W"),
    (product, (MATRIX[:0], X), "x"),
    (itself, (X,), "x"),
    (itself, (MATRIX,), "x"),
    (itself, (2.0,), "x"),
    (itself, (np.array(2.0),), "x"),
    (itself, (np.zeros(0),), "x"),
    (powers, (X, 5), "x"),
    (constant, (X,), "x"),
    (constant, (1.0,), "x"),
    (writes, (X,), "x"),
    (one_number, (X,), "x"),
    (one_number, (np.zeros(0),), "x"),
    (named, (X,), "jacobian"),
    (defaults, (X,), "x"),
    (defaults, (X, 3.0), "p"),
]


@pytest.mark.parametrize("direction", ["auto", "forward", "reverse"])
@pytest.mark.parametrize(("function", "args", "wrt"), FORMS)
def test_forms(function: Any, args: tuple[Any, ...], wrt: str, direction: str) -> None:
    found = bp.jacobian(function, wrt=wrt, direction=direction)(*differences.fresh(args))  # type: ignore[arg-type]
    which = function.__code__.co_varnames.index(wrt)
    if np.size(args[which]):
        check_jacobian(found, function, args, (which,), True)
    else:
        assert found.shape == np.shape(function(*args)) + np.shape(args[which])


@pytest.mark.parametrize("direction", ["forward", "reverse"])
@pytest.mark.parametrize(("narrow", "wide"), [("float32", "float64"), ("float64", "float32")])
def test_the_dtype_is_that_of_the_argument(direction: Any, narrow: str, wide: str) -> None:
    found = bp.jacobian(product, wrt="x", direction=direction)(MATRIX.astype(wide), X.astype(narrow))
    assert found.dtype == narrow


def test_a_direction_may_be_a_structure() -> None:
    def loss(params):
        return np.sum(params["w"] ** 2 * params["b"])

    point = {"w": X, "b": 2.0}
    found = bp.hvp(loss)(point, {"w": X, "b": 1.0})
    np.testing.assert_allclose(found["w"], 4 * X + 2 * X)
    np.testing.assert_allclose(found["b"], 2 * X @ X)


def test_arguments_by_name_and_defaults() -> None:
    def loss(x, n=2, *, scale=1.0):
        return scale * np.sum(x**n)

    v = np.ones(3)
    np.testing.assert_allclose(bp.hvp(loss)(X, v), 2 * v)
    np.testing.assert_allclose(bp.hvp(loss)(X, 3, v, scale=2.0), 12 * X)


def test_jacobians_of_derivatives() -> None:
    np.testing.assert_allclose(bp.jacobian(bp.grad(one_number))(X), np.diag(6 * X))
    np.testing.assert_allclose(bp.jacobian(bp.jacobian(bp.grad(one_number)))(X)[1, 1, 1], 6.0)
    np.testing.assert_allclose(bp.hessian(one_number)(X), np.diag(6 * X))


# ---------------------------------------------------------------- element by element
def polynomial(x, n):
    y = x
    for _ in range(n):
        y = y * x + 1
    return y


def bell(x):
    return np.exp(-(x**2))


def composed(x):
    return bell(x) + bell(2 * x)


def chosen(x, w):
    return np.where(x > w, np.exp(-x), x * w) + np.abs(x) + np.clip(x, -0.5, 0.5)


def branched(x):
    if x[0] > 0:
        return np.tanh(x)
    return x


def in_place(x):
    y = x.copy()
    y += x * x
    y *= 3
    return y


def nothing_of(x):
    return np.ones(3)


COLUMN = X.reshape(3, 1)
ELEMENTWISE: list[tuple[Any, tuple[Any, ...]]] = [
    (polynomial, (X, 3)),
    (polynomial, (X, 0)),
    (polynomial, (2.0, 3)),
    (polynomial, (COLUMN, 2)),
    (polynomial, (X[:1], 2)),
    (composed, (X,)),
    (chosen, (X, 0.5)),
    (chosen, (X, np.array([0.1, 0.2, 0.3]))),
    (branched, (X,)),
    (branched, (-X,)),
    (in_place, (X,)),
    (nothing_of, (X,)),
]


@pytest.mark.parametrize(("function", "args"), ELEMENTWISE)
def test_elementwise(function: Any, args: tuple[Any, ...]) -> None:
    x = args[0]
    ways = [np.ones_like(x) if isinstance(x, np.ndarray) else 1.0, *(None for _ in args[1:])]
    found = bp.elementwise_grad(function)(*differences.fresh(args))
    assert np.shape(found) == np.shape(x)
    assert type(found) is type(x)
    np.testing.assert_allclose(found, differences.slope(function, args, ways).value, rtol=1e-6, atol=1e-7)
    if isinstance(x, np.ndarray):
        single = bp.elementwise_grad(function)(x.astype("float32"), *args[1:])
        assert single.dtype == "float32"


def test_the_text_of_an_elementwise_derivative() -> None:
    derivative = bp.elementwise_grad(composed)
    derivative(X)
    assert derivative.source.startswith("def composed_elementwise_grad(x):\n")
    assert repr(derivative) == "backprose.elementwise_grad(tests.test_orders.composed, wrt=0)"
    assert repr(pickle.loads(pickle.dumps(derivative))) == repr(derivative)


MIXING: list[tuple[Any, tuple[Any, ...]]] = [
    (lambda x: np.sum(x) * x, (X,)),
    (lambda x: x[::-1], (X,)),
    (lambda x: x - np.mean(x), (X,)),
    (lambda x: x * x[0], (X,)),
    (lambda x: np.cumsum(x), (X,)),
    (lambda x: np.sort(x), (X,)),
    (lambda x: x.T * x, (np.eye(3),)),
    (lambda x: x + np.ones((2, 3)), (X,)),
    (lambda x: x + np.ones(3), (X[:1],)),
    (lambda x: x + np.ones(3), (2.0,)),
    (lambda x, w: x * w, (COLUMN, np.ones((3, 2)))),
    (lambda x: np.sum(x), (X,)),
    (lambda x: (x, x), (X,)),
    (lambda x: x * 2, (X + 1j,)),
    (lambda x: np.exp(1j * x), (X,)),
]


@pytest.mark.parametrize(("function", "args"), MIXING)
def test_what_mixes_elements_is_refused(function: Any, args: tuple[Any, ...]) -> None:
    with pytest.raises(bp.BackproseError, match="elementwise_grad"):
        bp.elementwise_grad(function)(*args)


# ---------------------------------------------------------------- the direction
def wide(x):
    return np.sum(x) * np.arange(3.0)


def test_the_direction_is_what_is_fewer() -> None:
    jacobian = bp.jacobian(wide)
    jacobian(np.ones(2))
    assert "wide_tangent" in jacobian.source
    jacobian = bp.jacobian(wide)
    jacobian(np.ones(5))
    assert "wide_backward" in jacobian.source
    np.testing.assert_array_equal(jacobian(np.ones(2)), np.arange(3.0)[:, None] * np.ones(2))
    assert "wide_backward" in jacobian.source  # as it was at the first call


CALLS = [0]


def counted(x):
    CALLS[0] += 1
    return x * np.ones(4)


def draws(x, rng):
    return x * rng.normal(size=4)


def helped(x):
    return helper(x)


def helper(x):
    print("once")
    return x * np.ones(4)


def test_effects_happen_once(capsys: pytest.CaptureFixture[str]) -> None:
    before = CALLS[0]
    np.testing.assert_array_equal(bp.jacobian(counted)(2.0), np.ones(4))
    assert CALLS[0] == before + 1
    drawn = np.random.default_rng(3).normal(size=4)
    np.testing.assert_array_equal(bp.jacobian(draws)(2.0, np.random.default_rng(3)), drawn)
    np.testing.assert_array_equal(bp.jacobian(helped)(2.0), np.ones(4))
    assert capsys.readouterr().out == "once\n"


# ---------------------------------------------------------------- as other derivatives are
def test_objects() -> None:
    product_of = bp.hvp(one_number)
    hessian = bp.hessian(one_number, direction="reverse")
    jacobian = bp.jacobian(product, wrt="x")
    assert str(product_of.__signature__) == "(x, v, /)"
    assert str(jacobian.__signature__) == "(W, x)"
    assert repr(product_of) == "backprose.hvp(tests.test_orders.one_number, wrt=0)"
    assert repr(hessian) == "backprose.hessian(tests.test_orders.one_number, wrt=0)"
    assert isinstance(jacobian, bp.Derivative)
    for made in (product_of, hessian, jacobian):
        other = pickle.loads(pickle.dumps(made))
        assert repr(other) == repr(made)
        assert type(other) is type(made)
        assert "def " in other.source
    again = pickle.loads(pickle.dumps(hessian))
    again(X)
    assert "backward" in again.source
    np.testing.assert_allclose(copy.deepcopy(product_of)(X, X), 6 * X * X)


def test_saved_files(tmp_path: Any) -> None:
    for made, args in (
        (bp.hvp(one_number), (X, X)),
        (bp.hessian(one_number), (X,)),
        (bp.jacobian(product), (MATRIX, X)),
    ):
        expected = made(*args)
        made.save(tmp_path / "saved.py")
        space: dict[str, Any] = {}
        text = (tmp_path / "saved.py").read_text(encoding="utf-8")
        exec(text, space)
        name = made.source.split("def ")[-1].partition("(")[0]
        np.testing.assert_array_equal(space[name](*args), expected)


MODEL = """\
import numpy as np


def loss(x: "float64[:]", a: float):
    return np.sum(a * x ** 3)
"""


@pytest.mark.parametrize("mode", ["hvp", "jacobian", "hessian"])
def test_dump(mode: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    import shlex

    monkeypatch.chdir(tmp_path)
    (tmp_path / "orders_model.py").write_text(MODEL, encoding="utf-8")
    assert cli.main(["dump", "orders_model.py:loss", "--mode", mode]) == 0
    text = capsys.readouterr().out
    space: dict[str, Any] = {}
    exec(text, space)
    args = (X, 2.0, X) if mode == "hvp" else (X, 2.0)
    expected = {"hvp": 12 * X * X, "jacobian": 6 * X**2, "hessian": np.diag(12 * X)}[mode]
    np.testing.assert_allclose(space[f"loss_{mode}"](*args), expected)
    command = next(line for line in text.splitlines() if "backprose dump" in line)
    assert cli.main(shlex.split(command.removeprefix("#"))[1:]) == 0
    assert capsys.readouterr().out == text
    assert cli.main(["dump", "orders_model.py:loss", "--mode", mode, "--name", "mine"]) == 0
    assert "def mine(" in capsys.readouterr().out
    assert cli.main(["dump", "orders_model.py:loss", "--mode", mode, "--value"]) == cli.WRONG


# ---------------------------------------------------------------- refused
REFUSED: list[tuple[Callable[[], Any], str]] = [
    (lambda: bp.jacobian(itself)(1j), "complex"),
    (lambda: bp.jacobian(lambda d: d["a"])({"a": X}), "structure"),
    (lambda: bp.jacobian(lambda xs: xs[0])([X, X]), "structure"),
    (lambda: bp.jacobian(lambda x: {"a": x})(X), "no Jacobian"),
    (lambda: bp.jacobian(lambda x: "text")(X), "no Jacobian"),
    (lambda: bp.jacobian(lambda x: (x, (x, x)))(X), "no Jacobian"),
    (lambda: bp.hvp(one_number)(), "direction"),
    (lambda: bp.hvp(one_number)(X, X[:2]), "shape"),
    (lambda: bp.hvp(one_number, wrt=("x",))(X, X), "tuple of 1"),
    (lambda: bp.hvp(itself)(X, X), "one number"),
    (lambda: bp.hessian(itself)(X), "one number"),
    (lambda: bp.jacobian(itself, direction="sideways"), "direction"),  # type: ignore[arg-type]
    (lambda: bp.elementwise_grad(itself, wrt=("x",)), "one argument"),
    (lambda: bp.grad(bp.hvp(one_number)), "cannot be differentiated itself"),
]


@pytest.mark.parametrize(("use", "word"), REFUSED)
def test_refused(use: Callable[[], Any], word: str) -> None:
    with pytest.raises(bp.BackproseError, match=word):
        use()


def sum_of_turns(x, n):
    total = 0.0
    for i in range(n):
        total = total + x * i
    return total


def test_a_result_that_begins_as_a_number() -> None:
    assert np.array_equal(bp.jacobian(sum_of_turns)(np.array([1.0, 2.0]), 3), 3 * np.eye(2))


# ---------------------------------------------------------------- directions of structures
class Pair:
    def __init__(self, a: Any, b: Any) -> None:
        self.a, self.b = a, b


def of_a_dict(d):
    return d["a"] ** 2 * d["b"]["c"]


def of_a_pair(p):
    return p.a**2 * p.b[1]


def of_many(rows):
    return rows[0]["a"] ** 2 * rows[1]["a"]


def test_directions_belong_to_what_has_their_key() -> None:
    d = {"a": 1.0, "b": {"c": 2.0, "n": 3}}
    first, second = {"a": 1.0, "b": {"c": 0.5, "n": None}}, {"b": {"n": None, "c": 0.5}, "a": 1.0}
    expected = {"a": 5.0, "b": {"c": 2.0, "n": None}}
    assert bp.hvp(of_a_dict)(d, first) == bp.hvp(of_a_dict)(d, second) == expected
    assert bp.jvp(of_a_dict, (d,), (first,)) == bp.jvp(of_a_dict, (d,), (second,)) == (2.0, 4.5)
    direction = Pair(1.0, (0.0, 0.5))
    vars(direction)["a"] = vars(direction).pop("a")
    assert vars(bp.hvp(of_a_pair)(Pair(1.0, (7.0, 2.0)), direction)) == {"a": 5.0, "b": (0.0, 2.0)}
    rows = [{"a": 1.0} for _ in range(80)]
    assert bp.jvp(of_many, (rows,), (rows,)) == (1.0, 3.0)


def test_no_jacobian_by_a_list_of_arrays() -> None:
    for transform in (bp.jacobian, bp.hessian):
        with pytest.raises(bp.ArgumentError, match="structure"):
            transform(lambda values: values[0] ** 2 * np.sum(values[1]))([1.0, np.ones(3)])


@pytest.mark.parametrize("direction", [None, 1.0, {"a": 1.0}, "ab", Pair(1.0, None), Pair(1.0, (1.0,)), np.ones(2)])
def test_directions_of_another_form(direction: Any) -> None:
    d, p, rows = {"a": 1.0, "b": {"c": 2.0}}, Pair(1.0, (7.0, 2.0)), [{"a": 1.0} for _ in range(80)]
    for f, given in ((of_a_dict, d), (of_a_pair, p), (of_many, rows)):
        with pytest.raises(bp.ArgumentError):
            bp.hvp(f)(given, direction)
        if direction is not None:
            with pytest.raises(bp.ArgumentError):
                bp.jvp(f, (given,), (direction,))
    with pytest.raises(bp.ArgumentError, match="item 1 of 'b' of the tangent of p"):
        bp.hvp(of_a_pair)(p, Pair(1.0, (1.0, np.ones(3))))


# ---------------------------------------------------------------- ways that are not taken
def returns_early(x, n):
    for _ in range(n):
        if x[0] > 0.2:
            return np.sum(x * x * x)
    for _ in range(3):
        x = np.sin(x)
    return np.sum(x)


def returns_early_or_writes(x, n):
    x = x.copy()
    for _ in range(n):
        if x[0] > 0.2:
            return np.sum(x * x * x)
    for i in range(3):
        x[i] = np.sin(x[i]) * x[0]
    return np.sum(x)


def a_list_in_else(x, n):
    for _ in range(n):
        if x[0] > 0.2:
            r = x * x
            break
    else:
        rows = [x * x, np.sin(x)]
        for k in range(3):
            rows.append(rows[k] * x)
        r = rows[4] * rows[0]
    return np.sum(r * x)


@pytest.mark.parametrize("function", [returns_early, returns_early_or_writes, a_list_in_else])
@pytest.mark.parametrize("turns", [0, 2])
def test_second_order_where_a_way_is_not_taken(function: Callable[..., Any], turns: int) -> None:
    gradient, way = bp.grad(function), np.array([1.0, -0.5, 0.3])
    for x in (X, np.array([0.1, -0.7, 0.8])):
        expected = (gradient(x + 1e-5 * way, turns) - gradient(x - 1e-5 * way, turns)) / 2e-5
        _, along = bp.jvp(gradient, (x, turns), (way, None))
        _, pullback = bp.vjp(gradient, x, turns)  # the second derivatives are symmetric
        for found in (bp.hvp(function)(x, turns, way), bp.hessian(function)(x, turns) @ way, along, pullback(way)):
            np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-8)
