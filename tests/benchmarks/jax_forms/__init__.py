"""The primals as a user of JAX writes them: importing this package needs JAX.

A loop has two forms: a scan, and a scan with ``jax.checkpoint`` on its step, which stores the carried state alone.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from typing import Any

import jax

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_cpu_enable_async_dispatch", False)


def forms_of(family: str, primal: str) -> dict[str, Callable[..., Any]]:
    """The forms of a primal, by name; none where the family has none."""
    form = getattr(importlib.import_module(f"tests.benchmarks.jax_forms.{family}"), primal)
    if "around" not in form.__code__.co_varnames[: form.__code__.co_argcount + form.__code__.co_kwonlyargcount]:
        return {"jit": form}
    return {"scan": form, "checkpoint": functools.partial(form, around=jax.checkpoint)}


def plain(step: Callable[..., Any]) -> Callable[..., Any]:
    """The step of a scan as it is."""
    return step
