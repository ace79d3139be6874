"""Calls: functions that take or make structures are carried out in place; the others stay calls."""

from __future__ import annotations

import builtins
import functools
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass, replace
from types import CellType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from backprose import support
from backprose.analyse.expressions import dotted
from backprose.errors import BackproseError
from backprose.expand.derivatives import DEEPEST, path_of, root_of, with_root
from backprose.expand.frames import Frame
from backprose.expand.functionals import Functionals
from backprose.expand.operations import LEAST, MAKES_LISTS
from backprose.expand.outside import is_followed_class, is_followed_object, meaning_of
from backprose.expand.returned import returned
from backprose.expand.sharing import hands_out
from backprose.expand.stars import Rest
from backprose.expand.values import (
    Chosen,
    Closure,
    Known,
    Pullback,
    Sequence,
    Struct,
    Super,
    Transformed,
    Value,
    constant_of,
    is_leaf,
    structs,
)
from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Block,
    Call,
    Const,
    Dict,
    Expr,
    Function,
    Global,
    Lambda,
    List,
    Name,
    Ours,
    Pop,
    Push,
    Return,
    Starred,
    Stmt,
    Subscript,
    Tuple,
    Verbatim,
)
from backprose.ir.shared import is_derivative
from backprose.ir.walk import (
    all_names,
    bottom_up,
    bound,
    calls,
    expressions,
    looks_only,
    reads,
    rebuild,
    statements,
    subexpressions,
    targets,
)
from backprose.lower.forms import is_atom
from backprose.lower.resolve import operation
from backprose.lower.scope import mentioned
from backprose.parse import Parsed, parse
from backprose.parse.cells import cells_of, read_cell, take_over_cell
from backprose.parse.imports import Imported, also_import, module_with, take_over
from backprose.rules.registry import is_by_user, is_factors, is_spline, op_of, rule_of, solver_of, stand_in

MOST_CALLS = 500  # of functions that call themselves, each written out
READING_MODULES = frozenset(
    "builtins numpy scipy math cmath warnings logging time json pprint pickle statistics itertools functools sys os"
    " matplotlib collections dataclasses".split()
)
# methods of strings whose results follow from the text
OF_TEXT = frozenset(
    "startswith endswith upper lower title strip lstrip rstrip replace removeprefix removesuffix split format zfill"
    " find index count isdigit isalpha join".split()
)


def is_of_library(found: FunctionType) -> bool:
    """Whether a function is of a library whose functions stay what they are."""
    return (found.__module__ or "").split(".")[0] in ("numpy", "scipy", "math", "builtins", "warnings", "logging")


def holds_mutable(value: Value) -> bool:
    """Whether a structure, or a part of one, is a list, a dict or an object."""
    if not isinstance(value, Struct) or value.frozen:
        return False
    return value.kind != "tuple" or any(map(holds_mutable, value.slots.values()))


def has_text(part: Struct) -> bool:
    """Whether the text of an object says what its attributes are, and nothing else, as a data class writes it."""
    if part.kind != "object":
        return True
    shown = inspect.getattr_static(part.cls, "__repr__", None)
    generated = isinstance(shown, FunctionType) and hasattr(shown, "__wrapped__")  # by dataclasses.dataclass
    return generated and is_dataclass(part.cls) and inspect.getattr_static(part.cls, "__str__") is object.__str__


def parts_named(given: Expr, value: Value) -> Iterator[Name]:
    """The names in an argument that stand for lists, dicts and objects which a function might change."""
    if isinstance(given, Name):
        yield from (given,) if holds_mutable(value) else ()
    elif isinstance(given, Tuple | List) and isinstance(value, Struct):
        for item, part in zip(given.items, value.slots.values(), strict=False):
            yield from parts_named(item, part)


