"""The whole compiler on one page: the stages, in order, each a function from one form to the next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from types import FunctionType, ModuleType
from typing import Any, NoReturn

from backprose.analyse.activity import activity
from backprose.analyse.effects import write_out
from backprose.analyse.held import hold_tests, hold_unpacked, name_results
from backprose.analyse.numbers import rebind_numbers, separate_counters
from backprose.analyse.products import with_products
from backprose.analyse.settled import settled
from backprose.analyse.types import infer
from backprose.callees import Callees, Traits
from backprose.differentiate import assemble, jacobians
from backprose.differentiate.anew import Anew
from backprose.differentiate.attempts import caught_checks
from backprose.differentiate.changes import Changes, Followed
from backprose.differentiate.directions import in_rows
from backprose.differentiate.elementwise import check_elementwise
from backprose.differentiate.layout import with_known_layouts, with_order
from backprose.differentiate.outputs import Refuse as OutputRefusal
from backprose.differentiate.outputs import returning
from backprose.differentiate.outside import check_outside
from backprose.differentiate.refuse import Refuse
from backprose.differentiate.repeatable import is_repeatable
from backprose.differentiate.views import resolve_views
from backprose.emit import add_remarks, emit
from backprose.emit.emission import print_expression
from backprose.errors import ArgumentError, OverlapError, ResultError, UnsupportedError
from backprose.expand import Expanded, expand
from backprose.expand.pack import Leaves, handed_out, leaf_names, packed, unpacked
from backprose.expand.second_names import without_second_names
from backprose.fronts import Front, Fronts, guards_of_builtins, meanings_in
from backprose.ir.names import NameSupply
from backprose.ir.nodes import (
    Apply,
    Attribute,
    Call,
    Compare,
    Const,
    Evaluate,
    Expr,
    Function,
    Global,
    If,
    Name,
    Ours,
    Parameter,
    Program,
    Raise,
    Remark,
    Return,
    Stmt,
    Tuple,
)
from backprose.ir.types import Type
from backprose.ir.walk import (
    calls,
    certain_names,
    expressions,
    globals_in,
    names,
    rebinds,
    statements,
    targets,
    with_body,
)
from backprose.ir.webs import split_temporaries, split_webs
from backprose.load.guards import Guard
from backprose.lower.hoist import hoist_exits
from backprose.lower.inline import inline
from backprose.lower.observe import MARKS, OBSERVED, mark_of, marks_in, observe, unmarked_change
from backprose.lower.places import fix_places
from backprose.lower.scope import parameters_of
from backprose.parse import Parsed, parse
from backprose.request import Derived, Mode, Request
from backprose.rules.registry import number_of_rules
from backprose.simplify.bundle import bundle
from backprose.simplify.fold import globals_in_place
from backprose.simplify.merge import settle_branches
from backprose.simplify.numbers import renumber
from backprose.simplify.passes import simplify
from backprose.simplify.same import share_equal

SUFFIXES: Mapping[Mode, str] = {
    "reverse": "_grad", "forward": "_jvp", "pullback": "", "tangent": "_tangent",
    "rows": "_jacobian", "columns": "_jacobian", "seeded rows": "_jacobian", "seeded columns": "_jacobian",
    "elementwise": "_elementwise_grad", "cotangents": "_vjp",
}  # fmt: skip
INNER: Mapping[Mode, Mode] = {  # what a Jacobian is made of
    "rows": "pullback", "columns": "tangent", "seeded rows": "pullback", "seeded columns": "tangent",
}  # fmt: skip
STAGES = ("parse", "lower", "analyse", "differentiate", "simplify", "emit")


ROUNDS_OF_CHANGES = 30  # what a function changes outside is known after two or three
WRITES_OF_WRITES = (
    4  # what ``np.exp(x, out=y)`` gives is known to be an array when it is ``y``, and may be written then
)
Watch = Callable[[str, Any], None]  # called with the name of each stage and what it gave


def derive(request: Request, watch: Watch = lambda _stage, _result: None, fronts: Fronts | None = None) -> Derived:
    """The derivative that ``request`` asks for; ``fronts``: what earlier requests have left for this one.

    A function that is given the same memory twice and writes into it is carried out in its caller, where it is seen
    which part is which.
    """
    inside: set[object] = set()
    while True:
        try:
            return _Compilation(watch, inside, {} if fronts is None else fronts).derive(request)
        except OverlapError as error:
            if error.function is None or error.function in inside:
                raise
            inside.add(error.function)
        except RecursionError:
            break
    parsed = parse(request.function)  # said here, so that the error does not drag the recursion along
    raise UnsupportedError(
        f"{request.function.__name__} is nested too deeply",
        why="it has a chain of branches or calls with hundreds of links",
        instead="look the case up in a list or dict, or move parts of it into functions",
        where=parsed.locate(parsed.tree),
        section="source",
    )


def traits_of(function: FunctionType) -> Traits:
    """What a call of a function does beside giving a value, as far as its source tells."""
    return _Compilation(lambda _stage, _result: None, (), {}).callees.traits(function)


def stages(request: Request) -> Iterator[tuple[str, Any]]:
    """Each stage's name and result: a ``Parsed``, programs, the text."""
    seen: list[tuple[str, Any]] = []
    derive(request, lambda stage, result: seen.append((stage, result)))
    yield from seen


