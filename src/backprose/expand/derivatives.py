"""Derivatives that the program takes of its functions: ``grad(f)(x)``, ``jvp``, ``vjp`` and the others.

A function of the module is left where it stands, and the text calls its derivative. Any other function (a lambda, a
``def`` in the function, a method, one that is given structures) is *lifted*: carried out for itself, as a call of it
would be, with names of ours for the arguments that it is differentiated with respect to. What that reads of the
variables around it become parameters, too, so that it is a function of its own, and so is its derivative. Variables are
read when the derivative is called, as Python's closures read them.
"""

from __future__ import annotations

import copy
import inspect
import itertools
from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import FunctionType
from typing import Any, NoReturn

from backprose.analyse.expressions import dotted
from backprose.expand.frames import Frame
from backprose.expand.lifting import How
from backprose.expand.objects import Objects
from backprose.expand.values import (
    Chosen,
    Closure,
    Known,
    Pullback,
    Sequence,
    Struct,
    Transformed,
    Value,
    is_function,
    is_leaf,
    leaves_of,
)
from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Block,
    Call,
    Const,
    Each,
    Expr,
    Function,
    Global,
    Name,
    Parameter,
    Return,
    Span,
    Stmt,
    Tuple,
    Verbatim,
    children,
)
from backprose.ir.shared import is_derivative
from backprose.ir.walk import (
    all_names,
    expressions,
    globals_in,
    map_block,
    names,
    operations,
    reads,
    rebinds,
    rebuild,
    statement_reads,
    statements,
    targets,
)

# what is known of the names of a program, which those of a lifted function must not change
KNOWN = (
    "level_of", "arrays", "lengths", "moving", "stable", "slot_names", "were_structures", "given", "captured",
    "touched", "records", "grown", "list_names", "numbers", "only_tuples", "made_numbers", "stacks_of_lists",
    "storages",
)  # fmt: skip
OF_NUMBERS = frozenset("grad value_and_grad hvp hessian elementwise_grad jacobian".split())  # results are no structures
WITH_WRT = frozenset("hvp jacobian hessian elementwise_grad".split())  # which take ``wrt`` by position, too
DEEPEST = 30
STARRED = ("starred", "double-starred")
PLAIN = ("positional", "positional-only")


@dataclass
class Lifted:
    """A function for itself, ``names`` the parameters that it is differentiated with respect to, and the arguments of a
    call in the program. ``wrt``: the arguments of the user's with those names in them; ``result``: what it returns."""

    function: FunctionType
    names: tuple[str, ...]
    leaves: tuple[Name, ...]
    args: tuple[Expr, ...]
    captured: frozenset[str]
    wrt: tuple[Value, ...]
    result: Value
    results: tuple[Expr, ...]


