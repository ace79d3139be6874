"""Calls of the user's own functions: each gets a pair of its own for each pattern of active arguments."""

from __future__ import annotations

from dataclasses import replace
from types import FunctionType
from typing import TYPE_CHECKING, Any

from backprose.analyse.types import type_of
from backprose.differentiate import assemble
from backprose.differentiate.aliases import written_arguments
from backprose.differentiate.refuse import Refuse
from backprose.errors import BackproseError, UnsupportedError
from backprose.ir.names import NameSupply
from backprose.ir.nodes import Attribute, Call, Const, Enter, Expr, Function, Global, Name, Return, Stmt, children
from backprose.ir.types import UNKNOWN, Type
from backprose.ir.walk import expressions, statements
from backprose.load.guards import Guard
from backprose.lower import lower
from backprose.lower.inline import arguments
from backprose.parse import Parsed, parse
from backprose.rules.registry import op_of

if TYPE_CHECKING:
    from backprose.pipeline import _Compilation

Key = tuple[FunctionType, tuple[str, ...], tuple[str, ...], str]
DEEPEST = 40
CHANGING_METHODS = frozenset(
    {"sort", "fill", "put", "partition", "resize", "itemset", "setfield", "setflags", "byteswap"}
)
# what these modules are given they only look at
HARMLESS_MODULES = frozenset({"builtins", "warnings", "logging", "math", "time", "operator"})


