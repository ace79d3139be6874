"""NumPy's calls that write into arrays, as what they are: a value, and the place it is written to.

``np.exp(x, out=y)`` is ``t = np.exp(x); y[...] = t``; so are ``np.copyto``, ``x.sort()``, ``x.fill(v)``, ``np.put`` and
``x **= 2``. The spelling of the assignment keeps how it was written, for the text.
"""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MethodType
from typing import Any, TypeAlias, cast

import numpy as np

from backprose.analyse.dependence import bind, is_text, through
from backprose.analyse.expressions import dotted
from backprose.analyse.places import is_view
from backprose.analyse.types import type_of
from backprose.ir.names import NameSupply
from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Augment,
    Block,
    Call,
    Const,
    Evaluate,
    Expr,
    For,
    Function,
    Global,
    If,
    List,
    Name,
    Stmt,
    Subscript,
    Tuple,
    While,
)
from backprose.ir.types import PYTHON_INT, Type
from backprose.ir.walk import UPDATES, reads, rebinds, statement_reads, statements
from backprose.lower.expressions import canonical_arguments
from backprose.lower.resolve import METHODS, accepts, position_of_out
from backprose.rules.registry import is_owner, op_of, rule_of

Keywords: TypeAlias = Mapping[str, Expr]
HAVE_ADJOINT = frozenset({"add", "subtract", "multiply", "divide"})  # ``x op= e`` of which the engine undoes itself
WRITING: tuple[object, ...] = (
    np.copyto, np.put, np.putmask, np.place, np.fill_diagonal, np.put_along_axis,
    np.ndarray.fill, np.ndarray.sort, np.ndarray.put, np.ndarray.partition,
)  # fmt: skip
# functions that may take their first argument as room to work in
OVERWRITING = (
    np.median, np.nanmedian, np.percentile, np.nanpercentile, np.quantile, np.nanquantile,
)  # fmt: skip
# functions that call one that they are given
CALLING = (
    np.apply_along_axis, np.apply_over_axes, np.piecewise, np.fromfunction, np.fromiter, np.frompyfunc, np.printoptions,
    np.info, np.genfromtxt, np.loadtxt, np.array2string, np.seterrcall, np.setbufsize, np.set_printoptions,
)  # fmt: skip
# elementwise operations that give finite derivatives whatever the operands are
MAKES = frozenset({"zeros", "ones", "full", "empty", "zeros_like", "ones_like", "full_like", "empty_like", "copy"})
MOST_AXES = 4  # of an operand that another one gets axes for
SAFE = frozenset({"add", "subtract", "negative", "positive"})


def named_out(args: tuple[Expr, ...], keywords: dict[str, Expr], at: int | None) -> tuple[Expr, ...]:
    """The arguments without an ``out`` by position, which goes to the keywords, and the None before it."""
    if at is None or len(args) != at + 1 or "out" in keywords:
        return args
    keywords["out"] = args[-1]
    args = args[:-1]
    while args and args[-1] == Const(None):
        args = args[:-1]
    return args


def write_out(function: Function, object_of: Callable[[Expr], Any], supply: NameSupply) -> Function:
    """The typed function with its writes as assignments to places; itself where there is nothing to change.

    ``object_of`` gives the present object of a name or path that is not local.

    >>> from backprose.analyse.types import infer
    >>> from backprose.emit import emit
    >>> from backprose.ir.nodes import Program
    >>> from backprose.lower import lower
    >>> from backprose.parse import parse
    >>> supply = NameSupply(())
    >>> def f(x, y):
    ...     np.exp(x, out=y)
    ...     x **= 2
    ...     return y
    >>> array = Type("array", "float64", (3,))
    >>> typed = infer(lower(parse(f), supply), {"x": array, "y": array}).function
    >>> done = write_out(typed, lambda expr: np.exp, supply)
    >>> print(emit(Program((done,))).text, end="")
    def f(x, y):
        _t1 = np.exp(x)
        y[...] = _t1
        _t2 = x ** 2
        x[...] = _t2
        return y
    """
    effects = _Effects(function, object_of, supply)
    body = effects.block(function.body)
    return replace(function, body=body) if effects.changed else function


