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

import ast
import importlib
import inspect
import itertools
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import FunctionType, MethodType
from typing import Any, Literal, TypeAlias, TypeVar

import numpy as np

from backprose.errors import Location, RuleError

Kind: TypeAlias = Literal["elementwise", "linear", "general", "constant", "effect", "not yet"]
Function = TypeVar("Function", bound=Callable[..., Any])

OUT, OUT_BAR, INDEX = "out", "out_bar", "index"
BAR, DOT = "_bar", "_dot"
SCIPY = "scipy."  # before the names of its functions
SOLVES = "__backprose_solver__"  # an attribute of functions that hand what they are given to a solver: which one


@dataclass(frozen=True, slots=True)
class Rule:
    """The derivative of one operation, as functions whose *source* the compiler reads.

    ``parameters`` are the operation's own, under NumPy's names; ``active`` those of them that can have a derivative, in
    the order in which an adjoint returns their cotangents; ``constant`` those that may vary and have a derivative of
    zero, as where only their shape is read. ``by_item``: the adjoint gives the cotangent of one item at a time.

    An elementwise rule's ``adjoint`` is its formula: the partial derivative with respect to each active parameter. A
    linear rule has no ``tangent``: the operation is its own; one without an ``adjoint`` is transposed by the engine.
    ``shares``: the result may be the first operand or a view of it; ``shares_any``: of any operand; ``shares_where``:
    only where a parameter has a value.
    ``results``: how many arrays the operation gives, in a tuple; ``out`` and ``out_bar`` are tuples then, with None for
    the cotangent of what is not read; the tangent has an entry for each result, or for each active parameter a tuple of
    these. ``counted``: their number follows from the arguments (Ellipsis stands for what is not known of them), or is
    not known (None); ``out_bar`` holds zeros then, in the place of None. ``named``: the class of a named tuple of them.
    ``real_only``: what is said of the derivative does not hold for complex operands, which are refused;
    ``real_constant``: of real operands it is 0.

    ``by_user``: a rule of a user's; its operation is a function of which nothing else is known, so that the result may
    share memory with any operand (``shares``), and a call may do more than give a value (``acts``).
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
    by_user: bool = False
    acts: bool = False
    shares_any: bool = False
    shares_where: tuple[str, object] | None = None
    counted: Callable[[Mapping[str, Any]], int | None] | None = None
    results: int = 1
    named: Any = None


@dataclass(frozen=True, slots=True)
class Form:
    """Calls of a function that are an operation of their own: those with this value of a parameter, at this position,
    or, without a name, with as many arguments as none of the function's rules takes."""

    function: Any
    name: str = ""
    position: int = 0
    value: object = None


_by_op: dict[str, Rule] = {}
_op_of: dict[Any, str] = {}
_helpers: dict[str, FunctionType] = {}
_forms: dict[Any, list[Form]] = {}
_uncovered: dict[Any, str] = {}
_solvers: dict[Any, Any] = {}  # functions that are given the function that they solve
_fields: set[str] = set()  # names of the results of operations that give several
_splines: dict[type, int] = {}  # classes of SciPy's whose objects are called, with the axes of their coefficients
_stand_ins: dict[Any, Any] = {}  # classes and functions of SciPy's that are followed, and what is read in their place
_owners: dict[type, str] = {}  # classes of objects with methods of which rules are known, and why others have none


class _Later:
    """The rules of SciPy's modules, each read when that module has been imported, which is not done for its sake."""

    def __init__(self) -> None:
        self.rules: dict[str, list[str]] = {}  # the modules with the rules of each
        self.modules = 0  # how many had been imported when it was last looked: it is asked often, of what has no rule

    def add(self, module: str, rules: str) -> None:
        """``rules``: a module to be read when ``module`` has been imported."""
        self.rules.setdefault(module, []).append(rules)
        self.modules = 0

    def read(self) -> bool:
        """Reads the rules of what has been imported since; whether there were any."""
        due = [module for module in self.rules if module in sys.modules]
        for rules in [one for module in due for one in self.rules.pop(module)]:
            importlib.import_module(rules)
        self.modules = len(sys.modules)
        return bool(due)


