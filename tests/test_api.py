"""The transforms as users call them: forms of the call, ``wrt``, checks of arguments, the memory cache."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprose as bp
from backprose import variants as variants_module

RATE: Any = 2.0


def cube(x):
    return x**3


def weighed(x, a, n=3):
    return np.sum(a * x**n)


def helper(x):
    return x * x


def calls(x):
    return helper(x) + 1.0


def reads(x):
    return RATE * x


def heat(u, alpha, steps):
    for _ in range(steps):
        u[1:-1] += alpha * (u[2:] - 2 * u[1:-1] + u[:-2])
    return np.sum(u**2)


def adds(u, v):
    u[0] += v[1]
    return np.sum(u * v)


@bp.grad
def plainly(x):
    """Its docstring."""
    return x * x


@bp.grad(wrt="b")
def by_name(a, b):
    return a * b


X, A = np.array([1.0, 2.0, 3.0]), np.array([0.5, -1.0, 2.0])


# ---------------------------------------------------------------- forms
def test_decorators() -> None:
    assert plainly(3.0) == 6.0
    assert by_name(2.0, 5.0) == 2.0


def test_wrt_by_position_name_and_tuple() -> None:
    both = bp.grad(weighed, wrt=("a", 0))(X, A)
    assert isinstance(both, tuple)
    assert np.allclose(both[0], X**3)
    assert np.allclose(both[1], bp.grad(weighed)(X, A))
    assert np.array_equal(bp.grad(weighed, wrt=1)(X, A), both[0])
    assert isinstance(bp.grad(weighed, wrt=("a",))(X, A), tuple)
    assert isinstance(bp.grad(weighed, wrt=["a"])(X, A), tuple)


def test_arguments_by_keyword_and_default() -> None:
    df = bp.grad(weighed)
    expected = 2 * A * X
    for gradient in (df(X, A, 2), df(X, A, n=2), df(a=A, n=2, x=X), df(X, n=2, a=A)):
        assert np.allclose(gradient, expected)


def test_value_and_grad() -> None:
    value, gradient = bp.value_and_grad(weighed)(X, A)
    assert value == weighed(X, A)
    assert np.array_equal(gradient, bp.grad(weighed)(X, A))


def test_a_wrong_call_is_a_type_error_as_in_python() -> None:
    with pytest.raises(TypeError, match=r"cube\(\): missing a required argument: 'x'"):
        bp.grad(cube)()
    with pytest.raises(TypeError, match="unexpected keyword argument 'result_bar'"):
        bp.grad(cube)(1.0, result_bar=2.0)
    with pytest.raises(TypeError, match="too many positional"):
        bp.grad(cube)(1.0, 2.0)


def test_vjp() -> None:
    value, pullback = bp.vjp(weighed, X, A, wrt=("x", "a"), kwargs={"n": 2})
    assert value == weighed(X, A, 2)
    first, second = pullback(1.0), pullback(2.0)
    assert np.array_equal(first[0] * 2, second[0])
    assert np.allclose(first[1], X**2)
    assert "def weighed" in pullback.source
    assert repr(pullback) == "<pullback of weighed>"


def test_a_pullback_of_arrays_works_in_threads() -> None:
    def steps(x):
        y = x
        for i in range(3):
            y = y * x + i
        return y

    value, pullback = bp.vjp(steps, X)
    seeds = [np.full(3, float(k)) for k in range(20)]
    wanted = [pullback(seed) for seed in seeds]
    found: dict[int, Any] = {}
    threads = [threading.Thread(target=lambda k=k: found.update({k: pullback(seeds[k])})) for k in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(found[k], wanted[k]) for k in range(20))
    assert all(np.array_equal(seed, np.full(3, float(k))) for k, seed in enumerate(seeds))
    assert np.array_equal(value, steps(X))


def test_jvp() -> None:
    value, tangent = bp.jvp(weighed, (X, A), (np.ones(3), None), {"n": 2})
    assert value == weighed(X, A, 2)
    assert np.isclose(tangent, np.sum(2 * A * X))
    _, both = bp.jvp(weighed, (X, A), (np.ones(3), np.ones(3)))
    assert np.isclose(both, np.sum(3 * A * X**2) + np.sum(X**3))


# ---------------------------------------------------------------- nested
def test_derivatives_of_derivatives() -> None:
    assert bp.grad(bp.grad(cube))(2.0) == 12.0
    assert bp.grad(bp.grad(bp.grad(cube)))(2.0) == 6.0
    assert bp.value_and_grad(bp.grad(cube))(2.0) == (12.0, 12.0)
    assert bp.jvp(bp.grad(cube), (2.0,), (1.0,)) == (12.0, 12.0)
    value, pullback = bp.vjp(bp.grad(cube), 2.0)
    assert (value, pullback(1.0)) == (12.0, 12.0)


def test_a_nested_derivative_of_arrays() -> None:
    _, tangent = bp.jvp(bp.grad(weighed), (X, A), (np.ones(3), None))
    assert np.allclose(tangent, 6 * A * X)


def test_a_nested_derivative_notices_what_changes_below(monkeypatch: pytest.MonkeyPatch) -> None:
    second = bp.grad(bp.grad(calls))
    assert second(3.0) == 2.0
    monkeypatch.setitem(globals(), "helper", cube)
    assert second(3.0) == 18.0


# ---------------------------------------------------------------- the cache
@pytest.fixture
def transforms(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the functions that are transformed from here on."""
    seen: list[str] = []
    derive = variants_module.derive
    monkeypatch.setattr(
        variants_module,
        "derive",
        lambda request, **given: (seen.append(request.function.__name__), derive(request, **given))[1],
    )
    return seen


