"""Procedures: the result of a function that writes into its arguments is what they hold at its end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NoReturn

from backprose.differentiate.aliases import written_arguments
from backprose.differentiate.views import rebound
from backprose.ir.names import NameSupply
from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Call,
    Compare,
    Const,
    Expr,
    Function,
    If,
    Name,
    Ours,
    Raise,
    Return,
    Stmt,
    Tuple,
)
from backprose.ir.types import Type
from backprose.ir.walk import statements

Refuse = Callable[["Stmt | None", str, str, str], NoReturn]  # at a statement: what, why, what instead


def returning(function: Function, outputs: Sequence[str], number: bool, supply: NameSupply, refuse: Refuse) -> Function:
    """The typed flat function that returns ``outputs``, and after them what it returned; ``number``: as one number.

    >>> from backprose.emit import emit
    >>> from backprose.ir.nodes import Parameter, Program, Subscript
    >>> A = Name("A", Type("array", "float64", (3,)))
    >>> body = (Assign(Subscript(A, Const(0)), Const(2.0)), Return(Const(None)))
    >>> function = Function("f", (Parameter("A", type=A.type),), body, None)
    >>> print(emit(Program((returning(function, ("A",), False, NameSupply(("A",)), print),))).text, end="")
    def f(A):
        A[0] = 2.0
        return A
    """
    types = {parameter.name: parameter.type for parameter in function.parameters}
    for name in outputs:
        if name not in types:  # its parts have taken its place
            what = f"{name} cannot be an output of {function.name}: it is a structure"
            refuse(None, what, "outputs are arrays", "leave it out of outputs, and return what you want of it")
    for stmt in statements(function.body):
        for name in rebound(stmt):
            if name in outputs:
                refuse(
                    stmt,
                    f"{function.name} binds {name} anew, which is one of its outputs",
                    "the caller's array is the one that it had before",
                    "use another name for the new array",
                )
    for name in outputs:
        if types[name].kind not in ("array", "unknown", "numpy", "number"):
            what = f"{name} cannot be an output of {function.name}: it is {types[name]}"
            refuse(None, what, "only an array can be written into", "leave it out of outputs")
    *body, last = function.body
    assert isinstance(last, Return)
    written = written_arguments(function)
    results: list[Expr] = []
    for name in outputs:
        variable = Name(name, types[name])
        if number and types[name].shape != ():
            message = f"a gradient needs one number, and {name} holds more: use backprose.vjp"
            error = Raise(Call(Ours("ValueError"), (Const(message),)), span=last.span)
            body.append(If(Compare((Attribute(variable, "size"), Const(1)), ("!=",)), (error,), span=last.span))
            made = supply.temporary(Type("numpy", types[name].dtype, ()))
            body.append(Assign(made, Apply("reshape", (variable, Tuple(()))), last.span))
            variable = made
        elif name not in written:  # what is returned is an array of its own
            made = supply.temporary(types[name])
            body.append(Assign(made, Apply("copy", (variable,), (("order", Const("K")),), "method:copy"), last.span))
            variable = made
        results.append(variable)
    nothing = last.value in (None, Const(None)) or (isinstance(last.value, Name) and last.value.type.kind == "none")
    if last.value is not None and not nothing:
        results.append(last.value)
    value = results[0] if len(results) == 1 else Tuple(tuple(results))
    return replace(function, body=(*body, replace(last, value=value)))