later = _Later()


# ---------------------------------------------------------------- looking up
def op_of(function: object) -> str | None:
    """The canonical name of a function that has an entry, or None."""
    try:
        op = _op_of.get(function)
    except (TypeError, ValueError):  # not hashable; a memoryview that can be written
        return None
    if op is None and len(sys.modules) != later.modules and later.read():
        return _op_of.get(function)
    return op


def form_of(function: Any, args: Sequence[object], keywords: Mapping[str, object]) -> Any:
    """The form of a call, or the function itself; the arguments are constants, and Ellipsis for all else.

    >>> form_of(np.linalg.svd, (...,), {"compute_uv": False}).name, form_of(np.linalg.svd, (...,), {}) is np.linalg.svd
    ('compute_uv', True)
    """
    try:
        forms = _forms.get(function, ())
    except (TypeError, ValueError):  # not hashable
        return function
    for form in forms:
        if not form.name and len(args) + len(keywords) != 2:
            return form
        given = keywords.get(form.name, args[form.position] if form.position < len(args) else ...)
        if form.name and type(given) is type(form.value) and given == form.value:
            return form
    return function


def solver_of(function: object) -> Any:
    """How a function that is given another one has a derivative (``implicit.Solver``), or None."""
    try:
        found = _solvers.get(function)
        return _solvers.get(function) if found is None and later.read() else found
    except (TypeError, ValueError):  # not hashable
        return None


def put_solver(function: Any, solver: Any) -> None:
    """``solver``: how a function that is given another one has a derivative."""
    _solvers[function] = solver


def is_spline(value: Any) -> bool:
    """Whether an object is a spline of SciPy's that gives one number for each place."""
    later.read()
    kinds = (axes for kind, axes in _splines.items() if isinstance(value, kind))
    return any(value.c.ndim == axes and value.c.dtype == float for axes in kinds)


def is_factors(value: Any) -> bool:
    """Whether an object holds the factors of a sparse matrix: what SciPy's ``splu`` gives."""
    return type(value) is getattr(sys.modules.get("scipy.sparse.linalg"), "SuperLU", None)


def put_spline(kind: type, axes: int) -> None:
    """A class of splines, whose coefficients ``c`` have so many axes where they give numbers."""
    _splines[kind] = axes


def stand_in(found: object) -> Any:
    """What is read in the place of a class or function of SciPy's that makes objects, or None."""
    try:
        made = _stand_ins.get(found)
        return _stand_ins.get(found) if made is None and later.read() else made
    except (TypeError, ValueError):  # not hashable
        return None


def put_stand_in(found: Any, made: Any) -> None:
    """``made``: what is read in the place of a class or function of SciPy's."""
    _stand_ins[found] = made


def is_owner(value: object) -> bool:
    """Whether methods of an object outside may have rules: those of ``scipy.stats.norm``, of SciPy's own classes."""
    later.read()
    inner = getattr(value, "dist", value) if isinstance(value, tuple(_owners)) else None  # of what is frozen
    return inner is not None and all(type(one).__module__.startswith(SCIPY) for one in (value, inner))


def uncovered(*functions: Any, reason: str) -> None:
    """Functions of NumPy's that are no operations, with the reason: no rule is to come."""
    _uncovered.update(dict.fromkeys(functions, reason))


def uncovered_methods(*classes: type, reason: str) -> None:
    """Classes of objects, some of whose methods may have rules, with the reason why the others have none."""
    _owners.update(dict.fromkeys(classes, reason))


def why_uncovered(function: Any) -> str | None:
    """Why a function of NumPy's is no operation; None where nothing is said."""
    if isinstance(function, MethodType) and is_owner(function.__self__):
        return next(reason for kind, reason in _owners.items() if isinstance(function.__self__, kind))
    try:
        return _uncovered.get(function)
    except (TypeError, ValueError):  # not hashable
        return None


def is_field(name: str) -> bool:
    """Whether some operation gives a result by this name.

    >>> is_field("eigenvalues"), is_field("eigenvalue")
    (True, False)
    """
    return name in _fields


