"""Linear algebra: systems, decompositions, functions of matrices, matrix equations, matrices of a given form."""

from backprose.rules.scipy.linalg import (
    bands,
    decompositions,
    eigenvalues,
    equations,
    forms,
    functions,
    norms,
    others,
    solving,
)

__all__ = ["bands", "decompositions", "eigenvalues", "equations", "forms", "functions", "norms", "others", "solving"]
