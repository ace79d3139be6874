"""Roots, fixed points and minima of ``scipy.optimize``: their derivative is that of the solution (``implicit.py``)."""

from contextlib import suppress

from scipy import optimize

from backprose.implicit import Solver
from backprose.rules.registry import constant, not_yet, put_solver, uncovered

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
    Solver("root", ("x0",), ("method", "tol"), module="optimize", parts=("x",), residual=ARRAY, lists=True),
    Solver("minimize", ("x0",), ("method", "tol"), module="optimize", parts=("x",), objective="+{name}({given})"),
    Solver("least_squares", ("x0",), OF_SQUARES, module="optimize", parts=("x",), objective=SQUARES, lists=True),
):
    put_solver(_solver.function, _solver)

SAME = "take root, fsolve or minimize, whose solution has a derivative"
for _names, _reason in (
    ("anderson broyden1 broyden2 diagbroyden excitingmixing linearmixing newton_krylov root_scalar", SAME),
    ("fmin fmin_bfgs fmin_cg fmin_cobyla fmin_l_bfgs_b fmin_ncg fmin_powell fmin_slsqp fmin_tnc leastsq", SAME),
    ("brent brute bracket fminbound golden minimize_scalar", SAME),
    ("basinhopping differential_evolution direct dual_annealing shgo", SAME),
    ("curve_fit", "take least_squares of the residuals, whose solution has a derivative"),
    (
        "linprog lsq_linear milp nnls isotonic_regression",
        "which constraints hold decides: their derivative is not written",
    ),
    ("rosen rosen_der rosen_hess rosen_hess_prod", "test functions: write them out"),
    ("approx_fprime line_search", "differences have a derivative that is not written: take backprose.grad"),
):
    for _name in _names.split():
        with suppress(AttributeError):
            not_yet(getattr(optimize, _name), reason=_reason)
constant(optimize.linear_sum_assignment, optimize.quadratic_assignment, reason="which is assigned to which: integers")
uncovered(optimize.check_grad, optimize.show_options, reason="it looks at functions, or shows a text")
with suppress(AttributeError):
    uncovered(optimize.linprog_verbose_callback, reason="it shows a text")
