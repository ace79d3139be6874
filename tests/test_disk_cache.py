"""The disk cache: a second process finds what the first has made, and never anything else."""

from __future__ import annotations

import errno
import hashlib
import importlib
import inspect
import json
import linecache
import os
import pickle
import subprocess
import sys
import tempfile
import textwrap
import threading
from collections.abc import Callable
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import numpy as np
import pytest

import backprose as bp
from backprose import disk, variants
from backprose.disk import folder, versions
from backprose.parse import cells, imports
from backprose.request import Derived, Request
from backprose.rules import registry
from tests import differences
from tests.corpus import NAMES, load

# golden programs that are made anew in each process: their texts hold those of derivatives that the program calls, or
# rules of a user's; or they count their own calls
NOT_KEPT = {"adapted", "counted", "orbit", "own_rules", "pulled_back", "residual", "symplectic", "weights_in_a_dict"}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the cache."""
    found = tmp_path / "cache"
    forget(total, np_powers, scored)
    monkeypatch.setenv(folder.VARIABLE, str(found))
    return found


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the compiler has made, by name and mode."""
    found: list[str] = []
    derive = variants.derive

    def counted(request: Request, **options: Any) -> Derived:
        found.append(f"{request.function.__name__} {request.mode}")
        return derive(request, **options)

    monkeypatch.setattr(variants, "derive", counted)
    return found


def forget(*functions: FunctionType) -> None:
    """As if these had just been imported by another process."""
    for function in functions:
        for name in [one for one in vars(function) if one.startswith("__backprose_")]:
            del vars(function)[name]
    imports._KNOWN.clear()
    cells._MORE.clear()


class Session:
    """Modules in a folder, imported anew by each ``start``, as by another process."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.path, self.names = path, set[str]()
        path.mkdir()
        monkeypatch.syspath_prepend(str(path))

    def write(self, name: str, text: str) -> None:
        file = self.path / f"{name}.py"
        file.write_text(textwrap.dedent(text))
        self.names.add(name)

    def start(self, name: str = "main") -> ModuleType:
        for one in self.names:
            sys.modules.pop(one, None)
            file = self.path / f"{one}.py"
            Path(importlib.util.cache_from_source(str(file))).unlink(missing_ok=True)  # two edits within a second
            linecache.cache.pop(str(file), None)
        importlib.invalidate_caches()
        return importlib.import_module(name)

    def close(self) -> None:
        for one in self.names:
            sys.modules.pop(one, None)


@pytest.fixture(autouse=True)
def _without_rules_of_other_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules for functions of NumPy's that other tests have added would turn the cache off."""
    before = {rule.op for rule in registry._by_op.values()}

    def added() -> bool:
        found = (rule for rule in registry._by_op.values() if rule.op not in before)
        return any(rule.by_user and not registry.is_plain(registry.target_of(rule)) for rule in found)

    monkeypatch.setattr(disk, "has_rules_for_libraries", added)


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    found = Session(tmp_path / "code", monkeypatch)
    yield found
    found.close()


# ---------------------------------------------------------------- hits


def total(x: Any, power: Any = 2) -> Any:
    return np.sum(x**power)  # of powers


