"""Back-propagation as prose: a source-to-source differentiation compiler for NumPy code."""

from backprose import implicit  # noqa: F401 - registers the rules of root and fixed_point
from backprose.api import Pullback, elementwise_grad, grad, gradients, hessian, hvp, jacobian, jvp, value_and_grad, vjp
from backprose.derivative import Derivative
from backprose.errors import (
    AliasError,
    ArgumentError,
    BackproseError,
    ChangedSourceError,
    ResultError,
    RuleError,
    SourceError,
    UnknownFunctionError,
    UnsupportedError,
)
from backprose.registration import adjoint, elementwise, linear, tangent
from backprose.rule_check import check_rule
from backprose.support import adjoint_of, fixed_point, root, stop_gradient
from backprose.version import __version__

__all__ = [
    "AliasError",
    "ArgumentError",
    "BackproseError",
    "ChangedSourceError",
    "Derivative",
    "Pullback",
    "ResultError",
    "RuleError",
    "SourceError",
    "UnknownFunctionError",
    "UnsupportedError",
    "__version__",
    "adjoint",
    "adjoint_of",
    "check_rule",
    "elementwise",
    "elementwise_grad",
    "fixed_point",
    "grad",
    "gradients",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "linear",
    "root",
    "stop_gradient",
    "tangent",
    "value_and_grad",
    "vjp",
]
