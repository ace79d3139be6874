"""Imports between the stages point one way: a module imports its own stage, earlier ones, and what lies below."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import backprose

ROOT = Path(backprose.__file__).parent
LAYERS = (
    {"errors", "version"},
    {"ir"},
    {"rules", "support", "signatures", "arguments", "hidden", "structures", "stand_ins"},
    # the stages
    {"parse"},
    {"lower"},
    {"analyse"},
    {"expand"},
    {"differentiate"},
    {"simplify"},
    {"emit"},
    {"load"},
    {"request"},
    # who calls them
    {"pipeline", "callees", "fronts", "lifting", "disk"},
    {"variants"},
    {"dump"},
    {"derivative"},
    {"orders"},
    {"inside", "sparse"},
    {"api"},
    {"target", "implicit", "solvers", "check", "registration", "rule_check"},
    {"cli", "__init__", "__main__"},
)


def allowed(part: str) -> set[str]:
    """The parts of the package that ``part`` may import: those of its own layer and the layers below."""
    level = next(index for index, layer in enumerate(LAYERS) if part in layer)
    return set().union(*LAYERS[: level + 1])


def part_of(module: str) -> str:
    """``lower`` of ``backprose.lower.scope``; the package itself is ``__init__``."""
    return [*module.split("."), "__init__"][1]


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of every module of the package that a file imports, in functions too."""
    package = ("backprose", *path.relative_to(ROOT).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = ".".join([*package[: len(package) - node.level + 1], *([node.module] if node.module else [])])
            module = base if node.level else node.module or ""
            # `from backprose import errors` imports a part, not the package
            names = [f"{module}.{alias.name}" for alias in node.names] if module == "backprose" else [module]
        for name in names:
            if name.split(".")[0] == "backprose":
                yield node.lineno, name


def modules() -> list[Path]:
    return sorted(ROOT.rglob("*.py"))


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_point_down(path: Path) -> None:
    may = allowed(path.relative_to(ROOT).parts[0].removesuffix(".py"))
    wrong = [f"{path.name}:{line} imports {name}" for line, name in imported(path) if part_of(name) not in may]
    assert not wrong


def test_every_part_has_its_place() -> None:
    parts = {path.relative_to(ROOT).parts[0].removesuffix(".py") for path in modules()}
    unplaced = parts.difference(*LAYERS)
    assert not unplaced, "put them into LAYERS, as low as they can stand"


def test_the_test_sees_all_ways_to_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    (tmp_path / "lower").mkdir()
    path = tmp_path / "lower" / "scope.py"
    path.write_text(
        "import os, backprose.emit\nfrom backprose import load\nfrom backprose.parse.tree import convert\n"
        "from . import exits\nfrom .. import api\nfrom ..analyse import types\n"
        "def f():\n    import backprose.pipeline\n"
    )
    assert [part_of(name) for _, name in sorted(imported(path))] == [
        "emit", "load", "parse", "lower", "api", "analyse", "pipeline",
    ]  # fmt: skip
