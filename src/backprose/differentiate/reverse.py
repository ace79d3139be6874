"""Reverse mode, first half: for every statement of the primal the adjoint statements that undo it.

The result is a tree of *steps* in the primal's order, each a statement with its adjoint statements. They read primal
variables as if each still had the value that it had at that place; ``saves`` sees to that.

Which adjoints are set (known not to be zero) is followed while the text is made: a first contribution assigns, a later
one adds, an adjoint that is not set contributes nothing. Where ways join, an adjoint set on one way only is set to
zero on the other.
"""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import inf
from typing import Any

from backprose.analyse.activity import Activity
from backprose.analyse.dependence import bind, through
from backprose.analyse.field import Field
from backprose.analyse.places import adds_axes, is_distinct, is_imaginary, is_whole
from backprose.analyse.precision import has_unseen
from backprose.analyse.several import results_of
from backprose.analyse.stacks import emptied
from backprose.analyse.types import type_of
from backprose.differentiate.lists import Lists
from backprose.differentiate.masks import Mask, Risk
from backprose.differentiate.paste import APART, FormError, Paster, parameters_of, uncast, with_names
from backprose.differentiate.recompute import Recompute
from backprose.differentiate.refuse import Refuse
from backprose.differentiate.shape import in_order, needs_order, unbroadcast
from backprose.differentiate.widen import widening
from backprose.differentiate.wishes import singular
from backprose.ir.names import NameSupply
from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Augment,
    Block,
    Call,
    Compare,
    Const,
    Enter,
    Evaluate,
    Expr,
    For,
    Global,
    If,
    Leave,
    List,
    Name,
    Pass,
    Pop,
    Push,
    Raise,
    Return,
    Slice,
    Span,
    Stmt,
    Subscript,
    Target,
    Tuple,
    While,
    children,
)
from backprose.ir.types import UNKNOWN, Type
from backprose.ir.walk import (
    base,
    bound,
    expressions,
    map_statement,
    names,
    rebased,
    rebuild,
    statement_reads,
    statements,
    targets,
    writes,
    written_place,
)
from backprose.lower.adjoints import body_of
from backprose.rules.registry import INDEX, Rule, rule_of


@dataclass
class Step:
    """A statement and its adjoint. ``old``: the adjoint reads the target as it was before the statement. ``pair``: both
    call the pair of a function that writes into its arguments, named when it is known what has to be restored.
    ``shared``: variables that the statement may change without naming them, of which the backward sweep may read."""

    stmt: Stmt
    backward: list[Stmt] = field(default_factory=list)
    old: bool = False
    pair: Pair | None = None
    shared: frozenset[str] = frozenset()


@dataclass
class Branch:
    """``zeros``: adjoints set to zero at the end of a reversed branch, because the other one sets them."""

    stmt: If
    body: list[AnyStep]
    orelse: list[AnyStep]
    body_zeros: list[Stmt]
    orelse_zeros: list[Stmt]


@dataclass
class Loop:
    """``start``: adjoints set to zero before the reversed loop; ``zeros``: at the end of each reversed turn."""

    stmt: For | While
    body: list[AnyStep]
    orelse: list[AnyStep]
    orelse_zeros: list[Stmt]  # where the loop was left by a break
    start: list[Stmt]
    zeros: list[Stmt]
    iterable: Expr | None = None  # what the backward sweep runs over, in reverse


AnyStep = Step | Branch | Loop


@dataclass(frozen=True)
class Wanted:
    """What a derivative of a call is asked for, by the positions of the arguments.

    ``active``: those whose adjoints are returned; ``shadowed``: those that are written into, whose adjoints are changed
    in place. ``seeded``: the result has an adjoint; ``ignored``: nobody reads the result; ``again``: the same function
    is called elsewhere too.
    """

    active: tuple[int, ...]
    shadowed: tuple[int, ...] = ()
    seeded: bool = True
    ignored: bool = False
    again: bool = False


@dataclass(frozen=True)
class Pair:
    """The forward and the backward function for a call. ``names``: theirs, where the backward function puts the
    arguments that were written into back as they were, and where it need not; ``nothing``: there is no result;
    ``parameters``: the callee's own names of the active arguments."""

    function: str
    nothing: bool
    names: Callable[[bool], tuple[str, str]]
    parameters: tuple[str, ...]


# the pair for a call, or None: it is not a user's function
CallPair = Callable[[Call, Wanted], "Pair | None"]
FORWARD, BACKWARD = "<forward>", "<backward>"  # until they have names
MOST_NESTED = 6  # sums in sums whose adjoints are left as wide as they are


