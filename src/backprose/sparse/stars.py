"""Colours for the columns of a symmetric matrix, fewer than where its symmetry is not used.

An element (i, j) can be read from the product with column j's colour where column j is the only one of that colour
with an element in row i; if it is not, then from the product with column i's colour, where column i is the only one of
that colour with an element in row j. Such colours are those of the graph of the matrix in which neighbours differ and
no path of four vertices has two colours only: Coleman and Moré, "Estimation of sparse Hessian matrices and graph
coloring problems" (1984). What two colours have in common are stars then, hence the name: Gebremedhin, Manne and
Pothen, "What color is your Jacobian?" (2005); to keep what is known of the stars on the way is from Gebremedhin,
Tarafdar, Manne and Pothen, "New acyclic and star coloring algorithms" (2007).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from backprose.sparse.colouring import Flags, Integers, lists


def starred(rows: Integers, columns: Integers, size: int) -> Integers:
    """The colour of each column of a symmetric matrix; of each element away from the diagonal one half may be missing.

    Greedily, in the columns' own order, and with those that have most neighbours first; the better is kept.

    >>> starred(np.array([0, 0, 0]), np.array([1, 2, 3]), 4)
    array([0, 1, 1, 1])
    """
    near = neighbours(rows, columns, size)
    own = star_greedy(near, range(size))
    largest_first = star_greedy(near, sorted(range(size), key=lambda column: -len(near[column])))
    return largest_first if largest_first.max(initial=-1) < own.max(initial=-1) else own


def neighbours(rows: Integers, columns: Integers, size: int) -> list[list[int]]:
    """Of each column those that have an element in its row, other than itself."""
    apart = rows != columns
    low, high = np.minimum(rows, columns)[apart], np.maximum(rows, columns)[apart]
    pairs = np.unique(low.astype(np.int64) * size + high)
    low, high = (one.astype(np.intp) for one in np.divmod(pairs, max(size, 1)))
    return lists(np.concatenate([low, high]), np.concatenate([high, low]), size)


def star_greedy(near: list[list[int]], order: Iterable[int]) -> Integers:
    """Each column in this order gets the first colour that is free. Sets of colours are bits of a number.

    ``around``: the colours of the neighbours; ``twice``: those of them that two neighbours have, so that this column,
    if it has a colour, is the hub of a star; ``hubs``: the colours of the hubs of stars in which a column is a leaf.
    """
    size = len(near)
    own, around, twice, hubs = [0] * size, [0] * size, [0] * size, [0] * size
    first: dict[tuple[int, int], int] = {}  # the first neighbour of a column that got a colour
    for column in order:
        taken = 0
        for other in near[column]:
            taken |= own[other]
            taken |= hubs[other]  # column - other - its hub - another one like it
            if own[other] & twice[column]:  # two neighbours of one colour: other - column is the middle of a path
                taken |= around[other]
        colour = ~taken & (taken + 1)  # the lowest bit that is not set
        own[column] = colour
        for other in near[column]:
            if not around[other] & colour:
                around[other] |= colour
                first[other, colour] = column
                continue
            if not twice[other] & colour:
                twice[other] |= colour
                hubs[first[other, colour]] |= own[other]
            hubs[column] |= own[other]
        for other in near[column]:
            if own[other] & twice[column]:
                hubs[other] |= colour
    return np.array([one.bit_length() - 1 for one in own], np.intp)


def places_of(rows: Integers, columns: Integers, colours: Integers, known: tuple[Integers, Integers]) -> Integers:
    """Where the elements of a symmetric matrix are in its products with the colours, one behind the other.

    ``known``: rows and columns of all its elements, each half of them.

    >>> rows, columns = np.array([0, 0, 1, 2]), np.array([1, 2, 0, 0])
    >>> places_of(rows, columns, np.array([0, 1, 1]), (rows, columns))
    array([1, 2, 1, 2])
    """
    size, count = colours.size, int(colours.max(initial=-1)) + 1
    seen, times = np.unique(known[0] * count + colours[known[1]], return_counts=True)

    def alone(line: Integers, across: Integers) -> Flags:
        found: Flags = times[np.searchsorted(seen, line * count + colours[across])] == 1
        return found

    own, mirrored = alone(rows, columns), alone(columns, rows)
    if not (own | mirrored).all():
        raise AssertionError("an element that no product shows by itself")
    return np.where(own, colours[columns] * size + rows, colours[rows] * size + columns)
