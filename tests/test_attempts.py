"""``try``: taken and not taken, in loops, with exits; what cannot be known is refused."""

# ruff: noqa: TRY301
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests import differences
from tests.checks import is_guard
from tests.test_statements import check

LOG: list[Any] = []


def note(text: Any) -> None:
    LOG.append(text)


def root(x):
    if x > 1:
        raise ValueError(f"{x} is too large")
    return x * x


# ---------------------------------------------------------------- programs
def fallback(x):
    try:
        y = math.sqrt(1 - x)
    except ValueError:
        y = 3 * x * x
    return y * x


def translated(x):
    k = 0
    try:
        k = 1
        y = math.sqrt(3 - x)
        k = 2
    except ValueError as error:
        raise RuntimeError(f"failed at {k}") from error
    return y * x


def callee(x):
    try:
        return root(x) * x
    except ValueError:
        return x * x * x


def calls(x):
    return callee(x) + callee(x * 0.3)


def in_a_loop(x):
    s = x
    for i in range(6):
        try:
            if i == 2:
                continue
            s = s + 0.1 * math.sqrt(2 - s)
        except (ValueError, ZeroDivisionError) as error:
            note(f"{error}")
            s = 0.5 * s * x
        else:
            s = s * 1.1
            if s > 3:
                break
        finally:
            note(i)
        s = s + 0.1 * x
    return s


def handlers(x):
    s = x
    for i in range(6):
        try:
            w = s * x
            if i == 1:
                raise KeyError(i)
            if i == 4:
                raise IndexError
            w = w * math.sqrt(1 - 0.4 * w)
            s = w + s
        except ValueError:
            s = 0.3 * s * s
        except KeyError as k:
            note(f"{k.args}")
            s = s * x
        except IndexError:
            pass
        else:
            s = s * 1.2
            v = s * w
            s = s + v * 0.1
        finally:
            s = s * 0.9
    return s


def loop_inside(x):
    s = x
    for _ in range(4):
        try:
            w = x
            for j in range(3):
                w = w * s + 0.1 * j
            w = w * math.sqrt(2 - w)
            s = w + s
        except ValueError:
            s = 0.3 * s * s
    return s


def while_inside(x):
    s, n = x, 0
    while n < 5:
        n += 1
        try:
            w = s
            while w < 2:
                w = 0.5 * w + 1.2
                if w > 1.9:
                    break
            s = math.log(2.2 - w) * x + s
        except ValueError:
            s = 0.4 * w0(s)
            if n == 3:
                return s * x
    return s


def w0(s):
    return s * s + 0.2


def finally_active(x):
    y = x
    try:
        y = y * x
    finally:
        y = y + x
        note(1)
    return y * x


def nested(x):
    try:
        try:
            y = math.sqrt(1 - x)
        finally:
            note("inner")
            z = x * x
    except ValueError:
        y, z = x, x * 3
    return y * z


def inactive_half_way(x):
    n = 0
    try:
        n = 2
        y = math.sqrt(1 - x)
        n = 3
    except ValueError:
        y = x * x * n
    return y * n


def overwritten(x):
    y = np.array([x, x * x, 1.0])
    z = np.sum(y * y)
    try:
        y[0] = 5.0
        q = y[0] * math.sqrt(1 - x)
    except ValueError:
        y = np.ones(3) * x
        q = 2.0 * x
    return z * q + np.sum(y * y)


def needed_before(x):
    w = x * x
    z = w * w
    try:
        w = w * 3
        q = math.sqrt(1 - x) * w
    except ValueError:
        q = z
    return q * z


def retried(x):
    jitter = 1.0
    for _ in range(8):
        try:
            y = math.log(x + jitter - 2.5)
            break
        except ValueError:
            jitter = jitter * 2
    else:
        y = x
    return y * x * jitter


def errstate(x):
    try:
        with np.errstate(divide="raise"):
            y = x / np.float64(math.floor(x))
    except FloatingPointError:
        y = x * x
    return float(y) * x


def bare(x):
    try:
        y = [x, x * x][int(10 * x)]
    except:  # noqa: E722
        y = x * x * x
    return y


