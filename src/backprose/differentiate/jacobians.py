"""Jacobians: a tangent function called for each element of an argument, or a backward function for each of the result.

The calls give the columns, or the rows. Both loops run over all elements of an array, one direction at a time, so that
any function that has a tangent or a cotangent has a Jacobian. Of a sparse one several columns, or rows, come from one
call: ``columns_of_seeds``, ``rows_of_seeds``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from backprose.analyse.precision import unit
from backprose.ir.names import NameSupply
from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Block,
    Call,
    Const,
    Each,
    Expr,
    For,
    Function,
    Global,
    List,
    Name,
    Parameter,
    Push,
    Return,
    Starred,
    Stmt,
    Subscript,
    Tuple,
)
from backprose.ir.types import PYTHON_INT, Type

MOST_LETTERS = 4
AT_ONCE = 32  # directions
ZERO, LAST = Const(0.0), Const(-1)


# ---------------------------------------------------------------- the elements of a number or an array
@dataclass(frozen=True)
class Elements:
    """A loop over the elements of ``array``; ``counters``: an index for each axis, or one for all."""

    array: Name
    counters: tuple[Name, ...]

    @property
    def index(self) -> Expr:
        return self.counters[0] if len(self.counters) == 1 else Tuple(self.counters)

    def each(self, unit: Name, body: Sequence[Stmt]) -> Stmt:
        """The loop in which ``unit`` is 1 at one element and 0 elsewhere."""
        if not self.array.type.rank:
            made = (Assign(unit, Apply("unit", (self.array, self.index)), ours=True), *body)
            return For(self.counters[0], Apply("ndindex", (shape(self.array),)), made, ours=True)
        block: Block = (
            Assign(unit, Apply("zeros_like", (self.array,)), ours=True),
            Assign(Subscript(unit, self.index), Const(1), ours=True),
            *body,
        )
        for axis in reversed(range(len(self.counters))):
            block = (For(self.counters[axis], Apply("range", (self.length(axis),)), block, ours=True),)
        return block[0]

    def length(self, axis: int) -> Expr:
        if len(self.counters) == 1:
            return Apply("len", (self.array,))
        return Subscript(shape(self.array), Const(axis))


def elements_of(array: Name, supply: NameSupply) -> Elements | None:
    """None where the array is known to be one number."""
    if is_number(array.type):
        return None
    rank = array.type.rank if array.type.kind == "array" else None
    if not rank:
        return Elements(replace(array, type=Type()), (Name(supply.fresh("index")),))
    wishes = ("i", "j", "k", "l") if rank <= MOST_LETTERS else tuple(f"i{axis}" for axis in range(rank))
    return Elements(array, tuple(Name(supply.fresh(wish)) for wish in wishes[:rank]))


def is_number(known: Type) -> bool:
    return known.kind in ("python", "scalar")


def still(variable: Name) -> Expr:
    """The tangent or cotangent of what does not move."""
    return ZERO if is_number(variable.type) else Apply("zeros_like", (variable,))


def shape(variable: Expr) -> Expr:
    return Apply("shape", (variable,))


def own_names(parameters: Sequence[Parameter], *called: Function) -> NameSupply:
    return NameSupply((*(one.name for one in parameters), *(one.name for one in called)))


# ---------------------------------------------------------------- by columns
def by_columns(tangent: Function, dots: Mapping[str, str], name: str, result: Expr) -> Function:
    """The Jacobian of a function whose tangent is ``tangent``; ``dots``: its parameters for the tangents."""
    types = {parameter.name: parameter.type for parameter in tangent.parameters}
    own = [parameter for parameter in tangent.parameters if parameter.name not in dots.values()]
    results = result.items if isinstance(result, Tuple) else (result,)
    parts = Parts(tuple(dots), len(results), isinstance(result, Tuple), own_names(tangent.parameters, tangent))
    body: list[Stmt] = []
    for one in dots:
        supply = parts.supply.copy()
        x, x_dot = Name(one, types[one]), Name(dots[one])
        elements = elements_of(x, supply)
        moving = {dot: x_dot if other == one else still(Name(other, types[other])) for other, dot in dots.items()}
        if elements is None:
            column: Expr = passed_on(tangent, own, {**moving, dots[one]: unit(x.type, tangent.body)})
            found = [column]
            if parts.several:
                name_of_it = Name(supply.fresh("column"))
                body.append(Assign(name_of_it, column, ours=True))
                found = [item(name_of_it, k) for k in range(len(results))]
        else:
            columns = Name(supply.fresh("columns"))
            push = Push(columns, passed_on(tangent, own, moving), ours=True)
            body += [Assign(columns, List(()), ours=True), elements.each(x_dot, [push])]
            found = []
            for k, one_result in enumerate(results):
                listed, first = columns_of(columns, k, supply.copy()) if parts.several else (columns, item(columns, 0))
                found.append(beside(listed, first, x, one_result))
        body += [Assign(parts.names[k, one], part, ours=True) for k, part in enumerate(found)]
    return parts.finished(tangent, name, own, body)


def of_rows(tangent: Function, one: str, dot: str, name: str, result: Expr, rank: int) -> Function:
    """The Jacobian by a tangent function for directions in rows (``directions.in_rows``), which gets some at once: as
    many as make the calls cheap, and so few that what it computes stays small.

    ``rank``: the number of axes of the result, each of which comes before that of the argument.
    """
    types = {parameter.name: parameter.type for parameter in tangent.parameters}
    own = [parameter for parameter in tangent.parameters if parameter.name != dot]
    supply = own_names(tangent.parameters, tangent)
    x, columns, start = Name(one, types[one]), Name(supply.fresh("columns")), Name(supply.fresh("i"), PYTHON_INT)
    length = Apply("len", (x,))
    keywords = () if x.type.dtype == "float64" else (("dtype", dtype_of(x)),)
    count = Apply("min_of", (Const(AT_ONCE), Apply("subtract", (length, start))))
    some = Assign(Name(dot), Apply("eye", (count, length, start), keywords), ours=True)
    push = Push(columns, passed_on(tangent, own, {dot: Name(dot)}), ours=True)
    made: Expr = Apply("concatenate", (columns,))
    if rank == 1:
        made = Apply("transpose", (made,), (), "attribute:T")
    elif rank > 1:
        made = Apply("moveaxis", (made, Const(0), LAST))
    if x.type.dtype is None or not isinstance(result, Name) or result.type.dtype != x.type.dtype:
        made = Apply("astype", (made, dtype_of(x)), (), "method:astype")
    body: Block = (
        Assign(columns, List(()), ours=True),
        For(start, Apply("range", (Const(0), length, Const(AT_ONCE))), (some, push), ours=True),
        Return(made, ours=True),
    )
    return Function(name, tuple(own), body, tangent.home)


def item(value: Expr, position: int) -> Expr:
    return Subscript(value, Const(position))


def columns_of(columns: Name, k: int, supply: NameSupply) -> tuple[Expr, Expr]:
    """The columns of one of several results, and the first of them."""
    column = Name(supply.fresh("column"))
    return Each(item(column, k), (column,), (columns,)), item(item(columns, 0), k)


def beside(columns: Expr, first: Expr, x: Name, result: Expr) -> Expr:
    """The columns put together: along the last axis, or along as many as the argument has."""
    stacked: Expr = Apply("stack", (columns,), (("axis", LAST),))
    dtype = result.type.dtype if isinstance(result, Name) else None
    if x.type.dtype is None or dtype != x.type.dtype:
        stacked = Apply("astype", (stacked, dtype_of(x)), (), "method:astype")
    if x.type.rank == 1:
        return stacked
    return Apply("reshape", (stacked, Apply("add", (shape(first), shape(x)))), (), "method:reshape")


def dtype_of(x: Name) -> Expr:
    return Attribute(x, "dtype") if x.type.kind == "array" else Apply("result_type", (x,))


def passed_on(function: Function, own: Sequence[Parameter], added: Mapping[str, Expr]) -> Call:
    """A call with the caller's own arguments, and those added."""
    kinds = {parameter.name: parameter.kind for parameter in function.parameters}
    args: list[Expr] = []
    keywords: list[tuple[str, Expr]] = []
    for parameter in own:
        variable = Name(parameter.name, parameter.type)
        if parameter.kind == "keyword-only":
            keywords.append((parameter.name, variable))
        else:
            args.append(Starred(variable) if parameter.kind == "starred" else variable)
    for name, value in added.items():
        if kinds[name] == "keyword-only":
            keywords.append((name, value))
        else:
            args.append(value)
    return Call(Global(function.name), tuple(args), tuple(keywords))


