"""The examples do what they say; the one on real data with a gradient that a person could have written."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from tests.targets import softmax_regression as target

pytestmark = pytest.mark.usefixtures("api")
ROOT = Path(__file__).parents[1]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
EXTRAS = {"softmax_regression": ("sklearn", "tqdm"), "bundle_adjustment": ("scipy",)}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.stem)
def test_runs(example: Path, tmp_path: Path) -> None:
    """Each, as a user runs it, from another folder; each stops with an error where it does not reach its aim."""
    for extra in EXTRAS.get(example.stem, ()):
        pytest.importorskip(extra)
    ran = subprocess.run([sys.executable, str(example)], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert "_bar" in ran.stdout or "_dot" in ran.stdout, "it prints the derivative"


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"example_{name}", ROOT / "examples" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def digits() -> tuple[np.ndarray, np.ndarray]:
    """Pictures and labels: scikit-learn's where it is installed, else made up in their size."""
    if importlib.util.find_spec("sklearn") is not None:
        from sklearn.datasets import load_digits

        pictures, names = load_digits(return_X_y=True)
        return pictures / 16, np.eye(10)[names]
    rng = np.random.default_rng(0)
    return rng.random((1797, 64)), np.eye(10)[rng.integers(0, 10, 1797)]


def test_softmax_gradient_is_the_one_written_by_hand() -> None:
    import backprose as bp

    example = load("softmax_regression")
    images, labels = digits()
    by_us = bp.value_and_grad(example.softmax_loss, wrt=("W", "b"))
    rng = np.random.default_rng(0)
    for scale in (0.0, 0.1, 10.0):
        W, b = scale * rng.normal(size=(64, 10)), scale * rng.normal(size=10)
        value, (W_bar, b_bar) = by_us(W, b, images, labels)
        expected, (W_bar_expected, b_bar_expected) = target.softmax_loss_value_and_grad(W, b, images, labels)
        assert value == example.softmax_loss(W, b, images, labels) == expected
        np.testing.assert_allclose(W_bar, W_bar_expected, rtol=1e-10, atol=1e-14)
        np.testing.assert_allclose(b_bar, b_bar_expected, rtol=1e-10, atol=1e-14)