def singular(x):
    A = np.array([[1.0, 2.0], [2.0, 4.0]])
    b = np.array([1.0, 2.0]) * x
    try:
        w = np.linalg.solve(A, b)
    except np.linalg.LinAlgError:
        w = np.linalg.solve(A + x * np.eye(2), b)
    return np.sum(w * w)


class Solver:
    def __init__(self, x):
        self.x, self.count, self.failed = x, 0, False

    def step(self):
        try:
            y = math.sqrt(1 - self.x)
            self.x = y * 1.3
        except ValueError:
            self.failed = True
            self.x = self.x * 0.4
        finally:
            self.count += 1
        return self.x


def state_in_an_object(x):
    solver = Solver(x)
    total = 0.0
    for _ in range(4):
        total = total + solver.step() * x
    return total * solver.count


def in_a_closure(x):
    def inner(z):
        try:
            return math.sqrt(1 - z)
        except ValueError:
            note("closure")
            return z * x

    parts = [x, x * x]
    total = 0.0
    for part in parts:
        total = total + inner(part)
    return total


PROGRAMS: list[Callable[..., Any]] = [
    fallback, translated, calls, in_a_loop, handlers, loop_inside, while_inside, finally_active, nested,
    inactive_half_way, overwritten, needed_before, retried, singular, state_in_an_object, in_a_closure,
]  # fmt: skip
SECOND_REFUSED = {"calls", "loop_inside", "handlers"}
POINTS = (1.7, 0.6, -0.8)


@pytest.mark.parametrize("function", PROGRAMS, ids=lambda function: function.__name__)
def test_right(function: Callable[..., Any]) -> None:
    """Value, gradient, tangent; effects once and in order; the second derivative right or refused."""
    refused = function.__name__ in SECOND_REFUSED
    for at in POINTS:
        LOG.clear()
        function(at)
        expected = LOG.copy()
        LOG.clear()
        bp.grad(function)(at)
        assert expected == LOG
        LOG.clear()
        bp.jvp(function, (at,), (1.0,))
        assert expected == LOG
        check(function, at, second=not refused)
    if refused:
        with pytest.raises((bp.BackproseError, ValueError)):  # in a loop, where an exception came
            bp.grad(bp.grad(function))(1.7)


@pytest.mark.parametrize("at", [1.7, 0.6])
def test_errstate_that_raises(at: float) -> None:
    value, gradient = bp.value_and_grad(errstate)(at)
    assert value == errstate(at)
    assert gradient == pytest.approx(2 * at if at > 1 else 3 * at * at)
    with pytest.raises(bp.BackproseError, match="forward mode"):
        bp.jvp(errstate, (at,), (1.0,))


def test_exceptions_that_pass() -> None:
    with pytest.raises(RuntimeError, match="failed at 1") as caught:
        bp.grad(translated)(3.5)
    assert isinstance(caught.value.__cause__, ValueError)
    assert bp.grad(finally_active)(1.5) == pytest.approx(3 * 1.5**2 + 2 * 1.5)


def test_arrays_and_length_one() -> None:
    def clipped(x):
        total = 0.0
        for i in range(len(x)):
            try:
                y = math.sqrt(1 - x[i])
                x[i] = 2 * y
            except ValueError:
                y = x[i] * x[i]
            total = total + y * x[i]
        return total

    x = np.array([0.3, 1.4, -0.5, 2.0])
    kept = x.copy()
    value, gradient = bp.value_and_grad(clipped)(x)
    assert np.array_equal(x, kept)
    assert value == clipped(kept.copy())
    for i in range(4):
        step = np.eye(4)[i] * 1e-6
        slope = (clipped(kept + step) - clipped(kept - step)) / 2e-6
        assert gradient[i] == pytest.approx(slope, rel=1e-6)
    assert bp.grad(clipped)(np.array([1.5])) == pytest.approx([3 * 1.5**2])


# ---------------------------------------------------------------- half way
def half_way(x):
    try:
        x = x * 2
        y = math.sqrt(1 - x)
    except ValueError:
        y = x
    return y


def half_way_later(x):
    total = 0.0
    for _ in range(3):
        try:
            total = total + x
            x = x * math.sqrt(1 - x)
        except ValueError:
            x = x * 0.5
    return total


def half_written(x):
    a = np.array([x, x, x])
    try:
        for i in range(3):
            a[i] = math.sqrt(1 - x * i)
    except ValueError:
        pass
    return np.sum(a * a)


