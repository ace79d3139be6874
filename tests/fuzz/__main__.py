"""``python -m tests.fuzz --profile full --count 3000 --seed 0``: random programs, counted by what came of them."""

from __future__ import annotations

import argparse
import multiprocessing
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType

from tests.fuzz.profiles import PROFILES, generate
from tests.fuzz.run import Outcome, check, run_seed, shrunk


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=3000, help="how many programs (default 3000)")
    parser.add_argument("--seed", type=int, default=0, help="the first seed; each program has the next one")
    parser.add_argument("--profile", choices=PROFILES, default="full", help="what they are made of (default full)")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--show", action="store_true", help="print the program of --seed and stop")
    parser.add_argument("--shrink", type=int, default=5, metavar="N", help="cut down the first N failures (default 5)")
    parser.add_argument("--primal-only", action="store_true", help="leave the compiler out: is the generator fair?")
    options = parser.parse_args()
    if options.show:
        print(generate(options.seed, options.profile).source)
        return 0

    seeds = range(options.seed, options.seed + options.count)
    work = partial(run_seed, profile=options.profile, compiler=not options.primal_only)
    kinds: Counter[str] = Counter()
    flat = 0
    refusals: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    failures: list[tuple[int, Outcome]] = []
    with multiprocessing.Pool(options.jobs) as pool, until_stopped():
        for seed, outcome in pool.imap(work, seeds, chunksize=5):
            kinds[outcome.kind] += 1
            flat += outcome.flat
            if outcome.kind == "refused":
                refusals[outcome.construct] += 1
            elif outcome.kind == "invalid":
                reasons[outcome.detail.splitlines()[0][:70]] += 1
            elif outcome.failed:
                failures.append((seed, outcome))
                print(f"seed {seed}: {outcome.kind}: {outcome.detail.strip().splitlines()[-1]}", flush=True)
    report(kinds, flat, refusals, reasons, f"{options.profile} programs from seed {options.seed}")
    for seed, outcome in sorted(failures, key=lambda failure: failure[0])[: options.shrink]:
        small = shrunk(generate(seed, options.profile))
        print(f"\n#### seed {seed}, {outcome.kind}\n{small.source}\n{check(small.source).detail}", flush=True)
    return 1 if failures else 0


@contextmanager
def until_stopped() -> Iterator[None]:
    """A run that is stopped (``kill``, Ctrl-C) reports what it has seen."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except KeyboardInterrupt:
        print("stopped", flush=True)
    finally:
        signal.signal(signal.SIGTERM, before)


def report(kinds: Counter[str], flat: int, refusals: Counter[str], reasons: Counter[str], title: str) -> None:
    total = kinds.total()
    fair = total - kinds["rough"] - kinds["invalid"]
    print(f"{total} {title}: {fair} fair, {kinds['rough']} rough, {kinds['invalid']} invalid")
    print(f"of the fair ones: {flat} have slope 0 in every direction tried, and test little")
    counts = ", ".join(f"{kind} {kinds[kind]}" for kind in ("right", "refused", "wrong", "crashed"))
    print(f"of the fair ones: {counts} ({kinds['refused'] / max(fair, 1):.1%} refused)")
    for what, counter in (("refused", refusals), ("invalid", reasons)):
        for reason, count in counter.most_common(30):
            print(f"  {what} {count:5d}  {reason}")


if __name__ == "__main__":
    sys.exit(main())
