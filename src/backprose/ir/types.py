"""What is known of a value before the program runs: kind, dtype and the extent of each axis."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from backprose.ir.data import data

Kind: TypeAlias = Literal[
    "unknown",
    "python",  # a Python number; dtype says which: bool, int64, float64, complex128 (weak in promotion)
    "scalar",  # a NumPy scalar (np.generic): immutable, rank 0
    "array",  # a NumPy array of any rank, 0 included
    "numpy",  # rank 0, a NumPy scalar or an array
    "number",  # any of these four
    "tuple",  # a tuple (of ``items`` where their number is known); shapes are tuples of python int64
    "list",
    "dict",
    "object",  # of a class of the user's
    "function",  # a function or class that the program is made for
    "none",
    "str",
    "other",  # anything else: modules, functions, ranges, dtypes, slices
]


@data(frozen=True, slots=True)
class Extent:
    """A length not known before the program runs: ``max(symbol - less, 0)``.

    ``not_one``: proved different from 1 (0 is possible), so that broadcasting cannot stretch the axis.
    Two equal ``Extent``s (same symbol and ``less``) are the same number.
    """

    symbol: str
    less: int = 0
    not_one: bool = False

    def __str__(self) -> str:
        return self.symbol + (f"-{self.less}" if self.less else "") + ("" if self.not_one else "?")


Dim: TypeAlias = "int | Extent"


@data(frozen=True, slots=True)
class Type:
    """A sound statement about every value that a name or an expression can have at one place."""

    kind: Kind = "unknown"
    dtype: str | None = None  # NumPy's name ("float64"), None: not known
    shape: tuple[Dim, ...] | None = None  # None: rank not known
    items: tuple[Type, ...] | None = None  # of a tuple or list with a known number of items
    extent: Dim | None = None  # a python int that equals this extent (x.shape[0], len(x))
    keys: tuple[Any, ...] | None = None  # of a dict or object, beside ``items``
    fixed: int = 0  # how many of ``keys``, the last ones, are attributes of the class: constants
    # the class of an object, a named tuple or what is iterated in a way of its own; the function; the text, where the
    # program is made for it
    value: Any = None
    item: Type | None = None  # what is true of every item of a list whose number of items is not known

    @property
    def rank(self) -> int | None:
        return None if self.shape is None else len(self.shape)

    @property
    def is_structure(self) -> bool:
        """A tuple, list, dict, object or function of which all parts are known."""
        if self.kind == "function":
            return True
        if self.items is None or self.kind not in ("tuple", "list", "dict", "object"):
            return False
        return self.kind != "tuple" or self.value is not None or any(map(_has_leaves, self.items))

    @property
    def is_number(self) -> bool:
        """A scalar or an array of numbers: something that can have an adjoint."""
        return self.kind in ("python", "scalar", "array", "numpy", "number")

    @property
    def is_sparse(self) -> bool:
        """A sparse matrix of SciPy's, which has no adjoint."""
        return self.kind == "other" and self.shape is not None and self.value is not None

    @property
    def is_immutable_scalar(self) -> bool:
        """A number that no write can change: Python's, NumPy's, or one of the two (kind unknown, rank 0)."""
        return self.kind in ("python", "scalar") or (self.kind == "unknown" and self.shape == ())

    @property
    def may_be_python(self) -> bool:
        """What may be one of Python's numbers, which are weak in promotion."""
        return self.kind in ("python", "unknown", "number")

    @property
    def may_be_differentiable(self) -> bool:
        """False only where the dtype or kind is proved to be discrete."""
        if self.kind in ("none", "str", "other", "function"):
            return False
        if self.kind == "list" and self.item is not None:
            return self.item.may_be_differentiable
        return self.dtype is None or self.dtype.startswith(("float", "complex"))

    @property
    def is_complex(self) -> bool | None:
        """Whether a number is complex; None where its dtype is not known."""
        return None if self.dtype is None else self.dtype.startswith("complex")

    def __str__(self) -> str:
        if self.kind == "tuple" and self.items is not None:
            return f"({', '.join(map(str, self.items))})"
        if self.kind in ("array", "numpy", "scalar", "number"):
            inside = "..." if self.shape is None else ", ".join(map(str, self.shape))
            return f"{self.kind} {self.dtype or '?'}[{inside}]"
        return f"{self.kind} {self.dtype}" if self.dtype else self.kind


ANY = "*"  # the symbol of a length that may differ from item to item of a list


def alike(types: tuple[Type, ...]) -> Type | None:
    """What is true of each of several values of one form; None where they have several forms.

    >>> print(alike((Type("array", "float64", (Extent("a"), 1)), Type("array", "float64", (3, 1)))))
    array float64[*?, 1]
    """
    first = types[0]
    if any((one.kind, one.dtype, one.rank, one.keys, one.value) != _outline(first) for one in types):
        return None
    if first.is_number or first.kind in ("none", "str"):
        axes = zip(*(one.shape or () for one in types), strict=True)
        return Type(first.kind, first.dtype, None if first.shape is None else tuple(map(_some_length, axes)))
    if not first.is_structure or first.kind in ("list", "function") or first.items is None:
        return None
    if any(one.items is None or len(one.items) != len(first.items) for one in types):
        return None
    items = [alike(column) for column in zip(*(one.items or () for one in types), strict=True)]
    found = tuple(item for item in items if item is not None)
    if len(found) < len(items):
        return None
    return Type(first.kind, items=found, keys=first.keys, fixed=first.fixed, value=first.value)


def _outline(one: Type) -> tuple[Any, ...]:
    return one.kind, one.dtype, one.rank, one.keys, one.value


def _some_length(dims: tuple[Dim, ...]) -> Dim:
    if all(isinstance(dim, int) and dim == dims[0] for dim in dims):
        return dims[0]
    return Extent(ANY, not_one=all(dim.not_one if isinstance(dim, Extent) else dim != 1 for dim in dims))


def _has_leaves(item: Type) -> bool:
    """Whether a tuple is worth taking apart: one of integers and strings (a shape) is a constant."""
    return item.is_structure or item.value is not None or (item.is_number and item.may_be_differentiable)


UNKNOWN = Type()
PYTHON_COMPLEX = Type("python", "complex128", ())
PYTHON_FLOAT = Type("python", "float64", ())
PYTHON_INT = Type("python", "int64", ())
PYTHON_BOOL = Type("python", "bool", ())
