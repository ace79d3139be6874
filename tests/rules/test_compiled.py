"""A call of every rule through the compiler: reverse and forward mode, and the tangent of the gradient."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests import differences
from tests.rules.cases import CASES, IN_THE_PLANE, NAMES, SEVERAL, Case

# SciPy 1.13 to 1.16 tell of a change in 0.18
pytestmark = pytest.mark.filterwarnings("ignore:The behavior of affine_transform with a 1-D array")

HEADER = "import cmath\nimport math\n\nimport numpy as np\n\nfrom backprose import support\n"
HEADER += "".join(f"from scipy import {name}\n" for name in NAMES if NAMES[name].__name__.startswith("scipy.")) + "\n\n"
UP_TO_SIGNS = (
    "linalg.eigh",
    "linalg.eig_banded",
    "linalg.eig",
    "linalg.eig_both",
    "linalg.svd",
    "linalg.lstsq",
)  # vectors are known so
OF_THEIR_OWN = ("unstack", "histogramdd")  # tests/rules/test_parts.py


def chosen() -> list[Case]:
    """One for each operation, each call that gives several arrays, and those of which NumPy warns."""
    found: dict[str, Case] = {}
    for case in CASES:
        if "support." not in case.expression and not case.alike:
            found.setdefault(case.op, case)
    seen: dict[tuple[str, str], Case] = {}
    for case in SEVERAL:
        results = len(eval(case.expression, dict(NAMES), dict(case.samples)))
        # of lstsq the rest has no rule; of one result no tuple is made
        if case.op.removeprefix("scipy.") not in (*UP_TO_SIGNS, *OF_THEIR_OWN) and results > 1:
            seen.setdefault((case.op, case.expression), case)
    return [*found.values(), *seen.values(), *IN_THE_PLANE]


CHOSEN = chosen()


def program(number: int, case: Case) -> str:
    """One number that the results decide, not linear in them."""
    spread = "np.sin(np.arange(1, np.size({0}) + 1)).reshape(np.shape({0}))"
    term = "np.sum(np.real(np.sin({1} * {0}) * " + spread + "))"
    results = eval(case.expression, dict(NAMES), dict(case.samples))
    if isinstance(results, tuple | list):
        terms = " + ".join(term.format(f"made[{k}]", 0.7 + 0.2 * k) for k in range(len(results)))
    else:
        terms = term.format("made", 0.7)
    return f"def f{number}({', '.join(case.samples)}):\n    made = {case.expression}\n    return {terms}\n"


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    yield from made(tmp_path_factory.mktemp("rules"), CHOSEN)


def made(folder: Path, cases: list[Case]) -> Iterator[ModuleType]:
    path = folder / "rule_programs.py"
    path.write_text(HEADER + "\n\n".join(program(number, case) for number, case in enumerate(cases)))
    spec = importlib.util.spec_from_file_location("rule_programs", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["rule_programs"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["rule_programs"]


@pytest.mark.parametrize("number", range(len(CHOSEN)), ids=[str(case) for case in CHOSEN])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_both_modes_and_the_second_order(programs: ModuleType, number: int) -> None:
    check(getattr(programs, f"f{number}"), CHOSEN[number])


def check(function: Any, case: Case) -> None:
    rng = np.random.default_rng(3)
    method = case.expression.startswith("x.")
    values = {
        n: float(v) if np.ndim(v) == 0 and isinstance(v, np.ndarray) and not method else v
        for n, v in case.samples.items()
    }
    names = tuple(n for n, v in values.items() if differences.is_inexact(v))
    point = [values[name] for name in names]
    ways = [differences.random_direction(one, rng) for one in point]

    def at(*moved: Any) -> Any:
        return function(**{**values, **dict(zip(names, moved, strict=True))})

    gradient = bp.grad(function, wrt=names)

    def slopes(*moved: Any) -> Any:
        return np.concatenate([np.ravel(one) for one in gradient(**{**values, **dict(zip(names, moved, strict=True))})])

    slope = differences.slope(at, point, ways)
    bars = gradient(**values)
    assert all(np.shape(bar) == np.shape(one) for bar, one in zip(bars, point, strict=True))
    assert slope.agrees(differences.inner(list(bars), ways)), "reverse"
    args = tuple(values.values())
    dots = tuple(ways[names.index(name)] if name in names else None for name in values)
    assert slope.agrees(bp.jvp(function, args, dots)[1]), "forward"
    second = bp.hvp(function, wrt=names)(*args, tuple(ways))
    turned = np.concatenate([np.ravel(one) for one in second])
    assert differences.slope(slopes, point, ways).agrees(turned), "second order"
