"""Every rule against differences, its two modes against each other, and at the points where it is a choice.

The rules are called as the Python functions that they are: no compiler takes part.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from backprose import rules, support
from backprose.rules.checks import check
from backprose.rules.registry import Rule, form_of, op_of, rule_of
from backprose.rules.registry import rules as every_rule
from tests import differences
from tests.rules.cases import CASES, IN_THE_PLANE, KINKS, NAMES, SEVERAL, Case, Kink

assert rules.__all__  # imported to register all
# SciPy 1.13 to 1.16 tell of a change in 0.18
pytestmark = pytest.mark.filterwarnings("ignore:The behavior of affine_transform with a 1-D array")

UNSAMPLED = {"getitem", "list", "block", "float32", "complex64"}  # made by the engine; too coarse for differences
OF_OBJECTS = {"evaluated"}  # of splines: tests/test_splines.py
UNSAMPLED |= {"scipy.stats.multinomial.logpmf", "scipy.stats.multinomial.pmf"}  # test_stats.py
UNSAMPLED |= {"entries_dense", "entries_product", "entries_solved", "factors_solved"}  # tests/test_sparse_products.py
UNSAMPLED |= {f"scipy.sparse.linalg.{name}" for name in ("cg", "cgs", "bicg", "bicgstab", "gmres")}  # the same
OF_LISTS = {"sections", "unsections", "unsliced", "unsplit"}  # of lists of arrays, which samples are not: tested below


@dataclass(frozen=True)
class BoundCall:
    """One call of an operation with its arguments by the names of the rule's parameters."""

    rule: Rule
    function: Callable[..., Any]
    arguments: dict[str, Any]
    by_position: int

    def __call__(self, changed: Mapping[str, Any]) -> Any:
        """The operation's result with some arguments replaced."""
        values = {**self.arguments, **changed}
        if getattr(self.function, "__objclass__", None) is np.ndarray:  # a method of arrays only
            first = next(iter(values))
            values[first] = np.asarray(values[first])
        names = list(values)
        given = [values[name] for name in names[: self.by_position]]
        if self.variadic is not None:
            given[-1:] = given[-1]
        return self.function(*given, **{name: values[name] for name in names[self.by_position :]})

    @property
    def variadic(self) -> str | None:
        """The parameter that takes any number of operands, the last one by position."""
        return next((p.name for p in self.rule.parameters if p.kind is p.VAR_POSITIONAL), None)

    @property
    def active(self) -> list[str]:
        return [name for name in self.rule.active if name in self.arguments and _moves(self.arguments[name])]

    def ask(self, function: Callable[..., Any], **special: Any) -> Any:
        """Calls a rule's function with what it asks for; one entry for each active parameter."""
        asked = inspect.signature(function).parameters
        wanted = {name: value for name, value in special.items() if name in asked}
        if self.variadic is None:
            answer = function(**self.arguments, **wanted)
        else:
            before = [
                value
                for name, value in self.arguments.items()
                if asked[name].kind is not inspect.Parameter.KEYWORD_ONLY
            ]
            named = {
                name: value
                for name, value in self.arguments.items()
                if asked[name].kind is inspect.Parameter.KEYWORD_ONLY
            }
            answer = function(*before[:-1], *before[-1], **named, **wanted)
        parts = answer if len(self.rule.active) > 1 else (answer,)
        return dict(zip(self.rule.active, parts, strict=True))


def _moves(value: Any) -> bool:
    if isinstance(value, (tuple, list)):
        return all(map(_moves, value))
    return isinstance(value, (float, complex, np.ndarray, np.inexact)) and np.asarray(value).dtype.kind in "fc"


