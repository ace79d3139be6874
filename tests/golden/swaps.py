"""Chained and tuple assignment: values that change places."""


def swaps(a, b):
    x = y = a * b
    for k in range(4):
        x, y = y, x + 0.3 * a * y
        (a, b), c = (b, a), k
    return x * y + a - 2 * b + c


EXAMPLE = dict(args=(0.8, 1.3), wrt=("a", "b"))
