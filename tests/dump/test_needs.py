"""What a dumped file imports and copies, and what it cannot have."""

from __future__ import annotations

import math
import math as m
import os.path
from math import pi, sqrt
from math import tau as turn
from pathlib import Path
from typing import Any

import numpy as np
import numpy.linalg as la
import pytest

from backprose.dump.constants import assignment, literal
from backprose.dump.imports import import_of, is_installed, reaches_backprose
from backprose.dump.needs import Needs, free_names, without_annotations
from backprose.errors import UnsupportedError

USED = (math, m, os, pi, sqrt, turn, la)


def home(x): ...


# ---------------------------------------------------------------- constants
@pytest.mark.parametrize(
    "value",
    [
        None, True, 1, -1, 0.1, -0.0, float("inf"), float("-inf"), float("nan"), 1e-300, 2 + 3j,
        complex(-0.0, float("nan")), "a\n'\"", b"a", (), (1,), (1, (2.0, "x")), ..., range(3), range(0, 9, 2),
        np.float64(0.1), np.float32(0.1), np.int64(3), np.bool_(True),
        np.array([0.1, 0.2]), np.array([[1, 2], [3, 4]]), np.array(0.1), np.array([0.1], np.float32),
        np.array([1.0, -0.0, float("nan"), float("inf")]), np.zeros(0), np.zeros((2, 0), np.int32), np.array([True]),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    ],
    ids=repr,
)  # fmt: skip
def test_constants_come_back_bit_for_bit(value: Any) -> None:
    text = literal(value)
    assert text is not None
    again = eval(text, {"np": np})
    assert type(again) is type(value)
    assert repr(again) == repr(value)
    if isinstance(value, np.ndarray):
        assert again.tobytes() == value.tobytes()
        assert again.strides == value.strides


class Int(int):
    pass


@pytest.mark.parametrize(
    "value",
    [[1.0], {}, {1}, object(), Int(3), (1, [2]), np.zeros(101), np.arange(9.0)[::2], np.array([None]), np.array(["a"]),
     np.ma.masked_array([1.0]), np.datetime64("2020-01-01"), lambda x: x],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_what_is_no_constant(value: Any) -> None:
    assert literal(value) is None


def test_long_arrays_are_broken_over_lines() -> None:
    text = assignment("table", literal(np.linspace(0, 1, 20)) or "")
    assert max(map(len, text.splitlines())) <= 100
    space: dict[str, Any] = {"np": np}
    exec(text, space)
    assert np.array_equal(space["table"], np.linspace(0, 1, 20))


# ---------------------------------------------------------------- names
def test_free_names() -> None:
    source = (
        "def f(x, n=N):\n    global g\n    y = [a * i + b for i in x if c]\n    h = lambda q: q + d\n"
        "    def inner():\n        return y, e\n    return x.attribute, f(k=1), len(y), inner, h\n"
    )
    assert free_names(source) == {"N", "a", "b", "c", "d", "e", "f", "len"}


def test_annotations_are_taken_away() -> None:
    source = (
        "def f(é: 'ü' = 3, /, *, b: dict[str,\n    int] = {1: 2}, **c: (1)) -> None:\n    x: int = 1\n    return x\n"
    )
    assert without_annotations(source) == "def f(é = 3, /, *, b = {1: 2}, **c):\n    x: int = 1\n    return x\n"
    plain = "def f(x, y=2):  # -> comment: here\n    return x\n"
    assert without_annotations(plain) == plain


# ---------------------------------------------------------------- imports
def test_imports_are_written_as_the_user_wrote_them() -> None:
    def of(name: str) -> tuple[str, ...]:
        return import_of(name, globals()[name], home)

    assert of("math") == ("import math",)
    assert of("m") == ("import math as m",)
    assert of("os") == ("import os.path",)
    assert of("pi") == ("from math import pi",)
    assert of("sqrt") == ("from math import sqrt",)
    assert of("turn") == ("from math import tau as turn",)
    assert of("np") == ("import numpy as np",)
    assert of("la") == ("import numpy.linalg as la",)


def test_imports_without_the_users_statements() -> None:
    assert import_of("numpy", np, home) == ("import numpy",)
    assert import_of("sine", np.sin, home) == ("from numpy import sin as sine",)
    assert import_of("single", np.float32, home) == ("from numpy import float32 as single",)
    assert import_of("norm", np.linalg.norm, home) == ("from numpy.linalg import norm",)
    assert import_of("pi", 3.0, home) == ()
    assert import_of("home", home, home) == ()


def test_what_is_installed() -> None:
    assert is_installed("math")
    assert is_installed("numpy.linalg")
    assert not is_installed(__name__)
    assert not is_installed("__main__")


def test_what_imports_backprose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "around.py").write_text("import backprose_user\n")
    (tmp_path / "backprose_user.py").write_text("from backprose import grad\n")
    (tmp_path / "free.py").write_text("import numpy as np\nfrom math import pi\n")
    import around  # type: ignore[import-not-found]  # noqa: F401
    import free  # type: ignore[import-not-found]  # noqa: F401

    assert reaches_backprose("around") == "backprose_user"
    assert reaches_backprose("backprose") == "backprose"
    assert reaches_backprose("free") is None
    assert reaches_backprose("numpy") is None


