# ruff: noqa: PYI036, RUF012  classes as users write them
"""What the user's classes define: operators, comparisons, items, conversions; dataclasses and named tuples."""

from __future__ import annotations

import abc
import collections
import dataclasses
import enum
import functools
import math
import operator
import typing
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
import pytest

import backprose as bp
from tests.fuzz.run import check_function

X = np.array([0.5, -1.2, 2.1, 0.7])


class Slot:
    __slots__ = ("a", "b")

    def __init__(self, a: Any, b: Any) -> None:
        self.a = a
        self.b = b

    def prod(self) -> Any:
        return self.a * self.b


@dataclass(slots=True)
class SlotD:
    a: float
    b: float = 2.0


class Vec:
    def __init__(self, data: Any) -> None:
        self.data = data

    def __getitem__(self, i: Any) -> Any:
        return self.data[i]

    def __setitem__(self, i: Any, v: Any) -> Any:
        self.data[i] = v

    def __len__(self) -> Any:
        return len(self.data)

    def __iter__(self) -> Any:
        return iter(self.data)

    def __contains__(self, v: Any) -> Any:
        return v in self.data


class Grid:
    def __init__(self, n: Any) -> None:
        self.a = np.zeros((n, n))

    def __getitem__(self, ij: Any) -> Any:
        return self.a[ij]

    def __setitem__(self, ij: Any, v: Any) -> Any:
        self.a[ij] = v


class Timer:
    def __enter__(self) -> Any:
        return self

    def __exit__(self, *a: object) -> Any:
        pass


class Scope:
    def __init__(self, s: Any) -> None:
        self.s = s

    def __enter__(self) -> Any:
        return self

    def __exit__(self, t: Any, v: Any, tb: Any) -> Any:
        return None


class Base:
    rate = 0.5
    names = ("a", "b")
    table = {"a": 2.0}

    def __init__(self, k: Any) -> None:
        self.k = k

    def f(self, x: Any) -> Any:
        return self.k * x * self.rate

    def g(self) -> Any:
        return self.f(2.0)


class Child(Base):
    rate = 0.25

    def __init__(self, k: Any, m: Any) -> None:
        super().__init__(k)
        self.m = m

    def f(self, x: Any) -> Any:
        return super().f(x) + self.m


class Child2(Base):
    def __init__(self, k: Any, m: Any) -> None:
        Base.__init__(self, k)
        self.m = m

    def f(self, x: Any) -> Any:
        return Base.f(self, x) * self.m


class Grand(Child):
    def f(self, x: Any) -> Any:
        return super().f(x) ** 2


class Shape:
    def area(self) -> Any:
        raise NotImplementedError


class Sq(Shape):
    def __init__(self, s: Any) -> None:
        self.s = s

    def area(self) -> Any:
        return self.s**2


class Ci(Shape):
    def __init__(self, r: Any) -> None:
        self.r = r

    def area(self) -> Any:
        return math.pi * self.r**2


class Temp:
    def __init__(self, c: Any) -> None:
        self._c = c

    @property
    def c(self) -> Any:
        return self._c

    @c.setter
    def c(self, v: Any) -> Any:
        if v < -273:
            raise ValueError("cold")
        self._c = v * 2

    @property
    def f(self) -> Any:
        return self._c * 9 / 5 + 32


class Cached:
    def __init__(self, x: Any) -> None:
        self.x = x

    @functools.cached_property
    def sq(self) -> Any:
        return self.x**2


@dataclass
class PI:
    a: float
    b: float = 2.0
    c: float = field(init=False)
    xs: list = field(default_factory=list)
    arr: np.ndarray = field(default_factory=lambda: np.zeros(2))

    def __post_init__(self) -> Any:
        self.c = self.a * self.b


@dataclass(frozen=True)
class Fr:
    a: float
    b: float = 3.0

    def scaled(self, s: Any) -> Any:
        return replace(self, a=self.a * s)

    @classmethod
    def unit(cls, v: Any) -> Any:
        return cls(v, b=v * 2)

    @classmethod
    def default(cls) -> Any:
        return cls(1.0)

    @staticmethod
    def helper(v: Any) -> Any:
        return v * 2


class NT(NamedTuple):
    x: float
    v: float = 1.0

    def energy(self) -> Any:
        return self.v**2 + self.x**2

    @property
    def p(self) -> Any:
        return self.v * 2


