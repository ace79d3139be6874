"""By hand: loops in time over arrays."""

import numpy as np


def heat_u(u, alpha, steps):
    u = u.copy()
    for _ in range(steps):
        u[1:-1] += alpha * (u[2:] - 2 * u[1:-1] + u[:-2])
    u_bar = 2 * u
    for _ in range(steps):
        flux_bar = alpha * u_bar[1:-1]
        u_bar[2:] += flux_bar
        u_bar[1:-1] -= 2 * flux_bar
        u_bar[:-2] += flux_bar
    return u_bar


def heat_u_alpha(u, alpha, steps):
    u = u.copy()
    curvatures = []
    for _ in range(steps):
        curvature = u[2:] - 2 * u[1:-1] + u[:-2]
        curvatures.append(curvature)
        u[1:-1] += alpha * curvature
    u_bar, alpha_bar = 2 * u, 0.0
    for curvature in reversed(curvatures):
        alpha_bar += u_bar[1:-1] @ curvature
        flux_bar = alpha * u_bar[1:-1]
        u_bar[2:] += flux_bar
        u_bar[1:-1] -= 2 * flux_bar
        u_bar[:-2] += flux_bar
    return u_bar, alpha_bar


def wave(u, c2, steps):
    before, now = u, u
    curvatures = []
    for _ in range(steps):
        around = now[2:, 1:-1] + now[:-2, 1:-1] + now[1:-1, 2:] + now[1:-1, :-2]
        curvature = around - 4 * now[1:-1, 1:-1]
        curvatures.append(curvature)
        after = 2 * now - before
        after[1:-1, 1:-1] += c2 * curvature
        before, now = now, after
    before_bar, now_bar = np.zeros_like(u), 2 * now
    c2_bar = np.zeros_like(c2)
    for curvature in reversed(curvatures):
        after_bar, now_bar = now_bar, before_bar
        inner = after_bar[1:-1, 1:-1]
        c2_bar += inner * curvature
        flux_bar = c2 * inner
        now_bar += 2 * after_bar
        now_bar[2:, 1:-1] += flux_bar
        now_bar[:-2, 1:-1] += flux_bar
        now_bar[1:-1, 2:] += flux_bar
        now_bar[1:-1, :-2] += flux_bar
        now_bar[1:-1, 1:-1] -= 4 * flux_bar
        before_bar = -after_bar
    return before_bar + now_bar, c2_bar


def attraction(x, masses):
    """What the accelerations and their transpose have in common."""
    apart = x[None, :, :] - x[:, None, :]
    squared = np.einsum("ijk,ijk->ij", apart, apart) + 0.01
    return apart, squared, masses / (squared * np.sqrt(squared))


def pulled_back(apart, squared, weights, a_bar):
    along = np.einsum("ijk,ik->ij", apart, a_bar)
    apart_bar = weights[:, :, None] * a_bar[:, None, :] - (3 * weights * along / squared)[:, :, None] * apart
    return apart_bar.sum(axis=0) - apart_bar.sum(axis=1)


def n_body(x, v, masses, dt, steps):
    met = attraction(x, masses)
    saved = [met]
    for _ in range(steps):
        v = v + 0.5 * dt * np.einsum("ij,ijk->ik", met[2], met[0])
        x = x + dt * v
        met = attraction(x, masses)
        saved.append(met)
        v = v + 0.5 * dt * np.einsum("ij,ijk->ik", met[2], met[0])
    x_bar, v_bar, a_bar = 2 * x, np.zeros_like(v), np.zeros_like(v)
    for met in reversed(saved[1:]):
        a_bar += 0.5 * dt * v_bar
        x_bar += pulled_back(*met, a_bar)
        v_bar += dt * x_bar
        a_bar = 0.5 * dt * v_bar
    return x_bar + pulled_back(*saved[0], a_bar), v_bar


def slope(x, forcing):
    return (np.roll(x, -1) - np.roll(x, 2)) * np.roll(x, 1) - x + forcing


def slope_transposed(x, bar):
    beside = bar * np.roll(x, 1)
    across = bar * (np.roll(x, -1) - np.roll(x, 2))
    return np.roll(beside, 1) - np.roll(beside, -2) + np.roll(across, -1) - bar


def lorenz96(x, forcing, dt, steps):
    saved = []
    for _ in range(steps):
        k1 = slope(x, forcing)
        x2 = x + 0.5 * dt * k1
        k2 = slope(x2, forcing)
        x3 = x + 0.5 * dt * k2
        k3 = slope(x3, forcing)
        x4 = x + dt * k3
        saved.append((x, x2, x3, x4))
        x = x + dt / 6 * (k1 + 2 * k2 + 2 * k3 + slope(x4, forcing))
    x_bar = 2 * x
    forcing_bar = 0.0
    for x1, x2, x3, x4 in reversed(saved):
        k_bar = dt / 6 * x_bar
        x4_bar = slope_transposed(x4, k_bar)
        k3_bar = 2 * k_bar + dt * x4_bar
        x3_bar = slope_transposed(x3, k3_bar)
        k2_bar = 2 * k_bar + 0.5 * dt * x3_bar
        x2_bar = slope_transposed(x2, k2_bar)
        k1_bar = k_bar + 0.5 * dt * x2_bar
        forcing_bar += (k_bar + k3_bar + k2_bar + k1_bar).sum()
        x_bar = x_bar + x4_bar + x3_bar + x2_bar + slope_transposed(x1, k1_bar)
    return x_bar, forcing_bar
