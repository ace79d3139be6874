"""Functions that say the same are one function."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from backprose.ir.nodes import Expr, Function, Global, Program
from backprose.ir.walk import map_block, rebuild, with_body

Text = Callable[[Program], Any]  # the text of a program and what the names of ours in it mean


def share_equal(callees: Sequence[Function], entries: Sequence[Function], text: Text) -> tuple[Function, ...]:
    """All functions, without derivatives of a callee for different types of its arguments that came out equal.

    Callees stand before their callers, so that callers that differ in the names of equal callees are equal too. A name
    may be spelled by its type (``x.real`` for ``np.real(x)``): what is equal as a program is compared as text.

    >>> from backprose.emit import emit
    >>> from backprose.ir.names import NameSupply
    >>> from backprose.lower import lower
    >>> from backprose.parse import parse
    >>> def f(x):
    ...     return x * x
    >>> def g(x):
    ...     return f_1(f(x))
    >>> one, caller = (lower(parse(function), NameSupply(())) for function in (f, g))
    >>> print(emit(Program(share_equal((one, replace(one, name="f_1")), (caller,), emit))).text, end="")
    def f(x):
        _t1 = x * x
        return _t1
    <BLANKLINE>
    <BLANKLINE>
    def g(x):
        _t1 = f(x)
        _t2 = f(_t1)
        return _t2
    """
    result: list[Function] = []
    seen: list[tuple[Function, Any]] = []
    called: dict[str, str] = {}
    often = Counter(map(_header, callees))
    for function in callees:
        function = calling(function, called)
        if often[_header(function)] > 1:
            says = text(Program((replace(calling(function, {function.name: "f"}), name="f"),)))
            twin = next((one.name for one, said in seen if one.home is function.home and said == says), None)
            if twin is not None:
                called[function.name] = twin
                continue
            seen.append((function, says))
        result.append(function)
    return (*result, *(calling(function, called) for function in entries))


def _header(function: Function) -> tuple[object, ...]:
    """What functions with the same text have in common, cheap to tell."""
    return function.home, *(parameter.name for parameter in function.parameters)


def calling(function: Function, names: dict[str, str]) -> Function:
    """The function with other names for those that it calls."""

    def rename(expr: Expr) -> Expr:
        if isinstance(expr, Global):
            return replace(expr, id=names[expr.id]) if expr.id in names else expr
        return rebuild(expr, rename)

    return with_body(function, map_block(function.body, rename)) if names else function