class _Compilation:
    """One derivative with everything it calls."""

    def __init__(self, watch: Watch, inside: Collection[object], fronts: Fronts) -> None:
        self.watch, self.inside = watch, inside  # ``inside``: functions that are carried out in their callers
        self.fronts = fronts
        self.callees = Callees(self)
        self.guards: list[Guard] = []

    def derive(self, request: Request) -> Derived:
        front = self.shared_front(request)
        self.callees, self.guards = front.callees.copy(self), [*front.guards]
        parsed, function, supply, expanded = front.parsed, front.function, front.supply.copy(), front.expanded
        leaves, signature = expanded.leaves, {**request.signature, **expanded.types}
        if request.outputs:
            if expanded.result is not None:
                _refuse_output(parsed)(
                    function.body[-1],
                    "outputs of a function that returns a structure",
                    "both are results",
                    "return numbers, arrays or a tuple",
                )
            function = returning(function, request.outputs, request.mode == "reverse", supply, _refuse_output(parsed))
        self.watch("analyse", Program((function,)))
        if request.between is None:
            check_wrt(function, request, leaves)
        else:
            check_between(function, *request.between, parsed, supply)
        of_jacobian = request.mode in INNER
        result = check_jacobian(function, request, expanded, parsed) if of_jacobian else Const(None)
        wrt, single = leaf_names(request.wrt, leaves), request.single and not leaves
        if request.between is not None:
            wrt, single = (MARKS,), True
        own = parameters_of(parsed.tree.args)
        own = tuple(replace(p, type=signature.get(p.name, p.type)) for p in own)
        setting = self.setting(parsed, supply)
        roots = {path.partition(".")[0] for _, path in (*expanded.met, *expanded.fixed)}
        world = self.callees.world(parsed)
        followed = Followed(expanded.holders, expanded.links, roots, expanded.constants)
        function, changes = check_outside(function, frozenset(wrt), world, supply, followed)
        self.guard_changes(changes, parsed)
        name = request.name or default_name(function, request)
        inner = request.inner or default_name(function, replace(request, mode=INNER.get(request.mode, request.mode)))
        self.callees.names.reserve((name, inner, f"{inner}_forward", f"{inner}_backward"))
        dots: dict[str, str] = {}
        if request.mode == "reverse":
            check_result(function, parsed)
            function = function if request.between else with_one_number(function)
            made, wishes = assemble.gradient(
                function, wrt, single, request.value, name, setting, seeded=request.seeded, level=request.level
            )
            if leaves and request.between is None:
                made = packed(made, request.wrt, request.single, request.value, leaves, signature)
            functions: tuple[Function, ...] = (made,)
        elif request.mode == "cotangents":
            made, wishes = assemble.cotangents(function, wrt, single, name, setting)
            functions = (made,)
        elif request.mode in ("forward", "tangent", "columns", "seeded columns", "elementwise"):
            ones = request.mode == "elementwise"
            if ones:
                check_elementwise(function, request.wrt[0], activity(function, wrt), parsed)
            dots, by_name = assemble.tangent_names(function, wrt, supply)
            called = inner if of_jacobian else name
            made, wishes = assemble.tangent(
                function,
                dots,
                by_name,
                called,
                setting,
                value=request.mode == "forward",
                ones=ones,
                level=request.level,
            )
            functions = (made,)
        else:
            called = inner if of_jacobian else name
            ends = f"{called}_forward", f"{called}_backward"
            *pair, wishes = assemble.pair(function, wrt, single, *ends, setting, outermost=True)
            functions = tuple(pair)
        functions = handed_out(functions, request.mode, expanded.result)
        if leaves:
            functions = (unpacked(functions[0], own, leaves), *functions[1:])
        self.watch("differentiate", Program((*self.callees.functions, *functions)))
        for one, stmt in caught_checks((*self.callees.functions, *functions)):
            where = parsed if one.home is None else self.callees.parsed(one.home)
            Refuse(where.locate, lambda _expr: None).caught_check(stmt)
        done = self.back(functions, parsed, wishes, supply, request.mode)
        helpers, done = self.callees.emitted_for_lifted(self.callees.functions, done)
        shared = share_equal(helpers, done, emit)
        repeatable = not changes and is_repeatable(
            shared, lambda one, expr: self.callees.object_of(self.callees.parsed(one.home), expr)
        )
        rows = self.in_rows(request, shared[-1], dots)
        if rows is not None:
            shared = (*shared[:-1], rows[0])
            whole = jacobians.of_rows(rows[0], request.wrt[0], dots[request.wrt[0]], name, result, rows[1])
            done, shared = (whole,), (*shared, whole)
        elif of_jacobian:
            whole = self.jacobian(request, shared, dots, name, result, packed=bool(leaves))
            done, shared = (whole,), (*shared, whole)
        stored = altered_parameters(own, expanded.stored, leaves)
        program = Program(with_known_layouts(shared))
        self.watch("simplify", program)
        emission = emit(program)
        self.watch("emit", emission.text)
        return Derived(
            emission.text,
            tuple(one.name for one in done),
            emission.ours,
            {one.name: one.home for one in program.functions},
            lambda: program,
            assemble.written_parameters(function),
            (*self.guards, *guards_of_builtins(self.callees.sources.values())),
            signature,
            bool(leaves),
            {
                leaf.name: (print_expression(leaf.path), leaf.path)
                for found in leaves.values()
                for leaf in found
                if not leaf.constant
            },
            repeatable,
            tuple(changes.changed),
            bool(stored) or expanded.compared or calls_what_it_is_given(function),
            tuple(changes.met),
            altered_parameters(own, {*assemble.written_parameters(function), *expanded.stored}, leaves),
        )

    def guard_changes(self, changes: Changes, parsed: Parsed) -> None:
        """What a function changes outside stays apart from what it reads, by functions that stay what they are."""
        if changes.read and changes.changed:
            self.guards.append(Guard.apart(parsed.function, changes.read, changes.changed))
        self.guards.extend(Guard.type(*one) for one in changes.numbers)
        self.guards.extend(Guard.identity(*one) for one in changes.links)
        self.guards.extend(Guard.of_class(parsed.function, one) for one in changes.classes)

    @staticmethod
    def in_rows(request: Request, tangent: Function, dots: Mapping[str, str]) -> tuple[Function, int] | None:
        """The tangent function of a Jacobian by columns, for all directions at once, where it has such a form."""
        if request.mode != "columns" or len(request.wrt) != 1:
            return None
        known = next(one.type for one in tangent.parameters if one.name == request.wrt[0])
        return in_rows(tangent, dots) if known.rank == 1 else None

    @staticmethod
    def jacobian(
        request: Request,
        made: tuple[Function, ...],
        dots: Mapping[str, str],
        name: str,
        result: Expr,
        *,
        packed: bool,
    ) -> Function:
        """The Jacobian by the tangent function, or by the pair, that is made last."""
        if request.mode == "rows":
            return jacobians.by_rows(made[-2], made[-1], request.wrt, name, result, packed=packed)
        if request.mode == "seeded rows":
            return jacobians.rows_of_seeds(made[-2], made[-1], name, first=packed and len(request.wrt) == 1)
        if request.mode == "seeded columns":
            return jacobians.columns_of_seeds(made[-1], dots, name)
        return jacobians.by_columns(made[-1], dots, name, result)

    # ------------------------------------------------------------ the stages, for one function
    def shared_front(self, request: Request) -> Front:
        """The front end's work, as an earlier request has left it, or done anew."""
        asked = request.outputs, request.between
        key = tuple(request.signature.items()), asked, frozenset(self.inside), number_of_rules()
        found = self.fronts.get(key)
        if found is not None and found.parsed.function is request.function and found.holds():
            return found
        parsed = self.callees.parsed(request.function)
        self.watch("parse", parsed)
        function, supply, expanded = self.front(parsed, request.signature, *asked)
        meanings = [one for source in self.callees.sources.values() for one in meanings_in(source)]
        known = [Guard.identity(request.function, ""), *(one for one in meanings if one is not None)]
        expanded = replace(expanded, function=function)  # not kept: the program as it was before it had types
        found = Front(parsed, function, supply, expanded, self.callees, tuple(self.guards), tuple(known))
        if None not in meanings:
            self.fronts[key] = found
        return found

    def front(
        self,
        parsed: Parsed,
        signature: Mapping[str, Type],
        outside: tuple[str, ...] = (),
        between: tuple[str, str] | None = None,
    ) -> tuple[Function, NameSupply, Expanded]:
        """From the tree to the flat program with types; ``outside``: parameters whose content the caller reads."""
        flat, supply = self.callees.by_rule(parsed) or self.callees.flat(parsed.function)
        if between is not None:
            check_variables(flat, *between)
            flat = observe(flat, *between)
        expanded = expand(
            flat, parsed, signature, supply, self.callees.lowered_into_caller(), self.inside, self.callees
        )
        self.guards.extend(Guard.identity(*one) for one in expanded.meanings)
        self.guards.extend(Guard.type(*one) for one in expanded.met)
        self.guards.extend(Guard.table(*one) for one in expanded.fixed)
        self.guards.extend(Guard.of_class(parsed.function, one) for one in expanded.classes)
        self.guards.extend(Guard.of_constant(parsed.function, *one) for one in expanded.constants)
        supply.reserve(globals_in(expanded.function.body))  # also those of functions that are carried out in it
        function = without_second_names(split_temporaries(expanded.function, supply), expanded.slots)
        function = fix_places(hoist_exits(function), supply)
        signature = {
            **signature,
            **expanded.types,
            **{leaf.name: leaf.type for part in expanded.leaves.values() for leaf in part},
        }
        function = globals_in_place(function, lambda expr: self.is_variable_outside(parsed, expr))
        function = inline(function, lambda call: self.callees.function_of(parsed, call), self.callees.lowered, supply)
        supply.reserve(globals_in(function.body))
        self.watch("lower", Program((function,)))
        self.guards.extend(self.callees.guards_of_rules(function, parsed))
        function = self.typed(function, parsed, signature, supply)
        self.callees.check_calls(function, parsed, Refuse(parsed.locate, lambda _expr: None))
        function = settled(self.callees.marked(function, parsed), expanded.kept)
        function = resolve_views(replace(function, outside=outside), supply)
        function = split_webs(function, expanded.repeated, supply)
        return function, supply, expanded

    def is_variable_outside(self, parsed: Parsed, expr: Expr) -> bool:
        """Whether an expression is a global, or a variable of a module."""
        of_module = isinstance(expr, Attribute) and isinstance(self.callees.object_of(parsed, expr.value), ModuleType)
        return isinstance(expr, Global) or of_module

    def typed(self, function: Function, parsed: Parsed, signature: Mapping[str, Type], supply: NameSupply) -> Function:
        """With types, and with NumPy's writes as assignments to places."""
        typed = self.infer(function, parsed, signature)
        if (multiplied := with_products(typed)) is not typed:
            typed = self.infer(multiplied, parsed, signature)
        while (decided := settle_branches(typed)) is not typed:
            typed = self.infer(decided, parsed, signature)
        typed = rebind_numbers(name_results(typed, supply), supply)
        for _ in range(WRITES_OF_WRITES):
            written = write_out(typed, lambda expr: self.callees.object_of(parsed, expr), supply)
            if written is typed:
                break
            typed = rebind_numbers(self.infer(written, parsed, signature), supply)
        return hold_unpacked(hold_tests(separate_counters(typed, supply), supply), supply)

    def infer(self, function: Function, parsed: Parsed, signature: Mapping[str, Type] | None = None) -> Function:
        known = (
            {parameter.name: parameter.type for parameter in function.parameters} if signature is None else signature
        )
        anew = Anew(self.callees.anew(function, parsed).names)

        def lookup(path: str) -> object:
            if anew and anew.covers(path, lambda part: self.callees.value(parsed, part)):
                raise KeyError(path)
            return self.callees.value(parsed, path)

        for _ in range(ROUNDS_OF_CHANGES):
            found = infer(function, known, lookup, lambda call: self.callees.call_type(call, parsed))
            if not anew.add(self.callees.anew(found.function, parsed)):  # by their types: others of its kind do nothing
                break
        else:
            raise UnsupportedError(
                f"{function.name} changes what a property or the like makes anew",
                why="it is another object each time that it is asked for",
                instead="keep it under a name of its own",
                where=parsed.locate(parsed.tree),
                section="aliases",
            )
        self.guards.extend(Guard.type(parsed.function, path) for path in found.globals_used)
        return found.function

    def setting(self, parsed: Parsed, supply: NameSupply) -> assemble.Setting:
        refuse = Refuse(parsed.locate, lambda expr: self.callees.object_of(parsed, expr))
        return assemble.Setting(supply, refuse, self.callees.pair_for(parsed), self.callees.tangent_for(parsed))

    def back(
        self,
        functions: tuple[Function, ...],
        parsed: Parsed,
        wishes: Mapping[str, str],
        supply: NameSupply,
        mode: Mode,
    ) -> tuple[Function, ...]:
        """From the derivative as the textbook has it to the text a colleague would write."""
        if len(functions) > 1:
            forward, backward = functions
            functions = (assemble.with_saved_types(self.infer(forward, parsed), backward), forward)
        chosen: dict[str, str] = {}
        done: list[Function] = []
        for function in functions:
            if done:
                function, done[0] = assemble.without_unused(function, done[0])
            done.append(simplify(function, lambda one: self.infer(one, parsed), wishes, supply, chosen))
        done = with_order(done)
        if len(functions) == 1 and mode not in ("reverse", "cotangents"):
            return tuple(renumber(done, supply))
        done = renumber(bundle(done, supply), supply)
        done[0] = add_remarks(done[0], parsed.text_of, start=backward_start(done[0]))
        return tuple(reversed(done))


