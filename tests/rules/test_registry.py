"""What registration refuses, each time with the rule's file and line."""

from __future__ import annotations

import math
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from backprose.api import grad
from backprose.errors import RuleError, UnsupportedError
from backprose.rules import registry
from backprose.rules.checks import check
from backprose.rules.registry import (
    Rule,
    adjoint,
    canonical_name,
    constant,
    elementwise,
    linear,
    op_of,
    rule_of,
    tangent,
)


def sensible(x: Any) -> Any:
    return 2 * x


class Target:
    """Something to register rules for; fresh in each test."""

    def __init__(self, name: str) -> None:
        self.__name__ = name

    def __call__(self, x: Any) -> Any:
        return x


def body(function: Any) -> Rule:
    return Rule("test", "elementwise", (), ("x",), function)


def test_one_operation_has_one_rule() -> None:
    with pytest.raises(RuleError, match=r"(?s)has a rule already.*test_registry\.py:\d+"):
        elementwise(np.sin)(sensible)


def test_an_elementwise_rule_has_no_cotangent() -> None:
    with pytest.raises(RuleError, match="may ask for the operation's parameters"):

        @elementwise(Target("f"))
        def f(x, out_bar): ...


def test_a_transpose_needs_a_cotangent_and_no_result() -> None:
    with pytest.raises(RuleError, match="must ask for 'out_bar'"):
        linear(Target("f"))(sensible)
    with pytest.raises(RuleError, match="cannot depend on its result"):

        @linear(Target("g"))
        def g(x, *, out, out_bar): ...


def test_a_tangent_comes_after_its_adjoint_and_asks_for_every_tangent() -> None:
    def lone(x, *, x_dot): ...

    with pytest.raises(RuleError, match="needs an adjoint"):
        tangent(Target("f"))(lone)
    with pytest.raises(RuleError, match="must ask for a_dot, b_dot"):

        @tangent(np.dot)
        def dot_dot(a, b, *, a_dot): ...


def test_active_parameters_exist() -> None:
    with pytest.raises(RuleError, match="z: no such parameter"):

        @adjoint(Target("f"), active=("z",))
        def f(x, *, out_bar): ...


def test_a_body_has_no_loops() -> None:
    def looping(x):
        for _ in range(2):
            x = 2 * x
        return x

    with pytest.raises(RuleError, match=r"(?s)not of for.*for _ in range"):
        check(body(looping))


def test_a_body_does_not_assign_to_parameters() -> None:
    def assigning(x):
        x = 2 * x
        return x + 1

    with pytest.raises(RuleError, match="cannot assign to its parameter x"):
        check(body(assigning))


def test_a_body_knows_all_its_names() -> None:
    def unknown(x):
        return x * factor  # type: ignore[name-defined]  # noqa: F821

    with pytest.raises(RuleError, match="factor is neither a parameter nor defined"):
        check(body(unknown))


def test_a_body_calls_only_what_has_an_entry() -> None:
    def calling(x):
        return np.busday_count(x, x)

    with pytest.raises(RuleError, match=r"np\.busday_count has no rule"):
        check(body(calling))


def test_names() -> None:
    assert rule_of("mod") is rule_of(str(op_of(np.remainder)))
    assert op_of(math.sin) == op_of(np.sin) == "sin"
    assert op_of(np.ndarray.sum) == "sum"
    assert op_of(np.linalg.solve) == "linalg.solve"
    assert op_of([]) is None
    assert canonical_name(math.prod) == "math.prod"  # not np.prod, which is another operation


def test_constants_say_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_by_op", dict(registry._by_op))
    monkeypatch.setattr(registry, "_op_of", dict(registry._op_of))
    target = Target("only_here")
    constant(target, reason="a test")
    assert rule_of("only_here").reference == "a test"


def test_scipy_is_not_imported() -> None:
    program = "import sys, backprose.rules; sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_all_of_numpy_is_covered_or_has_a_reason() -> None:
    """Each public function has an entry or a reason; of those with a derivative nearly all have a rule."""
    public: dict[int, Any] = {}
    for module in (np, np.linalg, np.fft):
        for name, value in vars(module).items():
            if callable(value) and not isinstance(value, type) and not name.startswith("_"):
                public[id(value)] = value
    nothing = [one for one in public.values() if op_of(one) is None and registry.why_uncovered(one) is None]
    assert not nothing
    kinds = [rule_of(str(op_of(one))).kind for one in public.values() if op_of(one) is not None]
    missing, ruled = kinds.count("not yet"), sum(kind in ("elementwise", "linear", "general") for kind in kinds)
    assert ruled / (ruled + missing) >= 0.97


def test_a_refusal_says_why_there_is_no_rule() -> None:
    def f(x: Any) -> Any:
        return np.sum(np.apply_over_axes(np.sum, x, 0))

    with pytest.raises(UnsupportedError, match="calls a function that it is given"):
        grad(f)(np.ones(3))
