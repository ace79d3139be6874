"""Aliases: names that may share memory. An array that is written in place must be seen by one name only, for now."""

from __future__ import annotations

from backprose.differentiate.refuse import Refuse
from backprose.ir.nodes import Apply, Assign, Augment, Block, Expr, For, Function, If, Name, Return, Stmt, Subscript, While
from backprose.ir.walk import reads, rebinds, statement_reads, statements, writes

# operations whose result may be a view of their first operand
VIEWS = frozenset(
    {
        "transpose", "reshape", "ravel", "squeeze", "expand_dims", "broadcast_to", "swapaxes", "moveaxis", "flip",
        "asarray", "atleast_1d", "atleast_2d", "stop_gradient", "positive", "diagonal", "real", "imag", "split",
    }
)  # fmt: skip


def sources(value: Expr) -> list[Name]:
    """The variables whose memory ``value`` may share."""
    match value:
        case Name():
            return [] if value.type.is_immutable_scalar else [value]
        case Subscript(value=inner):
            return sources(inner)
        case Apply(op=op, args=(first, *_)) if op in VIEWS:
            return sources(first)
        case Apply(op="astype", args=(first, *_), keywords=keywords) if keywords:
            return sources(first)  # copy=False
    from backprose.ir.nodes import Call, Conditional, List, Tuple

    match value:
        case Tuple(items=items) | List(items=items):
            return [name for item in items for name in sources(item)]
        case Call(args=args, keywords=keywords):
            return [name for arg in (*args, *(part for _, part in keywords)) for name in sources(arg)]
        case Conditional(body=body, orelse=orelse):
            return [*sources(body), *sources(orelse)]
    return []


def check_aliases(function: Function, refuse: Refuse) -> None:
    """Refuses writes into arrays that another variable may share and that is read after (or needed before) the write.

    Variables are put into classes by what is ever assigned between them; a temporary that is read only before the next
    write (``u[1:] - u[:-1]``) does no harm.
    """
    written: dict[str, Stmt] = {}
    for stmt in statements(function.body):
        for name in writes(stmt):
            if isinstance(stmt, (Assign, Augment)):
                target = stmt.target
                if isinstance(target, Name) and target.type.is_immutable_scalar:
                    continue
                written.setdefault(name, stmt)
    if not written:
        return
    parent: dict[str, str] = {}

    def find(name: str) -> str:
        while parent.setdefault(name, name) != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    temporary: set[str] = set()
    for stmt in statements(function.body):
        if isinstance(stmt, Assign):
            shared = [
                one for one in (stmt.target.items if hasattr(stmt.target, "items") else (stmt.target,))
                if isinstance(one, Name) and not one.type.is_immutable_scalar
            ]  # fmt: skip
            for target in shared:
                if target.temporary:
                    temporary.add(target.id)
                for source in sources(stmt.value):
                    if source.id != target.id:
                        parent[find(target.id)] = find(source.id)
        elif isinstance(stmt, For):
            for source in sources(stmt.iterable):
                for name in rebinds(stmt):
                    parent[find(name)] = find(source.id)
    classes: dict[str, set[str]] = {}
    for name in parent:
        classes.setdefault(find(name), set()).add(name)
    for name, stmt in written.items():
        others = classes.get(find(name), set()) - {name} if name in parent else set()
        for other in sorted(others):
            if other not in temporary:
                if not _is_dead_source(function, other, name):
                    refuse.alias(stmt, name, other)
    risky = {other for name in written for other in classes.get(find(name), set()) if other in temporary}
    if risky:
        _check_temporaries(function.body, risky, find, refuse, {})


def _is_dead_source(function: Function, other: str, name: str) -> bool:
    """``y = x`` of a local ``x`` that is read nowhere else: a change of name."""
    uses = [stmt for stmt in statements(function.body) if other in statement_reads(stmt)]
    parameters = {parameter.name for parameter in function.parameters}
    return (
        other not in parameters
        and len(uses) == 1
        and isinstance(uses[0], Assign)
        and isinstance(uses[0].value, Name)
        and isinstance(uses[0].target, Name)
        and uses[0].target.id == name
        and not any(isinstance(stmt, Return) and stmt is uses[0] for stmt in statements(function.body))
    )


def _check_temporaries(block: Block, risky: set[str], find, refuse: Refuse, made: dict[str, int]) -> None:  # type: ignore[no-untyped-def]
    """A temporary view must be read before the next write into what it views."""
    stale: dict[str, Stmt] = {}
    made_at: dict[str, int] = {}
    for position, stmt in enumerate(block):
        used = statement_reads(stmt)
        for inner in statements((stmt,)):
            used = used | statement_reads(inner)
        for name in sorted(used & stale.keys()):
            refuse.alias(stale[name], name, "a view of it that is read later")
        for inner in statements((stmt,)):
            for name in writes(inner):
                for other in made_at:
                    if find(other) == find(name) and other != name:
                        stale[other] = inner
        for name in rebinds(stmt):
            stale.pop(name, None)
            if name in risky:
                made_at[name] = position
        if isinstance(stmt, (If, For, While)):
            _check_temporaries(stmt.body, risky, find, refuse, made_at)
            _check_temporaries(stmt.orelse, risky, find, refuse, made_at)


_ = reads