def _refuse_output(parsed: Parsed) -> OutputRefusal:
    def refuse(stmt: Stmt | None, what: str, why: str, instead: str) -> NoReturn:
        where = None if stmt is None or stmt.span is None else parsed.locate(stmt.span)
        raise ArgumentError(what, why=why, instead=instead, where=where, section="procedures")

    return refuse


def backward_start(function: Function) -> Stmt | None:
    """The first statement of the backward sweep: after the blank line between the sweeps, where there are two."""
    for position, stmt in enumerate(function.body[:-1]):
        if isinstance(stmt, Remark) and not stmt.text:
            return function.body[position + 1]
    return function.body[0]


def default_name(function: Function, request: Request) -> str:
    if request.between is not None:
        return f"{function.name}_{request.between[0]}_by_{request.between[1]}"
    first = function.parameters[0].name if function.parameters else ""
    suffix = "_value_and_grad" if request.value else SUFFIXES[request.mode]
    which = "" if request.wrt == (first,) else "_" + "_".join(request.wrt)
    return f"{function.name}{suffix}{which}"


def check_wrt(function: Function, request: Request, leaves: Leaves) -> None:
    types = {parameter.name: parameter.type for parameter in function.parameters}
    for name in request.wrt:
        if name in leaves:
            if not leaf_names((name,), leaves):
                raise ArgumentError(
                    f"{function.name} cannot be differentiated with respect to {name}: no float is in it",
                    instead=f"leave {name} out of wrt, or put floats into it",
                    section="wrt",
                )
            continue
        if name not in types:
            raise ArgumentError(
                f"{function.name} has no parameter {name!r}",
                instead=f"its parameters are {', '.join(types) or 'none'}",
                section="wrt",
            )
        if not types[name].may_be_differentiable:
            raise ArgumentError(
                f"{function.name} cannot be differentiated with respect to {name}: it is {types[name]}",
                why="a derivative needs a float or an array of floats",
                instead=f"pass {name} as a float (2.0, not 2), or leave it out of wrt",
                section="wrt",
            )


