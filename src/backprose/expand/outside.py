"""Objects and containers outside the function: their functions are known now, all else is read when the text runs."""

from __future__ import annotations

import abc
import inspect
from types import FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from backprose.analyse.expressions import dotted
from backprose.expand.frames import Frame
from backprose.expand.slots import OUTSIDE, Slots
from backprose.expand.values import Chosen, Known, Struct, Value, is_leaf
from backprose.ir.nodes import Apply, Attribute, Const, Expr, Global, Name, Ours, Stmt, Subscript
from backprose.ir.shared import MISSING, part_of
from backprose.ir.values import has_operators, is_followed, is_named_tuple
from backprose.parse import Parsed
from backprose.rules.registry import op_of

MOST_HELD = 16  # items of a container that is followed


class Outside(Slots):
    """``SPRING.energy(x)``, ``KERNELS["rbf"](r)``, ``a + OFFSET``: what is called is carried out in place, where its
    ``self`` is the very name outside. A guard keeps the derivative to objects of those classes with those functions."""

    @property
    def top(self) -> Frame:
        """The frame of the function that is expanded."""
        assert self.frame is not None
        top = self.frame
        while top.outer is not None or top.caller is not None:
            top = top.outer or top.caller or top
        return top

    def outside(self, value: Value) -> Any:
        """What a name outside, or a part of what it names, means now; MISSING for anything else."""
        return meaning_of(value, self.top.parsed) if isinstance(value, Global | Attribute | Subscript) else MISSING

    def object_outside(self, value: Value) -> Any:
        """An object of a class of the user's outside, whose methods can be carried out; None for anything else."""
        path = self.path_outside(value)
        found = MISSING if path is None else self.outside(path)
        return found if is_followed_object(found) else None

    def bind(self, name: str, value: Value, frame: Frame, stmt: Stmt) -> None:
        """A variable that is an object outside, at least until it is bound again."""
        target, found = self.renamed(name, frame), self.object_outside(value)
        path = self.path_outside(value)
        followed = (found is not None and has_methods(type(found))) or self.is_list_outside(value)
        chosen = self.state.objects.get(value.id) if isinstance(value, Name) else None
        if isinstance(chosen, Chosen):
            super().bind(name, value, frame, stmt)
            self.state.objects[target.id] = chosen
        elif path is None or not followed:
            super().bind(name, value, frame, stmt)
        elif target.id not in self.moving:
            self.note_outside(path)
            self.state.bindings[target.id] = path
        else:
            super().bind(name, value, frame, stmt)
            self.state.objects[target.id] = path

    def is_list_outside(self, value: Value) -> bool:
        """Whether a value is a list or tuple outside that holds numbers and the like."""
        path = self.path_outside(value)
        found: Any = None if path is None else self.outside(path)
        return type(found) in (list, tuple) and not any(isinstance(one, slice | type(...) | None) for one in found)

    def path_outside(self, value: Value) -> Expr | None:
        """What names an object outside: of a variable that is one, its name there."""
        if isinstance(value, Name):
            bound = self.state.bindings.get(value.id)
            held = bound if isinstance(bound, Global | Attribute | Subscript) else self.state.objects.get(value.id)
            return None if isinstance(held, Chosen) else held
        return value if isinstance(value, Global | Attribute | Subscript) else None

    def is_structure(self, value: Value) -> bool:
        """Whether a value is no number and no array: a structure, a function, an object outside."""
        return not is_leaf(value) or self.object_outside(value) is not None

    def is_container_outside(self, value: Value) -> bool:
        """Whether a value is a list, tuple or dict outside."""
        path = self.path_outside(value)
        return path is not None and type(self.outside(path)) in (list, tuple, dict)

    def class_of(self, value: Value) -> type | None:
        """The class of the user's that an object in the program, or outside, is of."""
        if isinstance(value, Struct):
            return value.cls
        found = self.object_outside(value)
        if found is not None and (path := self.path_outside(value)) is not None:
            self.note_outside(path)
        return None if found is None else type(found)

    def member_outside(self, owner: Value, attr: str) -> Known | None:
        """A method of an object outside, or a function that it holds; None for its other attributes."""
        found, path = self.object_outside(owner), self.path_outside(owner)
        if found is None or path is None:
            return None
        cls = type(found)
        if attr in vars(found):
            held = vars(found)[attr]
            return self.function_outside(Attribute(path, attr), held)
        made = inspect.getattr_static(cls, attr, None)
        if isinstance(made, FunctionType | staticmethod | classmethod):
            self.note_outside(path)
            self.classes.add(cls)
            return bound_to(path, cls, made)
        return self.function_outside(Attribute(path, attr), made) if isinstance(made, np.ufunc) else None

    def getter_outside(self, owner: Value, attr: str) -> FunctionType | None:
        """The function of a property of an object outside."""
        found, path = self.object_outside(owner), self.path_outside(owner)
        made = None if found is None else inspect.getattr_static(type(found), attr, None)
        if path is None or not isinstance(made, property) or not isinstance(made.fget, FunctionType):
            return None
        self.note_outside(path)
        self.classes.add(type(found))
        return made.fget

    def attribute_written(self, owner: Value, attr: str, stmt: Stmt) -> Attribute | None:
        """The attribute of an object outside that a statement assigns, as any other object's would be."""
        found, path = self.object_outside(owner), self.path_outside(owner)
        if found is None or path is None or isinstance(path, Subscript):
            return None
        made = inspect.getattr_static(type(found), attr, None)
        setter: Any = type(found).__setattr__
        plain = setter is object.__setattr__ and not hasattr(type(made), "__set__")
        if not plain or is_function(vars(found).get(attr)):
            self.fail(
                stmt, f"an assignment to {attr} of an object outside", "its class has its own way to assign, or"
                " functions are taken from there", "pass the object as an argument", "objects",
            )  # fmt: skip
        return Attribute(path, attr)

    def function_outside(self, path: Expr, found: Any) -> Known | None:
        """A function, or method of an object outside, that a name or a container outside holds."""
        if isinstance(found, MethodType) and isinstance(found.__func__, FunctionType):
            owner = Attribute(path, "__self__")
            if self.object_outside(owner) is None:
                return None
            self.note_outside(owner)
            self.classes.add(type(found.__self__))
            return Known(found.__func__, (owner,))
        if not is_function(found):
            return None
        self.note_outside(path)
        if isinstance(found, FunctionType):
            self.meanings[found, ""] = None
        return Known(found, expr=path)

    def container_outside(self, path: Expr, found: Any = MISSING, depth: int = 0) -> Struct | None:
        """A list, tuple or dict outside that holds functions or objects with methods, slot by slot; a named tuple whose
        class has operators is one of these objects."""
        found = self.outside(path) if found is MISSING else found
        if ("table", dotted(container_of(path))) in self.dynamic and is_table(found):
            return self.table_outside(path, found)
        named = type(found) if has_operators(type(found)) else None
        if named is None and not holds_functions(found, depth):
            return None
        self.note_outside(path)
        if named is not None:
            self.classes.add(named)
        else:
            self.holders[id(found)] = found
        kind: Any = "tuple" if named is not None else type(found).__name__
        slots: dict[Any, Value] = {}
        for key, item in found.items() if kind == "dict" else enumerate(found):
            place = Subscript(path, Const(key))
            inner = self.container_outside(place, item, depth + 1)
            slots[key] = inner or self.function_outside(place, item) or place
        return Struct(kind, slots, named, frozen=named is None, site=OUTSIDE if named is None else None)

    def table_outside(self, path: Expr, found: Any) -> Struct:
        """A list, tuple or dict outside of texts, numbers and the like, slot by slot; its floats are read when the text
        runs, all else is as it is now."""
        self.note_outside(path)
        self.fixed[self.top.parsed.function, dotted(container_of(path))] = None
        self.holders[id(found)] = found
        kind: Any = type(found).__name__
        slots: dict[Any, Value] = {}
        for key, item in found.items() if kind == "dict" else enumerate(found):
            place = Subscript(path, Const(key))
            if type(item) in (list, tuple, dict):
                slots[key] = self.table_outside(place, item)
            else:
                slots[key] = Const(item) if item is None or type(item) in (str, int, bool) else place
        return Struct(kind, slots, None, frozen=True, site=OUTSIDE)

    # ------------------------------------------------------------ texts
    def now_constant(self, value: Value) -> Value:
        """As for variables: a text outside, or the length of a list of texts there, is that constant."""
        found = super().now_constant(value)
        if isinstance(found, Global | Attribute | Subscript):
            text = self.outside(found)
            if type(text) is str and (not isinstance(found, Subscript) or is_of_texts(self.outside(found.value))):
                return self.value_outside(found, text)
        if isinstance(found, Apply) and found.op == "len" and isinstance(found.args[0], Global | Attribute):
            texts = self.outside(found.args[0])
            if is_of_texts(texts):
                return self.value_outside(found.args[0], len(texts))
        return found

    def value_outside(self, path: Expr, value: Any) -> Const:
        """A constant outside that the text is made for: a guard asks for its value, or that of the list it is in."""
        path = container_of(path)
        if isinstance(self.outside(path), str | list | tuple):
            self.fixed[self.top.parsed.function, dotted(path)] = None
            self.holders[id(self.outside(path))] = self.outside(path)
            return Const(value)
        raise AssertionError(path)

    def texts_outside(self, value: Value) -> list[Value] | None:
        """The texts of a list or tuple outside that holds nothing else."""
        texts: Any = self.outside(value) if isinstance(value, Global | Attribute) else None
        if not is_of_texts(texts) or not isinstance(value, Global | Attribute):
            return None
        self.value_outside(value, None)
        return [Const(text) for text in texts]

    def note_outside(self, path: Expr) -> None:
        """What is taken for granted of an object outside: its root is of the same type, functions in it included."""
        while isinstance(path, Attribute | Subscript):
            holder = self.outside(path.value)
            if isinstance(holder, ModuleType):
                break
            if not isinstance(holder, MethodType):  # its object stays the same
                self.holders[id(holder)] = holder
            if isinstance(path, Attribute):
                self.links.append((holder, path.attr))
            path = path.value
        self.met[self.top.parsed.function, dotted(path)] = None


