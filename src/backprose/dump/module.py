"""The text of a dumped file: header, imports, constants, helpers, and the emitted text with its checks at entry."""

from __future__ import annotations

import ast
import hashlib
import io
import json
import shlex
import tokenize
from collections.abc import Sequence
from pathlib import Path
from types import FunctionType

import numpy as np

from backprose.arguments import refuse_defaults
from backprose.dump import checks
from backprose.dump.constants import assignment
from backprose.dump.entry import USES, WIDTH, entry_test
from backprose.dump.imports import import_block
from backprose.dump.needs import Needs, source_of
from backprose.ir.names import NameSupply
from backprose.ir.types import UNKNOWN
from backprose.ir.walk import expressions, operations, statements
from backprose.load.functions import defaults_of
from backprose.request import Derived, Request
from backprose.rules.registry import Rule
from backprose.signatures import Signature, as_spelled, spell
from backprose.variants import Variant, emitted_name, signature_of
from backprose.version import __version__

DIRECTIONS = {"rows": "reverse", "columns": "forward"}  # of a Jacobian


def module_text(variant: Variant, target: str | None = None) -> str:
    """A module whose last function is the derivative. ``target``: the primal, as it is named on the command line."""
    derived = variant.derived
    entry = derived.entries[-1]
    needs = Needs(f"the dumped {entry}")
    emitted = frozenset(derived.homes)
    for name in emitted:
        needs.define(name, derived)
    for node in ast.parse(derived.text).body:
        assert isinstance(node, ast.FunctionDef)
        source = ast.get_source_segment(derived.text, node) or ""
        needs.text(source, derived.homes[node.name], derived.ours, emitted)
        needs.defaults(node.name, source, derived.homes[node.name])
    own = defaults_of(variant.request.primal)
    altered = {name for one in variant.levels() for name in one.derived.alters}
    refuse_defaults({name: own[name] for name in own if name in altered}, variant.request.primal.__name__)
    lines, table = _entry_checks(variant, needs)
    constants = "".join(assignment(name, text) for name, text in needs.constants.items()) + table
    imports = import_block(needs.imports)
    parts = [
        f"{imports}\n{constants}" if imports and constants else imports + constants,
        *needs.functions.values(),
        "".join(assignment(name, text) for name, text in needs.aliases.items()),
        _insert(lines, derived.text, entry),
    ]
    body = "\n\n".join(part.strip("\n") + "\n" for part in parts if part)
    return _header(variant, target or _target(asked_of(variant.request)), needs) + "\n" + body


# ---------------------------------------------------------------- header
def _header(variant: Variant, target: str, needs: Needs) -> str:
    request = variant.request
    what = {
        "reverse": "value and gradient" if request.value else "gradient",
        "forward": "value and tangent",
        "hvp": "Hessian-vector product",
        "jacobian": "Jacobian",
        "hessian": "Hessian",
    }
    function = asked_of(request)
    wrt = " and ".join([", ".join(request.wrt[:-1]), request.wrt[-1]] if len(request.wrt) > 1 else request.wrt)
    options = command_options(request, variant.signature)
    return (
        f"# The {what.get(request.transform or request.mode, 'value and pullback')} of {function.__name__} "
        f"with respect to {wrt},\n"
        f"# written by backprose {__version__}:\n"
        f"#     backprose dump {shlex.join([target, *options])}\n"
        f"# sources and options: sha256 {fingerprint(variant, options, needs)}\n"
    )


def asked_of(request: Request) -> FunctionType:
    """The function whose derivative users asked for."""
    asked: FunctionType = request.function if request.transform is None else request.primal
    return asked


def command_options(request: Request, signature: Signature) -> list[str]:
    """The options of ``backprose dump`` that ask for this derivative."""
    options = ["--wrt", *request.wrt]
    options += ["--value"] if request.value else []
    mode = request.transform or request.mode
    options += ["--mode", mode] if mode != "reverse" else []
    options += ["--direction", DIRECTIONS[request.mode]] if request.mode in DIRECTIONS else []
    default = emitted_name(asked_of(request), f"_{mode}", request.wrt)
    options += ["--name", request.name] if request.name and request.name != default else []
    like = [f"{name}: {spell(known)}" for name, known in signature.items() if known != UNKNOWN]
    return [*options, *(["--like", *like] if like else [])]


