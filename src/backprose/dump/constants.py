"""Values as Python text that gives them back bit for bit, or not at all."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np

MOST_ELEMENTS = 100  # a larger array is data, not a constant


def literal(value: Any) -> str | None:
    """The text of a constant, in which NumPy is called ``np``; None where there is no exact text.

    >>> literal((1, -0.0, float("inf"))), literal(np.array([[1.5, 2.0]], dtype=np.float32))
    ('(1, -0.0, float("inf"))', 'np.array([[1.5, 2.0]], dtype="float32")')
    >>> literal([1]) is None, literal(np.zeros(1000)) is None
    (True, True)
    """
    text = _text(value)
    if text is None:
        return None
    same = eval(text, {"np": np})  # noqa: S307 - our own text
    return text if _identical(value, same) else None


def needs_numpy(text: str) -> bool:
    """Whether a text of ``literal`` speaks of ``np``."""
    return "np." in text


def _text(value: Any) -> str | None:
    kind = type(value)
    if kind in (bool, int, str, bytes, type(None), type(...), range):
        return repr(value)
    if kind is float:
        return repr(value) if np.isfinite(value) else f'float("{value}")'
    if kind is complex:
        return f"complex({_text(value.real)}, {_text(value.imag)})"
    if kind is tuple:
        items = [_text(item) for item in value]
        if None in items:
            return None
        return f"({', '.join(map(str, items))}{',' if len(items) == 1 else ''})"
    if isinstance(value, np.generic) and value.dtype.kind in "biufc":
        return f"np.{value.dtype.name}({_text(value.item())})"
    if kind is np.ndarray and value.dtype.kind in "biufc" and value.size <= MOST_ELEMENTS:
        return _array(value)
    return None


def _array(value: np.ndarray[Any, Any]) -> str:
    dtype = "" if value.dtype == float and value.size else f', dtype="{value.dtype.name}"'
    if not value.size:
        return f"np.zeros({value.shape}{dtype})"
    text = f"np.array({_nested(value.tolist())}{dtype})"
    return text if value.flags.c_contiguous else f"np.asfortranarray({text})"


def _nested(value: Any) -> str:
    return f"[{', '.join(map(_nested, value))}]" if isinstance(value, list) else str(_text(value))


def _identical(first: Any, second: Any) -> bool:
    if type(first) is not type(second):
        return False
    if isinstance(first, np.ndarray):
        return (
            (first.dtype, first.shape, first.strides) == (second.dtype, second.shape, second.strides)
            and first.flags.writeable == second.flags.writeable
            and first.tobytes() == second.tobytes()
        )
    if isinstance(first, np.generic):
        return bool(first.tobytes() == second.tobytes())
    return repr(first) == repr(second)


def assignment(name: str, text: str, width: int = 100) -> str:
    """``name = text``, an array over several lines where it is long."""
    line = f"{name} = {text}"
    if len(line) <= width or not text.startswith("np."):
        return line + "\n"
    head, _, body = line.partition("(")
    inside = textwrap.fill(body[:-1], width, initial_indent="    ", subsequent_indent="    ", break_long_words=False)
    return f"{head}(\n{inside}\n)\n"
