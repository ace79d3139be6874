"""``python -m tests.coverage``: writes docs/coverage.md, function by function: ours, HIPS autograd's, JAX's.

``--others``, where ``autograd`` and ``jax`` are installed, first looks up theirs again (tests/others.json).
"""

from __future__ import annotations

import argparse
import importlib
import importlib.metadata
import inspect
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from backprose.rules.registry import op_of, rule_of, solver_of, stand_in, why_uncovered
from backprose.rules.scipy import MODULES

ROOT = Path(__file__).parent.parent
PAGE, OTHERS = ROOT / "docs" / "coverage.md", Path(__file__).parent / "others.json"
OF_NUMPY = ("numpy", "numpy.linalg", "numpy.fft")
OF_SCIPY = tuple(f"scipy.{name}" for name in sorted((*MODULES, "signal.windows")) if name != "sparse")
HERE = f"NumPy {importlib.metadata.version('numpy')} and SciPy {importlib.metadata.version('scipy')}"
METHODS = ("logpdf", "pdf", "logpmf", "pmf", "cdf", "logcdf", "sf", "logsf", "ppf", "isf")  # of distributions


@dataclass(frozen=True)
class Entry:
    """A public function: what is known of it here, and whether the others have a derivative of it."""

    name: str
    ours: str  # "rule", "constant", "not yet", "no operation", "" (nothing is said)
    reason: str
    autograd: bool
    jax: bool


def public(name: str) -> dict[str, Any]:
    """The functions of a module, and the methods of the distributions in it."""
    found: dict[str, Any] = {}
    module = importlib.import_module(name)
    for key in sorted(getattr(module, "__all__", dir(module))):
        value = getattr(module, key, None)
        if key.startswith("_") or isinstance(value, type | ModuleType):
            continue
        if callable(value) and not _is_distribution(value):
            found[key] = value
        elif _is_distribution(value):
            methods = ((method, getattr(value, method, None)) for method in METHODS)
            found |= {f"{key}.{method}": bound for method, bound in methods if op_of(bound) is not None}
    return found


def _is_distribution(value: Any) -> bool:
    return hasattr(value, "rvs") and not inspect.isfunction(value)


def entries(name: str) -> Iterator[Entry]:
    """Those of one module."""
    others = json.loads(OTHERS.read_text())
    theirs = {who: set(others[who]["functions"].get(name, ())) for who in ("autograd", "jax")}
    for key, function in public(name).items():
        op, why = op_of(function), why_uncovered(function)
        rule = None if op is None else rule_of(op)
        ours = "" if why is None else "no operation"
        if rule is not None:
            ours = rule.kind if rule.kind in ("constant", "not yet") else "rule"
        if solver_of(function) is not None or stand_in(function) is not None:
            ours = "rule"
        reason = (why or "") if rule is None else rule.reference if ours != "rule" else ""
        yield Entry(key, ours, reason, key in theirs["autograd"], key in theirs["jax"])


def page() -> str:
    """The whole page."""
    others = json.loads(OTHERS.read_text())
    versions = f"autograd {others['autograd']['version']}, JAX {others['jax']['version']}"
    lines = [
        "# Coverage",
        "",
        "<!-- written by python -m tests.coverage -->",
        "",
        f"The public functions of {HERE} (of SciPy the parts that have rules), beside {versions}.",
        "*rule*: it has a derivative here; *constant*: its derivative is zero; *not yet*: it has one that nobody has",
        "written down here, or a choice that nobody has made; *no operation*: it computes nothing that a derivative",
        "could pass through. A call of what has no rule is refused where a derivative would pass through it.",
        "`backprose rules` shows the rules.",
        "",
        "| module | functions | rule | constant | not yet | no operation | autograd | JAX |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    tables: list[str] = []
    for name in (*OF_NUMPY, *OF_SCIPY):
        found = list(entries(name))
        kinds = [one.ours for one in found]
        counts = [len(found), *(kinds.count(kind) for kind in ("rule", "constant", "not yet", "no operation"))]
        counts += [sum(one.autograd for one in found), sum(one.jax for one in found)]
        lines.append(f"| [{name}](#{name.replace('.', '')}) | {' | '.join(map(str, counts))} |")
        tables += ["", f"## {name}", "", "| function | here | autograd | JAX | |", "| --- | --- | --- | --- | --- |"]
        for one in found:
            reason = one.reason.replace("\n", " ").replace("|", "\\|")
            tables.append(f"| `{one.name}` | {one.ours} | {_mark(one.autograd)} | {_mark(one.jax)} | {reason} |")
    return "\n".join((*lines, *tables)) + "\n"


def _mark(is_there: bool) -> str:
    return "yes" if is_there else ""


# ---------------------------------------------------------------- the others
def look_up_others() -> dict[str, Any]:
    """What ``autograd`` has a derivative of, and what ``jax`` has at all."""
    from autograd.core import primitive_vjps

    made: dict[str, Any] = {
        who: {"version": importlib.metadata.version(who), "functions": {}} for who in ("autograd", "jax")
    }
    for name in (*OF_NUMPY, *OF_SCIPY):
        modules = {"autograd": _module(f"autograd.{name}"), "jax": _module("jax." + name)}
        for who, module in modules.items():
            keys = [key for key in public(name) if (value := _at(module, key)) is not None and callable(value)]
            if who == "autograd":
                keys = [key for key in keys if _is_differentiable(_at(module, key), primitive_vjps)]
            made[who]["functions"][name] = keys
    return made


def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _at(module: Any, path: str) -> Any:
    for part in path.split("."):
        module = getattr(module, part, None)
    return module


def _is_differentiable(function: Any, primitives: Any) -> bool:
    """One with a rule, or one that is written with those that have one."""
    return function in primitives or not hasattr(function, "fun")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.coverage", description=__doc__)
    parser.add_argument("--others", action="store_true", help="look up autograd's and JAX's again")
    if parser.parse_args().others:
        OTHERS.write_text(json.dumps(look_up_others(), indent=1) + "\n")
    PAGE.write_text(page())


if __name__ == "__main__":
    main()