def fresh() -> Callable[..., Any]:
    def f(x, y=1.0):
        return np.sum(x * y)

    return f


def test_a_text_for_each_signature(transforms: list[str]) -> None:
    df = bp.grad(fresh())
    for x in (1.0, 2.0, np.ones(3), np.ones(4), np.zeros(0), np.ones(1), np.ones((2, 3)), np.ones((2, 1)), 3.0):
        df(x)
    assert len(transforms) == len(df.variants) == 5
    df(np.ones(3, np.float32))
    df(np.float64(1.0))
    df(np.array(1.0))
    assert len(transforms) == 8


def test_how_arguments_are_passed_makes_no_new_text(transforms: list[str]) -> None:
    df = bp.grad(fresh())
    assert df(1.0) == df(x=1.0) == df(1.0, 1.0) == df(1.0, y=1.0) == df(y=1.0, x=1.0) == 1.0
    assert len(transforms) == 1


def test_values_of_integers_make_no_new_text(transforms: list[str]) -> None:
    df = bp.grad(weighed)
    before = len(df.variants)
    for n in (2, 3, 4):
        df(X, A, n)
    assert len(transforms) <= 1
    assert len(df.variants) <= before + 1


def test_two_derivatives_of_one_function_share_their_texts(transforms: list[str]) -> None:
    f = fresh()
    for _ in range(3):
        bp.grad(f)(1.0)
        bp.vjp(f, 1.0)
        bp.jvp(f, (1.0,), (1.0,))
    assert len(transforms) == 3


def test_a_wrapped_function_does_not_take_the_texts_of_what_it_wraps() -> None:
    import functools

    f = fresh()
    assert bp.grad(f)(1.0) == 1.0

    @functools.wraps(f)
    def wrapper(x, y=1.0):
        return 3.0 * x * y

    assert bp.grad(wrapper)(1.0) == 3.0
    assert bp.grad(f)(1.0) == 1.0
    assert bp.grad(f)._variants is bp.grad(f)._variants is not bp.grad(wrapper)._variants


def test_pickles_of_a_functions_attributes_hold_no_texts() -> None:
    import pickle

    bp.grad(cube)(1.0)
    assert len(pickle.dumps(vars(cube))) < 200  # as cloudpickle does


def test_a_derivative_goes_with_its_function() -> None:
    import weakref

    f = fresh()
    gone = weakref.ref(f)
    bp.grad(f)(1.0)
    bp.vjp(f, 1.0)
    del f
    gc.collect()
    assert gone() is None


