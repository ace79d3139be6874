"""An entry: a derivative as data, in a form that JSON can write.

Functions and classes of users are the numbers that they have in the description of the world, what belongs to a library
is a module and a name. Guards are made again for the objects of this process, and each has to expect what it did.
"""

from __future__ import annotations

import ast
import importlib
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from types import FunctionType, ModuleType
from typing import Any

from backprose.disk.world import CYTHON, MISSING, UnsureError, World, is_library, library_name, named
from backprose.ir.nodes import Attribute, Const, Expr, Name, Program, Subscript
from backprose.ir.types import Dim, Extent, Type
from backprose.ir.values import is_literal
from backprose.load import Guard
from backprose.load.guards import UNREADABLE, reader
from backprose.parse.cells import cells_of, own_cells, read_cell
from backprose.parse.imports import Imported, imports_of, put_imports
from backprose.request import Derived
from backprose.rules.registry import rule_for

Entry = dict[str, Any]


def encoded(derived: Derived, world: World) -> Entry:
    """The derivative, for the world that it was made in."""
    homes = {name: _reference(home, world) for name, home in derived.homes.items()}
    return {
        "text": derived.text,
        "entries": list(derived.entries),
        "ours": {name: _reference(value, world) for name, value in derived.ours.items()},
        "homes": homes,
        "imports": _imports(world),
        "cells": _cells(world),
        "writes": list(derived.writes),
        "types": {name: _of_type(known, world) for name, known in derived.types.items()},
        "flat": derived.flat,
        "parts": {name: [text, _of_path(path)] for name, (text, path) in derived.parts.items()},
        "repeatable": derived.repeatable,
        "changed": _places(derived.changed, world),
        "stores": derived.stores,
        "met": _places(derived.met, world),
        "alters": list(derived.alters),
        "guards": [_of_guard(guard, world) for guard in derived.guards if not _is_of_cython(guard)],
    }


def decoded(entry: Entry, world: World, program: Callable[[], Program]) -> Derived:
    """The derivative, for this world; an exception where the two differ."""
    _give_names(entry, world)
    return Derived(
        entry["text"],
        tuple(entry["entries"]),
        {name: _object(one, world) for name, one in entry["ours"].items()},
        {name: _object(one, world) for name, one in entry["homes"].items()},
        program,
        tuple(entry["writes"]),
        tuple(_guard(one, world) for one in entry["guards"]),
        {name: _type(one, world) for name, one in entry["types"].items()},
        entry["flat"],
        {name: (text, _path(path)) for name, (text, path) in entry["parts"].items()},
        entry["repeatable"],
        _pairs(entry["changed"], world),
        entry["stores"],
        _pairs(entry["met"], world),
        tuple(entry["alters"]),
    )


def reading(derived: Derived, made: Mapping[str, FunctionType], world: World) -> str:
    """What the functions that were loaded are and read, and what names of ours mean outside: a module may have got a
    variable since that is called like a builtin in the text, or like a helper."""
    homes = [derived.homes[name] for name in sorted(derived.homes)]
    meant = [
        _meaning(home, one, derived.ours[name])
        for name in sorted(derived.ours)
        for one in (name, re.sub(r"_\d+$", "", name))  # what it would have been called, had that been free
        for home in homes
    ]
    return world.described((tuple(made.values()), tuple(meant)))


def _meaning(home: FunctionType, name: str, value: Any) -> str:
    try:
        found = reader(home, name)()
    except UNREADABLE:
        return "nothing"
    return "this" if found is value else "another"


# ---------------------------------------------------------------- objects
def _reference(value: Any, world: World) -> list[Any]:
    if isinstance(value, ModuleType) and is_library(value):
        return [value.__name__, ""]
    name = library_name(value)
    if name is not None:
        return [*name]
    if id(value) not in world.numbers:
        raise UnsureError(repr(value))
    return [world.numbers[id(value)]]


def _object(reference: list[Any], world: World) -> Any:
    if len(reference) == 1:
        return world.objects[reference[0]]
    module = importlib.import_module(reference[0])
    found = named(module, reference[1]) if reference[1] else module
    if found is MISSING or not is_library(module):
        raise UnsureError(reference[0])
    return found


def _places(places: Iterable[tuple[FunctionType, str]], world: World) -> list[list[Any]]:
    return [[_reference(home, world), path] for home, path in places]


def _pairs(places: list[list[Any]], world: World) -> tuple[tuple[FunctionType, str], ...]:
    return tuple((_object(home, world), path) for home, path in places)


def _imports(world: World) -> list[list[Any]]:
    """What functions import in texts of ours: a module of a helper that was carried out in its caller."""
    found = [(number, imports_of(one)) for number, one in enumerate(world.objects) if isinstance(one, FunctionType)]
    return [
        [number, [[one.module, one.attribute, one.name] for one in imports.values()]]
        for number, imports in found
        if imports
    ]


