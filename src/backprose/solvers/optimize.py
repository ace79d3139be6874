"""Roots, fixed points and minima of ``scipy.optimize``: their derivative is that of the solution (``implicit.py``)."""

from backprose.implicit import Solver
from backprose.rules.registry import put_solver

SEARCH = ("xtol", "rtol", "maxiter", "disp")
ARRAY, SQUARES = "np.array({name}({given}))", "np.sum(np.array({name}({given})) ** 2)"
OF_FSOLVE = ("col_deriv", "xtol", "maxfev", "band", "epsfcn", "factor", "diag")
OF_SQUARES = ("method", "ftol", "xtol", "gtol", "x_scale", "max_nfev")

for _name in ("brentq", "brenth", "bisect", "ridder"):
    _solver = Solver(_name, ("left", "right"), SEARCH, module="optimize", of_numbers=True)
    put_solver(_solver.function, _solver)
for _solver in (
    Solver("toms748", ("left", "right"), ("k", *SEARCH), module="optimize", of_numbers=True),
    Solver("newton", ("x0",), ("tol", "maxiter", "x1", "rtol", "disp"), module="optimize"),
    Solver("fixed_point", ("x0",), ("xtol", "maxiter", "method"), module="optimize", residual="x - {name}({given})"),
    Solver("fsolve", ("x0",), OF_FSOLVE, module="optimize", residual=ARRAY, lists=True),
    Solver("root", ("x0",), ("tol",), module="optimize", parts=("x",), residual=ARRAY, lists=True),
    Solver("minimize", ("x0",), ("method", "tol"), module="optimize", parts=("x",), objective="+{name}({given})"),
    Solver("least_squares", ("x0",), OF_SQUARES, module="optimize", parts=("x",), objective=SQUARES, lists=True),
):
    put_solver(_solver.function, _solver)