class Reverse:
    """Makes the steps of one function.

    >>> from backprose.ir.types import PYTHON_FLOAT
    >>> from backprose.pipeline import Request, stages
    >>> def f(x, n):
    ...     for i in range(n):
    ...         x = x * x
    ...     return x
    >>> request = Request(f, "reverse", ("x",), signature={"x": PYTHON_FLOAT})
    >>> from backprose.emit import emit
    >>> print(emit(dict(stages(request))["differentiate"]).text, end="")
    def f_grad(x, n, *, result_bar=1.0):
        # forward
        saved_x = []
        for i in range(n):
            _t1 = x * x
            saved_x.append(x)
            x = _t1
    <BLANKLINE>
        x_bar = result_bar
        for i in reversed(range(n)):
            _t2 = x_bar
            x = saved_x.pop()
            x_bar = _t2 * x
            x_bar = x_bar + _t2 * x
        return as_gradient(x_bar, x)
    """

    def __init__(
        self,
        body: Block,
        activity: Activity,
        field: Field,
        supply: NameSupply,
        recompute: Recompute,
        refuse: Refuse,
        pair: CallPair,
    ) -> None:
        self.activity, self.supply, self.recompute, self.refuse, self.pair = activity, supply, recompute, refuse, pair
        self.field = field
        self.paster = Paster(supply, field)
        self.indexed = indexed(body)
        self.in_parts = self.indexed | in_parts(body)
        self.set: set[str] = set()
        self.variables: dict[str, Name] = {}  # each variable as it is read first
        note_variables(body, self.variables)
        self.lists = Lists(supply, body)
        self.stacks = emptied(body)  # lists that are nothing but stacks
        self.active_stacks = active_stacks(body, activity) & self.stacks
        self.bars: dict[str, str] = {}
        self.items: dict[str, str] = {}  # what to call adjoints of items, and what a backward function gives
        self.out: list[Stmt] = []  # the adjoint statements of the step being made
        self.span: Span | None = None
        self.shared: Mapping[int, frozenset[str]] = {}  # by statement: what it changes without naming it
        self.changing: frozenset[str] = frozenset()  # arrays that are written, and views of them
        self.ordered: dict[str, Expr] = {}  # adjoints with their parts that are views here, as the primal's are
        self.risk = Risk(body)
        self.masks: dict[str, Mask] = {}  # variables whose adjoint is 0 in part, because ``where`` did not take them
        self.fresh_masks: dict[str, Mask] = {}
        self.received: set[str] = set()  # variables that this block has given a cotangent so far
        self.shadows: set[str] = set()  # parameters whose adjoints are the caller's arrays, changed in place
        calls = (getattr(stmt, "value", None) for stmt in statements(body))
        self.called = Counter(call.function for call in calls if isinstance(call, Call))
        self.unseen = False  # whether adjoints meet constants of which no dtype is known
        self.unknown: dict[int, Raise] = {}  # statements, by ``id``, of which it is not known what to undo there
        self.read = Counter(name.id for stmt in statements(body) for expr in expressions(stmt) for name in names(expr))
        self.wide: dict[str, Type] = {}  # temporaries whose adjoints have the shape of what they were broadcast to
        self.pending: Pair | None = None  # of the call being undone, which writes into its arguments
        self.after: list[Stmt] = []  # what the forward sweep does after the statement being undone
        self.made: set[str] = set()  # variables that the forward sweep has and the primal has not
        self.found: Name | None = None  # the adjoint that is taken at marks
        self.only_mark = False
        self.at_mark: Expr | None = None
        self.replacement: Stmt | None = None  # what stands in the forward sweep instead of the statement being undone

    # ------------------------------------------------------------ adjoints
    def bar(self, variable: Name) -> Name:
        """The adjoint of a variable: of its shape, of a dtype that is not known."""
        if variable.id not in self.bars:
            wish = f"{variable.id}_bar"
            self.bars[variable.id] = self.supply.temporary().id if variable.temporary else self.supply.fresh(wish)
            self.field.note(self.bars[variable.id], may_be_complex=variable.id in self.field.complex)
        type = self.wide.get(variable.id, variable.type)
        if type.kind == "list":
            return Name(self.bars[variable.id], Type("list", item=Type()), variable.temporary)
        kind = type.kind if type.kind in ("array", "tuple", "number") else "unknown" if type.shape is None else "numpy"
        return Name(self.bars[variable.id], Type(kind, None, type.shape), variable.temporary)

    def emit(self, stmt: Stmt) -> None:
        self.out.append(stmt)

    def temporary(self, value: Expr, type: Type = UNKNOWN) -> Name:
        """A temporary that holds a value."""
        target = self.supply.temporary(type)
        self.field.note(target.id, may_be_complex=self.field.may_be_complex(value))
        self.assign(target, value)
        return target

    def assign(self, target: Name | Subscript, value: Expr) -> None:
        if isinstance(target, Name):
            self.ordered.pop(target.id, None)
        self.emit(Assign(target, value, span=self.span, ours=True))

    def contribute(self, variable: Name, cotangent: Expr) -> None:
        bar = self.bar(variable)
        cotangent = self.field.fitted(cotangent, variable)
        mask = self.fresh_masks.pop(variable.id, None)
        first = variable.id not in self.set
        self.receives(variable)
        if first and mask is not None:
            self.masks[variable.id] = mask
        if variable.id in self.shadows:
            self.emit(Augment(bar, "add", cotangent, span=self.span, ours=True))
            return
        if variable.id not in self.set:
            value = self.field.widened(cotangent, variable, in_parts=variable.id in self.in_parts)
            self.assign(bar, self.with_parts(value, variable))
        elif variable.type.kind == "list":
            self.assign(bar, self.lists.added(bar, cotangent))
        else:
            self.assign(bar, self.with_parts(Apply("add", (bar, cotangent)), variable))
        self.set.add(variable.id)
        self.variables.setdefault(variable.id, variable)

    def with_parts(self, cotangent: Expr, variable: Name) -> Expr:
        """A cotangent as an array where it may be a scalar, which could not be added to in parts."""
        known = variable.type
        unsure = known.kind in ("scalar", "numpy", "number", "unknown") or (known.kind == "array" and not known.shape)
        return Apply("asarray", (cotangent,)) if unsure and variable.id in self.indexed else cotangent

    def receives(self, variable: Name) -> None:
        """Notes that an adjoint is added to: no mask says any more where it is 0."""
        self.masks.pop(variable.id, None)
        self.received.add(variable.id)

    def contribute_at(self, variable: Name, place: Subscript, cotangent: Expr) -> None:
        """A cotangent of a part of an array; ``place`` is that part."""
        bar = self.bar(variable)
        self.receives(variable)
        cotangent = self.field.fitted(cotangent, place)
        if variable.type.kind == "list" and place.value != variable:
            self.refuse.target(Assign(place, cotangent, self.span))
        if variable.type.kind == "list" and isinstance(place.index, Slice):
            self.contribute(variable, Apply("unsliced", (cotangent, variable, as_value(place.index))))
            return
        dropped = without_added_axes(place, variable)
        if dropped is not None and variable.id not in self.shadows:
            self.contribute(variable, Subscript(cotangent, dropped))
            return
        whole = is_whole(place) and not adds_axes(place.index)
        if variable.type.shape == () and whole and variable.id not in self.shadows:
            self.contribute(variable, cotangent)  # it may be a NumPy scalar, which has no parts to add to
            return
        if variable.id not in self.set:
            self.assign(bar, self.lists.zero(variable) if variable.type.kind == "list" else zeros_like(variable))
            self.set.add(variable.id)
        if variable.type.kind == "list":
            if not is_integer(place.index):  # perhaps a slice
                self.refuse.value(Assign(place, cotangent, self.span), place)
            self.assign(Subscript(bar, place.index), Apply("add", (Subscript(bar, place.index), cotangent)))
            return
        part = self.part(place, variable)
        how = "subtract" if is_imaginary(place) else "add"
        if is_distinct(place.index):
            self.emit(Augment(part, how, cotangent, span=self.span, ours=True))
        else:  # an index may be repeated
            added = Apply(f"{how}.at", (part.value, as_value(place.index), cotangent))
            self.emit(Evaluate(added, span=self.span, ours=True))

    def part(self, place: Subscript, variable: Name) -> Subscript:
        """The same part of an array's adjoint."""
        bar = self.bar(variable)
        part = rebased(place, bar)
        if needs_order(place) and self.ordered.get(bar.id) != part.value:
            for stmt in in_order(bar, part, variable.id in self.shadows, self.span):
                self.emit(stmt)
            self.ordered[bar.id] = part.value
        return part

    def wanted(self, stmt: Stmt, expr: Expr) -> bool:
        return (
            isinstance(expr, Name)
            and expr.id in self.activity.varied_before[id(stmt)]
            and expr.type.may_be_differentiable
        )

    def distribute(self, stmt: Stmt, operand: Expr, cotangent: Expr) -> None:
        """A cotangent to its operand: a variable, or a display of variables, which has one cotangent for each item."""
        if isinstance(operand, (Tuple, List)):
            if not any(self.wanted(stmt, name) for name in through(operand)):
                return
            whole = cotangent
            if not isinstance(cotangent, (Tuple, List)):
                whole = self.temporary(cotangent)
            for position, item in enumerate(operand.items):
                part = whole.items[position] if isinstance(whole, (Tuple, List)) else Subscript(whole, Const(position))
                self.distribute(stmt, item, part)
        elif isinstance(operand, Name) and self.wanted(stmt, operand):
            self.contribute(operand, cotangent)

    # ------------------------------------------------------------ blocks
    def block(self, block: Block) -> list[AnyStep]:
        steps: list[AnyStep] = []
        self.ordered.clear()
        masks, self.masks = self.masks, {}
        received, self.received = self.received, set()
        self.recompute.enter(block)
        for position in range(len(block) - 1, -1, -1):
            self.recompute.at(position)
            step = self.step(block[position])
            steps += [*map(Step, reversed(self.after)), step]
            self.after.clear()
        self.recompute.leave()
        self.ordered.clear()
        self.masks = {name: mask for name, mask in masks.items() if name not in self.received}
        self.received |= received
        steps.reverse()
        return steps

    def step(self, stmt: Stmt) -> AnyStep:
        if isinstance(stmt, If):
            return self.branch(stmt)
        if isinstance(stmt, (For, While)):
            return self.loop(stmt)
        self.out, self.span = [], stmt.span
        old = False
        match stmt:
            case Return(value=value):
                pass
            case Pass() if id(stmt) in self.unknown:
                self.emit(self.unknown[id(stmt)])
            case Assign(value=Call() as call) | Evaluate(value=Call() as call) if call.writes:
                self.undo_procedure(stmt, call)
            case Assign(target=Name() as target, value=value):
                if target.id in self.set:
                    self.set.discard(target.id)
                    if target.id in self.activity.useful_after[id(stmt)]:
                        self.undo(stmt, target, value)
            case Assign(target=Tuple(items=items), value=value):
                self.unpack(stmt, items, value)
            case Assign(target=Subscript() as target, value=value):
                old = self.undo_write(stmt, target, value)
            case Enter(context=context, target=target, again=again):
                if target is not None and target.id in self.set:
                    self.refuse.context(stmt, context)
                if again is not None:
                    self.emit(Leave(again, self.span, ours=True))
            case Leave(again=again) if again is not None:
                self.emit(Enter(again, None, again, self.span, ours=True))
            case Augment(target=Name() | Subscript() as target, value=value):
                old = self.undo_augment(stmt, target, value)
            case Evaluate(value=Apply(op="adjoint_of") as operation):
                self.change_adjoint(stmt, operation)
            case Evaluate(value=Apply(op="observed", args=(Name() as variable,))):
                self.observe(variable)
                return Step(Evaluate(Const(None), ours=True), self.out)
            case Evaluate(value=Apply() as update) if (place := written_place(stmt)) is not None:
                self.undo_update(stmt, place, update)
            case Push(stack=stack, value=value):
                if stack.id in self.set:
                    self.undo_push(stmt, stack, value)
            case Pop(target=Name() as target, stack=stack):
                if {target.id, stack.id} & self.set or stack.id in self.active_stacks:
                    self.undo_pop(target, stack)
            case Pop() | Assign():
                if any(name.id in self.set for name in names(stmt.target)):
                    self.refuse.target(stmt)
        replacement, self.replacement = self.replacement, None
        pair, self.pending = self.pending, None
        return Step(replacement or stmt, self.out, old, pair, self.shared.get(id(stmt), frozenset()))

    def change_adjoint(self, stmt: Stmt, operation: Apply) -> None:
        """The body of ``with bp.adjoint_of(x) as x_bar:``: the adjoint is complete, as far as what follows goes."""
        variable, *given = operation.args
        if not isinstance(variable, Name) or variable.type.kind in ("list", "tuple", "object", "other"):
            self.refuse.parts(stmt, operation, through(variable), self.wanted)
            return
        if not self.wanted(stmt, variable):
            return
        if variable.id not in self.set:
            if variable.temporary:  # a view that is held while its array is written, taken anew where it is read
                self.refuse.held_view(stmt, operation)
            return
        bar, body = self.bar(variable), body_of(operation)
        self.refuse.elsewhere(stmt, operation, body)
        if variable.id in self.wide:
            self.assign(bar, Apply("unbroadcast", (bar, variable)))
            del self.wide[variable.id]
            bar = self.bar(variable)
        self.receives(variable)
        own, *read = (parameter.name for parameter in body.parameters)
        values: dict[str, Expr] = {own: bar, **dict(zip(read, given, strict=True))}
        for made in self.body_of_with(body.body[:-1], own, variable, values, stmt.span):
            self.emit(made)

    def body_of_with(
        self, block: Block, own: str, variable: Name, values: dict[str, Expr], span: Span | None
    ) -> Iterator[Stmt]:
        """The statements of a user's on the adjoint of a variable; ``own``: what it is called there."""
        for stmt in block:
            match stmt:
                case Assign(target=Name(id=name), value=value) if name == own:
                    value = self.field.fitted(with_names(value, values), variable)
                    if variable.type.shape != ():
                        value = Apply("broadcast_to", (value, Apply("shape", (variable,))))
                    bar = self.bar(variable)
                    self.ordered.pop(bar.id, None)
                    place = Subscript(bar, Const(Ellipsis)) if variable.id in self.shadows else bar
                    yield Assign(place, value, span=span, ours=True)
                case Assign(target=Name(id=name), value=value):
                    value = with_names(value, values)
                    if name not in values:
                        values[name] = Name(self.supply.fresh(name))
                    target = values[name]
                    assert isinstance(target, Name)
                    self.field.note(target.id, may_be_complex=self.field.may_be_complex(value))
                    yield Assign(target, value, span=span, ours=True)
                case Evaluate(value=Call(function=function) as call):
                    kept = function != Global("print") and variable.type.shape != ()  # it may be changed in place later
                    handed = {**values, own: Apply("own", (values[own],))} if kept else values
                    yield Evaluate(with_names(call, handed), span=span, ours=True)
                case If(test=test):
                    body = tuple(self.body_of_with(stmt.body, own, variable, values, None))
                    orelse = tuple(self.body_of_with(stmt.orelse, own, variable, values, None))
                    yield If(with_names(test, values), body, orelse, span=span, ours=True)

    def observe(self, variable: Name) -> None:
        """The adjoint of a variable at a mark; of several marks the first that is met counts."""
        assert self.found is not None
        bar = self.bar(variable) if variable.id in self.set else self.lists.zero(variable)
        gradient = Apply("as_gradient", (bar, variable))
        taken = Assign(self.found, gradient, span=self.span, ours=True)
        if self.only_mark and variable.id not in self.changing:
            self.at_mark = gradient  # neither changes any more: before the mark nothing is differentiated
        elif self.only_mark:
            self.emit(taken)
        else:
            self.emit(If(Compare((self.found, Const(None)), ("is",)), (taken,), span=self.span, ours=True))

    def undo_push(self, stmt: Push, stack: Name, value: Expr) -> None:
        wanted = isinstance(value, Name) and self.wanted(stmt, value)
        part = self.supply.temporary(Type()) if wanted else Name(self.supply.fresh("_"))
        self.field.note(part.id, may_be_complex=self.field.may_be_complex(stack))
        self.items[part.id] = f"{singular(stack.id)}_bar"
        self.emit(Pop(part, self.bar(stack), span=self.span, ours=True))
        if isinstance(value, Name) and wanted:
            self.contribute(value, part)

    def undo_pop(self, target: Name, stack: Name) -> None:
        """The adjoint of what came off goes back on: zero where nobody read it."""
        if stack.id not in self.set:
            self.assign(self.bar(stack), self.start(stack))
            self.set.add(stack.id)
        bar = self.bar(target) if target.id in self.set else self.lists.zero(target)
        self.set.discard(target.id)
        self.emit(Push(self.bar(stack), bar, span=self.span, ours=True))

    def start(self, variable: Name) -> Expr:
        """The zero of an adjoint; a stack that everything came off of is empty."""
        return List(()) if variable.id in self.stacks else self.lists.zero(variable)

    # ------------------------------------------------------------ assignments
    def undo(self, stmt: Stmt, target: Name, value: Expr) -> None:
        """The adjoint of ``target = value``: cotangents from the target's adjoint to the operands of ``value``."""
        bar = self.bar(target)
        match value:
            case Name():
                mask = self.masks.pop(target.id, None)
                unmasked = self.unmasked(value, mask)
                self.distribute(stmt, value, bar)
                if mask is not None and unmasked:
                    self.masks.setdefault(value.id, mask)
            case Apply():
                try:
                    self.undo_operation(stmt, value, target, bar)
                except FormError as reason:
                    self.refuse.form(stmt, value, str(reason))
            case Subscript() if (array := base(value)) is not None and not isinstance(value.value, Attribute):
                if self.wanted(stmt, array):
                    self.contribute_at(array, value, bar)
            case Call():
                self.undo_call(stmt, value, bar)
            case List():
                self.distribute(stmt, value, bar)
            case _:
                if any(self.wanted(stmt, name) for name in through(value)):
                    self.refuse.value(stmt, value)

    def undo_list(self, stmt: Stmt, value: Apply, bar: Name) -> bool:
        """The adjoint of what is made of a list, and of what makes one; False for other operations."""
        match value.op, value.args:
            case "list", (Name() as source,):
                if source.type.kind not in ("list", "array"):
                    self.refuse.value(stmt, value)
                cotangent: Expr = bar if source.type.kind == "list" else Apply("array", (bar,))
                if source.type.kind == "array" and source.type.rank != 1:  # there may be no row to show their length
                    cotangent = Apply("reshape", (cotangent, Apply("shape", (source,))))
                self.distribute(stmt, source, cotangent)
                return True
            case "multiply", (List(items=(Name() as item,)), _):
                if self.wanted(stmt, item):
                    self.contribute(item, Apply("sum_of", (bar, self.lists.zero(item))))
                return True
            case "sum_of", (Name() as source, *_) if source.type.kind == "list":
                if len(value.args) > 1 and isinstance(start := value.args[1], Name) and self.wanted(stmt, start):
                    self.contribute(start, Apply("unbroadcast", (bar, start)))
                if self.wanted(stmt, source):
                    self.contribute(source, self.lists.spread(bar, source))
                return True
            case _, (Name() as source, *_) if source.type.kind == "list" and self.wanted(stmt, source):
                parts = self.lists.parts(value, source, self.uncast(bar, bind(value, rule_of(value.op))))
                if parts is not None:
                    self.contribute(source, parts)
                    return True
        return False

    def undo_operation(self, stmt: Stmt, value: Apply, target: Name, bar: Name) -> None:
        rule = rule_of(value.op)
        if rule.kind == "constant" or self.undo_list(stmt, value, bar):
            return
        operands = bind(value, rule)
        if rule.kind == "not yet":
            if any(self.wanted(stmt, name) for operand in operands.values() for name in through(operand)):
                self.refuse.not_yet(stmt, value, rule)
            return
        asked = [
            parameter
            for parameter in rule.active
            if parameter in operands and any(self.wanted(stmt, name) for name in through(operands[parameter]))
        ]
        self.refuse.inactive_operands(stmt, value, rule, operands, self.wanted)
        if not asked or self.field.is_constant(value, rule):
            return
        if results_of(value) != 1:
            raise FormError(APART)
        if rule.adjoint is None:
            self.refuse.not_yet(stmt, value, rule)
        mask = self.masks.pop(target.id, None)
        if value.op == "where":
            self.mask_branches(stmt, operands, target, mask)
        if rule.kind == "elementwise" and any(has_unseen(one) for name, one in operands.items() if name not in asked):
            self.unseen = True
        cast = {name: self.field.cast(value.op, one, target) for name, one in operands.items()}
        known = {**parameters_of(rule), **(cast if rule.kind == "elementwise" else operands), "out": target}
        if mask is not None and rule.kind == "elementwise" and value.op != "where" and self.risk.of(value):
            known = {name: mask.safe(one, value.op) for name, one in known.items()}
        known["out_bar"] = (
            self.cast_back(bar, target, value.args[0]) if value.op == "astype" else self.uncast(bar, operands)
        )
        asks = inspect.signature(rule.adjoint).parameters
        listed = any(isinstance(operands[name], Tuple | List) for name in rule.active if name in operands)
        if INDEX in asks and (listed or asks[INDEX].default is asks[INDEX].empty):
            self.undo_joining(stmt, rule, operands, known)
            return
        python = value.op == "divide" and target.type.kind == "python"
        wider = widening(rule, operands, asked, target.type)
        pasted, result = self.paster.paste(rule.adjoint, known, stmt.span, wider, python)
        for made in pasted:
            self.emit(self.recompute.statement(made))
        parts = parts_of_result(result, rule)
        ordered = [(parameter, part) for parameter, part in zip(rule.active, parts, strict=True) if parameter in asked]
        ordered.sort(key=lambda pair: isinstance(one := operands[pair[0]], Name) and one.id not in self.set)
        for parameter, part in ordered:
            part = self.recompute.expression(part)
            operand = operands[parameter]
            unmasked = self.unmasked(operand, mask)
            if rule.kind == "elementwise":
                part = Apply("multiply", (bar, part))
                others = [other for name, other in operands.items() if name != parameter]
                if isinstance(operand, Name) and not (target.id not in self.wide and all(map(_is_number, others))):
                    part = self.narrowed(part, self.wide.get(target.id, target.type), operand)
            self.distribute(stmt, operand, part)
            if mask is not None and rule.kind == "elementwise" and isinstance(operand, Name) and unmasked:
                self.masks.setdefault(operand.id, mask)

    def undo_several(self, stmt: Stmt, value: Apply, items: tuple[Expr, ...], live: list[Name]) -> None:
        """The adjoint of an operation that gives several arrays, of those that are read."""
        rule = rule_of(value.op)
        operands = bind(value, rule)
        self.refuse.inactive_operands(stmt, value, rule, operands, self.wanted)
        given = [name for name in rule.active if name in operands]
        wanted = [name for name in given if any(self.wanted(stmt, part) for part in through(operands[name]))]
        if rule.adjoint is None or not wanted:
            return
        if rule.counted is None:
            bars: tuple[Expr, ...] = tuple(self.some_bar(item) if item in live else Const(None) for item in items)
        else:
            bars = tuple(self.bar_or_zero(item, live) for item in items)
        known = {**parameters_of(rule), **operands, "out": Tuple(items), "out_bar": Tuple(bars)}
        if rule.by_item:
            self.undo_joining(stmt, rule, operands, known)
            return
        pasted, result = self.paster.paste(rule.adjoint, known, stmt.span, None)
        for made in pasted:
            self.emit(self.recompute.statement(made))
        for name, part in zip(rule.active, parts_of_result(result, rule), strict=True):
            if name in wanted:
                self.distribute(stmt, operands[name], self.recompute.expression(part))

    def some_bar(self, item: Expr) -> Name:
        """The adjoint of one of several results, which is known not to be None."""
        assert isinstance(item, Name)
        bar = self.bar(item)
        return replace(bar, type=replace(bar.type, kind="numpy")) if bar.type.kind == "unknown" else bar

    def unmasked(self, operand: Expr, mask: Mask | None) -> bool:
        """Whether a mask holds for an operand too: it has no adjoint yet where the mask says that there is none."""
        if mask is None or not isinstance(operand, Name) or not mask.fits(operand):
            return False
        return operand.id not in self.set or self.masks.get(operand.id) is mask

    def mask_branches(self, stmt: Stmt, operands: dict[str, Expr], target: Name, outer: Mask | None) -> None:
        """Notes where the adjoint of a branch of ``where`` is 0, if a derivative on the way to it may not be finite."""
        condition, shape = operands["condition"], target.type.shape
        if shape is None or type_of(condition).shape != shape:
            return
        held: Name | None = None
        for parameter, taken in (("x", True), ("y", False)):
            branch = operands[parameter]
            if not (isinstance(branch, Name) and branch.type.shape == shape and self.wanted(stmt, branch)):
                continue
            if branch.id in self.set or not self.risk.of(branch):
                continue
            if held is None:
                held = self.temporary(condition, type_of(condition))
            self.fresh_masks[branch.id] = Mask(((held, taken),), shape).within(outer)

    def undo_joining(self, stmt: Stmt, rule: Rule, operands: Mapping[str, Expr], known: dict[str, Expr]) -> None:
        """An operation on a sequence: its rule gives the cotangent of the item at ``index``, which is None where that
        of an operand beside the sequence is asked for."""
        assert rule.adjoint is not None
        for place, parameter in enumerate(rule.active):
            operand = operands.get(parameter)
            listed = isinstance(operand, Tuple | List)
            if operand is None or not any(self.wanted(stmt, name) for name in through(operand)):
                continue
            if not listed and place == 0 and inspect.signature(rule.adjoint).parameters[INDEX].default is not None:
                self.refuse.value(stmt, operand)
            items = operand.items if isinstance(operand, Tuple | List) else (operand,)
            for position, item in enumerate(items):
                if any(self.wanted(stmt, name) for name in through(item)):
                    index = Const(position if listed else None)
                    pasted, result = self.paster.paste(rule.adjoint, {**known, INDEX: index}, stmt.span, None)
                    for made in pasted:
                        self.emit(self.recompute.statement(made))
                    part = parts_of_result(result, rule)[place]
                    self.distribute(stmt, item, self.recompute.expression(part))

    def undo_call(self, stmt: Stmt, call: Call, bar: Expr) -> None:
        given = call.arguments
        active = tuple(k for k, arg in enumerate(given) if self.wanted(stmt, arg))
        if not active:
            self.refuse.hidden_operands(stmt, call, self.wanted)
            return
        pair = self.pair(call, Wanted(active))
        if pair is None:
            self.refuse.call(stmt, call)
        forward, backward = pair.names(False)
        self.call_pair(stmt, call, pair, active, (), bar)
        self.replacement = named(self.replacement, forward, backward)
        self.out = [named(made, forward, backward) for made in self.out]

    def undo_procedure(self, stmt: Assign | Evaluate, call: Call) -> None:
        """A call that writes into its arguments, and may give a result."""
        bar = self.result_bar(stmt)
        given = call.arguments
        shadowed = tuple(k for k in call.writes if self.has_shadow(stmt, given[k]))
        active = tuple(k for k, arg in enumerate(given) if k not in call.writes and self.wanted(stmt, arg))
        if not shadowed and bar is None:
            return
        again = self.called[call.function] > 1
        wanted = Wanted(active, shadowed, bar is not None, isinstance(stmt, Evaluate), again)
        pair = self.pair(call, wanted)
        if pair is None:
            self.refuse.call(stmt, call)
        self.pending = pair
        self.call_pair(stmt, call, pair, active, shadowed, bar)

    def result_bar(self, stmt: Assign | Evaluate) -> Expr | None:
        """The adjoint of what a call gives, where it is not zero."""
        if isinstance(stmt, Evaluate):
            return None
        items = stmt.target.items if isinstance(stmt.target, Tuple) else (stmt.target,)
        live = [item for item in items if isinstance(item, Name) and item.id in self.set]
        if any(not isinstance(item, Name) for item in items):
            self.refuse.target(stmt)
        self.set.difference_update(item.id for item in live)
        if not live:
            return None
        bars = [self.bar_or_zero(item, live) for item in items]
        return Tuple(tuple(bars)) if isinstance(stmt.target, Tuple) else bars[0]

    def bar_or_zero(self, item: Expr, live: list[Name]) -> Expr:
        """The adjoint of one of the results of a call; None of what never has one."""
        if not isinstance(item, Name) or not item.type.may_be_differentiable:
            return Const(None)
        return self.bar(item) if item in live else self.lists.zero(item)

    def has_shadow(self, stmt: Stmt, place: Expr) -> bool:
        """Whether what is written into has an adjoint, before the call or after it."""
        array = base(place)
        if array is None:
            self.refuse.target(stmt)
        if not array.type.may_be_differentiable:
            return False
        if array.id in self.set and array.id in self.activity.useful_after[id(stmt)]:
            return True
        return array.id in self.activity.active_before(stmt)

    def call_pair(
        self,
        stmt: Stmt,
        call: Call,
        pair: Pair,
        active: tuple[int, ...],
        shadowed: tuple[int, ...],
        bar: Expr | None,
    ) -> None:
        given = call.arguments
        saved = Name(self.supply.fresh(f"saved_{pair.function}"))
        self.made.add(saved.id)
        own = [arg if k in call.writes else self.lasting(arg) for k, arg in enumerate(given)]
        passed = replace(
            call,
            function=Global(FORWARD),
            args=tuple(own[: len(call.args)]),
            keywords=tuple((key, arg) for (key, _), arg in zip(call.keywords, own[len(call.args) :], strict=True)),
        )
        target = Tuple((self.held(stmt.target, call), saved)) if isinstance(stmt, Assign) else saved
        target = saved if pair.nothing else target
        self.replacement = Assign(target, passed, stmt.span, stmt.comments)
        places = [given[k] for k in call.writes]
        shadows = [self.shadow(stmt, given[k]) for k in shadowed]
        operands = [given[k] for k in active]
        seeds = () if bar is None else (bar,)
        written = tuple(range(1, 1 + len(places) + len(shadows)))
        undone = Call(Global(BACKWARD), (saved, *places, *shadows, *seeds), writes=written, shares=())
        if not operands:
            self.emit(Evaluate(undone, span=self.span, ours=True))
            return
        parts = [self.supply.temporary(self.bar(operand).type) for operand in operands if isinstance(operand, Name)]
        self.emit(Assign(parts[0] if len(parts) == 1 else Tuple(tuple(parts)), undone, span=self.span, ours=True))
        for operand, part, parameter in zip(operands, parts, pair.parameters, strict=True):
            known = operand.id if isinstance(operand, Name) and not operand.temporary else parameter
            self.items[part.id] = f"{known}_bar"
            self.field.note(part.id, may_be_complex=self.field.may_be_complex(operand))
            self.distribute(stmt, operand, part)

    def held(self, target: Target, call: Call) -> Target:
        """The target of a call; what is written into later is copied, because the pair may have saved it."""
        if isinstance(target, Tuple):
            return Tuple(tuple(self.held(item, call) if isinstance(item, Name) else item for item in target.items))
        if not isinstance(target, Name) or target.id not in self.changing or target.type.is_immutable_scalar:
            return target
        if call.shares != ():
            return target  # the caller's own array
        given = self.supply.temporary(target.type)
        self.made.add(given.id)
        self.after.append(Assign(target, Apply("own", (given,)), span=self.span, ours=True))
        return given

    def shadow(self, stmt: Stmt, place: Expr) -> Expr:
        """The adjoint of a place that a call writes into: an array of its own, or a part of one."""
        array = base(place)
        assert array is not None
        self.receives(array)
        if array.id not in self.set:
            self.assign(self.bar(array), Apply("zeros_like", (array,)))
            self.set.add(array.id)
            self.variables.setdefault(array.id, array)
        if is_imaginary(place):  # the adjoint would have the other sign
            self.refuse.write(stmt)
        if isinstance(place, Subscript):
            if not is_distinct(place.index):
                self.refuse.write(stmt)
            return self.part(place, array)
        if place == array:
            return self.bar(array)
        part = rebased(place, self.bar(array))
        if needs_order(place):
            for made in in_order(self.bar(array), part, array.id in self.shadows, self.span):
                self.emit(made)
        return part

    def lasting(self, argument: Expr) -> Expr:
        """An argument whose content the callee's derivative may read later, after it has changed."""
        if isinstance(argument, Name) and argument.id in self.changing and not argument.type.is_immutable_scalar:
            return Apply("own", (argument,))
        return argument

    def unpack(self, stmt: Assign, items: tuple[Expr, ...], value: Expr) -> None:
        live = [item for item in items if isinstance(item, Name) and item.id in self.set]
        for item in live:
            self.set.discard(item.id)
        if not live:
            return
        match value:
            case Name() if self.wanted(stmt, value) and value.type.kind == "array":
                for position, part in enumerate(items):
                    if isinstance(part, Name) and part in live:
                        self.contribute_at(value, Subscript(value, Const(position)), self.bar(part))
            case Call():
                self.undo_call(stmt, value, Tuple(tuple(self.bar_or_zero(part, live) for part in items)))
            case Apply() if results_of(value) == len(items) > 1:
                try:
                    self.undo_several(stmt, value, items, live)
                except FormError as reason:
                    self.refuse.form(stmt, value, str(reason))
            case _:
                if any(self.wanted(stmt, name) for name in through(value)):
                    self.refuse.value(stmt, value)

    # ------------------------------------------------------------ writes in place
    def undo_write(self, stmt: Assign, target: Subscript, value: Expr) -> bool:
        """The adjoint of ``target = value``; True where it reads the old content of the target."""
        self.refuse.unnamed(stmt, value, self.wanted)
        array = self.place(stmt, target)
        if array is None:
            return False
        if array.type.kind == "list":
            return self.undo_item(stmt, target, value, array)
        part: Name | Subscript = self.part(target, array)
        whole = is_whole(target) and array.id not in self.shadows
        if whole:  # nothing is left of what it was
            part = part if adds_axes(target.index) else self.bar(array)
            self.set.discard(array.id)
        if isinstance(value, Name) and self.wanted(stmt, value):
            if not whole:
                assert isinstance(part, Subscript)
                taken = self.temporary(self.taken(target, part))
                self.assign(part, Const(0.0))
                part = taken
            cotangent = Apply("negative", (part,)) if is_imaginary(target) else part
            self.contribute(value, self.fit(self.cast_back(cotangent, target, value), target, value))
        elif not whole:
            self.assign(part, Const(0.0))
        return False

    def undo_item(self, stmt: Assign, target: Subscript, value: Expr, items: Name) -> bool:
        """The adjoint of an item that takes the place of another one in a list."""
        self.refuse.unnamed(stmt, value, self.wanted)
        part = Subscript(self.bar(items), target.index)
        if not is_integer(target.index):
            self.refuse.write(stmt)
        if isinstance(value, Name) and self.wanted(stmt, value):
            self.contribute(value, part)
        self.assign(part, self.lists.zero_item(target, items))
        return True

    def undo_update(self, stmt: Evaluate, place: Subscript, update: Apply) -> None:
        """The adjoint of ``np.add.at(place, index, value)``, in which an element may be named twice."""
        array, value = self.place(stmt, place), update.args[2]
        self.refuse.unnamed(stmt, value, self.wanted)
        if array is None or not (isinstance(value, Name) and self.wanted(stmt, value)):
            return
        cotangent: Expr = self.part(place, array)
        if (update.op == "subtract.at") != is_imaginary(place):
            cotangent = Apply("negative", (cotangent,))
        self.contribute(value, self.fit(Apply("copy", (cotangent,)), place, value))

    @staticmethod
    def taken(target: Subscript, part: Subscript) -> Expr:
        """The adjoint of what is written to a place: of what an element is given twice, only the last stays."""
        if is_distinct(target.index):
            return Apply("copy", (part,))
        return Apply("where", (Apply("last_writes", (part.value, as_value(part.index))), part, Const(0.0)))

    def undo_augment(self, stmt: Augment, target: Name | Subscript, value: Expr) -> bool:
        """The adjoint of ``target op= value``; True where it reads the old content of the target."""
        self.refuse.unnamed(stmt, value, self.wanted)
        array = target if isinstance(target, Name) else self.place(stmt, target)
        if array is None or array.id not in self.set or array.id not in self.activity.useful_after[id(stmt)]:
            return False
        bar: Name | Subscript = self.bar(array)
        held: Expr = bar
        if isinstance(target, Subscript) and not (is_whole(target) and not adds_axes(target.index)):
            bar = self.part(target, array)
            held = self.taken(target, bar)
        operand = value if isinstance(value, Name) and self.wanted(stmt, value) else None
        match stmt.op:
            case "add" | "subtract":
                if operand is not None:
                    cotangent = held if (stmt.op == "add") != is_imaginary(target) else Apply("negative", (held,))
                    self.contribute(operand, self.fit(cotangent, target, operand))
                return isinstance(target, Name) and self.narrow(target)
            case "multiply" | "divide":
                cotangent_held: Name | None = None
                if operand is not None:  # before the target's own adjoint is scaled: the value may be the target
                    cotangent = Apply("multiply", (held, target))
                    if stmt.op == "divide":
                        square = Apply("power", (value, Const(2)))
                        cotangent = Apply("divide", (cotangent, square))
                    if (stmt.op == "divide") != is_imaginary(target):
                        cotangent = Apply("negative", (cotangent,))
                    fitted = self.fit(cotangent, target, operand)
                    cotangent_held = self.temporary(fitted, Type("unknown", None, operand.type.shape))
                if isinstance(bar, Name) and array.id not in self.shadows:
                    self.assign(bar, Apply(stmt.op, (bar, value)))
                else:
                    self.emit(Augment(bar, stmt.op, value, span=self.span, ours=True))
                if operand is not None and cotangent_held is not None:
                    self.contribute(operand, cotangent_held)
                narrowed = isinstance(target, Name) and self.narrow(target)
                return narrowed or operand is not None
        self.refuse.augmented(stmt)

    def narrow(self, target: Name) -> bool:
        """``x += e`` of something that may be a number makes it an array where ``e`` is one: undone here."""
        if target.type.kind == "array":
            return False
        self.assign(self.bar(target), Apply("unbroadcast", (self.bar(target), target)))
        return True

    def place(self, stmt: Assign | Augment | Evaluate, target: Subscript) -> Name | None:
        """The array whose part is written, where its adjoint is not zero."""
        array = base(target)
        if array is None or array.id not in self.set or array.id not in self.activity.useful_after[id(stmt)]:
            return None
        if array.type.kind == "list" and target.value == array and isinstance(stmt, Assign):
            return array
        if array.type.kind == "list" or (array.type.shape == () and not is_whole(target)):
            self.refuse.write(stmt)
        return array

    def fit(self, cotangent: Expr, target: Expr, value: Name) -> Expr:
        """The cotangent of a value written into ``target``: the value may have been broadcast to it."""
        return self.narrowed(cotangent, type_of(target), value)

    def narrowed(self, cotangent: Expr, shape: Type, operand: Name) -> Expr:
        """``cotangent``, of the shape of ``shape``, in that of ``operand``, which may have been broadcast to it.

        That of a sum that nothing else reads is left as wide as it is where that takes no more checks: it is summed
        where it reaches the operands of the sum, which are no wider, so that the sum need not be kept for its shape.
        """
        made = unbroadcast(cotangent, shape, operand)
        if not self.needs_check(shape, operand):
            return made
        terms = self.terms(operand)
        if terms is not None and self.checks(terms, shape, 1) <= 1 + self.checks(terms, operand.type, 1):
            self.wide[operand.id] = Type("unknown", None, shape.shape)
            return cotangent
        return Apply("unbroadcast", (cotangent, self.recompute.of_same_shape(operand, self.changing, self.field.any)))

    @staticmethod
    def needs_check(shape: Type, operand: Name) -> bool:
        """Whether only the run can tell along which axes an operand was broadcast."""
        made = unbroadcast(operand, shape, operand)
        return isinstance(made, Apply) and made.op == "unbroadcast"

    def checks(self, terms: list[Name], shape: Type, depth: int) -> float:
        """How many operands of a sum are checked, if its adjoint has a shape; none where that would keep a copy."""
        found = 0.0
        for term in terms:
            if self.needs_check(shape, term):
                inner = self.terms(term) if depth < MOST_NESTED else None
                if inner is not None:
                    here = 1 + self.checks(inner, term.type, depth + 1)
                    found += min(here, self.checks(inner, shape, depth + 1))
                else:
                    found += inf if term.temporary and term.id in self.changing else 1
        return found

    def terms(self, operand: Name) -> list[Name] | None:
        """The operands of a sum, or of a multiple by a number, that nothing else reads; None of what is no such sum."""
        value = self.recompute.made_here(operand) if operand.temporary and self.read[operand.id] == 1 else None
        match value:
            case Apply(op="add" | "subtract" | "negative", args=args, keywords=()):
                pass
            case Apply(op="multiply", args=(a, b) as args, keywords=()) if _is_number(a) or _is_number(b):
                pass
            case Apply(op="divide", args=(_, b) as args, keywords=()) if _is_number(b):
                pass
            case _:
                return None
        return [arg for arg in args if isinstance(arg, Name) and arg.type.may_be_differentiable]

    def cast_back(self, cotangent: Expr, target: Expr, value: Expr) -> Expr:
        """The cotangent of what was cast to a dtype that only the run can tell: real, where that is."""
        known = type_of(target).is_complex is not None or not self.field.any
        if known or not (self.field.may_be_complex(target) and self.field.may_be_complex(value)):
            return cotangent
        return Apply("unbroadcast", (cotangent, target))

    def uncast(self, bar: Name, operands: Mapping[str, Expr]) -> Expr:
        cotangent = uncast(bar, operands.get("dtype"))
        return bar if cotangent is bar else self.temporary(cotangent)

    # ------------------------------------------------------------ branches and loops
    def join(self, names: set[str]) -> list[Stmt]:
        found: list[Stmt] = []
        for name in sorted(names):
            variable = self.variables[name]
            found.append(Assign(self.bar(variable), self.start(variable), ours=True))
        return found

    def branch(self, stmt: If) -> Branch:
        after = set(self.set)
        body = self.block(stmt.body)
        set_in_body = self.set
        self.set = set(after)
        orelse = self.block(stmt.orelse)
        set_in_orelse = self.set
        self.set = set_in_body | set_in_orelse
        return Branch(
            stmt,
            body,
            orelse,
            self.join(self.set - set_in_body),
            self.join(self.set - set_in_orelse),
        )

    def loop(self, stmt: For | While) -> Loop:
        if isinstance(stmt, For) and any(self.wanted(stmt, name) for name in through(stmt.iterable)):
            self.refuse.loop(stmt)
        after = set(self.set)
        orelse = self.block(stmt.orelse)
        orelse_zeros: list[Stmt] = []
        if stmt.orelse:
            orelse_zeros = self.join(self.set - after)
            missing = self.join(after - self.set)
            orelse.insert(0, Step(Evaluate(Const(None), ours=True), missing)) if missing else None
            self.set |= after
        carried: set[str] = set()
        if stmt.body:
            first = stmt.body[0]
            used = set().union(*(statement_reads(inner) for inner in statements(stmt.body)))
            carried = set(self.activity.active_before(first) & used) - self.set
        start = self.join(carried)
        self.set |= carried
        around = set(self.set)
        self.recompute.loops += 1
        body = self.block(stmt.body)
        self.recompute.loops -= 1
        left = self.set - around  # of variables that every turn assigns before it reads them
        assert not (stmt.body and left & self.activity.active_before(stmt.body[0])), f"not around the loop: {left}"
        zeros = self.join(around - self.set)
        self.set = around
        iterable = self.recompute.expression(stmt.iterable) if isinstance(stmt, For) else None
        return Loop(stmt, body, orelse, orelse_zeros, start, zeros, iterable)


