"""Calls of ``scipy.special``."""

# ruff: noqa: E501 - a table is read along its lines

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy import special

from tests.rules.cases import Case, Kink, Sample, above_one, positive, real, unit


def fraction(rng: np.random.Generator, shape: tuple[int, ...]) -> Any:
    """Between 0 and 1."""
    return rng.uniform(0.05, 0.95, shape)


def negative(rng: np.random.Generator, shape: tuple[int, ...]) -> Any:
    return -rng.uniform(0.05, 4.0, shape)


def far(rng: np.random.Generator, shape: tuple[int, ...]) -> Any:
    """Up to 12 on either side."""
    return np.asarray(rng.choice([-1.0, 1.0], shape) * rng.uniform(0.3, 12.0, shape))


def large(rng: np.random.Generator, shape: tuple[int, ...]) -> Any:
    return rng.uniform(3.0, 15.0, shape)


ELEMENTWISE: list[tuple[str, str, tuple[Sample, ...]]] = [
    # op without its module, expressions of x, y, z, w with "special." left out and ";" between them, samples of these
    ("gamma", "gamma(x)", (real,)),
    ("gammaln", "gammaln(x)", (real,)),
    ("loggamma", "loggamma(x)", (positive,)),
    ("rgamma", "rgamma(x)", (real,)),
    ("rgamma", "rgamma(x)", (large,)),
    ("psi", "psi(x); digamma(x)", (real,)),
    ("polygamma", "polygamma(0, x); polygamma(1, x); polygamma(2, x)", (positive,)),
    ("poch", "poch(x, y); poch(x, 2)", (positive, positive)),
    ("multigammaln", "multigammaln(x, 3); multigammaln(x, 1)", (above_one,)),
    ("binom", "binom(x, y); binom(x, 2)", (above_one, real)),
    ("comb", "comb(x, y); comb(x, 2)", (large, above_one)),
    ("comb", "comb(x, y)", (positive, large)),
    ("perm", "perm(x, y); perm(x, 2)", (large, above_one)),
    ("factorial", "factorial(x)", (positive,)),
    ("factorial", "factorial(x)", (negative,)),
    ("beta", "beta(x, y)", (positive, positive)),
    ("betaln", "betaln(x, y)", (positive, positive)),
    ("gammainc", "gammainc(2.5, x); gammainc(0.5, x); gammainc(1.0, x)", (positive,)),
    ("gammainc", "gammainc(x, y); gammainc(y, 8 * x)", (positive, positive)),
    ("gammainc", "gammainc(x, y)", (large, large)),
    ("gammaincc", "gammaincc(2.5, x); gammaincc(0.5, x)", (positive,)),
    ("gammaincc", "gammaincc(x, y)", (positive, positive)),
    ("gammaincinv", "gammaincinv(y, x); gammaincinv(2.5, x)", (fraction, positive)),
    ("gammainccinv", "gammainccinv(y, x); gammainccinv(2.5, x)", (fraction, positive)),
    ("betainc", "betainc(y, z, x); betainc(1.5, 2.5, x); betainc(0.5, 0.3, x)", (fraction, positive, positive)),
    ("betainc", "betainc(y, z, x)", (fraction, large, positive)),
    ("betaincinv", "betaincinv(y, z, x)", (fraction, positive, positive)),
    ("betaincc", "betaincc(y, z, x)", (fraction, positive, positive)),
    ("btdtria", "btdtria(x, y, z)", (fraction, positive, fraction)),
    ("btdtrib", "btdtrib(y, x, z)", (fraction, positive, fraction)),
    ("betainccinv", "betainccinv(y, z, x)", (fraction, positive, positive)),
    ("erf", "erf(x)", (real,)),
    ("erfc", "erfc(x)", (real,)),
    ("erfi", "erfi(x)", (real,)),
    ("erfcx", "erfcx(x)", (real,)),
    ("erfcx", "erfcx(x)", (large,)),
    ("erfinv", "erfinv(x)", (unit,)),
    ("erfcinv", "erfcinv(2 * x)", (fraction,)),
    ("wofz", "wofz(x)", (real,)),
    ("dawsn", "dawsn(x)", (far,)),
    ("voigt_profile", "voigt_profile(x, y, z)", (real, positive, positive)),
    ("log1p", "log1p(x)", (unit,)),
    ("expm1", "expm1(x)", (real,)),
    ("exp2", "exp2(x)", (real,)),
    ("exp10", "exp10(x)", (real,)),
    ("cbrt", "cbrt(x)", (real,)),
    ("exprel", "exprel(x); exprel(0.01 * x)", (far,)),
    ("powm1", "powm1(x, y); powm1(x, 3)", (positive, real)),
    ("xlogy", "xlogy(x, y)", (real, positive)),
    ("xlog1py", "xlog1py(x, y)", (real, unit)),
    ("expit", "expit(x)", (far,)),
    ("log_expit", "log_expit(x)", (far,)),
    ("logit", "logit(x)", (fraction,)),
    ("softplus", "softplus(x)", (far,)),
    ("entr", "entr(x)", (positive,)),
    ("rel_entr", "rel_entr(x, y)", (positive, positive)),
    ("kl_div", "kl_div(x, y)", (positive, positive)),
    ("huber", "huber(x, y); huber(1.3, y)", (positive, real)),
    ("pseudo_huber", "pseudo_huber(x, y); pseudo_huber(1.3, y)", (positive, real)),
    ("boxcox", "boxcox(x, y); boxcox(x, 0.01 * y)", (positive, real)),
    ("boxcox1p", "boxcox1p(x, y)", (unit, real)),
    ("inv_boxcox", "inv_boxcox(x, y)", (fraction, fraction)),
    ("inv_boxcox1p", "inv_boxcox1p(x, y)", (fraction, fraction)),
    ("cosm1", "cosm1(x)", (real,)),
    ("sindg", "sindg(20 * x)", (real,)),
    ("cosdg", "cosdg(20 * x)", (real,)),
    ("tandg", "tandg(20 * x)", (real,)),
    ("cotdg", "cotdg(20 * x)", (real,)),
    ("radian", "radian(x, y, z)", (positive, positive, positive)),
    ("diric", "diric(x, 1); diric(x, 4); diric(x, 5)", (far,)),
    ("ndtr", "ndtr(x)", (real,)),
    ("log_ndtr", "log_ndtr(x)", (far,)),
    ("ndtri", "ndtri(x)", (fraction,)),
    ("ndtri_exp", "ndtri_exp(x); ndtri_exp(20 * x)", (negative,)),
    ("owens_t", "owens_t(x, y)", (real, real)),
    ("stdtr", "stdtr(y, x); stdtr(2.5, x); stdtr(40, x)", (real, positive)),
    ("stdtridf", "stdtridf(0.4 + 0.05 * x, -y)", (unit, above_one)),
    ("stdtrit", "stdtrit(y, x); stdtrit(2.5, x)", (fraction, positive)),
    ("chdtr", "chdtr(y, x); chdtr(3, x); chdtr(1.5, x)", (positive, positive)),
    ("chdtrc", "chdtrc(y, x); chdtrc(3, x)", (positive, positive)),
    ("chdtri", "chdtri(y, x); chdtri(3, x)", (fraction, positive)),
    ("chdtriv", "chdtriv(x, y)", (fraction, positive)),
    ("chndtr", "chndtr(x, 3.0, y); chndtr(x, 1.5, 0.4)", (positive, positive)),
    ("chndtrix", "chndtrix(x, 3.0, y)", (fraction, positive)),
    ("chndtrinc", "chndtrinc(x + 8.0, 3.0, 0.7 * y)", (positive, fraction)),
    ("fdtr", "fdtr(y, z, x); fdtr(3, 5.5, x)", (positive, positive, large)),
    ("fdtrc", "fdtrc(y, z, x)", (positive, positive, large)),
    ("fdtri", "fdtri(y, z, x)", (fraction, large, large)),
    ("gdtr", "gdtr(x, z, y); gdtr(x, 2.5, y)", (positive, positive, positive)),
    ("gdtrc", "gdtrc(x, z, y); gdtrc(x, 2.5, y)", (positive, positive, positive)),
    ("gdtria", "gdtria(x, z, y); gdtria(x, 2.5, y)", (fraction, positive, positive)),
    ("gdtrib", "gdtrib(x, y, z)", (positive, fraction, positive)),
    ("gdtrix", "gdtrix(x, z, y); gdtrix(x, 2.5, y)", (positive, fraction, positive)),
    ("pdtrik", "pdtrik(x, y)", (fraction, above_one)),
    ("tklmbda", "tklmbda(x, 0.14); tklmbda(x, -0.5); tklmbda(x, 1.0); tklmbda(x, 2.5)", (real,)),
    ("bdtr", "bdtr(2, 6, np.asarray(x, float)); bdtr(0, 6, np.asarray(x, float)); bdtr(6, 6, np.asarray(x, float)); bdtr(2.6, 6, np.asarray(x, float))", (fraction,)),
    ("bdtrc", "bdtrc(2, 6, np.asarray(x, float)); bdtrc(-1, 6, np.asarray(x, float))", (fraction,)),
    ("bdtri", "bdtri(2, 6, np.asarray(x, float))", (fraction,)),
    ("nbdtr", "nbdtr(3, 4, x)", (fraction,)),
    ("nbdtrc", "nbdtrc(3, 4, x)", (fraction,)),
    ("nbdtri", "nbdtri(3, 4, x)", (fraction,)),
    ("pdtr", "pdtr(3, x); pdtr(3.7, x); pdtr(0, x)", (positive,)),
    ("pdtrc", "pdtrc(3, x)", (positive,)),
    ("pdtri", "pdtri(3, x)", (fraction,)),
    ("nrdtrisd", "nrdtrisd(z, x, y)", (fraction, above_one, unit)),
    ("nrdtrimn", "nrdtrimn(x, y, z)", (fraction, positive, real)),
    *[(op, f"{op}(x)", (far,)) for op in "j0 j1 i0e i1e".split()],
    *[(op, f"{op}(x)", (real,)) for op in "i0 i1 itstruve0 itmodstruve0".split()],
    *[(op, f"{op}(x)", (positive,)) for op in "y0 y1 k0 k1 k0e k1e it2struve0".split()],
    *[(op, f"{op}(0, x); {op}(1, x); {op}(3, x); {op}(1.3, x)", (positive,)) for op in "jv yv iv kv jve yve ive kve struve modstruve".split()],
    *[(op, f"{op}(0, x); {op}(1, x); {op}(3, x)", (positive,)) for op in "yn kn".split()],
    *[(op, f"{op}(2, x)", (far,)) for op in "jv iv jve ive struve modstruve".split()],
    ("jv", "jn(2, x)", (real,)),
    *[(op, f"{op}(1, x); {op}(0.3, x)", (positive,)) for op in "hankel1 hankel2 hankel1e hankel2e".split()],
    *[(op, f"{op}(0, x); {op}(1.5, x, 2); {op}(2, x, n=0)", (positive,)) for op in "jvp yvp ivp kvp h1vp h2vp".split()],
    *[(op, f"{op}(0, x); {op}(1, x); {op}(2, x, True); {op}(0, x, derivative=True)", (positive,)) for op in "spherical_jn spherical_yn spherical_in spherical_kn".split()],
    ("besselpoly", "besselpoly(x, 1.0, 0); besselpoly(x, 2.0, 1)", (positive,)),
    *[(op, f"{op}(x)", (real,)) for op in "ber bei berp beip".split()],
    *[(op, f"{op}(x)", (positive,)) for op in "ker kei kerp keip".split()],
    ("ellipk", "ellipk(x)", (unit,)),
    ("ellipk", "ellipk(-x)", (large,)),
    ("ellipkm1", "ellipkm1(x); ellipkm1(0.01 * x)", (positive,)),
    ("ellipe", "ellipe(x)", (unit,)),
    ("ellipe", "ellipe(-x)", (large,)),
    ("ellipkinc", "ellipkinc(x, y); ellipkinc(4 * x, y)", (real, unit)),
    ("ellipeinc", "ellipeinc(x, y); ellipeinc(4 * x, y)", (real, unit)),
    ("elliprf", "elliprf(x, y, z)", (positive, positive, positive)),
    ("elliprc", "elliprc(x, y)", (positive, positive)),
    ("elliprg", "elliprg(x, y, z)", (positive, positive, positive)),
    ("elliprd", "elliprd(x, y, z)", (positive, positive, positive)),
    ("elliprj", "elliprj(x, y, z, w)", (positive, positive, positive, positive)),
    ("agm", "agm(x, y); agm(-x, -y)", (positive, positive)),
    ("hyp0f1", "hyp0f1(1.5, x)", (real,)),
    ("hyp1f1", "hyp1f1(0.7, 1.5, x); hyp1f1(-0.7, 2.5, x)", (real,)),
    ("hyperu", "hyperu(0.7, 1.5, x)", (positive,)),
    ("hyp2f1", "hyp2f1(0.7, 1.5, 2.3, x); hyp2f1(0.7, -1.5, 2.3, -2 * x)", (fraction,)),
    ("wright_bessel", "wright_bessel(0.7, 1.5, x)", (positive,)),
    ("log_wright_bessel", "log_wright_bessel(0.7, 1.5, x)", (positive,)),
    *[
        (op, "; ".join(f"{op}({n}, {rest}x)" for n in (0, 1, 2, 5, *extra)), (unit,))
        for op, rest, extra in (
            *[(f"eval_{name}", "", (2.5,)) for name in "legendre chebyt chebyu chebyc chebys laguerre".split()],
            *[(f"eval_{name}", "", ()) for name in "hermite hermitenorm".split()],
            ("eval_gegenbauer", "0.7, ", (2.5,)), ("eval_genlaguerre", "0.7, ", (2.5,)), ("eval_jacobi", "0.7, 1.2, ", (2.5,)),
        )
    ],
    *[
        (op, "; ".join(f"{op}({n}, {rest}x)" for n in (0, 1, 2, 5)), (fraction,))
        for op, rest in (("eval_sh_legendre", ""), ("eval_sh_chebyt", ""), ("eval_sh_chebyu", ""), ("eval_sh_jacobi", "3.2, 1.7, "))
    ],
    ("assoc_laguerre", "assoc_laguerre(x, 3); assoc_laguerre(x, 3, 1.5); assoc_laguerre(x, 0, k=2)", (positive,)),
    ("lpmv", "lpmv(0, 2, x); lpmv(1, 3, x); lpmv(2, 2.5, x); lpmv(0, 0, x)", (unit,)),
    ("sph_harm_y", "sph_harm_y(3, 1, x, y); sph_harm_y(2, -2, x, y); sph_harm_y(0, 0, x, y)", (positive, real)),
    ("sph_harm", "sph_harm(1, 3, x, y); sph_harm(-2, 2, x, y)", (real, positive)),
    ("exp1", "exp1(x)", (positive,)),
    ("expi", "expi(x)", (real,)),
    ("expn", "expn(0, x); expn(1, x); expn(2, x); expn(5, x)", (positive,)),
    ("spence", "spence(x); spence(1 + 0.01 * x)", (positive,)),
    ("zeta", "zeta(1.5, x); zeta(3, x)", (positive,)),
    ("lambertw", "lambertw(x); lambertw(x, -1); lambertw(x, k=1)", (real,)),
    ("wrightomega", "wrightomega(x)", (real,)),
]  # fmt: skip