class V2:
    def __init__(self, x: Any, y: Any) -> None:
        self.x = x
        self.y = y

    def __add__(self, o: Any) -> Any:
        return V2(self.x + o.x, self.y + o.y) if isinstance(o, V2) else V2(self.x + o, self.y + o)

    def __radd__(self, o: Any) -> Any:
        return self + o

    def __sub__(self, o: Any) -> Any:
        return V2(self.x - o.x, self.y - o.y)

    def __rsub__(self, o: Any) -> Any:
        return V2(o - self.x, o - self.y)

    def __mul__(self, s: Any) -> Any:
        return V2(self.x * s, self.y * s)

    def __rmul__(self, s: Any) -> Any:
        return self * s

    def __truediv__(self, s: Any) -> Any:
        return V2(self.x / s, self.y / s)

    def __neg__(self) -> Any:
        return V2(-self.x, -self.y)

    def __abs__(self) -> Any:
        return math.sqrt(self.x**2 + self.y**2)

    def __pow__(self, n: Any) -> Any:
        return V2(self.x**n, self.y**n)

    def __matmul__(self, o: Any) -> Any:
        return self.x * o.x + self.y * o.y

    def __iadd__(self, o: Any) -> Any:
        self.x += o.x
        self.y += o.y
        return self

    def __eq__(self, o: object) -> Any:
        return self.x == o.x and self.y == o.y

    def __lt__(self, o: Any) -> Any:
        return abs(self) < abs(o)

    def __bool__(self) -> Any:
        return True

    def __call__(self, t: Any) -> Any:
        return self.x * t + self.y

    def __float__(self) -> Any:
        return float(self.x)

    def __hash__(self) -> Any:
        return 0


class Color(enum.Enum):
    RED = 1.0
    BLUE = 2.5

    def weight(self) -> Any:
        return self.value * 2

    @property
    def half(self) -> Any:
        return self.value / 2


class Mode(enum.IntEnum):
    A = 1
    B = 2


class SE(str, enum.Enum):
    LIN = "lin"
    SQ = "sq"


class Fl(enum.Flag):
    P = enum.auto()
    Q = enum.auto()


class Sim:
    count = 0

    def __init__(self, n: Any) -> None:
        self.state = np.zeros(n)
        self.t = 0.0
        self.hist = []

    def step(self, u: Any) -> Any:
        self.state = self.state * 0.9 + u
        self.t += 0.1
        self.hist.append(self.state.sum())

    def run(self, x: Any, n: Any) -> Any:
        for _ in range(n):
            self.step(x)
        return self


class Node:
    def __init__(self, v: Any, left: Any = None, right: Any = None) -> None:
        self.v = v
        self.left = left
        self.right = right

    def total(self) -> Any:
        t = self.v**2
        if self.left is not None:
            t += self.left.total()
        if self.right is not None:
            t += 2 * self.right.total()
        return t


class Mixin:
    def twice(self) -> Any:
        return 2 * self.f()


class M1(Mixin):
    def __init__(self, v: Any) -> None:
        self.v = v

    def f(self) -> Any:
        return self.v**2


class Abs(abc.ABC):
    @abc.abstractmethod
    def f(self) -> Any: ...

    def g(self) -> Any:
        return self.f() * 2


class Conc(Abs):
    def __init__(self, v: Any) -> None:
        self.v = v

    def f(self) -> Any:
        return self.v**2


T = typing.TypeVar("T")


class Gen(typing.Generic[T]):
    def __init__(self, v: Any) -> None:
        self.v = v

    def f(self) -> Any:
        return self.v**2


class Stack:
    def __init__(self) -> None:
        self.items = []

    def push(self, v: Any) -> Any:
        self.items.append(v)

    def pop(self) -> Any:
        return self.items.pop()

    def __len__(self) -> Any:
        return len(self.items)


model = Sq(2.0)


def o_slots(x: Any) -> Any:
    s = Slot(x[0], x[1])
    s.a += 1.0
    return s.prod()


def o_slots_dc(x: Any) -> Any:
    s = SlotD(x[0])
    s.a *= 3
    return s.a * s.b * x[1]


def o_getitem(x: Any) -> Any:
    v = Vec(x * 2)
    return v[0] * v[1]


def o_setitem(x: Any) -> Any:
    v = Vec(x * 2)
    v[0] = x[1] ** 2
    return v[0] * v[1]


