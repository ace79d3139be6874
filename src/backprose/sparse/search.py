"""The pattern of a sparse matrix, found by marks: which rows does a mark in some of its columns reach?

Blocks of columns are marked first, then their parts. Blocks that share no row are marked in one run, since each row
that is reached then tells which of them it was. So it takes a few runs for each level, however many columns there are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from backprose.errors import UnsupportedError
from backprose.sparse.colouring import Flags, Integers, greedy, lists

Run = Callable[[Sequence[Flags]], Sequence[Flags]]  # the rows that marks in these columns reach, for each of several

PARTS = 4  # of a block, at the next level
FIRST = 16  # blocks, at the first level
AT_ONCE = 32  # runs, whose results are held together


class Search:
    """The elements found so far, in blocks of ``size`` columns.

    >>> band = np.eye(50) + np.eye(50, k=1)
    >>> search = Search(lambda marked: [band @ columns > 0 for columns in marked], 50, 50)
    >>> search.refine(most=8), search.rows.size, search.runs < 50
    (True, 99, True)
    """

    def __init__(self, run: Run, height: int, width: int) -> None:
        self.run, self.height, self.width = run, height, width
        self.runs = 0
        self.size = 1
        while self.size * FIRST < width:
            self.size *= PARTS
        blocks = -(-width // self.size)
        self.rows, self.blocks = (np.ravel(one) for one in np.indices((height, blocks)))
        self.started = False

    def refine(self, most: int | None) -> bool:
        """Go on, as long as no level takes more than ``most`` colours; whether the pattern is found."""
        if not self.width or not self.height:
            return True
        if not self.started:
            blocks = -(-self.width // self.size)
            self._level(np.arange(blocks), self.size)
            self.started = True
        while self.size > 1:
            per_block = lists(self.blocks, self.rows, -(-self.width // self.size))
            colours = greedy(per_block, self.height, range(len(per_block)))
            if most is not None and colours.max() >= most:
                return False
            self._level(colours, self.size // PARTS)
        return True

    def _level(self, colours: Integers, size: int) -> None:
        """One run for each colour of blocks and each part of these."""
        parts = self.size // size
        column = np.arange(self.width)
        colour_of, part_of = colours[column // self.size], column % self.size // size
        order = np.argsort(colours[self.blocks], kind="stable")
        rows, blocks = self.rows[order], self.blocks[order]
        ends = np.cumsum(np.bincount(colours[blocks], minlength=colours.max() + 1))
        asked = [(colour, part) for colour in range(len(ends)) for part in range(parts)]
        found_rows, found_blocks = [], []
        for start in range(0, len(asked), AT_ONCE):
            now = asked[start : start + AT_ONCE]
            reached = self.run([(colour_of == colour) & (part_of == part) for colour, part in now])
            self.runs += len(now)
            for (colour, part), flags in zip(now, reached, strict=True):
                mine = slice(ends[colour - 1] if colour else 0, ends[colour])
                hit = flags[rows[mine]]
                if np.count_nonzero(hit) != np.count_nonzero(flags):
                    raise UnsupportedError(
                        "the function does not compute the same thing from run to run",
                        why="parts of the arguments reach results that the whole did not reach",
                        instead="leave sparse=True out",
                        section="sparse",
                    )
                found_rows.append(rows[mine][hit])
                found_blocks.append(blocks[mine][hit] * parts + part)
        self.rows, self.blocks, self.size = np.concatenate(found_rows), np.concatenate(found_blocks), size
