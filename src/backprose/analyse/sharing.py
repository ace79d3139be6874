"""Whether the result of an operation may share memory with its operands: what the rule says, for this call."""

from __future__ import annotations

from backprose.ir.nodes import Apply, Const
from backprose.rules.registry import is_known, rule_of


def may_be_view(value: Apply) -> bool:
    """Whether the result may be (a view of) an operand.

    >>> from backprose.ir.nodes import Name
    >>> x = Name("x")
    >>> may_be_view(Apply("ravel", (x,))), may_be_view(Apply("sin", (x,)))
    (True, False)
    >>> may_be_view(Apply("diff", (x,))), may_be_view(Apply("diff", (x, Const(0)))), may_be_view(Apply("diff", (x, x)))
    (False, True, True)
    """
    if not is_known(value.op):
        return False
    rule = rule_of(value.op)
    if not rule.shares or rule.shares_where is None:
        return rule.shares
    name, wanted = rule.shares_where
    place = next(k for k, parameter in enumerate(rule.parameters) if parameter.name == name)
    given = dict(value.keywords).get(name, value.args[place] if place < len(value.args) else None)
    if given is None:
        default = rule.parameters[place].default
        return default is rule.parameters[place].empty or default == wanted
    return not isinstance(given, Const) or given.value == wanted
