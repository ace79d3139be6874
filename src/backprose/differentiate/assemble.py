"""The sweeps put together into functions: a gradient, a forward/backward pair, a tangent function."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Literal

from backprose.analyse.activity import Activity, activity
from backprose.analyse.attempts import half_done
from backprose.analyse.expressions import dotted
from backprose.analyse.field import Field
from backprose.analyse.liveness import without_dead
from backprose.analyse.precision import computes_with_discrete, computes_with_narrow, unit
from backprose.analyse.sharing import may_be_view
from backprose.analyse.types import type_of
from backprose.differentiate.aliases import (
    changed_when_rebound,
    check_aliases,
    groups_sharing,
    shares_when_saved,
    written_arguments,
)
from backprose.differentiate.attempts import cut_attempts, guard_attempts, is_guarded
from backprose.differentiate.dtypes import with_dtypes_checked
from backprose.differentiate.elements import read_from_places, unshared
from backprose.differentiate.foreign import check_foreign
from backprose.differentiate.forward import ZERO, CallTangent, Forward
from backprose.differentiate.lists import gradient_of
from backprose.differentiate.recompute import Recompute
from backprose.differentiate.refuse import Refuse
from backprose.differentiate.reverse import Reverse
from backprose.differentiate.saves import Sweeps
from backprose.differentiate.steps import CallPair
from backprose.differentiate.wishes import wishes as name_wishes
from backprose.ir.names import NameSupply
from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Augment,
    Block,
    Call,
    Comments,
    Compare,
    Conditional,
    Const,
    Enter,
    Expr,
    For,
    Function,
    Global,
    If,
    List,
    Name,
    Ours,
    Parameter,
    Pop,
    Push,
    Raise,
    Remark,
    Return,
    Slice,
    Stmt,
    Subscript,
    Try,
    Tuple,
    While,
    children,
)
from backprose.ir.types import PYTHON_FLOAT, Type
from backprose.ir.walk import (
    all_names,
    base,
    certain_names,
    expressions,
    map_block,
    map_blocks,
    names,
    operations,
    rebinds,
    rebuild,
    statements,
    subexpressions,
    targets,
    writes,
)
from backprose.lower.observe import MARKS, is_alone, mark_of, marks_in
from backprose.rules.registry import rule_of

ONE = Const(1.0)


@dataclass(frozen=True)
class Setting:
    """What differentiating one function needs besides its program."""

    supply: NameSupply
    refuse: Refuse
    pair: CallPair
    tangent_of: CallTangent


@dataclass
class Sweep:
    """The two sweeps of a function, before they are put into functions."""

    prologue: list[Stmt]
    forward: list[Stmt]
    backward: list[Stmt]
    result: Expr
    gradients: tuple[Expr, ...]
    result_bar: str
    wishes: dict[str, str]
    unbound: frozenset[str]  # bound to None first
    lists: frozenset[str]  # variables that hold lists
    shadows: tuple[Name, ...] = ()  # the adjoints of what a procedure writes into
    views: frozenset[str] = frozenset()  # variables that may be views of that
    unseen: bool = False  # whether adjoints meet constants of which no dtype is known


def written_parameters(function: Function) -> tuple[str, ...]:
    """The array parameters whose content the function changes, under whatever name, and the lists that it changes."""
    changed = written_arguments(function)
    lists = {parameter.name for parameter in function.parameters if parameter.type.kind == "list"}
    changed |= {name for stmt in statements(function.body) for name in writes(stmt)} & lists
    return tuple(parameter.name for parameter in function.parameters if parameter.name in changed)


def check_put_back(backward: Sequence[Stmt], refuse: Refuse) -> None:
    """Refuses to put a slice back into an object that is no array: what was saved of it may not fit any more."""
    for stmt in statements(backward):
        for target in targets(stmt):
            array = base(target)
            if not isinstance(target, Subscript) or array is None or array.type.kind != "other":
                continue
            if isinstance(target.index, Slice) or type_of(target.index).kind == "other":
                refuse.resized(stmt)


def own_copies(function: Function) -> list[Stmt]:
    """Parameters that the primal writes into are copied first: the caller's arrays stay as they are."""
    copies: list[Stmt] = []
    written = written_parameters(function)
    for parameter in function.parameters:
        if parameter.name in written:
            variable = Name(parameter.name, parameter.type)
            if parameter.type.kind == "array":
                value = Apply("copy", (variable,), (("order", Const("K")),), "method:copy")
            else:
                value = Apply("list" if parameter.type.kind == "list" else "own", (variable,))
            remark = Comments(beside=f"# {function.name}() writes into {parameter.name}")
            copies.append(Assign(variable, value, comments=remark, ours=True))
    return copies


