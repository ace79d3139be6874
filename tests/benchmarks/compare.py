"""``python -m tests.benchmarks.compare OTHER``: this checkout beside another one, in one run.

Each has a process of its own, with its own ``src`` in front; the benchmark is that of this checkout. Every round times
each entry in one and then in the other, so that a ratio is of neighbours in time: printed are the median of the ratios
and their quartiles. What lies between quartiles on both sides of 1 is noise.
"""

from __future__ import annotations

import argparse
import functools
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.__main__ import THREADS

ROOT = Path(__file__).parents[2]
HEAP = {"MALLOC_TRIM_THRESHOLD_": "1000000000", "MALLOC_MMAP_THRESHOLD_": "1000000000"}
"""For glibc: whether memory is given back after a call, and fetched again page by page, is chance of its layout."""
REFUSED = "nan"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.compare", description=__doc__)
    parser.add_argument("other", nargs="?", help="the root of another checkout")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--only", default="", help="entries whose name holds this text")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        return serve()
    if options.other is None:
        parser.error("the other checkout is missing")
    sides = [Side(ROOT), Side(Path(options.other))]
    print(f"{'entry':58} {'here':>10} {'there':>10} {'here / there':>12}  quartiles")
    for name in sides[0].names:
        if options.only not in name or name not in sides[1].names:
            continue
        pairs = [[side.seconds(name) for side in sides] for _ in range(options.rounds)]
        ratios = [here / there for here, there in pairs if here > 0 and there > 0]
        if len(ratios) < 2:
            print(f"{name:58} refused by one of them")
            continue
        low, middle, high = statistics.quantiles(ratios, n=4, method="inclusive")
        here, there = (statistics.median(column) * 1e6 for column in zip(*pairs, strict=True))
        print(f"{name:58} {here:8.1f}us {there:8.1f}us {middle:12.2f}  {low:.2f} - {high:.2f}", flush=True)
    for side in sides:
        side.close()
    return 0


class Side:
    """One checkout's process: it is told the number of an entry and answers with seconds."""

    def __init__(self, root: Path) -> None:
        path = os.pathsep.join([str(root / "src"), str(ROOT)])
        environment = {**os.environ, "PYTHONPATH": path, **dict.fromkeys(THREADS, "1"), **HEAP}
        command = [sys.executable, "-m", "tests.benchmarks.compare", "--serve"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT
        )
        where, *self.names = self.line().split("\t")
        if Path(where) != (root / "src").resolve():
            raise SystemExit(f"{root} is not what was imported, but {where}")

    def close(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().rstrip("\n")

    def seconds(self, name: str) -> float:
        """Seconds of one call; nan where it is refused."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{self.names.index(name)}\n")
        self.process.stdin.flush()
        return float(self.line())


def serve() -> int:
    import backprose
    from tests.benchmarks.timing import interleaved

    measured = entries()
    print(Path(backprose.__file__).resolve().parents[1], *measured, sep="\t", flush=True)
    made: dict[str, Callable[[], float]] = {}
    for line in sys.stdin:
        name = list(measured)[int(line)]
        try:
            if name not in made:
                kind, make = measured[name]
                call = make()
                made[name] = call if kind == "transform" else lambda call=call: interleaved({"": call}, 1)[""][0]  # type: ignore[misc]
            print(made[name](), flush=True)
        except backprose.BackproseError:
            print(REFUSED, flush=True)
    return 0


def entries() -> dict[str, tuple[str, Callable[[], Any]]]:
    """What is timed: gradients, their transforms, sparse Jacobians; made when first asked for."""
    import backprose as bp
    from tests.benchmarks import sparse
    from tests.benchmarks.cases import CASES, Case
    from tests.benchmarks.transforms import LENGTHS, transform, transform_of_chain

    def gradient(case: Case) -> Callable[[], Any]:
        return functools.partial(bp.grad(case.fresh(), wrt=case.asked), *case.args)

    found: dict[str, tuple[str, Callable[[], Any]]] = {}
    for case in CASES:
        found[f"gradient: {case.shown}"] = "call", functools.partial(gradient, case)
        found[f"transform: {case.shown}"] = (
            "transform",
            functools.partial(functools.partial, transform, case, 1),
        )
    for length in LENGTHS:
        found[f"transform: {length} statements"] = (
            "transform",
            functools.partial(functools.partial, transform_of_chain, length),
        )
    for one in sparse.cases() if hasattr(bp, "jacobian") else ():  # an early checkout has none
        made = functools.partial(lambda one: functools.partial(one.derivative(), *one.args), one)
        found[f"sparse: {one.shown}"] = "call", made
    return found


if __name__ == "__main__":
    raise SystemExit(main())
