"""A conversation with the tool, as GradBench would have it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.gradbench import gmm, tool

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.usefixtures("api")


class Tool:
    """The tool in a process of its own: each line is answered before the next one is sent."""

    def __init__(self) -> None:
        variables = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
        paths = [str(ROOT / "src"), str(ROOT), os.environ.get("PYTHONPATH", "")]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.gradbench", "serve"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**variables, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
        )

    def line(self, text: str) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def say(self, number: int, kind: str, **rest: Any) -> dict[str, Any]:
        answer = self.line(json.dumps({"id": number, "kind": kind, **rest}))
        assert answer.pop("id") == number
        return answer

    def evaluate(self, number: int, module: str, function: str, given: Any) -> dict[str, Any]:
        return self.say(number, "evaluate", module=module, function=function, input=given, description="small")


@pytest.fixture
def process() -> Iterator[Tool]:
    one = Tool()
    deadline = threading.Timer(120, one.process.kill)  # an answer that stays in a buffer would be waited for
    deadline.start()
    yield one
    deadline.cancel()
    one.process.kill()
    one.process.communicate()


def test_conversation(process: Tool) -> None:
    assert process.say(0, "start", eval="hello", config={"min": 1}) == {"tool": "backprose"}
    assert process.say(1, "define", module="hello") == {"success": True}
    answer = process.evaluate(2, "hello", "square", 3.0)
    assert answer.pop("timings")[1]["name"] == "evaluate"
    assert answer == {"success": True, "output": 9.0}
    assert process.say(3, "analysis", of=2, valid=True) == {}

    unknown = process.say(4, "define", module="goodbye")
    assert unknown == {"success": False, "error": "no module is called 'goodbye'"}
    unknown = process.evaluate(5, "hello", "cube", 3.0)
    assert unknown == {"success": False, "error": "hello has no function 'cube'"}
    assert not process.evaluate(6, "goodbye", "square", 3.0)["success"]
    assert process.say(7, "analysis", of=6, valid=False, error="no such module") == {}

    assert process.say(8, "define", module="lse") == {"success": True}
    answer = process.evaluate(9, "lse", "gradient", {"x": [0.0, 0.0], "min_runs": 3, "min_seconds": 0.01})
    assert answer["output"] == pytest.approx([0.5, 0.5])
    names, spent = zip(*((one["name"], one["nanoseconds"]) for one in answer["timings"]))
    assert names[0] == "prepare"
    assert set(names[1:]) == {"evaluate"}
    assert len(names[1:]) >= 3
    assert sum(spent[1:]) >= 0.01e9

    assert process.say(10, "end") == {}
    assert process.process.wait(timeout=20) == 0


MALFORMED = {
    "no JSON": ('{"id": 1, "kind": ', "not JSON"),
    "no object": ("[1, 2]", "a message is an object"),
    "deep": ("[" * 100_000, "not JSON"),
    "no kind": ('{"id": 1}', "no kind of message is called None"),
    "unknown kind": ('{"id": 1, "kind": "begin"}', "no kind of message is called 'begin'"),
    "kind of a wrong type": ('{"id": 1, "kind": ["start"]}', "no kind of message is called ['start']"),
    "no module": ('{"id": 1, "kind": "define"}', "no module is called None"),
    "module of a wrong type": ('{"id": 1, "kind": "define", "module": {}}', "no module is called {}"),
    "no function": ('{"id": 1, "kind": "evaluate", "module": "lse"}', "lse has no function None"),
    "no input": ('{"id": 1, "kind": "evaluate", "module": "lse", "function": "primal"}', "there is no input"),
    "input without x": (
        '{"id": 1, "kind": "evaluate", "module": "lse", "function": "primal", "input": {}}',
        "KeyError: 'x'",
    ),
    "input of text": (
        '{"id": 1, "kind": "evaluate", "module": "hello", "function": "double", "input": "three"}',
        "ValueError: could not convert string to float: 'three'",
    ),
    "input of no shape": (
        '{"id": 1, "kind": "evaluate", "module": "lse", "function": "primal", "input": {"x": [[1], 2]}}',
        "ValueError: setting an array element with a sequence",
    ),
    "result that is not finite": (
        '{"id": 1, "kind": "evaluate", "module": "hello", "function": "square", "input": 1e200}',
        "the output has numbers that are not finite",
    ),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed(name: str) -> None:
    """An error is the answer, and the next message is answered as if nothing had been."""
    text, error = MALFORMED[name]
    square = {"id": 2, "kind": "evaluate", "module": "hello", "function": "square", "input": 3}
    answers = io.StringIO()
    tool.serve(io.StringIO(f"{text}\n\n{json.dumps(square)}\n"), answers)
    first, second = map(json.loads, answers.getvalue().splitlines())
    assert first["success"] is False
    assert error in first["error"]
    assert "\n" not in first["error"]
    assert first["id"] == (1 if text.startswith('{"id": 1') and text.endswith("}") else None)
    assert (second["id"], second["output"]) == (2, 9.0)


def test_nothing_is_answered_after_the_end() -> None:
    answers = io.StringIO()
    tool.serve(io.StringIO('{"id": 0, "kind": "end"}\n{"id": 1, "kind": "start"}\n'), answers)
    assert answers.getvalue() == '{"id": 0}\n'


def test_output_of_several_arrays() -> None:
    """The gradients of a mixture, side by side."""
    given = gmm.sample(6, 2, 3)
    message = {"id": 5, "kind": "evaluate", "module": "gmm", "function": "jacobian", "input": given}
    answers = io.StringIO()
    tool.serve(io.StringIO(json.dumps(message)), answers)
    answer = json.loads(answers.getvalue())
    assert answer["success"]
    assert len(answer["output"]) == 3 + 3 * 2 + 3 * 3
