"""``del x``: the name is gone, and nothing else is; a use of it that may come after that is refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gast

from backprose.lower.fence import Refusal, in_order, refuse
from backprose.lower.scope import own_nodes, own_nodes_of
from backprose.parse import Parsed

SUITES = ("body", "orelse", "finalbody", "handlers", "cases")


def check_deletions(parsed: Parsed) -> None:
    """Refuse a name that may be read after it was deleted: Python would raise ``UnboundLocalError``.

    >>> from backprose.parse import parse
    >>> def f(x):
    ...     y = x
    ...     del y
    ...     return y
    >>> check_deletions(parse(f))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    backprose.errors.UnsupportedError: f: y after del y is not supported
      ...
    """
    deleted = {
        node.id for node in own_nodes_of(parsed.tree) if isinstance(node, gast.Name) and isinstance(node.ctx, gast.Del)
    }
    if not deleted:
        return
    for node in own_nodes_of(parsed.tree):
        if isinstance(node, gast.FunctionDef | gast.Lambda):
            for part in in_order(*gast.iter_child_nodes(node)):
                _read(parsed, part, deleted)
    _after(parsed, parsed.tree.body, set())


def _after(parsed: Parsed, nodes: Sequence[Any], gone: set[str]) -> set[str]:
    """The names that may be gone after some statements, given those that may be gone before."""
    for node in nodes:
        suites = [getattr(node, name) for name in SUITES if isinstance(getattr(node, name, None), list)]
        inner = {id(part) for suite in suites for part in suite}
        own = [part for part in gast.iter_child_nodes(node) if id(part) not in inner]
        if isinstance(node, gast.FunctionDef):
            suites, own = [], []
            gone = gone - {node.name}
        names = [part for part in own_nodes(*own) if isinstance(part, gast.Name)]
        for name in names:
            _read(parsed, name, gone)
        gone = gone - {name.id for name in names if isinstance(name.ctx, gast.Store)}
        gone |= {name.id for name in names if isinstance(name.ctx, gast.Del)}
        if len(suites) == 2 and isinstance(node, gast.If) and node.orelse:
            gone = _after(parsed, node.body, gone) | _after(parsed, node.orelse, gone)
            continue
        while True:  # a turn of a loop may follow another
            before = gone
            for suite in suites:
                gone = gone | _after(parsed, suite, gone)
            if gone == before:
                break
    return gone


def _read(parsed: Parsed, node: Any, gone: set[str]) -> None:
    if isinstance(node, gast.Name) and isinstance(node.ctx, gast.Load) and node.id in gone:
        why = "on some way through the function the name is gone here"
        refuse(parsed, node, Refusal(f"{node.id} after del {node.id}", why, "leave the del out", "del"))
