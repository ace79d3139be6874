"""The command line: ``backprose dump``, ``backprose check`` and ``backprose rules``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FunctionType
from typing import Any

from backprose import check
from backprose.analyse.show import with_types
from backprose.arguments import Outputs, read_outputs, read_wrt
from backprose.derivative import Derivative, variants_of
from backprose.dump import module_text, write_file
from backprose.errors import ArgumentError, BackproseError
from backprose.ir.nodes import Program
from backprose.ir.types import Type
from backprose.orders import hessian_variants, hvp_variants, jacobian_variants
from backprose.parse import Parsed
from backprose.pipeline import STAGES, derive
from backprose.rules.listing import listed
from backprose.signatures import Signature, of_annotations, read_like
from backprose.target import find
from backprose.variants import Variants, signature_of
from backprose.version import __version__

GOOD, OFF, WRONG = 0, 1, 2  # exit codes
MODES = {
    "reverse": "the gradient",
    "forward": "value and tangent",
    "hvp": "the Hessian times a direction",
    "jacobian": "all partial derivatives",
    "hessian": "all second ones",
}

DESCRIPTION = "Reads a Python function and writes the function that computes its derivative."
DUMP = """\
Writes the derivative of a function as a Python file of its own, which runs where backprose is not installed.

TARGET is FILE.py:function or module:function. The file is executed, as any import does.
"""
DUMP_EXAMPLES = """\
examples:
  backprose dump model.py:loss                          the gradient w.r.t. the first parameter, for any arguments
  backprose dump model.py:loss --wrt W b --value        value and gradients w.r.t. W and b
  backprose dump model.py:loss --like 'W: float64[:, :]' 'x: float64[:]' -o loss_grad.py
  backprose dump model.py:loss --mode forward           value and tangent
  backprose dump model.py:loss --mode hvp               the product of the Hessian with a direction
  backprose dump model.py:loss --stage lower            what a stage of the compiler made of it

types for --like:  float, int, bool, complex, str; float64 (a NumPy scalar); float64[:, 3] (an array: ':' is a length
other than 1, '?' any length, a number that length); float64[...] (any rank); array (any dtype and rank)
"""
CHECK = """\
Compares the derivative of a function with central differences, argument by argument, and shows the worst element.
The exit code is 1 where they do not agree.

TARGET is FILE.py:function or module:function. The file is executed, as any import does, and the function is called.
"""
CHECK_EXAMPLES = """\
examples:
  backprose check model.py:loss                         at arguments drawn for its annotations and defaults
  backprose check model.py:loss --like 'W: float64[5, 3]' 'x: float64[5]'
  backprose check model.py:loss --at arguments.npz      np.savez("arguments.npz", W=W, x=x)
