"""Stage 2, ``tree -> program``: one operation a statement, control flow structured, everything else refused.

``fence`` refuses what is outside the language, ``statements``, ``assignments``, ``loops`` and ``expressions`` flatten,
``resolve`` finds the operations that calls mean, ``exits`` takes early exits away; ``rule_body`` lowers the source of a
derivative rule, without flattening it.
"""

from backprose.lower.function import lower
from backprose.lower.rule_body import rule_body

__all__ = ["lower", "rule_body"]