# ---------------------------------------------------------------- functions
FACTOR: Any = 2.0
OTHER = FACTOR


def leaf(x: int) -> float:
    """Kept with its docstring."""
    return FACTOR * x  # and its comments


def branch(x, y=1.5, z=-1):
    return leaf(x) + sqrt(y) + z


def first(x):
    return second(x)


def second(x):
    return first(x)


def default_of_constant(x, y=OTHER):
    return x + y


def default_of_list(x, y=[].copy()):
    return y


def enclosing(k):
    def closed(x):
        return k * x

    return closed


alias = leaf
short = lambda x: x
closed = enclosing(2.0)
data = np.zeros(1000)
anything = object()
empty = []  # type: ignore[var-annotated]


def test_functions_are_copied_with_what_they_need() -> None:
    needs = Needs("f")
    needs.thing("branch", branch, home)
    assert set(needs.functions) == {"branch", "leaf"}
    assert needs.functions["leaf"].startswith('def leaf(x):\n    """Kept with its docstring."""\n')
    assert "# and its comments" in needs.functions["leaf"]
    assert needs.constants == {"FACTOR": "2.0"}
    assert needs.imports == {"from math import sqrt"}


def test_functions_that_call_each_other() -> None:
    needs = Needs("f")
    needs.thing("first", first, home)
    assert set(needs.functions) == {"first", "second"}


def test_a_function_under_another_name() -> None:
    needs = Needs("f")
    needs.thing("alias", alias, home)
    assert set(needs.functions) == {"leaf"}
    assert needs.aliases == {"alias": "leaf"}


def test_constant_defaults_keep_their_value(monkeypatch: pytest.MonkeyPatch) -> None:
    needs = Needs("f")
    needs.thing("default_of_constant", default_of_constant, home)
    assert needs.constants == {"OTHER": "2.0"}
    monkeypatch.setitem(globals(), "OTHER", 3.0)
    with pytest.raises(UnsupportedError, match="its default OTHER is no constant"):
        Needs("f").thing("default_of_constant", default_of_constant, home)


@pytest.mark.parametrize("name", ["short", "closed", "data", "anything", "empty", "default_of_list"])
def test_what_cannot_be_copied(name: str) -> None:
    with pytest.raises(UnsupportedError, match=f"the dumped f_grad refers to {name}, which cannot be copied"):
        Needs("the dumped f_grad").thing(name, globals()[name], home)


def test_a_module_of_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "own_module.py").write_text("rate = 1.0\n")
    import own_module  # type: ignore[import-not-found]

    with pytest.raises(UnsupportedError, match="own_module is a module of yours"):
        Needs("f").thing("own_module", own_module, home)


def test_two_meanings_of_one_name() -> None:
    needs = Needs("f")
    needs.thing("FACTOR", 2.0, home)
    with pytest.raises(UnsupportedError, match="two different things under the name 'FACTOR'"):
        needs.thing("FACTOR", 3.0, home)