def number_of_rules() -> int:
    """How many functions have an entry: more once a user adds a rule."""
    return len(_op_of)


def has_rules_for_libraries() -> bool:
    """Whether any rule of a user's is not for a function of a user's."""
    return any(rule.by_user and not is_plain(target_of(rule)) for rule in _by_op.values())


def is_plain(function: object) -> bool:
    """Whether something is a function written in Python, and not one of NumPy's or SciPy's."""
    return isinstance(function, FunctionType) and str(function.__module__).partition(".")[0] not in ("numpy", "scipy")


def rule_of(op: str) -> Rule:
    return _by_op[op]


def is_known(op: str) -> bool:
    return op in _by_op


def may_act(op: str) -> bool:
    """Whether an operation may do more than give a value."""
    return op in _by_op and _by_op[op].acts


def is_by_user(op: str) -> bool:
    return op in _by_op and _by_op[op].by_user


def target_of(rule: Rule) -> Any:
    """The function that a user's rule is for."""
    return _helpers[rule.op] if rule.op in _helpers else targets_of(rule.op)[0]


def short_name(op: str) -> str:
    """The last part of an operation's name; of a function with a rule of a user's its own name.

    >>> short_name("linalg.cholesky")
    'cholesky'
    """
    return str(target_of(_by_op[op]).__name__) if is_by_user(op) else op.rsplit(".", 1)[-1]


def is_constant(value: object) -> bool:
    """Whether a default can stand in the text as a literal."""
    if type(value) is tuple:
        return all(map(is_constant, value))
    return value is None or type(value) in (bool, int, float, complex, str)


def may_share_any(op: str) -> bool:
    """Whether what the result of an operation may share memory with is any of its operands, not only the first."""
    return _by_op[op].shares_any or _by_op[op].by_user


def rules() -> Iterator[Rule]:
    """Those of this package."""
    yield from (rule for rule in _by_op.values() if not rule.by_user)


def rule_for(function: object) -> Rule | None:
    """The rule of a function, or None."""
    op = op_of(function)
    return None if op is None else _by_op[op]


def object_of(op: str) -> Any:
    """The function that a name of NumPy's or SciPy's stands for, or None.

    >>> object_of("linalg.solve") is np.linalg.solve, object_of("getitem")
    (True, None)
    """
    value: Any = sys.modules.get("scipy") if op.startswith(SCIPY) else np
    for part in op.removeprefix(SCIPY).split("."):
        value = getattr(value, part, None)
    return value


def targets_of(op: str) -> tuple[Any, ...]:
    """The Python objects that mean this operation, the one that names it first."""
    return tuple(target for target, name in _op_of.items() if name == op)


def canonical_name(function: Any) -> str:
    """NumPy's dotted name without ``numpy.``; SciPy's; else the bare name, with ``math.`` before it where NumPy has it.

    >>> canonical_name(np.linalg.solve), canonical_name(np.add.at), canonical_name(abs)
    ('linalg.solve', 'add.at', 'abs')
    """
    function = function.function if isinstance(function, Form) else function
    module = getattr(function, "__module__", None) or ""
    name = str(getattr(function, "__name__", function)).rstrip("_")
    if isinstance(getattr(function, "__self__", None), np.ufunc):
        return f"{function.__self__.__name__}.{name}"
    if module == "math" and hasattr(np, name):
        return f"math.{name}"
    if isinstance(function, MethodType) and module.startswith("scipy.stats."):
        distribution = getattr(function.__self__, "name", type(function.__self__).__name__.removesuffix("_gen"))
        return f"scipy.stats.{distribution}.{name}"
    if isinstance(function, np.ufunc) and getattr(np, name, None) is not function:
        module = "scipy.special"
    if module.startswith("scipy."):
        public = itertools.takewhile(lambda part: not part.startswith("_"), module.split("."))
        return ".".join((*public, name))
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
        _add(targets, function, made("elementwise", targets, function, active, constant))
        return function

    return register


def linear(
    *targets: Any, active: tuple[str, ...] | None = None, constant: tuple[str, ...] = ()
) -> Callable[[Function], Function]:
    """The transpose of an operation that is linear in its active parameters together (by default the first)."""

    def register(function: Function) -> Function:
        _add(targets, function, made("linear", targets, function, active, constant))
        return function

    return register


