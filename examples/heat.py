"""Find the temperature that a rod had at the start, from the one it has at the end.

The simulation is written as anyone would write it: a loop that writes in place into its argument.
Run it with ``python examples/heat.py``, or read the derivative with ``backprose dump examples/heat.py:heat --wrt u``.
"""

import numpy as np

import backprose as bp


def heat(u, alpha, steps):
    for t in range(steps):
        u[1:-1] += alpha * (u[2:] - 2 * u[1:-1] + u[:-2])
    return np.sum(u ** 2)


def misfit(u, alpha, steps, measured):
    for t in range(steps):
        u[1:-1] += alpha * (u[2:] - 2 * u[1:-1] + u[:-2])
    return np.sum((u - measured) ** 2)


def main():
    place = np.linspace(0.0, 1.0, 41)
    truth = np.exp(-50 * (place - 0.4) ** 2)
    measured, alpha, steps = truth.copy(), 0.2, 20
    heat(measured, alpha, steps)  # leaves the final temperature in its argument

    misfit_and_gradient = bp.value_and_grad(misfit, wrt="u")
    guess = np.zeros_like(truth)
    for turn in range(301):
        value, guess_bar = misfit_and_gradient(guess, alpha, steps, measured)
        if turn % 100 == 0:
            print(f"turn {turn:3}: misfit {value:.2e}, distance from the truth {np.max(np.abs(guess - truth)):.3f}")
        guess -= 0.2 * guess_bar

    print("\nThe gradient that found it:\n")
    print(misfit_and_gradient.source)
    if value > 1e-4:
        raise SystemExit("expected a misfit below 1e-4")


if __name__ == "__main__":
    main()
