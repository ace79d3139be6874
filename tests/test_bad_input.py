"""Bad input ends in a refusal, or in the exception that Python itself raises: never in one from inside the compiler."""

from __future__ import annotations

import collections
import datetime as dt
import decimal
import enum
import fractions
import importlib.util
import pathlib
import traceback
import types
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

import backprose as bp

ROOT = str(Path(bp.__file__).parent)


def summed(x, y):
    return np.sum(x * 2.0)


def mixed(x, y):
    return x * 1.0 + np.sum(y)


class Weird:
    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(f"no {name}")


class Slots:
    __slots__ = ("a",)


class Level(enum.Enum):
    LOW = 1.0


VALUES: list[Any] = [
    None, "a", b"a", {}, {"a": 1.0}, {1.0: 2.0}, set(), {1.0}, [], [1.0, 2.0], [[1.0], [2.0, 3.0]], (), (1.0,),
    range(3), object(), Weird(), Slots(), Level.LOW, fractions.Fraction(1, 2), decimal.Decimal("1.5"),
    np.array(["a"]), np.array([1, None], object), np.array([1 + 2j]), np.ma.array([1.0]),
    np.array([(1.0, 2)], dtype=[("a", "f8"), ("b", "i4")]), np.float16(1), np.longdouble(1),
    np.array([1.0]).astype(">f8"), np.datetime64("2020"), np.array(5.0), np.bool_(True), True, 10**40,
    float("nan"), lambda x: x, np.sin, np, type, int,
    iter([1.0]), types.SimpleNamespace(a=1.0), collections.OrderedDict(a=1.0), slice(None), Ellipsis, NotImplemented,
    pathlib.Path(), dt.date(2020, 1, 1), bytearray(b"a"), memoryview(b"abc"), np.random.default_rng(0),
]  # fmt: skip

CALLS: dict[str, Callable[[Any, Any], Any]] = {
    "first argument": lambda f, v: bp.grad(f)(v, 1.0),
    "other argument": lambda f, v: bp.grad(f)(1.0, v),
    "wrt the other": lambda f, v: bp.grad(f, wrt="y")(1.0, v),
    "wrt both": lambda f, v: bp.grad(f, wrt=("x", "y"))(v, v),
    "cotangent": lambda f, v: bp.vjp(f, 1.0, 2.0)[1](v),
    "tangent": lambda f, v: bp.jvp(f, (1.0, 2.0), (v, None)),
    "argument of jvp": lambda f, v: bp.jvp(f, (v, 2.0), (1.0, None)),
    "wrt": lambda f, v: bp.grad(f, wrt=v)(1.0, 2.0),
    "function": lambda _f, v: v is None or bp.grad(v)(1.0),
}


def fails_outside(call: Callable[[], Any]) -> None:
    """Runs the call; what it raises must be a refusal or come from elsewhere than our files."""
    raised: Exception | None = None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            call()
    except Exception as error:
        raised = error
    if isinstance(raised, bp.BackproseError):
        assert type(raised).__name__ != "InternalError", str(raised)
    elif raised is not None:
        files = [frame.filename for frame in traceback.extract_tb(raised.__traceback__)]
        story = "".join(traceback.format_exception(raised))
        assert not files[-1].startswith(ROOT), story
        assert f"{ROOT}/pipeline.py" not in files, story


@pytest.mark.parametrize("where", CALLS)
@pytest.mark.parametrize("function", [summed, mixed])
def test_values(function: Any, where: str) -> None:
    for value in VALUES:
        fails_outside(lambda value=value: CALLS[where](function, value))  # type: ignore[misc]


