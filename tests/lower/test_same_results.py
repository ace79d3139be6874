"""The main test: lowered text runs, and does bit for bit what the original does."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from backprose.emit import print_statement
from backprose.ir.check import check
from tests.lower import programs
from tests.lower.running import lowered, outcome, runnable, text_of, with_source

FUNCTIONS = list({function.__qualname__: function for function, _, _ in programs.CASES}.values())


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__qualname__)
def test_lowered_program_gives_the_same(function: Callable[..., Any]) -> None:
    made = runnable(function)
    for case, args, keywords in programs.CASES:
        if case is function:
            programs.log.clear()
            expected = outcome(function, args, keywords)
            before = copy.copy(programs.log)
            programs.log.clear()
            assert outcome(made, args, keywords) == expected, text_of(lowered(function))
            assert programs.log == before


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__qualname__)
def test_lowered_text_is_the_same_each_time(function: Callable[..., Any]) -> None:
    assert text_of(lowered(function)) == text_of(lowered(function))


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__qualname__)
def test_lowered_program_is_flat(function: Callable[..., Any]) -> None:
    check(lowered(function), "flat", show=print_statement)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__qualname__)
def test_lowered_program_can_be_lowered_again(function: Callable[..., Any]) -> None:
    again = runnable(with_source(text_of(lowered(function)), function))
    for case, args, keywords in programs.CASES:
        if case is function:
            programs.log.clear()
            expected = outcome(function, args, keywords)
            programs.log.clear()
            assert outcome(again, args, keywords) == expected
