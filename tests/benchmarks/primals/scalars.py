"""Functions of numbers, and loops over the elements of arrays."""

import math

import numpy as np


def tridiagonal(lower, diagonal, upper, right):
    pivots = diagonal.copy()
    x = right.copy()
    for i in range(1, len(x)):
        factor = lower[i - 1] / pivots[i - 1]
        pivots[i] -= factor * upper[i - 1]
        x[i] -= factor * x[i - 1]
    x[-1] = x[-1] / pivots[-1]
    for i in range(len(x) - 2, -1, -1):
        x[i] = (x[i] - upper[i] * x[i + 1]) / pivots[i]
    return np.sum(x**2)


def improve(x, a):
    return 0.5 * (x + a / x)


def newton_sqrt(a, tol, most):
    x = a
    for _ in range(most):
        if abs(x * x - a) < tol:
            return x
        x = improve(x, a)
    return x


def lorenz(x, y, z, dt, steps):
    for _ in range(steps):
        x1 = 10.0 * (y - x)
        y1 = x * (28.0 - z) - y
        z1 = x * y - 2.5 * z
        xm, ym, zm = x + 0.5 * dt * x1, y + 0.5 * dt * y1, z + 0.5 * dt * z1
        x2 = 10.0 * (ym - xm)
        y2 = xm * (28.0 - zm) - ym
        z2 = xm * ym - 2.5 * zm
        xn, yn, zn = x + 0.5 * dt * x2, y + 0.5 * dt * y2, z + 0.5 * dt * z2
        x3 = 10.0 * (yn - xn)
        y3 = xn * (28.0 - zn) - yn
        z3 = xn * yn - 2.5 * zn
        xe, ye, ze = x + dt * x3, y + dt * y3, z + dt * z3
        x4 = 10.0 * (ye - xe)
        y4 = xe * (28.0 - ze) - ye
        z4 = xe * ye - 2.5 * ze
        x = x + dt / 6.0 * (x1 + 2.0 * x2 + 2.0 * x3 + x4)
        y = y + dt / 6.0 * (y1 + 2.0 * y2 + 2.0 * y3 + y4)
        z = z + dt / 6.0 * (z1 + 2.0 * z2 + 2.0 * z3 + z4)
    return x * x + y * y + z * z


def pendulum_energy(angle1, angle2, speed1, speed2, mass1, mass2):
    """Of a double pendulum with arms of length 1."""
    kinetic = 0.5 * (mass1 + mass2) * speed1**2 + 0.5 * mass2 * speed2**2
    coupling = mass2 * speed1 * speed2 * math.cos(angle1 - angle2)
    return kinetic + coupling - 9.81 * ((mass1 + mass2) * math.cos(angle1) + mass2 * math.cos(angle2))


def garch(omega, alpha, beta, returns):
    """Minus the log-likelihood of returns whose variance follows GARCH(1, 1)."""
    variance = omega / (1 - alpha - beta)
    loss = 0.0
    for r in returns:
        loss += math.log(variance) + r * r / variance
        variance = omega + alpha * r * r + beta * variance
    return 0.5 * loss


def gauss_seidel(u, f, sweeps):
    """Sweeps for Poisson's equation on a square."""
    rows, columns = u.shape
    for _ in range(sweeps):
        for i in range(1, rows - 1):
            for j in range(1, columns - 1):
                u[i, j] = 0.25 * (u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1] + f[i, j])
    return np.sum(u**2)