def o_setitem_aug(x: Any) -> Any:
    v = Vec(x * 2)
    v[0] += x[1] ** 2
    return v[0] * v[1]


def o_len(x: Any) -> Any:
    v = Vec(x * 2)
    return len(v) * v[1]


def o_iter(x: Any) -> Any:
    v = Vec([x[0], x[1]])
    t = 0.0
    for e in v:
        t += e * e
    return t


def o_iter_arr(x: Any) -> Any:
    v = Vec(x)
    t = 0.0
    for e in v:
        t += e * e
    return t


def o_contains(x: Any) -> Any:
    v = Vec([1, 2])
    return x[0] ** 2 if 1 in v else x[1]


def o_grid(x: Any, n: Any) -> Any:
    g = Grid(n)
    for i in range(n):
        for j in range(n):
            g[i, j] = x[i] * x[j]
    return g[0, 1] * g[2, 2]


def o_enter(x: Any) -> Any:
    with Timer():
        return x[0] ** 2


def o_enter_as(x: Any) -> Any:
    with Scope(2.0) as s:
        return x[0] ** s.s


def o_super(x: Any) -> Any:
    return Child(x[0], x[1]).g()


def o_super2(x: Any) -> Any:
    return Grand(x[0], x[1]).g()


def o_base_call(x: Any) -> Any:
    return Child2(x[0], x[1]).g()


def o_class_attr(x: Any) -> Any:
    return x[0] ** 2 * Base.rate + Child(x[0], 1.0).rate * x[1] + Base.table["a"] * x[2] + len(Base.names)


def o_poly(x: Any) -> Any:
    return sum(s.area() for s in [Sq(x[0]), Ci(x[1])])


def o_poly_loop(x: Any) -> Any:
    t = 0.0
    for s in (Sq(x[0]), Ci(x[1])):
        t += s.area() if isinstance(s, Sq) else 2 * s.area()
    return t


def o_prop(x: Any) -> Any:
    t = Temp(x[0])
    t.c = x[1]
    t.c += x[2]
    return t.f * t.c


def o_cached(x: Any) -> Any:
    c = Cached(x[0])
    return c.sq * c.sq


def o_postinit(x: Any) -> Any:
    p = PI(x[0], x[1])
    p.xs.append(x[2])
    p.arr[0] = x[3]
    return p.c * p.xs[0] + p.arr[0] ** 2


def o_frozen(x: Any) -> Any:
    f = Fr(x[0]).scaled(x[1])
    g = dataclasses.replace(f, b=x[2])
    return f.a * f.b + g.a * g.b


def o_frozen_arg(f: Any) -> Any:
    g = f.scaled(2.0)
    return g.a * f.b + f.a


def o_classmethod(x: Any) -> Any:
    f = Fr.unit(x[0])
    return f.a * f.b + Fr.helper(x[1]) * Fr.default().b


def o_nt(x: Any) -> Any:
    s = NT(x[0])
    s = s._replace(v=x[1])
    return s.energy() * s.p


def o_nt_loop(x: Any) -> Any:
    s = NT(x[0], x[1])
    for i in range(5):
        s = s._replace(x=s.x + 0.1 * s.v, v=s.v - 0.1 * s.x)
    return s.energy()


def o_ops(x: Any) -> Any:
    a = V2(x[0], x[1])
    b = V2(x[2], x[3])
    c = 2.0 * a + b * 3 - a / 2.0
    return abs(-c) + a @ b + (a**2).x


def o_radd(x: Any) -> Any:
    a = V2(x[0], x[1])
    c = 1.0 + a
    d = 1.0 - a
    return c.x * d.y


def o_sum(x: Any) -> Any:
    t = sum([V2(x[0], x[1]), V2(x[2], x[3])])
    return t.x * t.y


def o_sum_start(x: Any) -> Any:
    t = sum([V2(x[0], x[1]), V2(x[2], x[3])], V2(0.0, 0.0))
    return t.x * t.y


def o_iadd(x: Any) -> Any:
    a = V2(x[0], x[1])
    b = a
    a += V2(x[2], x[3])
    return b.x * a.y


def o_iadd_none(x: Any) -> Any:
    a = V2(x[0], x[1])
    a -= V2(x[2], x[3])
    a *= 2.0
    return a.x * a.y


def o_lt(x: Any) -> Any:
    a = V2(x[0], x[1])
    b = V2(x[2], x[3])
    if a < b:
        return a.x * 2
    return b.y


