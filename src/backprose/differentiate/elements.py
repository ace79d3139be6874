"""Which elements of an array the backward sweep reads again.

A loop that overwrites ``x[i]`` in its turn ``i`` has to put the old element back only if the adjoint of an earlier
statement reads that element. A solve by substitution reads ``x[i - 1]``, in no turn the element that a later turn has
overwritten: nothing is saved, and nothing put back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from backprose.differentiate.aliases import groups_sharing
from backprose.differentiate.recompute import stored_number
from backprose.differentiate.steps import AnyStep, Branch, Loop, Step, adjoint_names, substitute_in_adjoints
from backprose.ir.names import NameSupply
from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Augment,
    Block,
    Const,
    Each,
    Expr,
    For,
    Name,
    Stmt,
    Subscript,
    Try,
    Tuple,
    children,
)
from backprose.ir.walk import (
    all_names,
    expressions,
    names,
    reads,
    rebinds,
    statements,
    targets,
    writes,
)

FORM = frozenset(
    {"shape", "ndim", "size", "len", "zeros_like", "empty_like", "ones_like"}
)  # of an array, not its content


@dataclass(frozen=True)
class Turns:
    """A loop over a range: its variable, the step, and the lowest index."""

    variable: str
    step: int
    lowest: int

    def offset(self, index: Expr) -> int | None:
        """``-1`` of ``i - 1`` and of ``i - 1, 0``: how far the place on the first axis is from the loop's variable."""
        first = index.items[0] if isinstance(index, Tuple) and index.items else index
        match first:
            case Name(id=name) if name == self.variable:
                return 0
            case Apply(op="add" | "subtract" as op, args=(Name(id=name), Const(value=int(distance)))):
                if name == self.variable:
                    return distance if op == "add" else -distance
        return None

    def meets(self, read: int, written: int, *, after: bool) -> bool:
        """Whether the element at ``i + written`` is read, at ``j + read``, by what runs backwards after turn ``i`` has
        put it back: in an earlier turn ``j``, or in the same one (``after``)."""
        if min(read, written) + self.lowest < 0:  # indices from the end
            return True
        apart = read - written
        return after if apart == 0 else apart % self.step == 0 and apart // self.step >= 1


def turns_of(loop: Loop) -> Turns | None:
    """None where the indices are not known to keep their order."""
    stmt = loop.stmt
    if not (isinstance(stmt, For) and isinstance(stmt.target, Name) and loop.iterable == stmt.iterable):
        return None
    inside = tuple(statements(stmt.body))
    if any(stmt.target.id in (*rebinds(one), *writes(one)) for one in inside):
        return None
    match stmt.iterable:
        case Apply(op="range", args=(_,)):
            return Turns(stmt.target.id, 1, 0)
        case Apply(op="range", args=(Const(value=int(start)), _)):
            return Turns(stmt.target.id, 1, start)
        case Apply(op="range", args=(Const(value=int(start)), _, Const(value=int(step)))) if step > 0:
            return Turns(stmt.target.id, step, start)
        case Apply(op="range", args=(_, Const(value=int(stop)), Const(value=int(step)))) if step < 0:
            return Turns(stmt.target.id, step, stop + 1)
    return None


def unread_writes(loop: Loop, candidates: frozenset[str]) -> set[int]:
    """The steps of a loop that overwrite elements which nothing reads that runs backwards after them (their ``id``).

    ``candidates``: arrays that no other name shares memory with, and that no adjoint of what is before the loop reads.
    """
    turns = turns_of(loop)
    if turns is None:
        return set()
    steps = list(_flattened(loop.body))
    if any(isinstance(step, Branch) and isinstance(step.stmt, Try) for step in steps):
        return set()
    for step in steps:
        if isinstance(step, Loop):
            candidates = candidates - all_names((step.stmt,)) - adjoint_names(step)
    found: set[int] = set()
    for position, step in enumerate(steps):
        array = _written(step, candidates)
        if array is None or not isinstance(array.value, Name):
            continue
        written = turns.offset(array.index)
        if written is None:
            continue
        reads = _reads(loop, steps, array.value.id)
        if not any(one.meets(turns, written, position) for one in reads):
            found.add(id(step))
    return found


@dataclass(frozen=True)
class _Read:
    """An adjoint's reading of an array: with which index (None: in another way), at which step of the loop, and whether
    it wants what the array held before that step."""

    index: Expr | None
    position: int
    old: bool

    def meets(self, turns: Turns, written: int, position: int) -> bool:
        """Whether it may want what the step at ``position`` overwrites, at ``i + written``."""
        if self.index is None:
            return True
        if isinstance(self.index, Const) and type(self.index.value) is int and self.index.value >= 0:
            return turns.lowest + written <= self.index.value
        read = turns.offset(self.index)
        after = self.position < position or (self.position == position and self.old)
        return read is None or turns.meets(read, written, after=after)


