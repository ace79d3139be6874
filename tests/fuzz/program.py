"""A random program as a small tree of lines, so that it can be printed and cut down."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

IMPORTS = {
    "functools": "import functools",
    "math": "import math",
    "contextmanager": "from contextlib import contextmanager",
    "dataclass": "from dataclasses import dataclass",
}


@dataclass(frozen=True)
class Line:
    text: str


@dataclass(frozen=True)
class Compound:
    """A statement with blocks: each clause a header (``if x > 0:``, ``else:``) and what stands under it."""

    clauses: tuple[tuple[str, Block], ...]


Node: TypeAlias = "Line | Compound"
Block: TypeAlias = "tuple[Node, ...]"


@dataclass(frozen=True)
class FuzzProgram:
    """Helpers and the function ``program``, each a header with its block; the arguments, and what to derive."""

    functions: tuple[tuple[str, Block], ...]
    args: tuple[Any, ...]
    wrt: str | tuple[str, ...]
    seed: int

    @property
    def source(self) -> str:
        """The text of a module; it ends with the arguments, written as in the golden programs."""
        body: list[str] = []
        for header, block in self.functions:
            body += ["", "", *header.split("\n"), *(printed(block, "    ") if header.endswith(":") else ())]
        used = "\n".join(body)
        imports = [line for word, line in IMPORTS.items() if word in used]
        lines = [
            f'"""Random program {self.seed}."""',
            "",
            *imports,
            *([""] if imports else []),
            "import numpy as np",
            *body,
        ]
        written = ", ".join(_literal(arg) for arg in self.args)
        lines += ["", "", f"EXAMPLE = dict(args=({written},), wrt={self.wrt!r})", ""]
        return "\n".join(lines)


def printed(block: Block, indent: str = "") -> Iterator[str]:
    """The lines of a block."""
    if not block:
        yield indent + "pass"
    for node in block:
        if isinstance(node, Line):
            yield indent + node.text
            continue
        for header, body in node.clauses:
            yield indent + header
            yield from printed(body, indent + "    ")


def _literal(arg: Any) -> str:
    if isinstance(arg, dict):
        return f"{{{', '.join(f'{key!r}: {_literal(part)}' for key, part in arg.items())}}}"
    if isinstance(arg, (tuple, list)):
        inner = "".join(f"{_literal(part)}, " for part in arg)
        return f"({inner})" if isinstance(arg, tuple) else f"[{inner.removesuffix(', ')}]"
    if isinstance(arg, np.ndarray):
        dtype = "" if arg.dtype in (np.float64, np.int64) else f", dtype={arg.dtype.name!r}"
        if arg.flags.c_contiguous:
            return f"np.array({arg.tolist()!r}{dtype})"
        if arg.flags.f_contiguous:
            return f"np.array({arg.T.tolist()!r}{dtype}).T"
        if arg.strides[0] < 0:
            return f"np.array({arg[::-1].tolist()!r}{dtype})[::-1]"
        return f"np.array({np.repeat(arg, 2, axis=-1).tolist()!r}{dtype})[..., ::2]"
    return repr(arg)


# ---------------------------------------------------------------- cutting down
def smaller(program: FuzzProgram) -> Iterator[FuzzProgram]:
    """The same program with one function or statement less, or a block in place of its statement: large cuts first."""
    for k in range(len(program.functions) - 1):
        yield replace(program, functions=program.functions[:k] + program.functions[k + 1 :])
    for k, (header, block) in enumerate(program.functions):
        for cut in sorted(_cuts(block), key=_size):
            functions = (*program.functions[:k], (header, cut), *program.functions[k + 1 :])
            yield replace(program, functions=functions)
    if isinstance(program.wrt, tuple) and len(program.wrt) > 1:
        for k in range(len(program.wrt)):
            yield replace(program, wrt=program.wrt[:k] + program.wrt[k + 1 :])


def _size(block: Block) -> int:
    inner = (sum(_size(body) for _, body in node.clauses) for node in block if isinstance(node, Compound))
    return len(block) + sum(inner)


def _cuts(block: Block) -> Iterator[Block]:
    for k, node in enumerate(block):
        before, after = block[:k], block[k + 1 :]
        yield before + after
        if isinstance(node, Line):
            yield from ((*before, Line(text), *after) for text in _simpler(node.text))
            continue
        for c, (header, body) in enumerate(node.clauses):
            yield before + body + after
            if c > 0:
                yield (*before, Compound(node.clauses[:c] + node.clauses[c + 1 :]), *after)
            for cut in _cuts(body):
                clauses = (*node.clauses[:c], (header, cut), *node.clauses[c + 1 :])
                yield (*before, Compound(clauses), *after)


def _simpler(text: str) -> Iterator[str]:
    """The same statement with one operation replaced by one of its operands."""
    if text in ("break", "continue"):
        return
    returns = text.startswith("return ")
    plain = text.removeprefix("return ")
    tree = ast.parse(plain).body[0]
    for k, node in enumerate(ast.walk(tree)):
        for operand in _operands(node):
            again = ast.parse(plain).body[0]
            swap = _Swap(list(ast.walk(again))[k], operand)
            yield ("return " if returns else "") + ast.unparse(swap.visit(again))


def _operands(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    if isinstance(node, ast.UnaryOp):
        return [node.operand]
    return node.args if isinstance(node, ast.Call) else []


class _Swap(ast.NodeTransformer):
    """Puts ``new`` where ``old`` stands."""

    def __init__(self, old: ast.AST, new: ast.expr) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> Any:
        return self.new if node is self.old else self.generic_visit(node)