def active_stacks(body: Block, activity: Activity) -> set[str]:
    """Stacks that hand adjoints on: each of their pops then pushes one, so that each push can pop its own."""
    pushed: set[str] = set()
    popped: set[str] = set()
    for stmt in statements(body):
        if isinstance(stmt, Push) and any(name.id in activity.varied_before[id(stmt)] for name in through(stmt.value)):
            pushed.add(stmt.stack.id)
        if isinstance(stmt, Pop) and not activity.useful_after[id(stmt)].isdisjoint(bound(stmt.target)):
            popped.add(stmt.stack.id)
    return pushed & popped


def named(stmt: Any, forward: str, backward: str) -> Any:
    """The statement with the names of the pair in it."""
    names = {FORWARD: forward, BACKWARD: backward}

    def change(expr: Expr) -> Expr:
        if isinstance(expr, Global):
            return replace(expr, id=names.get(expr.id, expr.id))
        return rebuild(expr, change)

    return map_statement(stmt, change)


def indexed(body: Block) -> frozenset[str]:
    """The variables of which parts are read or written by an index."""
    found: set[str] = set()
    for stmt in statements(body):
        pending = [*expressions(stmt), *targets(stmt)]
        while pending:
            expr = pending.pop()
            array = base(expr) if isinstance(expr, Subscript) else None
            if array is not None:
                found.add(array.id)
            pending.extend(children(expr))
    return frozenset(found)


