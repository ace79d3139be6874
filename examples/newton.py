"""Differentiate a Newton iteration: a loop that ends when the data says so, and a call to another function.

Run it with ``python examples/newton.py``.
"""

import backprose as bp


def improve(x, a):
    return 0.5 * (x + a / x)


def newton_sqrt(a, tol, most):
    x = a
    for i in range(most):
        if abs(x * x - a) < tol:
            return x
        x = improve(x, a)
    return x


def main():
    slope = bp.grad(newton_sqrt, wrt="a")
    print("    a   by backprose       1 / (2 sqrt(a))")
    for a in (0.5, 2.0, 9.0, 100.0):
        by_us, exact = slope(a, 1e-13, 50), 0.5 / a ** 0.5
        print(f"{a:5}   {by_us:.15f}  {exact:.15f}")
        if abs(by_us - exact) > 1e-6 * exact:
            raise SystemExit(f"the derivative at {a} is wrong")

    print("\nThe derivative:\n")
    print(slope.source)


if __name__ == "__main__":
    main()
