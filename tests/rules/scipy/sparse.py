"""Calls of ``scipy.sparse.linalg``; products with sparse matrices are tested in ``tests/test_sparse_products.py``."""

from __future__ import annotations

import numpy as np

from tests.rules.cases import Case

rng = np.random.default_rng(4)
MATRIX = "sparse.diags([[1.0, 0.5], [4.0, 3.0, 2.0]], offsets=[1, 0], format='csc')"

LOWER = "sparse.diags([[1.0, 0.5], [2.0, 3.0, 1.5]], offsets=[-1, 0], format='csr')"

CASES: list[Case] = [
    *(
        Case("scipy.sparse.linalg.spsolve", f"sparse.linalg.spsolve({MATRIX}, x)", {"x": rng.normal(size=shape)})
        for shape in ((3,), (3, 2))
    ),
    *(
        Case("scipy.sparse.linalg.expm_multiply", f"sparse.linalg.expm_multiply({MATRIX}, x)", {"x": rng.random(n)})
        for n in (3, (3, 2))
    ),
    *(
        Case(
            "scipy.sparse.linalg.spsolve_triangular",
            f"sparse.linalg.spsolve_triangular({matrix}, x{how})",
            {"x": rng.normal(size=3)},
        )
        for matrix, how in (
            (LOWER, ""),
            ("sparse.diags([[1.0, 0.5], [2.0, 3.0, 1.5]], offsets=[1, 0], format='csr')", ", lower=False"),
        )
    ),
]