def test_second_process(tmp_path: Path) -> None:
    """The compiler is not imported in the second process."""
    (tmp_path / "program.py").write_text(
        "import sys\nimport numpy as np\nimport backprose as bp\nfrom backprose import variants\n"
        "if sys.argv[1] == 'second':\n    variants.derive = None\n"
        "def f(x):\n    y = np.sin(x)  # waves\n    return np.sum(y * y)\n"
        "df = bp.grad(f)\nprint(df(np.array([0.0, 1.0])))\nprint(df.source)\nprint(bp.hvp(f)(np.ones(2), np.ones(2)))\n"
        "assert sys.argv[1] == 'first' or 'backprose.pipeline' not in sys.modules\n"
    )
    env = {**os.environ, folder.VARIABLE: str(tmp_path / "cache"), "PYTHONPATH": str(Path(bp.__file__).parents[1])}
    outputs = []
    for which, seed in (("first", "1"), ("second", "2")):
        command = [sys.executable, str(tmp_path / "program.py"), which]
        done = subprocess.run(command, env={**env, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        outputs.append(done.stdout)
    assert outputs[0] == outputs[1]
    assert "# waves" in outputs[0]


def test_every_transform(place: Path, made: list[str]) -> None:
    x, v = np.array([1.0, 2.0]), np.array([1.0, 0.0])
    asked: dict[str, Callable[[bool], Any]] = {
        "grad": lambda cache: bp.grad(total, cache=cache)(x),
        "value_and_grad": lambda cache: bp.value_and_grad(total, cache=cache)(x),
        "vjp": lambda cache: bp.vjp(total, x, cache=cache)[1](2.0),
        "jvp": lambda cache: bp.jvp(total, (x,), (v,), cache=cache),
        "hvp": lambda cache: bp.hvp(total, cache=cache)(x, v),
        "jacobian": lambda cache: bp.jacobian(np_powers, cache=cache)(x),
        "hessian": lambda cache: bp.hessian(total, cache=cache)(x),
        "elementwise_grad": lambda cache: bp.elementwise_grad(np_powers, cache=cache)(x),
        "gradients": lambda cache: bp.gradients(scored, of="score", wrt="y", cache=cache)(x),
        "sparse": lambda cache: bp.jacobian(np_powers, sparse=True, cache=cache)(x).toarray(),
        "sparse hessian": lambda cache: bp.hessian(total, sparse=True, cache=cache)(x).toarray(),
    }
    for name, call in asked.items():
        forget(total, np_powers, scored)
        expected = repr(call(False))
        assert not place.exists() or name != "grad"
        assert repr(call(True)) == expected
        forget(total, np_powers, scored)
        made.clear()
        assert repr(call(True)) == expected
        # programs are made anew where they are looked at, not only their texts
        assert not made or name.startswith("sparse"), name


def np_powers(x: Any) -> Any:
    return x**3


def scored(x: Any) -> Any:
    y = x * 2.0
    score = np.sum(y**2)
    return score  # noqa: RET504 - variables have names


@pytest.mark.parametrize("name", NAMES)
def test_golden_programs(name: str, place: Path, made: list[str]) -> None:
    """The same text and the same bits after a hit, to second order."""
    program = load(name)
    function, wrt, args = program.function, program.wrt, program.args
    first = wrt if isinstance(wrt, str) else wrt[0]
    helpers = [one for one in vars(program.module).values() if isinstance(one, FunctionType)]

    def results(*, cache: bool) -> list[Any]:
        forget(*helpers)
        df = bp.value_and_grad(function, wrt=wrt, cache=cache)
        found = [df(*differences.fresh(args)), df.source, inspect.getsource(df)]
        value, pullback = bp.vjp(function, *differences.fresh(args), wrt=wrt, cache=cache)
        found += [value, pullback(1.0), pullback.source]
        if program.second_order:
            gradient = bp.grad(function, wrt=first, cache=cache)
            found += [bp.vjp(gradient, *differences.fresh(args), wrt=first, cache=cache)[0]]
        return found

    plain = results(cache=False)
    stored = results(cache=True)
    made.clear()
    again = results(cache=True)
    assert pickle.dumps(plain) == pickle.dumps(stored) == pickle.dumps(again)
    assert bool(made) == (name in NOT_KEPT), made


def test_what_a_derivative_shows(place: Path, made: list[str]) -> None:
    bp.grad(total)(np.ones(2))
    forget(total)
    made.clear()
    df = bp.grad(total)
    df(np.ones(2))
    (variant,) = df.variants
    assert not made
    assert inspect.getsource(df) == df.source == variant.source
    assert linecache.getlines(variant.function.__code__.co_filename)
    assert variant.derived.program.entry.name == "total_grad"  # made when it is asked for
    assert made == ["total reverse"]
    assert pickle.loads(pickle.dumps(df))(np.ones(2)).tolist() == [2.0, 2.0]


def test_differentiated_again_after_a_hit(place: Path, made: list[str]) -> None:
    bp.grad(total)(np.ones(2))
    forget(total)
    made.clear()
    value, pullback = bp.vjp(bp.grad(total), np.ones(2))
    assert value.tolist() == [2.0, 2.0]
    assert pullback(np.array([1.0, 0.0])).tolist() == [2.0, 0.0]
    assert made == ["total_grad pullback"]


def test_decorated_and_saved(session: Session, place: Path, made: list[str], tmp_path: Path) -> None:
    session.write(
        "main", "import numpy as np, backprose as bp\n@bp.grad\ndef f(x: float):\n    return np.sin(x) * 2.0\n"
    )
    for _ in range(2):
        made.clear()
        df = session.start().f
        assert df(0.0) == 2.0
    assert not made
    df.save(tmp_path / "saved.py")
    names: dict[str, Any] = {}
    exec((tmp_path / "saved.py").read_text(), names)
    assert names["f_grad"](0.0) == 2.0


def test_threads(place: Path, made: list[str]) -> None:
    bp.grad(total)(np.ones(2))
    forget(total)
    made.clear()
    found: list[Any] = []
    threads = [threading.Thread(target=lambda: found.append(bp.grad(total)(np.ones(2)).tolist())) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert found == [[2.0, 2.0]] * 4
    assert not made


def test_guards_after_a_hit(session: Session, place: Path, made: list[str]) -> None:
    """What is rebound later leads to a new derivative, as it does without a cache."""
    session.write("main", "rate = 2.0\ndef f(x):\n    return x * rate\n")
    bp.grad(session.start().f)(1.0)
    main = session.start()
    made.clear()
    df = bp.grad(main.f)
    assert df(1.0) == 2.0
    assert not made
    main.rate = 3.0
    assert df(1.0) == 3.0
    assert not made
    main.rate = np.array([3.0, 4.0])
    with pytest.raises(bp.ResultError):
        df(1.0)


def test_helper_of_another_module(session: Session, place: Path, made: list[str]) -> None:
    """It is carried out in its caller, which reads what it reads through its module."""
    session.write("other", "scale = 3.0\ndef helper(part):\n    return part['a'] * scale\n")
    session.write("main", "from other import helper\ndef f(x):\n    return helper({'a': x}) * x\n")
    for _ in range(2):
        made.clear()
        assert bp.grad(session.start().f)(2.0) == 12.0
    assert not made


# ---------------------------------------------------------------- never another function's derivative
MAIN = """
    import functools
    import numpy as np
    import other

    axis = 0
    table = {"a": 1, "b": 2.0}
    items = [1.0, 2.0]

    class Model:
        power = 2
        def __init__(self):
            self.scale = 3.0
        def __call__(self, x):
            return self.scale * x ** self.power

    model = Model()

    def made(offset):
        def inner(x):
            return x + offset
        return inner

    inner = made(1.0)

    def f(x, k=2.0):
        y = np.sum(np.cumsum(np.stack([x, x * x]), axis=axis)) * k
        return model(inner(y)) * other.helper(x) + items[1] * table["b"]  # end
"""
OTHER = "def helper(x):\n    return x * 2.0\n"


def edited(session: Session, main: str = MAIN, other: str = OTHER) -> Any:
    session.write("main", main)
    session.write("other", other)
    return session.start()


def test_nothing_edited(session: Session, place: Path, made: list[str]) -> None:
    first = bp.grad(edited(session).f)(1.5)
    made.clear()
    assert bp.grad(edited(session).f)(1.5) == first
    assert not made


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("x * 2.0", "x * 3.0"),  # a helper in another module
        ("    return x * 2.0", "    return x * 2.0 * np.pi\nimport numpy as np"),
        ("axis = 0", "axis = -1"),  # a value that shapes texts
        ("k=2.0", "k=3.0"),
        ("made(1.0)", "made(np.array(1.0))"),  # the kind of what a cell holds
        ("made(1.0)", "made(1)"),
        ("[1.0, 2.0]", "[1.0, 2]"),
        ('"b": 2.0', '"b": np.ones(1)[0]'),
        ("    power = 2", "    power = 3"),  # of a class
        ("self.scale = 3.0", "self.scale = np.float32(3.0)"),
        ("self.scale * x", "self.scale + x"),
        ("# end", "# the end"),  # a comment, which is in the text
        ("x * x", "x * x * x"),
        ("    inner = made(1.0)", "    inner = made(1.0)\n    sum = 3"),
        ("    inner = made(1.0)", "    inner = made(1.0)\n    float = np.sin"),
    ],
)
def test_edits_are_misses(old: str, new: str, session: Session, place: Path, made: list[str]) -> None:
    assert (old in MAIN) != (old in OTHER)
    bp.grad(edited(session).f)(1.5)
    made.clear()
    main = edited(session, MAIN.replace(old, new), OTHER.replace(old, new))
    found = bp.grad(main.f)(1.5)
    assert made == ["f reverse"]
    step = 1e-6
    assert found == pytest.approx((main.f(1.5 + step) - main.f(1.5 - step)) / (2 * step), rel=1e-5)
    assert found == bp.grad(main.f, cache=False)(1.5)


@pytest.mark.parametrize(
    "change",
    [
        "main.axis = -1",
        "main.inner = main.made(1)",
        "main.inner = main.made(np.array(1.0))",
        "main.inner = lambda x: x * x",
        "main.inner.__closure__[0].cell_contents = 1",
        "main.model.scale = np.float32(3.0)",
        "main.Model.power = 3",
        "main.Model.__call__ = lambda self, x: x * self.scale",
        "main.model = main.inner",
        "main.items.reverse(); main.items[0] = 2",
        "main.items[1] = np.ones(1)[0]",
        "main.table['b'] = 2",
        "main.table['c'] = 2.0",
        "main.other.helper = main.inner",
        "main.other.helper = np.sin",
        "main.np = __import__('types').SimpleNamespace(**{**vars(np), 'sum': np.mean})",
        "main.sum = 3",
        "main.f.__defaults__ = (3.0,)",
    ],
)
def test_changes_are_misses(change: str, session: Session, place: Path, made: list[str]) -> None:
    """No file is edited: what the names mean is another thing from the start."""
    bp.grad(edited(session).f)(1.5)
    main = edited(session)
    exec(change, {"main": main, "np": np})
    made.clear()

    def result(*, cache: bool) -> Any:
        forget(main.f)
        try:
            df = bp.grad(main.f, cache=cache)
            return df(1.5), df.source
        except bp.BackproseError as error:
            return str(error)

    found = result(cache=True)
    assert "main.sum" in change or made == ["f reverse"]
    assert found == result(cache=False)


def test_float_in_the_text(session: Session, place: Path, made: list[str]) -> None:
    """A float of a class stands in the text: its value is not in the key, but what the text takes for granted."""
    text = "class Model:\n    rate = 2.0\n    def __call__(self, x):\n        return self.rate * x\n"
    session.write("main", f"{text}def f(x):\n    return Model()(x)\n")
    assert bp.grad(session.start().f)(1.0) == 2.0
    main = session.start()
    main.Model.rate = 3.0
    made.clear()
    assert bp.grad(main.f)(1.0) == 3.0
    assert made
    made.clear()
    main = session.start()
    main.Model.rate = 3.0
    assert bp.grad(main.f)(1.0) == 3.0
    assert not made


def test_values_of_floats_are_hits(session: Session, place: Path, made: list[str]) -> None:
    """What the text reads when it runs may have another value."""
    text = (
        "rate = 2.0\ndef made(offset):\n    def f(x):\n        return rate * x * offset\n    return f\nf = made(3.0)\n"
    )
    session.write("main", text)
    bp.grad(session.start().f)(1.0)
    main = session.start()
    main.rate, main.f = 5.0, main.made(7.0)
    made.clear()
    assert bp.grad(main.f)(1.0) == 35.0
    assert not made


def test_same_name_and_line(place: Path, made: list[str], session: Session) -> None:
    for factor in ("2.0", "3.0"):
        made.clear()
        session.write("main", f"def f(x):\n    return x * {factor}\n")
        assert bp.grad(session.start().f)(1.0) == float(factor)
        assert made == ["f reverse"]


def test_closures_of_one_function(place: Path, made: list[str]) -> None:
    """The same code, with functions in the cells that are alike but for theirs."""

    def powers(n: int) -> Callable[[Any], Any]:
        def power(x: Any) -> Any:
            return x**n

        return power

    def doubled(inner: Callable[[Any], Any]) -> FunctionType:
        def function(x: Any) -> Any:
            return 2.0 * inner(x)

        return function  # type: ignore[return-value]

    assert [bp.grad(doubled(powers(n)))(3.0) for n in (1, 2, 3, 2)] == [2.0, 12.0, 54.0, 12.0]
    assert made == ["function reverse"] * 3


@pytest.mark.parametrize("name", ["__version__", "FORM"])
def test_other_versions(name: str, place: Path, made: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    bp.grad(total)(np.ones(2))
    forget(total)
    made.clear()
    monkeypatch.setattr(versions, name, "another")
    bp.grad(total)(np.ones(2))
    assert made


def test_compiler_edited(place: Path, made: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    bp.grad(total)(np.ones(2))
    forget(total)
    made.clear()
    known = versions.sources()
    monkeypatch.setattr(versions, "sources", lambda: known.replace("pipeline.py ", "pipeline.py 1"))
    assert versions.sources() != known
    bp.grad(total)(np.ones(2))
    assert made


def test_other_options_and_signatures(place: Path, made: list[str]) -> None:
    bp.grad(total)(np.ones(2))
    forget(total)
    made.clear()
    bp.value_and_grad(total)(np.ones(2))
    bp.grad(total, wrt="power")(np.ones(2), 2.0)
    bp.grad(total)(np.ones((2, 2)))
    bp.grad(total)(np.ones(2, np.float32))
    bp.grad(total)(np.ones(1))
    assert len(made) == 5


def test_changed_while_it_was_made(place: Path, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    session.write("main", "axis = 0\ndef f(x):\n    return x * axis\n")
    main = session.start()
    derive = variants.derive

    def slow(request: Request, **options: Any) -> Derived:
        found = derive(request, **options)
        main.axis = 1
        return found

    monkeypatch.setattr(variants, "derive", slow)
    bp.grad(main.f)(1.0)
    assert not place.exists()


def test_builtin_hidden_later(session: Session, place: Path, made: list[str]) -> None:
    """The text reads a builtin that the function does not name."""
    text = "import numpy as np\ndef f(x):\n    while x < 10.0:\n        x = x * x\n    return x\n"
    session.write("main", text)
    first = bp.grad(session.start().f)
    assert first(2.0) == 32.0
    assert "range(" in first.source
    main = session.start()
    vars(main)["range"] = None
    made.clear()
    assert bp.grad(main.f)(2.0) == 32.0
    assert made


def test_name_of_ours_taken_later(session: Session, place: Path, made: list[str]) -> None:
    """The text reads NumPy as ``np``, which means something else later."""
    session.write("main", "def f(x):\n    return x.sum()\n")
    first = bp.grad(session.start().f)
    assert first(np.ones(2)).tolist() == [1.0, 1.0]
    assert "np." in first.source
    main = session.start()
    vars(main)["np"] = "mine"
    made.clear()
    assert bp.grad(main.f).source_for(np.ones(2)) == bp.grad(main.f, cache=False).source_for(np.ones(2))
    assert len(made) == 2
    assert bp.grad(session.start().f).source_for(np.ones(2)) == first.source  # not the text with another name


def test_rules_of_users_are_not_kept(session: Session, place: Path, made: list[str]) -> None:
    text = """
        import backprose as bp
        def helper(x):
            return x * 2.0
        @bp.elementwise(helper)
        def slope(x):
            return 3.0
        def f(x):
            return helper(x)
    """
    session.write("main", text)
    assert bp.grad(session.start().f)(1.0) == 3.0
    assert not place.exists()


# ---------------------------------------------------------------- whatever is wrong is a miss
def the_entry(place: Path) -> Path:
    (found,) = place.glob("*.json")
    return found


def signed(path: Path, body: bytes) -> bytes:
    """With a check that is right."""
    return hashlib.sha256(path.stem.encode() + b"\n" + body).hexdigest().encode() + b"\n" + body


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path, content: b"",
        lambda path, content: content[:-1],
        lambda path, content: content[: len(content) // 2],
        lambda path, content: content.replace(b"2", b"3"),
        lambda path, content: b"\xff" + content,
        lambda path, content: b"{}",
        lambda path, content: content.partition(b"\n")[2],
        lambda path, content: signed(path, b"[]"),
        lambda path, content: signed(path, b"{}"),
        lambda path, content: signed(path, b'{"text": 1}'),
        lambda path, content: signed(path, content.partition(b"\n")[2].replace(b"def ", b"del ")),
        lambda path, content: signed(path, content.partition(b"\n")[2].replace(b"result_bar", b"x")),
        lambda path, content: signed(path, content.partition(b"\n")[2].replace(b"[0]", b"[99]")),
    ],
)
def test_spoilt_entries(spoil: Callable[[Path, bytes], bytes], place: Path, made: list[str]) -> None:
    bp.grad(total)(np.ones(2))
    path = the_entry(place)
    content = path.read_bytes()
    spoilt = spoil(path, content)
    assert spoilt != content
    path.write_bytes(spoilt)
    forget(total)
    made.clear()
    assert bp.grad(total)(np.ones(2)).tolist() == [2.0, 2.0]
    assert made == ["total reverse"]
    assert path.read_bytes() == content  # written anew


def test_entry_under_the_name_of_another(place: Path, made: list[str]) -> None:
    bp.grad(total)(np.ones(2))
    first = the_entry(place)
    content = first.read_bytes()
    first.unlink()
    bp.grad(np_powers)(2.0)
    second = the_entry(place)
    second.write_bytes(content)
    forget(np_powers)
    made.clear()
    assert bp.grad(np_powers)(2.0) == 12.0
    assert made


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="the folder is the user's own by where it is")
def test_folder_that_others_may_write_into(place: Path, made: list[str]) -> None:
    bp.grad(total)(np.ones(2))
    forget(total)
    made.clear()
    place.chmod(0o777)
    assert bp.grad(total)(np.ones(2)).tolist() == [2.0, 2.0]
    assert made
    the_entry(place).unlink()
    forget(total)
    bp.grad(total)(np.ones(2))
    assert not list(place.iterdir())


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="the folder is the user's own by where it is")
def test_folder_of_another_user(place: Path, made: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    bp.grad(total)(np.ones(2))
    forget(total)
    made.clear()
    user = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: user + 1)
    bp.grad(total)(np.ones(2))
    assert made


def test_folder_that_is_a_file(place: Path, made: list[str]) -> None:
    place.write_text("a file")
    assert bp.grad(total, cache=True)(np.ones(3)).tolist() == [2.0, 2.0, 2.0]
    assert place.read_text() == "a file"


def test_folder_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forget(total)
    (tmp_path / "file").write_text("a file")
    monkeypatch.setenv(folder.VARIABLE, str(tmp_path / "file" / "cache"))
    assert bp.grad(total)(np.ones(2)).tolist() == [2.0, 2.0]


@pytest.mark.parametrize("which", ["mkdir", "mkstemp", "fdopen", "write", "replace", "scandir"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_no_space_or_read_only(
    which: str, code: int, place: Path, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    forget(total)

    def fails(*args: Any, **kwargs: Any) -> Any:
        raise OSError(code, os.strerror(code))

    class Full:
        def __init__(self, number: int, _mode: str) -> None:
            self.number = number

        def __enter__(self) -> Full:  # noqa: PYI034
            return self

        def __exit__(self, *_: object) -> None:
            os.close(self.number)

        write = fails

    owner, name = {
        "mkdir": (Path, "mkdir"), "mkstemp": (tempfile, "mkstemp"), "fdopen": (os, "fdopen"), "write": (os, "fdopen"),
        "replace": (Path, "replace"), "scandir": (os, "scandir"),
    }[which]  # fmt: skip
    versions.sources()
    monkeypatch.setattr(folder, "_writes", iter([0]))  # so that it looks at the size
    monkeypatch.setattr(owner, name, Full if which == "write" else fails)
    assert bp.grad(total)(np.ones(2)).tolist() == [2.0, 2.0]
    monkeypatch.undo()
    assert made
    left = [one.suffix for one in place.iterdir()] if place.exists() else []
    assert left == ([".json"] if which == "scandir" else [])


def test_reading_fails(place: Path, made: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    bp.grad(total)(np.ones(2))
    forget(total)
    made.clear()
    the_entry(place).unlink()
    the_entry_is_a_folder = place / f"{disk.Place.of(request()).key}.json"  # type: ignore[union-attr]
    the_entry_is_a_folder.mkdir()
    assert bp.grad(total)(np.ones(2)).tolist() == [2.0, 2.0]
    assert made


def request() -> Request:
    return variants.shared_variants(total, "reverse", ("x",), single=True, value=False, outputs=(), cache=True).request(
        {name: variants.type_of_value(value, name) for name, value in {"x": np.ones(2), "power": 2}.items()}
    )


def test_two_processes_at_once(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import sys, numpy as np, backprose as bp\nfrom backprose import variants\n"
        "def f(x):\n    return np.sum(x ** 2)\n"
        "for _ in range(60):\n"
        "    vars(f).pop('__backprose_variants__', None)\n"
        "    if variants.derive is None or _ % 3 == 0:\n"
        "        from backprose import disk\n        disk.folder.read, old = lambda key: None, disk.folder.read\n"
        "        bp.grad(f)(np.ones(2))\n        disk.folder.read = old\n"
        "    else:\n        assert bp.grad(f)(np.ones(2)).tolist() == [2.0, 2.0]\n"
    )
    env = {**os.environ, folder.VARIABLE: str(tmp_path / "cache"), "PYTHONPATH": str(Path(bp.__file__).parents[1])}
    running = [
        subprocess.Popen([sys.executable, str(program)], env=env, stderr=subprocess.PIPE, text=True) for _ in range(2)
    ]
    for one in running:
        _, errors = one.communicate()
        assert one.returncode == 0, errors
    (left,) = (tmp_path / "cache").iterdir()
    assert left.suffix == ".json"


# ---------------------------------------------------------------- the folder
def test_turned_off(place: Path, made: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    bp.grad(total, cache=False)(np.ones(2))
    assert not place.exists()
    monkeypatch.setenv(folder.VARIABLE, "")
    forget(total)
    bp.grad(total)(np.ones(2))
    assert not place.exists()
    assert len(made) == 2


def test_pickled_without_a_cache() -> None:
    local = lambda x: x * x  # pickled by what it is made of
    df = bp.grad(local, cache=False)
    kind, _, options = df.__reduce__()[1]
    assert kind is bp.Derivative
    assert options["cache"] is False
    assert "cache" not in bp.grad(local).__reduce__()[1][2]


def test_usual_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(folder.VARIABLE)
    for variable in ("HOME", "USERPROFILE", "LOCALAPPDATA", "XDG_CACHE_HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    found = folder.path()
    assert found is not None
    assert found.name == "backprose"
    assert found.is_relative_to(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")  # to be ignored, says the specification
    found = folder.path()
    assert found is not None
    assert found.is_relative_to(tmp_path)


def test_oldest_go_first(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place.mkdir(mode=0o700)
    for number in range(4):
        file = place / f"{number}.json"
        file.write_bytes(b"x" * 100)
        os.utime(file, (number, number))
    unfinished = place / "left.tmp"
    unfinished.write_bytes(b"")
    os.utime(unfinished, (1, 1))
    monkeypatch.setattr(folder, "MOST_BYTES", 500)
    monkeypatch.setattr(folder, "_writes", iter([0]))
    folder.write("new", {"text": "y" * 180})
    assert sorted(one.name for one in place.iterdir()) == ["2.json", "3.json", "new.json"]


def test_only_text_is_kept(place: Path) -> None:
    bp.grad(total)(np.ones(2))
    path = the_entry(place)
    check, _, body = path.read_bytes().partition(b"\n")
    found = json.loads(body)
    assert found["text"] == bp.grad(total).source_for(np.ones(2))
    assert path.stat().st_mode & 0o077 == 0
    assert len(check) == 64
