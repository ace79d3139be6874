"""How many arrays a call of an operation gives, in a tuple."""

from __future__ import annotations

from typing import Any

from backprose.analyse.types import type_of
from backprose.ir.nodes import Apply, Const, Expr, List, Tuple
from backprose.rules.registry import rule_of


def results_of(value: Apply) -> int:
    """Their number: 1 where it is one array, 0 where their number is not known.

    >>> from backprose.ir.nodes import Name
    >>> x = Name("x")
    >>> [results_of(Apply(op, args)) for op, args in (("linalg.qr", (x,)), ("split", (x, Const(3))), ("sin", (x,)))]
    [2, 3, 1]
    """
    rule = rule_of(value.op)
    if rule.counted is None:
        return rule.results
    names = [parameter.name for parameter in rule.parameters if parameter.kind is not parameter.KEYWORD_ONLY]
    variadic = any(parameter.kind is parameter.VAR_POSITIONAL for parameter in rule.parameters)
    given: dict[str, Any] = {one.name: one.default for one in rule.parameters if one.default is not one.empty}
    given.update(dict(zip(names, map(known, value.args), strict=False)))
    if variadic:
        given[names[-1]] = tuple(map(known, value.args[len(names) - 1 :]))
    given.update({key: known(one) for key, one in value.keywords})
    rank = type_of(value.args[0]).rank if value.args else None
    return rule.counted({**given, "rank": ... if rank is None else rank}) or 0


def known(expr: Expr) -> Any:
    """A constant, a tuple of such, or Ellipsis for what is not known."""
    if isinstance(expr, Tuple | List):
        return tuple(map(known, expr.items))
    return expr.value if isinstance(expr, Const) else ...
