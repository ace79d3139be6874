"""Functions whose source is copied into dumped files where a test of three lines does not say all of it."""

from __future__ import annotations

import numpy as np


def check_arguments(arguments: dict[str, object], made_for: dict[str, str]) -> None:
    """Refuse arguments that are not what the function was written for.

    In float64[:, 3] a ``:`` is a length other than 1, a ``?`` any length.
    """
    for name, wanted in made_for.items():
        value = arguments[name]
        kind, bracket, inside = wanted.rstrip("]").partition("[")
        lengths = inside.split(", ") if inside else []
        if not isinstance(value, np.ndarray):
            found = "none" if value is None else "float" if isinstance(value, float) else type(value).__name__
            fits = not bracket and kind in (found, type(value).__name__)
        else:
            found = f"{value.dtype}[{', '.join(map(str, value.shape))}]"
            fits = kind in ("array", str(value.dtype)) and (bool(bracket) or kind == "array")
            if bracket and inside != "...":
                fits = fits and len(lengths) == value.ndim
                for n, length in zip(value.shape, lengths, strict=False):
                    fits = fits and (n != 1 if length == ":" else length in ("?", str(n)))
        if not fits:
            raise TypeError(f"{name} is {found}, but this function was written for {wanted}")


def check_overlap(arguments: dict[str, object], written: tuple[str, ...]) -> None:
    """Refuse an argument that shares memory with one that is written into."""
    arrays = {name: value for name, value in arguments.items() if isinstance(value, np.ndarray)}
    for name in arrays.keys() & set(written):
        for other, value in arrays.items():
            if other != name and np.shares_memory(arrays[name], value):
                raise ValueError(f"{name} is written into and shares memory with {other}: pass a copy")
