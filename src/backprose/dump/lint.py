"""What a user's style may make ``ruff check`` say of a copy, which is not the place to change it."""

from __future__ import annotations

import ast
from collections.abc import Iterator


def noqa(text: str) -> str:
    r"""A line that tells ruff which of its default rules the primal's own style breaks; empty where none.

    >>> noqa("l = 1\nif l == None: pass\n"), noqa("a = 1\n")
    ('# ruff: noqa: E701, E711, E741\n', '')
    """
    codes = sorted(set(_codes(ast.parse(text))))
    return f"# ruff: noqa: {', '.join(codes)}\n" if codes else ""


def _codes(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Name(id="l" | "O" | "I", ctx=ast.Store()) | ast.arg(arg="l" | "O" | "I"):
                yield "E741"
            case ast.Assign(value=ast.Lambda()):
                yield "E731"
            case ast.Compare():
                yield from _of_comparison(node)
            case ast.UnaryOp(op=ast.Not(), operand=ast.Compare(ops=[ast.In()])):
                yield "E713"
            case ast.UnaryOp(op=ast.Not(), operand=ast.Compare(ops=[ast.Is()])):
                yield "E714"
            case ast.JoinedStr(values=values) if not any(isinstance(value, ast.FormattedValue) for value in values):
                yield "F541"
            case ast.ExceptHandler(type=None):
                yield "E722"
            case ast.FunctionDef():
                yield from _unused(node)
        body = getattr(node, "body", None)
        if isinstance(body, list) and isinstance(node, ast.stmt) and body[0].lineno == node.lineno:
            yield "E704" if isinstance(node, ast.FunctionDef) else "E701"
            if len(body) > 1 and body[1].lineno == body[0].lineno:
                yield "E702"


def _of_comparison(node: ast.Compare) -> Iterator[str]:
    operands = [node.left, *node.comparators]
    for op, first, second in zip(node.ops, operands, operands[1:], strict=False):
        if isinstance(op, ast.Eq | ast.NotEq):
            for operand in (first, second):
                if isinstance(operand, ast.Constant) and operand.value is None:
                    yield "E711"
                if isinstance(operand, ast.Constant) and isinstance(operand.value, bool):
                    yield "E712"
                if isinstance(operand, ast.Call) and isinstance(operand.func, ast.Name) and operand.func.id == "type":
                    yield "E721"
        if isinstance(op, ast.Is | ast.IsNot) and any(
            isinstance(operand, ast.Constant)
            and isinstance(operand.value, int | float | str | bytes)
            and not isinstance(operand.value, bool)
            for operand in (first, second)
        ):
            yield "F632"


def _unused(node: ast.FunctionDef) -> Iterator[str]:
    names = [name for name in ast.walk(node) if isinstance(name, ast.Name)]
    read = {name.id for name in names if not isinstance(name.ctx, ast.Store)}
    for statement in ast.walk(node):
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name) and target.id not in read:
                    yield "F841"
