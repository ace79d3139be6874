"""Reverse mode, second half: the forward sweep that saves, the backward sweep that restores.

``needed`` is the to-be-recorded set: the primal variables whose present value the adjoint of an earlier statement
reads. Just before a variable in it is overwritten, its value is saved; the backward sweep puts it back (Hascoet,
Naumann, Pascual, 2005). What lives only within one turn of a loop is saved at the end of that turn. A loop keeps its
values in lists, one for each variable, used as stacks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from backprose.analyse.attempts import pushed_early, tried
from backprose.analyse.places import is_whole
from backprose.differentiate.elements import unread_writes
from backprose.differentiate.steps import AnyStep, Branch, Loop, Step, named
from backprose.differentiate.views import rebound
from backprose.ir.names import NameSupply
from backprose.ir.nodes import (
    Apply,
    Assign,
    Augment,
    Block,
    Break,
    Call,
    Compare,
    Conditional,
    Const,
    Cut,
    Each,
    Enter,
    Evaluate,
    Expr,
    For,
    If,
    Leave,
    List,
    Name,
    Pass,
    Pop,
    Push,
    Raise,
    Remark,
    Slice,
    Span,
    Stmt,
    Subscript,
    Try,
    Tuple,
    Verbatim,
    While,
    children,
)
from backprose.ir.types import PYTHON_BOOL, PYTHON_INT
from backprose.ir.walk import (
    all_names,
    base,
    bound,
    call_writes,
    certain_names,
    expressions,
    names,
    place_reads,
    reads,
    rebinds,
    rebuild,
    statement_reads,
    statements,
    writes,
    written_place,
)

ITS_ARRAY = " itself"


@dataclass
class _Block:
    """The two sweeps of a block and what is needed at its end."""

    forward: list[Stmt] = field(default_factory=list)
    backward: list[Stmt] = field(default_factory=list)


class Sweeps:
    """Turns steps into the forward and the backward sweep.

    >>> from backprose.ir.types import PYTHON_FLOAT
    >>> from backprose.pipeline import Request, stages
    >>> def f(x, n):
    ...     for i in range(n):
    ...         x = x * x
    ...     return x
    >>> request = Request(f, "pullback", ("x",), signature={"x": PYTHON_FLOAT})
    >>> from backprose.emit import emit
    >>> print(emit(dict(stages(request))["differentiate"]).text, end="")
    def f_forward(x, n):
        saved_x = []
        for i in range(n):
            _t1 = x * x
            saved_x.append(x)
            x = _t1
        return x, (n, saved_x, x)
    <BLANKLINE>
    <BLANKLINE>
    def f_backward(saved, result_bar):
        n, saved_x, x = saved
        saved_x = list(saved_x)
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
        steps: list[AnyStep],
        primal: set[str],
        parameters: set[str],
        supply: NameSupply,
        needed: set[str],
        shared: Mapping[int, frozenset[str]],
        sharing: frozenset[str],
        lists: frozenset[str] = frozenset(),
        outside: frozenset[str] = frozenset(),
        alone: frozenset[str] = frozenset(),
    ) -> None:
        self.sharing = sharing  # variables that may share memory with another one that is written in place
        self.lists = lists  # variables that hold lists
        self.outside = outside  # arrays of the caller's, put back in place
        self.alone = alone - sharing  # arrays that share memory with no other variable
        self.unread: set[int] = set()  # steps that overwrite what nothing reads again
        self.shared = shared  # temporary views of what each write changes
        self.views = frozenset[str]().union(*shared.values())
        self.primal, self.supply = set(primal), supply
        self.parameters = set(parameters)
        self.maybe_unbound: set[str] = set()  # bound to None first: saved where they may have no value yet
        self.stacks: dict[str, Name] | None = None  # of the outermost loop being made
        self.homes: dict[str, tuple[int, ...]] = {}
        self.summaries: dict[int, tuple[set[str], set[str]]] = {}
        self.slots: dict[str, str] = {}  # temporaries that keep the values of temporaries
        self.counted: dict[int, Name] = {}
        self.open: list[list[AnyStep]] = []  # the blocks being made, since the innermost loop
        self.uncounted: set[int] = set()  # blocks that leave a loop before the turn counts
        self.locals: dict[int, set[str]] = {}
        self.locals_found: dict[int, set[str]] = {}
        self.flags: dict[int, set[str]] = {}  # tests kept in flags, by the block that they live in
        self.passed: set[int] = set()  # branches whose test the backward sweep need not repeat
        self.backward_reads: set[str] = set()
        self.lists_read: set[str] = set()  # of the lists those that the backward sweep reads
        self.changing: set[str] = set()  # what the outermost loop around overwrites
        self.indices: set[str] = set()  # the variables of the loops around
        self.tests: dict[int, Name] = {}  # the flag that keeps the test of an ``if`` in a loop
        self.counts: dict[int, tuple[Name | None, Name | None]] = {}  # a loop's turns, and whether it was not left
        self.partly: set[str] = set()  # arrays of which parts are written
        self._find_homes(steps, ())
        read = any("_" in statement_reads(one) for one in statements(step.stmt for step in steps))
        self.unused = Name(supply.fresh("_") if read else "_")
        self.needed = set(needed)  # parameters whose form the gradients are given
        self.bound: set[str] = set(parameters)
        self.apart: set[str] = set()  # views that were taken out of the array that changes, in this block
        block = self.block(steps)
        self.forward, self.backward = block.forward, block.backward

    # ------------------------------------------------------------ facts
    def _find_homes(self, steps: list[AnyStep], path: tuple[int, ...], own_block: bool = True) -> None:
        """The innermost block that holds every occurrence of a name."""
        here = (*path, id(steps)) if own_block else path
        for step in steps:
            own = set(all_names((replace(step.stmt, body=(), orelse=()),))) if not isinstance(step, Step) else set()
            match step:
                case Step():
                    place = written_place(step.stmt)
                    if place is not None and not is_whole(place):
                        self.partly.update(writes(step.stmt))
                    own |= all_names((step.stmt,))
                    self.backward_reads |= self.adjoint_reads(step.backward)
                    own |= self.adjoint_reads(step.backward)
                case Branch():
                    if isinstance(step.stmt, Try) and step.stmt.body and isinstance(step.stmt.body[-1], Raise):
                        self.passed.add(id(step))
                    self._find_homes(step.body, here)
                    self._find_homes(step.orelse, here, own_block=not _continues(step))
                    own |= self.adjoint_reads(step.body_zeros) | self.adjoint_reads(step.orelse_zeros)
                case Loop():
                    self._find_homes(step.body, here)
                    self._find_homes(step.orelse, here)
                    own |= self.adjoint_reads([*step.start, *step.zeros, *step.orelse_zeros])
            self.lists_read |= self.read_back(step) & self.lists
            for name in own:
                home = self.homes.get(name)
                if home is None:
                    self.homes[name] = here
                elif home != here[: len(home)]:
                    common = 0
                    while common < min(len(home), len(here)) and home[common] == here[common]:
                        common += 1
                    self.homes[name] = here[:common]

    def read_back(self, step: AnyStep) -> set[str]:
        """What the adjoint of a step reads, that of the steps in it left out."""
        match step:
            case Step():
                return self.adjoint_reads(step.backward)
            case Branch():
                return self.adjoint_reads([*step.body_zeros, *step.orelse_zeros])
            case Loop():
                found = self.adjoint_reads([*step.start, *step.zeros, *step.orelse_zeros])
                return found | (set() if step.iterable is None else reads(step.iterable))

    def adjoint_reads(self, backward: list[Stmt]) -> set[str]:
        return all_names(backward) & self.primal

    def live(self, steps: list[AnyStep]) -> bool:
        """Whether the steps have any adjoint statement."""
        for step in steps:
            match step:
                case Step():
                    if any(not isinstance(stmt, Enter | Leave) for stmt in step.backward):
                        return True
                case Branch():
                    if step.body_zeros or step.orelse_zeros or self.live(step.body) or self.live(step.orelse):
                        return True
                case Loop():
                    if step.zeros or step.start or self.live(step.body) or self.live(step.orelse):
                        return True
        return False

    def summary(self, steps: list[AnyStep]) -> tuple[set[str], set[str]]:
        """``(gen, kill)``: needed after the steps whatever was before; certainly overwritten in them."""
        if id(steps) in self.summaries:
            return self.summaries[id(steps)]
        gen: set[str] = set()
        kill: set[str] = set()
        for step in steps:
            if isinstance(step, Step):
                killed, used = with_arrays(rebinds(step.stmt)), self.adjoint_reads(step.backward)
                if isinstance(step.stmt, Augment) and isinstance(step.stmt.target, Name):
                    array = array_of(step.stmt.target.id)
                    killed.discard(array)
                    used |= {array} if self.stays(step.stmt.target) else set()
                if isinstance(step.stmt, Pop) and step.stmt.stack.id in self.lists_read:
                    used |= set(bound(step.stmt.target))  # put back on the list
                for place in written_places(step.stmt):
                    used |= place_reads(place) & self.primal
                new = used - killed if step.old else used
            elif isinstance(step, Branch):
                one, other = self.summary(step.body), self.summary(step.orelse)
                killed = one[1] & other[1]
                new = one[0] | other[0] | self.adjoint_reads([*step.body_zeros, *step.orelse_zeros])
                new |= reads(step.stmt.test) if self.live([step]) else set()
            else:
                new = self.summary(step.body)[0] | self.summary(step.orelse)[0]
                new |= self.adjoint_reads([*step.start, *step.zeros])
                if step.iterable is not None and self.live([step]):
                    new |= reads(step.iterable) & self.primal
                killed = set()
            gen = (gen - killed) | new
            kill |= killed
        here = id(steps)
        exposed = self.exposed(steps)
        names = {name.removesuffix(ITS_ARRAY) for name in gen}
        local = {name for name in names if self.homes.get(name, (0,))[-1] == here and name not in exposed}
        self.locals_found[here] = local
        gen -= with_arrays(local)
        self.summaries[here] = gen, kill
        return gen, kill

    def exposed(self, steps: list[AnyStep]) -> set[str]:
        """Names that a block may read before it binds them: their values come from before the block."""
        found: set[str] = set()
        done: set[str] = set()
        for step in steps:
            stmt = step.stmt
            if isinstance(step, Step):
                found |= statement_reads(stmt) - done
                done.update(rebinds(stmt))
            elif isinstance(step, Branch):
                found |= reads(step.stmt.test) - done
                found |= (self.exposed(step.body) | self.exposed(step.orelse)) - done
                done |= _certain(step.body) & _certain(step.orelse)
            else:
                found |= statement_reads(replace(step.stmt, body=(), orelse=())) - done
                inner = self.exposed(step.body) | self.exposed(step.orelse)
                found |= inner - done - set(rebinds(stmt))
        return found

    # ------------------------------------------------------------ saving
    def slot(self, name: str, key: str = "") -> Name:
        """``key``: tells the stack of a list's items from that of the list itself."""
        key = key or name
        if self.stacks is not None and key in self.stacks:
            return self.stacks[key]
        if name.startswith("_t"):
            slot = self.supply.temporary()
            self.slots[slot.id] = name
        else:
            slot = Name(self.supply.fresh(f"saved_{name}"))
        if self.stacks is not None:
            self.stacks[key] = slot
        return slot

    def stays(self, array: Name) -> bool:
        """Whether an array that changes in place stays the array whose parts, or whose content, are put back."""
        return array.type.kind == "array" and array.id in self.partly | self.outside

    def save(self, place: Any, copied: bool, span: Span | None) -> tuple[Stmt, Stmt]:
        """The statements that save a place and restore it."""
        variable = base(place)
        assert variable is not None
        name = variable.id
        if isinstance(place, Subscript) and is_whole(place):
            place = variable
        target = place if isinstance(place, (Name, Subscript)) else Subscript(place, Const(...))
        if isinstance(place, Name) and copied and self.stays(place):
            target = Subscript(place, Const(...))
        if name not in self.bound:
            self.maybe_unbound.add(name)
        kind = variable.type.kind
        in_place = copied and isinstance(place, Name) and name in self.outside
        copied = copied or name in self.views or name in self.sharing  # the array that it is a view of changes later
        value: Expr = Apply("copy" if kind == "array" else "own", (place,)) if copied else place
        place = Subscript(place, Const(...)) if in_place else place
        target = place if in_place else target
        slot = self.slot(name, f"{name}[]" if name in self.lists and isinstance(place, Subscript) else "")
        back: Expr = slot
        if name in self.lists:
            value = place
            if isinstance(place, Name):  # the same list may come back under a name, and either sweep may change it
                value, back = (own_list(one, name not in self.bound) for one in (place, slot))
        if self.stacks is None:
            self.primal.add(slot.id)
            return Assign(slot, value, span=span, ours=True), Assign(target, back, span=span, ours=True)
        return Push(slot, value, span=span, ours=True), Pop(target, slot, span=span, ours=True)

    # ------------------------------------------------------------ blocks
    def block(self, steps: list[AnyStep]) -> _Block:
        result = _Block()
        backward: list[list[Stmt]] = []
        self.open.append(steps)
        apart, self.apart = self.apart, set()
        turns = self.counted.get(id(steps))
        if turns is not None:
            result.forward.append(Augment(turns, "add", Const(1), ours=True))
        for step in steps:
            made = self.simple(step) if isinstance(step, Step) else self.compound(step)
            if isinstance(step.stmt, Break) and not any(id(block) in self.uncounted for block in self.open):
                for block in reversed(self.open):
                    undo = self.leave(block, result.forward)
                    if block is steps:
                        backward.append(undo)
            result.forward.extend(made.forward)
            backward.append(made.backward)
        self.open.pop()
        if apart:
            apart -= {name for inner in statements(step.stmt for step in steps) for name in rebinds(inner)}
        self.apart = apart
        if not (steps and isinstance(steps[-1].stmt, Break)):
            unreached: list[Stmt] = []
            backward.append(self.leave(steps, unreached if _leaves(steps) else result.forward))
            self.needed -= with_arrays(self.local(steps))
        for part in reversed(backward):
            result.backward.extend(part)
        return result

    def leave(self, steps: list[AnyStep], forward: list[Stmt]) -> list[Stmt]:
        """Saves, where a block inside a loop is left, what lives in this block only."""
        if self.stacks is None:
            return []
        restore: list[Stmt] = []
        read: list[Stmt] = []
        for name in sorted(self.local(steps)):
            again = self.read_again(name, steps)
            if again is not None:
                self.needed |= reads(again.value) & self.primal
                read.append(again)
                continue
            save, undo = self.save(Name(name, temporary=name.startswith("_t")), False, None)
            forward.append(save)
            restore.append(undo)
        return [*restore[::-1], *read]

    def read_again(self, name: str, steps: list[AnyStep]) -> Assign | None:
        """How to read a variable of a block again where it is a part of an array that the loop leaves as it is."""
        makers = [step.stmt for step in steps if name in rebinds(step.stmt)]
        inside = list(statements(step.stmt for step in steps))
        if sum(name in rebinds(one) for one in inside) != 1 or len(makers) != 1 or not isinstance(makers[0], Assign):
            return None
        if any(name in writes(one) for one in inside):
            return None  # a copy that changes
        target, value = makers[0].target, makers[0].value
        if (
            isinstance(target, Tuple)
            and isinstance(value, Name)
            and all(isinstance(item, Name) for item in target.items)
        ):
            value = Subscript(value, Const(bound(target).index(name)))
        elif not isinstance(target, Name):
            return None
        array = base(value)
        steady = array is not None and array.type.kind == "array" and array.id not in self.sharing | self.views
        if not isinstance(value, Subscript) or not steady or name in self.sharing | self.views:
            return None
        if reads(value) & self.changing - self.indices:
            return None
        return Assign(Name(name, temporary=name.startswith("_t")), value, ours=True)

    def local(self, steps: list[AnyStep]) -> set[str]:
        """What adjoints in a block read of the variables that live in this block only."""
        if self.stacks is None:
            return set()
        if id(steps) not in self.locals:
            self.summary(steps)
            added = self.flags.get(id(steps), set())
            self.locals[id(steps)] = self.locals_found[id(steps)] | added
        return self.locals[id(steps)]

    def simple(self, step: Step) -> _Block:
        stmt, unread = step.stmt, id(step) in self.unread
        used = self.adjoint_reads(step.backward)
        forward: list[Stmt] = []
        restore: list[Stmt] = []
        put_back: set[str] = set()
        in_place = isinstance(stmt, Augment) and isinstance(stmt.target, Name)
        for name in rebinds(stmt):
            content = name in self.needed or (step.old and name in used)
            if content or (array_of(name) in self.needed and not in_place):
                target = stmt.target if isinstance(stmt, Augment) and isinstance(stmt.target, Name) else Name(name)
                copied = in_place and not target.type.is_immutable_scalar
                save, undo = self.save(target, copied, stmt.span)
                forward.append(save)
                restore.append(undo)
                if in_place and self.stays(target):
                    self.needed.add(array_of(name))  # into which its content is put back
            self.needed.discard(name)
            if not in_place:
                self.needed.discard(array_of(name))
        seen = (step.shared & (self.needed | used)) - self.apart
        forward += [self.taken_out(name, stmt.span) for name in sorted(seen)]
        if step.pair is not None:
            written = [array.id for place in call_writes(stmt) if (array := base(place)) is not None]
            names = step.pair.names(not self.needed.isdisjoint(written))
            step = replace(step, backward=[named(made, *names) for made in step.backward])
            stmt = named(stmt, *names)
        elif isinstance(stmt, (Push, Pop)):
            if stmt.stack.id in self.needed:
                restore.insert(0, self.undone(stmt))
                put_back = set(bound(stmt.target)) if isinstance(stmt, Pop) else set()
        elif not in_place:
            for place in () if unread else written_places(stmt):
                array = base(place)
                if array is None or not (array.id in self.needed or (step.old and array.id in used)):
                    continue
                save, undo = self.save(place, True, stmt.span)
                forward.append(save)
                restore.append(undo)
                self.needed |= place_reads(place) & self.primal
        self.needed |= used - set(rebinds(stmt)) if step.old else used
        self.needed |= put_back
        self.bound.update(rebinds(stmt))
        self.apart.difference_update(rebinds(stmt))
        if not _is_marker(stmt):
            forward.append(stmt)
        return _Block(forward, [*restore, *step.backward] if step.old else [*step.backward, *restore])

    def undone(self, stmt: Push | Pop) -> Stmt:
        """What went onto a list comes off, what came off goes back on."""
        if isinstance(stmt, Push):
            return Pop(Name(self.supply.fresh("_")), stmt.stack, span=stmt.span, ours=True)
        assert isinstance(stmt.target, Name)
        return Push(stmt.stack, stmt.target, span=stmt.span, ours=True)

    def taken_out(self, name: str, span: Span | None) -> Stmt:
        """A view whose content is still needed leaves the array that changes."""
        if name not in self.bound:
            self.maybe_unbound.add(name)
        self.apart.add(name)
        view = Name(name, temporary=name.startswith("_t"))
        return Assign(view, Apply("own", (view,)), span=span, ours=True)

    def compound(self, step: Branch | Loop) -> _Block:
        if not self.live([step]) and not (isinstance(step, Branch) and has_break((step.stmt,))):
            return self.opaque(step.stmt)
        return self.branch(step) if isinstance(step, Branch) else self.loop(step)

    def opaque(self, stmt: Stmt) -> _Block:
        """A branch or loop without adjoint statements: what it overwrites is saved once, before it."""
        changed = {name for inner in statements((stmt,)) for name in (*rebinds(inner), *writes(inner))}
        seen = {name for inner in statements((stmt,)) for name in self.shared.get(id(inner), ())} & self.needed
        read = {name.id: name for inner in statements((stmt,)) for expr in expressions(inner) for name in names(expr)}
        taken_out = [self.taken_out(name, stmt.span) for name in sorted(seen - changed - read.keys())]
        forward, restore = self.saved_before((stmt,), stmt.span)
        for name in sorted((seen - changed) & read.keys()):  # in there it has to be the array that is written
            save, undo = self.save(read[name], True, stmt.span)
            forward.append(save)
            restore.append(undo)
        forward = [*taken_out, *forward]
        self.bound |= certain_names((stmt,))
        return _Block([*forward, stmt], restore)

    # ------------------------------------------------------------ branches
    def branch(self, step: Branch) -> _Block:
        if isinstance(step.stmt, Try) and not step.stmt.continued:
            return self.attempt(step)
        return self.sides(step)

    def attempt(self, step: Branch) -> _Block:
        """A ``try``: what it may change half way is saved before it, and what it saved half way is forgotten."""
        before, restore = self.saved_before(step.stmt.orelse, None)
        made = self.sides(step)
        *set_before, attempted = made.forward
        assert isinstance(attempted, Try)
        of_loops = set() if self.stacks is None else {stack.id for stack in self.stacks.values()}
        forgotten: list[Stmt] = []
        for name in sorted(pushed_early(tried(attempted)) & of_loops):
            length = Name(self.supply.fresh(f"{name}_before"), PYTHON_INT)
            set_before.append(Assign(length, Apply("len", (Name(name),)), ours=True))
            forgotten.append(Cut(Name(name), length))
        attempted = _with_handlers(attempted, tuple(forgotten))
        return _Block([*before, *set_before, attempted], [*made.backward, *restore])

    def saved_before(self, block: Block, span: Span | None) -> tuple[list[Stmt], list[Stmt]]:
        """Saves, and how to restore, what is needed of what a block overwrites, as it is before the block."""
        forward: list[Stmt] = []
        restore: list[Stmt] = []
        changed: dict[str, bool] = {}
        for inner in statements(block):
            for name in rebinds(inner):
                changed.setdefault(name, False)
            for name in writes(inner):
                changed[name] = True
        anew = {name for inner in statements(block) for name in rebound(inner)}
        for name in sorted(changed):
            if name in self.needed or (name in anew and array_of(name) in self.needed):
                save, undo = self.save(Name(name), name in self.needed and changed[name], span)
                forward.append(save)
                restore.append(undo)
                self.needed -= with_arrays((name,))
        return forward, restore

    def zeros(self, found: Iterable[Stmt], bound: set[str]) -> list[Stmt]:
        """Adjoints that are set to zero: that of a list that may have no value there has no items, and is not read."""
        made: list[Stmt] = []
        for stmt in found:
            match stmt:
                case Assign(
                    value=Each(sources=(Name(id=name) as items,))
                    | Apply(op="multiply", args=(List(), Apply(op="len", args=(Name(id=name) as items,))))
                ) if name not in bound:
                    self.maybe_unbound.add(name)
                    unbound = Compare((items, Const(None)), ("is",))
                    stmt = replace(stmt, value=Conditional(unbound, List(()), stmt.value))
            made.append(stmt)
        return made

    def sides(self, step: Branch) -> _Block:
        stmt = step.stmt
        needed, bound_before = self.needed, set(self.bound)
        sides: list[_Block] = []
        ends: list[set[str]] = []
        bounds: list[set[str]] = []
        for steps, zeros in ((step.body, step.body_zeros), (step.orelse, step.orelse_zeros)):
            self.needed, self.bound = needed | self.adjoint_reads(zeros), set(bound_before)
            made = self.block(steps)
            sides.append(_Block(made.forward, [*made.backward, *self.zeros(zeros, bound_before)]))
            ends.append(self.needed)
            exits = bool(steps) and isinstance(steps[-1].stmt, Break)
            bounds.append(self.primal if exits else self.bound)
        self.needed = ends[0] | ends[1]
        self.bound = (bounds[0] & bounds[1]) | bound_before
        body, orelse = sides
        if isinstance(stmt, Try):
            return self.handled(step, body, orelse)
        if id(step) in self.passed:
            return _Block(
                [replace(stmt, body=tuple(body.forward), orelse=tuple(orelse.forward))],
                (orelse if id(step.body) in self.uncounted else body).backward,
            )
        forward, test = self.test(stmt)
        if body.backward or orelse.backward:
            self.needed |= reads(test) & self.primal
            self.bound |= reads(test) if forward else set()
        return _Block(
            [*forward, replace(stmt, test=test, body=tuple(body.forward), orelse=tuple(orelse.forward))],
            [If(test, tuple(body.backward), tuple(orelse.backward), span=stmt.span, ours=True)]
            if body.backward or orelse.backward
            else [],
        )

    def handled(self, step: Branch, body: _Block, orelse: _Block) -> _Block:
        """A ``try`` whose sides are made; a flag tells which of them ran."""
        stmt = step.stmt
        flags: list[Stmt] = []
        if _continues(step):
            *flags, inner = orelse.forward  # the flags of the other handlers are set before the ``try``
            orelse.forward = [inner]
        if id(step) in self.passed:
            backward = orelse.backward
        else:
            raised = self.tests.get(id(stmt)) if self.stacks is not None else self.flag_for(stmt)
            assert raised is not None
            flags.insert(0, Assign(raised, Const(False), span=stmt.span))
            kept = [one for one in body.forward if not isinstance(one, Pass)]
            said = next((i for i, one in enumerate(kept) if not isinstance(one, Remark)), len(kept))
            body.forward = [*kept[:said], Assign(raised, Const(True), span=stmt.span), *kept[said:]]
            self.needed.add(raised.id)
            done = tuple(orelse.backward)
            undo = If(raised, tuple(body.backward), done, span=stmt.span, ours=True)
            if not body.backward:
                undo = replace(undo, test=Apply("not", (raised,)), body=done, orelse=())
            backward = [undo]
        self.bound.update(name for flag in flags for name in rebinds(flag))
        return _Block(
            [*flags, replace(stmt, body=tuple(body.forward), orelse=tuple(orelse.forward))],
            backward,
        )

    def test(self, stmt: If) -> tuple[list[Stmt], Expr]:
        """The test for both sweeps: repeated where that is cheap and safe, else kept in a flag."""
        flag = self.tests.get(id(stmt)) if self.stacks is not None else self.flag_for(stmt)
        return ([], stmt.test) if flag is None else ([Assign(flag, stmt.test, span=stmt.span, spelling="test")], flag)

    def flag_for(self, stmt: If) -> Name | None:
        inside: set[str] = set()
        for inner in statements((stmt,)):
            inside.update(rebinds(inner))
            inside.update(writes(inner))
        if _repeatable(stmt.test) and not reads(stmt.test) & (inside | self.unsteady()):
            return None
        flag = Name(self.supply.fresh("raised" if isinstance(stmt, Try) else "taken"), PYTHON_BOOL)
        self.primal.add(flag.id)
        return flag

    def prepare(self, steps: list[AnyStep], home: int | None = None) -> None:
        """Names for the tests and counts of a loop's blocks, before any is made: every way out saves the same.

        ``home``: the block around, where this one is a further handler of a ``try``, which is no block of its own.
        """
        for step in steps:
            if isinstance(step, Branch) and (self.live([step]) or has_break((step.stmt,))):
                flag = None if id(step) in self.passed else self.flag_for(step.stmt)
                if flag is not None:
                    self.tests[id(step.stmt)] = flag
                    self.flags.setdefault(home or id(steps), set()).add(flag.id)
                self.prepare(step.body)
                self.prepare(step.orelse, (home or id(steps)) if _continues(step) else None)
            elif isinstance(step, Loop) and self.live([step]):
                self.prepare_loop(step)
                named = {name.id for name in self.counts[id(step)] if name is not None}
                self.flags.setdefault(id(steps), set()).update(named)

    def prepare_loop(self, step: Loop, outermost: bool = False) -> None:
        turns = finished = None
        if isinstance(step.stmt, While) or has_break(step.stmt.body):
            turns = Name(self.supply.fresh("turns"), PYTHON_INT)
            self.primal.add(turns.id)
            self.counted[id(self.counted_block(step))] = turns
        if step.stmt.orelse:
            finished = Name(self.supply.fresh("finished"), PYTHON_BOOL)
            self.primal.add(finished.id)
        self.counts[id(step)] = turns, finished
        self.prepare(step.body)
        if not outermost:
            self.prepare(step.orelse)

    def unsteady(self) -> set[str]:
        """Variables that a loop around overwrites: a test on them is kept rather than they."""
        return self.changing if self.stacks is not None else set()

    # ------------------------------------------------------------ loops
    def loop(self, step: Loop) -> _Block:
        stmt = step.stmt
        outermost = self.stacks is None
        if outermost:
            self.stacks = {}
            self.changing = {
                name for inner in statements((*stmt.body, *stmt.orelse)) for name in (*rebinds(inner), *writes(inner))
            }
            self.prepare_loop(step, outermost)
        forward: list[Stmt] = []
        backward: list[Stmt] = []
        before = self.loop_target_saves(stmt, outermost)
        iterable = step.iterable
        if isinstance(stmt, For) and iterable is not None:
            iterable, held = self.steady_iterable(stmt, iterable)
            forward.extend(held)
        turns, finished = self.counts[id(step)]
        if turns is not None:
            forward.append(Assign(turns, Const(0), ours=True))
            self.bound.add(turns.id)
        if finished is not None:
            forward.append(Assign(finished, Const(False), ours=True))
            self.bound.add(finished.id)

        # what is needed at the head of any turn
        target = set(bound(stmt.target)) if isinstance(stmt, For) else set()
        indices = self.indices
        inside = [name for inner in statements(stmt.body) for name in (*rebinds(inner), *writes(inner))]
        self.indices = (self.indices | target) - set(inside)  # the backward sweep counts them down
        gen, _ = self.summary(step.body)
        at_entry, bound_before = set(self.needed), set(self.bound)
        self.unread |= unread_writes(step, (self.alone & self.partly) - at_entry - self.views)
        gen &= with_arrays(self.primal)
        self.needed = (self.needed | gen | self.adjoint_reads(step.zeros)) - target
        self.bound |= target
        opened, self.open = self.open, []
        body = self.block(step.body)
        self.open, self.indices = opened, indices
        self.needed = (self.needed - target) | at_entry
        self.bound = set(bound_before)
        body_backward = [*body.backward, *self.zeros(step.zeros, bound_before)]

        orelse = _Block()
        if stmt.orelse:
            assert finished is not None
            end = set(self.needed)
            self.needed |= self.adjoint_reads(step.orelse_zeros)
            stacks, self.stacks = self.stacks, None if outermost else self.stacks  # it runs once where the loop does
            orelse = self.block(step.orelse)
            self.stacks = stacks
            self.needed |= end | {finished.id}
            self.bound = set(bound_before)
            orelse.forward.insert(0, Assign(finished, Const(True), ours=True))
        self.needed |= self.adjoint_reads(step.start)

        loop_forward = replace(stmt, body=tuple(body.forward), orelse=tuple(orelse.forward))
        forward.append(loop_forward)
        if finished is not None:
            left = tuple(self.zeros(step.orelse_zeros, bound_before))
            backward.append(If(finished, tuple(orelse.backward), left, span=stmt.span, ours=True))
        backward.extend(self.zeros(step.start, bound_before))
        if body_backward:
            index_read = bool(target & all_names(body_backward))
            loop_backward = self.reversed_loop(stmt, iterable, turns, index_read, tuple(body_backward))
            backward.append(loop_backward)
            self.needed |= reads(loop_backward.iterable) & self.primal
        if outermost:
            assert self.stacks is not None
            inits: list[Stmt] = [Assign(stack, List(()), ours=True) for stack in self.stacks.values()]
            self.primal.update(stack.id for stack in self.stacks.values())
            self.bound.update(stack.id for stack in self.stacks.values())
            forward = [*inits, *forward]
            self.stacks = None
        return _Block([*before[0], *forward], [*backward, *before[1]])

    def loop_target_saves(self, stmt: For | While, outermost: bool) -> tuple[list[Stmt], list[Stmt]]:
        """The loop variable's value from before the loop, where it is still needed."""
        before: tuple[list[Stmt], list[Stmt]] = ([], [])
        if isinstance(stmt, For):
            stacks, self.stacks = self.stacks, None if outermost else self.stacks
            for name in bound(stmt.target):
                if not self.needed.isdisjoint(with_arrays((name,))):
                    save, undo = self.save(Name(name), False, stmt.span)
                    before[0].append(save)
                    before[1].append(undo)
                    self.needed -= with_arrays((name,))
            self.stacks = stacks
        return before

    def steady_iterable(self, stmt: For, iterable: Expr) -> tuple[Expr, list[Stmt]]:
        """The iterable with what the body rebinds held in names of its own."""
        changed = {name for inner in statements(stmt.body) for name in rebinds(inner)}
        held: list[Stmt] = []

        def hold(expr: Expr) -> Expr:
            if isinstance(expr, Name) and expr.id in changed:
                kept = Name(self.supply.fresh(f"{expr.id}_before"), expr.type)
                self.primal.add(kept.id)
                self.bound.add(kept.id)
                held.append(Assign(kept, expr, span=stmt.span, ours=True))
                return kept
            return rebuild(expr, hold)

        return hold(iterable), held

    def counted_block(self, step: Loop) -> list[AnyStep]:
        """The block whose entries are counted: the body, or what follows the breaks at its start that undo nothing."""
        current, passed = step.body, []
        position = 0
        while position < len(current):
            here = current[position]
            if isinstance(here, Branch) and self.live([here]):
                sides = (here.body, here.orelse)
                leaving = [side for side in sides if side and isinstance(side[-1].stmt, Break) and not self.live(side)]
                if len(leaving) == 1 and not here.body_zeros and not here.orelse_zeros:
                    if self.touches(leaving[0]):
                        break
                    passed.append(here)
                    self.uncounted.add(id(leaving[0]))
                    current = sides[1] if leaving[0] is sides[0] else sides[0]
                    position = 0
                    continue
            if self.live([here]) or self.touches([here]):
                break
            position += 1
        self.passed.update(id(branch) for branch in passed)
        return current

    def touches(self, steps: list[AnyStep]) -> bool:
        """Whether the steps overwrite anything that some adjoint reads."""
        block = tuple(step.stmt for step in steps)
        changed = {name for inner in statements(block) for name in (*rebinds(inner), *writes(inner))}
        return bool(changed & self.backward_reads)

    def reversed_loop(
        self, stmt: For | While, iterable: Expr | None, turns: Name | None, index_read: bool, body: tuple[Stmt, ...]
    ) -> For:
        if turns is not None and (iterable is None or not index_read):
            return For(self.unused, Apply("range", (turns,)), body, span=stmt.span, ours=True)
        assert isinstance(stmt, For)
        assert iterable is not None
        if turns is not None:
            if isinstance(iterable, Apply) and iterable.op == "reversed":
                iterable = Subscript(iterable.args[0], Slice(None, None, Const(-1)))
            iterable = Subscript(iterable, Slice(None, turns, None))
        if isinstance(iterable, Apply) and iterable.op == "reversed":
            return For(stmt.target, iterable.args[0], body, span=stmt.span, ours=True)
        return For(stmt.target, Apply("reversed", (iterable,)), body, span=stmt.span, ours=True)