def o_eq(x: Any) -> Any:
    a = V2(x[0], x[1])
    b = V2(x[2], x[3])
    if a == b:
        return a.x
    if a != b:
        return b.y**2
    return x[0]


def o_gt_reflected(x: Any) -> Any:
    a = V2(x[0], x[1])
    b = V2(x[2], x[3])
    if b > a:
        return a.x * 2
    return b.y


def o_bool(x: Any) -> Any:
    a = V2(x[0], x[1])
    if a:
        return a(x[2])
    return x[1]


def o_float(x: Any) -> Any:
    return float(V2(x[0], x[1])) ** 2


def o_numpy_scalar_op(x: Any) -> Any:
    a = V2(x[0], x[1])
    b = x[2] * a
    c = a * x[2]
    return b.x * c.y


def o_enum_value(x: Any, c: Any) -> Any:
    return x[0] ** 2 * c.value


def o_enum_method(x: Any, c: Any) -> Any:
    return x[0] ** 2 * c.weight() * c.half


def o_enum_global(x: Any) -> Any:
    c = Color.RED
    return x[0] ** 2 * c.value * Color.BLUE.weight() + (x[1] if c is Color.RED else x[2])


def o_intenum(x: Any, m: Any) -> Any:
    return x[0] ** m if m == Mode.B else x[m]


def o_strenum(x: Any, m: Any) -> Any:
    return x[0] ** 2 if m == "sq" else x[1]


def o_enum_name(x: Any, c: Any) -> Any:
    return x[0] ** 2 if c.name == "BLUE" else x[1]


def o_enum_match(x: Any, c: Any) -> Any:
    match c:
        case Color.RED:
            return x[0]
        case Color.BLUE:
            return x[1] ** 2


def o_flag(x: Any, f: Any) -> Any:
    t = 0.0
    if f & Fl.P:
        t += x[0] ** 2
    if Fl.Q in f:
        t += x[1]
    return t


def o_sim(x: Any, n: Any) -> Any:
    s = Sim(4).run(x, n)
    return sum(s.hist) * s.t


def o_sim_while(x: Any, n: Any) -> Any:
    s = Sim(4)
    while s.t < 1.0 and len(s.hist) < n:
        s.step(x)
    return s.hist[-1] ** 2


def o_fluent(x: Any) -> Any:
    class_ = Sim(4)
    class_.step(x)
    return class_.run(x, 2).hist[2]


def o_tree(x: Any) -> Any:
    return Node(x[0], Node(x[1]), Node(x[2], Node(x[3]))).total()


def o_setattr(x: Any) -> Any:
    s = Sq(0.0)
    setattr(s, "s", x[0])
    return getattr(s, "s") ** 2 * (1 if hasattr(s, "s") else 2) + (0 if hasattr(s, "zz") else x[1])


def o_dict_attr(x: Any) -> Any:
    s = Sq(x[0])
    return s.__dict__["s"] ** 2 + sum(vars(s).values())


def o_asdict(p: Any) -> Any:
    d = dataclasses.asdict(p)
    return d["a"] * d["b"]


def o_astuple(x: Any) -> Any:
    a, b = dataclasses.astuple(Fr(x[0], x[1]))
    return a * b


def o_type(x: Any) -> Any:
    s = Sq(x[0])
    t = type(s)(x[1])
    return s.area() * t.area() + (x[2] if type(s) is Sq else 0.0)


def o_self_class(x: Any) -> Any:
    class_of = Fr(x[0])
    return class_of.__class__(x[1]).b * class_of.a


def o_mixin(x: Any) -> Any:
    return M1(x[0]).twice()


def o_abc(x: Any) -> Any:
    return Conc(x[0]).g()


def o_abc_arg(m: Any) -> Any:
    return m.g()


def o_generic(x: Any) -> Any:
    return Gen(x[0]).f()


def o_stack(x: Any) -> Any:
    s = Stack()
    for v in x:
        s.push(v * v)
    t = 0.0
    while len(s) > 0:
        t = t * 0.5 + s.pop()
    return t


def o_stack_bool(x: Any) -> Any:
    s = Stack()
    s.push(x[0])
    t = 0.0
    while s:
        t = t * 0.5 + s.pop()
    return t


def o_global_obj(x: Any) -> Any:
    return model.s * x[0] ** 2 + model.area() * x[1]


