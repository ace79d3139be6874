"""Names a person would give: for temporaries that keep a statement of their own."""

from __future__ import annotations

from collections.abc import Sequence

from backprose.ir.nodes import Apply, Assign, Expr, Name, Pop, Stmt, Subscript
from backprose.ir.walk import statements

WORDS = {
    "add": "total", "subtract": "difference", "multiply": "product", "divide": "ratio", "power": "power",
    "matmul": "product", "negative": "negated", "getitem": "part", "where": "kept", "resize": "repeated",
    "absolute": "size", "sum": "total", "min_of": "least",
}  # fmt: skip

ALONE = {  # where the word alone would be the name of a builtin
    "min": "smallest", "max": "largest", "len": "length", "range": "span", "slice": "section", "list": "items",
    "round": "rounded", "float": "number", "int": "whole",
}  # fmt: skip


def describe(value: Expr, target: str | None) -> str:
    """A name for a value that needs one: ``exp_scores`` for ``np.exp(scores)``."""
    match value:
        case Apply(op="own" | "copy" | "unbroadcast", args=(inner, *_)):
            return describe(inner, target)
        case Apply(op=op, args=args):
            word = WORDS.get(op, op.rsplit(".", 1)[-1])
            if op not in WORDS and len(args) >= 1 and isinstance(args[0], Name) and not args[0].temporary:
                return f"{word}_{args[0].id}"
            return ALONE.get(word, word)
        case Subscript(value=Name(id=name, temporary=False)):
            return f"{name}_part"
    return "part" if target is None else f"{target}_part"


def singular(name: str) -> str:
    """``state`` of ``states``."""
    plural = name.lstrip("_")
    single = plural[:-1] if plural.endswith("s") and len(plural) > 2 else "item"
    return single if single.isidentifier() else "item"


def wishes(body: Sequence[Stmt]) -> dict[str, str]:
    """A wish for the name of each temporary of a flat program."""
    found: dict[str, str] = {}
    for stmt in statements(body):
        if isinstance(stmt, Pop) and isinstance(stmt.target, Name) and stmt.target.temporary:
            found.setdefault(stmt.target.id, singular(stmt.stack.id))
        if isinstance(stmt, Assign) and isinstance(stmt.target, Name) and stmt.target.temporary:
            found.setdefault(stmt.target.id, describe(stmt.value, None))
        match stmt:
            case Assign(target=Name(temporary=False) as target, value=Name(temporary=True) as value):
                found.setdefault(value.id, target.id)  # one of several that a call gave
    return found