OF_ARRAYS = ("", ", axis=0", ", axis=-1", ", axis=(0, 1)")
REDUCTIONS: dict[str, tuple[str, ...]] = {
    "logsumexp": (
        *(f"logsumexp(x{rest})" for rest in (*OF_ARRAYS, ", 1, None, True", ", axis=1, keepdims=True")),
        *(f"logsumexp(x{rest})" for rest in (", b=y", ", axis=0, b=y", ", 1, y", ", axis=1, b=y, keepdims=True")),
        *(f"logsumexp(x{rest})" for rest in (", axis=0, b=2.5", ", axis=1, b=z", ", axis=1, return_sign=False")),
    ),
    "softmax": tuple(f"softmax(x{rest})" for rest in OF_ARRAYS),
    "log_softmax": tuple(f"log_softmax(x{rest})" for rest in OF_ARRAYS),
}
TUPLES: list[tuple[str, str, tuple[Sample, ...]]] = [
    ("fresnel", "fresnel(x)", (real,)),
    ("airy", "airy(x)", (real,)),
    ("airye", "airye(x)", (positive,)),
    ("itairy", "itairy(0.2 * x)", (unit,)),
    ("kelvin", "kelvin(x)", (positive,)),
    ("itj0y0", "itj0y0(x)", (positive,)),
    ("iti0k0", "iti0k0(x)", (positive,)),
    ("it2j0y0", "it2j0y0(x)", (positive,)),
    ("it2i0k0", "it2i0k0(x)", (positive,)),
    ("pbdv", "pbdv(1, x); pbdv(0.7, x); pbdv(np.array([[[0.3]], [[2.0]]]), x)", (real,)),
    ("pbvv", "pbvv(1, x); pbvv(0.7, x)", (real,)),
    ("pbwa", "pbwa(0.7, x)", (real,)),
    ("ellipj", "ellipj(x, y)", (real, fraction)),
    ("sici", "sici(x)", (positive,)),
    ("shichi", "shichi(x)", (positive,)),
    ("modfresnelp", "modfresnelp(x)", (positive,)),
    ("modfresnelm", "modfresnelm(x)", (positive,)),
]


