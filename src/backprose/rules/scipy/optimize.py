"""What has no rule of ``scipy.optimize``; what has one is given a function (``backprose/solvers``)."""

from contextlib import suppress

from scipy import optimize

from backprose.rules.registry import constant, not_yet, uncovered

SAME = "take root, fsolve or minimize, whose solution has a derivative"
for _names, _reason in (
    ("anderson broyden1 broyden2 diagbroyden excitingmixing linearmixing newton_krylov", SAME),
    ("fmin fmin_bfgs fmin_cg fmin_cobyla fmin_l_bfgs_b fmin_ncg fmin_powell fmin_slsqp fmin_tnc leastsq", SAME),
    ("brent brute bracket fminbound golden", SAME),
    ("basinhopping differential_evolution direct dual_annealing shgo", SAME),
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