def in_parts(body: Block) -> frozenset[str]:
    """The arrays that are written or taken apart: contributions go into their adjoints in place."""
    found: set[str] = set()
    for stmt in statements(body):
        found.update(writes(stmt))
        if isinstance(stmt, Assign) and isinstance(stmt.target, Tuple):
            found.update(name.id for name in names(stmt.value))
    return frozenset(found)


def is_integer(index: Expr) -> bool:
    """Whether an index surely is an integer."""
    found = type_of(index)
    return found.dtype is not None and found.dtype.startswith(("int", "uint")) and found.is_immutable_scalar


def without_added_axes(place: Subscript, variable: Name) -> Expr | None:
    """The index that takes the axes away again which the place of an array adds and does no more: None where it does
    more."""
    items = place.index.items if isinstance(place.index, Tuple) else (place.index,)
    everything = Slice(None, None, None)
    added = [item == Const(None) or type_of(item).kind == "none" for item in items]
    if place.value != variable or variable.type.kind != "array" or not any(added):
        return None
    if not all(new or item in (everything, Const(...)) for new, item in zip(added, items, strict=True)):
        return None
    back = tuple(Const(0) if new else item for new, item in zip(added, items, strict=True))
    return Tuple(back) if isinstance(place.index, Tuple) else back[0]


