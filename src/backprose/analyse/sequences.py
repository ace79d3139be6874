"""The types of lists whose number of items is not known, and of what is made of them."""

from __future__ import annotations

from backprose.analyse.operands import Operation, dtype_named
from backprose.analyse.promotion import array_dtype, is_numeric
from backprose.analyse.results import Transfer, axis_of
from backprose.analyse.stacks import an_item
from backprose.ir.types import PYTHON_INT, UNKNOWN, Type


def of_list(otherwise: Transfer) -> Transfer:
    """``np.stack``, ``np.concatenate`` and the like of such a list; ``otherwise``: of anything else."""

    def transfer(operation: Operation) -> Type:
        given = operation.args[0].type if operation.args else UNKNOWN
        if given.kind == "array" and given.shape and operation.op not in ("array", "asarray"):
            return _of_array(operation, given)
        if given.kind != "list" or given.item is None:
            return otherwise(operation)
        item = an_item(operation.symbols, given)
        if not is_numeric(item) or item.shape is None:
            return UNKNOWN
        made = None if item.kind in ("unknown", "number") else array_dtype(item)
        named = operation.get(1 if operation.op in ("array", "asarray") else -1, "dtype")
        dtype = made if named is None else dtype_named(named, made)
        length = operation.symbols.fresh()
        match operation.op:
            case "stack":
                at = axis_of(operation.value(1, "axis", 0), len(item.shape) + 1)
                return UNKNOWN if at is None else Type("array", dtype, (*item.shape[:at], length, *item.shape[at:]))
            case "concatenate" | "vstack" | "hstack":
                rank = len(item.shape)
                rank = rank if operation.op == "concatenate" else max(rank, 2 if operation.op == "vstack" else 1)
                return Type("array", dtype, tuple(operation.symbols.fresh() for _ in range(rank)))
            case "array" | "asarray" if "ndmin" not in operation.keywords:
                if item.shape:  # of no items at all it has one axis
                    return Type("array")
                sure = dtype == "float64" or (named is not None and named.value is not None)  # of no items: float64
                return Type("array", dtype if sure else None, (length,))
        return UNKNOWN

    return transfer


def _of_array(operation: Operation, given: Type) -> Type:
    """What is made of the parts of one array along its first axis."""
    length, *rest = given.shape or ()
    if operation.get(-1, "dtype") is not None:
        return UNKNOWN
    if operation.op == "stack":
        at = axis_of(operation.value(1, "axis", 0), len(rest) + 1)
        return UNKNOWN if at is None else Type("array", given.dtype, (*rest[:at], length, *rest[at:]))
    rank = {"concatenate": len(rest), "vstack": max(len(rest), 2), "hstack": max(len(rest), 1)}[operation.op]
    if operation.op == "concatenate" and operation.value(1, "axis", 0) is None:
        rank = 1
    return Type("array", given.dtype, tuple(operation.symbols.fresh() for _ in range(rank)))


def list_of(operation: Operation) -> Type:
    """``list(...)`` of a sequence."""
    given = operation.args[0].type if len(operation.args) == 1 else UNKNOWN
    if given.kind == "array" and given.shape:
        row = Type("array" if len(given.shape) > 1 else "scalar", given.dtype, given.shape[1:])
        return Type("list", item=row)
    if given.kind == "list":
        return given
    if given.kind == "other" and given.shape is not None:
        return Type("list", item=PYTHON_INT)
    return Type("list", items=given.items)


def sections(operation: Operation) -> Type:
    """The parts of a joined cotangent, each of the shape of one of the arrays."""
    given, arrays = operation.type(0, "joined"), operation.type(1, "arrays")
    if arrays.item is None or not is_numeric(arrays.item):
        return Type("list")
    dtype = given.dtype if given.dtype is not None and given.dtype.startswith("float") else None
    item = arrays.item
    kind = "array" if item.shape else "numpy" if item.shape == () else "number"
    return Type("list", item=Type(kind, dtype, item.shape))  # type: ignore[arg-type]


def total(operation: Operation) -> Type:
    """``sum(items)`` of numbers: of none the integer 0."""
    given = operation.args[0].type
    if given.kind == "array" and given.rank == 1 and len(operation.args) == 1:
        return Type("unknown", None, ())
    item = given.item if given.kind == "list" else None
    if item is None or item.shape != () or len(operation.args) > 1:
        return UNKNOWN
    return Type("python" if item.kind == "python" else "unknown", None, ())


def repeated(operation: Operation) -> Type | None:
    """``[value] * n``; None where no list is multiplied."""
    lists = [arg.type for arg in operation.args if arg.type.kind == "list"]
    if not lists:
        return None
    inner = lists[0]
    if inner.items is not None and len(inner.items) == 1:
        return Type("list", item=inner.items[0])
    return Type("list", item=inner.item)


def unsliced(operation: Operation) -> Type:
    """Cotangents of the items of a list; zeros for some of them."""
    item = operation.type(1, "items").item
    return Type("list", item=UNKNOWN if item is None or item.shape is None else Type("unknown", None, item.shape))