class Derivatives(Objects):
    """Calls of derivatives."""

    @abstractmethod
    def goes_in(self, found: FunctionType, frame: Frame, plain: bool) -> bool: ...

    @abstractmethod
    def means_the_same(self, root: Global, frame: Frame) -> bool: ...

    def refuse_derivative(self, stmt: Stmt, why: str, instead: str) -> NoReturn:
        self.fail(stmt, "this derivative in a function that is differentiated", why, instead, "derivatives-inside")

    # ------------------------------------------------------------ transforms that are called
    def transformed(
        self, transform: Any, expr: Call, args: list[Value], keywords: dict[str, Value], frame: Frame, stmt: Stmt,
        wish: str,
    ) -> Value:  # fmt: skip
        """``grad(f)``: what is to be done when it is called; ``jvp`` and ``vjp`` are done at once."""
        kind, make = transform.__name__, transform.__backprose_transform__
        if kind in WITH_WRT and len(args) == 2:
            keywords, args = {**keywords, "wrt": args[1]}, args[:1]
        if not args and kind not in ("grad", "value_and_grad"):
            self.refuse_derivative(stmt, "its function is missing", f"write bp.{kind}(f)")
        function = self.as_function(args[0], frame, stmt) if args else None
        if kind in ("jvp", "vjp"):
            one = Transformed(kind, function, (), make)
            done = self.along if kind == "jvp" else self.vjp
            return done(one, args[1:], keywords, stmt, wish)
        options = {key: constant_of(value) for key, value in keywords.items()}
        if len(args) > 1 or None in options.values():
            self.refuse_derivative(stmt, "what it is asked for is not known here", 'write constants: wrt="x"')
        one = Transformed(kind, function, tuple(sorted(options.items())), make)
        spelled = (expr.function, function.expr) if isinstance(function, Known) and function.expr is not None else ()
        plain = isinstance(function, Known) and isinstance(function.value, FunctionType)
        roots = [root for root in map(root_of, spelled) if isinstance(root, Global)]
        if plain and spelled and len(roots) == 2 and all(self.means_the_same(root, frame) for root in roots):
            assert isinstance(function, Known)
            known = tuple((key, literal(value)) for key, value in options.items())
            one.named = transform(function.value, **options), Call(expr.function, (spelled[1],), known)
        return one

    def as_function(self, value: Value, frame: Frame, stmt: Stmt) -> Value:
        """What a transform is given: a function."""
        value = self.function_value(value, frame)
        if is_leaf(value) and isinstance(value, Global | Attribute):
            found = self.meaning(value, frame)
            value = self.known(found) if callable(found) and not is_derivative(found) else value
        if is_leaf(value) or isinstance(value, Sequence | Pullback) or isinstance(getattr(value, "value", None), type):
            self.refuse_derivative(
                stmt, "what it is the derivative of is not known here", "pass a function by its name"
            )
        return value

    def of_object(self, found: Any, expr: Expr, frame: Frame) -> Transformed:
        """``d_energy``, where the module has ``d_energy = grad(energy)``."""
        options = {key: value for key, value in found._options().items() if value not in (None, False)}
        if isinstance(options.get("wrt"), list):
            options["wrt"] = tuple(options["wrt"])
        inner = found.primal
        function = self.of_object(inner, expr, frame) if is_derivative(inner) else Known(inner)
        kind, root = found._transform(), root_of(expr)
        if kind == "value_and_grad":
            options.pop("value")
        path = dotted(expr)
        if "?" not in path:
            home = self.top if isinstance(root, Global) and root.id in self.modules else frame
            self.meanings[home.parsed.function, path] = None
        made = Transformed(kind, function, tuple(sorted(options.items())), type(found).__backprose_derivative__)
        if isinstance(root, Global) and self.means_the_same(root, frame):
            made.named = found, expr
        return made

    def derivative(
        self, one: Transformed, args: list[Value], keywords: dict[str, Value], stmt: Stmt, wish: str
    ) -> Value:
        """A call of a derivative."""
        if one.function is None:
            if len(args) != 1 or keywords:
                self.refuse_derivative(stmt, "it takes one function", "write bp.grad(f, wrt=...)")
            assert self.frame is not None
            return replace(one, function=self.as_function(args[0], self.frame, stmt))
        if one.named is not None and self.is_plain(one.named[0], args, keywords):
            return self.as_named(*one.named, args, keywords, stmt, wish)
        if one.kind == "hvp":
            return self.along(one, args, keywords, stmt, wish)
        options = dict(one.options)
        wrt = options.pop("wrt", 0)
        if options.keys() - {"direction"} or one.kind == "gradients":
            what = "gradients" if one.kind == "gradients" else f"{one.kind} with {', '.join(options)}"
            self.refuse_derivative(
                stmt, f"{what} is followed only of a function of the module that is called with numbers and arrays",
                "write such a function",
            )  # fmt: skip
        single = not isinstance(wrt, tuple)
        places = self.places(wrt, one.function, args, keywords, stmt)
        lifted = self.lifted(one, args, keywords, places, stmt)
        if one.kind in ("jacobian", "hessian", "elementwise_grad"):
            plain = all(map(is_leaf, lifted.wrt)) and (one.kind == "jacobian" or single)
            if not plain:
                self.refuse_derivative(
                    stmt, "of structures, or of several arguments, it is not followed", "pass one array to it"
                )
        call = self.call_of(one, lifted, stmt, options)
        if one.kind == "value_and_grad":
            value, *parts = self.several_results(call, ("value", *lifted.names), wish, stmt)
            gradient = self.gradients(lifted.wrt, single, lifted.leaves, parts)
            return Struct("tuple", {0: value, 1: gradient}, None, wish)
        if single and is_leaf(lifted.wrt[0]):
            return call
        return self.gradients(lifted.wrt, single, lifted.leaves, self.parts_of_call(call, lifted.names, wish, stmt))

    def is_plain(self, found: Any, args: list[Value], keywords: dict[str, Value]) -> bool:
        """Whether a derivative is called with numbers and arrays, and gives these, or a tuple of them."""
        if not all(map(is_leaf, (*args, *keywords.values()))):
            return False
        if any(one.kind is one.VAR_POSITIONAL for one in found.__signature__.parameters.values()):
            return False
        several = isinstance(found.wrt, tuple | list)
        if found._transform() == "hvp" and (several or keywords):
            return False
        return not (several and (found.value or found._transform() == "hessian"))

    def as_named(
        self, found: Any, function: Expr, args: list[Value], keywords: dict[str, Value], stmt: Stmt, wish: str
    ) -> Value:
        """A call of a derivative that the text calls as the user does."""
        made = [self.argument(arg, stmt) for arg in args]
        if found._transform() == "hvp" and len(args) == len(found.__signature__.parameters):
            names = list(found.__signature__.parameters)
            place = found.wrt if isinstance(found.wrt, int) else names.index(found.wrt)
            made[-1] = self.held(Apply("as_tangent", (self.atom(made[-1], stmt), self.atom(made[place], stmt))), stmt)
        named = tuple((key, self.argument(value, stmt)) for key, value in keywords.items())
        call = Call(function, tuple(made), named)
        if not isinstance(found.wrt, tuple | list) and not found.value:
            return call
        count = len(found.wrt) if isinstance(found.wrt, tuple | list) else 2
        parts = self.several_results(call, tuple(map(str, range(count))), wish, stmt)
        return Struct("tuple", dict(enumerate(parts)), None, wish)

    # ------------------------------------------------------------ directions and cotangents
    def along(self, one: Transformed, args: list[Value], keywords: dict[str, Value], stmt: Stmt, wish: str) -> Value:
        """``jvp(f, args, tangents)`` and ``hvp(f)(*args, v)``."""
        assert one.function is not None
        options = dict(one.options)
        if one.kind == "hvp":
            if not args:
                self.refuse_derivative(stmt, "the direction is missing", "pass it behind the arguments")
            *args, direction = args
            wrt = options.pop("wrt", 0)
            single = not isinstance(wrt, tuple)
            directions = [direction] if single else self.items_of(direction, stmt, "the direction")
            places = self.places(wrt, one.function, args, keywords, stmt)
        else:
            args, tangents, keywords = self.arguments_of_jvp(args, keywords, stmt)
            if len(args) != len(tangents):
                self.refuse_derivative(
                    stmt, f"{len(tangents)} tangents stand beside {len(args)} arguments", "pass one for each"
                )
            directions = [tangent for tangent in tangents if tangent != Const(None)]
            places = [i for i, tangent in enumerate(tangents) if tangent != Const(None)]
            single = False
        if not places or len(places) != len(directions):
            self.refuse_derivative(stmt, "no argument moves, or not each has a direction", "pass one for each")
        lifted = self.lifted(one, args, keywords, places, stmt)
        given: dict[str, Expr] = dict(zip(lifted.names, lifted.args, strict=False))
        own = {leaf.id: given[name] for leaf, name in zip(lifted.leaves, lifted.names, strict=True)}
        moved = [
            self.held(Apply("as_tangent", (self.atom(item, stmt), self.atom(own[leaf.id], stmt))), stmt)
            for value, direction in zip(lifted.wrt, directions, strict=True)
            for leaf, item in self.beside(value, direction, stmt)
            if isinstance(leaf, Name) and leaf.id in own
        ]
        call = self.call_of(one, lifted, stmt, {"count": len(moved)}, moved)
        if one.kind == "hvp":
            if single and is_leaf(lifted.wrt[0]):
                return call
            parts = self.parts_of_call(call, lifted.names, wish, stmt)
            return self.gradients(lifted.wrt, single, lifted.leaves, parts)
        count = len(lifted.results)
        labels = ["value", "dot"] if count == 1 else [f"{n}{end}" for end in ("", "_dot") for n in range(count)]
        made = iter(self.several_results(call, tuple(labels), wish, stmt))
        values = dict(zip(lifted.results, [next(made) for _ in range(count)], strict=True))
        dots = dict(zip(lifted.results, made, strict=True))
        both = [
            self.filled(lifted.result, lambda leaf: values.get(leaf, leaf)),
            self.filled(lifted.result, lambda leaf: dots.get(leaf, Const(None))),
        ]
        return Struct("tuple", dict(enumerate(both)), None, wish)

    def arguments_of_jvp(
        self, args: list[Value], keywords: dict[str, Value], stmt: Stmt
    ) -> tuple[list[Value], list[Value], dict[str, Value]]:
        """The arguments, the tangents beside them and the keywords of ``jvp(f, args, tangents, kwargs)``."""
        given = dict(zip(("args", "tangents", "kwargs"), args, strict=False)) | keywords
        if not {"args", "tangents"} <= given.keys() <= {"args", "tangents", "kwargs"}:
            self.refuse_derivative(stmt, "only args, tangents and kwargs are followed", "bp.jvp(f, (x,), (v,))")
        items = [self.items_of(given[key], stmt, key) for key in ("args", "tangents")]
        return items[0], items[1], self.named_of(given.get("kwargs"), stmt)

    def vjp(self, one: Transformed, args: list[Value], keywords: dict[str, Value], stmt: Stmt, wish: str) -> Value:
        """``vjp(f, *args)``: the value, and a function of cotangents that has the arguments and all that ``f`` read, as
        they are now."""
        if keywords.keys() - {"wrt", "kwargs"}:
            self.refuse_derivative(stmt, "only wrt and kwargs are followed", "return what the function writes")
        assert one.function is not None
        assert self.frame is not None
        named = self.named_of(keywords.get("kwargs"), stmt)
        wrt = constant_of(keywords["wrt"]) if "wrt" in keywords else 0
        if wrt is None:
            self.refuse_derivative(stmt, "what wrt is is not known here", 'write a constant: wrt="x"')
        single = not isinstance(wrt, tuple)
        places = self.places(wrt, one.function, args, named, stmt)
        args = [self.atom(arg, stmt) if is_leaf(arg) else arg for arg in args]
        lifted = self.lifted(one, args, named, places, stmt)
        given = tuple(self.as_it_is(arg, stmt) for arg in lifted.args)
        apart = [self.apart(arg, stmt) for arg in args]  # what the function writes into is a copy
        value = self.applied(
            one.function, apart, {key: self.apart(arg, stmt) for key, arg in named.items()}, stmt, wish
        )
        held = self.filled(value, lambda leaf: leaf if self.is_no_number(leaf) else self.held(leaf, stmt))
        held = self.settled(held, wish, stmt)
        call = self.named(one, lifted, stmt, {"count": len(lifted.results)})
        pullback = Pullback(call, given, held, lifted.wrt, single, lifted.leaves, lifted.names)
        return Struct("tuple", {0: held, 1: pullback}, None, wish)

    def apart(self, value: Value, stmt: Stmt) -> Value:
        if isinstance(value, Sequence) or not (is_leaf(value) or isinstance(value, Struct)):
            return value
        return self.filled(value, lambda leaf: self.as_it_is(leaf, stmt))

    def as_it_is(self, arg: Expr, stmt: Stmt) -> Expr:
        """An argument, kept: it may be bound anew, or written into, before the pullback is called."""
        if not isinstance(arg, Name):
            return arg
        kept = Name(self.supply.fresh("part" if arg.temporary else arg.id), arg.type)
        self.slot_names.add(kept.id)
        self.kept_copies.add(kept.id)
        assert self.frame is not None
        self.emit(Assign(kept, Apply("own", (arg,)), stmt.span), self.frame)
        return kept

    def pulled(self, pullback: Pullback, args: list[Value], keywords: dict[str, Value], stmt: Stmt, wish: str) -> Value:
        """A call of a pullback."""
        args = [*args, *keywords.values()]
        if len(args) != 1:
            self.refuse_derivative(stmt, "it takes one cotangent", "pass that of the whole result")
        pairs = self.beside(pullback.value, args[0], stmt)
        bars = [
            self.held(Apply("as_tangent", (self.atom(item, stmt), leaf)), stmt)
            for leaf, item in pairs
            if not self.is_no_number(leaf)
        ]
        call = Call(pullback.call, (*pullback.given, *bars))
        if pullback.single and is_leaf(pullback.wrt[0]):
            return call
        parts = self.parts_of_call(call, pullback.names, wish, stmt)
        return self.gradients(pullback.wrt, pullback.single, pullback.leaves, parts)

    # ------------------------------------------------------------ functions for themselves
    def places(
        self, wrt: Any, function: Value, args: list[Value], keywords: dict[str, Value], stmt: Stmt
    ) -> list[int | str]:
        """Where in a call the arguments of ``wrt`` stand: by position or by name."""
        every = self.parameters_of(function, len(args), stmt)
        parameters = [one.name for one in itertools.takewhile(lambda one: one.kind not in STARRED, every)]
        parameters += [one.name for one in every[len(parameters) :] if one.kind == "keyword-only"]
        known_by_position = sum(one.kind != "keyword-only" for one in every if one.name in parameters)
        found: list[int | str] = []
        for one in wrt if isinstance(wrt, tuple) else (wrt,):
            if isinstance(one, str) and one in parameters:
                one = parameters.index(one)
            place = one
            if isinstance(one, int) and one >= len(args) and one < len(parameters):
                place = parameters[one]
            known = place in keywords
            if isinstance(place, int) and not isinstance(place, bool):
                known = 0 <= place < min(len(args), known_by_position)
            if not known and isinstance(one, int) and any(parameter.kind in STARRED for parameter in every):
                self.refuse_derivative(
                    stmt, "its function takes any number of arguments", "a lambda that names them: lambda a, b: f(a, b)"
                )
            if not known or place in found:
                named = parameters[one] if isinstance(one, int) and 0 <= one < len(parameters) else one
                self.refuse_derivative(
                    stmt, f"wrt asks for {named!r}, which is not passed in the call, or is asked for twice",
                    f"pass it; the parameters are {', '.join(parameters) or 'not known'}",
                )  # fmt: skip
            found.append(place)
        return found

    def parameters_of(self, function: Value, count: int, stmt: Stmt) -> list[Parameter]:
        """The parameters that a call of a function gives arguments to."""
        match function:
            case Transformed(function=inner) if inner is not None:
                return self.parameters_of(inner, count, stmt)
            case Chosen(body=body):
                return self.parameters_of(body, count, stmt)
            case Closure(function=made):
                return list(made.parameters)
            case Known(value=found, args=args, keywords=keywords):
                inner = found if isinstance(found, Closure) else Known(found)
                if isinstance(found, FunctionType):
                    every = list(self.lowered(found, self.supply).parameters)
                elif isinstance(found, Closure):
                    every = self.parameters_of(found, count, stmt)
                else:
                    return [Parameter(f"x{place}" if place else "x") for place in range(count)]
                return [one for one in every[len(args) :] if one.name not in keywords]
            case Struct(cls=cls) if isinstance(inspect.getattr_static(cls, "__call__", None), FunctionType):
                method: Any = inspect.getattr_static(cls, "__call__")
                return list(self.lowered(method, self.supply).parameters[1:])
        return []

    def lifted(
        self, one: Transformed, args: list[Value], keywords: dict[str, Value], places: list[int | str], stmt: Stmt
    ) -> Lifted:
        """The function for itself, and the arguments of a call of it."""
        function = one.function
        assert function is not None
        assert self.frame is not None
        if self.lifting is None or self.depth(self.frame) > DEEPEST:
            self.refuse_derivative(stmt, "functions that take derivatives call each other", "end the recursion")
        as_it_is = self.function_of_module(one, args, keywords, places, stmt)
        if as_it_is is not None:
            return as_it_is
        mark = self.supply.mark()
        kept = {name: copy.copy(getattr(self, name)) for name in KNOWN}
        pairs: list[tuple[Name, Expr, str]] = []
        parameters = [parameter.name for parameter in self.parameters_of(function, len(args), stmt)]
        args, keywords, wrt = list(args), dict(keywords), []
        for place in places:
            wish = place if isinstance(place, str) else parameters[place] if place < len(parameters) else "x"
            given: Any = keywords if isinstance(place, str) else args
            wrt.append(self.parted(given[place], wish, pairs, stmt, whole=True))
            given[place] = wrt[-1]
        wishes = {
            arg.id: name for name, arg in zip(parameters, args, strict=False) if isinstance(arg, Name) and arg.temporary
        }
        block, result, results = self.carried_out(function, args, keywords, stmt)
        if one.kind in OF_NUMBERS and not is_leaf(result):
            self.refuse_derivative(
                stmt, "its function returns a structure", "return one number, or an array for a Jacobian"
            )
        leaves = tuple(name for name, _, _ in pairs)
        inner = {name for stmt in statements(block) for name in rebinds(stmt)}
        read = dict.fromkeys(name.id for stmt in statements(block) for e in expressions(stmt) for name in names(e))
        read |= dict.fromkeys(sorted({name for stmt in statements(block) for name in statement_reads(stmt)}))
        read |= dict.fromkeys(name for leaf in results for name in sorted(reads(leaf)))
        free = [name for name in read if name not in inner and name not in {leaf.id for leaf in leaves}]
        returned = results[0] if len(results) == 1 else Tuple(results)
        flat = Function(
            self.lifted_name(function), tuple(Parameter(name) for name in (*(leaf.id for leaf in leaves), *free)),
            (*block, Return(returned, stmt.span)), self.top.parsed.function,
        )  # fmt: skip
        wishes |= {name.id: wish for name, _, wish in pairs}
        flat = well_named(flat, wishes)
        for name, value in kept.items():
            setattr(self, name, value)
        self.supply.back_to(mark)
        made = self.lifting.lift(flat, self.top.parsed)
        own = [parameter.name for parameter in flat.parameters]
        captured = tuple(Name(name, temporary=name.startswith("_t")) for name in free)
        count = len(leaves)
        return Lifted(
            made, tuple(own[:count]), leaves, (*(value for _, value, _ in pairs), *captured), frozenset(own[count:]),
            tuple(wrt), result, results,
        )  # fmt: skip

    def function_of_module(
        self, one: Transformed, args: list[Value], keywords: dict[str, Value], places: list[int | str], stmt: Stmt
    ) -> Lifted | None:
        """A function of the module that is called with a number or an array for each parameter, and returns one."""
        function, frame = one.function, self.frame
        assert frame is not None
        if not isinstance(function, Known) or not isinstance(function.value, FunctionType) or function.args:
            return None
        plain = all(map(is_leaf, (*args, *keywords.values()))) and not function.keywords
        if not plain or self.goes_in(function.value, frame, True):
            return None
        lowered = self.lowered(function.value, self.supply)
        given = dict(zip((one.name for one in lowered.parameters), args, strict=False)) | keywords
        last = lowered.body[-1] if lowered.body else None
        number = isinstance(last, Return) and last.value is not None and not isinstance(last.value, Tuple)
        same = len(args) + len(keywords) == len(given) == len(lowered.parameters)
        if not number or not same or any(one.kind not in PLAIN for one in lowered.parameters):
            return None
        order = [parameter.name for parameter in lowered.parameters]
        names = tuple(place if isinstance(place, str) else order[place] for place in places)
        values = tuple(self.atom(self.leaf(given[name], stmt), stmt) for name in order)
        leaves = tuple(Name(self.supply.fresh(name)) for name in names)
        result = Name(self.supply.fresh("result"))
        return Lifted(function.value, names, leaves, values, frozenset(), leaves, result, (result,))

    def carried_out(
        self, function: Value, args: list[Value], keywords: dict[str, Value], stmt: Stmt
    ) -> tuple[Block, Value, tuple[Expr, ...]]:
        """The statements of a call, what it gives, and the variables of that; nothing outside may change."""
        before, taken, given = self.state.snapshot(), self.supply.mark()[0], set(self.given)
        outer, goal, loops = self.out, self.goal, self.loops
        self.out, self.goal, self.loops, self.moving = [], None, 0, set()
        results: list[Expr] = []

        def held(leaf: Expr) -> Expr:
            if self.is_no_number(leaf):
                return leaf
            results.append(self.held(leaf, stmt) if not isinstance(leaf, Name) or leaf in results else leaf)
            return results[-1]

        result = self.filled(self.applied(function, args, keywords, stmt, "result"), held)
        if any(is_function(part) for part in leaves_of(result)):
            self.refuse_derivative(stmt, "its function returns a function", "return numbers and arrays")
        block, self.out, self.goal, self.loops = tuple(self.out), outer, goal, loops
        bound = {name for one in statements(block) for name in rebinds(one)}
        outside = {name for name in bound if name in given or (name in taken and name not in self.given)}
        after = self.state.snapshot()
        renamed, changed = before.differences(after)
        moved = {name for name in renamed if name in before.bindings and name in after.bindings}
        of_module = any(isinstance(target, Global) for one in statements(block) for target in targets(one))
        if outside or changed or moved or of_module:
            self.refuse_derivative(
                stmt, "the function changes variables or structures outside it, which a derivative leaves as they are",
                "return what it changes",
            )  # fmt: skip
        if any(one.op == "adjoint_of" for s in statements(block) for e in expressions(s) for one in operations(e)):
            self.refuse_derivative(
                stmt, "adjoint_of in it would be that of another function", "write it outside the function"
            )
        self.state.restore(before)
        return block, result, tuple(results)

    def applied(self, function: Value, args: list[Value], keywords: dict[str, Value], stmt: Stmt, wish: str) -> Value:
        """What a function gives: a call, where it is one of the module that would stay one."""
        assert self.frame is not None
        match function:
            case Known(value=FunctionType() as found, args=(), expr=expr) if expr is not None and not function.keywords:
                root = root_of(expr)
                plain = all(map(is_leaf, (*args, *keywords.values())))
                same = isinstance(root, Global) and self.means_the_same(root, self.frame)
                if plain and same and not self.goes_in(found, self.frame, plain):
                    named = tuple((key, self.leaf(value, stmt)) for key, value in keywords.items())
                    call = Call(expr, tuple(self.leaf(arg, stmt) for arg in args), named)
                    return self.unpacked(call, found, self.frame, stmt, wish)
        return self.invoke(function, args, keywords, stmt, wish)

    @abstractmethod
    def unpacked(self, call: Expr, found: FunctionType, frame: Frame, stmt: Stmt, wish: str) -> Value: ...

    def call_of(
        self, one: Transformed, lifted: Lifted, stmt: Stmt, options: Mapping[str, Any], more: list[Any] | None = None
    ) -> Call:
        return Call(self.named(one, lifted, stmt, options), (*lifted.args, *(more or ())))

    def named(self, one: Transformed, lifted: Lifted, stmt: Stmt, options: Mapping[str, Any]) -> Global:
        assert self.lifting is not None
        how = How(one.make, options, self.top.parsed, self.span_of(stmt), lifted.captured, self.supply.mark()[0])
        return self.lifting.derivative(one.kind, lifted.function, lifted.names, how)

    def span_of(self, stmt: Stmt) -> Span | None:
        """Where in the outermost function a statement stands, or the call of what it is in."""
        frame, span = self.frame, stmt.span
        while frame is not None and not frame.outermost and frame.span is not None:
            span, frame = frame.span, frame.caller
        return span

    @staticmethod
    def depth(frame: Frame) -> int:
        count, one = 0, frame.caller
        while one is not None:
            count, one = count + 1, one.caller
        return count

    def lifted_name(self, function: Value) -> str:
        """What a lifted function is called."""
        match function:
            case Closure(function=made, wish=wish):
                return wish if made.name == "function" and wish != "part" else made.name
            case Known(value=Closure() as inner):
                return self.lifted_name(inner)
            case Known(value=found):
                name = getattr(found, "__name__", "function")
                return name if name.isidentifier() else "function"
            case Transformed(kind=kind, function=inner) if inner is not None:
                return f"{self.lifted_name(inner)}_{kind}"
            case Struct(cls=cls) if cls is not None:
                return cls.__name__.lower()
        return "function"

    # ------------------------------------------------------------ structures of arguments and results
    def parted(
        self, value: Value, wish: str, pairs: list[tuple[Name, Expr, str]], stmt: Stmt, whole: bool = False
    ) -> Value:
        """An argument with a name of ours for each number and array in it; what has no derivative stays."""
        if isinstance(value, Sequence):
            self.refuse_derivative(
                stmt, f"{wish} is a list of a length that is not known", "pass an array: np.stack of it"
            )
        if isinstance(value, Struct):
            self.check_whole(value, stmt)
            slots = {
                key: self.parted(item, f"{wish}_{self.label(value, key)}", pairs, stmt)
                for key, item in value.slots.items()
            }
            made = replace(value, slots=slots, own=set(), frozen=False)
            made.own = {slot.id for slot in slots.values() if isinstance(slot, Name)}
            return made
        if not is_leaf(value):
            return value
        now = self.made_of.get(value.id, value) if isinstance(value, Name) else value
        constant = isinstance(now, Const) and type(now.value) not in (float, complex)
        fixed = isinstance(value, Name) and not value.type.may_be_differentiable
        if not whole and (constant or fixed or not isinstance(value, Name | Const)):
            return value
        name = Name(self.supply.fresh(wish), value.type if isinstance(value, Name) else Name("x").type)
        self.given.add(name.id)
        pairs.append((name, value, wish))
        return name

    def gradients(self, wrt: tuple[Value, ...], single: bool, leaves: tuple[Name, ...], parts: Iterable[Expr]) -> Value:
        """Gradients of the form of the arguments."""
        found = dict(zip((leaf.id for leaf in leaves), parts, strict=True))
        made = [
            self.filled(value, lambda leaf: found.get(getattr(leaf, "id", ""), Const(None)), of_arguments=True)
            for value in wrt
        ]
        return made[0] if single else Struct("tuple", dict(enumerate(made)))

    def filled(self, value: Value, change: Callable[[Expr], Value], of_arguments: bool = False) -> Value:
        """A structure of the same form; functions in it stay, or are None in a gradient."""
        if isinstance(value, Struct):
            self.check_whole(value, self.now)
            slots = {key: self.filled(item, change, of_arguments) for key, item in value.slots.items()}
            made = replace(value, slots=slots, own=set(), frozen=False)
            made.own = {slot.id for slot in slots.values() if isinstance(slot, Name)}
            return made
        if isinstance(value, Sequence):
            self.refuse_derivative(
                self.now, "its function returns a list of a length that is not known", "return np.stack of it"
            )
        if not is_leaf(value):
            return Const(None) if of_arguments else value
        return change(value)

    def is_no_number(self, leaf: Expr) -> bool:
        """Whether a part of a result is a text or None."""
        now = self.made_of.get(leaf.id, leaf) if isinstance(leaf, Name) else leaf
        return isinstance(now, Const) and not isinstance(now.value, int | float | complex)

    def beside(self, value: Value, other: Value, stmt: Stmt) -> Iterator[tuple[Any, Expr]]:
        """Each number and array in a structure, with what stands beside it in another one."""
        if isinstance(value, Struct):
            fits = isinstance(other, Struct) and list(other.slots) == list(value.slots) and other.cls is value.cls
            if not fits:
                self.refuse_derivative(
                    stmt, "a tangent or cotangent has not the form of what it belongs to",
                    f"pass a {value.kind} of {len(value.slots)} items",
                )  # fmt: skip
            assert isinstance(other, Struct)
            for key, item in value.slots.items():
                yield from self.beside(item, other.slots[key], stmt)
        elif is_leaf(value):
            yield value, self.leaf(other, stmt)

    def parts_of_call(self, call: Expr, labels: tuple[str, ...], wish: str, stmt: Stmt) -> list[Expr]:
        """What a call gives, in parts where it gives several."""
        return [call] if len(labels) == 1 else [*self.several_results(call, labels, wish, stmt)]

    def several_results(self, call: Expr, labels: tuple[str, ...], wish: str, stmt: Stmt) -> list[Name]:
        found = [Name(self.supply.fresh(f"{wish}_{label}")) for label in labels]
        assert self.frame is not None
        self.emit(Assign(Tuple(tuple(found)), call, stmt.span, getattr(stmt, "comments", None)), self.frame)
        return found

    def items_of(self, value: Value, stmt: Stmt, what: str) -> list[Value]:
        if not isinstance(value, Struct) or value.kind not in ("tuple", "list"):
            self.refuse_derivative(stmt, f"{what} is not a tuple whose items are known", "write a tuple: (x,)")
        return self.several(value, stmt)

    def named_of(self, value: Value | None, stmt: Stmt) -> dict[str, Value]:
        if value is None:
            return {}
        if not isinstance(value, Struct) or value.kind != "dict":
            self.refuse_derivative(stmt, "kwargs is not a dict whose keys are known", "write a dict")
        self.check_whole(value, stmt)
        return {str(key): item for key, item in value.slots.items()}


