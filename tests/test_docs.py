"""What the pages say is so: anchors that errors link to, links between pages, the README's commands and its example."""

from __future__ import annotations

import ast
import importlib.util
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "backprose"
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]


def anchors(page: Path) -> set[str]:
    return anchors_of(page.read_text(encoding="utf-8"))


def anchors_of(text: str) -> set[str]:
    """The anchors that a forge gives the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def sections_named() -> Iterator[tuple[str, str]]:
    """Every literal handed to a parameter named ``section`` in the source, by keyword or by position, and its place."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCE.rglob("*.py")}
    positions: dict[str, set[int]] = {}
    for tree in trees.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                names = [arg.arg for arg in node.args.args if arg.arg not in {"self", "cls"}]
            elif isinstance(node, ast.ClassDef):  # a dataclass
                fields = [part.target for part in node.body if isinstance(part, ast.AnnAssign)]
                names = [field.id for field in fields if isinstance(field, ast.Name)]
            else:
                continue
            if "section" in names:
                positions.setdefault(node.name, set()).add(names.index("section"))
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                given = [keyword.value for keyword in node.keywords if keyword.arg == "section"]
                given += [node.args[k] for k in positions.get(name, ()) if k < len(node.args)]
                for value in given:
                    for part in ast.walk(value):
                        if isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value:
                            yield part.value, f"{path.relative_to(ROOT)}:{node.lineno}"


def test_errors_link_to_sections_that_exist() -> None:
    known = anchors(ROOT / "docs" / "limitations.md")
    named = list(sections_named())
    assert len(named) > 10, "the source names no sections: has the parameter another name now?"
    missing = [f"{place}: {section}" for section, place in named if section not in known]
    assert not missing, "\n".join(missing)


def test_no_section_is_left_over() -> None:
    """A section that no error links to any more describes what is supported by now."""
    page = (ROOT / "docs" / "limitations.md").read_text(encoding="utf-8")
    listed = anchors_of(page.partition("## What errors link to\n")[2])
    assert listed
    assert not listed - {section for section, _ in sections_named()}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages(page: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
        if not re.match(r"[a-z]+:", target):
            path, _, anchor = target.partition("#")
            other = (page.parent / path) if path else page
            assert other.exists(), target
            assert not anchor or anchor in anchors(other), target


# ---------------------------------------------------------------- the README
def block_after(mark: str) -> str:
    """The first fenced block of the README after a mark."""
    text = (ROOT / "README.md").read_text(encoding="utf-8").split(mark, 1)[1]
    found = re.search(r"^```\w*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert found, mark
    return found[1]


def test_the_commands_of_the_readme_are_those_of_ci() -> None:
    ran = subprocess.run(
        ["bash", str(ROOT / ".ci" / "run"), "--commands"], capture_output=True, text=True, check=True
    ).stdout
    assert ran == block_after("<!-- ci: dump -->") + block_after("<!-- ci: test -->")
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert '"$(readme_command dump)"' in script
    assert '"$(readme_command test)"' in script


@pytest.mark.usefixtures("api")
def test_the_example_of_the_readme(tmp_path: Path, update_golden: bool) -> None:
    """The program prints what the README says that it prints (``--update-golden`` writes it there)."""
    program = tmp_path / "example.py"
    program.write_text(block_after("<!-- example -->"), encoding="utf-8")
    ran = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    if update_golden:
        page = ROOT / "README.md"
        head, mark, tail = page.read_text(encoding="utf-8").partition("<!-- printed -->\n```python\n")
        page.write_text(head + mark + ran.stdout + tail[tail.index("```\n") :], encoding="utf-8")
    assert ran.stdout == block_after("<!-- printed -->")


@pytest.mark.skipif(importlib.util.find_spec("backprose.cli") is None, reason="backprose.cli is not there")
def test_the_dump_of_the_readme() -> None:
    """The command that the README shows, as it is run where the package is installed, and what it prints."""
    command = shlex.split(block_after("<!-- ci: dump -->").rpartition("&&")[2])
    assert command[0] == ".venv/bin/backprose"
    ran = subprocess.run(
        [sys.executable, "-m", "backprose", *command[1:]], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert ran.returncode == 0, ran.stderr
    assert "def heat_grad(" in ran.stdout


# ---------------------------------------------------------------- pages with examples
@pytest.mark.usefixtures("api")
@pytest.mark.parametrize("page", ["rules.md"])
def test_the_examples_of_a_page(page: str, tmp_path: Path) -> None:
    """The blocks of Python on a page, one after the other, print what its blocks of text say."""
    blocks = re.findall(
        r"^```(python|text)\n(.*?)^```$", (ROOT / "docs" / page).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    program = tmp_path / "examples.py"
    program.write_text("\n".join(block for kind, block in blocks if kind == "python"), encoding="utf-8")
    ran = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    said = "\n".join(line for kind, block in blocks if kind == "text" for line in block.splitlines() if line)
    assert "\n".join(line for line in ran.stdout.splitlines() if line) == said
