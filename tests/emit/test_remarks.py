"""The primal's line stands above what it gave rise to."""

from __future__ import annotations

from textwrap import dedent, indent

from backprose.emit import add_remarks, emit
from backprose.ir.nodes import Assign, Block, For, If, Program, Remark, Return, Span, Stmt
from tests.emit.programs import apply, function, i, x, y, z

SOURCE = [
    "y = x * x  # squared",
    "for i in range(3):",
    "    y = np.where(x > 0,",
    "                 y, 0)",
    "    z = '#' + y",
    "    z = '#' + y",
]


def span(line: int, end: int | None = None) -> Span:
    return Span(line, 0, end or line, 99)


def line_of(place: Span) -> str:
    return "\n".join(SOURCE[place.line - 1 : place.end_line])


def adjoint(line: int, end: int | None = None) -> Assign:
    return Assign(x, y, span=span(line, end), ours=True)


def remarks_in(*body: Stmt, start: Stmt | None) -> str:
    made = add_remarks(function(*body), line_of, start=start)
    return emit(Program((made,))).text.removeprefix("def f(x, y):\n").rstrip()


def shown(text: str) -> str:
    return indent(dedent(text).strip("\n"), "    ")


def test_one_remark_for_each_run() -> None:
    start = adjoint(3, 4)
    body = (Assign(y, x, span=span(1)), Remark(""), start, adjoint(3, 4), adjoint(5), adjoint(1), Return(x))
    assert remarks_in(*body, start=start) == shown(
        """
        y = x

        # y = np.where(x > 0, ...
        x = y
        x = y
        # z = '#' + y
        x = y
        # y = x * x
        x = y
        return x
        """
    )


def test_nothing_before_the_start_or_without_one() -> None:
    body = (adjoint(1), adjoint(5))
    assert remarks_in(*body, start=None).count("#") == 0
    assert remarks_in(*body, start=body[1]).count("# ") == 1


def test_the_same_text_is_not_said_twice_in_a_row() -> None:
    body = (adjoint(5), adjoint(6))
    assert remarks_in(*body, start=body[0]).count("# z") == 1


def test_loops_get_theirs_inside() -> None:
    inner = (adjoint(5), adjoint(3, 4))
    loop = For(i, apply("range", z), inner, span=span(2), ours=True)
    body: Block = (adjoint(5), loop, adjoint(5))
    assert remarks_in(*body, start=body[0]) == shown(
        """
        # z = '#' + y
        x = y
        for i in range(z):
            # z = '#' + y
            x = y
            # y = np.where(x > 0, ...
            x = y
        # z = '#' + y
        x = y
        """
    )


def test_a_choice_inside_a_rule_is_part_of_its_statement() -> None:
    choice = If(z, (adjoint(1),), (adjoint(1),), span=span(1), ours=True)
    assert remarks_in(choice, adjoint(1), start=choice) == shown(
        """
        # y = x * x
        if z:
            x = y
        else:
            x = y
        x = y
        """
    )


def test_recomputed_and_restored_statements_end_a_run() -> None:
    body = (adjoint(5), Assign(x, y), adjoint(5))
    assert remarks_in(*body, start=body[0]).count("# z") == 2
