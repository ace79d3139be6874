"""Roots, fixed points and minima of ``scipy.optimize``: their derivative is that of the solution (``implicit.py``)."""

from backprose.implicit import Fit, Solver
from backprose.rules.registry import put_solver

SEARCH = ("xtol", "rtol", "maxiter", "disp")
ARRAY, SQUARES = "np.array({name}({given}))", "np.sum(np.array({name}({given})) ** 2)"
OF_FSOLVE = ("col_deriv", "xtol", "maxfev", "band", "epsfcn", "factor", "diag")
OF_SQUARES = ("method", "ftol", "xtol", "gtol", "x_scale", "max_nfev", "bounds")
OF_ROOTS = ("method", "bracket", "x0", "x1", "xtol", "rtol", "maxiter", "options")
# those that solve as many equations as there are unknowns: "lm" finds where the squares are least
SQUARE = (
    *("hybr", "broyden1", "broyden2", "anderson", "linearmixing", "diagbroyden", "excitingmixing", "krylov"),
    "df-sane",
)
# those that end at a bound itself, where they come to one
AT_BOUNDS = ("L-BFGS-B", "SLSQP", "TNC")
TOLD = ("success", "status", "message", "nfev", "nit")

for _name in ("brentq", "brenth", "bisect", "ridder"):
    _solver = Solver(_name, ("left", "right"), SEARCH, module="optimize", of_numbers=True)
    put_solver(_solver.function, _solver)
for _solver in (
    Solver("toms748", ("left", "right"), ("k", *SEARCH), module="optimize", of_numbers=True),
    Solver(
        "newton", ("x0",), ("tol", "maxiter", "x1", "rtol", "disp"), module="optimize", keeps_shape=True,
        functions=("fprime", "fprime2"),
    ),
    Solver(
        "root_scalar", (), OF_ROOTS, module="optimize", of_numbers=True, parts=("root",),
        functions=("fprime", "fprime2"), tells=("converged", "flag", "function_calls", "iterations"),
    ),
    Solver(
        "fixed_point", ("x0",), ("xtol", "maxiter", "method"), module="optimize", residual="x - {name}({given})",
        keeps_shape=True,
    ),
    Solver("fsolve", ("x0",), OF_FSOLVE, module="optimize", residual=ARRAY, lists=True, functions=("fprime",)),
    Solver(
        "root", ("x0",), ("tol", "method", "options"), module="optimize", parts=("x",), residual=ARRAY, lists=True,
        tells=TOLD, value="fun", functions=("jac",), only=(("method", SQUARE),),
    ),
    Solver(
        "minimize", ("x0",), ("method", "tol", "bounds", "options"), module="optimize", parts=("x",),
        objective="np.sum({name}({given}))", tells=(*TOLD, "njev", "nhev"), value="fun", functions=("jac", "hess"),
        only=(("method bounds", AT_BOUNDS),),
    ),
    Solver(
        "minimize_scalar", (), ("bracket", "bounds", "method", "tol", "options"), module="optimize", of_numbers=True,
        parts=("x",), objective="+{name}({given})", tells=TOLD, value="fun",
    ),
    Solver(
        "least_squares", ("x0",), OF_SQUARES, module="optimize", parts=("x",), objective=SQUARES, lists=True,
        tells=(*TOLD[:-1], "njev", "optimality"), value="cost", functions=("jac",), mask="active_mask",
    ),
    Fit(
        "curve_fit", ("xdata", "ydata"), ("p0", "sigma", "absolute_sigma", "check_finite", *OF_SQUARES[:4], "maxfev"),
        module="optimize", results=2,
    ),
):  # fmt: skip
    put_solver(_solver.function, _solver)