class Callees:
    """The user's functions that one derivative calls."""

    def __init__(self, compilation: _Compilation) -> None:
        self.compilation = compilation
        self.functions: list[Function] = []
        self.names = NameSupply(())
        self.made: dict[Key, tuple[str, ...]] = {}
        self.types: dict[str, Type] = {}  # of what our emitted functions return
        self.tangents: dict[str, tuple[tuple[str, ...], bool]] = {}  # how tangent functions take their tangents
        self.known: dict[tuple[FunctionType, tuple[str, ...]], tuple[Function, dict[str, Type]]] = {}
        self.checking: list[FunctionType] = []
        self.inlined: dict[tuple[FunctionType, int], Function] = {}
        self.supplies: list[NameSupply] = []  # kept, so that their ids stay theirs
        self.in_progress: list[FunctionType] = []

    # ------------------------------------------------------------ what names mean
    def value(self, parsed: Parsed, path: str) -> object:
        """The present object of a dotted name; KeyError where there is none."""
        name, *attributes = path.split(".")
        binding = parsed.lookup(name)
        if binding.scope == "missing":
            raise KeyError(path)
        value = binding.value
        for attribute in attributes:
            try:
                value = getattr(value, attribute)
            except AttributeError:
                raise KeyError(path) from None
        return value

    def object_of(self, parsed: Parsed, expr: Expr) -> Any:
        path = dotted(expr)
        try:
            return None if path is None else self.value(parsed, path)
        except KeyError:
            return None

    def function_of(self, parsed: Parsed, expr: Expr) -> FunctionType | None:
        """The user's function that is called, noted in the guards."""
        found = self.object_of(parsed, expr)
        if getattr(found, "__backprose_derivative__", False):
            self._refuse_derivative(parsed, expr, found)
        if not isinstance(found, FunctionType) or op_of(found) is not None:
            return None
        module = (found.__module__ or "").split(".")[0]
        if module in ("numpy", "scipy", "backprose") and not found.__code__.co_filename.startswith("<"):
            return None
        path = dotted(expr)
        if path is not None:
            self.compilation.guards.append(Guard.identity(parsed.function, path))
        return found

    def _refuse_derivative(self, parsed: Parsed, expr: Expr, found: Any) -> None:
        primal = getattr(found, "primal", None)
        if primal is parsed.function or getattr(primal, "__code__", None) is parsed.function.__code__:
            name = parsed.function.__name__
            raise UnsupportedError(
                f"inside {name} the name {dotted(expr)!r} means its derivative, not {name} itself",
                why="the decorator has bound the name to the derivative",
                instead=f"leave {name} undecorated and write d{name} = backprose.grad({name})",
                where=parsed.locate(parsed.tree),
                section="recursion",
            )
        raise UnsupportedError(
            f"{dotted(expr)} is a derivative, called inside a function that is differentiated",
            why="nested derivatives are made by nesting the transforms for now",
            instead="differentiate its primal: backprose.grad(backprose.grad(f))",
            where=parsed.locate(parsed.tree),
            section="derivatives-inside",
        )

    def lowered(self, function: FunctionType) -> Function | None:
        """A callee's flat program, or None where it cannot be read (the call itself is then refused, if active)."""
        try:
            return lower(parse(function), NameSupply(()))
        except BackproseError:
            return None

    def lowered_into(self, function: FunctionType, supply: NameSupply) -> Function:
        """A callee's flat program, made to stand in the program of its caller."""
        key = (function, id(supply))
        if key not in self.inlined:
            self.inlined[key] = lower(parse(function), supply)
            self.supplies.append(supply)
            self.compilation.guards.append(Guard.identity(function, ""))
        return self.inlined[key]

    # ------------------------------------------------------------ types of results
    def call_type(self, call: Call, parsed: Parsed) -> Type:
        """The type of a call's result, from the types of its arguments."""
        name = dotted(call.function)
        if name in self.types:
            return self.types[str(name)]
        function = self.object_of(parsed, call.function)
        if not isinstance(function, FunctionType) or op_of(function) is not None:
            return UNKNOWN
        return self.result_type(function, call)

    def typed(self, function: FunctionType, call: Call) -> tuple[Function, dict[str, Type]] | None:
        """A callee with the types that this call gives its parameters, and those."""
        lowered = self.lowered(function)
        values = None if lowered is None else arguments(lowered, call)
        if lowered is None or values is None:
            return None
        signature = {name: _forget_extent(type_of(value)) for name, value in values.items()}
        key = (function, tuple(map(str, signature.values())))
        if key not in self.known:
            self.known[key] = self.compilation.infer(lowered, parse(function), signature), signature
        return self.known[key]

    def result_type(self, function: FunctionType, call: Call) -> Type:
        if function in self.in_progress or len(self.in_progress) > DEEPEST:
            return UNKNOWN
        self.in_progress.append(function)
        try:
            found = self.typed(function, call)
        finally:
            self.in_progress.pop()
        if found is None:
            return UNKNOWN
        typed, signature = found
        last = typed.body[-1] if typed.body else None
        if not isinstance(last, Return) or last.value is None:
            return UNKNOWN
        return _closed(type_of(last.value), signature)

    # ------------------------------------------------------------ effects
    def check_calls(self, typed: Function, parsed: Parsed, refuse: Refuse) -> None:
        """Refuses a call that may write into an array that it is given."""
        for stmt in statements(typed.body):
            if isinstance(stmt, Enter):
                self.note_context(stmt, parsed)
            for call in _calls(stmt):
                reason = self.effect(call, parsed)
                if reason is not None:
                    refuse.effect(stmt, call, reason)

    def note_context(self, stmt: Enter, parsed: Parsed) -> None:
        """The context manager has to stay the one that is known to let exceptions pass."""
        path = dotted(stmt.context.function if isinstance(stmt.context, Call) else stmt.context)
        if path is not None:
            self.compilation.guards.append(Guard.identity(parsed.function, path))

    def effect(self, call: Call, parsed: Parsed) -> str | None:
        """Why a call may change one of its array arguments, or None: it does not."""
        given = (*call.args, *(value for _, value in call.keywords))
        arrays = [arg for arg in given if _may_be_array(arg)]
        if isinstance(call.function, Attribute) and isinstance(call.function.value, Name):
            if call.function.attr in CHANGING_METHODS and _may_be_array(call.function.value):
                return f"the method {call.function.attr}() works in place"
            return None
        function = self.object_of(parsed, call.function)
        if any(key == "out" for key, _ in call.keywords) or len(call.args) > getattr(function, "nin", len(call.args)):
            return "it is given an array to write into"
        if not arrays or op_of(function) is not None or dotted(call.function) in self.types:
            return None
        if isinstance(function, FunctionType) and function not in self.checking:
            return self.effect_of_function(function, call)
        if isinstance(function, FunctionType) or getattr(function, "__module__", None) in HARMLESS_MODULES:
            return None
        return "its source cannot be read"

    def effect_of_function(self, function: FunctionType, call: Call) -> str | None:
        if (function.__module__ or "").split(".")[0] in HARMLESS_MODULES:
            return None
        typed = self.typed(function, call)
        if typed is None:
            return "its source cannot be read or goes beyond the supported language"
        written = written_arguments(typed[0])
        if written:
            return f"it writes into its argument {min(written)}"
        self.checking.append(function)
        try:
            inner = parse(function)
            for stmt in statements(typed[0].body):
                for nested in _calls(stmt):
                    reason = self.effect(nested, inner)
                    if reason is not None:
                        return f"it calls {dotted(nested.function) or 'a function'}, and {reason}"
        finally:
            self.checking.pop()
        return None

    # ------------------------------------------------------------ derivatives of calls
    def pair_for(self, parsed: Parsed) -> Any:
        def pair(call: Call, active: tuple[bool, ...]) -> tuple[str, ...] | None:
            return self.derive(parsed, call, active, "reverse")

        return pair

    def tangent_for(self, parsed: Parsed) -> Any:
        def tangent(call: Call, active: tuple[bool, ...]) -> tuple[str, tuple[str, ...], bool] | None:
            names = self.derive(parsed, call, active, "forward")
            if names is not None and names[0] not in self.tangents:
                raise UnsupportedError(
                    f"{dotted(call.function)} calls itself, which forward mode does not support yet",
                    why="the tangents of a recursive function are not known before its text is made",
                    instead="use reverse mode: backprose.grad or backprose.vjp",
                    where=parsed.locate(parsed.tree),
                    section="recursion",
                )
            return None if names is None else (names[0], *self.tangents[names[0]])

        return tangent

    def derive(self, parsed: Parsed, call: Call, active: tuple[bool, ...], mode: str) -> tuple[str, ...] | None:
        function = self.function_of(parsed, call.function)
        if function is None:
            return None
        inner = parse(function)
        lowered = lower(inner, NameSupply(()))
        values = arguments(lowered, call)
        if values is None:
            return None
        given = (*call.args, *(value for _, value in call.keywords))
        wanted = {id(value) for value, is_active in zip(given, active, strict=True) if is_active}
        by_argument = {id(value): name for name, value in values.items()}
        wrt = tuple(by_argument[id(value)] for value in given if id(value) in wanted)
        signature = {name: _forget_extent(type_of(value)) for name, value in values.items()}
        key = (function, wrt, tuple(map(str, signature.values())), mode)
        if key not in self.made:
            suffixes = ("_forward", "_backward") if mode == "reverse" else ("_jvp",)
            self.made[key] = tuple(self.names.fresh(function.__name__ + suffix) for suffix in suffixes)
            self.compile(inner, wrt, signature, self.made[key])
        return self.made[key]

    def compile(self, parsed: Parsed, wrt: tuple[str, ...], signature: dict[str, Type], names: tuple[str, ...]) -> None:
        compilation = self.compilation
        function, supply, _leaves = compilation.front(parsed, signature)
        written = assemble.written_parameters(function)
        if written:
            raise UnsupportedError(
                f"{function.name} writes into its argument {written[0]}",
                why="the caller's derivative would have to follow that write",
                instead="copy the argument first, and return the result",
                where=parsed.locate(parsed.tree),
                section="procedures",
            )
        setting = compilation.setting(parsed, supply)
        single = len(wrt) == 1
        last = function.body[-1]
        result = last.value if isinstance(last, Return) and last.value is not None else Const(None)
        type = _closed(type_of(result), signature)
        if len(names) == 2:
            forward, backward, wishes = assemble.pair(function, wrt, single, *names, setting)
            made: tuple[Function, ...] = (forward, backward)
            self.types[names[0]] = Type("tuple", items=(type, Type()))
        else:
            tangent, wishes = assemble.tangent(function, wrt, names[0], setting)
            made = (tangent,)
            added = tangent.parameters[len(function.parameters) :]
            self.tangents[names[0]] = tuple(one.name for one in added), added[0].kind == "keyword-only"
            self.types[names[0]] = Type("tuple", items=(type, replace(type, dtype=None)))
        mode: Any = "pullback" if len(names) == 2 else "forward"
        self.functions.extend(compilation.back(made, parsed, wishes, supply, mode))


