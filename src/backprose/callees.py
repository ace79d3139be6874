"""Calls of the user's own functions: each gets a pair of its own for each pattern of active arguments."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, replace
from itertools import count
from types import FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from backprose import support
from backprose.analyse.effects import changes_nothing, is_write, works_in_place
from backprose.analyse.extents import INSIDE, map_dims
from backprose.analyse.liveness import has_effect
from backprose.analyse.types import type_of
from backprose.differentiate import assemble
from backprose.differentiate.aliases import Effects, effects
from backprose.differentiate.anew import Anew, Own, calls_in, put_anew
from backprose.differentiate.changes import ASSIGNING, HARMLESS_MODULES, Callee, World, copied_array
from backprose.differentiate.forward import CallTangent
from backprose.differentiate.outside import check_outside
from backprose.differentiate.refuse import NO_RULE, Refuse
from backprose.differentiate.steps import CallPair, Pair, Wanted
from backprose.differentiate.unseen import acts_unseen
from backprose.differentiate.views import rebound
from backprose.errors import BackproseError, UnknownFunctionError, UnsupportedError
from backprose.ir.names import NameSupply
from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Augment,
    Block,
    Call,
    Const,
    Enter,
    Evaluate,
    Expr,
    Function,
    Global,
    Name,
    Ours,
    Raise,
    Return,
    Stmt,
    Subscript,
    Try,
    Tuple,
)
from backprose.ir.shared import MISSING, is_derivative, part_of
from backprose.ir.types import PYTHON_FLOAT, PYTHON_INT, UNKNOWN, Dim, Extent, Type
from backprose.ir.values import type_of_value
from backprose.ir.walk import (
    CHANGING_METHODS,
    expressions,
    is_path,
    looks_only,
    map_blocks,
    operations,
    statements,
    targets,
    writes,
)
from backprose.lifting import Lifted, LiftedDerivatives
from backprose.load.guards import Guard, resolve
from backprose.lower import lower
from backprose.lower.adjoints import body_of
from backprose.lower.inline import arguments
from backprose.lower.resolve import METHODS, position_of_out
from backprose.lower.scope import mentioned, parameters_of
from backprose.parse import Parsed, parse
from backprose.rules.checks import LITERALS, read_outside
from backprose.rules.registry import (
    SOLVES,
    Rule,
    is_by_user,
    is_owner,
    op_of,
    rule_for,
    rule_of,
    solver_of,
    target_of,
    why_uncovered,
)

if TYPE_CHECKING:
    from backprose.pipeline import _Compilation

Key = tuple[object, ...]
DEEPEST = 40
LIBRARIES = frozenset({"numpy", "math", "cmath", "scipy"})  # modules whose functions stay what they are
# what a recursion may result in; later ones where an earlier one does not hold
NUMBERS = (Type("scalar", "float64", ()), PYTHON_FLOAT, PYTHON_INT, Type("unknown", "float64", ()))
NUMERIC = ("__float__", "__array__", "__array_ufunc__", "__index__")  # of a class whose objects calculate
# methods of arrays that write into nothing, in whatever form they are called
READING_METHODS = frozenset(
    "tolist item tobytes tofile dump dumps nonzero searchsorted argsort argpartition view getfield".split()
)


@dataclass(frozen=True, slots=True)
class Traits:
    """What is known of a function that has a rule of a user's: the parameters that it writes into, whether its result
    may share memory with an argument, whether a call may do more than give a value."""

    writes: frozenset[str] = frozenset()
    shares: bool = True
    acts: bool = True


class Callees(LiftedDerivatives):
    """The user's functions that one derivative calls."""

    def __init__(self, compilation: _Compilation) -> None:
        self.compilation = compilation
        self.functions: list[Function] = []
        self.names = NameSupply(())
        self.made: dict[Key, tuple[str, ...]] = {}
        self.types: dict[str, Type] = {}  # of what our emitted functions return
        self.tangents: dict[str, tuple[tuple[str, ...], bool]] = {}  # how tangent functions take their tangents
        self.known: dict[tuple[FunctionType, tuple[Type, ...]], tuple[Function, dict[str, Type]]] = {}
        self.checking: list[FunctionType] = []
        self.assumed: dict[FunctionType, Effects] = {}  # of functions whose effects are being found
        self.effects_of: dict[Key, Effects] = {}
        self.put_by: dict[FunctionType, Own] = {}
        self.recursive: dict[FunctionType, bool] = {}
        self.sources: dict[FunctionType, Parsed] = {}
        self.flats: dict[FunctionType, tuple[Function, NameSupply]] = {}
        self.in_progress: list[FunctionType] = []
        self.numbers: dict[tuple[FunctionType, tuple[Type, ...]], Type | None] = {}  # what recursions result in
        self.guessed: dict[FunctionType, Type] = {}  # of recursions whose result is being found
        self.refuted: set[FunctionType] = set()
        self.transforms: dict[Key, Any] = {}  # derivatives that the program makes where it calls them
        self.lifted: dict[str, Lifted] = {}  # those of functions in the function, by names of ours

    def copy(self, compilation: _Compilation) -> Callees:
        """The same knowledge for another derivative: what that one finds out does not come back here."""
        made = copy(self)
        made.compilation, made.names = compilation, self.names.copy()
        for name, value in vars(made).items():
            if isinstance(value, (dict, list, set)):
                setattr(made, name, copy(value))
        return made

    # ------------------------------------------------------------ what names mean
    def value(self, parsed: Parsed, path: str) -> object:
        """The present object of a dotted name; KeyError where there is none."""
        name, *attributes = path.split(".")
        binding = parsed.lookup(name)
        if binding.scope == "missing":
            if name in self.lifted:
                return self.lifted[name].derivative
            raise KeyError(path)
        value = binding.value
        for attribute in attributes:
            asked = hasattr(type(value), "__getattr__") and inspect.getattr_static(value, attribute, MISSING) is MISSING
            if asked and acts_unseen(value):
                raise KeyError(path)
            try:
                value = getattr(value, attribute)
            except AttributeError:
                raise KeyError(path) from None
        return value

    def object_of(self, parsed: Parsed, expr: Expr) -> Any:
        if isinstance(expr, Call):
            return self.transformed(parsed, expr)
        if isinstance(expr, Ours):
            return expr.meaning
        path = dotted(expr)
        try:
            return None if path is None else self.value(parsed, path)
        except KeyError:
            return None

    # ------------------------------------------------------------ derivatives that are called
    def transformed(self, parsed: Parsed, expr: Call) -> Any:
        """The derivative that ``bp.grad(f, wrt="x")`` is; None for another call."""
        transform = self.object_of(parsed, expr.function)
        if not getattr(transform, "__backprose_transform__", False) or len(expr.args) != 1:
            return None
        function = self.object_of(parsed, expr.args[0])
        options = tuple((key, _constant(value)) for key, value in expr.keywords)
        key = transform, function, options
        if key not in self.transforms:
            self.transforms[key] = transform(function, **dict(options))
        return self.transforms[key]

    def called(self, parsed: Parsed, call: Call) -> Any:
        """The object that is called; of a derivative the function that is emitted for arguments of these types."""
        found = self.object_of(parsed, call.function)
        return self.emitted(parsed, call, found) if is_derivative(found) else found

    def emitted(self, parsed: Parsed, call: Call, derivative: Any) -> FunctionType | None:
        self._refuse_own(parsed, call.function, derivative)
        parameters = derivative.__signature__.parameters
        given = {**dict(zip(parameters, call.args, strict=False)), **dict(call.keywords)}
        plain = all(one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD) for one in parameters.values())
        if not plain or len(call.args) > len(parameters) or not given.keys() <= parameters.keys():
            return None
        signature: dict[str, Type] = {}
        for name, parameter in parameters.items():
            if name in given:
                signature[name] = _as_argument(type_of(given[name]), name)
            elif parameter.default is parameter.empty:
                return None
            else:
                signature[name] = type_of_value(parameter.default, name)
        own = derivative._variants.parameters.parameters  # the direction of hvp is none of them
        try:
            variant = derivative._variants.of({name: known for name, known in signature.items() if name in own})
        except BackproseError as error:
            raise self.seen_from(parsed, call, error).with_traceback(None)  # noqa: B904
        self.check_apart(parsed, call, given, variant.writes())
        self.check_lifted(parsed, call, derivative, variant)
        self.compilation.guards.extend(variant.guards)
        found: FunctionType = variant.entries[0]
        return found

    def function_called(self, parsed: Parsed, call: Call) -> FunctionType | None:
        """The user's function that is called, or the emitted one, noted in the guards."""
        found = self.object_of(parsed, call.function)
        if not is_derivative(found):
            return self.function_of(parsed, call.function)
        inner = call.function
        for expr in (inner.function, *inner.args) if isinstance(inner, Call) else (inner,):
            path = dotted(expr)
            if path is not None and path not in self.lifted:
                self.compilation.guards.append(Guard.identity(parsed.function, path))
        return self.emitted(parsed, call, found)

    def function_of(self, parsed: Parsed, expr: Expr) -> FunctionType | None:
        """The user's function that is called, noted in the guards."""
        found = self.object_of(parsed, expr)
        if is_derivative(found):
            self._refuse_own(parsed, expr, found)
        if not isinstance(found, FunctionType) or op_of(found) is not None:
            return None
        module = (found.__module__ or "").split(".")[0]
        if module in ("numpy", "scipy", "backprose") and not found.__code__.co_filename.startswith("<"):
            return None
        path = dotted(expr)
        if path is not None:
            self.compilation.guards.append(Guard.identity(parsed.function, path))
        return found

    @staticmethod
    def _refuse_own(parsed: Parsed, expr: Expr, found: Any) -> None:
        primal = getattr(found, "primal", None)
        if primal is parsed.function or getattr(primal, "__code__", None) is parsed.function.__code__:
            name = parsed.function.__name__
            if isinstance(expr, Call):
                raise UnsupportedError(
                    f"{name} calls its own derivative",
                    why="that derivative would need its own in turn",
                    instead="differentiate a function that does not call it",
                    where=parsed.locate(parsed.tree),
                    section="recursion",
                )
            raise UnsupportedError(
                f"inside {name} the name {dotted(expr)!r} means its derivative, not {name} itself",
                why="the decorator has bound the name to the derivative",
                instead=f"leave {name} undecorated and write d{name} = backprose.grad({name})",
                where=parsed.locate(parsed.tree),
                section="recursion",
            )

    def parsed(self, function: FunctionType) -> Parsed:
        """The source of a function, looked at once for a derivative: it is checked anew for the next one."""
        if function not in self.sources:
            self.sources[function] = parse(function)
        return self.sources[function]

    def flat(self, function: FunctionType) -> tuple[Function, NameSupply]:
        """A function's flat program, made once for a derivative, and names of its own for each use of it."""
        if function not in self.flats:
            supply = NameSupply(())
            self.flats[function] = lower(self.parsed(function), supply), supply
        lowered, supply = self.flats[function]
        return lowered, supply.copy()

    def by_rule(self, parsed: Parsed) -> tuple[Function, NameSupply] | None:
        """A function that has a rule, as one that calls it; None where it has none."""
        rule = rule_for(parsed.function)
        if rule is None:
            return None
        parameters = parameters_of(parsed.tree.args)
        listed = {parameter.name for parameter in rule.parameters}
        unknown = [parameter.name for parameter in parameters if parameter.name not in listed]
        if unknown:
            raise UnknownFunctionError(
                f"the rule of {parsed.tree.name} does not know the parameter {unknown[0]!r}",
                why="an argument that is not known could change the derivative",
                instead="write a rule with all parameters, or differentiate a function that calls this one without it",
                where=parsed.locate(parsed.tree),
                section="keywords",
            )
        own = parsed.lookup(parsed.tree.name).value is parsed.function
        spelling = f"function:{parsed.tree.name}" if own else ""
        named = tuple((p.name, Name(p.name)) for p in parameters if p.kind == "keyword-only")
        args = tuple(Name(p.name) for p in parameters if p.kind != "keyword-only")
        supply = NameSupply(mentioned(parsed.tree))
        held = supply.temporary()
        body = Assign(held, Apply(rule.op, args, named, spelling)), Return(held)
        return Function(parsed.tree.name, parameters, body, parsed.function), supply

    def lowered(self, function: FunctionType) -> Function | None:
        """A callee's flat program, or None where it cannot be read (the call itself is then refused, if active)."""
        try:
            return self.flat(function)[0]
        except BackproseError:
            return None

    def lowered_into_caller(self) -> Callable[[FunctionType, NameSupply], Function]:
        """What gives a callee's flat program, made to stand in the program of its caller."""
        known: dict[FunctionType, Function] = {}

        def lowered(function: FunctionType, supply: NameSupply) -> Function:
            if function not in known:
                known[function] = lower(self.parsed(function), supply)
                self.compilation.guards.append(Guard.identity(function, ""))
            return known[function]

        return lowered

    # ------------------------------------------------------------ types of results
    def call_type(self, call: Call, parsed: Parsed) -> Type:
        """The type of a call's result, from the types of its arguments."""
        name = dotted(call.function)
        if name in self.types:
            return self.types[str(name)]
        copied = copied_array(call)
        if copied is not None:
            return Type("array", type_of(copied).dtype, type_of(copied).shape)
        try:
            function = self.called(parsed, call)
        except BackproseError:  # the types are not what they will be
            return UNKNOWN
        rule = rule_for(function)
        if rule is not None and not rule.by_user:
            return UNKNOWN
        if isinstance(function, type) and rule is None and not any(hasattr(function, one) for one in NUMERIC):
            return Type("other")
        return self.result_type(function, call) if isinstance(function, FunctionType) else UNKNOWN

    def typed(self, function: FunctionType, call: Call) -> tuple[Function, dict[str, Type]] | None:
        """A callee with the types that this call gives its parameters, and those."""
        signature = self.signature_of(function, call)
        return None if signature is None else self.typed_for(function, signature)

    def signature_of(self, function: FunctionType, call: Call) -> dict[str, Type] | None:
        lowered = self.lowered(function)
        values = None if lowered is None else arguments(lowered, call)
        return None if values is None else {name: _forget_extent(type_of(value)) for name, value in values.items()}

    def typed_for(self, function: FunctionType, signature: dict[str, Type]) -> tuple[Function, dict[str, Type]] | None:
        lowered = self.lowered(function)
        if lowered is None:
            return None
        key = _key(function, signature)
        if key not in self.known:
            supply = self.flat(function)[1]
            self.known[key] = self.compilation.typed(lowered, self.parsed(function), signature, supply), signature
        return self.known[key]

    def result_type(self, function: FunctionType, call: Call) -> Type:
        signature = self.signature_of(function, call)
        if signature is None or len(self.in_progress) > DEEPEST:
            return UNKNOWN
        if self.is_recursive(function):
            number = self.number_from_recursion(function, general(signature))
            if number is not None or function in self.in_progress:
                return number or UNKNOWN
        return self.inferred_result(function, signature)

    def inferred_result(self, function: FunctionType, signature: dict[str, Type]) -> Type:
        self.in_progress.append(function)
        try:
            found = self.typed_for(function, signature)
        finally:
            self.in_progress.pop()
        last = found[0].body[-1] if found is not None and found[0].body else None
        if not isinstance(last, Return) or last.value is None:
            return UNKNOWN
        return _closed(type_of(last.value), signature)

    def number_from_recursion(self, function: FunctionType, signature: dict[str, Type]) -> Type | None:
        """The type of the result of a function that calls itself; None where it may be anything but a number.

        By induction: a type holds where the function gives it, if every call within it does.
        """
        key = _key(function, signature)
        if key in self.numbers:
            return self.numbers[key]
        if function in self.guessed:  # a call within it, of other arguments
            guess = self.numbers[key] = self.guessed[function]
            if not _holds(guess, self.inferred_result(function, signature)):
                self.refuted.add(function)
            return guess
        for guess in NUMBERS:
            if self.verified(function, signature, guess):
                return guess
        self.numbers[key] = None
        return None

    def verified(self, function: FunctionType, signature: dict[str, Type], guess: Type) -> bool:
        known, numbers = dict(self.known), dict(self.numbers)
        self.guessed[function] = self.numbers[_key(function, signature)] = guess
        holds = _holds(guess, self.inferred_result(function, signature)) and function not in self.refuted
        del self.guessed[function]
        self.refuted.discard(function)
        if not holds:
            self.known, self.numbers = known, numbers  # what follows from the guess
        return holds

    # ------------------------------------------------------------ effects
    def marked(self, function: Function, parsed: Parsed) -> Function:
        """The typed function with what each call of the user's functions writes into noted at the call."""
        return replace(function, body=self._mark(function.body, parsed))

    def _mark(self, block: Block, parsed: Parsed) -> Block:
        result: list[Stmt] = []
        for stmt in block:
            if isinstance(stmt, (Assign, Evaluate)) and isinstance(stmt.value, Call):
                result.extend(self._mark_call(stmt, stmt.value, parsed))
            else:
                result.append(map_blocks(stmt, lambda inner: self._mark(inner, parsed)))
        return tuple(result)

    def _mark_call(self, stmt: Assign | Evaluate, call: Call, parsed: Parsed) -> list[Stmt]:
        function = self.called(parsed, call)
        if (
            not isinstance(function, FunctionType)
            or op_of(function) is not None
            or not any(map(_may_be_array, call.arguments))
        ):
            return [stmt]
        found = self.effects(function, call)
        positions = None if found is None else self.positions(function, call)
        if found is None or positions is None:
            return [stmt]
        call = replace(
            call,
            writes=tuple(k for k, name in enumerate(positions) if name in found.writes),
            shares=tuple(k for k, name in enumerate(positions) if name in found.shares),
            apart=found.apart,
        )
        if found.returned in found.writes and isinstance(
            stmt, Assign
        ):  # y = f(A), where f returns the A that it changed
            array = call.arguments[positions.index(str(found.returned))]
            return [Evaluate(call, stmt.span, stmt.comments), Assign(stmt.target, array, stmt.span)]
        if found.none and isinstance(stmt, Assign):
            return [Evaluate(call, stmt.span, stmt.comments), Assign(stmt.target, Const(None), stmt.span)]
        return [replace(stmt, value=call)]

    def positions(self, function: FunctionType, call: Call) -> list[str] | None:
        """The parameter that each argument of a call goes to."""
        lowered = self.lowered(function)
        values = None if lowered is None else arguments(lowered, call)
        if lowered is None or values is None:
            return None
        plain = [parameter.name for parameter in lowered.parameters if parameter.kind != "keyword-only"]
        return [*plain[: len(call.args)], *(key for key, _ in call.keywords)]

    def effects(self, function: FunctionType, call: Call) -> Effects | None:
        """What a call of a function changes; of one that calls itself, found by repetition."""
        if function in self.assumed:
            return self.assumed[function]
        if (function.__module__ or "").split(".")[0] in HARMLESS_MODULES:
            return Effects()
        typed = self.typed(function, call)
        if typed is None:
            return None
        key = function, tuple(map(str, typed[1].values()))
        if key in self.effects_of:
            return self.effects_of[key]
        found = self.assumed[function] = Effects()
        parsed = self.parsed(function)
        while (now := effects(self.marked(typed[0], parsed))) != found:
            found = self.assumed[function] = now
        del self.assumed[function]
        if not self.assumed:  # else it rests on what is assumed of another function
            self.effects_of[key] = found
        return found

    def traits(self, function: FunctionType) -> Traits:
        """Those of a function whose arguments may be anything; where its source cannot be read, nothing is known."""
        if SOLVES in vars(function):
            return Traits(shares=False)
        try:
            typed = self.typed_for(function, {})
            found = None if typed is None else effects(self.marked(typed[0], self.parsed(function)))
        except BackproseError:
            found = None
        if typed is None or found is None:
            return Traits()
        return Traits(found.writes, bool(found.shares), any(map(_acts, statements(typed[0].body))))

    def guards_of_rules(self, function: Function, parsed: Parsed) -> Iterator[Guard]:
        """What was taken for granted where a rule was pasted: the function, where its name is bound to it alone, and of
        a user's rule what that read of its module."""
        for operation in _operations(function.body):
            if operation.op == "adjoint_of" and operation.spelling:
                yield from self.guards_of_rules(body_of(operation), parsed)
            if operation.op in ("adjoint_of", "stop_gradient"):  # so that they are seen there: ``sparse.study``
                yield Guard.identity(getattr(support, operation.op), "")
            path = operation.spelling.removeprefix("function:") if operation.spelling.startswith("function:") else ""
            if is_by_user(operation.op):
                rule = rule_of(operation.op)
                yield Guard.identity(parsed.function, path) if path else Guard.identity(target_of(rule), "")
                yield from _guards_within(rule)
            elif path:
                root, _, rest = path.partition(".")
                binding = parsed.lookup(root)
                fixed = isinstance(binding.value, ModuleType) and binding.value.__name__ in LIBRARIES
                if binding.scope in ("global", "closure"):
                    yield Guard.identity(parsed.function, root if rest and fixed else path)

    def check_calls(self, typed: Function, parsed: Parsed, refuse: Refuse) -> None:
        """Refuses a call that may write into an array that it is given, in a way that cannot be followed."""
        for stmt in statements(typed.body):
            if isinstance(stmt, Enter):
                self.note_context(stmt, parsed)
            if isinstance(stmt, (Assign, Augment)) and _is_part_of_unknown(stmt.target):
                refuse.target(stmt)
            if isinstance(stmt, Assign) and (method := _method_taken(stmt.value)) is not None:
                refuse.effect(stmt, method, "a method that is called later under another name is not followed")
            own = stmt.value if isinstance(stmt, (Assign, Evaluate)) else None
            for expr in expressions(stmt):
                for apply in operations(expr):  # max(rows, key=f)
                    reason = self.hands_on(tuple(value for _, value in apply.keywords), parsed)
                    if reason is not None:
                        refuse.effect(stmt, Call(Global(apply.op), apply.args), reason)
            for call in calls_in(stmt):
                reason = self.effect(call, parsed, call is own)
                if reason is not None:
                    refuse.effect(stmt, call, reason)

    def note_context(self, stmt: Enter, parsed: Parsed) -> None:
        """The context manager has to stay the one that is known to let exceptions pass."""
        path = dotted(stmt.context.function if isinstance(stmt.context, Call) else stmt.context)
        if path is not None:
            self.compilation.guards.append(Guard.identity(parsed.function, path))

    def effect(self, call: Call, parsed: Parsed, alone: bool = True) -> str | None:
        """Why a call may change one of its array arguments unseen, or None: it does not."""
        arrays = [arg for arg in call.arguments if _may_be_array(arg)]
        into = any(key == "out" and value != Const(None) for key, value in call.keywords)
        if isinstance(call.function, Attribute) and isinstance(call.function.value, Name):
            owner, name = call.function.value, call.function.attr
            if into:
                return "it is given an array to write into"
            at = position_of_out(getattr(np, name, None)) if name in METHODS else None
            if at is not None and len(call.args) >= at and call.args[at - 1] != Const(None):
                return "it is given an array to write into"
            if arrays and type_of(owner).kind in ("unknown", "other", "object") and not looks_only(name):
                return "what its method does is not known"
            return _effect_of_method(owner, name)
        function = self.called(parsed, call)
        if function in (exec, eval):
            return "it may change anything"
        library = (getattr(function, "__module__", None) or "").split(".")[0] in LIBRARIES
        own = isinstance(function, FunctionType) and not library  # of the user's: it is looked into
        at = None if own else position_of_out(function)
        if into and not own:
            return "it is given an array to write into"
        if at is not None and len(call.args) > at and call.args[at] != Const(None):
            return "it is given an array to write into"
        if works_in_place(function, call):
            return "it is told to use that array as room to work in"
        if arrays and solver_of(function) is not None:
            return self.hands_on(call.arguments, parsed)
        if arrays and not isinstance(function, FunctionType) and (reason := self.hands_on(call.arguments, parsed)):
            return reason
        rule = rule_for(function)
        if rule is not None and rule.by_user and isinstance(function, FunctionType):
            writes = self.traits(function).writes
            return f"it has a rule, and writes into its argument {min(writes)}" if writes else None
        if not arrays or rule is not None or dotted(call.function) in self.types:
            return None
        if is_write(function):
            return "in this form it cannot be written as an assignment to a part of the array: see 'Writes'"
        if changes_nothing(function):
            return None
        if why := why_uncovered(function):
            return why
        of_scipy = (getattr(function, "__module__", None) or "").startswith("scipy.")
        if isinstance(function, FunctionType):
            reason = None if function in self.checking else self.effect_of_function(function, call, alone)
            return NO_RULE if reason is not None and of_scipy else reason
        if of_scipy:
            return NO_RULE
        module, name = getattr(function, "__module__", None), getattr(function, "__name__", "")
        if module in HARMLESS_MODULES and not (module == "_operator" and name in ASSIGNING):
            return None
        return "its source cannot be read"

    def hands_on(self, arguments: tuple[Expr, ...], parsed: Parsed) -> str | None:
        """Why a function that is handed to another one may change an array that this one hands to it, or None."""
        for arg in arguments:
            found = self.object_of(parsed, arg)
            if isinstance(found, FunctionType) and op_of(found) is None:
                lowered = self.lowered(found)
                if lowered is None or any(map(writes, statements(lowered.body))):
                    return f"it calls {found.__name__}, which may write into what it is given"
        return None

    def effect_of_function(self, function: FunctionType, call: Call, alone: bool) -> str | None:
        if (function.__module__ or "").split(".")[0] in HARMLESS_MODULES:
            return None
        typed = self.typed(function, call)
        found = self.effects(function, call)
        if typed is None or found is None:
            return "its source cannot be read or goes beyond the supported language"
        if found.writes and not alone:
            return f"it writes into its argument {min(found.writes)}, in the middle of an expression"
        if found.writes & found.shares and found.returned is None:
            return f"its result may be a part of the argument {min(found.writes & found.shares)}, which it writes into"
        self.checking.append(function)
        try:
            inner = self.parsed(function)
            for stmt in statements(typed[0].body):
                own = stmt.value if isinstance(stmt, (Assign, Evaluate)) else None
                for nested in calls_in(stmt):
                    reason = self.effect(nested, inner, nested is own)
                    if reason is not None:
                        return f"it calls {dotted(nested.function) or 'a function'}, and {reason}"
        finally:
            self.checking.pop()
        return None

    # ------------------------------------------------------------ the world outside
    def world(self, parsed: Parsed) -> World:
        """What a function sees outside itself."""

        def callee(call: Call) -> Callee | None:
            function = self.called(parsed, call)
            if isinstance(function, MethodType) and is_owner(function.__self__):
                return None  # of a distribution
            if isinstance(function, MethodType) and isinstance(call.function, Attribute):
                whole = replace(call, function=Const(None), args=(call.function.value, *call.args))
                method: Any = function.__func__
                lowered = self.lowered(method) if isinstance(method, FunctionType) else None
                values = None if lowered is None else arguments(lowered, whole)
                if lowered is None or values is None:
                    return None
                given = {name: value for name, value in values.items() if value in whole.arguments}
                return Callee(lowered, given, self.world(self.parsed(method)))
            own = isinstance(function, FunctionType) and op_of(function) is None
            if not own or (function.__module__ or "").split(".")[0] in (*HARMLESS_MODULES, "numpy", "scipy"):
                return None
            typed, names = self.typed(function, call), self.positions(function, call)
            if typed is None or names is None:
                return None
            given = dict(zip(names, call.arguments, strict=True))
            return Callee(typed[0], given, self.world(self.parsed(function)))

        def lookup(expr: Expr) -> object:
            if isinstance(expr, Attribute | Subscript) and not is_path(expr):
                found = part_of(lookup(expr.value), expr)
                return None if found is MISSING else found
            return self.object_of(parsed, expr)

        return World(lookup, callee, Refuse(parsed.locate, lookup))

    def anew(self, function: Function, parsed: Parsed) -> Anew:
        """What a function may bind anew outside, or fill with something of another kind, by whatever it calls."""
        return put_anew(function, parsed, self, self.put_by)

    # ------------------------------------------------------------ derivatives of calls
    def pair_for(self, parsed: Parsed) -> CallPair:
        def pair(call: Call, wanted: Wanted) -> Pair | None:
            function = self.function_called(parsed, call)
            plan = None if function is None else self.plan(function, call, wanted)
            if function is None or plan is None:
                return None
            nothing = wanted.ignored or self.is_procedure(plan)
            name = plain_name(function)
            return Pair(
                name, nothing, lambda restores: self.made_pair(plan, restores or wanted.again, nothing), plan.wrt
            )

        return pair

    def tangent_for(self, parsed: Parsed) -> CallTangent:
        def tangent(call: Call, wanted: Wanted) -> tuple[str, tuple[str, ...], bool, bool] | None:
            function = self.function_called(parsed, call)
            plan = None if function is None else self.plan(function, call, wanted)
            if function is None or plan is None:
                return None
            nothing = wanted.ignored or self.is_procedure(plan)
            name = self.made_tangent(plan, nothing)
            return name, *self.tangents[name], nothing

        return tangent

    def plan(self, function: FunctionType, call: Call, wanted: Wanted) -> Plan | None:
        """What a derivative of a callee is made for."""
        inner = self.parsed(function)
        lowered, _ = self.flat(function)
        values = arguments(lowered, call)
        names = self.positions(function, call)
        if values is None or names is None:
            return None
        signature = {name: _forget_extent(type_of(value)) for name, value in values.items()}
        if self.is_recursive(function):
            signature = general(signature)
        active = tuple(names[k] for k in wanted.active)
        if any(signature[name].is_structure for name in active):
            return None  # its parts are not known on every way to the call
        return Plan(
            inner,
            lowered,
            active,
            signature,
            tuple(names[k] for k in call.writes),
            tuple(names[k] for k in wanted.shadowed),
            wanted.seeded,
        )

    def is_recursive(self, function: FunctionType) -> bool:
        """Whether a function calls itself, by whatever way."""
        if function not in self.recursive:
            seen: set[FunctionType] = set()
            pending = [function]
            while pending:
                here = pending.pop()
                lowered, parsed = self.lowered(here), self.parsed(here)
                for stmt in statements(lowered.body if lowered is not None else ()):
                    for call in calls_in(stmt):
                        found = self.object_of(parsed, call.function)
                        if isinstance(found, FunctionType) and found not in seen and op_of(found) is None:
                            seen.add(found)
                            pending.append(found)
            self.recursive[function] = function in seen
        return self.recursive[function]

    @staticmethod
    def is_procedure(plan: Plan) -> bool:
        """Whether a callee writes into its arguments and gives no result; of any other None is the result."""
        last = plan.lowered.body[-1] if plan.lowered.body else None
        return bool(plan.written) and (not isinstance(last, Return) or last.value is None or last.value == Const(None))

    def made_pair(self, plan: Plan, restores: bool, nothing: bool) -> tuple[str, str]:
        key = (*plan.key, "reverse", restores, nothing)
        if key not in self.made:
            name = plain_name(plan.parsed.function)
            self.made[key] = forward, backward = (
                self.names.fresh(f"{name}_forward"),
                self.names.fresh(f"{name}_backward"),
            )
            function, setting, supply = self.prepared(plan, nothing)
            self.types[forward] = (
                UNKNOWN if nothing else Type("tuple", items=(self.type_of_result(function, plan), Type()))
            )
            self.types[backward] = self.type_of_gradients(plan)
            procedure = assemble.Procedure(plan.written, plan.shadowed, restores, plan.seeded)
            *pair, wishes = assemble.pair(
                function, plan.wrt, len(plan.wrt) == 1, forward, backward, setting, procedure if plan.written else None
            )
            made: tuple[Function, ...] = tuple(pair)
            self.functions.extend(self.compilation.back(made, plan.parsed, wishes, supply, "pullback"))
        forward, backward = self.made[key]
        return forward, backward

    def made_tangent(self, plan: Plan, nothing: bool) -> str:
        key = (*plan.key, "forward", nothing)
        if key not in self.made:
            self.made[key] = (name,) = (self.names.fresh(f"{plain_name(plan.parsed.function)}_jvp"),)
            function, setting, supply = self.prepared(plan, nothing)
            dots, by_name = assemble.tangent_names(function, (*plan.wrt, *plan.shadowed), supply)
            self.tangents[name] = tuple(dots.values()), by_name
            type = self.type_of_result(function, plan)
            self.types[name] = UNKNOWN if nothing else Type("tuple", items=(type, replace(type, dtype=None)))
            tangent, wishes = assemble.tangent(function, dots, by_name, name, setting, plan.written)
            self.functions.extend(self.compilation.back((tangent,), plan.parsed, wishes, supply, "forward"))
        return self.made[key][0]

    def prepared(self, plan: Plan, nothing: bool) -> tuple[Function, assemble.Setting, NameSupply]:
        """The callee's typed program, without its result where nobody reads it."""
        function, supply, expanded = self.compilation.front(plan.parsed, plan.signature, plan.written)
        if expanded.result is not None:
            raise UnsupportedError(
                f"{function.name} calls itself and returns a structure",
                why="each call would have to be written out",
                instead="return a number, an array, or a tuple of these",
                where=plan.parsed.locate(plan.parsed.tree),
                section="recursion",
            )
        setting = self.compilation.setting(plan.parsed, supply)
        wrt = frozenset((*plan.wrt, *plan.shadowed))
        function, changes = check_outside(function, wrt, self.world(plan.parsed), supply)
        self.compilation.guard_changes(changes, plan.parsed)
        last = function.body[-1]
        if nothing and isinstance(last, Return):
            function = replace(function, body=(*function.body[:-1], replace(last, value=None)))
        for stmt in statements(function.body):
            name = next((name for name in rebound(stmt) if name in plan.written), None)
            if name is not None:
                setting.refuse.rebound_argument(stmt, function.name, name)
        return function, setting, supply

    def type_of_result(self, function: Function, plan: Plan) -> Type:
        last = function.body[-1]
        result = last.value if isinstance(last, Return) and last.value is not None else Const(None)
        return _closed(type_of(result), {} if self.is_recursive(plan.parsed.function) else plan.signature)

    def type_of_gradients(self, plan: Plan) -> Type:
        """What the backward function returns: gradients of the form of the arguments."""
        types = [plan.signature[name] for name in plan.wrt]
        if not types or self.is_recursive(plan.parsed.function):
            return UNKNOWN
        items = tuple(type if type.kind == "array" else UNKNOWN for type in types)
        return items[0] if len(items) == 1 else Type("tuple", items=items)


