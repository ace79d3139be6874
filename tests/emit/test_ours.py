"""Names of ours never meet one of the user's."""

from __future__ import annotations

import builtins
from types import FunctionType
from typing import Any

import gast
import numpy as np

from backprose import support
from backprose.emit import emit
from backprose.ir.nodes import Apply, Assign, Const, Global, Name, Program, Return, Verbatim
from tests.emit.programs import apply, function, x, y


def home(cell: Any = None, **names: Any) -> FunctionType:
    """A Python function with these globals, and with ``unbroadcast`` in a cell where one is asked for."""
    if cell is None:
        return FunctionType((lambda: None).__code__, names)
    namespace: dict[str, Any] = {"cell": cell, **names}
    exec("def outer(unbroadcast):\n    return lambda: unbroadcast", namespace)
    made = namespace["outer"](cell)
    assert isinstance(made, FunctionType)
    return made


USE = Return(apply("sin", apply("unbroadcast", x, y)))


def test_plain_names_and_what_they_mean() -> None:
    emission = emit(Program((function(USE, home=home()),)))
    assert "np.sin(unbroadcast(x, y))" in emission.text
    assert emission.ours == {"np": np, "unbroadcast": support.unbroadcast}
    assert emit(Program((function(USE, home=home(np=np)),))) == emission


def test_only_what_is_used_is_listed() -> None:
    plain = function(Return(apply("sin", x, spelling="function:np.sin")), home=home(np=np))
    assert emit(Program((plain,))).ours == {}


def test_the_users_globals_cells_and_locals_win() -> None:
    for taken in (home(np=1), home(np=np.linalg, np_1=np)):
        emission = emit(Program((function(USE, home=taken),)))
        assert "np_1.sin" in emission.text
        assert emission.ours["np_1"] is np
    assert "np_2.sin" in emit(Program((function(USE, home=home(np=1, np_1=2)),))).text
    assert "unbroadcast_1(x, y)" in emit(Program((function(USE, home=home(cell=len)),))).text
    assert "np_1.sin" in emit(Program((function(Assign(Name("np"), x), USE, home=home()),))).text
    assert "np_1.sin" in emit(Program((function(USE, home=home(), parameters="x y np"),))).text


def test_all_functions_of_a_program_share_our_names() -> None:
    one = function(USE, home=home(np=np), name="one")
    two = function(USE, home=home(np=support), name="two")
    assert emit(Program((one, two))).text.count("np_1.sin") == 2


def test_a_global_that_is_not_there_yet_keeps_its_name() -> None:
    assert "np_1.sin" in emit(Program((function(Assign(x, Global("np")), USE, home=home()),))).text
    tree = gast.parse("[np for q in x]", mode="eval").body
    assert "np_1.sin" in emit(Program((function(Assign(x, Verbatim(tree, ("x",))), USE, home=home()),))).text


def test_comparing_with_globals_calls_nothing_of_theirs() -> None:
    assert "np_1.sin" in emit(Program((function(Assign(y, Global("np")), USE, home=home(np=np.ones(3))),))).text


def test_a_hidden_builtin_gets_another_name() -> None:
    loop = Return(Apply("len", (x,)))
    assert emit(Program((function(loop, home=home()),))).ours == {}
    emission = emit(Program((function(loop, home=home(len=1)),)))
    assert "return len_1(x)" in emission.text
    assert emission.ours == {"len_1": builtins.len}


def test_infinity_needs_numpy() -> None:
    emission = emit(Program((function(Return(Const(float("inf"))), home=home(np=0)),)))
    assert "return np_1.inf" in emission.text
