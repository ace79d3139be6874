"""`async` functions."""

import asyncio

import numpy as np

GROUP = "Statements"


async def square(v):
    return v**2


def async_functions(x):
    return asyncio.run(square(x[0]))


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
