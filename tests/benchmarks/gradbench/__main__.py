"""Without arguments: times all evals at small sizes and prints a table, with PyTorch and JAX where they are installed.
``serve``: answers GradBench's messages on standard input."""

from __future__ import annotations

import argparse
import os
import sys

COMMAND = "python -m tests.benchmarks.gradbench"
ONE_THREAD = {
    **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
}


def main() -> int:
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("what", nargs="?", choices=("table", "serve"), default="table", help="default: %(default)s")
    parser.add_argument("--serve", action="store_true", help="the same as serve")
    parser.add_argument("--rounds", type=int, default=7, help="measurements of each function (default: %(default)s)")
    parser.add_argument("--only", default="", help="only rows that begin with this")
    options = parser.parse_args()

    if options.serve or options.what == "serve":
        from tests.benchmarks.gradbench.tool import serve

        serve(sys.stdin, sys.stdout)
        return 0
    os.environ.update(ONE_THREAD)  # read when NumPy and the others are imported: by the next line
    from tests.benchmarks.gradbench.table import lines

    for line in lines(options.rounds, options.only):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
