"""GradBench's protocol: messages on standard input, answers on standard output, each one line of JSON."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any, TextIO

from tests.benchmarks.gradbench.evals import EVALS
from tests.benchmarks.gradbench.function import Function

Message = Mapping[str, Any]


class BadMessageError(Exception):
    """A message that cannot be answered otherwise."""


def serve(messages: TextIO, answers: TextIO) -> None:
    """Answers each message until the last one, or the end of the input. No message ends the tool but that."""
    for line in messages:
        if not line.strip():
            continue
        answer, last = answered(line)
        try:
            text = json.dumps(answer, allow_nan=False)
        except ValueError:  # JSON has no nan
            text = json.dumps({"id": answer["id"], **failed("the output has numbers that are not finite")})
        answers.write(text + "\n")
        answers.flush()
        if last:
            return


def answered(line: str) -> tuple[dict[str, Any], bool]:
    """The answer to a line, and whether it was the last one."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError) as error:
        return {"id": None, **failed(f"not JSON: {error}")}, False
    if not isinstance(message, dict):
        return {"id": None, **failed("a message is an object")}, False
    kind = message.get("kind")
    if not isinstance(kind, str) or kind not in ANSWERS:
        return {"id": message.get("id"), **failed(f"no kind of message is called {kind!r}")}, False
    try:
        answer = ANSWERS[kind](message)
    except Exception as error:  # whatever it is, the next message may be a good one
        answer = failed(described(error))
    return {"id": message.get("id"), **answer}, kind == "end"


def failed(reason: str) -> dict[str, Any]:
    return {"success": False, "error": reason}


def described(error: Exception) -> str:
    return str(error) if isinstance(error, BadMessageError) else f"{type(error).__name__}: {error}"


def define(message: Message) -> dict[str, Any]:
    functions_of(message)
    return {"success": True}


def functions_of(message: Message) -> Mapping[str, Function]:
    module = message.get("module")
    if not isinstance(module, str) or module not in EVALS:
        raise BadMessageError(f"no module is called {module!r}")
    return EVALS[module]


def evaluate(message: Message) -> dict[str, Any]:
    """The first run writes the derivative where there is none for such arguments yet: it counts as preparation."""
    functions, name = functions_of(message), message.get("function")
    if not isinstance(name, str) or name not in functions:
        raise BadMessageError(f"{message['module']} has no function {name!r}")
    if "input" not in message:
        raise BadMessageError("there is no input")
    function, given = functions[name], message["input"]
    runs, seconds = least(given)
    begun = time.perf_counter_ns()
    args = function.read(given)
    result = function.call(*args)
    timings = [{"name": "prepare", "nanoseconds": time.perf_counter_ns() - begun}]
    spent = done = 0
    while done < runs or spent < seconds * 1e9:
        begun = time.perf_counter_ns()
        result = function.call(*args)
        once = time.perf_counter_ns() - begun
        timings.append({"name": "evaluate", "nanoseconds": once})
        spent, done = spent + once, done + 1
    return {"success": True, "output": function.write(result), "timings": timings}


def least(given: Any) -> tuple[int, float]:
    """How many runs, and how many seconds, an input asks for."""
    if not isinstance(given, dict):
        return 1, 0.0
    return max(1, int(given.get("min_runs", 1))), float(given.get("min_seconds", 0.0))


ANSWERS: Mapping[str, Callable[[Message], dict[str, Any]]] = {
    "start": lambda _: {"tool": "backprose"},
    "define": define,
    "evaluate": evaluate,
    "analysis": lambda _: {},
    "end": lambda _: {},
}
