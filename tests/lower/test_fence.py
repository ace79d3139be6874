"""What is refused: the construct named, the caret under exactly it, a way out and a section to read."""

from __future__ import annotations

import inspect
import re
import sys

import pytest

from backprose.errors import UnsupportedError
from backprose.lower.fence import REFUSED
from tests.lower.running import lowered, with_source

# name -> the body of ``f(x)``, with what the caret marks between « and »
REFUSALS = {
    "with-statements": "with «x» as y:\n    pass",
    "with-statements targets": "with open(x) as «(y, z)»:\n    pass",
    "exceptions": "for i in x:\n    try:\n        return x\n    finally:\n        «break»\nreturn x",
    "exceptions continue": "for i in x:\n    try:\n        break\n    finally:\n        «continue»\nreturn x",
    "exceptions name": "try:\n    pass\nexcept ValueError as e:\n    pass\nreturn «e»",
    "del": "y = x\ndel y\nreturn «y»",
    "del slice": "y = [x]\ndel «y[::2]»",
    "global-and-nonlocal": "global y\nfor «y» in range(3):\n    pass",
    "imports": "«import math»\nmath = 1\nreturn x",
    "imports from": "«from math import nothing_of_this_name»\nreturn sin(x)",
    "match-statements": "match x:\n    case «{'a': 1, **rest}»:\n        return x",
    "nested-definitions": "«class A:»\n    pass",
    "comprehensions generator": "return f(«(i * x for i in range(3))»)",
    "dicts-and-sets set": "return «{x}»",
    "assignment-expressions": "assert x, «f'{(y := x)}'»",
    "iteration zip": "for a, b in «zip(x, x, strict=STRICT)»:\n    pass",
    "iteration iter": "for b in «iter(x)»:\n    pass",
    "iteration call": "for b in «f(x)»:\n    pass",
    "iteration growing": "y = []\nfor b in y:\n    «y.append»(b)",
    "iteration range target": "for «a, b» in range(3):\n    pass",
    "iteration set": "for b in «TABLE»:\n    pass",
}


@pytest.mark.parametrize("name", REFUSALS)
def test_refusal_marks_the_construct(name: str) -> None:
    body = REFUSALS[name]
    marked = re.search("«(.*?)»", body)
    assert marked is not None
    plain = body.replace("«", "").replace("»", "")
    text = 'TABLE = {"a"}\ndef f(x):\n' + "".join(f"    {line}\n" for line in plain.splitlines())
    with pytest.raises(UnsupportedError) as caught:
        lowered(with_source(text))
    where = caught.value.where
    assert where is not None
    assert where.text[where.column : where.end_column] == marked.group(1)
    assert caught.value.section == name.split(maxsplit=1)[0]
    assert caught.value.why
    assert caught.value.instead
    assert str(caught.value).startswith("f: ")


def test_the_first_refusal_in_the_text_is_shown() -> None:
    with pytest.raises(UnsupportedError) as caught:
        lowered(
            with_source("def f(x):\n    if x:\n        import x\n    try:\n        pass\n    finally:\n        pass\n")
        )
    assert caught.value.section == "imports"


def test_defaults_and_annotations_may_be_anything() -> None:
    function = with_source(
        "def f(x: [i for i in 'a'], y={'a': 1}, z=lambda: 1) -> {1}:\n    t: {1} = x\n    return t\n"
    )
    assert len(lowered(function).parameters) == 3


def test_deep_expressions_end_in_a_refusal() -> None:
    def nested(count: int) -> None:
        lowered(with_source("def f(x):\n    return " + "abs(" * count + "x" + ")" * count + "\n"))

    nested(60)
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + 700)
    try:
        with pytest.raises(UnsupportedError, match="levels"):
            nested(150)
    finally:
        sys.setrecursionlimit(limit)


def test_every_refusal_is_complete() -> None:
    for refusal in REFUSED.values():
        assert refusal.what
        assert refusal.why
        assert refusal.instead
        assert re.fullmatch("[a-z-]+", refusal.section)