def check_result(function: Function, parsed: Parsed) -> None:
    last = function.body[-1]
    if not isinstance(last, Return):
        return
    value = last.value
    type = (
        value.type
        if isinstance(value, Name)
        else Type("tuple")
        if value is not None and not _is_number(value)
        else None
    )
    what = None
    if type is not None and type.is_number and type.is_complex:
        raise ResultError(
            f"grad needs a function that returns a real number; {function.name} returns a complex one",
            where=None if last.span is None else parsed.locate(last.span),
            why="a complex result has no one direction in which it grows",
            instead="return its real part or its size, np.real(z) or np.abs(z), or use backprose.vjp, whose pullback "
            "takes a complex cotangent: of 1 it gives the complex derivative, where there is one",
            section="complex",
        )
    if type is not None and type.kind == "tuple":
        what = "a tuple"
    elif type is not None and type.rank:
        what = f"an array of {type.rank} dimension{'s' if type.rank > 1 else ''}"
    elif value is None or (type is not None and type.kind in ("none", "str", "list")):
        what = "no number"
    if what is not None:
        raise ResultError(
            f"grad needs a function that returns one number; {function.name} returns {what}",
            where=None if last.span is None else parsed.locate(last.span),
            why="a gradient has one slope for each number of the argument",
            instead="use backprose.vjp (cotangents of any result) or backprose.jacobian, or return a sum",
            section="results",
        )


