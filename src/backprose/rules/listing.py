"""The rules as text, for ``backprose rules``: what each is for, its reference, its source."""

from __future__ import annotations

import fnmatch
import importlib
import inspect
import textwrap
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import numpy as np

from backprose.rules.registry import SCIPY, Form, Rule, canonical_name, rules, targets_of
from backprose.rules.scipy import MODULES

RULES = ("elementwise", "linear", "general")  # the kinds that have a derivative


def found(pattern: str | None) -> Iterator[tuple[Rule, list[str]]]:
    """The rules for functions of which the name, or a part of it, is the pattern (``fft*``), with these names.

    >>> [(rule.op, names) for rule, names in found("arctan2")]
    [('arctan2', ['np.arctan2', 'math.atan2'])]
    """
    for name in MODULES:
        with suppress(ImportError):  # SciPy is an extra
            importlib.import_module(f"backprose.rules.scipy.{name}")
    for rule in sorted(rules(), key=lambda rule: (rule.op.startswith(SCIPY), rule.op)):
        names = [name for name in map(shown, targets_of(rule.op)) if not name.startswith("support.")]
        if names and (pattern is None or any(_fits(name, pattern) for name in names)):
            yield rule, names


def _fits(name: str, pattern: str) -> bool:
    path = name.split(".")
    return any(fnmatch.fnmatchcase(".".join(path[start:]), pattern) for start in range(len(path)))


def shown(target: Any) -> str:
    """How users write a function: ``np.linalg.norm``, ``math.sin``, ``x.sum`` of a method of arrays."""
    if isinstance(target, Form):
        how = f"{target.name}={target.value!r}" if target.name else "of two"
        return f"{shown(target.function)}({how})"
    name, module = canonical_name(target), getattr(target, "__module__", None) or ""
    if getattr(target, "__objclass__", None) is np.ndarray:
        return f"x.{target.__name__}"
    if name.startswith(SCIPY):
        return name
    if module.startswith("backprose"):
        return f"support.{name}"
    if module in ("builtins", "math", "cmath", "operator", "_operator"):
        return f"{module.lstrip('_')}.{target.__name__}".removeprefix("builtins.")
    return f"np.{name}"


def listed(pattern: str | None) -> Iterator[str]:
    """A line for each rule; with a pattern, the whole of each."""
    for rule, names in found(pattern):
        if pattern is None:
            yield f"{', '.join(names):<60} {rule.kind}"
        else:
            yield "\n".join((f"{', '.join(names)}: {rule.kind}", *_details(rule))) + "\n"


def _details(rule: Rule) -> Iterator[str]:
    if rule.kind not in RULES:
        yield textwrap.indent(textwrap.fill(rule.reference, 100), "    ")
        return
    about = inspect.getmodule(rule.adjoint)
    if about is not None and about.__doc__:
        yield textwrap.indent(about.__doc__.strip(), "    # ")
    for function in (rule.adjoint, rule.tangent):
        if function is not None:
            yield ""
            yield textwrap.indent(textwrap.dedent(inspect.getsource(function)).rstrip(), "    ")
    if rule.adjoint is None:
        yield f"    {rule.reference or 'transposed by the compiler'}"
