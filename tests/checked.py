"""The checker of programs after every pass: ``conftest`` switches it on for all tests."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import pytest

from backprose import callees, pipeline
from backprose.emit import print_statement
from backprose.errors import InternalError
from backprose.ir.check import Form, check
from backprose.ir.nodes import Function
from backprose.simplify import passes

TREE_PASSES = (
    "bind_at_once",
    "drop_constants",
    "drop_copies",
    "use_early",
    "drop_settled_checks",
    "our_algebra",
    "settle_branches",
    "cheaper_sources",
    "remove_dead",
    "merge_branches",
    "fold",
    "own_buffers",
    "pop_into",
    "settle_gradients",
    "shorten",
    "update_items",
    "write_first",
    "reuse_quotients",
    "name_numbers",
    "signs_first",
    "save_once",
    "name_at_once",
    "unnest",
    "without_empty_sweep",
    "name_temporaries",
)
# where the passes are called from, by the form that each gives
PASSES: dict[Any, dict[str, Form]] = {
    pipeline: {
        "observe": "flat",
        "expand": "flat",
        "split_temporaries": "flat",
        "without_second_names": "flat",
        "hoist_exits": "flat",
        "fix_places": "flat",
        "globals_in_place": "flat",
        "inline": "flat",
        "infer": "tree",  # of the flat program and of the derivative
        "with_products": "flat",
        "settle_branches": "flat",
        "name_results": "flat",
        "rebind_numbers": "flat",
        "separate_counters": "flat",
        "hold_tests": "flat",
        "hold_unpacked": "flat",
        "write_out": "flat",
        "settled": "flat",
        "resolve_views": "flat",
        "split_webs": "flat",
    },
    callees: {"lower": "flat"},
    passes: dict.fromkeys(TREE_PASSES, "tree"),
}


def checked(pass_: Callable[..., Any], name: str, form: Form) -> Callable[..., Any]:
    """The pass, its result looked at; not an error of ours, which a test might take for a refusal."""

    @functools.wraps(pass_)
    def run(*args: Any, **kwargs: Any) -> Any:
        result = pass_(*args, **kwargs)
        function = result if isinstance(result, Function) else result.function
        try:
            check(function, form, show=print_statement)
        except InternalError as error:
            raise AssertionError(f"after the pass {name}: {error}") from None
        return result

    return run


def check_all(patch: pytest.MonkeyPatch) -> None:
    for module, names in PASSES.items():
        for name, form in names.items():
            patch.setattr(module, name, checked(getattr(module, name), name, form))
