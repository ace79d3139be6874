"""A description of all that shapes the text of a derivative: the primal and whatever it reaches by name.

Two processes that describe it alike make the same text. Of functions it is the code, the text of the source, defaults,
cells and what their names mean; of classes what they hold; of floats and arrays the type, as of all that the text does
not depend on; of whole numbers and texts the value. What belongs to Python, NumPy or SciPy is described by its name.
What cannot be described exactly raises ``UnsureError``: there is no entry for it.

Every function, class, list and other object with an identity has a number, by which an entry refers to it.
"""

from __future__ import annotations

import dis
import functools
import hashlib
import importlib.util
import itertools
import logging
import os
import re
import sys
from abc import ABCMeta
from collections.abc import Iterable, Mapping
from enum import Enum, EnumMeta
from functools import cached_property, partial
from pathlib import Path
from types import (
    BuiltinFunctionType,
    CodeType,
    FunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodDescriptorType,
    MethodType,
    MethodWrapperType,
    ModuleType,
    SimpleNamespace,
    WrapperDescriptorType,
)
from typing import Any

import numpy as np

from backprose.ir.shared import LIBRARIES, is_derivative
from backprose.ir.types import Extent, Type
from backprose.ir.values import is_followed, is_named_tuple, is_sparse
from backprose.parse.cells import own_cells
from backprose.parse.source import text_of
from backprose.rules.registry import rule_for

MOST_LINES = 50_000
CALLABLES = (
    FunctionType,
    BuiltinFunctionType,
    MethodDescriptorType,
    MethodWrapperType,
    WrapperDescriptorType,
    np.ufunc,
    type(np.sum),
)
EXACT = (bool, int, str, bytes, type(None), type(Ellipsis), type(NotImplemented), range)
INEXACT = (float, complex)
METHODS = (FunctionType, property, staticmethod, classmethod)
SLOTS = (MemberDescriptorType, GetSetDescriptorType)
DRAWING = (np.random.Generator, np.random.RandomState)
METACLASSES = (type, ABCMeta, EnumMeta)
ELSEWHERE = ("numpy", "numpy.linalg", "scipy.special")  # where functions are found that do not know their module
# of classes: what follows from the rest, what says nothing, and what is in no order
DERIVED = frozenset(
    "__dict__ __weakref__ __doc__ __module__ __qualname__ __annotations__ __match_args__ __abstractmethods__ _abc_impl"
    " __parameters__ __orig_bases__ __static_attributes__ __firstlineno__ __annotate__ __annotate_func__"
    " __annotations_cache__ __slots__ __dataclass_params__".split()
)
OF_NAMED_TUPLES = frozenset("__new__ _make _replace __replace__ __repr__ _asdict __getnewargs__".split())
OURS = "__backprose_"  # how attributes begin that we put on functions ourselves
CYTHON = "cython_function_or_method"
MISSING = object()
IMPORT_NAME = dis.opmap["IMPORT_NAME"]
MADE_BY_PYTHON = 1 << 9  # the flag of classes that a class statement, or what works like it, has made


class UnsureError(Exception):
    """Something cannot be described exactly."""


