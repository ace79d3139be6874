"""``match``: each case is a test of the subject, its names are bound where the test holds, before the guard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

import gast

from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Block,
    Call,
    Comments,
    Compare,
    Const,
    Expr,
    If,
    Logic,
    Name,
    Ours,
    Slice,
    Span,
    Stmt,
    Subscript,
    Tuple,
)
from backprose.lower.expressions import Expressions, assigned_inside
from backprose.lower.fence import Refusal, refuse
from backprose.lower.forms import is_atom
from backprose.lower.resolve import MISSING
from backprose.lower.scope import assigned

# classes whose one positional pattern is the subject itself
WHOLE = (bool, bytearray, bytes, dict, float, frozenset, int, list, set, str, tuple)


@dataclass
class Case:
    """What a pattern asks of the subject, in order, and the names that it binds."""

    tests: list[Expr] = field(default_factory=list)
    names: list[tuple[Name, Expr]] = field(default_factory=list)


class Matching:
    """Lowers ``match``; ``suite`` gives the statements of a block, ``comments_at`` the comments of some lines."""

    def __init__(
        self,
        expressions: Expressions,
        suite: Callable[[Sequence[Any]], Block],
        comments_at: Callable[[int, int], Comments | None],
    ) -> None:
        self.expressions, self.suite, self.comments_at = expressions, suite, comments_at

    def lower(self, node: gast.Match) -> list[Stmt]:
        """The statements of a ``match``: the subject is evaluated once, here."""
        subject = self.subject(node)
        made: Block = ()
        for before in reversed([self.case(case, subject) for case in node.cases]):
            made = before(made)
        return list(made)

    def subject(self, node: gast.Match) -> Expr:
        """A display item by item, so that patterns of sequences are tests of its items; anything else as a name."""
        lower = self.expressions
        changed = assigned([*node.cases])

        def held(part: Any) -> Expr:
            if isinstance(part, gast.Tuple) and not any(isinstance(item, gast.Starred) for item in part.elts):
                return Tuple(tuple(map(held, part.elts)))
            value = lower.value(part)
            if is_atom(value) and not (isinstance(value, Name) and value.id in changed):
                return value
            kept = Name(lower.supply.fresh("subject"))
            lower.block.append(Assign(kept, value, lower.span))
            return kept

        return held(node.subject)

    def case(self, node: Any, subject: Expr) -> Callable[[Block], Block]:
        """One case: what it makes of the block of those that follow it."""
        lower = self.expressions
        found = Case()
        self.pattern(node.pattern, subject, found)
        here = self.header(node)
        comments = self.comments_at(here.line, here.end_line)
        binding: list[Stmt] = [Assign(name, value, here) for name, value in found.names]
        test = _all(found.tests)
        if node.guard is None:
            body = (*binding, *self.suite(node.body))
            return lambda otherwise: body if test is None else (If(test, body, otherwise, here, comments),)
        with lower.inside() as before:
            lower.renewed = assigned_inside(node.guard)
            guard = lower.test(node.guard)
        body = self.suite(node.body)
        if test is None:
            return lambda otherwise: (*binding, *before, If(guard, body, otherwise, here, comments))
        if not before and not binding:
            return lambda otherwise: (If(Logic("and", (test, guard)), body, otherwise, here, comments),)
        matched = Name(lower.supply.fresh("matched"))
        tried = (*binding, *before, Assign(matched, guard, here))
        return lambda otherwise: (
            Assign(matched, Const(False), here),
            If(test, tried, (), here, comments),
            If(matched, body, otherwise, here),
        )

    def header(self, node: Any) -> Span:
        """Where a case stands, from its keyword to its guard."""
        parsed = self.expressions.parsed
        whole = parsed.span_of(node.pattern if node.guard is None else node.guard)
        line: str = parsed.lines[node.pattern.lineno - 1]
        return replace(whole, line=node.pattern.lineno, column=len(line) - len(line.lstrip()))

    def pattern(self, node: Any, subject: Expr, found: Case) -> None:
        match node:
            case gast.MatchValue(value=value):
                if isinstance(subject, Tuple):
                    self.refused(node)
                found.tests.append(Compare((subject, self.expressions.tree(value)), ("==",)))
            case gast.MatchSingleton(value=value):
                if isinstance(subject, Tuple):
                    self.refused(node)
                found.tests.append(Compare((subject, Const(value)), ("is",)))
            case gast.MatchAs(pattern=inner, name=name):
                if inner is not None:
                    self.pattern(inner, subject, found)
                if name is not None:
                    found.names.append((Name(name), subject))
            case gast.MatchOr(patterns=patterns):
                ways: list[Expr] = []
                for one in patterns:
                    way = Case()
                    self.pattern(one, subject, way)
                    if way.names:
                        self.refused(node)
                    test = _all(way.tests)
                    if test is None:
                        return  # the last of them, which fits everything
                    ways.append(test)
                found.tests.append(Logic("or", tuple(ways)))
            case gast.MatchSequence(patterns=patterns) if isinstance(subject, Tuple):
                if len(subject.items) != len(patterns) or any(isinstance(one, gast.MatchStar) for one in patterns):
                    self.refused(node)
                for one, item in zip(patterns, subject.items, strict=True):
                    self.pattern(one, item, found)
            case gast.MatchSequence(patterns=patterns):
                self.of_sequence(patterns, subject, found)
            case gast.MatchMapping(rest=None) if not isinstance(subject, Tuple):
                found.tests.append(Apply("is_mapping", (subject,)))
                for written, one in zip(node.keys, node.patterns, strict=True):
                    key = self.expressions.tree(written)
                    found.tests.append(Compare((key, subject), ("in",)))
                    self.pattern(one, Subscript(subject, key), found)
            case gast.MatchClass() if not isinstance(subject, Tuple):
                self.of_class(node, subject, found)
            case _:
                self.refused(node)

    def of_sequence(self, patterns: Sequence[Any], subject: Expr, found: Case) -> None:
        """``case (x, *rest)``: a sequence of that length, and patterns of its items."""
        length = Apply("len", (subject,))
        stars = [at for at, one in enumerate(patterns) if isinstance(one, gast.MatchStar)]
        found.tests.append(Apply("is_sequence", (subject,)))
        found.tests.append(Compare((length, Const(len(patterns) - len(stars))), (">=" if stars else "==",)))
        for at, one in enumerate(patterns):
            behind = len(patterns) - at
            if not isinstance(one, gast.MatchStar):
                self.pattern(one, Subscript(subject, Const(-behind if stars and at > stars[0] else at)), found)
            elif one.name is not None:
                rest = Slice(Const(at), Const(1 - behind) if behind > 1 else None, None)
                part = self.expressions.supply.temporary()
                found.names += [(part, Subscript(subject, rest)), (Name(one.name), Apply("list", (part,)))]

    def of_class(self, node: Any, subject: Expr, found: Case) -> None:
        """``case Circle(radius=r)``: an instance, and patterns of its attributes."""
        resolver = self.expressions.resolver
        cls = resolver.object(resolver.path(node.cls))
        if cls is MISSING or not isinstance(cls, type):
            self.refused(node)
        written = self.expressions.tree(node.cls)
        found.tests.append(Call(Ours("isinstance"), (subject, written), (), self.expressions.parsed.span_of(node)))
        names = list(getattr(cls, "__match_args__", ()))
        if cls in WHOLE and len(node.patterns) == 1:
            self.pattern(node.patterns[0], subject, found)
        elif len(node.patterns) > len(names):
            self.refused(node)
        else:
            for name, one in zip(names, node.patterns, strict=False):
                self.pattern(one, Attribute(subject, name), found)
        for name, one in zip(node.kwd_attrs, node.kwd_patterns, strict=True):
            self.pattern(one, Attribute(subject, name), found)

    def refused(self, node: gast.AST) -> NoReturn:
        refuse(
            self.expressions.parsed,
            node,
            Refusal(
                "this pattern",
                "values, constants, names, classes, alternatives of these, and displays of them against a display are "
                "covered",
                "use if and elif",
                "match-statements",
            ),
        )


def _all(tests: Sequence[Expr]) -> Expr | None:
    if len(tests) > 1:
        return Logic("and", tuple(tests))
    return tests[0] if tests else None
