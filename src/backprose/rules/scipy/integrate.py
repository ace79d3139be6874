"""Integrals: of a function (``implicit.py``), and of samples, which are sums with weights."""

from backprose.implicit import Integral
from backprose.rules.registry import put_solver

OPTIONS = ("epsabs", "epsrel", "limit")
for _integral in (
    Integral("quad", ("left", "right"), (*OPTIONS, "points", "limlst"), module="integrate", of_numbers=True, results=2),
    Integral("quad_vec", ("left", "right"), (*OPTIONS, "norm", "quadrature", "points"), module="integrate", results=2),
):
    put_solver(_integral.function, _integral)
