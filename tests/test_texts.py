"""Numbers that are written into a text: they may be shown, and are refused where they are read back from it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprose as bp


def number(text: Any) -> Any:
    return float(text)


def shown(x: Any) -> Any:
    return f"{x!r}"


def written(value: Any) -> str:
    return f"{value!r}"


def digits(value: Any) -> str:
    text = ""
    for i in range(2):
        if i == 1:
            text = text + f"{value!r}"
    return text


def digits_of_a_power(value: Any, n: int) -> str:
    if n == 0:
        return "%r" % value  # noqa: UP031
    return digits_of_a_power(value * 2, n - 1)


class Label:
    def __init__(self, text: Any) -> None:
        self.text = text


def of_an_f_string(x: Any) -> Any:
    return float(f"{x!r}") * 2


def of_a_percent(x: Any) -> Any:
    text = "%.17f" % x  # noqa: UP031
    return float(text)


def of_a_pair(x: Any) -> Any:
    return float("%s%s" % (x, "1"))  # noqa: UP031


def of_str(x: Any) -> Any:
    return float(str(x))


def of_repr_in_a_branch(x: Any) -> Any:
    text = repr(x) if x > 0 else "1"
    return float(text)


def of_format(x: Any) -> Any:
    return float("{}".format(x))  # noqa: UP032


def of_a_sum_of_texts(x: Any) -> Any:
    text = f"{x!r}"
    longer = text + "0"
    return float(longer[0:4])


def of_parts(x: Any) -> Any:
    one, two = f"{x!r},{2 * x!r}".split(",")
    return float(one) + float(two)


def in_a_helper(x: Any) -> Any:
    return number(f"{x!r}") * 2


def from_a_helper(x: Any) -> Any:
    return float(shown(x))


def from_another_helper(x: Any) -> Any:
    return float(written(x))


def of_a_loop_in_a_helper(x: Any) -> Any:
    return float(digits(x))


def of_a_list_by_helpers(x: Any) -> Any:
    texts = [digits(v) for v in (x, x + 1)]
    return float(np.array(texts).astype(float)[0])


def from_a_recursive_helper(x: Any) -> Any:
    return float(digits_of_a_power(x, 2))


def by_numpy(x: Any) -> Any:
    return np.float64(f"{x!r}") * 2


def in_a_list(x: Any) -> Any:
    texts = [f"{x!r}", "0.1"]
    return max(float(text) for text in texts)


def in_an_object(x: Any) -> Any:
    label = Label(f"{x!r}")
    return float(label.text)


def in_a_loop(x: Any) -> Any:
    text = ""
    for i in range(3):
        text = f"{x * i!r}"
    return float(text)


READ_BACK = [
    of_an_f_string, of_a_percent, of_a_pair, of_str, of_repr_in_a_branch, of_format, of_a_sum_of_texts, of_parts,
    in_a_helper, from_a_helper, from_another_helper,
    of_a_loop_in_a_helper, of_a_list_by_helpers, from_a_recursive_helper, by_numpy, in_a_list, in_an_object, in_a_loop,
]  # fmt: skip


@pytest.mark.parametrize("function", READ_BACK)
@pytest.mark.parametrize(
    "transform", [bp.grad, lambda f: lambda x: bp.jvp(f, (x,), (1.0,))], ids=["reverse", "forward"]
)
def test_a_number_that_passes_through_a_text_is_refused(
    function: Callable[..., Any], transform: Callable[..., Any]
) -> None:
    with pytest.raises(bp.BackproseError) as caught:
        transform(function)(0.7)
    assert caught.value.where is not None
    assert caught.value.section in ("data", "functions")


def test_a_number_may_be_shown(capsys: pytest.CaptureFixture[str]) -> None:
    def f(x: Any) -> Any:
        text = "%.2f" % x  # noqa: UP031
        label = f"{x:.3f}"
        print(text, label, "x is %s" % x, f"{x:.1f}", shown(x))  # noqa: UP031
        if label == "never":
            x = x * 3.0
        return label, x * len(label) * int(f"{x + 1:.0f}")

    (label, value), pullback = bp.vjp(f, 0.7)
    assert label == "0.700"
    assert value == 7.0
    assert pullback((None, 1.0)) == 10.0
    assert capsys.readouterr().out == "0.70 0.700 x is 0.7 0.7 0.7\n"


def test_a_list_in_an_object_that_a_function_changes_is_refused() -> None:
    def f(x: Any) -> Any:
        label = Label([x])
        list.append(label.text, 3 * x)
        return label.text[-1]

    with pytest.raises(bp.BackproseError, match="what is done with it is not known"):
        bp.grad(f)(0.7)


def test_a_text_and_a_call_of_a_function_that_is_a_value(capsys: pytest.CaptureFixture[str]) -> None:
    def f(x: Any) -> Any:
        name, show = "a", math.sin
        print(f"{name}{show(x):.1f}{name!r}{show(0.0)}")
        return x * x

    assert bp.grad(f)(0.7) == 1.4
    assert capsys.readouterr().out == "a0.6'a'0.0\n"
