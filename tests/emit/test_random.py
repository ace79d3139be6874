"""Random programs: the text reads as the tree it was made from, at every width, and means what the program means."""

from __future__ import annotations

import ast
import operator

from hypothesis import given, settings
from hypothesis import strategies as st

from backprose.emit import emit, print_expression
from backprose.emit.guard import check_text
from backprose.emit.ours import OurNames
from backprose.emit.tree import TreeMaker
from backprose.emit.writer import Writer
from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Augment,
    Call,
    Compare,
    Conditional,
    Const,
    Evaluate,
    Expr,
    Global,
    If,
    List,
    Logic,
    Name,
    Pass,
    Program,
    Remark,
    Return,
    Slice,
    Stmt,
    Subscript,
    Tuple,
    While,
)
from tests.emit.programs import function

BINARY = [
    "add",
    "subtract",
    "multiply",
    "divide",
    "floor_divide",
    "mod",
    "power",
    "matmul",
    "bitwise_and",
    "left_shift",
]
names = st.sampled_from("x y total_of_everything".split()).map(Name)
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
constants = st.one_of(
    st.integers(), st.floats(), st.complex_numbers(), st.booleans(), st.none(), text, st.binary(max_size=4)
).map(Const)


def several(items: st.SearchStrategy[Expr], least: int = 0) -> st.SearchStrategy[tuple[Expr, ...]]:
    return st.lists(items, min_size=least, max_size=3).map(tuple)


def compared(items: tuple[Expr, ...], words: list[str]) -> Expr:
    return Compare(items, tuple(words[: len(items) - 1]))


def larger(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    optional = st.none() | inner
    words = st.lists(st.sampled_from(["<", "is not", "not in", "=="]), min_size=2, max_size=2)
    slices = st.builds(Slice, optional, optional, optional)
    index = st.one_of(inner, slices, st.lists(inner | slices, max_size=3).map(lambda items: Tuple(tuple(items))))
    keywords = st.sampled_from([(), (("axis", Const(0)),)])
    return st.one_of(
        st.builds(lambda op, a, b: Apply(op, (a, b), (), "operator"), st.sampled_from(BINARY), inner, inner),
        st.builds(lambda op, a: Apply(op, (a,)), st.sampled_from(["negative", "not", "invert", "sin", "copy"]), inner),
        st.builds(lambda a, more: Apply("sum", (a,), more, "method:sum"), inner, keywords),
        st.builds(Call, inner, several(inner), keywords),
        st.builds(Attribute, inner, st.just("shape")),
        st.builds(Subscript, inner, index),
        st.builds(Tuple, several(inner)),
        st.builds(List, several(inner)),
        st.builds(compared, several(inner, least=2), words),
        st.builds(Logic, st.sampled_from(["and", "or"]), several(inner, least=2)),
        st.builds(Conditional, inner, inner, inner),
    )


expressions: st.SearchStrategy[Expr] = st.recursive(names | constants | st.just(Global("np")), larger, max_leaves=20)
simple: st.SearchStrategy[Stmt] = st.one_of(
    st.builds(Assign, names, expressions),
    st.builds(Assign, st.builds(lambda a, b: Tuple((a, Subscript(b, a))), names, names), expressions),
    st.builds(Augment, names, st.sampled_from(BINARY), expressions),
    st.builds(Evaluate, expressions),
    st.builds(Remark, st.sampled_from(["", "a remark"])),
)


def blocks(inner: st.SearchStrategy[Stmt]) -> st.SearchStrategy[Stmt]:
    block = st.lists(inner, max_size=3).map(tuple)
    return st.builds(If, expressions, block, block) | st.builds(While, expressions, block)


statements = st.recursive(simple, blocks, max_leaves=6)


@given(expressions, st.integers(1, 100))
def test_expressions_read_back(expr: Expr, width: int) -> None:
    tree: list[ast.stmt] = [ast.Assign([ast.Name("x", ast.Store())], TreeMaker(OurNames(())).expression(expr))]
    check_text(Writer(ast.Module(tree, []), width=width).text, tree)


@given(expressions)
def test_one_expression_is_one_line(expr: Expr) -> None:
    assert "\n" not in print_expression(expr)


@given(st.lists(statements, max_size=4).map(tuple), expressions)
@settings(max_examples=60)
def test_programs_read_back(body: tuple[Stmt, ...], result: Expr) -> None:
    emission = emit(Program((function(Pass(), *body, Return(result)),)))
    assert emission.text == emit(Program((function(Pass(), *body, Return(result)),))).text
    assert not any(line != line.rstrip() for line in emission.text.splitlines())


PYTHON = {"add": operator.add, "subtract": operator.sub, "multiply": operator.mul, "negative": operator.neg}


def value_of(expr: Expr) -> int:
    match expr:
        case Const(value=value):
            return int(value)
        case Apply(op=op, args=args):
            return int(PYTHON[op](*map(value_of, args)))
    raise AssertionError(expr)


def arithmetic(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    binary = st.sampled_from(["add", "subtract", "multiply"])
    return st.builds(lambda op, a, b: Apply(op, (a, b)), binary, inner, inner) | st.builds(
        lambda a: Apply("negative", (a,)), inner
    )


@given(st.recursive(st.integers(-5, 5).map(Const), arithmetic, max_leaves=12))
def test_arithmetic_keeps_its_value(expr: Expr) -> None:
    assert eval(print_expression(expr)) == value_of(expr)
