"""Values of operations: what Python and NumPy do with structures, objects and texts among the operands."""

from __future__ import annotations

import ast
import builtins
import math
import operator
from collections.abc import Hashable
from dataclasses import replace
from typing import Any

import numpy as np

from backprose.analyse.evaluate import evaluate
from backprose.analyse.several import results_of
from backprose.expand.comparisons import goes_first, has_operator, is_tuple
from backprose.expand.evaluator import Evaluator, many
from backprose.expand.frames import Frame
from backprose.expand.iterated import gives_items
from backprose.expand.values import (
    NOT_IMPLEMENTED,
    Closure,
    Known,
    Rows,
    Sequence,
    Struct,
    Super,
    Value,
    is_leaf,
)
from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Call,
    Compare,
    Const,
    Expr,
    Global,
    Name,
    Ours,
    Starred,
    Stmt,
    Tuple,
)
from backprose.lower.resolve import SPREAD, accepts
from backprose.rules.registry import op_of, rule_of

BUILTINS: dict[str, Any] = {
    op_of(one) or one.__name__: one
    for one in (builtins.len, builtins.max, builtins.min, builtins.list, builtins.tuple, builtins.reversed)
}
GIVE_LISTS = frozenset({"split", "array_split", "hsplit", "vsplit", "dsplit"})  # where others give tuples
MAKES_LISTS = ("sections", "unsliced")  # functions with a rule that give a list
TAKE_INDEXES = ("add.at", "subtract.at", "last_writes")  # functions whose second argument is an index
TAKEN_APART = {op_of(one): one for one in (builtins.divmod, math.prod, np.block)}  # written with other operations
PATTERNS = {"is_sequence": ("tuple", "list"), "is_mapping": ("dict",)}  # what ``match`` takes for one
OF_LISTS = frozenset(
    "len list tuple sorted reversed sum_of max_of min_of isinstance enumerate zip is_sequence is_mapping map stack"
    " concatenate vstack hstack".split()
)  # operations that take a list for what it is
CASTS = frozenset({"astype", "array", "asarray", "zeros", "ones", "full", "empty"})  # which may be given a dtype
LIKE_ARRAYS = ("__array__", "__array_interface__", "__array_struct__", "__len__", "__array_ufunc__")
LEAST: dict[str | None, Any] = {op_of(builtins.min): min, op_of(builtins.max): max}
OF_PYTHON = (builtins.abs, builtins.float, builtins.int, builtins.round)
OF_OBJECTS = {"abs": "__abs__", "absolute": "__abs__", "float": "__float__", "int": "__int__", "round": "__round__"}
SPECIAL = {
    "add": "add", "subtract": "sub", "multiply": "mul", "divide": "truediv", "power": "pow", "matmul": "matmul",
    "floor_divide": "floordiv", "mod": "mod",
}  # fmt: skip


def takes_apart(stmt: Stmt) -> bool:
    """Whether the parts of an array, as ``np.unstack`` gives them, get a name each: so many there are."""
    match stmt:
        case Assign(target=Tuple(items=items), value=Apply(op="unstack")):
            return not any(isinstance(item, Starred) for item in items)
    return False


