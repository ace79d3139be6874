"""The errors users see: what is wrong, where, why, and what to do instead."""

from __future__ import annotations

from dataclasses import dataclass

LIMITATIONS = "https://github.com/backprose/backprose/blob/main/docs/limitations.md"


@dataclass(frozen=True)
class Location:
    """A place in a user's file: ``line`` counts from 1, ``column`` and ``end_column`` (exclusive) from 0."""

    file: str
    line: int
    text: str
    column: int
    end_column: int

    def __str__(self) -> str:
        stripped = self.text.lstrip()
        start = max(self.column - (len(self.text) - len(stripped)), 0)
        end = min(self.end_column - self.column, len(stripped) - start)
        return f"{self.file}:{self.line}\n    {stripped}\n    {' ' * start}{'^' * max(end, 1)}"


class BackproseError(Exception):
    """Base of every error raised on purpose.

    ``what`` says what is not possible, ``why`` gives the reason, ``instead`` a way out, ``where`` the user's code and
    ``section`` an anchor of ``docs/limitations.md``.
    """

    def __init__(
        self, what: str, *, why: str = "", instead: str = "", where: Location | None = None, section: str = ""
    ) -> None:
        self.what, self.why, self.instead, self.where, self.section = what, why, instead, where, section
        self.by_texts = False  # whether it could be another thing if the texts among the arguments were known
        lines = [what]
        if where is not None:
            lines.append(f"  {where}".replace("\n", "\n  "))
        if why:
            lines.append(f"  why: {why}")
        if instead:
            lines.append(f"  instead: {instead}")
        if section:
            lines.append(f"  see {LIMITATIONS}#{section}")
        super().__init__("\n".join(lines))


class SourceError(BackproseError):
    """The source of a function cannot be found, or two functions cannot be told apart."""


class ChangedSourceError(SourceError):
    """The file was edited after the function was imported."""


class UnsupportedError(BackproseError):
    """A construct outside the supported language."""


class UnknownFunctionError(BackproseError):
    """A call that has no rule, or a keyword that its rule does not know."""


class AliasError(BackproseError):
    """A write into an array that another name may see."""


class OverlapError(AliasError):
    """A call that writes into an argument which may share memory with another one. ``function``: what is called."""

    function: object = None


class ArgumentError(BackproseError):
    """``wrt`` names nothing or something that has no derivative; or arguments that do not fit."""


class ResultError(BackproseError):
    """The function's result is not what the transform needs (``grad`` needs a scalar)."""


class RuleError(BackproseError):
    """A derivative rule that cannot work."""


class InternalError(BackproseError):
    """A mistake of backprose's own: a stage broke its promise. Please report it."""
