"""``parse``: from a running function to its source, checked to be what runs."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from types import FunctionType, MappingProxyType

from backprose.errors import ChangedSourceError, Location, SourceError, UnsupportedError
from backprose.parse.compare import compiled_same, same_columns
from backprose.parse.imports import note_imports
from backprose.parse.parsed import Comment, Parsed
from backprose.parse.refuse import plain_function, refuse_kind
from backprose.parse.source import Candidate, Source, read
from backprose.parse.tree import convert

ADMINISTRATIVE = re.compile(r"#!|#.*?coding[:=]")  # the two first lines of a file may tell the machine things


def parse(function: object) -> Parsed:
    """The source of exactly this function object: what it wraps is not looked at, what was decorated is given.

    >>> def double(x):
    ...     return x + x  # twice
    >>> parsed = parse(double)
    >>> parsed.tree.name, parsed.comments[2].text, parsed.lookup("abs").scope
    ('double', '# twice', 'builtin')
    """
    parsed = source_of(plain_function(function))
    refuse_kind(parsed)
    return parsed


def source_of(function: FunctionType) -> Parsed:
    """The source of a function of any kind, also of a generator, which has no derivative."""
    source = read(function)
    try:
        candidate = _find(function, source)
        parsed = _parsed(function, source, candidate)
        _check_defaults(candidate, parsed)
    except RecursionError:
        raise UnsupportedError(
            f"{function.__code__.co_name} is nested too deeply",
            why="an expression in it has hundreds of levels",
            instead="split the expression with intermediate names",
            section="source",
        ) from None
    return parsed


def _parsed(function: FunctionType, source: Source, candidate: Candidate) -> Parsed:
    comments = MappingProxyType(_comments(candidate, source))
    tree = convert(candidate, source)
    note_imports(function, tree)
    return Parsed(function, tree, function.__code__.co_filename, source.lines, comments)


def _comments(candidate: Candidate, source: Source) -> Mapping[int, Comment]:
    """The comments from the ones directly above a definition to the last ones in its body."""
    node = candidate.node
    start, end = candidate.first_line, node.end_lineno or node.lineno
    if not isinstance(node, ast.Lambda):
        while (above := source.comments.get(start - 1)) and above.alone and above.column == node.col_offset:
            if start <= 3 and ADMINISTRATIVE.match(above.text):
                break
            start -= 1
        line = end + 1
        while line <= len(source.lines):
            below = source.comments.get(line)
            if below is not None and below.alone and below.column > node.col_offset:
                end = line
            elif source.lines[line - 1].strip():
                break
            line += 1
    return {line: source.comments[line] for line in range(start, end + 1) if line in source.comments}


def _find(function: FunctionType, source: Source) -> Candidate:
    """The one definition in the source that compiles to the function's code."""
    code = function.__code__
    candidates = source.functions.get((code.co_firstlineno, code.co_name), ())
    compiled = [(candidate, compiled_same(candidate, function, source)) for candidate in candidates]
    found = [(candidate, its) for candidate, its in compiled if its is not None]
    if not found:
        raise _changed(function, source, candidates[0] if len(candidates) == 1 else None)
    if len(found) > 1:
        found = [pair for pair in found if same_columns(pair[1], code)] or found
    first = found[0][0]
    if len(found) > 1 and len({ast.dump(candidate.node) for candidate, _ in found}) > 1:
        raise SourceError(
            f"{len(found)} lambdas on this line cannot be told apart",
            why="they compile to the same code, but their text differs, and Python kept no columns to choose by",
            instead="put each lambda on a line of its own, or write functions with def",
            where=_where(function, source, first),
            section="source",
        )
    return first


def _changed(function: FunctionType, source: Source, candidate: Candidate | None) -> SourceError:
    code = function.__code__
    where = None if candidate is None else _where(function, source, candidate)
    if code.co_filename.startswith("<"):
        return ChangedSourceError(
            f"the text kept under {code.co_filename} is not that of {code.co_name}",
            why="other code was run under the same name since",
            instead="put the function in a file and import it, or define it again",
            where=where,
            section="source",
        )
    return ChangedSourceError(
        f"{code.co_filename} does not have the source of the {code.co_name} that is running",
        why="the file was edited after it was imported, or a tool rewrote the function while it was imported",
        instead="import the module again (importlib.reload), run the cell again, or restart Python",
        where=where,
        section="source",
    )


def _where(function: FunctionType, source: Source, candidate: Candidate) -> Location:
    parsed = _parsed(function, source, candidate)
    return parsed.locate(parsed.tree)


def _check_defaults(candidate: Candidate, parsed: Parsed) -> None:
    """Defaults are no part of the code: those written as literals are compared with the running function's."""
    function, arguments = parsed.function, candidate.node.args
    code, running = function.__code__, function.__defaults__ or ()
    keywords = function.__kwdefaults__ or {}
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    positional, keyword_only = names[: code.co_argcount], names[code.co_argcount :]
    if len(running) != len(arguments.defaults):
        raise _changed_default(parsed, None)
    pairs = [*zip(positional[len(positional) - len(running) :], arguments.defaults, running, strict=True)]
    for name, node in zip(keyword_only, arguments.kw_defaults, strict=True):
        if (node is None) != (name not in keywords):
            raise _changed_default(parsed, name)
        if node is not None:
            pairs.append((name, node, keywords[name]))
    for name, node, value in pairs:
        if _is_literal(node) and repr(ast.literal_eval(node)) != repr(value):
            raise _changed_default(parsed, name)


def _is_literal(node: ast.expr) -> bool:
    """Whether the value is fixed by the text: numbers, strings, None and tuples of them; a list may have changed."""
    allowed = ast.Constant | ast.Tuple | ast.Load | ast.UnaryOp | ast.USub
    return all(isinstance(part, allowed) for part in ast.walk(node)) and not any(
        isinstance(part, ast.UnaryOp) and not isinstance(part.operand, ast.Constant) for part in ast.walk(node)
    )


def _changed_default(parsed: Parsed, name: str | None) -> ChangedSourceError:
    which = "its defaults" if name is None else f"the default of {name}"
    return ChangedSourceError(
        f"{parsed.function.__code__.co_name} runs with other defaults than its source says: {which}",
        why="the file was edited after it was imported, or __defaults__ was assigned",
        instead="import the module again, restart Python, or write the new default into the source",
        where=parsed.locate(parsed.tree.args),
        section="source",
    )
