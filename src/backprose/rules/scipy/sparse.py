"""Systems with a sparse matrix, which is constant; products with one are those of NumPy (``products.py``)."""

from scipy.sparse import linalg

from backprose.rules.registry import linear


@linear(linalg.spsolve, active=("b",))
def spsolve(A, b, permc_spec=None, use_umfpack=True, *, out_bar):
    return linalg.spsolve(A.T, out_bar, permc_spec, use_umfpack)
