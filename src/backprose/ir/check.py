"""The checker of programs: every stage's output holds to the normal form that it promises (see ``ir.nodes``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal, TypeAlias

from backprose.errors import InternalError
from backprose.ir.nodes import (
    Apply,
    Assert,
    Assign,
    Attribute,
    Augment,
    Block,
    Break,
    Call,
    Compare,
    Conditional,
    Const,
    Dict,
    Each,
    Enter,
    Evaluate,
    Expr,
    For,
    Function,
    Global,
    If,
    Lambda,
    Leave,
    List,
    Logic,
    Mark,
    Name,
    Ours,
    Pop,
    Push,
    Raise,
    Return,
    Slice,
    Starred,
    Stmt,
    Subscript,
    Target,
    Try,
    Tuple,
    Verbatim,
    While,
    children,
)
from backprose.ir.walk import UPDATES, expressions, is_outside, rebinds, statement_reads, statements, targets, whole_of

Form: TypeAlias = Literal["flat", "tree"]
AUGMENTS = frozenset(
    [
        "add",
        "subtract",
        "multiply",
        "divide",
        "floor_divide",
        "mod",
        "power",
        "matmul",
        "bitwise_and",
        "bitwise_or",
        "bitwise_xor",
        "left_shift",
        "right_shift",
    ]
)
COMPARISONS = frozenset(["==", "!=", "<", "<=", ">", ">=", "is", "is not", "in", "not in"])


def check(function: Function, form: Form, *, show: Callable[[Stmt], str] = repr) -> None:
    """Raises an ``InternalError`` that names the statement (as ``show`` writes it) where the form is broken.

    >>> from backprose.ir.nodes import Parameter
    >>> x, y = Name("x"), Name("y")
    >>> body = (Assign(y, Apply("sin", (Apply("cos", (x,)),))), Return(y))
    >>> function = Function("f", (Parameter("x"),), body, None)
    >>> check(function, "tree")
    >>> check(function, "flat", show=lambda stmt: "y = np.sin(np.cos(x))")
    Traceback (most recent call last):
    ...
    backprose.errors.InternalError: f is not in flat form: the operand Apply of sin is no name or constant
        in: y = np.sin(np.cos(x))
    """
    checker = _Checker(function, form, show)
    checker.function()


class _Checker:
    def __init__(self, function: Function, form: Form, show: Callable[[Stmt], str]) -> None:
        self._function = function
        self._form = form
        self._show = show
        self._stmt: Stmt | None = None
        self._parameters = {parameter.name for parameter in function.parameters}
        binding = (stmt for stmt in statements(function.body) if not isinstance(stmt, Augment))
        self._bound = self._parameters | {name for stmt in binding for name in rebinds(stmt)}
        self._seen: set[int] = set()

    def _fail(self, what: str) -> None:
        where = "" if self._stmt is None else f"\n    in: {self._show(self._stmt)}"
        raise InternalError(f"{self._function.name} is not in {self._form} form: {what}{where}")

    def _require(self, what: str, *, holds: bool) -> None:
        if not holds:
            self._fail(what)

    # ---------------------------------------------------------------- structure
    def function(self) -> None:
        parameters = self._function.parameters
        self._require("two parameters have one name", holds=len(self._parameters) == len(parameters))
        self._block(self._function.body, loop=False, outermost=True)

    def _block(self, block: Block, *, loop: bool, outermost: bool = False) -> None:
        entered = 0
        for stmt in block:
            self._stmt = stmt
            self._require("a statement stands in two places: facts are kept for each", holds=id(stmt) not in self._seen)
            self._seen.add(id(stmt))
            last = stmt is block[-1]
            entered += isinstance(stmt, Enter) - isinstance(stmt, Leave)
            if isinstance(stmt, Mark):
                entered += (stmt.kind == "try") - (stmt.kind == "end")
            self._require("a body ends that did not begin", holds=entered >= 0)
            if isinstance(stmt, Try) and stmt.continued:
                self._require("another handler stands alone in what is tried", holds=len(block) == 1)
            match stmt:
                case Break():
                    self._require("break stands last in a block of a loop", holds=last and loop)
                case Return():
                    self._require("return stands last in the function's body", holds=last and outermost)
            self._statement(stmt)
            match stmt:
                case If(body=body, orelse=orelse):
                    self._block(body, loop=loop)
                    self._block(orelse, loop=loop)
                case For(body=body, orelse=orelse) | While(body=body, orelse=orelse):
                    self._block(body, loop=True)
                    self._block(orelse, loop=False)
        self._require("a with or try statement has no end in its block", holds=entered == 0)

    def _statement(self, stmt: Stmt) -> None:
        for target in targets(stmt):
            self._target(target)
        unbound = sorted(statement_reads(stmt) - self._bound)
        self._require(f"nothing binds {', '.join(unbound)}", holds=not unbound)
        written = [target.index for target in targets(stmt) if isinstance(target, Subscript)]
        for expr in expressions(stmt):
            self._expression(expr, index=any(expr is index for index in written))
        match stmt:
            case Augment(op=op):
                self._require(f"{op} has no augmented assignment", holds=op in AUGMENTS)
            case Push(stack=stack) | Pop(stack=stack):
                self._stack(stack.id)
        if self._form == "flat":
            self._flat(stmt)

    def _target(self, target: Target) -> None:
        match target:
            case Tuple(items=items):
                for item in items:
                    one = item.value if isinstance(item, Starred) else item
                    self._require(f"{kind(one)} cannot be assigned to", holds=is_target(one))
            case _:
                self._require(f"{kind(target)} cannot be assigned to", holds=is_target(target))

    def _stack(self, name: str) -> None:
        """A stack begins as a list, or comes from outside or out of what was saved."""
        for stmt in statements(self._function.body):
            match stmt:
                case Assign(target=Name(id=target), value=value) if target == name:
                    self._require(f"the stack {name} is assigned {kind(value)}", holds=may_be_stack(value))

    # ---------------------------------------------------------------- expressions
    def _expression(self, expr: Expr, *, index: bool = False) -> None:
        """What holds for every expression; ``index``: directly in brackets, where a slice may stand."""
        match expr:
            case Ours():
                pass
            case Global(id=name):
                self._require(f"the global {name} is hidden by a local", holds=name not in self._bound)
            case Slice():
                self._require("a slice stands outside an index", holds=index)
            case Compare(operands=operands, ops=ops):
                fits = len(operands) == len(ops) + 1 > 1 and set(ops) <= COMPARISONS
                self._require("a comparison needs an operand more than operators", holds=fits)
            case Logic(op=op, operands=operands):
                self._require(f"{op} needs two operands", holds=len(operands) > 1)
            case Const(value=value):
                literal = value is None or value is Ellipsis or type(value) in _LITERALS
                self._require(f"{value!r} is not a literal", holds=literal)
        for child in children(expr):
            inside = isinstance(expr, Subscript) and child is expr.index
            inside = inside or (isinstance(expr, Apply) and expr.op in _INDEXED)
            self._expression(child, index=inside or (index and isinstance(expr, Tuple)))

    # ---------------------------------------------------------------- flat form
    def _flat(self, stmt: Stmt) -> None:
        """One operation a statement. Tests, what is raised and what is looped over are whole trees."""
        match stmt:
            case Assign(target=target, value=value):
                self._place(target)
                self._operation(value)
            case Augment(target=target, value=value):
                self._place(target)
                self._operand(value, "an augmented assignment")
            case Evaluate(value=value) | Enter(context=value):
                self._operation(value)
            case Return(value=value) if value is not None:
                self._operand(value, "return")
            case For(target=target):
                self._place(target)
            case Push(value=value):
                self._operand(value, "append")
            case If() | While() | Raise() | Assert():
                pass

    def _place(self, target: Target) -> None:
        match target:
            case Subscript(value=value) | Attribute(value=value):
                self._operand(_array(value), "a target")

    def _operation(self, expr: Expr) -> None:
        match expr:
            case Compare() | Logic() | Conditional() | Apply(op="not"):
                pass  # boolean expressions are whole trees, and no derivative passes through them
            case Apply(op=op, args=(changed, *rest)) if op in UPDATES:
                self._operands((_array(changed), *rest), op)
            case Apply(op=op, args=args, keywords=keywords):
                self._operands((*args, *(value for _, value in keywords)), op)
            case Call(function=function):
                if isinstance(function, Call):  # a derivative that is made where it is called: ``grad(f)(x)``
                    function = function.function
                callee = function.value if isinstance(function, Attribute) else function
                written = expr.written
                places = (_array(arg) if any(arg is place for place in written) else arg for arg in expr.arguments)
                self._operands((callee, *places), "a call")
            case Attribute(value=value) | Subscript(value=value):
                self._operand(value if isinstance(expr, Attribute) else _array(value), kind(expr))
            case _:
                self._operand(expr, "an assignment")

    def _operands(self, exprs: Iterable[Expr], of: str) -> None:
        for expr in exprs:
            self._operand(expr, of)

    def _operand(self, expr: Expr, of: str) -> None:
        self._require(f"the operand {kind(expr)} of {of} is no name or constant", holds=is_operand(expr))


def _array(place: Expr) -> Expr:
    """What a place is a part of: of ``x.T[1:]`` it is ``x``."""
    while isinstance(place, Subscript | Apply) and (inner := whole_of(place)) is not None:
        place = inner
    return place


_LITERALS = frozenset([int, float, complex, bool, str, bytes])
_INDEXED = UPDATES | {"getitem"}


def kind(expr: Expr) -> str:
    return type(expr).__name__


def is_target(expr: Expr) -> bool:
    return isinstance(expr, Name | Global | Subscript | Attribute | Tuple)


def may_be_stack(expr: Expr) -> bool:
    """A list, what was saved, a copy of it (``list(saved_x)``), or None for a loop that is not reached."""
    return (
        isinstance(expr, List | Name | Subscript)
        or expr == Const(None)
        or isinstance(expr, Each)
        or (isinstance(expr, Apply) and expr.op in ("list", "own", "multiply", "sections", "unsliced"))
        or (isinstance(expr, Conditional) and may_be_stack(expr.body) and may_be_stack(expr.orelse))
    )


def is_operand(expr: Expr) -> bool:
    """A name, a constant, a dotted global (``np.float64``), inactive Python, a function, or a structure of these.

    >>> is_operand(Tuple((Name("n"), Const(1)))), is_operand(Attribute(Global("np"), "pi"))
    (True, True)
    """
    match expr:
        case Name() | Const() | Global() | Verbatim() | Lambda():
            return True
        case Attribute(value=value):
            return (isinstance(value, Global | Attribute) and is_operand(value)) or is_outside(expr)
        case Tuple() | List() | Slice() | Dict() | Starred():
            return all(map(is_operand, children(expr)))
    return False
