"""Names a person would give: for temporaries that keep a statement of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from backprose.ir.nodes import Apply, Assign, Attribute, Call, Compare, Expr, For, Global, Name, Pop, Stmt, Subscript
from backprose.ir.walk import rebinds, statements
from backprose.rules.registry import short_name

WORDS = {
    "add": "total", "subtract": "difference", "multiply": "product", "divide": "ratio", "power": "power",
    "matmul": "product", "negative": "negated", "getitem": "part", "where": "kept", "resize": "repeated",
    "absolute": "size", "sum": "total", "min_of": "least",
}  # fmt: skip

ALONE = {  # where the word alone would be a keyword or the name of a builtin
    "min": "smallest", "max": "largest", "len": "length", "range": "span", "slice": "section", "list": "items",
    "round": "rounded", "float": "number", "int": "whole", "not": "inverse",
}  # fmt: skip


def describe(value: Expr, target: str | None) -> str:
    """A name for a value that needs one: ``exp_scores`` for ``np.exp(scores)``."""
    match value:
        case Apply(op="own" | "copy" | "unbroadcast", args=(inner, *_)):
            return describe(inner, target)
        case Apply(op=op, args=args):
            word = WORDS.get(op, short_name(op))
            if op not in WORDS and len(args) >= 1 and isinstance(args[0], Name) and not args[0].temporary:
                return f"{word}_{args[0].id}"
            return ALONE.get(word, word)
        case Subscript(value=Name(id=name, temporary=False)):
            return f"{name}_part"
        case Attribute(value=Name(id=name, temporary=False), attr=attr):
            return f"{name}_{attr}"
        case Compare():
            return "mask"
        case Name(id=name, temporary=False):
            return f"{name}_before"  # it is kept because the variable changes
        case Call(function=Global(id=path) | Attribute(attr=path), args=(Name(id=name, temporary=False), *_)):
            return f"{path.removesuffix('_forward')}_{name}"
        case Call(function=Global(id=path) | Attribute(attr=path)):
            return f"{path.removesuffix('_forward')}_value"
    return "part" if target is None else f"{target}_part"


def singular(name: str) -> str:
    """``state`` of ``states``."""
    plural = name.lstrip("_")
    single = plural[:-1] if plural.endswith("s") and len(plural) > 2 else "item"
    return single if single.isidentifier() else "item"


def wishes(body: Sequence[Stmt]) -> dict[str, str]:
    """A wish for the name of each temporary of a flat program."""
    found: dict[str, str] = {}
    made = Counter(name for stmt in statements(body) for name in rebinds(stmt))
    for stmt in statements(body):
        if isinstance(stmt, Pop) and isinstance(stmt.target, Name) and stmt.target.temporary:
            found.setdefault(stmt.target.id, singular(stmt.stack.id))
        if isinstance(stmt, Assign) and isinstance(stmt.target, Name) and stmt.target.temporary:
            chosen = made[stmt.target.id] > 1 and isinstance(stmt.value, Name)
            found.setdefault(stmt.target.id, "chosen" if chosen else describe(stmt.value, None))
        match stmt:
            case For(iterable=Apply(op="range", args=bounds)):
                words = ("start", "stop", "step") if len(bounds) > 1 else ("stop",)
                for bound, word in zip(bounds, words, strict=False):
                    if isinstance(bound, Name) and found.get(bound.id) in WORDS.values():
                        found[bound.id] = word
            case Assign(target=Name(temporary=False) as target, value=Name(temporary=True) as value):
                found.setdefault(value.id, target.id)  # one of several that a call gave
    return found