def fingerprint(variant: Variant, options: list[str], needs: Needs) -> str:
    """A hash of all that shaped the file: sources, options, version."""
    used = [variant.request.function, *variant.derived.homes.values()]
    used += [guard.expected for guard in variant.guards if isinstance(guard.expected, FunctionType)]
    used += [rule for guard in variant.guards for rule in _halves(guard.rule)]
    content = {
        "backprose": __version__,
        "options": options,
        "sources": sorted({source_of(function) for function in used}),
        "copied": [sorted(needs.imports), needs.constants, needs.functions, needs.aliases],
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _halves(rule: Rule | None) -> list[FunctionType]:
    """The functions that a rule of a user's is made of."""
    halves = (rule.adjoint, rule.tangent) if rule is not None and rule.by_user else ()
    return [function for function in halves if isinstance(function, FunctionType)]


def _target(function: FunctionType) -> str:
    module = function.__module__
    if module == "__main__":
        module = Path(function.__code__.co_filename).name
    return f"{module}:{function.__qualname__}"


# ---------------------------------------------------------------- checks at entry
# operations that have another derivative where their operands are complex
OF_REAL = frozenset(
    {"absolute", "sign", "var", "std", "linalg.norm", "vdot", "real", "imag", "conj", "angle", "arccosh"}
)


def _entry_checks(variant: Variant, needs: Needs) -> tuple[list[str], str]:
    """The lines that open the entry function, and the table that they read where the test is too long for them."""
    home, derived = variant.request.function, variant.derived
    signature = as_spelled(variant.signature)
    own = signature_of(home).parameters  # a tangent or cotangent may lie where it likes: what is written is a copy
    apart = [pair for pair in _apart(variant) if own.keys() >= {*pair}]
    real = _taken_for_real(derived, variant.signature, [*own])
    if not signature and not apart:
        if real:
            needs.thing("np", np, home)
        return real, ""
    entry = derived.entries[-1]
    if not USES & _bound_in(derived.text, entry):
        test = entry_test(signature, apart)
        if test:
            if any("np." in line for line in (*test, *real)):
                needs.thing("np", np, home)
            return [*test, *real], ""
    lines, table = real, ""
    if real:
        needs.thing("np", np, home)
    if signature:
        needs.thing("check_arguments", checks.check_arguments, home)
        name = NameSupply(needs.meaning).fresh("WRITTEN_FOR")
        entries = [f'"{parameter}": "{spell(known)}"' for parameter, known in signature.items()]
        table = f"{name} = {{{', '.join(entries)}}}\n"
        if len(table) > WIDTH:
            table = f"{name} = {{\n" + "".join(f"    {one},\n" for one in entries) + "}\n"
        lines.append(f"    check_arguments(locals(), {name})")
    if apart:
        needs.thing("check_overlap", checks.check_overlap, home)
        written = ", ".join(f'"{parameter}"' for parameter in dict.fromkeys(one for one, _ in apart))
        lines.append(f"    check_overlap(locals(), ({written},))")
    return lines, table


def _taken_for_real(derived: Derived, signature: Signature, parameters: Sequence[str]) -> list[str]:
    """A test that arguments of which nothing is known are real, where it matters to the derivative."""
    read = (expr for function in derived.program.functions for stmt in statements(function.body)
            for expr in expressions(stmt))  # fmt: skip
    if not any(operation.op in OF_REAL for expr in read for operation in operations(expr)):
        return []
    types = {name: signature.get(name, UNKNOWN) for name in parameters}
    names = [name for name, known in types.items() if known.dtype is None and known.kind in ("unknown", "array")]
    if not names:
        return []
    test = f"np.iscomplexobj({names[0]})" if len(names) == 1 else f"any(map(np.iscomplexobj, ({', '.join(names)})))"
    error = "written for real numbers: say with --like what else the arguments are"
    return [f"    if {test}:", f'        raise TypeError("{error}")']


def _apart(variant: Variant) -> list[tuple[str, str]]:
    """Each parameter that is written into, with each other one that may share its memory."""
    arrays = [
        parameter.name
        for parameter in variant.derived.program.entry.parameters
        if variant.signature.get(parameter.name, parameter.type).kind in ("unknown", "array", "numpy", "other")
    ]
    written = variant.writes()
    pairs = [(one, other) for one in written for other in arrays if other != one]
    return [(one, other) for one, other in pairs if other not in written[: written.index(one)]]


def _bound_in(text: str, entry: str) -> set[str]:
    """The names that the entry function has for itself."""
    node = next(one for one in ast.parse(text).body if isinstance(one, ast.FunctionDef) and one.name == entry)
    names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    return names | {one.arg for one in ast.walk(node) if isinstance(one, ast.arg)}


def _insert(lines: list[str], text: str, entry: str) -> str:
    """The emitted text with ``lines`` at the top of the entry function, below its docstring."""
    node = next(one for one in ast.parse(text).body if isinstance(one, ast.FunctionDef) and one.name == entry)
    if ast.get_docstring(node, clean=False) is not None:
        above = node.body[0].end_lineno or 0
    else:
        above = next(
            token.end[0]
            for token in tokenize.generate_tokens(io.StringIO(text).readline)
            if token.type == tokenize.NEWLINE and token.start[0] >= node.lineno
        )
    all_lines = text.splitlines(keepends=True)
    all_lines[above:above] = [f"{line}\n" for line in lines]
    return "".join(all_lines)
