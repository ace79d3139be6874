"""The program form: a small structured program of frozen data, between the Python trees at the two ends.

Expressions compare by structure (types and spellings aside), statements by identity. Every program prints as runnable
Python (``backprose.emit``). Two normal forms are checked (``backprose.ir.check``):

- *flat* (after ``lower``): one operation a statement; operands are ``Name``, ``Const`` or ``Global``. Tests of ``if``
  and ``while``, and boolean expressions in general, are whole trees of names that no derivative passes through.
- *tree* (after ``simplify``): single-use temporaries are folded back into whole expressions.

``Break`` stands only last in a block; ``Return`` only last in a function body; there is no ``continue``.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable
from dataclasses import field
from functools import wraps
from typing import Any, Literal, TypeAlias, TypeVar

import numpy as np

from backprose.ir.data import data
from backprose.ir.types import UNKNOWN, Type


# ---------------------------------------------------------------- places in the source
@data(frozen=True, slots=True)
class Span:
    """Where in its file a statement stands; lines count from 1, columns from 0, the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@data(frozen=True, slots=True)
class Comments:
    """The user's comments at a statement (texts start with ``#``)."""

    before: tuple[str, ...] = ()  # on lines of their own, above it
    beside: str | None = None  # at the end of its (first) line


# ---------------------------------------------------------------- facts of nodes
class Node:
    """What programs are made of: frozen, so that what follows from a node alone is worked out once (``once``)."""

    __slots__ = (
        "_acts",
        "_calls",
        "_effect",
        "_evaluated",
        "_followed",
        "_reads",
        "_rebinds",
        "_simple",
        "_statement_reads",
        "_touches",
        "_type",
        "_writes",
    )


N = TypeVar("N")
R = TypeVar("R")


def once(slot: str) -> Callable[[Callable[[N], R]], Callable[[N], R]]:
    """A function of a node alone, worked out once for each node and kept in a slot of it (never None)."""

    def decorate(compute: Callable[[N], R]) -> Callable[[N], R]:
        @wraps(compute)
        def known(node: N) -> R:
            found: R | None = getattr(node, slot, None)
            if found is None:
                found = compute(node)
                setattr(node, slot, found)
            return found

        return known

    return decorate


def not_again(slot: str) -> Callable[[Callable[[Expr], Expr]], Callable[[Expr], Expr]]:
    """A rewriting of an expression alone that does not look again at what it has left as it is: a slot says so."""

    def decorate(rewrite: Callable[[Expr], Expr]) -> Callable[[Expr], Expr]:
        @wraps(rewrite)
        def rewritten(expr: Expr) -> Expr:
            if getattr(expr, slot, False):
                return expr
            made = rewrite(expr)
            if made is expr:
                setattr(expr, slot, True)
            return made

        return rewritten

    return decorate


# ---------------------------------------------------------------- expressions
@data(frozen=True, slots=True)
class Name(Node):
    """A local variable. ``temporary``: made by us, to be folded away or named when the text is written."""

    id: str
    type: Type = field(default=UNKNOWN, compare=False)
    temporary: bool = field(default=False, compare=False)


@data(frozen=True, slots=True)
class Global(Node):
    """A name read from the primal's globals, closure cells or builtins, as it is when the program runs."""

    id: str
    type: Type = field(default=UNKNOWN, compare=False)


@data(frozen=True, slots=True)
class Ours(Global):
    """``np`` or a builtin as we mean it: in the text under a name that means nothing else in the user's function.

    >>> Ours("len").meaning, Ours("np").meaning.__name__
    (<built-in function len>, 'numpy')
    """

    @property
    def meaning(self) -> Any:
        return np if self.id == "np" else getattr(builtins, self.id)


@data(frozen=True, slots=True)
class Const(Node):
    """A literal: int, float, complex, bool, str, bytes, None or Ellipsis."""

    value: Any

    def _key(self) -> tuple[type, str]:
        return type(self.value), repr(self.value)  # 1, 1.0 and True differ, and so do 0.0 and -0.0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Const) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())


