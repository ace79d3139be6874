"""Runge-Kutta steps of a pendulum: a helper called four times a step, with different active arguments."""

import numpy as np


def slope(state, damping, time):
    """The right-hand side."""
    angle, speed = state[0], state[1]
    return np.stack((speed, -np.sin(angle) - damping * speed + 0.1 * np.cos(time)))


def rk4(start, damping, dt, steps=3):
    state = start
    time = 0.0
    for step in range(steps):
        k1 = slope(state, damping, time)
        k2 = slope(state + dt / 2 * k1, damping, time + dt / 2)
        k3 = slope(state + dt / 2 * k2, damping, time + dt / 2)
        k4 = slope(state + dt * k3, 0.2, time + dt)
        state = state + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        time += dt
    return np.sum(state**2)


EXAMPLE = dict(args=(np.array([0.5, -0.2]), 0.3, 0.1), wrt=("start", "damping", "dt"))
LENGTH_ONE = False  # angle and speed: the length means something