class Money:
    """Leaves operands that it does not know to them, as the manual of Python says."""

    def __init__(self, v: Any) -> None:
        self.v = v

    def __add__(self, o: Any) -> Any:
        if isinstance(o, Money):
            return Money(self.v + o.v)
        return NotImplemented

    def __radd__(self, o: Any) -> Any:
        return Money(self.v * 10 + o)

    def __eq__(self, o: object) -> Any:
        if not isinstance(o, Money):
            return NotImplemented
        return self.v == o.v

    def __lt__(self, o: Any) -> Any:
        return NotImplemented

    def __gt__(self, o: Any) -> Any:
        return self.v > o.v

    def __iadd__(self, o: Any) -> Any:
        return NotImplemented


class Sub(Money):
    def __radd__(self, o: Any) -> Any:
        return Money(1000 * self.v * o.v)


class Other:
    def __init__(self, v: Any) -> None:
        self.v = v

    def __radd__(self, o: Any) -> Any:
        return Money(o.v * 100 + self.v)


def o_other_operand(x: Any) -> Any:
    return (Money(x[0]) + Other(x[1])).v


def o_equal_to_another(x: Any) -> Any:
    return x[0] if Money(x[0]) == 3 else x[1] * (Money(x[2]) != 3)


def o_subclass_first(x: Any) -> Any:
    return (Money(x[0]) + Sub(x[1])).v


def o_lt_reflected(x: Any) -> Any:
    return x[0] * x[1] if Money(x[0]) < Money(x[2]) else x[3]


def o_iadd_left_open(x: Any) -> Any:
    m = Money(x[0])
    m += Money(x[1] * x[0])
    return m.v


class Pair(NamedTuple):
    a: Any
    b: Any

    def __add__(self, other: Any) -> Any:
        return Pair(self.a + other.a, self.b * other.b) if isinstance(other, Pair) else NotImplemented

    def __mul__(self, k: Any) -> Pair:
        return Pair(self.a * k * k, self.b * k)

    __rmul__ = __mul__

    def __neg__(self) -> Pair:
        return Pair(-self.a, self.b)

    def __abs__(self) -> Any:
        return self.a * self.b

    def count(self, k: Any) -> Any:
        return self.a * k


class Grown(collections.namedtuple("Grown", "a b")):  # noqa: SLOT002, PYI024
    def __iadd__(self, k: Any) -> Any:
        return Grown(self.a * k, self.b + k)

    def __radd__(self, k: Any) -> Grown:
        return self if k == 0 else Grown(k[0] * self.a, self.b)

    def _replace(self, **values: Any) -> Any:
        return values["a"] * self.b


PAIR = Pair(2.0, 3.0)
MANY_PAIRS = [PAIR] * 40


class Doubled(list):
    def __mul__(self, k: Any) -> Any:
        return self[0] * k * k


DOUBLED = Doubled([2.0, 3.0])


def t_operators(x: Any) -> Any:
    p, q = Pair(x[0], x[1]), Pair(x[2], x[3])
    p += q
    p = -(p * 2 + 3 * q) * x[1]
    return p.a * p.b + abs(q) * len(p + q) + np.abs(Pair(x[0], x[1]))[1] + q.count(2.0)


def t_by_one_side(x: Any) -> Any:
    g = Grown(x[0], x[1])
    g += x[2]
    h, i = (x[3], 1.0) + g, g + g  # noqa: RUF005
    return h.a * h.b + i[3] * len(i) + sum([g]).a + (g * 2)[3] + g._replace(a=x[0])


def t_outside(x: Any) -> Any:
    p = PAIR
    for _ in range(2):
        p = p * x[0]
    q = PAIR if x[0] > 0 else Pair(1.0, 2.0)
    return p.a * p.b + (PAIR * x[1]).a + (q * x[2])[0] + operator.mul(PAIR, x[3])[0] + np.multiply(PAIR, x[3])[0]


def t_in_lists(x: Any) -> Any:
    pairs = []
    for v in x:
        pairs.append(Pair(v, v * x[0]))  # noqa: PERF401
    s = Pair(0.0, 1.0)
    for p in pairs:
        s = s + p * 2
    return s.a * s.b