@dataclass(frozen=True)
class Procedure:
    """A function that writes into its caller's arrays. ``written``: those parameters; ``shadowed``: those of them whose
    adjoints the backward function is handed and changes in place; ``restores``: it puts their content back as it was;
    ``seeded``: there is an adjoint of the result."""

    written: tuple[str, ...] = ()
    shadowed: tuple[str, ...] = ()
    restores: bool = False
    seeded: bool = True


def sweep(
    function: Function,
    wrt: Sequence[str],
    setting: Setting,
    seed_type: Type,
    procedure: Procedure | None = None,
    *,
    outermost: bool = True,
) -> Sweep:
    """Both sweeps of ``function`` with respect to the parameters ``wrt``, and to those ``shadowed`` by a procedure.

    ``outermost``: it is what users call, not a function that is called in one of ours.
    """
    supply = setting.supply
    shadowed = procedure.shadowed if procedure is not None else ()
    facts = activity(function, (*wrt, *shadowed), shadowed)
    checked = with_dtypes_checked(function, facts, wrt if outermost else (), procedure.written if procedure else ())
    if checked is not function:
        function, facts = checked, activity(checked, (*wrt, *shadowed), shadowed)
    lost = half_done(function, facts)
    function, unknown = cut_attempts(function, lost, supply)
    if lost:
        facts = activity(function, (*wrt, *shadowed), shadowed)
    *body, last = function.body
    assert isinstance(last, Return)
    shared = check_aliases(function, setting.refuse)
    check_attempts(function, facts, setting.refuse)
    result = last.value or Const(None)
    field = Field(function)
    check_field(function, facts, field, setting.refuse)
    check_foreign(function, facts, setting.refuse)
    recompute = Recompute(setting.refuse.lookup)
    reverse = Reverse(function.body, facts, field, supply, recompute, setting.refuse, setting.pair)
    reverse.shared = shared
    reverse.unknown = unknown
    reverse.changing = frozenset().union(*shared.values(), *(writes(stmt) for stmt in statements(function.body)))
    reverse.rebound = changed_when_rebound(function)
    views: frozenset[str] = frozenset()
    if procedure is not None:  # views of the caller's arrays, which it may change later
        groups = groups_sharing(function.body)
        reverse.changing |= frozenset().union(*(groups.get(name, ()) for name in (*procedure.written, *shadowed)))
        views = frozenset().union(*(groups.get(name, ()) for name in procedure.written)) - frozenset(procedure.written)
    result_bar = Name(supply.fresh("result_bar"), seed_type)
    field.note(result_bar.id, may_be_complex=field.may_be_complex(result))
    types = {parameter.name: parameter.type for parameter in function.parameters}
    for name in shadowed:
        reverse.shadows.add(name)
        reverse.set.add(name)
        reverse.variables[name] = Name(name, types[name])
        reverse.bar(Name(name, types[name]))
    seeds = [] if procedure is not None and not procedure.seeded else _seeds(reverse, last, result, result_bar)
    if MARKS in wrt:
        variable = marks_in(function)[0]
        reverse.found, reverse.only_mark = Name(supply.fresh(f"{variable.id}_gradient")), is_alone(function)
        if not reverse.only_mark:
            seeds.insert(0, Assign(reverse.found, Const(None), ours=True))
    steps = reverse.block(tuple(body))
    recompute.settle(steps)
    taken = read_from_places(steps, supply)
    parameters = {parameter.name for parameter in function.parameters}
    primal = all_names(body) | parameters | reverse.made
    outside = frozenset(procedure.written) if procedure is not None else frozenset()
    needed = set(wrt) | (outside if procedure is not None and procedure.restores else set())
    lists = frozenset(name for name, variable in reverse.variables.items() if variable.type.kind == "list")
    sharing = shares_when_saved(function)
    alone = unshared(function.body, steps)
    sweeps = Sweeps(steps, primal, parameters, supply, needed, shared, sharing, lists - reverse.stacks, outside, alone)
    check_put_back(sweeps.backward, setting.refuse)
    prologue = own_copies(function) if procedure is None else []
    unbound = frozenset(sweeps.maybe_unbound)
    prologue += [Assign(Name(name), Const(None), ours=True) for name in sorted(unbound)]
    gradients: list[Expr] = []
    for name in wrt:
        if reverse.found is not None:
            gradients.append(reverse.at_mark or reverse.found)
            continue
        variable = Name(name, types[name])
        if types[name].kind == "list":
            bars = reverse.bar(variable) if name in reverse.set else reverse.lists.zero(variable)
            gradients.append(gradient_of(bars, variable, reverse.lists))
        elif name in reverse.set:
            gradients.append(Apply("as_gradient", (reverse.bar(variable), variable)))
        else:
            scalar = types[name].is_immutable_scalar
            gradients.append(
                Apply("as_gradient", (Const(0.0), variable)) if scalar else Apply("zeros_like", (variable,))
            )
    wishes = name_wishes(body)
    for slot, primal_name in sweeps.slots.items():
        wishes[slot] = f"saved_{wishes.get(primal_name, 'part')}"
    wishes |= {there: wishes[number] for there, number in taken.items() if number in wishes}
    wishes |= reverse.items
    for primal_name, bar in reverse.bars.items():
        wishes[bar] = f"{wishes.get(primal_name, primal_name)}_bar"
    checks = [] if reverse.found is None else _was_found(function, reverse.found)
    return Sweep(
        prologue, sweeps.forward, [*seeds, *sweeps.backward, *checks], result, tuple(gradients), result_bar.id, wishes,
        unbound, lists,
        tuple(reverse.bar(Name(name, types[name])) for name in shadowed), views, reverse.unseen,
    )  # fmt: skip