class Calls(Functionals):
    """Calls of one function and of the callees carried out in it."""

    def run(self, block: Block, frame: Frame) -> tuple[Stmt, ...]:
        raise NotImplementedError

    # ------------------------------------------------------------ what is called
    def known(self, found: Any) -> Value:
        """A function or class that is known now; a bound method or ``partial`` with what it holds."""
        if isinstance(found, functools.partial):
            inner = self.known(found.func)
            args = tuple(self.constant_value(arg) for arg in found.args)
            keywords = {key: self.constant_value(arg) for key, arg in found.keywords.items()}
            if isinstance(inner, Known):
                return Known(inner.value, (*inner.args, *args), {**inner.keywords, **keywords})
        return Known(found)

    def constant_value(self, value: Any) -> Value:
        constant = constant_of(value)
        return self.known(value) if constant is None else constant

    def meaning(self, expr: Expr, frame: Frame) -> Any:
        """What a dotted name outside the program means now; None where that is nothing. Functions, noted: they have to
        stay what they are."""
        found = self._meaning(expr, frame)
        root = root_of(expr)
        home = self.top if isinstance(root, Global) and root.id in self.modules else frame
        module = str(getattr(found, "__module__", None)).partition(".")[0]
        followed = isinstance(found, FunctionType | functools.partial | MethodType | type)
        own = solver_of(found) is None and stand_in(found) is None
        library = module in ("numpy", "scipy", "math", "builtins") and own
        if ((followed and not library) or is_spline(found)) and (path := dotted(expr)):
            self.meanings[home.parsed.function, path] = None
        return found

    def _meaning(self, expr: Expr, frame: Frame) -> Any:
        if isinstance(expr, Global):
            return self.modules.get(expr.id) or frame.parsed.lookup(expr.id).value
        if isinstance(expr, Attribute):
            owner = self._meaning(expr.value, frame)
            if isinstance(owner, ModuleType | type):
                return (
                    inspect.getattr_static(owner, expr.attr, None)
                    if isinstance(owner, type)
                    else getattr(owner, expr.attr, None)
                )
        return None

    def call(self, expr: Call, frame: Frame, stmt: Stmt, wish: str) -> Value:
        unzipped = self.unzipped(expr, frame, stmt)
        if unzipped is not None:
            return unzipped
        args = self.spread(expr, frame, stmt)
        keywords: dict[str, Value] = {}
        for key, item in expr.keywords:
            value = self.function_value(self.value(item, frame, stmt), frame)
            if key != "**":
                keywords[key] = value
            elif isinstance(value, Struct) and value.kind == "dict":
                self.check_whole(value, stmt)
                keywords |= {str(name): self.read(value, name, stmt) for name in value.slots}
            else:
                self.fail(stmt, "** of this", "its keys are not known", "write the arguments out", "starred")
        called = self.callee(expr.function, frame, stmt) if args and isinstance(args[-1], Rest) else None
        if called is not None:
            return self.invoke(called, args, keywords, stmt, wish)
        if isinstance(expr.function, Attribute):
            owner = self.value(expr.function.value, frame, stmt)
            known = self.now_constant(owner)
            if isinstance(known, Const) and type(known.value) is str and not keywords:
                made = self.text_method(known.value, expr.function.attr, [self.now_constant(arg) for arg in args])
                if made is not None:
                    return made
            one_of = self.state.objects.get(owner.id) if isinstance(owner, Name) else owner
            if isinstance(one_of, Chosen):
                return self.method_chosen(one_of, expr.function.attr, args, keywords, stmt, wish)
            if self.is_structure(owner) and (not is_leaf(owner) or self.member_outside(owner, expr.function.attr)):
                return self.method(owner, expr.function.attr, args, stmt, keywords, wish)
        found = self.meaning(expr.function, frame)
        if is_spline(found) and isinstance(expr.function, Global | Attribute):
            given = tuple(self.atom(self.leaf(arg, stmt), stmt) for arg in args)
            named = tuple((key, self.leaf(value, stmt)) for key, value in keywords.items())
            if operation(support.evaluated, 1 + len(given), keywords) is not None:
                return self.held(Apply("evaluated", (expr.function, *given), named, "called"), stmt)
        if (factors := self.factors_of(expr.function, found, frame)) is not None:
            given = tuple(self.atom(self.leaf(arg, stmt), stmt) for arg in args)
            named = tuple((key, self.leaf(value, stmt)) for key, value in keywords.items())
            if operation(support.factors_solved, 1 + len(given), keywords) is not None:
                return self.held(Apply("factors_solved", (factors, *given), named), stmt)
        if (sparse := self.sparse_matrix(found, args, keywords, stmt, wish)) is not None:
            return sparse
        if (followed := stand_in(found)) is not None:
            return self.invoke(Known(followed), args, keywords, stmt, wish)
        if (solver := solver_of(found)) is not None:
            return self.solved(found, solver, args, keywords, frame, stmt, wish)
        if getattr(found, "__backprose_transform__", False):
            return self.transformed(found, expr, args, keywords, frame, stmt, wish)
        if is_derivative(found):
            return self.invoke(self.of_object(found, expr.function, frame), args, keywords, stmt, wish)
        own = isinstance(found, FunctionType) and op_of(found) is None
        if own and isinstance(expr.function, Global) and not self.means_the_same(expr.function, frame):
            return self.invoke(Known(found), args, keywords, stmt, wish)
        function = self.value(expr.function, frame, stmt)
        if isinstance(function, Name) and isinstance(one_of := self.state.objects.get(function.id), Chosen):
            return self.method_chosen(one_of, "__call__", args, keywords, stmt, wish)
        if not is_leaf(function) or self.object_outside(function) is not None:
            return self.invoke(function, args, keywords, stmt, wish)
        if found is super and not args:
            return self.super_of(frame, stmt)
        plain = not any(self.is_structure(arg) or self.is_container_outside(arg) for arg in (*args, *keywords.values()))
        builtin = self.builtin(found, args, keywords, stmt, wish)
        if builtin is not None:
            return builtin
        op = operation(found, len(args), list(keywords)) if callable(found) else None
        if op is not None:
            return self.operation(found, self.as_arrays(op, args, stmt), keywords, stmt, expr.function)
        if isinstance(expr.function, Attribute) and isinstance(found, FunctionType | classmethod | staticmethod):
            cls = self.meaning(expr.function.value, frame)
            if is_followed_class(cls):
                return self.invoke(self.attribute(Known(cls), expr.function.attr, stmt), args, keywords, stmt, wish)
        if isinstance(found, MethodType) and (own_method := self.function_outside(expr.function, found)) is not None:
            return self.invoke(own_method, args, keywords, stmt, wish)
        if isinstance(found, functools.partial | MethodType | staticmethod | classmethod) or is_followed_class(found):
            return self.invoke(self.known(found), args, keywords, stmt, wish)
        if isinstance(found, FunctionType) and op_of(found) is None and self.goes_in(found, frame, plain):
            return self.invoke(Known(found), args, keywords, stmt, wish)
        made = self.left(expr, function, args, keywords, frame, stmt)
        kept = isinstance(stmt, Assign) and isinstance(stmt.target, Name) and stmt.value is expr
        return self.unpacked(made, found, frame, stmt, wish) if kept and isinstance(found, FunctionType) else made

    def factors_of(self, function: Expr, found: Any, frame: Frame) -> Expr | None:
        """The factors of a sparse matrix, made outside, of which the method ``solve`` is called."""
        if isinstance(function, Attribute) and function.attr == "solve":
            return function.value if is_factors(self.meaning(function.value, frame)) else None
        holds = isinstance(function, Global) and getattr(found, "__name__", "") == "solve"
        return Attribute(function, "__self__") if holds and is_factors(getattr(found, "__self__", None)) else None

    def unpacked(self, call: Expr, found: FunctionType, frame: Frame, stmt: Stmt, wish: str) -> Value:
        """``pair = f(x)`` as ``first, second = f(x)``, where it is known that ``f`` returns a tuple."""
        if not isinstance(call, Call) or (found.__module__ or "").split(".")[0] in ("numpy", "scipy", "math"):
            return call
        try:
            last = self.lowered(found, self.supply).body[-1]
        except (BackproseError, IndexError):
            return call
        if not isinstance(last, Return) or not isinstance(last.value, Tuple) or not last.value.items:
            return call
        wishes = [
            item.id if isinstance(item, Name) and not item.temporary else f"{wish}_{position}"
            for position, item in enumerate(last.value.items)
        ]
        names = tuple(Name(self.supply.fresh(one)) for one in wishes)
        self.emit(Assign(Tuple(names), call, stmt.span, getattr(stmt, "comments", None)), frame)
        return Struct("tuple", dict(enumerate(names)), None, wish)

    @staticmethod
    def text_method(text: str, name: str, args: list[Value]) -> Value | None:
        """A method of a string that is known, of arguments that are."""
        if name not in OF_TEXT or not all(isinstance(arg, Const) for arg in args):
            return None
        try:
            found = getattr(text, name)(*(arg.value for arg in args if isinstance(arg, Const)))
        except Exception:  # noqa: BLE001  it is raised where the call stands, when the text runs
            return None
        if isinstance(found, list):
            return Struct("list", {place: Const(part) for place, part in enumerate(found)})
        return Const(found)

    def super_of(self, frame: Frame, stmt: Stmt) -> Super:
        """``super()``: the object is the first argument of the method, the class the one that the method stands in."""
        cls = frame.parsed.lookup("__class__").value
        parameters = () if frame.function is None else frame.function.parameters
        owner = self.value(Name(parameters[0].name), frame, stmt) if parameters else None
        if owner is not None and not isinstance(owner, Struct | Known):
            owner = self.path_outside(owner) if self.object_outside(owner) is not None else None
        if not isinstance(cls, type) or owner is None:
            self.fail(stmt, "super() here", "the object is not known", "name the class: Base.method(self)", "objects")
        return Super(owner, cls)

    def function_value(self, value: Value, frame: Frame) -> Value:
        """A function or class that is passed as an argument or gets a name."""
        method = value.attr if isinstance(value, Attribute) and isinstance(root_of(value), Name) else ""
        if callable(getattr(np.ndarray, method, None)):
            self.fail(
                self.now, f"the method {method} as a value", "only calls of methods are followed",
                f"call it here, or write a lambda that calls .{method}()", "functions-as-values",
            )  # fmt: skip
        if isinstance(value, Global | Attribute):
            found = self.meaning(value, frame)
            if isinstance(found, functools.partial):
                return self.known(found)
            if isinstance(found, FunctionType | type | np.ufunc) or op_of(found) is not None:
                return Known(found, expr=value)
            if is_derivative(found):
                return self.of_object(found, value, frame)
            if isinstance(found, MethodType):
                return self.function_outside(value, found) or value
        return value

    def left(
        self, expr: Call, function: Expr, args: list[Value], keywords: dict[str, Value], frame: Frame, stmt: Stmt
    ) -> Expr:
        """A call that stays one. Inside a callee of another module its name would mean something else."""
        root = root_of(function)
        if isinstance(root, Global) and not self.means_the_same(root, frame):
            found = self.meaning(function, frame)
            if isinstance(found, FunctionType):
                return self.leaf(self.invoke(Known(found), args, keywords, stmt), stmt)
            function = with_root(function, self.named_here(root, frame, stmt))
        self.check_handed(expr, function, [*args, *keywords.values()], frame, stmt)
        keywords = keywords | self.left_out(self.meaning(expr.function, frame), args, keywords, stmt)
        shows = self.meaning(function, frame) in (print, repr, str)
        made = tuple(self.handed(arg, shows, stmt) for arg in args)
        named = tuple((key, self.handed(value, shows, stmt)) for key, value in keywords.items())
        return Call(function, made, named, expr.place if frame.outermost else None)

    def handed(self, value: Value, shows: bool, stmt: Stmt) -> Expr:
        """An argument of a call that stays one; ``shows``: a structure is made as it is, for its text."""
        named_tuple = isinstance(value, Struct) and value.kind == "tuple" and value.cls is not None
        if (named_tuple or shows) and all(map(has_text, structs(value))):
            whole = returned(value, self, stmt)
            if whole is not None:
                made = whole.packed(whole.leaves)
                return bottom_up(made, lambda part: self.held(part, stmt) if isinstance(part, Apply | Call) else part)
        return self.argument(value, stmt)

    def check_handed(self, expr: Call, function: Expr, args: list[Value], frame: Frame, stmt: Stmt) -> None:
        """Refuses structures that are given to a function which may change them."""
        if any(isinstance(arg, Sequence) for arg in args):
            name = getattr(self.meaning(function, frame), "__name__", "")
            if name not in ("print", "str", "repr", "isinstance", "bool", "any", "all"):
                self.fail(
                    stmt, "a list that is passed to this function", "what is done with the list is not known",
                    "pass np.array(...) of the list", "containers",
                )  # fmt: skip
        for given, arg in zip(expr.arguments, args, strict=False):
            name = next((name for name in parts_named(given, arg)), None)
            if name is not None and not self.only_reads(function, frame):
                what = "this structure" if name.temporary else name.id
                self.fail(
                    stmt, f"{what}, passed to this function", "what is done with it is not known",
                    f"pass a copy, or change {what} in the function itself", "containers",
                )  # fmt: skip

    def only_reads(self, function: Expr, frame: Frame) -> bool:
        """Whether a function changes nothing in the structures that it is given."""
        found = self.meaning(function, frame)
        module = (getattr(found, "__module__", None) or "").partition(".")[0]
        if module in READING_MODULES or op_of(found) is not None:
            return True
        method = found is None or not isinstance(getattr(found, "__self__", None), ModuleType | type | None)
        return method and isinstance(function, Attribute) and looks_only(function.attr)

    def check_global(self, root: Global, frame: Frame, stmt: Stmt) -> None:
        if not frame.outermost and not self.means_the_same(root, frame):
            top = self.top
            if root.id in top.local or root.id in self.level_of:
                why = f"{top.parsed.function.__name__} has a variable of that name"
                self.fail(
                    stmt, f"{root.id}, which a function called here finds outside", why,
                    f"give the variable another name than {root.id}", "functions",
                )  # fmt: skip
            self.fail(
                stmt, f"{root.id}, used in a function of another module", "it means something else here",
                "import it under the same name", "functions",
            )  # fmt: skip

    def named_here(self, root: Global, frame: Frame, stmt: Stmt) -> Expr:
        """A global of a callee's as it is read here: through its module, where the name means something else, and a
        variable around it under a name of its own."""
        if frame.outermost or self.means_the_same(root, frame):
            return root
        cell = cells_of(frame.parsed.function).get(root.id)
        if cell is not None:
            return Global(self.name_of_cell(cell, f"{root.id}_of_{frame.parsed.tree.name}"))
        module = module_with(frame.parsed.function, root.id)
        if module is None:
            self.check_global(root, frame, stmt)
            return root
        return Attribute(Global(self.name_of_module(module)), root.id)

    def name_of_cell(self, cell: CellType, wish: str) -> str:
        """What a variable around a callee is called in the function that is expanded, which reads it from now on."""
        top = self.top
        own = top.parsed.function.__code__.co_freevars
        known = (name for name, one in cells_of(top.parsed.function).items() if one is cell and name not in own)
        name = next(known, None)
        if name is None:
            name = self.supply.fresh(wish)
            while top.parsed.lookup(name).scope != "missing":
                name = self.supply.fresh(wish)
            read_cell(top.parsed.function, name, cell)
        self.given.add(name)
        return name

    def name_of_module(self, module: ModuleType) -> str:
        """What a module is called in the function that is expanded, which imports it where it does not know it."""
        top = self.top
        outside = top.parsed.function.__globals__
        hidden = top.local | self.level_of.keys() | set(top.parsed.function.__code__.co_freevars)
        known = (name for name, found in outside.items() if found is module and name not in hidden)
        name = next((name for name, found in self.modules.items() if found is module), None) or next(known, None)
        if name is None:
            package, _, wish = module.__name__.rpartition(".")
            name = self.supply.fresh(wish)
            while top.parsed.lookup(name).scope != "missing":
                name = self.supply.fresh(wish)
            plain = Imported(module.__name__, None, name)
            also_import(top.parsed.function, Imported(package, wish, name) if package else plain)
        self.modules[name] = module
        self.meanings[top.parsed.function, name] = None  # it stays that module
        self.given.add(name)
        return name

    def respelled(self, expr: Apply, frame: Frame, stmt: Stmt) -> str:
        """The spelling of an operation, without a name that means something else outside the callee's module."""
        kind, _, path = expr.spelling.partition(":")
        root, *attributes = path.split(".")
        if frame.outermost or kind != "function" or self.means_the_same(Global(root), frame):
            return expr.spelling
        found: Any = frame.parsed.lookup(root).value
        for attribute in attributes:
            found = getattr(found, attribute, None)
        if is_by_user(expr.op) or getattr(support, expr.op, None) is found:
            return ""
        if numpy_function(expr.op) is found:
            return "numpy"
        self.check_global(Global(root), frame, stmt)
        return expr.spelling

    def means_the_same(self, root: Global, frame: Frame) -> bool:
        """Whether a name of a callee's means in the function that is expanded what it means in the callee."""
        if isinstance(root, Ours):
            return True
        top: Frame = frame
        while top.outer is not None or top.caller is not None:
            top = top.outer or top.caller or top
        if root.id in self.modules:
            return True
        if top is not frame and (root.id in top.local or root.id in self.level_of):
            return False  # a variable has it
        self.given.add(root.id)
        here, there = top.parsed.lookup(root.id), frame.parsed.lookup(root.id)
        if here.scope == "missing" and top is not frame:
            source = frame.parsed.function
            if take_over(top.parsed.function, root.id, source) or take_over_cell(top.parsed.function, root.id, source):
                return True
        return here.value is there.value

    def goes_in(self, found: FunctionType, frame: Frame, plain: bool) -> bool:
        """Whether a call of a function of the user's is carried out in place."""
        if is_of_library(found):
            return False
        if not plain:
            return True
        try:
            function = self.lowered(found, self.supply)
        except BackproseError:
            return False
        if any(p.kind in ("starred", "double-starred") for p in function.parameters):
            return True
        if any(type(default) in (tuple, list, dict) for default in found.__defaults__ or ()):
            return not self.is_running(found, frame)
        if found in self.inside:
            return self.depth(frame) < DEEPEST and not self.is_running(found, frame)
        last = function.body[-1] if function.body else None
        structure = isinstance(last, Return) and (
            self.gives_structure(function, last) or self.hands_on_structure(function, last, parse(found))
        )
        asked = hands_out(function) or asks_structure(function)
        if not structure and not asked and not self.calls_what_goes_in(function, parse(found)):
            return False
        return not self.is_running(found, frame)  # a function that calls itself with numbers stays a call

    @staticmethod
    def calls_what_goes_in(function: Function, parsed: Parsed) -> bool:
        """Whether a function makes an object, calls one, a variable or an item, or calls with stars: what a function
        that stays one does not do with arrays."""
        own = {name for stmt in statements(function.body) for target in targets(stmt) for name in bound(target)}
        for call in (call for stmt in statements(function.body) for expr in expressions(stmt) for call in calls(expr)):
            called = call.function
            variable = isinstance(called, Name) and not called.temporary and called.id in own
            if variable or isinstance(called, Subscript) or any(isinstance(arg, Starred) for arg in call.args):
                return True
            found = meaning_of(call.function, parsed)
            if is_followed_class(found) or is_followed_object(found):
                return True
        return False

    @staticmethod
    def gives_structure(function: Function, last: Return) -> bool:
        """Whether a function may return more than a number, an array or a flat tuple of these."""
        made: dict[str, list[Expr]] = {}
        for stmt in statements(function.body):
            if isinstance(stmt, Assign) and isinstance(stmt.target, Name):
                made.setdefault(stmt.target.id, []).append(stmt.value)
        named = isinstance(last.value, Name)
        pending, seen = [(last.value, True)], set[str]()
        while pending:
            value, latest = pending.pop()
            if isinstance(value, Name) and value.id in made:
                *earlier, newest = made[value.id] if value.id not in seen else [Const(None)]
                pending += [*((one, False) for one in earlier), (newest, latest)]
                seen.add(value.id)
            elif isinstance(value, Call) and latest:
                return True  # a class, or a function that makes a structure itself
            elif value is not None and is_display(value, named, made):
                return True
        return False

    def hands_on_structure(self, function: Function, last: Return, parsed: Parsed) -> bool:
        """Whether a function returns a structure that another one gave it, as an item of its tuple."""
        items = last.value.items if isinstance(last.value, Tuple) else ()
        for stmt in statements(function.body):
            match stmt:
                case Assign(target=Tuple(items=targets), value=Call(function=Global(id=name))) if {*targets} & {*items}:
                    found = parsed.lookup(name).value
                    given = self.items_returned(found) if isinstance(found, FunctionType) else ()
                    pairs = zip(targets, given, strict=False)
                    if any(target in items and isinstance(item, Tuple | List) for target, item in pairs):
                        return True
        return False

    def items_returned(self, found: FunctionType) -> tuple[Expr, ...]:
        """The items of the tuple that a function returns as such; nothing for another function."""
        try:
            function = self.lowered(found, self.supply)
        except BackproseError:
            return ()
        last = function.body[-1] if function.body else None
        items = last.value.items if isinstance(last, Return) and isinstance(last.value, Tuple) else ()
        made = {
            stmt.target: stmt.value
            for stmt in statements(function.body)
            if isinstance(stmt, Assign) and isinstance(stmt.target, Name)
        }
        return tuple(made.get(item, item) if isinstance(item, Name) else item for item in items)

    # ------------------------------------------------------------ carrying out a call
    def invoke(
        self, function: Value, args: list[Value], keywords: dict[str, Value], stmt: Stmt, wish: str = "part"
    ) -> Value:
        if isinstance(function, Known):
            return self.invoke_known(function, [*function.args, *args], {**function.keywords, **keywords}, stmt, wish)
        if isinstance(function, Closure):
            self.check_depth(function.function.name, stmt)
            return self.enter(function.function, function.frame.parsed, function, args, keywords, stmt)
        if isinstance(function, Chosen):
            return self.invoke_chosen(function, args, keywords, stmt, wish)
        if isinstance(function, Transformed):
            return self.derivative(function, args, keywords, stmt, wish)
        if isinstance(function, Pullback):
            return self.pulled(function, args, keywords, stmt, wish)
        if self.class_of(function) is not None:
            return self.method(function, "__call__", args, stmt, keywords, wish)
        if isinstance(function, Super):
            self.fail(stmt, "a call of super() itself", "it is not covered", "name the method", "objects")
        self.fail(stmt, "this call", "what is called is not known here", "call a function by its name", "functions")

    def method_chosen(
        self, owner: Value, name: str, args: list[Value], keywords: dict[str, Value], stmt: Stmt, wish: str
    ) -> Value:
        raise NotImplementedError

    def invoke_chosen(
        self, function: Chosen, args: list[Value], keywords: dict[str, Value], stmt: Stmt, wish: str
    ) -> Value:
        raise NotImplementedError

    def invoke_known(
        self, function: Known, args: list[Value], keywords: dict[str, Value], stmt: Stmt, wish: str
    ) -> Value:
        found: Any = function.value
        if isinstance(found, Closure):
            return self.invoke(found, args, keywords, stmt, wish)
        if isinstance(found, type):
            return self.make(found, args, keywords, stmt, wish)
        found = getattr(found, "__func__", found) if isinstance(found, staticmethod) else found
        self.check_depth(getattr(found, "__name__", "it"), stmt)
        if not isinstance(found, FunctionType) or op_of(found) is not None:
            return self.operation(found, args, keywords, stmt, function.expr)
        try:
            lowered = self.lowered(found, self.supply)
            parsed = parse(found)
        except BackproseError as error:
            raise error.with_traceback(None)  # noqa: B904
        return self.enter(lowered, parsed, None, args, keywords, stmt)

    def check_depth(self, name: str, stmt: Stmt) -> None:
        assert self.frame is not None
        if self.depth(self.frame) > DEEPEST:
            self.fail(
                stmt, f"this call of {name}", "it calls itself, and each call is written out, for it is a function in"
                " the function or is passed structures",
                "write a function of the module, and pass it numbers and arrays only", "recursion",
            )  # fmt: skip

    def operation(
        self, found: Any, args: list[Value], keywords: dict[str, Value], stmt: Stmt, expr: Expr | None = None
    ) -> Value:
        """A function with a rule that came as a value: ``apply(np.tanh, x)``."""
        op = operation(found, len(args), list(keywords))
        if op is None:
            name = getattr(found, "__name__", "this function")
            self.fail(stmt, f"a call of {name}", "it has no rule and no source", "write it in NumPy", "functions")
        if op in LEAST and len(args) > 1:
            self.check_compared(args, stmt)
        made = tuple(self.argument(arg, stmt) for arg in self.as_arrays(op, args, stmt))
        spelling = "" if is_by_user(op) else self.spelling_of(found, op, expr)
        active = rule_of(op).active
        given = {key: self.with_arrays(one, stmt) if key in active else one for key, one in keywords.items()}
        value = Apply(op, made, tuple((key, self.argument(one, stmt)) for key, one in given.items()), spelling)
        return self.made_list(replace(value, spelling=""), stmt) if op in MAKES_LISTS else value

    def spelling_of(self, found: Any, op: str, expr: Expr | None) -> str:
        """How a function with a rule is written that comes as a value: one of Python's gives a number of Python's."""
        if found is numpy_function(op):
            return "numpy"
        if getattr(found, "__module__", None) == "_operator":
            return "operator"
        name = getattr(found, "__name__", "")
        if getattr(builtins, name, None) is found:
            return f"function:{name}"
        for path in (dotted(expr) if expr is not None else None, f"{getattr(found, '__module__', '')}.{name}", name):
            if path is not None and self.meaning(path_of(path), self.top) is found:
                return f"function:{path}"
        return "numpy"

    def enter(
        self,
        function: Function,
        parsed: Parsed,
        made_in: Closure | None,
        args: list[Value],
        keywords: dict[str, Value],
        stmt: Stmt,
    ) -> Value:
        """The statements of a callee, its variables renamed, its parameters bound to the arguments."""
        caller = self.frame
        assert caller is not None
        self.call_count += 1
        if self.call_count > MOST_CALLS and self.recurs(function, caller):
            self.fail(
                stmt, f"this call of {function.name}", f"more than {MOST_CALLS} calls of a recursion are written out",
                "write a function of the module, and pass it numbers and arrays only", "recursion",
            )  # fmt: skip
        rebound = frozenset(n for one in statements(function.body) for target in targets(one) for n in bound(target))
        local = frozenset(p.name for p in function.parameters) | rebound
        if made_in is not None:
            said = mentioned(parsed.tree)  # what is not is ours: the result of a function with early returns
            local = made_in.local | {name for name in rebound if name not in said}
            self.captured |= {self.renamed(name, made_in.frame).id for name in rebound - local}
        outer = None if made_in is None else made_in.frame
        frame = Frame(parsed, local, outer=outer, span=caller.span if not caller.outermost else stmt.span)
        frame.caller, frame.loops, frame.function = caller, self.loops, function
        frame.wish = caller.wish if self.goal is None else self.goal.id
        frame.many = bound_often(function, local)
        frame.stacks = plain_stacks(function.body)
        inner = any(isinstance(expr, Lambda) for one in statements(function.body) for expr in expressions(one))
        moving = self.moving | self.slot_names if inner else ()
        for name, value in self.arguments(function, made_in, args, keywords, frame, stmt).items():
            later = self.may_move(value) or (isinstance(value, Name) and value.id in moving)  # seen by what it makes
            stays = name not in rebound and not later
            if stays and is_leaf(value) and (is_atom(value) or self.object_outside(value) is not None):
                frame.names[name] = value
            else:
                if isinstance(value, Apply | Call):  # whole, in a test
                    value = rebuild(value, lambda part: self.flat(part, stmt))
                self.bind(name, value, frame, stmt)
        closures = self.closures
        *body, last = function.body
        made = self.run(tuple(body), frame)
        self.out.extend(made)
        self.frame, self.now = frame, last
        result: Value = Const(None)
        if isinstance(last, Return) and last.value is not None:
            result = self.value(last.value, frame, last)
        elif not isinstance(last, Return):
            self.out.extend(self.run((last,), frame))
        self.frame, self.now = caller, stmt
        if self.closures == closures:  # nobody sees its variables any more
            for name in frame.fresh:
                self.state.bindings.pop(name, None)
        return result

    def recurs(self, function: Function, caller: Frame) -> bool:
        """Whether a function is being carried out already, or one that calls it is more than once."""
        running = [function]
        one: Frame | None = caller
        while one is not None:
            if one.function is not None:
                running.append(one.function)
            one = one.caller
        return len(running) > len({id(one) for one in running})

    def may_move(self, value: Value) -> bool:
        """Whether the variable that is passed could be bound again while the callee runs: by a closure only."""
        return isinstance(value, Name) and value.id in self.captured

    def arguments(
        self,
        function: Function,
        made_in: Closure | None,
        args: list[Value],
        keywords: dict[str, Value],
        frame: Frame,
        stmt: Stmt,
    ) -> dict[str, Value]:
        """The arguments by parameter, as Python binds them."""
        given, named = list(args), dict(keywords)
        values: dict[str, Value] = {}
        wrong = None
        for parameter in function.parameters:
            name = parameter.name
            last = given[-1] if given else None
            if parameter.kind == "starred" and isinstance(last, Rest):
                values[name] = Sequence(last.columns, last.form, last.site, fixed=True)
                if others := given[:-1]:
                    known = Struct("tuple", dict(enumerate(others)), None, name)
                    values[name] = replace(self.joined(known, values[name], stmt), fixed=True)
                given = []
            elif parameter.kind == "starred":
                values[name] = Struct("tuple", dict(enumerate(given)), None, name)
                given = []
            elif parameter.kind == "double-starred":
                values[name] = Struct("dict", dict(named.items()), None, name)
                named = {}
            elif given and parameter.kind != "keyword-only":
                values[name] = given.pop(0)
                wrong = f"{name} is given twice" if name in named else wrong
            elif name in named and parameter.kind != "positional-only":
                values[name] = named.pop(name)
            elif made_in is not None and name in made_in.defaults:
                values[name] = made_in.defaults[name]
            elif parameter.default is not None:
                values[name] = self.default(function, parameter.name, parameter.default, frame, stmt)
            else:
                wrong = f"{name} is missing"
        if given or named or wrong:
            self.fail(
                stmt, f"this call of {function.name}", wrong or "it is given more arguments than it takes",
                "Python raises TypeError", "functions",
            )  # fmt: skip
        return values

    def default(self, function: Function, name: str, default: Expr, frame: Frame, stmt: Stmt) -> Value:
        """What a parameter is that is not given: a literal, or the object that was made with the function."""
        if isinstance(default, Const | Name):
            return default
        home = function.home
        own = (function.name, "<lambda>") if function.name == "anonymous" else (function.name,)
        if isinstance(home, FunctionType) and home.__name__ in own:
            found = inspect.signature(home, follow_wrapped=False).parameters[name].default
            if isinstance(found, FunctionType | np.ufunc):
                return self.known(found)
            if (constant := constant_of(found)) is not None:  # the name that it was given by may mean another now
                return constant
            if (path := self.path_of_default(home, name, frame)) is not None:
                return self.value(path, frame, stmt)
        self.fail(
            stmt, f"the default of {name} in {function.name}", "it is an object made with the function",
            "pass the argument", "functions",
        )  # fmt: skip

    def path_of_default(self, home: FunctionType, name: str, frame: Frame) -> Expr | None:
        """How a default is read from its function, where that has a name."""
        path = path_of(home.__qualname__)
        if self._meaning(path, frame) is not home:
            return None
        self.meanings[home, home.__qualname__] = None
        if name in (home.__kwdefaults__ or {}):
            return Subscript(Attribute(path, "__kwdefaults__"), Const(name))
        places = home.__code__.co_varnames[: home.__code__.co_argcount]
        first = len(places) - len(home.__defaults__ or ())
        return Subscript(Attribute(path, "__defaults__"), Const(places.index(name) - first))

    def left_out(self, found: Any, args: list[Value], keywords: dict[str, Value], stmt: Stmt) -> dict[str, Value]:
        """The defaults, where they are no literals, of the arguments that a call which stays one does not give."""
        if not isinstance(found, FunctionType) or op_of(found) is not None or is_of_library(found):
            return {}
        try:
            function, parsed = self.lowered(found, self.supply), parse(found)
        except BackproseError:
            return {}
        frame = Frame(parsed, frozenset(p.name for p in function.parameters))
        frame.caller = self.frame
        made: dict[str, Value] = {}
        for one in function.parameters[len(args) :]:
            own = one.name not in keywords and one.kind in ("positional", "keyword-only")
            if own and isinstance(one.default, Verbatim):
                value = self.default(function, one.name, one.default, frame, stmt)
                made[one.name] = self.held(value, stmt) if isinstance(value, Subscript) else value
        return made

    # ------------------------------------------------------------ facts
    @staticmethod
    def is_running(found: FunctionType, frame: Frame) -> bool:
        one: Frame | None = frame
        while one is not None:
            if one.parsed.function is found:
                return True
            one = one.caller
        return False


