"""What the result says: places, comments, names."""

from __future__ import annotations

import gast
import pytest

from backprose.ir.nodes import Span
from backprose.parse import Binding, parse
from tests.parse.modules import module

factor = 3
missing_later = 1


# fmt: off

# about it
# in two lines
@staticmethod
# between
def commented(x, a=1):  # header
    """A # in a string."""
    # first

    y = x  # beside
    if y:
        pass
        # last of the block
    z = "# no", """
# neither this
"""  # but this
    return (  # open
        # within
        y + z
    )
    # last

    # very last
# not its own


def after(x): return x  # short
# fmt: on


def test_comments():
    parsed = parse(commented.__func__)
    found = [(comment.text, comment.alone, comment.column) for _, comment in sorted(parsed.comments.items())]
    assert found == [
        ("# about it", True, 0),
        ("# in two lines", True, 0),
        ("# between", True, 0),
        ("# header", False, 24),
        ("# first", True, 4),
        ("# beside", False, 11),
        ("# last of the block", True, 8),
        ("# but this", False, 5),
        ("# open", False, 14),
        ("# within", True, 8),
        ("# last", True, 4),
        ("# very last", True, 4),
    ]
    assert all(parsed.lines[line - 1][comment.column] == "#" for line, comment in parsed.comments.items())
    assert [comment.text for comment in parse(after).comments.values()] == ["# short"]


def test_lines_for_the_machine_are_no_comments_of_the_function(tmp_path):
    made = module(tmp_path, "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n# mine\ndef f(x):\n    return x\n")
    assert [comment.text for comment in parse(made.f).comments.values()] == ["# mine"]


def test_a_line_in_a_string_above_is_no_comment(tmp_path):
    made = module(tmp_path, 's = """\n# text"""\ndef f(x):\n    return x\n')
    assert parse(made.f).comments == {}


def where(folder, text, pick=lambda tree: tree.body[-1].value):
    parsed = parse(module(folder, text).f)
    return str(parsed.locate(pick(parsed.tree))).partition("\n")[2]


def test_columns_are_characters(tmp_path):
    shown = where(tmp_path, "def f(x):\n    é = 'ä🐍'; return é + x\n")
    line, carets = shown.split("\n")
    assert line[carets.index("^") : carets.rindex("^") + 1] == "é + x"
    parsed = parse(module(tmp_path, "def f(x):\n    é = 'ä🐍'; return é + x\n").f)
    node = parsed.tree.body[-1].value.right
    assert parsed.lines[1][node.col_offset : node.end_col_offset] == "x"
    assert parsed.text_of(parsed.span_of(parsed.tree.body[-1].value)) == "é + x"


def test_an_expression_of_several_lines_shows_its_first(tmp_path):
    shown = where(tmp_path, "def f(x):\n    return x[0] + max(x[1],  # why\n        x[2])\n")
    assert shown == "    return x[0] + max(x[1],  # why\n           ^^^^^^^^^^^^^^^^"
    parsed = parse(module(tmp_path, "def f(x):\n    return (x +\n      1)\n").f)
    assert parsed.text_of(parsed.span_of(parsed.tree.body[0].value)) == "x +\n      1"


def test_places_of_all_kinds_of_nodes(tmp_path):
    text = "def f(x, *, k=1):\n    for i in range(3):\n        x = f'{x + 1!r:>{i}} é {k}' if x[1:, None] else g(a=x)\n"
    parsed = parse(module(tmp_path, text).f)
    for node in gast.walk(parsed.tree):
        location = parsed.locate(node)
        assert 0 <= location.column < location.end_column <= len(location.text)
        assert location.text == parsed.lines[location.line - 1]
    assert parsed.locate(parsed.tree.args).line == 1


def test_locate_takes_spans_and_never_fails(tmp_path):
    parsed = parse(module(tmp_path, "def f(x):\n    return x\n").f)
    assert parsed.locate(Span(2, 11, 2, 12)) == parsed.locate(parsed.tree.body[0].value)
    assert parsed.locate(Span(99, 50, 99, 60)).line == 2
    assert parsed.text_of(Span(99, 0, 99, 4)) == ""


def make(cell):
    def inner(x):
        return cell + late + factor + missing_later + len(x) + nowhere  # noqa: F821

    first = parse(inner)
    assert first.lookup("late") == Binding("missing")
    late = 5
    return inner


def test_lookup_is_that_of_the_moment(monkeypatch):
    parsed = parse(make(2))
    assert parsed.lookup("cell") == Binding("closure", 2)
    assert parsed.lookup("late") == Binding("closure", 5)
    assert parsed.lookup("factor") == Binding("global", 3)
    assert parsed.lookup("len") == Binding("builtin", len)
    assert parsed.lookup("nowhere") == Binding("missing")
    monkeypatch.setattr(f"{__name__}.factor", 4)
    assert parsed.lookup("factor").value == 4
    monkeypatch.setattr(f"{__name__}.len", max, raising=False)
    assert parsed.lookup("len") == Binding("global", max)
    monkeypatch.delattr(f"{__name__}.missing_later")
    assert parsed.lookup("missing_later").scope == "missing"


def test_annotations_stay(tmp_path):
    tree = parse(module(tmp_path, "def f(x: float, *, k: int = 1) -> float:\n    return x\n").f).tree
    assert tree.returns.id == "float"
    assert tree.args.args[0].annotation.id == "float"


def test_parsed_is_frozen():
    parsed = parse(after)
    with pytest.raises(AttributeError):
        parsed.file = "x"
    with pytest.raises(TypeError):
        parsed.comments[1] = None
