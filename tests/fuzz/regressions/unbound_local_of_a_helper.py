"""Seed 50153: a local of a helper that the backward half owns, never bound."""

import numpy as np


def helper1(p, q, r):
    k1 = 0
    while k1 < 5 and np.sum(np.full(3, -0.33)) > 0.53:
        k1 += 1
        q2 = np.min(np.full(3, (0.3 * k1))) > 0.27
        if q2:
            g3 = 0.8 * np.tanh(float(np.mean(np.maximum(np.full(3, q), np.full(3, q)))))
        g5 = 0.8 * np.tanh(
            (float(np.mean(np.full(3, p))) if np.sum(np.ones(3)) >= np.sin(p) else np.sum(np.full(3, p)))
        )
        c4 = np.tanh(0.5 * (g5 - p))
        if q2:
            c4 += np.sin(np.max(np.ones(3))) * np.sum(g3)
        c6 = np.tanh(np.linalg.norm(np.mean(np.ones((3, 3)), axis=-2)))
        f7 = 0.0
        for j8 in range(3):
            f7 = f7 + np.tanh(0.5 * np.hypot(1 + c4**2, 0.04) ** 2)
        f9 = np.sin(np.sum(f7))
    d10 = 0.0
    for i11 in range(1):
        d10 = d10 + np.sin(np.max(np.full(3, (0.3 * i11))))
    b12 = np.sin(np.sum(d10))
    return 0.8 * np.tanh(np.sum(np.mean(np.ones((3, 3)), axis=-1)))


def helper2(p):
    if 0.64 < -0.77:
        e1 = np.tanh(0.5 * np.clip(p[::-1], -0.9, 1.1))
        e1[-2] += np.tanh(np.dot(np.flip(p), (np.full((2, 2), 0.29) @ p)))
        return np.tanh(np.clip(np.log1p(e1[[-1, 1, 1, 0, 0]] ** 2), -0.9, 1.1))
    elif p.max() < -1.08:
        f2 = np.cos((p[::-1] + 0.5 * (p[::-1] / (1.5 + p[-1] ** 2))))
        a3 = np.tanh(np.cumsum(np.max(np.ones((2, 2)), axis=1)))
        g4 = c5 = np.cos(np.sum(a3[a3 > 1.04]))
        return 0.8 * np.tanh(np.clip(np.sum(np.ones((2, 5)), axis=-2), -0.9, 1.1))
    g6 = np.tanh(0.5 * p[::-1])
    d7 = 0.0
    for k8 in range(1):
        d7 = d7 + np.sin(np.concatenate((np.clip(p[[-2]], -0.9, 1.1), g6[:1])))
    d9 = np.sin(np.sum(d7))
    return np.tanh(np.mean((np.ones((2, 2)) @ np.ones((2, 5))), axis=0))


def program(u, w, y, gain=-1.25):
    f1 = f2 = np.square((np.max(u[[3, 2]], axis=-2) @ (w[-2:] * y[::-1])))
    k3 = 0
    while k3 < 5:
        k3 += 1
        d4 = np.sin(np.hypot(1 + np.minimum(np.ones(2), w[:2]) ** 2, y[[0, -2]]))
        d5 = np.sin(np.max(np.where(u[:2] < 1.08, y[:, None], u[:2]), axis=0))
        w = 0.8 * np.tanh(np.abs(np.concatenate((d4[:1], w[:-1]))))
    g6 = 0.0
    for j7 in range(3):
        g6 = g6 + np.tanh(helper2(y[::-1]))
    b8 = np.sin(np.sum(g6))
    a9 = np.max(np.mean(((u[-5])[:, None] * w[[-2, 2, 1, 0, 4]]), axis=1))
    q10 = np.sum(y[::-1]) >= -1.14
    if q10:
        e11 = np.tanh(np.sum(np.exp(0.3 * u), axis=-2))
    e13 = np.sum(np.max(u[[3, 3, 1, 2, 0]], axis=0))
    c12 = np.tanh(0.5 * (f1 * a9))
    if q10:
        c12 += 0.8 * np.tanh(np.exp(0.3 * f1)) * np.sum(e11)
    u[1:-1, 1:] -= 0.3 * np.sin(np.flip(np.full(1, e13)))
    f2 = np.cos((np.linalg.norm(y[::-1]) * float(np.mean(w[::-1]))))
    return b8**2 + a9 + e13**2 + c12**2 + np.sum(u**2) + np.sum(w) + np.sin(np.sum(w[w > -0.1]))


EXAMPLE = dict(
    args=(
        np.array([[-0.7, 0.337], [1.762, 0.123], [1.403, -1.153], [-0.032, 0.116], [-0.375, 1.617]]),
        np.array([-0.888, -0.07, -1.286, 0.618, -0.686]),
        np.array([0.516, -0.401]),
    ),
    wrt=("u", "w", "y"),
)