def test_globals_are_read_when_it_runs(monkeypatch: pytest.MonkeyPatch, transforms: list[str]) -> None:
    df = bp.grad(reads)
    monkeypatch.setitem(globals(), "RATE", 3.0)
    assert df(1.0) == 3.0
    seen = len(transforms)
    monkeypatch.setitem(globals(), "RATE", 4.0)
    assert df(1.0) == 4.0
    assert len(transforms) == seen


def test_a_global_of_another_kind_leads_to_a_new_text(monkeypatch: pytest.MonkeyPatch) -> None:
    df = bp.grad(reads)
    assert df(1.0) == 2.0
    monkeypatch.setitem(globals(), "RATE", np.float64(3.0))
    assert df(1.0) == 3.0
    assert len(df.variants) >= 1
    monkeypatch.setitem(globals(), "RATE", np.ones(2))
    with pytest.raises((bp.BackproseError, ValueError), match="one number"):
        df(1.0)


def test_a_callee_that_is_rebound(monkeypatch: pytest.MonkeyPatch) -> None:
    df = bp.grad(calls)
    assert df(3.0) == 6.0
    monkeypatch.setitem(globals(), "helper", cube)
    assert df(3.0) == 27.0


def test_closure_cells_are_read_when_it_runs() -> None:
    scale = 2.0

    def f(x):
        return scale * x

    df = bp.grad(f)
    assert df(1.0) == 2.0
    scale = 5.0
    assert df(1.0) == 5.0