PROGRAMS: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
    (o_slots, (X,)),
    (o_slots_dc, (X,)),
    (o_getitem, (X,)),
    (o_setitem, (X,)),
    (o_setitem_aug, (X,)),
    (o_len, (X,)),
    (o_iter, (X,)),
    (o_iter_arr, (X,)),
    (o_contains, (X,)),
    (o_grid, (X, 3)),
    (o_enter, (X,)),
    (o_enter_as, (X,)),
    (o_super, (X,)),
    (o_super2, (X,)),
    (o_base_call, (X,)),
    (o_class_attr, (X,)),
    (o_poly, (X,)),
    (o_poly_loop, (X,)),
    (o_prop, (X,)),
    (o_cached, (X,)),
    (o_postinit, (X,)),
    (o_frozen, (X,)),
    (o_frozen_arg, (Fr(1.5),)),
    (o_classmethod, (X,)),
    (o_nt, (X,)),
    (o_nt_loop, (X,)),
    (o_ops, (X,)),
    (o_radd, (X,)),
    (o_sum, (X,)),
    (o_sum_start, (X,)),
    (o_iadd, (X,)),
    (o_iadd_none, (X,)),
    (o_lt, (X,)),
    (o_eq, (X,)),
    (o_gt_reflected, (X,)),
    (o_bool, (X,)),
    (o_float, (X,)),
    (o_numpy_scalar_op, (X,)),
    (o_enum_value, (X, Color.BLUE)),
    (o_enum_method, (X, Color.BLUE)),
    (o_enum_global, (X,)),
    (o_intenum, (X, Mode.B)),
    (o_strenum, (X, SE.SQ)),
    (o_enum_name, (X, Color.BLUE)),
    (o_enum_match, (X, Color.BLUE)),
    (o_flag, (X, Fl.P | Fl.Q)),
    (o_sim, (X, 5)),
    (o_sim_while, (X, 40)),
    (o_fluent, (X,)),
    (o_tree, (X,)),
    (o_setattr, (X,)),
    (o_dict_attr, (X,)),
    (o_asdict, (PI(1.0, 2.0),)),
    (o_astuple, (X,)),
    (o_type, (X,)),
    (o_self_class, (X,)),
    (o_mixin, (X,)),
    (o_abc, (X,)),
    (o_abc_arg, (Conc(1.2),)),
    (o_generic, (X,)),
    (o_stack, (X,)),
    (o_stack_bool, (X,)),
    (o_global_obj, (X,)),
    (o_other_operand, (X,)),
    (o_equal_to_another, (X,)),
    (o_subclass_first, (X,)),
    (o_lt_reflected, (X,)),
    (o_iadd_left_open, (X,)),
    (t_operators, (X,)),
    (t_by_one_side, (X,)),
    (t_outside, (X,)),
    (t_in_lists, (X,)),
]


@pytest.mark.parametrize(("function", "args"), PROGRAMS, ids=[one.__name__ for one, _ in PROGRAMS])
def test_right(function: Callable[..., Any], args: tuple[Any, ...]) -> None:
    outcome = check_function(function, args, function.__code__.co_varnames[0])
    assert outcome.kind == "right", outcome.detail


def an_item_of_many(x: Any) -> Any:
    s = 0.0
    for p in MANY_PAIRS:
        s += (p * x)[0]
    return s


def of_a_list(x: Any) -> Any:
    return np.sum(DOUBLED * x)


@pytest.mark.parametrize("function", [an_item_of_many, of_a_list])
def test_operators_of_classes_that_are_not_followed_are_refused(function: Any) -> None:
    with pytest.raises(bp.UnsupportedError, match="this operator of a"):
        bp.grad(function)(0.7)
    with pytest.raises(bp.ArgumentError, match="whose operators are not those of arrays"):
        bp.grad(lambda p, x: np.sum(p * x), wrt="x")(DOUBLED, 0.7)


def number_first(x: Any) -> Any:
    return (x * Pair(2.0, x)).a


def test_a_number_of_numpy_beside_a_named_tuple_makes_an_array() -> None:
    assert check_function(number_first, (0.7,), "x").kind == "right"
    with pytest.raises(ValueError, match="NumPy makes an array"):
        bp.grad(number_first)(np.float64(0.7))


def not_or(x):
    c = not (x > 1) or x
    return c * x


def not_and(x):
    c = not x > 1 and x
    return c * x


@pytest.mark.parametrize("function", [not_or, not_and])
@pytest.mark.parametrize("at", [0.5, 1.5])
def test_not_beside_and_or(function: Any, at: float) -> None:
    assert check_function(function, (at,), "x").kind == "right"