# ---------------------------------------------------------------- by rows
def by_rows(
    forward: Function, backward: Function, wrt: Sequence[str], name: str, result: Expr, *, packed: bool = False
) -> Function:
    """The Jacobian of a function by its forward function and its backward one, which gives a tuple where there is more
    than one argument, or where it is ``packed``."""
    types = {parameter.name: parameter.type for parameter in forward.parameters}
    variables = [Name(one, types[one]) for one in wrt]
    items = result.items if isinstance(result, Tuple) else (result,)
    supply = own_names(forward.parameters, forward, backward)
    parts = Parts(tuple(wrt), len(items), isinstance(result, Tuple), supply)
    results = [Name(supply.fresh("result"), one.type if isinstance(one, Name) else Type()) for one in items]
    seed, saved = Name(supply.fresh("result_bar")), Name(supply.fresh("saved"))
    target = Tuple((Tuple(tuple(results)) if parts.several else results[0], saved))
    body: list[Stmt] = [Assign(target, passed_on(forward, forward.parameters, {}), ours=True)]

    def pulled(k: int, seed: Expr) -> Expr:
        seeds = tuple(seed if j == k else still(one) for j, one in enumerate(results))
        call = Call(Global(backward.name), (saved, Tuple(seeds) if parts.several else seeds[0]))
        return item(call, 0) if packed and len(wrt) == 1 else call

    for k, one in enumerate(results):
        elements = elements_of(one, supply.copy())
        names: list[Name | Subscript] = [parts.names[k, x.id] for x in variables]
        if elements is not None:
            for part, x in zip(names, variables, strict=True):
                dtype = () if x.type.dtype == "float64" else (dtype_of(x),)
                whole = Apply("empty", (Apply("add", (shape(one), shape(x))), *dtype))
                body.append(Assign(part, whole, ours=True))
            names = [Subscript(part, elements.index) for part in names]
        row = Assign(
            names[0] if len(names) == 1 else Tuple(tuple(names)),
            pulled(k, unit(one.type, backward.body) if elements is None else seed),
            ours=True,
        )
        body.append(row if elements is None else elements.each(seed, [row]))
    return parts.finished(forward, name, forward.parameters, body)


