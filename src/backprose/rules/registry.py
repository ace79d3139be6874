"""What is known of each operation: the rules, looked up by canonical name or by the Python object called.

A rule is a plain Python function whose *source* the compiler reads. Its parameters are the operation's own, under
NumPy's names, in NumPy's order and with NumPy's defaults; a parameter that the rule leaves out is refused by the
compiler, never ignored. Beside them a rule may ask for

``out``        the operation's result,
``out_bar``    the cotangent of the result (adjoints and linear rules),
``<p>_dot``    the tangent of the active parameter ``p`` (tangents),
``index``      where the active parameter is a sequence of arrays: which item of it the cotangent is for.

Elementwise formulas, adjoints and tangents all return one expression for each active parameter, in their order (a tuple
where there are several): the partial derivative, the cotangent, the contribution to the result's tangent.

>>> from backprose import rules as every_rule
>>> op_of(np.tanh), rule_of("tanh").kind, rule_of("tanh").active
('tanh', 'elementwise', ('x',))
>>> rule_of("tanh").adjoint(0.0, out=0.0)
1.0
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias, TypeVar

import numpy as np

from backprose.errors import RuleError

Kind: TypeAlias = Literal["elementwise", "linear", "general", "constant", "effect", "not yet"]
Function = TypeVar("Function", bound=Callable[..., Any])

OUT, OUT_BAR, INDEX = "out", "out_bar", "index"
BAR, DOT = "_bar", "_dot"


@dataclass(frozen=True, slots=True)
class Rule:
    """The derivative of one operation, as functions whose *source* the compiler reads.

    ``parameters`` are the operation's own, under NumPy's names; ``active`` those of them that can have a derivative, in
    the order in which an adjoint returns their cotangents; ``constant`` those that may vary and have a derivative of
    zero, as where only their shape is read. ``by_item``: the adjoint gives the cotangent of one item at a time.

    An elementwise rule's ``adjoint`` is its formula: the partial derivative with respect to each active parameter. A
    linear rule has no ``tangent``: the operation is its own; one without an ``adjoint`` is transposed by the engine.
    ``shares``: the result may be the first operand or a view of it; ``shares_any``: of any operand.
    ``results``: how many arrays the operation gives, in a tuple; ``out`` and ``out_bar`` are tuples then, with None for
    the cotangent of what is not read.
    ``real_only``: what is said of the derivative does not hold for complex operands, which are refused;
    ``real_constant``: of real operands it is 0.
    """

    op: str
    kind: Kind
    parameters: tuple[inspect.Parameter, ...] = ()
    active: tuple[str, ...] = ()
    adjoint: Callable[..., Any] | None = None
    tangent: Callable[..., Any] | None = None
    reference: str = ""  # source of the formula; for constants and "not yet" the reason
    constant: tuple[str, ...] = ()
    by_item: bool = False
    real_only: bool = False
    real_constant: bool = False
    shares: bool = False
    shares_any: bool = False
    results: int = 1


_by_op: dict[str, Rule] = {}
_op_of: dict[Any, str] = {}


# ---------------------------------------------------------------- looking up
def op_of(function: object) -> str | None:
    """The canonical name of a function that has an entry, or None."""
    try:
        return _op_of.get(function)
    except TypeError:  # not hashable
        return None


def rule_of(op: str) -> Rule:
    return _by_op[op]


def may_share(op: str) -> bool:
    """Whether the result of an operation may be (a view of) one of its operands."""
    return op in _by_op and _by_op[op].shares


def may_share_any(op: str) -> bool:
    """Whether what the result of an operation may share memory with is any of its operands, not only the first."""
    return _by_op[op].shares_any


def rules() -> Iterator[Rule]:
    yield from _by_op.values()


def targets_of(op: str) -> tuple[Any, ...]:
    """The Python objects that mean this operation, the one that names it first."""
    return tuple(target for target, name in _op_of.items() if name == op)


def canonical_name(function: Any) -> str:
    """NumPy's dotted name without ``numpy.``; else the bare name, with ``math.`` before it where NumPy has it too.

    >>> canonical_name(np.linalg.solve), canonical_name(np.add.at), canonical_name(abs)
    ('linalg.solve', 'add.at', 'abs')
    """
    module = getattr(function, "__module__", None) or ""
    name = str(getattr(function, "__name__", function)).rstrip("_")
    if isinstance(getattr(function, "__self__", None), np.ufunc):
        return f"{function.__self__.__name__}.{name}"
    if module == "math" and hasattr(np, name):
        return f"math.{name}"
    if module.startswith("numpy.linalg"):
        return f"linalg.{name}"
    if module.startswith("numpy.fft"):
        return f"fft.{name}"
    return name


# ---------------------------------------------------------------- registering
def elementwise(
    *targets: Any, active: tuple[str, ...] | None = None, constant: tuple[str, ...] = ()
) -> Callable[[Function], Function]:
    """The partial derivatives of an operation on each element by itself: one formula serves both modes."""

    def register(function: Function) -> Function:
        special = _special(function)
        _expect(function, special <= {OUT}, "an elementwise rule may ask for the operation's parameters and 'out'")
        _add(targets, function, _rule(targets, function, "elementwise", active, constant))
        return function

    return register


def linear(
    *targets: Any, active: tuple[str, ...] | None = None, constant: tuple[str, ...] = ()
) -> Callable[[Function], Function]:
    """The transpose of an operation that is linear in its active parameters together (by default the first)."""

    def register(function: Function) -> Function:
        special = _special(function)
        _expect(function, OUT_BAR in special, "the transpose of a linear operation must ask for 'out_bar'")
        _expect(function, special <= {OUT_BAR, INDEX}, "a linear operation's transpose cannot depend on its result")
        first = next(iter(inspect.signature(function).parameters))
        _add(targets, function, _rule(targets, function, "linear", active or (first,), constant))
        return function

    return register


def adjoint(
    *targets: Any, active: tuple[str, ...] | None = None, constant: tuple[str, ...] = ()
) -> Callable[[Function], Function]:
    """The cotangents of the active parameters (by default the positional ones without a default)."""

    def register(function: Function) -> Function:
        special = _special(function)
        _expect(function, OUT_BAR in special, "an adjoint must ask for 'out_bar'")
        _expect(function, special <= {OUT, OUT_BAR, INDEX}, "an adjoint cannot ask for a tangent")
        _add(targets, function, _rule(targets, function, "general", active, constant))
        return function

    return register


def tangent(*targets: Any) -> Callable[[Function], Function]:
    """The other half of a general rule, after its ``adjoint``: what each active parameter adds to the tangent."""

    def register(function: Function) -> Function:
        op = op_of(targets[0])
        _expect(function, op is not None and _by_op[op].kind == "general", "a tangent needs an adjoint before it")
        rule = _by_op[str(op)]
        special, dots = _special(function), {name + DOT for name in rule.active}
        _expect(function, _parameters(function) == rule.parameters, "adjoint and tangent must have the same parameters")
        _expect(function, dots <= special <= dots | {OUT}, f"a tangent must ask for {', '.join(sorted(dots))}")
        _by_op[rule.op] = replace(rule, tangent=function)
        return function

    return register


def constant(*targets: Any, reason: str) -> None:
    """Operations whose derivative is zero, whatever their arguments. A tuple holds targets of one operation."""
    _add_without_derivative(targets, "constant", reason)


def not_yet(*targets: Any, reason: str) -> None:
    """Operations that have a derivative which nobody has written down here yet."""
    _add_without_derivative(targets, "not yet", reason)


def views(*targets: Any, of_any: bool = False) -> None:
    """Operations, registered before, whose result may be (a view of) their first operand; ``of_any``: any operand."""
    for target in targets:
        op = _op_of[target]
        _by_op[op] = replace(_by_op[op], shares=True, shares_any=of_any)


def several(target: Any, results: int) -> None:
    """An operation, registered before, that gives a tuple of arrays."""
    op = _op_of[target]
    _by_op[op] = replace(_by_op[op], results=results)


def real_only(*targets: Any) -> None:
    """Operations, registered before, whose derivative is known for real operands only."""
    for target in targets:
        op = _op_of[target]
        _by_op[op] = replace(_by_op[op], real_only=True)


def real_constant(*targets: Any) -> None:
    """Operations, registered before, that are constant in steps where their operands are real."""
    for target in targets:
        op = _op_of[target]
        _by_op[op] = replace(_by_op[op], real_constant=True)


def engine_made(*targets: Any, parameters: tuple[str, ...], reason: str) -> None:
    """An operation, linear in its first parameter, that the engine transposes itself (``x[index]``)."""
    listed = tuple(inspect.Parameter(name, inspect.Parameter.POSITIONAL_ONLY) for name in parameters)
    _add(targets, None, Rule(canonical_name(targets[0]), "linear", listed, parameters[:1], reference=reason))


def effect(*targets: Any, parameters: tuple[str, ...], reason: str) -> None:
    """Operations that change their first parameter in place, by the last: the engine undoes them itself."""
    listed = tuple(inspect.Parameter(name, inspect.Parameter.POSITIONAL_ONLY) for name in parameters)
    active = (parameters[0], parameters[-1])
    for target in targets:
        _add((target,), None, Rule(canonical_name(target), "effect", listed, active, reference=reason))


# ---------------------------------------------------------------- inside
def rule_error(function: Callable[..., Any] | None, what: str) -> RuleError:
    """An error that names the rule's file and line."""
    code = getattr(function, "__code__", None)
    where = f"{code.co_filename}:{code.co_firstlineno}: " if code is not None else ""
    return RuleError(f"{where}{getattr(function, '__name__', 'rule')}: {what}")


