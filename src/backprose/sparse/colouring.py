"""Colours for the columns of a sparse matrix, so that no two of one colour have a row in common.

One product with the sum of a colour's unit vectors then gives all of its columns: Curtis, Powell and Reid, "On the
estimation of sparse Jacobian matrices" (1974). Such colours are those of a graph, in which two columns are neighbours
that share a row: Coleman and Moré, "Estimation of sparse Jacobian matrices and graph coloring problems" (1983);
Gebremedhin, Manne and Pothen, "What color is your Jacobian?" (2005).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np

Integers: TypeAlias = "np.ndarray[Any, np.dtype[np.intp]]"
Flags: TypeAlias = "np.ndarray[Any, np.dtype[np.bool_]]"

MOST_NEIGHBOURS = 3_000_000  # pairs of columns that an order is worked out for


def coloured(rows: Integers, columns: Integers, shape: tuple[int, int]) -> Integers:
    """The colour of each column, of a matrix with elements at these places, each named once.

    Greedily, each column the first colour that no neighbour has: in their own order, which is best for bands; where
    that takes more colours than the fullest row asks for, in the order "smallest last" as well, and the better is kept.

    >>> rows, columns = np.array([0, 0, 1, 1, 2, 2]), np.array([0, 1, 1, 2, 2, 3])
    >>> coloured(rows, columns, (3, 4))
    array([0, 1, 0, 1])
    """
    per_column = lists(columns, rows, shape[1])
    colours = greedy(per_column, shape[0], range(shape[1]))
    needed = np.bincount(rows, minlength=1).max()
    if needed < colours.max(initial=-1) + 1:
        order = smallest_last(rows, columns, shape)
        other = colours if order is None else greedy(per_column, shape[0], order)
        if other.max() < colours.max():
            return other
    return colours


def lists(keys: Integers, values: Integers, count: int) -> list[list[int]]:
    """The values that belong to each of ``count`` keys."""
    order = np.argsort(keys, kind="stable")
    ends = np.cumsum(np.bincount(keys, minlength=count)).tolist()
    listed = values[order].tolist()
    return [listed[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)] if count else []


def greedy(per_column: list[list[int]], height: int, order: Iterable[int]) -> Integers:
    """Each column in this order gets the first colour that is free; the colours in each row are bits of a number."""
    taken = [0] * height
    colours = [0] * len(per_column)
    for column in order:
        rows = per_column[column]
        near = 0
        for row in rows:
            near |= taken[row]
        free = ~near & (near + 1)  # the lowest bit that is not set
        for row in rows:
            taken[row] |= free
        colours[column] = free.bit_length() - 1
    return np.array(colours, np.intp)


def smallest_last(rows: Integers, columns: Integers, shape: tuple[int, int]) -> list[int] | None:
    """An order in which each column has few neighbours before it: the one with the fewest left comes last, and so on
    (Matula and Beck, "Smallest-last ordering", 1983). None where there are too many neighbours to go through."""
    if (np.bincount(rows).astype(float) ** 2).sum() > MOST_NEIGHBOURS:
        return None
    per_row = lists(rows, columns, shape[0])
    near: list[set[int]] = [set() for _ in range(shape[1])]
    for listed in per_row:
        for column in listed:
            near[column].update(listed)
    degrees = [len(found) for found in near]
    waiting: list[list[int]] = [[] for _ in range(max(degrees, default=0) + 1)]
    for column, degree in enumerate(degrees):
        waiting[degree].append(column)
    order: list[int] = []
    left, lowest = [True] * shape[1], 0
    while len(order) < shape[1]:
        if not waiting[lowest]:
            lowest += 1
            continue
        column = waiting[lowest].pop()
        if not left[column] or degrees[column] != lowest:  # it has moved to another list since
            continue
        left[column] = False
        order.append(column)
        for other in near[column]:
            if left[other]:
                degrees[other] -= 1
                waiting[degrees[other]].append(other)
        lowest = max(lowest - 1, 0)
    return order[::-1]