class World:
    """A description that grows: what is put later refers to what was met before by its number.

    >>> def area(r): return np.pi * r ** power
    >>> def described():
    ...     world = World()
    ...     world.value(area)
    ...     return world.digest()
    >>> area.__globals__["power"] = 2
    >>> first = described()
    >>> first == described()
    True
    >>> area.__globals__["power"] = 3
    >>> first == described()
    False
    """

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.objects: list[Any] = []  # by number; kept, so that no other object takes the identity of one
        self.numbers: dict[int, int] = {}
        self.read: set[tuple[int, str]] = set()  # names of modules
        self.texts: dict[str, str] = {}

    def digest(self, more: str = "") -> str:
        return hashlib.sha256("\n".join((more, *self.lines)).encode("utf-8", "surrogatepass")).hexdigest()

    def described(self, value: object) -> str:
        """What is put for a value, after all that was put before."""
        start = len(self.lines)
        self.value(value, exact=True)
        text = "\n".join(self.lines[start:])
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    def put(self, *words: str) -> None:
        if len(self.lines) > MOST_LINES:
            raise UnsureError("it is too much")
        self.lines.append(" ".join(words))

    def is_new(self, value: object) -> bool:
        """Whether a value is met for the first time: it has a number from now on."""
        number = self.numbers.get(id(value))
        if number is not None:
            self.put(f"#{number}")
            return False
        self.numbers[id(value)] = len(self.objects)
        self.objects.append(value)
        return True

    # ------------------------------------------------------------ values
    def value(self, value: Any, *, exact: bool = False) -> None:
        """Any object; ``exact``: of floats the value, too."""
        kind: Any = type(value)
        if kind in EXACT:
            self.put(kind.__name__, repr(value))
        elif kind in INEXACT:
            self.put(kind.__name__, repr(value) if exact else "")
        elif kind is tuple:
            self.items("tuple", value, exact=exact)
        elif kind is FunctionType:
            self.function(value)
        elif isinstance(value, type):
            self.type(value)
        elif kind is ModuleType:
            self.module(value, None)
        elif isinstance(value, CALLABLES) or kind.__name__ == CYTHON:
            self.library(value)
        elif kind is Type:
            self.known(value)
        elif kind is frozenset or kind is set:
            self.put(kind.__name__, *sorted(_literal(item) for item in value))
        elif isinstance(value, np.generic):
            self.put("scalar", value.dtype.str, repr(value) if exact or value.dtype.kind not in "fc" else "")
        elif isinstance(value, np.dtype):
            self.put("dtype", repr(value))
        elif kind is slice:
            self.items("slice", (value.start, value.stop, value.step), exact=exact)
        elif isinstance(value, Enum):
            self.type(kind)
            self.put("member", repr(value.name))
        elif self.is_new(value):
            self.new(value, kind, exact=exact)

    def new(self, value: Any, kind: Any, *, exact: bool) -> None:
        """An object with an identity of its own."""
        if kind is np.ndarray or kind is np.memmap:
            self.array(value)
        elif kind is list:
            self.items("list", value, exact=exact)
        elif kind is dict:
            self.put("dict", str(len(value)))
            for key, item in value.items():
                self.put(_literal(key))
                self.value(item, exact=exact)
        elif is_named_tuple(kind):
            self.type(kind)
            self.items("of", value, exact=exact)
        elif kind is MethodType:
            self.put("method")
            self.value(value.__func__)
            self.value(value.__self__)
        elif kind is property:
            self.items("property", (value.fget, value.fset, value.fdel))
        elif kind in (staticmethod, classmethod):
            self.items(kind.__name__, (value.__func__,))
        elif kind is cached_property:
            self.items("cached", (value.func,))
        elif kind is functools._lru_cache_wrapper:
            self.items("cache", (value.__wrapped__,))
        elif kind is partial:
            self.items("partial", (value.func, value.args, value.keywords), exact=True)
        elif kind is SimpleNamespace:
            self.attributes(vars(value), exact=exact)
        elif kind in DRAWING or kind is re.Pattern:
            self.put(kind.__qualname__, repr(value) if kind is re.Pattern else "")
        elif kind is logging.Logger:
            self.put("logger", repr(value.name))
        elif is_derivative(value):
            self.derivative(value)
        elif is_sparse(value):
            self.put("sparse", kind.__qualname__, value.dtype.str)
        elif is_followed(value):
            self.type(kind)
            self.attributes(object.__getattribute__(value, "__dict__"), exact=exact)
        else:
            raise UnsureError(kind.__qualname__)

    def items(self, word: str, items: Iterable[Any], *, exact: bool = False) -> None:
        known = tuple(items)
        self.put(word, str(len(known)))
        for item in known:
            self.value(item, exact=exact)

    def attributes(self, found: Mapping[str, Any], *, exact: bool = False) -> None:
        own = [(name, value) for name, value in found.items() if not name.startswith(OURS)]
        self.put("attributes", str(len(own)))
        for name, value in own:
            self.put(repr(name))
            self.value(value, exact=exact)

    def array(self, value: np.ndarray[Any, Any]) -> None:
        """Its type, and which other array it is a part of; not what it holds."""
        if value.dtype.kind not in "biufcUSMm":
            raise UnsureError("an array of objects")
        flags = value.flags
        form = (
            [n == 1 for n in value.shape],
            flags.writeable,
            flags.c_contiguous,
            flags.f_contiguous,
            0 in value.strides,
        )
        self.put("array", type(value).__name__, value.dtype.str, repr(form))
        base: Any = value.base
        if isinstance(base, np.ndarray):
            self.value(base)
        elif base is not None and type(value) is np.ndarray and type(base).__module__ not in ("builtins", "mmap"):
            raise UnsureError("an array of memory of another object")

    def derivative(self, value: Any) -> None:
        """What a transform has made, as it is pickled."""
        if not type(value).__module__.startswith("backprose.") or f"{OURS}captured__" in vars(value):
            raise UnsureError("a derivative of another kind")
        self.put("derivative", type(value).__module__, type(value).__qualname__)
        self.value(value._options(), exact=True)
        self.value(value.primal)

    def known(self, one: Type) -> None:
        """What is known of a value before the program runs."""
        dims = [(dim.symbol, dim.less, dim.not_one) if isinstance(dim, Extent) else dim for dim in one.shape or ()]
        extent = one.extent
        length = (extent.symbol, extent.less, extent.not_one) if isinstance(extent, Extent) else extent
        self.put("type", one.kind, repr((one.dtype, one.shape is None, dims, length, one.keys, one.fixed)))
        self.items("items", (one.items is None, *(one.items or ()), one.value, one.item))

    # ------------------------------------------------------------ functions
    def function(self, one: FunctionType) -> None:
        name = library_name(one)
        if name is not None:
            self.put("library", *name)
        elif self.is_new(one):
            rule = rule_for(one)
            if rule is not None and rule.by_user:
                raise UnsureError("a rule of a user's")
            world = one.__globals__
            module = world.get("__name__")
            there = sys.modules.get(module) if isinstance(module, str) else None
            package = world.get("__package__")
            self.put("function", repr((one.__name__, one.__qualname__, module, package)))
            self.put("own" if there is not None and vars(there) is world else "apart")
            self.code(one.__code__)
            self.put("source", self.source(one))
            self.items("defaults", (one.__defaults__, one.__kwdefaults__), exact=True)
            self.names(one)
            self.attributes(vars(one))

    def source(self, one: FunctionType) -> str:
        """The text of the file; the name of the file does not matter."""
        file = one.__code__.co_filename
        if file not in self.texts:
            text = text_of(one.__code__, one)
            made = hashlib.sha256((text or "").encode("utf-8", "surrogatepass")).hexdigest()
            self.texts[file] = "none" if text is None else made
        return self.texts[file]

    def code(self, one: CodeType) -> None:
        self.put(
            "code",
            repr(
                (one.co_name, one.co_firstlineno, one.co_code, one.co_linetable, getattr(one, "co_exceptiontable", b""))
            ),
            repr((one.co_names, one.co_varnames, one.co_freevars, one.co_cellvars, one.co_flags)),
            repr((one.co_argcount, one.co_posonlyargcount, one.co_kwonlyargcount, len(one.co_consts))),
        )
        for constant in one.co_consts:
            if isinstance(constant, CodeType):
                self.code(constant)
            else:
                self.put(_literal(constant))

    def names(self, one: FunctionType) -> None:
        """What the names in a function mean, those of its attributes among them, should they be variables, too."""
        names = sorted(set(_names_in(one.__code__)))
        for module in _imported(one.__code__, one.__globals__.get("__package__")):
            self.put("imports", module.__name__)
            self.module(module, names)
        cells = own_cells(one)
        for name, cell in cells.items():
            try:
                content = cell.cell_contents
            except ValueError:
                self.put("empty", name)
                continue
            self.put("cell", name)
            self.variable(content, names)
        world = one.__globals__
        builtins: dict[str, Any] = one.__builtins__
        for name in names:
            if name in world and name not in cells:
                self.put("global", name)
                self.variable(world[name], names)
            elif name in builtins and name not in cells:
                self.put("builtin", name)
                self.value(builtins[name])

    def variable(self, value: Any, names: list[str]) -> None:
        """What a name means; of a module what it has of ``names``."""
        if isinstance(value, ModuleType):
            self.module(value, names)
        else:
            self.value(value)

    # ------------------------------------------------------------ modules and libraries
    def module(self, module: ModuleType, names: list[str] | None) -> None:
        """``names``: those that may be read of it; None where that is not known."""
        if self.is_new(module):
            there = sys.modules.get(module.__name__) is module
            self.put("module", repr(module.__name__), "there" if there else "apart")
        within = is_library(module)
        if not within and (names is None or type(module) is not ModuleType or "__getattr__" in vars(module)):
            raise UnsureError(f"the module {module.__name__}")
        for name in names or ():
            found = vars(module).get(name, MISSING)
            if found is MISSING or (id(module), name) in self.read:
                continue
            self.read.add((id(module), name))
            self.put("of", module.__name__, name)
            if isinstance(found, ModuleType):
                self.module(found, names)
            elif within:
                self.part(found)
            else:
                self.value(found)

    def part(self, found: Any) -> None:
        """Of a module of a library: what nobody has put there, by its name."""
        kind = type(found)
        if isinstance(found, FunctionType | type) and library_name(found) is None:
            if not _is_of_library(found):
                self.value(found)
                return
        elif not _is_of_library(kind) and not (callable(found) and _is_of_library(found)):
            self.value(found)
            return
        if kind in EXACT or kind in INEXACT:
            self.value(found, exact=True)
        else:
            called = callable(found)
            names = [repr(getattr(found, one, None)) for one in ("__module__", "__qualname__", "__name__")]
            self.put("part", kind.__module__, kind.__qualname__, *(names if called else ()))

    def library(self, value: Any) -> None:
        """A function that is not written in Python."""
        name = library_name(value)
        if name is not None:
            self.put("library", *name)
        elif isinstance(value, BuiltinFunctionType | MethodWrapperType) and not isinstance(value.__self__, ModuleType):
            self.put("bound", repr(value.__name__))
            self.value(value.__self__)
        else:
            raise UnsureError(repr(value))

    # ------------------------------------------------------------ classes
    def type(self, one: Any) -> None:
        name = library_name(one)
        if name is not None:
            self.put("library", *name)
            return
        if one.__name__ == CYTHON or (not one.__flags__ & MADE_BY_PYTHON and _is_of_library(one)):  # of functions
            self.put("type", one.__module__, one.__qualname__)
            return
        if not self.is_new(one):
            return
        if type(one) not in METACLASSES:
            raise UnsureError(f"a class made by {type(one).__qualname__}")
        self.put("class", repr((one.__module__, one.__qualname__, type(one).__qualname__)))
        self.items("bases", one.__bases__)
        if isinstance(one, EnumMeta):
            members: Mapping[str, Any] = one.__members__
            self.put("members", str(len(members)))
            for key, member in members.items():
                self.put(repr(key))
                self.value(member.value, exact=True)
        plain = OF_NAMED_TUPLES if "_fields" in vars(one) and is_named_tuple(one) else ()
        for key, value in vars(one).items():
            if key in DERIVED or key in plain:
                continue
            if isinstance(one, EnumMeta) and not isinstance(
                value, FunctionType | property | staticmethod | classmethod
            ):
                continue
            self.put("has", repr(key))
            if key == "__dataclass_fields__":
                self.fields(value)
            elif isinstance(value, SLOTS) or type(value).__qualname__ == "_tuplegetter":
                self.put(type(value).__qualname__)
            else:
                self.value(value)

    def fields(self, found: Mapping[str, Any]) -> None:
        """The fields of a dataclass."""
        for name, field in found.items():
            self.put(
                repr((name, field.init, field.repr, field.compare, field.hash, getattr(field, "kw_only", None))),
                field._field_type.name,
            )
            for default in (field.default, field.default_factory):
                if type(default).__qualname__ == "_MISSING_TYPE":
                    self.put("none")
                else:
                    self.value(default, exact=True)