def _is_part_of_unknown(target: Expr) -> bool:
    """Whether ``z.real = v`` is written of what may be an object with an attribute of that name."""
    match target:
        case Subscript(value=Apply(op="real" | "imag", args=(owner,)), index=Const(value=value)) if value is ...:
            return type_of(owner).kind != "array"
    return False


@dataclass(frozen=True)
class Plan:
    """A callee and what its derivative is made for. ``wrt``: the parameters that move when it is called; ``shadowed``:
    those that it writes into, whose adjoints it is handed and changes in place."""

    parsed: Parsed
    lowered: Function
    wrt: tuple[str, ...]
    signature: dict[str, Type]
    written: tuple[str, ...]
    shadowed: tuple[str, ...]
    seeded: bool

    @property
    def key(self) -> tuple[object, ...]:
        return *_key(self.parsed.function, self.signature), self.wrt, self.written, self.shadowed, self.seeded


def _constant(value: Expr) -> Any:
    if isinstance(value, Tuple):
        return tuple(map(_constant, value.items))
    assert isinstance(value, Const)
    return value.value


def _as_argument(type: Type, name: str) -> Type:
    """What is known of an argument as the derivative itself would know it: lengths by its parameter, 1 or not 1."""
    if type.kind != "array" or type.shape is None:
        return _forget_extent(type)

    def own(dim: Dim, axis: int) -> Dim:
        not_one = dim.not_one if isinstance(dim, Extent) else dim != 1
        return dim if dim == 1 else Extent(f"{name}.shape[{axis}]", not_one=not_one)

    return replace(type, shape=tuple(own(dim, axis) for axis, dim in enumerate(type.shape)), extent=None)


