"""The text of signatures, annotations, and the types of running values."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from backprose.errors import ArgumentError
from backprose.ir.types import Extent, Type
from backprose.ir.values import key_of, type_of_value
from backprose.signatures import of_annotations, read_like, read_type, spell

VALUES: list[Any] = [
    1.0, 1, True, 1j, None, "a", [1.0], (1, 2.0), (1.0, 2), tuple(range(20)), {}, len, np, int,
    np.float64(1), np.float32(1), np.int64(1), np.bool_(True),
    np.array(1.0), np.zeros(0), np.zeros(1), np.zeros(3), np.zeros((3, 1)), np.zeros((1, 3)), np.zeros((3, 3)),
    np.zeros(3, np.float32), np.zeros(3, int), np.zeros(3, object), np.ma.masked_array([1.0]),
    (np.zeros(3), np.zeros(1)), (np.zeros(3), np.zeros(2)),
]  # fmt: skip


def test_equal_keys_mean_equal_types() -> None:
    for first in VALUES:
        for second in VALUES:
            if key_of(first) == key_of(second):
                assert type_of_value(first, "x") == type_of_value(second, "x")
    hash(tuple(map(key_of, VALUES)))


def test_lengths_other_than_one_are_not_looked_at() -> None:
    assert key_of(np.zeros((3, 0))) == key_of(np.zeros((2, 7)))
    assert type_of_value(np.zeros((3, 1)), "x").shape == (Extent("x.shape[0]", not_one=True), 1)


def test_subclasses_may_mean_anything() -> None:
    class Odd(float):
        def __mul__(self, other: object) -> float:
            return 0.0

    class Wrapped(np.ndarray):
        pass

    assert type_of_value(Odd(1.0)) == Type()
    assert type_of_value(np.zeros(3).view(Wrapped)) == Type()
    assert type_of_value(np.ma.masked_array([1.0])) == Type()


@pytest.mark.parametrize(
    "text",
    [
        "float",
        "int",
        "bool",
        "str",
        "none",
        "tuple",
        "list",
        "any",
        "array",
        "float32",
        "int64",
        "float64[]",
        "float64[:]",
        "float32[:, 3, ?]",
        "float64[...]",
        "array[:, 1]",
        "bool[0]",
    ],
)
def test_text_and_back(text: str) -> None:
    assert spell(read_type(text, "x")) == text


def test_like_is_read_with_any_spaces() -> None:
    assert read_like(" x :float64[ :,3 ]") == read_like("x: float64[:, 3]")


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "x float",
        "x: floaty",
        "x: float64[",
        "x: float64[:",
        "x: float64[a]",
        "x: float64[-1]",
        "x: <U3",
        "x: float64[:]]",
        "1x: float",
        "x:",
        ": float",
        "x: float[:]x",
        "x: datetime64[:]",
    ],
)
def test_text_that_means_nothing(text: str) -> None:
    with pytest.raises(ArgumentError):
        read_like(text)


def test_annotations() -> None:
    def f(
        a: float,
        b: int,
        c: np.ndarray,
        d: npt.NDArray[np.float32],
        e: np.ndarray[tuple[int, int], np.dtype[np.float64]],
        f: np.float32,
        g: "float64[:, 3]",  # noqa: F821, UP037
        h: npt.NDArray[Any],
        i: float | None,
        j: SomeType,  # noqa: F821 # type: ignore[name-defined]
        k,
        m: npt.ArrayLike,
        n: tuple[int, ...],
        o: np.floating[Any],
    ) -> float: ...

    found = {name: spell(known) for name, known in of_annotations(f).items()}
    assert found == {
        "a": "float", "b": "int", "c": "array", "d": "float32[...]", "e": "float64[?, ?]", "f": "float32",
        "g": "float64[:, 3]", "h": "array", "n": "tuple",
    }  # fmt: skip
