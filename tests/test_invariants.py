"""The promises that hold for every derivative, over every golden program (others stand in ``test_golden``)."""

from __future__ import annotations

import ast
import contextlib
import importlib
import importlib.util
import io
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType, FunctionType, ModuleType
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests import differences
from tests.checks import same_bits
from tests.corpus import NAMES, GoldenProgram, emitted, load
from tests.test_golden import as_tuple, tangents_of


@pytest.fixture(params=NAMES)
def program(request: pytest.FixtureRequest) -> GoldenProgram:
    return load(request.param)


def printed(function: Callable[..., Any], *args: Any) -> tuple[Any, str]:
    """The result, and what was printed on the way to it."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        result = function(*args)
    return result, out.getvalue()


def same(one: tuple[Any, ...], two: tuple[Any, ...]) -> bool:
    return all(same_bits(a, b) for a, b in zip(one, two, strict=True))


def ones(program: GoldenProgram) -> tuple[Any, ...]:
    return tangents_of(program.args, [1.0 if k in program.positions else None for k in range(len(program.args))])


# ---------------------------------------------------------------- effects
def test_effects_happen_once_and_in_order(program: GoldenProgram) -> None:
    """What is printed stands for every effect: raising and drawing stand between the same lines."""
    _, expected = printed(program.function, *program.args)
    df = bp.value_and_grad(program.function, wrt=program.wrt)
    assert printed(df, *program.args)[1] == expected
    assert printed(df, *program.args)[1] == expected, "at the second call"
    dots = tuple(_filled(arg, dot) for arg, dot in zip(program.args, ones(program), strict=True))
    assert printed(bp.jvp, program.function, program.args, dots)[1] == expected
    (_, pullback), seen = printed(lambda: bp.vjp(program.function, *program.args, wrt=program.wrt))
    assert seen == expected
    assert printed(pullback, 1.0)[1] == "", "the backward sweep prints"


def _filled(arg: Any, dot: Any) -> Any:
    return np.full_like(arg, dot) if isinstance(arg, np.ndarray) and dot is not None else dot


def test_random_numbers_are_drawn_once() -> None:
    rng = np.random.default_rng(3)

    def noisy(x, source):
        return np.sum(x * source.normal(size=len(x))) + source.normal() * x[0]

    x = np.ones(4)
    value, gradient = bp.value_and_grad(noisy)(x, rng)
    after = rng.normal()
    again = np.random.default_rng(3)
    assert value == noisy(x, again)
    assert after == again.normal()
    again = np.random.default_rng(3)
    noise = again.normal(size=4)
    noise[0] += again.normal()
    np.testing.assert_allclose(gradient, noise, rtol=1e-14)


# ---------------------------------------------------------------- the text
@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_nothing_is_made_or_saved_that_nobody_reads(program: GoldenProgram, mode: str) -> None:
    for function in ast.parse(emitted(program)[mode]).body:
        names = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
        loops = [node.target for node in ast.walk(function) if isinstance(node, ast.For)]
        counters = {node.id for target in loops for node in ast.walk(target) if isinstance(node, ast.Name)}
        made = {node.id for node in names if isinstance(node.ctx, ast.Store)}  # the target of += is no reader
        read = {node.id for node in names if isinstance(node.ctx, ast.Load)}
        assert made - read - counters == set(), ast.unparse(function)
        methods = [node for node in ast.walk(function) if isinstance(node, ast.Attribute)]
        pushed = {ast.unparse(node.value) for node in methods if node.attr == "append"}
        called = {id(node.value) for node in methods}
        handed_out = {node.id for node in names if isinstance(node.ctx, ast.Load) and id(node) not in called}
        popped = {ast.unparse(node.value) for node in methods if node.attr == "pop"}
        assert (pushed - popped - handed_out) & made == set(), ast.unparse(function)  # one outside is not ours


# ---------------------------------------------------------------- pullbacks
def test_a_pullback_in_two_threads(program: GoldenProgram) -> None:
    value, pullback = bp.vjp(program.function, *program.args, wrt=program.wrt)
    kind = np.asarray(value).dtype.type
    seed = 1.0 if isinstance(value, float) else kind(1)
    expected = differences.fresh(as_tuple(pullback(seed), program))
    with ThreadPoolExecutor(2) as pool:
        results = [as_tuple(found, program) for found in pool.map(pullback, [seed] * 6)]
    for result in results:
        assert same(result, expected)
    arrays = [part for result in results for part in result if isinstance(part, np.ndarray) and part.ndim]
    for k, part in enumerate(arrays):
        assert part.flags.writeable
        assert not any(np.may_share_memory(part, other) for other in (*arrays[:k], *program.args))


# ---------------------------------------------------------------- exceptions
class Halfway(Exception):
    """Raised from outside, in the middle of an emitted function."""


@contextlib.contextmanager
def stopped(at: int) -> Iterator[list[int]]:
    """Raises when the emitted text has come to its ``at``-th line; counts the lines in what it yields."""
    lines = [0]

    def local(frame: FrameType, event: str, _arg: Any) -> Any:
        if event == "line":
            lines[0] += 1
            if lines[0] == at:
                raise Halfway
        return local

    def outside(frame: FrameType, _event: str, _arg: Any) -> Any:
        return local if frame.f_code.co_filename.startswith("<backprose ") else None

    before = sys.gettrace()
    sys.settrace(outside)
    try:
        yield lines
    finally:
        sys.settrace(before)


def test_an_exception_half_way_leaves_the_next_call_right(program: GoldenProgram) -> None:
    df = bp.value_and_grad(program.function, wrt=program.wrt)
    args = program.args
    expected = df(*args)
    kept = differences.fresh(args)
    with stopped(0) as lines:
        df(*args)
    assert lines[0] > 0
    for at in sorted({1 + lines[0] * part // 5 for part in range(5)}):
        with pytest.raises(Halfway), stopped(at):
            df(*args)
        assert same(args, kept), f"an argument was changed by a call that stopped at line {at}"
    value, gradient = df(*args)
    assert same_bits(value, expected[0])
    assert same(as_tuple(gradient, program), as_tuple(expected[1], program))


# ---------------------------------------------------------------- globals
def agrees(df: Any, program: GoldenProgram) -> None:
    """The value is that of the primal as it is now, the gradient that of differences."""
    args = differences.in_double(program.args)
    value, gradient = df(*differences.fresh(args))
    assert same_bits(value, program.function(*differences.fresh(args)))
    rng = np.random.default_rng(0)
    way = [part if k in program.positions else None for k, part in enumerate(differences.random_direction(args, rng))]
    full: list[Any] = [None] * len(args)
    for k, part in zip(program.positions, as_tuple(gradient, program), strict=True):
        full[k] = part
    slope = differences.slope(program.function, args, way)
    derivative, scale = differences.inner(full, way), differences.magnitude(full, way)
    assert slope.agrees(derivative, max(program.rtol, 1e-6), 1e-8, scale), f"{derivative}, differences {slope}"


def globals_of(program: GoldenProgram, kind: type | tuple[type, ...]) -> list[str]:
    """The globals of this kind that the program, or a helper of it, names."""
    module, names = program.module, set()
    for value in vars(module).values():
        if isinstance(value, FunctionType) and value.__module__ == module.__name__:
            names |= set(value.__code__.co_names)
    own = {name for name in names if isinstance(vars(module).get(name), kind) and name != program.name}
    return sorted(name for name in own if getattr(vars(module)[name], "__module__", module.__name__) == module.__name__)


WITH_NUMBERS = [name for name in NAMES if globals_of(load(name), (float, np.ndarray))]
WITH_HELPERS = [name for name in NAMES if globals_of(load(name), FunctionType) and load(name).allows("LARGER")]


@pytest.mark.parametrize("name", WITH_NUMBERS)
def test_a_changed_global_is_seen(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program = load(name)
    df = bp.value_and_grad(program.function, wrt=program.wrt)
    agrees(df, program)
    for which in globals_of(program, (float, np.ndarray)):
        value = vars(program.module)[which]
        for other in (1.25 * value, np.asarray(1.25 * value, np.float32), np.asarray(0.75 * value)):
            monkeypatch.setattr(program.module, which, other)
            agrees(df, program)
        if isinstance(value, float):  # a number that becomes an array
            monkeypatch.setattr(program.module, which, np.array([value]))
            try:
                program.function(*program.args)
            except Exception:
                expected: Any = Exception
            else:
                expected = bp.BackproseError
            with contextlib.suppress(expected):
                agrees(df, program)
        monkeypatch.setattr(program.module, which, value)
        agrees(df, program)


def variant(module: ModuleType, name: str, folder: Path) -> FunctionType:
    """A function of a module that returns half as much again, from a file of its own."""
    source = Path(str(module.__file__)).read_text(encoding="utf-8")
    path = folder / f"{module.__name__.rpartition('.')[2]}_{name}.py"
    path.write_text(with_larger_results(source, name), encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    other = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(other)
    return getattr(other, name)  # type: ignore[no-any-return]


def with_larger_results(source: str, name: str) -> str:
    """The text with ``return 1.5 * (...)`` in one of its functions."""
    function = next(node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef) and node.name == name)
    returns = [node for node in ast.walk(function) if isinstance(node, ast.Return) and node.value is not None]
    lines = source.splitlines(keepends=True)
    for node in sorted(returns, key=lambda node: -node.lineno):
        assert node.value is not None
        value = ast.get_source_segment(source, node.value)
        lines[node.lineno - 1 : node.end_lineno] = [f"{' ' * node.col_offset}return 1.5 * ({value})\n"]
    return "".join(lines)


@pytest.mark.parametrize("name", WITH_HELPERS)
def test_a_function_that_is_rebound_leads_to_a_new_derivative(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = load(name)
    df = bp.value_and_grad(program.function, wrt=program.wrt)
    before = df(*program.args)
    for which in globals_of(program, FunctionType):
        with monkeypatch.context() as patch:
            patch.setattr(program.module, which, variant(program.module, which, tmp_path))
            agrees(df, program)
    assert same_bits(df(*program.args)[0], before[0])


# ---------------------------------------------------------------- files
def test_a_reloaded_module_and_an_edited_file_are_never_stale(
    name_of: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    golden = load(name_of)
    source = Path(str(golden.module.__file__)).read_text(encoding="utf-8")
    path = tmp_path / f"edited_{name_of}.py"
    path.write_text(source, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # a pyc of the same second would hide the change
    importlib.invalidate_caches()
    module = importlib.import_module(path.stem)
    monkeypatch.setitem(sys.modules, path.stem, module)
    program = GoldenProgram(name_of, module)
    old = bp.value_and_grad(program.function, wrt=program.wrt)
    first = old(*program.args)

    path.write_text(with_larger_results(source, name_of), encoding="utf-8")
    untouched = bp.value_and_grad(program.function, wrt=program.positions[0])
    with contextlib.suppress(bp.ChangedSourceError):  # or it is that of what was read of the function before
        assert same_bits(untouched(*program.args)[0], first[0])
    module = importlib.reload(module)
    program = GoldenProgram(name_of, module)
    new = bp.value_and_grad(program.function, wrt=program.wrt)
    assert same_bits(new(*program.args)[0], program.function(*program.args))
    assert not same_bits(new(*program.args)[0], first[0]), "the value is that of the old text"
    agrees(new, program)
    try:
        again = old(*program.args)  # the derivative of the function that it was made of
    except bp.ChangedSourceError:
        return  # a helper of it is another one now, and its own source is gone
    assert same_bits(again[0], first[0])


@pytest.fixture(params=NAMES)
def name_of(request: pytest.FixtureRequest) -> str:
    return str(request.param)
