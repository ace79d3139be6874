"""Emitted text becomes functions that live in the user's world: the primal's globals, the primal's cells.

Each function of the text is compiled alone, inside a factory that is never called:

    def factory(np, unbroadcast, rate):     # names of ours, the emitted functions, and the primal's own free variables
        def loss_grad(x): ...               # the emitted function, at the lines it has in the text

What the factory is for is that the names in its head are free variables of the function, not globals: so names of ours
reach it through cells, and the user's namespaces are never written. The function is then made from its code object,
with its home's globals, its home's cells where the home has such a name, and cells of ours for the rest.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Mapping
from types import CellType, CodeType, FunctionType
from typing import Any, Protocol

from backprose.load.text import keep, new_name
from backprose.parse.cells import cells_of


class Emitted(Protocol):
    """What ``load`` reads of ``pipeline.Derived``."""

    @property
    def text(self) -> str: ...
    @property
    def entries(self) -> tuple[str, ...]: ...
    @property
    def ours(self) -> Mapping[str, Any]: ...
    @property
    def homes(self) -> Mapping[str, FunctionType]: ...


def load(derived: Emitted) -> Mapping[str, FunctionType]:
    r"""The entry functions of the text, by name.

    >>> from types import SimpleNamespace
    >>> def cube(x, power=3): ...
    >>> text = "def cube_grad(x, power=3, *, result_bar=1.0):\n    return result_bar * power * x ** (power - 1)\n"
    >>> emitted = SimpleNamespace(text=text, entries=("cube_grad",), ours={}, homes={"cube_grad": cube})
    >>> load(emitted)["cube_grad"](2.0)
    12.0
    """
    file = new_name(derived.entries[-1])
    definitions = {node.name: node for node in ast.parse(derived.text).body if isinstance(node, ast.FunctionDef)}
    cells = {name: CellType(value) for name, value in derived.ours.items()}
    cells.update((name, CellType()) for name in definitions)
    functions: dict[str, FunctionType] = {}
    for name, definition in definitions.items():
        home = derived.homes[name]
        functions[name] = cells[name].cell_contents = _function(definition, home, cells, file)
    keep(file, derived.text, [function.__code__ for function in functions.values()])
    return {name: functions[name] for name in derived.entries}


def _function(definition: ast.FunctionDef, home: FunctionType, ours: Mapping[str, CellType], file: str) -> FunctionType:
    cells = {**cells_of(home), **ours}
    defaults, keyword_defaults = _defaults(definition.args, home)
    code = _code(definition, tuple(cells), file)
    closure = tuple(cells[name] for name in code.co_freevars)
    function = FunctionType(code, home.__globals__, definition.name, defaults, closure)
    function.__qualname__ = definition.name
    function.__kwdefaults__ = keyword_defaults
    return function


def _code(definition: ast.FunctionDef, free: tuple[str, ...], file: str) -> CodeType:
    """The code of one function, with the names ``free`` as free variables where it uses them."""
    _leave_only_the_body(definition)
    module = ast.parse(f"def factory({', '.join(free)}): pass")
    factory: Any = module.body[0]
    factory.body = [definition]
    code = compile(module, file, "exec", dont_inherit=True)
    for _ in range(2):  # the module's code holds that of the factory, which holds that of the function
        code = next(constant for constant in code.co_consts if isinstance(constant, CodeType))
    if sys.version_info >= (3, 11):
        code = code.replace(co_qualname=definition.name)
    return code


def _leave_only_the_body(definition: ast.FunctionDef) -> None:
    """Defaults come as objects and annotations are not needed: neither may put code of its own into the factory."""
    arguments = definition.args
    arguments.defaults = [ast.copy_location(ast.Constant(None), default) for default in arguments.defaults]
    arguments.kw_defaults = [
        default and ast.copy_location(ast.Constant(None), default) for default in arguments.kw_defaults
    ]
    every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
    for parameter in every:
        if parameter is not None:
            parameter.annotation = None
    definition.returns = None
    definition.decorator_list = []


def _defaults(arguments: ast.arguments, home: FunctionType) -> tuple[tuple[Any, ...] | None, dict[str, Any] | None]:
    """The home's own default objects for the home's parameters; those of ours (``result_bar=1.0``) are literals."""
    own = defaults_of(home)
    positional = [*arguments.posonlyargs, *arguments.args]
    with_default = positional[len(positional) - len(arguments.defaults) :]
    first = [_default(p.arg, node, own) for p, node in zip(with_default, arguments.defaults, strict=True)]
    second = {
        parameter.arg: _default(parameter.arg, node, own)
        for parameter, node in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if node is not None
    }
    return tuple(first) or None, second or None


def _default(name: str, node: ast.expr, own: Mapping[str, Any]) -> Any:
    return own[name] if name in own else ast.literal_eval(node)


def defaults_of(function: FunctionType) -> dict[str, Any]:
    """The default objects of a function, by parameter."""
    code = function.__code__
    values = function.__defaults__ or ()
    names = code.co_varnames[code.co_argcount - len(values) : code.co_argcount]
    return dict(zip(names, values, strict=True)) | (function.__kwdefaults__ or {})
