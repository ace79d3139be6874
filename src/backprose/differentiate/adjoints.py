"""Reverse mode: adjoints, what is added to them, and the shapes and dtypes that it has to have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from math import inf

from backprose.analyse.activity import Activity
from backprose.analyse.dependence import through
from backprose.analyse.field import Field
from backprose.analyse.places import adds_axes, is_distinct, is_imaginary, is_whole
from backprose.analyse.stacks import emptied
from backprose.analyse.types import type_of
from backprose.differentiate.layout import in_order, needs_order
from backprose.differentiate.lists import Lists
from backprose.differentiate.masks import Mask, Risk
from backprose.differentiate.paste import Paster, uncast
from backprose.differentiate.recompute import Recompute
from backprose.differentiate.refuse import Refuse
from backprose.differentiate.shape import unbroadcast
from backprose.differentiate.steps import CallPair, Pair
from backprose.ir.names import NameSupply
from backprose.ir.nodes import (
    Apply,
    Assign,
    Augment,
    Block,
    Call,
    Const,
    Evaluate,
    Expr,
    List,
    Name,
    Pop,
    Push,
    Raise,
    Slice,
    Span,
    Stmt,
    Subscript,
    Tuple,
    children,
)
from backprose.ir.types import UNKNOWN, Type
from backprose.ir.walk import (
    base,
    bound,
    expressions,
    names,
    rebased,
    statements,
    targets,
    writes,
)

MOST_NESTED = 6  # sums in sums whose adjoints are left as wide as they are


class Adjoints:
    """The adjoints of the variables of one function, at one place of its backward sweep."""

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
        self.rebound: frozenset[str] = frozenset()  # variables with an earlier value that is written into later
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

    def start(self, variable: Name) -> Expr:
        """The zero of an adjoint; a stack that everything came off of is empty."""
        return List(()) if variable.id in self.stacks else self.lists.zero(variable)

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

    def bar_or_zero(self, item: Expr, live: list[Name]) -> Expr:
        """The adjoint of one of the results of a call; None of what never has one."""
        if not isinstance(item, Name) or not item.type.may_be_differentiable:
            return Const(None)
        return self.bar(item) if item in live else self.lists.zero(item)

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
            case Apply(op="multiply", args=(a, b) as args, keywords=()) if is_number(a) or is_number(b):
                pass
            case Apply(op="divide", args=(_, b) as args, keywords=()) if is_number(b):
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


def note_variables(body: Block, variables: dict[str, Name]) -> None:
    """Each variable with its type; without one where it is a number at one place and an array at another."""
    for stmt in statements(body):
        for expr in (*expressions(stmt), *targets(stmt)):
            for name in names(expr):
                known = variables.setdefault(name.id, name)
                if known.type.is_immutable_scalar != name.type.is_immutable_scalar:
                    variables[name.id] = replace(known, type=Type())


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


def is_number(operand: Expr) -> bool:
    """An operand that stretches no other: a constant or something proved to have no axes."""
    return isinstance(operand, Const) or type_of(operand).shape == ()
