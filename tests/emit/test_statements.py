"""Whole programs: blocks, comments, docstrings, parameters, long lines."""

from __future__ import annotations

from textwrap import dedent

import gast
import pytest

from backprose.emit import emit, print_expression, print_statement
from backprose.errors import InternalError
from backprose.ir.nodes import (
    Assert,
    Assign,
    Attribute,
    Augment,
    Break,
    Call,
    Comments,
    Compare,
    Conditional,
    Const,
    Evaluate,
    Expr,
    For,
    Function,
    Global,
    If,
    List,
    Logic,
    Name,
    Parameter,
    Pass,
    Pop,
    Program,
    Push,
    Raise,
    Remark,
    Return,
    Slice,
    Subscript,
    Tuple,
    Verbatim,
    While,
)
from tests.emit.programs import apply, function, i, n, text_of, x, y, z

WHOLE = Slice(None, None, None)


def lines(text: str) -> str:
    return dedent(text).strip("\n")


def test_simple_statements() -> None:
    stack = Name("saved_x")
    assert text_of(
        Assign(x, Const(1)),
        Assign(Subscript(x, Tuple((WHOLE, Const(None)))), y),
        Assign(Attribute(x, "rate"), y),
        Assign(Tuple((x, Tuple((y, z)))), Tuple((y, Tuple((z, x))))),
        Assign(Tuple((x,)), Tuple((y,))),
        Assign(x, Tuple((y, z))),
        Augment(Subscript(x, i), "floor_divide", y),
        Evaluate(Call(Global("print"), (x,), (("end", Const("")), ("**", y)))),
        Pass(),
        Assign(stack, List(())),
        Push(stack, x),
        Pop(Subscript(x, i), stack),
        Assert(x, Const("why")),
        Raise(Call(Global("ValueError"), (Const("no"),)), x),
        Raise(None),
        Return(Tuple((x, Tuple((y, z))))),
    ) == lines(
        """
        x = 1
        x[:, None] = y
        x.rate = y
        x, (y, z) = y, (z, x)
        (x,) = (y,)
        x = (y, z)
        x[i] //= y
        print(x, end="", **y)
        pass
        saved_x = []
        saved_x.append(x)
        x[i] = saved_x.pop()
        assert x, "why"
        raise ValueError("no") from x
        raise
        return x, (y, z)
        """
    )


def test_blocks() -> None:
    inner = If(y, (Pass(),), (Pass(),))
    assert text_of(
        For(Tuple((i, n)), apply("range", x), (If(x, (Break(),)),), (Pass(),)),
        While(x, (If(x, (Pass(),), (inner,)),), (Pass(),)),
        If(x, (Pass(),), (inner, Pass())),
        If(x, ()),
    ) == lines(
        """
        for i, n in range(x):
            if x:
                break
        else:
            pass
        while x:
            if x:
                pass
            elif y:
                pass
            else:
                pass
        else:
            pass
        if x:
            pass
        else:
            if y:
                pass
            else:
                pass
            pass
        if x:
            pass
        """
    )


def test_comments_stay_where_they_were() -> None:
    assert text_of(
        Assign(x, y, comments=Comments(("# above", "#: twice"), "# beside")),
        For(
            i, x, (Pass(comments=Comments(("# first in the block",), "#beside pass")),), comments=Comments((), "# loop")
        ),
        If(
            x,
            (Remark("only a remark"),),
            (If(y, (Pass(),), comments=Comments(("# above elif",), "# beside elif")),),
            comments=Comments(("# above if",), "# beside if"),
        ),
        Remark(""),
        Remark("two\nlines"),
        Return(x, comments=Comments((), "# the end")),
    ) == lines(
        """
        # above
        #: twice
        x = y  # beside
        for i in x:  # loop
            # first in the block
            pass  #beside pass
        # above if
        if x:  # beside if
            # only a remark
            pass
        # above elif
        elif y:  # beside elif
            pass

        # two
        # lines
        return x  # the end
        """
    )


def test_functions_stand_two_blank_lines_apart() -> None:
    first = function(
        Return(None), name="one", parameters="", header=("# grad(f)", "# x: float64[:]"), doc="Says\n\n    why."
    )
    parameters = (
        Parameter("a", "positional-only"),
        Parameter("b", default=Const(-1)),
        Parameter("args", "starred"),
        Parameter("c", "keyword-only"),
        Parameter("d", "keyword-only", Const(1.0)),
        Parameter("keywords", "double-starred"),
    )
    second = Function("two", parameters, (Pass(),), None, doc='One "line"')
    third = Function("three", (Parameter("a", "keyword-only"),), (Remark("nothing"),), None)
    assert emit(Program((first, second, third))).text == dedent(
        '''\
        # grad(f)
        # x: float64[:]
        def one():
            """Says

            why.
            """
            return


        def two(a, /, b=-1, *args, c, d=1.0, **keywords):
            """One "line\\""""


        def three(*, a):
            # nothing
            pass
        '''
    ).replace('line\\""""\n', 'line\\""""\n    pass\n')


@pytest.mark.parametrize(
    "doc", ["", 'ends in "', 'has """ inside', "back\\slash\\", "tab\tand\r", "a\n\n  b\n", '"a"\nb"', " x "]
)
def test_docstrings_are_guarded(doc: str) -> None:
    assert emit(Program((function(Pass(), doc=doc),))).text