def _expect(function: Callable[..., Any] | None, holds: bool, what: str) -> None:
    if not holds:
        raise rule_error(function, what)


def _special(function: Callable[..., Any]) -> frozenset[str]:
    """What else the rule asks for beside the operation's own parameters."""
    listed = inspect.signature(function).parameters
    return frozenset(
        name for name in listed if name in (OUT, OUT_BAR, INDEX) or (name.endswith(DOT) and name[: -len(DOT)] in listed)
    )


def _parameters(function: Callable[..., Any]) -> tuple[inspect.Parameter, ...]:
    special = _special(function)
    return tuple(parameter for name, parameter in inspect.signature(function).parameters.items() if name not in special)


def _rule(
    targets: tuple[Any, ...],
    function: Callable[..., Any],
    kind: Kind,
    active: tuple[str, ...] | None,
    constant: tuple[str, ...],
) -> Rule:
    parameters = _parameters(function)
    if active is None:
        positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        active = tuple(p.name for p in parameters if p.kind in positional and p.default is inspect.Parameter.empty)
    reference, by_item = inspect.cleandoc(function.__doc__ or ""), INDEX in _special(function)
    return Rule(_name(targets, function), kind, parameters, active, function, None, reference, constant, by_item)


def _name(targets: tuple[Any, ...], function: Callable[..., Any]) -> str:
    """The rule's own name behind NumPy's module: ``mod`` for ``np.remainder``, ``sum`` for ``sum_``."""
    prefix, dot, _ = canonical_name(targets[0]).rpartition(".")
    return prefix + dot + function.__name__.rstrip("_")


def _add(targets: tuple[Any, ...], function: Callable[..., Any] | None, rule: Rule) -> None:
    names = {parameter.name for parameter in rule.parameters}
    named = {*rule.active, *rule.constant}
    _expect(function, named <= names, f"{', '.join(sorted(named - names))}: no such parameter")
    _expect(function, rule.op not in _by_op, f"the operation {rule.op} has a rule already")
    for target in targets:
        _expect(function, target not in _op_of, f"{target!r} has a rule already")
        _op_of[target] = rule.op
    _by_op[rule.op] = rule


def _add_without_derivative(targets: tuple[Any, ...], kind: Kind, reason: str) -> None:
    for group in targets:
        group = group if isinstance(group, tuple) else (group,)
        op = canonical_name(group[0])
        if getattr(group[0], "__module__", None) == "builtins" and hasattr(np, op) and op != "bool":
            op = f"builtins.{op}"
        _add(group, None, Rule(op, kind, reference=reason, shares=kind == "not yet", shares_any=kind == "not yet"))
