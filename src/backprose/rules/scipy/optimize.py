"""Roots and fixed points of ``scipy.optimize``: their derivative is that of the solution (``implicit.py``)."""

from backprose.implicit import Solver
from backprose.rules.registry import put_solver

SEARCH = ("xtol", "rtol", "maxiter", "disp")
for _solver in (
    *(
        Solver(_name, ("left", "right"), SEARCH, module="optimize", of_numbers=True)
        for _name in ("brentq", "brenth", "bisect", "ridder")
    ),
    Solver("toms748", ("left", "right"), ("k", *SEARCH), module="optimize", of_numbers=True),
    Solver("newton", ("x0",), ("tol", "maxiter", "x1", "rtol", "disp"), module="optimize"),
    Solver("fsolve", ("x0",), ("col_deriv", "xtol", "maxfev", "band", "epsfcn", "factor", "diag"), module="optimize"),
    Solver("fixed_point", ("x0",), ("xtol", "maxiter", "method"), "x - {name}({given})", module="optimize"),
    Solver("root", ("x0",), ("method", "tol"), module="optimize", part=".x"),
    Solver("minimize", ("x0",), ("method", "tol"), objective="+{name}({given})", module="optimize", part=".x"),
    Solver(
        "least_squares",
        ("x0",),
        ("method", "ftol", "xtol", "gtol", "x_scale", "max_nfev"),
        objective="np.sum({name}({given}) ** 2)",
        module="optimize",
        part=".x",
    ),
):
    put_solver(_solver.function, _solver)