class Operations(Evaluator):
    """Values of operations."""

    def system(self, op: str, args: list[Value], keywords: dict[str, Value], stmt: Stmt, wish: str) -> Value | None:
        raise NotImplementedError

    @staticmethod
    def is_spread(expr: Apply, frame: Frame) -> bool:
        """Whether ``x.reshape(2, 3)`` is written so: a method of a user's with that name takes two arguments."""
        if len(expr.args) != 2 or not isinstance(expr.args[1], Tuple) or expr.place is None:
            return False
        call: Any = ast.parse(f"({frame.parsed.text_of(expr.place)})", mode="eval").body
        return len(call.args) > 1 or any(isinstance(arg, ast.Starred) for arg in call.args)

    def apply(self, expr: Apply, frame: Frame, stmt: Stmt, wish: str) -> Value:
        args = self.items(expr.args, frame, stmt)
        first = args[0] if args else None
        if expr.op == "sum_of":
            args += [self.value(start, frame, stmt) for _, start in expr.keywords]
            expr = replace(expr, keywords=())
            self.check_start(first, args[1:], stmt)
        if expr.op == "not" and isinstance(first, Sequence):
            return Apply("not", (first.columns[0],), (), expr.spelling)
        if expr.op == "bool" and first is not None and len(args) == 1:
            return self.truth_value(expr, self.truth_of(first, stmt), frame, stmt)
        if expr.op.startswith("scipy.sparse."):
            solved = self.system(
                expr.op, args, {key: self.value(one, frame, stmt) for key, one in expr.keywords}, stmt, wish
            )
            if solved is not None:
                return solved
        name = expr.spelling.partition(":")[2]
        if expr.spelling.startswith(("method:", "attribute:")) and (
            isinstance(first, Struct | Sequence | Closure | Known | Super)
            or (first is not None and self.member_outside(first, name) is not None)
        ):
            if expr.spelling.startswith("attribute:"):
                return self.attribute(first, name, stmt)
            keywords = {key: self.value(value, frame, stmt) for key, value in expr.keywords}
            given = self.several(args[1], stmt) if name in SPREAD and self.is_spread(expr, frame) else args[1:]
            return self.method(first, name, given, stmt, keywords, wish)
        starred = any(isinstance(one, Starred) for one in expr.args)
        if starred and not accepts(expr.op, len(args), [key for key, _ in expr.keywords]):
            self.fail(
                stmt, f"{name} of {len(args)} arguments", "as many are behind the star", "write the arguments out",
                "starred",
            )  # fmt: skip
        if name in SPREAD and len(args) == 2 and isinstance(args[1], Struct) and len(args[1].slots) == 1:
            args[1] = args[1].slots[0]  # transpose(*((1, 0),))
        if expr.op == "with_attributes":
            return self.with_attributes(first, expr.keywords, frame, stmt, wish)
        formats = expr.op == "mod" and isinstance(first, Const) and type(first.value) is str
        beside = any(isinstance(arg, Struct | Sequence) or self.object_outside(arg) is not None for arg in args)
        function = self.written_with(expr, frame) if beside else None
        as_operator = expr.spelling.startswith("operator") or getattr(function, "__module__", "") == "_operator"
        if beside and as_operator and not formats and 1 <= len(args) <= 2 and not expr.keywords:
            if len(args) == 1:
                return self.unary(expr.op, args[0], stmt)
            return self.binary(expr.op, args[0], args[1], stmt)
        if expr.op in TAKEN_APART and not expr.keywords:
            parts = self.builtin(TAKEN_APART[expr.op], args, {}, stmt, wish)
            if parts is not None:
                return parts
        if expr.op == "sum_of" and isinstance(first, Struct) and first.kind in ("tuple", "list"):
            total: Value = args[1] if len(args) > 1 else Const(0)
            for item in self.several(first, stmt):
                total = self.added(total, item, stmt)
            return total
        if expr.op == "len" and not expr.spelling and isinstance(first, Struct) and first.kind == "object":
            self.check_iterated(first, stmt)
        if expr.op == "len" and isinstance(first, Rows):
            return self.number_of(first)
        if expr.op == "len" and isinstance(first, Struct):
            return self.method(first, "__len__", [], stmt) if first.kind == "object" else self.count(first, stmt)
        if expr.op in ("reversed", "list", "tuple", "sorted") and isinstance(first, Struct):
            return self.sequence(expr.op, first, stmt, wish)
        if expr.op == "isinstance" and self.is_structure(first or Const(None)):
            return self.isinstance(first, args[1])
        if expr.op in PATTERNS and first is not None and (fits := self.fits(first, PATTERNS[expr.op])) is not None:
            return Const(fits)
        if expr.op == "isinstance" and self.is_no_object(first, args[1]):
            return Const(False)
        if len(args) == 1 and isinstance(first, Struct) and expr.op in OF_OBJECTS:
            asked = OF_OBJECTS[expr.op]
            own = function in OF_PYTHON and has_operator(first.cls, asked)  # NumPy takes a tuple for an array
            if first.kind == "object" or own:
                return self.method(first, asked, [], stmt)
        if isinstance(first, Sequence) and not (expr.op == "sum_of" and first.form is None):
            found = self.builtin_of_sequence(BUILTINS.get(expr.op), first, stmt)
            if found is not None:
                return found
        if expr.op == "list" and len(args) == 1 and first is not None and is_leaf(first):
            return self.listed(first, stmt)
        known = None if first is None else self.now_constant(first)
        if expr.op == "len" and isinstance(known, Const) and type(known.value) is str:
            return Const(len(known.value))
        if expr.op in ("add", "multiply", "mod") and isinstance(known, Const) and type(known.value) is str:
            text = self.text(expr.op, known.value, args[1])
            if text is None and expr.op == "mod" and isinstance(args[1], Struct):
                return replace(expr, args=(known, self.argument(args[1], stmt)))
            if text is not None:
                return text
        self.check_no_objects(expr.op, args, expr.keywords, stmt)
        args = self.lists_outside(expr, args, stmt)
        if expr.op in LEAST and len(args) > 1:
            self.check_compared(args, stmt)
        if expr.op in TAKE_INDEXES:
            args[1:2] = [self.tuple_made(args[1], stmt)]
        args = self.as_arrays(expr.op, args, stmt)
        numbers = [arg.value for arg in map(self.now_constant, args) if isinstance(arg, Const)]
        if expr.op in LEAST and len(numbers) == len(args) > 1 and all(type(one) is int for one in numbers):
            return Const(LEAST[expr.op](numbers))
        if LEAST.get(expr.op) is min and len(args) == 2 and len(numbers) == 1 and type(numbers[0]) is int:
            other = next(arg for arg in args if not isinstance(self.now_constant(arg), Const))
            return self.lesser(
                numbers[0],
                self.leaf(other, stmt),
                replace(expr, args=(self.leaf(args[0], stmt), self.leaf(args[1], stmt))),
                stmt,
            )
        active = rule_of(expr.op).active
        keywords_made = tuple(
            (
                key,
                self.argument(self.with_arrays(value, stmt) if key in active else value, stmt),
            )
            for key, value in ((key, self.value(value, frame, stmt)) for key, value in expr.keywords)
        )
        made = replace(
            expr,
            args=tuple(self.argument(arg, stmt) for arg in args),
            keywords=keywords_made,
            spelling=self.respelled(expr, frame, stmt),
        )
        if expr.op in MAKES_LISTS:
            return self.made_list(made, stmt)
        if results_of(made) > 1:
            return self.results(made, stmt, wish)
        if expr.op == "unstack" and takes_apart(stmt):
            axis = dict(made.keywords).get("axis", Const(0))
            return evaluate(Apply("moveaxis", (made.args[0], axis, Const(0))))
        return evaluate(made if frame.outermost else replace(made, place=None))

    def written_with(self, expr: Apply, frame: Frame) -> Any:
        """The function that an operation is a call of; None for an operator or a method."""
        sort, _, path = expr.spelling.partition(":")
        if sort != "function":
            return None
        root, *attrs = path.split(".")
        named: Expr = Global(root)
        for attr in attrs:
            named = Attribute(named, attr)
        return self.meaning(named, frame)

    def truth_value(self, expr: Apply, value: Value, frame: Frame, stmt: Stmt) -> Expr:
        """``bool(...)``: of a list, whether it has items."""
        if isinstance(value, Struct):
            self.check_whole(value, stmt)
        truth = self.truth(value)
        if truth is not None:
            return Const(truth)
        asked = value.columns[0] if isinstance(value, Sequence | Rows) else self.leaf(value, stmt)
        place = expr.place if frame.outermost else None
        return replace(expr, args=(asked,), spelling=self.respelled(expr, frame, stmt), place=place)

    def number_of(self, owner: Rows) -> Expr:
        raise NotImplementedError

    def with_arrays(self, value: Value, stmt: Stmt) -> Value:
        raise NotImplementedError

    def lesser(self, count: int, other: Expr, value: Expr, stmt: Stmt) -> Name:
        """``min(3, len(x))`` under a name of which that is known."""
        name = self.held(value, stmt)
        self.least[name.id] = count, other
        return name

    def check_no_objects(self, op: str, args: list[Value], keywords: tuple[tuple[str, Expr], ...], stmt: Stmt) -> None:
        """``x.astype(object)``, ``np.array(x, dtype="O")``: no derivative goes through arrays of objects."""
        said: list[Value] = [*args[1:], *(value for key, value in keywords if key == "dtype")]
        for one in said:
            text = one.value if isinstance(one, Const) and type(one.value) is str else None
            meant = one.value if isinstance(one, Known) else self.outside(one)
            if any(meant is one for one in (object, str, bytes)) or (
                text is not None and op in CASTS and text.lstrip("<>=|")[:1] in "OUSa"
            ):
                self.fail(
                    stmt, "an array of objects or texts", "what its items do is not known", "use a dtype of numbers",
                    "data",
                )  # fmt: skip

    def rows_as_array(self, value: Sequence, stmt: Stmt) -> Expr:
        """``np.array`` of a list of tuples of numbers or arrays: they become an axis, the second one."""
        if value.form is None or value.form.kind not in ("tuple", "list") or any(value.form.parts):
            return self.leaf(value, stmt)
        empty = Compare((self.held(Apply("len", (value.columns[0],)), stmt), Const(0)), ("==",))
        self.check_when_run(empty, "this derivative was made for a list that has items", stmt)
        columns = tuple(self.held(Apply("array", (column,)), stmt) for column in value.columns)
        return self.held(Apply("stack", (Tuple(columns),), (("axis", Const(1)),)), stmt)

    def lists_outside(self, expr: Apply, args: list[Value], stmt: Stmt) -> list[Value]:
        """A list of numbers outside, as an operand, is the array that NumPy makes of it."""
        repeats = expr.op in ("add", "multiply") and expr.spelling.startswith("operator")
        whole = [isinstance(arg, Const) and type(arg.value) is int for arg in map(self.now_constant, args)]
        rule = rule_of(expr.op)
        stays_a_list = repeats and (any(whole) or all(map(self.is_list_outside, args)))
        if expr.op in OF_LISTS or expr.op in TAKE_INDEXES or rule.kind == "constant" or stays_a_list:
            return args
        names = [parameter.name for parameter in rule.parameters]
        fixed = [place < len(names) and names[place] not in rule.active for place in range(len(args))]
        return [arg if is_fixed else self.array_outside(arg, stmt) for arg, is_fixed in zip(args, fixed, strict=True)]

    def array_outside(self, value: Value, stmt: Stmt) -> Value:
        return self.held(Apply("asarray", (self.leaf(value, stmt),)), stmt) if self.is_list_outside(value) else value

    def check_start(self, items: Value | None, start: list[Value], stmt: Stmt) -> None:
        """``sum(array, start)``: an array as the start could make the sum of another shape than the items."""
        if not start or not is_leaf(items or Const(None)):
            return
        now = self.now_constant(start[0])
        if not isinstance(now, Const) and not (isinstance(now, Name) and now.type.is_immutable_scalar):
            self.fail(
                stmt, "this start of a sum", "it could be an array of another shape than the items",
                "add it on its own: start + sum(items)", "functions",
            )  # fmt: skip

    def results(self, value: Apply, stmt: Stmt, wish: str) -> Struct:
        """The arrays of an operation that gives several, each under a name."""
        names = tuple(self.supply.temporary() for _ in range(results_of(value)))
        assert self.frame is not None
        self.emit(Assign(Tuple(names), value, stmt.span), self.frame)
        kind: Any = "list" if value.op in GIVE_LISTS else "tuple"
        return Struct(kind, dict(enumerate(names)), rule_of(value.op).named, wish if kind == "list" else "")

    def with_attributes(
        self, thing: Value | None, attributes: tuple[tuple[str, Expr], ...], frame: Frame, stmt: Stmt, wish: str
    ) -> Struct:
        """An object of the class of another one, or of this class; emitted text makes it."""
        cls = thing.cls if isinstance(thing, Struct) else None
        if isinstance(thing, Global | Attribute):
            cls = self.meaning(thing, frame)
        if not isinstance(cls, type):
            self.fail(stmt, "this object", "its class is not known here", "return numbers or arrays", "objects")
        slots: dict[Hashable, Value] = {key: self.value(value, frame, stmt) for key, value in attributes}
        return Struct("object", slots, cls, wish, like=thing.like if isinstance(thing, Struct) else None)

    def text(self, op: str, left: str, right: Value) -> Const | None:
        """``"w" + "1"``, ``"w%d" % 1`` and ``"ab" * 2`` of constants."""
        known = self.now_constant(right)
        given: Any = None
        if isinstance(known, Struct) and known.kind == "tuple" and op == "mod":
            parts = [self.now_constant(part) for part in known.slots.values()]
            if all(isinstance(part, Const) for part in parts):
                given = tuple(part.value for part in parts if isinstance(part, Const))
        kinds = {"add": (str,), "multiply": (int,), "mod": (str, int, float)}[op]
        if isinstance(known, Const) and type(known.value) in kinds:
            given = known.value
        if given is None:
            return None
        try:
            return Const({"add": operator.add, "multiply": operator.mul, "mod": operator.mod}[op](left, given))
        except (TypeError, ValueError):
            return None  # it is raised where it stands, when the text runs

    def sequence(self, op: str, first: Struct, stmt: Stmt, wish: str) -> Struct:
        items = self.several(first, stmt)
        if op == "reversed":
            items.reverse()
        elif op == "sorted":
            self.fail(stmt, "sorting these", "their order is not known now", "use np.sort on an array", "containers")
        return Struct("tuple" if op in ("tuple", "reversed") else "list", dict(enumerate(items)), None, wish)

    def check_compared(self, args: list[Value], stmt: Stmt) -> None:
        """The greatest of several tuples or lists is one of these, not one of arrays."""
        if any(isinstance(arg, Sequence) or (isinstance(arg, Struct) and arg.kind != "object") for arg in args):
            self.fail(
                stmt, "a comparison of structures here", "which of them is greater is not known now",
                "compare the numbers that decide: max(..., key=...)", "containers",
            )  # fmt: skip

    def check_iterated(self, owner: Struct, stmt: Stmt) -> None:
        """A loop over an object: refused where it does not take the items by index."""
        assert owner.cls is not None
        if not gives_items(owner.cls):
            self.fail(
                stmt, f"a loop over a {owner.cls.__name__}",
                "its __iter__ may give something else than its items from 0 to its length",
                "loop over a list or an array in it", "iteration",
            )  # fmt: skip

    def added(self, one: Value, other: Value, stmt: Stmt) -> Value:
        raise NotImplementedError

    def isinstance(self, value: Value | None, classes: Value) -> Const:
        raise NotImplementedError

    @staticmethod
    def fits(value: Value, kinds: tuple[str, ...]) -> bool | None:
        """Whether a value is of one of these kinds; None where that is not known now."""
        if isinstance(value, Struct):
            return value.kind in kinds if value.kind != "object" else None
        if isinstance(value, Sequence):
            return "list" in kinds
        kind = value.type.kind if isinstance(value, Name) else None
        if isinstance(value, Const) or (isinstance(value, Name) and (value.type.is_number or kind in ("none", "str"))):
            return False
        return kind in kinds if kind in ("tuple", "list", "dict") else None

    def is_no_object(self, value: Value | None, classes: Value) -> bool:
        raise NotImplementedError

    def unary(self, op: str, value: Value, stmt: Stmt) -> Value:
        if op == "not":
            truth = self.truth(value)
            if truth is not None:
                return Const(not truth)
        special = {"negative": "__neg__", "positive": "__pos__", "abs": "__abs__"}.get(op)
        if special is None:
            self.fail(stmt, "this operation on a structure", "it is not covered", "use its parts", "containers")
        return self.method(value, special, [], stmt)

    def binary(self, op: str, one: Value, other: Value, stmt: Stmt, in_place: bool = False) -> Value:
        """``+`` and ``*`` of tuples and lists; the operators of the user's classes."""
        self.check_whole(one, stmt)
        self.check_whole(other, stmt)
        own = self.own_operator(op, one, other, stmt, in_place)
        if own is not None:
            return own
        if op == "add" and isinstance(one, Sequence) and in_place:
            self.extend(one, other, stmt)
            return one
        both = isinstance(one, Sequence | Struct) and isinstance(other, Sequence | Struct)
        if op == "add" and both and (isinstance(one, Sequence) or isinstance(other, Sequence)):
            return self.joined(one, other, stmt)
        sequences = [v for v in (one, other) if isinstance(v, Struct) and v.kind in ("tuple", "list")]
        if op == "add" and len(sequences) == 2 and sequences[0].kind == sequences[1].kind:
            items = [*sequences[0].slots.values(), *sequences[1].slots.values()]
            if in_place and sequences[0].kind == "list":
                for item in sequences[1].slots.values():
                    self.store(sequences[0], len(sequences[0].slots), item, stmt)
                return sequences[0]
            return Struct(sequences[0].kind, dict(enumerate(items)), None, sequences[0].wish)
        dicts = [v for v in (one, other) if isinstance(v, Struct) and v.kind == "dict"]
        if op == "bitwise_or" and len(dicts) == 2:
            if in_place:
                for key, item in dicts[1].slots.items():
                    self.store(dicts[0], key, item, stmt)
                return dicts[0]
            return Struct("dict", dicts[0].slots | dicts[1].slots, None, dicts[0].wish)
        beside = next((v for v in (one, other) if is_leaf(v)), None)
        listed = next((v for v in (one, other) if v in sequences or isinstance(v, Sequence)), None)
        if (
            isinstance(listed, Struct | Sequence)
            and beside is not None
            and self.is_array_beside(op, beside, listed, stmt)
        ):
            display = self.held(Apply("array", (self.argument(listed, stmt),)), stmt)
            array = self.flat(beside, stmt)
            return Apply(op, (display, array) if one is listed else (array, display), (), "operator")
        if op == "add" and len(sequences) == 1 and beside is not None and sequences[0].kind == "tuple":
            lengths = self.argument(sequences[0], stmt)  # (n,) + x.shape
            return Apply(op, (lengths, beside) if one is sequences[0] else (beside, lengths), (), "operator")
        if op == "multiply" and len(sequences) == 1:
            times = other if one is sequences[0] else one
            known = isinstance(times, Const) and type(times.value) is int
            if sequences[0].kind == "list" and is_leaf(times) and (not known or many(sequences[0], times)):
                return self.repeated(sequences[0], times, stmt)
            if isinstance(times, Const) and known:
                items = list(sequences[0].slots.values()) * times.value
                return Struct(sequences[0].kind, dict(enumerate(items)), None, sequences[0].wish)
        self.fail(stmt, "this operation on a structure", "it is not covered", "use its parts", "containers")

    def own_operator(self, op: str, one: Value, other: Value, stmt: Stmt, in_place: bool) -> Value | None:
        """What an operator of a class of the user's gives; None where neither class has one that answers."""
        special = SPECIAL.get(op)
        if special is None:
            return None
        plain, reflected = f"__{special}__", f"__r{special}__"
        asked = [(one, other, plain), (other, one, reflected)]
        if goes_first(other, one, reflected):
            asked.reverse()
        if in_place:
            asked.insert(0, (one, other, f"__i{special}__"))
        for owner, argument, name in asked:
            cls, left = self.class_of(owner), self.class_of(argument)
            joins = op in ("add", "multiply") and has_operator(left, reflected) and not has_operator(left, plain)
            if cls is None or not has_operator(cls, name) or (name == reflected and joins and is_tuple(argument)):
                continue  # a tuple that has one of both operators of its own joins or repeats by the other
            if name == reflected and is_leaf(argument):
                self.check_reflected(cls, argument, stmt)
            result = self.method(owner, name, [argument], stmt)
            if result != NOT_IMPLEMENTED:
                return result
            if is_tuple(owner) and (name == plain or op == "multiply"):  # then it is not joined or repeated either
                self.fail(stmt, "this operation on a named tuple", "its class has none", "use its parts", "containers")
        return None

    def check_reflected(self, cls: type, left: Expr, stmt: Stmt) -> None:
        """``array * thing``: NumPy asks for each element, or takes the thing for an array, if its class allows it."""
        said: Any = getattr(cls, "__array_ufunc__", self)
        if said is None or hasattr(cls, "__array_priority__") or isinstance(left, Const):
            return
        if isinstance(left, Name) and left.type.kind == "python" and left.id not in self.moving:
            return
        taken = next((name for name in LIKE_ARRAYS if hasattr(cls, name)), None)
        if taken is not None and not issubclass(cls, tuple):
            self.fail(
                stmt, f"a number of NumPy's or an array beside a {cls.__name__}",
                f"NumPy may take it for an array, for its class has {taken}",
                "give the class __array_ufunc__ = None, or write it first", "objects",
            )  # fmt: skip
        array = self.held(left, stmt) if not isinstance(left, Name) else left
        if issubclass(cls, tuple):
            arrays = Tuple(tuple(Attribute(Global("np"), name) for name in ("ndarray", "generic")))
            message = f"this derivative was made for a number of Python's beside a {cls.__name__}: NumPy makes an array"
            self.check_when_run(Call(Global("isinstance"), (array, arrays)), message, stmt)
            return
        rank = self.held(Apply("ndim", (array,)), stmt)
        message = f"this derivative was made for a number beside a {cls.__name__}: NumPy asks it for each element"
        self.check_when_run(Compare((rank, Const(0)), ("!=",)), message, stmt)

    def is_array_beside(self, op: str, value: Expr, display: Struct | Sequence, stmt: Stmt) -> bool:
        """Whether what stands beside a list or tuple in an operation is an array, so that the list is one, too; the
        text asks for that where only types will tell."""
        if op not in ("add", "multiply"):
            return op in ("subtract", "divide", "power", "matmul", "mod", "floor_divide")
        if isinstance(value, Name) and value.id in self.arrays - self.moving:
            return True
        repeats = op == "multiply" and (isinstance(display, Sequence) or len(display.slots) == 1)  # [0.0] * n
        moving = isinstance(value, Name) and value.id in self.made_numbers & self.moving
        named = isinstance(display, Struct) and display.cls is not None
        if repeats or named or not (moving or self.may_have_axes(value)):
            return False
        array = self.name_of(value, stmt)
        kind = display.kind if isinstance(display, Struct) else "list"
        # it may be a list, a tuple or a count
        wrong = Apply("not", (Call(Ours("isinstance"), (array, Attribute(Ours("np"), "ndarray"))),))
        self.check_when_run(wrong, f"this derivative was made for an array beside a {kind}", stmt)
        return True

    def may_have_axes(self, value: Expr) -> bool:
        """Whether a value is a number or an array, and no count."""
        counts = isinstance(value, Name) and value.id in self.counts
        array = self.is_array(value) or isinstance(self.outside(value), np.ndarray)
        return array and not counts and not self.is_lengths(value) and not self.is_list_outside(value)