def adjoint(
    *targets: Any, active: tuple[str, ...] | None = None, constant: tuple[str, ...] = ()
) -> Callable[[Function], Function]:
    """The cotangents of the active parameters (by default the positional ones without a default)."""

    def register(function: Function) -> Function:
        _add(targets, function, made("general", targets, function, active, constant))
        return function

    return register


def tangent(*targets: Any) -> Callable[[Function], Function]:
    """The other half of a general rule, after its ``adjoint``: what each active parameter adds to the tangent."""

    def register(function: Function) -> Function:
        rule = with_tangent(rule_for(targets[0]), function)
        _by_op[rule.op] = rule
        return function

    return register


def constant(*targets: Any, reason: str) -> None:
    """Operations whose derivative is zero, whatever their arguments. A tuple holds targets of one operation."""
    _add_without_derivative(targets, "constant", reason)


def not_yet(*targets: Any, reason: str) -> None:
    """Operations that have a derivative which nobody has written down here yet."""
    _add_without_derivative(targets, "not yet", reason)


def views(*targets: Any, of_any: bool = False, where: tuple[str, object] | None = None) -> None:
    """Operations, registered before, whose result may be (a view of) their first operand; ``of_any``: any operand.

    ``where``: only where this parameter has this value.
    """
    for target in targets:
        op = _op_of[target]
        _by_op[op] = replace(_by_op[op], shares=True, shares_any=of_any, shares_where=where)


def there(module: Any, names: str) -> list[Any]:
    """The functions of these names that a module has in the version that is installed."""
    return [getattr(module, name) for name in names.split() if hasattr(module, name)]


def also(function: Any, target: Any) -> None:
    """``target`` is another spelling of ``function``, which has a rule: of the same parameters, and the same result."""
    _op_of[target] = _op_of[function]


def several(*targets: Any, results: int | Callable[[Mapping[str, Any]], int | None], named: Any = None) -> None:
    """Operations, registered before, that give a tuple of arrays: how many, or a function of the arguments.

    ``named``: the class of the tuple, where its items have names, too.
    """
    _fields.update(() if named is None else named._fields)
    for target in targets:
        op = _op_of[target]
        if isinstance(results, int):
            _by_op[op] = replace(_by_op[op], results=results, named=named)
        else:
            _by_op[op] = replace(_by_op[op], results=0, counted=results)


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


def put_helper(function: FunctionType, rule: Rule) -> None:
    """A function that rules may call although it has none: its source is differentiated instead."""
    _by_op[rule.op] = rule
    _helpers[rule.op] = function
    vars(function)["__backprose_operation__"] = rule.op


def fresh_name(name: str) -> str:
    """A name that no operation has yet."""
    number, found = 1, name
    while found in _by_op:
        number += 1
        found = f"{name} ({number})"
    return found


def put(target: Any, rule: Rule | None) -> None:
    """Sets a user's rule of one target, or takes it away."""
    if rule is not None:
        _by_op[rule.op] = rule
        _op_of[target] = rule.op
    elif (op := _op_of.pop(target, None)) is not None:
        del _by_op[op]


# ---------------------------------------------------------------- inside
def made(
    kind: Kind,
    targets: tuple[Any, ...],
    function: Callable[..., Any],
    active: tuple[str, ...] | None,
    constant: tuple[str, ...],
) -> Rule:
    """The rule that a function is, if it asks for what a rule of its kind may ask for."""
    special = _special(function)
    if kind == "elementwise":
        _expect(function, special <= {OUT}, "an elementwise rule may ask for the operation's parameters and 'out'")
    elif kind == "linear":
        _expect(function, OUT_BAR in special, "the transpose of a linear operation must ask for 'out_bar'")
        _expect(function, special <= {OUT_BAR, INDEX}, "a linear operation's transpose cannot depend on its result")
        active = active or tuple(inspect.signature(function).parameters)[:1]
    else:
        _expect(function, OUT_BAR in special, "an adjoint must ask for 'out_bar'")
        _expect(function, special <= {OUT, OUT_BAR, INDEX}, "an adjoint cannot ask for a tangent")
    return _rule(targets, function, kind, active, constant)