# ---------------------------------------------------------------- what belongs to a library
def library_name(value: Any) -> tuple[str, str] | None:
    """The module and the name in it under which a function or class of Python, NumPy, SciPy or ours is found.

    >>> library_name(np.linalg.solve), library_name(len), library_name(np.sin), library_name(lambda: 0)
    (('numpy.linalg', 'solve'), ('builtins', 'len'), ('numpy', 'sin'), None)
    """
    module = getattr(value, "__module__", None)
    name = getattr(value, "__qualname__", None) or getattr(value, "__name__", None)
    if not isinstance(name, str):
        return None
    for place in (module, *ELSEWHERE) if isinstance(module, str) else ELSEWHERE:
        there = sys.modules.get(place)
        if there is not None and is_library(there) and named(there, name) is value:
            return place, name
    return None


def named(module: ModuleType, name: str) -> Any:
    """What a dotted name means in a module, found without running anything; ``MISSING`` otherwise."""
    found: Any = module
    for part in name.split("."):
        found = vars(found).get(part, MISSING) if isinstance(found, ModuleType | type) else MISSING
    return found


def is_library(module: ModuleType) -> bool:
    """Whether a module is one of Python's own, of NumPy's, SciPy's or ours, and not one of a user's of such a name."""
    name = module.__name__
    root = name.partition(".")[0]
    if root not in LIBRARIES or sys.modules.get(name) is not module:
        return False
    return root in ("numpy", "scipy", "backprose") or _is_of_python(root)


