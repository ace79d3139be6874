"""The ratios of the table as a picture; needs matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.lines import Line

SERIES = (  # what is drawn: name, colour, marker
    ("primal / gradient", "0.5", "|"),
    ("by hand / gradient", "tab:green", "o"),
    ("JAX / gradient", "tab:blue", "s"),
    ("autograd / gradient", "tab:red", "D"),
)


def draw(lines: Sequence[Line], path: Path) -> None:
    """An SVG; the same figures give the same file."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.hashsalt": "benchmarks", "svg.fonttype": "none", "font.size": 8}):
        figure = Figure(figsize=(8, 0.6 + 0.2 * len(lines)), layout="constrained")
        axes = figure.subplots()
        for name, colour, marker in SERIES:
            points = [(ratio(line, name), k) for k, line in enumerate(reversed(lines))]
            drawn = [(x, k) for x, k in points if x is not None]
            if drawn:
                axes.plot(*zip(*drawn, strict=True), marker, color=colour, label=name, markersize=4)
        axes.set_xscale("log")
        axes.axvline(1, color="black", linewidth=0.8)
        axes.set_yticks(range(len(lines)), [line.case.shown for line in reversed(lines)])
        axes.grid(visible=True, linewidth=0.3)
        axes.set_xlabel("time, over that of the emitted gradient: what is to the right of 1 is slower")
        figure.legend(loc="outside upper center", ncols=len(SERIES), frameon=False)
        figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})


def ratio(line: Line, name: str) -> float | None:
    upper, lower = name.split(" / ")
    return line.over(line.jax if upper == "JAX" else upper, lower)
