"""Rules of the methods of distributions, written from formulas of one distribution into texts that hold of all.

The density of x is f(z) / scale, in z = (x - loc) / scale. A distribution gives, as the text of an expression,

``slope``   the derivative of log f with respect to z;
``turn``    z times that, where this has a better form;
``shapes``  the derivatives of log f with respect to the shape parameters;
``moves``   those of the distribution function with respect to shape parameters, over f, where they have a closed form;
``lines``   what is computed first for these;
``safe``    for a support that is not the whole line: a z within it, which takes the place of those outside;
``rough``   where the density may be infinite at 0, or SciPy's is nan at infinity.

Where there is no density the derivatives are 0.
"""

import linecache
from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy import special, stats

from backprose.rules.registry import elementwise, real_only

DENSITY = """
def logpdf(x, {given}loc=0, scale=1):
    z = (x - loc) / scale
    {lines}slope = {slope}
    return slope / scale, {shapes}-slope / scale, -(1 + {turn}) / scale


def pdf(x, {given}loc=0, scale=1, *, out):
    z = np.where(out > 0, (x - loc) / scale, 0)
    {lines}slope = {slope}
    return out * slope / scale, {weighted}-slope * out / scale, -(1 + {turn}) * out / scale
"""

DENSITY_WITHIN = """
def logpdf(x, {given}loc=0, scale=1, *, out):
    inside = out > -np.inf
    z = np.where(inside, (x - loc) / scale, {safe})
    {lines}slope = {slope}
    return inside * slope / scale, {within}-slope * inside / scale, -(1 + {turn}) * inside / scale


def pdf(x, {given}loc=0, scale=1, *, out):
    z = np.where(out > 0, (x - loc) / scale, {safe})
    {lines}slope = {slope}
    return out * slope / scale, {weighted}-slope * out / scale, -(1 + {turn}) * out / scale
"""

PROBABILITY = """
def cdf(x, {given}loc=0, scale=1):
    {first}p = {p}
    z = np.where(p > 0, (x - loc) / scale, {safe})
    {moved_lines}return p, {moved}-p, -{p_there} * z


def sf(x, {given}loc=0, scale=1):
    {first}p = -{p}
    z = np.where(p < 0, (x - loc) / scale, {safe})
    {moved_lines}return p, {moved}-p, -{p_there} * z


def logcdf(x, {given}loc=0, scale=1, *, out):
    {first}p = {log_p}
    z = np.where(p > 0, (x - loc) / scale, {safe})
    {moved_lines}return p, {moved}-p, -{p_there} * z


def logsf(x, {given}loc=0, scale=1, *, out):
    {first}p = -{log_p}
    z = np.where(p < 0, (x - loc) / scale, {safe})
    {moved_lines}return p, {moved}-p, -{p_there} * z


def ppf(q, {given}loc=0, scale=1, *, out):
    p = stats.{name}.pdf(out, {given}loc, scale)
    z = np.where(p > 0, (out - loc) / scale, {safe})
    {moved_lines}return np.divide(1, p), {moved_back}1.0, (out - loc) / scale


def isf(q, {given}loc=0, scale=1, *, out):
    p = stats.{name}.pdf(out, {given}loc, scale)
    z = np.where(p > 0, (out - loc) / scale, {safe})
    {moved_lines}return -np.divide(1, p), {moved_back}1.0, (out - loc) / scale
"""