def _there(expression: str) -> bool:
    """Some are of newer or older versions of SciPy."""
    return hasattr(special, expression.partition("(")[0])


def _calls(table: list[tuple[str, str, tuple[Sample, ...]]], grows: bool) -> Iterator[Case]:
    for op, expressions, samples in table:
        rng = np.random.default_rng(zlib.crc32(op.encode()))
        for expression in filter(_there, expressions.split("; ")):
            given = {name: sample(rng, (3, 4)) for name, sample in zip("xyzw", samples)}
            used = set(compile(expression, "case", "eval").co_names)
            chosen = {name: value for name, value in given.items() if name in used}
            yield Case(f"scipy.special.{op}", f"special.{expression}", chosen, grows=grows)
            if len(chosen) > 1:  # operands that are broadcast
                shapes = {"x": (3, 1), "y": (4,), "z": (), "w": (1, 4)}
                wide = {name: sample(rng, shapes[name]) for name, sample in zip("xyzw", samples) if name in used}
                yield Case(f"scipy.special.{op}", f"special.{expression}", wide)


def _reductions() -> Iterator[Case]:
    rng = np.random.default_rng(0)
    for op, expressions in REDUCTIONS.items():
        for expression in expressions:
            samples = {"x": real(rng, (3, 4)), "y": positive(rng, (3, 4)), "z": positive(rng, (4,))}
            used = set(compile(expression, "case", "eval").co_names)
            chosen = {name: value for name, value in samples.items() if name in used}
            yield Case(f"scipy.special.{op}", f"special.{expression}", chosen)
        yield Case(f"scipy.special.{op}", f"special.{op}(x)", {"x": 0.7})