# ---------------------------------------------------------------- several at once
COLUMNS_OF_SEEDS = "# columns of the Jacobian: for each seed those in which it is 1, added up"
ROWS_OF_SEEDS = "# rows of the Jacobian: for each seed those in which it is 1, added up"
SEEDS = "seeds"


def columns_of_seeds(tangent: Function, dots: Mapping[str, str], name: str) -> Function:
    """A tangent for each of the seeds, which are those of the arguments, in a tuple where there are several."""
    own = [parameter for parameter in tangent.parameters if parameter.name not in dots.values()]
    supply = own_names(tangent.parameters, tangent)
    seeds, seed = Name(supply.fresh(SEEDS)), Name(supply.fresh("seed"))
    if len(dots) == 1:
        (dot,) = dots.values()
        seed = Name(dot)
        moving: dict[str, Expr] = {dot: seed}
    else:
        moving = {dot: item(seed, position) for position, dot in enumerate(dots.values())}
    each = Each(passed_on(tangent, own, moving), (seed,), (seeds,))
    return _of_seeds(tangent, name, own, seeds, (Return(each, ours=True),), COLUMNS_OF_SEEDS)


def rows_of_seeds(forward: Function, backward: Function, name: str, *, first: bool) -> Function:
    """Cotangents for each of the seeds, which are those of the results, in a tuple where there are several.

    ``first``: that of the first argument alone, of those that the backward function gives in a tuple.
    """
    supply = own_names(forward.parameters, forward, backward)
    seeds, seed, saved = (Name(supply.fresh(wish)) for wish in (SEEDS, "result_bar", "saved"))
    call = Call(Global(backward.name), (saved, seed))
    each = Each(item(call, 0) if first else call, (seed,), (seeds,))
    body = (
        Assign(saved, item(passed_on(forward, forward.parameters, {}), 1), ours=True),
        Return(each, ours=True),
    )
    return _of_seeds(forward, name, forward.parameters, seeds, body, ROWS_OF_SEEDS)


def _of_seeds(
    function: Function, name: str, own: Sequence[Parameter], seeds: Name, body: Block, header: str
) -> Function:
    last = len(own) - 1 if own and own[-1].kind == "double-starred" else len(own)
    parameters = (*own[:last], Parameter(seeds.id, "keyword-only"), *own[last:])
    return Function(name, parameters, body, function.home, header=(header,))


class Parts:
    """The parts of a Jacobian: for each of the results, if there are several, one for each argument."""

    def __init__(self, wrt: tuple[str, ...], results: int, several: bool, supply: NameSupply) -> None:
        self.wrt, self.results, self.several, self.supply = wrt, results, several, supply
        self.names: dict[tuple[int, str], Name] = {}
        for k in range(results):
            for argument in wrt:
                number, of = f"_{k}" if several else "", f"_{argument}" if len(wrt) > 1 else ""
                self.names[k, argument] = Name(supply.fresh(f"jacobian{number}{of}"))

    def finished(
        self, function: Function, name: str, parameters: Sequence[Parameter], body: Sequence[Stmt]
    ) -> Function:
        rows: list[Expr] = []
        for k in range(self.results):
            made = tuple(self.names[k, argument] for argument in self.wrt)
            rows.append(made[0] if len(made) == 1 else Tuple(made))
        returned: Expr = Tuple(tuple(rows)) if self.several else rows[0]
        *before, last = body
        if isinstance(last, Assign) and last.target == returned:
            body, returned = before, last.value
        return Function(name, tuple(parameters), (*body, Return(returned, ours=True)), function.home)