def _was_found(function: Function, found: Name) -> list[Stmt]:
    """A test that the sweep came to a mark, where it might not."""
    if any(mark_of(stmt) is not None for stmt in function.body):
        return []
    name = marks_in(function)[0].id
    error = Call(Ours("ValueError"), (Const(f"{name} has no value: nothing was assigned to it"),))
    return [If(Compare((found, Const(None)), ("is",)), (Raise(error, ours=True),), ours=True)]


def check_attempts(function: Function, facts: Activity, refuse: Refuse) -> None:
    """Refuses what an exception holds where a derivative would pass through it."""
    for stmt in statements(function.body):
        if (
            isinstance(stmt, Try)
            and stmt.body
            and stmt.name is not None
            and stmt.name.id in facts.active_before(stmt.body[0])
        ):
            refuse.carried(stmt, stmt.name.id)


def check_field(function: Function, facts: Activity, field: Field, refuse: Refuse) -> None:
    """Refuses operations of complex numbers whose rule holds for real ones only."""
    for stmt in statements(function.body) if field.any else ():
        varied = facts.varied_before[id(stmt)]
        for operation in (one for expr in expressions(stmt) for one in operations(expr)):
            if rule_of(operation.op).real_only:
                read = [name for part in operation.args for name in names(part)]
                if any(name.id in varied and field.may_be_complex(name) for name in read):
                    refuse.complex(stmt, operation)


def check_tangents(function: Function, refuse: Refuse) -> None:
    """Refuses ``try`` where ``np.errstate`` makes arithmetic raise: that of the tangents would too."""
    found = list(statements(function.body))
    for stmt in found:
        if isinstance(stmt, Enter) and isinstance(stmt.context, Call):
            raises = any(value in (Const("raise"), Const("call")) for _, value in stmt.context.keywords)
            if raises and any(isinstance(other, Try) for other in found):
                refuse.errstate(stmt)


def _seeds(reverse: Reverse, stmt: Return, result: Expr, result_bar: Name) -> list[Stmt]:
    """The adjoints of what is returned."""
    reverse.out, reverse.span = [], stmt.span
    for item, bar in _with_bars(result, result_bar):
        if reverse.wanted(stmt, item):
            reverse.contribute(item, _seed(item, bar))
    return reverse.out


def _with_bars(result: Expr, bar: Name | Subscript) -> Iterator[tuple[Name, Expr]]:
    """Each variable in what is returned, and its adjoint."""
    if isinstance(result, Tuple | List):
        for position, item in enumerate(result.items):
            yield from _with_bars(
                item, Subscript(replace(bar, type=Type()) if isinstance(bar, Name) else bar, Const(position))
            )
    elif isinstance(result, Name):
        yield result, bar


def _seed(result: Name, seed: Expr) -> Expr:
    """A cotangent from outside; a list of them is copied, because it may be changed."""
    return Apply("list", (seed,)) if result.type.kind == "list" else seed


