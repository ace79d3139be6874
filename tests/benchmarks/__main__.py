"""``python -m tests.benchmarks``: measures, prints the page and writes it, with its picture, into ``docs``.

With ``--only`` the gradients of some cases alone, to look at.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
from pathlib import Path

COMMAND = "python -m tests.benchmarks"
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
XLA_FLAGS = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
DOCS = Path(__file__).parents[2] / "docs" / "benchmarks.md"


def main() -> int:
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("--rounds", type=int, default=11, help="measurements of each entry (default: %(default)s)")
    parser.add_argument("--only", metavar="PATTERN", default="", help="cases whose name and size hold this text")
    output_help = "file to write, - for none (default: docs/benchmarks.md)"
    parser.add_argument("-o", "--output", default=str(DOCS), help=output_help)
    options = parser.parse_args()

    os.environ.update(dict.fromkeys(THREADS, "1"))  # read when NumPy and JAX are imported: by what follows
    os.environ["XLA_FLAGS"] = XLA_FLAGS
    from tests.benchmarks.report import gradients, page, tables

    def log(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    lines = gradients(options.rounds, options.only, log)
    if options.only:
        if not lines:
            parser.error(f"no case's name holds {options.only!r}")
        print(tables(lines))
        return 0
    output = None if options.output == "-" else Path(options.output)
    picture = None if output is None or importlib.util.find_spec("matplotlib") is None else output.with_suffix(".svg")
    if picture is not None:
        from tests.benchmarks.plot import draw

        draw(lines, picture)
    text = page(lines, options.rounds, COMMAND, picture.name if picture is not None else "", log)
    print(text)
    if output is not None:
        output.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
