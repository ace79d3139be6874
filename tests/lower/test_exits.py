"""Early exits: random programs of loops, branches and exits; the form they take; long rows of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import pytest

from backprose.ir.nodes import Block, Break, For, If, Return, Stmt, While
from backprose.ir.walk import blocks, statements
from tests.lower.running import lowered, outcome, runnable, text_of, with_source


# ---------------------------------------------------------------- random programs
class Writer:
    """Writes a random function that adds up what it did on the way."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.left = self.random.randint(4, 40)
        self.loops = 0
        self.number = 0

    def function(self) -> str:
        body = "\n".join(self.block(1, loop=False))
        return f"def f(n):\n    t = 0\n{body}\n"

    def block(self, depth: int, *, loop: bool) -> Iterator[str]:
        for _ in range(self.random.randint(1, 4)):
            yield from self.statement(depth, loop=loop)

    def test(self) -> str:
        return self.random.choice(["t % 3 == n % 3", "t % 2", "n > 2", "t > 20", "(t + n) % 5 < 2", "n == 1"])

    def statement(self, depth: int, *, loop: bool) -> Iterator[str]:
        pad = "    " * depth
        self.left -= 1
        self.number += 1
        kind = self.random.choice(["add", "add", "if", "if", "for", "while", "exit"])
        if depth > 6 or self.left < 0:
            kind = "add"
        if kind == "add":
            yield f"{pad}t = t * 2 % 101 + {self.number}"
        elif kind == "exit":
            exits = ["return t", "return", f"return t, {self.number}", "raise KeyError(t)"]
            yield pad + self.random.choice(exits + ["break", "continue"] * 6 if loop else exits)
        elif kind == "if":
            yield f"{pad}if {self.test()}:"
            yield from self.block(depth + 1, loop=loop)
            if self.random.random() < 0.3:
                yield f"{pad}elif {self.test()}:"
                yield from self.block(depth + 1, loop=loop)
            if self.random.random() < 0.4:
                yield f"{pad}else:"
                yield from self.block(depth + 1, loop=loop)
        else:
            self.loops += 1
            name = f"i{self.loops}"
            if kind == "for":
                yield f"{pad}for {name} in range({self.random.randint(0, 4)}):"
            elif self.random.random() < 0.5:
                yield f"{pad}{name} = 0"
                yield f"{pad}while {name} < {self.random.randint(0, 4)}:"
                yield f"{pad}    {name} += 1"
            else:
                yield f"{pad}{name} = 0"
                yield f"{pad}while True:"
                yield f"{pad}    {name} += 1"
                yield f"{pad}    if {name} > {self.random.randint(0, 4)}:"
                yield f"{pad}        {self.random.choice(['break', 'break', 'return t', 'raise ValueError(t)'])}"
            yield from self.block(depth + 1, loop=True)
            if self.random.random() < 0.3:
                yield f"{pad}else:"
                yield from self.block(depth + 1, loop=loop)


@pytest.mark.parametrize("seed", range(120))
def test_random_program_does_the_same(seed: int) -> None:
    text = Writer(seed).function()
    function = with_source(text)
    made = runnable(function)
    for n in range(-1, 7):
        assert outcome(made, (n,), {}) == outcome(function, (n,), {}), text
    assert_structured(lowered(function).body)


# ---------------------------------------------------------------- the form
def assert_structured(body: Block) -> None:
    """One ``Return``, last; a ``Break`` is the last thing that happens in the body of its loop."""
    assert isinstance(body[-1], Return)
    assert sum(isinstance(stmt, Return) for stmt in statements(body)) == 1
    for stmt in statements(body):
        assert type(stmt).__name__ != "Continue"
        if isinstance(stmt, For | While):
            assert_breaks_last(stmt.body)


def assert_breaks_last(block: Block) -> None:
    for stmt in block[:-1]:
        assert not any(isinstance(inner, Break) for inner in of_this_loop(stmt))
    if isinstance(block[-1], If):
        assert_breaks_last(block[-1].body)
        if block[-1].orelse:
            assert_breaks_last(block[-1].orelse)


def of_this_loop(stmt: Stmt) -> Iterator[Stmt]:
    yield stmt
    inside = (stmt.orelse,) if isinstance(stmt, For | While) else blocks(stmt)
    for block in inside:
        for inner in block:
            yield from of_this_loop(inner)


