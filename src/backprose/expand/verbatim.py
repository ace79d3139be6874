"""Python that is not taken apart, an f-string say: what it reads has other names in the expanded program."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import gast

from backprose.ir.nodes import Attribute, Const, Expr, Name, Subscript


def paths_in(tree: gast.AST, names: Collection[str]) -> Iterator[tuple[gast.AST, Expr]]:
    """The parts, by attributes and constant items, of variables with these names, each as large as it gets.

    >>> tree = gast.parse("f'{box.size[0]:.2f} {x}'", mode="eval").body
    >>> [(gast.unparse(node), path.index) for node, path in paths_in(tree, {"box"})]
    [('box.size[0]', Const(value=0))]
    """
    path = _path(tree)
    root = path
    while isinstance(root, Attribute | Subscript):
        root = root.value
    if path is not None and path is not root and isinstance(root, Name) and root.id in names:
        yield tree, path
        return
    for child in gast.iter_child_nodes(tree):
        yield from paths_in(child, names)


def _path(node: gast.AST) -> Expr | None:
    if isinstance(node, gast.Name):
        return Name(node.id)
    if isinstance(node, gast.Attribute) and (owner := _path(node.value)) is not None:
        return Attribute(owner, node.attr)
    if isinstance(node, gast.Subscript) and (owner := _path(node.value)) is not None:
        index = _constant(node.slice)
        return None if index is None else Subscript(owner, index)
    return None


def _constant(node: gast.AST) -> Const | None:
    if isinstance(node, gast.Constant):
        return Const(node.value)
    if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.USub) and isinstance(node.operand, gast.Constant):
        return Const(-node.operand.value)
    return None


class Renamed(gast.NodeTransformer):  # type: ignore[misc]  # gast ships no types
    """A tree with the names that its variables have in the expanded program; ``parts``: those of parts, by node."""

    def __init__(
        self, names: Mapping[str, str], constants: Mapping[str, Const], parts: Mapping[gast.AST, Expr] | None = None
    ) -> None:
        self.names, self.constants, self.parts = names, constants, parts or {}

    def visit(self, node: gast.AST) -> gast.AST:
        part = self.parts.get(node)
        if isinstance(part, Const):
            return gast.copy_location(gast.Constant(value=part.value, kind=None), node)
        if isinstance(part, Name):
            return gast.copy_location(gast.Name(part.id, gast.Load(), None, None), node)
        return super().visit(node)

    def visit_Name(self, node: gast.Name) -> gast.AST:  # noqa: N802  as the visitor calls it
        if node.id in self.constants:
            return gast.copy_location(gast.Constant(value=self.constants[node.id].value, kind=None), node)
        node.id = self.names.get(node.id, node.id)
        return node
