"""Assignments: chained, to tuples, annotated, augmented; each becomes assignments of one operation."""

from __future__ import annotations

from typing import Any

import gast

from backprose.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Call,
    Expr,
    Global,
    List,
    Name,
    Pop,
    Span,
    Starred,
    Subscript,
    Tuple,
)
from backprose.ir.walk import reads
from backprose.lower.expressions import Expressions, assigned_inside
from backprose.lower.fence import Refusal, refuse
from backprose.lower.forms import BINARY, is_atom
from backprose.lower.kept import check_kept
from backprose.lower.scope import assigned, read

RENEWED = Refusal(
    "an augmented assignment whose value assigns its target", "it is the old value that is changed, not the new one",
    "assign on a line before", "assignment-expressions",
)  # fmt: skip

LATE_INDEX = Refusal(
    "an augmented assignment whose value may change its index", "it is the old index that counts",
    "call on the line before", "targets",
)  # fmt: skip


class Assignments:
    def __init__(self, expressions: Expressions) -> None:
        self.expressions = expressions

    def lower(self, node: Any, span: Span) -> None:
        """Append the flat statements of an assignment."""
        match node:
            case gast.AugAssign():
                self._augment(node, span)
            case gast.AnnAssign():
                if node.value is not None:
                    self._single(node.target, node.value, span)
            case gast.Assign(targets=[target], value=value):
                pairs = _paired(target, value)
                if len(pairs) == 1 and pairs[0][0] is target:
                    self._single(target, value, span)
                elif pairs:
                    self._parallel(pairs, span)
            case gast.Assign():
                self._chain(node.targets, node.value, span)

    # ------------------------------------------------------------ one target, or several
    def _single(self, target: Any, value: Any, span: Span) -> None:
        lower = self.expressions
        check_kept(target, value, lower.resolver)
        if isinstance(value, gast.IfExp) and isinstance(target, gast.Name):
            lower.choose(value, lambda chosen: self._single(target, chosen, span))
            return
        comprehended = isinstance(value, gast.ListComp | gast.DictComp)
        own = isinstance(target, gast.Name) and target.id in lower.resolver.local
        if comprehended and own and target.id not in read(value):
            lower.comprehension(value, target.id)
            return
        popped = lower.popped(value)
        if popped is not None and own and target.id != popped:
            lower.block.append(Pop(Name(target.id), Name(popped), span))
        elif isinstance(target, gast.Subscript | gast.Attribute):
            self._store(target, lower.argument(value), span)
        else:
            self.bind(target, lower.value(value), span)

    def _chain(self, targets: list[Any], value: Any, span: Span) -> None:
        """``a = b = value``: evaluated once, assigned from left to right."""
        lower = self.expressions
        first, *others = targets
        right = lower.value(value)
        own = isinstance(first, gast.Name) and first.id in lower.resolver.local
        if own and not is_atom(right) and first.id not in reads(right):
            assigned = set().union(*(read(other) for other in others))
            if first.id not in assigned:
                lower.block.append(Assign(Name(first.id), right, span))
                targets, right = others, Name(first.id)
        right = lower.held(right)
        if isinstance(right, Name) and not right.temporary and len(targets) > 1 and right.id in read(*targets):
            right = lower.temporary(right)
        for target in targets:
            self.bind(target, right, span)

    def bind(self, target: Any, value: Expr, span: Span) -> None:
        """Assign one operation to a target that is not in a display of values."""
        lower = self.expressions
        if isinstance(target, gast.Subscript | gast.Attribute):
            self._store(target, value, span)
        elif isinstance(target, gast.Name) and target.id not in lower.resolver.local:
            lower.block.append(Assign(Global(target.id), lower.held(value), span))
        elif isinstance(target, gast.Name):
            if target.id in reads(value):
                value = lower.temporary(value)  # a statement of the flat form never reads its own target
            lower.block.append(Assign(Name(target.id), value, span))
        elif any(isinstance(item, gast.Starred) for item in target.elts):
            self._starred(target, value, span)
        else:
            names = [Name(item.id) if self._is_own(item) else lower.supply.temporary() for item in target.elts]
            if reads(value).intersection(name.id for name in names):
                if isinstance(value, Call):  # what it gives stays in parts
                    names = [lower.supply.temporary() if name.id in reads(value) else name for name in names]
                else:
                    value = lower.temporary(value)
            lower.block.append(Assign(Tuple(tuple(names)), value, span))
            for name, item in zip(names, target.elts, strict=True):
                if not (isinstance(item, gast.Name) and item.id == name.id):
                    self.bind(item, name, span)

    def _starred(self, target: Any, value: Expr, span: Span) -> None:
        """``first, *rest = xs``: what stands for how many is known once the structures are (``expand``)."""
        lower = self.expressions
        inner = [item.value if isinstance(item, gast.Starred) else item for item in target.elts]
        names = [Name(item.id) if self._is_own(item) else lower.supply.temporary() for item in inner]
        if reads(value) & {name.id for name in names}:
            value = lower.temporary(value)
        pairs = zip(names, target.elts, strict=True)
        items = (Starred(name) if isinstance(item, gast.Starred) else name for name, item in pairs)
        lower.block.append(Assign(Tuple(tuple(items)), value, span))
        for name, item in zip(names, inner, strict=True):
            if not self._is_own(item):
                self.bind(item, name, span)

    def _store(self, target: Any, value: Expr, span: Span) -> None:
        """``target.value[index] = value``; Python evaluates the value first."""
        lower = self.expressions
        if not isinstance(value, (Tuple, List)):
            value = lower.held(value)
        lower.block.append(Assign(self._place(target), value, span))

    def _place(self, target: Any) -> Subscript | Attribute:
        lower = self.expressions
        owner = lower.atom(target.value)
        if isinstance(target, gast.Attribute):
            return Attribute(owner, target.attr)
        return Subscript(owner, lower.index(target.slice))

    # ------------------------------------------------------------ tuple to tuple
    def _parallel(self, pairs: list[tuple[Any, Any]], span: Span) -> None:
        """``a, b = b, a + b``: temporaries only where a target is still to be read."""
        lower = self.expressions
        targets, values = [target for target, _ in pairs], [value for _, value in pairs]
        names = [target.id for target in targets if isinstance(target, gast.Name)]
        direct = len(names) == len(targets) == len(set(names))
        later: list[set[str]] = [set()]  # what the values after each one read
        for value in reversed(values[1:]):
            called = set(names).difference(lower.resolver.local) | lower.captured if lower.acts(value) else set[str]()
            later.insert(0, later[0] | read(value) | called)
        waiting: list[tuple[Any, Expr]] = []
        for target, value, read_later in zip(targets, values, later, strict=True):
            right = lower.atom(value) if isinstance(value, gast.Name) else lower.value(value)
            held = set().union(*(reads(other) for _, other in waiting))
            if direct and target.id not in read_later and target.id not in held and not waiting:
                self.bind(target, right, span)
            else:
                outside = isinstance(right, Attribute) and not callable(
                    lower.resolver.object(lower.resolver.path(value))
                )
                waiting.append((target, lower.temporary(right) if outside else lower.held(right)))
        for position, (target, right) in enumerate(waiting):
            for name in sorted(assigned([target])):
                variable = Name(name) if name in lower.resolver.local else Global(name)
                after = [i for i in range(position + 1, len(waiting)) if waiting[i][1] == variable]
                if after:
                    kept = lower.temporary(variable)
                    for index in after:
                        waiting[index] = (waiting[index][0], kept)
            if not (isinstance(target, gast.Name) and right == Name(target.id)):
                self.bind(target, waiting[position][1], span)

    def _reads_numbers(self, index: Any) -> bool:
        """Whether an index reads numbers outside, which a call in the value may change."""
        lower = self.expressions
        return any(name not in lower.resolver.local and lower.is_number_outside(name) for name in read(index))

    def _is_own(self, item: Any) -> bool:
        """Whether a target is a variable of the function's own."""
        return isinstance(item, gast.Name) and item.id in self.expressions.resolver.local

    # ------------------------------------------------------------ augmented
    def _augment(self, node: gast.AugAssign, span: Span) -> None:
        lower = self.expressions
        changed = node.target.value if isinstance(node.target, gast.Subscript | gast.Attribute) else node.target
        if set(assigned_inside(node.value)) & read(changed):
            refuse(lower.parsed, node, RENEWED)  # Python takes the old value, and the place, before the new one
        place: Name | Global | Subscript | Attribute
        if isinstance(node.target, gast.Name):
            own = node.target.id in lower.resolver.local
            place = Name(node.target.id) if own else Global(node.target.id)
        elif (
            isinstance(node.target, gast.Subscript)
            and lower.acts(node.value)
            and self._reads_numbers(node.target.slice)
        ):
            if isinstance(node.target.slice, gast.Tuple | gast.Slice):
                refuse(lower.parsed, node, LATE_INDEX)
            place = Subscript(lower.atom(node.target.value), lower.temporary(lower.value(node.target.slice)))
        else:
            place = self._place(node.target)
        lower.block.append(Augment(place, BINARY[type(node.op)], lower.atom(node.value), span))


def _paired(target: Any, value: Any) -> list[tuple[Any, Any]]:
    """Targets with their values, as far as both are displays of one length: ``(a, b), c = (b, a), f(x)``."""
    displays = gast.Tuple | gast.List
    if not (isinstance(target, displays) and isinstance(value, displays)) or len(target.elts) != len(value.elts):
        return [(target, value)]
    if any(isinstance(item, gast.Starred) for item in (*target.elts, *value.elts)):
        return [(target, value)]
    return [pair for both in zip(target.elts, value.elts, strict=True) for pair in _paired(*both)]
