"""The guard sees every difference that could change what the text does."""

from __future__ import annotations

import ast

import pytest

from backprose.emit.guard import check_text
from backprose.errors import InternalError


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("x = 1", "x = True"),
        ("x = 0.0", "x = -0.0"),
        ("x = 0.0", "x = 0"),
        ("x = 'a'", "x = b'a'"),
        ("x = a - b - c", "x = a - (b - c)"),
        ("x = -1 ** 2", "x = (-1) ** 2"),
        ("x, y = z", "x = y = z"),
        ("f(a)", "f(*a)"),
        ("f(a=b)", "f(**b)"),
        ("x = a[1:]", "x = a[1:None]"),
        ("x", "x\nx"),
        ("def f(a, /): pass", "def f(a): pass"),
        ("def f(): 'a'", "def f(): 'b'"),
        ("def f(): pass", "def g(): pass"),
        ("if a: x\nelif b: y", "if a: x\nif b: y"),
        ("f'{a}'", "f'{a!r}'"),
    ],
)
def test_differences(text: str, tree: str) -> None:
    with pytest.raises(InternalError, match="not the program"):
        check_text(text, ast.parse(tree).body)
    check_text(text, ast.parse(text).body)


def test_text_that_is_no_python() -> None:
    with pytest.raises(InternalError, match="cannot be read"):
        check_text("x = (", [])
