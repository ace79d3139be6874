"""``python -m tests.benchmarks``: measures, prints the page and writes it to ``docs/benchmarks.md``."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

COMMAND = "python -m tests.benchmarks"
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
DOCS = Path(__file__).parents[2] / "docs" / "benchmarks.md"


def main() -> int:
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("--rounds", type=int, default=11, help="measurements of each entry (default: %(default)s)")
    output_help = "file to write, - for none (default: docs/benchmarks.md)"
    parser.add_argument("-o", "--output", default=str(DOCS), help=output_help)
    options = parser.parse_args()

    os.environ.update(dict.fromkeys(THREADS, "1"))  # read when NumPy is imported: by the next line
    from tests.benchmarks.report import page

    text = page(options.rounds, COMMAND, lambda line: print(line, file=sys.stderr, flush=True))
    print(text)
    if options.output != "-":
        Path(options.output).write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
