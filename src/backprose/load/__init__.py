"""``load``: from emitted text to functions that run, and the guards that say how long they are right."""

from backprose.load.functions import Emitted, load
from backprose.load.guards import Guard

__all__ = ["Emitted", "Guard", "load"]