@dataclass
class _Made:
    """What a call does: statements, and the value that it gives."""

    statements: list[Stmt]
    result: Expr


class _Effects:
    def __init__(self, function: Function, object_of: Callable[[Expr], Any], supply: NameSupply) -> None:
        self.object_of, self.supply = object_of, supply
        self.uses = Counter(name for stmt in statements(function.body) for name in statement_reads(stmt))
        self.views: dict[str, Expr] = {}  # temporaries that are views of an array, or the array itself
        self.own: set[str] = set()  # temporaries that are new arrays
        self.changed = False
        self.made: list[Stmt] = []
        self.stmt: Stmt | None = None
        self.functions: dict[Any, Callable[[tuple[Expr, ...], Keywords], Expr | None]] = {
            np.copyto: self.copyto,
            np.put: self.put,
            np.putmask: self.putmask,
            np.place: self.place,
            np.fill_diagonal: self.fill_diagonal,
        }
        self.methods: dict[str, Callable[[tuple[Expr, ...], Keywords], Expr | None]] = {
            "fill": self.fill,
            "sort": self.sort,
            "put": self.put,
        }

    # ------------------------------------------------------------ statements
    def block(self, block: Block) -> Block:
        result: list[Stmt] = []
        for stmt in block:
            if isinstance(stmt, (If, For, While)):
                self.forget({name for inner in statements((stmt,)) for name in rebinds(inner)})
                before = self.views
                stmt = replace(stmt, body=self.block(stmt.body), orelse=self.block(stmt.orelse))
                self.views = before
            self.made, self.stmt = [], stmt
            done = self.statement(stmt)
            for one in [*self.made, *done]:
                self.note(one)
                result.append(one)
        return tuple(result)

    def note(self, stmt: Stmt) -> None:
        """Which temporaries are views from here on."""
        self.forget(set(rebinds(stmt)))
        if isinstance(stmt, Assign) and isinstance(stmt.target, Name) and stmt.target.temporary:
            name, value = stmt.target.id, stmt.value
            if type_of(value).kind == "array" and (isinstance(value, Name) or is_view(value)):
                self.views[name] = self.resolved(value)
            elif isinstance(value, Apply) and value.op in MAKES:
                self.own.add(name)

    def forget(self, bound: set[str]) -> None:
        """These names are bound anew."""
        self.views = {name: view for name, view in self.views.items() if not (reads(view) | {name}) & bound}

    def resolved(self, place: Expr) -> Expr:
        """``x[i][j]`` for ``t[j]`` of a temporary ``t = x[i]``; itself where it is an array of its own."""
        if isinstance(place, Name):
            return self.views.get(place.id, place)
        return Subscript(self.resolved(place.value), place.index) if isinstance(place, Subscript) else place

    def statement(self, stmt: Stmt) -> list[Stmt]:
        match stmt:
            case Assign(target=Subscript() as target, value=Tuple() | List() as items) if self.is_float_array(target):
                return [replace(stmt, value=self.made_array(items))]
            case Augment(target=target, value=Tuple() | List() as items) if self.is_float_array(target):
                return self.statement(replace(stmt, value=self.made_array(items)))
            case Assign(value=Apply() as value) if (given := self.of_arrays(value)) is not value:
                return self.statement(replace(stmt, value=given))
            case Augment(target=target, op=op) if op not in HAVE_ADJOINT and self.is_float_array(target):
                return self.augmented(stmt)
            case Assign(value=Call() as call):
                result = self.call(call)
                if result is not None:
                    return [replace(stmt, value=result)]
            case Assign(value=Apply(op=op) as update) if op in UPDATES:
                self.changed = True
                return [Evaluate(update, stmt.span), replace(stmt, value=Const(None))]
            case Evaluate(value=Call() as call):
                if self.call(call) is not None:
                    self.made[-1] = replace(self.made[-1], comments=stmt.comments)
                    return []
        return [stmt]

    def made_array(self, items: Tuple | List) -> Name:
        """A display that is written into an array, as the array that NumPy makes of it."""
        self.changed = True
        return self.temporary(Apply("array", (List(items.items),)))

    def of_arrays(self, value: Apply) -> Apply:
        """An operation on displays and tuples of integers, where a derivative may pass, as one on the arrays that they
        are."""
        rule = rule_of(value.op)
        if is_text(value) or value.op in ("max_of", "min_of") or rule.by_item:
            return value
        if rule.kind not in ("elementwise", "linear", "general"):
            return value
        by_numpy = value.spelling.endswith("multiply")
        if (
            value.op in ("add", "multiply")
            and not by_numpy
            and not any(type_of(part).kind == "array" for part in value.args)
        ):
            return value  # a list may be longer, or repeated
        operands = bind(value, rule)
        parts = [part for name, part in operands.items() if name in rule.active]
        tuples = [part for part in parts if is_constant_tuple(part)]
        active = {id(part) for part in parts if isinstance(part, Tuple | List) or part in tuples}
        if not active or not any(any(through(part)) for part in parts if part not in tuples):
            return value

        def array(operand: Expr) -> Expr:
            if id(operand) not in active:
                return operand
            if isinstance(operand, Tuple | List):
                return self.made_array(operand)
            self.changed = True
            return self.temporary(Apply("array", (operand,)))

        keywords = tuple((key, array(part)) for key, part in value.keywords)
        return replace(value, args=tuple(map(array, value.args)), keywords=keywords)

    def is_float_array(self, target: Expr) -> bool:
        while isinstance(target, Subscript):
            target = target.value
        return isinstance(target, Name) and target.type.kind == "array" and target.type.may_be_differentiable

    def augmented(self, stmt: Augment) -> list[Stmt]:
        self.changed = True
        if isinstance(stmt.target, Name):
            old: Expr = stmt.target
            place = Subscript(stmt.target, Const(...))
        else:
            assert isinstance(stmt.target, Subscript)
            place = stmt.target
            old = self.content(place)
        value = self.temporary(Apply(stmt.op, (old, stmt.value), (), "operator", stmt.span))
        return [Assign(place, value, stmt.span, stmt.comments, stmt.ours, "augmented")]

    def temporary(self, value: Expr) -> Name:
        assert self.stmt is not None
        held = self.supply.temporary(type_of(value))
        self.made.append(Assign(held, value, self.stmt.span, ours=self.stmt.ours))
        return held

    def write(self, place: Subscript, value: Expr, spelling: str) -> None:
        assert self.stmt is not None
        self.changed = True
        self.made.append(Assign(place, value, self.stmt.span, None, self.stmt.ours, spelling))

    # ------------------------------------------------------------ calls
    def call(self, call: Call) -> Expr | None:
        """What a call gives, after the statements that do what it does; None where it is no write of NumPy's."""
        keywords = dict(call.keywords)
        function, args = call.function, call.args
        if len(keywords) < len(call.keywords) or "**" in keywords:
            return None
        owner = function.value if isinstance(function, Attribute) and isinstance(function.value, Name) else None
        if owner is not None and isinstance(function, Attribute):
            if owner.type.kind != "array":
                return None
            if function.attr in self.methods:
                return self.methods[function.attr]((owner, *args), keywords)
            return self.method(owner, function.attr, args, keywords, call)
        found = self.object_of(function)
        try:
            known = self.functions.get(found)
        except (TypeError, ValueError):  # not hashable; a memoryview that can be written
            return None
        if known is not None:
            return known(args, keywords)
        if is_ufunc_method(found) and found.__name__ == "at":
            return self.at(op_of(found.__self__), args, keywords)
        op = op_of(found)
        if is_ufunc_method(found) and found.__name__ == "outer" and (op is None or "out" in keywords):
            elementwise = op_of(found.__self__)
            return None if elementwise is None else self.outer(elementwise, args, keywords, call)
        if op is None or not isinstance(function, (Global, Attribute)):
            return None
        args = named_out(args, keywords, position_of_out(found))
        return self.operation(op, args, keywords, f"function:{dotted(function)}", call)

    def method(
        self, owner: Name, name: str, args: tuple[Expr, ...], keywords: dict[str, Expr], call: Call
    ) -> Expr | None:
        at = position_of_out(getattr(np, name)) if name in METHODS and hasattr(np, name) else None
        args = args if at is None else named_out(args, keywords, at - 1)
        if name not in METHODS or "out" not in keywords:
            return None
        out = keywords.pop("out")
        given, named = canonical_arguments(name, args, tuple(keywords.items()))
        return self.operation(name, (owner, *given), {**dict(named), "out": out}, f"method:{name}", call)

    def operation(
        self, op: str, args: tuple[Expr, ...], keywords: dict[str, Expr], spelling: str, call: Call
    ) -> Expr | None:
        """An operation with ``out=``, and perhaps ``where=``."""
        out, where = keywords.pop("out", None), keywords.pop("where", Const(True))
        if isinstance(out, Tuple) and len(out.items) == 1:
            out = out.items[0]
        place = None if out is None else self.place_of(out)
        if place is None or out is None or not accepts(op, len(args), list(keywords)):
            return None
        elementwise = rule_of(op).kind in ("elementwise", "constant") and op != "where"
        masked = where != Const(True)
        if masked and not elementwise:
            return None
        if masked and op not in SAFE:  # what is not computed must not raise warnings
            one = Const(1)
            args = tuple(
                arg if isinstance(arg, Const) else self.temporary(Apply("where", (where, arg, one))) for arg in args
            )
        value = Apply(op, args, tuple(keywords.items()), spelling, call.place)
        if not elementwise and (type_of(value).dtype is None or type_of(value).dtype != type_of(place).dtype):
            told = isinstance(out, Name) and "dtype" not in keywords and accepts(op, len(args), [*keywords, "dtype"])
            if not told:
                return None
            dtype = ("dtype", self.temporary(Attribute(out, "dtype")))  # a reduction computes in the dtype of its out
            value = Apply(op, args, (*keywords.items(), dtype), spelling, call.place)
        held = self.temporary(value)
        if not masked:
            self.write(place, held, "out")
            return out
        chosen = self.temporary(Apply("where", (where, held, self.content(place))))
        if isinstance(out, Name) and out.id in self.own and self.uses[out.id] == 1:
            types = type_of(chosen), out.type  # an array of its own, made for this call
            if types[0].dtype == types[1].dtype is not None and types[0].shape == types[1].shape is not None:
                self.changed = True
                return chosen
        self.write(place, chosen, "copyto")
        return out

    def place_of(self, out: Expr) -> Subscript | None:
        """The place that an array given to write into is."""
        if not isinstance(out, Name) or out.type.kind != "array":
            return None
        place = self.resolved(out)
        return place if isinstance(place, Subscript) else Subscript(place, Const(...))

    def content(self, place: Subscript) -> Expr:
        """What is in a place now, in flat form."""
        if place.index == Const(...) and isinstance(place.value, Name):
            return place.value
        if isinstance(place.value, Subscript):
            return self.temporary(Subscript(self.content(place.value), place.index))
        return self.temporary(place)

    # ------------------------------------------------------------ functions that only write
    def copyto(self, args: tuple[Expr, ...], keywords: Keywords) -> Expr | None:
        values = _bound(("dst", "src"), args, keywords, ("where",))
        place = None if values is None else self.place_of(values["dst"])
        if values is None or place is None:
            return None
        value, where = values["src"], values.get("where", Const(True))
        if where != Const(True):
            value = self.temporary(Apply("where", (where, value, self.content(place))))
        self.write(place, value, "copyto")
        return Const(None)

    def putmask(self, args: tuple[Expr, ...], keywords: Keywords) -> Expr | None:
        """As ``copyto``, with values that are repeated over the array."""
        values = _bound(("a", "mask", "values"), args, keywords)
        place = None if values is None else self.place_of(values["a"])
        if values is None or place is None:
            return None
        old = self.content(place)
        value = self.repeated(values["values"], type_of(place), Apply("shape", (old,)))
        self.write(place, self.temporary(Apply("where", (values["mask"], value, old))), "putmask")
        return Const(None)

    def place(self, args: tuple[Expr, ...], keywords: Keywords) -> Expr | None:
        """The first values, one for each True."""
        values = _bound(("arr", "mask", "vals"), args, keywords)
        place = None if values is None else self.place_of(values["arr"])
        if values is None or place is None or not isinstance(values["mask"], Name):
            return None
        part = _part(place, values["mask"])
        count = Apply("count_nonzero", (values["mask"],))
        self.write(part, self.repeated(values["vals"], type_of(part), count), "place")
        return Const(None)

    def put(self, args: tuple[Expr, ...], keywords: Keywords) -> Expr | None:
        """Into the elements in C order."""
        values = _bound(("a", "ind", "v"), args, keywords)
        place = None if values is None else self.place_of(values["a"])
        if values is None or place is None or not type_of(place).rank:
            return None
        index = values["ind"]
        index = List(index.items) if isinstance(index, Tuple) else index
        part = _part(place, index)
        if type_of(place).rank != 1:
            part = Subscript(self.temporary(Apply("ravel", (self.content(place),), (), "attribute:flat")), index)
        self.write(part, self.repeated(values["v"], type_of(part), Apply("shape", (part.index,))), "put")
        return Const(None)

    def at(self, op: str | None, args: tuple[Expr, ...], keywords: Keywords) -> Expr | None:
        """``np.multiply.at(a, indices, b)``: for one index after the other, because one may be named twice."""
        values = _bound(("a", "indices", "b"), args, keywords) or _bound(("a", "indices"), args, keywords)
        place = None if values is None else self.place_of(values["a"])
        if op is None or values is None or place is None or not accepts(op, len(values) - 1, ()):
            return None
        if len(values) == 2:
            return self.at_each(op, place, values["indices"])
        index, value = values["indices"], self.held(values["b"])
        found, rank, axes = type_of(index), type_of(value).rank, type_of(place).rank
        if rank is None or axes is None:
            return None
        if isinstance(index, Tuple) or found.kind == "tuple":  # an index for each axis
            if rank or not isinstance(index, Tuple) or not all(map(_is_index, index.items)):
                return None
            self.update(_part(place, index), op, value)
            return Const(None)
        each = rank < axes  # the same value for every index
        if rank == 0 and isinstance(index, List) and all(map(_is_index, index.items)):
            for item in index.items:
                self.update(_part(place, item), op, value)
            return Const(None)
        if rank == 0 and found.kind == "array" and found.dtype == "bool":
            self.update(_part(place, index), op, value)
            return Const(None)
        index = self.held(index)
        found = type_of(index)
        whole = (found.dtype or "").startswith(("int", "uint"))
        if not whole or found.rank != 1 or not (each or rank == axes):
            return None
        if each and rank:
            value = self.temporary(Apply("copy", (value,)))
        elif rank:
            chosen = index if axes == 1 else self.temporary(_part(place, index))
            value = self.temporary(Apply("broadcast_to", (value, self.temporary(Apply("shape", (chosen,))))))
            value = self.temporary(Apply("copy", (value,)))  # it may be a part of what is written

        def one(item: Expr, position: Name) -> None:
            self.update(_part(place, item), op, value if each else self.temporary(Subscript(value, position)))

        return self.one_by_one(index, one)

    def at_each(self, op: str, place: Subscript, index: Expr) -> Expr | None:
        """``np.exp.at(a, indices)``, of operations with one operand."""

        def one(item: Expr, _position: Name | None = None) -> None:
            part = _part(place, item)
            self.write(part, self.temporary(Apply(op, (self.content(part),))), "")

        if isinstance(index, List) and all(map(_is_index, index.items)):
            for item in index.items:
                one(item)
            return Const(None)
        if isinstance(index, Tuple):  # an index for each axis
            if not all(map(_is_index, index.items)):
                return None
            one(index)
            return Const(None)
        index = self.held(index)
        found = type_of(index)
        if found.kind == "tuple":
            return None
        if found.kind == "array" and found.dtype == "bool":
            one(index)
            return Const(None)
        if not (found.dtype or "").startswith(("int", "uint")) or found.rank != 1:
            return None
        return self.one_by_one(index, one)

    def one_by_one(self, index: Expr, one: Callable[[Expr, Name], None]) -> Expr:
        """A loop over the items of an array of indices."""
        position = Name(self.supply.fresh("position"), PYTHON_INT)
        turns = Apply("range", (self.temporary(Apply("len", (index,))),))
        outer, self.made = self.made, []
        one(self.temporary(Subscript(index, position)), position)
        body, self.made = tuple(self.made), outer
        assert self.stmt is not None
        self.made.append(For(position, turns, body, span=self.stmt.span))
        return Const(None)

    def outer(self, op: str, args: tuple[Expr, ...], keywords: dict[str, Expr], call: Call) -> Expr | None:
        """``np.hypot.outer(a, b)``: of ``a`` with an axis of length 1 for each axis of ``b``."""
        if len(args) != 2 or keywords.keys() - {"out"} or not accepts(op, 2, ()):
            return None
        one, other = (self.held(arg) for arg in args)
        rank = type_of(other).rank
        if rank is None:  # the shape says it when the text runs
            axes = self.temporary(
                Apply("multiply", (Tuple((Const(1),)), self.temporary(Apply("ndim", (other,)))), (), "operator")
            )
            lengths = self.temporary(Apply("add", (self.temporary(Apply("shape", (one,))), axes), (), "operator"))
            one = self.temporary(Apply("reshape", (one, lengths)))
        elif rank > MOST_AXES:
            return None
        elif rank:
            one = self.temporary(Subscript(one, Tuple((Const(...), *(Const(None),) * rank))))
        spelling = "numpy"
        if "out" in keywords:
            return self.operation(op, (one, other), keywords, spelling, call)
        self.changed = True
        return self.temporary(Apply(op, (one, other), (), spelling, call.place))

    def update(self, part: Subscript, op: str, value: Expr) -> None:
        """``part op= value``."""
        assert self.stmt is not None
        if op in HAVE_ADJOINT:
            self.changed = True
            self.made.append(Augment(part, op, value, self.stmt.span, ours=self.stmt.ours))
        else:
            self.write(part, self.temporary(Apply(op, (self.content(part), value))), "")

    def repeated(self, value: Expr, place: Type, shape: Expr) -> Expr:
        """The values that a function writes which repeats them, or leaves some out, where they do not fit."""
        value = self.held(value)
        given = type_of(value)
        if _is_number(given) or (given.shape is not None and given.shape == place.shape):
            return value
        return self.temporary(Apply("resize", (value, self.temporary(shape))))

    def held(self, value: Expr) -> Expr:
        return self.temporary(Apply("asarray", (value,))) if isinstance(value, (List, Tuple)) else value

    def fill_diagonal(self, args: tuple[Expr, ...], keywords: Keywords) -> Expr | None:
        values = _bound(("a", "val"), args, keywords)
        place = None if values is None else self.place_of(values["a"])
        if values is None or place is None or type_of(place).rank != 2 or not isinstance(values["a"], Name):
            return None
        shape = self.temporary(Apply("shape", (values["a"],)))
        rows, columns = (self.temporary(Subscript(shape, Const(axis))) for axis in (0, 1))
        square = rows.type.extent is not None and rows.type.extent == columns.type.extent
        length: Expr = rows if square else self.temporary(Apply("min_of", (rows, columns)))
        along = Apply("arange", (length,))
        part = _part(place, Tuple((along, along)))
        self.write(part, self.repeated(values["val"], type_of(part), length), "fill_diagonal")
        return Const(None)

    def fill(self, args: tuple[Expr, ...], keywords: Keywords) -> Expr | None:
        values = _bound(("array", "value"), args, keywords)
        place = None if values is None else self.place_of(values["array"])
        if values is None or place is None:
            return None
        self.write(place, values["value"], "fill")
        return Const(None)

    def sort(self, args: tuple[Expr, ...], keywords: Keywords) -> Expr | None:
        place = self.place_of(args[0])
        if place is None or not accepts("sort", len(args), list(keywords)):
            return None
        old = self.content(place)
        self.write(place, self.temporary(Apply("sort", (old, *args[1:]), tuple(keywords.items()))), "sort")
        return Const(None)


