"""Adaptive quadrature with a list of intervals yet to do: a while with an else, walrus, a context manager, a finally."""

import math
from contextlib import contextmanager


@contextmanager
def counting(log):
    log.append(0)
    yield
    log.append(1)


def integrand(x, width):
    return math.exp(-(x**2) / width) * math.cos(3 * x)


def quadrature(start, end, width, tolerance=1e-3, most=200):
    todo = [(start, end)]
    area = 0.0
    done = 0
    with counting([]):
        while len(todo) > 0 and done < most:
            left, right = todo.pop()
            middle = 0.5 * (left + right)
            coarse = 0.5 * (right - left) * (integrand(left, width) + integrand(right, width))
            fine = 0.5 * coarse + 0.5 * (right - left) * integrand(middle, width)
            if abs(error := fine - coarse) < tolerance:
                area += fine + error / 3
            else:
                todo += [(left, middle), (middle, right)]
            done += 1
        else:
            area = area / width
    return area


EXAMPLE = dict(args=(-0.4, 1.1, 0.7), wrt=("start", "end", "width"))
DUMPED = False  # it counts in a closure
