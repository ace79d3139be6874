"""Refusals of the differentiate stage: what has no derivative here, shown at the user's line."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NoReturn

from backprose.analyse.dependence import through
from backprose.analyse.effects import changes_nothing
from backprose.analyse.types import type_of
from backprose.errors import AliasError, BackproseError, Location, OverlapError, UnknownFunctionError, UnsupportedError
from backprose.ir.nodes import (
    Apply,
    Attribute,
    Augment,
    Call,
    Expr,
    For,
    Function,
    Global,
    Name,
    Span,
    Stmt,
    Subscript,
    While,
)
from backprose.ir.values import has_operators, own_operation
from backprose.ir.walk import base, root_of
from backprose.lower.adjoints import roots_read
from backprose.parse import parse
from backprose.rules.registry import Rule, op_of, rule_of, short_name, why_uncovered

THIS = "this function"
Wanted = Callable[[Stmt, Expr], bool]

NO_RULE = "no derivative is written for this function of SciPy's"


class Refuse:
    """Raises errors that carry the place of a statement."""

    def __init__(self, locate: Callable[[Span], Location], lookup: Callable[[Expr], object]) -> None:
        self.locate, self.lookup = locate, lookup

    def _raise(
        self,
        kind: type[BackproseError],
        stmt: Stmt,
        what: str,
        why: str,
        instead: str,
        section: str,
        place: Span | None = None,
    ) -> NoReturn:
        place = place or stmt.span
        where = None if place is None else self.locate(place)
        raise kind(what, why=why, instead=instead, where=where, section=section)

    def called(self, call: Call) -> str:
        """What is called, as the user wrote it."""
        name = written_name(call.function)
        if call.place is None or (name != THIS and not isinstance(root_of(call.function), Name)):
            return name
        where = self.locate(call.place)
        try:
            tree = ast.parse(where.text[where.column : where.end_column], mode="eval").body
        except SyntaxError:  # it goes on in the next line
            return name
        return ast.unparse(tree.func) if isinstance(tree, ast.Call) else name

    def target(self, stmt: Stmt) -> NoReturn:
        self._raise(
            UnsupportedError, stmt, "this assignment target is not supported where a derivative passes through it",
            "only names and parts of arrays have an adjoint", "assign to a name", "targets",
        )  # fmt: skip

    def value(self, stmt: Stmt, value: Expr) -> NoReturn:
        what = {
            Attribute: "an attribute of a value that is differentiated",
            Subscript: "indexing of something that is not an array",
        }.get(type(value), "a container of values that are differentiated")
        self._raise(
            UnsupportedError, stmt, f"{what} is not supported yet",
            "derivatives pass through numbers and arrays only", "use separate variables or np.stack", "data",
        )  # fmt: skip

    def not_yet(self, stmt: Stmt, value: Apply, rule: Rule) -> NoReturn:
        if rule.by_user:
            self._raise(
                UnknownFunctionError, stmt, f"{value.op} has a rule, but none for forward mode",
                "it has an adjoint, of which no tangent follows",
                f"register one: @backprose.tangent({short_name(value.op)})", "functions", value.place,
            )  # fmt: skip
        self._raise(
            UnknownFunctionError, stmt, f"{value.op} has no derivative rule yet",
            rule.reference or "its rule has not been written",
            "give it a rule with @backprose.adjoint, or use functions that have one", "functions", value.place,
        )  # fmt: skip

    def form(self, stmt: Stmt, value: Apply, reason: str) -> NoReturn:
        self._raise(
            UnsupportedError, stmt, f"the rule of {value.op} does not cover this form of call", reason,
            "write it with other functions that have a rule", "keywords", value.place,
        )  # fmt: skip

    def inactive_operands(
        self, stmt: Stmt, value: Apply, rule: Rule, operands: Mapping[str, Expr], wanted: Wanted
    ) -> None:
        active = any(wanted(stmt, name) for operand in operands.values() for name in through(operand))
        if active and value.spelling.startswith("method:") and type_of(value.args[0]).kind in ("other", "object"):
            self._raise(
                UnsupportedError, stmt, f"the method {value.spelling.partition(':')[2]} of this object",
                "it is no array, and what its method does is not known", "call a function of your own",
                "objects", value.place,
            )  # fmt: skip
        if active and value.spelling.startswith("operator"):
            for arg in value.args:
                cls: Any = type_of(arg).value if type_of(arg).kind == "tuple" else type(self.lookup(arg))
                if isinstance(cls, type) and (has_operators(cls) or own_operation(cls) is not None):
                    self._raise(
                        UnsupportedError, stmt, f"this operator of a {cls.__name__}",
                        "its class gives it a meaning of its own, which is not followed here",
                        "use a function of your own, or a plain class", "objects", value.place,
                    )  # fmt: skip
        for parameter, operand in operands.items():
            if parameter not in (*rule.active, *rule.constant) and any(wanted(stmt, name) for name in through(operand)):
                self._raise(
                    UnsupportedError, stmt,
                    f"{value.op} cannot be differentiated with respect to its argument {parameter!r}",
                    "its rule treats this argument as a constant",
                    "wrap it in backprose.stop_gradient if that is what you mean", "functions", value.place,
                )  # fmt: skip

    def foreign(self, stmt: Stmt, expr: Expr) -> NoReturn:
        self._raise(
            UnsupportedError, stmt, "an operation with an object whose class is not followed",
            "what its class makes of a value that is differentiated is not known",
            "pass the object as an argument, or call a function of your own", "objects", getattr(expr, "place", None),
        )  # fmt: skip

    def unnamed(self, stmt: Stmt, value: Expr, wanted: Wanted) -> None:
        """Refuses what is written where it is no variable: a derivative passes through variables only."""
        if not isinstance(value, Name) and any(wanted(stmt, name) for name in through(value)):
            self.value(stmt, value)

    def hidden_operands(self, stmt: Stmt, call: Call, wanted: Wanted) -> None:
        if isinstance(call.function, Attribute) and any(wanted(stmt, name) for name in through(call.function)):
            self.call(stmt, call)
        for arg in (*call.args, *(value for _, value in call.keywords)):
            if any(wanted(stmt, name) for name in through(arg)):
                self.value(stmt, arg)

    def call(self, stmt: Stmt, call: Call) -> NoReturn:
        function = self.lookup(call.function)
        written = self.called(call)
        op = op_of(function)
        if op is not None:
            known = {parameter.name for parameter in rule_of(op).parameters}
            unknown = [key for key, _ in call.keywords if key not in known]
            self._raise(
                UnknownFunctionError, stmt,
                f"the rule of {written} does not know "
                + (f"the keyword {unknown[0]!r}" if unknown else "this form of call"),
                "a keyword that is not known could change the derivative",
                f"it knows: {', '.join(sorted(known))}", "keywords", call.place,
            )  # fmt: skip
        source = "" if changes_nothing(function) else " and no source that can be read"
        self._raise(
            UnknownFunctionError, stmt, f"{written} has no derivative rule{source}",
            why_uncovered(function) or "an argument of this call depends on what is differentiated",
            "give it a rule with @backprose.adjoint, write it in NumPy, or wrap its result in backprose.stop_gradient",
            "functions", call.place,
        )  # fmt: skip

    def augmented(self, stmt: Augment) -> NoReturn:
        self._raise(
            UnsupportedError, stmt, f"in-place {stmt.op} is not supported where a derivative passes through it",
            "only +=, -=, *= and /= have an adjoint in place", "write x = x ** y", "writes",
        )  # fmt: skip

    def write(self, stmt: Stmt) -> NoReturn:
        self._raise(
            UnsupportedError, stmt, "a write to this place is not supported",
            "it may be a part of a copy, or of a number, which the write would not change",
            "write directly into the array: x[i, j] = ...", "writes",
        )  # fmt: skip

    def resized(self, stmt: Stmt) -> NoReturn:
        self._raise(
            UnsupportedError, stmt, "a write to a slice of this object is not supported where a derivative reads it",
            "it is no array, and its length may change", "use a list or an array", "writes",
        )  # fmt: skip

    def alias(self, stmt: Stmt, array: str, other: str) -> NoReturn:
        self._raise(
            AliasError, stmt, f"{array} is written in place while {other} may share its memory",
            "what is written to one would be seen through the other",
            f"make a copy before the write{f': {array} = {array}.copy()' if array.isidentifier() else ''}", "aliases",
        )  # fmt: skip

    def overlap(self, stmt: Stmt, call: Call, written: Expr, other: Expr) -> NoReturn:
        one, two = ("an array" if (array := base(expr)) is None else array.id for expr in (written, other))
        try:
            self._raise(
                OverlapError, stmt,
                f"{self.called(call)} writes into a part of {one} and is given a part of {two}",
                "the two may share memory, and the function would see its own writes through the other one",
                "pass a copy of one of them", "aliases", call.place,
            )  # fmt: skip
        except OverlapError as error:
            error.function = self.lookup(call.function)
            raise

    def rebound_argument(self, stmt: Stmt, function: str, name: str) -> NoReturn:
        self._raise(
            UnsupportedError, stmt, f"{function} writes into its argument {name}, and binds the name anew",
            "the caller sees what is written before, and not what is written after",
            "use another name for the new array", "procedures",
        )  # fmt: skip

    def early(self, stmt: Stmt) -> NoReturn:
        self._raise(
            UnsupportedError, stmt, "this augmented assignment calls a function that may write into its target",
            "Python reads the old value of the target before the call", "call on the line before", "targets",
        )  # fmt: skip

    def reread(self, stmt: Stmt) -> NoReturn:
        self._raise(
            AliasError, stmt, "an array is written one element after the other, of values that share its memory",
            "NumPy would read some of the values after it has changed them",
            "write a copy of the values: values.copy()", "writes",
        )  # fmt: skip

    def read_only(self, stmt: Stmt) -> NoReturn:
        self._raise(
            UnsupportedError, stmt, "a write through np.diagonal is not supported",
            "NumPy's diagonal is read-only, which only methods such as np.add.at do not see",
            "write into the array: np.add.at(A, (i, i), values)", "writes",
        )  # fmt: skip

    def effect(self, stmt: Stmt, call: Call, reason: str) -> NoReturn:
        if reason == NO_RULE:
            self._raise(
                UnsupportedError, stmt, f"{self.called(call)} has no rule", reason,
                "write it with functions that have one, or add a rule: backprose.rule", "procedures", call.place,
            )  # fmt: skip
        self._raise(
            UnsupportedError, stmt, f"{self.called(call)} may change an array that it is given",
            reason, "return the changed array instead: x = f(x), or pass a copy", "procedures", call.place,
        )  # fmt: skip

    def caught_check(self, stmt: Stmt) -> NoReturn:
        self._raise(
            AliasError, stmt, "what is checked when the derivative runs is not supported in a try statement",
            "whether a view that is written is a copy, or an array that is written holds floats, is known only then, "
            "and a handler would take the check's exception",
            "make the view or the array (with dtype=float) before the try statement", "aliases",
        )  # fmt: skip

    def carried(self, stmt: Stmt, name: str) -> NoReturn:
        self._raise(
            UnsupportedError, stmt, f"what {name} holds may depend on what is differentiated",
            "a derivative does not pass through an exception", "compute the value in the handler", "exceptions",
        )  # fmt: skip

    def errstate(self, stmt: Stmt) -> NoReturn:
        self._raise(
            UnsupportedError, stmt, "a try statement with an np.errstate that raises is not supported in forward mode",
            "the tangents might raise where the function does not", "use reverse mode, or test the condition with if",
            "exceptions",
        )  # fmt: skip

    def complex(self, stmt: Stmt, operation: Apply) -> NoReturn:
        self._raise(
            UnsupportedError, stmt, f"{operation.op} has no derivative rule for complex numbers",
            "its rule holds for real numbers only", "compute it from real and imaginary parts, or of np.real(z)",
            "complex", operation.place,
        )  # fmt: skip

    def parts(self, stmt: Stmt, operation: Apply, parts: Iterable[Name], wanted: Wanted) -> None:
        """Refuses the adjoint of a container: each part has one of its own."""
        if any(wanted(stmt, part) for part in parts):
            self._raise(
                UnsupportedError, stmt, "the adjoint of a container is not one number or array",
                "each of its parts has an adjoint of its own", "hold the part in a variable: adjoint_of(part)",
                "adjoint_of", operation.place,
            )  # fmt: skip

    def held_view(self, stmt: Stmt, operation: Apply) -> NoReturn:
        self._raise(
            UnsupportedError, stmt, "the adjoint of a view of an array that is written, or of a value that is not read",
            "it is a part of the adjoint of its array", "use adjoint_of of the array", "adjoint_of", operation.place,
        )  # fmt: skip

    def elsewhere(self, stmt: Stmt, operation: Apply, body: Function) -> None:
        """Refuses a body that is carried out in another function, where a name that it reads means something else."""
        if body.home is None:
            return
        own = parse(body.home)
        for name in sorted(roots_read(body.body)):
            if self.lookup(Global(name)) is not own.lookup(name).value:
                self._raise(
                    UnsupportedError, stmt, f"{name} in the body of adjoint_of",
                    "the function that it stands in is carried out in its caller, where the name means something else",
                    f"pass {name} as an argument", "adjoint_of", operation.place,
                )  # fmt: skip

    def context(self, stmt: Stmt, context: Expr) -> NoReturn:
        self._raise(
            UnsupportedError, stmt, "what this context manager gives depends on what is differentiated",
            "a derivative passes through the body of a with statement, not through its context manager",
            "compute it in the body", "with-statements", getattr(context, "place", None),
        )  # fmt: skip

    def leaves(self, stmt: Stmt, place: str) -> NoReturn:
        self._raise(
            UnsupportedError, stmt, f"a value that is differentiated is handed to {place}",
            "it could be read from there, and no derivative would know of it",
            "return the value, or put it there as backprose.stop_gradient(...)", "global-and-nonlocal",
        )  # fmt: skip

    def text(self, stmt: Stmt) -> NoReturn:
        self._raise(
            UnsupportedError, stmt, "a value that is differentiated passes through a text here",
            "no derivative knows what becomes of the digits of a number",
            "use the number itself, or backprose.stop_gradient(...) of it in the text", "data",
        )  # fmt: skip

    def iterated(self, stmt: Stmt, sequence: Name, kind: type) -> NoReturn:
        shown = "this" if sequence.temporary else sequence.id
        self._raise(
            UnsupportedError, stmt, f"a loop over {shown}, a {kind.__name__}, is not supported",
            "it does not give its items by index", "pass a list, a tuple or an array of what it gives", "iteration",
        )  # fmt: skip

    def namespace(self, stmt: Stmt, call: Call) -> NoReturn:
        self._raise(
            UnsupportedError, stmt, f"{self.called(call)}() is not supported",
            "which variables are read or bound by way of it is not known",
            "use the variables by their names", "global-and-nonlocal", call.place,
        )  # fmt: skip

    def read_late(self, stmt: Stmt, name: str) -> NoReturn:
        self._raise(
            UnsupportedError, stmt, f"{name} is changed by this call, and read where a derivative passes",
            "the backward sweep would read what it is then, not what it was here",
            "read it into a variable of its own first: n = int(...), float(...) or a copy", "global-and-nonlocal",
        )  # fmt: skip

    def acts(self, stmt: Stmt, name: str, found: object) -> NoReturn:
        kind = type(found).__name__
        self._raise(
            UnsupportedError, stmt, f"{name}, of class {kind}, used as a whole",
            f"showing, measuring or running through a {kind} changes something, and the derivative may not do it as"
            " often", "read what you need of it before the call, or pass that as an argument", "global-and-nonlocal",
        )  # fmt: skip

    def list_operand(self, stmt: Stmt) -> NoReturn:
        self._raise(
            UnsupportedError, stmt, "a list beside a value that is differentiated",
            "whether NumPy makes an array of it, or Python repeats or joins it, is not known",
            "write np.array(...) of the list", "containers",
        )  # fmt: skip

    def functions_changed(self, stmt: Stmt) -> NoReturn:
        self._raise(
            UnsupportedError, stmt, "this function calls what changes the functions that it takes from outside",
            "which of them it calls is known only when it runs",
            "pass the function as an argument", "functions-as-values",
        )  # fmt: skip

    def loop(self, stmt: For | While) -> NoReturn:
        self._raise(
            UnsupportedError, stmt, "a loop over this is not supported where a derivative passes through it",
            "loops over range() and over arrays have an adjoint", "loop over range(len(...))", "loops",
        )  # fmt: skip


def written_name(expr: Expr) -> str:
    if isinstance(expr, Global) or (isinstance(expr, Name) and not expr.temporary):
        return expr.id
    if isinstance(expr, Attribute) and (owner := written_name(expr.value)) != THIS:
        return f"{owner}.{expr.attr}"
    return THIS
