"""Second and third derivatives of all test programs: every nesting of the modes against differences and each other.

A run tries a part of them; ``--all-orders`` tries all. What is refused at a higher order, and at no lower one, is named
here with the reason; an entry that works by now fails, and has to go.
"""

from __future__ import annotations

import contextlib
import io
import warnings

import pytest

import backprose as bp
from tests import differences
from tests.checks import is_guard
from tests.corpus import GoldenProgram, load, names_in
from tests.higher_orders import FOLDERS, check, point_of

RECURSIVE = "what a function that calls itself saves is a tree of any depth, of which no type is known"
REFUSED = {
    "v_cycle": RECURSIVE,
    "multigrid": RECURSIVE,
    "recursion": RECURSIVE,
    "mutual_recursion": RECURSIVE,
    "recursive_writer": RECURSIVE,
    "try_half_way": "an exception in a backward sweep",
    "out_of_unknown_dtype": "a sum into an array of a dtype that only the run tells",
    "structures_printed": "an object that is printed, of which a derivative has no class",
}
LISTS = "what a backward sweep has saved is a list of lists, of which no form is known"
REFUSED_THIRD = {  # right at the second order
    "portfolio": LISTS,
    "ranked": LISTS,
    "trajectory": LISTS,
    "stepping": "an exception in a backward sweep",
    "network": "an adjoint that may share memory is written in place",
    "view_that_is_a_copy": "an adjoint that may share memory is written in place",
    "molecular_dynamics": "an adjoint that may share memory is written in place",
    "shallow_water": "an adjoint that may share memory is written in place",
    "givens_qr": LISTS,
    "inventory": "a list of saved values that is another one on one of the ways",
    "lists_bound_anew": "a list of saved values that is another one on one of the ways",
}
PROGRAMS = [(folder, name) for folder in FOLDERS for name in names_in(folder)]
THIRD = [
    ("golden", "horner"),
    ("golden", "early_return"),  # lists of saved values that only one way makes
    ("golden", "counted"),  # globals that are written
    ("constructs", "while_of_data"),
    ("constructs", "objects"),
    ("constructs", "methods"),
]
QUICK = {2: PROGRAMS[::8], 3: THIRD}


@pytest.fixture
def everything(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--all-orders"))


def refused_at_once(program: GoldenProgram) -> bool:
    try:
        bp.vjp(program.function, *differences.fresh(point_of(program)), wrt=program.wrt)
    except bp.BackproseError:
        return True
    except ValueError as error:
        if is_guard(error):
            return True
        raise
    return False


def wrong_with(program: GoldenProgram, order: int) -> list[str]:
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return check(program, (order,))


@pytest.mark.parametrize(("folder", "name"), PROGRAMS, ids=[name for _, name in PROGRAMS])
@pytest.mark.parametrize("order", [2, 3])
def test_nestings(folder: str, name: str, order: int, everything: bool) -> None:
    if not everything and (folder, name) not in QUICK[order]:
        pytest.skip("--all-orders tries it")
    program = load(name, folder)
    if refused_at_once(program):
        return
    wrong = wrong_with(program, order)
    if name in REFUSED or (order == 3 and name in REFUSED_THIRD):
        assert wrong, f"{name} works: take it from the list of what is refused"
        assert all("refused" in line for line in wrong), wrong
        return
    assert not wrong, wrong