def gradient(
    function: Function,
    wrt: Sequence[str],
    single: bool,
    value: bool,
    name: str,
    setting: Setting,
    *,
    seeded: bool = True,
    level: bool = False,
) -> tuple[Function, dict[str, str]]:
    """One function that returns the gradient, or the value and the gradient.

    ``seeded``: it takes the adjoint of the result as a keyword, which else is 1. ``level``: the value and several
    gradients are one tuple.
    """
    made = sweep(function, wrt, setting, PYTHON_FLOAT)
    first = _one(function, made, seeded)
    returned: Expr = made.gradients[0] if single else Tuple(made.gradients)
    forward = list(made.forward)
    if value:
        result = _named_result(made.result, forward, function.body[-1], setting.supply, made.backward)
        returned = Tuple((result, *(made.gradients if level else (returned,))))
    body: list[Stmt] = [*made.prologue, *forward]
    if body:
        body.insert(0, Remark("forward"))
    if isinstance(made.result, Name) and made.result.type.rank is None:
        body.append(Assign(made.result, Apply("scalar_result", (made.result,)), ours=True))
    body.append(Remark(""))
    if seeded and first != ONE:
        given = Name(made.result_bar)
        body.append(Assign(given, Apply("float64", (given,)), ours=True))
    body += [*made.backward, Return(returned, ours=True)]
    parameters = function.parameters
    if seeded:
        parameters = (*parameters, Parameter(made.result_bar, "keyword-only", ONE, PYTHON_FLOAT))
    else:
        known: dict[Expr, Expr] = {Name(made.result_bar): first}
        body = list(map_block(tuple(body), lambda expr: _exchanged(expr, known)))
    return replace(function, name=name, parameters=parameters, body=tuple(body), doc=None), made.wishes


def _one(function: Function, made: Sweep, seeded: bool) -> Expr:
    """The adjoint of the result, which is 1."""
    result = function.body[-1]
    value = result.value if isinstance(result, Return) else None
    if value is None:
        return ONE
    if made.unseen and not seeded and type_of(value).dtype in ("float64", None):
        return Apply("float64", (ONE,))  # it must not be left out beside what may be an array of integers
    found = type_of(value)
    return unit(replace(found, kind="scalar") if found.kind == "python" else found, made.backward)


def cotangents(
    function: Function, wrt: Sequence[str], single: bool, name: str, setting: Setting
) -> tuple[Function, dict[str, str]]:
    """One function of the arguments and of a cotangent for each result, in one tuple with none in it, that returns the
    cotangents of ``wrt``."""
    made = sweep(function, wrt, setting, _result_type(function))
    whole = Name(made.result_bar, _result_type(function))
    bars: dict[Expr, Expr] = {}
    if isinstance(made.result, Tuple):
        for position in range(len(made.result.items)):
            bars[Subscript(whole, Const(position))] = Name(setting.supply.fresh("result_bar"))
    body = map_block((*made.prologue, *made.forward, Remark(""), *made.backward), lambda expr: _exchanged(expr, bars))
    returned: Expr = made.gradients[0] if single else Tuple(made.gradients)
    passed = [bar for bar in bars.values() if isinstance(bar, Name)] if bars else [whole]
    parameters = (*function.parameters, *(Parameter(bar.id, type=bar.type) for bar in passed))
    opening = (Remark("forward"),) if made.prologue or made.forward else ()
    body = (*opening, *body, Return(returned, ours=True))
    return replace(function, name=name, parameters=parameters, body=body, doc=None), made.wishes


def _named_result(
    result: Expr, forward: list[Stmt], last: Stmt, supply: NameSupply, backward: Sequence[Stmt] = ()
) -> Expr:
    """The primal's result under a name of its own, where it has none or the backward sweep changes it."""
    rebound = {name for stmt in statements(backward) for name in rebinds(stmt)}
    written = {name for stmt in statements(backward) for name in writes(stmt)}
    changes = bool(written) and isinstance(result, Name) and not _is_apart(result, forward, written)
    if isinstance(result, Name) and (result.temporary or result.id in rebound or changes):
        named = Name(supply.fresh("result"), result.type)
        value = Apply("own", (result,)) if changes else result  # it may be a part of what is put back
        forward.append(Assign(named, value, span=last.span, comments=last.comments))
        return named
    return result


