"""One array made several. The results are views; their cotangents are joined as the parts were cut."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from backprose.rules.registry import linear, several, views
from backprose.support import unsplit


def parts(given: Mapping[str, Any]) -> int | None:
    """How many parts a number of them, or the places between them, gives."""
    cut = given["indices_or_sections"]
    if isinstance(cut, tuple):
        return len(cut) + 1 if cut else None
    return cut if isinstance(cut, int) and cut > 1 else None


@linear(np.split)
def split(ary, indices_or_sections, axis=0, *, out_bar):
    if isinstance(indices_or_sections, int):
        return np.concatenate(out_bar, axis)
    return unsplit(out_bar, ary, indices_or_sections, axis)


@linear(np.array_split)
def array_split(ary, indices_or_sections, axis=0, *, out_bar):
    if isinstance(indices_or_sections, int):
        return np.concatenate(out_bar, axis)
    return unsplit(out_bar, ary, indices_or_sections, axis)


@linear(np.hsplit)
def hsplit(ary, indices_or_sections, *, out_bar):
    """Along the second axis; a vector along its only one."""
    axis = 0 if np.ndim(ary) == 1 else 1
    if isinstance(indices_or_sections, int):
        return np.concatenate(out_bar, axis)
    return unsplit(out_bar, ary, indices_or_sections, axis)


@linear(np.vsplit)
def vsplit(ary, indices_or_sections, *, out_bar):
    if isinstance(indices_or_sections, int):
        return np.concatenate(out_bar, 0)
    return unsplit(out_bar, ary, indices_or_sections, 0)


@linear(np.dsplit)
def dsplit(ary, indices_or_sections, *, out_bar):
    if isinstance(indices_or_sections, int):
        return np.concatenate(out_bar, 2)
    return unsplit(out_bar, ary, indices_or_sections, 2)


def unknown(given: Mapping[str, Any]) -> int | None:
    """Where each of them gets a name they are the rows of the array, and never come here."""
    return None


if hasattr(np, "unstack"):  # NumPy 2.1

    @linear(np.unstack)
    def unstack(x, *, axis=0, out_bar):
        return np.stack(out_bar, axis=axis)

    views(np.unstack)
    several(np.unstack, results=unknown)

views(np.split, np.array_split, np.hsplit, np.vsplit, np.dsplit)
several(np.split, np.array_split, np.hsplit, np.vsplit, np.dsplit, results=parts)
