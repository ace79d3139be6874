"""Random programs over arrays of many shapes and dtypes, grown one statement at a time so that most of them run."""

# ruff: noqa: E501 - tables of expressions

from __future__ import annotations

import copy
import math
import random
import sys
import warnings
from types import FrameType
from typing import Any

import numpy as np

LARGEST = 500
LENGTHS = (0, 1, 1, 2, 3, 3, 5)
DTYPES = ("float64", "float64", "float32", "int64", "bool", "int8", "complex128", "float16", "uint8")
UNARY = (
    "np.sin np.exp np.abs np.fabs np.square np.sqrt np.sign np.floor np.isfinite np.negative np.conj np.tanh abs -"
).split()
MATH = "math.sin math.floor math.fabs math.isfinite math.exp float int bool round".split()
BINARY = ["+", "-", "*", "/", "**", "//", "%", "@", "<", "==", "&"]
FUNCTIONS = (
    "np.add np.maximum np.arctan2 np.power np.divide np.hypot np.logaddexp np.dot np.outer np.inner max min".split()
)
REDUCTIONS = "sum mean max min prod std var all any argmax cumsum argsort".split()
AXES = ["", "0", "1", "-1", "(0, 1)", "None", "-2", "()"]
INDICES = (
    "0 -1 1 1: :-1 1:-1 2: :-2 ::2 ::-1 :3 -2: 1:3 0:0 None ... ,0 0,... ...,0 :,None None,: ...,None :,0 0,1: 1:,:-1"
    " [0,0] [True] :,[0,0] [0],:,None [[0],[0]] 0,[0,0] [0,0],[0] :,:,0 [0],None,[0] 1:-2 5:"
).split()
SHAPES = [
    "-1",
    "(-1,)",
    "(1, -1)",
    "(-1, 1)",
    "{y}.shape",
    "({x}.shape[0], -1)",
    "(2, -1)",
    "(-1, 3)",
    "(3, 1)",
    "np.shape({y})",
]
CREATED = [
    "np.zeros({n})", "np.ones(({n}, 3))", "np.zeros_like({x})", "np.full({n}, {y})", "np.arange({n})", "np.eye({n})",
    "np.linspace(0, {y}, {n})", "np.empty({x}.shape)", "np.zeros(3, dtype=np.float32)", "np.ones_like({x}, dtype=float)",
    "np.arange(len({x}))", "np.zeros({x}.shape[0])", "np.zeros(({x}.size, 1))", "np.arange(1.0, 3.0)", "np.eye(2, {n})",
    "np.full_like({x}, 2)", "np.zeros({x}.shape[1:])", "np.zeros((len({x}), {n}), dtype=int)", "np.ones({x}.ndim)",
]  # fmt: skip
OTHERS = [
    "{x}.T", "np.transpose({x}, (1, 0))", "{x}.ravel()", "{x}.reshape({s})", "np.reshape({x}, {s})", "{x}.copy()",
    "np.concatenate([{x}, {y}])", "np.concatenate(({x}, {y}), axis=-1)", "np.stack([{x}, {y}])", "np.hstack([{x}, {y}])",
    "np.vstack(({x}, {x}))", "np.stack(({x}, {x}), axis=-1)", "np.where({x} > 0, {x}, {y})", "np.where({x}, 1.0, {y})",
    "np.clip({x}, 0, 1)", "np.clip({x}, {y}, None)", "np.diff({x})", "np.diff({x}, 2, 0)", "np.squeeze({x})",
    "np.squeeze({x}, 0)", "np.expand_dims({x}, -1)", "np.broadcast_to({x}, {y}.shape)", "np.broadcast_to({x}, (3,))",
    "np.flip({x})", "np.roll({x}, 1)", "np.tile({x}, 2)", "np.repeat({x}, 2)", "np.repeat({x}, 3, axis=0)", "np.trace({x})",
    "np.swapaxes({x}, 0, -1)", "np.moveaxis({x}, 0, -1)", "np.atleast_1d({x})", "np.linalg.norm({x})", "{x}.astype(float)",
    "{x}.astype(np.float32)", "{x}.astype({y}.dtype)", "np.round({x})", "np.round({x}, 2)", "np.array([{x}, {y}])",
    "np.array([1.0, {x}])", "np.asarray({x})", "np.linalg.solve({x} @ {x}.T + np.eye(len({x})), {y})", "np.array({x})",
    "{x} if {y} is None else {y}", "{x} is None", "not {x}", "{x}.item()", "np.linalg.inv({x})", "np.vdot({x}, {y})",
    "np.sum([{x}, {y}])", "np.float64({x})", "np.linalg.det({x})", "np.sinc({x})", "{x} and {y}", "({x}, {y})[0]",
    "{x}.shape", "{x}.ndim", "{x}.size", "len({x})", "{x}.shape[0]", "np.size({x})", "np.shape({x})[-1]", "{x}.shape == {y}.shape",
    "{x}[{x} > 0]", "{x}[np.arange(2)]", "{x}[:len({x})]", "{x}[{n}:]", "{x}[{n}]", "{x}[:{n}]", "{x}[np.argsort({x})]",
    "np.mean({x}, axis=0, keepdims=True)", "{x}.sum(axis=-1, keepdims=True)", "np.max({x}, axis=1, keepdims=True)",
    "math.pi * {x}", "np.pi", "CONSTANT + {x}", "TABLE * {x}", "WIDE @ {x}", "-1 * {x}", "{x} * 2", "{x} ** 2", "{x} / 3",
    "2 ** {x}", "1.5 - {x}", "{x} ** 0.5", "{x} + 1j", "None", "[{x}, {y}]", "({x}, {y})", "1", "0.0", "True",
]  # fmt: skip
NAMES = ("a", "b", "c", "t", "u")
GLOBALS = {"np": np, "math": math, "CONSTANT": 2.5, "TABLE": np.ones((1, 3), np.float32), "WIDE": np.ones((3, 3))}