def _is_apart(result: Name, forward: Sequence[Stmt], written: set[str]) -> bool:
    """Whether the result surely shares no memory with what the backward sweep puts back."""
    if result.type.is_immutable_scalar:
        return True
    made = [stmt for stmt in statements(forward) if result.id in rebinds(stmt) and not isinstance(stmt, Augment)]
    values = [stmt.value if isinstance(stmt, Assign) else None for stmt in made]
    fresh = all(isinstance(value, Const) or (isinstance(value, Apply) and not may_be_view(value)) for value in values)
    return bool(made) and fresh and result.id not in written


def pair(
    function: Function,
    wrt: Sequence[str],
    single: bool,
    forward_name: str,
    backward_name: str,
    setting: Setting,
    procedure: Procedure | None = None,
    *,
    outermost: bool = False,
) -> tuple[Function, Function, dict[str, str]]:
    """``forward(...) -> (result, saved)`` and ``backward(saved, result_bar) -> cotangents``.

    Of a procedure: ``backward(saved, A, A_bar, result_bar)``, where it writes into ``A``; without a result, ``forward``
    gives what was saved alone. ``outermost``: the cotangent comes from users, with the dtype of the result.
    """
    result_type = _result_type(function)
    seed_dtype = result_type.dtype if outermost and Field(function).any else None
    seed_type = Type("unknown", seed_dtype, result_type.shape)
    made = sweep(function, wrt, setting, seed_type, procedure, outermost=outermost)
    supply = setting.supply
    types = {parameter.name: parameter.type for parameter in function.parameters}
    returned: list[Stmt] = [Return(made.gradients[0] if single else Tuple(made.gradients), ours=True)]
    passed = [Parameter(made.result_bar, type=seed_type)]
    if procedure is not None:
        returned = returned if wrt else [Return(None, ours=True)]
        arrays = [Parameter(name, type=types[name]) for name in procedure.written]
        shadows = [Parameter(bar.id, type=bar.type) for bar in made.shadows]
        passed = [*arrays, *shadows, *(passed if procedure.seeded else ())]
    written = procedure.written if procedure is not None else ()
    seen = tuple(bar.id for bar in made.shadows)
    if procedure is not None and procedure.restores:
        seen += written
    tail, live = without_dead((*made.backward, *returned), seen)
    held = _globals_read(tail, setting)
    tail = map_block(tail, lambda expr: _exchanged(expr, held))
    live |= {name.id for name in held.values()}
    surely = {path for path in held if any(_reads_path(_header(stmt), path) for stmt in made.forward)}
    holding: list[Stmt] = [Assign(name, path, ours=True) for path, name in held.items() if path in surely]
    inside = {path: name for path, name in held.items() if path not in surely}
    within = _with_held(tuple(made.forward), inside) if inside else tuple(made.forward)
    from_forward = sorted(live - {one.name for one in passed})
    saved = Name(supply.fresh("saved"))
    nodes = {name.id: name for stmt in (*made.forward, *made.prologue) for name in _nodes(stmt)}
    nodes |= {name: Name(name, type) for name, type in types.items()} | {name.id: name for name in held.values()}
    kept = tuple(nodes.get(name, Name(name)) for name in from_forward)
    bound_for_sure = certain_names((*holding, *made.prologue, *made.forward)) | types.keys()
    stacks = {stmt.stack.id for stmt in statements(tail) if isinstance(stmt, (Push, Pop))} | made.lists
    # a list is one on every way, so that the text can be differentiated again
    unbound: list[Stmt] = [
        Assign(item, List(()) if item.id in stacks else Const(None), ours=True)
        for item in kept
        if item.id not in bound_for_sure
    ]
    handed: list[Name] = []
    copies: list[Stmt] = []
    for item in kept:  # of views of what the caller may change once more, the values that they have now
        lengths = item.type.is_immutable_scalar or (item.type.kind == "tuple" and item.type.dtype == "int64")
        viewed = item.id in made.views and item.id not in stacks and not lengths
        handed.append(supply.temporary(item.type) if viewed else item)
        copies += [Assign(handed[-1], Apply("own", (item,)), ours=True)] if viewed else []
    saves = Tuple(tuple(handed))
    given = saves if made.result == Const(None) and procedure is not None else Tuple((made.result, saves))
    forward = replace(
        function,
        name=forward_name,
        body=(*unbound, *holding, *made.prologue, *within, *copies, Return(given)),
        doc=None,
        outside=written,
    )
    opening: list[Stmt] = [Assign(Tuple(kept), saved, ours=True)] if kept else []
    narrow = computes_with_narrow(tail) or (not outermost and (made.unseen or computes_with_discrete(tail)))
    may_be_python = result_type.shape == () and not (outermost and result_type.kind == "scalar")
    if narrow and may_be_python and result_type.dtype == "float64":
        given_bar = Name(made.result_bar)
        opening.append(Assign(given_bar, Apply("float64", (given_bar,)), ours=True))
    changed = {name for stmt in statements(tail) for name in writes(stmt)}
    may_be_none = _set_to_none((*made.prologue, *made.forward))
    bindings = (
        name
        for stmt in statements((*made.prologue, *made.forward))
        for target in targets(stmt)
        for name in names(target)
    )
    typed = (*types.items(), *((name.id, name.type) for name in bindings))
    numbers = {name for name, type in typed if type.is_immutable_scalar}  # on some way, or until they are bound anew
    for name in from_forward:
        variable = nodes.get(name, Name(name))
        if name in changed:
            tested = name in made.unbound or (name not in bound_for_sure and name not in stacks)
            copied = "own" if name in numbers or (name in may_be_none and not tested) else "copy"
            own: Expr = Apply("list" if name in stacks else copied, (variable,))
            if tested:
                own = Conditional(Compare((variable, Const(None)), ("is",)), Const(None), own)
            opening.append(Assign(variable, own, ours=True))
    sure_lists = {name for name in made.lists if name not in made.unbound}
    tail = _own_popped(tail, stacks & set(from_forward), changed, sure_lists)
    parameters = (Parameter(saved.id), *passed)
    backward = Function(backward_name, parameters, (*opening, *tail), function.home, outside=seen)
    return forward, backward, made.wishes