def half_appended(x):
    items = [x]
    try:
        items.append(2 * x)
        y = math.sqrt(1 - x)
        items.pop()
    except ValueError:
        y = x
    return y * items[0]


def half_way_twice(x, y):
    total = np.zeros(3)
    for i in range(4):
        try:
            x = x * y[0]
            total += y * x
            y[1:] = y[1:] * x
            total[0] = math.sqrt(2 - i * x) + total[0]
        except (ValueError, KeyError) as error:
            note(f"{error}")
            total = total + y * x
        else:
            x = x * 1.1
            if total[0] > 9:
                break
        finally:
            x = x + 0.1
    return np.sum(total * total) * x


def half_way_handlers(x):
    y = x
    try:
        y = y * x
        if x > 1.5:
            raise KeyError(x)
        y = y + x * x
        z = math.sqrt(1 - y)
    except KeyError:
        z = y * 3
    except ValueError as error:
        z = y * x
        if x > 1.4:
            raise
        note(f"{error}")
    return z * y


def half_way_nested(x):
    y, z = x, x
    try:
        y = y * x
        try:
            z = z * y
            y = y * math.sqrt(1 - z)
        except ZeroDivisionError:
            z = y
    except ValueError:
        z = z * y * y
    return z * y


def half_way_in_a_loop(x):
    y = x
    try:
        for i in range(3):
            y = y * math.sqrt(1.5 - y * i)
        y = y * 2
    except ValueError:
        y = y * x
    return y


def half_way_caught(x):
    """The exception of a derivative that is not known is nobody's to catch."""
    try:
        return half_way_in_a_loop(x) * x
    except Exception:
        return x


def half_attribute(x):
    class_like = {"a": x, "n": 0}
    try:
        class_like["n"] = 1
        y = math.sqrt(1 - x)
    except ValueError:
        y = x
    items = [x, y]
    return items[class_like["n"]]


def half_constant(x):
    items = [x, 2 * x]
    n = 0
    try:
        n = 1
        y = math.sqrt(1 - x)
        n = 0
    except ValueError:
        y = x
    return y * items[n]


def carried(x):
    try:
        if x > 1:
            raise ValueError(x * x)
        y = x
    except ValueError as error:
        y = error.args[0]
    return y


@pytest.mark.parametrize("function", [half_way, half_way_later, half_way_handlers], ids=lambda one: one.__name__)
def test_half_way(function: Callable[..., Any]) -> None:
    for at in (1.6, 1.2, 0.6, -0.8, 0.2):
        LOG.clear()
        expected, said = function(at), LOG.copy()
        LOG.clear()
        assert bp.value_and_grad(function)(at)[0] == expected
        assert said == LOG
        check(function, at, second=True)


@pytest.mark.parametrize("at", [1.4, 0.6, -0.3])
def test_half_way_of_arrays(at: float) -> None:
    y = np.array([0.9, 1.3, 0.4])
    kept = y.copy()
    value, gradients = bp.value_and_grad(half_way_twice, wrt=("x", "y"))(at, y)
    assert np.array_equal(y, kept)
    assert value == half_way_twice(at, kept.copy())
    way = np.array([0.3, -0.4, 0.5])
    slope = (half_way_twice(at + 1e-6, kept + 1e-6 * way) - half_way_twice(at - 1e-6, kept - 1e-6 * way)) / 2e-6
    assert gradients[0] + gradients[1] @ way == pytest.approx(slope, rel=1e-6)
    assert bp.jvp(half_way_twice, (at, y), (1.0, way)) == (value, pytest.approx(slope, rel=1e-6))
    _, pullback = bp.vjp(half_way_twice, at, y, wrt=("x", "y"))
    for _ in range(2):
        first, second = pullback(1.0)
        assert first == gradients[0]
        assert np.array_equal(second, gradients[1])


@pytest.mark.parametrize("function", [half_way_in_a_loop, half_written, half_way_nested])
def test_half_way_in_what_is_not_straight_line(function: Callable[..., Any]) -> None:
    """Forward mode follows; the backward sweep raises where an exception ended a loop half way."""
    for at, ends_half_way in ((1.5, True), (0.4, False), (-0.5, False)):
        slope = (function(at + 1e-6) - function(at - 1e-6)) / 2e-6
        assert bp.jvp(function, (at,), (1.0,)) == (function(at), pytest.approx(slope, rel=1e-6))
        value, pullback = bp.vjp(function, at)
        assert value == function(at)
        if ends_half_way:
            with pytest.raises(ValueError, match="half way"):
                pullback(1.0)
        else:
            assert pullback(1.0) == pytest.approx(slope, rel=1e-6)


