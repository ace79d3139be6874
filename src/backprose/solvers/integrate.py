"""Integrals of functions and differential equations of ``scipy.integrate`` (``implicit.py``)."""

from backprose.implicit import Flow, Integral
from backprose.rules.registry import put_solver

OPTIONS = ("epsabs", "epsrel", "limit")
OF_IVP = ("method", "t_eval", "rtol", "atol", "first_step", "max_step")
STEPS = ("ml", "mu", "rtol", "atol", "h0", "hmax", "hmin", "ixpr", "mxstep", "mxhnil", "mxordn", "mxords", "printmessg")
for _integral in (
    Flow("odeint", ("x0", "t"), STEPS, module="integrate", inner=2, lists=True),
    Flow(
        "solve_ivp",
        ("t_span", "x0"),
        OF_IVP,
        module="integrate",
        inner=2,
        lists=True,
        at=1,
        parts=("t", "y"),
        results=2,
        tells=("success", "status", "message", "nfev", "njev", "nlu"),
    ),
    Integral("quad", ("left", "right"), (*OPTIONS, "points", "limlst"), module="integrate", of_numbers=True, results=2),
    Integral("quad_vec", ("left", "right"), (*OPTIONS, "norm", "quadrature", "points"), module="integrate", results=2),
):
    put_solver(_integral.function, _integral)
