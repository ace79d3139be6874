"""Dumped modules: they run alone, give the decorator's bits, pass ruff, and check their arguments."""

from __future__ import annotations

import ast
import importlib.util
import itertools
import math
import os.path
import subprocess
import sys
from fractions import Fraction
from math import isnan, sqrt, tau
from math import pi as half_turn
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.linalg as la
import pytest

import backprose as bp
from backprose.dump import module_text, write_file
from backprose.dump.checks import check_arguments, check_overlap
from backprose.dump.entry import entry_test
from backprose.signatures import Signature, read_like
from backprose.variants import Variants
from tests.corpus import NAMES, load

RATE = 0.25
TABLE = np.array([0.5, 1.5, 2.5])
check_overlap_of_user = 3.0


def softened(x, eps=1e-3):
    """A helper."""
    if eps < 0:
        raise ValueError("negative")
    return math.sqrt(x * x + eps)


def report(x):
    print("x is", x)


def model(x, n=2):
    report(n)
    total = 0.0
    for k in range(n):
        total = total + RATE * softened(x * TABLE[k])
    return total


def uses_many(x):
    print(sqrt(2), tau, half_turn, os.path.sep, Fraction(1, 2), np.zeros(3), la.norm(np.ones(2)), isnan(1.0))
    return math.sin(x) * x


def adds(u, v):
    u[0] += v[1]
    return np.sum(u * v)


def with_stop(x):
    return x * bp.stop_gradient(x)


def dumped(function: Any, *like: str, wrt: tuple[str, ...] = (), **options: Any) -> str:
    signature: Signature = dict(map(read_like, like))
    names = wrt or (function.__code__.co_varnames[0],)
    mode = options.pop("mode", "reverse")
    return module_text(Variants(function, mode, names, single=len(names) == 1, **options).of(signature))


numbers = itertools.count()


