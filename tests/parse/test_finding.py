"""How functions are written: decorated, lambdas, methods, nested; each is found, and no other."""

from __future__ import annotations

import functools
import subprocess
import sys

import pytest

from backprose.errors import SourceError
from backprose.parse import parse
from tests.parse.modules import HAS_COLUMNS, module, text, write


def keep(function):
    return function


def renamed(function):
    function.__name__ = function.__qualname__ = "other"
    return function


def tripled(function):
    @functools.wraps(function)
    def wrapper(*args):
        return 3 * function(*args)

    return wrapper


# fmt: off
@keep
@(
    keep
)
@functools.partial(
    keep,
)
def stacked(x):
    return x + 1


@renamed
def before_renaming(x): return x


@tripled
def wrapped(x):
    return x


plus, minus = lambda x: x + 1, lambda x: x - 1
pair = [lambda x: x * 2, lambda x: x * 3]
called = keep(
    lambda x, y=(1,
                 2): x
    + y[0],
)
annotated: object = lambda x: x * 5
nested_lambda = (lambda: (lambda y: y + 7))()  # noqa: PLC3002
same, also_same = lambda x: x * 2, lambda x: x * 2
folded, written = lambda x: x * (1 + 1), lambda x: x * 2
if True: one_line = lambda x: -x  # noqa: E701
# fmt: on


class Model:
    scale = 2

    def method(self, x):
        return self.scale * x

    @staticmethod
    def static(x):
        return x

    @classmethod
    def of_class(cls, x):
        return cls.scale * x

    def with_super(self):
        return super().__init__()

    def __private(self, x, __y=1):
        def inner(z):
            return z + __y

        return inner(x) + self.__private(x, __y=__y) + _Model__constant

    by_lambda = lambda self, x: self.__hidden + x

    class __Inner:
        def method(self):
            return self.__x


_Model__constant = 1


def outer(a, b):
    def inner(x):
        return inner(x - 1) * a if x else b

    return inner


def test_plain_and_decorated():
    assert text(stacked) == "def stacked(x):\n    return x + 1"
    assert parse(stacked).tree.decorator_list == []
    assert text(before_renaming) == "def before_renaming(x):\n    return x"


def test_a_wrapper_is_not_looked_through():
    parsed = parse(wrapped)
    assert parsed.tree.name == "wrapper"
    assert parsed.function is wrapped
    assert parsed.lookup("function").value is wrapped.__wrapped__
    assert text(wrapped.__wrapped__) == "def wrapped(x):\n    return x"


def test_lambdas():
    assert text(plus) == "def anonymous(x):\n    return x + 1"
    assert text(minus) == "def anonymous(x):\n    return x - 1"
    assert [text(function)[-5:] for function in pair] == ["x * 2", "x * 3"]
    assert text(called) == "def anonymous(x, y=(1, 2)):\n    return x + y[0]"
    assert text(annotated) == "def annotated(x):\n    return x * 5"
    assert text(nested_lambda) == "def anonymous(y):\n    return y + 7"
    assert text(one_line) == "def one_line(x):\n    return -x"


def test_lambdas_that_are_the_same_need_not_be_told_apart():
    assert text(same) == text(also_same)
    columns = parse(same).tree.col_offset, parse(also_same).tree.col_offset
    assert columns[0] < columns[1] if HAS_COLUMNS else columns[0] == columns[1]


@pytest.mark.skipif(not HAS_COLUMNS, reason="Python 3.10 keeps no columns")
def test_lambdas_with_the_same_code_are_told_apart_by_their_columns():
    assert text(folded).endswith("x * (1 + 1)")
    assert text(written).endswith("x * 2")


@pytest.mark.skipif(HAS_COLUMNS, reason="columns tell them apart")
def test_lambdas_that_cannot_be_told_apart():
    with pytest.raises(SourceError, match="2 lambdas on this line cannot be told apart"):
        parse(folded)


def test_without_columns_lambdas_may_not_be_told_apart(tmp_path):
    path = write(
        tmp_path,
        "from backprose.parse import parse\n"
        "f, g = lambda x: x * (1 + 1), lambda x: x * 2\n"
        "try:\n    parse(g)\nexcept Exception as error:\n    print(error)\n",
    )
    command = [sys.executable, "-X", "no_debug_ranges", str(path)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "2 lambdas on this line cannot be told apart" in printed
    line, carets = printed.splitlines()[2:4]
    assert line[carets.index("^") : carets.rindex("^") + 1] == "lambda x: x * (1 + 1)"
    assert "a line of its own" in printed


def test_defaults_tell_lambdas_apart_where_there_are_columns(tmp_path):
    made = module(tmp_path, "f, g = lambda x, a=1: x * a, lambda x, a=2: x * a\n")
    if HAS_COLUMNS:
        assert text(made.f).startswith("def anonymous(x, a=1)")
        assert text(made.g).startswith("def anonymous(x, a=2)")
    else:
        with pytest.raises(SourceError, match="cannot be told apart"):
            parse(made.f)


def test_methods():
    assert text(Model.method) == "def method(self, x):\n    return self.scale * x"
    assert text(Model.static) == "def static(x):\n    return x"
    assert text(Model.__dict__["of_class"].__func__).startswith("def of_class(cls, x)")
    assert text(Model.with_super).endswith("super().__init__()")


def test_private_names_are_mangled_as_python_does():
    function = Model._Model__private
    assert text(function).splitlines() == [
        "def __private(self, x, _Model__y=1):",
        "",
        "    def inner(z):",
        "        return z + _Model__y",
        "    return inner(x) + self._Model__private(x, __y=_Model__y) + _Model__constant",
    ]
    assert parse(function).lookup("_Model__constant").value == 1
    assert text(Model.by_lambda).endswith("self._Model__hidden + x")
    assert text(Model._Model__Inner.method).endswith("self._Inner__x")


def test_closures_and_recursion():
    inner = outer(1, 2)
    assert text(inner) == "def inner(x):\n    return inner(x - 1) * a if x else b"


def test_the_same_name_twice(tmp_path):
    made = module(tmp_path, "def f(x):\n    return x\nfirst = f\ndef f(x):\n    return -x\n")
    assert text(made.first).endswith("return x")
    assert text(made.f).endswith("return -x")


def test_defined_by_a_condition(tmp_path):
    made = module(tmp_path, "if 0:\n    def f(x):\n        return x\nelse:\n    def f(x):\n        return -x\n")
    assert text(made.f).endswith("return -x")
