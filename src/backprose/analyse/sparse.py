"""The types of operations with sparse matrices of SciPy's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from backprose.analyse.contractions import dense, matmul
from backprose.analyse.operands import Operation
from backprose.analyse.promotion import promoted
from backprose.ir.types import UNKNOWN, Type

FORMATS = frozenset("tocsr tocsc tocoo tolil todok todia tobsr asformat".split())  # of the same shape


def of_sparse(operation: Operation) -> Type:
    """The type of an operation with a sparse matrix of SciPy's: a product with an array, or another sparse matrix."""
    a, b = operation.args[0].type, operation.args[-1].type
    first = a if a.is_sparse else b
    assert first.shape is not None
    if is_product(operation.op, operation.spelling, [arg.type for arg in operation.args]):
        if not (a.is_sparse and b.is_sparse):
            return matmul(Operation(operation.symbols, "matmul", operation.args, {}, "operator"))
        assert a.shape is not None
        assert b.shape is not None
        return Type("other", promoted(None, (dense(a), dense(b))), (a.shape[0], b.shape[1]), value=a.value)
    if operation.op == "copy":
        return a
    if operation.op == "transpose" and len(operation.args) == 1 and not operation.keywords:
        return Type("other", a.dtype, first.shape[::-1], value=a.value)
    same = operation.op in ("add", "subtract") and a.is_sparse and b.is_sparse and a.value is b.value
    scaled = operation.op in ("multiply", "true_divide") and (a.kind == "python" or b.kind == "python")
    if operation.spelling.startswith("operator") and (same or scaled or operation.op in ("negative", "positive")):
        return Type("other", promoted(None, (dense(a), dense(b))), first.shape, value=first.value)
    return UNKNOWN


def of_method(owner: Type, name: str) -> Type:
    """What a method of a sparse matrix gives, as far as it is one again."""
    return owner if owner.is_sparse and name in FORMATS else UNKNOWN


def is_product(op: str, spelling: str, operands: Sequence[Type]) -> bool:
    """Whether an operation with a sparse matrix is the product of matrices: ``A @ x``, ``A.dot(x)``, and ``A * x`` of
    SciPy's matrices, which are no sparse arrays."""
    if len(operands) != 2 or not any(one.is_sparse for one in operands):
        return False
    if op == "dot":
        return spelling.startswith("method:") and operands[0].is_sparse and bool(operands[1].shape)
    stars = op == "multiply" and spelling.startswith("operator") and all(one.shape for one in operands)
    return op == "matmul" or (stars and any(_is_old(one.value) for one in operands if one.is_sparse))


def _is_old(kind: Any) -> bool:
    """Whether a class of sparse matrices means products of matrices by ``*``."""
    return any(one.__name__ == "spmatrix" for one in kind.__mro__)
