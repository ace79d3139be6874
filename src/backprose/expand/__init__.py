"""``expand``: tuples, dicts, objects and functions as values leave the program; numbers and arrays stay."""

from backprose.expand.functions import Expanded, expand

__all__ = ["Expanded", "expand"]
