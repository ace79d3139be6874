"""Seed 51913: a tangent of unknown rank that is a number is not asked for copy()."""

import math

import numpy as np


def helper1(p, q, r):
    a1 = np.ones((5, 2))
    a1[:, 0] = 0.8 * np.tanh(r[3])
    g2 = np.tanh(0.5 * np.minimum(0.89, np.min(np.ones((5, 2)))))
    return 0.8 * np.tanh(np.sum(p[p > -1.24]))


def helper2(p, q):
    q = 0.8 * np.tanh(1 / (2 + np.concatenate((p[:1], p[[2]])) ** 2))
    return 0.8 * np.tanh(np.linalg.norm(np.cos(p[[-3, -4]])))


def program(y, w, x, u, gain=-0.6):
    if math.sin(gain) > 0.37:
        for i1 in range(1, 5):
            p2 = not y > 0.81
            if p2:
                f3 = np.tanh((np.reshape(u, -1) * np.mean(np.full((5, 5), y), axis=-1)))
            c5 = np.cos(y)
            f4 = np.cos((gain if (0.3 * i1) < 0.95 else c5))
            if p2:
                f4 += 0.8 * np.tanh(np.sum(np.full(5, (0.3 * i1)))) * np.sum(f3)
            if helper1(np.full(5, y), np.full((5, 2), c5), r=x) >= 0.13:
                u[i1] = np.cos(np.mean(w[None, :], axis=-1))
                f6 = 0.0
                for j7 in range(0):
                    f6 = f6 + np.tanh(c5)
                f8 = np.sin(np.sum(f6))
                a9 = 0.0
                for i10 in range(2):
                    a9 = a9 + np.tanh(0.5 * (np.mean(w[::-1]) * max(f4, w[1])))
                c11 = np.sin(np.sum(a9))
            elif np.mean(x) <= np.max(w[[3, -4, 2, 2, 3]]):
                e12 = 0.8 * np.tanh(np.arctan2(x[i1], 2 + np.tanh(w) ** 2))
            else:
                c13 = np.tanh(np.min(np.where(w > 0.32, x, x)))
                y += np.cos(((c5 if y < x[i1] else f4) * np.sum(u[:5])))
            c5, y = y, np.sin(y)
        y += np.tanh(0.5 * np.mean((np.full((5, 5), gain) @ np.ones((5, 1)))))
        for s14 in x:
            b15 = np.cos(np.minimum(np.reshape(u, -1), np.linspace(gain, u[2, 0], 5)))
            b15[b15 < 1.07] *= np.tanh(helper1(w, np.ones((5, 2)), r=x))
            b16 = d17 = np.tanh(0.5 * np.sum(w[w > -0.79]) ** 2)
    x = np.tanh(0.5 * u.ravel())
    k18 = 0
    while k18 < 0 and np.sin(gain) <= 0.5:
        k18 += 1
        gain += np.cos(np.sum(x[::-1]))
        k19 = 0
        while True:
            if k19 >= 2 or y <= y:
                break
            k19 += 1
            d20 = np.tanh(np.sum(np.exp(0.3 * u[:5])))
            break
        if float(gain) < math.sqrt(1.5 + gain**2):
            continue
        a21 = np.cos(np.arctan((x / (1.5 + u[k18] ** 2))))
    w -= 0.3 * np.tanh(np.clip(x[[-2, 3, 2, 2, -4]], -0.9, 1.1))
    x[x < -0.74] = 0.8 * np.tanh((np.sin(w) @ np.cumsum(x[::-1])))
    gain, y = y, np.tanh((math.exp(0.3 * gain) if (gain > u[1, -1] and u[0, -1] > -0.39) else y))
    return np.sum(w**2) + np.sum(x) + np.mean(u) + gain + y**2


EXAMPLE = dict(
    args=(
        -0.178,
        np.array([-0.287, 0.737, -0.614, 0.518, 0.495]),
        np.array([-1.491, -0.07, -1.132, 1.147, 0.813]),
        np.array([[-0.665], [0.149], [-0.602], [0.218], [1.375]]),
    ),
    wrt=("u", "x"),
)
