"""Emitted text as functions: whose globals, cells and defaults they have, and what tools show of them."""

from __future__ import annotations

import ast
import gc
import inspect
import io
import linecache
import pdb  # noqa: T100 - what is emitted can be stepped through
import sys
import traceback
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import FunctionType
from typing import Any

import numpy as np
import pytest

from backprose.load import load
from backprose.support import unbroadcast

SCALE = 2.0


@dataclass
class Emitted:
    text: str
    homes: Mapping[str, FunctionType]
    ours: Mapping[str, Any] = field(default_factory=dict)

    @property
    def entries(self) -> tuple[str, ...]:
        return (list(self.homes)[-1],)


def primal(x, n=3): ...


def one(text: str, home: FunctionType = primal, **ours: Any) -> FunctionType:
    """The only function of a text."""
    name = ast.parse(text).body[-1].name  # type: ignore[attr-defined]
    return load(Emitted(text, {name: home}, ours))[name]


# ---------------------------------------------------------------- names
def test_globals_are_the_primals_own_and_read_when_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    function = one("def f(x):\n    return SCALE * x\n")
    assert function.__globals__ is globals()
    assert function(3.0) == 6.0
    monkeypatch.setitem(globals(), "SCALE", 5.0)
    assert function(3.0) == 15.0


def test_nothing_is_written_into_the_users_namespaces() -> None:
    before = dict(globals())
    function = one("def f(x):\n    return np.sum(unbroadcast(x, SCALE))\n", np=np, unbroadcast=unbroadcast)
    function(np.ones(3))
    assert globals() == before
    assert "__backprose" not in str(vars(primal))


def test_names_of_ours_come_first_where_the_text_says_so() -> None:
    assert one("def f():\n    return SCALE\n", SCALE="ours")() == "ours"


def counter() -> tuple[Callable[[], int], Callable[[], None]]:
    count = 0

    def read() -> int:
        return count

    def add() -> None:
        nonlocal count
        count += 1

    return read, add


def test_cells_are_the_primals_own() -> None:
    read, add = counter()
    function = one("def f():\n    return count\n", read)
    assert function() == 0
    add()
    assert function() == 1
    assert function.__closure__ == read.__closure__


def test_an_empty_cell_is_a_name_error_as_in_the_primal() -> None:
    def home() -> object:
        return late

    function = one("def f():\n    return late\n", home)
    with pytest.raises(NameError):
        function()
    late = 1
    assert function() == late


def test_inner_functions_reach_cells_too() -> None:
    read, add = counter()
    add()
    assert one("def f(n):\n    return [(lambda: count + i)() for i in range(n)]\n", read)(2) == [1, 2]


def test_a_name_may_be_a_cell_for_one_function_and_a_global_for_the_other() -> None:
    def enclosing() -> FunctionType:
        SCALE = 100.0

        def home() -> float:
            return SCALE

        return home

    text = "def a():\n    return SCALE\n\n\ndef b():\n    return a(), SCALE\n"
    assert load(Emitted(text, {"a": enclosing(), "b": primal}))["b"]() == (100.0, SCALE)


def test_emitted_functions_call_each_other() -> None:
    text = "def even(n):\n    return n == 0 or odd(n - 1)\n\n\ndef odd(n):\n    return n != 0 and even(n - 1)\n"
    assert load(Emitted(text, {"even": primal, "odd": primal}))["odd"](7)
    assert "even" not in globals()


def test_only_entries_are_given() -> None:
    text = "def a():\n    return 1\n\n\ndef b():\n    return a()\n"
    assert list(load(Emitted(text, {"a": primal, "b": primal}))) == ["b"]


# ---------------------------------------------------------------- defaults
DEFAULT: list[int] = []


def with_defaults(x, items=DEFAULT, *, tol=1e-3): ...


def test_defaults_are_the_primals_own_objects() -> None:
    function = one(
        "def f(x, items=DEFAULT, *, tol=1e-3, result_bar=1.0):\n    return items, tol, result_bar\n", with_defaults
    )
    items, tol, result_bar = function(0)
    assert items is DEFAULT
    assert (tol, result_bar) == (1e-3, 1.0)
    assert function(0, [1], tol=2, result_bar=3.0) == ([1], 2, 3.0)


def test_negative_and_missing_defaults_of_ours() -> None:
    function = one("def f(x, *, seed=-1.0, other=None):\n    return seed, other\n")
    assert function(0) == (-1.0, None)
    assert function.__defaults__ is None


def test_defaults_and_annotations_run_no_code() -> None:
    function = one("def f(x: boom(), n=boom()) -> boom():\n    return n\n")
    assert function(0) == 3


# ---------------------------------------------------------------- what tools show
TEXT = '''\
# a header comment


def f(x):
    """Its docstring."""
    # half way
    y = x + 1
    return 1 / y  # may fail
'''


def test_getsource_shows_the_text_with_its_comments() -> None:
    function = one(TEXT)
    assert inspect.getsource(function) == TEXT[TEXT.index("def") :]
    assert inspect.getsourcelines(function)[1] == 4
    assert function.__doc__ == "Its docstring."
    assert (function.__name__, function.__qualname__, function.__module__) == ("f", "f", __name__)


def test_a_traceback_shows_the_emitted_line() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        one(TEXT)(-1)
    last = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert (last.lineno, last.line, last.name) == (8, "return 1 / y  # may fail", "f")
    assert last.filename.startswith("<backprose f ")
    if sys.version_info >= (3, 11):
        assert caught.value.__traceback__ is not None
        assert caught.value.__traceback__.tb_next.tb_frame.f_code.co_qualname == "f"  # type: ignore[union-attr]


def test_pdb_steps_through_the_text() -> None:
    function = one(TEXT)
    out = io.StringIO()
    debugger = pdb.Pdb(stdin=io.StringIO("step\nstep\nnext\np y\nlist\ncontinue\n"), stdout=out, nosigint=True)
    debugger.use_rawinput = False
    debugger.prompt = ""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(debugger, "rcLines", [])
        debugger.runcall(function, 4)
    assert "-> y = x + 1" in out.getvalue()
    assert "return 1 / y  # may fail" in out.getvalue()


def test_the_text_outlives_checkcache() -> None:
    function = one(TEXT)
    linecache.checkcache()
    assert inspect.getsource(function).startswith("def f(x)")


def test_two_texts_have_two_names() -> None:
    assert one(TEXT).__code__.co_filename != one(TEXT).__code__.co_filename


def test_the_text_goes_with_the_last_code() -> None:
    text = "def a():\n    return b\n\n\ndef b():\n    return a\n"
    functions: Any = load(Emitted(text, {"a": primal, "b": primal}))
    file = functions["b"].__code__.co_filename
    kept = functions["b"]()
    del functions
    gc.collect()
    assert linecache.getline(file, 5) == "def b():\n"
    del kept
    gc.collect()
    assert file not in linecache.cache


def test_a_frame_keeps_the_text() -> None:
    file = one(TEXT).__code__.co_filename
    gc.collect()
    assert file not in linecache.cache
    with pytest.raises(ZeroDivisionError) as caught:
        one(TEXT)(-1)
    gc.collect()
    assert "1 / y" in "".join(traceback.format_exception(caught.value))


def test_the_emitted_function_is_a_plain_function() -> None:
    assert type(one(TEXT)) is types.FunctionType
    assert inspect.unwrap(one(TEXT))(1) == 0.5
