"""program -> text: Python that a careful colleague would have written, the same on every Python."""

from backprose.emit.emission import Emission, emit, print_expression, print_statement
from backprose.emit.remarks import add_remarks

__all__ = ["Emission", "add_remarks", "emit", "print_expression", "print_statement"]