"""

RULES = """\
Lists the functions that have a derivative rule, or are known to be constant. With a PATTERN, the rules of the functions
of that name are shown whole, with the formula's source.
"""
RULES_EXAMPLES = """\
examples:
  backprose rules                                       all, one on each line
  backprose rules cholesky                              that of np.linalg.cholesky, and of SciPy's where it is installed
  backprose rules 'fft.*'                               those of np.fft and scipy.fft
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and give its exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except BackproseError as error:
        _complain(str(error))
    except OSError as error:
        if isinstance(error, BrokenPipeError):  # `backprose dump ... | head`
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return GOOD
        _complain(str(error))
    return WRONG


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("backprose", description=DESCRIPTION)
    parser.add_argument("--version", action="version", version=f"backprose {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    dump = _command(commands, "dump", "write a derivative as a file of its own", DUMP, DUMP_EXAMPLES, _dump)
    dump.add_argument("--value", action="store_true", help="return the value too")
    dump.add_argument("--mode", choices=MODES, default="reverse", help="; ".join(f"{k}: {v}" for k, v in MODES.items()))
    dump.add_argument(
        "--direction", choices=("forward", "reverse"), help="of a Jacobian or Hessian: by columns, by rows"
    )
    dump.add_argument("--outputs", nargs="+", metavar="NAME", help="parameters that are written into: the results")
    dump.add_argument("--name", help="the name of the derivative")
    dump.add_argument("-o", dest="output", metavar="FILE", default="-", help="where to write; - is standard output")
    dump.add_argument("--stage", choices=STAGES, help="print what this stage of the compiler gives, and stop")
    checking = _command(commands, "check", "compare a derivative with differences", CHECK, CHECK_EXAMPLES, _check)
    checking.add_argument("--at", metavar="FILE.npz", help="the arguments, as numpy.savez keeps them by name")
    plain = argparse.RawDescriptionHelpFormatter
    ruling = commands.add_parser(
        "rules", help="list the derivative rules", description=RULES, epilog=RULES_EXAMPLES, formatter_class=plain
    )
    ruling.add_argument("pattern", metavar="PATTERN", nargs="?", help="a name, or a part with * and ? in it")
    ruling.set_defaults(run=_rules)
    return parser


def _command(
    commands: Any, name: str, short: str, description: str, examples: str, run: Callable[[argparse.Namespace], int]
) -> argparse.ArgumentParser:
    plain = argparse.RawDescriptionHelpFormatter
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=short, description=description, epilog=examples, formatter_class=plain
    )
    parser.add_argument("target", metavar="TARGET", help="FILE.py:function or module:function")
    parser.add_argument("--wrt", nargs="+", action="extend", metavar="NAME", help="parameters (default: the first)")
    parser.add_argument("--like", nargs="+", action="extend", metavar="'NAME: TYPE'", help="types of parameters")
    parser.set_defaults(run=run)
    return parser


# ---------------------------------------------------------------- dump
def _dump(options: argparse.Namespace) -> int:
    variants = _variants(options)
    signature = _signature(variants.primal, options)
    if options.stage:
        print(_stage(variants, signature, options.stage))
        return GOOD
    text = module_text(variants.of(signature), _relative(options.target))
    if options.output == "-":
        _write_out(text)
        return GOOD
    source, output = Path(variants.primal.__code__.co_filename), Path(options.output)
    if output.exists() and source.exists() and output.samefile(source):
        raise ArgumentError(
            f"{options.output} is the source of {variants.primal.__name__}", instead="name another file"
        )
    write_file(options.output, text)
    return GOOD


def _variants(options: argparse.Namespace) -> Variants:
    """What is to be derived; of a function that is decorated, what the decorator says and the options do not."""
    function = find(options.target)
    wrt: Any = [int(one) if one.isdecimal() else one for one in options.wrt or ()] or 0
    value: bool = options.value
    outputs: Outputs = None
    if isinstance(function, Derivative):
        wrt, value, outputs = wrt or function.wrt, value or function.value, function.outputs
        function = function.primal
    inner = variants_of(function)
    primal = inner if isinstance(inner, FunctionType) else inner.primal
    if isinstance(wrt, list) and len(wrt) == 1:
        wrt = wrt[0]
    names, single = read_wrt(wrt, signature_of(primal), primal.__name__)
    if options.mode != "reverse" and options.value:
        raise ArgumentError("--value is for reverse mode", instead="leave it out: a tangent comes with its value")
    outputs = read_outputs(getattr(options, "outputs", None) or outputs, signature_of(primal), primal.__name__)
    name = _name(options.name)
    if options.mode in ("reverse", "forward"):
        single, value = (single, value) if options.mode == "reverse" else (False, False)
        shown: dict[str, Any] = {"name": name, "outputs": outputs, "cache": False}  # the program is looked at
        return Variants(inner, options.mode, names, single=single, value=value, **shown)
    if outputs:
        raise ArgumentError(f"--outputs cannot be combined with --mode {options.mode}", section="procedures")
    if options.mode == "hvp":
        return hvp_variants(inner, names, single, name, cache=False)
    made = jacobian_variants if options.mode == "jacobian" else hessian_variants
    return made(inner, names, single, options.direction or "auto", name, cache=False)