def bound(expression: str, samples: Mapping[str, Any]) -> BoundCall:
    """The call in an expression, with its arguments evaluated."""
    call = ast.parse(expression, mode="eval").body
    assert isinstance(call, ast.Call)

    def value(node: ast.expr) -> Any:
        return eval(ast.unparse(node), dict(NAMES), dict(samples))

    arguments = [value(argument) for argument in call.args]
    if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name) and call.func.value.id in samples:
        function = getattr(np.ndarray, call.func.attr)
        arguments.insert(0, value(call.func.value))
    else:
        function = value(call.func)
    named = {str(keyword.arg): value(keyword.value) for keyword in call.keywords}
    rule = rule_of(str(op_of(form_of(function, arguments, named))))
    positional = [p.name for p in rule.parameters if p.kind is not p.KEYWORD_ONLY]
    if any(p.kind is p.VAR_POSITIONAL for p in rule.parameters):
        arguments[len(positional) - 1 :] = [tuple(arguments[len(positional) - 1 :])]
    assert len(arguments) <= len(positional), f"{expression}: more arguments than the rule has"
    assert set(named) <= {p.name for p in rule.parameters}, f"{expression}: a keyword that the rule does not have"
    return BoundCall(rule, function, {**dict(zip(positional, arguments)), **named}, len(arguments))


# ---------------------------------------------------------------- what a rule says
def tangent(call: BoundCall, out: Any, name: str, direction: Any) -> Any:
    """The result's tangent where one argument moves."""
    rule = call.rule
    assert rule.adjoint is not None
    if rule.kind == "elementwise":
        partial = call.ask(rule.adjoint, out=out)[name]
        return np.broadcast_to(partial * direction, np.shape(out))
    if rule.kind == "linear":
        still = {other: _zeros(call.arguments[other]) for other in call.active}
        return call({**still, name: direction})
    assert rule.tangent is not None, f"{rule.op} has an adjoint and no tangent"
    dots = {f"{other}_dot": _zeros(call.arguments.get(other, 0.0)) for other in rule.active}
    return call.ask(rule.tangent, out=out, **{**dots, f"{name}_dot": direction})[name]


def cotangent(call: BoundCall, out: Any, name: str, out_bar: Any) -> Any:
    """The cotangent of one argument."""
    rule, value = call.rule, call.arguments[name]
    assert rule.adjoint is not None
    if rule.kind == "elementwise":
        return _unbroadcast(call.ask(rule.adjoint, out=out)[name] * out_bar, np.shape(value))
    if rule.by_item and isinstance(value, (tuple, list)):
        return type(value)(call.ask(rule.adjoint, out=out, out_bar=out_bar, index=k)[name] for k in range(len(value)))
    return call.ask(rule.adjoint, out=out, out_bar=out_bar, **({"index": None} if rule.by_item else {}))[name]


def _unbroadcast(value: Any, shape: tuple[int, ...]) -> Any:
    """As plainly as can be, so as not to lean on the helper under test."""
    value = np.sum(value, axis=tuple(range(np.ndim(value) - len(shape))))
    return np.sum(value, axis=tuple(k for k, n in enumerate(shape) if n == 1), keepdims=True).reshape(shape)


