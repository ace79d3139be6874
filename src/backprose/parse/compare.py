"""Is what was found what runs? The code compiled from the source is compared with the function's own.

The definition is compiled alone, in a small frame that gives its names the meaning they have in the function: a
class for private names and ``super()``, and an enclosing function whose parameters are the function's free variables.
So files, notebook cells and text of ours that was compiled inside a factory are all compared in one way.

Line numbers, file names and qualified names are left out; so is the order of the attribute names that Python 3.13
collects in a class. Test modules have their ``assert`` statements rewritten by pytest as they are imported: such code
is known by its names (``@pytest_ar``), and the source is then rewritten by pytest itself before it is compiled.
"""

from __future__ import annotations
import __future__

import ast
import copy
import inspect
import sys
import warnings
from collections.abc import Iterator
from functools import reduce
from types import CodeType, FunctionType
from typing import Any

from backprose.parse.parsed import Definition
from backprose.parse.source import Candidate, Source

FUTURE_FLAGS = reduce(
    lambda flags, name: flags | getattr(__future__, name).compiler_flag,
    (name for name in __future__.all_feature_names if name != "nested_scopes"),  # its flag is that of nested functions
    0,
)
# set wherever a function stands in another (our frame sets it); set by types.coroutine
OTHER_FLAGS = inspect.CO_NESTED | inspect.CO_ITERABLE_COROUTINE


def compiled_same(candidate: Candidate, function: FunctionType, source: Source) -> CodeType | None:
    """The code that this definition compiles to, where it does what the function's code does; else None."""
    code = function.__code__
    used = {name for inner in _codes(code) for name in (*inner.co_names, *inner.co_varnames, *inner.co_freevars)}
    imports = sorted(source.imports & used)
    # where a cell or an example was compiled statement by statement, the imports were not seen
    for visible in (imports, []) if imports else ([],):
        compiled = _compile_alone(candidate, function, source, visible)
        if compiled is not None and _key(compiled) == _key(code):
            return compiled
    return None


def same_columns(first: CodeType, second: CodeType) -> bool:
    """Whether every instruction stands at the same columns (code has columns from 3.11 on)."""
    return _columns(first) == _columns(second)


def _compile_alone(candidate: Candidate, function: FunctionType, source: Source, imports: list[str]) -> CodeType | None:
    """The code of one definition; None where it no longer compiles.

    From 3.11 on a method call on a name that the module imports is compiled in a way of its own, so the imports count.
    """
    code = function.__code__
    module = _frame(candidate, code, imports)
    if any("@pytest_ar" in inner.co_names for inner in _codes(code)):
        rewritten = _with_asserts_rewritten(module, function, source)
        if rewritten is None:
            return None
        module = rewritten
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # reported when the file was imported
        try:
            inner: CodeType = compile(module, code.co_filename, "exec", code.co_flags & FUTURE_FLAGS, dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError):
            return None
    for _ in range(2 if candidate.owner is None else 3):  # module, frame, perhaps a class
        inner = next(constant for constant in inner.co_consts if isinstance(constant, CodeType))
    return inner


def _frame(candidate: Candidate, code: CodeType, imports: list[str]) -> ast.Module:
    """``def frame(<free variables>): class Owner: <definition>``, in a module with these imports."""
    owner, node = candidate.owner, candidate.node
    parameters = [name for name in code.co_freevars if not (name == "__class__" and owner)]
    lines = [f"import {name}" for name in imports] + [f"def frame({', '.join(parameters)}):"]
    bound = owner or (None if isinstance(node, ast.Lambda) else node.name)
    if bound and bound not in parameters:
        lines.append(f" global {bound}")  # the name is read from the module, not from this frame
    lines.append(f" class {owner}:" if owner else " if 1:")
    module = ast.parse("\n".join([*lines, "  pass"]))
    frame: Any = module.body[-1]
    block = frame.body[-1]
    bare = _bare(node)
    block.body = [ast.copy_location(ast.Expr(bare), bare) if isinstance(bare, ast.Lambda) else bare]
    return module


def _bare(node: Definition) -> Definition:
    """The definition without decorators, defaults and annotations, which run outside it and leave its code alone."""

    def plain(parameter: ast.arg) -> ast.arg:
        return ast.copy_location(ast.arg(parameter.arg), parameter)

    def nothing(default: ast.expr) -> ast.expr:
        return ast.copy_location(ast.Constant(None), default)

    bare, given = copy.copy(node), node.args  # the body is shared: compiling only reads it
    bare.args = ast.arguments(
        posonlyargs=[plain(parameter) for parameter in given.posonlyargs],
        args=[plain(parameter) for parameter in given.args],
        vararg=given.vararg and plain(given.vararg),
        kwonlyargs=[plain(parameter) for parameter in given.kwonlyargs],
        kw_defaults=[default and nothing(default) for default in given.kw_defaults],
        kwarg=given.kwarg and plain(given.kwarg),
        defaults=[nothing(default) for default in given.defaults],
    )
    if not isinstance(bare, ast.Lambda):
        bare.decorator_list, bare.returns = [], None
        if hasattr(bare, "type_params"):
            bare.type_params = []
    return bare


def _with_asserts_rewritten(module: ast.Module, function: FunctionType, source: Source) -> ast.Module | None:
    """The module as pytest rewrites it; pytest is loaded, for its work is in the function's code."""
    rewriter: Any = sys.modules.get("_pytest.assertion.rewrite")
    config = getattr(function.__globals__.get("__loader__"), "config", None)
    try:
        module = copy.deepcopy(module)  # pytest rewrites in place
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            rewriter.rewrite_asserts(module, source.text.encode(), function.__code__.co_filename, config)
    except Exception:  # noqa: BLE001 - a pytest that does it in another way: then nothing can be compared
        return None
    return module


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _key(code: CodeType) -> tuple[object, ...]:
    """What a code object does, without where it stands."""
    is_class = "__qualname__" in code.co_names
    return (
        code.co_name,
        code.co_code,
        tuple(_constant(constant, is_class) for constant in code.co_consts),
        code.co_names,
        code.co_varnames,
        code.co_freevars,
        code.co_cellvars,
        code.co_argcount,
        code.co_posonlyargcount,
        code.co_kwonlyargcount,
        code.co_flags & ~OTHER_FLAGS,
        getattr(code, "co_exceptiontable", b""),
    )


def _constant(value: object, in_class: bool) -> object:
    match value:
        case CodeType():
            return _key(value)
        case tuple():
            items = [_constant(item, False) for item in value]
            if in_class and all(isinstance(item, str) for item in value):
                items.sort(key=repr)  # __static_attributes__, in no order
            return (tuple, tuple(items))
        case frozenset():
            return (frozenset, frozenset(_constant(item, False) for item in value))
        case str():
            return (str, value.rpartition(".<locals>.")[2])  # the qualified name of an inner function
    return (type(value), repr(value))  # 1, 1.0 and True differ, and so do 0.0 and -0.0


def _columns(code: CodeType) -> list[object]:
    """The columns of every instruction; nothing on 3.10."""
    positions: Any = getattr(code, "co_positions", tuple)
    return [position[2:] for position in positions()] + [
        _columns(constant) for constant in code.co_consts if isinstance(constant, CodeType)
    ]