def general(signature: Mapping[str, Type]) -> dict[str, Type]:
    """The types of arguments with nothing known of their lengths: a function that calls itself has one text for all its
    calls."""
    numbers = count()
    return {name: map_dims(type, lambda _dim: Extent(f"n{next(numbers)}")) for name, type in signature.items()}


def _key(function: FunctionType, signature: Mapping[str, Type]) -> tuple[FunctionType, tuple[Type, ...]]:
    return function, tuple(signature.values())


def _holds(guess: Type, found: Type) -> bool:
    """Whether every value of type ``found`` is a number of type ``guess``."""
    if guess.kind != "unknown":
        return found == guess
    return found.is_immutable_scalar and guess.dtype in (None, found.dtype)


def dotted(expr: Expr) -> str | None:
    match expr:
        case Global(id=name):
            return name
        case Attribute(value=value, attr=attr):
            path = dotted(value)
            return None if path is None else f"{path}.{attr}"
    return None


def _operations(block: Block) -> Iterator[Apply]:
    for stmt in statements(block):
        for expr in expressions(stmt):
            yield from operations(expr)


def plain_name(function: FunctionType) -> str:
    """The name of a function, of a lambda one that text can have."""
    return function.__name__ if function.__name__.isidentifier() else "function"


def _guards_within(rule: Rule) -> Iterator[Guard]:
    """Numbers of its module stand in a rule's text, and it calls what its names meant."""
    for function in (rule.adjoint, rule.tangent):
        if not isinstance(function, FunctionType):
            continue
        for path in read_outside(function):
            value = resolve(function, path)
            if type(value) in LITERALS:
                yield Guard.value(function, path)
            elif rule_for(value) is not None:
                yield Guard.identity(function, path)