def _zeros(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return type(value)(map(_zeros, value))
    return np.zeros(np.shape(value), complex if np.iscomplexobj(value) else float)[()]


def _direction(value: Any, rng: np.random.Generator) -> Any:
    if isinstance(value, (tuple, list)):
        return type(value)(_direction(item, rng) for item in value)
    return rng.normal(size=value.shape) if isinstance(value, np.ndarray) else float(rng.normal())


def _same_shape(cotangent: Any, value: Any) -> bool:
    if isinstance(value, (tuple, list)):
        return all(map(_same_shape, cotangent, value))
    return np.shape(cotangent) == np.shape(value)


def compare(expression: str, samples: Mapping[str, Any]) -> int:
    """Both modes of a rule at one point, for each active argument; the number of comparisons."""
    call, rng, compared = bound(expression, samples), np.random.default_rng(1), 0
    out = call({})
    for name in call.active:
        if np.iscomplexobj(out):
            compare_complex(call, out, name, rng)
            compared += 1
            continue
        value = call.arguments[name]
        way, out_bar = _direction(value, rng), rng.normal(size=np.shape(out))
        out_dot = tangent(call, out, name, way)
        assert np.shape(out_dot) == np.shape(out), "the tangent has the shape of the result"
        if np.asarray(out).dtype.kind == "f" and np.size(out):
            slope = differences.slope(lambda moved: call({name: moved}), [value], [way])
            assert slope.agrees(out_dot), f"{name}: {out_dot} by the rule, {slope.value} by differences"
        bar = cotangent(call, out, name, out_bar)
        assert _same_shape(bar, value), f"{name}: the cotangent has the shape of the operand"
        forward, reverse = float(np.sum(out_dot * out_bar)), differences.inner(bar, way)
        scale = float(np.sum(np.abs(out_dot * out_bar))) + differences.magnitude(bar, way)
        assert abs(forward - reverse) <= 1e-12 * scale + 1e-300, f"{name}: {forward} forward, {reverse} in reverse"
        compared += 1
    return compared


# ---------------------------------------------------------------- the tests
@pytest.mark.parametrize("case", CASES, ids=str)
def test_against_differences(case: Case) -> None:
    assert bound(case.expression, case.samples).rule.op == case.op
    assert compare(case.expression, case.samples) > 0


@pytest.mark.parametrize("case", IN_THE_PLANE, ids=str)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_vectors_in_the_plane(case: Case) -> None:
    """Two components are the first of three: it is only known at run time."""
    compare(case.expression, case.samples)


@pytest.mark.parametrize("case", [case for case in CASES if case.grows], ids=str)
@pytest.mark.parametrize("shape", [(), (1,), (0,), (0, 4), (1, 4)], ids=str)
def test_other_shapes(case: Case, shape: tuple[int, ...]) -> None:
    samples = {name: np.resize(value, shape) if shape else float(value[0, 0]) for name, value in case.samples.items()}
    if "arange" not in case.expression:
        compare(case.expression, samples)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_not_contiguous(case: Case) -> None:
    compare(case.expression, {name: _strided(value) for name, value in case.samples.items()})


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_may_be_a_view_says_so(case: Case) -> None:
    for order in ("C", "F"):
        given = {k: np.asarray(v, order=order) if isinstance(v, np.ndarray) else v for k, v in case.samples.items()}
        result = eval(case.expression, {**NAMES, **given})
        shared = any(
            np.shares_memory(result, v) for v in arrays(list(given.values())) if isinstance(result, np.ndarray)
        )
        assert rule_of(case.op).shares or not shared


@pytest.mark.parametrize("case", SEVERAL, ids=str)
def test_several_results(case: Case) -> None:
    """Both modes of an operation that gives a tuple: of all of its results, and of each alone."""
    call, rng = bound(case.expression, case.samples), np.random.default_rng(1)
    out, rule = call({}), call.rule
    assert rule.adjoint is not None
    for name in call.active:
        value = call.arguments[name]
        way = _direction(value, rng)
        slope = differences.slope(lambda moved: _joined(call({name: moved})), [value], [way])
        if rule.kind == "linear":
            dots: Any = call({name: way})
        else:
            assert rule.tangent is not None
            still = {f"{other}_dot": _zeros(call.arguments.get(other, 0.0)) for other in rule.active}
            special = {"out": out, **still, f"{name}_dot": way}
            asked = inspect.signature(rule.tangent).parameters
            answer = rule.tangent(**call.arguments, **{key: special[key] for key in asked if key in special})
            if isinstance(answer[0], tuple):  # a tuple for each active parameter
                answer = answer[rule.active.index(name)]
            dots = tuple(np.zeros(np.shape(one)) if dot is None else dot for dot, one in zip(answer, out, strict=True))
        read = [k for k in range(len(out)) if not rule.op.endswith("linalg.lstsq") or k == 0]
        if not rule.op.endswith("linalg.lstsq"):
            assert slope.agrees(_joined(dots)), f"{dots} by the rule, {slope.value} by differences"
        for chosen in (read, *([k] for k in read)):
            bars = tuple(_some_bar(rule, one, k in chosen, rng) for k, one in enumerate(out))
            bar = cotangent(call, out, name, bars)
            assert _same_shape(bar, value)
            terms = [np.sum(dot * one) for dot, one in zip(dots, bars, strict=True) if one is not None]
            assert np.isclose(np.real(sum(terms)), differences.inner(bar, way), rtol=1e-10, atol=1e-11)


def _some_bar(rule: Rule, like: Any, is_read: bool, rng: np.random.Generator) -> Any:
    """A cotangent of one of several results; of one that is not read zeros, or None, as the compiler gives it."""
    if is_read:
        return rng.normal(size=np.shape(like))
    return None if rule.counted is None else np.zeros(np.shape(like))


def _joined(results: Any) -> Any:
    return np.concatenate([np.ravel(one) for one in results])


def arrays(value: Any) -> Iterator[np.ndarray]:
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from arrays(item)


def _strided(value: Any) -> Any:
    if not isinstance(value, np.ndarray) or value.ndim == 0:
        return value
    apart = np.repeat(value, 2, axis=-1)[..., ::2]
    return np.asfortranarray(apart[::-1])[::-1]


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.filterwarnings("ignore:logm result may be inaccurate")
def test_float32(case: Case) -> None:
    """The same to single precision, in any dtype: the engine casts to the argument's."""
    narrow = {name: v.astype(np.float32) if isinstance(v, np.ndarray) else v for name, v in case.samples.items()}
    call, narrow_call = bound(case.expression, case.samples), bound(case.expression, narrow)
    out, narrow_out, rng = call({}), narrow_call({}), np.random.default_rng(1)
    for name in call.active:
        out_bar = rng.normal(size=np.shape(out))
        wide = cotangent(call, out, name, out_bar)
        narrow_bar = cotangent(narrow_call, narrow_out, name, np.float32(out_bar))
        for bar, wide_bar in zip(differences.leaves(narrow_bar), differences.leaves(wide)):
            np.testing.assert_allclose(bar, wide_bar, rtol=2e-3, atol=2e-4 * np.max(np.abs(wide_bar), initial=1))


def mixed(case: Case) -> Iterator[dict[str, Any]]:
    """The samples with imaginary parts: all of them, and each alone."""
    rng = np.random.default_rng(2)
    moving = [name for name, value in case.samples.items() if _moves(value)]
    for chosen in (moving, *([name] for name in moving if len(moving) > 1)):
        turned = {
            name: case.samples[name] + 0.4j * rng.uniform(0.5, 1, np.shape(case.samples[name])) for name in chosen
        }
        yield {**case.samples, **turned}


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.filterwarnings("ignore::numpy.exceptions.ComplexWarning")
def test_complex(case: Case) -> None:
    """Where an operation takes complex numbers its rule is right for them, or says that it is not."""
    for samples in mixed(case):
        call, rng = bound(case.expression, samples), np.random.default_rng(1)
        if call.rule.real_only:
            continue
        try:
            out = call({})
        except (TypeError, ValueError, NotImplementedError):
            continue  # it is of real numbers only
        if getattr(call.function, "__module__", "") == "math":  # of real parts, with a warning
            continue
        for name in call.active:
            if not isinstance(call.arguments[name], (tuple, list)):
                with contextlib.suppress(NotImplementedError):  # the rule says that it does not cover this
                    compare_complex(call, out, name, rng)


def compare_complex(call: BoundCall, out: Any, name: str, rng: np.random.Generator) -> None:
    """The real part where something is real is what the compiler takes, beside the rule."""
    value = call.arguments[name]

    def drawn(like: Any) -> Any:
        real = rng.normal(size=np.shape(like))
        return real + 1j * rng.normal(size=np.shape(like)) if np.iscomplexobj(like) else real

    def fitted(made: Any, like: Any) -> Any:
        return made if np.iscomplexobj(like) else np.real(made)

    way, out_bar = drawn(value), drawn(out)
    out_dot = fitted(tangent(call, out, name, way), out)
    if np.asarray(out).dtype.kind in "fc" and np.size(out):
        slope = differences.slope(lambda moved: _apart(call({name: moved})), [value], [way])
        assert slope.agrees(_apart(out_dot)), f"{name}: {out_dot} by the rule, {slope.value} by differences"
    bar = fitted(cotangent(call, out, name, out_bar), value)
    forward, reverse = np.real(np.sum(out_dot * out_bar)), np.real(np.sum(bar * way))
    scale = np.sum(np.abs(out_dot * out_bar)) + np.sum(np.abs(bar * way))
    assert abs(forward - reverse) <= 1e-11 * scale + 1e-300, f"{name}: {forward} forward, {reverse} in reverse"


def _apart(value: Any) -> Any:
    return np.stack([np.real(value), np.imag(value)])


@pytest.mark.parametrize("kink", KINKS, ids=str)
def test_kinks(kink: Kink) -> None:
    if any(not np.all(np.isfinite(value)) for value in (kink.expected, *kink.samples.values())):
        with np.errstate(all="ignore"):
            _check_kink(kink)
    else:
        _check_kink(kink)  # a warning is an error here


def _check_kink(kink: Kink) -> None:
    call = bound(kink.expression, kink.samples)
    out = call({})
    total = sum(
        cotangent(call, out, name, np.ones(np.shape(out)))
        for name in call.active
        if call.arguments[name] is kink.samples[kink.wrt]
    )
    np.testing.assert_allclose(total, kink.expected, rtol=1e-12, atol=1e-15)


def test_every_rule_has_a_case() -> None:
    sampled = {case.op for case in (*CASES, *SEVERAL)} | UNSAMPLED | OF_LISTS | OF_OBJECTS
    missing = {rule.op for rule in every_rule() if rule.kind in ("elementwise", "linear", "general")} - sampled
    assert not missing


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_transposes_of_lists(axis: int) -> None:
    """The dot-product identity of the operations on lists of arrays, and that their rules name each other."""
    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=(2, 3)), rng.normal(size=(2, 3))]
    joined, parts = np.concatenate(arrays, axis), [rng.normal(size=(2, 3)) for _ in arrays]
    there = sum(np.sum(a * b) for a, b in zip(support.sections(joined, arrays, axis), parts, strict=True))
    np.testing.assert_allclose(there, np.sum(joined * support.unsections(parts, joined, axis)))
    rules = {rule.op: rule for rule in every_rule() if rule.op in OF_LISTS}
    adjoints = {op: rule.adjoint for op, rule in rules.items()}
    assert adjoints["sections"] is not None
    assert adjoints["unsections"] is not None
    assert adjoints["unsliced"] is not None
    np.testing.assert_array_equal(
        adjoints["sections"](joined, arrays, axis, out_bar=parts), np.concatenate(parts, axis)
    )
    for part, given in zip(adjoints["unsections"](parts, joined, axis, out_bar=joined), arrays, strict=True):
        np.testing.assert_array_equal(part, given)
    spread = support.unsliced(parts[:1], arrays, slice(1, None))
    back = adjoints["unsliced"](parts[:1], arrays, slice(1, None), out_bar=arrays)
    np.testing.assert_allclose(
        sum(np.sum(a * b) for a, b in zip(spread, arrays, strict=True)), np.sum(parts[0] * back[0])
    )