# ---------------------------------------------------------------- small facts
def array_of(name: str) -> str:
    """What is needed of an array into which its content is put back, if nothing else: that it is the same array."""
    return f"{name}{ITS_ARRAY}"


def with_arrays(names: Iterable[str]) -> set[str]:
    """The names, and their arrays as ``array_of`` has them."""
    return {one for name in names for one in (name, array_of(name))}


def own_list(kept: Name, maybe_none: bool) -> Expr:
    """A copy of a list that was saved; None was saved where there was none yet."""
    copy = Apply("list", (kept,))
    return Conditional(Compare((kept, Const(None)), ("is",)), Const(None), copy) if maybe_none else copy


def written_places(stmt: Stmt) -> tuple[Expr, ...]:
    """What a statement changes in place: what it writes to, and what its calls do."""
    own = written_place(stmt)
    return (*(() if own is None else (own,)), *call_writes(stmt))


def _leaves(steps: list[AnyStep]) -> bool:
    """Whether every way through the steps ends in a break."""
    last = steps[-1] if steps else None
    if isinstance(last, Branch):
        return not isinstance(last.stmt, Try) and _leaves(last.body) and _leaves(last.orelse)
    return last is not None and isinstance(last.stmt, Break)


def _continues(step: Branch) -> bool:
    """Whether another handler follows that of a ``try``."""
    last = step.orelse[-1].stmt if step.orelse else None
    return isinstance(step.stmt, Try) and isinstance(last, Try) and last.continued


