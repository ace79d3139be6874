"""``Derivative`` objects: what they show, how they are pickled, and what a reload or a notebook does to them."""

from __future__ import annotations

import copy
import importlib
import inspect
import linecache
import os
import pickle
import subprocess
import sys
import textwrap
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import backprose as bp


def weighed(x: float, a=2.0):
    """Its docstring."""
    # a comment
    return a * x * x  # at the end


@bp.grad
def decorated(x):
    return x**3


weighed_grad = bp.value_and_grad(weighed, wrt=("x", "a"))


class Model:
    """A derivative in a class."""

    @bp.grad
    def method(self, x):
        return x * x

    @staticmethod
    @bp.grad
    def static(x):
        return x * x


# ---------------------------------------------------------------- what it shows
def test_source_before_and_after_calls() -> None:
    df = bp.grad(lambda x: x * x)
    general = df.source
    assert "as_gradient" in general
    df(2.0)
    of_floats = df.source
    assert of_floats != general
    df(np.float32(2.0))
    df(2.0)
    assert df.source == of_floats == df.source_for(5.0)
    assert len(df.variants) == 3


def test_source_before_a_call_follows_the_annotations() -> None:
    def f(x: float):
        return x * x

    df = bp.grad(f)
    assert df.source == df.source_for(1.0)


def test_specialise_gives_the_bare_function() -> None:
    function = bp.grad(weighed).specialise(3.0)
    assert function(3.0) == 12.0
    assert function(3.0, result_bar=2.0) == 24.0
    assert function.__defaults__ == (2.0,)


def test_it_looks_like_the_primal() -> None:
    assert weighed_grad.__name__ == "weighed"
    assert weighed_grad.__qualname__ == "weighed"
    assert weighed_grad.__module__ == __name__
    assert weighed_grad.__doc__ == "Its docstring."
    assert inspect.signature(weighed_grad) == inspect.signature(weighed)
    assert inspect.getdoc(weighed_grad) == "Its docstring."
    assert callable(weighed_grad)
    assert weighed_grad.primal is weighed


def test_repr() -> None:
    assert repr(weighed_grad) == f"backprose.value_and_grad({__name__}.weighed, wrt=('x', 'a'))"
    assert repr(bp.grad(weighed_grad.primal, wrt="a")) == f"backprose.grad({__name__}.weighed, wrt='a')"
    assert repr(bp.grad(bp.grad(weighed))) == f"backprose.grad(backprose.grad({__name__}.weighed, wrt=0), wrt=0)"
    variant = bp.grad(weighed)._variants.find((1.0,), {})
    assert repr(variant) == "<weighed_grad for x: float, a: float>"


def test_getsource_shows_the_emitted_text() -> None:
    df = bp.grad(weighed)
    df(3.0)
    source = inspect.getsource(df)
    assert source.startswith("def weighed_grad(x, a=2.0")
    assert source in df.source
    assert df.__wrapped__.__name__ == "weighed_grad"


def test_a_traceback_shows_the_emitted_line() -> None:
    def f(x):
        y = x - 1.0
        return 1.0 / y  # the pole

    with pytest.raises(ZeroDivisionError) as caught:
        bp.value_and_grad(f)(1.0)
    last = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert last.line is not None
    assert "1.0 / y" in last.line
    assert last.filename.startswith("<backprose ")


def test_what_cannot_be_derived_has_no_wrapped() -> None:
    df = bp.grad(lambda x: [y + 1 for y in x])
    assert not hasattr(df, "__wrapped__")
    assert inspect.unwrap(df) is df
    with pytest.raises(bp.BackproseError):
        df.source


def test_side_by_side_in_notebooks() -> None:
    page = bp.grad(weighed)._repr_html_()
    assert page.count("<pre>") == 2
    assert "def weighed(x: float" in page
    assert "def weighed_grad(x" in page
    assert "<lambda" not in bp.grad(lambda x: x * 2 if x < 3 else x)._repr_html_()


def test_methods_are_refused() -> None:
    with pytest.raises(bp.UnsupportedError, match=r"Model\.method is the derivative of a method"):
        Model().method(2.0)
    assert isinstance(Model.method, bp.Derivative)
    assert Model.static(3.0) == Model().static(3.0) == 6.0


def test_it_can_be_known_without_being_imported() -> None:
    assert weighed_grad.__backprose_derivative__


# ---------------------------------------------------------------- pickles
@pytest.mark.parametrize("derivative", [decorated, weighed_grad, bp.grad(weighed, wrt="a"), bp.grad(decorated)])
def test_pickles(derivative: Any) -> None:
    again = pickle.loads(pickle.dumps(derivative))
    assert again(2.0) == derivative(2.0)
    assert repr(again) == repr(derivative)


def test_a_global_is_pickled_by_name() -> None:
    assert pickle.loads(pickle.dumps(decorated)) is decorated
    assert len(pickle.dumps(decorated)) < 100
    assert copy.deepcopy(decorated) is decorated
    assert copy.copy(weighed_grad)(3.0) == weighed_grad(3.0)


def test_what_has_no_name_cannot_be_pickled() -> None:
    with pytest.raises((pickle.PicklingError, AttributeError)):
        pickle.dumps(bp.grad(lambda x: x))


