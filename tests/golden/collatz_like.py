"""Loops left by break and continue, with branches on the data."""


def collatz_like(x, y):
    total = 0.0
    while True:
        x = 0.7 * x + y
        if x < 0.6:
            break
        if x > 2.0:
            x = x - 0.8 * y
            continue
        total += x * y
    return total + x


EXAMPLE = dict(args=(4.0, 0.15), wrt=("x", "y"))
