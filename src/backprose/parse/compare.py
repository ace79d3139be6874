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


def _compile_alone(
    candidate: Candidate, function: FunctionType, source: Source, imports: list[str]
) -> CodeType | None:
    """The code of one definition; None where it no longer compiles.

    From 3.11 on a method call on a name that the module imports is compiled in a way of its own, so the imports count.
    """
    code = function.__code__
    module = ast.Module([ast.Import([ast.alias(name)]) for name in imports] + [_frame(candidate, code)], [])
    ast.fix_missing_locations(module)
    if any("@pytest_ar" in inner.co_names for inner in _codes(code)) and not _rewrite_asserts(module, function, source):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # reported when the file was imported
        try:
            inner = compile(module, code.co_filename, "exec", code.co_flags & FUTURE_FLAGS, dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError):
            return None
    for _ in range(2 if candidate.owner is None else 3):  # module, frame, perhaps a class
        inner = next(constant for constant in inner.co_consts if isinstance(constant, CodeType))
    return inner


def _frame(candidate: Candidate, code: CodeType) -> ast.FunctionDef:
    """``def frame(<free variables>): class Owner: <definition>``, without what belongs to the place around it."""
    inner = _bare(candidate.node)
    statement: ast.stmt = ast.Expr(inner) if isinstance(inner, ast.expr) else inner
    if candidate.owner is not None:
        statement = ast.ClassDef(name=candidate.owner, bases=[], keywords=[], body=[statement], decorator_list=[])
    body = [statement]
    bound = getattr(statement, "name", None)
    if bound is not None and bound not in code.co_freevars:
        body.insert(0, ast.Global([bound]))  # the name is read from the module, not from this frame
    inside = {"__class__"} if candidate.owner is not None else set()
    parameters = [ast.arg(free) for free in code.co_freevars if free not in inside]
    arguments = ast.arguments(posonlyargs=[], args=parameters, kwonlyargs=[], kw_defaults=[], defaults=[])
    frame = ast.FunctionDef(name="<frame>", args=arguments, body=body, decorator_list=[])
    for node in ast.walk(frame):
        if "type_params" in node._fields and not hasattr(node, "type_params"):
            node.type_params = []  # type: ignore[attr-defined]
    return frame


def _bare(node: Definition) -> Definition:
    """A copy without decorators, defaults and annotations: they run outside the function and leave its code alone."""
    node = copy.deepcopy(node)
    arguments = node.args
    arguments.defaults = [ast.Constant(None) for _ in arguments.defaults]
    arguments.kw_defaults = [None if default is None else ast.Constant(None) for default in arguments.kw_defaults]
    for parameter in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg):
        if parameter is not None:
            parameter.annotation = None
    if not isinstance(node, ast.Lambda):
        node.decorator_list, node.returns = [], None
        if hasattr(node, "type_params"):
            node.type_params = []
    return node


def _rewrite_asserts(module: ast.Module, function: FunctionType, source: Source) -> bool:
    """Let pytest do to the source what it did to the module; it is loaded, for its work is in the code."""
    rewriter: Any = sys.modules.get("_pytest.assertion.rewrite")
    config = getattr(function.__globals__.get("__loader__"), "config", None)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            rewriter.rewrite_asserts(module, source.text.encode(), function.__code__.co_filename, config)
    except Exception:  # a pytest that does it in another way: then nothing can be compared
        return False
    return True


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