def _with_handlers(stmt: Try, first: tuple[Stmt, ...]) -> Try:
    """A ``try`` whose handlers begin with some statements."""
    match stmt.orelse:
        case (Try(continued=True) as other,):
            stmt = replace(stmt, orelse=(_with_handlers(other, first),))
    said = next((i for i, one in enumerate(stmt.body) if not isinstance(one, Remark)), len(stmt.body))
    return replace(stmt, body=(*stmt.body[:said], *first, *stmt.body[said:]))


def _is_marker(stmt: Stmt) -> bool:
    return isinstance(stmt, Evaluate) and stmt.ours and stmt.value == Const(None)


def has_break(block: tuple[Stmt, ...]) -> bool:
    """Whether a ``break`` of this loop stands in its body."""
    return any(
        isinstance(stmt, Break) or (isinstance(stmt, If) and (has_break(stmt.body) or has_break(stmt.orelse)))
        for stmt in block
    )


def _certain(steps: list[AnyStep]) -> set[str]:
    return certain_names(tuple(step.stmt for step in steps))


def _repeatable(test: Expr) -> bool:
    """Whether evaluating a test again has no effect and costs little."""
    if isinstance(test, (Call, Verbatim)) or (isinstance(test, Apply) and test.op not in ("not", "absolute", "add")):
        if isinstance(test, Apply) and test.op in ("subtract", "multiply", "mod", "negative", "len"):
            return all(map(_repeatable, children(test)))
        return False
    return all(map(_repeatable, children(test)))
