"""The text of a file (or of a notebook cell, a doctest, an emitted function), parsed once for each content."""

from __future__ import annotations

import ast
import io
import linecache
import tokenize
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import CodeType, FunctionType

from backprose.errors import ChangedSourceError, SourceError
from backprose.parse.parsed import Comment, Definition


@dataclass(frozen=True, eq=False, slots=True)
class Candidate:
    """A function definition in a file: the class whose private names it shares, and a name for a lambda."""

    node: Definition
    owner: str | None
    name: str

    @property
    def first_line(self) -> int:
        """The line Python calls the function's first: that of its first decorator, where there is one."""
        decorators = [] if isinstance(self.node, ast.Lambda) else self.node.decorator_list
        return decorators[0].lineno if decorators else self.node.lineno


@dataclass(frozen=True, eq=False, slots=True)
class Source:
    """One content: its lines without newlines, its functions by first line and name, the names that it imports at
    its top level, its comments by line."""

    text: str
    lines: tuple[str, ...]
    functions: Mapping[tuple[int, str], tuple[Candidate, ...]]
    imports: frozenset[str]
    comments: Mapping[int, Comment]


def read(function: FunctionType) -> Source:
    """The source that a function was compiled from, as it is now."""
    code = function.__code__
    text = text_of(code, function)
    if text is None:
        raise no_source(code)
    try:
        return _source(text)
    except (SyntaxError, ValueError) as error:  # ValueError: null bytes
        line = getattr(error, "lineno", None)
        raise ChangedSourceError(
            f"{code.co_filename} can no longer be read as Python"
            f"{f' (line {line})' if line else ''}, so the source of {code.co_name} is not known",
            why=f"the file was edited after {code.co_name} was imported: {error.args[0]}",
            instead="correct the file, then import it again or restart Python",
            section="source",
        ) from None
    except (RecursionError, MemoryError):
        raise SourceError(
            f"{code.co_filename} is nested too deeply to be parsed",
            why="an expression or a block in it has hundreds of levels",
            instead=f"move {code.co_name} into a file of its own, or split the expression with intermediate names",
            section="source",
        ) from None


def no_source(code: CodeType) -> SourceError:
    """The error for code whose text nobody kept, with advice for where it came from."""
    file, name = code.co_filename, code.co_name
    if file == "<stdin>":
        why = "it was typed at the prompt or piped into Python, which keeps no text before 3.13"
        instead = "put the function in a file and import it, or work in IPython or a notebook, which keep the text"
    elif file == "<string>":
        why = "it was made by exec, eval or python -c, which keep no text"
        instead = "put the function in a file and import it"
    elif file.startswith("<"):
        why = f"it was compiled under the name {file}, for which linecache has no text"
        instead = "put the function in a file and import it, or enter its text in linecache.cache under that name"
    else:
        why = f"the file {file} is gone, empty, cannot be decoded, or was never there"
        instead = "run from the files that the function was imported from, and import it again"
    return SourceError(f"the source of {name} cannot be found", why=why, instead=instead, section="source")


def text_of(code: CodeType, function: FunctionType) -> str | None:
    """The text of the file through ``linecache``, which knows files, archives, notebooks, doctests and our own text."""
    file = code.co_filename
    if not (file.startswith("<") and file.endswith(">")):
        linecache.checkcache(file)
    by_code = getattr(linecache, "_getlines_from_code", None)  # the prompt and python -c, from 3.13 on
    lines = (by_code(code) if by_code else None) or linecache.getlines(file, function.__globals__)
    if not lines:
        # frozen with the interpreter, or the path was relative and the working directory is another now
        now = function.__globals__.get("__file__")
        same = file.startswith("<frozen ") or Path(str(now)).name == Path(file).name
        if isinstance(now, str) and now != file and same:
            linecache.checkcache(now)
            lines = linecache.getlines(now)
    return "".join(lines).replace("\r\n", "\n").replace("\r", "\n") if lines else None


@lru_cache(maxsize=64)
def _source(text: str) -> Source:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an invalid escape was reported when the file was imported
        tree = ast.parse(text)
    functions: dict[tuple[int, str], tuple[Candidate, ...]] = {}
    for candidate in sorted(_candidates(tree), key=lambda found: (found.node.lineno, found.node.col_offset)):
        key = candidate.first_line, "<lambda>" if isinstance(candidate.node, ast.Lambda) else candidate.node.name
        functions[key] = (*functions.get(key, ()), candidate)
    lines = tuple(line.rstrip("\n") for line in io.StringIO(text))  # only at line feeds, as Python counts lines
    return Source(text, lines, functions, frozenset(_imports(tree)), _comments(text, lines))


def _candidates(tree: ast.Module) -> Iterator[Candidate]:
    """Every function and lambda of a file."""
    pending: list[tuple[ast.AST, str | None, str]] = [(tree, None, "anonymous")]
    while pending:
        node, owner, name = pending.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield Candidate(node, owner, name if isinstance(node, ast.Lambda) else node.name)
        name = _assigned_name(node) or "anonymous"
        body = node.body if isinstance(node, ast.ClassDef) else []
        for child in ast.iter_child_nodes(node):
            inside = node.name if isinstance(node, ast.ClassDef) and child in body else owner
            pending.append((child, inside, name))


def _imports(tree: ast.Module) -> Iterator[str]:
    """The names that import statements bind in the module itself."""
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.expr):
            pending.extend(ast.iter_child_nodes(node))


def _assigned_name(node: ast.AST) -> str | None:
    """The name a statement gives to its value: ``f`` of ``f = lambda x: x``."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda()):
            return name
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.Lambda()):
            return name
    return None


def _comments(text: str, lines: tuple[str, ...]) -> dict[int, Comment]:
    """The comments of a file by line; as far as the tokenizer came, where it gives up."""
    comments: dict[int, Comment] = {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                line, column = token.start
                comments[line] = Comment(token.string.rstrip(), not lines[line - 1][:column].strip(), column)
    except (tokenize.TokenError, SyntaxError):
        pass
    return comments
