"""``expand``: tuples, dicts, objects and functions as values leave the program; numbers and arrays stay."""

from backprose.expand.functions import expand

__all__ = ["expand"]
