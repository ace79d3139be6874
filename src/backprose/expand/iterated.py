"""Objects of the user's that a loop runs over: which of them give their items by index."""

from __future__ import annotations

from types import FunctionType

import gast

from backprose.parse import parse


def gives_items(cls: type) -> bool:
    """Whether a loop over an object of a followed class takes its items by index, from 0 to its length.

    That is so where ``__iter__``, ``__getitem__`` and ``__len__`` hand on to the same attribute.
    """
    length, item, iterate = (getattr(cls, name, None) for name in ("__len__", "__getitem__", "__iter__"))
    if not isinstance(length, FunctionType) or not isinstance(item, FunctionType):
        return False
    whole = _returned(length, "len")
    if iterate is None or getattr(iterate, "__module__", "") == "collections.abc":  # that of Sequence
        return whole is not None and whole in _indexed(item)
    handed_on = isinstance(iterate, FunctionType) and _returned(iterate, "iter") == whole
    return handed_on and whole is not None and _returned_item(item) == whole


def _returned(method: FunctionType, function: str) -> str | None:
    """``self.data`` of ``return len(self.data)``."""
    match _only_return(method):
        case gast.Call(func=gast.Name(id=name), args=[arg]) if name == function:
            return _shown(arg, method)
    return None


def _returned_item(method: FunctionType) -> str | None:
    """``self.data`` of ``return self.data[i]``."""
    match _only_return(method):
        case gast.Subscript(value=value, slice=gast.Name(id=index)) if index == _parameter(method, 1):
            return _shown(value, method)
    return None


def _indexed(method: FunctionType) -> list[str]:
    """What a method takes the item at its index of."""
    found = []
    for node in gast.walk(parse(method).tree):
        match node:
            case gast.Subscript(value=value, slice=gast.Name(id=index)) if index == _parameter(method, 1):
                found.append(_shown(value, method))
    return found


def _only_return(method: FunctionType) -> gast.AST | None:
    body = [stmt for stmt in parse(method).tree.body if not isinstance(getattr(stmt, "value", None), gast.Constant)]
    return body[0].value if len(body) == 1 and isinstance(body[0], gast.Return) else None


def _parameter(method: FunctionType, position: int) -> str:
    return method.__code__.co_varnames[position]


def _shown(node: gast.AST, method: FunctionType) -> str:
    """An expression as text, the object under one name."""
    return str(gast.dump(node)).replace(f"id='{_parameter(method, 0)}'", "id='self'")
