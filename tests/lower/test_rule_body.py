"""Rules as programs: whole expressions, no spelling of the rule's author, one return."""

from __future__ import annotations

import math

import numpy as np
import pytest

from backprose.emit import emit
from backprose.errors import BackproseError, RuleError
from backprose.ir.check import check
from backprose.ir.nodes import Apply, Expr, Function, Program, Return, children
from backprose.ir.walk import expressions, statements
from backprose.lower import rule_body
from backprose.rules.registry import rules

SOURCES = [source for rule in rules() for source in (rule.adjoint, rule.tangent) if source is not None]


def applied(function: Function) -> list[Apply]:
    found: list[Apply] = []
    pending: list[Expr] = [part for stmt in statements(function.body) for part in expressions(stmt)]
    while pending:
        part = pending.pop()
        if isinstance(part, Apply):
            found.append(part)
        pending.extend(children(part))
    return found


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.__name__)
def test_every_rule_can_be_read(source) -> None:
    made = rule_body(source)
    check(made, "tree")
    assert isinstance(made.body[-1], Return)
    assert all(operation.spelling in ("", "numpy") and operation.place is None for operation in applied(made))
    assert emit(Program((made,))).text
    assert rule_body(source) is made


def test_early_returns_are_nested_and_constants_are_values() -> None:
    def clipped(x, axis=None, *, out_bar):
        """The derivative of nothing."""
        if axis is None:
            return out_bar * np.pi
        if x.ndim == 1:
            return out_bar[np.newaxis] * math.e
        return np.sum(x, axis=axis, keepdims=True) if x.shape else x.sum()

    made = rule_body(clipped)
    assert emit(Program((made,))).text == (
        "def clipped(x, axis=None, *, out_bar):\n"
        "    if axis is None:\n"
        f"        result = out_bar * {math.pi}\n"
        "    elif x.ndim == 1:\n"
        f"        result = out_bar[None] * {math.e}\n"
        "    else:\n"
        "        result = np.sum(x, axis=axis, keepdims=True) if x.shape else np.sum(x)\n"
        "    return result\n"
    )


def unknown(x):
    return x


def with_call(x):
    return unknown(x)


def with_loop(x):
    for _ in range(3):
        x = x * 2
    return x


def with_augment(x):
    x += 1
    return x


@pytest.mark.parametrize("rule", [with_call, with_loop, with_augment])
def test_other_rules_are_refused(rule) -> None:
    with pytest.raises(BackproseError) as caught:
        rule_body(rule)
    assert isinstance(caught.value, RuleError)
    assert caught.value.where is not None
