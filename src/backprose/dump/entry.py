"""The test that opens a dumped function, as a person would write it: that the arguments are what it was written for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from backprose.ir.types import Type
from backprose.signatures import Signature, spell

WIDTH, INDENT = 100, "    "
USES = frozenset({"all", "isinstance", "len", "type", "np"})  # names that the test reads


def entry_test(signature: Signature, apart: Sequence[tuple[str, str]] = ()) -> list[str]:
    r"""The lines of the test; none where it takes more than three. ``apart``: what may not share memory.

    >>> from backprose.signatures import read_like
    >>> lines = ["W: float64[:, :]", "b: float64[:]", "U: float64[:, :]", "steps: int"]
    >>> print(*entry_test(dict(map(read_like, lines))), sep="\n")
        if not (all(x.dtype == "float64" and x.ndim == 2 and 1 not in x.shape for x in (W, U)) and
                b.dtype == "float64" and b.ndim == 1 and len(b) != 1 and type(steps) is int):
            raise TypeError("written for W, U: float64[:, :]; b: float64[:]; steps: int")
    """
    groups: dict[str, list[str]] = {}
    for name, known in signature.items():
        groups.setdefault(spell(known), []).append(name)
    some = next(name for name in ("x", "a", "value", "argument") if name not in signature)
    conditions: list[str] = []
    for names in groups.values():
        known = signature[names[0]]
        if len(names) == 1:
            conditions += _fits(names[0], known)
        else:
            conditions.append(f"all({' and '.join(_fits(some, known))} for {some} in ({', '.join(names)}))")
    conditions += [f"not np.shares_memory({one}, {other})" for one, other in apart]
    test = _filled(conditions)
    parts = [f"{', '.join(names)}: {text}" for text, names in groups.items()]
    message = f"written for {'; '.join([*parts, *(['no memory shared'] if apart else [])])}"
    if len(message) > 72:
        message = "written for other arguments: see --like at the top of this file"
    error = "TypeError" if signature else "ValueError"
    return [*test, f'{INDENT * 2}raise {error}("{message}")'] if len(test) <= 2 else []


def _fits(name: str, known: Type) -> Iterator[str]:
    """The conditions on one argument."""
    if known.kind == "array":
        if not known.shape:  # a NumPy scalar has a dtype and no axes either
            yield f"isinstance({name}, np.ndarray)"
        if known.dtype:
            yield f'{name}.dtype == "{known.dtype}"'
        if known.shape is not None:
            yield f"{name}.ndim == {known.rank}"
            yield from _extents(name, known)
    elif known.kind == "scalar":
        yield f"isinstance({name}, np.{known.dtype})"
    elif known.kind == "none":
        yield f"{name} is None"
    elif spell(known) == "float":  # np.float64 is one
        yield f"isinstance({name}, float)"
    else:
        yield f"type({name}) is {spell(known)}"


def _extents(name: str, known: Type) -> Iterator[str]:
    shape = known.shape or ()
    if len(shape) > 1 and all(not isinstance(dim, int) and dim.not_one for dim in shape):
        yield f"1 not in {name}.shape"
        return
    for axis, dim in enumerate(shape):
        length = f"len({name})" if len(shape) == 1 else f"{name}.shape[{axis}]"
        if isinstance(dim, int):
            yield f"{length} == {dim}"
        elif dim.not_one:
            yield f"{length} != 1"


def _filled(conditions: list[str]) -> list[str]:
    """``if not (... and ...):``, as much on a line as it holds."""
    if len(conditions) == 1:
        only = conditions[0]
        if only.startswith("not "):
            return [f"{INDENT}if {only.removeprefix('not ')}:"]
        if only.startswith(("isinstance", "all(")):
            return [f"{INDENT}if not {only}:"]
        return [f"{INDENT}if {only.replace(' is ', ' is not ')}:"]
    lines = [f"{INDENT}if not ("]
    for part in re.split(r"(?<= and )|(?= for )", f"{' and '.join(conditions)}):"):
        if len((lines[-1] + part).rstrip()) <= WIDTH:
            lines[-1] += part
        else:
            lines[-1] = lines[-1].rstrip()
            lines.append(f"{INDENT * 3}{part.lstrip()}")
    return lines
