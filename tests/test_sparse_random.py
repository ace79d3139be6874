"""Random programs against the dense Jacobian, called again and again with other values: no pattern may be too small."""

from __future__ import annotations

import importlib.util
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import backprose as bp
from backprose.sparse.colouring import coloured

pytest.importorskip("scipy.sparse")

N = 7
PROGRAMS = int(os.environ.get("SPARSE_PROGRAMS", "60"))
HEAD = """\
import numpy as np

OFFSET = {offset}
LIST = {listed}


def rule(a, b):
    if a > b:
        return a * b
    return np.sin(a) + 0.5 * a


def add_into(out, part, k):
    out[k:] += part[:len(part) - k] ** 2


def twice(u, v, k):
    w = u * v
    if k > 1:
        return w, np.roll(v, k)
    return u, w


def program(x, data, index, k, flag):
    n = len(x)
    s = 0.5
"""
VECTORS = (  # each gives a new vector of u, v, and what else there is
    "{u} * {v}", "np.sin({u}) + {v}", "{u} - 2 * {v}[::-1]", "np.roll({u}, k)", "np.roll({u}, OFFSET) * {v}", "{u}[index]",
    "np.where({u} > 0.1, {u}, {v})", "np.maximum({u}, {v})", "np.abs({u})", "np.cumsum({u})", "np.sort({u})", "{u} * (data > 0)",
    "data * {u}", "np.concatenate([{u}[1:], {v}[:1]])", "np.clip({u}, -0.5, 0.5)", "np.where(data > 0, {u}, {v})",
    "M @ {u}", "np.take({u}, index)", "np.array([rule(a, b) for a, b in zip({u}, {v})])", "{u} * s", "{u} + np.max({v})",
    "{u} * {v}[k % n]", "np.stack([{u}, {v}])[k % 2]", "np.outer({u}, {v})[:, k % n]", "{u} ** 2 / (1 + {v} ** 2)",
    "np.flip({u}) if flag else {v}", "np.real(np.exp(1j * {u}))", "np.array([{u}[i] * {v}[LIST[i % len(LIST)]] for i in range(n)])",
    "np.repeat({u}[:1], n)", "np.reshape(np.outer({u}, data), (n, n)).sum(axis=k % 2)", "np.linalg.solve(A, {u})", "np.zeros(n)",
    "np.minimum({u}, 0.2) * np.sign({v})", "np.diff({u}, prepend=0.0)", "np.einsum('i,i->i', {u}, {v})",
    "np.round({u}) * {v}", "{u}[np.argsort({v})]", "np.floor({u}) + {v}", "np.where({u} == {v}, {u}, 2 * {v})",
    "np.convolve({u}, np.array([1.0, 0.0, -1.0]), mode='same')", "np.bincount(index, weights={u}, minlength=n)",
)  # fmt: skip
STATEMENTS = (  # on vectors u and w, the latter of its own
    "{w}[k % n] = {u}[0]", "{w}[index] = {u}", "{w}[1:] += {u}[:-1]", "np.add.at({w}, index, {u})", "{w}[{u} > 0] = 0.0",
    "{w}[::2] *= {u}[::2]", "add_into({w}, {u}, k % n)", "s = s + {u}[k % n]", "s = np.sum({u}) * s", "{w} *= s",
    "for i in range(1, n):\n        {w}[i] = {w}[i] - 0.5 * {u}[i - 1]",
    "for i in range(n):\n        if {u}[i] > 0:\n            {w}[i] = {u}[i] * {w}[(i + k) % n]\n        else:\n            {w}[i] = {u}[n - 1 - i]",
    "for i in range(k):\n        {w} = np.roll({w}, 1) + {u}",
    "i = 0\n    while i < n and {u}[i] < 0.8:\n        {w}[i] = {u}[i] ** 2\n        i += 1",
    "if np.sum({u}) > 0:\n        {w} = {w} * {u}\n    else:\n        {w} = {w}[::-1].copy()",
    "if flag:\n        {w}[:] = {u}", "{w}, {z} = twice({w}, {u}, k)\n    {w} = {w}.copy()", "row = {w}[1:4]\n    row[:] = {u}[2:5]",
    "{w}[int(abs({u}[0]) * 5) % n] = {u}[1]", "{w}[np.argmax({u})] = s",
    "parts = []\n    for i in range(n):\n        parts.append({u}[i] * {w}[index[i]])\n    {w} = np.array(parts)",
)  # fmt: skip


def program(seed: int) -> str:
    draw = random.Random(seed)
    made = HEAD.format(offset=draw.randrange(4), listed=[draw.randrange(N) for _ in range(3)])
    known = ["x"]
    lines = ["A = np.eye(n) * 4 + np.diag(data[1:], 1)", "M = np.diag(data) + np.diag(data[:-2], 2)"]
    for number in range(draw.randint(3, 9)):
        u, v = draw.choice(known), draw.choice(known)
        if draw.random() < 0.55 or len(known) < 2:
            lines.append(f"v{number} = {draw.choice(VECTORS).format(u=u, v=v)}")
            known.append(f"v{number}")
        else:
            w = f"w{number}"
            lines += [f"{w} = {v}.copy()", draw.choice(STATEMENTS).format(u=u, w=w, z=f"z{number}")]
            known.append(w)
    result = " + ".join(draw.sample(known, min(len(known), 2)))
    lines.append(f"return {draw.choice([result, known[-1], f'{known[-1]}, s * {known[-1]}[1:3]'])}")
    return made + "".join(f"    {line}\n" for line in lines)


