"""Sampled calls of SciPy's functions, a file for each module, as in ``tests/rules/cases.py``."""

from __future__ import annotations

import copy
import importlib
import warnings
from typing import Any

import numpy as np
import scipy

from backprose import support
from backprose.rules.registry import is_known, rule_of
from backprose.rules.scipy import MODULES

NAMES: dict[str, Any] = {}  # what an expression may use: SciPy's modules
CASES: list[Any] = []
SEVERAL: list[Any] = []
KINKS: list[Any] = []
LEFT_OUT: list[str] = []  # calls that this SciPy does not take, because it is older than they are
NEWEST = (1, 17)  # the version that takes them all
OLDER = tuple(map(int, scipy.__version__.split(".")[:2])) < NEWEST


def _taken(cases: list[Any]) -> list[Any]:
    """The calls that this SciPy takes: older ones have no batches of matrices, and lack functions and keywords."""
    return [case for case in cases if _takes(case)] if OLDER else cases


def _takes(case: Any) -> bool:
    given = copy.deepcopy(dict(case.samples))
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            eval(case.expression, {**NAMES, "np": np, "support": support}, given)
        except (AttributeError, TypeError, ValueError):
            taken = False
        else:  # some write into what they are given, and some give what is not what they say
            same = all(np.array_equal(one, given[name]) for name, one in case.samples.items())
            taken = same and not (is_known(getattr(case, "op", "")) and rule_of(case.op).kind == "not yet")
    if not taken:
        LEFT_OUT.append(case.expression)
    return taken


for _name in MODULES:
    NAMES[_name] = importlib.import_module(f"scipy.{_name}")
    importlib.import_module(f"backprose.rules.scipy.{_name}")
    _cases = importlib.import_module(f"tests.rules.scipy.{_name}")
    CASES += _taken(_cases.CASES)
    SEVERAL += _taken(getattr(_cases, "SEVERAL", []))
    KINKS += _taken(getattr(_cases, "KINKS", []))
