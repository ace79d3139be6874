"""What the tests share: the option that rewrites golden text, and a clean skip while a part is not built."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator

import pytest

from tests.checked import check_all


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the emitted text in tests/golden")
    parser.addoption("--all-orders", action="store_true", help="all programs in tests/test_higher_orders.py")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session")
def api() -> None:
    """Skips where the transforms are not there to be tested."""
    if importlib.util.find_spec("backprose.api") is None:
        pytest.skip("backprose.api is not there")


@pytest.fixture(scope="session", autouse=True)
def checked_passes() -> Iterator[None]:
    """Every pass of every test is followed by the checker of its form."""
    with pytest.MonkeyPatch.context() as patch:
        check_all(patch)
        yield