@pytest.mark.parametrize("rule", list(every_rule()), ids=lambda rule: rule.op)
def test_forms(rule: Rule) -> None:
    check(rule)
    if rule.kind in ("constant", "not yet"):
        assert rule.reference, "a reason"
    if rule.kind == "general":
        assert rule.tangent is not None


def test_a_form_that_one_mode_refuses_the_other_does_not_take_wrongly() -> None:
    """A tangent that is right for forms of call which its adjoint refuses is named; that of ``np.pad`` was wrong."""
    right_for_more = {"trapezoid", "linalg.svd", "linalg.lstsq"}
    right_for_more |= {"quantile", "percentile", "nanquantile", "nanpercentile"}
    right_for_more |= {"scipy.linalg.svd", "scipy.linalg.lstsq", "scipy.linalg.block_diag"}
    for rule in every_rule():
        if rule.kind == "general" and rule.op not in right_for_more:
            forms = [
                inspect.getsource(half).count("raise ") for half in (rule.adjoint, rule.tangent) if half is not None
            ]
            assert len(set(forms)) == 1, rule.op


def test_the_same_rule_twice_gives_the_same() -> None:
    """A rule that wrote into what it is given would show."""
    for case in CASES:
        call = bound(case.expression, case.samples)
        out = call({})
        seed = np.ones(np.shape(out))
        first, second = ([cotangent(call, out, name, seed) for name in call.active] for _ in range(2))
        for one, other in zip(differences.leaves(first), differences.leaves(second)):
            np.testing.assert_allclose(one, other, 1e-13, 1e-13)  # SciPy's barycentric weights are permuted at random
        assert np.all(seed == 1)