@data(frozen=True, slots=True)
class Apply(Node):
    """An operation that has a rule, under its canonical name: one form for ``x + y``, ``np.add(x, y)``.

    ``op`` is a name of the rule registry: NumPy's dotted name without ``numpy.`` (``add``, ``linalg.solve``).
    ``spelling`` is how it is written: ``operator``, ``method:sum``, ``attribute:T``, ``function:np.sum`` (as the user
    spells it), or empty: ours, written in the default way (operator where there is one, else ``np.<op>``, or a helper).
    """

    op: str
    args: tuple[Expr, ...]
    keywords: tuple[tuple[str, Expr], ...] = ()
    spelling: str = field(default="", compare=False)
    place: Span | None = field(default=None, compare=False, repr=False)  # in the user's text, for errors


@data(frozen=True, slots=True)
class Call(Node):
    """A call without a rule: a function of the user's, ``print``, a method that nothing is known of.

    ``writes``: the positions of the arguments (those by name after the others) whose content it changes; these are
    places in flat form too. ``shares``: those that its result may share memory with; None: it is not known. ``apart``:
    its result is a tuple whose items share no memory with each other.
    """

    function: Expr
    args: tuple[Expr, ...]
    keywords: tuple[tuple[str, Expr], ...] = ()
    place: Span | None = field(default=None, compare=False, repr=False)  # in the user's text, for errors
    writes: tuple[int, ...] = field(default=(), compare=False)
    shares: tuple[int, ...] | None = field(default=None, compare=False)
    apart: bool = field(default=False, compare=False)

    @property
    def arguments(self) -> tuple[Expr, ...]:
        return (*self.args, *(value for _, value in self.keywords))

    @property
    def written(self) -> tuple[Expr, ...]:
        """The places whose content the call changes."""
        given = self.arguments
        return tuple(given[position] for position in self.writes)


@data(frozen=True, slots=True)
class Attribute(Node):
    """``value.attr`` where it is not an operation: ``x.shape``, ``math.pi``, ``config.rate``.

    ``type``: of a variable of a module, as a global has it.
    """

    value: Expr
    attr: str
    type: Type = field(default=UNKNOWN, compare=False)


@data(frozen=True, slots=True)
class Subscript(Node):
    """``value[index]``; the index is a whole tree: names, constants, ``Slice``, ``Tuple`` of these.

    ``in_turn``: what a loop takes at the place that the index says, which of a dict is a key.
    """

    value: Expr
    index: Expr
    in_turn: bool = field(default=False, compare=False)


@data(frozen=True, slots=True)
class Slice(Node):
    lower: Expr | None
    upper: Expr | None
    step: Expr | None


@data(frozen=True, slots=True)
class Tuple(Node):
    items: tuple[Expr, ...]


@data(frozen=True, slots=True)
class List(Node):
    items: tuple[Expr, ...]


@data(frozen=True, slots=True)
class Dict(Node):
    """``{key: item}``; a key of ``None`` stands for ``**item``."""

    keys: tuple[Expr | None, ...]
    items: tuple[Expr, ...]


@data(frozen=True, slots=True)
class Starred(Node):
    """``*value`` in a display or among the arguments of a call; gone after ``expand``."""

    value: Expr


@data(frozen=True, slots=True, eq=False)
class Lambda(Node):
    """A function made in the program, ``def`` or ``lambda``; gone after ``expand``."""

    function: Function
    local: frozenset[str]


@data(frozen=True, slots=True)
class Compare(Node):
    """``a < b <= c``; ``ops`` as written (``<``, ``is not``, ``in``)."""

    operands: tuple[Expr, ...]
    ops: tuple[str, ...]


@data(frozen=True, slots=True)
class Logic(Node):
    """``and``/``or`` of operands of which no derivative is taken (``not`` is ``Apply("not")``)."""

    op: Literal["and", "or"]
    operands: tuple[Expr, ...]


@data(frozen=True, slots=True)
class Conditional(Node):
    """``body if test else orelse`` where no derivative passes through."""

    test: Expr
    body: Expr
    orelse: Expr


@data(frozen=True, slots=True)
class Each(Node):
    """``[item for names in zip(sources)]``, made by us; its ``names`` are its own, also where a variable has one."""

    item: Expr
    names: tuple[Name, ...]
    sources: tuple[Expr, ...]


@data(frozen=True, slots=True)
class Verbatim(Node):
    """An inactive Python expression that need not be understood: its gast tree and the local names that it reads."""

    tree: Any = field(hash=False)
    reads: tuple[str, ...]


