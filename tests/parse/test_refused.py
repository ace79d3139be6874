"""What is no plain function is refused, with a way out."""

from __future__ import annotations

import functools
import math

import numpy as np
import pytest

from backprose.errors import BackproseError, SourceError, UnsupportedError
from backprose.parse import parse


def plain(x):
    return x


class Model:
    def __call__(self, x):
        return x

    def predict(self, x):
        return x

    static = staticmethod(plain)


class Derivative:
    __wrapped__ = plain

    def __call__(self, x):
        return x

    def specialise(self, *args):
        return plain


class Compiled:
    py_func = staticmethod(plain)
    __name__ = "fast"

    def __call__(self, x):
        return x


@functools.cache
def cached(x):
    return x


def generator(x):
    yield x


async def coroutine(x):
    return x


async def async_generator(x):
    yield x


@pytest.mark.parametrize(
    ("given", "kind", "says"),
    [
        (len, SourceError, "len has no Python source"),
        (math.sin, SourceError, "def f(x): return math.sin(x)"),
        (np.sin, SourceError, "def f(x): return numpy.sin(x)"),
        (np.sum, SourceError, "numpy.sum has no Python source"),
        (str.upper, SourceError, "upper has no Python source"),
        ("a".upper, SourceError, "upper has no Python source"),
        (Model().predict, UnsupportedError, "def f(x): return model.predict(x)"),
        (Model(), UnsupportedError, "def f(x): return model(x)"),
        (Model, UnsupportedError, "Model is a class"),
        (Model.__dict__["static"], UnsupportedError, "put the transform under @staticmethod"),
        (functools.partial(plain, 1), UnsupportedError, "def g(x): return plain(x, ...)"),
        (Derivative(), UnsupportedError, ".specialise(*args)"),
        (Compiled(), UnsupportedError, "use fast.py_func"),
        (cached, UnsupportedError, "use cached.__wrapped__"),
        (np.vectorize(plain), UnsupportedError, "def f(x): return"),
        (3, UnsupportedError, "3 is not a function"),
        ("plain", UnsupportedError, "'plain' is not a function"),
        (None, UnsupportedError, "None is not a function"),
        (generator, UnsupportedError, "collect the values in a list and return that"),
        (coroutine, UnsupportedError, "coroutine is a coroutine"),
        (async_generator, UnsupportedError, "an async generator"),
    ],
)
def test_refused(given, kind, says):
    with pytest.raises(kind) as caught:
        parse(given)
    assert says in str(caught.value)
    assert caught.value.why
    assert caught.value.instead


def test_a_generator_is_shown():
    with pytest.raises(UnsupportedError) as caught:
        parse(generator)
    assert "def generator(x):\n      ^^^^^^^^^^^^^^^^^" in str(caught.value)


class Hostile:
    def __getattr__(self, name):
        raise RuntimeError(name)

    def __repr__(self):
        raise RuntimeError("repr")


def test_objects_that_misbehave():
    with pytest.raises(BackproseError):
        parse(Hostile())
