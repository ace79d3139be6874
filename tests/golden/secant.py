"""A while loop whose test assigns: the secant method, with the residual named in the test."""


def residual(x, a):
    return x**3 - 2.0 * x - a


def secant(a, tolerance=1e-12):
    x, previous, count = 2.0, 1.0, 0
    last = residual(previous, a)
    while abs(r := residual(x, a)) > tolerance and count < 30:
        slope = (r - last) / (x - previous)  # of the line through the last two points
        previous, last = x, r
        x = x - r / slope
        count += 1
    return x


EXAMPLE = dict(args=(5.0,), wrt="a", rtol=1e-5)
FLOAT32 = False  # the tolerance is below what float32 can reach