def with_one_number(function: Function) -> Function:
    """With a test of the result, where only the run tells how many axes it has: ``grad`` needs one number."""
    *body, last = function.body or (Return(None),)
    result = last.value if isinstance(last, Return) else None
    if not isinstance(result, Name) or result.type.rank is not None:
        return function
    text = f"grad needs a function that returns one number; {function.name} returns an array"
    error = Raise(Call(Ours("ValueError"), (Const(text),)), span=last.span, ours=True)
    test = Compare((Apply("ndim", (result,)), Const(0)), ("!=",))
    return with_body(function, (*body, If(test, (error,), span=last.span, ours=True), last))


def check_variables(function: Function, of: str, wrt: str) -> None:
    """Refuses names that are no variables of a flat program, and one that may have no value at its end."""
    parameters = {parameter.name for parameter in function.parameters}
    known = parameters | {name for stmt in statements(function.body) for name in rebinds(stmt)}
    temporary = {name.id for stmt in statements(function.body) for target in targets(stmt) for name in names(target)
                 if name.temporary}  # fmt: skip
    for option, name in (("of", of), ("wrt", wrt)):
        if name not in known - temporary:
            raise ArgumentError(
                f"{option}={name!r}: {function.name} has no variable of this name",
                instead=f"its variables are {', '.join(sorted(known - temporary))}",
                section="gradients",
            )
    if of not in parameters | certain_names(function.body):
        raise ArgumentError(
            f"of={of!r}: it may have no value at the end of {function.name}",
            instead=f"give {of} a value before the loop or the branch that assigns it",
            section="gradients",
        )


