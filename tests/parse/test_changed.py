"""The file was edited after the import: refused, wherever it could matter."""

from __future__ import annotations

import ast
import os

import pytest

from backprose.errors import ChangedSourceError, SourceError
from backprose.parse import parse
from tests.parse.modules import edit, imported, run, write

BEFORE = """\
import math

def f(x, a=1, *, k=(2, -3.0)):
    \"\"\"Doc.\"\"\"
    y = x + a
    return y * 2.0

def unrelated(x):
    return x
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("x + a", "x - a"),
        ("* 2.0", "* 3.0"),
        ("* 2.0", "* 2"),
        ("y = x + a\n", "y = x + b\n"),
        ("Doc.", "Other."),
        ("a=1", "a=2"),
        ("a=1", "a=True"),
        ("a=1", "a"),
        ("-3.0", "3.0"),
        ("k=(2, -3.0)", "k"),
        ("f(x, ", "f(z, "),
        ("def f(", "def g("),
        ("import math\n", "import math\n\n"),
        ("    y = x + a\n", "    if x:\n        y = x + a\n"),
        ("    y = x + a\n", "    y = math.sin(x)\n"),
        ("x + a", "x + (a"),
        (BEFORE, "\0"),
        (BEFORE, "x = 1\n"),
    ],
)
def test_an_edit_is_noticed(tmp_path, old, new):
    path = write(tmp_path, BEFORE)
    made = imported(path)
    parse(made.f)
    edit(path, BEFORE.replace(old, new))
    with pytest.raises(ChangedSourceError) as caught:
        parse(made.f)
    assert "restart Python" in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    return x\n", "    return -x\n"),
        ("x + a\n", "x + a  # a comment\n"),
        ("x + a", "(x + a)"),
        ("f(x, a=1", "f(x: float, a: int=1"),
        ("x, a=1, *, k=(2, -3.0)", "x, a=(1), *, k=(2, -3.0),"),
    ],
)
def test_an_edit_that_leaves_the_function_as_it_is(tmp_path, old, new):
    path = write(tmp_path, BEFORE)
    made = imported(path)
    edit(path, BEFORE.replace(old, new))
    assert parse(made.f).tree.name == "f"


@pytest.mark.parametrize("content", [b"\xff\xfe", b"# coding: nothing-known\n"])
def test_a_file_that_cannot_be_read_any_more(tmp_path, content):
    path = write(tmp_path, BEFORE)
    made = imported(path)
    path.write_bytes(content)
    with pytest.raises(SourceError, match="is gone, empty, cannot be decoded"):
        parse(made.f)


def test_an_edited_lambda(tmp_path):
    path = write(tmp_path, "f, g = lambda x: x + 1, lambda x: x + 2\n")
    made = imported(path)
    edit(path, "f, g = lambda x: x + 3, lambda x: x + 4\n")
    with pytest.raises(ChangedSourceError):
        parse(made.f)


def test_the_error_shows_the_line(tmp_path):
    path = write(tmp_path, BEFORE)
    made = imported(path)
    edit(path, BEFORE.replace("x + a", "x - a"))
    with pytest.raises(ChangedSourceError) as caught:
        parse(made.f)
    assert caught.value.where is not None
    assert f"{path}:3\n      def f(x, a=1, *, k=(2, -3.0)):\n      ^^^^^" in str(caught.value)
    assert "importlib.reload" in str(caught.value)


def test_defaults_that_were_assigned(tmp_path):
    made = imported(write(tmp_path, BEFORE))
    made.f.__defaults__ = (5,)
    with pytest.raises(ChangedSourceError, match="the default of a"):
        parse(made.f)
    made.f.__defaults__ = None
    with pytest.raises(ChangedSourceError, match="its defaults"):
        parse(made.f)


def test_a_mutable_default_may_have_changed(tmp_path):
    made = imported(write(tmp_path, "def f(x, seen=[], n=len('a')):\n    seen.append(x)\n    return x\n"))
    made.f(1)
    assert parse(made.f).tree.name == "f"


def test_another_text_under_the_same_made_up_name():
    first = run("def f(x):\n    return x\n", "<shared name>", remember=True)
    run("def f(x):\n    return -x\n", "<shared name>", remember=True)
    with pytest.raises(ChangedSourceError, match="the text kept under <shared name> is not that of f"):
        parse(first["f"])


def test_a_function_whose_code_was_replaced(tmp_path):
    made = imported(write(tmp_path, BEFORE))
    made.f.__code__ = made.f.__code__.replace(co_consts=("Doc.", 9.0, None))
    with pytest.raises(ChangedSourceError, match="or a tool rewrote the function"):
        parse(made.f)


def checked(x):
    assert x > 0, "positive"
    return [y for y in (x,) if y]


class Holder:
    def __checked(self, x):
        assert self.__checked or x
        return lambda: super().__init__()


def test_assertions_that_pytest_rewrote_in_this_module():
    assert any(name.startswith("@py") for name in checked.__code__.co_names)
    assert parse(checked).tree.body[0].msg.value == "positive"
    assert parse(Holder._Holder__checked).tree.name == "__checked"

    def inner(y):
        assert checked(y)
        return y

    assert parse(inner).lookup("checked").value is checked


def test_an_edit_is_noticed_through_rewritten_assertions(tmp_path):
    rewrite = pytest.importorskip("_pytest.assertion.rewrite")
    path = write(tmp_path, "def f(x):\n    assert x, 'x'\n    return x + 1\n")
    tree = ast.parse(path.read_text())
    rewrite.rewrite_asserts(tree, path.read_bytes())
    names: dict[str, object] = {}
    exec(compile(tree, os.fspath(path), "exec", dont_inherit=True), names)
    parse(names["f"])
    edit(path, "def f(x):\n    assert x, 'x'\n    return x - 1\n")
    with pytest.raises(ChangedSourceError):
        parse(names["f"])