def _written(step: AnyStep, candidates: frozenset[str]) -> Subscript | None:
    match step:
        case Step(stmt=Assign(target=Subscript(value=Name(id=name)) as place)) if name in candidates:
            return place
        case Step(stmt=Augment(target=Subscript(value=Name(id=name)) as place)) if name in candidates:
            return place
    return None


def _reads(loop: Loop, steps: list[AnyStep], array: str) -> Iterator[_Read]:
    """How the adjoints in a loop read an array."""
    for position, step in enumerate(steps):
        match step:
            case Step(backward=backward, old=old):
                for index in _indices_in(backward, array):
                    yield _Read(index, position, old)
            case Branch(stmt=stmt, body_zeros=zeros, orelse_zeros=others):
                for part in (*_indices(stmt.test, array), *_indices_in((*zeros, *others), array)):
                    yield _Read(part, -1, old=True)
    for index in _indices_in((*loop.start, *loop.zeros, *loop.orelse_zeros), array):
        yield _Read(index, -1, old=True)


def _indices_in(block: Iterable[Stmt], array: str) -> Iterator[Expr | None]:
    for stmt in statements(block):
        if array in (*rebinds(stmt), *writes(stmt)):
            yield None
        for expr in expressions(stmt):
            yield from _indices(expr, array)


def _indices(expr: Expr, array: str) -> Iterator[Expr | None]:
    match expr:
        case Subscript(value=Name(id=name), index=index) if name == array:
            yield index
            yield from _indices(index, array)
        case Apply(op=op, args=(Name(id=name), *rest)) if name == array and op in FORM:
            for part in rest:
                yield from _indices(part, array)
        case Attribute(value=Name(id=name), attr="shape" | "ndim" | "size") if name == array:
            pass
        case Name(id=name):
            if name == array:
                yield None
        case _ if array in reads(expr) and (isinstance(expr, Each) or not children(expr)):
            yield None
        case _:
            for part in children(expr):
                yield from _indices(part, array)


def read_from_places(steps: list[AnyStep], supply: NameSupply, *, in_loop: bool = False) -> dict[str, str]:
    """Has the adjoints of what comes before ``x[i] = t``, in a loop, read ``t`` in that place: the adjoint of the write
    takes it out. Gives the names that are read, each with that of the primal's."""
    taken: dict[str, str] = {}
    for position, step in enumerate(steps):
        match step:
            case Step(stmt=Assign(target=Subscript() as place) as stmt, backward=backward) if in_loop:
                number, before = stored_number(stmt), steps[:position]
                if number is not None and any(number.id in adjoint_names(one) for one in before):
                    there = supply.temporary(number.type)
                    substitute_in_adjoints(before, {number.id: there})
                    backward.insert(0, Assign(there, place, span=stmt.span, ours=True))
                    taken[there.id] = number.id
            case Branch():
                taken |= read_from_places(step.body, supply, in_loop=in_loop)
                taken |= read_from_places(step.orelse, supply, in_loop=in_loop)
            case Loop():
                taken |= read_from_places(step.body, supply, in_loop=True)
                taken |= read_from_places(step.orelse, supply, in_loop=in_loop)
    return taken


def _flattened(steps: list[AnyStep]) -> Iterator[AnyStep]:
    for step in steps:
        yield step
        if isinstance(step, Branch):
            yield from _flattened(step.body)
            yield from _flattened(step.orelse)


def unshared(body: Block, steps: Iterable[AnyStep]) -> frozenset[str]:
    """Arrays that are written and read under one name alone: no other array that may be a view of one, or of which it
    may be a view, is written into or read by an adjoint.

    >>> from backprose.ir.names import NameSupply
    >>> from backprose.lower import lower
    >>> from backprose.parse import parse
    >>> def f(x):
    ...     y = x * 2.0
    ...     z = x * 3.0
    ...     tail = z[1:]
    ...     tail[0] = y[0] = z[0] = 1.0
    >>> sorted(unshared(lower(parse(f), NameSupply(())).body, []) & {"y", "z"})
    ['y']
    """
    groups = groups_sharing(body)
    named = [name for stmt in statements(body) for target in targets(stmt) for name in names(target)]
    arrays = {name.id for name in named if not name.type.is_immutable_scalar}
    used = {name for stmt in statements(body) for name in writes(stmt)}.union(*map(adjoint_names, steps))
    return frozenset(one.id for one in named if not groups.get(one.id, set()) & arrays & (used - {one.id}))
