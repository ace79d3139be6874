"""What a rule must hold to, checked against the operation's own signature and on the rule's source.

The tests check every rule of ours; a rule of a user's is checked when it is registered, and more closely: that every
way through it returns what is asked for, and that it reads nothing of its module but numbers and functions with a rule.
Not done at import: reading source is slow.
"""

from __future__ import annotations

import ast
import builtins
import inspect
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import numpy as np

from backprose.rules.registry import Form, Rule, canonical_name, is_owner, op_of, rule_error, targets_of, tree_of

UNNAMED = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.VAR_POSITIONAL)
RENAMED = {"newshape": "shape"}  # NumPy 2.0's names -> today's
STATIC = {isinstance, NotImplementedError}  # asks for a fact that the compiler knows; says that the rule does not hold
LITERALS = (bool, int, float, type(None))  # what stands in the text as a literal
EXPRESSIONS = (
    *(ast.Constant, ast.Name, ast.Attribute, ast.Subscript, ast.Slice, ast.Tuple, ast.List, ast.Call, ast.Starred),
    *(ast.BinOp, ast.UnaryOp, ast.Compare, ast.BoolOp, ast.IfExp),
)


def check(rule: Rule) -> None:
    """Raises a RuleError where a rule cannot work.

    >>> from backprose.rules.registry import Rule
    >>> def half(x, out_bar):
    ...     for _ in range(2):
    ...         pass
    >>> check(Rule("half", "linear", (), ("x",), half))
    Traceback (most recent call last):
    ...
    backprose.errors.RuleError: the rule half: a rule is made of assignments, if and return, not of for
    ...
    """
    for function in (rule.adjoint, rule.tangent):
        if function is not None:
            _check_body(function)
            if rule.by_user:
                _check_returns(function, len(rule.active))
                _check_world(function)
    if rule.adjoint is not None:
        for target in targets_of(rule.op):
            _check_parameters(rule, rule.adjoint, target)


# ---------------------------------------------------------------- the parameters
def _check_parameters(rule: Rule, function: Callable[..., Any], target: Any) -> None:
    """Parameters by position are the target's first ones; the others it has by name; defaults agree where they matter.

    A second spelling may have other names (``pow(base, exp)``, ``x.clip(min, max)``): by those it cannot be called.
    """
    if isinstance(target, Form):
        if target.name:
            _check_parameters(rule, function, target.function)
        return
    own = [parameter for parameter in rule.parameters if parameter.kind is not parameter.KEYWORD_ONLY]
    if isinstance(target, np.ufunc):
        if len(own) != target.nin:
            raise rule_error(function, f"{len(own)} operands, but {target.__name__} has {target.nin}")
        return
    theirs = _signature_of(target)
    if theirs is None or any(parameter.kind is parameter.VAR_POSITIONAL for parameter in theirs):
        return  # np.ndarray.reshape(*shape): nothing to compare with
    if len(own) > len(theirs):
        raise rule_error(function, f"more parameters than {canonical_name(target)} has")
    is_first, places = target is targets_of(rule.op)[0], {_today(p.name): k for k, p in enumerate(theirs)}
    for place, (mine, other) in enumerate(zip(own, theirs, strict=False)):
        elsewhere = places.get(mine.name, place) != place
        named = is_first and other.kind not in UNNAMED and not _is_method(target)
        if elsewhere or (named and mine.name != _today(other.name)):
            raise rule_error(function, f"the parameter {mine.name} is {other.name} in {canonical_name(target)}")
        _check_default(function, mine, other, target)
    if _is_method(target):
        return  # x.sum(axis, **kwargs)
    for mine in rule.parameters[len(own) :]:
        if mine.name not in places:
            if any(parameter.kind is parameter.VAR_KEYWORD for parameter in theirs):
                continue  # np.pad(array, pad_width, mode, **kwargs)
            raise rule_error(function, f"{canonical_name(target)} has no parameter {mine.name}")
        _check_default(function, mine, theirs[places[mine.name]], target)


def _check_default(
    function: Callable[..., Any], mine: inspect.Parameter, other: inspect.Parameter, target: Any
) -> None:
    if mine.default is mine.empty or other.default is other.empty or mine.name not in _read(function):
        return
    unsaid = repr(other.default) == "<no value>"  # NumPy asks the operand's class: ours is what arrays do
    if not unsaid and mine.default != other.default:
        raise rule_error(function, f"the default of {mine.name} is {other.default!r} in {canonical_name(target)}")