def dotted(expr: Expr) -> str | None:
    match expr:
        case Global(id=name):
            return name
        case Attribute(value=value, attr=attr):
            path = dotted(value)
            return None if path is None else f"{path}.{attr}"
    return None


def _calls(stmt: Stmt) -> list[Call]:
    found: list[Call] = []
    stack = list(expressions(stmt))
    while stack:
        expr = stack.pop()
        if isinstance(expr, Call):
            found.append(expr)
        stack.extend(children(expr))
    return found


def _may_be_array(expr: Expr) -> bool:
    type = type_of(expr)
    return type.kind in ("array", "numpy", "unknown") and not type.is_immutable_scalar


def _forget_extent(type: Type) -> Type:
    """A caller's lengths mean the same inside its callee; what an int equals is not told."""
    return replace(type, extent=None) if type.extent is not None else type


def _closed(type: Type, signature: dict[str, Type]) -> Type:
    """A result type in terms of the caller's own symbols only."""
    known = {dim.symbol for one in signature.values() for dim in one.shape or () if hasattr(dim, "symbol")}
    if type.shape is not None and any(hasattr(dim, "symbol") and dim.symbol not in known for dim in type.shape):
        return replace(type, shape=None, kind=type.kind if type.kind != "numpy" else "unknown")
    if type.items is not None:
        return replace(type, items=tuple(_closed(item, signature) for item in type.items))
    return type
