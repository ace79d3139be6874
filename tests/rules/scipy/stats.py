"""Calls of ``scipy.stats``: each method of the distributions at quantiles of them, and the functions of samples."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy import stats

from tests.rules.cases import Case, Kink

# distribution: its shape parameters
CONTINUOUS: dict[str, tuple[float, ...]] = {
    **dict.fromkeys(
        "norm cauchy laplace logistic hypsecant gumbel_r gumbel_l moyal uniform expon halfnorm halfcauchy halflogistic"
        " rayleigh maxwell levy wald gibrat semicircular arcsine anglit cosine".split(),
        (),
    ),
    "t": (4.5,),
    "gennorm": (1.3,),
    "skewnorm": (-1.5,),
    "exponnorm": (1.4,),
    "genlogistic": (0.6,),
    "loggamma": (0.8,),
    "dgamma": (1.6,),
    "dweibull": (1.7,),
    "johnsonsu": (0.4, 1.2),
    "laplace_asymmetric": (1.6,),
    "vonmises": (2.3,),
    "gamma": (2.4,),
    "erlang": (3.0,),
    "chi2": (3.5,),
    "chi": (2.5,),
    "invgamma": (2.7,),
    "gengamma": (1.4, 0.8),
    "nakagami": (1.3,),
    "lognorm": (0.7,),
    "weibull_min": (1.6,),
    "weibull_max": (0.8,),
    "invweibull": (2.2,),
    "exponweib": (1.8, 0.9),
    "fisk": (2.6,),
    "burr12": (2.1, 1.4),
    "betaprime": (1.7, 2.9),
    "f": (3.2, 5.1),
    "rice": (1.1,),
    "invgauss": (0.9,),
    "halfgennorm": (0.8,),
    "foldnorm": (1.3,),
    "gompertz": (0.7,),
    "lomax": (2.3,),
    "pareto": (2.2,),
    "genpareto": (0.3,),
    "genextreme": (-0.2,),
    "beta": (1.8, 2.7),
    "johnsonsb": (0.5, 1.1),
    "powerlaw": (1.7,),
    "triang": (0.4,),
    "loguniform": (0.5, 3.0),
    "reciprocal": (0.4, 2.5),
    "truncnorm": (-0.8, 1.9),
    "truncexpon": (2.4,),
    "bradford": (1.5,),
    "rdist": (2.8,),
    "vonmises_line": (1.4,),
    "wrapcauchy": (0.4,),
}
DISCRETE: dict[str, tuple[Any, ...]] = {
    "bernoulli": (0.3,),
    "binom": (7, 0.4),
    "poisson": (2.6,),
    "geom": (0.35,),
    "nbinom": (3.5, 0.45),
    "betabinom": (8, 1.6, 2.3),
    "betanbinom": (5, 3.6, 2.3),
    "dlaplace": (0.8,),
    "logser": (0.6,),
    "planck": (0.7,),
    "yulesimon": (2.5,),
}
ORDINARY = ("gamma", "norm")  # whose methods are tried in more forms
MOVING = {"johnsonsu", "lognorm", "weibull_min", "weibull_max", "invweibull", "fisk", "gompertz", "lomax", "pareto"}
MOVING |= {"genpareto", "genextreme", "powerlaw", "loguniform", "reciprocal"}


def _cases() -> Iterator[Case]:
    for name, given in CONTINUOUS.items():
        yield from _continuous(name, given)
    for name, given in DISCRETE.items():
        yield from _discrete(name, given)


def _continuous(name: str, given: tuple[float, ...]) -> Iterator[Case]:
    """Points from all over the distribution; shapes move where the method has their derivatives."""
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    distribution = getattr(stats, name)
    bounded = not np.isinf(distribution.support(*given)).all()
    level = rng.uniform(0.3, 0.7, size=(3, 4)) if bounded else rng.uniform(0.02, 0.98, size=(3, 4))
    shapes = {f"s{k}": value * rng.uniform(0.9, 1.1, size=(4,)) for k, value in enumerate(given)}
    if name == "erlang":
        shapes = {"s0": np.array([1, 2, 3, 4])}
    place = {"m": rng.normal(size=(4,)), "s": rng.uniform(0.5, 2, size=(3, 1))}
    values = (*shapes.values(), place["m"], place["s"])
    listed = "".join(f", {one}" for one in (*shapes, "m", "s"))
    fixed = "".join(f", {value}" for value in given)
    x = distribution.ppf(level, *values)
    still = distribution.ppf(level, *given, place["m"], place["s"])
    for method in ("logpdf", "pdf"):
        yield Case(f"scipy.stats.{name}.{method}", f"stats.{name}.{method}(x{listed})", {"x": x, **shapes, **place})
    moving = name in MOVING
    for method in ("cdf", "sf", "logcdf", "logsf", "ppf", "isf"):
        points = level if method in ("ppf", "isf") else x if moving else still
        samples = {"x": points, **(shapes if moving else {}), **place}
        expression = f"stats.{name}.{method}(x{listed if moving else f'{fixed}, m, s'})"
        alike = name not in ORDINARY and not (moving and method in ("cdf", "isf"))
        yield Case(f"scipy.stats.{name}.{method}", expression, samples, alike=alike)
    if name in ORDINARY:
        for method in ("logpdf", "pdf", "cdf", "sf", "logcdf", "logsf"):
            yield Case(f"scipy.stats.{name}.{method}", f"stats.{name}.{method}(x{fixed})", {"x": x + 4}, grows=True)
            samples = {"x": x + 4, "s": place["s"]}
            yield Case(f"scipy.stats.{name}.{method}", f"stats.{name}.{method}(x{fixed}, loc=0.3, scale=s)", samples)
    if bounded:  # as far beyond the bounds
        beyond = {"x": place["m"] + 30 * rng.choice([-1, 1], size=(3, 4)), **shapes, **place}
        for method in ("pdf", "cdf", "sf"):
            if method == "pdf" or name in MOVING:
                yield Case(f"scipy.stats.{name}.{method}", f"stats.{name}.{method}(x{listed})", beyond)


def _discrete(name: str, given: tuple[Any, ...]) -> Iterator[Case]:
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    distribution = getattr(stats, name)
    names = [one.strip() for one in distribution.shapes.split(",")]
    moving = {
        one: value * rng.uniform(0.9, 1.1, size=(4,))
        for one, value in zip(names, given, strict=True)
        if isinstance(value, float)
    }
    listed = "".join(f", {one if one in moving else value}" for one, value in zip(names, given, strict=True))
    k = np.asarray(distribution.ppf(rng.uniform(0.05, 0.95, size=(3, 4)), *given)).astype(int)
    for method in ("logpmf", "pmf"):
        yield Case(f"scipy.stats.{name}.{method}", f"stats.{name}.{method}(k{listed})", {"k": k, **moving})
    yield Case(f"scipy.stats.{name}.pmf", f"stats.{name}.pmf(k{listed}, loc=2)", {"k": k - 1, **moving})
    if name not in ("bernoulli", "binom", "poisson", "geom", "nbinom"):
        return
    listed = "".join(f", {one if one in ('p', 'mu') else value}" for one, value in zip(names, given, strict=True))
    moving = {one: value for one, value in moving.items() if one in ("p", "mu")}
    for method in ("cdf", "sf", "logcdf", "logsf"):
        inner = np.minimum(k, 0) if name == "bernoulli" else np.clip(k, 1, 6)
        yield Case(f"scipy.stats.{name}.{method}", f"stats.{name}.{method}(k{listed})", {"k": inner, **moving})
    for method in ("cdf", "sf"):
        wide = {"k": np.array([[-1.0], [0.5], [30.0]]).tolist(), **moving}
        yield Case(f"scipy.stats.{name}.{method}", f"stats.{name}.{method}(np.array({wide.pop('k')!r}){listed})", wide)


rng = np.random.default_rng(7)


def _covariance(size: int) -> Any:
    root = rng.normal(size=(size, size + 2))
    return root @ root.T / size + np.eye(size)


VECTORS: list[Case] = [
    *(
        Case(f"scipy.stats.multivariate_normal.{method}", f"stats.multivariate_normal.{method}({call})", samples)
        for method in ("logpdf", "pdf")
        for call, samples in (
            ("x, m, c", {"x": rng.normal(size=(3,)), "m": rng.normal(size=(3,)), "c": _covariance(3)}),
            ("x, m, c", {"x": rng.normal(size=(4, 5, 3)), "m": rng.normal(size=(3,)), "c": _covariance(3)}),
            ("x, cov=c", {"x": rng.normal(size=(4, 2)), "c": _covariance(2)}),
            ("x, m", {"x": rng.normal(size=(4, 2)), "m": rng.normal(size=(2,))}),
            ("x, m, c", {"x": rng.normal(size=(4, 2)), "m": rng.normal(size=(2,)), "c": rng.uniform(1, 2, size=(2,))}),
            ("x, m, c", {"x": rng.normal(size=(4, 2)), "m": rng.normal(size=(2,)), "c": 1.4}),
            ("x, m, c", {"x": rng.normal(size=(4,)), "m": 0.3, "c": 1.4}),
            ("x", {"x": rng.normal(size=(4,))}),
            ("x, None, c", {"x": 0.4, "c": np.array([[1.3]])}),
        )
    ),
    *(
        Case("scipy.stats.multivariate_normal.entropy", f"stats.multivariate_normal.entropy({call})", samples)
        for call, samples in (
            ("m, c", {"m": np.zeros(3, int), "c": _covariance(3)}),
            ("np.zeros(2, int), c", {"c": rng.uniform(1, 2, size=(2,))}),
            ("cov=c", {"c": 1.4}),
        )
    ),
    *(
        Case("scipy.stats.multivariate_t.logpdf", f"stats.multivariate_t.logpdf({call})", samples)
        for call, samples in (
            ("x, m, c, d", {"x": rng.normal(size=(3,)), "m": rng.normal(size=(3,)), "c": _covariance(3), "d": 4.5}),
            ("x, m, c, d", {"x": rng.normal(size=(4, 3)), "m": rng.normal(size=(3,)), "c": _covariance(3), "d": 2.5}),
            ("x, m, df=d", {"x": rng.normal(size=(4, 2)), "m": rng.normal(size=(2,)), "d": 2.5}),
            ("x, m, c", {"x": rng.normal(size=(4, 2)), "m": rng.normal(size=(2,)), "c": rng.uniform(1, 2, size=(2,))}),
            ("x, shape=c, df=3.0", {"x": rng.normal(size=(4, 2)), "c": _covariance(2)}),
        )
    ),
    *(
        Case(f"scipy.stats.dirichlet.{method}", f"stats.dirichlet.{method}(x, a)", {"x": x, "a": a})
        for method in ("logpdf", "pdf")
        for x, a in (
            (np.array([0.2, 0.5]), np.array([0.7, 2.4, 1.6])),
            (rng.uniform(0.1, 0.3, size=(3, 4)), np.array([0.7, 2.4, 1.6, 3.1])),
        )
    ),
    Case("scipy.stats.dirichlet.entropy", "stats.dirichlet.entropy(a)", {"a": np.array([0.7, 2.4, 1.6])}),
]

# a function of one sample: its calls, and the least of its elements
OF_SAMPLES: dict[str, tuple[tuple[str, ...], float]] = {
    "gmean": (("x", "x, axis=1", "x, axis=None", "x, 1, keepdims=True", "x, 0, None, w", "x, axis=(0, 1)"), 0.5),
    "hmean": (("x", "x, axis=1", "x, axis=None, keepdims=True", "x, weights=w"), 0.5),
    "pmean": (("x, 2", "x, -1.5, axis=1", "x, 0", "x, 3, axis=None", "x, 2, axis=1, keepdims=True, weights=w"), 0.5),
    "tmean": (("x", "x, axis=0", "x, axis=1, keepdims=True"), -1),
    "trim_mean": (("x, 0.2", "x, 0.25, axis=1", "x, 0.1, axis=None"), -1),
    "moment": (("x", "x, 2", "x, 3, axis=1", "x, order=4, axis=None", "x, 2, center=0.4, keepdims=True", "x, 0"), -1),
    "skew": (("x", "x, axis=1", "x, axis=None", "x, bias=False", "x, 1, False, keepdims=True"), -1),
    "kurtosis": (
        ("x", "x, 1", "x, axis=None", "x, fisher=False", "x, 0, True, False", "x, bias=False, keepdims=True"),
        -1,
    ),
    "tvar": (("x", "x, axis=1", "x, axis=None, ddof=0", "x, keepdims=True"), -1),
    "tstd": (("x", "x, axis=1", "x, axis=None, ddof=0", "x, keepdims=True"), -1),
    "sem": (("x", "x, axis=1", "x, axis=None, ddof=0", "x, keepdims=True"), -1),
    "tsem": (("x", "x, axis=1", "x, ddof=0", "x, keepdims=True"), -1),
    "variation": (("x", "x, axis=1", "x, axis=None, ddof=1", "x, keepdims=True"), 0.5),
    "gstd": (("x", "x, axis=1", "x, axis=None, ddof=0", "x, keepdims=True"), 0.5),
    "iqr": (("x", "x, axis=1", "x, 0, (10, 80)", "x, axis=1, keepdims=True", "x, axis=(0, 1)"), -1),
    "tmin": (("x", "x, 0.4, axis=1", "x, 0.2, None, False", "x, axis=1, keepdims=True"), -1),
    "tmax": (("x", "x, 1.7, axis=1", "x, 1.5, None, False", "x, axis=1, keepdims=True"), -1),
    "median_abs_deviation": (
        ("x", "x, 1", "x, None", "x, axis=1, scale='normal'", "x, axis=(0, 1)", "x, scale=2.5"),
        -1,
    ),
    "expectile": (("x[:, 0]", "x[0], 0.3", "x[0], alpha=0.9, weights=np.arange(1, 6)"), -1),
    "kstat": (
        ("x", "x, 1", "x, 2, axis=0", "x, n=3, axis=1", "x, 4, axis=0, keepdims=True", "x, 3", "x, 1, axis=1", "x, 4"),
        -1,
    ),
    "zscore": (("x", "x, axis=1", "x, axis=None, ddof=1"), -1),
    "gzscore": (("x", "x, axis=1", "x, axis=None, ddof=1"), 0.5),
    "circmean": (("x", "x, axis=0", "x, 2.5, -0.7, axis=1", "x, 2.5, axis=0, keepdims=True"), -1),
    "circvar": (("x", "x, axis=0", "x, 2.5, -0.7, axis=1", "x, 2.5, axis=0, keepdims=True"), -1),
    "circstd": (("x", "x, axis=0", "x, 2.5, -0.7, axis=1", "x, 2.5, axis=0, normalize=True, keepdims=True"), -1),
    "entropy": (("x", "x, axis=1", "x, base=2, keepdims=True", "x, axis=None"), 0.5),
}


def _of_samples() -> Iterator[Case]:
    for name, (calls, least) in OF_SAMPLES.items():
        for call in calls:
            samples = {"x": rng.uniform(least, 2.5, size=(6, 5))}
            if "w" in call:
                samples["w"] = rng.integers(1, 4, size=(6, 5))
            yield Case(f"scipy.stats.{name}", f"stats.{name}({call})", samples)


OTHERS: list[Case] = [
    *(
        Case("scipy.stats.entropy", f"stats.entropy({call})", {"p": p, "q": q})
        for call, p, q in (
            ("p, q", rng.uniform(0.5, 2, size=(5,)), rng.uniform(0.5, 2, size=(5,))),
            ("p, q, 2, 1", rng.uniform(0.5, 2, size=(3, 5)), rng.uniform(0.5, 2, size=(3, 5))),
            ("p, qk=q", rng.uniform(0.5, 2, size=(4, 3)), rng.uniform(0.5, 2, size=(4, 1))),
        )
    ),
    *(
        Case("scipy.stats.zmap", f"stats.zmap({call})", {"x": rng.normal(size=(4, 3)), "y": rng.normal(size=(5, 3))})
        for call in ("x, y", "x, y, 0, 1")
    ),
    Case("scipy.stats.zmap", "stats.zmap(x, y, axis=1)", {"x": rng.normal(size=(4, 3)), "y": rng.normal(size=(4, 6))}),
    Case("scipy.stats.zmap", "stats.zmap(x, y, None)", {"x": rng.normal(size=(4,)), "y": rng.normal(size=(3,))}),
    *(
        Case(f"scipy.stats.{name}", f"stats.{name}({call})", {"u": rng.normal(size=(5,)), "v": rng.normal(size=(7,))})
        for name in ("wasserstein_distance", "energy_distance")
        for call in ("u, v", "u, v, np.arange(1, 6), np.arange(2, 9)")
    ),
    Case("scipy.stats.boxcox", "stats.boxcox(x, y)", {"x": rng.uniform(0.5, 3, size=(6,)), "y": 0.7}),
    Case("scipy.stats.boxcox", "stats.boxcox(x, y)", {"x": rng.uniform(0.5, 3, size=(6,)), "y": -1.3}),
    Case("scipy.stats.boxcox", "stats.boxcox(x, lmbda=0)", {"x": rng.uniform(0.5, 3, size=(6,))}),
    Case("scipy.stats.boxcox", "stats.boxcox(x, 1e-7 * y)", {"x": rng.uniform(0.5, 3, size=(6,)), "y": 1.5}),
    *(
        Case("scipy.stats.yeojohnson", "stats.yeojohnson(x, y)", {"x": rng.normal(size=(6,)), "y": y})
        for y in (0.7, -1.3, 2.4)
    ),
    Case("scipy.stats.yeojohnson", "stats.yeojohnson(x, lmbda=0)", {"x": rng.normal(size=(6,))}),
    Case("scipy.stats.yeojohnson", "stats.yeojohnson(x, 2)", {"x": rng.normal(size=(6,))}),
    *(
        Case("scipy.stats.boxcox_llf", f"stats.boxcox_llf({call})", {"y": y, "x": rng.uniform(0.5, 3, size=shape)})
        for call, y, shape in (
            ("y, x", 0.6, (6,)),
            ("y, x", -1.4, (5, 2)),
            ("y, x, axis=1, keepdims=True", 2.2, (2, 5)),
        )
    ),
    Case("scipy.stats.boxcox_llf", "stats.boxcox_llf(0, x)", {"x": rng.uniform(0.5, 3, size=(6,))}),
    *(
        Case("scipy.stats.yeojohnson_llf", f"stats.yeojohnson_llf({call})", {"y": y, "x": rng.normal(size=shape)})
        for call, y, shape in (("y, x", 0.6, (6,)), ("y, x", -1.4, (5, 2)), ("y, x, axis=1", 2.5, (2, 5)))
    ),
    Case("scipy.stats.yeojohnson_llf", "stats.yeojohnson_llf(2, x)", {"x": rng.normal(size=(6,))}),
]

PAIR = {"x": rng.normal(size=(6, 4)), "y": rng.normal(size=(6, 4))}
LINE = {"x": rng.normal(size=(7,)), "y": rng.normal(size=(7,))}
SIDES = ("", ", alternative='less'", ", alternative='greater'")
SEVERAL: list[Case] = [
    *(
        Case("scipy.stats.mode", f"stats.mode(x{call})", {"x": PAIR["x"]})
        for call in ("", ", 1", ", None", ", axis=1, keepdims=True")
    ),
    *(
        Case("scipy.stats.ttest_1samp", f"stats.ttest_1samp(x, 0.3{call})", {"x": PAIR["x"]})
        for call in (*SIDES, ", axis=1", ", None", ", 1, keepdims=True")
    ),
    *(
        Case(f"scipy.stats.{name}", f"stats.{name}(x, y{call})", PAIR)
        for name in ("ttest_rel", "ttest_ind")
        for call in (*SIDES, ", axis=1", ", axis=None", ", axis=1, keepdims=True")
    ),
    Case(
        "scipy.stats.ttest_ind", "stats.ttest_ind(x, y)", {"x": rng.normal(size=(6, 4)), "y": rng.normal(size=(3, 4))}
    ),
    *(
        Case("scipy.stats.jarque_bera", f"stats.jarque_bera(x{call})", {"x": PAIR["x"]})
        for call in ("", ", axis=0", ", axis=1, keepdims=True")
    ),
    Case("scipy.stats.pearsonr", "stats.pearsonr(x, y)", LINE),
    *(Case("scipy.stats.pearsonr", f"stats.pearsonr(x, y, axis={axis})", PAIR) for axis in (0, 1, None)),
    *(Case("scipy.stats.linregress", f"stats.linregress(x, y{call})", LINE) for call in SIDES),
]
CASES: list[Case] = [*_cases(), *VECTORS, *_of_samples(), *OTHERS]
KINKS: list[Kink] = []
