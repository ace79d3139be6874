"""Numbers and tables as the page shows them."""

from __future__ import annotations

from collections.abc import Sequence


def time_text(seconds: float) -> str:
    """Three digits and a unit.

    >>> time_text(0.00012345), time_text(2.5), time_text(0.0999999)
    ('123 us', '2.50 s', '100 ms')
    """
    value, unit = seconds, "s"
    for smaller in ("ms", "us"):
        if value >= 0.9995:
            break
        value, unit = value * 1000, smaller
    return f"{_three_digits(value)} {unit}"


def bytes_text(size: float) -> str:
    """Three digits and a unit, of 1000 of the smaller one.

    >>> bytes_text(17_640_000), bytes_text(999_600), bytes_text(812)
    ('17.6 MB', '1.00 MB', '0.81 kB')
    """
    value, unit = size / 1000, "kB"
    if value >= 999.5:
        value, unit = value / 1000, "MB"
    return f"{_three_digits(value)} {unit}"


def _three_digits(value: float) -> str:
    return f"{value:.{max(0, 2 - (value >= 9.995) - (value >= 99.95))}f}"


def ratio_text(ratio: float | None) -> str:
    """Two decimals; a dash where there is nothing to compare."""
    return "-" if ratio is None else f"{ratio:.2f}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]], left: Sequence[int] = (0,)) -> str:
    """A table in Markdown; all columns to the right but those in ``left``.

    >>> print(table(("a", "b"), [("1", "2")]))
    | a | b |
    | --- | ---: |
    | 1 | 2 |
    """
    ruler = ["---" if k in left else "---:" for k in range(len(head))]
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, ruler, *rows))
