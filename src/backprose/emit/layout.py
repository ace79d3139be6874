"""From a document of text and possible line breaks to lines that fit a width (Wadler's and Oppen's printer).

A ``Group`` is written on one line where it fits; otherwise each ``Line`` of its own becomes a line break, and the
groups inside it are tried one by one. This is how Black and Ruff lay out brackets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

WIDTH = 100
INDENT = 4


@dataclass(frozen=True, slots=True)
class Line:
    """A place where the line may be broken; ``flat`` stands there where it is not."""

    flat: str = ""


@dataclass(frozen=True, slots=True)
class Broken:
    """Text that is written only where the group around it is broken: a trailing comma, parentheses."""

    text: str


@dataclass(frozen=True, slots=True)
class Indent:
    parts: tuple[Doc, ...]


@dataclass(frozen=True, slots=True)
class Group:
    parts: tuple[Doc, ...]


@dataclass(frozen=True, slots=True)
class Fill:
    """Words with commas between them, as many on each line as fit."""

    words: tuple[str, ...]


Doc: TypeAlias = "str | Line | Broken | Indent | Group | Fill"
_Item: TypeAlias = "tuple[int, bool, Doc]"  # indentation, broken or flat, what to write

SOFT = Line()
SPACE = Line(" ")


def bracketed(opening: str, items: tuple[Doc, ...], closing: str) -> tuple[Doc, ...]:
    """Brackets whose content moves to lines of its own where it does not fit."""
    return (opening, Group((Indent((SOFT, Group(items))), SOFT)), closing)


def separated(items: list[tuple[Doc, ...]], *, comma: bool = True) -> tuple[Doc, ...]:
    """Items with commas between them; ``comma``: one more after the last where they stand on a line each."""
    parts: list[Doc] = []
    for number, item in enumerate(items):
        parts += [*((",", SPACE) if number else ()), *item]
    if comma and len(items) > 1:
        parts.append(Broken(","))
    return tuple(parts)


def render(parts: tuple[Doc, ...], column: int = 0, width: int = WIDTH) -> str:
    """The text of a document that starts at ``column``, which is also its indentation.

    >>> arguments = separated([("first",), ("second",), ("third",)])
    >>> print(render(("f", *bracketed("(", arguments, ")")), width=26))
    f(first, second, third)
    >>> print(render(("f", *bracketed("(", arguments, ")")), width=20))
    f(
        first,
        second,
        third,
    )
    >>> print(render(("f", *bracketed("(", (Fill(("first", "second", "third")),), ")")), width=20))
    f(
        first, second,
        third,
    )
    """
    text: list[str] = []
    used = column
    stack: list[_Item] = [(column, True, part) for part in reversed(parts)]
    while stack:
        indent, broken, doc = stack.pop()
        match doc:
            case str():
                text.append(doc)
                used += len(doc)
            case Broken(text=only):
                if broken:
                    text.append(only)
                    used += len(only)
            case Line(flat=flat):
                text.append("\n" + " " * indent if broken else flat)
                used = indent if broken else used + len(flat)
            case Indent(parts=inner):
                stack += [(indent + INDENT, broken, part) for part in reversed(inner)]
            case Fill(words=words) if broken:
                for number, word in enumerate(words):
                    full = used + len(word) + 2 > width
                    text.append(("\n" + " " * indent if full else " ") + f"{word}," if number else f"{word},")
                    used = indent + len(word) + 1 if full and number else used + len(word) + (2 if number else 1)
            case Fill(words=words):
                text.append(", ".join(words))
                used += len(text[-1])
            case Group(parts=inner):
                flat_items: list[_Item] = [(indent, False, part) for part in reversed(inner)]
                fits = not broken or _fits(flat_items, stack, width - used)
                stack += flat_items if fits else [(indent, True, part) for part in reversed(inner)]
    return "".join(text)


def _fits(items: list[_Item], after: list[_Item], room: int) -> bool:
    """Whether ``items``, and what follows them up to the next possible break, fit into ``room`` columns."""
    stack = list(items)
    rest = len(after)
    while room >= 0:
        if not stack:
            if rest == 0:
                return True
            rest -= 1
            stack.append(after[rest])
        indent, broken, doc = stack.pop()
        match doc:
            case str():
                room -= len(doc)
            case Broken(text=only):
                room -= len(only) if broken else 0
            case Line(flat=flat):
                if broken:
                    return True
                room -= len(flat)
            case Fill(words=words):
                room -= len(", ".join(words))
            case Indent(parts=inner) | Group(parts=inner):
                stack += [(indent, broken, part) for part in reversed(inner)]
    return False