def zeros_like(variable: Name) -> Expr:
    return Apply("zeros_like", (variable,))


def as_value(index: Expr) -> Expr:
    """An index as an argument: its slices by name."""
    if isinstance(index, Tuple):
        return Tuple(tuple(map(as_value, index.items)))
    if isinstance(index, Slice):
        parts = (index.lower, index.upper, index.step)
        return Apply("slice", tuple(Const(None) if part is None else part for part in parts))
    return index


def note_variables(body: Block, variables: dict[str, Name]) -> None:
    """Each variable with its type; without one where it is a number at one place and an array at another."""
    for stmt in statements(body):
        for expr in (*expressions(stmt), *targets(stmt)):
            for name in names(expr):
                known = variables.setdefault(name.id, name)
                if known.type.is_immutable_scalar != name.type.is_immutable_scalar:
                    variables[name.id] = replace(known, type=Type())


def parts_of_result(result: Expr, rule: Rule) -> tuple[Expr, ...]:
    """What a rule gives for each of its active parameters."""
    if len(rule.active) == 1:
        return (result,)
    if isinstance(result, Tuple):
        return result.items
    return tuple(Subscript(result, Const(position)) for position in range(len(rule.active)))  # only the run can name it


def _is_number(operand: Expr) -> bool:
    """An operand that stretches no other: a constant or something proved to have no axes."""
    return isinstance(operand, Const) or type_of(operand).shape == ()