PROGRAMS = """
def f(x): return undefined_name(x)
---
def f(x): return np.nothing(x)
---
def f(x):
    y = z
    return x * y
---
def f(x):
    for i in x:
        pass
    return i
---
def f(x): return x.foo
---
def f(x): return x[0][0]
---
def f(x): return x.sum(axis=7)
---
def f(x): return np.sum(x, axis="a")
---
def f(x): return np.sum()
---
def f(x): return np.sum(x, x, x, x, x, x, x, x, x)
---
def f(x): return np.reshape(x, (2, 2, 2))
---
def f(x): return x @ np.ones((7, 7))
---
def f(x):
    x.y = 3
    return x
---
def f(x): return f(x)
---
def f(*args): return args[0]
---
def f(x, **kw): return x
---
def f(x): return (lambda: x)()
---
def f(x): return x if x else None
---
def f(x): pass
---
def f(x): return
---
def f(x): return "a"
---
def f(x): return {"a": x}
---
def f(x): return [x]
---
def f(x): raise ValueError(x)
---
def f(x): assert x < 0, x
---
def f(x): return np.linalg.solve(x, x)
---
def f(x): return eval("x")
---
def f(x): return locals()["x"]
---
def f(x): return globals()
---
def f(x): return super()
---
def f(x): return x << 2
---
def f(x): return divmod(x, 2.0)[1]
---
def f(x): return pow(x, 2, 3)
---
def f(x): return complex(x).real
---
def f(x): return x + 1j
---
def f(x): return np.array([x, "a"])
---
def f(x): return sum(x for x in x)
---
def f(x):
    def x(): return 3
    return x()
---
def f(x): return type(x)(3)
---
def f(x): return getattr(np, "sin")(x)
---
def f(x): return f"{x}"
---
def f(x): return np.vectorize(lambda y: y)(x)
---
def f(x):
    x[0:2][0] = 1.0
    return x
---
def f(x):
    x, x = x, x
    return x
---
def f(x):
    del x
    return x
---
def f(x, y=[]):
    y.append(x)
    return y[0]
---
class f:
    def __init__(self, x): pass
---
f = property(lambda self: 1)
---
f = staticmethod(lambda x: x)
---
f = np.vectorize(lambda x: x)
""".split("---\n")


@pytest.mark.parametrize("number", range(len(PROGRAMS)))
def test_programs(number: int, tmp_path: Path) -> None:
    path = tmp_path / f"bad_{number}.py"
    path.write_text(f"import numpy as np\n{PROGRAMS[number]}")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    fails_outside(lambda: bp.grad(module.f).source)
    for x in (1.5, np.array([1.0, 2.0, 3.0]), np.eye(2)):
        fails_outside(lambda x=x: bp.grad(module.f)(x))  # type: ignore[misc]
        fails_outside(lambda x=x: bp.jvp(module.f, (x,), (x,)))  # type: ignore[misc]
        fails_outside(lambda x=x: bp.vjp(module.f, x))  # type: ignore[misc]


class Sub(np.ndarray):
    def __mul__(self, other: Any) -> Any:
        return np.asarray(self) * 100


class Num(float):
    def __mul__(self, other: Any) -> Any:
        return 100 * float(other)


class Items(NamedTuple):
    a: Any
    b: Any


class Pair(Items):
    __slots__ = ()

    def __getitem__(self, i: Any) -> Any:
        return 100.0


class Doubled:
    def __init__(self, v: Any) -> None:
        self.v = v

    def __getattribute__(self, name: str) -> Any:
        found = object.__getattribute__(self, name)
        return found * 2 if name == "v" else found


NUM = Num(2.0)


def times_a_global(x):
    return NUM * x


def item_of_a_pair(x):
    return Pair(x, 1.0)[0]


def doubled(x):
    return Doubled(x).v


@pytest.mark.parametrize(
    ("function", "args", "wrt"),
    [
        (mixed, (1.0, np.ones(3).view(Sub)), "x"),
        (mixed, ([Num(2.0)][0], 1.0), "y"),
        (lambda t, x: t[0] * x, ((Num(2.0), 1), 1.0), "x"),
        (times_a_global, (1.0,), "x"),
        (item_of_a_pair, (1.0,), "x"),
        (doubled, (1.0,), "x"),
    ],
)
def test_classes_with_operators_of_their_own(function: Callable[..., Any], args: Any, wrt: str) -> None:
    with pytest.raises(bp.BackproseError):
        bp.grad(function, wrt=wrt)(*args)
