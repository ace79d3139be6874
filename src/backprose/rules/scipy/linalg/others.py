"""What has no rule yet, and what is no operation."""

from scipy import linalg

from backprose.rules.registry import constant, not_yet, there, uncovered

constant(linalg.bandwidth, linalg.issymmetric, linalg.ishermitian, reason="integers, true or false")
not_yet(
    linalg.schur, linalg.rsf2csf, linalg.cdf2rdf, linalg.qz, linalg.ordqz, linalg.cossin,
    reason="its vectors are unique up to signs or phases only, which an iteration chooses: linalg.eig has a rule",
)  # fmt: skip
not_yet(
    linalg.qr_insert, linalg.qr_delete, linalg.qr_update,
    reason="nobody has written it: take the decomposition of the whole matrix, linalg.qr",
)  # fmt: skip
not_yet(linalg.orth, reason="a basis is not unique: what is made of it may have a derivative")
not_yet(linalg.clarkson_woodruff_transform, reason="drawn at random at each call")
uncovered(linalg.find_best_blas_type, linalg.get_blas_funcs, linalg.get_lapack_funcs, reason="it looks up functions")
uncovered(*there(linalg, "kron"), reason="SciPy has given it up, and np.kron has a rule")  # until SciPy 1.16