def _acts(stmt: Stmt) -> bool:
    """Whether a statement may do more than give values to variables."""
    if isinstance(stmt, (Evaluate, Raise, Enter, Try)) or any(isinstance(one, Global) for one in targets(stmt)):
        return True
    return any(map(has_effect, expressions(stmt)))


def _effect_of_method(owner: Name, name: str) -> str | None:
    """Why a method that is called in this form may change its array, or None: it does not."""
    if not _may_be_array(owner) or name in READING_METHODS:
        return None
    if owner.type.kind == "array":
        return f"{name}() may work in place in this form"
    return f"{name}() works in place where {owner.id} is an array" if hasattr(np.ndarray, name) else None


def _method_taken(value: Expr) -> Call | None:
    """``x.put`` without a call, where ``x`` is an array that it may change."""
    if isinstance(value, Attribute) and type_of(value.value).kind == "array" and value.attr in CHANGING_METHODS:
        return Call(value, ())
    return None


def _may_be_array(expr: Expr) -> bool:
    type = type_of(expr)
    return type.kind in ("array", "numpy", "number", "unknown") and not type.is_immutable_scalar


def _forget_extent(type: Type) -> Type:
    """A caller's lengths mean the same inside its callee; what an int equals is not told."""
    return replace(type, extent=None) if type.extent is not None else type


def _closed(type: Type, signature: Mapping[str, Type]) -> Type:
    """A result type in terms of the caller's own lengths; a length that only the callee knows says so."""
    known = {dim.symbol for one in signature.values() for dim in one.shape or () if isinstance(dim, Extent)}

    def change(dim: Dim) -> Dim:
        if isinstance(dim, Extent) and dim.symbol not in known:
            return replace(dim, symbol=f"{INSIDE}{dim.symbol}")
        return dim

    return map_dims(type, change)
