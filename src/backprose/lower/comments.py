"""Hands the user's comments to the statements they stand at, in one walk down the text."""

from __future__ import annotations

from typing import Any

from backprose.ir.nodes import Comments, Remark, Span
from backprose.parse import Parsed


class CommentReader:
    """A cursor over the comments of a function: every one is handed out once, in the order of the text."""

    def __init__(self, parsed: Parsed) -> None:
        self._lines = sorted(parsed.comments)
        self._comments = parsed.comments
        self._source = parsed.lines
        self._next = 0

    @classmethod
    def none(cls) -> CommentReader:
        """A reader without comments."""
        made = object.__new__(cls)
        made._lines, made._comments, made._source, made._next = [], {}, (), 0
        return made

    def header(self, tree: Any) -> tuple[str, ...]:
        """The comments above ``def`` and at the end of its lines."""
        found = self._take(tree.lineno - 1)
        first = tree.body[0].lineno
        while self._next < len(self._lines) and self._lines[self._next] < first:
            if self._comments[self._lines[self._next]].alone:
                break
            found += self._take(self._lines[self._next])
        return tuple(found)

    def at(self, line: int, last: int) -> Comments | None:
        """The comments of a statement from ``line`` to ``last``: those above it, and the one beside it."""
        before = self._take(line - 1)
        inside = [number for number in self._lines[self._next :][: last - line + 1] if number <= last]
        texts = self._take(last)
        if len(texts) == 1 and not self._comments[inside[0]].alone:
            return Comments(tuple(before), texts[0])
        before += texts
        return Comments(tuple(before)) if before else None

    def after(self, column: int, end: int, limit: int | None = None) -> list[Remark]:
        """The comments that end a block whose statements start at ``column``, between its last line and the next code.

        ``limit``: a line that they stand above.
        """
        found: list[Remark] = []
        while self._next < len(self._lines):
            line = self._lines[self._next]
            comment = self._comments[line]
            if not comment.alone or comment.column < column or (limit is not None and line >= limit):
                break
            between = (text.strip() for text in self._source[end : line - 1])
            if any(text and not text.startswith("#") for text in between):
                break
            self._next += 1
            found.append(remark(comment.text, Span(line, comment.column, line, comment.column + len(comment.text))))
        return found

    def rest(self) -> list[Remark]:
        """Whatever is left."""
        return [remark(text, None) for text in self._take(self._lines[-1] if self._lines else 0)]

    def else_line(self, end: int, first: int) -> int:
        """The line of the ``else:`` or ``elif`` between two blocks."""
        for number in range(end + 1, first):
            if self._source[number - 1].lstrip().startswith("else"):
                return number
        return first

    def _take(self, last: int) -> list[str]:
        """The texts up to a line."""
        found = []
        while self._next < len(self._lines) and self._lines[self._next] <= last:
            found.append(self._comments[self._lines[self._next]].text)
            self._next += 1
        return found


def remark(text: str, span: Span | None) -> Remark:
    """A comment of the user's as a statement.

    >>> remark("# one", None).text, remark("#two", None).text
    ('one', 'two')
    """
    text = text.removeprefix("#")
    return Remark(text.removeprefix(" "), span, None, ours=False)


def as_remarks(comments: Comments | None, span: Span | None) -> list[Remark]:
    """The comments of a statement that is gone."""
    if comments is None:
        return []
    texts = (*comments.before, *(() if comments.beside is None else (comments.beside,)))
    return [remark(text, span) for text in texts]