def bound_to(owner: Value, cls: type, found: Any) -> Known:
    """What calling a function, static or class method of a class calls, with the object it is called of."""
    if isinstance(found, staticmethod):
        return Known(found.__func__)  # type: ignore[arg-type]  # typed as any callable; a function by is_followed_class
    if isinstance(found, classmethod):
        return Known(found.__func__, (Known(cls),))  # type: ignore[arg-type]  # as above
    return Known(found, () if isinstance(owner, Known) else (owner,))


def is_function(found: Any) -> bool:
    return isinstance(found, FunctionType | np.ufunc) or (op_of(found) is not None and type(found) is type(np.sum))


def holds_functions(found: Any, depth: int = 0) -> bool:
    """Whether a container holds functions or objects with methods, and is small enough to be followed."""
    if type(found) not in (list, tuple, dict) or len(found) > MOST_HELD or depth > 1:
        return False
    if type(found) is dict and not all(type(key) in (str, int) for key in found):
        return False
    return any(
        is_function(item)
        or (isinstance(item, MethodType) and isinstance(item.__func__, FunctionType))
        or (is_followed_object(item) and has_methods(type(item)))
        or has_operators(type(item))
        or holds_functions(item, depth + 1)
        for item in (found.values() if type(found) is dict else found)
    )


