"""Adjoints and tangents of lists: a list of the same length, whose items belong to the items of the list."""

from __future__ import annotations

from backprose.analyse.types import type_of
from backprose.differentiate import shape
from backprose.differentiate.wishes import singular
from backprose.ir.names import NameSupply
from backprose.ir.nodes import Apply, Block, Const, Each, Expr, List, Name, Push, Subscript
from backprose.ir.types import Type
from backprose.ir.walk import statements


class Lists:
    """Makes the expressions; ``supply`` names the items (``state`` of ``states``)."""

    def __init__(self, supply: NameSupply, body: Block) -> None:
        self.supply = supply
        pushed = [stmt for stmt in statements(body) if isinstance(stmt, Push)]
        self.of_lists = {stmt.stack.id for stmt in pushed if type_of(stmt.value).kind == "list"}

    def item_name(self, variable: Name) -> str:
        """The name of one item in comprehensions over a list, where it hides what else has this name."""
        single = singular(variable.id)
        self.supply.reserve((single,))  # no temporary is called so later
        return single

    def zero(self, variable: Name) -> Expr:
        """The zero of a variable's adjoint: for a list a list of zeros."""
        if variable.type.kind != "list":
            return shape.zero(variable)
        item = variable.type.item or Type()
        if item.is_immutable_scalar:
            return Apply("multiply", (List((Const(0.0),)), Apply("len", (variable,))), spelling="operator")
        one = Name(self.item_name(variable))
        zero: Expr = Apply("zeros_like", (one,))
        if variable.id in self.of_lists:
            inner = Name("one")
            zero = Each(Apply("zeros_like", (inner,)), (inner,), (one,))
        return Each(zero, (one,), (variable,))

    def zero_item(self, place: Subscript, variable: Name) -> Expr:
        """The zero of the adjoint of one item."""
        item = variable.type.item or Type()
        return Const(0.0) if item.is_immutable_scalar else Apply("zeros_like", (place,))

    def added(self, bars: Expr, cotangents: Expr) -> Expr:
        """The sums of two lists, item by item."""
        pair = Name("a"), Name("b")
        return Each(Apply("add", pair), pair, (bars, cotangents))

    def spread(self, cotangent: Name, variable: Name) -> Expr:
        """A cotangent for each item of a list: that of its ``sum``."""
        item = variable.type.item or Type()
        if item.is_immutable_scalar:
            return Apply("multiply", (List((cotangent,)), Apply("len", (variable,))), spelling="operator")
        one = Name(self.item_name(variable), item)
        return Each(Apply("unbroadcast", (cotangent, one)), (one,), (variable,))

    def parts(self, value: Apply, variable: Name, cotangent: Expr) -> Expr | None:
        """The cotangents of the items of a list that is made one array; None for other operations."""
        keywords = dict(value.keywords)
        axis = value.args[1] if len(value.args) > 1 else keywords.get("axis", Const(0))
        match value.op:
            case "array" | "asarray":
                return Apply("list", (cotangent,))
            case "stack":
                front = cotangent if axis == Const(0) else Apply("moveaxis", (cotangent, axis, Const(0)))
                return Apply("list", (front,))
            case "concatenate":
                return Apply("sections", (cotangent, variable, *(() if axis == Const(0) else (axis,))))
            case "vstack":
                return Apply("sections", (cotangent, variable))
            case "hstack":
                rank = cotangent_rank(variable)
                if rank is not None:
                    return Apply("sections", (cotangent, variable, *(() if rank == 1 else (Const(1),))))
        return None


def cotangent_rank(variable: Name) -> int | None:
    """The rank of ``np.hstack`` of a list."""
    shape = None if variable.type.item is None else variable.type.item.shape
    return None if shape is None else max(1, len(shape))


def gradient_of(bars: Expr, variable: Name, lists: Lists) -> Expr:
    """The adjoints of the items as they are handed out."""
    one = Name(lists.item_name(variable), variable.type.item or Type())
    bar = Name(f"{one.id}_bar")
    made = Each(Apply("as_gradient", (bar, one)), (bar, one), (bars, variable))
    return Apply("tuple", (made,)) if variable.type.value is tuple else made