def _cells(world: World) -> list[list[Any]]:
    """What texts of ours read of variables around other functions, and where these are found."""
    functions = [(number, one) for number, one in enumerate(world.objects) if isinstance(one, FunctionType)]
    owners = {id(cell): (number, name) for number, one in functions for name, cell in own_cells(one).items()}
    return [
        [number, name, *owners[id(cell)]]
        for number, one in functions
        for name, cell in cells_of(one).items()
        if name not in one.__code__.co_freevars
    ]


def _give_names(entry: Entry, world: World) -> None:
    """What the texts import and read of variables around other functions."""
    for number, found in entry["imports"]:
        function, imports = world.objects[number], {one[2]: Imported(*one) for one in found}
        if any(imports.get(name, one) != one for name, one in imports_of(function).items()):
            raise UnsureError("another import of that name")
        put_imports(function, imports)
    for number, name, owner, own in entry["cells"]:
        function, cell = world.objects[number], own_cells(world.objects[owner])[own]
        if cells_of(function).get(name, cell) is not cell:
            raise UnsureError("another variable of that name")
        read_cell(function, name, cell)


# ---------------------------------------------------------------- types and paths
def _of_type(known: Type, world: World) -> list[Any]:
    if not all(map(is_literal, known.keys or ())):
        raise UnsureError("keys of a dict")
    value = known.value
    return [
        known.kind,
        known.dtype,
        None if known.shape is None else [_of_dim(dim) for dim in known.shape],
        None if known.items is None else [_of_type(item, world) for item in known.items],
        None if known.extent is None else _of_dim(known.extent),
        repr(known.keys),
        known.fixed,
        value if value is None or type(value) is str else _reference(value, world),
        None if known.item is None else _of_type(known.item, world),
    ]


def _type(found: list[Any], world: World) -> Type:
    kind, dtype, shape, items, extent, keys, fixed, value, item = found
    return Type(
        kind,
        dtype,
        None if shape is None else tuple(map(_dim, shape)),
        None if items is None else tuple(_type(one, world) for one in items),
        None if extent is None else _dim(extent),
        ast.literal_eval(keys),
        fixed,
        value if value is None or type(value) is str else _object(value, world),
        None if item is None else _type(item, world),
    )


def _of_dim(dim: Dim) -> Any:
    return [dim.symbol, dim.less, dim.not_one] if isinstance(dim, Extent) else dim


def _dim(found: Any) -> Dim:
    return Extent(*found) if isinstance(found, list) else found


def _of_path(path: Expr) -> list[Any]:
    match path:
        case Name(id=name):
            return [name]
        case Attribute(value=whole, attr=attr):
            return ["attribute", _of_path(whole), attr]
        case Subscript(value=whole, index=Const(value=key)) if is_literal(key):
            return ["item", _of_path(whole), repr(key)]
    raise UnsureError("a part of an argument")


def _path(found: list[Any]) -> Expr:
    if len(found) == 1:
        return Name(found[0])
    word, whole, part = found
    if word == "attribute":
        return Attribute(_path(whole), part)
    return Subscript(_path(whole), Const(ast.literal_eval(part)))


# ---------------------------------------------------------------- guards
def _is_of_cython(guard: Guard) -> bool:
    """Whether it is for the class of functions of extension modules, which has no methods."""
    return guard.by == "class" and guard.about[0].__name__ == CYTHON


def _of_guard(guard: Guard, world: World) -> list[Any]:
    about: list[Any]
    match guard.by:
        case "class":
            about = [_reference(guard.about[0], world)]
        case "value" if guard.about:  # a constant of a class
            owner, name = guard.about
            about = [_reference(owner, world), name]
        case "builtins":
            about = sorted(guard.about)
        case "apart":
            about = [_places(places, world) for places in guard.about]
        case _:
            about = []
    return [guard.by, _reference(guard.home, world), guard.path, about, _expected(guard, world)]


def _guard(found: list[Any], world: World) -> Guard:
    by, reference, path, about, expected = found
    home = _object(reference, world)
    match by:
        case "class":
            guard = Guard.of_class(home, _object(about[0], world))
        case "value" if about:
            guard = Guard.of_constant(home, _object(about[0], world), about[1])
        case "builtins":
            guard = Guard.builtins(home, about)
        case "apart":
            guard = Guard.apart(home, *(_pairs(places, world) for places in about))
        case "identity":
            guard = Guard.identity(home, path)
        case "type":
            guard = Guard.type(home, path)
        case "table":
            guard = Guard.table(home, path)
        case _:
            guard = Guard.value(home, path)
    if _expected(guard, world) != expected or not guard.holds():
        raise UnsureError(path)
    return guard


def _expected(guard: Guard, world: World) -> str:
    """What a guard takes for granted, the operation of a rule included."""
    if guard.by == "identity":
        rule = rule_for(guard.expected)
        return f"{None if rule is None else rule.op} {_identity(guard.expected, world)}"
    return world.described(guard.expected)


def _identity(value: Any, world: World) -> str:
    """Of modules the name; what is used of them has guards of its own."""
    if isinstance(value, ModuleType) and sys.modules.get(value.__name__) is value:
        return f"module {value.__name__}"
    return world.described(value)
