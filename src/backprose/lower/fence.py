"""What ``lower`` refuses: one table of constructs, each with a reason and a way out, checked before anything else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

import gast

from backprose.errors import UnsupportedError
from backprose.ir.nodes import Span
from backprose.parse import Parsed


@dataclass(frozen=True, slots=True)
class Refusal:
    what: str
    why: str
    instead: str
    section: str  # an anchor of docs/limitations.md


REFUSED: dict[type, Refusal] = {
    gast.ClassDef: Refusal(
        "a class in a function", "only numbers have derivatives", "move it to the module", "nested-definitions"
    ),
    gast.Yield: Refusal("yield", "a generator has no value to differentiate", "return the values", "generators"),
    gast.YieldFrom: Refusal(
        "yield from", "a generator has no value to differentiate", "return the values", "generators"
    ),
    gast.Await: Refusal("await", "a coroutine has no value to differentiate", "compute the value before", "generators"),
}
for _kind in ("AsyncWith", "AsyncFor", "AsyncFunctionDef"):
    REFUSED[getattr(gast, _kind)] = REFUSED[gast.Await]
REFUSED[gast.TryStar] = Refusal(
    "except*", "several of its handlers may run", "catch one exception with except", "exceptions"
)
for _kind in ("TypeAlias", "TemplateStr"):
    if hasattr(gast, _kind):
        REFUSED[getattr(gast, _kind)] = Refusal(
            "this construct", "it is newer than the language covered", "use an older form", "language"
        )


GLOBAL = Refusal(
    "this way to bind a global or nonlocal name", "only plain and augmented assignments to them are covered",
    "assign to it on a line of its own", "global-and-nonlocal",
)  # fmt: skip


ASSIGNED = Refusal(
    "an assignment expression here", "it is not evaluated each time that the statement runs, or more than once",
    "assign on a line before", "assignment-expressions",
)  # fmt: skip


SET = Refusal(
    "a set display here", "only numbers, arrays, tuples and lists are followed; a set may stand behind in, or hold "
    "literals only", "use a tuple", "dicts-and-sets",
)  # fmt: skip


DECORATED = Refusal(
    "a decorated function in a function", "what the decorator makes of it is not known", "call the decorator's function"
    " in its body, or move it to the module", "nested-definitions",
)  # fmt: skip


GENERATOR = Refusal(
    "a generator expression here", "only sum, max, min, any, all, list, tuple, sorted and NumPy's stack, array and "
    "concatenate are known to take all its items at once", "put it into a list: [... for ...]", "comprehensions",
)  # fmt: skip


KEPT_GENERATOR = Refusal(
    "a generator expression here", "it makes its items when they are taken, which is known of the next statement only",
    "put the items into a list: [... for ...]", "comprehensions",
)  # fmt: skip


def refuse(parsed: Parsed, place: gast.AST | Span, refusal: Refusal) -> NoReturn:
    """Raise the error for a construct at its place."""
    raise UnsupportedError(
        f"{parsed.tree.name}: {refusal.what} is not supported",
        why=refusal.why,
        instead=refusal.instead,
        where=parsed.locate(place),
        section=refusal.section,
    )


def fence(parsed: Parsed) -> None:
    """Refuse the first construct, in the order of the text, that is outside the language.

    >>> from backprose.parse import parse
    >>> def halves(x):
    ...     class Half: ...
    >>> fence(parse(halves))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    backprose.errors.UnsupportedError: halves: a class in a function is not supported
      ...
    """
    tests: set[int] = set()
    nodes = nodes_of(parsed.tree)
    outside = _outside(parsed, nodes)
    written = {node.id for node in nodes if isinstance(node, gast.Name) and not isinstance(node.ctx, gast.Load)}
    written |= {node.id for node in gast.walk(parsed.tree.args) if isinstance(node, gast.Name)}
    assigned = {
        id(part)
        for node in nodes
        if isinstance(node, gast.Assign | gast.AugAssign | gast.AnnAssign)
        for target in getattr(node, "targets", None) or [node.target]
        for part in in_order(target)
    }
    for node in nodes:
        refusal = REFUSED.get(type(node))
        if isinstance(node, gast.FunctionDef) and not all(_is_transform(one, parsed) for one in node.decorator_list):
            refusal = DECORATED
        if isinstance(node, gast.Compare):
            tests |= {id(other) for other in node.comparators if isinstance(other, gast.Set)}
        if isinstance(node, gast.Set) and id(node) not in tests and not _is_literal(node):
            refusal = SET
        if isinstance(node, gast.Import | gast.ImportFrom):
            refusal = _import_refusal(parsed, node, written)
        bound = isinstance(node, gast.Name) and not isinstance(node.ctx, gast.Load) and node.id in outside
        bound = bound or (isinstance(node, gast.FunctionDef) and node.name in outside)
        if bound and id(node) not in assigned:
            refusal = GLOBAL
        if refusal is not None:
            refuse(parsed, _mark(node), refusal)


def _is_transform(decorator: gast.AST, parsed: Parsed) -> bool:
    """Whether a decorator is ``bp.grad`` or ``bp.grad(...)``, or another one of ours."""
    node: Any = decorator.func if isinstance(decorator, gast.Call) else decorator
    attributes: list[str] = []
    while isinstance(node, gast.Attribute):
        attributes.insert(0, node.attr)
        node = node.value
    found = parsed.lookup(node.id).value if isinstance(node, gast.Name) else None
    for attribute in attributes:
        found = getattr(found, attribute, None)
    return bool(getattr(found, "__backprose_transform__", False))


def _import_refusal(parsed: Parsed, node: Any, written: set[str]) -> Refusal | None:
    """Why an import is refused: its name means something else too, or nothing now."""
    for alias in node.names:
        name = alias.asname or (alias.name.split(".")[0] if isinstance(node, gast.Import) else alias.name)
        if name in written:
            return Refusal(
                f"an import of {name}", f"{name} is assigned in the function, too", "use another name", "imports"
            )
        if parsed.lookup(name).scope == "missing":
            return Refusal(f"this import of {name}", "it fails now", "import what is installed", "imports")
    return None


def _outside(parsed: Parsed, nodes: list[gast.AST]) -> set[str]:
    """The names that a function, or one in it, binds outside: ``global`` ones, and ``nonlocal`` ones that are cells."""
    cells = parsed.function.__code__.co_freevars
    declared = [node for node in nodes if isinstance(node, gast.Global | gast.Nonlocal)]
    return {name for node in declared for name in node.names if isinstance(node, gast.Global) or name in cells}


def _is_literal(node: gast.Set) -> bool:
    return all(isinstance(item, gast.Constant) for item in node.elts)


def _mark(node: Any) -> Any:
    """What the caret marks: of a statement with a block, its first line up to the block."""
    body = getattr(node, "body", None)
    if isinstance(body, list) and body and body[0].lineno == node.lineno:
        return Span(node.lineno, node.col_offset, node.lineno, body[0].col_offset)
    if isinstance(body, list) and body:
        return Span(node.lineno, node.col_offset, node.lineno + 1, 0)
    return node


def nodes_of(tree: Any) -> list[gast.AST]:
    """Every node in a function's body, in the order of the text; looked for once, and kept in the tree."""
    found: list[gast.AST] | None = getattr(tree, "nodes", None)
    if found is None:
        found = tree.nodes = [*in_order(*tree.body)]
    return found


def parts(node: Any) -> list[gast.AST]:
    """The direct parts of a node, in the order of the text."""
    found: list[gast.AST] = []
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, gast.AST):
            found.append(value)
        elif isinstance(value, list):
            found.extend(one for one in value if isinstance(one, gast.AST))
    return found


def in_order(*nodes: gast.AST) -> Iterator[gast.AST]:
    """Every node in the order of the text; annotations are left out, for they are dropped."""
    pending = list(reversed(nodes))
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, gast.AnnAssign):
            pending.extend(part for part in (node.value, node.target) if part is not None)
        else:
            pending.extend(reversed(parts(node)))