def test_half_way_in_a_function_called() -> None:
    assert bp.grad(half_way_caught)(0.4) == pytest.approx(
        (half_way_caught(0.4 + 1e-6) - half_way_caught(0.4 - 1e-6)) / 2e-6, rel=1e-6
    )
    with pytest.raises(ValueError, match="half_way_in_a_loop half way"):
        bp.grad(half_way_caught)(1.5)


@pytest.mark.parametrize("function", [carried, half_appended])
def test_refused(function: Callable[..., Any]) -> None:
    for transform in (lambda: bp.grad(function)(1.5), lambda: bp.jvp(function, (1.5,), (1.0,))):
        with pytest.raises(bp.BackproseError) as caught:
            transform()
        assert caught.value.where is not None
        assert caught.value.section in ("exceptions", "containers")


@pytest.mark.parametrize("function", [half_attribute, half_constant])
def test_an_index_changed_half_way_is_read_when_the_program_runs(function: Callable[..., Any]) -> None:
    for at in (1.5, 0.4):
        step = 1e-6
        value, tangent = bp.jvp(function, (at,), (1.0,))
        assert value == function(at)
        assert tangent == pytest.approx((function(at + step) - function(at - step)) / (2 * step), rel=1e-6)
        assert bp.value_and_grad(function)(at) == (value, pytest.approx(tangent, rel=1e-12))


# ---------------------------------------------------------------- exits in finally
def returned_finally(x):
    try:
        y = x * x
        if x > 1:
            return y
    finally:
        if x > 1.5:
            return 3 * x * x
        z = x * 2
    return y * z


def ended_finally(x):
    try:
        y = math.sqrt(1 - x)
    finally:
        if x > 1.5:
            return 3 * x * x
        z = 2 * x
    return y * z


def broken_finally(x):
    s = x
    for i in range(4):
        try:
            s = s * x
            if i == 1:
                continue
            s = s + 0.1 * math.sqrt(2.5 - x)
        except KeyError:
            s = 0.0 * s
        finally:
            s = s + x
            if s > 3:
                break
            s = s * 1.1
        s = s + 0.2 * x
    else:
        s = s * s
    return s


def loops_finally(x):
    s = x
    for i in range(4):
        for _ in range(3):
            try:
                s = s * x
                if i == 1:
                    continue
                if s > 4:
                    break
            finally:
                s = s + x
                if s > 9:
                    return s * x
                s = s * 1.1
            s = s + 0.2 * x
        s = 0.5 * s
    return s


def kept_finally(x):
    """What ``finally`` changes it has changed where a handler outside begins."""
    y = z = x
    try:
        try:
            y = math.sqrt(1 - x)
        finally:
            z = z * y
    except ValueError:
        pass
    return z * y


@pytest.mark.parametrize("function", [returned_finally, broken_finally, loops_finally], ids=lambda one: one.__name__)
def test_exits_in_finally(function: Callable[..., Any]) -> None:
    for at in (1.7, 1.2, 0.6, -0.8):
        check(function, at, second=function is returned_finally)


@pytest.mark.parametrize("function", [ended_finally, kept_finally])
def test_finally_after_an_exception(function: Callable[..., Any]) -> None:
    check(function, 0.6, second=True)
    slope = (function(1.7 + 1e-6) - function(1.7 - 1e-6)) / 2e-6
    assert bp.jvp(function, (1.7,), (1.0,)) == (function(1.7), pytest.approx(slope, rel=1e-6))
    value, pullback = bp.vjp(function, 1.7)
    assert value == function(1.7)
    with pytest.raises(ValueError, match="half way"):
        pullback(1.0)


def test_finally_passes_exceptions_on() -> None:
    for transform in (lambda: bp.grad(ended_finally)(1.2), lambda: bp.jvp(ended_finally, (1.2,), (1.0,))):
        with pytest.raises(ValueError, match="math domain error"):
            transform()


