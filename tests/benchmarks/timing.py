"""Process CPU time of several things at once: rounds of all of them, ratios of neighbours in time. Peaks of memory."""

from __future__ import annotations

import gc
import statistics
import time
import tracemalloc
from collections.abc import Callable, Mapping
from typing import Any

LEAST = 0.01  # seconds; a shorter measurement is repeated within its round


def interleaved(calls: Mapping[str, Callable[[], Any]], rounds: int) -> dict[str, list[float]]:
    """Seconds a call, for each round and each of ``calls``: each round times all of them, one after the other."""
    turns = {name: _turns(call) for name, call in calls.items()}
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            seconds[name].append(_time(call, turns[name]))
    return seconds


def ratio(seconds: list[float], reference: list[float]) -> float:
    """The median of the ratios within each round: what slowed the machine down for a while slowed both."""
    return statistics.median(a / b for a, b in zip(seconds, reference, strict=True))


def first_call(make: Callable[[], Callable[[], Any]], rounds: int) -> float:
    """Median of how much longer the first call of what ``make`` gives takes than its second."""
    extra = []
    for _ in range(rounds):
        call = make()
        gc.collect()
        first = _time(call, 1)
        extra.append(first - _time(call, 1))
    return statistics.median(extra)


def peak(call: Callable[[], Any]) -> int:
    """Bytes that Python and NumPy hold at most during a call, beyond what they held before; its result counts."""
    call()  # what a first call leaves behind is not the call's
    gc.collect()
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _turns(call: Callable[[], Any]) -> int:
    """How often to call for a measurement that takes ``LEAST`` seconds; the first call, which may compile, apart."""
    call()
    turns = 1
    while _time(call, turns) * turns < LEAST:
        turns *= 2
    return turns


def _time(call: Callable[[], Any], turns: int) -> float:
    start = time.process_time()
    for _ in range(turns):
        call()
    return (time.process_time() - start) / turns