def with_tangent(rule: Rule | None, function: Callable[..., Any]) -> Rule:
    """A general rule with its other half."""
    if rule is None or rule.kind != "general" or rule.adjoint is None:
        raise rule_error(function, "a tangent needs an adjoint before it")
    special, dots = _special(function), {name + DOT for name in rule.active}
    same = _parameters(function) == _parameters(rule.adjoint)
    _expect(function, same, "adjoint and tangent must have the same parameters")
    _expect(function, dots <= special <= dots | {OUT}, f"a tangent must ask for {', '.join(sorted(dots))}")
    return replace(rule, tangent=function)


def rule_error(
    function: Callable[..., Any] | None, what: str, node: ast.AST | None = None, *, why: str = ""
) -> RuleError:
    """An error that shows the rule's line: that of ``node``, a part of ``tree_of(function)``, else its first."""
    name = getattr(function, "__name__", "rule")
    return RuleError(f"the rule {name}: {what}", why=why, where=None if function is None else _where(function, node))


def tree_of(function: Callable[..., Any]) -> ast.stmt:
    """The tree of a rule as if it stood alone: lines from 1, without the indentation that it has in its file."""
    return ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]


def _where(function: Callable[..., Any], node: ast.AST | None) -> Location | None:
    try:
        lines, first = inspect.getsourcelines(function)
        node = node or tree_of(function)
    except (OSError, TypeError, SyntaxError):
        return None
    indent = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
    line, column, end = getattr(node, "lineno", 1), getattr(node, "col_offset", 0), getattr(node, "end_col_offset", 0)
    text = lines[line - 1].rstrip()
    if isinstance(node, ast.FunctionDef) or getattr(node, "end_lineno", line) != line:
        end = len(text) - indent
    return Location(function.__code__.co_filename, first + line - 1, text, column + indent, end + indent)


def _expect(function: Callable[..., Any] | None, holds: bool, what: str) -> None:
    if not holds:
        raise rule_error(function, what)


def _special(function: Callable[..., Any]) -> frozenset[str]:
    """What else the rule asks for beside the operation's own parameters."""
    listed = inspect.signature(function).parameters
    asked = {OUT, OUT_BAR}
    if INDEX in listed and listed[INDEX].kind is inspect.Parameter.KEYWORD_ONLY:  # else the operation's own
        asked.add(INDEX)
    return frozenset(name for name in listed if name in asked or (name.endswith(DOT) and name[: -len(DOT)] in listed))


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
        active = default_active(parameters)
    reference, by_item = inspect.cleandoc(function.__doc__ or ""), INDEX in _special(function)
    return Rule(_name(targets, function), kind, parameters, active, function, None, reference, constant, by_item)


def default_active(parameters: Iterable[inspect.Parameter]) -> tuple[str, ...]:
    """The positional parameters without a default."""
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return tuple(p.name for p in parameters if p.kind in positional and p.default is inspect.Parameter.empty)


def _name(targets: tuple[Any, ...], function: Callable[..., Any]) -> str:
    """The rule's own name behind NumPy's module: ``mod`` for ``np.remainder``, ``sum`` for ``sum_``.

    Of a method of a distribution it is the method's: several have a ``logpdf``.
    """
    if isinstance(targets[0], MethodType) and not isinstance(targets[0].__self__, np.ufunc):
        return canonical_name(targets[0])
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
        if isinstance(target, Form):
            _forms.setdefault(target.function, []).append(target)
    _by_op[rule.op] = rule


def _add_without_derivative(targets: tuple[Any, ...], kind: Kind, reason: str) -> None:
    for group in targets:
        group = group if isinstance(group, tuple) else (group,)
        op = canonical_name(group[0])
        if getattr(group[0], "__module__", None) == "builtins" and hasattr(np, op) and op != "bool":
            op = f"builtins.{op}"
        _add(group, None, Rule(op, kind, reference=reason, shares=kind == "not yet", shares_any=kind == "not yet"))
