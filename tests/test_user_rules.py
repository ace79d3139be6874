"""Rules of users: on their own functions and someone else's, what registration refuses, and what a new rule changes."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprose as bp
from backprose.check import compare

SCALE = 3.0


# ---------------------------------------------------------------- functions with a rule
def sigmoid(x):
    return 1 / (1 + np.exp(-x))


@bp.elementwise(sigmoid)
def sigmoid_slope(x, out):
    return out * (1 - out)


def softplus(x):
    return np.log1p(np.exp(-np.abs(x))) + np.maximum(x, 0)


@bp.elementwise(softplus)
def softplus_slope(x):
    return sigmoid(x)


def power_of(x, y, shift=0.5):
    return (x + shift) ** y


@bp.elementwise(power_of)
def power_of_slopes(x, y, shift, out):
    return y * (x + shift) ** (y - 1), out * np.log(x + shift)


def smoothed(x, width=3):
    kernel = np.ones(width) / width
    return np.convolve(x, kernel, "same")


@bp.linear(smoothed)
def smoothed_transposed(x, width, out_bar):
    return smoothed(out_bar, width)  # the kernel is symmetric


def settled(a, b):
    """``a @ x = b``, by a loop that could not be differentiated at its solution."""
    x = np.linalg.solve(a, b)
    for _ in range(0):
        x = x - 1
    return x


@bp.adjoint(settled)
def settled_bar(a, b, *, out, out_bar):
    b_bar = np.linalg.solve(a.T, out_bar)
    return -np.outer(b_bar, out), b_bar


@bp.tangent(settled)
def settled_dot(a, b, *, out, a_dot, b_dot):
    return -np.linalg.solve(a, a_dot @ out), np.linalg.solve(a, b_dot)


def opaque(x):
    """Far outside the language."""
    try:
        values = dict(enumerate(x))
        return np.array([*values.values()]) ** 2
    finally:
        del x


@bp.adjoint(opaque)
def opaque_bar(x, out_bar):
    return 2 * x * out_bar


printed: list[str] = []


def told(x):
    printed.append("told")
    return x * x


@bp.elementwise(told)
def told_slope(x):
    return 2 * x


def held(x):
    return x


@bp.elementwise(held)
def held_slope(x):
    return 1


def scaled(x):
    return SCALE * x


@bp.elementwise(scaled)
def scaled_slope(x):
    return SCALE


@bp.elementwise(np.emath.sqrt)  # of someone else's
def sqrt_slope(x, out):
    return 0.5 / out


@bp.adjoint(np.emath.log)
def log_bar(x, *, out_bar):
    """Of positive numbers."""
    return out_bar / x


# ---------------------------------------------------------------- programs
X = np.linspace(-1.0, 1.5, 4)
A = np.array([[2.0, 0.3], [0.1, 1.5]])
B = np.array([1.0, -2.0])


def layer(x, w):
    y = softplus(w @ x)
    return np.sum(y * y)


def broadcast(x, y):
    return np.sum(power_of(x[:, None], y) * np.arange(3.0))


def with_keyword(x, y):
    return np.sum(power_of(y=y, x=x * x, shift=1.5))


def in_a_loop(x):
    y = x * 1.0
    for i in range(len(x)):
        y[i] = sigmoid(y[i - 1]) * x[i]
    return np.sum(y * y)


def in_a_branch(x):
    total = 0.0
    for value in x:
        if softplus(value) > 0.5:
            total += softplus(value)
        else:
            total += sigmoid(value) * value
    return total


def of_a_linear_one(x):
    return np.sum(smoothed(x * x) * x)


def of_a_system(a, b):
    x = settled(a, b)
    return np.sum(x * x * b)


def written_afterwards(a, b):
    x = settled(a, b)
    x[0] = 2 * x[1] * b[0]
    b = b * 2.0
    b[0] = 3.0
    return np.sum(x * b)


def rebound(x):
    for _ in range(3):
        x = softplus(x) + x
    return np.sum(x)


def twice(f, x):
    return f(f(x))


def as_a_value(x):
    return np.sum(twice(softplus, x))


def in_a_list(x):
    rows = [softplus(value) for value in x]
    return sum(rows) + np.sum(sigmoid(np.array(rows)))


def inner(x):
    return np.sum(np.sin(x) + softplus(x))


def in_a_callee(x):
    return inner(x * 2) * inner(x)


def of_others(x):
    return np.sum(np.emath.log(A * x)) * np.emath.sqrt(x)


def of_a_captured(x):
    def part(y):
        return softplus(y * x[0])

    return np.sum(part(x))


PROGRAMS: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "layer": (layer, {"x": X, "w": np.arange(8.0).reshape(2, 4) / 8}),
    "broadcast": (broadcast, {"x": X + 2, "y": np.array([0.5, 1.0, 2.0])}),
    "broadcast along 1": (broadcast, {"x": X[:1] + 2, "y": np.array([0.5, 1.0, 2.0])}),
    "with_keyword": (with_keyword, {"x": X, "y": 2.5}),
    "in_a_loop": (in_a_loop, {"x": X}),
    "in_a_branch": (in_a_branch, {"x": X}),
    "of_a_linear_one": (of_a_linear_one, {"x": X}),
    "of_a_system": (of_a_system, {"a": A, "b": B}),
    "written_afterwards": (written_afterwards, {"a": A, "b": B}),
    "rebound": (rebound, {"x": X}),
    "as_a_value": (as_a_value, {"x": X}),
    "in_a_list": (in_a_list, {"x": X}),
    "in_a_callee": (in_a_callee, {"x": X}),
    "of_a_captured": (of_a_captured, {"x": X}),
    "of_others": (of_others, {"x": 0.7}),
    "softplus": (softplus, {"x": 0.3}),
    "sum": (lambda x: np.sum(softplus(x)), {"x": X}),
    "empty": (layer, {"x": X[:0], "w": np.ones((2, 0))}),
}


NO_TANGENT = {"of_others"}


@pytest.mark.parametrize("name", PROGRAMS)
def test_against_differences(name: str) -> None:
    function, arguments = PROGRAMS[name]
    for line in compare(function, arguments, tuple(arguments)):
        assert line.good, line


@pytest.mark.parametrize("name", PROGRAMS)
def test_forward_against_reverse(name: str) -> None:
    function, arguments = PROGRAMS[name]
    rng = np.random.default_rng(0)
    tangents = [_like(value, rng) for value in arguments.values()]
    if name in NO_TANGENT:
        pytest.skip("the rule has no tangent")
    value, moved = bp.jvp(function, tuple(arguments.values()), tangents)
    again, pullback = bp.vjp(function, *arguments.values(), wrt=tuple(arguments))
    assert value == pytest.approx(again)
    pulled = sum(np.sum(bar * dot) for bar, dot in zip(pullback(1.0), tangents, strict=True))
    assert moved == pytest.approx(pulled, rel=1e-10)


@pytest.mark.parametrize("name", [name for name in PROGRAMS if name != "empty"])
def test_second_order(name: str) -> None:
    """Differences of the gradient, along one direction."""
    function, arguments = PROGRAMS[name]
    if name in NO_TANGENT:
        pytest.skip("the rule has no tangent")
    rng = np.random.default_rng(1)
    way = [_like(value, rng) for value in arguments.values()]
    gradient = bp.grad(function, wrt=tuple(arguments))
    _, found = bp.jvp(gradient, tuple(arguments.values()), way)
    step = 1e-6
    ahead, behind = (
        gradient(*(value + sign * step * dot for value, dot in zip(arguments.values(), way, strict=True)))
        for sign in (1, -1)
    )
    for part, one, other in zip(found, ahead, behind, strict=True):
        np.testing.assert_allclose(part, (one - other) / (2 * step), rtol=1e-5, atol=1e-6)


def _like(value: Any, rng: np.random.Generator) -> Any:
    return rng.normal(size=value.shape) if isinstance(value, np.ndarray) else float(rng.normal())


# ---------------------------------------------------------------- what a rule is for
def test_the_rule_is_used_and_not_the_source() -> None:
    def doubled(x):
        return x * x

    @bp.elementwise(doubled)
    def wrong(x):
        return 100.0

    def f(x):
        return doubled(x) * 2

    assert bp.grad(f)(3.0) == 200.0
    assert bp.grad(doubled)(3.0) == 100.0
    assert bp.jvp(doubled, (3.0,), (1.0,)) == (9.0, 100.0)
    assert bp.vjp(doubled, 3.0)[1](1.0) == 100.0


def test_a_function_that_cannot_be_read() -> None:
    np.testing.assert_allclose(bp.grad(lambda x: np.sum(opaque(x) * x))(X), 3 * X**2)
    with pytest.raises(bp.UnknownFunctionError, match="forward mode"):
        bp.jvp(lambda x: np.sum(opaque(x)), (X,), (X,))


def test_a_call_happens_once() -> None:
    printed.clear()

    def f(x):
        told(x)
        return told(x) + told(x)

    assert bp.grad(f)(2.0) == 8.0
    assert printed == ["told"] * 3


def test_a_result_that_may_be_the_argument() -> None:
    def f(x):
        y = held(x)
        y[0] = 3 * x[1]
        return np.sum(x * y)

    with pytest.raises(bp.AliasError):
        bp.grad(f)(X)


def test_what_the_rule_does_not_know_is_refused() -> None:
    def f(x):
        return power_of(x, 2.0, x)

    with pytest.raises(bp.UnsupportedError, match="'shift'"):
        bp.grad(f)(2.0)

    def shifted(x, by=0.0):
        return x + by

    @bp.elementwise(shifted)
    def shifted_slope(x):
        return 1

    def g(x):
        return shifted(x, by=1.0)

    assert bp.grad(lambda x: shifted(x) * x)(3.0) == 6.0
    with pytest.raises(bp.UnknownFunctionError, match="'by'"):
        bp.grad(g)(3.0)
    with pytest.raises(bp.UnknownFunctionError, match="'by'"):
        bp.grad(shifted)(3.0)


def test_complex_numbers_are_refused_unless_the_rule_is_for_them() -> None:
    def f(z):
        return np.real(softplus(z))

    with pytest.raises(bp.UnsupportedError, match="complex"):
        bp.grad(f)(1 + 2j)

    def cubed(z):
        return z * z * z

    @bp.elementwise(cubed, real_only=False)
    def cubed_slope(z):
        return 3 * z**2

    def g(z):
        return np.real(cubed(z))

    assert bp.grad(g)(1 + 2j) == pytest.approx(3 * (1 + 2j) ** 2)


def test_constant_and_active() -> None:
    def mixed(x, y):
        return x * y

    @bp.elementwise(mixed, active=("x",), constant=("y",))
    def mixed_slope(x, y):
        return y

    assert bp.grad(lambda x: mixed(x, x))(3.0) == 3.0


# ---------------------------------------------------------------- rules that come later
def test_a_rule_after_the_derivative() -> None:
    def late(x):
        return x * x

    def f(x):
        return late(x) + 1

    df, dlate = bp.grad(f), bp.grad(late)
    assert (df(3.0), dlate(3.0)) == (6.0, 6.0)

    @bp.elementwise(late)
    def first(x):
        return 7.0

    assert (df(3.0), dlate(3.0)) == (7.0, 7.0)

    @bp.elementwise(late)
    def second(x):
        return 8.0

    assert (df(3.0), dlate(3.0)) == (8.0, 8.0)


def test_a_number_of_the_rules_module_that_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    df = bp.grad(scaled)
    assert df(2.0) == 3.0
    monkeypatch.setitem(globals(), "SCALE", 5.0)
    assert df(2.0) == 5.0


def test_a_function_that_is_rebound(monkeypatch: pytest.MonkeyPatch) -> None:
    def f(x):
        return np.sum(softplus(x))

    df = bp.grad(f)
    first = df(X)
    monkeypatch.setitem(globals(), "softplus", np.sin)
    np.testing.assert_allclose(df(X), np.cos(X))
    monkeypatch.undo()
    np.testing.assert_allclose(df(X), first)


def test_pickles_and_threads() -> None:
    df = pickle.loads(pickle.dumps(bp.grad(layer)))
    w = np.ones((2, 4))
    expected = df(X, w)
    found: list[Any] = []
    threads = [threading.Thread(target=lambda: found.append(bp.grad(layer)(X, w))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    for one in found:
        np.testing.assert_array_equal(one, expected)


# ---------------------------------------------------------------- what registration refuses
def square(x):
    return x * x


def product(x, y, p=2.0):
    return x**p * y


def writing(x):
    x[0] = 1.0
    return x


def variadic(*parts):
    return parts[0]


class Model:
    def energy(self, x):
        return x


TABLE = np.ones(3)


def no_rule(x):
    return x


def a_loop(x):
    for _ in range(3):
        x = 2 * x
    return x


def an_unknown_name(x):
    return 2 * x * factor  # type: ignore[name-defined]  # noqa: F821


def another_parameter(z):
    return 2 * z


def too_few(x, y, p, out_bar):
    return y * out_bar


def a_keyword_too_many(x, y, *, q=2.0, out_bar):
    return y * out_bar, x * out_bar


def another_default(x, y, p=3.0, *, out_bar):
    return y * p * out_bar, x * out_bar


def an_open_end(x):
    if x > 0:
        return 2 * x


def a_table(x):
    return TABLE * x


def a_plain_call(x):
    return no_rule(x)


def an_unknown_method(x):
    return x.frobnicate()


def a_comprehension(x):
    y = [2 * x for _ in range(3)]
    return y[0]


def an_unknown_keyword(x):
    return np.sum(2 * x, weights=3)


def a_nested_function(x):
    return lambda y: x


def one_too_many(x):
    return 1, 2


def an_update(x):
    y = 2 * x
    y += 1
    return y


def fine(x):
    return 2 * x


def fine_bar(x, out_bar):
    return 2 * x * out_bar


@pytest.mark.parametrize(
    ("decorator", "rule", "line", "what"),
    [
        (bp.elementwise(square), a_loop, "for _ in range(3):", "not of for"),
        (bp.elementwise(square), an_unknown_name, "return 2 * x * factor", "factor is neither"),
        (bp.elementwise(square), another_parameter, "def another_parameter(z):", "without x"),
        (bp.adjoint(product), too_few, "return y * out_bar", "2 expressions, in a tuple"),
        (bp.adjoint(product), a_keyword_too_many, "def a_keyword", "no parameter q"),
        (bp.adjoint(product), another_default, "def another_default", "default of p is 2.0"),
        (bp.elementwise(square), an_open_end, "def an_open_end", "not every way"),
        (bp.elementwise(square), a_table, "return TABLE * x", "no Python number"),
        (bp.elementwise(square), a_plain_call, "return no_rule(x)", "no_rule has no rule"),
        (bp.elementwise(square), an_unknown_method, "return x.frobnicate()", "has no rule"),
        (bp.elementwise(square), a_comprehension, "y = [2 * x", "ListComp"),
        (bp.elementwise(square), an_unknown_keyword, "return np.sum", "has no rule, or in a form"),
        (bp.elementwise(square), a_nested_function, "return lambda", "Lambda"),
        (bp.elementwise(square), one_too_many, "return 1, 2", "one expression"),
        (bp.elementwise(square), an_update, "y += 1", "not of augassign"),
        (bp.elementwise(square, active=("z",)), fine, "def fine", "no parameter z"),
        (bp.elementwise(np.sin), fine, "def fine", "has a rule already"),
        (bp.elementwise(lambda x: x), fine, "def fine", "no name"),
        (bp.elementwise(Model.energy), fine, "def fine", "is a method"),
        (bp.elementwise(Model().energy), fine, "def fine", "is a method"),
        (bp.elementwise(Model), fine, "def fine", "no function"),
        (bp.elementwise(bp.grad(square)), fine, "def fine", "derivative"),
        (bp.elementwise(variadic), fine, "def fine", "any number"),
        (bp.adjoint(writing), fine_bar, "def fine_bar", "writes into its argument x"),
        (bp.adjoint(square), fine, "def fine", "out_bar"),
        (bp.elementwise(square), fine_bar, "def fine_bar", "may ask for"),
        (bp.tangent(square), fine, "def fine", "needs an adjoint"),
        (bp.elementwise(square), lambda x: 2 * x, "lambda x: 2 * x", "written with def"),
        (bp.elementwise(square), np.sin, None, "a rule is a function"),
    ],
)
def test_refused_at_registration(decorator: Any, rule: Any, line: str | None, what: str) -> None:
    with pytest.raises(bp.RuleError) as caught:
        decorator(rule)
    assert what in str(caught.value)
    if line is not None:
        assert line in str(caught.value)
        assert "^" in str(caught.value)
    assert bp.grad(square)(3.0) == 6.0  # as if nothing had been registered


def test_a_rule_without_source() -> None:
    space: dict[str, Any] = {}
    exec("def rule(x): return 2 * x", space)
    with pytest.raises(bp.SourceError):
        bp.elementwise(square)(space["rule"])


# ---------------------------------------------------------------- check_rule
@pytest.mark.parametrize(
    ("function", "args", "kwargs"),
    [
        (softplus, (X,), {}),
        (softplus, (X.astype(np.float32),), {}),
        (sigmoid, (0.3,), {}),
        (power_of, (np.array([[1.0], [2.0]]), np.array([0.3, 2.0])), {"shift": 1.0}),
        (power_of, (2.0, 3.0), {}),
        (settled, (A, B), {}),
        (smoothed, (np.arange(7.0),), {"width": 5}),
        (np.emath.sqrt, (0.3,), {}),
        (np.emath.log, (A,), {}),
        (opaque, (X,), {}),
    ],
)
def test_right_rules(function: Any, args: Any, kwargs: Any) -> None:
    bp.check_rule(function, *args, **kwargs)


def weighed(a, b):
    return a @ b


def by_a_thousandth(a, b, out_bar):
    return np.outer(out_bar, b), out_bar @ a * 1.001


def right_bar(a, b, out_bar):
    return np.outer(out_bar, b), out_bar @ a


def twice_too_much(a, b, a_dot, b_dot):
    return a_dot @ b, 2 * a @ b_dot


def test_a_wrong_adjoint_is_caught() -> None:
    bp.adjoint(weighed)(by_a_thousandth)
    with pytest.raises(bp.RuleError, match=r"(?s)weighed with respect to b is wrong.*def by_a_thousandth.*at \[1\]"):
        bp.check_rule(weighed, A, B)


def test_a_wrong_tangent_is_caught() -> None:
    bp.adjoint(weighed)(right_bar)
    bp.check_rule(weighed, A, B)
    bp.tangent(weighed)(twice_too_much)
    with pytest.raises(bp.RuleError, match=r"(?s)with respect to b is not that of its adjoint.*def twice_too_much"):
        bp.check_rule(weighed, A, B)


def test_what_is_not_linear_is_caught() -> None:
    bp.linear(weighed, active=("a", "b"))(right_bar)
    with pytest.raises(bp.RuleError, match="not that of its adjoint"):
        bp.check_rule(weighed, A, B)


def test_what_is_not_constant_is_caught() -> None:
    def times(x, y):
        return x * y

    @bp.elementwise(times, active=("x",), constant=("y",))
    def times_slope(x, y):
        return y

    with pytest.raises(bp.RuleError, match="with respect to y is wrong"):
        bp.check_rule(times, 1.0, 2.0)


def test_what_is_not_elementwise_is_caught() -> None:
    def ordered(x):
        return np.sort(x)

    @bp.elementwise(ordered)
    def ordered_slope(x):
        return 1

    with pytest.raises(bp.RuleError, match="with respect to x is wrong"):
        bp.check_rule(ordered, np.array([3.0, 1.0, 2.0]))


def test_a_cotangent_of_another_shape_is_caught() -> None:
    def squares(x):
        return np.sum(x * x)

    @bp.adjoint(squares)
    def squares_bar(x, out_bar):
        return out_bar * np.array([1.0, 2.0])

    with pytest.raises(bp.RuleError, match="raises ValueError"):
        bp.check_rule(squares, X)


def test_a_function_that_counts_its_calls_is_caught() -> None:
    calls = [0]

    def counting(x):
        calls[0] += 1
        return x * calls[0]

    @bp.elementwise(counting)
    def counting_slope(x):
        return 1

    with pytest.raises(bp.RuleError, match="something else when it is called again"):
        bp.check_rule(counting, 1.0)


def test_what_cannot_be_checked() -> None:
    with pytest.raises(bp.ArgumentError, match="no rule of yours"):
        bp.check_rule(np.sin, X)
    with pytest.raises(bp.ArgumentError, match="can be differentiated"):
        bp.check_rule(power_of, 1, 2)
    with pytest.raises(bp.ArgumentError, match="does not fit"):
        bp.check_rule(power_of, 1.0)


# ---------------------------------------------------------------- assignments to several names
def turned(x, y):
    return np.sin(x) * y


@bp.elementwise(turned)
def turned_slopes(x, y):
    c, s = np.cos(x), np.sin(x)
    return c * y, s


def test_several_names_at_once() -> None:
    assert bp.grad(turned, wrt=("x", "y"))(0.3, 2.0) == (np.cos(0.3) * 2.0, np.sin(0.3))
    assert bp.hvp(turned)(0.3, 2.0, 1.0) == pytest.approx(-np.sin(0.3) * 2.0)


def doubled(x):
    return 2 * x


def test_several_names_of_a_call_are_refused() -> None:
    def of_a_call(x, out_bar):
        c, s = np.modf(x)
        return c * s * out_bar

    def swapped(x, out_bar):
        c, s = x, 2.0
        c, s = s, c
        return c * s * out_bar

    for rule in (of_a_call, swapped):
        with pytest.raises(bp.RuleError, match="a rule assigns to one name at a time"):
            bp.adjoint(doubled)(rule)