def raised_after_a_change(x):
    w = 3.0
    try:
        w = x * 2
        raise ValueError
    except ValueError:
        y = w * w
    return y


def raised_in_a_branch(x):
    w = 3.0
    try:
        w = x * 2
        if x > 0:
            raise ValueError
        w = 1.0
    except ValueError:
        w = w * w * x
    return w


@pytest.mark.parametrize("function", [raised_after_a_change, raised_in_a_branch], ids=lambda one: one.__name__)
def test_raised_after_a_change(function: Callable[..., Any]) -> None:
    for at in (1.5, 0.7):
        check(function, at, second=True)


# ---------------------------------------------------------------- changed in the middle of a call or a loop
def scaled(array: Any, by: float, fails: bool) -> None:
    array[0] = array[0] * by
    if fails:
        raise ZeroDivisionError
    array[1] = np.sin(array[1])


def in_a_call(x: Any, fails: bool) -> Any:
    y = x * 2
    try:
        scaled(y, 3.0, fails)
        weight = 1.0
    except ZeroDivisionError:
        weight = 2.0
    return np.sum(y**2) * weight


def in_a_loop(x: Any, fails: bool) -> Any:
    y = x * 2
    try:
        for k in range(2):
            y = y * y
            if fails and k == 1:
                raise ZeroDivisionError
        weight = 1.0
    except ZeroDivisionError:
        weight = 2.0
    return np.sum(y**2) * weight


@pytest.mark.parametrize("function", [in_a_call, in_a_loop])
def test_what_is_changed_in_the_middle(function: Callable[..., Any]) -> None:
    at = np.array([0.3, 0.4])
    slopes = [(function(at + step, False) - function(at - step, False)) / 2e-6 for step in 1e-6 * np.eye(2)]
    assert bp.grad(function)(at, False) == pytest.approx(slopes, rel=1e-6)
    assert [bp.jvp(function, (at, False), (step, None))[1] for step in np.eye(2)] == pytest.approx(slopes, rel=1e-6)
    slope = differences.slope(lambda at: function(at, True), (at,), (at,))
    for transform in (lambda: bp.grad(function)(at, True) @ at, lambda: bp.jvp(function, (at, True), (at, None))[1]):
        try:
            found = transform()
        except ValueError as error:
            assert is_guard(error)  # noqa: PT017
        else:
            assert slope.agrees(found)


TABLE = [1.0, 2.0]


def two_steps(x: Any) -> Any:
    y = x[0]
    try:
        y = y * 2
        y = y * TABLE[9]
    except IndexError:
        y = y + x[1]
    return y


def steps_in_turns(x: Any) -> Any:
    y = x[0]
    for i in range(4):
        try:
            y = y * 1.5
            y = y + TABLE[i]
        except IndexError:
            y = y - x[1]
    return y


@pytest.mark.parametrize("function", [two_steps, steps_in_turns])
def test_tangents_before_a_statement_that_raises(function: Callable[..., Any]) -> None:
    at = np.array([0.7, 1.3])
    for way in np.eye(2):
        slope = differences.slope(function, (at,), (way,))
        assert slope.agrees(bp.jvp(function, (at,), (way,))[1])
        assert slope.agrees(bp.grad(function)(at) @ way)


# ---------------------------------------------------------------- functions that give nothing
def always_fails(_v):
    LOG.append("failed")
    raise RuntimeError


def gives_nothing(_v):
    LOG.append("called")


def of_what_fails(x):
    y = 1.0
    try:
        y = x * always_fails(x)
    except RuntimeError:
        pass
    return y * x * x


def of_nothing(x):
    y = 1.0
    try:
        y = x * gives_nothing(x)
    except TypeError:
        y = x * x
    return y * x


def passes_nothing_on(x):
    y = x * x
    if gives_nothing(y) is None:
        y = y * x
    return y


@pytest.mark.parametrize("function", [of_what_fails, of_nothing, passes_nothing_on])
def test_calls_that_give_nothing(function: Callable[..., Any]) -> None:
    check(function, 0.7, second=False)


def test_second_order_of_what_always_fails() -> None:
    assert bp.hvp(of_what_fails)(0.7, 1.0) == 2.0
    assert bp.hvp(passes_nothing_on)(0.7, 1.0) == pytest.approx(4.2)