def test_long_lines_are_wrapped_in_brackets() -> None:
    first, second = Name("a_rather_long_name_of_a_variable"), Name("another_long_name_of_a_variable")
    total = apply("add", apply("multiply", first, second), apply("sin", apply("subtract", first, second)))
    assert text_of(
        Assign(x, total),
        Assign(x, apply("sum", total, axis=Const(0))),
        Augment(x, "add", apply("negative", apply("sum", total))),
        Assign(x, apply("copy", apply("sum", first, axis=Const(0)), order=apply("sum", total))),
        Assign(Tuple((first, second, Name("a_third_long_name_of_a_variable"))), x),
        If(Logic("and", (Compare((first, second, first), ("<", "<=")), apply("not", second))), (Pass(),)),
        Assign(x, Conditional(Compare((first, second), ("==",)), first, second)),
        Return(Tuple((total, first))),
    ) == lines(
        """
        x = (
            a_rather_long_name_of_a_variable * another_long_name_of_a_variable
            + np.sin(a_rather_long_name_of_a_variable - another_long_name_of_a_variable)
        )
        x = np.sum(
            a_rather_long_name_of_a_variable * another_long_name_of_a_variable
            + np.sin(a_rather_long_name_of_a_variable - another_long_name_of_a_variable),
            axis=0,
        )
        x += -np.sum(
            a_rather_long_name_of_a_variable * another_long_name_of_a_variable
            + np.sin(a_rather_long_name_of_a_variable - another_long_name_of_a_variable)
        )
        x = np.sum(a_rather_long_name_of_a_variable, axis=0).copy(
            order=np.sum(
                a_rather_long_name_of_a_variable * another_long_name_of_a_variable
                + np.sin(a_rather_long_name_of_a_variable - another_long_name_of_a_variable)
            )
        )
        (
            a_rather_long_name_of_a_variable,
            another_long_name_of_a_variable,
            a_third_long_name_of_a_variable,
        ) = x
        if (
            a_rather_long_name_of_a_variable
            < another_long_name_of_a_variable
            <= a_rather_long_name_of_a_variable
            and not another_long_name_of_a_variable
        ):
            pass
        x = (
            a_rather_long_name_of_a_variable
            if a_rather_long_name_of_a_variable == another_long_name_of_a_variable
            else another_long_name_of_a_variable
        )
        return (
            a_rather_long_name_of_a_variable * another_long_name_of_a_variable
            + np.sin(a_rather_long_name_of_a_variable - another_long_name_of_a_variable),
            a_rather_long_name_of_a_variable,
        )
        """
    )


def test_short_lines_with_long_comments_are_left_alone() -> None:
    comments = Comments(("# " + "above " * 20,), "# " + "beside " * 20)
    assert text_of(Assign(x, y, comments=comments)) == "# " + "above " * 20 + "\nx = y  # " + "beside " * 20


def test_long_remarks_are_cut() -> None:
    remark, rest = text_of(Remark("x = " + "y + " * 30), Pass()).split("\n")
    assert remark.endswith(("+ y ...", "+ ..."))
    assert 85 < len(remark) <= 96
    assert rest == "pass"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-1, "-1"),
        (-0.0, "-0.0"),
        (float("nan"), "np.nan"),
        (float("-inf"), "-np.inf"),
        (2j, "2j"),
        (-2j, "-2j"),
        (complex(0.0, -2.0), "0.0 - 2j"),
        (1 - 2j, "1.0 - 2j"),
        (complex(-0.0, 2.0), "complex(-0.0, 2.0)"),
        (complex("nan+infj"), "complex(np.nan, np.inf)"),
        ((1, (-2,)), "(1, (-2,))"),
        (..., "..."),
        (True, "True"),
        (b"'", 'b"\'"'),
    ],
)
def test_constants(value: object, text: str) -> None:
    assert print_expression(Const(value)) == text
    assert repr(eval(text, {"np": __import__("numpy")})) == repr(value)


def test_negative_constants_are_operands_like_any_other() -> None:
    assert print_expression(apply("power", Const(-1), Const(2))) == "(-1) ** 2"
    assert print_expression(apply("power", Const(-2j), Const(-0.5))) == "(-2j) ** -0.5"
    assert print_expression(apply("multiply", Const(1 + 2j), x)) == "(1.0 + 2j) * x"
    assert print_expression(apply("subtract", x, Const(-1.0))) == "x - -1.0"
    assert print_expression(Attribute(Const(-1), "real")) == "(-1).real"


def test_inactive_python_is_kept() -> None:
    tree = gast.parse("[f'{a:{b}}' for a in c if (a, *b) or (lambda d: -d)(a)]", mode="eval").body
    assert print_statement(Assign(x, Verbatim(tree, ("c",)))) == (
        """x = [f"{a:{b}}" for a in c if (a, *b) or (lambda d: -d)(a)]"""
    )


def test_what_is_no_literal_is_refused() -> None:
    with pytest.raises(InternalError, match="not a literal"):
        print_expression(Const(object()))
    with pytest.raises(InternalError, match="neither NumPy's nor a helper"):
        print_expression(apply("no_such_operation", x))


def test_long_chains_need_no_deep_stack() -> None:
    total: Expr = x
    chain: tuple[If, ...] = ()
    for _ in range(400):
        total = apply("add", total, y)
        chain = (If(x, (Pass(),), chain),)
    text = text_of(*chain, Return(total))
    assert text.count("elif x:") == 399
    assert text.count("+ y") == 400