def _set_to_none(block: Sequence[Stmt]) -> set[str]:
    found = (stmt for stmt in statements(tuple(block)) if isinstance(stmt, Assign) and stmt.value == Const(None))
    return {stmt.target.id for stmt in found if isinstance(stmt.target, Name)}


def _globals_read(block: Block, setting: Setting) -> dict[Expr, Name]:
    """The globals that a backward function would read later than the forward function does, with variables for them."""
    found: dict[Expr, Name] = {}
    for stmt in statements(block):
        pending = list(expressions(stmt))
        while pending:
            expr = pending.pop()
            path = dotted(expr) if isinstance(expr, Global | Attribute) else ""
            if not path or not isinstance(_root(expr), Global):
                skipped = expr.function if isinstance(expr, Call) else None
                pending.extend(part for part in children(expr) if part is not skipped)
            elif expr not in found and _may_change(expr, setting):
                found[expr] = Name(setting.supply.fresh(path.rpartition(".")[2].lower()), type_of(expr))
    return {expr: found[expr] for expr in sorted(found, key=dotted)}


def _with_held(block: Block, held: Mapping[Expr, Name]) -> Block:
    """The block with a variable for what it reads outside, bound where that is read: perhaps it is not there else."""
    made: list[Stmt] = []
    for stmt in block:
        read = [path for path in held if _reads_path(_header(stmt), path)]
        made += [Assign(held[path], path, ours=True) for path in read]
        made.append(map_blocks(stmt, lambda inner: _with_held(inner, held)))
    return tuple(made)


def _header(stmt: Stmt) -> Stmt:
    """A statement without the blocks in it."""
    return replace(stmt, body=(), orelse=()) if isinstance(stmt, If | For | While) else stmt


def _reads_path(stmt: Stmt, path: Expr) -> bool:
    return any(part == path for expr in expressions(stmt) for part in subexpressions(expr))


def _root(expr: Expr) -> Expr:
    while isinstance(expr, Attribute):
        expr = expr.value
    return expr


def _may_change(name: Expr, setting: Setting) -> bool:
    """Whether what is outside is a value of the user's: no function, and no constant of a library."""
    root = setting.refuse.lookup(Global(dotted(name).partition(".")[0]))
    if isinstance(root, ModuleType) and root.__name__.partition(".")[0] in ("numpy", "math", "cmath", "scipy"):
        return False
    return not callable(setting.refuse.lookup(name))


def _exchanged(expr: Expr, held: Mapping[Expr, Expr]) -> Expr:
    if isinstance(expr, Global | Attribute | Name | Subscript) and expr in held:
        return held[expr]
    return rebuild(expr, lambda part: _exchanged(part, held))