class Growing:
    """A program, its arguments, and the state after the last statement of a trial run."""

    def __init__(self, random: random.Random) -> None:
        self.random = random
        self.args = {name: self.argument() for name in NAMES[: random.randint(2, 3)]}
        self.args["n"] = random.choice((0, 1, 2, 3))
        self.lines: list[str] = []
        self.names = list(self.args)

    def argument(self) -> Any:
        kind = self.random.choice(("array",) * 6 + ("float", "scalar", "int", "none"))
        dtype = self.random.choice(DTYPES)
        if kind == "array":
            shape = tuple(self.random.choice(LENGTHS) for _ in range(self.random.choice((0, 1, 1, 2, 2, 3))))
            return np.asarray(np.random.default_rng(self.random.randint(0, 99)).normal(size=shape) * 3).astype(dtype)
        return {"float": 0.75, "scalar": np.dtype(dtype).type(2), "int": self.random.randint(0, 4), "none": None}[kind]

    def text(self) -> str:
        body = "".join(f"    {line}\n" for line in self.lines)
        return f"def program({', '.join(self.args)}):\n{body}    return None\n"

    # ------------------------------------------------------------ pieces
    def name(self) -> str:
        return self.random.choice(self.names)

    def expression(self) -> str:
        pick = self.random.choice
        x, y = self.name(), self.name()
        match pick(
            ("operator",) * 4 + ("unary", "math", "function", "reduction", "index", "index", "made") + ("other",) * 5
        ):
            case "operator":
                return f"{x} {pick(BINARY)} {y}"
            case "unary":
                return f"{pick(UNARY)}({x})"
            case "math":
                return f"{pick(MATH)}({x})"
            case "function":
                return f"{pick(FUNCTIONS)}({x}, {y})"
            case "reduction":
                name, axis = pick(REDUCTIONS), pick(AXES)
                return pick((f"np.{name}({x}{axis and ', axis='}{axis})", f"{x}.{name}({axis})"))
            case "index":
                return f"{x}[{pick(INDICES).lstrip(',')}]"
            case "made":
                return pick(CREATED).format(x=x, y=y, n="n")
            case _:
                shape = pick(SHAPES).format(x=x, y=y)
                return pick(OTHERS).format(x=x, y=y, n="n", s=shape)

    def simple(self) -> str:
        pick = self.random.choice
        match pick(("assign",) * 7 + ("augment", "augment", "write", "unpack", "slice", "append")):
            case "assign":
                return f"{pick(NAMES)} = {self.expression()}"
            case "augment":
                return f"{self.name()} {pick(['+', '-', '*', '/', '**'])}= {pick((self.name(), '1', '0.5'))}"
            case "write":
                return f"{self.name()}[{pick(INDICES)}] = {pick((self.name(), '1'))}"
            case "unpack":
                return f"{pick(NAMES)}, {pick(NAMES)} = {pick((f'{self.name()}, {self.name()}', self.name()))}"
            case "append":
                return f"{self.name()}.append({self.name()})"
        return f"{self.name()}[{pick(INDICES)}] += {self.name()}"

    def block(self, depth: int) -> list[str]:
        """A few statements; what is bound in them may be read afterwards."""
        lines: list[str] = []
        for _ in range(self.random.randint(1, 3)):
            lines += self.statement(depth)
        return lines

    def statement(self, depth: int) -> list[str]:
        pick = self.random.choice
        kind = pick(("simple",) * (5 + 3 * depth) + ("if", "for", "while"))
        if kind == "simple" or depth > 2:
            return [self.simple()]
        body = ["    " + line for line in self.block(depth + 1)]
        i = f"i{depth}"
        if kind == "if":
            test = pick(
                ("n > 1", f"{self.name()} is None", f"np.size({self.name()}) > 3", f"np.ndim({self.name()}) == 1")
            )
            orelse = ["    " + line for line in self.block(depth + 1)] if pick((0, 1)) else []
            return [f"if {test}:", *body, *(["else:", *orelse] if orelse else [])]
        if pick((0, 0, 1)):
            body.insert(
                pick((0, len(body))),
                f"    if {pick((f'{i} == 1', f'np.size({self.name()}) > 9', f'np.size({self.name()}) < 4'))}:",
            )
            place = next(
                at
                for at, line in enumerate(body)
                if line.lstrip().startswith("if ") and line.endswith(("1:", "9:", "4:"))
            )
            body.insert(place + 1, "        break")
        if kind == "for":
            source = pick(
                ("range(3)", "range(n)", self.name(), f"({self.name()}, {self.name()})", f"range(len({self.name()}))")
            )
            target = pick((i, pick(NAMES))) if not source.startswith("range") else i
            return [f"{i} = 0", f"for {target} in {source}:", *body]
        return [f"{i} = 0", f"while {i} < 3:", f"    {i} = {i} + 1", *body]


