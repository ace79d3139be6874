"""Newton's method: a while loop that ends when the data says so."""


def newton_root(a, b, tolerance=1e-13):
    x = 1.0
    step = 1.0
    turns = 0
    while abs(step) > tolerance and turns < 50:
        step = (x**3 + a * x - b) / (3 * x**2 + a)
        x -= step
        turns += 1
    return x


EXAMPLE = dict(args=(1.3, 2.1), wrt=("a", "b"))
FLOAT32 = False  # the tolerance is below what float32 can reach
