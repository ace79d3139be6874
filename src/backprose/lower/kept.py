"""Iterators and views of dicts that are kept under a name: what they give is taken when they are made here, and in
Python when they are used."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import gast

from backprose.lower.fence import Refusal, in_order, refuse
from backprose.lower.resolve import Resolver

ITERATORS = ("zip", "enumerate", "reversed", "map", "filter")
VIEWS = ("keys", "values", "items")
CHANGING = frozenset(
    "append extend insert remove pop popitem clear sort reverse update setdefault popleft appendleft add".split()
)

KEPT = Refusal(
    "this iterator, kept under a name,", "it gives its items once, and those that there are when it is used",
    "put the items into a list: list(...), or write it where it is used", "iteration",
)  # fmt: skip

CHANGED = Refusal(
    "this view of a dict, kept under a name,", "it shows what the dict holds when it is used, and that may change",
    "put the items into a list: list(...), or write it where it is used", "iteration",
)  # fmt: skip


def check_kept(target: Any, value: Any, resolver: Resolver) -> None:
    """Refuses ``pairs = zip(a, b)`` and ``keys = d.keys()`` where it may matter when they are used."""
    if not isinstance(target, gast.Name) or not isinstance(value, gast.Call):
        return
    tree = resolver.parsed.tree
    if any(resolver.is_builtin(value.func, name) for name in ITERATORS):
        if not _used_next(tree, target.id, value):
            refuse(resolver.parsed, value, KEPT)
    elif isinstance(value.func, gast.Attribute) and value.func.attr in VIEWS and not value.args:
        changes = any(map(_changes, in_order(*_body(tree))))
        if changes and not _used_next(tree, target.id, value):
            refuse(resolver.parsed, value, CHANGED)


def _used_next(tree: Any, name: str, value: Any) -> bool:
    """Whether a name is read once only, by the statement after the one that assigns it, before anything else."""
    uses = [node for node in gast.walk(tree) if isinstance(node, gast.Name) and node.id == name]
    if len(uses) != 2:
        return False
    for node in gast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            for stmt, after in pairwise(block) if isinstance(block, list) else ():
                if getattr(stmt, "value", None) is value:
                    first = after.iter if isinstance(after, gast.For) else getattr(after, "value", None)
                    return first is not None and any(part in uses for part in gast.walk(first))
    return False


def _changes(node: gast.AST) -> bool:
    """Whether a part of a program may change a dict."""
    match node:
        case gast.Subscript(ctx=gast.Store() | gast.Del()):
            return True
        case gast.AugAssign(op=gast.BitOr()):
            return True
        case gast.Call(func=gast.Attribute(attr=name)):
            return name in CHANGING
    return False


def _body(tree: Any) -> list[Any]:
    return [tree.body] if isinstance(tree, gast.Lambda) else list(tree.body)