def small(frame: FrameType, event: str, argument: object) -> Any:
    """Traces a run, and ends it where an array or a whole number grows large (a power of powers never ends)."""
    if frame.f_code.co_name != "program":
        return None
    if any(isinstance(value, int) and abs(value) > LARGEST for value in frame.f_locals.values()):
        raise MemoryError
    if any(isinstance(value, np.ndarray) and value.size > LARGEST for value in frame.f_locals.values()):
        raise MemoryError
    return small


def run(text: str, args: dict[str, Any]) -> bool:
    """Whether a program runs to its end on these arguments."""
    namespace = dict(GLOBALS)
    before = sys.gettrace()
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            exec(text, namespace)
            sys.settrace(small)
            namespace["program"](*copy.deepcopy(list(args.values())))
    except Exception:  # whatever a random program raises
        return False
    finally:
        sys.settrace(before)
    return True


def grow(random: random.Random, statements: int) -> Growing:
    """A program that runs; statements that would make it fail are left out."""
    program = Growing(random)
    for _ in range(4 * statements):
        if len(program.lines) >= statements:
            break
        lines = program.statement(0)
        program.lines += lines
        if run(program.text(), program.args):
            made = [
                name for name in NAMES if any(name in line.split("=")[0] for line in lines if not line.startswith(" "))
            ]
            program.names += [name for name in made if name not in program.names]
        else:
            del program.lines[-len(lines) :]
    return program
