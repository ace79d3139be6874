"""Expressions: flat ones, one operation a statement, and whole trees where no derivative passes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Literal, NoReturn, TypeAlias

import gast
import numpy as np

from backprose.ir.names import NameSupply
from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Call,
    Compare,
    Conditional,
    Const,
    Dict,
    Expr,
    Global,
    If,
    List,
    Logic,
    Name,
    Pop,
    Slice,
    Span,
    Starred,
    Stmt,
    Subscript,
    Tuple,
    Verbatim,
    children,
)
from backprose.ir.walk import reads
from backprose.lower.fence import ASSIGNED, GENERATOR, KEPT_GENERATOR, Refusal, in_order, refuse
from backprose.lower.forms import BINARY, COMPARISONS, UNARY, is_atom, negated
from backprose.lower.mapping import counted_values, mapped, paired
from backprose.lower.resolve import ATTRIBUTES, METHODS, RENAMED, SPREAD, Resolver, accepts, operation, says_default
from backprose.lower.scope import literal, own_nodes
from backprose.rules.registry import form_of, is_owner, op_of

NORMS = frozenset(["linalg.norm", "linalg.vector_norm", "linalg.matrix_norm"])  # which np.inf is asked of

Part: TypeAlias = Callable[[Any], Expr]


class Expressions:
    """Lowers expressions of one function; statements that they need first are appended to ``block``.

    ``value`` gives one operation on atoms, ``atom`` a name or a literal, ``tree`` the whole expression.
    ``ours``: the source is a rule's, whose operations are written in the default way.
    """

    def __init__(
        self, resolver: Resolver, supply: NameSupply, stacks: frozenset[str] = frozenset(), ours: bool = False
    ) -> None:
        self.resolver = resolver
        self.parsed = resolver.parsed
        self.supply = supply
        self.stacks = stacks
        self.ours = ours
        self.block: list[Stmt] = []
        self.span: Span | None = None
        self.function: Callable[[Any], Expr] = self._refused  # how a function in the function is lowered
        self.comprehension: Callable[..., Expr] = self._refused
        self.consumes: Callable[[Any], bool] = lambda _call: False
        self.consumed: Callable[[Any], Expr | None] = lambda _call: None
        self.shared: frozenset[str] = frozenset()  # names that functions in the function bind, whenever they are called
        self.captured: frozenset[str] = frozenset()  # names that functions in the function read
        self.taken_apart: set[int] = set()  # what is starred, by identity, before a part that acts
        self.acting = False  # whether the statement calls what may change something outside
        self.adjoints: frozenset[str] = frozenset()  # names that stand for adjoints alone
        self.renewed: list[str] = []  # names that the statement is still to assign in the middle of an expression

    # ------------------------------------------------------------ the three ways
    def value(self, node: Any) -> Expr:
        """The expression as one operation on atoms."""
        node = self.with_generators(node)
        if isinstance(node, gast.BoolOp) and not self.is_boolean(node):
            return self._either(node)
        if isinstance(node, gast.IfExp):
            return self._choice(node)
        if isinstance(node, gast.ListComp | gast.DictComp):
            return self.comprehension(node)
        if isinstance(node, gast.Call) and node.args and isinstance(node.args[0], gast.GeneratorExp | gast.ListComp):
            found = self.consumed(node)
            if found is not None:
                return found
        if isinstance(node, gast.NamedExpr):
            return self._assigned(node)
        if isinstance(node, gast.JoinedStr) and not assigns(node):
            return self._text(node)
        if isinstance(node, gast.Compare | gast.BoolOp):
            return self.test(node) if needs_statements(node) else self.tree(node)
        if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.Not):
            return self.test(node) if needs_statements(node) else self.tree(node)
        if isinstance(node, gast.Call) and self.popped(node) is not None:
            target = self.supply.temporary()
            self.block.append(Pop(target, Name(self.popped(node) or ""), self.span))
            return target
        return self._build(node, self.atom, self.argument)

    def atom(self, node: Any) -> Expr:
        """The expression as an atom, in a temporary where it is none, or where a call may bind it anew."""
        if isinstance(node, gast.Name):
            own = node.id in self.resolver.local
            if node.id in self.shared or (self.acting and not own and self.is_number_outside(node.id)):
                return self.temporary(Name(node.id) if own else Global(node.id))
        return self.held(self.value(node))

    def is_number_outside(self, name: str) -> bool:
        return isinstance(self.resolver.object(name), int | float | complex | str | np.ndarray | np.generic | None)

    def acts(self, node: Any) -> bool:
        """Whether an expression calls what may read or change variables that it does not name."""
        for call in in_order(node):
            if isinstance(call, gast.Call):
                found = self.resolver.object(self.resolver.path(call.func))
                library = str(getattr(found, "__module__", "")).partition(".")[0] in ("numpy", "math", "builtins")
                if op_of(found) is None and not library and not isinstance(found, np.ufunc):
                    return True
        return False

    def argument(self, node: Any) -> Expr:
        """An argument of a call: an atom, or a display of atoms."""
        if id(node) in self.taken_apart:
            self.taken_apart.discard(id(node))
            starred = isinstance(node, gast.Starred)
            held = self.temporary(Starred(self.atom(node.value if starred else node)))
            return Starred(held) if starred else held
        if isinstance(node, gast.Tuple | gast.List):
            self.note_stars(node)
            items = tuple(map(self.argument, node.elts))
            return Tuple(items) if isinstance(node, gast.Tuple) else List(items)
        if isinstance(node, gast.Starred):
            return Starred(self.atom(node.value))
        if isinstance(node, gast.GeneratorExp):
            return self.comprehension(node)
        if isinstance(node, gast.Name):
            return self.atom(node)
        value = self.value(node)
        if isinstance(value, Verbatim) and not any(isinstance(part, gast.Call) for part in in_order(node)):
            return value
        return self.held(value)

    def note_stars(self, node: Any) -> None:
        """What is starred before a part that acts is taken apart before that: ``f(*items, items.pop())``."""
        match node:
            case gast.Call():
                parts = [(one, isinstance(one, gast.Starred)) for one in node.args]
                parts += [(one.value, one.arg is None) for one in node.keywords]
            case gast.Dict():
                parts = [(one, key is None) for key, one in zip(node.keys, node.values, strict=True)]
            case gast.Tuple() | gast.List():
                parts = [(one, isinstance(one, gast.Starred)) for one in node.elts]
            case _:
                return
        for place, (one, starred) in enumerate(parts):
            if starred and any(self.acts(later) for later, _ in parts[place + 1 :]):
                self.taken_apart.add(id(one))

    def tree(self, node: Any) -> Expr:
        """The whole expression; no derivative passes through it."""
        return self._build(node, self.tree, self.tree)

    def test(self, node: Any) -> Expr:
        """A test that is evaluated once, here: statements may stand before it."""
        node = self.with_generators(node)
        if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.Not):
            return negated(self.test(node.operand))
        if isinstance(node, gast.Call) and node.args and isinstance(node.args[0], gast.GeneratorExp | gast.ListComp):
            found = self.consumed(node)
            if found is not None:
                return found
        if not needs_statements(node):
            return self.tree(node)
        if isinstance(node, gast.Compare):
            return self._comparison(node)
        if isinstance(node, gast.BoolOp) and not any(map(needs_statements, node.values[1:])):
            first, *others = node.values
            return Logic(_logic(node), (self.test(first), *map(self.tree, others)))
        return self._decided(node) if isinstance(node, gast.BoolOp) else self.atom(node)

    def with_generators(self, node: Any) -> Any:
        """A call with comprehensions among its arguments for calls of ``map`` and the values of a counted dict."""
        if not isinstance(node, gast.Call):
            return node
        counted = counted_values(node, self.resolver)
        if counted is not None:
            return counted
        takes_all = any(self.resolver.is_builtin(node.func, name) for name in ("list", "tuple", "sorted"))
        if takes_all and len(node.args) == 1 and not node.keywords:
            pairs = paired(node.args[0], self.resolver, self.supply)
            if pairs is not None:
                return gast.copy_location(gast.Call(node.func, [pairs], []), node)
        found = {
            id(arg): mapped(arg, self.resolver, self.supply) or counted_values(arg, self.resolver) for arg in node.args
        }
        if not any(found.values()):
            return node
        made = gast.Call(node.func, [found[id(arg)] or arg for arg in node.args], node.keywords)
        return gast.copy_location(made, node)

    def held(self, value: Expr) -> Expr:
        """The value itself where it is an atom, else a temporary that holds it."""
        return value if is_atom(value) else self.temporary(value)

    def temporary(self, value: Expr) -> Name:
        name = self.supply.temporary()
        self.block.append(Assign(name, value, self.span))
        return name

    @contextmanager
    def inside(self) -> Iterator[list[Stmt]]:
        """Statements go into a new block for a while."""
        outer, self.block = self.block, []
        try:
            yield self.block
        finally:
            self.block = outer

    # ------------------------------------------------------------ values that need statements
    def _choice(self, node: gast.IfExp) -> Expr:
        target = self.supply.temporary()
        self.choose(node, lambda chosen: self.block.append(Assign(target, self.value(chosen), self.span)))
        return target

    def choose(self, node: gast.IfExp, bind: Callable[[Any], None]) -> None:
        """``body if test else orelse`` as a branch, on both sides of which ``bind`` says what becomes of the value."""
        test = self.test(node.test)
        with self.inside() as body:
            bind(node.body)
        with self.inside() as orelse:
            bind(node.orelse)
        self.block.append(If(test, tuple(body), tuple(orelse), self.span))

    def _either(self, node: gast.BoolOp) -> Expr:
        """``x or y`` as a value: ``t = x; if not t: t = y``."""
        target = self.supply.temporary()
        first, *others = node.values
        self.block.append(Assign(target, self.value(first), self.span))
        blocks = [self.block]
        for other in others:
            with self.inside() as block:
                self.block.append(Assign(target, self.value(other), self.span))
            blocks.append(block)
        test = negated(target) if isinstance(node.op, gast.Or) else target
        while len(blocks) > 1:
            inner = blocks.pop()
            blocks[-1].append(If(test, tuple(inner), (), self.span))
        return target

    def _assigned(self, node: gast.NamedExpr) -> Expr:
        """``(y := e)``: the assignment as a statement before, and the name."""
        value = self.value(node.value)
        target = Name(node.target.id)
        if target.id in self.renewed:
            self.renewed.remove(target.id)
        if target.id in reads(value):
            value = self.temporary(value)
        self.block.append(Assign(target, value, self.span))
        return target

    def _text(self, node: gast.JoinedStr) -> Expr:
        """An f-string; what it calls stands before it, after the text up to there: a call may change what is shown."""
        pieces: list[Any] = []
        shown: list[str] = []

        def show(value: Expr) -> gast.FormattedValue:
            shown.append(self.supply.fresh("shown"))
            self.block.append(Assign(Name(shown[-1]), value, self.span))
            name = gast.copy_location(gast.Name(shown[-1], gast.Load(), None, None), node)
            return gast.copy_location(gast.FormattedValue(name, -1, None), node)

        for piece in node.values:
            inside = in_order(piece.value) if isinstance(piece, gast.FormattedValue) else ()
            if any(isinstance(part, gast.Call) and self._is_opaque(part) for part in inside):
                if any(isinstance(one, gast.FormattedValue) for one in pieces):
                    before = gast.copy_location(gast.JoinedStr(pieces), node)
                    pieces = [show(Verbatim(before, (*self._reads(before), *shown)))]
                made = show(self.value(piece.value))
                made.conversion, made.format_spec = piece.conversion, piece.format_spec
                piece = made
            pieces.append(piece)
        whole = gast.copy_location(gast.JoinedStr(pieces), node) if shown else node
        return Verbatim(whole, (*self._reads(whole), *shown))

    def _comparison(self, node: gast.Compare) -> Expr:
        """A comparison with assignments in it: what Python evaluates before them is evaluated before them."""
        operands = [node.left, *node.comparators]
        last = max(position for position, operand in enumerate(operands) if needs_statements(operand))
        if last > 1:  # it is evaluated only where the comparison before it holds
            return self._linked(operands, node.ops)
        parts = [self.atom(one) if position <= last else self.tree(one) for position, one in enumerate(operands)]
        return Compare(tuple(parts), tuple(COMPARISONS[type(op)] for op in node.ops))

    def _linked(self, operands: list[Any], ops: list[Any]) -> Expr:
        """``a < b < (c := d)``: ``holds = False; if a < b: c = d; holds = b < c``."""
        target = Name(self.supply.fresh("holds"))
        self.block.append(Assign(target, Const(False), self.span))
        left, blocks = self.atom(operands[0]), [self.block]
        for position, (operand, op) in enumerate(zip(operands[1:], ops, strict=True)):
            right = self.atom(operand)
            test = Compare((left, right), (COMPARISONS[type(op)],))
            if position == len(ops) - 1:
                self.block.append(Assign(target, test, self.span))
            else:
                blocks.append([])
                self.block.append(If(test, (), (), self.span))
                self.block = blocks[-1]
            left = right
        while len(blocks) > 1:
            inner = blocks.pop()
            self.block = blocks[-1]
            outer = self.block[-1]
            assert isinstance(outer, If)
            self.block[-1] = replace(outer, body=tuple(inner))
        return target

    def _decided(self, node: gast.BoolOp) -> Expr:
        """A test with assignments that are not always reached: ``holds = False; if a: ...; holds = b``."""
        target = Name(self.supply.fresh("holds"))
        settled = isinstance(node.op, gast.Or)
        self.block.append(Assign(target, Const(settled), self.span))
        self.block += self._rest(node.values, target, settled)
        return target

    def _rest(self, values: list[Any], target: Name, settled: bool) -> list[Stmt]:
        first, *others = values
        with self.inside() as block:
            test = self.test(first)
            if not others:
                block.append(Assign(target, test, self.span))
            else:
                rest = self._rest(others, target, settled)
                block.append(If(negated(test) if settled else test, tuple(rest), (), self.span))
        return block

    def is_boolean(self, node: Any) -> bool:
        """Whether an expression can only be True or False, by its form."""
        match node:
            case gast.BoolOp():
                return all(map(self.is_boolean, node.values))
            case gast.UnaryOp():
                return isinstance(node.op, gast.Not)
            case gast.Constant():
                return isinstance(node.value, bool)
            case gast.Call():
                return self.resolver.is_predicate(node)
        return isinstance(node, gast.Compare)

    # ------------------------------------------------------------ one node
    def _build(self, node: Any, part: Part, argument: Part) -> Expr:
        """One node of the tree, its operands lowered by ``part`` and the arguments of calls by ``argument``."""
        if argument == self.argument:
            self.note_stars(node)
        match node:
            case gast.Constant():
                return Const(node.value)
            case gast.Name(id=name):
                if name not in self.resolver.local:
                    return self._path(name)
                return self.temporary(Name(name)) if name in self.renewed else Name(name)
            case gast.BinOp():
                return self._binary(node, part)
            case gast.UnaryOp():
                return literal(node) or self._apply(node, UNARY[type(node.op)], (part(node.operand),), "operator")
            case gast.Call():
                return self._call(node, part, argument)
            case gast.Attribute():
                return self._attribute(node, part)
            case gast.Subscript():
                value = part(node.value)
                return Subscript(value, self.index(node.slice) if part == self.atom else self.tree(node.slice))
            case gast.Slice():
                bounds = (node.lower, node.upper, node.step)
                return Slice(*(None if bound is None else part(bound) for bound in bounds))
            case gast.Tuple():
                return Tuple(tuple(map(argument, node.elts)))
            case gast.List():
                return List(tuple(map(argument, node.elts)))
            case gast.Dict():
                keys = tuple(None if key is None else part(key) for key in node.keys)
                return Dict(keys, tuple(map(argument, node.values)))
            case gast.Starred():
                return Starred(part(node.value))
            case gast.Lambda():
                return self.function(node)
            case gast.Compare():
                operands = (node.left, *node.comparators)
                return Compare(tuple(map(part, operands)), tuple(COMPARISONS[type(op)] for op in node.ops))
            case gast.BoolOp():
                return Logic(_logic(node), tuple(map(part, node.values)))
            case gast.IfExp():
                return Conditional(part(node.test), part(node.body), part(node.orelse))
            case gast.JoinedStr() | gast.Set() | gast.SetComp() if not assigns(node):
                return Verbatim(node, self._reads(node))
            case gast.NamedExpr() | gast.JoinedStr() | gast.Set():
                refuse(self.parsed, node, ASSIGNED)
            case gast.GeneratorExp():
                refuse(self.parsed, node, KEPT_GENERATOR)
        return self._refused(node)

    def _refused(self, node: Any) -> NoReturn:
        what = f"this expression ({type(node).__name__})"
        refuse(self.parsed, node, Refusal(what, "it is not covered", "write it in another way", "language"))

    def _binary(self, node: gast.BinOp, part: Part) -> Expr:
        """Chains like ``a + b + c`` lean to the left and may be long: no recursion there."""
        chain: list[gast.BinOp] = []
        left: Any = node
        while isinstance(left, gast.BinOp):
            chain.append(left)
            left = left.left
        result = part(left)
        for link in reversed(chain):
            if part == self.atom:
                result = self.held(result)
            result = self._apply(link, BINARY[type(link.op)], (result, part(link.right)), "operator")
        return result

    def index(self, node: Any) -> Expr:
        """An index: a whole tree, unless it calls a function without rule, whose effects must keep their place."""
        opaque = assigns(node) or any(isinstance(call, gast.Call) and self._is_opaque(call) for call in in_order(node))
        if not opaque:
            return self.tree(node)
        if isinstance(node, gast.Tuple):
            return Tuple(tuple(map(self.index, node.elts)))
        if isinstance(node, gast.Slice):
            return self._build(node, self.atom, self.atom)
        return self.atom(node)

    def _is_opaque(self, node: gast.Call) -> bool:
        with self.inside():  # only looked at
            return bool(_opaque_calls(self._call(node, self.tree, self.tree)))

    def _attribute(self, node: gast.Attribute, part: Part) -> Expr:
        path = self.resolver.path(node)
        op = ATTRIBUTES.get(node.attr)
        if path is not None and not (op is not None and self.resolver.owner_is_number(path.rpartition(".")[0])):
            return self._path(path)
        if op is not None and accepts(op, 1, ()):
            return self._apply(node, op, (part(node.value),), f"attribute:{node.attr}")
        return Attribute(part(node.value), node.attr)

    def _path(self, path: str) -> Expr:
        """``np.pi`` as it is written; in a rule, whose globals are not the user's, as its value."""
        if self.ours:
            value = self.resolver.object(path)
            if value is None or value is Ellipsis or type(value) in (bool, int, float):
                return Const(value)
        root, *attributes = path.split(".")
        found: Expr = Global(root)
        for attribute in attributes:
            found = Attribute(found, attribute)
        return found

    def _apply(
        self, node: Any, op: str, args: tuple[Expr, ...], spelling: str, keywords: tuple[tuple[str, Expr], ...] = ()
    ) -> Apply:
        if self.ours:  # np.divide in a rule, where / would raise for Python's own numbers
            spelling = "numpy" if op in ("divide", "power") and spelling.startswith("function:") else ""
        return Apply(op, args, keywords, spelling, self._place(node))

    def _place(self, node: Any) -> Span | None:
        return None if self.ours else self.parsed.span_of(node)

    def _reads(self, node: gast.AST) -> tuple[str, ...]:
        inner = {
            part.id
            for one in in_order(node)
            if isinstance(one, gast.comprehension)
            for part in in_order(one.target)
            if isinstance(part, gast.Name)
        }
        names = (part.id for part in in_order(node) if isinstance(part, gast.Name) and part.id not in inner)
        return tuple(dict.fromkeys(name for name in names if name in self.resolver.local))

    # ------------------------------------------------------------ calls
    def popped(self, node: Any) -> str | None:
        """The list whose last item ``items.pop()`` takes."""
        if isinstance(node, gast.Call) and isinstance(node.func, gast.Attribute) and not (node.args or node.keywords):
            owner = node.func.value
            if node.func.attr == "pop" and isinstance(owner, gast.Name) and owner.id in self.stacks:
                return str(owner.id)
        return None

    def _call(self, node: gast.Call, part: Part, argument: Part) -> Expr:
        if any(isinstance(arg, gast.GeneratorExp) for arg in node.args) and not self.consumes(node):
            refuse(self.parsed, node.args[0], GENERATOR)
        node = self._thawed(node)
        path = self.resolver.path(node.func)
        if isinstance(node.func, gast.Attribute):
            owner = self.resolver.path(node.func.value)
            if path is None or (owner is not None and self.resolver.owner_is_number(owner)):
                return self._method(node, node.func, part, argument)
            if owner is not None and node.func.attr == "dot" and self.resolver.owner_is_sparse(owner):
                return self._method(node, node.func, part, argument)
        function = self._attribute(node.func, part) if path is not None and "." in path else part(node.func)
        found = self.resolver.object(path)
        norms = op_of(found) in NORMS
        args = tuple((self._infinity(arg) if norms else None) or argument(arg) for arg in node.args)
        keywords = tuple(
            (one.arg or "**", (self._infinity(one.value) if norms else None) or argument(one.value))
            for one in node.keywords
        )
        if any(isinstance(arg, Starred) for arg in args) or any(key == "**" for key, _ in keywords):
            return Call(function, args, keywords, self._place(node))
        if found is np.clip and len(args) == 1:
            bounds, keywords = canonical_arguments("clip", (), keywords)
            args = (*args, *bounds)
        op = operation(found, len(args), [key for key, _ in keywords])
        if op is None and keywords and op_of(found) is not None:
            keywords = _without_defaults(found, keywords)
            op = operation(found, len(args), [key for key, _ in keywords])
        form = form_of(found, list(map(_constant, args)), {key: _constant(value) for key, value in keywords})
        if form is not found and (op is None or form.name):
            op = operation(form, len(args), [key for key, _ in keywords])
        if op is None and self.ours:
            op = getattr(found, "__backprose_operation__", None)
        if op is None:
            return Call(function, args, keywords, self._place(node))
        home = self.parsed.function.__module__ or ""
        by_name = not home.startswith("backprose.stand_ins.")  # whose text calls helpers of ours
        return self._apply(node, op, args, f"function:{path}" if by_name else "", keywords)

    def _thawed(self, node: gast.Call) -> gast.Call:
        """``stats.norm(m, s).logpdf(x)`` as ``stats.norm.logpdf(x, m, s)``, where the order of calls stays the same."""
        method = node.func
        made = method.value if isinstance(method, gast.Attribute) else None
        if not isinstance(made, gast.Call) or len(node.args) != 1 or node.keywords:
            return node
        found = self.resolver.object(self.resolver.path(made.func))
        sides = [[*made.args, *(one.value for one in made.keywords)], node.args]
        named = [str(one.arg) for one in made.keywords]
        starred = None in (one.arg for one in made.keywords) or any(
            isinstance(one, gast.Starred) for side in sides for one in side
        )
        direct_method = getattr(found, method.attr, None) if is_owner(found) else None
        if starred or operation(direct_method, 1 + len(made.args), named) is None:
            return node
        acting = (gast.Call, gast.NamedExpr)
        if all(any(isinstance(part, acting) for one in side for part in in_order(one)) for side in sides):
            return node
        direct = gast.copy_location(gast.Attribute(made.func, method.attr, gast.Load()), method)
        return gast.copy_location(gast.Call(direct, [*node.args, *made.args], made.keywords), node)

    def _infinity(self, node: gast.AST) -> Const | None:
        """``np.inf`` or ``-np.inf``, which says which norm is meant, as the number that it is."""
        match node:
            case gast.UnaryOp(op=gast.USub(), operand=inner):
                return None if self._infinity(inner) is None else Const(-math.inf)
            case gast.Attribute(value=gast.Name(), attr="inf"):
                path = self.resolver.path(node)
                return Const(math.inf) if path and self.resolver.object(path[:-4]) in (np, math) else None
        return None

    def _method(self, node: gast.Call, function: gast.Attribute, part: Part, argument: Part) -> Expr:
        owner = part(function.value)
        args = tuple(map(argument, node.args))
        keywords = tuple((keyword.arg or "**", argument(keyword.value)) for keyword in node.keywords)
        name = RENAMED.get(function.attr, function.attr)
        if name in METHODS:
            given, named = canonical_arguments(name, args, keywords)
            if not accepts(name, 1 + len(given), [key for key, _ in named]):
                named = _without_defaults(getattr(np, name, None), named)
            if accepts(name, 1 + len(given), [key for key, _ in named]):
                return self._apply(node, name, (owner, *given), f"method:{function.attr}", named)
        return Call(Attribute(owner, name), args, keywords, self._place(node))


