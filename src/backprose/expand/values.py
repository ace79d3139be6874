"""What a name may stand for while the program is expanded: a number or array, a structure, a function.

A structure is known slot by slot: the program that leaves this stage has a variable for each slot, and the structure
itself is gone. Two names for one list or object are two references to one ``Struct``, as they are in Python.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from types import FunctionType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeGuard

from backprose.ir.nodes import Compare, Const, Expr, Global, Name

if TYPE_CHECKING:
    from backprose.expand.frames import Frame
    from backprose.ir.nodes import Function

StructKind: TypeAlias = Literal["tuple", "list", "dict", "object"]

LENGTH = object()  # stands in for slots that are not known to be there


@dataclass(eq=False)
class Struct:
    """A tuple, list, dict or object. ``cls``: the class of a named tuple or an object; ``wish``: names its slots."""

    kind: StructKind
    slots: dict[Hashable, Value]
    cls: type | None = None
    wish: str = "part"
    own: set[str] = field(default_factory=set)  # the variables of its slots; a copy of it has others
    site: Hashable = None  # of a list: where it was made
    factory: Value | None = None  # of a ``defaultdict``: what makes an item that is missing
    frozen: bool = False  # an item of a list that is not followed slot by slot: it may not change
    stands_for: type | None = None  # the class of the user's, where that is not a plain one
    like: Expr | None = None  # an argument of its class
    most: int | None = None  # of a ``deque``: how many items it keeps
    display: bool = False  # a list that is written out where it is used, and has no name
    item_of: Hashable = None  # of an item of a list that stays: where that was made
    home: Rows | None = None  # of an item that is read and written in its list: that, and at which place
    index: Expr | None = None
    inherited: frozenset[Hashable] = frozenset()  # attributes that are those of the class

    @property
    def is_immutable(self) -> bool:
        return self.kind == "tuple"

    @property
    def is_whole(self) -> bool:
        """Whether it is known which slots there are."""
        return LENGTH not in self.slots

    def same(self, other: Value) -> bool:
        """Whether two tuples have the same slots, or two references are to the same list, dict or object."""
        if self is other:
            return True
        if not (isinstance(other, Struct) and self.is_immutable and other.is_immutable and self.cls is other.cls):
            return False
        return self.slots.keys() == other.slots.keys() and all(
            same(one, other.slots[key]) for key, one in self.slots.items()
        )


@dataclass(frozen=True)
class Form:
    """What each item of a list is that is not known slot by slot: a structure of the same slots (None: a number)."""

    kind: StructKind
    cls: type | None
    keys: tuple[Hashable, ...]
    parts: tuple[Form | None, ...]


@dataclass(frozen=True)
class Sequence:
    """A list of a length that is not known. It stays in the program: a list for each slot of its items.

    The variables say which list it is: whatever is bound to a list of the same variables is the same list.
    """

    columns: tuple[Name, ...]
    form: Form | None = None
    site: Hashable = field(default=None, compare=False)
    fixed: bool = False  # it is a tuple


TWO_WAYS = "it is not the same on every way through the program that comes here"
MOVED = "another name has it now: where names of lists or objects change places, each has one name"


class NotKnown(Exception):  # noqa: N818  nothing went wrong: the stage begins again
    """The list made at ``site`` cannot be followed slot by slot; what its items are."""

    def __init__(self, site: Hashable, form: Form | None) -> None:
        super().__init__(site)
        self.site, self.form = site, form


@dataclass(eq=False)
class Closure:
    """A function made in the program: a ``def`` or a ``lambda`` inside a function. It sees the frame around it.

    ``defaults``: the values of its parameters' defaults, as they were when it was made.
    """

    function: Function
    frame: Frame
    local: frozenset[str]
    defaults: dict[str, Value] = field(default_factory=dict)
    wish: str = "part"  # the name that it gets


@dataclass(eq=False)
class Known:
    """A function or class that is known now, with the object of a method or the arguments of a ``partial``.

    ``expr``: how the text names it, where it does.
    """

    value: FunctionType | type | Closure
    args: tuple[Value, ...] = ()
    keywords: dict[str, Value] = field(default_factory=dict)
    expr: Expr | None = None

    def same(self, other: Value) -> bool:
        return (
            isinstance(other, Known)
            and self.value is other.value
            and len(self.args) == len(other.args)
            and all(map(same, self.args, other.args))
            and self.keywords.keys() == other.keywords.keys()
            and all(same(one, other.keywords[key]) for key, one in self.keywords.items())
        )


@dataclass(frozen=True)
class Rows:
    """A list of a length that is not known, whose items are objects that change: an item is read and written in the
    list for its attribute. Nothing else may have the items, so no other list is made of them."""

    columns: tuple[Name, ...]
    form: Form
    site: Hashable = field(default=None, compare=False)
    first: Expr | None = None  # of a part of one, ``items[k:]``: where it begins
    count: Expr | None = None  # and how many it has


@dataclass(frozen=True)
class Place:
    """An attribute of an item of ``Rows``: what is there when it is read."""

    column: Name
    index: Expr


@dataclass(eq=False)
class Chosen:
    """One of two functions: that of ``body`` where ``test`` is true, a variable or a comparison of one."""

    test: Name | Compare
    body: Value
    orelse: Value


@dataclass(eq=False)
class Transformed:
    """``grad(f)``: the derivative of a function, to be worked out when it is called. ``function`` is None in
    ``grad(wrt="x")``, which takes one. ``make``: what makes derivatives; ``named``: where the text can call it as it is
    written, the derivative and its name there."""

    kind: str
    function: Value | None
    options: tuple[tuple[str, Any], ...]
    make: Any
    named: tuple[Any, Expr] | None = None

    def same(self, other: Value) -> bool:
        if not isinstance(other, Transformed) or (self.kind, self.options) != (other.kind, other.options):
            return False
        return self.function is other.function or (self.function is not None and same(self.function, other.function))


@dataclass(eq=False)
class Pullback:
    """What ``vjp`` gives: ``call`` with ``given``, as they were then, and cotangents after them. ``value``: what those
    belong to; ``wrt``: the arguments, with the names of ours in them that cotangents are given for."""

    call: Expr
    given: tuple[Expr, ...]
    value: Value
    wrt: tuple[Value, ...]
    single: bool
    leaves: tuple[Name, ...]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Super:
    """``super()`` in a method of ``cls``: what the classes after it give for ``owner``."""

    owner: Struct | Known | Expr
    cls: type


@dataclass(frozen=True)
class Lost:
    """What differs from one way through the program to another: an error where it is read."""

    reason: str


NOT_IMPLEMENTED = Global("NotImplemented")  # what an operator gives that leaves the answer to the other operand
Value: TypeAlias = (
    "Expr | Struct | Sequence | Rows | Place | Closure | Known | Chosen | Transformed | Pullback | Super | Lost"
)


def class_of_struct(value: Struct | Sequence | Rows) -> type:
    """What ``type(...)`` of a structure gives."""
    if not isinstance(value, Struct):
        return tuple if isinstance(value, Sequence) and value.fixed else list
    plain: dict[str, type] = {"tuple": tuple, "list": list, "dict": dict, "object": object}
    return value.stands_for or value.cls or plain[value.kind]


def same(one: Value | None, other: Value | None) -> bool:
    """Whether two values are the same on both ways that meet here."""
    if isinstance(one, Struct | Known | Transformed):
        return other is not None and one.same(other)
    if isinstance(one, Closure):
        return (
            isinstance(other, Closure)
            and one.function is other.function
            and one.frame is other.frame
            and all(same(value, other.defaults[name]) for name, value in one.defaults.items())
        )
    return one == other


def is_leaf(value: Value) -> TypeGuard[Expr]:
    """Whether a value is an expression of the program that leaves this stage."""
    return not isinstance(
        value, Struct | Sequence | Rows | Place | Closure | Known | Chosen | Transformed | Pullback | Super | Lost
    )


def form_of(value: Value, lists: bool = False) -> Form | None:
    """What a list of such items is made of; ValueError for what a list cannot be followed with.

    ``lists``: the items may hold lists, as those of a stack may, which are put there and taken back.
    """
    if is_leaf(value):
        return None
    if isinstance(value, Sequence) and lists:
        return Form("list", tuple if value.fixed else None, (0,), (value.form,))
    listed = isinstance(value, Struct) and value.kind == "list" and not value.display
    if isinstance(value, Struct) and not listed and value.stands_for is None and value.is_whole:
        parts = tuple(form_of(part, lists) for part in value.slots.values())
        return Form(value.kind, list if value.kind == "list" else value.cls, tuple(value.slots), parts)
    raise ValueError(type(value).__name__)


def holds_lists(form: Form | None) -> bool:
    return form is not None and (is_open(form) or any(map(holds_lists, form.parts)))


def is_open(form: Form) -> bool:
    """Whether an item is a list that stays; another one has as many items as all have, and is followed by them."""
    return form.kind == "list" and form.cls is not list


def leaves_of(value: Value) -> Iterator[Value]:
    """What is in a structure, the structure itself where it is none."""
    if isinstance(value, Struct):
        for item in value.slots.values():
            yield from leaves_of(item)
    else:
        yield value


def parts_of(value: Value, form: Form | None) -> list[Expr]:
    """The numbers and arrays of an item of this form; ValueError where it has another."""
    if form is None and is_leaf(value):
        return [value]
    if form is None or form_of(value, True) != form:
        raise ValueError("another form")
    if isinstance(value, Sequence):
        return list(value.columns)
    assert isinstance(value, Struct)
    value.frozen = True
    return [
        leaf for part, inner in zip(value.slots.values(), form.parts, strict=True) for leaf in parts_of(part, inner)
    ]


def made_of(form: Form | None, leaves: Iterator[Expr]) -> Value:
    """The item of this form that has these numbers and arrays."""
    if form is None:
        return next(leaves)
    if is_open(form):
        columns = tuple(leaf for _, leaf in zip(labels_of(form, ""), leaves) if isinstance(leaf, Name))  # noqa: B905
        return Sequence(columns, form.parts[0], fixed=form.cls is tuple)
    slots = {key: made_of(part, leaves) for key, part in zip(form.keys, form.parts, strict=True)}
    return Struct(form.kind, slots, None if form.cls is list else form.cls, frozen=True, display=form.cls is list)


def is_record(value: Value | None) -> bool:
    """An object or dict whose parts are numbers, arrays, lists that stay, functions or tuples of these."""
    if not isinstance(value, Struct) or value.kind not in ("object", "dict") or value.home is not None:
        return False
    return all(map(_is_part, value.slots.values()))


def _is_part(value: Value) -> bool:
    if isinstance(value, Struct):
        return value.is_immutable and all(map(_is_part, value.slots.values()))
    return not isinstance(value, Lost | Rows | Place)


def same_form(one: Value | None, other: Value | None) -> bool:
    if not (isinstance(one, Struct) and isinstance(other, Struct)):
        return False
    return (one.kind, one.cls, list(one.slots)) == (other.kind, other.cls, list(other.slots))


def labels_of(form: Form | None, prefix: str) -> list[str]:
    """A name for each number or array in an item."""
    if form is None:
        return [prefix]
    if is_open(form):
        return labels_of(form.parts[0], prefix)
    names = getattr(form.cls, "_fields", form.keys) if form.kind == "tuple" else form.keys
    return [
        label
        for key, part in zip(names, form.parts, strict=True)
        for label in labels_of(part, f"{prefix}_{key}" if str(key).replace("_", "a").isalnum() else f"{prefix}_part")
    ]


def is_function(value: Value | None) -> TypeGuard[Closure | Known | Chosen | Transformed | Pullback]:
    return isinstance(value, Closure | Known | Chosen | Transformed | Pullback)


def structs(value: Value | None, seen: set[int] | None = None) -> Iterator[Struct]:
    """A structure and those in it, each once."""
    seen = set() if seen is None else seen
    if isinstance(value, Known):
        for part in (*value.args, *value.keywords.values()):
            yield from structs(part, seen)
    if isinstance(value, Transformed):
        yield from structs(value.function, seen)
    if isinstance(value, Chosen):
        yield from structs(value.body, seen)
        yield from structs(value.orelse, seen)
    if isinstance(value, Struct) and id(value) not in seen:
        seen.add(id(value))
        yield value
        for slot in value.slots.values():
            yield from structs(slot, seen)


def plain(value: Any) -> bool:
    """Whether an object is a constant that can stand in the text."""
    return value is None or type(value) in (bool, int, float, str)


def constant_of(found: Any) -> Const | Struct | None:
    """A number, a text, or a tuple of these in any depth, as the value of a default; None for anything else."""
    if type(found) in (bool, int, float, str, type(None)):
        return Const(found)
    if type(found) is not tuple:
        return None
    slots: dict[Hashable, Value] = {}
    for place, item in enumerate(found):
        constant = constant_of(item)
        if constant is None:
            return None
        slots[place] = constant
    return Struct("tuple", slots, None)