Expr: TypeAlias = (
    "Name | Global | Const | Apply | Call | Attribute | Subscript | Slice | Tuple | List | Dict | Starred | Lambda"
    " | Compare | Logic | Conditional | Each | Verbatim"
)
Target: TypeAlias = "Name | Global | Subscript | Attribute | Tuple"


AUGMENTED = "operator:augmented"  # the spelling of the value of ``x = x + e`` where the user wrote ``x += e``


# ---------------------------------------------------------------- statements
@data(frozen=True, slots=True, eq=False)
class Assign(Node):
    """``target = value``.

    ``spelling`` is how a write into a place is written where the user did not assign: ``augmented`` (``x **= e``),
    ``out`` (``np.exp(e, out=x)``), ``copyto``, ``fill``, ``sort``, ``put`` and the like. It is kept where the value has
    not got a name.
    """

    target: Target
    value: Expr
    span: Span | None = None
    comments: Comments | None = None
    ours: bool = False  # an adjoint or tangent statement, which may be rewritten
    spelling: str = ""


@data(frozen=True, slots=True, eq=False)
class Augment(Node):
    """``target op= value``: in place where the target's value is an array; ``op`` is canonical (``add``)."""

    target: Name | Global | Subscript | Attribute
    op: str
    value: Expr
    span: Span | None = None
    comments: Comments | None = None
    ours: bool = False


@data(frozen=True, slots=True, eq=False)
class Evaluate(Node):
    """An expression for its effect: ``print(x)``."""

    value: Expr
    span: Span | None = None
    comments: Comments | None = None
    ours: bool = False


@data(frozen=True, slots=True, eq=False)
class If(Node):
    test: Expr
    body: Block
    orelse: Block = ()
    span: Span | None = None
    comments: Comments | None = None
    ours: bool = False


@data(frozen=True, slots=True, eq=False, kw_only=True)
class Try(If):
    """``try: orelse; except caught as name: body``: a branch whose test is whether the exception was raised.

    In ``orelse`` a ``Mark("else")`` ends what is tried; what follows it is the ``else`` of the ``try``. Another handler
    is another ``Try``, ``continued``, alone in ``orelse``. The test stands for something that the text does not say.
    """

    caught: Expr | None
    name: Name | None = None
    continued: bool = False


@data(frozen=True, slots=True, eq=False)
class For(Node):
    """``for target in iterable``; ``orelse`` runs where no ``Break`` ended the loop."""

    target: Target
    iterable: Expr
    body: Block
    orelse: Block = ()
    span: Span | None = None
    comments: Comments | None = None
    ours: bool = False


@data(frozen=True, slots=True, eq=False)
class While(Node):
    test: Expr
    body: Block
    orelse: Block = ()
    span: Span | None = None
    comments: Comments | None = None
    ours: bool = False


@data(frozen=True, slots=True, eq=False)
class Break(Node):
    span: Span | None = None
    comments: Comments | None = None
    ours: bool = False


@data(frozen=True, slots=True, eq=False)
class Pass(Node):
    span: Span | None = None
    comments: Comments | None = None
    ours: bool = False


@data(frozen=True, slots=True, eq=False)
class Return(Node):
    """Only as the last statement of a function's body."""

    value: Expr | None
    span: Span | None = None
    comments: Comments | None = None
    ours: bool = False


@data(frozen=True, slots=True, eq=False)
class Raise(Node):
    exception: Expr | None
    cause: Expr | None = None
    span: Span | None = None
    comments: Comments | None = None
    ours: bool = False


@data(frozen=True, slots=True, eq=False)
class Assert(Node):
    test: Expr
    message: Expr | None = None
    span: Span | None = None
    comments: Comments | None = None
    ours: bool = False


@data(frozen=True, slots=True, eq=False)
class Enter(Node):
    """``with context as target:``, whose body are the statements up to its ``Leave``, later in the same block.

    A context that lets exceptions pass changes how its body runs, not which statements run: so it is a pair of
    statements, and what is between them stays in line. ``again``: the context of the backward sweep there, if any.
    """

    context: Expr
    target: Name | None = None
    again: Expr | None = None
    span: Span | None = None
    comments: Comments | None = None
    ours: bool = False