def _name(name: str | None) -> str | None:
    if name is not None and not name.isidentifier():
        raise ArgumentError(f"--name {name!r} is not a name in Python")
    return name


def _signature(primal: FunctionType, options: argparse.Namespace) -> Signature:
    """What the annotations promise, with what ``--like`` says instead."""
    known: dict[str, Type] = of_annotations(primal)
    parameters = signature_of(primal).parameters
    for line in options.like or ():
        name, wanted = read_like(line)
        if name not in parameters:
            raise ArgumentError(
                f"{primal.__name__} has no parameter {name!r}", instead=f"its parameters are {', '.join(parameters)}"
            )
        known[name] = wanted
    return {name: known[name] for name in parameters if name in known}


def _stage(variants: Variants, signature: Signature, stage: str) -> str:
    """What a stage gave, also where a later one refuses."""
    found: list[Any] = []
    try:
        derive(variants.request(signature), lambda name, result: found.append(result) if name == stage else None)
    except BackproseError:
        if not found:
            raise
    if stage == "analyse":
        found = [Program(tuple(map(with_types, program.functions))) for program in found]
    return "\n\n".join(_printed(result) for result in found)


def _printed(result: Any) -> str:
    from backprose.emit import emit

    if isinstance(result, Program):
        return emit(result).text.rstrip()
    if isinstance(result, Parsed):
        return result.text_of(result.span_of(result.tree))
    return str(result).rstrip()


def _relative(target: str) -> str:
    """A dumped file tells how it was made, not where."""
    place, _, path = target.rpartition(":")
    return f"{Path(place).name}:{path}" if Path(place).is_absolute() else target


def _write_out(text: str) -> None:
    """To standard output, in UTF-8 with line feeds on every system."""
    raw = getattr(sys.stdout, "buffer", None)
    if raw is None:  # replaced, as pytest does
        sys.stdout.write(text)
    else:
        sys.stdout.flush()
        raw.write(text.encode())
        raw.flush()


# ---------------------------------------------------------------- check
def _number(value: complex) -> str:
    """In as many digits as a column holds."""
    return f"{value:.5g}" if value.imag else f"{value.real:.8g}"


def _check(options: argparse.Namespace) -> int:
    function = find(options.target)
    if isinstance(function, Derivative):
        function = function.primal
    signature = signature_of(function)
    inner = variants_of(function)
    primal = inner if isinstance(inner, FunctionType) else inner.primal
    if options.at is None:
        arguments = check.sample(function, _signature(primal, options))
    else:
        arguments = check.from_file(function, options.at)
    asked = [int(one) if one.isdecimal() else one for one in options.wrt or ()] or check.differentiable(arguments)
    wrt, _ = read_wrt(asked, signature, primal.__name__)
    lines = list(check.compare(function, arguments, wrt))
    print(f"{'argument':<16} {'worst element':<16} {'derivative':>16} {'difference':>16} {'error':>9}")
    for line in lines:
        place = f"[{', '.join(map(str, line.index))}]" if line.index else "-"
        verdict = _colour("ok", "32", sys.stdout) if line.good else _colour("off", "31", sys.stdout)
        numbers = f"{_number(line.derivative):>16} {_number(line.difference):>16} {line.error:>9.1e}"
        print(f"{line.argument:<16} {place:<16} {numbers}  {verdict}")
    return GOOD if all(line.good for line in lines) else OFF


# ---------------------------------------------------------------- rules
def _rules(options: argparse.Namespace) -> int:
    lines = list(listed(options.pattern))
    if not lines:
        raise ArgumentError(f"no function named {options.pattern!r} has a rule", section="functions")
    print("\n".join(lines).rstrip())
    return GOOD


# ---------------------------------------------------------------- the terminal
def _complain(message: str) -> None:
    print(f"{_colour('error:', '31', sys.stderr)} {message}", file=sys.stderr)


def _colour(text: str, code: str, stream: Any) -> str:
    """Coloured on a terminal only."""
    return f"\x1b[{code}m{text}\x1b[0m" if stream.isatty() and not os.environ.get("NO_COLOR") else text