def asks_structure(function: Function) -> bool:
    """Whether a function takes an item, which one of its parameters names, of a structure that it makes."""
    own = {p.name for p in function.parameters}
    made: set[str] = set()
    for stmt in statements(function.body):
        if isinstance(stmt, Assign) and isinstance(stmt.target, Name) and isinstance(stmt.value, Dict):
            made.add(stmt.target.id)
        for expr in expressions(stmt):
            for part in subexpressions(expr):
                match part:
                    case Subscript(value=Name(id=owner), index=Name(id=key)) if owner in made and key in own:
                        return True
    return False


def is_display(value: Expr, named: bool, made: Mapping[str, list[Expr]]) -> bool:
    """Whether an expression is more than a number, an array or a tuple of these; ``named``: it has a name first."""
    match value:
        case Dict() | Lambda() | List():
            return True
        case Tuple(items=items):
            parts = [part for item in items for part in made.get(getattr(item, "id", ""), [item])]
            return named or not all(isinstance(part, Name | Const | Apply) for part in parts)
    return False


def numpy_function(op: str) -> Any:
    """``np.linalg.norm`` for ``linalg.norm``."""
    found: Any = np
    for attribute in op.split("."):
        found = getattr(found, attribute, None)
    return found


def plain_stacks(body: Block) -> frozenset[str]:
    """Lists that are only begun empty, pushed to and popped from: they stay lists."""
    stacks: set[str] = set()
    others: set[str] = set()
    for stmt in statements(body):
        if isinstance(stmt, Push | Pop):
            stacks.add(stmt.stack.id)
            others |= reads(stmt.value) if isinstance(stmt, Push) else set(bound(stmt.target))
            continue
        for expr in expressions(stmt):
            others |= reads(expr)
            others |= all_names(expr.function.body) if isinstance(expr, Lambda) else set()
        if not (isinstance(stmt, Assign) and isinstance(stmt.target, Name) and stmt.value == List(())):
            others |= {name for target in targets(stmt) for name in bound(target)}
    return frozenset(stacks - others)


def bound_often(function: Function, local: frozenset[str]) -> frozenset[str]:
    """Names bound at more than one place, in a loop or by a function in the function."""
    counts = {p.name: 1 for p in function.parameters}

    def visit(block: Block, weight: int) -> None:
        for stmt in block:
            for target in targets(stmt):
                for name in bound(target):
                    counts[name] = counts.get(name, 0) + weight
            if isinstance(stmt, Assign) and isinstance(stmt.value, Lambda):
                visit(stmt.value.function.body, 2)
            inner = 2 if type(stmt).__name__ in ("For", "While") else weight
            for part in ("body", "orelse"):
                visit(getattr(stmt, part, ()), inner)

    visit(function.body, 1)
    return frozenset(name for name, count in counts.items() if count > 1) & local