def well_named(function: Function, wishes: Mapping[str, str]) -> Function:
    """The function with the names that its parameters have for users, where nothing else in it has them."""
    there = all_names(function.body) | {one.name for one in function.parameters} | globals_in(function.body)
    fixed = {name for stmt in statements(function.body) for expr in expressions(stmt) for name in held_in(expr)}
    chosen: dict[str, str] = {}
    for parameter in function.parameters:
        wish = wishes.get(parameter.name, "part" if parameter.name.startswith("_t") else parameter.name)
        number, name = 0, wish
        while name in there:
            if name == parameter.name:
                break
            number += 1
            name = f"{wish}_{number}"
        if name != parameter.name and parameter.name not in fixed:
            chosen[parameter.name] = name
            there = (there - {parameter.name}) | {name}

    def renamed(expr: Expr) -> Expr:
        if isinstance(expr, Name):
            return Name(chosen[expr.id], expr.type) if expr.id in chosen else expr
        return rebuild(expr, renamed)

    parameters = tuple(replace(one, name=chosen.get(one.name, one.name)) for one in function.parameters)
    name, number = function.name, 0
    while name in there:
        number += 1
        name = f"{function.name}_of_{parameters[0].name}" if number == 1 else f"{function.name}_{number}"
    return replace(function, name=name, parameters=parameters, body=map_block(function.body, renamed))


def held_in(expr: Expr) -> Iterator[str]:
    """Names in parts of an expression that cannot be renamed."""
    if isinstance(expr, Verbatim):
        yield from expr.reads
    if isinstance(expr, Each):
        yield from reads(expr)
    for part in children(expr):
        yield from held_in(part)


def root_of(expr: Expr) -> Expr:
    """What a dotted name begins with."""
    while isinstance(expr, Attribute):
        expr = expr.value
    return expr


def with_root(expr: Expr, root: Expr) -> Expr:
    """A dotted name that begins with another one."""
    return replace(expr, value=with_root(expr.value, root)) if isinstance(expr, Attribute) else root


def path_of(path: str) -> Expr:
    root, *attributes = path.split(".")
    found: Expr = Global(root)
    for attribute in attributes:
        found = Attribute(found, attribute)
    return found


def constant_of(value: Value) -> Any:
    """A number, a text or a tuple of these; None for anything else."""
    if isinstance(value, Struct) and value.kind == "tuple":
        items = tuple(map(constant_of, value.slots.values()))
        return None if None in items else items
    return value.value if isinstance(value, Const) else None


def literal(value: Any) -> Expr:
    return Tuple(tuple(map(literal, value))) if isinstance(value, tuple) else Const(value)
