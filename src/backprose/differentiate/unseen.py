"""What a function may change outside that is not looked into, told from its code: context managers, generators."""

from __future__ import annotations

import dis
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from backprose.ir.shared import LIBRARIES, content, is_data, is_namespace

STORES = ("STORE_ATTR", "STORE_SUBSCR", "STORE_SLICE", "DELETE_ATTR", "DELETE_SUBSCR")
BINDS = ("STORE_GLOBAL", "DELETE_GLOBAL")
BINDS_CELLS = ("STORE_DEREF", "DELETE_DEREF")
# what binds variables of modules and classes by their names
BINDING = frozenset({"setattr", "delattr", "__setattr__", "__delattr__", "__dict__", "vars", "exec", "eval"})
# what Python calls by itself; ``write`` is called by print
PROTOCOLS = frozenset(
    "__str__ __repr__ __format__ __len__ __bool__ __index__ __int__ __float__ __iter__ __next__ __contains__ __eq__"
    " __hash__ __getattr__ write".split()
)
CHANGING_METHODS = frozenset(
    "append extend insert pop remove clear update setdefault popitem add discard sort reverse appendleft popleft"
    " extendleft rotate fill put write __setitem__ __setattr__ __next__ send".split()
)


@dataclass
class Unseen:
    """``objects`` that may be changed and ``names`` that may be bound anew, with ``named``, where these are named;
    ``read``: what else is named, and ``found`` what it is; ``functions``: what was read, by ``links`` from one to the
    next and by ``classes``."""

    objects: list[object] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    named: dict[tuple[FunctionType, str], None] = field(default_factory=dict)
    read: dict[tuple[FunctionType, str], None] = field(default_factory=dict)
    found: list[object] = field(default_factory=list)
    functions: dict[FunctionType, None] = field(default_factory=dict)
    links: dict[tuple[FunctionType, str], None] = field(default_factory=dict)
    classes: dict[type, None] = field(default_factory=dict)

    def of(self, found: Any) -> list[FunctionType]:
        """The functions of the user's that calling or entering an object may run."""
        while isinstance(found, MethodType | partial | staticmethod | classmethod):
            found = found.func if isinstance(found, partial) else found.__func__
        if isinstance(found, FunctionType):
            inner = [value for cell in found.__closure__ or () for value in content(cell)]
            return [found, *(one for value in inner if isinstance(value, FunctionType) for one in self.of(value))]
        cls = found if isinstance(found, type) else type(found)
        if of_library(cls):
            wrapped = getattr(found, "__wrapped__", None)  # functools.lru_cache
            return [] if wrapped is None else self.of(wrapped)
        self.classes[cls] = None
        made: list[Any] = [value for one in cls.__mro__[:-1] if not of_library(one) for value in vars(one).values()]
        made += [part for one in made if isinstance(one, property) for part in (one.fget, one.fset, one.fdel)]
        plain = [value for value in made if isinstance(value, FunctionType | staticmethod | classmethod)]
        return [one for value in plain for one in self.of(value)]


def changed_unseen(called: object) -> Unseen:
    """What calling a function, or making and entering an object of a class, may change: at least all that it does."""
    found = Unseen()
    pending = found.of(called)
    while pending:
        function = pending.pop()
        if function in found.functions or of_library(function):
            continue
        found.functions[function] = None
        codes = list(_codes(function.__code__))
        steps = [step for code in codes for step in dis.get_instructions(code)]
        cells = {step.argval for step in steps if step.opname in BINDS_CELLS}
        found.names |= {step.argval for step in steps if step.opname in BINDS}
        found.names |= cells.intersection(function.__code__.co_freevars)
        changes = any(map(_may_change, steps))
        for default in (*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()):
            pending += found.of(default)
            if changes and is_data(default):
                found.objects.append(default)
        for name, value in _named_in(function, codes):
            inner = found.of(value)
            if isinstance(value, FunctionType | type) and inner:
                found.links[function, name] = None
            pending += inner
            by_name = is_namespace(value) and not BINDING.isdisjoint(name for code in codes for name in code.co_names)
            found.names |= vars(value).keys() if by_name else set()
            if isinstance(value, ModuleType) and not of_library(value):
                found.names |= {step.argval for step in steps if step.opname in STORES and isinstance(step.argval, str)}
            elif changes and is_data(value):
                found.objects.append(value)
                found.named[function, name] = None
            elif is_data(value):
                found.read[function, name] = None
                found.found.append(value)
    return found


def acts_unseen(found: Any) -> bool:
    """Whether showing an object of the user's, measuring it, or running through it may change something."""
    cls = type(found)
    if of_library(cls) or isinstance(found, type | FunctionType | MethodType):
        return False
    own = {name: made for one in reversed(cls.__mro__[:-1]) for name, made in vars(one).items()}
    pending = [made for name, made in own.items() if name in PROTOCOLS and isinstance(made, FunctionType)]
    seen: set[FunctionType] = set()
    while pending:
        function = pending.pop()
        if function in seen or of_library(function):
            continue
        seen.add(function)
        codes = list(_codes(function.__code__))
        names = {name for code in codes for name in code.co_names}
        opnames = {step.opname for code in codes for step in dis.get_instructions(code)}
        cells = opnames.intersection(BINDS_CELLS) and function.__code__.co_freevars
        if cells or not opnames.isdisjoint((*STORES, *BINDS)) or not CHANGING_METHODS.isdisjoint(names):
            return True
        called = [own.get(name) for name in names] + [function.__globals__.get(name) for name in names]
        pending += [one for one in called if isinstance(one, FunctionType)]
    return False


def _codes(code: CodeType) -> Iterator[CodeType]:
    """A function's code, and that of the functions in it."""
    yield code
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield from _codes(part)


def _may_change(step: dis.Instruction) -> bool:
    """Whether a step of a function may change an object: an assignment to a part of one, ``+=``, a call."""
    call = step.opname.startswith("CALL") and not step.opname.startswith("CALL_INTRINSIC")
    in_place = step.opname.startswith("INPLACE_") or (step.opname == "BINARY_OP" and step.argrepr.endswith("="))
    return step.opname in STORES or call or in_place


def _named_in(function: FunctionType, codes: list[CodeType]) -> Iterator[tuple[str, Any]]:
    """The globals and cells that a function names, and what it names of the user's modules."""
    names = {name for code in codes for name in code.co_names}
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    held = {name: value for name, cell in cells for value in content(cell)}
    held |= {name: function.__globals__[name] for name in sorted(names & function.__globals__.keys())}
    for name, value in held.items():
        yield name, value
        if isinstance(value, ModuleType) and not of_library(value):
            yield from ((f"{name}.{attr}", vars(value)[attr]) for attr in sorted(names & vars(value).keys()))


def of_library(found: Any) -> bool:
    """Whether a function, class or module is Python's own or NumPy's: it changes what it is given at most."""
    if isinstance(found, FunctionType):
        module = found.__globals__.get("__name__")
    else:
        module = found.__name__ if isinstance(found, ModuleType) else getattr(found, "__module__", None)
    return str(module).partition(".")[0] in LIBRARIES