def test_one_return_at_the_end_needs_no_name() -> None:
    def f(x):
        if x > 0:
            x = x * 2
        return x

    assert text_of(lowered(f)) == (
        "def f(x):\n    if x > 0:\n        _t1 = x * 2\n        x = _t1\n    return x\n"
    )  # fmt: skip


def test_return_in_a_loop_takes_what_follows_into_else() -> None:
    def f(x, n):
        for i in range(n):
            if x > i:
                return i
        return x

    assert text_of(lowered(f)) == (
        "def f(x, n):\n"
        "    for i in range(n):\n"
        "        if x > i:\n"
        "            result = i\n"
        "            break\n"
        "    else:\n"
        "        result = x\n"
        "    return result\n"
    )


def test_users_names_win() -> None:
    def f(x, result, returned):
        for i in range(3):
            if x > i:
                return result
            if x < -i:
                break
        return returned

    text = text_of(lowered(f))
    assert "result_1 = result" in text
    assert "returned_1 = True" in text


def test_continue_disappears() -> None:
    def f(x):
        for i in range(3):
            if i == x:  # not this one
                # nor its comment
                continue
            x = i
        return x

    assert text_of(lowered(f)) == (
        "def f(x):\n"
        "    for i in range(3):\n"
        "        if not i == x:  # not this one\n"
        "            # nor its comment\n"
        "            x = i\n"
        "    return x\n"
    )


# ---------------------------------------------------------------- long rows
ROWS: dict[str, Callable[[int], str]] = {
    "returns": lambda i: f"    if n == {i}:\n        return t + {i}\n",
    "returns and statements": lambda i: f"    if n == {i}:\n        return t\n    t = t + {i}\n",
    "partial returns": lambda i: f"    if n > {i}:\n        if n == {i + 1}:\n            return t\n        t += {i}\n",
    "loops": lambda i: f"    for i in range(3):\n        if n == {i} + i:\n            return t\n        t += 1\n",
    "mixed loops": lambda i: (
        f"    for i in range(3):\n        if n == {i} + i:\n            return t\n        if t % 7 == i:\n"
        "            break\n        t += 1\n"
    ),
}


@pytest.mark.parametrize("row", ROWS)
def test_rows_stay_flat_and_linear(row: str) -> None:
    lengths = {}
    for count in (100, 200, 300):
        text = "def f(n):\n    t = 0\n" + "".join(ROWS[row](i) for i in range(count)) + "    return -t\n"
        function = with_source(text)
        made = text_of(lowered(function))
        lengths[count] = len(made.splitlines())
        assert max(len(line) - len(line.lstrip()) for line in made.splitlines()) <= 4 * 16
    assert abs((lengths[300] - lengths[200]) - (lengths[200] - lengths[100])) <= 60
    again = runnable(function)
    for n in (-1, 0, 1, 11, 12, 13, 24, 25, 150, 299, 300, 1000):
        assert again(n) == function(n)


def test_row_in_a_loop() -> None:
    text = "def f(n):\n    t = 0\n    for k in range(n):\n"
    for i in range(300):
        kind = ("continue", "break", "return t")[i % 7 % 3] if i % 5 else "continue"
        text += f"        if (k * 7 + {i}) % 1009 == n:\n            {kind}\n        t += k + {i}\n"
    function = with_source(text + "    return -t\n")
    made = runnable(function)
    assert [made(n) for n in range(0, 60, 7)] == [function(n) for n in range(0, 60, 7)]
    assert_structured(lowered(function).body)


def test_long_functions_and_chains() -> None:
    lines = "".join(f"    y = y * x + {i} - y\n" for i in range(5000))
    made = lowered(with_source(f"def f(x):\n    y = x\n{lines}    return y\n"))
    assert len(made.body) == 1 + 4 * 5000 + 1
    chain = "".join(f"    elif x == {i}:\n        return x + {i}\n" for i in range(100))
    function = with_source(f"def f(x):\n    if x < 0:\n        return 1\n{chain}    return 2\n")
    again = runnable(function)
    assert [again(n) for n in range(-1, 102)] == [function(n) for n in range(-1, 102)]
