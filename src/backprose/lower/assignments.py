"""Assignments: chained, to tuples, annotated, augmented; each becomes assignments of one operation."""

from __future__ import annotations

from typing import Any

import gast

from backprose.ir.nodes import Assign, Augment, Expr, List, Name, Pop, Span, Subscript, Tuple
from backprose.ir.walk import reads
from backprose.lower.expressions import Expressions
from backprose.lower.forms import BINARY, is_atom
from backprose.lower.scope import read


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
                both = isinstance(target, gast.Tuple | gast.List) and isinstance(value, gast.Tuple | gast.List)
                if both and len(target.elts) == len(value.elts):
                    self._parallel(target.elts, value.elts, span)
                else:
                    self._single(target, value, span)
            case gast.Assign():
                self._chain(node.targets, node.value, span)

    # ------------------------------------------------------------ one target, or several
    def _single(self, target: Any, value: Any, span: Span) -> None:
        lower = self.expressions
        popped = lower.popped(value)
        if popped is not None and isinstance(target, gast.Name) and target.id != popped:
            lower.block.append(Pop(Name(target.id), Name(popped), span))
        elif isinstance(target, gast.Subscript):
            self._store(target, lower.argument(value), span)
        else:
            self._bind(target, lower.value(value), span)

    def _chain(self, targets: list[Any], value: Any, span: Span) -> None:
        """``a = b = value``: evaluated once, assigned from left to right."""
        lower = self.expressions
        first, *others = targets
        right = lower.value(value)
        if isinstance(first, gast.Name) and not is_atom(right) and first.id not in reads(right):
            assigned = set().union(*(read(other) for other in others))
            if first.id not in assigned:
                lower.block.append(Assign(Name(first.id), right, span))
                targets, right = others, Name(first.id)
        right = lower.held(right)
        if isinstance(right, Name) and not right.temporary and len(targets) > 1 and right.id in read(*targets):
            right = lower.temporary(right)
        for target in targets:
            self._bind(target, right, span)

    def _bind(self, target: Any, value: Expr, span: Span) -> None:
        """Assign one operation to a target that is not in a display of values."""
        lower = self.expressions
        if isinstance(target, gast.Subscript):
            self._store(target, value, span)
        elif isinstance(target, gast.Name):
            if target.id in reads(value):
                value = lower.temporary(value)  # a statement of the flat form never reads its own target
            lower.block.append(Assign(Name(target.id), value, span))
        else:
            names = [Name(item.id) if isinstance(item, gast.Name) else lower.supply.temporary() for item in target.elts]
            if reads(value).intersection(name.id for name in names):
                value = lower.temporary(value)
            lower.block.append(Assign(Tuple(tuple(names)), value, span))
            for name, item in zip(names, target.elts, strict=True):
                if not isinstance(item, gast.Name):
                    self._store(item, name, span)

    def _store(self, target: Any, value: Expr, span: Span) -> None:
        """``target.value[index] = value``; Python evaluates the value first."""
        lower = self.expressions
        if not isinstance(value, (Tuple, List)):
            value = lower.held(value)
        lower.block.append(Assign(self._place(target), value, span))

    def _place(self, target: Any) -> Subscript:
        lower = self.expressions
        owner = lower.atom(target.value)
        return Subscript(owner, lower.index(target.slice))

    # ------------------------------------------------------------ tuple to tuple
    def _parallel(self, targets: list[Any], values: list[Any], span: Span) -> None:
        """``a, b = b, a + b``: temporaries only where a target is still to be read."""
        lower = self.expressions
        names = [target.id for target in targets if isinstance(target, gast.Name)]
        direct = len(names) == len(targets) == len(set(names))
        later: list[set[str]] = [set()]  # what the values after each one read
        for value in reversed(values[1:]):
            later.insert(0, later[0] | read(value))
        waiting: list[tuple[Any, Expr]] = []
        for target, value, read_later in zip(targets, values, later, strict=True):
            right = lower.value(value)
            held = set().union(*(reads(other) for _, other in waiting))
            if direct and target.id not in read_later and target.id not in held and not waiting:
                self._bind(target, right, span)
            else:
                waiting.append((target, lower.held(right)))
        for position, (target, right) in enumerate(waiting):
            if isinstance(target, gast.Name):
                after = [position + 1 + i for i, (_, other) in enumerate(waiting[position + 1 :]) if _is(other, target)]
                if after:
                    kept = lower.temporary(Name(target.id))
                    for index in after:
                        waiting[index] = (waiting[index][0], kept)
            if not _is(right, target):
                self._bind(target, waiting[position][1], span)

    # ------------------------------------------------------------ augmented
    def _augment(self, node: gast.AugAssign, span: Span) -> None:
        lower = self.expressions
        is_name = isinstance(node.target, gast.Name)
        place: Name | Subscript = Name(node.target.id) if is_name else self._place(node.target)
        lower.block.append(Augment(place, BINARY[type(node.op)], lower.atom(node.value), span))


def _is(value: Expr, target: Any) -> bool:
    return isinstance(value, Name) and isinstance(target, gast.Name) and value.id == target.id
