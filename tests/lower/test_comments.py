"""The user's comments and places: every comment is kept once, at the statement that it stands at."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from backprose.ir.nodes import Apply, Assign, Augment, For, If, Remark, Return, Span
from backprose.ir.walk import expressions, statements
from backprose.parse import parse
from tests.lower import programs
from tests.lower.running import lowered, text_of, with_source


def test_comments_keep_their_statements() -> None:
    function = with_source(
        textwrap.dedent(
            """
            # above the function
            def f(x, n):  # beside def
                # first
                y = x * 2 + 1  # beside y
                # before the loop
                for i in range(n):  # beside for
                    # in the loop
                    y = y + i
                    # last of the loop

                # before if
                if y > 3:  # beside if
                    y = (
                        y * 2  # inside
                    )
                    # last of if
                elif y > 2:  # beside elif
                    pass  # nothing
                else:  # beside else
                    # in else
                    y = 3
                # before return
                return y  # the result
                # at the end
            """
        )
    )
    assert text_of(lowered(function)) == textwrap.dedent(
        """\
        # above the function
        # beside def
        def f(x, n):
            _t1 = x * 2
            # first
            y = _t1 + 1  # beside y
            # before the loop
            for i in range(n):  # beside for
                _t2 = y + i
                # in the loop
                y = _t2
                # last of the loop
            # before if
            if y > 3:  # beside if
                _t3 = y * 2
                y = _t3  # inside
                # last of if
            elif y > 2:  # beside elif
                pass  # nothing
            else:
                # beside else
                # in else
                y = 3
            # at the end
            # before return
            return y  # the result
        """
    )


BODIES = """
    # a
    'docstring'  # b
    # c
    return x  # d
    # e
---
    if x:
        # a
        return x  # b
        # c
    # d
    return -x  # e
---
    for i in x:  # a
        # b
        if i:  # c
            # d
            continue  # e
        x = i
---
    while x:
        # a
        x = x - 1
        # b
        break  # c
        # d
    # e
    return x
---
    x = [  # a
        x,  # b
        # c
        x,
    ]  # d
    1  # e
    return x
---
    x: int  # a
    if x: x = 2  # b
    else: x = 3  # c
    x = 1; y = 2  # d
    # e
---
    for i in x:
        # a
        if i:
            # b
            break  # c
    else:  # d
        # e
        x = 1
"""


@pytest.mark.parametrize("body", BODIES.split("---\n"))
def test_no_comment_is_lost_or_doubled(body: str) -> None:
    text = text_of(lowered(with_source(f"def f(x):\n{body}")))
    for letter in "abcde":
        assert text.count(f"# {letter}\n") == 1, text


def test_statements_keep_their_place() -> None:
    def f(x, n):
        for i in range(n):
            if i > 2:
                x = np.sin(x) * 2
        x += n * 2
        return x + 1

    parsed = parse(f)
    texts = {
        type(stmt): parsed.text_of(stmt.span)
        for stmt in statements(lowered(f).body)
        if stmt.span is not None
    }  # fmt: skip
    assert texts == {
        For: "for i in range(n)",
        If: "if i > 2",
        Assign: "return x + 1",
        Augment: "x += n * 2",
        Return: "return x + 1",
    }


def test_operations_keep_their_place() -> None:
    def f(x):
        return np.sin(x.sum()) * programs.improve(x, 2.0)

    parsed = parse(f)
    places = [
        parsed.text_of(part.place)
        for stmt in lowered(f).body
        for part in expressions(stmt)
        if isinstance(getattr(part, "place", None), Span)
    ]
    assert places == [
        "x.sum()",
        "np.sin(x.sum())",
        "programs.improve(x, 2.0)",
        parsed.text_of(parsed.span_of(parsed.tree.body[0].value)),
    ]


@pytest.mark.parametrize("function", [case for case, _, _ in programs.CASES[::3]])
def test_every_statement_of_the_users_has_a_place(function: Callable[..., Any]) -> None:
    for stmt in statements(lowered(function).body):
        if isinstance(stmt, Assign) and isinstance(stmt.value, Apply):
            assert stmt.span is not None
        assert not stmt.ours
        assert not isinstance(stmt, Remark) or stmt.text
