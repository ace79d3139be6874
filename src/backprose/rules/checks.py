"""What a rule must hold to, checked against the operation's own signature and on the rule's source.

The tests check every rule of ours; a rule of a user's is checked when it is registered. Not done at import: reading
source is slow.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import textwrap
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import numpy as np

from backprose.rules.registry import Rule, op_of, rule_error, targets_of

UNNAMED = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.VAR_POSITIONAL)
RENAMED = {"newshape": "shape"}  # NumPy 2.0's names -> today's
STATIC = {isinstance, NotImplementedError}  # asks for a fact that the compiler knows; says that the rule does not hold


def check(rule: Rule) -> None:
    """Raises a RuleError where a rule cannot work.

    >>> from backprose.rules.registry import Rule
    >>> def half(x, out_bar):
    ...     for _ in range(2):
    ...         pass
    >>> check(Rule("half", "linear", (), ("x",), half))
    Traceback (most recent call last):
    ...
    backprose.errors.RuleError: ...half: a rule is made of assignments, if and return, not of for (line 2 of it)
    """
    for function in (rule.adjoint, rule.tangent):
        if function is not None:
            _check_body(function)
    if rule.adjoint is not None:
        for target in targets_of(rule.op):
            _check_parameters(rule, rule.adjoint, target)


# ---------------------------------------------------------------- the parameters
def _check_parameters(rule: Rule, function: Callable[..., Any], target: Any) -> None:
    """Parameters by position are the target's first ones; the others it has by name; defaults agree where they matter.

    A second spelling may have other names (``pow(base, exp)``, ``x.clip(min, max)``): by those it cannot be called.
    """
    own = [parameter for parameter in rule.parameters if parameter.kind is not parameter.KEYWORD_ONLY]
    if isinstance(target, np.ufunc):
        if len(own) != target.nin:
            raise rule_error(function, f"{len(own)} operands, but {target.__name__} has {target.nin}")
        return
    theirs = _signature_of(target)
    if theirs is None or any(parameter.kind is parameter.VAR_POSITIONAL for parameter in theirs):
        return  # np.ndarray.reshape(*shape): nothing to compare with
    if len(own) > len(theirs):
        raise rule_error(function, f"more parameters than {target} has")
    is_first, places = target is targets_of(rule.op)[0], {_today(p.name): k for k, p in enumerate(theirs)}
    for place, (mine, other) in enumerate(zip(own, theirs, strict=False)):
        elsewhere = places.get(mine.name, place) != place
        named = is_first and other.kind not in UNNAMED and not _is_method(target)
        if elsewhere or (named and mine.name != _today(other.name)):
            raise rule_error(function, f"the parameter {mine.name} is {other.name} in {target}")
        _check_default(function, mine, other, target)
    if _is_method(target):
        return  # x.sum(axis, **kwargs)
    for mine in rule.parameters[len(own) :]:
        if mine.name not in places:
            if any(parameter.kind is parameter.VAR_KEYWORD for parameter in theirs):
                continue  # np.pad(array, pad_width, mode, **kwargs)
            raise rule_error(function, f"{target} has no parameter {mine.name}")
        _check_default(function, mine, theirs[places[mine.name]], target)


def _check_default(
    function: Callable[..., Any], mine: inspect.Parameter, other: inspect.Parameter, target: Any
) -> None:
    if mine.default is mine.empty or other.default is other.empty or mine.name not in _read(function):
        return
    unsaid = repr(other.default) == "<no value>"  # NumPy asks the operand's class: ours is what arrays do
    if not unsaid and mine.default != other.default:
        raise rule_error(function, f"the default of {mine.name} is {other.default!r} in {target}")


def _read(function: Callable[..., Any]) -> set[str]:
    return {node.id for node in ast.walk(_tree(function)) if isinstance(node, ast.Name)}


def _signature_of(target: Any) -> list[inspect.Parameter] | None:
    if isinstance(target, type):
        return None
    try:
        return list(inspect.signature(target).parameters.values())
    except (TypeError, ValueError):  # written in C, with nothing said
        return None


def _is_method(target: Any) -> bool:
    return getattr(target, "__objclass__", None) is np.ndarray


def _today(name: str) -> str:
    return RENAMED.get(name, name)


# ---------------------------------------------------------------- the body
def _check_body(function: Callable[..., Any]) -> None:
    tree = _tree(function)
    for statement in _statements(tree.body):
        kind = type(statement).__name__.lower()
        if not isinstance(statement, ast.Assign | ast.If | ast.Return | ast.Raise):
            line = statement.lineno - tree.lineno + 1
            raise rule_error(
                function, f"a rule is made of assignments, if and return, not of {kind} (line {line} of it)"
            )
    variadic = () if tree.args.vararg is None else (tree.args.vararg,)
    names = {argument.arg for argument in (*tree.args.args, *variadic, *tree.args.kwonlyargs)}
    assigned = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    if names & assigned:
        raise rule_error(function, f"a rule cannot assign to its parameter {', '.join(sorted(names & assigned))}")
    for node in (part for statement in tree.body for part in ast.walk(statement)):
        if isinstance(node, ast.Name) and node.id not in names | assigned:
            _global(function, node.id)
        if isinstance(node, ast.Call):
            _check_call(function, node, names | assigned)


def _tree(function: Callable[..., Any]) -> ast.FunctionDef:
    tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    if not isinstance(tree, ast.FunctionDef):
        raise rule_error(function, "a rule is written with def")
    return tree


def _check_call(function: Callable[..., Any], call: ast.Call, local: set[str]) -> None:
    """Whatever a rule calls has an entry, so that its text can be differentiated again."""
    *path, name = ast.unparse(call.func).split(".")
    if not path:
        called = None if name in local else _global(function, name)
    elif path[0] not in local and isinstance(module := _global(function, path[0]), ModuleType):
        called = module
        for part in (*path[1:], name):
            called = getattr(called, part, None)
    else:  # a method of a value
        called = getattr(np.ndarray, name, None)
    if called not in STATIC and op_of(called) is None:
        raise rule_error(function, f"{ast.unparse(call.func)} has no rule, so the rule has no derivative")


def _statements(block: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in block:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue  # a docstring
        yield statement
        if isinstance(statement, ast.If):
            yield from _statements(statement.body)
            yield from _statements(statement.orelse)


def _global(function: Callable[..., Any], name: str) -> Any:
    scope = {**vars(builtins), **getattr(function, "__globals__", {}), **inspect.getclosurevars(function).nonlocals}
    if name not in scope:
        raise rule_error(function, f"the name {name} is neither a parameter nor defined")
    return scope[name]
