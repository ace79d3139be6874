"""What is particular to ``scipy.stats``: bounds of supports, frozen distributions, results that are objects."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprose as bp
from backprose.rules.registry import is_owner, op_of, rule_for, why_uncovered
from tests import differences

stats = pytest.importorskip("scipy.stats")
of_stats = pytest.importorskip("tests.rules.scipy.stats")

prior = stats.norm(0.5, 2.0)
vectors = stats.multivariate_normal([0.0, 1.0])
density = stats.gaussian_kde([1.0, 2.0, 4.0])


def test_every_public_name_has_an_entry_or_a_reason() -> None:
    public = [getattr(stats, name) for name in stats.__all__]
    nothing = [one for one in public if callable(one) and op_of(one) is None and why_uncovered(one) is None]
    assert not nothing


# ---------------------------------------------------------------- beyond the support, and at its bounds
def slopes(name: str, method: str, x: Any, shapes: tuple[float, ...]) -> tuple[Any, Any]:
    function = getattr(getattr(stats, name), method)
    rule = rule_for(function)
    assert rule is not None
    assert rule.adjoint is not None
    out = function(x, *shapes, 0.0, 1.0)
    asked = {"out": out} if "out" in rule.adjoint.__code__.co_varnames[: rule.adjoint.__code__.co_argcount + 1] else {}
    return out, rule.adjoint(x, *shapes, 0.0, 1.0, **asked)


@pytest.mark.parametrize("name", sorted(of_stats.CONTINUOUS))
@pytest.mark.parametrize("method", ["logpdf", "pdf", "cdf", "sf", "logcdf", "logsf"])
def test_beyond_the_support_nothing_moves(name: str, method: str) -> None:
    """Without a warning, which would be an error here."""
    shapes = of_stats.CONTINUOUS[name]
    ends = getattr(stats, name).support(*shapes)
    beyond = np.array([end + way for end, way in zip(ends, (-1.5, 1.5), strict=True) if np.isfinite(end)])
    if beyond.size:
        assert all(np.all(slope == 0) for slope in slopes(name, method, beyond, shapes)[1])


@pytest.mark.parametrize("name", sorted(of_stats.CONTINUOUS))
@pytest.mark.parametrize("method", ["cdf", "sf"])
def test_at_infinity_nothing_moves(name: str, method: str) -> None:
    """An interval of which one end is open: ``norm.cdf(upper) - norm.cdf(-np.inf)``."""
    if name != "vonmises":
        ends = np.array([-np.inf, np.inf])
        assert all(np.all(slope == 0) for slope in slopes(name, method, ends, of_stats.CONTINUOUS[name])[1])


@pytest.mark.parametrize("name", sorted(of_stats.CONTINUOUS))
@pytest.mark.parametrize("method", ["logpdf", "pdf", "cdf", "sf"])
def test_at_its_bounds_a_finite_density_has_no_nan(name: str, method: str) -> None:
    shapes = of_stats.CONTINUOUS[name]
    ends = np.array([end for end in getattr(stats, name).support(*shapes) if np.isfinite(end)])
    with np.errstate(all="ignore"):
        out, found = slopes(name, method, ends, shapes)
        known = np.logical_not(np.isnan(getattr(stats, name).pdf(ends, *shapes)))  # SciPy's own may be nan there
    for slope in found:
        assert not np.any(np.isnan(slope) & np.isfinite(out) & known)


@pytest.mark.parametrize(
    ("name", "x", "shapes", "expected"),
    [
        ("gamma", 0.0, (1.0,), (-1.0, -math.inf, 1.0, -1.0)),  # as expon
        ("expon", 0.0, (), (-1.0, 1.0, -1.0)),
        ("chi2", 0.0, (2.0,), (-0.5, -math.inf, 0.5, -1.0)),
        ("beta", 0.0, (1.0, 3.0), (-2.0, -math.inf, 1 / 3, 2.0, -1.0)),
        ("weibull_min", 0.0, (1.0,), (-1.0, -math.inf, 1.0, -1.0)),
        ("powerlaw", 0.0, (1.0,), (0.0, -math.inf, 0.0, -1.0)),
        ("laplace", 0.0, (), (0.0, 0.0, -1.0)),
        ("gennorm", 0.0, (2.0,), (0.0, 0.5 * (1 + 0.5 * -1.9635100260214235), 0.0, -1.0)),
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_slopes_at_special_points(name: str, x: float, shapes: tuple[float, ...], expected: tuple[float, ...]) -> None:
    np.testing.assert_allclose(slopes(name, "logpdf", x, shapes)[1], expected, rtol=1e-12)


@pytest.mark.parametrize("name", ["bernoulli", "binom", "poisson", "geom", "nbinom"])
def test_masses_that_are_certain_or_not_there(name: str) -> None:
    given: dict[str, tuple[Any, ...]] = {
        "binom": (5, 0.0),
        "bernoulli": (0.0,),
        "poisson": (0.0,),
        "nbinom": (3.0, 1.0),
    }
    shapes = given.get(name, (1.0,))
    k = np.array([1 if name == "geom" else 0, -2, 0 if name == "geom" else 1])
    rule = rule_for(getattr(stats, name).logpmf)
    assert rule is not None
    assert rule.adjoint is not None
    out = getattr(stats, name).logpmf(k, *shapes)
    assert list(out) == [0.0, -math.inf, -math.inf]
    found = np.array(rule.adjoint(k, *shapes, out=out))
    slope = {"binom": -5.0, "bernoulli": -1.0, "poisson": -1.0, "geom": 1.0, "nbinom": 3.0}[name]
    np.testing.assert_array_equal(found.reshape(-1, 3)[-1], [slope, 0.0, 0.0])


# ---------------------------------------------------------------- what the samples cannot move by themselves
def on_the_simplex(t: Any) -> Any:
    p = np.exp(t) / np.sum(np.exp(t))
    return stats.dirichlet.logpdf(p, np.array([1.5, 2.0, 1.0]))


def multinomial(t: Any) -> Any:
    p = np.exp(t) / np.sum(np.exp(t))
    first = stats.multinomial.logpmf(np.array([[1, 2, 0], [0, 0, 3], [1, 1, 2]]), 3, p)  # the last one is not there
    return np.sum(np.where(first > -np.inf, first, 0)) + stats.multinomial.pmf(np.array([1, 0, 1]), 2, p)


def correlation(x: Any) -> Any:
    r, _ = stats.pearsonr(x, np.sin(3 * x))
    return r**2 + stats.pearsonr(np.cos(x), np.exp(x))[0]


@pytest.mark.parametrize("function", [on_the_simplex, multinomial, correlation])
def test_by_differences(function: Callable[..., Any]) -> None:
    x, way = np.array([0.3, -0.4, 1.1]), np.array([0.7, 0.2, -0.5])
    slope = differences.slope(function, [x], [way])
    assert slope.agrees(bp.grad(function)(x) @ way)
    assert slope.agrees(bp.jvp(function, (x,), (way,))[1])
    assert differences.slope(bp.grad(function), [x], [way]).agrees(bp.hvp(function)(x, way))


def unequal(x: Any) -> Any:
    return stats.ttest_ind(x, np.arange(3.0), equal_var=False)[0]


def found_lambda(x: Any) -> Any:
    return np.sum(stats.boxcox(x)[0])


def shape_of_gamma(a: Any) -> Any:
    return np.sum(stats.gamma.cdf(0.5, a))


def without_a_rule(x: Any) -> Any:
    return stats.ncx2.logpdf(x, 2.0, 1.0)


def with_moments(x: Any) -> Any:
    return np.sum(stats.norm.mean(x))


def frozen_outside(x: Any) -> Any:
    return prior.logpdf(x)


def frozen_outside_sum(x: Any) -> Any:
    return np.sum(prior.logpdf(x))


def frozen_vectors(x: Any) -> Any:
    return vectors.logpdf(x)


def frozen_at_once(x: Any) -> Any:
    return np.sum(stats.ncx2(2.0, 2.0).logpdf(x))


def frozen_before(x: Any) -> Any:
    normal = stats.norm(x, 2.0)
    return normal.logpdf(0.5)


def smoothed(x: Any) -> Any:
    return np.sum(density.logpdf(x))


def singular(x: Any) -> Any:
    return np.sum(stats.multivariate_normal.logpdf(x, None, np.eye(2), True))


def within_limits(x: Any) -> Any:
    return np.sum(stats.tmean(x, (0, 1)))


def normality(x: Any) -> Any:
    return stats.shapiro(x)[0]


def omitted(x: Any) -> Any:
    return stats.skew(x, nan_policy="omit")


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (unequal, "of unequal variances"),
        (found_lambda, "pass lmbda"),
        (shape_of_gamma, "with respect to its argument 'a'"),
        (without_a_rule, "no rule is written for this method of this distribution"),
        (with_moments, "no rule is written for this method of this distribution"),
        (frozen_outside, "a frozen distribution is not followed"),
        (frozen_outside_sum, "a frozen distribution is not followed"),
        (frozen_vectors, "a frozen distribution is not followed"),
        (frozen_at_once, "what its method does is not known|has no derivative rule"),
        (frozen_before, "a frozen distribution is not followed|has no derivative rule"),
        (smoothed, "a density made of a sample is an object"),
        (singular, "its rank may change"),
        (within_limits, "limits are not covered"),
        (normality, "a test"),
        (omitted, "does not know the keyword 'nan_policy'"),
    ],
)
@pytest.mark.parametrize("x", [0.7, np.array([0.3, 0.9])])
def test_refusals(function: Callable[..., Any], reason: str, x: Any) -> None:
    for derive in (lambda: bp.grad(function)(x), lambda: bp.jvp(function, (x,), (x,))):
        with pytest.raises(bp.BackproseError, match=reason) as caught:
            derive()
        assert "test_stats.py" in str(caught.value)


def ranked(x: Any) -> Any:
    return np.sum(stats.rankdata(x) * x**2)


def beside_a_frozen_one(x: Any) -> Any:
    normal = stats.norm(0.0, 2.0)
    return x * prior.logpdf(0.5) + x**2 * normal.cdf(0.3)


class Counting(stats.rv_continuous):  # type: ignore[misc, name-defined]
    calls = 0

    def _pdf(self, x: Any) -> Any:
        Counting.calls += 1
        return np.exp(-x * x)


counting = Counting()


def of_a_class_of_ones_own(x: Any) -> Any:
    return counting.pdf(x)


def test_a_distribution_of_ones_own_is_not_taken_for_one_of_scipys() -> None:
    assert not is_owner(counting)
    assert not is_owner(counting())
    with pytest.raises(bp.BackproseError):
        bp.grad(of_a_class_of_ones_own)(0.3)


def called_as_it_is_made(x: Any) -> Any:
    first = np.sum(stats.norm(0.5 * x, scale=2.0).logpdf(np.sin(x))) + np.sum(stats.gamma(np.exp(x)).pdf(1.5))
    return first + stats.multivariate_normal(np.cos(x), 1.5).logpdf([0.3, 0.1, 0.2]) + stats.norm().ppf(0.3) * x[0]


def test_a_distribution_that_is_frozen_only_for_a_call() -> None:
    x, way = np.array([0.3, -0.4, 1.1]), np.array([0.7, 0.2, -0.5])
    slope = differences.slope(called_as_it_is_made, [x], [way])
    gradient = bp.grad(called_as_it_is_made)
    assert slope.agrees(gradient(x) @ way)
    assert "stats.norm.logpdf(" in gradient.source
    assert slope.agrees(bp.jvp(called_as_it_is_made, (x,), (way,))[1])


def with_a_seed(x: Any) -> Any:
    return np.sum(x) * stats.multivariate_normal([0.0, 1.0], 1.5, False, 3).logpdf([0.3, 0.1])


def test_what_a_frozen_distribution_takes_beside_is_left_to_it() -> None:
    value = stats.multivariate_normal([0.0, 1.0], 1.5).logpdf([0.3, 0.1])
    assert bp.grad(with_a_seed)(1.5) == pytest.approx(value)


def beside_a_found_lambda(x: Any, data: Any) -> Any:
    return np.sum(x * stats.yeojohnson(data)[0])


def test_what_is_constant() -> None:
    data = np.array([0.3, -1.5, 2.2])
    assert bp.grad(beside_a_found_lambda)(0.7, data) == pytest.approx(np.sum(stats.yeojohnson(data)[0]))
    np.testing.assert_array_equal(bp.grad(ranked)(np.array([3.0, 1.0, 2.0])), [18.0, 2.0, 8.0])
    assert bp.grad(beside_a_frozen_one)(1.5) == pytest.approx(prior.logpdf(0.5) + 3 * stats.norm.cdf(0.15))
