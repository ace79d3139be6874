"""What the tests share: the option that rewrites golden text, and a clean skip while a part is not built."""

from __future__ import annotations

import importlib.util
import zlib
from collections.abc import Iterator

import pytest

from tests.checked import check_all


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the emitted text in tests/golden")
    parser.addoption("--all-orders", action="store_true", help="all programs in tests/test_higher_orders.py")
    parser.addoption("--all-rules", action="store_true", help="all sampled calls of SciPy's functions, in every way")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without ``--all-rules`` each sampled call of SciPy's is compared with differences, and a third in other ways."""
    if config.getoption("--all-rules"):
        return

    def is_left(item: pytest.Item) -> bool:
        params = (
            item.callspec.params.values() if isinstance(item, pytest.Function) and hasattr(item, "callspec") else ()
        )
        of_scipy = any(str(getattr(one, "op", "")).startswith("scipy.") for one in params)
        always = "test_against_differences" in item.name or "test_forms" in item.name
        return of_scipy and not always and zlib.crc32(item.nodeid.encode()) % 3 != 0

    left = list(map(is_left, items))
    config.hook.pytest_deselected(items=[item for item, one in zip(items, left, strict=True) if one])
    items[:] = [item for item, one in zip(items, left, strict=True) if not one]


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