def _own_popped(block: Block, stacks: set[str], changed: set[str], lists: set[str]) -> Block:
    """The block with a copy of what is popped and then written: the next call of the pullback pops it once more."""
    made: list[Stmt] = []
    for stmt in block:
        if isinstance(stmt, (If, For, While)):
            body, orelse = (_own_popped(one, stacks, changed, lists) for one in (stmt.body, stmt.orelse))
            stmt = replace(stmt, body=body, orelse=orelse)
        made.append(stmt)
        if isinstance(stmt, Pop) and stmt.stack.id in stacks and isinstance(stmt.target, Name):
            target = stmt.target
            if target.id in changed:
                op = "list" if target.id in lists else "copy" if target.type.kind == "array" else "own"
                copy = Apply(op, (target,))
                made.append(Assign(target, copy, span=stmt.span, ours=True))
    return tuple(made)


def _saved_part(forward: Function) -> Tuple:
    """What a forward function hands on to the backward one."""
    last = forward.body[-1]
    assert isinstance(last, Return)
    assert isinstance(last.value, Tuple)
    items = last.value.items
    return items[1] if len(items) == 2 and isinstance(items[1], Tuple) else last.value


def _with_saved_part(forward: Function, kept: Tuple) -> Function:
    last, old = forward.body[-1], _saved_part(forward)
    assert isinstance(last, Return)
    assert isinstance(last.value, Tuple)
    value = kept if last.value is old else Tuple((last.value.items[0], kept))
    return replace(forward, body=(*forward.body[:-1], replace(last, value=value)))


def with_saved_types(forward: Function, backward: Function) -> Function:
    """The backward function with what inference found of the values that the forward function hands it."""
    first, *rest = backward.parameters
    return replace(backward, parameters=(replace(first, type=type_of(_saved_part(forward))), *rest))


def without_unused(forward: Function, backward: Function) -> tuple[Function, Function]:
    """Both functions of a pair without the saved values that the finished backward function does not read."""
    opening = backward.body[0] if backward.body else None
    saved, kept = backward.parameters[0].name, _saved_part(forward)
    if not (isinstance(opening, Assign) and opening.value == Name(saved) and isinstance(opening.target, Tuple)):
        return _with_saved_part(forward, Tuple(())), backward
    body, used = without_dead(backward.body[1:], backward.outside)  # pops that nobody needs any more
    pairs = [
        (item, target)
        for item, target in zip(kept.items, opening.target.items, strict=True)
        if isinstance(target, Name) and target.id in used
    ]
    return (
        _with_saved_part(forward, Tuple(tuple(item for item, _ in pairs))),
        replace(backward, body=(replace(opening, target=Tuple(tuple(target for _, target in pairs))), *body)),
    )


def _nodes(stmt: Stmt) -> list[Name]:
    found: list[Name] = []
    for inner in statements((stmt,)):
        for expr in (*expressions(inner), *targets(inner)):
            found.extend(names(expr))
    return found


def _result_type(function: Function) -> Type:
    last = function.body[-1]
    return last.value.type if isinstance(last, Return) and isinstance(last.value, Name) else Type()


def tangent_names(function: Function, wrt: Sequence[str], supply: NameSupply) -> tuple[dict[str, str], bool]:
    """The names of the tangents of parameters, and whether they can be passed by name only."""
    plain = all(p.default is None and p.kind in ("positional", "positional-only") for p in function.parameters)
    return {name: supply.fresh(f"{name}_dot") for name in wrt}, not plain


