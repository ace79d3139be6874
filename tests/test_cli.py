"""The command line, in this process and in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import backprose as bp
from backprose import cli

MODEL = '''\
"""A model."""

import numpy as np

import backprose as bp

RATE = 0.5


def loss(x, n=2):
    return np.sum(RATE * x ** n)


def vector(x: "float64[:]", a: float):
    return a * x


def loops(u, steps):
    for t in range(steps):
        u[1:] += 0.1 * u[:-1]
    return np.sum(u ** 2)


def refused(x):
    return [y for y in x]


def wrong(x: "float64[:]"):
    return np.sum(np.floor(5 * x))  # the derivative is 0, the differences may be anything


@bp.value_and_grad(wrt=("x", "a"))
def decorated(x: float, a: float):
    return x * a


ünïcode = loss
not_callable = 3
'''


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A file with functions, in the present folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    (tmp_path / "cli_model.py").write_text(MODEL, encoding="utf-8")
    return "cli_model.py"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.main(arguments)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def executed(text: str) -> dict[str, Any]:
    space: dict[str, Any] = {}
    exec(text, space)
    return space


# ---------------------------------------------------------------- dump
def test_dump(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "dump", f"{model}:loss")
    assert (code, err) == (0, "")
    assert np.allclose(executed(out)["loss_grad"](np.array([1.0, 2.0])), [1.0, 2.0])
    assert "#     backprose dump cli_model.py:loss --wrt x\n" in out


def test_dump_of_a_module(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, by_file, _ = run(capsys, "dump", f"{model}:loss")
    _, by_name, _ = run(capsys, "dump", "cli_model:loss")
    assert by_file.replace("cli_model.py:", "cli_model:").splitlines()[4:] == by_name.splitlines()[4:]


def test_options(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    like = ["--like", "x: float64[:]", "n: int"]
    code, out, _ = run(capsys, "dump", f"{model}:loss", "--wrt", "x", "--value", "--name", "slope", *like)
    assert code == 0
    assert "as_gradient" not in out
    value, gradient = executed(out)["slope"](np.array([1.0, 2.0]))
    assert value == 2.5
    assert np.allclose(gradient, [1.0, 2.0])
    code, out, _ = run(capsys, "dump", f"{model}:vector", "--mode", "forward", "--wrt", "1")
    assert code == 0
    assert np.array_equal(executed(out)["vector_jvp_a"](np.ones(3), 2.0, 1.0)[1], np.ones(3))


def test_what_the_header_says_gives_the_file_again(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    import shlex

    _, out, _ = run(capsys, "dump", f"{model}:loss", "--value", "--like", "x: float32[:, 1]")
    command = next(line for line in out.splitlines() if "backprose dump" in line)
    assert run(capsys, *shlex.split(command.removeprefix("#"))[1:])[1] == out


def test_a_decorated_function_is_dumped_as_decorated(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "dump", f"{model}:decorated")
    assert executed(out)["decorated_value_and_grad_x_a"](2.0, 3.0) == (6.0, (3.0, 2.0))
    _, out, _ = run(capsys, "dump", f"{model}:decorated", "--wrt", "a")
    assert executed(out)["decorated_value_and_grad_a"](2.0, 3.0) == (6.0, 2.0)


def test_output_to_a_file(model: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(capsys, "dump", f"{model}:loss", "-o", "out.py") == (0, "", "")
    assert (tmp_path / "out.py").read_text(encoding="utf-8") == run(capsys, "dump", f"{model}:loss", "-o", "-")[1]


def test_a_failed_dump_leaves_the_file(model: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "out.py").write_text("before")
    code, out, err = run(capsys, "dump", f"{model}:refused", "-o", "out.py")
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert "[y for y in x]" in err
    assert (tmp_path / "out.py").read_text() == "before"
    assert run(capsys, "dump", f"{model}:loss", "-o", "no/such/folder/out.py")[0] == 2


def test_the_source_is_not_overwritten(model: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, _, err = run(capsys, "dump", f"{model}:loss", "-o", "./cli_model.py")
    assert code == 2
    assert "is the source of loss" in err
    assert (tmp_path / "cli_model.py").read_text(encoding="utf-8") == MODEL


@pytest.mark.parametrize("stage", ["parse", "lower", "analyse", "differentiate", "simplify", "emit"])
def test_stages(model: str, capsys: pytest.CaptureFixture[str], stage: str) -> None:
    code, out, _ = run(capsys, "dump", f"{model}:loss", "--stage", stage)
    assert code == 0
    compile(out, stage, "exec")
    assert f"def loss{'' if stage in ('parse', 'lower', 'analyse') else '_grad'}(" in out


def test_early_stages_of_what_is_refused_later(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "for y in x" in run(capsys, "dump", f"{model}:refused", "--stage", "parse")[1]
    assert run(capsys, "dump", f"{model}:refused", "--stage", "emit")[0] == 2


# ---------------------------------------------------------------- errors
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["cli_model.py:nothing"], "cli_model.py has no nothing\n  instead: it defines decorated, loops, loss"),
        (["cli_model.py"], "names no function"),
        (["cli_model.py:"], "names no function"),
        ([":loss"], "names no function"),
        (["missing.py:loss"], "there is no file missing.py"),
        (["no_such_module:loss"], "no_such_module cannot be imported: ModuleNotFoundError"),
        (["cli_model.py:not_callable"], "is no function but an object of class int"),
        (["cli_model.py:loss", "--wrt", "z"], "its parameters are x (0), n (1)"),
        (["cli_model.py:loss", "--wrt", "n", "--like", "n: int"], "with respect to n"),
        (["cli_model.py:loss", "--like", "x"], "is not a line of a signature"),
        (["cli_model.py:loss", "--like", "z: float"], "loss has no parameter 'z'"),
        (["cli_model.py:loss", "--name", "not a name"], "is not a name in Python"),
        (["cli_model.py:loss", "--mode", "forward", "--value"], "--value is for reverse mode"),
        (["cli_model.py:vector"], "vjp"),
        (["math:sin"], "no Python source"),
    ],
)
def test_errors(model: str, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    code, out, err = run(capsys, "dump", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert message in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1\nx / 0\n", "broken.py cannot be imported: ZeroDivisionError: division by zero ("),
        ("def f(:\n", "broken.py cannot be imported: SyntaxError"),
        ("import sys\nsys.exit(3)\n", "broken.py cannot be imported: SystemExit: 3"),
    ],
)
def test_a_file_that_cannot_be_executed(
    model: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str, message: str
) -> None:
    (tmp_path / "broken.py").write_text(text)
    code, _, err = run(capsys, "dump", "broken.py:f")
    assert code == 2
    assert message in err
    assert "Error" not in text or "broken.py:2)" in err


@pytest.mark.parametrize("arguments", [[], ["dump"], ["dump", "a.py:f", "--mode", "sideways"], ["nothing"]])
def test_wrong_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert caught.value.code == 2
    assert "usage: backprose" in capsys.readouterr().err


def test_help_has_examples_and_says_that_the_file_is_executed(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("dump", "check"):
        with pytest.raises(SystemExit) as caught:
            cli.main([command, "--help"])
        assert caught.value.code == 0
        out = capsys.readouterr().out
        assert "The file is executed" in out
        assert f"examples:\n  backprose {command} " in out


# ---------------------------------------------------------------- check
def test_check(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "check", f"{model}:loss", "--like", "x: float64[3]")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("x ")
    assert lines[1].endswith("ok")


def test_check_of_every_float_argument(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "check", f"{model}:vector")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == ["argument", "x", "a"]
    assert run(capsys, "check", f"{model}:decorated")[0] == 0
    assert run(capsys, "check", f"{model}:loops", "--like", "u: float64[:]", "steps: int")[0] == 0
    assert run(capsys, "check", f"{model}:loss", "--like", "x: float32[2, 2]")[0] == 0


def test_check_at_given_arguments(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    np.savez("at.npz", u=np.linspace(0.0, 1.0, 6), steps=2)
    code, _, err = run(capsys, "check", f"{model}:loops", "--at", "at.npz")
    assert (code, err) == (0, "")
    np.savez("other.npz", u=np.ones(6), z=2)
    assert "the file has z" in run(capsys, "check", f"{model}:loops", "--at", "other.npz")[2]
    np.savez("few.npz", u=np.ones(6))
    assert "missing a required argument: 'steps'" in run(capsys, "check", f"{model}:loops", "--at", "few.npz")[2]
    for name in ("cli_model.py", "no_file.npz"):
        code, _, err = run(capsys, "check", f"{model}:loops", "--at", name)
        assert code == 2
        assert err.startswith("error: ")


def test_check_that_is_off(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    np.savez("at.npz", x=np.array([0.1, 0.2, 0.4]))
    code, out, _ = run(capsys, "check", f"{model}:wrong", "--at", "at.npz")
    assert code == 1
    assert out.splitlines()[1].endswith("off")
    assert "[1]" in out or "[2]" in out


def test_check_without_types(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "check", f"{model}:loss")
    assert code == 2
    assert "--like 'x: float64[:]'" in err
    code, _, err = run(capsys, "check", f"{model}:loops", "--like", "u: float", "steps: int")
    assert code == 2
    assert "loops raised TypeError" in err


# ---------------------------------------------------------------- as a program
def program(*arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    env = {**os.environ, "PYTHONPATH": str(Path(bp.__file__).parents[1]), "PYTHONIOENCODING": "latin-1"}
    return subprocess.run([sys.executable, "-m", "backprose", *arguments], capture_output=True, env=env, **options)


def test_rules(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "rules")
    assert code == 0
    assert len(out.splitlines()) > 400
    assert any(line.split() == ["np.arctan2,", "math.atan2", "elementwise"] for line in out.splitlines())
    _, out, _ = run(capsys, "rules", "np.linalg.cholesky")
    assert out.startswith("np.linalg.cholesky: general\n")
    assert "def cholesky(a" in out
    assert "np.fft.irfft2: linear" in run(capsys, "rules", "fft.*")[1]
    assert "floor: constant" in run(capsys, "rules", "math.floor")[1]
    code, _, complaint = run(capsys, "rules", "nothing_of_that_name")
    assert code == 2
    assert "no function named 'nothing_of_that_name' has a rule" in complaint


def test_version() -> None:
    assert program("--version").stdout.decode().strip() == f"backprose {bp.__version__}"


def test_a_process_of_its_own(model: str) -> None:
    ran = program("dump", f"{model}:ünïcode", "--name", "größe")
    assert ran.returncode == 0, ran.stderr
    assert b"\r" not in ran.stdout
    assert "def größe(x, n=2" in ran.stdout.decode("utf-8")
    assert b"\x1b" not in ran.stdout
    ran = program("dump", f"{model}:refused")
    assert ran.returncode == 2
    assert ran.stdout == b""
    assert b"Traceback" not in ran.stderr
    assert b"\x1b" not in ran.stderr


def test_a_reader_that_stops(model: str) -> None:
    if sys.platform == "win32":
        pytest.skip("no pipes of this kind")
    read, write = os.pipe()
    os.close(read)
    env = {**os.environ, "PYTHONPATH": str(Path(bp.__file__).parents[1])}
    ran = subprocess.run(
        [sys.executable, "-m", "backprose", "dump", f"{model}:loss"], stdout=write, stderr=subprocess.PIPE, env=env
    )
    os.close(write)
    assert (ran.returncode, ran.stderr) == (0, b"")


def test_two_processes_give_the_same_bytes(model: str) -> None:
    first, second = (program("dump", f"{model}:loops", "--wrt", "u").stdout for _ in range(2))
    assert first == second
    assert first


def test_colours_only_on_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert run(capsys, "dump", "nothing")[2].startswith("\x1b[31merror:\x1b[0m ")
    monkeypatch.setenv("NO_COLOR", "1")
    assert run(capsys, "dump", "nothing")[2].startswith("error: ")