def run(text: str, tmp_path: Path) -> ModuleType:
    path = tmp_path / f"dumped_{next(numbers)}.py"
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def passes_ruff(text: str, tmp_path: Path, *options: str) -> None:
    path = tmp_path / "linted.py"
    path.write_text(text, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", *options, str(path)],
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stdout + text


# ---------------------------------------------------------------- form
def test_a_whole_file() -> None:
    text = dumped(model, "x: float", "n: int", value=True)
    lines = text.splitlines()
    assert lines[0] == "# The value and gradient of model with respect to x,"
    assert lines[2] == f"#     backprose dump {__name__}:model --wrt x --value --like 'x: float' 'n: int'"
    assert "import math\n\nimport numpy as np\n" in text
    assert "RATE = 0.25\n" in text
    assert "TABLE = np.array([0.5, 1.5, 2.5])\n" in text
    assert "    if not (isinstance(x, float) and type(n) is int):\n" in text
    definitions = [node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    assert definitions[-1] == "model_value_and_grad"
    assert "report" in definitions
    assert "backprose" not in "\n".join(line for line in lines if not line.startswith("#"))
    assert text == dumped(model, "x: float", "n: int", value=True)


def test_it_runs_where_backprose_cannot_be_imported(tmp_path: Path) -> None:
    path = tmp_path / "alone.py"
    path.write_text(
        dumped(model, "x: float", "n: int", value=True) + "\n\nprint(model_value_and_grad(0.7, 3))\n", encoding="utf-8"
    )
    program = f"import sys; sys.modules['backprose'] = None; import runpy; runpy.run_path({str(path)!r})"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines() == ["x is 3", repr(bp.value_and_grad(model)(0.7, 3))]


DUMPED = [name for name in NAMES if getattr(load(name).module, "DUMPED", True)]


@pytest.mark.parametrize("name", DUMPED)
def test_golden_programs_dumped(name: str, tmp_path: Path) -> None:
    """The same bits as the decorator at the arguments of the golden program."""
    program = load(name)
    df = bp.value_and_grad(program.function, wrt=program.wrt)
    expected = df(*program.args)
    df.save(tmp_path / "saved.py")
    text = (tmp_path / "saved.py").read_text(encoding="utf-8")
    passes_ruff(text, tmp_path)
    found = getattr(run(text, tmp_path), df.__wrapped__.__name__)(*program.args)
    assert pack(found) == pack(expected)


@pytest.mark.parametrize("name", DUMPED)
def test_golden_programs_dumped_for_any_arguments(name: str, tmp_path: Path) -> None:
    program = load(name)
    names = (program.wrt,) if isinstance(program.wrt, str) else program.wrt
    try:
        variant = Variants(program.function, "reverse", names).of({})
    except (bp.AliasError, bp.UnsupportedError):
        return  # where nothing is known of the arguments, any name may be an alias of them, or not an array
    text = module_text(variant)
    passes_ruff(text, tmp_path, "--ignore=RUF059")  # of several cotangents of a call, some may be left unread
    assert callable(getattr(run(text, tmp_path), variant.function.__name__))


def pack(tree: Any) -> Any:
    return [pack(part) for part in tree] if isinstance(tree, tuple) else (type(tree), np.asarray(tree).tobytes())


def test_forward_mode_and_names(tmp_path: Path) -> None:
    text = dumped(model, "x: float", "n: int", mode="forward", name="slope")
    module = run(text, tmp_path)
    assert module.slope(0.7, 2, x_dot=1.0) == bp.jvp(model, (0.7, 2), (1.0, None))
    assert "--mode forward --name slope" in text
    passes_ruff(text, tmp_path)


def test_a_derivative_of_a_derivative(tmp_path: Path) -> None:
    second = bp.grad(bp.grad(lambda x: x**3))
    second(2.0)
    second.save(tmp_path / "second.py")
    text = (tmp_path / "second.py").read_text(encoding="utf-8")
    module = run(text, tmp_path)
    assert getattr(module, second.__wrapped__.__name__)(2.0) == 12.0
    passes_ruff(text, tmp_path)


def test_imports_are_in_order(tmp_path: Path) -> None:
    passes_ruff(dumped(uses_many, "x: float"), tmp_path)


def test_stop_gradient_leaves_no_trace(tmp_path: Path) -> None:
    text = dumped(with_stop, "x: float")
    assert "import backprose" not in text
    assert run(text, tmp_path).with_stop_grad(3.0) == bp.grad(with_stop)(3.0) == 3.0


# ---------------------------------------------------------------- the hash
def test_the_hash_is_that_of_sources_and_options(monkeypatch: pytest.MonkeyPatch) -> None:
    def of(text: str) -> str:
        return next(line for line in text.splitlines() if "sha256" in line)

    first = of(dumped(model, "x: float"))
    assert first == of(dumped(model, "x: float"))
    assert first != of(dumped(model, "x: float", value=True))
    assert first != of(dumped(model, "x: float32"))
    monkeypatch.setitem(globals(), "RATE", 0.5)
    assert first != of(dumped(model, "x: float"))


# ---------------------------------------------------------------- checks at entry
def test_the_entry_test_is_at_most_three_lines(tmp_path: Path) -> None:
    text = dumped(adds, "u: float64[:]", "v: float64[:]")
    body = text.partition("def adds_grad")[2].splitlines()[1:]
    assert body[:4] == [
        '    if not (all(x.dtype == "float64" and x.ndim == 1 and len(x) != 1 for x in (u, v)) and',
        "            not np.shares_memory(u, v)):",
        '        raise TypeError("written for u, v: float64[:]; no memory shared")',
        "    # return np.sum(u * v)",
    ]
    module = run(text, tmp_path)
    whole = np.ones(8)
    assert np.array_equal(module.adds_grad(whole[:4], whole[4:]), bp.grad(adds)(whole[:4], whole[4:]))
    for u, v in ((whole[:4], whole[3:7]), (np.ones(4), np.ones(1)), (np.ones(4), np.float64(1)), (np.ones(4), [1, 2])):
        with pytest.raises((TypeError, AttributeError), match=r"written for u, v|no attribute 'dtype'"):
            module.adds_grad(u, v)


def test_overlap_without_a_signature(tmp_path: Path) -> None:
    module = run(dumped(adds), tmp_path)
    whole = np.ones(8)
    assert np.array_equal(module.adds_grad(whole[:4], whole[4:]), bp.grad(adds)(whole[:4], whole[4:]))
    with pytest.raises(ValueError, match="no memory shared"):
        module.adds_grad(whole[:4], whole[3:7])


def test_overlap_at_the_second_order(tmp_path: Path) -> None:
    gradient = Variants(adds, "reverse", ("u",), seeded=False)
    text = module_text(Variants(gradient, "tangent", ("u",), single=False, name="adds_hvp", transform="hvp").of({}))
    module, whole = run(text, tmp_path), np.ones(8)
    module.adds_hvp(whole[:4], whole[4:], np.ones(4))
    with pytest.raises(ValueError, match="no memory shared"):
        module.adds_hvp(whole[:4], whole[3:7], np.ones(4))


def doubles_a_default(x, y=np.ones(3)):
    y *= 2
    return np.sum(x * y)


def test_a_default_that_is_changed(tmp_path: Path) -> None:
    with pytest.raises(bp.AliasError, match="doubles_a_default changes the default of y"):
        dumped(doubles_a_default)


def test_a_tangent_may_lie_where_it_likes(tmp_path: Path) -> None:
    text = dumped(adds, "u: float64[:]", "v: float64[:]", mode="forward", wrt=("u", "v"))
    assert "check_overlap" not in text
    u, v = np.array([0.5, 1.5, 2.0]), np.array([0.25, 1.0, 3.0])
    assert run(text, tmp_path).adds_jvp_u_v(u, v, u, u) == bp.jvp(adds, (u, v), (u.copy(), u.copy()))


def shadows(x, len):  # noqa: A002
    return x * len


def of_many(a, b, c, d, e):
    a[0] = b[0] * e[0] + c + d
    return np.sum(a * b)


def test_what_three_lines_cannot_say_goes_into_a_helper(tmp_path: Path) -> None:
    module = run(text := dumped(shadows, "x: float", "len: float"), tmp_path)
    assert "    check_arguments(locals(), WRITTEN_FOR)\n" in text
    assert module.shadows_grad(2.0, 3.0) == 3.0
    with pytest.raises(TypeError, match="len is int, but this function was written for float"):
        module.shadows_grad(2.0, 3)
    like = ("a: float64[:, 3]", "b: float32[:, 3]", "c: float", "d: float32", "e: float64[?, :]")
    text = dumped(of_many, *like)
    passes_ruff(text, tmp_path)
    module = run(text, tmp_path)
    entry = text.partition("def of_many_grad")[2].splitlines()
    assert [line.partition("(")[0].strip() for line in entry[1:3]] == ["check_arguments", "check_overlap"]
    a, b, e = np.ones((2, 3)), np.ones((2, 3), np.float32), np.ones((1, 3))
    module.of_many_grad(a, b, 1.0, np.float32(1), e)
    with pytest.raises(TypeError, match="c is int"):
        module.of_many_grad(a, b, 1, np.float32(1), e)
    with pytest.raises(ValueError, match="a is written into and shares memory with e"):
        module.of_many_grad(a, b, 1.0, np.float32(1), a)


def test_without_a_signature_there_is_no_check() -> None:
    assert "check_arguments" not in dumped(model)


@pytest.mark.parametrize(
    ("wanted", "good", "bad"),
    [
        ("float", [1.0, np.float64(1)], [1, np.float32(1), "x", None, np.array(1.0)]),
        ("int", [1], [1.0, True, np.int64(1)]),
        ("bool", [True], [1]),
        ("str", ["x"], [b"x"]),
        ("none", [None], [0]),
        ("tuple", [(1,)], [[1]]),
        ("float64", [np.float64(1)], [1.0, np.float32(1), np.array(1.0), np.zeros(3)]),
        ("float64[]", [np.array(1.0)], [1.0, np.float64(1), np.zeros(1)]),
        ("float64[:]", [np.zeros(3), np.zeros(0)], [np.zeros(1), np.zeros((3, 3)), np.zeros(3, np.float32), 1.0]),
        ("float64[?]", [np.zeros(3), np.zeros(1)], [np.zeros((1, 1))]),
        ("float32[:, 3]", [np.zeros((2, 3), np.float32)], [np.zeros((2, 4), np.float32), np.zeros((1, 3), np.float32)]),
        ("float64[...]", [np.zeros(3), np.array(1.0)], [np.zeros(3, int), 1.0]),
        ("array", [np.zeros((1, 2), int)], [1.0, [1.0]]),
        ("array[:, 1]", [np.zeros((3, 1), int)], [np.zeros((3, 2))]),
    ],
)  # fmt: skip
def test_check_arguments(wanted: str, good: list[Any], bad: list[Any], tmp_path: Path) -> None:
    """The helper and the line that a person would write take and refuse the same."""
    types = dict([read_like(f"x: {wanted}"), read_like(f"y: {wanted}")])
    alone, both = entry_test({"x": types["x"]}), entry_test(types)
    text = "\n".join(["import numpy as np", "def one(x):", *alone, "def two(x, y):", *both])
    module = run(text, tmp_path)
    for value in good:
        check_arguments({"x": value, "result_bar": 1.0}, {"x": wanted})
        module.one(value)
        module.two(value, value)
    for value in bad:
        with pytest.raises(TypeError, match="x is "):
            check_arguments({"x": value}, {"x": wanted})
        with pytest.raises((TypeError, AttributeError), match=r"written for x: |no attribute 'dtype'"):
            module.one(value)
        with pytest.raises((TypeError, AttributeError), match=r"written for x, y: |no attribute 'dtype'"):
            module.two(good[0], value)


def test_check_overlap() -> None:
    whole = np.zeros(6)
    check_overlap({"a": whole[:3], "b": whole[3:], "c": 1.0}, ("a",))
    with pytest.raises(ValueError, match="a is written into"):
        check_overlap({"a": whole[:3], "b": whole[2:]}, ("a",))


# ---------------------------------------------------------------- files
def test_files_are_utf8_with_line_feeds(tmp_path: Path) -> None:
    write_file(tmp_path / "a.py", "# é\n")
    assert (tmp_path / "a.py").read_bytes() == b"# \xc3\xa9\n"


def test_a_failed_write_leaves_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.py"
    path.write_text("before")
    path.chmod(0o640)

    def fail(*_: object) -> None:
        raise OSError("full")

    with monkeypatch.context() as patch:
        patch.setattr("os.replace", fail)
        with pytest.raises(OSError, match="full"):
            write_file(path, "after")
    assert path.read_text() == "before"
    assert [one.name for one in tmp_path.iterdir()] == ["a.py"]
    write_file(path, "after")
    assert path.read_text() == "after"
    assert path.stat().st_mode & 0o777 == 0o640


def test_links_are_followed(tmp_path: Path) -> None:
    (tmp_path / "real.py").write_text("before")
    (tmp_path / "link.py").symlink_to("real.py")
    write_file(tmp_path / "link.py", "after")
    assert (tmp_path / "link.py").is_symlink()
    assert (tmp_path / "real.py").read_text() == "after"
