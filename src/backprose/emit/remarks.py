"""The primal line as a comment above the adjoint lines that it gave rise to."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Callable
from dataclasses import replace

from backprose.ir.nodes import Block, Enter, For, Function, If, Leave, Remark, Span, Stmt, While


def add_remarks(function: Function, line_of: Callable[[Span], str], *, start: Stmt | None) -> Function:
    """Puts the primal's source above each run of ours that comes from one statement of it.

    ``line_of`` gives the source at a span. Nothing is added before ``start``, the first statement of the backward
    part; with ``None`` nothing is added at all. A loop or branch that mirrors one of the primal's gets no remark, what
    is in it does; a branch that belongs to one statement (a choice inside a rule) is part of that statement's run.
    """
    return replace(function, body=_Remarks(line_of, start).block(function.body))


_HEADERS = frozenset(["for", "while", "if", "elif", "with", "try:"])


class _Remarks:
    def __init__(self, line_of: Callable[[Span], str], start: Stmt | None) -> None:
        self._line_of = line_of
        self._start = start
        self._begun = False

    def block(self, block: Block, span: Span | None = None, said: str | None = None) -> Block:
        """``span`` and ``said``: what the run before the block comes from, and the remark above that run."""
        result: list[Stmt] = []
        for stmt in block:
            self._begun = self._begun or stmt is self._start
            compound = isinstance(stmt, If | For | While)
            if self._begun and stmt.ours and stmt.span is not None and not isinstance(stmt, Remark | Enter | Leave):
                text = source_line(self._line_of(stmt.span))
                if compound and text.split(" ")[0] in _HEADERS:
                    span = said = None
                elif stmt.span != span:
                    if text and text != said:
                        result.append(Remark(text, span=stmt.span))
                    span, said = stmt.span, text
            elif not stmt.ours or (isinstance(stmt, Remark) and stmt.text):
                span = said = None
            if isinstance(stmt, If | For | While):
                body, orelse = self.block(stmt.body, span, said), self.block(stmt.orelse, span, said)
                stmt = replace(stmt, body=body, orelse=orelse)
            result.append(stmt)
        return tuple(result)


def source_line(source: str) -> str:
    r"""The first line of a statement's source without its comment; `` ...`` says that there is more.

    >>> source_line("    y = f('#', x)  # why"), source_line("y = (a +\n     b)")
    ("y = f('#', x)", 'y = (a + ...')
    """
    first, *others = source.strip().split("\n")
    text = _without_comment(first).strip()
    return f"{text} ..." if any(_without_comment(line).strip() for line in others) else text


def _without_comment(line: str) -> str:
    if "#" not in line:
        return line
    try:
        for token in tokenize.generate_tokens(io.StringIO(line).readline):
            if token.type == tokenize.COMMENT:
                return line[: token.start[1]]
    except (tokenize.TokenError, IndentationError):  # an open bracket at the end of the line
        pass
    return line
