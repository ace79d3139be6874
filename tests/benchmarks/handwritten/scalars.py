"""By hand: functions of numbers, and loops over the elements of arrays."""

import math

import numpy as np


def tridiagonal(lower, diagonal, upper, right):
    """One factorisation serves the system and, transposed, its adjoint."""
    pivots, x, n = diagonal.copy(), right.copy(), len(right)
    factors = np.empty(n - 1)
    for i in range(1, n):
        factors[i - 1] = lower[i - 1] / pivots[i - 1]
        pivots[i] -= factors[i - 1] * upper[i - 1]
        x[i] -= factors[i - 1] * x[i - 1]
    x[-1] /= pivots[-1]
    for i in range(n - 2, -1, -1):
        x[i] = (x[i] - upper[i] * x[i + 1]) / pivots[i]
    right_bar = 2 * x
    right_bar[0] /= pivots[0]
    for i in range(1, n):
        right_bar[i] = (right_bar[i] - upper[i - 1] * right_bar[i - 1]) / pivots[i]
    for i in range(n - 2, -1, -1):
        right_bar[i] -= factors[i] * right_bar[i + 1]
    return -right_bar * x, right_bar


def newton_sqrt(a, tol, most):
    x = a
    saved_x = []
    for _ in range(most):
        if abs(x * x - a) < tol:
            break
        saved_x.append(x)
        x = 0.5 * (x + a / x)
    x_bar, a_bar = 1.0, 0.0
    for x in reversed(saved_x):
        half = 0.5 * x_bar / x
        a_bar += half
        x_bar = 0.5 * x_bar - half * a / x
    return a_bar + x_bar


def lorenz(x, y, z, dt, steps):
    """Saves the state of each turn and recomputes the cheap rest."""
    saved = []
    half, sixth = 0.5 * dt, dt / 6.0
    for _ in range(steps):
        saved.append((x, y, z))
        x1, y1, z1 = 10.0 * (y - x), x * (28.0 - z) - y, x * y - 2.5 * z
        xm, ym, zm = x + half * x1, y + half * y1, z + half * z1
        x2, y2, z2 = 10.0 * (ym - xm), xm * (28.0 - zm) - ym, xm * ym - 2.5 * zm
        xn, yn, zn = x + half * x2, y + half * y2, z + half * z2
        x3, y3, z3 = 10.0 * (yn - xn), xn * (28.0 - zn) - yn, xn * yn - 2.5 * zn
        xe, ye, ze = x + dt * x3, y + dt * y3, z + dt * z3
        x4, y4, z4 = 10.0 * (ye - xe), xe * (28.0 - ze) - ye, xe * ye - 2.5 * ze
        x = x + sixth * (x1 + 2.0 * x2 + 2.0 * x3 + x4)
        y = y + sixth * (y1 + 2.0 * y2 + 2.0 * y3 + y4)
        z = z + sixth * (z1 + 2.0 * z2 + 2.0 * z3 + z4)
    x_bar, y_bar, z_bar = 2.0 * x, 2.0 * y, 2.0 * z
    for x, y, z in reversed(saved):
        x1, y1, z1 = 10.0 * (y - x), x * (28.0 - z) - y, x * y - 2.5 * z
        xm, ym, zm = x + half * x1, y + half * y1, z + half * z1
        x2, y2, z2 = 10.0 * (ym - xm), xm * (28.0 - zm) - ym, xm * ym - 2.5 * zm
        xn, yn, zn = x + half * x2, y + half * y2, z + half * z2
        x3, y3, z3 = 10.0 * (yn - xn), xn * (28.0 - zn) - yn, xn * yn - 2.5 * zn
        xe, ye, ze = x + dt * x3, y + dt * y3, z + dt * z3
        # each stage: the cotangents (p, q, r) of its slopes, pulled back to the point where they were taken
        p, q, r = sixth * x_bar, sixth * y_bar, sixth * z_bar
        xe_bar = -10.0 * p + (28.0 - ze) * q + ye * r
        ye_bar = 10.0 * p - q + xe * r
        ze_bar = -xe * q - 2.5 * r
        u, v, w = 2.0 * p + dt * xe_bar, 2.0 * q + dt * ye_bar, 2.0 * r + dt * ze_bar
        xn_bar = -10.0 * u + (28.0 - zn) * v + yn * w
        yn_bar = 10.0 * u - v + xn * w
        zn_bar = -xn * v - 2.5 * w
        u, v, w = 2.0 * p + half * xn_bar, 2.0 * q + half * yn_bar, 2.0 * r + half * zn_bar
        xm_bar = -10.0 * u + (28.0 - zm) * v + ym * w
        ym_bar = 10.0 * u - v + xm * w
        zm_bar = -xm * v - 2.5 * w
        u, v, w = p + half * xm_bar, q + half * ym_bar, r + half * zm_bar
        x_bar += xe_bar + xn_bar + xm_bar - 10.0 * u + (28.0 - z) * v + y * w
        y_bar += ye_bar + yn_bar + ym_bar + 10.0 * u - v + x * w
        z_bar += ze_bar + zn_bar + zm_bar - x * v - 2.5 * w
    return x_bar, y_bar, z_bar


def pendulum_energy(angle1, angle2, speed1, speed2, mass1, mass2):
    both = mass1 + mass2
    along = mass2 * math.cos(angle1 - angle2)
    turning = mass2 * speed1 * speed2 * math.sin(angle1 - angle2)
    return (
        9.81 * both * math.sin(angle1) - turning,
        9.81 * mass2 * math.sin(angle2) + turning,
        both * speed1 + along * speed2,
        mass2 * speed2 + along * speed1,
    )


def garch(omega, alpha, beta, returns):
    left = 1 - alpha - beta
    variance = omega / left
    saved = []
    for r in returns:
        saved.append(variance)
        variance = omega + alpha * r * r + beta * variance
    omega_bar = alpha_bar = beta_bar = variance_bar = 0.0
    for r, variance in zip(reversed(returns), reversed(saved), strict=True):
        squared = r * r
        omega_bar += variance_bar
        alpha_bar += variance_bar * squared
        beta_bar += variance_bar * variance
        variance_bar = beta * variance_bar + 0.5 * (1 - squared / variance) / variance
    first = variance_bar * omega / left**2
    return omega_bar + variance_bar / left, alpha_bar + first, beta_bar + first


def gauss_seidel(u, f, sweeps):
    u = u.copy()
    rows, columns = u.shape
    for _ in range(sweeps):
        for i in range(1, rows - 1):
            for j in range(1, columns - 1):
                u[i, j] = 0.25 * (u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1] + f[i, j])
    u_bar, f_bar = 2 * u, np.zeros_like(f)
    for _ in range(sweeps):
        for i in range(rows - 2, 0, -1):
            for j in range(columns - 2, 0, -1):
                share = 0.25 * u_bar[i, j]
                u_bar[i, j] = 0
                u_bar[i - 1, j] += share
                u_bar[i + 1, j] += share
                u_bar[i, j - 1] += share
                u_bar[i, j + 1] += share
                f_bar[i, j] += share
    return u_bar, f_bar
