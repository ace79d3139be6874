"""Reverse mode, first half: for every statement of the primal the adjoint statements that undo it.

The result is a tree of *steps* in the primal's order, each a statement with its adjoint statements. They read primal
variables as if each still had the value that it had at that place; ``saves`` sees to that.

Which adjoints are set (known not to be zero) is followed while the text is made: a first contribution assigns, a later
one adds, an adjoint that is not set contributes nothing. Where ways join, an adjoint set on one way only is set to
zero on the other.
"""

from __future__ import annotations

from collections.abc import Iterator

from backprose.analyse.dependence import through
from backprose.differentiate.paste import with_names
from backprose.differentiate.steps import AnyStep, Branch, Loop, Step
from backprose.differentiate.undo import Assignments
from backprose.differentiate.wishes import singular
from backprose.ir.nodes import (
    Apply,
    Assign,
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
    Name,
    Pass,
    Pop,
    Push,
    Return,
    Span,
    Stmt,
    Subscript,
    Tuple,
    While,
)
from backprose.ir.types import Type
from backprose.ir.walk import (
    names,
    statement_reads,
    statements,
    written_place,
)
from backprose.lower.adjoints import body_of


class Reverse(Assignments):
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
