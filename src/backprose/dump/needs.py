"""What a text refers to and does not define: imports, constants, and the source of functions, found transitively."""

from __future__ import annotations

import ast
import builtins
import io
import itertools
import symtable
import textwrap
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from backprose import support
from backprose.dump import checks
from backprose.dump.constants import literal, needs_numpy
from backprose.dump.imports import import_of, is_installed, module_of, reaches_backprose
from backprose.emit import emit
from backprose.errors import BackproseError, UnsupportedError
from backprose.ir.names import NameSupply
from backprose.ir.nodes import Program
from backprose.load.functions import defaults_of
from backprose.load.guards import resolve
from backprose.parse import parse
from backprose.simplify.same import calling


@dataclass
class Needs:
    """Collects what goes above the emitted functions; ``about`` names the derivative in errors."""

    about: str
    imports: set[str] = field(default_factory=set)
    constants: dict[str, str] = field(default_factory=dict)
    functions: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)  # a function under another name than that of its def
    meaning: dict[str, Any] = field(default_factory=dict)  # what each name of the file is bound to

    def define(self, name: str, value: object) -> None:
        """Bind a name once; two meanings of one name cannot stand in one file."""
        if name in self.meaning and self.meaning[name] is not value:
            raise UnsupportedError(
                f"{self.about} needs two different things under the name {name!r}, which one file cannot have",
                instead="rename one of them in its module",
                section="dumped-files",
            )
        self.meaning[name] = value

    def text(self, source: str, home: FunctionType, ours: Mapping[str, Any], own: frozenset[str]) -> None:
        """Everything that ``source`` refers to, as ``home`` sees it; ``own`` are the functions that it defines."""
        for name in sorted(outside_names(source)):
            raise self.cannot(name, "it is bound anew in each call, and the file would bind a copy", "return the value")
        for name in sorted(free_names(source) - own):
            if name in ours:
                self.thing(name, ours[name], home)
                continue
            try:
                value = resolve(home, name)
            except (NameError, ValueError):
                raise UnsupportedError(
                    f"{self.about} refers to {name}, which is not defined",
                    instead=f"define {name} before its derivative is dumped",
                    section="dumped-files",
                ) from None
            if getattr(builtins, name, self) is not value:
                self.thing(name, value, home)

    def thing(self, name: str, value: object, home: FunctionType) -> None:
        """Whatever binds ``name`` to ``value``."""
        if name in self.meaning and self.meaning[name] is value:
            return
        self.define(name, value)
        if isinstance(value, FunctionType) and (support.is_helper(value) or value.__module__ == checks.__name__):
            self.function(name, value)
            return
        if is_of_ours(value):
            self.derivative(name, value)
            return
        statements = import_of(name, value, home)
        for statement in statements:
            self.add_import(statement)
        if statements:
            return
        if isinstance(value, ModuleType):
            raise self.cannot(name, f"{value.__name__} is a module of yours, not an installed one", "import its names")
        if isinstance(value, FunctionType) and not is_installed(value.__module__ or "__main__"):
            self.function(name, value)
            return
        text = literal(value)
        if text is None:
            raise self.cannot(name, f"it is {_described(value)}", "pass it as an argument")
        self.constants[name] = text
        if needs_numpy(text):
            self.thing("np", np, home)

    def add_import(self, statement: str) -> None:
        through = reaches_backprose(module_of(statement))
        if through is not None:
            raise UnsupportedError(
                f"{self.about} needs {statement!r}",
                why=f"{through} imports backprose, and a dumped file has to run without it",
                instead="move what is needed to a module that does not use backprose",
                section="dumped-files",
            )
        self.imports.add(statement)

    def function(self, name: str, function: FunctionType) -> None:
        """The source of a function, and all that it refers to."""
        ours = function.__code__.co_filename.startswith("<backprose")  # its cells hold functions, and those of its home
        if function.__code__.co_freevars and not ours:
            raise self.cannot(name, "it is a function with variables of an enclosing one", "pass them as arguments")
        if function.__name__ == "<lambda>":
            raise self.cannot(name, "it is a lambda", "write it with def")
        original = source_of(function)
        self.defaults(name, original, function)
        source = without_annotations(original)
        if function.__name__ != name:
            self.define(function.__name__, function)
            self.aliases[name] = function.__name__
        self.functions[function.__name__] = source
        self.text(source, function, {}, frozenset({function.__name__}))

    def derivative(self, name: str, value: Any) -> None:
        """The text, for arguments of any types, of a gradient that a function of ours calls under that name."""
        variant = value._variants.of({})
        derived, written = variant.derived, variant.writes()
        if written:
            raise self.cannot(name, f"its function writes into {written[0]}", "write into a copy")
        taken = NameSupply((*self.meaning, *free_names(derived.text), *derived.homes))
        own = {derived.entries[-1]: name}
        for function in derived.program.functions:
            if function.name in self.meaning:
                own.setdefault(function.name, taken.fresh(function.name))
        own = {function.name: own.get(function.name, function.name) for function in derived.program.functions}
        made = [replace(calling(one, own), name=own[one.name]) for one in derived.program.functions]
        emission = emit(Program(tuple(made)))
        for one in own.values():
            self.define(one, derived if one != name else value)
        for before, node in zip(derived.program.functions, ast.parse(emission.text).body, strict=True):
            source = ast.get_source_segment(emission.text, node) or ""
            self.text(source, derived.homes[before.name], emission.ours, frozenset(own.values()))
            self.defaults(own[before.name], source, derived.homes[before.name])
        self.functions[name] = emission.text

    def defaults(self, name: str, source: str, home: FunctionType) -> None:
        """Defaults written as expressions are evaluated again in the dumped file: only constants stay the same."""
        arguments, own = definition(source).args, defaults_of(home)
        positional = [*arguments.posonlyargs, *arguments.args]
        pairs = [*zip(reversed(positional), reversed(arguments.defaults), strict=False)]
        pairs += [(p, node) for p, node in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if node]
        for parameter, node in pairs:
            if isinstance(node, ast.Constant) or parameter.arg not in own:
                continue
            text = literal(own[parameter.arg])
            if text is None or text != literal(_evaluated(node, home)):
                raise self.cannot(name, f"its default {ast.unparse(node)} is no constant", "write a literal")

    def cannot(self, name: str, why: str, instead: str) -> BackproseError:
        return UnsupportedError(
            f"{self.about} refers to {name}, which cannot be copied into a file",
            why=why,
            instead=instead,
            section="dumped-files",
        )