def tangent(
    function: Function,
    dot_names: Mapping[str, str],
    by_name: bool,
    name: str,
    setting: Setting,
    outside: Sequence[str] | None = None,
    *,
    value: bool = True,
    ones: bool = False,
    level: bool = False,
) -> tuple[Function, dict[str, str]]:
    """One function of the arguments and their tangents that returns the result and its tangent, or (without ``value``)
    its tangent alone. ``ones``: all tangents are 1, and what is returned is the derivative of each element. ``level``:
    several results and their tangents are one tuple.

    ``outside``: of a function that is called in one of ours, arrays of the caller's that it writes into; their tangents
    are changed with them. Else tangents come from users, with the dtypes of the arguments.
    """
    outermost, outside = outside is None, outside or ()
    wrt = tuple(dot_names)
    *body, last = function.body
    assert isinstance(last, Return)
    check_aliases(function, setting.refuse)
    facts = activity(function, wrt, [one for one in wrt if one in outside])
    checked = with_dtypes_checked(function, facts, wrt if outermost else (), outside)
    if checked is not function:
        function, facts = checked, activity(checked, wrt, [one for one in wrt if one in outside])
        *body, last = function.body
        assert isinstance(last, Return)
    lost = half_done(function, facts)
    guarded = guard_attempts(function, lost, setting.supply)
    if guarded is not function:
        function, facts = guarded, activity(guarded, wrt, [one for one in wrt if one in outside])
        lost = half_done(function, facts)
        *body, last = function.body
        assert isinstance(last, Return)
    check_attempts(function, facts, setting.refuse)
    check_tangents(function, setting.refuse)
    field = Field(function)
    check_field(function, facts, field, setting.refuse)
    check_foreign(function, facts, setting.refuse)
    forward = Forward(function.body, facts, field, setting.supply, setting.refuse, setting.tangent_of)
    sure = {id(stmt) for stmt in statements(function.body) if is_guarded(stmt)}
    forward.lost = {one: names for one, names in lost.items() if one not in sure}
    forward.dots.update(dot_names)
    forward.outside = frozenset(outside)
    types = {parameter.name: parameter.type for parameter in function.parameters}
    dots = [forward.dot(Name(one, types[one])) for one in wrt]
    if outermost and field.any:
        dots = [Name(dot.id, replace(dot.type, dtype=types[one].dtype)) for one, dot in zip(wrt, dots, strict=True)]
    forward.set = set(wrt)
    written = set(written_parameters(function)) - set(outside)
    copies = own_copies(function) if not outside else []
    for one, dot in zip(wrt, dots, strict=True):
        if one in written:
            own = {"array": "copy", "list": "list"}.get(types[one].kind, "own")
            copies.append(Assign(dot, Apply(own, (dot,)), ours=True))
    forward.bound = set(types)
    made = forward.block(tuple(body))
    copies += [
        Assign(variable, List(()) if variable.type.kind == "list" else Const(None), ours=True)
        for one, variable in sorted(forward.maybe_unbound.items())
    ]
    result = last.value or Const(None)
    kind: Literal["positional", "keyword-only"] = "keyword-only" if by_name else "positional"
    parameters = (*function.parameters, *(Parameter(dot.id, kind, None, dot.type) for dot in dots))
    tangent = _result_dot(forward, result)
    if ones:
        parameters = function.parameters
        variables = [Name(one, types[one]) for one in wrt]
        seeds = (unit(x.type, made) if x.type.is_immutable_scalar else Apply("ones_like", (x,)) for x in variables)
        copies = [*(Assign(dot, seed, ours=True) for dot, seed in zip(dots, seeds, strict=True)), *copies]
        tangent = Apply("as_gradient", (tangent, variables[0]))
    supply = setting.supply
    both: Expr | None = tangent
    if value:
        primal = _named_result(result, made, last, supply)
        if isinstance(primal, Name) and isinstance(tangent, Name) and tangent.temporary:
            named = Name(supply.fresh(f"{primal.id}_dot"), tangent.type)
            made.append(Assign(named, tangent, span=last.span, ours=True))
            tangent = named
        nothing = outside and primal == Const(None)
        both = None if nothing else Tuple((primal, tangent))
        if level and isinstance(primal, Tuple) and isinstance(tangent, Tuple):
            both = Tuple((*primal.items, *tangent.items))
    returned = Return(both, last.span, ours=True)
    wishes = name_wishes(body)
    for primal_name, dot_name in forward.dots.items():
        wishes[dot_name] = f"{wishes.get(primal_name, primal_name)}_dot"
    seen = (*outside, *(dot.id for one, dot in zip(wrt, dots, strict=True) if one in outside))
    body_made = (*copies, *made, returned)
    return replace(function, name=name, parameters=parameters, body=body_made, doc=None, outside=seen), wishes


def _result_dot(forward: Forward, result: Expr) -> Expr:
    if isinstance(result, Tuple | List):
        items = (Const(None) if _is_no_number(item) else _result_dot(forward, item) for item in result.items)
        return type(result)(tuple(items))
    tangent = forward.tangent(result)
    if tangent == ZERO and isinstance(result, Name) and not result.type.is_immutable_scalar:
        return Apply("zeros_like", (result,))
    return tangent


def _is_no_number(item: Expr) -> bool:
    if isinstance(item, Const):
        return not isinstance(item.value, int | float | complex)
    return isinstance(item, Name) and item.type.kind in ("none", "str", "other", "function")