TERMS = (  # of an energy in which few elements meet many others
    "np.sum(np.sin(x[0] * x))", "x[k] * np.sum(x[4:] ** 3)", "np.sum(np.maximum(x, x[k]) ** 2)", "np.sum(x**4)",
    "np.sum(np.abs(x[0] - data) * x[1:3].sum())", "np.sum(np.where(x > 0, x**3 * x[k], x**2))", "s * np.sum(data * x)",
    "np.sum(np.exp(x[index] * x[0]))", "rule(x[0], x[k])", "sum(rule(x[j], x[1]) for j in range(n))", "np.mean(x) * x[-1]",
    "np.sum(x[1:] * x[:-1])", "np.max(x) * x[0]", "np.sum(np.clip(x, -0.5, 0.5) ** 2 * x[OFFSET])", "np.sqrt(1 + x[0] ** 2) * x[k]",
    "np.sum(twice(x, x[0], 1)[0] ** 2)", "np.sum(np.real(np.exp(1j * x * x[2])))", "np.sum(np.round(x) * x[0])",
)  # fmt: skip
HESSIAN_N = 12


def energy(seed: int) -> str:
    draw = random.Random(seed)
    made = HEAD.format(offset=draw.randrange(4), listed=[0]) + "    e = 0.0\n"
    for term in draw.sample(TERMS, draw.randint(2, 4)):
        form = "for i in range(1, n):\n        if x[i] > 0:\n            e += 0.1 * x[i] * {}"
        lines = (form if draw.random() < 0.15 else "e += {}").format(term)
        made += f"    {lines}\n" + ("    s = s * x[0]\n" if draw.random() < 0.2 else "")
    return made + "    return e\n"


def load(seed: int, folder: Path, text: Callable[[int], str] = program) -> Any:
    file = folder / f"random_{text.__name__}_{seed}.py"
    file.write_text(text(seed))
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def arguments(rng: np.random.Generator, size: int = N) -> tuple[Any, ...]:
    x = rng.normal(size=size)
    if rng.random() < 0.3:
        x[rng.integers(size, size=2)] = 0.0
    data = rng.normal(size=size)
    data[rng.integers(size, size=3)] = 0.0
    if rng.random() < 0.2:
        data[:] = 0.0
    index = rng.integers(size, size=size) if rng.random() < 0.5 else np.arange(size)
    return x, data, index, int(rng.integers(1, 5)), bool(rng.integers(2))


def flat(made: Any) -> list[Any]:
    return list(made) if isinstance(made, tuple) else [made]


@pytest.mark.parametrize("direction", ["forward", "reverse", "auto"])
@pytest.mark.parametrize("seed", range(PROGRAMS))
@pytest.mark.filterwarnings("ignore")
def test_same_as_dense(seed: int, direction: Any, tmp_path: Path) -> None:
    module = load(seed, tmp_path)
    dense, sparse = (bp.jacobian(module.program, direction=direction, sparse=one) for one in (False, True))
    rng = np.random.default_rng(seed)
    for turn in range(8):
        args = arguments(rng)
        if turn == 4:
            module.OFFSET += 1
        if turn == 6:
            module.LIST[0] = (module.LIST[0] + 3) % N
        try:
            expected = flat(dense(*args))
        except (bp.BackproseError, IndexError, np.linalg.LinAlgError):
            return
        if not all(np.isfinite(one).all() for one in expected):
            continue
        try:
            found = flat(sparse(*args))
        except bp.BackproseError:
            return
        for one, whole in zip(found, expected, strict=True):
            np.testing.assert_allclose(
                one.toarray(), np.reshape(whole, one.shape), rtol=1e-8, atol=1e-10, err_msg=program(seed)
            )


@pytest.mark.filterwarnings("ignore")
def test_hessians_same_as_dense(tmp_path: Path) -> None:
    used = refused = 0
    for seed in range(PROGRAMS // 3):
        function = load(seed, tmp_path, energy).program
        dense, sparse = (bp.hessian(function, sparse=one, direction="forward") for one in (False, True))
        rng = np.random.default_rng(seed)
        try:
            for _ in range(6):
                args = arguments(rng, HESSIAN_N)
                expected, found = dense(*args), sparse(*args)
                np.testing.assert_allclose(found.toarray(), expected, rtol=1e-8, atol=1e-10, err_msg=energy(seed))
        except bp.BackproseError:
            refused += 1
            continue
        pattern = found.copy()
        pattern.data = np.ones_like(pattern.data)
        rows, columns = pattern.nonzero()
        plan = sparse._variants.plan(args, {})  # type: ignore[attr-defined]
        used += bool(plan.colours.max(initial=-1) < coloured(rows, columns, found.shape).max(initial=-1))
    assert used > PROGRAMS // 6, "else this says little of the colours of symmetric matrices"
    assert refused < PROGRAMS // 12


def test_most_programs_are_covered(tmp_path: Path) -> None:
    """The test above would say nothing if they were all refused."""
    done = 0
    for seed in range(PROGRAMS):
        try:
            bp.jacobian(load(seed, tmp_path).program, sparse=True)(*arguments(np.random.default_rng(seed)))
            done += 1
        except (bp.BackproseError, IndexError):
            pass
    assert done > 0.8 * PROGRAMS