def _signed() -> Iterator[Case]:
    rng = np.random.default_rng(0)
    for rest in ("", ", axis=0", ", b=y", ", axis=1, b=y", ", axis=1, keepdims=True", ", 0, z, True"):
        samples = {"x": real(rng, (3, 4)), "y": real(rng, (3, 4)), "z": real(rng, (4,))}
        chosen = {name: value for name, value in samples.items() if name == "x" or name in rest}
        expression = f"special.logsumexp(x{rest}, return_sign=True)"
        yield Case("scipy.special.logsumexp_signed", expression, chosen)


MOMENTS: list[Case] = [
    Case(
        "gamma_moment",
        f"support.gamma_moment({k}, x, y)",
        {"x": np.array([0.3, 1.5, 2.0]), "y": np.array([0.1, 1.0, 6.0])},
    )
    for k in (1, 2, 3)
] + [
    Case(
        "beta_moment",
        f"support.beta_moment({k}, {m}, x, y, z)",
        {"x": np.array([0.3, 1.5, 2.0]), "y": np.array([0.4, 1.0, 6.0]), "z": np.array([0.2, 0.9, 0.1])},
    )
    for k, m in ((1, 0), (0, 1), (1, 1), (2, 1))
]
CASES: list[Case] = [*_calls(ELEMENTWISE, True), *_reductions(), *MOMENTS]
SEVERAL: list[Case] = [*_calls(TUPLES, False), *_signed()]