def test_the_first_call_in_many_threads(transforms: list[str]) -> None:
    df = bp.grad(fresh())
    found: list[Any] = []
    threads = [threading.Thread(target=lambda: found.append(df(2.0))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1.0] * 8
    assert len(transforms) == 1


@pytest.mark.parametrize("enabled", [True, False])
def test_the_garbage_collector_is_put_back(monkeypatch: pytest.MonkeyPatch, enabled: bool) -> None:
    seen: list[bool] = []
    derive = variants_module.derive

    def fails(request: Any, **given: Any) -> Any:
        seen.append(gc.isenabled())
        if request.name is None and request.wrt == ("y",):
            raise bp.UnsupportedError("no")
        return derive(request, **given)

    monkeypatch.setattr(variants_module, "derive", fails)
    was = gc.isenabled()
    try:
        gc.enable() if enabled else gc.disable()
        bp.grad(fresh())(1.0)
        with pytest.raises(bp.UnsupportedError):
            bp.grad(fresh(), wrt="y")(1.0)
        assert gc.isenabled() is enabled
        assert seen == [False, False]
    finally:
        gc.enable() if was else gc.disable()


# ---------------------------------------------------------------- refused: wrt
@pytest.mark.parametrize("wrt", ["z", 3, -1, ("x", "z"), (), True, 1.5, None, ("x", "x"), ("x", 0), {"x"}])
def test_wrt_that_names_nothing(wrt: Any) -> None:
    with pytest.raises(bp.ArgumentError, match=r"its parameters are x \(0\), a \(1\), n \(2\)"):
        bp.grad(weighed, wrt=wrt)


def test_wrt_that_is_starred() -> None:
    def f(x, *rest, **options):
        return x * rest[1] + options["rate"]

    assert bp.grad(f, wrt="rest")(2.0, 3.0, 4.0, rate=1.0) == (0.0, 2.0)
    assert bp.grad(f, wrt="options")(2.0, 3.0, 4.0, rate=1.0) == {"rate": 1.0}
    assert bp.grad(f, wrt=(0, 1))(2.0, 3.0, 4.0, rate=1.0) == (4.0, (0.0, 2.0))


def test_a_position_that_may_be_one_of_a_star() -> None:
    def weighted(*terms, weight=1.0):
        return sum(terms) * weight

    assert bp.grad(weighted)(2.0, 3.0) == (1.0, 1.0)
    assert bp.grad(weighted, wrt="weight")(2.0, 3.0) == 5.0
    with pytest.raises(bp.ArgumentError, match=r"position 1 of weighted may mean one of \*terms, or"):
        bp.grad(weighted, wrt=1)


def test_wrt_without_its_keyword() -> None:
    wrong: Any = "W"
    with pytest.raises(bp.ArgumentError, match="wrt='W'"):
        bp.grad(wrong)


# ---------------------------------------------------------------- refused: arguments
@pytest.mark.parametrize(
    ("value", "message"),
    [
        (2, r"the integer 2; only floats, .*\n.*pass 2\.0"),
        (np.int64(2), r"pass 2\.0"),
        (np.uint8(2), r"pass 2\.0"),
        (True, "it is True"),
        (np.True_, "it is True"),
        ("2", "class str"),
        (None, "class NoneType"),
        ([1], r"it is a list.*\n.*np\.array\(x, dtype=float\)"),
        ((1,), "it is a tuple"),
        ({"a": 1}, "it is a dict"),
        (np.arange(3), r"array of int64.*\n.*x\.astype\(float\)"),
        (np.ones(3, bool), "array of bool"),
        (np.ones(3, object), "array of object"),
        (np.array(["a"]), "array of <U1"),
        (np.ma.masked_array([1.0]), r"MaskedArray.*\n.*np\.asarray"),
    ],
)
def test_arguments_without_a_derivative(value: Any, message: str) -> None:
    for ask in (
        lambda: bp.grad(cube)(value),
        lambda: bp.vjp(cube, value),
        lambda: bp.jvp(cube, (value,), (1.0,)),
        lambda: bp.grad(cube).source_for(value),
    ):
        with pytest.raises(bp.ArgumentError, match=message):
            ask()


@pytest.mark.filterwarnings("ignore:the matrix subclass")
def test_matrices_are_refused_anywhere() -> None:
    with pytest.raises(bp.ArgumentError, match="a of weighed"):
        bp.grad(weighed)(X, np.matrix([[1.0]]))


def test_integers_beside_wrt_are_fine() -> None:
    assert np.allclose(bp.grad(weighed)(X, np.array([1, 2, 3]), 2), 2 * np.array([1, 2, 3]) * X)


@pytest.mark.parametrize(
    ("function", "kind"),
    [
        (np.sin, bp.SourceError),
        (len, bp.SourceError),
        (np.linalg.norm, bp.SourceError),
        (float, bp.UnsupportedError),
        (X.sum, bp.BackproseError),
        (3.0, bp.UnsupportedError),
    ],
)
def test_what_has_no_source(function: Any, kind: type[Exception]) -> None:
    for ask in (bp.grad, bp.value_and_grad, lambda f: bp.vjp(f, 1.0), lambda f: bp.jvp(f, (1.0,), (1.0,))):
        with pytest.raises(kind):
            ask(function)


def test_a_result_that_is_no_scalar_names_the_way_out() -> None:
    with pytest.raises((bp.ResultError, ValueError), match=r"(?s)vjp.*jacobian"):
        bp.grad(lambda x: x * 2)(X)


def test_the_own_name_bound_to_the_derivative() -> None:
    source = "import backprose as bp\n\n\n@bp.grad\ndef f(x):\n    return x if x < 1 else f(x - 1)\n"
    import linecache

    linecache.cache["<recursive>"] = (len(source), None, source.splitlines(keepends=True), "<recursive>")
    space: dict[str, Any] = {"__name__": "recursive"}
    exec(compile(source, "<recursive>", "exec"), space)
    with pytest.raises(bp.UnsupportedError, match="leave f undecorated"):
        space["f"](3.0)


# ---------------------------------------------------------------- refused: overlap
def test_arguments_are_left_as_they_were() -> None:
    u = np.linspace(0.0, 1.0, 8) ** 2
    before = u.copy()
    bp.value_and_grad(heat)(u, 0.1, 3)
    assert np.array_equal(u, before)


def test_arguments_that_overlap_what_is_written() -> None:
    df = bp.grad(adds, wrt=("u", "v"))
    df(np.ones(4), np.ones(4))
    whole = np.ones(9)
    df(whole[:4], whole[4:8])
    df(whole[:8:2], whole[1:8:2])
    for u, v in ((whole[:4], whole[3:7]), (whole[:4], whole[:4]), (whole[:4], whole[3::-1])):
        with pytest.raises(bp.AliasError, match=r"adds writes into u, which shares memory with v"):
            df(u, v)
        with pytest.raises(bp.AliasError, match=r"v\.copy\(\)"):
            df(v=v, u=u)
        with pytest.raises(bp.AliasError):
            bp.vjp(adds, u, v)
        with pytest.raises(bp.AliasError):
            bp.jvp(adds, (u, v), (np.ones(4), None))


def test_an_argument_that_overlaps_itself() -> None:
    u = np.lib.stride_tricks.as_strided(np.ones(5), (4, 2), (8, 8))
    with pytest.raises(bp.AliasError, match="some elements of which share memory"):
        bp.grad(adds)(u[:, 0:2], np.ones(2))
    bp.grad(adds)(np.ones((3, 2)).T[:, ::-1], np.ones(3))


TABLE = np.ones(4)


def reads_table(u):
    u[0] = 2.0
    return np.sum(u * TABLE)


def test_an_argument_that_overlaps_a_global() -> None:
    bp.grad(reads_table)(np.ones(4))
    with pytest.raises(bp.AliasError, match="shares memory with TABLE"):
        bp.grad(reads_table)(TABLE)


# ---------------------------------------------------------------- refused: cotangents and tangents
def test_cotangents_take_the_kind_of_the_result() -> None:
    _, pullback = bp.vjp(cube, np.ones(3, np.float32))
    assert pullback(np.ones(3)).dtype == np.float32
    assert pullback([1, 2, 3]).dtype == np.float32
    _, pullback = bp.vjp(cube, 2.0)
    assert type(pullback(1)) is float
    assert pullback(np.float32(1)) == 12.0


@pytest.mark.parametrize("wrong", [1.0, np.ones(2), np.ones((3, 1)), np.ones(3, complex), "x", None, [[1], [2, 3]]])
def test_cotangents_that_do_not_fit(wrong: Any) -> None:
    _, pullback = bp.vjp(cube, X)
    with pytest.raises(bp.ArgumentError, match="the cotangent"):
        pullback(wrong)
    with pytest.raises(bp.ArgumentError, match="tangent"):
        bp.jvp(cube, (X,), (wrong,))


def test_tangents_stand_beside_arguments() -> None:
    with pytest.raises(bp.ArgumentError, match="1 tangents stand beside 2 arguments"):
        bp.jvp(weighed, (X, A), (X,))
    with pytest.raises(bp.ArgumentError, match="no argument moves"):
        bp.jvp(weighed, (X, A), (None, None))


# ---------------------------------------------------------------- gradients
@pytest.mark.parametrize(
    "x", [X, X.astype(np.float32), X[:0], np.array(2.0), X[:1], np.ones((2, 3)).T, np.float32(2.0)], ids=repr
)
def test_gradients_have_dtype_and_shape_of_the_argument(x: Any) -> None:
    def f(x, y):
        return np.sum(x * y) + np.sum(x)

    gradient = bp.grad(f)(x, np.float64(2.0))
    assert np.shape(gradient) == np.shape(x)
    assert np.asarray(gradient).dtype == np.asarray(x).dtype
    if isinstance(x, np.ndarray):
        assert gradient.flags.owndata
        assert gradient.flags.writeable


def test_the_gradient_of_a_float_is_a_float() -> None:
    assert isinstance(bp.grad(cube)(2.0), float)
    assert isinstance(bp.grad(lambda x: 1.0)(2.0), float)


def test_errors_do_not_show_the_way_through_the_compiler() -> None:
    import traceback

    with pytest.raises(bp.BackproseError) as caught:
        bp.grad(lambda x: [y + 1 for y in x])(X)
    files = [frame.filename for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert not [file for file in files if "/lower/" in file or "/parse/" in file]


def test_a_pullback_is_out_of_reach_of_later_writes() -> None:
    def squares(x: Any) -> Any:
        y = x * x
        return np.exp(y)

    x = np.array([0.5, 1.0])
    value, pullback = bp.vjp(squares, x)
    before = pullback(np.ones(2))
    x[...] = 7.0
    value[...] = 7.0
    assert np.array_equal(before, pullback(np.ones(2)))
