"""Forward mode: beside each assignment of ``x`` the assignment of its tangent ``x_dot``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import reduce

from backprose.analyse.activity import Activity
from backprose.analyse.dependence import bind, through
from backprose.analyse.field import Field
from backprose.analyse.places import is_whole
from backprose.analyse.precision import has_unseen
from backprose.analyse.several import results_of
from backprose.analyse.types import type_of
from backprose.differentiate.adjoints import note_variables
from backprose.differentiate.aliases import groups_sharing
from backprose.differentiate.layout import in_order, needs_order
from backprose.differentiate.lists import Lists
from backprose.differentiate.paste import APART, FormError, Paster, parameters_of, python_operation, uncast
from backprose.differentiate.refuse import Refuse
from backprose.differentiate.saves import has_break
from backprose.differentiate.shape import as_array
from backprose.differentiate.steps import Wanted
from backprose.differentiate.widen import widening
from backprose.ir.names import NameSupply
from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Augment,
    Block,
    Break,
    Call,
    Const,
    Enter,
    Evaluate,
    Expr,
    For,
    Global,
    If,
    List,
    Name,
    Pop,
    Push,
    Raise,
    Span,
    Stmt,
    Subscript,
    Try,
    Tuple,
    While,
)
from backprose.ir.types import Type
from backprose.ir.walk import (
    base,
    bound,
    certain_names,
    expressions,
    names,
    reads,
    rebased,
    rebinds,
    statement_reads,
    statements,
    writes,
    written_place,
)
from backprose.rules.registry import Rule, rule_of

ZERO = Const(0.0)

# the function that gives a call's result and tangent: its name, the names of its tangents, whether they can be passed
# by name only, and whether there is no result; or None: not a user's function
CallTangent = Callable[[Call, Wanted], "tuple[str, tuple[str, ...], bool, bool] | None"]


class Forward:
    """Writes the tangents of one function.

    >>> from backprose.ir.types import PYTHON_FLOAT
    >>> from backprose.pipeline import Request, stages
    >>> def f(x, n):
    ...     for i in range(n):
    ...         x = x * x
    ...     return x
    >>> request = Request(f, "forward", ("x",), signature={"x": PYTHON_FLOAT})
    >>> from backprose.emit import emit
    >>> print(emit(dict(stages(request))["differentiate"]).text, end="")
    def f_jvp(x, n, x_dot):
        for i in range(n):
            _t1 = x * x
            _t2 = x * x_dot + x * x_dot
            x_dot = _t2
            x = _t1
        return x, x_dot
    """

    def __init__(
        self,
        body: Block,
        activity: Activity,
        field: Field,
        supply: NameSupply,
        refuse: Refuse,
        tangent_of: CallTangent,
    ) -> None:
        self.activity, self.supply, self.refuse, self.tangent_of = activity, supply, refuse, tangent_of
        self.field = field
        self.paster = Paster(supply, field)
        self.written = written(body)
        self.sharing = groups_sharing(body)
        self.lists = Lists(supply, body)
        self.dots: dict[str, str] = {}
        self.set: set[str] = set()
        self.variables: dict[str, Name] = {}
        self.bound: set[str] = set()  # variables that certainly have a value here
        self.seen: set[str] = set()  # those that may have one
        self.maybe_unbound: dict[str, Name] = {}  # bound first (None, []): their tangents start where they may not be
        self.outside: frozenset[str] = frozenset()  # the caller's arrays: their tangents are changed in place
        self.lost: Mapping[int, frozenset[str]] = {}  # what each ``try`` may change half way
        self.kept: frozenset[str] = frozenset()  # of that: it has a tangent at any point of what is tried
        note_variables(body, self.variables)
        self.at_break: list[frozenset[str]] = []  # what has a tangent where the loops around end without a break
        self.active_stacks: set[str] = set()  # stacks that hold values with a tangent
        for stmt in statements(body):
            if isinstance(stmt, Push) and any(
                name.id in activity.varied_before[id(stmt)] for name in through(stmt.value)
            ):
                self.active_stacks.add(stmt.stack.id)

    def dot(self, variable: Name) -> Name:
        if variable.id not in self.dots:
            wish = f"{variable.id}_dot"
            self.dots[variable.id] = self.supply.temporary().id if variable.temporary else self.supply.fresh(wish)
        self.field.note(self.dots[variable.id], may_be_complex=variable.id in self.field.complex)
        type = variable.type
        if type.kind == "list":
            return Name(self.dots[variable.id], Type("list", item=Type()), variable.temporary)
        kind = type.kind if type.kind in ("array", "tuple", "number") else "unknown" if type.shape is None else "numpy"
        return Name(self.dots[variable.id], Type(kind, None, type.shape), variable.temporary)

    def tangent(self, expr: Expr) -> Expr:
        """The tangent of an operand: its variable's, that of a display, or zero."""
        if isinstance(expr, Tuple | List) and not self.set.isdisjoint(reads(expr)):
            return self.of_display(expr)
        return self.dot(expr) if isinstance(expr, Name) and expr.id in self.set else ZERO

    # ------------------------------------------------------------ blocks
    def block(self, block: Block) -> list[Stmt]:
        result: list[Stmt] = []
        for stmt in block:
            result.extend(self.statement(stmt))
            self.bound |= certain_names((stmt,))
            self.seen |= set(rebinds(stmt))
            result.extend(self.keep(set(rebinds(stmt)) & self.kept, stmt.span))
        return result

    def keep(self, names: set[str] | frozenset[str], span: Span | None) -> list[Stmt]:
        """Zeros for variables that have no tangent here."""
        zeros = self.zeros(names - self.set, span)
        self.set |= names & self.variables.keys()
        return zeros

    def statement(self, stmt: Stmt) -> list[Stmt]:
        match stmt:
            case If():
                return self.branch(stmt)
            case For() | While():
                return self.loop(stmt)
            case Assign(value=Call() as call) | Evaluate(value=Call() as call) if call.writes:
                return self.procedure(stmt, call)
            case Assign(target=Name() as target, value=value):
                return self.assign(stmt, target, value)
            case Assign(target=Tuple(items=items), value=value):
                return self.unpack(stmt, items, value)
            case Assign(target=Subscript() as target, value=value):
                return self.store(stmt, target, value)
            case Break():
                return [*self.zeros(self.at_break[-1] - self.set, stmt.span), stmt]
            case Enter(context=context, target=Name(id=name)):
                if name in self.activity.useful_after[id(stmt)] and any(
                    self.wanted(stmt, source) for source in through(context)
                ):
                    self.refuse.context(stmt, context)
                self.set.discard(name)
            case Augment():
                return [*self.augment(stmt), stmt]
            case Evaluate(value=Apply() as update) if (place := written_place(stmt)) is not None:
                return [*self.update(stmt, place, update), stmt]
            case Push(stack=stack, value=value):
                started = self.start(stack, stmt.span) if self.tangent(value) != ZERO else []
                if stack.id in self.set:
                    return [*started, stmt, Push(self.dot(stack), self.item(value), span=stmt.span, ours=True)]
            case Pop(target=Name() as target, stack=stack):
                self.set.discard(target.id)
                if stack.id in self.set:
                    self.set.add(target.id)
                    return [stmt, Pop(self.dot(target), self.dot(stack), span=stmt.span, ours=True)]
            case Assign() | Pop():
                if any(name.id in self.set for expr in expressions(stmt) for name in names(expr)):
                    self.refuse.target(stmt)
        return [stmt]

    def item(self, value: Expr) -> Expr:
        """The tangent of what goes into a list: zeros of its shape where it does not move."""
        found = self.tangent(value)
        return self.lists.zero(value) if found == ZERO and isinstance(value, Name) else found

    def store(self, stmt: Assign, target: Subscript, value: Expr) -> list[Stmt]:
        """``x[i] = v``; the new item of a list may read the old one, and so may its tangent."""
        self.refuse.unnamed(stmt, value, self.wanted)
        place = base(target)
        tangent = self.item(value) if place is not None and place.type.kind == "list" else self.tangent(value)
        if tangent != ZERO or (place is not None and place.id in self.set):
            if place is None or place.type.kind != "list":  # what is put into a list stays what it is
                tangent = self.field.fitted(tangent, target)
            return [*self.write(stmt, target, tangent), stmt]
        return [stmt]

    def wanted(self, _stmt: Stmt, expr: Expr) -> bool:
        return isinstance(expr, Name) and expr.id in self.set and expr.type.may_be_differentiable

    # ------------------------------------------------------------ assignments
    def assign(self, stmt: Assign, target: Name, value: Expr) -> list[Stmt]:
        active = any(self.wanted(stmt, name) for name in through(value)) and target.type.may_be_differentiable
        if value == List(()) and target.id in self.active_stacks:  # a stack of tangents beside each stack
            self.set.add(target.id)
            return [stmt, Assign(self.dot(target), value, span=stmt.span, ours=True)]
        if not active or target.id not in self.activity.useful_after[id(stmt)]:
            self.set.discard(target.id)
            return [stmt]
        if isinstance(value, Call):
            return self.call(stmt, value)
        before, tangent = self.derivative(stmt, target, value)
        if tangent == ZERO:
            self.set.discard(target.id)
            return [stmt]
        self.set.add(target.id)
        tangent = self.field.fitted(tangent, target)
        tangent = self.field.widened(
            tangent, target, in_parts=target.id in self.written and not isinstance(value, Name)
        )
        made = [*before, Assign(self.dot(target), tangent, span=stmt.span, ours=True)]
        return [*made, stmt] if isinstance(value, Name) else [stmt, *made]

    def derivative(self, stmt: Stmt, target: Name, value: Expr) -> tuple[list[Stmt], Expr]:
        match value:
            case Name():
                return [], self.tangent(value)
            case Subscript() if (array := base(value)) is not None and not isinstance(value.value, Attribute):
                return self.part_of(value, array, stmt.span)
            case Apply():
                made = self.of_list(value)
                try:
                    return self.operation(stmt, target, value) if made is None else ([], made)
                except FormError as reason:
                    self.refuse.form(stmt, value, str(reason))
            case List(items=items):
                return [], List(tuple(map(self.item, items)))
        self.refuse.value(stmt, value)

    def of_list(self, value: Apply) -> Expr | None:
        """The tangent of what is made of a list, and of what makes one; None for other operations."""
        match value.op, value.args:
            case "list", (Name() as source,):
                return Apply("list", (self.dot(source),))
            case "multiply", (List(items=items), times):
                return replace(value, args=(List(tuple(map(self.item, items))), times))
            case "sum_of", (Name() as source, *rest) if source.type.kind == "list":
                moved = self.dot(source) if source.id in self.set else self.lists.zero(source)
                return replace(value, args=(moved, *map(self.item, rest)))
        return None

    def operation(self, stmt: Stmt, target: Name, value: Apply) -> tuple[list[Stmt], Expr]:
        rule = rule_of(value.op)
        operands = bind(value, rule)
        if rule.kind == "not yet":
            self.refuse.not_yet(stmt, value, rule)
        self.refuse.inactive_operands(stmt, value, rule, operands, self.wanted)
        asked = [
            parameter
            for parameter in rule.active
            if parameter in operands and any(self.wanted(stmt, name) for name in through(operands[parameter]))
        ]
        if not asked or self.field.is_constant(value, rule):
            return [], ZERO
        if results_of(value) != 1:
            raise FormError(APART)
        if rule.kind == "linear":
            if rule.adjoint is None:
                self.refuse.not_yet(stmt, value, rule)
            self.paster.check(rule.adjoint, {**parameters_of(rule), **operands})
            still = {id(operands[name]) for name in rule.active if name in operands and name not in asked}
            moved = self.linear(value, {id(operands[parameter]) for parameter in asked}, still)
            return [], uncast(moved, operands.get("dtype"))
        cast = {name: self.field.cast(value.op, one, target) for name, one in operands.items()}
        known = {**parameters_of(rule), **(cast if rule.kind == "elementwise" else operands), "out": target}
        wider = widening(rule, operands, asked, target.type)
        # of an array of which it is not known whether it holds floats no product is made without the tangent
        unseen = any(has_unseen(one) for name, one in operands.items() if name not in asked)
        total: Expr = ZERO
        if rule.kind == "elementwise":
            assert rule.adjoint is not None
            python = python_operation(value, target)
            before, result = self.paster.paste(rule.adjoint, known, stmt.span, wider, python)
            parts = result.items if isinstance(result, Tuple) and len(rule.active) > 1 else (result,)
            for parameter, part in zip(rule.active, parts, strict=True):
                if parameter in asked:
                    tangent = self.tangent(operands[parameter])
                    term = Apply("multiply", (tangent, part) if unseen else (part, tangent))
                    total = term if total == ZERO else Apply("add", (total, term))
            numbers = all(type_of(operand).is_immutable_scalar for operand in operands.values())
            return before, total if numbers else self.full(total, target, operands)
        if rule.tangent is None:
            self.refuse.not_yet(stmt, value, rule)
        owner = owner_of(value) if value.op == "astype" else None  # other rules call no methods
        dots = {
            f"{parameter}_dot": self.display(operands[parameter], owner)
            for parameter in rule.active
            if parameter in operands
        }
        before, result = self.paster.paste(rule.tangent, {**known, **dots}, stmt.span, wider)
        parts = result.items if isinstance(result, Tuple) and len(rule.active) > 1 else (result,)
        total = ZERO
        for parameter, part in zip(rule.active, parts, strict=True):
            if parameter in asked:
                total = part if total == ZERO else Apply("add", (total, part))
        total = total if value.op == "astype" else uncast(total, operands.get("dtype"))
        return before, self.full(total, target, operands)

    def display(self, operand: Expr, owner: Name | None = None) -> Expr:
        """The tangent of an operand; of the ``owner`` of a method as something that has methods."""
        if isinstance(operand, (Tuple, List)):
            return type(operand)(tuple(map(self.display, operand.items)))
        return Apply("asarray", (self.tangent(operand),)) if operand is owner else self.tangent(operand)

    def of_display(self, item: Expr) -> Expr:
        """The tangent of a display with zeros of the right shape, or of an item of one."""
        if isinstance(item, (Tuple, List)):
            return type(item)(tuple(map(self.of_display, item.items)))
        move = self.tangent(item)
        return Apply("zeros_like", (item,)) if move == ZERO and not isinstance(item, Const) else move

    def linear(self, value: Apply, active: set[int], still: set[int]) -> Expr:
        """The operation itself, of tangents; ``still`` are operands that it is linear in and that do not move."""
        owner = owner_of(value)
        if owner is not None and id(owner) in active and value.op in ("transpose", "item", "copy"):
            return self.tangent(owner)

        def replaced(arg: Expr) -> Expr:
            if id(arg) in still:
                return ZERO if type_of(arg).shape == () or isinstance(arg, Const) else Apply("zeros_like", (arg,))
            if id(arg) not in active:
                return arg
            if isinstance(arg, (Tuple, List)):
                return self.of_display(arg)
            return self.display(arg, owner)

        return replace(
            value,
            args=tuple(map(replaced, value.args)),
            keywords=tuple((key, replaced(arg)) for key, arg in value.keywords),
        )

    def full(self, tangent: Expr, target: Name, operands: Mapping[str, Expr]) -> Expr:
        """A tangent of exactly the target's shape."""
        if tangent == ZERO or target.type.shape == ():
            return tangent
        if all(isinstance(operand, Const) or self.tangent(operand) != ZERO for operand in operands.values()):
            return tangent
        shape = type_of(tangent).shape
        if shape is not None and shape == target.type.shape:
            return tangent
        return Apply("broadcast_to", (tangent, Apply("shape", (target,))))

    # ------------------------------------------------------------ calls and unpacking
    def call(self, stmt: Assign, call: Call) -> list[Stmt]:
        active = tuple(k for k, arg in enumerate(call.arguments) if self.wanted(stmt, arg))
        if not active:
            self.refuse.hidden_operands(stmt, call, self.wanted)
            return [stmt]
        found = self.tangent_of(call, Wanted(active))
        if found is None:
            self.refuse.call(stmt, call)
        return self.with_tangents(stmt, call, found, [self.tangent(call.arguments[k]) for k in active])

    def procedure(self, stmt: Assign | Evaluate, call: Call) -> list[Stmt]:
        """A call that writes into its arguments: it is handed their tangents, which it changes in place."""
        given, useful = call.arguments, self.activity.useful_after[id(stmt)]
        read = tuple(k for k, arg in enumerate(given) if k not in call.writes and self.wanted(stmt, arg))
        arrays = {k: array for k in call.writes if (array := base(given[k])) is not None}
        any_moves = bool(read) or any(array.id in self.set for array in arrays.values())
        moved = tuple(
            k for k, array in arrays.items()
            if array.type.may_be_differentiable and (array.id in self.set or (any_moves and array.id in useful))
        )  # fmt: skip
        used = not useful.isdisjoint(rebinds(stmt)) or any(array.id in useful for array in arrays.values())
        if not used or not (read or moved):  # where nothing of it is used later, a tangent may never have been bound
            self.set.difference_update(rebinds(stmt))
            return [stmt]
        found = self.tangent_of(call, Wanted(read, moved, isinstance(stmt, Assign), isinstance(stmt, Evaluate)))
        if found is None:
            self.refuse.call(stmt, call)
        before: list[Stmt] = []
        places: list[Expr] = []
        for k in moved:
            place, dot = given[k], self.dot(arrays[k])
            begun = self.start(arrays[k], stmt.span)
            before += begun
            if not begun and arrays[k].id not in self.outside:
                before += as_array(arrays[k], dot, stmt.span)
            places.append(rebased(place, dot))
            if needs_order(place):
                before += in_order(dot, places[-1], arrays[k].id in self.outside, stmt.span)
        return [*before, *self.with_tangents(stmt, call, found, [*(self.tangent(given[k]) for k in read), *places])]

    def with_tangents(
        self, stmt: Assign | Evaluate, call: Call, found: tuple[str, tuple[str, ...], bool, bool], tangents: list[Expr]
    ) -> list[Stmt]:
        """The call of a function that gives the result and its tangent."""
        name, dot_names, only_by_name, nothing = found
        by_name = only_by_name or bool(call.keywords)
        keywords = tuple(zip(dot_names, tangents, strict=True)) if by_name else ()
        value = replace(
            call,
            function=Global(name),
            args=(*call.args, *(() if by_name else tangents)),
            keywords=(*call.keywords, *keywords),
        )
        written = [*call.written, *tangents[len(tangents) - len(call.writes) :]] if call.writes else []
        positions = tuple(k for k, arg in enumerate(value.arguments) if any(arg is place for place in written))
        value = replace(value, writes=positions)
        if nothing or isinstance(stmt, Evaluate):
            return [Evaluate(value, stmt.span, stmt.comments)]
        targets = stmt.target.items if isinstance(stmt.target, Tuple) else (stmt.target,)
        items = [item for item in targets if isinstance(item, Name)]
        self.set.update(item.id for item in items)
        dots: Expr = Tuple(tuple(map(self.dot, items))) if isinstance(stmt.target, Tuple) else self.dot(items[0])
        return [replace(stmt, target=Tuple((stmt.target, dots)), value=value)]

    def unpack(self, stmt: Assign, items: tuple[Expr, ...], value: Expr) -> list[Stmt]:
        useful = any(item.id in self.activity.useful_after[id(stmt)] for item in items if isinstance(item, Name))
        if not useful or not any(self.wanted(stmt, name) for name in through(value)):
            self.set.difference_update(item.id for item in items if isinstance(item, Name))
            return [stmt]
        if isinstance(value, Name) and value.type.kind == "array":
            targets = [item for item in items if isinstance(item, Name)]
            self.set.update(item.id for item in targets)
            return [stmt, Assign(Tuple(tuple(map(self.dot, targets))), self.dot(value), span=stmt.span, ours=True)]
        if isinstance(value, Call):
            return self.call(stmt, value)
        if isinstance(value, Apply) and results_of(value) == len(items) > 1:
            try:
                return self.several(stmt, items, value)
            except FormError as reason:
                self.refuse.form(stmt, value, str(reason))
        self.refuse.value(stmt, value)

    def several(self, stmt: Assign, items: tuple[Expr, ...], value: Apply) -> list[Stmt]:
        """An operation that gives several arrays, of which each has a tangent."""
        rule = rule_of(value.op)
        operands = bind(value, rule)
        self.refuse.inactive_operands(stmt, value, rule, operands, self.wanted)
        if rule.kind == "linear":
            return self.several_linear(stmt, items, value, rule)
        assert rule.tangent is not None
        dots = {f"{name}_dot": self.tangent(operands[name]) if name in operands else ZERO for name in rule.active}
        known = {**parameters_of(rule), **operands, "out": Tuple(items), **dots}
        before, result = self.paster.paste(rule.tangent, known, stmt.span, None)
        assert isinstance(result, Tuple)
        tangents = result.items
        if all(isinstance(part, Tuple) for part in tangents):
            moving = [name for name in rule.active if dots[f"{name}_dot"] != ZERO]
            parts = [part.items for part in tangents if isinstance(part, Tuple)]
            tangents = _sums([part for name, part in zip(rule.active, parts, strict=True) if name in moving])
        made = [stmt, *before]
        for item, tangent in zip(items, tangents, strict=True):
            useful = isinstance(item, Name) and item.id in self.activity.useful_after[id(stmt)]
            if useful and tangent == Const(None):
                raise FormError("the rule has no derivative of what is read of its results")
            if isinstance(item, Name) and useful:
                self.set.add(item.id)
                made.append(Assign(self.dot(item), self.field.fitted(tangent, item), span=stmt.span, ours=True))
            elif isinstance(item, Name):
                self.set.discard(item.id)
        return made

    def several_linear(self, stmt: Assign, items: tuple[Expr, ...], value: Apply, rule: Rule) -> list[Stmt]:
        """An operation that gives several arrays, linear in all its operands together: itself, of the tangents."""
        variadic = any(one.kind is one.VAR_POSITIONAL and one.name in rule.active for one in rule.parameters)
        args = [self.own_tangent(arg) if place == 0 or variadic else arg for place, arg in enumerate(value.args)]
        targets = [item for item in items if isinstance(item, Name)]
        self.set.update(item.id for item in targets)
        dots = Tuple(tuple(map(self.dot, targets)))
        return [stmt, Assign(dots, replace(value, args=tuple(args)), span=stmt.span, ours=True)]

    def own_tangent(self, operand: Expr) -> Expr:
        """The tangent of an operand, of its shape where it does not move."""
        tangent = self.tangent(operand)
        return Apply("zeros_like", (operand,)) if tangent == ZERO else tangent

    # ------------------------------------------------------------ writes in place
    def write(self, stmt: Assign, target: Subscript, tangent: Expr) -> list[Stmt]:
        array = base(target)
        if array is None or (tangent == ZERO and array.id not in self.set):
            return []
        if array.id not in self.activity.useful_after[id(stmt)]:
            return []
        number = array.type.rank == 0 == type_of(target).rank  # its tangent may be one that cannot be written into
        rebinds_tangent = is_whole(target) and array.id not in self.outside
        if rebinds_tangent and (number or (None is not type_of(tangent).shape == array.type.shape)):
            self.set.add(array.id)
            tangent = self.field.widened(tangent, array, in_parts=True)
            if number and array.type.kind == "array" and type_of(stmt.value).kind not in ("array", "scalar"):
                tangent = Apply("array", (tangent,))  # it is asked for its parts, as the array is
            return [Assign(self.dot(array), tangent, span=stmt.span, ours=True)]
        self.check_parts(stmt, array, target)
        made = self.start(array, stmt.span)
        before, place = self.part(target, array, stmt.span)
        return [*made, *before, Assign(place, tangent, span=stmt.span, ours=True)]

    def check_parts(self, stmt: Stmt, array: Name, target: Subscript) -> None:
        """Refuses a write to a part of an array without axes: its tangent may be a number, which has none."""
        if array.type.shape == () and array.id not in self.outside and not is_whole(target):
            self.refuse.write(stmt)

    def update(self, stmt: Evaluate, place: Subscript, update: Apply) -> list[Stmt]:
        """``np.add.at(place, index, value)``: the same of the tangents."""
        array, given = base(place), update.args[2]
        tangent = self.tangent(given)
        if array is None or tangent == ZERO or array.id not in self.activity.useful_after[id(stmt)]:
            return []
        made = self.start(array, stmt.span)
        before, part = self.part(place, array, stmt.span)
        moved = replace(update, args=(part.value, update.args[1], tangent))
        return [*made, *before, Evaluate(moved, span=stmt.span, ours=True)]

    def part_of(self, value: Subscript, array: Name, span: Span | None) -> tuple[list[Stmt], Expr]:
        """The same part of a tangent that is read."""
        if not may_be_float(array):
            return self.part(value, array, span)
        return [], rebased(value, Apply("asarray", (self.dot(array),)))

    def part(self, place: Subscript, array: Name, span: Span | None) -> tuple[list[Stmt], Subscript]:
        """The same part of an array's tangent."""
        dot = self.dot(array)
        part = rebased(place, dot)
        return in_order(dot, part, array.id in self.outside, span) if needs_order(place) else [], part

    def start(self, array: Name, span: Span | None) -> list[Stmt]:
        if array.id in self.set:
            return []
        self.set.add(array.id)
        number = array.type.rank == 0 and array.type.kind != "array"
        zero = self.lists.zero(array) if array.type.kind == "list" else Apply("zeros_like", (array,))
        zero = ZERO if number else zero
        return [Assign(self.dot(array), zero, span=span, ours=True)]

    def augment(self, stmt: Augment) -> list[Stmt]:
        target, value = stmt.target, stmt.value
        array = base(target)
        self.refuse.unnamed(stmt, value, self.wanted)
        tangent = self.field.fitted(self.tangent(value), target)
        if array is None or (tangent == ZERO and array.id not in self.set):
            return []
        if array.id not in self.activity.useful_after[id(stmt)]:
            return []
        made: list[Stmt] = []
        if stmt.op not in ("add", "subtract", "multiply", "divide"):
            self.refuse.augmented(stmt)
        if isinstance(target, Subscript):
            made = self.start(array, stmt.span)
            place: Name | Subscript = self.dot(array)
            if not (array.type.rank == 0 == type_of(target).rank and is_whole(target)):
                self.check_parts(stmt, array, target)
                before, place = self.part(target, array, stmt.span)
                made += before
        elif array.id in self.set:
            place = self.dot(array)
        else:
            made = self.start(array, stmt.span)
            place = self.dot(array)
        if stmt.op in ("add", "subtract"):
            if tangent != ZERO and isinstance(place, Name) and self.may_grow(array):
                made.append(Assign(place, Apply(stmt.op, (place, tangent)), span=stmt.span, ours=True))
            elif tangent != ZERO:
                made.append(Augment(place, stmt.op, tangent, span=stmt.span, ours=True))
            return made
        whole: Expr = Apply(stmt.op, (place, value))
        if tangent != ZERO:
            term: Expr = Apply("multiply", (target, tangent))
            if stmt.op == "divide":
                term = Apply("negative", (Apply("divide", (term, Apply("power", (value, Const(2))))),))
            whole = Apply("add", (whole, term))
        target_place = place
        in_place = place.type.kind == "array" and place.type.rank != 0 if isinstance(place, Name) else False
        if in_place or (isinstance(place, Name) and array.id in self.outside):
            target_place = Subscript(place, Const(...))
        made.append(Assign(target_place, whole, span=stmt.span, ours=True))
        return made

    def may_grow(self, variable: Name) -> bool:
        """Whether a variable may be a number that becomes an array by ``+=``, and is known under no other name."""
        may_be_number = variable.type.kind in ("number", "unknown") and not variable.type.is_immutable_scalar
        return may_be_number and variable.id not in self.outside and len(self.sharing.get(variable.id, ())) <= 1

    # ------------------------------------------------------------ branches and loops
    def zeros(self, missing: set[str] | frozenset[str], span: Span | None) -> list[Stmt]:
        found: list[Stmt] = []
        for name in sorted(missing & self.variables.keys()):
            value = self.lists.zero(self.variables[name])
            if name not in self.bound | self.seen and self.variables[name].type.kind == "list":
                value = List(())  # nothing reads it
            elif name not in self.bound and value != ZERO:
                self.maybe_unbound[name] = self.variables[name]
            found.append(Assign(self.dot(self.variables[name]), value, span=span, ours=True))
        return found

    def branch(self, stmt: If) -> list[Stmt]:
        if id(stmt) not in self.lost:
            return self.sides(stmt)
        lost = self.lost[id(stmt)]
        started = self.keep(lost, stmt.span)
        kept, self.kept = self.kept, self.kept | lost
        made = self.sides(stmt)
        self.kept = kept
        return [*started, *made]

    def sides(self, stmt: If) -> list[Stmt]:
        before, bound_before, seen = set(self.set), set(self.bound), set(self.seen)
        sides: list[list[Stmt]] = []
        ends: list[set[str]] = []
        bounds: list[set[str]] = []
        useful = self.activity.useful_after[id(stmt)]
        seens: list[set[str]] = []
        for block in (stmt.body, stmt.orelse):
            self.set, self.bound, self.seen = set(before), set(bound_before), set(seen)
            sides.append(self.block(block))
            ends.append(self.set)
            bounds.append(self.bound)
            seens.append(self.seen)
        self.set = ends[0] | ends[1]
        for side, end, self.bound, self.seen in zip(sides, ends, bounds, seens, strict=True):
            zeros = self.zeros((self.set - end) & useful, stmt.span)
            side[:] = _at_end(side, zeros)
        self.bound, self.seen = bound_before, seens[0] | seens[1]
        return [replace(stmt, body=tuple(sides[0]), orelse=tuple(sides[1]))]

    def loop(self, stmt: For | While) -> list[Stmt]:
        if isinstance(stmt, For) and any(self.wanted(stmt, name) for name in through(stmt.iterable)):
            self.refuse.loop(stmt)
        start: list[Stmt] = []
        if stmt.body:
            used = set().union(*(statement_reads(inner) for inner in statements(stmt.body)))
            used |= set(self.activity.useful_after[id(stmt)])
            carried = self.activity.active_before(stmt.body[0]) & used
            start = self.zeros({name for name in carried if name not in self.set}, stmt.span)
            self.set |= {name for name in carried if name in self.variables}
        around, bound_before = set(self.set), set(self.bound)
        self.bound |= set(bound(stmt.target)) if isinstance(stmt, For) else set()
        self.seen |= {name for inner in statements((stmt,)) for name in rebinds(inner)}
        after = self.activity.varied_after[id(stmt)] & self.activity.useful_after[id(stmt)]
        inside = statements((*stmt.body, *stmt.orelse))
        rebound = {name for inner in inside for name in (*rebinds(inner), *writes(inner))}
        self.at_break.append(after & rebound)  # a turn that is left may have set a tangent to zero, or never set it
        body = self.block(stmt.body)
        self.at_break.pop()
        if not (body and isinstance(body[-1], Break)):  # nothing runs after it
            body.extend(self.zeros(around - self.set, stmt.span))
        self.bound = bound_before  # what a loop without a turn leaves as it was has no tangent yet
        later = set(self.activity.useful_after[id(stmt)])
        later |= {name for inner in statements(stmt.orelse) for name in statement_reads(inner)}
        start += self.zeros((self.set - around) & later, stmt.span)
        self.set |= around
        at_end, bound_before = set(self.set), set(self.bound)
        orelse = self.block(stmt.orelse)
        if has_break(stmt.body):  # it may be passed over
            self.bound = bound_before
        if orelse:
            orelse.extend(self.zeros((at_end - self.set) & self.activity.useful_after[id(stmt)], stmt.span))
        self.set |= at_end
        return [*start, replace(stmt, body=tuple(body), orelse=tuple(orelse))]