def altered_parameters(own: Sequence[Parameter], changed: Collection[str], leaves: Leaves) -> tuple[str, ...]:
    """The user's parameters that are changed themselves, or of which a leaf is."""
    inside = {one.name: {leaf.name for leaf in leaves.get(one.name, ())} | {one.name} for one in own}
    return tuple(name for name, found in inside.items() if found & set(changed))


def calls_what_it_is_given(function: Function) -> bool:
    """Whether a function calls what a variable holds: a method, which may change the object that it belongs to."""
    named = (call for stmt in statements(function.body) for expr in expressions(stmt) for call in calls(expr))
    return any(isinstance(call.function, Name) for call in named)


def check_between(function: Function, of: str, wrt: str, parsed: Parsed, supply: NameSupply) -> None:
    """Refuses a variable that has no adjoint, or is changed in a way that is not seen by its name."""
    found = marks_in(function)
    lost = any(isinstance(s, Evaluate) and isinstance(s.value, Apply) and s.value.op == OBSERVED and mark_of(s) is None
               for s in statements(function.body))  # fmt: skip
    unfit = next((one for one in found if not one.type.may_be_differentiable or one.type.kind == "list"), None)
    if not found or lost or unfit is not None:
        what = f"it is {unfit.type}" if unfit is not None else "it is a constant or a structure"
        raise ArgumentError(
            f"gradients(of={of!r}, wrt={wrt!r}): {wrt} is no float and no array of floats: {what}",
            instead="name a variable that holds a float or an array",
            section="gradients",
        )
    stmt = unmarked_change(function)
    if any(supply.numbered.get(one.id, one.id) != wrt for one in found):
        raise ArgumentError(
            f"gradients(of={of!r}, wrt={wrt!r}): {wrt} is a name of another array, or of a part of one",
            why="it has no value of its own",
            instead=f"make a copy: {wrt} = {wrt}.copy()",
            section="gradients",
        )
    if stmt is not None:
        raise ArgumentError(
            f"gradients(of={of!r}, wrt={wrt!r}): {wrt} is changed here under another name, or by a call",
            why="so that its last value is not the one that it was last given by name",
            instead="write into it under its own name, or make a copy",
            where=None if stmt.span is None else parsed.locate(stmt.span),
            section="gradients",
        )