def is_of_ours(value: Any) -> bool:
    """Whether it is the gradient of a function that backprose wrote, as it does for ``bp.root``."""
    if not getattr(type(value), "__backprose_derivative__", False) or not isinstance(value.primal, FunctionType):
        return False
    plain = value._transform() == "grad" and value.outputs is None
    return plain and value.primal.__code__.co_filename.startswith("<backprose")


def source_of(function: FunctionType) -> str:
    """The source of a function, from its ``def`` on, indented as at the top of a module."""
    parsed = parse(function)
    span = parsed.span_of(parsed.tree)
    if function.__name__ == "<lambda>":
        return parsed.text_of(span) + "\n"
    return textwrap.dedent("\n".join(parsed.lines[span.line - 1 : span.end_line])) + "\n"  # with the last comment


def without_annotations(source: str) -> str:
    r"""The source of one function without the annotations of its head, which would be evaluated.

    >>> without_annotations("def f(x: int = 3, *a: str) -> float:\n    return x\n")
    'def f(x = 3, *a):\n    return x\n'
    >>> without_annotations("def f(x: int | tuple[int, ...] = 3) -> tuple[int, ...]:\n    return x\n")
    'def f(x = 3):\n    return x\n'
    """
    for begin, end in reversed(list(_annotations(source))):
        source = source[:begin] + source[end:]
    return source


def _annotations(source: str) -> Iterator[tuple[int, int]]:
    """Where the annotations in the head of a function stand, with their colon or arrow."""
    offsets = list(itertools.accumulate(map(len, source.splitlines(keepends=True)), initial=0))
    depth, begin, in_default, of_result = 0, None, False, False
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        text, here = token.string, offsets[token.start[0] - 1] + token.start[1]
        ends_head = depth == 0 and text == ":"
        of_result = of_result or (depth == 0 and text == "->")
        if begin is not None and (ends_head or (depth == 1 and text in ("=", ",", ")") and not of_result)):
            yield begin, len(source[:here].rstrip())
            begin = None
        if ends_head:
            return
        if (depth == 1 and text == ":" and not in_default and begin is None) or (depth == 0 and text == "->"):
            begin = len(source[:here].rstrip())
        if depth == 1 and text in ("=", ","):
            in_default = text == "="
        depth += (text in ("(", "[", "{")) - (text in (")", "]", "}"))


def definition(source: str) -> ast.FunctionDef:
    """The tree of the function that ``source`` defines."""
    node = ast.parse(source).body[0]
    assert isinstance(node, ast.FunctionDef)
    return node


def outside_names(source: str) -> set[str]:
    """The global and nonlocal names that a function binds."""
    declared = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Global | ast.Nonlocal))
    return {name for node in declared for name in node.names}


def free_names(source: str) -> set[str]:
    r"""The names that a module's text reads and that no function of it binds as a variable of its own.

    >>> sorted(free_names("def f(x, n=N):\n    y = x + rate\n    return [np.sin(i) for i in y]\n"))
    ['N', 'np', 'rate']
    """
    return set(_free(symtable.symtable(source, "<text>", "exec")))


def _free(table: symtable.SymbolTable) -> Iterator[str]:
    top = table.get_type() == "module"
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (not symbol.is_assigned() if top else symbol.is_global()):
            yield symbol.get_name()
    for child in table.get_children():
        yield from _free(child)


def _evaluated(node: ast.expr, function: FunctionType) -> object:
    try:
        return eval(compile(ast.Expression(node), "<default>", "eval"), function.__globals__)  # noqa: S307
    except Exception:  # noqa: BLE001 - whatever the user's expression raises now
        return None


def _described(value: object) -> str:
    if isinstance(value, np.ndarray):
        return f"an array of {value.size} elements of {value.dtype}"
    if isinstance(value, FunctionType):
        return f"a function of {value.__module__} that is not bound there under its name"
    return f"an object of class {type(value).__name__}"