# ---------------------------------------------------------------- small facts
def is_write(function: object) -> bool:
    """Whether a function of NumPy's does nothing but write into an array that it is given."""
    return function in WRITING or (getattr(function, "__name__", "") == "at" and is_ufunc_method(function))


def works_in_place(function: object, call: Call) -> bool:
    """Whether an option of a function of NumPy's lets it write into its first argument: ``overwrite_input=True``."""
    option, harmless = ("copy", True) if function is np.nan_to_num else ("overwrite_input", False)
    if not any(function is one for one in (np.nan_to_num, *OVERWRITING)):
        return False
    given = dict(call.keywords)
    names = list(inspect.signature(cast("Callable[..., Any]", function)).parameters)
    given.update(zip(names, call.args, strict=False))
    return option in given and given[option] != Const(harmless)


def changes_nothing(function: object) -> bool:
    """Whether a function is one of NumPy's that leaves its arguments as they are, and calls no other one."""
    name = getattr(function, "__name__", "")
    if isinstance(function, MethodType) and is_owner(function.__self__):
        return name != "expect"  # of a distribution
    public = callable(function) and any(vars(one).get(name) is function for one in (np, np.linalg, np.fft))
    return (
        public
        and not is_write(function)
        and not any(function is one for one in CALLING)
        and not name.startswith(("save", "seterr"))
    )


def is_ufunc_method(function: object) -> bool:
    return isinstance(getattr(function, "__self__", None), np.ufunc)


def _bound(
    parameters: tuple[str, ...], args: tuple[Expr, ...], keywords: Keywords, optional: tuple[str, ...] = ()
) -> dict[str, Expr] | None:
    """The arguments by name; None where there are others."""
    values = {**dict(zip(parameters, args, strict=False)), **keywords}
    complete = set(parameters) <= values.keys() <= {*parameters, *optional}
    return values if complete and len(values) == len(args) + len(keywords) else None


def _is_number(type: Type) -> bool:
    return type.rank == 0


def _is_index(item: Expr) -> bool:
    return type_of(item).rank == 0 and (type_of(item).dtype or "").startswith("int")  # a bool is no index


def _part(place: Subscript, index: Expr) -> Subscript:
    return Subscript(place.value if place.index == Const(...) else place, index)


def is_constant_tuple(value: Expr) -> bool:
    """Whether a variable is a tuple that no derivative passes through."""
    known = type_of(value)
    return isinstance(value, Name) and known.kind == "tuple" and known.items is not None and not known.is_structure
