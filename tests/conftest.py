"""What the tests share: the option that rewrites golden text, and a clean skip while a part is not built."""

from __future__ import annotations

import importlib.util

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the emitted text in tests/golden")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session")
def api() -> None:
    """Skips where the transforms are not there to be tested."""
    if importlib.util.find_spec("backprose.api") is None:
        pytest.skip("backprose.api is not there")