@data(frozen=True, slots=True, eq=False)
class Leave(Node):
    """The end of the body of the last ``Enter`` of its block that has none yet; ``again`` is as there."""

    again: Expr | None = None
    span: Span | None = None
    comments: Comments | None = None
    ours: bool = False


@data(frozen=True, slots=True, eq=False)
class Mark(Node):
    """Where a part of a ``try`` begins or ends: ``else`` in a ``Try``; ``try``, ``finally`` and ``end`` in line.

    What stands between ``finally`` and ``end`` always runs: it is in line, as the body of a ``with`` is.
    """

    kind: Literal["else", "try", "finally", "end"]
    span: Span | None = None
    comments: Comments | None = None
    ours: bool = False


@data(frozen=True, slots=True, eq=False)
class Push(Node):
    """``stack.append(value)``: what the forward sweep keeps in a loop; ``stack`` is a local list used as a stack."""

    stack: Name
    value: Expr
    span: Span | None = None
    comments: Comments | None = None
    ours: bool = False


@data(frozen=True, slots=True, eq=False)
class Pop(Node):
    """``target = stack.pop()``."""

    target: Name | Subscript | Tuple
    stack: Name
    span: Span | None = None
    comments: Comments | None = None
    ours: bool = False


@data(frozen=True, slots=True, eq=False)
class Cut(Node):
    """``del stack[length:]``: what statements that were not finished have pushed is dropped."""

    stack: Name
    length: Name
    span: Span | None = None
    comments: Comments | None = None
    ours: bool = True


@data(frozen=True, slots=True, eq=False)
class Remark(Node):
    """A line of comment of ours between statements (``text`` without ``#``); an empty text is a blank line."""

    text: str
    span: Span | None = None
    comments: Comments | None = None
    ours: bool = True


Stmt: TypeAlias = (
    "Assign | Augment | Evaluate | If | For | While | Enter | Leave | Mark | Break | Pass | Return | Raise | Assert"
    " | Push | Pop | Cut | Remark"
)
Block: TypeAlias = "tuple[Stmt, ...]"


# ---------------------------------------------------------------- functions
@data(frozen=True, slots=True)
class Parameter:
    name: str
    kind: Literal["positional-only", "positional", "starred", "keyword-only", "double-starred"] = "positional"
    default: Expr | None = None
    type: Type = field(default=UNKNOWN, compare=False)


@data(frozen=True, slots=True, eq=False)
class Function(Node):
    """One function of a program. ``home`` is the Python function whose globals and cells it runs with; ``outside`` are
    parameters whose content the caller reads after the call."""

    name: str
    parameters: tuple[Parameter, ...]
    body: Block
    home: Any
    doc: str | None = None
    header: tuple[str, ...] = ()  # comment lines above ``def``
    outside: tuple[str, ...] = ()


@data(frozen=True, slots=True, eq=False)
class Program:
    """Functions in the order of their text; the entry function is the last."""

    functions: tuple[Function, ...]

    @property
    def entry(self) -> Function:
        return self.functions[-1]


LEAVES: frozenset[type] = frozenset({Name, Const, Global, Ours, Verbatim, Lambda})  # expressions without parts


def children(expr: Expr) -> tuple[Expr, ...]:
    """The direct parts of an expression, in the order Python evaluates them."""
    if type(expr) in LEAVES:
        return ()
    match expr:
        case Apply(args=args, keywords=keywords):
            return (*args, *(value for _, value in keywords)) if keywords else args
        case Subscript(value=value, index=index):
            return (value, index)
        case Attribute(value=value) | Starred(value=value):
            return (value,)
        case Call(function=function):
            return (function, *expr.arguments)
        case Tuple(items=items) | List(items=items):
            return items
        case Slice(lower=lower, upper=upper, step=step):
            return tuple(part for part in (lower, upper, step) if part is not None)
        case Compare(operands=operands) | Logic(operands=operands):
            return operands
        case Conditional(test=test, body=body, orelse=orelse):
            return (test, body, orelse)
        case Dict(keys=keys, items=items):
            pairs = zip(keys, items, strict=True)
            return tuple(part for pair in pairs for part in pair if part is not None)
        case Each(item=item, sources=sources):
            return (*sources, item)
    raise TypeError(f"{expr!r} is no expression")