def _read(function: Callable[..., Any]) -> set[str]:
    return {node.id for node in ast.walk(tree_of(function)) if isinstance(node, ast.Name)}


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
    tree = _definition(function)
    for statement in _statements(tree.body):
        kind = type(statement).__name__.lower()
        if not isinstance(statement, ast.Assign | ast.If | ast.Return | ast.Raise):
            raise rule_error(function, f"a rule is made of assignments, if and return, not of {kind}", statement)
        if isinstance(statement, ast.Assign):
            _check_assignment(function, statement)
    names, assigned = _parameters_of(tree), _assigned(tree)
    for node in _inside(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id in names:
            raise rule_error(function, f"a rule cannot assign to its parameter {node.id}", node)
        if isinstance(node, ast.Name) and node.id not in names | assigned:
            _global(function, node)
        if isinstance(node, ast.Call):
            _check_call(function, node, names | assigned)


def _check_assignment(function: Callable[..., Any], statement: ast.Assign) -> None:
    """``c, s = np.cos(x), np.sin(x)`` and ``u, v = out`` are assignments to each; those of other tuples are refused."""
    target, value = statement.targets[0], statement.value
    if isinstance(target, ast.Name) and len(statement.targets) == 1:
        return
    names = [one.id for one in target.elts if isinstance(one, ast.Name)] if isinstance(target, ast.Tuple) else []
    parts = value.elts if isinstance(value, ast.Tuple) else []
    read = {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
    whole = isinstance(value, ast.Name) or len(parts) == len(names)
    plain = len(statement.targets) == 1 and isinstance(target, ast.Tuple) and len(names) == len(target.elts)
    if not plain or not whole or not read.isdisjoint(names):
        raise rule_error(function, "a rule assigns to one name at a time", statement)


def _definition(function: Callable[..., Any]) -> ast.FunctionDef:
    tree = tree_of(function)
    if not isinstance(tree, ast.FunctionDef):
        raise rule_error(function, "a rule is written with def")
    return tree


def _parameters_of(tree: ast.FunctionDef) -> set[str]:
    arguments = tree.args
    others = [one for one in (arguments.vararg, arguments.kwarg) if one is not None]
    return {one.arg for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *others)}


def _assigned(tree: ast.FunctionDef) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def _inside(tree: ast.FunctionDef) -> Iterator[ast.AST]:
    for statement in tree.body:
        yield from ast.walk(statement)


def _check_call(function: Callable[..., Any], call: ast.Call, local: set[str]) -> None:
    """Whatever a rule calls has an entry, so that its text can be differentiated again."""
    called = _meaning(function, call.func, local)
    if called is None and isinstance(call.func, ast.Attribute):  # a method of a value
        called = getattr(np.ndarray, call.func.attr, None)
    if called not in STATIC and op_of(called) is None:
        raise rule_error(function, f"{ast.unparse(call.func)} has no rule, so the rule has no derivative", call.func)


def _meaning(function: Callable[..., Any], node: ast.expr, local: set[str]) -> Any:
    """What a dotted name outside the rule means, through modules; None for what is no such name."""
    if isinstance(node, ast.Name):
        return None if node.id in local else _global(function, node)
    if isinstance(node, ast.Attribute):
        owner = _meaning(function, node.value, local)
        known = isinstance(owner, ModuleType | np.ufunc) or is_owner(owner)
        return getattr(owner, node.attr, None) if known else None
    return None


def _statements(block: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in block:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue  # a docstring
        yield statement
        if isinstance(statement, ast.If):
            yield from _statements(statement.body)
            yield from _statements(statement.orelse)


def _global(function: Callable[..., Any], name: ast.Name) -> Any:
    scope = {**vars(builtins), **getattr(function, "__globals__", {}), **inspect.getclosurevars(function).nonlocals}
    if name.id not in scope:
        raise rule_error(function, f"the name {name.id} is neither a parameter nor defined", name)
    return scope[name.id]


# ---------------------------------------------------------------- of users' rules
def _check_returns(function: Callable[..., Any], active: int) -> None:
    """Every way ends in a return of one expression for each active parameter."""
    tree = _definition(function)
    if _ends_open(tree.body):
        raise rule_error(function, "not every way through the rule ends in a return")
    for statement in _statements(tree.body):
        if not isinstance(statement, ast.Return):
            continue
        value = statement.value
        count = len(value.elts) if isinstance(value, ast.Tuple) else 1
        if value is None or count != active or any(isinstance(one, ast.Starred) for one in ast.walk(value)):
            what = (
                "one expression" if active == 1 else f"{active} expressions, in a tuple, one for each active parameter"
            )
            raise rule_error(function, f"it has to return {what}", statement)


def _ends_open(block: list[ast.stmt]) -> bool:
    last = block[-1] if block else None
    if isinstance(last, ast.If):
        return _ends_open(last.body) or _ends_open(last.orelse)
    return not isinstance(last, ast.Return | ast.Raise)


def _check_world(function: Callable[..., Any]) -> None:
    """The rule's text is pasted into other functions, where its module's names mean nothing."""
    tree = _definition(function)
    local = _parameters_of(tree) | _assigned(tree)
    for node in _inside(tree):
        if isinstance(node, ast.expr) and not isinstance(node, EXPRESSIONS):
            raise rule_error(function, f"a rule cannot hold this expression ({type(node).__name__})", node)
    for path in _outside(tree, local):
        value = _meaning(function, path, local)
        if not (callable(value) or type(value) in LITERALS or value is Ellipsis):
            what = f"{ast.unparse(path)} is no Python number: make it a parameter of the function"
            raise rule_error(function, what, path)


def _outside(tree: ast.FunctionDef, local: set[str]) -> Iterator[ast.Name | ast.Attribute]:
    """The dotted names in a rule's body that mean something outside it, each as a whole."""
    pending: list[ast.AST] = list(tree.body)
    while pending:
        node = pending.pop()
        root = node
        while isinstance(root, ast.Attribute):
            root = root.value
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(root, ast.Name):
            if root.id not in local:
                yield node
        else:
            pending.extend(ast.iter_child_nodes(node))


def read_outside(function: Callable[..., Any]) -> list[str]:
    """The dotted names outside it that a rule reads.

    >>> def half(x, out_bar):
    ...     return np.sin(x) * out_bar
    >>> read_outside(half)
    ['np.sin']
    """
    tree = _definition(function)
    return sorted({ast.unparse(path) for path in _outside(tree, _parameters_of(tree) | _assigned(tree))})