def check_jacobian(function: Function, request: Request, expanded: Expanded, parsed: Parsed) -> Expr:
    """What the function returns: numbers and real arrays, or a tuple of these."""
    last = function.body[-1]
    result = last.value if isinstance(last, Return) and last.value is not None else Const(None)
    where = None if last.span is None else parsed.locate(last.span)
    for name in request.wrt:
        known = expanded.types.get(name) or next(one.type for one in function.parameters if one.name == name)
        if name in expanded.leaves or known.kind == "list" or known.is_complex:
            what = "holds complex numbers" if known.is_complex else "is a structure"
            raise ArgumentError(
                f"{function.name} has no Jacobian with respect to {name}: it {what}",
                why="the Jacobian is an array, with axes for the result and for the argument",
                instead="use backprose.vjp and backprose.jvp" if known.is_complex else "pass its arrays as arguments",
                section="jacobians",
            )
    items = result.items if isinstance(result, Tuple) else (result,)
    unfit = next((item for item in items if not _has_rows(item)), None)
    if expanded.result is not None or unfit is not None or not items:
        raise ResultError(
            f"{function.name} has no Jacobian: it does not return a real number, an array, or a tuple of these",
            where=where,
            why="the Jacobian is an array, with axes for the result and for the argument",
            instead="return the part that is differentiated as an array",
            section="jacobians",
        )
    return result


def _has_rows(item: Expr) -> bool:
    if not isinstance(item, Name):
        return _is_number(item)
    return (item.type.is_number or item.type.kind == "unknown") and not item.type.is_complex


def _is_number(value: Any) -> bool:
    return isinstance(value, Global) or (isinstance(value, Const) and isinstance(value.value, (int, float)))