@functools.cache
def _is_of_python(root: str) -> bool:
    if root in sys.builtin_module_names:
        return True
    file = getattr(sys.modules.get(root), "__file__", None)
    if file is None:
        return False
    place = Path(file).resolve()
    return place.is_relative_to(Path(os.__file__).resolve().parent) and "site-packages" not in place.parts


def _is_of_library(found: Any) -> bool:
    """Whether a function or class says that it comes from a library, as private ones do."""
    there = sys.modules.get(str(getattr(found, "__module__", None)))
    return there is not None and is_library(there)


# ---------------------------------------------------------------- code
def _imported(code: CodeType, package: Any) -> Iterable[ModuleType]:
    """The modules that the imports in a function name."""
    if IMPORT_NAME in code.co_code[::2]:
        found = [one for one in dis.get_instructions(code) if one.opcode != dis.EXTENDED_ARG]
        for place, one in enumerate(found):
            if one.opcode == IMPORT_NAME:
                level = found[place - 2].argval
                name = importlib.util.resolve_name("." * level + one.argval, package) if level else one.argval
                for part in itertools.accumulate(name.split("."), "{}.{}".format):
                    if part not in sys.modules:
                        raise UnsureError(f"the module {part}")
                    yield sys.modules[part]
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _imported(constant, package)


def _names_in(code: CodeType) -> Iterable[str]:
    """The names of globals and attributes in a function, and texts that may be such names: ``getattr(config, "a")``."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_in(constant)
        elif isinstance(constant, str) and constant.isidentifier():
            yield constant


def _literal(value: Any) -> str:
    """A constant in code, or the key of a dict."""
    kind = type(value)
    if kind is tuple:
        return f"({', '.join(map(_literal, value))})"
    if kind is frozenset:
        return f"{{{', '.join(sorted(map(_literal, value)))}}}"
    if kind in EXACT or kind in INEXACT:
        return f"{kind.__name__} {value!r}"
    if isinstance(value, np.integer):
        return f"{kind.__name__} {value!r}"
    raise UnsureError(f"a {kind.__qualname__} among constants")