def continuous(
    distribution: Any,
    slope: str,
    *,
    turn: str = "z * slope",
    shapes: Mapping[str, str] | None = None,
    moves: Mapping[str, str] | None = None,
    lines: tuple[str, ...] = (),
    safe: str = "",
    rough: bool = False,
) -> None:
    """Rules of eight methods of a continuous distribution."""
    shapes, moves = shapes or {}, moves or {}
    before = "".join(f"{line}\n    " for line in lines)
    text = (DENSITY_WITHIN if safe else DENSITY).format(
        given=_given(distribution),
        lines=before,
        slope=slope,
        turn=turn,
        safe=safe,
        shapes="".join(f"{one}, " for one in shapes.values()),
        within="".join(f"inside * ({one}), " for one in shapes.values()),
        weighted="".join(f"out * ({one}), " for one in shapes.values()),
    )
    there = "np.where(z == 0, 0, p)" if rough else "p"
    text += PROBABILITY.format(
        given=_given(distribution),
        name=distribution.name,
        first="within = np.where(np.isinf(x), loc + scale, x)\n    " if rough else "",
        p=_density(distribution, "pdf", "0" if rough else ""),
        log_p=f"np.exp({_density(distribution, 'logpdf', '-np.inf' if rough else '')}"
        " - np.where(out > -np.inf, out, 0))",
        p_there=there,
        moved_lines=before if moves else "",
        moved="".join(f"{there} * scale * ({one}), " for one in moves.values()),
        moved_back="".join(f"-scale * ({one}), " for one in moves.values()),
        safe=safe or "0",
    )
    functions = _functions(distribution, text)
    for method in ("logpdf", "pdf"):
        _register(distribution, functions[method], ("x", *shapes, "loc", "scale"))
    for method in ("cdf", "sf", "logcdf", "logsf"):
        _register(distribution, functions[method], ("x", *moves, "loc", "scale"))
    for method in ("ppf", "isf"):
        _register(distribution, functions[method], ("q", *moves, "loc", "scale"))


MASS = """
def logpmf(k, {given}loc=0, *, out):
    inside = out > -np.inf
    j = np.where(inside, k - loc, {safe})
    return {within}


def pmf(k, {given}loc=0, *, out):
    j = np.where(out > 0, k - loc, {safe})
    return {weighted}
"""

SUM_OF_MASS = """
def cdf(k, {given}loc=0):
    j = np.floor(k - loc)
    return {moved}


def sf(k, {given}loc=0):
    j = np.floor(k - loc)
    return {moved_back}


def logcdf(k, {given}loc=0, *, out):
    j = np.floor(k - loc)
    return {moved} / np.exp(np.where(out > -np.inf, out, 0))


def logsf(k, {given}loc=0, *, out):
    j = np.floor(k - loc)
    return {moved_back} / np.exp(np.where(out > -np.inf, out, 0))
"""


def discrete(
    distribution: Any, shapes: Mapping[str, str], *, moves: Mapping[str, str] | None = None, safe: str = "1"
) -> None:
    """Rules of a discrete distribution of k, in j = k - loc, for its parameters: two, or with a ``move`` six."""
    text = MASS.format(
        given=_given(distribution),
        safe=safe,
        within=", ".join(f"inside * ({one})" for one in shapes.values()),
        weighted=", ".join(f"out * ({one})" for one in shapes.values()),
    )
    if moves:
        (move,) = moves.values()
        back = move.removeprefix("-") if move.startswith("-") else f"-{move}"
        text += SUM_OF_MASS.format(given=_given(distribution), moved=move, moved_back=back)
    functions = _functions(distribution, text)
    for method, function in functions.items():
        _register(distribution, function, tuple(shapes if method in ("logpmf", "pmf") else moves or ()))


def _given(distribution: Any) -> str:
    """The shape parameters as they stand in a list of parameters, or of arguments."""
    return f"{distribution.shapes}, " if distribution.shapes else ""


def _density(distribution: Any, method: str, at_infinity: str) -> str:
    """A call of the density; ``at_infinity``: what it is there, where SciPy says nan."""
    if not at_infinity:
        return f"stats.{distribution.name}.{method}(x, {_given(distribution)}loc, scale)"
    within = f"stats.{distribution.name}.{method}(within, {_given(distribution)}loc, scale)"
    return f"np.where(np.isinf(x), {at_infinity}, {within})"


def _functions(distribution: Any, text: str) -> dict[str, Any]:
    """The functions of a text, which is kept under a name as that of a file."""
    file = f"<rules of scipy.stats.{distribution.name}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    scope = {"__name__": __name__, "np": np, "special": special, "stats": stats}
    before = len(scope)
    exec(compile(text, file, "exec"), scope)  # noqa: S102
    return {name: scope[name] for name in list(scope)[before:] if name != "__builtins__"}


def _register(distribution: Any, function: Any, active: tuple[str, ...]) -> None:
    target = getattr(distribution, function.__name__)
    elementwise(target, active=active)(function)
    real_only(target)