def test_pickles_in_another_process(tmp_path: Path) -> None:
    (tmp_path / "sample.py").write_text(
        "import backprose as bp\n\n@bp.grad\ndef f(x):\n    return x ** 3\n\ndef g(x):\n    return x ** 2\n\n"
        "dg = bp.value_and_grad(g)\n"
    )
    program = textwrap.dedent("""
        import pickle, sys
        if sys.argv[1] == "write":
            import sample
            sample.f(1.0)
            sys.stdout.write(pickle.dumps([sample.f, sample.dg]).hex())
        else:
            f, dg = pickle.loads(bytes.fromhex(sys.argv[1]))
            value, slope = dg(3.0)
            print(f(2.0), value, slope)
    """)

    def run(argument: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", program, argument],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(Path(bp.__file__).parents[1])},
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    assert run(run("write")).strip() == "12.0 9.0 6.0"


def test_in_a_pool_of_processes() -> None:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert list(pool.map(decorated, [1.0, 2.0])) == [3.0, 12.0]


# ---------------------------------------------------------------- reloads and notebooks
def write(folder: Path, text: str) -> None:
    (folder / "changing.py").write_text(text)
    importlib.invalidate_caches()


@pytest.fixture
def changing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Imports, or reloads, a module with a given text."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # a pyc of the same second would hide the change

    def load(text: str) -> ModuleType:
        write(tmp_path, text)
        if "changing" in sys.modules:
            return importlib.reload(sys.modules["changing"])
        return importlib.import_module("changing")

    yield load
    sys.modules.pop("changing", None)


def test_two_reloads(changing: Any) -> None:
    text = "import backprose as bp\n\n@bp.grad\ndef f(x):\n    return {}\n\ndef g(x):\n    return {}\n"
    module = changing(text.format("x ** 2", "x ** 2"))
    old = module.f
    assert module.f(3.0) == bp.grad(module.g)(3.0) == 6.0
    changing(text.format("x ** 3", "x ** 3"))
    assert module.f(3.0) == bp.grad(module.g)(3.0) == 27.0
    changing(text.format("x ** 4", "x ** 4"))
    assert module.f(3.0) == bp.grad(module.g)(3.0) == 108.0
    assert old(3.0) == 6.0  # already derived: it needs its source no more
    with pytest.raises(bp.ChangedSourceError):
        old(np.float64(3.0))


def test_a_reload_with_the_old_derivative_as_autoreload_does_it(changing: Any) -> None:
    module = changing("def f(x):\n    return x ** 2\n")
    f = module.f
    df = bp.grad(f)
    assert df(3.0) == 6.0
    changing("def f(x):\n    return x ** 3\n")
    f.__code__ = module.f.__code__
    assert df(3.0) == 27.0


def test_a_file_edited_since_import_is_refused(changing: Any, tmp_path: Path) -> None:
    module = changing("def f(x):\n    return x ** 2\n")
    write(tmp_path, "def f(x):\n    return x ** 3\n")
    with pytest.raises(bp.ChangedSourceError, match="edited"):
        bp.grad(module.f)(2.0)


def run_cell(source: str, space: dict[str, Any], number: int) -> None:
    """As IPython runs a cell."""
    name = f"<ipython-input-{number}-backprose>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    exec(compile(source, name, "exec"), space)


def test_notebook_cells_run_again() -> None:
    space: dict[str, Any] = {"__name__": "__main__", "bp": bp}
    run_cell("def helper(x):\n    return x * x\n\ndef f(x):\n    return helper(x) + x\n", space, 1)
    run_cell("df = bp.grad(f)\nfirst = df(3.0)\n", space, 2)
    assert space["first"] == 7.0
    run_cell("def helper(x):\n    return x ** 3\n", space, 3)
    run_cell("second = df(3.0)\n", space, 4)
    assert space["second"] == 28.0
    run_cell("def f(x):\n    return helper(x)\n", space, 5)
    assert space["df"](3.0) == 28.0  # the derivative of the f that it was made of
    assert bp.grad(space["f"])(3.0) == 27.0


# ---------------------------------------------------------------- files
def test_a_saved_file_assumes_only_what_it_checks(tmp_path: Path) -> None:
    def f(x, shape):
        return np.sum(np.reshape(x, shape) * shape[0])

    df = bp.grad(f)
    gradient = df(np.ones(6), (2, 3))
    df.save(tmp_path / "saved.py")
    text = (tmp_path / "saved.py").read_text(encoding="utf-8")
    assert "type(shape) is tuple" in text
    space: dict[str, Any] = {}
    exec(text, space)
    assert np.array_equal(space["f_grad"](np.ones(6), (2, 3)), gradient)
    assert np.array_equal(space["f_grad"](np.ones(6), (3, 2, 1)), df(np.ones(6), (3, 2, 1)))


def test_save(tmp_path: Path) -> None:
    df = bp.value_and_grad(weighed, wrt=("x", "a"))
    df(3.0)
    df.save(tmp_path / "saved.py")
    space: dict[str, Any] = {}
    exec((tmp_path / "saved.py").read_text(encoding="utf-8"), space)
    assert space["weighed_value_and_grad_x_a"](3.0, 2.0) == df(3.0, 2.0)
    with pytest.raises(TypeError, match="written for x, a: float"):
        space["weighed_value_and_grad_x_a"](3)


def with_a_constant_factor(x):
    return x * bp.stop_gradient(x) * x


def test_what_is_stopped_stays_so_at_the_second_order() -> None:
    """The gradient is ``2 x s`` with ``s`` the constant, which equals ``x``; once more, ``2 s``."""
    assert bp.grad(with_a_constant_factor)(3.0) == 18.0
    assert bp.grad(bp.grad(with_a_constant_factor))(3.0) == 6.0
    assert bp.hvp(with_a_constant_factor)(3.0, 1.0) == 6.0


def bound_to_itself(b):
    b = b + 1.0
    b[0] = 3.0
    b *= 2.0
    return np.sum(b * b)


def test_tangents_of_the_caller_are_left_alone() -> None:
    x, way = np.array([1.0, 2.0]), np.array([1.0, 1.0])
    _, tangent = bp.jvp(bound_to_itself, (x,), (way,))
    assert tangent == 24.0
    assert np.array_equal(way, [1.0, 1.0])