def _without_defaults(function: object, keywords: tuple[tuple[str, Expr], ...]) -> tuple[tuple[str, Expr], ...]:
    """The keywords without those that change nothing: ``casting="same_kind"``, ``where=True``."""
    return tuple(pair for pair in keywords if not says_default(function, pair[0], _constant(pair[1])))


def _constant(value: Expr) -> object:
    return value.value if isinstance(value, Const) else ...


def assigns(node: gast.AST) -> bool:
    """Whether an expression assigns a name (``:=``) of the scope that it stands in."""
    return bool(assigned_inside(node))


def needs_statements(node: gast.AST) -> bool:
    """Whether an expression assigns a name, or holds a comprehension, which is a loop."""
    loops = gast.ListComp | gast.GeneratorExp | gast.DictComp
    return any(isinstance(part, gast.NamedExpr | loops) for part in own_nodes(node))


def assigned_inside(*nodes: gast.AST) -> list[str]:
    """The names that expressions assign, as often as they do."""
    return [part.target.id for part in own_nodes(*nodes) if isinstance(part, gast.NamedExpr)]


def _logic(node: gast.BoolOp) -> Literal["and", "or"]:
    return "and" if isinstance(node.op, gast.And) else "or"


def canonical_arguments(
    method: str, args: tuple[Expr, ...], keywords: tuple[tuple[str, Expr], ...]
) -> tuple[tuple[Expr, ...], tuple[tuple[str, Expr], ...]]:
    """The arguments of a method as those of the function: ``x.reshape(2, 3)``, ``x.clip(max=1)``."""
    if method in SPREAD and (len(args) > 1 or any(isinstance(arg, Starred) for arg in args)):
        return (Tuple(args),), keywords
    if method == "clip" and not args and keywords and {key for key, _ in keywords} <= {"min", "max"}:
        named = dict(keywords)
        return (named.get("min", Const(None)), named.get("max", Const(None))), ()
    return args, keywords


def _opaque_calls(expr: Expr) -> Sequence[Expr]:
    """The calls without a rule in an expression."""
    found: list[Expr] = []
    pending = [expr]
    while pending:
        node = pending.pop()
        if isinstance(node, Call):
            found.append(node)
        pending.extend(children(node))
    return found