def is_table(found: Any, depth: int = 0) -> bool:
    """Whether a container holds texts, numbers and the like, in dicts, lists and tuples, and is small enough to be
    written out."""
    if type(found) not in (list, tuple, dict) or len(found) > 64 or depth > 3:
        return False
    if type(found) is dict and not all(type(key) in (str, int) for key in found):
        return False
    return all(
        item is None or type(item) in (str, int, float, bool, complex) or is_table(item, depth + 1)
        for item in (found.values() if type(found) is dict else found)
    )


def container_of(path: Expr) -> Expr:
    """What a place is one of an item of, in any depth."""
    while isinstance(path, Subscript):
        path = path.value
    return path


def is_of_texts(found: Any) -> bool:
    """Whether a list or tuple holds texts only, and not too many to be written out."""
    return type(found) in (list, tuple) and 0 < len(found) <= 64 and all(type(one) is str for one in found)


def made_for(items: str, name: str) -> str:
    """What a text says that is given an array of another length."""
    return f"this derivative was made for {items} of {name}"


def meaning_of(path: Expr, parsed: Parsed) -> Any:
    """What a name outside, or a part of what it names, means now to a function; MISSING for anything else."""
    if isinstance(path, Attribute | Subscript):
        return part_of(meaning_of(path.value, parsed), path)
    if isinstance(path, Ours):
        return path.meaning
    binding = parsed.lookup(path.id) if isinstance(path, Global) else None
    return MISSING if binding is None or binding.scope == "missing" else binding.value


def may_be_called(found: Any) -> bool:
    """Whether functions of an object or a container outside may be called, by operators also, or NumPy takes a list."""
    return (
        type(found) in (list, tuple)
        or found is object
        or has_operators(type(found))
        or holds_functions(found)
        or (is_followed(found) and is_followed_class(type(found)) and has_methods(type(found)))
    )


def has_methods(cls: type) -> bool:
    """Whether a class has functions that the user wrote: those that make, show and compare objects left out."""
    own = {name for one in cls.__mro__[:-1] for name, made in vars(one).items() if isinstance(made, FunctionType)}
    return bool(
        own - {"__init__", "__repr__", "__eq__", "__post_init__", "__str__", "__hash__", "__setattr__", "__replace__"}
    )


def is_followed_object(found: Any) -> bool:
    """Whether an object outside is one whose methods can be carried out."""
    return found is not MISSING and is_followed(found) and is_followed_class(type(found))


def is_followed_class(found: Any) -> bool:
    """Whether objects of a class are made slot by slot: named tuples, dataclasses and plain classes."""
    if not isinstance(found, type) or issubclass(found, BaseException):
        return False
    if issubclass(found, tuple):
        return is_named_tuple(found)
    plain = type(found) in (type, abc.ABCMeta) and found.__new__ is object.__new__
    library = (found.__module__ or "").split(".")[0] in ("builtins", "numpy", "scipy")
    return plain and found.__getattribute__ is object.__getattribute__ and not library