def may_be_float(variable: Name) -> bool:
    """Whether a tangent may be a number of Python's, as ``0.0`` is, which has no methods, though its variable has."""
    return variable.type.shape == () and variable.type.kind != "array"


def owner_of(value: Apply) -> Name | None:
    """The number whose method an operation is, if its tangent may have no methods; ``real`` is one of floats, too."""
    if not value.spelling.startswith(("method:", "attribute:")) or value.op in ("real", "imag"):
        return None
    owner = value.args[0]
    return owner if isinstance(owner, Name) and may_be_float(owner) else None


def written(body: Block) -> frozenset[str]:
    """The arrays that are written, under whatever name they have before."""
    found = {name for stmt in statements(body) for name in writes(stmt)}
    copies = [(s.target.id, s.value.id) for s in statements(body) if isinstance(s, Assign)
              and isinstance(s.target, Name) and isinstance(s.value, Name)]  # fmt: skip
    while more := {source for name, source in copies if name in found} - found:
        found |= more
    return frozenset(found)


def _at_end(block: list[Stmt], added: list[Stmt]) -> list[Stmt]:
    """A block with statements added where it ends: before a ``break``; in each handler that follows in a ``try``."""
    last = block[-1] if block else None
    if isinstance(last, Break):
        return [*block[:-1], *added, last]
    if added and isinstance(last, Try) and last.continued:
        sides = (tuple(_at_end(list(side), added)) for side in (last.body, last.orelse))
        return [*block[:-1], replace(last, body=next(sides), orelse=next(sides))]
    if isinstance(last, Raise):
        return block
    return [*block, *added]


def _sums(parts: Sequence[tuple[Expr, ...]]) -> tuple[Expr, ...]:
    """What several operands add to each of some results; None where nothing is known of it."""
    made = []
    for terms in zip(*parts, strict=True):
        told = [term for term in terms if term != Const(None)]
        made.append(reduce(lambda a, b: Apply("add", (a, b)), told) if len(told) == len(terms) else Const(None))
    return tuple(made)
