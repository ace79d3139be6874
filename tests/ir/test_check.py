"""The checker accepts what the forms allow and names the statement that breaks them."""

from __future__ import annotations

import pytest

from backprose.emit import print_statement
from backprose.errors import InternalError
from backprose.ir.check import check
from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Augment,
    Block,
    Break,
    Compare,
    Const,
    Evaluate,
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
    Push,
    Return,
    Slice,
    Stmt,
    Subscript,
    Tuple,
    While,
)

x, y, i, stack = map(Name, ("x", "y", "i", "stack"))
SIN = Apply("sin", (x,))
NESTED = Apply("cos", (SIN,))


def function(*body: Stmt, parameters: str = "x y") -> Function:
    return Function("f", tuple(map(Parameter, parameters.split())), body, None)


FLAT: list[Block] = [
    (Assign(y, SIN), Return(y)),
    (Assign(y, Apply("sum", (x,), (("axis", Tuple((Const(0), Const(1)))),))),),
    (Assign(y, Apply("asarray", (x,), (("dtype", Attribute(Global("np"), "float32")),))),),
    (Assign(y, Subscript(x, Tuple((Slice(Apply("add", (i, Const(1))), None, None), Const(None))))), Assign(i, x)),
    (If(Logic("and", (Compare((NESTED, y), ("<",)), x)), (Assign(y, x),), (Pass(),)),),
    (While(x, (If(y, (Break(),)),)), Return(Tuple((x, y)))),
    (For(i, Apply("range", (Apply("len", (x,)),)), (Augment(Subscript(x, i), "add", y), Break())),),
    (Assign(stack, List(())), Push(stack, x), Pop(x, stack)),
    (Assign(Tuple((x, stack)), y), Pop(x, stack)),
]
TREE: list[Block] = [(Assign(y, NESTED), Return(Apply("add", (NESTED, y)))), (Push(x, NESTED),)]
BROKEN: list[tuple[Block, str]] = [
    ((Break(),), "break stands last in a block of a loop"),
    ((For(i, x, (Break(), Pass())),), "break stands last"),
    ((For(i, x, (), (Break(),)),), "break stands last"),
    ((Return(x), Pass()), "return stands last"),
    ((If(x, (Return(x),)),), "return stands last"),
    ((Return(i),), "nothing binds i"),
    ((Augment(i, "add", x),), "nothing binds i"),
    ((Evaluate(Global("x")),), "the global x is hidden"),
    ((Assign(i, x), Evaluate(Apply("sin", (Global("i"),)))), "the global i is hidden"),
    ((Assign(y, Slice(None, None, None)),), "a slice stands outside an index"),
    ((Assign(y, Compare((x, y), ("<", "<"))),), "an operand more"),
    ((Assign(y, Compare((x, y), ("=<",))),), "an operand more"),
    ((Assign(y, Logic("or", (x,))),), "or needs two operands"),
    ((Assign(y, Const(object())),), "is not a literal"),
    ((Augment(x, "arctan2", y),), "arctan2 has no augmented assignment"),
    ((Assign(Const(1), y),), "Const cannot be assigned to"),  # type: ignore[arg-type]
    ((Assign(Tuple((x, SIN)), y),), "Apply cannot be assigned to"),
    ((Assign(stack, Const(0)), Push(stack, x)), "the stack stack is assigned Const"),
    ((Push(stack, x),), "nothing binds stack"),
]
NOT_FLAT: list[Block] = [
    (Assign(y, NESTED),),
    (Assign(y, Apply("sum", (x,), (("axis", SIN),))),),
    (Assign(Subscript(Apply("sin", (x,)), i), y), Assign(i, x)),
    (Augment(x, "add", SIN),),
    (Evaluate(NESTED),),
    (Return(SIN),),
    (Assign(stack, List(())), Push(stack, SIN)),
    (Assign(y, Subscript(SIN, Const(0))),),
    (Assign(y, Attribute(SIN, "T")),),
    (Assign(y, Tuple((SIN, x))),),
]


@pytest.mark.parametrize("body", FLAT)
def test_flat(body: Block) -> None:
    check(function(*body), "flat")
    check(function(*body), "tree")


@pytest.mark.parametrize("body", TREE)
def test_tree(body: Block) -> None:
    check(function(*body), "tree")


@pytest.mark.parametrize(("body", "message"), BROKEN)
def test_broken(body: Block, message: str) -> None:
    for form in ("flat", "tree"):
        with pytest.raises(InternalError, match=message):
            check(function(*body), form)  # type: ignore[arg-type]


@pytest.mark.parametrize("body", NOT_FLAT)
def test_not_flat(body: Block) -> None:
    check(function(*body), "tree")
    with pytest.raises(InternalError, match="is no name or constant"):
        check(function(*body), "flat")


def test_the_statement_is_shown() -> None:
    body = (Assign(y, x), For(i, x, (Assign(y, NESTED),)))
    with pytest.raises(InternalError) as caught:
        check(function(*body), "flat", show=print_statement)
    assert str(caught.value) == (
        "f is not in flat form: the operand Apply of cos is no name or constant\n    in: y = np.cos(np.sin(x))"
    )


def test_parameters() -> None:
    with pytest.raises(InternalError, match="two parameters have one name"):
        check(function(parameters="x x"), "tree")
    hidden = Function("f", (Parameter("x", default=Global("x")),), (), None)
    check(hidden, "tree")  # a default is evaluated outside