KINKS: list[Kink] = [
    Kink("special.rgamma(x)", {"x": np.array([0.0, -1.0, -2.0, 1.0])}, "x", [1.0, -1.0, 2.0, 0.5772156649015329]),
    Kink("special.i0e(x)", {"x": np.array([0.0])}, "x", [0.0]),
    Kink("special.huber(1.0, x)", {"x": np.array([0.0, 1.0, -3.0])}, "x", [0.0, 1.0, -1.0]),
    Kink("special.xlogy(x, y)", {"x": np.array([0.0, 1.0]), "y": np.array([2.0, 2.0])}, "y", [0.0, 0.5]),
    Kink("special.gammainc(1.0, x)", {"x": np.array([0.0])}, "x", [1.0]),
    Kink("special.exprel(x)", {"x": np.array([0.0])}, "x", [0.5]),
    Kink("special.spence(x)", {"x": np.array([1.0])}, "x", [-1.0]),
    Kink("special.agm(x, 1.0)", {"x": np.array([1.0])}, "x", [0.5]),
    Kink("special.ellipk(x)", {"x": np.array([0.0])}, "x", [np.pi / 8]),
    Kink("special.ellipkinc(0.7, x)", {"x": np.array([0.0])}, "x", [(0.7 - np.sin(1.4) / 2) / 4]),
    Kink("special.diric(x, 4)", {"x": np.array([0.0])}, "x", [0.0]),
    Kink("special.log_ndtr(x)", {"x": np.array([-1e8, 100.0])}, "x", [1e8, 0.0]),
    Kink("special.erfcx(x)", {"x": np.array([1e8])}, "x", [-5.641895835477563e-17]),
    Kink("special.lambertw(x)", {"x": np.array([0.0])}, "x", [1.0]),
    Kink("special.tklmbda(x, 2.0)", {"x": np.array([-1.0, 0.0])}, "x", [0.0, 1.0]),
]
