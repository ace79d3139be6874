"""Evals written for PyTorch, as its users would: eager, in double precision."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tests.benchmarks.gradbench.gmm import wishart_constant


def programs() -> Mapping[str, tuple[Callable[..., Any], Callable[..., Any]]]:
    """The primal and the derivative of each; they take what the evals' own functions take, and give NumPy's arrays."""
    import torch

    torch.set_num_threads(1)

    def determinant(a: Any) -> Any:
        n = len(a)
        if n == 1:
            return a[0, 0]
        columns = torch.arange(n)
        minors = torch.stack([determinant(a[1:, columns != j]) for j in range(n)])
        return a[0] @ ((-1.0) ** columns * minors)

    def mixture(alphas: Any, means: Any, icf: Any, x: Any, gamma: float, m: int) -> Any:
        n, d = x.shape
        k = len(alphas)
        log_scales = torch.sum(icf[:, :d], dim=1)
        scales = torch.exp(icf[:, :d])
        roots = torch.diag_embed(scales)
        column, row = torch.triu_indices(d, d, 1)
        roots[:, row, column] = icf[:, d:]
        z = (x - means[:, None]) @ roots.transpose(1, 2)
        log_p = (alphas + log_scales)[:, None] - 0.5 * torch.sum(z**2, dim=2)
        fit = torch.sum(torch.logsumexp(log_p, 0)) - n * torch.logsumexp(alphas, 0)
        prior = 0.5 * gamma**2 * (torch.sum(scales**2) + torch.sum(icf[:, d:] ** 2)) - m * torch.sum(log_scales)
        return fit - 0.5 * n * d * math.log(2 * math.pi) + prior - k * wishart_constant(d, gamma, m)

    def cost(points: Any, centroids: Any) -> Any:
        return torch.sum(torch.min(torch.sum((points[:, None] - centroids) ** 2, dim=2), dim=1).values)

    def direction(points: Any, centroids: Any) -> Any:
        slope = functools.partial(torch.func.grad(cost, argnums=1), points)
        gradient, curvature = torch.func.jvp(slope, (centroids,), (torch.ones_like(centroids),))
        return gradient / curvature

    def least_squares(x: Any, n: int) -> Any:
        t = torch.linspace(-1.0, 1.0, n, dtype=torch.float64)
        powers = torch.linalg.vander(t, N=len(x))
        return 0.5 * torch.sum((torch.sign(t) - powers @ x) ** 2)

    def lstm(main_params: Any, extra_params: Any, state: Any, sequence: Any) -> Any:
        rows = list(state)
        total = 0.0
        for given, wanted in itertools.pairwise(sequence):
            x = given * extra_params[0]
            for i in range(0, len(rows), 2):
                gates = torch.stack([x, rows[i], x, rows[i]]) * main_params[i] + main_params[i + 1]
                forget, enter, leave = torch.sigmoid(gates[:3])
                rows[i + 1] = rows[i + 1] * forget + enter * torch.tanh(gates[3])
                x = rows[i] = leave * torch.tanh(rows[i + 1])
            found = x * extra_params[1] + extra_params[2]
            total += torch.sum(wanted * (found - torch.log(torch.sum(torch.exp(found)) + 2)))
        return -total / sequence[1:].numel()

    def solution(x: Any, s: int) -> Any:
        h = 2 / s
        y = torch.zeros_like(x)
        rate = lambda y: torch.cat([x[:1], x[1:] * y[:-1]])
        for _ in range(s):
            k1 = rate(y)
            k2 = rate(y + h / 2 * k1)
            k3 = rate(y + h / 2 * k2)
            k4 = rate(y + h * k3)
            y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        return y

    def plain(function: Callable[..., Any]) -> Callable[..., Any]:
        def called(*args: Any) -> Any:
            with torch.no_grad():
                return function(*map(tensor, args)).numpy()

        return called

    def gradient(function: Callable[..., Any], wrt: int = 1) -> Callable[..., Any]:
        """With respect to the first arguments."""

        def called(*args: Any) -> Any:
            given = list(map(tensor, args))
            leaves = [one.requires_grad_() for one in given[:wrt]]
            found = tuple(one.numpy() for one in torch.autograd.grad(function(*given), leaves))
            return found[0] if wrt == 1 else found

        return called

    def tensor(value: Any) -> Any:
        """Without a copy."""
        return torch.from_numpy(value) if isinstance(value, np.ndarray) else value

    square = lambda x: x * x
    number = lambda function: lambda x: function(np.array(x))
    lse = lambda x: torch.logsumexp(x, 0)
    return {
        "hello": (number(plain(square)), number(gradient(square))),
        "det": (plain(determinant), gradient(determinant)),
        "gmm": (plain(mixture), gradient(mixture, 3)),
        "kmeans": (plain(cost), plain(direction)),
        "llsq": (plain(least_squares), gradient(least_squares)),
        "lse": (plain(lse), gradient(lse)),
        "lstm": (plain(lstm), gradient(lstm, 2)),
        "ode": (plain(solution), gradient(lambda x, s: solution(x, s)[-1])),
    }
